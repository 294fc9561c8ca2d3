/* What a draft settles once its columns are typed: a key, ranges, totals.
 *
 * A key is what tells the rows apart with the fewest columns: the period and the column
 * of totals texts belong to it wherever they stand, the rest is tried in order of the
 * file, names before ordinals before days before figures. */
#include "data/draft.h"
#include "data/keyidx.h"

#include <assert.h>

#define CANDIDATES_MAX 24u
#define RANKS 4u    /* of columns that can be in a key */
#define MORE_MAX 4u /* columns of a key beside those that belong to it */

/* ---- taking back */

static bool is_borne(uint8_t state)
{
    return state == CELL_OK || state == CELL_EMPTY || state == CELL_NA;
}

static uint32_t first_unborne(const struct table_column *c, uint32_t n)
{
    uint32_t row = 0;
    while (row < n && is_borne(c->state[row])) {
        row++;
    }
    return row;
}

/* The row of the first reading that stands at the place of a row of the second. */
static uint32_t same_row(const struct table *texts, const struct table *t, uint32_t row)
{
    uint32_t file = table_file_of(t, row), k = texts->files[file].first_row;
    while (texts->records[k].line != t->records[row].line) {
        k++;
    }
    return k;
}

static void make_text(struct draft_column *c, uint32_t i, const struct table *t,
                      uint32_t row, const struct table *texts)
{
    *c = (struct draft_column){.header = c->header, .name = c->name, .type = COLUMN_TEXT};
    if (row == t->n) {
        return; /* in a totals row */
    }
    c->odd_line = t->records[row].line;
    c->odd_file = t->files[table_file_of(t, row)].path;
    c->odd = dict_str(t->texts, texts->columns[i].id[same_row(texts, t, row)]);
    c->is_odd_open = t->columns[i].state[row] == CELL_AMBIGUOUS;
    for (uint32_t k = 0; k < t->n; k++) {
        c->n_odd += !is_borne(t->columns[i].state[k]);
        c->n_number += t->columns[i].state[k] == CELL_OK;
    }
}

bool draft_keep(struct draft *d, const struct table *t, const struct table *texts)
{
    assert(d && t && texts && t->schema->n_columns == d->n_columns);
    bool is_kept = true;
    for (uint32_t i = 0; i < d->n_columns; i++) {
        uint32_t row = first_unborne(&t->columns[i], t->n);
        bool is_bad =
            row < t->n || first_unborne(&t->totals_columns[i], t->n_totals) < t->n_totals;
        if (is_bad && i != d->totals) {
            make_text(&d->columns[i], i, t, row, texts);
            is_kept = false;
        }
    }
    return is_kept;
}

/* ---- the key */

struct key_search {
    struct arena *a;
    struct arena *scratch;
    const struct table *t;
    uint32_t candidates[CANDIDATES_MAX];
    uint64_t distinct[CANDIDATES_MAX];
    uint32_t n;
    uint32_t n_up_to[RANKS]; /* candidates of this rank and those before it */
};

/* A number that only tells rows apart: "STT", "No.", "Số TT". */
static bool is_ordinal(struct arena *a, struct str header)
{
    static const char *const names[] = {"stt", "so_tt", "tt", "no", "so_thu_tu", "id"};
    struct str name = draft_name(a, header, dict_new(a)); /* nothing is taken here */
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq(name, str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

/* Names first, then ordinals, then days, and figures where nothing else is there; RANKS:
 * never. */
static unsigned rank_of(struct arena *a, const struct draft_column *c)
{
    switch (c->type) {
    case COLUMN_TEXT:
    case COLUMN_CODE:
    case COLUMN_PERIOD:
    case COLUMN_YEAR:
        return 0;
    case COLUMN_DATE:
        return 2;
    case COLUMN_COUNT:
    case COLUMN_INTEGER:
        return is_ordinal(a, c->header) ? 1 : 3;
    case COLUMN_DECIMAL:
    case COLUMN_PERCENT:
    case COLUMN_FLAG:
    case COLUMN_TYPE_COUNT:
        break;
    }
    return RANKS;
}

static bool is_full(const struct table_column *c, uint32_t n)
{
    return c->is_present && n > 0 && cells_are_ok(c->state, n);
}

static uint64_t count_groups(struct key_search *k, const uint32_t *columns, uint32_t n)
{
    const struct keyidx *index = keyidx_new(k->scratch, k->t, columns, n, NULL);
    uint64_t groups = index->n_groups;
    arena_reset(k->scratch);
    return groups;
}

static bool is_in(const uint32_t *list, uint32_t n, uint32_t x)
{
    for (uint32_t i = 0; i < n; i++) {
        if (list[i] == x) {
            return true;
        }
    }
    return false;
}

static void gather_candidates(struct key_search *k, const struct draft *d)
{
    for (unsigned rank = 0; rank < RANKS; rank++) {
        for (uint32_t i = 0; i < d->n_columns && k->n < CANDIDATES_MAX; i++) {
            if (rank_of(k->a, &d->columns[i]) == rank && !is_in(d->key, d->n_key, i) &&
                is_full(&k->t->columns[i], k->t->n)) {
                k->distinct[k->n] = count_groups(k, &i, 1);
                k->candidates[k->n++] = i;
            }
        }
        k->n_up_to[rank] = k->n;
    }
}

/* Adds `more` candidates from number `from` on to the key, the first ones that tell all
 * rows apart. `product` is as many rows as the key so far can tell apart. */
static bool extend_key(struct key_search *k, struct draft *d, uint32_t from,
                       uint32_t more, uint64_t product)
{
    if (more == 0) {
        return d->n_key > 0 && product >= k->t->n &&
               count_groups(k, d->key, d->n_key) == k->t->n;
    }
    for (uint32_t i = from; i < k->n; i++) {
        uint64_t next = product > k->t->n ? product : product * k->distinct[i];
        d->key[d->n_key++] = k->candidates[i];
        if (extend_key(k, d, i + 1, more - 1, next)) {
            return true;
        }
        d->n_key--;
    }
    return false;
}

/* The period, and the column of totals texts: they belong to a key. False: the latter
 * cannot. */
static bool begin_key(struct draft *d, const struct table *t)
{
    d->n_key = 0;
    if (d->totals != ID_NONE && !is_full(&t->columns[d->totals], t->n)) {
        return false;
    }
    for (uint32_t i = 0; i < d->n_columns; i++) {
        bool is_period = d->columns[i].type == COLUMN_PERIOD && d->period == ID_NONE;
        bool is_due = i == d->totals || is_period;
        if (is_due && is_full(&t->columns[i], t->n)) {
            d->period = is_period ? i : d->period;
            d->key[d->n_key++] = i;
        }
    }
    return true;
}

static int compare_columns(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static void sort_key(struct draft *d)
{
    for (uint32_t i = 1; i < d->n_key; i++) {
        for (uint32_t k = i; k > 0 && compare_columns(d->key[k - 1], d->key[k]) > 0;
             k--) {
            uint32_t swapped = d->key[k];
            d->key[k] = d->key[k - 1];
            d->key[k - 1] = swapped;
        }
    }
}

/* No few columns do it: all names, so that a pasted row is found as what it is. */
static void take_all_names(const struct key_search *k, struct draft *d)
{
    d->has_duplicates = k->t->n > 0;
    for (uint32_t i = 0; i < k->n && d->n_key < DRAFT_KEY; i++) {
        if (rank_of(k->a, &d->columns[k->candidates[i]]) == 0) {
            d->key[d->n_key++] = k->candidates[i];
        }
    }
    if (d->n_key == 0 && d->n_columns > 0) {
        d->key[d->n_key++] = 0;
    }
}

static void find_key(struct arena *a, struct draft *d, const struct table *t)
{
    struct key_search k = {.a = a, .scratch = arena_child(a), .t = t};
    bool is_found = false;
    uint64_t product = d->n_key > 0 ? count_groups(&k, d->key, d->n_key) : 1;
    gather_candidates(&k, d);
    for (unsigned rank = 0; rank < RANKS; rank++) {
        k.n = k.n_up_to[rank];
        for (uint32_t more = 0; more <= MORE_MAX && !is_found; more++) {
            is_found = extend_key(&k, d, 0, more, product);
        }
    }
    if (!is_found) {
        take_all_names(&k, d);
    }
    sort_key(d);
}

/* ---- optional, ranges */

static struct num power_of_ten(int32_t n)
{
    struct num p = num_int(1);
    for (int32_t i = 0; i < n; i++) {
        (void)num_mul(p, num_int(10), &p); /* at most 10^38 */
    }
    return p;
}

/* The next of 1, 2, 5, 10, 20 … at or above twice |v|, in steps of v's own size. False:
 * it would be too large. */
static bool roomy(struct num v, struct num *out)
{
    static const int64_t steps[] = {1, 2, 5};
    struct num twice;
    if (num_mul(num_abs(v), num_int(2), &twice) != DEC_OK) {
        return false;
    }
    for (int32_t e = -4; e < 30; e++) {
        for (size_t i = 0; i < COUNT_OF(steps); i++) {
            struct num bound = e < 0 ? num_dec(steps[i], -e) : num_int(steps[i]);
            if (e >= 0 && num_mul(bound, power_of_ten(e), &bound) != DEC_OK) {
                return false;
            }
            if (num_cmp(bound, twice) >= 0) {
                *out = bound;
                return true;
            }
        }
    }
    return false;
}

static void settle_range(struct draft_column *c, const struct table_column *t, uint32_t n)
{
    struct num low = num_int(0), high = num_int(0);
    for (uint32_t row = 0; row < n; row++) {
        if (t->state[row] == CELL_OK) {
            struct num v = column_num(t, row);
            low = num_cmp(v, low) < 0 ? v : low;
            high = num_cmp(v, high) > 0 ? v : high;
        }
    }
    if (num_sign(low) == 0 && num_sign(high) == 0) {
        return; /* nothing but zeros says nothing of a range */
    }
    c->low = c->high = num_int(0);
    bool is_low = num_sign(low) == 0 || roomy(low, &c->low);
    bool is_high = num_sign(high) == 0 || roomy(high, &c->high);
    c->low = num_neg(c->low);
    bool is_share = c->type == COLUMN_PERCENT && num_cmp(high, num_int(1)) <= 0;
    c->high = is_share ? num_int(1) : c->high;
    c->has_range = is_low && is_high;
}

static bool is_ranged(enum column_type type)
{
    return type == COLUMN_COUNT || type == COLUMN_INTEGER || type == COLUMN_DECIMAL ||
           type == COLUMN_PERCENT;
}

static void settle_column(struct draft *d, const struct table *t, uint32_t i)
{
    struct draft_column *c = &d->columns[i];
    const struct table_column *column = &t->columns[i];
    bool is_key = is_in(d->key, d->n_key, i);
    c->is_empty = true;
    for (uint32_t row = 0; row < t->n; row++) {
        bool is_missing = column->state[row] == CELL_EMPTY;
        c->is_empty = c->is_empty && is_missing;
        c->is_optional = c->is_optional || (is_missing && !is_key);
    }
    if (is_ranged(c->type) && !is_key) {
        settle_range(c, column, t->n);
    }
}

/* ---- totals rows */

/* Whether a totals row speaks of a row: they have the same other key cells, as far as the
 * totals row has any. */
static bool is_counted(const struct draft *d, const struct table *t, uint32_t totals,
                       uint32_t row)
{
    for (uint32_t i = 0; i < d->n_key; i++) {
        uint32_t c = d->key[i];
        const struct table_column *of = &t->totals_columns[c];
        if (c != d->totals && of->state[totals] == CELL_OK &&
            key_code_cell(of, totals) != key_code_cell(&t->columns[c], row)) {
            return false;
        }
    }
    return true;
}

static bool add_up(const struct draft *d, const struct table *t, uint32_t totals,
                   uint32_t column, struct num *sum)
{
    *sum = num_int(0);
    for (uint32_t row = 0; row < t->n; row++) {
        const struct table_column *c = &t->columns[column];
        if (is_counted(d, t, totals, row) && c->state[row] == CELL_OK &&
            num_add(*sum, column_num(c, row), sum) != DEC_OK) {
            return false;
        }
    }
    return true;
}

/* A column is additive when every totals row that fills it is the sum of its rows. */
static void settle_nature(struct draft *d, const struct table *t, uint32_t i)
{
    struct draft_column *c = &d->columns[i];
    const struct table_column *of = &t->totals_columns[i];
    bool is_filled = false;
    for (uint32_t k = 0; k < t->n_totals && !c->is_off; k++) {
        if (of->state[k] != CELL_OK) {
            continue;
        }
        is_filled = true;
        c->reported = column_num(of, k);
        c->is_off = !add_up(d, t, k, i, &c->added) || !num_eq(c->added, c->reported);
    }
    c->nature = is_filled && !c->is_off ? NATURE_ADDITIVE : NATURE_NONE;
}

/* False: no column adds up, so the rows are no totals. */
static bool settle_totals(struct draft *d, const struct table *t)
{
    bool is_any = false;
    for (uint32_t i = 0; i < d->n_columns; i++) {
        if (is_ranged(d->columns[i].type) && !is_in(d->key, d->n_key, i) &&
            d->columns[i].type != COLUMN_PERCENT) {
            settle_nature(d, t, i);
            is_any |= d->columns[i].nature == NATURE_ADDITIVE;
        }
    }
    return is_any;
}

static bool without_totals(struct draft *d)
{
    d->is_without_totals = true;
    d->totals = ID_NONE;
    d->period = ID_NONE;
    d->n_key = 0;
    d->has_duplicates = false;
    return false;
}

bool draft_finish(struct arena *a, struct draft *d, const struct table *t)
{
    assert(a && d && t && t->schema->n_columns == d->n_columns);
    if (!begin_key(d, t)) {
        return without_totals(d);
    }
    find_key(a, d, t);
    if (d->totals != ID_NONE && !settle_totals(d, t)) {
        return without_totals(d);
    }
    for (uint32_t i = 0; i < d->n_columns; i++) {
        settle_column(d, t, i);
    }
    return true;
}

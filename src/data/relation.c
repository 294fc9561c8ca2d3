/* How sums are found without trying them all.
 *
 * Every row gets a random weight, and every column the weighted sum of its values modulo
 * 2^64, its mark. Marks add up as columns do: where a + b - c = d holds in every row it
 * holds of the marks. So two sums with equal marks are looked for by sorting, as halves
 * that meet (a + b against d + c), and the few that are found are then added up exactly,
 * row by row. Which rows count depends on the result: those where it stands; columns that
 * stand in the same rows share their marks.
 *
 * Chance: a result that takes 2^b different values in n rows agrees by accident once in
 * 2^(b n) sums. So b n, the evidence, must exceed the logarithm of how many sums a table
 * of so many columns lets us try, by MARGIN_BITS: a few rows are enough for a few
 * columns. */
#include "data/relation.h"

#include "data/keyidx.h"
#include "value/date.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN_BITS 10u
#define CANDIDATES_MAX ((size_t)1 << 16)
#define PRIME 1000003u /* coefficients are added up modulo it */

struct candidate {
    struct relation relation;
    uint32_t n_minus;
    uint32_t n_telling; /* terms that differ in the rows of the result */
    bool is_run;
};

/* Which rows count, and what every column's mark is over them. */
struct marks {
    const uint8_t *stands;
    uint64_t *of; /* per number */
};

struct finder {
    struct arena *a;
    const struct table *t;
    uint32_t *columns; /* numbers take part under their place in this list */
    bool *varies;      /* from row to row */
    bool *is_live;     /* varies, and is no other's copy */
    uint32_t n;
    int32_t scale; /* the finest of them */
    struct marks *marks;
    uint32_t *marks_of; /* per number */
    uint32_t n_marks;
    struct candidate *found;
    size_t n_found, cap_found;
    uint32_t **accepted; /* reduced rows of coefficients */
    uint32_t *pivots;
    uint32_t n_accepted;
};

static const struct table_column *column_of(const struct finder *f, uint32_t number)
{
    return &f->t->columns[f->columns[number]];
}

/* A weight for a row that looks random: SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t weight(uint64_t row)
{
    uint64_t z = (row + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) | 1;
}

static uint64_t power_of_ten(int32_t n)
{
    uint64_t p = 1;
    while (n-- > 0) {
        p *= 10; /* modulo 2^64, as all of it */
    }
    return p;
}

/* ---- which columns take part */

static bool takes_part(const struct column *c, const struct table_column *t)
{
    bool is_number = t->kind == VALUE_NUM && c->type != COLUMN_YEAR;
    return is_number && t->is_present && !t->is_idle && t->n_wide == 0 && !c->is_key;
}

static bool differs(const struct table_column *c, uint32_t n)
{
    bool has_first = false;
    int64_t first = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (c->state[i] != CELL_OK) {
            continue;
        }
        if (has_first && c->coef[i] != first) {
            return true;
        }
        has_first = true;
        first = c->coef[i];
    }
    return false;
}

static void choose_columns(struct finder *f)
{
    const struct schema *s = f->t->schema;
    f->columns = arena_new_array(f->a, s->n_columns, uint32_t);
    f->varies = arena_new_array(f->a, s->n_columns, bool);
    f->is_live = arena_new_array(f->a, s->n_columns, bool);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const struct table_column *c = &f->t->columns[i];
        if (!takes_part(&s->columns[i], c)) {
            continue;
        }
        f->varies[f->n] = f->is_live[f->n] = differs(c, f->t->n);
        f->columns[f->n++] = i;
        f->scale = c->scale > f->scale ? c->scale : f->scale;
    }
}

/* ---- marks */

static uint64_t mark(const struct finder *f, uint32_t number, const uint8_t *stands)
{
    const struct table_column *c = column_of(f, number);
    uint64_t factor = power_of_ten(f->scale - c->scale), sum = 0;
    for (uint32_t row = 0; row < f->t->n; row++) {
        if (stands[row] && c->state[row] == CELL_OK) {
            sum += weight(row) * (uint64_t)c->coef[row];
        }
    }
    return sum * factor;
}

static const struct marks *marks_of(const struct finder *f, uint32_t number)
{
    return &f->marks[f->marks_of[number]];
}

static void make_marks(struct finder *f)
{
    f->marks = arena_new_array(f->a, f->n, struct marks);
    f->marks_of = arena_new_array(f->a, f->n, uint32_t);
    for (uint32_t i = 0; i < f->n; i++) {
        uint8_t *stands = arena_new_array(f->a, f->t->n, uint8_t);
        for (uint32_t row = 0; row < f->t->n; row++) {
            stands[row] = column_of(f, i)->state[row] == CELL_OK;
        }
        uint32_t k = 0;
        while (k < f->n_marks && memcmp(f->marks[k].stands, stands, f->t->n) != 0) {
            k++;
        }
        f->marks_of[i] = k;
        if (k < f->n_marks) {
            continue;
        }
        f->marks[f->n_marks++] =
            (struct marks){stands, arena_new_array(f->a, f->n, uint64_t)};
        for (uint32_t c = 0; c < f->n; c++) {
            f->marks[k].of[c] = mark(f, c, stands);
        }
    }
}

/* Whether a column says something in the rows of a result, and is not 0 in all of them.
 */
static bool tells(const struct finder *f, uint32_t result, uint32_t number)
{
    return f->varies[number] && marks_of(f, result)->of[number] != 0;
}

/* ---- evidence */

static unsigned log2_of(uint64_t n)
{
    unsigned bits = 0;
    while (n >>= 1) {
        bits++;
    }
    return bits;
}

static int compare_values(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* How many bits of evidence the values of a result are against a coincidence: those of
 * their range in each different value, or those of their number in each row, whichever
 * tells more. Zeros tell nothing. Sorts the values. */
static uint64_t evidence(int64_t *values, uint32_t n)
{
    uint32_t n_filled = 0, n_distinct = 0;
    if (n == 0) {
        return 0;
    }
    qsort(values, n, sizeof *values, compare_values);
    for (uint32_t i = 0; i < n; i++) {
        n_filled += values[i] != 0;
        n_distinct += values[i] != 0 && (i == 0 || values[i] != values[i - 1]);
    }
    uint64_t range = (uint64_t)values[n - 1] - (uint64_t)values[0];
    uint64_t by_range = (uint64_t)n_distinct * log2_of(range | 1);
    uint64_t by_rows = (uint64_t)n_filled * log2_of(n_distinct | 1u);
    return by_range > by_rows ? by_range : by_rows;
}

/* Bits of evidence that are enough where so many sums are tried for each result. */
static uint64_t enough(const struct finder *f, uint64_t sums)
{
    return log2_of(f->n | 1u) + log2_of(sums | 1u) + MARGIN_BITS;
}

static uint64_t enough_for_few(const struct finder *f)
{
    uint64_t n = f->n < RELATION_COLUMNS ? f->n : RELATION_COLUMNS;
    uint64_t halves = 2 * n * n;           /* of one and two columns with their signs */
    return enough(f, halves * halves / 4); /* each sum of four is met in several ways */
}

static uint64_t evidence_of(const struct finder *f, uint32_t number)
{
    const struct table_column *c = column_of(f, number);
    int64_t *values = arena_new_array(f->a, f->t->n, int64_t);
    uint32_t n = 0;
    for (uint32_t row = 0; row < f->t->n; row++) {
        if (c->state[row] == CELL_OK) {
            values[n++] = c->coef[row];
        }
    }
    return f->is_live[number] ? evidence(values, n) : 0;
}

/* ---- adding up exactly */

/* The value of a term in a row; false: it is neither there nor empty. */
static bool term_value(const struct table_column *c, uint32_t row, struct num *out)
{
    *out = c->state[row] == CELL_OK ? column_num(c, row) : num_int(0);
    return c->state[row] == CELL_OK || c->state[row] == CELL_EMPTY;
}

static bool holds_in(const struct table *t, const struct relation *r, uint32_t row)
{
    struct num sum = num_int(0), value;
    for (uint32_t i = 0; i < r->n_terms; i++) {
        const struct relation_term *term = &r->terms[i];
        if (!term_value(&t->columns[term->column], row, &value) ||
            num_add(sum, term->is_minus ? num_neg(value) : value, &sum) != DEC_OK) {
            return false;
        }
    }
    return num_eq(sum, column_num(&t->columns[r->result], row));
}

static bool holds(const struct table *t, struct relation *r)
{
    const struct table_column *result = &t->columns[r->result];
    r->n_rows = r->n_left = 0;
    for (uint32_t row = 0; row < t->n; row++) {
        if (result->state[row] != CELL_OK) {
            r->n_left++;
            continue;
        }
        if (!holds_in(t, r, row)) {
            return false;
        }
        for (uint32_t i = 0; i < r->n_terms; i++) {
            struct relation_term *term = &r->terms[i];
            term->has_gaps |= t->columns[term->column].state[row] == CELL_EMPTY;
        }
        r->n_rows++;
    }
    return true;
}

/* ---- candidates */

/* `terms` are numbers here; the first `n` of them. */
static void add_candidate(struct finder *f, uint32_t result, bool is_run,
                          const struct relation_term *terms, uint32_t n)
{
    struct candidate x = {.is_run = is_run};
    x.relation = (struct relation){.result = f->columns[result], .n_terms = n};
    x.relation.terms = arena_new_array(f->a, n, struct relation_term);
    for (uint32_t i = 0; i < n; i++) {
        x.relation.terms[i] = terms[i];
        x.relation.terms[i].column = f->columns[terms[i].column];
        x.n_minus += terms[i].is_minus;
        x.relation.terms[i].is_idle = !tells(f, result, terms[i].column);
        x.n_telling += !x.relation.terms[i].is_idle;
    }
    if (x.n_minus == n || f->n_found == CANDIDATES_MAX || !holds(f->t, &x.relation)) {
        return;
    }
    f->found = list_room(f->a, f->found, f->n_found, &f->cap_found, sizeof *f->found);
    f->found[f->n_found++] = x;
}

/* Columns that are the same everywhere: the later one is the earlier one's copy. */
static void find_equal(struct finder *f, uint32_t result)
{
    const struct marks *m = marks_of(f, result);
    for (uint32_t c = 0; c < result; c++) {
        if (f->is_live[c] && m->of[c] == m->of[result]) {
            struct relation_term term = {.column = c};
            size_t before = f->n_found;
            add_candidate(f, result, false, &term, 1);
            if (f->n_found > before) {
                f->is_live[result] = false;
                return;
            }
        }
    }
}

/* Neighbouring columns that add up to the result, which does not stand among them. A run
 * neither begins nor ends with a column that says nothing. */
static void find_runs(struct finder *f, uint32_t result)
{
    const struct marks *m = marks_of(f, result);
    struct relation_term *run = arena_new_array(f->a, f->n, struct relation_term);
    for (uint32_t from = 0; from < f->n; from++) {
        if (!f->is_live[from] || !tells(f, result, from)) {
            continue;
        }
        uint64_t sum = 0;
        for (uint32_t to = from; to < f->n && to != result; to++) {
            sum += m->of[to];
            run[to - from] = (struct relation_term){.column = to};
            if (sum == m->of[result] && to - from >= 2 && f->is_live[to] &&
                tells(f, result, to)) {
                add_candidate(f, result, true, run, to - from + 1);
            }
        }
    }
}

struct half { /* up to two terms */
    uint64_t sum;
    struct relation_term terms[2];
    uint32_t n;
};

struct halves {
    struct half *items;
    size_t n;
};

static int compare_terms(const struct relation_term *a, const struct relation_term *b,
                         uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (a[i].column != b[i].column) {
            return a[i].column < b[i].column ? -1 : 1;
        }
        if (a[i].is_minus != b[i].is_minus) {
            return a[i].is_minus ? 1 : -1;
        }
    }
    return 0;
}

static int compare_halves(const void *x, const void *y)
{
    const struct half *a = x, *b = y;
    if (a->sum != b->sum) {
        return a->sum < b->sum ? -1 : 1;
    }
    return a->n != b->n ? (a->n < b->n ? -1 : 1)
                        : compare_terms(a->terms, b->terms, a->n);
}

static uint64_t signed_mark(uint64_t of, bool is_minus)
{
    return is_minus ? 0 - of : of;
}

/* All sums and differences of one and of two live columns, sorted. */
static struct halves make_halves(const struct finder *f, const struct marks *m)
{
    uint32_t n = f->n < RELATION_COLUMNS ? f->n : RELATION_COLUMNS;
    struct halves all = {arena_new_array(f->a, (size_t)2 * n * n, struct half), 0};
    for (uint32_t x = 0; x < n; x++) {
        bool is_in = f->is_live[x] && m->of[x] != 0;
        for (unsigned s = 0; is_in && s < 2; s++) {
            struct half *one = &all.items[all.n++];
            one->n = 1;
            one->terms[0] = (struct relation_term){.column = x, .is_minus = s};
            one->sum = signed_mark(m->of[x], s);
        }
        for (uint32_t y = x + 1; is_in && y < n; y++) {
            for (unsigned s = 0; f->is_live[y] && m->of[y] != 0 && s < 4; s++) {
                struct half *two = &all.items[all.n++];
                two->n = 2;
                two->terms[0] = (struct relation_term){.column = x, .is_minus = s & 1u};
                two->terms[1] = (struct relation_term){.column = y, .is_minus = s & 2u};
                two->sum = signed_mark(m->of[x], s & 1u) + signed_mark(m->of[y], s & 2u);
            }
        }
    }
    qsort(all.items, all.n, sizeof *all.items, compare_halves);
    return all;
}

static size_t first_with(const struct halves *all, uint64_t sum)
{
    size_t lo = 0, hi = all->n;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        if (all->items[middle].sum < sum) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return lo;
}

/* Two halves as the terms of one sum, columns in order; 0: a column would stand twice, or
 * another pair of halves stands for the same sum. */
static uint32_t join(const struct half *x, const struct half *y, uint32_t result,
                     struct relation_term out[4])
{
    uint32_t n = 0, i = 0, k = 0;
    if (y && (x->n < y->n || x->terms[0].column > y->terms[0].column)) {
        return 0;
    }
    while (i < x->n || (y && k < y->n)) {
        bool takes_x =
            !y || k == y->n || (i < x->n && x->terms[i].column < y->terms[k].column);
        out[n] = takes_x ? x->terms[i++] : y->terms[k++];
        bool is_twice = n > 0 && out[n].column == out[n - 1].column;
        if (is_twice || out[n++].column == result) {
            return 0;
        }
    }
    return n;
}

static void find_few(struct finder *f, uint32_t result, const struct halves *all)
{
    uint64_t wanted = marks_of(f, result)->of[result];
    struct relation_term terms[4];
    for (size_t k = first_with(all, wanted); k < all->n && all->items[k].sum == wanted;
         k++) {
        uint32_t n = join(&all->items[k], NULL, result, terms);
        if (n > 1) {
            add_candidate(f, result, false, terms, n);
        }
    }
    for (size_t i = 0; i < all->n; i++) {
        uint64_t rest = wanted - all->items[i].sum;
        for (size_t k = first_with(all, rest); k < all->n && all->items[k].sum == rest;
             k++) {
            uint32_t n = join(&all->items[k], &all->items[i], result, terms);
            if (n > 2) {
                add_candidate(f, result, false, terms, n);
            }
        }
    }
}

/* ---- which of them say something new */

static int compare_candidates(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;
    const struct relation *r = &a->relation, *s = &b->relation;
    if (a->n_minus != b->n_minus) {
        return a->n_minus < b->n_minus ? -1 : 1;
    }
    if (a->n_telling != b->n_telling) {
        return a->n_telling < b->n_telling ? -1 : 1;
    }
    if (a->is_run != b->is_run) {
        return a->is_run ? -1 : 1;
    }
    if (r->n_terms != s->n_terms) {
        return r->n_terms > s->n_terms ? -1 : 1;
    }
    if (r->result != s->result) { /* totals tend to stand behind */
        return r->result > s->result ? -1 : 1;
    }
    return compare_terms(r->terms, s->terms, r->n_terms);
}

static uint64_t inverse(uint64_t n)
{
    uint64_t result = 1;
    for (uint32_t e = PRIME - 2; e > 0; e >>= 1) { /* Fermat */
        result = e & 1u ? result * n % PRIME : result;
        n = n * n % PRIME;
    }
    return result;
}

/* Columns that say nothing in its rows make no relation another one. */
static uint32_t *coefficients(const struct finder *f, const struct relation *r)
{
    uint32_t n = f->t->schema->n_columns;
    uint32_t *row = arena_new_array(f->a, n, uint32_t);
    row[r->result] = PRIME - 1;
    for (uint32_t i = 0; i < r->n_terms; i++) {
        const struct relation_term *term = &r->terms[i];
        if (!term->is_idle) {
            row[term->column] = term->is_minus ? PRIME - 1 : 1;
        }
    }
    return row;
}

/* Elimination modulo a prime: a relation whose coefficients vanish follows from those
 * accepted before. */
static bool is_new(struct finder *f, const struct relation *r)
{
    uint32_t n = f->t->schema->n_columns, pivot = 0;
    uint32_t *row = coefficients(f, r);
    for (uint32_t i = 0; i < f->n_accepted; i++) {
        uint64_t by = PRIME - row[f->pivots[i]];
        for (uint32_t c = 0; c < n; c++) {
            row[c] = (uint32_t)((row[c] + by * f->accepted[i][c]) % PRIME);
        }
    }
    while (pivot < n && row[pivot] == 0) {
        pivot++;
    }
    if (pivot == n) {
        return false;
    }
    uint64_t by = inverse(row[pivot]);
    for (uint32_t c = 0; c < n; c++) {
        row[c] = (uint32_t)(row[c] * by % PRIME);
    }
    f->pivots[f->n_accepted] = pivot;
    f->accepted[f->n_accepted++] = row;
    return true;
}

/* A minus never stands first. */
static void begin_with_plus(struct relation *r)
{
    uint32_t plus = 0;
    while (r->terms[plus].is_minus) {
        plus++;
    }
    struct relation_term first = r->terms[plus];
    memmove(r->terms + 1, r->terms, plus * sizeof first);
    r->terms[0] = first;
}

/* Whether one of its terms is itself the result of one accepted before: a subtotal. */
static bool has_subtotal(const struct relation *r, const struct relation *accepted,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < r->n_terms; k++) {
            if (r->terms[k].column == accepted[i].result) {
                return true;
            }
        }
    }
    return false;
}

/* Sums before differences, short ones first; but a sum of parts goes before one that has
 * a subtotal among its parts, since each follows from the other. */
static size_t choose(struct finder *f, struct relation **out)
{
    size_t n = 0;
    uint32_t n_columns = f->t->schema->n_columns;
    *out = arena_new_array(f->a, n_columns, struct relation);
    f->accepted = arena_new_array(f->a, n_columns, uint32_t *);
    f->pivots = arena_new_array(f->a, n_columns, uint32_t);
    if (f->n_found > 0) {
        qsort(f->found, f->n_found, sizeof *f->found, compare_candidates);
    }
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < f->n_found; i++) {
            const struct relation *r = &f->found[i].relation;
            if ((round == 1 || !has_subtotal(r, *out, n)) && is_new(f, r)) {
                (*out)[n] = *r;
                begin_with_plus(&(*out)[n++]);
            }
        }
    }
    return n;
}

size_t relations_find(struct arena *a, const struct table *t, struct relation **out)
{
    assert(a && t && out);
    struct finder f = {.a = a, .t = t};
    choose_columns(&f);
    make_marks(&f);
    uint64_t *bits = arena_new_array(a, f.n, uint64_t);
    for (uint32_t i = 0; i < f.n; i++) {
        bits[i] = evidence_of(&f, i);
        if (bits[i] >= enough(&f, f.n)) {
            find_equal(&f, i);
        }
    }
    struct halves *halves = arena_new_array(a, f.n_marks, struct halves);
    for (uint32_t i = 0; i < f.n; i++) {
        if (f.is_live[i] && bits[i] >= enough(&f, (uint64_t)f.n * f.n / 2)) {
            find_runs(&f, i);
        }
        if (f.is_live[i] && bits[i] >= enough_for_few(&f)) {
            struct halves *h = &halves[f.marks_of[i]];
            *h = h->items ? *h : make_halves(&f, marks_of(&f, i));
            find_few(&f, i, h);
        }
    }
    return choose(&f, out);
}

/* ---- one period earlier */

/* Per row, the row of the same key one period earlier; ROW_NONE: none. */
static uint32_t *rows_before(struct arena *a, const struct table *t)
{
    const struct schema *s = t->schema;
    const struct keyidx *k = keyidx_new(a, t, s->key, s->n_key, NULL);
    uint32_t *before = arena_new_array(a, t->n, uint32_t);
    uint64_t codes[KEYIDX_COLUMNS];
    for (uint32_t row = 0; row < t->n; row++) {
        before[row] = ROW_NONE;
        if (k->group_of[row] == GROUP_NONE) {
            continue;
        }
        int32_t prior = period_prior(t->columns[s->period].when[row]);
        for (uint32_t i = 0; i < s->n_key; i++) {
            codes[i] = s->key[i] == s->period
                           ? key_code_when(prior)
                           : key_code_cell(&t->columns[s->key[i]], row);
        }
        uint32_t group = prior == PERIOD_NONE ? GROUP_NONE : keyidx_find(k, codes);
        before[row] = group == GROUP_NONE ? ROW_NONE : k->first[group];
    }
    return before;
}

static bool carries(const struct finder *f, const uint32_t *before, uint32_t now,
                    uint32_t then, int64_t *values, struct relation *r)
{
    const struct table *t = f->t;
    const struct table_column *x = &t->columns[now], *y = &t->columns[then];
    r->n_rows = r->n_left = 0;
    for (uint32_t row = 0; row < t->n; row++) {
        uint32_t earlier = before[row];
        if (x->state[row] != CELL_OK || earlier == ROW_NONE ||
            y->state[earlier] != CELL_OK) {
            r->n_left++;
            continue;
        }
        if (!num_eq(column_num(x, row), column_num(y, earlier))) {
            return false;
        }
        values[r->n_rows++] = x->coef[row];
    }
    return evidence(values, r->n_rows) >= enough(f, f->n);
}

size_t relations_carry(struct arena *a, const struct table *t, struct relation **out)
{
    assert(a && t && out && t->schema->period != ID_NONE);
    struct finder f = {.a = a, .t = t};
    choose_columns(&f);
    const uint32_t *before = rows_before(a, t);
    int64_t *values = arena_new_array(a, t->n, int64_t);
    struct relation *all = arena_new_array(a, f.n, struct relation);
    size_t n = 0;
    for (uint32_t x = 0; x < f.n; x++) {
        for (uint32_t y = 0; f.is_live[x] && y < f.n; y++) {
            struct relation r = {.result = f.columns[x], .is_carry = true, .n_terms = 1};
            if (x == y || !f.is_live[y] ||
                !carries(&f, before, f.columns[x], f.columns[y], values, &r)) {
                continue;
            }
            r.terms = arena_new(a, struct relation_term);
            r.terms->column = f.columns[y];
            all[n++] = r;
            break; /* another one would be a copy of this */
        }
    }
    *out = all;
    return n;
}

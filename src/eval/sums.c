/* See sums.h. One index serves all totals rows that total the same key columns, and one
 * all parents. Beside each stands an index of the absent cells of the expected grid: one
 * of them that could belong to a sum leaves it incomplete (grammar rule 15). */
#include "eval/sums.h"

#include "eval/row_unit.h"
#include "eval/select.h"

#include <assert.h>

#define TREE_INDEX UINT32_MAX
#define ABSENT_INDEX ((uint64_t)1 << 63)

/* One sum under way. */
struct adding {
    struct engine *e;
    uint32_t dataset, which; /* which of the data set's indexes serves it */
    const struct facts *facts;
    uint32_t column;
    uint32_t columns[KEYIDX_COLUMNS]; /* what its rows have in common, and the values */
    uint64_t codes[KEYIDX_COLUMNS];
    uint32_t n_columns;
    const uint8_t *include; /* see keyidx_new */
    uint64_t unit;          /* of the reported value, where the row names it */
    uint32_t n_added;
    struct sums *out;
};

static struct adding adding_of(struct engine *e, uint32_t dataset, uint32_t column,
                               struct sums *out)
{
    *out = (struct sums){.computed = num_int(0), .odd_unit = ROW_NONE};
    return (struct adding){.e = e,
                           .dataset = dataset,
                           .facts = &e->facts[dataset],
                           .column = column,
                           .out = out};
}

static const uint8_t *only_absent(struct arena *a, const struct table *t)
{
    uint8_t *include = arena_new_array(a, (size_t)t->n + t->n_absent, uint8_t);

    for (uint32_t row = t->n; row < t->n + t->n_absent; row++) {
        include[row] = 1;
    }
    return include;
}

/* The sum's index on some columns, of the rows it includes or of the absent cells. */
static const struct keyidx *index_on(const struct adding *s, bool is_absent,
                                     const uint32_t *columns, uint32_t n)
{
    const struct table *t = s->facts->table;
    uint64_t key = (uint64_t)s->dataset << 32 | s->which | (is_absent ? ABSENT_INDEX : 0);
    const struct keyidx *known = memo_get_pointer(s->e->sum_indexes, key);

    if (known == NULL) {
        const uint8_t *include = is_absent ? only_absent(s->e->a, t) : s->include;
        known = keyidx_new(s->e->a, t, columns, n, include);
        memo_put_pointer(s->e->sum_indexes, key, known);
    }
    return known;
}

/* The column that holds the unit of the values added up; NULL: they are all in one. */
static const struct table_column *units_of(const struct adding *s,
                                           const struct table_column *columns)
{
    const struct unit_expr *unit = &s->facts->schema->columns[s->column].unit;

    return unit->kind == UNIT_IN_ROW ? &columns[unit->row_column] : NULL;
}

/* Takes the value that the row itself states, and its unit. */
static uint8_t report(struct adding *s, const struct table_column *columns, uint32_t row)
{
    const struct table_column *c = &columns[s->column], *units = units_of(s, columns);
    uint8_t state = c->state[row];

    if (state == CELL_OK) {
        s->out->reported = column_num(c, row);
        s->out->has_reported = true;
    }
    if (units == NULL || state == CELL_NA) {
        return state;
    }
    state = cell_worse(state, units->state[row]);
    if (state == CELL_OK) {
        s->unit = row_unit(s->e, units->id[row]);
        state = s->unit == ROW_UNIT_UNKNOWN ? CELL_UNIT : CELL_OK;
    }
    return state;
}

/* The value of a row in the unit of the reported one. */
static uint8_t value_of(const struct adding *s, uint32_t row, struct num *out)
{
    const struct table *t = s->facts->table;
    const struct table_column *c = &t->columns[s->column],
                              *units = units_of(s, t->columns);
    uint8_t state = c->state[row];
    struct num factor;

    if (units != NULL && state != CELL_NA) {
        state = cell_worse(state, units->state[row]);
    }
    if (state != CELL_OK) {
        return state;
    }
    *out = column_num(c, row);
    if (units == NULL) {
        return CELL_OK;
    }
    if (!row_unit_factor(s->e, row_unit(s->e, units->id[row]), s->unit, &factor)) {
        s->out->odd_unit = s->out->odd_unit == ROW_NONE ? row : s->out->odd_unit;
        return CELL_UNIT;
    }
    return num_mul(*out, factor, out) == DEC_OK ? CELL_OK : CELL_LIMIT;
}

static uint8_t add_row(struct adding *s, uint32_t row)
{
    struct num value;

    if (row >= s->facts->table->n) {
        return CELL_OK; /* absent_state says it */
    }
    if (facts_duplicate(s->facts, row)) {
        return CELL_DUPLICATE;
    }
    uint8_t state = value_of(s, row, &value);
    if (state != CELL_OK) {
        return state == CELL_NA ? CELL_OK : cell_inside(state);
    }
    s->n_added++;
    return num_add(s->out->computed, value, &s->out->computed) == DEC_OK ? CELL_OK
                                                                         : CELL_LIMIT;
}

/* What a row says that could belong to the sum, though one of its cells is not there; one
 * that names no parent belongs to none. */
static uint8_t loose_state(const struct adding *s, const struct keyidx *by, uint32_t row)
{
    const struct table *t = s->facts->table;
    bool is_root = s->which == TREE_INDEX &&
                   cell_kind(t->columns[s->facts->schema->tree_parent].state[row]) ==
                       CELL_KIND_MISSING;

    if (row >= t->n || is_root || !keyidx_loose_fits(by, row, s->codes)) {
        return CELL_OK;
    }
    uint8_t verdict = select_loose_verdict(by, row);
    return verdict == SELECT_OUT ? CELL_OK : verdict;
}

/* Whether some absent cell of the grid could belong to the sum. Of an absent child nobody
 * knows the parent. */
static uint8_t absent_state(const struct adding *s)
{
    const struct table *t = s->facts->table;
    uint32_t columns[KEYIDX_COLUMNS], n = 0;
    uint64_t codes[KEYIDX_COLUMNS];

    if (t->n_absent == 0) {
        return CELL_OK;
    }
    for (uint32_t k = 0; k < s->n_columns; k++) {
        if (s->which != TREE_INDEX || s->columns[k] != s->facts->schema->tree_parent) {
            codes[n] = s->codes[k];
            columns[n++] = s->columns[k];
        }
    }
    const struct keyidx *by = index_on(s, true, columns, n);
    bool is_absent = keyidx_find(by, codes) != GROUP_NONE;
    for (uint32_t i = 0; i < by->n_loose && !is_absent; i++) {
        is_absent = keyidx_loose_fits(by, by->loose[i], codes);
    }
    return is_absent ? CELL_INCOMPLETE : CELL_OK;
}

static uint8_t add_up(struct adding *s)
{
    const struct keyidx *by = index_on(s, false, s->columns, s->n_columns);
    uint32_t group = keyidx_find(by, s->codes);
    uint8_t state = s->facts->table->is_truncated ? CELL_INCOMPLETE : CELL_OK;

    for (uint32_t row = group == GROUP_NONE ? ROW_NONE : by->first[group];
         row != ROW_NONE; row = by->next[row]) {
        state = cell_worse(state, add_row(s, row));
    }
    for (uint32_t i = 0; i < by->n_loose; i++) {
        state = cell_worse(state, loose_state(s, by, by->loose[i]));
    }
    state = cell_worse(state, absent_state(s));
    return state == CELL_OK && s->n_added == 0 ? CELL_NO_ROWS : state;
}

/* Adds a column that the rows of the sum have in common, if its value is there. */
static uint8_t in_common(struct adding *s, uint32_t column, const struct table_column *c,
                         uint32_t row)
{
    s->codes[s->n_columns] = c->state[row] == CELL_OK ? key_code_cell(c, row) : 0;
    s->columns[s->n_columns++] = column;
    return c->state[row];
}

static bool is_totalled(const struct table *t, uint32_t i, uint32_t column)
{
    for (uint32_t k = 0; k < t->schema->n_totals; k++) {
        if (t->schema->totals[k].column == column) {
            return t->totals_marks[(size_t)i * t->schema->n_totals + k] != 0;
        }
    }
    return false;
}

uint8_t totals_compare(struct engine *e, uint32_t dataset, uint32_t i, uint32_t column,
                       struct sums *out)
{
    struct adding s = adding_of(e, dataset, column, out);
    const struct table *t = s.facts->table;
    uint8_t state = report(&s, t->totals_columns, i);

    assert(i < t->n_totals);
    s.include = s.facts->in_aggregates;
    for (uint32_t k = 0; k < t->schema->n_key; k++) {
        uint32_t key = t->schema->key[k];
        if (is_totalled(t, i, key)) {
            continue;
        }
        state = cell_worse(state, in_common(&s, key, &t->totals_columns[key], i));
        s.which |= 1u << k;
        s.include = key == t->schema->tree_child ? NULL : s.include;
    }
    return state == CELL_OK ? add_up(&s) : state;
}

uint8_t tree_compare(struct engine *e, uint32_t dataset, uint32_t parent, uint32_t column,
                     struct sums *out)
{
    struct adding s = adding_of(e, dataset, column, out);
    const struct schema *schema = s.facts->schema;
    const struct table_column *columns = s.facts->table->columns;
    uint8_t state = report(&s, columns, parent);

    s.which = TREE_INDEX;
    for (uint32_t k = 0; k < schema->n_key; k++) {
        uint32_t key = schema->key[k];
        uint32_t with = key == schema->tree_child ? schema->tree_parent : key;
        state = cell_worse(state, in_common(&s, with, &columns[key], parent));
    }
    return state == CELL_OK ? add_up(&s) : state;
}

/* Columns that nothing reads. Whether a cell is there and readable is always checked; but
 * a value that no rule names need not be kept, and a text not even be looked up. A column
 * is read where an expression names it (make_column notes that), where rows meet by it,
 * where it is added up, and where a modifier judges its values. */
#include "lang/check_state.h"

#include <assert.h>

static void read_columns(struct dataset_state *state, const uint32_t *columns, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        state->is_read[columns[i]] = true;
    }
}

static void read_column(struct dataset_state *state, uint32_t column)
{
    if (column != ID_NONE) {
        state->is_read[column] = true;
    }
}

/* Whether the data set itself says that the column adds up. */
static bool is_added(const struct column *col, const struct schema *s)
{
    return (s->n_totals > 0 || s->tree_child != ID_NONE) && col->nature != NATURE_NONE;
}

static void read_by_schema(struct dataset_state *state, const struct schema *s)
{
    read_columns(state, s->key, s->n_key);
    read_column(state, s->period);
    read_column(state, s->tree_child);
    read_column(state, s->tree_parent);
    for (uint32_t i = 0; i < s->n_totals; i++) {
        read_column(state, s->totals[i].column);
    }
    for (uint32_t i = 0; i < s->n_pairs; i++) {
        read_column(state, s->pairs[i].code);
        read_column(state, s->pairs[i].name);
    }
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const struct column *col = &s->columns[i];
        if (is_added(col, s) && col->unit.kind == UNIT_IN_ROW) {
            read_column(state, col->unit.row_column);
        }
    }
}

static void read_by_covers(struct dataset_state *state, const struct dataset *d)
{
    for (uint32_t i = 0; i < d->n_covers; i++) {
        read_column(state, d->covers[i].column);
        read_columns(state, d->covers[i].each, d->covers[i].n_each);
    }
}

/* Whether a structural check of the column's own, or of its data set, looks at values. */
static bool is_judged(const struct column *col, const struct schema *s)
{
    return is_added(col, s) || col->type == COLUMN_CODE || col->type == COLUMN_COUNT ||
           col->is_unique || col->has_range || col->n_set > 0 || col->max_length > 0 ||
           col->pattern.p != NULL;
}

void check_idle(struct checker *c)
{
    assert(c);
    for (size_t i = 0; i < c->n_checks; i++) {
        const struct check *check = &c->checks[i];
        struct dataset_state *state = &c->dataset_states[check->dataset];
        const struct outlier *outlier = check->must == NULL ? NULL : check->must->outlier;
        read_columns(state, check->each, check->n_each);
        if (outlier != NULL) {
            read_columns(state, outlier->each, outlier->n_each);
        }
    }
    for (uint32_t d = 0; d < c->dataset_names.n; d++) {
        struct dataset_state *state = &c->dataset_states[d];
        const struct schema *s = &c->datasets[d].schema;
        read_by_schema(state, s);
        read_by_covers(state, &c->datasets[d]);
        for (uint32_t i = 0; i < s->n_columns; i++) {
            state->built[i].is_idle = !state->is_read[i] && !is_judged(&s->columns[i], s);
        }
    }
}

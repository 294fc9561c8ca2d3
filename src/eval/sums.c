/* See sums.h. One index serves all totals rows that total the same key columns, and one
 * all parents. */
#include "eval/sums.h"

#include <assert.h>

#define TREE_INDEX UINT32_MAX

static const struct keyidx *index_on(struct engine *e, uint32_t dataset, uint32_t which,
                                     const uint32_t *columns, uint32_t n,
                                     const uint8_t *include)
{
    uint64_t key = (uint64_t)dataset << 32 | which;
    const struct keyidx *known = memo_get_pointer(e->sum_indexes, key);

    if (known == NULL) {
        known = keyidx_new(e->a, e->facts[dataset].table, columns, n, include);
        memo_put_pointer(e->sum_indexes, key, known);
    }
    return known;
}

static uint8_t add_row(const struct facts *facts, uint32_t row, uint32_t column,
                       struct num *sum)
{
    const struct table_column *c = &facts->table->columns[column];

    if (row >= facts->table->n) {
        return CELL_INCOMPLETE;
    }
    if (facts_duplicate(facts, row)) {
        return CELL_DUPLICATE;
    }
    if (c->state[row] != CELL_OK) {
        return c->state[row] == CELL_NA ? CELL_OK : c->state[row];
    }
    return num_add(*sum, column_num(c, row), sum) == DEC_OK ? CELL_OK : CELL_LIMIT;
}

/* Whether a loose row could belong to the group; one that names no parent belongs to
 * none. */
static bool may_belong(const struct facts *facts, const struct keyidx *by, uint32_t row,
                       const uint64_t *codes)
{
    uint32_t parent = facts->schema->tree_parent;
    bool is_of_tree = false;

    for (uint32_t k = 0; k < by->n_columns; k++) {
        is_of_tree = is_of_tree || by->columns[k] == parent;
    }
    bool is_root = is_of_tree && cell_kind(facts->table->columns[parent].state[row]) ==
                                     CELL_KIND_MISSING;
    return row < facts->table->n && !is_root && keyidx_loose_fits(by, row, codes);
}

static uint8_t add_group(const struct facts *facts, const struct keyidx *by,
                         const uint64_t *codes, uint32_t column, struct num *sum)
{
    uint32_t group = keyidx_find(by, codes);
    uint8_t state = facts->table->is_truncated ? CELL_INCOMPLETE : CELL_OK;

    *sum = num_int(0);
    for (uint32_t row = group == GROUP_NONE ? ROW_NONE : by->first[group];
         row != ROW_NONE; row = by->next[row]) {
        state = cell_worse(state, add_row(facts, row, column, sum));
    }
    for (uint32_t i = 0; i < by->n_loose; i++) {
        if (may_belong(facts, by, by->loose[i], codes)) {
            state = cell_worse(state, CELL_INNER);
        }
    }
    return state;
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
    const struct facts *facts = &e->facts[dataset];
    const struct table *t = facts->table;
    uint32_t columns[KEYIDX_COLUMNS], n = 0, mask = 0;
    uint64_t codes[KEYIDX_COLUMNS];
    uint8_t state = t->totals_columns[column].state[i];

    assert(i < t->n_totals);
    for (uint32_t k = 0; k < t->schema->n_key; k++) {
        const struct table_column *c = &t->totals_columns[t->schema->key[k]];
        if (is_totalled(t, i, t->schema->key[k])) {
            continue;
        }
        if (c->state[i] != CELL_OK) {
            return c->state[i];
        }
        codes[n] = key_code_cell(c, i);
        columns[n++] = t->schema->key[k];
        mask |= 1u << k;
    }
    if (state != CELL_OK) {
        return state;
    }
    out->reported = column_num(&t->totals_columns[column], i);
    return add_group(facts, index_on(e, dataset, mask, columns, n, facts->in_aggregates),
                     codes, column, &out->computed);
}

uint8_t tree_compare(struct engine *e, uint32_t dataset, uint32_t parent, uint32_t column,
                     struct sums *out)
{
    const struct facts *facts = &e->facts[dataset];
    const struct schema *s = facts->schema;
    const struct table_column *c = &facts->table->columns[column];
    uint32_t columns[KEYIDX_COLUMNS];
    uint64_t codes[KEYIDX_COLUMNS];

    for (uint32_t k = 0; k < s->n_key; k++) {
        const struct table_column *key = &facts->table->columns[s->key[k]];
        if (key->state[parent] != CELL_OK) {
            return key->state[parent];
        }
        codes[k] = key_code_cell(key, parent);
        columns[k] = s->key[k] == s->tree_child ? s->tree_parent : s->key[k];
    }
    if (c->state[parent] != CELL_OK) {
        return c->state[parent];
    }
    out->reported = column_num(c, parent);
    return add_group(facts, index_on(e, dataset, TREE_INDEX, columns, s->n_key, NULL),
                     codes, column, &out->computed);
}

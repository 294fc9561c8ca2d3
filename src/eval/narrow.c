/* See narrow.h. */
#include "eval/narrow.h"

#include "base/utf8.h"
#include "eval/show.h"

#include <assert.h>

/* A period may be written in any of its forms. */
static struct str canonical(struct engine *e, const struct column *c, struct str value)
{
    int32_t when;

    if (c->type == COLUMN_PERIOD && period_parse(value, &when)) {
        return period_str(e->a, when);
    }
    if (c->type == COLUMN_DATE && date_parse(value, &when)) {
        return date_str(e->a, when);
    }
    return str_fold(e->a, value);
}

static bool has_value(struct engine *e, const struct table_column *c, uint32_t row,
                      struct str wanted)
{
    struct str shown = show_cell(e->a, e->texts, c, row);

    return shown.p != NULL && str_eq(str_fold(e->a, shown), str_fold(e->a, wanted));
}

static void keep_rows(struct engine *e, struct facts *facts, uint32_t column,
                      struct str value)
{
    const struct table *t = facts->table;
    struct str wanted = canonical(e, &facts->schema->columns[column], value);
    const struct keyidx *by = keyidx_new(e->a, t, &column, 1, NULL);
    uint8_t *kept = arena_new_array(e->a, (size_t)t->n + 1, uint8_t);

    for (uint32_t g = 0; g < by->n_groups; g++) {
        uint8_t is_kept = has_value(e, &t->columns[column], by->first[g], wanted);
        for (uint32_t row = by->first[g]; row != ROW_NONE && row < t->n;
             row = by->next[row]) {
            kept[row] = is_kept && (facts->is_wanted == NULL || facts->is_wanted[row]);
        }
    }
    facts->is_wanted = kept;
}

void narrow_rows(struct engine *e, const struct eval_input *in)
{
    e->where = in->where;
    e->n_where = in->n_where;
    for (uint32_t w = 0; w < in->n_where; w++) {
        for (uint32_t d = 0; d < in->rules->n_datasets; d++) {
            uint32_t column = schema_column(e->facts[d].schema, in->where[w].column);
            if (column != ID_NONE) {
                keep_rows(e, &e->facts[d], column, in->where[w].value);
            }
        }
    }
}

const uint32_t *narrow_list(struct engine *e, uint32_t dataset, uint32_t *n)
{
    const struct facts *facts = &e->facts[dataset];

    *n = facts->table->n;
    if (facts->is_wanted == NULL) {
        return NULL;
    }
    uint32_t *rows = arena_new_array(e->a, (size_t)*n + 1, uint32_t);
    uint32_t m = 0;
    for (uint32_t row = 0; row < facts->table->n; row++) {
        rows[m] = row;
        m += facts->is_wanted[row];
    }
    *n = m;
    return rows;
}

static bool group_is_wanted(struct engine *e, const struct check *c, uint32_t row)
{
    const struct facts *facts = &e->facts[c->dataset];

    for (uint32_t w = 0; w < e->n_where; w++) {
        uint32_t column = schema_column(facts->schema, e->where[w].column);
        for (uint32_t i = 0; i < c->n_each; i++) {
            struct str wanted =
                canonical(e, &facts->schema->columns[c->each[i]], e->where[w].value);
            if (c->each[i] == column &&
                !has_value(e, &facts->table->columns[column], row, wanted)) {
                return false;
            }
        }
    }
    return true;
}

const uint32_t *narrow_groups(struct engine *e, const struct check *c,
                              const struct keyidx *groups, uint32_t *n)
{
    *n = groups->n_groups;
    if (e->n_where == 0) {
        return groups->first;
    }
    uint32_t *rows = arena_new_array(e->a, (size_t)*n + 1, uint32_t);
    uint32_t m = 0;
    for (uint32_t g = 0; g < groups->n_groups; g++) {
        rows[m] = groups->first[g];
        m += group_is_wanted(e, c, rows[m]);
    }
    *n = m;
    return rows;
}

bool eval_is_narrowed_away(const struct evaluation *ev, const struct ruleset *rules)
{
    assert(ev && rules);
    bool is_narrowed = false;
    for (uint32_t d = 0; d < rules->n_datasets; d++) {
        const struct facts *facts = &ev->engine->facts[d];
        for (uint32_t row = 0; facts->is_wanted && row < facts->table->n; row++) {
            if (facts->is_wanted[row]) {
                return false;
            }
        }
        is_narrowed |= facts->is_wanted != NULL;
    }
    return is_narrowed;
}

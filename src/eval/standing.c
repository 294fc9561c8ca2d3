/* See standing.h. Rows are found by key, never by position: of several rows with one key
 * the first would depend on how the file is sorted. */
#include "eval/standing.h"

#include "eval/plan.h"
#include "eval/points.h"

#include <assert.h>

struct standings {
    const struct scoreboard *board;
    const struct keyidx **keys; /* by target, on the board's key columns in its order */
};

/* The index of a target's data set. */
static const struct keyidx *index_for(struct engine *e, const struct scoreboard *b,
                                      uint32_t target)
{
    uint32_t from = e->rules->targets[target].dataset;
    const struct schema *own = e->facts[b->dataset].schema,
                        *other = e->facts[from].schema;
    uint32_t columns[KEYIDX_COLUMNS];

    if (from == b->dataset) {
        return e->facts[from].key;
    }
    assert(own->n_key <= KEYIDX_COLUMNS);
    for (uint32_t i = 0; i < own->n_key; i++) {
        columns[i] = schema_column(other, own->columns[own->key[i]].name);
        assert(columns[i] != ID_NONE && "checked: the keys agree");
    }
    return keyidx_new(e->a, e->facts[from].table, columns, own->n_key, NULL);
}

struct standings *standings_new(struct engine *e, const struct scoreboard *b)
{
    assert(e && b);
    struct standings *s = arena_new(e->a, struct standings);

    s->board = b;
    s->keys =
        arena_new_array(e->a, (size_t)e->rules->n_targets + 1, const struct keyidx *);
    for (uint32_t i = 0; i < b->n_targets; i++) {
        s->keys[b->targets[i]] = index_for(e, b, b->targets[i]);
    }
    for (uint32_t p = 0; p < b->n_parts; p++) {
        for (uint32_t i = 0; i < b->parts[p].n_targets; i++) {
            uint32_t target = b->parts[p].targets[i];
            s->keys[target] = index_for(e, b, target);
        }
    }
    return s;
}

/* The first row with the key of a row of the board; ROW_NONE: none. */
static uint32_t first_row(const struct evaluation *ev, const struct standings *s,
                          const struct keyidx *by, uint32_t row)
{
    const struct facts *facts = &ev->engine->facts[s->board->dataset];
    uint64_t codes[KEYIDX_COLUMNS];

    if (by == facts->key && by->group_of[row] == GROUP_NONE) {
        return row; /* no key, but it is its own row */
    }
    for (uint32_t i = 0; i < facts->schema->n_key; i++) {
        const struct table_column *c = &facts->table->columns[facts->schema->key[i]];
        if (c->state[row] != CELL_OK) {
            return ROW_NONE;
        }
        codes[i] = key_code_cell(c, row);
    }
    uint32_t group = keyidx_find(by, codes);
    return group == GROUP_NONE ? ROW_NONE : by->first[group];
}

/* What is left open where copies contradict one another: whether the target applies,
 * unless it does for none; and a maximum that is not the same everywhere. */
static struct standing of_copies(const struct evaluation *ev, const struct keyidx *by,
                                 uint32_t target, uint32_t first)
{
    const struct ruleset *rules = ev->engine->rules;
    struct standing out = {STANDING_COPIES, goal_unknown(rules, target)};
    const struct target_result *all = ev->targets[target], *applied = NULL;

    for (uint32_t row = first; row != ROW_NONE; row = by->next[row]) {
        const struct target_result *r = &all[row];
        if (r->status == TARGET_NOT_APPLICABLE) {
            continue;
        }
        bool is_same = applied == NULL || (applied->has_maximum && r->has_maximum &&
                                           num_eq(applied->maximum, r->maximum));
        out.result.has_maximum = is_same && r->has_maximum;
        out.result.maximum = r->has_maximum ? r->maximum : num_int(0);
        applied = is_same ? r : &out.result;
    }
    if (applied == NULL) {
        return (struct standing){STANDING_COPIES, all[first]};
    }
    if (rules->targets[target].has_points) {
        (void)points_reckon(&rules->targets[target], false, &out.result);
    }
    return out;
}

struct standing standing_at(const struct evaluation *ev, const struct standings *s,
                            uint32_t target, uint32_t row)
{
    assert(ev && s && s->keys[target]);
    const struct ruleset *rules = ev->engine->rules;
    const struct keyidx *by = s->keys[target];
    uint32_t first = first_row(ev, s, by, row);

    if (first == ROW_NONE || goal_is_out(ev->engine, &rules->targets[target])) {
        struct standing out = {STANDING_NO_ROW, goal_unknown(rules, target)};
        bool is_out = goal_is_out(ev->engine, &rules->targets[target]);
        out.result.status = is_out ? TARGET_NOT_APPLICABLE : TARGET_NO_DATA;
        return out;
    }
    uint32_t second = by->next[first];
    if (second != ROW_NONE && second < by->table->n) {
        return of_copies(ev, by, target, first);
    }
    return (struct standing){STANDING_ROW, ev->targets[target][first]};
}

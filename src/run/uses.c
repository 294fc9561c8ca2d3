/* Expressions are a graph that shares nodes; each node is walked once. */
#include "run/uses.h"

#include "eval/vec.h"

#include <assert.h>

struct uses {
    const struct ruleset *rules;
    struct memo *seen;
    bool **columns; /* per declared data set */
    bool *datasets;
    bool has_time;
};

struct uses *uses_new(struct arena *a, const struct ruleset *rules)
{
    assert(a && rules);
    struct uses *u = arena_new(a, struct uses);
    u->rules = rules;
    u->seen = memo_new(a);
    u->columns = arena_new_array(a, (size_t)rules->n_datasets + 1, bool *);
    u->datasets = arena_new_array(a, (size_t)rules->n_datasets + 1, bool);
    for (uint32_t d = 0; d < rules->n_datasets; d++) {
        u->columns[d] =
            arena_new_array(a, (size_t)rules->datasets[d].schema.n_columns + 1, bool);
    }
    return u;
}

static void take_dataset(struct uses *u, uint32_t dataset)
{
    if (dataset < u->rules->n_datasets) {
        u->datasets[dataset] = true;
    }
}

static void take_column(struct uses *u, uint32_t dataset, uint32_t column)
{
    take_dataset(u, dataset);
    if (dataset < u->rules->n_datasets &&
        column < u->rules->datasets[dataset].schema.n_columns) {
        u->columns[dataset][column] = true;
    }
}

static void take_select(struct uses *u, const struct select *s)
{
    take_dataset(u, s->dataset);
    for (uint32_t i = 0; i < s->n_binds; i++) {
        take_column(u, s->dataset, s->binds[i].column);
        uses_expr(u, s->binds[i].value);
    }
    for (uint32_t i = 0; i < s->n_conds; i++) {
        uses_expr(u, s->conds[i]);
    }
    uses_expr(u, s->pick);
}

void uses_expr(struct uses *u, const struct expr *x)
{
    uint64_t seen;
    assert(u);
    if (!x || memo_get(u->seen, (uint64_t)(uintptr_t)x, &seen)) {
        return;
    }
    memo_put(u->seen, (uint64_t)(uintptr_t)x, 1);
    if (x->op == EXPR_COLUMN) {
        take_column(u, x->dataset, x->column);
    }
    u->has_time = u->has_time || x->op == EXPR_PREVIOUS || x->op == EXPR_AT ||
                  x->op == EXPR_CUMULATIVE;
    for (uint32_t i = 0; i < x->n; i++) {
        uses_expr(u, x->args[i]);
    }
    if (x->select) {
        take_select(u, x->select);
    }
}

void uses_check(struct uses *u, const struct check *c)
{
    assert(u && c);
    take_dataset(u, c->dataset);
    for (uint32_t i = 0; i < c->n_each; i++) {
        take_column(u, c->dataset, c->each[i]);
    }
    for (uint32_t i = 0; i < c->n_filter; i++) {
        uses_expr(u, c->filter[i]);
    }
    uses_expr(u, c->when);
    uses_expr(u, c->must);
    uses_expr(u, c->within);
}

void uses_target(struct uses *u, const struct target *t)
{
    assert(u && t);
    take_dataset(u, t->dataset);
    uses_expr(u, t->actual);
    uses_expr(u, t->plan);
    uses_expr(u, t->plan_high);
    uses_expr(u, t->when);
    uses_expr(u, t->pace);
    uses_expr(u, t->points.maximum);
}

void uses_board(struct uses *u, const struct scoreboard *b)
{
    assert(u && b);
    take_dataset(u, b->dataset);
    uses_expr(u, b->when);
    for (uint32_t i = 0; i < b->n_parts; i++) {
        uses_expr(u, b->parts[i].value);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        uses_expr(u, b->extras[i].value);
    }
}

bool uses_column(const struct uses *u, uint32_t dataset, uint32_t column)
{
    assert(u && dataset < u->rules->n_datasets);
    return u->columns[dataset][column];
}

bool uses_time(const struct uses *u)
{
    assert(u);
    return u->has_time;
}

uint32_t uses_datasets(const struct uses *u)
{
    assert(u);
    uint32_t n = 0;
    for (uint32_t d = 0; d < u->rules->n_datasets; d++) {
        n += u->datasets[d];
    }
    return n;
}

/* What a finding shows of `must`: its operands in the order of the formula, and the
 * column it is about. Expressions share nodes, so both walks remember where they have
 * been. */
#include "lang/check_state.h"

#include <assert.h>

struct walk {
    struct checker *c;
    const struct check *check;
    struct dict *seen; /* addresses of nodes */
    struct operand *operands;
    size_t n, cap;
    uint32_t column;
};

static bool is_seen(struct walk *w, const struct expr *e)
{
    const struct str address = {(const char *)&e, sizeof(struct expr *)};
    uint32_t n = dict_count(w->seen);
    return dict_add(w->seen, address) != n;
}

/* ---- the same value twice */

static bool same_expr(const struct expr *a, const struct expr *b);

static bool same_list(const struct expr *const *a, uint32_t n_a,
                      const struct expr *const *b, uint32_t n_b)
{
    if (n_a != n_b) {
        return false;
    }
    for (uint32_t i = 0; i < n_a; i++) {
        if (!same_expr(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static bool same_select(const struct select *a, const struct select *b)
{
    if (a == NULL || b == NULL || a == b) {
        return a == b;
    }
    if (a->dataset != b->dataset || a->n_binds != b->n_binds ||
        (a->pick == NULL) != (b->pick == NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < a->n_binds; i++) {
        if (a->binds[i].column != b->binds[i].column ||
            !same_expr(a->binds[i].value, b->binds[i].value)) {
            return false;
        }
    }
    return same_list(a->conds, a->n_conds, b->conds, b->n_conds) &&
           (a->pick == NULL || same_expr(a->pick, b->pick));
}

static bool same_constant(const struct expr *a, const struct expr *b)
{
    bool same_num = a->op != EXPR_NUM && a->op != EXPR_SCALE;
    bool same_text = a->text.p == NULL || b->text.p == NULL ? a->text.p == b->text.p
                                                            : str_eq(a->text, b->text);
    return same_text && (same_num || num_eq(a->num, b->num));
}

static bool same_expr(const struct expr *a, const struct expr *b)
{
    if (a == b) {
        return true;
    }
    return a->op == b->op && a->kind == b->kind && a->cmp == b->cmp && a->fn == b->fn &&
           a->agg == b->agg && a->flag == b->flag && a->scope == b->scope &&
           a->dataset == b->dataset && a->column == b->column &&
           a->codelist == b->codelist && a->when == b->when && a->years == b->years &&
           same_constant(a, b) && same_select(a->select, b->select) &&
           same_list(a->args, a->n, b->args, b->n);
}

/* ---- operands */

static const struct expr *unit_in_row(const struct expr *e)
{
    bool has_one = e->kind == VALUE_NUM && e->unit.kind == UNIT_IN_ROW;
    return has_one && !typed_of(e)->waits ? typed_of(e)->row_unit : NULL;
}

static void add_operand(struct walk *w, const struct expr *e, struct str name)
{
    for (size_t i = 0; i < w->n; i++) {
        if (same_expr(w->operands[i].value, e)) {
            return;
        }
    }
    w->operands = list_room(w->c->a, w->operands, w->n, &w->cap, sizeof *w->operands);
    w->operands[w->n++] =
        (struct operand){.name = name, .value = e, .unit = unit_in_row(e)};
}

static void walk_operands(struct walk *w, const struct expr *e)
{
    if (typed_of(e)->is_implicit || is_seen(w, e)) {
        return;
    }
    if (e->op == EXPR_COLUMN) {
        add_operand(w, e, w->c->datasets[e->dataset].schema.columns[e->column].name);
        return;
    }
    bool is_whole = e->op == EXPR_LOOKUP || e->op == EXPR_AGG || e->op == EXPR_PREVIOUS ||
                    e->op == EXPR_AT || e->op == EXPR_CUMULATIVE;
    if (is_whole) {
        add_operand(w, e, as_written(w->c, e->at, typed_of(e)->loops));
        return;
    }
    uint32_t n =
        e->op == EXPR_ROW_UNIT ? 1 : e->n; /* the unit's name is shown with the value */
    for (uint32_t i = 0; i < n; i++) {
        walk_operands(w, e->args[i]);
    }
}

void find_operands(struct checker *c, struct check *k)
{
    assert(k->must != NULL && !is_poison(k->must));
    struct walk w = {.c = c, .check = k, .seen = dict_new(c->a)};
    walk_operands(&w, k->must);
    k->operands = w.operands;
    k->n_operands = (uint32_t)w.n;
}

/* ---- the column a finding is about */

static void walk_column(struct walk *w, const struct expr *e);

static void walk_select(struct walk *w, const struct select *s)
{
    uint32_t head =
        s->over_group ? w->check->n_filter : 0; /* the head's filter stands last */
    for (uint32_t i = 0; i < s->n_binds; i++) {
        walk_column(w, s->binds[i].value);
    }
    for (uint32_t i = 0; i + head < s->n_conds; i++) {
        walk_column(w, s->conds[i]);
    }
    if (s->pick != NULL) {
        walk_column(w, s->pick);
    }
}

static void walk_column(struct walk *w, const struct expr *e)
{
    if (w->column != ID_NONE || typed_of(e)->is_implicit || is_seen(w, e)) {
        return;
    }
    if (e->op == EXPR_COLUMN && e->dataset == w->check->dataset) {
        w->column = e->column;
        return;
    }
    for (uint32_t i = 0; i < e->n; i++) {
        walk_column(w, e->args[i]);
    }
    if (e->select != NULL) {
        walk_select(w, e->select);
    }
}

uint32_t first_column(struct checker *c, const struct check *k)
{
    struct walk w = {.c = c, .check = k, .seen = dict_new(c->a), .column = ID_NONE};
    walk_column(&w, k->must);
    return w.column;
}

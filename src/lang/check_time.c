/* Moving in time: previous, at, cumulative. Each is what its operand is in another
 * evaluation, or, inside brackets, in another row of what the brackets select. */
#include "lang/check_state.h"

#include <assert.h>

/* The scope whose row moves in time: brackets move theirs, everything else the
 * evaluation's. False after reporting: its period is not there. */
static bool can_move(struct checker *c, const struct env *env, struct span at)
{
    const struct scope *s = env->scope;
    const struct schema *schema = scope_schema(c, s);
    if (c->dataset_states[s->dataset].period == PERIOD_SEVERAL) {
        report(c, DIAG_ID_RULE_TWO_PERIODS, at, schema->name, STR_NONE);
        return false;
    }
    if (schema->period == ID_NONE) {
        report(c, DIAG_ID_RULE_NO_PERIOD, at, schema->name, STR_NONE);
        return false;
    }
    if (!scope_sees(s, schema->period)) {
        struct str name = schema->columns[schema->period].name;
        struct diag *d = report(c, DIAG_ID_RULE_PERIOD_NOT_EACH, at, name, STR_NONE);
        report_hint(c, d, "thêm {} vào each", "add {} to each", name);
        return false;
    }
    return true;
}

/* What moves in time: typed where everything moves along, `this` too, unless brackets are
 * around. */
static const struct expr *type_moved(struct checker *c, const struct env *env,
                                     const struct node *n)
{
    struct env inner = *env;
    inner.hides_this = env->hides_this || env->scope->kind == SCOPE_SELECT;
    return type_expr(c, &inner, n);
}

static struct expr *make_moved(struct checker *c, const struct env *env, enum expr_op op,
                               struct span at, const struct expr *const *args, uint32_t n)
{
    const struct expr *e = args[0];
    struct expr *x = expr_over(c, expr_new(c, env, op, e->kind, at), args, n);
    struct typed *t = (struct typed *)x;
    x->scope = env->scope->number;
    x->dataset = env->scope->dataset;
    x->codelist = e->codelist;
    x->unit = e->unit;
    x->is_year = e->is_year;
    x->all_stocks = e->all_stocks;
    x->is_additive = e->is_additive;
    t->is_flow = typed_of(e)->is_flow;
    t->waits = typed_of(e)->waits;
    t->reads |= 1u << env->scope->number;
    return x;
}

/* The name of a moved value's unit moves with it. */
static const struct expr *moved_unit(struct checker *c, const struct env *env,
                                     const struct expr *x)
{
    const struct expr *unit = typed_of(x->args[0])->row_unit;
    if (unit == NULL) {
        return NULL;
    }
    const struct expr *const args[] = {unit, x->n > 1 ? x->args[1] : NULL};
    struct expr *u = make_moved(c, env, x->op, x->at, args, x->n);
    u->years = x->years;
    u->all_stocks = x->all_stocks;
    return is_poison(u) ? NULL : u;
}

static bool read_years(struct checker *c, const struct node *n, int32_t *years)
{
    int64_t i = 0;
    bool is_years = n->kind == NODE_NUMBER && n->suffix == SUFFIX_YEARS;
    if (!is_years || !num_to_int64(n->num, &i) || i < 1 || i > 1000) {
        report(c, DIAG_ID_RULE_YEARS, n->at, STR_NONE, STR_NONE);
        return false;
    }
    *years = (int32_t)i;
    return true;
}

const struct expr *type_previous(struct checker *c, const struct env *env,
                                 const struct node *n)
{
    int32_t years = 0;
    bool is_good = count_fits(c, n, (struct arity){1, 2}) &&
                   (n->n == 1 || read_years(c, n->kids[1], &years)) &&
                   can_move(c, env, n->at);
    const struct expr *e = n->n == 0 ? poison(c, n->at) : type_moved(c, env, n->kids[0]);
    if (!is_good || is_poison(e)) {
        return poison(c, n->at);
    }
    struct expr *x = make_moved(c, env, EXPR_PREVIOUS, n->at, &e, 1);
    x->years = years;
    struct typed *t = (struct typed *)x;
    t->has_previous = true;
    t->row_unit = moved_unit(c, env, x);
    return x;
}

const struct expr *type_at(struct checker *c, const struct env *env, const struct node *n)
{
    bool can = can_move(c, env, n->at);
    const struct expr *e = type_moved(c, env, n->kids[0]);
    const struct expr *when = type_expr(c, env, n->kids[1]);
    if (!can || is_poison(e) || is_poison(when)) {
        return poison(c, n->at);
    }
    if (when->kind != VALUE_PERIOD && when->kind != VALUE_DAY) {
        report_kind(c, when, "kỳ hoặc ngày", "a period or a date");
        return poison(c, n->at);
    }
    if (when->kind == VALUE_DAY && !e->all_stocks) {
        report(c, DIAG_ID_RULE_AT_STOCK, e->at, as_written(c, e->at, typed_of(e)->loops),
               STR_NONE);
        return poison(c, n->at);
    }
    const struct expr *const args[] = {e, when};
    struct expr *x = make_moved(c, env, EXPR_AT, n->at, args, 2);
    struct typed *t = (struct typed *)x;
    t->has_stock =
        typed_of(e)->has_stock; /* the time asked for is no leaf of the value */
    t->has_other = typed_of(e)->has_other;
    t->row_unit = moved_unit(c, env, x);
    return x;
}

const struct expr *type_cumulative(struct checker *c, const struct env *env,
                                   const struct node *n)
{
    bool is_good = count_fits(c, n, (struct arity){1, 1}) && can_move(c, env, n->at);
    const struct expr *e = n->n == 0 ? poison(c, n->at) : type_moved(c, env, n->kids[0]);
    if (!is_good || is_poison(e)) {
        return poison(c, n->at);
    }
    if (typed_of(e)->has_previous || typed_of(e)->has_cumulative) {
        report(c, DIAG_ID_RULE_CUMULATIVE_NESTED, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    if (!typed_of(e)->is_flow) {
        report(c, DIAG_ID_RULE_CUMULATIVE_FLOW, e->at,
               as_written(c, e->at, typed_of(e)->loops), STR_NONE);
        return poison(c, n->at);
    }
    struct expr *x = make_moved(c, env, EXPR_CUMULATIVE, n->at, &e, 1);
    ((struct typed *)x)->has_cumulative = true;
    ((struct typed *)x)->is_flow = false;
    return x;
}

/* Typing of the plain part of the language: literals, arithmetic, choice, and the table
 * of all nodes. Each function takes one node kind, types its kids first, and is silent
 * when one of them already failed. */
#include "lang/check_state.h"

#include <assert.h>

enum { DEPTH_LIMIT = 3000 };

static struct typed *mutable_facts(struct expr *e)
{
    return (struct typed *)e;
}

/* ---- literals */

static const struct expr *type_number(struct checker *c, const struct env *env,
                                      const struct node *n)
{
    if (n->suffix == SUFFIX_YEARS) {
        report(c, DIAG_ID_RULE_YEARS_PLACE, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    struct expr *e = expr_new(c, env, EXPR_NUM, VALUE_NUM, n->at);
    e->num = n->num;
    mutable_facts(e)->is_literal = true;
    mutable_facts(e)->is_points = n->is_percent;
    return e;
}

static const struct expr *type_constant(struct checker *c, const struct env *env,
                                        const struct node *n, enum expr_op op,
                                        enum value_kind kind)
{
    struct expr *e = expr_new(c, env, op, kind, n->at);
    e->text = n->text;
    e->when = n->when;
    e->flag = n->kind == NODE_TRUE;
    mutable_facts(e)->is_literal = op == EXPR_TEXT;
    return e;
}

/* ---- kinds */

const struct expr *type_kind(struct checker *c, const struct env *env,
                             const struct node *n, enum value_kind kind)
{
    const struct expr *e = type_expr(c, env, n);
    if (!is_poison(e) && e->kind != kind) {
        report_wanted(c, e, kind);
        return poison(c, n->at);
    }
    return e;
}

const struct expr *type_text(struct checker *c, const struct env *env,
                             const struct node *n)
{
    const struct expr *e = type_expr(c, env, n);
    if (!is_poison(e) && e->kind != VALUE_CODE && e->kind != VALUE_TEXT) {
        report_wanted(c, e, VALUE_TEXT);
        return poison(c, n->at);
    }
    return e;
}

/* ---- arithmetic */

static const struct expr *type_negate(struct checker *c, const struct env *env,
                                      const struct node *n)
{
    const struct expr *a = type_kind(c, env, n->kids[0], VALUE_NUM);
    if (is_poison(a)) {
        return poison(c, n->at);
    }
    if (a->op == EXPR_NUM && typed_of(a)->is_literal) {
        struct typed *t = expr_copy(c, a);
        t->e.num = num_neg(a->num);
        t->e.at = n->at;
        return &t->e;
    }
    struct expr *e = expr_over(c, expr_new(c, env, EXPR_NEG, VALUE_NUM, n->at), &a, 1);
    struct typed *t = mutable_facts(e);
    e->unit = a->unit;
    e->is_additive = a->is_additive;
    t->is_literal = typed_of(a)->is_literal;
    t->is_points = typed_of(a)->is_points;
    t->is_flow = typed_of(a)->is_flow;
    t->row_unit = typed_of(a)->row_unit;
    t->waits = typed_of(a)->waits;
    return e;
}

/* date - date, date + number, date - number */
static const struct expr *add_days(struct checker *c, const struct env *env,
                                   const struct node *n, const struct expr *a,
                                   const struct expr *b)
{
    bool is_sum = n->op == OP_ADD;
    if (is_sum && a->kind == VALUE_NUM) {
        const struct expr *day = b;
        b = a;
        a = day;
    }
    bool is_difference = !is_sum && a->kind == VALUE_DAY && b->kind == VALUE_DAY;
    if (!is_difference && (a->kind != VALUE_DAY || b->kind != VALUE_NUM)) {
        const struct expr *odd = a->kind == VALUE_DAY ? b : a;
        report_kind(c, odd, a == odd ? "ngày" : "số (ngày)",
                    a == odd ? "a date" : "a number of days");
        return poison(c, n->at);
    }
    if (!is_difference && !unit_none(c, b)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {a, b};
    return expr_over(c,
                     expr_new(c, env, is_sum ? EXPR_ADD : EXPR_SUB,
                              is_difference ? VALUE_NUM : VALUE_DAY, n->at),
                     args, 2);
}

static const struct expr *add_numbers(struct checker *c, const struct env *env,
                                      const struct node *n, const struct expr *a,
                                      const struct expr *b)
{
    struct common_unit common;
    if (!unit_unify(c, env, &a, &b, n->at, &common)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {a, b};
    struct expr *e = expr_over(
        c, expr_new(c, env, n->op == OP_ADD ? EXPR_ADD : EXPR_SUB, VALUE_NUM, n->at),
        args, 2);
    struct typed *t = mutable_facts(e);
    e->unit = common.unit;
    e->is_additive = a->is_additive && b->is_additive;
    e->is_year = (a->is_year && typed_of(b)->is_literal) ||
                 (b->is_year && typed_of(a)->is_literal);
    t->is_flow = typed_of(a)->is_flow && typed_of(b)->is_flow;
    t->is_literal = typed_of(a)->is_literal && typed_of(b)->is_literal;
    t->row_unit = common.row_unit;
    t->waits = common.waits;
    return e;
}

static const struct expr *type_sum(struct checker *c, const struct env *env,
                                   const struct node *n)
{
    const struct expr *a = type_expr(c, env, n->kids[0]);
    const struct expr *b = type_expr(c, env, n->kids[1]);
    if (is_poison(a) || is_poison(b)) {
        return poison(c, n->at);
    }
    if (a->kind == VALUE_DAY || b->kind == VALUE_DAY) {
        return add_days(c, env, n, a, b);
    }
    if (a->kind != VALUE_NUM || b->kind != VALUE_NUM) {
        report_wanted(c, a->kind != VALUE_NUM ? a : b, VALUE_NUM);
        return poison(c, n->at);
    }
    return add_numbers(c, env, n, a, b);
}

static const struct expr *type_product(struct checker *c, const struct env *env,
                                       const struct node *n)
{
    const struct expr *a = type_kind(c, env, n->kids[0], VALUE_NUM);
    const struct expr *b = type_kind(c, env, n->kids[1], VALUE_NUM);
    struct unit_expr unit;
    if (is_poison(a) || is_poison(b) ||
        !unit_multiply(c, a, b, n->op == OP_MUL ? 1 : -1, n->at, &unit)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {a, b};
    struct expr *e = expr_over(
        c, expr_new(c, env, n->op == OP_MUL ? EXPR_MUL : EXPR_DIV, VALUE_NUM, n->at),
        args, 2);
    e->unit = unit;
    mutable_facts(e)->is_literal = typed_of(a)->is_literal && typed_of(b)->is_literal;
    if (mutable_facts(e)->is_literal) {
        e->unit = (struct unit_expr){.kind = UNIT_OPEN};
    }
    return e;
}

/* ---- choice */

/* if and ??: two values of which one is the result. */
static const struct expr *choose(struct checker *c, const struct env *env,
                                 const struct node *n, const struct expr *condition,
                                 const struct expr *a, const struct expr *b)
{
    struct common_unit common;
    if (!match_values(c, env, &a, &b, n->at, &common)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {condition, a, b};
    bool is_if = condition != NULL;
    struct expr *e = expr_new(c, env, is_if ? EXPR_IF : EXPR_COALESCE, a->kind, n->at);
    expr_over(c, e, is_if ? args : args + 1, is_if ? 3 : 2);
    if (is_poison(e)) {
        return e;
    }
    struct typed *t = mutable_facts(e);
    if (a->kind != b->kind) {
        e->kind = VALUE_TEXT; /* a code or a text */
    }
    e->codelist = e->kind == VALUE_CODE ? a->codelist : ID_NONE;
    e->unit = common.unit;
    e->is_year = a->is_year && b->is_year;
    t->is_points = typed_of(a)->is_points || typed_of(b)->is_points;
    t->is_flow = !is_if && typed_of(a)->is_flow &&
                 (typed_of(b)->is_flow || typed_of(b)->is_literal);
    t->row_unit = common.row_unit;
    t->waits = common.waits;
    return e;
}

static const struct expr *type_if(struct checker *c, const struct env *env,
                                  const struct node *n)
{
    const struct expr *condition = type_kind(c, env, n->kids[0], VALUE_BOOL);
    const struct expr *a = type_expr(c, env, n->kids[1]);
    const struct expr *b = type_expr(c, env, n->kids[2]);
    return is_poison(condition) ? poison(c, n->at) : choose(c, env, n, condition, a, b);
}

static const struct expr *type_coalesce(struct checker *c, const struct env *env,
                                        const struct node *n)
{
    const struct expr *a = type_expr(c, env, n->kids[0]);
    const struct expr *b = type_expr(c, env, n->kids[1]);
    return choose(c, env, n, NULL, a, b);
}

static const struct expr *type_logic(struct checker *c, const struct env *env,
                                     const struct node *n, enum expr_op op)
{
    const struct expr *a = type_kind(c, env, n->kids[0], VALUE_BOOL);
    const struct expr *b = type_kind(c, env, n->kids[1], VALUE_BOOL);
    return is_poison(a) || is_poison(b) ? poison(c, n->at)
                                        : make_flag_op(c, env, op, a, b, n->at);
}

static const struct expr *type_binary(struct checker *c, const struct env *env,
                                      const struct node *n)
{
    switch (n->op) {
    case OP_ADD:
    case OP_SUB:
        return type_sum(c, env, n);
    case OP_MUL:
    case OP_DIV:
        return type_product(c, env, n);
    case OP_COALESCE:
        return type_coalesce(c, env, n);
    case OP_AND:
        return type_logic(c, env, n, EXPR_AND);
    case OP_OR:
        return type_logic(c, env, n, EXPR_OR);
    case OP_IMPLIES:
        return type_logic(c, env, n, EXPR_IMPLIES);
    case OP_NONE:
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_MISSING:
    case OP_PRESENT:
    case OP_APPROXIMATE:
        break;
    }
    assert(!"an operator of another node");
    return poison(c, n->at);
}

/* ---- matches, is, not */

static const struct expr *type_matches(struct checker *c, const struct env *env,
                                       const struct node *n)
{
    const struct expr *a = type_text(c, env, n->kids[0]);
    if (is_poison(a)) {
        return poison(c, n->at);
    }
    struct expr *e =
        expr_over(c, expr_new(c, env, EXPR_MATCHES, VALUE_BOOL, n->at), &a, 1);
    e->text = n->text;
    e->text_at = n->name_at;
    return e;
}

static bool may_be_approximate(const struct expr *e)
{
    if (e->kind != VALUE_NUM) {
        return false;
    }
    if (e->op == EXPR_LOOKUP) {
        return e->select->pick->op == EXPR_COLUMN;
    }
    return e->op == EXPR_COLUMN;
}

static const struct expr *type_is(struct checker *c, const struct env *env,
                                  const struct node *n)
{
    const struct expr *a = type_expr(c, env, n->kids[0]);
    if (is_poison(a)) {
        return poison(c, n->at);
    }
    if (n->op == OP_APPROXIMATE) {
        if (!may_be_approximate(a)) {
            report(c, DIAG_ID_RULE_APPROXIMATE, n->at, STR_NONE, STR_NONE);
            return poison(c, n->at);
        }
        return make_flag_op(c, env, EXPR_IS_APPROX, a, NULL, n->at);
    }
    a = unit_with_name(c, env, a);
    if (is_poison(a)) {
        return poison(c, n->at);
    }
    const struct expr *missing = make_flag_op(c, env, EXPR_IS_MISSING, a, NULL, n->at);
    if (n->op == OP_MISSING || is_poison(missing)) {
        return missing;
    }
    return make_flag_op(c, env, EXPR_NOT, missing, NULL, n->at);
}

static const struct expr *type_not(struct checker *c, const struct env *env,
                                   const struct node *n)
{
    const struct expr *a = type_kind(c, env, n->kids[0], VALUE_BOOL);
    return is_poison(a) ? poison(c, n->at)
                        : make_flag_op(c, env, EXPR_NOT, a, NULL, n->at);
}

static const struct expr *stray_any(struct checker *c, const struct node *n)
{
    report(c, DIAG_ID_RULE_ANY_PLACE, n->at, STR_NONE, STR_NONE);
    return poison(c, n->at);
}

static const struct expr *type_node(struct checker *c, const struct env *env,
                                    const struct node *n)
{
    switch (n->kind) {
    case NODE_ERROR:
        return poison(c, n->at); /* reported by the parser */
    case NODE_NUMBER:
        return type_number(c, env, n);
    case NODE_STRING:
        return type_constant(c, env, n, EXPR_TEXT, VALUE_TEXT);
    case NODE_TRUE:
    case NODE_FALSE:
        return type_constant(c, env, n, EXPR_BOOL, VALUE_BOOL);
    case NODE_DATE:
        return type_constant(c, env, n, EXPR_DAY, VALUE_DAY);
    case NODE_PERIOD:
        return type_constant(c, env, n, EXPR_PERIOD, VALUE_PERIOD);
    case NODE_NAME:
        return type_name(c, env, n);
    case NODE_THIS:
        return type_this(c, env, n);
    case NODE_ANY:
        return stray_any(c, n);
    case NODE_NEGATE:
        return type_negate(c, env, n);
    case NODE_NOT:
        return type_not(c, env, n);
    case NODE_BINARY:
        return type_binary(c, env, n);
    case NODE_COMPARE:
        return type_compare(c, env, n);
    case NODE_IN_SET:
        return type_in_set(c, env, n);
    case NODE_IN_RANGE:
        return type_in_range(c, env, n);
    case NODE_IN:
        return type_in(c, env, n);
    case NODE_MATCHES:
        return type_matches(c, env, n);
    case NODE_IS:
        return type_is(c, env, n);
    case NODE_IF:
        return type_if(c, env, n);
    case NODE_CALL:
        return type_call(c, env, n);
    case NODE_EACH_OF:
        return type_over(c, env, n);
    case NODE_LOOKUP:
        return type_lookup(c, env, n);
    case NODE_AS:
        return type_as(c, env, n);
    case NODE_AT:
        return type_at(c, env, n);
    }
    return poison(c, n->at);
}

const struct expr *type_expr(struct checker *c, const struct env *env,
                             const struct node *n)
{
    assert(c && env && n);
    if (c->depth ==
        DEPTH_LIMIT) { /* defines within defines; the parser limits each by itself */
        report(c, DIAG_ID_RULE_TOO_LARGE, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    c->depth++;
    const struct expr *e = type_node(c, env, n);
    c->depth--;
    return is_poison(e) || size_fits(c, e, n->at) ? e : poison(c, n->at);
}

/* Typing of the plain part of the language: literals, arithmetic, comparison, sets, choice. Each function
 * takes one node kind, types its kids first, and is silent when one of them already failed. */
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
    struct expr *e = expr_make(c, env, EXPR_NUM, VALUE_NUM, n->at, NULL, 0);
    e->num = n->num;
    mutable_facts(e)->is_literal = true;
    mutable_facts(e)->is_points = n->is_percent;
    return e;
}

static const struct expr *type_constant(struct checker *c, const struct env *env,
                                        const struct node *n, enum expr_op op,
                                        enum value_kind kind)
{
    struct expr *e = expr_make(c, env, op, kind, n->at, NULL, 0);
    e->text = n->text;
    e->when = n->when;
    e->flag = n->kind == NODE_TRUE;
    mutable_facts(e)->is_literal = op == EXPR_TEXT;
    return e;
}

/* ---- kinds */

const struct expr *type_kind(struct checker *c, const struct env *env, const struct node *n,
                             enum value_kind kind)
{
    const struct expr *e = type_expr(c, env, n);
    if (!is_poison(e) && e->kind != kind) {
        report_kind(c, e, kind_name(kind, LANG_VI), kind_name(kind, LANG_EN));
        return poison(c, n->at);
    }
    return e;
}

const struct expr *type_text(struct checker *c, const struct env *env, const struct node *n)
{
    const struct expr *e = type_expr(c, env, n);
    if (!is_poison(e) && e->kind != VALUE_CODE && e->kind != VALUE_TEXT) {
        report_kind(c, e, kind_name(VALUE_TEXT, LANG_VI), kind_name(VALUE_TEXT, LANG_EN));
        return poison(c, n->at);
    }
    return e;
}

static bool is_word(const struct expr *e)
{
    return e->kind == VALUE_TEXT || e->kind == VALUE_CODE;
}

/* A text written where a code stands is that code. */
static const struct expr *as_code(struct checker *c, const struct expr *text,
                                  const struct expr *code)
{
    if (text->op != EXPR_TEXT || text->kind != VALUE_TEXT || code->kind != VALUE_CODE) {
        return text;
    }
    code_written(c, code->codelist, text->text, text->at);
    struct typed *t = expr_copy(c, text);
    t->e.kind = VALUE_CODE;
    t->e.codelist = code->codelist;
    return &t->e;
}

static void suggest_literal(struct checker *c, struct diag *d, const struct expr *a,
                            const struct expr *b)
{
    const struct expr *text = a->op == EXPR_TEXT ? a : b;
    const struct expr *other = text == a ? b : a;
    if (text->op != EXPR_TEXT) {
        return;
    }
    if (other->kind == VALUE_PERIOD) {
        report_hint(c, d, "viết period \"{}\"", "write period \"{}\"", text->text);
    } else if (other->kind == VALUE_DAY) {
        report_hint(c, d, "viết date \"{}\"", "write date \"{}\"", text->text);
    } else if (other->kind == VALUE_NUM) {
        report_hint(c, d, "bỏ dấu nháy: {}", "leave out the quotes: {}", text->text);
    }
}

static bool match_codes(struct checker *c, const struct expr *a, const struct expr *b,
                        struct span at)
{
    if (a->codelist == b->codelist) {
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_CODELISTS_DIFFER, at,
                            c->codelists[a->codelist].name, c->codelists[b->codelist].name);
    report_hint(c, d, "để so như văn bản, viết trim(…) quanh một vế",
                "to compare them as texts, write trim(…) around one side", STR_NONE);
    return false;
}

bool match_kinds(struct checker *c, const struct expr **a, const struct expr **b,
                 struct span at)
{
    if (is_word(*a) && is_word(*b)) {
        *a = as_code(c, *a, *b);
        *b = as_code(c, *b, *a);
        bool both = (*a)->kind == VALUE_CODE && (*b)->kind == VALUE_CODE;
        return !both || match_codes(c, *a, *b, at);
    }
    if ((*a)->kind == (*b)->kind) {
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_KINDS_DIFFER, at,
                            str_of(kind_name((*a)->kind, LANG_VI)),
                            str_of(kind_name((*b)->kind, LANG_VI)));
    d->args[2] = str_of(kind_name((*a)->kind, LANG_EN));
    d->args[3] = str_of(kind_name((*b)->kind, LANG_EN));
    suggest_literal(c, d, *a, *b);
    return false;
}

bool match_values(struct checker *c, const struct env *env, const struct expr **a,
                  const struct expr **b, struct span at, struct unit_expr *unit,
                  const struct expr **row_unit)
{
    *unit = (struct unit_expr){.kind = UNIT_OPEN};
    *row_unit = NULL;
    if (is_poison(*a) || is_poison(*b) || !match_kinds(c, a, b, at)) {
        return false;
    }
    return (*a)->kind != VALUE_NUM || unit_unify(c, env, a, b, at, unit, row_unit);
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
    struct expr *e = expr_make(c, env, EXPR_NEG, VALUE_NUM, n->at, &a, 1);
    struct typed *t = mutable_facts(e);
    e->unit = a->unit;
    e->is_additive = a->is_additive;
    t->is_literal = typed_of(a)->is_literal;
    t->is_points = typed_of(a)->is_points;
    t->is_flow = typed_of(a)->is_flow;
    t->row_unit = typed_of(a)->row_unit;
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
        report_kind(c, odd, a == odd ? "ngày" : "số (ngày)", a == odd ? "a date" : "a number of days");
        return poison(c, n->at);
    }
    if (!is_difference && !unit_none(c, b)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {a, b};
    return expr_make(c, env, is_sum ? EXPR_ADD : EXPR_SUB,
                     is_difference ? VALUE_NUM : VALUE_DAY, n->at, args, 2);
}

static const struct expr *add_numbers(struct checker *c, const struct env *env,
                                      const struct node *n, const struct expr *a,
                                      const struct expr *b)
{
    struct unit_expr unit;
    const struct expr *row_unit;
    if (!unit_unify(c, env, &a, &b, n->at, &unit, &row_unit)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {a, b};
    struct expr *e = expr_make(c, env, n->op == OP_ADD ? EXPR_ADD : EXPR_SUB, VALUE_NUM, n->at,
                               args, 2);
    struct typed *t = mutable_facts(e);
    e->unit = unit;
    e->is_additive = a->is_additive && b->is_additive;
    t->is_flow = typed_of(a)->is_flow && typed_of(b)->is_flow;
    t->is_literal = typed_of(a)->is_literal && typed_of(b)->is_literal;
    t->row_unit = row_unit;
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
        report_kind(c, a->kind != VALUE_NUM ? a : b, "số", "a number");
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
    struct expr *e = expr_make(c, env, n->op == OP_MUL ? EXPR_MUL : EXPR_DIV, VALUE_NUM, n->at,
                               args, 2);
    e->unit = unit;
    mutable_facts(e)->is_literal = typed_of(a)->is_literal && typed_of(b)->is_literal;
    if (mutable_facts(e)->is_literal) {
        e->unit = (struct unit_expr){.kind = UNIT_OPEN};
    }
    return e;
}

/* ---- choice */

/* if and ??: two values of which one is the result. `rest` are the arguments before them. */
static const struct expr *choose(struct checker *c, const struct env *env, const struct node *n,
                                 enum expr_op op, const struct expr *condition,
                                 const struct expr *a, const struct expr *b)
{
    struct unit_expr unit;
    const struct expr *row_unit;
    if (!match_values(c, env, &a, &b, n->at, &unit, &row_unit)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {condition, a, b};
    bool is_if = condition != NULL;
    struct expr *e = expr_make(c, env, op, a->kind, n->at, is_if ? args : args + 1, is_if ? 3 : 2);
    if (is_poison(e)) {
        return e;
    }
    struct typed *t = mutable_facts(e);
    if (a->kind != b->kind) {
        e->kind = VALUE_TEXT; /* a code or a text */
    }
    e->codelist = e->kind == VALUE_CODE ? a->codelist : ID_NONE;
    e->unit = unit;
    e->is_year = a->is_year && b->is_year;
    t->is_points = typed_of(a)->is_points || typed_of(b)->is_points;
    t->is_flow = !is_if && typed_of(a)->is_flow && (typed_of(b)->is_flow || typed_of(b)->is_literal);
    t->row_unit = row_unit;
    return e;
}

static const struct expr *type_if(struct checker *c, const struct env *env, const struct node *n)
{
    const struct expr *condition = type_kind(c, env, n->kids[0], VALUE_BOOL);
    const struct expr *a = type_expr(c, env, n->kids[1]);
    const struct expr *b = type_expr(c, env, n->kids[2]);
    return is_poison(condition) ? poison(c, n->at)
                                : choose(c, env, n, EXPR_IF, condition, a, b);
}

static const struct expr *type_coalesce(struct checker *c, const struct env *env,
                                        const struct node *n)
{
    const struct expr *a = type_expr(c, env, n->kids[0]);
    const struct expr *b = type_expr(c, env, n->kids[1]);
    return choose(c, env, n, EXPR_COALESCE, NULL, a, b);
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

/* ---- comparison */

static enum cmp cmp_of(enum node_op op)
{
    assert(op >= OP_EQ && op <= OP_GE);
    static const enum cmp cmps[] = {CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE};
    return cmps[op - OP_EQ];
}

/* In s = previous(e) with a stock s, e may not be a flow: last year's flow opens nothing. */
static void check_stock_and_flow(struct checker *c, const struct expr *stock,
                                 const struct expr *other)
{
    if (stock->op != EXPR_COLUMN || other->op != EXPR_PREVIOUS ||
        !typed_of(other->args[0])->is_flow || !typed_of(stock)->has_stock) {
        return;
    }
    const struct expr *flow = other->args[0];
    struct diag *d = report(c, DIAG_ID_RULE_STOCK_FLOW, flow->at,
                            as_written(c, flow->at, typed_of(flow)->loops),
                            as_written(c, stock->at, typed_of(stock)->loops));
    diag_place(d, c->datasets[stock->dataset].schema.columns[stock->column].at, STR_NONE);
}

static const struct expr *compare(struct checker *c, const struct env *env, struct span at,
                                  enum cmp cmp, const struct expr *a, const struct expr *b)
{
    struct unit_expr unit;
    const struct expr *row_unit;
    if (!match_values(c, env, &a, &b, at, &unit, &row_unit)) {
        return poison(c, at);
    }
    bool has_order = a->kind == VALUE_NUM || a->kind == VALUE_DAY || a->kind == VALUE_PERIOD;
    if (cmp != CMP_EQ && cmp != CMP_NE && !has_order) {
        report(c, DIAG_ID_RULE_NO_ORDER, at, str_of(kind_name(a->kind, LANG_VI)),
               str_of(kind_name(a->kind, LANG_EN)));
        return poison(c, at);
    }
    if (cmp == CMP_EQ) {
        check_stock_and_flow(c, a, b);
        check_stock_and_flow(c, b, a);
    }
    const struct expr *const args[] = {a, b};
    struct expr *e = expr_make(c, env, EXPR_COMPARE, VALUE_BOOL, at, args, 2);
    e->cmp = cmp;
    e->unit = unit; /* of the sides: for tolerances */
    mutable_facts(e)->row_unit = row_unit;
    return e;
}

static const struct expr *type_compare(struct checker *c, const struct env *env,
                                       const struct node *n)
{
    assert(n->n >= 2);
    const struct expr *all = NULL, *left = type_expr(c, env, n->kids[0]);
    bool is_bad = false;
    for (uint32_t i = 1; i < n->n; i++) {
        const struct expr *right = type_expr(c, env, n->kids[i]);
        struct span at = n->n == 2 ? n->at : span_join(n->kids[i - 1]->at, n->kids[i]->at);
        const struct expr *pair = compare(c, env, at, cmp_of(n->ops[i - 1]), left, right);
        is_bad |= is_poison(pair);
        if (!is_bad) {
            all = all == NULL ? pair : make_flag_op(c, env, EXPR_AND, all, pair, n->at);
        }
        left = right;
    }
    return is_bad ? poison(c, n->at) : all;
}

static const struct expr *type_in_set(struct checker *c, const struct env *env,
                                      const struct node *n)
{
    const struct expr **args = arena_new_array(c->a, n->n, const struct expr *);
    struct unit_expr unit;
    const struct expr *row_unit;
    bool is_bad = false;
    args[0] = type_expr(c, env, n->kids[0]);
    for (uint32_t i = 1; i < n->n; i++) {
        args[i] = type_expr(c, env, n->kids[i]);
        is_bad |= !match_values(c, env, &args[0], &args[i], n->kids[i]->at, &unit, &row_unit);
    }
    return is_bad ? poison(c, n->at)
                  : expr_make(c, env, EXPR_IN_LIST, VALUE_BOOL, n->at, args, n->n);
}

static const struct expr *type_in_range(struct checker *c, const struct env *env,
                                        const struct node *n)
{
    const struct expr *args[3];
    struct unit_expr unit;
    const struct expr *row_unit;
    bool is_bad = false;
    args[0] = type_expr(c, env, n->kids[0]);
    for (uint32_t i = 1; i < 3; i++) {
        args[i] = type_expr(c, env, n->kids[i]);
        is_bad |= !match_values(c, env, &args[0], &args[i], n->kids[i]->at, &unit, &row_unit);
    }
    if (is_bad) {
        return poison(c, n->at);
    }
    enum value_kind kind = args[0]->kind;
    if (kind != VALUE_NUM && kind != VALUE_DAY && kind != VALUE_PERIOD) {
        report(c, DIAG_ID_RULE_NO_ORDER, n->at, str_of(kind_name(kind, LANG_VI)),
               str_of(kind_name(kind, LANG_EN)));
        return poison(c, n->at);
    }
    return expr_make(c, env, EXPR_IN_RANGE, VALUE_BOOL, n->at, args, 3);
}

/* ---- in LIST */

static const struct expr *type_in_codes(struct checker *c, const struct env *env,
                                        const struct node *n)
{
    const struct node *list = n->kids[1];
    const struct expr *code = type_text(c, env, n->kids[0]);
    uint32_t id = name_find(&c->codelist_names, list->text);
    if (id == ID_NONE) {
        struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_CODELIST, list->at, list->text, STR_NONE);
        report_near(c, d, list->text, &c->codelist_names);
    }
    if (id == ID_NONE || is_poison(code)) {
        return poison(c, n->at);
    }
    const struct expr *day = scope_day(c, env, n->at);
    const struct expr *const args[] = {code, day};
    struct expr *e = expr_make(c, env, EXPR_IN_CODES, VALUE_BOOL, n->at, args, day == NULL ? 1 : 2);
    e->codelist = id;
    return e;
}

static const struct expr *type_in(struct checker *c, const struct env *env, const struct node *n)
{
    switch (n->kids[1]->kind) {
    case NODE_NAME:
        return type_in_codes(c, env, n);
    case NODE_CALL:
        return type_in_call(c, env, n);
    case NODE_LOOKUP:
        return type_in_rows(c, env, n);
    case NODE_ERROR:
        type_expr(c, env, n->kids[0]);
        return poison(c, n->at);
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_TRUE:
    case NODE_FALSE:
    case NODE_DATE:
    case NODE_PERIOD:
    case NODE_THIS:
    case NODE_ANY:
    case NODE_NEGATE:
    case NODE_NOT:
    case NODE_BINARY:
    case NODE_COMPARE:
    case NODE_IN_SET:
    case NODE_IN_RANGE:
    case NODE_IN:
    case NODE_MATCHES:
    case NODE_IS:
    case NODE_IF:
    case NODE_EACH_OF:
    case NODE_AS:
    case NODE_AT:
        break;
    }
    report(c, DIAG_ID_RULE_NOT_A_SET, n->kids[1]->at, STR_NONE, STR_NONE);
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
    struct expr *e = expr_make(c, env, EXPR_MATCHES, VALUE_BOOL, n->at, &a, 1);
    e->text = n->text;
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

static const struct expr *type_is(struct checker *c, const struct env *env, const struct node *n)
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
    const struct expr *missing = make_flag_op(c, env, EXPR_IS_MISSING, a, NULL, n->at);
    if (n->op == OP_MISSING || is_poison(missing)) {
        return missing;
    }
    return make_flag_op(c, env, EXPR_NOT, missing, NULL, n->at);
}

static const struct expr *type_not(struct checker *c, const struct env *env, const struct node *n)
{
    const struct expr *a = type_kind(c, env, n->kids[0], VALUE_BOOL);
    return is_poison(a) ? poison(c, n->at) : make_flag_op(c, env, EXPR_NOT, a, NULL, n->at);
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

const struct expr *type_expr(struct checker *c, const struct env *env, const struct node *n)
{
    assert(c && env && n);
    if (c->depth == DEPTH_LIMIT) { /* defines within defines; the parser limits each by itself */
        report(c, DIAG_ID_RULE_TOO_LARGE, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    c->depth++;
    const struct expr *e = type_node(c, env, n);
    c->depth--;
    return e;
}

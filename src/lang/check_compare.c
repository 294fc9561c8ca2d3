/* Two values side by side: whether they are of one kind and unit, comparisons, and sets
 * after `in`. */
#include "lang/check_state.h"

#include <assert.h>

/* ---- one kind, one unit */

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

/* Whether a text is a number as rules write them. */
static bool is_number(struct str s)
{
    size_t digits = 0, points = 0, n = s.n;
    n -= n > 0 && s.p[n - 1] == '%';
    for (size_t i = 0; i < n; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        bool is_point = s.p[i] == '.' && digits > 0 && i + 1 < n;
        if (!is_digit && !is_point) {
            return false;
        }
        digits += is_digit;
        points += is_point;
    }
    return digits > 0 && points <= 1;
}

static bool suggest_literal(struct checker *c, struct diag *d, const struct expr *text,
                            const struct expr *other)
{
    if (text->op != EXPR_TEXT) {
        return false;
    }
    int32_t when;
    if (other->kind == VALUE_PERIOD && period_parse(text->text, &when)) {
        report_hint(c, d, "viết period \"{}\"", "write period \"{}\"", text->text);
        return true;
    }
    if (other->kind == VALUE_DAY && date_parse(text->text, &when)) {
        report_hint(c, d, "viết date \"{}\"", "write date \"{}\"", text->text);
        return true;
    }
    if (other->kind == VALUE_NUM && is_number(text->text)) {
        report_hint(c, d, "bỏ dấu ngoặc kép: {}", "leave out the quotation marks: {}",
                    text->text);
        return true;
    }
    return false;
}

/* Where the two come from, and what would make one of the other. A text as written is
 * nothing else when it is not spelt like it. */
static void explain_kinds(struct checker *c, struct diag *d, const struct expr *a,
                          const struct expr *b)
{
    place_declared(c, d, a);
    place_declared(c, d, b);
    bool is_done = suggest_literal(c, d, a, b) || suggest_literal(c, d, b, a);
    if (!is_done && a->op != EXPR_TEXT && b->op != EXPR_TEXT) {
        const struct expr *first = typed_of(b)->is_literal ? b : a;
        const struct expr *second = first == a ? b : a;
        bool is_hinted =
            second->kind != VALUE_BOOL && hint_kind(c, d, first, second->kind);
        if (!is_hinted && first->kind != VALUE_BOOL) {
            (void)hint_kind(c, d, second, first->kind);
        }
    }
}

static bool match_codes(struct checker *c, const struct expr *a, const struct expr *b,
                        struct span at)
{
    if (a->codelist == b->codelist) {
        return true;
    }
    struct diag *d =
        report(c, DIAG_ID_RULE_CODELISTS_DIFFER, at, c->codelists[a->codelist].name,
               c->codelists[b->codelist].name);
    report_hint(c, d, "để so như văn bản, viết trim(…) quanh một vế",
                "to compare them as texts, write trim(…) around one side", STR_NONE);
    return false;
}

/* A text written beside a status or a grade must be one that it can be, or the two never
 * meet. */
static void check_result_word(struct checker *c, const struct expr *text,
                              const struct expr *result)
{
    const struct expr *column = result->op == EXPR_LOOKUP ? result->select->pick : result;
    const struct str *words;
    if (text->op != EXPR_TEXT || column->op != EXPR_COLUMN) {
        return;
    }
    size_t n = result_words(c, column->dataset, column->column, &words);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(words[i], text->text)) {
            return;
        }
    }
    if (n > 0) {
        struct diag *d =
            report(c, DIAG_ID_RULE_RESULT_WORD, text->at, text->text,
                   c->datasets[column->dataset].schema.columns[column->column].name);
        d->args[2] = joined(c, words, n);
        report_nearest(c, d, text->text, words, n);
    }
}

bool match_kinds(struct checker *c, const struct expr **a, const struct expr **b,
                 struct span at)
{
    if (is_word(*a) && is_word(*b)) {
        *a = as_code(c, *a, *b);
        *b = as_code(c, *b, *a);
        bool both = (*a)->kind == VALUE_CODE && (*b)->kind == VALUE_CODE;
        check_result_word(c, *a, *b);
        check_result_word(c, *b, *a);
        return !both || match_codes(c, *a, *b, at);
    }
    if ((*a)->kind == (*b)->kind) {
        return true;
    }
    struct diag *d =
        report(c, DIAG_ID_RULE_KINDS_DIFFER, at, str_of(kind_name((*a)->kind, LANG_VI)),
               str_of(kind_name((*b)->kind, LANG_VI)));
    d->args[2] = str_of(kind_name((*a)->kind, LANG_EN));
    d->args[3] = str_of(kind_name((*b)->kind, LANG_EN));
    explain_kinds(c, d, *a, *b);
    return false;
}

bool match_values(struct checker *c, const struct env *env, const struct expr **a,
                  const struct expr **b, struct span at, struct common_unit *out)
{
    *out = (struct common_unit){.unit = {.kind = UNIT_OPEN}};
    if (is_poison(*a) || is_poison(*b) || !match_kinds(c, a, b, at)) {
        return false;
    }
    return (*a)->kind != VALUE_NUM || unit_unify(c, env, a, b, at, out);
}

/* match_values where the two meet for good: nothing outside can demand a unit any more.
 */
bool match_sides(struct checker *c, const struct env *env, const struct expr **a,
                 const struct expr **b, struct span at, struct common_unit *out)
{
    if (!match_values(c, env, a, b, at, out)) {
        return false;
    }
    return !out->waits || (unit_settled(c, *b) && unit_settled(c, *a));
}

/* ---- comparison */

static enum cmp cmp_of(enum node_op op)
{
    assert(op >= OP_EQ && op <= OP_GE);
    static const enum cmp cmps[] = {CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE};
    return cmps[op - OP_EQ];
}

/* In s = previous(e) with a stock s, e may not be a flow: last year's flow opens nothing.
 */
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

static const struct expr *compare(struct checker *c, const struct env *env,
                                  struct span at, enum cmp cmp, const struct expr *a,
                                  const struct expr *b)
{
    struct common_unit common;
    if (!match_sides(c, env, &a, &b, at, &common)) {
        return poison(c, at);
    }
    bool has_order =
        a->kind == VALUE_NUM || a->kind == VALUE_DAY || a->kind == VALUE_PERIOD;
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
    struct expr *e =
        expr_over(c, expr_new(c, env, EXPR_COMPARE, VALUE_BOOL, at), args, 2);
    e->cmp = cmp;
    e->unit = common.unit; /* of the sides: for tolerances */
    ((struct typed *)e)->row_unit = common.row_unit;
    return e;
}

/* The values that a comparison, a set or a range brings together, whichever of them has
 * the unit that the others take. NULL after reporting. */
static const struct expr **type_kids(struct checker *c, const struct env *env,
                                     const struct node *n)
{
    const struct expr **args = arena_new_array(c->a, n->n, const struct expr *);
    for (uint32_t i = 0; i < n->n; i++) {
        args[i] = type_expr(c, env, n->kids[i]);
    }
    return unit_demand_all(c, env, args, n->n) ? args : NULL;
}

const struct expr *type_compare(struct checker *c, const struct env *env,
                                const struct node *n)
{
    assert(n->n >= 2);
    const struct expr *all = NULL, **sides = type_kids(c, env, n);
    bool is_bad = sides == NULL;
    for (uint32_t i = 1; i < n->n && sides != NULL; i++) {
        struct span at =
            n->n == 2 ? n->at : span_join(n->kids[i - 1]->at, n->kids[i]->at);
        const struct expr *pair =
            compare(c, env, at, cmp_of(n->ops[i - 1]), sides[i - 1], sides[i]);
        is_bad |= is_poison(pair);
        if (!is_bad) {
            all = all == NULL ? pair : make_flag_op(c, env, EXPR_AND, all, pair, n->at);
        }
    }
    return is_bad ? poison(c, n->at) : all;
}

const struct expr *type_in_set(struct checker *c, const struct env *env,
                               const struct node *n)
{
    const struct expr **args = type_kids(c, env, n);
    struct common_unit common;
    bool is_bad = args == NULL;
    for (uint32_t i = 1; i < n->n && args != NULL; i++) {
        is_bad |= !match_sides(c, env, &args[0], &args[i], n->kids[i]->at, &common);
    }
    return is_bad ? poison(c, n->at)
                  : expr_over(c, expr_new(c, env, EXPR_IN_LIST, VALUE_BOOL, n->at), args,
                              n->n);
}

const struct expr *type_in_range(struct checker *c, const struct env *env,
                                 const struct node *n)
{
    const struct expr **args = type_kids(c, env, n);
    struct common_unit common;
    bool is_bad = args == NULL;
    for (uint32_t i = 1; i < 3 && args != NULL; i++) {
        is_bad |= !match_sides(c, env, &args[0], &args[i], n->kids[i]->at, &common);
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
    return expr_over(c, expr_new(c, env, EXPR_IN_RANGE, VALUE_BOOL, n->at), args, 3);
}

/* ---- in LIST */

static const struct expr *type_in_codes(struct checker *c, const struct env *env,
                                        const struct node *n)
{
    const struct node *list = n->kids[1];
    const struct expr *code = type_text(c, env, n->kids[0]);
    uint32_t id = name_find(&c->codelist_names, list->text);
    if (id == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_CODELIST,
                       (struct name){list->text, list->at}, &c->codelist_names);
    }
    if (id == ID_NONE || is_poison(code)) {
        return poison(c, n->at);
    }
    const struct expr *day = scope_day(c, env, n->at);
    const struct expr *const args[] = {code, day};
    struct expr *e = expr_over(c, expr_new(c, env, EXPR_IN_CODES, VALUE_BOOL, n->at),
                               args, day == NULL ? 1 : 2);
    e->codelist = id;
    return e;
}

const struct expr *type_in(struct checker *c, const struct env *env, const struct node *n)
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

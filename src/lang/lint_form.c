/* Conditions as forms. `not` is pushed down to where it can be said of a comparison, so a
 * form has no `not`: in the logic of true, false and unknown a condition is true exactly
 * when its form built this way has all that it needs true. What is not understood becomes
 * a fact: true or false, the same wherever it stands. */
#include "base/utf8.h"
#include "lang/lint_sum.h"

#include <assert.h>

/* ---- combining */

/* Without parts, ALL is true and ANY false; so such a part is left out of its like, and
 * decides its opposite. */
static const struct form *combined(struct linter *l, enum form_kind kind,
                                   const struct form *const *parts, uint32_t n)
{
    const struct form **copy = arena_new_array(l->a, n, const struct form *);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool is_constant = parts[i]->kind <= FORM_ANY && parts[i]->n == 0;
        if (is_constant && parts[i]->kind != kind) {
            return parts[i];
        }
        if (!is_constant) {
            copy[kept++] = parts[i];
        }
    }
    if (kept == 1) {
        return copy[0];
    }
    struct form *form = arena_new(l->a, struct form);
    *form = (struct form){.kind = kind, .parts = copy, .n = kept};
    return form;
}

const struct form *form_all(struct linter *l, const struct form *const *parts, uint32_t n)
{
    assert(l && (parts || n == 0));
    return combined(l, FORM_ALL, parts, n);
}

const struct form *form_any(struct linter *l, const struct form *const *parts, uint32_t n)
{
    assert(l && (parts || n == 0));
    return combined(l, FORM_ANY, parts, n);
}

static const struct form *both(struct linter *l, bool all, const struct form *a,
                               const struct form *b)
{
    const struct form *const parts[] = {a, b};
    return combined(l, all ? FORM_ALL : FORM_ANY, parts, 2);
}

static const struct form *truth(struct linter *l, bool is_true)
{
    return combined(l, is_true ? FORM_ALL : FORM_ANY, NULL, 0);
}

/* ---- facts and choices */

const struct form *form_fact(struct linter *l, const struct check *k, uint32_t term,
                             bool is_true, const struct expr *source)
{
    assert(l);
    struct range r = world_range(l->declared, term);
    if (is_true ? !r.can_be_true : !r.can_be_false) {
        return truth(l, false);
    }
    struct form *form = arena_new(l->a, struct form);
    *form = (struct form){.kind = FORM_FACT,
                          .term = term,
                          .is_positive = is_true,
                          .source = source,
                          .check = k};
    return form;
}

/* That something can be said of a term at all: it is there. NULL: no rule asks that. */
const struct form *form_present(struct linter *l, const struct check *k, uint32_t term)
{
    uint32_t missing = known_missing(l, term);
    return missing == ID_NONE ? NULL : form_fact(l, k, missing, false, NULL);
}

static const struct form *if_present(struct forming *f, uint32_t term,
                                     const struct form *form)
{
    const struct form *is_there = form_present(f->l, f->check, term);
    return is_there == NULL ? form : both(f->l, true, form, is_there);
}

static const struct form *fact(struct forming *f, const struct expr *e, bool is_true)
{
    uint32_t term = term_of(f->l->terms, e);
    return if_present(f, term, form_fact(f->l, f->check, term, is_true, e));
}

uint32_t missing_term(struct linter *l, uint32_t term)
{
    assert(l);
    struct expr *e = arena_new(l->a, struct expr);
    const struct expr **args = arena_new(l->a, const struct expr *);
    args[0] = term_expr(l->terms, term);
    *e = (struct expr){.op = EXPR_IS_MISSING,
                       .kind = VALUE_BOOL,
                       .codelist = ID_NONE,
                       .args = args,
                       .n = 1,
                       .at = args[0]->at};
    return term_of(l->terms, e);
}

uint32_t known_missing(const struct linter *l, uint32_t term)
{
    assert(l);
    return term < l->n_missing ? l->missing_of[term] : ID_NONE;
}

/* `x is missing` and x ?? y. */
void note_missing(struct linter *l)
{
    assert(l && l->n_missing == 0);
    uint32_t n = terms_count(l->terms);
    while (l->n_missing < n) {
        l->missing_of = list_room(l->a, l->missing_of, l->n_missing, &l->missing_cap,
                                  sizeof *l->missing_of);
        l->missing_of[l->n_missing++] = ID_NONE;
    }
    for (uint32_t i = 0; i < n; i++) {
        enum expr_op op = term_expr(l->terms, i)->op;
        if (op == EXPR_IS_MISSING || op == EXPR_COALESCE) {
            uint32_t term = term_arg(l->terms, i, 0);
            l->missing_of[term] = missing_term(l, term);
        }
    }
}

static struct str folded(struct linter *l, enum value_kind kind, struct str s)
{
    return kind == VALUE_CODE ? str_fold(l->a, s) : str_trim(utf8_nfc(l->a, s));
}

uint32_t choice_values(struct linter *l, uint32_t term, const struct str **values)
{
    assert(l && values);
    const struct expr *e = term_expr(l->terms, term);
    if (e->op != EXPR_COLUMN || (e->kind != VALUE_TEXT && e->kind != VALUE_CODE)) {
        return 0;
    }
    const struct column *c = &l->rules->datasets[e->dataset].schema.columns[e->column];
    const struct codelist_decl *list =
        c->codelist == ID_NONE || c->codelist >= l->rules->n_codelists
            ? NULL
            : &l->rules->codelists[c->codelist];
    uint32_t n = c->n_set > 0 ? c->n_set : list == NULL ? 0 : list->n_entries;
    struct str *all = arena_new_array(l->a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        struct str text = c->n_set > 0 ? c->set[i].text : list->entries[i].code.text;
        all[i] = folded(l, e->kind, text);
    }
    *values = all;
    return n;
}

static bool is_word(enum value_kind kind)
{
    return kind == VALUE_TEXT || kind == VALUE_CODE || kind == VALUE_PERIOD;
}

/* a = b or not, for texts, codes and periods: a choice where one is a constant. */
static const struct form *choice(struct forming *f, const struct expr *source,
                                 const struct expr *a, const struct expr *b, bool is_true)
{
    struct str x = constant_text(f->l, a), y = constant_text(f->l, b);
    if (x.p != NULL && y.p != NULL) {
        return truth(f->l, str_eq(x, y) == is_true);
    }
    if (x.p == NULL && y.p == NULL) {
        return NULL;
    }
    struct form *form = arena_new(f->l->a, struct form);
    *form = (struct form){.kind = FORM_CHOICE,
                          .term = term_of(f->l->terms, x.p == NULL ? a : b),
                          .text = x.p == NULL ? y : x,
                          .is_positive = is_true,
                          .source = source,
                          .check = f->check};
    return if_present(f, form->term, form);
}

/* ---- comparisons */

/* The same comparison, or its opposite, as one of = < <=: one fact for both ways. */
static const struct form *compared_fact(struct forming *f, const struct expr *e,
                                        bool is_true)
{
    bool is_opposite = e->cmp == CMP_NE || e->cmp == CMP_GE || e->cmp == CMP_GT;
    if (!is_opposite) {
        return fact(f, e, is_true);
    }
    struct expr *other = arena_new(f->l->a, struct expr);
    *other = *e;
    other->cmp = e->cmp == CMP_NE ? CMP_EQ : e->cmp == CMP_GE ? CMP_LT : CMP_LE;
    other->at.hi = other->at.lo; /* nobody wrote it */
    return form_fact(f->l, f->check, term_of(f->l->terms, other), !is_true, e);
}

static const struct form *of_compare(struct forming *f, const struct expr *e,
                                     bool is_true)
{
    const struct expr *a = e->args[0], *b = e->args[1];
    bool is_equality = e->cmp == CMP_EQ || e->cmp == CMP_NE;
    bool must_equal = (e->cmp == CMP_EQ) == is_true;
    if (a->kind == VALUE_NUM || a->kind == VALUE_DAY) {
        return form_comparison(f, e, e->cmp, e->args, NULL, is_true);
    }
    if (is_equality && a->kind == VALUE_BOOL &&
        (a->op == EXPR_BOOL || b->op == EXPR_BOOL)) {
        const struct expr *known = a->op == EXPR_BOOL ? a : b;
        return form_condition(f, known == a ? b : a, known->flag == must_equal);
    }
    const struct form *form =
        is_equality && is_word(a->kind) ? choice(f, e, a, b, must_equal) : NULL;
    return form != NULL ? form : compared_fact(f, e, is_true);
}

enum { LIST_MAX = 40 };

static const struct form *of_in_list(struct forming *f, const struct expr *e,
                                     bool is_true)
{
    const struct form *parts[LIST_MAX];
    const struct expr *value = e->args[0];
    if (e->n > LIST_MAX) {
        return fact(f, e, is_true);
    }
    for (uint32_t i = 1; i < e->n; i++) {
        const struct expr *const sides[] = {value, e->args[i]};
        parts[i - 1] = value->kind == VALUE_NUM || value->kind == VALUE_DAY
                           ? form_comparison(f, e, CMP_EQ, sides, NULL, is_true)
                       : is_word(value->kind) ? choice(f, e, value, e->args[i], is_true)
                                              : NULL;
        if (parts[i - 1] == NULL) {
            return fact(f, e, is_true);
        }
    }
    return combined(f->l, is_true ? FORM_ANY : FORM_ALL, parts, e->n - 1);
}

static const struct form *of_in_range(struct forming *f, const struct expr *e,
                                      bool is_true)
{
    if (e->args[0]->kind != VALUE_NUM && e->args[0]->kind != VALUE_DAY) {
        return fact(f, e, is_true);
    }
    const struct expr *const low[] = {e->args[0], e->args[1]};
    const struct expr *const high[] = {e->args[0], e->args[2]};
    return both(f->l, is_true, form_comparison(f, e, CMP_GE, low, NULL, is_true),
                form_comparison(f, e, CMP_LE, high, NULL, is_true));
}

/* ---- conditions */

static const struct form *of_constant(struct forming *f, const struct expr *e,
                                      bool is_true)
{
    return truth(f->l, e->flag == is_true);
}

static const struct form *of_not(struct forming *f, const struct expr *e, bool is_true)
{
    return form_condition(f, e->args[0], !is_true);
}

static const struct form *of_and(struct forming *f, const struct expr *e, bool is_true)
{
    return both(f->l, is_true, form_condition(f, e->args[0], is_true),
                form_condition(f, e->args[1], is_true));
}

static const struct form *of_or(struct forming *f, const struct expr *e, bool is_true)
{
    return both(f->l, !is_true, form_condition(f, e->args[0], is_true),
                form_condition(f, e->args[1], is_true));
}

static const struct form *of_implies(struct forming *f, const struct expr *e,
                                     bool is_true)
{
    return both(f->l, !is_true, form_condition(f, e->args[0], !is_true),
                form_condition(f, e->args[1], is_true));
}

static const struct form *of_if(struct forming *f, const struct expr *e, bool is_true)
{
    const struct form *then = both(f->l, true, form_condition(f, e->args[0], true),
                                   form_condition(f, e->args[1], is_true));
    const struct form *other = both(f->l, true, form_condition(f, e->args[0], false),
                                    form_condition(f, e->args[2], is_true));
    return both(f->l, false, then, other);
}

static const struct form *of_coalesce(struct forming *f, const struct expr *e,
                                      bool is_true)
{
    uint32_t missing = missing_term(f->l, term_of(f->l->terms, e->args[0]));
    const struct form *other =
        both(f->l, true, form_fact(f->l, f->check, missing, true, NULL),
             form_condition(f, e->args[1], is_true));
    return both(f->l, false, form_condition(f, e->args[0], is_true), other);
}

typedef const struct form *form_fn(struct forming *f, const struct expr *e, bool is_true);

static form_fn *const makers[] = {
    [EXPR_BOOL] = of_constant,     [EXPR_NOT] = of_not,
    [EXPR_AND] = of_and,           [EXPR_OR] = of_or,
    [EXPR_IMPLIES] = of_implies,   [EXPR_IF] = of_if,
    [EXPR_COALESCE] = of_coalesce, [EXPR_COMPARE] = of_compare,
    [EXPR_IN_LIST] = of_in_list,   [EXPR_IN_RANGE] = of_in_range,
};

const struct form *form_condition(struct forming *f, const struct expr *e, bool is_true)
{
    assert(f && e && e->kind == VALUE_BOOL);
    if (f->n_steps++ >= FORMING_STEPS || f->depth >= FORMING_DEPTH) {
        return truth(f->l, true);
    }
    form_fn *make = e->op < COUNT_OF(makers) ? makers[e->op] : NULL;
    f->depth++;
    const struct form *form = make == NULL ? fact(f, e, is_true) : make(f, e, is_true);
    f->depth--;
    return form;
}

/* ---- rules */

const struct form *form_of(struct linter *l, const struct check *k, const struct expr *e,
                           bool is_true)
{
    struct forming f = {.l = l, .check = k};
    return form_condition(&f, e, is_true);
}

const struct form *form_must(struct linter *l, const struct check *k, bool is_true)
{
    assert(l && k && !k->within_rounding);
    struct forming f = {.l = l, .check = k};
    if (k->within == NULL) {
        return form_condition(&f, k->must, is_true);
    }
    const struct expr *const sides[] = {k->left, k->right};
    const struct form *form =
        form_comparison(&f, k->must, k->cmp, sides, k->within, is_true);
    if (!is_true || k->within->op == EXPR_NUM) {
        return form;
    }
    /* what holds exactly holds whatever the tolerance is, and were it missing */
    return both(l, false, form, form_condition(&f, k->must, true));
}

const struct form *form_when(struct linter *l, const struct check *k, bool is_true)
{
    assert(l && k);
    return k->when == NULL ? truth(l, is_true) : form_of(l, k, k->when, is_true);
}

const struct form *form_equal(struct linter *l, const struct expr *a,
                              const struct expr *b)
{
    struct expr *e = arena_new(l->a, struct expr);
    const struct expr **args = arena_new_array(l->a, 2, const struct expr *);
    args[0] = a;
    args[1] = b;
    *e = (struct expr){.op = EXPR_COMPARE,
                       .kind = VALUE_BOOL,
                       .cmp = CMP_EQ,
                       .codelist = ID_NONE,
                       .args = args,
                       .n = 2,
                       .at = b->at};
    return form_of(l, NULL, e, true);
}

/* ---- divisors */

enum { DIVISORS_MAX = 8 };

struct divisors {
    const struct expr *items[DIVISORS_MAX];
    uint32_t n;
    bool are_too_many;
};

static void gather_divisors(struct linter *l, struct divisors *all, const struct expr *e)
{
    const struct expr *same = term_expr(l->terms, term_of(l->terms, e));
    if (is_leaf(same) || all->are_too_many) {
        return;
    }
    struct range divisor =
        same->op != EXPR_DIV ? range_flag(true)
                             : world_range(l->declared, term_of(l->terms, same->args[1]));
    if (same->op == EXPR_DIV && interval_holds(&divisor.num, num_int(0))) {
        all->are_too_many = all->n == DIVISORS_MAX;
        all->items[all->n < DIVISORS_MAX ? all->n++ : 0] = same->args[1];
    }
    for (uint32_t i = 0; i < same->n; i++) {
        gather_divisors(l, all, same->args[i]);
    }
}

const struct form *form_zero_divisor(struct linter *l, const struct check *k,
                                     const struct expr *const *exprs, uint32_t n)
{
    assert(l && (exprs || n == 0));
    struct divisors all = {.n = 0};
    const struct form *parts[DIVISORS_MAX];
    for (uint32_t i = 0; i < n; i++) {
        if (exprs[i] != NULL) {
            gather_divisors(l, &all, exprs[i]);
        }
    }
    if (all.are_too_many) {
        return truth(l, true);
    }
    static const struct expr zero = {.op = EXPR_NUM,
                                     .kind = VALUE_NUM,
                                     .codelist = ID_NONE,
                                     .num = {.n = 0, .d = 1, .scale = 0}};
    for (uint32_t i = 0; i < all.n; i++) {
        struct forming f = {.l = l, .check = k};
        const struct expr *const sides[] = {all.items[i], &zero};
        parts[i] = form_comparison(&f, NULL, CMP_EQ, sides, NULL, true);
    }
    return form_any(l, parts, all.n);
}

/* ---- declarations */

static const struct form *bound(struct linter *l, uint32_t term, enum relation relation,
                                struct num limit)
{
    struct form *form = arena_new(l->a, struct form);
    struct linear_term *sum = arena_new(l->a, struct linear_term);
    *sum = (struct linear_term){term, num_int(1)};
    *form = (struct form){.kind = FORM_LINEAR,
                          .sum = sum,
                          .n_sum = 1,
                          .relation = relation,
                          .limit = limit};
    return form;
}

/* The numbers of a set that is declared, or of what a function can give. */
static uint32_t declared_numbers(struct linter *l, const struct expr *e,
                                 struct num numbers[LIST_MAX])
{
    static const int months[] = {1, 3, 6, 9, 12};
    uint32_t n = 0;
    if (e->op == EXPR_CALL && e->fn == FN_MONTHS) {
        for (; n < COUNT_OF(months); n++) {
            numbers[n] = num_int(months[n]);
        }
    }
    if (e->op != EXPR_COLUMN) {
        return n;
    }
    const struct column *c = &l->rules->datasets[e->dataset].schema.columns[e->column];
    for (; c->n_set <= LIST_MAX && n < c->n_set; n++) {
        numbers[n] =
            c->set[n].kind == VALUE_DAY ? num_int(c->set[n].when) : c->set[n].num;
    }
    return n;
}

const struct form *form_declared(struct linter *l, uint32_t term)
{
    assert(l);
    const struct form *parts[3], *values[LIST_MAX];
    struct num numbers[LIST_MAX];
    uint32_t n = 0;
    struct range r = world_range(l->declared, term);
    if (r.num.is_empty) { /* whoever compares it is false, but nobody has to */
        return truth(l, true);
    }
    if (r.num.has_low) {
        parts[n++] = bound(l, term, IS_AT_LEAST, r.num.low);
    }
    if (r.num.has_high) {
        parts[n++] = bound(l, term, IS_AT_MOST, r.num.high);
    }
    uint32_t n_values = declared_numbers(l, term_expr(l->terms, term), numbers);
    for (uint32_t i = 0; i < n_values; i++) {
        values[i] = bound(l, term, IS_EQUAL, numbers[i]);
    }
    if (n_values > 0) {
        parts[n++] = form_any(l, values, n_values);
    }
    return form_all(l, parts, n);
}

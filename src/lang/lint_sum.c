/* A number becomes a sum of terms with factors where it is built by + - and factors that
 * are constant; whatever else it is made of stands in it as one term, of which only its
 * range is known. `if`, ??, abs, min and max give it several options, each with the
 * condition under which it is the value. A quotient that stands alone against a constant
 * is multiplied out: a / b <= c says b > 0 and a <= c b, or b < 0 and a >= c b. */
#include "lang/lint_sum.h"

#include <assert.h>

enum { OPTIONS_MAX = 12, CASES_MAX = 48 };

struct sum {
    struct num constant;
    const struct linear_term *terms; /* by term, no factor 0 */
    uint32_t n;
};

struct option {
    struct sum sum;
    const struct form *guard; /* NULL: always */
};

struct options {
    struct option items[OPTIONS_MAX];
    uint32_t n;
};

/* ---- sums */

static struct sum sum_of_constant(struct num n)
{
    return (struct sum){.constant = n};
}

/* The term as it is: a number, if it can be only one. */
static struct sum sum_of_term(struct linter *l, uint32_t term)
{
    struct range r = world_range(l->declared, term);
    if (interval_is_one(&r.num)) {
        return sum_of_constant(r.num.low);
    }
    struct linear_term *one = arena_new(l->a, struct linear_term);
    *one = (struct linear_term){term, num_int(1)};
    return (struct sum){.constant = num_int(0), .terms = one, .n = 1};
}

/* a + factor * b; false: a number is too large. */
static bool sum_add(struct linter *l, const struct sum *a, struct num factor,
                    const struct sum *b, struct sum *out)
{
    struct linear_term *terms =
        arena_new_array(l->a, (size_t)a->n + b->n, struct linear_term);
    struct num constant, more;
    uint32_t i = 0, k = 0, n = 0;
    if (num_mul(factor, b->constant, &more) != DEC_OK ||
        num_add(a->constant, more, &constant) != DEC_OK) {
        return false;
    }
    while (i < a->n || k < b->n) {
        bool takes_a =
            k == b->n || (i < a->n && a->terms[i].variable <= b->terms[k].variable);
        bool takes_b =
            i == a->n || (k < b->n && b->terms[k].variable <= a->terms[i].variable);
        uint32_t variable = takes_a ? a->terms[i].variable : b->terms[k].variable;
        struct num x = takes_a ? a->terms[i++].factor : num_int(0), y = num_int(0);
        if (takes_b && num_mul(factor, b->terms[k++].factor, &y) != DEC_OK) {
            return false;
        }
        if (num_add(x, y, &x) != DEC_OK) {
            return false;
        }
        if (num_sign(x) != 0) {
            terms[n++] = (struct linear_term){variable, x};
        }
    }
    *out = (struct sum){constant, terms, n};
    return true;
}

static bool sum_scale(struct linter *l, const struct sum *a, struct num factor,
                      struct sum *out)
{
    const struct sum nothing = sum_of_constant(num_int(0));
    return sum_add(l, &nothing, factor, a, out);
}

/* ---- a sum against 0 */

static const struct form *new_linear(struct forming *f, const struct sum *s,
                                     enum relation relation, const struct expr *source)
{
    struct form *form = arena_new(f->l->a, struct form);
    *form = (struct form){.kind = FORM_LINEAR,
                          .sum = s->terms,
                          .n_sum = s->n,
                          .relation = relation,
                          .limit = num_neg(s->constant),
                          .source = source,
                          .check = f->check};
    return form;
}

static const struct form *form_true(struct linter *l)
{
    return form_all(l, NULL, 0);
}

static const struct form *form_false(struct linter *l)
{
    return form_any(l, NULL, 0);
}

static bool relation_holds(int sign, enum relation relation)
{
    switch (relation) {
    case IS_AT_MOST:
        return sign <= 0;
    case IS_BELOW:
        return sign < 0;
    case IS_AT_LEAST:
        return sign >= 0;
    case IS_ABOVE:
        return sign > 0;
    case IS_EQUAL:
        break;
    }
    return sign == 0;
}

static enum relation mirrored(enum relation relation)
{
    static const enum relation other[] = {[IS_AT_MOST] = IS_AT_LEAST,
                                          [IS_BELOW] = IS_ABOVE,
                                          [IS_AT_LEAST] = IS_AT_MOST,
                                          [IS_ABOVE] = IS_BELOW,
                                          [IS_EQUAL] = IS_EQUAL};
    return other[relation];
}

static const struct form *form_sum(struct forming *f, const struct sum *s,
                                   enum relation relation, const struct expr *source);

static void options_of(struct forming *f, const struct expr *e, struct options *out);

/* factor * a / b + c against 0, for one option of a and of b. */
static const struct form *multiplied_out(struct forming *f, const struct sum *product,
                                         const struct sum *divisor,
                                         struct interval of_divisor,
                                         enum relation relation,
                                         const struct expr *source)
{
    const struct num zero = num_int(0);
    const struct form *signs[2];
    uint32_t n = 0;
    if (!interval_at_most(&of_divisor, zero)) {
        const struct form *const parts[] = {form_sum(f, divisor, IS_ABOVE, source),
                                            form_sum(f, product, relation, source)};
        signs[n++] = form_all(f->l, parts, 2);
    }
    if (!interval_at_least(&of_divisor, zero)) {
        const struct form *const parts[] = {
            form_sum(f, divisor, IS_BELOW, source),
            form_sum(f, product, mirrored(relation), source)};
        signs[n++] = form_all(f->l, parts, 2);
    }
    return form_any(f->l, signs, n);
}

static const struct form *guarded(struct linter *l, const struct form *guard,
                                  const struct form *other, const struct form *form)
{
    const struct form *parts[3];
    uint32_t n = 0;
    parts[n++] = form;
    if (guard != NULL) {
        parts[n++] = guard;
    }
    if (other != NULL) {
        parts[n++] = other;
    }
    return form_all(l, parts, n);
}

/* A sum of one quotient and a constant; NULL: its parts are no sums. */
static const struct form *form_quotient(struct forming *f, const struct sum *s,
                                        enum relation relation, const struct expr *source)
{
    const struct expr *e = term_expr(f->l->terms, s->terms[0].variable);
    struct options above, below;
    const struct form *cases[CASES_MAX];
    uint32_t n = 0;
    options_of(f, e->args[0], &above);
    options_of(f, e->args[1], &below);
    if (above.n * below.n > CASES_MAX) {
        return NULL;
    }
    struct interval of_divisor =
        world_range(f->l->declared, term_of(f->l->terms, e->args[1])).num;
    for (uint32_t i = 0; i < above.n; i++) {
        for (uint32_t k = 0; k < below.n; k++) {
            struct sum product;
            if (!sum_scale(f->l, &above.items[i].sum, s->terms[0].factor, &product) ||
                !sum_add(f->l, &product, s->constant, &below.items[k].sum, &product)) {
                return NULL;
            }
            const struct form *one = multiplied_out(f, &product, &below.items[k].sum,
                                                    of_divisor, relation, source);
            cases[n++] = guarded(f->l, above.items[i].guard, below.items[k].guard, one);
        }
    }
    return form_any(f->l, cases, n);
}

static bool is_quotient(struct linter *l, uint32_t term)
{
    return term_expr(l->terms, term)->op == EXPR_DIV;
}

static const struct form *form_sum(struct forming *f, const struct sum *s,
                                   enum relation relation, const struct expr *source)
{
    if (s->n == 0) {
        return relation_holds(num_sign(s->constant), relation) ? form_true(f->l)
                                                               : form_false(f->l);
    }
    const struct form *form = NULL;
    if (s->n == 1 && is_quotient(f->l, s->terms[0].variable)) {
        form = form_quotient(f, s, relation, source);
    }
    return form != NULL ? form : new_linear(f, s, relation, source);
}

/* ---- options */

static void one_option(struct options *o, struct sum sum)
{
    o->n = 1;
    o->items[0] = (struct option){.sum = sum};
}

static bool add_option(struct options *o, struct sum sum, const struct form *guard)
{
    if (o->n == OPTIONS_MAX) {
        return false;
    }
    o->items[o->n++] = (struct option){sum, guard};
    return true;
}

static bool has_fact(const struct form *f, const struct form *fact, bool is_positive)
{
    if (f->kind == FORM_FACT) {
        return f->term == fact->term && f->is_positive == is_positive;
    }
    for (uint32_t i = 0; f->kind == FORM_ALL && i < f->n; i++) {
        if (has_fact(f->parts[i], fact, is_positive)) {
            return true;
        }
    }
    return false;
}

/* Whether one guard says the opposite of the other, so that both are never met. */
static bool are_opposed(const struct form *a, const struct form *b)
{
    if (a == NULL || b == NULL) {
        return false;
    }
    if (a->kind == FORM_FACT) {
        return has_fact(b, a, !a->is_positive);
    }
    for (uint32_t i = 0; a->kind == FORM_ALL && i < a->n; i++) {
        if (are_opposed(a->parts[i], b)) {
            return true;
        }
    }
    return false;
}

/* Both guards, said once. */
static const struct form *both_guards(struct linter *l, const struct form *a,
                                      const struct form *b)
{
    if (a == NULL || b == NULL || a == b) {
        return a == NULL ? b : a;
    }
    bool is_same = a->kind == FORM_FACT && has_fact(b, a, a->is_positive);
    return is_same ? b : guarded(l, b, NULL, a);
}

/* a + factor * b, every option with every one. */
static bool options_add(struct linter *l, const struct options *a, struct num factor,
                        const struct options *b, struct options *out)
{
    struct options all = {.n = 0};
    for (uint32_t i = 0; i < a->n; i++) {
        for (uint32_t k = 0; k < b->n; k++) {
            const struct form *guard = a->items[i].guard, *other = b->items[k].guard;
            struct sum sum;
            if (are_opposed(guard, other)) {
                continue;
            }
            if (!sum_add(l, &a->items[i].sum, factor, &b->items[k].sum, &sum) ||
                !add_option(&all, sum, both_guards(l, guard, other))) {
                return false;
            }
        }
    }
    *out = all;
    return true;
}

static bool options_of_sum(struct forming *f, const struct expr *e, struct options *out)
{
    struct options a, b;
    options_of(f, e->args[0], &a);
    options_of(f, e->args[1], &b);
    return options_add(f->l, &a, num_int(e->op == EXPR_ADD ? 1 : -1), &b, out);
}

static bool options_scaled(struct forming *f, const struct expr *e, struct num factor,
                           struct options *out)
{
    struct options nothing, a;
    one_option(&nothing, sum_of_constant(num_int(0)));
    options_of(f, e, &a);
    return options_add(f->l, &nothing, factor, &a, out);
}

static bool is_one_number(struct forming *f, const struct expr *e, struct num *out)
{
    struct range r = world_range(f->l->declared, term_of(f->l->terms, e));
    *out = r.num.low;
    return interval_is_one(&r.num);
}

static bool options_of_product(struct forming *f, const struct expr *e,
                               struct options *out)
{
    struct num factor;
    if (e->op == EXPR_DIV) {
        return is_one_number(f, e->args[1], &factor) &&
               num_div(num_int(1), factor, &factor) == DEC_OK &&
               options_scaled(f, e->args[0], factor, out);
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (is_one_number(f, e->args[i], &factor)) {
            return options_scaled(f, e->args[1 - i], factor, out);
        }
    }
    return false;
}

/* Adds the options of e, each under the guard, too. */
static bool add_options(struct forming *f, struct options *o, const struct expr *e,
                        const struct form *guard)
{
    struct options more;
    options_of(f, e, &more);
    for (uint32_t i = 0; i < more.n; i++) {
        const struct form *own = more.items[i].guard;
        if (!add_option(o, more.items[i].sum,
                        own == NULL ? guard : guarded(f->l, guard, NULL, own))) {
            return false;
        }
    }
    return true;
}

static bool options_of_choice(struct forming *f, const struct expr *e,
                              struct options *out)
{
    struct range r = world_range(f->l->declared, term_of(f->l->terms, e->args[0]));
    out->n = 0;
    if (r.can_be_true != r.can_be_false) { /* still, it must be decided */
        return add_options(f, out, e->args[r.can_be_true ? 1 : 2],
                           form_condition(f, e->args[0], r.can_be_true));
    }
    return add_options(f, out, e->args[1], form_condition(f, e->args[0], true)) &&
           add_options(f, out, e->args[2], form_condition(f, e->args[0], false));
}

static bool options_of_first(struct forming *f, const struct expr *e, struct options *out)
{
    uint32_t missing = missing_term(f->l, term_of(f->l->terms, e->args[0]));
    const struct form *is_there = form_fact(f->l, f->check, missing, false, NULL);
    const struct form *is_missing = form_fact(f->l, f->check, missing, true, NULL);
    out->n = 0;
    return add_options(f, out, e->args[0], is_there) &&
           add_options(f, out, e->args[1], is_missing);
}

/* abs(a): a where it is not negative, else -a. */
static bool options_of_size(struct forming *f, const struct expr *e, struct options *out)
{
    struct options a;
    out->n = 0;
    options_of(f, e->args[0], &a);
    for (uint32_t i = 0; i < a.n; i++) {
        struct sum negated;
        const struct option *o = &a.items[i];
        const struct form *up = form_sum(f, &o->sum, IS_AT_LEAST, NULL);
        const struct form *down = form_sum(f, &o->sum, IS_AT_MOST, NULL);
        if (!sum_scale(f->l, &o->sum, num_int(-1), &negated) ||
            !add_option(out, o->sum, guarded(f->l, o->guard, NULL, up)) ||
            !add_option(out, negated, guarded(f->l, o->guard, NULL, down))) {
            return false;
        }
    }
    return true;
}

/* min(a, b), max(a, b): one of them, where it does not lie beyond the other. */
static bool options_of_extreme(struct forming *f, const struct expr *e,
                               struct options *out)
{
    if (e->n != 2) {
        return false;
    }
    enum cmp cmp = e->fn == FN_MIN2 ? CMP_LE : CMP_GE;
    const struct expr *const turned[] = {e->args[1], e->args[0]};
    const struct form *first = form_comparison(f, NULL, cmp, e->args, NULL, true);
    const struct form *second = form_comparison(f, NULL, cmp, turned, NULL, true);
    out->n = 0;
    return add_options(f, out, e->args[0], first) &&
           add_options(f, out, e->args[1], second);
}

static bool options_of_call(struct forming *f, const struct expr *e, struct options *out)
{
    if (e->fn == FN_ABS) {
        return options_of_size(f, e, out);
    }
    return (e->fn == FN_MIN2 || e->fn == FN_MAX2) && options_of_extreme(f, e, out);
}

/* sum(c for c in …): a cell that does not apply is left out, which is the same as 0 if
 * the cell could be 0 and nothing else is done with it. */
static bool options_of_over(struct forming *f, const struct expr *e, struct options *out)
{
    if (e->agg != AGG_SUM || e->flag) {
        return false;
    }
    struct options all;
    one_option(&all, sum_of_constant(num_int(0)));
    for (uint32_t i = 0; i < e->n; i++) {
        struct options one;
        struct range r = world_range(f->l->declared, term_of(f->l->terms, e->args[i]));
        bool is_safe = !f->l->has_na || (e->args[i]->op == EXPR_COLUMN &&
                                         interval_holds(&r.num, num_int(0)));
        options_of(f, e->args[i], &one);
        if (!is_safe || !options_add(f->l, &all, num_int(1), &one, &all)) {
            return false;
        }
    }
    *out = all;
    return true;
}

static bool options_of_negation(struct forming *f, const struct expr *e,
                                struct options *out)
{
    return options_scaled(f, e->args[0], num_int(-1), out);
}

static bool options_of_scale(struct forming *f, const struct expr *e, struct options *out)
{
    return options_scaled(f, e->args[0], e->num, out);
}

typedef bool options_fn(struct forming *f, const struct expr *e, struct options *out);

static options_fn *const makers[] = {
    [EXPR_NEG] = options_of_negation, [EXPR_SCALE] = options_of_scale,
    [EXPR_ADD] = options_of_sum,      [EXPR_SUB] = options_of_sum,
    [EXPR_MUL] = options_of_product,  [EXPR_DIV] = options_of_product,
    [EXPR_IF] = options_of_choice,    [EXPR_COALESCE] = options_of_first,
    [EXPR_CALL] = options_of_call,    [EXPR_OVER] = options_of_over,
};

/* The options of a number; whatever has none to show is one term. */
static void options_of(struct forming *f, const struct expr *e, struct options *out)
{
    assert(e->kind == VALUE_NUM || e->kind == VALUE_DAY);
    uint32_t term = term_of(f->l->terms, e);
    const struct expr *same = term_expr(f->l->terms, term); /* a side, as it is meant */
    options_fn *make = same->op < COUNT_OF(makers) ? makers[same->op] : NULL;
    bool is_open = f->n_steps++ < FORMING_STEPS && f->depth < FORMING_DEPTH;
    f->depth++;
    if (!is_open || make == NULL || !make(f, same, out)) {
        one_option(out, sum_of_term(f->l, term));
        out->items[0].guard = form_present(f->l, f->check, term);
    }
    f->depth--;
}

/* ---- comparisons */

/* gap (left - right) against slack, one option of each. */
static const struct form *compare_sums(struct forming *f, const struct expr *source,
                                       enum cmp cmp, const struct sum *gap,
                                       const struct sum *slack)
{
    struct sum over, under;
    if (!sum_add(f->l, gap, num_int(-1), slack, &over) ||
        !sum_add(f->l, gap, num_int(1), slack, &under)) {
        return form_true(f->l);
    }
    bool is_exact = slack->n == 0 && num_sign(slack->constant) == 0;
    const struct form *const inside[] = {form_sum(f, &over, IS_AT_MOST, source),
                                         form_sum(f, &under, IS_AT_LEAST, source)};
    const struct form *const outside[] = {form_sum(f, &over, IS_ABOVE, source),
                                          form_sum(f, &under, IS_BELOW, source)};
    switch (cmp) {
    case CMP_EQ:
        return is_exact ? form_sum(f, gap, IS_EQUAL, source) : form_all(f->l, inside, 2);
    case CMP_NE:
        return form_any(f->l, outside, 2);
    case CMP_LE:
        return inside[0];
    case CMP_GE:
        return inside[1];
    case CMP_GT:
        return outside[0];
    case CMP_LT:
        break;
    }
    return outside[1];
}

static enum cmp opposite(enum cmp cmp)
{
    static const enum cmp other[] = {
        [CMP_EQ] = CMP_NE, [CMP_NE] = CMP_EQ, [CMP_LT] = CMP_GE,
        [CMP_LE] = CMP_GT, [CMP_GT] = CMP_LE, [CMP_GE] = CMP_LT};
    return other[cmp];
}

/* What is allowed: the tolerance, or 0 where it is negative. */
static bool slack_options(struct forming *f, const struct expr *within,
                          struct options *out)
{
    struct options all;
    const struct sum nothing = sum_of_constant(num_int(0));
    one_option(out, nothing);
    if (within == NULL) {
        return true;
    }
    struct interval i = world_range(f->l->declared, term_of(f->l->terms, within)).num;
    bool is_known = true;
    options_of(f, within, &all);
    if (interval_at_most(&i, num_int(0))) {
        return true;
    }
    out->n = 0;
    for (uint32_t k = 0; is_known && k < all.n; k++) {
        const struct option *o = &all.items[k];
        const struct form *up = form_sum(f, &o->sum, IS_AT_LEAST, NULL);
        const struct form *down = form_sum(f, &o->sum, IS_AT_MOST, NULL);
        bool is_added =
            interval_at_least(&i, num_int(0))
                ? add_option(out, o->sum, o->guard)
                : add_option(out, o->sum, guarded(f->l, o->guard, NULL, up)) &&
                      add_option(out, nothing, guarded(f->l, o->guard, NULL, down));
        is_known = is_added;
    }
    return is_known;
}

const struct form *form_comparison(struct forming *f, const struct expr *source,
                                   enum cmp cmp, const struct expr *const sides[2],
                                   const struct expr *within, bool is_true)
{
    assert(f && sides[0] && sides[1]);
    struct options left, right, gaps, slacks;
    const struct form *cases[CASES_MAX];
    uint32_t n = 0;
    options_of(f, sides[0], &left);
    options_of(f, sides[1], &right);
    if (!options_add(f->l, &left, num_int(-1), &right, &gaps)) {
        one_option(&left, sum_of_term(f->l, term_of(f->l->terms, sides[0])));
        one_option(&right, sum_of_term(f->l, term_of(f->l->terms, sides[1])));
        if (!options_add(f->l, &left, num_int(-1), &right, &gaps)) {
            return form_true(f->l);
        }
    }
    if (!slack_options(f, within, &slacks) || gaps.n * slacks.n > CASES_MAX) {
        return form_true(f->l);
    }
    for (uint32_t i = 0; i < gaps.n; i++) {
        for (uint32_t k = 0; k < slacks.n; k++) {
            const struct form *one =
                compare_sums(f, source, is_true ? cmp : opposite(cmp), &gaps.items[i].sum,
                             &slacks.items[k].sum);
            cases[n++] = guarded(f->l, gaps.items[i].guard, slacks.items[k].guard, one);
        }
    }
    return form_any(f->l, cases, n);
}

/* See rounding.h. bound() gives an expression for the lower or upper end of what x may
 * be; variance() one for the sum of squared half-widths, or NULL where x is not linear in
 * its rounded operands. */
#include "eval/rounding.h"

#include "eval/vec.h"

#include <assert.h>
#include <string.h>

#define NOISE_FACTOR 16 /* (4 standard deviations)^2, against diff^2 * 3 */

struct maker {
    struct arena *a;
    const struct ruleset *rules;
    struct memo *rounded;   /* expression -> has_rounding */
    struct memo *bounds[2]; /* expression -> its lower and its upper end */
};

static const struct expr *make(const struct maker *m, enum expr_op op,
                               enum value_kind kind, const struct expr *a,
                               const struct expr *b)
{
    struct expr *x = arena_new(m->a, struct expr);
    const struct expr **args = arena_new_array(m->a, 2, const struct expr *);

    args[0] = a;
    args[1] = b;
    *x = (struct expr){
        .op = op, .kind = kind, .num = num_int(0), .args = args, .n = b == NULL ? 1 : 2};
    return x;
}

static const struct expr *number(const struct maker *m, int64_t v)
{
    struct expr *x = arena_new(m->a, struct expr);

    *x = (struct expr){.op = EXPR_NUM, .kind = VALUE_NUM, .num = num_int(v)};
    return x;
}

static const struct expr *arith(const struct maker *m, enum expr_op op,
                                const struct expr *a, const struct expr *b)
{
    return make(m, op, VALUE_NUM, a, b);
}

static const struct expr *compare(const struct maker *m, enum cmp cmp,
                                  const struct expr *a, const struct expr *b)
{
    struct expr *x = arena_new(m->a, struct expr);

    *x = *make(m, EXPR_COMPARE, VALUE_BOOL, a, b);
    x->cmp = cmp;
    return x;
}

static const struct expr **copy_args(const struct maker *m,
                                     const struct expr *const *args, uint32_t n)
{
    const struct expr **kept = arena_new_array(m->a, (size_t)n + 1, const struct expr *);

    for (uint32_t i = 0; i < n; i++) {
        kept[i] = args[i];
    }
    return kept;
}

static const struct expr *call(const struct maker *m, enum fn fn,
                               const struct expr *const *args, uint32_t n)
{
    struct expr *x = arena_new(m->a, struct expr);
    const struct expr **kept = copy_args(m, args, n);

    *x = (struct expr){.op = EXPR_CALL,
                       .kind = VALUE_NUM,
                       .fn = fn,
                       .num = num_int(0),
                       .args = kept,
                       .n = n};
    return x;
}

static const struct expr *choice(const struct maker *m, const struct expr *condition,
                                 const struct expr *yes, const struct expr *no)
{
    struct expr *x = arena_new(m->a, struct expr);
    const struct expr **args = arena_new_array(m->a, 3, const struct expr *);

    args[0] = condition;
    args[1] = yes;
    args[2] = no;
    *x = (struct expr){
        .op = EXPR_IF, .kind = VALUE_NUM, .num = num_int(0), .args = args, .n = 3};
    return x;
}

/* x with other arguments. */
static struct expr *with_args(const struct maker *m, const struct expr *x,
                              const struct expr *const *args)
{
    struct expr *copy = arena_new(m->a, struct expr);

    *copy = *x;
    copy->args = args;
    return copy;
}

/* x, a lookup or aggregate, picking something else. */
static struct expr *with_pick(const struct maker *m, const struct expr *x,
                              const struct expr *pick)
{
    struct expr *copy = arena_new(m->a, struct expr);
    struct select *select = arena_new(m->a, struct select);

    *copy = *x;
    *select = *x->select;
    select->pick = pick;
    copy->select = select;
    return copy;
}

/* Results are computed, so they are exact. */
static bool is_rounded_column(const struct maker *m, const struct expr *x)
{
    if (x->dataset >= m->rules->n_datasets) {
        return false;
    }
    const struct column *c = &m->rules->datasets[x->dataset].schema.columns[x->column];

    return c->is_rounded || c->type == COLUMN_DECIMAL || c->type == COLUMN_PERCENT;
}

static bool has_rounding(const struct maker *m, const struct expr *x);

static bool find_rounding(const struct maker *m, const struct expr *x)
{
    if (x->op == EXPR_COLUMN) {
        return x->kind == VALUE_NUM && is_rounded_column(m, x);
    }
    if (x->op == EXPR_IS_MISSING || x->op == EXPR_IS_APPROX) {
        return false;
    }
    for (uint32_t i = 0; i < x->n; i++) {
        if (has_rounding(m, x->args[i])) {
            return true;
        }
    }
    return x->select != NULL && x->select->pick != NULL &&
           has_rounding(m, x->select->pick);
}

/* Whether any operand of x is rounded; what has none is exact. */
static bool has_rounding(const struct maker *m, const struct expr *x)
{
    uint64_t known;

    if (!memo_get(m->rounded, (uintptr_t)x, &known)) {
        known = find_rounding(m, x);
        memo_put(m->rounded, (uintptr_t)x, known);
    }
    return known != 0;
}

static const struct expr *half(const struct maker *m, const struct expr *column)
{
    return arith(m, EXPR_HALF_WIDTH, column, NULL);
}

static const struct expr *bound(const struct maker *m, const struct expr *x, bool high);

static const struct expr *bound_args(const struct maker *m, const struct expr *x,
                                     bool high, uint32_t from, uint32_t to)
{
    const struct expr **args = arena_new_array(m->a, x->n + 1, const struct expr *);

    for (uint32_t i = 0; i < x->n; i++) {
        args[i] = i >= from && i < to ? bound(m, x->args[i], high) : x->args[i];
    }
    return with_args(m, x, args);
}

/* The smallest or largest of the four combinations of ends. */
static const struct expr *corners(const struct maker *m, enum expr_op op,
                                  const struct expr *const a[2],
                                  const struct expr *const b[2], bool high)
{
    const struct expr *four[4];

    for (unsigned i = 0; i < 4; i++) {
        four[i] = arith(m, op, a[i / 2], b[i % 2]);
    }
    return call(m, high ? FN_MAX2 : FN_MIN2, four, 4);
}

/* A divisor whose interval holds zero leaves the result unknown. */
static const struct expr *bound_product(const struct maker *m, const struct expr *x,
                                        bool high)
{
    const struct expr *a[2] = {bound(m, x->args[0], false), bound(m, x->args[0], true)};
    const struct expr *b[2] = {bound(m, x->args[1], false), bound(m, x->args[1], true)};
    const struct expr *result = corners(m, x->op, a, b, high);

    if (x->op == EXPR_MUL || !has_rounding(m, x->args[1])) {
        return result;
    }
    const struct expr *holds_zero =
        make(m, EXPR_AND, VALUE_BOOL, compare(m, CMP_LE, b[0], number(m, 0)),
             compare(m, CMP_GE, b[1], number(m, 0)));
    return choice(m, holds_zero, arith(m, EXPR_DIV, number(m, 1), number(m, 0)), result);
}

static const struct expr *bound_abs(const struct maker *m, const struct expr *x,
                                    bool high)
{
    const struct expr *low = bound(m, x->args[0], false),
                      *top = bound(m, x->args[0], true);
    const struct expr *ends[2] = {call(m, FN_ABS, &low, 1), call(m, FN_ABS, &top, 1)};
    const struct expr *result = call(m, high ? FN_MAX2 : FN_MIN2, ends, 2);

    if (high) {
        return result;
    }
    const struct expr *holds_zero =
        make(m, EXPR_AND, VALUE_BOOL, compare(m, CMP_LE, low, number(m, 0)),
             compare(m, CMP_GE, top, number(m, 0)));
    return choice(m, holds_zero, number(m, 0), result);
}

static const struct expr *bound_call(const struct maker *m, const struct expr *x,
                                     bool high)
{
    if (x->fn == FN_ABS) {
        return bound_abs(m, x, high);
    }
    if (x->fn == FN_ROUND || x->fn == FN_FLOOR || x->fn == FN_CEIL) {
        return bound_args(m, x, high, 0, 1);
    }
    bool is_monotone = x->fn == FN_MIN2 || x->fn == FN_MAX2;
    return is_monotone ? bound_args(m, x, high, 0, x->n) : x;
}

static bool is_monotone_aggregate(enum agg agg)
{
    return agg == AGG_SUM || agg == AGG_MEAN || agg == AGG_MEDIAN || agg == AGG_MIN ||
           agg == AGG_MAX;
}

static const struct expr *bound_difference(const struct maker *m, const struct expr *x,
                                           bool high)
{
    return arith(m, EXPR_SUB, bound(m, x->args[0], high), bound(m, x->args[1], !high));
}

/* What is bounded by bounding some of its arguments. */
static const struct expr *bound_by_args(const struct maker *m, const struct expr *x,
                                        bool high)
{
    if (x->op == EXPR_ADD || x->op == EXPR_COALESCE) {
        return bound_args(m, x, high, 0, 2);
    }
    if (x->op == EXPR_IF) {
        return bound_args(m, x, high, 1, 3);
    }
    if (x->op == EXPR_OVER && is_monotone_aggregate(x->agg)) {
        return bound_args(m, x, high, 0, x->flag ? x->n / 2 : x->n);
    }
    bool first_only = x->op == EXPR_SCALE || x->op == EXPR_ROW_UNIT ||
                      x->op == EXPR_PREVIOUS || x->op == EXPR_AT ||
                      x->op == EXPR_CUMULATIVE;
    return first_only ? bound_args(m, x, high, 0, 1) : x;
}

static const struct expr *make_bound(const struct maker *m, const struct expr *x,
                                     bool high)
{
    if (x->kind != VALUE_NUM || !has_rounding(m, x)) {
        return x;
    }
    if (x->op == EXPR_COLUMN) {
        return arith(m, high ? EXPR_ADD : EXPR_SUB, x, half(m, x));
    }
    if (x->op == EXPR_SUB) {
        return bound_difference(m, x, high);
    }
    if (x->op == EXPR_NEG) {
        return arith(m, EXPR_NEG, bound(m, x->args[0], !high), NULL);
    }
    if (x->op == EXPR_MUL || x->op == EXPR_DIV) {
        return bound_product(m, x, high);
    }
    if (x->op == EXPR_CALL) {
        return bound_call(m, x, high);
    }
    bool is_picked =
        x->op == EXPR_LOOKUP || (x->op == EXPR_AGG && is_monotone_aggregate(x->agg));
    return is_picked ? with_pick(m, x, bound(m, x->select->pick, high))
                     : bound_by_args(m, x, high);
}

/* Once for each expression and end: ends of ends would multiply. */
static const struct expr *bound(const struct maker *m, const struct expr *x, bool high)
{
    const struct expr *known = memo_get_pointer(m->bounds[high], (uintptr_t)x);

    if (known == NULL) {
        known = make_bound(m, x, high);
        memo_put_pointer(m->bounds[high], (uintptr_t)x, known);
    }
    return known;
}

static const struct expr *variance(const struct maker *m, const struct expr *x);

static const struct expr *variance_of_first(const struct maker *m, const struct expr *x)
{
    const struct expr *inner = variance(m, x->args[0]);

    if (inner == NULL) {
        return NULL;
    }
    const struct expr **args = copy_args(m, x->args, x->n);
    args[0] = inner;
    return with_args(m, x, args);
}

/* Scaling by a factor scales the variance by its square. */
static const struct expr *variance_scaled(const struct maker *m, const struct expr *x)
{
    const struct expr *once = variance_of_first(m, x);

    if (once == NULL) {
        return NULL;
    }
    const struct expr **args = copy_args(m, x->args, x->n);
    args[0] = once;
    return with_args(m, x, args);
}

static const struct expr *variance_sum(const struct maker *m, const struct expr *x)
{
    const struct expr *a = variance(m, x->args[0]), *b = variance(m, x->args[1]);

    return a == NULL || b == NULL ? NULL : arith(m, EXPR_ADD, a, b);
}

static const struct expr *variance_product(const struct maker *m, const struct expr *x)
{
    uint32_t rounded = has_rounding(m, x->args[0]) ? 0 : 1;
    const struct expr *factor = x->args[1 - rounded];
    const struct expr *inner = variance(m, x->args[rounded]);

    if (inner == NULL || has_rounding(m, factor) || (x->op == EXPR_DIV && rounded == 1)) {
        return NULL;
    }
    return arith(m, x->op, arith(m, x->op, inner, factor), factor);
}

/* Of a mean: the sum of variances by the square of how many there are; one for each value
 * that is there. */
static const struct expr *by_count(const struct maker *m, const struct expr *variances,
                                   const struct expr *ones)
{
    return arith(m, EXPR_DIV, variances, arith(m, EXPR_MUL, ones, ones));
}

static const struct expr *one_for(const struct maker *m, const struct expr *x)
{
    return arith(m, EXPR_ADD, arith(m, EXPR_MUL, x, number(m, 0)), number(m, 1));
}

static const struct expr *variance_selected(const struct maker *m, const struct expr *x)
{
    const struct expr *inner = variance(m, x->select->pick);
    bool is_linear = x->op == EXPR_LOOKUP || x->agg == AGG_SUM || x->agg == AGG_MEAN;

    if (inner == NULL || !is_linear) {
        return NULL;
    }
    struct expr *sum = with_pick(m, x, inner);
    if (x->op == EXPR_LOOKUP || x->agg == AGG_SUM) {
        return sum;
    }
    struct expr *ones = with_pick(m, x, one_for(m, x->select->pick));
    sum->agg = AGG_SUM;
    ones->agg = AGG_SUM;
    return by_count(m, sum, ones);
}

/* A sum or mean over columns; a condition that is rounded itself is not linear. */
static const struct expr *variance_over(const struct maker *m, const struct expr *x)
{
    uint32_t n = x->flag ? x->n / 2 : x->n;
    const struct expr **variances = copy_args(m, x->args, x->n);
    const struct expr **ones = copy_args(m, x->args, x->n);

    if (x->agg != AGG_SUM && x->agg != AGG_MEAN) {
        return NULL;
    }
    for (uint32_t i = 0; i < x->n; i++) {
        if (i >= n ? has_rounding(m, x->args[i])
                   : (variances[i] = variance(m, x->args[i])) == NULL) {
            return NULL;
        }
        ones[i] = i < n ? one_for(m, x->args[i]) : x->args[i];
    }
    struct expr *sum = with_args(m, x, variances), *count = with_args(m, x, ones);
    sum->agg = AGG_SUM;
    count->agg = AGG_SUM;
    return x->agg == AGG_SUM ? sum : by_count(m, sum, count);
}

/* That of the value taken: whether the first of `a ?? b` is there has nothing to do with
 * rounding, what `if` asks may have. */
static const struct expr *variance_chosen(const struct maker *m, const struct expr *x)
{
    bool is_if = x->op == EXPR_IF;
    const struct expr *first = variance(m, x->args[is_if ? 1 : 0]),
                      *second = variance(m, x->args[is_if ? 2 : 1]);

    if (first == NULL || second == NULL || (is_if && has_rounding(m, x->args[0]))) {
        return NULL;
    }
    if (is_if) {
        return choice(m, x->args[0], first, second);
    }
    return choice(m, make(m, EXPR_IS_MISSING, VALUE_BOOL, x->args[0], NULL), second,
                  first);
}

static const struct expr *variance(const struct maker *m, const struct expr *x)
{
    if (!has_rounding(m, x)) {
        return number(m, 0);
    }
    if (x->op == EXPR_COLUMN) {
        return arith(m, EXPR_MUL, half(m, x), half(m, x));
    }
    if (x->op == EXPR_ADD || x->op == EXPR_SUB) {
        return variance_sum(m, x);
    }
    if (x->op == EXPR_MUL || x->op == EXPR_DIV) {
        return variance_product(m, x);
    }
    if (x->op == EXPR_NEG) {
        return variance(m, x->args[0]);
    }
    if (x->op == EXPR_SCALE || x->op == EXPR_ROW_UNIT) {
        return variance_scaled(m, x);
    }
    if (x->op == EXPR_LOOKUP || x->op == EXPR_AGG) {
        return variance_selected(m, x);
    }
    if (x->op == EXPR_OVER) {
        return variance_over(m, x);
    }
    if (x->op == EXPR_IF || x->op == EXPR_COALESCE) {
        return variance_chosen(m, x);
    }
    bool moves = x->op == EXPR_PREVIOUS || x->op == EXPR_AT || x->op == EXPR_CUMULATIVE;
    return moves ? variance_of_first(m, x) : NULL;
}

/* |left - right| beyond four standard deviations: diff^2 * 3 > 16 * sum(half^2). */
static const struct expr *beyond_noise(const struct maker *m, const struct check *c)
{
    const struct expr *left = variance(m, c->left), *right = variance(m, c->right);
    const struct expr *diff = arith(m, EXPR_SUB, c->left, c->right);

    if (left == NULL || right == NULL) {
        return NULL;
    }
    return compare(
        m, CMP_GT, arith(m, EXPR_MUL, arith(m, EXPR_MUL, diff, diff), number(m, 3)),
        arith(m, EXPR_MUL, arith(m, EXPR_ADD, left, right), number(m, NOISE_FACTOR)));
}

/* How far the sides may be apart on the side where they are: the interval of their
 * difference reaches from `low` to `high`, and need not lie evenly about it. */
static const struct expr *allowance(const struct maker *m, const struct check *c,
                                    const struct expr *low, const struct expr *high)
{
    const struct expr *diff = arith(m, EXPR_SUB, c->left, c->right);

    return choice(m, compare(m, CMP_LT, diff, number(m, 0)),
                  arith(m, EXPR_SUB, high, diff), arith(m, EXPR_SUB, diff, low));
}

struct rounding rounding_of(struct arena *a, const struct ruleset *rules,
                            const struct check *c)
{
    assert(c->within_rounding && c->left != NULL && c->right != NULL);
    struct maker m = {a, rules, memo_new(a), {memo_new(a), memo_new(a)}};
    const struct expr *low =
        arith(&m, EXPR_SUB, bound(&m, c->left, false), bound(&m, c->right, true));
    const struct expr *high =
        arith(&m, EXPR_SUB, bound(&m, c->left, true), bound(&m, c->right, false));
    const struct expr *not_above = compare(&m, CMP_LE, low, number(&m, 0));
    const struct expr *not_below = compare(&m, CMP_GE, high, number(&m, 0));
    const struct expr *allowed = make(&m, EXPR_AND, VALUE_BOOL, not_above, not_below);
    const struct expr *noise = beyond_noise(&m, c);

    if (c->cmp != CMP_EQ) {
        allowed = c->cmp == CMP_LE ? not_above : not_below;
    }
    const struct expr *quiet = noise == NULL
                                   ? allowed
                                   : make(&m, EXPR_AND, VALUE_BOOL, allowed,
                                          make(&m, EXPR_NOT, VALUE_BOOL, noise, NULL));
    return (struct rounding){
        .accepts = make(&m, EXPR_OR, VALUE_BOOL, c->must, quiet),
        .warns = noise == NULL ? NULL : make(&m, EXPR_AND, VALUE_BOOL, allowed, noise),
        .tolerance = allowance(&m, c, low, high),
    };
}

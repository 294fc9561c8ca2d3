/* What a term can be, from the declarations and from values set for some terms: intervals
 * for numbers and days, the two truth values for conditions, one text or none. With a
 * value set for everything that a condition reads, this is exact evaluation; so a row
 * that was found by other means is checked here.
 *
 * `unknown` is not a value: a condition that can be neither true nor false is never
 * decided. What stands inside previous() and the like belongs to another row, so values
 * set for this one say nothing about it. */
#include "base/utf8.h"
#include "lang/lint_state.h"
#include "value/date.h"

#include <assert.h>

struct world {
    struct linter *l;
    struct arena *a;
    struct range *ranges; /* by term */
    enum { TERM_NEW, TERM_KNOWN, TERM_SET } * states;
    size_t n, range_cap, state_cap;
};

struct world *world_new(struct arena *a, struct linter *l)
{
    assert(a && l && l->terms);
    struct world *w = arena_new(a, struct world);
    w->l = l;
    w->a = a;
    return w;
}

static void make_room(struct world *w, uint32_t term)
{
    while (w->n <= term) {
        w->ranges = list_room(w->a, w->ranges, w->n, &w->range_cap, sizeof *w->ranges);
        w->states = list_room(w->a, w->states, w->n, &w->state_cap, sizeof *w->states);
        w->states[w->n++] = TERM_NEW;
    }
}

void world_set(struct world *w, uint32_t term, struct range value)
{
    assert(w);
    make_room(w, term);
    w->ranges[term] = value;
    w->states[term] = TERM_SET;
}

static bool is_set(const struct world *w, uint32_t term)
{
    return term < w->n && w->states[term] == TERM_SET;
}

/* ---- making ranges */

static struct range any_of(enum value_kind kind)
{
    return (struct range){.kind = kind,
                          .num = interval_all(kind == VALUE_DAY),
                          .can_be_true = true,
                          .can_be_false = true};
}

static struct range of_interval(enum value_kind kind, struct interval num)
{
    struct range r = any_of(kind);
    r.num = num;
    r.num.is_whole |= kind == VALUE_DAY;
    return r;
}

struct range range_number(struct num n)
{
    return of_interval(VALUE_NUM, interval_one(n));
}

struct range range_flag(bool is_true)
{
    struct range r = any_of(VALUE_BOOL);
    r.can_be_true = is_true;
    r.can_be_false = !is_true;
    return r;
}

static struct range of_truth(bool can_be_true, bool can_be_false)
{
    struct range r = any_of(VALUE_BOOL);
    r.can_be_true = can_be_true;
    r.can_be_false = can_be_false;
    return r;
}

struct range range_nothing(enum value_kind kind)
{
    struct range r = of_truth(false, false);
    r.kind = kind;
    r.num.is_empty = true;
    return r;
}

static struct range hull(struct range a, struct range b)
{
    struct range r = of_interval(a.kind, interval_hull(a.num, b.num));
    r.can_be_true = a.can_be_true || b.can_be_true;
    r.can_be_false = a.can_be_false || b.can_be_false;
    r.text = a.text.p != NULL && b.text.p != NULL && str_eq(a.text, b.text) ? a.text
                                                                            : STR_NONE;
    return r;
}

struct str constant_text(struct linter *l, const struct expr *e)
{
    if (e->op == EXPR_PERIOD) {
        return period_str(l->a, e->when);
    }
    if (e->op != EXPR_TEXT) {
        return STR_NONE;
    }
    return e->kind == VALUE_CODE ? str_fold(l->a, e->text)
                                 : str_trim(utf8_nfc(l->a, e->text));
}

/* ---- columns */

static struct interval interval_of_type(enum column_type type)
{
    if (type == COLUMN_COUNT) {
        return interval_from(num_int(0));
    }
    if (type == COLUMN_YEAR) {
        return interval_between(num_int(0), num_int(9999), true);
    }
    return interval_all(type == COLUMN_INTEGER || type == COLUMN_DATE);
}

static struct num number_of(const struct literal *l)
{
    return l->kind == VALUE_DAY ? num_int(l->when) : l->num;
}

static struct range range_of_column(const struct column *c)
{
    enum value_kind kind = column_value_kind(c->type);
    struct interval i = interval_of_type(c->type);
    if (kind != VALUE_NUM && kind != VALUE_DAY) {
        return any_of(kind);
    }
    if (c->has_range) {
        i = interval_meet(
            i, interval_between(number_of(&c->low), number_of(&c->high), i.is_whole));
    }
    if (c->n_set > 0) {
        struct interval set = interval_one(number_of(&c->set[0]));
        for (uint32_t k = 1; k < c->n_set; k++) {
            set = interval_hull(set, interval_one(number_of(&c->set[k])));
        }
        i = interval_meet(i, set);
    }
    return of_interval(kind, i);
}

/* ---- comparisons */

/* Whether a < b (or, with equality, a <= b) can hold. */
static bool can_precede(const struct interval *a, const struct interval *b, bool or_equal)
{
    if (a->is_empty || b->is_empty) {
        return false;
    }
    int order = a->has_low && b->has_high ? num_cmp(a->low, b->high) : -1;
    return order < 0 || (or_equal && order == 0);
}

static bool can_be_equal(const struct interval *a, const struct interval *b)
{
    struct interval both = interval_meet(*a, *b);
    return !both.is_empty;
}

static bool can_differ(const struct interval *a, const struct interval *b)
{
    bool is_same = interval_is_one(a) && interval_is_one(b) && num_eq(a->low, b->low);
    return !a->is_empty && !b->is_empty && !is_same;
}

static struct range compare_numbers(enum cmp cmp, const struct interval *a,
                                    const struct interval *b)
{
    switch (cmp) {
    case CMP_EQ:
        return of_truth(can_be_equal(a, b), can_differ(a, b));
    case CMP_NE:
        return of_truth(can_differ(a, b), can_be_equal(a, b));
    case CMP_LT:
        return of_truth(can_precede(a, b, false), can_precede(b, a, true));
    case CMP_LE:
        return of_truth(can_precede(a, b, true), can_precede(b, a, false));
    case CMP_GT:
        return of_truth(can_precede(b, a, false), can_precede(a, b, true));
    case CMP_GE:
        return of_truth(can_precede(b, a, true), can_precede(a, b, false));
    }
    return any_of(VALUE_BOOL);
}

static bool is_numeric(enum value_kind kind)
{
    return kind == VALUE_NUM || kind == VALUE_DAY;
}

static bool is_one_flag(const struct range *r)
{
    return r->can_be_true != r->can_be_false;
}

/* Equality of flags, texts, codes and periods. */
static struct range equal_others(const struct range *a, const struct range *b)
{
    if (a->num.is_empty || b->num.is_empty) {
        return range_nothing(VALUE_BOOL);
    }
    if (a->kind == VALUE_BOOL && is_one_flag(a) && is_one_flag(b)) {
        return range_flag(a->can_be_true == b->can_be_true);
    }
    if (a->kind != VALUE_BOOL && a->text.p != NULL && b->text.p != NULL) {
        return range_flag(str_eq(a->text, b->text));
    }
    return any_of(VALUE_BOOL);
}

static struct range swapped(struct range r)
{
    return of_truth(r.can_be_false, r.can_be_true);
}

static struct range compare(enum cmp cmp, struct range a, struct range b)
{
    if (is_numeric(a.kind)) {
        return compare_numbers(cmp, &a.num, &b.num);
    }
    if (cmp != CMP_EQ && cmp != CMP_NE) {
        bool is_known = !a.num.is_empty && !b.num.is_empty;
        return of_truth(is_known, is_known);
    }
    struct range r = equal_others(&a, &b);
    return cmp == CMP_EQ ? r : swapped(r);
}

/* ---- conditions */

static struct range arg(struct world *w, uint32_t term, uint32_t i)
{
    return world_range(w, term_arg(w->l->terms, term, i));
}

static struct range both(struct range a, struct range b)
{
    return of_truth(a.can_be_true && b.can_be_true, a.can_be_false || b.can_be_false);
}

static struct range either(struct range a, struct range b)
{
    return swapped(both(swapped(a), swapped(b)));
}

static struct range compare_term(struct world *w, uint32_t term, const struct expr *e)
{
    uint32_t a = term_arg(w->l->terms, term, 0), b = term_arg(w->l->terms, term, 1);
    struct range r = compare(e->cmp, world_range(w, a), world_range(w, b));
    if (a == b) { /* a value against itself */
        bool holds = e->cmp == CMP_EQ || e->cmp == CMP_LE || e->cmp == CMP_GE;
        r.can_be_true = r.can_be_true && holds;
        r.can_be_false = r.can_be_false && !holds;
    }
    return r;
}

static struct range in_list(struct world *w, uint32_t term, const struct expr *e)
{
    struct range value = arg(w, term, 0), r = range_flag(false);
    for (uint32_t i = 1; i < e->n; i++) {
        r = either(r, compare(CMP_EQ, value, arg(w, term, i)));
    }
    return r;
}

static struct range in_range(struct world *w, uint32_t term)
{
    struct range value = arg(w, term, 0);
    return both(compare(CMP_GE, value, arg(w, term, 1)),
                compare(CMP_LE, value, arg(w, term, 2)));
}

static bool is_arithmetic(enum expr_op op)
{
    return op == EXPR_NEG || op == EXPR_ADD || op == EXPR_SUB || op == EXPR_MUL ||
           op == EXPR_DIV || op == EXPR_SCALE;
}

static bool is_constant(enum expr_op op)
{
    return op == EXPR_NUM || op == EXPR_TEXT || op == EXPR_BOOL || op == EXPR_DAY ||
           op == EXPR_PERIOD || op == EXPR_TODAY;
}

/* Whether a value is surely not missing. */
static bool is_there(struct world *w, uint32_t term)
{
    const struct expr *e = term_expr(w->l->terms, term);
    if (is_set(w, term)) {
        return !w->ranges[term].num.is_empty;
    }
    if (is_constant(e->op)) {
        return true;
    }
    for (uint32_t i = 0; is_arithmetic(e->op) && i < e->n; i++) {
        if (!is_there(w, term_arg(w->l->terms, term, i))) {
            return false;
        }
    }
    return is_arithmetic(e->op);
}

static struct range is_missing(struct world *w, uint32_t term)
{
    return of_truth(!is_there(w, term_arg(w->l->terms, term, 0)), true);
}

static struct range choose(struct world *w, uint32_t term)
{
    struct range c = arg(w, term, 0);
    if (!c.can_be_true && !c.can_be_false) {
        return range_nothing(term_expr(w->l->terms, term)->kind);
    }
    if (!c.can_be_true || !c.can_be_false) {
        return arg(w, term, c.can_be_true ? 1 : 2);
    }
    return hull(arg(w, term, 1), arg(w, term, 2));
}

static struct range first_present(struct world *w, uint32_t term)
{
    uint32_t value = term_arg(w->l->terms, term, 0);
    struct range missing = world_range(w, missing_term(w->l, value));
    if (!missing.can_be_true || !missing.can_be_false) {
        return missing.can_be_true ? arg(w, term, 1) : world_range(w, value);
    }
    return hull(world_range(w, value), arg(w, term, 1));
}

/* ---- functions */

enum { WHOLE_RANGE = 1, OF_ARGUMENTS };

static const struct {
    int how; /* 0: anything of its kind */
    int low, high;
} functions[FN_COUNT] = {
    [FN_ABS] = {OF_ARGUMENTS, 0, 0},           [FN_ROUND] = {OF_ARGUMENTS, 0, 0},
    [FN_FLOOR] = {OF_ARGUMENTS, 0, 0},         [FN_CEIL] = {OF_ARGUMENTS, 0, 0},
    [FN_MIN2] = {OF_ARGUMENTS, 0, 0},          [FN_MAX2] = {OF_ARGUMENTS, 0, 0},
    [FN_YEAR] = {WHOLE_RANGE, 0, 9999},        [FN_HALF] = {WHOLE_RANGE, 0, 2},
    [FN_QUARTER] = {WHOLE_RANGE, 0, 4},        [FN_MONTHS] = {WHOLE_RANGE, 1, 12},
    [FN_LENGTH] = {WHOLE_RANGE, 0, INT32_MAX},
};

static struct interval rounded(struct world *w, uint32_t term, const struct expr *e,
                               struct interval value)
{
    int64_t places = 0;
    if (e->n > 1) {
        struct interval given = arg(w, term, 1).num;
        if (!interval_is_one(&given) || !num_to_int64(given.low, &places) ||
            places < -38 || places > 38) {
            return interval_all(false);
        }
    }
    return interval_round(value, (int32_t)places);
}

static struct interval of_arguments(struct world *w, uint32_t term, const struct expr *e)
{
    struct interval i = arg(w, term, 0).num;
    if (e->fn == FN_ABS) {
        return interval_abs(i);
    }
    if (e->fn == FN_ROUND) {
        return rounded(w, term, e, i);
    }
    if (e->fn == FN_FLOOR || e->fn == FN_CEIL) {
        return e->fn == FN_FLOOR ? interval_floor(i) : interval_ceil(i);
    }
    for (uint32_t k = 1; k < e->n; k++) {
        struct interval next = arg(w, term, k).num;
        i = e->fn == FN_MIN2 ? interval_min(i, next) : interval_max(i, next);
    }
    return i;
}

/* date(y, m, d), start(p) and end(p) of constants. */
static bool constant_day(struct world *w, uint32_t term, const struct expr *e,
                         int32_t *day)
{
    int64_t parts[3] = {0};
    if ((e->fn == FN_START || e->fn == FN_END) && e->args[0]->op == EXPR_PERIOD) {
        *day = e->fn == FN_START ? period_start(e->args[0]->when)
                                 : period_end(e->args[0]->when);
        return true;
    }
    for (uint32_t i = 0; e->fn == FN_DATE && i < 3; i++) {
        struct interval part = arg(w, term, i).num;
        if (!interval_is_one(&part) || !num_to_int64(part.low, &parts[i]) ||
            parts[i] < 1 || parts[i] > 9999) {
            return false;
        }
    }
    return e->fn == FN_DATE && date_of((int)parts[0], (int)parts[1], (int)parts[2], day);
}

static struct range call(struct world *w, uint32_t term, const struct expr *e)
{
    assert(e->fn < FN_COUNT);
    int32_t day = 0;
    if (e->kind == VALUE_DAY && constant_day(w, term, e, &day)) {
        return of_interval(VALUE_DAY, interval_one(num_int(day)));
    }
    if (functions[e->fn].how == WHOLE_RANGE) {
        struct interval i = interval_between(num_int(functions[e->fn].low),
                                             num_int(functions[e->fn].high), true);
        return of_interval(e->kind, i);
    }
    return functions[e->fn].how == OF_ARGUMENTS
               ? of_interval(e->kind, of_arguments(w, term, e))
               : any_of(e->kind);
}

/* ---- aggregates */

/* A sum of any number of values, none included. */
static struct interval sum_of_many(struct interval one)
{
    const struct num zero = num_int(0);
    struct interval i = interval_all(one.is_whole);
    i.has_low = interval_at_least(&one, zero);
    i.has_high = interval_at_most(&one, zero);
    return i;
}

static struct interval widened(struct interval i)
{
    i.is_whole = false;
    return i;
}

/* An aggregate of any number of values within `one`. */
static struct range aggregate(const struct expr *e, struct range one)
{
    switch (e->agg) {
    case AGG_SUM:
        return of_interval(e->kind, sum_of_many(one.num));
    case AGG_COUNT:
    case AGG_COUNT_DISTINCT:
        return of_interval(e->kind, interval_from(num_int(0)));
    case AGG_STDDEV:
        return of_interval(e->kind, widened(interval_from(num_int(0))));
    case AGG_MEAN:
    case AGG_MEDIAN:
        return of_interval(e->kind, widened(one.num));
    case AGG_MIN:
    case AGG_MAX:
        return of_interval(e->kind, one.num);
    case AGG_ANY:
    case AGG_ALL:
    case AGG_LIST:
    case AGG_COUNT_ALL:
        break;
    }
    return any_of(e->kind);
}

/* `count(c for c in … if …)`: between the conditions that must and those that can hold.
 */
static struct interval count_over(struct world *w, uint32_t term, const struct expr *e)
{
    int64_t least = 0, most = 0;
    for (uint32_t i = 0; i < e->n; i++) {
        struct range r = arg(w, term, i);
        most += r.can_be_true;
        least += r.can_be_true && !r.can_be_false;
    }
    return interval_between(num_int(w->l->has_na ? 0 : least), num_int(most), true);
}

/* What value i of a sum over columns adds: nothing where its condition is false, or where
 * it does not apply. */
static struct interval summand(struct world *w, uint32_t term, const struct expr *e,
                               uint32_t i)
{
    const struct interval nothing = interval_one(num_int(0));
    struct interval one = arg(w, term, i).num;
    if (e->flag) {
        struct range condition = arg(w, term, e->n / 2 + i);
        if (!condition.can_be_true) {
            return nothing;
        }
        one = condition.can_be_false ? interval_hull(one, nothing) : one;
    }
    bool may_lack = w->l->has_na && !is_there(w, term_arg(w->l->terms, term, i));
    return may_lack ? interval_hull(one, nothing) : one;
}

/* An aggregate over columns of one row. */
static struct range over(struct world *w, uint32_t term, const struct expr *e)
{
    uint32_t n = e->flag && e->agg != AGG_COUNT ? e->n / 2 : e->n;
    if (e->agg == AGG_COUNT) {
        return of_interval(e->kind, count_over(w, term, e));
    }
    if (n == 0) {
        return any_of(e->kind);
    }
    struct range all = arg(w, term, 0);
    struct interval sum = interval_one(num_int(0));
    for (uint32_t i = 0; i < n; i++) {
        sum = interval_add(sum, summand(w, term, e, i));
        all = hull(all, arg(w, term, i));
    }
    return e->agg == AGG_SUM ? of_interval(e->kind, sum) : aggregate(e, all);
}

/* ---- all operations */

/* Converted by the unit of its row: the sign stays. */
static struct interval scaled_somehow(struct interval i)
{
    return widened(sum_of_many(i));
}

static struct range arithmetic(struct world *w, uint32_t term, const struct expr *e)
{
    struct interval a = arg(w, term, 0).num, b = arg(w, term, 1).num;
    struct interval i = e->op == EXPR_ADD   ? interval_add(a, b)
                        : e->op == EXPR_SUB ? interval_add(a, interval_neg(b))
                        : e->op == EXPR_MUL ? interval_mul(a, b)
                                            : interval_div(a, b);
    return of_interval(e->kind, i);
}

static struct range elsewhere(struct world *w, uint32_t term, const struct expr *e)
{
    struct range r = arg(w->l->declared, term, 0);
    return e->op == EXPR_CUMULATIVE ? of_interval(e->kind, sum_of_many(r.num)) : r;
}

static struct range selected(struct world *w, const struct expr *e)
{
    struct range one = e->select->pick == NULL
                           ? any_of(e->kind)
                           : world_range(w, term_of(w->l->terms, e->select->pick));
    return e->op == EXPR_AGG ? aggregate(e, one) : one;
}

static struct range constant(struct linter *l, const struct expr *e)
{
    struct range r = any_of(e->kind);
    r.text = constant_text(l, e);
    if (e->op == EXPR_NUM) {
        r.num = interval_one(e->num);
    } else if (e->op == EXPR_DAY) {
        r.num = interval_one(num_int(e->when));
    } else if (e->op == EXPR_BOOL) {
        r = range_flag(e->flag);
    }
    return r;
}

static struct range compute(struct world *w, uint32_t term, const struct expr *e)
{
    switch (e->op) {
    case EXPR_NUM:
    case EXPR_TEXT:
    case EXPR_BOOL:
    case EXPR_DAY:
    case EXPR_PERIOD:
        return constant(w->l, e);
    case EXPR_COLUMN:
        return range_of_column(
            &w->l->rules->datasets[e->dataset].schema.columns[e->column]);
    case EXPR_NEG:
        return of_interval(e->kind, interval_neg(arg(w, term, 0).num));
    case EXPR_SCALE:
        return of_interval(e->kind,
                           interval_mul(arg(w, term, 0).num, interval_one(e->num)));
    case EXPR_ROW_UNIT:
        return of_interval(e->kind, scaled_somehow(arg(w, term, 0).num));
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
    case EXPR_DIV:
        return arithmetic(w, term, e);
    case EXPR_NOT:
        return swapped(arg(w, term, 0));
    case EXPR_AND:
        return both(arg(w, term, 0), arg(w, term, 1));
    case EXPR_OR:
        return either(arg(w, term, 0), arg(w, term, 1));
    case EXPR_IMPLIES:
        return either(swapped(arg(w, term, 0)), arg(w, term, 1));
    case EXPR_IF:
        return choose(w, term);
    case EXPR_COALESCE:
        return first_present(w, term);
    case EXPR_COMPARE:
        return compare_term(w, term, e);
    case EXPR_IN_LIST:
        return in_list(w, term, e);
    case EXPR_IN_RANGE:
        return in_range(w, term);
    case EXPR_IS_MISSING:
        return is_missing(w, term);
    case EXPR_CALL:
        return call(w, term, e);
    case EXPR_LOOKUP:
    case EXPR_AGG:
        return selected(w, e);
    case EXPR_OVER:
        return over(w, term, e);
    case EXPR_PREVIOUS:
    case EXPR_AT:
    case EXPR_CUMULATIVE:
        return elsewhere(w, term, e);
    case EXPR_HALF_WIDTH:
        return of_interval(e->kind, widened(interval_from(num_int(0))));
    case EXPR_TODAY:
    case EXPR_SIDE:
    case EXPR_WORD:
    case EXPR_IN_CODES:
    case EXPR_IN_MEMBERS:
    case EXPR_IN_NUMBERS:
    case EXPR_IN_ROWS:
    case EXPR_MATCHES:
    case EXPR_IS_APPROX:
    case EXPR_OUTLIER:
    case EXPR_UNIQUE:
        break;
    }
    return any_of(e->kind);
}

struct range world_range(struct world *w, uint32_t term)
{
    assert(w);
    make_room(w, term);
    if (w->states[term] == TERM_NEW) {
        struct range r = compute(w, term, term_expr(w->l->terms, term));
        make_room(w, term); /* terms may have been added */
        w->ranges[term] = r;
        w->states[term] = TERM_KNOWN;
    }
    return w->ranges[term];
}

struct range world_must(struct world *w, const struct check *k)
{
    assert(w && k);
    struct terms *t = w->l->terms;
    if (k->within == NULL) {
        return world_range(w, term_of(t, k->must));
    }
    struct interval left = world_range(w, term_of(t, k->left)).num;
    struct interval right = world_range(w, term_of(t, k->right)).num;
    struct interval slack = world_range(w, term_of(t, k->within)).num;
    struct interval gap = interval_add(left, interval_neg(right));
    gap = k->cmp == CMP_EQ   ? interval_abs(gap)
          : k->cmp == CMP_GE ? interval_neg(gap)
                             : gap;
    slack = interval_max(slack, interval_one(num_int(0)));
    struct range exact = world_range(w, term_of(t, k->must));
    struct range wide = compare_numbers(CMP_LE, &gap, &slack);
    return either(exact, of_truth(wide.can_be_true, wide.can_be_false));
}

/* The simplex method in the form that suits a search: a tableau says how each basic
 * variable depends on the others, every variable has bounds, and repairing swaps a basic
 * variable that breaks a bound with one that has room. Bland's choice (always the
 * smallest number) keeps it from going in circles.
 *
 * Invariants: others (non-basic variables) are within their bounds; the value of a basic
 * one follows from its row. Taking bounds back therefore needs no arithmetic at all. A
 * strict bound x < c is held as x <= c - d, with d smaller than every number that occurs:
 * a value is a pair {plain, tiny}, compared in that order; only linear_point chooses a
 * number for d. */
#include "lang/linear.h"

#include <assert.h>

#define NONE UINT32_MAX

struct point { /* plain + tiny * d */
    struct num plain, tiny;
};

struct limit {
    bool is_set;
    struct point at;
    uint32_t reason;
};

struct change { /* to be undone by linear_back */
    uint32_t variable;
    enum linear_side side;
    struct limit old;
};

struct linear {
    struct arena *a;
    uint32_t n_plain, n, max; /* variables: plain ones, all, room */
    uint32_t n_rows;
    struct num *factors;    /* row by row, `max` in each; 0 at basic variables */
    uint32_t *basic_of_row; /* variable */
    uint32_t *row_of;       /* by variable; NONE: not basic */
    struct point *values;
    struct limit (*limits)[2]; /* by variable and side */
    struct change *changes;
    size_t n_changes, change_cap;
    uint32_t *reasons;
    uint32_t n_reasons;
    uint32_t n_pivots;
    bool is_lost; /* a number became too large */
};

/* ---- numbers */

static struct num sum(struct linear *l, struct num a, struct num b)
{
    struct num out = a;
    l->is_lost = l->is_lost || num_add(a, b, &out) != DEC_OK;
    return out;
}

static struct num product(struct linear *l, struct num a, struct num b)
{
    struct num out = a;
    l->is_lost = l->is_lost || num_mul(a, b, &out) != DEC_OK;
    return out;
}

static struct num quotient(struct linear *l, struct num a, struct num b)
{
    struct num out = a;
    l->is_lost = l->is_lost || num_div(a, b, &out) != DEC_OK;
    return out;
}

static struct point point_sum(struct linear *l, struct point a, struct num factor,
                              struct point b)
{
    return (struct point){sum(l, a.plain, product(l, factor, b.plain)),
                          sum(l, a.tiny, product(l, factor, b.tiny))};
}

static int point_cmp(struct point a, struct point b)
{
    int order = num_cmp(a.plain, b.plain);
    return order != 0 ? order : num_cmp(a.tiny, b.tiny);
}

static struct point origin(void)
{
    return (struct point){num_int(0), num_int(0)};
}

/* ---- variables */

struct linear *linear_new(struct arena *a, uint32_t n_variables, uint32_t max_sums)
{
    assert(a && n_variables < NONE - max_sums);
    struct linear *l = arena_new(a, struct linear);
    *l = (struct linear){
        .a = a, .n_plain = n_variables, .n = n_variables, .max = n_variables + max_sums};
    l->factors = arena_new_array(a, mem_mul(max_sums, l->max), struct num);
    l->basic_of_row = arena_new_array(a, max_sums, uint32_t);
    l->row_of = arena_new_array(a, l->max, uint32_t);
    l->values = arena_new_array(a, l->max, struct point);
    l->limits = arena_array(a, l->max, sizeof *l->limits);
    l->reasons = arena_new_array(a, (size_t)l->max + 2, uint32_t);
    for (uint32_t i = 0; i < l->max; i++) {
        l->row_of[i] = NONE;
        l->values[i] = origin();
    }
    return l;
}

static struct num *factor_at(const struct linear *l, uint32_t row, uint32_t variable)
{
    return &l->factors[(size_t)row * l->max + variable];
}

static bool is_zero(struct num x)
{
    return x.n == 0;
}

/* row += factor * variable, where the variable may be basic itself. */
static void add_to_row(struct linear *l, uint32_t row, struct num factor,
                       uint32_t variable)
{
    uint32_t other = l->row_of[variable];
    if (other == NONE) {
        struct num *at = factor_at(l, row, variable);
        *at = sum(l, *at, factor);
        return;
    }
    for (uint32_t j = 0; j < l->n; j++) {
        struct num by = *factor_at(l, other, j);
        if (!is_zero(by)) {
            struct num *at = factor_at(l, row, j);
            *at = sum(l, *at, product(l, factor, by));
        }
    }
}

uint32_t linear_sum(struct linear *l, const struct linear_term *terms, uint32_t n)
{
    assert(l && l->n < l->max && (terms || n == 0));
    uint32_t variable = l->n++, row = l->n_rows++;
    for (uint32_t j = 0; j < l->max; j++) {
        *factor_at(l, row, j) = num_int(0);
    }
    for (uint32_t i = 0; i < n; i++) {
        assert(terms[i].variable < l->n_plain);
        add_to_row(l, row, terms[i].factor, terms[i].variable);
        l->values[variable] = point_sum(l, l->values[variable], terms[i].factor,
                                        l->values[terms[i].variable]);
    }
    l->basic_of_row[row] = variable;
    l->row_of[variable] = row;
    return variable;
}

/* ---- bounds */

static bool is_below(const struct linear *l, uint32_t variable)
{
    const struct limit *low = &l->limits[variable][LINEAR_LOWER];
    return low->is_set && point_cmp(l->values[variable], low->at) < 0;
}

static bool is_above(const struct linear *l, uint32_t variable)
{
    const struct limit *high = &l->limits[variable][LINEAR_UPPER];
    return high->is_set && point_cmp(l->values[variable], high->at) > 0;
}

/* Moves a variable that is not basic, and all that depend on it. */
static void move_to(struct linear *l, uint32_t variable, struct point to)
{
    assert(l->row_of[variable] == NONE);
    struct point step = point_sum(l, to, num_int(-1), l->values[variable]);
    for (uint32_t r = 0; r < l->n_rows; r++) {
        struct num factor = *factor_at(l, r, variable);
        if (!is_zero(factor)) {
            struct point *value = &l->values[l->basic_of_row[r]];
            *value = point_sum(l, *value, factor, step);
        }
    }
    l->values[variable] = to;
}

static void note_change(struct linear *l, uint32_t variable, enum linear_side side)
{
    l->changes =
        list_room(l->a, l->changes, l->n_changes, &l->change_cap, sizeof *l->changes);
    l->changes[l->n_changes++] =
        (struct change){variable, side, l->limits[variable][side]};
}

bool linear_limit(struct linear *l, uint32_t variable, enum linear_side side,
                  struct linear_bound bound)
{
    assert(l && variable < l->n);
    bool is_upper = side == LINEAR_UPPER;
    struct num tiny = num_int(!bound.is_strict ? 0 : is_upper ? -1 : 1);
    struct point at = {bound.value, tiny};
    struct limit *own = &l->limits[variable][side];
    const struct limit *other = &l->limits[variable][1 - side];
    int tighter = is_upper ? -1 : 1; /* sign of `at` against the limit so far */

    if (own->is_set && point_cmp(at, own->at) * tighter <= 0) {
        return true;
    }
    if (other->is_set && point_cmp(at, other->at) * tighter > 0) {
        l->reasons[0] = bound.reason;
        l->reasons[1] = other->reason;
        l->n_reasons = 2;
        return false;
    }
    note_change(l, variable, side);
    *own = (struct limit){true, at, bound.reason};
    if (l->row_of[variable] == NONE && (is_below(l, variable) || is_above(l, variable))) {
        move_to(l, variable, at);
    }
    return true;
}

uint32_t linear_mark(const struct linear *l)
{
    assert(l && l->n_changes < NONE);
    return (uint32_t)l->n_changes;
}

void linear_back(struct linear *l, uint32_t mark)
{
    assert(l && mark <= l->n_changes);
    while (l->n_changes > mark) {
        const struct change *c = &l->changes[--l->n_changes];
        l->limits[c->variable][c->side] = c->old;
    }
}

/* ---- repairing */

/* Whether `variable`, not basic, can move in the direction that raises (or lowers) the
 * row. */
static bool has_room(const struct linear *l, uint32_t variable, bool goes_up)
{
    const struct limit *limit =
        &l->limits[variable][goes_up ? LINEAR_UPPER : LINEAR_LOWER];
    int order = limit->is_set ? point_cmp(l->values[variable], limit->at) : -1;
    return !limit->is_set || (goes_up ? order < 0 : order > 0);
}

/* The first variable that can raise (or lower) the row's basic variable; NONE. */
static uint32_t find_helper(const struct linear *l, uint32_t row, bool must_rise)
{
    for (uint32_t j = 0; j < l->n; j++) {
        int sign = num_sign(*factor_at(l, row, j));
        if (sign != 0 && has_room(l, j, (sign > 0) == must_rise)) {
            return j;
        }
    }
    return NONE;
}

/* The row cannot be repaired: its own bound and those that stop everything it depends on.
 */
static void explain(struct linear *l, uint32_t row, bool must_rise)
{
    uint32_t basic = l->basic_of_row[row];
    l->n_reasons = 0;
    l->reasons[l->n_reasons++] =
        l->limits[basic][must_rise ? LINEAR_LOWER : LINEAR_UPPER].reason;
    for (uint32_t j = 0; j < l->n; j++) {
        int sign = num_sign(*factor_at(l, row, j));
        if (sign != 0) {
            bool is_upper = (sign > 0) == must_rise;
            const struct limit *limit =
                &l->limits[j][is_upper ? LINEAR_UPPER : LINEAR_LOWER];
            assert(limit->is_set);
            l->reasons[l->n_reasons++] = limit->reason;
        }
    }
}

/* Swaps the row's basic variable with `entering`, and rewrites all rows. */
static void pivot(struct linear *l, uint32_t row, uint32_t entering)
{
    uint32_t leaving = l->basic_of_row[row];
    struct num by = *factor_at(l, row, entering);
    assert(!is_zero(by) && l->row_of[entering] == NONE);
    for (uint32_t j = 0; j < l->n; j++) { /* solved for `entering` */
        struct num *at = factor_at(l, row, j);
        if (!is_zero(*at)) {
            *at = quotient(l, num_neg(*at), by);
        }
    }
    *factor_at(l, row, entering) = num_int(0);
    *factor_at(l, row, leaving) = quotient(l, num_int(1), by);
    l->basic_of_row[row] = entering;
    l->row_of[entering] = row;
    l->row_of[leaving] = NONE;
    for (uint32_t r = 0; r < l->n_rows; r++) {
        struct num factor = *factor_at(l, r, entering);
        if (r != row && !is_zero(factor)) {
            *factor_at(l, r, entering) = num_int(0);
            add_to_row(l, r, factor, entering);
        }
    }
}

/* Brings the row's basic variable to its bound with the help of `entering`. */
static void repair(struct linear *l, uint32_t row, uint32_t entering, bool must_rise)
{
    uint32_t basic = l->basic_of_row[row];
    struct point to = l->limits[basic][must_rise ? LINEAR_LOWER : LINEAR_UPPER].at;
    struct num inverse = quotient(l, num_int(1), *factor_at(l, row, entering));
    struct point step = point_sum(l, to, num_int(-1), l->values[basic]);
    struct point target = point_sum(l, l->values[entering], inverse, step);
    move_to(l, entering, target);
    pivot(l, row, entering);
}

static uint32_t find_broken(const struct linear *l)
{
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->row_of[i] != NONE && (is_below(l, i) || is_above(l, i))) {
            return i;
        }
    }
    return NONE;
}

enum linear_status linear_check(struct linear *l)
{
    assert(l);
    for (;;) {
        if (l->is_lost || l->n_pivots >= LINEAR_MAX_PIVOTS) {
            l->is_lost = true;
            return LINEAR_GIVEN_UP;
        }
        uint32_t broken = find_broken(l);
        if (broken == NONE) {
            return LINEAR_FEASIBLE;
        }
        uint32_t row = l->row_of[broken];
        bool must_rise = is_below(l, broken);
        uint32_t helper = find_helper(l, row, must_rise);
        if (helper == NONE) {
            explain(l, row, must_rise);
            return LINEAR_INFEASIBLE;
        }
        repair(l, row, helper, must_rise);
        l->n_pivots++;
    }
}

uint32_t linear_reasons(const struct linear *l, const uint32_t **reasons)
{
    assert(l && reasons);
    *reasons = l->reasons;
    return l->n_reasons;
}

/* ---- a point */

/* Makes d so small that `low` <= `high` holds for the numbers themselves. */
static void shrink(struct linear *l, struct point low, struct point high, struct num *d)
{
    assert(point_cmp(low, high) <= 0);
    if (num_cmp(low.tiny, high.tiny) <= 0 || num_cmp(low.plain, high.plain) == 0) {
        return;
    }
    struct num room = sum(l, high.plain, num_neg(low.plain));
    struct num most = quotient(l, room, sum(l, low.tiny, num_neg(high.tiny)));
    if (!l->is_lost && num_cmp(most, *d) < 0) {
        *d = most;
    }
}

bool linear_point(struct linear *l, struct num *values)
{
    assert(l && values);
    struct num d = num_int(1);
    for (uint32_t i = 0; i < l->n; i++) {
        const struct limit *low = &l->limits[i][LINEAR_LOWER];
        const struct limit *high = &l->limits[i][LINEAR_UPPER];
        if (low->is_set) {
            shrink(l, low->at, l->values[i], &d);
        }
        if (high->is_set) {
            shrink(l, l->values[i], high->at, &d);
        }
    }
    for (uint32_t i = 0; i < l->n_plain; i++) {
        values[i] = sum(l, l->values[i].plain, product(l, d, l->values[i].tiny));
    }
    return !l->is_lost;
}

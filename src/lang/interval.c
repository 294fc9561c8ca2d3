/* Every end is a number or an infinity; the four ends of two intervals are combined as
 * such, and what overflows becomes infinite on the side where that is no lie. */
#include "lang/interval.h"

#include <assert.h>

struct end {
    int infinite; /* -1, 0, 1 */
    struct num n;
};

static struct end low_of(const struct interval *i)
{
    return i->has_low ? (struct end){0, i->low} : (struct end){-1, num_int(0)};
}

static struct end high_of(const struct interval *i)
{
    return i->has_high ? (struct end){0, i->high} : (struct end){1, num_int(0)};
}

static int end_cmp(struct end a, struct end b)
{
    if (a.infinite != 0 || b.infinite != 0) {
        return (a.infinite > b.infinite) - (a.infinite < b.infinite);
    }
    return num_cmp(a.n, b.n);
}

static struct end end_min(struct end a, struct end b)
{
    return end_cmp(a, b) <= 0 ? a : b;
}

static struct end end_max(struct end a, struct end b)
{
    return end_cmp(a, b) >= 0 ? a : b;
}

static struct interval of_ends(struct end low, struct end high, bool is_whole)
{
    return (struct interval){.has_low = low.infinite == 0,
                             .has_high = high.infinite == 0,
                             .low = low.n,
                             .high = high.n,
                             .is_whole = is_whole};
}

struct interval interval_all(bool is_whole)
{
    return (struct interval){.low = num_int(0), .high = num_int(0), .is_whole = is_whole};
}

struct interval interval_one(struct num n)
{
    return (struct interval){true, true, n, n, num_is_whole(n), false};
}

struct interval interval_from(struct num low)
{
    struct interval i = interval_all(num_is_whole(low));
    i.has_low = true;
    i.low = low;
    return i;
}

/* Ends between whole numbers move inward. */
static void draw_in(struct interval *i)
{
    if (!i->is_whole) {
        return;
    }
    if (i->has_low && num_ceil(i->low, &i->low) != DEC_OK) {
        i->has_low = false;
    }
    if (i->has_high && num_floor(i->high, &i->high) != DEC_OK) {
        i->has_high = false;
    }
    i->is_empty |= i->has_low && i->has_high && num_cmp(i->low, i->high) > 0;
}

struct interval interval_between(struct num low, struct num high, bool is_whole)
{
    struct interval i = {true, true, low, high, is_whole, num_cmp(low, high) > 0};
    draw_in(&i);
    return i;
}

bool interval_is_one(const struct interval *i)
{
    assert(i);
    return !i->is_empty && i->has_low && i->has_high && num_eq(i->low, i->high);
}

bool interval_at_least(const struct interval *i, struct num n)
{
    assert(i);
    return i->is_empty || (i->has_low && num_cmp(i->low, n) >= 0);
}

bool interval_at_most(const struct interval *i, struct num n)
{
    assert(i);
    return i->is_empty || (i->has_high && num_cmp(i->high, n) <= 0);
}

bool interval_holds(const struct interval *i, struct num n)
{
    assert(i);
    return !i->is_empty && (!i->has_low || num_cmp(i->low, n) <= 0) &&
           (!i->has_high || num_cmp(i->high, n) >= 0) &&
           (!i->is_whole || num_is_whole(n));
}

struct interval interval_hull(struct interval a, struct interval b)
{
    if (a.is_empty || b.is_empty) {
        return a.is_empty ? b : a;
    }
    return of_ends(end_min(low_of(&a), low_of(&b)), end_max(high_of(&a), high_of(&b)),
                   a.is_whole && b.is_whole);
}

struct interval interval_meet(struct interval a, struct interval b)
{
    struct interval i =
        of_ends(end_max(low_of(&a), low_of(&b)), end_min(high_of(&a), high_of(&b)),
                a.is_whole || b.is_whole);
    i.is_empty = a.is_empty || b.is_empty ||
                 (i.has_low && i.has_high && num_cmp(i.low, i.high) > 0);
    draw_in(&i);
    return i;
}

struct interval interval_neg(struct interval a)
{
    struct interval i = a;
    i.has_low = a.has_high;
    i.has_high = a.has_low;
    i.low = num_neg(a.high);
    i.high = num_neg(a.low);
    return i;
}

/* ---- arithmetic */

static struct end sum(struct end a, struct end b, int beyond)
{
    struct end out = {0, num_int(0)};
    if (a.infinite != 0 || b.infinite != 0 || num_add(a.n, b.n, &out.n) != DEC_OK) {
        out.infinite = beyond;
    }
    return out;
}

struct interval interval_add(struct interval a, struct interval b)
{
    struct interval i =
        of_ends(sum(low_of(&a), low_of(&b), -1), sum(high_of(&a), high_of(&b), 1),
                a.is_whole && b.is_whole);
    i.is_empty = a.is_empty || b.is_empty;
    return i;
}

static int end_sign(struct end a)
{
    return a.infinite != 0 ? a.infinite : num_sign(a.n);
}

/* 0 times infinity is 0: no number within is infinite. */
static struct end product(struct end a, struct end b)
{
    struct end out = {0, num_int(0)};
    int sign = end_sign(a) * end_sign(b);
    if (sign == 0) {
        return out;
    }
    if (a.infinite != 0 || b.infinite != 0 || num_mul(a.n, b.n, &out.n) != DEC_OK) {
        out.infinite = sign;
    }
    return out;
}

struct interval interval_mul(struct interval a, struct interval b)
{
    const struct end of_a[] = {low_of(&a), high_of(&a)};
    const struct end of_b[] = {low_of(&b), high_of(&b)};
    struct end low = product(of_a[0], of_b[0]), high = low;
    for (int i = 1; i < 4; i++) {
        struct end p = product(of_a[i / 2], of_b[i % 2]);
        low = end_min(low, p);
        high = end_max(high, p);
    }
    /* an overflow that is no infinity on its side is one all the same */
    low.infinite = low.infinite != 0 ? -1 : 0;
    high.infinite = high.infinite != 0 ? 1 : 0;
    struct interval i = of_ends(low, high, a.is_whole && b.is_whole);
    i.is_empty = a.is_empty || b.is_empty;
    return i;
}

static struct end inverse(struct end a, int beyond)
{
    struct end out = {0, num_int(0)};
    if (a.infinite == 0 && num_div(num_int(1), a.n, &out.n) != DEC_OK) {
        out.infinite = beyond; /* 1 / 0, from the side that is left */
    }
    return out;
}

/* 1 / a, of all but 0. */
static struct interval reciprocal(struct interval a)
{
    const struct num zero = num_int(0);
    if (a.is_whole && a.has_low && num_sign(a.low) == 0) {
        a.low = num_int(1);
    }
    if (a.is_whole && a.has_high && num_sign(a.high) == 0) {
        a.high = num_int(-1);
    }
    bool is_nothing = a.is_empty || (interval_is_one(&a) && num_sign(a.low) == 0) ||
                      (a.has_low && a.has_high && num_cmp(a.low, a.high) > 0);
    if (is_nothing) {
        return (struct interval){.low = zero, .high = zero, .is_empty = true};
    }
    if (interval_at_least(&a, zero) || interval_at_most(&a, zero)) {
        return of_ends(inverse(high_of(&a), -1), inverse(low_of(&a), 1), false);
    }
    return a.is_whole ? interval_between(num_int(-1), num_int(1), false)
                      : interval_all(false);
}

struct interval interval_div(struct interval a, struct interval b)
{
    struct interval i = interval_mul(a, reciprocal(b));
    i.is_whole = interval_is_one(&i) && num_is_whole(i.low);
    return i;
}

/* ---- functions */

struct interval interval_abs(struct interval a)
{
    const struct num zero = num_int(0);
    if (interval_at_least(&a, zero)) {
        return a;
    }
    struct interval negated = interval_neg(a);
    if (interval_at_most(&a, zero)) {
        return negated;
    }
    struct interval i = interval_hull(a, negated);
    i.has_low = true;
    i.low = zero;
    return i;
}

struct interval interval_min(struct interval a, struct interval b)
{
    struct interval i =
        of_ends(end_min(low_of(&a), low_of(&b)), end_min(high_of(&a), high_of(&b)),
                a.is_whole && b.is_whole);
    i.is_empty = a.is_empty || b.is_empty;
    return i;
}

struct interval interval_max(struct interval a, struct interval b)
{
    return interval_neg(interval_min(interval_neg(a), interval_neg(b)));
}

struct interval interval_floor(struct interval a)
{
    a.has_low = a.has_low && num_floor(a.low, &a.low) == DEC_OK;
    a.has_high = a.has_high && num_floor(a.high, &a.high) == DEC_OK;
    a.is_whole = true;
    return a;
}

struct interval interval_ceil(struct interval a)
{
    return interval_neg(interval_floor(interval_neg(a)));
}

struct interval interval_round(struct interval a, int32_t places)
{
    a.has_low = a.has_low && num_round(a.low, places, &a.low) == DEC_OK;
    a.has_high = a.has_high && num_round(a.high, places, &a.high) == DEC_OK;
    a.is_whole = a.is_whole || places <= 0;
    return a;
}

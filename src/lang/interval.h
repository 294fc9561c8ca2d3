/* Intervals of exact numbers: what a value can be when its parts can be anything within
 * theirs. Ends belong to the interval; where one cannot be said (it is infinite, or its
 * number too large) it is open to that side. The result of an operation holds every value
 * that the operation can have, never fewer; how the operands hang together is not known.
 */
#ifndef SOAT_LANG_INTERVAL_H
#define SOAT_LANG_INTERVAL_H

#include "value/dec.h"

struct interval {
    bool has_low, has_high;
    struct num low, high;
    bool is_whole; /* whole numbers only */
    bool is_empty; /* no value at all: x / 0 */
};

struct interval interval_all(bool is_whole);
struct interval interval_one(struct num n);
struct interval interval_from(struct num low); /* low and more */
/* low .. high, drawn together to whole numbers where only such count. */
struct interval interval_between(struct num low, struct num high, bool is_whole);
bool interval_is_one(const struct interval *i); /* a single number: i->low */
bool interval_holds(const struct interval *i, struct num n);
/* Whether every number is at least (at most) n. False for an open side. */
bool interval_at_least(const struct interval *i, struct num n);
bool interval_at_most(const struct interval *i, struct num n);

struct interval interval_hull(struct interval a, struct interval b);
struct interval interval_meet(struct interval a, struct interval b);
struct interval interval_neg(struct interval a);
struct interval interval_add(struct interval a, struct interval b);
struct interval interval_mul(struct interval a, struct interval b);
struct interval interval_div(struct interval a, struct interval b);
struct interval interval_abs(struct interval a);
struct interval interval_min(struct interval a, struct interval b);
struct interval interval_max(struct interval a, struct interval b);
struct interval interval_floor(struct interval a);
struct interval interval_ceil(struct interval a);
struct interval interval_round(struct interval a, int32_t places);

#endif

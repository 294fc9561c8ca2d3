/* See points.h. Schedules: a share of the maximum by completion, all or nothing, so many
 * points for every full step of the actual value, or bands of completion. A bonus counts
 * full steps of completion over its start.
 *
 * Everything is computed for the least and the most that completion, actual and maximum
 * can still be; where nothing is missing the two ends are one number. All schedules but
 * bands never fall while completion grows, and so does rounding, so the ends of what goes
 * in give the ends of what comes out. */
#include "eval/points.h"

#include <assert.h>

static struct num smaller(struct num a, struct num b)
{
    return num_cmp(a, b) <= 0 ? a : b;
}

/* Full steps of width `step` in `amount`; none when the amount is not above zero. */
static enum dec_status full_steps(struct num amount, struct num step, struct num *out)
{
    struct num quotient;

    if (num_sign(amount) <= 0 || num_sign(step) <= 0) {
        *out = num_int(0);
        return DEC_OK;
    }
    enum dec_status status = num_div(amount, step, &quotient);
    return status == DEC_OK ? num_floor(quotient, out) : status;
}

/* What something can still be: low .. high, or without an upper end. */
struct reach {
    struct num low, high;
    bool is_open;
};

static struct reach reach_of(struct num low, struct num high)
{
    return (struct reach){.low = low, .high = high};
}

/* Of what is not missing: points by band below the lowest band are 0 too, so the least is
 * 0 though completion may lie below. Beyond 100 % goes only at_least, and that only where
 * the plan can be above zero and something can have been done. */
static struct reach completion_reach(enum aim aim, const struct target_result *r)
{
    struct reach out = reach_of(num_int(0), num_int(1));
    bool is_limited = aim != AIM_AT_LEAST || (r->has_plan && num_sign(r->plan) <= 0) ||
                      (r->has_actual && num_sign(r->actual) <= 0);

    out.is_open = !is_limited;
    return out;
}

/* A share of the maximum, which is never below zero. */
static enum dec_status of_maximum(const struct reach *share,
                                  const struct target_result *r, struct reach *out)
{
    *out = reach_of(num_int(0), num_int(0));
    if (!r->has_maximum) {
        out->is_open = share->is_open || num_sign(share->high) > 0;
        return DEC_OK;
    }
    out->is_open = share->is_open && num_sign(r->maximum) > 0;
    enum dec_status status = num_mul(r->maximum, share->low, &out->low);
    return status == DEC_OK ? num_mul(r->maximum, share->high, &out->high) : status;
}

static enum dec_status by_ratio(const struct points *p, const struct reach *completion,
                                const struct target_result *r, struct reach *out)
{
    const struct num zero = num_int(0);
    struct reach share =
        reach_of(num_cmp(completion->low, zero) < 0 ? zero : completion->low,
                 num_cmp(completion->high, zero) < 0 ? zero : completion->high);

    if (p->has_cap) {
        share.low = smaller(share.low, p->cap);
        share.high = completion->is_open ? p->cap : smaller(share.high, p->cap);
    }
    share.is_open = completion->is_open && !p->has_cap;
    return of_maximum(&share, r, out);
}

static enum dec_status all_or_nothing(const struct reach *completion,
                                      const struct target_result *r, struct reach *out)
{
    const struct num one = num_int(1);
    bool may_be_full = completion->is_open || num_cmp(completion->high, one) >= 0;
    struct reach share =
        reach_of(num_int(num_cmp(completion->low, one) >= 0), num_int(may_be_full));

    return of_maximum(&share, r, out);
}

/* The most that `per` gives: its cap (a share of the maximum when it was a percentage),
 * else the maximum. *is_known: false where that is missing. */
static enum dec_status per_limit(const struct points *p, const struct target_result *r,
                                 struct num *out, bool *is_known)
{
    bool is_fixed = p->has_cap && !p->cap_is_percent;

    *is_known = is_fixed || r->has_maximum;
    *out = is_fixed ? p->cap : r->maximum;
    return p->has_cap && p->cap_is_percent && r->has_maximum
               ? num_mul(r->maximum, p->cap, out)
               : DEC_OK;
}

static enum dec_status points_of_steps(const struct points *p, struct num amount,
                                       struct num *out)
{
    enum dec_status status = full_steps(amount, p->per, out);

    return status == DEC_OK ? num_mul(*out, p->per_points, out) : status;
}

static enum dec_status by_steps(const struct points *p, const struct reach *completion,
                                const struct target_result *r, struct reach *out)
{
    struct reach amount = *completion;
    struct num limit;
    bool has_limit = false;

    if (!p->per_is_percent) {
        amount = reach_of(r->has_actual ? r->actual : num_int(0), r->actual);
        amount.is_open = !r->has_actual;
    }
    *out = reach_of(num_int(0), num_int(0));
    enum dec_status status = points_of_steps(p, amount.low, &out->low);
    status = status == DEC_OK ? points_of_steps(p, amount.high, &out->high) : status;
    status = status == DEC_OK ? per_limit(p, r, &limit, &has_limit) : status;
    if (status != DEC_OK) {
        return status;
    }
    out->is_open = amount.is_open && !has_limit;
    out->low = has_limit ? smaller(out->low, limit) : num_int(0);
    if (has_limit) {
        out->high = amount.is_open ? limit : smaller(out->high, limit);
    }
    return DEC_OK;
}

static struct num by_band(const struct points *p, struct num completion)
{
    for (uint32_t i = 0; i < p->n_bands; i++) {
        if (num_cmp(completion, p->bands[i].from) >= 0) {
            return p->bands[i].points;
        }
    }
    return num_int(0);
}

/* Bands need not fall: the best of those that can be reached. */
static struct reach by_bands(const struct points *p, const struct reach *completion,
                             bool is_measured)
{
    struct reach out = reach_of(num_int(0), num_int(0));

    if (is_measured) {
        struct num points = by_band(p, completion->low);
        return reach_of(points, points);
    }
    for (uint32_t i = 0; i < p->n_bands; i++) {
        bool can_be =
            completion->is_open || num_cmp(p->bands[i].from, completion->high) <= 0;
        if (can_be && num_cmp(p->bands[i].points, out.high) > 0) {
            out.high = p->bands[i].points;
        }
    }
    return out;
}

static enum dec_status by_schedule(const struct points *p, bool is_measured,
                                   const struct reach *completion,
                                   const struct target_result *r, struct reach *out)
{
    switch (p->schedule) {
    case SCHEDULE_RATIO:
        return by_ratio(p, completion, r, out);
    case SCHEDULE_ALL_OR_NOTHING:
        return all_or_nothing(completion, r, out);
    case SCHEDULE_PER:
        return by_steps(p, completion, r, out);
    case SCHEDULE_BANDS:
        *out = by_bands(p, completion, is_measured);
        return DEC_OK;
    }
    return DEC_OVERFLOW;
}

enum dec_status points_bonus(const struct points *p, struct num completion,
                             struct num *out)
{
    struct num over, steps;

    *out = num_int(0);
    if (!p->has_bonus) {
        return DEC_OK;
    }
    enum dec_status status = num_sub(completion, p->bonus_over, &over);
    status = status == DEC_OK ? full_steps(over, p->bonus_per, &steps) : status;
    status = status == DEC_OK ? num_mul(steps, p->bonus, out) : status;
    if (status == DEC_OK && p->has_bonus_cap) {
        *out = smaller(*out, p->bonus_cap);
    }
    return status;
}

enum dec_status points_rounded(const struct points *p, struct num v, struct num *out)
{
    *out = v;
    if (!p->has_rounding || num_sign(p->rounding) == 0) {
        return DEC_OK;
    }
    enum dec_status status = num_div(v, p->rounding, out);
    status = status == DEC_OK ? num_round(*out, 0, out) : status;
    return status == DEC_OK ? num_mul(*out, p->rounding, out) : status;
}

static enum dec_status bonus_reach(const struct points *p, const struct reach *completion,
                                   struct reach *out)
{
    *out = reach_of(num_int(0), num_int(0));
    enum dec_status status = points_bonus(p, completion->low, &out->low);
    status = status == DEC_OK ? points_bonus(p, completion->high, &out->high) : status;
    if (completion->is_open && p->has_bonus) {
        out->is_open = !p->has_bonus_cap;
        out->high = p->has_bonus_cap ? p->bonus_cap : out->high;
    }
    return status;
}

/* Base and bonus together, rounded. */
static enum dec_status in_all(const struct points *p, const struct reach *base,
                              const struct reach *bonus, struct reach *out)
{
    enum dec_status status = num_add(base->low, bonus->low, &out->low);

    status = status == DEC_OK ? num_add(base->high, bonus->high, &out->high) : status;
    status = status == DEC_OK ? points_rounded(p, out->low, &out->low) : status;
    out->is_open = base->is_open || bonus->is_open;
    return status == DEC_OK ? points_rounded(p, out->high, &out->high) : status;
}

bool points_reckon(const struct target *t, bool is_measured, struct target_result *r)
{
    const struct points *p = &t->points;
    struct reach completion = is_measured ? reach_of(r->completion, r->completion)
                                          : completion_reach(t->aim, r);
    struct reach base, bonus, all;

    assert(t->has_points);
    assert(!is_measured || r->has_actual);
    if (by_schedule(p, is_measured, &completion, r, &base) != DEC_OK ||
        bonus_reach(p, &completion, &bonus) != DEC_OK ||
        in_all(p, &base, &bonus, &all) != DEC_OK) {
        all = reach_of(num_int(0), num_int(0));
        all.is_open = true;
    }
    r->low = all.low;
    r->high = all.is_open ? all.low : all.high;
    r->high_is_open = all.is_open;
    r->points = all.low;
    return !all.is_open && num_eq(all.low, all.high);
}

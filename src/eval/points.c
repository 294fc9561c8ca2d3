/* See points.h. Schedules: a share of the maximum by completion, all or nothing, so many
 * points for every full step of the actual value, or bands of completion. A bonus counts
 * full steps of completion over its start. */
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

/* The most that `per` gives: its cap (a share of the maximum when it was a percentage),
 * else the maximum. */
static enum dec_status per_limit(const struct points *p, struct num maximum,
                                 struct num *out)
{
    *out = maximum;
    if (!p->has_cap) {
        return DEC_OK;
    }
    if (p->cap_is_percent) {
        return num_mul(maximum, p->cap, out);
    }
    *out = p->cap;
    return DEC_OK;
}

static enum dec_status by_steps(const struct points *p, const struct target_result *r,
                                struct num *out)
{
    struct num steps, limit;
    enum dec_status status =
        full_steps(p->per_is_percent ? r->completion : r->actual, p->per, &steps);

    status = status == DEC_OK ? num_mul(steps, p->per_points, out) : status;
    status = status == DEC_OK ? per_limit(p, r->maximum, &limit) : status;
    if (status == DEC_OK) {
        *out = smaller(*out, limit);
    }
    return status;
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

static enum dec_status by_schedule(const struct points *p, const struct target_result *r,
                                   struct num *out)
{
    switch (p->schedule) {
    case SCHEDULE_RATIO:
        return num_mul(r->maximum,
                       p->has_cap ? smaller(r->completion, p->cap) : r->completion, out);
    case SCHEDULE_ALL_OR_NOTHING:
        *out = num_cmp(r->completion, num_int(1)) >= 0 ? r->maximum : num_int(0);
        return DEC_OK;
    case SCHEDULE_PER:
        return by_steps(p, r, out);
    case SCHEDULE_BANDS:
        *out = by_band(p, r->completion);
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

/* To a whole number of steps of `rounding`, half away from zero. */
static enum dec_status rounded(const struct points *p, struct num v, struct num *out)
{
    *out = v;
    if (!p->has_rounding || num_sign(p->rounding) == 0) {
        return DEC_OK;
    }
    enum dec_status status = num_div(v, p->rounding, out);
    status = status == DEC_OK ? num_round(*out, 0, out) : status;
    return status == DEC_OK ? num_mul(*out, p->rounding, out) : status;
}

/* The most the schedule can give; false: there is no limit. */
static bool highest(const struct points *p, struct num maximum, struct num *out)
{
    enum dec_status status = DEC_OK;

    *out = maximum;
    if (p->schedule == SCHEDULE_RATIO) {
        if (!p->has_cap) {
            return false;
        }
        status = num_mul(maximum, p->cap, out);
    } else if (p->schedule == SCHEDULE_PER) {
        status = per_limit(p, maximum, out);
    } else if (p->schedule == SCHEDULE_BANDS) {
        *out = p->n_bands > 0 ? p->bands[0].points : num_int(0);
        for (uint32_t i = 1; i < p->n_bands; i++) {
            *out = num_cmp(p->bands[i].points, *out) > 0 ? p->bands[i].points : *out;
        }
    }
    if (status == DEC_OK && p->has_bonus) {
        status = p->has_bonus_cap ? num_add(*out, p->bonus_cap, out) : DEC_OVERFLOW;
    }
    return status == DEC_OK && rounded(p, *out, out) == DEC_OK;
}

void points_open(const struct points *p, struct target_result *r)
{
    r->has_points = false;
    r->low = num_int(0);
    r->high = num_int(0);
    r->high_is_open = !r->has_maximum || !highest(p, r->maximum, &r->high);
}

void points_settle(const struct points *p, struct target_result *r)
{
    struct num base, bonus, sum;
    bool is_band = p->schedule == SCHEDULE_BANDS;

    assert(r->has_actual);
    if ((!r->has_maximum && !is_band) || by_schedule(p, r, &base) != DEC_OK ||
        points_bonus(p, r->completion, &bonus) != DEC_OK ||
        num_add(base, bonus, &sum) != DEC_OK || rounded(p, sum, &r->points) != DEC_OK) {
        points_open(p, r);
        return;
    }
    r->has_points = true;
    r->low = r->points;
    r->high = r->points;
}

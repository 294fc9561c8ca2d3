/* Dates and periods. Days are counted, periods are small integers; see value/date.h. */
#include "eval/kernel.h"

#include <string.h>

#define YEAR_MAX 9999

static bool whole(const struct vec *v, uint32_t i, int64_t *out)
{
    return num_to_int64(vec_num(v, i), out);
}

typedef int period_number_of(int32_t p);

static void map_period(struct frame *f, const struct op *op, struct vec *out,
                       period_number_of *function)
{
    const struct vec *a = arg(f, op, 0);
    int64_t *coef = scratch_array(f->engine->batch, frame_n(f), int64_t);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        coef[i] = vec_state(a, i) == CELL_OK ? function(a->when[i]) : 0;
    }
    *out = (struct vec){.kind = VALUE_NUM, .state = a->state, .coef = coef};
}

void fn_YEAR(struct frame *f, const struct op *op, struct vec *out)
{
    map_period(f, op, out, period_year);
}

static int half_of(int32_t p)
{
    return period_kind(p) == PERIOD_HALF ? period_number(p) : 0;
}

void fn_HALF(struct frame *f, const struct op *op, struct vec *out)
{
    map_period(f, op, out, half_of);
}

static int quarter_of(int32_t p)
{
    return period_kind(p) == PERIOD_QUARTER ? period_number(p) : 0;
}

void fn_QUARTER(struct frame *f, const struct op *op, struct vec *out)
{
    map_period(f, op, out, quarter_of);
}

void fn_MONTHS(struct frame *f, const struct op *op, struct vec *out)
{
    map_period(f, op, out, period_months);
}

static void map_when(struct frame *f, const struct op *op, struct vec *out,
                     enum value_kind kind, int32_t (*function)(int32_t p))
{
    const struct vec *a = arg(f, op, 0);
    int32_t *when = scratch_array(f->engine->batch, frame_n(f), int32_t);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        when[i] = vec_state(a, i) == CELL_OK ? function(a->when[i]) : 0;
    }
    *out = (struct vec){.kind = kind, .state = a->state, .when = when};
}

void fn_START(struct frame *f, const struct op *op, struct vec *out)
{
    map_when(f, op, out, VALUE_DAY, period_start);
}

void fn_END(struct frame *f, const struct op *op, struct vec *out)
{
    map_when(f, op, out, VALUE_DAY, period_end);
}

/* A nine-month period has no period before it: missing. */
void fn_PRIOR(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_PERIOD, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        int32_t prior =
            vec_state(a, i) == CELL_OK ? period_prior(a->when[i]) : PERIOD_NONE;
        if (prior != PERIOD_NONE) {
            vec_put_when(&b, i, prior);
        } else {
            vec_put_state(
                &b, i, vec_state(a, i) == CELL_OK ? CELL_NO_PREVIOUS : vec_state(a, i));
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* "H1", "Q3", "06", "9M" of a year; PERIOD_NONE if it is none of them. */
static int32_t part_of_year(int64_t year, struct str part)
{
    char written[16] = {0};
    int32_t p = PERIOD_NONE;

    if (part.n > sizeof written - 5) {
        return PERIOD_NONE;
    }
    for (int k = 3; k >= 0; k--, year /= 10) {
        written[k] = (char)('0' + year % 10);
    }
    written[4] = '-';
    memcpy(written + 5, part.p, part.n);
    return period_parse((struct str){written, part.n + 5}, &p) ? p : PERIOD_NONE;
}

void fn_PERIOD(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *years = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_PERIOD, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = vec_state(years, i);
        int32_t p = PERIOD_NONE;
        int64_t year;
        if (op->n > 1) {
            state = cell_worse(state, vec_state(arg(f, op, 1), i));
        }
        if (state == CELL_OK && whole(years, i, &year) && year > 0 && year <= YEAR_MAX) {
            p = op->n == 1 ? period_make((int)year, PERIOD_YEAR, 1)
                           : part_of_year(
                                 year, dict_str(f->engine->texts, arg(f, op, 1)->id[i]));
        }
        if (p != PERIOD_NONE) {
            vec_put_when(&b, i, p);
        } else {
            vec_put_state(&b, i, state == CELL_OK ? CELL_UNREADABLE : state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* date(y, m, d): no such day is bad. */
void fn_DATE(struct frame *f, const struct op *op, struct vec *out)
{
    struct vec_builder b = vec_build(f->engine->batch, VALUE_DAY, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = CELL_OK;
        int64_t part[3] = {0, 0, 0};
        bool is_whole = true;
        int32_t day = 0;
        for (uint32_t k = 0; k < 3; k++) {
            state = cell_worse(state, vec_state(arg(f, op, k), i));
            is_whole = is_whole && state == CELL_OK &&
                       whole(arg(f, op, k), i, &part[k]) && part[k] > 0 &&
                       part[k] <= YEAR_MAX;
        }
        if (is_whole && date_of((int)part[0], (int)part[1], (int)part[2], &day)) {
            vec_put_when(&b, i, day);
        } else {
            vec_put_state(&b, i, state == CELL_OK ? CELL_UNREADABLE : state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* day + sign * number of days. */
static void move_day(struct frame *f, const struct vec *days, const struct vec *numbers,
                     int64_t sign, struct vec *out)
{
    struct vec_builder b = vec_build(f->engine->batch, VALUE_DAY, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = cell_worse(vec_state(days, i), vec_state(numbers, i));
        int64_t by, to;
        if (state != CELL_OK) {
            vec_put_state(&b, i, state);
        } else if (!whole(numbers, i, &by) || __builtin_mul_overflow(by, sign, &by) ||
                   __builtin_add_overflow(by, (int64_t)days->when[i], &to) ||
                   to <= DAY_MIN || to >= DAY_MAX) {
            vec_put_state(&b, i, CELL_LIMIT);
        } else {
            vec_put_when(&b, i, (int32_t)to);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

void run_day_add(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);

    if (a->kind == VALUE_DAY) {
        move_day(f, a, b, 1, out);
    } else {
        move_day(f, b, a, 1, out);
    }
}

void run_day_sub(struct frame *f, const struct op *op, struct vec *out)
{
    move_day(f, arg(f, op, 0), arg(f, op, 1), -1, out);
}

void run_day_diff(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    uint32_t n = frame_n(f);
    int64_t *days = scratch_array(f->engine->batch, n, int64_t);

    for (uint32_t i = 0; i < n; i++) {
        days[i] = (int64_t)a->when[i] - b->when[i];
    }
    *out = (struct vec){.kind = VALUE_NUM, .coef = days};
    out->state = vec_join_states(f->engine->batch, a, b, n);
}

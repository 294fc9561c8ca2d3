/* Arithmetic and comparison of numbers. Each kernel first tries its narrow form, a
 * straight loop over int64 coefficients that the compiler can vectorise and that gives up
 * at the first overflow; the exact form then redoes the batch number by number. Elements
 * that are not there hold 0 and cost nothing extra. */
#include "eval/kernel.h"

#include <assert.h>

#define POWERS 19
#define MAX_SCALE 18

static const int64_t power_of_ten[POWERS] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

/* The coefficients of v at a larger scale; NULL when some do not fit. */
static const int64_t *at_scale(struct scratch *s, const struct vec *v, int32_t scale,
                               uint32_t n)
{
    if (v->scale == scale) {
        return v->coef;
    }
    int64_t factor = power_of_ten[scale - v->scale];
    int64_t *coef = scratch_array(s, n, int64_t);
    bool has_overflow = false;
    for (uint32_t i = 0; i < n; i++) {
        has_overflow |= __builtin_mul_overflow(v->coef[i], factor, &coef[i]);
    }
    return has_overflow ? NULL : coef;
}

struct narrow_pair {
    const int64_t *a, *b;
    int32_t scale;
};

static bool narrow_pair(struct frame *f, const struct vec *a, const struct vec *b,
                        struct narrow_pair *out)
{
    if (a->coef == NULL || b->coef == NULL) {
        return false;
    }
    int32_t scale = a->scale > b->scale ? a->scale : b->scale;
    if (scale > MAX_SCALE) {
        return false;
    }
    out->scale = scale;
    out->a = at_scale(f->engine->batch, a, scale, frame_n(f));
    out->b = at_scale(f->engine->batch, b, scale, frame_n(f));
    return out->a != NULL && out->b != NULL;
}

typedef enum dec_status exact_operation(struct num a, struct num b, struct num *out);

static uint8_t state_of(enum dec_status status)
{
    switch (status) {
    case DEC_OK:
        return CELL_OK;
    case DEC_OVERFLOW:
        return CELL_LIMIT;
    case DEC_DIV_ZERO:
        return CELL_DIV_ZERO;
    }
    return CELL_LIMIT;
}

static struct vec exactly(struct frame *f, const struct vec *a, const struct vec *b,
                          exact_operation *operation)
{
    uint32_t n = frame_n(f);
    const uint8_t *joined = vec_join_states(f->engine->batch, a, b, n);
    struct vec_builder out = vec_build(f->engine->batch, VALUE_NUM, n);

    for (uint32_t i = 0; i < n; i++) {
        uint8_t state = joined == NULL ? CELL_OK : joined[i];
        struct num result;
        if (state == CELL_OK) {
            state = state_of(operation(vec_num(a, i), vec_num(b, i), &result));
        }
        if (state == CELL_OK) {
            vec_put_num(&out, i, result);
        } else {
            vec_put_state(&out, i, state);
        }
    }
    return vec_built(f->engine->batch, &out, n);
}

static struct vec narrow_result(const uint8_t *state, const int64_t *coef, int32_t scale)
{
    return (struct vec){.kind = VALUE_NUM, .state = state, .coef = coef, .scale = scale};
}

void run_add(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    struct narrow_pair p;
    uint32_t n = frame_n(f);

    if (narrow_pair(f, a, b, &p)) {
        int64_t *sum = scratch_array(f->engine->batch, n, int64_t);
        bool has_overflow = false;
        for (uint32_t i = 0; i < n; i++) {
            has_overflow |= __builtin_add_overflow(p.a[i], p.b[i], &sum[i]);
        }
        if (!has_overflow) {
            *out =
                narrow_result(vec_join_states(f->engine->batch, a, b, n), sum, p.scale);
            return;
        }
    }
    *out = exactly(f, a, b, num_add);
}

void run_sub(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    struct narrow_pair p;
    uint32_t n = frame_n(f);

    if (narrow_pair(f, a, b, &p)) {
        int64_t *difference = scratch_array(f->engine->batch, n, int64_t);
        bool has_overflow = false;
        for (uint32_t i = 0; i < n; i++) {
            has_overflow |= __builtin_sub_overflow(p.a[i], p.b[i], &difference[i]);
        }
        if (!has_overflow) {
            *out = narrow_result(vec_join_states(f->engine->batch, a, b, n), difference,
                                 p.scale);
            return;
        }
    }
    *out = exactly(f, a, b, num_sub);
}

void run_mul(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    uint32_t n = frame_n(f);

    if (a->coef != NULL && b->coef != NULL && a->scale + b->scale <= MAX_SCALE) {
        int64_t *product = scratch_array(f->engine->batch, n, int64_t);
        bool has_overflow = false;
        for (uint32_t i = 0; i < n; i++) {
            has_overflow |= __builtin_mul_overflow(a->coef[i], b->coef[i], &product[i]);
        }
        if (!has_overflow) {
            *out = narrow_result(vec_join_states(f->engine->batch, a, b, n), product,
                                 a->scale + b->scale);
            return;
        }
    }
    *out = exactly(f, a, b, num_mul);
}

void run_div(struct frame *f, const struct op *op, struct vec *out)
{
    *out = exactly(f, arg(f, op, 0), arg(f, op, 1), num_div);
}

void run_neg(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_NUM, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        if (vec_state(a, i) == CELL_OK) {
            vec_put_num(&b, i, num_neg(vec_num(a, i)));
        } else {
            vec_put_state(&b, i, vec_state(a, i));
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* Multiplies by the expression's constant factor. */
void run_scale(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_NUM, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = vec_state(a, i);
        struct num result;
        if (state == CELL_OK) {
            state = state_of(num_mul(vec_num(a, i), op->expr->num, &result));
        }
        if (state == CELL_OK) {
            vec_put_num(&b, i, result);
        } else {
            vec_put_state(&b, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

static bool holds(enum cmp cmp, int order)
{
    switch (cmp) {
    case CMP_EQ:
        return order == 0;
    case CMP_NE:
        return order != 0;
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_GT:
        return order > 0;
    case CMP_GE:
        return order >= 0;
    }
    return false;
}

static void compare_narrow(enum cmp cmp, const struct narrow_pair *p, uint32_t n,
                           uint8_t *flag)
{
    const int64_t *a = p->a, *b = p->b;

    switch (cmp) {
    case CMP_EQ:
        for (uint32_t i = 0; i < n; i++) {
            flag[i] = a[i] == b[i];
        }
        return;
    case CMP_NE:
        for (uint32_t i = 0; i < n; i++) {
            flag[i] = a[i] != b[i];
        }
        return;
    case CMP_LT:
    case CMP_GE:
        for (uint32_t i = 0; i < n; i++) {
            flag[i] = (a[i] < b[i]) == (cmp == CMP_LT);
        }
        return;
    case CMP_LE:
    case CMP_GT:
        for (uint32_t i = 0; i < n; i++) {
            flag[i] = (a[i] <= b[i]) == (cmp == CMP_LE);
        }
        return;
    }
}

void run_compare_num(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    uint32_t n = frame_n(f);
    uint8_t *flag = scratch_array(f->engine->batch, n, uint8_t);
    struct narrow_pair p;

    *out = (struct vec){.kind = VALUE_BOOL, .flag = flag};
    out->state = vec_join_states(f->engine->batch, a, b, n);
    if (narrow_pair(f, a, b, &p)) {
        compare_narrow(op->expr->cmp, &p, n, flag);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        flag[i] = vec_state(out, i) == CELL_OK &&
                  holds(op->expr->cmp, num_cmp(vec_num(a, i), vec_num(b, i)));
    }
}

/* Whether left and right agree within a tolerance: args left, right, tolerance; expr is
 * the comparison
 * (=, <=, >=). Where they agree without it the tolerance is not asked. A negative one
 * counts as 0. */
static uint8_t within(enum cmp cmp, struct num left, struct num right,
                      struct num tolerance, bool *holds_it)
{
    struct num difference;
    enum dec_status status = num_sub(left, right, &difference);

    if (status != DEC_OK) {
        return state_of(status);
    }
    if (num_sign(tolerance) < 0) {
        tolerance = num_int(0);
    }
    bool is_below = num_cmp(difference, tolerance) <= 0;
    bool is_above = num_cmp(num_neg(difference), tolerance) <= 0;
    *holds_it = (cmp == CMP_GE || is_below) && (cmp == CMP_LE || is_above);
    return CELL_OK;
}

void run_within(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *left = arg(f, op, 0), *right = arg(f, op, 1),
                     *tolerance = arg(f, op, 2);
    uint32_t n = frame_n(f);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_BOOL, n);

    for (uint32_t i = 0; i < n; i++) {
        uint8_t state = cell_worse(vec_state(left, i), vec_state(right, i));
        bool holds_it =
            state == CELL_OK &&
            holds(op->expr->cmp, num_cmp(vec_num(left, i), vec_num(right, i)));
        if (state == CELL_OK && !holds_it) {
            state = vec_state(tolerance, i);
        }
        if (state == CELL_OK && !holds_it) {
            state = within(op->expr->cmp, vec_num(left, i), vec_num(right, i),
                           vec_num(tolerance, i), &holds_it);
        }
        if (state == CELL_OK) {
            vec_put_flag(&b, i, holds_it);
        } else {
            vec_put_state(&b, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &b, n);
}

/* Applies an exact function of one number to every element. */
static void map_num(struct frame *f, const struct op *op, struct vec *out,
                    enum dec_status (*function)(struct num a, struct num *out))
{
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_NUM, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = vec_state(a, i);
        struct num result;
        if (state == CELL_OK) {
            state = state_of(function(vec_num(a, i), &result));
        }
        if (state == CELL_OK) {
            vec_put_num(&b, i, result);
        } else {
            vec_put_state(&b, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

static enum dec_status absolute(struct num a, struct num *out)
{
    *out = num_abs(a);
    return DEC_OK;
}

void fn_ABS(struct frame *f, const struct op *op, struct vec *out)
{
    map_num(f, op, out, absolute);
}

void fn_FLOOR(struct frame *f, const struct op *op, struct vec *out)
{
    map_num(f, op, out, num_floor);
}

void fn_CEIL(struct frame *f, const struct op *op, struct vec *out)
{
    map_num(f, op, out, num_ceil);
}

static enum dec_status round_whole(struct num a, struct num *out)
{
    return num_round(a, 0, out);
}

static enum dec_status round_places(struct num a, struct num places, struct num *out)
{
    int64_t p;

    if (!num_to_int64(places, &p) || p < -DEC_DIGITS || p > DEC_DIGITS) {
        return DEC_OVERFLOW;
    }
    return num_round(a, (int32_t)p, out);
}

void fn_ROUND(struct frame *f, const struct op *op, struct vec *out)
{
    if (op->n == 1) {
        map_num(f, op, out, round_whole);
    } else {
        *out = exactly(f, arg(f, op, 0), arg(f, op, 1), round_places);
    }
}

static enum dec_status smaller(struct num a, struct num b, struct num *out)
{
    *out = num_cmp(a, b) <= 0 ? a : b;
    return DEC_OK;
}

static enum dec_status larger(struct num a, struct num b, struct num *out)
{
    *out = num_cmp(a, b) >= 0 ? a : b;
    return DEC_OK;
}

static void fold_num(struct frame *f, const struct op *op, struct vec *out,
                     exact_operation *operation)
{
    *out = *arg(f, op, 0);
    for (uint32_t i = 1; i < op->n; i++) {
        *out = exactly(f, out, arg(f, op, i), operation);
    }
}

void fn_MIN2(struct frame *f, const struct op *op, struct vec *out)
{
    fold_num(f, op, out, smaller);
}

void fn_MAX2(struct frame *f, const struct op *op, struct vec *out)
{
    fold_num(f, op, out, larger);
}

/* See outlier.h. */
#include "eval/outlier.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HB_SHARE 0.05 /* A: keeps the bounds apart where the effects hardly differ */

struct sample {
    const struct num *value, *before; /* per row; before: HB only */
    uint8_t *state, *passes;
    uint32_t *rows; /* of the group at hand, those with a value */
    uint32_t n;
    struct num factor;
    struct arena *a;
    struct outlier_group *group;
};

static int by_value(const void *a, const void *b)
{
    return num_cmp(*(const struct num *)a, *(const struct num *)b);
}

/* The point a share p of the way through sorted values, by linear interpolation. */
static enum dec_status quantile(const struct num *sorted, uint32_t n, struct num p,
                                struct num *out)
{
    struct num place, whole, part, step;
    int64_t at = 0;
    enum dec_status status = num_mul(p, num_int((int64_t)n - 1), &place);

    status = status == DEC_OK ? num_floor(place, &whole) : status;
    status = status == DEC_OK ? num_sub(place, whole, &part) : status;
    if (status != DEC_OK || !num_to_int64(whole, &at)) {
        return DEC_OVERFLOW;
    }
    if (num_sign(part) == 0 || (uint32_t)at + 1 >= n) {
        *out = sorted[at];
        return DEC_OK;
    }
    status = num_sub(sorted[at + 1], sorted[at], &step);
    status = status == DEC_OK ? num_mul(step, part, &step) : status;
    return status == DEC_OK ? num_add(sorted[at], step, out) : status;
}

static struct num *sorted_values(const struct sample *s)
{
    struct num *values = arena_new_array(s->a, (size_t)s->n + 1, struct num);

    for (uint32_t i = 0; i < s->n; i++) {
        values[i] = s->value[s->rows[i]];
    }
    qsort(values, s->n, sizeof *values, by_value);
    return values;
}

static void settle(const struct sample *s, uint32_t row, enum dec_status status,
                   bool passes)
{
    s->state[row] = status == DEC_OK         ? CELL_OK
                    : status == DEC_DIV_ZERO ? CELL_DIV_ZERO
                                             : CELL_LIMIT;
    s->passes[row] = passes;
}

/* middle - reach .. middle + reach; without limits where these are too large. */
static void note_limits(const struct sample *s, struct num middle, struct num reach)
{
    struct outlier_group *g = s->group;

    g->middle = middle;
    g->has_limits = num_sub(middle, reach, &g->low) == DEC_OK &&
                    num_add(middle, reach, &g->high) == DEC_OK;
}

/* Where more than half the values are equal the deviation has no measure: only those
 * equal values are settled. */
static void judge_mad(const struct sample *s)
{
    const struct num half = num_dec(5, 1), scale = num_dec(6745, 4);
    struct num *sorted = sorted_values(s);
    struct num *distance = arena_new_array(s->a, (size_t)s->n + 1, struct num);
    struct num middle, mad, reach, bound = num_int(0);
    enum dec_status status = quantile(sorted, s->n, half, &middle);

    for (uint32_t i = 0; i < s->n && status == DEC_OK; i++) {
        status = num_sub(sorted[i], middle, &distance[i]);
        distance[i] = num_abs(distance[i]);
    }
    qsort(distance, s->n, sizeof *distance, by_value);
    status = status == DEC_OK ? quantile(distance, s->n, half, &mad) : status;
    status = status == DEC_OK ? num_mul(mad, s->factor, &bound) : status;
    if (status == DEC_OK && num_div(bound, scale, &reach) == DEC_OK) {
        note_limits(s, middle, reach);
    }
    for (uint32_t i = 0; i < s->n; i++) {
        struct num off = num_int(0);
        enum dec_status own =
            status == DEC_OK ? num_sub(s->value[s->rows[i]], middle, &off) : status;
        bool is_middle = num_sign(off) == 0;
        own = own == DEC_OK ? num_mul(num_abs(off), scale, &off) : own;
        if (own == DEC_OK && !is_middle && num_sign(mad) == 0) {
            own = DEC_DIV_ZERO;
        }
        settle(s, s->rows[i], own, own == DEC_OK && num_cmp(off, bound) <= 0);
    }
}

/* The nearest double, by way of long division of the exact number. */
static double nearest(struct num v)
{
    double d = (double)v.n / (double)v.d;

    return v.scale == 0 ? d : d / pow(10.0, v.scale);
}

/* A distance above or equal to 0 of some four digits, to be read. */
#define FOUR_DIGITS 1e3
#define PLACES_MAX 8
static struct num readable(double distance)
{
    int places = 0;

    while (places < PLACES_MAX && distance < FOUR_DIGITS) {
        distance *= 10;
        places++;
    }
    return num_dec((int64_t)(distance + 0.5), places);
}

/* limit is k^2 * the sum of squares. */
static void note_spread(const struct sample *s, struct num mean, struct num limit)
{
    double reach = sqrt(nearest(limit) / (double)(s->n - 1));

    s->group->middle = mean;
    if (reach < 1e15) {
        note_limits(s, mean, readable(reach));
    }
}

/* |x - mean| <= k * s, as (n - 1) * (x - mean)^2 <= k^2 * sum of squares. */
static void judge_z(const struct sample *s)
{
    struct num mean = num_int(0), squares = num_int(0), limit = num_int(0), off, square;
    enum dec_status status = DEC_OK;

    for (uint32_t i = 0; i < s->n && status == DEC_OK; i++) {
        status = num_add(mean, s->value[s->rows[i]], &mean);
    }
    status = status == DEC_OK ? num_div(mean, num_int(s->n), &mean) : status;
    for (uint32_t i = 0; i < s->n && status == DEC_OK; i++) {
        status = num_sub(s->value[s->rows[i]], mean, &off);
        status = status == DEC_OK ? num_mul(off, off, &square) : status;
        status = status == DEC_OK ? num_add(squares, square, &squares) : status;
    }
    status = status == DEC_OK ? num_mul(s->factor, s->factor, &limit) : status;
    status = status == DEC_OK ? num_mul(limit, squares, &limit) : status;
    if (status == DEC_OK) {
        note_spread(s, mean, limit);
    }
    for (uint32_t i = 0; i < s->n; i++) {
        enum dec_status own =
            status == DEC_OK ? num_sub(s->value[s->rows[i]], mean, &off) : status;
        own = own == DEC_OK ? num_mul(off, off, &square) : own;
        own = own == DEC_OK ? num_mul(square, num_int((int64_t)s->n - 1), &square) : own;
        settle(s, s->rows[i], own, own == DEC_OK && num_cmp(square, limit) <= 0);
    }
}

static void judge_iqr(const struct sample *s)
{
    const struct num *sorted = sorted_values(s);
    struct num low = num_int(0), high = num_int(0), reach;
    enum dec_status status = quantile(sorted, s->n, num_dec(25, 2), &low);
    bool has_middle = quantile(sorted, s->n, num_dec(5, 1), &s->group->middle) == DEC_OK;

    status = status == DEC_OK ? quantile(sorted, s->n, num_dec(75, 2), &high) : status;
    status = status == DEC_OK ? num_sub(high, low, &reach) : status;
    status = status == DEC_OK ? num_mul(reach, s->factor, &reach) : status;
    status = status == DEC_OK ? num_sub(low, reach, &low) : status;
    status = status == DEC_OK ? num_add(high, reach, &high) : status;
    s->group->has_limits = has_middle && status == DEC_OK;
    s->group->low = low;
    s->group->high = high;
    for (uint32_t i = 0; i < s->n; i++) {
        struct num x = s->value[s->rows[i]];
        settle(s, s->rows[i], status,
               status == DEC_OK && num_cmp(x, low) >= 0 && num_cmp(x, high) <= 0);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double quantile_of(const double *sorted, uint32_t n, double p)
{
    double place = p * (double)(n - 1);
    uint32_t at = (uint32_t)place;

    return at + 1 < n ? sorted[at] + (place - at) * (sorted[at + 1] - sorted[at])
                      : sorted[at];
}

/* Effects: the ratio's distance from the middle ratio, the same for a rise and the fall
 * that undoes it, weighted by the root of the larger value. */
static void effects_of(const struct sample *s, double *effect)
{
    double *sorted = arena_new_array(s->a, (size_t)s->n + 1, double);

    for (uint32_t i = 0; i < s->n; i++) {
        effect[i] = nearest(s->value[s->rows[i]]) / nearest(s->before[s->rows[i]]);
        sorted[i] = effect[i];
    }
    qsort(sorted, s->n, sizeof *sorted, by_size);
    double middle = quantile_of(sorted, s->n, 0.5);
    for (uint32_t i = 0; i < s->n; i++) {
        double ratio = effect[i];
        double larger =
            fmax(nearest(s->value[s->rows[i]]), nearest(s->before[s->rows[i]]));
        effect[i] =
            (ratio < middle ? 1 - middle / ratio : ratio / middle - 1) * sqrt(larger);
    }
}

/* The middle of the ratios once more, exact: it is shown. */
static void note_ratio(const struct sample *s)
{
    struct num *ratios = arena_new_array(s->a, (size_t)s->n + 1, struct num);

    for (uint32_t i = 0; i < s->n; i++) {
        if (num_div(s->value[s->rows[i]], s->before[s->rows[i]], &ratios[i]) != DEC_OK) {
            return;
        }
    }
    qsort(ratios, s->n, sizeof *ratios, by_value);
    if (quantile(ratios, s->n, num_dec(5, 1), &s->group->middle) != DEC_OK) {
        s->group->middle = num_int(0);
    }
}

static void judge_hb(const struct sample *s)
{
    double *effect = arena_new_array(s->a, (size_t)s->n + 1, double);
    double *sorted = arena_new_array(s->a, (size_t)s->n + 1, double);
    double factor = nearest(s->factor);

    note_ratio(s);
    effects_of(s, effect);
    memcpy(sorted, effect, s->n * sizeof *sorted);
    qsort(sorted, s->n, sizeof *sorted, by_size);
    double middle = quantile_of(sorted, s->n, 0.5);
    double least = fabs(HB_SHARE * middle);
    double below = fmax(middle - quantile_of(sorted, s->n, 0.25), least);
    double above = fmax(quantile_of(sorted, s->n, 0.75) - middle, least);
    for (uint32_t i = 0; i < s->n; i++) {
        bool is_in =
            effect[i] >= middle - factor * below && effect[i] <= middle + factor * above;
        settle(s, s->rows[i], DEC_OK, is_in);
    }
}

static const struct {
    uint32_t least; /* values in a group */
    void (*judge)(const struct sample *s);
} methods[] = {
    [OUTLIER_MAD] = {5, judge_mad},
    [OUTLIER_Z] = {12, judge_z},
    [OUTLIER_IQR] = {8, judge_iqr},
    [OUTLIER_HB] = {5, judge_hb},
};

uint32_t outlier_least(enum outlier_method method)
{
    assert((size_t)method < COUNT_OF(methods));
    return methods[method].least;
}

/* Reads one argument for every row. */
static void read_values(struct engine *e, const struct check *c, const struct expr *x,
                        struct num *out, uint8_t *state)
{
    const struct facts *facts = &e->facts[c->dataset];
    struct program *p = program_new(e);
    uint32_t slot = program_add(e, p, x);
    size_t mark = scratch_mark(e->batch);

    for (uint32_t at = 0; at < facts->table->n; at += e->batch_rows) {
        uint32_t left = facts->table->n - at;
        struct domain d = {.n = left < e->batch_rows ? left : e->batch_rows,
                           .n_scopes = 1};
        d.scope[0] = (struct scope_rows){.facts = facts, .first = at};
        const struct vec *v = &program_run(e, p, &d, NULL)[slot];
        for (uint32_t i = 0; i < d.n; i++) {
            uint8_t own = vec_state(v, i);
            out[at + i] = own == CELL_OK ? vec_num(v, i) : num_int(0);
            state[at + i] =
                cell_worse(state[at + i], own == CELL_NO_PREVIOUS ? CELL_NA : own);
        }
        scratch_rewind(e->batch, mark);
    }
}

/* A ratio needs two numbers above zero. */
static void need_positive(const struct sample *s, uint32_t n)
{
    for (uint32_t row = 0; row < n; row++) {
        bool is_positive = num_sign(s->value[row]) > 0 && num_sign(s->before[row]) > 0;
        if (s->state[row] == CELL_OK && !is_positive) {
            s->state[row] = CELL_DIV_ZERO;
        }
    }
}

static void judge_group(struct sample *s, enum outlier_method method,
                        const struct keyidx *by, uint32_t first,
                        const struct outlier_group **groups)
{
    s->n = 0;
    for (uint32_t row = first; row != ROW_NONE; row = by->next[row]) {
        if (row < by->table->n && s->state[row] == CELL_OK) {
            s->rows[s->n++] = row;
        }
    }
    if (s->n >= methods[method].least) {
        s->group->n = s->n;
        methods[method].judge(s);
        for (uint32_t i = 0; i < s->n; i++) {
            groups[s->rows[i]] = s->group;
        }
        return;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        s->state[s->rows[i]] = CELL_INCOMPLETE;
    }
}

static void judge_groups(struct engine *e, struct sample *s, enum outlier_method method,
                         const struct keyidx *by, const struct outlier_group **groups)
{
    const struct num zero = num_int(0);

    for (uint32_t i = 0; i < by->n_loose; i++) {
        if (by->loose[i] < by->table->n) {
            s->state[by->loose[i]] = CELL_INNER;
        }
    }
    for (uint32_t g = 0; g < by->n_groups; g++) {
        s->group = arena_new(e->a, struct outlier_group);
        *s->group = (struct outlier_group){.middle = zero, .low = zero, .high = zero};
        judge_group(s, method, by, by->first[g], groups);
        arena_reset(s->a);
    }
}

/* Parents of a tree are members of no group: there is nothing to compare them with. */
static void leave_out(const struct facts *facts, uint8_t *state)
{
    for (uint32_t row = 0; facts->in_aggregates != NULL && row < facts->table->n; row++) {
        state[row] = facts->in_aggregates[row] ? state[row] : CELL_NA;
    }
}

struct uniqueness *outlier_plan(struct engine *e, const struct check *check,
                                const struct expr *x)
{
    assert(x->op == EXPR_OUTLIER && x->outlier != NULL);
    const struct facts *facts = &e->facts[check->dataset];
    uint32_t n = facts->table->n;
    struct num *value = arena_new_array(e->a, (size_t)n + 1, struct num);
    struct num *before = arena_new_array(e->a, (size_t)n + 1, struct num);
    struct uniqueness *u = arena_new(e->a, struct uniqueness);
    const struct outlier_group **groups =
        arena_new_array(e->a, (size_t)n + 1, const struct outlier_group *);
    struct sample s = {.value = value,
                       .before = before,
                       .factor = x->outlier->factor,
                       .a = arena_child(e->a)};

    s.state = arena_new_array(e->a, (size_t)n + 1, uint8_t);
    s.passes = arena_new_array(e->a, (size_t)n + 1, uint8_t);
    s.rows = arena_new_array(e->a, (size_t)n + 1, uint32_t);
    read_values(e, check, x->args[0], value, s.state);
    if (x->n > 1) {
        read_values(e, check, x->args[1], before, s.state);
        need_positive(&s, n);
    }
    leave_out(facts, s.state);
    const struct keyidx *by = keyidx_new(e->a, facts->table, x->outlier->each,
                                         x->outlier->n_each, facts->in_aggregates);
    judge_groups(e, &s, x->outlier->method, by, groups);
    *u = (struct uniqueness){.state = s.state, .is_unique = s.passes, .groups = groups};
    return u;
}

/* Three-valued logic after Kleene, choice, and comparison of what is not a number. A
 * condition whose state is not CELL_OK is unknown; `false and unknown` is false, `true or
 * unknown` is true, whatever the unknown. */
#include "eval/kernel.h"
#include "eval/lookup.h"

#include <assert.h>
#include <string.h>

enum truth { IS_FALSE, IS_TRUE, IS_UNKNOWN };

static enum truth truth_at(const struct vec *v, uint32_t i)
{
    if (vec_state(v, i) != CELL_OK) {
        return IS_UNKNOWN;
    }
    return v->flag[i] ? IS_TRUE : IS_FALSE;
}

void run_not(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0);
    uint8_t *flag = scratch_array(f->engine->batch, frame_n(f), uint8_t);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        flag[i] = !a->flag[i];
    }
    *out = (struct vec){.kind = VALUE_BOOL, .state = a->state, .flag = flag};
}

/* `decisive` settles the result alone: false for and, true for or. */
static void connect(struct frame *f, const struct vec *a, const struct vec *b,
                    enum truth decisive, struct vec *out)
{
    uint32_t n = frame_n(f);
    uint8_t *flag = scratch_array(f->engine->batch, n, uint8_t);

    *out = (struct vec){.kind = VALUE_BOOL, .flag = flag};
    if (a->state == NULL && b->state == NULL) {
        for (uint32_t i = 0; i < n; i++) {
            flag[i] =
                decisive == IS_TRUE ? a->flag[i] | b->flag[i] : a->flag[i] & b->flag[i];
        }
        return;
    }
    uint8_t *state = scratch_array(f->engine->batch, n, uint8_t);
    for (uint32_t i = 0; i < n; i++) {
        enum truth left = truth_at(a, i), right = truth_at(b, i);
        bool is_decided = left == decisive || right == decisive;
        state[i] = is_decided ? CELL_OK : cell_worse(vec_state(a, i), vec_state(b, i));
        flag[i] = is_decided ? decisive == IS_TRUE : decisive == IS_FALSE;
    }
    out->state = state;
}

void run_and(struct frame *f, const struct op *op, struct vec *out)
{
    connect(f, arg(f, op, 0), arg(f, op, 1), IS_FALSE, out);
}

void run_or(struct frame *f, const struct op *op, struct vec *out)
{
    connect(f, arg(f, op, 0), arg(f, op, 1), IS_TRUE, out);
}

/* a implies b is (not a) or b. */
void run_implies(struct frame *f, const struct op *op, struct vec *out)
{
    struct vec negated;

    run_not(f, op, &negated);
    connect(f, &negated, arg(f, op, 1), IS_TRUE, out);
}

void run_if(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *condition = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, op->expr->kind, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        switch (truth_at(condition, i)) {
        case IS_TRUE:
            vec_put_from(&b, i, arg(f, op, 1), i);
            break;
        case IS_FALSE:
            vec_put_from(&b, i, arg(f, op, 2), i);
            break;
        case IS_UNKNOWN:
            vec_put_state(&b, i, vec_state(condition, i));
            break;
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* The first operand that is present: only what is missing is replaced, never what is bad.
 */
void run_coalesce(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);

    if (a->state == NULL) {
        *out = *a;
        return;
    }
    struct vec_builder built = vec_build(f->engine->batch, op->expr->kind, frame_n(f));
    for (uint32_t i = 0; i < frame_n(f); i++) {
        bool is_missing = cell_kind(a->state[i]) == CELL_KIND_MISSING;
        vec_put_from(&built, i, is_missing ? b : a, i);
    }
    *out = vec_built(f->engine->batch, &built, frame_n(f));
}

/* Never unknown, but of an na cell not applicable and of an error an error. */
void run_is_missing(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        switch (cell_kind(vec_state(a, i))) {
        case CELL_KIND_NA:
        case CELL_KIND_ERROR:
            vec_put_state(&b, i, vec_state(a, i));
            break;
        case CELL_KIND_OK:
        case CELL_KIND_BAD:
            vec_put_flag(&b, i, false);
            break;
        case CELL_KIND_MISSING:
            vec_put_flag(&b, i, true);
            break;
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* -1, 0, 1 of element i of a against element j of b, both there and of one kind. */
static int order_at(const struct engine *e, const struct vec *a, uint32_t i,
                    const struct vec *b, uint32_t j)
{
    switch (a->kind) {
    case VALUE_NUM:
        return num_cmp(vec_num(a, i), vec_num(b, j));
    case VALUE_TEXT:
    case VALUE_CODE:
        return a->id[i] == b->id[j]
                   ? 0
                   : str_cmp(dict_str(e->texts, a->id[i]), dict_str(e->texts, b->id[j]));
    case VALUE_DAY:
        return (a->when[i] > b->when[j]) - (a->when[i] < b->when[j]);
    case VALUE_PERIOD:
        return a->when[i] == b->when[j] ? 0 : period_cmp(a->when[i], b->when[j]);
    case VALUE_BOOL:
        return a->flag[i] - b->flag[j];
    case VALUE_ERROR:
        break;
    }
    assert(0 && "compared without a kind");
    return 0;
}

/* Identity: two periods may end and start alike only when they are the same. */
static bool same_at(const struct vec *a, uint32_t i, const struct vec *b, uint32_t j)
{
    switch (a->kind) {
    case VALUE_NUM:
        return num_eq(vec_num(a, i), vec_num(b, j));
    case VALUE_TEXT:
    case VALUE_CODE:
        return a->id[i] == b->id[j];
    case VALUE_DAY:
    case VALUE_PERIOD:
        return a->when[i] == b->when[j];
    case VALUE_BOOL:
        return a->flag[i] == b->flag[j];
    case VALUE_ERROR:
        break;
    }
    assert(0 && "compared without a kind");
    return false;
}

static bool compare_at(const struct frame *f, enum cmp cmp, const struct vec *a,
                       const struct vec *b, uint32_t i)
{
    if (cmp == CMP_EQ || cmp == CMP_NE) {
        return same_at(a, i, b, i) == (cmp == CMP_EQ);
    }
    int order = order_at(f->engine, a, i, b, i);
    bool is_below = cmp == CMP_LT || cmp == CMP_LE;
    bool with_equal = cmp == CMP_LE || cmp == CMP_GE;
    return order == 0 ? with_equal : (order < 0) == is_below;
}

void run_compare_other(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    uint32_t n = frame_n(f);
    uint8_t *flag = scratch_array(f->engine->batch, n, uint8_t);

    *out = (struct vec){.kind = VALUE_BOOL, .flag = flag};
    out->state = vec_join_states(f->engine->batch, a, b, n);
    for (uint32_t i = 0; i < n; i++) {
        flag[i] = vec_state(out, i) == CELL_OK && compare_at(f, op->expr->cmp, a, b, i);
    }
}

/* Whether element i of v, which is there, is one of the constants. */
static bool is_among(const struct constants *c, const struct vec *v, uint32_t i)
{
    struct num number = v->kind == VALUE_NUM ? vec_num(v, i) : num_int(0);
    uint64_t code = v->kind == VALUE_NUM ? 0 : select_code(v, i);
    uint32_t low = 0, high = c->n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = c->num != NULL ? num_cmp(c->num[middle], number)
                                   : (c->code[middle] > code) - (c->code[middle] < code);
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

/* True where an item is equal; else unknown if the value or some item is; else false. The
 * arguments are the value and those items that are no constants. */
void run_in_list(struct frame *f, const struct op *op, struct vec *out)
{
    const struct constants *constants = op->data;
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = vec_state(a, i);
        bool is_there = state == CELL_OK;
        bool is_in = is_there && is_among(constants, a, i);
        for (uint32_t k = 1; k < op->n && !is_in; k++) {
            const struct vec *item = arg(f, op, k);
            uint8_t item_state = vec_state(item, i);
            is_in = is_there && item_state == CELL_OK && same_at(a, i, item, i);
            state = cell_worse(state, item_state);
        }
        if (is_in || state == CELL_OK) {
            vec_put_flag(&b, i, is_in);
        } else {
            vec_put_state(&b, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* low <= x and x <= high, three-valued. */
void run_in_range(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *x = arg(f, op, 0), *low = arg(f, op, 1), *high = arg(f, op, 2);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t below = cell_worse(vec_state(x, i), vec_state(low, i));
        uint8_t above = cell_worse(vec_state(x, i), vec_state(high, i));
        bool is_out = (below == CELL_OK && order_at(f->engine, x, i, low, i) < 0) ||
                      (above == CELL_OK && order_at(f->engine, x, i, high, i) > 0);
        uint8_t state = is_out ? CELL_OK : cell_worse(below, above);
        if (state == CELL_OK) {
            vec_put_flag(&b, i, !is_out);
        } else {
            vec_put_state(&b, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

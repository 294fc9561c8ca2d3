/* Aggregates. One accumulator takes values one by one; a sum of narrow numbers stays in
 * one int64 until it would overflow. An aggregate is unknown when a condition is unknown
 * and none is false, when a selected row has a duplicated key or is an absent row of the
 * expected grid, or when an operand is missing; `count` counts the rows that are there,
 * `list` the values that are there. */
#include "eval/kernel.h"
#include "eval/select.h"

#include <assert.h>
#include <stdlib.h>

#define ROOT_PLACES 12

struct acc {
    uint8_t state; /* CELL_OK, or why the result is unknown */
    uint64_t n;    /* values taken */
    int64_t coef;  /* running sum, in units of 10^-scale */
    int32_t scale;
    struct num sum; /* what no longer fitted coef */
    struct num low, high;
    bool has_true, has_false;
    bool asks_first;    /* some row asked for a period before all data */
    struct num *values; /* median, stddev */
    size_t cap;
    struct dict *distinct; /* list, count_distinct */
};

static const struct acc acc_empty = {.sum = {.n = 0, .d = 1, .scale = 0}};

struct acc *acc_new(struct scratch *s, uint32_t n)
{
    struct acc *accs = scratch_array(s, (size_t)n + 1, struct acc);

    for (uint32_t i = 0; i <= n; i++) {
        accs[i] = acc_empty;
    }
    return accs;
}

struct acc *acc_at(struct acc *accs, uint32_t i)
{
    return &accs[i];
}

void acc_poison(struct acc *acc, uint8_t state)
{
    acc->state = cell_worse(acc->state, state);
}

/* Moves the running coefficient into the exact sum. */
static void spill(struct acc *acc)
{
    if (num_add(acc->sum, num_dec(acc->coef, acc->scale), &acc->sum) != DEC_OK) {
        acc_poison(acc, CELL_LIMIT);
    }
    acc->coef = 0;
}

static void add_to_sum(struct acc *acc, const struct vec *v, uint32_t i)
{
    if (v->coef == NULL) {
        if (num_add(acc->sum, v->num[i], &acc->sum) != DEC_OK) {
            acc_poison(acc, CELL_LIMIT);
        }
        return;
    }
    if (acc->scale != v->scale) {
        spill(acc);
        acc->scale = v->scale;
    }
    if (__builtin_add_overflow(acc->coef, v->coef[i], &acc->coef)) {
        acc->coef = (int64_t)((uint64_t)acc->coef - (uint64_t)v->coef[i]);
        spill(acc);
        acc->coef = v->coef[i];
    }
}

static void add_bound(struct acc *acc, struct num v)
{
    if (acc->n == 0 || num_cmp(v, acc->low) < 0) {
        acc->low = v;
    }
    if (acc->n == 0 || num_cmp(v, acc->high) > 0) {
        acc->high = v;
    }
}

static void add_value(struct engine *e, struct acc *acc, struct num v)
{
    acc->values =
        list_room(e->a, acc->values, (size_t)acc->n, &acc->cap, sizeof *acc->values);
    acc->values[acc->n] = v;
}

/* The value as text, for lists. */
static struct str text_of(struct engine *e, const struct vec *v, uint32_t i)
{
    switch (v->kind) {
    case VALUE_NUM:
        return num_str(e->a, vec_num(v, i));
    case VALUE_TEXT:
    case VALUE_CODE:
        return dict_str(e->texts, v->id[i]);
    case VALUE_DAY:
        return date_str(e->a, v->when[i]);
    case VALUE_PERIOD:
        return period_str(e->a, v->when[i]);
    case VALUE_BOOL:
        return v->flag[i] ? STR("true") : STR("false");
    case VALUE_ERROR:
        break;
    }
    assert(0 && "a value of no kind");
    return STR("");
}

static void add_distinct(struct engine *e, struct acc *acc, const struct vec *v,
                         uint32_t i)
{
    if (acc->distinct == NULL) {
        acc->distinct = dict_new(e->a);
    }
    dict_add(acc->distinct, text_of(e, v, i));
}

/* Takes a value that is there. */
static void take_value(struct engine *e, struct acc *acc, enum agg agg,
                       const struct vec *v, uint32_t i)
{
    switch (agg) {
    case AGG_SUM:
    case AGG_MEAN:
        add_to_sum(acc, v, i);
        break;
    case AGG_MIN:
    case AGG_MAX:
        add_bound(acc, vec_num(v, i));
        break;
    case AGG_MEDIAN:
    case AGG_STDDEV:
        add_value(e, acc, vec_num(v, i));
        break;
    case AGG_COUNT_DISTINCT:
    case AGG_LIST:
        add_distinct(e, acc, v, i);
        break;
    case AGG_ANY:
    case AGG_ALL:
        acc->has_true = acc->has_true || v->flag[i];
        acc->has_false = acc->has_false || !v->flag[i];
        break;
    case AGG_COUNT:
    case AGG_COUNT_ALL:
        break;
    }
    acc->n++;
}

/* Takes a selected operand in whatever state it is. */
static void take_operand(struct engine *e, struct acc *acc, enum agg agg,
                         const struct vec *v, uint32_t i)
{
    uint8_t state = vec_state(v, i);

    if (state == CELL_OK) {
        take_value(e, acc, agg, v, i);
    } else if (state == CELL_NA ||
               (agg == AGG_LIST && cell_kind(state) == CELL_KIND_MISSING)) {
        return;
    } else {
        acc_poison(acc, cell_inside(state));
    }
}

void acc_take(struct engine *e, struct acc *acc, const struct selector *s, enum agg agg,
              const struct pairs *p, uint32_t i)
{
    uint32_t row = p->row[i];
    uint8_t verdict = p->verdict[i];
    const struct facts *facts = s->facts;

    acc->asks_first = acc->asks_first || p->first[i];
    if (verdict == SELECT_OUT || verdict == CELL_NA) {
        return;
    }
    if (row >= facts->table->n) {
        if (agg != AGG_COUNT && agg != AGG_LIST) {
            acc_poison(acc, CELL_INCOMPLETE);
        }
        return;
    }
    if (verdict != SELECT_IN) {
        acc_poison(acc, cell_inside(verdict));
    } else if (facts_duplicate(facts, row)) {
        acc_poison(acc, CELL_DUPLICATE);
    } else if (p->pick == NULL) {
        acc->n++;
    } else {
        take_operand(e, acc, agg, p->pick, i);
    }
}

static int by_value(const void *a, const void *b)
{
    return num_cmp(*(const struct num *)a, *(const struct num *)b);
}

static enum dec_status median_of(const struct acc *acc, struct num *out)
{
    size_t n = (size_t)acc->n;
    struct num sum;

    qsort(acc->values, n, sizeof *acc->values, by_value);
    if (n % 2 == 1) {
        *out = acc->values[n / 2];
        return DEC_OK;
    }
    enum dec_status status = num_add(acc->values[n / 2 - 1], acc->values[n / 2], &sum);
    return status == DEC_OK ? num_div(sum, num_int(2), out) : status;
}

static enum dec_status total_of(const struct acc *acc, struct num *out)
{
    return num_add(acc->sum, num_dec(acc->coef, acc->scale), out);
}

static enum dec_status mean_of(const struct acc *acc, struct num *out)
{
    struct num total;
    enum dec_status status = total_of(acc, &total);

    return status == DEC_OK ? num_div(total, num_int((int64_t)acc->n), out) : status;
}

/* Sum of squared distances from the mean, exactly: sum(x^2) - sum(x)^2 / n. */
static enum dec_status variance_of(const struct acc *acc, struct num *out)
{
    struct num sum = num_int(0), squares = num_int(0), square,
               count = num_int((int64_t)acc->n);
    enum dec_status status = DEC_OK;

    for (uint64_t i = 0; i < acc->n && status == DEC_OK; i++) {
        status = num_mul(acc->values[i], acc->values[i], &square);
        status = status == DEC_OK ? num_add(squares, square, &squares) : status;
        status = status == DEC_OK ? num_add(sum, acc->values[i], &sum) : status;
    }
    status = status == DEC_OK ? num_mul(sum, sum, &square) : status;
    status = status == DEC_OK ? num_div(square, count, &square) : status;
    status = status == DEC_OK ? num_sub(squares, square, &squares) : status;
    return status == DEC_OK ? num_div(squares, num_int((int64_t)acc->n - 1), out)
                            : status;
}

/* Square root by Newton's iteration from above, rounded to ROOT_PLACES places. */
static enum dec_status root_of(struct num v, struct num *out)
{
    struct num x = num_cmp(v, num_int(1)) > 0 ? v : num_int(1), next = x;
    enum dec_status status = num_round(x, ROOT_PLACES + 3, &x);

    for (bool is_closer = num_sign(v) > 0; is_closer && status == DEC_OK;
         x = is_closer ? next : x) {
        status = num_div(v, x, &next);
        status = status == DEC_OK ? num_round(next, ROOT_PLACES + 4, &next) : status;
        status = status == DEC_OK ? num_add(x, next, &next) : status;
        status = status == DEC_OK ? num_div(next, num_int(2), &next) : status;
        status = status == DEC_OK ? num_round(next, ROOT_PLACES + 3, &next) : status;
        is_closer = status == DEC_OK && num_cmp(next, x) < 0;
    }
    if (num_sign(v) == 0) {
        x = v;
    }
    return status == DEC_OK ? num_round(x, ROOT_PLACES, out) : status;
}

static void finish_stddev(const struct acc *acc, struct vec_builder *b, uint32_t i)
{
    struct num variance, root;

    if (acc->n < 2) {
        vec_put_state(b, i, CELL_NO_ROWS);
    } else if (variance_of(acc, &variance) == DEC_OK &&
               root_of(variance, &root) == DEC_OK) {
        vec_put_num(b, i, root);
    } else {
        vec_put_state(b, i, CELL_LIMIT);
    }
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str joined(struct engine *e, const struct dict *values)
{
    uint32_t n = dict_count(values);
    struct str *items = arena_new_array(e->a, n, struct str);
    struct text t = text_in(e->a);

    for (uint32_t i = 0; i < n; i++) {
        items[i] = dict_str(values, i);
    }
    qsort(items, n, sizeof *items, by_text);
    for (uint32_t i = 0; i < n; i++) {
        text_add(&t, i == 0 ? STR("") : STR(", "));
        text_add(&t, items[i]);
    }
    return text_str(&t);
}

static void put_checked(struct vec_builder *b, uint32_t i, enum dec_status status,
                        struct num v)
{
    if (status == DEC_OK) {
        vec_put_num(b, i, v);
    } else {
        vec_put_state(b, i, CELL_LIMIT);
    }
}

static void finish_values(struct engine *e, const struct acc *acc, enum agg agg,
                          struct vec_builder *b, uint32_t i)
{
    struct num v = num_int(0);
    enum dec_status status;

    switch (agg) {
    case AGG_SUM:
        status = total_of(acc, &v);
        put_checked(b, i, status, v);
        break;
    case AGG_MEAN:
        status = mean_of(acc, &v);
        put_checked(b, i, status, v);
        break;
    case AGG_MEDIAN:
        status = median_of(acc, &v);
        put_checked(b, i, status, v);
        break;
    case AGG_MIN:
        vec_put_num(b, i, acc->low);
        break;
    case AGG_MAX:
        vec_put_num(b, i, acc->high);
        break;
    case AGG_STDDEV:
        finish_stddev(acc, b, i);
        break;
    case AGG_COUNT_DISTINCT:
        vec_put_num(b, i, num_int((int64_t)dict_count(acc->distinct)));
        break;
    case AGG_LIST:
        vec_put_id(b, i, dict_add(e->texts, joined(e, acc->distinct)));
        break;
    case AGG_ANY:
        vec_put_flag(b, i, acc->has_true);
        break;
    case AGG_ALL:
        vec_put_flag(b, i, !acc->has_false);
        break;
    case AGG_COUNT:
    case AGG_COUNT_ALL:
        break;
    }
}

void acc_finish(struct engine *e, const struct acc *acc, enum agg agg,
                struct vec_builder *b, uint32_t i)
{
    if (acc->state != CELL_OK) {
        vec_put_state(b, i, acc->state);
    } else if (agg == AGG_COUNT) {
        vec_put_num(b, i, num_int((int64_t)acc->n));
    } else if (acc->n == 0) {
        vec_put_state(b, i, CELL_NO_ROWS);
    } else {
        finish_values(e, acc, agg, b, i);
    }
}

bool acc_is_first(const struct acc *acc)
{
    return acc->asks_first;
}

static void note_first(struct frame *f, uint32_t i, bool is_first)
{
    if (f->first != NULL && is_first) {
        f->first[i] = 1;
    }
}

/* A closed aggregate: its group's result, unless some loose row could belong to the
 * group. */
static void aggregate_closed(struct frame *f, const struct op *op,
                             const struct selector *s, struct vec_builder *b)
{
    bool is_truncated = s->facts->table->is_truncated;
    uint64_t codes[KEYIDX_COLUMNS];
    uint8_t state;

    for (uint32_t i = 0; i < frame_n(f); i++) {
        if (!select_codes(f, op, s, i, codes, &state)) {
            vec_put_state(b, i, cell_inside(state));
            continue;
        }
        uint32_t group = keyidx_find(s->by, codes);
        const struct vec *result = group == GROUP_NONE ? &s->no_group : &s->results;
        uint32_t at = group == GROUP_NONE ? 0 : group;
        state = is_truncated ? CELL_INCOMPLETE : CELL_OK;
        state = s->n_loose == 0 ? state : cell_worse(state, select_loose(s, codes));
        if (state == CELL_OK) {
            vec_put_from(b, i, result, at);
        } else {
            uint8_t own = vec_state(result, at);
            vec_put_state(b, i, own == CELL_NO_ROWS ? state : cell_worse(state, own));
        }
        note_first(f, i,
                   s->is_first != NULL && group != GROUP_NONE && s->is_first[group]);
    }
}

struct aggregation {
    struct engine *e;
    struct acc *accs;
    enum agg agg;
};

static void take_pairs(void *context, const struct selector *s, const struct pairs *p)
{
    const struct aggregation *into = context;

    for (uint32_t i = 0; i < p->n; i++) {
        acc_take(into->e, &into->accs[p->elem[i]], s, into->agg, p, i);
    }
}

static void aggregate_pairs(struct frame *f, const struct op *op,
                            const struct selector *s, struct vec_builder *b)
{
    struct scratch *batch = f->engine->batch;
    struct aggregation into = {f->engine, acc_new(batch, frame_n(f)), op->expr->agg};
    uint8_t *state = scratch_array(batch, frame_n(f), uint8_t);

    select_pairs(f, op, s, state, take_pairs, &into);
    for (uint32_t i = 0; i < frame_n(f); i++) {
        if (s->facts->table->is_truncated) {
            acc_poison(&into.accs[i], CELL_INCOMPLETE);
        }
        if (state[i] != CELL_OK) {
            vec_put_state(b, i, cell_inside(state[i]));
        } else {
            acc_finish(f->engine, &into.accs[i], into.agg, b, i);
            note_first(f, i, acc_is_first(&into.accs[i]));
        }
    }
}

void run_aggregate(struct frame *f, const struct op *op, struct vec *out)
{
    const struct selector *s = plan_selector(op);
    struct vec_builder b = vec_build(f->engine->batch, op->expr->kind, frame_n(f));

    if (s->is_closed) {
        aggregate_closed(f, op, s, &b);
    } else {
        aggregate_pairs(f, op, s, &b);
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* Takes value k of an aggregate over columns, if its condition lets it in. */
static void take_column(struct frame *f, const struct op *op, struct acc *acc, uint32_t k,
                        uint32_t i)
{
    const struct expr *x = op->expr;
    bool counts = x->agg == AGG_COUNT;
    const struct vec *condition = NULL;

    if (x->flag) {
        condition = arg(f, op, counts ? k : op->n / 2 + k);
    }
    uint8_t state = condition == NULL ? CELL_OK : vec_state(condition, i);
    if (state == CELL_NA ||
        (state == CELL_OK && condition != NULL && !condition->flag[i])) {
        return;
    }
    if (state != CELL_OK) {
        acc_poison(acc, cell_inside(state));
    } else if (counts) {
        acc->n++;
    } else {
        take_operand(f->engine, acc, x->agg, arg(f, op, k), i);
    }
}

/* An aggregate over columns of one row: the values, then as many conditions where the
 * expression has them. */
void run_over(struct frame *f, const struct op *op, struct vec *out)
{
    bool has_both = op->expr->flag && op->expr->agg != AGG_COUNT;
    uint32_t n_values = has_both ? op->n / 2 : op->n;
    struct vec_builder b = vec_build(f->engine->batch, op->expr->kind, frame_n(f));
    struct num *values = scratch_array(f->engine->batch, n_values, struct num);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        struct acc acc = acc_empty;
        acc.values = values;
        acc.cap = n_values;
        for (uint32_t k = 0; k < n_values; k++) {
            take_column(f, op, &acc, k, i);
        }
        acc_finish(f->engine, &acc, op->expr->agg, &b, i);
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

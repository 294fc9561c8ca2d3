/* Writing typed cells into growing columns.
 *
 * What most columns never need is allocated with the first cell that needs it: written
 * decimals that differ, approximate values, numbers beyond int64. A record that turns out
 * not to be a row is simply overwritten by the next one; only its side entries have to be
 * taken back (cells_forget). */
#include "data/loader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define POWERS 19

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

void cell_put_state(struct cells *c, uint32_t row, enum cell state)
{
    struct table_column *t = c->column;
    t->state[row] = (uint8_t)state;
    if (c->is_idle) {
        return;
    }
    switch (t->kind) {
    case VALUE_NUM:
        t->coef[row] = 0;
        break;
    case VALUE_BOOL:
        t->flag[row] = 0;
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        t->id[row] = DICT_NONE;
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        t->when[row] = 0;
        break;
    case VALUE_ERROR:
        assert(0 && "a column of no kind");
        break;
    }
}

static uint8_t *side_array(struct arena *a, uint8_t *old, uint32_t room)
{
    return old ? old : arena_new_array(a, room, uint8_t);
}

void cell_put_decimals(struct arena *a, struct cells *c, uint32_t room, uint32_t row,
                       uint32_t decimals)
{
    struct table_column *t = c->column;
    if (t->uniform_decimals == DECIMALS_NONE) {
        t->uniform_decimals = (uint8_t)decimals;
    }
    if (!t->decimals && t->uniform_decimals != decimals) {
        t->decimals = side_array(a, NULL, room);
        memset(t->decimals, t->uniform_decimals,
               room); /* a deferred cell is not the last one */
    }
    if (t->decimals) {
        t->decimals[row] = (uint8_t)decimals;
    }
}

static void put_wide(struct arena *a, struct cells *c, uint32_t room, uint32_t row,
                     struct num value)
{
    struct table_column *t = c->column;
    t->is_wide = side_array(a, t->is_wide, room);
    t->is_wide[row] = 1;
    t->state[row] = CELL_OK;
    t->coef[row] = 0;
    c->wides = list_room(a, c->wides, c->n_wides, &c->cap_wides, sizeof *c->wides);
    c->wides[c->n_wides++] = (struct wide){.row = row, .value = value};
}

void cell_put_num(struct arena *a, struct cells *c, uint32_t room, uint32_t row,
                  struct num value, bool is_approximate)
{
    struct table_column *t = c->column;
    if (c->is_idle) {
        t->state[row] = CELL_OK;
        return;
    }
    uint32_t scale = (uint32_t)value.scale;
    uint32_t decimals = scale > c->shift ? scale - c->shift : 0;
    int64_t coef;
    if (decimals < POWERS && num_narrow(value, (int32_t)(decimals + c->shift), &coef)) {
        cell_put_coef(a, c, room, row, coef, decimals);
    } else {
        put_wide(a, c, room, row, value);
        cell_put_decimals(a, c, room, row, decimals);
    }
    if (is_approximate) {
        t->approximate = side_array(a, t->approximate, room);
        t->approximate[row] = 1;
    }
}

static const struct wide *find_wide(const struct cells *c, uint32_t row)
{
    for (size_t i = c->n_wides; i > 0; i--) { /* it was written last */
        if (c->wides[i - 1].row == row) {
            return &c->wides[i - 1];
        }
    }
    assert(0 && "a wide cell without its value");
    return NULL;
}

static void copy_number(struct arena *a, struct cells *to, uint32_t to_room,
                        uint32_t to_row, const struct cells *from, uint32_t row)
{
    const struct table_column *f = from->column;
    bool is_approximate = f->approximate && f->approximate[row];
    uint32_t decimals = f->decimals ? f->decimals[row] : f->uniform_decimals;
    struct num value = num_dec(f->coef[row], (int32_t)(decimals + from->shift));
    if (f->is_wide && f->is_wide[row]) {
        value = find_wide(from, row)->value;
    }
    cell_put_num(a, to, to_room, to_row, value, is_approximate);
}

void cell_copy(struct arena *a, struct cells *to, uint32_t to_room, uint32_t to_row,
               const struct cells *from, uint32_t row)
{
    const struct table_column *f = from->column;
    struct table_column *t = to->column;
    assert(f->kind == t->kind && to_row < to_room);
    cell_put_state(to, to_row, (enum cell)f->state[row]);
    to->is_waiting |= f->state[row] >= CELL_COUNT;
    if (to->is_idle) {
        return;
    }
    if (f->state[row] >= CELL_COUNT) {
        t->coef[to_row] = f->coef[row];
    }
    if (f->state[row] != CELL_OK) {
        return;
    }
    switch (f->kind) {
    case VALUE_NUM:
        copy_number(a, to, to_room, to_row, from, row);
        break;
    case VALUE_BOOL:
        t->flag[to_row] = f->flag[row];
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        t->id[to_row] = f->id[row];
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        t->when[to_row] = f->when[row];
        break;
    case VALUE_ERROR:
        break;
    }
}

void cells_forget(struct cells *c, uint32_t row)
{
    struct table_column *t = c->column;
    if (t->approximate) {
        t->approximate[row] = 0;
    }
    if (t->is_wide) {
        t->is_wide[row] = 0;
    }
    while (c->n_wides > 0 && c->wides[c->n_wides - 1].row == row) {
        c->n_wides--;
    }
}

/* A side array grows with zeros behind row n; NULL stays NULL. */
static uint8_t *grow_side(struct arena *a, uint8_t *old, uint32_t room, uint32_t wanted)
{
    if (!old) {
        return NULL;
    }
    uint8_t *p = arena_resize(a, old, room, wanted);
    memset(p + room, 0, wanted - room);
    return p;
}

static void *grow(struct arena *a, void *old, size_t size, uint32_t room, uint32_t wanted)
{
    return arena_resize(a, old, size * room, mem_mul(size, wanted));
}

void cells_grow(struct arena *a, struct cells *c, uint32_t room, uint32_t wanted)
{
    struct table_column *t = c->column;
    assert(room < wanted);
    t->state = grow(a, t->state, sizeof *t->state, room, wanted);
    t->approximate = grow_side(a, t->approximate, room, wanted);
    t->is_wide = grow_side(a, t->is_wide, room, wanted);
    t->decimals = grow_side(a, t->decimals, room, wanted);
    if (c->is_idle) {
        return;
    }
    switch (t->kind) {
    case VALUE_NUM:
        t->coef = grow(a, t->coef, sizeof *t->coef, room, wanted);
        break;
    case VALUE_BOOL:
        t->flag = grow(a, t->flag, sizeof *t->flag, room, wanted);
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        t->id = grow(a, t->id, sizeof *t->id, room, wanted);
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        t->when = grow(a, t->when, sizeof *t->when, room, wanted);
        break;
    case VALUE_ERROR:
        assert(0 && "a column of no kind");
        break;
    }
}

void cells_fill(struct cells *c, uint32_t from, uint32_t to, enum cell state)
{
    for (uint32_t row = from; row < to; row++) {
        cell_put_state(c, row, state);
    }
}

static uint32_t written(const struct table_column *t, uint32_t row)
{
    return t->decimals ? t->decimals[row] : t->uniform_decimals;
}

static bool is_narrow(const struct table_column *t, uint32_t row)
{
    return t->state[row] == CELL_OK && !(t->is_wide && t->is_wide[row]);
}

/* The coefficient of one number at `scale` decimals; false: it does not fit. */
static bool rescale(int64_t *coef, uint32_t decimals, uint32_t scale)
{
    int64_t c = *coef;
    while (decimals > scale && c % 10 == 0) {
        c /= 10;
        decimals--;
    }
    if (decimals > scale ||
        __builtin_mul_overflow(c, power_of_ten[scale - decimals], &c)) {
        return false;
    }
    *coef = c;
    return true;
}

/* Brings all numbers to one scale; those that have no coefficient there become wide. */
static void settle_scale(struct arena *a, struct cells *c, uint32_t n, uint32_t room)
{
    struct table_column *t = c->column;
    uint32_t scale = t->decimals ? 0 : t->uniform_decimals;
    for (uint32_t row = 0; t->decimals && row < n; row++) {
        bool is_longer = t->decimals[row] > scale && is_narrow(t, row);
        scale = is_longer ? t->decimals[row] : scale;
    }
    bool is_settled = !t->decimals && scale <= SCALE_SHARED;
    scale = scale < SCALE_SHARED ? scale : SCALE_SHARED;
    t->scale = (int32_t)(scale + c->shift);
    for (uint32_t row = 0; !is_settled && row < n; row++) {
        uint32_t decimals = written(t, row);
        if (is_narrow(t, row) && !rescale(&t->coef[row], decimals, scale)) {
            put_wide(a, c, room, row,
                     num_dec(t->coef[row], (int32_t)(decimals + c->shift)));
        }
    }
}

static int by_row(const void *x, const void *y)
{
    uint32_t a = ((const struct wide *)x)->row, b = ((const struct wide *)y)->row;
    return a < b ? -1 : a > b;
}

void cells_finish(struct arena *a, struct cells *c, uint32_t n, uint32_t room)
{
    struct table_column *t = c->column;
    if (t->uniform_decimals == DECIMALS_NONE) {
        t->uniform_decimals = 0;
    }
    if (t->kind == VALUE_NUM && !c->is_idle) {
        settle_scale(a, c, n, room);
    }
    if (c->n_wides > 0) {
        qsort(c->wides, c->n_wides, sizeof *c->wides, by_row);
    }
    t->wide = c->wides;
    t->n_wide = (uint32_t)c->n_wides;
    unsigned bad = 0;
    for (uint32_t row = 0; row < n; row++) {
        bad |= t->state[row];
    }
    t->is_all_ok = bad == 0 && c->n_wides == 0;
}

/* Reading and extending a loaded table. */
#include "data/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int wide_order(const void *key, const void *item)
{
    uint32_t row = *(const uint32_t *)key;
    uint32_t other = ((const struct wide *)item)->row;
    return row < other ? -1 : row > other;
}

struct num column_num(const struct table_column *c, uint32_t row)
{
    assert(c && c->kind == VALUE_NUM && !c->is_idle && c->state[row] == CELL_OK);
    if (!c->is_wide || !c->is_wide[row]) {
        return num_dec(c->coef[row], c->scale);
    }
    const struct wide *w = bsearch(&row, c->wide, c->n_wide, sizeof *w, wide_order);
    assert(w);
    return w->value;
}

struct cell_value table_cell(const struct table_column *c, uint32_t row)
{
    assert(c && c->state && !c->is_idle);
    struct cell_value v = {.state = c->state[row], .kind = c->kind, .id = DICT_NONE};
    if (v.state != CELL_OK) {
        return v;
    }
    switch (c->kind) {
    case VALUE_NUM:
        v.num = column_num(c, row);
        v.is_approximate = c->approximate && c->approximate[row];
        break;
    case VALUE_BOOL:
        v.flag = c->flag[row] != 0;
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        v.id = c->id[row];
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        v.when = c->when[row];
        break;
    case VALUE_ERROR:
        assert(0 && "a column of no kind");
        break;
    }
    return v;
}

uint32_t table_file_of(const struct table *t, uint32_t row)
{
    assert(t && row < t->n);
    uint32_t lo = 0, hi = t->n_files;
    while (hi - lo > 1) { /* file `lo` begins at or before the row */
        uint32_t middle = lo + (hi - lo) / 2;
        if (t->files[middle].first_row <= row) {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    assert(row - t->files[lo].first_row < t->files[lo].n_rows);
    return lo;
}

/* An array of `room` items made one of `wanted`; what lies from item n on is zero. NULL
 * stays NULL. */
static void *extend(struct arena *a, void *old, size_t size, const struct table *t,
                    size_t wanted)
{
    if (!old) {
        return NULL;
    }
    unsigned char *p = arena_resize(a, old, size * t->room, mem_mul(size, wanted));
    memset(p + size * t->n, 0, size * (wanted - t->n));
    return p;
}

void table_add_absent(struct arena *a, struct table *t, uint32_t n)
{
    assert(a && t && t->n_absent == 0 && n < ROW_NONE - t->n);
    size_t rows = (size_t)t->n + n;
    size_t room = rows < t->room ? t->room : rows;
    for (uint32_t i = 0; i < t->schema->n_columns; i++) {
        struct table_column *c = &t->columns[i];
        c->state = extend(a, c->state, sizeof *c->state, t, room);
        c->approximate = extend(a, c->approximate, sizeof *c->approximate, t, room);
        c->coef = extend(a, c->coef, sizeof *c->coef, t, room);
        c->is_wide = extend(a, c->is_wide, sizeof *c->is_wide, t, room);
        c->decimals = extend(a, c->decimals, sizeof *c->decimals, t, room);
        c->id = extend(a, c->id, sizeof *c->id, t, room);
        c->when = extend(a, c->when, sizeof *c->when, t, room);
        c->flag = extend(a, c->flag, sizeof *c->flag, t, room);
        memset(c->state + t->n, CELL_ABSENT_ROW, n);
        for (size_t row = t->n; c->id && row < rows; row++) {
            c->id[row] = DICT_NONE;
        }
        c->is_all_ok = c->is_all_ok && n == 0;
    }
    t->n_absent = n;
    t->room = (uint32_t)room;
}

/* The column of a virtual row that is about to be set. */
static struct table_column *absent_column(struct table *t, uint32_t column, uint32_t row)
{
    assert(t && column < t->schema->n_columns);
    assert(row >= t->n && row - t->n < t->n_absent);
    struct table_column *c = &t->columns[column];
    c->state[row] = CELL_OK;
    return c;
}

void table_set_id(struct table *t, uint32_t column, uint32_t row, uint32_t id)
{
    struct table_column *c = absent_column(t, column, row);
    assert(c->id);
    c->id[row] = id;
}

void table_set_when(struct table *t, uint32_t column, uint32_t row, int32_t when)
{
    struct table_column *c = absent_column(t, column, row);
    assert(c->when);
    c->when[row] = when;
}

void table_set_num(struct table *t, uint32_t column, uint32_t row, struct num value)
{
    struct table_column *c = absent_column(t, column, row);
    assert(c->coef);
    bool fits = num_narrow(value, c->scale, &c->coef[row]);
    assert(fits);
    (void)fits;
}

void table_set_flag(struct table *t, uint32_t column, uint32_t row, bool flag)
{
    struct table_column *c = absent_column(t, column, row);
    assert(c->flag);
    c->flag[row] = flag;
}

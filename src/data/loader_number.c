/* Number cells, and what a file's cells say about its number format.
 *
 * Three ways, the quickest first: plain integers; digits with one mark; everything else
 * through number_read. In a file of unknown format each cell with marks narrows the
 * formats that are still possible to those that can read it. A cell whose readings agree
 * has its value at once. One that reads differently (5.581) waits for the end of the
 * file: its digits as coefficient with a state of its own, so that a file full of such
 * cells costs no more than any other; unusual spellings as text. */
#include "data/loader.h"

#include <assert.h>
#include <string.h>

#define BIT(format) (1u << (format))
#define POINT_FORMATS (BIT(NUMFMT_EN) | BIT(NUMFMT_PLAIN))
#define GROUP_DIGITS 3u
#define SHORT_DIGITS 18u

static bool is_whole_type(enum column_type t)
{
    return t == COLUMN_COUNT || t == COLUMN_INTEGER || t == COLUMN_YEAR;
}

static bool is_year(struct str cell)
{
    bool is_all = cell.n == 4;
    for (size_t i = 0; is_all && i < cell.n; i++) {
        is_all = cell.p[i] >= '0' && cell.p[i] <= '9';
    }
    return is_all;
}

/* One of the reasons that the formats give, the most telling one first. */
static enum numfmt_status most_telling(const struct numfmt_cell *cell, unsigned asked)
{
    static const enum numfmt_status order[] = {
        NUMFMT_EMPTY,    NUMFMT_EXCEL_ERROR, NUMFMT_EXPONENT,  NUMFMT_LOOKALIKE,
        NUMFMT_TOO_LONG, NUMFMT_PERCENT,     NUMFMT_NO_DIGITS, NUMFMT_GROUPING,
    };
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
            if ((asked & BIT(f)) && cell->status[f] == order[i]) {
                return order[i];
            }
        }
    }
    return NUMFMT_TRAILING;
}

/* A percentage as a number: 12,5 is 0,125. False: too long. */
static bool take_percent(struct num *v)
{
    if (v->scale + 2 <= DEC_DIGITS) {
        v->scale += 2;
        return true;
    }
    return num_mul(*v, num_dec(1, 2), v) == DEC_OK;
}

/* Drops readings with decimals where another has none, in a whole-number column. */
static void prefer_whole(struct number_reading *r)
{
    unsigned whole = 0;
    for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
        bool is_whole = (r->formats & BIT(f)) && r->value[f].scale == 0;
        whole |= is_whole ? BIT(f) : 0;
    }
    r->formats = whole ? whole : r->formats;
}

static bool is_misfit(const struct column *c, const struct number_reading *r,
                      struct str cell)
{
    if (c->type == COLUMN_YEAR) {
        return !is_year(cell);
    }
    bool is_fraction = false;
    for (unsigned f = 0; f < NUMFMT_COUNT && is_whole_type(c->type); f++) {
        is_fraction |= (r->formats & BIT(f)) && !num_is_whole(r->value[f]);
    }
    return is_fraction;
}

void number_read(const struct column *c, enum numfmt format, struct str cell,
                 struct number_reading *out)
{
    assert(c && out);
    struct numfmt_cell read;
    unsigned asked = format == NUMFMT_AUTO ? FORMATS_ALL : BIT(format);
    cell = str_trim(cell);
    numfmt_read(cell, c->type == COLUMN_PERCENT, &read);

    *out = (struct number_reading){.is_approximate = read.is_approximate,
                                   .has_mark = read.has_mark};
    for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
        if (!(asked & BIT(f)) || read.status[f] != NUMFMT_OK) {
            continue;
        }
        if (c->type == COLUMN_PERCENT && !take_percent(&read.value[f])) {
            read.status[f] = NUMFMT_TOO_LONG;
            continue;
        }
        out->value[f] = read.value[f];
        out->formats |= BIT(f);
    }
    if (out->formats == 0) {
        out->why = most_telling(&read, asked);
        return;
    }
    if (is_whole_type(c->type)) {
        prefer_whole(out);
    }
    out->is_misfit = is_misfit(c, out, cell);
}

bool number_settle(const struct number_reading *r, unsigned mask, struct num *out)
{
    assert(r && r->formats != 0 && out);
    unsigned left = r->formats & mask ? r->formats & mask : r->formats;
    const struct num *one = NULL;
    for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
        if (!(left & BIT(f))) {
            continue;
        }
        if (one && !num_eq(*one, r->value[f])) {
            return false;
        }
        one = one ? one : &r->value[f];
    }
    assert(one && "a reading has at least one format");
    *out = *one;
    return true;
}

static void defer(struct loader *l, const struct loading *c, struct str cell)
{
    struct evidence *e = &l->evidence;
    size_t wanted = mem_add(e->n_texts, cell.n);
    if (wanted > e->cap_texts) {
        size_t cap = mem_mul(wanted, 2);
        e->texts = arena_resize(l->a, e->texts, e->cap_texts, cap);
        e->cap_texts = cap;
    }
    memcpy(e->texts + e->n_texts, cell.p, cell.n);
    e->items = list_room(l->a, e->items, e->n, &e->cap, sizeof *e->items);
    e->items[e->n++] = (struct deferred){
        .column = (uint32_t)(c - l->columns),
        .row = l->table->n,
        .table = TABLE_ROWS,
        .text = e->n_texts,
        .n = (uint32_t)cell.n,
    };
    e->n_texts += cell.n;
}

/* Anything but the two quick shapes. */
static void take_any(struct loader *l, struct loading *c, struct str cell)
{
    struct cells *cells = &c->cells[TABLE_ROWS];
    uint32_t row = l->table->n;
    struct number_reading r;
    number_read(c->of, l->numbers, cell, &r);
    if (r.has_mark && r.formats != 0) {
        l->evidence.in_row &= r.formats;
    }
    struct num value;
    if (r.formats == 0 || r.is_misfit) {
        cell_put_state(cells, row, CELL_UNREADABLE);
    } else if (number_settle(&r, FORMATS_ALL, &value)) {
        cell_put_num(l->a, cells, l->room[TABLE_ROWS], row, value, r.is_approximate);
    } else {
        cell_put_state(cells, row, CELL_AMBIGUOUS);
        defer(l, c, cell);
    }
}

/* Digits, one mark, digits; a '-' may stand in front. */
struct simple {
    int64_t coef;
    uint32_t decimals; /* digits behind the mark */
    char mark;
    bool may_group; /* the mark may also stand between thousands */
};

static bool read_simple(struct str s, struct simple *out)
{
    size_t at = s.n > 0 && s.p[0] == '-';
    size_t mark = s.n;
    while (mark > at && s.p[mark - 1] >= '0' && s.p[mark - 1] <= '9') {
        mark--;
    }
    if (mark-- <= at + 1 || (s.p[mark] != '.' && s.p[mark] != ',')) {
        return false;
    }
    int64_t whole, part;
    size_t decimals = s.n - mark - 1;
    if (s.n - at > SHORT_DIGITS + 1 || s.p[at] == '-' ||
        !numfmt_read_plain_int(s.p + at, mark - at, &whole) ||
        !numfmt_read_plain_int(s.p + mark + 1, decimals, &part)) {
        return false;
    }
    for (size_t i = 0; i < decimals; i++) {
        whole *= 10;
    }
    *out = (struct simple){
        .coef = at ? -(whole + part) : whole + part,
        .decimals = (uint32_t)decimals,
        .mark = s.p[mark],
        .may_group =
            decimals == GROUP_DIGITS && mark - at <= GROUP_DIGITS && s.p[at] != '0',
    };
    return true;
}

/* Formats in which the mark is a decimal mark, and those in which it is one between
 * thousands. */
static unsigned decimal_formats(char mark)
{
    return mark == ',' ? BIT(NUMFMT_VI) : POINT_FORMATS;
}

static unsigned group_formats(char mark)
{
    return mark == ',' ? BIT(NUMFMT_EN) : BIT(NUMFMT_VI);
}

/* A simple number in a format that is declared. False: its mark is no decimal mark there.
 */
static bool take_declared(struct loader *l, struct loading *c, const struct simple *s)
{
    if (!(decimal_formats(s->mark) & BIT(l->numbers))) {
        return false;
    }
    cell_put_coef(l->a, &c->cells[TABLE_ROWS], l->room[TABLE_ROWS], l->table->n, s->coef,
                  s->decimals);
    return true;
}

bool number_take_simple(struct loader *l, struct loading *c, struct str cell)
{
    struct cells *cells = &c->cells[TABLE_ROWS];
    uint32_t row = l->table->n;
    struct simple s;
    if (is_whole_type(c->of->type) || !read_simple(cell, &s)) {
        return false;
    }
    if (l->numbers != NUMFMT_AUTO) {
        return take_declared(l, c, &s);
    }
    if (!s.may_group) {
        l->evidence.in_row &= decimal_formats(s.mark);
        cell_put_coef(l->a, cells, l->room[TABLE_ROWS], row, s.coef, s.decimals);
        return true;
    }
    l->evidence.in_row &= decimal_formats(s.mark) | group_formats(s.mark);
    cells->column->state[row] = s.mark == ',' ? WAITS_COMMA : WAITS_POINT;
    if (!cells->is_idle) {
        cells->column->coef[row] = s.coef;
    }
    cells->is_waiting = true;
    return true;
}

static bool take_int(struct loader *l, struct loading *c, struct str cell)
{
    return (c->of->type != COLUMN_YEAR || is_year(cell)) &&
           number_take_plain(l, c, cell.p, cell.n);
}

void number_take(struct loader *l, struct loading *c, struct str cell)
{
    struct cells *cells = &c->cells[TABLE_ROWS];
    cell = str_trim(cell);
    switch (coded_of(l->a, &l->coded, cell)) {
    case CODED_NONE:
        if (!number_take_simple(l, c, cell) && !take_int(l, c, cell)) {
            take_any(l, c, cell);
        }
        break;
    case CODED_MISSING:
        cell_put_state(cells, l->table->n, CELL_EMPTY);
        break;
    case CODED_ZERO:
        cell_put_coef(l->a, cells, l->room[TABLE_ROWS], l->table->n, 0, 0);
        break;
    case CODED_NA:
        cell_put_state(cells, l->table->n, CELL_NA);
        break;
    }
}

void evidence_begin(struct evidence *e)
{
    e->formats = e->in_row = FORMATS_ALL;
    e->n = e->row_start = e->n_texts = 0;
}

void evidence_keep_row(struct evidence *e, uint32_t table, uint32_t row)
{
    e->formats &= e->in_row;
    e->in_row = FORMATS_ALL;
    for (size_t i = e->row_start; i < e->n; i++) {
        e->items[i].table = table;
        e->items[i].row = row;
    }
    e->row_start = e->n;
}

void evidence_drop_row(struct evidence *e)
{
    e->in_row = FORMATS_ALL;
    e->n = e->row_start;
}

static enum numfmt settled_format(unsigned formats)
{
    if (formats == POINT_FORMATS) {
        return NUMFMT_PLAIN; /* points and no groups: both read the file alike */
    }
    for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
        if (formats == BIT(f)) {
            return (enum numfmt)f;
        }
    }
    return NUMFMT_AUTO;
}

static void settle_texts(struct loader *l)
{
    const struct evidence *e = &l->evidence;
    for (size_t i = 0; i < e->n; i++) {
        const struct deferred *d = &e->items[i];
        struct loading *c = &l->columns[d->column];
        struct number_reading r;
        struct num value;
        number_read(c->of, NUMFMT_AUTO, (struct str){e->texts + d->text, d->n}, &r);
        if (e->formats != 0 && number_settle(&r, e->formats, &value)) {
            cell_put_num(l->a, &c->cells[d->table], l->room[d->table], d->row, value,
                         r.is_approximate);
        }
    }
}

/* A cell that waits with its digits: the mark is a decimal mark, stands between
 * thousands, or may be either. */
static void settle_cell(struct loader *l, struct cells *c, uint32_t room, uint32_t row)
{
    struct table_column *t = c->column;
    char mark = t->state[row] == WAITS_COMMA ? ',' : '.';
    unsigned formats = l->evidence.formats;
    bool may_group = (formats & group_formats(mark)) != 0;
    bool may_be_decimal = (formats & decimal_formats(mark)) != 0;
    if (may_group == may_be_decimal) {
        cell_put_state(c, row, CELL_AMBIGUOUS);
    } else {
        int64_t coef = c->is_idle ? 0 : t->coef[row];
        cell_put_coef(l->a, c, room, row, coef, may_group ? 0 : GROUP_DIGITS);
    }
}

static void settle_waiting(struct loader *l, uint32_t table, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < l->table->schema->n_columns; i++) {
        struct cells *c = &l->columns[i].cells[table];
        for (uint32_t row = from; c->is_waiting && row < to; row++) {
            if (c->column->state[row] >= CELL_COUNT) {
                settle_cell(l, c, l->room[table], row);
            }
        }
        c->is_waiting = false;
    }
}

enum numfmt evidence_settle(struct loader *l)
{
    if (l->numbers != NUMFMT_AUTO) {
        return l->numbers;
    }
    settle_texts(l);
    settle_waiting(l, TABLE_ROWS, l->file->first_row, l->table->n);
    settle_waiting(l, TABLE_TOTALS, l->first_totals, l->table->n_totals);
    return settled_format(l->evidence.formats);
}

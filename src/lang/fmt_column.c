/* The columns of a data set as a table: name, type, modifiers, headers.
 *
 * A row that does not fit on a line has its headers on lines of their own. Of all ways to
 * align the rest the one is taken that keeps most rows on their line and most headers
 * below one another: modifiers below one another or straight behind their type (always so
 * where a row has a header but no modifiers); types below one another in all rows, or not
 * behind the names of rows that are too long anyway; headers wherever it suits. */
#include "lang/fmt_state.h"

#include <assert.h>

#define CELL_COLUMNS 28 /* wider cells do not move what stands below them */
#define NAME (INDENT + 7)

struct row {
    uint32_t lo, hi;
    uint32_t type, modifiers,
        headers;  /* tokens; what is not there begins with the next */
    uint32_t end; /* column where the cells before the headers end */
    bool is_long; /* wherever its headers stand */
    bool is_wrapped;
};

/* What gets a line of its own in a row that does not fit. */
static bool begins_header(const struct fmt *f, uint32_t i)
{
    return f->tokens[i].mark == MARK_MODIFIER &&
           (fmt_is(f, i, "vi") || fmt_is(f, i, "en") || fmt_is(f, i, "undefined"));
}

static uint32_t next_header(const struct fmt *f, uint32_t i, uint32_t hi)
{
    while (i < hi && !begins_header(f, i)) {
        i++;
    }
    return i;
}

/* column NAME TYPE [of UNIT] modifiers headers */
static struct row read_row(const struct fmt *f, uint32_t lo, uint32_t hi)
{
    assert(lo + 3 <= hi && fmt_is(f, lo, "column"));
    struct row r = {.lo = lo, .hi = hi, .type = lo + 2};
    uint32_t i = lo + 3;
    while (i < hi && (f->tokens[i].mark == MARK_NONE || fmt_is_keyword(f, i, "of") ||
                      fmt_is_keyword(f, i, "column"))) {
        i++;
    }
    r.modifiers = i;
    r.headers = next_header(f, i, hi);
    r.is_long =
        fmt_has_comments(f, lo, hi) || INDENT + fmt_width(f, lo, hi) > FMT_COLUMNS;
    return r;
}

static uint32_t wider(uint32_t widest, uint32_t width)
{
    return width <= CELL_COLUMNS && width > widest ? width : widest;
}

struct table {
    struct row *rows;
    size_t n;
    bool counts_long;    /* the names of rows that are too long anyway */
    bool is_apart;       /* modifiers from types */
    uint32_t name, type; /* widths */
    uint32_t headers;    /* column */
};

static bool has_modifiers(const struct row *r)
{
    return r->modifiers < r->headers;
}

static bool has_headers(const struct row *r)
{
    return r->headers < r->hi;
}

static uint32_t type_column(const struct fmt *f, const struct table *t,
                            const struct row *r)
{
    uint32_t name = f->tokens[r->lo + 1].width;
    return NAME + (name > t->name ? name : t->name) + 1;
}

static void find_widths(const struct fmt *f, struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct row *r = &t->rows[i];
        if (t->counts_long || !r->is_long) {
            t->name = wider(t->name, f->tokens[r->lo + 1].width);
        }
        if (t->is_apart && has_modifiers(r)) {
            t->type = wider(t->type, fmt_width(f, r->type, r->modifiers));
        }
    }
}

static void find_ends(const struct fmt *f, struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct row *r = &t->rows[i];
        uint32_t type = fmt_width(f, r->type, r->modifiers);
        r->end = type_column(f, t, r) + type;
        if (has_modifiers(r)) {
            r->end += (t->type > type ? t->type - type : 0) + 1 +
                      fmt_width(f, r->modifiers, r->headers);
        }
    }
}

/* What it costs the reader to have headers at `column`: a row that needs more lines by it
 * counts as two whose headers stand elsewhere. */
static size_t cost_of(const struct fmt *f, const struct table *t, uint32_t column)
{
    size_t cost = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct row *r = &t->rows[i];
        if (r->is_long || !has_headers(r)) {
            cost += !r->is_long && r->end > FMT_COLUMNS ? 2 : 0;
            continue;
        }
        uint32_t start = r->end < column ? column : r->end + 1;
        bool is_wrapped = start + fmt_width(f, r->headers, r->hi) > FMT_COLUMNS;
        cost += is_wrapped ? 2 : start > column;
    }
    return cost;
}

/* Aligns the rows; gives what that costs. */
static size_t align(const struct fmt *f, struct table *t)
{
    size_t least = SIZE_MAX;
    t->name = t->type = 0;
    find_widths(f, t);
    find_ends(f, t);
    for (uint32_t column = 0; column < FMT_COLUMNS; column++) {
        size_t cost = cost_of(f, t, column);
        if (cost < least) {
            least = cost;
            t->headers = column;
        }
    }
    for (size_t i = 0; i < t->n; i++) {
        struct row *r = &t->rows[i];
        uint32_t column = r->end < t->headers ? t->headers : r->end + 1;
        uint32_t end = has_headers(r) ? column + fmt_width(f, r->headers, r->hi) : r->end;
        r->is_wrapped = r->is_long || end > FMT_COLUMNS;
    }
    return least;
}

static void find_best(const struct fmt *f, struct table *t)
{
    struct table best = *t;
    size_t least = SIZE_MAX;
    bool has_gaps = false;
    for (size_t i = 0; i < t->n; i++) {
        has_gaps = has_gaps || (!has_modifiers(&t->rows[i]) && has_headers(&t->rows[i]));
    }
    for (int way = has_gaps ? 2 : 0; way < 4; way++) {
        t->is_apart = way < 2;
        t->counts_long = way % 2 == 0;
        size_t cost = align(f, t);
        if (cost < least) {
            least = cost;
            best = *t;
        }
    }
    *t = best;
    align(f, t);
}

/* Headers on lines of their own, together if they fit on one. */
static void lay_headers(struct fmt *f, const struct row *r)
{
    for (uint32_t i = r->headers; i < r->hi;) {
        uint32_t end = next_header(f, i + 1, r->hi);
        bool is_first = i == r->headers || fmt_is(f, r->headers, "undefined");
        fmt_begin(f, i, NAME, BLANKS_NONE);
        if (is_first && !fmt_is(f, i, "undefined") && fmt_fits(f, i, r->hi, 0)) {
            end = r->hi;
        }
        fmt_lay(f, i, end, 0, UINT32_MAX);
        i = end;
    }
}

static void lay_row(struct fmt *f, const struct table *t, const struct row *r,
                    bool is_first)
{
    fmt_begin(f, r->lo, INDENT, is_first ? BLANKS_NONE : BLANKS_KEPT);
    f->hang = NAME;
    fmt_put_all(f, r->lo, r->type);
    fmt_pad(f, type_column(f, t, r));
    fmt_put_all(f, r->type, r->modifiers);
    if (has_modifiers(r)) {
        fmt_pad(f, type_column(f, t, r) + t->type + 1);
        fmt_lay(f, r->modifiers, r->headers, 0, UINT32_MAX);
    }
    if (has_headers(r) && r->is_wrapped) {
        lay_headers(f, r);
    } else if (has_headers(r)) {
        fmt_pad(f, t->headers);
        fmt_put_all(f, r->headers, r->hi);
    }
    f->hang = 2 * INDENT;
}

void fmt_columns(struct fmt *f, const uint32_t *starts, size_t n)
{
    assert(n > 0);
    struct table t = {.rows = arena_new_array(f->a, n, struct row), .n = n};
    for (size_t i = 0; i < n; i++) {
        t.rows[i] = read_row(f, starts[i], starts[i + 1]);
    }
    find_best(f, &t);
    for (size_t i = 0; i < n; i++) {
        bool is_first = f->tokens[starts[i] - 1].kind == TOK_LBRACE;
        lay_row(f, &t, &t.rows[i], is_first);
    }
}

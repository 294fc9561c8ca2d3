/* The columns of a data set as a table: name, type, modifiers, headers.
 *
 * A column of the table is as wide as the widest cell that another cell follows, so that
 * a row with much in it does not push apart rows with little. Headers stand below one
 * another as far right as leaves every row that fits on a line on its line; a row that
 * does not fit has them on lines of their own. */
#include "lang/fmt_state.h"

#include <assert.h>

#define CELL_COLUMNS 28 /* wider cells do not move what stands below them */
#define NAME (INDENT + 7)

struct row {
    uint32_t lo, hi;
    uint32_t type, modifiers,
        headers;  /* tokens; what is not there begins with the next */
    uint32_t end; /* column where the cells before the headers end */
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
    struct row r = {.lo = lo, .hi = hi, .type = lo + 2};
    uint32_t i = lo + 3;
    while (i < hi && (f->tokens[i].mark == MARK_NONE || fmt_is_keyword(f, i, "of") ||
                      fmt_is_keyword(f, i, "column"))) {
        i++;
    }
    r.modifiers = i;
    r.headers = next_header(f, i, hi);
    r.is_wrapped =
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
    uint32_t name, type; /* widths */
    uint32_t headers;    /* column; 0: none */
};

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
        bool has_modifiers = r->modifiers < r->headers;
        t->name = wider(t->name, f->tokens[r->lo + 1].width);
        t->type =
            has_modifiers ? wider(t->type, fmt_width(f, r->type, r->modifiers)) : t->type;
    }
    for (size_t i = 0; i < t->n; i++) {
        struct row *r = &t->rows[i];
        uint32_t type = fmt_width(f, r->type, r->modifiers);
        bool has_modifiers = r->modifiers < r->headers;
        uint32_t padded = has_modifiers && t->type > type ? t->type : type;
        uint32_t modifiers = fmt_width(f, r->modifiers, r->headers);
        r->end = type_column(f, t, r) + padded + (has_modifiers ? 1 + modifiers : 0);
    }
}

/* Whether headers at `column` leave all rows that could have them there on one line. */
static bool suits_all(const struct fmt *f, const struct table *t, uint32_t column)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct row *r = &t->rows[i];
        bool is_there = !r->is_wrapped && r->end < column && r->headers < r->hi;
        if (is_there && column + fmt_width(f, r->headers, r->hi) > FMT_COLUMNS) {
            return false;
        }
    }
    return true;
}

static void find_headers(const struct fmt *f, struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct row *r = &t->rows[i];
        bool counts = !r->is_wrapped && r->headers < r->hi;
        if (counts && r->end + 1 > t->headers && suits_all(f, t, r->end + 1)) {
            t->headers = r->end + 1;
        }
    }
    for (size_t i = 0; i < t->n; i++) {
        struct row *r = &t->rows[i];
        uint32_t column = r->end < t->headers ? t->headers : r->end + 1;
        uint32_t width = r->headers < r->hi ? column - r->end : 0;
        width += fmt_width(f, r->headers, r->hi);
        r->is_wrapped = r->is_wrapped || r->end + width > FMT_COLUMNS;
    }
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
    if (r->modifiers < r->headers) {
        fmt_pad(f, type_column(f, t, r) + t->type + 1);
        fmt_lay(f, r->modifiers, r->headers, 0, UINT32_MAX);
    }
    if (r->headers < r->hi && r->is_wrapped) {
        lay_headers(f, r);
    } else if (r->headers < r->hi) {
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
    find_widths(f, &t);
    find_headers(f, &t);
    for (size_t i = 0; i < n; i++) {
        bool is_first = f->tokens[starts[i] - 1].kind == TOK_LBRACE;
        lay_row(f, &t, &t.rows[i], is_first);
    }
}

/* Every text goes through `next_piece`: one code point becomes one printable piece of
 * known width, never wider than an escape. Widths, cuts and marks are all worked out on
 * pieces, so they agree by construction with what is printed. A line that must be cut is
 * walked twice: once to learn its columns (bytes to columns), once to print the columns
 * of the window; the mark's place is noted while printing. */
#include "report/sheet.h"

#include "base/utf8.h"

#include <assert.h>

#define ELLIPSIS "\xE2\x80\xA6"
#define REPLACEMENT "\xEF\xBF\xBD"

enum {
    DEFAULT_WIDTH = 100,
    LEAST_LINE = 20, /* columns a source line always gets */
    LONGEST_LABEL = 500,
    SOME = 8, /* items of a list */
    TAB_BLANKS = 4
};

struct piece {
    char p[12];
    size_t n, width;
};

/* Characters that show nothing and could hide something; bidirectional controls come on
 * top. */
static const struct {
    uint32_t lo, hi;
} invisible[] = {
    {0x00AD, 0x00AD}, {0x180E, 0x180E},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F},
};

static bool is_invisible(uint32_t cp)
{
    if (cp < 0x80) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(invisible); i++) {
        if (cp >= invisible[i].lo && cp <= invisible[i].hi) {
            return true;
        }
    }
    return utf8_is_bidi_control(cp);
}

static void piece_add(struct piece *piece, char c)
{
    assert(piece->n < sizeof piece->p);
    piece->p[piece->n++] = c;
    piece->width++;
}

/* The letter of \t, \n and \r, else 0. */
static char short_escape(uint32_t cp)
{
    switch (cp) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

static struct piece escape(uint32_t cp)
{
    struct piece piece = {.p = {'\\'}, .n = 1, .width = 1};
    char letter = short_escape(cp);
    if (letter) {
        piece_add(&piece, letter);
        return piece;
    }
    piece_add(&piece, 'u');
    piece_add(&piece, '{');
    int shift = 20;
    while (shift > 0 && !(cp >> shift)) {
        shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
        piece_add(&piece, "0123456789ABCDEF"[(cp >> shift) & 15]);
    }
    piece_add(&piece, '}');
    return piece;
}

static struct piece piece_of(struct str s, size_t columns)
{
    struct piece piece = {.n = s.n, .width = columns};
    assert(s.n <= sizeof piece.p);
    for (size_t i = 0; i < s.n; i++) {
        piece.p[i] = s.p[i];
    }
    return piece;
}

/* The printable form of the code point at *at; moves on. */
static struct piece next_piece(struct str s, size_t *at, bool has_blank_tabs)
{
    size_t from = *at;
    uint32_t cp = utf8_next(s, at);
    if (cp >= 0x20 && cp < 0x7F) {
        return (struct piece){.p = {(char)cp}, .n = 1, .width = 1};
    }
    if (cp == UTF8_BAD) {
        return piece_of(STR(REPLACEMENT), 1);
    }
    if (cp == '\t' && has_blank_tabs) {
        return piece_of(STR("    "), TAB_BLANKS);
    }
    if (utf8_is_control(cp) || is_invisible(cp)) {
        return escape(cp);
    }
    struct str raw = str_cut(s, from, *at);
    return piece_of(raw, utf8_width(raw));
}

static void put_piece(struct sheet *s, const struct piece *piece)
{
    text_add(s->out, (struct str){piece->p, piece->n});
}

struct sheet sheet_on(struct text *out, const struct report_style *style)
{
    assert(out && style);
    return (struct sheet){
        .out = out,
        .lang = style->lang,
        .has_color = style->has_color,
        .is_verbose = style->is_verbose,
        .width = style->width ? style->width : DEFAULT_WIDTH,
    };
}

void sheet_char(struct sheet *s, char c)
{
    text_char(s->out, c);
}

void sheet_blanks(struct sheet *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text_char(s->out, ' ');
    }
}

void sheet_say(struct sheet *s, const char *vi, const char *en)
{
    text_add_z(s->out, s->lang == LANG_VI ? vi : en);
}

void sheet_text(struct sheet *s, struct str t)
{
    for (size_t at = 0; at < t.n;) {
        struct piece piece = next_piece(t, &at, false);
        put_piece(s, &piece);
    }
}

size_t sheet_width_of(struct str t)
{
    size_t width = 0;
    for (size_t at = 0; at < t.n;) {
        width += next_piece(t, &at, false).width;
    }
    return width;
}

void sheet_cut(struct sheet *s, struct str t, size_t width)
{
    assert(width > 0);
    if (sheet_width_of(t) <= width) {
        sheet_text(s, t);
        return;
    }
    size_t used = 0;
    for (size_t at = 0; at < t.n;) {
        struct piece piece = next_piece(t, &at, false);
        used += piece.width;
        if (used >= width) {
            break;
        }
        put_piece(s, &piece);
    }
    text_add_z(s->out, ELLIPSIS);
}

void sheet_squeeze(struct sheet *s, struct str t, size_t width)
{
    assert(width > 0);
    size_t left = sheet_width_of(t), used = 0, at = 0, head = width / 2;
    if (left <= width || width < 3) {
        sheet_cut(s, t, width);
        return;
    }
    while (at < t.n) {
        size_t before = at;
        struct piece piece = next_piece(t, &at, false);
        if (used + piece.width > head) {
            at = before;
            break;
        }
        used += piece.width;
        left -= piece.width;
        put_piece(s, &piece);
    }
    text_add_z(s->out, ELLIPSIS);
    while (at < t.n && left > width - used - 1) {
        struct piece piece = next_piece(t, &at, false);
        left -= piece.width;
    }
    sheet_text(s, str_cut(t, at, t.n));
}

size_t digits_of(uint64_t n)
{
    size_t digits = 1;
    while (n >= 10) {
        n /= 10;
        digits++;
    }
    return digits;
}

size_t sheet_width_of_count(uint64_t n)
{
    size_t digits = digits_of(n);
    return digits + (digits - 1) / 3;
}

void sheet_count(struct sheet *s, uint64_t n)
{
    char buffer[32];
    size_t at = sizeof buffer;
    for (size_t digits = 0; digits == 0 || n; digits++, n /= 10) {
        if (digits && digits % 3 == 0) {
            buffer[--at] = s->lang == LANG_VI ? '.' : ',';
        }
        buffer[--at] = (char)('0' + n % 10);
    }
    text_add(s->out, (struct str){buffer + at, sizeof buffer - at});
}

void sheet_number_of(struct sheet *s, uint64_t n, const char *vi, const char *one,
                     const char *many)
{
    sheet_count(s, n);
    sheet_char(s, ' ');
    sheet_say(s, vi, n == 1 ? one : many);
}

size_t sheet_limit(const struct sheet *s)
{
    return s->is_verbose ? SIZE_MAX : SOME;
}

void sheet_item(struct sheet *s, size_t i, struct str item)
{
    if (i < sheet_limit(s)) {
        text_add_z(s->out, i ? ", " : "");
        sheet_text(s, item);
    }
}

void sheet_more(struct sheet *s, uint64_t n, const char *vi, const char *en)
{
    if (n) {
        sheet_say(s, " và ", " and ");
        sheet_count(s, n);
        sheet_say(s, vi, en);
    }
}

void sheet_tone(struct sheet *s, enum tone tone)
{
    static const char *const codes[] = {
        [TONE_PLAIN] = "\x1b[0m",      [TONE_ERROR] = "\x1b[1;31m",
        [TONE_WARNING] = "\x1b[1;33m", [TONE_INFO] = "\x1b[1;36m",
        [TONE_GOOD] = "\x1b[1;32m",
    };
    assert(tone < COUNT_OF(codes));
    if (s->has_color) {
        text_add_z(s->out, codes[tone]);
    }
}

enum tone tone_of_severity(enum diag_severity severity)
{
    switch (severity) {
    case DIAG_ERROR:
        return TONE_ERROR;
    case DIAG_WARNING:
        return TONE_WARNING;
    case DIAG_INFO:
        return TONE_INFO;
    }
    assert(!"a severity");
    return TONE_PLAIN;
}

struct str sheet_pick(const struct report_text *t, enum diag_lang lang)
{
    assert(t && (lang == LANG_VI || lang == LANG_EN));
    struct str own = t->lang[lang];
    return own.p ? own : t->lang[lang == LANG_VI ? LANG_EN : LANG_VI];
}

/* Columns of the printed line and where the mark lies in them. */
struct columns {
    size_t total, lo, hi;
};

static struct columns measure(const struct marked_line *line)
{
    struct columns c = {.lo = SIZE_MAX, .hi = SIZE_MAX};
    size_t at = 0;
    while (at < line->text.n) {
        if (at >= line->lo && c.lo == SIZE_MAX) {
            c.lo = c.total;
        }
        if (at >= line->hi && c.hi == SIZE_MAX) {
            c.hi = c.total;
        }
        c.total += next_piece(line->text, &at, line->has_blank_tabs).width;
    }
    c.lo = c.lo == SIZE_MAX ? c.total : c.lo;
    c.hi = c.hi == SIZE_MAX ? c.total : c.hi;
    return c;
}

/* The columns that are printed, half-open. */
struct window {
    size_t lo, hi;
    bool is_cut_left, is_cut_right;
};

/* The mark in the middle where it fits, at the left where it does not. */
static struct window choose_window(const struct marked_line *line, size_t room)
{
    struct columns c = measure(line);
    if (c.total <= room) {
        return (struct window){.lo = 0, .hi = c.total};
    }
    assert(room >= LEAST_LINE);
    size_t body = room - 2; /* one column for each … */
    size_t mark = line->has_mark ? c.hi - c.lo : 0;
    size_t context = mark < body ? (body - mark) / 2 : 0;
    size_t start = line->has_mark ? c.lo : 0;
    struct window w = {.lo = start > context ? start - context : 0};
    w.lo = w.lo + body > c.total ? c.total - body : w.lo;
    w.hi = w.lo + body;
    w.is_cut_left = w.lo > 0;
    w.is_cut_right = w.hi < c.total;
    return w;
}

/* Prints the window; says in *lo and *hi which printed columns the mark covers. A
 * combining character goes the way of the character it sits on. */
static void put_window(struct sheet *s, const struct marked_line *line, size_t room,
                       size_t *lo, size_t *hi)
{
    struct window w = choose_window(line, room);
    bool is_shown = !w.is_cut_left;
    size_t printed = w.is_cut_left ? 1 : 0;
    text_add_z(s->out, w.is_cut_left ? ELLIPSIS : "");
    *lo = *hi = SIZE_MAX;
    for (size_t at = 0, column = 0; at < line->text.n && column <= w.hi;) {
        size_t from = at;
        struct piece piece = next_piece(line->text, &at, line->has_blank_tabs);
        if (piece.width) {
            is_shown = column >= w.lo && column + piece.width <= w.hi;
        }
        if (is_shown) {
            *lo = from >= line->lo && *lo == SIZE_MAX ? printed : *lo;
            put_piece(s, &piece);
            printed += piece.width;
            *hi = from < line->hi ? printed : *hi;
        }
        column += piece.width;
    }
    *lo = *lo == SIZE_MAX ? printed : *lo;
    *hi = *hi == SIZE_MAX || *hi <= *lo ? *lo + 1 : *hi;
    text_add_z(s->out, w.is_cut_right ? ELLIPSIS : "");
}

static void put_gutter(struct sheet *s, size_t gutter, uint64_t number)
{
    size_t digits = number ? digits_of(number) : 0;
    assert(digits <= gutter);
    sheet_blanks(s, 1 + gutter - digits);
    if (number) {
        text_uint(s->out, number);
    }
    text_add_z(s->out, " |");
}

void sheet_bar(struct sheet *s, size_t gutter)
{
    put_gutter(s, gutter, 0);
    text_char(s->out, '\n');
}

void sheet_note(struct sheet *s, size_t gutter)
{
    sheet_blanks(s, gutter + 2);
    text_add_z(s->out, "= ");
}

static void put_mark(struct sheet *s, const struct marked_line *line, size_t lo,
                     size_t hi)
{
    put_gutter(s, line->gutter, 0);
    sheet_blanks(s, 1 + lo);
    sheet_tone(s, line->tone);
    for (size_t i = lo; i < hi; i++) {
        text_char(s->out, line->mark);
    }
    if (line->label.p) {
        text_char(s->out, ' ');
        sheet_cut(s, line->label, LONGEST_LABEL);
    }
    sheet_tone(s, TONE_PLAIN);
    text_char(s->out, '\n');
}

void sheet_marked_line(struct sheet *s, const struct marked_line *line)
{
    assert(line->lo <= line->hi && line->hi <= line->text.n);
    size_t lo, hi, frame = line->gutter + 4; /* " 4 | " */
    size_t room = s->width >= frame + LEAST_LINE ? s->width - frame : LEAST_LINE;
    put_gutter(s, line->gutter, line->number);
    text_add_z(s->out, line->text.n ? " " : "");
    put_window(s, line, room, &lo, &hi);
    text_char(s->out, '\n');
    if (line->has_mark) {
        put_mark(s, line, lo, hi);
    }
}

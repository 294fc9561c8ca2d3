/* Lines: tokens and comments go in, a text comes out.
 *
 * Comments are written when the token behind them is: whoever puts a token or begins a
 * line for it need not know of them. One behind code ends its line; the line goes on at
 * `hang` then, unless a line was to begin anyway. */
#include "lang/fmt_state.h"

#include <assert.h>

#define COMMENT_COLUMN                                                                   \
    60 /* code wider than this does not move the comments of others                      \
        */

static void add_blanks(struct text *t, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        text_char(t, ' ');
    }
}

static struct fmt_line *add_line(struct fmt *f, struct str code)
{
    f->lines = list_room(f->a, f->lines, f->n_lines, &f->cap_lines, sizeof *f->lines);
    struct fmt_line *line = &f->lines[f->n_lines++];
    *line = (struct fmt_line){
        .code = code,
        .width = f->column,
        .level = f->line_level,
        .has_blank_before = f->wants_blank && f->n_lines > 1,
    };
    f->wants_blank = false;
    return line;
}

static void begin_line(struct fmt *f, uint32_t column)
{
    f->line = text_in(f->a);
    add_blanks(&f->line, column);
    f->column = column;
    f->line_level = f->level;
    f->is_fresh = true;
    f->is_padded = true;
}

/* The line so far, without the blanks that were to lead to what now goes elsewhere. */
static struct fmt_line *add_code(struct fmt *f)
{
    struct str code = text_str(&f->line);
    while (code.n > 0 && code.p[code.n - 1] == ' ') {
        code.n--;
        f->column--;
    }
    return add_line(f, code);
}

static void end_line(struct fmt *f)
{
    if (!f->is_fresh) {
        add_code(f);
    }
    begin_line(f, 0);
}

/* A comment on a line of its own. */
static void write_comment(struct fmt *f, const struct fmt_comment *c, uint32_t column)
{
    begin_line(f, c->goes_on ? 0 : column);
    if (c->goes_on) {
        struct fmt_line *line = add_line(f, STR(""));
        line->comment = c->text;
        line->goes_on = true;
        return;
    }
    text_add(&f->line, c->text);
    add_line(f, text_str(&f->line));
}

/* Writes the comments before token i; gives the blanks that are left for the token. */
static enum fmt_blanks write_comments(struct fmt *f, uint32_t i, uint32_t column,
                                      enum fmt_blanks blanks)
{
    for (; f->told < f->tokens[i].comments; f->told++) {
        const struct fmt_comment *c = &f->comments[f->told];
        if (!c->is_own_line && !f->is_fresh) {
            add_code(f)->comment = c->text;
            begin_line(f, 0);
            continue;
        }
        end_line(f);
        if (!c->goes_on) {
            bool is_kept = blanks != BLANKS_NONE && c->has_blank_before;
            f->wants_blank = is_kept || blanks == BLANKS_FORCED;
            blanks = blanks == BLANKS_FORCED ? BLANKS_KEPT : blanks;
        }
        write_comment(f, c, column);
    }
    return blanks;
}

void fmt_begin(struct fmt *f, uint32_t i, uint32_t column, enum fmt_blanks blanks)
{
    assert(i < f->n_tokens);
    blanks = write_comments(f, i, column, blanks);
    end_line(f);
    begin_line(f, column);
    bool is_kept = blanks != BLANKS_NONE && f->tokens[i].has_blank_before;
    f->wants_blank = is_kept || blanks == BLANKS_FORCED;
}

void fmt_close(struct fmt *f, uint32_t i, uint32_t column)
{
    write_comments(f, i, column + INDENT, BLANKS_KEPT);
    end_line(f);
    begin_line(f, column);
    f->wants_blank = false;
}

uint32_t fmt_next_column(const struct fmt *f, uint32_t i)
{
    return f->column + (f->is_padded ? 0 : fmt_gap(f, i));
}

void fmt_pad(struct fmt *f, uint32_t column)
{
    uint32_t n = column > f->column ? column - f->column : 1;
    add_blanks(&f->line, n);
    f->column += n;
    f->is_padded = true;
}

static struct str take_line(struct str *s)
{
    size_t n = str_find(*s, STR("\n"));
    n = n == SIZE_MAX ? s->n : n + 1;
    struct str line = str_cut(*s, 0, n);
    *s = str_cut(*s, n, s->n);
    return line;
}

/* Data, its lines indented like the closing marks. */
static void put_data(struct fmt *f, struct str written, uint32_t column)
{
    text_add_z(&f->line, "\"\"\"");
    f->is_fresh = false;
    end_line(f);
    for (struct str s = lex_block(f->a, written); s.n > 0;) {
        struct str content = take_line(&s);
        bool is_empty = content.p[0] == '\n' || content.p[0] == '\r';
        struct text line = text_in(f->a);
        add_blanks(&line, is_empty ? 0 : column);
        text_add(&line, content);
        add_line(f, text_str(&line))->is_raw = true;
    }
    begin_line(f, column);
    text_add_z(&f->line, "\"\"\"");
    f->column += 3;
}

void fmt_put(struct fmt *f, uint32_t i)
{
    assert(i < f->n_tokens && f->told <= f->tokens[i].comments);
    const struct fmt_token *t = &f->tokens[i];
    uint32_t hang = f->hang;
    if (f->told < f->tokens[i].comments) {
        fmt_begin(f, i, hang, BLANKS_NONE);
    }
    f->line_level = f->is_fresh ? f->level : f->line_level;
    if (!f->is_padded) {
        uint32_t gap = fmt_gap(f, i);
        add_blanks(&f->line, gap);
        f->column += gap;
    }
    if (t->kind == TOK_BLOCK) {
        put_data(f, t->text, f->level * INDENT);
    } else {
        text_add(&f->line, t->text);
        f->column += t->width;
    }
    f->is_fresh = false;
    f->is_padded = false;
}

void fmt_put_all(struct fmt *f, uint32_t lo, uint32_t hi)
{
    for (uint32_t i = lo; i < hi; i++) {
        fmt_put(f, i);
    }
}

/* The text */

/* Lines between empty ones, of the same level, have their comments below one another. */
static size_t paragraph_end(const struct fmt *f, size_t from)
{
    size_t i = from + 1;
    while (i < f->n_lines && !f->lines[i].has_blank_before &&
           (f->lines[i].level == f->lines[from].level || f->lines[i].goes_on)) {
        i++;
    }
    return i;
}

static uint32_t comment_column(const struct fmt *f, size_t lo, size_t hi)
{
    uint32_t column = 0;
    for (size_t i = lo; i < hi; i++) {
        const struct fmt_line *line = &f->lines[i];
        bool counts = line->comment.n > 0 && line->width <= COMMENT_COLUMN;
        column = counts && line->width + 2 > column ? line->width + 2 : column;
    }
    return column;
}

static void add_text(struct text *out, const struct fmt_line *line, uint32_t *column,
                     const char *end)
{
    text_add_z(out, line->has_blank_before ? end : "");
    text_add(out, line->code);
    if (line->comment.n > 0) {
        uint32_t wide = line->width + 2;
        *column = line->goes_on ? *column : wide > *column ? wide : *column;
        add_blanks(out, *column - line->width);
        text_add(out, line->comment);
    }
    text_add_z(out, line->is_raw ? "" : end);
}

struct str fmt_text(struct fmt *f, bool has_mark, bool has_returns)
{
    assert(f->is_fresh && f->told == f->tokens[f->n_tokens - 1].comments);
    struct text out = text_in(f->a);
    text_add_z(&out, has_mark ? "\xEF\xBB\xBF" : "");
    for (size_t lo = 0; lo < f->n_lines;) {
        size_t hi = paragraph_end(f, lo);
        uint32_t common = comment_column(f, lo, hi), column = common;
        for (; lo < hi; lo++) {
            column = f->lines[lo].goes_on ? column : common;
            add_text(&out, &f->lines[lo], &column, has_returns ? "\r\n" : "\n");
        }
    }
    return text_str(&out);
}

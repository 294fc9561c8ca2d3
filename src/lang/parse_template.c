/* Messages: a STRING token as a row of texts and holes.
 *
 * Holes are found in the bytes as written, before escapes mean anything: braces within a
 * hole balance, and those within its texts do not count. So the place of every error
 * inside a hole is exact. */
#include "base/utf8.h"
#include "lang/lex.h"
#include "lang/parse.h"

#include <assert.h>

struct splitting {
    struct arena *a;
    struct diags *diags;
    struct span token;
    struct str body; /* between the quotation marks */
    bool has_escapes;
    bool told_escape; /* one bad escape is reported for a message */
    struct text text; /* the text piece being built */
    size_t text_start;
    struct template_piece *items;
    size_t n, cap;
};

static struct span place(const struct splitting *s, size_t lo, size_t hi)
{
    uint32_t start = s->token.lo + 1;
    return (struct span){s->token.src, start + (uint32_t)lo, start + (uint32_t)hi};
}

static void add_piece(struct splitting *s, struct template_piece piece)
{
    s->items = list_room(s->a, s->items, s->n, &s->cap, sizeof *s->items);
    s->items[s->n++] = piece;
}

static void end_text(struct splitting *s, size_t at)
{
    struct str text = text_str(&s->text);
    if (text.n > 0) {
        add_piece(
            s, (struct template_piece){.text = text, .at = place(s, s->text_start, at)});
    }
    s->text = text_in(s->a);
}

/* Where the text that opens at `at` inside a hole closes; `at` itself when it does not.
 */
static size_t skip_text(struct str s, size_t at)
{
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] == s.p[at]) {
            return i;
        }
    }
    return at;
}

/* Where the hole whose first byte is at `at` closes; SIZE_MAX when it does not. */
static size_t find_close(struct str s, size_t at)
{
    size_t open = 0;
    for (size_t i = at; i < s.n; i++) {
        if (s.p[i] == '\'' || s.p[i] == '"') {
            i = skip_text(s, i);
        } else if (s.p[i] == '{') {
            open++;
        } else if (s.p[i] == '}' && open-- == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t take_hole(struct splitting *s, size_t at)
{
    size_t close = find_close(s->body, at + 1);
    if (close == SIZE_MAX) {
        diag_at(s->diags, DIAG_ID_RULE_HOLE_OPEN, place(s, at, at + 1));
        return s->body.n;
    }
    struct str hole = str_cut(s->body, at + 1, close);
    if (str_trim(hole).n == 0) {
        diag_at(s->diags, DIAG_ID_RULE_HOLE_EMPTY, place(s, at, close + 1));
    } else {
        struct span inside = place(s, at + 1, close);
        add_piece(s,
                  (struct template_piece){.is_hole = true, .text = hole, .at = inside});
    }
    return close + 1;
}

static size_t take_escape(struct splitting *s, size_t at)
{
    uint32_t cp;
    size_t n = lex_escape(s->body, at, &cp);
    char bytes[4];
    if (cp != UTF8_BAD) {
        text_add(&s->text, (struct str){bytes, utf8_put(cp, bytes)});
    } else if (!s->told_escape) {
        lex_bad_escape(s->diags, str_cut(s->body, at, at + n), place(s, at, at + n));
        s->told_escape = true;
    }
    return at + n;
}

/* Takes what stands at `at` and gives where the next thing stands. */
static size_t take_one(struct splitting *s, size_t at)
{
    char c = s->body.p[at];
    bool is_doubled = at + 1 < s->body.n && s->body.p[at + 1] == c;
    if (c == '\\' && s->has_escapes) {
        return take_escape(s, at);
    }
    if ((c == '{' || c == '}') && is_doubled) {
        text_char(&s->text, c);
        return at + 2;
    }
    if (c == '{') {
        end_text(s, at);
        size_t next = take_hole(s, at);
        s->text_start = next;
        return next;
    }
    if (c == '}') {
        diag_at(s->diags, DIAG_ID_RULE_BRACE_ALONE, place(s, at, at + 1));
        return s->body.n;
    }
    text_char(&s->text, c);
    return at + 1;
}

size_t parse_template(struct arena *a, const struct sources *sources,
                      struct span string_token, const struct template_piece **out,
                      struct diags *d)
{
    assert(a && sources && out && d && !span_is_none(string_token));
    struct str text = source_text(sources, string_token.src);
    struct str written = str_cut(text, string_token.lo, string_token.hi);
    assert(written.n >= 2 && (written.p[0] == '"' || written.p[0] == '\''));
    struct splitting s = {
        .a = a,
        .diags = d,
        .token = string_token,
        .body = str_cut(written, 1, written.n - 1),
        .has_escapes = written.p[0] == '"',
        .text = text_in(a),
    };
    size_t at = 0;
    while (at < s.body.n) {
        at = take_one(&s, at);
    }
    end_text(&s, s.body.n);
    *out = s.items;
    return s.n;
}

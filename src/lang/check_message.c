/* Messages and the text of rules: templates with holes, and pieces of source as they are
 * shown. */
#include "lang/check_state.h"

#include <assert.h>

/* ---- templates */

struct message_text message_parse(struct checker *c, struct name string)
{
    struct message_text m = {0};
    if (string.text.p == NULL) {
        return m;
    }
    m.n = parse_template(c->a, c->sources, string.at, &m.pieces, c->diags);
    m.holes = arena_new_array(c->a, m.n, struct node *);
    for (size_t i = 0; i < m.n; i++) {
        if (m.pieces[i].is_hole) {
            m.holes[i] = parse_hole(c->a, c->sources, m.pieces[i].at, c->diags);
        }
    }
    return m;
}

struct template message_type(struct checker *c, const struct env *env,
                             const struct message_text *m)
{
    assert(env->place == PLACE_HOLE);
    struct part *parts = arena_new_array(c->a, m->n, struct part);
    for (size_t i = 0; i < m->n; i++) {
        if (m->pieces[i].is_hole) {
            parts[i].value = type_expr(c, env, m->holes[i]);
            (void)(is_poison(parts[i].value) || unit_named(c, parts[i].value));
        } else {
            parts[i].text = m->pieces[i].text;
        }
    }
    return (struct template){.parts = parts, .n = (uint32_t)m->n};
}

/* ---- source as it is shown */

struct reading { /* of a piece of source */
    struct str from;
    size_t i;
    struct text to;
    bool owes_blank;
};

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static bool is_word_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' ||
           (ch >= '0' && ch <= '9');
}

static void put(struct reading *r, struct str s)
{
    if (r->owes_blank && r->to.n > 0) {
        text_char(&r->to, ' ');
    }
    r->owes_blank = false;
    text_add(&r->to, s);
}

static void read_blank(struct reading *r)
{
    bool is_comment = r->from.p[r->i] == '#';
    while (r->i < r->from.n && (is_comment || is_blank(r->from.p[r->i]))) {
        if (r->from.p[r->i] == '\n') {
            is_comment = false;
        }
        r->i++;
    }
    r->owes_blank = true;
}

static void read_string(struct reading *r)
{
    size_t start = r->i;
    char quote = r->from.p[r->i++];
    while (r->i < r->from.n && r->from.p[r->i] != quote) {
        bool escapes = quote == '"' && r->from.p[r->i] == '\\' && r->i + 1 < r->from.n;
        r->i += escapes ? 2 : 1;
    }
    r->i += r->i < r->from.n;
    put(r, str_cut(r->from, start, r->i));
}

static void read_word(struct reading *r, const struct loop *loops)
{
    size_t start = r->i;
    while (r->i < r->from.n && is_word_char(r->from.p[r->i])) {
        r->i++;
    }
    struct name word = {str_cut(r->from, start, r->i), SPAN_NONE};
    put(r, loop_name(loops, word).text);
}

/* Without the parentheses around the whole, if there are any. */
static struct str unwrapped(struct str s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\'') {
            return s; /* a text may hold brackets; better a pair too many */
        }
        depth += s.p[i] == '(';
        depth -= s.p[i] == ')' && depth > 0;
        if (depth == 0 && i + 1 < s.n) {
            return s;
        }
    }
    return s.n >= 2 && s.p[0] == '(' ? str_cut(s, 1, s.n - 1) : s;
}

struct str as_written(struct checker *c, struct span at, const struct loop *loops)
{
    struct str source = source_text(c->sources, at.src);
    assert(at.lo <= at.hi && at.hi <= source.n);
    struct reading r = {.from = str_cut(source, at.lo, at.hi), .to = text_in(c->a)};
    while (r.i < r.from.n) {
        char ch = r.from.p[r.i];
        if (is_blank(ch) || ch == '#') {
            read_blank(&r);
        } else if (ch == '"' || ch == '\'') {
            read_string(&r);
        } else if (is_word_char(ch)) {
            read_word(&r, loops);
        } else {
            put(&r, str_cut(r.from, r.i, r.i + 1));
            r.i++;
        }
    }
    return unwrapped(text_str(&r.to));
}

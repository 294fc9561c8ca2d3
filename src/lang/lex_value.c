/* The values of tokens, and how tokens are shown in messages. */
#include "base/utf8.h"
#include "lang/lex.h"

#include <assert.h>
#include <string.h>

#define SHOWN 40 /* code points of a token in a message */

struct str lex_quoted(struct arena *a, struct str s)
{
    size_t at = 0;
    for (size_t n = 0; n < SHOWN && at < s.n; n++) {
        utf8_next(s, &at);
    }
    bool has_quotes = s.n > 0 && (s.p[0] == '"' || s.p[0] == '\'');
    struct text out = text_in(a);
    text_add_z(&out, has_quotes ? "" : "\"");
    text_add(&out, str_cut(s, 0, at));
    text_add_z(&out, at < s.n ? "…" : "");
    text_add_z(&out, has_quotes ? "" : "\"");
    return text_str(&out);
}

bool lex_number(struct arena *a, struct str written, struct num *out)
{
    assert(written.n > 0 && written.p[0] >= '0' && written.p[0] <= '9');
    struct text digits = text_in(a);
    for (size_t i = 0; i < written.n; i++) {
        if (written.p[i] != '_') {
            text_char(&digits, written.p[i]);
        }
    }
    return num_parse(text_str(&digits), out);
}

/* Texts */

static bool parse_hex(struct str hex, uint32_t *out)
{
    if (hex.n == 0 || hex.n > 6) {
        return false;
    }
    static const char digits[] = "0123456789abcdefABCDEF";
    uint32_t cp = 0;
    for (size_t i = 0; i < hex.n; i++) {
        const char *digit = memchr(digits, hex.p[i], sizeof digits - 1);
        if (!digit) {
            return false;
        }
        uint32_t value = (uint32_t)(digit - digits);
        cp = cp * 16 + (value > 15 ? value - 6 : value);
    }
    *out = cp;
    return cp > 0 && cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF);
}

static size_t unicode_escape(struct str s, size_t at, uint32_t *cp)
{
    struct str tail = str_cut(s, at, s.n);
    size_t close = str_find(tail, STR("}"));
    if (!str_starts(tail, STR("\\u{")) || close == SIZE_MAX || close > 16) {
        return 2;
    }
    if (!parse_hex(str_cut(tail, 3, close), cp)) {
        *cp = UTF8_BAD;
    }
    return close + 1;
}

size_t lex_escape(struct str s, size_t at, uint32_t *cp)
{
    static const char names[] = "\"\\nt", values[] = "\"\\\n\t";
    assert(at < s.n && s.p[at] == '\\');
    *cp = UTF8_BAD;
    if (at + 1 == s.n) {
        return 1;
    }
    if (s.p[at + 1] == 'u') {
        return unicode_escape(s, at, cp);
    }
    const char *name = memchr(names, s.p[at + 1], sizeof names - 1);
    if (name) {
        *cp = (unsigned char)values[name - names];
        return 2;
    }
    size_t end = at + 1;
    utf8_next(s, &end);
    return end - at;
}

static struct str without_first(struct str s)
{
    size_t n = 0;
    utf8_next(s, &n);
    return str_cut(s, n, s.n);
}

/* The text between the quotation marks, whatever they are; one that is not closed has no
 * second. */
static struct str string_body(struct str written)
{
    char open = written.p[0];
    struct str body = without_first(written);
    if (open == '"' || open == '\'') {
        bool is_closed = body.n > 0 && body.p[body.n - 1] == open;
        return is_closed ? str_cut(body, 0, body.n - 1) : body;
    }
    size_t last = body.n;
    while (last > 0 && ((unsigned char)body.p[last - 1] & 0xC0) == 0x80) {
        last--;
    }
    return last < body.n ? str_cut(body, 0, last - 1) : body;
}

void lex_bad_escape(struct diags *d, struct str escape, struct span at)
{
    diag_at(d, DIAG_ID_RULE_ESCAPE, at)->args[0] = lex_quoted(diags_arena(d), escape);
}

struct str lex_string(struct arena *a, struct lexer *lx, struct str written, uint32_t lo)
{
    assert(written.n > 0);
    struct str body = string_body(written);
    if (written.p[0] != '"' || !memchr(body.p, '\\', body.n)) {
        return body;
    }
    struct text out = text_in(a);
    bool told = false;
    for (size_t i = 0; i < body.n;) {
        if (body.p[i] != '\\') {
            text_char(&out, body.p[i++]);
            continue;
        }
        uint32_t cp;
        size_t n = lex_escape(body, i, &cp);
        char bytes[4];
        if (cp != UTF8_BAD) {
            text_add(&out, (struct str){bytes, utf8_put(cp, bytes)});
        } else if (lx && !told) {
            uint32_t from = lo + 1 + (uint32_t)i;
            told = true;
            lex_bad_escape(lx->diags, str_cut(body, i, i + n),
                           (struct span){lx->src, from, from + (uint32_t)n});
        }
        i += n;
    }
    return text_str(&out);
}

/* Blocks */

static struct str next_line(struct str *s)
{
    const char *end = memchr(s->p, '\n', s->n);
    size_t n = end ? (size_t)(end - s->p) + 1 : s->n;
    struct str line = str_cut(*s, 0, n);
    *s = str_cut(*s, n, s->n);
    return line;
}

static struct str indent_of(struct str line)
{
    size_t n = 0;
    while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t')) {
        n++;
    }
    return str_cut(line, 0, n);
}

static bool is_blank_line(struct str line)
{
    return str_trim(line).n == 0;
}

static struct str common_start(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n]) {
        n++;
    }
    return str_cut(a, 0, n);
}

/* The lines between the opening """ and the closing one. */
static struct str block_body(struct str written)
{
    const char *first = memchr(written.p, '\n', written.n);
    size_t lo = first ? (size_t)(first - written.p) + 1 : written.n;
    size_t hi = written.n;
    if (hi >= lo + 3 && str_ends(written, STR("\"\"\""))) {
        hi -= 3;
        while (hi > lo && written.p[hi - 1] != '\n') {
            hi--;
        }
    }
    return str_cut(written, lo, hi);
}

/* What all lines begin with, blanks and tabs alone. */
static struct str common_indent(struct str body)
{
    struct str indent = STR_NONE;
    for (struct str s = body; s.n > 0;) {
        struct str line = next_line(&s);
        if (!is_blank_line(line)) {
            indent = indent.p ? common_start(indent, indent_of(line)) : indent_of(line);
        }
    }
    return indent;
}

struct str lex_block_lines(struct str written, uint32_t *indent)
{
    assert(str_starts(written, STR("\"\"\"")) && indent);
    struct str body = block_body(written);
    *indent = (uint32_t)common_indent(body).n;
    return body;
}

struct str lex_block(struct arena *a, struct str written)
{
    assert(str_starts(written, STR("\"\"\"")));
    struct str body = block_body(written);
    struct str indent = common_indent(body);
    struct text out = text_in(a);
    for (struct str s = body; s.n > 0;) {
        struct str line = next_line(&s);
        size_t cut = common_start(line, indent).n;
        text_add(&out, str_cut(line, cut, line.n));
    }
    return text_str(&out);
}

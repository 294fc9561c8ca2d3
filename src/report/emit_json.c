/* JSON as a stream of pieces behind one flag.
 *
 * `needs_comma` alone decides about commas: true after a value or a closing bracket,
 * false after an opening bracket or a name. Depth is not tracked; the nesting of the
 * calls is the nesting of the output. Plain stretches of a text are copied whole; only
 * what must be escaped is handled piece by piece. */
#include "report/emit_json.h"

#include "base/utf8.h"

#include <assert.h>

struct json json_to(struct text *out)
{
    assert(out);
    return (struct json){.out = out};
}

static void begin_value(struct json *j)
{
    assert(j && j->out);
    if (j->needs_comma) {
        text_char(j->out, ',');
    }
    j->needs_comma = true;
}

void json_open(struct json *j, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    begin_value(j);
    text_char(j->out, bracket);
    j->needs_comma = false;
}

void json_close(struct json *j, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    text_char(j->out, bracket);
    j->needs_comma = true;
}

/* The letter behind the backslash where JSON has a short escape, else 0. */
static char short_escape(uint32_t cp)
{
    switch (cp) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static bool needs_escape(uint32_t cp)
{
    return cp == UTF8_BAD || cp == '"' || cp == '\\' || cp == 0x2028 || cp == 0x2029 ||
           utf8_is_control(cp);
}

static void put_escape(struct text *out, uint32_t cp)
{
    if (cp == UTF8_BAD) {
        text_add_z(out, "\xEF\xBF\xBD");
        return;
    }
    char letter = short_escape(cp);
    if (letter) {
        text_char(out, '\\');
        text_char(out, letter);
        return;
    }
    assert(cp <= 0xFFFF);
    text_add_z(out, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
        text_char(out, "0123456789abcdef"[(cp >> shift) & 15]);
    }
}

/* The first byte from `at` on that is not a plain ASCII character; most bytes are. */
static size_t pass_plain(struct str s, size_t at)
{
    while (at < s.n && s.p[at] >= ' ' && s.p[at] < 0x7F && s.p[at] != '"' &&
           s.p[at] != '\\') {
        at++;
    }
    return at;
}

/* The text between quotes; `plain` is where the stretch not yet copied begins. */
static void put_quoted(struct text *out, struct str s)
{
    size_t plain = 0;
    text_char(out, '"');
    for (size_t at = pass_plain(s, 0); at < s.n; at = pass_plain(s, at)) {
        size_t here = at;
        uint32_t cp = utf8_next(s, &at);
        if (needs_escape(cp)) {
            text_add(out, str_cut(s, plain, here));
            put_escape(out, cp);
            plain = at;
        }
    }
    text_add(out, str_cut(s, plain, s.n));
    text_char(out, '"');
}

void json_name(struct json *j, struct str name)
{
    assert(name.p);
    begin_value(j);
    put_quoted(j->out, name);
    text_char(j->out, ':');
    j->needs_comma = false;
}

void json_text(struct json *j, struct str s)
{
    if (!s.p) {
        json_null(j);
        return;
    }
    begin_value(j);
    put_quoted(j->out, s);
}

void json_uint(struct json *j, uint64_t u)
{
    begin_value(j);
    text_uint(j->out, u);
}

void json_bool(struct json *j, bool is_true)
{
    begin_value(j);
    text_add_z(j->out, is_true ? "true" : "false");
}

void json_null(struct json *j)
{
    begin_value(j);
    text_add_z(j->out, "null");
}

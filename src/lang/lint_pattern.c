/* Repeats within repeats, as in (a+)+: a text that does not fit makes the matcher try
 * every way to cut it, twice as many with each character, until its limit ends the rule.
 *
 * Not every nested repeat is one of these: in (\p{L}+ )+ the blank says where a turn
 * ends. So every part of a pattern is read as the set of characters that it can be made
 * of, and a repeat is called loose unless something mandatory beside it has no character
 * in common with it. A loose repeat inside another repeat is what is reported. Possessive
 * repeats and atomic groups never try again. */
#include "base/utf8.h"
#include "lang/lint_state.h"

#include <assert.h>
#include <string.h>

enum { DEPTH_MAX = 60 };

struct chars {
    uint64_t bits[2]; /* ASCII */
    bool has_others;
};

struct piece { /* what a piece of a pattern is made of */
    struct chars chars;
    bool is_optional; /* may match nothing */
    bool is_loose;
    struct chars loose; /* of the loose repeats in it */
};

struct pattern {
    struct str s;
    size_t at;
    bool ignores_case;
    bool is_nested; /* a loose repeat was found inside a repeat */
    int depth;
};

/* ---- sets of characters */

static void add_char(struct chars *c, uint32_t cp)
{
    if (cp < 128) {
        c->bits[cp / 64] |= UINT64_C(1) << (cp % 64);
    } else {
        c->has_others = true;
    }
}

static void add_range(struct chars *c, uint32_t low, uint32_t high)
{
    for (uint32_t cp = low; cp <= high && cp < 128; cp++) {
        add_char(c, cp);
    }
    c->has_others = c->has_others || high >= 128;
}

static void add_all(struct chars *to, const struct chars *from)
{
    to->bits[0] |= from->bits[0];
    to->bits[1] |= from->bits[1];
    to->has_others = to->has_others || from->has_others;
}

static struct chars all_chars(void)
{
    return (struct chars){{UINT64_MAX, UINT64_MAX}, true};
}

static struct chars all_but(struct chars c)
{
    return (struct chars){{~c.bits[0], ~c.bits[1]}, true};
}

static bool have_common(const struct chars *a, const struct chars *b)
{
    return (a->bits[0] & b->bits[0]) != 0 || (a->bits[1] & b->bits[1]) != 0 ||
           (a->has_others && b->has_others);
}

static struct chars ranges(const char *pairs, bool has_others)
{
    struct chars c = {{0, 0}, has_others};
    for (; *pairs != '\0'; pairs += 2) {
        add_range(&c, (unsigned char)pairs[0], (unsigned char)pairs[1]);
    }
    return c;
}

static struct chars one_char(const struct pattern *p, uint32_t cp)
{
    struct chars c = {{0, 0}, false};
    bool is_upper = cp >= 'A' && cp <= 'Z', is_lower = cp >= 'a' && cp <= 'z';
    add_char(&c, cp);
    if (p->ignores_case && (is_upper || is_lower)) {
        add_char(&c, cp ^ 0x20u);
    }
    return c;
}

/* ---- reading */

static bool is_at_end(const struct pattern *p)
{
    return p->at >= p->s.n;
}

static char peek(const struct pattern *p, size_t ahead)
{
    if (p->at + ahead >= p->s.n) {
        return '\0';
    }
    return p->s.p[p->at + ahead];
}

static bool take(struct pattern *p, const char *text)
{
    struct str rest = str_cut(p->s, p->at, p->s.n);
    if (!str_starts(rest, str_of(text))) {
        return false;
    }
    p->at += strlen(text);
    return true;
}

static void go_behind(struct pattern *p, char c)
{
    while (!is_at_end(p) && peek(p, 0) != c) {
        p->at++;
    }
    p->at += !is_at_end(p);
}

static struct chars property(struct pattern *p)
{
    bool has_brace = peek(p, 0) == '{';
    char name = peek(p, has_brace);
    char kind = peek(p, 2);
    if (!has_brace) {
        kind = '\0';
    }
    if (take(p, "{")) {
        go_behind(p, '}');
    } else {
        p->at++;
    }
    switch (name) {
    case 'L':
        return ranges(kind == 'u' ? "AZ" : kind == 'l' ? "az" : "AZaz", true);
    case 'N':
        return ranges("09", true);
    case 'Z':
        return ranges("  ", true);
    case 'P':
        return ranges("!/:@[`{~", true);
    default:
        return all_chars();
    }
}

/* Behind a backslash. False: nothing that a text holds, as \b. */
static bool escape(struct pattern *p, struct chars *out)
{
    static const struct {
        char letter;
        const char *pairs;
        bool is_inverse, has_others;
    } classes[] = {
        {'d', "09", false, true},       {'D', "09", true, false},
        {'w', "09AZaz__", false, true}, {'W', "09AZaz__", true, false},
        {'s', "\t\r  ", false, true},   {'S', "\t\r  ", true, false},
        {'h', "\t\t  ", false, true},   {'v', "\n\r", false, true},
        {'n', "\n\n", false, false},    {'t', "\t\t", false, false},
        {'r', "\r\r", false, false},    {'f', "\f\f", false, false},
    };
    uint32_t cp = utf8_next(p->s, &p->at);
    if (cp == 'p' || cp == 'P') {
        struct chars c = property(p);
        *out = cp == 'p' ? c : all_but(c);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        if (cp == (unsigned char)classes[i].letter) {
            struct chars c = ranges(classes[i].pairs, classes[i].has_others);
            *out = classes[i].is_inverse ? all_but(c) : c;
            return true;
        }
    }
    bool is_letter =
        (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9');
    if (is_letter && take(p, "{")) {
        go_behind(p, '}'); /* \x{1EBF}, \k{name} */
    }
    *out = is_letter ? all_chars() : one_char(p, cp);
    return cp < 128 ? strchr("bBAzZGKEQ", (int)cp) == NULL || cp == '\0' : true;
}

/* One character or class of a [...]; gives the code point, UTF8_BAD for a class. */
static uint32_t class_item(struct pattern *p, struct chars *out)
{
    if (take(p, "[:")) {
        go_behind(p, ']');
        *out = all_chars();
        return UTF8_BAD;
    }
    if (take(p, "\\")) {
        if (!escape(p, out)) {
            *out = one_char(p, 0);
        }
        return UTF8_BAD;
    }
    uint32_t cp = utf8_next(p->s, &p->at);
    *out = one_char(p, cp);
    return cp;
}

/* Behind [. */
static struct chars class_chars(struct pattern *p)
{
    struct chars all = {{0, 0}, false};
    bool is_inverse = take(p, "^");
    for (bool is_first = true; !is_at_end(p) && (is_first || peek(p, 0) != ']');
         is_first = false) {
        struct chars item;
        uint32_t low = class_item(p, &item);
        add_all(&all, &item);
        if (low != UTF8_BAD && peek(p, 0) == '-' && peek(p, 1) != ']') {
            p->at++;
            uint32_t high = class_item(p, &item);
            add_range(&all, low, high == UTF8_BAD ? 0x10FFFF : high);
        }
    }
    p->at += !is_at_end(p);
    return is_inverse ? all_but(all) : all;
}

/* ---- repeats */

struct repeat {
    bool is_given, is_optional, is_endless, is_possessive;
};

/* {n}, {n,}, {n,m} */
static bool braces(struct pattern *p, struct repeat *r)
{
    size_t i = p->at + 1;
    while (i < p->s.n && p->s.p[i] >= '0' && p->s.p[i] <= '9') {
        i++;
    }
    bool has_comma = i < p->s.n && i > p->at + 1 && p->s.p[i] == ',';
    size_t most = i + has_comma;
    size_t end = most;
    while (end < p->s.n && p->s.p[end] >= '0' && p->s.p[end] <= '9') {
        end++;
    }
    if (i == p->at + 1 || end >= p->s.n || p->s.p[end] != '}') {
        return false;
    }
    r->is_optional = p->s.p[p->at + 1] == '0' && i == p->at + 2;
    r->is_endless = has_comma && end == most;
    p->at = end + 1;
    return true;
}

static struct repeat take_repeat(struct pattern *p)
{
    struct repeat r = {0};
    char c = peek(p, 0);
    if (c == '*' || c == '+' || c == '?') {
        r = (struct repeat){true, c != '+', c != '?', false};
        p->at++;
    } else if (c == '{') {
        r.is_given = braces(p, &r);
    }
    if (r.is_given && !take(p, "?")) {
        r.is_possessive = take(p, "+");
    }
    return r;
}

/* ---- structure */

static struct piece alternatives(struct pattern *p);

/* Behind (?: up to where what it groups begins. True: it takes no text. */
static bool group_head(struct pattern *p)
{
    if (take(p, "=") || take(p, "!") || take(p, "<=") || take(p, "<!")) {
        return true;
    }
    (void)take(p, "P");
    if (take(p, "<")) {
        go_behind(p, '>');
    } else if (take(p, "'")) {
        go_behind(p, '\'');
    } else {
        while (!is_at_end(p) && strchr(":)|", peek(p, 0)) == NULL) {
            p->at++; /* (?i:…), (?i) */
        }
        (void)take(p, ":");
    }
    return false;
}

/* Behind an opening parenthesis. */
static struct piece group(struct pattern *p)
{
    bool is_atomic = take(p, "?>");
    bool is_lookaround = !is_atomic && take(p, "?") && group_head(p);
    struct piece body = alternatives(p);
    (void)take(p, ")");
    if (is_lookaround) {
        return (struct piece){.is_optional = true};
    }
    body.is_loose = body.is_loose && !is_atomic;
    return body;
}

/* One character, class or group, without its repeat. */
static struct piece atom(struct pattern *p)
{
    struct piece part = {0};
    char c = peek(p, 0);
    if (take(p, "(")) {
        return group(p);
    }
    if (take(p, "[")) {
        part.chars = class_chars(p);
    } else if (take(p, "\\")) {
        part.is_optional = !escape(p, &part.chars);
    } else if (take(p, "^") || take(p, "$")) {
        part.is_optional = true;
    } else if (take(p, ".")) {
        part.chars = all_chars();
    } else {
        part.chars = one_char(p, utf8_next(p->s, &p->at));
        p->at += c == '\0'; /* never stands still */
    }
    return part;
}

static struct piece repeated(struct pattern *p)
{
    struct piece part = atom(p);
    struct repeat r = take_repeat(p);
    if (r.is_endless && part.is_loose) {
        p->is_nested = true;
    }
    part.is_optional = part.is_optional || r.is_optional;
    if (r.is_endless) {
        part.is_loose = true;
        part.loose = part.chars;
    }
    part.is_loose = part.is_loose && !r.is_possessive;
    return part;
}

enum { PARTS_MAX = 64 };

/* Whether something mandatory beside part i keeps its turns apart. */
static bool is_held_apart(const struct piece *parts, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++) {
        if (k != i && !parts[k].is_optional &&
            !have_common(&parts[k].chars, &parts[i].loose)) {
            return true;
        }
    }
    return false;
}

static struct piece sequence(struct pattern *p)
{
    struct piece parts[PARTS_MAX], all = {.is_optional = true};
    size_t n = 0;
    while (!is_at_end(p) && peek(p, 0) != '|' && peek(p, 0) != ')') {
        struct piece part = repeated(p);
        parts[n < PARTS_MAX ? n++ : n - 1] = part;
        add_all(&all.chars, &part.chars);
        all.is_optional = all.is_optional && part.is_optional;
    }
    for (size_t i = 0; i < n; i++) {
        if (parts[i].is_loose && !is_held_apart(parts, n, i)) {
            all.is_loose = true;
            add_all(&all.loose, &parts[i].loose);
        }
    }
    return all;
}

static struct piece alternatives(struct pattern *p)
{
    struct piece all = {0};
    if (++p->depth > DEPTH_MAX) {
        p->at = p->s.n;
        return all;
    }
    do {
        struct piece one = sequence(p);
        add_all(&all.chars, &one.chars);
        add_all(&all.loose, &one.loose);
        all.is_optional = all.is_optional || one.is_optional;
        all.is_loose = all.is_loose || one.is_loose;
    } while (take(p, "|"));
    p->depth--;
    return all;
}

/* ---- judging */

static void judge(struct linter *l, struct str pattern, struct span at)
{
    struct pattern p = {.s = pattern,
                        .ignores_case = str_find(pattern, STR("(?i")) != SIZE_MAX};
    while (!is_at_end(&p)) { /* a stray ) does not end it */
        alternatives(&p);
        p.at += !is_at_end(&p);
    }
    if (!p.is_nested) {
        return;
    }
    struct diag *d = lint_report(l, DIAG_ID_LINT_NESTED_REPEATS, at, SPAN_NONE);
    d->args[0] = pattern;
    lint_hint(d,
              "để một lần lặp duy nhất, ví dụ [a-z]+ thay cho ([a-z]+)+, hoặc đặt dấu "
              "phân cách bắt buộc giữa các lần",
              "keep one repeat, such as [a-z]+ instead of ([a-z]+)+, or put a mandatory "
              "separator between the turns");
}

static void judge_columns(struct linter *l, const struct ast_dataset *d)
{
    for (uint32_t j = 0; j < d->n_columns; j++) {
        if (d->columns[j].pattern.text.p != NULL) {
            judge(l, d->columns[j].pattern.text, d->columns[j].pattern.at);
        }
    }
}

void lint_patterns(struct linter *l)
{
    assert(l);
    for (uint32_t i = 0; i < l->n_files; i++) {
        const struct ast_file *f = l->files[i].ast;
        for (uint32_t k = 0; k < f->n; k++) {
            if (f->decls[k]->kind == DECL_DATASET) {
                judge_columns(l, &f->decls[k]->u.dataset);
            }
        }
    }
    for (uint32_t i = 0; i < terms_count(l->terms); i++) {
        const struct expr *e = term_expr(l->terms, i);
        if (e->op == EXPR_MATCHES) {
            judge(l, e->text, e->at);
        }
    }
}

/* The cursor of the parser, its errors, and the small readers that every part of it uses.
 */
#include "lang/parse_state.h"

#include <assert.h>
#include <string.h>

/* The cursor */

/* Gives up when the file has too many errors: the rest is as good as not there. */
static void stop_if_hopeless(struct parser *p)
{
    size_t n = diags_count(p->diags) - p->errors_before;
    if (p->is_stopped || n < PARSE_MAX_ERRORS) {
        return;
    }
    struct text count = text_in(diags_arena(p->diags));
    text_uint(&count, n);
    diag_at(p->diags, DIAG_ID_RULE_TOO_MANY_ERRORS, p->tok.at)->args[0] =
        text_str(&count);
    p->is_stopped = true;
    p->is_panicking = true;
    p->lexer.at = p->lexer.end;
    p->tok.kind = TOK_END;
    p->next.kind = TOK_END;
}

static void count_brackets(struct parser *p, enum token_kind kind)
{
    if (kind == TOK_LPAREN || kind == TOK_LBRACKET) {
        p->brackets++;
    } else if ((kind == TOK_RPAREN || kind == TOK_RBRACKET) && p->brackets > 0) {
        p->brackets--;
    } else if (kind == TOK_LBRACE) {
        p->braces++;
    } else if (kind == TOK_RBRACE && p->braces > 0) {
        p->braces--;
    }
}

void parser_advance(struct parser *p)
{
    count_brackets(p, p->tok.kind);
    p->prev = p->tok;
    p->tok = p->next;
    p->next = lex_next(&p->lexer);
    stop_if_hopeless(p);
}

void parser_start(struct parser *p)
{
    assert(p->a && p->diags);
    p->errors_before = diags_count(p->diags);
    p->tok = lex_next(&p->lexer);
    p->next = lex_next(&p->lexer);
    p->prev =
        (struct token){.kind = TOK_END, .at = {p->lexer.src, p->tok.at.lo, p->tok.at.lo}};
}

bool parser_take(struct parser *p, enum token_kind kind)
{
    if (p->is_panicking || p->tok.kind != kind) {
        return false;
    }
    parser_advance(p);
    return true;
}

struct str parser_text(const struct parser *p, struct token t)
{
    return lex_text(&p->lexer, t);
}

bool parser_is(const struct parser *p, struct token t, const char *word)
{
    return t.kind == TOK_NAME && str_eq(parser_text(p, t), str_of(word));
}

bool parser_at_word(const struct parser *p, const char *word)
{
    return parser_is(p, p->tok, word);
}

bool parser_take_word(struct parser *p, const char *word)
{
    if (p->is_panicking || !parser_at_word(p, word)) {
        return false;
    }
    parser_advance(p);
    parser_mark(p, MARK_KEYWORD);
    return true;
}

bool parser_need(struct parser *p, enum token_kind kind)
{
    if (parser_take(p, kind)) {
        return true;
    }
    parser_unexpected(p, DIAG_ID_RULE_SYNTAX,
                      parser_quoted(p, str_of(lex_spelling(kind))));
    return false;
}

bool parser_need_word(struct parser *p, const char *word)
{
    if (parser_take_word(p, word)) {
        return true;
    }
    parser_unexpected(p, DIAG_ID_RULE_SYNTAX, parser_quoted(p, str_of(word)));
    return false;
}

struct span parser_span(const struct parser *p, struct span start)
{
    return p->prev.at.hi > start.lo ? span_join(start, p->prev.at) : start;
}

void parser_mark(struct parser *p, enum ast_mark_kind kind)
{
    if (!p->is_hole && kind != MARK_NONE) {
        struct ast_mark *mark = items_add(p, &p->marks, sizeof *mark);
        *mark = (struct ast_mark){p->prev.at.lo, kind};
    }
}

bool parser_is_word(struct token t)
{
    return t.kind == TOK_NAME || lex_is_reserved(t.kind);
}

bool parser_at_margin(const struct parser *p)
{
    uint32_t lo = p->tok.at.lo;
    return lo == 0 || p->lexer.text.p[lo - 1] == '\n';
}

bool parser_ends_something(struct token t)
{
    return t.kind == TOK_NAME || t.kind == TOK_NUMBER || t.kind == TOK_STRING ||
           t.kind == TOK_BLOCK || t.kind == TOK_RPAREN || t.kind == TOK_RBRACKET ||
           t.kind == TOK_RBRACE || t.kind == TOK_PERCENT || t.kind == TOK_TRUE ||
           t.kind == TOK_FALSE || t.kind == TOK_END;
}

static bool may_start_expr(enum token_kind kind)
{
    return kind == TOK_NAME || kind == TOK_NUMBER || kind == TOK_STRING ||
           kind == TOK_TRUE || kind == TOK_FALSE || kind == TOK_THIS ||
           kind == TOK_LPAREN || kind == TOK_MINUS || kind == TOK_NOT || kind == TOK_IF;
}

bool parser_fits(const struct parser *p, struct token t, unsigned starts)
{
    enum token_kind kind = t.kind;
    struct str text = parser_text(p, t);
    bool is_lang =
        kind == TOK_NAME && (str_eq(text, STR("vi")) || str_eq(text, STR("en")));
    return ((starts & STARTS_NAME) && parser_is_word(t)) ||
           ((starts & STARTS_STRING) && kind == TOK_STRING) ||
           ((starts & STARTS_NUMBER) && kind == TOK_NUMBER) ||
           ((starts & STARTS_LANG) && is_lang) ||
           ((starts & STARTS_EXPR) && may_start_expr(kind)) ||
           ((starts & STARTS_BRACE) && kind == TOK_LBRACE);
}

/* Errors */

static bool is_quiet(const struct parser *p, struct span at)
{
    /* Behind a text on a line that ends inside one, this may be what stands inside a
     * text. */
    bool is_between_texts = p->prev.kind == TOK_STRING && lex_is_broken(&p->lexer, at.lo);
    return p->is_panicking || p->is_stopped || is_between_texts;
}

static struct diag *silent(struct parser *p, enum diag_id id)
{
    p->silent = (struct diag){.id = id};
    return &p->silent;
}

struct diag *parser_remark(struct parser *p, enum diag_id id, struct span at)
{
    return is_quiet(p, at) ? silent(p, id) : diag_at(p->diags, id, at);
}

struct diag *parser_error(struct parser *p, enum diag_id id, struct span at)
{
    struct diag *d = parser_remark(p, id, at);
    p->is_panicking = true;
    return d;
}

void parser_swallowed(struct parser *p)
{
    struct diag *d = parser_remark(p, DIAG_ID_RULE_SWALLOWED, p->prev.at);
    d->args[0] = parser_quoted(p, parser_text(p, p->prev));
}

/* Whether `at` ends with a keyword that was reported as swallowed. */
static bool ends_with_keyword(const struct parser *p, struct span at)
{
    for (size_t i = p->errors_before; i < diags_count(p->diags); i++) {
        const struct diag *d = diags_get(p->diags, i);
        if (d->id == DIAG_ID_RULE_SWALLOWED && d->places[0].span.hi == at.hi) {
            return true;
        }
    }
    return false;
}

void parser_mend_names(const struct parser *p, struct names *names)
{
    if (names->n > 0 && ends_with_keyword(p, names->items[names->n - 1].at)) {
        names->n--;
    }
}

void parser_mend_expr(const struct parser *p, struct node *n)
{
    if (n && ends_with_keyword(p, n->at)) {
        n->kind = NODE_ERROR;
    }
}

static struct diag *unexpected_end(struct parser *p)
{
    uint32_t end = p->prev.at.hi;
    struct span at = {p->lexer.src, end, end};
    if (p->is_hole) {
        return parser_error(p, DIAG_ID_RULE_HOLE_END, at);
    }
    if (p->lexer.n_unclosed != p->unclosed_before) {
        p->is_panicking = true; /* what is missing may be in the unclosed text */
        return silent(p, DIAG_ID_RULE_END_OF_FILE);
    }
    struct diag *d = parser_error(p, DIAG_ID_RULE_END_OF_FILE, at);
    d->args[0] = p->within;
    diag_place(d, p->within_at, STR_NONE);
    return d;
}

struct diag *parser_unexpected(struct parser *p, enum diag_id id, struct str expected)
{
    if (p->tok.kind == TOK_BAD || p->tok.is_bad || p->is_panicking) {
        p->is_panicking = true;
        return silent(p, id);
    }
    if (p->tok.kind == TOK_END) {
        return unexpected_end(p);
    }
    struct diag *d = parser_error(p, id, p->tok.at);
    d->args[0] = parser_quoted(p, parser_text(p, p->tok));
    d->args[1] = expected;
    return d;
}

struct str parser_quoted(struct parser *p, struct str s)
{
    return lex_quoted(diags_arena(p->diags), s);
}

struct str parser_word_list(struct parser *p, const char *const *words, size_t n)
{
    struct text list = text_in(diags_arena(p->diags));
    for (size_t i = 0; i < n; i++) {
        text_add_z(&list, i > 0 ? ", " : "");
        text_add_z(&list, words[i]);
    }
    return text_str(&list);
}

static void hint_lower_case(struct parser *p, struct diag *d, struct str word)
{
    static const char *const words[2] = {"viết chữ thường: ", "write it in lower case: "};
    struct str *const hints[2] = {&d->hint, &d->hint_en};
    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(diags_arena(p->diags));
        text_add_z(&t, words[lang]);
        text_add(&t, word);
        *hints[lang] = text_str(&t);
    }
}

bool parser_hint_operator(struct parser *p, struct diag *d)
{
    if (p->tok.kind == TOK_NOT) {
        d->hint = STR("not đứng trước cả phép so sánh: not s in {…}, not x is missing");
        d->hint_en =
            STR("not goes before the whole comparison: not s in {…}, not x is missing");
        return true;
    }
    const char *lower =
        parser_is_word(p->tok) ? lex_lower_case(parser_text(p, p->tok)) : NULL;
    if (lower != NULL) {
        hint_lower_case(p, d, str_of(lower));
    }
    return lower != NULL;
}

size_t parser_hint(struct parser *p, struct diag *d, const char *const *words, size_t n)
{
    struct str list[2 * BLOCK_CLAUSES];
    assert(n <= COUNT_OF(list));
    for (size_t i = 0; i < n; i++) {
        list[i] = str_of(words[i]);
    }
    struct str near =
        parser_is_word(p->tok) ? str_nearest(parser_text(p, p->tok), list, n) : STR_NONE;
    if (!near.p) {
        return SIZE_MAX;
    }
    diag_did_you_mean(p->diags, d, near);
    size_t found = 0;
    while (found < n && !str_eq(list[found], near)) {
        found++;
    }
    return found;
}

void parser_twice(struct parser *p, struct span second, struct span first)
{
    struct diag *d = parser_remark(p, DIAG_ID_RULE_TWICE, second);
    d->args[0] = parser_quoted(p, str_cut(p->lexer.text, second.lo, second.hi));
    d->args[1] = p->within;
    diag_place(d, first, STR_NONE);
}

/* The two places in order of writing: the later one first in the diag. */
void parser_exclusive(struct parser *p, struct span a, const char *a_word, struct span b,
                      const char *b_word)
{
    if (span_is_none(a) || span_is_none(b)) {
        return;
    }
    bool is_b_later = b.lo > a.lo;
    struct diag *d = parser_remark(p, DIAG_ID_RULE_EXCLUSIVE, is_b_later ? b : a);
    d->args[0] = parser_quoted(p, str_of(is_b_later ? b_word : a_word));
    d->args[1] = parser_quoted(p, str_of(is_b_later ? a_word : b_word));
    diag_place(d, is_b_later ? a : b, STR_NONE);
}

void parser_only_with(struct parser *p, struct span at, const char *word,
                      const char *other)
{
    struct diag *d = parser_remark(p, DIAG_ID_RULE_ONLY_WITH, at);
    d->args[0] = parser_quoted(p, str_of(word));
    d->args[1] = parser_quoted(p, str_of(other));
}

void parser_reserved(struct parser *p, struct name name, const char *const *words,
                     size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (name.text.p && str_eq(name.text, str_of(words[i]))) {
            parser_remark(p, DIAG_ID_RULE_RESERVED_NAME, name.at)->args[0] = name.text;
        }
    }
}

/* Small readers */

static struct name take_name(struct parser *p)
{
    struct name name = {.text = parser_text(p, p->tok), .at = p->tok.at};
    parser_advance(p);
    return name;
}

/* {1} of RULE_NAME_RESERVED: the word with a mark behind it. */
static struct str other_name(struct parser *p, struct str word)
{
    struct text name = text_in(diags_arena(p->diags));
    text_printf(&name, STR_FMT "_", STR_ARG(word));
    return text_str(&name);
}

struct name parse_name(struct parser *p)
{
    if (p->is_panicking) {
        return NAME_NONE;
    }
    if (p->tok.kind == TOK_NAME) {
        return take_name(p);
    }
    bool is_reserved = lex_is_reserved(p->tok.kind);
    struct str expected = is_reserved ? other_name(p, parser_text(p, p->tok)) : STR_NONE;
    parser_unexpected(
        p, is_reserved ? DIAG_ID_RULE_NAME_RESERVED : DIAG_ID_RULE_NAME_EXPECTED,
        expected);
    return NAME_NONE;
}

struct name parse_new_name(struct parser *p)
{
    if (p->is_panicking || !lex_is_reserved(p->tok.kind)) {
        return parse_name(p);
    }
    struct diag *d = parser_remark(p, DIAG_ID_RULE_NAME_RESERVED, p->tok.at);
    d->args[0] = parser_quoted(p, parser_text(p, p->tok));
    d->args[1] = other_name(p, parser_text(p, p->tok));
    return take_name(p);
}

struct name parse_string(struct parser *p)
{
    if (p->is_panicking || p->tok.kind != TOK_STRING) {
        parser_unexpected(p, DIAG_ID_RULE_STRING_EXPECTED, STR_NONE);
        return NAME_NONE;
    }
    struct token t = p->tok;
    parser_advance(p);
    struct lexer *lx = t.is_bad ? NULL : &p->lexer;
    return (struct name){.text = lex_string(p->a, lx, parser_text(p, t), t.at.lo),
                         .at = t.at};
}

bool parse_comma(struct parser *p)
{
    struct span comma = p->tok.at;
    if (!parser_take(p, TOK_COMMA)) {
        return false;
    }
    enum token_kind kind = p->tok.kind;
    bool closes = kind == TOK_RBRACE || kind == TOK_RPAREN || kind == TOK_RBRACKET ||
                  kind == TOK_LBRACE;
    if (closes) {
        parser_remark(p, DIAG_ID_RULE_LAST_COMMA, comma)->args[0] =
            parser_quoted(p, parser_text(p, p->tok));
    }
    return !closes;
}

struct names parse_names(struct parser *p)
{
    struct span start = p->tok.at;
    struct items list = {0};
    do {
        struct name name = parse_new_name(p);
        if (!name.text.p) {
            break;
        }
        *(struct name *)items_add(p, &list, sizeof name) = name;
    } while (parse_comma(p));
    return (struct names){list.items, (uint32_t)list.n, parser_span(p, start)};
}

struct num parse_number(struct parser *p)
{
    struct num value = num_int(0);
    struct token t = p->tok;
    if (!parser_take(p, TOK_NUMBER)) {
        parser_unexpected(p, DIAG_ID_RULE_NUMBER_EXPECTED, STR_NONE);
    } else if (!t.is_bad && !lex_number(p->a, parser_text(p, t), &value)) {
        parser_remark(p, DIAG_ID_RULE_NUMBER_LENGTH, t.at)->args[0] =
            parser_quoted(p, parser_text(p, t));
    }
    return value;
}

struct num parse_percentage(struct parser *p, bool *is_percent)
{
    struct token t = p->tok;
    struct num value = parse_number(p);
    *is_percent = parser_take(p, TOK_PERCENT);
    if (!*is_percent) {
        return value;
    }
    struct num share = value;
    if (num_div(value, num_int(100), &share) != DEC_OK || !num_is_decimal(share)) {
        parser_remark(p, DIAG_ID_RULE_NUMBER_LENGTH, t.at)->args[0] =
            parser_quoted(p, parser_text(p, t));
    }
    return share;
}

size_t parse_choice(struct parser *p, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (parser_take_word(p, words[i])) {
            return i;
        }
    }
    struct diag *d =
        parser_unexpected(p, DIAG_ID_RULE_WORD_EXPECTED, parser_word_list(p, words, n));
    if (!parser_hint_operator(p, d)) {
        parser_hint(p, d, words, n);
    }
    return SIZE_MAX;
}

void *items_add(struct parser *p, struct items *list, size_t size)
{
    list->items = list_room(p->a, list->items, list->n, &list->cap, size);
    void *item = (char *)list->items + list->n++ * size;
    memset(item, 0, size);
    return item;
}

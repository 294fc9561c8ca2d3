/* Files and holes: the door of the parser. See parse_state.h for how the parts work
 * together. */
#include "lang/parse.h"

#include "lang/parse_state.h"

#include <assert.h>

struct declaration {
    const char *word;
    enum decl_kind kind;
    unsigned starts;      /* what stands behind the word */
    const char *third[2]; /* what stands behind that, where a declaration can be told from
                             names by it */
    bool (*read)(struct parser *p,
                 struct decl *d); /* NULL: not yet part of this version */
};

static const struct declaration declarations[] = {
    {"use", DECL_USE, STARTS_NAME | STARTS_STRING, {NULL}, parse_use},
    {"ruleset", DECL_RULESET, STARTS_NAME, {"{"}, parse_ruleset},
    {"unit", DECL_UNIT, STARTS_NAME, {"\""}, parse_unit},
    {"codelist", DECL_CODELIST, STARTS_NAME, {"{", "from"}, parse_codelist},
    {"define", DECL_DEFINE, STARTS_NAME, {"=", "("}, parse_define},
    {"family", DECL_FAMILY, STARTS_NAME, {"="}, parse_family},
    {"dataset", DECL_DATASET, STARTS_NAME, {"{", "optional"}, parse_dataset},
    {"check", DECL_CHECK, STARTS_NAME, {"on"}, parse_check},
    {"indicator", DECL_INDICATOR, STARTS_NAME, {"on"}, parse_indicator},
    {"target", DECL_TARGET, STARTS_NAME, {"on"}, parse_target},
    {"scoreboard", DECL_SCOREBOARD, STARTS_NAME, {"on"}, parse_scoreboard},
    {"test", DECL_TEST, STARTS_STRING, {"{"}, parse_test},
    {.word = "waive", .starts = STARTS_NAME, .third = {"{", "at"}},
};

static const char *const known_words[] = {
    "use",     "ruleset", "unit",      "codelist", "define",     "family",
    "dataset", "check",   "indicator", "target",   "scoreboard", "test",
};

static const struct declaration *declaration_of(const struct parser *p, struct token t)
{
    for (size_t i = 0; i < COUNT_OF(declarations); i++) {
        if (parser_is(p, t, declarations[i].word)) {
            return &declarations[i];
        }
    }
    return NULL;
}

bool parse_at_declaration(const struct parser *p)
{
    const struct declaration *d = declaration_of(p, p->tok);
    return d && parser_fits(p, p->next, d->starts);
}

/* The token behind `next`, as written; what is wrong in it will be reported when it is
 * read. */
static struct str third_token(const struct parser *p)
{
    struct lexer ahead = p->lexer;
    ahead.diags = diags_new(p->a);
    return lex_text(&ahead, lex_next(&ahead));
}

bool parse_at_whole_declaration(const struct parser *p)
{
    const struct declaration *d = declaration_of(p, p->tok);
    if (!d || !parser_fits(p, p->next, d->starts)) {
        return false;
    }
    struct str third = third_token(p);
    bool is_third = !d->third[0];
    for (size_t i = 0; i < COUNT_OF(d->third) && d->third[i]; i++) {
        is_third = is_third || str_starts(third, str_of(d->third[i]));
    }
    return is_third;
}

/* Goes on at the next declaration: one without indent, or one behind something complete.
 */
static void recover(struct parser *p)
{
    while (p->tok.kind != TOK_END) {
        bool is_outside =
            p->braces == 0 && p->brackets == 0 && parser_ends_something(p->prev);
        if ((is_outside && parse_at_whole_declaration(p)) ||
            (parser_at_margin(p) && parse_at_declaration(p))) {
            break;
        }
        parser_advance(p);
    }
    p->is_panicking = p->is_stopped;
}

/* Reports the word and passes over its block. */
static void skip_unknown(struct parser *p)
{
    struct diag *d = parser_remark(p, DIAG_ID_RULE_NOT_YET, p->tok.at);
    d->args[0] = parser_quoted(p, parser_text(p, p->tok));
    bool has_opened = false;
    do {
        parser_advance(p);
        has_opened = has_opened || p->braces > 0;
    } while (p->tok.kind != TOK_END && !(has_opened && p->braces == 0) &&
             !(parser_at_margin(p) && parse_at_declaration(p)));
}

/* Reads what follows the keyword just taken. */
static void read_declaration(struct parser *p, const struct declaration *kind,
                             struct items *list)
{
    struct decl *d = arena_new(p->a, struct decl);
    d->kind = kind->kind;
    d->at = p->prev.at;
    p->braces = p->brackets = 0;
    p->within = parser_quoted(p, parser_text(p, p->prev));
    p->within_at = p->prev.at;
    parser_mark(p, MARK_DECLARATION);
    bool is_kept = kind->read(p, d);
    d->at = parser_span(p, d->at);
    if (is_kept) {
        *(struct decl **)items_add(p, list, sizeof(struct decl *)) = d;
    }
}

/* Takes a keyword that was read as a name out of the declaration that ends with it. */
static void mend_last(const struct parser *p, const struct items *list)
{
    struct decl *last = list->n > 0 ? ((struct decl **)list->items)[list->n - 1] : NULL;
    if (last && last->kind == DECL_FAMILY) {
        parser_mend_names(p, &last->u.family.columns);
    } else if (last && last->kind == DECL_DEFINE) {
        parser_mend_expr(p, last->u.define.body);
    }
}

static void not_a_declaration(struct parser *p)
{
    struct str words = parser_word_list(p, known_words, COUNT_OF(known_words));
    struct diag *d = parser_unexpected(p, DIAG_ID_RULE_DECLARATION_EXPECTED, words);
    parser_hint(p, d, known_words, COUNT_OF(known_words));
}

static void read_next(struct parser *p, struct items *list)
{
    const struct declaration *kind = declaration_of(p, p->tok);
    const struct declaration *before = declaration_of(p, p->prev);
    bool is_swallowed = before && before->read && p->prev.starts_line &&
                        parser_fits(p, p->tok, before->starts);
    p->braces = 0;
    p->unclosed_before = p->lexer.n_unclosed;
    if (kind && kind->read) {
        parser_advance(p);
        read_declaration(p, kind, list);
    } else if (kind) {
        skip_unknown(p);
    } else if (is_swallowed) {
        parser_swallowed(p);
        mend_last(p, list);
        read_declaration(p, before, list);
    } else {
        not_a_declaration(p);
    }
    if (p->is_panicking) {
        recover(p);
    }
}

/* "soat" NUMBER; false: another version of the language, of which nothing is known. */
static bool read_version(struct parser *p)
{
    bool has_word = parser_at_word(p, "soat");
    struct token found = has_word ? p->next : p->tok;
    bool has_number = has_word && found.kind == TOK_NUMBER;
    if (has_number && (found.is_bad || str_eq(parser_text(p, found), STR("1")))) {
        parser_advance(p);
        parser_advance(p);
        return true;
    }
    if (found.kind == TOK_BAD) {
        p->is_panicking = true;
    } else {
        struct diag *d = parser_remark(p, DIAG_ID_RULE_VERSION, found.at);
        d->args[0] = parser_quoted(p, parser_text(p, found));
    }
    if (has_number) {
        return false;
    }
    if (has_word) {
        parser_advance(p);
    }
    bool looks_like_it = has_word || p->next.kind == TOK_NUMBER;
    if (!looks_like_it && !declaration_of(p, p->tok)) {
        return false; /* another kind of file: to go on would only repeat this */
    }
    if (!declaration_of(p, p->tok)) {
        recover(p);
    }
    return true;
}

static bool is_too_large(struct parser *p)
{
    size_t n = p->lexer.text.n;
    if (n <= PARSE_MAX_BYTES) {
        return false;
    }
    struct text size = text_in(diags_arena(p->diags)),
                limit = text_in(diags_arena(p->diags));
    text_uint(&size, n);
    text_uint(&limit, PARSE_MAX_BYTES);
    struct diag *d =
        diag_at(p->diags, DIAG_ID_RULE_FILE_TOO_LARGE, (struct span){p->lexer.src, 0, 0});
    d->args[0] = text_str(&size);
    d->args[1] = text_str(&limit);
    return true;
}

/* File = "soat" NUMBER { Declaration } ; */
struct ast_file *parse_file(struct arena *a, const struct sources *sources, uint32_t src,
                            struct diags *diags)
{
    assert(a && sources && diags);
    uint32_t size = (uint32_t)source_text(sources, src).n;
    size_t before = diags_errors(diags);
    struct parser p = {
        .a = a, .diags = diags, .lexer = lex_open(sources, src, 0, size, diags)};
    struct items list = {0};
    if (!is_too_large(&p) && lex_check_bytes(&p.lexer)) {
        parser_start(&p);
        bool is_known = read_version(&p);
        while (is_known && p.tok.kind != TOK_END) {
            read_next(&p, &list);
        }
    }
    struct ast_file *file = arena_new(a, struct ast_file);
    file->src = src;
    file->decls = list.items;
    file->n = (uint32_t)list.n;
    file->marks = p.marks.items;
    file->n_marks = (uint32_t)p.marks.n;
    file->has_errors = diags_errors(diags) > before;
    return file;
}

struct node *parse_hole(struct arena *a, const struct sources *sources, struct span at,
                        struct diags *diags)
{
    assert(a && sources && diags && !span_is_none(at));
    struct lexer lexer = lex_open(sources, at.src, at.lo, at.hi, diags);
    struct parser p = {.a = a, .diags = diags, .lexer = lexer, .is_hole = true};
    parser_start(&p);
    struct node *n = parse_expr(&p);
    if (!p.is_panicking && p.tok.kind != TOK_END) {
        parser_unexpected(&p, DIAG_ID_RULE_SYNTAX, STR("\"}\""));
    }
    n->kind = p.is_panicking ? NODE_ERROR : n->kind;
    return n;
}

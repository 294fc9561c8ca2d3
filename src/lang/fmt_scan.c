/* A rule file as a row of tokens with what stands between them. */
#include "base/utf8.h"
#include "lang/fmt_state.h"

#include <assert.h>

struct scan {
    struct fmt *f;
    struct lexer lexer;
    const struct ast_file *file;
    struct fmt_token *tokens;
    struct fmt_comment *comments;
    size_t n, cap, n_comments, cap_comments;
    uint32_t line, mark;
    uint32_t *open; /* tokens that are open brackets */
    size_t n_open, cap_open;
    uint32_t comment_column; /* of the last comment; UINT32_MAX: a line ended since */
};

/* Columns before byte `at` of its line. */
static uint32_t column_of(struct str text, uint32_t at)
{
    uint32_t start = at;
    while (start > 0 && text.p[start - 1] != '\n') {
        start--;
    }
    return (uint32_t)utf8_width(str_cut(text, start, at));
}

static void add_comment(struct scan *s, uint32_t lo, uint32_t hi, uint32_t newlines)
{
    bool is_first = s->n == 0 && s->n_comments == 0;
    bool is_own_line = newlines > 0 || s->n == 0;
    uint32_t column = column_of(s->lexer.text, lo);
    bool goes_on = newlines == 1 && column == s->comment_column;
    s->comments = list_room(s->f->a, s->comments, s->n_comments, &s->cap_comments,
                            sizeof *s->comments);
    s->comments[s->n_comments++] = (struct fmt_comment){
        .text = str_trim(str_cut(s->lexer.text, lo, hi)),
        .is_own_line = is_own_line,
        .has_blank_before = newlines > 1 && !is_first,
        .goes_on = goes_on,
    };
    s->comment_column = is_own_line && !goes_on ? UINT32_MAX : column;
}

/* The comments between two tokens; gives the line ends behind the last of them. */
static uint32_t scan_gap(struct scan *s, uint32_t lo, uint32_t hi)
{
    struct str text = s->lexer.text;
    uint32_t newlines = 0;
    s->comment_column = UINT32_MAX;
    while (lo < hi) {
        if (text.p[lo] == '#') {
            uint32_t end = lo;
            while (end < hi && text.p[end] != '\n') {
                end++;
            }
            add_comment(s, lo, end, newlines);
            newlines = 0;
            lo = end;
            continue;
        }
        newlines += text.p[lo] == '\n';
        s->line += text.p[lo] == '\n';
        lo++;
    }
    return newlines;
}

static enum ast_mark_kind mark_of(struct scan *s, uint32_t at)
{
    const struct ast_mark *marks = s->file->marks;
    while (s->mark < s->file->n_marks && marks[s->mark].at < at) {
        s->mark++;
    }
    bool is_marked = s->mark < s->file->n_marks && marks[s->mark].at == at;
    return is_marked ? marks[s->mark].kind : MARK_NONE;
}

static bool opens(enum token_kind kind)
{
    return kind == TOK_LPAREN || kind == TOK_LBRACKET || kind == TOK_LBRACE;
}

static bool closes(enum token_kind kind)
{
    return kind == TOK_RPAREN || kind == TOK_RBRACKET || kind == TOK_RBRACE;
}

static void match_brackets(struct scan *s, uint32_t i)
{
    struct fmt_token *t = &s->tokens[i];
    t->match = i;
    if (opens(t->kind)) {
        t->is_set = i > 0 && s->tokens[i - 1].kind == TOK_IN;
        s->open = list_room(s->f->a, s->open, s->n_open, &s->cap_open, sizeof *s->open);
        s->open[s->n_open++] = i;
    } else if (closes(t->kind)) {
        assert(s->n_open > 0);
        t->match = s->open[--s->n_open];
        s->tokens[t->match].match = i;
        t->is_set = s->tokens[t->match].is_set;
    }
}

/* Takes one token and all before it; false behind the last. */
static bool scan_token(struct scan *s)
{
    uint32_t from = s->lexer.at;
    struct token t = lex_next(&s->lexer);
    uint32_t newlines = scan_gap(s, from, t.at.lo);
    struct str text = lex_text(&s->lexer, t);
    s->tokens = list_room(s->f->a, s->tokens, s->n, &s->cap, sizeof *s->tokens);
    s->tokens[s->n] = (struct fmt_token){
        .kind = t.kind,
        .mark = mark_of(s, t.at.lo),
        .text = text,
        .width = t.kind == TOK_BLOCK ? 3 : (uint32_t)utf8_width(text),
        .line = s->line,
        .comments = (uint32_t)s->n_comments,
        .has_blank_before = newlines > 1 && (s->n > 0 || s->n_comments > 0),
    };
    match_brackets(s, (uint32_t)s->n);
    for (size_t i = 0; i < text.n; i++) {
        s->line += text.p[i] == '\n';
    }
    s->n++;
    return t.kind != TOK_END;
}

bool fmt_is(const struct fmt *f, uint32_t i, const char *word)
{
    return str_eq(f->tokens[i].text, str_of(word)) && f->tokens[i].kind != TOK_STRING;
}

bool fmt_is_keyword(const struct fmt *f, uint32_t i, const char *word)
{
    return f->tokens[i].mark != MARK_NONE && fmt_is(f, i, word);
}

/* Blanks */

/* A word that is a name: what follows in brackets belongs to it. */
static bool takes_brackets(const struct fmt_token *t)
{
    return t->kind == TOK_NAME && t->mark == MARK_NONE;
}

/* The units behind `of` are written as one word: trd/htx. */
static bool is_of_unit(const struct fmt *f, uint32_t i)
{
    if (f->tokens[i].kind != TOK_STAR && f->tokens[i].kind != TOK_SLASH) {
        return false;
    }
    while (i > 1 && f->tokens[i].mark == MARK_NONE) {
        i--;
    }
    return f->tokens[i].mark == MARK_MODIFIER && fmt_is(f, i, "of");
}

static const bool follows_closely[TOK_KINDS] = {
    [TOK_COMMA] = true, [TOK_RPAREN] = true,  [TOK_RBRACKET] = true,
    [TOK_DOT] = true,   [TOK_PERCENT] = true, [TOK_LBRACKET] = true,
};

static const bool leads_closely[TOK_KINDS] = {
    [TOK_LPAREN] = true,
    [TOK_LBRACKET] = true,
    [TOK_DOT] = true,
};

static bool is_joined(const struct fmt *f, uint32_t i)
{
    const struct fmt_token *prev = &f->tokens[i - 1], *t = &f->tokens[i];
    bool is_call = t->kind == TOK_LPAREN && takes_brackets(prev);
    bool is_in_set = (t->kind == TOK_RBRACE && t->is_set) ||
                     (prev->kind == TOK_LBRACE && prev->is_set);
    return follows_closely[t->kind] || leads_closely[prev->kind] || is_call ||
           is_in_set || prev->mark == MARK_SIGN || is_of_unit(f, i) ||
           is_of_unit(f, i - 1);
}

/* Clauses on one line, and the parts of points, are set apart by two blanks. */
static bool begins_part(const struct fmt *f, uint32_t i)
{
    return f->tokens[i].mark == MARK_CLAUSE || fmt_is_keyword(f, i, "bonus") ||
           fmt_is_keyword(f, i, "round");
}

uint32_t fmt_gap(const struct fmt *f, uint32_t i)
{
    assert(i > 0 && i < f->n_tokens);
    if (is_joined(f, i)) {
        return 0;
    }
    return begins_part(f, i) && f->tokens[i - 1].kind != TOK_LBRACE ? 2 : 1;
}

void fmt_scan(struct fmt *f, const struct sources *sources, const struct ast_file *file)
{
    assert(f->a && !file->has_errors);
    struct str text = source_text(sources, file->src);
    struct diags *none = diags_new(f->a);
    struct scan s = {
        .f = f,
        .lexer = lex_open(sources, file->src, 0, (uint32_t)text.n, none),
        .file = file,
    };
    while (scan_token(&s)) {
    }
    f->tokens = s.tokens;
    f->n_tokens = (uint32_t)s.n;
    f->comments = s.comments;
    for (uint32_t i = 1; i < f->n_tokens; i++) {
        const struct fmt_token *prev = &s.tokens[i - 1];
        s.tokens[i].at = prev->at + prev->width + fmt_gap(f, i);
    }
    assert(s.n_open == 0 && diags_count(none) == 0);
}

/* Measures */

uint32_t fmt_width(const struct fmt *f, uint32_t lo, uint32_t hi)
{
    assert(lo <= hi && hi <= f->n_tokens);
    return lo == hi ? 0
                    : f->tokens[hi - 1].at + f->tokens[hi - 1].width - f->tokens[lo].at;
}

bool fmt_has_comments(const struct fmt *f, uint32_t lo, uint32_t hi)
{
    return hi > lo && f->tokens[hi - 1].comments > f->tokens[lo].comments;
}

bool fmt_blank_before(const struct fmt *f, uint32_t i)
{
    bool is_blank = f->tokens[i].has_blank_before;
    uint32_t first = i > 0 ? f->tokens[i - 1].comments : 0;
    for (uint32_t k = first; k < f->tokens[i].comments; k++) {
        is_blank = is_blank || f->comments[k].has_blank_before;
    }
    return is_blank;
}

bool fmt_stays_single(const struct fmt *f, uint32_t lo, uint32_t open, uint32_t column)
{
    uint32_t close = f->tokens[open].match;
    assert(lo <= open && open < close);
    return f->tokens[open].line == f->tokens[close].line &&
           !fmt_has_comments(f, lo, close + 1) &&
           column + fmt_width(f, lo, close + 1) <= FMT_COLUMNS;
}

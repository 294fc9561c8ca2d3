/* Blocks by table: every clause of a block has a row that says how often it may stand and
 * who reads it. Clauses too many, missing and unknown ones, and going on after an error
 * need no code of their own.
 *
 * Going on: clause keywords are ordinary names elsewhere, so one counts only where
 * something can end before it, a value or its own beginning follows, and no bracket is
 * open (or it stands first on its line). What was passed over is not reported as missing.
 * A declaration keyword at the block's own indent means that the block's } is missing. */
#include "lang/parse_state.h"

#include <assert.h>

struct block {
    const struct block_form *form;
    struct span first[BLOCK_CLAUSES]; /* where each clause stands; SPAN_NONE: not yet */
    bool is_excused[BLOCK_CLAUSES];   /* may stand in what was passed over */
    bool has_ended;                   /* with its brace */
    uint32_t level;                   /* braces open within the block */
    uint32_t n_unclosed;
    uint32_t indent; /* of the line on which the declaration begins */
    struct span open;
    const struct clause *last;
};

static size_t clause_of(const struct parser *p, struct token t,
                        const struct block_form *form)
{
    size_t i = 0;
    while (i < form->n && !parser_is(p, t, form->clauses[i].word)) {
        i++;
    }
    return i;
}

/* Blanks before the token on its line. */
static uint32_t indent_of(const struct parser *p, struct span at)
{
    uint32_t start = at.lo;
    while (start > 0 && p->lexer.text.p[start - 1] != '\n') {
        start--;
    }
    uint32_t end = start;
    while (end < at.lo && (p->lexer.text.p[end] == ' ' || p->lexer.text.p[end] == '\t')) {
        end++;
    }
    return end - start;
}

/* A declaration that cannot belong to the block, though the block is open. */
static bool is_outside(const struct parser *p, const struct block *b)
{
    return p->tok.starts_line
               ? parse_at_declaration(p) && indent_of(p, p->tok.at) <= b->indent
               : parse_at_whole_declaration(p);
}

/* Two values side by side: in no expression does one follow the other. */
static bool is_value(struct token t)
{
    return t.kind == TOK_NAME || t.kind == TOK_NUMBER || t.kind == TOK_STRING ||
           t.kind == TOK_THIS || t.kind == TOK_TRUE || t.kind == TOK_FALSE;
}

static bool resumes(const struct parser *p, const struct block *b)
{
    size_t i = clause_of(p, p->tok, b->form);
    bool may_begin =
        p->tok.starts_line || (p->brackets == 0 && parser_ends_something(p->prev));
    return i < b->form->n && may_begin &&
           (is_value(p->next) || parser_fits(p, p->next, b->form->clauses[i].starts));
}

/* Finds the opening brace, also behind a head that did not parse. */
static bool open_block(struct parser *p, struct block *b)
{
    if (!p->is_panicking && p->tok.kind != TOK_LBRACE) {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\"{\""));
    }
    while (p->is_panicking && p->tok.kind != TOK_END && p->tok.kind != TOK_RBRACE) {
        if (resumes(p, b)) { /* the brace itself is missing */
            p->braces++;
            p->is_panicking = false;
            b->level = p->braces;
            return true;
        }
        if (p->tok.starts_line && is_outside(p, b)) {
            return false;
        }
        if (p->tok.kind == TOK_LBRACE && (p->brackets == 0 || p->next.starts_line)) {
            break;
        }
        parser_advance(p);
    }
    if (p->tok.kind != TOK_LBRACE) {
        return false;
    }
    p->is_panicking = false;
    p->brackets = 0;
    b->open = p->tok.at;
    parser_advance(p);
    b->level = p->braces;
    return true;
}

/* Passes over what cannot be read; false: the block is lost. */
static bool recover(struct parser *p, struct block *b)
{
    while (p->tok.kind != TOK_END) {
        bool closes = p->tok.kind == TOK_RBRACE && p->braces <= b->level;
        if (closes || resumes(p, b)) {
            p->is_panicking = false;
            p->braces = b->level;
            return true;
        }
        if (is_outside(p, b) && (p->tok.starts_line || p->prev.kind == TOK_RBRACE)) {
            return false;
        }
        size_t i = clause_of(p, p->tok, b->form);
        if (i < b->form->n) {
            b->is_excused[i] = true;
        }
        parser_advance(p);
    }
    return false;
}

static struct str clause_list(struct parser *p, const struct block_form *form)
{
    const char *words[BLOCK_CLAUSES];
    for (size_t i = 0; i < form->n; i++) {
        words[i] = form->clauses[i].word;
    }
    return parser_word_list(p, words, form->n);
}

/* The hint knows the clauses, and what could have gone on with the last one. */
static void unknown_clause(struct parser *p, struct block *b)
{
    const char *words[2 * BLOCK_CLAUSES];
    size_t n = 0;
    for (size_t i = 0; i < b->form->n; i++) {
        words[n++] = b->form->clauses[i].word;
    }
    for (size_t i = 0; i < b->form->n_tails && b->last; i++) {
        words[n++] = b->form->tails[i];
    }
    struct diag *d =
        parser_unexpected(p, DIAG_ID_RULE_CLAUSE_UNKNOWN, str_of(b->form->word));
    d->args[2] = clause_list(p, b->form);
    size_t near = parser_hint_operator(p, d) ? SIZE_MAX : parser_hint(p, d, words, n);
    size_t before = clause_of(p, p->prev, b->form); /* taken for a name? */
    for (size_t i = 0; i < b->form->n; i++) {
        bool is_any = near == SIZE_MAX && before == b->form->n && parser_is_word(p->tok);
        b->is_excused[i] = b->is_excused[i] || i == near || i == before || is_any;
    }
}

static void not_closed(struct parser *p, const struct block *b)
{
    if (p->lexer.n_unclosed != b->n_unclosed) {
        return;
    }
    struct diag *d = parser_remark(p, DIAG_ID_RULE_BLOCK_OPEN, p->tok.at);
    d->args[0] = parser_quoted(p, parser_text(p, p->tok));
    d->args[1] = p->within;
    diag_place(d, b->open, STR_NONE);
}

static void read_clause(struct parser *p, struct block *b, size_t i, void *out)
{
    const struct clause *clause = &b->form->clauses[i];
    struct span at = p->prev.at;
    bool is_once = clause->often == '1' || clause->often == '?';
    if (is_once && !span_is_none(b->first[i])) {
        parser_twice(p, at, b->first[i]);
    } else if (span_is_none(b->first[i])) {
        b->first[i] = at;
    }
    p->brackets = 0;
    b->last = clause;
    parser_mark(p, MARK_CLAUSE);
    clause->read(p, out);
}

/* Whether the token before this one began a clause, but was taken for a name. */
static bool has_swallowed(const struct parser *p, const struct block *b)
{
    size_t i = clause_of(p, p->prev, b->form);
    return i < b->form->n && p->prev.starts_line &&
           parser_fits(p, p->tok, b->form->clauses[i].starts);
}

/* Reads what should be a clause; false: the block has ended without its brace. */
static bool read_next(struct parser *p, struct block *b, void *out)
{
    size_t i = clause_of(p, p->tok, b->form);
    if (i < b->form->n) {
        parser_advance(p);
        read_clause(p, b, i, out);
    } else if (is_outside(p, b)) {
        not_closed(p, b);
        return false;
    } else if (has_swallowed(p, b)) {
        parser_swallowed(p);
        read_clause(p, b, clause_of(p, p->prev, b->form), out);
    } else {
        unknown_clause(p, b);
    }
    return true;
}

static void read_clauses(struct parser *p, struct block *b, void *out)
{
    if (!open_block(p, b)) {
        return;
    }
    while (p->tok.kind != TOK_RBRACE) {
        if (p->tok.kind == TOK_END) {
            parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR_NONE);
            return;
        }
        if (!read_next(p, b, out) || (p->is_panicking && !recover(p, b))) {
            return;
        }
    }
    parser_advance(p);
    b->has_ended = true;
}

static struct seen what_was_seen(const struct parser *p, const struct block *b)
{
    bool is_certain = b->has_ended && p->lexer.n_unclosed == b->n_unclosed;
    struct seen seen;
    for (size_t i = 0; i < BLOCK_CLAUSES; i++) {
        seen.at[i] = b->first[i];
        seen.is_absent[i] = is_certain && span_is_none(b->first[i]) && !b->is_excused[i];
    }
    return seen;
}

void parser_one_missing(struct parser *p, const struct block_form *form,
                        const struct seen *seen, const size_t *clauses, size_t n)
{
    assert(n > 0);
    struct text words = text_in(diags_arena(p->diags));
    for (size_t i = 0; i < n; i++) {
        assert(clauses[i] < form->n);
        if (!seen->is_absent[clauses[i]]) {
            return;
        }
        text_add_z(&words, i > 0 ? " / " : "");
        text_add(&words, parser_quoted(p, str_of(form->clauses[clauses[i]].word)));
    }
    struct diag *d = parser_remark(p, DIAG_ID_RULE_CLAUSE_MISSING, p->within_at);
    d->args[0] = p->within;
    d->args[1] = text_str(&words);
}

struct seen parse_block(struct parser *p, const struct block_form *form, void *out)
{
    assert(form->n <= BLOCK_CLAUSES && form->n_tails <= BLOCK_CLAUSES);
    struct block b = {
        .form = form,
        .indent = indent_of(p, p->within_at),
        .n_unclosed = p->unclosed_before,
        .open = p->within_at,
    };
    for (size_t i = 0; i < BLOCK_CLAUSES; i++) {
        b.first[i] = SPAN_NONE;
    }
    read_clauses(p, &b, out);
    struct seen seen = what_was_seen(p, &b);
    for (size_t i = 0; i < form->n; i++) {
        if (form->clauses[i].often == '1' || form->clauses[i].often == '+') {
            parser_one_missing(p, form, &seen, &i, 1);
        }
    }
    return seen;
}

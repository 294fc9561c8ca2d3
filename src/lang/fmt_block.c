/* Blocks: one clause a line, the words of clauses as one column and what follows them as
 * another; data sets, tests and code lists have tables of their own. */
#include "lang/fmt_state.h"

#include <assert.h>

struct clauses {
    const char *owner; /* what a block of this kind is called; NULL: any */
    const char *word;
    void (*lay)(struct fmt *f, uint32_t lo, uint32_t hi); /* behind the word */
    bool stands_apart; /* its word is not in line with those of other clauses */
};

/* Behind this the operators of a clause may not hang further to the left. */
static uint32_t floor_of(const struct fmt *f)
{
    return (f->level + 1) * INDENT;
}

static void lay_rest(struct fmt *f, uint32_t lo, uint32_t hi)
{
    fmt_lay(f, lo, hi, 0, floor_of(f));
}

/* Where the next language of a text begins. */
static uint32_t next_language(const struct fmt *f, uint32_t i, uint32_t hi)
{
    for (i++; i < hi; i++) {
        if (fmt_is_keyword(f, i, "vi") || fmt_is_keyword(f, i, "en")) {
            return i;
        }
    }
    return hi;
}

static void lay_languages(struct fmt *f, uint32_t lo, uint32_t hi)
{
    uint32_t column = fmt_next_column(f, lo);
    for (uint32_t i = lo; i < hi;) {
        uint32_t end = next_language(f, i, hi);
        if (i > lo) {
            fmt_begin(f, i, column, BLANKS_NONE);
        }
        fmt_put_all(f, i, end);
        i = end;
    }
}

static void lay_title(struct fmt *f, uint32_t lo, uint32_t hi)
{
    if (fmt_fits(f, lo, hi, 0)) {
        fmt_put_all(f, lo, hi);
    } else {
        lay_languages(f, lo, hi);
    }
}

/* let NAME = …, define NAME(…) = … */
static void lay_definition(struct fmt *f, uint32_t lo, uint32_t hi)
{
    uint32_t i = lo;
    while (f->tokens[i].kind != TOK_EQ) {
        fmt_put(f, i++);
    }
    fmt_put(f, i);
    fmt_lay(f, i + 1, hi, 0, floor_of(f));
}

/* Braces within a clause */

/* The end of the part that begins at i: a list behind its comma, else the word of the
 * next part. */
static uint32_t part_end(const struct fmt *f, uint32_t i, uint32_t close)
{
    while (i < close) {
        uint32_t match = f->tokens[i].match;
        i = (match > i ? match : i) + 1;
        if (f->tokens[i - 1].kind == TOK_COMMA || fmt_is_keyword(f, i, "bonus") ||
            fmt_is_keyword(f, i, "round")) {
            return i;
        }
    }
    return close;
}

static void lay_braced(struct fmt *f, uint32_t lo, uint32_t hi);

/* From the brace on, a part a line. The names in a list of targets fill theirs. */
static void lay_parts(struct fmt *f, uint32_t open)
{
    uint32_t close = f->tokens[open].match;
    uint32_t column = f->level * INDENT, level = f->level;
    bool is_list = fmt_is_keyword(f, open + 1, "targets");
    fmt_put(f, open);
    f->level++;
    for (uint32_t i = open + 1; i < close;) {
        uint32_t end = is_list ? close : part_end(f, i, close);
        fmt_begin(f, i, column + INDENT, BLANKS_NONE);
        lay_braced(f, i, end);
        i = end;
    }
    fmt_close(f, close, column);
    f->level = level;
    fmt_put(f, close);
}

/* … { … }: the braces on one line, if they were and fit. */
static void lay_braced(struct fmt *f, uint32_t lo, uint32_t hi)
{
    assert(lo < hi);
    uint32_t open = f->tokens[hi - 1].match;
    bool has_block = f->tokens[open].kind == TOK_LBRACE && !f->tokens[open].is_set &&
                     open >= lo && open < hi - 1;
    if (!has_block) {
        fmt_lay(f, lo, hi, 0, UINT32_MAX);
    } else if (fmt_stays_single(f, lo, open, fmt_next_column(f, lo))) {
        fmt_put_all(f, lo, hi);
    } else {
        fmt_lay(f, lo, open, 2, UINT32_MAX);
        lay_parts(f, open);
    }
}

/* given NAME """ … """ */
static void lay_given(struct fmt *f, uint32_t lo, uint32_t hi)
{
    fmt_put_all(f, lo, hi);
}

static const struct clauses special[] = {
    {NULL, "title", lay_title, false},       {"check", "message", lay_languages, false},
    {"check", "ask", lay_languages, false},  {"check", "let", lay_definition, false},
    {"target", "points", lay_braced, false}, {"scoreboard", "part", lay_braced, false},
    {"test", "given", lay_given, true},      {"test", "expect", NULL, true},
    {"dataset", "column", NULL, true},
};

static const struct clauses *special_of(const struct fmt *f, uint32_t word, uint32_t i)
{
    for (size_t k = 0; k < COUNT_OF(special); k++) {
        bool is_owner = !special[k].owner || fmt_is(f, word, special[k].owner);
        if (is_owner && fmt_is(f, i, special[k].word)) {
            return &special[k];
        }
    }
    return NULL;
}

/* Clauses */

struct block {
    uint32_t word, open, close;
    const uint32_t *starts; /* of n clauses, and the closing brace */
    size_t n;
    uint32_t column; /* of what follows the words of clauses */
};

static void find_clauses(struct fmt *f, struct block *b)
{
    uint32_t *starts = NULL;
    size_t cap = 0;
    for (uint32_t i = b->open + 1; i < b->close; i++) {
        if (f->tokens[i].mark == MARK_CLAUSE) {
            starts = list_room(f->a, starts, b->n, &cap, sizeof *starts);
            starts[b->n++] = i;
        }
    }
    starts = list_room(f->a, starts, b->n, &cap, sizeof *starts);
    starts[b->n] = b->close;
    b->starts = starts;
}

static void find_column(const struct fmt *f, struct block *b)
{
    uint32_t widest = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct clauses *kind = special_of(f, b->word, b->starts[i]);
        uint32_t width = f->tokens[b->starts[i]].width;
        bool is_alone = b->starts[i] + 1 == b->starts[i + 1];
        bool counts = !is_alone && !(kind && kind->stands_apart);
        widest = counts && width > widest ? width : widest;
    }
    b->column = INDENT + widest + 1;
}

static void lay_clause(struct fmt *f, const struct block *b, size_t i)
{
    uint32_t lo = b->starts[i], hi = b->starts[i + 1];
    const struct clauses *kind = special_of(f, b->word, lo);
    fmt_begin(f, lo, INDENT, i > 0 ? BLANKS_KEPT : BLANKS_NONE);
    fmt_put(f, lo);
    if (hi == lo + 1) {
        return;
    }
    if (!(kind && kind->stands_apart)) {
        fmt_pad(f, b->column);
    }
    if (kind && kind->lay) {
        kind->lay(f, lo + 1, hi);
    } else {
        lay_rest(f, lo + 1, hi);
    }
}

/* The clauses of one kind that stand together, from the i-th on. */
static size_t run_end(const struct fmt *f, const struct block *b, size_t i)
{
    size_t end = i + 1;
    while (end < b->n &&
           str_eq(f->tokens[b->starts[end]].text, f->tokens[b->starts[i]].text) &&
           !fmt_blank_before(f, b->starts[end])) {
        end++;
    }
    return end;
}

/* expect CHECK VERDICT …: verdicts as one column. */

#define ID_COLUMNS 40 /* ids longer than this do not move verdicts */

/* Where the verdict stands; hi for `nothing else`. */
static uint32_t verdict_of(const struct fmt *f, uint32_t lo, uint32_t hi)
{
    uint32_t i = lo + 1;
    while (i < hi && f->tokens[i].mark != MARK_KEYWORD) {
        i++;
    }
    return i == lo + 1 ? hi : i;
}

static void lay_expected(struct fmt *f, const struct block *b, size_t from, size_t to)
{
    uint32_t widest = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t verdict = verdict_of(f, b->starts[i], b->starts[i + 1]);
        uint32_t width = fmt_width(f, b->starts[i], verdict);
        bool counts = verdict < b->starts[i + 1] && width <= ID_COLUMNS;
        widest = counts && width > widest ? width : widest;
    }
    for (size_t i = from; i < to; i++) {
        uint32_t lo = b->starts[i], hi = b->starts[i + 1];
        uint32_t verdict = verdict_of(f, lo, hi);
        fmt_begin(f, lo, INDENT, i > 0 ? BLANKS_KEPT : BLANKS_NONE);
        fmt_put_all(f, lo, verdict);
        if (verdict < hi) {
            fmt_pad(f, INDENT + widest + 1);
            fmt_lay(f, verdict, hi, 0, UINT32_MAX);
        }
    }
}

static void lay_clauses(struct fmt *f, const struct block *b)
{
    bool is_dataset = fmt_is(f, b->word, "dataset"), is_test = fmt_is(f, b->word, "test");
    for (size_t i = 0; i < b->n;) {
        size_t end = i + 1;
        if (is_dataset && fmt_is(f, b->starts[i], "column")) {
            end = run_end(f, b, i);
            fmt_columns(f, b->starts + i, end - i);
        } else if (is_test && fmt_is(f, b->starts[i], "expect")) {
            end = run_end(f, b, i);
            lay_expected(f, b, i, end);
        } else {
            lay_clause(f, b, i);
        }
        i = end;
    }
}

/* { code "label", … }: labels as one column. */
static void lay_entries(struct fmt *f, const struct block *b)
{
    uint32_t widest = 0;
    for (uint32_t i = b->open + 1; i < b->close; i += 3) {
        widest = f->tokens[i].width > widest ? f->tokens[i].width : widest;
    }
    for (uint32_t i = b->open + 1; i < b->close; i += 3) {
        bool has_comma = i + 2 < b->close;
        fmt_begin(f, i, INDENT, i > b->open + 1 ? BLANKS_KEPT : BLANKS_NONE);
        fmt_put(f, i);
        fmt_pad(f, INDENT + widest + 1);
        fmt_put_all(f, i + 1, i + (has_comma ? 3 : 2));
    }
}

void fmt_block(struct fmt *f, uint32_t word, uint32_t open)
{
    struct block b = {.word = word, .open = open, .close = f->tokens[open].match};
    assert(b.close > open && f->level == 0);
    find_clauses(f, &b);
    fmt_put(f, open);
    f->level = 1;
    f->hang = 2 * INDENT;
    if (b.n > 0) {
        find_column(f, &b);
        lay_clauses(f, &b);
    } else {
        lay_entries(f, &b);
    }
    fmt_close(f, b.close, 0);
    f->level = 0;
    fmt_put(f, b.close);
}

/* Breaking what is too long for a line.
 *
 * A range of tokens is cut at its loosest operators outside brackets: logic gets a line
 * for each, what is tighter fills its lines. What is still too long is
 * cut again from where it begins. Where there is nothing to cut at, the brackets are
 * entered. At the left edge of a clause operators hang to the left of their operands. */
#include "lang/fmt_state.h"

#include <assert.h>

enum cut {           /* loosest first */
           CUT_PART, /* a word that goes on with a clause */
           CUT_COMMA,
           CUT_IF,
           CUT_IMPLIES,
           CUT_OR,
           CUT_AND,
           CUT_COMPARISON,
           CUT_RANGE,
           CUT_HEADERS,
           CUT_COALESCE,
           CUT_SUM,
           CUT_PRODUCT,
           CUT_TIME,
           CUT_NOWHERE
};

static const struct {
    enum token_kind kind;
    enum cut cut;
} operators[] = {
    {TOK_COMMA, CUT_COMMA},   {TOK_IMPLIES, CUT_IMPLIES},
    {TOK_OR, CUT_OR},         {TOK_AND, CUT_AND},
    {TOK_EQ, CUT_COMPARISON}, {TOK_NE, CUT_COMPARISON},
    {TOK_LT, CUT_COMPARISON}, {TOK_LE, CUT_COMPARISON},
    {TOK_GT, CUT_COMPARISON}, {TOK_GE, CUT_COMPARISON},
    {TOK_IN, CUT_COMPARISON}, {TOK_MATCHES, CUT_COMPARISON},
    {TOK_IS, CUT_COMPARISON}, {TOK_DOTS, CUT_RANGE},
    {TOK_BAR, CUT_HEADERS},   {TOK_COALESCE, CUT_COALESCE},
    {TOK_PLUS, CUT_SUM},      {TOK_MINUS, CUT_SUM},
    {TOK_STAR, CUT_PRODUCT},  {TOK_SLASH, CUT_PRODUCT},
    {TOK_AT, CUT_TIME},       {TOK_AS, CUT_TIME},
};

static const char *const parts[] = {"each", "for",   "within", "severity",
                                    "cap",  "bonus", "round"};

static bool begins_part(const struct fmt *f, uint32_t i)
{
    for (size_t k = 0; k < COUNT_OF(parts); k++) {
        if (fmt_is_keyword(f, i, parts[k])) {
            return true;
        }
    }
    return false;
}

/* What could be cut before (a comma: behind) token i, which is not the first. */
static enum cut cut_at(const struct fmt *f, uint32_t i)
{
    const struct fmt_token *t = &f->tokens[i];
    bool is_set = t->kind == TOK_IN && f->tokens[i + 1].is_set;
    if (is_set || t->mark == MARK_SIGN) {
        return CUT_NOWHERE;
    }
    if (begins_part(f, i)) {
        return CUT_PART;
    }
    for (size_t k = 0; k < COUNT_OF(operators); k++) {
        if (operators[k].kind == t->kind) {
            return operators[k].cut;
        }
    }
    return CUT_NOWHERE;
}

/* The next token outside the brackets that open at i. */
static uint32_t step(const struct fmt *f, uint32_t i)
{
    uint32_t match = f->tokens[i].match;
    return (match > i ? match : i) + 1;
}

static enum cut loosest_cut(const struct fmt *f, uint32_t lo, uint32_t hi)
{
    enum cut best = f->tokens[lo].kind == TOK_IF ? CUT_IF : CUT_NOWHERE;
    for (uint32_t i = step(f, lo); i < hi; i = step(f, i)) {
        enum cut cut = cut_at(f, i);
        best = cut < best ? cut : best;
    }
    return best;
}

bool fmt_fits(const struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve)
{
    return !fmt_has_comments(f, lo, hi) &&
           fmt_next_column(f, lo) + fmt_width(f, lo, hi) + reserve <= FMT_COLUMNS;
}

/* The `if` of `f(e for c in LIST if condition)`. */
static bool is_condition(const struct fmt *f, uint32_t i)
{
    enum token_kind before = f->tokens[i - 1].kind;
    return f->tokens[i].kind == TOK_IF && before != TOK_ELSE && before != TOK_THEN;
}

/* Whether tokens i .. end can go on where the line ends now. */
static bool goes_on(const struct fmt *f, uint32_t i, uint32_t end, uint32_t reserve)
{
    return f->tokens[i].comments == f->told && fmt_fits(f, i, end, reserve);
}

/* Where a cut of this kind comes next, from i on; hi when there is none. */
static uint32_t next_cut(const struct fmt *f, uint32_t i, uint32_t hi, enum cut cut)
{
    for (i = step(f, i); i < hi; i = step(f, i)) {
        if (cut_at(f, i) == cut || (cut == CUT_PART && is_condition(f, i))) {
            break;
        }
    }
    return i < hi ? i : hi;
}

/* Lists: a b c fill each line; the comma stays with what stands before it. */
static void lay_list(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve)
{
    assert(lo < hi);
    uint32_t column = fmt_next_column(f, lo);
    for (uint32_t i = lo; i < hi;) {
        uint32_t comma = next_cut(f, i, hi, CUT_COMMA);
        uint32_t end = comma < hi ? comma + 1 : hi;
        uint32_t behind = end < hi ? 0 : reserve;
        if (i > lo && !goes_on(f, i, end, behind)) {
            fmt_begin(f, i, column, BLANKS_NONE);
        }
        fmt_lay(f, i, comma, comma < hi ? 1 : behind, UINT32_MAX);
        if (comma < hi) {
            fmt_put(f, comma);
        }
        i = end;
    }
}

/* Whether the operator at i begins a line: logic always, the others where they and their
 * operand go on too far, unless the operand needs several lines anyway and has room. */
static bool begins_line(const struct fmt *f, uint32_t i, uint32_t end, uint32_t reserve,
                        uint32_t column, enum cut cut)
{
    bool is_pending = f->tokens[i].comments > f->told;
    if (cut < CUT_COMPARISON || is_pending) {
        return true;
    }
    if (fmt_fits(f, i, end, reserve)) {
        return false;
    }
    bool fits_below = !fmt_has_comments(f, i, end) &&
                      column + fmt_width(f, i, end) + reserve <= FMT_COLUMNS;
    return fits_below || f->column > FMT_COLUMNS / 2;
}

/* Left of `column` by what the operator needs, if there is room. */
static uint32_t hanging(const struct fmt *f, uint32_t op, uint32_t column, uint32_t floor)
{
    assert(op > 0);
    uint32_t needs = f->tokens[op].width + 1;
    bool has_room = floor != UINT32_MAX && column >= floor + needs;
    return has_room ? column - needs : column;
}

/* Operators: each begins a line, or only where the line is full. */
static void lay_operands(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve,
                         enum cut cut, uint32_t floor)
{
    uint32_t column = fmt_next_column(f, lo);
    for (uint32_t i = lo; i < hi;) {
        uint32_t end = next_cut(f, i, hi, cut);
        uint32_t behind = end < hi ? 0 : reserve;
        bool is_first = i == lo;
        uint32_t below = cut == CUT_PART ? column : hanging(f, i, column, floor);
        if (!is_first && begins_line(f, i, end, behind, below, cut)) {
            fmt_begin(f, i, below, BLANKS_NONE);
        }
        uint32_t operand = is_first ? i : i + 1;
        if (!is_first) {
            fmt_put(f, i);
        }
        fmt_lay(f, operand, end, behind, UINT32_MAX);
        i = end;
    }
}

/* if a then b, on two lines where one is too short. */
static void lay_branch(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve,
                       uint32_t column)
{
    uint32_t i = lo;
    if (fmt_fits(f, lo, hi, reserve)) {
        fmt_put_all(f, lo, hi);
        return;
    }
    while (i < hi && (f->tokens[i].kind == TOK_ELSE || f->tokens[i].kind == TOK_IF)) {
        fmt_put(f, i++);
    }
    uint32_t then = i;
    while (then < hi && f->tokens[then].kind != TOK_THEN) {
        then = step(f, then);
    }
    if (f->tokens[i - 1].kind == TOK_IF && then < hi) {
        fmt_lay(f, i, then, 0, UINT32_MAX);
        fmt_begin(f, then, column + INDENT, BLANKS_NONE);
        fmt_put(f, then);
        i = then + 1;
    }
    fmt_lay(f, i, hi, reserve, UINT32_MAX);
}

/* The next `else` of the choice that begins at lo, looking from i on. */
static uint32_t next_else(const struct fmt *f, uint32_t i, uint32_t hi)
{
    uint32_t open = 1;
    for (; i < hi; i = step(f, i)) {
        open += f->tokens[i].kind == TOK_IF;
        if (f->tokens[i].kind == TOK_ELSE && --open == 0) {
            return i;
        }
    }
    return hi;
}

/* if a then b / else if c then d / else e */
static void lay_choice(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve)
{
    uint32_t column = fmt_next_column(f, lo);
    uint32_t i = lo, end = next_else(f, lo + 1, hi);
    for (;;) {
        lay_branch(f, i, end, end < hi ? 0 : reserve, column);
        if (end >= hi) {
            return;
        }
        i = end;
        fmt_begin(f, i, column, BLANKS_NONE);
        bool is_next = f->tokens[i + 1].kind == TOK_IF;
        end = is_next ? next_else(f, i + 2, hi) : hi;
    }
}

/* Nothing to cut at: into the brackets. What is picked of a lookup may begin a line. */
static void lay_brackets(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve)
{
    uint32_t column = fmt_next_column(f, lo);
    for (uint32_t i = lo; i < hi;) {
        uint32_t next = step(f, i), close = f->tokens[i].match;
        bool is_pick = i > lo && f->tokens[i].kind == TOK_DOT &&
                       f->tokens[i - 1].kind == TOK_RBRACKET;
        if (is_pick && !fmt_fits(f, i, hi, reserve)) {
            fmt_begin(f, i, column, BLANKS_NONE);
        }
        fmt_put(f, i);
        if (close > i) {
            uint32_t behind = fmt_width(f, close, hi) + reserve;
            bool is_short = behind < FMT_COLUMNS / 4;
            fmt_lay(f, i + 1, close, is_short ? behind : 1, UINT32_MAX);
            fmt_put(f, close);
        }
        i = next;
    }
}

void fmt_lay(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve, uint32_t floor)
{
    assert(hi <= f->n_tokens);
    if (lo >= hi) {
        return;
    }
    if (fmt_fits(f, lo, hi, reserve)) {
        fmt_put_all(f, lo, hi);
        return;
    }
    uint32_t outer = f->hang;
    f->hang = fmt_next_column(f, lo);
    enum cut cut = loosest_cut(f, lo, hi);
    if (cut == CUT_COMMA) {
        lay_list(f, lo, hi, reserve);
    } else if (cut == CUT_IF) {
        lay_choice(f, lo, hi, reserve);
    } else if (cut == CUT_NOWHERE) {
        lay_brackets(f, lo, hi, reserve);
    } else {
        lay_operands(f, lo, hi, reserve, cut, floor);
    }
    f->hang = outer;
}

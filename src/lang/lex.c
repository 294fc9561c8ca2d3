/* The lexer: a cursor over the text of one rule file, or of one hole of a message.
 *
 * A first pass over the bytes (lex_check_bytes) reports what may stand nowhere, so that
 * the reading of tokens passes over such bytes in silence. Where the meaning of a slip is
 * plain (curly quotation marks, ≤, ==, a number with letters behind it) the slip is
 * reported and the token that was meant is given: one mistake stays one error. A text
 * that is not closed ends with its line and takes the rest of that line along, brackets
 * and all. Where other texts stand before it on the line, one of those may have been
 * closed in its middle: `broken` says where nothing can be believed. */
#include "lang/lex.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

static const char *const spellings[] = {
#define RESERVED(id, spelling) [TOK_##id] = (spelling),
#define MARK(id, spelling) [TOK_##id] = (spelling),
#include "lang/token.def"
#undef RESERVED
#undef MARK
};

static_assert(COUNT_OF(spellings) == TOK_KINDS, "marks come last");

struct spelling {
    const char *text;
    enum token_kind kind;
};

static const struct spelling reserved[] = {
#define RESERVED(id, spelling) {(spelling), TOK_##id},
#define MARK(id, spelling)
#include "lang/token.def"
#undef RESERVED
#undef MARK
};

static const struct spelling marks[] = {
#define RESERVED(id, spelling)
#define MARK(id, spelling) {(spelling), TOK_##id},
#include "lang/token.def"
#undef RESERVED
#undef MARK
};

/* How other languages and word processors write what soat writes otherwise. */
static const struct spelling mistakes[] = {
    {"==", TOK_EQ},   {"&&", TOK_AND}, {"||", TOK_OR},   {"<>", TOK_NE},
    {"=<", TOK_LE},   {"!", TOK_NOT},  {"−", TOK_MINUS}, {"–", TOK_MINUS},
    {"—", TOK_MINUS}, {"×", TOK_STAR}, {"÷", TOK_SLASH}, {"≤", TOK_LE},
    {"≥", TOK_GE},    {"≠", TOK_NE},   {"…", TOK_DOTS},
};

/* Quotation marks other than " and ', with what closes them. */
static const struct {
    const char *open, *close;
    const char *meant;
} quotes[] = {
    {"“", "”", "\""}, {"”", "”", "\""}, {"„", "“", "\""},
    {"«", "»", "\""}, {"‘", "’", "'"},  {"’", "’", "'"},
};

const char *lex_spelling(enum token_kind kind)
{
    assert(kind < TOK_KINDS);
    return spellings[kind];
}

static bool is_lower_case_of(struct str word, struct str lower)
{
    bool is_same = word.n == lower.n;
    for (size_t i = 0; i < word.n && is_same; i++) {
        char c = word.p[i];
        is_same = (c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) == lower.p[i];
    }
    return is_same && !str_eq(word, lower);
}

const char *lex_lower_case(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        if (is_lower_case_of(word, str_of(reserved[i].text))) {
            return reserved[i].text;
        }
    }
    return NULL;
}

void lex_add_reserved(struct dict *words)
{
    assert(words);
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        dict_add(words, str_of(reserved[i].text));
    }
}

bool lex_is_reserved(enum token_kind kind)
{
    return kind >= reserved[0].kind && kind <= reserved[COUNT_OF(reserved) - 1].kind;
}

struct str lex_text(const struct lexer *lx, struct token t)
{
    assert(t.at.hi <= lx->text.n);
    return str_cut(lx->text, t.at.lo, t.at.hi);
}

struct lexer lex_open(const struct sources *sources, uint32_t src, uint32_t lo,
                      uint32_t hi, struct diags *diags)
{
    struct str text = source_text(sources, src);
    assert(lo <= hi && hi <= text.n && diags);
    bool has_mark = lo == 0 && str_starts(text, STR("\xEF\xBB\xBF"));
    return (struct lexer){
        .text = text,
        .src = src,
        .at = has_mark ? 3 : lo,
        .end = hi,
        .diags = diags,
        .broken = SPAN_NONE,
    };
}

/* What is left to read. */
static struct str rest(const struct lexer *lx)
{
    return str_cut(lx->text, lx->at, lx->end);
}

static unsigned char byte_at(const struct lexer *lx, uint32_t at)
{
    return at < lx->end ? (unsigned char)lx->text.p[at] : 0;
}

bool lex_is_broken(const struct lexer *lx, uint32_t at)
{
    return !span_is_none(lx->broken) && at >= lx->broken.lo && at <= lx->broken.hi;
}

static void complain(struct lexer *lx, enum diag_id id, uint32_t lo, uint32_t hi,
                     struct str better)
{
    assert(lo <= hi && hi <= lx->text.n);
    if (lex_is_broken(lx, lo)) {
        return;
    }
    struct diag *d = diag_at(lx->diags, id, (struct span){lx->src, lo, hi});
    d->args[0] = lex_quoted(diags_arena(lx->diags), str_cut(lx->text, lo, hi));
    d->args[1] = better;
}

static void complain_of_code_point(struct lexer *lx, enum diag_id id, struct span at,
                                   uint32_t cp)
{
    struct text name = text_in(diags_arena(lx->diags));
    text_printf(&name, "U+%04X", (unsigned)cp);
    diag_at(lx->diags, id, at)->args[0] = text_str(&name);
}

/* Bytes that are not text */

static bool is_text(struct str s)
{
    size_t zeros = 0;
    for (size_t i = 0; i < s.n; i++) {
        zeros += s.p[i] == '\0';
    }
    return zeros * 8 <= s.n;
}

static bool is_bad_control(uint32_t cp)
{
    return utf8_is_control(cp) && cp != '\t' && cp != '\n' && cp != '\r';
}

static void check_controls(struct lexer *lx)
{
    uint32_t last = 0; /* a run of one character is reported once */
    for (size_t i = lx->at; i < lx->end;) {
        size_t lo = i;
        uint32_t cp = utf8_next(lx->text, &i);
        struct span at = {lx->src, (uint32_t)lo, (uint32_t)i};
        bool is_lone_return = cp == '\r' && byte_at(lx, (uint32_t)i) != '\n';
        bool is_control = cp != UTF8_BAD && (is_bad_control(cp) || is_lone_return);
        if (is_control && cp + 1 != last) {
            complain_of_code_point(lx, DIAG_ID_RULE_CONTROL, at, cp);
        } else if (cp != UTF8_BAD && utf8_is_bidi_control(cp)) {
            complain_of_code_point(lx, DIAG_ID_RULE_BIDI, at, cp);
        }
        last = cp + 1;
    }
}

bool lex_check_bytes(struct lexer *lx)
{
    struct str text = rest(lx);
    size_t bad = utf8_invalid(text);
    if (bad != SIZE_MAX) {
        uint32_t lo = lx->at + (uint32_t)bad;
        struct text hex = text_in(diags_arena(lx->diags));
        text_printf(&hex, "0x%02X", (unsigned)(unsigned char)lx->text.p[lo]);
        struct span at = {lx->src, lo, lo + 1};
        diag_at(lx->diags, DIAG_ID_RULE_UTF8, at)->args[0] = text_str(&hex);
    }
    if (!is_text(text)) {
        const char *zero = memchr(text.p, '\0', text.n);
        uint32_t lo = lx->at + (uint32_t)(zero - text.p);
        if (bad == SIZE_MAX) {
            complain_of_code_point(lx, DIAG_ID_RULE_CONTROL,
                                   (struct span){lx->src, lo, lo + 1}, 0);
        }
        return false;
    }
    check_controls(lx);
    return true;
}

/* Blanks and comments */

static bool is_special_blank(uint32_t cp)
{
    return cp == 0xA0 || cp == 0xAD || (cp >= 0x2000 && cp <= 0x200D) || cp == 0x2028 ||
           cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x2060 || cp == 0x3000 ||
           cp == 0xFEFF;
}

static void skip_comment(struct lexer *lx)
{
    struct str s = rest(lx);
    const char *end = memchr(s.p, '\n', s.n);
    lx->at = end ? lx->at + (uint32_t)(end - s.p) : lx->end;
}

/* Passes over one character that only separates, though it should not stand there.
 * Between two tokens one of them is reported. */
static bool skip_oddity(struct lexer *lx, bool *told)
{
    size_t i = lx->at;
    uint32_t cp = utf8_next(str_cut(lx->text, 0, lx->end), &i);
    bool is_silent = cp != UTF8_BAD && (is_bad_control(cp) || utf8_is_bidi_control(cp));
    if (cp == ';') {
        if (!*told) {
            complain(lx, DIAG_ID_RULE_CHARACTER, lx->at, lx->at + 1, STR_NONE);
        }
        *told = true;
    } else if (cp != UTF8_BAD && is_special_blank(cp)) {
        if (!*told) {
            struct span at = {lx->src, lx->at, (uint32_t)i};
            complain_of_code_point(lx, DIAG_ID_RULE_BLANK, at, cp);
        }
        *told = true;
    } else if (!is_silent) {
        return false;
    }
    lx->at = (uint32_t)i;
    return true;
}

/* Moves to the next token; true when it is the first of its line. */
static bool skip_blanks(struct lexer *lx)
{
    bool starts_line = lx->at == 0 || lx->text.p[lx->at - 1] == '\n' ||
                       (lx->at == 3 && str_starts(lx->text, STR("\xEF\xBB\xBF")));
    bool told = false;
    while (lx->at < lx->end) {
        unsigned char c = byte_at(lx, lx->at);
        if (c == '#') {
            skip_comment(lx);
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            starts_line = starts_line || c == '\n';
            lx->at++;
        } else if (!skip_oddity(lx, &told)) {
            break;
        }
    }
    return starts_line;
}

/* Words and numbers */

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static const struct spelling *longest(const struct spelling *items, size_t n,
                                      struct str s)
{
    const struct spelling *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (s.n > 0 && s.p[0] == items[i].text[0] &&
            str_starts(s, str_of(items[i].text)) &&
            (!best || strlen(items[i].text) > strlen(best->text))) {
            best = &items[i];
        }
    }
    return best;
}

static size_t quote_at(struct str s)
{
    size_t i = 0;
    while (i < COUNT_OF(quotes) && !str_starts(s, str_of(quotes[i].open))) {
        i++;
    }
    return i;
}

/* Bytes of a letter at `at` that no name may have, 0 when there is none. */
static uint32_t foreign_letter(const struct lexer *lx, uint32_t at)
{
    if (byte_at(lx, at) < 0x80) {
        return 0;
    }
    struct str s = str_cut(lx->text, at, lx->end);
    size_t n = 0;
    uint32_t cp = utf8_next(s, &n);
    bool is_letter = cp != UTF8_BAD && !is_special_blank(cp) && !is_bad_control(cp) &&
                     !utf8_is_bidi_control(cp) && quote_at(s) == COUNT_OF(quotes) &&
                     !longest(mistakes, COUNT_OF(mistakes), s);
    return is_letter ? (uint32_t)n : 0;
}

/* Moves behind everything that looks like part of one word; true when all of it may be in
 * a name. */
static bool skip_word(struct lexer *lx)
{
    bool is_plain = true;
    for (;;) {
        uint32_t n = is_word_byte(byte_at(lx, lx->at)) ? 1 : foreign_letter(lx, lx->at);
        if (n == 0) {
            return is_plain;
        }
        is_plain = is_plain && byte_at(lx, lx->at) < 0x80;
        lx->at += n;
    }
}

static enum token_kind word_kind(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        if (str_eq(word, str_of(reserved[i].text))) {
            return reserved[i].kind;
        }
    }
    return TOK_NAME;
}

static void read_word(struct lexer *lx, struct token *t)
{
    uint32_t lo = lx->at;
    t->is_bad = !skip_word(lx);
    t->kind = word_kind(str_cut(lx->text, lo, lx->at));
    if (t->is_bad) {
        complain(lx, DIAG_ID_RULE_NAME_LETTER, lo, lx->at, STR_NONE);
    }
}

/* [0-9]+(_[0-9]+)* */
static void skip_digits(struct lexer *lx)
{
    while (is_digit(byte_at(lx, lx->at)) ||
           (byte_at(lx, lx->at) == '_' && is_digit(byte_at(lx, lx->at + 1)))) {
        lx->at++;
    }
}

static void read_number(struct lexer *lx, struct token *t)
{
    uint32_t lo = lx->at;
    t->kind = TOK_NUMBER;
    skip_digits(lx);
    if (byte_at(lx, lx->at) == '.' && is_digit(byte_at(lx, lx->at + 1))) {
        lx->at++;
        skip_digits(lx);
    }
    uint32_t end = lx->at;
    skip_word(lx);
    t->is_bad = lx->at > end;
    if (t->is_bad) {
        complain(lx, DIAG_ID_RULE_NUMBER_LETTER, lo, lx->at, STR_NONE);
    }
}

/* Texts */

static uint32_t line_end(const struct lexer *lx, uint32_t from)
{
    while (from < lx->end && lx->text.p[from] != '\n') {
        from++;
    }
    return from;
}

/* The text that opened at `lo` has no end on its line: takes the rest of the line. */
static void take_unclosed(struct lexer *lx, uint32_t lo, uint32_t open_bytes)
{
    struct span open = {lx->src, lo, lo + open_bytes};
    lx->at = line_end(lx, lo);
    lx->n_unclosed++;
    diag_at(lx->diags, DIAG_ID_RULE_STRING_OPEN, open)->args[0] =
        str_cut(lx->text, lo, lo + open_bytes);
}

/* Where the text that opens at `lo` closes; the end of its line when it does not. */
static uint32_t string_end(const struct lexer *lx, uint32_t lo)
{
    unsigned char mark = byte_at(lx, lo);
    uint32_t i = lo + 1;
    while (i < lx->end && byte_at(lx, i) != mark && byte_at(lx, i) != '\n') {
        bool escapes =
            mark == '"' && byte_at(lx, i) == '\\' && byte_at(lx, i + 1) != '\n';
        i += escapes ? 2 : 1;
    }
    return i < lx->end ? i : lx->end;
}

/* Looks along the rest of the line, from its first text on, for one that is not closed.
 */
static void look_for_broken_line(struct lexer *lx)
{
    uint32_t end = line_end(lx, lx->at);
    uint32_t first = string_end(lx, lx->at);
    lx->looked_to = end;
    for (uint32_t i = lx->at; i < end && byte_at(lx, i) != '#'; i++) {
        if (str_starts(str_cut(lx->text, i, end), STR("\"\"\""))) {
            return; /* data begins */
        }
        if (byte_at(lx, i) == '"' || byte_at(lx, i) == '\'') {
            i = string_end(lx, i);
            if (i == end && first < end) {
                lx->broken = (struct span){lx->src, first + 1, end};
            }
        }
    }
}

static void read_string(struct lexer *lx, struct token *t)
{
    uint32_t lo = lx->at;
    if (lo >= lx->looked_to) {
        look_for_broken_line(lx);
    }
    uint32_t close = string_end(lx, lo);
    t->kind = TOK_STRING;
    t->is_bad = close >= lx->end || byte_at(lx, close) == '\n';
    if (t->is_bad) {
        take_unclosed(lx, lo, 1);
    } else {
        lx->at = close + 1;
    }
}

/* A text in quotation marks of a word processor. */
static void read_curly_string(struct lexer *lx, struct token *t, size_t quote)
{
    uint32_t lo = lx->at;
    uint32_t open = (uint32_t)strlen(quotes[quote].open);
    struct str line = str_cut(lx->text, lo + open, line_end(lx, lo));
    size_t close = str_find(line, str_of(quotes[quote].close));
    size_t straight = str_find(line, str_of(quotes[quote].meant));
    uint32_t close_bytes = straight < close ? 1 : (uint32_t)strlen(quotes[quote].close);
    close = straight < close ? straight : close;
    t->kind = TOK_STRING;
    t->is_bad = true;
    if (close == SIZE_MAX) {
        take_unclosed(lx, lo, open);
        return;
    }
    complain(lx, DIAG_ID_RULE_SPELLING, lo, lo + open, str_of(quotes[quote].meant));
    lx->at = lo + open + (uint32_t)close + close_bytes;
}

/* Where the """ that closes a block stands, as the first thing on a line behind `from`.
 */
static bool find_block_end(const struct lexer *lx, uint32_t from, uint32_t *out)
{
    for (uint32_t i = line_end(lx, from); i < lx->end; i = line_end(lx, i)) {
        i++;
        while (byte_at(lx, i) == ' ' || byte_at(lx, i) == '\t') {
            i++;
        }
        if (str_starts(str_cut(lx->text, i < lx->end ? i : lx->end, lx->end),
                       STR("\"\"\""))) {
            *out = i;
            return true;
        }
    }
    return false;
}

static void read_block(struct lexer *lx, struct token *t)
{
    uint32_t lo = lx->at, body = lo + 3, close;
    uint32_t first_end = line_end(lx, body);
    bool is_blank = str_trim(str_cut(lx->text, body, first_end)).n == 0;
    t->kind = TOK_BLOCK;
    if (find_block_end(lx, body, &close)) {
        lx->at = close + 3;
    } else {
        lx->at = is_blank ? lx->end : first_end;
        lx->n_unclosed++;
        t->is_bad = true;
        complain(lx, DIAG_ID_RULE_DATA_OPEN, lo, body, STR_NONE);
        return;
    }
    t->is_bad = !is_blank;
    if (t->is_bad) {
        complain(lx, DIAG_ID_RULE_DATA_LINE, body, first_end, STR_NONE);
    }
}

/* Tokens */

static void read_mark(struct lexer *lx, struct token *t)
{
    struct str s = rest(lx);
    const struct spelling *mark = longest(marks, COUNT_OF(marks), s);
    const struct spelling *mistake = longest(mistakes, COUNT_OF(mistakes), s);
    if (mistake && mark && strlen(mark->text) > strlen(mistake->text)) {
        mistake = NULL;
    }
    const struct spelling *found = mistake ? mistake : mark;
    uint32_t lo = lx->at;
    if (!found) {
        size_t end = 0;
        utf8_next(s, &end);
        lx->at += (uint32_t)end;
        if (byte_at(lx, lo) < 0x80) { /* an invalid byte is reported already */
            complain(lx, DIAG_ID_RULE_CHARACTER, lo, lx->at, STR_NONE);
        }
        if (byte_at(lx, lo) ==
            '\\') { /* escapes outside a text: its marks cannot be believed */
            lx->at = line_end(lx, lo);
            lx->n_unclosed++;
        }
        return;
    }
    lx->at += (uint32_t)strlen(found->text);
    t->kind = found->kind;
    if (mistake) {
        complain(lx, DIAG_ID_RULE_SPELLING, lo, lx->at,
                 str_of(lex_spelling(mistake->kind)));
    }
}

struct token lex_next(struct lexer *lx)
{
    assert(lx && lx->at <= lx->end);
    struct token t = {.kind = TOK_BAD, .starts_line = skip_blanks(lx)};
    uint32_t lo = lx->at;
    unsigned char c = byte_at(lx, lo);
    struct str s = rest(lx);
    if (s.n == 0) {
        t.kind = TOK_END;
    } else if (is_digit(c)) {
        read_number(lx, &t);
    } else if (is_word_byte(c) || foreign_letter(lx, lo) > 0) {
        read_word(lx, &t);
    } else if (str_starts(s, STR("\"\"\""))) {
        read_block(lx, &t);
    } else if (c == '"' || c == '\'') {
        read_string(lx, &t);
    } else if (c >= 0x80 && quote_at(s) < COUNT_OF(quotes)) {
        read_curly_string(lx, &t, quote_at(s));
    } else {
        read_mark(lx, &t);
    }
    t.at = (struct span){lx->src, lo, lx->at};
    assert(t.kind == TOK_END || lx->at > lo);
    return t;
}

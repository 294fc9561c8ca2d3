/* What the parts of the formatter share. Only fmt*.c include this.
 *
 * fmt_scan.c makes a row of tokens, each with the comments before it and with its place
 * on an endless line, so that the width of any range of tokens is a subtraction.
 * fmt_write.c puts tokens into lines, with their comments, and lines into a text.
 * fmt_break.c breaks what is too long for a line. fmt_block.c and fmt_column.c lay out
 * blocks, fmt.c files. All depends on tokens, comments, empty lines and on which blocks
 * stand on one line, and these the output keeps: so a second run finds what the first
 * one found. */
#ifndef SOAT_LANG_FMT_STATE_H
#define SOAT_LANG_FMT_STATE_H

#include "lang/ast.h"
#include "lang/fmt.h"
#include "lang/lex.h"

#define INDENT 2

struct fmt_comment {
    struct str text; /* from # on */
    bool is_own_line;
    bool has_blank_before; /* an empty line stands before it */
    bool goes_on;          /* below the # of a comment that stands behind code */
};

struct fmt_token {
    enum token_kind kind;
    enum ast_mark_kind mark;
    struct str text;
    uint32_t width;        /* display columns */
    uint32_t at;           /* column, if the whole file stood on one line */
    uint32_t line;         /* of the source */
    uint32_t match;        /* the other one of two brackets; its own number: no bracket */
    uint32_t comments;     /* how many stand before it in the file */
    bool has_blank_before; /* an empty line stands straight before it */
    bool is_set;           /* a brace of a set, not of a block */
};

struct fmt_line {
    struct str code; /* with its indent; of raw lines with their end */
    struct str comment;
    uint32_t width;
    uint32_t level; /* lines of another one are another paragraph */
    bool has_blank_before, is_raw;
    bool goes_on; /* the comment alone, below that of the line before */
};

enum fmt_blanks { /* empty lines before a token and before its comments */
                  BLANKS_NONE,
                  BLANKS_KEPT,
                  BLANKS_FORCED /* one, behind what belongs to the line before */
};

struct fmt {
    struct arena *a;
    const struct fmt_token *tokens; /* the last is TOK_END */
    uint32_t n_tokens;
    const struct fmt_comment *comments;

    struct fmt_line *lines;
    size_t n_lines, cap_lines;
    struct text line;    /* being written */
    uint32_t column;     /* where it ends */
    uint32_t level;      /* blocks open */
    uint32_t line_level; /* where this line begins */
    uint32_t hang;       /* where a line goes on that a comment has ended */
    uint32_t told;       /* comments that are written */
    bool wants_blank;    /* before this line */
    bool is_fresh;       /* nothing but its indent is written */
    bool is_padded;      /* the blanks before the next token are written */
};

/* Tokens */

void fmt_scan(struct fmt *f, const struct sources *sources, const struct ast_file *file);
bool fmt_is(const struct fmt *f, uint32_t i, const char *word);
bool fmt_is_keyword(const struct fmt *f, uint32_t i, const char *word);
uint32_t fmt_gap(const struct fmt *f, uint32_t i); /* blanks before it on a line */
uint32_t fmt_width(const struct fmt *f, uint32_t lo,
                   uint32_t hi); /* tokens lo .. hi - 1 */
bool fmt_has_comments(const struct fmt *f, uint32_t lo, uint32_t hi); /* between them */
bool fmt_blank_before(const struct fmt *f, uint32_t i); /* or before its comments */
/* Whether a block stands on one line in the source and tokens lo .. its end fit from
 * `column` on. */
bool fmt_stays_single(const struct fmt *f, uint32_t lo, uint32_t open, uint32_t column);

/* Lines */

void fmt_put(struct fmt *f, uint32_t i);
void fmt_put_all(struct fmt *f, uint32_t lo, uint32_t hi);
void fmt_pad(struct fmt *f, uint32_t column); /* blanks up to there, one at least */
uint32_t fmt_next_column(const struct fmt *f, uint32_t i); /* where it would stand */
/* Ends the line, if anything is on it, writes the comments before token i and begins a
 * line at `column` for it. */
void fmt_begin(struct fmt *f, uint32_t i, uint32_t column, enum fmt_blanks blanks);
/* The same for a closing brace: comments before it belong to the block. */
void fmt_close(struct fmt *f, uint32_t i, uint32_t column);
struct str fmt_text(struct fmt *f, bool has_mark, bool has_returns);

/* Tokens lo .. hi - 1 from here on, broken if they and `reserve` columns do not fit.
 * `floor`: operators may stand this far left; UINT32_MAX: nowhere left of the operands.
 */
void fmt_lay(struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve, uint32_t floor);
bool fmt_fits(const struct fmt *f, uint32_t lo, uint32_t hi, uint32_t reserve);

/* Blocks: from `{` to its `}`, which are tokens `open` and its match. `word` is the first
 * of the declaration. */
void fmt_block(struct fmt *f, uint32_t word, uint32_t open);
/* A row of n columns: tokens starts[i] .. starts[i + 1] - 1. */
void fmt_columns(struct fmt *f, const uint32_t *starts, size_t n);

#endif

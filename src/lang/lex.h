/* Rule text to tokens, one at a time, the longest first. What is wrong within a token is
 * reported here, once, and a token of the kind that was meant is given, so that the
 * parser can go on. */
#ifndef SOAT_LANG_LEX_H
#define SOAT_LANG_LEX_H

#include "base/diag.h"
#include "value/dec.h"

enum token_kind {
    TOK_END,    /* of the file, or of the hole */
    TOK_BAD,    /* nothing that could be meant; reported */
    TOK_NAME,   /* any word that is not reserved */
    TOK_NUMBER, /* without sign and % */
    TOK_STRING, /* "…" or '…', quotes included */
    TOK_BLOCK,  /* """ … """, quotes included */
#define RESERVED(id, spelling) TOK_##id,
#define MARK(id, spelling) TOK_##id,
#include "lang/token.def"
#undef RESERVED
#undef MARK
    TOK_KINDS
};

struct token {
    enum token_kind kind;
    struct span at;
    bool is_bad;      /* reported: its value is not to be used */
    bool starts_line; /* only blanks stand before it on its line */
};

struct lexer {
    struct str text; /* of the whole source */
    uint32_t src, at, end;
    struct diags *diags;
    struct span broken;  /* from the first text of a line that ends inside a text, to the
                            end of that line */
    uint32_t looked_to;  /* lines before this byte were searched for that */
    uint32_t n_unclosed; /* texts and data blocks, reported or not */
};

/* Reads bytes lo .. hi of source `src`; a byte order mark at the start of the source is
 * passed over. */
struct lexer lex_open(const struct sources *sources, uint32_t src, uint32_t lo,
                      uint32_t hi, struct diags *diags);

/* Reports bytes that may stand nowhere in a rule file: invalid UTF-8 (the first), control
 * and bidirectional characters. False: the file is not text at all and not worth reading.
 */
bool lex_check_bytes(struct lexer *lx);

struct token lex_next(struct lexer *lx);
bool lex_is_broken(const struct lexer *lx, uint32_t at); /* within `broken` */

struct str lex_text(const struct lexer *lx, struct token t); /* as written */
struct str lex_quoted(struct arena *a,
                      struct str s); /* for a message: in quotation marks, shortened */
const char *
lex_spelling(enum token_kind kind); /* of a reserved word or a mark, else NULL */
bool lex_is_reserved(enum token_kind kind);
void lex_add_reserved(struct dict *words); /* adds the reserved words */
/* The reserved word that `word` is but for its capitals; NULL: none, or it is one. */
const char *lex_lower_case(struct str word);

/* The value of a NUMBER token; false when it has too many digits. */
bool lex_number(struct arena *a, struct str written, struct num *out);

/* The value of a STRING token. Escapes that do not exist are left out; the first is
 * reported when lx is given. */
struct str lex_string(struct arena *a, struct lexer *lx, struct str written, uint32_t lo);

void lex_bad_escape(struct diags *d, struct str escape, struct span at);

/* Bytes of the escape that begins at s.p[at], which is a backslash; *cp is UTF8_BAD if
 * there is none such. */
size_t lex_escape(struct str s, size_t at, uint32_t *cp);

/* The content of a BLOCK token: its lines without what all of them are indented by. */
struct str lex_block(struct arena *a, struct str written);

/* Its lines as written, and the bytes that lex_block takes from each that has so many. */
struct str lex_block_lines(struct str written, uint32_t *indent);

#endif

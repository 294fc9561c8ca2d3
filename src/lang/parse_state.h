/* What the parts of the parser share: the cursor over tokens, the reporting of errors,
 * and the reading of blocks by table. Only parse*.c include this.
 *
 * The parser is LL(1); `next` serves recovery alone. After an error it is `is_panicking`:
 * every reader returns at once and nothing more is reported, until a block or the file
 * finds the next place to go on from. So one mistake makes one error. */
#ifndef SOAT_LANG_PARSE_STATE_H
#define SOAT_LANG_PARSE_STATE_H

#include "lang/ast.h"
#include "lang/lex.h"

#define PARSE_MAX_ERRORS 200 /* of one file */

struct items { /* a list that grows */
    void *items;
    size_t n, cap;
};

struct parser {
    struct arena *a;
    struct diags *diags;
    struct lexer lexer;
    struct token prev, tok, next;
    size_t errors_before;     /* in `diags` when the file was begun */
    uint32_t unclosed_before; /* texts without end when the declaration began */
    uint32_t depth;           /* nesting of expressions */
    uint32_t brackets;        /* ( and [ open since the clause began */
    uint32_t braces;          /* { open */
    bool is_panicking;
    bool is_stopped; /* too many errors */
    bool is_hole;
    bool in_filter; /* in the brackets of a lookup or a check's head: `any` frees a key */
    struct str within; /* the declaration being read, for messages */
    struct span within_at;
    struct diag silent; /* stands in for a diag that is not reported */
    struct items marks; /* of struct ast_mark */
};

#define NAME_NONE ((struct name){STR_NONE, SPAN_NONE})
#define NUMBER_NONE ((struct ast_number){.at = SPAN_NONE})
#define TEXT_NONE ((struct ast_text){.lang = {NAME_NONE, NAME_NONE}})

/* The cursor */

void parser_start(struct parser *p); /* reads the first tokens */
void parser_advance(struct parser *p);
bool parser_take(struct parser *p, enum token_kind kind);
bool parser_is(const struct parser *p, struct token t,
               const char *word); /* a soft keyword */
bool parser_at_word(const struct parser *p, const char *word);
bool parser_take_word(struct parser *p, const char *word);
bool parser_need(struct parser *p, enum token_kind kind);
bool parser_need_word(struct parser *p, const char *word);
struct str parser_text(const struct parser *p, struct token t);
struct span parser_span(const struct parser *p,
                        struct span start);                  /* to the last token taken */
bool parser_is_word(struct token t);                         /* reserved or not */
void parser_mark(struct parser *p, enum ast_mark_kind kind); /* the last token taken */

/* Errors. None of these gives NULL; the diag may be one that nobody sees. */

/* Begins a panic. */
struct diag *parser_error(struct parser *p, enum diag_id id, struct span at);
/* An error that needs no recovery. */
struct diag *parser_remark(struct parser *p, enum diag_id id, struct span at);
/* An error at the token that stands here: args[0] shows it, args[1] is `expected`. */
struct diag *parser_unexpected(struct parser *p, enum diag_id id, struct str expected);
/* Names the word nearest to the token that stands here; gives its place in `words`,
 * SIZE_MAX: none. */
size_t parser_hint(struct parser *p, struct diag *d, const char *const *words, size_t n);
/* Says how an operator is written that stands where none can: `s not in {…}`, `AND`.
 * False: the token is none. */
bool parser_hint_operator(struct parser *p, struct diag *d);
struct str parser_quoted(struct parser *p, struct str s);
struct str parser_word_list(struct parser *p, const char *const *words, size_t n);

/* Readers of small things. On failure they panic and give something empty. */

struct name parse_name(struct parser *p); /* a use of a name, in an expression */
struct name
parse_new_name(struct parser *p); /* elsewhere: a reserved word is reported and taken */
struct name parse_string(struct parser *p);
struct names parse_names(struct parser *p);
struct num parse_number(struct parser *p);
/* NUMBER [ "%" ]; a percentage is divided by 100. */
struct num parse_percentage(struct parser *p, bool *is_percent);
/* One of `words`: its place in them, SIZE_MAX when none stands here. */
size_t parse_choice(struct parser *p, const char *const *words, size_t n);
/* Whether a list goes on: takes its comma, and reports one that a closing bracket
 * follows. */
bool parse_comma(struct parser *p);

void *items_add(struct parser *p, struct items *list,
                size_t size); /* a new, zeroed item */

/* Blocks */

enum starts { /* what may follow a keyword; tells a clause from a name in the middle of a
                 wreck */
              STARTS_NAME = 1,
              STARTS_STRING = 2,
              STARTS_NUMBER = 4,
              STARTS_LANG = 8,
              STARTS_EXPR = 16,
              STARTS_BRACE = 32
};

struct clause {
    const char *word;
    char often; /* 1 exactly once, ? at most once, + at least once, * any number */
    unsigned starts;
    void (*read)(struct parser *p, void *out); /* behind the keyword */
};

#define BLOCK_CLAUSES 24 /* at most, of one form */

struct block_form {
    const char *word; /* check, dataset … */
    const struct clause *clauses;
    size_t n;
    const char *const
        *tails; /* words that go on with a clause; the hint for a wrong word knows them */
    size_t n_tails;
};

struct seen {                      /* the clauses of a block, in the order of its form */
    struct span at[BLOCK_CLAUSES]; /* the first keyword; SPAN_NONE: not written */
    bool is_absent[BLOCK_CLAUSES]; /* nor can it stand in what was passed over */
};

/* { clauses }. After an error in the head it looks for the opening brace first. */
struct seen parse_block(struct parser *p, const struct block_form *form, void *out);
/* Reports that none of the `n` clauses (places in the form) is there, if that is sure. */
void parser_one_missing(struct parser *p, const struct block_form *form,
                        const struct seen *seen, const size_t *clauses, size_t n);
/* Two things that cannot both be meant, if both are written; the later one is the place
 * of the error. */
void parser_exclusive(struct parser *p, struct span a, const char *a_word, struct span b,
                      const char *b_word);
/* `word` at `at` means something only together with `other`. */
void parser_only_with(struct parser *p, struct span at, const char *word,
                      const char *other);
/* A name that the language uses itself at the places where it would be used. */
void parser_reserved(struct parser *p, struct name name, const char *const *words,
                     size_t n);
/* Reports that the keyword just passed was taken for a name. */
void parser_swallowed(struct parser *p);
/* Takes such a keyword out again, where a list or an expression ends with one. */
void parser_mend_names(const struct parser *p, struct names *names);
void parser_mend_expr(const struct parser *p, struct node *n); /* NULL is allowed */
/* A word that begins a declaration, and behind it what such a declaration has there. */
bool parse_at_declaration(const struct parser *p);
bool parse_at_whole_declaration(const struct parser *p); /* and one more token of it */
bool parser_at_margin(const struct parser *p); /* first on its line, without indent */
bool parser_fits(const struct parser *p, struct token t, unsigned starts);
bool parser_ends_something(
    struct token t); /* an expression or a clause may end with it */

/* The parts of the grammar that several blocks share */

struct node *parse_expr(struct parser *p);
struct node *parse_sum(struct parser *p); /* an expression without comparison or logic */
struct node *parse_set_or_range(struct parser *p, struct node *left,
                                struct span start);            /* behind `in` */
void parse_filter(struct parser *p, struct items *conditions); /* [ … ] */

bool parse_at_lang(const struct parser *p);
enum diag_lang parse_lang(struct parser *p);
struct ast_text parse_text(struct parser *p); /* vi "…" en "…" */
struct ast_text parse_messages(
    struct parser *p); /* the same; escapes and holes are left to parse_template */
struct ast_strings parse_strings(struct parser *p);
struct ast_literal parse_literal(struct parser *p);
struct ast_number parse_signed(struct parser *p);   /* Number */
struct ast_number parse_unsigned(struct parser *p); /* NUMBER */
/* Behind the keyword, which `at` begins with: */
struct ast_severity parse_severity(struct parser *p);
struct ast_within parse_within(struct parser *p);
struct ast_claimed parse_claimed(struct parser *p);
struct name parse_because(struct parser *p); /* "because" STRING */
struct ast_allow parse_allow(struct parser *p);
void parser_twice(struct parser *p, struct span second, struct span first);

/* Declarations. Each reads what follows its keyword; false: not enough of it to be kept.
 */

struct name
parse_heading(struct parser *p); /* the name of a declaration, for messages too */
struct name parse_string_heading(struct parser *p);
bool parse_use(struct parser *p, struct decl *d);
bool parse_ruleset(struct parser *p, struct decl *d);
bool parse_unit(struct parser *p, struct decl *d);
bool parse_codelist(struct parser *p, struct decl *d);
bool parse_define(struct parser *p, struct decl *d);
bool parse_family(struct parser *p, struct decl *d);
bool parse_dataset(struct parser *p, struct decl *d);
bool parse_check(struct parser *p, struct decl *d);
bool parse_indicator(struct parser *p, struct decl *d);
bool parse_target(struct parser *p, struct decl *d);
bool parse_scoreboard(struct parser *p, struct decl *d);
bool parse_test(struct parser *p, struct decl *d);

#endif

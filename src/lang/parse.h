/* Rule text to syntax tree: recursive descent for declarations, one Pratt table for
 * expressions. Every error is reported with its place; the parser resumes at the next
 * clause or declaration, so one run shows all of them. The result is never NULL; what did
 * not parse is missing, NODE_ERROR or is_bad. `use` declarations are only collected:
 * whoever loads files follows them. */
#ifndef SOAT_LANG_PARSE_H
#define SOAT_LANG_PARSE_H

#include "lang/ast.h"

#define PARSE_MAX_BYTES                                                                  \
    (8u << 20)             /* a rule file larger than this is refused with one diag */
#define PARSE_MAX_DEPTH 64 /* brackets, calls, `if`, `not` and `-` within each other */
#define PARSE_MAX_HEIGHT                                                                 \
    1000 /* of an expression's tree; whoever walks it recurses so deep at most */

struct ast_file *parse_file(struct arena *a, const struct sources *sources, uint32_t src,
                            struct diags *diags);

/* Parses the expression in `at` (a hole of a message): bytes lo..hi of that source. */
struct node *parse_hole(struct arena *a, const struct sources *sources, struct span at,
                        struct diags *diags);

/* One piece of a message: text as it is shown (escapes resolved, {{ and }} as braces), or
 * the bytes of a hole, ready for parse_hole. */
struct template_piece {
    bool is_hole;
    struct str text; /* of a hole: as written */
    struct span at;  /* of a hole: between its braces */
};

/* Splits the STRING token `string_token` (quotes included) into pieces, in order; returns
 * how many. An unclosed or empty hole and a lone } are reported; what could not be read
 * is left out. */
size_t parse_template(struct arena *a, const struct sources *s, struct span string_token,
                      const struct template_piece **out, struct diags *d);

/* Where line `line` (from 1) of what a test gives stands in its rule file: from where the
 * line of given->text begins to its end. */
struct span given_line(const struct sources *sources, const struct ast_given *given,
                       uint32_t line);

#endif

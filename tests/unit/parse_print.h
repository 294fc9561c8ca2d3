/* Syntax trees and diagnostics as one line of text, for the tests of the lexer and the
 * parser. */
#ifndef SOAT_TESTS_PARSE_PRINT_H
#define SOAT_TESTS_PARSE_PRINT_H

#include "lang/ast.h"

void print_node(struct text *out, const struct node *n); /* an S-expression */
void print_file(struct text *out,
                const struct ast_file *file);      /* one S-expression a declaration */
void print_quoted(struct text *out, struct str s); /* 'text', control characters shown */
/* "R001 2:5+1:9; R002 3:1": code, line:column of the first place, then of the others. */
void print_diags(struct text *out, struct diags *d, const struct sources *sources);
/* Whether every part of the tree lies within the whole, in order of writing, and heights
 * are right. */
bool node_is_sound(const struct node *n);

#endif

/* Expressions by what they say: two expressions that mean the same computation are one
 * term, wherever they stand. A term is a small number; the terms below it have smaller
 * ones. */
#ifndef SOAT_LANG_TERM_H
#define SOAT_LANG_TERM_H

#include "lang/ruleset.h"

struct terms;

struct terms *terms_new(struct arena *a);
/* What `left` and `right` of a tolerance mean in the expressions to come. */
void terms_sides(struct terms *t, const struct expr *left, const struct expr *right);
uint32_t term_of(struct terms *t, const struct expr *e);
uint32_t terms_count(const struct terms *t);
const struct expr *term_expr(const struct terms *t, uint32_t term); /* the first met */
uint32_t term_arg(struct terms *t, uint32_t term, uint32_t i);

#endif

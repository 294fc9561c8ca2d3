/* Texts compare without the blanks around them: cells have none, a text written in a rule
 * may, and keeps them for functions. Where a text meets a code the two are compared
 * folded, as codes are. Columns are indexed by dictionary ids, so a text bound to a
 * column of codes is turned into the code that it names, and a column of texts to which a
 * code is bound is indexed by its folded texts. */
#ifndef SOAT_EVAL_WORDS_H
#define SOAT_EVAL_WORDS_H

#include "eval/plan.h"

/* The value as it is compared: `x` itself unless it may have blanks around it. */
const struct expr *words_compared(struct engine *e, const struct expr *x);

/* Whether a column of texts is indexed folded for a value of this kind. */
bool words_fold(const struct schema *s, uint32_t column, enum value_kind value);

/* The slot of a value as it is sought among codes or texts: `slot` itself where nothing
 * has to be turned. `codelist` is the list of the codes. */
uint32_t words_sought(struct engine *e, struct program *p, uint32_t slot,
                      enum value_kind value, enum value_kind among, uint32_t codelist);

/* Slots of a selection's bound values, in order. */
void words_bound(struct engine *e, struct program *p, const struct select *s,
                 uint32_t *slots);

/* `t` with the columns that are marked in `folds` folded; `t` itself where none is. */
const struct table *words_table(struct engine *e, const struct table *t,
                                const uint32_t *columns, const bool *folds, uint32_t n);

#endif

/* Values as text: canonical for machines and fingerprints, or in the way of a language
 * for people. */
#ifndef SOAT_EVAL_SHOW_H
#define SOAT_EVAL_SHOW_H

#include "base/diag.h"
#include "eval/plan.h"

/* Element i of v; STR_NONE when it is not there. */
struct str show_canonical(struct arena *a, const struct dict *texts, const struct vec *v,
                          uint32_t i);
/* The same for people; `–` when it is not there. is_year: digits are not grouped. */
struct str show_value(struct arena *a, const struct dict *texts, const struct vec *v,
                      uint32_t i, bool is_year, enum diag_lang lang);
/* A number in the way of a language; a ratio without finite decimal is a fraction. */
struct str show_exact(struct arena *a, struct num v, enum diag_lang lang);
/* The same, but such a ratio is rounded, with SHOW_NEARLY before it. */
#define SHOW_NEARLY "≈"
struct str show_num(struct arena *a, struct num v, enum diag_lang lang);
struct str show_cell(struct arena *a, const struct dict *texts,
                     const struct table_column *c, uint32_t row);
/* "missing-operand", "bad-cell" …; STR_NONE for CELL_OK and CELL_NA. */
struct str show_reason(uint8_t state);
/* The reason in words. */
struct str show_reason_words(uint8_t state, enum diag_lang lang);
/* What stands before it: "not checked: ", or "not computable: " for VERDICT_ERROR. */
struct str show_no_verdict(uint8_t verdict, enum diag_lang lang);

#endif

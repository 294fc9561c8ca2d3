/* An auditor's spot check: which rows and groups are judged. */
#ifndef SOAT_EVAL_NARROW_H
#define SOAT_EVAL_NARROW_H

#include "eval/eval.h"
#include "eval/plan.h"

/* Sets `is_wanted` of every data set that has a column the input's `where` names. */
void narrow_rows(struct engine *e, const struct eval_input *in);
/* The wanted rows of a data set, or groups of a check, as a list in order; NULL: all of
 * them. */
const uint32_t *narrow_list(struct engine *e, uint32_t dataset, uint32_t *n);
const uint32_t *narrow_groups(struct engine *e, const struct check *c,
                              const struct keyidx *groups, uint32_t *n);

#endif

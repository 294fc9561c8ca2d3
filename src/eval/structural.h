/* Structural checks: what a declaration asks of its files. Their rules come first in the
 * evaluation, by data set in order of declaration. */
#ifndef SOAT_EVAL_STRUCTURAL_H
#define SOAT_EVAL_STRUCTURAL_H

#include "eval/eval.h"
#include "eval/plan.h"

/* Adds the rules of every data set to `ev` (counts zero). `is_selected` as in eval_input.
 */
void structural_rules(struct evaluation *ev, const struct eval_input *in);
/* Runs them. */
void structural_run(struct evaluation *ev);

#endif

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

/* Adds one verdict to a rule, and a finding where there is something to say. */
void verdict_count(struct rule *rule, enum verdict verdict, uint64_t n);
/* The same verdict for n rows that follow one another. */
void verdict_span(struct evaluation *ev, uint32_t rule, enum verdict verdict,
                  uint32_t row, uint32_t n);
void verdict_add(struct evaluation *ev, struct finding f);
struct rule *rule_add(struct evaluation *ev, struct rule rule);

#endif

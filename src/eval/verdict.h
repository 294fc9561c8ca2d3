/* The accounting: every evaluation of a rule is counted under one verdict, and a finding
 * is kept where there is something to say. */
#ifndef SOAT_EVAL_VERDICT_H
#define SOAT_EVAL_VERDICT_H

#include "eval/eval.h"

/* Adds one verdict to a rule, and a finding where there is something to say. */
void verdict_count(struct rule *rule, enum verdict verdict, uint64_t n);
/* The same verdict for n rows that follow one another. */
void verdict_span(struct evaluation *ev, uint32_t rule, enum verdict verdict,
                  uint32_t row, uint32_t n);
void verdict_add(struct evaluation *ev, struct finding f);
struct rule *rule_add(struct evaluation *ev, struct rule rule);

#endif

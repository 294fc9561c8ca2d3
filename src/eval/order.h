/* The order of findings: by data set; there rows of files in order, then what has no row;
 * in one place by rule. */
#ifndef SOAT_EVAL_ORDER_H
#define SOAT_EVAL_ORDER_H

#include "eval/eval.h"

void findings_sort(struct evaluation *ev);

#endif

/* `soat score --explain`: the points of a unit, every step written out, its rank, and
 * what would change it. */
#ifndef SOAT_RUN_SCORE_EXPLAIN_H
#define SOAT_RUN_SCORE_EXPLAIN_H

#include "eval/board.h"
#include "run/run.h"

/* The text for people, in the run's language. STR_NONE: no unit fits what was asked for;
 * the run's diags say so. */
struct str score_explain(struct run *r, const struct evaluation *ev);

#endif

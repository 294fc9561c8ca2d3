/* `soat explain`: what a code, a structural check or something of a rule set means, how
 * it is computed, what to do. */
#ifndef SOAT_RUN_RUN_EXPLAIN_H
#define SOAT_RUN_RUN_EXPLAIN_H

#include "run/run.h"

/* `subject` with the rules of r->settings->rules, STR_NONE: without any. What it has to
 * say goes to the configuration's `out`. */
enum soat_status run_explain(struct run *r, struct str subject);

#endif

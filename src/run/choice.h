/* Which checks and rows were asked for, and whether the settings make sense for these
 * rules. */
#ifndef SOAT_RUN_CHOICE_H
#define SOAT_RUN_CHOICE_H

#include "run/run.h"

/* Holds --as-of, --select, --ignore and --where against the rules. False: usage errors
 * are in the run's diags. */
bool choice_check(struct run *r);

/* Whether --select and --ignore let this check run. */
bool choice_selects(const struct settings *s, struct str check_id);
/* The same for eval.h; `context` is the struct settings. */
bool choice_is_selected(void *context, struct str check_id);

#endif

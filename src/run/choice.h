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

struct choice {
    const struct settings *settings;
    const struct ruleset *rules;
};

/* The same for eval.h; `soat score` runs claims and what leaves a file unread alone.
 * `context` is the const struct choice. */
bool choice_is_selected(void *context, struct str check_id);

#endif

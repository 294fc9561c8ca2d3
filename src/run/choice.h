/* Which checks and rows were asked for, and whether the settings make sense for these
 * rules. */
#ifndef SOAT_RUN_CHOICE_H
#define SOAT_RUN_CHOICE_H

#include "data/codelist.h"
#include "run/run.h"

/* Holds --as-of, --select, --ignore and --where against the rules. False: usage errors
 * are in the run's diags. */
bool choice_check(struct run *r);

/* Holds the values of --where against the types and code lists (by id) of their columns:
 * one that no cell can have would quietly check nothing. Usage errors go to the run's
 * diags. */
void choice_check_values(struct run *r, const struct codelist *const *codelists);

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

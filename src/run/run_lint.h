/* `soat lint`: judges rule sets without data. */
#ifndef SOAT_RUN_RUN_LINT_H
#define SOAT_RUN_RUN_LINT_H

#include "run/run.h"

/* Judges the rule sets that n paths mean; the first members of `base` are set as for
 * run_check. Warnings go to the configuration's `out`, wrong rules to `err`.
 * SOAT_FINDINGS: there are warnings; SOAT_USAGE: some rules are wrong. */
enum soat_status run_lint(struct run *base, const char *const *paths, size_t n_paths);

#endif

/* `soat lint`: judges rule sets without data. */
#ifndef SOAT_RUN_RUN_LINT_H
#define SOAT_RUN_RUN_LINT_H

#include "run/run.h"

/* Judges n rule files (or folders with one); the first four members of `base` are set.
 * Warnings go to the configuration's `out`, wrong rules to `err`. SOAT_FINDINGS: there
 * are warnings; SOAT_USAGE: some rules are wrong. */
enum soat_status run_lint(const struct run *base, const char *const *paths, size_t n);

#endif

/* Rule text to the remarks of lint, for its tests. */
#ifndef SOAT_TESTS_LINT_WORLD_H
#define SOAT_TESTS_LINT_WORLD_H

#include "lang/lint.h"

/* What lint says of `rules`, which may use what `library` (NULL: none) declares; or what
 * is wrong with them. */
struct diags *lint_world_read(struct arena *a, const char *rules, const char *library,
                              struct sources **sources);

#endif

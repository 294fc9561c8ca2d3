/* A checked rule set as text, for tests that compare whole outputs. */
#ifndef SOAT_TESTS_CHECK_PRINT_H
#define SOAT_TESTS_CHECK_PRINT_H

#include "lang/ruleset.h"

/* Reads `rules` as the entry file, and `shared` (NULL: none) as a file it uses. NULL when
 * something is wrong. */
const struct ruleset *check_print_read(struct arena *a, const char *rules,
                                       const char *shared, struct diags **diags,
                                       struct sources **sources);
/* "R057 8:8, R093 10:8"; a place in the used file has "shared:" before it. */
struct str check_print_diags(struct arena *a, const struct diags *diags,
                             const struct sources *sources);
struct str check_print_expr(struct arena *a, const struct ruleset *r,
                            const struct expr *e);
/* One line per check: id, then its clauses. */
struct str check_print_rules(struct arena *a, const struct ruleset *r);
/* One line: the schema of a data set with what cover makes of it. */
struct str check_print_dataset(struct arena *a, const struct ruleset *r,
                               const struct dataset *d);
/* One line per indicator, target and scoreboard, in the order of their steps. */
struct str check_print_goals(struct arena *a, const struct ruleset *r);
/* One line per hidden data set. */
struct str check_print_results(struct arena *a, const struct ruleset *r);
struct str check_print_tests(struct arena *a, const struct ruleset *r);

#endif

/* `soat test --coverage`: what the tests of a rule set leave untried. */
#ifndef SOAT_RUN_TEST_COVER_H
#define SOAT_RUN_TEST_COVER_H

#include "lang/ruleset.h"
#include "report/report.h"

struct str test_cover(struct arena *a, const struct ruleset *rules,
                      const struct report_style *style);

/* The validation level (0 to 5) of a check: its tag level_N, otherwise 1, or 2 when it
 * reads other periods or other data sets. */
unsigned check_level(struct arena *a, const struct ruleset *rules, const struct check *c);

#endif

/* What a test expects, held against what came. */
#ifndef SOAT_RUN_TEST_MATCH_H
#define SOAT_RUN_TEST_MATCH_H

#include "run/test_run.h"

/* Counts of what an expectation met. */
struct match {
    uint32_t n; /* evaluations that fit its `at` */
    uint32_t by_verdict[VERDICT_COUNT];
    const struct verdict_row *wrong; /* the first that fits and has another verdict */
    bool has_rule;                   /* the check was evaluated at all */
};

enum verdict expected_verdict(enum expected_verdict e);
bool test_match(const struct test_case *t, const struct expect *e, struct match *out);

/* A fail or error that no expectation allows, behind `after` (NULL: the first); NULL: no
 * more. */
const struct verdict_row *test_stray(const struct test_case *t,
                                     const struct verdict_row *after);
/* The finding of a verdict; NULL: there is none (a pass, or not applicable). */
const struct finding *test_finding(const struct test_case *t,
                                   const struct verdict_row *v);

#endif

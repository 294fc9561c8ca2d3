/* `soat test`: runs the test blocks of a rule file and says what differs. */
#ifndef SOAT_RUN_TEST_RUN_H
#define SOAT_RUN_TEST_RUN_H

#include "eval/eval.h"
#include "run/load.h"
#include "run/run.h"

struct test_totals {
    uint64_t passed, failed;
};

/* Runs all tests of the rules in r->settings->rules and adds them to the totals; what it
 * has to say goes to the configuration's `out`. SOAT_USAGE: the rules are wrong. */
enum soat_status run_test(struct run *r, struct test_totals *totals);

/* The last line: "3 passed, 1 failed". */
struct str test_totals_line(struct arena *a, const struct test_totals *t,
                            enum diag_lang lang);

/* ---- for test_data.c, test_run.c ---- */

/* One verdict of one evaluation. */
struct verdict_row {
    uint32_t rule, row; /* row ROW_NONE: the verdict came without one */
    enum verdict verdict;
};

/* What one test is run with, and what came of it. */
struct test_case {
    struct arena *a;
    const struct ruleset *rules;
    const struct test_block *test;
    const struct loaded *loaded; /* code lists */
    struct table **tables;       /* per data set */
    const struct given **given;  /* per data set, NULL: not given */
    struct dict *texts;
    struct verdict_row *verdicts;
    size_t n_verdicts, cap_verdicts;
    struct evaluation *ev;
};

/* Makes the tables of the test's blocks: one that is not given is empty (an optional one
 * absent), a column that is not given is missing. */
void test_data(struct test_case *t);
/* The record's bytes behind a row's place in a given block; STR_NONE: none is there. */
struct str test_record(const struct test_case *t, uint32_t dataset, uint64_t offset);
/* Whether the header of the block names the column. */
bool test_has_column(const struct test_case *t, uint32_t dataset, uint32_t column);
/* Line of the rule file where the given block's line stands. */
uint64_t test_line(const struct test_case *t, uint32_t dataset, uint64_t line);

#endif

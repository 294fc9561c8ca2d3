/* Rules and data as texts, evaluated in memory: for tests of the evaluation. */
#ifndef SOAT_TESTS_EVAL_WORLD_H
#define SOAT_TESTS_EVAL_WORLD_H

#include "base/mem.h"
#include "base/str.h"
#include "data/table.h"

#define EVAL_FILES 4

struct eval_file {
    const char *dataset, *csv;
};

struct eval_texts {
    const char *rules;
    struct eval_file
        files[EVAL_FILES]; /* dataset NULL ends; several for one are its files */
};

/* Evaluates in batches of so many rows (0: the usual size) and says all there is to say:
 * a line for each rule, `ID pass 1 fail 2 …` without what is 0, then a line for each
 * finding, `ID verdict severity {key} left right tolerance reason: message`. Structural
 * rules that only pass or are not applicable are left out, and so are the messages of
 * structural findings. Fails the test when the rules
 * have an error. */
struct str eval_report(struct arena *a, const struct eval_texts *texts,
                       uint32_t batch_rows);

/* NUL-terminated, for cmocka. */
const char *eval_z(struct arena *a, struct str s);

/* The first data set of some rules, loaded from one file. */
const struct table *eval_table(struct arena *a, const char *rules, const char *csv);

#endif

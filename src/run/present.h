/* Findings to records: what the engine knows about a finding, as the texts a report is
 * given. */
#ifndef SOAT_RUN_PRESENT_H
#define SOAT_RUN_PRESENT_H

#include "eval/eval.h"
#include "report/report.h"

struct present_input {
    const struct ruleset *rules;
    struct evaluation *evaluation;
    /* Decoded bytes of a record, at least its first line; "" if they can no longer be
     * read. */
    struct str (*read_record)(void *context, uint32_t dataset, uint32_t file,
                              uint64_t offset, struct arena *a);
    /* The same of a physical line. */
    struct str (*read_line)(void *context, uint32_t dataset, uint32_t file, uint64_t line,
                            struct arena *a);
    void *context;
    bool with_unknown;
};

/* Findings by severity (fail and error), and the sums over all rules. */
struct present_totals {
    uint64_t error, warning, info;
    uint64_t expected, pass, fail, unknown, not_applicable, rule_error;
};

/* Gives every report the findings, in order, then the rules. */
void present_findings(struct arena *a, const struct present_input *in,
                      struct report *const *reports, uint32_t n_reports,
                      struct present_totals *totals);

#endif

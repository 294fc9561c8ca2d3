/* The end of the text report: the table of all checks, what was not checked and why, what
 * was left out or not shown, and the verdict. Everything is collected while the run
 * reports, and printed once. */
#ifndef SOAT_REPORT_SUMMARY_H
#define SOAT_REPORT_SUMMARY_H

#include "report/sheet.h"

struct summary;
struct summary *summary_new(struct arena *a);
void summary_run(struct summary *m,
                 const struct report_run *run); /* what it needs is copied */
void summary_rule(struct summary *m, const struct report_rule *rule); /* the same */
void summary_hidden(struct summary *m, struct str check,
                    uint64_t n); /* findings not shown; check is borrowed */
void summary_unlisted(struct summary *m,
                      uint64_t n); /* unknown verdicts without a finding */
void summary_print(const struct summary *m, struct sheet *s);
void summary_verdict(
    struct sheet *s,
    const struct report_end *end); /* the one line that is always there */

#endif

/* What something of a rule set means, for `soat explain`. */
#ifndef SOAT_RUN_EXPLAIN_RULES_H
#define SOAT_RUN_EXPLAIN_RULES_H

#include "run/page.h"

/* Writes about the check (or family of checks), indicator, target or scoreboard of this
 * name. False: there is none. */
bool explain_rule(struct page *p, struct str subject);

/* "khai báo tại: rules.soat:17" */
void explain_place(struct page *p, struct span at);

/* "error (lỗi)": the word of reports, and what it means. */
const char *severity_word(enum diag_severity s, enum diag_lang lang);

#endif

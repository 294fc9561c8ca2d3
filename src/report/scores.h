/* Scoreboards, targets and indicators of the text report: who stands where, and why.
 * Everything is collected while the run reports, and printed once. */
#ifndef SOAT_REPORT_SCORES_H
#define SOAT_REPORT_SCORES_H

#include "report/sheet.h"

struct scores;
struct scores *scores_new(struct arena *a, const struct report_style *style);
void scores_target(struct scores *m, const struct report_target *t); /* copies */
void scores_score(struct scores *m, const struct report_score *s);
void scores_indicator(struct scores *m, const struct report_indicator *i);
/* n more claims that do not agree, shown or not. */
void scores_claim(struct scores *m, uint64_t n);
/* For each scoreboard and group a table, then for each target, then each indicator. */
void scores_print(struct scores *m, struct sheet *s);
/* The last line of `soat score`. */
void scores_verdict(const struct scores *m, struct sheet *s,
                    const struct report_end *end);

/* "91 Kiên Giang · 2022-H1": pairs from .. to - 1 of a key. */
struct str scores_key_text(struct arena *a, const struct report_pair *key,
                           const struct report_pair *label, uint32_t from, uint32_t to);
/* Certain points as full blocks, possible ones shaded, the rest dotted; in thousandths.
 */
struct str scores_bar(struct arena *a, uint32_t low, uint32_t high);
/* "vượt", "đúng tiến độ" … of the words of a record; NULL for others. */
const char *scores_word(struct str status, enum diag_lang lang);

#endif

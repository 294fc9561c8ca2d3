/* Figures as people read them in tables and workings: rounded where an exact form would
 * only be long, and then marked ≈. Records for machines never come from here. */
#ifndef SOAT_RUN_FIGURES_H
#define SOAT_RUN_FIGURES_H

#include "base/diag.h"
#include "lang/ruleset.h"
#include "report/report.h"
#include "value/dec.h"

enum { FIGURE_PLACES = 2, FIGURE_PLACES_MAX = 12 };

/* "1.234,5"; a number that does not end within four places: "≈13,33". */
struct str figure(struct arena *a, struct num v, enum diag_lang lang);
struct report_text figures(struct arena *a, struct num v);

/* Whether a figure was rounded. */
bool is_nearly(struct str shown);
/* What stands behind a computation: " = 8", " ≈ 13,33". */
struct str result_text(struct arena *a, struct str shown);

/* A share as a percentage with at most two decimals: "40 %", "≈66,67 %". Never rounded
 * to 100 % unless it is. */
struct str percent(struct arena *a, struct num v, enum diag_lang lang);
struct report_text percents(struct arena *a, struct num v);

/* Whether actual and plan of a target are percentages for its author: numbers without
 * unit, and a column or a percent sign in one of them says so. */
bool is_in_percent(const struct ruleset *rules, const struct target *t);
/* A figure of a target: its actual, plan, or what is due. */
struct str amount(struct arena *a, struct num v, bool is_percent, enum diag_lang lang);
/* "80%–100%" */
struct str amount_range(struct arena *a, struct num low, struct num high, bool is_percent,
                        enum diag_lang lang);

/* "8", "0–20", "0–?" */
struct num_range {
    struct num low, high;
    bool low_is_open, high_is_open;
};
struct str figure_range(struct arena *a, const struct num_range *r, enum diag_lang lang);

/* "triệu đồng", "người/HTX"; STR_NONE where there is none. */
struct str unit_label(struct arena *a, const struct unit_expr *u,
                      const struct ruleset *rules);

/* The same with the names of the rules, as records have it. */
struct str unit_name(struct arena *a, const struct unit_expr *u,
                     const struct ruleset *rules);

/* Rule text as it was written, in one line; STR_NONE for SPAN_NONE. */
struct str written(struct arena *a, const struct sources *sources, struct span at);

struct str told(const struct bilingual *b, enum diag_lang lang); /* or in the other one */
struct report_text in_both(const struct bilingual *b);

#endif

/* What findings of an indicator's lines say: the change that was computed, or what an
 * outlier stands out from. */
#ifndef SOAT_EVAL_EXPLAIN_LINE_H
#define SOAT_EVAL_EXPLAIN_LINE_H

#include "eval/lookup.h"

/* The values that such a message names. */
struct line_plan {
    enum { LINE_NONE, LINE_CHANGE, LINE_OUTLIER } kind;
    /* Slots; an outlier has a value, and hb what was before it. */
    uint32_t value, before, change, low, high;
    const struct expr *must;
    const struct uniqueness *outliers;
};

/* For a check whose `must` is at a slot of the program already. */
struct line_plan line_plan(struct engine *e, struct program *p, const struct check *c,
                           uint32_t must);
/* The message for a row, the program having run for it alone. STR_NONE: none of its own.
 */
struct str line_message(const struct line_plan *line, struct arena *a,
                        const struct vec *slots, uint32_t row, enum diag_lang lang);

#endif

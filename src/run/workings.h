/* How a target's result came about, as arithmetic that can be done again with a pocket
 * calculator: completion, schedule step, bonus, rounding. And a schedule as a sentence.
 */
#ifndef SOAT_RUN_WORKINGS_H
#define SOAT_RUN_WORKINGS_H

#include "eval/goal.h"
#include "run/figures.h"

struct worked {
    const struct ruleset *rules;
    const struct target *target;
    const struct target_result *result;
    struct str
        values; /* of the actual: "510 / 545"; STR_NONE: it is short enough itself */
};

/* "8 / 20 = 40 %"; STR_NONE where there is nothing to compute. */
struct str working_completion(struct arena *a, const struct worked *of,
                              enum diag_lang lang);
/* "40 % × 20 = 8; làm tròn đến 0,1: 8"; the result must have points. */
struct str working_points(struct arena *a, const struct worked *of, enum diag_lang lang);

/* "at least the plan", "một khoảng" … */
struct str aim_sentence(enum aim aim, enum diag_lang lang);
/* "điểm tối đa × mức hoàn thành, tính đến 100 %; thưởng 1 điểm cho mỗi 10 % trên 100 %,
 * nhiều nhất 5; làm tròn đến 0,1" */
struct str schedule_sentence(struct arena *a, const struct points *p,
                             enum diag_lang lang);

#endif

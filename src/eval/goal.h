/* Targets and indicators: what was reached against what was planned, and the points for
 * it. Every number is exact. What is missing is never scored as zero: points become a
 * range from the least to the most they could still be. See language.md's successor,
 * rules/README.md, sections "Targets" and "Indicators". */
#ifndef SOAT_EVAL_GOAL_H
#define SOAT_EVAL_GOAL_H

#include "eval/eval.h"

enum target_status {
    TARGET_EXCEEDED,
    TARGET_MET,
    TARGET_NEAR,
    TARGET_MISSED,
    TARGET_NO_DATA,
    TARGET_NOT_APPLICABLE
};

enum target_pace { PACE_NONE, PACE_ON_TRACK, PACE_BEHIND };

struct target_result {
    uint32_t target,
        row; /* row of the target's data set; virtual rows too, for scoreboards */
    bool has_actual, has_plan, has_due, has_ratio, has_points, has_maximum, is_flag,
        high_is_open;
    uint8_t actual_error, plan_error; /* enum cell: CELL_OK, or what cannot be computed */
    bool maximum_is_negative; /* then there is none, and `maximum` is what was found */
    struct num actual;        /* a flag: 1 or 0 */
    struct num plan, plan_high, due, ratio;
    struct num completion; /* what the schedule is applied to; 0 while not measured */
    struct num points, low, high, maximum;
    enum target_status status;
    enum target_pace pace;
};

struct indicator_result {
    uint32_t indicator, row;
    bool has_value;
    uint8_t state; /* enum cell: why it has none */
    struct num value;
};

/* Whether a target applies to nobody: what it reads is undefined, or has no file. */
bool goal_is_out(const struct engine *e, const struct target *t);
/* Whether some data set of the list has no file. */
bool goal_reads_absent(const struct engine *e, const uint32_t *uses, uint32_t n);

/* The result of which nothing is known but what the rules themselves say. */
struct target_result goal_unknown(const struct ruleset *rules, uint32_t target);

/* Fill e's results of one target or indicator, and its hidden data sets. */
void goal_run_target(struct evaluation *ev, uint32_t target);
void goal_run_indicator(struct evaluation *ev, uint32_t indicator);

/* Sorted by target or indicator, then row. */
const struct target_result *eval_targets(const struct evaluation *ev, size_t *n);
const struct indicator_result *eval_indicators(const struct evaluation *ev, size_t *n);

/* The word of the records: exceeded met near missed no_data not_applicable. */
const char *target_status_name(enum target_status s);
const char *target_pace_name(enum target_pace p); /* NULL: none */

#endif

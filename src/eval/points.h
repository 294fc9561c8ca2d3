/* Points for a target by its schedule, exactly; and the range they could still take. */
#ifndef SOAT_EVAL_POINTS_H
#define SOAT_EVAL_POINTS_H

#include "eval/goal.h"

/* The range of r's points: low, high, high_is_open, from its actual, plan and maximum as
 * far as they are there, and from its completion where that is measured. True when they
 * are one number, which is then in r->points too. */
bool points_reckon(const struct target *t, bool is_measured, struct target_result *r);
/* The bonus alone, before rounding. */
enum dec_status points_bonus(const struct points *p, struct num completion,
                             struct num *out);
/* To a whole number of steps of the schedule's `round`, half away from zero; as it is
 * where it has none. */
enum dec_status points_rounded(const struct points *p, struct num v, struct num *out);

#endif

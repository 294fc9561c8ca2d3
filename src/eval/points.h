/* Points for a target by its schedule, exactly; and the range they could still take. */
#ifndef SOAT_EVAL_POINTS_H
#define SOAT_EVAL_POINTS_H

#include "eval/goal.h"

/* From r's completion, actual and maximum: points, or an open range where the maximum is
 * missing. */
void points_settle(const struct points *p, struct target_result *r);
/* The range from 0 to the most the schedule can give. */
void points_open(const struct points *p, struct target_result *r);
/* The bonus alone, before rounding. */
enum dec_status points_bonus(const struct points *p, struct num completion,
                             struct num *out);

#endif

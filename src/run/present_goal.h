/* Indicators, targets and scoreboards as records for reports. */
#ifndef SOAT_RUN_PRESENT_GOAL_H
#define SOAT_RUN_PRESENT_GOAL_H

#include "run/present.h"

/* Gives every report the indicators, then the targets, then the scores, in order. */
void present_goals(struct arena *a, const struct present_input *in,
                   struct report *const *reports, uint32_t n_reports);

#endif

/* Outliers: whether a value stands out from the others of its group.
 *   mad  0.6745 * |x - median| / MAD > factor (Iglewicz and Hoaglin 1993), groups of 5 or
 * more z    |x - mean| / s > factor, s the sample standard deviation, groups of 12 or
 * more iqr  outside Q1 - factor * IQR .. Q3 + factor * IQR (Tukey 1977; quartiles by
 * linear interpolation), 8 or more hb   Hidiroglou and Berthelot 1986 on ratios to the
 * previous period, U = 0.5, A = 0.05, C = factor, 5 or more A smaller group leaves its
 * rows unknown. The first three are exact; hb needs roots and is the one place where
 * binary floating point decides. */
#ifndef SOAT_EVAL_OUTLIER_H
#define SOAT_EVAL_OUTLIER_H

#include "eval/lookup.h"

/* What the values of one group were compared with, for those who read a finding. */
struct outlier_group {
    uint32_t n;        /* values */
    struct num middle; /* median; z: mean; hb: median of the ratios */
    bool has_limits;
    struct num low, high; /* nearly, for z; hb has none: its limits differ by size */
};

/* How many values a group must have. */
uint32_t outlier_least(enum outlier_method method);

/* Settles every row of the check's data set: passes where the value does not stand out.
 */
struct uniqueness *outlier_plan(struct engine *e, const struct check *check,
                                const struct expr *x);

#endif

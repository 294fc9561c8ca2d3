/* `within rounding`: printed figures stand for intervals. The comparison of a check
 * becomes two conditions, built as ordinary expressions: one that accepts what rounding
 * allows, and one that warns where a difference is within the sum of the half-widths but
 * beyond four standard deviations of rounding noise. Interval bounds are computed by the
 * rules of interval arithmetic; the noise of a value rounded to a step w is taken as
 * uniform, with variance w^2 / 12 = half-width^2 / 3, independent from value to value. */
#ifndef SOAT_EVAL_ROUNDING_H
#define SOAT_EVAL_ROUNDING_H

#include "lang/ruleset.h"

struct rounding {
    const struct expr *accepts; /* the evaluation passes */
    const struct expr *warns;   /* it fails as a warning; NULL: never (not linear) */
    const struct expr
        *tolerance; /* what was allowed on the side where the difference lies */
};

struct rounding rounding_of(struct arena *a, const struct ruleset *rules,
                            const struct check *check);

#endif

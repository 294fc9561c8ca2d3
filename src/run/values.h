/* A formula with the values of one row in place of its names: "510 / 545". */
#ifndef SOAT_RUN_VALUES_H
#define SOAT_RUN_VALUES_H

#include "eval/eval.h"

struct value_row { /* whose values */
    const struct evaluation *ev;
    uint32_t dataset, row;
};

/* STR_NONE where the formula is no arithmetic, or has too much of it. A value that is not
 * there is –. */
struct str values_text(struct arena *a, const struct value_row *of, const struct expr *x,
                       enum diag_lang lang);

#endif

/* Sums that a file states itself: totals rows over their rows, tree parents over their
 * children. */
#ifndef SOAT_EVAL_SUMS_H
#define SOAT_EVAL_SUMS_H

#include "eval/plan.h"

struct sums {
    struct num reported, computed;
};

/* Totals row i of the data set against the rows that agree with it in every key column it
 * does not total. CELL_OK, or why they cannot be compared. */
uint8_t totals_compare(struct engine *e, uint32_t dataset, uint32_t i, uint32_t column,
                       struct sums *out);
/* A tree parent against its direct children. */
uint8_t tree_compare(struct engine *e, uint32_t dataset, uint32_t parent, uint32_t column,
                     struct sums *out);

#endif

/* Sums that a file states itself: totals rows over their rows, tree parents over their
 * children. */
#ifndef SOAT_EVAL_SUMS_H
#define SOAT_EVAL_SUMS_H

#include "eval/plan.h"

struct sums {
    struct num reported, computed;
    bool has_reported; /* the reported value is there, whatever became of the others */
    uint32_t odd_unit; /* the row whose unit cannot be converted, ROW_NONE: that of the
                          reported value; where the state is CELL_UNIT */
};

/* Totals row i of the data set against the rows that agree with it in every key column it
 * does not total. CELL_OK, or why they cannot be compared. Values with a unit in the row
 * are added up in the unit of the totals row. The parents of a tree are left out, unless
 * the totals row names one value of the tree's key column: then its rows are those with
 * that value. */
uint8_t totals_compare(struct engine *e, uint32_t dataset, uint32_t i, uint32_t column,
                       struct sums *out);
/* A tree parent against its direct children, in the parent's unit. */
uint8_t tree_compare(struct engine *e, uint32_t dataset, uint32_t parent, uint32_t column,
                     struct sums *out);

#endif

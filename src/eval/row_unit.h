/* Units that a row itself names (`of column u`): which unit a text means, and what a
 * value is multiplied by to stand in another one. */
#ifndef SOAT_EVAL_ROW_UNIT_H
#define SOAT_EVAL_ROW_UNIT_H

#include "eval/plan.h"

#define ROW_UNIT_UNKNOWN 0u /* no unit has this name or label */

/* The unit named by a text of the run's dictionary, worked out once per distinct text. */
uint64_t row_unit(struct engine *e, uint32_t text);
/* The declared name of that unit; the text itself where it names none. */
struct str row_unit_called(struct engine *e, uint32_t text);
/* The factor from one unit to another; false: they are of different dimensions, or one is
 * unknown. */
bool row_unit_factor(const struct engine *e, uint64_t from, uint64_t to,
                     struct num *factor);
/* The same for the unit that an expression's place demands: any, where that is the unit
 * of the row. */
bool row_unit_factor_to(const struct engine *e, uint64_t from,
                        const struct unit_expr *target, struct num *factor);

#endif

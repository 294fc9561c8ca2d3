/* What the structural checks share: structural.c and structural_cell.c alone. */
#ifndef SOAT_EVAL_STRUCTURAL_STATE_H
#define SOAT_EVAL_STRUCTURAL_STATE_H

#include "eval/facts.h"
#include "eval/verdict.h"

/* What a running structural check needs. */
struct judging {
    struct evaluation *ev;
    struct engine *e;
    uint32_t number; /* of the rule */
    struct rule *rule;
    const struct facts *facts;
    const struct table *table;
    const struct schema *schema;
    const struct column *column;
    const struct table_column *cells;
};

/* The first row at or behind `row` that the auditor wants to see. */
uint32_t judging_from(const struct judging *r, uint32_t row);
void judging_add(struct judging *r, enum verdict verdict, uint32_t row, uint32_t extra,
                 uint8_t state);
/* Whether the data set's own checks look at a column. */
bool judging_takes(const struct judging *r, uint32_t column);
/* What a verdict is that cannot be reached, by why not. */
enum verdict judging_undecided(uint8_t state);

/* Those that judge the cells of one column, or of a pair of them. */
typedef void structural_check(struct judging *r);
structural_check check_ambiguous, check_code, check_length, check_pair, check_pattern,
    check_range, check_required, check_type, check_unique;

#endif

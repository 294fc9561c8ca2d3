/* Steps in time: `previous`, `at` and `cumulative` evaluate an expression in the row of
 * another period. Goes by calendar and key, never by the order of rows. Where a code did
 * not exist in that period its predecessors' rows serve; what is additive is summed over
 * them. See grammar.md, rules 11 to 14, restated in rules/README.md. */
#ifndef SOAT_EVAL_SHIFT_H
#define SOAT_EVAL_SHIFT_H

#include "eval/plan.h"

struct shift {
    const struct expr *expr;
    const struct program *body;
    uint32_t slot;
    bool is_summed; /* over predecessors; else several of them are unknown */
    const struct facts *facts;
    const struct keyidx
        *by; /* key columns, the period among them; NULL: the scope's groups */
    struct memo *successions[KEYIDX_COLUMNS];
    struct memo *ends; /* see farthest_end */
};

/* Planned once for each expression; `p` is the program it stands in first. */
struct shift *shift_new(struct engine *e, const struct program *p, const struct expr *x);

/* The row of a shift for one row, for showing operands; ROW_NONE if none or several. */
uint32_t shift_row_of_previous(struct engine *e, const struct shift *s, uint32_t row);

#endif

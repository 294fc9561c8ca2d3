/* What the planner prepares for constants, lists of constants, lookups and uniqueness. */
#ifndef SOAT_EVAL_LOOKUP_H
#define SOAT_EVAL_LOOKUP_H

#include "eval/select.h"

#define CONSTANT_ROWS 4096u

/* The constants of `x in {…}`, each once, in order: numbers in `num`, else key codes. */
struct constants {
    uint32_t n;
    const struct num *num;
    const uint64_t *code;
};

struct lookup {
    const struct selector *selector;
    const struct program *pick; /* run with the selected row in the selector's scope */
    uint32_t pick_slot;
};

struct outlier_group;
struct uniqueness {
    const uint8_t *state; /* per row */
    const uint8_t *is_unique;
    const struct outlier_group *const *groups; /* of outliers, per row; NULL: no group */
};

/* The row each element's lookup takes; state[i] is CELL_OK where there is one. */
void lookup_rows(struct frame *f, const struct op *op, const struct selector *s,
                 uint32_t *row, uint8_t *state);

#endif

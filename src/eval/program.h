/* The program of one check: where its condition, its `must`, its sides and its tolerance
 * stand. */
#ifndef SOAT_EVAL_PROGRAM_H
#define SOAT_EVAL_PROGRAM_H

#include "eval/plan.h"
#include "eval/rounding.h"

struct check_program {
    const struct check *check;
    uint32_t when; /* SLOT_NONE: always */
    uint32_t must;
    uint32_t warns; /* a failure where this is true is a warning only; SLOT_NONE: never */
    uint32_t side[2], tolerance; /* SLOT_NONE: there are none */
};

/* Adds a check to a program, which may hold others. */
struct check_program check_program(struct engine *e, struct program *p,
                                   const struct check *c);

/* The groups of a check with `each`: rows for which the head's filter is true, parents
 * and virtual rows left out. Every group's first row stands for it. */
const struct keyidx *check_groups(struct engine *e, const struct check *c);

#endif

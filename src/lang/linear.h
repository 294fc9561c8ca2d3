/* Systems of linear inequalities over exact rationals: whether some point meets them all,
 * which one, and if none does, which of the bounds are to blame.
 *
 * A variable stands for a number or, if made by linear_sum, for a sum of such; every
 * inequality is a bound on one variable. Bounds can be taken back to an earlier mark, so
 * that a search may try one alternative after another. Strict bounds are held exactly.
 * Numbers that outgrow 38 digits, or more pivots than LINEAR_MAX_PIVOTS, end in
 * LINEAR_GIVEN_UP: nothing is ever said that was not computed exactly. */
#ifndef SOAT_LANG_LINEAR_H
#define SOAT_LANG_LINEAR_H

#include "value/dec.h"

#define LINEAR_MAX_PIVOTS 4000

enum linear_status { LINEAR_FEASIBLE, LINEAR_INFEASIBLE, LINEAR_GIVEN_UP };

enum linear_side { LINEAR_LOWER, LINEAR_UPPER };

struct linear_term {
    uint32_t variable;
    struct num factor;
};

struct linear_bound {
    struct num value;
    bool is_strict;
    uint32_t reason; /* of the caller; what an infeasible system is explained with */
};

struct linear;

/* Variables 0 .. n_variables - 1, unbounded, and room for as many sums. */
struct linear *linear_new(struct arena *a, uint32_t n_variables, uint32_t max_sums);
/* A variable equal to the sum of its terms (of plain variables, each once). */
uint32_t linear_sum(struct linear *l, const struct linear_term *terms, uint32_t n);

/* Bounds a variable, unless it is bounded as tightly already. False: that contradicts its
 * other bound, and the reasons are those two. */
bool linear_limit(struct linear *l, uint32_t variable, enum linear_side side,
                  struct linear_bound bound);
uint32_t linear_mark(const struct linear *l);
void linear_back(struct linear *l, uint32_t mark); /* forgets all bounds since then */

/* Whether the bounds can be met together. */
enum linear_status linear_check(struct linear *l);
/* After LINEAR_INFEASIBLE or a false linear_limit: the reasons, some perhaps twice. */
uint32_t linear_reasons(const struct linear *l, const uint32_t **reasons);
/* After LINEAR_FEASIBLE: a point that meets all bounds, by plain variable. False: its
 * numbers are too large. */
bool linear_point(struct linear *l, struct num *values);

#endif

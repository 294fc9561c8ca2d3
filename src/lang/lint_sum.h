/* Numbers as sums of terms, and comparisons of such as forms; between lint_sum.c and
 * lint_form.c. */
#ifndef SOAT_LANG_LINT_SUM_H
#define SOAT_LANG_LINT_SUM_H

#include "lang/lint_state.h"

struct forming { /* of one condition */
    struct linter *l;
    const struct check *check;
    uint32_t n_steps, depth;
};

/* Beyond these everything is taken to be possible. */
enum { FORMING_STEPS = 20000, FORMING_DEPTH = 200 };

/* Whether `left cmp right`, widened by `within` (NULL: exact), holds (does not). */
const struct form *form_comparison(struct forming *f, const struct expr *source,
                                   enum cmp cmp, const struct expr *const sides[2],
                                   const struct expr *within, bool is_true);
/* That a condition is true (false); in lint_form.c. */
const struct form *form_condition(struct forming *f, const struct expr *e, bool is_true);
const struct form *form_present(struct linter *l, const struct check *k, uint32_t term);
const struct form *form_fact(struct linter *l, const struct check *k, uint32_t term,
                             bool is_true, const struct expr *source);

#endif

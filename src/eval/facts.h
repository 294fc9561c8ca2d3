/* What is known of the data before any rule runs: keys, duplicates, tree parents, the
 * first period, and the expected grid, whose absent cells become virtual rows of their
 * table. */
#ifndef SOAT_EVAL_FACTS_H
#define SOAT_EVAL_FACTS_H

#include "eval/plan.h"

/* Fills e->facts. tables[i] belongs to data set i; covered tables gain their virtual
 * rows. */
void facts_prepare(struct engine *e, struct table *const *tables);

/* Learns all this of one data set anew: of results, once they are filled. */
void facts_learn(struct engine *e, uint32_t dataset, const struct table *t);

/* Why the tree of a data set is broken at a row. */
enum tree_fault { TREE_OK, TREE_NO_PARENT, TREE_CIRCLE, TREE_UNKNOWN };

/* The row that a row names as its parent (equal other keys): ROW_NONE when it names none
 * or the row is absent. *fault says which, for rows that name one, and *state why it is
 * unknown. */
uint32_t tree_parent(const struct facts *facts, uint32_t row, enum tree_fault *fault,
                     uint8_t *state);

/* Size of the expected grid of a data set, absent cells included. */
uint64_t cover_expected(const struct engine *e, uint32_t dataset);

#endif

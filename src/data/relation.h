/* Sums that hold in the rows of a table though nobody wrote them down: a column that is
 * the sum or difference of others, or what another column was one period earlier. What is
 * found are candidates for checks; whether they are meant is for people to say. */
#ifndef SOAT_DATA_RELATION_H
#define SOAT_DATA_RELATION_H

#include "data/table.h"

struct relation_term {
    uint32_t column;
    bool is_minus;
    bool has_gaps; /* some cell is empty where the relation takes it as 0 */
    bool is_idle;  /* it says nothing in the rows where the result stands: a part of a
                      breakdown that is 0 there */
};

struct relation {
    uint32_t result; /* column */
    bool is_carry;   /* the one term's value of the period before */
    struct relation_term *terms;
    uint32_t n_terms;
    uint32_t n_rows; /* rows that show it: all of those where the result stands */
    uint32_t n_left; /* rows that do not: no result, or no period before */
};

#define RELATION_COLUMNS 120u /* the first ones take part in sums of a few columns */

/* Relations between number columns that hold in every row where their result stands, most
 * telling first: sums of neighbouring columns (a breakdown and its total), sums and
 * differences of up to four columns, equal columns. One that follows from those before it
 * is left out, and so is one that chance could explain: fewer rows than it takes to tell
 * it from a coincidence. A sum has at least one term without minus. */
size_t relations_find(struct arena *a, const struct table *t, struct relation **out);

/* Columns whose value is that of another column of the same key one period earlier, in
 * every row that has one. `t` must have a period column in its key. */
size_t relations_carry(struct arena *a, const struct table *t, struct relation **out);

#endif

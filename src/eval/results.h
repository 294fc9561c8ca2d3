/* The hidden data sets that hold what targets, scoreboards and indicators came to: tables
 * like any other, so that lookups, aggregates and ordinary checks read them. */
#ifndef SOAT_EVAL_RESULTS_H
#define SOAT_EVAL_RESULTS_H

#include "eval/eval.h"
#include "eval/plan.h"

/* A table of n rows whose cells are all CELL_EMPTY, for data set `dataset`. */
struct table *results_table(struct engine *e, uint32_t dataset, uint32_t n);
void results_set_num(struct table *t, uint32_t column, uint32_t row, struct num v);
void results_set_text(struct table *t, uint32_t column, uint32_t row, struct str s);
void results_set_na(struct table *t, uint32_t column, uint32_t row);
/* Copies the key of a row of the source into the key columns of a result row. */
void results_copy_key(const struct engine *e, uint32_t from, uint32_t row,
                      struct table *to, uint32_t to_row);

/* What is still to be written into the results of one kind. `fill` writes the columns
 * behind the key. */
struct results_source {
    enum result_kind kind;
    uint32_t number; /* of the target, board or indicator that has just been computed */
    uint32_t (*rows)(const struct evaluation *ev, uint32_t number); /* how many it has */
    void (*fill)(const struct evaluation *ev, uint32_t number, uint32_t i,
                 struct table *t, uint32_t row, const struct result_set *set);
};

/* Fills every hidden data set that holds this result and whose other members are
 * computed. */
void results_publish(struct evaluation *ev, const struct results_source *s);

/* Runs all steps of the rule set in order. */
void results_run(struct evaluation *ev);

#endif

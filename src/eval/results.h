/* The hidden data sets that hold what targets, scoreboards and indicators came to: tables
 * like any other, so that lookups, aggregates and ordinary checks read them. */
#ifndef SOAT_EVAL_RESULTS_H
#define SOAT_EVAL_RESULTS_H

#include "eval/eval.h"
#include "eval/plan.h"

/* A table for data set `dataset`: n rows whose cells are all CELL_EMPTY, and behind them
 * n_absent virtual ones. */
struct table *results_table(struct engine *e, uint32_t dataset, uint32_t n,
                            uint32_t n_absent);
void results_set_num(struct table *t, uint32_t column, uint32_t row, struct num v);
void results_set_text(struct table *t, uint32_t column, uint32_t row, struct str s);
/* A value that is not there, and why (enum cell). */
void results_set_state(struct table *t, uint32_t column, uint32_t row, uint8_t state);
void results_set_na(struct table *t, uint32_t column, uint32_t row);
/* Copies the key of a row of the source into the key columns of a result row. */
void results_copy_key(const struct engine *e, uint32_t from, uint32_t row,
                      struct table *to, uint32_t to_row);

/* How a result stands in the hidden data set. A row that its source only expects is a
 * virtual row there too, so that aggregates see that it is absent. */
enum result_place { RESULT_THERE, RESULT_ABSENT, RESULT_NOWHERE };

/* What is still to be written into the results of one kind. `fill` writes the columns
 * behind the key. */
struct results_source {
    enum result_kind kind;
    uint32_t number; /* of the target, board or indicator that has just been computed */
    /* How many it has: result i belongs to row i of its data set, virtual rows last. */
    uint32_t (*rows)(const struct evaluation *ev, uint32_t number);
    enum result_place (*place)(const struct evaluation *ev, uint32_t number, uint32_t i);
    void (*fill)(const struct evaluation *ev, uint32_t number, uint32_t i,
                 struct table *t, uint32_t row, const struct result_set *set);
    /* It applies to nobody because some file was not given. */
    bool (*is_absent)(const struct evaluation *ev, uint32_t number);
};

/* Fills every hidden data set that holds this result and whose other members are
 * computed. */
void results_publish(struct evaluation *ev, const struct results_source *s);

/* Runs all steps of the rule set in order. */
void results_run(struct evaluation *ev);

#endif

/* Scoreboards: targets and expressions added up for each unit and period, ranked and
 * graded. Points that are still open are ranges, and so are the ranks they allow. */
#ifndef SOAT_EVAL_BOARD_H
#define SOAT_EVAL_BOARD_H

#include "eval/goal.h"

struct score_result {
    uint32_t board,
        row;         /* row of the board's data set; expected rows that are absent too */
    bool is_copy;    /* of a cell that an earlier row with the same key stands for */
    bool applies;    /* its `when` is true */
    bool has_points; /* low == high */
    bool low_is_open, high_is_open, has_maximum;
    struct num points, low, high, maximum, bonus, penalty;
    bool has_bonus, has_penalty;        /* they are settled */
    uint32_t rank, rank_low, rank_high; /* 0: none; rank while rank_low == rank_high */
    uint32_t grade;                     /* number of the grade, ID_NONE: none, or open */
};

void board_run(struct evaluation *ev, uint32_t board);

/* The rows of the board's data set by its `each` columns: those that compete. Parents of
 * a tree are in none. */
const struct keyidx *board_groups(struct engine *e, const struct scoreboard *b);

/* Sorted by board, then row; each cell once. */
const struct score_result *eval_scores(const struct evaluation *ev, size_t *n);

#endif

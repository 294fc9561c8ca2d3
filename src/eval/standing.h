/* What a target came to in a cell of a scoreboard: the result of the row with the cell's
 * key, in the board's own data set or another one. */
#ifndef SOAT_EVAL_STANDING_H
#define SOAT_EVAL_STANDING_H

#include "eval/goal.h"

enum standing_kind {
    STANDING_ROW,    /* one row has the key, an expected one that is absent included */
    STANDING_NO_ROW, /* none has: nothing is known */
    STANDING_COPIES  /* several have, so that none of them is believed */
};

struct standing {
    enum standing_kind kind;
    struct target_result result; /* of none or copies: the range that is left open */
};

struct standings;
/* For the targets of a board, in its parts too. */
struct standings *standings_new(struct engine *e, const struct scoreboard *b);
/* `row` is one of the board's data set. */
struct standing standing_at(const struct evaluation *ev, const struct standings *s,
                            uint32_t target, uint32_t row);

#endif

/* One cell of a scoreboard taken apart: which lines were added up to its points. The sums
 * are the engine's; this only says again what each of them was, for gaps and workings. */
#ifndef SOAT_RUN_TALLY_H
#define SOAT_RUN_TALLY_H

#include "eval/board.h"
#include "eval/standing.h"
#include "run/figures.h"

enum line_kind { LINE_TARGET, LINE_VALUE, LINE_PLUS, LINE_MINUS };

struct tally_line {
    enum line_kind kind;
    uint32_t part;            /* of the board; ID_NONE: no parts, or plus and minus */
    uint32_t target;          /* LINE_TARGET */
    struct standing standing; /* of that target in the cell */
    const struct expr *value; /* LINE_VALUE, LINE_PLUS, LINE_MINUS */
    bool has_raw;             /* the value as computed, before its limits */
    struct num raw;
    struct num_range points; /* what counts */
    bool has_maximum;
    struct num maximum; /* of a plus or minus: its cap */
    bool is_left_out;   /* not applicable: leaves points and maximum */
    bool is_open;       /* not settled: something is missing */
};

struct tally;
struct tally *tally_new(struct arena *a, const struct evaluation *ev, uint32_t board);
/* Lines of the cell of a row, in order of the rules; they live in `a`. */
size_t tally_lines(struct tally *t, uint32_t row, struct arena *a,
                   const struct tally_line **out);
/* The self-awarded points of a cell; false: none are claimed, or they are missing. */
bool tally_claimed(struct tally *t, uint32_t row, struct num *out);

/* Title of a line: of its target, its part, or what it is. */
struct report_text tally_title(const struct evaluation *ev, uint32_t board,
                               const struct tally_line *line);

/* The check TARGET.claimed or BOARD.claimed of a goal; NULL: none. */
const struct check *claim_of(const struct ruleset *rules, struct str id);
/* The expression behind `claimed` of a target or scoreboard, NULL: none. */
const struct expr *claimed_expr(const struct ruleset *rules, struct str id);

#endif

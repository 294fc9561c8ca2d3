/* The parts of a score worked out in words: each writes its own onto the page. */
#ifndef SOAT_RUN_SCORE_PAGE_H
#define SOAT_RUN_SCORE_PAGE_H

#include "eval/board.h"
#include "eval/standing.h"
#include "run/page.h"

/* "91 Kiên Giang · 2022-H1": some columns of a row. */
struct str score_name(struct page *p, const struct evaluation *ev, uint32_t dataset,
                      uint32_t row, const uint32_t *columns, uint32_t n);
/* The unit of a scoreboard's cell: its `for` columns. */
struct str score_unit(struct page *p, const struct evaluation *ev,
                      const struct scoreboard *b, uint32_t row);

/* One target of one unit, every step of it. */
void score_target(struct page *p, const struct evaluation *ev, uint32_t target,
                  const struct standing *standing);

/* The cells that one cell competes with. */
struct field {
    const struct evaluation *ev;
    const struct scoreboard *board;
    const struct score_result *cells; /* by row */
    const struct keyidx *groups;      /* by the `each` columns */
    const struct score_result *own;
};
struct tally_line;
/* How n lines of a cell add up: parts, total, maxima. */
void score_sum(struct page *p, const struct field *f, const struct tally_line *lines,
               size_t n);
void score_grade(struct page *p, const struct field *f);
/* The rank of a cell, its neighbours, and who may still change it. */
void score_rank(struct page *p, const struct field *f);

#endif

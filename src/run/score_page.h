/* What a text about scores is written with: a sheet, a language, and what it is about.
 * Everything on it lives in the run's arena. */
#ifndef SOAT_RUN_SCORE_PAGE_H
#define SOAT_RUN_SCORE_PAGE_H

#include "eval/board.h"
#include "report/sheet.h"
#include "run/figures.h"

struct page {
    struct arena *a;
    const struct evaluation *ev;
    const struct ruleset *rules;
    enum diag_lang lang;
    struct text out;
    struct sheet sheet; /* writes into `out`: a page stays where it is */
};

void page_begin(struct page *p, struct arena *a, const struct evaluation *ev,
                const struct report_style *style);
void page_put(struct page *p, struct str s); /* made printable */
void page_z(struct page *p, const char *both);
void page_say(struct page *p, const char *vi, const char *en);
void page_num(struct page *p, struct num v);
void page_range(struct page *p, const struct num_range *r);
/* "cumulative(htx_new) = "; nothing for a plain number. */
void page_formula(struct page *p, const struct expr *x);

/* "91 Kiên Giang · 2022-H1": some columns of a row. */
struct str page_name(struct page *p, uint32_t dataset, uint32_t row,
                     const uint32_t *columns, uint32_t n);
/* The unit of a scoreboard's cell: its `for` columns. */
struct str page_unit(struct page *p, const struct scoreboard *b, uint32_t row);

/* One target of one unit, every step of it. r NULL: the unit has no row in the target's
 * data set. */
void score_target(struct page *p, uint32_t target, const struct target_result *r);

struct tally_line;
/* How n lines of a cell add up: parts, total, maxima, grade. */
void score_sum(struct page *p, const struct scoreboard *b, const struct score_result *r,
               const struct tally_line *lines, size_t n);
void score_grade(struct page *p, const struct scoreboard *b,
                 const struct score_result *r);

/* The cells that one cell competes with. */
struct field {
    const struct scoreboard *board;
    const struct score_result *cells; /* by row */
    const struct keyidx *groups;      /* by the `each` columns */
    const struct score_result *own;
};
/* The rank of a cell, its neighbours, and who may still change it. */
void score_rank(struct page *p, const struct field *f);

#endif

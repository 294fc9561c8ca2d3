/* Places, keys and the words of structural findings; see eval/explain.h. */
#ifndef SOAT_EVAL_DESCRIBE_H
#define SOAT_EVAL_DESCRIBE_H

#include "eval/explain.h"
#include "eval/plan.h"

struct cell_place place_none(void);
/* A row's record, and in it the cell of `column` (ID_NONE: none). Virtual rows have no
 * place. */
struct cell_place place_of_row(const struct engine *e, uint32_t dataset, uint32_t row,
                               uint32_t column);

/* "unit_code=91 (Kiên Giang), period=2022-H1" */
struct str describe_key(struct arena *a, const struct explained_key *key, uint32_t n);
struct row_key {
    uint32_t dataset, row;
    const uint32_t *columns;
    uint32_t n;
};

/* How cells are read again, as they are written. */
struct cell_reader {
    raw_cell *read;
    void *context;
};

/* The value of a cell that is there, for people: see engine_code_shown. */
struct str show_known(struct engine *e, struct arena *a, uint32_t dataset,
                      uint32_t column, uint32_t row);
/* A cell's text as it is written, trimmed and normalised; STR_NONE if it cannot be had.
 */
struct str cell_written(const struct cell_reader *reader, const struct cell_place *at,
                        struct arena *a);

/* Fills key and n_key of `out` from columns of a row; what is not there is left out of a
 * virtual row. The reader is NULL where cells cannot be read again, or where the row
 * stands for others. */
void explain_key(struct engine *e, struct arena *a, const struct row_key *of,
                 const struct cell_reader *reader, struct explanation *out);
/* Adds ": unit_code=94, period=2022-H1; …": the absent rows that leave an aggregate
 * incomplete. */
void describe_absent(struct text *t, struct arena *a, const struct frame *f,
                     const struct op *op);

const struct explanation *explain_structural(struct evaluation *ev,
                                             const struct finding *f,
                                             const struct cell_reader *reader,
                                             struct arena *a);

#endif

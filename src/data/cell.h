/* The state of a value: one byte per cell and per computed element. Order within a kind
 * does not matter; the kinds do (see cell_kind): a value that is there; missing, which
 * `??` replaces; bad, which nothing replaces; na; and an error, which makes the verdict
 * `error`. */
#ifndef SOAT_DATA_CELL_H
#define SOAT_DATA_CELL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cell {
    CELL_OK,
    /* missing */
    CELL_EMPTY,       /* empty or coded missing; reason missing-operand */
    CELL_ABSENT_ROW,  /* no such row; absent-row */
    CELL_NO_PREVIOUS, /* no earlier period in the data; no-previous */
    CELL_NO_ROWS,     /* an aggregate over no rows; missing-operand */
    /* bad */
    CELL_INNER,        /* an operand inside an aggregate is missing: `??` outside does not
                          replace it;        missing-operand, and counts as missing for
                          `if_missing` */
    CELL_UNREADABLE,   /* bad-cell */
    CELL_AMBIGUOUS,    /* two readings; bad-cell */
    CELL_DUPLICATE,    /* duplicate-key */
    CELL_INCOMPLETE,   /* incomplete-group */
    CELL_NOT_ADDITIVE, /* not-additive */
    CELL_DIV_ZERO,     /* division-by-zero */
    /* not applicable */
    CELL_NA,
    /* error */
    CELL_UNIT,  /* unit */
    CELL_LIMIT, /* limit: overflow, regex limit */
    CELL_COUNT
};

enum cell_kind {
    CELL_KIND_OK,
    CELL_KIND_MISSING,
    CELL_KIND_BAD,
    CELL_KIND_NA,
    CELL_KIND_ERROR
};

static inline enum cell_kind cell_kind(uint8_t c)
{
    if (c == CELL_OK) {
        return CELL_KIND_OK;
    }
    if (c <= CELL_NO_ROWS) {
        return CELL_KIND_MISSING;
    }
    if (c <= CELL_DIV_ZERO) {
        return CELL_KIND_BAD;
    }
    return c == CELL_NA ? CELL_KIND_NA : CELL_KIND_ERROR;
}

static_assert(CELL_OK == 0, "cells_are_ok joins bits");

static inline bool cells_are_ok(const uint8_t *state, size_t n)
{
    uint8_t odd = 0;
    for (size_t i = 0; i < n; i++) {
        odd |= state[i];
    }
    return odd == 0;
}

#endif

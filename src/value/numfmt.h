/* Number formats: how people write numbers in cells. One row of the table is one format
 * (decimal mark, group marks); there is no parsing code to add for another. A cell is
 * read in every format at once: each gives a reading or says why not. Which reading
 * counts is decided by the caller (a declared format, or the file's own evidence). */
#ifndef SOAT_VALUE_NUMFMT_H
#define SOAT_VALUE_NUMFMT_H

#include "value/dec.h"

enum numfmt {
    NUMFMT_VI,
    NUMFMT_EN,
    NUMFMT_PLAIN,
    NUMFMT_COUNT,
    NUMFMT_AUTO = NUMFMT_COUNT
};

enum numfmt_status {
    NUMFMT_OK,
    NUMFMT_EMPTY,
    NUMFMT_NO_DIGITS,
    NUMFMT_TRAILING, /* more than the number: a unit word, a plus, a broken bracket … */
    NUMFMT_GROUPING, /* a mark out of place: groups are exactly three digits */
    NUMFMT_TOO_LONG, /* more than 38 significant digits */
    NUMFMT_EXPONENT, /* 1.23E+05: Excel has lost digits */
    NUMFMT_EXCEL_ERROR, /* #REF!, #DIV/0!, ####### */
    NUMFMT_LOOKALIKE,   /* O for 0, l for 1 */
    NUMFMT_PERCENT /* a percent sign where none belongs (only when !accept_percent) */
};

struct numfmt_cell {
    struct num value[NUMFMT_COUNT]; /* zero where the status is not OK or PERCENT */
    enum numfmt_status status[NUMFMT_COUNT];
    bool is_approximate; /* hơn, gần, khoảng, trên, dưới, ~, >, < before the number */
    bool has_percent; /* a percent sign behind the number; value is not divided by 100 */
    bool has_mark;    /* has a group or decimal mark, so that formats may differ */
};

/* Reads a cell: sign (-, U+2212, parentheses), approximation words, groups of three with
 * . , blank, NBSP or narrow NBSP as the format says, a leading apostrophe. Never
 * allocates. */
void numfmt_read(struct str cell, bool accept_percent, struct numfmt_cell *out);

/* The fast path: plain digits with an optional '-', at most 18; no marks. False: use
 * numfmt_read. */
bool numfmt_read_plain_int(const char *p, size_t n, int64_t *out);

bool numfmt_by_name(struct str name, enum numfmt *out); /* vi en plain auto */
const char *numfmt_name(enum numfmt f);
/* What is wrong and what to do. */
const char *numfmt_why(enum numfmt_status s, bool vietnamese);

/* Everything a text can be read to contain: every run of digits with inner . and , in
 * each reading that the formats allow; before a percent sign also its hundredth. Sorted,
 * each once. */
size_t numfmt_numbers_in(struct arena *a, struct str text, struct num **out);

#endif

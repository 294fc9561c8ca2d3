/* Number formats: how people write numbers in cells. One row of the table is one format
 * (decimal mark, group marks); there is no parsing code to add for another. A cell is
 * read in every format at once: each gives a reading or says why not. Which reading
 * counts is decided by the caller (a declared format, or the file's own evidence). */
#ifndef SOAT_VALUE_NUMFMT_H
#define SOAT_VALUE_NUMFMT_H

#include "base/bytes.h"
#include "value/dec.h"

#include <assert.h>

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
 * numfmt_read. Inline, because most cells of most files come here. */
static inline bool numfmt_read_plain_int(const char *p, size_t n, int64_t *out);

bool numfmt_by_name(struct str name, enum numfmt *out); /* vi en plain auto */
const char *numfmt_name(enum numfmt f);
/* What is wrong and what to do. */
const char *numfmt_why(enum numfmt_status s, bool vietnamese);

/* Everything a text can be read to contain: every run of digits with inner . and , in
 * each reading that the formats allow; before a percent sign also its hundredth. Sorted,
 * each once. */
size_t numfmt_numbers_in(struct arena *a, struct str text, struct num **out);

#define NUMFMT_PLAIN_DIGITS 18u

/* The number that eight digits are, the first one in the lowest byte. False: not all are
 * digits. */
static inline bool numfmt_eight_digits(uint64_t v, uint64_t *out)
{
    const uint64_t zeros = 0x3030303030303030u, tops = 0x8080808080808080u;
    if (((v + 0x4646464646464646u) | (v - zeros) | v) & tops) {
        return false;
    }
    v -= zeros;
    v = v * 10 + (v >> 8);
    *out = (((v & 0x000000FF000000FFu) * 0x000F424000000064u) +
            (((v >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
           32;
    return true;
}

/* One to eight characters as a word with the first one lowest, widened by zeros in front:
 * from loads that overlap, so that lengths take turns without a branch. */
static inline uint64_t numfmt_widened(const char *p, size_t n)
{
    uint64_t v;
    if (n >= 4) {
        v = bytes_word(p, 4) | bytes_word(p + n - 4, 4) << (8 * (n - 4));
    } else {
        v = (uint64_t)(unsigned char)p[0] |
            (uint64_t)(unsigned char)p[n >> 1] << (8 * (n >> 1)) |
            (uint64_t)(unsigned char)p[n - 1] << (8 * (n - 1));
    }
    return v << (64 - 8 * n) | (0x3030303030303030u >> (4 * n)) >> (4 * n);
}

static inline bool numfmt_read_plain_int(const char *p, size_t n, int64_t *out)
{
    assert(out && (p || n == 0));
    bool is_negative = n > 0 && *p == '-';
    p += is_negative;
    n -= is_negative;
    if (n == 0 || n > NUMFMT_PLAIN_DIGITS) {
        return false;
    }
    size_t head = (n - 1) % 8 + 1;
    uint64_t value, part;
    if (!numfmt_eight_digits(numfmt_widened(p, head), &value)) {
        return false;
    }
    for (size_t at = head; at < n; at += 8) {
        if (!numfmt_eight_digits(bytes_word(p + at, 8), &part)) {
            return false;
        }
        value = value * 100000000u + part;
    }
    *out = is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}

#endif

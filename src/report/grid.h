/* The table of checks: a name, six counts and a title a line, aligned by display width.
 */
#ifndef SOAT_REPORT_GRID_H
#define SOAT_REPORT_GRID_H

#include "report/sheet.h"

#define GRID_COUNTS 6 /* expected, pass, fail, unknown, not applicable, error */

struct grid_line {
    struct str name, title; /* a title is cut to what the sheet leaves; STR_NONE: none */
    uint64_t counts[GRID_COUNTS];
};

void grid_print(struct sheet *s, const struct grid_line *lines, size_t n);
void grid_print_counts(
    struct sheet *s, const uint64_t *counts); /* in a sentence: "cần kiểm 6: đạt 5, …" */

#endif

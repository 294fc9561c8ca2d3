/* What was read, and which of its lines were left out and why: kept when the run begins,
 * printed at its end. */
#ifndef SOAT_REPORT_FILES_READ_H
#define SOAT_REPORT_FILES_READ_H

#include "report/sheet.h"

struct files_read;

/* Copies what it needs of the run. */
struct files_read *files_read_keep(struct arena *a, const struct report_run *run);
/* All of them, with digests. */
void files_read_print(const struct files_read *in, struct sheet *s);
/* Nothing if no line was left out. */
void files_read_print_left_out(const struct files_read *in, struct sheet *s);

#endif

/* What was read, and which of its lines were left out and why: kept when the run begins,
 * printed at its end. */
#ifndef SOAT_REPORT_INPUTS_H
#define SOAT_REPORT_INPUTS_H

#include "report/sheet.h"

struct inputs;
struct inputs *inputs_keep(struct arena *a,
                           const struct report_run *run); /* copies what it needs */
void inputs_print_files(const struct inputs *in,
                        struct sheet *s); /* all of them, with digests */
void inputs_print_left_out(const struct inputs *in,
                           struct sheet *s); /* nothing if no line was */

#endif

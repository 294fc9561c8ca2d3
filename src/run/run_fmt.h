/* `soat fmt`: rule files into their canonical layout. */
#ifndef SOAT_RUN_RUN_FMT_H
#define SOAT_RUN_RUN_FMT_H

#include "run/run.h"

/* A rule file, a folder with rule files in it and below, or "-": standard input, whose
 * text goes to standard output. Files are replaced whole and only where something
 * changes; with the setting `is_only_checking` none is. Paths of files that change go to
 * standard output. SOAT_FINDINGS: something would change; SOAT_USAGE: a file does not
 * parse or is not there; SOAT_INCOMPLETE: one was not written. `r` has its first members
 * set as for run_check. */
enum soat_status run_fmt(struct run *r, struct str path);

#endif

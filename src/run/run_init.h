/* `soat init`: a first rule file from data. */
#ifndef SOAT_RUN_RUN_INIT_H
#define SOAT_RUN_RUN_INIT_H

#include "run/run.h"

/* Reads the data files of the settings and writes a draft of rules for them to standard
 * output: files with the same headers are one data set. Nothing is written when a file
 * cannot be read whole (SOAT_INCOMPLETE). `r` has its first members set as for run_check.
 */
enum soat_status run_init(struct run *r);

#endif

/* Which rule files a folder stands for. */
#ifndef SOAT_RUN_RULE_SETS_H
#define SOAT_RUN_RULE_SETS_H

#include "run/run.h"

/* All rule files in a folder and below it: those of a folder before those of the folders
 * in it, each in order of bytes. */
size_t rule_files_below(struct run *r, struct str folder, struct str **out);

/* The rule sets that a path means: a file is its own; so is a folder with one rule file
 * right in it; any other folder means all rule files in it and below that none of them
 * uses. 0: it holds no rule file, which was told. */
size_t rule_sets_of(struct run *r, struct str path, struct str **out);

#endif

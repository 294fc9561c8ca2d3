/* A draft made of one CSV text, as `soat init` makes it of files. */
#ifndef SOAT_TESTS_DRAFT_WORLD_H
#define SOAT_TESTS_DRAFT_WORLD_H

#include "data/draft.h"

/* The table is loaded by the draft's last schema, which it has. */
struct draft *draft_of(struct arena *a, const char *csv, struct table **table);

#endif

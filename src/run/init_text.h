/* A draft as the text of a rule file. */
#ifndef SOAT_RUN_INIT_TEXT_H
#define SOAT_RUN_INIT_TEXT_H

#include "base/diag.h"
#include "data/draft.h"
#include "data/relation.h"

/* One data set of a draft. */
struct init_dataset {
    const struct draft *draft;
    const struct str *from; /* paths that its `from` clause can name */
    size_t n_from;
    struct str encoding; /* of files without a mark; STR_NONE: the usual one */
    const struct relation *relations;
    size_t n_relations;
};

/* The rule file in the layout of `soat fmt`, with comments in `lang`. */
struct str init_text(struct arena *a, const struct init_dataset *sets, size_t n,
                     enum diag_lang lang);

#endif

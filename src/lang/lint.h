/* Judges a rule set without data: what is never used, never true, always true, said
 * twice, or contradicts itself. Warnings go to the sink, each with its place and, where
 * it speaks of rows, with a row that shows it. `allow CODE "reason"` beside a rule
 * silences that code there. */
#ifndef SOAT_LANG_LINT_H
#define SOAT_LANG_LINT_H

#include "lang/ruleset.h"

struct lint_file {
    const struct ast_file *ast;
    bool is_library; /* shared with other rule sets: what is not used here is no matter */
};

struct lint_input {
    const struct ruleset *rules; /* without errors, made of these files */
    const struct lint_file *files;
    uint32_t n_files;
    struct diags *diags;
};

void lint_rules(struct arena *a, const struct lint_input *in);

/* Whether a warning says that nothing here uses something: in a file that several rule
 * sets share, only what none of them uses is unused. */
bool lint_is_of_use(enum diag_id id);

#endif

/* One check from rule text to exit status, and what its stages share. */
#ifndef SOAT_RUN_RUN_H
#define SOAT_RUN_RUN_H

#include "base/diag.h"
#include "run/files.h"
#include "run/rules_load.h"
#include "run/settings.h"
#include "soat.h"

struct run {
    const struct settings *settings;
    const struct soat_config *config;
    struct files *files;
    struct arena *arena;
    struct diags
        *diags; /* of the stage at work; run_tell writes them out and starts afresh */
    struct sources *sources; /* NULL until rules are read */
    struct rules rules;
    enum diag_lang lang;
    uint64_t bytes_done, bytes_all; /* of input files: read so far, to be read */
    bool is_incomplete;             /* something could not be read, computed or written */
    struct soat_totals totals;
};

/* Runs all stages; `r` has its first five members set. */
enum soat_status run_check(struct run *r);

/* The first stage: rule text to rule set, in the language of its messages. False: the
 * run's diags say why. */
bool run_rules(struct run *r);

/* Writes out the diagnostics so far, at most RUN_DIAGS_MAX of them, and forgets them.
 * True if there was an error among them. */
#define RUN_DIAGS_MAX 100
bool run_tell(struct run *r);

/* Tells whoever wants to hear it how far the run is. */
void run_progress(const struct run *r, enum soat_stage stage);

#endif

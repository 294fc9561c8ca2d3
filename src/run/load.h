/* Code lists and tables from disk: what evaluation reads. */
#ifndef SOAT_RUN_LOAD_H
#define SOAT_RUN_LOAD_H

#include "data/table.h"
#include "run/inputs.h"

struct loaded {
    const struct codelist **codelists; /* by id */
    struct report_rule_file *lists;    /* the files they came from, for provenance */
    uint32_t n_lists;
    struct dict *texts;
    struct table **tables; /* per data set, never NULL */
};

/* False: a code list could not be read; the run's diags say where it is declared. */
bool load_codelists(struct loaded *l, struct run *r);

/* Reads every input. What cannot be read is told, makes the run incomplete and its table
 * truncated. */
void load_tables(struct loaded *l, struct run *r, struct inputs *in);

#endif

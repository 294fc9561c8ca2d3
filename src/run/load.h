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

/* One data set: its files in order. What cannot be read is told and makes the run
 * incomplete; whether the files are what they should be is for the caller to judge. */
struct load_from {
    const struct schema *schema;
    struct dict *texts;
    const struct codelist *const *codelists; /* by id; NULL: the schema has none */
    struct input **items;
    size_t n;
};
struct table *load_files(struct run *r, const struct load_from *from);

/* Tells where reading stopped in a file whose status is not READER_OK. */
void load_tell_structure(struct run *r, const struct input *item,
                         const struct table_file *f);

#endif

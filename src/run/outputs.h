/* Where reports go: standard output and files, each written whole or not at all. */
#ifndef SOAT_RUN_OUTPUTS_H
#define SOAT_RUN_OUTPUTS_H

#include "report/report.h"
#include "run/inputs.h"
#include "run/run.h"

struct output {
    struct run *run;
    const struct report_format *format;
    struct str shown; /* path as given; STR_NONE: standard output */
    const char *path; /* where it ends up, links resolved */
    bool is_direct;   /* a device or pipe: written in place, without a temporary file */
    struct handle *handle; /* NULL: standard output, or it could not be opened */
    bool is_broken;
    int error; /* errno; 0 for standard output */
    char *buffer;
    size_t n; /* bytes waiting in it */
    struct report *report;
};

struct outputs {
    struct output *items;
    size_t n;
    struct report **reports; /* of the outputs that could be opened */
    uint32_t n_reports;
};

/* Lists the outputs wanted and refuses those that would overwrite an input, a rule file
 * or one another. False: usage errors are in the run's diags. */
bool outputs_choose(struct outputs *o, struct run *r, const struct inputs *in);

/* How many findings of one check the reports show at most, and one more, by which they
 * know that something is left out; 0: all. */
uint64_t outputs_most(const struct outputs *o, const struct run *r);

/* Opens them; what cannot be opened is told, makes the run incomplete and gets no report.
 */
void outputs_open(struct outputs *o, struct run *r);

/* Ends the reports of files, or of standard output: writes out what waits, brings files
 * to the disk and gives them their names. What fails is told, makes the run incomplete
 * and leaves no file behind. Files come first, so that the end on standard output knows
 * of it. */
void outputs_end(struct outputs *o, struct run *r, const struct report_end *end,
                 bool to_files);

#endif

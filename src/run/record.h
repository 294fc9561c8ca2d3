/* The first and the last record of a report: what was checked, and what came of it. */
#ifndef SOAT_RUN_RECORD_H
#define SOAT_RUN_RECORD_H

#include "report/report.h"
#include "run/load.h"

/* The run record; lives in the run's arena. */
const struct report_run *record_run(struct run *r, const struct inputs *in,
                                    const struct loaded *l);

/* The status that the totals and the run's state amount to. */
enum soat_status record_status(const struct run *r);

/* The end record that says so. */
struct report_end record_end(const struct run *r);

#endif

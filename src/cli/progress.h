/* One line on the terminal while a check lasts. */
#ifndef SOAT_CLI_PROGRESS_H
#define SOAT_CLI_PROGRESS_H

#include "soat.h"

#include <time.h>

struct progress {
    struct timespec began, drawn; /* zero: not yet */
    bool is_shown;
    enum soat_stage stage; /* of what is shown */
    enum soat_lang lang;
};

/* Draws the line on standard error, once the work has lasted half a second and then ten
 * times a second. */
void progress_show(struct progress *p, enum soat_stage stage, uint64_t done,
                   uint64_t all);
/* Takes it away, before anything else is written. */
void progress_hide(struct progress *p);

#endif

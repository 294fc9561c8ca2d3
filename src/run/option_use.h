/* Which options go with which command. All of them stand in one table (option.def) and
 * are set before the command is known to need them; what does not fit is a usage error.
 */
#ifndef SOAT_RUN_OPTION_USE_H
#define SOAT_RUN_OPTION_USE_H

#include "run/settings.h"

/* Complains of every option that was given and means nothing to `command`. False: there
 * was one. */
bool option_use_check(const struct settings *s, const char *command, struct diags *diags);

#endif

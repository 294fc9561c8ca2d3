/* The rule library that ships with soat: where it is, and what `use library "vn/units"`
 * means. */
#ifndef SOAT_RUN_LIBRARY_H
#define SOAT_RUN_LIBRARY_H

#include "run/files.h"
#include "soat.h"

/* How a file of the library is called in messages and reports, whatever machine it is on.
 */
#define LIBRARY_SHOWN "library:"

/* The library's folder with links resolved: the configured one, else rules beside the
 * program's folder, else share/soat/rules there, else the one fixed when soat was built.
 * STR_NONE: none is there. */
struct str library_folder(struct arena *a, const struct soat_config *config);

#endif

/* The canonical layout of rule files: what `soat fmt` writes.
 *
 * The same tokens and comments in the same order, with blanks and line ends of our own:
 * nothing is added, left out or moved. Formatting what was formatted changes nothing. */
#ifndef SOAT_LANG_FMT_H
#define SOAT_LANG_FMT_H

#include "base/diag.h"

#define FMT_COLUMNS 100 /* lines are broken to be no wider, where they can be broken */

/* The formatted text; STR_NONE if the file does not parse, which is reported. */
struct str fmt_file(struct arena *a, const struct sources *s, uint32_t src,
                    struct diags *d);

#endif

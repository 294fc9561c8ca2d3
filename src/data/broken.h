/* Why reading a CSV stopped, as the diagnostic that says so: for data files, code lists
 * and the finding of D.row. */
#ifndef SOAT_DATA_BROKEN_H
#define SOAT_DATA_BROKEN_H

#include "base/diag.h"
#include "data/reader.h"

/* `status` is not READER_OK. */
enum diag_id broken_diag(enum reader_status status);
/* Its argument {0}: the default limit that was exceeded; STR_NONE where it has none. */
struct str broken_argument(enum reader_status status);

#endif

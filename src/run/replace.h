/* A file that is written whole or not at all: beside its final place under a name of its
 * own, synced, and renamed. Readers see the old file or the new one, never a part. Until
 * then its handle carries the temporary name, so that whatever ends the run early also
 * removes the file. */
#ifndef SOAT_RUN_REPLACE_H
#define SOAT_RUN_REPLACE_H

#include "run/files.h"

/* A new file beside `path` (links resolved), with the permissions of the one that is
 * there. NULL: *error is the errno. */
struct handle *replace_begin(struct files *f, struct arena *a, const char *path,
                             int *error);

/* Writes n bytes to a handle; false: *error is the errno. */
bool handle_write(struct handle *h, const char *p, size_t n, int *error);

/* To the disk and to its final name; false: *error is the errno, and it is removed. */
bool replace_end(struct handle *h, const char *path, int *error);

/* Removes what was begun. */
void replace_cancel(struct handle *h);

#endif

/* Files as the run needs them: read-only inputs that become UTF-8 piece by piece, and the
 * small questions about paths.
 *
 * Every open file is a `struct handle` in one list, so that a run that is unwound (no
 * memory) leaves no descriptor open and no temporary file behind: files_close_all sweeps
 * the list. A path is used as given, never normalised; two paths are the same file when
 * device and inode say so. */
#ifndef SOAT_RUN_FILES_H
#define SOAT_RUN_FILES_H

#include "base/diag.h"
#include "base/sha256.h"
#include "value/encoding.h"

#include <glob.h>

#define FILE_CHUNK ((size_t)256 * 1024) /* bytes read at a time */
#define FILE_PEEK ((size_t)64 * 1024)   /* bytes of text that decide a file's data set */
#define FILE_STDIN "-"

enum file_status {
    FILE_OK,
    FILE_MISSING,
    FILE_FOLDER,
    FILE_DENIED,
    FILE_FAILED,      /* any other errno */
    FILE_UNDECODABLE, /* readable up to `bad_at` */
    FILE_CHANGED      /* was written to while it was read */
};

/* Which file it is and in which state it was seen. */
struct stamp {
    bool is_there, is_regular, is_folder;
    uint64_t device, inode, size;
    int64_t seconds, nanoseconds; /* of the last change */
};

/* A signal handler may look for temporary files at any moment: hence the volatile. */
struct handle {
    int fd; /* -1: closed */
    /* Removed unless the handle is closed properly; NULL: none. */
    const char *volatile temporary;
    struct handle *next;
};

struct files {
    struct arena *arena;
    struct handle *volatile handles;
    unsigned char *chunk; /* FILE_CHUNK bytes, shared by all readers, one at a time */
    struct text decoded;  /* likewise */
    glob_t globbed;
    bool has_globbed;
    bool is_stdin_taken;
};

void files_begin(struct files *f, struct arena *a);
void files_close_all(struct files *f); /* needs the arena to be still open */
/* Removes temporary files and touches nothing else; for signal handlers. */
void files_abandon(const struct files *f);

/* A slot for a descriptor; take it before opening, so that nothing can go wrong in
 * between. */
struct handle *handle_new(struct files *f);
void handle_close(struct handle *h);

/* The state of a path, links followed; is_there is false when it cannot be told. */
struct stamp stamp_of(const char *path);
bool stamp_is_same_file(const struct stamp *a, const struct stamp *b);
bool stamp_is_unchanged(const struct stamp *a, const struct stamp *b);

/* One input on its way from bytes to text. */
struct decoder {
    struct files *files;
    struct handle *handle;
    enum file_status status;
    int error; /* errno of FILE_FAILED */
    struct stamp stamp;
    enum encoding encoding;
    uint64_t mark; /* bytes of the byte order mark */
    struct encoding_state state;
    struct sha256 sha;
    uint64_t bytes;  /* raw ones read so far */
    uint64_t lf, cr; /* line ends in the text so far */
    size_t n_first;  /* bytes of the first chunk, not decoded yet */
    bool is_at_end, has_ended;
    bool is_dead; /* undecodable from here on: the rest is only hashed */
    unsigned char
        bad; /* FILE_UNDECODABLE: the byte, its offset in the file and its line */
    uint64_t bad_at, bad_line;
};

/* Opens `path` ("-": standard input) and finds its encoding: a byte order mark, otherwise
 * `otherwise`. False: status says why; the decoder is closed. */
bool decoder_open(struct decoder *d, struct files *f, const char *path,
                  enum encoding otherwise);

/* The next piece of text, valid until the next call on any decoder; false at the end.
 * Bytes behind an undecodable one are read (for the hash) but not given. */
bool decoder_next(struct decoder *d, struct str *piece);

/* Ends reading; after the last piece it also checks that the file stayed as it was. */
void decoder_close(struct decoder *d);
void decoder_sha256(struct decoder *d, char hex[65]);

/* Says what went wrong (nothing for FILE_OK); `shown` is the path for people. */
void decoder_complain(const struct decoder *d, struct str shown, struct diags *diags);
/* An errno in words, as arguments {2} (Vietnamese) and {3} (English). */
void put_error(struct diag *d, struct arena *a, int error);
/* The remedy for a path that is not there and is written as on Windows. */
void path_hint(struct diag *d, struct str path);

/* All bytes of a file of at most `limit` bytes; of a longer one the first limit + 1. */
enum file_status file_bytes(struct files *f, struct arena *a, const char *path,
                            size_t limit, struct str *out, int *error);

/* The whole text of `path` in `a`; also what is left of one that does not decode. */
struct str decoder_rest(struct decoder *d, struct arena *a);

/* Paths that fit a pattern, sorted bytewise; a path that exists as written is taken as it
 * is. */
size_t files_glob(struct files *f, struct arena *a, const char *pattern,
                  struct str **out);

/* The folder of a path with its last '/', or "" when it has none: "rules/a.soat" gives
 * "rules/". */
struct str path_folder(struct str path);
struct str path_join(struct arena *a, struct str folder, struct str name);
struct str path_escaped(struct arena *a,
                        struct str path); /* as a pattern that fits it alone */
const char *path_z(struct arena *a, struct str path); /* NUL-terminated copy */
bool path_is_plain(struct str path); /* relative, no "..", no NUL, not empty */

/* The path with links resolved, NULL if it is not there. */
const char *path_real(struct arena *a, const char *path);
bool path_is_within(struct str real, struct str folder); /* both resolved */

#endif

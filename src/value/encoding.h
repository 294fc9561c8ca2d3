/* Bytes to UTF-8. One row per encoding; a converter takes any piece of a stream and keeps
 * at most three bytes of state, so every chunk size gives the same text. */
#ifndef SOAT_VALUE_ENCODING_H
#define SOAT_VALUE_ENCODING_H

#include "base/str.h"

enum encoding {
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_CP1258, /* Windows Vietnamese, never detected; gives combining tone marks */
    ENCODING_TCVN3,  /* TCVN 5712, the bytes of ABC fonts, never detected */
    ENCODING_COUNT
};

struct encoding_state {
    enum encoding kind;
    unsigned char held[4];
    size_t n_held;
    uint64_t at; /* bytes taken so far, for error places */
};

/* By byte order mark; UTF-8 when there is none. *mark is its length (0, 2, 3). */
enum encoding encoding_detect(const unsigned char *p, size_t n, size_t *mark);
/* Case, '-', '_' and blanks do not matter. */
bool encoding_by_name(struct str name, enum encoding *out);
const char *encoding_name(enum encoding e); /* "UTF-8", "UTF-16LE" … */

/* Appends the UTF-8 of n bytes to *out. False: an undecodable byte at *bad (offset in the
 * stream; of a broken sequence its first byte), the text before it is in *out and the
 * stream is over. At the end of the stream call with `last` (n may be 0). UTF-8 is
 * validated the same way (0xFF, NUL in text ...). */
bool encoding_feed(struct encoding_state *s, const unsigned char *p, size_t n, bool last,
                   struct text *out, uint64_t *bad);

/* The same for a piece that is its own text: valid UTF-8 with no sequence begun before it
 * or cut off at its end. False: nothing was taken, feed it. */
bool encoding_pass(struct encoding_state *s, const unsigned char *p, size_t n);

#endif

/* Vietnamese text without its marks: for recognising a few known words ("hơn", "quý", "6
 * tháng đầu năm") however they are composed, cased, spaced or left unaccented, without
 * allocating. Never for comparing values; that is str_fold. */
#ifndef SOAT_VALUE_BARE_H
#define SOAT_VALUE_BARE_H

#include "base/str.h"

#define BARE_NOTHING '\0' /* a combining mark or a zero-width character */
#define BARE_OTHER '\x01' /* a character that no known word has */

/* The character at *at, moves on: a letter as lower-case ASCII, every blank as ' ', every
 * dash and the minus as '-', other printable ASCII as it is. */
char bare_next(struct str s, size_t *at);

/* The bare text, trimmed, runs of blanks as one, NUL-terminated. Returns its length; 0
 * when it does not fit or holds a BARE_OTHER. */
size_t bare_text(struct str s, char *out, size_t size);

#endif

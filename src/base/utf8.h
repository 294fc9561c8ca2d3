/* UTF-8: validation, code points, display width, normal form and folding (over utf8proc).
 * `str_fold` is how headers, codes, pairs and unit names compare: NFC, case folded, tone
 * marks of òa/oà, óe/oé, úy/uý … in one place (never after q: "quý"), runs of white space
 * as one blank, trimmed; zero-width characters and soft hyphens dropped, NBSP as blank, Ð
 * (U+00D0) and Ɖ (U+0189) as Đ. */
#ifndef SOAT_BASE_UTF8_H
#define SOAT_BASE_UTF8_H

#include "base/str.h"

#define UTF8_BAD UINT32_MAX

/* Offset of the first byte that is not UTF-8, SIZE_MAX if there is none. */
size_t utf8_invalid(struct str s);
/* The code point at *at, moving on behind it; UTF8_BAD: not UTF-8, moved by one byte. */
uint32_t utf8_next(struct str s, size_t *at);
size_t utf8_put(uint32_t cp, char out[4]); /* bytes written */
size_t utf8_length(struct str s);          /* code points */
size_t utf8_width(struct str s);           /* terminal columns; combining 0, wide 2 */
bool utf8_is_ascii(struct str s);
bool utf8_is_bidi_control(uint32_t cp);
bool utf8_is_control(uint32_t cp); /* C0, DEL, C1 */

struct str utf8_nfc(struct arena *a, struct str s); /* s itself when it already is NFC */
struct str utf8_lower(struct arena *a, struct str s);
struct str utf8_upper(struct arena *a, struct str s);
struct str str_fold(struct arena *a, struct str s);

#endif

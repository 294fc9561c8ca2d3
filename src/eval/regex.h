/* Whole-cell patterns: the only user of PCRE2 (UTF, UCP, no \C, limits on match, depth
 * and heap). */
#ifndef SOAT_EVAL_REGEX_H
#define SOAT_EVAL_REGEX_H

#include "base/str.h"

#define REGEX_PATTERN_MAX 4096 /* bytes */

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };

struct regex;

/* NULL when the pattern does not compile: *error says why, *offset where (bytes of the
 * pattern). Memory comes from the arena, so nothing needs closing. */
struct regex *regex_new(struct arena *a, struct str pattern, struct str *error,
                        size_t *offset);
/* Whether the whole subject matches. REGEX_LIMIT: PCRE2 gave up, with the JIT and without
 * it. */
enum regex_result regex_match(const struct regex *r, struct str subject);
void regex_close(struct regex *r); /* releases the machine code; NULL is allowed */

#endif

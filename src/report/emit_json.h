/* Writes JSON into a text: commas, names and escapes, nothing else. What comes out is
 * always valid UTF-8 and one line: control characters, U+2028 and U+2029 are escaped, an
 * invalid byte becomes U+FFFD. The caller keeps brackets paired and object members named.
 */
#ifndef SOAT_REPORT_EMIT_JSON_H
#define SOAT_REPORT_EMIT_JSON_H

#include "base/str.h"

struct json {
    struct text *out;
    bool needs_comma; /* a value stands before, on the same level */
};

struct json json_to(struct text *out);
void json_open(struct json *j, char bracket);  /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']' */
void json_name(struct json *j, struct str name);
void json_text(struct json *j, struct str s); /* STR_NONE is null, the empty text is "" */
void json_uint(struct json *j, uint64_t u);
void json_bool(struct json *j, bool is_true);
void json_null(struct json *j);

#endif

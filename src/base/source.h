/* Registered texts (rule files) and the places in them. A span names half-open bytes of
 * one source; line and column are worked out only when something is shown. Lines and
 * columns count from 1, columns in code points. */
#ifndef SOAT_BASE_SOURCE_H
#define SOAT_BASE_SOURCE_H

#include "base/str.h"

struct span {
    uint32_t src, lo, hi;
};

#define SPAN_NONE ((struct span){UINT32_MAX, 0, 0})

struct line_place {
    uint32_t line, column;
    struct str text; /* the whole line, without its end */
    uint32_t offset; /* byte offset of the span's start in `text` */
};

struct sources;
struct sources *sources_new(struct arena *a);
/* Both texts are copied. The result is what span.src holds. */
uint32_t sources_add(struct sources *s, struct str path, struct str text);
uint32_t sources_count(const struct sources *s);
struct str source_path(const struct sources *s, uint32_t src);
struct str source_text(const struct sources *s, uint32_t src);
struct line_place source_place(const struct sources *s, struct span at);
bool span_is_none(struct span s);
/* From a's start to b's end, in the same source; the other one when one is none. */
struct span span_join(struct span a, struct span b);

#endif

/* Slices, a text builder, and interning.
 *
 * `struct str` borrows: it never owns, is passed by value and is not NUL-terminated. p ==
 * NULL means "no text", which differs from the empty text. `struct text` builds a text in
 * an arena. `struct dict` gives equal texts equal small numbers: ids count from 0 in
 * order of first appearance. */
#ifndef SOAT_BASE_STR_H
#define SOAT_BASE_STR_H

#include "base/mem.h"

struct str {
    const char *p;
    size_t n; /* bytes */
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
#define STR_FMT "%.*s" /* for printf-like callers */
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *c); /* NUL-terminated, borrowed; NULL gives STR_NONE */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* bytewise, shorter first: -1, 0, 1 */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_cut(struct str s, size_t lo, size_t hi); /* bytes lo .. hi of s */
struct str str_trim(struct str s); /* ASCII blanks and NBSP at both ends */
struct str str_copy(struct arena *a, struct str s); /* also NUL-terminated behind n */
size_t str_find(struct str s, struct str part);     /* SIZE_MAX when absent */
uint64_t str_hash(struct str s);
/* The name that differs least from what was written, the first of equals; STR_NONE when
 * none is near: at most a third of the length may differ, at least one code point
 * (inserted, left out, replaced, or swapped with its neighbour). */
struct str str_nearest(struct str wanted, const struct str *names, size_t n);

struct text {
    struct arena *a;
    char *p;
    size_t n, cap;
};

struct text text_in(struct arena *a);
void text_char(struct text *t, char c);
void text_add(struct text *t, struct str s); /* s is not part of t itself */
void text_add_z(struct text *t, const char *c);
void text_int(struct text *t, int64_t i);
void text_uint(struct text *t, uint64_t u);
void text_printf(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str text_str(const struct text *t); /* borrowed from the arena; never STR_NONE */

#define DICT_NONE UINT32_MAX

struct dict;
struct dict *dict_new(struct arena *a);
/* The id of s. A new text is copied into the arena. */
uint32_t dict_add(struct dict *d, struct str s);
/* The same for n texts, several times faster when a large dictionary meets them in any
 * order. */
void dict_add_many(struct dict *d, const struct str *texts, size_t n, uint32_t *ids);
uint32_t dict_find(const struct dict *d, struct str s); /* DICT_NONE when absent */
struct str dict_str(const struct dict *d, uint32_t id); /* stays where it is */
uint32_t dict_count(const struct dict *d);

#endif

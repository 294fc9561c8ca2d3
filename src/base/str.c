/* Slices of text: comparing, cutting, finding, and the name nearest to a mistyped one. */
#include "base/str.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

struct str str_of(const char *c)
{
    return c ? (struct str){c, strlen(c)} : STR_NONE;
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && !a.p == !b.p && bytes_same(a.p, b.p, a.n);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order != 0) {
        return order < 0 ? -1 : 1;
    }
    if (a.n != b.n) {
        return a.n < b.n ? -1 : 1;
    }
    return (a.p != NULL) - (b.p != NULL);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && bytes_same(s.p, prefix.p, prefix.n);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || bytes_same(s.p + s.n - suffix.n, suffix.p, suffix.n));
}

struct str str_cut(struct str s, size_t lo, size_t hi)
{
    assert(lo <= hi && hi <= s.n);
    return s.p ? (struct str){s.p + lo, hi - lo} : s;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of the blank at the start (or the end) of s, 0 if there is none. */
static size_t blank_at_start(struct str s)
{
    if (s.n >= 1 && is_blank(s.p[0])) {
        return 1;
    }
    return str_starts(s, STR("\xC2\xA0")) ? 2 : 0;
}

static size_t blank_at_end(struct str s)
{
    if (s.n >= 1 && is_blank(s.p[s.n - 1])) {
        return 1;
    }
    return str_ends(s, STR("\xC2\xA0")) ? 2 : 0;
}

struct str str_trim(struct str s)
{
    for (size_t n = blank_at_start(s); n > 0; n = blank_at_start(s)) {
        s = str_cut(s, n, s.n);
    }
    for (size_t n = blank_at_end(s); n > 0; n = blank_at_end(s)) {
        s.n -= n;
    }
    return s;
}

struct str str_copy(struct arena *a, struct str s)
{
    assert(s.p || s.n == 0);
    if (!s.p) {
        return STR_NONE;
    }
    char *p = arena_resize(a, NULL, 0, mem_add(s.n, 1));
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return (struct str){p, s.n};
}

size_t str_find(struct str s, struct str part)
{
    if (part.n == 0) {
        return 0;
    }
    for (size_t at = 0; part.n <= s.n - at; at++) {
        const char *hit = memchr(s.p + at, part.p[0], s.n - at - part.n + 1);
        if (!hit) {
            return SIZE_MAX;
        }
        at = (size_t)(hit - s.p);
        if (bytes_same(hit, part.p, part.n)) {
            return at;
        }
    }
    return SIZE_MAX;
}

uint64_t str_hash(struct str s)
{
    return bytes_hash(s.p, s.n);
}

#define NEAREST_MAX 64 /* code points; longer names are not compared */

/* Code points of s, or SIZE_MAX when there are more than NEAREST_MAX. */
static size_t code_points(struct str s, uint32_t out[NEAREST_MAX])
{
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        if (n == NEAREST_MAX) {
            return SIZE_MAX;
        }
        out[n++] = utf8_next(s, &at);
    }
    return n;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b. */
static size_t edit_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t rows[3][NEAREST_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++) {
        row[j] = j;
        before[j] = above[j] = 0;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smaller(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[m];
}

struct str str_nearest(struct str wanted, const struct str *names, size_t n)
{
    uint32_t a[NEAREST_MAX], b[NEAREST_MAX];
    size_t length = code_points(wanted, a);
    if (length == 0 || length == SIZE_MAX) {
        return STR_NONE;
    }
    size_t limit = length < 3 ? 1 : length / 3;
    struct str best = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        size_t m = code_points(names[i], b);
        if (m == SIZE_MAX || m + limit < length || m > length + limit) {
            continue;
        }
        size_t distance = edit_distance(a, length, b, m);
        bool shares_something = distance < length || distance < m;
        if (distance <= limit && shares_something) {
            best = names[i];
            if (distance == 0) {
                break;
            }
            limit = distance - 1; /* a later one must be nearer */
        }
    }
    return best;
}

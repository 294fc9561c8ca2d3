/* The text builder: bytes in one growing block of the arena. */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text text_in(struct arena *a)
{
    assert(a);
    return (struct text){.a = a};
}

static void grow(struct text *t, size_t more)
{
    size_t wanted = mem_add(mem_add(t->n, more), 1);
    size_t doubled = mem_mul(t->cap, 2);
    size_t cap = wanted > doubled ? wanted : doubled;
    cap = cap < 64 ? 64 : cap;
    t->p = arena_resize(t->a, t->p, t->cap, cap);
    t->cap = cap;
}

/* Room for `more` bytes and a NUL. */
static inline char *text_room(struct text *t, size_t more)
{
    if (more >= t->cap - t->n) {
        grow(t, more);
    }
    return t->p + t->n;
}

void text_char(struct text *t, char c)
{
    *text_room(t, 1) = c;
    t->n++;
}

void text_add(struct text *t, struct str s)
{
    if (s.n > 0) {
        memcpy(text_room(t, s.n), s.p, s.n);
        t->n += s.n;
    }
}

void text_add_z(struct text *t, const char *c)
{
    text_add(t, str_of(c));
}

void text_uint(struct text *t, uint64_t u)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + u % 10);
        u /= 10;
    } while (u > 0);
    text_add(t, (struct str){digits + at, sizeof digits - at});
}

void text_int(struct text *t, int64_t i)
{
    if (i < 0) {
        text_char(t, '-');
    }
    text_uint(t, i < 0 ? 0 - (uint64_t)i : (uint64_t)i);
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);

    char *room = text_room(t, (size_t)n);
    va_start(args, format);
    (void)vsnprintf(room, (size_t)n + 1, format, args); /* it fits: that was measured */
    va_end(args);
    t->n += (size_t)n;
}

struct str text_str(const struct text *t)
{
    return t->p ? (struct str){t->p, t->n} : STR("");
}

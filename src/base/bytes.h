/* Comparing and hashing runs of bytes, most of which are short; inline because both are
 * the innermost step of every look-up. The hash is for tables in memory only: it depends
 * on the order of bytes in a word and is no defence against texts made to collide. */
#ifndef SOAT_BASE_BYTES_H
#define SOAT_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t bytes_load64(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

static inline uint32_t bytes_load32(const char *p)
{
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* The first n bytes, 4 or 8, as a word in which the first one is the lowest. */
static inline uint64_t bytes_word(const char *p, size_t n)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return n == 8 ? __builtin_bswap64(bytes_load64(p))
                  : __builtin_bswap32(bytes_load32(p));
#else
    return n == 8 ? bytes_load64(p) : bytes_load32(p);
#endif
}

/* Most texts compared here are short; two overlapping loads are then cheaper than a call
 * of memcmp. */
static inline bool bytes_same(const char *a, const char *b, size_t n)
{
    if (n > 16) {
        return memcmp(a, b, n) == 0;
    }
    if (n >= 8) {
        return bytes_load64(a) == bytes_load64(b) &&
               bytes_load64(a + n - 8) == bytes_load64(b + n - 8);
    }
    if (n >= 4) {
        return bytes_load32(a) == bytes_load32(b) &&
               bytes_load32(a + n - 4) == bytes_load32(b + n - 4);
    }
    return n == 0 || (a[0] == b[0] && a[n >> 1] == b[n >> 1] && a[n - 1] == b[n - 1]);
}

/* Folds one word into the hash: a bijection of h for a given word and of word for a given
 * h. */
static inline uint64_t bytes_stir(uint64_t h, uint64_t word)
{
    h = (h ^ word) * UINT64_C(0x9E6C63D0876A9A47);
    return h ^ (h >> 32);
}

static inline uint64_t bytes_settle(uint64_t h)
{
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ (h >> 32);
}

static inline uint64_t bytes_hash_long(const char *p, size_t n)
{
    uint64_t h = n * UINT64_C(0x9FB21C651E98DF25);
    uint64_t g = ~h;
    size_t at = 0;
    for (; at + 16 < n; at += 16) {
        h = bytes_stir(h, bytes_load64(p + at));
        g = bytes_stir(g, bytes_load64(p + at + 8));
    }
    h = bytes_stir(h, bytes_load64(p + n - 16));
    g = bytes_stir(g, bytes_load64(p + n - 8));
    return bytes_settle(bytes_stir(h, g));
}

static inline uint64_t bytes_hash(const char *p, size_t n)
{
    uint64_t first = 0, last = 0;
    if (n > 16) {
        return bytes_hash_long(p, n);
    }
    if (n >= 8) {
        first = bytes_load64(p);
        last = bytes_load64(p + n - 8);
    } else if (n >= 4) {
        first = bytes_load32(p);
        last = bytes_load32(p + n - 4);
    } else if (n > 0) {
        first = (uint64_t)(unsigned char)p[0] << 16 |
                (uint64_t)(unsigned char)p[n >> 1] << 8 | (unsigned char)p[n - 1];
    }
    return bytes_settle(
        bytes_stir(bytes_stir(n * UINT64_C(0x9FB21C651E98DF25), first), last));
}

#endif

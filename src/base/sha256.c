/* SHA-256 (FIPS 180-4).
 *
 * Two ways to work through a block give the same state, so they may alternate. The
 * processor is asked for its SHA instructions only when the input is long: asking costs
 * up to 30 microseconds under a hypervisor, which many small digests would pay for
 * nothing. */
#include "base/sha256.h"

#include <assert.h>
#include <string.h>

#if defined __x86_64__ && defined __GNUC__
#define HAVE_SHA_PATH 1
#include <cpuid.h>
#include <immintrin.h>
#else
#define HAVE_SHA_PATH 0
#endif

#define BLOCK ((size_t)64)
#define LONG_INPUT 16384 /* bytes from which the processor is asked */

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
};

static uint32_t right(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void schedule(uint32_t w[64], const unsigned char *p)
{
    for (size_t i = 0; i < 16; i++) {
        w[i] = big_endian(p + 4 * i);
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

/* The letters are those of the standard, 6.2.2. */
static void portable_block(uint32_t state[8], const unsigned char *p)
{
    uint32_t w[64];
    schedule(w, p);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (size_t i = 0; i < 64; i++) {
        uint32_t choice = (e & f) ^ (~e & g);
        uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        uint32_t t1 = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + choice +
                      constants[i] + w[i];
        uint32_t t2 = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + majority;
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

static void portable_blocks(uint32_t state[8], const unsigned char *p, size_t n)
{
    for (; n > 0; n--, p += BLOCK) {
        portable_block(state, p);
    }
}

#if HAVE_SHA_PATH

#define SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))

bool sha256_has_hardware(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) {
        return false;
    }
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

SHA_TARGET static __m128i load_words(const void *p)
{
    return _mm_loadu_si128(p);
}

/* Four words of the input, which has the highest byte first. */
SHA_TARGET static __m128i read_words(const unsigned char *p)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(load_words(p), swap);
}

/* The next four words of the message schedule, from the sixteen before them. */
SHA_TARGET static inline __m128i next_words(const __m128i w[4], size_t group)
{
    __m128i w16 = w[group % 4], w12 = w[(group + 1) % 4];
    __m128i w8 = w[(group + 2) % 4], w4 = w[(group + 3) % 4];
    __m128i sum =
        _mm_add_epi32(_mm_sha256msg1_epu32(w16, w12), _mm_alignr_epi8(w4, w8, 4));
    return _mm_sha256msg2_epu32(sum, w4);
}

/* The instructions want the state as the words a b e f and c d g h, highest first. */
SHA_TARGET static void hardware_blocks(uint32_t state[8], const unsigned char *p,
                                       size_t n)
{
    __m128i badc = _mm_shuffle_epi32(load_words(state), 0xB1);
    __m128i hgfe = _mm_shuffle_epi32(load_words(state + 4), 0x1B);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
    __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);

    for (; n > 0; n--, p += BLOCK) {
        __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4] = {read_words(p), read_words(p + 16), read_words(p + 32),
                        read_words(p + 48)};
#pragma GCC unroll 16
        for (size_t group = 0; group < 16; group++) {
            if (group >= 4) {
                w[group % 4] = next_words(w, group);
            }
            __m128i wk = _mm_add_epi32(w[group % 4], load_words(constants + 4 * group));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool sha256_has_hardware(void)
{
    return false;
}

static void hardware_blocks(uint32_t state[8], const unsigned char *p, size_t n)
{
    portable_blocks(state, p, n);
}

#endif

void sha256_begin(struct sha256 *s)
{
    assert(s);
    *s = (struct sha256){
        .h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
              0x1f83d9ab, 0x5be0cd19},
    };
}

static void add_blocks(struct sha256 *s, const unsigned char *p, size_t n)
{
    if (s->path == SHA256_UNDECIDED && s->n >= LONG_INPUT) {
        s->path = sha256_has_hardware() ? SHA256_HARDWARE : SHA256_PORTABLE;
    }
    if (s->path == SHA256_HARDWARE) {
        hardware_blocks(s->h, p, n);
    } else {
        portable_blocks(s->h, p, n);
    }
}

void sha256_add(struct sha256 *s, const void *p, size_t n)
{
    assert(s && (p || n == 0));
    const unsigned char *from = p;
    size_t kept = s->n % BLOCK;
    s->n += n;
    if (kept > 0 && n >= BLOCK - kept) {
        memcpy(s->block + kept, from, BLOCK - kept);
        add_blocks(s, s->block, 1);
        from += BLOCK - kept;
        n -= BLOCK - kept;
        kept = 0;
    }
    if (n >= BLOCK) {
        add_blocks(s, from, n / BLOCK);
        from += n / BLOCK * BLOCK;
        n %= BLOCK;
    }
    if (n > 0) {
        memcpy(s->block + kept, from, n);
    }
}

static void put_big_endian(unsigned char *p, uint64_t x, size_t bytes)
{
    for (size_t i = bytes; i-- > 0; x >>= 8) {
        p[i] = (unsigned char)x;
    }
}

void sha256_end(struct sha256 *s, unsigned char out[32])
{
    assert(s && out);
    unsigned char tail[BLOCK + 8] = {0x80};
    uint64_t bits = s->n * 8;
    size_t zeros = (BLOCK * 2 - 9 - s->n % BLOCK) % BLOCK;
    put_big_endian(tail + 1 + zeros, bits, 8);
    sha256_add(s, tail, 1 + zeros + 8);
    assert(s->n % BLOCK == 0);
    for (size_t i = 0; i < 8; i++) {
        put_big_endian(out + 4 * i, s->h[i], 4);
    }
}

void sha256_hex(const unsigned char *digest, size_t bytes, char *out)
{
    assert(digest && out);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes; i++) {
        *out++ = digits[digest[i] >> 4];
        *out++ = digits[digest[i] & 15];
    }
    *out = '\0';
}

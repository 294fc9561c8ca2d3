/* Converters: one row of encodings each.
 *
 * A converter consumes all it is given except the beginning of a sequence that the piece
 * cuts off; that is held, at most three bytes, and completed from the next piece byte by
 * byte. So it never matters where the pieces end. UTF-8 is not converted but validated,
 * 64 bytes at a time where they hold but ASCII and usual sequences. */
#include "value/encoding.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

#if defined __SSE2__
#include <emmintrin.h>
#endif

#define PIECE 4096 /* bytes of UTF-8 collected before they are appended */
#define BLOCK 64u  /* bytes of UTF-8 looked at together */

/* Code points of the bytes 0x80 .. 0xFF; 0: the byte is not used. */
static const uint16_t cp1258[128] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
    0,      0x2039, 0x0152, 0,      0,      0,      0,      0x2018, 0x2019, 0x201C,
    0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0,      0x203A, 0x0153, 0,
    0,      0x0178, 0x00A0, 0x00A1, 0x00A2, 0x00A3, 0x00A4, 0x00A5, 0x00A6, 0x00A7,
    0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF, 0x00B0, 0x00B1,
    0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x00B9, 0x00BA, 0x00BB,
    0x00BC, 0x00BD, 0x00BE, 0x00BF, 0x00C0, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x00C5,
    0x00C6, 0x00C7, 0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x0300, 0x00CD, 0x00CE, 0x00CF,
    0x0110, 0x00D1, 0x0309, 0x00D3, 0x00D4, 0x01A0, 0x00D6, 0x00D7, 0x00D8, 0x00D9,
    0x00DA, 0x00DB, 0x00DC, 0x01AF, 0x0303, 0x00DF, 0x00E0, 0x00E1, 0x00E2, 0x0103,
    0x00E4, 0x00E5, 0x00E6, 0x00E7, 0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x0301, 0x00ED,
    0x00EE, 0x00EF, 0x0111, 0x00F1, 0x0323, 0x00F3, 0x00F4, 0x01A1, 0x00F6, 0x00F7,
    0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x01B0, 0x20AB, 0x00FF,
};
static const uint16_t tcvn3[128] = {
    0x00C0, 0x1EA2, 0x00C3, 0x00C1, 0x1EA0, 0x1EB6, 0x1EAC, 0x00C8, 0x1EBA, 0x1EBC,
    0x00C9, 0x1EB8, 0x1EC6, 0x00CC, 0x1EC8, 0x0128, 0x00CD, 0x1ECA, 0x00D2, 0x1ECE,
    0x00D5, 0x00D3, 0x1ECC, 0x1ED8, 0x1EDC, 0x1EDE, 0x1EE0, 0x1EDA, 0x1EE2, 0x00D9,
    0x1EE6, 0x0168, 0x00A0, 0x0102, 0x00C2, 0x00CA, 0x00D4, 0x01A0, 0x01AF, 0x0110,
    0x0103, 0x00E2, 0x00EA, 0x00F4, 0x01A1, 0x01B0, 0x0111, 0x1EB0, 0x0300, 0x0309,
    0x0303, 0x0301, 0x0323, 0x00E0, 0x1EA3, 0x00E3, 0x00E1, 0x1EA1, 0x1EB2, 0x1EB1,
    0x1EB3, 0x1EB5, 0x1EAF, 0x1EB4, 0x1EAE, 0x1EA6, 0x1EA8, 0x1EAA, 0x1EA4, 0x1EC0,
    0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0x00E8, 0x1EC2, 0x1EBB, 0x1EBD,
    0x00E9, 0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0x00EC, 0x1EC9, 0x1EC4,
    0x1EBE, 0x1ED2, 0x0129, 0x00ED, 0x1ECB, 0x00F2, 0x1ED4, 0x1ECF, 0x00F5, 0x00F3,
    0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB,
    0x1EE3, 0x00F9, 0x1ED6, 0x1EE7, 0x0169, 0x00FA, 0x1EE5, 0x1EEB, 0x1EED, 0x1EEF,
    0x1EE9, 0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0x00FD, 0x1EF5, 0x1ED0,
};

#if defined __SSE2__
/* A bit for each of the 64 bytes of a block. Bytes compare as signed, so that ASCII lies
 * above all others. */
struct block_bits {
    uint64_t high;    /* not ASCII */
    uint64_t from_c0; /* begins a sequence, or is ASCII */
    uint64_t from_e0; /* begins one of three bytes or more, or is ASCII */
    uint64_t odd;     /* needs a closer look, or is ASCII: C0, C1, E0, ED, from F0 on */
    uint64_t zero;
};

static uint64_t bits_of(__m128i flags, unsigned at)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(flags) << at;
}

static __m128i bytes_from(__m128i bytes, int least)
{
    return _mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(least - 1)));
}

static __m128i bytes_equal(__m128i bytes, int byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)byte));
}

static void add_bits(struct block_bits *b, const unsigned char *block, unsigned at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + at));
    __m128i from_c0 = bytes_from(bytes, 0xC0);
    __m128i odd = _mm_andnot_si128(bytes_from(bytes, 0xC2), from_c0);
    odd = _mm_or_si128(odd, bytes_equal(bytes, 0xE0));
    odd = _mm_or_si128(odd, bytes_equal(bytes, 0xED));
    odd = _mm_or_si128(odd, bytes_from(bytes, 0xF0));
    b->high |= bits_of(bytes, at);
    b->from_c0 |= bits_of(from_c0, at);
    b->from_e0 |= bits_of(bytes_from(bytes, 0xE0), at);
    b->odd |= bits_of(odd, at);
    b->zero |= bits_of(bytes_equal(bytes, 0), at);
}

/* Whether a block holds but ASCII and the usual sequences of two and three bytes. *open:
 * which of its first bytes must continue one; then the same for the block behind it. */
static bool is_easy_block(const unsigned char *block, uint64_t *open)
{
    struct block_bits b = {0};
    for (unsigned at = 0; at < BLOCK; at += 16) {
        add_bits(&b, block, at);
    }
    uint64_t lead = b.high & b.from_c0, of_three = b.high & b.from_e0;
    uint64_t wanted = *open | lead << 1 | of_three << 2;
    bool is_easy = (b.zero | (b.high & b.odd) | (wanted ^ (b.high & ~b.from_c0))) == 0;
    *open = lead >> 63 | of_three >> 62;
    return is_easy;
}

/* Length of complete sequences at the start of p that are valid by a look at whole
 * blocks; a third of the time that a look at each byte takes (tests/bench). */
static size_t easy_prefix(const unsigned char *p, size_t n)
{
    size_t i = 0;
    uint64_t open = 0, next = 0;
    while (i + BLOCK <= n && is_easy_block(p + i, &next)) {
        i += BLOCK;
        open = next;
    }
    if (open != 0) {
        do {
            i--;
        } while ((p[i] & 0xC0) == 0x80);
    }
    return i;
}
#else
/* The bytes of a word that are NUL or not ASCII have their top bit set in the result;
 * above the first such byte a borrow may set others. */
static uint64_t odd_bytes(const unsigned char *p)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return (w | (w - ones)) & tops;
}

/* Length of ASCII without NUL at the start of p, in whole words. */
static size_t easy_prefix(const unsigned char *p, size_t n)
{
    size_t i = 0;
    while (i + 8 <= n && odd_bytes(p + i) == 0) {
        i += 8;
    }
    return i;
}
#endif

/* Bytes of the UTF-8 sequence that begins with `lead`; 0: none does, or it is NUL. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80) {
        return lead != 0;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static bool continues(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Whether the complete sequence is shortest form, no surrogate and within Unicode. */
static bool is_sequence(const unsigned char *p, size_t n)
{
    switch (n) {
    case 1:
        return true;
    case 2:
        return continues(p[1]);
    case 3:
        return continues(p[1]) && continues(p[2]) && (p[0] != 0xE0 || p[1] >= 0xA0) &&
               (p[0] != 0xED || p[1] < 0xA0);
    default:
        return continues(p[1]) && continues(p[2]) && continues(p[3]) &&
               (p[0] != 0xF0 || p[1] >= 0x90) && (p[0] != 0xF4 || p[1] < 0x90);
    }
}

/* Length of the complete and valid sequences at the start of p. What a look at blocks
 * does not settle is looked at one by one for the length of a block. */
static size_t valid_prefix(const unsigned char *p, size_t n)
{
    size_t i = 0;
    while (i < n) {
        i += easy_prefix(p + i, n - i);
        for (size_t until = i + BLOCK; i < n && i < until;) {
            size_t length = sequence_length(p[i]);
            if (length == 0 || length > n - i || !is_sequence(p + i, length)) {
                return i;
            }
            i += length;
        }
    }
    return i;
}

static void append(struct text *out, const void *p, size_t n)
{
    text_add(out, (struct str){p, n});
}

/* Completes the held sequence. False: it is none. *taken bytes of p were used. */
static bool complete_utf8(struct encoding_state *s, const unsigned char *p, size_t n,
                          struct text *out, size_t *taken)
{
    size_t length = sequence_length(s->held[0]);
    *taken = 0;
    while (s->n_held < length && *taken < n) {
        s->held[s->n_held++] = p[(*taken)++];
    }
    if (s->n_held < length) {
        return true;
    }
    if (!is_sequence(s->held, length)) {
        return false;
    }
    append(out, s->held, length);
    s->n_held = 0;
    return true;
}

/* The converters, as encoding_feed. What is cut off at the end of the piece is left in
 * s->held. */
static bool feed_utf8(struct encoding_state *s, const unsigned char *p, size_t n,
                      struct text *out, uint64_t *bad)
{
    size_t at = 0;
    *bad = s->at - s->n_held;
    if (s->n_held > 0 && !complete_utf8(s, p, n, out, &at)) {
        return false;
    }
    size_t valid = valid_prefix(p + at, n - at);
    append(out, p + at, valid);
    at += valid;
    if (at == n) {
        return true;
    }
    *bad = s->at + at;
    if (sequence_length(p[at]) <= n - at) {
        return false;
    }
    s->n_held = n - at;
    memcpy(s->held, p + at, s->n_held);
    return true;
}

/* The unit that the last two held bytes are; with a surrogate before it, their code
 * point. */
static bool take_unit(struct encoding_state *s, char *buffer, size_t *used)
{
    const unsigned char *p = s->held + s->n_held - 2;
    bool is_little = s->kind == ENCODING_UTF16LE;
    uint32_t unit = (uint32_t)p[is_little] << 8 | p[!is_little];
    bool is_low = (unit & 0xFC00) == 0xDC00;

    if (s->n_held == 2 && (unit & 0xFC00) == 0xD800) {
        return true;
    }
    if (unit == 0 || is_low != (s->n_held == 4)) {
        return false;
    }
    if (is_low) {
        uint32_t high = (uint32_t)s->held[is_little] << 8 | s->held[!is_little];
        unit = 0x10000 + ((high & 0x3FF) << 10) + (unit & 0x3FF);
    }
    *used += utf8_put(unit, buffer + *used);
    s->n_held = 0;
    return true;
}

static bool feed_utf16(struct encoding_state *s, const unsigned char *p, size_t n,
                       struct text *out, uint64_t *bad)
{
    char buffer[PIECE];
    size_t used = 0;
    bool is_good = true;

    for (size_t i = 0; i < n && is_good; i++) {
        s->held[s->n_held++] = p[i];
        if (s->n_held % 2 == 0) {
            is_good = take_unit(s, buffer, &used);
        }
        *bad = s->at + i + 1 - s->n_held;
        if (used > sizeof buffer - 4) {
            append(out, buffer, used);
            used = 0;
        }
    }
    append(out, buffer, used);
    return is_good;
}

static bool feed_bytes(struct encoding_state *s, const unsigned char *p, size_t n,
                       struct text *out, uint64_t *bad)
{
    const uint16_t *high = s->kind == ENCODING_CP1258 ? cp1258 : tcvn3;
    char buffer[PIECE];
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t cp = p[i] < 0x80 ? p[i] : high[p[i] - 0x80];
        if (cp == 0) {
            *bad = s->at + i;
            append(out, buffer, used);
            return false;
        }
        used += utf8_put(cp, buffer + used);
        if (used > sizeof buffer - 4) {
            append(out, buffer, used);
            used = 0;
        }
    }
    append(out, buffer, used);
    return true;
}

static const struct row {
    const char *name, *aliases[3]; /* aliases as `simplify` leaves them */
    const char *mark;              /* byte order mark, or NULL */
    bool (*feed)(struct encoding_state *, const unsigned char *, size_t, struct text *,
                 uint64_t *);
} encodings[ENCODING_COUNT] = {
    [ENCODING_UTF8] = {"UTF-8", {"utf8"}, "\xEF\xBB\xBF", feed_utf8},
    [ENCODING_UTF16LE] = {"UTF-16LE", {"utf16le"}, "\xFF\xFE", feed_utf16},
    [ENCODING_UTF16BE] = {"UTF-16BE", {"utf16be"}, "\xFE\xFF", feed_utf16},
    [ENCODING_CP1258] = {"windows-1258",
                         {"windows1258", "cp1258", "1258"},
                         NULL,
                         feed_bytes},
    [ENCODING_TCVN3] = {"TCVN3", {"tcvn3", "tcvn5712", "abc"}, NULL, feed_bytes},
};

enum encoding encoding_detect(const unsigned char *p, size_t n, size_t *mark)
{
    assert((p || n == 0) && mark);
    for (int e = 0; e < ENCODING_COUNT; e++) {
        size_t length = encodings[e].mark ? strlen(encodings[e].mark) : 0;
        if (length > 0 && length <= n && memcmp(p, encodings[e].mark, length) == 0) {
            *mark = length;
            return (enum encoding)e;
        }
    }
    *mark = 0;
    return ENCODING_UTF8;
}

/* Small letters and digits of the name; false when they are too many. */
static bool simplify(struct str name, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '-' || c == '_' || c == ' ') {
            continue;
        }
        if (n + 1 == size) {
            return false;
        }
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    out[n] = '\0';
    return true;
}

bool encoding_by_name(struct str name, enum encoding *out)
{
    assert(out);
    char simple[16];
    if (!simplify(name, simple, sizeof simple)) {
        return false;
    }
    for (int e = 0; e < ENCODING_COUNT; e++) {
        for (size_t i = 0; i < COUNT_OF(encodings[e].aliases); i++) {
            const char *alias = encodings[e].aliases[i];
            if (alias && strcmp(alias, simple) == 0) {
                *out = (enum encoding)e;
                return true;
            }
        }
    }
    return false;
}

const char *encoding_name(enum encoding e)
{
    assert(e < ENCODING_COUNT);
    return encodings[e].name;
}

bool encoding_pass(struct encoding_state *s, const unsigned char *p, size_t n)
{
    assert(s && s->kind < ENCODING_COUNT && p);
    bool is_text = s->kind == ENCODING_UTF8 && s->n_held == 0 && valid_prefix(p, n) == n;
    s->at += is_text ? n : 0;
    return is_text;
}

bool encoding_feed(struct encoding_state *s, const unsigned char *p, size_t n, bool last,
                   struct text *out, uint64_t *bad)
{
    assert(s && s->kind < ENCODING_COUNT && s->n_held < sizeof s->held);
    assert((p || n == 0) && out && bad);
    uint64_t where;

    if (n > 0 && !encodings[s->kind].feed(s, p, n, out, &where)) {
        *bad = where;
        return false;
    }
    s->at += n;
    if (last && s->n_held > 0) {
        *bad = s->at - s->n_held;
        return false;
    }
    return true;
}

/* UTF-8 and the folding that names and codes are compared by.
 *
 * Decoding is done here, because it is hot and must step over one bad byte at a time;
 * utf8proc knows the character tables. Its functions that allocate are not used: memory
 * is the arena's. Folding runs in three passes over code points: clean (blanks,
 * zero-width, Đ), fold and compose (utf8proc), place tone marks. ASCII text, the usual
 * case, needs none of them. */
#include "base/utf8.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* The code point at p, of which `n` > 0 bytes are readable; its bytes, or 0 when they are
 * not UTF-8. */
static size_t decode(const unsigned char *p, size_t n, uint32_t *cp)
{
    unsigned char c = p[0];
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    if (c < 0xE0) {
        if (c < 0xC2 || n < 2 || !is_tail(p[1])) {
            return 0;
        }
        *cp = (c & 0x1Fu) << 6 | (p[1] & 0x3Fu);
        return 2;
    }
    if (c < 0xF0) {
        if (n < 3 || !is_tail(p[1]) || !is_tail(p[2])) {
            return 0;
        }
        *cp = (c & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        bool is_surrogate = (*cp & 0xF800) == 0xD800;
        return *cp >= 0x800 && !is_surrogate ? 3 : 0;
    }
    if (c > 0xF4 || n < 4 || !is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3])) {
        return 0;
    }
    *cp = (c & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    return *cp >= 0x10000 && *cp <= 0x10FFFF ? 4 : 0;
}

static size_t decode_at(struct str s, size_t at, uint32_t *cp)
{
    return decode((const unsigned char *)s.p + at, s.n - at, cp);
}

/* Where the ASCII run that starts at `at` ends. */
static size_t ascii_end(struct str s, size_t at)
{
    uint64_t word;
    for (; at + sizeof word <= s.n; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080)) {
            break;
        }
    }
    while (at < s.n && (unsigned char)s.p[at] < 0x80) {
        at++;
    }
    return at;
}

bool utf8_is_ascii(struct str s)
{
    return ascii_end(s, 0) == s.n;
}

size_t utf8_invalid(struct str s)
{
    uint32_t cp;
    for (size_t at = ascii_end(s, 0); at < s.n;) {
        size_t n = decode_at(s, at, &cp);
        if (n == 0) {
            return at;
        }
        at += n;
        if (n == 1) {
            at = ascii_end(s, at);
        }
    }
    return SIZE_MAX;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    assert(at && *at < s.n);
    uint32_t cp;
    size_t n = decode_at(s, *at, &cp);
    *at += n ? n : 1;
    return n ? cp : UTF8_BAD;
}

size_t utf8_put(uint32_t cp, char out[4])
{
    assert(cp <= 0x10FFFF && (cp & 0xFFFFF800) != 0xD800);
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--, cp >>= 6) {
        out[i] = (char)(0x80 | (cp & 0x3F));
    }
    out[0] = (char)(leads[n - 2] | cp);
    return n;
}

size_t utf8_length(struct str s)
{
    size_t length = 0;
    for (size_t at = 0; at < s.n; length++) {
        utf8_next(s, &at);
    }
    return length;
}

size_t utf8_width(struct str s)
{
    size_t width = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        bool is_simple = cp >= ' ' && cp < 0x7F;
        /* a byte that is not UTF-8 is shown as one replacement character */
        width +=
            is_simple || cp == UTF8_BAD ? 1 : (size_t)utf8proc_charwidth((int32_t)cp);
    }
    return width;
}

bool utf8_is_bidi_control(uint32_t cp)
{
    return cp == 0x061C || cp == 0x200E || cp == 0x200F ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

bool utf8_is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

static void put(struct text *out, uint32_t cp)
{
    char bytes[4];
    text_add(out, (struct str){bytes, utf8_put(cp, bytes)});
}

/* Code points that normal form C never changes and that never join the one before: all
 * below U+0300, and the ready-made Vietnamese letters. */
static bool is_surely_composed(struct str s)
{
    for (size_t at = ascii_end(s, 0); at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        if (cp >= 0x300 && (cp < 0x1E00 || cp > 0x1EFF)) {
            return false;
        }
    }
    return true;
}

/* Decomposes with utf8proc's `options`, then composes. NULL when s is not UTF-8. */
static int32_t *composed(struct arena *a, struct str s, int options, size_t *n)
{
    const unsigned char *p = (const unsigned char *)s.p;
    ptrdiff_t room =
        utf8proc_decompose(p, (ptrdiff_t)s.n, NULL, 0, (utf8proc_option_t)options);
    if (room < 0) {
        return NULL;
    }
    int32_t *cps = arena_array(a, (size_t)room + 1, sizeof *cps);
    utf8proc_decompose(p, (ptrdiff_t)s.n, cps, room, (utf8proc_option_t)options);
    ptrdiff_t left = utf8proc_normalize_utf32(cps, room, (utf8proc_option_t)options);
    assert(left >= 0 && left <= room);
    *n = (size_t)left;
    return cps;
}

static struct str encoded(struct arena *a, const int32_t *cps, size_t n)
{
    char bytes[4];
    size_t size = 1;
    for (size_t i = 0; i < n; i++) {
        size += utf8_put((uint32_t)cps[i], bytes);
    }
    char *out = arena_resize(a, NULL, 0, size);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t more = utf8_put((uint32_t)cps[i], bytes);
        memcpy(out + at, bytes, more);
        at += more;
    }
    out[at] = '\0';
    return (struct str){out, at};
}

struct str utf8_nfc(struct arena *a, struct str s)
{
    assert(a && (s.p || s.n == 0));
    if (is_surely_composed(s)) {
        return s;
    }
    size_t n;
    const int32_t *cps = composed(a, s, UTF8PROC_COMPOSE | UTF8PROC_STABLE, &n);
    if (!cps) {
        return s;
    }
    struct str out = encoded(a, cps, n);
    return str_eq(out, s) ? s : out;
}

/* Each code point through `map`; bytes that are not UTF-8 stay. */
static struct str mapped(struct arena *a, struct str s, int32_t (*map)(int32_t))
{
    assert(a && (s.p || s.n == 0));
    if (!s.p) {
        return s;
    }
    struct text out = text_in(a);
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        uint32_t cp = utf8_next(s, &at);
        if (cp == UTF8_BAD) {
            text_char(&out, s.p[start]);
        } else {
            put(&out, (uint32_t)map((int32_t)cp));
        }
    }
    return text_str(&out);
}

struct str utf8_lower(struct arena *a, struct str s)
{
    return mapped(a, s, utf8proc_tolower);
}

struct str utf8_upper(struct arena *a, struct str s)
{
    return mapped(a, s, utf8proc_toupper);
}

static bool is_space(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xA0 ||
           cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 ||
           cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* Characters that take no room and mean nothing in a name. */
static bool is_nothing(uint32_t cp)
{
    return cp == 0xAD || cp == 0x034F || (cp >= 0x200B && cp <= 0x200D) ||
           (cp >= 0x2060 && cp <= 0x2064) || cp == 0xFEFF || utf8_is_bidi_control(cp);
}

/* The four letters that are drawn like đ and typed for it: eth and African d, large and
 * small. */
static uint32_t d_with_stroke(uint32_t cp)
{
    bool looks_like_it = cp == 0xD0 || cp == 0xF0 || cp == 0x189 || cp == 0x256;
    return looks_like_it ? 0x111 : cp;
}

/* Letters whose folding is their small letter and whose normal form is they themselves:
 * the ready-made ones of Vietnamese and those around them. */
static bool is_plain(uint32_t cp)
{
    return cp < 0x80 || (cp >= 0xC0 && cp <= 0x12F && cp != 0xDF) || cp == 0x168 ||
           cp == 0x169 || cp == 0x1A0 || cp == 0x1A1 || cp == 0x1AF || cp == 0x1B0 ||
           (cp >= 0x1EA0 && cp <= 0x1EF9);
}

/* Blanks as one, none at the ends, nothing that is not seen; all of them can be encoded.
 * `out` has room for as many code points as s has bytes; gives how many there are. */
static size_t clean(struct str s, int32_t *out, bool *all_plain)
{
    size_t n = 0;
    bool is_blank_due = false;
    *all_plain = true;
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        cp = cp == UTF8_BAD ? 0xFFFD : d_with_stroke(cp);
        if (is_space(cp)) {
            is_blank_due = n > 0;
        } else if (!is_nothing(cp)) {
            if (is_blank_due) {
                out[n++] = ' ';
                is_blank_due = false;
            }
            out[n++] = (int32_t)cp;
            *all_plain = *all_plain && is_plain(cp);
        }
    }
    return n;
}

static const struct tone {
    int32_t o, u, a, e, y;
} tones[] = {
    {0xF2, 0xF9, 0xE0, 0xE8, 0x1EF3},         /* ò ù à è ỳ */
    {0xF3, 0xFA, 0xE1, 0xE9, 0xFD},           /* ó ú á é ý */
    {0x1ECF, 0x1EE7, 0x1EA3, 0x1EBB, 0x1EF7}, /* ỏ ủ ả ẻ ỷ */
    {0xF5, 0x169, 0xE3, 0x1EBD, 0x1EF9},      /* õ ũ ã ẽ ỹ */
    {0x1ECD, 0x1EE5, 0x1EA1, 0x1EB9, 0x1EF5}, /* ọ ụ ạ ẹ ỵ */
};

/* Moves the tone mark of òa, òe, ùy to the second letter, where hoàn and khuỷu have it
 * anyway. */
static bool move_tone(int32_t pair[2])
{
    for (size_t i = 0; i < COUNT_OF(tones); i++) {
        const struct tone *t = &tones[i];
        bool is_o = pair[0] == t->o && (pair[1] == 'a' || pair[1] == 'e');
        bool is_u = pair[0] == t->u && pair[1] == 'y';
        if (is_o || is_u) {
            pair[0] = is_o ? 'o' : 'u';
            pair[1] = is_u ? t->y : pair[1] == 'a' ? t->a : t->e;
            return true;
        }
    }
    return false;
}

static void place_tones(int32_t *cps, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        bool is_after_q = i > 0 && cps[i - 1] == 'q';
        bool has_more_marks =
            i + 2 < n && utf8proc_get_property(cps[i + 2])->combining_class != 0;
        if (cps[i] >= 0x80 && !is_after_q && !has_more_marks && move_tone(cps + i)) {
            i++;
        }
    }
}

static struct str fold_ascii(struct arena *a, struct str s)
{
    char *out = arena_resize(a, NULL, 0, mem_add(s.n, 1));
    size_t n = 0;
    bool is_blank_due = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            is_blank_due = n > 0;
            continue;
        }
        if (is_blank_due) {
            out[n++] = ' ';
            is_blank_due = false;
        }
        bool is_capital = c >= 'A' && c <= 'Z';
        out[n++] = (char)(is_capital ? c | 0x20 : c);
    }
    out[n] = '\0';
    return (struct str){out, n};
}

#define SHORT 128 /* bytes; what is longer is folded in the arena */
#define FOLDING (UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE)

struct str str_fold(struct arena *a, struct str s)
{
    assert(a && (s.p || s.n == 0));
    if (!s.p) {
        return STR_NONE;
    }
    if (utf8_is_ascii(s)) {
        return fold_ascii(a, s);
    }
    int32_t room[SHORT];
    int32_t *cps = s.n <= SHORT ? room : arena_array(a, s.n, sizeof *cps);
    bool all_plain;
    size_t n = clean(s, cps, &all_plain);
    if (all_plain) {
        for (size_t i = 0; i < n; i++) {
            cps[i] = utf8proc_tolower(cps[i]);
        }
    } else {
        cps = composed(a, encoded(a, cps, n), FOLDING, &n);
    }
    place_tones(cps, n);
    return encoded(a, cps, n);
}

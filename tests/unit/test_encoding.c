/* Encodings: rows of bytes and the text they are, each fed in pieces of every size; and
 * UTF-8 against the other validator of the house. */
#include "base/utf8.h"
#include "value/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

#define GOOD UINT64_MAX
#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct feed_case {
    const char *name;
    enum encoding kind;
    const char *in;
    size_t n;
    const char *want; /* all the text, or the text before `bad` */
    uint64_t bad;
} feed_cases[] = {
    {"empty", ENCODING_UTF8, BYTES(""), "", GOOD},
    {"ascii", ENCODING_UTF8, BYTES("unit_code,period\r\n91,2022-H1\r\n"),
     "unit_code,period\r\n91,2022-H1\r\n", GOOD},
    {"long_ascii", ENCODING_UTF8,
     BYTES("0123456789012345678901234567890123456789012345678901234567890123456789\n"),
     "0123456789012345678901234567890123456789012345678901234567890123456789\n", GOOD},
    {"vietnamese", ENCODING_UTF8, BYTES("Cần Thơ, Kiên Giang, Sóc Trăng: hợp tác xã"),
     "Cần Thơ, Kiên Giang, Sóc Trăng: hợp tác xã", GOOD},
    {"four_bytes", ENCODING_UTF8, BYTES("a\xF0\x9F\x8C\xBE\xF4\x8F\xBF\xBF z"),
     "a\xF0\x9F\x8C\xBE\xF4\x8F\xBF\xBF z", GOOD},
    {"nul", ENCODING_UTF8, BYTES("abc\0def"), "abc", 3},
    {"nul_in_a_long_run", ENCODING_UTF8,
     BYTES("0123456789012345678901234567890123456789\0 "
           "01234567890123456789012345678901234567"),
     "0123456789012345678901234567890123456789", 40},
    {"byte_ff", ENCODING_UTF8, BYTES("ab\xFF"), "ab", 2},
    {"continuation_alone", ENCODING_UTF8, BYTES("\x80"), "", 0},
    {"overlong_slash", ENCODING_UTF8, BYTES("a\xC0\xAF"), "a", 1},
    {"overlong_three", ENCODING_UTF8, BYTES("a\xE0\x9F\xBF"), "a", 1},
    {"overlong_four", ENCODING_UTF8, BYTES("a\xF0\x8F\xBF\xBF"), "a", 1},
    {"surrogate", ENCODING_UTF8, BYTES("a\xED\xA0\x80"), "a", 1},
    {"beyond_unicode", ENCODING_UTF8, BYTES("a\xF4\x90\x80\x80"), "a", 1},
    {"cut_at_the_end", ENCODING_UTF8, BYTES("C\xE1\xBA"), "C", 1},
    {"cut_in_the_middle", ENCODING_UTF8, BYTES("C\xE1\xBAn Th\xC6\xA1"), "C", 1},
    {"windows_1258_is_not_utf8", ENCODING_UTF8, BYTES("C\xE2\xCCn Th\xF5"), "C", 1},
    {"utf16le", ENCODING_UTF16LE, BYTES("C\0\xA7\x1En\0 \0T\0h\0\xA1\x01"), "Cần Thơ",
     GOOD},
    {"utf16be", ENCODING_UTF16BE, BYTES("\0C\x1E\xA7\0n\0 \0T\0h\x01\xA1"), "Cần Thơ",
     GOOD},
    {"utf16le_pair", ENCODING_UTF16LE, BYTES("a\0\x3C\xD8\x3E\xDFz\0"),
     "a\xF0\x9F\x8C\xBEz", GOOD},
    {"utf16be_pair", ENCODING_UTF16BE, BYTES("\xDB\xFF\xDF\xFF"), "\xF4\x8F\xBF\xBF",
     GOOD},
    {"utf16_nul", ENCODING_UTF16LE, BYTES("a\0\0\0b\0"), "a", 2},
    {"utf16_low_alone", ENCODING_UTF16LE, BYTES("a\0\x3E\xDF"), "a", 2},
    {"utf16_high_alone", ENCODING_UTF16LE, BYTES("a\0\x3C\xD8z\0"), "a", 2},
    {"utf16_high_twice", ENCODING_UTF16BE, BYTES("\0a\xD8\x3C\xD8\x3C\xDF\x3E"), "a", 2},
    {"utf16_high_at_the_end", ENCODING_UTF16LE, BYTES("a\0\x3C\xD8"), "a", 2},
    {"utf16_odd", ENCODING_UTF16LE, BYTES("a\0b"), "a", 2},
    {"utf16_cut_in_pair", ENCODING_UTF16LE, BYTES("a\0\x3C\xD8\x3E"), "a", 2},
    {"windows_1258", ENCODING_CP1258, BYTES("C\xE2\xCCn Th\xF5, \xD0\xF4\xEC"),
     "C\xC3\xA2\xCC\x80n Th\xC6\xA1, \xC4\x90\xC3\xB4\xCC\x81", GOOD},
    {"windows_1258_unused", ENCODING_CP1258, BYTES("a\x81"), "a", 1},
    {"windows_1258_nul", ENCODING_CP1258, BYTES("ab\0"), "ab", 2},
    {"tcvn3", ENCODING_TCVN3, BYTES("C\xC7n Th\xAC, T\xE6ng c\xE9ng"),
     "Cần Thơ, Tổng cộng", GOOD},
};

static void test_feed(void **state)
{
    const struct feed_case *c = *state;
    for (size_t size = 1; size <= c->n + 1; size++) {
        struct encoding_state s = {.kind = c->kind};
        struct text out = text_in(arena);
        uint64_t bad = GOOD;
        bool good = true;
        for (size_t at = 0; at < c->n && good; at += size) {
            size_t n = size < c->n - at ? size : c->n - at;
            unsigned char *piece = malloc(n);
            memcpy(piece, c->in + at, n);
            good = encoding_feed(&s, piece, n, false, &out, &bad);
            free(piece);
        }
        good = good && encoding_feed(&s, NULL, 0, true, &out, &bad);
        assert_int_equal(good, c->bad == GOOD);
        assert_true(bad == c->bad);
        assert_int_equal(out.n, strlen(c->want));
        assert_memory_equal(out.n ? out.p : "", c->want, out.n);
    }
}

/* The last piece may come with `last`. */
static void test_last_with_bytes(void **state)
{
    (void)state;
    struct encoding_state s = {.kind = ENCODING_UTF8, .at = 3};
    struct text out = text_in(arena);
    uint64_t bad = 0;
    const unsigned char *p = (const unsigned char *)"ab\xE1\xBA";
    assert_false(encoding_feed(&s, p, 4, true, &out, &bad));
    assert_true(bad == 5); /* counted from the stream's first byte, the mark included */
    assert_int_equal(out.n, 2);
}

/* Strings of awkward bytes: the first bad byte is where utf8_invalid or a NUL says, in
 * any pieces. */
static void test_against_base(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {'a',  0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                          0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
                                          0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    uint64_t x = 7;
    for (int i = 0; i < 300000; i++) {
        unsigned char p[40];
        size_t n = 1 + (size_t)i % 5 + (i % 9 == 0 ? 30 : 0);
        for (size_t k = 0; k < n; k++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            p[k] = n > 6 && k != 28 && k != 29 && k != 30
                       ? 'x'
                       : bytes[(x >> 33) % sizeof bytes];
        }
        const void *raw = p;
        size_t first = utf8_invalid((struct str){raw, n});
        const unsigned char *nul = memchr(p, 0, n);
        size_t want = nul && (size_t)(nul - p) < first ? (size_t)(nul - p) : first;
        size_t cut = (x >> 40) % (n + 1);

        struct encoding_state s = {.kind = ENCODING_UTF8};
        struct text out = text_in(arena);
        uint64_t bad = GOOD;
        bool good = encoding_feed(&s, p, cut, false, &out, &bad) &&
                    encoding_feed(&s, p + cut, n - cut, true, &out, &bad);
        assert_int_equal(good, want == SIZE_MAX);
        assert_true(good ? bad == GOOD : bad == want);
        assert_int_equal(out.n, good ? n : want);
        assert_memory_equal(out.p ? out.p : "", p, out.n);
        if (i % 4096 == 0) {
            arena_reset(arena);
        }
    }
}

/* Awkward bytes at every place around the ends of blocks of 64, among letters of one, two
 * and three bytes. */
static void test_blocks(void **state)
{
    (void)state;
    static const char *const around[] = {"x", "\xC6\xA1", "\xE1\xBB\x87",
                                         "x\xE1\xBB\x87"};
    static const char *const odd[] = {
        "\x80",         "\xC1\xBF",         "\xC2",         "\xC2\x80\x80",
        "\xE0\x9F\xBF", "\xE0\xA0\x80",     "\xED\x9F\xBF", "\xED\xA0",
        "\xE1\xBB",     "\xE1\xBB\x87\x87", "\xF0\x90\x80", "\xF4\x90\x80",
        "\xF5",         "\xF1\x80\x80\x80", "\xFF",
    };
    for (size_t i = 0; i < COUNT_OF(around) * COUNT_OF(odd); i++) {
        struct str fill = str_of(around[i % COUNT_OF(around)]);
        struct str bad = str_of(odd[i / COUNT_OF(around)]);
        for (size_t before = 40; before < 140; before++) {
            struct text t = text_in(arena);
            while (t.n + fill.n <= before) {
                text_add(&t, fill);
            }
            text_add(&t, bad);
            while (t.n < 200) {
                text_add(&t, fill);
            }
            struct encoding_state s = {.kind = ENCODING_UTF8};
            struct text out = text_in(arena);
            uint64_t where = GOOD;
            const unsigned char *p = (const unsigned char *)t.p;
            size_t want = utf8_invalid(text_str(&t));
            bool passes = encoding_pass(&s, p, t.n);
            assert_int_equal(passes, want == SIZE_MAX);
            assert_true(s.at == (passes ? t.n : 0));
            s.at = 0;
            assert_int_equal(encoding_feed(&s, p, t.n, true, &out, &where), passes);
            assert_true(passes || where == want);
        }
        arena_reset(arena);
    }
}

/* What is held, cut off or not UTF-8 has to be fed. */
static void test_pass(void **state)
{
    (void)state;
    const unsigned char *p = (const unsigned char *)"a\xE1\xBB\x87";
    struct encoding_state s = {.kind = ENCODING_UTF8}, wide = {.kind = ENCODING_UTF16LE};
    struct text out = text_in(arena);
    uint64_t bad;
    assert_false(encoding_pass(&s, p, 3));
    assert_false(encoding_pass(&wide, p, 4));
    assert_true(encoding_feed(&s, p, 3, false, &out, &bad));
    assert_false(encoding_pass(&s, p, 1));
    assert_true(encoding_feed(&s, p + 3, 1, false, &out, &bad));
    assert_true(encoding_pass(&s, p, 4));
    assert_true(s.at == 8);
}

/* A long text in every encoding that can hold it, in pieces of many sizes. */
static void test_long_text(void **state)
{
    (void)state;
    enum { CHARACTERS = 6000 };
    static const uint32_t some[] = {'a',   '\n',   ',',     0xE0,  0x1EA7,
                                    0x1A1, 0x20AB, 0x1F33E, 0xFFFF};
    struct text utf8 = text_in(arena), le = text_in(arena), be = text_in(arena);
    for (size_t i = 0; i < CHARACTERS; i++) {
        uint32_t cp = some[i % 11 < 9 ? (i / 11) % COUNT_OF(some) : 0];
        char bytes[4];
        text_add(&utf8, (struct str){bytes, utf8_put(cp, bytes)});
        uint32_t units[] = {cp, 0};
        if (cp > 0xFFFF) {
            units[0] = 0xD800 + ((cp - 0x10000) >> 10);
            units[1] = 0xDC00 + ((cp - 0x10000) & 0x3FF);
        }
        for (size_t k = 0; k < 2 && units[k]; k++) {
            text_char(&le, (char)(units[k] & 0xFF));
            text_char(&le, (char)(units[k] >> 8));
            text_char(&be, (char)(units[k] >> 8));
            text_char(&be, (char)(units[k] & 0xFF));
        }
    }
    const struct text *const in[] = {&utf8, &le, &be};
    for (size_t e = 0; e < COUNT_OF(in); e++) {
        for (size_t size = 1; size < 20000; size += size < 70 ? 1 : 977) {
            struct encoding_state s = {.kind = (enum encoding)e};
            struct text out = text_in(arena);
            uint64_t bad = GOOD;
            for (size_t at = 0; at < in[e]->n; at += size) {
                const void *p = in[e]->p + at;
                size_t left = in[e]->n - at;
                assert_true(encoding_feed(&s, p, left < size ? left : size, left <= size,
                                          &out, &bad));
            }
            assert_int_equal(out.n, utf8.n);
            assert_memory_equal(out.p, utf8.p, utf8.n);
        }
    }
}

/* More than is collected at a time: "ạ" is one byte there and three here. */
static void test_long_bytes(void **state)
{
    (void)state;
    enum { CHARACTERS = 10000 };
    static unsigned char in[CHARACTERS];
    struct encoding_state s = {.kind = ENCODING_TCVN3};
    struct text out = text_in(arena);
    uint64_t bad = GOOD;

    memset(in, 0xB9, sizeof in);
    assert_true(encoding_feed(&s, in, sizeof in, true, &out, &bad));
    assert_int_equal(out.n, 3 * CHARACTERS);
    for (size_t i = 0; i < out.n; i += 3) {
        assert_memory_equal(out.p + i, "ạ", 3);
    }
}

static const struct mark_case {
    const char *name, *in;
    size_t n;
    enum encoding want;
    size_t mark;
} mark_cases[] = {
    {"mark_utf8",
     BYTES("\xEF\xBB\xBF"
           "a"),
     ENCODING_UTF8, 3},
    {"mark_utf16le",
     BYTES("\xFF\xFE"
           "a"),
     ENCODING_UTF16LE, 2},
    {"mark_utf16be",
     BYTES("\xFE\xFF"
           "a"),
     ENCODING_UTF16BE, 2},
    {"mark_none", BYTES("abc"), ENCODING_UTF8, 0},
    {"mark_cut", BYTES("\xEF\xBB"), ENCODING_UTF8, 0},
    {"mark_of_nothing", BYTES(""), ENCODING_UTF8, 0},
};

static void test_mark(void **state)
{
    const struct mark_case *c = *state;
    size_t mark = 77;
    assert_int_equal(encoding_detect((const unsigned char *)c->in, c->n, &mark), c->want);
    assert_int_equal(mark, c->mark);
}

static const struct name_case {
    const char *name, *in, *want;
} name_cases[] = {
    {"name_utf8", "utf-8", "UTF-8"},
    {"name_utf8_short", "UTF8", "UTF-8"},
    {"name_utf16le", "utf_16 LE", "UTF-16LE"},
    {"name_utf16be", "UTF-16BE", "UTF-16BE"},
    {"name_cp1258", "cp1258", "windows-1258"},
    {"name_windows_1258", "Windows-1258", "windows-1258"},
    {"name_tcvn3", "TCVN3", "TCVN3"},
    {"name_unknown", "latin1", NULL},
    {"name_empty", "", NULL},
    {"name_long", "utf-8-with-a-very-long-name", NULL},
};

static void test_name(void **state)
{
    const struct name_case *c = *state;
    enum encoding e;
    assert_int_equal(encoding_by_name(str_of(c->in), &e), c->want != NULL);
    if (c->want) {
        assert_string_equal(encoding_name(e), c->want);
    }
}

static int open_all(void **state)
{
    (void)state;
    arena = arena_open(&mem_libc_hook);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

#define ROWS(cases, function)                                                            \
    for (size_t i = 0; i < COUNT_OF(cases); i++) {                                       \
        tests[n++] = (struct CMUnitTest){(cases)[i].name, function, NULL, NULL,          \
                                         (void *)(uintptr_t) & (cases)[i]};              \
    }

int main(void)
{
    static struct CMUnitTest
        tests[COUNT_OF(feed_cases) + COUNT_OF(mark_cases) + COUNT_OF(name_cases) + 6];
    size_t n = 0;

    ROWS(feed_cases, test_feed)
    ROWS(mark_cases, test_mark)
    ROWS(name_cases, test_name)
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_last_with_bytes);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_against_base);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_blocks);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_pass);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_long_text);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_long_bytes);
    return cmocka_run_group_tests(tests, open_all, close_all);
}

/* SHA-256 against the examples of FIPS 180-4, and its two paths against each other. */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct vector {
    const char *name, *in;
    size_t times; /* the input is `in`, so often */
    const char *want;
} vectors[] = {
    {"empty", "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"one_block", "abc", 1,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two_blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"four_lines",
     "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"million", "aaaaaaaaaa", 100000,
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void digest(enum sha256_path path, const void *p, size_t n, size_t piece,
                   char out[65])
{
    struct sha256 s;
    unsigned char raw[32];
    sha256_begin(&s);
    s.path = path;
    const char *from = p;
    while (n > 0) {
        size_t now = n < piece ? n : piece;
        sha256_add(&s, from, now);
        from += now;
        n -= now;
    }
    sha256_end(&s, raw);
    sha256_hex(raw, sizeof raw, out);
}

static bool can(enum sha256_path path)
{
    return path != SHA256_HARDWARE || sha256_has_hardware();
}

static const enum sha256_path paths[] = {SHA256_UNDECIDED, SHA256_PORTABLE,
                                         SHA256_HARDWARE};

static void vector_has_its_digest(void **state)
{
    const struct vector *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text in = text_in(a);
    for (size_t i = 0; i < t->times; i++) {
        text_add_z(&in, t->in);
    }
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        if (can(paths[i])) {
            char got[65];
            digest(paths[i], text_str(&in).p, in.n, 1 << 20, got);
            assert_string_equal(got, t->want);
        }
    }
    arena_close(a);
}

static void fill(unsigned char *p, size_t n)
{
    uint32_t x = 12345;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        p[i] = (unsigned char)(x >> 24);
    }
}

static void both_paths_agree_on_every_length(void **state)
{
    (void)state;
    unsigned char in[700];
    fill(in, sizeof in);
    for (size_t n = 0; n <= sizeof in && can(SHA256_HARDWARE); n++) {
        char portable[65], hardware[65];
        digest(SHA256_PORTABLE, in, n, n, portable);
        digest(SHA256_HARDWARE, in, n, n, hardware);
        assert_string_equal(portable, hardware);
    }
}

static void pieces_do_not_matter(void **state)
{
    (void)state;
    unsigned char in[10000];
    fill(in, sizeof in);
    char whole[65], pieces[65];
    digest(SHA256_UNDECIDED, in, sizeof in, sizeof in, whole);
    static const size_t sizes[] = {1, 3, 55, 56, 63, 64, 65, 127, 128, 4095, 4096, 4097};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        digest(SHA256_UNDECIDED, in, sizeof in, sizes[i], pieces);
        assert_string_equal(pieces, whole);
    }
}

static void hex_of_part_of_a_digest(void **state)
{
    (void)state;
    char out[9] = "????????";
    sha256_hex((const unsigned char[]){0x00, 0xAB, 0x9F}, 3, out);
    assert_string_equal(out, "00ab9f");
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(vectors) + 3];
    size_t n = 0;
    for (; n < COUNT_OF(vectors); n++) {
        tests[n] = (struct CMUnitTest){vectors[n].name, vector_has_its_digest, NULL, NULL,
                                       (void *)(uintptr_t)&vectors[n]};
    }
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(both_paths_agree_on_every_length);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(pieces_do_not_matter);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(hex_of_part_of_a_digest);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Slices, the text builder and the dictionary. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NONE SIZE_MAX

static const struct order_case {
    const char *name, *a, *b; /* NULL: no text */
    int want;
} orders[] = {
    {"order_equal", "htx", "htx", 0},
    {"order_empty", "", "", 0},
    {"order_no_text_is_not_the_empty_text", NULL, "", -1},
    {"order_no_text", NULL, NULL, 0},
    {"order_first_byte", "a1234567", "b1234567", -1},
    {"order_shorter_first", "ab", "abc", -1},
    {"order_bytes_are_unsigned", "z", "\xC4\x91", -1},
    {"order_three_middle", "axc", "ayc", -1},
    {"order_four_last", "abc1", "abc2", -1},
    {"order_eight_last", "abcdefg1", "abcdefg2", -1},
    {"order_nine_last", "abcdefgh1", "abcdefgh2", -1},
    {"order_sixteen_first", "1bcdefghijklmnop", "2bcdefghijklmnop", -1},
    {"order_long_last", "abcdefghijklmnopqrstuvwxy1", "abcdefghijklmnopqrstuvwxy2", -1},
    {"order_long_equal", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", 0},
};

static void order_and_equality(void **state)
{
    const struct order_case *t = *state;
    struct str a = str_of(t->a), b = str_of(t->b);
    assert_int_equal(str_cmp(a, b), t->want);
    assert_int_equal(str_cmp(b, a), -t->want);
    assert_true(str_eq(a, b) == (t->want == 0));
    assert_true(str_eq(b, a) == (t->want == 0));
    assert_true(t->want != 0 || str_hash(a) == str_hash(b));
}

/* Whatever single byte differs, in whatever length, equality and hash see it. */
static void every_byte_counts(void **state)
{
    (void)state;
    char a[40], b[40];
    memset(a, 'x', sizeof a);
    memset(b, 'x', sizeof b);
    for (size_t n = 1; n <= sizeof a; n++) {
        for (size_t i = 0; i < n; i++) {
            struct str s = {a, n}, other = {b, n};
            assert_true(str_eq(s, other));
            assert_true(str_hash(s) == str_hash(other));
            b[i] = 'y';
            assert_false(str_eq(s, other));
            assert_true(str_hash(s) != str_hash(other) || n < 4);
            b[i] = 'x';
        }
        assert_true(str_hash((struct str){a, n}) != str_hash((struct str){a, n - 1}));
    }
}

static const struct part_case {
    const char *name, *s, *part;
    bool starts, ends;
    size_t found;
} parts[] = {
    {"part_empty_in_empty", "", "", true, true, 0},
    {"part_empty", "abc", "", true, true, 0},
    {"part_in_empty", "", "a", false, false, NONE},
    {"part_start", "abcabc", "ab", true, false, 0},
    {"part_end", "abcabd", "abd", false, true, 3},
    {"part_whole", "abc", "abc", true, true, 0},
    {"part_longer_than_text", "abc", "abcd", false, false, NONE},
    {"part_after_false_starts", "aaaaab", "aab", false, true, 3},
    {"part_absent", "aaaaaa", "aab", false, false, NONE},
    {"part_one_byte", "abc", "c", false, true, 2},
    {"part_long", "0123456789abcdefghijklmnopqrstuvwxyz", "9abcdefghijklmnopqrs", false,
     false, 9},
};

static void parts_are_found(void **state)
{
    const struct part_case *t = *state;
    struct str s = str_of(t->s), part = str_of(t->part);
    assert_true(str_starts(s, part) == t->starts);
    assert_true(str_ends(s, part) == t->ends);
    assert_true(str_find(s, part) == t->found);
}

static const struct trim_case {
    const char *name, *in, *want;
} trims[] = {
    {"trim_nothing", "Kiên Giang", "Kiên Giang"},
    {"trim_ascii_blanks", " \t\r\n\v\fa b ", "a b"},
    {"trim_nbsp", "\xC2\xA0 12 \xC2\xA0\xC2\xA0", "12"},
    {"trim_all", " \xC2\xA0 ", ""},
    {"trim_empty", "", ""},
    {"trim_letter_that_ends_like_nbsp", "\xE1\xBA\xA0", "\xE1\xBA\xA0"},
    {"trim_half_nbsp_stays", "\xC2", "\xC2"},
};

static void blanks_are_trimmed(void **state)
{
    const struct trim_case *t = *state;
    assert_true(str_eq(str_trim(str_of(t->in)), str_of(t->want)));
}

static const struct nearest_case {
    const char *name, *wanted, *want; /* NULL: none */
} nearests[] = {
    {"nearest_swapped", "mmebers", "members"},
    {"nearest_left_out", "membrs", "members"},
    {"nearest_inserted", "toootal", "total"},
    {"nearest_replaced", "opaning", "opening"},
    {"nearest_same", "total", "total"},
    {"nearest_counts_code_points", "tồng_số", "tổng_số"},
    {"nearest_of_two_is_the_nearer", "total_newt", "total_new"},
    {"nearest_of_equals_is_the_first", "rowx", "rows"},
    {"nearest_too_far", "turnover", NULL},
    {"nearest_too_far_for_its_length", "tal", NULL},
    {"nearest_short_may_differ_by_one", "ix", "id"},
    {"nearest_shares_nothing", "z", NULL},
    {"nearest_to_nothing", "", NULL},
    {"nearest_to_a_monster",
     "0123456789012345678901234567890123456789012345678901234567890123456789", NULL},
};

static void nearest_name(void **state)
{
    const struct nearest_case *t = *state;
    const struct str names[] = {
        STR("opening"),
        STR("total_new_htx"),
        STR("total_new"),
        STR("total"),
        STR("members"),
        STR("tổng_số"),
        STR("rows"),
        STR("rowe"),
        STR("id"),
        STR("x"),
        STR("a_name_that_is_much_longer_than_sixty_four_code_points_and_so_is_left_"
            "alone"),
    };
    struct str got = str_nearest(str_of(t->wanted), names, COUNT_OF(names));
    assert_true(str_eq(got, str_of(t->want)));
}

static void cut_and_copy(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str s = STR("Đồng Tháp");
    assert_true(str_eq(str_cut(s, 0, s.n), s));
    assert_true(str_eq(str_cut(s, s.n - 3, s.n), STR("\xA1p") /* bytes, not letters */) ==
                false);
    assert_true(str_eq(str_cut(s, 0, 2), STR("Đ")));
    assert_true(str_eq(str_cut(s, 4, 4), STR("")));
    struct str copy = str_copy(a, str_cut(s, 0, 2));
    assert_ptr_not_equal(copy.p, s.p);
    assert_string_equal(copy.p, "Đ");
    assert_null(str_copy(a, STR_NONE).p);
    assert_string_equal(str_copy(a, STR("")).p, "");
    assert_null(str_of(NULL).p);
    arena_close(a);
}

static void builder_builds(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text t = text_in(a);
    assert_true(str_eq(text_str(&t), STR("")));
    text_add(&t, STR_NONE);
    text_add_z(&t, NULL);
    text_add_z(&t, "a");
    text_char(&t, '=');
    text_int(&t, INT64_MIN);
    text_char(&t, ' ');
    text_int(&t, INT64_MAX);
    text_char(&t, ' ');
    text_int(&t, 0);
    text_char(&t, ' ');
    text_uint(&t, UINT64_MAX);
    text_printf(&t, " [%s|%03d]", "x", 7);
    text_printf(&t, "%s", "");
    assert_true(str_eq(text_str(&t), STR("a=-9223372036854775808 9223372036854775807 0 "
                                         "18446744073709551615 [x|007]")));
    arena_close(a);
}

static void builder_grows(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text t = text_in(a), other = text_in(a);
    for (int i = 0; i < 20000; i++) {
        text_printf(&t, "%05d,", i);
        text_char(&other, 'x');
    }
    assert_true(t.n == 120000 && other.n == 20000);
    assert_true(str_ends(text_str(&t), STR("19998,19999,")));
    assert_true(str_starts(text_str(&t), STR("00000,00001,")));
    arena_close(a);
}

static struct str name_of(uint32_t i, char room[64])
{
    /* lengths 1 .. 39, both sides of what fits an entry */
    size_t n = 0;
    for (uint32_t left = i; n == 0 || left > 0; left /= 10) {
        room[n++] = (char)('0' + left % 10);
    }
    for (size_t more = i * 2654435761u % 32; more > 0; more--) {
        room[n++] = '.';
    }
    return (struct str){room, n};
}

static void dictionary_counts_in_order_of_appearance(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct dict *d = dict_new(a);
    char room[64];
    const uint32_t many = 100000;
    assert_true(dict_count(d) == 0);
    assert_true(dict_find(d, STR("x")) == DICT_NONE);
    for (uint32_t i = 0; i < many; i++) {
        assert_int_equal(dict_add(d, name_of(i, room)), i);
        assert_int_equal(dict_add(d, name_of(i / 2, room)), i / 2);
    }
    assert_int_equal(dict_count(d), many);
    for (uint32_t i = 0; i < many; i++) {
        uint32_t id = (uint32_t)((uint64_t)i * 7919 % many);
        struct str name = name_of(id, room);
        assert_int_equal(dict_find(d, name), id);
        assert_int_equal(dict_add(d, name), id);
        assert_true(str_eq(dict_str(d, id), name));
    }
    assert_true(dict_find(d, STR("absent")) == DICT_NONE);
    assert_int_equal(dict_count(d), many);
    arena_close(a);
}

static void dictionary_takes_many_as_one_by_one(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct dict *one = dict_new(a), *many = dict_new(a);
    static char room[1000][64];
    struct str texts[1000];
    uint32_t ids[1000];
    uint32_t x = 7;
    for (uint32_t pass = 0; pass < 60; pass++) {
        for (uint32_t i = 0; i < COUNT_OF(texts); i++) {
            x = x * 1664525 + 1013904223;
            bool is_in_order = pass % 3 == 0;
            texts[i] = name_of(is_in_order ? i : x >> 18, room[i]);
        }
        size_t n = pass == 5 ? 0 : pass == 6 ? 1 : COUNT_OF(texts) - pass;
        dict_add_many(many, texts, n, ids);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(ids[i], dict_add(one, texts[i]));
        }
        assert_int_equal(dict_count(one), dict_count(many));
    }
    arena_close(a);
}

static void dictionary_texts_stay_where_they_are(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct dict *d = dict_new(a);
    char room[64];
    const char *kept[1000];
    for (uint32_t i = 0; i < COUNT_OF(kept); i++) {
        kept[i] = dict_str(d, dict_add(d, name_of(i, room))).p;
    }
    for (uint32_t i = 0; i < 50000; i++) {
        dict_add(d, name_of(i, room));
    }
    for (uint32_t i = 0; i < COUNT_OF(kept); i++) {
        assert_ptr_equal(dict_str(d, i).p, kept[i]);
    }
    arena_close(a);
}

static void dictionary_takes_texts_of_every_size(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct dict *d = dict_new(a);
    struct text t = text_in(a);
    for (uint32_t n = 0; n < 300000; n += n / 4 + 1) {
        while (t.n < n) {
            text_char(&t, (char)('a' + t.n % 26));
        }
        struct str s = {text_str(&t).p, n};
        uint32_t id = dict_add(d, s);
        assert_true(id == dict_count(d) - 1);
        assert_true(str_eq(dict_str(d, id), s));
        assert_true(dict_find(d, s) == id);
    }
    arena_close(a);
}

static void dictionary_sees_empty_texts_and_nul(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct dict *d = dict_new(a);
    assert_int_equal(dict_add(d, STR("a\0b")), 0);
    assert_int_equal(dict_add(d, STR("")), 1);
    assert_int_equal(dict_add(d, STR("a\0c")), 2);
    assert_int_equal(dict_add(d, STR("\0")), 3);
    assert_int_equal(dict_find(d, STR("a\0b")), 0);
    assert_int_equal(dict_find(d, STR("")), 1);
    assert_int_equal(dict_find(d, STR("a")), DICT_NONE);
    arena_close(a);
}

static void hashes_of_similar_texts_spread(void **state)
{
    (void)state;
    uint32_t seen[1024] = {0};
    char room[] = "HTX-0000000";
    for (uint32_t i = 0; i < 102400; i++) {
        uint32_t left = i;
        for (size_t at = sizeof room - 2; at > 3; at--, left /= 10) {
            room[at] = (char)('0' + left % 10);
        }
        seen[str_hash((struct str){room, sizeof room - 1}) % 1024]++;
    }
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        assert_in_range(seen[i], 50, 160); /* 100 expected, standard deviation 10 */
    }
}

enum {
    N_ORDERS = COUNT_OF(orders),
    N_PARTS = COUNT_OF(parts),
    N_TRIMS = COUNT_OF(trims),
    N_NEARESTS = COUNT_OF(nearests),
};

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(cut_and_copy),
        cmocka_unit_test(builder_builds),
        cmocka_unit_test(builder_grows),
        cmocka_unit_test(dictionary_counts_in_order_of_appearance),
        cmocka_unit_test(dictionary_takes_many_as_one_by_one),
        cmocka_unit_test(dictionary_texts_stay_where_they_are),
        cmocka_unit_test(dictionary_takes_texts_of_every_size),
        cmocka_unit_test(dictionary_sees_empty_texts_and_nul),
        cmocka_unit_test(hashes_of_similar_texts_spread),
    };
    struct CMUnitTest tests[N_ORDERS + N_PARTS + N_TRIMS + N_NEARESTS + COUNT_OF(others)];
    size_t n = 0;
    for (size_t i = 0; i < N_ORDERS; i++) {
        tests[n++] = row(orders[i].name, order_and_equality, &orders[i]);
    }
    for (size_t i = 0; i < N_PARTS; i++) {
        tests[n++] = row(parts[i].name, parts_are_found, &parts[i]);
    }
    for (size_t i = 0; i < N_TRIMS; i++) {
        tests[n++] = row(trims[i].name, blanks_are_trimmed, &trims[i]);
    }
    for (size_t i = 0; i < N_NEARESTS; i++) {
        tests[n++] = row(nearests[i].name, nearest_name, &nearests[i]);
    }
    memcpy(tests + n, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

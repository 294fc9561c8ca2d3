/* UTF-8 texts. Most rows are written with escapes, since what differs cannot be seen. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <utf8proc.h>

#include <cmocka.h>

#define NONE SIZE_MAX

static const struct invalid_case {
    const char *name, *in;
    size_t at; /* of the first invalid byte */
} invalids[] = {
    {"valid_empty", "", NONE},
    {"valid_ascii", "The quick brown fox", NONE},
    {"valid_vietnamese", "Hợp tác xã nông nghiệp Mỹ Thành Nam", NONE},
    {"valid_four_bytes", "\xF0\x9F\x8C\xBE\xF4\x8F\xBF\xBF", NONE},
    {"valid_edges", "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80", NONE},
    {"invalid_tail_alone", "ab\x80", 2},
    {"invalid_behind_ascii_words", "0123456789abcdef\xFFz", 16},
    {"invalid_behind_letters", "\xC4\x90\xE1\xBB\x93ng\xE1\xBBX", 7},
    {"invalid_overlong_two", "\xC0\xAF", 0},
    {"invalid_overlong_two_last", "a\xC1\xBF", 1},
    {"invalid_overlong_three", "\xE0\x9F\xBF", 0},
    {"invalid_overlong_four", "\xF0\x8F\xBF\xBF", 0},
    {"invalid_surrogate_first", "\xED\xA0\x80", 0},
    {"invalid_surrogate_last", "\xED\xBF\xBF", 0},
    {"valid_before_surrogates", "\xED\x9F\xBF", NONE},
    {"valid_behind_surrogates", "\xEE\x80\x80", NONE},
    {"invalid_above_last", "\xF4\x90\x80\x80", 0},
    {"invalid_lead_f5", "\xF5\x80\x80\x80", 0},
    {"invalid_cut_two", "\xC4", 0},
    {"invalid_cut_three", "x\xE1\xBB", 1},
    {"invalid_cut_four", "\xF0\x9F\x8C", 0},
    {"invalid_windows_1252", "Ki\xEAn Giang", 2},
};

static void first_invalid_byte(void **state)
{
    const struct invalid_case *t = *state;
    assert_true(utf8_invalid(str_of(t->in)) == t->at);
}

static const struct next_case {
    const char *name, *in;
    uint32_t want[6];
    size_t n, width;
} nexts[] = {
    {"next_ascii", "a1", {'a', '1'}, 2, 2},
    {"next_two_three_four",
     "\xC4\x90\xE1\xBB\x93\xF0\x9F\x8C\xBE",
     {0x110, 0x1ED3, 0x1F33E},
     3,
     4},
    {"next_steps_over_one_bad_byte",
     "\xE1\xBBX\xFFY",
     {UTF8_BAD, UTF8_BAD, 'X', UTF8_BAD, 'Y'},
     5,
     5},
    {"next_combining_has_no_width", "e\xCC\x81", {'e', 0x301}, 2, 1},
    {"next_wide", "\xE7\xA8\xBB\xE7\xB1\xB3", {0x7A3B, 0x7C73}, 2, 4},
    {"next_control_has_no_width", "a\tb\x7F", {'a', '\t', 'b', 0x7F}, 4, 2},
    {"next_nothing", "", {0}, 0, 0},
};

static void code_points_and_width(void **state)
{
    const struct next_case *t = *state;
    struct str s = str_of(t->in);
    size_t at = 0;
    for (size_t i = 0; i < t->n; i++) {
        assert_int_equal(utf8_next(s, &at), t->want[i]);
    }
    assert_true(at == s.n);
    assert_true(utf8_length(s) == t->n);
    assert_true(utf8_width(s) == t->width);
}

static void every_code_point_survives_a_round_trip(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF) {
            continue;
        }
        char bytes[4];
        struct str s = {bytes, utf8_put(cp, bytes)};
        size_t at = 0;
        if (utf8_next(s, &at) != cp || at != s.n || utf8_invalid(s) != NONE) {
            fail_msg("U+%04X does not survive", (unsigned)cp);
        }
    }
}

static void decoding_agrees_with_utf8proc(void **state)
{
    (void)state;
    for (uint32_t x = 0; x < 0x10000; x++) {
        static const unsigned char leads[] = {'a',  0xC1, 0xDF, 0xE0, 0xE1, 0xED,
                                              0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF};
        for (size_t i = 0; i < COUNT_OF(leads); i++) {
            unsigned char bytes[] = {leads[i], (unsigned char)(x >> 8), (unsigned char)x,
                                     0x80};
            struct str s = {(const char *)bytes, sizeof bytes};
            int32_t want;
            ptrdiff_t n = utf8proc_iterate(bytes, sizeof bytes, &want);
            size_t at = 0;
            uint32_t got = utf8_next(s, &at);
            assert_true(got == (n > 0 ? (uint32_t)want : UTF8_BAD));
            assert_true(at == (n > 0 ? (size_t)n : 1));
        }
    }
}

static void classes_of_code_points(void **state)
{
    (void)state;
    static const uint32_t bidi[] = {0x61C,  0x200E, 0x200F, 0x202A,
                                    0x202E, 0x2066, 0x2069};
    for (size_t i = 0; i < COUNT_OF(bidi); i++) {
        assert_true(utf8_is_bidi_control(bidi[i]));
    }
    static const uint32_t not_bidi[] = {' ',    0x200D, 0x2010, 0x2029,
                                        0x202F, 0x2065, 0x206A};
    for (size_t i = 0; i < COUNT_OF(not_bidi); i++) {
        assert_false(utf8_is_bidi_control(not_bidi[i]));
    }
    static const uint32_t controls[] = {0, '\t', 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F};
    for (size_t i = 0; i < COUNT_OF(controls); i++) {
        assert_true(utf8_is_control(controls[i]));
    }
    static const uint32_t not_controls[] = {' ', 0x7E, 0xA0, 0x110, UTF8_BAD};
    for (size_t i = 0; i < COUNT_OF(not_controls); i++) {
        assert_false(utf8_is_control(not_controls[i]));
    }
    assert_true(utf8_is_ascii(STR("")));
    assert_true(utf8_is_ascii(STR("0123456789\x7F")));
    assert_false(utf8_is_ascii(STR("01234567\x80")));
    assert_false(utf8_is_ascii(STR("01\x80"
                                   "34567890")));
}

typedef struct str map_function(struct arena *a, struct str s);

static const struct map_case {
    const char *name;
    map_function *map;
    const char *in, *want;
} maps[] = {
    {"nfc_composes", utf8_nfc,
     "Ho\xCC\x9B\xCC\xA3p ta\xCC\x81"
     "c",
     "Hợp tác"},
    {"nfc_orders_marks", utf8_nfc, "e\xCC\xA3\xCC\x82", "ệ"},
    {"nfc_orders_marks_either_way", utf8_nfc, "e\xCC\x82\xCC\xA3", "ệ"},
    {"nfc_replaces_kelvin", utf8_nfc, "\xE2\x84\xAA", "K"},
    {"nfc_leaves_invalid", utf8_nfc, "\xE1\xBB\xCC\x81", "\xE1\xBB\xCC\x81"},
    {"nfc_hangul", utf8_nfc, "\xE1\x84\x80\xE1\x85\xA1", "\xEA\xB0\x80"},
    {"lower_vietnamese", utf8_lower, "ĐỒNG THÁP Ự", "đồng tháp ự"},
    {"lower_ascii", utf8_lower, "HTX-01", "htx-01"},
    {"lower_keeps_bad_bytes", utf8_lower,
     "A\xFF"
     "B",
     "a\xFF"
     "b"},
    {"upper_vietnamese", utf8_upper, "kiên giang ữ", "KIÊN GIANG Ữ"},
    {"upper_empty", utf8_upper, "", ""},

    {"fold_ascii", str_fold, "Unit_Code", "unit_code"},
    {"fold_ascii_blanks", str_fold, " \t Unit \r\n  Code  ", "unit code"},
    {"fold_only_blanks", str_fold, " \t ", ""},
    {"fold_empty", str_fold, "", ""},
    {"fold_case", str_fold, "KIÊN GIANG", "kiên giang"},
    {"fold_decomposed", str_fold, "Kie\xCC\x82n Giang", "kiên giang"},
    {"fold_decomposed_capital_with_horn", str_fold, "O\xCC\x9B\xCC\xA3", "ợ"},
    {"fold_nbsp", str_fold, "Ki\xC3\xAAn\xC2\xA0Giang\xC2\xA0", "kiên giang"},
    {"fold_narrow_nbsp_and_ideographic", str_fold,
     "1\xE2\x80\xAF\xE3\x80\x80"
     "000",
     "1 000"},
    {"fold_zero_width", str_fold, "Ki\xE2\x80\x8B\xC3\xAA\xE2\x80\x8Dn\xEF\xBB\xBF",
     "kiên"},
    {"fold_zero_width_between_letter_and_mark", str_fold, "e\xE2\x80\x8B\xCC\x81", "é"},
    {"fold_zero_width_between_blanks", str_fold, "a \xE2\x80\x8B b", "a b"},
    {"fold_soft_hyphen", str_fold, "nghi\xC2\xADp \xC3\xA0", "nghip à"},
    {"fold_only_zero_width", str_fold, "\xE2\x80\x8B", ""},
    {"fold_bidi_marks", str_fold,
     "\xE2\x80\x8E"
     "A\xE2\x80\xAC",
     "a"},
    {"fold_eth_as_d", str_fold, "\xC3\x90\xE1\xBB\x93ng", "đồng"},
    {"fold_small_eth_as_d", str_fold, "\xC3\xB0\xE1\xBB\x93ng", "đồng"},
    {"fold_african_d_as_d", str_fold, "\xC6\x89\xE1\xBB\x93ng", "đồng"},
    {"fold_small_african_d_as_d", str_fold, "\xC9\x96\xE1\xBB\x93ng", "đồng"},
    {"fold_sharp_s", str_fold,
     "Stra\xC3\x9F"
     "e",
     "strasse"},
    {"fold_bad_byte", str_fold, "A\xFF", "a\xEF\xBF\xBD"},

    {"tone_oa_grave", str_fold, "Hòa", "hoà"},
    {"tone_oa_grave_is_kept", str_fold, "Hoà", "hoà"},
    {"tone_oa_acute", str_fold, "HÓA", "hoá"},
    {"tone_oa_hook", str_fold, "thỏa", "thoả"},
    {"tone_oa_tilde", str_fold, "dõa", "doã"},
    {"tone_oa_dot", str_fold, "họa", "hoạ"},
    {"tone_oe_grave", str_fold, "xòe", "xoè"},
    {"tone_oe_acute", str_fold, "lóe", "loé"},
    {"tone_oe_hook", str_fold, "khỏe", "khoẻ"},
    {"tone_oe_tilde", str_fold, "bõe", "boẽ"},
    {"tone_oe_dot", str_fold, "họe", "hoẹ"},
    {"tone_uy_grave", str_fold, "thùy", "thuỳ"},
    {"tone_uy_acute", str_fold, "THÚY", "thuý"},
    {"tone_uy_hook", str_fold, "thủy", "thuỷ"},
    {"tone_uy_tilde", str_fold, "lũy", "luỹ"},
    {"tone_uy_dot", str_fold, "thụy", "thuỵ"},
    {"tone_decomposed", str_fold,
     "Ho\xCC\x80"
     "a",
     "hoà"},
    {"tone_behind_q_stays", str_fold, "Qúy", "qúy"},
    {"tone_usual_behind_q", str_fold, "Quý", "quý"},
    {"tone_closed_syllable", str_fold, "hòan", "hoàn"},
    {"tone_twice", str_fold, "Hòa Thủy", "hoà thuỷ"},
    {"tone_of_other_pairs_stays", str_fold, "mía của bèo lúa", "mía của bèo lúa"},
    {"tone_beside_circumflex_stays", str_fold, "thuở loài khuấy", "thuở loài khuấy"},
    {"tone_before_a_further_mark_stays", str_fold,
     "\xC3\xB2"
     "a\xCC\xB1",
     "\xC3\xB2"
     "a\xCC\xB1"},
    {"tone_at_the_end_alone", str_fold, "cò", "cò"},
};

static void text_maps_to(void **state)
{
    const struct map_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str got = t->map(a, str_of(t->in));
    if (!str_eq(got, str_of(t->want))) {
        fail_msg("got \"" STR_FMT "\", want \"%s\"", STR_ARG(got), t->want);
    }
    struct str again = t->map(a, got);
    assert_true(str_eq(again, got));
    arena_close(a);
}

/* Plain letters take a way of their own; a sigma at the end sends them the long way. */
static void both_ways_of_folding_agree(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    for (uint32_t cp = 0x21; cp < 0x2000; cp++) {
        char bytes[8];
        size_t n = utf8_put(cp, bytes);
        struct str alone = str_fold(a, (struct str){bytes, n});
        n += utf8_put(0x3C3, bytes + n);
        struct str beside = str_fold(a, (struct str){bytes, n});
        if (!str_eq(alone, str_cut(beside, 0, beside.n - 2))) {
            fail_msg("U+%04X", (unsigned)cp);
        }
        arena_reset(a);
    }
    struct text t = text_in(a), want = text_in(a);
    for (int i = 0; i < 1000; i++) {
        text_add(&t, STR("  ĐỒNG Thủy"));
        text_add(&want, i ? STR(" đồng thuỷ") : STR("đồng thuỷ"));
    }
    assert_true(str_eq(str_fold(a, text_str(&t)), text_str(&want)));
    arena_close(a);
}

static void nfc_gives_back_what_is_nfc(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    static const char *const texts[] = {"", "abc", "Đồng Tháp", "ｗｉｄｅ", "\xFF"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_ptr_equal(utf8_nfc(a, str_of(texts[i])).p, texts[i]);
    }
    assert_null(utf8_nfc(a, STR_NONE).p);
    arena_close(a);
}

static void no_text_stays_no_text(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    assert_null(str_fold(a, STR_NONE).p);
    assert_null(utf8_lower(a, STR_NONE).p);
    assert_null(utf8_upper(a, STR_NONE).p);
    assert_non_null(str_fold(a, STR("")).p);
    assert_non_null(utf8_lower(a, STR("")).p);
    arena_close(a);
}

/* Letters that meet every rule of folding, three at a time. */
static void folding_twice_is_folding_once(void **state)
{
    (void)state;
    static const uint32_t letters[] = {
        'a',  'O',    'q',   'u',   'Y',   ' ',   0x301,  0xF2,   0x1EE7, 0xDF,  0xD0,
        0xA0, 0x200B, 0x323, 0x130, 0x345, 0x3C2, 0xAC00, 0x11A8, 0x1E9B, 0x1F88};
    struct arena *a = arena_open(&mem_libc_hook);
    size_t n = COUNT_OF(letters);
    for (size_t i = 0; i < n * n * n; i++) {
        char bytes[12];
        size_t at = utf8_put(letters[i % n], bytes);
        at += utf8_put(letters[i / n % n], bytes + at);
        at += utf8_put(letters[i / n / n], bytes + at);
        struct str once = str_fold(a, (struct str){bytes, at});
        struct str twice = str_fold(a, once);
        if (!str_eq(once, twice)) {
            fail_msg("U+%04X U+%04X U+%04X", (unsigned)letters[i % n],
                     (unsigned)letters[i / n % n], (unsigned)letters[i / n / n]);
        }
        arena_reset(a);
    }
    arena_close(a);
}

enum {
    N_INVALIDS = COUNT_OF(invalids),
    N_NEXTS = COUNT_OF(nexts),
    N_MAPS = COUNT_OF(maps),
};

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(every_code_point_survives_a_round_trip),
        cmocka_unit_test(decoding_agrees_with_utf8proc),
        cmocka_unit_test(classes_of_code_points),
        cmocka_unit_test(both_ways_of_folding_agree),
        cmocka_unit_test(nfc_gives_back_what_is_nfc),
        cmocka_unit_test(no_text_stays_no_text),
        cmocka_unit_test(folding_twice_is_folding_once),
    };
    struct CMUnitTest tests[N_INVALIDS + N_NEXTS + N_MAPS + COUNT_OF(others)];
    size_t n = 0;
    for (size_t i = 0; i < N_INVALIDS; i++) {
        tests[n++] = row(invalids[i].name, first_invalid_byte, &invalids[i]);
    }
    for (size_t i = 0; i < N_NEXTS; i++) {
        tests[n++] = row(nexts[i].name, code_points_and_width, &nexts[i]);
    }
    for (size_t i = 0; i < N_MAPS; i++) {
        tests[n++] = row(maps[i].name, text_maps_to, &maps[i]);
    }
    memcpy(tests + n, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

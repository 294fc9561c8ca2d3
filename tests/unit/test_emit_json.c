/* JSON pieces: what a text becomes, and where commas go. */
#include "base/utf8.h"
#include "report/emit_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define S(literal) {(literal), sizeof(literal) - 1}
#define BAD "\xEF\xBF\xBD"

static const struct text_case {
    const char *name;
    struct str in;
    const char *want;
} cases[] = {
    {"absent_is_null", {NULL, 0}, "null"},
    {"empty", S(""), "\"\""},
    {"ascii", S("The quick brown fox"), "\"The quick brown fox\""},
    {"vietnamese_as_it_is", S("Hợp tác xã"), "\"Hợp tác xã\""},
    {"decomposed_as_it_is", S("Kie\xCC\x82n"), "\"Kie\xCC\x82n\""},
    {"four_bytes_as_they_are", S("\xF0\x9F\x8C\xBE"), "\"\xF0\x9F\x8C\xBE\""},
    {"noncharacter_as_it_is", S("\xEF\xBF\xBF"), "\"\xEF\xBF\xBF\""},
    {"quote", S("a\"b"), "\"a\\\"b\""},
    {"backslash", S("a\\b\\"), "\"a\\\\b\\\\\""},
    {"slash_as_it_is", S("a/b"), "\"a/b\""},
    {"short_escapes", S("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
    {"nul", S("a\0b"), "\"a\\u0000b\""},
    {"escape", S("\x1b[31m"), "\"\\u001b[31m\""},
    {"last_of_c0", S("\x1f "), "\"\\u001f \""},
    {"del", S("~\x7f"), "\"~\\u007f\""},
    {"first_and_last_of_c1", S("\xC2\x80\xC2\x9F\xC2\xA0"), "\"\\u0080\\u009f\xC2\xA0\""},
    {"line_separator", S("a\xE2\x80\xA8""b"), "\"a\\u2028b\""},
    {"paragraph_separator", S("\xE2\x80\xA9"), "\"\\u2029\""},
    {"before_and_behind_separators", S("\xE2\x80\xA7\xE2\x80\xAA"), "\"\xE2\x80\xA7\xE2\x80\xAA\""},
    {"bad_byte", S("Ki\xEAn"), "\"Ki" BAD "n\""},
    {"bad_tail", S("\x80\xBF"), "\"" BAD BAD "\""},
    {"cut_at_the_end", S("\xE1\xBB"), "\"" BAD BAD "\""},
    {"overlong_quote", S("\xC0\xA2"), "\"" BAD BAD "\""},
    {"surrogate", S("\xED\xA0\x80"), "\"" BAD BAD BAD "\""},
    {"above_the_last", S("\xF4\x90\x80\x80"), "\"" BAD BAD BAD BAD "\""},
    {"bad_byte_before_a_quote", S("\xFF\""), "\"" BAD "\\\"\""},
};
/* clang-format on */

static void text_becomes(void **state)
{
    const struct text_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text out = text_in(a);
    struct json j = json_to(&out);
    json_text(&j, c->in);
    assert_int_equal(out.n, strlen(c->want));
    assert_memory_equal(out.p, c->want, out.n);
    arena_close(a);
}

static void commas_stand_between_values_only(void **state)
{
    (void)state;
    static const char want[] =
        "{\"a\":[],\"b\":[1,2,{\"c\":null},{}],\"\\\"\":true,\"d\":false,"
        "\"e\":18446744073709551615,\"f\":null,\"g\":\"\"}";
    struct arena *a = arena_open(&mem_libc_hook);
    struct text out = text_in(a);
    struct json j = json_to(&out);
    json_open(&j, '{');
    json_name(&j, STR("a"));
    json_open(&j, '[');
    json_close(&j, ']');
    json_name(&j, STR("b"));
    json_open(&j, '[');
    json_uint(&j, 1);
    json_uint(&j, 2);
    json_open(&j, '{');
    json_name(&j, STR("c"));
    json_null(&j);
    json_close(&j, '}');
    json_open(&j, '{');
    json_close(&j, '}');
    json_close(&j, ']');
    json_name(&j, STR("\""));
    json_bool(&j, true);
    json_name(&j, STR("d"));
    json_bool(&j, false);
    json_name(&j, STR("e"));
    json_uint(&j, UINT64_MAX);
    json_name(&j, STR("f"));
    json_text(&j, STR_NONE);
    json_name(&j, STR("g"));
    json_text(&j, STR(""));
    json_close(&j, '}');
    assert_int_equal(out.n, sizeof want - 1);
    assert_memory_equal(out.p, want, out.n);
    arena_close(a);
}

/* All two-byte texts: one line, valid UTF-8, no control character, whatever came in. */
static void any_bytes_give_one_clean_line(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text out = text_in(a);
    for (unsigned i = 0; i < 0x10000; i++) {
        char bytes[2] = {(char)(i >> 8), (char)(i & 0xFF)};
        struct json j = json_to(&out);
        out.n = 0;
        json_text(&j, (struct str){bytes, 2});
        assert_int_equal(utf8_invalid(text_str(&out)), SIZE_MAX);
        for (size_t at = 0; at < out.n;) {
            assert_false(utf8_is_control(utf8_next(text_str(&out), &at)));
        }
    }
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest single[] = {
        cmocka_unit_test(commas_stand_between_values_only),
        cmocka_unit_test(any_bytes_give_one_clean_line),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(single)] = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = row(cases[i].name, text_becomes, &cases[i]);
    }
    memcpy(tests + COUNT_OF(cases), single, sizeof single);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Places in registered texts. */
#include "base/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct place_case {
    const char *name, *text;
    uint32_t at, line, column;
    const char *line_text;
    uint32_t offset;
} places[] = {
    {"first_byte", "ab\ncd", 0, 1, 1, "ab", 0},
    {"line_end_belongs_to_its_line", "ab\ncd", 2, 1, 3, "ab", 2},
    {"second_line", "ab\ncd", 3, 2, 1, "cd", 0},
    {"end_of_the_text", "ab\ncd", 5, 2, 3, "cd", 2},
    {"behind_the_text", "ab\ncd", 99, 2, 3, "cd", 2},
    {"last_line_is_empty", "ab\n", 3, 2, 1, "", 0},
    {"empty_text", "", 0, 1, 1, "", 0},
    {"empty_lines", "\n\n\nx", 2, 3, 1, "", 0},
    {"crlf_is_no_part_of_the_line", "ab\r\ncd\r\n", 5, 2, 2, "cd", 1},
    {"carriage_return_of_a_line_end", "ab\r\ncd", 2, 1, 3, "ab", 2},
    {"line_feed_of_a_line_end", "ab\r\ncd", 3, 1, 3, "ab", 2},
    {"columns_are_code_points", "tỉnh Đồng Tháp = 1", 22, 1, 17, "tỉnh Đồng Tháp = 1",
     22},
    {"byte_order_mark_is_no_column",
     "\xEF\xBB\xBF"
     "ab",
     4, 1, 2, "ab", 1},
    {"inside_the_byte_order_mark",
     "\xEF\xBB\xBF"
     "ab",
     1, 1, 1, "ab", 0},
    {"bytes_that_are_not_utf8_count_one",
     "\xFF\xFE"
     "a",
     2, 1, 3,
     "\xFF\xFE"
     "a",
     2},
};

static void place_is_found(void **state)
{
    const struct place_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct sources *s = sources_new(a);
    uint32_t src = sources_add(s, STR("rules.soat"), str_of(t->text));
    struct line_place got = source_place(s, (struct span){src, t->at, t->at + 1});
    assert_int_equal(got.line, t->line);
    assert_int_equal(got.column, t->column);
    assert_true(str_eq(got.text, str_of(t->line_text)));
    assert_int_equal(got.offset, t->offset);
    arena_close(a);
}

static void sources_are_copied_and_numbered(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct sources *s = sources_new(a);
    assert_int_equal(sources_count(s), 0);
    for (uint32_t i = 0; i < 100; i++) {
        char path[] = "00.soat", text[] = "line 00\n";
        path[0] = text[5] = (char)('0' + i / 10);
        path[1] = text[6] = (char)('0' + i % 10);
        assert_int_equal(sources_add(s, str_of(path), str_of(text)), i);
    }
    assert_int_equal(sources_count(s), 100);
    assert_true(str_eq(source_path(s, 42), STR("42.soat")));
    assert_true(str_eq(source_text(s, 42), STR("line 42\n")));
    assert_int_equal(sources_add(s, STR_NONE, STR_NONE), 100);
    assert_non_null(source_text(s, 100).p);
    arena_close(a);
}

static void every_line_of_a_long_text_is_found(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text t = text_in(a);
    for (uint32_t i = 0; i < 3000; i++) {
        text_printf(&t, "%04u\n", (unsigned)i);
    }
    struct sources *s = sources_new(a);
    sources_add(s, STR("long"), text_str(&t));
    for (uint32_t at = 0; at < t.n; at++) {
        struct line_place got = source_place(s, (struct span){0, at, at});
        assert_true(got.line == at / 5 + 1 && got.column == at % 5 + 1);
    }
    arena_close(a);
}

static void spans_join(void **state)
{
    (void)state;
    struct span a = {1, 5, 8}, b = {1, 10, 12};
    struct span joined = span_join(a, b);
    assert_true(joined.src == 1 && joined.lo == 5 && joined.hi == 12);
    assert_true(span_join(SPAN_NONE, b).lo == 10);
    assert_true(span_join(a, SPAN_NONE).hi == 8);
    assert_true(span_is_none(span_join(SPAN_NONE, SPAN_NONE)));
    assert_true(span_is_none(SPAN_NONE) && !span_is_none(a));
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(places) + 3];
    size_t n = 0;
    for (; n < COUNT_OF(places); n++) {
        tests[n] = (struct CMUnitTest){places[n].name, place_is_found, NULL, NULL,
                                       (void *)(uintptr_t)&places[n]};
    }
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(sources_are_copied_and_numbered);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_line_of_a_long_text_is_found);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(spans_join);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

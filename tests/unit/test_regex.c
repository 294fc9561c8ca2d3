/* Whole-cell patterns. `want`: y, n, l (limit), or e and the offset where a pattern does
 * not compile. */
#include "eval/regex.h"
#include "eval_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MANY_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct regex_case {
    const char *name, *pattern, *subject, *want;
} cases[] = {
    {"the_whole_cell", "[0-9]{2}", "12", "y"},
    {"not_a_part", "[0-9]{2}", "123", "n"},
    {"not_a_part_at_the_end", "[0-9]{2}", "a12", "n"},
    {"the_longer_alternative", "a|ab", "ab", "y"},
    {"empty_cell", "a*", "", "y"},
    {"letters_of_any_language", "\\p{L}+", "Đề", "y"},
    {"word_characters_are_letters", "\\w+", "ệ", "y"},
    {"one_character_not_byte", ".", "ệ", "y"},
    {"dollar_is_the_very_end", "a$", "a\n", "n"},
    {"case_matters", "a", "A", "n"},
    {"but_can_be_waived", "(?i)đ", "Đ", "y"},
    {"unclosed_group", "a(b", "x", "e3"},
    {"no_single_bytes", "\\C", "x", "e2"},
    {"repeats_nothing", "*a", "x", "e0"},
    {"a_limit_is_no_answer", "(a+)+[bc]", MANY_A "d", "l"},
    {"much_text_is_no_limit", "[a ]*", MANY_A MANY_A MANY_A MANY_A, "y"},
};

static void matches(void **state)
{
    static const char *const answers[] = {
        [REGEX_NO] = "n", [REGEX_YES] = "y", [REGEX_LIMIT] = "l"};
    const struct regex_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str error = STR_NONE;
    size_t offset = 0;
    struct regex *r = regex_new(a, str_of(c->pattern), &error, &offset);

    if (r == NULL) {
        struct text t = text_in(a);
        text_printf(&t, "e%u", (unsigned)offset);
        assert_string_equal(eval_z(a, text_str(&t)), c->want);
        assert_true(error.n > 0);
    } else {
        assert_string_equal(answers[regex_match(r, str_of(c->subject))], c->want);
        regex_close(r);
    }
    arena_close(a);
}

static void a_pattern_may_be_too_long(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text t = text_in(a);
    struct str error = STR_NONE;
    size_t offset;

    for (int i = 0; i <= REGEX_PATTERN_MAX; i++) {
        text_char(&t, 'a');
    }
    assert_null(regex_new(a, text_str(&t), &error, &offset));
    assert_true(error.n > 0);
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + 1] = {
        cmocka_unit_test(a_pattern_may_be_too_long)};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i + 1] = (struct CMUnitTest){.name = cases[i].name,
                                           .test_func = matches,
                                           .initial_state = (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

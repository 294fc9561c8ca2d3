/* Options: which values they take, what is said about the others; patterns over check
 * ids. */
#include "run/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct pattern_case {
    const char *name, *pattern, *text;
    bool fits;
} patterns[] = {
    {"pattern_literal", "htx_balance", "htx_balance", true},
    {"pattern_is_the_whole_id", "htx", "htx_balance", false},
    {"pattern_empty_fits_empty", "", "", true},
    {"pattern_empty_fits_nothing_else", "", "a", false},
    {"pattern_star_fits_all", "*", "report.htx.required", true},
    {"pattern_star_fits_empty", "*", "", true},
    {"pattern_star_in_front", "*.required", "report.htx.required", true},
    {"pattern_star_behind", "report.*", "report.htx.required", true},
    {"pattern_star_in_between", "report.*.required", "report.htx.required", true},
    {"pattern_star_needs_the_rest", "report.*.type", "report.htx.required", false},
    {"pattern_star_takes_the_right_one", "*ab", "aab", true},
    {"pattern_two_stars_back_up", "*a*b", "xaxaxbxb", true},
    {"pattern_question_mark", "s?m", "sum", true},
    {"pattern_question_mark_is_one", "s?m", "sm", false},
    {"pattern_question_mark_is_a_code_point", "s?m", "sừm", true},
    {"pattern_case_matters", "Sum", "sum", false},
};

static void pattern_row(void **state)
{
    const struct pattern_case *t = *state;
    assert_true(pattern_fits(str_of(t->pattern), str_of(t->text)) == t->fits);
}

/* A pattern of many stars must not take time that grows with every one of them. */
static void pattern_of_many_stars_is_quick(void **state)
{
    (void)state;
    char pattern[401], text[20001];
    for (size_t i = 0; i < 400; i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    memset(text, 'a', sizeof text);
    struct str s = {text, sizeof text - 1};
    pattern[399] = 'b';
    assert_false(pattern_fits((struct str){pattern, 400}, s));
}

static const struct value_case {
    const char *name, *option, *value, *says; /* says NULL: taken */
} values[] = {
    {"format_known", "format", "jsonl", NULL},
    {"format_unknown", "format", "pdf", "jsonl"},
    {"report_with_path", "report", "jsonl=a=b.jsonl", NULL},
    {"report_without_path", "report", "jsonl=", "FORMAT=PATH"},
    {"report_without_format", "report", "out.jsonl", "FORMAT=PATH"},
    {"report_of_unknown_format", "report", "pdf=out.pdf", "FORMAT=PATH"},
    {"fail_on_unknown", "fail-on", "unknown", NULL},
    {"fail_on_wrong", "fail-on", "errors", "error|warning"},
    {"switch_alone", "exit-zero", NULL, NULL},
    {"switch_with_value", "exit-zero", "1", "takes no value"},
    {"value_missing", "lang", NULL, "needs a value"},
    {"lang_wrong", "lang", "fr", "vi|en"},
    {"select_empty", "select", "", "GLOB"},
    {"where_pair", "where", "unit_code=91", NULL},
    {"where_without_column", "where", "=91", "COLUMN=VALUE"},
    {"where_without_value", "where", "unit_code", "COLUMN=VALUE"},
    {"max_findings_zero", "max-findings", "0", NULL},
    {"max_findings_negative", "max-findings", "-1",
     "was given \"-1\", expected: a whole number"},
    {"max_findings_too_long", "max-findings", "10000000000", "a whole number from 0"},
    {"as_of_iso", "as-of", "2022-06-30", NULL},
    {"as_of_no_such_day", "as-of", "2022-02-30", "YYYY-MM-DD"},
    {"numbers", "numbers", "vi", NULL},
    {"numbers_wrong", "numbers", "fr", "vi|en|plain|auto"},
    {"encoding", "encoding", "UTF-8", NULL},
    {"encoding_16_without_order", "encoding", "utf-16", NULL},
    {"encoding_wrong", "encoding", "latin9", "utf-8"},
    {"delimiter", "delimiter", ";", NULL},
    {"delimiter_by_name", "delimiter", "tab", NULL},
    {"delimiter_escaped", "delimiter", "\\t", NULL},
    {"delimiter_quote", "delimiter", "\"", "tab"},
    {"delimiter_letter", "delimiter", "a", "tab"},
    {"delimiter_digit", "delimiter", "1", "tab"},
    {"delimiter_point_is_part_of_numbers", "delimiter", ".", "tab"},
    {"delimiter_long", "delimiter", ";;", "tab"},
    {"delimiter_empty", "delimiter", "", "tab"},
    {"color", "color", "never", NULL},
    {"color_wrong", "color", "yes", "auto|always|never"},
    {"progress", "progress", "always", NULL},
    {"progress_wrong", "progress", "yes", "auto|always|never"},
    {"no_such_option", "colour", "never", "\"--color\""},
    {"no_such_option_at_all", "zzzzzzzz", NULL, "no option --zzzzzzzz"},
};

static void value_row(void **state)
{
    const struct value_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags = diags_new(a);
    struct settings s;
    settings_begin(&s, a);
    bool is_taken = settings_set(&s, str_of(t->option), str_of(t->value), diags);
    assert_true(is_taken == !t->says);
    assert_int_equal(diags_count(diags), t->says ? 1 : 0);
    if (t->says) {
        struct str said = report_diag(a, NULL, diags_get(diags, 0), LANG_EN, false);
        assert_true(str_find(said, str_of(t->says)) != SIZE_MAX);
    }
    arena_close(a);
}

static void settings_take_effect(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"select", "a"},          {"select", "b"},    {"ignore", "c"},
        {"report", "text=x.txt"}, {"lang", "en"},     {"max-findings", "7"},
        {"as-of", "1970-01-11"},  {"unknown", NULL},  {"delimiter", "tab"},
        {"where", " k = v=w "},   {"fail-on", "info"}};
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags = diags_new(a);
    struct settings s;
    settings_begin(&s, a);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_true(settings_set(&s, str_of(pairs[i][0]), str_of(pairs[i][1]), diags));
    }
    assert_int_equal(s.selects.n, 2);
    assert_true(str_eq(s.ignores.items[0], STR("c")));
    assert_true(str_eq(s.reports[0].path, STR("x.txt")));
    assert_true(s.has_lang && s.lang == LANG_EN);
    assert_true(s.has_max_findings && s.max_findings == 7);
    assert_true(s.has_today && s.today == 10);
    assert_true(s.with_unknown && s.delimiter == '\t' && s.fail_on == FAIL_ON_INFO);
    assert_true(str_eq(s.where[0].name, STR("k")) &&
                str_eq(s.where[0].value, STR("v=w")));
    arena_close(a);
}

/* Names are unique, letters too, and everything is explained in both languages. */
static void option_table_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < soat_option_count(); i++) {
        const struct soat_option *o = soat_option(i);
        assert_true(o->name[0] && o->help[SOAT_VI][0] && o->help[SOAT_EN][0]);
        assert_true(strlen(o->help[SOAT_EN]) < 90);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(o->name, soat_option(j)->name);
            assert_true(!o->letter || o->letter != soat_option(j)->letter);
        }
    }
    assert_null(soat_option(soat_option_count()));
}

int main(void)
{
    enum { ROWS = COUNT_OF(patterns) + COUNT_OF(values) + 3 };
    struct CMUnitTest tests[ROWS];
    memset(tests, 0, sizeof tests);
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        tests[n].name = patterns[i].name;
        tests[n].test_func = pattern_row;
        tests[n++].initial_state = (void *)(uintptr_t)&patterns[i];
    }
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        tests[n].name = values[i].name;
        tests[n].test_func = value_row;
        tests[n++].initial_state = (void *)(uintptr_t)&values[i];
    }
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(pattern_of_many_stars_is_quick);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(settings_take_effect);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(option_table_is_sound);
    assert_int_equal(n, ROWS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

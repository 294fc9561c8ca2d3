/* Arguments as people write them. The command line is no part of the library, so its
 * source is included. */
#include "cli/opts.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { SAID_MAX = 8192, ARGUMENTS_MAX = 8, COUNT_MAX = 64 };

static bool keep(void *context, const char *p, size_t n)
{
    char *said = context;
    size_t at = strlen(said);
    if (n >= SAID_MAX - at) {
        return false;
    }
    memcpy(said + at, p, n);
    said[at + n] = '\0';
    return true;
}

static const struct opts_case {
    const char *name;
    const char *arguments[ARGUMENTS_MAX];
    const char *operands; /* joined by blanks */
    const char *says;     /* NULL: nothing is wrong */
} rows[] = {
    {"none", {NULL}, "", NULL},
    {"operands_in_order", {"check", "a", "b"}, "check a b", NULL},
    {"long_with_equals", {"check", "--format=jsonl", "a"}, "check a", NULL},
    {"long_with_next", {"check", "--format", "jsonl", "a"}, "check a", NULL},
    {"letter_with_next", {"-f", "jsonl", "check"}, "check", NULL},
    {"letter_with_value", {"-fjsonl", "check"}, "check", NULL},
    {"letters_together", {"-qv", "check"}, "check", NULL},
    {"letters_then_value", {"-qfjsonl"}, "", NULL},
    {"dash_is_an_operand", {"check", "-"}, "check -", NULL},
    {"two_dashes_end_options", {"--", "--format", "-q"}, "--format -q", NULL},
    {"empty_operand", {"check", ""}, "check ", NULL},
    {"value_with_equals", {"--report=jsonl=a=b"}, "", NULL},
    {"value_that_looks_like_an_option", {"--select", "-x"}, "", NULL},
    {"help_long", {"--help"}, "", NULL},
    {"wrong_value", {"--format=pdf"}, "", "\"pdf\""},
    {"empty_value", {"--format="}, "", "\"\""},
    {"no_value", {"check", "--format"}, "check", "option --format needs a value: FORMAT"},
    {"no_value_for_a_letter", {"-f"}, "", "option -f needs a value"},
    {"switch_with_value", {"--quiet=1"}, "", "--quiet=1 takes no value"},
    {"unknown_long", {"--fromat", "jsonl"}, "jsonl", "did you mean \"--format\"?"},
    {"unknown_long_with_value", {"--fromat=jsonl"}, "", "no option --fromat=jsonl"},
    {"unknown_letter", {"-x"}, "", "no option -x"},
    {"unknown_letter_among_others", {"-qx"}, "", "no option -qx"},
    {"prefix_is_not_enough", {"--form", "jsonl"}, "jsonl", "no option --form"},
    {"all_wrong_ones_are_told", {"--x1", "--x2"}, "", "no option --x2"},
};

static void opts_row(void **state)
{
    const struct opts_case *t = *state;
    char said[SAID_MAX] = "", text[ARGUMENTS_MAX + 1][COUNT_MAX], joined[256] = "";
    char *argv[ARGUMENTS_MAX + 1];
    int argc = 1;
    argv[0] = text[0];
    for (; argc <= ARGUMENTS_MAX && t->arguments[argc - 1]; argc++) {
        snprintf(text[argc], COUNT_MAX, "%s", t->arguments[argc - 1]);
        argv[argc] = text[argc];
    }
    soat *s = soat_new(&(struct soat_config){.err = keep, .context = said});
    assert_non_null(s);
    soat_set(s, "lang", "en");
    struct opts o;
    opts_read(&o, s, argc, argv);
    for (int i = 0; i < o.n_operands; i++) {
        strcat(joined, i ? " " : "");
        strcat(joined, o.operands[i]);
    }
    assert_string_equal(joined, t->operands);
    assert_int_equal(soat_tell(s), t->says ? SOAT_USAGE : SOAT_OK);
    if (t->says && !strstr(said, t->says)) {
        print_error("said: %s\n", said);
        assert_non_null(strstr(said, t->says));
    }
    assert_true(t->says || said[0] == '\0');
    soat_free(s);
}

static void own_options(void **state)
{
    (void)state;
    char program[] = "soat", help[] = "-h", version[] = "--version";
    char *argv[] = {program, help, version};
    soat *s = soat_new(NULL);
    struct opts o;
    opts_read(&o, s, 1, argv);
    assert_false(o.wants_help || o.wants_version);
    opts_read(&o, s, 3, argv);
    assert_true(o.wants_help && o.wants_version && o.n_operands == 0);
    soat_free(s);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS + 1];
    memset(tests, 0, sizeof tests);
    for (size_t i = 0; i < ROWS; i++) {
        tests[i].name = rows[i].name;
        tests[i].test_func = opts_row;
        tests[i].initial_state = (void *)(uintptr_t)&rows[i];
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(own_options);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

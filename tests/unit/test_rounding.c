/* `within rounding` for one row: a formula, the printed figures, and what comes of it:
 * pass, error, warning or unknown, and the tolerance where there is a finding. */
#include "eval_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct rounding_case {
    const char *name, *must, *row, *want; /* row: a,b,c,k,p,r */
} cases[] = {
    {"equal", "a = b", "1,1,,,,", "pass"},
    {"within_half_a_digit_each", "a = b", "1.5,1.55,,,,", "pass"},
    {"at_the_bound", "a = b", "1.0,1.1,,,,", "pass"},
    {"beyond_the_bound", "a = b", "1.0,1.2,,,,", "error tolerance 0.1"},
    {"more_digits_less_room", "a = b", "1.00,1.02,,,,", "error tolerance 0.01"},
    {"a_count_is_exact", "k = a", "1.4,,,1,,", "error tolerance 0.05"},
    {"a_literal_is_exact", "a = 1", "1.04,,,,,", "error tolerance 0.005"},
    {"rounded_as_declared", "r = k", ",,,1204,,1200", "pass"},
    {"rounded_as_declared_beyond", "r = k", ",,,1251,,1200", "error tolerance 50"},
    {"a_percentage", "p = k / 300", ",,,100,33.3,", "pass"},
    {"a_percentage_beyond", "p = k / 300", ",,,100,33.2,", "error tolerance 0.0005"},
    {"a_difference_adds_up", "a - b = c", "2.0,1.0,1.1,,,", "pass"},
    {"a_factor_scales", "10 * a = k", "1,,,14,,", "pass"},
    {"a_factor_scales_no_more", "10 * a = k", "1,,,16,,", "error tolerance 5"},
    {"below_is_not_asked", "a <= b", "1,9,,,,", "pass"},
    {"above_but_allowed", "a <= b", "1.5,1.45,,,,", "pass"},
    {"above_and_not_allowed", "a <= b", "1.5,1.0,,,,", "error tolerance 0.1"},
    {"a_product_of_intervals", "k = a * b", "2,3,,8,,", "pass"},
    {"a_product_of_intervals_beyond", "k = a * b", "2,3,,9,,", "error tolerance 2.75"},
    {"a_square_of_an_interval_with_zero", "k = a * a", "0,,,0,,", "pass"},
    {"a_quotient_of_intervals", "k = a / b", "6,2,,4,,", "pass"},
    {"a_divisor_that_may_be_zero", "k = a / b", "6,0.0,,4,,", "unknown"},
    {"the_magnitude", "k = abs(a)", "-2.4,,,2,,", "error tolerance 0.05"},
    {"the_largest", "k = max(a, b)", "1,1.4,,1,,", "error tolerance 0.05"},
    {"rounding_of_a_rounded_one", "k = round(a, 0)", "2,,,3,,", "pass"},
    {"whichever_is_there", "k = (a ?? b)", ",2.4,,2,,", "error tolerance 0.05"},
    {"missing", "a = b", ",2,,,,", "unknown"},
    {"unreadable", "a = b", "x,2,,,,", "unknown"},
};

static bool holds(struct str report, const char *piece)
{
    size_t n = strlen(piece);

    for (size_t i = 0; i + n <= report.n; i++) {
        if (memcmp(report.p + i, piece, n) == 0) {
            return true;
        }
    }
    return false;
}

/* The verdict on check t; of a failure its severity, and the tolerance. */
static struct str outcome(struct arena *a, struct str report)
{
    static const char tolerance[] = " tolerance ";
    struct text t = text_in(a);

    if (holds(report, "t pass 1\n") || holds(report, "t unknown 1\n")) {
        return holds(report, "t pass 1\n") ? STR("pass") : STR("unknown");
    }
    text_add_z(&t, holds(report, "  t fail error") ? "error" : "warning");
    for (size_t i = 0; i + sizeof tolerance < report.n; i++) {
        if (memcmp(report.p + i, tolerance, sizeof tolerance - 1) != 0) {
            continue;
        }
        size_t end = i + 1;
        while (report.p[end] != ':') {
            end++;
        }
        text_add(&t, str_cut(report, i, end));
    }
    return text_str(&t);
}

static void rounds(void **state)
{
    const struct rounding_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text rules = text_in(a), csv = text_in(a);

    text_printf(&rules,
                "soat 1\n"
                "dataset d {\n"
                "  key id\n"
                "  numbers plain\n"
                "  column id text\n"
                "  column a decimal optional\n"
                "  column b decimal optional\n"
                "  column c decimal optional\n"
                "  column k count optional\n"
                "  column p percent optional\n"
                "  column r integer optional rounded 100\n"
                "}\n"
                "check t on d { must %s within rounding message en \"x\" }\n",
                c->must);
    text_printf(&csv, "id,a,b,c,k,p,r\nz,%s\n", c->row);
    const struct eval_texts texts = {eval_z(a, text_str(&rules)),
                                     {{"d", eval_z(a, text_str(&csv))}}};
    assert_string_equal(eval_z(a, outcome(a, eval_report(a, &texts, 0))), c->want);
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases)];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){.name = cases[i].name,
                                       .test_func = rounds,
                                       .initial_state = (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

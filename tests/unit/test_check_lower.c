/* What checked rules become: scopes, binds, groups, time, units, operands. The notation is that of
 * check_print.c; the data sets are in check_world.h. Rows print whole checks, so that nothing is overlooked. */
#include "lang/check.h"
#include "check_print.h"
#include "check_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct lower_case {
    const char *name, *rules, *want;
};

#define ON(dataset, clauses) "check c on " dataset " { must " clauses " }"
#define REPORT(clauses) ON("report", clauses)
#define EACH(clauses) "check c on report each period { must " clauses " }"

static const struct lower_case checks[] = {
#include "lower_rows.h"
};

static void is_lowered(void **state)
{
    const struct lower_case *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text rules = text_in(a);
    text_add_z(&rules, "soat 1\n");
    text_add_z(&rules, row->rules);
    struct str all = str_copy(a, text_str(&rules));
    const struct ruleset *r = check_print_read(a, all.p, check_world, &diags, &sources);
    assert_string_equal(str_copy(a, check_print_diags(a, diags, sources)).p, "");
    assert_non_null(r);
    assert_string_equal(str_copy(a, check_print_rules(a, r)).p, row->want);
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(checks)];
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        tests[i] = (struct CMUnitTest){.name = checks[i].name,
                                       .test_func = is_lowered,
                                       .initial_state = (void *)(uintptr_t)&checks[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which columns nothing reads. A case adds rules to check_world.h, or a data set of its
 * own, and names the columns of one data set that are idle then. */
#include "check_world.h"
#include "lang/check.h"
#include "lang/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define REPORT_IDLE " capital share ratio free note founded active"

static const struct idle_case {
    const char *name, *dataset, *rules, *want;
} cases[] = {
    {"keys_codes_and_counts_are_judged", "report", "", " unit_name" REPORT_IDLE},
    {"compared", "report", "check c on report { must free < share }",
     " unit_name capital ratio note founded active"},
    {"in_a_condition", "report", "check c on report { when active must htx_total > 0 }",
     " unit_name capital share ratio free note founded"},
    {"in_a_message", "report",
     "check c on report { must htx_total > 0 message vi \"{unit_name}\" en \"{note}\" }",
     " capital share ratio free founded active"},
    {"in_the_head_of_a_group", "report",
     "check c on report[active] each founded { must count() > 0 }",
     " unit_name capital share ratio free note"},
    {"looked_up", "plan", "check c on report { must plan[target_id = \"x\"].value > 0 }",
     ""},
    {"not_looked_up", "plan", "", " value"},
    {"in_a_lookups_condition", "htx_list",
     "check c on report { must count(htx_list[founded < today, unit_code = any]) > 0 }",
     ""},
    {"unit_in_the_row", "published", "check c on published { must value as trd > 0 }",
     " quote"},
    {"unit_that_nobody_needs", "published", "", " value unit quote"},
    {"own_modifiers", "d",
     "dataset d { key a column a text column b text max 5 column c text matches 'x' "
     "column e text unique column f decimal in 1 .. 2 column g text in {\"x\"} "
     "column h text column i date in date \"2022-01-01\" .. date \"2022-02-01\" }",
     " h"},
    {"added_up_in_totals", "d",
     "dataset d { key a totals a \"T\" column a text column b decimal additive "
     "column c decimal column e text }",
     " c e"},
    {"tree_and_pair", "d",
     "dataset d { key a tree a under b pair p with q column a text column b text "
     "optional "
     "column p code provinces column q text column e decimal stock column f text }",
     " f"},
    {"cover", "d",
     "dataset d { key a, b cover a in members(\"x\") each b column a code provinces "
     "column b text column e text }",
     " e"},
    {"period_that_is_no_key", "d",
     "dataset d { key a column a code provinces column p period column e date }", " e"},
};

static const struct schema *schema_of(struct arena *a, const struct idle_case *c)
{
    struct sources *sources = sources_new(a);
    struct diags *diags = diags_new(a);
    struct text text = text_in(a);
    text_add_z(&text, check_world);
    text_add_z(&text, c->rules);
    uint32_t src = sources_add(sources, str_of("rules.soat"), text_str(&text));
    struct ast_file *files[] = {parse_file(a, sources, src, diags)};
    const struct ruleset *r = check_rules(a, sources, files, 1, diags);
    if (!r) {
        struct str said = diag_text(a, diags_get(diags, 0), LANG_EN);
        fail_msg("the rules do not pass: %.*s", (int)said.n, said.p);
    }
    for (uint32_t i = 0; i < r->n_datasets; i++) {
        if (str_eq(r->datasets[i].schema.name, str_of(c->dataset))) {
            return &r->datasets[i].schema;
        }
    }
    fail_msg("no data set %s", c->dataset);
    return NULL;
}

static void idle(void **state)
{
    const struct idle_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct schema *s = schema_of(a, c);
    struct text got = text_in(a);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (s->columns[i].is_idle) {
            text_char(&got, ' ');
            text_add(&got, s->columns[i].name);
        }
    }
    assert_string_equal(str_copy(a, text_str(&got)).p, c->want);
    arena_close(a);
}

int main(void)
{
    static struct CMUnitTest tests[COUNT_OF(cases)];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){cases[i].name, idle, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

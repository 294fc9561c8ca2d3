/* Every remark of lint: its fault planted in rules that are otherwise clean, and beside
 * it the nearest thing that is no fault. All that is said of a case is compared. */
#include "lint_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AB "dataset t { key id column id text max 9 column a count column b count "
#define RULE "check r on t { must a <= b }"

static const struct lint_case {
    const char *name;
    const char *rules;   /* behind `soat 1` */
    const char *want;    /* each remark: its code and what it names first */
    const char *library; /* NULL: none */
} cases[] = {
    {"clean", AB "}" RULE, "", NULL},

    /* never used */
    {"unused_column", AB "column c date }" RULE, "L001 c; ", NULL},
    {"unused_column_of_its_type_alone",
     AB "column c decimal column d flag column e integer optional }" RULE,
     "L001 c; L001 d; L001 e; ", NULL},
    {"column_in_a_condition", AB "column f flag } check r on t { when f must a <= b }",
     "", NULL},
    {"column_in_a_message",
     AB "column n text } check r on t { must a <= b message vi \"{n}\" en \"{n}\" }", "",
     NULL},
    {"column_in_a_lookups_condition",
     AB "} dataset u { key x column x text column w text } "
        "check r on t { must a <= b + count(u[x = any, w = this.id]) }",
     "", NULL},
    {"code_looked_up_in_its_list",
     "codelist l { x \"X\" } " AB "column c code l optional }" RULE, "", NULL},
    {"column_with_a_range",
     AB "column c decimal in 0 .. 5 column d text in {\"x\"} }" RULE, "", NULL},
    {"column_with_a_pattern_or_length",
     AB "column c text matches 'x+' column d text max 3 }" RULE, "", NULL},
    {"column_that_is_unique", AB "column c text unique }" RULE, "", NULL},
    {"columns_of_a_pair",
     "codelist l { x \"X\" } " AB "pair c with n column c code l column n text }" RULE,
     "", NULL},
    {"column_of_a_tree",
     "dataset t { key id tree id under p column id text column p text optional "
     "column a count additive column b count additive }" RULE,
     "", NULL},
    {"column_in_totals",
     "dataset t { key id totals id \"T\" column id text column a count stock "
     "column b count stock column c decimal flow }" RULE,
     "", NULL},
    {"unit_in_the_row",
     "unit kg \"kg\" " AB "column v decimal of column u column u text } " RULE
     " check s on t { must v as kg > 0 }",
     "", NULL},
    {"unused_code_list", "codelist l { x \"X\" } " AB "}" RULE, "L002 l; ", NULL},
    {"unused_unit", "unit kg \"kg\" " AB "}" RULE, "L003 kg; ", NULL},
    {"unit_of_a_unit",
     "unit kg \"kg\" unit ta \"tạ\" = 100 kg dataset t { key id column id text "
     "column a count of ta column b count of ta }" RULE,
     "", NULL},
    {"unused_define", "define x = 1 " AB "}" RULE, "L004 x; ", NULL},
    {"define_of_a_define_that_nobody_uses", "define x = y define y = 1 " AB "}" RULE,
     "L004 x; L004 y; ", NULL},
    {"unused_family", "family f = a, b " AB "}" RULE, "L004 f; ", NULL},
    {"unused_let", AB "} check r on t { let x = a must a <= b }", "L004 x; ", NULL},
    {"unused_in_the_library", AB "}" RULE, "",
     "codelist l { x \"X\" } unit kg \"kg\" define x = 1"},

    /* not defined */
    {"undefined_column", AB "column c count undefined because \"x\" }" RULE, "L005 c; ",
     NULL},
    {"undefined_indicator", AB "}" RULE " indicator i on t { undefined because \"x\" }",
     "L005 i; ", NULL},
    {"target_without_actual", AB "}" RULE " target g on t { actual none because \"x\" }",
     "L006 g; ", NULL},
    {"target_of_an_undefined_column",
     AB "column c count undefined because \"x\" }" RULE
        " target g on t { actual c plan 1 aim at_least monitored }",
     "L005 c; L006 g; ", NULL},

    /* single clauses */
    {"aggregate_over_one_row",
     AB "} dataset u { key id column id text column v count } "
        "check r on t { must a + b <= sum(u[id = this.id].v) }",
     "L010 sum(u[id = this.id].v); ", NULL},
    {"aggregate_over_many_rows",
     AB "} dataset u { key id column id text column v count } "
        "check r on t { must a + b <= sum(u[id = any].v) }",
     "", NULL},
    {"count_that_does_not_say_whether_it_adds_up",
     "dataset t { key id totals id \"T\" column id text column a count stock "
     "column b count }" RULE,
     "L011 b; ", NULL},
    {"points_that_do_not_add_up",
     "dataset t { key id, p column id text max 9 column p period "
     "column a count column b count } "
     "target g on t { actual a plan b aim at_least points if a > 1 then 1 else 3 { ratio "
     "} } "
     "scoreboard s on t each p { for id targets g total 4 }",
     "L012 1 .. 3; ", NULL},
    {"bands_that_can_hardly_be_meant",
     "dataset t { key id column id text max 9 column a count column b count } "
     "target g on t { actual a plan b aim at_least "
     "points 20 { bands { 100 : 20, 90% : 22, 50% : 21 } } }",
     "L014 100 : 20; L015 90% : 22; L016 90% : 22; L016 50% : 21; ", NULL},
    {"bands_as_they_should_be",
     "dataset t { key id column id text max 9 column a count column b count } "
     "target g on t { actual a plan b aim at_least "
     "points 20 { bands { 50% : 10, 1 : 20, 0.9 : 15, 0% : 0 } } }",
     "", NULL},
    {"bands_that_are_meant",
     "dataset t { key id column id text max 9 column a count column b count } "
     "target g on t { actual a plan b aim at_least "
     "points 20 { bands { 110% : 22, 100% : 20 } } "
     "allow L016 \"the bonus stands in the bands\" }",
     "", NULL},
    {"repeats_within_repeats", AB "column c text matches '(a+)+' }" RULE, "L013 (a+)+; ",
     NULL},
    {"repeats_with_an_end", AB "column c text matches '(a+ )+' }" RULE, "", NULL},

    /* texts */
    {"message_without_value",
     AB "} check r on t { must a <= b message vi \"sai\" en \"{a}\" }", "L020 r; ", NULL},
    {"one_language", AB "} check r on t { title vi \"R\" must a <= b }", "L021 title; ",
     NULL},

    /* what can hold */
    {"always_true", AB "} check r on t { must a + b >= 0 }", "L030 r; ", NULL},
    {"never_true", AB "} check r on t { must a + b < 0 }", "L031 r; ", NULL},
    {"conditions_within_when_are_not_held_against_it",
     AB "} check r on t { when not (a < 5 or a > 50) must a <= b }", "", NULL},
    {"part_of_when_that_never_holds",
     AB "} check r on t { when a > 5 or a < 0 must a <= b }", "L032 a < 0; ", NULL},
    {"condition_that_never_holds", AB "} check r on t { when a < 0 must a <= b }",
     "L032 a < 0; ", NULL},
    {"contradiction",
     AB "} check r on t { must a > b + 1 } check s on t { must a < b - 1 }", "L033 s; ",
     NULL},
    {"implied", AB "} check r on t { must a <= b } check s on t { must a <= b + 1 }",
     "L034 s; ", NULL},
    {"implied_were_it_not_for_its_condition",
     AB "} check r on t { when a < b + 1 must a <= b - 2 } "
        "check s on t { must a <= b }",
     "", NULL},
    {"the_same", AB "} check r on t { must a <= b } check s on t { must b >= a }",
     "L035 s; ", NULL},

    /* allow */
    {"allow_of_a_data_set", AB "column c date allow L001 \"x\" }" RULE, "", NULL},
    {"allow_of_a_check", AB "} check r on t { must a + b >= 0 allow L030 \"x\" }", "",
     NULL},
    {"allow_beside_either_of_two",
     AB
     "} check r on t { must a <= b allow L034 \"x\" } check s on t { must a <= b + 1 }",
     "", NULL},
    {"allow_of_another_code", AB "column c date allow L005 \"x\" }" RULE,
     "L001 c; L090 L005; ", NULL},
    {"allow_that_silences_nothing", AB "allow L001 \"x\" }" RULE, "L090 L001; ", NULL},
    {"allow_in_another_declaration",
     AB "column c date } check r on t { must a <= b allow L001 \"x\" }",
     "L001 c; L090 L001; ", NULL},
    {"allow_of_an_unknown_code", AB "allow L999 \"x\" }" RULE, "L091 L999; ", NULL},
};

static struct str with_head(struct arena *a, const char *rules)
{
    struct text t = text_in(a);
    text_add_z(&t, "soat 1\n");
    text_add_z(&t, rules);
    return str_copy(a, text_str(&t));
}

static void remarks(void **state)
{
    const struct lint_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct sources *sources = NULL;
    struct text got = text_in(a);
    const char *library = c->library == NULL ? NULL : with_head(a, c->library).p;
    struct diags *d = lint_world_read(a, with_head(a, c->rules).p, library, &sources);
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *x = diags_get(d, i);
        text_add_z(&got, diag_info(x->id)->code);
        text_char(&got, ' ');
        text_add(&got, x->args[0]);
        text_add_z(&got, "; ");
    }
    assert_string_equal(str_copy(a, text_str(&got)).p, c->want);
    arena_close(a);
}

static void each_is_planted(void **state)
{
    (void)state;
    for (size_t id = 0; id < DIAG_ID_COUNT; id++) {
        const char *code = diag_info((enum diag_id)id)->code;
        bool is_planted = code[0] != 'L';
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            is_planted = is_planted || strstr(cases[i].want, code) != NULL;
        }
        if (!is_planted) {
            fail_msg("no fault is planted for %s", code);
        }
    }
}

int main(void)
{
    static struct CMUnitTest tests[COUNT_OF(cases) + 1];
    tests[COUNT_OF(cases)] =
        (struct CMUnitTest){"each_is_planted", each_is_planted, NULL, NULL, NULL};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){cases[i].name, remarks, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The order of findings, in one small world: two files of one data set, and another data
 * set. File 0 has the records 1 (row 0), 2 (wrong number of fields), 3 (row 1), 4 (row 2)
 * and 5 (totals); file 1 has 1 (row 3), 2 (row 4), 3 (totals) and breaks off. */
#include "eval/order.h"
#include "eval/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { COLUMNS, ROW, KEY, TOTALS, TREE, COVER, OTHER, GROUPS, CHECK, RULES };

struct expected {
    uint32_t rule, row, extra;
};

static const struct order_case {
    const char *name;
    struct expected in[9], want[9];
    uint32_t n;
} cases[] = {
    {"none", {{0}}, {{0}}, 0},
    {"one", {{KEY, 2, 0}}, {{KEY, 2, 0}}, 1},
    {"rows_of_two_rules",
     {{CHECK, 0, 0}, {CHECK, 3, 0}, {KEY, 0, 0}, {KEY, 1, 0}, {KEY, 4, 0}},
     {{KEY, 0, 0}, {CHECK, 0, 0}, {KEY, 1, 0}, {CHECK, 3, 0}, {KEY, 4, 0}},
     5},
    {"records_that_are_no_rows",
     {{ROW, 0, 0},
      {ROW, 1, EXTRA_BROKEN},
      {TOTALS, 0, 2},
      {TOTALS, 1, 2},
      {KEY, 0, 0},
      {KEY, 1, 0},
      {KEY, 2, 0},
      {KEY, 3, 0},
      {KEY, 4, 0}},
     {{KEY, 0, 0},
      {ROW, 0, 0},
      {KEY, 1, 0},
      {KEY, 2, 0},
      {TOTALS, 0, 2},
      {KEY, 3, 0},
      {KEY, 4, 0},
      {TOTALS, 1, 2},
      {ROW, 1, EXTRA_BROKEN}},
     9},
    {"columns_first_groups_and_cover_last",
     {{GROUPS, 1, 0},
      {GROUPS, 3, 0},
      {COVER, 5, 0},
      {COVER, 6, 0},
      {CHECK, 4, 0},
      {COLUMNS, 1, 0}},
     {{COLUMNS, 1, 0},
      {CHECK, 4, 0},
      {GROUPS, 1, 0},
      {GROUPS, 3, 0},
      {COVER, 5, 0},
      {COVER, 6, 0}},
     6},
    {"data_sets_apart",
     {{OTHER, 0, 0}, {OTHER, 1, 0}, {GROUPS, 4, 0}, {KEY, 4, 0}},
     {{KEY, 4, 0}, {GROUPS, 4, 0}, {OTHER, 0, 0}, {OTHER, 1, 0}},
     4},
    {"a_rule_that_is_out_of_order",
     {{TREE, 1, ID_NONE},
      {TREE, 1, 4},
      {TREE, 1, 6},
      {TREE, 0, 4},
      {COLUMNS, 1, 3},
      {COLUMNS, 0, EXTRA_UNKNOWN},
      {COLUMNS, 0, 2}},
     {{COLUMNS, 0, 2},
      {COLUMNS, 0, EXTRA_UNKNOWN},
      {COLUMNS, 1, 3},
      {TREE, 0, 4},
      {TREE, 1, 4},
      {TREE, 1, 6},
      {TREE, 1, ID_NONE}},
     7},
    {"equal_ones_stay",
     {{CHECK, 0, 0}, {CHECK, 0, 0}, {KEY, 0, 0}},
     {{KEY, 0, 0}, {CHECK, 0, 0}, {CHECK, 0, 0}},
     3},
};

static const struct record records[] = {
    {.number = 1}, {.number = 3}, {.number = 4}, {.number = 1}, {.number = 2}};
static const struct record bad[] = {{.number = 2}};
static const struct table_file files[] = {
    {.first_row = 0, .n_rows = 3, .bad_records = bad, .n_bad = 1},
    {.first_row = 3, .n_rows = 2}};
static const struct totals_row totals[] = {{.file = 0, .record = {.number = 5}},
                                           {.file = 1, .record = {.number = 3}}};
static const struct table tables[] = {
    {.n = 5,
     .n_absent = 2,
     .records = records,
     .files = files,
     .n_files = 2,
     .totals = totals,
     .n_totals = 2},
    {.n = 5, .records = records, .files = files, .n_files = 2}};
static const struct check each = {.is_group = true}, single = {.is_group = false};
static const enum rule_kind kinds[RULES] = {
    [COLUMNS] = RULE_COLUMNS, [ROW] = RULE_ROW,      [KEY] = RULE_KEY,
    [TOTALS] = RULE_TOTALS,   [TREE] = RULE_TREE,    [COVER] = RULE_COVER,
    [OTHER] = RULE_REQUIRED,  [GROUPS] = RULE_CHECK, [CHECK] = RULE_CHECK};

static void sorts(void **state)
{
    const struct order_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct facts facts[] = {{.table = &tables[0]}, {.table = &tables[1]}};
    struct ruleset rules = {.n_datasets = 2};
    struct engine engine = {.a = a, .rules = &rules, .facts = facts};
    struct rule all[RULES];
    for (uint32_t i = 0; i < RULES; i++) {
        all[i] = (struct rule){.kind = kinds[i], .dataset = i == OTHER};
        all[i].check = i == GROUPS ? &each : i == CHECK ? &single : NULL;
    }
    struct finding findings[COUNT_OF(c->in)];
    for (uint32_t i = 0; i < c->n; i++) {
        findings[i] = (struct finding){
            .rule = c->in[i].rule, .row = c->in[i].row, .extra = c->in[i].extra};
    }
    struct evaluation ev = {.engine = &engine,
                            .rules = all,
                            .n_rules = RULES,
                            .findings = findings,
                            .n_findings = c->n};
    findings_sort(&ev);
    for (uint32_t i = 0; i < c->n; i++) {
        assert_int_equal(findings[i].rule, c->want[i].rule);
        assert_int_equal(findings[i].row, c->want[i].row);
        assert_int_equal(findings[i].extra, c->want[i].extra);
    }
    arena_close(a);
}

int main(void)
{
    static struct CMUnitTest tests[COUNT_OF(cases)];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){cases[i].name, sorts, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

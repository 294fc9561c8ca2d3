/* What indicators, targets, scoreboards and tests become: the order of steps, the checks
 * that they make, and the hidden data sets of what is read. The notation is that of
 * check_print.c; the data sets are in check_world.h. */
#include "check_print.h"
#include "check_world.h"
#include "lang/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct lower_case {
    const char *name, *rules, *want;
};

#define INDICATOR(clauses) "indicator i on report { " clauses " } "
#define TARGET(name, clauses) "target " name " on report { " clauses " } "
#define WORTH(name, n)                                                                   \
    TARGET(name, "actual htx_new plan 5 aim at_least points " n " { ratio }")
#define BOARD(clauses) "scoreboard b on report each period { for unit_code " clauses " } "
#define MUST(e) "check c on report { must " e " } "

static const struct lower_case goals[] = {
    {"indicator", INDICATOR("value members / htx_total"),
     "i value=(/ s0.members s0.htx_total):nguoi/htx"},
    {"undefined_indicator", INDICATOR("undefined because \"X\" expect 1 .. 2"),
     "i undefined='X'"},
    {"indicator_of_an_undefined_column", INDICATOR("value effective / htx_total"),
     "i value=(/ s0.effective s0.htx_total) undefined='chưa có tiêu chí'"},
    {"target",
     TARGET("t",
            "actual cumulative(htx_new) when active plan yearly.htx_total aim at_least "
            "pace 50% points 20 { ratio cap 100% bonus 1 per 10% over 100% cap 5 round "
            "0.1 }"),
     "t at_least actual=(cumulative@0 additive s0.htx_new):htx plan=(lookup "
     "yearly@1[unit_code=s0.unit_code, year=year:(year s0.period)].s1.htx_total):htx "
     "when=s0.active pace=0.5 margin=0.9 points=20 {ratio cap%=1 bonus=1 each=0.1 over=1 "
     "bonus-cap=5 round=0.1} uses=yearly"},
    {"literal_plan_in_the_actuals_unit",
     TARGET("t", "actual capital as tyd plan 5 aim at_most margin 75% monitored"),
     "t at_most actual=(scale 0.001 s0.capital):tyd plan=5:tyd margin=0.75 monitored"},
    {"open_actual_in_the_plans_unit",
     TARGET("t", "actual free plan htx_total aim exactly monitored"),
     "t exactly actual=s0.free:htx plan=s0.htx_total:htx margin=0.9 monitored"},
    {"unit_in_the_row_is_converted_to_the_plan",
     "target t on published { actual value plan sum(report[period = "
     "this.period].capital) "
     "aim at_least monitored }",
     "t at_least actual=(row-unit trd s0.value s0.unit):trd plan=(sum "
     "report@1[period=s0.period].s1.capital):trd margin=0.9 monitored uses=report"},
    {"between_and_per",
     TARGET("t", "actual htx_new plan 5 .. 2 * htx_total aim between points 10 { per 2 : "
                 "0.5 cap 50% }"),
     "t between actual=s0.htx_new:htx plan=5:htx high=(* 2 s0.htx_total) margin=0.9 "
     "points=10 {per cap%=0.5 per=2 gives=0.5}"},
    {"per_step_of_completion",
     TARGET("t", "actual htx_new plan 5 aim at_least points 10 { per 10% : 1 cap 9 }"),
     "t at_least actual=s0.htx_new:htx plan=5:htx margin=0.9 points=10 {per cap=9 "
     "per%=0.1 "
     "gives=1}"},
    {"bands_fall",
     TARGET("t",
            "actual active aim yes points 20 { bands { 0% : 0, 100% : 20, 90% : 15 } }"),
     "t yes actual=s0.active margin=0.9 points=20 {bands from=1 gives=20 from=0.9 "
     "gives=15 "
     "from=0 gives=0}"},
    {"unmeasured", TARGET("t", "actual none because \"khó thống kê\""),
     "t at_least margin=0.9 unmeasured='khó thống kê'"},
    {"undefined_target", TARGET("t", "actual effective plan 5 aim at_least monitored"),
     "t at_least actual=s0.effective plan=5 margin=0.9 monitored undefined='chưa có tiêu "
     "chí'"},
    {"claimed_does_not_undefine",
     TARGET("t", "actual free plan 5 aim at_least points 5 { ratio } claimed effective"),
     "t at_least actual=s0.free plan=5 margin=0.9 points=5 {ratio}"},
    {"board_of_all",
     WORTH("t", "20") "target m on yearly { actual none because \"X\" } " BOARD(
         "targets all rank lowest ties shared"),
     "t at_least actual=s0.htx_new:htx plan=5:htx margin=0.9 points=20 {ratio}\n"
     "m at_least margin=0.9 unmeasured='X'\n"
     "b for=unit_code each=period targets=t lowest"},
    {"board",
     WORTH("t", "20") BOARD(
         "part \"A\" 20 { targets t } part \"B\" 5 { yearly.htx_total / 2 } plus "
         "plan[target_id = \"x\"].value cap 10 minus report.effective total 25 when "
         "parent(unit_code) = \"T\" rank highest ties shared grade \"X\" from 90%, "
         "\"Y\" from 50%, \"Z\""),
     "t at_least actual=s0.htx_new:htx plan=5:htx margin=0.9 points=20 {ratio}\n"
     "b for=unit_code each=period part 20 targets=t part 5 value=(/ (lookup "
     "yearly@1[unit_code=s0.unit_code, year=year:(year s0.period)].s1.htx_total) 2) "
     "uses=yearly plus=(lookup plan@1[target_id='x', unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.value) cap=10 uses=plan minus=(lookup "
     "report@1[unit_code=s0.unit_code, period=s0.period].s1.effective) undefined='chưa "
     "có "
     "tiêu chí' when=(= (parent s0.unit_code (end s0.period)) code'T') highest 'X' "
     "from%=0.9 'Y' from%=0.5 'Z'"},
    {"what_is_read_comes_first",
     BOARD("targets t")
         TARGET("t", "actual indicators[indicator = \"i\"].value plan 5 aim "
                     "at_least points 5 { ratio }") INDICATOR("value free"),
     "i value=s0.free\n"
     "t at_least actual=(lookup indicators@1[indicator='i', unit_code=s0.unit_code, "
     "period=s0.period].s1.value) plan=5 margin=0.9 points=5 {ratio} uses=indicators\n"
     "b for=unit_code each=period targets=t"},
    {"all_that_could_be_meant_comes_first",
     BOARD("part \"A\" 5 { sum(targets[target = any].points) }") WORTH("t", "1")
         WORTH("u", "2"),
     "t at_least actual=s0.htx_new:htx plan=5:htx margin=0.9 points=1 {ratio}\n"
     "u at_least actual=s0.htx_new:htx plan=5:htx margin=0.9 points=2 {ratio}\n"
     "b for=unit_code each=period part 5 value=(sum targets@1[unit_code=s0.unit_code, "
     "period=s0.period].s1.points) uses=targets"},
    {"a_faulty_define_is_typed_in_its_own_rule",
     "define x = indicators[indicator = \"i\"].value define y = free + 1 " TARGET(
         "t", "actual x + y plan y aim at_least monitored") INDICATOR("value y"),
     "i value=(+ s0.free 1)\n"
     "t at_least actual=(+ (lookup indicators@1[indicator='i', unit_code=s0.unit_code, "
     "period=s0.period].s1.value) (+ s0.free 1)) plan=(+ s0.free 1) margin=0.9 monitored "
     "uses=indicators"},
};

static const struct lower_case checks[] = {
    {"expect", INDICATOR("value members / htx_total expect 20 .. 600"),
     "i.expect must=(in-range (/ s0.members s0.htx_total) 20 600) column=members "
     "operands=members;htx_total"},
    {"change", INDICATOR("value htx_total change -5% .. 10%"),
     "i.change must=(in-range (/ (- s0.htx_total (previous@0 stocks additive "
     "s0.htx_total)) (abs (previous@0 stocks additive s0.htx_total))) -0.05 0.1) "
     "column=htx_total operands=htx_total;previous(htx_total) previous"},
    {"change_of_a_compound", INDICATOR("value htx_open + htx_new change -5% .. 10%"),
     "i.change must=(in-range (/ (- (+ s0.htx_open s0.htx_new) (previous@0 additive (+ "
     "s0.htx_open s0.htx_new))) (abs (previous@0 additive (+ s0.htx_open s0.htx_new)))) "
     "-0.05 0.1) column=htx_open operands=htx_open;htx_new;previous(htx_open + htx_new) "
     "previous"},
    {"outlier", INDICATOR("value htx_total outlier mad 3.5 each period, definition"),
     "i.outlier must=(outlier mad 3.5 each 2,12 s0.htx_total) column=htx_total "
     "operands=htx_total"},
    {"outlier_hb", INDICATOR("value htx_total outlier hb 2"),
     "i.outlier must=(outlier hb 2 s0.htx_total (previous@0 stocks additive "
     "s0.htx_total)) "
     "column=htx_total operands=htx_total;previous(htx_total) previous"},
    {"lines_of_an_undefined_indicator",
     INDICATOR("undefined because \"X\" expect 1 .. 2 change 1% .. 2% outlier z 3"),
     "i.expect must=true column=- operands= undefined='X'\n"
     "i.change must=true column=- operands= undefined='X'\n"
     "i.outlier must=true column=- operands= undefined='X'"},
    {"line_of_an_undefined_column", INDICATOR("value effective expect 1 .. 2"),
     "i.expect must=(in-range s0.effective 1 2) column=effective operands=effective "
     "undefined='chưa có tiêu chí'"},
    {"reading_an_undefined_indicator",
     INDICATOR("undefined because \"X\"")
         MUST("indicators[indicator = \"i\"].value > free"),
     "c must=(> (lookup indicators@1[indicator='i', unit_code=s0.unit_code, "
     "period=s0.period].s1.value) s0.free) column=free operands=indicators[indicator = "
     "\"i\"].value;free uses=indicators undefined='X' sides"},
    {"an_undefined_target_is_not_applicable_by_its_rows",
     TARGET("t", "actual effective plan 5 aim at_least monitored")
         MUST("targets[target = \"t\"].ratio > 1"),
     "c must=(> (lookup targets@1[target='t', unit_code=s0.unit_code, "
     "period=s0.period].s1.ratio) 1) column=- operands=targets[target = \"t\"].ratio "
     "uses=targets sides"},
    {"claimed",
     TARGET("t",
            "actual free plan 5 aim at_least points 5 { ratio } claimed yearly.htx_total "
            "within 2% of right"),
     "t.claimed must=(= (lookup yearly@1[unit_code=s0.unit_code, year=year:(year "
     "s0.period)].s1.htx_total) (lookup targets@1[target='t', unit_code=s0.unit_code, "
     "period=s0.period].s1.points)) within=(* 0.02 (abs right)) column=- "
     "operands=yearly.htx_total;targets[target = \"t\"].points uses=yearly,targets "
     "sides"},
    {"claimed_of_a_board", BOARD("part \"A\" 5 { 1 } claimed free"),
     "b.claimed must=(= s0.free (lookup scores@1[scoreboard='b', unit_code=s0.unit_code, "
     "period=s0.period].s1.points)) column=free operands=free;scores[scoreboard = "
     "\"b\"].points uses=scores sides"},
    {"in_the_order_of_writing",
     MUST("free > 1")
         INDICATOR("value free expect 1 .. 2") "check d on report { must free > "
                                               "2 }",
     "c must=(> s0.free 1) column=free operands=free sides\n"
     "i.expect must=(in-range s0.free 1 2) column=free operands=free\n"
     "d must=(> s0.free 2) column=free operands=free sides"},
    {"id_from_the_row",
     WORTH("t", "1") TARGET("u", "actual capital plan 5 aim at_least monitored")
         MUST("targets[target = this.note].actual = htx_total"),
     "c must=(= (row-unit htx (lookup targets@1[target=s0.note, unit_code=s0.unit_code, "
     "period=s0.period].s1.actual) (lookup targets@1[target=s0.note, "
     "unit_code=s0.unit_code, period=s0.period].s1.unit)) s0.htx_total) column=note "
     "operands=targets[target = this.note].actual;htx_total uses=targets sides"},
};

static const struct lower_case results[] = {
    {"nothing_is_read", WORTH("t", "1") INDICATOR("value free expect 1 .. 2"), ""},
    {"one_target", WORTH("t", "1") MUST("targets[target = \"t\"].ratio > 1"),
     "targets period=period (target text key optional) (unit_code code provinces key "
     "optional) (period period key optional) (actual decimal of htx optional) (plan "
     "decimal "
     "of htx optional) (ratio decimal optional) (points decimal optional) (status text "
     "optional) key=2 members=0"},
    {"read_twice_made_once",
     WORTH("t", "1") WORTH("u", "1") MUST("targets[target = \"u\"].ratio > 1 and "
                                          "targets[target = \"u\"].points > 1"),
     "targets period=period (target text key optional) (unit_code code provinces key "
     "optional) (period period key optional) (actual decimal of htx optional) (plan "
     "decimal "
     "of htx optional) (ratio decimal optional) (points decimal optional) (status text "
     "optional) key=2 members=1"},
    {"board", BOARD("part \"A\" 5 { 1 }") MUST("scores[scoreboard = \"b\"].grade = note"),
     "scores period=period (scoreboard text key optional) (unit_code code provinces key "
     "optional) (period period key optional) (points decimal optional) (rank integer "
     "optional) (grade text optional) key=2 members=0"},
    {"indicator_without_a_period",
     "indicator i on yearly { value htx_total } check c on yearly { must "
     "indicators[indicator = \"i\"].value > 1 }",
     "indicators period=- (indicator text key optional) (unit_code code provinces key "
     "optional) (year year key optional) (value decimal of htx optional) key=2 "
     "members=0"},
    {"union_of_one_unit",
     WORTH("t", "1") TARGET("u", "actual htx_total plan 1 aim at_least monitored")
         MUST("targets[target = this.note].actual > 1"),
     "targets period=period (target text key optional) (unit_code code provinces key "
     "optional) (period period key optional) (actual decimal of htx optional) (plan "
     "decimal "
     "of htx optional) (ratio decimal optional) (points decimal optional) (status text "
     "optional) key=2 members=0,1"},
    {"union_of_two_units",
     WORTH("t", "1") TARGET("u", "actual capital plan 1 aim at_least monitored")
         MUST("targets[target = this.note].points > 1"),
     "targets period=period (target text key optional) (unit_code code provinces key "
     "optional) (period period key optional) (actual decimal of column 8 optional) (plan "
     "decimal of column 8 optional) (ratio decimal optional) (points decimal optional) "
     "(status text optional) (unit text optional) key=2 members=0,1"},
};

static const struct lower_case tests_of_rules[] = {
    {"values_are_read_as_their_columns",
     "check c on report { must free > 1 } check y on yearly { must htx_total > 1 }\n"
     "test \"x y\" { given report \"\"\"\nunit_code\n\"\"\"\ngiven yearly "
     "\"\"\"\n\"\"\"\n"
     "expect c fail at unit_code \"91\", period \"6 tháng đầu năm 2022\" expect y "
     "unknown at "
     "year \"2022\" expect y skip at year 2022, unit_code \"92\" expect report.columns "
     "error "
     "expect report.htx_new.required pass expect nothing else }",
     "'x y' given report given yearly c fail @unit_code(0)=code'91' "
     "@period(2)=period'2022-H1' y unknown @year(1)=num'2022' y skip @year(1)=num'2022' "
     "@unit_code(0)=code'92' report.columns error report.htx_new.required pass only"},
};

static struct str printed_checks(struct arena *a, const struct ruleset *r)
{
    return check_print_rules(a, r);
}

static const struct {
    const struct lower_case *rows;
    size_t n;
    struct str (*print)(struct arena *a, const struct ruleset *r);
} tables[] = {
    {goals, COUNT_OF(goals), check_print_goals},
    {checks, COUNT_OF(checks), printed_checks},
    {results, COUNT_OF(results), check_print_results},
    {tests_of_rules, COUNT_OF(tests_of_rules), check_print_tests},
};

struct row {
    size_t table, i;
};

static const struct ruleset *read_rules(struct arena *a, const char *rules)
{
    struct diags *diags;
    struct sources *sources;
    struct text t = text_in(a);
    text_add_z(&t, "soat 1\n");
    text_add_z(&t, rules);
    const struct ruleset *r =
        check_print_read(a, str_copy(a, text_str(&t)).p, check_world, &diags, &sources);
    assert_string_equal(str_copy(a, check_print_diags(a, diags, sources)).p, "");
    return r;
}

static void is_lowered(void **state)
{
    const struct row *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct lower_case *want = &tables[row->table].rows[row->i];
    const struct ruleset *r = read_rules(a, want->rules);
    struct str found = tables[row->table].print(a, r);
    assert_string_equal(str_copy(a, found).p, want->want);
    arena_close(a);
}

/* ---- single facts */

static void is_text(struct arena *a, struct str found, const char *want)
{
    assert_string_equal(str_copy(a, found).p, want);
}

static void lines_speak_in_words(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct ruleset *r = read_rules(
        a,
        INDICATOR("title vi \"Số TV\" value members / htx_total expect 20 .. 600 change "
                  "-5% .. 10% severity error final outlier mad 3.5 each period"));
    assert_int_equal(r->n_checks, 3);
    is_text(a, r->checks[0].formula, "members / htx_total in 20 .. 600");
    is_text(a, r->checks[0].title.lang[LANG_VI], "Số TV: khoảng thường gặp");
    assert_null(r->checks[0].title.lang[LANG_EN].p);
    assert_true(r->checks[0].severity == DIAG_WARNING && !r->checks[0].is_final);
    is_text(a, r->checks[1].formula,
            "((members / htx_total) - previous(members / htx_total)) / "
            "abs(previous(members / htx_total)) in -5% .. 10%");
    assert_true(r->checks[1].severity == DIAG_ERROR && r->checks[1].is_final);
    assert_true(r->checks[1].if_first == POLICY_SKIP);
    assert_true(r->checks[0].if_first == POLICY_UNKNOWN);
    is_text(a, r->checks[2].formula, "members / htx_total outlier mad 3.5 each period");
    assert_true(r->checks[1].at.lo > r->checks[0].at.lo);
    arena_close(a);
}

static void claims_speak_in_words(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct ruleset *r = read_rules(
        a, TARGET("t",
                  "title vi \"Mới\" en \"New\" actual free plan 5 aim at_least points 5 "
                  "{ ratio } claimed free / 2 within 0.05"));
    assert_int_equal(r->n_checks, 1);
    is_text(a, r->checks[0].formula, "free / 2 = targets[target = \"t\"].points");
    is_text(a, r->checks[0].title.lang[LANG_EN], "New: points claimed");
    assert_true(r->checks[0].severity == DIAG_ERROR && r->checks[0].has_sides);
    arena_close(a);
}

static void targets_are_a_code_list(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct ruleset *r = read_rules(
        a, TARGET("t", "title en \"New\" actual none because \"X\"") WORTH("u", "1"));
    const struct codelist_decl *list = &r->codelists[r->n_codelists - 1];
    is_text(a, list->name, "targets");
    assert_null(list->path.p);
    assert_int_equal(list->n_entries, 2);
    is_text(a, list->entries[0].code.text, "t");
    is_text(a, list->entries[0].label.text, "New");
    is_text(a, list->entries[1].label.text, "u");
    arena_close(a);
}

static void hidden_data_sets_stand_behind(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct ruleset *r =
        read_rules(a, WORTH("t", "1") WORTH("u", "1")
                          MUST("targets[target = \"u\"].points > targets[target = "
                               "this.note].points"));
    assert_int_equal(r->n_results, 2);
    assert_int_equal(r->results[0].n_members, 1);
    assert_int_equal(r->results[1].n_members, 2);
    assert_true(r->results[1].unit_column == ID_NONE);
    assert_int_equal(r->checks[0].uses[0], r->n_datasets);
    assert_int_equal(r->checks[0].uses[1], r->n_datasets + 1);
    const struct schema *s = &r->datasets[r->n_datasets].schema;
    is_text(a, s->columns[1 + r->results[0].n_key + RESULT_STATUS].name, "status");
    arena_close(a);
}

int main(void)
{
    static struct row rows[COUNT_OF(goals) + COUNT_OF(checks) + COUNT_OF(results) +
                           COUNT_OF(tests_of_rules)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(lines_speak_in_words),
        cmocka_unit_test(claims_speak_in_words),
        cmocka_unit_test(targets_are_a_code_list),
        cmocka_unit_test(hidden_data_sets_stand_behind),
    };
    struct CMUnitTest tests[COUNT_OF(rows) + COUNT_OF(others)];
    size_t n = 0;
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (size_t i = 0; i < tables[t].n; i++, n++) {
            rows[n] = (struct row){t, i};
            tests[n] = (struct CMUnitTest){.name = tables[t].rows[i].name,
                                           .test_func = is_lowered,
                                           .initial_state = &rows[n]};
        }
    }
    memcpy(tests + n, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

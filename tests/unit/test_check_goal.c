/* Indicators, targets, scoreboards, their results as data sets, and tests: what the
 * checker accepts and refuses, and where. Rows are rule text; "soat 1" and a line end go
 * before it, so it begins on line 2. The data sets are in check_world.h. */
#include "check_print.h"
#include "check_world.h"
#include "lang/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct goal_case {
    const char *name, *rules, *want; /* codes and places; "" when all is well */
};

#define INDICATOR(clauses) "indicator i on report {\n" clauses "\n}"
#define TARGET(clauses) "target t on report { aim at_least\n" clauses "\n}"
#define POINTS(schedule)                                                                 \
    "target t on report { actual htx_new plan 5 aim at_least points 20 {\n" schedule     \
    "\n} }"
/* A target on report, worth n points. */
#define WORTH(name, n)                                                                   \
    "target " name " on report { actual htx_new plan 5 aim at_least points " n           \
    " { ratio cap 100% } } "
#define YEARLY(name)                                                                     \
    "target " name " on yearly { actual htx_total plan 5 aim at_least points 5 { ratio " \
    "} } "
#define VALUE(name, value) "indicator " name " on report { value " value " } "
#define BOARD(clauses)                                                                   \
    "scoreboard b on report each period { for unit_code\n" clauses "\n}"
#define MUST(e) "check c on report { must\n" e "\n}"
#define ON_YEARLY(e) "check c on yearly { must\n" e "\n}"
#define TEST(clauses) "test \"x\" {\n" clauses "\n}"

static const struct goal_case indicators[] = {
    {"value", INDICATOR("value members / htx_total"), ""},
    {"value_is_a_number", INDICATOR("value note"), "R090 3:7"},
    {"unknown_dataset", "indicator i on reprot { value a }", "R055 2:16"},
    {"unknown_column", INDICATOR("value nix expect 1 .. 2 change 1 .. nux"), "R057 3:7"},
    {"bounds_of_literals", INDICATOR("value members / htx_total expect 20 .. 600"), ""},
    {"bounds_take_the_unit", INDICATOR("value htx_total expect 1 .. members"),
     "R093 3:29"},
    {"bounds_of_another_kind", INDICATOR("value htx_total expect 1 .. note"),
     "R091 3:29"},
    {"bounds_are_values_too", INDICATOR("value htx_total expect htx_open .. 2 * htx_new"),
     ""},
    {"change_is_a_share", INDICATOR("value htx_total change -5% .. 10%"), ""},
    {"change_takes_no_unit", INDICATOR("value htx_total change 1 .. htx_new"),
     "R096 3:29"},
    {"change_of_an_open_value_takes_no_unit", INDICATOR("value free change 1 .. htx_new"),
     "R096 3:24"},
    {"change_takes_numbers", INDICATOR("value free change note .. 1"), "R090 3:19"},
    {"change_needs_a_period", "indicator i on htx_list { value size\nchange -5% .. 5% }",
     "R109 2:33"},
    {"hb_needs_a_period", "indicator i on htx_list { value size outlier hb 3 }",
     "R109 2:33"},
    {"change_needs_one_period", "indicator i on odd { value x change -5% .. 5% }",
     "R110 2:28"},
    {"outlier_groups", INDICATOR("value htx_total outlier mad 3.5 each period, note"),
     ""},
    {"outlier_of_all_rows", INDICATOR("value htx_total outlier iqr 1.5"), ""},
    {"outlier_unknown_column",
     INDICATOR("value htx_total outlier z 3 each perid, period"), "R056 3:34"},
    {"outlier_column_twice", INDICATOR("value htx_total outlier z 3 each period, period"),
     "R066 3:42"},
    {"outlier_factor_zero", INDICATOR("value htx_total outlier z 0"), "R145 3:17"},
    {"three_lines_one_mistake",
     INDICATOR("value htx_totl expect 1 .. 2 change 1 .. 2 outlier z 3"), "R057 3:7"},
    {"unit_in_the_row_is_open_here", "indicator i on published { value value }",
     "R095 2:34"},
    {"unit_in_the_row_as_unit", "indicator i on published { value value as trd }", ""},
    {"undefined", INDICATOR("undefined because \"X\" expect 1 .. 2 outlier z 3"), ""},
    {"no_group_around", INDICATOR("value sum(htx_total)"), "R125 3:7"},
    {"no_unique", INDICATOR("value (if unique(note) then 1 else 2)"), "R117 3:11"},
    {"one_id_space", VALUE("report", "free") VALUE("i", "free") WORTH("i", "1"),
     "R050 2:87, R050 shared:8:9"},
    {"indicator_twice", VALUE("i", "free") VALUE("i", "free"), "R050 2:48"},
    {"id_of_a_check", VALUE("c", "free") MUST("free > 1"), "R050 2:44"},
    {"today_and_defines", "define age = today - founded " INDICATOR("value age"), ""},
};

static const struct goal_case targets[] = {
    {"whole",
     TARGET("title vi \"T\" actual cumulative(htx_new) when unit_code != \"92\" plan "
            "plan[target_id = \"t\"].goal pace 50% margin 80% points plan[target_id = "
            "\"m\"].value { ratio cap 100% } claimed free within 0.05"),
     ""},
    {"actual_is_a_number", TARGET("actual note plan 1 monitored"), "R090 3:8"},
    {"plan_is_a_number", TARGET("actual htx_new plan note monitored"), "R090 3:21"},
    {"both_are_looked_at", TARGET("actual nix plan nux monitored"),
     "R057 3:8, R057 3:17"},
    {"actual_and_plan_have_one_unit", TARGET("actual htx_new plan members monitored"),
     "R093 3:21"},
    {"plan_is_converted", TARGET("actual capital as tyd plan 5 monitored"), ""},
    {"upper_end_has_the_unit",
     "target t on report { actual htx_new plan 5 .. members aim between monitored }",
     "R093 2:47"},
    {"upper_end",
     "target t on report { actual htx_new plan 5 .. 9 aim between monitored }", ""},
    {"unit_in_the_row_meets_a_plan",
     "target t on published { actual value plan sum(report[period = "
     "this.period].capital) aim at_least monitored }",
     ""},
    {"unit_in_the_row_meets_a_literal",
     "target t on published { actual value plan 5 aim at_least monitored }", "R095 2:32"},
    {"unit_in_both_rows",
     "target t on published { actual value plan previous(value) aim at_least monitored }",
     ""},
    {"yes_takes_a_flag",
     "target t on report { actual active aim yes points 5 { all_or_nothing } }", ""},
    {"yes_takes_no_number", "target t on report { actual free aim yes monitored }",
     "R090 2:29"},
    {"no_flag_otherwise", TARGET("actual active plan 1 monitored"), "R090 3:8"},
    {"when_is_a_condition", TARGET("actual free plan 1 when 1 monitored"), "R090 3:25"},
    {"pace_is_a_share", TARGET("actual free plan 1 pace members monitored"), "R096 3:25"},
    {"margin_is_a_share", TARGET("actual free plan 1 margin 90 monitored"), "R145 3:27"},
    {"margin_is_above_zero", TARGET("actual free plan 1 margin 0% monitored"),
     "R145 3:27"},
    {"unmeasured", "target t on report { actual none because \"X\" }", ""},
    {"points_are_a_number", TARGET("actual free plan 1 points note { ratio }"),
     "R090 3:27"},
    {"points_below_zero", TARGET("actual free plan 1 points -1 { ratio }"), "R145 3:27"},
    {"points_of_a_unit_in_the_row",
     "target t on published { actual 1 plan 2 aim at_least points value { ratio } }",
     "R095 2:61"},
    {"ratio", POINTS("ratio"), ""},
    {"ratio_cap_below_zero", POINTS("ratio cap -5%"), "R145 3:11"},
    {"all_or_nothing", POINTS("all_or_nothing bonus 1 per 10% over 0%"), ""},
    {"per", POINTS("per 2 : 0.5 cap 10 round 0.5"), ""},
    {"per_nothing", POINTS("per 0 : 0.5"), "R145 3:5"},
    {"per_gives_nothing", POINTS("per 1 : 0"), "R145 3:9"},
    {"bands_in_any_order", POINTS("bands { 0% : 0, 100% : 20, 90% : 15 }"), ""},
    {"band_twice", POINTS("bands { 1 : 20, 90% : 15, 100% : 3 }"), "R066 3:27"},
    {"band_below_zero", POINTS("bands { -1% : 0, 90% : -2 }"), "R145 3:9, R145 3:24"},
    {"bonus_of_nothing", POINTS("ratio bonus 0 per 0% over -1% cap 0 round 0"),
     "R145 3:13, R145 3:19, R145 3:27, R145 3:35, R145 3:43"},
    {"claimed_is_a_number", TARGET("actual free plan 1 points 5 { ratio } claimed note"),
     "R091 3:47"},
    {"claimed_within",
     TARGET("actual free plan 1 points 5 { ratio } claimed free within "
            "2% of right"),
     ""},
    {"claimed_within_points_of_points",
     TARGET("actual free plan 1 points 5 { ratio } claimed free within 5%"), "R133 3:59"},
    {"claimed_of_an_undefined_column_settles_itself",
     TARGET("actual free plan 1 points 5 { ratio } claimed effective"), ""},
    {"claim_of_a_faulty_target",
     TARGET("actual nix plan 1 points 5 { ratio } claimed nux"), "R057 3:8"},
    {"group_is_not_here", TARGET("actual count() plan 1 monitored"), "R125 3:8"},
};

static const struct goal_case boards[] = {
    {"targets", WORTH("t", "20") WORTH("u", "5") BOARD("targets t, u total 25"), ""},
    {"all_targets",
     WORTH("t", "20") YEARLY("y") "scoreboard b on report each period { for "
                                  "unit_code\ntargets all }",
     "R147 3:1"},
    {"all_without_any", BOARD("targets all"), "R149 3:1"},
    {"all_leaves_the_monitored_out",
     WORTH("t", "20") "target m on yearly { actual htx_total plan 5 aim at_least "
                      "monitored } " BOARD("targets all total 20"),
     ""},
    {"all_targets_of_a_part", WORTH("t", "20") BOARD("part \"A\" 20 { targets all }"),
     "R160 3:23"},
    {"all_targets_and_another", WORTH("t", "20") BOARD("targets t, all"), "R160 3:12"},
    {"unknown_target", WORTH("t_new", "20") BOARD("targets t_nwe"), "R135 3:9"},
    {"unknown_twice_is_one_finding", WORTH("t", "20") BOARD("targets t, nix, nix"),
     "R135 3:12"},
    {"target_without_points",
     "target m on report { actual free plan 5 aim at_least monitored } " BOARD(
         "targets m"),
     "R148 3:9"},
    {"target_twice", WORTH("t", "20") BOARD("targets t, t"), "R066 3:12"},
    {"target_in_two_parts",
     WORTH("t", "20") BOARD("part \"A\" 20 { targets t } part \"B\" 20 { targets t }"),
     "R066 3:49"},
    {"target_of_another_key", WORTH("t", "20") YEARLY("y") BOARD("targets t, y"),
     "R147 3:12"},
    {"key_in_another_order",
     "dataset turned { key period, unit_code column period period column unit_code code "
     "provinces column x count }\ntarget t on turned { actual x plan 5 aim at_least "
     "points 5 { ratio } }\n" BOARD("targets t"),
     ""},
    {"key_of_another_type",
     "dataset texts { key unit_code, period column period period column unit_code text "
     "column x count }\ntarget t on texts { actual x plan 5 aim at_least points 5 { "
     "ratio } }\n" BOARD("targets t"),
     "R147 5:9"},
    {"cell_lacks_a_key_column",
     WORTH("t", "20") "scoreboard b on odd each period { for unit_code targets t }",
     "R146 2:126"},
    {"cell_of_no_key_column",
     WORTH("t", "20") "scoreboard b on report each period, note { for unit_code targets "
                      "t }",
     "R075 2:124"},
    {"cell_column_twice",
     WORTH("t", "20") "scoreboard b on report each period { for unit_code, period "
                      "targets t }",
     "R066 2:116"},
    {"cell_unknown_column",
     WORTH("t", "20") "scoreboard b on report each period { for unit targets t }",
     "R056 2:129"},
    {"parts",
     WORTH("t", "70") BOARD("part \"A\" 70 { targets t } part \"B\" 30 { "
                            "yearly.htx_total } total 100"),
     ""},
    {"part_does_not_add_up",
     WORTH("t", "20") WORTH("u", "5") BOARD("part \"A\" 70 { targets t, u } total 70"),
     "R150 3:10"},
    {"total_does_not_add_up",
     WORTH("t", "20") WORTH("u", "5") BOARD("targets t, u total 26"), "R151 3:20"},
    {"parts_do_not_add_up",
     WORTH("t", "70") BOARD("part \"A\" 70 { targets t } part \"B\" 20 { 1 } total 100"),
     "R151 3:51"},
    {"maximum_from_data_may_add_up",
     WORTH("t", "20") WORTH("u", "free") BOARD("targets t, u total 100"), ""},
    {"maximum_from_data_cannot_make_up_for_too_much",
     WORTH("t", "120") WORTH("u", "free") BOARD("targets t, u total 100"), "R151 3:20"},
    {"maxima_of_numbers_alone_are_numbers",
     WORTH("t", "(2 * 25 - -10)") WORTH("u", "(50 - 10)") BOARD("targets t, u total 100"),
     ""},
    {"maxima_of_numbers_alone_that_do_not_add_up",
     WORTH("t", "(50 + 10)") WORTH("u", "20") BOARD("targets t, u total 100"),
     "R151 3:20"},
    {"a_maximum_of_numbers_alone_below_zero", WORTH("t", "(5 - 10)"), "R145 2:64"},
    {"maximum_by_a_define",
     "define w = 30\n" WORTH("t", "w") "scoreboard b on report each period { for "
                                       "unit_code targets t total 20 }",
     "R151 3:154"},
    {"part_sees_the_cell", BOARD("part \"A\" 5 { htx_new }"), "R156 3:14"},
    {"part_sees_the_cell_by_this", BOARD("part \"A\" 5 { this.htx_new }"), "R156 3:14"},
    {"part_is_a_number", BOARD("part \"A\" 5 { unit_code }"), "R090 3:14"},
    {"part_without_unit_settled",
     BOARD("part \"A\" 5 { published[indicator = \"a\"].value }"), "R095 3:14"},
    {"part_aggregates_need_a_data_set", BOARD("part \"A\" 5 { sum(htx_new) }"),
     "R125 3:14"},
    {"part_reads_its_row_by_a_lookup", BOARD("part \"A\" 5 { report.htx_new }"), ""},
    {"part_previous", BOARD("part \"A\" 5 { previous(report.htx_new) }"), ""},
    {"extras", BOARD("part \"A\" 5 { 1 } plus yearly.htx_total cap 10 minus 3"), ""},
    {"extra_cap_zero", BOARD("part \"A\" 5 { 1 } plus 1 cap 0"), "R145 3:29"},
    {"extra_is_a_number", BOARD("part \"A\" 5 { 1 } minus period"), "R090 3:24"},
    {"when_of_the_cell", BOARD("part \"A\" 5 { 1 } when parent(unit_code) = \"TNSH\""),
     ""},
    {"cell_when_is_a_condition", BOARD("part \"A\" 5 { 1 } when 1"), "R090 3:23"},
    {"claimed", BOARD("part \"A\" 5 { 1 } claimed yearly.htx_total within 0.05"), ""},
    {"claimed_unknown_column", BOARD("part \"A\" 5 { 1 } claimed yearly.htx"),
     "R056 3:33"},
    {"unknown_dataset",
     "scoreboard b on reprot each period { for unit_code part \"A\" 5 { 1 } }",
     "R055 2:17"},
    {"a_faulty_target_is_said_once",
     "target t on report { actual nix plan 5 aim at_least points 5 { ratio } } " BOARD(
         "targets t total 5"),
     "R057 2:29"},
};

static const struct goal_case results[] = {
    {"literal_id", WORTH("t", "20") MUST("targets[target = \"t\"].points <= 20"), ""},
    {"literal_id_the_other_way_round",
     WORTH("t", "20") YEARLY("y") MUST("targets[\"t\" = target].points <= 20"), ""},
    {"literal_id_among_conditions",
     WORTH("t", "20") YEARLY("y")
         MUST("count(targets[status = \"met\" and target = \"t\", period = any]) > 0"),
     ""},
    {"unknown_id", WORTH("t_new", "20") MUST("targets[target = \"t_nwe\"].points <= 20"),
     "R135 3:18"},
    {"unknown_indicator",
     VALUE("i", "free") MUST("indicators[indicator = \"j\"].value > 1"), "R137 3:24"},
    {"unknown_board",
     BOARD("part \"A\" 5 { 1 }") MUST("scores[scoreboard = \"c\"].rank = 1"),
     "R136 5:21"},
    {"unknown_column", WORTH("t", "20") MUST("targets[target = \"t\"].rank <= 20"),
     "R056 3:23"},
    {"nothing_to_read", MUST("targets[target = note].points <= 20"), "R138 3:1"},
    {"id_left_free", WORTH("t", "20") WORTH("u", "2") MUST("targets.points <= 20"),
     "R121 3:1"},
    {"id_of_the_row",
     WORTH("t", "20") WORTH("u", "2") MUST("targets[target = note].points <= 20"),
     "R057 3:18"},
    {"id_of_this_row",
     WORTH("t", "20") WORTH("u", "2") MUST("targets[target = this.note].points <= 20"),
     ""},
    {"ids_that_share_no_key",
     WORTH("t", "20") YEARLY("y") MUST("targets[target = this.note].points <= 20"),
     "R140 3:1"},
    {"id_by_a_define",
     "define main = \"t\" " WORTH("t", "20") YEARLY("y")
         MUST("targets[target = main].points > 1"),
     ""},
    {"id_by_a_parameter",
     "define got(t) = targets[target = t].points " WORTH("t", "20") YEARLY("y")
         MUST("got(\"t\") > 1"),
     ""},
    {"id_by_a_parameter_unknown",
     "define got(t) = targets[target = t].points " WORTH("t", "20")
         MUST("got(\"x\") > 1"),
     "R135 2:34"},
    {"id_by_a_let",
     WORTH("t", "20")
         YEARLY("y") "check c on report { let k = \"t\" must targets[target = "
                     "k].points > 1 }",
     ""},
    {"id_by_a_family",
     WORTH("htx_new", "20") WORTH("htx_dissolved", "2")
         YEARLY("y") "check c on report for c1 in flows { must targets[target = "
                     "name(c1)].points > 1 }",
     ""},
    {"key_is_bound_by_name_and_type",
     WORTH("t", "20") ON_YEARLY("targets[target = \"t\"].points <= 20"), "R121 3:1"},
    {"key_by_a_condition",
     WORTH("t", "20")
         ON_YEARLY("targets[target = \"t\", period = period(this.year)].points > 1"),
     ""},
    {"time_must_be_said",
     WORTH("t", "20") ON_YEARLY("sum(targets[target = \"t\"].points) > 1"), "R122 3:5"},
    {"all_of_them",
     WORTH("t", "20") WORTH("u", "2") MUST("sum(targets[target = any].points) > 1"), ""},
    {"a_parameter_hides_a_column", "define got(target) = targets[target = target].points",
     "R064 2:12"},
    {"a_let_hides_a_key_column",
     WORTH("t",
           "20") "check c on yearly { let period = 1 must count(targets[target = \"t\", "
                 "year(period) = 2022]) > 1 }",
     "R064 2:112"},
    {"points_are_open",
     WORTH("t", "20") MUST("targets[target = \"t\"].points <= members"), ""},
    {"actual_has_its_unit",
     WORTH("t", "20") MUST("targets[target = \"t\"].actual <= members"), "R093 3:1"},
    {"ratio_is_pure", WORTH("t", "20") MUST("targets[target = \"t\"].ratio <= members"),
     "R093 3:1"},
    {"status_is_a_text", WORTH("t", "20") MUST("targets[target = \"t\"].status = 1"),
     "R091 3:1"},
    {"units_in_the_row",
     WORTH("t", "20") "target u on report { actual capital plan 5 aim at_least monitored "
                      "} " MUST("targets[target = this.note].actual <= htx_total"),
     ""},
    {"units_in_the_row_need_a_demand",
     WORTH("t", "20") "target u on report { actual capital plan 5 aim at_least monitored "
                      "} " MUST("targets[target = this.note].actual <= 5"),
     "R095 3:1"},
    {"units_that_have_no_name",
     WORTH("t", "20") "target u on report { actual share plan 5% aim at_least monitored "
                      "} " MUST("targets[target = this.note].actual <= htx_total"),
     "R142 3:29"},
    {"units_that_have_no_name_leave_points",
     WORTH("t", "20") "target u on report { actual share plan 5% aim at_least monitored "
                      "} " MUST("targets[target = this.note].points <= htx_total"),
     ""},
    {"open_units_take_the_others",
     WORTH("t", "20") "target u on report { actual free plan 5 aim at_least monitored "
                      "} " MUST("targets[target = this.note].actual <= members"),
     "R093 3:1"},
    {"unit_of_the_plan_is_the_actuals",
     "target u on report { actual free plan htx_total aim at_least monitored } " MUST(
         "targets[target = \"u\"].actual <= members"),
     "R093 3:1"},
    {"units_of_their_own_rows",
     "target t on published { actual value plan previous(value) aim at_least monitored "
     "}\n"
     "check c on report { must sum(targets[target = \"t\", period = this.period].plan) > "
     "1 "
     "}",
     "R142 3:74"},
    {"key_named_like_a_result",
     "indicator i on published { value value as trd }\n"
     "check c on report { must count(indicators[indicator = \"i\", period = any]) > 0 }",
     "R141 3:32"},
    {"key_named_like_no_result", "indicator i on published { value value as trd }", ""},
    {"not_in_cover",
     WORTH("t", "20") "dataset d { key k, p column k text column p period cover k in "
                      "targets[target = "
                      "any].target }",
     "R143 2:150"},
    {"not_after_on", WORTH("t", "20") "check c on targets { must points > 1 }",
     "R144 2:99"},
    {"in_a_filter",
     WORTH("t", "20") "check c on report[targets[target = \"t\"].status = \"met\"] each "
                      "period { must count() > 1 }",
     ""},
    {"in_a_hole",
     WORTH("t", "20") "check c on report { must free > 1 message vi \"{targets[target = "
                      "'t'].points}\" }",
     ""},
    {"previous_of_a_result",
     WORTH("t", "20") MUST("targets[target = \"t\"].points >= previous(targets[target = "
                           "\"t\"].points)"),
     ""},
    {"a_faulty_goal_is_said_once",
     "target t on report { actual nix plan 5 aim at_least monitored } " MUST(
         "targets[target = \"t\"].actual > 1 and targets[target = this.note].ratio > 1"),
     "R057 2:29"},
    {"targets_may_read_indicators",
     VALUE("i", "members / htx_total")
         TARGET("actual indicators[indicator = \"i\"].value "
                "plan 7 monitored"),
     ""},
    {"indicators_may_read_scores",
     WORTH("t", "20") BOARD("targets t") VALUE("i", "scores[scoreboard = \"b\"].points"),
     ""},
    {"boards_may_read_boards",
     BOARD(
         "part \"A\" 5 { 1 }") "scoreboard d on report each period { for unit_code part "
                               "\"A\" 5 { scores[scoreboard = \"b\"].points } }",
     ""},
    {"circle_of_one", TARGET("actual targets[target = \"t\"].points plan 1 monitored"),
     "R139 2:8"},
    {"circle_of_two",
     "target t on report { actual targets[target = \"u\"].points plan 1 aim at_least "
     "monitored }\ntarget u on report { actual targets[target = \"t\"].points plan 1 aim "
     "at_least monitored }",
     "R139 2:8"},
    {"circle_through_all",
     "target t on report { actual sum(targets[target = any].points) plan 1 aim at_least "
     "monitored }\n" WORTH("u", "1"),
     "R139 2:8"},
    {"circle_through_a_board",
     "target t on report { actual scores[scoreboard = \"b\"].rank plan 1 aim at_most "
     "points "
     "5 { ratio } } " BOARD("targets t"),
     "R139 2:8"},
    {"circle_through_a_define",
     "define x = indicators[indicator = \"i\"].value " VALUE("i", "x + 1"), "R139 2:56"},
    {"no_circle_by_naming_another",
     WORTH("u", "1") TARGET("actual targets[target = \"u\"].points plan 1 monitored"),
     ""},
    {"targets_as_a_code_list",
     WORTH("t", "1") "dataset d { key k column k code targets } check c on d { must k = "
                     "\"t\" }",
     ""},
    {"targets_as_a_code_list_unknown_code",
     WORTH("t_new",
           "1") "dataset d { key k column k code targets } check c on d { must k = "
                "\"t_nwe\" }",
     "R069 2:157"},
    {"targets_as_a_set", WORTH("t", "1") MUST("note in targets"), ""},
    {"targets_as_a_code_list_without_targets",
     "dataset d { key k column k code targets }", ""},
    {"a_key_of_target_ids_reads_results",
     WORTH("t",
           "1") "dataset d { key target_id, unit_code, period column target_id code "
                "targets column unit_code code provinces column period period column "
                "points decimal }\ncheck c on d { must points = targets[target = "
                "this.target_id].points }",
     ""},
};

static const struct goal_case tests_of_rules[] = {
    {"a_check", MUST("free > 1") TEST("given report \"\"\"\n\"\"\"\nexpect c fail"), ""},
    {"unknown_check", MUST("free > 1") TEST("expect d fail given report \"\"\"\n\"\"\""),
     "R152 5:8"},
    {"unknown_dataset",
     MUST("free > 1") TEST("expect c fail given reprot \"\"\"\n\"\"\""), "R055 5:21"},
    {"results_are_not_given",
     MUST("free > 1") TEST("expect c fail given targets \"\"\"\n\"\"\""), "R144 5:21"},
    {"a_faulty_check_is_not_unknown",
     MUST("nix > 1") TEST("expect c fail given report \"\"\"\n\"\"\""), "R057 3:1"},
    {"column_of_a_family",
     "check f on report for c in flows { must c > 0 }" TEST(
         "expect f.htx_new fail given report \"\"\"\n\"\"\""),
     ""},
    {"family_without_a_column",
     "check f on report for c in flows { must c > 0 }" TEST(
         "expect f fail given report \"\"\"\n\"\"\""),
     "R152 3:8"},
    {"structural",
     TEST("expect report.columns fail expect report.row pass expect report.key fail "
          "expect report.htx_new.required fail expect report.htx_new.type fail expect "
          "report.htx_new.range fail expect report.unit_code.code fail expect "
          "report.free.ambiguous fail given report \"\"\"\n\"\"\""),
     ""},
    {"structural_that_is_not_there",
     TEST("expect report.cover fail\nexpect report.note.required fail\nexpect "
          "report.htx_new.unique fail\nexpect report fail given report \"\"\"\n\"\"\""),
     "R152 3:8, R152 4:8, R152 5:8, R152 6:8"},
    {"structural_of_a_data_set",
     "dataset d { key k, p column k code provinces column p period column x count "
     "additive "
     "column n text unique max 5 matches '^a' cover k in members(\"a\") each p totals k "
     "\"T\" pair k with n }\n" TEST(
         "expect d.cover fail expect d.totals fail expect d.pair "
         "fail expect d.n.unique fail expect d.n.length fail "
         "expect d.n.pattern fail\nexpect d.tree fail given d "
         "\"\"\"\n\"\"\""),
     "R152 5:8"},
    {"lines_of_an_indicator",
     INDICATOR("value free expect 1 .. 2 change 1 .. 2") TEST(
         "expect i.expect fail expect i.change skip\nexpect i.outlier fail\nexpect i "
         "fail given report \"\"\"\n\"\"\""),
     "R152 6:8, R152 7:8"},
    {"claims",
     WORTH("u", "1") TARGET("actual free plan 1 points 5 { ratio } claimed free")
         TEST("expect t.claimed fail\nexpect u.claimed fail given report \"\"\"\n\"\"\""),
     "R152 6:8"},
    {"at_key_columns",
     MUST("free > 1")
         TEST("expect c fail at unit_code \"91\", period \"quý I/2022\" given "
              "report \"\"\"\n\"\"\""),
     ""},
    {"at_another_column",
     MUST("free > 1") TEST("expect c fail at note \"x\" given report \"\"\"\n\"\"\""),
     "R153 5:18"},
    {"at_each_columns",
     "check c on report each period { must count() > 1 }" TEST(
         "expect c fail at period period \"2022-H1\"\nexpect c fail at unit_code \"91\" "
         "given report \"\"\"\n\"\"\""),
     "R153 4:18"},
    {"at_of_a_file",
     TEST("expect report.columns fail at unit_code \"9\" given report "
          "\"\"\"\n\"\"\""),
     "R153 3:31"},
    {"at_of_a_cell",
     TEST("expect report.htx_new.type fail at unit_code \"9\" given report "
          "\"\"\"\n\"\"\""),
     ""},
    {"at_values",
     ON_YEARLY("htx_total > 1")
         TEST("expect c fail at year 2022 expect c fail at year "
              "\"2022\"\nexpect c fail at year \"x\"\nexpect c fail at "
              "unit_code 91\nexpect c fail at year period \"2022\" "
              "given yearly \"\"\"\n\"\"\""),
     "R154 6:23, R154 7:28, R154 8:23"},
    {"at_no_period",
     MUST("free > 1") TEST("expect c fail at period \"xx\" given report \"\"\"\n\"\"\""),
     "R154 5:25"},
};

static void is_judged(void **state)
{
    const struct goal_case *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text t = text_in(a);
    text_add_z(&t, "soat 1\n");
    text_add_z(&t, row->rules);
    const struct ruleset *r =
        check_print_read(a, str_copy(a, text_str(&t)).p, check_world, &diags, &sources);
    struct str said = check_print_diags(a, diags, sources);
    assert_string_equal(str_copy(a, said).p, row->want);
    assert_true((r == NULL) == (row->want[0] != '\0'));
    arena_close(a);
}

/* ---- what is said */

struct saying {
    const char *name, *rules, *vi, *en;
};

static const struct saying said[] = {
    {"sum_of_a_total", WORTH("t", "20") WORTH("u", "5") BOARD("targets t, u total 26"),
     "tổng điểm của b là 26, cộng lại được 20 + 5 = 25",
     "the total of b is 26, the sum is 20 + 5 = 25"},
    {"sum_with_a_maximum_from_data",
     WORTH("t", "20") WORTH("u", "free") WORTH("v", "9")
         BOARD("targets t, u, v total 26"),
     "tổng điểm của b là 26, cộng lại được 20 + 9 + … = 29 + …",
     "the total of b is 26, the sum is 20 + 9 + … = 29 + …"},
    {"sum_of_a_part", WORTH("t", "20") BOARD("part \"Kinh tế\" 70 { targets t }"),
     "phần \"Kinh tế\" có 70 điểm, các chỉ tiêu của nó cộng được 20",
     "the part \"Kinh tế\" has 70 points, its targets add up to 20"},
    {"circle",
     "target t on report { actual indicators[indicator = \"i\"].value plan 1 aim "
     "at_least "
     "monitored }\nindicator i on report { value targets[target = \"t\"].points }",
     "mỗi kết quả này cần kết quả kế tiếp: t → i → t",
     "each of these results needs the next: t → i → t"},
    {"keys_of_a_check",
     MUST("free > 1") TEST("expect c fail at note \"x\" given report "
                           "\"\"\"\n\"\"\""),
     "note không phải cột khóa của c; các cột khóa: unit_code, period",
     "note is no key column of c; these are: unit_code, period"},
};

static void is_said(void **state)
{
    const struct saying *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text t = text_in(a);
    text_add_z(&t, "soat 1\n");
    text_add_z(&t, row->rules);
    check_print_read(a, str_copy(a, text_str(&t)).p, check_world, &diags, &sources);
    assert_int_equal(diags_count(diags), 1);
    const struct diag *d = diags_get(diags, 0);
    assert_string_equal(str_copy(a, diag_text(a, d, LANG_VI)).p, row->vi);
    assert_string_equal(str_copy(a, diag_text(a, d, LANG_EN)).p, row->en);
    arena_close(a);
}

static void ids_that_go_on_are_told(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    check_print_read(a,
                     "soat 1\n" INDICATOR("value free expect 1 .. 2 change 1 .. 2")
                         TEST("expect i fail given report \"\"\"\n\"\"\""),
                     check_world, &diags, &sources);
    assert_int_equal(diags_count(diags), 1);
    struct str hint = diags_get(diags, 0)->hint_en;
    assert_string_equal(str_copy(a, hint).p, "there are: i.expect, i.change");
    arena_close(a);
}

/* ---- the ids that data sets bring along are known here as the engine makes them */

#define RICH                                                                             \
    "dataset d { key k, p column k code provinces column p period column x count "       \
    "additive "                                                                          \
    "column n text unique max 5 matches '^a' column up code provinces optional cover k " \
    "in "                                                                                \
    "members(\"a\") each p totals k \"T\" pair k with n tree k under up }\n"

static const struct {
    const char *suffix;
    bool per_column;
} structural[] = {
#define STRUCTURAL(id, suffix, per_column, ...) {suffix, per_column},
#include "eval/structural.def"
#undef STRUCTURAL
};

static bool is_known_id(struct arena *a, const char *column, const char *suffix)
{
    struct diags *diags;
    struct sources *sources;
    struct text t = text_in(a);
    text_printf(
        &t, "soat 1\n" RICH "test \"x\" { expect d.%s%s fail given d \"\"\"\n\"\"\" }",
        column, suffix);
    check_print_read(a, str_copy(a, text_str(&t)).p, check_world, &diags, &sources);
    return diags_count(diags) == 0;
}

static void structural_ids_are_known(void **state)
{
    (void)state;
    static const char *const columns[] = {"k.", "x.", "n."};
    for (size_t i = 0; i < COUNT_OF(structural); i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        bool is_known =
            !structural[i].per_column && is_known_id(a, "", structural[i].suffix);
        for (size_t k = 0; k < COUNT_OF(columns) && structural[i].per_column; k++) {
            is_known = is_known || is_known_id(a, columns[k], structural[i].suffix);
        }
        assert_true(is_known);
        arena_close(a);
    }
}

/* ---- many of them, and words exchanged at random */

/* Each indicator reads the one declared after it: order never matters, up to a depth that
 * a stack can hold; the other way round there is no such limit. */
static void chains_end(void **state)
{
    bool is_forward = *state != NULL;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text t = text_in(a);
    text_add_z(&t, "soat 1\ndataset d { key a column a text column x count }\n");
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t n = is_forward ? i : 1000 - i;
        text_printf(&t, "indicator i%u on d { value x", n);
        if (n > 0) {
            text_printf(&t, " + indicators[indicator = \"i%u\"].value", n - 1);
        }
        text_add_z(&t, " }\n");
    }
    text_add_z(&t, is_forward ? "" : "indicator i0 on d { value x }\n");
    const struct ruleset *r =
        check_print_read(a, str_copy(a, text_str(&t)).p, NULL, &diags, &sources);
    assert_int_equal(diags_count(diags), is_forward ? 0 : 1);
    assert_true((r != NULL) == is_forward);
    if (r != NULL) {
        assert_int_equal(r->n_steps, 1000);
        assert_int_equal(r->n_results, 999);
    }
    arena_close(a);
}

static uint32_t next_random(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*seed >> 33) % n);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '%';
}

static struct str word_at(struct str s, size_t i)
{
    size_t lo = i, hi = i;
    while (lo > 0 && is_word(s.p[lo - 1])) {
        lo--;
    }
    while (hi < s.n && is_word(s.p[hi])) {
        hi++;
    }
    return str_cut(s, lo, hi);
}

static struct str exchanged(struct arena *a, struct str s, size_t from, uint64_t *seed)
{
    uint32_t n = (uint32_t)(s.n - from);
    struct str old = word_at(s, from + next_random(seed, n));
    struct str new = word_at(s, from + next_random(seed, n));
    size_t lo = (size_t)(old.p - s.p);
    struct text t = text_in(a);
    text_add(&t, str_cut(s, 0, lo));
    text_add(&t, new);
    text_add(&t, str_cut(s, lo + old.n, s.n));
    return text_str(&t);
}

static const char exchange_rules[] =
    "define got(x) = targets[target = x].points\n"
    "indicator i on report { title vi \"I\" value members / htx_total expect 20 .. 600 "
    "change -5% .. 10% severity error outlier hb 3.5 each period }\n"
    "indicator j on report { undefined because \"X\" expect 1 .. 2 }\n"
    "target t on report { actual cumulative(htx_new) plan plan[target_id = \"t\"].goal "
    "aim "
    "at_least pace 50% margin 90% points 20 { ratio cap 100% bonus 1 per 10% over 100% "
    "cap "
    "5 round 0.1 } claimed free within 0.05 }\n"
    "target u on report { actual indicators[indicator = \"i\"].value plan 5 .. 9 aim "
    "between when active points 15 { bands { 100% : 15, 90% : 5 } } }\n"
    "target v on yearly { actual htx_total plan 5 aim at_most points free { per 2 : 1 } "
    "}\n"
    "target w on report { actual active aim yes monitored }\n"
    "scoreboard b on report each period { for unit_code part \"A\" 35 { targets t, u } "
    "part "
    "\"B\" 5 { got(\"t\") } total 40 plus yearly.htx_total cap 10 rank highest ties "
    "shared "
    "grade \"X\" from 90, \"Y\" claimed yearly.htx_total within 2% of right when "
    "parent(unit_code) = \"T\" }\n"
    "scoreboard d on yearly each year { for unit_code targets v total 5 }\n"
    "check c on report { must got(\"u\") <= scores[scoreboard = \"b\"].points }\n"
    "check e on report { let k = \"w\" must targets[target = k].actual > 1 or "
    "scores[scoreboard = \"b\"].rank > 1 }\n"
    "test \"x\" { given report \"\"\"\na\n\"\"\"\nexpect c fail at unit_code \"91\", "
    "period "
    "\"2022\" expect i.expect pass expect report.key fail expect t.claimed skip expect "
    "nothing else }\n";

static void exchanged_words_are_judged(void **state)
{
    uint64_t seed = (uint64_t)(uintptr_t)*state;
    for (uint32_t i = 0; i < 400; i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct diags *diags;
        struct sources *sources;
        struct text t = text_in(a);
        text_add_z(&t, check_world);
        text_add_z(&t, exchange_rules);
        struct str rules = text_str(&t);
        for (uint32_t left = next_random(&seed, 3) + 1; left > 0; left--) {
            rules = exchanged(a, rules, sizeof check_world - 1, &seed);
        }
        const struct ruleset *r =
            check_print_read(a, str_copy(a, rules).p, NULL, &diags, &sources);
        assert_true((r == NULL) == (diags_errors(diags) > 0));
        if (r != NULL) {
            check_print_goals(a, r);
            check_print_results(a, r);
            check_print_rules(a, r);
            check_print_tests(a, r);
            assert_int_equal(r->n_steps, r->n_targets + r->n_boards + r->n_indicators);
        }
        arena_close(a);
    }
}

/* ---- all */

static struct CMUnitTest one(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)(uintptr_t)state};
}

static size_t add_rows(struct CMUnitTest *tests, size_t n, const struct goal_case *cases,
                       size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        tests[n++] = one(cases[i].name, is_judged, &cases[i]);
    }
    return n;
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(indicators) + COUNT_OF(targets) + COUNT_OF(boards) +
                            COUNT_OF(results) + COUNT_OF(tests_of_rules) +
                            COUNT_OF(said) + 6];
    size_t n = 0;
    n = add_rows(tests, n, indicators, COUNT_OF(indicators));
    n = add_rows(tests, n, targets, COUNT_OF(targets));
    n = add_rows(tests, n, boards, COUNT_OF(boards));
    n = add_rows(tests, n, results, COUNT_OF(results));
    n = add_rows(tests, n, tests_of_rules, COUNT_OF(tests_of_rules));
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        tests[n++] = one(said[i].name, is_said, &said[i]);
    }
    tests[n++] = one("ids_that_go_on_are_told", ids_that_go_on_are_told, NULL);
    tests[n++] = one("structural_ids_are_known", structural_ids_are_known, NULL);
    tests[n++] = one("chain_of_results", chains_end, "forward");
    tests[n++] = one("chain_of_results_backwards", chains_end, NULL);
    tests[n++] =
        one("exchanged_words_1", exchanged_words_are_judged, (void *)(uintptr_t)1);
    tests[n++] =
        one("exchanged_words_2", exchanged_words_are_judged, (void *)(uintptr_t)20220705);
    assert_true(n == COUNT_OF(tests));
    return cmocka_run_group_tests(tests, NULL, NULL);
}

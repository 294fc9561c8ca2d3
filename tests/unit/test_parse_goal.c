/* Indicators, targets, scoreboards and tests: what is read, what is refused and where.
 * `soat 1` and a line end are put before every row, so places begin on line 2. */
#include "lang/parse.h"
#include "parse_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct parse_case {
    const char *name, *source, *want; /* the tree, or the diagnostics */
};

static const struct parse_case accepted[] = {
    {"indicator", "indicator i on d { value a / b }", "(indicator i on=d value=(/ a b))"},
    {"indicator_undefined", "indicator i on d { undefined because \"chưa có\" }",
     "(indicator i on=d undefined='chưa có')"},
    {"indicator_whole",
     "indicator i on d { title vi \"T\" value a expect 20 .. 600 change -5% .. 10% "
     "severity error outlier mad 3.5 each period, q severity info final allow L1 \"r\" }",
     "(indicator i on=d title vi:'T' value=a expect=20..600 change=(neg 0.05%)..0.1% "
     "severity=error outlier=mad 3.5 each=[period q] severity=info final allow=L1 "
     "reason='r')"},
    {"indicator_in_any_order",
     "indicator i on d { outlier z 3 expect a - 1 .. b * 2 severity warning value a }",
     "(indicator i on=d value=a expect=(- a 1)..(* b 2) severity=warning outlier=z 3)"},
    {"indicator_undefined_with_expectation",
     "indicator i on d { expect 1 .. 2 undefined because \"x\" }",
     "(indicator i on=d undefined='x' expect=1..2)"},
    {"indicator_outlier_iqr", "indicator i on d { outlier iqr 1.5 value a }",
     "(indicator i on=d value=a outlier=iqr 1.5)"},
    {"indicator_outlier_hb", "indicator i on d { outlier hb 4 each p value a }",
     "(indicator i on=d value=a outlier=hb 4 each=[p])"},
    {"indicator_severity_of_each_line",
     "indicator i on d { value a expect 1 .. 2 severity info change 1 .. 2 severity "
     "warning outlier z 3 severity error }",
     "(indicator i on=d value=a expect=1..2 severity=info change=1..2 severity=warning "
     "outlier=z 3 severity=error)"},
    {"indicator_words_are_names",
     "indicator value on d { value value + outlier expect each .. title }",
     "(indicator value on=d value=(+ value outlier) expect=each..title)"},
    {"target", "target t on d { actual a plan b aim at_least points 20 { ratio } }",
     "(target t on=d actual=a plan=b aim=at_least points=20 ratio)"},
    {"target_whole",
     "target t on d { title vi \"T\" actual cumulative(a) when u != \"92\" plan plan[k = "
     "\"t\"].value aim at_most pace plan[k = \"t\"].h margin 90% points c[x].m { ratio "
     "cap 100% bonus 1 per 10% over 100% cap 5 round 0.1 } claimed s[k = 1].points "
     "within 0.05 allow L1 \"r\" }",
     "(target t on=d title vi:'T' actual=(call cumulative a) plan=(look plan [(= k 't')] "
     ".value) aim=at_most when=(!= u '92') pace=(look plan [(= k 't')] .h) margin=0.9% "
     "points=(look c [x] .m) ratio cap=1% bonus=1 per=0.1% over=1% cap=5 round=0.1 "
     "claimed=(look s [(= k 1)] .points) within=0.05 allow=L1 reason='r')"},
    {"target_between",
     "target t on d { actual a plan 1 .. 5 aim between points 5 { all_or_nothing } }",
     "(target t on=d actual=a plan=1 to=5 aim=between points=5 all_or_nothing)"},
    {"target_exactly_with_bonus",
     "target t on d { actual a plan 5 aim exactly points 5 { all_or_nothing bonus 1 per "
     "1 over 5 } }",
     "(target t on=d actual=a plan=5 aim=exactly points=5 all_or_nothing bonus=1 per=1 "
     "over=5)"},
    {"target_yes", "target t on d { actual a is present aim yes monitored }",
     "(target t on=d actual=(present a) aim=yes monitored)"},
    {"target_unmeasured", "target t on d { actual none because \"khó\" }",
     "(target t on=d unmeasured='khó')"},
    {"target_unmeasured_with_the_rest",
     "target t on d { actual none because \"khó\" when b title en \"T\" margin 80% pace "
     "5 }",
     "(target t on=d title en:'T' unmeasured='khó' when=b pace=5 margin=0.8%)"},
    {"target_points_per",
     "target t on d { actual a plan 5 aim at_least points 5 { per 10 : 2 cap 4 round 1 } "
     "}",
     "(target t on=d actual=a plan=5 aim=at_least points=5 per N=10 P=2 cap=4 round=1)"},
    {"target_points_in_bands",
     "target t on d { actual a plan 5 aim at_least points 5 { bands { 100% : 20, 90% : "
     "15, 0% : -1 } round 0.5 } }",
     "(target t on=d actual=a plan=5 aim=at_least points=5 bands 1%:20 0.9%:15 0%:-1 "
     "round=0.5)"},
    {"target_of_a_column_named_none",
     "target t on d { actual this.none plan 5 aim at_least monitored }",
     "(target t on=d actual=this.none plan=5 aim=at_least monitored)"},
    {"target_points_from_a_lookup",
     "target t on d { actual a plan 5 aim at_least points if b then 5 else c[k = 1].x { "
     "ratio } claimed x within 5% of right }",
     "(target t on=d actual=a plan=5 aim=at_least points=(if b 5 (look c [(= k 1)] .x)) "
     "ratio claimed=x within=0.05% of right)"},
    {"target_words_are_names",
     "target target on target { actual actual plan plan aim at_least points points { "
     "ratio } when when pace pace }",
     "(target target on=target actual=actual plan=plan aim=at_least when=when pace=pace "
     "points=points ratio)"},
    {"board", "scoreboard b on d each p { for u targets t, s }",
     "(scoreboard b on=d each=[p] for=[u] targets=[t s])"},
    {"board_whole",
     "scoreboard b on d each p, q { title vi \"T\" for u, v targets all when x plus "
     "sum(s.b) cap 10 minus sum(s.c) rank highest ties shared grade \"A\" from 90, \"B\" "
     "from 80.5, \"C\" claimed s.p within 0.05 total 100 allow L1 \"r\" }",
     "(scoreboard b on=d each=[p q] for=[u v] title vi:'T' targets=all plus=(call sum "
     "(look s .b)) cap=10 minus=(call sum (look s .c)) grade='A' from=90 grade='B' "
     "from=80.5 grade='C' total=100 when=x rank=highest claimed=(look s .p) within=0.05 "
     "allow=L1 reason='r')"},
    {"board_parts",
     "scoreboard b on d each p { for u part \"A\" 70 { targets t, s } part \"B\" 30 { "
     "s.p } rank lowest ties shared }",
     "(scoreboard b on=d each=[p] for=[u] part='A' most=70 of=[t s] part='B' most=30 "
     "be=(look s .p) rank=lowest)"},
    {"board_part_of_results",
     "scoreboard b on d each p { for u part \"C\" 0.5 { targets[target = \"t\"].points } "
     "part \"D\" 1 { targets.x } }",
     "(scoreboard b on=d each=[p] for=[u] part='C' most=0.5 be=(look targets [(= target "
     "'t')] .points) part='D' most=1 be=(look targets .x))"},
    {"board_grades_in_percent",
     "scoreboard b on d each p { for u targets t grade \"A\" from 90%, \"B\" from 50%, "
     "\"C\" }",
     "(scoreboard b on=d each=[p] for=[u] targets=[t] grade='A' from=0.9% grade='B' "
     "from=0.5% grade='C')"},
    {"board_one_grade", "scoreboard b on d each p { for u targets t grade \"A\" }",
     "(scoreboard b on=d each=[p] for=[u] targets=[t] grade='A')"},
    {"board_grades_below_zero",
     "scoreboard b on d each p { for u targets t grade \"A\" from 0, \"B\" from -5, "
     "\"C\" }",
     "(scoreboard b on=d each=[p] for=[u] targets=[t] grade='A' from=0 grade='B' from=-5 "
     "grade='C')"},
    {"board_extras",
     "scoreboard b on d each p { for u targets t plus a minus b plus c cap 5 minus e }",
     "(scoreboard b on=d each=[p] for=[u] targets=[t] plus=a minus=b plus=c cap=5 "
     "minus=e)"},
    {"board_words_are_names",
     "scoreboard for on each each each { for for targets target, part when plus }",
     "(scoreboard for on=each each=[each] for=[for] targets=[target part] when=plus)"},
    {"test",
     "test \"x\" { given d \"\"\"\n  a,b\n  1,2\n  \"\"\" expect c fail at k \"91\", "
     "period \"2022-H1\" expect d.key pass expect nothing else }",
     "(test 'x' given=d rows='a,b<0A>1,2<0A>' expect=c fail at k '91', period '2022-H1' "
     "expect=d.key pass nothing-else)"},
    {"test_verdicts",
     "test 'x' { given d \"\"\"\na\n\"\"\" given e \"\"\"\n  \"\"\" expect c.a.b unknown "
     "expect c skip expect c error expect c pass at k -5.5%, dd date \"1/2/2022\", "
     "period period \"2022\" }",
     "(test 'x' given=d rows='a<0A>' given=e rows='' expect=c.a.b unknown expect=c skip "
     "expect=c error expect=c pass at k -0.055%, dd 2022-02-01, period 2022)"},
    {"test_in_any_order", "test \"x\" { expect c . a pass given d \"\"\"\n\"\"\" }",
     "(test 'x' given=d rows='' expect=c.a pass)"},
    {"test_words_are_names",
     "test \"x\" { given given \"\"\"\n\"\"\" expect expect pass at at_ \"1\", expect "
     "\"2\" expect fail fail }",
     "(test 'x' given=given rows='' expect=expect pass at at_ '1', expect '2' "
     "expect=fail fail)"},
};

/* One row for each way to go against a production. */
static const struct parse_case rejected[] = {
    {"indicator_without_value", "indicator i on d { title vi \"T\" }", "R011 2:11"},
    {"indicator_value_and_undefined",
     "indicator i on d { value a undefined because \"x\" }", "R044 2:28+2:20"},
    {"indicator_undefined_and_value",
     "indicator i on d { undefined because \"x\" value a }", "R044 2:42+2:20"},
    {"indicator_value_twice", "indicator i on d { value a value b }", "R010 2:28+2:20"},
    {"indicator_value_nothing", "indicator i on d { value }", "R006 2:26"},
    {"indicator_value_misspelt_is_not_missing", "indicator i on d { vlue a }",
     "R009 2:20"},
    {"indicator_undefined_without_because", "indicator i on d { undefined }",
     "R001 2:30"},
    {"indicator_undefined_name", "indicator i on d { undefined because x }", "R004 2:38"},
    {"indicator_expect_one_number", "indicator i on d { value a expect 20 }",
     "R001 2:38"},
    {"indicator_expect_without_end", "indicator i on d { value a expect 20 .. }",
     "R006 2:41"},
    {"indicator_expect_three_numbers",
     "indicator i on d { value a expect 20 .. 30 .. 40 }", "R009 2:44"},
    {"indicator_expect_twice",
     "indicator i on d { value a expect 20 .. 30 expect 1 .. 2 }", "R010 2:44+2:28"},
    {"indicator_change_comparison", "indicator i on d { value a change a = 1 .. 2 }",
     "R001 2:37"},
    {"indicator_change_severity_unknown",
     "indicator i on d { value a change 1 .. 2 severity bad }", "R007 2:51"},
    {"indicator_change_twice", "indicator i on d { value a change 1 .. 2 change 1 .. 2 }",
     "R010 2:42+2:28"},
    {"indicator_severity_of_nothing", "indicator i on d { value a severity error }",
     "R009 2:28"},
    {"indicator_severity_twice",
     "indicator i on d { value a expect 1 .. 2 severity error severity info }",
     "R009 2:57"},
    {"indicator_outlier_without_method", "indicator i on d { value a outlier 3.5 }",
     "R007 2:36"},
    {"indicator_outlier_without_factor", "indicator i on d { value a outlier mad }",
     "R005 2:40"},
    {"indicator_outlier_percent", "indicator i on d { value a outlier mad 3% }",
     "R009 2:41"},
    {"indicator_outlier_negative", "indicator i on d { value a outlier mad -3 }",
     "R005 2:40"},
    {"indicator_outlier_each_nothing", "indicator i on d { value a outlier mad 3 each }",
     "R002 2:47"},
    {"indicator_outlier_twice", "indicator i on d { value a outlier mad 3 outlier z 3 }",
     "R010 2:42+2:28"},
    {"indicator_title_twice",
     "indicator i on d { value a title vi \"A\" title en \"B\" }", "R010 2:41+2:28"},
    {"indicator_clause_of_a_check", "indicator i on d { must a }", "R009 2:20"},
    {"indicator_without_on", "indicator i d { value a }", "R001 2:13"},
    {"indicator_without_name", "indicator on d { value a }", "R001 2:14"},
    {"indicator_without_dataset", "indicator i on { value a }", "R002 2:16"},
    {"indicator_with_each", "indicator i on d each p { value a }", "R001 2:18"},
    {"indicator_without_brace", "indicator i on d value a }", "R001 2:18"},
    {"indicator_named_nothing", "indicator nothing on d { value a }", "R051 2:11"},
    {"indicator_breaks_off", "indicator i on d { value a +\n expect 1 .. 2 }",
     "R046 3:2"},
    {"indicator_comma_too_many",
     "indicator i on d { value a outlier mad 3 each p,\n expect 1 .. 2 }", "R046 3:2"},
    {"target_empty", "target t on d { }", "R011 2:8; R011 2:8; R011 2:8; R011 2:8"},
    {"target_without_actual", "target t on d { plan 5 aim at_least points 5 { ratio } }",
     "R011 2:8"},
    {"target_without_plan", "target t on d { actual a aim at_least points 5 { ratio } }",
     "R011 2:8"},
    {"target_without_aim", "target t on d { actual a plan 5 points 5 { ratio } }",
     "R011 2:8"},
    {"target_without_points", "target t on d { actual a plan 5 aim at_least }",
     "R011 2:8"},
    {"target_yes_with_plan", "target t on d { actual a plan 5 aim yes monitored }",
     "R044 2:33+2:26"},
    {"target_plan_with_yes", "target t on d { actual a aim yes plan 5 monitored }",
     "R044 2:34+2:26"},
    {"target_range_without_between",
     "target t on d { actual a plan 1 .. 5 aim at_least monitored }", "R047 2:26"},
    {"target_between_without_range",
     "target t on d { actual a plan 5 aim between monitored }", "R047 2:33"},
    {"target_points_and_monitored",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio } monitored }",
     "R044 2:65+2:46"},
    {"target_monitored_and_points",
     "target t on d { actual a plan 5 aim at_least monitored points 5 { ratio } }",
     "R044 2:56+2:46"},
    {"target_claimed_and_monitored",
     "target t on d { actual a plan 5 aim at_least monitored claimed 5 }", "R047 2:56"},
    {"target_unmeasured_with_all",
     "target t on d { actual none because \"x\" plan 5 aim at_least points 5 { ratio } "
     "claimed 5 }",
     "R044 2:41+2:17; R044 2:48+2:17; R044 2:61+2:17"},
    {"target_unmeasured_and_claimed",
     "target t on d { claimed 5 actual none because \"x\" }", "R047 2:17"},
    {"target_unmeasured_and_monitored",
     "target t on d { actual none because \"x\" monitored }", "R044 2:41+2:17"},
    {"target_unmeasured_without_reason", "target t on d { actual none }", "R001 2:29"},
    {"target_none_in_an_expression",
     "target t on d { actual none + 1 plan 5 aim at_least monitored }", "R001 2:29"},
    {"target_actual_twice",
     "target t on d { actual a actual b plan 5 aim at_least monitored }",
     "R010 2:26+2:17"},
    {"target_actual_broken",
     "target t on d { actual a + ) plan 5 aim at_least monitored }", "R006 2:28"},
    {"target_plan_twice",
     "target t on d { actual a plan 5 plan 6 aim at_least monitored }", "R010 2:33+2:26"},
    {"target_plan_comparison",
     "target t on d { actual a plan 5 < 6 aim at_least monitored }", "R009 2:33"},
    {"target_plan_without_end",
     "target t on d { actual a plan 5 .. aim between monitored }", "R009 2:40"},
    {"target_plan_takes_the_next_word",
     "target t on d { actual a plan aim at_least monitored }", "R009 2:35"},
    {"target_aim_unknown", "target t on d { actual a plan 5 aim least monitored }",
     "R007 2:37"},
    {"target_aim_unknown_without_plan", "target t on d { actual a aim least monitored }",
     "R007 2:30"},
    {"target_aim_twice",
     "target t on d { actual a plan 5 aim at_least aim at_most monitored }",
     "R010 2:46+2:33"},
    {"target_when_twice",
     "target t on d { actual a plan 5 aim at_least monitored when b when c }",
     "R010 2:63+2:56"},
    {"target_pace_twice",
     "target t on d { actual a plan 5 aim at_least monitored pace b pace c }",
     "R010 2:63+2:56"},
    {"target_margin_name",
     "target t on d { actual a plan 5 aim at_least margin x points 5 { ratio } }",
     "R005 2:53"},
    {"target_margin_twice",
     "target t on d { actual a plan 5 aim at_least monitored margin 5% margin 6% }",
     "R010 2:66+2:56"},
    {"target_monitored_twice",
     "target t on d { actual a plan 5 aim at_least monitored monitored }",
     "R010 2:56+2:46"},
    {"target_title_twice",
     "target t on d { title vi \"A\" actual none because \"x\" title vi \"B\" }",
     "R010 2:54+2:17"},
    {"target_points_without_maximum",
     "target t on d { actual a plan 5 aim at_least points { ratio } }", "R006 2:53"},
    {"target_points_without_block",
     "target t on d { actual a plan 5 aim at_least points 5 }", "R001 2:55"},
    {"target_points_without_schedule",
     "target t on d { actual a plan 5 aim at_least points 5 { } }", "R007 2:57"},
    {"target_points_twice",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio } points 5 { ratio } "
     "}",
     "R010 2:65+2:46"},
    {"target_points_misspelt_is_not_missing",
     "target t on d { actual a plan 5 aim at_least pionts 5 { ratio } }", "R009 2:46"},
    {"target_schedule_unknown",
     "target t on d { actual a plan 5 aim at_least points 5 { ratoi cap 5 } }",
     "R007 2:57"},
    {"target_schedule_missing_before_cap",
     "target t on d { actual a plan 5 aim at_least points 5 { cap 5 } }", "R007 2:57"},
    {"target_cap_nothing",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio cap } }",
     "R005 2:67"},
    {"target_cap_name",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio cap x } }",
     "R005 2:67"},
    {"target_cap_twice",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio cap 5 cap 6 } }",
     "R001 2:69"},
    {"target_cap_of_all_or_nothing",
     "target t on d { actual a plan 5 aim at_least points 5 { all_or_nothing cap 5 } }",
     "R001 2:72"},
    {"target_bonus_behind_round",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio round 0.1 bonus 1 "
     "per 10% over 100% } }",
     "R001 2:73"},
    {"target_bonus_without_per",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio bonus 1 over 100% } "
     "}",
     "R001 2:71"},
    {"target_bonus_without_over",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio bonus 1 per 10% } }",
     "R001 2:79"},
    {"target_bonus_nothing",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio bonus } }",
     "R005 2:69"},
    {"target_bonus_misspelt",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio bonsu 1 } }",
     "R001 2:63"},
    {"target_round_percent",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio round 10% } }",
     "R001 2:71"},
    {"target_round_negative",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio round -1 } }",
     "R005 2:69"},
    {"target_per_without_colon",
     "target t on d { actual a plan 5 aim at_least points 5 { per 10 2 } }", "R001 2:64"},
    {"target_bands_empty",
     "target t on d { actual a plan 5 aim at_least points 5 { bands { } } }",
     "R005 2:65"},
    {"target_bands_without_colon",
     "target t on d { actual a plan 5 aim at_least points 5 { bands { 100% 20 } } }",
     "R001 2:70"},
    {"target_bands_last_comma",
     "target t on d { actual a plan 5 aim at_least points 5 { bands { 100% : 20, } } }",
     "R035 2:74"},
    {"target_bands_without_brace",
     "target t on d { actual a plan 5 aim at_least points 5 { bands 100% : 20 } }",
     "R001 2:63"},
    {"target_bands_without_comma",
     "target t on d { actual a plan 5 aim at_least points 5 { bands { 100% : 20 90% : 10 "
     "} } }",
     "R001 2:75"},
    {"target_points_unclosed",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio\n margin 90%\n} unit "
     "u 5",
     "R001 3:2; R004 4:10"},
    {"target_claimed_nothing",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio } claimed }",
     "R006 2:73"},
    {"target_claimed_within_nothing",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio } claimed 1 within }",
     "R006 2:82"},
    {"target_claimed_twice",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio } claimed 1 claimed "
     "2 }",
     "R010 2:75+2:65"},
    {"target_within_without_claimed",
     "target t on d { actual a plan 5 aim at_least points 5 { ratio } within 1 }",
     "R009 2:65"},
    {"target_named_all", "target all on d { actual a plan 5 aim at_least monitored }",
     "R051 2:8"},
    {"target_named_nothing",
     "target nothing on d { actual a plan 5 aim at_least monitored }", "R051 2:8"},
    {"target_without_name", "target on d { actual none because \"x\" }", "R001 2:11"},
    {"target_without_on", "target t { actual none because \"x\" }", "R001 2:10"},
    {"target_without_dataset", "target t on { actual none because \"x\" }", "R002 2:13"},
    {"target_with_each", "target t on d each p { actual none because \"x\" }",
     "R001 2:15"},
    {"target_clause_unknown", "target t on d { pln 5 actual a aim at_least monitored }",
     "R009 2:17"},
    {"target_breaks_off", "target t on d { actual 5 +\n plan 5 aim at_least monitored }",
     "R046 3:2"},
    {"board_without_for", "scoreboard b on d each p { targets t }", "R011 2:12"},
    {"board_without_targets", "scoreboard b on d each p { for u }", "R011 2:12"},
    {"board_empty", "scoreboard b on d each p { }", "R011 2:12; R011 2:12"},
    {"board_without_each", "scoreboard b on d { for u targets t }", "R001 2:19"},
    {"board_each_nothing", "scoreboard b on d each { for u targets t }", "R002 2:24"},
    {"board_without_on", "scoreboard b each p { for u targets t }", "R001 2:14"},
    {"board_without_name", "scoreboard on d each p { for u targets t }", "R001 2:15"},
    {"board_without_brace", "scoreboard b on d each p for u targets t }", "R001 2:26"},
    {"board_named_nothing", "scoreboard nothing on d each p { for u targets t }",
     "R051 2:12"},
    {"board_targets_and_part",
     "scoreboard b on d each p { for u targets t part \"A\" 70 { targets t } }",
     "R044 2:44+2:34"},
    {"board_parts_and_targets",
     "scoreboard b on d each p { for u part \"A\" 70 { targets t } part \"B\" 1 { x } "
     "targets all }",
     "R044 2:77+2:34"},
    {"board_targets_twice", "scoreboard b on d each p { for u targets t targets s }",
     "R010 2:44+2:34"},
    {"board_targets_nothing", "scoreboard b on d each p { for u targets }", "R002 2:42"},
    {"board_targets_last_comma", "scoreboard b on d each p { for u targets t, }",
     "R035 2:43"},
    {"board_targets_text", "scoreboard b on d each p { for u targets \"t\" }",
     "R002 2:42"},
    {"board_targets_misspelt_is_not_missing",
     "scoreboard b on d each p { for u targts t }", "R009 2:34"},
    {"board_for_twice", "scoreboard b on d each p { for u for v targets t }",
     "R010 2:34+2:28"},
    {"board_for_text", "scoreboard b on d each p { for \"u\" targets t }", "R002 2:32"},
    {"board_part_without_title", "scoreboard b on d each p { for u part A 70 { x } }",
     "R004 2:39"},
    {"board_part_without_maximum", "scoreboard b on d each p { for u part \"A\" { x } }",
     "R005 2:43"},
    {"board_part_percent", "scoreboard b on d each p { for u part \"A\" 70% { x } }",
     "R001 2:45"},
    {"board_part_negative", "scoreboard b on d each p { for u part \"A\" -70 { x } }",
     "R005 2:43"},
    {"board_part_without_block", "scoreboard b on d each p { for u part \"A\" 70 x }",
     "R001 2:46"},
    {"board_part_empty", "scoreboard b on d each p { for u part \"A\" 70 { } }",
     "R006 2:48"},
    {"board_part_targets_nothing",
     "scoreboard b on d each p { for u part \"A\" 70 { targets } }", "R002 2:56"},
    {"board_part_without_comma",
     "scoreboard b on d each p { for u part \"A\" 70 { targets t x } }", "R001 2:58"},
    {"board_part_two_values", "scoreboard b on d each p { for u part \"A\" 70 { x y } }",
     "R001 2:50"},
    {"board_part_unclosed",
     "scoreboard b on d each p { for u part \"A\" 70 { targets t\n total 5\n} unit u 5",
     "R001 3:2; R004 4:10"},
    {"board_plus_nothing", "scoreboard b on d each p { for u targets t plus }",
     "R006 2:49"},
    {"board_minus_cap_nothing",
     "scoreboard b on d each p { for u targets t minus x cap }", "R005 2:56"},
    {"board_cap_without_plus", "scoreboard b on d each p { for u targets t cap 5 }",
     "R009 2:44"},
    {"board_rank_nothing", "scoreboard b on d each p { for u targets t rank }",
     "R007 2:49"},
    {"board_rank_unknown",
     "scoreboard b on d each p { for u targets t rank first ties shared }", "R007 2:49"},
    {"board_rank_without_ties",
     "scoreboard b on d each p { for u targets t rank highest }", "R001 2:57"},
    {"board_rank_without_shared",
     "scoreboard b on d each p { for u targets t rank highest ties }", "R001 2:62"},
    {"board_rank_twice",
     "scoreboard b on d each p { for u targets t rank highest ties shared rank lowest "
     "ties shared }",
     "R010 2:69+2:44"},
    {"board_grade_name", "scoreboard b on d each p { for u targets t grade A }",
     "R004 2:50"},
    {"board_grade_from_nothing",
     "scoreboard b on d each p { for u targets t grade \"A\" from, \"B\" }", "R005 2:58"},
    {"board_grade_last_with_from",
     "scoreboard b on d each p { for u targets t grade \"A\" from 90, \"B\" from 50 }",
     "R048 2:63"},
    {"board_grade_first_without_from",
     "scoreboard b on d each p { for u targets t grade \"A\", \"B\" }", "R048 2:50"},
    {"board_grades_rise",
     "scoreboard b on d each p { for u targets t grade \"A\" from 80, \"B\" from 90, "
     "\"C\" }",
     "R049 2:72+2:59"},
    {"board_grades_are_equal",
     "scoreboard b on d each p { for u targets t grade \"A\" from 80, \"B\" from 80, "
     "\"C\" }",
     "R049 2:72+2:59"},
    {"board_grades_of_two_kinds",
     "scoreboard b on d each p { for u targets t grade \"A\" from 80%, \"B\" from 70, "
     "\"C\" }",
     "R049 2:73+2:59"},
    {"board_grade_last_comma",
     "scoreboard b on d each p { for u targets t grade \"A\" from 80, }", "R035 2:61"},
    {"board_grade_bad_number",
     "scoreboard b on d each p { for u targets t grade \"A\" from 8x, \"B\" }",
     "R025 2:59"},
    {"board_grade_twice",
     "scoreboard b on d each p { for u targets t grade \"A\" grade \"B\" }",
     "R010 2:54+2:44"},
    {"board_claimed_nothing", "scoreboard b on d each p { for u targets t claimed }",
     "R006 2:52"},
    {"board_claimed_twice",
     "scoreboard b on d each p { for u targets t claimed x claimed y }",
     "R010 2:54+2:44"},
    {"board_claimed_within_of",
     "scoreboard b on d each p { for u targets t claimed x within 5 of left }",
     "R041 2:61"},
    {"board_total_nothing", "scoreboard b on d each p { for u targets t total }",
     "R005 2:50"},
    {"board_total_percent", "scoreboard b on d each p { for u targets t total 100% }",
     "R009 2:53"},
    {"board_total_twice",
     "scoreboard b on d each p { for u targets t total 100 total 100 }",
     "R010 2:54+2:44"},
    {"board_when_twice", "scoreboard b on d each p { for u targets t when x when y }",
     "R010 2:51+2:44"},
    {"board_title_without_language",
     "scoreboard b on d each p { for u targets t title \"x\" }", "R007 2:50"},
    {"board_clause_unknown", "scoreboard b on d each p { for u targets t must x }",
     "R009 2:44"},
    {"board_comma_too_many", "scoreboard b on d each p {\n for u,\n targets t\n}",
     "R046 4:2"},
    {"test_without_name", "test { given d \"\"\"\n\"\"\" expect c pass }", "R004 2:6"},
    {"test_name_unquoted", "test x { given d \"\"\"\n\"\"\" expect c pass }", "R004 2:6"},
    {"test_without_given", "test \"x\" { expect c pass }", "R011 2:6"},
    {"test_without_expect", "test \"x\" { given d \"\"\"\n\"\"\" }", "R011 2:6"},
    {"test_empty", "test \"x\" { }", "R011 2:6; R011 2:6"},
    {"test_without_brace", "test \"x\" given d \"\"\"\n\"\"\" expect c pass }",
     "R001 2:10"},
    {"test_given_without_name", "test \"x\" { given \"\"\"\n\"\"\" expect c pass }",
     "R002 2:18"},
    {"test_given_text", "test \"x\" { given d \"a\" expect c pass }", "R001 2:20"},
    {"test_given_nothing", "test \"x\" { given d expect c pass }", "R001 2:20"},
    {"test_given_on_the_opening_line",
     "test \"x\" { given d \"\"\" a\nb\n\"\"\" expect c pass }", "R030 2:23"},
    {"test_given_unclosed", "test \"x\" { given d \"\"\"\nb\nexpect c pass\n}\nunit u 5",
     "R029 2:20"},
    {"test_given_twice",
     "test \"x\" { given d \"\"\"\n\"\"\" given d \"\"\"\n\"\"\" expect c pass }",
     "R010 3:11+2:18"},
    {"test_nothing_without_else", "test \"x\" { given d \"\"\"\n\"\"\" expect nothing }",
     "R001 3:20"},
    {"test_nothing_fails", "test \"x\" { given d \"\"\"\n\"\"\" expect nothing fail }",
     "R001 3:20"},
    {"test_nothing_else_twice",
     "test \"x\" { given d \"\"\"\n\"\"\" expect nothing else expect nothing else }",
     "R010 3:25+3:5"},
    {"test_expect_without_verdict", "test \"x\" { given d \"\"\"\n\"\"\" expect c }",
     "R007 3:14"},
    {"test_expect_verdict_unknown",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c passes }", "R007 3:14"},
    {"test_expect_id_number", "test \"x\" { given d \"\"\"\n\"\"\" expect c.5 pass }",
     "R002 3:14"},
    {"test_expect_id_breaks_off", "test \"x\" { given d \"\"\"\n\"\"\" expect c. pass }",
     "R007 3:20"},
    {"test_expect_text", "test \"x\" { given d \"\"\"\n\"\"\" expect \"c\" pass }",
     "R002 3:12"},
    {"test_expect_at_nothing", "test \"x\" { given d \"\"\"\n\"\"\" expect c pass at }",
     "R002 3:22"},
    {"test_expect_at_value_alone",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c pass at \"91\" }", "R002 3:22"},
    {"test_expect_at_column",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c pass at k x }", "R001 3:24"},
    {"test_expect_at_equals",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c pass at k = \"91\" }", "R001 3:24"},
    {"test_expect_at_last_comma",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c pass at k \"91\", }", "R035 3:28"},
    {"test_expect_at_column_twice",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c pass at k \"91\", k \"92\" }",
     "R010 3:30+3:22"},
    {"test_expect_without_at",
     "test \"x\" { given d \"\"\"\n\"\"\" expect c pass k \"91\" }", "R009 3:19"},
    {"test_expect_comma_too_many",
     "test \"x\" {\n given d \"\"\"\n x\n \"\"\"\n expect c pass at k \"1\",\n expect e "
     "passes\n}",
     "R046 7:2; R007 7:11"},
    {"test_clause_misspelt", "test \"x\" { given d \"\"\"\n\"\"\" expcet c pass }",
     "R009 3:5"},
    {"test_holds_a_check",
     "test \"x\" {\n given d \"\"\"\n \"\"\"\ncheck c on d { must a }", "R013 5:1+2:10"},
    {"test_and_mistakes_around",
     "unit u 5\ntest \"x\" {\n given d \"\"\"\n unit v 5\n \"\"\"\n expect c pas\n "
     "expect e fali\n}\nunit v 6",
     "R004 2:8; R007 7:11; R007 8:11; R004 10:8"},
};

/* What is left in the tree of what was wrong, so that nobody complains of it again. */
static const struct parse_case poisoned[] = {
    {"poison_of_an_indicator",
     "indicator i on d { value a + * b expect 1 .. ) change 2 .. 3 }",
     "(indicator i on=d value=! expect=1..! change=2..3)"},
    {"poison_of_a_target",
     "target t on d { actual a + ) plan 5 aim at_lest points x { ratoi } when b }",
     "(target t on=d actual=! plan=5 when=b points=x ratio)"},
    {"poison_of_points",
     "target t on d { actual a plan 5 aim at_least points 5 { bands { 100% : 20, 90% 5 } "
     "round 1 } margin 80% }",
     "(target t on=d actual=a plan=5 aim=at_least margin=0.8% points=5 bands)"},
    {"poison_of_a_board",
     "scoreboard b on d each p { for u part \"A\" 70 { x + } part \"B\" 30 { targets t } "
     "grade \"A\" from 5 }",
     "(scoreboard b on=d each=[p] for=[u] part='A' most=70 be=! part='B' most=30 of=[t] "
     "grade='A' from=5)"},
    {"poison_of_a_test",
     "test \"x\" { given d \"\"\" a\n\"\"\" expect c pass expect e pas expect f fail }",
     "(test 'x' given=d expect=c pass expect=f fail)"},
    {"swallowed_by_an_indicator", "indicator i on d {\n value a +\n expect 1 .. 2\n}",
     "(indicator i on=d value=! expect=1..2)"},
    {"swallowed_by_a_target",
     "target t on d {\n actual a +\n plan 5\n aim at_least\n monitored\n}",
     "(target t on=d actual=! plan=5 aim=at_least monitored)"},
    {"swallowed_by_a_plan",
     "target t on d {\n actual a\n plan 5 .. 6 +\n aim between\n monitored\n}",
     "(target t on=d actual=a plan=5 to=! aim=between monitored)"},
    {"swallowed_by_targets",
     "scoreboard b on d each p {\n for u\n targets t,\n rank highest ties shared\n}",
     "(scoreboard b on=d each=[p] for=[u] targets=[t] rank=highest)"},
    {"swallowed_by_plus",
     "scoreboard b on d each p {\n for u\n targets t\n plus a +\n total 5\n}",
     "(scoreboard b on=d each=[p] for=[u] targets=[t] plus=! total=5)"},
    {"swallowed_by_at",
     "test \"x\" {\n given d \"\"\"\n \"\"\"\n expect c pass at k 1,\n expect e fail\n}",
     "(test 'x' given=d rows='' expect=c pass at k 1 expect=e fail)"},
    {"left_out_test_without_a_name",
     "test { given d \"\"\"\n\"\"\" expect c pass }\nunit u \"U\"", "(unit u 'U')"},
};

struct reading {
    struct arena *a;
    struct sources *sources;
    struct diags *diags;
    struct ast_file *file;
};

static struct reading read_declarations(const char *source)
{
    char buffer[2048] = "soat 1\n";
    size_t n = strlen(buffer);
    assert_true(n + strlen(source) < sizeof buffer);
    memcpy(buffer + n, source, strlen(source) + 1);
    struct arena *a = arena_open(&mem_libc_hook);
    struct reading r = {.a = a, .sources = sources_new(a), .diags = diags_new(a)};
    uint32_t src = sources_add(r.sources, STR("t"), str_of(buffer));
    r.file = parse_file(a, r.sources, src, r.diags);
    assert_true(r.file->has_errors == (diags_errors(r.diags) > 0));
    return r;
}

static const char *diags_of(struct reading *r)
{
    struct text out = text_in(r->a);
    print_diags(&out, r->diags, r->sources);
    return str_copy(r->a, text_str(&out)).p;
}

static const char *tree_of(struct reading *r)
{
    struct text out = text_in(r->a);
    print_file(&out, r->file);
    return str_copy(r->a, text_str(&out)).p;
}

static void is_accepted(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_string_equal(diags_of(&r), "");
    assert_string_equal(tree_of(&r), t->want);
    arena_close(r.a);
}

static void is_rejected(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_string_equal(diags_of(&r), t->want);
    arena_close(r.a);
}

static void is_poisoned(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_true(r.file->has_errors);
    assert_string_equal(tree_of(&r), t->want);
    arena_close(r.a);
}

/* What the messages say */

static const struct message_case {
    const char *name, *source, *vi, *en, *hint;
} messages[] = {
    {"message_of_one_of_two_clauses", "indicator i on d { title vi \"T\" }",
     "indicator \"i\" thiếu mệnh đề \"value\" / \"undefined\"",
     "indicator \"i\" has no \"value\" / \"undefined\" clause", NULL},
    {"message_of_two_clauses", "target t on d { actual a aim yes plan 5 monitored }",
     "\"plan\" không đi cùng \"aim yes\"; hãy bỏ một trong hai",
     "\"plan\" does not go with \"aim yes\"; remove one of the two", NULL},
    {"message_of_a_clause_without_its_partner",
     "target t on d { actual a plan 1 .. 5 aim exactly monitored }",
     "\"plan A .. B\" chỉ dùng cùng \"aim between\"",
     "\"plan A .. B\" goes only with \"aim between\"", NULL},
    {"message_of_grades", "scoreboard b on d each p { for u targets t grade \"A\", 'B' }",
     "\"A\": mỗi bậc trừ bậc cuối cần from, bậc cuối thì không",
     "\"A\": every grade but the last needs a from, and the last has none", NULL},
    {"message_of_grades_that_rise",
     "scoreboard b on d each p { for u targets t grade \"A\" from 8%, 'B' from 9, 'C' }",
     "9 phải thấp hơn 8% của bậc trước và cùng loại (đều là điểm hoặc đều là %)",
     "9 must be lower than 8% of the grade before it, and of the same kind (all points "
     "or "
     "all %)",
     NULL},
    {"message_of_a_wrong_word_in_points",
     "target t on d { actual a plan 5 aim yes points 5 { ratio cap 5 ronud 1 } }",
     "gặp \"ronud\", cần \"bonus\", \"round\", \"}\"",
     "found \"ronud\", expected \"bonus\", \"round\", \"}\"", "có phải \"round\" không?"},
    {"message_of_a_wrong_verdict", "test \"x\" { given d \"\"\"\n\"\"\" expect c fial }",
     "gặp \"fial\", cần một trong các từ: pass, fail, unknown, skip, error",
     "found \"fial\", expected one of: pass, fail, unknown, skip, error",
     "có phải \"fail\" không?"},
    {"message_within_a_test", "test \"a b\" { expect c fail }",
     "test \"a b\" thiếu mệnh đề \"given\"", "test \"a b\" has no \"given\" clause",
     NULL},
    {"message_of_a_reserved_name", "target all on d { actual none because 'x' }",
     "all là tên soat dùng cho việc khác; hãy đặt tên khác",
     "all is a name that soat itself uses; choose another one", NULL},
};

static void message_says(void **state)
{
    const struct message_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_in_range(diags_count(r.diags), 1, 2);
    const struct diag *d = diags_get(r.diags, 0);
    assert_string_equal(str_copy(r.a, diag_text(r.a, d, LANG_VI)).p, t->vi);
    assert_string_equal(str_copy(r.a, diag_text(r.a, d, LANG_EN)).p, t->en);
    assert_true(str_eq(d->hint, str_of(t->hint)));
    arena_close(r.a);
}

/* The lines of what a test gives, in its own text and where they stand in the file. */

static const struct place_case {
    const char *name, *source;
    const char *lines[3];
    uint32_t column; /* of line 2, in bytes from 1 */
} places[] = {
    {"place_of_indented_lines",
     "test \"x\" {\n  given d \"\"\"\n    a,b\n    1,2\n  \"\"\"\n expect c pass }",
     {"a,b", "1,2", ""},
     5},
    {"place_of_lines_at_the_margin",
     "test \"x\" {\n  given d \"\"\"\na,b\n  1,2\n\"\"\" expect c pass }",
     {"a,b", "  1,2", ""},
     1},
    {"place_of_lines_with_tabs_and_returns",
     "test \"x\" {\n  given d \"\"\"\r\n\ta\r\n\t\tb\r\n\"\"\" expect c pass }",
     {"a", "\tb", ""},
     2},
    {"place_of_an_empty_line_between",
     "test \"x\" {\n  given d \"\"\"\n  a\n\n  b\n\"\"\" expect c pass }",
     {"a", "", "b"},
     1},
};

static void place_is_found(void **state)
{
    const struct place_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_string_equal(diags_of(&r), "");
    const struct ast_given *given = &r.file->decls[0]->u.test.given[0];
    for (uint32_t i = 0; i < 3; i++) {
        struct span at = given_line(r.sources, given, i + 1);
        struct str text = source_text(r.sources, at.src);
        struct str line = str_cut(text, at.lo, at.hi);
        assert_string_equal(str_copy(r.a, line).p, t->lines[i]);
        if (i == 1) {
            assert_int_equal(source_place(r.sources, at).line, 5);
            assert_int_equal(source_place(r.sources, at).offset + 1, t->column);
        }
    }
    arena_close(r.a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)(uintptr_t)state};
}

static size_t add_rows(struct CMUnitTest *tests, size_t n, const struct parse_case *cases,
                       size_t n_cases, CMUnitTestFunction run)
{
    for (size_t i = 0; i < n_cases; i++) {
        tests[n++] = row(cases[i].name, run, &cases[i]);
    }
    return n;
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(accepted) + COUNT_OF(rejected) + COUNT_OF(poisoned) +
                            COUNT_OF(messages) + COUNT_OF(places)];
    size_t n = 0;
    n = add_rows(tests, n, accepted, COUNT_OF(accepted), is_accepted);
    n = add_rows(tests, n, rejected, COUNT_OF(rejected), is_rejected);
    n = add_rows(tests, n, poisoned, COUNT_OF(poisoned), is_poisoned);
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        tests[n++] = row(messages[i].name, message_says, &messages[i]);
    }
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        tests[n++] = row(places[i].name, place_is_found, &places[i]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What checked rules become: scopes, binds, groups, time, units, operands. The notation
 * is that of check_print.c; the data sets are in check_world.h. Rows print whole checks,
 * so that nothing is overlooked. */
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

#define ON(dataset, clauses) "check c on " dataset " { must " clauses " }"
#define REPORT(clauses) ON("report", clauses)
#define EACH(clauses) "check c on report each period { must " clauses " }"

static const struct lower_case checks[] = {
    {"comparison", REPORT("htx_total = htx_open + htx_new - htx_dissolved"),
     "c must=(= s0.htx_total (- (+ s0.htx_open s0.htx_new) s0.htx_dissolved)) "
     "column=htx_total operands=htx_total;htx_open;htx_new;htx_dissolved sides"},
    {"constant_folded", REPORT("free > -5 and free < 2.5%"),
     "c must=(and (> s0.free -5) (< s0.free 0.025)) column=free operands=free"},
    {"chain", REPORT("1 <= free <= 5"),
     "c must=(and (<= 1 s0.free) (<= s0.free 5)) column=free operands=free"},
    {"is_present", REPORT("note is present"),
     "c must=(not (missing? s0.note)) column=note operands=note"},
    {"text_against_code", REPORT("definition = \"tham_gia\""),
     "c must=(= s0.definition code'tham_gia') column=definition operands=definition"},
    {"dates", REPORT("founded - 30 <= date \"2022-06-30\""),
     "c must=(<= (- s0.founded 30) 2022-06-30) column=founded operands=founded"},
    {"today", REPORT("founded < today"),
     "c must=(< s0.founded (today)) column=founded operands=founded today"},
    {"if_and_coalesce", REPORT("(if active then htx_total else htx_open ?? 0) > 1"),
     "c must=(> (if s0.active s0.htx_total (?? s0.htx_open 0)) 1) column=active "
     "operands=active;htx_total;htx_open sides"},
    {"lists_and_ranges",
     REPORT("free in {1, 2} and period in period \"2022-H1\" .. period \"2022\""),
     "c must=(and (in-list s0.free 1 2) (in-range s0.period 2022-H1 2022)) column=free "
     "operands=free;period"},
    {"codes_at_the_rows_period",
     REPORT("unit_code in provinces and unit_code in members(\"TNSH\") and "
            "label(unit_code) = note"),
     "c must=(and (and (in-codes provinces s0.unit_code (end s0.period)) (in-members "
     "provinces s0.unit_code 'TNSH' (end s0.period))) (= (label s0.unit_code (end "
     "s0.period)) s0.note)) column=unit_code operands=unit_code;note"},
    {"codes_without_a_period",
     ON("yearly", "unit_code in provinces and unit_code in children(\"TNSH\") and "
                  "parent(unit_code) = \"x\""),
     "c must=(and (and (in-codes provinces s0.unit_code) (in-members children provinces "
     "s0.unit_code 'TNSH')) (= (parent s0.unit_code (end (period s0.year))) code'x')) "
     "column=unit_code operands=unit_code"},
    {"label_on_a_day", REPORT("label(unit_code, today) = note"),
     "c must=(= (label s0.unit_code (today)) s0.note) column=unit_code "
     "operands=unit_code;note today"},
    {"codes_in_a_group", EACH("all(unit_code in members(\"TNSH\"))"),
     "c each=period must=(all group report@1[period=s0.period].(in-members provinces "
     "s1.unit_code 'TNSH' (end s1.period))) column=unit_code operands=all(unit_code in "
     "members(\"TNSH\"))"},
    {"codes_in_a_group_without_period",
     "check c on report each unit_code { must label(unit_code) = \"x\" }",
     "c each=unit_code must=(= (label s0.unit_code) 'x') column=unit_code "
     "operands=unit_code"},
    {"codes_in_brackets_have_its_period",
     ON("yearly", "sum(report[period = any, definition = any, unit_code in "
                  "members(\"x\")].htx_new) = htx_total"),
     "c must=(= (sum report@1[ | (in-members provinces s1.unit_code 'x' (end "
     "s1.period))].s1.htx_new) s0.htx_total) column=htx_total operands=sum(report[period "
     "= any, definition = any, unit_code in members(\"x\")].htx_new);htx_total "
     "uses=report sides"},
    {"numbers_in_text", REPORT("free in numbers(note) or note matches '^a'"),
     "c must=(or (in-numbers s0.free s0.note) (matches /^a/ s0.note)) column=free "
     "operands=free;note"},
    {"lookup_bound_by_name_and_year", REPORT("yearly.htx_total = htx_total"),
     "c must=(= (lookup yearly@1[unit_code=s0.unit_code, year=year:(year "
     "s0.period)].s1.htx_total) s0.htx_total) column=htx_total "
     "operands=yearly.htx_total;htx_total uses=yearly sides"},
    {"lookup_fixed", REPORT("plan[target_id = \"x\"].goal >= htx_new"),
     "c must=(>= (lookup plan@1[target_id='x', unit_code=s0.unit_code, year=year:(year "
     "s0.period)].s1.goal) s0.htx_new) column=htx_new operands=plan[target_id = "
     "\"x\"].goal;htx_new uses=plan sides"},
    {"lookup_by_this", REPORT("plan[target_id = this.note].goal >= htx_new"),
     "c must=(>= (lookup plan@1[target_id=s0.note, unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.goal) s0.htx_new) column=note "
     "operands=plan[target_id = this.note].goal;htx_new uses=plan sides"},
    {"lookup_fixed_key_and_column",
     REPORT(
         "yearly[year = 2022, htx_total = this.htx_total, htx_total > 5].htx_total = 1"),
     "c must=(= (lookup yearly@1[year=2022, htx_total=s0.htx_total, "
     "unit_code=s0.unit_code | (> s1.htx_total 5)].s1.htx_total) 1) column=htx_total "
     "operands=yearly[year = 2022, htx_total = this.htx_total, htx_total > 5].htx_total "
     "uses=yearly sides"},
    {"lookup_of_code_by_text",
     ON("htx_list", "yearly[unit_code = this.htx_id, year = 2022].htx_total > 0"),
     "c must=(> (lookup yearly@1[unit_code=s0.htx_id, year=2022].s1.htx_total) 0) "
     "column=htx_id operands=yearly[unit_code = this.htx_id, year = 2022].htx_total "
     "uses=yearly sides"},
    {"lookup_by_let",
     "check c on report { let k = lower(note) must plan[target_id = k].goal > 1 }",
     "c must=(> (lookup plan@1[target_id=(lower s0.note), unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.goal) 1) column=note operands=plan[target_id = "
     "k].goal uses=plan sides"},
    {"correlated_condition",
     REPORT("count(yearly[year = any, htx_total > this.htx_total]) = 0"),
     "c must=(= (count yearly@1*[unit_code=s0.unit_code | (> s1.htx_total "
     "s0.htx_total)]) 0) column=htx_total operands=count(yearly[year = any, htx_total > "
     "this.htx_total]) uses=yearly sides"},
    {"correlated_pick",
     REPORT("sum(yearly[year = any].(htx_total - this.htx_total)) = 0"),
     "c must=(= (sum yearly@1*[unit_code=s0.unit_code].(- s1.htx_total s0.htx_total)) 0) "
     "column=htx_total operands=sum(yearly[year = any].(htx_total - this.htx_total)) "
     "uses=yearly sides"},
    {"nested_scopes",
     REPORT("sum(htx_list[unit_code = this.unit_code].(size * yearly[year = "
            "year(this.period)].htx_total)) > 0"),
     "c must=(> (sum htx_list@1*[unit_code=s0.unit_code].(* s1.size (lookup "
     "yearly@2[year=(year s0.period), unit_code=s1.unit_code].s2.htx_total))) 0) "
     "column=unit_code operands=sum(htx_list[unit_code = this.unit_code].(size * "
     "yearly[year = year(this.period)].htx_total)) uses=htx_list,yearly sides"},
    {"nested_bind_of_the_row_between",
     REPORT("yearly[htx_total = plan[target_id = \"x\"].goal].htx_total > 0"),
     "c must=(> (lookup yearly@1[unit_code=s0.unit_code, year=year:(year s0.period) | (= "
     "s1.htx_total (lookup plan@2[target_id='x', unit_code=s1.unit_code, "
     "year=s1.year].s2.goal))].s1.htx_total) 0) column=- operands=yearly[htx_total = "
     "plan[target_id = \"x\"].goal].htx_total uses=plan,yearly sides"},
    {"set_of_rows", REPORT("unit_code in htx_list[unit_code = any, size > 5].unit_code"),
     "c must=(in-rows s0.unit_code htx_list@1[ | (> s1.size 5)].s1.unit_code) "
     "column=unit_code operands=unit_code uses=htx_list"},
    {"any_frees", REPORT("sum(yearly[year = any, unit_code = any].htx_total) > 0"),
     "c must=(> (sum yearly@1[].s1.htx_total) 0) column=- operands=sum(yearly[year = "
     "any, unit_code = any].htx_total) uses=yearly sides"},
    {"group_sum", EACH("sum(htx_total) = 5"),
     "c each=period must=(= (sum group report@1[period=s0.period].s1.htx_total) 5) "
     "column=htx_total operands=sum(htx_total) sides"},
    {"group_filtered",
     "check c on report[active and free > 1] each unit_code { must count(rows[htx_total "
     "< 5]) <= 5% * count() }",
     "c each=unit_code filter=(and s0.active (> s0.free 1)) must=(<= (count group "
     "report@1[unit_code=s0.unit_code | (< s1.htx_total 5), (and s1.active (> s1.free "
     "1))]) (* 0.05 (count group report@1[unit_code=s0.unit_code | (and s1.active (> "
     "s1.free 1))]))) column=htx_total operands=count(rows[htx_total < 5]);count() "
     "sides"},
    {"group_within_group", EACH("count(rows[htx_total > mean(rows.htx_total)]) > 1"),
     "c each=period must=(> (count group report@1*[period=s0.period | (> s1.htx_total "
     "(mean group report@2[period=s0.period].s2.htx_total))]) 1) column=htx_total "
     "operands=count(rows[htx_total > mean(rows.htx_total)]) sides"},
    {"group_rows_by_this", EACH("count(rows[year(period) = year(this.period)]) > 1"),
     "c each=period must=(> (count group report@1*[period=s0.period | (= (year "
     "s1.period) (year s0.period))]) 1) column=period operands=count(rows[year(period) = "
     "year(this.period)]) sides"},
    {"group_and_other_data",
     EACH("sum(htx_total) = sum(yearly[unit_code = any].htx_total)"),
     "c each=period must=(= (sum group report@1[period=s0.period].s1.htx_total) (sum "
     "yearly@1[year=year:(year s0.period)].s1.htx_total)) column=htx_total "
     "operands=sum(htx_total);sum(yearly[unit_code = any].htx_total) uses=yearly sides"},
    {"group_looks_up_for_each_row", EACH("sum(yearly.htx_total) = 1"),
     "c each=period must=(= (sum yearly@1[year=year:(year s0.period)].s1.htx_total) 1) "
     "column=- operands=sum(yearly.htx_total) uses=yearly sides"},
    {"previous", REPORT("htx_open = previous(htx_total)"),
     "c must=(= s0.htx_open (previous@0 stocks additive s0.htx_total)) column=htx_open "
     "operands=htx_open;previous(htx_total) previous sides"},
    {"previous_years_of_a_sum",
     REPORT("htx_open = previous(htx_total - htx_open, 2 years)"),
     "c must=(= s0.htx_open (previous@0 2 years stocks additive (- s0.htx_total "
     "s0.htx_open))) column=htx_open operands=htx_open;previous(htx_total - htx_open, 2 "
     "years) previous sides"},
    {"previous_of_flow_and_ratio",
     REPORT("previous(htx_new) > 0 and previous(members / htx_total) > 0"),
     "c must=(and (> (previous@0 additive s0.htx_new) 0) (> (previous@0 stocks (/ "
     "s0.members s0.htx_total)) 0)) column=htx_new "
     "operands=previous(htx_new);previous(members / htx_total) previous"},
    {"previous_of_other",
     REPORT("previous(free) > 0 and previous(htx_total * 2) > 0 and previous(htx_total + "
            "1) > 0"),
     "c must=(and (and (> (previous@0 s0.free) 0) (> (previous@0 stocks (* s0.htx_total "
     "2)) 0)) (> (previous@0 stocks (+ s0.htx_total 1)) 0)) column=free "
     "operands=previous(free);previous(htx_total * 2);previous(htx_total + 1) previous"},
    {"previous_of_lookup", REPORT("previous(yearly.htx_total) > 0"),
     "c must=(> (previous@0 stocks additive (lookup yearly@1[unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.htx_total)) 0) column=- "
     "operands=previous(yearly.htx_total) uses=yearly previous sides"},
    {"previous_of_group", EACH("sum(htx_open) = previous(sum(htx_total))"),
     "c each=period must=(= (sum group report@1[period=s0.period].s1.htx_open) "
     "(previous@0 stocks additive (sum group report@1[period=s0.period].s1.htx_total))) "
     "column=htx_open operands=sum(htx_open);previous(sum(htx_total)) previous sides"},
    {"previous_in_brackets",
     REPORT("sum(report[period = any, definition = any].(previous(htx_total))) > 0"),
     "c must=(> (sum report@1[unit_code=s0.unit_code].(previous@1 stocks additive "
     "s1.htx_total)) 0) column=htx_total operands=sum(report[period = any, definition = "
     "any].(previous(htx_total))) previous sides"},
    {"previous_in_the_rows_of_a_group", EACH("sum(previous(htx_total)) > 0"),
     "c each=period must=(> (sum group report@1[period=s0.period].(previous@1 stocks "
     "additive s1.htx_total)) 0) column=htx_total operands=sum(previous(htx_total)) "
     "previous sides"},
    {"at_period_and_day",
     REPORT("htx_total at period(2021) = htx_total at (start(period) - 1)"),
     "c must=(= (at@0 stocks additive s0.htx_total (period 2021)) (at@0 stocks additive "
     "s0.htx_total (- (start s0.period) 1))) column=htx_total operands=htx_total at "
     "period(2021);htx_total at (start(period) - 1) sides"},
    {"cumulative", REPORT("cumulative(htx_new - htx_dissolved) > 0"),
     "c must=(> (cumulative@0 additive (- s0.htx_new s0.htx_dissolved)) 0) "
     "column=htx_new operands=cumulative(htx_new - htx_dissolved) sides"},
    {"unique", REPORT("unique(fold(note), unit_code)"),
     "c must=(unique (fold s0.note) s0.unit_code) column=note operands=note;unit_code"},
    {"define_shares_arguments",
     "define gap(a, b) = (a - b) / b " REPORT("gap(htx_total, htx_open) < 5%"),
     "c must=(< (/ (- s0.htx_total s0.htx_open) s0.htx_open) 0.05) column=htx_total "
     "operands=htx_total;htx_open sides"},
    {"define_in_each_scope",
     "define big = htx_total > 5 " REPORT("big and count(yearly[big, year = any]) > 1"),
     "c must=(and (> s0.htx_total 5) (> (count yearly@1[unit_code=s0.unit_code | (> "
     "s1.htx_total 5)]) 1)) column=htx_total operands=htx_total;count(yearly[big, year = "
     "any]) uses=yearly"},
    {"define_mentions_a_key",
     "define late = year > 2020 " REPORT("sum(yearly[late].htx_total) > 0"),
     "c must=(> (sum yearly@1[unit_code=s0.unit_code | (> s1.year 2020)].s1.htx_total) "
     "0) column=- operands=sum(yearly[late].htx_total) uses=yearly sides"},
    {"argument_from_outside_in_brackets",
     "define of_target(t) = plan[target_id = t].goal " REPORT(
         "of_target(note) + of_target(lower(note)) > 0"),
     "c must=(> (+ (lookup plan@1[target_id=s0.note, unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.goal) (lookup plan@1[target_id=(lower s0.note), "
     "unit_code=s0.unit_code, year=year:(year s0.period)].s1.goal)) 0) column=note "
     "operands=plan[target_id = t].goal;plan[target_id = t].goal uses=plan sides"},
    {"family",
     "check f on report for c in flows { title vi \"Số\" must c = previous(c) message vi "
     "\"{name(c)}: {c}\" }",
     "f.htx_new must=(= s0.htx_new (previous@0 additive s0.htx_new)) "
     "message=\"{'htx_new'}: {s0.htx_new}\" column=htx_new "
     "operands=htx_new;previous(htx_new) previous sides\nf.htx_dissolved must=(= "
     "s0.htx_dissolved (previous@0 additive s0.htx_dissolved)) "
     "message=\"{'htx_dissolved'}: {s0.htx_dissolved}\" column=htx_dissolved "
     "operands=htx_dissolved;previous(htx_dissolved) previous sides"},
    {"family_in_brackets",
     "check f on report for c in htx_total { must this.c = yearly[c > 5].c }",
     "f.htx_total must=(= s0.htx_total (lookup yearly@1[unit_code=s0.unit_code, "
     "year=year:(year s0.period) | (> s1.htx_total 5)].s1.htx_total)) column=htx_total "
     "operands=htx_total;yearly[htx_total > 5].htx_total uses=yearly sides"},
    {"sum_over_columns", REPORT("htx_total >= sum(c for c in flows)"),
     "c must=(>= s0.htx_total (over-sum s0.htx_new s0.htx_dissolved)) column=htx_total "
     "operands=htx_total;htx_new;htx_dissolved sides"},
    {"sum_over_columns_if", REPORT("htx_total >= (sum(c for c in flows if c > 0) ?? 0)"),
     "c must=(>= s0.htx_total (?? (over-sum if s0.htx_new s0.htx_dissolved (> s0.htx_new "
     "0) (> s0.htx_dissolved 0)) 0)) column=htx_total "
     "operands=htx_total;htx_new;htx_dissolved sides"},
    {"count_over_columns",
     REPORT("count(c for c in flows if c != 0) = count(c for c in stocks)"),
     "c must=(= (over-count if (!= s0.htx_new 0) (!= s0.htx_dissolved 0)) 2) "
     "column=htx_new operands=htx_new;htx_dissolved sides"},
    {"all_over_columns", REPORT("all(c = previous(c) for c in flows)"),
     "c must=(over-all (= s0.htx_new (previous@0 additive s0.htx_new)) (= "
     "s0.htx_dissolved (previous@0 additive s0.htx_dissolved))) column=htx_new "
     "operands=htx_new;previous(htx_new);htx_dissolved;previous(htx_dissolved) previous"},
    {"sum_of_sums_over_columns",
     EACH("sum(htx_total) = sum(sum(c for c in flows)) + sum(sum(c) for c in stocks)"),
     "c each=period must=(= (sum group report@1[period=s0.period].s1.htx_total) (+ (sum "
     "group report@1[period=s0.period].(over-sum s1.htx_new s1.htx_dissolved)) (over-sum "
     "(sum group report@1[period=s0.period].s1.htx_open) (sum group "
     "report@1[period=s0.period].s1.htx_total)))) column=htx_total "
     "operands=sum(htx_total);sum(sum(c for c in flows));sum(htx_open) sides"},
    {"within_share_of_right",
     "check c on report { must htx_total = htx_open within 5% of right }",
     "c must=(= s0.htx_total s0.htx_open) within=(* 0.05 (abs right)) column=htx_total "
     "operands=htx_total;htx_open sides"},
    {"within_share_of_larger",
     "check c on report { must htx_total <= htx_open within 5% of larger }",
     "c must=(<= s0.htx_total s0.htx_open) within=(* 0.05 (max (abs left) (abs right))) "
     "column=htx_total operands=htx_total;htx_open sides"},
    {"within_expression",
     "check c on report { must htx_total = htx_open within if htx_total is approximate "
     "then 5% * abs(right) else 1 }",
     "c must=(= s0.htx_total s0.htx_open) within=(if (approx? s0.htx_total) (* 0.05 (abs "
     "right)) 1) column=htx_total operands=htx_total;htx_open sides"},
    {"within_rounding", "check c on report { must capital = free within rounding }",
     "c must=(= s0.capital s0.free) column=capital operands=capital;free rounding sides"},
    {"as_scales", REPORT("capital as tyd > 5 and 3 as tyd = capital as tyd"),
     "c must=(and (> (scale 0.001 s0.capital) 5) (= 3 (scale 0.001 s0.capital))) "
     "column=capital operands=capital"},
    {"row_unit_by_demand",
     ON("published", "value = yearly[unit_code = \"91\"].htx_total"),
     "c must=(= (row-unit htx s0.value s0.unit) (lookup yearly@1[unit_code=code'91', "
     "year=year:(year s0.period)].s1.htx_total)) column=value "
     "operands=value;yearly[unit_code = \"91\"].htx_total uses=yearly sides"},
    {"row_unit_of_both", ON("published", "value = published[indicator = \"x\"].value"),
     "c must=(= (row-unit s0.value s0.unit (lookup published@1[indicator='x', "
     "period=s0.period].s1.unit)) (row-unit (lookup published@1[indicator='x', "
     "period=s0.period].s1.value) (lookup published@1[indicator='x', "
     "period=s0.period].s1.unit) (lookup published@1[indicator='x', "
     "period=s0.period].s1.unit))) column=value operands=value;published[indicator = "
     "\"x\"].value sides"},
    {"row_unit_added_then_compared", ON("published", "value + value = 5 as tyd"),
     "c must=(= (row-unit tyd (+ (row-unit s0.value s0.unit s0.unit) (row-unit s0.value "
     "s0.unit s0.unit)) s0.unit) 5) column=value operands=value sides"},
    {"row_unit_in_an_aggregate",
     REPORT("capital = sum(published[indicator = \"x\"].value)"),
     "c must=(= s0.capital (sum published@1[indicator='x', period=s0.period].(row-unit "
     "trd s1.value s1.unit))) column=capital operands=capital;sum(published[indicator = "
     "\"x\"].value) uses=published sides"},
    {"row_unit_of_left_for_an_aggregate",
     ON("published", "value = sum(published[indicator = any].value)"),
     "c must=(= (row-unit s0.value s0.unit s0.unit) (sum "
     "published@1*[period=s0.period].(row-unit s1.value s1.unit s0.unit))) column=value "
     "operands=value;sum(published[indicator = any].value) sides"},
    {"row_unit_previous", ON("published", "previous(value) = 5 as trd"),
     "c must=(= (row-unit trd (previous@0 s0.value) (previous@0 s0.unit)) 5) "
     "column=value operands=previous(value) previous sides"},
    {"row_unit_of_a_group",
     "check c on published each period { must sum(value) = 5 as trd }",
     "c each=period must=(= (sum group published@1[period=s0.period].(row-unit trd "
     "s1.value s1.unit)) 5) column=value operands=sum(value) sides"},
    {"undefined_column", REPORT("effective > 0 or active"),
     "c must=(or (> s0.effective 0) s0.active) column=effective "
     "operands=effective;active undefined='chưa có tiêu chí'"},
    {"undefined_in_a_let", "check c on report { let e = effective must active }",
     "c must=s0.active column=active operands=active undefined='chưa có tiêu chí'"},
    {"undefined_in_a_hole",
     "check c on report { must active message vi \"{effective}\" }",
     "c must=s0.active message=\"{s0.effective}\" column=active operands=active"},
    {"uses_in_a_hole_do_not_count",
     "check c on report { must active message vi \"{yearly.htx_total}\" }",
     "c must=s0.active message=\"{(lookup yearly@1[unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.htx_total)}\" column=active operands=active"},
    {"operands_each_once",
     REPORT("htx_new != previous(htx_new) or htx_new = 0 or previous( htx_new ) = "
            "this.htx_new"),
     "c must=(or (or (!= s0.htx_new (previous@0 additive s0.htx_new)) (= s0.htx_new 0)) "
     "(= (previous@0 additive s0.htx_new) s0.htx_new)) column=htx_new "
     "operands=htx_new;previous(htx_new) previous"},
    {"operands_of_a_define",
     "define gap = htx_total - htx_open " REPORT(
         "gap * free + members / htx_total > 0 or gap > 0"),
     "c must=(or (> (+ (* (- s0.htx_total s0.htx_open) s0.free) (/ s0.members "
     "s0.htx_total)) 0) (> (- s0.htx_total s0.htx_open) 0)) column=htx_total "
     "operands=htx_total;htx_open;free;members"},
    {"column_is_the_first_of_the_own_data_set",
     REPORT("plan[target_id = \"x\"].goal <= htx_new"),
     "c must=(<= (lookup plan@1[target_id='x', unit_code=s0.unit_code, year=year:(year "
     "s0.period)].s1.goal) s0.htx_new) column=htx_new operands=plan[target_id = "
     "\"x\"].goal;htx_new uses=plan sides"},
    {"column_in_a_group", EACH("count(rows[htx_total < 5]) = 0"),
     "c each=period must=(= (count group report@1[period=s0.period | (< s1.htx_total "
     "5)]) 0) column=htx_total operands=count(rows[htx_total < 5]) sides"},
    {"text_kept_with_its_blanks",
     REPORT("note = \"a  # b\" # not this\n  or   note = 'c  d'"),
     "c must=(or (= s0.note 'a  # b') (= s0.note 'c  d')) column=note operands=note"},
    {"parentheses_around_an_operand",
     REPORT("(yearly.htx_total) = (htx_total at period(2021)) + (free)"),
     "c must=(= (lookup yearly@1[unit_code=s0.unit_code, year=year:(year "
     "s0.period)].s1.htx_total) (+ (at@0 stocks additive s0.htx_total (period 2021)) "
     "s0.free)) column=htx_total operands=yearly.htx_total;htx_total at "
     "period(2021);free uses=yearly sides"},
    {"lets_are_shared",
     "check c on report { let a = yearly.htx_total let b = a - 1 must b >= a within b }",
     "c must=(>= (- (lookup yearly@1[unit_code=s0.unit_code, year=year:(year "
     "s0.period)].s1.htx_total) 1) (lookup yearly@1[unit_code=s0.unit_code, "
     "year=year:(year s0.period)].s1.htx_total)) within=(- (lookup "
     "yearly@1[unit_code=s0.unit_code, year=year:(year s0.period)].s1.htx_total) 1) "
     "column=- operands=yearly.htx_total uses=yearly sides"},
    {"message_and_ask",
     "check c on report { let k = free + 1 must htx_total = 5 message vi \"{{{k}}} "
     "{diff} {key}\" ask vi \"{label(unit_code)}\" }",
     "c must=(= s0.htx_total 5) message=\"{{(+ s0.free 1)}} {diff} {key}\" ask=\"{(label "
     "s0.unit_code (end s0.period))}\" column=htx_total operands=htx_total sides"},
    {"negation", REPORT("-htx_total < -(free + 1) and not active implies htx_new > 0"),
     "c must=(implies (and (< (neg s0.htx_total) (neg (+ s0.free 1))) (not s0.active)) "
     "(> s0.htx_new 0)) column=htx_total operands=htx_total;free;active;htx_new"},
    {"choice_of_code_and_text",
     REPORT("(if active then unit_code else note) = unit_name and (definition ?? \"91\") "
            "!= \"tham_gia\""),
     "c must=(and (= (if s0.active s0.unit_code s0.note) s0.unit_name) (!= (?? "
     "s0.definition code'91') code'tham_gia')) column=active "
     "operands=active;unit_code;note;unit_name;definition"},
    {"row_unit_pushed_through_functions",
     REPORT("capital = abs(-sum(published[indicator = \"x\"].value))"),
     "c must=(= s0.capital (abs (neg (sum published@1[indicator='x', "
     "period=s0.period].(row-unit trd s1.value s1.unit))))) column=capital "
     "operands=capital;sum(published[indicator = \"x\"].value) uses=published sides"},
    {"row_unit_pushed_through_a_choice",
     REPORT("capital <= (if active then sum(published[indicator = \"x\"].value) else "
            "max(published[indicator = \"y\"].value))"),
     "c must=(<= s0.capital (if s0.active (sum published@1[indicator='x', "
     "period=s0.period].(row-unit trd s1.value s1.unit)) (max published@1[indicator='y', "
     "period=s0.period].(row-unit trd s1.value s1.unit)))) column=capital "
     "operands=capital;active;sum(published[indicator = "
     "\"x\"].value);max(published[indicator = \"y\"].value) uses=published sides"},
    {"row_unit_of_a_group_before",
     "check c on published each period { must sum(value) as trd = previous(sum(value)) "
     "as trd }",
     "c each=period must=(= (sum group published@1[period=s0.period].(row-unit trd "
     "s1.value s1.unit)) (previous@0 (sum group published@1[period=s0.period].(row-unit "
     "trd s1.value s1.unit)))) column=value operands=sum(value);previous(sum(value)) "
     "previous sides"},
    {"row_unit_kept_by_names",
     "define v = value check c on published { let w = v must w = 5 as trd }",
     "c must=(= (row-unit trd s0.value s0.unit) 5) column=value operands=value sides"},
    {"row_unit_of_two_columns", ON("published", "min(value, value) = 5 as trd"),
     "c must=(= (row-unit trd (min (row-unit s0.value s0.unit s0.unit) (row-unit "
     "s0.value s0.unit s0.unit)) s0.unit) 5) column=value operands=value sides"},
    {"row_unit_in_a_set",
     ON("published", "value in yearly[year = any, unit_code = \"91\"].htx_total"),
     "c must=(in-rows (row-unit htx s0.value s0.unit) "
     "yearly@1[unit_code=code'91'].s1.htx_total) column=value operands=value "
     "uses=yearly"},
    {"years_stay_years", REPORT("year(period) - 1 = min(yearly[year = any].year)"),
     "c must=(= (- (year s0.period) 1) (min yearly@1[unit_code=s0.unit_code].s1.year)) "
     "column=period operands=period;min(yearly[year = any].year) uses=yearly sides"},
    {"ruleset_of_several_checks",
     "check a on report { must active } check b on yearly { must htx_total > 0 }",
     "a must=s0.active column=active operands=active\nb must=(> s0.htx_total 0) "
     "column=htx_total operands=htx_total sides"},
};

/* Data sets: the row's is the first. */
static const struct lower_case schemas[] = {
    {"key_and_period",
     "dataset d { key u, p column u text column p period column q period }",
     "d period=p (u text key u) (p period key p) (q period q)"},
    {"only_period", "dataset d { key u column u text column q period }",
     "d period=q (u text key u) (q period q)"},
    {"two_periods_outside_the_key",
     "dataset d { key u column u text column p period column q period }",
     "d period=- (u text key u) (p period p) (q period q)"},
    {"two_periods_in_the_key", "dataset d { key p, q column p period column q period }",
     "d period=- (p period key p) (q period key q)"},
    {"units_and_natures",
     "dataset d { key u column u text column a count of htx stock column b decimal of "
     "nguoi/htx "
     "column c decimal of trd*htx/trd flow column e percent additive column f decimal of "
     "column u }",
     "d period=- (u text key u) (a count of htx stock a) (b decimal of nguoi/htx b) "
     "(c decimal of htx flow c) (e percent additive e) (f decimal of column 0 f)"},
    {"headers",
     "dataset d { key u column u text en \"Unit\" vi \"Đơn vị\" | \"Tỉnh\" column o "
     "count optional }",
     "d period=- (u text key u|Đơn vị|Tỉnh|Unit) (o count optional o)"},
    {"cover_list", "dataset d { key u cover u in {\"a\", \"b\"} column u text }",
     "d period=- (u text key u) cover=u:list'a''b' each="},
    {"cover_codes",
     "dataset d { key u, y cover u in provinces column u code provinces column y year }",
     "d period=- (u code provinces key u) (y year key y) cover=u:codes:provinces each=y"},
    {"cover_members",
     "dataset d { key u, p, k cover u in children(\"G\") each k, p column u code "
     "provinces "
     "column p period column k text }",
     "d period=p (u code provinces key u) (p period key p) (k text key k) "
     "cover=u:members:provinces:'G'children each=k,p"},
    {"cover_rows",
     "dataset d { key unit_code, k, period cover k in plan[goal > 1].target_id each "
     "unit_code, period "
     "column unit_code code provinces column k text column period period }",
     "d period=period (unit_code code provinces key unit_code) (k text key k) "
     "(period period key period) cover=k:rows:plan@1[unit_code=s0.unit_code, "
     "year=year:(year s0.period) | (> s1.goal 1)].s1.target_id each=unit_code,period"},
};

struct reading {
    struct arena *a;
    struct sources *sources;
    const struct ruleset *rules;
};

static struct reading read_rules(const char *written)
{
    struct reading r = {.a = arena_open(&mem_libc_hook)};
    struct diags *diags;
    struct text rules = text_in(r.a);
    text_add_z(&rules, "soat 1\n");
    text_add_z(&rules, written);
    struct str all = str_copy(r.a, text_str(&rules));
    r.rules = check_print_read(r.a, all.p, check_world, &diags, &r.sources);
    assert_string_equal(str_copy(r.a, check_print_diags(r.a, diags, r.sources)).p, "");
    assert_non_null(r.rules);
    return r;
}

static void is_text(struct arena *a, struct str found, const char *want)
{
    assert_string_equal(str_copy(a, found).p, want);
}

static void is_lowered(void **state)
{
    const struct lower_case *row = *state;
    struct reading r = read_rules(row->rules);
    is_text(r.a, check_print_rules(r.a, r.rules), row->want);
    arena_close(r.a);
}

static void is_schema(void **state)
{
    const struct lower_case *row = *state;
    struct reading r = read_rules(row->rules);
    is_text(r.a, check_print_dataset(r.a, r.rules, &r.rules->datasets[0]), row->want);
    arena_close(r.a);
}

static void formula_is_on_one_line(void **state)
{
    (void)state;
    struct reading r =
        read_rules("check f on report for c in flows {\n"
                   "  must c = # the flow\n    previous( c ) or 'c  c' = note\n}");
    is_text(r.a, r.rules->checks[0].formula,
            "htx_new = previous( htx_new ) or 'c  c' = note");
    arena_close(r.a);
}

static void family_titles_name_the_column(void **state)
{
    (void)state;
    struct reading r =
        read_rules("check f on report for c in flows { title vi \"Số\" must c > 0 }");
    assert_int_equal(r.rules->n_checks, 2);
    is_text(r.a, r.rules->checks[0].id, "f.htx_new");
    is_text(r.a, r.rules->checks[0].title.lang[LANG_VI], "Số: HTX mới");
    is_text(r.a, r.rules->checks[1].title.lang[LANG_VI], "Số: htx_dissolved");
    assert_null(r.rules->checks[1].title.lang[LANG_EN].p);
    arena_close(r.a);
}

static void policies_and_texts_are_copied(void **state)
{
    (void)state;
    struct reading r = read_rules("ruleset r { title en \"R\" version \"3\" language en "
                                  "} check c on report { must htx_open = "
                                  "previous(htx_total) if_missing fail if_first skip "
                                  "severity warning final because \"B\" "
                                  "tags a, b type VAD }");
    const struct check *k = &r.rules->checks[0];
    assert_true(k->if_missing == POLICY_FAIL && k->if_first == POLICY_SKIP);
    assert_true(k->severity == DIAG_WARNING && k->is_final && k->cmp == CMP_EQ);
    is_text(r.a, k->because, "B");
    is_text(r.a, k->type, "VAD");
    assert_int_equal(k->n_tags, 2);
    is_text(r.a, k->tags[1], "b");
    is_text(r.a, r.rules->name, "r");
    is_text(r.a, r.rules->version, "3");
    assert_true(r.rules->language == LANG_EN);
    arena_close(r.a);
}

static void codes_of_csv_lists_are_noted_once(void **state)
{
    (void)state;
    struct reading r =
        read_rules("define k = \"91\" check f on report for c in flows { must c > 0 or "
                   "unit_code = \"91\" or unit_code in {\"92\", k} }");
    assert_int_equal(r.rules->n_code_uses, 3);
    is_text(r.a, r.rules->code_uses[1].text, "92");
    is_text(r.a, r.rules->codelists[r.rules->code_uses[1].codelist].name, "provinces");
    arena_close(r.a);
}

static void units_reach_their_base(void **state)
{
    (void)state;
    struct reading r = read_rules("unit nghin_ty \"nghìn tỷ\" = 1000 tyd");
    const struct unit *u = &r.rules->units[0];
    is_text(r.a, r.rules->units[u->base].name, "trd");
    is_text(r.a, num_str(r.a, u->factor), "1000000");
    arena_close(r.a);
}

static size_t add_rows(struct CMUnitTest *tests, size_t n, const struct lower_case *cases,
                       size_t n_cases, CMUnitTestFunction run)
{
    for (size_t i = 0; i < n_cases; i++) {
        tests[n++] = (struct CMUnitTest){.name = cases[i].name,
                                         .test_func = run,
                                         .initial_state = (void *)(uintptr_t)&cases[i]};
    }
    return n;
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(formula_is_on_one_line),
        cmocka_unit_test(family_titles_name_the_column),
        cmocka_unit_test(policies_and_texts_are_copied),
        cmocka_unit_test(codes_of_csv_lists_are_noted_once),
        cmocka_unit_test(units_reach_their_base),
    };
    struct CMUnitTest tests[COUNT_OF(checks) + COUNT_OF(schemas) + COUNT_OF(others)];
    size_t n = add_rows(tests, 0, checks, COUNT_OF(checks), is_lowered);
    n = add_rows(tests, n, schemas, COUNT_OF(schemas), is_schema);
    memcpy(tests + n, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the checker accepts and refuses, and where. Rows are rule text; "soat 1" and a
 * line end go before it, so it begins on line 2; MUST puts its expression alone on
 * line 3. The data sets are in check_world.h. */
#include "check_print.h"
#include "check_world.h"
#include "lang/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct check_case {
    const char *name, *rules, *want; /* codes and places; "" when all is well */
};

#define MUST(e) "check c on report { must\n" e "\n}"
#define WITH(clauses, e) "check c on report { " clauses " must\n" e "\n}"
#define EACH(e) "check c on report each period { must\n" e "\n}"
#define DATASET(clauses) "dataset d { key a column a text\n" clauses "\n}"
#define COLUMN(modifiers) "dataset d { key a column a text column b\n" modifiers "\n}"

static const struct check_case names[] = {
    {"nothing_at_all", "", ""},
    {"column", MUST("active"), ""},
    {"unknown_column", MUST("htx_totl > 0"), "R057 3:1"},
    {"unknown_in_the_middle", MUST("htx_total > htx_totl"), "R057 3:13"},
    {"two_mistakes_two_findings", MUST("htx_totl > 0 and membrs > 1"),
     "R057 3:1, R057 3:18"},
    {"one_mistake_one_finding", MUST("abs(htx_totl + 1) * 2 + members > capital"),
     "R057 3:5"},
    {"this_column", MUST("this.active"), ""},
    {"this_unknown", MUST("this.htx > 0"), "R056 3:6"},
    {"parentheses_do_not_move_the_place", MUST("(htx_totl) > 0"), "R057 3:2"},
    {"unknown_dataset", MUST("plam.value > 0"), "R055 3:1"},
    {"unknown_dataset_of_check", "check c on reprot { must x > 0 }", "R055 2:12"},
    {"unknown_pick", MUST("yearly.htx > 0"), "R056 3:8"},
    {"unknown_function", MUST("lenght(note) > 0"), "R058 3:1"},
    {"unknown_codelist", MUST("unit_code in provincs"), "R054 3:14"},
    {"unknown_unit", MUST("capital as ty > 1"), "R053 3:12"},
    {"check_twice", MUST("active") MUST("active"), "R050 4:8"},
    {"check_named_like_dataset",
     "check c on yearly { must htx_total > 0 } check yearly on yearly { must htx_total > "
     "0 }",
     "R050 shared:51:9"},
    {"dataset_twice", "dataset odd { key a column a text }", "R050 shared:57:9"},
    {"unit_and_column_of_one_name", "unit htx_total \"x\" " MUST("htx_total > 0"), ""},
    {"unit_twice", "unit htx \"x\"", "R050 shared:2:6"},
    {"codelist_twice", "codelist provinces { a \"A\" }", "R050 shared:4:10"},
    {"family_twice", "family flows = htx_new", "R050 shared:6:8"},
    {"define_twice", "define a = 1 define a = 2", "R050 2:21"},
    {"define_with_and_without_parameters", "define a = 1 define a(x) = x", ""},
    {"builtin_redefined", "define year(p) = 1", "R052 2:8"},
    {"aggregate_redefined", "define sum(p) = 1", "R052 2:8"},
    {"form_redefined", "define previous(p) = 1", "R052 2:8"},
    {"builtin_name_without_parameters", "define year = 1 " MUST("free > year"), ""},
    {"reserved_datasets",
     "dataset rows { key a column a text } dataset targets { key a column a text }",
     "R051 2:9, R051 2:46"},
    {"reserved_check", "check nothing on report { must active }", "R051 2:7"},
    {"reserved_unit", "unit column \"x\"", "R051 2:6"},
    {"reserved_list", "codelist targets { a \"A\" }", "R051 2:10"},
    {"reserved_today", "define today = 1", "R051 2:8"},
    {"second_ruleset", "ruleset a { title vi \"A\" } ruleset b { title vi \"B\" }",
     "R067 2:36"},
    {"column_or_let", WITH("let htx_total = 1", "htx_total > 0"), "R060 3:1"},
    {"this_settles_it", WITH("let htx_total = 1", "this.htx_total > 0"), ""},
    {"column_or_define", "define free = 1 " MUST("free > 0"), "R060 3:1"},
    {"let_or_define", "define k = 1 " WITH("let k = 2", "free > k"), "R060 3:8"},
    {"let_twice", WITH("let k = 1 let k = 2", "free > k"), "R050 2:35"},
    {"let_sees_lets_above_only", WITH("let a = b let b = 1", "free > a"), "R057 2:29"},
    {"let_chain", WITH("let a = 1 let b = a + 1", "free > b"), ""},
    {"faulty_let_is_one_finding", WITH("let a = nix", "free > a and a > 1 and a < 5"),
     "R057 2:29"},
    {"let_called_today", WITH("let today = 1", "free > 0"), "R051 2:25"},
    {"hole_word_is_no_column_in_must", MUST("left > 0"), "R057 3:1"},
    {"unknown_dataset_is_one_finding",
     MUST("nix.a > 0 and nix.b > 0") " check e on nix { must a > 0 }", "R055 3:1"},
    {"broken_column_silences_its_name",
     "dataset d { key a column a text column b cuont column }\n"
     "check c on d { must b > 0 and e > 0 and this.f = 1 }",
     "R007 2:42, R002 2:55"},
    {"hole_errors_with_an_unknown_dataset",
     "check c on nix { must a\nmessage vi \"{1 +}\" }", "R055 2:12, R038 3:17"},
    {"holes_of_a_check_without_must",
     "check c on report {\nmessage vi \"{left} {nix}\" }", "R011 2:7, R057 3:21"},
    {"today_is_a_value", MUST("founded <= today"), ""},
    {"any_out_of_brackets", MUST("htx_total = any"), "R057 3:13"},
    {"any_within_a_condition",
     MUST("sum(yearly[year = any and htx_total > 0].htx_total) > 0"), "R104 3:19"},
};

static const struct check_case defines[] = {
    {"define_of_literals_is_open",
     "define min_members = if end(period) < date \"2024-07-01\" then 7 else 5 " MUST(
         "members >= min_members * htx_total"),
     ""},
    {"define_with_parameters",
     "define share_of(part, whole) = part / whole " MUST(
         "share_of(htx_new, htx_total) <= 10%"),
     ""},
    {"arguments_too_few", "define f(a, b) = a + b " MUST("f(htx_new) > 0"), "R099 3:1"},
    {"arguments_too_many", "define f(a) = a " MUST("f(htx_new, 1) > 0"), "R099 3:1"},
    {"faulty_body_once", "define bad = nix + 1 " MUST("free > bad and free < bad"),
     "R057 2:14"},
    {"faulty_body_of_a_function_once", "define bad(x) = nix + x " MUST("bad(1) > bad(2)"),
     "R057 2:17"},
    {"faulty_argument_is_not_the_bodys_fault",
     "define f(x) = x + 1 " MUST("f(nix) > 0 and f(nux) > 0"), "R057 3:3, R057 3:18"},
    {"unused_faulty_body", "define bad = nix", ""},
    {"define_of_define", "define a = b + 1 define b = 2 " MUST("free > a"), ""},
    {"cycle", "define a = b define b = a " MUST("free > a"), "R061 2:8"},
    {"cycle_of_itself", "define a = a + 1 " MUST("free > a"), "R061 2:8"},
    {"cycle_through_argument", "define f(x) = x define a = f(a) " MUST("free > a"),
     "R061 2:24"},
    {"cycle_through_function", "define f(x) = g(x) define g(x) = f(x)", "R061 2:8"},
    {"cycle_through_lookup", "define a = yearly[htx_total > a].htx_total", "R061 2:8"},
    {"cycle_through_aggregate", "define a = sum(rows.(htx_total + a))", "R061 2:8"},
    {"pick_is_no_reference",
     "define value = plan[target_id = \"x\"].value " MUST("free > value"), ""},
    {"parameter_is_no_reference", "define a(b) = b define b = a(1) " MUST("free > b"),
     ""},
    {"loop_name_is_no_reference",
     "define c = sum(c for c in flows) " MUST("htx_total > c"), ""},
    {"parameter_hides_a_column_of_the_use",
     "define f(htx_total) = htx_total + 1 " MUST("f(members) > 0"), ""},
    {"parameter_named_like_a_column_in_brackets",
     "define f(target_id) = plan[target_id = target_id].value", "R064 2:10"},
    {"parameter_named_like_a_pick_alone",
     "define f(value) = plan[target_id = \"x\"].value + value " MUST("f(free) > 0"),
     "R064 2:10"},
    {"parameter_beside_a_plain_pick",
     "define f(goal) = yearly.htx_total + goal " MUST("f(1) > 0"), ""},
    {"parameter_twice", "define f(a, a) = a", "R050 2:13"},
    {"let_named_like_a_column_in_brackets",
     WITH("let target_id = \"x\"", "plan[target_id = \"y\"].value > 0"), "R064 2:25"},
    {"body_sees_no_let", "define f = k " WITH("let k = 1", "free > f"), "R057 2:12"},
    {"body_sees_no_hole_word",
     "define f = left check c on report { must htx_total = 1 message vi \"{f}\" }",
     "R057 2:12"},
    {"body_typed_at_each_use",
     "define size = members " MUST("size > 0") "check e on yearly { must size > 0 }",
     "R057 2:15"},
    {"doubling_defines_are_bounded",
     "define a(x) = x + x define b(x) = a(a(a(a(x)))) define d(x) = b(b(b(b(x)))) "
     "define e(x) = d(d(x)) define f(x) = if free > 0 then e(x) else e(x + 1) " MUST(
         "f(free) > 0"),
     "R134 2:15"},
};

static const struct check_case kinds[] = {
    {"must_is_a_condition", MUST("htx_total"), "R090 3:1"},
    {"when_is_a_condition", WITH("when 1", "active"), "R090 2:26"},
    {"and_takes_conditions", MUST("active and 1"), "R090 3:12"},
    {"not_takes_a_condition", MUST("not note"), "R090 3:5"},
    {"sum_of_texts", MUST("note + 1 > 0"), "R090 3:1"},
    {"product_of_dates", MUST("founded * 2 > 0"), "R090 3:1"},
    {"number_and_text", MUST("htx_total = note"), "R091 3:1"},
    {"period_and_text", MUST("period = \"2022-H1\""), "R091 3:1"},
    {"period_literal", MUST("period = period \"2022-H1\""), ""},
    {"date_and_text", MUST("founded > \"2022-06-30\""), "R091 3:1"},
    {"number_and_quoted_number", MUST("free = \"5\""), "R091 3:1"},
    {"date_difference", MUST("founded - date \"2020-01-01\" > 30 days"), ""},
    {"date_plus_number", MUST("founded + 30 days <= today"), ""},
    {"number_plus_date", MUST("30 + founded <= today"), ""},
    {"number_minus_date", MUST("30 - founded <= today"), "R090 3:1"},
    {"date_plus_members", MUST("founded + members <= today"), "R096 3:11"},
    {"text_and_code", MUST("note = unit_code"), ""},
    {"code_and_unknown_text", MUST("definition = \"hieu_qua\""), "R069 3:14"},
    {"code_and_known_text", MUST("definition = \"THAM_GIA\""), ""},
    {"code_of_csv_is_checked_later", MUST("unit_code = \"anything\""), ""},
    {"codes_of_two_lists", MUST("definition = unit_code"), "R092 3:1"},
    {"code_in_set", MUST("definition in {\"tham_gia\", \"kieu_mới\"}"), "R069 3:28"},
    {"code_in_if", MUST("definition = (if active then \"tham_gia\" else \"nix\")"), ""},
    {"flag_compared", MUST("active = true"), ""},
    {"flags_have_no_order", MUST("active < true"), "R098 3:1"},
    {"texts_have_no_order", MUST("note < \"b\""), "R098 3:1"},
    {"periods_have_order", MUST("period < period \"2022\""), ""},
    {"dates_have_order", MUST("founded in date \"2020-01-01\" .. today"), ""},
    {"texts_have_no_range", MUST("note in \"a\" .. \"b\""), "R098 3:1"},
    {"chain", MUST("20 <= members <= 600"), ""},
    {"chain_of_two_mistakes", MUST("nix <= members <= nux"), "R057 3:1, R057 3:19"},
    {"matches_takes_text", MUST("htx_total matches '^[0-9]$'"), "R090 3:1"},
    {"matches_code", MUST("unit_code matches '^9'"), ""},
    {"approximate_column", MUST("htx_total is approximate"), ""},
    {"approximate_lookup", MUST("yearly.htx_total is approximate"), ""},
    {"approximate_sum", MUST("htx_total + 1 is approximate"), "R116 3:1"},
    {"approximate_text", MUST("note is approximate"), "R116 3:1"},
    {"missing_of_anything", MUST("note is missing or founded is present"), ""},
    {"if_of_two_kinds", MUST("(if active then 1 else note) = 1"), "R091 3:1"},
    {"if_condition", MUST("(if 1 then 1 else 2) = 1"), "R090 3:5"},
    {"coalesce_of_two_kinds", MUST("(htx_total ?? note) = 1"), "R091 3:1"},
    {"function_argument", MUST("year(founded) = 2022"), "R090 3:6"},
    {"function_arguments_missing", MUST("year() = 2022"), "R099 3:1"},
    {"function_optional_argument", MUST("round(free) = 1 and round(free, 2) = 1"), ""},
    {"function_arguments_many", MUST("min(free, 1, 2, 3) = 1"), ""},
    {"function_argument_with_unit", MUST("round(free, members) = 1"), "R096 3:13"},
    {"period_functions",
     MUST("half(period) = 1 and months(period) = 6 and start(period) < end(period)"), ""},
    {"period_of_year",
     MUST("period = period(2022, \"H1\") and prior(period) != period(2021)"), ""},
    {"date_of_numbers", MUST("founded = date(2022, 6, 30)"), ""},
    {"label_of_code",
     MUST("label(unit_code) = unit_name and label(unit_code, today) = unit_name"), ""},
    {"label_of_text", MUST("label(note) = unit_name"), "R090 3:7"},
    {"parent_of_code", MUST("parent(unit_code) = \"TNSH\""), ""},
    {"members_of_list", MUST("unit_code in members(\"TNSH\")"), ""},
    {"members_out_of_place", MUST("members(\"TNSH\") = unit_code"), "R100 3:1"},
    {"members_of_text", MUST("note in members(\"TNSH\")"), "R090 3:1"},
    {"numbers_in_text", MUST("free in numbers(note)"), ""},
    {"numbers_of_number", MUST("free in numbers(free)"), "R090 3:17"},
    {"not_a_set", MUST("free in 5"), "R101 3:9"},
    {"other_call_is_no_set", MUST("free in abs(5)"), "R101 3:9"},
    {"years_alone", MUST("free > 1 year"), "R102 3:8"},
    {"name_of_column", MUST("note = name(htx_total)"), ""},
    {"name_of_value", MUST("note = name(1)"), "R118 3:13"},
    {"name_of_nothing", MUST("note = name(nix)"), "R118 3:13"},
};

static const struct check_case units[] = {
    {"sum_of_two_units", MUST("htx_total + capital > 0"), "R093 3:1"},
    {"comparison_of_two_units", MUST("htx_total = members"), "R093 3:1"},
    {"clash_once", MUST("htx_total + capital > members + 1"), "R093 3:1"},
    {"literal_takes_the_unit", MUST("htx_total + 1 > 5"), ""},
    {"literal_is_pure_in_products", MUST("htx_total * 2 <= members"), "R093 3:1"},
    {"literal_arithmetic_is_a_literal", MUST("htx_total * (2 + 3) <= members"),
     "R093 3:1"},
    {"negative_literal", MUST("htx_total > -5"), ""},
    {"open_column", MUST("htx_total * free <= members"), ""},
    {"open_column_compares", MUST("htx_total <= free and members <= free"), ""},
    {"ratio_of_equals_is_pure", MUST("htx_new / htx_total <= share"), ""},
    {"ratio_of_others_is_not", MUST("members / htx_total <= share"), "R093 3:1"},
    {"ratio_times_unit", MUST("members / htx_total * htx_total = members"), ""},
    {"percent_is_pure", MUST("share * members <= members"), ""},
    {"percent_is_not_a_count", MUST("share <= htx_total"), "R093 3:1"},
    {"count_is_open", EACH("count() * 5 <= sum(htx_total)"), ""},
    {"define_of_literal_is_open", "define k = 7 " MUST("members >= k * htx_total"), ""},
    {"let_of_literal_is_open", WITH("let k = 7", "members >= k * htx_total"), ""},
    {"argument_of_literal_is_open",
     "define f(k) = k * htx_total " MUST("members >= f(7)"), ""},
    {"let_of_unit_keeps_it", WITH("let k = htx_total", "members >= k"), "R093 3:1"},
    {"function_keeps_unit", MUST("abs(htx_total) = members"), "R093 3:1"},
    {"min_unifies", MUST("min(htx_total, members) = 1"), "R093 3:1"},
    {"if_unifies", MUST("(if active then htx_total else members) = 1"), "R093 3:1"},
    {"coalesce_unifies", MUST("(htx_total ?? members) = 1"), "R093 3:1"},
    {"coalesce_literal", MUST("(htx_total ?? 0) = members"), "R093 3:1"},
    {"set_unifies", MUST("htx_total in {1, members}"), "R093 3:18"},
    {"range_unifies", MUST("htx_total in 1 .. members"), "R093 3:19"},
    {"set_of_rows_unifies", MUST("members in yearly[year = any].htx_total"), "R093 3:1"},
    {"trd_and_tyd", MUST("capital = 5 as tyd"), "R093 3:1"},
    {"as_converts", MUST("capital as tyd <= 5 as tyd"), ""},
    {"as_of_another_dimension", MUST("capital as htx > 0"), "R094 3:1"},
    {"as_of_percent", MUST("share as htx > 0"), "R094 3:1"},
    {"as_of_open", MUST("free as trd = capital"), ""},
    {"as_binds_tighter_than_division", MUST("capital as tyd / htx_total > 0"), ""},
    {"row_unit_is_demanded",
     "check c on published { must value = yearly[unit_code = \"91\"].htx_total }", ""},
    {"row_unit_against_literal", "check c on published { must\nvalue > 0 }", "R095 3:1"},
    {"row_unit_in_product", "check c on published { must\nvalue * 2 = 5 as trd }",
     "R095 3:1"},
    {"row_unit_against_open",
     "check c on published { must\nvalue = plan[unit_code = \"1\", target_id = "
     "\"2\"].value }",
     "R095 3:1"},
    {"row_unit_as", "check c on published { must value as trd > 0 }", ""},
    {"row_unit_missing_or_quoted",
     "check c on published { must value is missing or value in numbers(quote) }", ""},
    {"row_unit_in_a_hole",
     "check c on published { must indicator = \"x\" message vi \"{value} {unit}\" }", ""},
    {"row_unit_summed",
     "check c on report { must capital = sum(published[indicator = \"x\"].value) }", ""},
    {"row_unit_summed_undemanded",
     "check c on report { must\nsum(published[indicator = \"x\"].value) > 5 }",
     "R095 3:1"},
    {"row_units_compared",
     "check c on published { must value = published[indicator = \"x\"].value }", ""},
    {"row_units_of_aggregates",
     "check c on report { must\nsum(published[indicator = \"x\"].value) = "
     "sum(published[indicator = \"y\"].value) }",
     "R095 3:41"},
    {"row_units_of_aggregates_in_a_choice",
     "check c on report { must capital = (if active then sum(published[indicator = "
     "\"x\"].value) else sum(published[indicator = \"y\"].value)) }",
     ""},
    {"row_units_of_aggregates_in_a_choice_undemanded",
     "check c on report { must\n(sum(published[indicator = \"x\"].value) ?? "
     "sum(published[indicator = \"y\"].value)) > 0 }",
     "R095 3:1"},
    {"row_unit_unique", "check c on published { must\nunique(value) }", "R095 3:8"},
    {"unit_cycle", "unit a \"a\" = 2 b unit b \"b\" = 3 a", "R062 2:6"},
    {"unit_of_itself", "unit a \"a\" = 2 a", "R062 2:6"},
    {"unit_base_unknown", "unit a \"a\" = 2 trdd", "R053 2:16"},
    {"unit_factor_zero", "unit a \"a\" = 0 trd", "R063 2:6"},
    {"unit_factor_too_long", "unit a \"a\" = 10000000000000000000000000000000000000 tyd",
     "R063 2:6"},
    {"too_many_units",
     "unit a \"a\" unit b \"b\" unit d \"d\" unit e \"e\" unit f \"f\" unit g \"g\" unit "
     "h \"h\"\n"
     "dataset q { key k column k text column x count of a*b*d/e/f*g/h }",
     "R097 3:63"},
};

static const struct check_case lookups[] = {
    {"key_bound_by_name_and_year", MUST("yearly.htx_total = htx_total"), ""},
    {"free_key", MUST("plan.goal >= htx_new"), "R121 3:1"},
    {"free_key_fixed", MUST("plan[target_id = \"x\"].goal >= htx_new"), ""},
    {"fixed_the_other_way_round", MUST("plan[\"x\" = target_id].goal >= htx_new"), ""},
    {"fixed_by_and", MUST("plan[target_id = \"x\" and year = 2022].goal >= htx_new"), ""},
    {"freed_key", MUST("plan[target_id = \"x\", unit_code = any].goal >= htx_new"),
     "R121 3:1"},
    {"mentioned_key_is_free", MUST("plan[target_id != \"x\"].goal >= htx_new"),
     "R121 3:1"},
    {"any_of_unknown_column", MUST("plan[target = any].goal > 0"), "R056 3:6"},
    {"text_key_to_code", "check c on odd { must x = htx_list[htx_id = unit_code].size }",
     "R121 2:27"},
    {"key_of_another_type",
     "check c on odd { must\nx = yearly[year = year(this.period)].htx_total }",
     "R120 3:5"},
    {"key_of_another_type_said",
     "check c on odd { must x = yearly[unit_code = this.unit_code, "
     "year = year(this.period)].htx_total }",
     ""},
    {"two_periods_where_one_is_needed",
     "check c on odd { must\nx = yearly[unit_code = \"91\"].htx_total }", "R110 3:5"},
    {"no_column_picked", MUST("yearly[year = 2022] > 0"), "R128 3:1"},
    {"expression_picked", MUST("yearly.(htx_total + 1) = 5"), ""},
    {"expression_sees_only_its_row", MUST("yearly.(members + 1) = 5"), "R057 3:9"},
    {"this_in_a_pick", MUST("yearly.(htx_total + this.htx_total) = 5"), ""},
    {"bare_names_in_brackets_are_its_columns", MUST("plan[target_id = note].goal > 0"),
     "R057 3:18"},
    {"condition_is_a_condition", MUST("yearly[5].htx_total > 0"), "R090 3:8"},
    {"sum_over_dataset",
     MUST("htx_total <= sum(htx_list[unit_code = this.unit_code].size) / 7 * free"), ""},
    {"sum_free_time", MUST("sum(report[period = any, definition = any].htx_new) > 0"),
     ""},
    {"sum_of_own_dataset_shares_its_codes", MUST("sum(report[period = any].htx_new) > 0"),
     "R123 3:5"},
    {"sum_without_time", "check c on htx_list { must\nsum(report.htx_new) > 0 }",
     "R122 3:5"},
    {"sum_time_mentioned",
     "check c on htx_list { must sum(report[year(period) = 2022].htx_new) > 0 }", ""},
    {"sum_year_without_time",
     "check c on htx_list { must\nsum(yearly[unit_code = any].htx_total) > 0 }",
     "R122 3:5"},
    {"shared_column_unsaid", MUST("count(htx_list[size > 5]) > 0"), "R123 3:7"},
    {"shared_column_any", MUST("count(htx_list[unit_code = any]) > 0"), ""},
    {"shared_column_this", MUST("count(htx_list[unit_code = this.unit_code]) > 0"), ""},
    {"shared_column_of_lookup_is_no_matter", MUST("htx_list[htx_id = \"x\"].size > 0"),
     ""},
    {"shared_only_what_the_group_has", EACH("count(htx_list[size > 5]) > 0"), ""},
    {"set_follows_aggregates", MUST("note in htx_list[size > 5].htx_id"), "R123 3:9"},
    {"count_with_column", MUST("count(yearly[year = any].htx_total) > 0"), "R119 3:7"},
    {"count_of_expression", EACH("count(htx_total) > 0"), "R119 3:7"},
    {"sum_of_rows_without_column", MUST("sum(yearly[year = any]) > 0"), "R128 3:5"},
    {"sum_of_text", MUST("sum(yearly[year = any].unit_code) > 0"), "R090 3:24"},
    {"any_of_number", MUST("any(yearly[year = any].htx_total)"), "R090 3:24"},
    {"any_of_condition", MUST("any(yearly[year = any].(htx_total > 5))"), ""},
    {"list_of_anything", MUST("list(yearly[year = any].unit_code) = \"91\""), ""},
    {"aggregate_of_two", EACH("sum(htx_total, 1) > 0"), "R099 3:1"},
    {"aggregate_alone_in_a_row", MUST("sum(htx_total) > 0"), "R125 3:1"},
    {"count_alone_in_a_row", MUST("count() > 0"), "R125 3:1"},
    {"rows_in_a_row", MUST("count(rows[htx_total > 1]) > 0"), "R124 3:7"},
    {"nested_lookup_binds_to_the_row_around",
     MUST("sum(htx_list[unit_code = any, size > 0].(yearly[year = 2022].htx_total)) > 0"),
     ""},
    {"too_deep",
     "define a = yearly[htx_total > 0 and year = 2022 and unit_code = \"1\"].htx_total "
     "define f(x) = yearly[htx_total > x, unit_code = \"1\", year = "
     "2022].htx_total " MUST("f(f(f(f(1)))) > 0"),
     ""},
    {"unknown_dataset_silences", MUST("nix[a = 1, b = 2].c > 0"), "R055 3:1"},
};

static const struct check_case groups[] = {
    {"sum_of_group", EACH("sum(htx_total) = 5"), ""},
    {"each_column_bare", EACH("year(period) = 2022"), ""},
    {"other_column_bare", EACH("htx_total = 5"), "R107 3:1"},
    {"other_column_of_this", EACH("this.htx_total = 5"), "R107 3:1"},
    {"row_columns_in_aggregate", EACH("sum(htx_total - htx_open) = 5"), ""},
    {"rows_with_filter", EACH("count(rows[htx_total < 5]) <= 5% * count()"), ""},
    {"sum_of_sum", EACH("sum(sum(htx_total)) = 5"), "R126 3:5"},
    {"sum_in_rows_brackets", EACH("count(rows[htx_total > mean(members)]) = 5"),
     "R126 3:24"},
    {"named_mean_in_rows_brackets",
     EACH("count(rows[htx_total > mean(rows.htx_total)]) = 5"), ""},
    {"sum_over_family", EACH("sum(htx_total) = sum(sum(c for c in flows))"), ""},
    {"lookup_in_argument", EACH("sum(htx_total + yearly.htx_total) = 5"), ""},
    {"aggregate_of_other_dataset",
     EACH("sum(htx_total) = sum(yearly[unit_code = any].htx_total)"), ""},
    {"unknown_each", "check c on report each perid { must count() > 0 }", "R056 2:24"},
    {"each_twice", "check c on report each period, period { must count() > 0 }",
     "R066 2:32"},
    {"filter", "check c on report[active] each period { must count() > 0 }", ""},
    {"filter_is_a_condition",
     "check c on report[htx_total] each period { must count() > 0 }", "R090 2:19"},
    {"filter_faulty_once",
     "check c on report[nix] each period { must count() > 0 and sum(htx_new) > 0 }",
     "R057 2:19"},
    {"filter_without_this",
     "check c on report[this.active] each period { must count() > 0 }", "R105 2:19"},
    {"filter_without_group",
     "check c on report[count() > 1] each period { must count() > 0 }", "R125 2:19"},
    {"filter_with_lookup",
     "check c on report[yearly.htx_total > 1] each period { must count() > 0 }", ""},
    {"unique_in_group", EACH("unique(period)"), "R117 3:1"},
    {"message_of_group",
     "check c on report each period { must count() > 1 message vi \"{list(unit_name)} "
     "{period}\" }",
     ""},
    {"message_reads_rows",
     "check c on report each period { must count() > 1\nmessage vi \"{unit_name}\" }",
     "R107 3:14"},
};

static const struct check_case time[] = {
    {"previous", MUST("htx_open = previous(htx_total)"), ""},
    {"previous_year", MUST("htx_open = previous(htx_total, 1 year)"), ""},
    {"previous_of_a_number", MUST("htx_open = previous(htx_total, 1)"), "R103 3:32"},
    {"previous_of_half_a_year", MUST("htx_open = previous(htx_total, 0.5 years)"),
     "R103 3:32"},
    {"previous_without_period", "check c on htx_list { must\nsize = previous(size) }",
     "R109 3:8"},
    {"previous_with_two_periods", "check c on odd { must\nx = previous(x) }", "R110 3:5"},
    {"previous_of_group", EACH("sum(htx_open) = previous(sum(htx_total))"), ""},
    {"previous_of_group_without_period",
     "check c on report each unit_code { must\nsum(htx_open) = previous(sum(htx_total)) "
     "}",
     "R111 3:17"},
    {"previous_within_the_rows_of_a_group",
     "check c on report each unit_code { must sum(previous(htx_total)) > 0 }", ""},
    {"previous_in_brackets",
     MUST("sum(report[period = any, definition = any].(previous(htx_total))) > 0"), ""},
    {"previous_in_brackets_without_this",
     MUST("sum(report[period = any, definition = any].(previous(this.htx_total))) > 0"),
     "R106 3:54"},
    {"this_in_previous", MUST("previous(this.htx_total) > 0"), ""},
    {"previous_nests", MUST("previous(previous(htx_total)) > 0"), ""},
    {"previous_of_lookup", MUST("previous(yearly.htx_total) > 0"), ""},
    {"stock_from_flow", MUST("htx_open = previous(htx_new)"), "R112 3:21"},
    {"stock_from_flow_the_other_way", MUST("previous(htx_new) = htx_open"), "R112 3:10"},
    {"stock_from_sum_of_flows", MUST("htx_open = previous(htx_new - htx_dissolved)"),
     "R112 3:21"},
    {"stock_from_stock_and_flow", MUST("htx_open = previous(htx_total + htx_new)"), ""},
    {"stock_not_above_flow", MUST("htx_open >= previous(htx_new)"), ""},
    {"cumulative", MUST("cumulative(htx_new - htx_dissolved) > 0"), ""},
    {"cumulative_family", MUST("cumulative(sum(c for c in flows)) > 0"), ""},
    {"cumulative_group", EACH("cumulative(sum(htx_new)) > 0"), ""},
    {"cumulative_stock", MUST("cumulative(htx_total) > 0"), "R113 3:12"},
    {"cumulative_mixed", MUST("cumulative(htx_new + htx_total) > 0"), "R113 3:12"},
    {"cumulative_product", MUST("cumulative(htx_new * 2) > 0"), "R113 3:12"},
    {"cumulative_previous", MUST("cumulative(previous(htx_new)) > 0"), "R114 3:1"},
    {"cumulative_twice", MUST("cumulative(cumulative(htx_new)) > 0"), "R114 3:1"},
    {"at_period", MUST("htx_open = htx_total at period(year(period) - 1)"), ""},
    {"at_day", MUST("htx_open = htx_total at (start(period) - 1)"), ""},
    {"flow_at_day", MUST("htx_open = htx_new at (start(period) - 1)"), "R115 3:12"},
    {"at_number", MUST("htx_open = htx_total at 5"), "R090 3:25"},
    {"if_first", WITH("if_first skip", "htx_open = previous(htx_total)"), ""},
    {"if_first_by_let", WITH("if_first skip let p = previous(htx_total)", "htx_open = p"),
     ""},
    {"if_first_alone", WITH("if_first skip", "htx_open = htx_total"), "R131 2:21"},
    {"if_first_in_hole_only",
     "check c on report {\nif_first fail must active message vi "
     "\"{previous(htx_total)}\" }",
     "R131 3:1"},
    {"if_first_silent_with_a_mistake", WITH("if_first skip", "nix > 0"), "R057 3:1"},
    {"unique", MUST("unique(fold(note), unit_code)"), ""},
    {"unique_in_when", WITH("when unique(note)", "active"), "R117 2:26"},
    {"unique_in_brackets", MUST("count(yearly[unique(year), year = any]) > 0"),
     "R117 3:14"},
};

static const struct check_case families[] = {
    {"check_for_family",
     "check f on report for c in flows { must c >= 0 message vi \"{name(c)}: {c}\" }",
     ""},
    {"check_for_columns", "check f on report for c in htx_new, members { must c >= 0 }",
     ""},
    {"check_for_one_column", "check f on report for c in members { must c >= 0 }", ""},
    {"unknown_family", "check f on report for c in flow { must c >= 0 }", "R059 2:28"},
    {"unknown_column_in_list",
     "check f on report for c in htx_new, membrs { must c >= 0 }", "R059 2:37"},
    {"repeated_column", "check f on report for c in htx_new, htx_new { must c >= 0 }",
     "R066 2:37"},
    {"family_repeats", "family g = htx_new, htx_new", "R066 2:21"},
    {"family_of_unknown",
     "family g = htx_new, htx_nw check f on report for c in g { must c >= 0 }",
     "R059 2:21"},
    {"loop_named_like_a_column",
     "check f on report for htx_total in flows { must htx_total > 0 }", "R065 2:23"},
    {"loop_named_like_a_column_elsewhere",
     "check f on report for size in flows { must size <= htx_list[htx_id = \"x\"].size }",
     "R065 2:23"},
    {"loop_named_like_a_let",
     "check f on report for c in flows {\nlet c = 1 must c > 0 }", "R050 3:5"},
    {"one_mistake_in_a_family_once", "check f on report for c in flows { must\nc > nix }",
     "R057 3:5"},
    {"column_of_another_dataset", "check f on yearly for c in flows { must\nc > 0 }",
     "R057 3:1"},
    {"units_differ_from_column_to_column",
     "check f on report for c in htx_new, capital { must\nc > htx_open }", "R093 3:1"},
    {"this_and_pick",
     "check f on report for c in stocks { must\nthis.c = yearly[c = any].c }",
     "R056 3:17"},
    {"each_of_family",
     "check f on report each period for c in flows { must sum(c) >= 0 }", ""},
    {"sum_over_family", MUST("sum(c for c in flows) <= htx_total"), ""},
    {"sum_with_if", MUST("sum(c for c in flows if c > 0) <= htx_total"), ""},
    {"sum_over_other_columns", MUST("sum(yearly.c for c in stocks) > 0"), "R056 3:12"},
    {"count_over_family", MUST("count(c for c in flows if c != 0) > 1"), ""},
    {"count_of_expression_over_family", MUST("count(c + 1 for c in flows if c != 0) > 1"),
     "R130 3:7"},
    {"all_over_family", MUST("all(c = previous(c) for c in flows)"), ""},
    {"all_of_numbers", MUST("all(c for c in flows)"), "R090 3:5"},
    {"list_over_family", MUST("list(name(c) for c in flows if c > 0) = note"), ""},
    {"stddev_over_family", MUST("stddev(c for c in flows) > 0"), "R129 3:1"},
    {"function_over_family", MUST("abs(c for c in flows) > 0"), "R129 3:1"},
    {"units_differ_in_a_sum", MUST("sum(c for c in htx_new, members) > 0"), "R093 3:5"},
    {"mistake_in_a_sum_once", MUST("sum(c + nix for c in flows) > 0"), "R057 3:9"},
    {"loops_nest", MUST("sum(sum(c + k for c in flows) for k in stocks) > 0"), ""},
    {"loops_of_one_name", MUST("sum(sum(c for c in flows) for c in stocks) > 0"),
     "R050 3:15"},
    {"sum_over_aggregates", EACH("sum(sum(c) for c in flows) > 0"), ""},
    {"loop_does_not_reach_into_defines",
     "define g = c " MUST("sum(g for c in flows) > 0"), "R057 2:12"},
};

static const struct check_case tolerances[] = {
    {"within_number", WITH("within 5", "htx_total = htx_open"), ""},
    {"within_share", WITH("within 5% of right", "htx_total = htx_open"), ""},
    {"within_larger", WITH("within 5% of larger", "htx_total <= htx_open"), ""},
    {"within_points", WITH("within 5%", "share = ratio"), ""},
    {"within_points_of_a_ratio", WITH("within 5%", "htx_new / htx_total <= 1"), ""},
    {"within_points_of_counts", WITH("within 5%", "htx_total = htx_open"), "R133 2:28"},
    {"within_points_in_a_choice",
     WITH("within if active then 5% else 0", "htx_total = htx_open"), "R133 2:28"},
    {"within_choice",
     WITH("within if active then 5% * abs(right) else 0", "htx_total = htx_open"), ""},
    {"within_of_another_unit", WITH("within members", "htx_total = htx_open"),
     "R093 2:28"},
    {"within_of_its_unit", WITH("within htx_new", "htx_total = htx_open"), ""},
    {"within_text", WITH("within note", "htx_total = htx_open"), "R090 2:28"},
    {"within_rounding", WITH("within rounding", "capital = capital"), ""},
    {"within_of_less", WITH("within 5", "htx_total < htx_open"), "R132 2:21"},
    {"within_of_two_comparisons", WITH("within 5", "htx_total = htx_open and active"),
     "R132 2:21"},
    {"within_of_texts", WITH("within 5", "note = unit_name"), "R132 2:21"},
    {"within_rounding_of_texts", WITH("within rounding", "note = unit_name"),
     "R132 2:21"},
    {"within_of_a_chain", WITH("within 5", "1 <= htx_total <= 5"), "R132 2:21"},
    {"within_silent_with_a_mistake", WITH("within 5", "nix = 1"), "R057 3:1"},
    {"within_knows_no_diff", WITH("within diff", "htx_total = htx_open"), "R057 2:28"},
    {"hole_words",
     "check c on report { must htx_total = htx_open "
     "message vi \"{left} {right} {diff} {slack} {key} {file} {line}\" }",
     ""},
    {"hole_words_without_sides",
     "check c on report { must active\nmessage vi \"{left} {key}\" }", "R108 3:14"},
    {"hole_with_let",
     "check c on report { let k = htx_total must active message vi \"{k}\" }", ""},
    {"hole_unknown",
     "check c on report { must active\nmessage vi \"{nix}\" en \"{nux}\" ask vi "
     "\"{nax}\" }",
     "R057 3:14, R057 3:25, R057 3:40"},
    {"hole_of_a_faulty_must_is_silent_about_sides",
     "check c on report { must\nnix = 1\nmessage vi \"{left}\" }", "R057 3:1"},
    {"undefined_in_a_hole",
     "check c on report { must active message vi \"{effective}\" }", ""},
};

static const struct check_case datasets[] = {
    {"smallest", "dataset d { key a column a text }", ""},
    {"unknown_key", "dataset d { key a, b column a text }", "R056 2:20"},
    {"key_twice", "dataset d { key a, a column a text }", "R066 2:20"},
    {"key_undefined", "dataset d { key a column a text undefined because \"x\" }",
     "R076 2:17"},
    {"column_twice", DATASET("column a count"), "R050 3:8"},
    {"faulty_key_silences_lookups",
     "dataset d { key nix column a text } " MUST("d.a = note"), "R056 2:17"},
    {"unit_of_text", COLUMN("text of htx"), "R070 3:9"},
    {"unit_of_percent", COLUMN("percent of htx"), "R070 3:12"},
    {"unit_of_year", COLUMN("year of htx"), "R070 3:9"},
    {"unit_unknown", COLUMN("count of htxx"), "R053 3:10"},
    {"unit_of_two", COLUMN("decimal of nguoi/htx"), ""},
    {"unit_in_row", COLUMN("decimal of column a"), ""},
    {"unit_in_unknown_column", COLUMN("decimal of column u"), "R056 3:19"},
    {"unit_in_number_column", COLUMN("decimal of column u column u count"), "R084 3:19"},
    {"stock_of_text", COLUMN("text stock"), "R070 3:6"},
    {"stock_of_date", COLUMN("date flow"), "R070 3:6"},
    {"additive_percent", COLUMN("percent additive"), ""},
    {"pattern_of_number", COLUMN("count matches 'x'"), "R070 3:15"},
    {"pattern_of_code", COLUMN("code provinces matches 'x'"), ""},
    {"length_of_number", COLUMN("count max 5"), "R070 3:11"},
    {"length_of_half", COLUMN("text max 0.5"), "R073 3:10"},
    {"rounded_text", COLUMN("text rounded 1"), "R070 3:14"},
    {"rounded_zero", COLUMN("count rounded 0"), "R074 3:15"},
    {"range_of_text", COLUMN("text in \"a\" .. \"b\""), "R070 3:6"},
    {"range_of_flag", COLUMN("flag in {1}"), "R070 3:6"},
    {"range_of_dates", COLUMN("date in date \"2020-01-01\" .. date \"2022-01-01\""), ""},
    {"range_of_dates_as_text", COLUMN("date in \"2020-01-01\" .. \"2022-01-01\""),
     "R090 3:9, R090 3:25"},
    {"range_of_periods", COLUMN("period in period \"2020\" .. period \"2022\""), ""},
    {"range_upside_down", COLUMN("count in 5 .. 1"), "R072 3:7"},
    {"set_of_codes", COLUMN("code definition in {\"tham_gia\", \"nix\"}"), "R069 3:33"},
    {"set_of_texts", COLUMN("text in {\"a\", \"b\"}"), ""},
    {"set_of_numbers_as_text", COLUMN("count in {\"1\"}"), "R090 3:11"},
    {"list_unknown", COLUMN("code nix"), "R054 3:6"},
    {"column_with_error_silences_rules",
     COLUMN("code nix") "check c on d { must b = \"x\" and b != a }", "R054 3:6"},
    {"header_twice", COLUMN("text vi \"Mã\" column c text en \"MÃ\""), "R071 3:31"},
    {"header_is_a_column", COLUMN("text vi \"a\""), "R071 3:9"},
    {"header_in_both_languages", COLUMN("text vi \"Mã\" en \"Mã\""), ""},
    {"totals", DATASET("totals a \"T\" column b count stock"), ""},
    {"totals_without_additive", DATASET("totals a \"T\" column b count"), "R077 3:8"},
    {"totals_of_no_key", DATASET("totals b \"T\" column b count stock"), "R075 3:8"},
    {"tree", DATASET("tree a under p column p text optional column n count additive"),
     ""},
    {"tree_of_required_parent",
     DATASET("tree a under p column p text column n count additive"), "R078 3:14"},
    {"tree_of_another_type",
     DATASET("tree a under p column p count optional column n count additive"),
     "R078 3:14"},
    {"tree_without_additive", DATASET("tree a under p column p text optional"),
     "R077 3:6"},
    {"pair", DATASET("pair c with n column c code provinces column n text"), ""},
    {"pair_of_texts", DATASET("pair a with n column n text"), "R079 3:6"},
    {"pair_of_codes",
     DATASET("pair c with d column c code provinces column d code provinces"),
     "R079 3:13"},
    {"coded_twice", DATASET("missing \"-\" zero \"-\""), "R082 3:18"},
    {"coded_twice_in_one_list", DATASET("missing \"-\", \"-\""), ""},
    {"coded_empty", DATASET("missing \"\" na \"\""), "R082 3:15, R083 3:15"},
    {"cover_members",
     "dataset d { key u, p cover u in members(\"G\") column u code provinces column p "
     "period }",
     ""},
    {"cover_of_no_key", DATASET("cover b in {\"x\"} column b text"), "R075 3:7"},
    {"cover_needs_each",
     "dataset d { key u, p, k\ncover u in provinces column u code provinces column p "
     "period column k text }",
     "R080 3:1"},
    {"cover_each_named",
     "dataset d { key u, p, k cover u in provinces each p column u code provinces column "
     "p period column k text }",
     ""},
    {"cover_each_of_no_key",
     "dataset d { key u, p\ncover u in provinces each k column u code provinces column p "
     "period column k text }",
     "R075 3:27"},
    {"cover_needs_time",
     "dataset d { key u, k\ncover u in provinces column u code provinces column k text }",
     "R080 3:1"},
    {"cover_year",
     "dataset d { key u, y cover u in provinces column u code provinces column y year }",
     ""},
    {"cover_list", DATASET("cover a in {\"x\", \"y\"}"), ""},
    {"cover_list_of_numbers", DATASET("cover a in {1}"), "R090 3:13"},
    {"cover_list_of_values", DATASET("cover a in {a}"), "R107 3:13"},
    {"cover_other_list",
     "dataset d { key u\ncover u in definition column u code provinces }", "R081 3:12"},
    {"cover_members_of_text", DATASET("cover a in members(\"G\")"), "R081 3:12"},
    {"cover_each_twice",
     "dataset d { key u, p\ncover u in provinces each p, p column u code provinces "
     "column p period }",
     "R066 3:30"},
    {"cover_each_unknown",
     "dataset d { key u, p\ncover u in provinces each q column u code provinces column p "
     "period }",
     "R056 3:27"},
    {"cover_list_unknown",
     "dataset d { key u\ncover u in provinzes column u code provinces }", "R054 3:12"},
    {"cover_list_with_a_mistake", DATASET("cover a in {\"x\", nix}"), "R057 3:18"},
    {"cover_rows_without_column", DATASET("cover a in plan[goal > 1]"), "R128 3:12"},
    {"cover_numbers", DATASET("cover a in numbers(\"G\")"), "R081 3:12"},
    {"cover_rows",
     "dataset d { key u, k, y cover k in plan.target_id each u, y column u code "
     "provinces "
     "column k text column y year }",
     "R122 2:36"},
    {"cover_rows_bound",
     "dataset d { key unit_code, k, year cover k in plan.target_id each unit_code, year "
     "column unit_code code provinces column k text column year year }",
     ""},
    {"cover_rows_of_another_kind",
     "dataset d { key unit_code, k, year\ncover k in plan.value each unit_code, year "
     "column unit_code code provinces column k text column year year }",
     "R081 3:12"},
    {"cover_rows_without_this",
     "dataset d { key unit_code\ncover unit_code in htx_list[htx_id = "
     "this.unit_code].unit_code "
     "column unit_code code provinces }",
     "R105 3:38"},
    {"code_twice", "codelist l { a \"A\", A \"B\" }", "R068 2:21"},
};

/* What is said, in English: the first finding, its remedy after a bar. */
static const struct check_case said[] = {
    {"says_unknown_name", MUST("htx_totl > 0"),
     "htx_totl is no column of report, and no let or define | did you mean "
     "\"htx_total\"?"},
    {"says_unknown_let", WITH("let limit_a = 1", "free > limit_b"),
     "limit_b is no column of report, and no let or define | did you mean \"limit_a\"?"},
    {"says_unknown_function", MUST("lenght(note) > 1"),
     "there is no function lenght | did you mean \"length\"?"},
    {"says_unknown_code", MUST("definition = \"tham_gía\""),
     "the list definition has no code tham_gía | did you mean \"tham_gia\"?"},
    {"says_both_units", MUST("htx_total + capital > 0"),
     "htx_total is in htx, capital is in trd: they cannot be added, subtracted or "
     "compared | if a column was declared in the wrong unit, correct its of"},
    {"says_compound_units", MUST("members / htx_total = share"),
     "members / htx_total is in nguoi/htx, share is in %: they cannot be added, "
     "subtracted or compared | a ratio goes with a ratio: divide members / htx_total by "
     "a "
     "number in its unit, or correct of where it is declared"},
    {"says_the_unit_of_a_tolerance", WITH("within members", "htx_total = htx_open"),
     "the tolerance members is in nguoi, the comparison is in htx: they cannot be added, "
     "subtracted or compared | if a column was declared in the wrong unit, correct its "
     "of"},
    {"says_how_to_make_a_number", MUST("htx_total = active"),
     "one side is a number, the other a yes/no value | write (if active then 1 else 0)"},
    {"says_how_to_write_a_code", MUST("note = 5"),
     "one side is a text, the other a number | write \"5\""},
    {"says_what_is_no_number", MUST("htx_total = \"a\""),
     "one side is a number, the other a text | "},
    {"says_where_not_goes", MUST("note not in {\"a\"}"),
     "this is a text, but a yes/no value is needed here | compare it, or write note is "
     "present"},
    {"says_how_to_convert",
     "dataset d { key a column a text column x decimal of trd column y decimal of tyd } "
     "check c on d { must x = y }",
     "x is in trd, y is in tyd: they cannot be added, subtracted or compared | write y "
     "as trd"},
    {"says_which_unit_is_wanted", "check c on published { must value > 0 }",
     "the unit of value stands in each row, and nothing here says which one is wanted | "
     "write (value) as UNIT"},
    {"says_two_kinds", MUST("period = \"2022-H1\""),
     "one side is a period, the other a text | write period \"2022-H1\""},
    {"says_which_key_is_free", MUST("plan.goal > 0"),
     "it is not clear which row of plan is meant: the key column target_id is free | "
     "add target_id = … in the brackets, or use an aggregate such as sum(…)"},
    {"says_both_key_types", "check c on odd { must x = yearly[year = 2022].htx_total }",
     "the key column unit_code of yearly is code provinces, the column of that name "
     "around it "
     "text, so they are not "
     "bound by themselves | say it in the brackets: unit_code = … or unit_code = any"},
    {"says_any", "check c on htx_list { must sum(report.htx_new) > 0 }",
     "the aggregate over report leaves the time column period free | "
     "write period = any to take every one, or period = …"},
    {"says_the_circle", "define a = b define b = d define d = a",
     "these defines use each other in a circle: a → b → d → a | "},
    {"says_the_circle_of_units", "unit a \"a\" = 2 b unit b \"b\" = 3 a",
     "these units are multiples of each other in a circle: a → b → a | "},
    {"says_what_each_lacks", EACH("htx_total > 1"),
     "htx_total is not among the each columns, so it may differ from row to row of the "
     "group | "
     "use it in an aggregate, such as list(htx_total), or add it to each"},
    {"says_the_column_of_a_family",
     "check f on report for c in flows, nix { must c > 0 }",
     "flows cannot stand here: it is no family by itself, and no data set has such a "
     "column | the family flows must stand alone after in"},
    {"says_share", WITH("within 5%", "htx_total = htx_open"),
     "the tolerance 5% counts percentage points, which needs a side that is a ratio; "
     "here "
     "is none | "
     "write 5% of right"},
};

/* ---- running */

static void is_judged(void **state)
{
    const struct check_case *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text rules = text_in(a);
    text_add_z(&rules, "soat 1\n");
    text_add_z(&rules, row->rules);
    struct str all = str_copy(a, text_str(&rules));
    const struct ruleset *r = check_print_read(a, all.p, check_world, &diags, &sources);
    assert_string_equal(str_copy(a, check_print_diags(a, diags, sources)).p, row->want);
    assert_true((r == NULL) == (row->want[0] != '\0'));
    arena_close(a);
}

static void is_said(void **state)
{
    const struct check_case *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text rules = text_in(a), found = text_in(a);
    text_add_z(&rules, "soat 1\n");
    text_add_z(&rules, row->rules);
    struct str all = str_copy(a, text_str(&rules));
    assert_null(check_print_read(a, all.p, check_world, &diags, &sources));
    const struct diag *d = diags_get(diags, 0);
    text_add(&found, diag_text(a, d, LANG_EN));
    text_add_z(&found, " | ");
    text_add(&found, d->hint_en);
    assert_string_equal(str_copy(a, text_str(&found)).p, row->want);
    assert_true((d->hint.p == NULL) == (d->hint_en.p == NULL));
    arena_close(a);
}

/* ---- texts without end */

struct growing { /* `start`, then `step` n times with # as i and @ as i + 1, then `end`
                    with # as n */
    const char *name, *start, *step, *end, *want;
    uint32_t n;
};

#define SMALL "dataset d { key a column a text column x count }\n"

static const struct growing growing[] = {
    {"defines_that_double", SMALL "define f0(y) = y + 1\n",
     "define f@(y) = f#(y) + f#(y + 1)\n", "check c on d { must f#(x) > 0 }", "R134", 40},
    {"defines_in_a_long_chain", SMALL "define f0 = x\n", "define f@ = f# + 1\n",
     "check c on d { must f# > 0 }", "R134", 5000},
    {"defines_in_a_long_circle", SMALL "define f0 = f12\n", "define f@ = f# + 1\n", "",
     "R061", 12},
    {"lets_in_a_long_chain", SMALL "check c on d { let v0 = x\n", "let v@ = v# + 1\n",
     "must v# > 0 }", "R134", 5000},
    {"lets_that_double", SMALL "check c on d { let v0 = x\n", "let v@ = v# + v#\n",
     "must v# > 0 }", "R134", 1000},
    {"lookups_within_lookups", SMALL "define f0(y) = y\n",
     "define f@(y) = d[a = \"k\", x > f#(x) + y].x\n", "check c on d { must f#(x) > 0 }",
     "R127", 30},
    {"units_in_a_long_chain", "unit u0 \"u\"\n", "unit u@ \"u\" = 1 u#\n",
     "dataset e { key k column k text column z count of u# }", "", 5000},
    {"units_in_a_long_circle", "unit u0 \"u\" = 1 u5000\n", "unit u@ \"u\" = 1 u#\n", "",
     "R062", 5000},
};

static void add_numbered(struct text *t, const char *pattern, uint32_t i)
{
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p == '#' || *p == '@') {
            text_uint(t, *p == '#' ? i : i + 1);
        } else {
            text_char(t, *p);
        }
    }
}

static void growth_ends(void **state)
{
    const struct growing *row = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags;
    struct sources *sources;
    struct text t = text_in(a);
    text_add_z(&t, "soat 1\n");
    text_add_z(&t, row->start);
    for (uint32_t i = 0; i < row->n; i++) {
        add_numbered(&t, row->step, i);
    }
    add_numbered(&t, row->end, row->n);
    const struct ruleset *r =
        check_print_read(a, str_copy(a, text_str(&t)).p, NULL, &diags, &sources);
    assert_true((r != NULL) == (row->want[0] == '\0'));
    assert_int_equal(diags_count(diags), r == NULL ? 1 : 0);
    if (r == NULL) {
        assert_string_equal(diag_info(diags_get(diags, 0)->id)->code, row->want);
    }
    arena_close(a);
}

/* ---- words exchanged at random: never a crash, never an error left in what is passed on
 */

static bool is_whole(const struct expr *e, uint32_t depth);

static bool is_whole_select(const struct select *s, uint32_t depth)
{
    for (uint32_t i = 0; i < s->n_binds; i++) {
        if (!is_whole(s->binds[i].value, depth)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < s->n_conds; i++) {
        if (!is_whole(s->conds[i], depth)) {
            return false;
        }
    }
    return s->pick == NULL || is_whole(s->pick, depth);
}

static bool is_whole(const struct expr *e, uint32_t depth)
{
    if (depth == 0) {
        return true;
    }
    for (uint32_t i = 0; i < e->n; i++) {
        if (!is_whole(e->args[i], depth - 1)) {
            return false;
        }
    }
    return e->kind != VALUE_ERROR &&
           (e->select == NULL || is_whole_select(e->select, depth - 1));
}

static uint32_t next_random(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*seed >> 33) % n);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
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

/* One word of `s` replaced by another word of it. */
static struct str exchanged(struct arena *a, struct str s, uint64_t *seed)
{
    struct str old = word_at(s, next_random(seed, (uint32_t)s.n));
    struct str new = word_at(s, next_random(seed, (uint32_t)s.n));
    size_t lo = (size_t)(old.p - s.p);
    struct text t = text_in(a);
    text_add(&t, str_cut(s, 0, lo));
    text_add(&t, new);
    text_add(&t, str_cut(s, lo + old.n, s.n));
    return text_str(&t);
}

static const char exchange_rules[] =
    "define gap(a, b) = (a - b) / b\ndefine big = htx_total > 5\n"
    "check a on report { let k = lower(note) when big must plan[target_id = k].goal >= "
    "htx_new }\n"
    "check b on report[active and free > 1] each unit_code { must count(rows[htx_total < "
    "5]) <= 5% * "
    "count() message vi \"{list(rows[big].unit_name)} {left}\" }\n"
    "check e on report for c in flows { must c != previous(c) or c = 0 if_first skip }\n"
    "check f on report { must gap(htx_total, htx_open at (start(period) - 1)) < 5% "
    "within 1% }\n"
    "check g on published { must value = sum(published[indicator = any].value) and value "
    "as tyd > 1 }\n"
    "check h on report each period { must sum(htx_total) = sum(sum(c for c in stocks if "
    "c > 0)) "
    "within 2% of larger }\n"
    "check i on report { must capital as tyd = yearly[year = "
    "year(this.period)].htx_total * free }\n"
    "check j on htx_list { must unit_code in members(\"TNSH\") and label(unit_code) = "
    "\"x\" }\n";

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
            rules = exchanged(a, rules, &seed);
        }
        const struct ruleset *r =
            check_print_read(a, str_copy(a, rules).p, NULL, &diags, &sources);
        assert_true((r == NULL) == (diags_errors(diags) > 0));
        for (uint32_t k = 0; r != NULL && k < r->n_checks; k++) {
            assert_true(is_whole(r->checks[k].must, 20));
            assert_true(r->checks[k].when == NULL || is_whole(r->checks[k].when, 20));
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

static size_t add_rows(struct CMUnitTest *tests, size_t n, const struct check_case *cases,
                       size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        tests[n++] = one(cases[i].name, is_judged, &cases[i]);
    }
    return n;
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(said) + COUNT_OF(growing) + 2 + COUNT_OF(names) +
                            COUNT_OF(defines) + COUNT_OF(kinds) + COUNT_OF(units) +
                            COUNT_OF(lookups) + COUNT_OF(groups) + COUNT_OF(time) +
                            COUNT_OF(families) + COUNT_OF(tolerances) +
                            COUNT_OF(datasets)];
    size_t n = 0;
    n = add_rows(tests, n, names, COUNT_OF(names));
    n = add_rows(tests, n, defines, COUNT_OF(defines));
    n = add_rows(tests, n, kinds, COUNT_OF(kinds));
    n = add_rows(tests, n, units, COUNT_OF(units));
    n = add_rows(tests, n, lookups, COUNT_OF(lookups));
    n = add_rows(tests, n, groups, COUNT_OF(groups));
    n = add_rows(tests, n, time, COUNT_OF(time));
    n = add_rows(tests, n, families, COUNT_OF(families));
    n = add_rows(tests, n, tolerances, COUNT_OF(tolerances));
    n = add_rows(tests, n, datasets, COUNT_OF(datasets));
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        tests[n++] = one(said[i].name, is_said, &said[i]);
    }
    for (size_t i = 0; i < COUNT_OF(growing); i++) {
        tests[n++] = one(growing[i].name, growth_ends, &growing[i]);
    }
    tests[n++] =
        one("exchanged_words_1", exchanged_words_are_judged, (void *)(uintptr_t)1);
    tests[n++] =
        one("exchanged_words_2", exchanged_words_are_judged, (void *)(uintptr_t)20220705);
    assert_true(n == COUNT_OF(tests));
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Expressions: how they bind, what may follow what, and where each mistake is reported.
 * Every row is read as the hole of a message, which is an expression by the same rules.
 */
#include "lang/parse.h"
#include "parse_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct expr_case {
    const char *name, *source, *want; /* the tree, or the diagnostics */
} accepted[] = {
    {"number", "5", "5"},
    {"number_percent", "3.5%", "0.035%"},
    {"number_percent_apart", "5 %", "0.05%"},
    {"number_keeps_its_places", "1.50", "1.5"},
    {"number_day", "1 day", "1 days"},
    {"number_days", "30 days", "30 days"},
    {"number_year", "1 year", "1 years"},
    {"number_years", "2 years", "2 years"},
    {"days_after_anything_else_are_no_suffix", "held + 30 days", "(+ held 30 days)"},
    {"string", "\"a\\nb\"", "'a<0A>b'"},
    {"string_raw", "'a\\n'", "'a\\n'"},
    {"flags", "true = false", "(= true false)"},
    {"name", "htx_total", "htx_total"},
    {"this", "this.htx", "this.htx"},
    {"parentheses", "((a))", "a"},
    {"date", "date \"2022-06-30\"", "2022-06-30"},
    {"date_day_first", "date '30/6/2022'", "2022-06-30"},
    {"period", "period \"2022-H1\"", "2022-H1"},
    {"date_and_period_are_names", "date + period", "(+ date period)"},

    {"implies_to_the_right", "a implies b implies c", "(implies a (implies b c))"},
    {"or_to_the_left", "a or b or c", "(or (or a b) c)"},
    {"and_to_the_left", "a and b and c", "(and (and a b) c)"},
    {"and_before_or_before_implies", "a or b and c implies d",
     "(implies (or a (and b c)) d)"},
    {"implies_takes_or_on_its_right", "a implies b or c", "(implies a (or b c))"},
    {"not", "not a", "(not a)"},
    {"not_nests", "not not a", "(not (not a))"},
    {"not_takes_a_comparison", "not a = b and c", "(and (not (= a b)) c)"},
    {"not_in", "not x in {1, 2}", "(not (in-set x 1 2))"},
    {"compare", "a = b", "(= a b)"},
    {"compare_all", "a != b or a < b or a <= b or a > b or a >= b",
     "(or (or (or (or (!= a b) (< a b)) (<= a b)) (> a b)) (>= a b))"},
    {"chain_up", "20 <= x < y <= 600", "(chain 20 <= x < y <= 600)"},
    {"chain_down", "a > b >= c", "(chain a > b >= c)"},
    {"chain_equal", "a = b = c", "(chain a = b = c)"},
    {"compare_in_parentheses_ends_a_chain", "(a < b) = (c < d)", "(= (< a b) (< c d))"},
    {"compare_takes_sums", "a + 1 = b ?? 0", "(= (+ a 1) (?? b 0))"},
    {"in_set", "x in {1, \"a\", f(y)}", "(in-set x 1 'a' (call f y))"},
    {"in_set_of_conditions", "x in {a or b}", "(in-set x (or a b))"},
    {"in_range", "x in 1 .. 2 + 3", "(in-range x 1 (+ 2 3))"},
    {"in_range_touching", "x in 1..5 and y", "(and (in-range x 1 5) y)"},
    {"in_list", "c in provinces", "(in c provinces)"},
    {"in_members", "c in members(\"TNSH\")", "(in c (call members 'TNSH'))"},
    {"in_lookup", "c in D[k = 1].x", "(in c (look D [(= k 1)] .x))"},
    {"matches", "x matches '^[0-9]{10}$' and y", "(and (matches x '^[0-9]{10}$') y)"},
    {"is_missing", "x is missing", "(missing x)"},
    {"is_present", "x is present or y", "(or (present x) y)"},
    {"is_approximate", "x is approximate", "(approximate x)"},
    {"coalesce_to_the_right", "a ?? b ?? c", "(?? a (?? b c))"},
    {"coalesce_below_sums", "a + b ?? c * d", "(?? (+ a b) (* c d))"},
    {"sum_to_the_left", "a - b + c - d", "(- (+ (- a b) c) d)"},
    {"product_to_the_left", "a / b * c / d", "(/ (* (/ a b) c) d)"},
    {"product_before_sum", "a + b * c - d / e", "(- (+ a (* b c)) (/ d e))"},
    {"parentheses_bind", "(a + b) * c", "(* (+ a b) c)"},
    {"minus", "-a", "(neg a)"},
    {"minus_nests", "- - a", "(neg (neg a))"},
    {"minus_in_product", "a * -b", "(* a (neg b))"},
    {"minus_in_sum", "a - -b", "(- a (neg b))"},
    {"minus_takes_postfix", "-a as tyd", "(neg (as tyd a))"},
    {"minus_in_comparison", "a = -1", "(= a (neg 1))"},
    {"as", "capital as tyd", "(as tyd capital)"},
    {"as_takes_one_unit", "a as b / c", "(/ (as b a) c)"},
    {"at", "x at prior(p)", "(at x (call prior p))"},
    {"at_takes_one_operand", "x at p + 1", "(+ (at x p) 1)"},
    {"at_takes_parentheses", "x at (start(p) - 1)", "(at x (- (call start p) 1))"},
    {"at_typed", "x at period \"2022\" = y", "(= (at x 2022) y)"},
    {"as_and_at_to_the_left", "x at p as u at q", "(at (as u (at x p)) q)"},

    {"if", "if a then b else c", "(if a b c)"},
    {"if_takes_all_to_its_right", "if a or b then c + 1 else d implies e",
     "(if (or a b) (+ c 1) (implies d e))"},
    {"if_else_if", "if a then 1 else if b then 2 else 3", "(if a 1 (if b 2 3))"},
    {"if_in_then", "if a then if b then 1 else 2 else 3", "(if a (if b 1 2) 3)"},
    {"if_in_parentheses", "1 + (if a then b else c)", "(+ 1 (if a b c))"},
    {"if_as_argument", "f(if a then b else c, d)", "(call f (if a b c) d)"},

    {"call_empty", "count()", "(call count)"},
    {"call", "max(a, b + 1, c)", "(call max a (+ b 1) c)"},
    {"call_of_a_keyword", "year(p) + unique(a) + any(x)",
     "(+ (+ (call year p) (call unique a)) (call any x))"},
    {"call_date_and_period", "date(2022, 7, 1) <= end(period(y, \"H1\"))",
     "(<= (call date 2022 7 1) (call end (call period y 'H1')))"},
    {"call_previous", "previous(x, 1 year)", "(call previous x 1 years)"},
    {"each_of", "sum(c for c in sectors)", "(each-of sum c c [sectors])"},
    {"each_of_columns", "all(c = 0 for c in a, b, d)", "(each-of all (= c 0) c [a b d])"},
    {"each_of_if", "count(c for c in flows if c != 0)",
     "(each-of count c c [flows] (!= c 0))"},
    {"for_is_a_name", "f(for, 1) + for", "(+ (call f for 1) for)"},

    {"lookup", "D.x", "(look D .x)"},
    {"lookup_brackets", "D[k = 1, y = this.y].x", "(look D [(= k 1), (= y this.y)] .x)"},
    {"lookup_without_pick", "count(D[active])", "(call count (look D [active]))"},
    {"lookup_expr", "sum(D.(a * b))", "(call sum (look D .(* a b)))"},
    {"lookup_brackets_expr", "sum(D[k].(a - b))", "(call sum (look D [k] .(- a b)))"},
    {"lookup_rows", "count(rows[htx < 5])", "(call count (look rows [(< htx 5)]))"},
    {"lookup_results", "targets[target = this.t].points",
     "(look targets [(= target this.t)] .points)"},
    {"lookup_nested", "D[k = E[j = 1].x].y", "(look D [(= k (look E [(= j 1)] .x))] .y)"},
    {"lookup_at", "D.x at p", "(at (look D .x) p)"},
    {"any_frees_a_key", "D[k = any, j = 1].x", "(look D [(= k ANY), (= j 1)] .x)"},
    {"any_in_parentheses", "D[(k = any)].x", "(look D [(= k ANY)] .x)"},
    {"any_on_the_left_is_a_name", "D[any = 1].x", "(look D [(= any 1)] .x)"},
    {"any_called_is_a_function", "D[k = any(r.x)].x",
     "(look D [(= k (call any (look r .x)))] .x)"},
    {"any_outside_is_a_name", "x = any", "(= x any)"},
    {"any_in_a_pick_is_a_name", "D[k].(x = any)", "(look D [k] .(= x any))"},
    {"any_behind_a_pick_in_brackets", "D[a = E.(x = any), b = any].x",
     "(look D [(= a (look E .(= x any))), (= b ANY)] .x)"},

    {"soft_words_are_names", "column + must * when - key",
     "(- (+ column (* must when)) key)"},
    {"white_space_does_not_matter", "a\n+\n\tb# c\n*c", "(+ a (* b c))"},
    {"no_white_space", "a+b*c-D[k=1].x", "(- (+ a (* b c)) (look D [(= k 1)] .x))"},
};

static const struct expr_case rejected[] = {
    {"empty_hole", "", "R038 1:1"},
    {"breaks_off", "a +", "R038 1:4"},
    {"breaks_off_in_parentheses", "(a", "R038 1:3"},
    {"breaks_off_in_a_call", "f(a,", "R038 1:5"},
    {"operator_twice", "a + * b", "R006 1:5"},
    {"operator_first", "* b", "R006 1:1"},
    {"value_missing_in_parentheses", "()", "R006 1:2"},
    {"value_behind_value", "a b", "R001 1:3"},
    {"number_behind_value", "a 5", "R001 1:3"},
    {"parenthesis_wrong", "(a]", "R001 1:3"},
    {"parenthesis_too_many", "a)", "R001 1:2"},
    {"number_suffix_of_percent", "5% days", "R001 1:4"},
    {"number_with_a_unit", "5 htx", "R001 1:3"},
    {"number_too_long", "123456789012345678901234567890123456789", "R026 1:1"},
    {"number_bad_is_one_error", "a + 7x * 2", "R025 1:5"},
    {"string_as_typed_literal", "day \"2022-06-30\"", "R001 1:5"},
    {"date_wrong", "date \"2022-02-30\" + 1", "R033 1:6"},
    {"period_wrong", "period \"2022-H3\"", "R034 1:8"},
    {"this_alone", "this", "R038 1:5"},
    {"this_without_point", "this x", "R001 1:6"},
    {"this_reserved", "this.in", "R003 1:6"},
    {"this_number", "this.5", "R002 1:6"},
    {"implies_without_left", "implies a", "R006 1:1"},
    {"implies_without_right", "a implies", "R038 1:10"},
    {"or_without_right", "(a or)", "R006 1:6"},
    {"and_and", "a and and b", "R006 1:7"},
    {"not_alone", "(not)", "R006 1:5"},
    {"not_inside_a_comparison", "a = not b", "R032 1:5"},
    {"not_inside_a_sum", "1 + not b", "R032 1:5"},
    {"if_inside_a_sum", "1 + if a then b else c", "R032 1:5"},
    {"if_behind_and", "a and if b then c else d", "R032 1:7"},
    {"if_behind_not", "not if a then b else c", "R032 1:5"},
    {"if_without_then", "if a else b", "R001 1:6"},
    {"if_without_else", "(if a then b)", "R001 1:13"},
    {"chain_mixed", "a < b > c", "R031 1:7"},
    {"chain_mixed_equal", "a < b = c", "R031 1:7"},
    {"chain_equal_less", "a = b < c", "R031 1:7"},
    {"chain_unequal", "a != b != c", "R031 1:8"},
    {"compare_behind_in", "a in {1} = true", "R031 1:10"},
    {"compare_behind_matches", "a matches 'x' = true", "R031 1:15"},
    {"compare_behind_is", "a is missing = true", "R031 1:14"},
    {"is_behind_is", "a is missing is present", "R031 1:14"},
    {"sum_behind_in", "a in {1} + 1", "R031 1:10"},
    {"coalesce_behind_in_list", "a in b ?? c", "R031 1:8"},
    {"coalesce_behind_is", "a is missing ?? b", "R031 1:14"},
    {"product_behind_matches", "a matches 'x' * 2", "R031 1:15"},
    {"as_behind_is", "a is missing as u", "R031 1:14"},
    {"at_behind_in", "a in {1} at p", "R031 1:10"},
    {"in_set_empty", "a in {}", "R006 1:7"},
    {"in_set_last_comma", "a in {1, 2,}", "R035 1:11"},
    {"in_set_without_comma", "a in {1 2}", "R001 1:9"},
    {"in_range_open", "(a in 1 ..)", "R006 1:11"},
    {"in_range_twice", "a in 1 .. 2 .. 3", "R001 1:13"},
    {"in_nothing", "(a in)", "R006 1:6"},
    {"range_without_in", "1 .. 2", "R001 1:3"},
    {"matches_no_text", "a matches b", "R004 1:11"},
    {"matches_bad_escape", "a matches \"\\d\"", "R028 1:12"},
    {"is_unknown", "a is misssing", "R007 1:6"},
    {"is_not", "a is not missing", "R007 1:6"},
    {"coalesce_without_right", "(a ?\?)", "R006 1:6"},
    {"as_nothing", "(a as)", "R002 1:6"},
    {"as_number", "a as 5", "R002 1:6"},
    {"as_reserved", "a as then", "R003 1:6"},
    {"at_nothing", "(a at)", "R006 1:6"},
    {"at_minus", "a at -1", "R032 1:6"},
    {"at_not", "a at not b", "R032 1:6"},
    {"call_last_comma", "f(a, )", "R035 1:4"},
    {"call_comma_first", "f(, a)", "R006 1:3"},
    {"call_without_comma", "f(a b)", "R001 1:5"},
    {"call_of_a_number", "5(a)", "R001 1:2"},
    {"each_of_behind_two", "f(a, c for c in d)", "R001 1:8"},
    {"each_of_without_name", "f(c for in d)", "R003 1:9; R001 1:12"},
    {"each_of_without_in", "f(c for c of d)", "R001 1:11"},
    {"each_of_without_list", "f(c for c in )", "R002 1:14"},
    {"each_of_if_nothing", "f(c for c in d if)", "R006 1:18"},
    {"lookup_nothing", "(D.)", "R002 1:4"},
    {"lookup_reserved", "D.in", "R003 1:3"},
    {"lookup_brackets_empty", "D[].x", "R006 1:3"},
    {"lookup_last_comma", "D[a,].x", "R035 1:4"},
    {"lookup_unclosed", "D[a = 1.x", "R001 1:8"},
    {"lookup_pick_empty", "D.()", "R006 1:4"},
    {"lookup_twice", "D.x.y", "R001 1:4"},
    {"lookup_brackets_twice", "D[a][b]", "R001 1:5"},
    {"lookup_of_this", "this.x.y", "R001 1:7"},
    {"keyword_as_value", "a + then", "R006 1:5"},
    {"mark_as_value", "a = :", "R006 1:5"},
    {"equals_twice", "a == b", "R023 1:3"},
    {"two_mistakes_of_spelling", "a && !b", "R023 1:3; R023 1:6"},
    {"unknown_character", "a $ b", "R022 1:3"},
    {"no_escapes_in_a_hole", "x = \\\"a\\\"", "R022 1:5"},
    {"unclosed_text", "x = 'a", "R027 1:5"},
    {"vietnamese_name", "đầu_kỳ + 1", "R024 1:1"},
};

struct reading {
    struct arena *a;
    struct sources *sources;
    struct diags *diags;
    struct node *node;
};

static struct reading read_hole(struct str source)
{
    struct arena *a = arena_open(&mem_libc_hook);
    struct reading r = {.a = a, .sources = sources_new(a), .diags = diags_new(a)};
    uint32_t src = sources_add(r.sources, STR("t"), source);
    struct span at = {src, 0, (uint32_t)source.n};
    r.node = parse_hole(a, r.sources, at, r.diags);
    return r;
}

static const char *diags_of(struct reading *r)
{
    struct text out = text_in(r->a);
    print_diags(&out, r->diags, r->sources);
    return str_copy(r->a, text_str(&out)).p;
}

static void is_accepted(void **state)
{
    const struct expr_case *t = *state;
    struct reading r = read_hole(str_of(t->source));
    struct text out = text_in(r.a);
    print_node(&out, r.node);
    assert_string_equal(diags_of(&r), "");
    assert_string_equal(str_copy(r.a, text_str(&out)).p, t->want);
    assert_true(node_is_sound(r.node));
    arena_close(r.a);
}

static void is_rejected(void **state)
{
    const struct expr_case *t = *state;
    struct reading r = read_hole(str_of(t->source));
    assert_string_equal(diags_of(&r), t->want);
    arena_close(r.a);
}

/* Limits */

static struct str repeat(struct arena *a, const char *before, const char *middle,
                         const char *after, size_t n)
{
    struct text out = text_in(a);
    for (size_t i = 0; i < n; i++) {
        text_add_z(&out, before);
    }
    text_add_z(&out, middle);
    for (size_t i = 0; i < n; i++) {
        text_add_z(&out, after);
    }
    return text_str(&out);
}

static const struct limit_case {
    const char *name, *before, *middle, *after;
    size_t n;
    const char *diags;
} limits[] = {
    {"parentheses_64", "(", "a", ")", 64, ""},
    {"parentheses_65", "(", "a", ")", 65, "R016 1:66"},
    {"parentheses_10000", "(", "a", ")", 10000, "R016 1:66"},
    {"parentheses_10000_open", "(", "a", "", 10000, "R016 1:66"},
    {"calls_64", "f(", "a", ")", 64, ""},
    {"calls_10000", "f(", "a", ")", 10000, "R016 1:131"},
    {"lookups_10000", "D[", "a", "].x", 10000, "R016 1:131"},
    {"picks_10000", "D.(", "a", ")", 10000, "R016 1:196"},
    {"sets_10000", "a in {", "a", "}", 10000, "R016 1:391"},
    {"not_64", "not ", "a", "", 64, ""},
    {"not_10000", "not ", "a", "", 10000, "R016 1:261"},
    {"minus_10000", "- ", "a", "", 10000, "R016 1:131"},
    {"implies_10000", "a implies ", "a", "", 10000, "R016 1:651"},
    {"coalesce_10000", "a ?? ", "a", "", 10000, "R016 1:326"},
    {"if_in_if_10000", "if a then ", "a", " else b", 10000, "R016 1:644"},
    {"if_as_condition_10000", "if ", "a", " then b else c", 10000, "R016 1:196"},
    {"else_if_500_do_not_nest", "if a then b else ", "c", "", 500, ""},
    {"else_if_10000", "if a then b else ", "c", "", 10000, "R018 1:153001"},
    {"sum_of_900", "a + ", "a", "", 900, ""},
    {"sum_of_10000", "a + ", "a", "", 10000, "R018 1:3999"},
    {"and_of_10000", "a and ", "a", "", 10000, "R018 1:5997"},
    {"chain_of_10000_is_flat", "a < ", "a", "", 10000, ""},
    {"as_of_10000", "", "a", " as u", 10000, "R018 1:5001"},
    {"arguments_10000", "f(a", "", "", 1, "R038 1:4"},
};

static void limit_holds(void **state)
{
    const struct limit_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct reading r = read_hole(repeat(a, t->before, t->middle, t->after, t->n));
    assert_string_equal(diags_of(&r), t->diags);
    assert_true(r.node->height <= PARSE_MAX_HEIGHT);
    arena_close(r.a);
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)(uintptr_t)state};
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(accepted) + COUNT_OF(rejected) + COUNT_OF(limits)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        tests[n++] = row(accepted[i].name, is_accepted, &accepted[i]);
    }
    for (size_t i = 0; i < COUNT_OF(rejected); i++) {
        tests[n++] = row(rejected[i].name, is_rejected, &rejected[i]);
    }
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        tests[n++] = row(limits[i].name, limit_holds, &limits[i]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

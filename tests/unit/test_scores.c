/* Targets, scores and indicators in both formats: each row gives records and the exact
 * text they become. */
#include "report/columns.h"
#include "report/report.h"
#include "report/scores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define S(literal) {(literal), sizeof(literal) - 1}
#define BOTH(vi, en) {{S(vi), S(en)}}
#define SAME(t) BOTH(t, t)
#define KEY(...) .key = (const struct report_pair[]){__VA_ARGS__}, \
    .n_key = COUNT_OF(((const struct report_pair[]){__VA_ARGS__}))
#define LABEL(...) .key_label = (const struct report_pair[]){__VA_ARGS__}
#define TARGETS(...) .targets = (const struct report_target[]){__VA_ARGS__}, \
    .n_targets = COUNT_OF(((const struct report_target[]){__VA_ARGS__}))
#define SCORES(...) .scores = (const struct report_score[]){__VA_ARGS__}, \
    .n_scores = COUNT_OF(((const struct report_score[]){__VA_ARGS__}))
#define INDICATORS(...) .indicators = (const struct report_indicator[]){__VA_ARGS__}, \
    .n_indicators = COUNT_OF(((const struct report_indicator[]){__VA_ARGS__}))
#define UNIT(code) KEY({S("unit_code"), S(code)}, {S("period"), S("2022-H1")}), .period = 1
#define CELL(code) KEY({S("unit_code"), S(code)}, {S("period"), S("2022-H1")}), .n_unit = 1
#define T_NEW .target = S("t_new"), .title = BOTH("HTX mới", "New")
#define BOARD .scoreboard = S("b"), .title = BOTH("Thi đua", "Race"), .shown_max = SAME("100")
#define FULL "████████████████████"

static const struct goal_case {
    const char *name, *format;
    enum diag_lang lang;
    bool is_whole, is_quiet, is_verbose; /* is_whole: not for scores alone */
    uint32_t width;
    const struct report_indicator *indicators;
    const struct report_target *targets;
    const struct report_score *scores;
    size_t n_indicators, n_targets, n_scores;
    struct report_end end;
    const char *want;
} cases[] = {
{"jsonl_target_has_every_key_in_order", "jsonl", TARGETS({T_NEW, UNIT("91"), .actual = S("8"), .plan = S("20"),
    .due = S("10"), .ratio = S("0.4"), .status = S("missed"), .pace = S("behind"), .points = S("8"),
    .points_low = S("8"), .points_high = S("8"), .max_points = S("20")}), .want =
    "{\"record\":\"target\",\"target\":\"t_new\",\"key\":{\"unit_code\":\"91\",\"period\":\"2022-H1\"},"
    "\"actual\":\"8\",\"plan\":\"20\",\"due\":\"10\",\"ratio\":\"0.4\",\"status\":\"missed\",\"pace\":\"behind\","
    "\"points\":\"8\",\"points_low\":\"8\",\"points_high\":\"8\",\"max_points\":\"20\"}\n"},
{"jsonl_target_without_data_has_nulls", "jsonl", TARGETS({T_NEW, UNIT("91"), .status = S("no_data")}), .want =
    "{\"record\":\"target\",\"target\":\"t_new\",\"key\":{\"unit_code\":\"91\",\"period\":\"2022-H1\"},"
    "\"actual\":null,\"plan\":null,\"due\":null,\"ratio\":null,\"status\":\"no_data\",\"pace\":null,"
    "\"points\":null,\"points_low\":null,\"points_high\":null,\"max_points\":null}\n"},
{"jsonl_score_ranks_are_numbers_points_are_texts", "jsonl", SCORES({BOARD, CELL("91"), .points = S("72.5"),
    .points_low = S("72.5"), .points_high = S("72.5"), .max_points = S("100"), .bonus = S("2"), .penalty = S("0"),
    .rank = 2, .rank_low = 2, .rank_high = 2, .grade = S("Khá"), .claimed = S("73")}), .want =
    "{\"record\":\"score\",\"scoreboard\":\"b\",\"key\":{\"unit_code\":\"91\",\"period\":\"2022-H1\"},"
    "\"points\":\"72.5\",\"points_low\":\"72.5\",\"points_high\":\"72.5\",\"max_points\":\"100\","
    "\"bonus\":\"2\",\"penalty\":\"0\",\"rank\":2,\"rank_low\":2,\"rank_high\":2,\"grade\":\"Khá\","
    "\"claimed\":\"73\"}\n"},
{"jsonl_open_score_has_a_range_and_no_rank", "jsonl", SCORES({BOARD, CELL("91"), .points_low = S("0"),
    .rank_low = 1, .rank_high = 4}), .want =
    "{\"record\":\"score\",\"scoreboard\":\"b\",\"key\":{\"unit_code\":\"91\",\"period\":\"2022-H1\"},"
    "\"points\":null,\"points_low\":\"0\",\"points_high\":null,\"max_points\":null,\"bonus\":null,"
    "\"penalty\":null,\"rank\":null,\"rank_low\":1,\"rank_high\":4,\"grade\":null,\"claimed\":null}\n"},
{"jsonl_indicator", "jsonl", .is_whole = true, INDICATORS({.indicator = S("i"), KEY({S("id"), S("a")}),
    .value = S("16/15"), .unit = S("nguoi/htx")}), .want =
    "{\"record\":\"indicator\",\"indicator\":\"i\",\"key\":{\"id\":\"a\"},\"value\":\"16/15\","
    "\"unit\":\"nguoi/htx\"}\n"},
{"jsonl_of_scores_alone_has_no_indicators", "jsonl", INDICATORS({.indicator = S("i"), .value = S("1")}), .want = ""},
{"board_is_sorted_by_rank_then_key", "text", SCORES(
    {BOARD, CELL("93"), .shown_points = SAME("50"), .rank = 2, .rank_low = 2, .rank_high = 2,
        .share_low = 500, .share_high = 500},
    {BOARD, CELL("92"), .shown_points = SAME("50"), .rank = 2, .rank_low = 2, .rank_high = 2,
        .share_low = 500, .share_high = 500},
    {BOARD, CELL("91"), LABEL({S("unit_code"), S("Kiên Giang")}, {S("period"), {NULL, 0}}),
        .shown_points = BOTH("92,5", "92.5"), .rank = 1, .rank_low = 1, .rank_high = 1, .grade = S("Xuất sắc"),
        .share_low = 1000, .share_high = 1000}), .want =
    "Bảng điểm b: Thi đua · 2022-H1\n"
    "hạng  đơn vị               điểm                        xếp loại\n"
    "   1  91 Kiên Giang  92,5 / 100  " FULL "  Xuất sắc\n"
    "   2  92               50 / 100  ██████████··········\n"
    "   2  93               50 / 100  ██████████··········\n"
    "\n"
    "ĐÃ CHẤM ĐIỂM\n"},
{"board_with_open_points_shades_what_is_possible", "text", .lang = LANG_EN, SCORES(
    {BOARD, CELL("91"), .shown_points = BOTH("70–85", "70–85"), .rank_low = 1, .rank_high = 3,
        .share_low = 500, .share_high = 750, .gaps = (const struct report_text[]){BOTH("Hội phí", "Fees"),
        BOTH("Thành viên", "Members")}, .n_gaps = 2},
    {BOARD, CELL("92"), .shown_points = BOTH("?–?", "?–?"), .rank_low = 1, .rank_high = 0, .share_high = 1000,
        .shown_bonus = SAME("?"), .shown_penalty = SAME("2"), .shown_claimed = SAME("80")},
    {BOARD, CELL("93")}), .want =
    "Scoreboard b: Race · 2022-H1\n"
    "rank  unit       points                        bonus  penalty  claimed\n"
    "  1–  92      ?–? / 100  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      ?        2       80\n"
    " 1–3  91    70–85 / 100  ██████████▒▒▒▒▒·····\n"
    "      missing data: Fees, Members\n"
    "   –  93              –\n"
    "\n"
    "SCORED · 1 score not settled\n"},
{"targets_stand_apart_by_period_and_are_sorted_by_unit", "text", .lang = LANG_EN, TARGETS(
    {T_NEW, KEY({S("unit"), S("b")}, {S("period"), S("2022-H2")}), .period = 1, .status = S("met"),
        .unit = SAME("HTX"), .shown_actual = SAME("20"), .shown_plan = SAME("20"), .shown_completion = SAME("100%"),
        .shown_points = SAME("20 / 20")},
    {T_NEW, KEY({S("unit"), S("b")}, {S("period"), S("2022-H1")}), .period = 1, .status = S("near"),
        .pace = S("on_track"), .unit = SAME("HTX"), .shown_actual = SAME("18"), .shown_plan = SAME("20"),
        .shown_due = SAME("10"), .shown_completion = SAME("90%"), .shown_points = SAME("18 / 20")},
    {T_NEW, KEY({S("unit"), S("a")}, {S("period"), S("2022-H1")}), .period = 1, .status = S("no_data"),
        .unit = SAME("HTX"), .shown_plan = SAME("20"), .shown_points = SAME("0–20 / 20"),
        .note = BOTH("thiếu số thực hiện", "the actual is missing")}), .want =
    "Target t_new: New · 2022-H1 · in HTX\n"
    "unit  actual  plan  due  completion  result              points\n"
    "a               20                   no data          0–20 / 20\n"
    "  the actual is missing\n"
    "b         18    20   10         90%  near · on track    18 / 20\n"
    "  = near 1 · no data 1\n"
    "\n"
    "Target t_new: New · 2022-H2 · in HTX\n"
    "unit  actual  plan  completion  result   points\n"
    "b         20    20        100%  met     20 / 20\n"
    "\n"
    "SCORED · 1 result without data\n"},
{"targets_that_hold_for_nobody_share_a_list", "text", TARGETS(
    {T_NEW, UNIT("91"), .status = S("no_data"), .for_all = BOTH("khó thống kê", "cannot be measured")},
    {T_NEW, UNIT("92"), .status = S("no_data"), .for_all = BOTH("khó thống kê", "cannot be measured")},
    {.target = S("t_b"), UNIT("91"), .status = S("not_applicable"), .for_all = BOTH("không có tệp", "no file")},
    {.target = S("t_c"), UNIT("91"), .status = S("no_data"),
        .for_all = BOTH("khó thống kê", "cannot be measured")}), .want =
    "Chỉ tiêu không có kết quả:\n"
    "  khó thống kê:\n"
    "    t_new (HTX mới), t_c\n"
    "  không có tệp:\n"
    "    t_b\n"
    "\n"
    "ĐÃ CHẤM ĐIỂM\n"},
{"a_board_without_scores_is_one_line", "text", .lang = LANG_EN, SCORES({BOARD, CELL("91")}, {BOARD, CELL("92")}),
    .want =
    "Scoreboard b: Race · 2022-H1\n"
    "  = no unit is scored\n"
    "\n"
    "SCORED\n"},
{"indicators_show_their_values", "text", .is_whole = true, .lang = LANG_EN, INDICATORS(
    {.indicator = S("per"), .title = BOTH("Bình quân", "Mean"), KEY({S("id"), S("b")}), .shown_value = SAME("1.5")},
    {.indicator = S("other"), KEY({S("id"), S("a")})}), .want =
    "Indicator per: Mean\n"
    "unit  value\n"
    "b       1.5\n"
    "\n"
    "Indicator other\n"
    "  = no row has a value\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"indicators_show_unit_and_values", "text", .is_whole = true, .is_verbose = true, .lang = LANG_EN, INDICATORS(
    {.indicator = S("per"), KEY({S("id"), S("b")}), .shown_unit = SAME("người/HTX"), .shown_value = SAME("1.5")},
    {.indicator = S("per"), KEY({S("id"), S("a")})}), .want =
    "Indicator per · in người/HTX\n"
    "unit  value\n"
    "a         –\n"
    "b       1.5\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"long_names_are_cut_to_the_sheet", "text", .width = 60, SCORES({BOARD,
    KEY({S("unit_code"), S("Liên minh Hợp tác xã tỉnh Kiên Giang mở rộng")}), .n_unit = 1, .shown_points = SAME("50"),
    .rank = 1, .rank_low = 1, .rank_high = 1, .share_low = 500, .share_high = 500}), .want =
    "Bảng điểm b: Thi đua\n"
    "hạng  đơn vị                      điểm\n"
    "   1  Liên minh H…ng mở rộng  50 / 100  ██████████··········\n"
    "\n"
    "ĐÃ CHẤM ĐIỂM\n"},
{"names_that_would_look_alike_are_given_in_full", "text", .width = 60, SCORES({BOARD,
    KEY({S("unit_code"), S("Liên minh Hợp tác xã tỉnh Kiên Giang mở rộng")}), .n_unit = 1, .shown_points = SAME("50"),
    .rank = 1, .rank_low = 1, .rank_high = 1, .share_low = 500, .share_high = 500}, {BOARD,
    KEY({S("unit_code"), S("Liên minh Hợp tác xã tỉnh Hậu Giang mở rộng")}), .n_unit = 1, .shown_points = SAME("50"),
    .rank = 1, .rank_low = 1, .rank_high = 1, .share_low = 500, .share_high = 500}), .want =
    "Bảng điểm b: Thi đua\n"
    "hạng  đơn vị                      điểm\n"
    "   1  Liên minh H…ng mở rộng  50 / 100  ██████████··········\n"
    "      Liên minh Hợp tác xã tỉnh Hậu Giang mở rộng\n"
    "   1  Liên minh H…ng mở rộng  50 / 100  ██████████··········\n"
    "      Liên minh Hợp tác xã tỉnh Kiên Giang mở rộng\n"
    "\n"
    "ĐÃ CHẤM ĐIỂM\n"},
{"nothing_in_a_name_steers_the_terminal", "text", .lang = LANG_EN, SCORES({BOARD,
    KEY({S("unit_code"), S("\x1b[31m\n\u202e")}), .n_unit = 1, .shown_points = SAME("1")}), .want =
    "Scoreboard b: Race\n"
    "rank  unit                   points\n"
    "   –  \\u{1B}[31m\\n\\u{202E}  1 / 100  ····················\n"
    "\n"
    "SCORED\n"},
{"quiet_says_the_verdict_alone", "text", .is_quiet = true, TARGETS({T_NEW, UNIT("91"), .status = S("no_data")}),
    SCORES({BOARD, CELL("91"), .gaps = (const struct report_text[]){BOTH("x", "x")}, .n_gaps = 1}), .want =
    "ĐÃ CHẤM ĐIỂM · 1 đơn vị chưa chốt điểm · 1 kết quả chưa có số liệu\n"},
{"errors_that_are_no_claims_are_said", "text", .end = {.outcome = REPORT_INCOMPLETE, .error = 2}, .want =
    "CHƯA CHẤM XONG · 2 lỗi trong tệp số liệu\n"},
};
/* clang-format on */

static bool collect(void *context, const char *p, size_t n)
{
    text_add(context, (struct str){p, n});
    return true;
}

static void whole_report(void **state)
{
    const struct goal_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text out = text_in(a);
    struct report_style style = {.lang = c->lang,
                                 .width = c->width,
                                 .is_quiet = c->is_quiet,
                                 .is_verbose = c->is_verbose,
                                 .has_scores_only = !c->is_whole};
    struct report *r = report_open(a, report_format_by_name(str_of(c->format)), &style,
                                   (struct report_sink){collect, &out});
    report_begin(r, &(struct report_run){0});
    size_t start = out.n;
    for (size_t i = 0; i < c->n_indicators; i++) {
        report_indicator(r, &c->indicators[i]);
    }
    for (size_t i = 0; i < c->n_targets; i++) {
        report_target(r, &c->targets[i]);
    }
    for (size_t i = 0; i < c->n_scores; i++) {
        report_score(r, &c->scores[i]);
    }
    size_t end = out.n;
    bool is_text = strcmp(c->format, "text") == 0;
    report_end(r, &c->end);
    struct str got = str_cut(text_str(&out), start, is_text ? out.n : end);
    assert_string_equal(str_copy(a, got).p, c->want);
    arena_close(a);
}

/* Whether a format says anything of a rule where scores alone were asked for. */
static bool tells_rule(struct arena *a, const char *format)
{
    struct text out = text_in(a);
    struct report_style style = {.has_scores_only = true};
    struct report *r = report_open(a, report_format_by_name(str_of(format)), &style,
                                   (struct report_sink){collect, &out});
    report_begin(r, &(struct report_run){0});
    size_t before = out.n;
    report_rule(r, &(struct report_rule){.check = STR("c")});
    report_end(r, &(struct report_end){0});
    return str_find(str_cut(text_str(&out), before, out.n), STR("\"check\":\"c\"")) !=
               SIZE_MAX ||
           str_find(text_str(&out), STR("quy tắc")) != SIZE_MAX;
}

/* Counts are for machines; people asked for points. */
static void rules_are_records_and_no_table_with_scores_alone(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    assert_true(tells_rule(a, "jsonl"));
    assert_false(tells_rule(a, "text"));
    arena_close(a);
}

/* A table of many rows is cut, and says so; -v shows more of it. */
static void many_rows_are_counted(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    for (int is_verbose = 0; is_verbose < 2; is_verbose++) {
        struct text out = text_in(a);
        struct report_style style = {
            .lang = LANG_EN, .has_scores_only = true, .is_verbose = is_verbose};
        struct report *r = report_open(a, report_format_by_name(STR("text")), &style,
                                       (struct report_sink){collect, &out});
        report_begin(r, &(struct report_run){0});
        for (unsigned i = 0; i < 2500; i++) {
            struct text id = text_in(a);
            text_uint(&id, 10000 + i);
            const struct report_pair key = {STR("id"), text_str(&id)};
            report_target(r, &(struct report_target){.target = STR("t"),
                                                     .key = &key,
                                                     .n_key = 1,
                                                     .period = 1,
                                                     .status = STR("met")});
        }
        report_end(r, &(struct report_end){0});
        const char *said = is_verbose
                               ? "  … 500 more rows; all of them: --format jsonl\n"
                               : "  … 2,440 more rows; all of them: --format jsonl\n";
        assert_true(str_find(text_str(&out), str_of(said)) != SIZE_MAX);
        assert_true(str_find(text_str(&out), STR("  = met 2,500\n")) != SIZE_MAX);
    }
    arena_close(a);
}

static void bars_have_one_length(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    for (uint32_t low = 0; low <= 1000; low += 10) {
        for (uint32_t high = low; high <= 1000; high += 10) {
            assert_int_equal(sheet_width_of(scores_bar(a, low, high)), 20);
        }
        arena_reset(a);
    }
    assert_true(str_eq(scores_bar(a, 0, 0), STR("····················")));
    assert_true(str_eq(scores_bar(a, 1000, 1000), STR(FULL)));
    arena_close(a);
}

static void words_of_statuses(void **state)
{
    (void)state;
    assert_string_equal(scores_word(STR("near"), LANG_VI), "gần đạt");
    assert_string_equal(scores_word(STR("behind"), LANG_EN), "behind");
    assert_null(scores_word(STR("nearly"), LANG_VI));
    assert_null(scores_word(STR(""), LANG_EN));
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest single[] = {
        cmocka_unit_test(rules_are_records_and_no_table_with_scores_alone),
        cmocka_unit_test(many_rows_are_counted),
        cmocka_unit_test(bars_have_one_length),
        cmocka_unit_test(words_of_statuses),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(single)] = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = row(cases[i].name, whole_report, &cases[i]);
    }
    memcpy(tests + COUNT_OF(cases), single, sizeof single);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

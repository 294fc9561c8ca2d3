/* Figures for people, and workings that can be done again by hand. The last number of
 * every working is compared with what the engine makes of the same values. */
#include "eval/points.h"
#include "run/workings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct num number(const char *text)
{
    struct str s = str_of(text);
    size_t slash = str_find(s, STR("/"));
    struct num n = {0}, d = num_int(1);
    assert_true(num_parse(str_cut(s, 0, slash < s.n ? slash : s.n), &n));
    if (slash < s.n) {
        assert_true(num_parse(str_cut(s, slash + 1, s.n), &d));
    }
    assert_int_equal(num_div(n, d, &n), DEC_OK);
    return n;
}

/* ---- figures ---- */

static const struct figure_case {
    const char *name, *value, *vi, *en, *percent;
} figure_cases[] = {
    {"figure_whole", "8", "8", "8", "800 %"},
    {"figure_grouped", "12345.5", "12.345,5", "12,345.5", "1.234.550 %"},
    {"figure_four_places_are_exact", "0.1234", "0,1234", "0.1234", "12,34 %"},
    {"figure_five_places_are_rounded", "0.12345", "≈0,12", "≈0.12", "12,345 %"},
    {"figure_ratio", "40/3", "≈13,33", "≈13.33", "≈1.333,33 %"},
    {"figure_small_ratio_is_not_zero", "1/3000", "≈0,0003", "≈0.0003", "≈0,03 %"},
    {"figure_zero", "0", "0", "0", "0 %"},
    {"figure_negative", "-2.5", "−2,5", "−2.5", "−250 %"},
    {"percent_full", "1", "1", "1", "100 %"},
    {"percent_nearly_full_is_not_full", "2999999/3000000", "≈1", "≈1", "≈99,99997 %"},
    {"percent_over_full", "3000001/3000000", "≈1", "≈1", "≈100,00003 %"},
};

static void figure_row(void **state)
{
    const struct figure_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct num v = number(c->value);
    assert_string_equal(str_copy(a, figure(a, v, LANG_VI)).p, c->vi);
    assert_string_equal(str_copy(a, figure(a, v, LANG_EN)).p, c->en);
    assert_string_equal(str_copy(a, percent(a, v, LANG_VI)).p, c->percent);
    arena_close(a);
}

static void ranges(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct num_range r = {num_int(0), num_int(20), false, false};
    assert_true(str_eq(figure_range(a, &r, LANG_VI), STR("0–20")));
    r.high_is_open = true;
    assert_true(str_eq(figure_range(a, &r, LANG_VI), STR("0–?")));
    r.low_is_open = true;
    assert_true(str_eq(figure_range(a, &r, LANG_VI), STR("?–?")));
    r = (struct num_range){num_int(7), num_int(7), false, false};
    assert_true(str_eq(figure_range(a, &r, LANG_VI), STR("7")));
    arena_close(a);
}

/* ---- workings ---- */

static const struct working_case {
    const char *name;
    enum aim aim;
    const char *actual, *plan, *completion, *maximum;
    enum schedule schedule;
    const char *cap, *per, *per_points, *bonus, *bonus_per, *bonus_over, *bonus_cap,
        *round;
    bool cap_is_percent, per_is_percent;
    const char *done, *points; /* the workings, in Vietnamese */
} working_cases[] = {
    {"share_of_the_maximum", .actual = "8", .plan = "20", .completion = "0.4",
     .maximum = "20", .cap = "1", .round = "0.1", .done = "8 / 20 = 40 %",
     .points = "40 % × 20 = 8; làm tròn đến 0,1: 8"},
    {"share_that_does_not_end", .actual = "5", .plan = "15", .completion = "1/3",
     .maximum = "20", .done = "5 / 15 ≈ 33,33 %", .points = "(5 / 15) × 20 ≈ 6,67"},
    {"share_that_does_not_end_but_points_do", .actual = "100", .plan = "120",
     .completion = "5/6", .maximum = "15", .done = "100 / 120 ≈ 83,33 %",
     .points = "(100 / 120) × 15 = 12,5"},
    {"share_beyond_its_cap", .actual = "30", .plan = "20", .completion = "1.5",
     .maximum = "20", .cap = "1.2", .done = "30 / 20 = 150 %",
     .points = "150 % vượt mức được tính: lấy 120 %; 120 % × 20 = 24"},
    {"plan_of_zero_counts_as_reached", .actual = "3", .plan = "0", .completion = "1",
     .maximum = "20", .done = "3 > 0: tính 100 %", .points = "100 % × 20 = 20"},
    {"at_most_reached", AIM_AT_MOST, "80", "100", "1", "15",
     .done = "80 < 100: tính 100 %", .points = "100 % × 15 = 15"},
    {"at_most_missed_mirrors", AIM_AT_MOST, "125", "100", "0.8", "15",
     .done = "100 / 125 = 80 %", .points = "80 % × 15 = 12"},
    {"exactly", AIM_EXACTLY, "4", "5", "0", "10", SCHEDULE_ALL_OR_NOTHING,
     .done = "4 < 5: tính 0 %", .points = "chưa đạt: 0"},
    {"between_inside", AIM_BETWEEN, "3", "2", "1", "10", SCHEDULE_ALL_OR_NOTHING,
     .done = "2 ≤ 3 ≤ 4: tính 100 %", .points = "đạt: trọn 10"},
    {"between_above", AIM_BETWEEN, "5", "2", "0", "10", SCHEDULE_ALL_OR_NOTHING,
     .done = "5 > 4: tính 0 %", .points = "chưa đạt: 0"},
    {"between_below", AIM_BETWEEN, "1", "2", "0", "10", SCHEDULE_ALL_OR_NOTHING,
     .done = "1 < 2: tính 0 %", .points = "chưa đạt: 0"},
    {"yes", AIM_YES, "1", NULL, "1", "5", SCHEDULE_ALL_OR_NOTHING,
     .done = "có: tính 100 %", .points = "đạt: trọn 5"},
    {"full_steps_of_the_actual", .actual = "7", .plan = "5", .completion = "1.4",
     .maximum = "10", .schedule = SCHEDULE_PER, .per = "2", .per_points = "1.5",
     .done = "7 / 5 = 140 %", .points = "7 / 2: 3 bước trọn × 1,5 = 4,5"},
    {"full_steps_up_to_a_cap", .actual = "26", .plan = "5", .completion = "5.2",
     .maximum = "10", .schedule = SCHEDULE_PER, .per = "2", .per_points = "1.5",
     .cap = "6", .done = "26 / 5 = 520 %",
     .points = "26 / 2: 13 bước trọn × 1,5 = 19,5, nhiều nhất 6"},
    {"full_steps_up_to_a_share", .actual = "26", .plan = "5", .completion = "5.2",
     .maximum = "10", .schedule = SCHEDULE_PER, .per = "2", .per_points = "1.5",
     .cap = "0.5", .cap_is_percent = true, .done = "26 / 5 = 520 %",
     .points = "26 / 2: 13 bước trọn × 1,5 = 19,5, nhiều nhất 5"},
    {"full_steps_of_completion", .actual = "9", .plan = "20", .completion = "0.45",
     .maximum = "10", .schedule = SCHEDULE_PER, .per = "0.1", .per_points = "1",
     .per_is_percent = true, .done = "9 / 20 = 45 %",
     .points = "45 % / 10 %: 4 bước trọn × 1 = 4"},
    {"bands", .actual = "19", .plan = "20", .completion = "0.95", .maximum = "20",
     .schedule = SCHEDULE_BANDS, .done = "19 / 20 = 95 %",
     .points = "95 %: bậc từ 90 % được 15"},
    {"below_every_band", .actual = "2", .plan = "20", .completion = "0.1",
     .maximum = "20", .schedule = SCHEDULE_BANDS, .done = "2 / 20 = 10 %",
     .points = "10 %: dưới mọi bậc, 0"},
    {"bonus_counts_full_steps", .actual = "25", .plan = "20", .completion = "1.25",
     .maximum = "20", .cap = "1", .bonus = "1", .bonus_per = "0.1", .bonus_over = "1",
     .bonus_cap = "5", .done = "25 / 20 = 125 %",
     .points =
         "125 % vượt mức được tính: lấy 100 %; 100 % × 20 = 20; "
         "thưởng 125 % − 100 % = 25 %; 25 % / 10 %: 2 bước trọn × 1 = 2; 20 + 2 = 22"},
    {"bonus_up_to_its_cap", .actual = "40", .plan = "20", .completion = "2",
     .maximum = "20", .cap = "1", .bonus = "1", .bonus_per = "0.1", .bonus_over = "1",
     .bonus_cap = "5", .done = "40 / 20 = 200 %",
     .points =
         "200 % vượt mức được tính: lấy 100 %; 100 % × 20 = 20; thưởng 200 % − 100 % = "
         "100 %; 100 % / 10 %: 10 bước trọn × 1 = 10, nhiều nhất 5; 20 + 5 = 25"},
    {"rounding_is_half_away_from_zero", .actual = "1", .plan = "8", .completion = "0.125",
     .maximum = "1", .round = "0.25", .done = "1 / 8 = 12,5 %",
     .points = "12,5 % × 1 = 0,125; làm tròn đến 0,25: 0,25"},
};

static struct num optional(const char *text, bool *is_there)
{
    *is_there = text != NULL;
    return text ? number(text) : num_int(0);
}

static void fill(const struct working_case *c, struct target *t, struct target_result *r,
                 const struct expr *plan)
{
    static struct band bands[2];
    bands[0] = (struct band){number("1"), number("20")};
    bands[1] = (struct band){number("0.9"), number("15")};
    bool ignored;
    struct points *p = &t->points;
    t->aim = c->aim;
    t->plan = plan;
    t->has_points = true;
    p->schedule = c->schedule;
    p->cap = optional(c->cap, &p->has_cap);
    p->cap_is_percent = c->cap_is_percent;
    p->per_is_percent = c->per_is_percent;
    p->per = optional(c->per, &ignored);
    p->per_points = optional(c->per_points, &ignored);
    p->bonus = optional(c->bonus, &p->has_bonus);
    p->bonus_per = optional(c->bonus_per, &ignored);
    p->bonus_over = optional(c->bonus_over, &ignored);
    p->bonus_cap = optional(c->bonus_cap, &p->has_bonus_cap);
    p->rounding = optional(c->round, &p->has_rounding);
    p->bands = bands;
    p->n_bands = COUNT_OF(bands);
    r->status = TARGET_MET;
    r->has_actual = r->has_maximum = true;
    r->actual = number(c->actual);
    r->plan = optional(c->plan, &r->has_plan);
    r->plan_high = number("4");
    r->completion = number(c->completion);
    r->maximum = number(c->maximum);
}

static void working_row(void **state)
{
    const struct working_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct ruleset rules = {.sources = sources_new(a)};
    struct expr plan = {.op = EXPR_NUM, .at = SPAN_NONE};
    struct target t = {.id = STR("t")};
    struct target_result r = {.row = 0};
    fill(c, &t, &r, &plan);
    t.has_points = true;
    r.has_points = points_reckon(&t, true, &r);
    assert_true(r.has_points);
    const struct worked of = {.rules = &rules, .target = &t, .result = &r};
    assert_string_equal(str_copy(a, working_completion(a, &of, LANG_VI)).p, c->done);
    struct str points = working_points(a, &of, LANG_VI);
    assert_string_equal(str_copy(a, points).p, c->points);
    assert_true(str_ends(points, figure(a, r.points, LANG_VI)) ||
                str_ends(points, result_text(a, figure(a, r.points, LANG_VI))));
    assert_true(schedule_sentence(a, &t.points, LANG_VI).n > 0);
    assert_true(schedule_sentence(a, &t.points, LANG_EN).n > 0);
    arena_close(a);
}

static void without_data_there_is_no_working(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct ruleset rules = {.sources = sources_new(a)};
    struct target t = {.id = STR("t")};
    struct target_result r = {.status = TARGET_NO_DATA};
    const struct worked of = {.rules = &rules, .target = &t, .result = &r};
    assert_null(working_completion(a, &of, LANG_EN).p);
    r.status = TARGET_NOT_APPLICABLE;
    assert_null(working_completion(a, &of, LANG_EN).p);
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest single[] = {
        cmocka_unit_test(ranges),
        cmocka_unit_test(without_data_there_is_no_working),
    };
    struct CMUnitTest
        tests[COUNT_OF(figure_cases) + COUNT_OF(working_cases) + COUNT_OF(single)] = {0};
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(figure_cases); i++) {
        tests[n++] = row(figure_cases[i].name, figure_row, &figure_cases[i]);
    }
    for (size_t i = 0; i < COUNT_OF(working_cases); i++) {
        tests[n++] = row(working_cases[i].name, working_row, &working_cases[i]);
    }
    memcpy(tests + n, single, sizeof single);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Days and periods: rows for texts, and walks over the whole calendar for the arithmetic.
 */
#include "value/bare.h"
#include "value/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static const char *z(struct str s)
{
    return str_copy(arena, s).p;
}

static const struct date_case {
    const char *name, *in, *want; /* want NULL: no date */
} date_cases[] = {
    {"iso", "2022-06-30", "2022-06-30"},
    {"padded_slashes", "05/07/2022", "2022-07-05"},
    {"bare_slashes", "4/7/2022", "2022-07-04"},
    {"mixed_padding", "25/3/2022", "2022-03-25"},
    {"dashes", "5-7-2022", "2022-07-05"},
    {"dots", "05.07.2022", "2022-07-05"},
    {"blanks_around", " 5/7/2022\xC2\xA0", "2022-07-05"},
    {"leap_day", "29/2/2024", "2024-02-29"},
    {"no_leap_day", "29/2/2022", NULL},
    {"no_leap_day_in_1900", "29/2/1900", NULL},
    {"leap_day_in_2000", "29/2/2000", "2000-02-29"},
    {"first_day", "01/01/0001", "0001-01-01"},
    {"last_day", "31/12/9999", "9999-12-31"},
    {"year_zero", "01/01/0000", NULL},
    {"day_31_of_june", "31/6/2022", NULL},
    {"day_zero", "0/6/2022", NULL},
    {"month_13", "1/13/2022", NULL},
    {"american_order", "06/30/2022", NULL},
    {"two_digit_year", "5/7/22", NULL},
    {"iso_without_padding", "2022-6-30", NULL},
    {"iso_with_slashes", "2022/06/30", NULL},
    {"mixed_marks", "5/7-2022", NULL},
    {"blank_inside", "5 /7/2022", NULL},
    {"time_behind", "5/7/2022 14:44", NULL},
    {"excel_serial", "44747", NULL},
    {"two_parts", "7/2022", NULL},
    {"four_parts", "5/7/2022/1", NULL},
    {"mark_last", "5/7/", NULL},
    {"letters", "a/b/cccc", NULL},
    {"long_digits", "5/7/20222", NULL},
    {"empty", "", NULL},
};

static void test_date(void **state)
{
    const struct date_case *c = *state;
    int32_t day = 77;
    assert_int_equal(date_parse(str_of(c->in), &day), c->want != NULL);
    if (c->want) {
        assert_string_equal(z(date_str(arena, day)), c->want);
    } else {
        assert_int_equal(day, 77);
    }
}

static const struct period_case {
    const char *name, *in, *want; /* want NULL: no period */
} period_cases[] = {
    {"year", "2022", "2022"},
    {"half", "2022-H1", "2022-H1"},
    {"half_lower_case", "2022-h2", "2022-H2"},
    {"half_without_mark", "2022H1", "2022-H1"},
    {"half_in_front", "H1-2022", "2022-H1"},
    {"half_and_blank", "H2 2022", "2022-H2"},
    {"half_slash", "h1/2022", "2022-H1"},
    {"half_three", "2022-H3", NULL},
    {"quarter", "2022-Q3", "2022-Q3"},
    {"quarter_without_mark", "2022q4", "2022-Q4"},
    {"quarter_in_front", "Q1/2022", "2022-Q1"},
    {"quarter_five", "2022-Q5", NULL},
    {"quarter_zero", "2022-Q0", NULL},
    {"month", "2022-06", "2022-06"},
    {"month_in_front", "06/2022", "2022-06"},
    {"month_without_zero", "6/2022", "2022-06"},
    {"month_dash", "6-2022", "2022-06"},
    {"month_thirteen", "13/2022", NULL},
    {"month_zero", "00/2022", NULL},
    {"year_and_one_digit_is_not_clear", "2022-6", NULL},
    {"nine_months", "2022-9M", "2022-9M"},
    {"nine_months_lower_case", "2022-9m", "2022-9M"},
    {"nine_months_in_front", "9M-2022", "2022-9M"},
    {"eight_months", "2022-8M", NULL},
    {"blanks_around", "  2022-H1\xC2\xA0", "2022-H1"},
    {"vi_year", "năm 2022", "2022"},
    {"vi_year_capital", "Năm 2022", "2022"},
    {"vi_year_upper_case", "NĂM 2022", "2022"},
    {"vi_whole_year", "cả năm 2022", "2022"},
    {"vi_twelve_months", "12 tháng năm 2022", "2022"},
    {"vi_first_half", "6 tháng đầu năm 2022", "2022-H1"},
    {"vi_first_half_padded", "06 tháng đầu năm 2022", "2022-H1"},
    {"vi_first_half_short", "6 tháng 2022", "2022-H1"},
    {"vi_first_half_slash", "6 tháng/2022", "2022-H1"},
    {"vi_first_half_in_words", "Sáu tháng đầu năm 2022", "2022-H1"},
    {"vi_first_half_blanks", "6  tháng đầu\xC2\xA0năm  2022", "2022-H1"},
    {"vi_first_half_decomposed",
     "6 tha\xCC\x81ng \xC4\x91\x61\xCC\x82\xCC\x80u na\xCC\x86m 2022", "2022-H1"},
    {"vi_first_half_without_marks", "6 thang dau nam 2022", "2022-H1"},
    {"vi_second_half", "6 tháng cuối năm 2022", "2022-H2"},
    {"vi_half_of_the_year", "nửa đầu năm 2022", "2022-H1"},
    {"vi_quarter_roman", "quý I/2022", "2022-Q1"},
    {"vi_quarter_roman_three", "quý III/2022", "2022-Q3"},
    {"vi_quarter_roman_four", "Quý IV năm 2022", "2022-Q4"},
    {"vi_quarter_dash", "Quý II-2022", "2022-Q2"},
    {"vi_quarter_digit", "quý 3 năm 2022", "2022-Q3"},
    {"vi_quarter_comma", "Quý 3, năm 2022", "2022-Q3"},
    {"vi_quarter_with_i", "quí 2/2022", "2022-Q2"},
    {"vi_quarter_in_words", "quý tư năm 2022", "2022-Q4"},
    {"vi_quarter_five", "quý V/2022", NULL},
    {"vi_quarter_without_year", "quý III", NULL},
    {"vi_month", "tháng 6/2022", "2022-06"},
    {"vi_month_and_year", "tháng 06 năm 2022", "2022-06"},
    {"vi_month_upper_case", "THÁNG 12 NĂM 2022", "2022-12"},
    {"vi_month_short", "T6/2022", "2022-06"},
    {"vi_month_thirteen", "tháng 13/2022", NULL},
    {"vi_nine_months", "9 tháng năm 2022", "2022-9M"},
    {"vi_nine_months_first", "9 tháng đầu năm 2022", "2022-9M"},
    {"vi_nine_months_padded", "09 tháng đầu năm 2022", "2022-9M"},
    {"vi_three_months_first", "3 tháng đầu năm 2022", "2022-Q1"},
    {"vi_three_months_is_not_clear", "3 tháng năm 2022", NULL},
    {"vi_months_without_year", "6 tháng đầu năm", NULL},
    {"vi_month_in_words_is_not_clear", "tháng năm năm 2022", NULL},
    {"roman_alone_is_not_clear", "I/2022", NULL},
    {"two_digit_year", "Q1/22", NULL},
    {"range_of_years", "2021-2025", NULL},
    {"day", "30/6/2022", NULL},
    {"day_in_words", "12 tháng 6 năm 2022", NULL},
    {"until_a_day", "đến 30/6/2022", NULL},
    {"words_behind", "quý I/2022 (ước)", NULL},
    {"year_zero", "0000", NULL},
    {"five_digits", "20222", NULL},
    {"three_digits", "202", NULL},
    {"empty", "", NULL},
    {"blank", "   ", NULL},
    {"other_script", "\xE5\xB9\xB4 2022", NULL},
    {"too_long", "2022                                                                 x",
     NULL},
};

static void test_period(void **state)
{
    const struct period_case *c = *state;
    int32_t p = 77;
    assert_int_equal(period_parse(str_of(c->in), &p), c->want != NULL);
    if (c->want) {
        assert_string_equal(z(period_str(arena, p)), c->want);
    }
}

/* Every day of the calendar, one after another. */
static void test_calendar(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day, before;
    int y, m, d;
    assert_true(date_of(1, 1, 1, &day));
    assert_int_equal(day, -719162);
    for (int year = 1; year <= 9999; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && leap);
            for (int k = 1; k <= length; k++) {
                if (!date_of(year, month, k, &before) || before != day) {
                    assert_int_equal(before, day);
                }
                date_parts(day++, &y, &m, &d);
                if (y != year || m != month || d != k) {
                    assert_int_equal(year * 10000 + month * 100 + k,
                                     y * 10000 + m * 100 + d);
                }
            }
            assert_false(date_of(year, month, length + 1, &before));
        }
    }
    assert_true(date_of(1970, 1, 1, &day));
    assert_int_equal(day, 0);
    assert_false(date_of(10000, 1, 1, &day));
    assert_false(date_of(0, 12, 31, &day));
    assert_false(date_of(2022, 0, 1, &day));
}

/* Days outside the years 1 .. 9999 still have parts; nothing overflows. */
static void test_far_days(void **state)
{
    (void)state;
    int y, m, d;
    date_parts(DAY_MIN, &y, &m, &d);
    assert_true(y < 0 && m >= 1 && m <= 12 && d >= 1 && d <= 31);
    date_parts(DAY_MAX, &y, &m, &d);
    assert_true(y > 9999 && m >= 1 && m <= 12 && d >= 1 && d <= 31);
}

static const struct {
    enum period_kind kind;
    int n, months;
} kinds[] = {
    {PERIOD_YEAR, 1, 12},  {PERIOD_HALF, 2, 6}, {PERIOD_QUARTER, 4, 3},
    {PERIOD_MONTH, 12, 1}, {PERIOD_9M, 1, 9},
};

/* Every period of every kind: its parts, its text read again, and that they follow one
 * another. */
static void test_walk(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        int32_t last = PERIOD_NONE;
        for (int year = 1; year <= 9999; year += year < 2100 && year > 1890 ? 1 : 97) {
            last = period_make(year - 1, kinds[k].kind, kinds[k].n);
            for (int n = 1; n <= kinds[k].n; n++) {
                int32_t p = period_make(year, kinds[k].kind, n), again = 0;
                assert_int_equal(period_kind(p), kinds[k].kind);
                assert_int_equal(period_year(p), year);
                assert_int_equal(period_number(p), n);
                assert_int_equal(period_months(p), kinds[k].months);
                assert_true(period_parse(period_str(arena, p), &again) && again == p);
                assert_int_equal(period_prior(p),
                                 kinds[k].kind == PERIOD_9M ? PERIOD_NONE : last);
                if (last != PERIOD_NONE && kinds[k].kind != PERIOD_9M) {
                    assert_int_equal(period_end(last) + 1, period_start(p));
                    assert_int_equal(period_cmp(last, p), -1);
                }
                last = p;
            }
            assert_int_equal(period_make(year, kinds[k].kind, kinds[k].n + 1),
                             PERIOD_NONE);
            assert_int_equal(period_make(year, kinds[k].kind, 0), PERIOD_NONE);
        }
        assert_int_equal(period_make(0, kinds[k].kind, 1), PERIOD_NONE);
        assert_int_equal(period_make(10000, kinds[k].kind, 1), PERIOD_NONE);
    }
}

/* Every period ends on the day period_ending finds it by, longest first; no other day has
 * one. */
static void test_ending(void **state)
{
    (void)state;
    int32_t out[5], day, last;
    int found = 0;
    assert_true(date_of(2022, 1, 1, &day) && date_of(2024, 12, 31, &last));
    for (; day <= last; day++) {
        size_t n = period_ending(day, out);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(period_end(out[i]), day);
            assert_true(i == 0 || period_months(out[i - 1]) > period_months(out[i]));
        }
        found += (int)n;
    }
    assert_int_equal(found, 3 * (1 + 2 + 4 + 12 + 1));
    assert_int_equal(period_ending(last, out), 4);
    assert_string_equal(z(period_str(arena, out[0])), "2024");
    assert_string_equal(z(period_str(arena, out[1])), "2024-H2");
    assert_string_equal(z(period_str(arena, out[2])), "2024-Q4");
    assert_string_equal(z(period_str(arena, out[3])), "2024-12");
    assert_int_equal(period_ending(DAY_MAX, out), 0);
    assert_int_equal(period_ending(DAY_MIN, out), 0);
}

static void test_order_and_shift(void **state)
{
    (void)state;
    int32_t year = period_make(2022, PERIOD_YEAR, 1),
            half = period_make(2022, PERIOD_HALF, 2);
    int32_t nine = period_make(2022, PERIOD_9M, 1),
            quarter = period_make(2022, PERIOD_QUARTER, 3);
    assert_int_equal(period_cmp(year, half), -1); /* same end, the year starts first */
    assert_int_equal(period_cmp(half, year), 1);
    assert_int_equal(period_cmp(nine, quarter), -1);
    assert_int_equal(period_cmp(quarter, year), -1);
    assert_int_equal(period_cmp(half, half), 0);
    assert_int_equal(period_shift_years(half, -1), period_make(2021, PERIOD_HALF, 2));
    assert_int_equal(period_shift_years(nine, 7977), period_make(9999, PERIOD_9M, 1));
    assert_int_equal(period_shift_years(nine, 7978), PERIOD_NONE);
    assert_int_equal(period_shift_years(nine, -2022), PERIOD_NONE);
    assert_int_equal(period_shift_years(nine, INT32_MIN), PERIOD_NONE);
    assert_int_equal(period_shift_years(nine, INT32_MAX), PERIOD_NONE);
}

static void test_show(void **state)
{
    (void)state;
    int32_t day;
    assert_true(date_of(2022, 6, 5, &day));
    assert_string_equal(z(date_show(arena, day, true)), "05/06/2022");
    assert_string_equal(z(date_show(arena, day, false)), "2022-06-05");
}

static const struct bare_case {
    const char *name, *in, *want;
} bare_cases[] = {
    {"bare_composed", "Quý Khoảng ĐẦU Trên Dưới HƠN", "quy khoang dau tren duoi hon"},
    {"bare_all_vowels",
     "àáảãạăằắẳẵặâầấẩẫậ èéẻẽẹêềếểễệ ìíỉĩị òóỏõọôồốổỗộơờớởỡợ ùúủũụưừứửữự ỳýỷỹỵ đ",
     "aaaaaaaaaaaaaaaaa eeeeeeeeeee iiiii ooooooooooooooooo uuuuuuuuuuu yyyyy d"},
    {"bare_all_capitals",
     "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ ÈÉẺẼẸÊỀẾỂỄỆ ÌÍỈĨỊ ÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ ÙÚỦŨỤƯỪỨỬỮỰ ỲÝỶỸỴ Đ",
     "aaaaaaaaaaaaaaaaa eeeeeeeeeee iiiii ooooooooooooooooo uuuuuuuuuuu yyyyy d"},
    {"bare_other_d", "\xC3\x90\xC6\x89", "dd"},
    {"bare_dashes", "–—−-", "----"},
    {"bare_soft_hyphen", "qu\xC2\xADy\xE2\x80\x8B", "quy"},
    {"bare_control", "a\x02", ""},
    {"bare_foreign", "\xD0\x90", ""},
    {"bare_broken", "\xFF", ""},
};

static void test_bare(void **state)
{
    const struct bare_case *c = *state;
    char out[128] = "";
    size_t n = bare_text(str_of(c->in), out, sizeof out);
    assert_int_equal(n, strlen(c->want));
    if (n > 0) {
        assert_string_equal(out, c->want);
    }
}

static int open_all(void **state)
{
    (void)state;
    arena = arena_open(&mem_libc_hook);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

#define ROWS(cases, function)                                                            \
    for (size_t i = 0; i < COUNT_OF(cases); i++) {                                       \
        tests[n++] = (struct CMUnitTest){(cases)[i].name, function, NULL, NULL,          \
                                         (void *)(uintptr_t) & (cases)[i]};              \
    }

int main(void)
{
    static struct CMUnitTest
        tests[COUNT_OF(date_cases) + COUNT_OF(period_cases) + COUNT_OF(bare_cases) + 6];
    size_t n = 0;

    ROWS(date_cases, test_date)
    ROWS(period_cases, test_period)
    ROWS(bare_cases, test_bare)
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_calendar);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_far_days);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_walk);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_ending);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_order_and_shift);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_show);
    return cmocka_run_group_tests(tests, open_all, close_all);
}

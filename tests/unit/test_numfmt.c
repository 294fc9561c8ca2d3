/* Number formats: the rows of tests/tables/numfmt.csv (a cell and what each format makes
 * of it), the fast path against the slow one, and the numbers a text holds. */
#include "base/utf8.h"
#include "value/numfmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static const char *z(struct str s)
{
    return str_copy(arena, s).p;
}

/* ---- the table
 * --------------------------------------------------------------------------------- */

enum { NAME, CELL, VI, EN, PLAIN, FLAGS, FIELDS };

struct row {
    const char *field[FIELDS];
};

static const char *const status_names[] = {
    [NUMFMT_OK] = "ok",
    [NUMFMT_EMPTY] = "empty",
    [NUMFMT_NO_DIGITS] = "no_digits",
    [NUMFMT_TRAILING] = "trailing",
    [NUMFMT_GROUPING] = "grouping",
    [NUMFMT_TOO_LONG] = "too_long",
    [NUMFMT_EXPONENT] = "exponent",
    [NUMFMT_EXCEL_ERROR] = "excel_error",
    [NUMFMT_LOOKALIKE] = "lookalike",
    [NUMFMT_PERCENT] = "percent",
};

/* \uXXXX in a field of the table is that character. */
static struct str unescape(const char *s)
{
    struct text t = text_in(arena);
    char bytes[4];
    while (*s) {
        if (strncmp(s, "\\u", 2) == 0) {
            char hex[5] = {s[2], s[3], s[4], s[5], '\0'};
            size_t n = utf8_put((uint32_t)strtoul(hex, NULL, 16), bytes);
            text_add(&t, (struct str){bytes, n});
            s += 6;
        } else {
            text_char(&t, *s++);
        }
    }
    return t.n ? text_str(&t) : STR("");
}

static void test_row(void **state)
{
    const struct row *r = *state;
    const char *flags = r->field[FLAGS];
    struct numfmt_cell got;

    numfmt_read(unescape(r->field[CELL]), strstr(flags, "accept"), &got);
    for (int f = 0; f < NUMFMT_COUNT; f++) {
        const char *is = got.status[f] == NUMFMT_OK ? z(num_str(arena, got.value[f]))
                                                    : status_names[got.status[f]];
        assert_string_equal(is, r->field[VI + f]);
    }
    assert_int_equal(got.is_approximate, strstr(flags, "approx") != NULL);
    assert_int_equal(got.has_percent, strstr(flags, "percent") != NULL);
    assert_int_equal(got.has_mark, strstr(flags, "mark") != NULL);
}

/* The table lies beside the folder of this file. */
static char *read_table(void)
{
    static const char here[] = __FILE__;
    char path[4096];
    const char *unit = strstr(here, "unit/test_numfmt.c");
    if (!unit) {
        return NULL;
    }
    snprintf(path, sizeof path, "%.*stables/numfmt.csv", (int)(unit - here), here);
    FILE *f = fopen(path, "rb");
    char *text = arena_alloc(arena, 1 << 16);
    if (!f || fread(text, 1, (1 << 16) - 1, f) == 0) {
        text = NULL;
    }
    if (f) {
        fclose(f);
    }
    return text;
}

/* Cuts the table into rows in place; returns how many. */
static size_t cut_table(char *text, struct row *rows, size_t most)
{
    size_t n = 0;
    char *line = strchr(text, '\n') + 1;
    while (*line && n < most) {
        char *end = strchr(line, '\n');
        *end = '\0';
        for (int i = 0; i < FIELDS; i++) {
            char *cut = strchr(line, ';');
            rows[n].field[i] = line;
            line = cut ? cut + 1 : end;
            if (cut) {
                *cut = '\0';
            }
        }
        line = end + 1;
        n++;
    }
    return n;
}

/* ---- other rows
 * -------------------------------------------------------------------------------- */

static const struct numbers_case {
    const char *name, *text, *want;
} numbers_cases[] = {
    {"of_the_review", "vốn điều lệ 6.069.668 triệu đồng", "6069668"},
    {"two_readings", "với diện tích 5.581 ha", "5.581 5581"},
    {"several_sorted_once", "20 HTX, 8 HTX, 20 DN", "8 20"},
    {"percent_and_its_hundredth", "đạt 34,3 %", "0.343 34.3"},
    {"percent_of_two_readings", "1.250%", "0.0125 1.25 12.5 1250"},
    {"zero_padded", "giải thể 09 HTX", "9"},
    {"comma_behind_is_no_mark", "66, 9.", "9 66"},
    {"no_reading", "bản 1.2.3", ""},
    {"date_is_three_numbers", "4/7/2022", "4 7 2022"},
    {"range_is_two", "2021-2025", "2021 2025"},
    {"blanks_do_not_group", "1 234", "1 234"},
    {"nothing", "không có", ""},
    {"empty", "", ""},
    {"too_long_is_none", "999999999999999999999999999999999999999 1", "1"},
};

static void test_numbers(void **state)
{
    const struct numbers_case *c = *state;
    struct num *found;
    struct text got = text_in(arena);
    size_t n = numfmt_numbers_in(arena, str_of(c->text), &found);

    for (size_t i = 0; i < n; i++) {
        text_add_z(&got, i ? " " : "");
        text_add(&got, num_str(arena, found[i]));
    }
    text_char(&got, '\0');
    assert_string_equal(text_str(&got).p, c->want);
}

static const struct plain_case {
    const char *name, *in;
    bool fits;
    int64_t want;
} plain_cases[] = {
    {"zero", "0", true, 0},
    {"padded", "007", true, 7},
    {"minus", "-42", true, -42},
    {"minus_zero", "-0", true, 0},
    {"seven", "1234567", true, 1234567},
    {"eight", "12345678", true, 12345678},
    {"nine", "123456789", true, 123456789},
    {"sixteen", "1234567890123456", true, 1234567890123456},
    {"eighteen", "999999999999999999", true, 999999999999999999},
    {"minus_eighteen", "-999999999999999999", true, -999999999999999999},
    {"nineteen", "1000000000000000000", false, 0},
    {"empty", "", false, 0},
    {"minus_alone", "-", false, 0},
    {"blank", "5 ", false, 0},
    {"mark", "1.5", false, 0},
    {"inner_minus", "1-5", false, 0},
};

static void test_plain(void **state)
{
    const struct plain_case *c = *state;
    int64_t got = 77;
    assert_int_equal(numfmt_read_plain_int(c->in, strlen(c->in), &got), c->fits);
    assert_int_equal(got, c->fits ? c->want : 77);
}

/* Every byte at every place of every length, out of memory of exactly that size. */
static void test_plain_bytes(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 18; n++) {
        char *cell = malloc(n);
        for (size_t at = 0; at < n; at++) {
            for (int byte = 0; byte < 256; byte++) {
                int64_t got, want = 0;
                for (size_t i = 0; i < n; i++) {
                    cell[i] = (char)('0' + (i * 7 + n) % 10);
                }
                cell[at] = (char)byte;
                bool fits =
                    (byte >= '0' && byte <= '9') || (byte == '-' && at == 0 && n > 1);
                for (size_t i = byte == '-'; i < n && fits; i++) {
                    want = want * 10 + (cell[i] - '0');
                }
                assert_int_equal(numfmt_read_plain_int(cell, n, &got), fits);
                if (fits) {
                    assert_int_equal(got, byte == '-' ? -want : want);
                }
            }
        }
        free(cell);
    }
}

/* What num_show writes is read back in the format of its style. */
static void test_shown_is_read(void **state)
{
    (void)state;
    struct numfmt_cell cell;
    uint64_t x = 1;
    for (int i = 0; i < 60000; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        struct num v = num_dec((int64_t)(x >> (i % 63)), (int32_t)(x % 20));
        v = i % 3 == 0 ? num_neg(v) : v;
        numfmt_read(num_show(arena, v, NUM_STYLE_VI), false, &cell);
        assert_int_equal(cell.status[NUMFMT_VI], NUMFMT_OK);
        assert_true(num_eq(cell.value[NUMFMT_VI], v));
        numfmt_read(num_show(arena, v, NUM_STYLE_EN), false, &cell);
        assert_true(cell.status[NUMFMT_EN] == NUMFMT_OK &&
                    num_eq(cell.value[NUMFMT_EN], v));
        numfmt_read(num_str(arena, v), false, &cell);
        assert_true(cell.status[NUMFMT_PLAIN] == NUMFMT_OK &&
                    num_eq(cell.value[NUMFMT_PLAIN], v));
        assert_false(cell.is_approximate || cell.has_percent);
        if (i % 1024 == 0) {
            arena_reset(arena);
        }
    }
}

/* Short strings of awkward characters: nothing is read outside, and a reading is one of
 * num_parse's. */
static void test_any_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {"0",
                                         "5",
                                         "12",
                                         "123",
                                         ".",
                                         ",",
                                         " ",
                                         "-",
                                         "(",
                                         ")",
                                         "%",
                                         "'",
                                         "~",
                                         "O",
                                         "E",
                                         "+",
                                         "hơn",
                                         "\xC2\xA0",
                                         "\xE2\x80\xAF",
                                         "\xE2",
                                         "#",
                                         "\xFF"};
    struct numfmt_cell cell;
    for (size_t i = 0; i < 22 * 22 * 22 * 22; i++) {
        char text[24];
        size_t n = 0;
        for (size_t k = i, j = 0; j < 4; j++, k /= 22) {
            size_t length = strlen(pieces[k % 22]);
            memcpy(text + n, pieces[k % 22], length);
            n += length;
        }
        char *exact = malloc(n);
        memcpy(exact, text, n);
        numfmt_read((struct str){exact, n}, i & 1, &cell);
        for (int f = 0; f < NUMFMT_COUNT; f++) {
            if (cell.status[f] == NUMFMT_OK) {
                assert_int_equal(cell.value[f].d, 1);
                assert_true(cell.value[f].scale <= DEC_DIGITS);
            } else {
                assert_true(*numfmt_why(cell.status[f], true) != '\0');
            }
        }
        free(exact);
    }
}

static void test_names(void **state)
{
    (void)state;
    enum numfmt f;
    for (int i = 0; i <= NUMFMT_AUTO; i++) {
        assert_true(numfmt_by_name(str_of(numfmt_name((enum numfmt)i)), &f));
        assert_int_equal(f, i);
    }
    assert_false(numfmt_by_name(STR("VI"), &f));
    assert_false(numfmt_by_name(STR(""), &f));
}

static void test_empty_memory(void **state)
{
    (void)state;
    struct numfmt_cell cell;
    numfmt_read(STR_NONE, false, &cell);
    assert_int_equal(cell.status[NUMFMT_VI], NUMFMT_EMPTY);
    assert_string_equal(numfmt_why(NUMFMT_EMPTY, true), "ô trống");
    assert_string_equal(numfmt_why(NUMFMT_EMPTY, false), "the cell is empty");
}

/* ---- running
 * ----------------------------------------------------------------------------------- */

#define ROWS(cases, count, function)                                                     \
    for (size_t i = 0; i < (count); i++) {                                               \
        tests[n++] = (struct CMUnitTest){(cases)[i].name, function, NULL, NULL,          \
                                         (void *)(uintptr_t) & (cases)[i]};              \
    }

static int close_all(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

int main(void)
{
    static struct row rows[200];
    static struct CMUnitTest
        tests[COUNT_OF(rows) + COUNT_OF(numbers_cases) + COUNT_OF(plain_cases) + 5];
    struct arena *kept = arena_open(&mem_libc_hook);
    size_t n = 0;

    arena = kept;
    char *table = read_table();
    size_t n_rows = table ? cut_table(table, rows, COUNT_OF(rows)) : 0;
    if (n_rows == 0 || n_rows == COUNT_OF(rows)) {
        fputs("tests/tables/numfmt.csv cannot be read, or has too many rows\n", stderr);
        return 1;
    }
    for (size_t i = 0; i < n_rows; i++) {
        tests[n++] =
            (struct CMUnitTest){rows[i].field[NAME], test_row, NULL, NULL, &rows[i]};
    }
    ROWS(numbers_cases, COUNT_OF(numbers_cases), test_numbers)
    ROWS(plain_cases, COUNT_OF(plain_cases), test_plain)
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_plain_bytes);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_shown_is_read);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_any_text);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_names);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_empty_memory);
    arena = arena_open(&mem_libc_hook);
    int failed = cmocka_run_group_tests(tests, NULL, close_all);
    arena_close(kept);
    return failed;
}

/* Units and column types. */
#include "value/type.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

enum { HTX, NGUOI, TRD, HA, A, B, C, D, UNITS };

#define NAME(literal)                                                                    \
    {                                                                                    \
        (literal), sizeof(literal) - 1                                                   \
    }

static const struct unit units[UNITS] = {
    [HTX] = {.name = NAME("htx"), .label = NAME("HTX")},
    [NGUOI] = {.name = NAME("nguoi"), .label = NAME("người")},
    [TRD] = {.name = NAME("trd"), .label = NAME("triệu đồng")},
    [HA] = {.name = NAME("ha")},
    [A] = {.name = NAME("a")},
    [B] = {.name = NAME("b")},
    [C] = {.name = NAME("c")},
    [D] = {.name = NAME("d")},
};

/* "nguoi/htx", "ha*ha", "" pure, "?" open, "@3" in the row (column 3) */
static struct unit_expr unit(const char *text)
{
    struct unit_expr u = {.kind = UNIT_PURE};
    int sign = 1;

    if (*text == '?') {
        return (struct unit_expr){.kind = UNIT_OPEN};
    }
    if (*text == '@') {
        return (struct unit_expr){.kind = UNIT_IN_ROW,
                                  .row_column = (uint32_t)(text[1] - '0')};
    }
    while (*text) {
        size_t n = strcspn(text, "*/");
        for (uint32_t i = 0; i < UNITS; i++) {
            struct unit_expr one = {.kind = UNIT_DECLARED, .n = 1, .terms = {{i, 1}}};
            if (str_eq(units[i].name, (struct str){text, n})) {
                u = unit_product(&u, &one, sign);
            }
        }
        sign = text[n] == '/' ? -1 : 1;
        text += n + (text[n] != '\0');
    }
    return u;
}

static const char *written(const struct unit_expr *u, bool labels)
{
    return str_copy(arena, unit_str(arena, u, units, labels)).p;
}

static const struct product_case {
    const char *name, *a, *b;
    int sign;
    enum unit_kind kind;
    const char *want, *labels;
} product_cases[] = {
    {"quotient", "nguoi", "htx", -1, UNIT_DECLARED, "nguoi/htx", "người/HTX"},
    {"back_again", "nguoi/htx", "htx", 1, UNIT_DECLARED, "nguoi", "người"},
    {"ratio_is_pure", "trd", "trd", -1, UNIT_PURE, "", ""},
    {"square", "ha", "ha", 1, UNIT_DECLARED, "ha*ha", "ha*ha"},
    {"square_below", "trd/ha", "ha", -1, UNIT_DECLARED, "trd/ha/ha", "triệu đồng/ha/ha"},
    {"reciprocal", "", "htx", -1, UNIT_DECLARED, "1/htx", "1/HTX"},
    {"two_below", "", "htx*ha", -1, UNIT_DECLARED, "1/htx/ha", "1/HTX/ha"},
    {"order_is_by_unit", "trd", "htx", 1, UNIT_DECLARED, "htx*trd", "HTX*triệu đồng"},
    {"pure_keeps_unit", "htx", "", 1, UNIT_DECLARED, "htx", "HTX"},
    {"pure_and_pure", "", "", 1, UNIT_PURE, "", ""},
    {"open_wins", "?", "htx", 1, UNIT_OPEN, "", ""},
    {"open_wins_right", "htx", "?", -1, UNIT_OPEN, "", ""},
    {"in_the_row_is_open", "@3", "htx", 1, UNIT_OPEN, "", ""},
    {"six_terms_fit", "htx*nguoi*trd", "ha*a*b", -1, UNIT_DECLARED,
     "htx*nguoi*trd/ha/a/b", "HTX*người*triệu đồng/ha/a/b"},
    {"seven_terms_are_open", "htx*nguoi*trd*ha", "a*b*c", 1, UNIT_OPEN, "", ""},
    {"seven_terms_less_one", "htx*nguoi*trd*ha*a*b", "htx", -1, UNIT_DECLARED,
     "nguoi*trd*ha*a*b", "người*triệu đồng*ha*a*b"},
};

static void test_product(void **state)
{
    const struct product_case *c = *state;
    struct unit_expr a = unit(c->a), b = unit(c->b);
    struct unit_expr got = unit_product(&a, &b, c->sign);
    assert_int_equal(got.kind, c->kind);
    assert_string_equal(written(&got, false), c->want);
    assert_string_equal(written(&got, true), c->labels);
    for (uint32_t i = 1; i < got.n; i++) {
        assert_true(got.terms[i - 1].unit < got.terms[i].unit);
    }
}

static const struct equal_case {
    const char *name, *a, *b;
    bool want;
} equal_cases[] = {
    {"equal_same", "nguoi/htx", "nguoi/htx", true},
    {"equal_other_order", "htx*trd", "trd*htx", true},
    {"equal_other_power", "ha", "ha*ha", false},
    {"equal_other_unit", "ha", "htx", false},
    {"equal_pure", "", "", true},
    {"equal_pure_and_unit", "", "htx", false},
    {"equal_open", "?", "?", true},
    {"equal_open_and_pure", "?", "", false},
    {"equal_same_column", "@3", "@3", true},
    {"equal_other_column", "@3", "@4", false},
};

static void test_equal(void **state)
{
    const struct equal_case *c = *state;
    struct unit_expr a = unit(c->a), b = unit(c->b);
    assert_int_equal(unit_equal(&a, &b), c->want);
    assert_int_equal(unit_equal(&b, &a), c->want);
}

static const struct type_case {
    const char *name;
    enum column_type type;
    enum value_kind kind;
} type_cases[] = {
    {"text", COLUMN_TEXT, VALUE_TEXT},      {"code", COLUMN_CODE, VALUE_CODE},
    {"count", COLUMN_COUNT, VALUE_NUM},     {"integer", COLUMN_INTEGER, VALUE_NUM},
    {"decimal", COLUMN_DECIMAL, VALUE_NUM}, {"percent", COLUMN_PERCENT, VALUE_NUM},
    {"date", COLUMN_DATE, VALUE_DAY},       {"period", COLUMN_PERIOD, VALUE_PERIOD},
    {"year", COLUMN_YEAR, VALUE_NUM},       {"flag", COLUMN_FLAG, VALUE_BOOL},
};

static_assert(COUNT_OF(type_cases) == COLUMN_TYPE_COUNT, "every type has a row");

static void test_type(void **state)
{
    const struct type_case *c = *state;
    enum column_type got;
    assert_string_equal(column_type_name(c->type), c->name);
    assert_true(column_type_by_name(str_of(c->name), &got));
    assert_int_equal(got, c->type);
    assert_int_equal(column_value_kind(c->type), c->kind);
}

static void test_unknown_type(void **state)
{
    (void)state;
    enum column_type got;
    assert_false(column_type_by_name(STR("Text"), &got));
    assert_false(column_type_by_name(STR("number"), &got));
    assert_false(column_type_by_name(STR(""), &got));
}

static void test_column(void **state)
{
    (void)state;
    const struct column columns[] = {{.name = NAME("unit_code")},
                                     {.name = NAME("period")}};
    const struct schema s = {.columns = columns, .n_columns = COUNT_OF(columns)};
    assert_int_equal(schema_column(&s, STR("unit_code")), 0);
    assert_int_equal(schema_column(&s, STR("period")), 1);
    assert_int_equal(schema_column(&s, STR("Period")), ID_NONE);
    assert_int_equal(schema_column(&s, STR("unit")), ID_NONE);
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
        tests[COUNT_OF(product_cases) + COUNT_OF(equal_cases) + COUNT_OF(type_cases) + 2];
    size_t n = 0;

    ROWS(product_cases, test_product)
    ROWS(equal_cases, test_equal)
    ROWS(type_cases, test_type)
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_unknown_type);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_column);
    return cmocka_run_group_tests(tests, open_all, close_all);
}

/* Indexes: a row of `cases` gives the rows of a table, the columns indexed, which rows
 * take part, and the groups: their rows from 1, '|' between groups, `loose` and the loose
 * rows. Every group must be found again by the codes of each of its rows. */
#include "data/keyidx.h"
#include "eval_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char rules[] = "soat 1\n"
                            "dataset d {\n"
                            "  key t\n"
                            "  numbers plain\n"
                            "  na \"n/a\"\n"
                            "  column t text optional\n"
                            "  column n decimal optional\n"
                            "  column p period optional\n"
                            "  column f flag optional\n"
                            "}\n"
                            "check all_read on d { must n is present and p is present "
                            "and f is present }\n";

enum { T, N, P, F };

static const struct index_case {
    const char *name, *csv;
    uint32_t columns[4], n_columns;
    const char *include; /* '-' for each row that is left out; NULL: all take part */
    bool is_dense;
    const char *want;
} cases[] = {
    {"texts", "t\na\nb\na\nA\n", {T}, 1, NULL, true, "1 3|2|4"},
    {"one_row", "t\na\n", {T}, 1, NULL, true, "1"},
    {"no_rows", "t\n", {T}, 1, NULL, true, ""},
    {"no_columns", "t\na\nb\n", {T}, 0, NULL, true, "1 2"},
    {"no_columns_and_no_rows", "t\n", {T}, 0, NULL, true, ""},
    {"two_columns",
     "t,p\na,2022\nb,2022\na,2023\na,2022\n",
     {T, P},
     2,
     NULL,
     true,
     "1 4|2|3"},
    {"the_order_of_columns_is_no_matter_of_groups",
     "t,p\na,2022\nb,2022\na,2023\na,2022\n",
     {P, T},
     2,
     NULL,
     true,
     "1 4|2|3"},
    {"equal_numbers_of_other_precision",
     "t,n\na,0.5\nb,0.50\nc,5\nd,05\n",
     {N},
     1,
     NULL,
     false,
     "1 2|3 4"},
    {"small_numbers", "t,n\na,1\nb,2\nc,1\n", {N}, 1, NULL, true, "1 3|2"},
    {"numbers_far_apart",
     "t,n\na,-1\nb,123456789012345678\nc,-1\nd,123456789012345678\ne,0\n",
     {N},
     1,
     NULL,
     false,
     "1 3|2 4|5"},
    {"very_long_numbers",
     "t,n\na,1234567890123456789012345678901234567\nb,"
     "1234567890123456789012345678901234568\n"
     "c,1234567890123456789012345678901234567\n",
     {N},
     1,
     NULL,
     false,
     "1 3|2"},
    {"flags", "t,f\na,yes\nb,no\nc,x\n", {F}, 1, NULL, true, "1 3|2"},
    {"rows_without_a_value_are_loose",
     "t,n\na,1\nb,\nc,x\nd,n/a\ne,1\n",
     {N},
     1,
     NULL,
     true,
     "1 5 loose 2 3 4"},
    {"loose_in_one_of_two",
     "t,n\na,1\n,1\na,\na,1\n",
     {T, N},
     2,
     NULL,
     true,
     "1 4 loose 2 3"},
    {"rows_left_out", "t\na\nb\na\nb\n", {T}, 1, "-  -", true, "2|3"},
    {"a_loose_row_left_out", "t,n\na,1\nb,\nc,\n", {N}, 1, " - ", true, "1 loose 3"},
};

static void put_rows(struct text *t, const struct keyidx *k)
{
    for (uint32_t g = 0; g < k->n_groups; g++) {
        text_add_z(t, g == 0 ? "" : "|");
        for (uint32_t row = k->first[g]; row != ROW_NONE; row = k->next[row]) {
            text_printf(t, row == k->first[g] ? "%u" : " %u", (unsigned)row + 1);
            assert_int_equal(k->group_of[row], g);
        }
    }
    for (uint32_t i = 0; i < k->n_loose; i++) {
        text_printf(t, i == 0 ? " loose %u" : " %u", (unsigned)k->loose[i] + 1);
        assert_int_equal(k->group_of[k->loose[i]], GROUP_NONE);
    }
}

/* Finds every group by the codes of its rows, and none by a code that no row has. */
static void find_all(const struct keyidx *k)
{
    uint64_t codes[KEYIDX_COLUMNS];

    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (k->group_of[row] == GROUP_NONE) {
            continue;
        }
        for (uint32_t i = 0; i < k->n_columns; i++) {
            codes[i] = key_code_cell(&k->table->columns[k->columns[i]], row);
        }
        assert_int_equal(keyidx_find(k, codes), k->group_of[row]);
        if (k->n_columns > 0) {
            codes[0] = UINT64_MAX;
            assert_int_equal(keyidx_find(k, codes), GROUP_NONE);
        }
    }
}

static void indexes(void **state)
{
    const struct index_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct table *t = eval_table(a, rules, c->csv);
    uint8_t *include = arena_new_array(a, t->n + 1, uint8_t);
    struct text said = text_in(a);

    for (uint32_t row = 0; row < t->n; row++) {
        include[row] = c->include == NULL || c->include[row] != '-';
    }
    const struct keyidx *k =
        keyidx_new(a, t, c->columns, c->n_columns, c->include == NULL ? NULL : include);
    put_rows(&said, k);
    assert_string_equal(eval_z(a, text_str(&said)), c->want);
    assert_int_equal(k->is_dense, c->is_dense);
    find_all(k);
    arena_close(a);
}

static void loose_rows_fit_what_they_agree_with(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct table *t = eval_table(a, rules, "t,n\na,1\nb,2\na,\n,2\n");
    const uint32_t columns[] = {T, N};
    const struct keyidx *k = keyidx_new(a, t, columns, 2, NULL);
    const uint64_t a1[] = {key_code_cell(&t->columns[T], 0),
                           key_code_cell(&t->columns[N], 0)};
    const uint64_t b2[] = {key_code_cell(&t->columns[T], 1),
                           key_code_cell(&t->columns[N], 1)};

    assert_true(keyidx_loose_fits(k, 2, a1));
    assert_false(keyidx_loose_fits(k, 2, b2));
    assert_false(keyidx_loose_fits(k, 3, a1));
    assert_true(keyidx_loose_fits(k, 3, b2));
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + 1] = {
        cmocka_unit_test(loose_rows_fit_what_they_agree_with)};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i + 1] = (struct CMUnitTest){.name = cases[i].name,
                                           .test_func = indexes,
                                           .initial_state = (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

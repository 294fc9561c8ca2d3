/* Small rule sets evaluated in batches of 1, 2, 7 and 2048 rows: each time the report is
 * the one that the row of `cases` gives, to the byte. What the sentences of the grammar
 * mean is tested case by case in tests/semantics; here it is the kernels at the edges of
 * their batches. */
#include "eval_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define UNITS \
    "soat 1\n" \
    "dataset d {\n" \
    "  key unit, period\n" \
    "  numbers plain\n" \
    "  na \"n/a\"\n" \
    "  column unit text\n" \
    "  column period period\n" \
    "  column x decimal optional stock\n" \
    "  column y decimal optional flow\n" \
    "}\n"

#define KINDS \
    "soat 1\n" \
    "codelist kinds { Ab \"A\", b \"B\" }\n" \
    "dataset k {\n" \
    "  key id\n" \
    "  numbers plain\n" \
    "  column id integer\n" \
    "  column kind code kinds optional\n" \
    "  column word text optional\n" \
    "  column n decimal optional\n" \
    "}\n"

static const struct eval_case {
    const char *name;
    struct eval_texts texts;
    const char *want;
} cases[] = {
    {"sums_and_states",
     {UNITS "check c on d { must x + y = 3 }\n",
      {{"d", "unit,period,x,y\na,2022,1,2\nb,2022,,2\nc,2022,q,2\nd,2022,n/a,2\ne,2022,1,1\n"}}},
     "d.x.type pass 2 fail 1 na 2\n"
     "c pass 1 fail 1 unknown 2 na 1\n"
     "  c unknown error {b,2022} right 3 reason missing-operand: not checked: a value is missing (x)\n"
     "  d.x.type fail error {c,2022}\n"
     "  c unknown error {c,2022} right 3 reason bad-cell: not checked: a cell cannot be read (x)\n"
     "  c fail error {e,2022} left 2 right 3: x + y = 3 does not hold: left 2, right 3, off by −1\n"},
    {"one_sum_too_large_for_the_batch",
     {UNITS "check c on d { must x * x + y = 1 message en \"{left}\" }\n",
      {{"d", "unit,period,x,y\na,2022,1,0\nb,2022,5000000000,1\nc,2022,0.1,0.99\n"}}},
     "c pass 2 fail 1\n"
     "  c fail error {b,2022} left 25000000000000000001 right 1: 25,000,000,000,000,000,001\n"},
    {"previous_over_the_edge_of_a_batch",
     {UNITS "check c on d { must x = previous(x) + y if_first skip }\n",
      {{"d", "unit,period,x,y\na,2022-H2,3,1\na,2022-H1,2,2\nb,2022-H1,5,5\nb,2022-H2,5,1\nb,2023-H1,6,1\n"}}},
     "c pass 2 fail 1 na 2\n"
     "  c fail error {b,2022-H2} left 5 right 6: x = previous(x) + y does not hold: left 5, right 6, off by −1\n"},
    {"cumulative_counts_from_january",
     {UNITS "check c on d { must cumulative(y) = x }\n",
      {{"d", "unit,period,x,y\na,2022-Q2,3,1\na,2022-Q1,2,2\na,2022-Q4,9,9\na,2023-Q1,4,4\n"}}},
     "c pass 3 unknown 1\n"
     "  c unknown error {a,2022-Q4} right 9 reason absent-row: not checked: there is no such row (cumulative(y))\n"},
    {"closed_and_correlated_selections_agree",
     {UNITS
      "check p on d { must sum(d[unit = any].x) = 6 }\n"
      "check q on d { must sum(d[unit = any, this.y = this.y].x) = 6 }\n",
      {{"d", "unit,period,x,y\na,2022,1,0\nb,2022,2,0\nc,2022,3,0\na,2023,6,0\na,2024,,0\n"}}},
     "p pass 4 unknown 1\n"
     "q pass 4 unknown 1\n"
     "  p unknown error {a,2024} right 6 reason missing-operand: not checked: a value is missing in the rows added up (sum(d[unit = any].x))\n"
     "  q unknown error {a,2024} right 6 reason missing-operand: not checked: a value is missing in the rows added up (sum(d[unit = any, this.y = this.y].x))\n"},
    {"groups_with_a_loose_row",
     {UNITS "check c on d each unit { must sum(x) = 3 }\n",
      {{"d", "unit,period,x,y\na,2022,1,0\na,2023,2,0\n,2024,2,0\nb,2022,3,0\n"}}},
     "d.key pass 3 unknown 1\n"
     "d.unit.required pass 3 fail 1\n"
     "c unknown 2\n"
     "  d.key unknown error {,2024} reason missing-operand\n"
     "  d.unit.required fail error {,2024}\n"
     "  c unknown error {a} right 3 reason missing-operand: not checked: a value is missing in the rows added up (sum(x))\n"
     "  c unknown error {b} right 3 reason missing-operand: not checked: a value is missing in the rows added up (sum(x))\n"},
    {"texts_and_codes_meet_folded",
     {KINDS
      "check listed on k { must kind in {word, \"b\"} }\n"
      "check looked on k { must word in k[id = any, kind = any, n > 0].kind }\n",
      {{"k", "id,kind,word,n\n1,AB,ab,1\n2,b,AB,1\n3,,b,0\n4,ab,zz,0\n"}}},
     "listed pass 2 fail 1 unknown 1\n"
     "looked pass 3 fail 1\n"
     "  listed unknown error {3} reason missing-operand: not checked: a value is missing (kind)\n"
     "  listed fail error {4}: kind in {word, \"b\"} does not hold: kind = Ab, word = zz\n"
     "  looked fail error {4}: word in k[id = any, kind = any, n > 0].kind does not hold: word = zz\n"},
    {"unique_counts_over_batches",
     {KINDS "check c on k { when n > 0 must unique(fold(word)) }\n",
      {{"k", "id,word,n\n1,x,1\n2,X,1\n3,x,0\n4,y,1\n5,,1\n6,y,\n"}}},
     "c pass 1 fail 2 unknown 2 na 1\n"
     "  c fail error {1}: unique(fold(word)) does not hold: word = x\n"
     "  c fail error {2}: unique(fold(word)) does not hold: word = X\n"
     "  c unknown error {5} reason missing-operand: not checked: a value is missing (word)\n"
     "  c unknown error {6} reason missing-operand: not checked: a value is missing\n"},
    {"absent_rows_of_the_grid",
     {"soat 1\n"
      "dataset d {\n"
      "  key unit, period\n"
      "  cover unit in {\"a\", \"b\"} each period\n"
      "  numbers plain\n"
      "  column unit text\n"
      "  column period period\n"
      "  column x decimal flow\n"
      "}\n"
      "check c on d each period { must sum(x) = 3 }\n"
      "check n on d each period { must count() = 1 }\n",
      {{"d", "unit,period,x\na,2022,1\nb,2022,2\na,2023,3\n"}}},
     "d.cover pass 3 fail 1\n"
     "c pass 1 unknown 1\n"
     "n pass 1 fail 1\n"
     "  n fail error {2022} left 2 right 1: count() = 1 does not hold: left 2, right 1, off by 1\n"
     "  c unknown error {2023} right 3 reason incomplete-group: not checked: the group is incomplete (sum(x): unit=b, period=2023)\n"
     "  d.cover fail error {b,2023}\n"},
    {"several_files_are_one_data_set",
     {UNITS "check c on d each period { must count() = 2 }\n",
      {{"d", "unit,period,x\na,2022,1\n"}, {"d", "unit,period,x\nb,2022,1\nb,2023,1\na,2022,1\n"}}},
     "d.key pass 2 fail 2\n"
     "c fail 1 unknown 1\n"
     "  d.key fail error {a,2022}\n"
     "  d.key fail error {a,2022}\n"
     "  c unknown error {2022} right 2 reason duplicate-key: not checked: a key occurs more than once (count())\n"
     "  c fail error {2023} left 1 right 2: count() = 2 does not hold: left 1, right 2, off by −1\n"},
};
/* clang-format on */

static void evaluates(void **state)
{
    static const uint32_t sizes[] = {1, 2, 7, 2048};
    const struct eval_case *c = *state;

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct str said = eval_report(a, &c->texts, sizes[i]);
        if (!str_eq(said, str_of(c->want))) {
            fail_msg("in batches of %u:\n%.*s\ninstead of:\n%s", (unsigned)sizes[i],
                     (int)said.n, said.p, c->want);
        }
        arena_close(a);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases)];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name,
            .test_func = evaluates,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

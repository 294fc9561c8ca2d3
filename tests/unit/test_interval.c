/* Intervals: rows of operations, and random ones against the values they must hold. */
#include "lang/interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum op { ADD, MUL, DIV, HULL, MEET, MIN, MAX, NEG, ABS, FLOOR, CEIL, ROUND };

struct op_case {
    const char *name;
    enum op op;
    const char *a, *b, *want; /* low..high, * = open, w before it: whole numbers */
};

static const struct op_case cases[] = {
    {"sum", ADD, "1..2", "3..5", "4..7"},
    {"sum_open_above", ADD, "1..*", "3..5", "4..*"},
    {"sum_of_whole", ADD, "w1..2", "w3..5", "w4..7"},
    {"product_of_signs", MUL, "-2..3", "-5..4", "-15..12"},
    {"product_with_zero_and_open", MUL, "0..*", "0..*", "0..*"},
    {"product_zero_times_anything", MUL, "0..0", "*..*", "0..0"},
    {"product_negative_open", MUL, "*..-1", "2..*", "*..-2"},
    {"quotient_of_counts", DIV, "w0..*", "w0..*", "0..*"},
    {"quotient_whole_divisor_is_at_least_one", DIV, "w0..10", "w0..*", "0..10"},
    {"quotient_by_small_numbers_is_open", DIV, "1..10", "0..2", "0.5..*"},
    {"quotient_by_both_signs", DIV, "1..2", "-1..1", "*..*"},
    {"quotient_by_whole_of_both_signs", DIV, "1..2", "w-3..3", "-2..2"},
    {"quotient_by_zero_is_nothing", DIV, "1..2", "0..0", "none"},
    {"quotient_by_negative", DIV, "w0..6", "w-3..0", "-6..0"},
    {"hull", HULL, "1..2", "5..*", "1..*"},
    {"hull_with_nothing", HULL, "none", "5..6", "5..6"},
    {"meet", MEET, "1..*", "*..3", "1..3"},
    {"meet_apart_is_nothing", MEET, "1..2", "3..4", "none"},
    {"meet_draws_to_whole", MEET, "0.5..2.5", "w*..*", "w1..2"},
    {"meet_without_whole_is_nothing", MEET, "0.5..0.7", "w*..*", "none"},
    {"least", MIN, "1..5", "2..*", "1..5"},
    {"largest", MAX, "1..5", "2..*", "2..*"},
    {"negated", NEG, "1..*", "", "*..-1"},
    {"size_of_both_signs", ABS, "-3..2", "", "0..3"},
    {"size_of_negative", ABS, "*..-2", "", "2..*"},
    {"floor", FLOOR, "0.5..2.5", "", "w0..2"},
    {"ceil", CEIL, "0.5..2.5", "", "w1..3"},
    {"round", ROUND, "0.5..2.4", "", "w1..2"},
};

static bool read_end(struct str s, struct num *n)
{
    return !str_eq(s, STR("*")) && num_parse(s, n);
}

static struct interval read(const char *text)
{
    struct str s = str_of(text);
    struct interval i = interval_all(false);
    if (str_eq(s, STR("none")) || s.n == 0) {
        i.is_empty = s.n > 0;
        return i;
    }
    if (str_starts(s, STR("w"))) {
        i.is_whole = true;
        s = str_cut(s, 1, s.n);
    }
    size_t dots = str_find(s, STR(".."));
    i.has_low = read_end(str_cut(s, 0, dots), &i.low);
    i.has_high = read_end(str_cut(s, dots + 2, s.n), &i.high);
    return i;
}

static struct interval compute(enum op op, struct interval a, struct interval b)
{
    switch (op) {
    case ADD:
        return interval_add(a, b);
    case MUL:
        return interval_mul(a, b);
    case DIV:
        return interval_div(a, b);
    case HULL:
        return interval_hull(a, b);
    case MEET:
        return interval_meet(a, b);
    case MIN:
        return interval_min(a, b);
    case MAX:
        return interval_max(a, b);
    case NEG:
        return interval_neg(a);
    case ABS:
        return interval_abs(a);
    case FLOOR:
        return interval_floor(a);
    case CEIL:
        return interval_ceil(a);
    case ROUND:
        break;
    }
    return interval_round(a, 0);
}

static void put_end(struct arena *a, struct text *t, bool is_there, struct num n)
{
    text_add(t, is_there ? num_str(a, n) : STR("*"));
}

static struct str shown(struct arena *a, struct interval i)
{
    struct text t = text_in(a);
    if (i.is_empty) {
        return STR("none");
    }
    text_add_z(&t, i.is_whole ? "w" : "");
    put_end(a, &t, i.has_low, i.low);
    text_add_z(&t, "..");
    put_end(a, &t, i.has_high, i.high);
    return str_copy(a, text_str(&t));
}

static void operation(void **state)
{
    const struct op_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    assert_string_equal(shown(a, compute(c->op, read(c->a), read(c->b))).p, c->want);
    arena_close(a);
}

/* Every value of the operands gives one that the result holds. */
static void holds_all(enum op op, struct interval a, struct interval b)
{
    struct interval result = compute(op, a, b);
    for (int x = -4; x <= 4; x++) {
        for (int y = -4; y <= 4; y++) {
            struct num p = num_int(x), q = num_int(y), out = p;
            bool is_in = interval_holds(&a, p) && interval_holds(&b, q);
            bool is_defined = op != DIV || y != 0;
            if (!is_in || !is_defined) {
                continue;
            }
            (void)(op == ADD   ? num_add(p, q, &out)
                   : op == MUL ? num_mul(p, q, &out)
                               : num_div(p, q, &out));
            out = op == MIN ? (x < y ? p : q) : op == MAX ? (x > y ? p : q) : out;
            assert_true(interval_holds(&result, out));
        }
    }
}

static void results_hold_what_can_be(void **state)
{
    (void)state;
    static const enum op ops[] = {ADD, MUL, DIV, MIN, MAX};
    for (int i = 0; i < 9 * 9 * 9 * 9; i++) {
        int ends[4], n = i;
        for (int k = 0; k < 4; k++, n /= 9) {
            ends[k] = n % 9 - 4;
        }
        struct interval a = interval_between(num_int(ends[0]), num_int(ends[1]), i % 2);
        struct interval b = interval_between(num_int(ends[2]), num_int(ends[3]), i % 3);
        if (!a.is_empty && !b.is_empty) {
            holds_all(ops[i % 5], a, b);
        }
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + 1];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        void *c = (void *)(uintptr_t)&cases[i];
        tests[i] = (struct CMUnitTest){cases[i].name, operation, NULL, NULL, c};
    }
    tests[COUNT_OF(cases)] =
        (struct CMUnitTest)cmocka_unit_test(results_hold_what_can_be);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

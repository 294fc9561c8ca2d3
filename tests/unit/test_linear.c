/* Linear systems: small ones by hand, and random ones whose points are all tried. */
#include "lang/linear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- by hand */

struct bound_case {
    int factors[3], limit;
    const char *sign; /* <= < >= > */
};

struct system_case {
    const char *name;
    struct bound_case bounds[6];
    enum linear_status want;
    const char *reasons; /* of an infeasible one: digits of the bounds */
};

static const struct system_case systems[] = {
    {"nothing_is_feasible", {{{0}, 0, NULL}}, LINEAR_FEASIBLE, NULL},
    {"between", {{{1}, 3, "<="}, {{1}, 3, ">="}}, LINEAR_FEASIBLE, NULL},
    {"strictly_between_nothing",
     {{{1}, 3, "<="}, {{1}, 3, ">"}},
     LINEAR_INFEASIBLE,
     "01"},
    {"strict_on_both_sides", {{{1}, 4, "<"}, {{1}, 3, ">"}}, LINEAR_FEASIBLE, NULL},
    {"sum_too_small",
     {{{1, 1}, 5, ">="}, {{1}, 2, "<="}, {{0, 1}, 2, "<="}, {{0, 0, 1}, 9, "<="}},
     LINEAR_INFEASIBLE,
     "012"},
    {"circle_of_strict_order",
     {{{1, -1}, 0, "<"}, {{0, 1, -1}, 0, "<"}, {{-1, 0, 1}, 0, "<"}},
     LINEAR_INFEASIBLE,
     "012"},
    {"circle_of_order",
     {{{1, -1}, 0, "<="}, {{0, 1, -1}, 0, "<="}, {{-1, 0, 1}, 0, "<="}},
     LINEAR_FEASIBLE,
     NULL},
    {"half_way", {{{2}, 1, "<="}, {{2}, 1, ">="}}, LINEAR_FEASIBLE, NULL},
    {"two_sums_apart",
     {{{1, 2}, 4, "<="}, {{2, 1}, 9, ">="}, {{1, -1}, 6, "<"}},
     LINEAR_FEASIBLE,
     NULL},
    {"two_sums_meet",
     {{{1, 2}, 4, "<="}, {{2, 1}, 9, ">="}, {{0, 1}, 0, ">"}},
     LINEAR_INFEASIBLE,
     "012"},
};

static uint32_t variable_of(struct linear *l, const int *factors)
{
    struct linear_term terms[3];
    uint32_t n = 0;
    for (uint32_t i = 0; i < 3; i++) {
        if (factors[i] != 0) {
            terms[n++] = (struct linear_term){i, num_int(factors[i])};
        }
    }
    return linear_sum(l, terms, n);
}

static bool limit(struct linear *l, const struct bound_case *b, uint32_t reason)
{
    struct linear_bound bound = {num_int(b->limit), b->sign[1] == '\0', reason};
    return linear_limit(l, variable_of(l, b->factors),
                        b->sign[0] == '<' ? LINEAR_UPPER : LINEAR_LOWER, bound);
}

static bool is_met(const struct bound_case *b, const struct num *point)
{
    struct num sum = num_int(0), part = sum;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(num_mul(num_int(b->factors[i]), point[i], &part), DEC_OK);
        assert_int_equal(num_add(sum, part, &sum), DEC_OK);
    }
    int sign = num_cmp(sum, num_int(b->limit));
    bool is_strict = b->sign[1] == '\0';
    return sign == 0 ? !is_strict : (sign < 0) == (b->sign[0] == '<');
}

static void check_reasons(const struct linear *l, const char *want)
{
    const uint32_t *reasons = NULL;
    uint32_t n = linear_reasons(l, &reasons), seen = 0, wanted = 0;
    for (uint32_t i = 0; i < n; i++) {
        seen |= 1u << reasons[i];
    }
    for (; *want != '\0'; want++) {
        wanted |= 1u << (*want - '0');
    }
    assert_int_equal(seen, wanted);
}

static void system_by_hand(void **state)
{
    const struct system_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct linear *l = linear_new(a, 3, 6);
    bool is_possible = true;
    uint32_t n = 0;
    for (; is_possible && n < 6 && c->bounds[n].sign != NULL; n++) {
        is_possible = limit(l, &c->bounds[n], n);
    }
    enum linear_status got = is_possible ? linear_check(l) : LINEAR_INFEASIBLE;
    assert_int_equal(got, c->want);
    if (got == LINEAR_INFEASIBLE) {
        check_reasons(l, c->reasons);
    } else {
        struct num point[3];
        assert_true(linear_point(l, point));
        for (uint32_t i = 0; i < n; i++) {
            assert_true(is_met(&c->bounds[i], point));
        }
    }
    arena_close(a);
}

/* ---- by chance */

static uint32_t next(uint64_t *state, uint32_t n)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 33) % n;
}

enum { BOUNDS = 7, SIDE = 4 };

static void random_bounds(uint64_t *chance, struct bound_case *bounds)
{
    static const char *const signs[] = {"<=", "<", ">=", ">"};
    for (int i = 0; i < BOUNDS; i++) {
        for (int k = 0; k < 3; k++) {
            bounds[i].factors[k] = (int)next(chance, 7) - 3;
        }
        bounds[i].limit = (int)next(chance, 13) - 6;
        bounds[i].sign = signs[next(chance, 4)];
    }
}

/* Whether some point of a grid with step 1/2 meets the first n bounds. */
static bool has_grid_point(const struct bound_case *bounds, uint32_t n)
{
    for (int i = 0; i < 17 * 17 * 17; i++) {
        struct num point[3];
        bool is_good = true;
        for (int k = 0, rest = i; k < 3; k++, rest /= 17) {
            point[k] = num_dec((rest % 17 - 2 * SIDE) * 5, 1);
        }
        for (uint32_t k = 0; k < n && is_good; k++) {
            is_good = is_met(&bounds[k], point);
        }
        if (is_good) {
            return true;
        }
    }
    return false;
}

static void check_point(struct linear *l, const struct bound_case *bounds, uint32_t n)
{
    struct num point[3];
    assert_true(linear_point(l, point));
    for (uint32_t i = 0; i < n; i++) {
        assert_true(is_met(&bounds[i], point));
    }
}

/* A grid point means feasible; infeasible stays so without the bounds that are not to
 * blame; taking bounds back makes it feasible again. */
static void system_by_chance(uint64_t *chance)
{
    struct arena *a = arena_open(&mem_libc_hook);
    struct bound_case bounds[BOUNDS], blamed[BOUNDS];
    struct linear *l = linear_new(a, 3, BOUNDS);
    uint32_t n = 0, mark = 0, n_blamed = 0;
    enum linear_status status = LINEAR_FEASIBLE;
    random_bounds(chance, bounds);
    for (; n < BOUNDS && status == LINEAR_FEASIBLE; n++) {
        mark = linear_mark(l);
        status = limit(l, &bounds[n], n) ? linear_check(l) : LINEAR_INFEASIBLE;
        if (status == LINEAR_FEASIBLE) {
            check_point(l, bounds, n + 1);
        }
    }
    assert_int_not_equal(status, LINEAR_GIVEN_UP);
    if (status == LINEAR_INFEASIBLE) {
        const uint32_t *reasons = NULL;
        uint32_t n_reasons = linear_reasons(l, &reasons);
        for (uint32_t i = 0; i < n_reasons && n_blamed < BOUNDS; i++) {
            blamed[n_blamed++] = bounds[reasons[i]];
        }
        assert_false(has_grid_point(blamed, n_blamed));
        linear_back(l, mark);
        assert_int_equal(linear_check(l), LINEAR_FEASIBLE);
        check_point(l, bounds, n - 1);
    }
    arena_close(a);
}

static void systems_by_chance(void **state)
{
    (void)state;
    uint64_t chance = 88172645463325252u;
    for (int i = 0; i < 300; i++) {
        system_by_chance(&chance);
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(systems) + 1];
    for (size_t i = 0; i < COUNT_OF(systems); i++) {
        void *c = (void *)(uintptr_t)&systems[i];
        tests[i] = (struct CMUnitTest){systems[i].name, system_by_hand, NULL, NULL, c};
    }
    tests[COUNT_OF(systems)] = (struct CMUnitTest)cmocka_unit_test(systems_by_chance);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

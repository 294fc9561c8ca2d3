/* Batch vectors: how builders close, which state stands for two, the scratch, memos. */
#include "eval/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Numbers of a vector: coefficient and scale, or `n` for none; then the scale at which
 * the vector is narrow, -1 when it is not. */
static const struct number_case {
    const char *name;
    struct {
        int64_t coefficient;
        int32_t scale;
    } in[4];
    uint32_t n, missing; /* bit i: element i is not there */
    int32_t scale;
    bool has_ratio; /* the first is a third of it */
} numbers[] = {
    {"whole_numbers_are_narrow", {{1, 0}, {-7, 0}, {0, 0}}, 3, 0, 0, false},
    {"one_scale_for_all", {{15, 1}, {7, 0}, {125, 2}}, 3, 0, 2, false},
    {"what_is_missing_has_no_scale", {{1, 0}, {12345, 4}}, 2, 2, 0, false},
    {"all_missing", {{1, 0}, {2, 0}}, 2, 3, 0, false},
    {"too_large_at_the_common_scale", {{INT64_MAX, 0}, {1, 1}}, 2, 0, -1, false},
    {"too_many_places", {{1, 19}}, 1, 0, -1, false},
    {"a_ratio_is_exact", {{1, 0}, {2, 0}}, 2, 0, -1, true},
};

static struct num number_at(const struct number_case *c, uint32_t i)
{
    struct num v = num_dec(c->in[i].coefficient, c->in[i].scale);

    if (c->has_ratio && i == 0) {
        assert_int_equal(num_div(v, num_int(3), &v), DEC_OK);
    }
    return v;
}

static void builds(void **state)
{
    const struct number_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct scratch *s = scratch_new(a);
    struct vec_builder b = vec_build(s, VALUE_NUM, c->n);

    for (uint32_t i = 0; i < c->n; i++) {
        if ((c->missing >> i & 1) != 0) {
            vec_put_state(&b, i, CELL_ABSENT_ROW);
        } else {
            vec_put_num(&b, i, number_at(c, i));
        }
    }
    struct vec v = vec_built(s, &b, c->n);
    assert_int_equal(v.coef == NULL ? -1 : v.scale, c->scale);
    assert_int_equal(v.state == NULL, c->missing == 0);
    for (uint32_t i = 0; i < c->n; i++) {
        bool is_missing = (c->missing >> i & 1) != 0;
        assert_int_equal(vec_state(&v, i), is_missing ? CELL_ABSENT_ROW : CELL_OK);
        assert_true(is_missing || num_eq(vec_num(&v, i), number_at(c, i)));
    }
    arena_close(a);
}

/* The worse of two is the same both ways, of equal states the state, and of kinds error,
 * na, bad, missing, OK the first. */
static void the_worse_state(void **state)
{
    (void)state;
    static const int weight[] = {
        [CELL_KIND_OK] = 0, [CELL_KIND_MISSING] = 1, [CELL_KIND_BAD] = 2,
        [CELL_KIND_NA] = 3, [CELL_KIND_ERROR] = 4,
    };

    for (uint8_t a = 0; a < CELL_COUNT; a++) {
        for (uint8_t b = 0; b < CELL_COUNT; b++) {
            uint8_t worse = cell_worse(a, b);
            assert_int_equal(worse, cell_worse(b, a));
            assert_true(worse == a || worse == b);
            int heavier = weight[cell_kind(a)] > weight[cell_kind(b)]
                              ? weight[cell_kind(a)]
                              : weight[cell_kind(b)];
            assert_int_equal(weight[cell_kind(worse)], heavier);
        }
    }
    assert_int_equal(cell_worse(CELL_INNER, CELL_EMPTY), CELL_INNER);
    assert_int_equal(cell_worse(CELL_INNER, CELL_DIV_ZERO), CELL_DIV_ZERO);
}

static void states_join(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct scratch *s = scratch_new(a);
    const uint8_t left[] = {CELL_OK, CELL_EMPTY, CELL_NA},
                  right[] = {CELL_OK, CELL_UNREADABLE, CELL_UNREADABLE};
    const struct vec whole = {.kind = VALUE_BOOL},
                     x = {.kind = VALUE_BOOL, .state = left},
                     y = {.kind = VALUE_BOOL, .state = right};

    assert_null(vec_join_states(s, &whole, &whole, 3));
    assert_ptr_equal(vec_join_states(s, &x, &whole, 3), left);
    assert_ptr_equal(vec_join_states(s, &whole, &y, 3), right);
    const uint8_t *joined = vec_join_states(s, &x, &y, 3);
    assert_int_equal(joined[0], CELL_OK);
    assert_int_equal(joined[1], CELL_UNREADABLE);
    assert_int_equal(joined[2], CELL_NA);
    arena_close(a);
}

static void the_scratch_is_rewound(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct scratch *s = scratch_new(a);
    size_t mark = scratch_mark(s);
    uint8_t *first = scratch_array(s, 1000, uint8_t);

    for (int i = 0; i < 5000; i++) { /* many blocks */
        uint8_t *p = scratch_array(s, 1000, uint8_t);
        p[0] = p[999] = 1;
    }
    uint8_t *large = scratch_array(s, (size_t)3 << 20, uint8_t);
    large[(3u << 20) - 1] = 1;
    scratch_rewind(s, mark);
    assert_ptr_equal(scratch_array(s, 1000, uint8_t), first);
    arena_close(a);
}

static void a_memo_remembers(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct memo *m = memo_new(a);
    uint64_t value = 1;

    assert_false(memo_get(m, 0, &value));
    for (uint64_t key = 0; key < 1000; key++) {
        memo_put(m, key * 4096, key);
    }
    memo_put(m, 0, 77);
    for (uint64_t key = 1; key < 1000; key++) {
        assert_true(memo_get(m, key * 4096, &value));
        assert_int_equal(value, key);
    }
    assert_true(memo_get(m, 0, &value));
    assert_int_equal(value, 77);
    assert_false(memo_get(m, 1, &value));
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(numbers) + 4] = {
        cmocka_unit_test(the_worse_state),
        cmocka_unit_test(states_join),
        cmocka_unit_test(the_scratch_is_rewound),
        cmocka_unit_test(a_memo_remembers),
    };

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        tests[i + 4] =
            (struct CMUnitTest){.name = numbers[i].name,
                                .test_func = builds,
                                .initial_state = (void *)(uintptr_t)&numbers[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

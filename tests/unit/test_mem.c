/* Arenas, seen through a hook that counts every byte and can refuse the n-th request. */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct counter {
    size_t bytes;    /* out at present */
    size_t requests; /* so far, gifts back not counted */
    size_t refuse;   /* the request refused, from 1; 0 = none */
    size_t moved_from;
    jmp_buf out;
};

static void *count_resize(void *context, void *old, size_t old_size, size_t size)
{
    struct counter *c = context;
    if (size == 0) {
        c->bytes -= old_size;
        free(old);
        return NULL;
    }
    if (++c->requests == c->refuse) {
        return NULL;
    }
    c->bytes += size - old_size;
    c->moved_from = old_size;
    return realloc(old, size);
}

static void count_oom(void *context, size_t wanted)
{
    struct counter *c = context;
    assert_true(wanted > 0);
    longjmp(c->out, 1);
}

static struct mem_hook hook_of(struct counter *c)
{
    return (struct mem_hook){count_resize, count_oom, c};
}

static bool is_zero(const unsigned char *p, size_t n)
{
    while (n > 0 && *p == 0) {
        p++;
        n--;
    }
    return n == 0;
}

static const struct {
    const char *name;
    size_t size;
} sizes[] = {
    {"nothing", 0},
    {"one_byte", 1},
    {"alignment", 16},
    {"odd", 4097},
    {"largest_small", ARENA_LARGE - 1},
    {"smallest_large", ARENA_LARGE},
    {"larger_than_a_chunk", 3 << 20},
};

static void sized_memory_is_zeroed_aligned_and_apart(void **state)
{
    size_t size = *(const size_t *)*state;
    struct counter c = {0};
    struct mem_hook hook = hook_of(&c);
    struct arena *a = arena_open(&hook);
    unsigned char *kept[40];
    for (int round_no = 0; round_no < 2; round_no++) {
        for (size_t i = 0; i < COUNT_OF(kept); i++) {
            kept[i] = arena_alloc(a, size);
            assert_true((uintptr_t)kept[i] % _Alignof(max_align_t) == 0);
            assert_true(is_zero(kept[i], size));
            memset(kept[i], (int)i + 1, size);
        }
        for (size_t i = 0; i < COUNT_OF(kept); i++) {
            assert_true(size == 0 || kept[i][0] == i + 1);
            assert_true(size == 0 || kept[i][size - 1] == i + 1);
            assert_true(i == 0 || kept[i] != kept[i - 1]);
        }
        assert_true(arena_used(a) == size * COUNT_OF(kept));
        arena_reset(a);
        assert_true(arena_used(a) == 0);
        assert_true(c.bytes < 3 << 20); /* at most one chunk is kept */
    }
    arena_close(a);
    assert_true(c.bytes == 0);
}

static void small_requests_share_chunks_that_grow(void **state)
{
    (void)state;
    struct counter c = {0};
    struct mem_hook hook = hook_of(&c);
    struct arena *a = arena_open(&hook);
    for (size_t i = 0; i < 100000; i++) {
        arena_alloc(a, 32);
    }
    assert_in_range(c.requests, 5, 16);
    arena_close(a);
    assert_true(c.bytes == 0);
}

static void reset_keeps_a_chunk_for_reuse(void **state)
{
    (void)state;
    struct counter c = {0};
    struct mem_hook hook = hook_of(&c);
    struct arena *a = arena_open(&hook);
    arena_alloc(a, 100);
    size_t requests = c.requests;
    for (int i = 0; i < 1000; i++) {
        arena_reset(a);
        arena_alloc(a, 100);
    }
    assert_true(c.requests == requests);
    arena_close(a);
}

static const struct resize_case {
    const char *name;
    size_t from, to;
    bool is_in_place; /* when it was the last block */
} resizes[] = {
    {"resize_small_to_small", 10, 1000, true},
    {"resize_nothing_to_small", 0, 10, true},
    {"resize_smaller", 1000, 10, true},
    {"resize_to_the_same", 50000, 50000, true},
    {"resize_small_to_large", 1000, 100000, false},
    {"resize_large_to_larger", 100000, 5000000, false},
};

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 7 + i / 251);
}

static void resize_keeps_contents(void **state)
{
    const struct resize_case *t = *state;
    struct counter c = {0};
    struct mem_hook hook = hook_of(&c);
    struct arena *a = arena_open(&hook);
    arena_alloc(a, ARENA_LARGE); /* neighbours in the list of large blocks */
    unsigned char *p = arena_resize(a, NULL, 0, t->from);
    for (size_t i = 0; i < t->from; i++) {
        p[i] = pattern(i);
    }
    unsigned char *q = arena_resize(a, p, t->from, t->to);
    assert_true(!t->is_in_place || p == q);
    for (size_t i = 0; i < t->from && i < t->to; i++) {
        assert_int_equal(q[i], pattern(i));
    }
    memset(q, 1, t->to);
    unsigned char *behind = arena_alloc(a, 16);
    assert_true(is_zero(behind, 16));
    arena_close(a);
    assert_true(c.bytes == 0);
}

static void resize_of_an_older_block_moves_it(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    char *first = arena_alloc(a, 16);
    char *second = arena_alloc(a, 16);
    memcpy(first, "first", 6);
    memcpy(second, "second", 7);
    char *moved = arena_resize(a, first, 16, 64);
    assert_ptr_not_equal(moved, first);
    assert_string_equal(moved, "first");
    assert_string_equal(second, "second");
    arena_close(a);
}

static void resize_of_a_large_block_is_the_hooks_own(void **state)
{
    (void)state;
    struct counter c = {0};
    struct mem_hook hook = hook_of(&c);
    struct arena *a = arena_open(&hook);
    void *blocks[3];
    for (size_t i = 0; i < 3; i++) {
        blocks[i] = arena_resize(a, NULL, 0, ARENA_LARGE);
        memset(blocks[i], (int)i + 1, ARENA_LARGE);
    }
    for (size_t i = 0; i < 3; i++) { /* last, middle and first of the list */
        blocks[i] = arena_resize(a, blocks[i], ARENA_LARGE, 10 * ARENA_LARGE);
        assert_in_range(c.moved_from, ARENA_LARGE, ARENA_LARGE + 64);
        memset(blocks[i], (int)i + 1, 10 * ARENA_LARGE);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(((unsigned char *)blocks[i])[10 * ARENA_LARGE - 1], i + 1);
    }
    assert_true(c.bytes < 31 * ARENA_LARGE); /* nothing dead is left behind */
    arena_close(a);
    assert_true(c.bytes == 0);
}

static void list_doubles_and_keeps_items(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    uint32_t *items = NULL;
    size_t cap = 0, n = 0;
    for (; n < 100000; n++) {
        items = list_room(a, items, n, &cap, sizeof *items);
        items[n] = (uint32_t)n;
    }
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(items[i], i);
    }
    assert_in_range(cap, n, 2 * n);
    arena_close(a);
}

static const struct sum_case {
    const char *name;
    size_t a, b, product, sum;
} sums[] = {
    {"sum_of_nothing", 0, 0, 0, 0},
    {"sum_small", 6, 7, 42, 13},
    {"sum_largest", SIZE_MAX, 1, SIZE_MAX, SIZE_MAX},
    {"sum_largest_and_nothing", SIZE_MAX, 0, 0, SIZE_MAX},
    {"sum_overflow", SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1, SIZE_MAX, SIZE_MAX},
};

static void sizes_saturate(void **state)
{
    const struct sum_case *t = *state;
    assert_true(mem_mul(t->a, t->b) == t->product);
    assert_true(mem_add(t->a, t->b) == t->sum);
    assert_true(mem_mul(t->b, t->a) == t->product);
    assert_true(mem_add(t->b, t->a) == t->sum);
}

static void overflow_is_out_of_memory(void **state)
{
    (void)state;
    struct counter c = {0};
    struct mem_hook hook = hook_of(&c);
    struct arena *a = arena_open(&hook);
    if (setjmp(c.out) == 0) {
        arena_array(a, SIZE_MAX / 4, 8);
        fail_msg("an impossible array was granted");
    }
    arena_close(a);
    assert_true(c.bytes == 0);
}

/* Some of everything that asks for memory. */
static void use(struct arena *a)
{
    void *p = arena_alloc(a, 1000);
    p = arena_resize(a, p, 1000, 2000);
    void *q = arena_alloc(a, ARENA_LARGE);
    q = arena_resize(a, q, ARENA_LARGE, 4 * ARENA_LARGE);
    memset(q, 0, 4 * ARENA_LARGE);
    arena_resize(a, p, 2000, 60000);
    for (int i = 0; i < 100; i++) {
        arena_alloc(a, 20000);
    }
}

/* Gives whether all requests were granted. */
static bool use_with_refusal(size_t nth)
{
    struct counter c = {.refuse = nth};
    struct mem_hook hook = hook_of(&c);
    struct arena *volatile a = NULL;
    volatile bool is_granted = false;
    if (setjmp(c.out) == 0) {
        a = arena_open(&hook);
        use(a);
        is_granted = true;
    }
    arena_close(a);
    assert_true(c.bytes == 0);
    return is_granted;
}

static void every_refusal_unwinds_without_a_leak(void **state)
{
    (void)state;
    size_t nth = 1;
    while (!use_with_refusal(nth)) {
        nth++;
    }
    assert_in_range(nth, 8, 40);
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    arena_close(NULL);
}

enum {
    N_SIZES = COUNT_OF(sizes),
    N_RESIZES = COUNT_OF(resizes),
    N_SUMS = COUNT_OF(sums),
};

int main(void)
{
    struct CMUnitTest tests[N_SIZES + N_RESIZES + N_SUMS + 8];
    size_t n = 0;
    for (size_t i = 0; i < N_SIZES; i++) {
        tests[n++] =
            (struct CMUnitTest){sizes[i].name, sized_memory_is_zeroed_aligned_and_apart,
                                NULL, NULL, (void *)(uintptr_t)&sizes[i].size};
    }
    for (size_t i = 0; i < N_RESIZES; i++) {
        tests[n++] = (struct CMUnitTest){resizes[i].name, resize_keeps_contents, NULL,
                                         NULL, (void *)(uintptr_t)&resizes[i]};
    }
    for (size_t i = 0; i < N_SUMS; i++) {
        tests[n++] = (struct CMUnitTest){sums[i].name, sizes_saturate, NULL, NULL,
                                         (void *)(uintptr_t)&sums[i]};
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(small_requests_share_chunks_that_grow),
        cmocka_unit_test(reset_keeps_a_chunk_for_reuse),
        cmocka_unit_test(resize_of_an_older_block_moves_it),
        cmocka_unit_test(resize_of_a_large_block_is_the_hooks_own),
        cmocka_unit_test(list_doubles_and_keeps_items),
        cmocka_unit_test(overflow_is_out_of_memory),
        cmocka_unit_test(every_refusal_unwinds_without_a_leak),
        cmocka_unit_test(closing_nothing_is_allowed),
    };
    memcpy(tests + n, others, sizeof others);
    assert_true(n + COUNT_OF(others) == COUNT_OF(tests));
    return cmocka_run_group_tests(tests, NULL, NULL);
}

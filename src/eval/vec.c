/* See vec.h. The scratch is a list of blocks addressed by one running offset, so that a
 * mark is a number and rewinding costs nothing. */
#include "eval/vec.h"

#include <assert.h>
#include <string.h>

#define SCRATCH_BLOCK ((size_t)1 << 20)
#define SCRATCH_BLOCKS 4096
#define MAX_NARROW_SCALE 18

struct scratch {
    struct arena *a;
    char *blocks[SCRATCH_BLOCKS];
    size_t n_blocks;
    size_t at; /* offset over all blocks */
};

struct scratch *scratch_new(struct arena *a)
{
    assert(a);
    struct scratch *s = arena_new(a, struct scratch);

    s->a = a;
    return s;
}

/* A request never straddles blocks; one larger than a block is taken from the arena
 * itself. */
void *scratch_take(struct scratch *s, size_t n, size_t size)
{
    size_t bytes = (mem_mul(n, size) + 63) & ~(size_t)63;

    if (bytes > SCRATCH_BLOCK) {
        return arena_alloc(s->a, bytes);
    }
    size_t left = SCRATCH_BLOCK - s->at % SCRATCH_BLOCK;
    if (bytes > left) {
        s->at += left;
    }
    size_t block = s->at / SCRATCH_BLOCK;
    if (block == s->n_blocks) {
        assert(block < SCRATCH_BLOCKS);
        s->blocks[s->n_blocks++] = arena_alloc(s->a, SCRATCH_BLOCK);
    }
    void *p = s->blocks[block] + s->at % SCRATCH_BLOCK;
    s->at += bytes;
    return p;
}

size_t scratch_mark(const struct scratch *s)
{
    return s->at;
}

void scratch_rewind(struct scratch *s, size_t mark)
{
    assert(mark <= s->at);
    s->at = mark;
}

struct num vec_num(const struct vec *v, uint32_t i)
{
    assert(v->kind == VALUE_NUM);
    return v->coef != NULL ? num_dec(v->coef[i], v->scale) : v->num[i];
}

uint8_t vec_state(const struct vec *v, uint32_t i)
{
    return v->state == NULL ? CELL_OK : v->state[i];
}

/* Every state has a rank of its own, so that what is found first makes no difference. An
 * operand missing inside an aggregate is worse than one missing outside. */
uint8_t cell_worse(uint8_t a, uint8_t b)
{
    static const unsigned char rank[CELL_COUNT] = {
        [CELL_OK] = 0,         [CELL_NO_ROWS] = 1,      [CELL_NO_PREVIOUS] = 2,
        [CELL_ABSENT_ROW] = 3, [CELL_EMPTY] = 4,        [CELL_INNER] = 5,
        [CELL_DIV_ZERO] = 6,   [CELL_NOT_ADDITIVE] = 7, [CELL_INCOMPLETE] = 8,
        [CELL_DUPLICATE] = 9,  [CELL_AMBIGUOUS] = 10,   [CELL_UNREADABLE] = 11,
        [CELL_NA] = 12,        [CELL_LIMIT] = 13,       [CELL_UNIT] = 14,
    };

    assert(a < CELL_COUNT && b < CELL_COUNT);
    return rank[b] > rank[a] ? b : a;
}

const uint8_t *vec_join_states(struct scratch *s, const struct vec *a,
                               const struct vec *b, uint32_t n)
{
    if (a->state == NULL || b->state == NULL || a->state == b->state) {
        return a->state == NULL ? b->state : a->state;
    }
    uint8_t *joined = scratch_array(s, n, uint8_t);
    for (uint32_t i = 0; i < n; i++) {
        joined[i] = (a->state[i] | b->state[i]) == 0
                        ? CELL_OK
                        : cell_worse(a->state[i], b->state[i]);
    }
    return joined;
}

struct vec_builder vec_build(struct scratch *s, enum value_kind kind, uint32_t n)
{
    struct vec_builder b = {.out = {.kind = kind}};

    b.state = scratch_array(s, n, uint8_t);
    memset(b.state, CELL_EMPTY, n);
    b.out.state = b.state;
    switch (kind) {
    case VALUE_NUM:
        b.num = scratch_array(s, n, struct num);
        for (uint32_t i = 0; i < n; i++) {
            b.num[i] = num_int(0);
        }
        b.out.num = b.num;
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        b.id = scratch_array(s, n, uint32_t);
        memset(b.id, 0, n * sizeof *b.id);
        b.out.id = b.id;
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        b.when = scratch_array(s, n, int32_t);
        memset(b.when, 0, n * sizeof *b.when);
        b.out.when = b.when;
        break;
    case VALUE_BOOL:
        b.flag = scratch_array(s, n, uint8_t);
        memset(b.flag, 0, n);
        b.out.flag = b.flag;
        break;
    case VALUE_ERROR:
        assert(0 && "a vector of no kind");
        break;
    }
    return b;
}

void vec_put_state(struct vec_builder *b, uint32_t i, uint8_t state)
{
    b->state[i] = state;
}

void vec_put_num(struct vec_builder *b, uint32_t i, struct num v)
{
    b->state[i] = CELL_OK;
    b->num[i] = v;
}

void vec_put_id(struct vec_builder *b, uint32_t i, uint32_t id)
{
    b->state[i] = CELL_OK;
    b->id[i] = id;
}

void vec_put_when(struct vec_builder *b, uint32_t i, int32_t when)
{
    b->state[i] = CELL_OK;
    b->when[i] = when;
}

void vec_put_flag(struct vec_builder *b, uint32_t i, bool flag)
{
    b->state[i] = CELL_OK;
    b->flag[i] = flag;
}

void vec_put_from(struct vec_builder *b, uint32_t i, const struct vec *v, uint32_t j)
{
    uint8_t state = vec_state(v, j);

    if (state != CELL_OK) {
        b->state[i] = state;
        return;
    }
    switch (b->out.kind) {
    case VALUE_NUM:
        vec_put_num(b, i, vec_num(v, j));
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        vec_put_id(b, i, v->id[j]);
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        vec_put_when(b, i, v->when[j]);
        break;
    case VALUE_BOOL:
        vec_put_flag(b, i, v->flag[j] != 0);
        break;
    case VALUE_ERROR:
        break;
    }
}

/* The scale at which every number of the builder is an int64, or -1. */
static int32_t narrow_scale(const struct vec_builder *b, uint32_t n)
{
    int32_t scale = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (b->state[i] != CELL_OK) {
            continue;
        }
        if (!num_is_decimal(b->num[i]) || b->num[i].scale > MAX_NARROW_SCALE) {
            return -1;
        }
        scale = b->num[i].scale > scale ? b->num[i].scale : scale;
    }
    return scale;
}

static void narrow(struct scratch *s, struct vec_builder *b, uint32_t n)
{
    int32_t scale = narrow_scale(b, n);

    if (scale < 0) {
        return;
    }
    int64_t *coef = scratch_array(s, n, int64_t);
    for (uint32_t i = 0; i < n; i++) {
        coef[i] = 0;
        if (b->state[i] == CELL_OK && !num_narrow(b->num[i], scale, &coef[i])) {
            return;
        }
    }
    b->out.coef = coef;
    b->out.scale = scale;
    b->out.num = NULL;
}

struct vec vec_built(struct scratch *s, struct vec_builder *b, uint32_t n)
{
    bool is_all_ok = true;

    for (uint32_t i = 0; i < n; i++) {
        is_all_ok = is_all_ok && b->state[i] == CELL_OK;
    }
    if (is_all_ok) {
        b->out.state = NULL;
    }
    if (b->out.kind == VALUE_NUM) {
        narrow(s, b, n);
    }
    return b->out;
}

struct memo {
    struct arena *a;
    uint64_t *keys, *values; /* keys hold key + 1, 0 is empty */
    size_t n, cap;
};

struct memo *memo_new(struct arena *a)
{
    struct memo *m = arena_new(a, struct memo);

    m->a = a;
    m->cap = 64;
    m->keys = arena_new_array(a, m->cap, uint64_t);
    m->values = arena_new_array(a, m->cap, uint64_t);
    return m;
}

static size_t memo_slot(const struct memo *m, uint64_t key)
{
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & (m->cap - 1);

    while (m->keys[at] != 0 && m->keys[at] != key + 1) {
        at = (at + 1) & (m->cap - 1);
    }
    return at;
}

bool memo_get(const struct memo *m, uint64_t key, uint64_t *value)
{
    size_t at = memo_slot(m, key);

    if (m->keys[at] == 0) {
        return false;
    }
    *value = m->values[at];
    return true;
}

static void memo_grow(struct memo *m)
{
    struct memo old = *m;

    m->cap *= 2;
    m->keys = arena_new_array(m->a, m->cap, uint64_t);
    m->values = arena_new_array(m->a, m->cap, uint64_t);
    for (size_t i = 0; i < old.cap; i++) {
        if (old.keys[i] != 0) {
            size_t at = memo_slot(m, old.keys[i] - 1);
            m->keys[at] = old.keys[i];
            m->values[at] = old.values[i];
        }
    }
}

void memo_put(struct memo *m, uint64_t key, uint64_t value)
{
    assert(key != UINT64_MAX);
    if (m->n * 2 >= m->cap) {
        memo_grow(m);
    }
    size_t at = memo_slot(m, key);
    m->n += m->keys[at] == 0;
    m->keys[at] = key + 1;
    m->values[at] = value;
}

static_assert(sizeof(void *) <= sizeof(uint64_t), "a memo value holds a pointer");

const void *memo_get_pointer(const struct memo *m, uint64_t key)
{
    uint64_t value = 0;
    const void *p = NULL;

    if (memo_get(m, key, &value)) {
        memcpy(&p, &value, sizeof p);
    }
    return p;
}

void memo_put_pointer(struct memo *m, uint64_t key, const void *value)
{
    uint64_t held = 0;

    assert(value != NULL);
    memcpy(&held, &value, sizeof value);
    memo_put(m, key, held);
}

/* A column whose codes lie close enough together gets its values numbered through a
 * table; the numbers of all columns together are the address of the group. Where a column
 * spans more, or the addresses would be too many (dense_limit), groups are found by open
 * addressing with linear probing. Memory is touched as little as can be: new pages cost
 * more than all else here (tests/bench). */
#include "data/keyidx.h"

#include <assert.h>
#include <string.h>

#define DENSE_PER_ROW 8u
#define DENSE_MIN 4096u
#define PACK_SCALES 19
#define PACK_LIMIT ((int64_t)1 << 56)
#define LARGE_TAG ((uint64_t)1 << 63)

uint64_t key_code_id(uint32_t id)
{
    return id;
}

uint64_t key_code_when(int32_t when)
{
    return (uint64_t)((int64_t)when - INT32_MIN);
}

/* Coefficient and smallest scale packed into one code, so that 0.5 and 0.50 agree and
 * whole numbers stay close together. What has more than 16 digits is told apart by a
 * 63-bit hash of its value. */
uint64_t key_code_num(struct num v)
{
    int64_t coef;

    for (int32_t scale = 0; scale < PACK_SCALES; scale++) {
        if (num_narrow(v, scale, &coef) && coef > -PACK_LIMIT && coef < PACK_LIMIT) {
            return (uint64_t)scale << 58 | (uint64_t)(coef + PACK_LIMIT);
        }
    }
    return LARGE_TAG | num_hash(v) >> 1;
}

uint64_t key_code_cell(const struct table_column *c, uint32_t row)
{
    assert(c->state[row] == CELL_OK && !c->is_idle);
    switch (c->kind) {
    case VALUE_TEXT:
    case VALUE_CODE:
        return key_code_id(c->id[row]);
    case VALUE_DAY:
    case VALUE_PERIOD:
        return key_code_when(c->when[row]);
    case VALUE_BOOL:
        return c->flag[row];
    case VALUE_NUM:
        return key_code_num(column_num(c, row));
    case VALUE_ERROR:
        break;
    }
    assert(0 && "a column of no kind");
    return UINT64_MAX;
}

bool keyidx_loose_fits(const struct keyidx *k, uint32_t row, const uint64_t *codes)
{
    for (uint32_t i = 0; i < k->n_columns; i++) {
        const struct table_column *c = &k->table->columns[k->columns[i]];
        if (c->state[row] == CELL_OK && key_code_cell(c, row) != codes[i]) {
            return false;
        }
    }
    return true;
}

static bool is_loose(const struct keyidx *k, uint32_t row)
{
    for (uint32_t i = 0; i < k->n_columns; i++) {
        if (k->table->columns[k->columns[i]].state[row] != CELL_OK) {
            return true;
        }
    }
    return false;
}

static void codes_of(const struct keyidx *k, uint32_t row, uint64_t *codes)
{
    for (uint32_t i = 0; i < k->n_columns; i++) {
        codes[i] = key_code_cell(&k->table->columns[k->columns[i]], row);
    }
}

/* Which rows are indexed; NULL: every one. */
static bool takes_part(const uint8_t *rows, uint32_t row)
{
    return rows == NULL || rows[row] != 0;
}

/* Rows that take part and have every value; the others that take part are noted as loose.
 */
static const uint8_t *sort_out_loose(struct arena *a, struct keyidx *k,
                                     const uint8_t *include, struct arena *scratch)
{
    bool is_whole = k->table->n_absent == 0;
    uint32_t *loose = NULL;
    size_t cap = 0;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        is_whole = is_whole && k->table->columns[k->columns[i]].is_all_ok;
    }
    if (is_whole) {
        return include;
    }
    uint8_t *rows = arena_resize(scratch, NULL, 0, (size_t)k->n_rows + 1);
    for (uint32_t row = 0; row < k->n_rows; row++) {
        bool is_in = takes_part(include, row);
        rows[row] = is_in && !is_loose(k, row);
        if (is_in && !rows[row]) {
            loose = list_room(a, loose, k->n_loose, &cap, sizeof *loose);
            loose[k->n_loose++] = row;
        }
    }
    k->loose = loose;
    return rows;
}

/* The codes of a column as 32-bit numbers, row by row: codes[row] ^ flip. They count from
 * `base`. */
struct small_codes {
    const uint32_t *codes; /* NULL: they do not fit */
    uint32_t flip;
    uint64_t base;
};

static struct small_codes small_numbers(const struct table_column *c, const uint8_t *rows,
                                        uint32_t n, struct arena *scratch)
{
    uint32_t *codes = arena_new_array(scratch, (size_t)n + 1, uint32_t);
    uint64_t base = key_code_num(num_int(0));

    for (uint32_t row = 0; row < n; row++) {
        uint64_t code = takes_part(rows, row) ? key_code_cell(c, row) - base : 0;
        if (code > UINT32_MAX) {
            return (struct small_codes){.codes = NULL};
        }
        codes[row] = (uint32_t)code;
    }
    return (struct small_codes){.codes = codes, .base = base};
}

static struct small_codes small_flags(const struct table_column *c, uint32_t n,
                                      struct arena *scratch)
{
    uint32_t *codes = arena_new_array(scratch, (size_t)n + 1, uint32_t);

    for (uint32_t row = 0; row < n; row++) {
        codes[row] = c->flag[row];
    }
    return (struct small_codes){.codes = codes};
}

static struct small_codes small_codes(const struct table_column *c, const uint8_t *rows,
                                      uint32_t n, struct arena *scratch)
{
    assert(!c->is_idle);
    switch (c->kind) {
    case VALUE_TEXT:
    case VALUE_CODE:
        return (struct small_codes){.codes = c->id};
    case VALUE_DAY:
    case VALUE_PERIOD: /* flipping the sign adds what key_code_when adds */
        return (struct small_codes){.codes = (const uint32_t *)c->when, .flip = 1u << 31};
    case VALUE_BOOL:
        return small_flags(c, n, scratch);
    case VALUE_NUM:
        return small_numbers(c, rows, n, scratch);
    case VALUE_ERROR:
        break;
    }
    assert(0 && "a column of no kind");
    return (struct small_codes){.codes = NULL};
}

/* How many addresses are worth their memory. */
static uint64_t dense_limit(uint32_t rows)
{
    return (uint64_t)rows * DENSE_PER_ROW + DENSE_MIN;
}

/* Numbers the values of a column, in their own order; false: they are too far apart. */
static bool rank_column(struct arena *a, struct key_rank *rank,
                        const struct small_codes *s, const uint8_t *rows, uint32_t n_rows)
{
    uint32_t low = UINT32_MAX, high = 0;

    for (uint32_t row = 0; s->codes != NULL && row < n_rows; row++) {
        uint32_t code = s->codes[row] ^ s->flip;
        if (takes_part(rows, row)) {
            low = code < low ? code : low;
            high = code > high ? code : high;
        }
    }
    rank->span = low > high ? 0 : (uint64_t)high - low + 1;
    rank->low = s->base + low;
    if (s->codes == NULL || rank->span > dense_limit(n_rows)) {
        return false;
    }
    uint32_t *number = arena_new_array(a, (size_t)rank->span + 1, uint32_t);
    for (uint32_t row = 0; row < n_rows; row++) {
        if (takes_part(rows, row)) {
            number[(s->codes[row] ^ s->flip) - low] = 1;
        }
    }
    for (uint64_t i = 0; i < rank->span; i++) {
        rank->n += number[i];
        number[i] = number[i] ? rank->n : 0;
    }
    rank->number = number;
    return true;
}

/* Numbers the values of every column. Gives the number of addresses that they make
 * together; 0: too many. */
static uint64_t rank_columns(struct arena *a, struct keyidx *k, const uint8_t *rows,
                             struct small_codes *small, struct arena *scratch)
{
    uint64_t size = 1;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        const struct table_column *c = &k->table->columns[k->columns[i]];
        small[i] = small_codes(c, rows, k->n_rows, scratch);
        if (!rank_column(a, &k->rank[i], &small[i], rows, k->n_rows) ||
            size * k->rank[i].n > dense_limit(k->n_rows)) {
            return 0;
        }
        size *= k->rank[i].n ? k->rank[i].n : 1;
    }
    return size;
}

static uint32_t hash_codes(const struct keyidx *k, const uint64_t *codes)
{
    uint64_t h = 0x9E3779B97F4A7C15u;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        h = (h ^ codes[i]) * 0xD6E8FEB86659FD93u;
        h ^= h >> 32;
    }
    return (uint32_t)h;
}

static bool row_has_codes(const struct keyidx *k, uint32_t row, const uint64_t *codes)
{
    for (uint32_t i = 0; i < k->n_columns; i++) {
        if (key_code_cell(&k->table->columns[k->columns[i]], row) != codes[i]) {
            return false;
        }
    }
    return true;
}

/* Slot where a group with these codes is, or the empty one where it belongs. */
static uint32_t slot_of(const struct keyidx *k, const uint64_t *codes, uint32_t hash)
{
    uint32_t at = hash & k->slot_mask;

    for (;;) {
        uint32_t group = k->slots[at];
        if (group == GROUP_NONE ||
            (k->hashes[group] == hash && row_has_codes(k, k->first[group], codes))) {
            return at;
        }
        at = (at + 1) & k->slot_mask;
    }
}

static uint32_t find_dense(const struct keyidx *k, const uint64_t *codes)
{
    uint64_t at = 0;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        const struct key_rank *rank = &k->rank[i];
        uint64_t code = codes[i] - rank->low;
        if (codes[i] < rank->low || code >= rank->span || rank->number[code] == 0) {
            return GROUP_NONE;
        }
        at = at * rank->n + rank->number[code] - 1;
    }
    return k->address[at];
}

uint32_t keyidx_find(const struct keyidx *k, const uint64_t *codes)
{
    if (k->is_dense) {
        return find_dense(k, codes);
    }
    return k->slots[slot_of(k, codes, hash_codes(k, codes))];
}

/* Room for n numbers, all UINT32_MAX. */
static uint32_t *filled(struct arena *a, uint64_t n)
{
    size_t bytes = mem_mul((size_t)n + 1, sizeof(uint32_t));

    return memset(arena_resize(a, NULL, 0, bytes), 0xFF, bytes);
}

/* The arrays under construction. Until all rows are in, the rows of a group are a ring,
 * `first` is its last row, and next of that the first one. */
struct numbering {
    uint32_t *first, *next, *group_of;
};

static void join(struct keyidx *k, const struct numbering *m, uint32_t *group,
                 uint32_t row)
{
    if (*group == GROUP_NONE) {
        *group = k->n_groups++;
        m->next[row] = row;
    } else {
        uint32_t last = m->first[*group];
        m->next[row] = m->next[last];
        m->next[last] = row;
    }
    m->first[*group] = row;
    m->group_of[row] = *group;
}

static void open_rings(const struct keyidx *k, const struct numbering *m)
{
    for (uint32_t g = 0; g < k->n_groups; g++) {
        uint32_t last = m->first[g];
        m->first[g] = m->next[last];
        m->next[last] = ROW_NONE;
    }
}

static void number_dense(struct arena *a, struct keyidx *k, const struct numbering *m,
                         const uint8_t *rows, const struct small_codes *small,
                         uint64_t size)
{
    uint32_t *groups = filled(a, size);

    for (uint32_t row = 0; row < k->n_rows; row++) {
        uint64_t at = 0;
        if (!takes_part(rows, row)) {
            continue;
        }
        for (uint32_t i = 0; i < k->n_columns; i++) {
            const struct key_rank *rank = &k->rank[i];
            assert(small[i].codes != NULL);
            uint64_t code = small[i].base + (small[i].codes[row] ^ small[i].flip);
            at = at * rank->n + rank->number[code - rank->low] - 1;
        }
        join(k, m, &groups[at], row);
    }
    k->address = groups;
}

static void number_hashed(struct arena *a, struct keyidx *k, const struct numbering *m,
                          const uint8_t *rows)
{
    uint64_t codes[KEYIDX_COLUMNS];
    uint32_t n_slots = 64;

    while (n_slots < k->n_rows * 2u && n_slots < UINT32_MAX / 4) {
        n_slots *= 2;
    }
    uint32_t *slots = filled(a, n_slots), *hashes = filled(a, k->n_rows);
    k->slots = slots;
    k->hashes = hashes;
    k->slot_mask = n_slots - 1;
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (!takes_part(rows, row)) {
            continue;
        }
        codes_of(k, row, codes);
        uint32_t hash = hash_codes(k, codes);
        uint32_t *group = &slots[slot_of(k, codes, hash)];
        join(k, m, group, row);
        hashes[*group] = hash;
    }
}

const struct keyidx *keyidx_new(struct arena *a, const struct table *t,
                                const uint32_t *columns, uint32_t n_columns,
                                const uint8_t *include)
{
    assert(a && t && n_columns <= KEYIDX_COLUMNS);
    struct keyidx *k = arena_new(a, struct keyidx);
    struct arena *scratch = arena_child(a);
    struct small_codes small[KEYIDX_COLUMNS];

    k->table = t;
    k->n_columns = n_columns;
    k->n_rows = t->n + t->n_absent;
    if (n_columns > 0) {
        memcpy(k->columns, columns, n_columns * sizeof *columns);
    }
    const uint8_t *rows = sort_out_loose(a, k, include, scratch);
    uint64_t size = rank_columns(a, k, rows, small, scratch);
    k->is_dense = size > 0;
    struct numbering m = {
        .first = filled(a, k->is_dense && size < k->n_rows ? size : k->n_rows),
        .next = filled(a, k->n_rows),
        .group_of = filled(a, k->n_rows),
    };
    k->first = m.first;
    k->next = m.next;
    k->group_of = m.group_of;
    if (k->is_dense) {
        number_dense(a, k, &m, rows, small, size);
    } else {
        number_hashed(a, k, &m, rows);
    }
    open_rings(k, &m);
    arena_reset(scratch);
    return k;
}

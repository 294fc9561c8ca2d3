/* Building an index is two passes: measure the code range of each column, then number the
 * groups, by direct address when the product of the ranges stays within DENSE_PER_ROW
 * entries a row, else by open addressing with linear probing. Chains are built backwards
 * so that each runs in row order. */
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
    assert(c->state[row] == CELL_OK);
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

/* Rows that take part and have every value; the others that take part are noted as loose.
 */
static uint8_t *measure(struct arena *a, struct keyidx *k, const uint8_t *include)
{
    uint8_t *takes_part = arena_new_array(a, k->n_rows + 1, uint8_t);
    uint32_t *loose = NULL;
    size_t cap = 0;
    uint64_t high[KEYIDX_COLUMNS] = {0};
    uint64_t codes[KEYIDX_COLUMNS];

    for (uint32_t i = 0; i < k->n_columns; i++) {
        k->low[i] = UINT64_MAX;
    }
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (include != NULL && include[row] == 0) {
            continue;
        }
        if (is_loose(k, row)) {
            loose = list_room(a, loose, k->n_loose, &cap, sizeof *loose);
            loose[k->n_loose++] = row;
            continue;
        }
        takes_part[row] = 1;
        codes_of(k, row, codes);
        for (uint32_t i = 0; i < k->n_columns; i++) {
            k->low[i] = codes[i] < k->low[i] ? codes[i] : k->low[i];
            high[i] = codes[i] > high[i] ? codes[i] : high[i];
        }
    }
    for (uint32_t i = 0; i < k->n_columns; i++) {
        k->span[i] = k->low[i] > high[i] ? 0 : high[i] - k->low[i] + 1;
    }
    k->loose = loose;
    return takes_part;
}

/* Number of addresses of a dense index, 0 when that would be too many. */
static uint64_t dense_size(const struct keyidx *k)
{
    uint64_t limit = (uint64_t)k->n_rows * DENSE_PER_ROW + DENSE_MIN;
    uint64_t size = 1;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        if (k->span[i] > limit || __builtin_mul_overflow(size, k->span[i], &size) ||
            size > limit) {
            return 0;
        }
    }
    return size;
}

static uint64_t dense_address(const struct keyidx *k, const uint64_t *codes)
{
    uint64_t at = 0;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        uint64_t digit = codes[i] - k->low[i];
        if (codes[i] < k->low[i] || digit >= k->span[i]) {
            return UINT64_MAX;
        }
        at = at * k->span[i] + digit;
    }
    return at;
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

uint32_t keyidx_find(const struct keyidx *k, const uint64_t *codes)
{
    if (k->is_dense) {
        uint64_t at = dense_address(k, codes);
        return at == UINT64_MAX ? GROUP_NONE : k->address[at];
    }
    return k->slots[slot_of(k, codes, hash_codes(k, codes))];
}

static uint32_t *filled(struct arena *a, uint64_t n, uint32_t value)
{
    uint32_t *p = arena_new_array(a, (size_t)n + 1, uint32_t);

    for (uint64_t i = 0; i <= n; i++) {
        p[i] = value;
    }
    return p;
}

struct numbering {
    uint32_t *address, *slots, *hashes, *first, *group_of;
};

static uint32_t group_number(struct keyidx *k, struct numbering *m, uint32_t row)
{
    uint64_t codes[KEYIDX_COLUMNS];
    uint32_t *cell;
    uint32_t hash = 0;

    codes_of(k, row, codes);
    if (k->is_dense) {
        cell = &m->address[dense_address(k, codes)];
    } else {
        hash = hash_codes(k, codes);
        cell = &m->slots[slot_of(k, codes, hash)];
    }
    if (*cell == GROUP_NONE) {
        *cell = k->n_groups++;
        m->first[*cell] = row;
        if (!k->is_dense) {
            m->hashes[*cell] = hash;
        }
    }
    return *cell;
}

static void number_groups(struct arena *a, struct keyidx *k, const uint8_t *takes_part)
{
    uint64_t size = dense_size(k);
    struct numbering m = {.first = filled(a, k->n_rows, ROW_NONE),
                          .group_of = filled(a, k->n_rows, GROUP_NONE)};

    k->is_dense = size != 0 || k->n_columns == 0;
    if (k->is_dense) {
        m.address = filled(a, size, GROUP_NONE);
    } else {
        uint32_t slots = 64;
        while (slots < k->n_rows * 2u && slots < UINT32_MAX / 4) {
            slots *= 2;
        }
        m.slots = filled(a, slots, GROUP_NONE);
        m.hashes = filled(a, k->n_rows, 0);
        k->slot_mask = slots - 1;
    }
    k->address = m.address;
    k->slots = m.slots;
    k->hashes = m.hashes;
    k->first = m.first;
    k->group_of = m.group_of;
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (takes_part[row]) {
            m.group_of[row] = group_number(k, &m, row);
        }
    }
}

static void chain_rows(struct arena *a, struct keyidx *k)
{
    uint32_t *next = filled(a, k->n_rows, ROW_NONE);
    uint32_t *head = filled(a, k->n_groups, ROW_NONE);

    for (uint32_t row = k->n_rows; row-- > 0;) {
        uint32_t group = k->group_of[row];
        if (group != GROUP_NONE) {
            next[row] = head[group];
            head[group] = row;
        }
    }
    k->next = next;
}

const struct keyidx *keyidx_new(struct arena *a, const struct table *t,
                                const uint32_t *columns, uint32_t n_columns,
                                const uint8_t *include)
{
    assert(a && t && n_columns <= KEYIDX_COLUMNS);
    struct keyidx *k = arena_new(a, struct keyidx);

    k->table = t;
    k->n_columns = n_columns;
    k->n_rows = t->n + t->n_absent;
    if (n_columns > 0) {
        memcpy(k->columns, columns, n_columns * sizeof *columns);
    }
    number_groups(a, k, measure(a, k, include));
    chain_rows(a, k);
    return k;
}

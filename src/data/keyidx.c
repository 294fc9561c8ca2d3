/* Columns are taken one after another, so that each pass is a plain loop over one array.
 * A column whose codes span no more than DENSE_PER_ROW entries a row gets its values
 * numbered through a table; the numbers of all columns together are the address of the
 * group. Where a column spans more, or the addresses would be too many, groups are found
 * by open addressing with linear probing. Chains are built backwards so that each runs in
 * row order. */
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
static void sort_out_loose(struct arena *a, struct keyidx *k, uint8_t *takes_part)
{
    bool is_whole = true;
    uint32_t *loose = NULL;
    size_t cap = 0;

    for (uint32_t i = 0; i < k->n_columns; i++) {
        is_whole = is_whole && k->table->columns[k->columns[i]].is_all_ok;
    }
    if (is_whole && k->table->n_absent == 0) {
        return;
    }
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (takes_part[row] && is_loose(k, row)) {
            takes_part[row] = 0;
            loose = list_room(a, loose, k->n_loose, &cap, sizeof *loose);
            loose[k->n_loose++] = row;
        }
    }
    k->loose = loose;
}

/* Codes of a column, row by row, as 32-bit numbers where they fit; false: they do not. */
static bool small_codes(const struct table_column *c, const uint8_t *takes_part,
                        uint32_t n, uint32_t *out)
{
    switch (c->kind) {
    case VALUE_TEXT:
    case VALUE_CODE:
        memcpy(out, c->id, n * sizeof *out);
        return true;
    case VALUE_DAY:
    case VALUE_PERIOD:
        for (uint32_t row = 0; row < n; row++) {
            out[row] = (uint32_t)key_code_when(c->when[row]);
        }
        return true;
    case VALUE_BOOL:
        for (uint32_t row = 0; row < n; row++) {
            out[row] = c->flag[row];
        }
        return true;
    case VALUE_NUM:
        for (uint32_t row = 0; row < n; row++) {
            uint64_t code =
                takes_part[row] ? key_code_cell(c, row) - key_code_num(num_int(0)) : 0;
            if (code > UINT32_MAX) {
                return false;
            }
            out[row] = (uint32_t)code;
        }
        return true;
    case VALUE_ERROR:
        break;
    }
    return false;
}

/* Added to a 32-bit code to give the key code. */
static uint64_t code_base(const struct table_column *c)
{
    return c->kind == VALUE_NUM ? key_code_num(num_int(0)) : 0;
}

struct ranking {
    struct arena *scratch;
    const uint8_t *takes_part;
    uint32_t *codes;   /* of the column at hand */
    uint32_t *address; /* so far, by row */
    uint64_t size;     /* addresses so far */
    uint64_t limit;
};

/* Numbers the values of column i and works them into the addresses; false: too many of
 * them. */
static bool rank_column(struct arena *a, struct keyidx *k, uint32_t i, struct ranking *r)
{
    const struct table_column *c = &k->table->columns[k->columns[i]];
    struct key_rank *rank = &k->rank[i];
    uint32_t low = UINT32_MAX, high = 0;

    if (!small_codes(c, r->takes_part, k->n_rows, r->codes)) {
        return false;
    }
    for (uint32_t row = 0; row < k->n_rows; row++) {
        uint32_t code = r->codes[row];
        if (r->takes_part[row]) {
            low = code < low ? code : low;
            high = code > high ? code : high;
        }
    }
    rank->span = low > high ? 0 : (uint64_t)high - low + 1;
    rank->low = code_base(c) + low;
    if (rank->span > r->limit) {
        return false;
    }
    uint32_t *number = arena_new_array(a, (size_t)rank->span + 1, uint32_t);
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (r->takes_part[row] && number[r->codes[row] - low] == 0) {
            number[r->codes[row] - low] = ++rank->n;
        }
    }
    rank->number = number;
    if (r->size * rank->n > r->limit) {
        return false;
    }
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (r->takes_part[row]) {
            r->address[row] = r->address[row] * rank->n + number[r->codes[row] - low] - 1;
        }
    }
    r->size *= rank->n;
    return true;
}

/* Addresses of all rows; NULL where they would be too many. */
static const uint32_t *rank_rows(struct arena *a, struct keyidx *k,
                                 const uint8_t *takes_part, struct arena *scratch,
                                 uint64_t *size)
{
    struct ranking r = {.scratch = scratch, .takes_part = takes_part, .size = 1};

    r.limit = (uint64_t)k->n_rows * DENSE_PER_ROW + DENSE_MIN;
    r.codes = arena_new_array(scratch, (size_t)k->n_rows + 1, uint32_t);
    r.address = arena_new_array(scratch, (size_t)k->n_rows + 1, uint32_t);
    for (uint32_t i = 0; i < k->n_columns; i++) {
        if (!rank_column(a, k, i, &r)) {
            return NULL;
        }
    }
    *size = r.size;
    return r.address;
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

static uint32_t *filled(struct arena *a, uint64_t n, uint32_t value)
{
    uint32_t *p = arena_new_array(a, (size_t)n + 1, uint32_t);

    for (uint64_t i = 0; i <= n; i++) {
        p[i] = value;
    }
    return p;
}

struct numbering {
    uint32_t *slots, *hashes, *first, *group_of;
};

static void number_dense(struct arena *a, struct keyidx *k, struct numbering *m,
                         const uint8_t *takes_part, const uint32_t *address,
                         uint64_t size)
{
    uint32_t *groups = filled(a, size, GROUP_NONE);

    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (!takes_part[row]) {
            continue;
        }
        uint32_t *group = &groups[address[row]];
        if (*group == GROUP_NONE) {
            m->first[k->n_groups] = row;
            *group = k->n_groups++;
        }
        m->group_of[row] = *group;
    }
    k->address = groups;
}

static void number_hashed(struct arena *a, struct keyidx *k, struct numbering *m,
                          const uint8_t *takes_part)
{
    uint64_t codes[KEYIDX_COLUMNS];
    uint32_t slots = 64;

    while (slots < k->n_rows * 2u && slots < UINT32_MAX / 4) {
        slots *= 2;
    }
    m->slots = filled(a, slots, GROUP_NONE);
    m->hashes = filled(a, k->n_rows, 0);
    k->slots = m->slots;
    k->hashes = m->hashes;
    k->slot_mask = slots - 1;
    for (uint32_t row = 0; row < k->n_rows; row++) {
        if (!takes_part[row]) {
            continue;
        }
        codes_of(k, row, codes);
        uint32_t hash = hash_codes(k, codes);
        uint32_t *group = &m->slots[slot_of(k, codes, hash)];
        if (*group == GROUP_NONE) {
            m->first[k->n_groups] = row;
            m->hashes[k->n_groups] = hash;
            *group = k->n_groups++;
        }
        m->group_of[row] = *group;
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
    struct arena *scratch = arena_child(a);
    uint64_t size = 0;

    k->table = t;
    k->n_columns = n_columns;
    k->n_rows = t->n + t->n_absent;
    if (n_columns > 0) {
        memcpy(k->columns, columns, n_columns * sizeof *columns);
    }
    uint8_t *takes_part = arena_new_array(scratch, (size_t)k->n_rows + 1, uint8_t);
    for (uint32_t row = 0; row < k->n_rows; row++) {
        takes_part[row] = include == NULL || include[row] != 0;
    }
    sort_out_loose(a, k, takes_part);
    struct numbering m = {.first = filled(a, k->n_rows, ROW_NONE),
                          .group_of = filled(a, k->n_rows, GROUP_NONE)};
    k->first = m.first;
    k->group_of = m.group_of;
    const uint32_t *address = rank_rows(a, k, takes_part, scratch, &size);
    k->is_dense = address != NULL;
    if (k->is_dense) {
        number_dense(a, k, &m, takes_part, address, size);
    } else {
        number_hashed(a, k, &m, takes_part);
    }
    chain_rows(a, k);
    arena_reset(scratch);
    return k;
}

/* The dictionary: equal texts get equal small numbers.
 *
 * A dictionary has an open-addressed table of {hash, id} and the texts themselves in
 * segments that double in size and never move, so a text that was handed out stays where
 * it is. A text of up to 12 bytes, the usual code or name of a period, sits inside its
 * 16-byte entry; a longer one keeps its first 4 bytes there and the rest in a pool of
 * bytes. Finding a short text thus touches two cache lines: the slot and the entry. The
 * table doubles in place, because an arena never takes memory back. */
#include "base/bytes.h"
#include "base/str.h"

#include <assert.h>
#include <string.h>

#define SLOTS_FIRST 32u
#define GROUP 32u         /* texts looked up together: their cache misses overlap */
#define INLINE_MAX 12u    /* bytes of a text inside its entry */
#define SEGMENT_FIRST 16u /* entries; each further segment has twice as many */
#define SEGMENTS 28u      /* enough for 2^31 slots */
#define POOL_FIRST ((size_t)1 << 10)
#define POOL_LAST ((size_t)256 << 10)

struct entry {
    uint32_t n; /* bytes */
    char head[4];
    union {
        char rest[8]; /* continues `head` when n <= INLINE_MAX */
        const char *p;
    } u;
};

struct slot {
    uint32_t hash;
    uint32_t id; /* DICT_NONE: free */
};

struct dict {
    struct arena *a;
    struct slot *slots;
    uint32_t n_slots; /* a power of two */
    uint32_t count;
    uint32_t last; /* id given last: texts tend to repeat, or to come in the order they
                      came before */
    char *pool;    /* free bytes for long texts */
    size_t pool_room;
    size_t pool_size; /* of the next pool block */
    struct entry *segments[SEGMENTS];
};

static_assert(sizeof(struct entry) == 16 || sizeof(void *) != 8,
              "four entries a cache line");
static_assert(offsetof(struct entry, u) == offsetof(struct entry, head) + 4,
              "head and rest are one run of bytes");

static struct entry *entry_at(const struct dict *d, uint32_t id)
{
    uint64_t place = (uint64_t)id + SEGMENT_FIRST;
    unsigned top = 63u - (unsigned)__builtin_clzll(place);
    return d->segments[top - 4] + (place - (UINT64_C(1) << top));
}

static_assert(SEGMENT_FIRST == 1u << 4, "entry_at counts segments from 2^4");

static const char *entry_bytes(const struct entry *e)
{
    return e->n <= INLINE_MAX ? (const char *)e + offsetof(struct entry, head) : e->u.p;
}

static bool entry_is(const struct entry *e, struct str s)
{
    return e->n == s.n && bytes_same(entry_bytes(e), s.p, s.n);
}

static uint32_t short_hash(struct str s)
{
    return (uint32_t)bytes_hash(s.p, s.n);
}

static void place_id(struct dict *d, uint32_t hash, uint32_t id)
{
    uint32_t mask = d->n_slots - 1;
    uint32_t i = hash & mask;
    while (d->slots[i].id != DICT_NONE) {
        i = (i + 1) & mask;
    }
    d->slots[i] = (struct slot){hash, id};
}

/* Twice as many slots: each id is taken out and put in again, in the order of the slots
 * from behind a free one. What was put in already is then never behind what is still to
 * be moved, so no run of slots is broken, and memory is walked through in three streams.
 */
static void double_slots(struct dict *d)
{
    uint32_t old = d->n_slots;
    memset(d->slots + old, 0xFF, old * sizeof(struct slot)); /* every id DICT_NONE */
    d->n_slots = old * 2;
    uint32_t gap = 0;
    while (d->slots[gap].id != DICT_NONE) {
        gap++;
    }
    for (uint32_t i = 1; i < old; i++) {
        struct slot *from = &d->slots[(gap + i) & (old - 1)];
        struct slot moved = *from;
        if (moved.id != DICT_NONE) {
            from->id = DICT_NONE;
            place_id(d, moved.hash, moved.id);
        }
    }
}

static void grow_slots(struct dict *d)
{
    size_t old = d->n_slots;
    size_t wanted = old ? mem_mul(old, 2) : SLOTS_FIRST;
    if (wanted > UINT32_C(1) << 31) {
        wanted = SIZE_MAX; /* more than ids can count is more than memory holds */
    }
    d->slots = arena_resize(d->a, d->slots, old * sizeof(struct slot),
                            mem_mul(wanted, sizeof(struct slot)));
    if (old > 0) {
        double_slots(d);
        return;
    }
    memset(d->slots, 0xFF, SLOTS_FIRST * sizeof(struct slot));
    d->n_slots = SLOTS_FIRST;
}

static const char *pool_copy(struct dict *d, struct str s)
{
    if (s.n > d->pool_room) {
        if (s.n >= POOL_LAST / 4) {
            return str_copy(d->a, s).p; /* not worth leaving the rest of a pool unused */
        }
        d->pool_size = d->pool_size < POOL_LAST ? d->pool_size * 2 : POOL_LAST;
        d->pool_room = s.n > d->pool_size ? s.n : d->pool_size;
        d->pool = arena_resize(d->a, NULL, 0, d->pool_room);
    }
    char *p = d->pool;
    memcpy(p, s.p, s.n);
    d->pool += s.n;
    d->pool_room -= s.n;
    return p;
}

static void write_entry(struct dict *d, uint32_t id, struct str s)
{
    uint64_t place = (uint64_t)id + SEGMENT_FIRST;
    if ((place & (place - 1)) == 0) { /* the first of its segment */
        unsigned top = 63u - (unsigned)__builtin_clzll(place);
        d->segments[top - 4] =
            arena_resize(d->a, NULL, 0, mem_mul((size_t)place, sizeof(struct entry)));
    }
    struct entry *e = entry_at(d, id);
    *e = (struct entry){.n = (uint32_t)s.n};
    if (s.n > INLINE_MAX) {
        memcpy(e->head, s.p, sizeof e->head);
        e->u.p = pool_copy(d, s);
    } else if (s.n > 0) {
        memcpy((char *)e + offsetof(struct entry, head), s.p, s.n);
    }
}

struct dict *dict_new(struct arena *a)
{
    struct dict *d = arena_new(a, struct dict);
    d->a = a;
    d->pool_size = POOL_FIRST;
    return d;
}

static uint32_t look_up(const struct dict *d, struct str s, uint32_t hash)
{
    if (d->n_slots == 0) {
        return DICT_NONE;
    }
    uint32_t mask = d->n_slots - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        struct slot slot = d->slots[i];
        if (slot.id == DICT_NONE) {
            return DICT_NONE;
        }
        if (slot.hash == hash && entry_is(entry_at(d, slot.id), s)) {
            return slot.id;
        }
    }
}

static uint32_t add_new(struct dict *d, struct str s, uint32_t hash)
{
    if (d->count >= d->n_slots / 4 * 3) {
        grow_slots(d);
    }
    uint32_t id = d->count;
    write_entry(d, id, s);
    d->count++;
    place_id(d, hash, id);
    return id;
}

static uint32_t add_hashed(struct dict *d, struct str s, uint32_t hash)
{
    uint32_t id = look_up(d, s, hash);
    d->last = id != DICT_NONE ? id : add_new(d, s, hash);
    return d->last;
}

/* Whether s is the text after the last one, or the last one again. */
static bool is_expected(struct dict *d, struct str s)
{
    if (d->last + 1 < d->count && entry_is(entry_at(d, d->last + 1), s)) {
        d->last++;
        return true;
    }
    return d->last < d->count && entry_is(entry_at(d, d->last), s);
}

uint32_t dict_add(struct dict *d, struct str s)
{
    assert(d && (s.p || s.n == 0) && s.n < UINT32_MAX);
    return is_expected(d, s) ? d->last : add_hashed(d, s, short_hash(s));
}

/* Fetches what looking up the hashes will touch, all at once rather than one after
 * another. */
static void fetch_ahead(const struct dict *d, const uint32_t *hashes, size_t n)
{
    if (d->n_slots == 0) {
        return;
    }
    uint32_t mask = d->n_slots - 1;
    for (size_t i = 0; i < n; i++) {
        __builtin_prefetch(&d->slots[hashes[i] & mask]);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t id = d->slots[hashes[i] & mask].id;
        if (id != DICT_NONE) {
            __builtin_prefetch(entry_at(d, id));
        }
    }
}

/* One at a time while the order is the expected one, else a group at a time. */
void dict_add_many(struct dict *d, const struct str *texts, size_t n, uint32_t *ids)
{
    assert(d && (n == 0 || (texts && ids)));
    for (size_t i = 0; i < n;) {
        if (is_expected(d, texts[i])) {
            ids[i++] = d->last;
            continue;
        }
        uint32_t hashes[GROUP];
        size_t group = n - i < GROUP ? n - i : GROUP;
        for (size_t j = 0; j < group; j++) {
            hashes[j] = short_hash(texts[i + j]);
        }
        fetch_ahead(d, hashes, group);
        for (size_t j = 0; j < group; j++, i++) {
            ids[i] = add_hashed(d, texts[i], hashes[j]);
        }
    }
}

uint32_t dict_find(const struct dict *d, struct str s)
{
    assert(d && (s.p || s.n == 0));
    return look_up(d, s, short_hash(s));
}

struct str dict_str(const struct dict *d, uint32_t id)
{
    assert(d && id < d->count);
    const struct entry *e = entry_at(d, id);
    return (struct str){entry_bytes(e), e->n};
}

uint32_t dict_count(const struct dict *d)
{
    assert(d);
    return d->count;
}

/* Arenas over one memory hook.
 *
 * An arena holds two lists. Chunks serve small requests by bumping an offset; they start
 * at 64 KiB and double up to 1 MiB, so a tiny run stays tiny and a big one makes few
 * calls. Large blocks stand alone in a doubly linked list, so that one of them can move
 * under `resize` (realloc, in practice a remap of pages) without touching the others.
 * Under AddressSanitizer the unused rest of a chunk is poisoned and blocks are kept
 * apart, so that an overrun inside a chunk is reported like one of malloc's. */
#include "base/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#if defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define RED_ZONE ((size_t)16) /* bytes kept poisoned behind every small block */
static void poison(const void *p, size_t n)
{
    __asan_poison_memory_region(p, n);
}
static void unpoison(const void *p, size_t n)
{
    __asan_unpoison_memory_region(p, n);
}
#else
#define RED_ZONE ((size_t)0)
static void poison(const void *p, size_t n)
{
    (void)p;
    (void)n;
}
static void unpoison(const void *p, size_t n)
{
    (void)p;
    (void)n;
}
#endif

#define ALIGNMENT alignof(max_align_t)
#define CHUNK_FIRST ((size_t)64 << 10)
#define CHUNK_LAST ((size_t)1 << 20)

struct chunk {
    alignas(max_align_t) struct chunk *next;
    size_t size; /* bytes behind this header */
};

struct large {
    alignas(max_align_t) struct large *next;
    struct large *prev; /* NULL: the first in the arena's list */
    size_t size;        /* bytes behind this header */
};

struct arena {
    struct mem_hook hook;
    struct chunk *chunk; /* the one being filled; older ones follow it */
    size_t filled;       /* bytes of `chunk` in use */
    size_t chunk_size;   /* of the next chunk */
    struct large *large;
    struct arena *children, *sibling; /* closed with this one; next child of the parent */
    size_t used;
};

static_assert(ARENA_LARGE + 64 < CHUNK_FIRST, "a small request must fit a fresh chunk");

static void *libc_resize(void *context, void *old, size_t old_size, size_t size)
{
    (void)context;
    (void)old_size;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

static void libc_oom(void *context, size_t wanted)
{
    (void)context;
    (void)wanted;
    abort();
}

const struct mem_hook mem_libc_hook = {.resize = libc_resize, .oom = libc_oom};

size_t mem_mul(size_t a, size_t b)
{
    size_t product;
    return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

size_t mem_add(size_t a, size_t b)
{
    size_t sum;
    return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

/* The hook's memory, or no return. A size above PTRDIFF_MAX is an overflow caught
 * earlier. */
static void *take(const struct mem_hook *hook, void *old, size_t old_size, size_t size)
{
    void *p =
        size <= PTRDIFF_MAX ? hook->resize(hook->context, old, old_size, size) : NULL;
    if (!p) {
        hook->oom(hook->context, size);
        abort(); /* an oom that returns breaks its contract */
    }
    return p;
}

static void give(const struct mem_hook *hook, void *p, size_t size)
{
    hook->resize(hook->context, p, size, 0);
}

static unsigned char *chunk_bytes(struct chunk *c)
{
    return (unsigned char *)(c + 1);
}

static void chunk_give(const struct arena *a, struct chunk *c)
{
    unpoison(chunk_bytes(c), c->size);
    give(&a->hook, c, sizeof *c + c->size);
}

static void new_chunk(struct arena *a)
{
    size_t size = a->chunk_size - sizeof(struct chunk);
    struct chunk *c = take(&a->hook, NULL, 0, a->chunk_size);
    *c = (struct chunk){.next = a->chunk, .size = size};
    poison(chunk_bytes(c), size);
    a->chunk = c;
    a->filled = 0;
    if (a->chunk_size < CHUNK_LAST) {
        a->chunk_size *= 2;
    }
}

static void link_large(struct arena *a, struct large *l)
{
    if (l->prev) {
        l->prev->next = l;
    } else {
        a->large = l;
    }
    if (l->next) {
        l->next->prev = l;
    }
}

static void *new_large(struct arena *a, size_t size)
{
    struct large *l = take(&a->hook, NULL, 0, mem_add(sizeof *l, size));
    *l = (struct large){.next = a->large, .size = size};
    link_large(a, l);
    return l + 1;
}

static void *resize_large(struct arena *a, void *old, size_t size)
{
    struct large *l = (struct large *)old - 1;
    if (size <= l->size) {
        return old; /* it was shrunk before: the room is still there */
    }
    l = take(&a->hook, l, sizeof *l + l->size, mem_add(sizeof *l, size));
    l->size = size;
    link_large(a, l);
    return l + 1;
}

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/* Memory with whatever is in it. */
static void *raw(struct arena *a, size_t size)
{
    a->used = mem_add(a->used, size);
    if (size >= ARENA_LARGE) {
        return new_large(a, size);
    }
    size_t room = aligned(size ? size : 1) + RED_ZONE;
    if (!a->chunk || a->chunk->size - a->filled < room) {
        new_chunk(a);
    }
    unsigned char *p = chunk_bytes(a->chunk) + a->filled;
    a->filled += room;
    unpoison(p, size);
    return p;
}

/* Grows the block that was carved last, where its chunk has room for that. */
static bool grow_last(struct arena *a, const unsigned char *old, size_t old_size,
                      size_t size)
{
    if (!a->chunk || size >= ARENA_LARGE) {
        return false;
    }
    size_t old_room = aligned(old_size ? old_size : 1) + RED_ZONE;
    size_t room = aligned(size) + RED_ZONE;
    if (old_room > a->filled || old != chunk_bytes(a->chunk) + (a->filled - old_room) ||
        a->chunk->size - a->filled < room - old_room) {
        return false;
    }
    a->filled += room - old_room;
    a->used += size - old_size;
    unpoison(old, size);
    return true;
}

struct arena *arena_open(const struct mem_hook *hook)
{
    assert(hook && hook->resize && hook->oom);
    struct arena *a = take(hook, NULL, 0, sizeof *a);
    *a = (struct arena){.hook = *hook, .chunk_size = CHUNK_FIRST};
    return a;
}

static void give_large(struct arena *a)
{
    for (struct large *l = a->large, *next; l; l = next) {
        next = l->next;
        give(&a->hook, l, sizeof *l + l->size);
    }
    a->large = NULL;
}

static void give_chunks(struct arena *a, struct chunk *first)
{
    for (struct chunk *c = first, *next; c; c = next) {
        next = c->next;
        chunk_give(a, c);
    }
}

/* Children are few and their children none, so this recursion is one deep in practice. */
static void close_children(struct arena *a)
{
    struct arena *next;

    for (struct arena *child = a->children; child; child = next) {
        next = child->sibling;
        arena_close(child);
    }
    a->children = NULL;
}

struct arena *arena_child(struct arena *a)
{
    assert(a);
    struct arena *child = arena_open(&a->hook);

    child->sibling = a->children;
    a->children = child;
    return child;
}

void arena_close(struct arena *a)
{
    if (!a) {
        return;
    }
    close_children(a);
    give_large(a);
    give_chunks(a, a->chunk);
    struct mem_hook hook = a->hook;
    give(&hook, a, sizeof *a);
}

void arena_reset(struct arena *a)
{
    assert(a);
    close_children(a);
    give_large(a);
    if (a->chunk) {
        give_chunks(a, a->chunk->next);
        a->chunk->next = NULL;
        poison(chunk_bytes(a->chunk), a->chunk->size);
    }
    a->filled = 0;
    a->used = 0;
}

size_t arena_used(const struct arena *a)
{
    assert(a);
    return a->used;
}

void *arena_alloc(struct arena *a, size_t size)
{
    assert(a);
    return memset(raw(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    return arena_alloc(a, mem_mul(n, size));
}

void *arena_resize(struct arena *a, void *old, size_t old_size, size_t size)
{
    assert(a && (old || old_size == 0));
    if (old && size <= old_size) {
        return old;
    }
    if (old && old_size >= ARENA_LARGE) {
        a->used = mem_add(a->used, size - old_size);
        return resize_large(a, old, size);
    }
    if (old && grow_last(a, old, old_size, size)) {
        return old;
    }
    void *p = raw(a, size);
    if (old_size) {
        memcpy(p, old, old_size);
    }
    return p;
}

void *list_room(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
    assert(cap && n <= *cap && size > 0);
    if (n < *cap) {
        return items;
    }
    size_t wanted = *cap ? mem_mul(*cap, 2) : 8;
    items = arena_resize(a, items, mem_mul(*cap, size), mem_mul(wanted, size));
    *cap = wanted;
    return items;
}

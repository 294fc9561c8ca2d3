/* Arenas: memory with a lifetime instead of an owner.
 *
 * Four lifetimes exist (session, rules, run, batch); each is one arena. Whoever passes
 * the arena owns the result; nothing is freed piece by piece. Small requests are carved
 * from chunks; a request of ARENA_LARGE bytes or more gets a block of its own, so that
 * arena_resize can grow it in place. All memory comes from one hook. When it is exhausted
 * the hook's `oom` is called and must not return (the run unwinds to the API), so no
 * allocation here ever gives NULL. */
#ifndef SOAT_BASE_MEM_H
#define SOAT_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define ARENA_LARGE ((size_t)32768) /* bytes */

/* Where memory comes from. `resize` behaves like realloc; size 0 frees and gives NULL. */
struct mem_hook {
    void *(*resize)(void *context, void *old, size_t old_size, size_t size);
    void (*oom)(void *context, size_t wanted); /* must not return */
    void *context;
};

struct arena;

extern const struct mem_hook mem_libc_hook; /* realloc and free; oom aborts */

struct arena *arena_open(const struct mem_hook *hook);
/* An arena that may be reset on its own and is closed with `a` (or when `a` is reset). */
struct arena *arena_child(struct arena *a);
void arena_close(struct arena *a); /* NULL is allowed */
void arena_reset(struct arena *a); /* forgets everything, keeps one chunk for reuse */
size_t arena_used(const struct arena *a); /* bytes handed out */

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size); /* overflow is caught */

/* Grows a block that came from `a`; the old pointer is dead. New bytes are NOT zeroed. */
void *arena_resize(struct arena *a, void *old, size_t old_size, size_t size);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_array(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/* Makes room for one more item in a growable array that lives in `a`: doubles *cap when n
 * == *cap. Use: items = list_room(a, items, n, &cap, sizeof *items); items[n++] = x; */
void *list_room(struct arena *a, void *items, size_t n, size_t *cap, size_t size);

/* Arithmetic on sizes that come from input. What does not fit becomes SIZE_MAX, which no
 * arena grants: asking for it calls the hook's oom. */
size_t mem_mul(size_t a, size_t b);
size_t mem_add(size_t a, size_t b);

#endif

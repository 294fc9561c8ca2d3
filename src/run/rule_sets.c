#include "run/rule_sets.h"

#include <assert.h>

#define FOLDERS_MAX 10000 /* below one that was named */

/* Links may lead back to where they come from, so no folder is entered twice. */
struct folders {
    struct str *items;
    struct stamp *stamps;
    size_t n, cap, cap_stamps;
};

static void add_folder(struct run *r, struct folders *all, struct str path)
{
    struct stamp s = stamp_of(path_z(r->arena, path));
    for (size_t i = 0; i < all->n; i++) {
        if (stamp_is_same_file(&s, &all->stamps[i])) {
            return;
        }
    }
    if (!s.is_folder || all->n == FOLDERS_MAX) {
        return;
    }
    all->items = list_room(r->arena, all->items, all->n, &all->cap, sizeof *all->items);
    all->stamps =
        list_room(r->arena, all->stamps, all->n, &all->cap_stamps, sizeof *all->stamps);
    all->items[all->n] = path;
    all->stamps[all->n++] = s;
}

static size_t list_of(struct run *r, struct str folder, const char *pattern,
                      struct str **out)
{
    struct str all = path_join(r->arena, path_escaped(r->arena, folder), str_of(pattern));
    return files_glob(r->files, r->arena, all.p, out);
}

size_t rule_files_below(struct run *r, struct str folder, struct str **out)
{
    assert(r && folder.p && out);
    struct folders all = {0};
    size_t n = 0, cap = 0;
    *out = NULL;
    add_folder(r, &all, folder);
    for (size_t i = 0; i < all.n; i++) {
        struct str *found;
        size_t n_found = list_of(r, all.items[i], "*.soat", &found);
        for (size_t k = 0; k < n_found; k++) {
            *out = list_room(r->arena, *out, n, &cap, sizeof **out);
            (*out)[n++] = found[k];
        }
        n_found = list_of(r, all.items[i], "*/", &found);
        for (size_t k = 0; k < n_found; k++) {
            add_folder(r, &all, str_cut(found[k], 0, found[k].n - 1));
        }
    }
    return n;
}

/* Those that no file uses; of files that use each other in a circle, all. */
static size_t unused_files(struct run *r, struct str *files, size_t n)
{
    struct dict *used = dict_new(r->arena);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct rules rules = {.arena = r->arena,
                              .files = r->files,
                              .config = r->config,
                              .diags = diags_new(r->arena)};
        struct str *uses;
        size_t n_uses = rules_uses(&rules, files[i], &uses);
        for (size_t k = 0; k < n_uses; k++) {
            dict_add(used, uses[k]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        const char *real = path_real(r->arena, path_z(r->arena, files[i]));
        if (!real || dict_find(used, str_of(real)) == DICT_NONE) {
            files[kept++] = files[i];
        }
    }
    return kept ? kept : n;
}

size_t rule_sets_of(struct run *r, struct str path, struct str **out)
{
    assert(r && r->arena && r->files && r->diags && path.p && out);
    struct str *found = NULL;
    *out = arena_new(r->arena, struct str);
    **out = str_copy(r->arena, path);
    if (!stamp_of((*out)->p).is_folder || list_of(r, path, "*.soat", &found) == 1) {
        return 1;
    }
    size_t n = rule_files_below(r, path, out);
    if (n == 0) {
        diag_file(r->diags, DIAG_ID_USE_NO_RULE_FILES, path, 0);
        return 0;
    }
    return unused_files(r, *out, n);
}

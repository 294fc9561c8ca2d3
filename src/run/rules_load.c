/* Follows `use` depth first. A file whose own uses are still being followed is open; to
 * reach an open file again is a circle, and the chain of users tells its members. What a
 * file that cannot be read would have declared is not known: then nothing is said of
 * names that nobody declares. */
#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "run/rules_load.h"

#include "base/sha256.h"
#include "lang/check.h"
#include "lang/parse.h"
#include "run/library.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

static void hash(struct str text, char hex[65])
{
    struct sha256 sha;
    unsigned char digest[32];
    sha256_begin(&sha);
    sha256_add(&sha, text.p, text.n);
    sha256_end(&sha, digest);
    sha256_hex(digest, sizeof digest, hex);
}

const struct rule_file *rules_file(const struct rules *r, uint32_t src)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->items[i]->src == src) {
            return r->items[i];
        }
    }
    return NULL;
}

static struct rule_file *known_file(const struct rules *r, struct str real)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_eq(r->items[i]->real, real)) {
            return r->items[i];
        }
    }
    return NULL;
}

static struct str library(struct rules *r)
{
    if (!r->has_looked_for_library) {
        r->has_looked_for_library = true;
        r->library = library_folder(r->arena, r->config);
    }
    return r->library;
}

struct str rules_path(struct rules *r, uint32_t src, bool from_library, struct str path,
                      struct str *shown)
{
    assert(r && shown);
    if (from_library) {
        struct str folder = library(r);
        *shown = path_join(r->arena, STR(LIBRARY_SHOWN "/"), path);
        return folder.p ? path_join(r->arena, folder, path) : STR_NONE;
    }
    const struct rule_file *f = rules_file(r, src);
    assert(f);
    *shown = path_join(r->arena, path_folder(f->shown), path);
    return path.n && path.p[0] == '/' ? path
                                      : path_join(r->arena, path_folder(f->path), path);
}

static enum file_status read_rules(struct rules *r, struct rule_file *f, int *error)
{
    struct str text = STR("");
    enum file_status status =
        file_bytes(r->files, r->arena, f->path.p, PARSE_MAX_BYTES, &text, error);
    if (status != FILE_OK) {
        return status;
    }
    hash(text, f->sha256);
    f->src = sources_add(r->sources, f->shown, text);
    r->items = list_room(r->arena, r->items, r->n, &r->cap, sizeof(struct rule_file *));
    r->items[r->n++] = f;
    f->ast = parse_file(r->arena, r->sources, f->src, r->diags);
    return FILE_OK;
}

/* "a.soat → b.soat → a.soat", from the file that is used again down to the one that uses
 * it. */
static struct str circle(struct rules *r, const struct rule_file *again,
                         const struct rule_file *user)
{
    struct text t = text_in(r->arena);
    struct str tail = again->shown;
    for (const struct rule_file *f = user; f != again; f = f->user) {
        struct text longer = text_in(r->arena);
        text_add(&longer, f->shown);
        text_add(&longer, STR(" → "));
        text_add(&longer, tail);
        tail = text_str(&longer);
    }
    text_add(&t, again->shown);
    text_add(&t, STR(" → "));
    text_add(&t, tail);
    return text_str(&t);
}

static struct diag *complain(struct rules *r, enum diag_id id, const struct ast_use *use,
                             struct str about)
{
    struct diag *d = diag_at(r->diags, id, use->path.at);
    d->args[0] = about;
    return d;
}

/* A file that is used cannot be had, nor what it declares. */
static struct diag *complain_gap(struct rules *r, enum diag_id id,
                                 const struct ast_use *use, struct str about)
{
    struct diag *d = complain(r, id, use, about);
    r->has_gaps = true;
    return d;
}

static void follow_uses(struct rules *r, struct rule_file *f);

static void load_used(struct rules *r, struct rule_file *f, const struct ast_use *use)
{
    struct rule_file *known = known_file(r, f->real);
    if (known) {
        if (known->is_open) {
            complain(r, DIAG_ID_USE_CYCLE, use, circle(r, known, f->user));
        }
        return;
    }
    if (r->n == RULE_FILES_MAX) {
        struct text t = text_in(r->arena);
        text_uint(&t, RULE_FILES_MAX);
        complain_gap(r, DIAG_ID_USE_TOO_MANY_FILES, use, text_str(&t));
        return;
    }
    int error = 0;
    enum file_status status = read_rules(r, f, &error);
    if (status != FILE_OK) {
        struct diag *d = complain_gap(r, DIAG_ID_USE_FILE_UNREADABLE, use, f->shown);
        put_error(d, r->arena, error);
        return;
    }
    follow_uses(r, f);
}

static struct str with_ending(struct arena *a, struct str path)
{
    if (str_ends(path, STR(".soat"))) {
        return path;
    }
    struct text t = text_in(a);
    text_add(&t, path);
    text_add(&t, STR(".soat"));
    return text_str(&t);
}

size_t rules_uses(struct rules *r, struct str path, struct str **out)
{
    assert(r && r->arena && r->files && r->config && r->diags && path.p && out);
    struct rule_file f = {.shown = path, .path = str_copy(r->arena, path)};
    int error = 0;
    size_t n = 0;
    r->sources = sources_new(r->arena);
    if (read_rules(r, &f, &error) != FILE_OK) {
        return 0;
    }
    *out = arena_new_array(r->arena, f.ast->n, struct str);
    for (uint32_t i = 0; i < f.ast->n; i++) {
        const struct ast_use *use = &f.ast->decls[i]->u.use;
        if (f.ast->decls[i]->kind != DECL_USE || !path_is_plain(use->path.text)) {
            continue;
        }
        struct str shown, name = with_ending(r->arena, use->path.text);
        struct str used = rules_path(r, f.src, use->from_library, name, &shown);
        const char *real = used.p ? path_real(r->arena, used.p) : NULL;
        if (real) {
            (*out)[n++] = str_of(real);
        }
    }
    return n;
}

static void follow_use(struct rules *r, struct rule_file *user, const struct ast_use *use)
{
    if (!use->path.text.p) {
        return;
    }
    if (!path_is_plain(use->path.text)) {
        complain_gap(r, DIAG_ID_USE_BAD_PATH, use, use->path.text);
        return;
    }
    struct rule_file *f = arena_new(r->arena, struct rule_file);
    struct str name = with_ending(r->arena, use->path.text);
    f->user = user;
    f->path = rules_path(r, user->src, use->from_library, name, &f->shown);
    if (!f->path.p) {
        complain_gap(r, DIAG_ID_USE_NO_LIBRARY, use, use->path.text);
        return;
    }
    f->root = use->from_library ? r->library : user->root;
    f->real = str_of(path_real(r->arena, f->path.p));
    if (!f->real.p) {
        complain_gap(r, DIAG_ID_USE_FILE_MISSING, use, f->shown);
        return;
    }
    if (!path_is_within(f->real, f->root)) {
        complain_gap(r, DIAG_ID_USE_OUTSIDE, use, f->shown);
        return;
    }
    load_used(r, f, use);
}

static void follow_uses(struct rules *r, struct rule_file *f)
{
    f->is_open = true;
    for (uint32_t i = 0; i < f->ast->n; i++) {
        const struct decl *d = f->ast->decls[i];
        if (d->kind == DECL_USE) {
            follow_use(r, f, &d->u.use);
        }
    }
    f->is_open = false;
}

static void tell_unreadable(struct rules *r, struct str shown, int error)
{
    put_error(diag_file(r->diags, DIAG_ID_USE_RULES_UNREADABLE, shown, 0), r->arena,
              error);
}

/* The file that RULES means: itself, or the one *.soat file of a folder. */
static struct str entry_path(struct rules *r, struct str path)
{
    const char *name = path_z(r->arena, path);
    struct stamp s = stamp_of(name);
    if (!s.is_there && errno == EACCES) {
        tell_unreadable(r, path, EACCES);
        return STR_NONE;
    }
    if (!s.is_there) {
        path_hint(diag_file(r->diags, DIAG_ID_USE_RULES_MISSING, path, 0), path);
        return STR_NONE;
    }
    if (!s.is_folder) {
        return str_copy(r->arena, path);
    }
    if (access(name, R_OK | X_OK) != 0) {
        tell_unreadable(r, path, errno);
        return STR_NONE;
    }
    struct str *found = NULL;
    struct str pattern = path_join(r->arena, path_escaped(r->arena, path), STR("*.soat"));
    size_t n = files_glob(r->files, r->arena, pattern.p, &found);
    if (n != 1) {
        struct text t = text_in(r->arena);
        text_uint(&t, n);
        diag_file(r->diags, DIAG_ID_USE_RULES_FOLDER, path, 0)->args[0] = text_str(&t);
        return STR_NONE;
    }
    return found[0];
}

static bool load_entry(struct rules *r, struct str path)
{
    struct rule_file *f = arena_new(r->arena, struct rule_file);
    f->shown = f->path = entry_path(r, path);
    if (!f->path.p) {
        return false;
    }
    int error = 0;
    f->real = str_of(path_real(r->arena, f->path.p));
    enum file_status status = f->real.p ? read_rules(r, f, &error) : FILE_MISSING;
    if (status == FILE_MISSING) {
        path_hint(diag_file(r->diags, DIAG_ID_USE_RULES_MISSING, path, 0), path);
        return false;
    }
    if (status != FILE_OK) {
        tell_unreadable(r, f->shown, error);
        return false;
    }
    if (str_ends(f->path, STR(".csv")) && diags_errors(r->diags) > 0) {
        diag_file(r->diags, DIAG_ID_USE_DATA_AS_RULES, f->shown, 0);
        return false;
    }
    f->root = path_folder(f->real);
    follow_uses(r, f);
    return true;
}

/* Known before the rules are found good, so that their errors speak the right language.
 */
static enum diag_lang language_of(const struct ast_file *file)
{
    for (uint32_t i = 0; i < file->n; i++) {
        const struct decl *d = file->decls[i];
        if (d->kind == DECL_RULESET && d->u.ruleset.language == LANG_EN) {
            return LANG_EN;
        }
    }
    return LANG_VI;
}

/* Whether the diag only says that nobody declares a name. */
static bool is_unknown_name(enum diag_id id)
{
    return id == DIAG_ID_RULE_UNKNOWN_UNIT || id == DIAG_ID_RULE_UNKNOWN_CODELIST ||
           id == DIAG_ID_RULE_UNKNOWN_DATASET || id == DIAG_ID_RULE_UNKNOWN_NAME ||
           id == DIAG_ID_RULE_UNKNOWN_FUNCTION || id == DIAG_ID_RULE_UNKNOWN_FAMILY;
}

static struct diags *without_unknown_names(struct rules *r)
{
    struct diags *kept = diags_new(r->arena);
    for (size_t i = 0; i < diags_count(r->diags); i++) {
        const struct diag *d = diags_get(r->diags, i);
        if (!is_unknown_name(d->id)) {
            *diag_at(kept, d->id, SPAN_NONE) = *d;
        }
    }
    diag_at(kept, DIAG_ID_USE_NAMES_UNCHECKED, SPAN_NONE);
    return kept;
}

bool rules_load(struct rules *r, struct str path)
{
    assert(r && r->arena && r->files && r->config && r->diags && path.p);
    r->sources = sources_new(r->arena);
    if (!load_entry(r, path)) {
        return false;
    }
    r->lang = language_of(r->items[0]->ast);
    struct ast_file **files = arena_new_array(r->arena, r->n, struct ast_file *);
    for (size_t i = 0; i < r->n; i++) {
        files[i] = r->items[i]->ast;
    }
    r->ruleset = check_rules(r->arena, r->sources, files, (uint32_t)r->n, r->diags);
    if (r->has_gaps) {
        r->diags = without_unknown_names(r);
    }
    if (diags_errors(r->diags)) {
        r->ruleset = NULL;
    }
    return r->ruleset != NULL;
}

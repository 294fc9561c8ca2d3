/* Diagnostics: the catalogue as a table, and the sink that collects what was found.
 *
 * A diag stays where it was made, because its maker goes on filling it in while others
 * are added; the sink keeps pointers and sorts those. Sorting compares everything a
 * reader can see, so that two diags are dropped to one only when nobody could tell them
 * apart. */
#include "base/diag.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct diag_info catalogue[] = {
#define DIAG(id, code_, sev, title_vi, title_en, vi, en, about_vi, about_en, remedy_vi,  \
             remedy_en)                                                                  \
    [DIAG_ID_##id] = {                                                                   \
        .code = (code_),                                                                 \
        .title = {(title_vi), (title_en)},                                               \
        .text = {(vi), (en)},                                                            \
        .about = {(about_vi), (about_en)},                                               \
        .remedy = {(remedy_vi), (remedy_en)},                                            \
        .severity = (sev),                                                               \
    },
#include "base/diag.def"
#undef DIAG
};

static_assert(COUNT_OF(catalogue) == DIAG_ID_COUNT, "one row for every id");

struct diags {
    struct arena *a;
    struct diag **items;
    size_t n, cap;
};

const struct diag_info *diag_info(enum diag_id id)
{
    assert((size_t)id < COUNT_OF(catalogue));
    return &catalogue[id];
}

struct diags *diags_new(struct arena *a)
{
    struct diags *d = arena_new(a, struct diags);
    d->a = a;
    return d;
}

struct arena *diags_arena(struct diags *d)
{
    assert(d);
    return d->a;
}

static struct diag *add(struct diags *d, enum diag_id id)
{
    assert(d && (size_t)id < DIAG_ID_COUNT);
    struct diag *new = arena_new(d->a, struct diag);
    new->id = id;
    new->file.byte = UINT64_MAX;
    d->items = list_room(d->a, d->items, d->n, &d->cap, sizeof(struct diag *));
    d->items[d->n++] = new;
    return new;
}

struct diag *diag_at(struct diags *d, enum diag_id id, struct span at)
{
    struct diag *new = add(d, id);
    new->places[0].span = at;
    new->n_places = span_is_none(at) ? 0 : 1;
    return new;
}

struct diag *diag_file(struct diags *d, enum diag_id id, struct str path, uint64_t line)
{
    struct diag *new = diag_at(d, id, SPAN_NONE);
    new->file.path = path;
    new->file.line = line;
    return new;
}

void diag_place(struct diag *d, struct span at, struct str label)
{
    assert(d);
    if (d->n_places < DIAG_PLACES && !span_is_none(at)) {
        d->places[d->n_places++] = (struct diag_place){.span = at, .label = label};
    }
}

size_t diags_count(const struct diags *d)
{
    assert(d);
    return d->n;
}

size_t diags_errors(const struct diags *d)
{
    assert(d);
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        n += catalogue[d->items[i]->id].severity == DIAG_ERROR;
    }
    return n;
}

const struct diag *diags_get(const struct diags *d, size_t i)
{
    assert(d && i < d->n);
    return d->items[i];
}

static int by_number(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_span(struct span a, struct span b)
{
    int order = by_number(a.src, b.src);
    order = order ? order : by_number(a.lo, b.lo);
    return order ? order : by_number(a.hi, b.hi);
}

static int by_file(const struct diag_file *a, const struct diag_file *b)
{
    int order = str_cmp(a->path, b->path);
    order = order ? order : by_number(a->line, b->line);
    return order ? order : by_number(a->byte, b->byte);
}

static int by_words(const struct diag *a, const struct diag *b)
{
    int order = 0;
    for (size_t i = 0; i < DIAG_ARGS && order == 0; i++) {
        order = str_cmp(a->args[i], b->args[i]);
    }
    order = order ? order : str_cmp(a->hint, b->hint);
    return order ? order : str_cmp(a->hint_en, b->hint_en);
}

static int by_places(const struct diag *a, const struct diag *b)
{
    int order = by_number(a->n_places, b->n_places);
    for (size_t i = 0; i < a->n_places && order == 0; i++) {
        order = by_span(a->places[i].span, b->places[i].span);
        order = order ? order : str_cmp(a->places[i].label, b->places[i].label);
    }
    return order;
}

static int by_order(const struct diag *a, const struct diag *b)
{
    int order = by_span(a->places[0].span, b->places[0].span);
    order = order ? order : by_file(&a->file, &b->file);
    order = order ? order : strcmp(catalogue[a->id].code, catalogue[b->id].code);
    order = order ? order : by_words(a, b);
    return order ? order : by_places(a, b);
}

static int by_order_of_items(const void *a, const void *b)
{
    return by_order(*(struct diag *const *)a, *(struct diag *const *)b);
}

void diags_sort(struct diags *d)
{
    assert(d);
    if (d->n < 2) {
        return;
    }
    qsort(d->items, d->n, sizeof(struct diag *), by_order_of_items);
    size_t kept = 1;
    for (size_t i = 1; i < d->n; i++) {
        if (by_order(d->items[kept - 1], d->items[i]) != 0) {
            d->items[kept++] = d->items[i];
        }
    }
    d->n = kept;
}

void diag_did_you_mean(struct diags *d, struct diag *diag, struct str name)
{
    assert(d && diag);
    static const char *const before[2] = {"có phải \"", "did you mean \""};
    static const char *const behind[2] = {"\" không?", "\"?"};
    struct str *const hints[2] = {&diag->hint, &diag->hint_en};
    for (int lang = 0; name.p && lang < 2; lang++) {
        struct text t = text_in(d->a);
        text_add_z(&t, before[lang]);
        text_add(&t, name);
        text_add_z(&t, behind[lang]);
        *hints[lang] = text_str(&t);
    }
}

/* Adds what the template says at p and gives the bytes read: "{0}", "{{", "}}" or one
 * character. */
static size_t fill_one(struct text *out, const char *p, const struct diag *d)
{
    if (p[0] == '{' && p[1] >= '0' && p[1] < '0' + DIAG_ARGS && p[2] == '}') {
        text_add(out, d->args[p[1] - '0']);
        return 3;
    }
    text_char(out, p[0]);
    return (p[0] == '{' || p[0] == '}') && p[1] == p[0] ? 2 : 1;
}

struct str diag_text(struct arena *a, const struct diag *d, enum diag_lang lang)
{
    assert(a && d && (lang == LANG_VI || lang == LANG_EN));
    struct text out = text_in(a);
    for (const char *p = diag_info(d->id)->text[lang]; *p;) {
        p += fill_one(&out, p, d);
    }
    return text_str(&out);
}

struct str diag_outline(struct arena *a, enum diag_id id, enum diag_lang lang)
{
    struct diag d = {.id = id};
    for (size_t i = 0; i < DIAG_ARGS; i++) {
        d.args[i] = STR("…");
    }
    return diag_text(a, &d, lang);
}

/* Code lists in memory.
 *
 * Entries are held in the order they were given, with every text folded once. Three
 * dictionaries chain them by what they are looked up by: their code, their parent, their
 * successor. */
#include "data/codelist.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define END UINT32_MAX

/* Numbers the keys that are texts and chains the entries of each key in order. */
static struct dict *build_chains(struct arena *a, const struct str *keys, uint32_t n,
                                 const uint32_t **first, const uint32_t **next)
{
    struct dict *numbers = dict_new(a);
    uint32_t *head = arena_new_array(a, n, uint32_t);
    uint32_t *tail = arena_new_array(a, n, uint32_t);
    uint32_t *link = arena_new_array(a, n, uint32_t);
    for (uint32_t i = 0; i < n; i++) {
        link[i] = END;
        if (keys[i].n == 0) {
            continue;
        }
        uint32_t known = dict_count(numbers);
        uint32_t number = dict_add(numbers, keys[i]);
        if (number == known) {
            head[number] = i;
        } else {
            link[tail[number]] = i;
        }
        tail[number] = i;
    }
    *first = head;
    *next = link;
    return numbers;
}

static uint32_t chain_start(const struct dict *numbers, const uint32_t *first,
                            struct str key)
{
    uint32_t number = key.n > 0 ? dict_find(numbers, key) : DICT_NONE;
    return number == DICT_NONE ? END : first[number];
}

static struct str fold_text(struct arena *a, struct str s)
{
    return s.p ? str_fold(a, s) : STR_NONE;
}

static void fold_entry(struct arena *a, struct code_entry *e)
{
    struct str *aliases = arena_new_array(a, e->n_aliases, struct str);
    for (uint32_t i = 0; i < e->n_aliases; i++) {
        aliases[i] = str_fold(a, e->aliases[i]);
    }
    e->folded_code = str_fold(a, e->code);
    e->folded_label = fold_text(a, e->label);
    e->folded_into = fold_text(a, e->into);
    e->folded_aliases = aliases;
}

struct codelist *codelist_new(struct arena *a, struct str name,
                              const struct code_entry *entries, uint32_t n)
{
    assert(a && (entries || n == 0));
    struct codelist *l = arena_new(a, struct codelist);
    struct code_entry *copy = arena_new_array(a, n, struct code_entry);
    struct str *codes = arena_new_array(a, n, struct str);
    struct str *parents = arena_new_array(a, n, struct str);
    struct str *successors = arena_new_array(a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        copy[i] = entries[i];
        fold_entry(a, &copy[i]);
        codes[i] = copy[i].folded_code;
        parents[i] = fold_text(a, copy[i].parent);
        successors[i] = copy[i].folded_into;
    }
    l->name = name;
    l->entries = copy;
    l->n = n;
    l->folded = build_chains(a, codes, n, &l->first, &l->next);
    l->groups = build_chains(a, parents, n, &l->children, &l->sibling);
    l->successors = build_chains(a, successors, n, &l->sources, &l->next_source);
    return l;
}

static bool is_valid(const struct code_entry *e, int32_t day)
{
    return e->from <= day && day <= e->to;
}

const struct code_entry *codelist_at(const struct codelist *l, struct str folded_code,
                                     int32_t day)
{
    assert(l);
    for (uint32_t i = chain_start(l->folded, l->first, folded_code); i != END;
         i = l->next[i]) {
        if (is_valid(&l->entries[i], day)) {
            return &l->entries[i];
        }
    }
    return NULL;
}

const struct code_entry *codelist_any(const struct codelist *l, struct str folded_code)
{
    assert(l);
    const struct code_entry *last = NULL;
    for (uint32_t i = chain_start(l->folded, l->first, folded_code); i != END;
         i = l->next[i]) {
        if (!last || l->entries[i].to > last->to) {
            last = &l->entries[i];
        }
    }
    return last;
}

struct str codelist_spelling(struct arena *a, const struct codelist *l,
                             struct str folded_code)
{
    assert(a && l);
    uint32_t i = chain_start(l->folded, l->first, folded_code);
    return i == END ? STR_NONE : utf8_nfc(a, str_trim(l->entries[i].code));
}

bool code_entry_named(const struct code_entry *e, struct str folded_name)
{
    assert(e && folded_name.p);
    if (str_eq(e->folded_label, folded_name)) {
        return true;
    }
    for (uint32_t i = 0; i < e->n_aliases; i++) {
        if (str_eq(e->folded_aliases[i], folded_name)) {
            return true;
        }
    }
    return false;
}

/* The code of the entry that carries this label or alias. */
static struct str code_named(const struct codelist *l, struct str folded_name)
{
    for (uint32_t i = 0; i < l->n && folded_name.n > 0; i++) {
        if (code_entry_named(&l->entries[i], folded_name)) {
            return l->entries[i].code;
        }
    }
    return STR_NONE;
}

/* What slips of the hand leave of a code: "1", "O1", "0l" and "01" look alike. */
static struct str lookalike(struct arena *a, struct str folded)
{
    struct text t = text_in(a);
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i];
        if (c == 'o') {
            c = '0';
        } else if (c == 'l' || c == 'i') {
            c = '1';
        }
        if (c != '0' || t.n > 0 || i + 1 == folded.n) {
            text_char(&t, c);
        }
    }
    return text_str(&t);
}

/* The one code that looks like this one. */
static struct str code_like(struct arena *a, const struct codelist *l, struct str folded)
{
    struct str wanted = lookalike(a, folded);
    const struct code_entry *found = NULL;
    for (uint32_t i = 0; i < l->n && wanted.n > 0; i++) {
        const struct code_entry *e = &l->entries[i];
        if (!str_eq(lookalike(a, e->folded_code), wanted)) {
            continue;
        }
        if (found && !str_eq(found->folded_code, e->folded_code)) {
            return STR_NONE;
        }
        found = found ? found : e;
    }
    return found ? found->code : STR_NONE;
}

/* Short codes are all near one another, so that a guess by spelling would be no help. */
#define LEAST_GUESSED 4u /* characters */

static struct str code_near(struct arena *a, const struct codelist *l, struct str code)
{
    struct str *codes = arena_new_array(a, (size_t)l->n + 1, struct str);
    size_t n = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        codes[n] = l->entries[i].code;
        n += utf8_length(codes[n]) >= LEAST_GUESSED;
    }
    return utf8_length(code) >= LEAST_GUESSED ? str_nearest(code, codes, n) : STR_NONE;
}

struct str codelist_suggest(struct arena *a, const struct codelist *l, struct str code)
{
    assert(a && l);
    struct str folded = str_fold(a, code);
    struct str found = code_named(l, folded);
    found = found.p ? found : code_like(a, l, folded);
    return found.p ? found : code_near(a, l, code);
}

/* A growing list of entries in an arena. */
struct found {
    struct arena *a;
    const struct code_entry **items;
    size_t n, cap;
};

static void add_found(struct found *f, const struct code_entry *e)
{
    size_t size =
        sizeof *f->items; /* NOLINT(bugprone-sizeof-expression): items are pointers */
    f->items = list_room(f->a, f->items, f->n, &f->cap, size);
    f->items[f->n++] = e;
}

/* Adds what goes over into e directly; an entry ends the day before its successor takes
 * over, so a chain of them leads back in time and ends. */
static void add_sources(const struct codelist *l, const struct code_entry *e,
                        struct found *out)
{
    uint32_t i = chain_start(l->successors, l->sources, e->folded_code);
    for (; i != END; i = l->next_source[i]) {
        const struct code_entry *source = &l->entries[i];
        if (source->to != DAY_MAX && source->from <= source->to &&
            is_valid(e, source->to + 1)) {
            add_found(out, source);
        }
    }
}

size_t codelist_predecessors(const struct codelist *l, const struct code_entry *e,
                             int32_t day, struct arena *a, const struct code_entry ***out)
{
    assert(l && e && a && out);
    struct found open = {.a = a}, found = {.a = a};
    add_sources(l, e, &open);
    for (size_t i = 0; i < open.n; i++) {
        const struct code_entry *source = open.items[i];
        if (is_valid(source, day)) {
            add_found(&found, source);
        } else if (day < source->from) {
            add_sources(l, source, &open);
        }
    }
    *out = found.items;
    return found.n;
}

/* The next child from entry i on that is valid on the day. */
static uint32_t valid_child(const struct codelist *l, uint32_t i, int32_t day)
{
    while (i != END && day != DAY_MAX && !is_valid(&l->entries[i], day)) {
        i = l->sibling[i];
    }
    return i;
}

static uint32_t first_child(const struct codelist *l, struct str folded_group,
                            int32_t day)
{
    return valid_child(l, chain_start(l->groups, l->children, folded_group), day);
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

size_t codelist_members(const struct codelist *l, struct str folded_group, int32_t day,
                        bool children_only, struct arena *a, struct str **out)
{
    assert(l && a && out);
    uint32_t n_codes = dict_count(l->folded);
    bool *is_seen = arena_new_array(a, n_codes, bool);
    struct str *open = arena_new_array(a, (size_t)n_codes + 1, struct str);
    struct str *members = arena_new_array(a, n_codes, struct str);
    size_t n_open = 0, n = 0;
    open[n_open++] = folded_group;
    while (n_open > 0) {
        uint32_t i = first_child(l, open[--n_open], day);
        for (; i != END; i = valid_child(l, l->sibling[i], day)) {
            struct str code = l->entries[i].folded_code;
            uint32_t number = dict_find(l->folded, code);
            if (number == DICT_NONE || is_seen[number]) {
                continue;
            }
            is_seen[number] = true;
            if (!children_only && first_child(l, code, day) != END) {
                open[n_open++] = code;
            } else {
                members[n++] = codelist_spelling(a, l, code);
            }
        }
    }
    if (n > 0) {
        qsort(members, n, sizeof *members, by_text);
    }
    *out = members;
    return n;
}

/* Diagnostics: what is wrong in a rule file, an input or the world, as plain data.
 *
 * diag.def is the one catalogue: code, severity, and in Vietnamese and English title,
 * template, and what `soat explain` says: what it means and when it comes, and what to do
 * about it. A template's {0} … {3} are the arguments.
 * A diag knows no output format; `report` draws it. Nothing stops at a diag: the caller
 * decides what is poisoned and goes on. */
#ifndef SOAT_BASE_DIAG_H
#define SOAT_BASE_DIAG_H

#include "base/source.h"

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_INFO };

enum diag_lang { LANG_VI, LANG_EN };

enum diag_id {
#define DIAG(id, ...) DIAG_ID_##id,
#include "base/diag.def"
#undef DIAG
    DIAG_ID_COUNT
};

#define DIAG_ARGS 4
#define DIAG_PLACES 4

struct diag_place {
    struct span span;
    struct str label; /* what is said beside the mark; may be STR_NONE */
};

/* A place outside the rule texts: a data file, with an optional line and byte. */
struct diag_file {
    struct str path; /* p NULL: none */
    uint64_t line;   /* from 1; 0 = none */
    uint64_t byte;   /* from 0; UINT64_MAX = none */
};

struct diag {
    enum diag_id id;
    struct str args[DIAG_ARGS];
    struct diag_place places[DIAG_PLACES]; /* the first is the primary one */
    uint32_t n_places;
    struct diag_file file;
    struct str hint; /* the remedy in words, in Vietnamese; STR_NONE: none */
    struct str hint_en;
};

struct diag_info {
    const char *code, *title[2], *text[2], *about[2], *remedy[2];
    enum diag_severity severity;
};

const struct diag_info *diag_info(enum diag_id id);

struct diags;
struct diags *diags_new(struct arena *a);
struct arena *diags_arena(struct diags *d);
/* A new diag in the sink, with its primary place; the caller fills in the rest. Never
 * NULL. Texts are borrowed and must live as long as the sink's arena. */
struct diag *diag_at(struct diags *d, enum diag_id id, struct span at);
struct diag *diag_file(struct diags *d, enum diag_id id, struct str path, uint64_t line);
void diag_place(struct diag *d, struct span at, struct str label); /* one more place */
/* The remedy "did you mean "x"?" in both languages; nothing when there is no name (p
 * NULL). */
void diag_did_you_mean(struct diags *d, struct diag *diag, struct str name);
size_t diags_count(const struct diags *d);
size_t diags_errors(const struct diags *d);
/* In order of their making, or as diags_sort left them. */
const struct diag *diags_get(const struct diags *d, size_t i);
/* By source, position, code; those not in a source come last, by file. Identical ones are
 * kept once. */
void diags_sort(struct diags *d);
/* The message in one language: its template with {0} … {3} filled in. */
struct str diag_text(struct arena *a, const struct diag *d, enum diag_lang lang);
/* The message of every such diag: its template with … where the arguments go. */
struct str diag_outline(struct arena *a, enum diag_id id, enum diag_lang lang);

#endif

/* Code lists: codes with labels, aliases, validity, successors and a hierarchy. An entity
 * is a code at a time, so one code may have several entries that follow one another.
 * Codes and labels compare folded. */
#ifndef SOAT_DATA_CODELIST_H
#define SOAT_DATA_CODELIST_H

#include "base/diag.h"
#include "value/date.h"

struct code_entry {
    struct str code, label;
    const struct str *aliases; /* of the label */
    uint32_t n_aliases;
    int32_t from, to;  /* days, inclusive; DAY_MIN, DAY_MAX: open */
    struct str into;   /* successor's code, valid from to + 1; STR_NONE */
    struct str parent; /* STR_NONE */
    uint64_t line;     /* of the CSV; 0 inline */
    /* The rest is filled in by codelist_new. */
    struct str folded_code, folded_label, folded_into;
    const struct str *folded_aliases;
};

struct codelist {
    struct str name;
    const struct code_entry *entries; /* in order of the file; a folded copy */
    uint32_t n;
    struct dict *folded;   /* folded code -> number; `first`/`next` chain its entries */
    const uint32_t *first; /* by number in `folded` */
    const uint32_t *next;  /* by entry; UINT32_MAX ends; in order of the file */
    struct dict *groups;   /* folded parent -> number; `children`/`sibling` chain the
                              entries below it */
    const uint32_t *children; /* by number in `groups` */
    const uint32_t *sibling;  /* by entry; UINT32_MAX ends */
    struct dict *successors; /* folded `into` -> number; `sources`/`next_source` chain who
                                goes over into it */
    const uint32_t *sources;
    const uint32_t *next_source;
};

/* Builds the chains over a copy of `entries`, whose texts are borrowed. */
struct codelist *codelist_new(struct arena *a, struct str name,
                              const struct code_entry *entries, uint32_t n);

/* The entry of a code that is valid on `day`; NULL if unknown or not valid then. */
const struct code_entry *codelist_at(const struct codelist *l, struct str folded_code,
                                     int32_t day);
/* Any entry of the code (the last in time), NULL if unknown. */
const struct code_entry *codelist_any(const struct codelist *l, struct str folded_code);
/* Whether `name` (folded) is the label or an alias of the entry. */
bool code_entry_named(const struct code_entry *e, struct str folded_name);
/* Predecessors of the entity `e` valid on `day` (before e->from): entries whose chain of
 * `into` leads to e. Returns how many; *out lives in `a`. */
size_t codelist_predecessors(const struct codelist *l, const struct code_entry *e,
                             int32_t day, struct arena *a,
                             const struct code_entry ***out);
/* Codes below `group` on `day` (any validity when day is DAY_MAX): direct children, or
 * all leaves. The group need not be a code. Sorted, each once, in the first spelling of
 * the code. */
size_t codelist_members(const struct codelist *l, struct str folded_group, int32_t day,
                        bool children_only, struct arena *a, struct str **out);
/* The first spelling of a code in the list, normalised (NFC); STR_NONE if unknown. */
struct str codelist_spelling(struct arena *a, const struct codelist *l,
                             struct str folded_code);

/* The code that was probably meant by one that the list does not have: of the entry with
 * this label or alias, else the one that differs in leading zeros and in letters that
 * look like digits, else (not for codes of fewer than four characters) the nearest by
 * spelling. STR_NONE: none. */
struct str codelist_suggest(struct arena *a, const struct codelist *l, struct str code);

/* Which column of a CSV holds what; p NULL: none. `code` must be given, `from` and `to`
 * are first and last day of validity (inclusive), `alias` holds aliases joined by ';'.
 * Headers are compared folded. */
struct codelist_columns {
    struct str code, label, alias, from, to, into, parent;
};

/* A list from the decoded text of a CSV file. What is wrong goes to `d` with `path` and
 * line; the rows that are right are kept. Never NULL. Texts are copied. */
struct codelist *codelist_from_csv(struct arena *a, struct str name, struct str text,
                                   const struct codelist_columns *columns,
                                   struct diags *d, struct str path);

#endif

/* A first schema for files that nobody has described: types, what stands for nothing, the
 * number format, a key, ranges, all drawn from the cells.
 *
 * It is made in two readings. The first takes every column as text and chooses types
 * (draft_types); the second loads the same files by them (draft_schema), takes back what
 * was too bold (draft_keep), and settles what needs values (draft_finish). So whatever
 * the draft says was seen to hold by the loader that will check it. */
#ifndef SOAT_DATA_DRAFT_H
#define SOAT_DATA_DRAFT_H

#include "data/table.h"

struct draft_column {
    struct str header; /* as written */
    struct str name;   /* made from it: a word of the rule language, each once */
    enum column_type type;
    const struct str *codes; /* COLUMN_CODE: its values */
    uint32_t n_codes;
    uint32_t digits; /* COLUMN_TEXT: every cell has that many digits and nothing else; 0:
                        it is not so */
    bool is_empty;   /* no cell is filled */
    bool is_optional;
    bool has_range;
    struct num low, high; /* `has_range`, wider than the values */
    enum column_nature nature;
    uint32_t n_odd, n_number; /* text only because of so many cells, while these are
                                 numbers; 0: not so */
    bool is_odd_open;         /* those cells can be read as two numbers */
    struct str odd, odd_file; /* the first of them, and where it stands */
    uint64_t odd_line;
    bool is_off;                /* a totals row does not say what its rows add up to: */
    struct num reported, added; /* this is the first one */
};

#define DRAFT_KEY 8u
#define DRAFT_CODED 8u /* spellings of one kind that a clause lists at the most */

struct draft_texts {
    struct str items[DRAFT_CODED];
    uint32_t n;
};

struct draft {
    struct str name; /* of the data set */
    struct draft_column *columns;
    uint32_t n_columns;
    const struct str *skipped; /* headers that stand twice; nothing is said of their
                                  columns */
    uint32_t n_skipped;
    uint32_t n_nameless;  /* columns without a header, likewise */
    enum numfmt numbers;  /* NUMFMT_AUTO: it makes no difference */
    bool is_format_open;  /* another format would read the same cells as other numbers */
    bool is_format_mixed; /* files are written in different formats */
    bool is_without_totals; /* rows with a totals word are rows like others */
    struct draft_texts missing, zero, na; /* met in number columns, as written */
    uint32_t key[DRAFT_KEY];
    uint32_t n_key;
    bool has_duplicates; /* no few columns tell the rows apart */
    uint32_t totals;     /* column whose cell marks a totals row; ID_NONE */
    struct draft_texts totals_texts;
    uint32_t period; /* a column of the key; ID_NONE */
    uint32_t n_rows;
};

/* `headers` are the cells of the first line; the draft borrows them. `taken` are words
 * that no column may be called; the columns' names are added. */
struct draft *draft_new(struct arena *a, struct str name, const struct str *headers,
                        uint32_t n, struct dict *taken);
/* The schema as the draft stands: at first all text. */
const struct schema *draft_schema(struct arena *a, const struct draft *d);
/* Chooses types, number format and coded texts; `t` was loaded by the first schema. */
void draft_types(struct arena *a, struct draft *d, const struct table *t);
/* Takes back types that cells of `t`, loaded by draft_schema, do not bear; `texts` is the
 * table of the first reading. False: there were some, so load again. */
bool draft_keep(struct draft *d, const struct table *t, const struct table *texts);
/* Key, optional columns, ranges, and what totals rows say. False: they say nothing that
 * is so; the draft is now without totals, and begins with draft_types again. */
bool draft_finish(struct arena *a, struct draft *d, const struct table *t);

/* "triệu đồng" of "Vốn điều lệ (triệu đồng)"; STR_NONE: no bracket at the end. */
struct str draft_unit(struct str header);

/* A word of the rule language for a text: its letters and digits without marks, in lower
 * case, joined by _. Not among `taken`, to which it is added. */
struct str draft_name(struct arena *a, struct str text, struct dict *taken);

#endif

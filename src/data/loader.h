/* The parts of the loader: shared by loader*.c alone. */
#ifndef SOAT_DATA_LOADER_H
#define SOAT_DATA_LOADER_H

#include "data/layout.h"
#include "data/reader.h"
#include "data/table.h"

/* Raw bytes of cells -> what they mean in one column, worked out once per distinct raw
 * text. */
struct raw_entry {
    const char *p; /* the raw bytes; they outlive the map */
    uint32_t n;
    uint32_t hash;   /* of the bytes; filled in by raw_add */
    uint32_t value;  /* id, day, period, flag or enum coded */
    uint32_t follow; /* entry that came after this one last time */
    uint8_t state;   /* enum cell */
    bool is_totals;  /* one of the column's totals texts */
};

struct raw_slot {
    uint32_t hash;  /* of the entry's text, so that most others are told apart here */
    uint32_t entry; /* its number + 1; 0 is free */
};

struct raw_map {
    struct raw_entry *entries;
    struct raw_slot *slots;
    size_t n, cap;   /* entries */
    size_t n_slots;  /* a power of two, or 0 */
    uint32_t last;   /* entry found last */
    uint32_t missed; /* hash of the text not found last */
};

/* A map that is full takes no more: the column has too many distinct texts for it to be
 * of use. */
#define RAW_MAX ((size_t)4 << 20)
static inline bool raw_is_full(const struct raw_map *m)
{
    return m->n >= RAW_MAX;
}

/* NULL if the text is new; it may then be added, at once. */
const struct raw_entry *raw_find(struct raw_map *m, const char *p, size_t n);
const struct raw_entry *raw_add(struct arena *a, struct raw_map *m,
                                const struct raw_entry *e);

/* The coded texts of a schema, folded. */
struct coded_text {
    struct str folded;
    enum coded what;
};

struct coded_texts {
    const struct coded_text *items;
    uint32_t n;
    size_t longest;      /* bytes; a longer cell is none of them */
    bool may_begin[128]; /* by ASCII character */
    bool has_digits; /* one of them has an ASCII digit; else no cell with one is coded */
    struct raw_map seen;
};

void coded_init(struct arena *a, const struct schema *s, struct coded_texts *out);
/* What a trimmed cell says. coded_of remembers what it had to fold; for cells that come
 * again and again. */
enum coded coded_find(struct arena *a, const struct coded_texts *t, struct str cell);
enum coded coded_of(struct arena *a, struct coded_texts *t, struct str cell);

#define DECIMALS_NONE 0xFFu /* uniform_decimals before the first number */
#define SCALE_SHARED 6u     /* the most decimals that a column's coefficients have */

/* One column's cells in one of the two tables, rows and totals rows. While loading, coef
 * is at the scale the cell was written in (`decimals`); finishing brings the column to
 * one scale. */
struct cells {
    struct table_column *column;
    uint32_t shift; /* decimals the held value has beyond the written ones: 2 in a percent
                       column */
    bool is_idle;   /* states alone are kept */
    bool is_waiting;    /* some cell of the file under way has a state WAITS_… */
    struct wide *wides; /* in any order until finished */
    size_t n_wides, cap_wides;
};

enum { TABLE_ROWS, TABLE_TOTALS, TABLES };

/* States of number cells that wait for the end of the file, only while it is loaded:
 * digits, a point or a comma, three digits. The coefficient holds all the digits. */
enum { WAITS_POINT = CELL_COUNT, WAITS_COMMA };

/* A column being loaded. */
struct loading {
    const struct column *of;
    struct cells cells[TABLES];
    bool is_read;  /* the file under way has the column */
    bool is_plain; /* a cell of digits, or digits with a mark, is nothing but a number */
    enum cell absent;         /* else the state of its cells */
    struct raw_entry passing; /* what is worked out when the map is full */
    struct raw_map raws;      /* all types but numbers, and numbers with totals texts */
    const struct codelist *list; /* COLUMN_CODE; NULL: none */
    struct str *totals;          /* folded texts that mark a totals row */
    uint32_t n_totals;
    uint32_t totals_at;    /* number of the mark in schema->totals */
    size_t longest_totals; /* bytes; a longer cell is none of them */
};

/* A number cell of another spelling that waits, as text. */
struct deferred {
    uint32_t column, row;
    uint32_t table; /* TABLE_ROWS or TABLE_TOTALS */
    size_t text;    /* offset in `texts` */
    uint32_t n;
};

/* What a file's cells say about its number format. */
struct evidence {
    unsigned formats; /* bit 1 << enum numfmt: possible by the records taken so far */
    unsigned in_row;  /* by the record under way */
    struct deferred *items;
    size_t n, cap;
    size_t row_start; /* first item of the record under way */
    char *texts;
    size_t n_texts, cap_texts;
};

#define FORMATS_ALL ((1u << NUMFMT_COUNT) - 1u)

struct loader {
    struct arena *a;
    struct load_options options;
    enum numfmt numbers; /* declared, or NUMFMT_AUTO */
    struct table *table;
    struct header_names names;
    struct coded_texts coded;
    struct loading *columns;   /* by schema column */
    uint32_t room[TABLES];     /* rows the arrays have memory for */
    struct record *records;    /* room[TABLE_ROWS] */
    struct totals_row *totals; /* room[TABLE_TOTALS] */

    /* the file under way */
    struct reader *reader; /* NULL: none */
    struct table_file *file;
    uint64_t expected; /* bytes of its text; 0: not known */
    struct layout layout;
    struct loading **by_field; /* per field of the header; NULL: not read */
    struct evidence evidence;
    struct str *header; /* texts while the header is read */
    size_t n_header, cap_header;
    bool has_header;
    uint32_t number;       /* of the last data record */
    uint32_t first_totals; /* totals rows of the files before */
    struct left_out *left_out;
    struct record *bad_records;
    uint32_t *bad_fields;
    size_t cap_left_out, cap_bad_records, cap_bad_fields;
    struct table_file *files;
    size_t cap_files;
    struct spelling *spellings; /* table->n_spellings of them */
    size_t cap_spellings;

    /* the record under way, in row table->n */
    bool is_filled;   /* some cell is not empty */
    bool has_surplus; /* a cell behind the last header field is not empty */
    bool is_totals;
    uint8_t *marks; /* per schema->totals: its text stands there */
};

/* Cells: into row `row`, which is below `room`. */
void cell_put_state(struct cells *c, uint32_t row, enum cell state); /* not CELL_OK */
void cell_put_decimals(struct arena *a, struct cells *c, uint32_t room, uint32_t row,
                       uint32_t decimals);
void cell_put_num(struct arena *a, struct cells *c, uint32_t room, uint32_t row,
                  struct num value, bool is_approximate); /* as held */
void cell_copy(struct arena *a, struct cells *to, uint32_t to_room, uint32_t to_row,
               const struct cells *from, uint32_t row);
/* Takes back a row's side entries, before it is used again. */
void cells_forget(struct cells *c, uint32_t row);
void cells_grow(struct arena *a, struct cells *c, uint32_t room, uint32_t wanted);
void cells_fill(struct cells *c, uint32_t from, uint32_t to, enum cell state);
void cells_finish(struct arena *a, struct cells *c, uint32_t n, uint32_t room);

/* A number as written, in a percent column in percent; inline because most cells come
 * here. */
static inline void cell_put_coef(struct arena *a, struct cells *c, uint32_t room,
                                 uint32_t row, int64_t coef, uint32_t decimals)
{
    struct table_column *t = c->column;
    t->state[row] = CELL_OK;
    if (c->is_idle) {
        return;
    }
    t->coef[row] = coef;
    if (t->decimals || t->uniform_decimals != decimals) {
        cell_put_decimals(a, c, room, row, decimals);
    }
}

/* Numbers: the cell of the record under way; and the end of a file. */
void number_take(struct loader *l, struct loading *c, struct str cell);
/* The usual cells of a column that is_plain: digits, and digits with one mark. False: it
 * is another one. */
bool number_take_simple(struct loader *l, struct loading *c, struct str cell);
static inline bool number_take_plain(struct loader *l, struct loading *c, const char *p,
                                     size_t n)
{
    int64_t value;
    bool is_int = numfmt_read_plain_int(p, n, &value);
    if (is_int) {
        cell_put_coef(l->a, &c->cells[TABLE_ROWS], l->room[TABLE_ROWS], l->table->n,
                      value, 0);
    }
    return is_int;
}

void evidence_begin(struct evidence *e);
void evidence_keep_row(struct evidence *e, uint32_t table, uint32_t row);
void evidence_drop_row(struct evidence *e);
enum numfmt evidence_settle(struct loader *l); /* reads the deferred cells */

#endif

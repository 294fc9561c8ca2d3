/* Typed columns of one data set: the union of its files, const once loaded.
 *
 * Rows are stored in order of (file, record); totals rows are kept apart and never among
 * the rows. Behind the n rows stand n_absent virtual rows, one for each absent cell of
 * the expected grid (`cover`): only their grid columns hold values. A numeric column is
 * int64 coefficients with one scale for the column; values that do not fit stand in
 * `wide`. Text and codes are ids of the run's one dictionary, so that equal texts of any
 * two columns have equal ids: NFC and trimmed for text; the folded code's first spelling
 * in the list for codes. A cell's place is not stored: its record's is, and the record is
 * read again when shown. */
#ifndef SOAT_DATA_TABLE_H
#define SOAT_DATA_TABLE_H

#include "base/diag.h"
#include "data/cell.h"
#include "data/codelist.h"
#include "data/reader.h"
#include "value/type.h"

#define ROW_NONE UINT32_MAX

struct wide {
    uint32_t row;
    struct num value;
};

struct table_column {
    enum value_kind kind;
    bool is_present;      /* some file has the column; otherwise every cell is CELL_EMPTY
                             (optional) or CELL_UNREADABLE */
    bool is_all_ok;       /* all rows are CELL_OK, none is wide, none is virtual */
    bool is_idle;         /* nothing reads its values: the arrays for them are NULL */
    uint8_t *state;       /* enum cell, per row incl. virtual ones */
    uint8_t *approximate; /* per row 0/1; NULL: none is */
    int64_t *coef;        /* VALUE_NUM: value = coef / 10^scale */
    int32_t scale;
    uint8_t *is_wide; /* per row 0/1; NULL: none; then the value is in `wide` (sorted by
                         row) */
    struct wide *wide;
    uint32_t n_wide;
    uint8_t *decimals; /* written decimals per row (12,5 in a percent column has 1);
                          NULL: `uniform_decimals` everywhere */
    uint8_t uniform_decimals;
    /* TEXT, CODE: dictionary ids; for an unknown code the id of its folded text;
     * DICT_NONE where the state is not CELL_OK (the other kinds hold 0 there). */
    uint32_t *id;
    int32_t *when; /* DAY, PERIOD */
    uint8_t *flag; /* BOOL */
};

struct record {
    uint64_t offset; /* of the record in its file's decoded text */
    uint32_t line;   /* physical line (UINT32_MAX: beyond) */
    uint32_t number; /* data record within the file, from 1, totals rows counted */
};

struct left_out {
    uint64_t line;
    enum { LEFT_OUT_TITLE, LEFT_OUT_TOTALS, LEFT_OUT_NOTE, LEFT_OUT_BLANK } why;
};

struct table_file {
    struct str path;      /* as given, for reports */
    const char *encoding; /* name */
    char delimiter;
    enum numfmt numbers; /* settled; AUTO: nothing depended on it, or it stayed open */
    uint64_t bytes;      /* of the decoded text */
    uint64_t records; /* data records: totals rows and bad ones counted, blank ones not */
    uint32_t first_row, n_rows;      /* its rows in the table */
    uint32_t first_totals, n_totals; /* its totals rows */
    const uint32_t *field_of; /* per schema column: field in the record, ID_NONE absent */
    const struct str *unknown_headers;
    const uint32_t *unknown_fields;
    uint32_t n_unknown;
    /* Schema columns. Missing: the header lacks them though they are neither optional nor
     * undefined. Duplicate: named twice, and therefore not read. */
    const uint32_t *missing_columns, *duplicate_columns;
    uint32_t n_missing, n_duplicate;
    const struct left_out *left_out; /* other lines than those of totals rows */
    uint32_t n_left_out;
    const struct record *bad_records; /* wrong number of fields: not loaded */
    const uint32_t *bad_fields;       /* how many they have */
    uint32_t n_bad;
    uint32_t n_header;         /* fields of the header */
    enum reader_status status; /* not OK: reading stopped at error_line */
    uint64_t error_line;
    uint64_t quote_line; /* where the field opens in whose quotes it stopped; 0: none */
    bool is_empty;       /* no header at all */
};

/* A code that its list does not have, as some cell writes it. */
struct spelling {
    uint32_t id, written; /* of the folded text, and of the cell's (NFC, trimmed) */
};

struct totals_row {
    uint32_t file;
    struct record record;
};

struct table {
    const struct schema *schema;
    struct dict *texts; /* the run's dictionary */
    bool is_absent;     /* optional and no file given */
    bool is_truncated;  /* some file could not be read to its end, or some record not at
                           all: what the rows lack may have stood there */
    uint32_t n;         /* rows */
    uint32_t n_absent;  /* virtual rows behind them */
    uint32_t room;      /* rows the columns' arrays have memory for */
    struct table_column *columns; /* by schema column */
    const struct record *records; /* per row */
    const struct table_file *files;
    uint32_t n_files;
    struct table_column *totals_columns; /* the same columns for the totals rows */
    const struct totals_row *totals;
    uint32_t n_totals;
    const struct spelling *spellings; /* of unknown codes, where they are not folded */
    uint32_t n_spellings;
    uint8_t *totals_marks; /* n_totals * schema->n_totals: which key column holds the
                              totals text */
};

/* One value, unpacked. */
struct cell_value {
    uint8_t state; /* enum cell */
    enum value_kind kind;
    bool is_approximate;
    struct num num;
    uint32_t id;
    int32_t when;
    bool flag;
};

struct cell_value table_cell(const struct table_column *c, uint32_t row);
uint32_t table_file_of(const struct table *t, uint32_t row); /* by binary search */
/* The state must be CELL_OK. */
struct num column_num(const struct table_column *c, uint32_t row);

/* Adds n virtual rows behind the rows, once: every column is CELL_ABSENT_ROW there until
 * it is set. */
void table_add_absent(struct arena *a, struct table *t, uint32_t n);
/* Set the value of a virtual row's grid column; its state becomes CELL_OK. */
void table_set_id(struct table *t, uint32_t column, uint32_t row, uint32_t id);
void table_set_when(struct table *t, uint32_t column, uint32_t row, int32_t when);
void table_set_num(struct table *t, uint32_t column, uint32_t row,
                   struct num value); /* must fit the scale */
void table_set_flag(struct table *t, uint32_t column, uint32_t row, bool flag);

/* Loading: one loader per data set; files one after another; then finish. */
struct loader;
struct load_options {
    struct reader_limits limits;
    char delimiter;      /* 0: find it */
    enum numfmt numbers; /* overrides AUTO in the schema; NUMFMT_AUTO: none */
    const struct codelist *const *codelists; /* by id */
    bool only_libcsv;                        /* libcsv takes every line */
    const struct str *asked; /* names of columns whose values are kept though no rule
                                reads them */
    uint32_t n_asked;
};

struct loader *loader_open(struct arena *a, const struct schema *s, struct dict *texts,
                           const struct load_options *o);
/* Begins a file. */
void loader_file(struct loader *l, struct str path, const char *encoding);
/* About how many bytes of text the file has in all: room is then made for its rows at
 * once. */
void loader_expect(struct loader *l, uint64_t bytes);
enum reader_status loader_feed(struct loader *l, const char *utf8, size_t n);
enum reader_status loader_file_end(struct loader *l);
/* Undecodable or unreadable from here on: the table is truncated. */
void loader_file_broken(struct loader *l);
struct table *loader_finish(struct loader *l);

/* One number cell as the loader reads it: also for messages about a cell that it could
 * not. */
struct number_reading {
    unsigned formats; /* bit 1 << enum numfmt where there is a number; 0: unreadable */
    struct num value[NUMFMT_COUNT]; /* of those; a percentage is divided by 100 already */
    enum numfmt_status why;         /* NUMFMT_OK, or why none gives one */
    bool is_misfit; /* a number, but not for this column: a fraction, or not a year */
    bool is_approximate;
    bool has_mark;
};

/* `format` may be NUMFMT_AUTO: every format is tried, and for whole-number columns a
 * reading with decimals is dropped where another has none. Coded cells (missing, zero,
 * na) are not looked at. */
void number_read(const struct column *c, enum numfmt format, struct str cell,
                 struct number_reading *out);
/* The one value of a reading under the formats in `mask` (those of the reading, where
 * none of them is in it); false: there are two. */
bool number_settle(const struct number_reading *r, unsigned mask, struct num *out);
/* What a cell's state would be, and what the coded texts of the schema say: 0, or one of
 * these. */
enum coded { CODED_NONE, CODED_MISSING, CODED_ZERO, CODED_NA };
enum coded schema_coded(struct arena *scratch, const struct schema *s, struct str cell);

/* How well the header of a file fits a schema: number of its headers that the schema
 * knows, and of required columns that it lacks. More known ones fit better; of equally
 * many, fewer that are lacking. `start` is the beginning of the decoded text (up to 64
 * KiB). */
struct header_fit {
    uint32_t n_known, n_missing;
};
int header_fit_cmp(struct header_fit a, struct header_fit b); /* > 0: a fits better */
struct header_fit schema_fit(const struct schema *s, struct str start, char delimiter);
/* The cells of a text's header, empty ones at its end not counted. */
uint32_t header_fields(struct arena *a, struct str start, char delimiter,
                       const struct str **out);
struct header_fit schema_fit_in(struct arena *scratch, const struct schema *s,
                                struct str start, char delimiter);

#endif

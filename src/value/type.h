/* What both front ends mean by a column: value kinds, units, and the schema of a data
 * set. The rule language builds a schema, the reader types a CSV by it, the engine binds
 * the two. Finished schemas are const. */
#ifndef SOAT_VALUE_TYPE_H
#define SOAT_VALUE_TYPE_H

#include "base/source.h"
#include "value/dec.h"
#include "value/numfmt.h"

/* How a value is held and compared. */
enum value_kind {
    VALUE_NUM,
    VALUE_BOOL,
    VALUE_TEXT,
    VALUE_CODE,
    VALUE_DAY,
    VALUE_PERIOD,
    VALUE_ERROR
};

/* Column types as written. */
enum column_type {
    COLUMN_TEXT,
    COLUMN_CODE,
    COLUMN_COUNT, /* whole, >= 0 */
    COLUMN_INTEGER,
    COLUMN_DECIMAL,
    COLUMN_PERCENT, /* a bare 12.5 is held as 0.125 */
    COLUMN_DATE,
    COLUMN_PERIOD,
    COLUMN_YEAR, /* an integer of four digits */
    COLUMN_FLAG,
    COLUMN_TYPE_COUNT
};

enum column_nature { NATURE_NONE, NATURE_STOCK, NATURE_FLOW, NATURE_ADDITIVE };

#define UNIT_TERMS 6
#define ID_NONE UINT32_MAX

struct unit {
    struct str name, label;
    uint32_t base;     /* unit at the end of the chain of multiples; itself if base */
    struct num factor; /* 1 of this = factor of base */
    struct span at;
};

struct unit_term {
    uint32_t unit;
    int32_t power;
};

enum unit_kind { UNIT_OPEN, UNIT_PURE, UNIT_DECLARED, UNIT_IN_ROW };

struct unit_expr {
    enum unit_kind kind;
    uint32_t n; /* UNIT_DECLARED: terms sorted by unit, no zero powers */
    struct unit_term terms[UNIT_TERMS];
    uint32_t row_column; /* UNIT_IN_ROW: column that holds the unit's name */
};

struct bilingual {
    struct str lang[2]; /* by enum diag_lang; p NULL: not given */
};

struct literal {
    enum value_kind kind;
    struct num num;  /* VALUE_NUM */
    int32_t when;    /* VALUE_DAY, VALUE_PERIOD */
    struct str text; /* VALUE_TEXT, VALUE_CODE; for the others as written */
    struct span at;
};

struct column {
    struct str name;
    enum column_type type;
    uint32_t codelist; /* COLUMN_CODE: id of the list; ID_NONE otherwise */
    struct unit_expr unit;
    enum column_nature nature;
    bool is_optional, is_unique, is_key;
    bool has_range, is_rounded;
    bool is_idle; /* no rule or structural check reads its values: only the states of its
                     cells are kept */
    struct str undefined;     /* reason, or STR_NONE */
    struct literal low, high; /* inclusive */
    const struct literal *set;
    uint32_t n_set;         /* 0: none */
    struct str pattern;     /* whole-cell PCRE2; STR_NONE */
    struct span pattern_at; /* where it is written */
    uint32_t max_length;    /* code points, 0 = none */
    struct num rounded;     /* `rounded R` */
    struct bilingual title; /* first header of each language */
    const struct str *headers;
    uint32_t n_headers; /* accepted headers, the column's own name among them */
    struct span at;
};

struct pair {
    uint32_t code, name; /* columns */
    struct span at;
};

struct totals {
    uint32_t column;         /* a key column */
    const struct str *texts; /* any of these marks a totals row (compared folded) */
    uint32_t n_texts;
};

struct schema {
    struct str name;
    struct bilingual title;
    bool is_optional;
    const struct str *from; /* default globs, relative to the declaring rule file */
    uint32_t n_from;
    const struct column *columns;
    uint32_t n_columns;
    const uint32_t *key; /* columns */
    uint32_t n_key;
    uint32_t period; /* the data set's period column (grammar rule 11), ID_NONE */
    const struct totals *totals;
    uint32_t n_totals;
    uint32_t tree_child, tree_parent; /* columns; ID_NONE: no tree */
    const struct pair *pairs;
    uint32_t n_pairs;
    const struct str *missing, *zero, *na; /* cells, compared folded; "" is missing */
    uint32_t n_missing, n_zero, n_na;
    enum numfmt numbers;
    struct str encoding; /* STR_NONE: UTF-8 or UTF-16 by its mark */
    bool is_strict;      /* layout strict: header on line 1 */
    struct span at;
};

/* Same kind and same terms (or the same column). */
bool unit_equal(const struct unit_expr *a, const struct unit_expr *b);
/* a * b^sign; sign is 1 or -1. Open when a side is open or in the row, or when more than
 * UNIT_TERMS terms would be left; pure when all cancel. */
struct unit_expr unit_product(const struct unit_expr *a, const struct unit_expr *b,
                              int sign);
/* "nguoi/htx", "ha*ha", "1/htx"; "" where there are no terms. */
struct str unit_str(struct arena *a, const struct unit_expr *u, const struct unit *units,
                    bool labels);
const char *column_type_name(enum column_type t);
bool column_type_by_name(struct str name, enum column_type *out);
enum value_kind column_value_kind(enum column_type t);
/* Whether a flag's cell, folded, says yes or no; false: neither. */
bool flag_read(struct str folded, bool *out);
uint32_t schema_column(const struct schema *s, struct str name); /* ID_NONE if absent */

#endif

/* A table of texts, aligned by display width. Cells are anybody's text and made printable
 * when printed; a column whose cells are all empty is left out. Where the table is wider
 * than the sheet its widest column of names or words is cut, and where that is not enough
 * columns that may go stand in a line below their row. A name that is cut so that it
 * looks like another one stands there too. */
#ifndef SOAT_REPORT_COLUMNS_H
#define SOAT_REPORT_COLUMNS_H

#include "report/sheet.h"

#define COLUMNS_MAX 10

enum column_side {
    COLUMN_LEFT,
    COLUMN_RIGHT, /* never cut */
    COLUMN_NAME,  /* to the left; its middle is left out where it is cut */
    COLUMN_WHOLE  /* to the left, never cut */
};

struct column_head {
    const char *words[2]; /* by enum diag_lang; "" is allowed */
    enum column_side side;
    bool may_go; /* into a line below */
};

struct columns;
struct columns *columns_new(struct arena *a, const struct column_head *heads, size_t n);
/* One row of n cells; the texts are borrowed, STR_NONE is empty. */
void columns_row(struct columns *c, const struct str *cells);
/* A line below the last row, indented to its second column. */
void columns_note(struct columns *c, struct str note);
void columns_print(const struct columns *c, struct sheet *s);

#endif

/* Which field of a file is which column of its data set, by the file's header. */
#ifndef SOAT_DATA_LAYOUT_H
#define SOAT_DATA_LAYOUT_H

#include "value/type.h"

/* The accepted headers of a schema, folded. */
struct header_names {
    const struct schema *schema;
    struct dict *folded;
    const uint32_t *column; /* by number in `folded` */
};

struct layout {
    uint32_t n_header;   /* fields of the header, the empty ones at its end not counted */
    uint32_t *column_of; /* per field; ID_NONE: unknown, or the column is named twice */
    uint32_t *field_of;  /* per column; ID_NONE: absent or named twice */
    struct str *unknown_headers;
    uint32_t *unknown_fields;
    uint32_t *missing, *duplicates; /* columns; missing: neither optional nor undefined */
    uint32_t n_unknown, n_missing, n_duplicates;
    uint32_t n_known; /* columns that some field names */
};

void header_names_init(struct arena *a, const struct schema *s, struct header_names *out);
/* `fields` are the texts of the header; the layout borrows them. */
void layout_init(struct arena *a, const struct header_names *names,
                 const struct str *fields, uint32_t n, struct layout *out);

#endif

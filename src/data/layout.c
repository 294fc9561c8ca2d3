/* Matching a header against a schema.
 *
 * The header is the first record that is not blank. Headers compare folded, in any order;
 * a name that stands twice is not read at all, because either one could be meant. */
#include "data/layout.h"

#include "base/utf8.h"
#include "data/reader.h"
#include "data/table.h"

#include <assert.h>

void header_names_init(struct arena *a, const struct schema *s, struct header_names *out)
{
    assert(a && s && out);
    size_t n = 0, total = 0;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        total = mem_add(total, mem_add(s->columns[i].n_headers, 1));
    }
    uint32_t *column = arena_new_array(a, total, uint32_t);
    struct dict *folded = dict_new(a);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const struct column *c = &s->columns[i];
        for (uint32_t k = 0; k <= c->n_headers;
             k++) { /* the last one is the name itself */
            struct str header = k < c->n_headers ? c->headers[k] : c->name;
            uint32_t id = dict_add(folded, str_fold(a, header));
            if (id == n) { /* the first column that accepts it has it */
                column[n++] = i;
            }
        }
    }
    *out = (struct header_names){.schema = s, .folded = folded, .column = column};
}

static uint32_t column_named(struct arena *a, const struct header_names *names,
                             struct str header)
{
    uint32_t id = dict_find(names->folded, str_fold(a, header));
    return id == DICT_NONE ? ID_NONE : names->column[id];
}

static uint32_t without_empty_end(const struct str *fields, uint32_t n)
{
    while (n > 0 && str_trim(fields[n - 1]).n == 0) {
        n--;
    }
    return n;
}

/* Finds the fields of each column; a column named again is taken back and listed. */
static void match_fields(struct arena *a, const struct header_names *names,
                         const struct str *fields, struct layout *out)
{
    bool *is_duplicate = arena_new_array(a, names->schema->n_columns, bool);
    for (uint32_t f = 0; f < out->n_header; f++) {
        uint32_t c = column_named(a, names, fields[f]);
        out->column_of[f] = c;
        if (c == ID_NONE) {
            out->unknown_headers[out->n_unknown] = fields[f];
            out->unknown_fields[out->n_unknown++] = f;
        } else if (out->field_of[c] == ID_NONE) {
            out->n_known++;
            out->field_of[c] = f;
        } else if (!is_duplicate[c]) {
            is_duplicate[c] = true;
            out->duplicates[out->n_duplicates++] = c;
        }
    }
}

static void drop_duplicates(struct layout *out)
{
    for (uint32_t i = 0; i < out->n_duplicates; i++) {
        uint32_t c = out->duplicates[i];
        out->field_of[c] = ID_NONE;
        for (uint32_t f = 0; f < out->n_header; f++) {
            if (out->column_of[f] == c) {
                out->column_of[f] = ID_NONE;
            }
        }
    }
}

void layout_init(struct arena *a, const struct header_names *names,
                 const struct str *fields, uint32_t n, struct layout *out)
{
    assert(a && names && out && (fields || n == 0));
    uint32_t n_columns = names->schema->n_columns;
    n = without_empty_end(fields, n);
    *out = (struct layout){
        .n_header = n,
        .column_of = arena_new_array(a, n, uint32_t),
        .field_of = arena_new_array(a, n_columns, uint32_t),
        .unknown_headers = arena_new_array(a, n, struct str),
        .unknown_fields = arena_new_array(a, n, uint32_t),
        .missing = arena_new_array(a, n_columns, uint32_t),
        .duplicates = arena_new_array(a, n_columns, uint32_t),
    };
    for (uint32_t c = 0; c < n_columns; c++) {
        out->field_of[c] = ID_NONE;
    }
    match_fields(a, names, fields, out);
    for (uint32_t c = 0; c < n_columns; c++) {
        const struct column *column = &names->schema->columns[c];
        if (out->field_of[c] == ID_NONE && !column->is_optional && !column->undefined.p) {
            out->missing[out->n_missing++] = c;
        }
    }
    drop_duplicates(out);
}

/* The first record of a text that is not blank. */
struct first_record {
    struct arena *a;
    struct str *fields;
    size_t n, cap;
    bool is_done, is_filled;
};

static void keep_field(void *context, uint32_t at, const char *p, size_t n)
{
    struct first_record *f = context;
    (void)at;
    if (f->is_done) {
        return;
    }
    f->fields = list_room(f->a, f->fields, f->n, &f->cap, sizeof *f->fields);
    f->fields[f->n] = n > 0 ? str_copy(f->a, (struct str){p, n}) : STR("");
    f->is_filled |= str_trim(f->fields[f->n++]).n > 0;
}

static void keep_record(void *context, const struct record_place *place)
{
    struct first_record *f = context;
    (void)place;
    if (f->is_filled) {
        f->is_done = true;
    } else {
        f->n = 0;
    }
}

uint32_t header_fields(struct arena *a, struct str start, char delimiter,
                       const struct str **out)
{
    assert(a && out);
    struct first_record first = {.a = a};
    struct reader_events events = {
        .field = keep_field, .record = keep_record, .context = &first};
    struct reader *r = reader_open(a, delimiter, NULL, &events);
    reader_feed(r, start.p, start.n);
    reader_end(r);
    *out = first.fields;
    return without_empty_end(first.fields, (uint32_t)first.n);
}

int header_fit_cmp(struct header_fit a, struct header_fit b)
{
    if (a.n_known != b.n_known) {
        return a.n_known > b.n_known ? 1 : -1;
    }
    return (a.n_missing < b.n_missing) - (a.n_missing > b.n_missing);
}

struct header_fit schema_fit_in(struct arena *scratch, const struct schema *s,
                                struct str start, char delimiter)
{
    assert(scratch && s);
    const struct str *fields;
    uint32_t n = header_fields(scratch, start, delimiter, &fields);
    struct header_names names;
    struct layout layout;
    header_names_init(scratch, s, &names);
    layout_init(scratch, &names, fields, n, &layout);
    return (struct header_fit){layout.n_known, layout.n_missing};
}

struct header_fit schema_fit(const struct schema *s, struct str start, char delimiter)
{
    struct arena *scratch = arena_open(&mem_libc_hook);
    struct header_fit fit = schema_fit_in(scratch, s, start, delimiter);
    arena_close(scratch);
    return fit;
}

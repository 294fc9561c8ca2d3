/* Loading a data set: records become rows of typed columns.
 *
 * A cell is typed the moment the reader gives it, into row table->n of its column; the
 * record's end then decides what that row was: kept, a totals row (copied to the other
 * table), or nothing (blank, or a wrong number of fields), in which case the next record
 * overwrites it. So nothing is allocated per cell or per row. Numbers are in
 * loader_number.c; every other type goes through a map from raw bytes to meaning
 * (loader_raw.c), so that normalising, folding and parsing happen once per distinct text.
 */
#include "data/loader.h"

#include "base/utf8.h"
#include "value/date.h"

#include <assert.h>
#include <string.h>

#define ROOM_FIRST 256u
#define ESTIMATE_AFTER 1000u /* rows of a file */
#define TOTALS_SLACK 64u     /* bytes of marks and blanks that folding may take away */
#define LISTS_MAX                                                                        \
    (UINT32_MAX - 16) /* greater numbers stand for no list: ID_NONE, targets */

static enum cell read_flag(struct str folded, uint32_t *value)
{
    bool is_true;
    if (!flag_read(folded, &is_true)) {
        return CELL_UNREADABLE;
    }
    *value = is_true;
    return CELL_OK;
}

/* Notes how an unknown code is written; once per distinct text, which many are not if the
 * column's map is full. */
static void keep_spelling(struct loader *l, const struct loading *c, uint32_t id,
                          struct str cell)
{
    struct table *t = l->table;
    if (raw_is_full(&c->raws)) {
        return;
    }
    uint32_t written = dict_add(t->texts, utf8_nfc(l->a, cell));
    if (written == id) {
        return;
    }
    l->spellings = list_room(l->a, l->spellings, t->n_spellings, &l->cap_spellings,
                             sizeof *l->spellings);
    l->spellings[t->n_spellings++] = (struct spelling){id, written};
}

/* A code's id is that of its first spelling in the list, so that spellings of one code
 * are equal. */
static uint32_t code_id(struct loader *l, const struct loading *c, struct str cell)
{
    struct str folded = str_fold(l->a, cell);
    struct str spelling = c->list ? codelist_spelling(l->a, c->list, folded) : STR_NONE;
    uint32_t id = dict_add(l->table->texts, spelling.p ? spelling : folded);
    if (spelling.p == NULL) {
        keep_spelling(l, c, id, cell);
    }
    return id;
}

/* The meaning of a cell's text (trimmed, not empty, not coded) in a column. */
static enum cell read_text(struct loader *l, const struct loading *c, struct str cell,
                           uint32_t *value)
{
    int32_t when = 0;
    bool is_read = true;
    switch (c->of->type) {
    case COLUMN_TEXT:
        *value = dict_add(l->table->texts, utf8_nfc(l->a, cell));
        break;
    case COLUMN_CODE:
        *value = code_id(l, c, cell);
        break;
    case COLUMN_DATE:
        is_read = date_parse(cell, &when);
        *value = (uint32_t)when;
        break;
    case COLUMN_PERIOD:
        is_read = period_parse(cell, &when);
        *value = (uint32_t)when;
        break;
    case COLUMN_FLAG:
        return read_flag(str_fold(l->a, cell), value);
    case COLUMN_COUNT:
    case COLUMN_INTEGER:
    case COLUMN_DECIMAL:
    case COLUMN_PERCENT:
    case COLUMN_YEAR:
    case COLUMN_TYPE_COUNT:
        assert(0 && "a number is not read as text");
        break;
    }
    return is_read ? CELL_OK : CELL_UNREADABLE;
}

static bool is_totals_text(struct loader *l, const struct loading *c, struct str cell)
{
    if (c->n_totals == 0 || cell.n > c->longest_totals) {
        return false;
    }
    struct str folded = str_fold(l->a, cell);
    for (uint32_t i = 0; i < c->n_totals; i++) {
        if (str_eq(folded, c->totals[i])) {
            return true;
        }
    }
    return false;
}

/* Works out what a raw text means in a column, and keeps it in the column's map while
 * there is room. */
static const struct raw_entry *learn(struct loader *l, struct loading *c, struct str raw)
{
    struct raw_entry e = {.n = (uint32_t)raw.n, .state = CELL_EMPTY};
    const struct table_column *t = c->cells[TABLE_ROWS].column;
    struct str cell = str_trim(raw);
    e.is_totals = is_totals_text(l, c, cell);
    if (t->kind != VALUE_NUM && coded_find(l->a, &l->coded, cell) != CODED_MISSING) {
        e.state = (uint8_t)read_text(l, c, cell, &e.value);
    }
    struct str kept = STR_NONE;
    if (e.state == CELL_OK && t->id) {
        kept = dict_str(l->table->texts, e.value);
    } else if (e.state != CELL_OK) {
        e.value = t->id ? DICT_NONE : 0;
    }
    if (raw_is_full(&c->raws)) {
        c->passing = e;
        return &c->passing;
    }
    e.p = kept.p && str_eq(kept, raw) ? kept.p : str_copy(l->a, raw).p;
    return raw_add(l->a, &c->raws, &e);
}

static const struct raw_entry *meaning(struct loader *l, struct loading *c,
                                       struct str raw)
{
    const struct raw_entry *e = raw_find(&c->raws, raw.p, raw.n);
    e = e ? e : learn(l, c, raw);
    if (e->is_totals) {
        l->is_totals = true;
        l->marks[c->totals_at] = 1;
    }
    return e;
}

static void take_text(struct loader *l, struct loading *c, struct str raw)
{
    struct table_column *t = c->cells[TABLE_ROWS].column;
    uint32_t row = l->table->n;
    if (t->is_idle && t->kind == VALUE_TEXT) {
        bool is_missing = coded_of(l->a, &l->coded, str_trim(raw)) == CODED_MISSING;
        t->state[row] = is_missing ? CELL_EMPTY : CELL_OK;
        return;
    }
    const struct raw_entry *e = meaning(l, c, raw);
    t->state[row] = e->state;
    if (t->is_idle) {
        return;
    }
    if (t->id) {
        t->id[row] = e->value;
    } else if (t->when) {
        t->when[row] = (int32_t)e->value;
    } else {
        t->flag[row] = (uint8_t)e->value;
    }
}

/* A cell of nothing but white space is empty; only quoted ones can be so. */
static bool is_white(const char *p, size_t n)
{
    unsigned char first = (unsigned char)*p;
    bool may_be = first <= ' ' || first == 0xC2;
    return may_be && str_trim((struct str){p, n}).n == 0;
}

static void keep_header(struct loader *l, const char *p, size_t n)
{
    l->header =
        list_room(l->a, l->header, l->n_header, &l->cap_header, sizeof *l->header);
    l->header[l->n_header++] = n > 0 ? str_copy(l->a, (struct str){p, n}) : STR("");
    l->is_filled |= n > 0 && !is_white(p, n);
}

static void take_cell(struct loader *l, struct loading *c, struct str raw)
{
    if (c->cells[TABLE_ROWS].column->kind != VALUE_NUM) {
        take_text(l, c, raw);
        return;
    }
    if (c->n_totals > 0) {
        (void)meaning(l, c, raw);
    }
    number_take(l, c, raw);
}

static inline void take_field(struct loader *l, uint32_t at, const char *p, size_t n)
{
    bool is_empty = n == 0 || is_white(p, n);
    l->is_filled |= !is_empty;
    if (at >= l->layout.n_header) {
        l->has_surplus |= !is_empty;
        return;
    }
    struct loading *c = l->by_field[at];
    if (!c) {
        return;
    }
    if (is_empty) {
        cell_put_state(&c->cells[TABLE_ROWS], l->table->n, CELL_EMPTY);
    } else if (!c->is_plain || !(number_take_plain(l, c, p, n) ||
                                 number_take_simple(l, c, (struct str){p, n}))) {
        take_cell(l, c, (struct str){p, n});
    }
}

static void on_field(void *context, uint32_t at, const char *p, size_t n)
{
    struct loader *l = context;
    if (l->has_header) {
        take_field(l, at, p, n);
    } else {
        keep_header(l, p, n);
    }
}

static void on_fields(void *context, const struct split_field *fields, uint32_t n)
{
    struct loader *l = context;
    for (uint32_t i = 0; i < n && !l->has_header; i++) {
        keep_header(l, fields[i].p, fields[i].n);
    }
    for (uint32_t i = 0; i < n && l->has_header; i++) {
        take_field(l, i, fields[i].p, fields[i].n);
    }
}

static void leave_out(struct loader *l, uint64_t line)
{
    struct table_file *f = l->file;
    l->left_out = list_room(l->a, l->left_out, f->n_left_out, &l->cap_left_out,
                            sizeof *l->left_out);
    l->left_out[f->n_left_out++] = (struct left_out){.line = line, .why = LEFT_OUT_BLANK};
}

/* What the cells of each column are in this file, where it does not have the column. */
static void begin_columns(struct loader *l)
{
    for (uint32_t i = 0; i < l->table->schema->n_columns; i++) {
        struct loading *c = &l->columns[i];
        c->is_read = l->layout.field_of[i] != ID_NONE;
        c->absent = c->of->is_optional ? CELL_EMPTY : CELL_UNREADABLE;
        for (uint32_t k = 0; k < TABLES; k++) {
            c->cells[k].column->is_present |= c->is_read;
        }
    }
    for (uint32_t i = 0; i < l->layout.n_duplicates; i++) {
        l->columns[l->layout.duplicates[i]].absent = CELL_UNREADABLE;
    }
}

/* The first record that is not blank is the header. */
static void take_header(struct loader *l, const struct record_place *place)
{
    if (!l->is_filled) {
        leave_out(l, place->line);
        l->n_header = 0;
        return;
    }
    struct str *fields = arena_new_array(l->a, l->n_header, struct str);
    memcpy(fields, l->header, l->n_header * sizeof *fields);
    layout_init(l->a, &l->names, fields, (uint32_t)l->n_header, &l->layout);
    l->by_field = arena_new_array(l->a, l->layout.n_header, struct loading *);
    for (uint32_t i = 0; i < l->layout.n_header; i++) {
        uint32_t c = l->layout.column_of[i];
        l->by_field[i] = c == ID_NONE ? NULL : &l->columns[c];
    }
    begin_columns(l);
    l->has_header = true;
    l->is_filled = false;
}

/* Rows that the table will have after the file under way, by what those so far take; 0:
 * it is too early to tell, or the file's size is not known. */
static uint64_t estimate(const struct loader *l)
{
    uint32_t rows = l->file ? l->table->n - l->file->first_row : 0;
    if (rows < ESTIMATE_AFTER) {
        return 0;
    }
    uint64_t at = l->records[l->table->n - 1].offset;
    uint64_t more = l->expected > at ? (l->expected - at) / (at / rows + 1) : 0;
    return l->table->n + more + more / 32;
}

/* Twice as many rows, or all that the file will have, so that big arrays do not move. */
static uint32_t grown(const struct loader *l, uint32_t table)
{
    uint64_t wanted = l->room[table] ? (uint64_t)l->room[table] * 2 : ROOM_FIRST;
    uint64_t needed = table == TABLE_ROWS ? estimate(l) : 0;
    wanted = wanted > needed ? wanted : needed;
    return wanted < ROW_NONE ? (uint32_t)wanted : ROW_NONE;
}

static void grow_table(struct loader *l, uint32_t table)
{
    uint32_t room = l->room[table], wanted = grown(l, table);
    assert(wanted > room);
    for (uint32_t i = 0; i < l->table->schema->n_columns; i++) {
        cells_grow(l->a, &l->columns[i].cells[table], room, wanted);
    }
    if (table == TABLE_ROWS) {
        l->records = arena_resize(l->a, l->records, sizeof *l->records * room,
                                  mem_mul(sizeof *l->records, wanted));
    } else {
        size_t marks = l->table->schema->n_totals;
        l->totals = arena_resize(l->a, l->totals, sizeof *l->totals * room,
                                 mem_mul(sizeof *l->totals, wanted));
        l->table->totals_marks = arena_resize(l->a, l->table->totals_marks, marks * room,
                                              mem_mul(marks, wanted));
    }
    l->room[table] = wanted;
}

/* Takes back what the record under way left beside the columns' arrays. */
static void forget_row(struct loader *l)
{
    for (uint32_t i = 0; i < l->table->schema->n_columns; i++) {
        cells_forget(&l->columns[i].cells[TABLE_ROWS], l->table->n);
    }
    if (l->is_totals) {
        memset(l->marks, 0, l->table->schema->n_totals);
    }
    l->is_totals = l->is_filled = l->has_surplus = false;
}

static void keep_bad(struct loader *l, const struct record *record, uint32_t fields)
{
    struct table_file *f = l->file;
    l->bad_records = list_room(l->a, l->bad_records, f->n_bad, &l->cap_bad_records,
                               sizeof *l->bad_records);
    l->bad_fields = list_room(l->a, l->bad_fields, f->n_bad, &l->cap_bad_fields,
                              sizeof *l->bad_fields);
    l->bad_records[f->n_bad] = *record;
    l->bad_fields[f->n_bad++] = fields;
    l->table->is_truncated = true;
}

static void keep_totals(struct loader *l, const struct record *record)
{
    struct table *t = l->table;
    size_t marks = t->schema->n_totals;
    if (t->n_totals == l->room[TABLE_TOTALS]) {
        grow_table(l, TABLE_TOTALS);
    }
    for (uint32_t i = 0; i < t->schema->n_columns; i++) {
        const struct loading *c = &l->columns[i];
        struct cells *to = &l->columns[i].cells[TABLE_TOTALS];
        if (c->is_read) {
            cell_copy(l->a, to, l->room[TABLE_TOTALS], t->n_totals, &c->cells[TABLE_ROWS],
                      t->n);
        } else {
            cell_put_state(to, t->n_totals, c->absent);
        }
    }
    l->totals[t->n_totals] = (struct totals_row){.file = t->n_files, .record = *record};
    memcpy(t->totals_marks + marks * t->n_totals, l->marks, marks);
    evidence_keep_row(&l->evidence, TABLE_TOTALS, t->n_totals);
    t->n_totals++;
}

static void keep_row(struct loader *l, const struct record *record)
{
    struct table *t = l->table;
    l->records[t->n] = *record;
    evidence_keep_row(&l->evidence, TABLE_ROWS, t->n);
    t->n++;
    l->is_filled = l->has_surplus = false;
    if (t->n == l->room[TABLE_ROWS]) { /* there is always room for one more */
        grow_table(l, TABLE_ROWS);
    }
}

static void on_record(void *context, const struct record_place *place)
{
    struct loader *l = context;
    if (!l->has_header) {
        take_header(l, place);
        return;
    }
    if (!l->is_filled) {
        leave_out(l, place->line);
        evidence_drop_row(&l->evidence);
        forget_row(l);
        return;
    }
    struct record record = {
        .offset = place->offset,
        .line = place->line < UINT32_MAX ? (uint32_t)place->line : UINT32_MAX,
        .number = ++l->number,
    };
    l->file->records++;
    if (place->fields < l->layout.n_header || l->has_surplus) {
        keep_bad(l, &record, place->fields);
        evidence_drop_row(&l->evidence);
        forget_row(l);
    } else if (l->is_totals) {
        keep_totals(l, &record);
        forget_row(l);
    } else {
        keep_row(l, &record);
    }
}

static void init_totals(struct loader *l, const struct schema *s)
{
    for (uint32_t i = 0; i < s->n_totals; i++) {
        const struct totals *t = &s->totals[i];
        struct loading *c = &l->columns[t->column];
        c->totals = arena_new_array(l->a, t->n_texts, struct str);
        c->n_totals = t->n_texts;
        c->totals_at = i;
        for (uint32_t k = 0; k < t->n_texts; k++) {
            c->totals[k] = str_fold(l->a, t->texts[k]);
            size_t longest = 4 * c->totals[k].n + TOTALS_SLACK;
            c->longest_totals = longest > c->longest_totals ? longest : c->longest_totals;
        }
    }
}

static bool is_idle(const struct loader *l, const struct column *c)
{
    bool is_asked = false;
    for (uint32_t i = 0; i < l->options.n_asked; i++) {
        is_asked |= str_eq(l->options.asked[i], c->name);
    }
    return c->is_idle && !is_asked;
}

static void init_column(struct loader *l, uint32_t i)
{
    struct loading *c = &l->columns[i];
    struct table_column *tables[TABLES] = {&l->table->columns[i],
                                           &l->table->totals_columns[i]};
    c->of = &l->table->schema->columns[i];
    for (uint32_t k = 0; k < TABLES; k++) {
        tables[k]->kind = column_value_kind(c->of->type);
        tables[k]->uniform_decimals = DECIMALS_NONE;
        c->cells[k].column = tables[k];
        c->cells[k].shift = c->of->type == COLUMN_PERCENT ? 2 : 0;
        tables[k]->is_idle = c->cells[k].is_idle = is_idle(l, c->of);
    }
    if (c->of->type == COLUMN_CODE && c->of->codelist < LISTS_MAX &&
        l->options.codelists) {
        c->list = l->options.codelists[c->of->codelist];
    }
}

struct loader *loader_open(struct arena *a, const struct schema *s, struct dict *texts,
                           const struct load_options *o)
{
    assert(a && s && texts && o);
    struct loader *l = arena_new(a, struct loader);
    l->a = a;
    l->options = *o;
    l->numbers = s->numbers == NUMFMT_AUTO ? o->numbers : s->numbers;
    l->table = arena_new(a, struct table);
    l->table->schema = s;
    l->table->texts = texts;
    l->table->columns = arena_new_array(a, s->n_columns, struct table_column);
    l->table->totals_columns = arena_new_array(a, s->n_columns, struct table_column);
    l->columns = arena_new_array(a, s->n_columns, struct loading);
    l->marks = arena_new_array(a, s->n_totals, uint8_t);
    header_names_init(a, s, &l->names);
    coded_init(a, s, &l->coded);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        init_column(l, i);
    }
    init_totals(l, s);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        struct loading *c = &l->columns[i];
        c->is_plain = column_value_kind(c->of->type) == VALUE_NUM &&
                      c->of->type != COLUMN_YEAR && c->n_totals == 0 &&
                      !l->coded.has_digits;
    }
    grow_table(l, TABLE_ROWS);
    return l;
}

void loader_file(struct loader *l, struct str path, const char *encoding)
{
    assert(l && !l->reader);
    struct reader_events events = {
        .field = on_field, .record = on_record, .context = l, .fields = on_fields};
    l->files =
        list_room(l->a, l->files, l->table->n_files, &l->cap_files, sizeof *l->files);
    l->file = &l->files[l->table->n_files];
    *l->file = (struct table_file){
        .path = path,
        .encoding = encoding,
        .first_row = l->table->n,
    };
    l->reader = reader_open(l->a, l->options.delimiter, &l->options.limits, &events);
    if (l->options.only_libcsv) {
        reader_use_libcsv(l->reader);
    }
    l->expected = 0;
    l->has_header = false;
    l->n_header = 0;
    l->number = 0;
    l->first_totals = l->table->n_totals;
    l->layout = (struct layout){0};
    l->left_out = NULL;
    l->bad_records = NULL;
    l->bad_fields = NULL;
    l->cap_left_out = l->cap_bad_records = l->cap_bad_fields = 0;
    evidence_begin(&l->evidence);
}

void loader_expect(struct loader *l, uint64_t bytes)
{
    assert(l && l->reader);
    l->expected = bytes;
}

enum reader_status loader_feed(struct loader *l, const char *utf8, size_t n)
{
    assert(l && l->reader);
    l->file->bytes += n;
    return reader_feed(l->reader, utf8, n);
}

/* The rows of the file under way in columns that it does not have. */
static void fill_absent(struct loader *l)
{
    for (uint32_t i = 0; i < l->table->schema->n_columns; i++) {
        struct loading *c = &l->columns[i];
        if (!c->is_read) {
            cells_fill(&c->cells[TABLE_ROWS], l->file->first_row, l->table->n, c->absent);
        }
    }
}

static void describe_layout(const struct layout *layout, struct table_file *f)
{
    f->field_of = layout->field_of;
    f->unknown_headers = layout->unknown_headers;
    f->unknown_fields = layout->unknown_fields;
    f->n_unknown = layout->n_unknown;
    f->missing_columns = layout->missing;
    f->n_missing = f->is_empty ? 0 : layout->n_missing;
    f->duplicate_columns = layout->duplicates;
    f->n_duplicate = layout->n_duplicates;
    f->n_header = layout->n_header;
}

static void close_file(struct loader *l, enum reader_status status)
{
    struct table_file *f = l->file;
    evidence_drop_row(&l->evidence);
    forget_row(l);
    f->status = status;
    if (status != READER_OK) {
        f->error_line = reader_error_line(l->reader);
        f->quote_line = reader_quote_line(l->reader);
        l->table->is_truncated = true;
    }
    reader_close(l->reader);
    f->n_rows = l->table->n - f->first_row;
    f->first_totals = l->first_totals;
    f->n_totals = l->table->n_totals - f->first_totals;
    f->delimiter = reader_delimiter(l->reader);
    f->numbers = evidence_settle(l);
    f->is_empty = !l->has_header;
    if (f->is_empty) {
        layout_init(l->a, &l->names, NULL, 0, &l->layout);
    }
    describe_layout(&l->layout, f);
    f->left_out = l->left_out;
    f->bad_records = l->bad_records;
    f->bad_fields = l->bad_fields;
    fill_absent(l);
    l->table->n_files++;
    l->reader = NULL;
}

enum reader_status loader_file_end(struct loader *l)
{
    assert(l && l->reader);
    enum reader_status status = reader_end(l->reader);
    close_file(l, status);
    return status;
}

void loader_file_broken(struct loader *l)
{
    assert(l && l->reader);
    close_file(l, reader_flush(l->reader));
    l->table->is_truncated = true;
}

struct table *loader_finish(struct loader *l)
{
    assert(l && !l->reader);
    struct table *t = l->table;
    t->is_absent = t->n_files == 0 && t->schema->is_optional;
    t->room = l->room[TABLE_ROWS];
    t->records = l->records;
    t->files = l->files;
    t->totals = l->totals;
    t->spellings = l->spellings;
    for (uint32_t i = 0; i < t->schema->n_columns; i++) {
        cells_finish(l->a, &l->columns[i].cells[TABLE_ROWS], t->n, l->room[TABLE_ROWS]);
        cells_finish(l->a, &l->columns[i].cells[TABLE_TOTALS], t->n_totals,
                     l->room[TABLE_TOTALS]);
    }
    return t;
}

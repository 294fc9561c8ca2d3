/* Code lists from CSV files. What is wrong is told with its line, and reading goes on;
 * the caller stops when there were errors.
 *
 * One mistake makes one message: a code whose line was left out, or whose days cannot be
 * read, is in doubt, and nothing that depends on it is complained of; nor is a successor
 * that nobody knows while a line with an unknown code was left out. */
#include "base/utf8.h"
#include "data/broken.h"
#include "data/codelist.h"
#include "data/layout.h"
#include "data/reader.h"

#include <assert.h>

enum list_field {
    LIST_CODE,
    LIST_LABEL,
    LIST_ALIAS,
    LIST_FROM,
    LIST_TO,
    LIST_INTO,
    LIST_PARENT,
    LIST_FIELDS
};

struct list_reading {
    struct arena *a;
    struct diags *diags;
    struct str name, path;
    struct str columns[LIST_FIELDS]; /* wanted headers; p NULL: none */
    uint32_t field_of[LIST_FIELDS];  /* ID_NONE: absent */
    bool has_header;
    uint32_t n_header;
    struct str *fields; /* of the record under way */
    size_t n_fields, cap_fields;
    struct code_entry *entries;
    size_t n, cap;
    struct dict *in_doubt; /* folded codes */
    bool has_lost_codes;   /* of lines that were left out, or not read at all */
    bool has_lost_days;    /* the header lacks a column of days */
};

static struct diag *complain(struct list_reading *r, enum diag_id id, uint64_t line)
{
    struct diag *d = diag_file(r->diags, id, r->path, line);
    d->args[3] = r->name;
    return d;
}

static void keep_field(void *context, uint32_t at, const char *p, size_t n)
{
    struct list_reading *r = context;
    (void)at;
    struct str cell = str_trim((struct str){p, n});
    r->fields =
        list_room(r->a, r->fields, r->n_fields, &r->cap_fields, sizeof *r->fields);
    r->fields[r->n_fields++] =
        cell.n > 0 ? utf8_nfc(r->a, str_copy(r->a, cell)) : STR("");
}

static size_t filled_fields(const struct list_reading *r)
{
    size_t n = r->n_fields;
    while (n > 0 && r->fields[n - 1].n == 0) {
        n--;
    }
    return n;
}

/* Looks for one wanted column among the headers. */
static void find_column(struct list_reading *r, enum list_field f, uint64_t line)
{
    struct str wanted = r->columns[f];
    uint32_t hits = 0;
    struct str folded = str_fold(r->a, wanted);
    for (uint32_t i = 0; i < r->n_header; i++) {
        if (str_eq(str_fold(r->a, r->fields[i]), folded)) {
            r->field_of[f] = i;
            hits++;
        }
    }
    if (hits == 1) {
        return;
    }
    enum diag_id id =
        hits == 0 ? DIAG_ID_DATA_LIST_COLUMN : DIAG_ID_DATA_LIST_COLUMN_TWICE;
    struct diag *d = complain(r, id, line);
    d->args[0] = wanted;
    r->field_of[f] = ID_NONE;
    r->has_lost_days = r->has_lost_days || f == LIST_FROM || f == LIST_TO;
    struct str nearest =
        hits == 0 ? str_nearest(wanted, r->fields, r->n_header) : STR_NONE;
    diag_did_you_mean(r->diags, d, nearest);
}

static void take_header(struct list_reading *r, uint64_t line)
{
    r->has_header = true;
    r->n_header = (uint32_t)filled_fields(r);
    for (enum list_field f = LIST_CODE; f < LIST_FIELDS; f++) {
        if (r->columns[f].p) {
            find_column(r, f, line);
        }
    }
}

static struct str field(const struct list_reading *r, enum list_field f)
{
    return r->field_of[f] == ID_NONE ? STR("") : r->fields[r->field_of[f]];
}

static struct str field_or_none(const struct list_reading *r, enum list_field f)
{
    struct str s = field(r, f);
    return s.n > 0 ? s : STR_NONE;
}

/* The line under way is wrong: nothing can be said of its code. */
static void doubt(struct list_reading *r)
{
    bool has_code = r->field_of[LIST_CODE] < r->n_fields && field(r, LIST_CODE).n > 0;
    if (has_code) {
        dict_add(r->in_doubt, str_fold(r->a, field(r, LIST_CODE)));
    } else {
        r->has_lost_codes = true;
    }
}

static bool is_in_doubt(const struct list_reading *r, struct str folded_code)
{
    return dict_find(r->in_doubt, folded_code) != DICT_NONE;
}

/* A day of validity; an empty cell leaves it open. */
static int32_t take_day(struct list_reading *r, enum list_field f, int32_t open,
                        uint64_t line)
{
    struct str cell = field(r, f);
    int32_t day = open;
    if (cell.n > 0 && !date_parse(cell, &day)) {
        struct diag *d = complain(r, DIAG_ID_DATA_LIST_DATE, line);
        d->args[0] = cell;
        d->args[1] = r->columns[f];
        doubt(r);
    }
    return day;
}

static void take_aliases(struct list_reading *r, struct code_entry *e)
{
    struct str rest = field(r, LIST_ALIAS);
    struct str *aliases = NULL;
    size_t n = 0, cap = 0;
    while (rest.n > 0) {
        size_t end = str_find(rest, STR(";"));
        size_t next = end == SIZE_MAX ? rest.n : end + 1;
        struct str alias = str_trim(str_cut(rest, 0, end == SIZE_MAX ? rest.n : end));
        if (alias.n > 0) {
            aliases = list_room(r->a, aliases, n, &cap, sizeof *aliases);
            aliases[n++] = alias;
        }
        rest = str_cut(rest, next, rest.n);
    }
    e->aliases = aliases;
    e->n_aliases = (uint32_t)n;
}

static struct str number_text(struct arena *a, uint64_t n)
{
    struct text t = text_in(a);
    text_uint(&t, n);
    return text_str(&t);
}

static void take_entry(struct list_reading *r, uint64_t line)
{
    if (r->n_fields < r->n_header || filled_fields(r) > r->n_header) {
        struct diag *d = complain(r, DIAG_ID_DATA_LIST_FIELDS, line);
        d->args[0] = number_text(r->a, r->n_fields);
        d->args[1] = number_text(r->a, r->n_header);
        doubt(r);
        return;
    }
    if (r->field_of[LIST_CODE] == ID_NONE) {
        return; /* told with the header */
    }
    if (field(r, LIST_CODE).n == 0) {
        complain(r, DIAG_ID_DATA_LIST_NO_CODE, line)->args[0] = r->columns[LIST_CODE];
        doubt(r);
        return;
    }
    struct code_entry e = {
        .code = field(r, LIST_CODE),
        .label = field_or_none(r, LIST_LABEL),
        .from = take_day(r, LIST_FROM, DAY_MIN, line),
        .to = take_day(r, LIST_TO, DAY_MAX, line),
        .into = field_or_none(r, LIST_INTO),
        .parent = field_or_none(r, LIST_PARENT),
        .line = line,
    };
    take_aliases(r, &e);
    if (e.from > e.to) {
        struct diag *d = complain(r, DIAG_ID_DATA_LIST_BACKWARDS, line);
        d->args[0] = field(r, LIST_FROM);
        d->args[1] = field(r, LIST_TO);
        doubt(r);
        return;
    }
    r->entries = list_room(r->a, r->entries, r->n, &r->cap, sizeof *r->entries);
    r->entries[r->n++] = e;
}

static void keep_record(void *context, const struct record_place *place)
{
    struct list_reading *r = context;
    if (filled_fields(r) > 0) {
        if (r->has_header) {
            take_entry(r, place->line);
        } else {
            take_header(r, place->line);
        }
    }
    r->n_fields = 0;
}

static void read_text(struct list_reading *r, struct str text)
{
    struct reader_events events = {
        .field = keep_field, .record = keep_record, .context = r};
    struct reader *reader = reader_open(r->a, 0, NULL, &events);
    reader_feed(reader, text.p, text.n);
    enum reader_status status = reader_end(reader);
    if (status != READER_OK) {
        struct diag *d = complain(r, broken_diag(status), reader_error_line(reader));
        d->args[0] = broken_argument(status);
        r->has_lost_codes = true;
    } else if (!r->has_header) {
        complain(r, DIAG_ID_DATA_LIST_EMPTY, 0);
    }
}

static bool overlaps(const struct code_entry *x, const struct code_entry *y)
{
    return x->from <= y->to && y->from <= x->to;
}

/* An entry that is valid together with an earlier one of its code. */
static void check_overlap(struct list_reading *r, const struct codelist *l,
                          uint32_t number)
{
    if (r->has_lost_days || is_in_doubt(r, dict_str(l->folded, number))) {
        return;
    }
    for (uint32_t i = l->first[number]; i != UINT32_MAX; i = l->next[i]) {
        for (uint32_t k = l->first[number]; k != i; k = l->next[k]) {
            if (overlaps(&l->entries[i], &l->entries[k])) {
                struct diag *d =
                    complain(r, DIAG_ID_DATA_LIST_OVERLAP, l->entries[i].line);
                d->args[0] = l->entries[i].code;
                d->args[1] = number_text(r->a, l->entries[k].line);
                return;
            }
        }
    }
}

static void check_successor(struct list_reading *r, const struct codelist *l,
                            const struct code_entry *e)
{
    enum diag_id id = DIAG_ID_DATA_LIST_SUCCESSOR;
    struct str day = STR_NONE;
    if (!e->into.p || is_in_doubt(r, e->folded_code) || is_in_doubt(r, e->folded_into)) {
        return;
    }
    bool is_known = codelist_any(l, e->folded_into) != NULL;
    if (is_known ? r->has_lost_days : r->has_lost_codes) {
        return;
    }
    if (is_known) {
        if (e->to == DAY_MAX) {
            id = DIAG_ID_DATA_LIST_NO_END;
        } else if (!codelist_at(l, e->folded_into, e->to + 1)) {
            id = DIAG_ID_DATA_LIST_SUCCESSOR_DAY;
            day = date_str(r->a, e->to + 1);
        } else {
            return;
        }
    }
    struct diag *d = complain(r, id, e->line);
    d->args[0] = e->code;
    d->args[1] = e->into;
    d->args[2] = day;
}

struct codelist *codelist_from_csv(struct arena *a, struct str name, struct str text,
                                   const struct codelist_columns *columns,
                                   struct diags *d, struct str path)
{
    assert(a && columns && columns->code.p && d && (text.p || text.n == 0));
    struct list_reading r = {
        .a = a,
        .diags = d,
        .name = name,
        .path = path,
        .in_doubt = dict_new(a),
        .columns = {[LIST_CODE] = columns->code,
                    [LIST_LABEL] = columns->label,
                    [LIST_ALIAS] = columns->alias,
                    [LIST_FROM] = columns->from,
                    [LIST_TO] = columns->to,
                    [LIST_INTO] = columns->into,
                    [LIST_PARENT] = columns->parent},
    };
    for (enum list_field f = LIST_CODE; f < LIST_FIELDS; f++) {
        r.field_of[f] = ID_NONE;
    }
    read_text(&r, text);
    struct codelist *l = codelist_new(a, name, r.entries, (uint32_t)r.n);
    for (uint32_t i = 0; i < dict_count(l->folded); i++) {
        check_overlap(&r, l, i);
    }
    for (uint32_t i = 0; i < l->n; i++) {
        check_successor(&r, l, &l->entries[i]);
    }
    return l;
}

/* See describe.h. */
#include "eval/describe.h"

#include "base/utf8.h"
#include "eval/select.h"
#include "eval/show.h"

#include <assert.h>

#define ABSENT_SHOWN 3u

struct cell_place place_none(void)
{
    return (struct cell_place){.dataset = ID_NONE, .file = ID_NONE, .column = ID_NONE};
}

struct cell_place place_of_row(const struct engine *e, uint32_t dataset, uint32_t row,
                               uint32_t column)
{
    const struct table *t = e->facts[dataset].table;

    if (row >= t->n || t->n_files == 0) { /* absent, or a result */
        return place_none();
    }
    return (struct cell_place){.dataset = dataset,
                               .file = table_file_of(t, row),
                               .record = t->records[row],
                               .column = column};
}

struct str describe_key(struct arena *a, const struct explained_key *key, uint32_t n)
{
    struct text t = text_in(a);

    for (uint32_t i = 0; i < n; i++) {
        text_add(&t, i == 0 ? STR("") : STR(", "));
        text_add(&t, key[i].name);
        text_char(&t, '=');
        text_add(&t, key[i].value);
        if (key[i].label.p != NULL) {
            text_add(&t, STR(" ("));
            text_add(&t, key[i].label);
            text_char(&t, ')');
        }
    }
    return text_str(&t);
}

/* The day for which a row speaks: the end of its period, or of the year in its key where
 * it has no period; DAY_MAX: rows are of no time. False: it cannot be read. */
static bool day_of_row(const struct facts *facts, uint32_t row, int32_t *day)
{
    const struct schema *s = facts->schema;
    *day = DAY_MAX;
    if (s->period != ID_NONE) {
        const struct table_column *period = &facts->table->columns[s->period];
        bool is_read = period->state[row] == CELL_OK;
        *day = is_read ? period_end(period->when[row]) : DAY_MAX;
        return is_read;
    }
    for (uint32_t i = 0; i < s->n_key; i++) {
        const struct table_column *c = &facts->table->columns[s->key[i]];
        int64_t year;
        if (s->columns[s->key[i]].type == COLUMN_YEAR && c->state[row] == CELL_OK &&
            num_to_int64(column_num(c, row), &year)) {
            int32_t p = period_make((int)year, PERIOD_YEAR, 1);
            *day = p == PERIOD_NONE ? DAY_MAX : period_end(p);
        }
    }
    return true;
}

/* What a code means then. */
static struct str label_of(struct engine *e, const struct facts *facts, uint32_t column,
                           uint32_t row)
{
    const struct column *c = &facts->schema->columns[column];
    const struct code_entry *entry;

    int32_t day;
    if (c->type != COLUMN_CODE || !day_of_row(facts, row, &day)) {
        return STR_NONE;
    }
    struct str code =
        dict_str(e->texts, engine_fold(e, facts->table->columns[column].id[row]));
    const struct codelist *list = e->codelists[c->codelist];
    entry = day == DAY_MAX ? codelist_any(list, code) : codelist_at(list, code, day);
    return entry == NULL ? STR_NONE : entry->label;
}

struct str show_known(struct engine *e, struct arena *a, uint32_t dataset,
                      uint32_t column, uint32_t row)
{
    const struct facts *facts = &e->facts[dataset];
    const struct table_column *c = &facts->table->columns[column];

    if (c->kind == VALUE_CODE && c->state[row] == CELL_OK) {
        return engine_code_shown(e, facts->schema->columns[column].codelist, c->id[row]);
    }
    return show_cell(a, e->texts, c, row);
}

struct str cell_written(const struct cell_reader *reader, const struct cell_place *at,
                        struct arena *a)
{
    bool can_read = reader != NULL && at->file != ID_NONE;
    struct str raw = can_read ? reader->read(reader->context, at, a) : STR_NONE;

    return raw.p == NULL ? STR_NONE : utf8_nfc(a, str_trim(raw));
}

/* One cell of a key: as the cell has it where nothing else stands for it. */
static void explain_key_cell(struct engine *e, struct arena *a, const struct row_key *of,
                             const struct cell_reader *reader, uint32_t column,
                             struct explained_key *key)
{
    const struct facts *facts = &e->facts[of->dataset];
    const struct table_column *c = &facts->table->columns[column];
    struct cell_place at = place_of_row(e, of->dataset, of->row, column);
    uint8_t state = c->state[of->row];

    key->name = facts->schema->columns[column].name;
    if (state != CELL_OK) {
        key->value = cell_kind(state) == CELL_KIND_MISSING ? STR_NONE
                                                           : cell_written(reader, &at, a);
        key->canonical = key->value.p == NULL ? STR("") : key->value;
        return;
    }
    key->canonical = show_cell(a, e->texts, c, of->row);
    key->value = show_known(e, a, of->dataset, column, of->row);
    key->label = label_of(e, facts, column, of->row);
    if (!str_eq(key->value, key->canonical)) { /* this row may spell it in its own way */
        struct str written = cell_written(reader, &at, a);
        key->value = written.p == NULL ? key->value : written;
    }
}

void explain_key(struct engine *e, struct arena *a, const struct row_key *of,
                 const struct cell_reader *reader, struct explanation *out)
{
    const struct facts *facts = &e->facts[of->dataset];
    struct explained_key *key = arena_new_array(a, of->n + 1, struct explained_key);
    uint32_t m = 0;

    for (uint32_t i = 0; i < of->n; i++) {
        const struct table_column *c = &facts->table->columns[of->columns[i]];
        if (c->state[of->row] == CELL_OK || of->row < facts->table->n) {
            explain_key_cell(e, a, of, reader, of->columns[i], &key[m++]);
        }
    }
    out->key = key;
    out->n_key = m;
}

static void add_absent(struct text *t, struct arena *a, struct engine *e,
                       const struct selector *s, uint32_t row, uint32_t *n)
{
    struct explanation key = {.n_key = 0};

    if (row < s->facts->table->n || s->verdict[row] == SELECT_OUT) {
        return;
    }
    if ((*n)++ < ABSENT_SHOWN) {
        struct row_key of = {s->select->dataset, row, s->facts->schema->key,
                             s->facts->schema->n_key};
        explain_key(e, a, &of, NULL, &key);
        text_add(t, *n == 1 ? STR(": ") : STR("; "));
        text_add(t, describe_key(a, key.key, key.n_key));
    }
}

void describe_absent(struct text *t, struct arena *a, const struct frame *f,
                     const struct op *op)
{
    const struct selector *s = plan_selector(op);
    uint64_t codes[KEYIDX_COLUMNS];
    uint8_t state;
    uint32_t n = 0;

    if (!s->is_closed || !select_codes(f, op, s, 0, codes, &state)) {
        return;
    }
    uint32_t group = keyidx_find(s->by, codes);
    for (uint32_t row = group == GROUP_NONE ? ROW_NONE : s->by->first[group];
         row != ROW_NONE; row = s->by->next[row]) {
        add_absent(t, a, f->engine, s, row, &n);
    }
    for (uint32_t i = 0; i < s->n_loose; i++) {
        if (keyidx_loose_fits(s->by, s->loose[i], codes)) {
            add_absent(t, a, f->engine, s, s->loose[i], &n);
        }
    }
    if (n > ABSENT_SHOWN) {
        text_add(t, STR(" …"));
    }
}

/* See facts.h. The grid: for every combination of a cover's `each` columns seen in the
 * data, the covered set (as it stands in that period) must be there. A cell of it that no
 * row fills becomes a virtual row holding just the values of that cell, so that
 * aggregates see it as a row whose operands are absent. */
#include "eval/facts.h"

#include "base/utf8.h"
#include "eval/results.h"
#include "eval/select.h"
#include "eval/words.h"

#include <assert.h>
#include <stdlib.h>

struct grid;

struct absent {
    const struct grid *grid; /* for sorting */
    const struct cover *cover;
    struct cell_value value; /* the covered one */
    uint32_t like;           /* a row with the same `each` values */
};

struct grid {
    struct engine *e;
    const struct facts *facts;
    const struct table *table;
    const struct cover *cover;
    const struct keyidx *combinations, *cells;
    struct absent *absent;
    uint32_t n_absent;
    size_t cap;
    struct cell_value *items; /* of COVER_LIST */
    uint32_t n_items;
    uint64_t expected;
    struct filled *filled; /* NULL: nobody asks which cells are there */
};

static uint64_t code_of(const struct cell_value *v)
{
    switch (v->kind) {
    case VALUE_TEXT:
    case VALUE_CODE:
        return key_code_id(v->id);
    case VALUE_DAY:
    case VALUE_PERIOD:
        return key_code_when(v->when);
    case VALUE_NUM:
        return key_code_num(v->num);
    case VALUE_BOOL:
        return v->flag;
    case VALUE_ERROR:
        break;
    }
    assert(0 && "covered by a value of no kind");
    return 0;
}

static void expect_cell(struct grid *g, uint32_t like, const struct cell_value *value)
{
    uint64_t codes[KEYIDX_COLUMNS];

    codes[0] = code_of(value);
    for (uint32_t i = 0; i < g->cover->n_each; i++) {
        codes[i + 1] = key_code_cell(&g->table->columns[g->cover->each[i]], like);
    }
    g->expected++;
    uint32_t group = keyidx_find(g->cells, codes);
    if (group == GROUP_NONE) {
        g->absent =
            list_room(g->e->a, g->absent, g->n_absent, &g->cap, sizeof *g->absent);
        g->absent[g->n_absent++] = (struct absent){g, g->cover, *value, like};
    } else if (g->filled != NULL) {
        struct filled *f = g->filled;
        f->rows = list_room(g->e->a, f->rows, f->n, &f->cap, sizeof *f->rows);
        f->rows[f->n++] = g->cells->first[group];
    }
}

/* Last day of the combination's period; DAY_MAX (any validity) where it has none. */
static int32_t day_of(const struct grid *g, uint32_t like)
{
    for (uint32_t i = 0; i < g->cover->n_each; i++) {
        const struct table_column *c = &g->table->columns[g->cover->each[i]];
        if (c->kind == VALUE_PERIOD) {
            return period_end(c->when[like]);
        }
    }
    return DAY_MAX;
}

/* A value of a set written out, as the covered column holds it. */
static struct cell_value item_value(struct grid *g, const struct literal *item)
{
    const struct column *column = &g->table->schema->columns[g->cover->column];
    struct cell_value value = {.kind = item->kind, .num = item->num, .when = item->when};

    if (item->kind == VALUE_CODE) {
        value.id = engine_code(g->e, column->codelist, item->text);
    } else if (item->kind == VALUE_TEXT) {
        value.id = dict_add(g->e->texts, utf8_nfc(g->e->a, str_trim(item->text)));
    }
    return value;
}

/* Whether a value is new among those seen. */
static bool is_first_of(struct dict *seen, const struct cell_value *value)
{
    uint64_t code = code_of(value);
    uint32_t before = dict_count(seen);

    dict_add(seen, (struct str){(const char *)&code, sizeof code});
    return dict_count(seen) > before;
}

/* A set written out: its values, each once. */
static void take_items(struct grid *g)
{
    struct dict *seen = dict_new(g->e->a);

    g->items = arena_new_array(g->e->a, g->cover->n_items, struct cell_value);
    g->n_items = 0;
    for (uint32_t i = 0; i < g->cover->n_items; i++) {
        struct cell_value value = item_value(g, &g->cover->items[i]);
        if (is_first_of(seen, &value)) {
            g->items[g->n_items++] = value;
        }
    }
}

static void expect_list(struct grid *g, uint32_t like)
{
    for (uint32_t i = 0; i < g->n_items; i++) {
        expect_cell(g, like, &g->items[i]);
    }
}

static void expect_code(struct grid *g, uint32_t like, struct str code)
{
    struct cell_value value = {.kind = VALUE_CODE};

    value.id = engine_code(g->e, g->cover->codelist, code);
    expect_cell(g, like, &value);
}

static void expect_members(struct grid *g, uint32_t like)
{
    struct str *codes;
    struct engine *e = g->e;
    size_t n = codelist_members(e->codelists[g->cover->codelist],
                                str_fold(e->a, g->cover->group), day_of(g, like),
                                g->cover->children_only, e->a, &codes);

    for (size_t i = 0; i < n; i++) {
        expect_code(g, like, codes[i]);
    }
}

/* Every code valid then, each once though it has several entries. */
static void expect_codes(struct grid *g, uint32_t like)
{
    const struct codelist *l = g->e->codelists[g->cover->codelist];
    int32_t day = day_of(g, like);

    for (uint32_t i = 0; i < dict_count(l->folded); i++) {
        struct str code = dict_str(l->folded, i);
        const struct code_entry *entry =
            day == DAY_MAX ? codelist_any(l, code) : codelist_at(l, code, day);
        if (entry != NULL) {
            expect_code(g, like, entry->code);
        }
    }
}

struct picked {
    struct grid *g;
    struct dict *seen;
    uint32_t like;
};

/* A value as the covered column holds it. */
static struct cell_value picked_value(struct grid *g, const struct vec *pick, uint32_t i)
{
    const struct column *column = &g->table->schema->columns[g->cover->column];
    struct cell_value value = {.kind = pick->kind};

    if (pick->kind == VALUE_NUM) {
        value.num = vec_num(pick, i);
    } else if (pick->kind == VALUE_BOOL) {
        value.flag = pick->flag[i] != 0;
    } else if (pick->id == NULL) {
        value.when = pick->when[i];
    } else if (pick->kind == VALUE_TEXT && column->type == COLUMN_CODE) {
        value.id =
            engine_code(g->e, column->codelist, dict_str(g->e->texts, pick->id[i]));
    } else {
        value.id = pick->id[i];
    }
    return value;
}

static void expect_picked(void *context, const struct selector *s, const struct pairs *p)
{
    struct picked *into = context;

    for (uint32_t i = 0; i < p->n; i++) {
        bool is_real = p->row[i] < s->facts->table->n;
        if (p->verdict[i] != SELECT_IN || !is_real || vec_state(p->pick, i) != CELL_OK) {
            continue;
        }
        struct cell_value value = picked_value(into->g, p->pick, i);
        if (is_first_of(into->seen, &value)) {
            expect_cell(into->g, into->like, &value);
        }
    }
}

/* The values that rows of another data set hold; read for one combination as scope 0. */
static void expect_rows(struct grid *g, uint32_t like)
{
    struct engine *e = g->e;
    struct domain d = {.n = 1, .n_scopes = 1};
    struct program *outer = program_new(e);
    const struct select *select = g->cover->rows;
    struct expr set = {.op = EXPR_IN_ROWS, .kind = VALUE_BOOL, .select = select};
    uint32_t args[KEYIDX_COLUMNS];
    struct picked into = {g, dict_new(e->a), like};
    uint8_t state = CELL_OK;

    words_bound(e, outer, select, args);
    d.scope[0] = (struct scope_rows){.facts = g->facts, .rows = &like};
    struct op op = {.expr = &set, .n = select->n_binds, .args = args};
    struct frame f = {.engine = e, .program = outer, .domain = &d};
    f.slots = program_run(e, outer, &d, NULL);
    select_pairs(&f, &op, selector_for(e, &set), &state, expect_picked, &into);
}

static void expect_combination(struct grid *g, uint32_t like)
{
    switch (g->cover->kind) {
    case COVER_LIST:
        expect_list(g, like);
        break;
    case COVER_CODES:
        expect_codes(g, like);
        break;
    case COVER_MEMBERS:
        expect_members(g, like);
        break;
    case COVER_ROWS:
        expect_rows(g, like);
        break;
    }
}

static void expect_cover(struct grid *g, const struct cover *cover)
{
    uint32_t columns[KEYIDX_COLUMNS];

    g->cover = cover;
    columns[0] = cover->column;
    for (uint32_t i = 0; i < cover->n_each; i++) {
        columns[i + 1] = cover->each[i];
    }
    g->cells = keyidx_new(g->e->a, g->table, columns, cover->n_each + 1, NULL);
    if (cover->kind == COVER_LIST) {
        take_items(g);
    }
    g->combinations = keyidx_new(g->e->a, g->table, cover->each, cover->n_each, NULL);
    for (uint32_t i = 0; i < g->combinations->n_groups; i++) {
        expect_combination(g, g->combinations->first[i]);
    }
}

/* A number that the column has no room for stays unsaid; it could be any. */
static void set_cell(struct table *t, uint32_t column, uint32_t row,
                     const struct cell_value *v)
{
    int64_t coef;

    switch (v->kind) {
    case VALUE_TEXT:
    case VALUE_CODE:
        table_set_id(t, column, row, v->id);
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        table_set_when(t, column, row, v->when);
        break;
    case VALUE_NUM:
        if (num_narrow(v->num, t->columns[column].scale, &coef)) {
            table_set_num(t, column, row, v->num);
        }
        break;
    case VALUE_BOOL:
        table_set_flag(t, column, row, v->flag);
        break;
    case VALUE_ERROR:
        break;
    }
}

static int compare_values(const struct dict *texts, const struct cell_value *a,
                          const struct cell_value *b)
{
    switch (a->kind) {
    case VALUE_TEXT:
    case VALUE_CODE:
        return str_cmp(dict_str(texts, a->id), dict_str(texts, b->id));
    case VALUE_DAY:
        return (a->when > b->when) - (a->when < b->when);
    case VALUE_PERIOD:
        return a->when == b->when ? 0 : period_cmp(a->when, b->when);
    case VALUE_NUM:
        return num_cmp(a->num, b->num);
    case VALUE_BOOL:
        return a->flag - b->flag;
    case VALUE_ERROR:
        break;
    }
    return 0;
}

/* In order of the clauses, the `each` columns and the covered one: never in that of the
 * rows. */
static int by_key(const void *x, const void *y)
{
    const struct absent *a = x, *b = y;
    const struct cover *cover = a->cover;
    const struct dict *texts = a->grid->e->texts;
    int order = (cover > b->cover) - (cover < b->cover);

    for (uint32_t k = 0; k < cover->n_each && order == 0; k++) {
        const struct table_column *c = &a->grid->table->columns[cover->each[k]];
        struct cell_value left = table_cell(c, a->like), right = table_cell(c, b->like);
        order = compare_values(texts, &left, &right);
    }
    return order != 0 ? order : compare_values(texts, &a->value, &b->value);
}

static void add_virtual_rows(struct grid *g, struct table *t)
{
    qsort(g->absent, g->n_absent, sizeof *g->absent, by_key);
    table_add_absent(g->e->a, t, g->n_absent);
    for (uint32_t i = 0; i < g->n_absent; i++) {
        const struct absent *a = &g->absent[i];
        set_cell(t, a->cover->column, t->n + i, &a->value);
        for (uint32_t k = 0; k < a->cover->n_each; k++) {
            uint32_t column = a->cover->each[k];
            struct cell_value v = table_cell(&t->columns[column], a->like);
            set_cell(t, column, t->n + i, &v);
        }
    }
}

static uint64_t cover_table(struct engine *e, uint32_t dataset, struct table *t)
{
    const struct dataset *d = &e->rules->datasets[dataset];
    struct grid g = {.e = e, .facts = &e->facts[dataset], .table = t};

    g.filled = e->keeps_filled ? &e->filled[dataset] : NULL;

    for (uint32_t i = 0; i < d->n_covers && t->n > 0; i++) {
        expect_cover(&g, &d->covers[i]);
    }
    if (g.n_absent > 0) {
        add_virtual_rows(&g, t);
    }
    return g.expected;
}

uint32_t tree_parent(const struct facts *facts, uint32_t row, enum tree_fault *fault,
                     uint8_t *state)
{
    const struct table *t = facts->table;
    const struct table_column *parents = &t->columns[facts->schema->tree_parent];
    uint64_t codes[KEYIDX_COLUMNS];

    *fault = TREE_OK;
    *state = parents->state[row];
    if (*state != CELL_OK) {
        *fault = cell_kind(*state) == CELL_KIND_BAD ? TREE_UNKNOWN : TREE_OK;
        return ROW_NONE;
    }
    for (uint32_t i = 0; i < facts->schema->n_key; i++) {
        uint32_t column = facts->schema->key[i];
        const struct table_column *c =
            column == facts->schema->tree_child ? parents : &t->columns[column];
        *state = cell_worse(*state, c->state[row]);
        codes[i] = c->state[row] == CELL_OK ? key_code_cell(c, row) : 0;
    }
    if (*state != CELL_OK) {
        *fault = TREE_UNKNOWN;
        return ROW_NONE;
    }
    uint32_t group = keyidx_find(facts->key, codes);
    uint32_t parent = group == GROUP_NONE ? ROW_NONE : facts->key->first[group];
    if (parent != ROW_NONE && parent < t->n) {
        return parent;
    }
    *fault = t->is_truncated ? TREE_UNKNOWN : TREE_NO_PARENT;
    *state = t->is_truncated ? CELL_INCOMPLETE : CELL_OK;
    return ROW_NONE;
}

/* Marks the rows that others name as parent; parents take part in no aggregate. */
static void mark_parents(struct engine *e, struct facts *facts)
{
    uint32_t n = facts->table->n;
    uint8_t *is_parent, *in_aggregates;
    enum tree_fault fault;
    uint8_t state;

    if (facts->schema->tree_child == ID_NONE) {
        return;
    }
    is_parent = arena_new_array(e->a, (size_t)n + facts->table->n_absent + 1, uint8_t);
    in_aggregates =
        arena_new_array(e->a, (size_t)n + facts->table->n_absent + 1, uint8_t);
    for (uint32_t row = 0; row < n; row++) {
        uint32_t parent = tree_parent(facts, row, &fault, &state);
        for (; parent != ROW_NONE && parent < n; parent = facts->key->next[parent]) {
            is_parent[parent] = 1; /* every copy of it */
        }
    }
    for (uint32_t row = 0; row < n + facts->table->n_absent; row++) {
        in_aggregates[row] = !is_parent[row];
    }
    facts->is_parent = is_parent;
    facts->in_aggregates = in_aggregates;
}

static void mark_duplicates(struct engine *e, struct facts *facts)
{
    const struct keyidx *key = facts->key;
    uint8_t *is_duplicate = NULL;

    for (uint32_t g = 0; g < key->n_groups; g++) {
        uint32_t second = key->next[key->first[g]];
        if (second == ROW_NONE || second >= facts->table->n) {
            continue;
        }
        if (is_duplicate == NULL) {
            is_duplicate = arena_new_array(
                e->a, (size_t)facts->table->n + facts->table->n_absent + 1, uint8_t);
        }
        for (uint32_t row = key->first[g]; row != ROW_NONE; row = key->next[row]) {
            is_duplicate[row] = row < facts->table->n;
        }
    }
    facts->is_duplicate = is_duplicate;
}

static int32_t first_end(const struct facts *facts)
{
    int32_t first = DAY_MAX;

    if (facts->schema->period == ID_NONE) {
        return first;
    }
    const struct table_column *periods = &facts->table->columns[facts->schema->period];
    int32_t seen = PERIOD_NONE;
    for (uint32_t row = 0; row < facts->table->n; row++) {
        if (periods->state[row] != CELL_OK || periods->when[row] == seen) {
            continue;
        }
        seen = periods->when[row];
        first = period_end(seen) < first ? period_end(seen) : first;
    }
    return first;
}

void facts_learn(struct engine *e, uint32_t dataset, const struct table *t)
{
    struct facts *facts = &e->facts[dataset];

    *facts = (struct facts){.table = t, .schema = &e->rules->datasets[dataset].schema};
    facts->key = keyidx_new(e->a, t, facts->schema->key, facts->schema->n_key, NULL);
    mark_duplicates(e, facts);
    mark_parents(e, facts);
    facts->first_end = first_end(facts);
}

void facts_prepare(struct engine *e, struct table *const *tables)
{
    uint32_t n = e->rules->n_datasets;

    e->facts = arena_new_array(e->a, (size_t)n + e->rules->n_results + 1, struct facts);
    e->expected_cells = arena_new_array(e->a, n + 1, uint64_t);
    e->filled = arena_new_array(e->a, n + 1, struct filled);
    for (uint32_t i = 0; i < n; i++) {
        facts_learn(e, i, tables[i]);
    }
    for (uint32_t i = 0; i < e->rules->n_results; i++) {
        facts_learn(e, n + i, results_table(e, n + i, 0, 0));
    }
    for (uint32_t i = 0; i < n; i++) {
        if (e->rules->datasets[i].n_covers > 0) {
            e->expected_cells[i] = cover_table(e, i, tables[i]);
            facts_learn(e, i, tables[i]);
        }
    }
    e->n_selectors = 0; /* what was planned for covers has not seen the virtual rows */
    e->prepared = memo_new(e->a);
}

uint64_t cover_expected(const struct engine *e, uint32_t dataset)
{
    return e->expected_cells[dataset];
}

/* See structural.h: which checks there are, and those that judge files, rows and keys as
 * a whole; cells are judged in structural_cell.c. */
#include "eval/structural.h"

#include "eval/structural_state.h"
#include "eval/sums.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *suffix;
    bool per_column;
} shapes[RULE_KIND_COUNT] = {
#define STRUCTURAL(id, suffix, per_column, title_vi, title_en, vi, en, ask_vi, ask_en)   \
    [RULE_##id] = {suffix, per_column},
#include "eval/structural.def"
#undef STRUCTURAL
};

static bool is_number(enum column_type t)
{
    return t == COLUMN_COUNT || t == COLUMN_INTEGER || t == COLUMN_DECIMAL ||
           t == COLUMN_PERCENT;
}

/* Whether a column brings this check along. */
static bool column_has(const struct schema *s, const struct column *c,
                       enum rule_kind kind)
{
    switch (kind) {
    case RULE_REQUIRED:
        return !c->is_optional;
    case RULE_TYPE:
        return c->type != COLUMN_TEXT && c->type != COLUMN_CODE;
    case RULE_RANGE:
        return c->type == COLUMN_COUNT || c->has_range || c->n_set > 0;
    case RULE_PATTERN:
        return c->pattern.p != NULL;
    case RULE_LENGTH:
        return c->max_length > 0;
    case RULE_UNIQUE:
        return c->is_unique;
    case RULE_CODE:
        return c->type == COLUMN_CODE;
    case RULE_AMBIGUOUS:
        return is_number(c->type) && s->numbers == NUMFMT_AUTO;
    case RULE_CHECK:
    case RULE_COLUMNS:
    case RULE_ROW:
    case RULE_KEY:
    case RULE_COVER:
    case RULE_TOTALS:
    case RULE_TREE:
    case RULE_PAIR:
    case RULE_KIND_COUNT:
        break;
    }
    return false;
}

static bool dataset_has(const struct dataset *d, enum rule_kind kind)
{
    switch (kind) {
    case RULE_COLUMNS:
    case RULE_ROW:
    case RULE_KEY:
        return true;
    case RULE_COVER:
        return d->n_covers > 0;
    case RULE_TOTALS:
        return d->schema.n_totals > 0;
    case RULE_TREE:
        return d->schema.tree_child != ID_NONE;
    case RULE_PAIR:
        return d->schema.n_pairs > 0;
    case RULE_CHECK:
    case RULE_REQUIRED:
    case RULE_TYPE:
    case RULE_RANGE:
    case RULE_PATTERN:
    case RULE_LENGTH:
    case RULE_UNIQUE:
    case RULE_CODE:
    case RULE_AMBIGUOUS:
    case RULE_KIND_COUNT:
        break;
    }
    return false;
}

/* Whether no cell can be expected because the sets of all covers are those of data sets
 * without a file. */
static bool covers_absent(const struct eval_input *in, const struct dataset *d)
{
    for (uint32_t i = 0; i < d->n_covers; i++) {
        const struct select *rows = d->covers[i].rows;
        if (d->covers[i].kind != COVER_ROWS || rows->dataset >= in->rules->n_datasets ||
            !in->tables[rows->dataset]->is_absent) {
            return false;
        }
    }
    return d->n_covers > 0;
}

static void add_rule(struct evaluation *ev, const struct eval_input *in, uint32_t dataset,
                     uint32_t column, enum rule_kind kind)
{
    const struct dataset *d = &in->rules->datasets[dataset];
    const struct schema *s = &d->schema;
    struct text id = text_in(ev->engine->a);

    text_add(&id, s->name);
    if (column != ID_NONE) {
        text_char(&id, '.');
        text_add(&id, s->columns[column].name);
    }
    text_char(&id, '.');
    text_add_z(&id, shapes[kind].suffix);
    if (in->is_selected != NULL && !in->is_selected(in->context, text_str(&id))) {
        return;
    }
    struct rule rule = {.id = text_str(&id),
                        .kind = kind,
                        .dataset = dataset,
                        .column = column,
                        .severity = DIAG_ERROR};
    if (in->tables[dataset]->is_absent || (kind == RULE_COVER && covers_absent(in, d))) {
        rule.why = INAPPLICABLE_ABSENT;
    } else if (column != ID_NONE && s->columns[column].undefined.p != NULL) {
        rule.why = INAPPLICABLE_UNDEFINED;
        rule.about = s->columns[column].undefined;
    }
    rule_add(ev, rule);
}

static void add_column_rules(struct evaluation *ev, const struct eval_input *in,
                             uint32_t dataset, uint32_t column)
{
    const struct schema *s = &in->rules->datasets[dataset].schema;

    for (int kind = RULE_CHECK + 1; kind < RULE_KIND_COUNT; kind++) {
        if (column_has(s, &s->columns[column], (enum rule_kind)kind)) {
            add_rule(ev, in, dataset, column, (enum rule_kind)kind);
        }
    }
}

void structural_rules(struct evaluation *ev, const struct eval_input *in)
{
    for (uint32_t d = 0; d < in->rules->n_datasets; d++) {
        const struct dataset *dataset = &in->rules->datasets[d];
        for (int kind = RULE_CHECK + 1; kind < RULE_KIND_COUNT; kind++) {
            if (dataset_has(dataset, (enum rule_kind)kind)) {
                add_rule(ev, in, d, ID_NONE, (enum rule_kind)kind);
            }
        }
        for (uint32_t c = 0; c < dataset->schema.n_columns; c++) {
            add_column_rules(ev, in, d, c);
        }
    }
}

uint32_t judging_from(const struct judging *r, uint32_t row)
{
    while (r->facts->is_wanted != NULL && row < r->table->n &&
           !r->facts->is_wanted[row]) {
        row++;
    }
    return row;
}

void judging_add(struct judging *r, enum verdict verdict, uint32_t row, uint32_t extra,
                 uint8_t state)
{
    verdict_add(r->ev, (struct finding){.rule = r->number,
                                        .row = row,
                                        .extra = extra,
                                        .verdict = (uint8_t)verdict,
                                        .state = state,
                                        .severity = (uint8_t)r->rule->severity});
}

enum verdict judging_undecided(uint8_t state)
{
    assert(state != CELL_OK);
    switch (cell_kind(state)) {
    case CELL_KIND_NA:
        return VERDICT_NA;
    case CELL_KIND_ERROR:
        return VERDICT_ERROR;
    case CELL_KIND_OK:
    case CELL_KIND_MISSING:
    case CELL_KIND_BAD:
        break;
    }
    return VERDICT_UNKNOWN;
}

bool judging_takes(const struct judging *r, uint32_t column)
{
    return !r->ev->only_given || r->table->columns[column].is_present;
}

/* A file without a header, because it is empty or could not be read: nothing can be said
 * about its columns. */
static void columns_of_nothing(struct judging *r, uint32_t file)
{
    for (uint32_t c = 0; c < r->schema->n_columns; c++) {
        judging_add(r, VERDICT_UNKNOWN, file, c, CELL_UNREADABLE);
    }
}

static void check_columns(struct judging *r)
{
    for (uint32_t i = 0; i < r->table->n_files; i++) {
        const struct table_file *file = &r->table->files[i];
        uint32_t n_faulty = 0;
        if (file->is_empty) {
            columns_of_nothing(r, i);
            continue;
        }
        for (uint32_t k = 0; k < file->n_missing; k++) {
            bool is_optional = r->schema->columns[file->missing_columns[k]].is_optional;
            struct finding f = {.rule = r->number,
                                .row = i,
                                .extra = file->missing_columns[k],
                                .verdict = VERDICT_FAIL};
            f.severity = is_optional ? DIAG_INFO : DIAG_ERROR;
            verdict_add(r->ev, f);
            n_faulty++;
        }
        for (uint32_t k = 0; k < file->n_duplicate; k++) {
            judging_add(r, VERDICT_FAIL, i, file->duplicate_columns[k], CELL_OK);
            n_faulty++;
        }
        for (uint32_t k = 0; k < file->n_unknown; k++) {
            verdict_add(r->ev, (struct finding){.rule = r->number,
                                                .row = i,
                                                .extra = EXTRA_UNKNOWN + k,
                                                .verdict = VERDICT_FAIL,
                                                .severity = DIAG_INFO});
        }
        verdict_count(r->rule, VERDICT_PASS, r->schema->n_columns - n_faulty);
    }
}

static void check_records(struct judging *r)
{
    for (uint32_t i = 0; i < r->table->n_files; i++) {
        const struct table_file *file = &r->table->files[i];
        for (uint32_t k = 0; k < file->n_bad; k++) {
            judging_add(r, VERDICT_FAIL, i, k, CELL_OK);
        }
        if (file->status != READER_OK) {
            judging_add(r, VERDICT_FAIL, i, EXTRA_BROKEN, CELL_OK);
        }
    }
    verdict_count(r->rule, VERDICT_PASS, (uint64_t)r->table->n + r->table->n_totals);
}

/* Every copy of a duplicate fails; a row with a key cell that is not there is unknown, or
 * not applicable where the cell says so. */
static void check_key(struct judging *r)
{
    const struct keyidx *key = r->facts->key;

    for (uint32_t row = judging_from(r, 0); row < r->table->n;
         row = judging_from(r, row + 1)) {
        if (facts_duplicate(r->facts, row)) {
            judging_add(r, VERDICT_FAIL, row, 0, CELL_OK);
        } else if (key->group_of[row] == GROUP_NONE) {
            uint8_t state = CELL_OK;
            for (uint32_t i = 0; i < key->n_columns; i++) {
                state = cell_worse(state, r->table->columns[key->columns[i]].state[row]);
            }
            judging_add(r, judging_undecided(state), row, 0, state);
        } else {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

static void check_cover(struct judging *r)
{
    uint64_t expected = cover_expected(r->e, r->rule->dataset);
    enum verdict absent = r->table->is_truncated ? VERDICT_UNKNOWN : VERDICT_FAIL;

    assert(expected >= r->table->n_absent);
    for (uint32_t i = 0; i < r->table->n_absent; i++) {
        judging_add(r, absent, r->table->n + i, 0,
                    absent == VERDICT_FAIL ? CELL_OK : CELL_INCOMPLETE);
    }
    uint64_t n_there = expected - r->table->n_absent;
    const struct filled *filled = &r->e->filled[r->rule->dataset];
    for (uint32_t i = 0; i < filled->n; i++) {
        verdict_span(r->ev, r->number, VERDICT_PASS, filled->rows[i], 1);
    }
    verdict_count(r->rule, VERDICT_PASS, n_there - filled->n);
}

typedef uint8_t sums_compare(struct engine *e, uint32_t dataset, uint32_t row,
                             uint32_t column, struct sums *out);

/* One verdict for each additive column of a row that states sums. */
static void check_sums(struct judging *r, uint32_t row, sums_compare *compare)
{
    for (uint32_t c = 0; c < r->schema->n_columns; c++) {
        const struct column *column = &r->schema->columns[c];
        struct sums sums;
        if (column->nature == NATURE_NONE || !judging_takes(r, c)) {
            continue;
        }
        if (column->undefined.p != NULL) {
            judging_add(r, VERDICT_NA, row, c, CELL_OK);
            continue;
        }
        uint8_t state = compare(r->e, r->rule->dataset, row, c, &sums);
        bool is_equal = state == CELL_OK && num_eq(sums.reported, sums.computed);
        judging_add(r,
                    state != CELL_OK ? judging_undecided(state)
                    : is_equal       ? VERDICT_PASS
                                     : VERDICT_FAIL,
                    row, c, state);
    }
}

static void check_totals(struct judging *r)
{
    for (uint32_t i = 0; i < r->table->n_totals; i++) {
        check_sums(r, i, totals_compare);
    }
}

/* The parent of a row; not that of several copies of one key, which may differ. */
static uint32_t only_parent(const struct judging *r, uint32_t row)
{
    enum tree_fault fault;
    uint8_t state;
    uint32_t parent = tree_parent(r->facts, row, &fault, &state);

    return parent == ROW_NONE || facts_duplicate(r->facts, parent) ? ROW_NONE : parent;
}

/* Marks the rows from which following parents leads back. Every row is walked over once:
 * a walk that meets its own trail has found a circle. */
static const uint8_t *find_circles(const struct judging *r)
{
    uint8_t *is_on = arena_new_array(r->e->a, (size_t)r->table->n + 1, uint8_t);
    uint32_t *trail = arena_new_array(r->e->a, (size_t)r->table->n + 1, uint32_t);

    for (uint32_t row = 0; row < r->table->n; row++) {
        uint32_t at = row;
        while (at != ROW_NONE && trail[at] == 0) {
            trail[at] = row + 1;
            at = only_parent(r, at);
        }
        while (at != ROW_NONE && trail[at] == row + 1 && !is_on[at]) {
            is_on[at] = 1;
            at = only_parent(r, at);
        }
    }
    return is_on;
}

static void check_tree_child(struct judging *r, const uint8_t *is_on_circle, uint32_t row)
{
    enum tree_fault fault;
    uint8_t state;
    uint32_t parent = tree_parent(r->facts, row, &fault, &state);
    struct finding f = {.rule = r->number,
                        .row = row,
                        .extra = ID_NONE,
                        .severity = (uint8_t)r->rule->severity};

    if (parent == ROW_NONE && fault == TREE_OK) {
        return;
    }
    if (parent != ROW_NONE && is_on_circle[row]) {
        fault = TREE_CIRCLE;
    }
    f.fault = (uint8_t)fault;
    f.verdict = (uint8_t)(fault == TREE_OK        ? VERDICT_PASS
                          : fault == TREE_UNKNOWN ? judging_undecided(state)
                                                  : VERDICT_FAIL);
    f.state = fault == TREE_UNKNOWN ? state : CELL_OK;
    verdict_add(r->ev, f);
}

static void check_tree(struct judging *r)
{
    if (!judging_takes(r, r->schema->tree_child) ||
        !judging_takes(r, r->schema->tree_parent)) {
        return;
    }
    const uint8_t *is_on_circle = find_circles(r);

    for (uint32_t row = judging_from(r, 0); row < r->table->n;
         row = judging_from(r, row + 1)) {
        check_tree_child(r, is_on_circle, row);
        if (r->facts->is_parent != NULL && r->facts->is_parent[row]) {
            check_sums(r, row, tree_compare);
        }
    }
}

static structural_check *const runners[RULE_KIND_COUNT] = {
    [RULE_COLUMNS] = check_columns,
    [RULE_ROW] = check_records,
    [RULE_KEY] = check_key,
    [RULE_COVER] = check_cover,
    [RULE_TOTALS] = check_totals,
    [RULE_TREE] = check_tree,
    [RULE_PAIR] = check_pair,
    [RULE_REQUIRED] = check_required,
    [RULE_TYPE] = check_type,
    [RULE_RANGE] = check_range,
    [RULE_PATTERN] = check_pattern,
    [RULE_LENGTH] = check_length,
    [RULE_UNIQUE] = check_unique,
    [RULE_CODE] = check_code,
    [RULE_AMBIGUOUS] = check_ambiguous,
};

void structural_run(struct evaluation *ev)
{
    struct engine *e = ev->engine;

    for (uint32_t i = 0; i < ev->n_rules; i++) {
        struct rule *rule = &ev->rules[i];
        if (rule->kind == RULE_CHECK || rule->why == INAPPLICABLE_ABSENT) {
            continue;
        }
        struct judging r = {.ev = ev,
                            .e = e,
                            .number = i,
                            .rule = rule,
                            .facts = &e->facts[rule->dataset]};
        r.table = r.facts->table;
        r.schema = r.facts->schema;
        if (rule->why == INAPPLICABLE_UNDEFINED) {
            verdict_span(ev, i, VERDICT_NA, 0, r.table->n);
            continue;
        }
        if (rule->column != ID_NONE) {
            r.column = &r.schema->columns[rule->column];
            r.cells = &r.table->columns[rule->column];
        }
        runners[rule->kind](&r);
    }
}

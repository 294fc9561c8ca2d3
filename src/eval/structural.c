/* See structural.h. A cell check asks only of cells that are there: an empty cell is
 * .required's business and not applicable to the others, an unreadable one is .type's and
 * unknown to the others. */
#include "eval/structural.h"

#include "base/utf8.h"
#include "eval/facts.h"
#include "eval/regex.h"
#include "eval/sums.h"

#include <assert.h>
#include <string.h>

struct rule *rule_add(struct evaluation *ev, struct rule rule)
{
    ev->rules = list_room(ev->engine->a, ev->rules, ev->n_rules, &ev->rule_cap,
                          sizeof *ev->rules);
    ev->rules[ev->n_rules] = rule;
    return &ev->rules[ev->n_rules++];
}

void verdict_count(struct rule *rule, enum verdict verdict, uint64_t n)
{
    rule->expected += n;
    rule->count[verdict] += n;
}

void verdict_span(struct evaluation *ev, uint32_t rule, enum verdict verdict,
                  uint32_t row, uint32_t n)
{
    verdict_count(&ev->rules[rule], verdict, n);
    for (uint32_t i = 0; ev->on_verdict != NULL && i < n; i++) {
        ev->on_verdict(ev->context, rule, row + i, verdict);
    }
}

/* Whether the findings of a rule come as they are sorted, so that the first to come are
 * the first in order. */
static bool comes_in_order(enum rule_kind kind)
{
    return kind != RULE_COLUMNS && kind != RULE_TREE;
}

void verdict_add(struct evaluation *ev, struct finding f)
{
    struct rule *rule = &ev->rules[f.rule];

    verdict_span(ev, f.rule, (enum verdict)f.verdict, f.row, 1);
    if (f.verdict == VERDICT_PASS || f.verdict == VERDICT_NA) {
        return;
    }
    if (f.verdict != VERDICT_UNKNOWN) {
        rule->found[f.severity]++;
    } else if (ev->drops_unknown) {
        return;
    }
    if (ev->most > 0 && rule->n_kept >= ev->most && comes_in_order(rule->kind)) {
        rule->n_dropped++;
        return;
    }
    rule->n_kept++;
    ev->findings = list_room(ev->engine->a, ev->findings, ev->n_findings, &ev->cap,
                             sizeof *ev->findings);
    ev->findings[ev->n_findings++] = f;
}

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

/* What a running structural check needs. */
struct run {
    struct evaluation *ev;
    struct engine *e;
    uint32_t number; /* of the rule */
    struct rule *rule;
    const struct facts *facts;
    const struct table *table;
    const struct schema *schema;
    const struct column *column;
    const struct table_column *cells;
};

/* The first row at or behind `row` that the auditor wants to see. */
static uint32_t wanted_from(const struct run *r, uint32_t row)
{
    while (r->facts->is_wanted != NULL && row < r->table->n &&
           !r->facts->is_wanted[row]) {
        row++;
    }
    return row;
}

static void add(struct run *r, enum verdict verdict, uint32_t row, uint32_t extra,
                uint8_t state)
{
    verdict_add(r->ev, (struct finding){.rule = r->number,
                                        .row = row,
                                        .extra = extra,
                                        .verdict = (uint8_t)verdict,
                                        .state = state,
                                        .severity = (uint8_t)r->rule->severity});
}

/* What a verdict is that cannot be reached, by why not. */
static enum verdict undecided(uint8_t state)
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

/* Whether the data set's own checks look at a column. */
static bool is_taken(const struct run *r, uint32_t column)
{
    return !r->ev->only_given || r->table->columns[column].is_present;
}

/* A file without a header, because it is empty or could not be read: nothing can be said
 * about its columns. */
static void columns_of_nothing(struct run *r, uint32_t file)
{
    for (uint32_t c = 0; c < r->schema->n_columns; c++) {
        add(r, VERDICT_UNKNOWN, file, c, CELL_UNREADABLE);
    }
}

static void check_columns(struct run *r)
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
            add(r, VERDICT_FAIL, i, file->duplicate_columns[k], CELL_OK);
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

static void check_records(struct run *r)
{
    for (uint32_t i = 0; i < r->table->n_files; i++) {
        const struct table_file *file = &r->table->files[i];
        for (uint32_t k = 0; k < file->n_bad; k++) {
            add(r, VERDICT_FAIL, i, k, CELL_OK);
        }
        if (file->status != READER_OK) {
            add(r, VERDICT_FAIL, i, EXTRA_BROKEN, CELL_OK);
        }
    }
    verdict_count(r->rule, VERDICT_PASS, (uint64_t)r->table->n + r->table->n_totals);
}

/* Every copy of a duplicate fails; a row with a key cell that is not there is unknown, or
 * not applicable where the cell says so. */
static void check_key(struct run *r)
{
    const struct keyidx *key = r->facts->key;

    for (uint32_t row = wanted_from(r, 0); row < r->table->n;
         row = wanted_from(r, row + 1)) {
        if (facts_duplicate(r->facts, row)) {
            add(r, VERDICT_FAIL, row, 0, CELL_OK);
        } else if (key->group_of[row] == GROUP_NONE) {
            uint8_t state = CELL_OK;
            for (uint32_t i = 0; i < key->n_columns; i++) {
                state = cell_worse(state, r->table->columns[key->columns[i]].state[row]);
            }
            add(r, undecided(state), row, 0, state);
        } else {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

static void check_cover(struct run *r)
{
    uint64_t expected = cover_expected(r->e, r->rule->dataset);
    enum verdict absent = r->table->is_truncated ? VERDICT_UNKNOWN : VERDICT_FAIL;

    assert(expected >= r->table->n_absent);
    for (uint32_t i = 0; i < r->table->n_absent; i++) {
        add(r, absent, r->table->n + i, 0,
            absent == VERDICT_FAIL ? CELL_OK : CELL_INCOMPLETE);
    }
    uint64_t n_there = expected - r->table->n_absent;
    const struct filled *filled = &r->e->filled[r->rule->dataset];
    for (uint32_t i = 0; i < filled->n; i++) {
        verdict_span(r->ev, r->number, VERDICT_PASS, filled->rows[i], 1);
    }
    verdict_count(r->rule, VERDICT_PASS, n_there - filled->n);
}

/* An empty cell has nothing to judge, an unreadable one cannot be judged. */
static bool is_judged(struct run *r, uint32_t row)
{
    switch (cell_kind(r->cells->state[row])) {
    case CELL_KIND_OK:
        return true;
    case CELL_KIND_MISSING:
    case CELL_KIND_NA:
        verdict_span(r->ev, r->number, VERDICT_NA, row, 1);
        break;
    case CELL_KIND_BAD:
    case CELL_KIND_ERROR:
        add(r, VERDICT_UNKNOWN, row, 0, r->cells->state[row]);
        break;
    }
    return false;
}

/* The next row whose cell is not plainly there, eight at a time; the rows passed over are
 * counted as passed. Nothing is passed over where an auditor asks for some rows only. */
static uint32_t next_odd(struct run *r, uint32_t row)
{
    const uint8_t *state = r->cells->state;
    uint32_t n = r->table->n, from = row;

    if (r->facts->is_wanted != NULL) {
        return wanted_from(r, row);
    }
    for (uint64_t word = 0; row + sizeof word <= n; row += (uint32_t)sizeof word) {
        memcpy(&word, state + row, sizeof word);
        if (word != 0) {
            break;
        }
    }
    while (row < n && state[row] == CELL_OK) {
        row++;
    }
    verdict_span(r->ev, r->number, VERDICT_PASS, from, row - from);
    return row;
}

static bool file_has_column(const struct run *r, uint32_t row)
{
    return r->table->files[table_file_of(r->table, row)].field_of[r->rule->column] !=
           ID_NONE;
}

/* Of a column that the file lacks nothing can be said here: D.columns says it. */
static void check_required(struct run *r)
{
    for (uint32_t row = next_odd(r, 0); row < r->table->n; row = next_odd(r, row + 1)) {
        uint8_t state = r->cells->state[row];
        if (cell_kind(state) == CELL_KIND_MISSING) {
            add(r, VERDICT_FAIL, row, 0, CELL_OK);
        } else if (state == CELL_UNREADABLE && !file_has_column(r, row)) {
            add(r, VERDICT_UNKNOWN, row, 0, state);
        } else {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

static void check_type(struct run *r)
{
    for (uint32_t row = next_odd(r, 0); row < r->table->n; row = next_odd(r, row + 1)) {
        uint8_t state = r->cells->state[row];
        if (state == CELL_UNREADABLE) {
            bool is_cell = file_has_column(r, row);
            add(r, is_cell ? VERDICT_FAIL : VERDICT_UNKNOWN, row, 0,
                is_cell ? CELL_OK : state);
        } else if (is_judged(r, row)) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

static void check_ambiguous(struct run *r)
{
    for (uint32_t row = next_odd(r, 0); row < r->table->n; row = next_odd(r, row + 1)) {
        if (r->cells->state[row] == CELL_AMBIGUOUS) {
            add(r, VERDICT_FAIL, row, 0, CELL_OK);
        } else if (is_judged(r, row)) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

static int compare_literal(const struct run *r, uint32_t row, const struct literal *l)
{
    const struct table_column *c = r->cells;

    switch (c->kind) {
    case VALUE_NUM:
        return num_cmp(column_num(c, row), l->num);
    case VALUE_DAY:
        return (c->when[row] > l->when) - (c->when[row] < l->when);
    case VALUE_PERIOD:
        return c->when[row] == l->when ? 0 : period_cmp(c->when[row], l->when);
    case VALUE_TEXT:
        return str_cmp(dict_str(r->e->texts, c->id[row]), l->text);
    case VALUE_CODE:
        return c->id[row] == engine_code(r->e, r->column->codelist, l->text) ? 0 : 1;
    case VALUE_BOOL:
    case VALUE_ERROR:
        break;
    }
    return 0;
}

static bool is_negative(const struct table_column *c, uint32_t row)
{
    bool is_wide = c->is_wide != NULL && c->is_wide[row];

    return is_wide ? num_sign(column_num(c, row)) < 0 : c->coef[row] < 0;
}

static bool is_in_range(const struct run *r, uint32_t row)
{
    const struct column *c = r->column;

    if (c->type == COLUMN_COUNT && is_negative(r->cells, row)) {
        return false;
    }
    if (c->has_range &&
        (compare_literal(r, row, &c->low) < 0 || compare_literal(r, row, &c->high) > 0)) {
        return false;
    }
    for (uint32_t i = 0; i < c->n_set; i++) {
        if (compare_literal(r, row, &c->set[i]) == 0) {
            return true;
        }
    }
    return c->n_set == 0;
}

/* Narrow counts need only be non-negative; where they are so for a stretch of rows, it
 * passes as a whole. */
#define STRETCH 1024u

static bool passes_stretch(const struct run *r, uint32_t from, uint32_t to)
{
    const struct table_column *c = r->cells;
    int64_t negative = 0;
    uint8_t odd = 0;

    if (r->facts->is_wanted != NULL || r->column->has_range || r->column->n_set > 0 ||
        c->is_wide != NULL) {
        return false;
    }
    for (uint32_t row = from; row < to; row++) {
        negative |= c->coef[row];
        odd |= c->state[row];
    }
    return negative >= 0 && odd == CELL_OK;
}

static void range_row(struct run *r, uint32_t row)
{
    if (!is_judged(r, row)) {
        return;
    }
    if (is_in_range(r, row)) {
        verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
    } else {
        add(r, VERDICT_FAIL, row, 0, CELL_OK);
    }
}

static void check_range(struct run *r)
{
    for (uint32_t from = 0; from < r->table->n; from += STRETCH) {
        uint32_t to = r->table->n - from < STRETCH ? r->table->n : from + STRETCH;
        if (passes_stretch(r, from, to)) {
            verdict_span(r->ev, r->number, VERDICT_PASS, from, to - from);
            continue;
        }
        for (uint32_t row = wanted_from(r, from); row < to;
             row = wanted_from(r, row + 1)) {
            range_row(r, row);
        }
    }
}

/* Text checks ask once per distinct text; `judge` gives an enum verdict. */
typedef enum verdict text_judge(struct run *r, const void *with, uint32_t id);

static void check_texts(struct run *r, text_judge *judge, const void *with)
{
    struct arena *scratch = arena_child(r->e->a);
    uint8_t *known =
        arena_new_array(scratch, (size_t)dict_count(r->e->texts) + 1, uint8_t);

    for (uint32_t row = wanted_from(r, 0); row < r->table->n;
         row = wanted_from(r, row + 1)) {
        if (r->cells->state[row] != CELL_OK) {
            (void)is_judged(r, row);
            continue;
        }
        uint32_t id = r->cells->id[row];
        if (known[id] == 0) {
            known[id] = (uint8_t)(judge(r, with, id) + 1);
        }
        enum verdict verdict = (enum verdict)(known[id] - 1);
        if (verdict == VERDICT_PASS) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        } else {
            add(r, verdict, row, 0, verdict == VERDICT_ERROR ? CELL_LIMIT : CELL_OK);
        }
    }
    arena_reset(scratch);
}

static enum verdict judge_pattern(struct run *r, const void *with, uint32_t id)
{
    switch (regex_match(with, dict_str(r->e->texts, id))) {
    case REGEX_YES:
        return VERDICT_PASS;
    case REGEX_NO:
        return VERDICT_FAIL;
    case REGEX_LIMIT:
        break;
    }
    return VERDICT_ERROR;
}

static void check_pattern(struct run *r)
{
    struct str error;
    size_t offset;
    struct regex *regex = regex_new(r->e->a, r->column->pattern, &error, &offset);

    assert(regex != NULL && "patterns are checked before any data is read");
    check_texts(r, judge_pattern, regex);
    regex_close(regex);
}

static enum verdict judge_length(struct run *r, const void *with, uint32_t id)
{
    (void)with;
    return utf8_length(dict_str(r->e->texts, id)) <= r->column->max_length ? VERDICT_PASS
                                                                           : VERDICT_FAIL;
}

static void check_length(struct run *r)
{
    check_texts(r, judge_length, NULL);
}

/* What was found out about a few (code, period) pairs; codes of a list are few, so most
 * rows meet one. */
#define CODES_KNOWN 1024u

struct code_known {
    uint32_t id;
    int32_t day;
    bool is_known;
    uint8_t verdict; /* enum verdict */
};

/* The code must be in the list. */
static bool is_valid_always(const struct codelist *list, struct str code)
{
    for (uint32_t i = list->first[dict_find(list->folded, code)]; i != UINT32_MAX;
         i = list->next[i]) {
        if (list->entries[i].from == DAY_MIN && list->entries[i].to == DAY_MAX) {
            return true;
        }
    }
    return false;
}

/* Valid at the end of the row's period; without a period column, ever. Where the period
 * is not there (day DAY_MAX) it decides about codes that are valid for a time. */
static enum verdict judge_code(const struct run *r, uint32_t id, int32_t day)
{
    const struct codelist *list = r->e->codelists[r->column->codelist];
    struct str code = dict_str(r->e->texts, engine_fold(r->e, id));

    if (codelist_any(list, code) == NULL) {
        return VERDICT_FAIL;
    }
    if (day != DAY_MAX) {
        return codelist_at(list, code, day) != NULL ? VERDICT_PASS : VERDICT_FAIL;
    }
    bool is_sure = r->schema->period == ID_NONE || is_valid_always(list, code);
    return is_sure ? VERDICT_PASS : VERDICT_UNKNOWN;
}

static enum verdict code_verdict(const struct run *r, struct code_known *known,
                                 uint32_t id, int32_t day)
{
    struct code_known *k = &known[(id * 31u + (uint32_t)day) % CODES_KNOWN];

    if (!k->is_known || k->id != id || k->day != day) {
        *k = (struct code_known){id, day, true, (uint8_t)judge_code(r, id, day)};
    }
    return (enum verdict)k->verdict;
}

static void check_code(struct run *r)
{
    const struct table_column *periods =
        r->schema->period == ID_NONE ? NULL : &r->table->columns[r->schema->period];
    struct code_known *known = scratch_array(r->e->keep, CODES_KNOWN, struct code_known);
    int32_t period = PERIOD_NONE, day = DAY_MAX;

    memset(known, 0, CODES_KNOWN * sizeof *known);
    for (uint32_t row = wanted_from(r, 0); row < r->table->n;
         row = wanted_from(r, row + 1)) {
        if (!is_judged(r, row)) {
            continue;
        }
        uint8_t state = periods == NULL ? CELL_OK : periods->state[row];
        bool has_period = periods != NULL && state == CELL_OK;
        if (has_period && periods->when[row] != period) {
            period = periods->when[row];
            day = period_end(period);
        }
        uint32_t id = r->cells->id[row];
        int32_t at = has_period ? day : DAY_MAX;
        enum verdict verdict = code_verdict(r, known, id, at);
        if (verdict == VERDICT_PASS) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        } else {
            add(r, verdict, row, 0, verdict == VERDICT_FAIL ? CELL_OK : state);
        }
    }
}

static void check_unique(struct run *r)
{
    const struct keyidx *by = keyidx_new(r->e->a, r->table, &r->rule->column, 1, NULL);

    for (uint32_t row = wanted_from(r, 0); row < r->table->n;
         row = wanted_from(r, row + 1)) {
        if (!is_judged(r, row)) {
            continue;
        }
        uint32_t first = by->first[by->group_of[row]];
        bool is_alone = by->next[first] == ROW_NONE || by->next[first] >= r->table->n;
        if (is_alone) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        } else {
            add(r, VERDICT_FAIL, row, 0, CELL_OK);
        }
    }
}

/* Whether the code was ever called so. */
static bool named_ever(const struct codelist *list, struct str code, struct str name)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const struct code_entry *entry = &list->entries[i];
        if (str_eq(entry->folded_code, code) && code_entry_named(entry, name)) {
            return true;
        }
    }
    return false;
}

/* Verdict of one pair in one row: the name must be the label or an alias of the code then
 * valid; without a period column, of the code at any time. */
static enum verdict judge_pair(struct run *r, const struct pair *p, uint32_t row,
                               uint8_t *state)
{
    const struct table_column *codes = &r->table->columns[p->code],
                              *names = &r->table->columns[p->name];
    const struct codelist *list = r->e->codelists[r->schema->columns[p->code].codelist];

    *state = cell_worse(codes->state[row], names->state[row]);
    if (*state != CELL_OK) {
        return *state == CELL_NA ? VERDICT_NA : VERDICT_UNKNOWN;
    }
    struct str code = dict_str(r->e->texts, engine_fold(r->e, codes->id[row]));
    const struct code_entry *entry = codelist_any(list, code);
    if (r->schema->period != ID_NONE) {
        const struct table_column *periods = &r->table->columns[r->schema->period];
        if (periods->state[row] != CELL_OK) {
            *state = periods->state[row];
            return VERDICT_UNKNOWN;
        }
        entry = codelist_at(list, code, period_end(periods->when[row]));
    }
    if (entry == NULL) {
        *state = CELL_UNREADABLE;
        return VERDICT_UNKNOWN;
    }
    struct str name = dict_str(r->e->texts, engine_fold(r->e, names->id[row]));
    bool is_named = code_entry_named(entry, name) ||
                    (r->schema->period == ID_NONE && named_ever(list, code, name));
    return is_named ? VERDICT_PASS : VERDICT_FAIL;
}

static void check_pair(struct run *r)
{
    for (uint32_t row = wanted_from(r, 0); row < r->table->n;
         row = wanted_from(r, row + 1)) {
        for (uint32_t i = 0; i < r->schema->n_pairs; i++) {
            const struct pair *pair = &r->schema->pairs[i];
            if (!is_taken(r, pair->code) || !is_taken(r, pair->name)) {
                continue;
            }
            uint8_t state;
            enum verdict verdict = judge_pair(r, pair, row, &state);
            add(r, verdict, row, i, verdict == VERDICT_FAIL ? CELL_OK : state);
        }
    }
}

typedef uint8_t sums_compare(struct engine *e, uint32_t dataset, uint32_t row,
                             uint32_t column, struct sums *out);

/* One verdict for each additive column of a row that states sums. */
static void check_sums(struct run *r, uint32_t row, sums_compare *compare)
{
    for (uint32_t c = 0; c < r->schema->n_columns; c++) {
        const struct column *column = &r->schema->columns[c];
        struct sums sums;
        if (column->nature == NATURE_NONE || !is_taken(r, c)) {
            continue;
        }
        if (column->undefined.p != NULL) {
            add(r, VERDICT_NA, row, c, CELL_OK);
            continue;
        }
        uint8_t state = compare(r->e, r->rule->dataset, row, c, &sums);
        bool is_equal = state == CELL_OK && num_eq(sums.reported, sums.computed);
        add(r,
            state != CELL_OK ? undecided(state)
            : is_equal       ? VERDICT_PASS
                             : VERDICT_FAIL,
            row, c, state);
    }
}

static void check_totals(struct run *r)
{
    for (uint32_t i = 0; i < r->table->n_totals; i++) {
        check_sums(r, i, totals_compare);
    }
}

/* The parent of a row; not that of several copies of one key, which may differ. */
static uint32_t only_parent(const struct run *r, uint32_t row)
{
    enum tree_fault fault;
    uint8_t state;
    uint32_t parent = tree_parent(r->facts, row, &fault, &state);

    return parent == ROW_NONE || facts_duplicate(r->facts, parent) ? ROW_NONE : parent;
}

/* Marks the rows from which following parents leads back. Every row is walked over once:
 * a walk that meets its own trail has found a circle. */
static const uint8_t *find_circles(const struct run *r)
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

static void check_tree_child(struct run *r, const uint8_t *is_on_circle, uint32_t row)
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
                          : fault == TREE_UNKNOWN ? undecided(state)
                                                  : VERDICT_FAIL);
    f.state = fault == TREE_UNKNOWN ? state : CELL_OK;
    verdict_add(r->ev, f);
}

static void check_tree(struct run *r)
{
    if (!is_taken(r, r->schema->tree_child) || !is_taken(r, r->schema->tree_parent)) {
        return;
    }
    const uint8_t *is_on_circle = find_circles(r);

    for (uint32_t row = wanted_from(r, 0); row < r->table->n;
         row = wanted_from(r, row + 1)) {
        check_tree_child(r, is_on_circle, row);
        if (r->facts->is_parent != NULL && r->facts->is_parent[row]) {
            check_sums(r, row, tree_compare);
        }
    }
}

static void (*const runners[RULE_KIND_COUNT])(struct run *r) = {
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
        struct run r = {.ev = ev,
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

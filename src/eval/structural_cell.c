/* Structural checks of cells. Each asks only of cells that are there: an empty cell is
 * .required's business and not applicable to the others, an unreadable one is .type's and
 * unknown to the others. */
#include "base/utf8.h"
#include "eval/regex.h"
#include "eval/structural_state.h"

#include <assert.h>
#include <string.h>

/* An empty cell has nothing to judge, an unreadable one cannot be judged. */
static bool is_judged(struct judging *r, uint32_t row)
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
        judging_add(r, VERDICT_UNKNOWN, row, 0, r->cells->state[row]);
        break;
    }
    return false;
}

/* The next row whose cell is not plainly there, eight at a time; the rows passed over are
 * counted as passed. Nothing is passed over where an auditor asks for some rows only. */
static uint32_t next_odd(struct judging *r, uint32_t row)
{
    const uint8_t *state = r->cells->state;
    uint32_t n = r->table->n, from = row;

    if (r->facts->is_wanted != NULL) {
        return judging_from(r, row);
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

static bool file_has_column(const struct judging *r, uint32_t row)
{
    return r->table->files[table_file_of(r->table, row)].field_of[r->rule->column] !=
           ID_NONE;
}

/* Of a column that the file lacks nothing can be said here: D.columns says it. */
void check_required(struct judging *r)
{
    for (uint32_t row = next_odd(r, 0); row < r->table->n; row = next_odd(r, row + 1)) {
        uint8_t state = r->cells->state[row];
        if (cell_kind(state) == CELL_KIND_MISSING) {
            judging_add(r, VERDICT_FAIL, row, 0, CELL_OK);
        } else if (state == CELL_UNREADABLE && !file_has_column(r, row)) {
            judging_add(r, VERDICT_UNKNOWN, row, 0, state);
        } else {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

void check_type(struct judging *r)
{
    for (uint32_t row = next_odd(r, 0); row < r->table->n; row = next_odd(r, row + 1)) {
        uint8_t state = r->cells->state[row];
        if (state == CELL_UNREADABLE) {
            bool is_cell = file_has_column(r, row);
            judging_add(r, is_cell ? VERDICT_FAIL : VERDICT_UNKNOWN, row, 0,
                        is_cell ? CELL_OK : state);
        } else if (is_judged(r, row)) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

void check_ambiguous(struct judging *r)
{
    for (uint32_t row = next_odd(r, 0); row < r->table->n; row = next_odd(r, row + 1)) {
        if (r->cells->state[row] == CELL_AMBIGUOUS) {
            judging_add(r, VERDICT_FAIL, row, 0, CELL_OK);
        } else if (is_judged(r, row)) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        }
    }
}

static int compare_literal(const struct judging *r, uint32_t row, const struct literal *l)
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

static bool is_in_range(const struct judging *r, uint32_t row)
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

static bool passes_stretch(const struct judging *r, uint32_t from, uint32_t to)
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

static void range_row(struct judging *r, uint32_t row)
{
    if (!is_judged(r, row)) {
        return;
    }
    if (is_in_range(r, row)) {
        verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
    } else {
        judging_add(r, VERDICT_FAIL, row, 0, CELL_OK);
    }
}

void check_range(struct judging *r)
{
    for (uint32_t from = 0; from < r->table->n; from += STRETCH) {
        uint32_t to = r->table->n - from < STRETCH ? r->table->n : from + STRETCH;
        if (passes_stretch(r, from, to)) {
            verdict_span(r->ev, r->number, VERDICT_PASS, from, to - from);
            continue;
        }
        for (uint32_t row = judging_from(r, from); row < to;
             row = judging_from(r, row + 1)) {
            range_row(r, row);
        }
    }
}

/* Text checks ask once per distinct text; `judge` gives an enum verdict. */
typedef enum verdict text_judge(struct judging *r, const void *with, uint32_t id);

static void check_texts(struct judging *r, text_judge *judge, const void *with)
{
    struct arena *scratch = arena_child(r->e->a);
    uint8_t *known =
        arena_new_array(scratch, (size_t)dict_count(r->e->texts) + 1, uint8_t);

    for (uint32_t row = judging_from(r, 0); row < r->table->n;
         row = judging_from(r, row + 1)) {
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
            judging_add(r, verdict, row, 0,
                        verdict == VERDICT_ERROR ? CELL_LIMIT : CELL_OK);
        }
    }
    arena_reset(scratch);
}

static enum verdict judge_pattern(struct judging *r, const void *with, uint32_t id)
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

void check_pattern(struct judging *r)
{
    struct str error;
    size_t offset;
    struct regex *regex = regex_new(r->e->a, r->column->pattern, &error, &offset);

    assert(regex != NULL && "patterns are checked before any data is read");
    check_texts(r, judge_pattern, regex);
    regex_close(regex);
}

static enum verdict judge_length(struct judging *r, const void *with, uint32_t id)
{
    (void)with;
    return utf8_length(dict_str(r->e->texts, id)) <= r->column->max_length ? VERDICT_PASS
                                                                           : VERDICT_FAIL;
}

void check_length(struct judging *r)
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
static enum verdict judge_code(const struct judging *r, uint32_t id, int32_t day)
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

static enum verdict code_verdict(const struct judging *r, struct code_known *known,
                                 uint32_t id, int32_t day)
{
    struct code_known *k = &known[(id * 31u + (uint32_t)day) % CODES_KNOWN];

    if (!k->is_known || k->id != id || k->day != day) {
        *k = (struct code_known){id, day, true, (uint8_t)judge_code(r, id, day)};
    }
    return (enum verdict)k->verdict;
}

void check_code(struct judging *r)
{
    const struct table_column *periods =
        r->schema->period == ID_NONE ? NULL : &r->table->columns[r->schema->period];
    struct code_known *known = scratch_array(r->e->keep, CODES_KNOWN, struct code_known);
    int32_t period = PERIOD_NONE, day = DAY_MAX;

    memset(known, 0, CODES_KNOWN * sizeof *known);
    for (uint32_t row = judging_from(r, 0); row < r->table->n;
         row = judging_from(r, row + 1)) {
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
            judging_add(r, verdict, row, 0, verdict == VERDICT_FAIL ? CELL_OK : state);
        }
    }
}

void check_unique(struct judging *r)
{
    const struct keyidx *by = keyidx_new(r->e->a, r->table, &r->rule->column, 1, NULL);

    for (uint32_t row = judging_from(r, 0); row < r->table->n;
         row = judging_from(r, row + 1)) {
        if (!is_judged(r, row)) {
            continue;
        }
        uint32_t first = by->first[by->group_of[row]];
        bool is_alone = by->next[first] == ROW_NONE || by->next[first] >= r->table->n;
        if (is_alone) {
            verdict_span(r->ev, r->number, VERDICT_PASS, row, 1);
        } else {
            judging_add(r, VERDICT_FAIL, row, 0, CELL_OK);
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
static enum verdict judge_pair(struct judging *r, const struct pair *p, uint32_t row,
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

void check_pair(struct judging *r)
{
    for (uint32_t row = judging_from(r, 0); row < r->table->n;
         row = judging_from(r, row + 1)) {
        for (uint32_t i = 0; i < r->schema->n_pairs; i++) {
            const struct pair *pair = &r->schema->pairs[i];
            if (!judging_takes(r, pair->code) || !judging_takes(r, pair->name)) {
                continue;
            }
            uint8_t state;
            enum verdict verdict = judge_pair(r, pair, row, &state);
            judging_add(r, verdict, row, i, verdict == VERDICT_FAIL ? CELL_OK : state);
        }
    }
}

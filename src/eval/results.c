/* See results.h. A hidden data set is filled when the last of its members has been
 * computed; the order of steps sees to it that nothing reads it before. Aggregates over
 * it take what they would take of the sources: no parents of a tree, and absent rows
 * where these are expected. */
#include "eval/results.h"

#include "eval/board.h"
#include "eval/facts.h"
#include "eval/goal.h"

#include <assert.h>

static void init_column(struct engine *e, struct table_column *c,
                        const struct column *schema, uint32_t n, uint32_t n_absent)
{
    uint32_t n_all = n + n_absent;

    c->kind = column_value_kind(schema->type);
    c->is_present = true;
    c->state = arena_new_array(e->a, (size_t)n_all + 1, uint8_t);
    for (uint32_t row = 0; row < n_all; row++) {
        c->state[row] = row < n ? CELL_EMPTY : CELL_ABSENT_ROW;
    }
    switch (c->kind) {
    case VALUE_NUM:
        c->coef = arena_new_array(e->a, (size_t)n_all + 1, int64_t);
        c->is_wide = arena_new_array(e->a, (size_t)n_all + 1, uint8_t);
        c->wide = arena_new_array(e->a, (size_t)n_all + 1, struct wide);
        c->n_wide = n_all;
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        c->id = arena_new_array(e->a, (size_t)n_all + 1, uint32_t);
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        c->when = arena_new_array(e->a, (size_t)n_all + 1, int32_t);
        break;
    case VALUE_BOOL:
        c->flag = arena_new_array(e->a, (size_t)n_all + 1, uint8_t);
        break;
    case VALUE_ERROR:
        break;
    }
}

/* Numbers are all held exact: entry i of `wide` is row i. */
struct table *results_table(struct engine *e, uint32_t dataset, uint32_t n,
                            uint32_t n_absent)
{
    const struct schema *schema = &e->rules->datasets[dataset].schema;
    struct table *t = arena_new(e->a, struct table);

    t->schema = schema;
    t->texts = e->texts;
    t->n = n;
    t->n_absent = n_absent;
    t->columns = arena_new_array(e->a, schema->n_columns + 1, struct table_column);
    for (uint32_t c = 0; c < schema->n_columns; c++) {
        init_column(e, &t->columns[c], &schema->columns[c], n, n_absent);
        bool is_num = t->columns[c].kind == VALUE_NUM;
        for (uint32_t row = 0; is_num && row < n + n_absent; row++) {
            t->columns[c].wide[row] = (struct wide){.row = row, .value = num_int(0)};
        }
    }
    return t;
}

void results_set_num(struct table *t, uint32_t column, uint32_t row, struct num v)
{
    struct table_column *c = &t->columns[column];

    assert(c->kind == VALUE_NUM && c->wide[row].row == row);
    c->wide[row].value = v;
    c->is_wide[row] = 1;
    c->state[row] = CELL_OK;
}

void results_set_text(struct table *t, uint32_t column, uint32_t row, struct str s)
{
    t->columns[column].id[row] = dict_add(t->texts, s);
    t->columns[column].state[row] = CELL_OK;
}

void results_set_state(struct table *t, uint32_t column, uint32_t row, uint8_t state)
{
    assert(state != CELL_OK);
    t->columns[column].state[row] = state;
}

void results_set_na(struct table *t, uint32_t column, uint32_t row)
{
    t->columns[column].state[row] = CELL_NA;
}

static void copy_cell(const struct table_column *from, uint32_t row, struct table *to,
                      uint32_t column, uint32_t to_row)
{
    struct table_column *c = &to->columns[column];

    c->state[to_row] = from->state[row];
    if (from->state[row] != CELL_OK) {
        return;
    }
    switch (from->kind) {
    case VALUE_NUM:
        results_set_num(to, column, to_row, column_num(from, row));
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        c->id[to_row] = from->id[row];
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        c->when[to_row] = from->when[row];
        break;
    case VALUE_BOOL:
        c->flag[to_row] = from->flag[row];
        break;
    case VALUE_ERROR:
        break;
    }
}

/* Key columns are matched by name: a union's sources need not declare them in one order.
 */
void results_copy_key(const struct engine *e, uint32_t from, uint32_t row,
                      struct table *to, uint32_t to_row)
{
    const struct facts *facts = &e->facts[from];

    for (uint32_t i = 0; i < facts->schema->n_key; i++) {
        uint32_t column = facts->schema->key[i];
        uint32_t at = schema_column(to->schema, facts->schema->columns[column].name);
        assert(at != ID_NONE && at != 0);
        copy_cell(&facts->table->columns[column], row, to, at, to_row);
    }
}

static uint32_t source_dataset(const struct ruleset *rules, enum result_kind kind,
                               uint32_t number)
{
    switch (kind) {
    case RESULT_TARGET:
        return rules->targets[number].dataset;
    case RESULT_BOARD:
        return rules->boards[number].dataset;
    case RESULT_INDICATOR:
        return rules->indicators[number].dataset;
    }
    return ID_NONE;
}

static struct str result_id(const struct ruleset *rules, enum result_kind kind,
                            uint32_t number)
{
    switch (kind) {
    case RESULT_TARGET:
        return rules->targets[number].id;
    case RESULT_BOARD:
        return rules->boards[number].id;
    case RESULT_INDICATOR:
        return rules->indicators[number].id;
    }
    return STR_NONE;
}

static bool is_computed(const struct evaluation *ev, enum result_kind kind,
                        uint32_t number)
{
    return ev->is_computed[kind][number];
}

static bool holds(const struct evaluation *ev, const struct result_set *set,
                  const struct results_source *s)
{
    bool is_member = false;

    if (set->kind != s->kind) {
        return false;
    }
    for (uint32_t i = 0; i < set->n_members; i++) {
        is_member = is_member || set->members[i] == s->number;
        if (!is_computed(ev, set->kind, set->members[i])) {
            return false;
        }
    }
    return is_member;
}

struct filling {
    struct evaluation *ev;
    const struct result_set *set;
    const struct results_source *source;
    struct table *table;
    uint32_t row, absent; /* where the next one goes */
    uint8_t *in_aggregates;
};

/* How many results of the set stand at a place. */
static uint32_t count_placed(const struct filling *f, enum result_place place)
{
    const struct results_source *s = f->source;
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->set->n_members; i++) {
        uint32_t member = f->set->members[i];
        for (uint32_t k = 0; k < s->rows(f->ev, member); k++) {
            n += s->place(f->ev, member, k) == place;
        }
    }
    return n;
}

static void fill_row(struct filling *f, uint32_t member, uint32_t k)
{
    const struct engine *e = f->ev->engine;
    uint32_t from = source_dataset(e->rules, f->set->kind, member);
    const uint8_t *counted = e->facts[from].in_aggregates;
    enum result_place place = f->source->place(f->ev, member, k);

    if (place == RESULT_NOWHERE) {
        return;
    }
    uint32_t row = place == RESULT_THERE ? f->row++ : f->absent++;
    results_set_text(f->table, 0, row, result_id(e->rules, f->set->kind, member));
    results_copy_key(e, from, k, f->table, row);
    f->in_aggregates[row] = counted == NULL || counted[k];
    if (place == RESULT_THERE) {
        f->source->fill(f->ev, member, k, f->table, row, f->set);
    }
}

/* Nothing of the set applies to anybody for want of a file. */
static bool all_absent(const struct filling *f)
{
    for (uint32_t i = 0; i < f->set->n_members; i++) {
        if (!f->source->is_absent(f->ev, f->set->members[i])) {
            return false;
        }
    }
    return true;
}

static void fill_set(struct evaluation *ev, const struct result_set *set,
                     uint32_t dataset, const struct results_source *s)
{
    struct engine *e = ev->engine;
    struct filling f = {.ev = ev, .set = set, .source = s};
    uint32_t n = count_placed(&f, RESULT_THERE),
             n_absent = count_placed(&f, RESULT_ABSENT);

    f.table = results_table(e, dataset, n, n_absent);
    f.table->is_absent = all_absent(&f);
    f.absent = n;
    f.in_aggregates = arena_new_array(e->a, (size_t)n + n_absent + 1, uint8_t);
    for (uint32_t i = 0; i < set->n_members; i++) {
        for (uint32_t k = 0; k < s->rows(ev, set->members[i]); k++) {
            fill_row(&f, set->members[i], k);
        }
    }
    facts_learn(e, dataset, f.table);
    e->facts[dataset].in_aggregates = f.in_aggregates;
}

void results_publish(struct evaluation *ev, const struct results_source *s)
{
    const struct ruleset *rules = ev->engine->rules;

    ev->is_computed[s->kind][s->number] = true;
    for (uint32_t i = 0; i < rules->n_results; i++) {
        if (holds(ev, &rules->results[i], s)) {
            fill_set(ev, &rules->results[i], rules->n_datasets + i, s);
        }
    }
}

static void prepare(struct evaluation *ev)
{
    struct engine *e = ev->engine;
    const struct ruleset *rules = e->rules;

    ev->targets = arena_new_array(e->a, rules->n_targets + 1, struct target_result *);
    ev->boards = arena_new_array(e->a, rules->n_boards + 1, struct score_result *);
    ev->indicators =
        arena_new_array(e->a, rules->n_indicators + 1, struct indicator_result *);
    ev->is_computed[RESULT_TARGET] = arena_new_array(e->a, rules->n_targets + 1, bool);
    ev->is_computed[RESULT_BOARD] = arena_new_array(e->a, rules->n_boards + 1, bool);
    ev->is_computed[RESULT_INDICATOR] =
        arena_new_array(e->a, rules->n_indicators + 1, bool);
}

void results_run(struct evaluation *ev)
{
    const struct ruleset *rules = ev->engine->rules;

    prepare(ev);
    for (uint32_t i = 0; i < rules->n_steps; i++) {
        switch (rules->steps[i].kind) {
        case RESULT_TARGET:
            goal_run_target(ev, rules->steps[i].number);
            break;
        case RESULT_BOARD:
            board_run(ev, rules->steps[i].number);
            break;
        case RESULT_INDICATOR:
            goal_run_indicator(ev, rules->steps[i].number);
            break;
        }
    }
}

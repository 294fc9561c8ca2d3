/* Planning and running selections. See select.h. */
#include "eval/select.h"

#include "eval/words.h"

#include <assert.h>
#include <string.h>

#define PAIRS_BATCH 4096u

uint8_t cell_inside(uint8_t state)
{
    return cell_kind(state) == CELL_KIND_MISSING ? CELL_INNER : state;
}

/* The verdict of conditions whose values stand in `slots`, element i, of row `row`. An
 * absent row is left out by what is known of it, its key, alone. *first, that something
 * asked for a period before all data, stands only where other conditions let the row in.
 */
static uint8_t verdict_at(const struct selector *s, const struct vec *slots, uint32_t i,
                          uint32_t row, uint8_t *first)
{
    bool is_absent = row >= s->facts->table->n;
    uint8_t verdict = SELECT_IN;

    for (uint32_t c = 0; c < s->select->n_conds; c++) {
        const struct vec *condition = &slots[s->cond_slots[c]];
        uint8_t state = vec_state(condition, i);
        if (is_absent && s->cond_facts[c].reads_cells) {
            continue;
        }
        if (state == CELL_OK && !condition->flag[i]) {
            verdict = SELECT_OUT;
            *first &= s->cond_facts[c].asks_previous;
            if (!*first) {
                return SELECT_OUT;
            }
        } else if (verdict != SELECT_OUT) {
            verdict = cell_worse(verdict, state);
        }
    }
    return verdict;
}

/* Settles a closed selection for every row, a batch at a time; `use` may be NULL. */
static void settle_rows(struct engine *e, struct selector *s, uint8_t *verdict,
                        pair_user *use, void *context)
{
    uint32_t n = s->facts->table->n + s->facts->table->n_absent;
    size_t mark = scratch_mark(e->batch);

    for (uint32_t first = 0; first < n; first += e->batch_rows) {
        struct domain d = {.n = n - first < e->batch_rows ? n - first : e->batch_rows,
                           .n_scopes = s->scope + 1};
        d.scope[s->scope] = (struct scope_rows){.facts = s->facts, .first = first};
        uint8_t *is_first = scratch_array(e->batch, d.n, uint8_t);
        memset(is_first, 0, d.n);
        const struct vec *slots = program_run(e, s->program, &d, is_first);
        uint32_t *rows = scratch_array(e->batch, d.n, uint32_t);
        for (uint32_t i = 0; i < d.n; i++) {
            rows[i] = first + i;
            verdict[first + i] = verdict_at(s, slots, i, first + i, &is_first[i]);
        }
        if (use != NULL) {
            struct pairs p = {.n = d.n,
                              .elem = rows,
                              .row = rows,
                              .verdict = verdict + first,
                              .first = is_first};
            p.pick = s->pick_slot == UINT32_MAX ? NULL : &slots[s->pick_slot];
            use(context, s, &p);
        }
        scratch_rewind(e->batch, mark);
    }
}

uint8_t select_loose_verdict(const struct keyidx *by, uint32_t row)
{
    uint8_t state = CELL_OK;

    for (uint32_t c = 0; c < by->n_columns; c++) {
        state = cell_worse(state, by->table->columns[by->columns[c]].state[row]);
    }
    if (state == CELL_NA) {
        return SELECT_OUT;
    }
    return row >= by->table->n ? CELL_INCOMPLETE : cell_inside(state);
}

/* Lookups and sets take the rows that are there, `count` and `list` as well. */
static bool minds_absent(const struct expr *x)
{
    return x->op == EXPR_AGG && x->agg != AGG_COUNT && x->agg != AGG_LIST;
}

static void keep_loose(struct engine *e, struct selector *s, const struct expr *x)
{
    uint32_t *loose = arena_new_array(e->a, s->by->n_loose + 1, uint32_t);

    for (uint32_t i = 0; i < s->by->n_loose; i++) {
        uint32_t row = s->by->loose[i];
        bool is_virtual = row >= s->facts->table->n;
        bool is_out = s->verdict[row] == SELECT_OUT || s->verdict[row] == CELL_NA ||
                      select_loose_verdict(s->by, row) == SELECT_OUT;
        if (!is_out && (!is_virtual || minds_absent(x))) {
            loose[s->n_loose++] = row;
        }
    }
    s->loose = loose;
}

uint8_t select_loose(const struct selector *s, const uint64_t *codes)
{
    uint8_t state = CELL_OK;

    for (uint32_t i = 0; i < s->n_loose; i++) {
        if (keyidx_loose_fits(s->by, s->loose[i], codes)) {
            state = cell_worse(state, select_loose_verdict(s->by, s->loose[i]));
        }
    }
    return state;
}

uint8_t select_one(const struct facts *facts, uint32_t n, uint32_t row, uint8_t unknown)
{
    if (n > 1 || (n == 1 && facts_duplicate(facts, row))) {
        return CELL_DUPLICATE;
    }
    return n == 1 ? CELL_OK : unknown != CELL_OK ? unknown : CELL_ABSENT_ROW;
}

/* The one certain row among a group's, and the state of the lookup that asks for it. */
static uint8_t settle_group(const struct selector *s, uint32_t first, uint32_t *found)
{
    uint8_t unknown = CELL_OK;
    uint32_t n = 0;

    for (uint32_t row = first; row != ROW_NONE; row = s->by->next[row]) {
        uint8_t verdict = row < s->facts->table->n ? s->verdict[row] : SELECT_OUT;
        if (verdict == SELECT_IN) {
            *found = row;
            n++;
        } else if (verdict != SELECT_OUT) {
            unknown = cell_worse(unknown, verdict);
        }
    }
    return select_one(s->facts, n, *found, unknown);
}

static void settle_lookup(struct engine *e, struct selector *s)
{
    uint32_t *row_of = arena_new_array(e->a, s->by->n_groups + 1, uint32_t);
    uint8_t *row_state = arena_new_array(e->a, s->by->n_groups + 1, uint8_t);

    for (uint32_t g = 0; g < s->by->n_groups; g++) {
        row_of[g] = ROW_NONE;
        row_state[g] = settle_group(s, s->by->first[g], &row_of[g]);
    }
    s->row_of = row_of;
    s->row_state = row_state;
}

struct settling {
    struct engine *e;
    struct acc *accs;
    enum agg agg;
};

static void take_rows(void *context, const struct selector *s, const struct pairs *p)
{
    const struct settling *into = context;

    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t group = s->by->group_of[p->row[i]];
        if (group != GROUP_NONE) {
            acc_take(into->e, acc_at(into->accs, group), s, into->agg, p, i);
        }
    }
}

static struct vec finish_groups(struct engine *e, struct settling *into,
                                const struct expr *x, uint32_t n)
{
    struct vec_builder b = vec_build(e->keep, x->kind, n);

    for (uint32_t g = 0; g < n; g++) {
        acc_finish(e, acc_at(into->accs, g), into->agg, &b, g);
    }
    return vec_built(e->keep, &b, n);
}

static const uint8_t *first_groups(struct engine *e, struct settling *into, uint32_t n)
{
    uint8_t *is_first = NULL;

    for (uint32_t g = 0; g < n; g++) {
        if (!acc_is_first(acc_at(into->accs, g))) {
            continue;
        }
        if (is_first == NULL) {
            is_first = arena_new_array(e->a, n, uint8_t);
        }
        is_first[g] = 1;
    }
    return is_first;
}

static void settle(struct engine *e, struct selector *s, const struct expr *x)
{
    uint32_t n = s->facts->table->n + s->facts->table->n_absent;
    uint8_t *verdict = arena_new_array(e->a, n + 1, uint8_t);
    struct settling into = {.e = e, .agg = x->agg};

    if (x->op == EXPR_AGG) {
        into.accs = acc_new(e->keep, s->by->n_groups);
        settle_rows(e, s, verdict, take_rows, &into);
        s->results = finish_groups(e, &into, x, s->by->n_groups);
        s->is_first = first_groups(e, &into, s->by->n_groups);
        into.accs = acc_new(e->keep, 1);
        s->no_group = finish_groups(e, &into, x, 1);
    } else {
        settle_rows(e, s, verdict, NULL, NULL);
    }
    s->verdict = verdict;
    keep_loose(e, s, x);
    if (x->op == EXPR_LOOKUP) {
        settle_lookup(e, s);
    }
}

/* The index on the bound columns; a closed set is also indexed by the column it picks. */
static const struct keyidx *index_of(struct engine *e, struct selector *s,
                                     const struct expr *x)
{
    const struct select *select = s->select;
    const struct schema *schema = s->facts->schema;
    uint32_t columns[KEYIDX_COLUMNS];
    bool folds[KEYIDX_COLUMNS];
    uint32_t n = select->n_binds;

    assert(n < KEYIDX_COLUMNS && (x->op != EXPR_IN_ROWS || select->pick != NULL));
    for (uint32_t i = 0; i < n; i++) {
        columns[i] = select->binds[i].column;
        folds[i] = words_fold(schema, columns[i], select->binds[i].value->kind);
    }
    s->by_pick = x->op == EXPR_IN_ROWS && x->n > 0 && s->is_closed &&
                 select->pick != NULL && select->pick->op == EXPR_COLUMN &&
                 select->pick->scope == s->scope;
    if (s->by_pick) {
        folds[n] = words_fold(schema, select->pick->column, x->args[0]->kind);
        columns[n++] = select->pick->column;
    }
    return keyidx_new(e->a, words_table(e, s->facts->table, columns, folds, n), columns,
                      n, s->for_lookup ? NULL : s->facts->in_aggregates);
}

/* What of the row in `scope` an expression asks for. */
static void read_condition(const struct expr *x, const struct selector *s,
                           struct condition_facts *out)
{
    if (x->op == EXPR_COLUMN && x->scope == s->scope) {
        out->reads_cells |= !s->facts->schema->columns[x->column].is_key;
    }
    out->asks_previous |= x->op == EXPR_PREVIOUS;
    for (uint32_t i = 0; i < x->n; i++) {
        read_condition(x->args[i], s, out);
    }
    if (x->select == NULL) {
        return;
    }
    for (uint32_t i = 0; i < x->select->n_binds; i++) {
        read_condition(x->select->binds[i].value, s, out);
    }
    for (uint32_t i = 0; i < x->select->n_conds; i++) {
        read_condition(x->select->conds[i], s, out);
    }
    if (x->select->pick != NULL) {
        read_condition(x->select->pick, s, out);
    }
}

static struct selector *plan_select(struct engine *e, const struct expr *x)
{
    struct selector *s = arena_new(e->a, struct selector);
    const struct select *select = x->select;
    struct program *program = program_new(e);
    uint32_t *slots = arena_new_array(e->a, select->n_conds + 1, uint32_t);
    struct condition_facts *conds =
        arena_new_array(e->a, select->n_conds + 1, struct condition_facts);

    s->select = select;
    s->facts = &e->facts[select->dataset];
    s->scope = select->scope;
    s->for_lookup = x->op == EXPR_LOOKUP;
    s->is_closed = !select->is_correlated;
    for (uint32_t i = 0; i < select->n_conds; i++) {
        slots[i] = program_add(e, program, select->conds[i]);
        read_condition(select->conds[i], s, &conds[i]);
        s->is_closed &= x->op == EXPR_AGG || !conds[i].asks_previous;
    }
    s->cond_facts = conds;
    bool picks = select->pick != NULL && x->op != EXPR_LOOKUP;
    s->pick_slot = picks ? program_add(e, program, select->pick) : UINT32_MAX;
    s->program = program;
    s->cond_slots = slots;
    s->by = index_of(e, s, x);
    if (s->is_closed) {
        settle(e, s, x);
    }
    return s;
}

struct selector *selector_for(struct engine *e, const struct expr *x)
{
    assert(x->select != NULL && x->select->scope < SCOPES_MAX);
    for (uint32_t i = 0; i < e->n_selectors; i++) {
        if (e->selectors[i]->select == x->select) {
            return e->selectors[i];
        }
    }
    struct selector *s = plan_select(e, x);
    e->selectors = list_room(e->a, e->selectors, e->n_selectors, &e->selector_cap,
                             sizeof(struct selector *));
    e->selectors[e->n_selectors++] = s;
    return s;
}

uint64_t select_code(const struct vec *v, uint32_t i)
{
    switch (v->kind) {
    case VALUE_NUM:
        return key_code_num(vec_num(v, i));
    case VALUE_TEXT:
    case VALUE_CODE:
        return key_code_id(v->id[i]);
    case VALUE_DAY:
    case VALUE_PERIOD:
        return key_code_when(v->when[i]);
    case VALUE_BOOL:
        return v->flag[i];
    case VALUE_ERROR:
        break;
    }
    assert(0 && "bound to a value of no kind");
    return 0;
}

bool select_codes(const struct frame *f, const struct op *op, const struct selector *s,
                  uint32_t i, uint64_t *codes, uint8_t *state)
{
    *state = CELL_OK;
    for (uint32_t k = 0; k < s->select->n_binds; k++) {
        const struct vec *value = arg(f, op, k);
        uint8_t value_state = vec_state(value, i);
        *state = cell_worse(*state, value_state);
        codes[k] = value_state == CELL_OK ? select_code(value, i) : 0;
    }
    return *state == CELL_OK;
}

/* Pairs being gathered until a batch is full. */
struct gathering {
    struct frame *f;
    const struct selector *s;
    pair_user *use;
    void *context;
    uint32_t n;
    uint32_t *elem, *row;
};

static void flush(struct gathering *g)
{
    struct engine *e = g->f->engine;
    size_t mark = scratch_mark(e->batch);

    if (g->n == 0) {
        return;
    }
    struct domain d = domain_pick(e->batch, g->f->domain, g->elem, g->n);
    domain_set(&d, g->s->scope, g->s->facts, g->row);
    uint8_t *is_first = scratch_array(e->batch, g->n, uint8_t);
    memset(is_first, 0, g->n);
    const struct vec *slots = program_run(e, g->s->program, &d, is_first);
    uint8_t *verdict = scratch_array(e->batch, g->n, uint8_t);
    for (uint32_t i = 0; i < g->n; i++) {
        verdict[i] = verdict_at(g->s, slots, i, g->row[i], &is_first[i]);
        bool is_loose = g->s->by->group_of[g->row[i]] == GROUP_NONE;
        if (is_loose) {
            bool is_out = verdict[i] == SELECT_OUT || verdict[i] == CELL_NA;
            verdict[i] = is_out ? SELECT_OUT : select_loose_verdict(g->s->by, g->row[i]);
        }
    }
    struct pairs p = {
        .n = g->n, .elem = g->elem, .row = g->row, .verdict = verdict, .first = is_first};
    p.pick = g->s->pick_slot == UINT32_MAX ? NULL : &slots[g->s->pick_slot];
    g->use(g->context, g->s, &p);
    g->n = 0;
    scratch_rewind(e->batch, mark);
}

static void gather(struct gathering *g, uint32_t elem, uint32_t row)
{
    if (g->s->for_lookup && row >= g->s->facts->table->n) {
        return;
    }
    if (g->n == PAIRS_BATCH) {
        flush(g);
    }
    g->elem[g->n] = elem;
    g->row[g->n++] = row;
}

void select_pairs(struct frame *f, const struct op *op, const struct selector *s,
                  uint8_t *state, pair_user *use, void *context)
{
    struct scratch *batch = f->engine->batch;
    struct gathering g = {.f = f, .s = s, .use = use, .context = context};
    uint64_t codes[KEYIDX_COLUMNS];

    g.elem = scratch_array(batch, PAIRS_BATCH, uint32_t);
    g.row = scratch_array(batch, PAIRS_BATCH, uint32_t);
    for (uint32_t i = 0; i < frame_n(f); i++) {
        if (!select_codes(f, op, s, i, codes, &state[i])) {
            continue;
        }
        uint32_t group = keyidx_find(s->by, codes);
        for (uint32_t row = group == GROUP_NONE ? ROW_NONE : s->by->first[group];
             row != ROW_NONE; row = s->by->next[row]) {
            gather(&g, i, row);
        }
        for (uint32_t k = 0; k < s->by->n_loose; k++) {
            if (keyidx_loose_fits(s->by, s->by->loose[k], codes)) {
                gather(&g, i, s->by->loose[k]);
            }
        }
    }
    flush(&g);
}

/* See shift.h. Each kernel makes a list of (element, row of another period), runs the
 * body once over all of them, and adds up what belongs to one element. */
#include "eval/shift.h"

#include "eval/kernel.h"

#include <assert.h>
#include <string.h>

#define KINDS_ENDING 5
#define SHIFT_ROWS 64 /* rows that stand for one */
#define PERIODS_IN_YEAR 12

static const struct keyidx *index_with_period(struct engine *e, const struct facts *facts)
{
    const struct schema *schema = facts->schema;
    uint32_t columns[KEYIDX_COLUMNS];
    uint32_t n = 0;
    bool has_period = false;

    for (uint32_t i = 0; i < schema->n_key; i++) {
        columns[n++] = schema->key[i];
        has_period = has_period || schema->key[i] == schema->period;
    }
    if (has_period) {
        return facts->key;
    }
    columns[n++] = schema->period;
    return keyidx_new(e->a, facts->table, columns, n, NULL);
}

/* Whether values of x in several rows add up. What is accumulated is a sum over rows in
 * any case, so there each may have something in place of what is missing. */
static bool is_summed(const struct expr *x, bool with_default)
{
    if (x->is_additive) {
        return true;
    }
    bool is_sum = x->op == EXPR_ADD || x->op == EXPR_SUB || x->op == EXPR_NEG;
    bool is_default = x->op == EXPR_COALESCE && with_default;
    for (uint32_t i = 0; i < x->n; i++) {
        bool is_given = is_default && i == 1 && x->args[i]->op == EXPR_NUM;
        if (!is_given && !is_summed(x->args[i], with_default)) {
            return false;
        }
    }
    return is_sum || is_default;
}

struct shift *shift_new(struct engine *e, const struct program *p, const struct expr *x)
{
    assert(x->op == EXPR_PREVIOUS || x->op == EXPR_AT || x->op == EXPR_CUMULATIVE);
    const struct prepared *known = memo_get_pointer(e->prepared, (uintptr_t)x);
    if (known != NULL) {
        return known->data;
    }
    struct shift *s = arena_new(e->a, struct shift);
    struct program *body = program_new(e);

    engine_prepared(e, x, s);
    body->check = p->check;
    s->expr = x;
    s->slot = program_add(e, body, x->args[0]);
    s->is_summed = is_summed(x->args[0], x->op == EXPR_CUMULATIVE);
    s->body = body;
    s->facts = &e->facts[x->dataset];
    s->by = index_with_period(e, s->facts);
    for (uint32_t i = 0; i < KEYIDX_COLUMNS; i++) {
        s->successions[i] = memo_new(e->a);
    }
    s->ends = memo_new(e->a);
    return s;
}

/* The codes that stood for a code in an earlier period. */
struct succession {
    bool is_itself; /* the code was there already */
    uint32_t n;
    uint32_t *ids;
};

static const struct succession itself = {.is_itself = true};

static const struct succession *find_succession(struct engine *e, uint32_t codelist,
                                                uint32_t id, int32_t now, int32_t then)
{
    const struct codelist *l = e->codelists[codelist];
    struct str folded = dict_str(e->texts, engine_fold(e, id));
    const struct code_entry *entry = codelist_at(l, folded, period_end(now));

    if (entry == NULL || entry->from <= period_end(then)) {
        return &itself;
    }
    const struct code_entry **before;
    size_t n = codelist_predecessors(l, entry, period_end(then), e->a, &before);
    struct succession *s = arena_new(e->a, struct succession);
    s->ids = arena_new_array(e->a, n + 1, uint32_t);
    for (size_t i = 0; i < n; i++) {
        s->ids[s->n++] = engine_code(e, codelist, before[i]->code);
    }
    return s;
}

/* Periods that may serve, in order of preference. */
struct candidates {
    int32_t periods[KINDS_ENDING + 1];
    uint32_t n;
};

static void add_ending(struct candidates *c, int32_t day)
{
    int32_t ending[KINDS_ENDING];
    size_t n = period_ending(day, ending);

    for (size_t i = 0; i < n; i++) {
        if (c->n == 0 || ending[i] != c->periods[0]) {
            c->periods[c->n++] = ending[i];
        }
    }
}

static int32_t period_asked(const struct expr *x, int32_t p)
{
    return x->years == 0 ? period_prior(p) : period_shift_years(p, -x->years);
}

static struct candidates candidates_before(const struct expr *x, int32_t p)
{
    struct candidates c = {.n = 0};
    int32_t asked = period_asked(x, p);

    if (asked != PERIOD_NONE) {
        c.periods[c.n++] = asked;
    }
    if (x->args[0]->all_stocks) {
        add_ending(&c, asked != PERIOD_NONE ? period_end(asked) : period_start(p) - 1);
    }
    return c;
}

/* The period of one kind that ends on the day, first; then the longest. */
static struct candidates candidates_on(int32_t day, enum period_kind kind)
{
    struct candidates c = {.n = 0};
    int32_t ending[KINDS_ENDING];
    size_t n = period_ending(day, ending);

    for (size_t i = 0; i < n; i++) {
        if (period_kind(ending[i]) == kind) {
            c.periods[c.n++] = ending[i];
        }
    }
    add_ending(&c, day);
    return c;
}

/* Looking for the row of another period. */
struct search {
    struct engine *e;
    const struct shift *s;
    const struct keyidx *by;
    bool is_group;
    uint32_t row;
    int32_t now, then;
    const struct candidates *periods; /* all end with `then` */
    uint32_t period_at;               /* index column */
    uint64_t *codes;                  /* one for each index column */
    uint32_t *out;
    uint32_t n_out;
};

/* Of index column k of the row searched for. Periods fit 19 bits; ids beyond 26 bits are
 * looked up each time. */
static const struct succession *succession_of(const struct search *q, uint32_t k,
                                              uint32_t codelist, uint32_t id)
{
    uint64_t key = (uint64_t)id << 38 | (uint64_t)q->now << 19 | (uint64_t)q->then;

    if (id >> 26 != 0) {
        return find_succession(q->e, codelist, id, q->now, q->then);
    }
    const struct succession *known = memo_get_pointer(q->s->successions[k], key);
    if (known == NULL) {
        known = find_succession(q->e, codelist, id, q->now, q->then);
        memo_put_pointer(q->s->successions[k], key, known);
    }
    return known;
}

/* The first real row of the group with these codes, and how many there are, up to two. */
static uint32_t count_rows(const struct search *q, uint32_t *real)
{
    uint32_t group = keyidx_find(q->by, q->codes);
    uint32_t n = 0;

    for (uint32_t row = group == GROUP_NONE ? ROW_NONE : q->by->first[group];
         row != ROW_NONE && n < 2; row = q->by->next[row]) {
        if (row < q->s->facts->table->n) {
            *real = n == 0 ? row : *real;
            n++;
        }
    }
    return n;
}

/* Tries the periods in turn: each predecessor may have reported in its own kind. */
static uint8_t take_group(struct search *q)
{
    uint32_t real = ROW_NONE;
    uint32_t n = 0;

    for (uint32_t i = 0; i < q->periods->n && n == 0; i++) {
        q->codes[q->period_at] = key_code_when(q->periods->periods[i]);
        n = count_rows(q, &real);
    }
    if (n == 0) {
        return q->s->facts->table->is_truncated ? CELL_INCOMPLETE : CELL_ABSENT_ROW;
    }
    if (n > 1 && !q->is_group) {
        return CELL_DUPLICATE;
    }
    if (q->n_out == SHIFT_ROWS) {
        return CELL_LIMIT;
    }
    q->out[q->n_out++] = real;
    return CELL_OK;
}

/* Settles the code of index column k and goes on to the next; several predecessors
 * branch, if there is a sum of them, and what is wrong with any is wrong with it. */
static uint8_t search_from(struct search *q, uint32_t k)
{
    if (k == q->by->n_columns) {
        return take_group(q);
    }
    uint32_t column = q->by->columns[k];
    const struct schema *schema = q->s->facts->schema;
    const struct table_column *c = &q->s->facts->table->columns[column];
    if (column == schema->period) {
        q->period_at = k;
        return search_from(q, k + 1);
    }
    if (c->state[q->row] != CELL_OK) {
        return c->state[q->row];
    }
    q->codes[k] = key_code_cell(c, q->row);
    if (schema->columns[column].type != COLUMN_CODE || q->then == q->now) {
        return search_from(q, k + 1);
    }
    const struct succession *before =
        succession_of(q, k, schema->columns[column].codelist, c->id[q->row]);
    if (before->is_itself) {
        return search_from(q, k + 1);
    }
    if (before->n > 1 && !q->s->is_summed) {
        return CELL_NOT_ADDITIVE;
    }
    uint8_t state = before->n == 0 ? CELL_ABSENT_ROW : CELL_OK;
    for (uint32_t i = 0; i < before->n; i++) {
        q->codes[k] = key_code_id(before->ids[i]);
        state = cell_worse(state, search_from(q, k + 1));
    }
    return state;
}

/* The rows that stand for a row in another period: one, or one for each predecessor. */
struct shifted {
    uint32_t n;
    uint32_t rows[SHIFT_ROWS];
};

/* `by`: the scope's groups, or NULL. CELL_OK, or CELL_ABSENT_ROW, CELL_DUPLICATE,
 * CELL_NOT_ADDITIVE, or the state of a key cell; then `out` has those rows that are
 * there. */
static uint8_t shift_rows(struct engine *e, const struct shift *s,
                          const struct keyidx *by, uint32_t row,
                          const struct candidates *c, struct shifted *out)
{
    const struct table_column *periods =
        &s->facts->table->columns[s->facts->schema->period];
    uint64_t codes[KEYIDX_COLUMNS];
    struct search q = {.e = e,
                       .s = s,
                       .codes = codes,
                       .by = by == NULL ? s->by : by,
                       .is_group = by != NULL,
                       .row = row,
                       .periods = c,
                       .out = out->rows};

    out->n = 0;
    if (c->n == 0) {
        return CELL_ABSENT_ROW;
    }
    q.then = c->periods[0];
    assert(periods->state[row] == CELL_OK);
    q.now = periods->when[row];
    uint8_t state = search_from(&q, 0);
    out->n = q.n_out;
    return state;
}

/* End of the earliest period that x, in the row of period p, asks for: that of the
 * farthest chain of `previous`. Once for each expression and period. */
static int32_t farthest_end(struct memo *ends, const struct expr *x, int32_t p)
{
    uint64_t key = ((uint64_t)(uintptr_t)x >> 3) << 19 | (uint64_t)p, known;
    int32_t end = period_end(p);

    if (memo_get(ends, key, &known)) {
        return (int32_t)known;
    }
    if (x->op == EXPR_PREVIOUS) {
        int32_t before = period_asked(x, p);
        end = before == PERIOD_NONE ? period_start(p) - 1
                                    : farthest_end(ends, x->args[0], before);
    }
    for (uint32_t i = x->op == EXPR_PREVIOUS || x->op == EXPR_AT; i < x->n; i++) {
        int32_t inner = farthest_end(ends, x->args[i], p);
        end = inner < end ? inner : end;
    }
    memo_put(ends, key, (uint32_t)end);
    return end;
}

/* The growing list of (element, row) of one kernel. */
struct moves {
    uint32_t n;
    size_t cap;
    uint32_t *elem, *row;
    uint8_t *state; /* per element */
};

static struct moves moves_new(struct frame *f)
{
    struct moves m = {.cap = frame_n(f)};

    m.elem = scratch_array(f->engine->batch, m.cap, uint32_t);
    m.row = scratch_array(f->engine->batch, m.cap, uint32_t);
    m.state = scratch_array(f->engine->batch, m.cap, uint8_t);
    return m;
}

static void move_to(struct frame *f, struct moves *m, uint32_t elem, const uint32_t *rows,
                    uint32_t n)
{
    if (m->n + n > m->cap) {
        struct scratch *batch = f->engine->batch;
        size_t cap = m->cap * 2 + n;
        uint32_t *elems = scratch_array(batch, cap, uint32_t),
                 *all = scratch_array(batch, cap, uint32_t);
        memcpy(elems, m->elem, m->n * sizeof *elems);
        memcpy(all, m->row, m->n * sizeof *all);
        m->elem = elems;
        m->row = all;
        m->cap = cap;
    }
    for (uint32_t i = 0; i < n; i++) {
        m->elem[m->n] = elem;
        m->row[m->n++] = rows[i];
    }
}

/* Adds value j of v to what element i has so far: a state where something is amiss. */
static uint8_t add_to(struct vec_builder *b, uint32_t i, const struct vec *v, uint32_t j)
{
    uint8_t state = vec_state(v, j);
    struct num sum;

    if (state != CELL_OK || b->state[i] != CELL_OK) {
        return cell_worse(b->state[i], state);
    }
    if (num_add(b->num[i], vec_num(v, j), &sum) != DEC_OK) {
        return CELL_LIMIT;
    }
    vec_put_num(b, i, sum);
    return CELL_OK;
}

/* Narrow numbers, one at most for each element, are brought back as they are. An element
 * that misses some of its rows keeps no value. */
static struct vec arrive_narrow(struct frame *f, const struct moves *m,
                                const struct vec *values)
{
    struct scratch *batch = f->engine->batch;
    uint32_t n = frame_n(f);
    int64_t *coef = scratch_array(batch, n, int64_t);

    memset(coef, 0, n * sizeof *coef);
    for (uint32_t k = 0; k < m->n; k++) {
        uint8_t *state = &m->state[m->elem[k]];
        coef[m->elem[k]] = *state == CELL_OK ? values->coef[k] : 0;
        *state = cell_worse(*state, vec_state(values, k));
    }
    bool is_whole = true;
    for (uint32_t i = 0; i < n; i++) {
        is_whole = is_whole && m->state[i] == CELL_OK;
    }
    return (struct vec){.kind = VALUE_NUM,
                        .state = is_whole ? NULL : m->state,
                        .coef = coef,
                        .scale = values->scale};
}

static bool has_several(const struct moves *m)
{
    for (uint32_t k = 1; k < m->n; k++) {
        if (m->elem[k] == m->elem[k - 1]) {
            return true;
        }
    }
    return false;
}

static void note_first(struct frame *f, const struct moves *m, const uint8_t *first)
{
    for (uint32_t k = 0; f->first != NULL && k < m->n; k++) {
        f->first[m->elem[k]] |= first[k];
    }
}

/* No row was found for any element. */
static struct vec nothing(struct frame *f, const struct shift *s, const struct moves *m)
{
    struct vec_builder b = vec_build(f->engine->batch, s->expr->kind, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        vec_put_state(&b, i, m->state[i]);
    }
    return vec_built(f->engine->batch, &b, frame_n(f));
}

/* Runs the body in the rows moved to and brings the values back. */
static struct vec arrive(struct frame *f, const struct shift *s, const struct moves *m)
{
    struct scratch *batch = f->engine->batch;
    uint32_t n = frame_n(f);
    if (m->n == 0) {
        return nothing(f, s, m);
    }
    struct domain d = domain_pick(batch, f->domain, m->elem, m->n);
    uint8_t *first = scratch_array(batch, m->n, uint8_t);

    memset(first, 0, m->n);
    domain_set(&d, s->expr->scope, s->facts, m->row);
    const struct vec *values = &program_run(f->engine, s->body, &d, first)[s->slot];
    note_first(f, m, first);
    if (values->kind == VALUE_NUM && values->coef != NULL && !has_several(m)) {
        return arrive_narrow(f, m, values);
    }
    struct vec_builder b = vec_build(batch, s->expr->kind, n);
    for (uint32_t i = 0; i < n; i++) {
        vec_put_state(&b, i, m->state[i]);
    }
    for (uint32_t k = 0; k < m->n; k++) {
        uint32_t i = m->elem[k];
        bool is_only_or_first = k == 0 || m->elem[k - 1] != i;
        if (is_only_or_first && m->state[i] == CELL_OK) {
            vec_put_from(&b, i, values, k);
        } else {
            vec_put_state(&b, i, add_to(&b, i, values, k));
        }
    }
    return vec_built(batch, &b, n);
}

/* What is found is moved to, even where something else is amiss: a bad cell in a row that
 * is there tells more than a row that is not. */
static uint8_t move_first(struct frame *f, const struct shift *s, struct moves *m,
                          uint32_t i, const struct candidates *c)
{
    const struct scope_rows *scope = &f->domain->scope[s->expr->scope];
    uint32_t row = domain_row(f->domain, s->expr->scope, i);
    struct shifted found;
    uint8_t state = shift_rows(f->engine, s, scope->group, row, c, &found);

    move_to(f, m, i, found.rows, found.n);
    return state;
}

static const struct table_column *period_column(const struct shift *s)
{
    assert(s->facts->schema->period != ID_NONE);
    return &s->facts->table->columns[s->facts->schema->period];
}

/* What `previous` asks of one period; rows of a batch mostly share theirs. */
struct asked {
    int32_t period;
    struct candidates candidates;
    bool is_before; /* the period asked for ends before all data */
    bool is_farthest_before;
};

static void ask(const struct shift *s, int32_t p, struct asked *out)
{
    if (out->period == p) {
        return;
    }
    out->period = p;
    out->candidates = candidates_before(s->expr, p);
    int32_t end = out->candidates.n > 0 ? period_end(out->candidates.periods[0])
                                        : period_start(p) - 1;
    out->is_before = end < s->facts->first_end;
    out->is_farthest_before = farthest_end(s->ends, s->expr, p) < s->facts->first_end;
}

void run_previous(struct frame *f, const struct op *op, struct vec *out)
{
    const struct shift *s = op->data;
    const struct table_column *periods = period_column(s);
    struct moves m = moves_new(f);
    struct asked asked = {.period = PERIOD_NONE};

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint32_t row = domain_row(f->domain, s->expr->scope, i);
        if (periods->state[row] != CELL_OK) {
            m.state[i] = periods->state[row];
            continue;
        }
        ask(s, periods->when[row], &asked);
        m.state[i] = move_first(f, s, &m, i, &asked.candidates);
        bool has_none = m.state[i] == CELL_ABSENT_ROW || m.state[i] == CELL_NOT_ADDITIVE;
        if (has_none && asked.is_before) {
            m.state[i] = CELL_NO_PREVIOUS;
        }
        if (f->first != NULL && asked.is_farthest_before) {
            f->first[i] = 1;
        }
    }
    *out = arrive(f, s, &m);
}

void run_at(struct frame *f, const struct op *op, struct vec *out)
{
    const struct shift *s = op->data;
    const struct table_column *periods = period_column(s);
    const struct vec *at = arg(f, op, 0);
    struct moves m = moves_new(f);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint32_t row = domain_row(f->domain, s->expr->scope, i);
        m.state[i] = cell_worse(periods->state[row], vec_state(at, i));
        if (m.state[i] != CELL_OK) {
            continue;
        }
        struct candidates c = {.periods = {at->when[i]}, .n = 1};
        if (at->kind == VALUE_DAY) {
            c = candidates_on(at->when[i], period_kind(periods->when[row]));
        }
        m.state[i] = move_first(f, s, &m, i, &c);
    }
    *out = arrive(f, s, &m);
}

/* The periods of p's kind from 1 January to p; one that begins on 1 January is its own
 * total. */
static uint32_t year_to_date(int32_t p, int32_t out[PERIODS_IN_YEAR])
{
    uint32_t n = (uint32_t)period_number(p);

    if (period_kind(p) == PERIOD_YEAR || period_kind(p) == PERIOD_9M) {
        out[0] = p;
        return 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        out[i] = period_make(period_year(p), period_kind(p), (int)i + 1);
    }
    return n;
}

static uint8_t move_all(struct frame *f, const struct shift *s, struct moves *m,
                        uint32_t i, int32_t p)
{
    const struct scope_rows *scope = &f->domain->scope[s->expr->scope];
    uint32_t row = domain_row(f->domain, s->expr->scope, i);
    int32_t periods[PERIODS_IN_YEAR];
    uint32_t n_periods = year_to_date(p, periods);
    uint8_t state = CELL_OK;

    for (uint32_t k = 0; k < n_periods; k++) {
        struct candidates only = {.periods = {periods[k]}, .n = 1};
        struct shifted found;
        uint8_t own = shift_rows(f->engine, s, scope->group, row, &only, &found);
        state = cell_worse(state, own);
        move_to(f, m, i, found.rows, found.n);
    }
    return state;
}

void run_cumulative(struct frame *f, const struct op *op, struct vec *out)
{
    const struct shift *s = op->data;
    const struct table_column *periods = period_column(s);
    struct moves m = moves_new(f);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint32_t row = domain_row(f->domain, s->expr->scope, i);
        m.state[i] = periods->state[row];
        if (m.state[i] == CELL_OK) {
            m.state[i] = move_all(f, s, &m, i, periods->when[row]);
        }
    }
    *out = arrive(f, s, &m);
}

uint32_t shift_row_of_previous(struct engine *e, const struct shift *s, uint32_t row)
{
    const struct table_column *periods = period_column(s);
    struct shifted found;

    if (periods->state[row] != CELL_OK) {
        return ROW_NONE;
    }
    struct candidates c = candidates_before(s->expr, periods->when[row]);
    uint8_t state = shift_rows(e, s, NULL, row, &c, &found);
    return state == CELL_OK && found.n == 1 ? found.rows[0] : ROW_NONE;
}

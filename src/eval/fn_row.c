/* Kernels that read rows: columns, lookups, sets of rows, uniqueness. A column whose rows
 * follow one another is borrowed from the table as it stands; everything else is
 * gathered. */
#include "eval/kernel.h"
#include "eval/lookup.h"
#include "eval/select.h"

#include <assert.h>
#include <string.h>

/* A constant stands ready for CONSTANT_ROWS elements; a longer domain gets its own copy.
 */
void run_constant(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *ready = op->data;
    uint32_t n = frame_n(f);

    if (n <= CONSTANT_ROWS) {
        *out = *ready;
        return;
    }
    struct vec_builder b = vec_build(f->engine->batch, ready->kind, n);
    for (uint32_t i = 0; i < n; i++) {
        vec_put_from(&b, i, ready, 0);
    }
    *out = vec_built(f->engine->batch, &b, n);
}

/* A value that is never there: sides and tolerances where there are none. */
void run_missing(struct frame *f, const struct op *op, struct vec *out)
{
    struct vec_builder b = vec_build(f->engine->batch, op->expr->kind, frame_n(f));

    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

static bool any_wide(const struct table_column *c, uint32_t first, uint32_t n)
{
    return c->is_wide != NULL && memchr(c->is_wide + first, 1, n) != NULL;
}

/* States of a batch in which nothing is amiss, the usual one, are not worth a look at
 * each row. */
static const uint8_t *odd_states(const struct table_column *c, const uint8_t *state,
                                 uint32_t n)
{
    return c->is_all_ok || cells_are_ok(state, n) ? NULL : state;
}

static struct vec borrow(const struct table_column *c, uint32_t first, uint32_t n)
{
    struct vec v = {.kind = c->kind, .state = odd_states(c, c->state + first, n)};

    switch (c->kind) {
    case VALUE_NUM:
        v.coef = c->coef + first;
        v.scale = c->scale;
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        v.id = c->id + first;
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        v.when = c->when + first;
        break;
    case VALUE_BOOL:
        v.flag = c->flag + first;
        break;
    case VALUE_ERROR:
        break;
    }
    return v;
}

static struct vec gather_num(struct scratch *s, const struct table_column *c,
                             const uint32_t *rows, uint32_t n)
{
    int64_t *coef = scratch_array(s, n, int64_t);
    uint8_t *state = c->is_all_ok ? NULL : scratch_array(s, n, uint8_t);

    for (uint32_t i = 0; i < n; i++) {
        coef[i] = c->coef[rows[i]];
    }
    for (uint32_t i = 0; state != NULL && i < n; i++) {
        state[i] = c->state[rows[i]];
    }
    assert(c->is_all_ok || state != NULL);
    return (struct vec){.kind = VALUE_NUM,
                        .state = odd_states(c, state, n),
                        .coef = coef,
                        .scale = c->scale};
}

static void put_cell(struct vec_builder *b, uint32_t i, const struct table_column *c,
                     uint32_t row)
{
    if (c->state[row] != CELL_OK) {
        vec_put_state(b, i, c->state[row]);
        return;
    }
    switch (c->kind) {
    case VALUE_NUM:
        vec_put_num(b, i, column_num(c, row));
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        vec_put_id(b, i, c->id[row]);
        break;
    case VALUE_DAY:
    case VALUE_PERIOD:
        vec_put_when(b, i, c->when[row]);
        break;
    case VALUE_BOOL:
        vec_put_flag(b, i, c->flag[row] != 0);
        break;
    case VALUE_ERROR:
        break;
    }
}

void run_column(struct frame *f, const struct op *op, struct vec *out)
{
    const struct expr *x = op->expr;
    const struct scope_rows *scope = &f->domain->scope[x->scope];
    const struct table_column *c =
        &f->engine->facts[x->dataset].table->columns[x->column];
    uint32_t n = frame_n(f);

    assert(!c->is_idle && "the checker notes every column that an expression names");
    if (scope->rows == NULL && !any_wide(c, scope->first, n)) {
        *out = borrow(c, scope->first, n);
        return;
    }
    if (scope->rows != NULL && c->kind == VALUE_NUM && c->is_wide == NULL) {
        *out = gather_num(f->engine->batch, c, scope->rows, n);
        return;
    }
    struct vec_builder b = vec_build(f->engine->batch, c->kind, n);
    for (uint32_t i = 0; i < n; i++) {
        put_cell(&b, i, c, domain_row(f->domain, x->scope, i));
    }
    *out = vec_built(f->engine->batch, &b, n);
}

/* The row a closed lookup takes for one set of codes. */
static uint8_t closed_row(const struct selector *s, const uint64_t *codes, uint32_t *row)
{
    uint32_t group = keyidx_find(s->by, codes);
    uint8_t state = group == GROUP_NONE ? CELL_ABSENT_ROW : s->row_state[group];

    *row = group == GROUP_NONE ? ROW_NONE : s->row_of[group];
    if (state == CELL_ABSENT_ROW) {
        uint8_t loose = s->n_loose == 0 ? CELL_OK : select_loose(s, codes);
        state = loose != CELL_OK                ? loose
                : s->facts->table->is_truncated ? CELL_INCOMPLETE
                                                : state;
    }
    return state;
}

/* What pairs tell about the one row of each element. */
struct choosing {
    uint32_t *row, *found;
    uint8_t *unknown, *first; /* first: of the frame, may be NULL */
};

static void choose(void *context, const struct selector *s, const struct pairs *p)
{
    struct choosing *c = context;

    (void)s;
    for (uint32_t i = 0; i < p->n; i++) {
        if (c->first != NULL) {
            c->first[p->elem[i]] |= p->first[i];
        }
        if (p->verdict[i] == SELECT_IN) {
            c->row[p->elem[i]] = p->row[i];
            c->found[p->elem[i]]++;
        } else if (p->verdict[i] != SELECT_OUT) {
            c->unknown[p->elem[i]] = cell_worse(c->unknown[p->elem[i]], p->verdict[i]);
        }
    }
}

static void rows_by_pairs(struct frame *f, const struct op *op, const struct selector *s,
                          uint32_t *row, uint8_t *state)
{
    struct scratch *batch = f->engine->batch;
    uint32_t n = frame_n(f);
    struct choosing c = {.found = scratch_array(batch, n, uint32_t),
                         .unknown = scratch_array(batch, n, uint8_t),
                         .first = f->first};

    c.row = row;
    memset(c.found, 0, n * sizeof *c.found);
    memset(c.unknown, 0, n);
    select_pairs(f, op, s, state, choose, &c);
    for (uint32_t i = 0; i < n; i++) {
        if (state[i] != CELL_OK) {
            continue;
        }
        state[i] = select_one(s->facts, c.found[i], row[i], c.unknown[i]);
        if (state[i] == CELL_ABSENT_ROW && s->facts->table->is_truncated) {
            state[i] = CELL_INCOMPLETE;
        }
    }
}

void lookup_rows(struct frame *f, const struct op *op, const struct selector *s,
                 uint32_t *row, uint8_t *state)
{
    uint64_t codes[KEYIDX_COLUMNS];

    if (!s->is_closed) {
        rows_by_pairs(f, op, s, row, state);
        return;
    }
    for (uint32_t i = 0; i < frame_n(f); i++) {
        row[i] = ROW_NONE;
        if (select_codes(f, op, s, i, codes, &state[i])) {
            state[i] = closed_row(s, codes, &row[i]);
        }
    }
}

/* Elements whose row was found, in order. */
static uint32_t found_of(const uint8_t *state, uint32_t n, uint32_t *which)
{
    uint32_t m = 0;

    for (uint32_t i = 0; i < n; i++) {
        which[m] = i;
        m += state[i] == CELL_OK;
    }
    return m;
}

void run_lookup(struct frame *f, const struct op *op, struct vec *out)
{
    const struct lookup *l = op->data;
    struct scratch *batch = f->engine->batch;
    uint32_t n = frame_n(f);
    uint32_t *row = scratch_array(batch, n, uint32_t),
             *which = scratch_array(batch, n, uint32_t);
    uint8_t *state = scratch_array(batch, n, uint8_t);
    struct vec_builder b = vec_build(batch, op->expr->kind, n);

    lookup_rows(f, op, l->selector, row, state);
    uint32_t m = found_of(state, n, which);
    uint32_t *rows = scratch_array(batch, m, uint32_t);
    for (uint32_t k = 0; k < m; k++) {
        rows[k] = row[which[k]];
    }
    struct domain d = domain_pick(batch, f->domain, which, m);
    domain_set(&d, l->selector->scope, l->selector->facts, rows);
    uint8_t *first = scratch_array(batch, m, uint8_t);
    memset(first, 0, m);
    const struct vec *picked = &program_run(f->engine, l->pick, &d, first)[l->pick_slot];
    for (uint32_t i = 0; i < n; i++) {
        vec_put_state(&b, i, state[i]);
    }
    for (uint32_t k = 0; k < m; k++) {
        vec_put_from(&b, which[k], picked, k);
        if (f->first != NULL) {
            f->first[which[k]] |= first[k];
        }
    }
    *out = vec_built(batch, &b, n);
}

static bool cell_is_approximate(const struct table_column *c, uint32_t row)
{
    return c->approximate != NULL && c->approximate[row] != 0 && c->state[row] == CELL_OK;
}

/* Never unknown; false of what is not there. */
void run_is_approximate(struct frame *f, const struct op *op, struct vec *out)
{
    const struct expr *of = op->expr->args[0];
    uint32_t n = frame_n(f);
    uint8_t *flag = scratch_array(f->engine->batch, n, uint8_t);
    uint32_t *row = scratch_array(f->engine->batch, n, uint32_t);
    uint8_t *state = scratch_array(f->engine->batch, n, uint8_t);
    const struct expr *column = of;

    memset(state, CELL_OK, n);
    if (of->op == EXPR_LOOKUP) {
        const struct lookup *l = op->data;
        lookup_rows(f, op, l->selector, row, state);
        column = of->select->pick;
    }
    const struct table_column *c =
        &f->engine->facts[column->dataset].table->columns[column->column];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at =
            of->op == EXPR_LOOKUP ? row[i] : domain_row(f->domain, column->scope, i);
        flag[i] = state[i] == CELL_OK && cell_is_approximate(c, at);
    }
    *out = (struct vec){.kind = VALUE_BOOL, .flag = flag};
}

/* Membership in the values that selected rows pick: true once found, else unknown if
 * something is. A set is the values that are there: an absent row and an empty cell add
 * nothing to it. */
struct membership {
    struct engine *e;
    bool folds; /* a code is sought among texts: it was folded, they are not */
    const struct vec *wanted;
    uint8_t *is_found, *unknown, *first; /* first: of the frame, may be NULL */
};

static bool is_wanted(const struct membership *m, uint32_t i, const struct vec *pick,
                      uint32_t j)
{
    const struct vec *a = m->wanted;

    if (a->kind == VALUE_NUM) {
        return num_eq(vec_num(a, i), vec_num(pick, j));
    }
    if (a->id != NULL) {
        return a->id[i] == (m->folds ? engine_fold(m->e, pick->id[j]) : pick->id[j]);
    }
    return a->kind == VALUE_BOOL ? a->flag[i] == pick->flag[j]
                                 : a->when[i] == pick->when[j];
}

static void find_value(void *context, const struct selector *s, const struct pairs *p)
{
    struct membership *m = context;

    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t elem = p->elem[i];
        if (m->first != NULL) {
            m->first[elem] |= p->first[i];
        }
        if (p->verdict[i] == SELECT_OUT || m->is_found[elem] ||
            vec_state(m->wanted, elem) != CELL_OK || p->row[i] >= s->facts->table->n) {
            continue;
        }
        uint8_t state = vec_state(p->pick, i);
        bool is_equal = state == CELL_OK && is_wanted(m, elem, p->pick, i);
        if (is_equal && p->verdict[i] == SELECT_IN) {
            m->is_found[elem] = 1;
        } else if (is_equal) {
            m->unknown[elem] = cell_worse(m->unknown[elem], cell_inside(p->verdict[i]));
        } else if (cell_kind(state) == CELL_KIND_BAD) {
            m->unknown[elem] = cell_worse(m->unknown[elem], state);
        }
    }
}

/* What a row with an unreadable or missing bound or picked cell does to a set that it
 * might belong to: nothing, if it is absent itself or has no value to add. */
static uint8_t loose_in_set(const struct selector *s, uint32_t row, const uint64_t *codes)
{
    const struct keyidx *by = s->by;
    uint8_t picked = by->table->columns[by->columns[by->n_columns - 1]].state[row];
    bool has_value = picked == CELL_OK || cell_kind(picked) == CELL_KIND_BAD;

    if (row >= by->table->n || !has_value || !keyidx_loose_fits(by, row, codes)) {
        return CELL_OK;
    }
    uint8_t verdict = select_loose_verdict(by, row);
    return verdict == SELECT_OUT ? CELL_OK : verdict;
}

/* The same through the index of a closed set. */
static void find_closed(struct frame *f, const struct op *op, const struct selector *s,
                        uint8_t *state, struct membership *m)
{
    uint64_t codes[KEYIDX_COLUMNS];
    uint32_t value = op->n - 1;

    for (uint32_t i = 0; i < frame_n(f); i++) {
        if (!select_codes(f, op, s, i, codes, &state[i]) ||
            vec_state(m->wanted, i) != CELL_OK) {
            continue;
        }
        codes[s->by->n_columns - 1] = select_code(arg(f, op, value), i);
        uint32_t group = keyidx_find(s->by, codes);
        for (uint32_t row = group == GROUP_NONE ? ROW_NONE : s->by->first[group];
             row != ROW_NONE; row = s->by->next[row]) {
            uint8_t verdict = row < s->facts->table->n ? s->verdict[row] : SELECT_OUT;
            m->is_found[i] |= verdict == SELECT_IN;
            m->unknown[i] = verdict == SELECT_IN || verdict == SELECT_OUT
                                ? m->unknown[i]
                                : cell_worse(m->unknown[i], cell_inside(verdict));
        }
        for (uint32_t k = 0; k < s->n_loose && !m->is_found[i]; k++) {
            m->unknown[i] =
                cell_worse(m->unknown[i], loose_in_set(s, s->loose[k], codes));
        }
    }
}

/* The last argument is the value sought; those before it are bound. */
void run_in_rows(struct frame *f, const struct op *op, struct vec *out)
{
    const struct selector *s = plan_selector(op);
    struct scratch *batch = f->engine->batch;
    uint32_t n = frame_n(f);
    const struct expr *pick = op->expr->select->pick;
    struct membership m = {.e = f->engine,
                           .folds = op->expr->args[0]->kind == VALUE_CODE &&
                                    pick->kind == VALUE_TEXT,
                           .wanted = arg(f, op, op->n - 1),
                           .is_found = scratch_array(batch, n, uint8_t),
                           .unknown = scratch_array(batch, n, uint8_t),
                           .first = f->first};
    uint8_t *state = scratch_array(batch, n, uint8_t);
    struct vec_builder b = vec_build(batch, VALUE_BOOL, n);

    memset(m.is_found, 0, n);
    memset(m.unknown, s->facts->table->is_truncated ? CELL_INCOMPLETE : CELL_OK, n);
    if (s->is_closed && s->by_pick) {
        find_closed(f, op, s, state, &m);
    } else {
        select_pairs(f, op, s, state, find_value, &m);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint8_t unknown = cell_worse(
            cell_worse(cell_inside(state[i]), vec_state(m.wanted, i)), m.unknown[i]);
        if (m.is_found[i] || unknown == CELL_OK) {
            vec_put_flag(&b, i, m.is_found[i] != 0);
        } else {
            vec_put_state(&b, i, unknown);
        }
    }
    *out = vec_built(batch, &b, n);
}

/* Settled for every row when planned: see plan_unique. */
void run_unique(struct frame *f, const struct op *op, struct vec *out)
{
    const struct uniqueness *u = op->data;
    struct vec_builder b = vec_build(f->engine->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint32_t row = domain_row(f->domain, 0, i);
        if (u->state[row] == CELL_OK) {
            vec_put_flag(&b, i, u->is_unique[row] != 0);
        } else {
            vec_put_state(&b, i, u->state[row]);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* Half of what the printed value was rounded to: of `rounded R`, else of the last digit
 * written; 0 for whole numbers. A percentage is printed a hundred times its value. */
static struct num half_width(const struct column *schema, const struct table_column *c,
                             uint32_t row)
{
    bool is_percent = schema->type == COLUMN_PERCENT;
    struct num half;

    if (schema->is_rounded) {
        struct num parts = num_int(is_percent ? 200 : 2);
        return num_div(schema->rounded, parts, &half) == DEC_OK ? half : num_int(0);
    }
    if (schema->type != COLUMN_DECIMAL && !is_percent) {
        return num_int(0);
    }
    int32_t decimals = c->decimals == NULL ? c->uniform_decimals : c->decimals[row];
    return num_dec(5, decimals + 1 + (is_percent ? 2 : 0));
}

void run_half_width(struct frame *f, const struct op *op, struct vec *out)
{
    const struct expr *x = op->expr->args[0];
    const struct facts *facts = &f->engine->facts[x->dataset];
    const struct table_column *c = &facts->table->columns[x->column];
    struct vec_builder b = vec_build(f->engine->batch, VALUE_NUM, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint32_t row = domain_row(f->domain, x->scope, i);
        if (c->state[row] == CELL_OK) {
            vec_put_num(&b, i, half_width(&facts->schema->columns[x->column], c, row));
        } else {
            vec_put_state(&b, i, c->state[row]);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

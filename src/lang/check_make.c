/* Making expressions: every one carries what its arguments depend on, so no rule has to
 * walk a tree. */
#include "lang/check_state.h"

#include <assert.h>

/* Rule sets of people stay far below; a chain of defines or lets can double the work at
 * each step, whether what it shares is shared in memory or not, and add height without
 * end. */
enum { EXPR_LIMIT = 1 << 20, SIZE_LIMIT = 1 << 18, HEIGHT_LIMIT = 2000 };

static struct typed *typed_new(struct checker *c)
{
    c->n_made++;
    return arena_new(c->a, struct typed);
}

void merge_extent(struct typed *t, const struct expr *part)
{
    const struct typed *p = typed_of(part);
    t->has_previous |= p->has_previous;
    t->has_cumulative |= p->has_cumulative;
    if (t->height <= p->height) {
        t->height = p->height + 1;
    }
    t->size = p->size < SIZE_LIMIT - t->size ? t->size + p->size : SIZE_LIMIT;
}

bool size_fits(struct checker *c, const struct expr *e, struct span at)
{
    if (typed_of(e)->size < SIZE_LIMIT) {
        return true;
    }
    report(c, DIAG_ID_RULE_TOO_LARGE, at, STR_NONE, STR_NONE);
    return false;
}

static void merge_facts(struct typed *into, const struct expr *arg)
{
    const struct typed *t = typed_of(arg);
    into->reads |= t->reads;
    into->has_stock |= t->has_stock;
    into->has_other |= t->has_other;
    merge_extent(into, arg);
}

struct expr *expr_new(struct checker *c, const struct env *env, enum expr_op op,
                      enum value_kind kind, struct span at)
{
    struct typed *t = typed_new(c);
    t->e.op = op;
    t->e.kind = kind;
    t->e.at = at;
    t->e.codelist = ID_NONE;
    t->size = 1;
    t->loops = env == NULL ? NULL : env->loops;
    if (c->n_made == EXPR_LIMIT) {
        report(c, DIAG_ID_RULE_TOO_LARGE, at, STR_NONE, STR_NONE);
    }
    if (c->n_made >= EXPR_LIMIT) {
        t->e.kind = VALUE_ERROR;
    }
    return &t->e;
}

struct expr *expr_over(struct checker *c, struct expr *e, const struct expr *const *args,
                       uint32_t n)
{
    assert(e->args == NULL && n > 0);
    struct typed *t = (struct typed *)e;
    const struct expr **copy = arena_new_array(c->a, n, const struct expr *);
    for (uint32_t i = 0; i < n; i++) {
        assert(args[i] != NULL);
        copy[i] = args[i];
        merge_facts(t, args[i]);
        e->kind = is_poison(args[i]) ? VALUE_ERROR : e->kind;
    }
    e->args = copy;
    e->n = n;
    e->all_stocks = t->has_stock && !t->has_other;
    if (t->height >= HEIGHT_LIMIT && !is_poison(e)) {
        report(c, DIAG_ID_RULE_TOO_LARGE, e->at, STR_NONE, STR_NONE);
        e->kind = VALUE_ERROR;
    }
    return e;
}

struct typed *expr_copy(struct checker *c, const struct expr *e)
{
    struct typed *t = typed_new(c);
    *t = *typed_of(e);
    return t;
}

const struct expr *poison(struct checker *c, struct span at)
{
    struct typed *t = typed_new(c);
    c->n_errors++; /* whatever was reported, and where: this cannot be used */
    t->e.kind = VALUE_ERROR;
    t->e.at = at;
    return &t->e;
}

const struct expr *named_value(struct checker *c, const struct expr *value)
{
    if (!typed_of(value)->is_literal || value->kind != VALUE_NUM) {
        return value;
    }
    struct typed *t = expr_copy(c, value);
    t->is_literal = false;
    return &t->e;
}

const struct expr *make_implicit(struct checker *c, const struct expr *e)
{
    struct typed *t = expr_copy(c, e);
    t->is_implicit = true;
    return &t->e;
}

const struct expr *make_flag_op(struct checker *c, const struct env *env, enum expr_op op,
                                const struct expr *a, const struct expr *b,
                                struct span at)
{
    const struct expr *const args[] = {a, b};
    return expr_over(c, expr_new(c, env, op, VALUE_BOOL, at), args, b == NULL ? 1 : 2);
}

/* ---- columns and scopes */

const struct schema *scope_schema(const struct checker *c, const struct scope *s)
{
    return &c->datasets[s->dataset].schema;
}

bool scope_sees(const struct scope *s, uint32_t column)
{
    if (s->kind != SCOPE_GROUP) {
        return true;
    }
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (s->columns[i] == column) {
            return true;
        }
    }
    return false;
}

static void note_undefined(struct checker *c, const struct env *env,
                           const struct column *col)
{
    if (col->undefined.p != NULL && env->place != PLACE_HOLE &&
        c->rule.undefined.p == NULL) {
        c->rule.undefined = col->undefined;
    }
}

static void column_facts(struct typed *t, const struct scope *s, const struct column *col)
{
    t->reads = 1u << s->number;
    t->has_stock = col->nature == NATURE_STOCK;
    t->has_other = !t->has_stock;
    t->is_flow = col->nature == NATURE_FLOW;
    t->e.all_stocks = t->has_stock;
    t->e.is_additive = col->nature != NATURE_NONE;
}

const struct expr *make_column(struct checker *c, const struct env *env,
                               const struct scope *s, uint32_t column, struct span at)
{
    assert(s->number < RULESET_MAX_SCOPES);
    const struct schema *schema = scope_schema(c, s);
    assert(column < schema->n_columns);
    if (c->dataset_states[s->dataset].is_bad[column]) {
        return poison(c, at);
    }
    const bool *is_mixed = c->dataset_states[s->dataset].is_mixed;
    if (is_mixed != NULL && is_mixed[column]) {
        report_mixed(c, schema, column, at);
        return poison(c, at);
    }
    const struct column *col = &schema->columns[column];
    c->dataset_states[s->dataset].is_read[column] = true;
    note_undefined(c, env, col);
    struct expr *e = expr_new(c, env, EXPR_COLUMN, column_value_kind(col->type), at);
    struct typed *t = (struct typed *)e;
    e->scope = s->number;
    e->dataset = s->dataset;
    e->column = column;
    e->codelist = col->codelist;
    e->unit = col->unit;
    e->is_year = col->type == COLUMN_YEAR;
    column_facts(t, s, col);
    if (col->unit.kind == UNIT_IN_ROW) {
        const struct expr *unit = make_column(c, env, s, col->unit.row_column, at);
        if (is_poison(unit)) {
            return unit;
        }
        t->row_unit = unit;
    }
    return e;
}

uint32_t scope_period(struct checker *c, const struct scope *s, struct span at)
{
    const struct schema *schema = scope_schema(c, s);
    if (c->dataset_states[s->dataset].period == PERIOD_SEVERAL) {
        report(c, DIAG_ID_RULE_TWO_PERIODS, at, schema->name, STR_NONE);
        return ID_NONE;
    }
    if (schema->period == ID_NONE || !scope_sees(s, schema->period)) {
        return ID_NONE;
    }
    return schema->period;
}

const struct expr *scope_day(struct checker *c, const struct env *env, struct span at)
{
    uint32_t period = scope_period(c, env->scope, at);
    if (period == ID_NONE) {
        return NULL;
    }
    const struct expr *column = make_column(c, env, env->scope, period, at);
    if (is_poison(column)) {
        return NULL;
    }
    column = make_implicit(c, column);
    struct expr *day =
        expr_over(c, expr_new(c, env, EXPR_CALL, VALUE_DAY, at), &column, 1);
    day->fn = FN_END;
    return make_implicit(c, day);
}

/* The scope's key column of type year; ID_NONE: none, or several. */
static uint32_t scope_year(struct checker *c, const struct scope *s)
{
    const struct schema *schema = scope_schema(c, s);
    uint32_t found = ID_NONE;
    for (uint32_t i = 0; i < schema->n_key; i++) {
        uint32_t k = schema->key[i];
        if (schema->columns[k].type != COLUMN_YEAR || !scope_sees(s, k)) {
            continue;
        }
        if (found != ID_NONE) {
            return ID_NONE;
        }
        found = k;
    }
    return found;
}

const struct expr *scope_name_day(struct checker *c, const struct env *env,
                                  struct span at)
{
    const struct expr *day = scope_day(c, env, at);
    uint32_t year = day == NULL ? scope_year(c, env->scope) : ID_NONE;
    if (year == ID_NONE) {
        return day;
    }
    const struct expr *column = make_column(c, env, env->scope, year, at);
    if (is_poison(column)) {
        return NULL;
    }
    column = make_implicit(c, column);
    struct expr *period =
        expr_over(c, expr_new(c, env, EXPR_CALL, VALUE_PERIOD, at), &column, 1);
    period->fn = FN_PERIOD;
    const struct expr *whole = make_implicit(c, period);
    struct expr *end =
        expr_over(c, expr_new(c, env, EXPR_CALL, VALUE_DAY, at), &whole, 1);
    end->fn = FN_END;
    return make_implicit(c, end);
}

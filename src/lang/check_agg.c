/* What is done with the rows selected: a value is picked from one, an aggregate ranges
 * over many, a set is searched. The nature of a value comes from what is picked; what is
 * read comes from everything. */
#include "lang/check_state.h"

#include <assert.h>

static const struct expr *type_pick(struct checker *c, struct selection *s,
                                    const struct node *pick)
{
    if (!is_plain_pick(pick)) {
        return type_expr(c, &s->inner, pick);
    }
    uint32_t column = loop_column(c, s->inner.loops, s->scope->dataset,
                                  (struct name){pick->text, pick->name_at});
    return column == ID_NONE ? poison(c, pick->at)
                             : make_column(c, &s->inner, s->scope, column, pick->at);
}

/* What the selection reads of the rows around it: all of it, and conditions and pick
 * alone. */
static uint32_t selection_reads(const struct selection *s, const struct expr *pick,
                                uint32_t *inside)
{
    uint32_t reads = pick == NULL ? 0 : typed_of(pick)->reads;
    for (size_t i = 0; i < s->n_conds; i++) {
        reads |= typed_of(s->conds[i])->reads;
    }
    *inside = reads & ~(1u << s->scope->number);
    reads = *inside;
    for (size_t i = 0; i < s->n_binds; i++) {
        reads |= typed_of(s->binds[i].value)->reads;
    }
    return reads;
}

static void close_selection(struct selection *s, const struct expr *pick)
{
    uint32_t inside;
    selection_reads(s, pick, &inside);
    s->select->binds = s->binds;
    s->select->n_binds = (uint32_t)s->n_binds;
    s->select->conds = s->conds;
    s->select->n_conds = (uint32_t)s->n_conds;
    s->select->pick = pick;
    s->select->is_correlated = inside != 0;
}

/* The value's nature is the pick's; what is read and asked comes from conditions and
 * binds as well. */
static void selection_facts(struct typed *t, const struct selection *s,
                            const struct expr *pick)
{
    uint32_t inside;
    t->reads = selection_reads(s, pick, &inside);
    for (size_t i = 0; i < s->n_conds; i++) {
        merge_extent(t, s->conds[i]);
    }
    for (size_t i = 0; i < s->n_binds; i++) {
        merge_extent(t, s->binds[i].value);
    }
    if (pick == NULL) {
        t->has_other = true;
        return;
    }
    merge_extent(t, pick);
    t->has_stock = typed_of(pick)->has_stock;
    t->has_other = typed_of(pick)->has_other;
    t->e.all_stocks = pick->all_stocks;
}

/* The lookup or aggregate `e` over what was selected. */
static struct expr *take_selection(struct expr *e, const struct selection *s,
                                   const struct expr *pick)
{
    e->select = s->select;
    selection_facts((struct typed *)e, s, pick);
    return e;
}

/* ---- plain lookups */

/* The same row's unit, looked up beside the value. */
static const struct expr *looked_up_unit(struct checker *c, const struct env *env,
                                         const struct selection *s,
                                         const struct expr *unit, struct span at)
{
    struct selection beside = *s;
    beside.select = arena_new(c->a, struct select);
    *beside.select = *s->select;
    close_selection(&beside, unit);
    struct expr *e =
        take_selection(expr_new(c, env, EXPR_LOOKUP, unit->kind, at), &beside, unit);
    e->codelist = unit->codelist;
    return make_implicit(c, e);
}

static bool binds_to(const struct selection *s, uint32_t scope, uint32_t column)
{
    for (size_t i = 0; i < s->n_binds; i++) {
        const struct expr *value = s->binds[i].value;
        if (value->op == EXPR_COLUMN && value->scope == scope &&
            value->column == column) {
            return true;
        }
    }
    return false;
}

/* Whether rows or groups of the scope around that differ in a code look up different
 * rows: then what predecessors look up is a sum like that of their own columns, and
 * nothing counts twice. */
static bool tells_codes_apart(struct checker *c, const struct scope *around,
                              const struct selection *s)
{
    const struct schema *schema = scope_schema(c, around);
    for (uint32_t i = 0; i < schema->n_columns; i++) {
        const struct column *col = &schema->columns[i];
        bool identifies =
            around->kind == SCOPE_GROUP ? scope_sees(around, i) : col->is_key;
        if (identifies && col->type == COLUMN_CODE && !binds_to(s, around->number, i)) {
            return false;
        }
    }
    return true;
}

const struct expr *type_lookup(struct checker *c, const struct env *env,
                               const struct node *n)
{
    assert(n->kind == NODE_LOOKUP);
    struct selection s;
    if (n->pick == NULL) {
        report(c, DIAG_ID_RULE_NO_PICK, n->at, n->text, STR_NONE);
        return poison(c, n->at);
    }
    if (!select_rows(c, env, n, ONE_ROW, &s)) {
        return poison(c, n->at);
    }
    const struct expr *pick = type_pick(c, &s, n->pick);
    if (is_poison(pick)) {
        return poison(c, n->at);
    }
    close_selection(&s, pick);
    struct expr *e =
        take_selection(expr_new(c, env, EXPR_LOOKUP, pick->kind, n->at), &s, pick);
    struct typed *t = (struct typed *)e;
    e->codelist = pick->codelist;
    e->unit = pick->unit;
    e->is_year = pick->is_year;
    e->is_additive = pick->is_additive && tells_codes_apart(c, env->scope, &s);
    t->is_flow = typed_of(pick)->is_flow;
    t->waits = typed_of(pick)->waits;
    if (typed_of(pick)->row_unit != NULL) {
        t->row_unit = looked_up_unit(c, env, &s, typed_of(pick)->row_unit, n->at);
    }
    return e;
}

/* ---- aggregates */

static const struct {
    const char *name;
    char argument, result;
} aggregates[] = {
#define AGG(id, name_, argument_, result_, ...)                                          \
    [AGG_##id] = {.name = (name_), .argument = (argument_), .result = (result_)},
#include "lang/agg.def"
#undef AGG
};

bool agg_by_name(struct str name, enum agg *out)
{
    for (size_t i = 0; i < COUNT_OF(aggregates); i++) {
        if (str_eq(name, str_of(aggregates[i].name))) {
            *out = (enum agg)i;
            return true;
        }
    }
    return false;
}

static bool argument_fits(struct checker *c, enum agg agg, const struct expr *pick)
{
    if (aggregates[agg].argument == 'n' && pick->kind != VALUE_NUM) {
        report_wanted(c, pick, VALUE_NUM);
        return false;
    }
    if (aggregates[agg].argument == 'b' && pick->kind != VALUE_BOOL) {
        report_wanted(c, pick, VALUE_BOOL);
        return false;
    }
    return agg == AGG_COUNT_DISTINCT ? unit_settled(c, pick)
                                     : agg != AGG_LIST || unit_named(c, pick);
}

static const struct expr *make_aggregate(struct checker *c, const struct env *env,
                                         enum agg agg, struct selection *s,
                                         const struct expr *pick, struct span at)
{
    char result = aggregates[agg].result;
    assert(pick != NULL || result != 'n');
    enum value_kind kind = result == 'b'   ? VALUE_BOOL
                           : result == 't' ? VALUE_TEXT
                                           : VALUE_NUM;
    close_selection(s, pick);
    struct expr *e = take_selection(expr_new(c, env, EXPR_AGG, kind, at), s, pick);
    e->agg = agg;
    if (result == 'n') {
        e->unit = pick->unit;
        e->is_year = pick->is_year && (agg == AGG_MIN || agg == AGG_MAX);
    }
    if (agg == AGG_SUM) { /* the groups of predecessors share no row, selections may */
        e->is_additive =
            pick->is_additive && s->select->over_group && !s->select->is_correlated;
        ((struct typed *)e)->is_flow = typed_of(pick)->is_flow;
    }
    return e;
}

static const struct expr *count_rows(struct checker *c, const struct env *env,
                                     const struct node *n, struct selection *s)
{
    const struct node *lookup = n->n == 0 ? NULL : n->kids[0];
    if (lookup != NULL && (lookup->kind != NODE_LOOKUP || lookup->pick != NULL)) {
        report(c, DIAG_ID_RULE_COUNT_ROWS, lookup->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    if (lookup == NULL ? !select_group(c, env, n->at, NULL, 0, s)
                       : !select_rows(c, env, lookup, MANY_ROWS, s)) {
        return poison(c, n->at);
    }
    return make_aggregate(c, env, AGG_COUNT, s, NULL, n->at);
}

/* An aggregate without a data set ranges over the check's group, and stands nowhere else.
 */
static bool group_is_here(struct checker *c, const struct env *env, const struct node *n)
{
    if (in_group(c) && env->scope == c->rule.scope) {
        return true;
    }
    bool is_nested = in_group(c) && env->scope->kind == SCOPE_SELECT;
    report(c, is_nested ? DIAG_ID_RULE_AGGREGATE_NESTED : DIAG_ID_RULE_AGGREGATE_ALONE,
           n->at, n->text, scope_schema(c, env->scope)->name);
    return false;
}

const struct expr *type_aggregate(struct checker *c, const struct env *env,
                                  const struct node *n, enum agg agg)
{
    assert((size_t)agg < COUNT_OF(aggregates));
    struct selection s;
    const struct node *arg = n->n == 0 ? NULL : n->kids[0];
    if (n->n > 1 || (n->n == 0 && agg != AGG_COUNT)) {
        struct text found = text_in(c->a);
        text_uint(&found, n->n);
        struct diag *d = report(c, DIAG_ID_RULE_ARGUMENTS, n->at, n->text, STR("1"));
        d->args[2] = text_str(&found);
        d->args[3] = STR("1");
        return poison(c, n->at);
    }
    bool names_rows = arg != NULL && arg->kind == NODE_LOOKUP;
    if (!names_rows && !(agg == AGG_COUNT && arg != NULL) && !group_is_here(c, env, n)) {
        return poison(c, n->at);
    }
    if (agg == AGG_COUNT) {
        return count_rows(c, env, n, &s);
    }
    if (names_rows && arg->pick == NULL) {
        report(c, DIAG_ID_RULE_NO_PICK, arg->at, arg->text, STR_NONE);
        return poison(c, n->at);
    }
    if (names_rows ? !select_rows(c, env, arg, MANY_ROWS, &s)
                   : !select_group(c, env, n->at, NULL, 0, &s)) {
        return poison(c, n->at);
    }
    const struct expr *pick =
        names_rows ? type_pick(c, &s, arg->pick) : type_expr(c, &s.inner, arg);
    if (is_poison(pick) || !argument_fits(c, agg, pick)) {
        return poison(c, n->at);
    }
    return make_aggregate(c, env, agg, &s, pick, n->at);
}

/* ---- sets of values */

const struct expr *type_in_rows(struct checker *c, const struct env *env,
                                const struct node *n)
{
    const struct node *set = n->kids[1];
    const struct expr *value = type_expr(c, env, n->kids[0]);
    struct selection s;
    if (set->pick == NULL) {
        report(c, DIAG_ID_RULE_NO_PICK, set->at, set->text, STR_NONE);
        return poison(c, n->at);
    }
    if (!select_rows(c, env, set, MANY_ROWS, &s)) {
        return poison(c, n->at);
    }
    const struct expr *pick = type_pick(c, &s, set->pick);
    struct common_unit common;
    if (!match_sides(c, env, &value, &pick, n->at, &common)) {
        return poison(c, n->at);
    }
    close_selection(&s, pick);
    struct expr *e =
        expr_over(c, expr_new(c, env, EXPR_IN_ROWS, VALUE_BOOL, n->at), &value, 1);
    struct typed rows = {0};
    selection_facts(&rows, &s, pick);
    struct typed *t = (struct typed *)e;
    e->select = s.select;
    t->reads |= rows.reads;
    t->has_other = true;
    t->e.all_stocks = false;
    merge_extent(t, &rows.e);
    return e;
}

const struct select *type_cover_rows(struct checker *c, const struct env *env,
                                     const struct node *n)
{
    struct selection s;
    if (n->pick == NULL) {
        report(c, DIAG_ID_RULE_NO_PICK, n->at, n->text, STR_NONE);
        return NULL;
    }
    if (!select_rows(c, env, n, MANY_ROWS, &s)) {
        return NULL;
    }
    const struct expr *pick = type_pick(c, &s, n->pick);
    if (is_poison(pick)) {
        return NULL;
    }
    close_selection(&s, pick);
    return s.select;
}

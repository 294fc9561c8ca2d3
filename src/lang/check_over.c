/* Families: `for c in LIST` makes one expansion per column. In each, c is another word
 * for that column, so nothing is copied: a loop in the environment says what c stands for
 * now. */
#include "lang/check_state.h"

#include <assert.h>

/* ---- loops */

static const struct loop *find_loop(const struct loop *loops, struct str name)
{
    while (loops != NULL && !str_eq(loops->name.text, name)) {
        loops = loops->outer;
    }
    return loops;
}

struct name loop_name(const struct loop *loops, struct name name)
{
    const struct loop *loop = find_loop(loops, name.text);
    return loop == NULL ? name : *loop->column;
}

uint32_t loop_column(struct checker *c, const struct loop *loops, uint32_t dataset,
                     struct name written)
{
    const struct loop *loop = find_loop(loops, written.text);
    if (loop == NULL) {
        return column_named(c, dataset, written);
    }
    const struct schema *s = &c->datasets[dataset].schema;
    uint32_t column = schema_column(s, loop->column->text);
    if (column == ID_NONE && c->dataset_states[dataset].is_partial) {
        c->n_errors++;
    } else if (column == ID_NONE) {
        struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_COLUMN, written.at,
                                loop->column->text, s->name);
        diag_place(d, loop->column->at, STR_NONE);
    }
    return column;
}

bool loop_hides(struct checker *c, const struct loop *loops, uint32_t dataset)
{
    for (; loops != NULL; loops = loops->outer) {
        const struct schema *s = &c->datasets[dataset].schema;
        uint32_t column = schema_column(s, loops->name.text);
        if (column != ID_NONE) {
            struct diag *d = report(c, DIAG_ID_RULE_LOOP_COLUMN, loops->name.at,
                                    loops->name.text, s->name);
            diag_place(d, s->columns[column].at, STR_NONE);
            return true;
        }
    }
    return false;
}

static bool is_some_column(const struct checker *c, struct str name)
{
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        if (schema_column(&c->datasets[i].schema, name) != ID_NONE) {
            return true;
        }
    }
    return false;
}

static void suggest_columns(struct checker *c, struct diag *d, struct str wanted)
{
    size_t room = c->family_names.n, n = 0;
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        room += c->datasets[i].schema.n_columns;
    }
    struct str *names = arena_new_array(c->a, room, struct str);
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        const struct schema *s = &c->datasets[i].schema;
        for (uint32_t j = 0; j < s->n_columns; j++) {
            names[n++] = s->columns[j].name;
        }
    }
    for (uint32_t i = 0; i < c->family_names.n; i++) {
        names[n++] = dict_str(c->family_names.names, i);
    }
    report_nearest(c, d, wanted, names, n);
}

/* The columns of a list that can be used: what is repeated or no column anywhere is
 * reported and left out. */
static struct names usable_columns(struct checker *c, struct names list)
{
    struct name *items = arena_new_array(c->a, list.n, struct name);
    struct names good = {.items = items, .at = list.at};
    for (uint32_t i = 0; i < list.n; i++) {
        struct name name = list.items[i];
        uint32_t j = 0;
        while (j < good.n && !str_eq(items[j].text, name.text)) {
            j++;
        }
        if (j < good.n) {
            struct diag *d =
                report(c, DIAG_ID_RULE_NAMED_TWICE, name.at, name.text, STR_NONE);
            diag_place(d, items[j].at, STR_NONE);
        } else if (!is_some_column(c, name.text) && !c->has_lost_dataset) {
            struct diag *d =
                report(c, DIAG_ID_RULE_UNKNOWN_FAMILY, name.at, name.text, STR_NONE);
            if (name_find(&c->family_names, name.text) == ID_NONE) {
                suggest_columns(c, d, name.text);
            } else {
                report_hint(c, d, "nhóm cột {} phải đứng một mình sau in",
                            "the family {} must stand alone after in", name.text);
            }
        } else {
            items[good.n++] = name;
        }
    }
    return good;
}

struct names loop_columns(struct checker *c, struct names list)
{
    uint32_t family =
        list.n == 1 ? name_find(&c->family_names, list.items[0].text) : ID_NONE;
    return family == ID_NONE ? usable_columns(c, list) : c->family_columns[family];
}

void check_families(struct checker *c)
{
    c->family_columns = arena_new_array(c->a, c->family_names.n, struct names);
    for (uint32_t i = 0; i < c->family_names.n; i++) {
        c->family_columns[i] = usable_columns(c, c->families[i]->columns);
    }
}

/* ---- f(e for c in LIST if cond) */

struct over { /* what the expansions gave */
    enum agg agg;
    const struct expr **values, **conditions;
    uint32_t n;
    struct common_unit common;
};

static bool may_range_over_columns(enum agg agg)
{
    return agg != AGG_STDDEV && agg != AGG_COUNT_DISTINCT;
}

/* `count` takes the bare column and never reads it: it may differ within a group. */
static const struct expr *type_counted(struct checker *c, const struct env *env,
                                       const struct node *n)
{
    uint32_t column = loop_column(c, env->loops, env->scope->dataset,
                                  (struct name){n->text, n->name_at});
    return column == ID_NONE ? poison(c, n->at)
                             : make_column(c, env, env->scope, column, n->name_at);
}

static const struct expr *type_value(struct checker *c, const struct env *env,
                                     const struct node *n, enum agg agg)
{
    if (agg == AGG_COUNT && env->scope->kind == SCOPE_GROUP) {
        return type_counted(c, env, n);
    }
    if (agg == AGG_ANY || agg == AGG_ALL) {
        return type_kind(c, env, n, VALUE_BOOL);
    }
    bool takes_all = agg == AGG_LIST || agg == AGG_COUNT;
    return takes_all ? type_expr(c, env, n) : type_kind(c, env, n, VALUE_NUM);
}

/* Types one expansion per column; stops at the first with an error, so that it is said
 * once. */
static bool expand(struct checker *c, const struct env *env, const struct node *n,
                   struct names columns, struct over *o)
{
    for (uint32_t i = 0; i < columns.n; i++) {
        struct loop *loop = arena_new(c->a, struct loop);
        *loop = (struct loop){
            .name = n->name2, .column = &columns.items[i], .outer = env->loops};
        struct env inner = *env;
        inner.loops = loop;
        o->values[i] = type_value(c, &inner, n->kids[0], o->agg);
        bool is_bad = is_poison(o->values[i]);
        if (n->kids[1] != NULL) {
            o->conditions[i] = type_kind(c, &inner, n->kids[1], VALUE_BOOL);
            is_bad |= is_poison(o->conditions[i]);
        }
        if (is_bad) {
            return false;
        }
    }
    return true;
}

static bool unify(struct checker *c, const struct env *env, const struct node *n,
                  struct over *o)
{
    o->common = (struct common_unit){.unit = o->values[0]->unit,
                                     .row_unit = typed_of(o->values[0])->row_unit,
                                     .waits = typed_of(o->values[0])->waits};
    if (o->agg == AGG_LIST || o->agg == AGG_COUNT || o->agg == AGG_ANY ||
        o->agg == AGG_ALL) {
        return true;
    }
    const struct expr **last = &o->values[o->n - 1];
    bool is_good = unit_demand_all(c, env, o->values, o->n);
    o->common.unit = (*last)->unit;
    for (uint32_t i = 0; i + 1 < o->n && is_good; i++) {
        is_good = unit_unify(c, env, &o->values[i], last, n->kids[0]->at, &o->common);
    }
    return is_good;
}

static const struct expr *constant_count(struct checker *c, const struct env *env,
                                         const struct node *n, uint32_t count)
{
    struct expr *e = expr_new(c, env, EXPR_NUM, VALUE_NUM, n->at);
    e->num = num_int((int64_t)count);
    return e;
}

static bool all_flows(const struct over *o, bool *is_additive)
{
    bool is_flow = true;
    *is_additive = true;
    for (uint32_t i = 0; i < o->n; i++) {
        is_flow = is_flow && typed_of(o->values[i])->is_flow;
        *is_additive = *is_additive && o->values[i]->is_additive;
    }
    return is_flow;
}

static const struct expr *make_over(struct checker *c, const struct env *env,
                                    const struct node *n, const struct over *o)
{
    bool has_conditions = n->kids[1] != NULL, is_count = o->agg == AGG_COUNT;
    const struct expr **args =
        arena_new_array(c->a, 2 * (size_t)o->n, const struct expr *);
    uint32_t k = 0;
    for (uint32_t i = 0; i < o->n && !is_count; i++) {
        args[k++] = o->values[i];
    }
    for (uint32_t i = 0; i < o->n && has_conditions; i++) {
        args[k++] = o->conditions[i];
    }
    bool is_flag = o->agg == AGG_ANY || o->agg == AGG_ALL;
    enum value_kind kind = is_flag              ? VALUE_BOOL
                           : o->agg == AGG_LIST ? VALUE_TEXT
                                                : VALUE_NUM;
    struct expr *e = expr_over(c, expr_new(c, env, EXPR_OVER, kind, n->at), args, k);
    e->agg = o->agg;
    e->flag = has_conditions;
    if (kind == VALUE_NUM && !is_count) {
        e->unit = o->common.unit;
        ((struct typed *)e)->row_unit = o->common.row_unit;
        ((struct typed *)e)->waits = o->common.waits;
    }
    if (o->agg == AGG_SUM) {
        bool is_additive;
        ((struct typed *)e)->is_flow = all_flows(o, &is_additive);
        e->is_additive = is_additive && !has_conditions;
    }
    return e;
}

/* Reports what is wrong with the head of a comprehension; true when nothing is. */
static bool check_head(struct checker *c, const struct env *env, const struct node *n,
                       enum agg *agg)
{
    if (!agg_by_name(n->text, agg) || !may_range_over_columns(*agg)) {
        report(c, DIAG_ID_RULE_OVER_FUNCTION, n->name_at, n->text, STR_NONE);
        return false;
    }
    const struct loop *outer = find_loop(env->loops, n->name2.text);
    if (outer != NULL) {
        struct diag *d =
            report(c, DIAG_ID_RULE_NAME_TWICE, n->name2.at, n->name2.text, STR_NONE);
        diag_place(d, outer->name.at, STR_NONE);
        return false;
    }
    const struct node *e = n->kids[0];
    if (*agg == AGG_COUNT && (e->kind != NODE_NAME || !str_eq(e->text, n->name2.text))) {
        report(c, DIAG_ID_RULE_OVER_COUNT, e->at, n->name2.text, STR_NONE);
        return false;
    }
    const struct loop loop = {.name = n->name2, .outer = NULL};
    return !loop_hides(c, &loop, env->scope->dataset);
}

const struct expr *type_over(struct checker *c, const struct env *env,
                             const struct node *n)
{
    assert(n->kind == NODE_EACH_OF && n->n == 2);
    struct over o = {0};
    if (!check_head(c, env, n, &o.agg)) {
        return poison(c, n->at);
    }
    struct names columns = loop_columns(c, n->names);
    o.n = columns.n;
    o.values = arena_new_array(c->a, columns.n, const struct expr *);
    o.conditions = arena_new_array(c->a, columns.n, const struct expr *);
    if (columns.n == 0 || !expand(c, env, n, columns, &o) || !unify(c, env, n, &o)) {
        return poison(c, n->at);
    }
    if (o.agg == AGG_COUNT && n->kids[1] == NULL) {
        return constant_count(c, env, n, columns.n);
    }
    return make_over(c, env, n, &o);
}

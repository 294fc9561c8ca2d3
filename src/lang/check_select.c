/* Which rows a lookup or an aggregate means.
 *
 * Conditions are typed first, in the scope of the row they select; a condition `column =
 * value` whose value does not read that row becomes a bind, the rest stay conditions. Key
 * columns that no bare name in the brackets mentioned are then bound to the scope around.
 * What is left free decides: a plain lookup must be settled by binds alone, an aggregate
 * may range over a free column, but not over time without saying so. */
#include "lang/check_state.h"

#include <assert.h>

bool is_plain_pick(const struct node *pick)
{
    return pick->kind == NODE_NAME && pick->at.lo == pick->name_at.lo;
}

/* ---- binds and conditions */

static void add_bind(struct checker *c, struct selection *s, uint32_t column,
                     const struct expr *value, bool to_year)
{
    s->binds = list_room(c->a, s->binds, s->n_binds, &s->bind_cap, sizeof *s->binds);
    s->binds[s->n_binds++] =
        (struct bind){.column = column, .value = value, .to_year = to_year};
    s->is_bound[column] = true;
}

static void add_condition(struct checker *c, struct selection *s, const struct expr *e)
{
    s->conds =
        list_room(c->a, s->conds, s->n_conds, &s->cond_cap, sizeof(const struct expr *));
    s->conds[s->n_conds++] = e;
}

/* Texts and codes are compared by the text, so they bind one another. */
static bool same_kind(const struct expr *a, const struct expr *b)
{
    bool are_words = (a->kind == VALUE_TEXT || a->kind == VALUE_CODE) &&
                     (b->kind == VALUE_TEXT || b->kind == VALUE_CODE);
    return are_words || a->kind == b->kind;
}

/* Key columns are always bound; the others as far as an index has room for them, and are
 * conditions beyond that. */
static bool has_room(struct checker *c, const struct selection *s, uint32_t column)
{
    const struct schema *schema = &c->datasets[s->scope->dataset].schema;
    size_t kept_free = schema->columns[column].is_key ? 0 : schema->n_key;
    return s->n_binds + kept_free < RULESET_MAX_KEY;
}

/* `column = value` either way round, the value free of the row selected. */
static bool take_bind(struct checker *c, struct selection *s, const struct expr *e)
{
    if (e->op != EXPR_COMPARE || e->cmp != CMP_EQ) {
        return false;
    }
    uint32_t own = s->scope->number;
    for (uint32_t i = 0; i < 2; i++) {
        const struct expr *column = e->args[i], *value = e->args[1 - i];
        if (column->op == EXPR_COLUMN && column->scope == own &&
            same_kind(column, value) && !s->is_bound[column->column] &&
            (typed_of(value)->reads & (1u << own)) == 0 &&
            has_room(c, s, column->column)) {
            add_bind(c, s, column->column, value, false);
            return true;
        }
    }
    return false;
}

static void take_condition(struct checker *c, struct selection *s, const struct expr *e)
{
    if (e->op == EXPR_AND) {
        take_condition(c, s, e->args[0]);
        take_condition(c, s, e->args[1]);
    } else if (!take_bind(c, s, e)) {
        add_condition(c, s, e);
    }
}

/* `col = any`: frees the column. */
static bool take_any(struct checker *c, struct selection *s, const struct node *n)
{
    bool is_any = n->kind == NODE_COMPARE && n->n == 2 && n->ops[0] == OP_EQ &&
                  n->kids[1]->kind == NODE_ANY && n->kids[0]->kind == NODE_NAME;
    if (!is_any) {
        return false;
    }
    uint32_t column = loop_column(c, s->inner.loops, s->scope->dataset,
                                  (struct name){n->kids[0]->text, n->kids[0]->name_at});
    if (column == ID_NONE) {
        s->is_bad = true;
    } else {
        s->scope->mentioned[column] = true;
    }
    return true;
}

static void type_conditions(struct checker *c, struct selection *s, struct node **kids,
                            uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (take_any(c, s, kids[i])) {
            continue;
        }
        const struct expr *e = type_kind(c, &s->inner, kids[i], VALUE_BOOL);
        if (is_poison(e)) {
            s->is_bad = true;
        } else {
            take_condition(c, s, e);
        }
    }
}

/* ---- opening */

static void note_use(struct checker *c, const struct env *env, uint32_t dataset)
{
    if (env->place != PLACE_HOLE && dataset != c->rule.dataset && c->rule.uses != NULL) {
        c->rule.uses[dataset] = true;
    }
}

static bool begin_selection(struct checker *c, const struct env *env, uint32_t dataset,
                            struct span at, struct selection *s)
{
    assert(dataset < c->n_datasets);
    uint32_t number = env->scope->number + 1;
    if (number >= RULESET_MAX_SCOPES) {
        report(c, DIAG_ID_RULE_TOO_DEEP, at, STR_NONE, STR_NONE);
        return false;
    }
    uint32_t n_columns = c->datasets[dataset].schema.n_columns;
    *s = (struct selection){.at = at, .is_bad = c->dataset_states[dataset].is_faulty};
    s->is_bound = arena_new_array(c->a, n_columns, bool);
    s->scope = arena_new(c->a, struct scope);
    *s->scope = (struct scope){.kind = SCOPE_SELECT,
                               .number = number,
                               .dataset = dataset,
                               .mentioned = arena_new_array(c->a, n_columns, bool)};
    s->select = arena_new(c->a, struct select);
    s->select->dataset = dataset;
    s->select->scope = number;
    s->inner = *env;
    s->inner.scope = s->scope;
    note_use(c, env, dataset);
    return !loop_hides(c, env->loops, dataset);
}

/* ---- implicit binding */

static bool same_type(const struct column *a, const struct column *b)
{
    return a->type == b->type && a->codelist == b->codelist;
}

static uint32_t visible_column(struct checker *c, const struct scope *s, struct str name)
{
    uint32_t column = schema_column(scope_schema(c, s), name);
    return column != ID_NONE && scope_sees(s, column) ? column : ID_NONE;
}

/* The type as it is declared: a code with its list. */
static struct str type_shown(struct checker *c, const struct column *col)
{
    struct text t = text_in(c->a);
    text_add_z(&t, column_type_name(col->type));
    if (col->type == COLUMN_CODE && col->codelist != ID_NONE) {
        text_char(&t, ' ');
        text_add(&t, c->codelists[col->codelist].name);
    }
    return text_str(&t);
}

static void report_key_type(struct checker *c, const struct selection *s,
                            const struct column *key, const struct column *outer)
{
    struct diag *d = report(c, DIAG_ID_RULE_KEY_TYPE, s->at, key->name,
                            c->datasets[s->scope->dataset].schema.name);
    d->args[2] = type_shown(c, key);
    d->args[3] = type_shown(c, outer);
    report_hint(c, d, "viết rõ trong ngoặc vuông: {} = … hoặc {} = any",
                "say it in the brackets: {} = … or {} = any", key->name);
    diag_place(d, key->at, STR_NONE);
    diag_place(d, outer->at, STR_NONE);
}

static const struct expr *year_of_period(struct checker *c, const struct env *env,
                                         struct span at)
{
    uint32_t period = scope_period(c, env->scope, at);
    if (period == ID_NONE) {
        return NULL;
    }
    const struct expr *column = make_column(c, env, env->scope, period, at);
    struct expr *year =
        expr_over(c, expr_new(c, env, EXPR_CALL, VALUE_NUM, at), &column, 1);
    year->fn = FN_YEAR;
    year->is_year = true;
    return make_implicit(c, year);
}

/* A key column that the brackets do not mention: bound to the scope around, where that
 * has it. */
static void bind_key(struct checker *c, const struct env *env, struct selection *s,
                     uint32_t key)
{
    const struct column *col = &c->datasets[s->scope->dataset].schema.columns[key];
    uint32_t outer = visible_column(c, env->scope, col->name);
    const struct expr *value = NULL;
    uint32_t before = c->n_errors;
    bool to_year = false;
    if (outer != ID_NONE) {
        const struct column *around = &scope_schema(c, env->scope)->columns[outer];
        value = make_column(c, env, env->scope, outer, s->at);
        if (!is_poison(value) && !same_type(col, around)) {
            report_key_type(c, s, col, around);
            s->is_bad = true;
            return;
        }
    } else if (col->type == COLUMN_YEAR) {
        value = year_of_period(c, env, s->at);
        to_year = true;
    }
    if (value == NULL) {
        s->is_bad = c->n_errors != before;
        return;
    }
    if (is_poison(value) || c->dataset_states[s->scope->dataset].is_bad[key]) {
        s->is_bad = true;
        return;
    }
    add_bind(c, s, key, make_implicit(c, value), to_year);
}

static void bind_keys(struct checker *c, const struct env *env, struct selection *s)
{
    const struct schema *schema = &c->datasets[s->scope->dataset].schema;
    for (uint32_t i = 0; i < schema->n_key; i++) {
        uint32_t key = schema->key[i];
        if (!s->scope->mentioned[key] && !s->is_bound[key]) {
            bind_key(c, env, s, key);
        }
    }
}

/* ---- what may stay free */

static void require_covered(struct checker *c, struct selection *s)
{
    const struct schema *schema = &c->datasets[s->scope->dataset].schema;
    struct str *names = arena_new_array(c->a, schema->n_key, struct str);
    size_t n = 0;
    for (uint32_t i = 0; i < schema->n_key; i++) {
        if (!s->is_bound[schema->key[i]]) {
            names[n++] = schema->columns[schema->key[i]].name;
        }
    }
    if (n == 0) {
        return;
    }
    struct diag *d =
        report(c, DIAG_ID_RULE_KEY_FREE, s->at, joined(c, names, n), schema->name);
    report_hint(c, d, "thêm {} = … vào ngoặc vuông, hoặc dùng hàm gộp như sum(…)",
                "add {} = … in the brackets, or use an aggregate such as sum(…)",
                names[0]);
    diag_place(d, schema->columns[schema_column(schema, names[0])].at, STR_NONE);
    s->is_bad = true;
}

static bool is_time(const struct column *col)
{
    return col->type == COLUMN_PERIOD || col->type == COLUMN_YEAR;
}

static void report_free(struct checker *c, struct selection *s, enum diag_id id,
                        const struct column *col, const char *vi, const char *en)
{
    struct diag *d =
        report(c, id, s->at, col->name, c->datasets[s->scope->dataset].schema.name);
    report_hint(c, d, vi, en, col->name);
    diag_place(d, col->at, STR_NONE);
    s->is_bad = true;
}

/* An aggregate over a data set must say what it means by time, and by a column that both
 * sides have. */
static void require_said(struct checker *c, const struct env *env, struct selection *s)
{
    const struct schema *schema = &c->datasets[s->scope->dataset].schema;
    for (uint32_t i = 0; i < schema->n_columns; i++) {
        const struct column *col = &schema->columns[i];
        if (s->is_bound[i] || s->scope->mentioned[i]) {
            continue;
        }
        if (col->is_key && is_time(col)) {
            report_free(c, s, DIAG_ID_RULE_TIME_FREE, col,
                        "viết {} = any nếu muốn lấy mọi kỳ, hoặc {} = …",
                        "write {} = any to take every one, or {} = …");
        }
        uint32_t outer = visible_column(c, env->scope, col->name);
        if (!col->is_key && (is_time(col) || col->type == COLUMN_CODE) &&
            outer != ID_NONE &&
            same_type(col, &scope_schema(c, env->scope)->columns[outer])) {
            report_free(c, s, DIAG_ID_RULE_SHARED_FREE, col,
                        "viết {} = this.{} hoặc {} = any",
                        "write {} = this.{} or {} = any");
        }
    }
}

/* ---- the two kinds of selection */

static bool select_dataset(struct checker *c, const struct env *env, const struct node *n,
                           uint32_t dataset, enum many many, struct selection *s)
{
    if (!begin_selection(c, env, dataset, n->at, s)) {
        return false;
    }
    type_conditions(c, s, n->kids, n->n);
    if (!s->is_bad) {
        bind_keys(c, env, s);
    }
    if (!s->is_bad && many == ONE_ROW) {
        require_covered(c, s);
    } else if (!s->is_bad) {
        require_said(c, env, s);
    }
    return !s->is_bad;
}

/* The head's filter once more, for the rows of the group; its errors are known already.
 */
static void add_head_filter(struct checker *c, struct selection *s)
{
    struct env env = s->inner;
    env.place = PLACE_FILTER;
    env.self = NULL;
    env.body = NULL;
    env.n_arguments = 0;
    env.loops = c->rule.loops;
    c->silence++;
    for (uint32_t i = 0; i < c->rule.ast->n_filter; i++) {
        const struct expr *e = type_kind(c, &env, c->rule.ast->filter[i], VALUE_BOOL);
        if (is_poison(e)) {
            s->is_bad = true;
        } else {
            add_condition(c, s, e);
        }
    }
    c->silence--;
}

bool in_group(const struct checker *c)
{
    return c->rule.ast != NULL && c->rule.scope->kind == SCOPE_GROUP;
}

/* Rows of the check's own group: `each` columns bound to scope 0; nothing else is
 * implied. */
bool select_group(struct checker *c, const struct env *env, struct span at,
                  struct node **kids, uint32_t n, struct selection *s)
{
    assert(in_group(c));
    const struct scope *group = c->rule.scope;
    if (!begin_selection(c, env, group->dataset, at, s)) {
        return false;
    }
    s->select->over_group = true;
    for (uint32_t i = 0; i < group->n_columns; i++) {
        const struct expr *value = make_column(c, env, group, group->columns[i], at);
        if (is_poison(value)) {
            s->is_bad = true;
        } else {
            add_bind(c, s, group->columns[i], make_implicit(c, value), false);
        }
    }
    type_conditions(c, s, kids, n);
    add_head_filter(c, s);
    return !s->is_bad;
}

static uint32_t dataset_named(struct checker *c, const struct env *env,
                              const struct node *n)
{
    enum result_kind kind;
    if (result_kind_named(n->text, &kind)) {
        return result_dataset(c, env, n, kind);
    }
    uint32_t dataset = name_find(&c->dataset_names, n->text);
    if (dataset == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_DATASET,
                       (struct name){n->text, n->name_at}, &c->dataset_names);
    }
    return dataset;
}

/* D[…], D.x or rows[…]. */
bool select_rows(struct checker *c, const struct env *env, const struct node *n,
                 enum many many, struct selection *s)
{
    if (!str_eq(n->text, STR("rows"))) {
        uint32_t dataset = dataset_named(c, env, n);
        return dataset != ID_NONE && select_dataset(c, env, n, dataset, many, s);
    }
    if (!in_group(c)) {
        report(c, DIAG_ID_RULE_NO_GROUP, n->name_at, STR_NONE, STR_NONE);
        return false;
    }
    if (!select_group(c, env, n->at, n->kids, n->n, s)) {
        return false;
    }
    if (many == ONE_ROW) {
        require_covered(c, s);
    }
    return !s->is_bad;
}

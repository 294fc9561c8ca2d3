/* A check block to a checked rule, once for every column of its family.
 *
 * The clauses are typed in the order in which they may need each other: head, lets, when,
 * must, then what speaks of the sides of `must`: within and messages. */
#include "lang/check_state.h"

#include <assert.h>

struct messages { /* parsed once, typed in each expansion */
    struct message_text message[2], ask[2];
};

/* ---- head */

static bool build_head(struct checker *c, const struct ast_check *ast,
                       const struct loop *loops, struct check *k)
{
    uint32_t *each = arena_new_array(c->a, ast->each.n, uint32_t);
    k->each = each;
    k->is_group = ast->each.n > 0;
    for (uint32_t i = 0; i < ast->each.n; i++) {
        struct name name = ast->each.items[i];
        uint32_t column = loop_column(c, loops, k->dataset, name);
        if (column == ID_NONE) {
            return false;
        }
        for (uint32_t j = 0; j < k->n_each; j++) {
            if (each[j] == column) {
                report(c, DIAG_ID_RULE_NAMED_TWICE, name.at, name.text, STR_NONE);
                return false;
            }
        }
        if (k->n_each == RULESET_MAX_KEY) {
            report(c, DIAG_ID_RULE_KEY_LONG, name.at, name.text, STR_NONE);
            return false;
        }
        each[k->n_each++] = column;
    }
    return true;
}

/* The head's filter speaks of single rows: scope 0 is the row, there is no `this` and no
 * group. */
static void build_filter(struct checker *c, const struct ast_check *ast,
                         const struct loop *loops, struct check *k)
{
    struct scope *row = arena_new(c->a, struct scope);
    *row = (struct scope){.kind = SCOPE_ROW, .dataset = k->dataset};
    c->rule.scope = row;
    const struct env env = {.place = PLACE_FILTER, .scope = row, .loops = loops};
    const struct expr **filter =
        arena_new_array(c->a, ast->n_filter, const struct expr *);
    for (uint32_t i = 0; i < ast->n_filter; i++) {
        filter[i] = type_kind(c, &env, ast->filter[i], VALUE_BOOL);
    }
    k->filter = filter;
    k->n_filter = ast->n_filter;
}

static const struct scope *open_scope(struct checker *c, const struct check *k)
{
    struct scope *scope = arena_new(c->a, struct scope);
    *scope = (struct scope){.kind = k->is_group ? SCOPE_GROUP : SCOPE_ROW,
                            .dataset = k->dataset,
                            .columns = k->each,
                            .n_columns = k->n_each};
    return scope;
}

/* ---- lets */

/* The brackets of all clauses, in an order in which let i is seen by all from
 * seen_from[i] on. */
static struct brackets let_brackets(struct checker *c, const struct ast_check *ast,
                                    const struct messages *m, size_t *seen_from)
{
    struct brackets b = {0};
    for (uint32_t i = 0; i < ast->n_lets; i++) {
        gather_brackets(c, ast->lets[i].value, &b);
        seen_from[i] = b.n;
    }
    gather_brackets(c, ast->when, &b);
    gather_brackets(c, ast->must, &b);
    gather_brackets(c, ast->within.amount, &b);
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        const struct message_text *const texts[] = {&m->message[lang], &m->ask[lang]};
        for (size_t t = 0; t < COUNT_OF(texts); t++) {
            for (size_t i = 0; i < texts[t]->n; i++) {
                gather_brackets(c, texts[t]->holes[i], &b);
            }
        }
    }
    return b;
}

static bool let_name_fits(struct checker *c, const struct ast_check *ast,
                          struct name name)
{
    if (str_eq(name.text, STR("today"))) {
        report(c, DIAG_ID_RULE_RESERVED_NAME, name.at, name.text, STR_NONE);
        return false;
    }
    if (ast->loop.text.p != NULL && str_eq(ast->loop.text, name.text)) {
        struct diag *d = report(c, DIAG_ID_RULE_NAME_TWICE, name.at, name.text, STR_NONE);
        diag_place(d, ast->loop.at, STR_NONE);
        return false;
    }
    return true;
}

/* Each let sees the ones above it: it gets its name after its value is typed. */
static void type_lets(struct checker *c, struct env *env, const struct ast_check *ast,
                      const struct messages *m)
{
    if (ast->n_lets == 0) {
        return;
    }
    size_t *seen_from = arena_new_array(c->a, ast->n_lets, size_t);
    struct brackets brackets = let_brackets(c, ast, m, seen_from);
    c->rule.lets = arena_new_array(c->a, ast->n_lets, struct argument);
    c->rule.let_names.names = dict_new(c->a);
    env->place = PLACE_LET;
    for (uint32_t i = 0; i < ast->n_lets; i++) {
        struct name name = ast->lets[i].name;
        bool fits = let_name_fits(c, ast, name) &&
                    !name_hides_column(c, &brackets, seen_from[i], name);
        const struct expr *value = type_expr(c, env, ast->lets[i].value);
        if (name_declare(c, &c->rule.let_names, name) == ID_NONE) {
            continue;
        }
        bool is_good = fits && !is_poison(value);
        c->rule.lets[c->rule.n_lets].name = name;
        c->rule.lets[c->rule.n_lets].value =
            is_good ? named_value(c, value) : poison(c, name.at);
        c->rule.n_lets++;
    }
}

/* ---- must and its tolerance */

static void take_sides(struct checker *c, struct check *k)
{
    const struct expr *must = k->must;
    if (is_poison(must) || must->op != EXPR_COMPARE || must->args[0]->kind != VALUE_NUM) {
        return;
    }
    k->has_sides = c->rule.has_sides = true;
    k->cmp = must->cmp;
    k->left = must->args[0];
    k->right = must->args[1];
    c->rule.unit = must->unit;
    c->rule.sides_are_years = k->left->is_year || k->right->is_year;
}

static const struct expr *size_of_side(struct checker *c, const struct env *env,
                                       bool is_right, struct span at)
{
    const struct expr *side = make_side(c, env, is_right, at);
    struct expr *size =
        expr_over(c, expr_new(c, env, EXPR_CALL, VALUE_NUM, at), &side, 1);
    size->fn = FN_ABS;
    size->unit = side->unit;
    return size;
}

/* N% of left, right or the larger of both. */
static const struct expr *share_of_side(struct checker *c, const struct env *env,
                                        const struct ast_within *w,
                                        const struct expr *share)
{
    const struct expr *sizes[] = {size_of_side(c, env, false, w->at),
                                  size_of_side(c, env, true, w->at)};
    const struct expr *base = sizes[w->base == WITHIN_RIGHT];
    if (w->base == WITHIN_LARGER) {
        struct expr *larger =
            expr_over(c, expr_new(c, env, EXPR_CALL, VALUE_NUM, w->at), sizes, 2);
        larger->fn = FN_MAX2;
        larger->unit = base->unit;
        base = larger;
    }
    const struct expr *const args[] = {share, base};
    struct expr *e = expr_over(c, expr_new(c, env, EXPR_MUL, VALUE_NUM, w->at), args, 2);
    e->unit = base->unit;
    return e;
}

static const struct expr *type_within(struct checker *c, const struct env *env,
                                      const struct ast_within *w)
{
    assert(env->place == PLACE_WITHIN && c->rule.has_sides);
    const struct expr *amount = type_kind(c, env, w->amount, VALUE_NUM);
    if (is_poison(amount)) {
        return amount;
    }
    if (w->base != WITHIN_ALONE) {
        return share_of_side(c, env, w, amount);
    }
    if (typed_of(amount)->is_points && c->rule.unit.kind != UNIT_PURE) {
        struct diag *d = report(c, DIAG_ID_RULE_WITHIN_POINTS, amount->at,
                                as_written(c, amount->at, env->loops), STR_NONE);
        report_hint(c, d, "viết {} of right", "write {} of right", d->args[0]);
        return poison(c, amount->at);
    }
    const struct expr *side = make_side(c, env, false, w->at);
    return unit_widens(c, env, &amount, side) ? amount : poison(c, amount->at);
}

static void build_within(struct checker *c, struct env *env, const struct ast_check *ast,
                         struct check *k)
{
    const struct ast_within *w = &ast->within;
    if (span_is_none(w->at) || ast->must == NULL) {
        return;
    }
    if (c->rule.must_is_bad) { /* what it says by itself can be judged all the same */
        env->place = PLACE_WITHIN;
        k->within = w->amount == NULL ? NULL : type_kind(c, env, w->amount, VALUE_NUM);
        return;
    }
    bool can = k->has_sides && (k->cmp == CMP_EQ || k->cmp == CMP_LE || k->cmp == CMP_GE);
    if (!can) {
        struct diag *d = report(c, DIAG_ID_RULE_WITHIN_MUST, w->at, STR_NONE, STR_NONE);
        diag_place(d, ast->must->at, STR_NONE);
        return;
    }
    k->within_rounding = w->is_rounding;
    if (!w->is_rounding && w->amount != NULL) {
        env->place = PLACE_WITHIN;
        k->within = type_within(c, env, w);
    }
}

/* ---- texts */

static void build_messages(struct checker *c, struct env *env, const struct messages *m,
                           struct check *k)
{
    env->place = PLACE_HOLE;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        k->message[lang] = message_type(c, env, &m->message[lang]);
        k->ask[lang] = message_type(c, env, &m->ask[lang]);
    }
}

/* The title, followed by the column's in a family. */
static struct str title_of(struct checker *c, const struct ast_check *ast,
                           enum diag_lang lang, uint32_t dataset,
                           const struct loop *loops)
{
    struct str title = ast->title.lang[lang].text;
    if (title.p == NULL || loops == NULL) {
        return title;
    }
    const struct schema *s = &c->datasets[dataset].schema;
    uint32_t column = schema_column(s, loops->column->text);
    struct str shown = column == ID_NONE ? STR_NONE : s->columns[column].title.lang[lang];
    struct text t = text_in(c->a);
    text_add(&t, title);
    text_add_z(&t, ": ");
    text_add(&t, shown.p == NULL ? loops->column->text : shown);
    return text_str(&t);
}

static struct str id_of(struct checker *c, const struct ast_check *ast,
                        const struct loop *loops)
{
    if (loops == NULL) {
        return ast->name.text;
    }
    struct text t = text_in(c->a);
    text_add(&t, ast->name.text);
    text_char(&t, '.');
    text_add(&t, loops->column->text);
    return text_str(&t);
}

static void build_texts(struct checker *c, const struct ast_check *ast,
                        const struct loop *loops, struct check *k)
{
    k->id = id_of(c, ast, loops);
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        k->title.lang[lang] = title_of(c, ast, (enum diag_lang)lang, k->dataset, loops);
    }
    k->because = ast->because.text;
    k->type = ast->type.text;
    struct str *tags = arena_new_array(c->a, ast->tags.n, struct str);
    for (uint32_t i = 0; i < ast->tags.n; i++) {
        tags[i] = ast->tags.items[i].text;
    }
    k->tags = tags;
    k->n_tags = ast->tags.n;
    k->formula = as_written(c, ast->must->at, loops);
}

/* ---- what the engine wants to know of the whole */

static bool has_previous(const struct expr *e)
{
    return e != NULL && typed_of(e)->has_previous;
}

const uint32_t *rule_uses(struct checker *c, uint32_t *n)
{
    assert(c->rule.uses != NULL);
    uint32_t *uses = arena_new_array(c->a, c->n_datasets, uint32_t);
    *n = 0;
    for (uint32_t i = 0; i < c->n_datasets; i++) {
        if (c->rule.uses[i]) {
            uses[(*n)++] = i;
        }
    }
    return uses;
}

struct env rule_open(struct checker *c, const struct scope *scope)
{
    c->serial++;
    c->rule = (struct rule_state){.dataset = scope->dataset, .scope = scope};
    c->rule.uses = arena_new_array(c->a, c->dataset_room, bool);
    return (struct env){.place = PLACE_VALUE, .scope = scope, .self = scope};
}

static void build_uses(struct checker *c, struct check *k)
{
    k->uses = rule_uses(c, &k->n_uses);
    k->undefined = c->rule.undefined;
    k->uses_today = c->rule.uses_today;
    k->uses_previous =
        has_previous(k->when) || has_previous(k->must) || has_previous(k->within);
}

/* Whether the text of an expression, whatever is wrong with it, may ask for an earlier
 * period: by itself, or by a let, a define or a name that nobody knows. */
static bool names_previous(struct checker *c, const struct node *n)
{
    const struct schema *schema = &c->datasets[c->rule.dataset].schema;
    bool is_named = n->kind == NODE_NAME && schema_column(schema, n->text) == ID_NONE;
    bool is_called =
        n->kind == NODE_CALL && (str_eq(n->text, STR("previous")) ||
                                 name_find(&c->function_names, n->text) != ID_NONE);
    if (is_named || is_called || n->kind == NODE_ERROR) {
        return true;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kids[i] != NULL && names_previous(c, n->kids[i])) {
            return true;
        }
    }
    return n->pick != NULL && names_previous(c, n->pick);
}

static bool may_ask_previous(struct checker *c, const struct expr *e,
                             const struct node *n)
{
    return e != NULL && is_poison(e) && (n == NULL || names_previous(c, n));
}

static void build_policies(struct checker *c, const struct ast_check *ast,
                           struct check *k)
{
    k->if_missing = ast->if_missing;
    k->if_first = ast->if_first;
    k->severity = ast->severity.level;
    k->is_final = ast->severity.is_final;
    bool may_ask = k->uses_previous || may_ask_previous(c, k->must, ast->must) ||
                   may_ask_previous(c, k->when, ast->when) ||
                   may_ask_previous(c, k->within, ast->within.amount);
    if (!span_is_none(ast->if_first_at) && !may_ask) {
        report(c, DIAG_ID_RULE_IF_FIRST, ast->if_first_at, STR_NONE, STR_NONE);
    }
}

static const struct expr *type_must(struct checker *c, const struct env *env,
                                    const struct ast_check *ast,
                                    const struct outlier *outlier)
{
    if (ast->must == NULL) {
        return poison(c, ast->name.at);
    }
    return outlier == NULL ? type_kind(c, env, ast->must, VALUE_BOOL)
                           : type_outlier(c, env, ast->must, outlier, ast->name.at);
}

/* One expansion; false when it has an error. */
static bool build_check(struct checker *c, const struct ast_check *ast, uint32_t dataset,
                        const struct loop *loops, const struct messages *m,
                        const struct outlier *outlier)
{
    uint32_t before = c->n_errors;
    c->serial++;
    struct check k = {.dataset = dataset, .column = ID_NONE, .at = ast->name.at};
    c->rule = (struct rule_state){.dataset = dataset, .ast = ast, .loops = loops};
    c->rule.uses = arena_new_array(c->a, c->dataset_room, bool);
    if (!build_head(c, ast, loops, &k)) {
        return false;
    }
    build_filter(c, ast, loops, &k);
    c->rule.scope = open_scope(c, &k);
    struct env env = {.scope = c->rule.scope, .self = c->rule.scope, .loops = loops};
    for (uint32_t i = 0; i < k.n_each;
         i++) { /* an undefined `each` column is named, too */
        make_column(c, &env, c->rule.scope, k.each[i], ast->name.at);
    }
    type_lets(c, &env, ast, m);
    env.place = PLACE_WHEN;
    k.when = ast->when == NULL ? NULL : type_kind(c, &env, ast->when, VALUE_BOOL);
    env.place = PLACE_MUST;
    k.must = type_must(c, &env, ast, outlier);
    c->rule.must_is_bad = is_poison(k.must);
    take_sides(c, &k);
    build_within(c, &env, ast, &k);
    build_uses(c, &k);
    build_policies(c, ast, &k);
    build_messages(c, &env, m, &k);
    if (c->n_errors != before) {
        return false;
    }
    build_texts(c, ast, loops, &k);
    find_operands(c, &k);
    k.column = first_column(c, &k);
    c->checks = list_room(c->a, c->checks, c->n_checks, &c->check_cap, sizeof *c->checks);
    c->checks[c->n_checks++] = k;
    return true;
}

static void build_family(struct checker *c, const struct ast_check *ast, uint32_t dataset,
                         const struct messages *m)
{
    const struct loop head = {.name = ast->loop};
    if (loop_hides(c, &head, dataset)) {
        return;
    }
    struct names columns = loop_columns(c, ast->loop_columns);
    for (uint32_t i = 0; i < columns.n; i++) {
        struct loop *loop = arena_new(c->a, struct loop);
        *loop = (struct loop){.name = ast->loop, .column = &columns.items[i]};
        if (!build_check(c, ast, dataset, loop, m, NULL)) {
            return; /* the other columns would say the same again */
        }
    }
}

struct check *made_check(struct checker *c, const struct ast_check *ast, uint32_t dataset,
                         const struct outlier *outlier)
{
    static const struct messages none = {0};
    assert(ast->must != NULL && ast->n_lets == 0);
    bool is_good = build_check(c, ast, dataset, NULL, &none, outlier);
    return is_good ? &c->checks[c->n_checks - 1] : NULL;
}

uint32_t dataset_of_head(struct checker *c, struct name name)
{
    enum result_kind kind;
    if (result_kind_named(name.text, &kind)) {
        report(c, DIAG_ID_RULE_ON_RESULTS, name.at, name.text, STR_NONE);
        return ID_NONE;
    }
    uint32_t dataset = name_find(&c->dataset_names, name.text);
    if (dataset == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_DATASET, name, &c->dataset_names);
    }
    return dataset;
}

void check_rule(struct checker *c, const struct ast_check *ast)
{
    struct messages m;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        m.message[lang] = message_parse(c, ast->message.lang[lang]);
        m.ask[lang] = message_parse(c, ast->ask.lang[lang]);
    }
    if (ast->dataset.text.p == NULL) {
        return; /* reported by the parser */
    }
    uint32_t dataset = dataset_of_head(c, ast->dataset);
    if (dataset == ID_NONE) {
        return;
    }
    if (ast->loop.text.p == NULL) {
        build_check(c, ast, dataset, NULL, &m, NULL);
    } else {
        build_family(c, ast, dataset, &m);
    }
}

/* Indicators and targets: their values typed in the scope of a row, and the checks that
 * their lines make.
 *
 * A line of an indicator, and a claim, is an ordinary check whose `must` nobody wrote: it
 * is put together as a tree from what was written and goes the way of all checks. What a
 * finding shows of it (formula, names of operands) is then said in the words of the
 * language, since the tree has no text of its own. */
#include "lang/check_state.h"

#include <assert.h>

/* ---- trees that nobody wrote */

static struct node *tree(struct checker *c, enum node_kind kind, struct span at,
                         struct node *const *kids, uint32_t n)
{
    struct node *x = arena_new(c->a, struct node);
    *x = (struct node){.kind = kind, .at = at, .name_at = at, .n = n};
    x->kids = arena_new_array(c->a, n, struct node *);
    for (uint32_t i = 0; i < n; i++) {
        x->kids[i] = kids[i];
        x->height = kids[i]->height > x->height ? kids[i]->height : x->height;
    }
    x->height++;
    return x;
}

static struct node *binary(struct checker *c, enum node_op op, struct node *a,
                           struct node *b)
{
    struct node *const kids[] = {a, b};
    struct node *x = tree(c, NODE_BINARY, a->at, kids, 2);
    x->op = op;
    return x;
}

static struct node *call(struct checker *c, struct str function, struct node *argument)
{
    struct node *x = tree(c, NODE_CALL, argument->at, &argument, 1);
    x->text = function;
    return x;
}

static struct node *range(struct checker *c, struct node *value,
                          const struct ast_bounds *b)
{
    struct node *const kids[] = {value, b->low, b->high};
    return tree(c, NODE_IN_RANGE, b->at, kids, 3);
}

static struct node *equal(struct checker *c, struct node *a, struct node *b)
{
    static const enum node_op ops[] = {OP_EQ};
    struct node *const kids[] = {a, b};
    struct node *x = tree(c, NODE_COMPARE, a->at, kids, 2);
    x->ops = ops;
    return x;
}

static struct node *word(struct checker *c, enum node_kind kind, struct str text,
                         struct span at)
{
    struct node *x = tree(c, kind, at, NULL, 0);
    x->text = text;
    return x;
}

/* ---- texts */

static struct str joined_texts(struct checker *c, const struct str *parts, size_t n)
{
    struct text t = text_in(c->a);
    for (size_t i = 0; i < n; i++) {
        text_add(&t, parts[i]);
    }
    return text_str(&t);
}

/* As it would stand within an operator. */
static struct str as_operand(struct checker *c, const struct node *n)
{
    const struct str parts[] = {STR("("), as_written(c, n->at, NULL), STR(")")};
    bool is_compound = n->kind == NODE_BINARY || n->kind == NODE_IF ||
                       n->kind == NODE_NEGATE || n->kind == NODE_AS || n->kind == NODE_AT;
    return is_compound ? joined_texts(c, parts, 3) : parts[1];
}

/* As it would stand before `in`. */
static struct str as_side(struct checker *c, const struct node *n)
{
    return n->kind == NODE_IF ? as_operand(c, n) : as_written(c, n->at, NULL);
}

static struct str limits(struct checker *c, const struct ast_bounds *b)
{
    const struct str parts[] = {STR(" in "), as_written(c, b->low->at, NULL), STR(" .. "),
                                as_written(c, b->high->at, NULL)};
    return joined_texts(c, parts, COUNT_OF(parts));
}

static struct str previous_shown(struct checker *c, const struct node *value)
{
    const struct str parts[] = {STR("previous("), as_written(c, value->at, NULL),
                                STR(")")};
    return joined_texts(c, parts, COUNT_OF(parts));
}

/* "title: what the check is about", in the languages that have a title. */
static struct ast_text titled(struct checker *c, const struct ast_text *title,
                              const char *vi, const char *en)
{
    assert(vi && en);
    const char *const about[] = {vi, en};
    struct ast_text text = *title;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        const struct str parts[] = {title->lang[lang].text, STR(": "),
                                    str_of(about[lang])};
        if (parts[0].p != NULL) {
            text.lang[lang].text = joined_texts(c, parts, COUNT_OF(parts));
        }
    }
    return text;
}

static struct ast_check check_of(struct checker *c, const struct goal *g,
                                 const char *suffix, struct span at)
{
    const struct str parts[] = {g->name.text, STR("."), str_of(suffix)};
    return (struct ast_check){
        .name = {joined_texts(c, parts, COUNT_OF(parts)), at},
        .if_missing_at = SPAN_NONE,
        .if_first_at = SPAN_NONE,
        .within = {.at = SPAN_NONE},
        .at = at,
    };
}

/* Operands that stand for the tree's own nodes get the name that they would have if they
 * had been written. */
static void rename_operands(struct checker *c, struct check *k, enum expr_op op,
                            struct span at, struct str name)
{
    struct operand *operands = arena_new_array(c->a, k->n_operands, struct operand);
    for (uint32_t i = 0; i < k->n_operands; i++) {
        const struct expr *e = k->operands[i].value;
        operands[i] = k->operands[i];
        if (e->op == op && e->at.src == at.src && e->at.lo == at.lo &&
            e->at.hi == at.hi) {
            operands[i].name = name;
        }
    }
    k->operands = operands;
}

/* ---- indicators */

static const struct scope *row_scope(struct checker *c, uint32_t dataset)
{
    struct scope *scope = arena_new(c->a, struct scope);
    *scope = (struct scope){.kind = SCOPE_ROW, .dataset = dataset};
    return scope;
}

bool type_indicator(struct checker *c, struct goal *g)
{
    assert(g->kind == RESULT_INDICATOR && g->dataset != ID_NONE);
    const struct ast_indicator *ast = &g->decl->u.indicator;
    struct indicator *x = &c->goals.indicators[g->number];
    *x = (struct indicator){.id = g->name.text,
                            .dataset = g->dataset,
                            .undefined = ast->undefined.text,
                            .at = g->name.at};
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        x->title.lang[lang] = ast->title.lang[lang].text;
    }
    if (ast->value == NULL) {
        return true; /* undefined, or the parser spoke of it */
    }
    const struct env env = rule_open(c, row_scope(c, g->dataset));
    x->value = type_kind(c, &env, ast->value, VALUE_NUM);
    if (is_poison(x->value) || !unit_settled(c, x->value)) {
        return false;
    }
    g->unit = x->value->unit;
    x->undefined = c->rule.undefined;
    x->uses = rule_uses(c, &x->n_uses);
    return true;
}

static void keep_line(struct checker *c, const struct goal *g, struct check *k,
                      struct str formula)
{
    const struct ast_indicator *ast = &g->decl->u.indicator;
    if (k == NULL) {
        return;
    }
    k->formula = formula;
    if (ast->value == NULL) {
        k->undefined = ast->undefined.text;
    } else {
        rename_operands(c, k, EXPR_PREVIOUS, ast->value->at,
                        previous_shown(c, ast->value));
    }
}

/* What the line says, or a constant where there is no value to say it of. */
static struct node *must_of(struct checker *c, const struct ast_indicator *ast,
                            struct node *must, struct span at)
{
    return ast->value == NULL ? word(c, NODE_TRUE, STR_NONE, at) : must;
}

static void check_expect(struct checker *c, const struct goal *g)
{
    const struct ast_indicator *ast = &g->decl->u.indicator;
    const struct ast_bounds *b = &ast->expect;
    struct ast_check k = check_of(c, g, "expect", b->at);
    k.title = titled(c, &ast->title, "khoảng thường gặp", "expected range");
    k.severity = b->severity;
    struct str formula = as_written(c, b->at, NULL);
    k.must = must_of(c, ast, NULL, b->at);
    if (k.must == NULL) {
        const struct str parts[] = {as_side(c, ast->value), limits(c, b)};
        formula = joined_texts(c, parts, COUNT_OF(parts));
        k.must = range(c, ast->value, b);
    }
    keep_line(c, g, made_check(c, &k, g->dataset, NULL), formula);
}

/* The bounds of a change are shares. */
static bool bounds_are_pure(struct checker *c, const struct goal *g,
                            const struct ast_bounds *b)
{
    const struct env env = rule_open(c, row_scope(c, g->dataset));
    struct node *const bounds[] = {b->low, b->high};
    bool is_good = true;
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        const struct expr *e = type_kind(c, &env, bounds[i], VALUE_NUM);
        is_good = !is_poison(e) && unit_none(c, e) && is_good;
    }
    return is_good;
}

/* (x - previous(x)) / abs(previous(x)) */
static struct node *change_of(struct checker *c, struct node *value)
{
    struct node *previous = call(c, STR("previous"), value);
    return binary(c, OP_DIV, binary(c, OP_SUB, value, previous),
                  call(c, STR("abs"), previous));
}

static struct str change_shown(struct checker *c, const struct node *value,
                               const struct ast_bounds *b)
{
    struct str x = as_operand(c, value), previous = previous_shown(c, value);
    const struct str parts[] = {STR("("),        x,        STR(" - "), previous,
                                STR(") / abs("), previous, STR(")"),   limits(c, b)};
    return joined_texts(c, parts, COUNT_OF(parts));
}

static void check_change(struct checker *c, const struct goal *g)
{
    const struct ast_indicator *ast = &g->decl->u.indicator;
    const struct ast_bounds *b = &ast->change;
    struct ast_check k = check_of(c, g, "change", b->at);
    k.title = titled(c, &ast->title, "biến động so với kỳ trước",
                     "change since the previous period");
    k.severity = b->severity;
    k.if_first = POLICY_SKIP;
    struct str formula = as_written(c, b->at, NULL);
    k.must = must_of(c, ast, NULL, b->at);
    if (k.must == NULL) {
        if (!bounds_are_pure(c, g, b)) {
            return;
        }
        formula = change_shown(c, ast->value, b);
        k.must = range(c, change_of(c, ast->value), b);
    }
    keep_line(c, g, made_check(c, &k, g->dataset, NULL), formula);
}

const struct expr *type_outlier(struct checker *c, const struct env *env,
                                const struct node *value, const struct outlier *outlier,
                                struct span at)
{
    if (value->kind == NODE_TRUE) {
        return type_expr(c, env, value); /* of an undefined indicator */
    }
    assert(outlier != NULL && env->place == PLACE_MUST);
    struct node same = *value;
    bool is_hb = outlier->method == OUTLIER_HB;
    const struct expr *x = type_kind(c, env, value, VALUE_NUM);
    const struct expr *before =
        is_hb ? type_expr(c, env, call(c, STR("previous"), &same)) : x;
    if (is_poison(x) || is_poison(before) || !unit_settled(c, x)) {
        return poison(c, at);
    }
    const struct expr *const args[] = {x, before};
    struct expr *e =
        expr_over(c, expr_new(c, env, EXPR_OUTLIER, VALUE_BOOL, at), args, is_hb ? 2 : 1);
    e->outlier = outlier;
    return e;
}

/* The columns of `each`; false after reporting. */
static bool outlier_groups(struct checker *c, const struct goal *g,
                           const struct ast_outlier *ast, struct outlier *out)
{
    uint32_t *each = arena_new_array(c->a, ast->each.n, uint32_t);
    bool is_good = true;
    out->each = each;
    for (uint32_t i = 0; i < ast->each.n; i++) {
        struct name name = ast->each.items[i];
        uint32_t column = column_named(c, g->dataset, name);
        for (uint32_t j = 0; j < out->n_each && column != ID_NONE; j++) {
            if (each[j] == column) {
                report(c, DIAG_ID_RULE_NAMED_TWICE, name.at, name.text, STR_NONE);
                column = ID_NONE;
            }
        }
        if (column != ID_NONE && out->n_each == RULESET_MAX_KEY) {
            report(c, DIAG_ID_RULE_KEY_LONG, name.at, name.text, STR_NONE);
            column = ID_NONE;
        }
        is_good = is_good && column != ID_NONE;
        if (column != ID_NONE) {
            c->dataset_states[g->dataset].is_read[column] = true;
            each[out->n_each++] = column;
        }
    }
    return is_good;
}

static struct str outlier_shown(struct checker *c, const struct ast_indicator *ast)
{
    static const char *const methods[] = {"mad", "z", "iqr", "hb"};
    const struct ast_outlier *o = &ast->outlier;
    struct text t = text_in(c->a);
    if (ast->value != NULL) {
        text_add(&t, as_side(c, ast->value));
        text_char(&t, ' ');
    }
    text_add_z(&t, "outlier ");
    text_add_z(&t, methods[o->method]);
    text_char(&t, ' ');
    text_add(&t, num_str(c->a, o->factor));
    for (uint32_t i = 0; i < o->each.n; i++) {
        text_add_z(&t, i == 0 ? " each " : ", ");
        text_add(&t, o->each.items[i].text);
    }
    return text_str(&t);
}

static void check_outlier(struct checker *c, const struct goal *g)
{
    const struct ast_indicator *ast = &g->decl->u.indicator;
    const struct ast_outlier *o = &ast->outlier;
    struct ast_check k = check_of(c, g, "outlier", o->at);
    k.title = titled(c, &ast->title, "khác thường so với các dòng khác",
                     "unlike the other rows");
    k.severity = o->severity;
    k.if_first = o->method == OUTLIER_HB ? POLICY_SKIP : POLICY_UNKNOWN;
    struct outlier *outlier = arena_new(c->a, struct outlier);
    *outlier = (struct outlier){.method = o->method, .factor = o->factor};
    bool is_good = outlier_groups(c, g, o, outlier) && o->factor.d != 0;
    if (is_good && num_sign(o->factor) <= 0) {
        struct diag *d = report(c, DIAG_ID_RULE_NUMBER_RANGE, o->at,
                                num_str(c->a, o->factor), STR("số lớn hơn 0"));
        d->args[2] = STR("a number above 0");
        is_good = false;
    }
    k.must = must_of(c, ast, ast->value, o->at);
    if (is_good) {
        keep_line(c, g, made_check(c, &k, g->dataset, outlier), outlier_shown(c, ast));
    }
}

static bool is_written(const struct ast_bounds *b)
{
    return !span_is_none(b->at) && b->low != NULL && b->high != NULL;
}

void check_lines(struct checker *c, const struct goal *g)
{
    const struct ast_indicator *ast = &g->decl->u.indicator;
    assert(g->kind == RESULT_INDICATOR && g->visit == GOAL_DONE);
    if (g->is_bad || (ast->value == NULL && ast->undefined.text.p == NULL)) {
        return;
    }
    if (is_written(&ast->expect)) {
        check_expect(c, g);
    }
    if (is_written(&ast->change)) {
        check_change(c, g);
    }
    if (!span_is_none(ast->outlier.at)) {
        check_outlier(c, g);
    }
}

/* ---- targets */

bool number_fits(struct checker *c, struct ast_number n, bool or_zero)
{
    int sign = n.is_given ? num_sign(n.value) : 1;
    if (sign > 0 || (or_zero && sign == 0)) {
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_NUMBER_RANGE, n.at, as_written(c, n.at, NULL),
                            or_zero ? STR("số không âm") : STR("số lớn hơn 0"));
    d->args[2] = or_zero ? STR("a number not below 0") : STR("a number above 0");
    return false;
}

static bool build_margin(struct checker *c, struct ast_number written, struct num *margin)
{
    if (num_div(num_int(9), num_int(10), margin) != DEC_OK || !written.is_given) {
        return true;
    }
    *margin = written.value;
    if (num_sign(written.value) > 0 && num_cmp(written.value, num_int(1)) <= 0) {
        return true;
    }
    struct diag *d =
        report(c, DIAG_ID_RULE_NUMBER_RANGE, written.at, as_written(c, written.at, NULL),
               STR("một tỷ lệ trên 0%, không quá 100%"));
    d->args[2] = STR("a share above 0% and at most 100%");
    return false;
}

/* Falling; each threshold once. */
static bool build_bands(struct checker *c, const struct ast_points *ast,
                        struct points *out)
{
    struct band *bands = arena_new_array(c->a, ast->n_bands, struct band);
    bool is_good = true;
    out->bands = bands;
    for (uint32_t i = 0; i < ast->n_bands; i++) {
        const struct ast_band *b = &ast->bands[i];
        uint32_t at = out->n_bands;
        if (!b->from.is_given || !b->points.is_given) {
            return false; /* the parser spoke of it */
        }
        is_good =
            number_fits(c, b->from, true) && number_fits(c, b->points, true) && is_good;
        while (at > 0 && num_cmp(bands[at - 1].from, b->from.value) < 0) {
            bands[at] = bands[at - 1];
            at--;
        }
        if (at > 0 && num_eq(bands[at - 1].from, b->from.value)) {
            report(c, DIAG_ID_RULE_NAMED_TWICE, b->from.at,
                   as_written(c, b->from.at, NULL), STR_NONE);
            return false;
        }
        bands[at] = (struct band){.from = b->from.value, .points = b->points.value};
        out->n_bands++;
    }
    return is_good;
}

static bool build_schedule(struct checker *c, const struct ast_points *ast,
                           struct points *out)
{
    const struct ast_number above_zero[] = {ast->cap,     ast->per,       ast->per_points,
                                            ast->bonus,   ast->bonus_per, ast->bonus_cap,
                                            ast->rounding};
    bool is_good = number_fits(c, ast->bonus_over, true);
    for (size_t i = 0; i < COUNT_OF(above_zero); i++) {
        is_good = number_fits(c, above_zero[i], false) && is_good;
    }
    out->schedule = ast->schedule;
    out->has_cap = ast->cap.is_given;
    out->cap = ast->cap.value;
    out->cap_is_percent = ast->cap.is_percent;
    out->per = ast->per.value;
    out->per_is_percent = ast->per.is_percent;
    out->per_points = ast->per_points.value;
    out->has_bonus = ast->bonus.is_given;
    out->bonus = ast->bonus.value;
    out->bonus_per = ast->bonus_per.value;
    out->bonus_over = ast->bonus_over.value;
    out->has_bonus_cap = ast->bonus_cap.is_given;
    out->bonus_cap = ast->bonus_cap.value;
    out->has_rounding = ast->rounding.is_given;
    out->rounding = ast->rounding.value;
    return build_bands(c, ast, out) && is_good;
}

/* False after reporting: a maximum that is plainly below zero. */
static bool maximum_fits(struct checker *c, const struct expr *maximum)
{
    if (is_poison(maximum) || !unit_settled(c, maximum)) {
        return false;
    }
    if (maximum->op != EXPR_NUM || num_sign(maximum->num) >= 0) {
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_NUMBER_RANGE, maximum->at,
                            num_str(c->a, maximum->num), STR("số không âm"));
    d->args[2] = STR("a number not below 0");
    return false;
}

/* A maximum that is computed from numbers alone is that number, as in what must add up.
 */
static bool is_constant(const struct expr *e, struct num *out)
{
    struct num a, b;
    if (e->kind != VALUE_NUM) {
        return false;
    }
    if (e->op == EXPR_NUM) {
        *out = e->num;
        return true;
    }
    if (e->op == EXPR_NEG && is_constant(e->args[0], &a)) {
        *out = num_neg(a);
        return true;
    }
    bool is_arithmetic = e->op >= EXPR_ADD && e->op <= EXPR_DIV;
    if (!is_arithmetic || !is_constant(e->args[0], &a) || !is_constant(e->args[1], &b)) {
        return false;
    }
    enum dec_status status = e->op == EXPR_ADD   ? num_add(a, b, out)
                             : e->op == EXPR_SUB ? num_sub(a, b, out)
                             : e->op == EXPR_MUL ? num_mul(a, b, out)
                                                 : num_div(a, b, out);
    return status == DEC_OK;
}

static const struct expr *folded(struct checker *c, const struct expr *e)
{
    struct num value;
    if (is_poison(e) || e->op == EXPR_NUM || !is_constant(e, &value)) {
        return e;
    }
    struct typed *t = expr_copy(c, e);
    t->e.op = EXPR_NUM;
    t->e.num = value;
    t->e.n = 0;
    return &t->e;
}

static bool build_points(struct checker *c, const struct env *env,
                         const struct ast_target *ast, struct target *t)
{
    if (!ast->has_points) {
        return true;
    }
    if (ast->points.maximum == NULL) {
        return false; /* the parser spoke of it */
    }
    t->points.maximum = folded(c, type_kind(c, env, ast->points.maximum, VALUE_NUM));
    bool is_good = maximum_fits(c, t->points.maximum);
    return build_schedule(c, &ast->points, &t->points) && is_good;
}

/* A value of open unit in the unit that the others settle. */
static const struct expr *in_unit(struct checker *c, const struct expr *e,
                                  const struct unit_expr *unit)
{
    if (e == NULL || e->unit.kind != UNIT_OPEN || unit->kind == UNIT_IN_ROW) {
        return e;
    }
    struct typed *t = expr_copy(c, e);
    t->e.unit = *unit;
    return &t->e;
}

/* Brings actual, plan and its upper end to one unit. */
static bool unify_values(struct checker *c, const struct env *env,
                         const struct ast_target *ast, struct target *t,
                         struct common_unit *common)
{
    const struct node *high = ast->plan_high;
    for (int turn = 0; turn < 2; turn++) { /* the upper end may settle the unit of all */
        if (!unit_unify(c, env, &t->actual, &t->plan, ast->plan->at, common)) {
            return false;
        }
        if (high != NULL &&
            (!unit_unify(c, env, &t->plan, &t->plan_high, high->at, common) ||
             !unit_unify(c, env, &t->actual, &t->plan_high, high->at, common))) {
            return false;
        }
    }
    return true;
}

static bool unify_target(struct checker *c, const struct env *env,
                         const struct ast_target *ast, struct target *t,
                         struct unit_expr *unit)
{
    struct common_unit common = {.unit = {.kind = UNIT_OPEN}};
    if (ast->plan == NULL) {
        return true; /* the parser spoke of it */
    }
    if (!unify_values(c, env, ast, t, &common)) {
        return false;
    }
    if (common.waits) { /* nothing demands one: reported */
        return unit_settled(c, t->actual) && unit_settled(c, t->plan) &&
               (t->plan_high == NULL || unit_settled(c, t->plan_high));
    }
    t->actual = in_unit(c, t->actual, &common.unit);
    t->plan = in_unit(c, t->plan, &common.unit);
    t->plan_high = in_unit(c, t->plan_high, &common.unit);
    *unit = common.unit;
    return true;
}

static bool build_measure(struct checker *c, const struct env *env, struct goal *g,
                          struct target *t)
{
    const struct ast_target *ast = &g->decl->u.target;
    bool is_yes = ast->has_aim && ast->aim == AIM_YES;
    t->actual = type_kind(c, env, ast->actual, is_yes ? VALUE_BOOL : VALUE_NUM);
    bool is_good = !is_poison(t->actual);
    if (is_yes) {
        g->unit = (struct unit_expr){.kind = UNIT_PURE};
        return is_good;
    }
    if (ast->plan != NULL) {
        t->plan = type_kind(c, env, ast->plan, VALUE_NUM);
        is_good = is_good && !is_poison(t->plan);
    }
    if (ast->plan_high != NULL) {
        t->plan_high = type_kind(c, env, ast->plan_high, VALUE_NUM);
        is_good = is_good && !is_poison(t->plan_high);
    }
    return is_good && unify_target(c, env, ast, t, &g->unit);
}

static bool build_pace(struct checker *c, const struct env *env,
                       const struct ast_target *ast, struct target *t)
{
    if (ast->pace == NULL) {
        return true;
    }
    t->pace = type_kind(c, env, ast->pace, VALUE_NUM);
    return !is_poison(t->pace) && unit_none(c, t->pace);
}

static struct target begin_target(const struct goal *g)
{
    const struct ast_target *ast = &g->decl->u.target;
    struct target t = {.id = g->name.text,
                       .dataset = g->dataset,
                       .unmeasured = ast->unmeasured.text,
                       .aim = ast->aim,
                       .has_points = ast->has_points,
                       .is_monitored = ast->is_monitored,
                       .at = g->name.at};
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        t.title.lang[lang] = ast->title.lang[lang].text;
    }
    return t;
}

bool type_target(struct checker *c, struct goal *g)
{
    assert(g->kind == RESULT_TARGET && g->dataset != ID_NONE);
    const struct ast_target *ast = &g->decl->u.target;
    struct target *t = &c->goals.targets[g->number];
    *t = begin_target(g);
    bool is_good = build_margin(c, ast->margin, &t->margin);
    const struct env env = rule_open(c, row_scope(c, g->dataset));
    if (ast->when != NULL) {
        t->when = type_kind(c, &env, ast->when, VALUE_BOOL);
        is_good = is_good && !is_poison(t->when);
    }
    if (ast->actual != NULL) { /* else unmeasured, or the parser spoke of it */
        is_good = build_measure(c, &env, g, t) && is_good;
        is_good = build_pace(c, &env, ast, t) && is_good;
        is_good = build_points(c, &env, ast, t) && is_good;
    }
    is_good = is_good && (!ast->has_points || t->points.maximum != NULL);
    t->undefined = c->rule.undefined;
    t->uses = rule_uses(c, &t->n_uses);
    return is_good;
}

/* ---- claims */

/* targets[target = "T"].points */
static struct node *own_points(struct checker *c, const struct goal *g, struct span at)
{
    struct node *id = word(c, NODE_NAME, result_id_column(g->kind), at);
    struct node *name = word(c, NODE_STRING, g->name.text, at);
    struct node *condition = equal(c, id, name);
    struct node *lookup = tree(c, NODE_LOOKUP, at, &condition, 1);
    lookup->text = result_word(g->kind);
    lookup->has_brackets = true;
    lookup->pick = word(c, NODE_NAME, STR("points"), at);
    return lookup;
}

static struct str own_points_shown(struct checker *c, const struct goal *g)
{
    const struct str parts[] = {
        result_word(g->kind), STR("["),     result_id_column(g->kind),
        STR(" = \""),         g->name.text, STR("\"].points")};
    return joined_texts(c, parts, COUNT_OF(parts));
}

void check_claim(struct checker *c, const struct goal *g)
{
    assert(g->visit == GOAL_DONE && g->kind != RESULT_INDICATOR);
    bool is_target = g->kind == RESULT_TARGET;
    const struct ast_claimed *claimed =
        is_target ? &g->decl->u.target.claimed : &g->decl->u.board.claimed;
    const struct ast_text *title =
        is_target ? &g->decl->u.target.title : &g->decl->u.board.title;
    bool has_points = !is_target || g->decl->u.target.has_points;
    if (claimed->value == NULL || g->is_bad || !has_points) {
        return;
    }
    struct ast_check k = check_of(c, g, "claimed", claimed->at);
    k.title = titled(c, title, "điểm tự chấm", "points claimed");
    k.within = claimed->within;
    k.must = equal(c, claimed->value, own_points(c, g, claimed->at));
    struct check *made = made_check(c, &k, g->dataset, NULL);
    if (made != NULL) {
        made->of_cells = !is_target;
        if (made->undefined.p == NULL) { /* nobody has points to compare with */
            made->undefined = is_target ? c->goals.targets[g->number].undefined
                                        : c->goals.boards[g->number].undefined;
        }
        struct str points = own_points_shown(c, g);
        const struct str parts[] = {as_written(c, claimed->value->at, NULL), STR(" = "),
                                    points};
        made->formula = joined_texts(c, parts, COUNT_OF(parts));
        rename_operands(c, made, EXPR_LOOKUP, claimed->at, points);
    }
}

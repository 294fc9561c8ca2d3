/* Units: their declarations, and what arithmetic and comparison ask of them.
 *
 * A number's unit is declared (htx, nguoi/htx), pure (percent, a ratio of equals), open
 * (nothing is known of it) or stands in the row. Open and literal sides take the other's
 * unit. A unit in the row is converted where another unit is demanded: EXPR_ROW_UNIT is
 * wrapped around the value, or pushed down to the values it is made of: to the rows where
 * an aggregate has hidden their units (row_unit == NULL), and past the literal in
 * `v ?? 0`, which takes the unit demanded as it stands (`waits`). */
#include "base/utf8.h"
#include "lang/check_state.h"

#include <assert.h>

/* ---- declarations */

enum unit_visit { UNIT_NEW, UNIT_FOLLOWED, UNIT_FINISHED };

struct chain { /* units from one towards its base */
    uint32_t *ids;
    size_t n, cap;
    enum unit_visit *visit; /* by unit */
};

static void report_unit_cycle(struct checker *c, const struct chain *chain,
                              uint32_t first)
{
    size_t from = 0;
    while (chain->ids[from] != first) {
        from++;
        assert(from < chain->n);
    }
    struct text t = text_in(c->a);
    for (size_t i = from; i < chain->n; i++) {
        text_add(&t, c->units[chain->ids[i]].name);
        text_add_z(&t, " → ");
    }
    text_add(&t, c->units[first].name);
    struct diag *d =
        report(c, DIAG_ID_RULE_UNIT_CYCLE, c->units[first].at, text_str(&t), STR_NONE);
    for (size_t i = from + 1; i < chain->n; i++) {
        diag_place(d, c->units[chain->ids[i]].at, STR_NONE);
    }
}

/* The unit's base as written: ID_NONE when it is a base itself or its base is unknown. */
static uint32_t written_base(struct checker *c, uint32_t id)
{
    const struct ast_unit *ast = c->unit_asts[id];
    return ast->has_base ? name_find(&c->unit_names, ast->base.text) : ID_NONE;
}

/* One step of a chain, its base being finished. */
static void finish_unit(struct checker *c, uint32_t id, uint32_t base)
{
    struct unit *u = &c->units[id];
    u->base = c->units[base].base;
    if (num_mul(c->unit_asts[id]->factor, c->units[base].factor, &u->factor) != DEC_OK) {
        report(c, DIAG_ID_RULE_UNIT_FACTOR, u->at, u->name, STR_NONE);
    }
}

/* Follows a unit to its base and finishes all on the way back. */
static void follow_unit(struct checker *c, uint32_t id, struct chain *chain)
{
    chain->n = 0;
    uint32_t base = id;
    while (base != ID_NONE && chain->visit[base] == UNIT_NEW) {
        chain->visit[base] = UNIT_FOLLOWED;
        chain->ids =
            list_room(c->a, chain->ids, chain->n, &chain->cap, sizeof *chain->ids);
        chain->ids[chain->n++] = base;
        base = written_base(c, base);
    }
    if (base != ID_NONE && chain->visit[base] == UNIT_FOLLOWED) {
        report_unit_cycle(c, chain, base);
        base = ID_NONE;
    }
    for (size_t i = chain->n; i-- > 0;) {
        uint32_t unit = chain->ids[i];
        c->units[unit].base = unit;
        c->units[unit].factor = num_int(1);
        if (base != ID_NONE) {
            finish_unit(c, unit, base);
        }
        chain->visit[unit] = UNIT_FINISHED;
        base = unit;
    }
}

static void check_unit(struct checker *c, uint32_t id)
{
    const struct ast_unit *ast = c->unit_asts[id];
    if (str_eq(ast->name.text, STR("column"))) {
        report(c, DIAG_ID_RULE_RESERVED_NAME, ast->name.at, ast->name.text, STR_NONE);
    }
    if (!ast->has_base) {
        return;
    }
    if (name_find(&c->unit_names, ast->base.text) == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_UNIT, ast->base, &c->unit_names);
    }
    if (num_sign(ast->factor) <= 0) {
        report(c, DIAG_ID_RULE_UNIT_FACTOR, ast->name.at, ast->name.text, STR_NONE);
    }
}

void check_units(struct checker *c)
{
    uint32_t n = (uint32_t)c->unit_names.n;
    struct chain chain = {.visit = arena_new_array(c->a, n, enum unit_visit)};
    for (uint32_t i = 0; i < n; i++) {
        check_unit(c, i);
        if (chain.visit[i] == UNIT_NEW) {
            follow_unit(c, i, &chain);
        }
    }
}

/* Whether some column reads the units of its rows. */
static bool has_row_units(const struct checker *c)
{
    for (uint32_t d = 0; d < c->dataset_names.n; d++) {
        const struct schema *s = &c->datasets[d].schema;
        for (uint32_t i = 0; i < s->n_columns; i++) {
            if (s->columns[i].unit.kind == UNIT_IN_ROW) {
                return true;
            }
        }
    }
    return false;
}

/* Two units that a cell could call by the same name or label. */
void check_row_units(struct checker *c)
{
    uint32_t n = (uint32_t)c->unit_names.n;
    struct dict *called = dict_new(c->a);
    uint32_t *owner = arena_new_array(c->a, (size_t)n * 2, uint32_t);
    if (!has_row_units(c)) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct str texts[] = {c->units[i].name, c->units[i].label};
        for (size_t k = 0; k < COUNT_OF(texts); k++) {
            uint32_t before = dict_count(called);
            uint32_t id = dict_add(called, str_fold(c->a, texts[k]));
            if (id == before) {
                owner[id] = i;
            } else if (owner[id] != i) {
                struct diag *d = report(c, DIAG_ID_RULE_UNITS_ALIKE, c->units[i].at,
                                        texts[k], c->units[owner[id]].name);
                diag_place(d, c->units[owner[id]].at, STR_NONE);
                break;
            }
        }
    }
}

struct unit_expr unit_written(struct checker *c, const struct ast_unit_term *terms,
                              uint32_t n)
{
    struct unit_expr u = {.kind = n == 0 ? UNIT_OPEN : UNIT_PURE};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t id = name_find(&c->unit_names, terms[i].name.text);
        if (id == ID_NONE) {
            report_unknown(c, DIAG_ID_RULE_UNKNOWN_UNIT, terms[i].name, &c->unit_names);
            return (struct unit_expr){.kind = UNIT_OPEN};
        }
        struct unit_expr term = {.kind = UNIT_DECLARED, .n = 1, .terms = {{id, 1}}};
        u = unit_product(&u, &term, terms[i].divides ? -1 : 1);
        if (u.kind == UNIT_OPEN) {
            report(c, DIAG_ID_RULE_UNIT_TERMS, terms[i].name.at, STR_NONE, STR_NONE);
            return u;
        }
    }
    return u;
}

/* ---- what arithmetic asks */

struct str unit_shown(struct checker *c, const struct unit_expr *u)
{
    switch (u->kind) {
    case UNIT_OPEN:
        return STR("?");
    case UNIT_PURE:
        return STR("%");
    case UNIT_DECLARED:
        return unit_str(c->a, u, c->units, false);
    case UNIT_IN_ROW:
        return STR("of column");
    }
    return STR_NONE;
}

static void report_in_row(struct checker *c, const struct expr *e)
{
    struct str text = as_written(c, e->at, typed_of(e)->loops);
    struct diag *d = report(c, DIAG_ID_RULE_UNIT_IN_ROW, e->at, text, STR_NONE);
    report_hint(c, d, "viết ({}) as ĐƠN_VỊ", "write ({}) as UNIT", text);
}

static bool same_unit(const struct unit_expr *a, const struct unit_expr *b)
{
    return a->kind == b->kind && (a->kind != UNIT_DECLARED || unit_equal(a, b));
}

static const struct expr *wrap_row_unit(struct checker *c, const struct env *env,
                                        const struct expr *e,
                                        const struct unit_expr *unit,
                                        const struct expr *named_by)
{
    const struct typed *t = typed_of(e);
    const struct expr *const args[] = {e, t->row_unit, named_by};
    struct expr *x = expr_over(c, expr_new(c, env, EXPR_ROW_UNIT, VALUE_NUM, e->at), args,
                               named_by == NULL ? 2 : 3);
    if (is_poison(x)) {
        return x;
    }
    struct typed *y = (struct typed *)x;
    x->unit = *unit;
    x->is_additive = e->is_additive;
    x->all_stocks = e->all_stocks;
    y->is_flow = t->is_flow;
    y->has_other = t->has_other; /* the unit's column is no operand of its own */
    y->row_unit = named_by;
    return x;
}

static const struct expr *demand(struct checker *c, const struct env *env,
                                 const struct expr *e, const struct unit_expr *unit,
                                 const struct expr *named_by);

static const struct expr *in_unit(struct typed *t, const struct unit_expr *unit,
                                  const struct expr *named_by)
{
    t->e.unit = *unit;
    t->row_unit = named_by;
    t->waits = false;
    return &t->e;
}

/* The selection with its pick in the unit demanded. */
static const struct expr *demand_select(struct checker *c, const struct env *env,
                                        const struct expr *e,
                                        const struct unit_expr *unit,
                                        const struct expr *named_by)
{
    struct select *s = arena_new(c->a, struct select);
    *s = *e->select;
    s->pick = demand(c, env, s->pick, unit, named_by);
    if (is_poison(s->pick)) {
        return s->pick;
    }
    struct typed *t = expr_copy(c, e);
    uint32_t outside = typed_of(s->pick)->reads & ~(1u << s->scope);
    s->is_correlated |= outside != 0;
    t->reads |= outside;
    t->e.select = s;
    return in_unit(t, unit, named_by);
}

/* Inside a value built from rows with units of their own. */
static const struct expr *demand_below(struct checker *c, const struct env *env,
                                       const struct expr *e, const struct unit_expr *unit,
                                       const struct expr *named_by)
{
    if (e->select != NULL) {
        return demand_select(c, env, e, unit, named_by);
    }
    bool moves = e->op == EXPR_PREVIOUS || e->op == EXPR_AT || e->op == EXPR_CUMULATIVE;
    if (e->n == 0 || (moves && named_by != NULL)) {
        report_in_row(c, e);
        return poison(c, e->at);
    }
    const struct expr **args = arena_new_array(c->a, e->n, const struct expr *);
    for (uint32_t i = 0; i < e->n; i++) {
        args[i] = e->args[i];
        if (args[i]->kind == VALUE_NUM && args[i]->unit.kind == UNIT_IN_ROW) {
            args[i] = demand(c, env, args[i], unit, named_by);
        }
        if (is_poison(args[i])) {
            return args[i];
        }
    }
    struct typed *t = expr_copy(c, e);
    t->e.args = args;
    return in_unit(t, unit, named_by);
}

/* `e`, which is in the unit of its row, in `unit`, or in the unit that the text
 * `named_by` names. */
static const struct expr *demand(struct checker *c, const struct env *env,
                                 const struct expr *e, const struct unit_expr *unit,
                                 const struct expr *named_by)
{
    assert(e->unit.kind == UNIT_IN_ROW);
    if (e->op == EXPR_ROW_UNIT) {
        e = e->args[0]; /* converting twice is converting once */
    }
    if (typed_of(e)->row_unit != NULL && !typed_of(e)->waits) {
        return wrap_row_unit(c, env, e, unit, named_by);
    }
    return demand_below(c, env, e, unit, named_by);
}

const struct expr *unit_demand(struct checker *c, const struct env *env,
                               const struct expr *e, const struct unit_expr *unit)
{
    assert(unit->kind == UNIT_DECLARED || unit->kind == UNIT_PURE);
    return e->unit.kind == UNIT_IN_ROW ? demand(c, env, e, unit, NULL) : e;
}

const struct expr *unit_with_name(struct checker *c, const struct env *env,
                                  const struct expr *e)
{
    const struct unit_expr unit = {.kind = UNIT_IN_ROW};
    bool is_in_row = e->kind == VALUE_NUM && e->unit.kind == UNIT_IN_ROW;
    return is_in_row ? demand(c, env, e, &unit, NULL) : e;
}

/* Two values, each in the unit of its row: the right one's unit holds. Where each row of
 * an aggregate has its own, both wait for what is demanded of their common value. */
static bool unify_in_rows(struct checker *c, const struct env *env, const struct expr **a,
                          const struct expr **b, struct common_unit *out)
{
    const struct expr *name = typed_of(*b)->row_unit;
    if (name == NULL) {
        name = typed_of(*a)->row_unit;
    }
    out->row_unit = name;
    out->waits = name == NULL;
    if (name == NULL) {
        return true;
    }
    const struct unit_expr unit = {.kind = UNIT_IN_ROW};
    *a = demand(c, env, *a, &unit, name);
    *b = demand(c, env, *b, &unit, name);
    return !is_poison(*a) && !is_poison(*b);
}

bool unit_settled(struct checker *c, const struct expr *e)
{
    if (e->kind == VALUE_NUM && e->unit.kind == UNIT_IN_ROW) {
        report_in_row(c, e);
        return false;
    }
    return true;
}

bool unit_named(struct checker *c, const struct expr *e)
{
    return !typed_of(e)->waits || unit_settled(c, e);
}

static bool is_free(const struct expr *e)
{
    return typed_of(e)->is_literal || e->unit.kind == UNIT_OPEN;
}

bool unit_demand_all(struct checker *c, const struct env *env, const struct expr **args,
                     uint32_t n)
{
    const struct unit_expr *unit = NULL;
    for (uint32_t i = 0; i < n && unit == NULL; i++) {
        bool has_unit = args[i]->kind == VALUE_NUM && !is_free(args[i]) &&
                        args[i]->unit.kind != UNIT_IN_ROW;
        unit = has_unit ? &args[i]->unit : NULL;
    }
    bool is_good = true;
    for (uint32_t i = 0; i < n && unit != NULL; i++) {
        if (args[i]->kind == VALUE_NUM) {
            args[i] = unit_demand(c, env, args[i], unit);
            is_good = is_good && !is_poison(args[i]);
        }
    }
    return is_good;
}

/* trd and tyd differ by a factor only. */
static bool differ_by_factor(struct checker *c, const struct unit_expr *u,
                             const struct unit_expr *v)
{
    return u->kind == UNIT_DECLARED && v->kind == UNIT_DECLARED && u->n == 1 &&
           v->n == 1 && u->terms[0].power == 1 && v->terms[0].power == 1 &&
           c->units[u->terms[0].unit].base == c->units[v->terms[0].unit].base;
}

static void unit_hint(struct checker *c, struct diag *d, const struct expr *a,
                      const struct expr *b)
{
    const struct expr *ratio = a->unit.kind == UNIT_PURE ? a : b;
    const struct expr *other = ratio == a ? b : a;
    if (differ_by_factor(c, &a->unit, &b->unit)) {
        struct text t = text_in(c->a);
        text_add(&t, as_written(c, b->at, typed_of(b)->loops));
        text_add_z(&t, " as ");
        text_add(&t, c->units[a->unit.terms[0].unit].name);
        report_hint(c, d, "viết {}", "write {}", text_str(&t));
    } else if (ratio->unit.kind == UNIT_PURE) {
        report_hint(c, d,
                    "tỷ lệ chỉ đi với tỷ lệ: chia {} cho một số cùng đơn vị, hoặc sửa of "
                    "ở nơi khai báo",
                    "a ratio goes with a ratio: divide {} by a number in its unit, or "
                    "correct of where it is declared",
                    as_written(c, other->at, typed_of(other)->loops));
    } else {
        report_hint(c, d, "nếu một cột khai nhầm đơn vị, sửa of ở nơi khai báo",
                    "if a column was declared in the wrong unit, correct its of",
                    STR_NONE);
    }
}

/* "a is in htx, b is in trd" */
static struct str two_units(struct checker *c, enum diag_lang lang, struct str a,
                            const struct unit_expr *u, struct str b,
                            const struct unit_expr *v)
{
    const char *is_in = lang == LANG_VI ? " tính bằng " : " is in ";
    struct text t = text_in(c->a);
    text_add(&t, a);
    text_add_z(&t, is_in);
    text_add(&t, unit_shown(c, u));
    text_add_z(&t, ", ");
    text_add(&t, b);
    text_add_z(&t, is_in);
    text_add(&t, unit_shown(c, v));
    return text_str(&t);
}

static bool report_clash(struct checker *c, const struct expr *a, const struct expr *b,
                         struct span at)
{
    struct str left = as_written(c, a->at, typed_of(a)->loops);
    struct str right = as_written(c, b->at, typed_of(b)->loops);
    struct diag *d = report(c, DIAG_ID_RULE_UNIT_CLASH, at,
                            two_units(c, LANG_VI, left, &a->unit, right, &b->unit),
                            two_units(c, LANG_EN, left, &a->unit, right, &b->unit));
    place_declared(c, d, a);
    place_declared(c, d, b);
    unit_hint(c, d, a, b);
    return false;
}

bool unit_unify(struct checker *c, const struct env *env, const struct expr **a,
                const struct expr **b, struct span at, struct common_unit *out)
{
    assert((*a)->kind == VALUE_NUM && (*b)->kind == VALUE_NUM);
    bool a_in_row = (*a)->unit.kind == UNIT_IN_ROW;
    bool b_in_row = (*b)->unit.kind == UNIT_IN_ROW;
    *out = (struct common_unit){.unit = a_in_row ? (*b)->unit : (*a)->unit};
    if (a_in_row && b_in_row) {
        return unify_in_rows(c, env, a, b, out);
    }
    if (is_free(*a) || is_free(*b)) {
        const struct expr *other = is_free(*a) ? *b : *a;
        out->unit = other->unit;
        out->row_unit = typed_of(other)->row_unit;
        out->waits = a_in_row || b_in_row;
        return true;
    }
    if (a_in_row || b_in_row) {
        *a = unit_demand(c, env, *a, &out->unit);
        *b = unit_demand(c, env, *b, &out->unit);
        return !is_poison(*a) && !is_poison(*b);
    }
    return same_unit(&(*a)->unit, &(*b)->unit) || report_clash(c, *a, *b, at);
}

/* A tolerance in another unit than the sides it widens. */
static void report_tolerance(struct checker *c, const struct expr *amount,
                             const struct expr *side)
{
    static const char *const words[2][2] = {{"dung sai ", "phép so sánh"},
                                            {"the tolerance ", "the comparison"}};
    struct str found[2];
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        struct text t = text_in(c->a);
        text_add_z(&t, words[lang][0]);
        text_add(&t, as_written(c, amount->at, typed_of(amount)->loops));
        found[lang] = two_units(c, (enum diag_lang)lang, text_str(&t), &amount->unit,
                                str_of(words[lang][1]), &side->unit);
    }
    struct diag *d =
        report(c, DIAG_ID_RULE_UNIT_CLASH, amount->at, found[LANG_VI], found[LANG_EN]);
    place_declared(c, d, amount);
    unit_hint(c, d, side, amount);
}

bool unit_widens(struct checker *c, const struct env *env, const struct expr **amount,
                 const struct expr *side)
{
    const struct unit_expr *u = &(*amount)->unit, *v = &side->unit;
    bool are_known = !is_free(*amount) && !is_free(side) && u->kind != UNIT_IN_ROW &&
                     v->kind != UNIT_IN_ROW;
    if (are_known && !same_unit(u, v)) {
        report_tolerance(c, *amount, side);
        return false;
    }
    struct common_unit common;
    return unit_unify(c, env, amount, &side, (*amount)->at, &common) &&
           (!common.waits || unit_settled(c, *amount));
}

bool unit_multiply(struct checker *c, const struct expr *a, const struct expr *b,
                   int sign, struct span at, struct unit_expr *out)
{
    if (!unit_settled(c, a) || !unit_settled(c, b)) {
        return false;
    }
    const struct unit_expr pure = {.kind = UNIT_PURE};
    const struct unit_expr *u = typed_of(a)->is_literal ? &pure : &a->unit;
    const struct unit_expr *v = typed_of(b)->is_literal ? &pure : &b->unit;
    if (u->kind == UNIT_OPEN || v->kind == UNIT_OPEN) {
        *out = (struct unit_expr){.kind = UNIT_OPEN};
        return true;
    }
    *out = unit_product(u, v, sign);
    if (out->kind == UNIT_OPEN) {
        report(c, DIAG_ID_RULE_UNIT_TERMS, at, STR_NONE, STR_NONE);
        return false;
    }
    return true;
}

bool unit_none(struct checker *c, const struct expr *e)
{
    if (!unit_settled(c, e)) {
        return false;
    }
    if (e->unit.kind == UNIT_DECLARED) {
        report(c, DIAG_ID_RULE_UNIT_UNWANTED, e->at,
               as_written(c, e->at, typed_of(e)->loops), unit_shown(c, &e->unit));
        return false;
    }
    return true;
}

/* ---- x as UNIT */

/* By what a value in `from` is multiplied to be in the unit `to`; false: another
 * dimension. */
static bool conversion(struct checker *c, const struct unit_expr *from, uint32_t to,
                       struct num *factor)
{
    if (from->kind != UNIT_DECLARED || from->n != 1 || from->terms[0].power != 1 ||
        c->units[from->terms[0].unit].base != c->units[to].base) {
        return false;
    }
    return num_div(c->units[from->terms[0].unit].factor, c->units[to].factor, factor) ==
           DEC_OK;
}

static struct expr *scaled(struct checker *c, const struct env *env, const struct expr *e,
                           struct num factor, struct span at)
{
    struct expr *x = expr_over(c, expr_new(c, env, EXPR_SCALE, VALUE_NUM, at), &e, 1);
    x->num = factor;
    x->is_additive = e->is_additive;
    ((struct typed *)x)->is_flow = typed_of(e)->is_flow;
    return x;
}

const struct expr *type_as(struct checker *c, const struct env *env, const struct node *n)
{
    const struct expr *e = type_kind(c, env, n->kids[0], VALUE_NUM);
    uint32_t id = name_find(&c->unit_names, n->text);
    if (id == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_UNIT, (struct name){n->text, n->name_at},
                       &c->unit_names);
    }
    if (id == ID_NONE || is_poison(e)) {
        return poison(c, n->at);
    }
    const struct unit_expr unit = {.kind = UNIT_DECLARED, .n = 1, .terms = {{id, 1}}};
    if (e->unit.kind == UNIT_IN_ROW) {
        return unit_demand(c, env, e, &unit);
    }
    if (is_free(e)) {
        struct typed *t = expr_copy(c, e);
        t->e.unit = unit;
        t->is_literal = false;
        return &t->e;
    }
    struct num factor;
    if (!conversion(c, &e->unit, id, &factor)) {
        struct diag *d =
            report(c, DIAG_ID_RULE_UNIT_CONVERT, n->at, unit_shown(c, &e->unit), n->text);
        d->args[2] = as_written(c, e->at, typed_of(e)->loops);
        return poison(c, n->at);
    }
    struct expr *x = scaled(c, env, e, factor, n->at);
    x->unit = unit;
    return x;
}

/* A solution as a row that a person can read, and can put into a file to see it happen.
 *
 * Only what a row holds is shown: columns, lookups and the like. Everything else is
 * computed from these once more, and a row whose conditions do not come out as they
 * should is not shown at all. So what the search left open (a product is a number of its
 * own to it) never makes a wrong row, only sometimes none. */
#include "lang/lint_state.h"
#include "value/date.h"

#include <assert.h>

/* ---- leaves */

static bool is_computed_call(const struct expr *e)
{
    return e->n > 0 && (e->args[0]->kind == VALUE_NUM || e->args[0]->kind == VALUE_DAY);
}

static bool is_constant(enum expr_op op)
{
    return op == EXPR_NUM || op == EXPR_TEXT || op == EXPR_BOOL || op == EXPR_DAY ||
           op == EXPR_PERIOD;
}

bool is_leaf(const struct expr *e)
{
    static const bool computed[] = {
        [EXPR_NEG] = true,     [EXPR_ADD] = true,     [EXPR_SUB] = true,
        [EXPR_MUL] = true,     [EXPR_DIV] = true,     [EXPR_SCALE] = true,
        [EXPR_NOT] = true,     [EXPR_AND] = true,     [EXPR_OR] = true,
        [EXPR_IMPLIES] = true, [EXPR_IF] = true,      [EXPR_COALESCE] = true,
        [EXPR_COMPARE] = true, [EXPR_IN_LIST] = true, [EXPR_IN_RANGE] = true,
        [EXPR_OVER] = true,
    };
    assert(e);
    if (e->op == EXPR_CALL) {
        return !is_computed_call(e);
    }
    bool is_computed = e->op < COUNT_OF(computed) && computed[e->op];
    return !is_computed && !is_constant(e->op);
}

struct term_set term_set_new(struct linter *l)
{
    uint32_t n = terms_count(l->terms);
    return (struct term_set){arena_new_array(l->a, n, bool), n};
}

static void gather(struct linter *l, struct term_set *leaves, bool *seen, uint32_t n_seen,
                   uint32_t term)
{
    const struct expr *e = term_expr(l->terms, term);
    if (term >= n_seen || seen[term]) {
        return;
    }
    seen[term] = true;
    leaves->has[term] = leaves->has[term] || is_leaf(e);
    if (is_leaf(e) && e->op != EXPR_IS_MISSING) {
        return;
    }
    for (uint32_t i = 0; i < e->n; i++) {
        gather(l, leaves, seen, n_seen, term_arg(l->terms, term, i));
    }
}

void add_leaves(struct linter *l, struct term_set *set, const struct expr *e)
{
    assert(l && set);
    if (e == NULL) {
        return;
    }
    uint32_t term = term_of(l->terms, e);
    bool *seen = arena_new_array(l->a, set->n, bool);
    gather(l, set, seen, set->n, term);
}

void add_check_leaves(struct linter *l, struct term_set *set, const struct check *k)
{
    add_leaves(l, set, k->when);
    add_leaves(l, set, k->must);
    add_leaves(l, set, k->within);
}

/* ---- the row in numbers */

/* A number for what the forms said nothing of. */
static struct num usual_number(struct linter *l, const struct expr *e,
                               const struct interval *i)
{
    const struct column *c =
        e->op == EXPR_COLUMN ? &l->rules->datasets[e->dataset].schema.columns[e->column]
                             : NULL;
    if (c != NULL && c->n_set > 0) {
        return c->set[0].kind == VALUE_DAY ? num_int(c->set[0].when) : c->set[0].num;
    }
    if (interval_holds(i, num_int(1))) {
        return num_int(1);
    }
    return i->has_low ? i->low : i->has_high ? i->high : num_int(0);
}

static void set_defaults(struct linter *l, struct world *w, const struct term_set *leaves,
                         const struct solution *s)
{
    for (uint32_t term = 0; term < leaves->n; term++) {
        const struct expr *e = term_expr(l->terms, term);
        bool is_given =
            !leaves->has[term] || (e->kind != VALUE_NUM && e->kind != VALUE_DAY);
        for (uint32_t i = 0; i < s->n_values && !is_given; i++) {
            is_given = s->values[i].term == term;
        }
        if (!is_given) {
            struct range r = world_range(l->declared, term);
            r.num = interval_one(usual_number(l, e, &r.num));
            world_set(w, term, r);
        }
    }
}

/* Whether a value is one that a row holds. */
static bool is_held(struct linter *l, uint32_t term)
{
    const struct expr *e = term_expr(l->terms, term);
    return is_leaf(e) || e->kind == VALUE_BOOL;
}

static struct world *world_of(struct linter *l, const struct solution *s)
{
    struct world *w = world_new(l->a, l);
    for (uint32_t i = 0; i < s->n_values; i++) {
        if (is_held(l, s->values[i].term)) {
            world_set(w, s->values[i].term, s->values[i].value);
        }
    }
    return w;
}

static bool is_met(struct linter *l, struct world *w, const struct demand *d)
{
    struct range r = d->condition != NULL
                         ? world_range(w, term_of(l->terms, d->condition))
                         : world_must(w, d->check);
    return d->is_true ? r.can_be_true && !r.can_be_false
                      : r.can_be_false && !r.can_be_true;
}

/* ---- the row in words */

static struct str name_of(struct linter *l, const struct check *k, uint32_t term)
{
    const struct expr *e = term_expr(l->terms, term);
    if (e->op == EXPR_COLUMN) {
        return l->rules->datasets[e->dataset].schema.columns[e->column].name;
    }
    for (uint32_t i = 0; k != NULL && i < k->n_operands; i++) {
        if (term_of(l->terms, k->operands[i].value) == term) {
            return k->operands[i].name;
        }
    }
    return lint_written(l, k, e->at);
}

static void put_fact(struct linter *l, struct text *t, const struct expr *e,
                     struct str name, bool is_true)
{
    if (e->op == EXPR_IS_MISSING) {
        text_add(t, name_of(l, NULL, term_of(l->terms, e->args[0])));
        text_add_z(t, is_true ? " is missing" : " is present");
    } else if (is_true) {
        text_add(t, name);
    } else {
        text_add_z(t, e->op == EXPR_COLUMN ? "not " : "not (");
        text_add(t, name);
        text_add_z(t, e->op == EXPR_COLUMN ? "" : ")");
    }
}

static struct str number_shown(struct linter *l, enum value_kind kind, struct num n)
{
    int64_t day = 0;
    bool is_day = kind == VALUE_DAY && num_to_int64(n, &day) && day > -719162 &&
                  day < 2932896; /* years 1 to 9999 */
    return is_day ? date_str(l->a, (int32_t)day) : num_str(l->a, n);
}

static void put_value(struct linter *l, struct text *t, const struct check *k,
                      uint32_t term, const struct range *value)
{
    const struct expr *e = term_expr(l->terms, term);
    struct str name = name_of(l, k, term);
    if (e->kind == VALUE_BOOL) {
        put_fact(l, t, e, name, value->can_be_true);
        return;
    }
    text_add(t, name);
    text_add_z(t, " = ");
    if (value->text.p != NULL) {
        text_char(t, '"');
        text_add(t, value->text);
        text_char(t, '"');
    } else {
        text_add(t, number_shown(l, e->kind, value->num.low));
    }
}

/* What is worth a place in a row: not that something is there, nor some other text. */
static bool is_telling(struct linter *l, uint32_t term, const struct range *value)
{
    const struct expr *e = term_expr(l->terms, term);
    if (e->kind == VALUE_BOOL) {
        return (e->op != EXPR_IS_MISSING || value->can_be_true) && e->at.lo < e->at.hi;
    }
    if (value->num.is_empty || !is_leaf(e)) {
        return false;
    }
    return e->kind == VALUE_NUM || e->kind == VALUE_DAY ||
           (value->text.p != NULL && !str_eq(value->text, STR("…")));
}

/* Columns in their order, then the rest as it was met. */
static uint32_t rank(struct linter *l, uint32_t term)
{
    const struct expr *e = term_expr(l->terms, term);
    return e->op == EXPR_COLUMN ? e->column : UINT32_MAX / 2 + term;
}

/* The term that is shown next; UINT32_MAX: none is left. */
static uint32_t first_shown(struct linter *l, const bool *is_shown, uint32_t n)
{
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        if (is_shown[i] && (first == UINT32_MAX || rank(l, i) < rank(l, first))) {
            first = i;
        }
    }
    return first;
}

static struct str put_row(struct linter *l, struct world *w,
                          const struct term_set *leaves, const struct solution *s,
                          const struct check *k)
{
    struct text t = text_in(l->a);
    uint32_t n = terms_count(l->terms);
    bool *is_shown = arena_new_array(l->a, n, bool);
    for (uint32_t i = 0; i < n; i++) {
        const struct expr *e = term_expr(l->terms, i);
        bool is_number = e->kind == VALUE_NUM || e->kind == VALUE_DAY;
        is_shown[i] = i < leaves->n && leaves->has[i] && is_number;
    }
    for (uint32_t i = 0; i < s->n_values; i++) {
        uint32_t term = s->values[i].term;
        bool is_near = (term < leaves->n && leaves->has[term]) ||
                       term_expr(l->terms, term)->op == EXPR_COLUMN;
        is_shown[term] =
            is_near && is_held(l, term) && is_telling(l, term, &s->values[i].value);
    }
    for (;;) {
        uint32_t first = first_shown(l, is_shown, n);
        if (first == UINT32_MAX) {
            return text_str(&t);
        }
        is_shown[first] = false;
        struct range value = world_range(w, first);
        if (is_telling(l, first, &value)) {
            text_add_z(&t, t.n > 0 ? ", " : "");
            put_value(l, &t, k, first, &value);
        }
    }
}

static struct term_set leaves_of_demands(struct linter *l, const struct demand *demands,
                                         uint32_t n)
{
    struct term_set leaves = term_set_new(l);
    for (uint32_t i = 0; i < n; i++) {
        if (demands[i].condition != NULL) {
            add_leaves(l, &leaves, demands[i].condition);
        } else {
            add_leaves(l, &leaves, demands[i].check->must);
            add_leaves(l, &leaves, demands[i].check->within);
        }
    }
    return leaves;
}

/* The row, completed; NULL: it does not do what is demanded. */
static struct world *row_of(struct linter *l, const struct solution *s,
                            const struct term_set *leaves, const struct demand *demands,
                            uint32_t n)
{
    if (s->answer != ANSWER_YES) {
        return NULL;
    }
    struct world *w = world_of(l, s);
    set_defaults(l, w, leaves, s);
    for (uint32_t i = 0; i < n; i++) {
        if (!is_met(l, w, &demands[i])) {
            return NULL;
        }
    }
    return w;
}

bool row_does(struct linter *l, const struct solution *s, const struct demand *demands,
              uint32_t n)
{
    assert(l && s && demands && n > 0);
    struct term_set leaves = leaves_of_demands(l, demands, n);
    return row_of(l, s, &leaves, demands, n) != NULL;
}

struct str row_shown(struct linter *l, const struct solution *s,
                     const struct demand *demands, uint32_t n)
{
    assert(l && s && demands && n > 0);
    struct term_set leaves = leaves_of_demands(l, demands, n);
    struct world *w = row_of(l, s, &leaves, demands, n);
    if (w == NULL) {
        return STR_NONE;
    }
    struct str row = put_row(l, w, &leaves, s, demands[0].check);
    return row.n > 0 ? row : STR("…");
}

static const char *const cmp_signs[] = {
    [CMP_EQ] = "=",  [CMP_NE] = "!=", [CMP_LT] = "<",
    [CMP_LE] = "<=", [CMP_GT] = ">",  [CMP_GE] = ">=",
};

struct str sides_shown(struct linter *l, const struct solution *s, const struct check *k)
{
    assert(l && s && k);
    if (!k->has_sides || s->answer != ANSWER_YES) {
        return STR_NONE;
    }
    struct world *w = world_of(l, s);
    struct term_set leaves = term_set_new(l);
    struct text t = text_in(l->a);
    add_check_leaves(l, &leaves, k);
    set_defaults(l, w, &leaves, s);
    struct range left = world_range(w, term_of(l->terms, k->left));
    struct range right = world_range(w, term_of(l->terms, k->right));
    if (!interval_is_one(&left.num) || !interval_is_one(&right.num)) {
        return STR_NONE;
    }
    text_add(&t, number_shown(l, left.kind, left.num.low));
    text_printf(&t, " %s ", cmp_signs[k->cmp]);
    text_add(&t, number_shown(l, right.kind, right.num.low));
    return text_str(&t);
}

/* ---- why not */

static void put_term(struct linter *l, struct text *t, const struct check *k,
                     struct num factor, uint32_t term)
{
    struct num size = num_abs(factor);
    if (!num_eq(size, num_int(1))) {
        text_add(t, num_str(l->a, size));
        text_add_z(t, " * ");
    }
    text_add(t, name_of(l, k, term));
}

/* One side of an inequality: the terms of one sign, then the number. */
static void put_side(struct linter *l, struct text *t, const struct form *f, int sign,
                     struct num number)
{
    size_t start = t->n;
    for (uint32_t i = 0; i < f->n_sum; i++) {
        if (num_sign(f->sum[i].factor) == sign) {
            text_add_z(t, t->n > start ? " + " : "");
            put_term(l, t, f->check, f->sum[i].factor, f->sum[i].variable);
        }
    }
    if (num_sign(number) > 0 || t->n == start) {
        text_add_z(t, t->n > start ? " + " : "");
        enum value_kind kind = term_expr(l->terms, f->sum[0].variable)->kind;
        text_add(t,
                 f->n_sum == 1 ? number_shown(l, kind, number) : num_str(l->a, number));
    }
}

static void put_linear(struct linter *l, struct text *t, const struct form *f)
{
    static const char *const signs[] = {[IS_AT_MOST] = " <= ",
                                        [IS_BELOW] = " < ",
                                        [IS_AT_LEAST] = " >= ",
                                        [IS_ABOVE] = " > ",
                                        [IS_EQUAL] = " = "};
    static const enum relation turned[] = {[IS_AT_MOST] = IS_AT_LEAST,
                                           [IS_BELOW] = IS_ABOVE,
                                           [IS_AT_LEAST] = IS_AT_MOST,
                                           [IS_ABOVE] = IS_BELOW,
                                           [IS_EQUAL] = IS_EQUAL};
    bool has_plus = false, has_minus = false;
    for (uint32_t i = 0; i < f->n_sum; i++) {
        has_plus |= num_sign(f->sum[i].factor) > 0;
        has_minus |= num_sign(f->sum[i].factor) < 0;
    }
    const struct num zero = num_int(0);
    int first = has_plus ? 1 : -1; /* sign of the terms on the left */
    struct num limit = has_plus ? f->limit : num_neg(f->limit);
    bool is_alone = has_plus != has_minus;
    bool goes_left = !is_alone && num_sign(limit) < 0;
    put_side(l, t, f, first, goes_left ? num_neg(limit) : zero);
    text_add_z(t, signs[has_plus ? f->relation : turned[f->relation]]);
    put_side(l, t, f, -first, goes_left ? zero : limit);
}

static void put_form(struct linter *l, struct text *t, const struct form *f)
{
    const struct expr *e = f->kind == FORM_LINEAR ? NULL : term_expr(l->terms, f->term);
    if (f->kind == FORM_LINEAR) {
        put_linear(l, t, f);
    } else if (f->kind == FORM_CHOICE) {
        text_add(t, name_of(l, f->check, f->term));
        text_add_z(t, f->is_positive ? " = \"" : " != \"");
        text_add(t, f->text);
        text_char(t, '"');
    } else if (f->source == NULL) {
        put_fact(l, t, e, STR_NONE, f->is_positive);
    } else if (f->kind == FORM_FACT) {
        bool is_turned = f->source->op == EXPR_COMPARE && f->source->cmp != e->cmp;
        put_fact(l, t, f->source, lint_written(l, f->check, f->source->at),
                 f->is_positive != is_turned);
    }
}

/* Whether the forms come from more than one check, so that each needs its name. */
static bool are_several(const struct solution *s)
{
    const struct check *only = NULL;
    for (uint32_t i = 0; i < s->n_blame; i++) {
        const struct check *k = s->blame[i]->check;
        if (k != NULL && only != NULL && k != only) {
            return true;
        }
        only = k != NULL ? k : only;
    }
    return false;
}

struct str blame_shown(struct linter *l, const struct solution *s)
{
    assert(l && s);
    struct text all = text_in(l->a);
    struct dict *seen = dict_new(l->a);
    bool has_names = are_several(s);
    for (uint32_t i = 0; i < s->n_blame; i++) {
        struct text one = text_in(l->a);
        const struct form *f = s->blame[i];
        if (f->kind <= FORM_ANY) {
            continue;
        }
        put_form(l, &one, f);
        if (has_names && f->check != NULL) {
            text_add_z(&one, " (");
            text_add(&one, f->check->id);
            text_char(&one, ')');
        }
        uint32_t known = dict_count(seen);
        if (dict_add(seen, text_str(&one)) == known) {
            text_add_z(&all, all.n > 0 ? "; " : "");
            text_add(&all, text_str(&one));
        }
    }
    return text_str(&all);
}

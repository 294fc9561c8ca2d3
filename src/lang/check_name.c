/* What a bare name stands for: a column of the innermost row, a let, a define, a
 * parameter, a word of holes.
 *
 * A define is expanded at each use, in the scope of that use; its parameters are values
 * that were computed where the call stands, so sharing them is sharing a pointer.
 * Expansions without parameters are kept by place, which makes chains of defines linear.
 * A body with an error is reported at its first use only. */
#include "lang/check_state.h"
#include "lang/lex.h"

#include <assert.h>

static bool name_is(struct str name, const char *word)
{
    return str_eq(name, str_of(word));
}

/* ---- words of holes and tolerances */

static const struct {
    const char *name;
    enum hole_word word;
    enum value_kind kind;
    bool needs_sides, in_within;
} hole_words[] = {
    {"left", WORD_LEFT, VALUE_NUM, true, true},
    {"right", WORD_RIGHT, VALUE_NUM, true, true},
    {"diff", WORD_DIFF, VALUE_NUM, true, false},
    {"slack", WORD_SLACK, VALUE_NUM, true, false},
    {"key", WORD_KEY, VALUE_TEXT, false, false},
    {"file", WORD_FILE, VALUE_TEXT, false, false},
    {"line", WORD_LINE, VALUE_NUM, false, false},
};

/* A value that belongs to the whole evaluation, so to scope 0. */
static void of_the_evaluation(struct checker *c, struct expr *e, bool has_unit)
{
    struct typed *t = (struct typed *)e;
    t->reads = 1u;
    t->has_other = true;
    if (has_unit && c->rule.unit.kind != UNIT_IN_ROW) {
        e->unit = c->rule.unit;
    }
}

const struct expr *make_side(struct checker *c, const struct env *env, bool is_right,
                             struct span at)
{
    assert(c->rule.has_sides);
    struct expr *e = expr_new(c, env, EXPR_SIDE, VALUE_NUM, at);
    e->flag = is_right;
    e->word = is_right ? WORD_RIGHT : WORD_LEFT;
    e->is_year = c->rule.sides_are_years;
    of_the_evaluation(c, e, true);
    return e;
}

static const struct expr *type_hole_word(struct checker *c, const struct env *env,
                                         const struct node *n, size_t i)
{
    if (hole_words[i].needs_sides && c->rule.must_is_bad) {
        return poison(c, n->at); /* nobody knows yet whether it has sides */
    }
    if (hole_words[i].needs_sides && !c->rule.has_sides) {
        report(c, DIAG_ID_RULE_NO_SIDES, n->at, n->text, STR_NONE);
        return poison(c, n->at);
    }
    enum hole_word word = hole_words[i].word;
    if (word == WORD_LEFT || word == WORD_RIGHT) {
        return make_side(c, env, word == WORD_RIGHT, n->at);
    }
    struct expr *e = expr_new(c, env, EXPR_WORD, hole_words[i].kind, n->at);
    e->word = word;
    e->is_year = word == WORD_LINE;
    of_the_evaluation(c, e, hole_words[i].needs_sides);
    return e;
}

static size_t find_hole_word(const struct env *env, struct str name)
{
    bool in_hole = env->place == PLACE_HOLE, in_within = env->place == PLACE_WITHIN;
    for (size_t i = 0; i < COUNT_OF(hole_words) && env->body == NULL; i++) {
        bool is_word = in_hole || (in_within && hole_words[i].in_within);
        if (is_word && name_is(name, hole_words[i].name)) {
            return i;
        }
    }
    return COUNT_OF(hole_words);
}

/* ---- defines */

static const struct expr *kept_expansion(struct checker *c, struct define_state *d,
                                         const struct env *env)
{
    if (d->serial != c->serial) { /* scopes of an earlier rule */
        d->expansions = NULL;
        d->serial = c->serial;
    }
    for (const struct expansion *x = d->expansions; x != NULL; x = x->next) {
        if (x->scope == env->scope && x->self == env->self && x->place == env->place &&
            x->hides_this == env->hides_this) {
            return x->value;
        }
    }
    return NULL;
}

static void keep_expansion(struct checker *c, struct define_state *d,
                           const struct env *env, const struct expr *value)
{
    struct expansion *x = arena_new(c->a, struct expansion);
    *x = (struct expansion){.scope = env->scope,
                            .self = env->self,
                            .place = env->place,
                            .hides_this = env->hides_this,
                            .value = value,
                            .next = d->expansions};
    d->expansions = x;
}

const struct expr *type_define(struct checker *c, const struct env *env,
                               struct define_state *d, struct span at,
                               const struct argument *arguments, uint32_t n)
{
    if (d->is_faulty || d->ast->body == NULL) {
        return poison(c, at);
    }
    const struct expr *kept = d->ast->has_params ? NULL : kept_expansion(c, d, env);
    if (kept != NULL) {
        return kept;
    }
    struct env inner = *env;
    inner.body = d->ast;
    inner.arguments = arguments;
    inner.n_arguments = n;
    inner.loops = NULL;
    struct use use = {.at = at, .outer = c->use};
    c->use = &use;
    const struct expr *value = named_value(c, type_expr(c, &inner, d->ast->body));
    c->use = use.outer;
    if (is_poison(value)) {
        d->is_faulty = true;
        return poison(c, at);
    }
    if (!d->ast->has_params) {
        keep_expansion(c, d, env, value);
    }
    return value;
}

/* ---- bare names */

static const struct argument *find_argument(const struct argument *items, uint32_t n,
                                            struct str name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(items[i].name.text, name)) {
            return &items[i];
        }
    }
    return NULL;
}

static const struct expr *type_today(struct checker *c, const struct env *env,
                                     struct span at)
{
    c->uses_today = true;
    c->rule.uses_today = true;
    return expr_new(c, env, EXPR_TODAY, VALUE_DAY, at);
}

struct candidates {  /* for one bare name */
    uint32_t column; /* of the innermost scope, ID_NONE */
    const struct argument *let;
    uint32_t define; /* ID_NONE */
};

static struct candidates find_candidates(struct checker *c, const struct env *env,
                                         struct str name)
{
    struct candidates f = {.column = schema_column(scope_schema(c, env->scope), name)};
    if (f.column != ID_NONE && !scope_sees(env->scope, f.column)) {
        f.column = ID_NONE;
    }
    if (env->body == NULL && c->rule.n_lets > 0) {
        uint32_t let = name_find(&c->rule.let_names, name);
        f.let = let == ID_NONE ? NULL : &c->rule.lets[let];
    }
    f.define = name_find(&c->define_names, name);
    return f;
}

/* Columns, lets and defines: everything that a name here could have meant. */
static void suggest_name(struct checker *c, const struct env *env, struct diag *d,
                         struct str name)
{
    const struct schema *s = scope_schema(c, env->scope);
    uint32_t n_defines = dict_count(c->define_names.names);
    size_t room = (size_t)s->n_columns + c->rule.n_lets + n_defines + env->n_arguments;
    struct str *names = arena_new_array(c->a, room, struct str);
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (scope_sees(env->scope, i)) {
            names[n++] = s->columns[i].name;
        }
    }
    for (uint32_t i = 0; i < c->rule.n_lets && env->body == NULL; i++) {
        names[n++] = c->rule.lets[i].name.text;
    }
    for (uint32_t i = 0; i < env->n_arguments; i++) {
        names[n++] = env->arguments[i].name.text;
    }
    for (uint32_t i = 0; i < n_defines; i++) {
        names[n++] = dict_str(c->define_names.names, i);
    }
    report_nearest(c, d, name, names, n);
}

static const struct expr *unknown_name(struct checker *c, const struct env *env,
                                       struct name name, struct span at)
{
    const struct schema *s = scope_schema(c, env->scope);
    if (schema_column(s, name.text) != ID_NONE && env->place == PLACE_VALUE) {
        report(c, DIAG_ID_RULE_NOT_CELL, at, name.text, s->name);
        return poison(c, at);
    }
    if (schema_column(s, name.text) != ID_NONE) {
        struct diag *d = report(c, DIAG_ID_RULE_NOT_EACH, at, name.text, STR_NONE);
        report_hint(c, d, "viết trong hàm gộp, ví dụ list({}), hoặc thêm {} vào each",
                    "use it in an aggregate, such as list({}), or add it to each",
                    name.text);
        return poison(c, at);
    }
    if (c->dataset_states[env->scope->dataset].is_partial) {
        return poison(c, at);
    }
    struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_NAME, at, name.text, s->name);
    if (name.at.src != at.src || name.at.lo != at.lo) { /* c, which stands for it */
        diag_place(d, name.at, STR_NONE);
    }
    const char *lower = lex_lower_case(name.text);
    if (lower != NULL) {
        report_hint(c, d, "viết chữ thường: {}", "write it in lower case: {}",
                    str_of(lower));
    } else {
        suggest_name(c, env, d, name.text);
    }
    return poison(c, at);
}

static const struct expr *ambiguous_name(struct checker *c, const struct env *env,
                                         const struct candidates *f, struct name name,
                                         struct span at)
{
    struct diag *d = report(c, DIAG_ID_RULE_AMBIGUOUS_NAME, at, name.text, STR_NONE);
    if (f->column != ID_NONE) {
        diag_place(d, scope_schema(c, env->scope)->columns[f->column].at, STR_NONE);
    }
    if (f->let != NULL) {
        diag_place(d, f->let->name.at, STR_NONE);
    }
    if (f->define != ID_NONE) {
        diag_place(d, c->define_names.at[f->define], STR_NONE);
    }
    return poison(c, at);
}

const struct expr *type_name(struct checker *c, const struct env *env,
                             const struct node *n)
{
    assert(env->scope != NULL && n->kind == NODE_NAME);
    struct span at = n->name_at; /* without the parentheses around it */
    size_t word = find_hole_word(env, n->text);
    if (word < COUNT_OF(hole_words)) {
        return type_hole_word(c, env, n, word);
    }
    struct name name = loop_name(env->loops, (struct name){n->text, at});
    const struct argument *arg =
        find_argument(env->arguments, env->n_arguments, name.text);
    if (arg != NULL && str_eq(name.text, n->text)) {
        return is_poison(arg->value) ? poison(c, at) : arg->value;
    }
    if (name_is(n->text, "today")) {
        return type_today(c, env, at);
    }
    struct candidates f = find_candidates(c, env, name.text);
    int found = (f.column != ID_NONE) + (f.let != NULL) + (f.define != ID_NONE);
    if (found == 0) {
        return unknown_name(c, env, name, at);
    }
    if (f.let != NULL && is_poison(f.let->value)) {
        return poison(c, at);
    }
    if (found > 1) {
        return ambiguous_name(c, env, &f, name, at);
    }
    if (f.column != ID_NONE) {
        if (env->scope->mentioned != NULL) {
            env->scope->mentioned[f.column] = true;
        }
        return make_column(c, env, env->scope, f.column, at);
    }
    if (f.let != NULL) {
        return f.let->value;
    }
    return type_define(c, env, &c->defines[f.define], at, NULL, 0);
}

const struct expr *type_this(struct checker *c, const struct env *env,
                             const struct node *n)
{
    if (env->self == NULL) {
        report(c, DIAG_ID_RULE_NO_THIS, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    if (env->hides_this) {
        report(c, DIAG_ID_RULE_THIS_MOVED, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    uint32_t column = loop_column(c, env->loops, env->self->dataset,
                                  (struct name){n->text, n->name_at});
    if (column == ID_NONE) {
        return poison(c, n->at);
    }
    if (!scope_sees(env->self, column)) {
        const struct schema *s = scope_schema(c, env->self);
        bool in_cell = env->place == PLACE_VALUE;
        report(c, in_cell ? DIAG_ID_RULE_NOT_CELL : DIAG_ID_RULE_NOT_EACH, n->at,
               s->columns[column].name, in_cell ? s->name : STR_NONE);
        return poison(c, n->at);
    }
    return make_column(c, env, env->self, column, n->at);
}

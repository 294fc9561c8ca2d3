/* Calls: functions of values (fn.def), defines with parameters, and the forms that take
 * more than values: previous, cumulative, unique, name, and the sets members, children,
 * numbers. */
#include "lang/check_state.h"

#include <assert.h>

/* ---- functions of values */

static const struct {
    const char *name, *args;
    char result;
} functions[] = {
#define FN(id, name_, args_, result_, doc_vi, doc_en, example)                           \
    [FN_##id] = {.name = (name_), .args = (args_), .result = (result_)},
#include "lang/fn.def"
#undef FN
};

static const struct {
    const char *name;
    bool is_set;
} forms[] = {
    {"previous", false}, {"cumulative", false}, {"unique", false}, {"name", false},
    {"members", true},   {"children", true},    {"numbers", true},
};

static bool fn_by_name(struct str name, enum fn *out)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        if (str_eq(name, str_of(functions[i].name))) {
            *out = (enum fn)i;
            return true;
        }
    }
    return false;
}

static size_t form_by_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (str_eq(name, str_of(forms[i].name))) {
            return i;
        }
    }
    return COUNT_OF(forms);
}

bool is_builtin(struct str name)
{
    enum fn fn;
    enum agg agg;
    return fn_by_name(name, &fn) || agg_by_name(name, &agg) ||
           form_by_name(name) < COUNT_OF(forms);
}

static struct arity arity_of(const char *args)
{
    struct arity a = {0};
    bool is_optional = false;
    for (const char *p = args; *p != '\0'; p++) {
        if (*p == '?') {
            is_optional = true;
        } else if (*p == '+') {
            a.most = UINT32_MAX;
        } else {
            a.most++;
            a.least += !is_optional;
            is_optional = false;
        }
    }
    return a;
}

/* The letter of argument i; the last one repeats. */
static char letter_of(const char *args, uint32_t i)
{
    char letter = '\0';
    uint32_t seen = 0;
    for (const char *p = args; *p != '\0' && seen <= i; p++) {
        if (*p != '?' && *p != '+') {
            letter = *p;
            seen++;
        }
    }
    assert(letter != '\0');
    return letter;
}

bool count_fits(struct checker *c, const struct node *n, struct arity want)
{
    if (n->n >= want.least && n->n <= want.most) {
        return true;
    }
    struct text vi = text_in(c->a), en = text_in(c->a), found = text_in(c->a);
    text_uint(&vi, want.least);
    text_uint(&en, want.least);
    if (want.most == UINT32_MAX) {
        text_add_z(&vi, " trở lên");
        text_add_z(&en, " or more");
    } else if (want.most != want.least) {
        bool is_pair = want.most == want.least + 1;
        text_add_z(&vi, is_pair ? " hoặc " : "–");
        text_add_z(&en, is_pair ? " or " : "–");
        text_uint(&vi, want.most);
        text_uint(&en, want.most);
    }
    text_uint(&found, n->n);
    struct diag *d = report(c, DIAG_ID_RULE_ARGUMENTS, n->at, n->text, text_str(&vi));
    d->args[2] = text_str(&found);
    d->args[3] = text_str(&en);
    return false;
}

/* False after reporting: a number as written that is no whole one. */
static bool is_whole(struct checker *c, const struct expr *e)
{
    int64_t whole;
    if (e->op != EXPR_NUM || num_to_int64(e->num, &whole)) {
        return true;
    }
    report(c, DIAG_ID_RULE_WHOLE, e->at, num_str(c->a, e->num), STR_NONE);
    return false;
}

static const struct expr *type_argument(struct checker *c, const struct env *env,
                                        const struct node *n, char letter)
{
    switch (letter) {
    case 't':
        return type_text(c, env, n);
    case 'c':
        return type_kind(c, env, n, VALUE_CODE);
    case 'd':
        return type_kind(c, env, n, VALUE_DAY);
    case 'p':
        return type_kind(c, env, n, VALUE_PERIOD);
    default:
        assert(letter == 'n' || letter == 'i');
        break;
    }
    const struct expr *e = type_kind(c, env, n, VALUE_NUM);
    if (letter == 'i' && !is_poison(e) && !(unit_none(c, e) && is_whole(c, e))) {
        return poison(c, n->at);
    }
    return e;
}

static enum value_kind result_kind(char letter)
{
    switch (letter) {
    case 't':
        return VALUE_TEXT;
    case 'c':
        return VALUE_CODE;
    case 'd':
        return VALUE_DAY;
    case 'p':
        return VALUE_PERIOD;
    case 'b':
        return VALUE_BOOL;
    default:
        assert(letter == 'n' || letter == 'i');
        return VALUE_NUM;
    }
}

/* min(a, b, …): all of one unit. */
static bool unify_all(struct checker *c, const struct env *env, const struct expr **args,
                      uint32_t n, struct span at, struct common_unit *out)
{
    bool is_good = unit_demand_all(c, env, args, n);
    for (uint32_t i = 0; i + 1 < n && is_good; i++) {
        is_good = unit_unify(c, env, &args[i], &args[n - 1], at, out);
    }
    return is_good;
}

static const struct expr *finish_call(struct checker *c, const struct env *env,
                                      const struct node *n, enum fn fn,
                                      const struct expr **args, uint32_t n_args)
{
    char result = functions[fn].result;
    struct common_unit common = {.unit = {.kind = UNIT_OPEN}};
    if (result == 'n') {
        common.unit = args[0]->unit;
        common.row_unit = typed_of(args[0])->row_unit;
        common.waits = typed_of(args[0])->waits;
        bool is_many = fn == FN_MIN2 || fn == FN_MAX2;
        if (is_many && !unify_all(c, env, args, n_args, n->at, &common)) {
            return poison(c, n->at);
        }
    }
    struct expr *e = expr_over(c, expr_new(c, env, EXPR_CALL, result_kind(result), n->at),
                               args, n_args);
    e->fn = fn;
    e->unit = common.unit;
    e->is_year = fn == FN_YEAR;
    if (e->kind == VALUE_CODE || fn == FN_LABEL) {
        e->codelist = args[0]->codelist;
    }
    ((struct typed *)e)->row_unit = common.row_unit;
    ((struct typed *)e)->waits = common.waits;
    return e;
}

bool list_has_parents(struct checker *c, uint32_t codelist, struct span at)
{
    const struct codelist_decl *list = &c->codelists[codelist];
    if (list->parent.p != NULL) {
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_NO_PARENTS, at, list->name, STR_NONE);
    diag_place(d, list->at, STR_NONE);
    return false;
}

static const struct expr *type_function(struct checker *c, const struct env *env,
                                        const struct node *n, enum fn fn)
{
    if (!count_fits(c, n, arity_of(functions[fn].args))) {
        return poison(c, n->at);
    }
    const struct expr **args =
        arena_new_array(c->a, (size_t)n->n + 1, const struct expr *);
    bool is_bad = false;
    for (uint32_t i = 0; i < n->n; i++) {
        args[i] = type_argument(c, env, n->kids[i], letter_of(functions[fn].args, i));
        is_bad |= is_poison(args[i]);
    }
    if (is_bad) {
        return poison(c, n->at);
    }
    uint32_t n_args = n->n;
    if (fn == FN_PARENT && !list_has_parents(c, args[0]->codelist, n->at)) {
        return poison(c, n->at);
    }
    bool wants_day = fn == FN_LABEL || fn == FN_PARENT;
    if (wants_day && n_args == 1) {
        args[1] = scope_name_day(c, env, n->at);
        n_args += args[1] != NULL;
    }
    return finish_call(c, env, n, fn, args, n_args);
}

/* ---- defines with parameters */

static const struct expr *type_define_call(struct checker *c, const struct env *env,
                                           const struct node *n, struct define_state *d)
{
    const struct names *params = &d->ast->params;
    if (!count_fits(c, n, (struct arity){params->n, params->n})) {
        return poison(c, n->at);
    }
    struct argument *args = arena_new_array(c->a, n->n, struct argument);
    bool is_bad = false;
    for (uint32_t i = 0; i < n->n; i++) {
        args[i].name = params->items[i];
        args[i].value = type_expr(c, env, n->kids[i]);
        is_bad |= is_poison(args[i].value);
        if (!is_bad) {
            args[i].value = named_value(c, args[i].value);
        }
    }
    return is_bad ? poison(c, n->at) : type_define(c, env, d, n->at, args, n->n);
}

/* ---- unique, name */

static const struct expr *type_unique(struct checker *c, const struct env *env,
                                      const struct node *n)
{
    bool is_here = env->place == PLACE_MUST && env->scope->kind == SCOPE_ROW && n->n > 0;
    if (!is_here) {
        report(c, DIAG_ID_RULE_UNIQUE_PLACE, n->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    const struct expr **args = arena_new_array(c->a, n->n, const struct expr *);
    bool is_bad = false;
    for (uint32_t i = 0; i < n->n; i++) {
        args[i] = type_expr(c, env, n->kids[i]);
        is_bad |= is_poison(args[i]) || !unit_settled(c, args[i]);
    }
    return is_bad ? poison(c, n->at)
                  : expr_over(c, expr_new(c, env, EXPR_UNIQUE, VALUE_BOOL, n->at), args,
                              n->n);
}

/* name(c): the name of the column that c stands for, as a text. */
static const struct expr *type_name_of(struct checker *c, const struct env *env,
                                       const struct node *n)
{
    if (!count_fits(c, n, (struct arity){1, 1})) {
        return poison(c, n->at);
    }
    const struct node *arg = n->kids[0];
    struct name name = {arg->text, arg->at};
    if (arg->kind == NODE_NAME) {
        name = loop_name(env->loops, name);
    }
    bool is_loop = name.text.p != arg->text.p;
    if (arg->kind != NODE_NAME ||
        (!is_loop && schema_column(scope_schema(c, env->scope), name.text) == ID_NONE)) {
        report(c, DIAG_ID_RULE_NAME_OF, arg->at, STR_NONE, STR_NONE);
        return poison(c, n->at);
    }
    struct expr *e = expr_new(c, env, EXPR_TEXT, VALUE_TEXT, n->at);
    e->text = name.text;
    ((struct typed *)e)->is_literal = true;
    return e;
}

/* ---- sets after `in` */

static const struct expr *type_in_members(struct checker *c, const struct env *env,
                                          const struct node *n, bool children_only)
{
    const struct node *set = n->kids[1];
    const struct expr *code = type_kind(c, env, n->kids[0], VALUE_CODE);
    if (!count_fits(c, set, (struct arity){1, 1})) {
        return poison(c, n->at);
    }
    const struct expr *group = type_text(c, env, set->kids[0]);
    if (is_poison(code) || is_poison(group) ||
        !list_has_parents(c, code->codelist, set->at)) {
        return poison(c, n->at);
    }
    if (group->op == EXPR_TEXT) {
        code_written(c, code->codelist, group->text, group->at);
    }
    const struct expr *day = scope_day(c, env, n->at);
    const struct expr *const args[] = {code, group, day};
    struct expr *e = expr_over(c, expr_new(c, env, EXPR_IN_MEMBERS, VALUE_BOOL, n->at),
                               args, day == NULL ? 2 : 3);
    e->codelist = code->codelist;
    e->flag = children_only;
    return e;
}

static const struct expr *type_in_numbers(struct checker *c, const struct env *env,
                                          const struct node *n)
{
    const struct expr *number = type_kind(c, env, n->kids[0], VALUE_NUM);
    if (!count_fits(c, n->kids[1], (struct arity){1, 1})) {
        return poison(c, n->at);
    }
    const struct expr *text = type_text(c, env, n->kids[1]->kids[0]);
    if (is_poison(number) || is_poison(text) || !unit_named(c, number)) {
        return poison(c, n->at);
    }
    const struct expr *const args[] = {number, text};
    return expr_over(c, expr_new(c, env, EXPR_IN_NUMBERS, VALUE_BOOL, n->at), args, 2);
}

const struct expr *type_in_call(struct checker *c, const struct env *env,
                                const struct node *n)
{
    struct str set = n->kids[1]->text;
    if (str_eq(set, STR("numbers"))) {
        return type_in_numbers(c, env, n);
    }
    if (str_eq(set, STR("members")) || str_eq(set, STR("children"))) {
        return type_in_members(c, env, n, str_eq(set, STR("children")));
    }
    report(c, DIAG_ID_RULE_NOT_A_SET, n->kids[1]->at, STR_NONE, STR_NONE);
    return poison(c, n->at);
}

/* ---- all calls */

static const struct expr *type_form(struct checker *c, const struct env *env,
                                    const struct node *n, size_t form)
{
    if (forms[form].is_set) {
        report(c, DIAG_ID_RULE_SET_PLACE, n->at, n->text, STR_NONE);
        return poison(c, n->at);
    }
    if (str_eq(n->text, STR("previous"))) {
        return type_previous(c, env, n);
    }
    if (str_eq(n->text, STR("cumulative"))) {
        return type_cumulative(c, env, n);
    }
    return str_eq(n->text, STR("unique")) ? type_unique(c, env, n)
                                          : type_name_of(c, env, n);
}

static const struct expr *unknown_function(struct checker *c, const struct node *n)
{
    struct diag *d =
        report(c, DIAG_ID_RULE_UNKNOWN_FUNCTION, n->name_at, n->text, STR_NONE);
    uint32_t n_defines = dict_count(c->function_names.names);
    size_t room = COUNT_OF(functions) + COUNT_OF(forms) + AGG_COUNT_ALL + n_defines,
           k = 0;
    struct str *names = arena_new_array(c->a, room, struct str);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        names[k++] = str_of(functions[i].name);
    }
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        names[k++] = str_of(forms[i].name);
    }
#define AGG(id, name, ...) names[k++] = STR(name);
#include "lang/agg.def"
#undef AGG
    for (uint32_t i = 0; i < n_defines; i++) {
        names[k++] = dict_str(c->function_names.names, i);
    }
    assert(k == room);
    report_nearest(c, d, n->text, names, k);
    return poison(c, n->at);
}

const struct expr *type_call(struct checker *c, const struct env *env,
                             const struct node *n)
{
    assert(n->kind == NODE_CALL);
    enum agg agg;
    enum fn fn;
    bool is_agg = agg_by_name(n->text, &agg);
    bool is_fn = fn_by_name(n->text, &fn);
    if (is_agg &&
        !(is_fn && n->n > 1)) { /* min(x) is the aggregate, min(a, b) the function */
        return type_aggregate(c, env, n, agg);
    }
    if (is_fn) {
        return type_function(c, env, n, fn);
    }
    size_t form = form_by_name(n->text);
    if (form < COUNT_OF(forms)) {
        return type_form(c, env, n, form);
    }
    uint32_t define = name_find(&c->function_names, n->text);
    if (define != ID_NONE) {
        return type_define_call(c, env, n, &c->functions[define]);
    }
    return unknown_function(c, n);
}

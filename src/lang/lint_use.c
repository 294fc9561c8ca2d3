/* What is declared and never used: columns by the expressions of the rule set, everything
 * else by its name in the syntax trees.
 *
 * Names are gathered from whatever is used itself: first from rules and data sets, then
 * from the bodies of the defines that these reach. A word inside a message counts for
 * every kind of name. Files of the library declare more than one rule set needs, and a
 * file without any data set is one that others use: nothing is said of them. */
#include "lang/lint_state.h"

#include <assert.h>

struct uses {
    struct linter *l;
    struct dict *values, *calls, *lists, *units, *families;
    struct dict *words; /* of messages */
    bool has_units_in_rows;
};

static void add_use(struct dict *d, struct str name)
{
    if (name.p != NULL) {
        dict_add(d, name);
    }
}

static bool is_named(const struct uses *u, const struct dict *d, struct str name)
{
    return dict_find(d, name) != DICT_NONE || dict_find(u->words, name) != DICT_NONE;
}

static struct uses uses_new(struct linter *l)
{
    return (struct uses){.l = l,
                         .values = dict_new(l->a),
                         .calls = dict_new(l->a),
                         .lists = dict_new(l->a),
                         .units = dict_new(l->a),
                         .families = dict_new(l->a),
                         .words = dict_new(l->a)};
}

/* ---- names in trees */

static void add_names(struct dict *d, struct names names)
{
    for (uint32_t i = 0; i < names.n; i++) {
        add_use(d, names.items[i].text);
    }
}

static void walk(struct uses *u, const struct node *n)
{
    if (n == NULL) {
        return;
    }
    if (n->kind == NODE_NAME) {
        add_use(u->values, n->text);
    } else if (n->kind == NODE_CALL) {
        add_use(u->calls, n->text);
    } else if (n->kind == NODE_AS) {
        add_use(u->units, n->text);
    } else if (n->kind == NODE_EACH_OF) {
        add_names(u->families, n->names);
    } else if (n->kind == NODE_IN && n->kids[1]->kind == NODE_NAME) {
        add_use(u->lists, n->kids[1]->text);
    }
    for (uint32_t i = 0; i < n->n; i++) {
        walk(u, n->kids[i]);
    }
    walk(u, n->pick);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

static void add_words(struct uses *u, const struct ast_text *text)
{
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        struct str s = text->lang[lang].text;
        for (size_t i = 0, end = 0; i < s.n; i = end + 1) {
            for (end = i; end < s.n && is_letter(s.p[end]);) {
                end++;
            }
            if (end > i) {
                dict_add(u->words, str_cut(s, i, end));
            }
        }
    }
}

/* ---- names in declarations */

static void walk_column(struct uses *u, const struct ast_column *c)
{
    add_use(u->lists, c->codelist.text);
    for (uint32_t i = 0; i < c->n_unit; i++) {
        add_use(u->units, c->unit[i].name.text);
    }
    u->has_units_in_rows = u->has_units_in_rows || c->unit_column.text.p != NULL;
}

static void walk_dataset(struct uses *u, const struct ast_dataset *d)
{
    for (uint32_t i = 0; i < d->n_columns; i++) {
        walk_column(u, &d->columns[i]);
    }
    for (uint32_t i = 0; i < d->n_covers; i++) {
        const struct node *set = d->covers[i].set;
        if (set != NULL && set->kind == NODE_NAME) {
            add_use(u->lists, set->text);
        }
        for (uint32_t k = 1; set != NULL && set->kind == NODE_IN_SET && k < set->n; k++) {
            walk(u, set->kids[k]);
        }
        if (set != NULL && set->kind != NODE_IN_SET) {
            walk(u, set);
        }
    }
}

static void walk_check(struct uses *u, const struct ast_check *k)
{
    for (uint32_t i = 0; i < k->n_filter; i++) {
        walk(u, k->filter[i]);
    }
    for (uint32_t i = 0; i < k->n_lets; i++) {
        walk(u, k->lets[i].value);
    }
    add_names(u->families, k->loop_columns);
    walk(u, k->when);
    walk(u, k->must);
    walk(u, k->within.amount);
    add_words(u, &k->message);
    add_words(u, &k->ask);
}

static void walk_target(struct uses *u, const struct ast_target *t)
{
    const struct node *const all[] = {t->actual,
                                      t->plan,
                                      t->plan_high,
                                      t->when,
                                      t->pace,
                                      t->claimed.value,
                                      t->claimed.within.amount,
                                      t->points.maximum};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        walk(u, all[i]);
    }
}

static void walk_board(struct uses *u, const struct ast_board *b)
{
    walk(u, b->when);
    walk(u, b->claimed.value);
    walk(u, b->claimed.within.amount);
    for (uint32_t i = 0; i < b->n_parts; i++) {
        walk(u, b->parts[i].value);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        walk(u, b->extras[i].value);
    }
}

static void walk_indicator(struct uses *u, const struct ast_indicator *x)
{
    const struct node *const all[] = {x->value, x->expect.low, x->expect.high,
                                      x->change.low, x->change.high};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        walk(u, all[i]);
    }
}

static void walk_decl(struct uses *u, const struct decl *d)
{
    switch (d->kind) {
    case DECL_DATASET:
        walk_dataset(u, &d->u.dataset);
        break;
    case DECL_CHECK:
        walk_check(u, &d->u.check);
        break;
    case DECL_INDICATOR:
        walk_indicator(u, &d->u.indicator);
        break;
    case DECL_TARGET:
        walk_target(u, &d->u.target);
        break;
    case DECL_SCOREBOARD:
        walk_board(u, &d->u.board);
        break;
    case DECL_USE:
    case DECL_RULESET:
    case DECL_UNIT:
    case DECL_CODELIST:
    case DECL_DEFINE:
    case DECL_FAMILY:
    case DECL_TEST:
        break;
    }
}

/* Every declaration of the rule set, one after another; NULL after the last. */
struct cursor {
    uint32_t file, decl;
};

static const struct decl *next_decl(const struct linter *l, struct cursor *at,
                                    bool *is_library)
{
    while (at->file < l->n_files && at->decl == l->files[at->file].ast->n) {
        at->file++;
        at->decl = 0;
    }
    if (at->file == l->n_files) {
        return NULL;
    }
    *is_library = l->files[at->file].is_library;
    return l->files[at->file].ast->decls[at->decl++];
}

static bool is_define_used(const struct uses *u, const struct ast_define *d)
{
    return is_named(u, d->has_params ? u->calls : u->values, d->name.text);
}

/* Bodies of the defines that are used, until they name nothing new. */
static void walk_defines(struct uses *u)
{
    struct dict *walked = dict_new(u->l->a);
    for (bool has_more = true; has_more;) {
        struct cursor at = {0};
        bool is_library = false;
        has_more = false;
        for (const struct decl *d; (d = next_decl(u->l, &at, &is_library)) != NULL;) {
            struct str address = {(const char *)&d, sizeof(void *)};
            if (d->kind == DECL_DEFINE && is_define_used(u, &d->u.define) &&
                dict_find(walked, address) == DICT_NONE) {
                dict_add(walked, address);
                walk(u, d->u.define.body);
                has_more = true;
            }
        }
    }
}

/* A unit is used by another one that is. */
static void walk_units(struct uses *u)
{
    for (bool has_more = true; has_more;) {
        struct cursor at = {0};
        bool is_library = false;
        has_more = false;
        for (const struct decl *d; (d = next_decl(u->l, &at, &is_library)) != NULL;) {
            if (d->kind == DECL_UNIT && d->u.unit.has_base &&
                is_named(u, u->units, d->u.unit.name.text) &&
                dict_find(u->units, d->u.unit.base.text) == DICT_NONE) {
                add_use(u->units, d->u.unit.base.text);
                has_more = true;
            }
        }
    }
}

/* ---- what is not named */

static void report_unused(struct linter *l, enum diag_id id, struct name name,
                          const char *kind_vi, const char *kind_en)
{
    struct diag *d = lint_report(l, id, name.at, SPAN_NONE);
    d->args[0] = name.text;
    d->args[1] = str_of(kind_vi);
    d->args[2] = str_of(kind_en);
    lint_hint(d, "bỏ khai báo này, hoặc dùng nó trong một quy tắc",
              "remove the declaration, or use it in a rule");
}

static void judge_decl(struct uses *u, const struct decl *d)
{
    struct linter *l = u->l;
    if (d->kind == DECL_UNIT && !u->has_units_in_rows &&
        !is_named(u, u->units, d->u.unit.name.text)) {
        report_unused(l, DIAG_ID_LINT_UNUSED_UNIT, d->u.unit.name, "", "");
    } else if (d->kind == DECL_CODELIST &&
               !is_named(u, u->lists, d->u.codelist.name.text)) {
        report_unused(l, DIAG_ID_LINT_UNUSED_LIST, d->u.codelist.name, "", "");
    } else if (d->kind == DECL_DEFINE && !is_define_used(u, &d->u.define)) {
        report_unused(l, DIAG_ID_LINT_UNUSED_DEFINITION, d->u.define.name, "define",
                      "define");
    } else if (d->kind == DECL_FAMILY &&
               !is_named(u, u->families, d->u.family.name.text)) {
        report_unused(l, DIAG_ID_LINT_UNUSED_DEFINITION, d->u.family.name, "family",
                      "family");
    }
}

static void judge_lets(struct linter *l, const struct ast_check *k)
{
    struct uses own = uses_new(l);
    if (k->n_lets == 0) {
        return;
    }
    walk_check(&own, k);
    for (uint32_t i = 0; i < k->n_lets; i++) {
        if (!is_named(&own, own.values, k->lets[i].name.text)) {
            report_unused(l, DIAG_ID_LINT_UNUSED_DEFINITION, k->lets[i].name, "let",
                          "let");
        }
    }
}

/* ---- columns */

struct columns_used {
    bool **is_used; /* by data set and column */
};

static void use_select(struct columns_used *u, const struct select *s)
{
    for (uint32_t i = 0; s != NULL && i < s->n_binds; i++) {
        u->is_used[s->dataset][s->binds[i].column] = true;
    }
}

static void use_by_expressions(struct linter *l, struct columns_used *u)
{
    for (uint32_t term = 0; term < terms_count(l->terms); term++) {
        const struct expr *e = term_expr(l->terms, term);
        if (e->op == EXPR_COLUMN) {
            u->is_used[e->dataset][e->column] = true;
        }
        use_select(u, e->select);
    }
    for (uint32_t i = 0; i < l->rules->n_checks; i++) {
        const struct check *k = &l->rules->checks[i];
        const struct outlier *o = k->must->outlier;
        for (uint32_t j = 0; o != NULL && j < o->n_each; j++) {
            u->is_used[k->dataset][o->each[j]] = true;
        }
    }
}

/* Columns that the data set itself compares with something: other rows, other columns, a
 * range, a list of codes. That a cell has the type it should have compares nothing. */
static void use_by_structure(const struct dataset *d, bool *is_used)
{
    const struct schema *s = &d->schema;
    for (uint32_t i = 0; i < s->n_key; i++) {
        is_used[s->key[i]] = true;
    }
    for (uint32_t i = 0; i < s->n_pairs; i++) {
        is_used[s->pairs[i].code] = is_used[s->pairs[i].name] = true;
    }
    if (s->tree_parent != ID_NONE) {
        is_used[s->tree_parent] = true;
    }
    if (s->period != ID_NONE) {
        is_used[s->period] = true;
    }
    bool has_sums = s->n_totals > 0 || s->tree_child != ID_NONE;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const struct column *c = &s->columns[i];
        bool is_judged = (has_sums && c->nature != NATURE_NONE) ||
                         c->type == COLUMN_CODE || c->has_range || c->n_set > 0 ||
                         c->pattern.p != NULL || c->max_length > 0 || c->is_unique ||
                         c->undefined.p != NULL;
        is_used[i] = is_used[i] || is_judged;
        if (c->unit.kind == UNIT_IN_ROW) {
            is_used[c->unit.row_column] = true;
        }
    }
}

static void judge_columns(struct linter *l)
{
    const struct ruleset *r = l->rules;
    size_t n = (size_t)r->n_datasets + r->n_results;
    struct columns_used u = {arena_new_array(l->a, n, bool *)};
    for (size_t i = 0; i < n; i++) {
        u.is_used[i] = arena_new_array(l->a, r->datasets[i].schema.n_columns, bool);
    }
    use_by_expressions(l, &u);
    for (uint32_t i = 0; i < r->n_datasets; i++) {
        const struct schema *s = &r->datasets[i].schema;
        use_by_structure(&r->datasets[i], u.is_used[i]);
        for (uint32_t k = 0; k < s->n_columns; k++) {
            if (!u.is_used[i][k]) {
                struct diag *d = lint_report(l, DIAG_ID_LINT_UNUSED_COLUMN,
                                             s->columns[k].at, SPAN_NONE);
                d->args[0] = s->columns[k].name;
                d->args[1] = s->name;
                lint_hint(d,
                          "bỏ cột này, viết một quy tắc cho nó, hoặc ghi allow trong "
                          "dataset nếu biểu mẫu bắt buộc phải có",
                          "remove it, write a rule for it, or put an allow into the "
                          "dataset if the form demands it");
            }
        }
    }
}

void lint_uses(struct linter *l)
{
    assert(l && l->terms);
    struct uses u = uses_new(l);
    struct cursor at = {0};
    bool is_library = false;
    if (l->rules->n_datasets == 0) {
        return;
    }
    for (const struct decl *d; (d = next_decl(l, &at, &is_library)) != NULL;) {
        walk_decl(&u, d);
    }
    walk_defines(&u);
    walk_units(&u);
    at = (struct cursor){0};
    for (const struct decl *d; (d = next_decl(l, &at, &is_library)) != NULL;) {
        if (!is_library) {
            judge_decl(&u, d);
        }
        if (d->kind == DECL_CHECK) {
            judge_lets(l, &d->u.check);
        }
    }
    judge_columns(l);
}

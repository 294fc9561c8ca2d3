/* cover: which rows a data set must have. The set is a list, a code list, the members of
 * a group, or the values of a column elsewhere; the last is an ordinary selection whose
 * scope 0 stands for one combination of the `each` columns. */
#include "lang/check_state.h"

#include <assert.h>

/* `each` as written, or the one other key column that must then be a period or a year. */
static bool build_each(struct checker *c, uint32_t dataset, const struct ast_cover *ast,
                       struct cover *cover)
{
    const struct schema *s = &c->datasets[dataset].schema;
    uint32_t *each = arena_new_array(c->a, (size_t)s->n_key + ast->each.n, uint32_t);
    cover->each = each;
    for (uint32_t i = 0; i < ast->each.n; i++) {
        uint32_t column = column_named(c, dataset, ast->each.items[i]);
        if (column == ID_NONE) {
            return false;
        }
        if (!s->columns[column].is_key || column == cover->column) {
            report(c, DIAG_ID_RULE_NOT_KEY, ast->each.items[i].at,
                   ast->each.items[i].text, s->name);
            return false;
        }
        for (uint32_t j = 0; j < cover->n_each; j++) {
            if (each[j] == column) {
                report(c, DIAG_ID_RULE_NAMED_TWICE, ast->each.items[i].at,
                       ast->each.items[i].text, STR_NONE);
                return false;
            }
        }
        each[cover->n_each++] = column;
    }
    if (ast->each.n > 0) {
        return true;
    }
    for (uint32_t i = 0; i < s->n_key; i++) {
        if (s->key[i] != cover->column) {
            each[cover->n_each++] = s->key[i];
        }
    }
    enum column_type type = cover->n_each == 1 ? s->columns[each[0]].type : COLUMN_PERIOD;
    if (cover->n_each > 1 || (type != COLUMN_PERIOD && type != COLUMN_YEAR)) {
        report(c, DIAG_ID_RULE_COVER_EACH, ast->at, ast->column.text, s->name);
        return false;
    }
    return true;
}

static bool build_list(struct checker *c, const struct env *env, const struct column *col,
                       const struct node *n, struct cover *cover)
{
    struct literal *items = arena_new_array(c->a, n->n, struct literal);
    cover->kind = COVER_LIST;
    cover->items = items;
    for (uint32_t i = 1; i < n->n;
         i++) { /* kids[0] is what `in` would stand behind: nothing */
        const struct expr *e = type_expr(c, env, n->kids[i]);
        bool is_constant = e->op == EXPR_NUM || e->op == EXPR_TEXT || e->op == EXPR_DAY ||
                           e->op == EXPR_PERIOD;
        if (is_poison(e)) {
            return false;
        }
        enum value_kind want = column_value_kind(col->type);
        bool is_code = want == VALUE_CODE && e->kind == VALUE_TEXT;
        if (e->kind != want && !is_code) {
            report_kind(c, e, kind_name(want, LANG_VI), kind_name(want, LANG_EN));
            return false;
        }
        if (!is_constant) {
            report_kind(c, e, "một giá trị viết thẳng ra", "a value that is written out");
            return false;
        }
        if (is_code) {
            code_written(c, col->codelist, e->text, e->at);
        }
        items[cover->n_items++] = (struct literal){
            .kind = want, .num = e->num, .when = e->when, .text = e->text, .at = e->at};
    }
    return true;
}

static bool refuse_set(struct checker *c, const struct node *n, const struct column *col)
{
    struct diag *d = report(c, DIAG_ID_RULE_COVER_SET, n->at, col->name,
                            str_of(column_type_name(col->type)));
    diag_place(d, col->at, STR_NONE);
    return false;
}

static bool build_codes(struct checker *c, const struct column *col, const struct node *n,
                        struct cover *cover)
{
    cover->kind = COVER_CODES;
    cover->codelist = name_find(&c->codelist_names, n->text);
    if (cover->codelist == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_CODELIST, (struct name){n->text, n->at},
                       &c->codelist_names);
        return false;
    }
    bool fits = col->type == COLUMN_TEXT || col->codelist == cover->codelist;
    return fits || refuse_set(c, n, col);
}

static bool build_members(struct checker *c, const struct column *col,
                          const struct node *n, struct cover *cover)
{
    bool is_children = str_eq(n->text, STR("children"));
    bool is_members = str_eq(n->text, STR("members"));
    bool has_group = n->n == 1 && n->kids[0]->kind == NODE_STRING;
    if (!(is_children || is_members) || !has_group || col->type != COLUMN_CODE) {
        return refuse_set(c, n, col);
    }
    if (col->codelist != ID_NONE) {
        if (!list_has_parents(c, col->codelist, n->at)) {
            return false;
        }
        code_written(c, col->codelist, n->kids[0]->text, n->kids[0]->at);
    }
    cover->kind = COVER_MEMBERS;
    cover->codelist = col->codelist;
    cover->group = n->kids[0]->text;
    cover->children_only = is_children;
    return true;
}

static bool build_rows(struct checker *c, const struct env *env, const struct column *col,
                       const struct node *n, struct cover *cover)
{
    cover->kind = COVER_ROWS;
    cover->rows = type_cover_rows(c, env, n);
    if (cover->rows == NULL) {
        return false;
    }
    enum value_kind want = column_value_kind(col->type), found = cover->rows->pick->kind;
    bool are_words = (want == VALUE_CODE || want == VALUE_TEXT) &&
                     (found == VALUE_CODE || found == VALUE_TEXT);
    return want == found || are_words || refuse_set(c, n, col);
}

static bool build_set(struct checker *c, const struct env *env, const struct column *col,
                      const struct node *n, struct cover *cover)
{
    if (n->kind == NODE_ERROR) {
        return false;
    }
    if (n->kind == NODE_IN_SET) {
        return build_list(c, env, col, n, cover);
    }
    if (n->kind == NODE_NAME) {
        return build_codes(c, col, n, cover);
    }
    if (n->kind == NODE_CALL) {
        return build_members(c, col, n, cover);
    }
    if (n->kind == NODE_LOOKUP) {
        return build_rows(c, env, col, n, cover);
    }
    return refuse_set(c, n, col);
}

/* One clause; false when it cannot be used. */
static bool build_cover(struct checker *c, uint32_t dataset, const struct ast_cover *ast,
                        struct cover *cover)
{
    struct schema *s = &c->datasets[dataset].schema;
    *cover = (struct cover){.at = ast->at, .codelist = ID_NONE};
    cover->column = column_named(c, dataset, ast->column);
    if (cover->column == ID_NONE || c->dataset_states[dataset].is_faulty) {
        return false;
    }
    const struct column *col = &s->columns[cover->column];
    if (!col->is_key) {
        report(c, DIAG_ID_RULE_NOT_KEY, ast->column.at, ast->column.text, s->name);
        return false;
    }
    if (!build_each(c, dataset, ast, cover) ||
        c->dataset_states[dataset].is_bad[cover->column]) {
        return false;
    }
    struct scope *scope = arena_new(c->a, struct scope);
    *scope = (struct scope){.kind = SCOPE_GROUP,
                            .dataset = dataset,
                            .columns = cover->each,
                            .n_columns = cover->n_each};
    const struct env env = {.place = PLACE_COVER, .scope = scope};
    c->rule = (struct rule_state){.dataset = dataset, .scope = scope};
    c->serial++;
    return build_set(c, &env, col, ast->set, cover);
}

void check_covers(struct checker *c)
{
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        const struct ast_dataset *ast = c->dataset_states[i].ast;
        struct cover *covers = arena_new_array(c->a, ast->n_covers, struct cover);
        for (uint32_t j = 0; j < ast->n_covers; j++) {
            struct cover *next = &covers[c->datasets[i].n_covers];
            if (ast->covers[j].set != NULL && ast->covers[j].column.text.p != NULL) {
                c->datasets[i].n_covers += build_cover(c, i, &ast->covers[j], next);
            }
        }
        c->datasets[i].covers = covers;
    }
}

/* Aggregates that can meet one row at most, and columns that should say whether they may
 * be added up. */
#include "lang/lint_state.h"

#include <assert.h>

/* ---- a key wholly fixed */

static const struct bind *bind_of(const struct select *s, uint32_t column)
{
    for (uint32_t i = 0; i < s->n_binds; i++) {
        if (s->binds[i].column == column) {
            return &s->binds[i];
        }
    }
    return NULL;
}

/* Bound by the rules of the language, not by what is written in the brackets: the place
 * of the value is then the whole lookup, which begins with the name of its data set. */
static bool is_implied(const struct linter *l, const struct bind *b,
                       const struct schema *schema)
{
    struct span at = b->value->at;
    if (b->to_year || span_is_none(at)) {
        return true;
    }
    struct str text = source_text(l->rules->sources, at.src);
    return b->value->op == EXPR_COLUMN &&
           str_starts(str_cut(text, at.lo, at.hi), schema->name);
}

/* `count(D[key = x])` asks whether a row is there; but to count the rows of one's own
 * data set under one's own key is always 1. */
static bool is_existence(const struct linter *l, const struct expr *e)
{
    const struct select *s = e->select;
    const struct schema *schema = &l->rules->datasets[s->dataset].schema;
    if (e->op != EXPR_AGG || e->agg != AGG_COUNT) {
        return false;
    }
    for (uint32_t i = 0; i < schema->n_key; i++) {
        const struct bind *b = bind_of(s, schema->key[i]);
        bool is_own = b->value->op == EXPR_COLUMN && b->value->dataset == s->dataset;
        if (is_own && is_implied(l, b, schema)) {
            return false;
        }
    }
    return true;
}

static void judge_selection(struct linter *l, const struct expr *e)
{
    const struct select *s = e->select;
    bool is_many = e->op == EXPR_AGG || e->op == EXPR_IN_ROWS;
    if (!is_many || s->over_group || s->dataset >= l->rules->n_datasets) {
        return;
    }
    const struct schema *schema = &l->rules->datasets[s->dataset].schema;
    struct str implied = STR_NONE;
    for (uint32_t i = 0; i < schema->n_key; i++) {
        const struct bind *b = bind_of(s, schema->key[i]);
        if (b == NULL) {
            return;
        }
        if (implied.p == NULL && is_implied(l, b, schema)) {
            implied = schema->columns[schema->key[i]].name;
        }
    }
    if (schema->n_key == 0 || is_existence(l, e)) {
        return;
    }
    struct diag *d = lint_report(l, DIAG_ID_LINT_KEY_FIXED, e->at, SPAN_NONE);
    d->args[0] = lint_written(l, NULL, e->at);
    d->args[1] = schema->name;
    d->args[2] = implied.p != NULL ? implied : schema->columns[schema->key[0]].name;
    lint_hint(d, "viết KHÓA = any trong ngoặc vuông cho cột cần gộp, hoặc bỏ hàm gộp",
              "write KEY = any in the brackets for the column to range over, or leave "
              "the aggregate out");
}

/* ---- what may be added up */

static void judge_nature(struct linter *l, const struct schema *s)
{
    bool has_sums = s->n_totals > 0 || s->tree_child != ID_NONE;
    for (uint32_t i = 0; has_sums && i < s->n_columns; i++) {
        const struct column *c = &s->columns[i];
        if (c->type != COLUMN_COUNT || c->nature != NATURE_NONE || c->is_key) {
            continue;
        }
        struct diag *d = lint_report(l, DIAG_ID_LINT_NATURE, c->at, SPAN_NONE);
        d->args[0] = c->name;
        d->args[1] = s->n_totals > 0 ? STR("totals") : STR("tree");
        lint_hint(d, "viết stock, flow hoặc additive sau kiểu của cột",
                  "write stock, flow or additive behind its type");
    }
}

void lint_selections(struct linter *l)
{
    assert(l);
    for (uint32_t i = 0; i < terms_count(l->terms); i++) {
        const struct expr *e = term_expr(l->terms, i);
        if (e->select != NULL) {
            judge_selection(l, e);
        }
    }
    for (uint32_t i = 0; i < l->rules->n_datasets; i++) {
        judge_nature(l, &l->rules->datasets[i].schema);
    }
}

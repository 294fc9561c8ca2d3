/* When a check is decided: which cells must be there for it to be true or false, and
 * which are sure to be there when another check has failed. A check that is implied by
 * another one is only idle if that one is decided wherever it fails itself. */
#include "lang/lint_state.h"

#include <assert.h>

/* ---- what a value needs */

/* Adds the leaves without which the value is unknown. What stands before ?? may be
 * missing, and to ask whether something is missing needs nothing. */
static void add_needs(struct linter *l, struct term_set *set, const struct expr *e)
{
    uint32_t term = term_of(l->terms, e);
    if (e->op == EXPR_IS_MISSING || term >= set->n) {
        return;
    }
    if (is_leaf(e)) {
        set->has[term] = true;
        return;
    }
    uint32_t first = e->op == EXPR_COALESCE ? 1 : 0;
    for (uint32_t i = first; i < e->n; i++) {
        add_needs(l, set, term_expr(l->terms, term_arg(l->terms, term, i)));
    }
}

/* ---- what is there when a condition came out */

/* Adds leaves that are there wherever the value is known. A choice may have needed only
 * the other side, and a sum over columns leaves out what does not apply. */
static void add_there(struct linter *l, struct term_set *set, const struct expr *e)
{
    uint32_t term = term_of(l->terms, e);
    const struct expr *same = term_expr(l->terms, term);
    bool is_open = same->op == EXPR_COALESCE || same->op == EXPR_IF ||
                   same->op == EXPR_IS_MISSING ||
                   (same->op == EXPR_OVER && (same->flag || l->has_na));
    if (is_open || term >= set->n) {
        return;
    }
    if (is_leaf(same)) {
        set->has[term] = true;
        return;
    }
    for (uint32_t i = 0; i < same->n; i++) {
        add_there(l, set, same->args[i]);
    }
}

static void add_sure(struct linter *l, struct term_set *set, const struct expr *e,
                     bool is_true);

/* Leaves that both sets have. */
static void add_common(struct linter *l, struct term_set *set,
                       const struct expr *const *args, const bool *outcomes)
{
    struct term_set a = term_set_new(l), b = term_set_new(l);
    add_sure(l, &a, args[0], outcomes[0]);
    add_sure(l, &b, args[1], outcomes[1]);
    for (uint32_t i = 0; i < set->n && i < a.n && i < b.n; i++) {
        set->has[i] = set->has[i] || (a.has[i] && b.has[i]);
    }
}

/* `a and b` (a or b, a implies b, as such) is true (false): of both, or of one of them.
 */
static void add_sure_pair(struct linter *l, struct term_set *set, const struct expr *e,
                          bool is_true)
{
    bool needs_both = e->op == EXPR_AND ? is_true : !is_true;
    bool first = e->op == EXPR_IMPLIES ? !is_true : is_true;
    const bool outcomes[] = {first, is_true};
    if (!needs_both) {
        add_common(l, set, e->args, outcomes);
        return;
    }
    add_sure(l, set, e->args[0], outcomes[0]);
    add_sure(l, set, e->args[1], outcomes[1]);
}

static void add_sure(struct linter *l, struct term_set *set, const struct expr *e,
                     bool is_true)
{
    if (e->op == EXPR_NOT) {
        add_sure(l, set, e->args[0], !is_true);
    } else if (e->op == EXPR_AND || e->op == EXPR_OR || e->op == EXPR_IMPLIES) {
        add_sure_pair(l, set, e, is_true);
    } else if (e->op == EXPR_COMPARE || is_leaf(e)) {
        add_there(l, set, e);
    } else if (e->op == EXPR_IN_LIST || e->op == EXPR_IN_RANGE) {
        add_there(l, set, e->args[0]);
    }
}

/* ---- checks */

/* A column of the row at hand that is required: where it is empty, that is a finding by
 * itself. But a cell may say that it does not apply, and then nothing is found. */
static bool is_required(const struct linter *l, const struct expr *e,
                        const struct check *k)
{
    const struct schema *s = &l->rules->datasets[k->dataset].schema;
    return e->op == EXPR_COLUMN && e->scope == 0 && e->dataset == k->dataset &&
           !s->columns[e->column].is_optional && s->n_na == 0;
}

bool is_decided_with(struct linter *l, const struct check *stronger,
                     const struct check *weaker)
{
    assert(l && stronger && weaker);
    struct term_set needed = term_set_new(l), sure = term_set_new(l);
    const struct expr *const parts[] = {stronger->when, stronger->must, stronger->within};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i] != NULL) {
            add_needs(l, &needed, parts[i]);
        }
    }
    if (weaker->when != NULL) {
        add_sure(l, &sure, weaker->when, true);
    }
    add_sure(l, &sure, weaker->must, false);
    for (uint32_t i = 0; i < needed.n; i++) {
        if (needed.has[i] && !sure.has[i] &&
            !is_required(l, term_expr(l->terms, i), weaker)) {
            return false;
        }
    }
    return true;
}

/* What can only be judged with the code lists and PCRE2 at hand, but still before any
 * data: see eval.h. */
#include "base/utf8.h"
#include "eval/eval.h"
#include "eval/regex.h"
#include "eval/vec.h"

#include <assert.h>

struct preflight {
    struct arena *a;
    const struct ruleset *rules;
    const struct codelist *const *codelists;
    struct diags *diags;
    struct memo *seen; /* expressions: a `let` is one expression in many places */
};

static void check_pattern(struct preflight *p, struct str pattern, struct span at)
{
    struct str error;
    size_t offset;
    struct regex *r = regex_new(p->a, pattern, &error, &offset);

    if (r == NULL) {
        struct text where = text_in(p->a);
        struct diag *d = diag_at(p->diags, DIAG_ID_RULE_PATTERN, at);
        text_uint(&where, offset + 1);
        d->args[0] = error;
        d->args[1] = text_str(&where);
    }
    regex_close(r);
}

static void check_expr(struct preflight *p, const struct expr *x);

static void check_exprs(struct preflight *p, const struct expr *const *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        check_expr(p, list[i]);
    }
}

static void check_select(struct preflight *p, const struct select *s)
{
    if (s == NULL) {
        return;
    }
    for (uint32_t i = 0; i < s->n_binds; i++) {
        check_expr(p, s->binds[i].value);
    }
    check_exprs(p, s->conds, s->n_conds);
    check_expr(p, s->pick);
}

static void check_expr(struct preflight *p, const struct expr *x)
{
    uint64_t seen;

    if (x == NULL || memo_get(p->seen, (uintptr_t)x, &seen)) {
        return;
    }
    memo_put(p->seen, (uintptr_t)x, 1);
    if (x->op == EXPR_MATCHES) {
        check_pattern(p, x->text, x->text_at);
    }
    check_exprs(p, x->args, x->n);
    check_select(p, x->select);
}

static void check_templates(struct preflight *p, const struct template t[2])
{
    for (int lang = 0; lang < 2; lang++) {
        for (uint32_t i = 0; i < t[lang].n; i++) {
            check_expr(p, t[lang].parts[i].value);
        }
    }
}

static void check_columns(struct preflight *p, const struct schema *s)
{
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (s->columns[i].pattern.p != NULL) {
            check_pattern(p, s->columns[i].pattern, s->columns[i].pattern_at);
        }
    }
}

/* The group that was probably meant; STR_NONE: none. */
static struct str group_near(struct preflight *p, const struct codelist *l,
                             struct str wanted)
{
    struct str *groups = arena_new_array(p->a, l->n, struct str);
    size_t n = 0;

    for (uint32_t i = 0; i < l->n; i++) {
        groups[n] = l->entries[i].parent;
        n += groups[n].p != NULL;
    }
    return str_nearest(wanted, groups, n);
}

/* A code written in a rule must be in the list that was read, or name a group of it. */
static void check_code(struct preflight *p, const struct code_use *use)
{
    const struct codelist *l = p->codelists[use->codelist];
    struct str folded = str_fold(p->a, use->text);

    if (dict_find(l->folded, folded) != DICT_NONE) {
        return;
    }
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->entries[i].parent.p != NULL &&
            str_eq(str_fold(p->a, l->entries[i].parent), folded)) {
            return;
        }
    }
    struct diag *d = diag_at(p->diags, DIAG_ID_RULE_NO_SUCH_CODE, use->at);
    d->args[0] = use->text;
    d->args[1] = l->name;
    struct str meant = codelist_suggest(p->a, l, use->text);
    diag_did_you_mean(p->diags, d, meant.p != NULL ? meant : group_near(p, l, use->text));
}

void eval_preflight(struct arena *a, const struct ruleset *rules,
                    const struct codelist *const *codelists, struct diags *diags)
{
    assert(a && rules && diags);
    struct preflight p = {a, rules, codelists, diags, memo_new(a)};

    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        const struct dataset *d = &rules->datasets[i];
        check_columns(&p, &d->schema);
        for (uint32_t k = 0; k < d->n_covers; k++) {
            check_select(&p, d->covers[k].rows);
        }
    }
    for (uint32_t i = 0; i < rules->n_checks; i++) {
        const struct check *c = &rules->checks[i];
        check_exprs(&p, c->filter, c->n_filter);
        check_expr(&p, c->when);
        check_expr(&p, c->must);
        check_expr(&p, c->within);
        check_templates(&p, c->message);
        check_templates(&p, c->ask);
    }
    for (uint32_t i = 0; i < rules->n_code_uses; i++) {
        check_code(&p, &rules->code_uses[i]);
    }
}

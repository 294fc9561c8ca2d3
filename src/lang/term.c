/* A term is its operation, its constants and the terms of its parts, written as a row of
 * bytes and looked up in a dictionary. Each expression is visited once: its number is
 * kept by its address. */
#include "lang/term.h"

#include <assert.h>

struct terms {
    struct arena *a;
    struct dict *by_address; /* of expressions */
    uint32_t *of_address;
    size_t n_addresses, address_cap;
    struct dict *by_meaning;
    const struct expr **exprs; /* by term */
    size_t n, cap;
    const struct expr *sides[2];
};

struct terms *terms_new(struct arena *a)
{
    assert(a);
    struct terms *t = arena_new(a, struct terms);
    t->a = a;
    t->by_address = dict_new(a);
    t->by_meaning = dict_new(a);
    return t;
}

void terms_sides(struct terms *t, const struct expr *left, const struct expr *right)
{
    assert(t);
    t->sides[0] = left;
    t->sides[1] = right;
}

/* ---- meanings */

static void put_number(struct text *key, uint32_t n)
{
    text_add(key, (struct str){(const char *)&n, sizeof n});
}

static void put_text(struct text *key, struct str s)
{
    put_number(key, s.p == NULL ? UINT32_MAX : (uint32_t)s.n);
    text_add(key, s.p == NULL ? STR("") : s);
}

static void put_select(struct terms *t, struct text *key, const struct select *s)
{
    put_number(key, s->dataset);
    put_number(key, s->scope);
    put_number(key, s->over_group);
    put_number(key, s->n_binds);
    for (uint32_t i = 0; i < s->n_binds; i++) {
        put_number(key, s->binds[i].column);
        put_number(key, s->binds[i].to_year);
        put_number(key, term_of(t, s->binds[i].value));
    }
    put_number(key, s->n_conds);
    for (uint32_t i = 0; i < s->n_conds; i++) {
        put_number(key, term_of(t, s->conds[i]));
    }
    put_number(key, s->pick == NULL ? UINT32_MAX : term_of(t, s->pick));
}

/* What an operation has besides its arguments; what it does not use is always 0. */
static void put_constants(struct terms *t, struct text *key, const struct expr *e)
{
    const uint32_t numbers[] = {e->op,
                                e->kind,
                                e->cmp,
                                e->fn,
                                e->agg,
                                e->word,
                                e->flag,
                                e->scope,
                                e->dataset,
                                e->column,
                                e->codelist,
                                (uint32_t)e->when,
                                (uint32_t)e->years};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        put_number(key, numbers[i]);
    }
    bool has_number = e->op == EXPR_NUM || e->op == EXPR_SCALE;
    put_text(key, has_number ? num_str(t->a, e->num) : STR_NONE);
    put_text(key, e->text);
    for (uint32_t i = 0; e->op == EXPR_ROW_UNIT && i < e->unit.n; i++) {
        put_number(key, e->unit.terms[i].unit);
        put_number(key, (uint32_t)e->unit.terms[i].power);
    }
    if (e->outlier != NULL) { /* no two are compared */
        text_add(key, (struct str){(const char *)&e->outlier, sizeof(void *)});
    }
}

static uint32_t add(struct terms *t, const struct expr *e)
{
    struct text key = text_in(t->a);
    put_constants(t, &key, e);
    put_number(&key, e->n);
    for (uint32_t i = 0; i < e->n; i++) {
        put_number(&key, term_of(t, e->args[i]));
    }
    if (e->select != NULL) {
        put_select(t, &key, e->select);
    }
    uint32_t term = dict_add(t->by_meaning, text_str(&key));
    if (term == t->n) {
        t->exprs = list_room(t->a, t->exprs, t->n, &t->cap, sizeof(const struct expr *));
        t->exprs[t->n++] = e;
    }
    return term;
}

uint32_t term_of(struct terms *t, const struct expr *e)
{
    assert(t && e);
    struct str address = {(const char *)&e, sizeof(void *)};
    uint32_t known = dict_find(t->by_address, address);
    if (known != DICT_NONE) {
        return t->of_address[known];
    }
    bool is_side = e->op == EXPR_SIDE && t->sides[e->flag] != NULL;
    uint32_t term = is_side ? term_of(t, t->sides[e->flag]) : add(t, e);
    uint32_t number = dict_add(t->by_address, address);
    assert(number == t->n_addresses);
    t->of_address = list_room(t->a, t->of_address, t->n_addresses, &t->address_cap,
                              sizeof *t->of_address);
    t->of_address[t->n_addresses++] = term;
    (void)number;
    return term;
}

uint32_t terms_count(const struct terms *t)
{
    assert(t);
    return (uint32_t)t->n;
}

const struct expr *term_expr(const struct terms *t, uint32_t term)
{
    assert(t && term < t->n);
    return t->exprs[term];
}

uint32_t term_arg(struct terms *t, uint32_t term, uint32_t i)
{
    const struct expr *e = term_expr(t, term);
    assert(i < e->n);
    return term_of(t, e->args[i]);
}

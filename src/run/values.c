/* Sums, differences, products and quotients are written out; whatever else stands between
 * their signs is computed and shown as one value. */
#include "run/values.h"

#include "eval/plan.h"
#include "run/figures.h"

#include <assert.h>

enum { BUDGET = 24 }; /* operations and values */

struct writer {
    struct arena *a;
    const struct value_row *of;
    enum diag_lang lang;
    struct text out;
    unsigned budget;
};

static const char *sign_of(const struct expr *x)
{
    switch ((int)x->op) {
    case EXPR_ADD:
        return " + ";
    case EXPR_SUB:
        return " − ";
    case EXPR_MUL:
        return " × ";
    case EXPR_DIV:
        return " / ";
    default:
        return NULL;
    }
}

static bool is_sum(const struct expr *x)
{
    return x->op == EXPR_ADD || x->op == EXPR_SUB;
}

static bool is_percent(const struct writer *w, const struct expr *x)
{
    return x->op == EXPR_NUM &&
           str_ends(written(w->a, w->of->ev->engine->rules->sources, x->at), STR("%"));
}

static void put_value(struct writer *w, const struct expr *x)
{
    struct engine *e = w->of->ev->engine;
    size_t mark = scratch_mark(e->batch);
    struct program *program = program_new(e);
    uint32_t slot = program_add(e, program, x);
    struct domain d = {.n = 1, .n_scopes = 1};
    d.scope[0] =
        (struct scope_rows){.facts = &e->facts[w->of->dataset], .first = w->of->row};
    const struct vec *v = &program_run(e, program, &d, NULL)[slot];
    bool is_there = vec_state(v, 0) == CELL_OK && v->kind == VALUE_NUM;
    struct num value = is_there ? vec_num(v, 0) : num_int(0);
    scratch_rewind(e->batch, mark);
    if (!is_there) {
        text_add_z(&w->out, "–");
    } else if (is_percent(w, x)) {
        text_add(&w->out, percent(w->a, value, w->lang));
    } else {
        text_add(&w->out, figure(w->a, value, w->lang));
    }
}

static void put(struct writer *w, const struct expr *x, bool has_brackets)
{
    const char *sign = x->kind == VALUE_NUM ? sign_of(x) : NULL;
    if (w->budget == 0) {
        return;
    }
    w->budget--;
    if (!sign) {
        put_value(w, x);
        return;
    }
    bool is_product = !is_sum(x);
    text_add_z(&w->out, has_brackets ? "(" : "");
    put(w, x->args[0], is_product && is_sum(x->args[0]));
    text_add_z(&w->out, sign);
    bool is_right_composed = sign_of(x->args[1]) != NULL;
    put(w, x->args[1],
        is_right_composed && x->op != EXPR_ADD && (is_product || is_sum(x->args[1])));
    text_add_z(&w->out, has_brackets ? ")" : "");
}

struct str values_text(struct arena *a, const struct value_row *of, const struct expr *x,
                       enum diag_lang lang)
{
    assert(a && of && of->ev);
    if (!x || x->kind != VALUE_NUM || !sign_of(x)) {
        return STR_NONE;
    }
    struct writer w = {a, of, lang, text_in(a), BUDGET};
    put(&w, x, false);
    return w.budget ? text_str(&w.out) : STR_NONE;
}

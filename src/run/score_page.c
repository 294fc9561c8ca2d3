/* See score_page.h. */
#include "run/score_page.h"

#include "eval/describe.h"
#include "eval/plan.h"

#include <assert.h>

enum { LONGEST_FORMULA = 60 };

void page_begin(struct page *p, struct arena *a, const struct evaluation *ev,
                const struct report_style *style)
{
    assert(p && a && ev && style);
    *p = (struct page){.a = a,
                       .ev = ev,
                       .rules = ev->engine->rules,
                       .lang = style->lang,
                       .out = text_in(a)};
    p->sheet = sheet_on(&p->out, style);
}

void page_put(struct page *p, struct str s)
{
    sheet_text(&p->sheet, s);
}

void page_z(struct page *p, const char *both)
{
    text_add_z(&p->out, both);
}

void page_say(struct page *p, const char *vi, const char *en)
{
    sheet_say(&p->sheet, vi, en);
}

void page_num(struct page *p, struct num v)
{
    page_put(p, figure(p->a, v, p->lang));
}

void page_range(struct page *p, const struct num_range *r)
{
    page_put(p, figure_range(p->a, r, p->lang));
}

void page_formula(struct page *p, const struct expr *x)
{
    assert(p && x);
    struct str formula = written(p->a, p->rules->sources, x->at);
    if (x->op != EXPR_NUM && formula.n) {
        sheet_cut(&p->sheet, formula, LONGEST_FORMULA);
        page_z(p, " = ");
    }
}

struct str page_name(struct page *p, uint32_t dataset, uint32_t row,
                     const uint32_t *columns, uint32_t n)
{
    assert(p && (columns || n == 0));
    struct explanation x = {.n_key = 0};
    struct row_key of = {dataset, row, columns, n};
    explain_key(p->ev->engine, p->a, &of, &x);
    struct text t = text_in(p->a);
    for (uint32_t i = 0; i < x.n_key; i++) {
        text_add_z(&t, i ? " · " : "");
        text_add(&t, x.key[i].value.p ? x.key[i].value : STR("?"));
        text_add_z(&t, x.key[i].label.n ? " " : "");
        text_add(&t, x.key[i].label);
    }
    return text_str(&t);
}

struct str page_unit(struct page *p, const struct scoreboard *b, uint32_t row)
{
    assert(b);
    return page_name(p, b->dataset, row, b->keys, b->n_keys);
}

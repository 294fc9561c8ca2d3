/* See page.h. */
#include "run/page.h"

#include <assert.h>

enum { LONGEST_FORMULA = 60 };

void page_begin(struct page *p, struct arena *a, const struct ruleset *rules,
                const struct report_style *style)
{
    assert(p && a && style);
    *p = (struct page){.a = a, .rules = rules, .lang = style->lang, .out = text_in(a)};
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

void page_line(struct page *p, const char *vi, const char *en, struct str s)
{
    if (s.n) {
        page_z(p, "  ");
        page_say(p, vi, en);
        page_z(p, ": ");
        page_put(p, s);
        page_z(p, "\n");
    }
}

void page_worked(struct page *p, const struct expr *x, struct str values,
                 struct str result)
{
    assert(p && p->rules && x);
    struct str formula = written(p->a, p->rules->sources, x->at);
    bool has_formula = x->op != EXPR_NUM && formula.n;
    if (has_formula) {
        sheet_cut(&p->sheet, formula, LONGEST_FORMULA);
    }
    if (values.n) {
        page_z(p, has_formula ? " = " : "");
        page_put(p, values);
    }
    page_put(p, has_formula || values.n ? result_text(p->a, result) : result);
}

/* What a longer text for people is written with: a sheet, a language, the rules it is
 * about. Everything on it lives in one arena. */
#ifndef SOAT_RUN_PAGE_H
#define SOAT_RUN_PAGE_H

#include "report/sheet.h"
#include "run/figures.h"

struct page {
    struct arena *a;
    const struct ruleset *rules; /* NULL: it is about none */
    enum diag_lang lang;
    struct text out;
    struct sheet sheet; /* writes into `out`: a page stays where it is */
};

void page_begin(struct page *p, struct arena *a, const struct ruleset *rules,
                const struct report_style *style);
void page_put(struct page *p, struct str s); /* made printable */
void page_z(struct page *p, const char *both);
void page_say(struct page *p, const char *vi, const char *en);
void page_num(struct page *p, struct num v);
void page_range(struct page *p, const struct num_range *r);
/* "  label: text"; nothing where there is no text. */
void page_line(struct page *p, const char *vi, const char *en, struct str s);
/* "htx_active / htx_total = 510 / 545 ≈ 93,58 %": the formula, its values and what they
 * make, each where there is something to say. */
void page_worked(struct page *p, const struct expr *x, struct str values,
                 struct str result);

#endif

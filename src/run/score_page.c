/* Names of what is scored. */
#include "run/score_page.h"

#include "eval/describe.h"
#include "eval/plan.h"

#include <assert.h>

struct str score_name(struct page *p, const struct evaluation *ev, uint32_t dataset,
                      uint32_t row, const uint32_t *columns, uint32_t n)
{
    assert(p && ev && (columns || n == 0));
    struct explanation x = {.n_key = 0};
    struct row_key of = {dataset, row, columns, n};
    explain_key(ev->engine, p->a, &of, NULL, &x);
    struct text t = text_in(p->a);
    for (uint32_t i = 0; i < x.n_key; i++) {
        text_add_z(&t, i ? " · " : "");
        text_add(&t, x.key[i].value.p ? x.key[i].value : STR("?"));
        text_add_z(&t, x.key[i].label.n ? " " : "");
        text_add(&t, x.key[i].label);
    }
    return text_str(&t);
}

struct str score_unit(struct page *p, const struct evaluation *ev,
                      const struct scoreboard *b, uint32_t row)
{
    assert(b);
    return score_name(p, ev, b->dataset, row, b->keys, b->n_keys);
}

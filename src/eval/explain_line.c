/* See explain_line.h. A change is known by its shape, (x - previous(x)) /
 * abs(previous(x)) between bounds, so a check that somebody wrote so says as much. */
#include "eval/explain_line.h"

#include "eval/outlier.h"
#include "eval/show.h"

#include <assert.h>

#define PLACES 2 /* of percentages and limits that do not end sooner */

static bool is_change(const struct expr *x)
{
    if (x->op != EXPR_DIV || x->args[0]->op != EXPR_SUB || x->args[1]->op != EXPR_CALL ||
        x->args[1]->fn != FN_ABS) {
        return false;
    }
    return x->args[0]->args[1]->op == EXPR_PREVIOUS &&
           x->args[1]->args[0]->op == EXPR_PREVIOUS;
}

struct line_plan line_plan(struct engine *e, struct program *p, const struct check *c,
                           uint32_t must)
{
    assert(e && p && c && c->must);
    const struct expr *x = c->must;
    struct line_plan line = {.kind = LINE_NONE, .must = x, .before = SLOT_NONE};

    if (x->op == EXPR_OUTLIER) {
        line.kind = LINE_OUTLIER;
        line.value = program_add(e, p, x->args[0]);
        line.before = x->n > 1 ? program_add(e, p, x->args[1]) : SLOT_NONE;
        line.outliers = p->ops[must].data;
    } else if (x->op == EXPR_IN_RANGE && x->kind == VALUE_BOOL && is_change(x->args[0])) {
        line.kind = LINE_CHANGE;
        line.change = program_add(e, p, x->args[0]);
        line.value = program_add(e, p, x->args[0]->args[0]->args[0]);
        line.before = program_add(e, p, x->args[0]->args[0]->args[1]);
        line.low = program_add(e, p, x->args[1]);
        line.high = program_add(e, p, x->args[2]);
    }
    return line;
}

/* Rounded where it would be long. */
static struct str shown(struct arena *a, struct num v, enum diag_lang lang)
{
    struct num near;
    struct text t = text_in(a);

    if (num_round(v, PLACES, &near) != DEC_OK || num_eq(near, v) || num_sign(near) == 0) {
        return show_num(a, v, lang);
    }
    text_add_z(&t, SHOW_NEARLY);
    text_add(&t, show_exact(a, near, lang));
    return text_str(&t);
}

static struct str percent(struct arena *a, struct num v, enum diag_lang lang)
{
    struct num hundredfold;
    struct text t = text_in(a);

    if (num_mul(v, num_int(100), &hundredfold) != DEC_OK) {
        return show_num(a, v, lang);
    }
    text_add(&t, shown(a, hundredfold, lang));
    text_add_z(&t, lang == LANG_VI ? " %" : "%");
    return text_str(&t);
}

static bool is_there(const struct vec *slots, uint32_t slot)
{
    return vec_state(&slots[slot], 0) == CELL_OK;
}

static struct str joined(struct arena *a, const struct str *parts, size_t n)
{
    struct text t = text_in(a);

    for (size_t i = 0; i < n; i++) {
        text_add(&t, parts[i]);
    }
    return text_str(&t);
}

/* "thay đổi −20 % so với kỳ trước (10 → 8), ngoài khoảng −5 % đến 10 %" */
static struct str change_message(const struct line_plan *l, struct arena *a,
                                 const struct vec *slots, enum diag_lang lang)
{
    bool is_vi = lang == LANG_VI;
    const uint32_t asked[] = {l->change, l->value, l->before, l->low, l->high};

    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        if (!is_there(slots, asked[i])) {
            return STR_NONE;
        }
    }
    const struct str parts[] = {
        is_vi ? STR("thay đổi ") : STR("changed by "),
        percent(a, vec_num(&slots[l->change], 0), lang),
        is_vi ? STR(" so với kỳ trước (") : STR(" since the previous period ("),
        shown(a, vec_num(&slots[l->before], 0), lang),
        STR(" → "),
        shown(a, vec_num(&slots[l->value], 0), lang),
        is_vi ? STR("), ngoài khoảng ") : STR("), outside "),
        percent(a, vec_num(&slots[l->low], 0), lang),
        is_vi ? STR(" đến ") : STR(" to "),
        percent(a, vec_num(&slots[l->high], 0), lang),
    };
    return joined(a, parts, COUNT_OF(parts));
}

static const char *middle_words(enum outlier_method method, enum diag_lang lang)
{
    static const char *const words[][2] = {
        [OUTLIER_MAD] = {"trung vị của nhóm ", "the group's median is "},
        [OUTLIER_Z] = {"trung bình của nhóm ", "the group's mean is "},
        [OUTLIER_IQR] = {"trung vị của nhóm ", "the group's median is "},
        [OUTLIER_HB] = {"trung vị tỷ số của nhóm ", "the group's median ratio is "},
    };

    return words[method][lang];
}

/* "mad 3.5", as it is written in the rules */
static struct str method_text(struct arena *a, const struct outlier *o)
{
    static const char *const names[] = {[OUTLIER_MAD] = "mad ",
                                        [OUTLIER_Z] = "z ",
                                        [OUTLIER_IQR] = "iqr ",
                                        [OUTLIER_HB] = "hb "};
    const struct str parts[] = {str_of(names[o->method]), num_str(a, o->factor)};

    return joined(a, parts, COUNT_OF(parts));
}

/* "300 ngoài khoảng 80 đến 120", "tỷ số với kỳ trước 3 khác hẳn" */
static struct str outlier_head(const struct line_plan *l, struct arena *a,
                               const struct outlier_group *g, const struct vec *slots,
                               enum diag_lang lang)
{
    bool is_vi = lang == LANG_VI;
    struct num v = vec_num(&slots[l->value], 0), ratio;

    if (l->before != SLOT_NONE && is_there(slots, l->before) &&
        num_div(v, vec_num(&slots[l->before], 0), &ratio) == DEC_OK) {
        const struct str parts[] = {shown(a, v, lang),
                                    is_vi ? STR(", gấp kỳ trước ")
                                          : STR(", that is the previous period times "),
                                    shown(a, ratio, lang), is_vi ? STR(" lần") : STR("")};
        return joined(a, parts, COUNT_OF(parts));
    }
    const struct str parts[] = {
        shown(a, v, lang), is_vi ? STR(" ngoài khoảng ") : STR(" is outside "),
        shown(a, g->low, lang), is_vi ? STR(" đến ") : STR(" to "),
        shown(a, g->high, lang)};
    return joined(a, parts, g->has_limits ? COUNT_OF(parts) : 1);
}

static struct str outlier_message(const struct line_plan *l, struct arena *a,
                                  const struct vec *slots, uint32_t row,
                                  enum diag_lang lang)
{
    const struct outlier_group *g = l->outliers->groups[row];
    struct text n = text_in(a);

    if (g == NULL || !is_there(slots, l->value)) {
        return STR_NONE;
    }
    text_uint(&n, g->n);
    const struct str parts[] = {outlier_head(l, a, g, slots, lang),
                                STR("; "),
                                str_of(middle_words(l->must->outlier->method, lang)),
                                shown(a, g->middle, lang),
                                STR(" ("),
                                method_text(a, l->must->outlier),
                                STR(", "),
                                text_str(&n),
                                lang == LANG_VI ? STR(" dòng)") : STR(" rows)")};
    return joined(a, parts, COUNT_OF(parts));
}

struct str line_message(const struct line_plan *line, struct arena *a,
                        const struct vec *slots, uint32_t row, enum diag_lang lang)
{
    assert(line && a && slots);
    switch (line->kind) {
    case LINE_NONE:
        return STR_NONE;
    case LINE_CHANGE:
        return change_message(line, a, slots, lang);
    case LINE_OUTLIER:
        return outlier_message(line, a, slots, row, lang);
    }
    return STR_NONE;
}

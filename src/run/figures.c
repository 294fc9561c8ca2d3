/* See figures.h. */
#include "run/figures.h"

#include "eval/show.h"

#include <assert.h>

enum { LONGEST_PLACES = 4, PERCENT_DEPTH = 8 };

static enum num_style style_of(enum diag_lang lang)
{
    return lang == LANG_VI ? NUM_STYLE_VI : NUM_STYLE_EN;
}

static bool is_short(struct num v)
{
    struct num rounded;
    return num_is_decimal(v) && num_round(v, LONGEST_PLACES, &rounded) == DEC_OK &&
           num_eq(rounded, v);
}

/* v at so few places that it is still told from `bound`, which it does not equal. */
static struct num shortened(struct num v, struct num bound)
{
    struct num out = v;
    for (int32_t places = FIGURE_PLACES; places <= FIGURE_PLACES_MAX; places++) {
        if (num_round(v, places, &out) != DEC_OK) {
            return v;
        }
        if (num_eq(v, bound) || !num_eq(out, bound)) {
            break;
        }
    }
    return out;
}

static struct str shown(struct arena *a, struct num v, struct num bound,
                        enum diag_lang lang)
{
    if (is_short(v)) {
        return num_show(a, v, style_of(lang));
    }
    struct text t = text_in(a);
    text_add_z(&t, SHOW_NEARLY);
    text_add(&t, num_show(a, shortened(v, bound), style_of(lang)));
    return text_str(&t);
}

struct str figure(struct arena *a, struct num v, enum diag_lang lang)
{
    assert(a);
    return shown(a, v, num_int(0), lang);
}

bool is_nearly(struct str shown)
{
    return str_starts(shown, STR(SHOW_NEARLY));
}

struct str result_text(struct arena *a, struct str shown)
{
    assert(a);
    struct str mark = STR(SHOW_NEARLY);
    struct text t = text_in(a);
    text_add_z(&t, is_nearly(shown) ? " " SHOW_NEARLY " " : " = ");
    text_add(&t, is_nearly(shown) ? str_cut(shown, mark.n, shown.n) : shown);
    return text_str(&t);
}

struct report_text figures(struct arena *a, struct num v)
{
    return (struct report_text){{figure(a, v, LANG_VI), figure(a, v, LANG_EN)}};
}

struct str percent(struct arena *a, struct num v, enum diag_lang lang)
{
    assert(a);
    struct num hundredfold;
    struct text t = text_in(a);
    if (num_mul(v, num_int(100), &hundredfold) != DEC_OK) {
        return figure(a, v, lang);
    }
    text_add(&t, shown(a, hundredfold, num_int(100), lang));
    text_add_z(&t, lang == LANG_VI ? " %" : "%");
    return text_str(&t);
}

struct report_text percents(struct arena *a, struct num v)
{
    return (struct report_text){{percent(a, v, LANG_VI), percent(a, v, LANG_EN)}};
}

/* "80%", "1% * planned", a column of percentages, or arithmetic that holds one. */
static bool speaks_percent(const struct ruleset *rules, const struct expr *x,
                           unsigned depth)
{
    if (!x || depth == 0) {
        return false;
    }
    if (x->op == EXPR_COLUMN) {
        return x->dataset < rules->n_datasets &&
               rules->datasets[x->dataset].schema.columns[x->column].type ==
                   COLUMN_PERCENT;
    }
    if (x->op == EXPR_NUM) {
        struct span at = x->at;
        return !span_is_none(at) &&
               str_ends(str_cut(source_text(rules->sources, at.src), at.lo, at.hi),
                        STR("%"));
    }
    bool is_arithmetic = x->op >= EXPR_ADD && x->op <= EXPR_DIV;
    for (uint32_t i = 0; is_arithmetic && i < x->n; i++) {
        if (speaks_percent(rules, x->args[i], depth - 1)) {
            return true;
        }
    }
    return false;
}

bool is_in_percent(const struct ruleset *rules, const struct target *t)
{
    assert(rules && t);
    enum unit_kind unit = t->actual ? t->actual->unit.kind : UNIT_DECLARED;
    bool is_literal = t->plan && t->plan->op == EXPR_NUM;
    if (unit == UNIT_OPEN && is_literal) {
        return speaks_percent(rules, t->plan, 1);
    }
    return unit == UNIT_PURE && (speaks_percent(rules, t->actual, PERCENT_DEPTH) ||
                                 speaks_percent(rules, t->plan, PERCENT_DEPTH));
}

struct str amount(struct arena *a, struct num v, bool is_percent, enum diag_lang lang)
{
    return is_percent ? percent(a, v, lang) : figure(a, v, lang);
}

struct str figure_range(struct arena *a, const struct num_range *r, enum diag_lang lang)
{
    assert(a && r);
    bool is_one = !r->low_is_open && !r->high_is_open && num_eq(r->low, r->high);
    struct str low = r->low_is_open ? STR("?") : figure(a, r->low, lang);
    struct str high = r->high_is_open ? STR("?") : figure(a, r->high, lang);
    struct text t = text_in(a);
    text_add(&t, low);
    if (!is_one) {
        bool is_said = is_nearly(low) && is_nearly(high); /* one mark stands for both */
        text_add_z(&t, "–");
        text_add(&t, str_cut(high, is_said ? sizeof SHOW_NEARLY - 1 : 0, high.n));
    }
    return text_str(&t);
}

struct str amount_range(struct arena *a, struct num low, struct num high, bool is_percent,
                        enum diag_lang lang)
{
    assert(a);
    struct text t = text_in(a);
    text_add(&t, amount(a, low, is_percent, lang));
    if (!num_eq(low, high)) {
        text_add_z(&t, "–");
        text_add(&t, amount(a, high, is_percent, lang));
    }
    return text_str(&t);
}

struct str unit_label(struct arena *a, const struct unit_expr *u,
                      const struct ruleset *rules)
{
    assert(a && u && rules);
    struct str label =
        u->kind == UNIT_DECLARED ? unit_str(a, u, rules->units, true) : STR_NONE;
    return label.n ? label : STR_NONE;
}

struct str unit_name(struct arena *a, const struct unit_expr *u,
                     const struct ruleset *rules)
{
    assert(a && u && rules);
    struct str name =
        u->kind == UNIT_DECLARED ? unit_str(a, u, rules->units, false) : STR_NONE;
    return name.n ? name : STR_NONE;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str written(struct arena *a, const struct sources *sources, struct span at)
{
    assert(a && sources);
    if (span_is_none(at)) {
        return STR_NONE;
    }
    struct str whole = str_trim(str_cut(source_text(sources, at.src), at.lo, at.hi));
    struct text t = text_in(a);
    for (size_t i = 0; i < whole.n; i++) {
        if (!is_blank(whole.p[i])) {
            text_char(&t, whole.p[i]);
        } else if (!is_blank(whole.p[i - 1])) {
            text_char(&t, ' ');
        }
    }
    return text_str(&t);
}

struct str told(const struct bilingual *b, enum diag_lang lang)
{
    assert(b);
    return b->lang[lang].p ? b->lang[lang] : b->lang[lang == LANG_VI ? LANG_EN : LANG_VI];
}

struct report_text in_both(const struct bilingual *b)
{
    return (struct report_text){{b->lang[0], b->lang[1]}};
}

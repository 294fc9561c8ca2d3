/* See figures.h. */
#include "run/figures.h"

#include <assert.h>

enum { PLACES = 2, LONGEST_PLACES = 4, PLACES_MAX = 12 };

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
    for (int32_t places = PLACES; places <= PLACES_MAX; places++) {
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
    text_add_z(&t, "≈ ");
    text_add(&t, num_show(a, shortened(v, bound), style_of(lang)));
    return text_str(&t);
}

struct str figure(struct arena *a, struct num v, enum diag_lang lang)
{
    assert(a);
    return shown(a, v, num_int(0), lang);
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

static bool is_percent_column(const struct ruleset *rules, const struct expr *x)
{
    return x && x->op == EXPR_COLUMN && x->dataset < rules->n_datasets &&
           rules->datasets[x->dataset].schema.columns[x->column].type == COLUMN_PERCENT;
}

/* "80%" */
static bool is_percent_literal(const struct ruleset *rules, const struct expr *x)
{
    if (!x || x->op != EXPR_NUM || span_is_none(x->at)) {
        return false;
    }
    struct str text = str_cut(source_text(rules->sources, x->at.src), x->at.lo, x->at.hi);
    return str_ends(text, STR("%"));
}

bool is_in_percent(const struct ruleset *rules, const struct target *t)
{
    assert(rules && t);
    return is_percent_column(rules, t->actual) || is_percent_column(rules, t->plan) ||
           is_percent_literal(rules, t->plan);
}

struct str amount(struct arena *a, struct num v, bool is_percent, enum diag_lang lang)
{
    return is_percent ? percent(a, v, lang) : figure(a, v, lang);
}

struct str figure_range(struct arena *a, const struct num_range *r, enum diag_lang lang)
{
    assert(a && r);
    bool is_one = !r->low_is_open && !r->high_is_open && num_eq(r->low, r->high);
    struct text t = text_in(a);
    text_add(&t, r->low_is_open ? STR("?") : figure(a, r->low, lang));
    if (!is_one) {
        text_add_z(&t, "–");
        text_add(&t, r->high_is_open ? STR("?") : figure(a, r->high, lang));
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

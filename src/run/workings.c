/* Every step is computed again here, and the last one is the engine's own result, so that
 * a difference between the two would show in the text (a test compares them). */
#include "run/workings.h"

#include "eval/points.h"

#include <assert.h>

struct writer {
    struct arena *a;
    enum diag_lang lang;
    struct text t;
    bool is_percent;   /* actual and plan are percentages */
    struct str values; /* of an actual that does not end */
};

static void put(struct writer *w, const char *both)
{
    text_add_z(&w->t, both);
}

static void say(struct writer *w, const char *vi, const char *en)
{
    text_add_z(&w->t, w->lang == LANG_VI ? vi : en);
}

static void put_num(struct writer *w, struct num v)
{
    text_add(&w->t, figure(w->a, v, w->lang));
}

static void put_percent(struct writer *w, struct num v)
{
    text_add(&w->t, percent(w->a, v, w->lang));
}

/* An actual or a plan. */
static void put_amount(struct writer *w, struct num v)
{
    text_add(&w->t, amount(w->a, v, w->is_percent, w->lang));
}

/* " = 8", " ≈ 13,33" */
static void put_result(struct writer *w, struct str shown)
{
    text_add(&w->t, result_text(w->a, shown));
}

/* Whether completion is a quotient of actual and plan, and which way round. */
static bool is_quotient(const struct target *t, const struct target_result *r)
{
    if (!r->has_plan || num_sign(r->plan) <= 0 || num_sign(r->actual) == 0) {
        return false;
    }
    return t->aim == AIM_AT_LEAST ||
           (t->aim == AIM_AT_MOST && num_cmp(r->actual, r->plan) > 0);
}

/* An actual that does not end is given by its own quotient, so that it can be typed in.
 */
static void put_actual(struct writer *w, const struct target_result *r)
{
    struct str shown = amount(w->a, r->actual, w->is_percent, w->lang);
    if (is_nearly(shown) && w->values.n) {
        put(w, "(");
        text_add(&w->t, w->values);
        put(w, ")");
    } else {
        text_add(&w->t, shown);
    }
}

static void put_quotient(struct writer *w, const struct target *t,
                         const struct target_result *r)
{
    if (t->aim == AIM_AT_MOST) {
        put_amount(w, r->plan);
        put(w, " / ");
        put_actual(w, r);
    } else {
        put_actual(w, r);
        put(w, " / ");
        put_amount(w, r->plan);
    }
}

static const char *relation(int order)
{
    return order < 0 ? " < " : order > 0 ? " > " : " = ";
}

/* Aims that know only yes and no. */
static void put_comparison(struct writer *w, const struct target *t,
                           const struct target_result *r)
{
    if (t->aim == AIM_YES) {
        say(w, num_sign(r->actual) ? "có" : "không", num_sign(r->actual) ? "yes" : "no");
        return;
    }
    if (t->aim == AIM_BETWEEN) {
        bool is_below = num_cmp(r->actual, r->plan) < 0;
        bool is_above = num_cmp(r->actual, r->plan_high) > 0;
        if (!is_below && !is_above) {
            put_amount(w, r->plan);
            put(w, " ≤ ");
        }
        put_amount(w, r->actual);
        put(w, is_below ? " < " : is_above ? " > " : " ≤ ");
        put_amount(w, is_below ? r->plan : r->plan_high);
        return;
    }
    put_amount(w, r->actual);
    put(w, relation(num_cmp(r->actual, r->plan)));
    put_amount(w, r->plan);
}

static struct writer writer_for(struct arena *a, const struct worked *of,
                                enum diag_lang lang)
{
    return (struct writer){.a = a,
                           .lang = lang,
                           .t = text_in(a),
                           .is_percent = is_in_percent(of->rules, of->target),
                           .values = of->values};
}

struct str working_completion(struct arena *a, const struct worked *of,
                              enum diag_lang lang)
{
    assert(a && of && of->rules && of->target && of->result);
    const struct target *t = of->target;
    const struct target_result *r = of->result;
    struct writer w = writer_for(a, of, lang);
    if (r->status == TARGET_NO_DATA || r->status == TARGET_NOT_APPLICABLE) {
        return STR_NONE;
    }
    if (is_quotient(t, r)) {
        put_quotient(&w, t, r);
        put_result(&w, percent(a, r->completion, lang));
        return text_str(&w.t);
    }
    put_comparison(&w, t, r);
    say(&w, ": tính ", ": counts as ");
    put_percent(&w, r->completion);
    return text_str(&w.t);
}

/* The completion as a factor that can be typed in: a percentage that ends, else the
 * quotient itself. */
static void put_factor(struct writer *w, const struct target *t,
                       const struct target_result *r)
{
    struct str share = percent(w->a, r->completion, w->lang);
    if (is_nearly(share) && is_quotient(t, r)) {
        put(w, "(");
        put_quotient(w, t, r);
        put(w, ")");
    } else {
        text_add(&w->t, share);
    }
}

static struct num by_ratio(struct writer *w, const struct target *t,
                           const struct target_result *r)
{
    const struct points *p = &t->points;
    bool is_capped = p->has_cap && num_cmp(r->completion, p->cap) > 0;
    struct num share = is_capped ? p->cap : r->completion, out = num_int(0);
    if (num_sign(share) < 0 || !r->has_maximum) { /* certain without a maximum: none */
        put_percent(w, r->completion);
        say(w, ": tính 0", ": counts as 0");
        return out;
    }
    if (is_capped) {
        put_percent(w, r->completion);
        say(w, " vượt mức được tính: lấy ", " is beyond what counts: ");
        put_percent(w, p->cap);
        put(w, "; ");
        put_percent(w, p->cap);
    } else {
        put_factor(w, t, r);
    }
    (void)num_mul(r->maximum, share, &out);
    put(w, " × ");
    put_num(w, r->maximum);
    put_result(w, figure(w->a, out, w->lang));
    return out;
}

static struct num all_or_nothing(struct writer *w, const struct target_result *r)
{
    bool is_full = num_cmp(r->completion, num_int(1)) >= 0;
    struct num out = is_full ? r->maximum : num_int(0);
    say(w, is_full ? "đạt: trọn " : "chưa đạt: ",
        is_full ? "reached: all " : "not reached: ");
    put_num(w, out);
    return out;
}

static struct num floor_of(struct num v, struct num step)
{
    struct num out = num_int(0);
    if (num_sign(v) <= 0 || num_sign(step) <= 0 || num_div(v, step, &out) != DEC_OK ||
        num_floor(out, &out) != DEC_OK) {
        return num_int(0);
    }
    return out;
}

static struct num per_limit(const struct points *p, const struct target_result *r)
{
    struct num limit = r->maximum;
    if (p->has_cap && p->cap_is_percent) {
        (void)num_mul(r->maximum, p->cap, &limit);
    } else if (p->has_cap) {
        limit = p->cap;
    }
    return limit;
}

/* "8 / 2 = 4 bước trọn" */
static struct num put_steps(struct writer *w, struct num of, struct num step,
                            bool is_percent)
{
    struct num steps = floor_of(of, step);
    if (is_percent) {
        put_percent(w, of);
        put(w, " / ");
        put_percent(w, step);
    } else {
        put_num(w, of);
        put(w, " / ");
        put_num(w, step);
    }
    say(w, ": ", ": ");
    put_num(w, steps);
    say(w, " bước trọn × ",
        num_eq(steps, num_int(1)) ? " full step × " : " full steps × ");
    return steps;
}

static struct num by_steps(struct writer *w, const struct target *t,
                           const struct target_result *r)
{
    const struct points *p = &t->points;
    struct num of = p->per_is_percent ? r->completion : r->actual, out = num_int(0);
    struct num steps = put_steps(w, of, p->per, p->per_is_percent);
    struct num limit = per_limit(p, r);
    put_num(w, p->per_points);
    (void)num_mul(steps, p->per_points, &out);
    put_result(w, figure(w->a, out, w->lang));
    bool has_limit = r->has_maximum || (p->has_cap && !p->cap_is_percent);
    if (has_limit && num_cmp(out, limit) > 0) {
        say(w, ", nhiều nhất ", ", at most ");
        put_num(w, limit);
        out = limit;
    }
    return out;
}

static struct num by_band(struct writer *w, const struct target *t,
                          const struct target_result *r)
{
    const struct points *p = &t->points;
    put_percent(w, r->completion);
    for (uint32_t i = 0; i < p->n_bands; i++) {
        if (num_cmp(r->completion, p->bands[i].from) >= 0) {
            say(w, ": bậc từ ", ": the band from ");
            put_percent(w, p->bands[i].from);
            say(w, " được ", " gives ");
            put_num(w, p->bands[i].points);
            return p->bands[i].points;
        }
    }
    say(w, ": dưới mọi bậc, 0", ": below every band, 0");
    return num_int(0);
}

static struct num put_schedule(struct writer *w, const struct target *t,
                               const struct target_result *r)
{
    switch (t->points.schedule) {
    case SCHEDULE_RATIO:
        return by_ratio(w, t, r);
    case SCHEDULE_ALL_OR_NOTHING:
        return all_or_nothing(w, r);
    case SCHEDULE_PER:
        return by_steps(w, t, r);
    case SCHEDULE_BANDS:
        return by_band(w, t, r);
    }
    assert(!"a schedule");
    return num_int(0);
}

/* "; thưởng 25 % / 10 %: 2 bước trọn × 1 = 2; 20 + 2 = 22" */
static struct num put_bonus(struct writer *w, const struct target *t,
                            const struct target_result *r, struct num base)
{
    const struct points *p = &t->points;
    struct num over = num_int(0), bonus = num_int(0), product = num_int(0), sum = base;
    if (!p->has_bonus || num_cmp(r->completion, p->bonus_over) <= 0) {
        return base;
    }
    (void)num_sub(r->completion, p->bonus_over, &over);
    (void)points_bonus(p, r->completion, &bonus);
    say(w, "; thưởng ", "; bonus ");
    put_percent(w, r->completion);
    put(w, " − ");
    put_percent(w, p->bonus_over);
    put_result(w, percent(w->a, over, w->lang));
    put(w, "; ");
    (void)num_mul(put_steps(w, over, p->bonus_per, true), p->bonus, &product);
    put_num(w, p->bonus);
    put_result(w, figure(w->a, product, w->lang));
    if (num_cmp(product, bonus) > 0) {
        say(w, ", nhiều nhất ", ", at most ");
        put_num(w, bonus);
    }
    (void)num_add(base, bonus, &sum);
    put(w, "; ");
    put_num(w, base);
    put(w, " + ");
    put_num(w, bonus);
    put_result(w, figure(w->a, sum, w->lang));
    return sum;
}

/* Where what was shown of a long number would be rounded to something else than the
 * number itself: as many digits of it as it takes. */
static void put_decisive(struct writer *w, const struct points *p, struct num sum)
{
    struct num shown = sum, from_shown, wanted;
    int32_t places = FIGURE_PLACES;
    if (!is_nearly(figure(w->a, sum, w->lang)) ||
        points_rounded(p, sum, &wanted) != DEC_OK) {
        return;
    }
    while (num_round(sum, places, &shown) == DEC_OK &&
           points_rounded(p, shown, &from_shown) == DEC_OK &&
           !num_eq(from_shown, wanted) && places < FIGURE_PLACES_MAX) {
        places++;
    }
    if (places > FIGURE_PLACES) {
        say(w, " (chính xác hơn ", " (more exactly ");
        put_num(w, shown);
        put(w, ")");
    }
}

struct str working_points(struct arena *a, const struct worked *of, enum diag_lang lang)
{
    assert(a && of && of->target->has_points && of->result->has_points);
    const struct target *t = of->target;
    const struct target_result *r = of->result;
    struct writer w = writer_for(a, of, lang);
    struct num sum = put_bonus(&w, t, r, put_schedule(&w, t, r));
    if (t->points.has_rounding) {
        put_decisive(&w, &t->points, sum);
        say(&w, "; làm tròn đến ", "; rounded to ");
        put_num(&w, t->points.rounding);
        put(&w, ": ");
        put_num(&w, r->points);
    } else if (!num_eq(sum, r->points)) { /* never, unless the two disagree */
        put(&w, "; ");
        put_num(&w, r->points);
    }
    return text_str(&w.t);
}

/* ---- sentences ---- */

struct str aim_sentence(enum aim aim, enum diag_lang lang)
{
    static const char *const words[][2] = {
        [AIM_AT_LEAST] = {"càng nhiều càng tốt, ít nhất bằng kế hoạch",
                          "more is better, at least the plan"},
        [AIM_AT_MOST] = {"càng ít càng tốt, nhiều nhất bằng kế hoạch",
                         "less is better, at most the plan"},
        [AIM_EXACTLY] = {"đúng bằng kế hoạch", "exactly the plan"},
        [AIM_BETWEEN] = {"nằm trong khoảng kế hoạch", "within the range of the plan"},
        [AIM_YES] = {"có hay không", "yes or no"},
    };
    assert((size_t)aim < COUNT_OF(words));
    return str_of(words[aim][lang]);
}

static void say_cap(struct writer *w, const struct points *p)
{
    if (!p->has_cap) {
        return;
    }
    if (p->schedule == SCHEDULE_RATIO) {
        say(w, ", tính nhiều nhất ", ", counted up to ");
        put_percent(w, p->cap);
    } else {
        say(w, ", nhiều nhất ", ", at most ");
        if (p->cap_is_percent) {
            put_percent(w, p->cap);
            say(w, " điểm tối đa", " of the maximum");
        } else {
            put_num(w, p->cap);
        }
    }
}

static void say_bands(struct writer *w, const struct points *p)
{
    for (uint32_t i = 0; i < p->n_bands; i++) {
        put(w, i ? ", " : "");
        say(w, "từ ", "from ");
        put_percent(w, p->bands[i].from);
        say(w, " được ", ": ");
        put_num(w, p->bands[i].points);
    }
}

static void say_per(struct writer *w, const struct points *p)
{
    put_num(w, p->per_points);
    say(w, " điểm cho mỗi ", " points for each full ");
    if (p->per_is_percent) {
        put_percent(w, p->per);
        say(w, " hoàn thành trọn vẹn", " of completion");
    } else {
        put_num(w, p->per);
        say(w, " làm được trọn vẹn", " done");
    }
}

static void say_schedule(struct writer *w, const struct points *p)
{
    switch (p->schedule) {
    case SCHEDULE_RATIO:
        say(w, "điểm tối đa × mức hoàn thành", "the maximum × completion");
        break;
    case SCHEDULE_ALL_OR_NOTHING:
        say(w, "đạt thì được trọn điểm, không đạt thì 0",
            "all points when it is reached, else 0");
        break;
    case SCHEDULE_PER:
        say_per(w, p);
        break;
    case SCHEDULE_BANDS:
        say(w, "theo bậc hoàn thành: ", "by bands of completion: ");
        say_bands(w, p);
        break;
    }
    say_cap(w, p);
}

struct str schedule_sentence(struct arena *a, const struct points *p, enum diag_lang lang)
{
    assert(a && p);
    struct writer w = {.a = a, .lang = lang, .t = text_in(a)};
    say_schedule(&w, p);
    if (p->has_bonus) {
        say(&w, "; thưởng ", "; bonus ");
        put_num(&w, p->bonus);
        say(&w, " điểm cho mỗi ", " for each full ");
        put_percent(&w, p->bonus_per);
        say(&w, " trên ", " over ");
        put_percent(&w, p->bonus_over);
        if (p->has_bonus_cap) {
            say(&w, ", nhiều nhất ", ", at most ");
            put_num(&w, p->bonus_cap);
        }
    }
    if (p->has_rounding) {
        say(&w, "; làm tròn đến ", "; rounded to ");
        put_num(&w, p->rounding);
    }
    return text_str(&w.t);
}

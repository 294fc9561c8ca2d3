/* One target of one unit: actual, plan, what is due, completion, points. Nothing is
 * computed here that the engine has not computed; the arithmetic is only written out. */
#include "report/scores.h"
#include "run/score_page.h"
#include "run/values.h"
#include "run/workings.h"

#include <assert.h>

enum { LABEL = 12 };

/* "     hoàn thành  ": where a line of a target begins. */
static void label(struct page *p, const char *vi, const char *en)
{
    struct str words = str_of(p->lang == LANG_VI ? vi : en);
    size_t width = sheet_width_of(words);
    sheet_blanks(&p->sheet, 4);
    page_put(p, words);
    sheet_blanks(&p->sheet, width < LABEL ? LABEL - width + 1 : 1);
}

/* What is written about. */
struct goal {
    const struct evaluation *ev;
    const struct target *target;
    const struct target_result *result;
};

/* "8 HTX" */
static struct str with_unit(struct page *p, const struct target *t, struct str shown)
{
    struct str unit = t->actual ? unit_label(p->a, &t->actual->unit, p->rules) : STR_NONE;
    struct text out = text_in(p->a);
    text_add(&out, shown);
    text_add_z(&out, unit.n ? " " : "");
    text_add(&out, unit);
    return text_str(&out);
}

static struct str amount_of(struct page *p, const struct target *t, struct num v)
{
    return amount(p->a, v, is_in_percent(p->rules, t), p->lang);
}

static void put_amount(struct page *p, const struct target *t, struct num v)
{
    page_put(p, amount_of(p, t, v));
}

/* A formula of the target with the values of the result's row. */
static struct str values_of(struct page *p, const struct goal *g, const struct expr *x)
{
    const struct value_row of = {g->ev, g->target->dataset, g->result->row};
    return values_text(p->a, &of, x, p->lang);
}

static struct str no_data(const struct page *p)
{
    return p->lang == LANG_VI ? STR("chưa có số liệu") : STR("no data");
}

static void put_actual(struct page *p, const struct goal *g)
{
    const struct target *t = g->target;
    const struct target_result *r = g->result;
    struct str shown = no_data(p);
    if (r->is_flag && r->has_actual) {
        bool is_yes = num_sign(r->actual) != 0;
        const char *words[2][2] = {{"không", "no"}, {"có", "yes"}};
        shown = str_of(words[is_yes][p->lang]);
    } else if (r->has_actual) {
        shown = with_unit(p, t, amount_of(p, t, r->actual));
    }
    label(p, "thực hiện", "actual");
    page_worked(p, t->actual, values_of(p, g, t->actual), shown);
    page_z(p, "\n");
}

static void put_plan(struct page *p, const struct goal *g)
{
    const struct target *t = g->target;
    const struct target_result *r = g->result;
    struct str shown = no_data(p);
    if (!t->plan) {
        return;
    }
    if (r->has_plan && t->plan_high) {
        bool is_percent = is_in_percent(p->rules, t);
        shown = with_unit(p, t,
                          amount_range(p->a, r->plan, r->plan_high, is_percent, p->lang));
    } else if (r->has_plan) {
        shown = with_unit(p, t, amount_of(p, t, r->plan));
    }
    label(p, "kế hoạch", "plan");
    page_worked(p, t->plan, t->plan_high ? STR_NONE : values_of(p, g, t->plan), shown);
    page_z(p, "; ");
    page_put(p, aim_sentence(t->aim, p->lang));
    page_z(p, "\n");
}

/* "50 % × 20 = 10 HTX; 8 < 10: chậm tiến độ, còn thiếu 2" */
static void put_due(struct page *p, const struct goal *g)
{
    const struct target *t = g->target;
    const struct target_result *r = g->result;
    struct num share, gap;
    if (!r->has_due || !r->has_plan || t->plan_high || num_eq(r->due, r->plan) ||
        num_div(r->due, r->plan, &share) != DEC_OK) {
        return;
    }
    label(p, "đến kỳ này", "due now");
    page_put(p, percent(p->a, share, p->lang));
    page_z(p, " × ");
    put_amount(p, t, r->plan);
    page_z(p, " = ");
    page_put(p, with_unit(p, t, amount_of(p, t, r->due)));
    const char *pace = target_pace_name(r->pace);
    if (pace && num_sub(r->actual, r->due, &gap) == DEC_OK) {
        int order = num_sign(gap);
        page_z(p, "; ");
        put_amount(p, t, r->actual);
        page_z(p, order < 0 ? " < " : order > 0 ? " > " : " = ");
        put_amount(p, t, r->due);
        page_z(p, ": ");
        page_put(p, str_of(scores_word(str_of(pace), p->lang)));
        if (r->pace == PACE_BEHIND) {
            page_say(p, order < 0 ? ", còn thiếu " : ", vượt quá ",
                     order < 0 ? ", short by " : ", over by ");
            put_amount(p, t, num_abs(gap));
        }
    }
    page_z(p, "\n");
}

static struct worked worked_of(struct page *p, const struct goal *g)
{
    return (struct worked){p->rules, g->target, g->result,
                           values_of(p, g, g->target->actual)};
}

static void put_completion(struct page *p, const struct goal *g)
{
    const struct target *t = g->target;
    const struct target_result *r = g->result;
    const struct worked of = worked_of(p, g);
    struct str working = working_completion(p->a, &of, p->lang);
    label(p, "hoàn thành", "completion");
    if (working.p) {
        page_put(p, working);
        page_z(p, ": ");
    }
    const char *status = target_status_name(r->status);
    page_put(p, str_of(scores_word(str_of(status), p->lang)));
    bool has_degrees = t->aim == AIM_AT_LEAST || t->aim == AIM_AT_MOST;
    if (has_degrees && (r->status == TARGET_NEAR || r->status == TARGET_MISSED)) {
        page_say(p, " (gần đạt từ ", " (near from ");
        page_put(p, percent(p->a, t->margin, p->lang));
        page_z(p, ")");
    }
    page_z(p, "\n");
}

static void put_points(struct page *p, const struct goal *g)
{
    const struct target *t = g->target;
    const struct target_result *r = g->result;
    label(p, "điểm", "points");
    if (t->is_monitored || !t->has_points) {
        page_say(p, "chỉ theo dõi, không chấm", "monitored, never scored");
    } else if (r->has_points) {
        const struct worked of = worked_of(p, g);
        page_put(p, working_points(p->a, &of, p->lang));
        page_say(p, " điểm", " points");
    } else {
        struct num_range range = {r->low, r->high, false, r->high_is_open};
        page_say(p, "thiếu số liệu nên chưa chốt: ", "not settled, data is missing: ");
        page_range(p, &range);
    }
    if (r->has_maximum) {
        page_say(p, "; tối đa ", "; maximum ");
        page_num(p, r->maximum);
    } else if (r->maximum_is_negative) {
        page_say(p, "; điểm tối đa ", "; the maximum ");
        page_num(p, r->maximum);
        page_say(p, " nhỏ hơn 0 nên không dùng", " is below 0 and not used");
    }
    page_z(p, "\n");
}

static void put_target_title(struct page *p, const struct target *t)
{
    struct str title = told(&t->title, p->lang);
    page_z(p, "  ");
    page_put(p, t->id);
    if (title.n) {
        page_z(p, ": ");
        page_put(p, title);
    }
    page_z(p, "\n");
}

/* Why nothing can be said of the target in this cell. */
static void put_why(struct page *p, const char *vi, const char *en)
{
    label(p, "thực hiện", "actual");
    page_say(p, vi, en);
    page_z(p, "\n");
}

static void put_open(struct page *p, const struct goal *g, const char *vi, const char *en)
{
    put_why(p, vi, en);
    put_points(p, g);
}

void score_target(struct page *p, const struct evaluation *ev, uint32_t target,
                  const struct standing *standing)
{
    assert(p && ev && standing && target < p->rules->n_targets);
    const struct target *t = &p->rules->targets[target];
    const struct target_result *r = &standing->result;
    const struct goal g = {ev, t, r};
    put_target_title(p, t);
    if (!t->actual) {
        label(p, "thực hiện", "actual");
        page_say(p, "khó thống kê, chưa đo được: ", "cannot be measured: ");
        page_put(p, t->unmeasured);
        page_z(p, "\n");
        return;
    }
    if (r->status == TARGET_NOT_APPLICABLE) {
        label(p, "kết quả", "result");
        page_say(p, "không áp dụng: không tính điểm, không tính điểm tối đa",
                 "n/a: leaves points and maximum");
        page_z(p, "\n");
        return;
    }
    if (standing->kind == STANDING_NO_ROW) {
        put_open(p, &g, "không có dòng số liệu của đơn vị",
                 "there is no row of this unit");
        return;
    }
    if (standing->kind == STANDING_COPIES) {
        put_open(p, &g, "nhiều dòng trùng khóa, không biết dòng nào đúng",
                 "several rows have this key, it is not known which is right");
        return;
    }
    put_actual(p, &g);
    put_plan(p, &g);
    put_due(p, &g);
    put_completion(p, &g);
    put_points(p, &g);
}

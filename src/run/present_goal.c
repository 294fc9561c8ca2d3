/* See present_goal.h. Numbers go out twice: canonical for machines, rounded and in two
 * languages for people. Each record's texts live in an arena that is reset after it. */
#include "run/present_goal.h"

#include "eval/describe.h"
#include "eval/plan.h"
#include "run/figures.h"
#include "run/tally.h"

#include <assert.h>

#define FULL_SHARE 1000

struct presenter {
    const struct evaluation *ev;
    const struct ruleset *rules;
    struct arena *scratch; /* of one record */
    struct report *const *reports;
    uint32_t n_reports;
};

/* The key of a row, or of a cell: some columns of it in some order. */
struct key {
    struct report_pair *pairs, *labels;
    uint32_t n;
};

static struct key key_of(const struct presenter *p, uint32_t dataset, uint32_t row,
                         const uint32_t *columns, uint32_t n)
{
    struct explanation x = {.n_key = 0};
    struct row_key of = {dataset, row, columns, n};
    explain_key(p->ev->engine, p->scratch, &of, NULL, &x);
    struct key key = {.n = x.n_key};
    key.pairs = arena_new_array(p->scratch, (size_t)x.n_key + 1, struct report_pair);
    key.labels = arena_new_array(p->scratch, (size_t)x.n_key + 1, struct report_pair);
    for (uint32_t i = 0; i < x.n_key; i++) {
        key.pairs[i] = (struct report_pair){x.key[i].name, x.key[i].value};
        key.labels[i] = (struct report_pair){x.key[i].name, x.key[i].label};
    }
    return key;
}

static struct str canonical(const struct presenter *p, bool is_there, struct num v)
{
    return is_there ? num_str(p->scratch, v) : STR_NONE;
}

static struct report_text shown(const struct presenter *p, bool is_there, struct num v)
{
    return is_there ? figures(p->scratch, v) : (struct report_text){{STR_NONE, STR_NONE}};
}

static struct report_text two(const char *vi, const char *en)
{
    return (struct report_text){{str_of(vi), str_of(en)}};
}

/* An auditor's `--where` shows some rows only. */
static bool is_wanted(const struct presenter *p, uint32_t dataset, uint32_t row)
{
    const struct facts *facts = &p->ev->engine->facts[dataset];
    return !facts->is_wanted || (row < facts->table->n && facts->is_wanted[row]);
}

/* ---- targets ---- */

static struct report_text with_reason(const struct presenter *p, const char *vi,
                                      const char *en, struct str why)
{
    const char *const heads[2] = {vi, en};
    struct report_text out;
    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(p->scratch);
        text_add_z(&t, heads[lang]);
        text_add_z(&t, why.n ? " (" : "");
        text_add(&t, why);
        text_add_z(&t, why.n ? ")" : "");
        out.lang[lang] = text_str(&t);
    }
    return out;
}

/* Why a target has no result for any unit; absent texts: it may have some. */
static struct report_text for_all(const struct presenter *p, const struct target *t)
{
    if (!t->actual) {
        return with_reason(p, "khó thống kê, chưa đo được", "cannot be measured",
                           t->unmeasured);
    }
    if (t->undefined.p) {
        return with_reason(p, "không áp dụng, chưa có định nghĩa",
                           "not applicable, no definition yet", t->undefined);
    }
    if (goal_is_out(p->ev->engine, t)) {
        return two("không áp dụng: không có tệp số liệu",
                   "not applicable: no data file was given");
    }
    return two(NULL, NULL);
}

static struct report_text missing_note(const struct target *t,
                                       const struct target_result *r)
{
    bool needs_plan = t->aim != AIM_YES;
    if (!r->has_actual && needs_plan && !r->has_plan) {
        return two("thiếu số thực hiện và kế hoạch", "actual and plan are missing");
    }
    if (!r->has_actual) {
        return two("thiếu số thực hiện", "the actual is missing");
    }
    if (needs_plan && !r->has_plan) {
        return two("thiếu kế hoạch", "the plan is missing");
    }
    return two("chưa rõ chỉ tiêu có áp dụng không",
               "it is not known whether the target applies");
}

static struct report_text negative_note(const struct presenter *p,
                                        const struct target_result *r)
{
    static const char *const words[2][2] = {
        {"điểm tối đa nhỏ hơn 0: không dùng ", ""},
        {"the maximum of points is below 0: ", " is not used"}};
    struct report_text out;
    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(p->scratch);
        text_add_z(&t, words[lang][0]);
        text_add(&t, figure(p->scratch, r->maximum, (enum diag_lang)lang));
        text_add_z(&t, words[lang][1]);
        out.lang[lang] = text_str(&t);
    }
    return out;
}

static struct report_text note_of(const struct presenter *p, const struct target *t,
                                  const struct target_result *r)
{
    if (r->status == TARGET_NOT_APPLICABLE) {
        return two(NULL, NULL);
    }
    if (r->status == TARGET_NO_DATA) {
        return missing_note(t, r);
    }
    if (r->maximum_is_negative) {
        return negative_note(p, r);
    }
    if (t->aim == AIM_AT_LEAST && num_sign(r->plan) <= 0) {
        return two("kế hoạch bằng 0: làm được bao nhiêu cũng coi là đạt",
                   "the plan is 0: whatever was done reaches it");
    }
    if (t->has_points && !r->has_maximum) {
        return two("thiếu điểm tối đa", "the maximum of points is missing");
    }
    if (r->has_plan && !r->has_due) {
        return two("chưa rõ phải đạt bao nhiêu đến kỳ này",
                   "what is due by this period is not known");
    }
    return two(NULL, NULL);
}

static struct report_text amounts(const struct presenter *p, const struct target *t,
                                  bool is_there, struct num v)
{
    bool is_percent = is_there && is_in_percent(p->rules, t);
    return is_percent ? percents(p->scratch, v) : shown(p, is_there, v);
}

static void set_values(const struct presenter *p, const struct target *t,
                       const struct target_result *r, struct report_target *out)
{
    out->actual = canonical(p, r->has_actual, r->actual);
    out->plan = canonical(p, r->has_plan, r->plan);
    out->due = canonical(p, r->has_due, r->due);
    out->ratio = canonical(p, r->has_ratio, r->ratio);
    out->shown_actual = amounts(p, t, r->has_actual, r->actual);
    out->shown_plan = amounts(p, t, r->has_plan, r->plan);
    if (r->is_flag && r->has_actual) {
        bool is_yes = num_sign(r->actual) != 0;
        out->shown_actual = two(is_yes ? "có" : "không", is_yes ? "yes" : "no");
        out->actual = is_yes ? STR("true") : STR("false");
    }
    if (r->has_plan && t->plan_high) {
        bool is_percent = is_in_percent(p->rules, t);
        for (int lang = 0; lang < 2; lang++) {
            out->shown_plan.lang[lang] = amount_range(p->scratch, r->plan, r->plan_high,
                                                      is_percent, (enum diag_lang)lang);
        }
    }
    if (r->has_due && r->has_plan && !num_eq(r->due, r->plan)) {
        out->shown_due = amounts(p, t, true, r->due);
    }
    bool has_degrees = t->aim == AIM_AT_LEAST || t->aim == AIM_AT_MOST;
    bool is_judged = r->status != TARGET_NO_DATA && r->status != TARGET_NOT_APPLICABLE;
    if (has_degrees && is_judged) {
        out->shown_completion = percents(p->scratch, r->completion);
    }
}

static void set_points(const struct presenter *p, const struct target *t,
                       const struct target_result *r, struct report_target *out)
{
    if (!t->has_points || r->status == TARGET_NOT_APPLICABLE) {
        return;
    }
    struct num_range range = {r->low, r->high, false, r->high_is_open};
    out->points = canonical(p, r->has_points, r->points);
    out->points_low = canonical(p, true, r->low);
    out->points_high = canonical(p, !r->high_is_open, r->high);
    out->max_points = canonical(p, r->has_maximum, r->maximum);
    for (int lang = 0; lang < 2; lang++) {
        struct text s = text_in(p->scratch);
        text_add(&s, figure_range(p->scratch, &range, (enum diag_lang)lang));
        if (r->has_maximum) {
            text_add_z(&s, " / ");
            text_add(&s, figure(p->scratch, r->maximum, (enum diag_lang)lang));
        }
        out->shown_points.lang[lang] = text_str(&s);
    }
}

static uint32_t period_pair(const struct presenter *p, uint32_t dataset,
                            const struct key *key)
{
    const struct schema *s = p->ev->engine->facts[dataset].schema;
    for (uint32_t i = 0; s->period != ID_NONE && i < key->n; i++) {
        if (str_eq(key->pairs[i].name, s->columns[s->period].name)) {
            return i;
        }
    }
    return key->n;
}

static void present_target(const struct presenter *p, const struct target_result *r)
{
    const struct target *t = &p->rules->targets[r->target];
    const struct schema *s = p->ev->engine->facts[t->dataset].schema;
    struct key key = key_of(p, t->dataset, r->row, s->key, s->n_key);
    struct report_target out = {
        .target = t->id,
        .title = in_both(&t->title),
        .key = key.pairs,
        .key_label = key.labels,
        .n_key = key.n,
        .period = period_pair(p, t->dataset, &key),
        .status = str_of(target_status_name(r->status)),
        .pace = str_of(target_pace_name(r->pace)),
        .note = note_of(p, t, r),
        .for_all = for_all(p, t),
    };
    if (t->actual) {
        struct str unit = unit_label(p->scratch, &t->actual->unit, p->rules);
        out.unit = (struct report_text){{unit, unit}};
    }
    set_values(p, t, r, &out);
    set_points(p, t, r, &out);
    for (uint32_t i = 0; i < p->n_reports; i++) {
        report_target(p->reports[i], &out);
    }
}

/* ---- scoreboards ---- */

/* The most any cell of the board can have: what a full bar means. */
static struct num scale_of(const struct score_result *cells, size_t n)
{
    struct num most = num_int(0);
    for (size_t i = 0; i < n; i++) {
        const struct score_result *c = &cells[i];
        if (!c->applies) {
            continue;
        }
        if (c->has_maximum && num_cmp(c->maximum, most) > 0) {
            most = c->maximum;
        }
        if (!c->high_is_open && num_cmp(c->high, most) > 0) {
            most = c->high;
        }
    }
    return most;
}

static uint32_t share_of(struct num v, struct num scale)
{
    struct num share;
    int64_t whole;
    if (num_sign(v) <= 0 || num_sign(scale) <= 0 || num_cmp(v, scale) >= 0) {
        return num_sign(v) > 0 && num_sign(scale) > 0 ? FULL_SHARE : 0;
    }
    bool is_good = num_mul(v, num_int(FULL_SHARE), &share) == DEC_OK &&
                   num_div(share, scale, &share) == DEC_OK &&
                   num_floor(share, &share) == DEC_OK && num_to_int64(share, &whole);
    return is_good ? (uint32_t)whole : 0;
}

static void set_gaps(const struct presenter *p, struct tally *tally,
                     const struct score_result *r, struct report_score *out)
{
    const struct tally_line *lines;
    if (r->has_points) {
        return;
    }
    if (r->row >= p->ev->engine->facts[p->rules->boards[r->board].dataset].table->n) {
        struct report_text *gap = arena_new(p->scratch, struct report_text);
        *gap = two("chưa có dòng báo cáo nào", "there is no row of this unit");
        out->gaps = gap;
        out->n_gaps = 1;
        return;
    }
    size_t n = tally_lines(tally, r->row, p->scratch, &lines);
    struct report_text *gaps = arena_new_array(p->scratch, n + 1, struct report_text);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].is_open && !lines[i].is_left_out) {
            gaps[out->n_gaps++] = tally_title(p->ev, r->board, &lines[i]);
        }
    }
    out->gaps = gaps;
}

static void set_score(const struct presenter *p, const struct scoreboard *b,
                      const struct score_result *r, struct report_score *out)
{
    struct num_range range = {r->low, r->high, r->low_is_open, r->high_is_open};
    out->points = canonical(p, r->has_points, r->points);
    out->points_low = canonical(p, !r->low_is_open, r->low);
    out->points_high = canonical(p, !r->high_is_open, r->high);
    out->max_points = canonical(p, r->has_maximum, r->maximum);
    out->bonus = canonical(p, r->has_bonus, r->bonus);
    out->penalty = canonical(p, r->has_penalty, r->penalty);
    out->rank = r->rank;
    out->rank_low = r->rank_low;
    out->rank_high = r->rank_high;
    for (int lang = 0; lang < 2; lang++) {
        out->shown_points.lang[lang] =
            figure_range(p->scratch, &range, (enum diag_lang)lang);
    }
    out->shown_max = shown(p, r->has_maximum, r->maximum);
    for (uint32_t i = 0; i < b->n_extras; i++) {
        if (b->extras[i].is_minus) {
            out->shown_penalty =
                r->has_penalty ? shown(p, true, r->penalty) : two("?", "?");
        } else {
            out->shown_bonus = r->has_bonus ? shown(p, true, r->bonus) : two("?", "?");
        }
    }
    if (r->grade != ID_NONE) {
        out->grade = b->grades[r->grade].title;
    }
}

static uint32_t count_unit(const struct presenter *p, const struct scoreboard *b,
                           const struct key *key)
{
    const struct schema *s = p->ev->engine->facts[b->dataset].schema;
    uint32_t n = 0;
    for (uint32_t i = 0; i < key->n; i++) {
        for (uint32_t k = 0; k < b->n_keys; k++) {
            n += str_eq(key->pairs[i].name, s->columns[b->keys[k]].name);
        }
    }
    return n;
}

static void present_score(const struct presenter *p, struct tally *tally,
                          const struct score_result *r, struct num scale)
{
    const struct scoreboard *b = &p->rules->boards[r->board];
    uint32_t *columns =
        arena_new_array(p->scratch, (size_t)b->n_keys + b->n_each + 1, uint32_t);
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n_keys; i++) {
        columns[n++] = b->keys[i];
    }
    for (uint32_t i = 0; i < b->n_each; i++) {
        columns[n++] = b->each[i];
    }
    struct key key = key_of(p, b->dataset, r->row, columns, n);
    struct report_score out = {
        .scoreboard = b->id,
        .title = in_both(&b->title),
        .key = key.pairs,
        .key_label = key.labels,
        .n_key = key.n,
        .n_unit = count_unit(p, b, &key),
    };
    struct num claimed;
    if (tally_claimed(tally, r->row, &claimed)) {
        out.claimed = canonical(p, true, claimed);
        out.shown_claimed = shown(p, true, claimed);
    }
    if (r->applies) {
        set_score(p, b, r, &out);
        set_gaps(p, tally, r, &out);
        out.share_low = r->low_is_open ? 0 : share_of(r->low, scale);
        out.share_high = r->high_is_open ? FULL_SHARE : share_of(r->high, scale);
    }
    for (uint32_t i = 0; i < p->n_reports; i++) {
        report_score(p->reports[i], &out);
    }
}

static void present_boards(struct arena *a, const struct presenter *p)
{
    size_t n;
    const struct score_result *cells = eval_scores(p->ev, &n);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first; end < n && cells[end].board == cells[first].board;) {
            end++;
        }
        struct tally *tally = tally_new(a, p->ev, cells[first].board);
        struct num scale = scale_of(cells + first, end - first);
        uint32_t dataset = p->rules->boards[cells[first].board].dataset;
        for (size_t i = first; i < end; i++) {
            if (is_wanted(p, dataset, cells[i].row)) {
                present_score(p, tally, &cells[i], scale);
                arena_reset(p->scratch);
            }
        }
    }
}

/* ---- indicators ---- */

static void present_indicator(const struct presenter *p, const struct indicator_result *r)
{
    const struct indicator *i = &p->rules->indicators[r->indicator];
    const struct schema *s = p->ev->engine->facts[i->dataset].schema;
    struct key key = key_of(p, i->dataset, r->row, s->key, s->n_key);
    struct report_indicator out = {
        .indicator = i->id,
        .title = in_both(&i->title),
        .key = key.pairs,
        .key_label = key.labels,
        .n_key = key.n,
        .value = canonical(p, r->has_value, r->value),
        .shown_value = shown(p, r->has_value, r->value),
        .undefined = i->undefined,
    };
    if (i->value) {
        struct str unit = unit_label(p->scratch, &i->value->unit, p->rules);
        out.unit = unit_name(p->scratch, &i->value->unit, p->rules);
        out.shown_unit = (struct report_text){{unit, unit}};
    }
    for (uint32_t k = 0; k < p->n_reports; k++) {
        report_indicator(p->reports[k], &out);
    }
}

void present_goals(struct arena *a, const struct present_input *in,
                   struct report *const *reports, uint32_t n_reports)
{
    assert(a && in && in->evaluation && in->rules);
    struct presenter p = {.ev = in->evaluation,
                          .rules = in->rules,
                          .scratch = arena_child(a),
                          .reports = reports,
                          .n_reports = n_reports};
    size_t n;
    const struct indicator_result *indicators = eval_indicators(p.ev, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_wanted(&p, p.rules->indicators[indicators[i].indicator].dataset,
                      indicators[i].row)) {
            present_indicator(&p, &indicators[i]);
            arena_reset(p.scratch);
        }
    }
    const struct target_result *targets = eval_targets(p.ev, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_wanted(&p, p.rules->targets[targets[i].target].dataset, targets[i].row)) {
            present_target(&p, &targets[i]);
            arena_reset(p.scratch);
        }
    }
    present_boards(a, &p);
}

/* What cannot be measured: columns and indicators without a definition, targets without a
 * figure; bands of points that can hardly be meant; and points whose maxima do not make
 * the sum that is declared. Maxima that are plain numbers were added up before (a wrong
 * sum is a rule error); here come those that are constant only once they are computed. */
#include "lang/lint_state.h"

#include <assert.h>

/* ---- without definition */

static void judge_undefined(struct linter *l, struct span at, struct str name,
                            struct str reason)
{
    struct diag *d = lint_report(l, DIAG_ID_LINT_UNDEFINED, at, SPAN_NONE);
    d->args[0] = name;
    d->args[1] = reason;
    lint_hint(d,
              "khi có định nghĩa thì bỏ undefined và viết quy tắc; nếu còn phải chờ thì "
              "ghi allow",
              "once there is a definition remove undefined and write the rules; while it "
              "is awaited, write an allow");
}

static void judge_target(struct linter *l, const struct target *t)
{
    struct str reason = t->actual == NULL ? t->unmeasured : t->undefined;
    if (t->actual != NULL && reason.p == NULL) {
        return;
    }
    struct diag *d = lint_report(l, DIAG_ID_LINT_UNMEASURED, t->at, SPAN_NONE);
    d->args[0] = t->id;
    d->args[1] = reason;
    lint_hint(
        d, "thống nhất cách thống kê rồi viết actual; nếu chưa được thì ghi allow",
        "agree on how to count it and write its actual; until then, write an allow");
}

/* ---- points */

static struct interval maximum_of(struct linter *l, uint32_t target)
{
    const struct target *t = &l->rules->targets[target];
    if (!t->has_points || t->points.maximum == NULL) {
        return interval_all(false);
    }
    return world_range(l->declared, term_of(l->terms, t->points.maximum)).num;
}

/* ---- bands */

static struct str band_shown(struct linter *l, const struct ast_band *b)
{
    return lint_written(l, NULL, span_join(b->from.at, b->points.at));
}

/* 100 : 20 where 100% : 20 was meant. */
static void judge_bound(struct linter *l, const struct ast_band *b)
{
    struct num hundredfold;
    if (b->from.is_percent || num_cmp(b->from.value, num_int(1)) <= 0 ||
        num_mul(b->from.value, num_int(100), &hundredfold) != DEC_OK) {
        return;
    }
    struct diag *d = lint_report(l, DIAG_ID_LINT_BAND_NUMBER, b->from.at, SPAN_NONE);
    d->args[0] = band_shown(l, b);
    d->args[1] = num_str(l->a, hundredfold);
    lint_hint(d, "thêm dấu % vào mức hoàn thành: 100% là đúng kế hoạch",
              "write the completion with %: 100% is the plan itself");
}

/* The band with the next higher bound; NULL: none. */
static const struct ast_band *band_above(const struct ast_points *p,
                                         const struct ast_band *b)
{
    const struct ast_band *above = NULL;
    for (uint32_t i = 0; i < p->n_bands; i++) {
        const struct ast_band *other = &p->bands[i];
        bool is_higher = num_cmp(other->from.value, b->from.value) > 0;
        if (is_higher &&
            (above == NULL || num_cmp(other->from.value, above->from.value) < 0)) {
            above = other;
        }
    }
    return above;
}

static void judge_band(struct linter *l, const struct ast_points *p,
                       const struct ast_band *b, const struct interval *maximum)
{
    const struct ast_band *above = band_above(p, b);
    judge_bound(l, b);
    if (above != NULL && num_cmp(b->points.value, above->points.value) > 0) {
        struct diag *d = lint_report(l, DIAG_ID_LINT_BAND_RISES, b->points.at, SPAN_NONE);
        d->args[0] = band_shown(l, b);
        d->args[1] = band_shown(l, above);
        lint_hint(d, "sửa điểm của một trong hai bậc, hoặc đổi chỗ chúng",
                  "correct the points of one of the two, or change them over");
    }
    if (maximum->has_high && num_cmp(b->points.value, maximum->high) > 0) {
        struct diag *d = lint_report(l, DIAG_ID_LINT_BAND_OVER, b->points.at, SPAN_NONE);
        d->args[0] = band_shown(l, b);
        d->args[1] = num_str(l->a, maximum->high);
        lint_hint(d, "nâng điểm tối đa, hạ điểm của bậc, hoặc dùng bonus",
                  "raise the maximum, lower the band, or give a bonus");
    }
}

static void judge_bands(struct linter *l, uint32_t target)
{
    const struct decl *d = lint_decl(l, l->rules->targets[target].at);
    const struct interval maximum = maximum_of(l, target);
    if (d == NULL || d->kind != DECL_TARGET) {
        return;
    }
    for (uint32_t i = 0; i < d->u.target.points.n_bands; i++) {
        judge_band(l, &d->u.target.points, &d->u.target.points.bands[i], &maximum);
    }
}

/* ---- sums */

static struct str bounds_shown(struct linter *l, const struct interval *i)
{
    struct text t = text_in(l->a);
    text_add(&t, i->has_low ? num_str(l->a, i->low) : STR("…"));
    if (!interval_is_one(i)) {
        text_add_z(&t, " .. ");
        text_add(&t, i->has_high ? num_str(l->a, i->high) : STR("…"));
    }
    return text_str(&t);
}

static void judge_points(struct linter *l, const uint32_t *targets, uint32_t n,
                         const struct ast_number *wanted, struct str of)
{
    struct interval sum = interval_one(num_int(0));
    for (uint32_t i = 0; i < n; i++) {
        sum = interval_add(sum, maximum_of(l, targets[i]));
    }
    if (!wanted->is_given || interval_holds(&sum, wanted->value)) {
        return;
    }
    struct diag *d = lint_report(l, DIAG_ID_LINT_POINTS, wanted->at, SPAN_NONE);
    d->args[0] = bounds_shown(l, &sum);
    d->args[1] = num_str(l->a, wanted->value);
    d->args[2] = of;
    lint_hint(d, "sửa điểm tối đa của các chỉ tiêu, hoặc số điểm ghi ở đây",
              "correct the maxima of the targets, or the points written here");
}

static void judge_board(struct linter *l, const struct scoreboard *b)
{
    const struct decl *d = lint_decl(l, b->at);
    if (d == NULL || d->kind != DECL_SCOREBOARD) {
        return;
    }
    for (uint32_t i = 0; i < b->n_parts && i < d->u.board.n_parts; i++) {
        if (b->parts[i].n_targets > 0) {
            judge_points(l, b->parts[i].targets, b->parts[i].n_targets,
                         &d->u.board.parts[i].maximum, b->parts[i].title);
        }
    }
    if (b->n_parts == 0) {
        judge_points(l, b->targets, b->n_targets, &d->u.board.total, b->id);
    }
}

void lint_results(struct linter *l)
{
    assert(l);
    const struct ruleset *r = l->rules;
    for (uint32_t i = 0; i < r->n_datasets; i++) {
        const struct schema *s = &r->datasets[i].schema;
        for (uint32_t k = 0; k < s->n_columns; k++) {
            if (s->columns[k].undefined.p != NULL) {
                judge_undefined(l, s->columns[k].at, s->columns[k].name,
                                s->columns[k].undefined);
            }
        }
    }
    for (uint32_t i = 0; i < r->n_indicators; i++) {
        if (r->indicators[i].value == NULL) {
            judge_undefined(l, r->indicators[i].at, r->indicators[i].id,
                            r->indicators[i].undefined);
        }
    }
    for (uint32_t i = 0; i < r->n_targets; i++) {
        judge_target(l, &r->targets[i]);
        judge_bands(l, i);
    }
    for (uint32_t i = 0; i < r->n_boards; i++) {
        judge_board(l, &r->boards[i]);
    }
}

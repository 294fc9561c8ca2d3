/* What cannot be measured: columns and indicators without a definition, targets without a
 * figure; and points whose maxima do not make the sum that is declared. Maxima that are
 * plain numbers were added up before (a wrong sum is a rule error); here come those that
 * are constant only once they are computed. */
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
    }
    for (uint32_t i = 0; i < r->n_boards; i++) {
        judge_board(l, &r->boards[i]);
    }
}

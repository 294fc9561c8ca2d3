/* See goal.h. The expressions of a target are computed a batch of rows at a time; what
 * follows from them is exact arithmetic on single rows: judge() settles status and
 * completion, points.c's schedule the points. A maximum below zero is none: the points
 * stay open above, and reports name what was found. */
#include "eval/goal.h"

#include "eval/points.h"
#include "eval/results.h"

#include <assert.h>
#include <string.h>

struct target_program {
    const struct target *target;
    struct program *program;
    uint32_t when, actual, plan, plan_high, pace,
        maximum; /* slots, SLOT_NONE: not written */
};

static uint32_t slot_of(struct engine *e, struct program *p, const struct expr *x)
{
    return x == NULL ? SLOT_NONE : program_add(e, p, x);
}

static struct target_program plan_target(struct engine *e, const struct target *t)
{
    struct target_program p = {.target = t, .program = program_new(e)};

    p.when = slot_of(e, p.program, t->when);
    p.actual = slot_of(e, p.program, t->actual);
    p.plan = slot_of(e, p.program, t->plan);
    p.plan_high = slot_of(e, p.program, t->plan_high);
    p.pace = slot_of(e, p.program, t->pace);
    p.maximum = t->has_points ? slot_of(e, p.program, t->points.maximum) : SLOT_NONE;
    return p;
}

static bool read_num(const struct vec *slots, uint32_t slot, uint32_t i, struct num *out)
{
    if (slot == SLOT_NONE || vec_state(&slots[slot], i) != CELL_OK) {
        return false;
    }
    const struct vec *v = &slots[slot];
    *out = v->kind == VALUE_BOOL ? num_int(v->flag[i]) : vec_num(v, i);
    return true;
}

static bool is_reached(enum aim aim, const struct target_result *r)
{
    switch (aim) {
    case AIM_AT_LEAST:
        return num_cmp(r->actual, r->plan) >= 0;
    case AIM_AT_MOST:
        return num_cmp(r->actual, r->plan) <= 0;
    case AIM_EXACTLY:
        return num_eq(r->actual, r->plan);
    case AIM_BETWEEN:
        return num_cmp(r->actual, r->plan) >= 0 && num_cmp(r->actual, r->plan_high) <= 0;
    case AIM_YES:
        return num_sign(r->actual) != 0;
    }
    return false;
}

static bool is_better(enum aim aim, const struct target_result *r)
{
    return (aim == AIM_AT_LEAST && num_cmp(r->actual, r->plan) > 0) ||
           (aim == AIM_AT_MOST && num_cmp(r->actual, r->plan) < 0);
}

/* How much of the plan was done: actual / plan for at_least, all or nothing for the
 * others but at_most, which mirrors the ratio when it is not reached. Plan 0: reached or
 * not. False: not computable. */
static bool complete(enum aim aim, struct target_result *r)
{
    bool reached = is_reached(aim, r);
    bool is_share = aim == AIM_AT_LEAST && num_sign(r->plan) > 0;

    r->completion = num_int(reached);
    if (is_share) {
        if (num_div(r->actual, r->plan, &r->completion) != DEC_OK) {
            return false;
        }
    } else if (aim == AIM_AT_MOST && !reached && num_sign(r->plan) > 0) {
        if (num_div(r->plan, r->actual, &r->completion) != DEC_OK) {
            return false;
        }
    }
    return true;
}

static enum target_status status_of(const struct target *t, const struct target_result *r)
{
    if (is_better(t->aim, r)) {
        return TARGET_EXCEEDED;
    }
    if (is_reached(t->aim, r)) {
        return TARGET_MET;
    }
    return num_cmp(r->completion, t->margin) >= 0 ? TARGET_NEAR : TARGET_MISSED;
}

/* A year's plan is due in part while the year runs. */
static void settle_pace(const struct target *t, struct target_result *r, bool is_mid_year,
                        bool has_pace, struct num pace)
{
    bool has_direction = t->aim == AIM_AT_LEAST || t->aim == AIM_AT_MOST;

    if (!r->has_plan || !is_mid_year) {
        r->has_due = r->has_plan;
        r->due = r->plan;
        return;
    }
    r->has_due = has_pace && num_mul(r->plan, pace, &r->due) == DEC_OK;
    if (!r->has_due || !r->has_actual || !has_direction) {
        return;
    }
    int order = num_cmp(r->actual, r->due);
    bool is_on_track = t->aim == AIM_AT_LEAST ? order >= 0 : order <= 0;
    r->pace = is_on_track ? PACE_ON_TRACK : PACE_BEHIND;
}

/* What follows from the values read. While it is not known whether the target applies,
 * its points may be none as well. */
static void judge(const struct target *t, bool applies, struct target_result *r)
{
    bool needs_plan = t->aim != AIM_YES;
    bool is_measured =
        r->has_actual && (!needs_plan || r->has_plan) && complete(t->aim, r);
    bool is_settled = t->has_points && points_reckon(t, is_measured, r);

    if (!is_measured || !applies) {
        r->status = TARGET_NO_DATA;
        r->low = applies ? r->low : num_int(0);
        return;
    }
    bool has_share = t->aim != AIM_YES && t->aim != AIM_BETWEEN && num_sign(r->plan) != 0;
    r->has_ratio = has_share && num_div(r->actual, r->plan, &r->ratio) == DEC_OK;
    r->status = status_of(t, r);
    r->has_points = is_settled;
}

static bool is_mid_year(const struct facts *facts, uint32_t row)
{
    if (facts->schema->period == ID_NONE) {
        return false;
    }
    const struct table_column *periods = &facts->table->columns[facts->schema->period];
    int month, year, day;
    if (periods->state[row] != CELL_OK) {
        return false;
    }
    date_parts(period_end(periods->when[row]), &year, &month, &day);
    return month != 12;
}

static bool is_na(const struct vec *slots, uint32_t slot, uint32_t i)
{
    return slot != SLOT_NONE && vec_state(&slots[slot], i) == CELL_NA;
}

/* CELL_OK unless the value cannot be computed: its unit cannot be converted, a limit. */
static uint8_t error_in(const struct vec *slots, uint32_t slot, uint32_t i)
{
    uint8_t state = slot == SLOT_NONE ? CELL_OK : vec_state(&slots[slot], i);

    return cell_kind(state) == CELL_KIND_ERROR ? state : CELL_OK;
}

static void judge_row(const struct target_program *p, const struct facts *facts,
                      const struct vec *slots, uint32_t i, struct target_result *r)
{
    const struct target *t = p->target;
    struct num pace = num_int(1);
    bool is_known = p->when == SLOT_NONE || vec_state(&slots[p->when], i) == CELL_OK;
    bool is_false = is_known && p->when != SLOT_NONE && !slots[p->when].flag[i];

    if (is_false || is_na(slots, p->when, i) || is_na(slots, p->actual, i) ||
        is_na(slots, p->plan, i) || is_na(slots, p->plan_high, i) ||
        is_na(slots, p->maximum, i)) {
        r->status = TARGET_NOT_APPLICABLE;
        return;
    }
    r->is_flag = t->aim == AIM_YES;
    r->actual_error = error_in(slots, p->actual, i);
    r->plan_error = error_in(slots, p->plan, i);
    if (r->plan_error == CELL_OK) {
        r->plan_error = error_in(slots, p->plan_high, i);
    }
    r->has_actual = read_num(slots, p->actual, i, &r->actual);
    r->has_plan =
        read_num(slots, p->plan, i, &r->plan) &&
        (t->plan_high == NULL || read_num(slots, p->plan_high, i, &r->plan_high));
    r->has_maximum = read_num(slots, p->maximum, i, &r->maximum);
    r->maximum_is_negative = r->has_maximum && num_sign(r->maximum) < 0;
    r->has_maximum = r->has_maximum && !r->maximum_is_negative;
    bool has_pace = p->pace == SLOT_NONE || read_num(slots, p->pace, i, &pace);
    judge(t, is_known, r);
    settle_pace(t, r, is_mid_year(facts, r->row), has_pace, pace);
}

bool goal_reads_absent(const struct engine *e, const uint32_t *uses, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (e->facts[uses[i]].table->is_absent) {
            return true;
        }
    }
    return false;
}

bool goal_is_out(const struct engine *e, const struct target *t)
{
    return t->undefined.p != NULL || e->facts[t->dataset].table->is_absent ||
           goal_reads_absent(e, t->uses, t->n_uses);
}

static struct target_result blank(uint32_t target, uint32_t row,
                                  enum target_status status)
{
    const struct num zero = num_int(0);

    return (struct target_result){.target = target,
                                  .row = row,
                                  .status = status,
                                  .actual = zero,
                                  .plan = zero,
                                  .plan_high = zero,
                                  .due = zero,
                                  .ratio = zero,
                                  .completion = zero,
                                  .points = zero,
                                  .low = zero,
                                  .high = zero,
                                  .maximum = zero};
}

struct target_result goal_unknown(const struct ruleset *rules, uint32_t target)
{
    const struct target *t = &rules->targets[target];
    struct target_result r = blank(target, ROW_NONE, TARGET_NO_DATA);

    r.has_maximum = t->has_points && t->points.maximum->op == EXPR_NUM;
    if (r.has_maximum) {
        r.maximum = t->points.maximum->num;
    }
    if (t->has_points) {
        (void)points_reckon(t, false, &r);
    }
    return r;
}

static uint32_t count_rows(const struct evaluation *ev, uint32_t number)
{
    return ev->engine->facts[ev->engine->rules->targets[number].dataset].table->n;
}

/* With the rows that are expected and absent. */
static uint32_t count_results(const struct evaluation *ev, uint32_t number)
{
    return count_rows(ev, number) +
           ev->engine->facts[ev->engine->rules->targets[number].dataset].table->n_absent;
}

/* A target that does not apply to an absent row lacks nothing there. */
static enum result_place place_target(const struct evaluation *ev, uint32_t number,
                                      uint32_t i)
{
    if (i < count_rows(ev, number)) {
        return RESULT_THERE;
    }
    return ev->targets[number][i].status == TARGET_NOT_APPLICABLE ? RESULT_NOWHERE
                                                                  : RESULT_ABSENT;
}

static bool target_is_absent(const struct evaluation *ev, uint32_t number)
{
    const struct engine *e = ev->engine;
    const struct target *t = &e->rules->targets[number];

    return e->facts[t->dataset].table->is_absent ||
           goal_reads_absent(e, t->uses, t->n_uses);
}

static void fill_target(const struct evaluation *ev, uint32_t number, uint32_t i,
                        struct table *t, uint32_t row, const struct result_set *set)
{
    const struct target_result *r = &ev->targets[number][i];
    const struct target *target = &ev->engine->rules->targets[number];
    const struct {
        bool is_there;
        uint8_t error;
        struct num value;
    } values[] = {{r->has_actual, r->actual_error, r->actual},
                  {r->has_plan, r->plan_error, r->plan},
                  {r->has_ratio, CELL_OK, r->ratio},
                  {r->has_points, CELL_OK, r->points}};

    for (uint32_t k = 0; k < COUNT_OF(values); k++) {
        if (r->status == TARGET_NOT_APPLICABLE) {
            results_set_na(t, 1 + set->n_key + k, row);
        } else if (values[k].is_there) {
            results_set_num(t, 1 + set->n_key + k, row, values[k].value);
        } else if (values[k].error != CELL_OK) {
            results_set_state(t, 1 + set->n_key + k, row, values[k].error);
        }
    }
    results_set_text(t, 1 + set->n_key + RESULT_STATUS, row,
                     str_of(target_status_name(r->status)));
    if (set->unit_column != ID_NONE && target->actual != NULL &&
        target->actual->unit.kind == UNIT_DECLARED) {
        results_set_text(t, set->unit_column, row,
                         unit_str(ev->engine->a, &target->actual->unit,
                                  ev->engine->rules->units, false));
    }
}

static void run_rows(struct evaluation *ev, const struct target_program *p,
                     struct target_result *results, uint32_t n)
{
    struct engine *e = ev->engine;
    const struct facts *facts = &e->facts[p->target->dataset];
    size_t mark = scratch_mark(e->batch);

    for (uint32_t at = 0; at < n; at += e->batch_rows) {
        struct domain d = {.n = n - at < e->batch_rows ? n - at : e->batch_rows,
                           .n_scopes = 1};
        d.scope[0] = (struct scope_rows){.facts = facts, .first = at};
        const struct vec *slots = program_run(e, p->program, &d, NULL);
        for (uint32_t i = 0; i < d.n; i++) {
            judge_row(p, facts, slots, i, &results[at + i]);
        }
        scratch_rewind(e->batch, mark);
    }
}

/* Records of targets know no error, so what cannot be computed is told beside them, at
 * its first row. */
static void tell_errors(struct engine *e, const struct target *t,
                        const struct target_result *results, uint32_t n)
{
    const struct table *table = e->facts[t->dataset].table;
    struct diag *d = NULL;
    uint64_t n_wrong = 0;

    for (uint32_t row = 0; row < n; row++) {
        if (results[row].actual_error == CELL_OK && results[row].plan_error == CELL_OK) {
            continue;
        }
        if (n_wrong++ == 0) {
            d = diag_file(e->diags, DIAG_ID_DATA_TARGET_ERROR,
                          table->files[table_file_of(table, row)].path,
                          table->records[row].line);
        }
    }
    if (d != NULL) {
        d->args[0] = t->id;
        d->args[1] = num_str(e->a, num_int((int64_t)n_wrong));
    }
}

void goal_run_target(struct evaluation *ev, uint32_t number)
{
    struct engine *e = ev->engine;
    const struct target *t = &e->rules->targets[number];
    const struct table *table = e->facts[t->dataset].table;
    uint32_t n = table->n + table->n_absent;
    struct target_result *results =
        arena_new_array(e->a, (size_t)n + 1, struct target_result);
    bool is_out = goal_is_out(e, t);

    for (uint32_t row = 0; row < n; row++) {
        results[row] =
            blank(number, row, is_out ? TARGET_NOT_APPLICABLE : TARGET_NO_DATA);
    }
    ev->targets[number] = results;
    if (!is_out && t->actual != NULL) {
        struct target_program p = plan_target(e, t);
        run_rows(ev, &p, results, n);
        tell_errors(e, t, results, table->n);
    }
    struct results_source source = {RESULT_TARGET, number,      count_results,
                                    place_target,  fill_target, target_is_absent};
    results_publish(ev, &source);
}

static uint32_t count_values(const struct evaluation *ev, uint32_t number)
{
    return ev->engine->facts[ev->engine->rules->indicators[number].dataset].table->n;
}

static uint32_t count_expected(const struct evaluation *ev, uint32_t number)
{
    return count_values(ev, number) +
           ev->engine->facts[ev->engine->rules->indicators[number].dataset]
               .table->n_absent;
}

static enum result_place place_indicator(const struct evaluation *ev, uint32_t number,
                                         uint32_t i)
{
    return i < count_values(ev, number) ? RESULT_THERE : RESULT_ABSENT;
}

static bool indicator_is_absent(const struct evaluation *ev, uint32_t number)
{
    const struct engine *e = ev->engine;
    const struct indicator *i = &e->rules->indicators[number];

    return e->facts[i->dataset].table->is_absent ||
           goal_reads_absent(e, i->uses, i->n_uses);
}

static void fill_indicator(const struct evaluation *ev, uint32_t number, uint32_t i,
                           struct table *t, uint32_t row, const struct result_set *set)
{
    const struct indicator_result *r = &ev->indicators[number][i];
    const struct indicator *indicator = &ev->engine->rules->indicators[number];

    if (r->has_value) {
        results_set_num(t, 1 + set->n_key + RESULT_VALUE, row, r->value);
    } else {
        results_set_state(t, 1 + set->n_key + RESULT_VALUE, row, r->state);
    }
    if (set->unit_column != ID_NONE && indicator->value != NULL &&
        indicator->value->unit.kind == UNIT_DECLARED) {
        results_set_text(t, set->unit_column, row,
                         unit_str(ev->engine->a, &indicator->value->unit,
                                  ev->engine->rules->units, false));
    }
}

static void compute_values(struct evaluation *ev, const struct indicator *indicator,
                           struct indicator_result *results, uint32_t n)
{
    struct engine *e = ev->engine;
    struct program *p = program_new(e);
    uint32_t slot = program_add(e, p, indicator->value);
    size_t mark = scratch_mark(e->batch);

    for (uint32_t at = 0; at < n; at += e->batch_rows) {
        struct domain d = {.n = n - at < e->batch_rows ? n - at : e->batch_rows,
                           .n_scopes = 1};
        d.scope[0] =
            (struct scope_rows){.facts = &e->facts[indicator->dataset], .first = at};
        const struct vec *slots = program_run(e, p, &d, NULL);
        for (uint32_t i = 0; i < d.n; i++) {
            results[at + i].has_value = read_num(slots, slot, i, &results[at + i].value);
            results[at + i].state = vec_state(&slots[slot], i);
        }
        scratch_rewind(e->batch, mark);
    }
}

void goal_run_indicator(struct evaluation *ev, uint32_t number)
{
    struct engine *e = ev->engine;
    const struct indicator *indicator = &e->rules->indicators[number];
    uint32_t n = count_values(ev, number);
    struct indicator_result *results =
        arena_new_array(e->a, (size_t)n + 1, struct indicator_result);
    bool is_out = indicator->undefined.p != NULL || indicator_is_absent(ev, number);

    for (uint32_t row = 0; row < n; row++) {
        results[row] = (struct indicator_result){
            .indicator = number, .row = row, .state = CELL_EMPTY};
    }
    ev->indicators[number] = results;
    if (!is_out && indicator->value != NULL) {
        compute_values(ev, indicator, results, n);
    }
    struct results_source source = {RESULT_INDICATOR, number,
                                    count_expected,   place_indicator,
                                    fill_indicator,   indicator_is_absent};
    results_publish(ev, &source);
}

const struct target_result *eval_targets(const struct evaluation *ev, size_t *n)
{
    const struct ruleset *rules = ev->engine->rules;
    size_t total = 0, at = 0;

    for (uint32_t i = 0; i < rules->n_targets; i++) {
        total += count_rows(ev, i);
    }
    struct target_result *all =
        arena_new_array(ev->engine->a, total + 1, struct target_result);
    for (uint32_t i = 0; i < rules->n_targets; i++) {
        uint32_t rows = count_rows(ev, i);
        memcpy(all + at, ev->targets[i], rows * sizeof *all);
        at += rows;
    }
    *n = total;
    return all;
}

const struct indicator_result *eval_indicators(const struct evaluation *ev, size_t *n)
{
    const struct ruleset *rules = ev->engine->rules;
    size_t total = 0, at = 0;

    for (uint32_t i = 0; i < rules->n_indicators; i++) {
        total += count_values(ev, i);
    }
    struct indicator_result *all =
        arena_new_array(ev->engine->a, total + 1, struct indicator_result);
    for (uint32_t i = 0; i < rules->n_indicators; i++) {
        uint32_t rows = count_values(ev, i);
        memcpy(all + at, ev->indicators[i], rows * sizeof *all);
        at += rows;
    }
    *n = total;
    return all;
}

const char *target_status_name(enum target_status s)
{
    static const char *const names[] = {"exceeded", "met",     "near",
                                        "missed",   "no_data", "not_applicable"};

    return names[s];
}

const char *target_pace_name(enum target_pace p)
{
    static const char *const names[] = {NULL, "on_track", "behind"};

    return names[p];
}

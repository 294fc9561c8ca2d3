/* The evaluation. All row checks of one data set share one program, so that a column is
 * loaded and a common sub-expression computed once a batch; every check of groups has a
 * program of its own. The loop over batches below is the whole engine: run the program,
 * account for each check. */
#include "eval/eval.h"

#include "eval/facts.h"
#include "eval/kernel.h"
#include "eval/narrow.h"
#include "eval/order.h"
#include "eval/program.h"
#include "eval/regex.h"
#include "eval/results.h"
#include "eval/structural.h"
#include "eval/verdict.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct check_program check_program(struct engine *e, struct program *p,
                                   const struct check *c)
{
    struct check_program out = {.check = c, .when = SLOT_NONE, .warns = SLOT_NONE};

    p->check = c;
    p->side[0] = SLOT_NONE;
    p->side[1] = SLOT_NONE;
    p->tolerance = SLOT_NONE;
    if (c->when != NULL) {
        out.when = program_add(e, p, c->when);
    }
    if (c->has_sides) {
        p->side[0] = program_add(e, p, c->left);
        p->side[1] = program_add(e, p, c->right);
    }
    if (c->within_rounding) {
        struct rounding r = rounding_of(e->a, e->rules, c);
        out.must = program_add(e, p, r.accepts);
        out.warns = r.warns == NULL ? SLOT_NONE : program_add(e, p, r.warns);
        p->tolerance = program_add(e, p, r.tolerance);
    } else if (c->within != NULL) {
        p->tolerance = program_add(e, p, c->within);
        uint32_t args[3] = {p->side[0], p->side[1], p->tolerance};
        struct expr *comparison = arena_new(e->a, struct expr);
        *comparison =
            (struct expr){.op = EXPR_COMPARE, .kind = VALUE_BOOL, .cmp = c->cmp};
        out.must = program_op(
            e, p,
            (struct op){.run = run_within, .expr = comparison, .args = args, .n = 3});
    } else {
        out.must = program_add(e, p, c->must);
    }
    out.side[0] = p->side[0];
    out.side[1] = p->side[1];
    out.tolerance = p->tolerance;
    return out;
}

static enum verdict by_policy(enum policy policy)
{
    switch (policy) {
    case POLICY_UNKNOWN:
        return VERDICT_UNKNOWN;
    case POLICY_FAIL:
        return VERDICT_FAIL;
    case POLICY_SKIP:
        return VERDICT_NA;
    }
    return VERDICT_UNKNOWN;
}

/* Verdict of a condition that is not OK. Only a `must` whose every cause is missing asks
 * `if_missing`. */
static enum verdict undecided(uint8_t state, enum policy if_missing)
{
    if (state == CELL_INNER) {
        return by_policy(if_missing);
    }
    switch (cell_kind(state)) {
    case CELL_KIND_MISSING:
        return by_policy(if_missing);
    case CELL_KIND_NA:
        return VERDICT_NA;
    case CELL_KIND_ERROR:
        return VERDICT_ERROR;
    case CELL_KIND_OK:
    case CELL_KIND_BAD:
        break;
    }
    return VERDICT_UNKNOWN;
}

/* Rule 10 of the manual: `when` false, then the first period, then `when` unknown, then
 * `must`. */
static enum verdict verdict_of(const struct check_program *cp, const struct vec *slots,
                               const uint8_t *first, uint32_t i, uint8_t *state)
{
    const struct vec *must = &slots[cp->must];

    *state = CELL_OK;
    if (cp->when != SLOT_NONE) {
        *state = vec_state(&slots[cp->when], i);
        if (*state == CELL_OK && !slots[cp->when].flag[i]) {
            return VERDICT_NA;
        }
    }
    if (first != NULL && first[i] && cp->check->uses_previous) {
        *state = CELL_NO_PREVIOUS;
        return by_policy(cp->check->if_first);
    }
    if (*state != CELL_OK) {
        return undecided(*state, POLICY_UNKNOWN);
    }
    *state = vec_state(must, i);
    if (*state != CELL_OK) {
        return undecided(*state, cp->check->if_missing);
    }
    return must->flag[i] ? VERDICT_PASS : VERDICT_FAIL;
}

struct accounted {
    struct check_program program;
    uint32_t rule;
};

static void account_each(struct evaluation *ev, const struct accounted *a,
                         const struct vec *slots, const uint8_t *first,
                         const struct domain *d)
{
    const struct check_program *cp = &a->program;

    for (uint32_t i = 0; i < d->n; i++) {
        struct finding f = {.rule = a->rule, .row = domain_row(d, 0, i)};
        enum verdict verdict = verdict_of(cp, slots, first, i, &f.state);
        f.verdict = (uint8_t)verdict;
        f.severity = (uint8_t)cp->check->severity;
        bool is_noise = verdict == VERDICT_FAIL && cp->warns != SLOT_NONE &&
                        vec_state(&slots[cp->warns], i) == CELL_OK &&
                        slots[cp->warns].flag[i];
        if (is_noise && f.severity < DIAG_WARNING) {
            f.severity = DIAG_WARNING;
        }
        verdict_add(ev, f);
    }
}

static uint32_t count_true(const uint8_t *flag, uint32_t n)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        sum += flag[i];
    }
    return sum;
}

/* The usual batch, in which everything is there and passes, is settled without a look at
 * each row. */
static void account(struct evaluation *ev, const struct accounted *a,
                    const struct vec *slots, const uint8_t *first, const struct domain *d)
{
    const struct check_program *cp = &a->program;
    const struct vec *must = &slots[cp->must];
    bool is_first = cp->check->uses_previous && memchr(first, 1, d->n) != NULL;
    bool is_plain = cp->when == SLOT_NONE && !is_first && must->state == NULL &&
                    ev->on_verdict == NULL;

    if (is_plain && ev->on_verdict == NULL && count_true(must->flag, d->n) == d->n) {
        verdict_count(&ev->rules[a->rule], VERDICT_PASS, d->n);
    } else {
        account_each(ev, a, slots, first, d);
    }
}

/* Checks that run together over the same rows or groups. */
struct batch_job {
    struct program *program;
    struct accounted *list;
    uint32_t n;
    struct scope_rows rows;
    uint32_t n_rows;
};

static void run_job(struct evaluation *ev, const struct batch_job *job)
{
    struct engine *e = ev->engine;
    size_t mark = scratch_mark(e->batch);

    for (uint32_t at = 0; at < job->n_rows; at += e->batch_rows) {
        uint32_t left = job->n_rows - at;
        struct domain d = {.n = left < e->batch_rows ? left : e->batch_rows,
                           .n_scopes = 1};
        uint8_t *first = scratch_array(e->batch, d.n, uint8_t);
        memset(first, 0, d.n);
        d.scope[0] = job->rows;
        d.scope[0].first += at;
        d.scope[0].rows = job->rows.rows == NULL ? NULL : job->rows.rows + at;
        const struct vec *slots = program_run(e, job->program, &d, first);
        for (uint32_t i = 0; i < job->n; i++) {
            account(ev, &job->list[i], slots, first, &d);
        }
        scratch_rewind(e->batch, mark);
    }
}

static void add_to_job(struct evaluation *ev, struct batch_job *job, uint32_t rule)
{
    struct engine *e = ev->engine;

    if (job->program == NULL) {
        job->program = program_new(e);
        job->list = arena_new_array(e->a, ev->n_rules, struct accounted);
    }
    job->list[job->n++] =
        (struct accounted){check_program(e, job->program, ev->rules[rule].check), rule};
}

/* Rows for which every condition of the head is true: 1 in `include`. */
static void apply_filter(struct engine *e, const struct check *c, uint8_t *include)
{
    const struct facts *facts = &e->facts[c->dataset];
    struct program *p = program_new(e);
    uint32_t *slots = arena_new_array(e->a, c->n_filter + 1, uint32_t);
    size_t mark = scratch_mark(e->batch);

    for (uint32_t i = 0; i < c->n_filter; i++) {
        slots[i] = program_add(e, p, c->filter[i]);
    }
    for (uint32_t at = 0; at < facts->table->n; at += e->batch_rows) {
        uint32_t left = facts->table->n - at;
        struct domain d = {.n = left < e->batch_rows ? left : e->batch_rows,
                           .n_scopes = 1};
        d.scope[0] = (struct scope_rows){.facts = facts, .first = at};
        const struct vec *values = program_run(e, p, &d, NULL);
        for (uint32_t i = 0; i < d.n; i++) {
            for (uint32_t k = 0; k < c->n_filter; k++) {
                const struct vec *v = &values[slots[k]];
                include[at + i] &= vec_state(v, i) == CELL_OK && v->flag[i];
            }
        }
        scratch_rewind(e->batch, mark);
    }
}

const struct keyidx *check_groups(struct engine *e, const struct check *c)
{
    const struct facts *facts = &e->facts[c->dataset];
    uint32_t n = facts->table->n + facts->table->n_absent;
    uint8_t *include = arena_new_array(e->a, (size_t)n + 1, uint8_t);

    for (uint32_t row = 0; row < facts->table->n; row++) {
        include[row] = facts->in_aggregates == NULL || facts->in_aggregates[row];
    }
    if (c->n_filter > 0) {
        apply_filter(e, c, include);
    }
    return keyidx_new(e->a, facts->table, c->each, c->n_each, include);
}

static void run_groups(struct evaluation *ev, uint32_t rule)
{
    struct engine *e = ev->engine;
    const struct check *c = ev->rules[rule].check;
    const struct keyidx *groups = check_groups(e, c);
    uint32_t n;
    const uint32_t *rows = narrow_groups(e, c, groups, &n);

    if (ev->rules[rule].why == INAPPLICABLE_UNDEFINED ||
        ev->rules[rule].why == INAPPLICABLE_ABSENT) {
        for (uint32_t i = 0; i < n; i++) {
            verdict_span(ev, rule, VERDICT_NA, rows[i], 1);
        }
        return;
    }
    struct batch_job job = {.n_rows = n};
    job.rows = (struct scope_rows){
        .facts = &e->facts[c->dataset], .group = groups, .rows = rows};
    add_to_job(ev, &job, rule);
    run_job(ev, &job);
}

static struct batch_job rows_of(struct engine *e, uint32_t dataset)
{
    struct batch_job job = {.rows = {.facts = &e->facts[dataset]}};

    job.rows.rows = narrow_list(e, dataset, &job.n_rows);
    return job;
}

static void skip_rows(struct evaluation *ev, uint32_t rule, const struct batch_job *job)
{
    for (uint32_t k = 0; k < job->n_rows; k++) {
        uint32_t row = job->rows.rows == NULL ? k : job->rows.rows[k];
        verdict_span(ev, rule, VERDICT_NA, row, 1);
    }
}

/* Checks that ask for earlier periods run alone: their first periods are their own. So do
 * those of a scoreboard's cells. */
static void run_checks_of(struct evaluation *ev, uint32_t dataset)
{
    struct engine *e = ev->engine;
    struct batch_job shared = rows_of(e, dataset);

    for (uint32_t i = 0; i < ev->n_rules; i++) {
        const struct rule *rule = &ev->rules[i];
        if (rule->kind != RULE_CHECK || rule->dataset != dataset ||
            e->facts[dataset].table->is_absent) {
            continue;
        }
        struct batch_job alone = {.rows = shared.rows, .n_rows = shared.n_rows};
        if (rule->check->of_cells && shared.rows.rows == NULL) {
            alone.n_rows += e->facts[dataset].table->n_absent;
        }
        if (rule->check->is_group) {
            run_groups(ev, i);
        } else if (rule->why != APPLICABLE) {
            skip_rows(ev, i, &alone);
        } else if (rule->check->uses_previous || rule->check->of_cells) {
            add_to_job(ev, &alone, i);
            run_job(ev, &alone);
        } else {
            add_to_job(ev, &shared, i);
        }
    }
    if (shared.n > 0) {
        run_job(ev, &shared);
    }
}

/* Results have no file where nothing that they could be made of has one. */
static bool uses_absent(const struct engine *e, const struct check *c)
{
    for (uint32_t i = 0; i < c->n_uses; i++) {
        if (e->facts[c->uses[i]].table->is_absent) {
            return true;
        }
    }
    return e->facts[c->dataset].table->is_absent;
}

static void check_rules_of(struct evaluation *ev, const struct eval_input *in)
{
    for (uint32_t i = 0; i < in->rules->n_checks; i++) {
        const struct check *c = &in->rules->checks[i];
        if (in->is_selected != NULL && !in->is_selected(in->context, c->id)) {
            continue;
        }
        struct rule rule = {.id = c->id,
                            .kind = RULE_CHECK,
                            .dataset = c->dataset,
                            .column = c->column,
                            .check = c,
                            .severity = c->severity};
        if (uses_absent(ev->engine, c)) {
            rule.why = INAPPLICABLE_ABSENT;
        } else if (c->undefined.p != NULL) {
            rule.why = INAPPLICABLE_UNDEFINED;
            rule.about = c->undefined;
        }
        rule_add(ev, rule);
    }
}

/* The order of rows and files must not show: of several spellings the first by text. */
static void learn_spellings(struct engine *e, const struct table *t)
{
    for (uint32_t i = 0; i < t->n_spellings; i++) {
        const struct spelling *s = &t->spellings[i];
        uint64_t known;
        if (!memo_get(e->written, s->id, &known) ||
            str_cmp(dict_str(e->texts, s->written), dict_str(e->texts, (uint32_t)known)) <
                0) {
            memo_put(e->written, s->id, s->written);
        }
    }
}

static struct engine *engine_new(struct arena *a, const struct eval_input *in,
                                 struct diags *diags)
{
    struct engine *e = arena_new(a, struct engine);

    e->a = a;
    e->rules = in->rules;
    e->codelists = in->codelists;
    e->texts = in->texts;
    e->batch = scratch_new(a);
    e->keep = scratch_new(a);
    e->folded = memo_new(a);
    e->units = memo_new(a);
    e->written = memo_new(a);
    e->hashes = memo_new(a);
    e->prepared = memo_new(a);
    e->sum_indexes = memo_new(a);
    e->diags = diags;
    e->batch_rows = in->batch_rows == 0 ? BATCH_ROWS : in->batch_rows;
    e->today = in->today;
    for (uint32_t i = 0; i < in->rules->n_datasets; i++) {
        learn_spellings(e, in->tables[i]);
    }
    return e;
}

static void assert_identity(const struct evaluation *ev)
{
    for (uint32_t i = 0; i < ev->n_rules; i++) {
        uint64_t sum = 0;
        for (unsigned v = 0; v < VERDICT_COUNT; v++) {
            sum += ev->rules[i].count[v];
        }
        assert(sum == ev->rules[i].expected &&
               "every evaluation ends in one of five verdicts");
    }
}

struct evaluation *eval_run(struct arena *a, const struct eval_input *in,
                            struct diags *diags)
{
    assert(a && in && in->rules && in->tables);
    struct evaluation *ev = arena_new(a, struct evaluation);

    ev->engine = engine_new(a, in, diags);
    ev->on_verdict = in->on_verdict;
    ev->most = in->most;
    ev->drops_unknown = in->drops_unknown;
    ev->context = in->context;
    ev->only_given = in->only_given;
    ev->engine->keeps_filled = in->on_verdict != NULL;
    facts_prepare(ev->engine, in->tables);
    narrow_rows(ev->engine, in);
    results_run(ev);
    structural_rules(ev, in);
    check_rules_of(ev, in);
    structural_run(ev);
    for (uint32_t d = 0; d < in->rules->n_datasets; d++) {
        run_checks_of(ev, d);
    }
    assert_identity(ev);
    findings_sort(ev);
    return ev;
}

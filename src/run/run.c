/* The pipeline, stage by stage. Open this first: each call is the door to one folder.
 *
 * A stage that finds errors of its own kind says so in the run's diags; they are told at
 * the end of the stage. Up to the choice of inputs and outputs an error means that
 * nothing is checked (usage). From then on nothing stops the run: what cannot be read,
 * computed or written makes it incomplete, and every report still gets its end. */
#include "run/run.h"

#include "eval/eval.h"
#include "run/choice.h"
#include "run/inputs.h"
#include "run/load.h"
#include "run/outputs.h"
#include "run/present.h"
#include "run/present_goal.h"
#include "run/record.h"
#include "run/score_explain.h"

#include <assert.h>

static void say(const struct run *r, struct str s)
{
    if (r->config->err) {
        (void)r->config->err(r->config->context, s.p, s.n); /* nowhere left to complain */
    }
}

bool run_tell(struct run *r)
{
    assert(r && r->diags);
    const struct settings *s = r->settings;
    bool has_color =
        s->color == WHEN_AUTO ? r->config->err_has_color : s->color == WHEN_ALWAYS;
    bool has_errors = diags_errors(r->diags) > 0;
    size_t n = diags_count(r->diags);
    if (n) {
        diags_sort(r->diags);
        n = diags_count(r->diags);
    }
    for (size_t i = 0; i < n && i < RUN_DIAGS_MAX; i++) {
        say(r, report_diag(r->arena, r->sources, diags_get(r->diags, i), r->lang,
                           has_color));
    }
    if (n > RUN_DIAGS_MAX) {
        struct diags *rest = diags_new(r->arena);
        struct text t = text_in(r->arena);
        text_uint(&t, n - RUN_DIAGS_MAX);
        diag_at(rest, DIAG_ID_USE_MORE, SPAN_NONE)->args[0] = text_str(&t);
        say(r, report_diag(r->arena, r->sources, diags_get(rest, 0), r->lang, has_color));
    }
    r->diags = diags_new(r->arena);
    r->rules.diags = r->diags;
    return has_errors;
}

void run_progress(const struct run *r, enum soat_stage stage)
{
    assert(r && r->settings && r->config);
    const struct soat_config *config = r->config;
    bool is_wanted = r->settings->progress == WHEN_ALWAYS ||
                     (r->settings->progress == WHEN_AUTO && config->err_is_terminal);
    if (config->progress && is_wanted) {
        config->progress(config->context, stage, r->bytes_done, r->bytes_all);
    }
}

/* Rule text to rule set, in the language of its messages. */
bool run_rules(struct run *r)
{
    assert(r && r->settings && r->config && r->files && r->arena && r->diags);
    r->lang = r->settings->has_lang ? r->settings->lang : LANG_VI;
    r->rules = (struct rules){
        .arena = r->arena,
        .files = r->files,
        .config = r->config,
        .diags = r->diags,
    };
    if (r->settings->rules.n == 0) {
        diag_at(r->diags, DIAG_ID_USE_NO_RULES, SPAN_NONE);
        return false;
    }
    bool is_good = rules_load(&r->rules, r->settings->rules);
    r->sources = r->rules.sources;
    r->diags = r->rules.diags;
    r->lang = r->settings->has_lang ? r->settings->lang : r->rules.lang;
    return is_good;
}

static const struct eval_where *where_of(struct run *r)
{
    struct eval_where *where =
        arena_new_array(r->arena, r->settings->n_where + 1, struct eval_where);

    for (size_t i = 0; i < r->settings->n_where; i++) {
        where[i].column = r->settings->where[i].name;
        where[i].value = r->settings->where[i].value;
    }
    return where;
}

static struct evaluation *evaluate(struct run *r, const struct loaded *l,
                                   const struct outputs *o)
{
    struct choice *context = arena_new(r->arena, struct choice);
    *context = (struct choice){r->settings, r->rules.ruleset};
    struct eval_input in = {
        .rules = r->rules.ruleset,
        .tables = l->tables,
        .codelists = l->codelists,
        .texts = l->texts,
        .today = r->settings->today,
        .is_selected = choice_is_selected,
        .context = context,
        .where = where_of(r),
        .n_where = (uint32_t)r->settings->n_where,
        .most = outputs_most(o, r),
        .drops_unknown = !r->settings->with_unknown,
    };
    return eval_run(r->arena, &in, r->diags);
}

/* Whether the choice of checks or of rows left nothing to be judged. */
static bool is_chosen_away(struct run *r, const struct evaluation *e)
{
    const struct settings *s = r->settings;
    if (e->n_rules == 0 && s->selects.n + s->ignores.n > 0) {
        diag_at(r->diags, DIAG_ID_USE_NOTHING_SELECTED, SPAN_NONE);
        return true;
    }
    if (!eval_is_narrowed_away(e, r->rules.ruleset)) {
        return false;
    }
    struct text t = text_in(r->arena);
    for (size_t i = 0; i < s->n_where; i++) {
        text_add_z(&t, i ? ", " : "");
        text_add(&t, s->where[i].name);
        text_char(&t, '=');
        text_add(&t, s->where[i].value);
    }
    diag_at(r->diags, DIAG_ID_USE_WHERE_NO_ROW, SPAN_NONE)->args[0] = text_str(&t);
    return true;
}

static void present(struct run *r, struct inputs *in, struct evaluation *e,
                    const struct outputs *o)
{
    struct present_input p = {
        .rules = r->rules.ruleset,
        .evaluation = e,
        .read_record = inputs_record,
        .read_line = inputs_line,
        .context = in,
        .with_unknown = r->settings->with_unknown,
    };
    struct present_totals t = {0};
    present_findings(r->arena, &p, o->reports, o->n_reports, &t);
    present_goals(r->arena, &p, o->reports, o->n_reports);
    r->totals = (struct soat_totals){
        .expected = t.expected,
        .pass = t.pass,
        .fail = t.fail,
        .unknown = t.unknown,
        .not_applicable = t.not_applicable,
        .rule_error = t.rule_error,
        .errors = t.error,
        .warnings = t.warning,
        .infos = t.info,
    };
}

static void begin_reports(struct run *r, const struct outputs *o,
                          const struct report_run *run)
{
    (void)r;
    for (uint32_t i = 0; i < o->n_reports; i++) {
        report_begin(o->reports[i], run);
    }
}

static void end_reports(struct run *r, struct outputs *o)
{
    for (int to_files = 1; to_files >= 0; to_files--) {
        struct report_end end = record_end(r);
        outputs_end(o, r, &end, to_files);
    }
}

/* What `--explain` asked for goes to standard output in place of a report. */
static void put_explained(struct run *r, struct str explained)
{
    const struct soat_config *config = r->config;
    if (explained.n && config->out &&
        !config->out(config->context, explained.p, explained.n)) {
        r->is_incomplete = true;
        diag_at(r->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
    }
}

enum soat_status run_check(struct run *r)
{
    assert(r && r->settings && r->config && r->files && r->arena && r->diags);
    struct inputs inputs;
    struct outputs outputs;
    struct loaded loaded = {0};

    /* Rules: text → syntax trees → a checked rule set. */
    bool is_good = run_rules(r);
    is_good = is_good && choice_check(r) && load_codelists(&loaded, r);
    if (is_good) {
        eval_preflight(r->arena, r->rules.ruleset, loaded.codelists, r->diags);
        choice_check_values(r, loaded.codelists);
    }
    if (run_tell(r) || !is_good) {
        return SOAT_USAGE;
    }

    /* Arguments: files for every data set, targets for every report. */
    is_good = inputs_choose(&inputs, r, r->rules.ruleset);
    is_good = is_good && outputs_choose(&outputs, r, &inputs);
    if (run_tell(r) || !is_good) {
        return SOAT_USAGE;
    }

    /* Data: bytes → text → records → typed columns. */
    load_tables(&loaded, r, &inputs);
    run_tell(r);

    /* Verdicts: rules × tables → findings and counts. */
    run_progress(r, SOAT_EVALUATING);
    struct evaluation *evaluation = evaluate(r, &loaded, &outputs);
    r->is_incomplete = run_tell(r) || r->is_incomplete;
    struct str explained = STR_NONE;
    if (!is_chosen_away(r, evaluation) && r->settings->explained.n) {
        explained = score_explain(r, evaluation);
    }
    if (run_tell(r)) {
        return SOAT_USAGE;
    }

    /* Reports: findings → records → every format, ended by what came of it all. */
    run_progress(r, SOAT_REPORTING);
    outputs_open(&outputs, r);
    begin_reports(r, &outputs, record_run(r, &inputs, &loaded));
    present(r, &inputs, evaluation, &outputs);
    end_reports(r, &outputs);
    put_explained(r, explained);
    run_tell(r);
    return record_status(r);
}

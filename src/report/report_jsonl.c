/* JSON Lines: one object a record, the contract for machines.
 *
 * Every key stands in every record in the same order; what is absent is null. Numbers
 * from data are texts, so no reader can bend them; only counts, rows, lines and fields
 * are JSON numbers. Where --max-findings left findings out, a record `hidden` for each
 * check says before the end how many. */
#include "report/emit_json.h"
#include "report/report.h"

#include <assert.h>

extern const struct report_format report_jsonl;

enum { SCHEMA = 1 }; /* version of the contract */

static struct json begin_record(struct report *r, const char *kind)
{
    struct json j = json_to(report_out(r));
    json_open(&j, '{');
    json_name(&j, STR("record"));
    json_text(&j, str_of(kind));
    return j;
}

static void end_record(struct report *r, struct json *j)
{
    json_close(j, '}');
    text_char(report_out(r), '\n');
}

static void member(struct json *j, const char *name, struct str s)
{
    json_name(j, str_of(name));
    json_text(j, s);
}

static void member_z(struct json *j, const char *name, const char *c)
{
    member(j, name, *c ? str_of(c) : STR_NONE);
}

static void member_uint(struct json *j, const char *name, uint64_t u)
{
    json_name(j, str_of(name));
    json_uint(j, u);
}

/* Counted from 1; 0 is null. */
static void member_place(struct json *j, const char *name, uint64_t u)
{
    json_name(j, str_of(name));
    if (u) {
        json_uint(j, u);
    } else {
        json_null(j);
    }
}

static void member_text(struct json *j, const char *name, const struct report_text *t)
{
    json_name(j, str_of(name));
    if (!t->lang[LANG_VI].p && !t->lang[LANG_EN].p) {
        json_null(j);
        return;
    }
    json_open(j, '{');
    member(j, "vi", t->lang[LANG_VI]);
    member(j, "en", t->lang[LANG_EN]);
    json_close(j, '}');
}

static const char *severity_name(enum diag_severity severity)
{
    static const char *const names[] = {
        [DIAG_ERROR] = "error", [DIAG_WARNING] = "warning", [DIAG_INFO] = "info"};
    assert(severity < COUNT_OF(names));
    return names[severity];
}

static const char *verdict_name(enum report_verdict verdict)
{
    static const char *const names[] = {
        [REPORT_PASS] = "pass",        [REPORT_FAIL] = "fail",
        [REPORT_UNKNOWN] = "unknown",  [REPORT_NOT_APPLICABLE] = "not_applicable",
        [REPORT_RULE_ERROR] = "error",
    };
    assert(verdict < COUNT_OF(names));
    return names[verdict];
}

static const char *outcome_name(enum report_outcome outcome)
{
    static const char *const names[] = {
        [REPORT_ACCEPTED] = "accepted",
        [REPORT_ACCEPTED_WITH_GAPS] = "accepted_with_gaps",
        [REPORT_REJECTED] = "rejected",
        [REPORT_INCOMPLETE] = "incomplete",
    };
    assert(outcome < COUNT_OF(names));
    return names[outcome];
}

static void put_left_out(struct json *j, const struct report_input *input)
{
    json_name(j, STR("left_out"));
    json_open(j, '[');
    for (uint32_t i = 0; i < input->n_left_out; i++) {
        json_open(j, '{');
        member_uint(j, "line", input->left_out[i].line);
        member(j, "reason", input->left_out[i].reason);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_input(struct json *j, const struct report_input *input)
{
    json_open(j, '{');
    member(j, "dataset", input->dataset);
    member(j, "path", input->path);
    member_z(j, "sha256", input->sha256);
    member_uint(j, "bytes", input->bytes);
    member_uint(j, "records", input->records);
    member(j, "encoding", input->encoding);
    member(j, "delimiter", input->delimiter);
    member(j, "numbers", input->numbers);
    put_left_out(j, input);
    json_close(j, '}');
}

static void put_rule_files(struct json *j, const struct report_run *run)
{
    json_name(j, STR("rules"));
    json_open(j, '[');
    for (uint32_t i = 0; i < run->n_rules; i++) {
        json_open(j, '{');
        member(j, "path", run->rules[i].path);
        member_z(j, "sha256", run->rules[i].sha256);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void on_begin(struct report *r, const struct report_run *run)
{
    struct json j = begin_record(r, "run");
    member(&j, "soat", run->version);
    member_uint(&j, "schema", SCHEMA);
    member(&j, "ruleset", run->ruleset);
    put_rule_files(&j, run);
    json_name(&j, STR("inputs"));
    json_open(&j, '[');
    for (uint32_t i = 0; i < run->n_inputs; i++) {
        put_input(&j, &run->inputs[i]);
    }
    json_close(&j, ']');
    member_z(&j, "language", run->language == LANG_VI ? "vi" : "en");
    member(&j, "as_of", run->as_of);
    end_record(r, &j);
}

static void put_key(struct json *j, const struct report_pair *key, uint32_t n)
{
    json_name(j, STR("key"));
    if (!n) {
        json_null(j);
        return;
    }
    json_open(j, '{');
    for (uint32_t i = 0; i < n; i++) {
        json_name(j, key[i].name);
        json_text(j, key[i].value);
    }
    json_close(j, '}');
}

static void put_operands(struct json *j, const struct report_finding *f)
{
    json_name(j, STR("operands"));
    json_open(j, '[');
    for (uint32_t i = 0; i < f->n_operands; i++) {
        const struct report_operand *o = &f->operands[i];
        json_open(j, '{');
        member(j, "name", o->name);
        member(j, "raw", o->raw);
        member(j, "value", o->value);
        member(j, "unit", o->unit);
        member(j, "file", o->file);
        member_place(j, "row", o->row);
        member_place(j, "line", o->line);
        member(j, "column", o->column);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_place(struct json *j, const struct report_finding *f)
{
    member(j, "dataset", f->dataset);
    member(j, "file", f->file);
    member_place(j, "row", f->row);
    member_place(j, "line", f->line);
    member(j, "column", f->column);
    member_place(j, "field", f->field);
    put_key(j, f->key, f->n_key);
}

static void put_values(struct json *j, const struct report_finding *f)
{
    member(j, "left", f->left);
    member(j, "right", f->right);
    member(j, "diff", f->diff);
    member(j, "tolerance", f->tolerance);
    member(j, "slack", f->slack);
    put_operands(j, f);
}

static void on_finding(struct report *r, const struct report_finding *f)
{
    struct json j = begin_record(r, "finding");
    member(&j, "check", f->check);
    member_z(&j, "verdict", verdict_name(f->verdict));
    member_z(&j, "severity", severity_name(f->severity));
    put_place(&j, f);
    put_values(&j, f);
    member_text(&j, "title", &f->title);
    member_text(&j, "message", &f->message);
    member_text(&j, "ask", &f->ask);
    member(&j, "because", f->because);
    member(&j, "reason", f->reason);
    member(&j, "cause", f->cause);
    member(&j, "suggestion", f->suggestion);
    member(&j, "waiver", f->waiver);
    member_z(&j, "fingerprint", f->fingerprint);
    member_z(&j, "state", f->state);
    end_record(r, &j);
}

static void on_rule(struct report *r, const struct report_rule *rule)
{
    struct json j = begin_record(r, "rule");
    member(&j, "check", rule->check);
    member_z(&j, "severity", severity_name(rule->severity));
    member(&j, "dataset", rule->dataset);
    member_uint(&j, "expected", rule->expected);
    member_uint(&j, "pass", rule->pass);
    member_uint(&j, "fail", rule->fail);
    member_uint(&j, "unknown", rule->unknown);
    member_uint(&j, "not_applicable", rule->not_applicable);
    member_uint(&j, "error", rule->error);
    member_uint(&j, "waived", rule->waived);
    json_name(&j, STR("vacuous"));
    json_bool(&j, rule->is_vacuous);
    member(&j, "reason", rule->reason);
    end_record(r, &j);
}

static void on_indicator(struct report *r, const struct report_indicator *i)
{
    struct json j = begin_record(r, "indicator");
    member(&j, "indicator", i->indicator);
    put_key(&j, i->key, i->n_key);
    member(&j, "value", i->value);
    member(&j, "unit", i->unit);
    end_record(r, &j);
}

static void on_target(struct report *r, const struct report_target *t)
{
    struct json j = begin_record(r, "target");
    member(&j, "target", t->target);
    put_key(&j, t->key, t->n_key);
    member(&j, "actual", t->actual);
    member(&j, "plan", t->plan);
    member(&j, "due", t->due);
    member(&j, "ratio", t->ratio);
    member(&j, "status", t->status);
    member(&j, "pace", t->pace);
    member(&j, "points", t->points);
    member(&j, "points_low", t->points_low);
    member(&j, "points_high", t->points_high);
    member(&j, "max_points", t->max_points);
    end_record(r, &j);
}

static void on_score(struct report *r, const struct report_score *s)
{
    struct json j = begin_record(r, "score");
    member(&j, "scoreboard", s->scoreboard);
    put_key(&j, s->key, s->n_key);
    member(&j, "points", s->points);
    member(&j, "points_low", s->points_low);
    member(&j, "points_high", s->points_high);
    member(&j, "max_points", s->max_points);
    member(&j, "bonus", s->bonus);
    member(&j, "penalty", s->penalty);
    member_place(&j, "rank", s->rank);
    member_place(&j, "rank_low", s->rank_low);
    member_place(&j, "rank_high", s->rank_high);
    member(&j, "grade", s->grade);
    member(&j, "claimed", s->claimed);
    end_record(r, &j);
}

static void put_hidden(struct report *r, uint32_t i)
{
    uint64_t n;
    struct str check = report_hidden(r, i, &n);
    struct json j = begin_record(r, "hidden");
    member(&j, "check", check);
    member_uint(&j, "findings", n);
    end_record(r, &j);
}

static void on_end(struct report *r, const struct report_end *end)
{
    assert(end->exit >= 0);
    for (uint32_t i = 0; i < report_hidden_checks(r); i++) {
        put_hidden(r, i);
    }
    struct json j = begin_record(r, "end");
    member_z(&j, "verdict", outcome_name(end->outcome));
    member_uint(&j, "exit", (uint64_t)end->exit);
    member_uint(&j, "error", end->error);
    member_uint(&j, "warning", end->warning);
    member_uint(&j, "info", end->info);
    member_uint(&j, "expected", end->expected);
    member_uint(&j, "pass", end->pass);
    member_uint(&j, "fail", end->fail);
    member_uint(&j, "unknown", end->unknown);
    member_uint(&j, "not_applicable", end->not_applicable);
    member_uint(&j, "rule_error", end->rule_error);
    end_record(r, &j);
}

const struct report_format report_jsonl = {
    .name = "jsonl",
    .begin = on_begin,
    .finding = on_finding,
    .rule = on_rule,
    .indicator = on_indicator,
    .target = on_target,
    .score = on_score,
    .end = on_end,
};

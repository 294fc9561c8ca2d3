#include "run/record.h"

#include "value/date.h"

#include <assert.h>
#include <string.h>

static void set_rule_files(struct run *r, const struct loaded *l, struct report_run *run)
{
    size_t n = r->rules.n + l->n_lists;
    struct report_rule_file *files =
        arena_new_array(r->arena, n, struct report_rule_file);
    for (size_t i = 0; i < r->rules.n; i++) {
        files[i].path = r->rules.items[i]->shown;
        memcpy(files[i].sha256, r->rules.items[i]->sha256, sizeof files[i].sha256);
    }
    for (uint32_t i = 0; i < l->n_lists; i++) {
        files[r->rules.n + i] = l->lists[i];
    }
    run->rules = files;
    run->n_rules = (uint32_t)n;
}

/* Totals rows and the other lines left out, in the order of their lines. */
static void set_left_out(struct run *r, const struct table *t, const struct table_file *f,
                         struct report_input *in)
{
    static const char *const why[] = {
        [LEFT_OUT_TITLE] = "title",
        [LEFT_OUT_TOTALS] = "totals",
        [LEFT_OUT_NOTE] = "note",
        [LEFT_OUT_BLANK] = "blank",
    };
    uint32_t n = f->n_left_out + f->n_totals, at = 0, at_totals = 0;
    struct report_left_out *out = arena_new_array(r->arena, n, struct report_left_out);
    for (uint32_t i = 0; i < n; i++) {
        const struct totals_row *total = &t->totals[f->first_totals + at_totals];
        if (at == f->n_left_out ||
            (at_totals < f->n_totals && total->record.line < f->left_out[at].line)) {
            out[i] = (struct report_left_out){total->record.line,
                                              str_of(why[LEFT_OUT_TOTALS])};
            at_totals++;
        } else {
            out[i] = (struct report_left_out){f->left_out[at].line,
                                              str_of(why[f->left_out[at].why])};
            at++;
        }
    }
    in->left_out = out;
    in->n_left_out = n;
}

/* What the table knows about one of its files. */
static void set_facts(struct run *r, const struct table *t, const struct table_file *f,
                      struct report_input *in)
{
    in->records = f->records;
    if (in->bytes) { /* else nothing was decoded */
        in->encoding = str_of(f->encoding);
    }
    if (f->delimiter) {
        in->delimiter = str_copy(r->arena, (struct str){&f->delimiter, 1});
    }
    if (f->numbers != NUMFMT_AUTO) {
        in->numbers = str_of(numfmt_name(f->numbers));
    }
    set_left_out(r, t, f, in);
}

static void set_inputs(struct run *r, const struct inputs *in, const struct loaded *l,
                       struct report_run *run)
{
    const struct ruleset *rules = r->rules.ruleset;
    struct report_input *list = arena_new_array(r->arena, in->n, struct report_input);
    for (size_t i = 0; i < in->n; i++) {
        const struct input *item = in->items[i];
        list[i].path = item->path;
        list[i].bytes = item->reader.bytes;
        memcpy(list[i].sha256, item->sha256, sizeof list[i].sha256);
        if (item->dataset < rules->n_datasets) {
            const struct table *t = l->tables[item->dataset];
            list[i].dataset = rules->datasets[item->dataset].schema.name;
            set_facts(r, t, &t->files[i - in->first[item->dataset]], &list[i]);
        }
    }
    run->inputs = list;
    run->n_inputs = (uint32_t)in->n;
}

const struct report_run *record_run(struct run *r, const struct inputs *in,
                                    const struct loaded *l)
{
    assert(r && in && l && r->rules.ruleset);
    const struct ruleset *rules = r->rules.ruleset;
    struct report_run *run = arena_new(r->arena, struct report_run);
    run->version = STR(SOAT_VERSION);
    run->ruleset = rules->name;
    run->title.lang[LANG_VI] = rules->title.lang[LANG_VI];
    run->title.lang[LANG_EN] = rules->title.lang[LANG_EN];
    run->language = r->lang;
    if (r->settings->has_today) {
        run->as_of = date_str(r->arena, r->settings->today);
    }
    set_rule_files(r, l, run);
    set_inputs(r, in, l, run);
    return run;
}

/* Whether something is at or above --fail-on. */
static bool has_reached(const struct run *r)
{
    const struct soat_totals *t = &r->totals;
    switch (r->settings->fail_on) {
    case FAIL_ON_ERROR:
        return t->errors > 0;
    case FAIL_ON_WARNING:
        return t->errors + t->warnings > 0;
    case FAIL_ON_INFO:
        return t->errors + t->warnings + t->infos > 0;
    case FAIL_ON_UNKNOWN:
        return t->errors + t->warnings + t->infos + t->unknown > 0;
    case FAIL_ON_NEVER:
        return false;
    }
    return false;
}

enum soat_status record_status(const struct run *r)
{
    assert(r);
    if (r->is_incomplete || r->totals.rule_error) {
        return SOAT_INCOMPLETE;
    }
    return has_reached(r) && !r->settings->is_exit_zero ? SOAT_FINDINGS : SOAT_OK;
}

struct report_end record_end(const struct run *r)
{
    assert(r);
    const struct soat_totals *t = &r->totals;
    enum soat_status status = record_status(r);
    enum report_outcome outcome =
        t->unknown ? REPORT_ACCEPTED_WITH_GAPS : REPORT_ACCEPTED;
    if (status == SOAT_INCOMPLETE) {
        outcome = REPORT_INCOMPLETE;
    } else if (t->errors || has_reached(r)) {
        outcome = REPORT_REJECTED;
    }
    return (struct report_end){
        .outcome = outcome,
        .exit = soat_exit_code(status),
        .error = t->errors,
        .warning = t->warnings,
        .info = t->infos,
        .expected = t->expected,
        .pass = t->pass,
        .fail = t->fail,
        .unknown = t->unknown,
        .not_applicable = t->not_applicable,
        .rule_error = t->rule_error,
    };
}

/* See eval_world.h. */
#include "eval_world.h"

#include "base/utf8.h"
#include "eval/explain.h"
#include "lang/check.h"
#include "lang/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct ruleset *rules_of(struct arena *a, const char *text,
                                      struct diags *diags)
{
    struct sources *sources = sources_new(a);
    uint32_t src = sources_add(sources, STR("rules.soat"), str_of(text));
    struct ast_file *files[1] = {parse_file(a, sources, src, diags)};
    const struct ruleset *rules = check_rules(a, sources, files, 1, diags);

    if (diags_errors(diags) > 0) {
        struct str said = diag_text(a, diags_get(diags, 0), LANG_EN);
        fail_msg("the rules do not pass: %.*s", (int)said.n, said.p);
    }
    return rules;
}

/* Lists whose entries stand in the rules. */
static const struct codelist *const *lists_of(struct arena *a,
                                              const struct ruleset *rules)
{
    const struct codelist **lists =
        arena_new_array(a, rules->n_codelists + 1, const struct codelist *);

    for (uint32_t i = 0; i < rules->n_codelists; i++) {
        const struct codelist_decl *d = &rules->codelists[i];
        struct code_entry *entries = arena_new_array(a, d->n_entries, struct code_entry);
        for (uint32_t k = 0; k < d->n_entries; k++) {
            entries[k] = (struct code_entry){.code = d->entries[k].code.text,
                                             .label = d->entries[k].label.text,
                                             .from = DAY_MIN,
                                             .to = DAY_MAX};
        }
        lists[i] = codelist_new(a, d->name, entries, d->n_entries);
    }
    return lists;
}

static struct table *table_of(struct arena *a, const struct schema *s, struct dict *texts,
                              const struct codelist *const *lists,
                              const struct eval_file *files)
{
    struct load_options options = {.numbers = NUMFMT_AUTO, .codelists = lists};
    struct loader *l = loader_open(a, s, texts, &options);

    for (uint32_t i = 0; i < EVAL_FILES && files[i].dataset != NULL; i++) {
        if (!str_eq(str_of(files[i].dataset), s->name)) {
            continue;
        }
        loader_file(l, s->name, "UTF-8");
        loader_feed(l, files[i].csv, strlen(files[i].csv));
        loader_file_end(l);
    }
    return loader_finish(l);
}

static void put_rule(struct text *t, const struct rule *r)
{
    static const char *const names[VERDICT_COUNT] = {"pass", "fail", "unknown", "na",
                                                     "error"};
    bool is_quiet = r->kind != RULE_CHECK &&
                    r->count[VERDICT_PASS] + r->count[VERDICT_NA] == r->expected;

    if (is_quiet) {
        return;
    }
    text_add(t, r->id);
    for (int v = 0; v < VERDICT_COUNT; v++) {
        if (r->count[v] > 0) {
            text_printf(t, " %s %u", names[v], (unsigned)r->count[v]);
        }
    }
    text_char(t, '\n');
}

static void put(struct text *t, const char *before, struct str s)
{
    if (s.p != NULL) {
        text_add_z(t, before);
        text_add(t, s);
    }
}

static void put_finding(struct text *t, const struct evaluation *ev,
                        const struct finding *f, const struct explanation *x)
{
    static const char *const verdicts[VERDICT_COUNT] = {"pass", "fail", "unknown", "na",
                                                        "error"};
    static const char *const severities[] = {"error", "warning", "info"};

    put(t, "  ", ev->rules[f->rule].id);
    text_printf(t, " %s %s {", verdicts[f->verdict], severities[f->severity]);
    for (uint32_t i = 0; i < x->n_key; i++) {
        put(t, i == 0 ? "" : ",", x->key[i].value);
    }
    text_char(t, '}');
    put(t, " left ", x->left);
    put(t, " right ", x->right);
    put(t, " tolerance ", x->tolerance);
    put(t, " reason ", x->reason);
    if (ev->rules[f->rule].kind == RULE_CHECK) {
        put(t, ": ", x->message.lang[LANG_EN]);
    }
    text_char(t, '\n');
}

static struct str raw_of(void *context, const struct cell_place *place, struct arena *a)
{
    (void)context;
    (void)place;
    (void)a;
    return STR("raw");
}

const char *eval_z(struct arena *a, struct str s)
{
    struct text t = text_in(a);

    text_add(&t, s);
    text_char(&t, '\0');
    return text_str(&t).p;
}

struct str eval_report(struct arena *a, const struct eval_texts *texts,
                       uint32_t batch_rows)
{
    struct diags *diags = diags_new(a);
    const struct ruleset *rules = rules_of(a, texts->rules, diags);
    struct eval_input in = {
        .rules = rules, .texts = dict_new(a), .batch_rows = batch_rows};
    struct table **tables = arena_new_array(a, rules->n_datasets, struct table *);
    struct text t = text_in(a);

    in.codelists = lists_of(a, rules);
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        tables[i] =
            table_of(a, &rules->datasets[i].schema, in.texts, in.codelists, texts->files);
    }
    in.tables = tables;
    struct evaluation *ev = eval_run(a, &in, diags);
    struct explainer *x = explainer_new(a, ev, raw_of, NULL);
    for (uint32_t i = 0; i < ev->n_rules; i++) {
        put_rule(&t, &ev->rules[i]);
    }
    for (size_t i = 0; i < ev->n_findings; i++) {
        put_finding(&t, ev, &ev->findings[i], explain(x, &ev->findings[i], a));
    }
    return text_str(&t);
}

const struct table *eval_table(struct arena *a, const char *rules, const char *csv)
{
    const struct ruleset *r = rules_of(a, rules, diags_new(a));
    const struct eval_file files[EVAL_FILES] = {{"d", csv}};

    return table_of(a, &r->datasets[0].schema, dict_new(a), lists_of(a, r), files);
}

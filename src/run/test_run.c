/* Each test is a run of its own over the tables of its blocks, in an arena of its own.
 * Every verdict is collected as it is given; expectations are held against the list
 * (test_match.c). The words ok and FAIL are the same in both languages, so that people
 * and scripts can search for them. */
#include "run/test_run.h"

#include "eval/describe.h"
#include "eval/explain.h"
#include "eval/plan.h"
#include "report/sheet.h"
#include "run/choice.h"
#include "run/test_cover.h"
#include "run/test_match.h"

#include <assert.h>

enum { STRAYS_SHOWN = 8 };

/* One test at work. */
struct job {
    struct run *run;
    struct test_case t;
    struct explainer *explainer;
    struct text out;
    struct sheet sheet;
    bool has_failed;
};

static void put(struct job *j, struct str s)
{
    sheet_text(&j->sheet, s);
}

static void put_z(struct job *j, const char *both)
{
    text_add_z(&j->out, both);
}

static void say(struct job *j, const char *vi, const char *en)
{
    sheet_say(&j->sheet, vi, en);
}

static const char *verdict_word(enum verdict v)
{
    static const char *const words[VERDICT_COUNT] = {
        [VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail",   [VERDICT_UNKNOWN] = "unknown",
        [VERDICT_NA] = "skip",   [VERDICT_ERROR] = "error",
    };
    return words[v];
}

static void put_place(struct job *j, struct span at)
{
    const struct sources *sources = j->t.rules->sources;
    put(j, source_path(sources, at.src));
    put_z(j, ":");
    text_uint(&j->out, source_place(sources, at).line);
}

/* ---- running ---- */

static bool names_check(const struct test_block *test, struct str id)
{
    for (uint32_t i = 0; i < test->n_expects; i++) {
        if (str_eq(test->expects[i].check, id)) {
            return true;
        }
    }
    return false;
}

/* The number of the column whose structural check this id is, of data set s; ID_NONE. */
static uint32_t column_of_check(const struct schema *s, struct str id)
{
    if (!str_starts(id, s->name) || id.n <= s->name.n || id.p[s->name.n] != '.') {
        return ID_NONE;
    }
    struct str rest = str_cut(id, s->name.n + 1, id.n);
    size_t dot = str_find(rest, STR("."));
    return dot == SIZE_MAX ? ID_NONE : schema_column(s, str_cut(rest, 0, dot));
}

/* D.columns and D.cover count where a test names them; a column that is not given has no
 * structural checks. */
static bool is_selected(void *context, struct str id)
{
    const struct test_case *t = context;
    if (names_check(t->test, id)) {
        return true;
    }
    for (uint32_t d = 0; d < t->rules->n_datasets; d++) {
        const struct schema *s = &t->rules->datasets[d].schema;
        uint32_t column = column_of_check(s, id);
        if (column != ID_NONE) {
            return test_has_column(t, d, column);
        }
        if (str_starts(id, s->name) && (id.n == s->name.n + 8 || id.n == s->name.n + 6) &&
            (str_ends(id, STR(".columns")) || str_ends(id, STR(".cover")))) {
            return false;
        }
    }
    return true;
}

static void take_verdict(void *context, uint32_t rule, uint32_t row, enum verdict v)
{
    struct test_case *t = context;
    t->verdicts = list_room(t->a, t->verdicts, t->n_verdicts, &t->cap_verdicts,
                            sizeof *t->verdicts);
    t->verdicts[t->n_verdicts++] = (struct verdict_row){rule, row, v};
}

/* Verdicts that were only counted, without their rows. */
static void take_rowless(struct test_case *t)
{
    for (uint32_t i = 0; i < t->ev->n_rules; i++) {
        uint64_t left[VERDICT_COUNT];
        for (size_t v = 0; v < VERDICT_COUNT; v++) {
            left[v] = t->ev->rules[i].count[v];
        }
        for (size_t k = 0; k < t->n_verdicts; k++) {
            uint64_t *of = &left[t->verdicts[k].verdict];
            *of -= t->verdicts[k].rule == i && *of > 0;
        }
        for (size_t v = 0; v < VERDICT_COUNT; v++) {
            for (; left[v]; left[v]--) {
                take_verdict(t, i, ROW_NONE, (enum verdict)v);
            }
        }
    }
}

static struct str raw_of(void *context, const struct cell_place *at, struct arena *a)
{
    const struct job *j = context;
    const struct test_case *t = &j->t;
    if (at->file == ID_NONE || at->column == ID_NONE || !at->record.number) {
        return STR_NONE;
    }
    const struct table_file *file = &t->tables[at->dataset]->files[at->file];
    struct field_place *fields;
    size_t n = reader_split(a, test_record(t, at->dataset, at->record.offset),
                            file->delimiter, &fields);
    uint32_t field = file->field_of[at->column];
    return field < n ? fields[field].value : STR_NONE;
}

static void evaluate(struct job *j)
{
    struct test_case *t = &j->t;
    test_data(t);
    struct eval_input in = {
        .rules = t->rules,
        .tables = t->tables,
        .codelists = t->loaded->codelists,
        .texts = t->texts,
        .today = j->run->settings->today,
        .is_selected = is_selected,
        .on_verdict = take_verdict,
        .context = t,
    };
    t->ev = eval_run(t->a, &in, j->run->diags);
    take_rowless(t);
    j->explainer = explainer_new(t->a, t->ev, raw_of, j);
}

/* ---- saying what differs ---- */

static void put_key(struct job *j, const struct explanation *x)
{
    for (uint32_t i = 0; i < x->n_key; i++) {
        put_z(j, i ? ", " : "");
        put(j, x->key[i].name);
        put_z(j, "=");
        put(j, x->key[i].value.p ? x->key[i].value : STR("?"));
    }
}

static struct str message_of(const struct explanation *x, enum diag_lang lang)
{
    const struct bilingual *const texts[] = {&x->message, &x->working, &x->at_mark};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        for (int k = 0; k < 2; k++) {
            struct str s =
                texts[i]->lang[k ? (lang == LANG_VI ? LANG_EN : LANG_VI) : lang];
            if (s.n) {
                return s;
            }
        }
    }
    return STR_NONE;
}

/* The key of a row or group of which there is nothing else to say. */
static void put_row_key(struct job *j, const struct verdict_row *v)
{
    const struct rule *rule = &j->t.ev->rules[v->rule];
    const struct schema *s = j->t.ev->engine->facts[rule->dataset].schema;
    struct explanation x = {.n_key = 0};
    struct row_key of = {rule->dataset, v->row, s->key, s->n_key};
    if (v->row == ROW_NONE || rule->kind != RULE_CHECK) {
        return;
    }
    if (rule->check->is_group) {
        of.columns = rule->check->each;
        of.n = rule->check->n_each;
    }
    explain_key(j->t.ev->engine, j->t.a, &of, &x);
    put_z(j, " · ");
    put_key(j, &x);
}

/* "fail · rules.soat:31 · unit_code=91, period=2022-H1 · 541 expected, 540 reported" */
static void put_verdict(struct job *j, const struct verdict_row *v)
{
    put_z(j, verdict_word(v->verdict));
    const struct finding *f = test_finding(&j->t, v);
    if (!f) {
        put_row_key(j, v);
        return;
    }
    const struct explanation *x = explain(j->explainer, f, j->t.a);
    uint32_t dataset = j->t.ev->rules[v->rule].dataset;
    if (x->place.file != ID_NONE && x->place.record.line && j->t.given[dataset]) {
        put_z(j, " · ");
        put(j, source_path(j->t.rules->sources, j->t.given[dataset]->at.src));
        put_z(j, ":");
        text_uint(&j->out, test_line(&j->t, dataset, x->place.record.line));
    }
    if (x->n_key) {
        put_z(j, " · ");
        put_key(j, x);
    }
    struct str message = message_of(x, j->sheet.lang);
    if (message.n) {
        put_z(j, " · ");
        put(j, message);
    }
    if (x->reason.n) {
        put_z(j, " (");
        put(j, x->reason);
        put_z(j, ")");
    }
}

static void put_expect(struct job *j, const struct expect *e)
{
    put_z(j, "     ");
    put_place(j, e->span);
    say(j, ": cần ", ": expected ");
    put(j, e->check);
    put_z(j, " ");
    put_z(j, verdict_word(expected_verdict(e->verdict)));
    for (uint32_t i = 0; i < e->n_at; i++) {
        put_z(j, i ? ", " : " at ");
        put(j, e->at[i].name);
        put_z(j, " ");
        put(j, e->at[i].value.text.p ? e->at[i].value.text
                                     : num_str(j->t.a, e->at[i].value.num));
    }
    put_z(j, "\n");
}

static void put_difference(struct job *j, const struct expect *e, const struct match *m)
{
    put_expect(j, e);
    say(j, "       có: ", "       came: ");
    if (m->wrong) {
        put_verdict(j, m->wrong);
        uint32_t others = m->n - m->by_verdict[m->wrong->verdict];
        if (others) {
            say(j, "; và ", "; and ");
            text_uint(&j->out, others);
            say(j, " lần kiểm khác nữa", " more of other verdicts");
        }
    } else if (!m->has_rule) {
        say(j, "phép kiểm này không chạy", "this check was not run");
    } else {
        say(j, "không lần kiểm nào ở đó", "no evaluation there");
    }
    put_z(j, "\n");
}

static void put_strays(struct job *j)
{
    uint32_t n = 0;
    for (const struct verdict_row *v = test_stray(&j->t, NULL); v;
         v = test_stray(&j->t, v)) {
        if (n++ == STRAYS_SHOWN) {
            put_z(j, "       …\n");
            break;
        }
        say(j, "     ngoài dự kiến: ", "     not expected: ");
        put(j, j->t.ev->rules[v->rule].id);
        put_z(j, " ");
        put_verdict(j, v);
        put_z(j, "\n");
    }
}

/* A block that cannot be read to its end is wrong unless the test is about that. */
static void judge_blocks(struct job *j)
{
    for (uint32_t i = 0; i < j->t.test->n_given; i++) {
        const struct given *given = &j->t.test->given[i];
        const struct table *t = j->t.tables[given->dataset];
        struct text row = text_in(j->t.a);
        text_add(&row, j->t.rules->datasets[given->dataset].schema.name);
        text_add_z(&row, ".row");
        bool is_broken = t->n_files > 0 && t->files[0].status != READER_OK;
        bool is_empty = t->n_files > 0 && t->files[0].is_empty;
        if ((!is_broken || names_check(j->t.test, text_str(&row))) && !is_empty) {
            continue;
        }
        j->has_failed = true;
        put_z(j, "     ");
        put_place(j, given->at);
        if (is_empty) {
            say(j, ": khối given không có dòng tiêu đề\n",
                ": the given block has no header\n");
        } else {
            say(j, ": khối given không đọc hết được; xem lại dấu nháy\n",
                ": the given block cannot be read to its end; see its quotes\n");
        }
    }
}

static void judge(struct job *j)
{
    judge_blocks(j);
    for (uint32_t i = 0; i < j->t.test->n_expects; i++) {
        struct match m;
        if (!test_match(&j->t, &j->t.test->expects[i], &m)) {
            j->has_failed = true;
            put_difference(j, &j->t.test->expects[i], &m);
        }
    }
    if (j->t.test->nothing_else && test_stray(&j->t, NULL)) {
        j->has_failed = true;
        put_strays(j);
    }
}

static bool write_out(struct run *r, struct str s)
{
    const struct soat_config *config = r->config;
    if (r->is_incomplete) {
        return false; /* was told once */
    }
    if (!s.n || !config->out || config->out(config->context, s.p, s.n)) {
        return true;
    }
    r->is_incomplete = true;
    diag_at(r->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
    return false;
}

static struct report_style style_of(const struct run *r)
{
    const struct settings *s = r->settings;
    bool has_color =
        s->color == WHEN_AUTO ? r->config->out_has_color : s->color == WHEN_ALWAYS;
    return (struct report_style){
        .lang = r->lang, .has_color = has_color, .width = r->config->width};
}

/* "ok   rules.soat:25 a typing slip is caught" */
static struct str heading(struct job *j)
{
    struct text line = text_in(j->t.a);
    struct report_style style = style_of(j->run);
    struct sheet s = sheet_on(&line, &style);
    const struct test_block *test = j->t.test;
    sheet_tone(&s, j->has_failed ? TONE_ERROR : TONE_GOOD);
    text_add_z(&line, j->has_failed ? "FAIL" : "ok");
    sheet_tone(&s, TONE_PLAIN);
    text_add_z(&line, j->has_failed ? " " : "   ");
    sheet_text(&s, source_path(j->t.rules->sources, test->at.src));
    text_char(&line, ':');
    text_uint(&line, source_place(j->t.rules->sources, test->at).line);
    text_char(&line, ' ');
    sheet_text(&s, test->name);
    text_char(&line, '\n');
    return text_str(&line);
}

/* True: it passed. */
static bool run_one(struct run *r, const struct loaded *l, const struct test_block *test,
                    struct arena *a)
{
    struct job j = {.run = r, .t = {.a = a, .test = test, .loaded = l}};
    struct report_style style = style_of(r);
    j.t.rules = r->rules.ruleset;
    j.out = text_in(a);
    j.sheet = sheet_on(&j.out, &style);
    evaluate(&j);
    judge(&j);
    if (!r->settings->is_quiet) {
        (void)(write_out(r, heading(&j)) && write_out(r, text_str(&j.out)));
    }
    return !j.has_failed;
}

struct str test_totals_line(struct arena *a, const struct test_totals *t,
                            enum diag_lang lang)
{
    assert(a && t);
    struct text line = text_in(a);
    text_uint(&line, t->passed);
    text_add_z(&line, lang == LANG_VI ? " phép thử đạt, " : " passed, ");
    text_uint(&line, t->failed);
    text_add_z(&line, lang == LANG_VI ? " không đạt\n" : " failed\n");
    return text_str(&line);
}

enum soat_status run_test(struct run *r, struct test_totals *totals)
{
    assert(r && r->settings && r->config && r->files && r->diags && totals);
    struct loaded loaded = {0};
    bool is_good = run_rules(r);
    is_good = is_good && choice_check(r) && load_codelists(&loaded, r);
    if (is_good) {
        eval_preflight(r->arena, r->rules.ruleset, loaded.codelists, r->diags);
    }
    if (is_good && !r->rules.ruleset->n_tests) {
        diag_at(r->diags, DIAG_ID_USE_NO_TESTS, SPAN_NONE)->args[0] = r->settings->rules;
    }
    if (run_tell(r) || !is_good) {
        return SOAT_USAGE;
    }
    uint64_t failed = totals->failed;
    struct arena *a = arena_child(r->arena);
    for (uint32_t i = 0; i < r->rules.ruleset->n_tests; i++) {
        bool is_passed = run_one(r, &loaded, &r->rules.ruleset->tests[i], a);
        totals->passed += is_passed;
        totals->failed += !is_passed;
        run_tell(r);
        arena_reset(a);
    }
    if (r->settings->has_coverage) {
        struct report_style style = style_of(r);
        write_out(r, test_cover(r->arena, r->rules.ruleset, &style));
    }
    run_tell(r);
    if (r->is_incomplete) {
        return SOAT_INCOMPLETE;
    }
    return totals->failed > failed ? SOAT_FINDINGS : SOAT_OK;
}

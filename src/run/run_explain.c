/* A subject is looked for among diagnostic codes, then in the rules (checks, indicators,
 * targets, scoreboards, structural checks of a data set), then among the structural
 * checks in general. Lines are `label: text`; nothing is said about what is not there. */
#include "run/run_explain.h"

#include "eval/eval.h"
#include "eval/structural.h"
#include "report/sheet.h"
#include "run/load.h"
#include "run/sentence.h"
#include "run/tally.h"
#include "run/workings.h"

#include <assert.h>

enum { EXAMPLE_LINES = 8 };

struct help { /* of a structural check */
    const char *suffix, *meaning[2], *computed[2];
};

static const struct help helps[] = {
#define HELP(suffix, meaning_vi, meaning_en, computed_vi, computed_en)                   \
    {suffix, {meaning_vi, meaning_en}, {computed_vi, computed_en}},
#include "run/structural_help.def"
#undef HELP
};

static const struct {
    const char *suffix, *title[2], *ask[2];
} structural[] = {
#define STRUCTURAL(id, suffix, per_column, title_vi, title_en, vi, en, ask_vi, ask_en)   \
    {suffix, {title_vi, title_en}, {ask_vi, ask_en}},
#include "eval/structural.def"
#undef STRUCTURAL
};

static_assert(COUNT_OF(helps) == COUNT_OF(structural), "help for every structural check");

struct job {
    struct run *run;
    struct arena *a;
    const struct ruleset *rules; /* NULL: none were given */
    enum diag_lang lang;
    struct text out;
    struct sheet sheet;
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

/* "  label: text"; nothing where there is no text. */
static void line(struct job *j, const char *vi, const char *en, struct str s)
{
    if (s.n) {
        put_z(j, "  ");
        say(j, vi, en);
        put_z(j, ": ");
        put(j, s);
        put_z(j, "\n");
    }
}

static void line_z(struct job *j, const char *vi, const char *en, const char *const *both)
{
    line(j, vi, en, str_of(both[j->lang]));
}

static const char *severity_word(const struct job *j, enum diag_severity s)
{
    static const char *const words[][2] = {
        [DIAG_ERROR] = {"error (lỗi)", "error"},
        [DIAG_WARNING] = {"warning (cảnh báo)", "warning"},
        [DIAG_INFO] = {"info (thông tin)", "info"},
    };
    return words[s][j->lang];
}

static struct str formula(const struct job *j, const struct expr *x)
{
    return x ? written(j->a, j->rules->sources, x->at) : STR_NONE;
}

static struct str in_words(const struct job *j, const struct expr *x)
{
    return sentence(j->a, j->rules, x, j->lang);
}

/* A formula as written, and below it in words where they say more. */
static void put_formula(struct job *j, const char *vi, const char *en,
                        const struct expr *x)
{
    struct str f = formula(j, x), words = in_words(j, x);
    if (x && x->op == EXPR_NUM) {
        line(j, vi, en, words);
        return;
    }
    line(j, vi, en, f);
    if (!str_eq(f, words)) {
        line(j, "  bằng lời", "  in words", words);
    }
}

static void put_place(struct job *j, struct span at)
{
    const struct sources *sources = j->rules->sources;
    if (span_is_none(at)) {
        return;
    }
    struct text t = text_in(j->a);
    text_add(&t, source_path(sources, at.src));
    text_char(&t, ':');
    text_uint(&t, source_place(sources, at).line);
    line(j, "khai báo tại", "declared at", text_str(&t));
}

/* ---- diagnostic codes ---- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_code(struct str subject, const char *code)
{
    struct str c = str_of(code);
    for (size_t i = 0; i < subject.n; i++) {
        if (subject.n != c.n || upper(subject.p[i]) != c.p[i]) {
            return false;
        }
    }
    return subject.n > 0;
}

static bool explain_code(struct job *j, struct str subject)
{
    for (int id = 0; id < DIAG_ID_COUNT; id++) {
        const struct diag_info *info = diag_info((enum diag_id)id);
        if (!is_code(subject, info->code)) {
            continue;
        }
        put_z(j, info->code);
        put_z(j, " · ");
        put_z(j, severity_word(j, info->severity));
        put_z(j, " · ");
        put_z(j, info->title[j->lang]);
        put_z(j, "\n");
        line_z(j, "thông báo", "message", info->text);
        line_z(j, "giải thích", "explanation", info->about);
        return true;
    }
    return false;
}

/* ---- structural checks ---- */

/* The number of the check whose suffix the subject is, or ends with; COUNT_OF: none. */
static size_t structural_number(struct str subject, bool must_be_whole)
{
    for (size_t i = 0; i < COUNT_OF(structural); i++) {
        struct str suffix = str_of(structural[i].suffix);
        bool is_end = str_ends(subject, suffix) && subject.n > suffix.n &&
                      subject.p[subject.n - suffix.n - 1] == '.';
        if (str_eq(subject, suffix) || (is_end && !must_be_whole)) {
            return i;
        }
    }
    return COUNT_OF(structural);
}

static void put_structural(struct job *j, struct str subject, size_t i)
{
    assert(str_eq(str_of(helps[i].suffix), str_of(structural[i].suffix)));
    put(j, subject);
    say(j, " · kiểm tra cấu trúc · ", " · structural check · ");
    put_z(j, structural[i].title[j->lang]);
    put_z(j, "\n");
    line_z(j, "nghĩa là", "meaning", helps[i].meaning);
    line_z(j, "cách tính", "how", helps[i].computed);
    line_z(j, "việc cần làm", "what to do", structural[i].ask);
}

/* D.suffix or D.column.suffix of the rules; the declaration that asks for it. */
static bool explain_declared(struct job *j, struct str subject)
{
    size_t number = structural_number(subject, false), dot = str_find(subject, STR("."));
    if (number == COUNT_OF(structural) || dot == SIZE_MAX) {
        return false;
    }
    struct str dataset = str_cut(subject, 0, dot);
    struct str rest = str_cut(subject, dot + 1, subject.n);
    size_t second = str_find(rest, STR("."));
    for (uint32_t d = 0; j->rules && d < j->rules->n_datasets; d++) {
        const struct schema *s = &j->rules->datasets[d].schema;
        if (!str_eq(s->name, dataset)) {
            continue;
        }
        uint32_t column =
            second == SIZE_MAX ? ID_NONE : schema_column(s, str_cut(rest, 0, second));
        if (second != SIZE_MAX && column == ID_NONE) {
            return false;
        }
        put_structural(j, subject, number);
        line(j, "bảng", "data set", dataset_title(j->rules, d, j->lang));
        if (column != ID_NONE) {
            line(j, "cột", "column", column_title(j->rules, d, column, j->lang));
            line(j, "khai báo", "declaration",
                 str_trim(source_place(j->rules->sources, s->columns[column].at).text));
        }
        put_place(j, column == ID_NONE ? s->at : s->columns[column].at);
        return true;
    }
    return false;
}

/* ---- checks ---- */

static void put_head(struct job *j, struct str id, const char *vi, const char *en,
                     uint32_t dataset)
{
    put(j, id);
    put_z(j, " · ");
    say(j, vi, en);
    put_z(j, " ");
    put(j, dataset_title(j->rules, dataset, j->lang));
    put_z(j, "\n");
}

/* "Kỳ báo cáo, Mã đơn vị" */
static struct str titles_of(struct job *j, uint32_t dataset, const uint32_t *columns,
                            uint32_t n)
{
    struct text t = text_in(j->a);
    for (uint32_t i = 0; i < n; i++) {
        text_add_z(&t, i ? ", " : "");
        text_add(&t, column_title(j->rules, dataset, columns[i], j->lang));
    }
    return text_str(&t);
}

static void put_operands(struct job *j, const struct check *c)
{
    if (!c->n_operands) {
        return;
    }
    say(j, "  trong đó:\n", "  where:\n");
    for (uint32_t i = 0; i < c->n_operands; i++) {
        struct str words = in_words(j, c->operands[i].value);
        struct str unit = unit_label(j->a, &c->operands[i].value->unit, j->rules);
        put_z(j, "    ");
        put(j, c->operands[i].name);
        if (!str_eq(words, c->operands[i].name)) {
            put_z(j, ": ");
            put(j, words);
        }
        if (unit.n) {
            put_z(j, " (");
            put(j, unit);
            put_z(j, ")");
        }
        put_z(j, "\n");
    }
}

static struct str policy_words(const struct job *j, enum policy p)
{
    static const char *const words[][2] = {
        [POLICY_UNKNOWN] = {"chưa rõ", "unknown"},
        [POLICY_FAIL] = {"sai", "fail"},
        [POLICY_SKIP] = {"không áp dụng", "not applicable"},
    };
    return str_of(words[p][j->lang]);
}

/* A message with the places of its values as {formula}. */
static struct str template_text(struct job *j, const struct template *t)
{
    struct text out = text_in(j->a);
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->parts[i].value) {
            text_char(&out, '{');
            text_add(&out, formula(j, t->parts[i].value));
            text_char(&out, '}');
        } else {
            text_add(&out, t->parts[i].text);
        }
    }
    return text_str(&out);
}

static struct str template_of(struct job *j, const struct template *both)
{
    enum diag_lang other = j->lang == LANG_VI ? LANG_EN : LANG_VI;
    return template_text(j, both[j->lang].n ? &both[j->lang] : &both[other]);
}

static void put_tolerance(struct job *j, const struct check *c)
{
    if (c->within_rounding) {
        line(j, "sai số cho phép", "tolerance",
             j->lang == LANG_VI ? STR("trong phạm vi làm tròn của các số đã in")
                                : STR("what the rounding of the printed figures allows"));
    } else if (c->within) {
        put_formula(j, "sai số cho phép", "tolerance", c->within);
    }
}

/* The lines of a block, a few of them. */
static void put_block(struct job *j, struct str text)
{
    size_t shown = 0;
    for (size_t at = 0; at < text.n && shown < EXAMPLE_LINES; shown++) {
        size_t end = at;
        while (end < text.n && text.p[end] != '\n') {
            end++;
        }
        put_z(j, "      ");
        sheet_cut(&j->sheet, str_cut(text, at, end), 90);
        put_z(j, "\n");
        at = end + 1;
    }
}

static void put_example(struct job *j, const struct check *c, const struct test_block *t,
                        const struct expect *e)
{
    bool is_pass = e->verdict == EXPECT_PASS;
    say(j, is_pass ? "  ví dụ đạt" : "  ví dụ sai",
        is_pass ? "  an example that passes" : "  an example that fails");
    for (uint32_t i = 0; i < e->n_at; i++) {
        put_z(j, i ? ", " : ", ");
        put(j, e->at[i].name);
        put_z(j, " ");
        put(j, e->at[i].value.text.p ? e->at[i].value.text
                                     : num_str(j->a, e->at[i].value.num));
    }
    say(j, " (phép thử “", " (test “");
    put(j, t->name);
    put_z(j, "”):\n");
    for (uint32_t i = 0; i < t->n_given; i++) {
        if (t->given[i].dataset == c->dataset) {
            put_block(j, t->given[i].text);
        }
    }
}

/* The first test that expects this verdict. */
static void find_example(struct job *j, const struct check *c, enum expected_verdict v)
{
    for (uint32_t i = 0; i < j->rules->n_tests; i++) {
        const struct test_block *t = &j->rules->tests[i];
        for (uint32_t k = 0; k < t->n_expects; k++) {
            if (t->expects[k].verdict == v && str_eq(t->expects[k].check, c->id)) {
                put_example(j, c, t, &t->expects[k]);
                return;
            }
        }
    }
}

static void put_check(struct job *j, const struct check *c)
{
    put_head(j, c->id, "phép kiểm trên", "a check on", c->dataset);
    line(j, "tên", "title", told(&c->title, j->lang));
    line(j, "công thức", "formula", c->formula);
    line(j, "  bằng lời", "  in words", in_words(j, c->must));
    put_operands(j, c);
    if (c->is_group) {
        line(j, "kiểm theo nhóm", "once for each",
             titles_of(j, c->dataset, c->each, c->n_each));
    }
    for (uint32_t i = 0; i < c->n_filter; i++) {
        put_formula(j, "chỉ các dòng", "only rows where", c->filter[i]);
    }
    put_formula(j, "chỉ kiểm khi", "only when", c->when);
    put_tolerance(j, c);
    line(j, "thiếu số liệu thì", "where data is missing", policy_words(j, c->if_missing));
    if (c->uses_previous) {
        line(j, "kỳ đầu tiên thì", "in the first period", policy_words(j, c->if_first));
    }
    line(j, "mức", "severity", str_of(severity_word(j, c->severity)));
    line(j, "thông báo", "message", template_of(j, c->message));
    line(j, "việc cần làm", "what to do", template_of(j, c->ask));
    line(j, "căn cứ", "basis", c->because);
    line(j, "loại (ESS)", "type (ESS)", c->type);
    line(j, "chưa áp dụng vì", "not applicable because", c->undefined);
    put_place(j, c->at);
    find_example(j, c, EXPECT_PASS);
    find_example(j, c, EXPECT_FAIL);
}

/* The check itself, or all that a family or an indicator made of it. */
static bool explain_check(struct job *j, struct str subject)
{
    size_t before = j->out.n;
    bool is_found = false;
    for (uint32_t i = 0; i < j->rules->n_checks; i++) {
        const struct check *c = &j->rules->checks[i];
        bool is_member = str_starts(c->id, subject) && c->id.n > subject.n &&
                         c->id.p[subject.n] == '.';
        if (str_eq(c->id, subject) || is_member) {
            put_z(j, is_found || before ? "\n" : "");
            put_check(j, c);
            is_found = true;
        }
    }
    return is_found;
}

/* ---- indicators, targets, scoreboards ---- */

static bool explain_indicator(struct job *j, struct str subject)
{
    for (uint32_t i = 0; i < j->rules->n_indicators; i++) {
        const struct indicator *x = &j->rules->indicators[i];
        if (!str_eq(x->id, subject)) {
            continue;
        }
        put_head(j, x->id, "chỉ số trên", "an indicator on", x->dataset);
        line(j, "tên", "title", told(&x->title, j->lang));
        put_formula(j, "cách tính", "value", x->value);
        if (x->value) {
            line(j, "đơn vị tính", "unit", unit_label(j->a, &x->value->unit, j->rules));
        }
        line(j, "chưa có định nghĩa", "no definition yet", x->undefined);
        put_place(j, x->at);
        (void)explain_check(j, x->id); /* X.expect, X.change, X.outlier */
        return true;
    }
    return false;
}

static void put_points(struct job *j, const struct target *t)
{
    if (!t->has_points) {
        line(j, "điểm", "points",
             j->lang == LANG_VI ? STR("chỉ theo dõi, không chấm")
                                : STR("monitored, never scored"));
        return;
    }
    put_formula(j, "điểm tối đa", "maximum of points", t->points.maximum);
    line(j, "cách chấm", "schedule", schedule_sentence(j->a, &t->points, j->lang));
    put_formula(j, "điểm tự chấm", "claimed points", claimed_expr(j->rules, t->id));
}

static bool explain_target(struct job *j, struct str subject)
{
    for (uint32_t i = 0; i < j->rules->n_targets; i++) {
        const struct target *t = &j->rules->targets[i];
        if (!str_eq(t->id, subject)) {
            continue;
        }
        put_head(j, t->id, "chỉ tiêu trên", "a target on", t->dataset);
        line(j, "tên", "title", told(&t->title, j->lang));
        line(j, "khó thống kê", "cannot be measured", t->unmeasured);
        put_formula(j, "thực hiện", "actual", t->actual);
        if (t->actual) {
            line(j, "đơn vị tính", "unit", unit_label(j->a, &t->actual->unit, j->rules));
            put_formula(j, "kế hoạch", "plan", t->plan);
            put_formula(j, "đến", "up to", t->plan_high);
            line(j, "hướng", "aim", aim_sentence(t->aim, j->lang));
            put_formula(j, "chỉ áp dụng khi", "only when", t->when);
            put_formula(j, "phần phải đạt giữa năm", "share due within the year",
                        t->pace);
            line(j, "gần đạt từ", "near from", percent(j->a, t->margin, j->lang));
            put_points(j, t);
        }
        line(j, "chưa có định nghĩa", "no definition yet", t->undefined);
        put_place(j, t->at);
        return true;
    }
    return false;
}

static struct str target_titles(struct job *j, const uint32_t *targets, uint32_t n)
{
    struct text t = text_in(j->a);
    for (uint32_t i = 0; i < n; i++) {
        const struct target *target = &j->rules->targets[targets[i]];
        struct str title = told(&target->title, j->lang);
        text_add_z(&t, i ? ", " : "");
        text_add(&t, target->id);
        text_add_z(&t, title.n ? " (" : "");
        text_add(&t, title);
        text_add_z(&t, title.n ? ")" : "");
    }
    return text_str(&t);
}

static void put_parts(struct job *j, const struct scoreboard *b)
{
    for (uint32_t i = 0; i < b->n_parts; i++) {
        const struct board_part *p = &b->parts[i];
        struct text t = text_in(j->a);
        text_add(&t, p->title);
        text_add_z(&t, j->lang == LANG_VI ? ", tối đa " : ", at most ");
        text_add(&t, figure(j->a, p->maximum, j->lang));
        text_add_z(&t, ": ");
        text_add(&t, p->n_targets ? target_titles(j, p->targets, p->n_targets)
                                  : in_words(j, p->value));
        line(j, "phần", "part", text_str(&t));
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        const struct board_extra *x = &b->extras[i];
        struct text t = text_in(j->a);
        text_add(&t, in_words(j, x->value));
        if (x->has_cap) {
            text_add_z(&t, j->lang == LANG_VI ? ", tối đa " : ", at most ");
            text_add(&t, figure(j->a, x->cap, j->lang));
        }
        line(j, x->is_minus ? "trừ" : "cộng", x->is_minus ? "taken off" : "added",
             text_str(&t));
    }
}

static struct str grades_of(struct job *j, const struct scoreboard *b)
{
    struct text t = text_in(j->a);
    for (uint32_t i = 0; i < b->n_grades; i++) {
        const struct grade *g = &b->grades[i];
        text_add_z(&t, i ? ", " : "");
        text_add(&t, g->title);
        if (g->has_from) {
            text_add_z(&t, j->lang == LANG_VI ? " từ " : " from ");
            text_add(&t, g->is_percent ? percent(j->a, g->from, j->lang)
                                       : figure(j->a, g->from, j->lang));
        }
    }
    return text_str(&t);
}

static bool explain_board(struct job *j, struct str subject)
{
    for (uint32_t i = 0; i < j->rules->n_boards; i++) {
        const struct scoreboard *b = &j->rules->boards[i];
        if (!str_eq(b->id, subject)) {
            continue;
        }
        put_head(j, b->id, "bảng điểm trên", "a scoreboard on", b->dataset);
        line(j, "tên", "title", told(&b->title, j->lang));
        line(j, "xếp", "ranks", titles_of(j, b->dataset, b->keys, b->n_keys));
        line(j, "riêng theo", "apart for each",
             titles_of(j, b->dataset, b->each, b->n_each));
        line(j, "chỉ tiêu", "targets", target_titles(j, b->targets, b->n_targets));
        put_parts(j, b);
        put_formula(j, "chỉ chấm khi", "only when", b->when);
        if (b->has_rank) {
            line(j, "xếp hạng", "rank",
                 str_of(b->rank_lowest
                            ? (j->lang == LANG_VI
                                   ? "ít điểm đứng trước; bằng điểm cùng hạng"
                                   : "fewest points first; ties share a rank")
                            : (j->lang == LANG_VI
                                   ? "nhiều điểm đứng trước; bằng điểm cùng hạng"
                                   : "most points first; ties share a rank")));
        }
        line(j, "xếp loại", "grades", grades_of(j, b));
        put_place(j, b->at);
        return true;
    }
    return false;
}

/* ---- the subject ---- */

static bool load(struct job *j)
{
    struct run *r = j->run;
    if (!r->settings->rules.p) {
        return true;
    }
    bool is_good = run_rules(r);
    j->rules = r->rules.ruleset;
    j->lang = r->lang;
    return !run_tell(r) && is_good;
}

/* What it does not know, with what is near. */
static void complain(struct job *j, struct str subject)
{
    struct str *names = NULL;
    size_t n = 0, cap = 0;
    uint32_t n_checks = j->rules ? j->rules->n_checks : 0;
    uint32_t n_targets = j->rules ? j->rules->n_targets : 0;
    uint32_t n_boards = j->rules ? j->rules->n_boards : 0;
    uint32_t n_indicators = j->rules ? j->rules->n_indicators : 0;
    size_t n_all = COUNT_OF(structural) + n_checks + n_targets + n_boards + n_indicators;
    for (size_t i = 0; i < n_all; i++) {
        size_t at = i;
        names = list_room(j->a, names, n, &cap, sizeof *names);
        if (at < COUNT_OF(structural)) {
            names[n++] = str_of(structural[at].suffix);
        } else if ((at -= COUNT_OF(structural)) < n_checks) {
            names[n++] = j->rules->checks[at].id;
        } else if ((at -= n_checks) < n_targets) {
            names[n++] = j->rules->targets[at].id;
        } else if ((at -= n_targets) < n_boards) {
            names[n++] = j->rules->boards[at].id;
        } else {
            names[n++] = j->rules->indicators[at - n_boards].id;
        }
    }
    struct diag *d = diag_at(j->run->diags, DIAG_ID_USE_NOTHING_TO_EXPLAIN, SPAN_NONE);
    d->args[0] = subject;
    diag_did_you_mean(j->run->diags, d, str_nearest(subject, names, n));
}

static bool explain_subject(struct job *j, struct str subject)
{
    if (explain_code(j, subject)) {
        return true;
    }
    if (j->rules && (explain_indicator(j, subject) || explain_target(j, subject) ||
                     explain_board(j, subject) || explain_check(j, subject) ||
                     explain_declared(j, subject))) {
        return true;
    }
    size_t number = structural_number(subject, j->rules != NULL);
    if (number == COUNT_OF(structural)) {
        return false;
    }
    put_structural(j, subject, number);
    return true;
}

enum soat_status run_explain(struct run *r, struct str subject)
{
    assert(r && r->settings && r->config && subject.p);
    struct job j = {.run = r, .a = r->arena, .out = text_in(r->arena)};
    j.lang = r->lang = r->settings->has_lang ? r->settings->lang : LANG_VI;
    if (!load(&j)) {
        return SOAT_USAGE;
    }
    struct report_style style = {
        .lang = j.lang, .width = r->config->width, .is_verbose = true};
    j.sheet = sheet_on(&j.out, &style);
    if (!explain_subject(&j, subject)) {
        complain(&j, subject);
        run_tell(r);
        return SOAT_USAGE;
    }
    const struct soat_config *config = r->config;
    if (config->out && !config->out(config->context, j.out.p, j.out.n)) {
        diag_at(r->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        run_tell(r);
        return SOAT_INCOMPLETE;
    }
    return SOAT_OK;
}

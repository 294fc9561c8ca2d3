/* Checks, indicators, targets and scoreboards of a rule set, explained. Lines are
 * `label: text`; nothing is said about what is not there. */
#include "run/explain_rules.h"

#include "eval/outlier.h"
#include "run/sentence.h"
#include "run/tally.h"
#include "run/workings.h"

#include <assert.h>

enum { EXAMPLE_LINES = 8, EXAMPLE_WIDTH = 90 };

const char *severity_word(enum diag_severity s, enum diag_lang lang)
{
    static const char *const words[][2] = {
        [DIAG_ERROR] = {"error (lỗi)", "error"},
        [DIAG_WARNING] = {"warning (cảnh báo)", "warning"},
        [DIAG_INFO] = {"info (thông tin)", "info"},
    };
    assert((size_t)s < COUNT_OF(words));
    return words[s][lang];
}

static struct str formula(struct page *p, const struct expr *x)
{
    return x ? written(p->a, p->rules->sources, x->at) : STR_NONE;
}

static struct str in_words(struct page *p, const struct expr *x)
{
    return sentence(p->a, p->rules, x, p->lang);
}

/* A formula as written, and below it in words where they say more. */
static void put_formula(struct page *p, const char *vi, const char *en,
                        const struct expr *x)
{
    struct str f = formula(p, x), words = in_words(p, x);
    if (x && x->op == EXPR_NUM) {
        page_line(p, vi, en, words);
        return;
    }
    page_line(p, vi, en, f);
    if (!str_eq(f, words)) {
        page_line(p, "  bằng lời", "  in words", words);
    }
}

void explain_place(struct page *p, struct span at)
{
    const struct sources *sources = p->rules->sources;
    if (span_is_none(at)) {
        return;
    }
    struct text t = text_in(p->a);
    text_add(&t, source_path(sources, at.src));
    text_char(&t, ':');
    text_uint(&t, source_place(sources, at).line);
    page_line(p, "khai báo tại", "declared at", text_str(&t));
}

/* ---- checks ---- */

static void put_head(struct page *p, struct str id, const char *vi, const char *en,
                     uint32_t dataset)
{
    page_put(p, id);
    page_z(p, " · ");
    page_say(p, vi, en);
    page_z(p, " ");
    page_put(p, dataset_title(p->rules, dataset, p->lang));
    page_z(p, "\n");
}

/* "Kỳ báo cáo, Mã đơn vị" */
static struct str titles_of(struct page *p, uint32_t dataset, const uint32_t *columns,
                            uint32_t n)
{
    struct text t = text_in(p->a);
    for (uint32_t i = 0; i < n; i++) {
        text_add_z(&t, i ? ", " : "");
        text_add(&t, column_title(p->rules, dataset, columns[i], p->lang));
    }
    return text_str(&t);
}

static void put_operands(struct page *p, const struct check *c)
{
    if (!c->n_operands) {
        return;
    }
    page_say(p, "  trong đó:\n", "  where:\n");
    for (uint32_t i = 0; i < c->n_operands; i++) {
        struct str words = in_words(p, c->operands[i].value);
        struct str unit = unit_label(p->a, &c->operands[i].value->unit, p->rules);
        page_z(p, "    ");
        page_put(p, c->operands[i].name);
        if (!str_eq(words, c->operands[i].name)) {
            page_z(p, ": ");
            page_put(p, words);
        }
        if (unit.n) {
            page_z(p, " (");
            page_put(p, unit);
            page_z(p, ")");
        }
        page_z(p, "\n");
    }
}

static struct str policy_words(struct page *p, enum policy policy)
{
    static const char *const words[][2] = {
        [POLICY_UNKNOWN] = {"chưa rõ", "unknown"},
        [POLICY_FAIL] = {"sai", "fail"},
        [POLICY_SKIP] = {"không áp dụng", "not applicable"},
    };
    return str_of(words[policy][p->lang]);
}

/* A message with the places of its values as {formula}. */
static struct str template_text(struct page *p, const struct template *t)
{
    struct text out = text_in(p->a);
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->parts[i].value) {
            text_char(&out, '{');
            text_add(&out, formula(p, t->parts[i].value));
            text_char(&out, '}');
        } else {
            text_add(&out, t->parts[i].text);
        }
    }
    return text_str(&out);
}

static struct str template_of(struct page *p, const struct template *both)
{
    enum diag_lang other = p->lang == LANG_VI ? LANG_EN : LANG_VI;
    return template_text(p, both[p->lang].n ? &both[p->lang] : &both[other]);
}

static void put_tolerance(struct page *p, const struct check *c)
{
    if (c->within_rounding) {
        page_line(p, "sai số cho phép", "tolerance",
                  p->lang == LANG_VI
                      ? STR("trong phạm vi làm tròn của các số đã in")
                      : STR("what the rounding of the printed figures allows"));
    } else if (c->within) {
        put_formula(p, "sai số cho phép", "tolerance", c->within);
    }
}

/* What a unit claims, and how far it may be off. */
static void put_claim(struct page *p, struct str owner)
{
    const struct check *c = claim_of(p->rules, owner);
    put_formula(p, "điểm tự chấm", "claimed points", claimed_expr(p->rules, owner));
    if (c) {
        put_tolerance(p, c);
    }
}

/* The lines of a block, a few of them. */
static void put_block(struct page *p, struct str text)
{
    size_t shown = 0;
    for (size_t at = 0; at < text.n && shown < EXAMPLE_LINES; shown++) {
        size_t end = at;
        while (end < text.n && text.p[end] != '\n') {
            end++;
        }
        page_z(p, "      ");
        sheet_cut(&p->sheet, str_cut(text, at, end), EXAMPLE_WIDTH);
        page_z(p, "\n");
        at = end + 1;
    }
}

static void put_example(struct page *p, const struct check *c, const struct test_block *t,
                        const struct expect *e)
{
    bool is_pass = e->verdict == EXPECT_PASS;
    page_say(p, is_pass ? "  ví dụ đạt" : "  ví dụ sai",
             is_pass ? "  an example that passes" : "  an example that fails");
    for (uint32_t i = 0; i < e->n_at; i++) {
        page_z(p, ", ");
        page_put(p, e->at[i].name);
        page_z(p, " ");
        page_put(p, e->at[i].value.text.p ? e->at[i].value.text
                                          : num_str(p->a, e->at[i].value.num));
    }
    page_say(p, " (phép thử “", " (test “");
    page_put(p, t->name);
    page_z(p, "”):\n");
    for (uint32_t i = 0; i < t->n_given; i++) {
        if (t->given[i].dataset == c->dataset) {
            put_block(p, t->given[i].text);
        }
    }
}

/* The first test that expects this verdict. */
static void find_example(struct page *p, const struct check *c, enum expected_verdict v)
{
    for (uint32_t i = 0; i < p->rules->n_tests; i++) {
        const struct test_block *t = &p->rules->tests[i];
        for (uint32_t k = 0; k < t->n_expects; k++) {
            if (t->expects[k].verdict == v && str_eq(t->expects[k].check, c->id)) {
                put_example(p, c, t, &t->expects[k]);
                return;
            }
        }
    }
}

/* How an outlier is told; {0} is the factor. */
static const char *const outlier_words[][2] = {
    [OUTLIER_MAD] = {"báo khi 0,6745 × |giá trị − trung vị| / MAD lớn hơn {0}; MAD là "
                     "trung vị của các khoảng cách đến trung vị",
                     "reported when 0.6745 × |value − median| / MAD is above {0}; MAD "
                     "is the median distance from the median"},
    [OUTLIER_Z] = {"báo khi |giá trị − trung bình| / độ lệch chuẩn mẫu lớn hơn {0}",
                   "reported when |value − mean| / sample standard deviation is "
                   "above {0}"},
    [OUTLIER_IQR] = {"báo khi thấp hơn Q1 hay cao hơn Q3 quá {0} lần khoảng tứ phân "
                     "vị Q3 − Q1",
                     "reported when more than {0} times the interquartile range "
                     "Q3 − Q1 below Q1 or above Q3"},
    [OUTLIER_HB] = {"Hidiroglou–Berthelot: báo khi tỷ số với kỳ trước, tính cả độ lớn, "
                    "cách trung vị quá {0} lần khoảng tứ phân vị phía ấy",
                    "Hidiroglou–Berthelot: reported when the ratio to the previous "
                    "period, weighted by size, is more than {0} times that side's "
                    "quartile distance from the median"},
};

static void put_outlier(struct page *p, const struct check *c)
{
    static const char *const names[] = {"mad", "z", "iqr", "hb"};
    const struct outlier *o = c->must->outlier;
    if (c->must->op != EXPR_OUTLIER) {
        return;
    }
    struct str words = str_of(outlier_words[o->method][p->lang]), hole = STR("{0}");
    size_t at = str_find(words, hole);
    assert(at != SIZE_MAX);
    struct text t = text_in(p->a);
    text_add_z(&t, names[o->method]);
    text_add_z(&t, ": ");
    text_add(&t, str_cut(words, 0, at));
    text_add(&t, figure(p->a, o->factor, p->lang));
    text_add(&t, str_cut(words, at + hole.n, words.n));
    page_line(p, "cách tìm", "method", text_str(&t));
    page_line(p, "so trong nhóm", "compared within",
              titles_of(p, c->dataset, o->each, o->n_each));
    page_line(p, "nhóm ít nhất", "least group",
              num_str(p->a, num_int(outlier_least(o->method))));
}

static void put_check(struct page *p, const struct check *c)
{
    put_head(p, c->id, "phép kiểm trên", "a check on", c->dataset);
    page_line(p, "tên", "title", told(&c->title, p->lang));
    page_line(p, "công thức", "formula", c->formula);
    page_line(p, "  bằng lời", "  in words", in_words(p, c->must));
    put_outlier(p, c);
    put_operands(p, c);
    if (c->is_group) {
        page_line(p, "kiểm theo nhóm", "once for each",
                  titles_of(p, c->dataset, c->each, c->n_each));
    }
    for (uint32_t i = 0; i < c->n_filter; i++) {
        put_formula(p, "chỉ các dòng", "only rows where", c->filter[i]);
    }
    put_formula(p, "chỉ kiểm khi", "only when", c->when);
    put_tolerance(p, c);
    page_line(p, "thiếu số liệu thì", "where data is missing",
              policy_words(p, c->if_missing));
    if (c->uses_previous) {
        page_line(p, "kỳ đầu tiên thì", "in the first period",
                  policy_words(p, c->if_first));
    }
    page_line(p, "mức", "severity", str_of(severity_word(c->severity, p->lang)));
    page_line(p, "thông báo", "message", template_of(p, c->message));
    page_line(p, "việc cần làm", "what to do", template_of(p, c->ask));
    page_line(p, "căn cứ", "basis", c->because);
    page_line(p, "loại (ESS)", "type (ESS)", c->type);
    page_line(p, "chưa áp dụng vì", "not applicable because", c->undefined);
    explain_place(p, c->at);
    find_example(p, c, EXPECT_PASS);
    find_example(p, c, EXPECT_FAIL);
}

/* The check itself, or all that a family or an indicator made of it. */
static bool check_of(struct page *p, struct str subject)
{
    size_t before = p->out.n;
    bool is_found = false;
    for (uint32_t i = 0; i < p->rules->n_checks; i++) {
        const struct check *c = &p->rules->checks[i];
        bool is_member = str_starts(c->id, subject) && c->id.n > subject.n &&
                         c->id.p[subject.n] == '.';
        if (str_eq(c->id, subject) || is_member) {
            page_z(p, is_found || before ? "\n" : "");
            put_check(p, c);
            is_found = true;
        }
    }
    return is_found;
}

/* ---- indicators, targets, scoreboards ---- */

static bool indicator_of(struct page *p, struct str subject)
{
    for (uint32_t i = 0; i < p->rules->n_indicators; i++) {
        const struct indicator *x = &p->rules->indicators[i];
        if (!str_eq(x->id, subject)) {
            continue;
        }
        put_head(p, x->id, "chỉ số trên", "an indicator on", x->dataset);
        page_line(p, "tên", "title", told(&x->title, p->lang));
        put_formula(p, "cách tính", "value", x->value);
        if (x->value) {
            page_line(p, "đơn vị tính", "unit",
                      unit_label(p->a, &x->value->unit, p->rules));
        }
        page_line(p, "chưa có định nghĩa", "no definition yet", x->undefined);
        explain_place(p, x->at);
        (void)check_of(p, x->id); /* X.expect, X.change, X.outlier */
        return true;
    }
    return false;
}

static void put_points(struct page *p, const struct target *t)
{
    if (!t->has_points) {
        page_line(p, "điểm", "points",
                  p->lang == LANG_VI ? STR("chỉ theo dõi, không chấm")
                                     : STR("monitored, never scored"));
        return;
    }
    put_formula(p, "điểm tối đa", "maximum of points", t->points.maximum);
    page_line(p, "cách chấm", "schedule", schedule_sentence(p->a, &t->points, p->lang));
    put_claim(p, t->id);
}

static bool target_of(struct page *p, struct str subject)
{
    for (uint32_t i = 0; i < p->rules->n_targets; i++) {
        const struct target *t = &p->rules->targets[i];
        if (!str_eq(t->id, subject)) {
            continue;
        }
        put_head(p, t->id, "chỉ tiêu trên", "a target on", t->dataset);
        page_line(p, "tên", "title", told(&t->title, p->lang));
        page_line(p, "khó thống kê", "cannot be measured", t->unmeasured);
        put_formula(p, "thực hiện", "actual", t->actual);
        if (t->actual) {
            page_line(p, "đơn vị tính", "unit",
                      unit_label(p->a, &t->actual->unit, p->rules));
            put_formula(p, "kế hoạch", "plan", t->plan);
            put_formula(p, "đến", "up to", t->plan_high);
            page_line(p, "hướng", "aim", aim_sentence(t->aim, p->lang));
            put_formula(p, "chỉ áp dụng khi", "only when", t->when);
            put_formula(p, "phần phải đạt giữa năm", "share due within the year",
                        t->pace);
            page_line(p, "gần đạt từ", "near from", percent(p->a, t->margin, p->lang));
            put_points(p, t);
        }
        page_line(p, "chưa có định nghĩa", "no definition yet", t->undefined);
        explain_place(p, t->at);
        return true;
    }
    return false;
}

static struct str target_titles(struct page *p, const uint32_t *targets, uint32_t n)
{
    struct text t = text_in(p->a);
    for (uint32_t i = 0; i < n; i++) {
        const struct target *target = &p->rules->targets[targets[i]];
        struct str title = told(&target->title, p->lang);
        text_add_z(&t, i ? ", " : "");
        text_add(&t, target->id);
        text_add_z(&t, title.n ? " (" : "");
        text_add(&t, title);
        text_add_z(&t, title.n ? ")" : "");
    }
    return text_str(&t);
}

static void put_parts(struct page *p, const struct scoreboard *b)
{
    for (uint32_t i = 0; i < b->n_parts; i++) {
        const struct board_part *part = &b->parts[i];
        struct text t = text_in(p->a);
        text_add(&t, part->title);
        text_add_z(&t, p->lang == LANG_VI ? ", tối đa " : ", at most ");
        text_add(&t, figure(p->a, part->maximum, p->lang));
        text_add_z(&t, ": ");
        text_add(&t, part->n_targets ? target_titles(p, part->targets, part->n_targets)
                                     : in_words(p, part->value));
        page_line(p, "phần", "part", text_str(&t));
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        const struct board_extra *x = &b->extras[i];
        struct text t = text_in(p->a);
        text_add(&t, in_words(p, x->value));
        if (x->has_cap) {
            text_add_z(&t, p->lang == LANG_VI ? ", tối đa " : ", at most ");
            text_add(&t, figure(p->a, x->cap, p->lang));
        }
        page_line(p, x->is_minus ? "trừ" : "cộng", x->is_minus ? "taken off" : "added",
                  text_str(&t));
    }
}

static struct str grades_of(struct page *p, const struct scoreboard *b)
{
    struct text t = text_in(p->a);
    for (uint32_t i = 0; i < b->n_grades; i++) {
        const struct grade *g = &b->grades[i];
        text_add_z(&t, i ? ", " : "");
        text_add(&t, g->title);
        if (g->has_from) {
            text_add_z(&t, p->lang == LANG_VI ? " từ " : " from ");
            text_add(&t, g->is_percent ? percent(p->a, g->from, p->lang)
                                       : figure(p->a, g->from, p->lang));
        }
    }
    return text_str(&t);
}

static bool board_of(struct page *p, struct str subject)
{
    for (uint32_t i = 0; i < p->rules->n_boards; i++) {
        const struct scoreboard *b = &p->rules->boards[i];
        if (!str_eq(b->id, subject)) {
            continue;
        }
        put_head(p, b->id, "bảng điểm trên", "a scoreboard on", b->dataset);
        page_line(p, "tên", "title", told(&b->title, p->lang));
        page_line(p, "xếp", "ranks", titles_of(p, b->dataset, b->keys, b->n_keys));
        page_line(p, "riêng theo", "apart for each",
                  titles_of(p, b->dataset, b->each, b->n_each));
        page_line(p, "chỉ tiêu", "targets", target_titles(p, b->targets, b->n_targets));
        put_parts(p, b);
        if (b->has_total) {
            page_line(p, "tổng điểm tối đa", "maximum in all",
                      figure(p->a, b->total, p->lang));
        }
        put_formula(p, "chỉ chấm khi", "only when", b->when);
        if (b->has_rank) {
            page_line(p, "xếp hạng", "rank",
                      str_of(b->rank_lowest
                                 ? (p->lang == LANG_VI
                                        ? "ít điểm đứng trước; bằng điểm cùng hạng"
                                        : "fewest points first; ties share a rank")
                                 : (p->lang == LANG_VI
                                        ? "nhiều điểm đứng trước; bằng điểm cùng hạng"
                                        : "most points first; ties share a rank")));
        }
        page_line(p, "xếp loại", "grades", grades_of(p, b));
        put_claim(p, b->id);
        explain_place(p, b->at);
        return true;
    }
    return false;
}

bool explain_rule(struct page *p, struct str subject)
{
    assert(p && p->rules && subject.p);
    return indicator_of(p, subject) || target_of(p, subject) || board_of(p, subject) ||
           check_of(p, subject);
}

/* Collects while the run reports, prints once.
 *
 * The table has one line per check. Structural checks (D.key, D.c.type …) and checks over
 * a family of columns are many and mostly silent: those of one data set, or one family,
 * that have nothing to point at share one line, unless verbose. What only people with
 * questions want (files read, every name of a list) waits for verbose too. */
#include "report/summary.h"

#include "report/files_read.h"
#include "report/grid.h"

#include <assert.h>

struct rule {
    struct str check, dataset, reason, about;
    struct report_text title;
    uint64_t counts[GRID_COUNTS];
    uint64_t waived;
    bool is_vacuous, is_structural;
};

struct loss { /* findings of one check that are not shown */
    struct str check;
    uint64_t n;
};

struct summary {
    struct arena *arena;
    struct files_read *files; /* NULL until the run begins */
    struct rule *rules;
    size_t n_rules, rules_cap;
    struct loss *losses;
    size_t n_losses, losses_cap;
    uint64_t n_unlisted;
};

struct summary *summary_new(struct arena *a)
{
    assert(a);
    struct summary *m = arena_new(a, struct summary);
    m->arena = a;
    return m;
}

static struct str keep(struct arena *a, struct str s)
{
    return s.p ? str_copy(a, s) : STR_NONE;
}

void summary_run(struct summary *m, const struct report_run *run)
{
    assert(m && run && !m->files);
    m->files = files_read_keep(m->arena, run);
}

/* D.key, D.column.type …: the id begins with the data set and ends with a word that soat
 * gives. */
static bool is_structural(struct str check, struct str dataset)
{
    static const char *const words[] = {".columns", ".key",   ".cover",    ".totals",
                                        ".tree",    ".pair",  ".row",      ".required",
                                        ".type",    ".range", ".pattern",  ".length",
                                        ".unique",  ".code",  ".ambiguous"};
    bool is_own = dataset.n && str_starts(check, dataset) && check.n > dataset.n &&
                  check.p[dataset.n] == '.';
    for (size_t i = 0; is_own && i < COUNT_OF(words); i++) {
        if (str_ends(check, str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

void summary_rule(struct summary *m, const struct report_rule *rule)
{
    assert(m && rule);
    m->rules = list_room(m->arena, m->rules, m->n_rules, &m->rules_cap, sizeof *m->rules);
    m->rules[m->n_rules++] = (struct rule){
        .check = keep(m->arena, rule->check),
        .dataset = keep(m->arena, rule->dataset),
        .reason = keep(m->arena, rule->reason),
        .about = keep(m->arena, rule->about),
        .title = {{keep(m->arena, rule->title.lang[0]),
                   keep(m->arena, rule->title.lang[1])}},
        .counts = {rule->expected, rule->pass, rule->fail, rule->unknown,
                   rule->not_applicable, rule->error},
        .waived = rule->waived,
        .is_vacuous = rule->is_vacuous,
        .is_structural = is_structural(rule->check, rule->dataset),
    };
}

void summary_hidden(struct summary *m, struct str check, uint64_t n)
{
    assert(m && check.p && n > 0);
    m->losses =
        list_room(m->arena, m->losses, m->n_losses, &m->losses_cap, sizeof *m->losses);
    m->losses[m->n_losses++] = (struct loss){check, n};
}

void summary_unlisted(struct summary *m, uint64_t n)
{
    assert(m);
    m->n_unlisted = n;
}

/* ---- the table ---- */

/* Counts in the order of grid.h. */
enum { EXPECTED, PASS, FAIL, UNKNOWN, NOT_APPLICABLE, RULE_ERROR };

/* Nothing to point at. */
static bool is_silent(const struct rule *rule)
{
    return rule->counts[EXPECTED] == rule->counts[PASS] + rule->counts[NOT_APPLICABLE];
}

/* Its data set has no file: it stands in the list of rules that do not apply. */
static bool is_absent(const struct rule *rule)
{
    return rule->counts[EXPECTED] == 0 && str_eq(rule->reason, STR("absent-dataset"));
}

static const char *structural_words(const struct sheet *s)
{
    return s->lang == LANG_VI ? " kiểm tra cấu trúc" : " structural checks";
}

static void add_counts(struct grid_line *line, const struct rule *rule)
{
    for (size_t i = 0; i < GRID_COUNTS; i++) {
        line->counts[i] += rule->counts[i];
    }
}

static struct grid_line rule_line(const struct rule *rule, enum diag_lang lang)
{
    struct grid_line line = {.name = rule->check,
                             .title = sheet_pick(&rule->title, lang)};
    add_counts(&line, rule);
    return line;
}

/* What the silent rules that share one line have in common: the data set of structural
 * ones, the stem (c of c.htx_new) of one check over a family; STR_NONE: nothing. */
static struct str stem_of(const struct rule *rule)
{
    if (rule->is_structural) {
        return rule->dataset;
    }
    size_t dot = str_find(rule->check, STR("."));
    return dot == SIZE_MAX ? STR_NONE : str_cut(rule->check, 0, dot);
}

static bool share_line(const struct rule *a, const struct rule *b)
{
    struct str stem = stem_of(a);
    return is_silent(a) && is_silent(b) && !is_absent(a) && !is_absent(b) &&
           a->is_structural == b->is_structural && stem.p && str_eq(stem, stem_of(b)) &&
           str_eq(a->dataset, b->dataset);
}

/* "d: 36 structural checks", "cum_sum: 4 checks" */
static struct str sum_name(const struct summary *m, const struct sheet *s, size_t first,
                           uint64_t n)
{
    const struct rule *rule = &m->rules[first];
    struct text name = text_in(m->arena);
    text_add(&name, stem_of(rule));
    text_add_z(&name, ": ");
    text_uint(&name, n);
    if (rule->is_structural) {
        text_add_z(&name, structural_words(s));
    } else {
        text_add_z(&name, s->lang == LANG_VI ? " quy tắc" : " checks");
    }
    return text_str(&name);
}

/* One line for rules[first] and all that share it. */
static struct grid_line sum_silent(const struct summary *m, const struct sheet *s,
                                   size_t first)
{
    struct grid_line line = rule_line(&m->rules[first], s->lang);
    uint64_t n = 1;
    for (size_t i = first + 1; i < m->n_rules; i++) {
        if (share_line(&m->rules[i], &m->rules[first])) {
            add_counts(&line, &m->rules[i]);
            n++;
        }
    }
    if (n > 1) {
        line.name = sum_name(m, s, first, n);
        line.title = m->rules[first].is_structural ? STR_NONE : line.title;
    }
    return line;
}

static bool is_summed_before(const struct summary *m, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (share_line(&m->rules[k], &m->rules[i])) {
            return true;
        }
    }
    return false;
}

static void put_table(const struct summary *m, struct sheet *s)
{
    struct grid_line *lines = arena_new_array(m->arena, m->n_rules, struct grid_line);
    size_t n = 0;
    for (size_t i = 0; i < m->n_rules; i++) {
        if (is_absent(&m->rules[i])) {
            continue;
        }
        if (s->is_verbose || !is_silent(&m->rules[i])) {
            lines[n++] = rule_line(&m->rules[i], s->lang);
        } else if (!is_summed_before(m, i)) {
            lines[n++] = sum_silent(m, s, i);
        }
    }
    if (n) {
        grid_print(s, lines, n);
        sheet_char(s, '\n');
    }
}

/* ---- rules that did not apply, or never decided ---- */

static bool has_same_cause(const struct rule *a, const struct rule *b)
{
    return str_eq(a->reason, b->reason) && str_eq(a->about, b->about);
}

/* A list of rules: those of the rule files first. Where there are too many to name, only
 * those are named and the structural ones counted. */
struct rule_list {
    const struct rule **own, **structural;
    size_t n_own, n_structural;
};

static struct rule_list list_of_rules(const struct summary *m)
{
    return (struct rule_list){
        .own = arena_new_array(m->arena, m->n_rules, const struct rule *),
        .structural = arena_new_array(m->arena, m->n_rules, const struct rule *),
    };
}

static void list_rule(struct rule_list *list, const struct rule *rule)
{
    if (rule->is_structural) {
        list->structural[list->n_structural++] = rule;
    } else {
        list->own[list->n_own++] = rule;
    }
}

static void put_rules(struct sheet *s, const struct rule_list *list)
{
    size_t limit = sheet_limit(s), n = 0;
    bool has_room = list->n_own + list->n_structural <= limit;
    for (size_t i = 0; i < list->n_own; i++) {
        sheet_item(s, n++, list->own[i]->check);
    }
    for (size_t i = 0; i < list->n_structural && has_room; i++) {
        sheet_item(s, n++, list->structural[i]->check);
    }
    bool has_more = n > limit;
    sheet_more(s, has_more ? n - limit : 0, " quy tắc nữa", " more");
    if (!has_room && list->n_structural) {
        sheet_say(s, n ? (has_more ? ", " : " và ") : "",
                  n ? (has_more ? ", " : " and ") : "");
        sheet_number_of(s, list->n_structural, "kiểm tra cấu trúc", "structural check",
                        "structural checks");
    }
}

static bool is_cause_named_before(const struct summary *m, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (m->rules[k].reason.p && has_same_cause(&m->rules[k], &m->rules[i])) {
            return true;
        }
    }
    return false;
}

/* The rules from `first` on that did not apply for its cause. */
static void put_names_of_cause(const struct summary *m, struct sheet *s, size_t first)
{
    struct rule_list list = list_of_rules(m);
    for (size_t i = first; i < m->n_rules; i++) {
        if (m->rules[i].reason.p && has_same_cause(&m->rules[i], &m->rules[first])) {
            list_rule(&list, &m->rules[i]);
        }
    }
    sheet_blanks(s, 2);
    put_rules(s, &list);
}

static void put_cause(struct sheet *s, const struct rule *rule)
{
    text_add_z(s->out, ": ");
    if (str_eq(rule->reason, STR("undefined"))) {
        sheet_say(s, "chưa có định nghĩa", "no definition yet");
    } else if (str_eq(rule->reason, STR("absent-dataset"))) {
        sheet_say(s, "không có tệp số liệu", "no data file was given");
    } else {
        sheet_text(s, rule->reason);
    }
    if (rule->about.n) {
        text_add_z(s->out, ": ");
        sheet_text(s, rule->about);
    }
    sheet_char(s, '\n');
}

static void put_not_applicable(const struct summary *m, struct sheet *s)
{
    bool is_first = true;
    for (size_t i = 0; i < m->n_rules; i++) {
        if (!m->rules[i].reason.p) {
            continue;
        }
        if (is_first) {
            sheet_say(s, "Quy tắc không áp dụng:\n", "Rules that do not apply:\n");
            is_first = false;
        }
        if (!is_cause_named_before(m, i)) {
            put_names_of_cause(m, s, i);
            put_cause(s, &m->rules[i]);
        }
    }
    text_add_z(s->out, is_first ? "" : "\n");
}

static void put_vacuous(const struct summary *m, struct sheet *s)
{
    struct rule_list list = list_of_rules(m);
    for (size_t i = 0; i < m->n_rules; i++) {
        if (m->rules[i].is_vacuous && !m->rules[i].reason.p) {
            list_rule(&list, &m->rules[i]);
        }
    }
    if (list.n_own + list.n_structural == 0) {
        return;
    }
    sheet_say(s, "Chưa lần nào kết luận được đạt hay sai:\n  ",
              "Never came to pass or fail:\n  ");
    put_rules(s, &list);
    text_add_z(s->out, "\n\n");
}

static void put_waived(const struct summary *m, struct sheet *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < m->n_rules; i++) {
        n += m->rules[i].waived;
    }
    if (n) {
        sheet_say(s, "Phát hiện đã được chấp nhận giải trình: ", "Waived findings: ");
        sheet_count(s, n);
        text_add_z(s->out, "\n\n");
    }
}

/* ---- what is not shown, and the verdict ---- */

static void put_losses(const struct summary *m, struct sheet *s)
{
    if (!m->n_losses) {
        return;
    }
    uint64_t all = 0, listed = 0;
    for (size_t i = 0; i < m->n_losses; i++) {
        all += m->losses[i].n;
    }
    sheet_say(s, "Chưa hiện ", "Not shown: ");
    sheet_count(s, all);
    sheet_say(s, " phát hiện: ", all == 1 ? " finding: " : " findings: ");
    for (size_t i = 0; i < m->n_losses && i < sheet_limit(s); i++) {
        sheet_item(s, i, m->losses[i].check);
        sheet_char(s, ' ');
        sheet_count(s, m->losses[i].n);
        listed += m->losses[i].n;
    }
    sheet_more(s, all - listed, " của quy tắc khác", " of other checks");
    sheet_say(s, ". Xem hết: --max-findings 0\n\n", ". To see all: --max-findings 0\n\n");
}

static void put_unlisted(struct sheet *s, uint64_t n)
{
    if (n) {
        sheet_say(s, "Chưa liệt kê ", "Not listed: ");
        sheet_number_of(s, n, "mục chưa rõ", "unknown item", "unknown items");
        sheet_say(s, ". Xem: --unknown\n\n", ". To see them: --unknown\n\n");
    }
}

void summary_print(const struct summary *m, struct sheet *s)
{
    assert(m && s && m->files);
    put_table(m, s);
    put_not_applicable(m, s);
    put_vacuous(m, s);
    if (s->is_verbose) {
        files_read_print(m->files, s);
    }
    files_read_print_left_out(m->files, s);
    put_waived(m, s);
    put_losses(m, s);
    put_unlisted(s, m->n_unlisted);
}

static void put_outcome(struct sheet *s, const struct report_end *end)
{
    switch (end->outcome) {
    case REPORT_ACCEPTED:
        sheet_tone(s, TONE_GOOD);
        sheet_say(s, "ĐẠT", "ACCEPTED");
        break;
    case REPORT_ACCEPTED_WITH_GAPS:
        sheet_tone(s, TONE_WARNING);
        sheet_say(s, "ĐẠT, còn ", "ACCEPTED, ");
        sheet_number_of(s, end->unknown, "mục chưa kiểm được", "item not checkable",
                        "items not checkable");
        break;
    case REPORT_REJECTED:
        sheet_tone(s, TONE_ERROR);
        sheet_say(s, "KHÔNG ĐẠT", "REJECTED");
        break;
    case REPORT_INCOMPLETE:
        sheet_tone(s, TONE_ERROR);
        sheet_say(s, "CHƯA KIỂM XONG", "INCOMPLETE");
        break;
    }
    sheet_tone(s, TONE_PLAIN);
}

void summary_verdict(struct sheet *s, const struct report_end *end)
{
    const uint64_t counts[GRID_COUNTS] = {end->expected,       end->pass,
                                          end->fail,           end->unknown,
                                          end->not_applicable, end->rule_error};
    put_outcome(s, end);
    text_add_z(s->out, " · ");
    sheet_number_of(s, end->error, "lỗi, ", "error, ", "errors, ");
    sheet_number_of(s, end->warning, "cảnh báo, ", "warning, ", "warnings, ");
    sheet_number_of(s, end->info, "thông tin", "info", "info");
    text_add_z(s->out, " · ");
    grid_print_counts(s, counts);
    sheet_char(s, '\n');
}

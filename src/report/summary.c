/* Collects while the run reports, prints once.
 *
 * The table has one line per check. Structural checks (D.key, D.c.type …) are many and
 * mostly silent: those of a data set with nothing but pass share one line, unless
 * verbose. What only people with questions want (files read, every name of a list) waits
 * for verbose too. */
#include "report/summary.h"

#include "report/grid.h"
#include "report/inputs.h"

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
    struct inputs *inputs; /* NULL until the run begins */
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
    assert(m && run && !m->inputs);
    m->inputs = inputs_keep(m->arena, run);
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

static bool is_silent(const struct rule *rule)
{
    return rule->is_structural && rule->counts[0] == rule->counts[1];
}

static void add_counts(struct grid_line *line, const struct rule *rule)
{
    for (size_t i = 0; i < GRID_COUNTS; i++) {
        line->counts[i] += rule->counts[i];
    }
}

/* One line for all silent checks of the data set of rules[first]. */
static struct grid_line sum_silent(const struct summary *m, const struct sheet *s,
                                   size_t first)
{
    struct grid_line line = {0};
    uint64_t n = 0;
    for (size_t i = first; i < m->n_rules; i++) {
        if (is_silent(&m->rules[i]) &&
            str_eq(m->rules[i].dataset, m->rules[first].dataset)) {
            add_counts(&line, &m->rules[i]);
            n++;
        }
    }
    if (n == 1) {
        line.name = m->rules[first].check;
        return line;
    }
    struct text name = text_in(m->arena);
    text_add(&name, m->rules[first].dataset);
    text_add_z(&name, ": ");
    text_uint(&name, n);
    text_add_z(&name, s->lang == LANG_VI ? " kiểm tra cấu trúc" : " structural checks");
    line.name = text_str(&name);
    return line;
}

static bool is_summed_before(const struct summary *m, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (is_silent(&m->rules[k]) && str_eq(m->rules[k].dataset, m->rules[i].dataset)) {
            return true;
        }
    }
    return false;
}

static struct grid_line rule_line(const struct rule *rule, enum diag_lang lang)
{
    struct grid_line line = {.name = rule->check,
                             .title = sheet_pick(&rule->title, lang)};
    add_counts(&line, rule);
    return line;
}

static void put_table(const struct summary *m, struct sheet *s)
{
    if (!m->n_rules) {
        return;
    }
    struct grid_line *lines = arena_new_array(m->arena, m->n_rules, struct grid_line);
    size_t n = 0;
    for (size_t i = 0; i < m->n_rules; i++) {
        if (s->is_verbose || !is_silent(&m->rules[i])) {
            lines[n++] = rule_line(&m->rules[i], s->lang);
        } else if (!is_summed_before(m, i)) {
            lines[n++] = sum_silent(m, s, i);
        }
    }
    grid_print(s, lines, n);
    sheet_char(s, '\n');
}

/* ---- rules that did not apply, or never decided ---- */

static bool has_same_cause(const struct rule *a, const struct rule *b)
{
    return str_eq(a->reason, b->reason) && str_eq(a->about, b->about);
}

/* Ends a list of rules that had n items. */
static void put_more_rules(struct sheet *s, size_t n)
{
    size_t limit = sheet_limit(s);
    sheet_more(s, n > limit ? n - limit : 0, " quy tắc nữa", " more");
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
    size_t n = 0;
    sheet_blanks(s, 2);
    for (size_t i = first; i < m->n_rules; i++) {
        if (m->rules[i].reason.p && has_same_cause(&m->rules[i], &m->rules[first])) {
            sheet_item(s, n++, m->rules[i].check);
        }
    }
    put_more_rules(s, n);
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
    size_t n = 0;
    for (size_t i = 0; i < m->n_rules; i++) {
        if (!m->rules[i].is_vacuous || m->rules[i].reason.p) {
            continue;
        }
        if (n == 0) {
            sheet_say(s, "Chưa lần nào kết luận được đạt hay sai:\n  ",
                      "Never came to pass or fail:\n  ");
        }
        sheet_item(s, n++, m->rules[i].check);
    }
    put_more_rules(s, n);
    text_add_z(s->out, n ? "\n\n" : "");
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
    assert(m && s && m->inputs);
    put_table(m, s);
    put_not_applicable(m, s);
    put_vacuous(m, s);
    if (s->is_verbose) {
        inputs_print_files(m->inputs, s);
    }
    inputs_print_left_out(m->inputs, s);
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

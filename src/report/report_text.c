/* The report for people at a terminal, in Vietnamese or English.
 *
 * A finding is drawn when it comes: what, where, the line with the cell marked, then one
 * note a line from the most to the least telling (working, message, why it could not be
 * decided, remedy, rule). The words error, warning, info, unknown in front are the same
 * in both languages, so that people and scripts can search for them. Rules and inputs are
 * collected for the summary at the end. Quiet means the verdict alone. */
#include "report/report.h"
#include "report/scores.h"
#include "report/sheet.h"
#include "report/summary.h"

#include <assert.h>

extern const struct report_format report_text;

enum {
    DEFAULT_FINDINGS = 20, /* shown per check */
    SOME_OPERANDS = 6,     /* from other lines, unless verbose */
    CELL_COLUMNS = 60,     /* of a cell's text in a place or note; jsonl has all of it */
    NOTE_COLUMNS = 1000
};

struct text_state {
    struct summary *summary;
    struct scores *scores;
    bool has_unknown; /* a finding of that verdict came: they are listed */
};

static struct sheet sheet_of(struct report *r)
{
    return sheet_on(report_out(r), report_style(r));
}

static const char *word_of(const struct report_finding *f)
{
    static const char *const words[] = {
        [DIAG_ERROR] = "error", [DIAG_WARNING] = "warning", [DIAG_INFO] = "info"};
    assert(f->severity < COUNT_OF(words));
    return f->verdict == REPORT_UNKNOWN ? "unknown" : words[f->severity];
}

static enum tone tone_of(const struct report_finding *f)
{
    return f->verdict == REPORT_UNKNOWN ? TONE_INFO : tone_of_severity(f->severity);
}

/* error[htx_balance]: Biến động HTX */
static void put_header(struct sheet *s, const struct report_finding *f)
{
    struct str title = sheet_pick(&f->title, s->lang);
    sheet_tone(s, tone_of(f));
    text_add_z(s->out, word_of(f));
    sheet_char(s, '[');
    sheet_text(s, f->check);
    sheet_char(s, ']');
    sheet_tone(s, TONE_PLAIN);
    if (title.p) {
        text_add_z(s->out, ": ");
        sheet_text(s, title);
    }
    sheet_char(s, '\n');
}

static void put_file_place(struct sheet *s, struct str file, uint64_t line)
{
    sheet_text(s, file);
    if (line) {
        sheet_char(s, ':');
        text_uint(s->out, line);
    }
}

/* unit_code=91 (Kiên Giang), period=2022-H1 */
static void put_key(struct sheet *s, const struct report_finding *f)
{
    for (uint32_t i = 0; i < f->n_key; i++) {
        text_add_z(s->out, i ? ", " : "  ");
        sheet_text(s, f->key[i].name);
        sheet_char(s, '=');
        sheet_cut(s, f->key[i].value.p ? f->key[i].value : STR("?"), CELL_COLUMNS);
        if (f->key_label && f->key_label[i].value.n) {
            text_add_z(s->out, " (");
            sheet_cut(s, f->key_label[i].value, CELL_COLUMNS);
            sheet_char(s, ')');
        }
    }
}

static void put_place(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    sheet_blanks(s, gutter + 1);
    text_add_z(s->out, "--> ");
    if (f->file.p && (f->line || !f->n_key)) {
        put_file_place(s, f->file, f->line);
    } else {
        sheet_text(s, f->dataset); /* a group, or something absent */
    }
    put_key(s, f);
    sheet_char(s, '\n');
}

static bool has_mark(const struct report_finding *f)
{
    if (!f->source_line.p || f->mark_lo > f->mark_hi || f->mark_hi > f->source_line.n) {
        return false;
    }
    bool is_empty_cell = f->field == 1 || (f->field && f->mark_lo > 0);
    return f->mark_lo < f->mark_hi || is_empty_cell;
}

static void put_source(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    if (!f->source_line.p) {
        return;
    }
    bool is_marked = has_mark(f);
    struct marked_line line = {
        .text = f->source_line,
        .number = f->line,
        .gutter = gutter,
        .has_mark = is_marked,
        .lo = is_marked ? f->mark_lo : 0,
        .hi = is_marked ? f->mark_hi : 0,
        .mark = '^',
        .tone = tone_of(f),
        .label = sheet_pick(&f->at_mark, s->lang),
    };
    sheet_bar(s, gutter);
    sheet_marked_line(s, &line);
    sheet_bar(s, gutter);
}

/* "   = label: text"; nothing where there is no text. */
static void put_note(struct sheet *s, size_t gutter, const char *vi, const char *en,
                     struct str t)
{
    if (!t.n) {
        return;
    }
    sheet_note(s, gutter);
    sheet_say(s, vi, en);
    sheet_cut(s, t, NOTE_COLUMNS);
    sheet_char(s, '\n');
}

static const struct {
    const char *code, *vi, *en;
} reasons[] = {
    {"missing-operand", "thiếu một số liệu mà công thức cần",
     "a value that the formula needs is missing"},
    {"bad-cell", "có ô không đọc được", "a cell that it needs cannot be read"},
    {"absent-row", "không có dòng cần tra", "the row to look up is not there"},
    {"duplicate-key", "có nhiều dòng trùng khóa, không rõ lấy dòng nào",
     "several rows have the same key, so none can be chosen"},
    {"no-previous", "không có số liệu kỳ trước",
     "there is no earlier period to compare with"},
    {"division-by-zero", "chia cho 0", "division by zero"},
    {"incomplete-group", "nhóm còn thiếu dòng phải có",
     "rows that the group must have are absent"},
    {"not-additive", "số liệu không cộng gộp được", "the value cannot be added up"},
    {"unit", "đơn vị tính không phù hợp", "the unit of measure does not fit"},
    {"limit", "vượt giới hạn tính toán", "a limit of the computation was reached"},
};

static const char *reason_words(struct str code, enum diag_lang lang)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        if (str_eq(code, str_of(reasons[i].code))) {
            return lang == LANG_VI ? reasons[i].vi : reasons[i].en;
        }
    }
    return NULL;
}

/* Why there is neither pass nor fail, where the message does not say it; also the code,
 * which documents and scripts use. */
static void put_reason(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    if (!f->reason.p) {
        return;
    }
    const char *words = reason_words(f->reason, s->lang);
    sheet_note(s, gutter);
    if (f->verdict == REPORT_RULE_ERROR) {
        sheet_say(s, "không tính được: ", "not computable: ");
    } else {
        sheet_say(s, "chưa kiểm được: ", "not checkable: ");
    }
    if (!words) {
        sheet_text(s, f->reason);
        sheet_char(s, '\n');
        return;
    }
    text_add_z(s->out, words);
    text_add_z(s->out, " (");
    sheet_text(s, f->reason);
    text_add_z(s->out, ")\n");
}

/* An operand of another line than the one shown. */
static bool is_elsewhere(const struct report_operand *o, const struct report_finding *f)
{
    return o->file.p && o->line && (o->line != f->line || !str_eq(o->file, f->file));
}

/* `value` in the words of the report. */
static struct str shown_value(const struct sheet *s, const struct report_operand *o)
{
    struct str shown = sheet_pick(&o->shown, s->lang);
    return shown.n ? shown : o->value;
}

/*    = htx_total: "1968" = 1.968 HTX · reports/91.csv:4 */
static void put_operand(struct sheet *s, const struct report_operand *o, size_t gutter)
{
    struct str value = shown_value(s, o);
    sheet_note(s, gutter);
    sheet_text(s, o->name);
    text_add_z(s->out, ": ");
    if (o->raw.p) {
        sheet_char(s, '"');
        sheet_cut(s, o->raw, CELL_COLUMNS);
        sheet_char(s, '"');
    }
    if (value.p && !(o->raw.p && str_eq(o->raw, value))) {
        text_add_z(s->out, o->raw.p ? " = " : "");
        sheet_text(s, value);
    }
    if (!o->raw.p && !value.p) {
        sheet_say(s, "không có", "absent");
    }
    struct str unit = o->unit_label.n ? o->unit_label : o->unit;
    if (unit.n) {
        sheet_char(s, ' ');
        sheet_text(s, unit);
    }
    if (o->file.p) {
        text_add_z(s->out, " · ");
        put_file_place(s, o->file, o->line);
    }
    sheet_char(s, '\n');
}

static void put_operands(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < f->n_operands; i++) {
        bool is_some = is_elsewhere(&f->operands[i], f) && shown < SOME_OPERANDS;
        if (s->is_verbose || is_some) {
            put_operand(s, &f->operands[i], gutter);
            shown++;
        }
    }
}

/* "   = quy định: Biểu 01-HTX · rules.soat:42", or where the rule stands alone */
static void put_rule_place(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    if (!f->because.n && !f->rule_place.n) {
        return;
    }
    sheet_note(s, gutter);
    if (f->because.n) {
        sheet_say(s, "quy định: ", "rule basis: ");
    } else {
        sheet_say(s, "quy tắc: ", "rule: ");
    }
    sheet_text(s, f->because);
    text_add_z(s->out, f->because.n && f->rule_place.n ? " · " : "");
    sheet_text(s, f->rule_place);
    sheet_char(s, '\n');
}

/* "   = cột I: Tổng số HTX", as a spreadsheet counts columns; nothing where the form
 * gives the column no name of its own */
static void put_cell(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    char letters[8];
    size_t at = sizeof letters;
    struct str title = sheet_pick(&f->column_title, s->lang);
    if (!f->field || !title.n || str_eq(title, f->column)) {
        return;
    }
    for (uint32_t n = f->field; n > 0 && at > 0; n = (n - 1) / 26) {
        letters[--at] = (char)('A' + (n - 1) % 26);
    }
    sheet_note(s, gutter);
    sheet_say(s, "cột ", "column ");
    text_add(s->out, (struct str){letters + at, sizeof letters - at});
    text_add_z(s->out, ": ");
    sheet_cut(s, title, CELL_COLUMNS);
    sheet_char(s, '\n');
}

/* What is wrong, or why that cannot be told: each thing once. Of a finding without
 * verdict the message names reason and cause. */
static void put_message(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    struct str message = sheet_pick(&f->message, s->lang);
    bool is_said = str_eq(message, sheet_pick(&f->working, s->lang)) ||
                   str_eq(message, sheet_pick(&f->at_mark, s->lang));
    if (!message.n || !f->reason.p) {
        put_note(s, gutter, "", "", is_said ? STR_NONE : message);
        put_reason(s, f, gutter);
        return;
    }
    sheet_note(s, gutter);
    sheet_cut(s, message, NOTE_COLUMNS);
    text_add_z(s->out, " [");
    sheet_text(s, f->reason);
    text_add_z(s->out, "]\n");
}

/* "   = gợi ý: có phải "01" không?", as in report_diag.c */
static void put_suggestion(struct sheet *s, struct str suggestion, size_t gutter)
{
    if (!suggestion.n) {
        return;
    }
    sheet_note(s, gutter);
    sheet_say(s, "gợi ý: có phải \"", "help: did you mean \"");
    sheet_cut(s, suggestion, CELL_COLUMNS);
    sheet_say(s, "\" không?\n", "\"?\n");
}

static void put_notes(struct sheet *s, const struct report_finding *f, size_t gutter)
{
    bool is_cause_said = f->reason.p && sheet_pick(&f->message, s->lang).n;
    put_cell(s, f, gutter);
    if (!has_mark(f)) {
        put_note(s, gutter, "", "", sheet_pick(&f->at_mark, s->lang));
    }
    put_note(s, gutter, "", "", sheet_pick(&f->working, s->lang));
    put_message(s, f, gutter);
    put_operands(s, f, gutter);
    put_note(s, gutter, "nguyên nhân có thể: ", "likely cause: ",
             is_cause_said ? STR_NONE : f->cause);
    put_suggestion(s, f->suggestion, gutter);
    put_note(s, gutter, "việc cần làm: ", "what to do: ", sheet_pick(&f->ask, s->lang));
    put_rule_place(s, f, gutter);
    put_note(s, gutter, "đã được chấp nhận giải trình: ", "waived by: ", f->waiver);
}

static void on_begin(struct report *r, const struct report_run *run)
{
    struct text_state *state = report_state(r);
    state->summary = summary_new(report_arena(r));
    state->scores = scores_new(report_arena(r), report_style(r));
    if (!report_style(r)->is_quiet) {
        summary_run(state->summary, run);
    }
}

static bool is_claim(struct str check)
{
    return str_ends(check, STR(".claimed"));
}

static void on_finding(struct report *r, const struct report_finding *f)
{
    struct text_state *state = report_state(r);
    if (is_claim(f->check) && f->verdict != REPORT_UNKNOWN) {
        scores_claim(state->scores, 1);
    }
    if (report_style(r)->is_quiet) {
        return;
    }
    state->has_unknown = state->has_unknown || f->verdict == REPORT_UNKNOWN;
    struct sheet s = sheet_of(r);
    size_t gutter = f->source_line.p && f->line ? digits_of(f->line) : 1;
    put_header(&s, f);
    put_place(&s, f, gutter);
    put_source(&s, f, gutter);
    put_notes(&s, f, gutter);
    sheet_char(&s, '\n');
}

static void on_rule(struct report *r, const struct report_rule *rule)
{
    if (report_style(r)->has_scores_only) {
        return; /* the table of checks is not what was asked for */
    }
    struct text_state *state = report_state(r);
    if (!report_style(r)->is_quiet) {
        summary_rule(state->summary, rule);
    }
}

static void on_indicator(struct report *r, const struct report_indicator *i)
{
    struct text_state *state = report_state(r);
    scores_indicator(state->scores, i);
}

static void on_target(struct report *r, const struct report_target *t)
{
    struct text_state *state = report_state(r);
    scores_target(state->scores, t);
}

static void on_score(struct report *r, const struct report_score *score)
{
    struct text_state *state = report_state(r);
    scores_score(state->scores, score);
}

static void on_end(struct report *r, const struct report_end *end)
{
    struct text_state *state = report_state(r);
    struct sheet s = sheet_of(r);
    assert(state->summary);
    if (!report_style(r)->is_quiet) {
        scores_print(state->scores, &s);
        for (uint32_t i = 0; i < report_hidden_checks(r); i++) {
            uint64_t n;
            struct str check = report_hidden(r, i, &n);
            scores_claim(state->scores, is_claim(check) ? n : 0);
            summary_hidden(state->summary, check, n);
        }
        summary_unlisted(state->summary, state->has_unknown ? 0 : end->unknown);
        summary_print(state->summary, &s);
    }
    if (report_style(r)->has_scores_only) {
        scores_verdict(state->scores, &s, end);
    } else {
        summary_verdict(&s, end);
    }
}

const struct report_format report_text = {
    .name = "text",
    .max_findings = DEFAULT_FINDINGS,
    .state_size = sizeof(struct text_state),
    .begin = on_begin,
    .finding = on_finding,
    .rule = on_rule,
    .indicator = on_indicator,
    .target = on_target,
    .score = on_score,
    .end = on_end,
};

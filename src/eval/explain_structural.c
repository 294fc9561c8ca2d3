/* The words of structural findings: what the templates of structural.def are filled with.
 */
#include "base/utf8.h"
#include "data/broken.h"
#include "eval/describe.h"
#include "eval/facts.h"
#include "eval/show.h"
#include "eval/sums.h"

#include <assert.h>

#define FILLS 3

struct templates {
    const char *title[2], *message[2], *ask[2];
};

static const struct templates templates[RULE_KIND_COUNT] = {
#define STRUCTURAL(id, suffix, per_column, title_vi, title_en, vi, en, ask_vi, ask_en)   \
    [RULE_##id] = {{title_vi, title_en}, {vi, en}, {ask_vi, ask_en}},
#include "eval/structural.def"
#undef STRUCTURAL
};

struct job {
    struct engine *e;
    const struct finding *f;
    const struct rule *rule;
    const struct facts *facts;
    const struct table *t;
    const struct column *column; /* NULL: not about one column */
    struct arena *a;
    struct explanation *out;
    struct str raw;            /* text of the cell */
    struct str fill[2][FILLS]; /* by language */
    struct cell_reader reader;
};

static void fill_both(struct job *j, int k, struct str s)
{
    j->fill[LANG_VI][k] = s;
    j->fill[LANG_EN][k] = s;
}

static void fill_texts(struct job *j, int k, const char *vi, const char *en)
{
    j->fill[LANG_VI][k] = str_of(vi);
    j->fill[LANG_EN][k] = str_of(en);
}

static void fill_num(struct job *j, int k, struct num v)
{
    j->fill[LANG_VI][k] = show_num(j->a, v, LANG_VI);
    j->fill[LANG_EN][k] = show_num(j->a, v, LANG_EN);
}

static void fill_count(struct job *j, int k, uint64_t n)
{
    fill_num(j, k, num_int((int64_t)n));
}

/* A sentence in both languages with one text in it. */
static void fill_sentence(struct job *j, const char *const vi[2], const char *const en[2],
                          struct str s)
{
    for (int lang = 0; lang < 2; lang++) {
        const char *const *words = lang == LANG_VI ? vi : en;
        struct text t = text_in(j->a);
        text_add_z(&t, words[0]);
        text_add(&t, s);
        text_add_z(&t, words[1]);
        j->fill[lang][0] = text_str(&t);
    }
}

static struct str column_called(struct job *j, const struct column *c)
{
    struct text t = text_in(j->a);
    struct str title = c->title.lang[LANG_VI].p != NULL ? c->title.lang[LANG_VI]
                                                        : c->title.lang[LANG_EN];

    if (title.p != NULL) {
        text_add(&t, STR("“"));
        text_add(&t, title);
        text_add(&t, STR("” ("));
    }
    text_add(&t, c->name);
    text_add(&t, title.p != NULL ? STR(")") : STR(""));
    return text_str(&t);
}

static bool is_listed(const uint32_t *list, uint32_t n, uint32_t wanted)
{
    for (uint32_t i = 0; i < n; i++) {
        if (list[i] == wanted) {
            return true;
        }
    }
    return false;
}

static struct record header_record(void)
{
    return (struct record){.line = 0, .number = 0};
}

static void explain_columns(struct job *j)
{
    static const char *const missing[2][2] = {{"thiếu cột ", " trong dòng tiêu đề"},
                                              {"the header has no column ", ""}};
    static const char *const twice[2][2] = {
        {"cột ", " xuất hiện nhiều lần trong dòng tiêu đề nên không được đọc"},
        {"column ", " stands in the header more than once and is not read"}};
    static const char *const unknown[2][2] = {
        {"cột “", "” không có trong khai báo nên được bỏ qua"},
        {"column “", "” is not declared and is left out"}};
    static const char *const unread[2][2] = {
        {"tệp không có dòng tiêu đề đọc được, nên không rõ có cột ", " hay không"},
        {"the file has no header that could be read, so nothing is known of column ",
         ""}};
    const struct table_file *file = &j->t->files[j->f->row];

    j->out->place = (struct cell_place){.dataset = j->rule->dataset,
                                        .file = j->f->row,
                                        .record = header_record(),
                                        .column = ID_NONE};
    if (j->f->extra >= EXTRA_UNKNOWN) {
        j->out->subject = file->unknown_headers[j->f->extra - EXTRA_UNKNOWN];
        fill_sentence(j, unknown[0], unknown[1], j->out->subject);
        j->out->ask = (struct bilingual){{STR_NONE, STR_NONE}};
        return;
    }
    const struct column *c = &j->facts->schema->columns[j->f->extra];
    j->out->subject = c->name;
    j->out->place.column = j->f->extra;
    if (j->f->verdict != VERDICT_FAIL) {
        fill_sentence(j, unread[0], unread[1], column_called(j, c));
        j->out->ask = (struct bilingual){{STR_NONE, STR_NONE}};
        return;
    }
    if (is_listed(file->duplicate_columns, file->n_duplicate, j->f->extra)) {
        fill_sentence(j, twice[0], twice[1], column_called(j, c));
        return;
    }
    fill_sentence(j, missing[0], missing[1], column_called(j, c));
    j->out->suggestion = str_nearest(c->name, file->unknown_headers, file->n_unknown);
    for (uint32_t i = 0; i < c->n_headers && j->out->suggestion.p == NULL; i++) {
        j->out->suggestion =
            str_nearest(c->headers[i], file->unknown_headers, file->n_unknown);
    }
}

/* Reading stopped: the words of its diagnostic, and where the quotes open that may be the
 * cause. */
static void explain_broken(struct job *j, const struct table_file *file)
{
    static const char *const opens[2] = {"; ô bao bằng ngoặc kép bắt đầu ở dòng ",
                                         "; the quoted field begins on line "};
    struct diag stop = {.id = broken_diag(file->status),
                        .args = {broken_argument(file->status)}};

    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(j->a);
        text_add(&t, diag_text(j->a, &stop, (enum diag_lang)lang));
        if (file->quote_line != 0 && file->quote_line < file->error_line) {
            text_add_z(&t, opens[lang]);
            text_uint(&t, file->quote_line);
        }
        j->fill[lang][0] = text_str(&t);
    }
    uint64_t line = file->error_line < UINT32_MAX ? file->error_line : UINT32_MAX;
    j->out->place.record = (struct record){.line = (uint32_t)line};
}

static void explain_record(struct job *j)
{
    const struct table_file *file = &j->t->files[j->f->row];

    j->out->place = (struct cell_place){
        .dataset = j->rule->dataset, .file = j->f->row, .column = ID_NONE};
    if (j->f->extra == EXTRA_BROKEN) {
        explain_broken(j, file);
        return;
    }
    j->out->place.record = file->bad_records[j->f->extra];
    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(j->a);
        text_printf(
            &t,
            lang == LANG_VI
                ? "dòng có %u ô, dòng tiêu đề có %u ô; dòng này không được đọc"
                : "the record has %u fields, the header has %u; the record was not read",
            (unsigned)file->bad_fields[j->f->extra], (unsigned)file->n_header);
        j->fill[lang][0] = text_str(&t);
    }
}

static uint64_t copies_of(const struct keyidx *by, uint32_t row, uint32_t n_rows)
{
    uint64_t n = 0;

    for (uint32_t r = by->first[by->group_of[row]]; r != ROW_NONE; r = by->next[r]) {
        n += r < n_rows;
    }
    return n;
}

static void explain_duplicate(struct job *j)
{
    fill_both(j, 0, describe_key(j->a, j->out->key, j->out->n_key));
    if (j->f->verdict == VERDICT_FAIL) {
        fill_count(j, 1, copies_of(j->facts->key, j->f->row, j->t->n));
    }
}

static void explain_repeated(struct job *j)
{
    const struct keyidx *by = keyidx_new(j->a, j->t, &j->rule->column, 1, NULL);

    fill_both(j, 0, j->raw);
    fill_count(j, 1,
               by->group_of[j->f->row] == GROUP_NONE ? 0
                                                     : copies_of(by, j->f->row, j->t->n));
}

/* "u=tấn": the unit that cannot be converted; where another row names it, ": no=2"
 * behind it. `own` is the row that states the sum. */
static struct str odd_unit(struct job *j, const struct table_column *own, uint32_t row,
                           uint32_t odd)
{
    const struct schema *s = j->facts->schema;
    uint32_t column = s->columns[j->f->extra].unit.row_column;
    const struct table_column *units = &(odd == ROW_NONE ? own : j->t->columns)[column];
    struct explanation key = {.n_key = 0};
    struct row_key of = {j->rule->dataset, odd, s->key, s->n_key};
    struct text t = text_in(j->a);

    text_add(&t, s->columns[column].name);
    text_char(&t, '=');
    text_add(&t, show_cell(j->a, j->e->texts, units, odd == ROW_NONE ? row : odd));
    if (odd != ROW_NONE) {
        explain_key(j->e, j->a, &of, &j->reader, &key);
        text_add_z(&t, ": ");
        text_add(&t, describe_key(j->a, key.key, key.n_key));
    }
    return text_str(&t);
}

/* A number as the explanation and the templates have it. */
static struct str put_num(struct job *j, int k, struct num v, struct bilingual *shown)
{
    fill_num(j, k, v);
    for (int lang = 0; lang < 2; lang++) {
        shown->lang[lang] = j->fill[lang][k];
    }
    return num_str(j->a, v);
}

static void explain_sums(struct job *j, uint8_t state, const struct sums *sums)
{
    struct explanation *out = j->out;
    struct num diff;

    out->subject = j->facts->schema->columns[j->f->extra].name;
    if (sums->has_reported) {
        out->left = put_num(j, 0, sums->reported, &out->shown_left);
    }
    if (state == CELL_OK && num_sub(sums->reported, sums->computed, &diff) == DEC_OK) {
        out->right = put_num(j, 1, sums->computed, &out->shown_right);
        out->diff = put_num(j, 2, diff, &out->shown_diff);
    }
}

static void explain_totals(struct job *j)
{
    struct sums sums;
    uint8_t state = totals_compare(j->e, j->rule->dataset, j->f->row, j->f->extra, &sums);
    const struct totals_row *row = &j->t->totals[j->f->row];
    const struct schema *s = j->facts->schema;
    struct explained_key *key = arena_new_array(j->a, s->n_key + 1, struct explained_key);

    j->out->place = (struct cell_place){.dataset = j->rule->dataset,
                                        .file = row->file,
                                        .record = row->record,
                                        .column = j->f->extra};
    for (uint32_t i = 0; i < s->n_key; i++) {
        struct cell_place at = j->out->place;
        at.column = s->key[i];
        const struct table_column *c = &j->t->totals_columns[s->key[i]];
        key[i].name = s->columns[s->key[i]].name;
        bool is_text = c->kind == VALUE_TEXT || c->kind == VALUE_CODE;
        bool is_read = c->state[j->f->row] == CELL_OK && !is_text;
        bool is_missing = cell_kind(c->state[j->f->row]) == CELL_KIND_MISSING;
        key[i].value = is_read      ? show_cell(j->a, j->e->texts, c, j->f->row)
                       : is_missing ? STR_NONE
                                    : cell_written(&j->reader, &at, j->a);
        key[i].canonical = key[i].value.p == NULL ? STR("") : key[i].value;
    }
    j->out->key = key;
    j->out->n_key = s->n_key;
    explain_sums(j, state, &sums);
    if (state == CELL_UNIT) {
        j->out->cause = odd_unit(j, j->t->totals_columns, j->f->row, sums.odd_unit);
    }
}

static void explain_tree(struct job *j)
{
    static const char *const absent[2][2] = {{"không có dòng cha “", "”"},
                                             {"there is no parent row “", "”"}};
    static const char *const circle[2][2] = {{"dòng cha “", "” lại thuộc chính dòng này"},
                                             {"parent “", "” is below this row itself"}};
    struct sums sums;

    if (j->f->extra != ID_NONE) {
        uint8_t state =
            tree_compare(j->e, j->rule->dataset, j->f->row, j->f->extra, &sums);
        j->out->place.column = j->f->extra;
        explain_sums(j, state, &sums);
        if (state == CELL_UNIT) {
            j->out->cause = odd_unit(j, j->t->columns, j->f->row, sums.odd_unit);
        }
        for (int lang = 0; lang < 2 && state == CELL_OK; lang++) {
            struct text t = text_in(j->a);
            text_add_z(&t, lang == LANG_VI ? "dòng cha ghi " : "the parent says ");
            text_add(&t, j->out->shown_left.lang[lang]);
            text_add_z(&t, lang == LANG_VI ? ", cộng các dòng con được "
                                           : ", its children add up to ");
            text_add(&t, j->out->shown_right.lang[lang]);
            text_add_z(&t, lang == LANG_VI ? " (lệch " : " (off by ");
            text_add(&t, j->out->shown_diff.lang[lang]);
            text_char(&t, ')');
            j->fill[lang][0] = text_str(&t);
        }
        return;
    }
    struct str parent = show_known(j->e, j->a, j->rule->dataset,
                                   j->facts->schema->tree_parent, j->f->row);
    bool is_circle = j->f->fault == TREE_CIRCLE;
    j->out->place.column = j->facts->schema->tree_parent;
    fill_sentence(j, is_circle ? circle[0] : absent[0], is_circle ? circle[1] : absent[1],
                  parent.p == NULL ? STR("?") : parent);
}

/* The entry of the row's code at its period; NULL: unknown or not valid then. */
static const struct code_entry *entry_at(struct job *j, uint32_t column,
                                         const struct code_entry **ever)
{
    const struct codelist *list =
        j->e->codelists[j->facts->schema->columns[column].codelist];
    struct str code =
        dict_str(j->e->texts, engine_fold(j->e, j->t->columns[column].id[j->f->row]));
    uint32_t period = j->facts->schema->period;

    *ever = codelist_any(list, code);
    if (period == ID_NONE || j->t->columns[period].state[j->f->row] != CELL_OK) {
        return *ever;
    }
    return codelist_at(list, code, period_end(j->t->columns[period].when[j->f->row]));
}

static void explain_pair(struct job *j)
{
    const struct pair *p = &j->facts->schema->pairs[j->f->extra];
    const struct table_column *codes = &j->t->columns[p->code],
                              *names = &j->t->columns[p->name];
    const struct code_entry *ever;

    j->out->place.column = p->name;
    if (codes->state[j->f->row] != CELL_OK || names->state[j->f->row] != CELL_OK) {
        return;
    }
    const struct code_entry *entry = entry_at(j, p->code, &ever);
    fill_both(j, 0, show_cell(j->a, j->e->texts, codes, j->f->row));
    fill_both(j, 1, entry == NULL ? STR("?") : entry->label);
    fill_both(j, 2, show_cell(j->a, j->e->texts, names, j->f->row));
    j->out->suggestion = entry == NULL ? STR_NONE : entry->label;
}

/* The code that took over from an entry, or from who took over, and is valid on `day`. */
static struct str valid_successor(const struct codelist *list,
                                  const struct code_entry *entry, int32_t day)
{
    for (uint32_t i = 0; i < list->n && entry != NULL && entry->into.p != NULL; i++) {
        if (codelist_at(list, entry->folded_into, day) != NULL) {
            return entry->into;
        }
        entry = codelist_any(list, entry->folded_into);
    }
    return STR_NONE;
}

static void explain_code(struct job *j)
{
    static const char *const unknown[2][2] = {{"mã “", "” không có trong danh mục"},
                                              {"code “", "” is not in the list"}};
    static const char *const expired[2][2] = {
        {"mã “", "” không có hiệu lực tại kỳ báo cáo này"},
        {"code “", "” is not valid in this period"}};
    const struct codelist *list = j->e->codelists[j->column->codelist];
    const struct code_entry *ever;
    uint32_t period = j->facts->schema->period;

    if (j->f->verdict != VERDICT_FAIL) {
        return;
    }
    (void)entry_at(j, j->rule->column, &ever);
    fill_sentence(j, ever == NULL ? unknown[0] : expired[0],
                  ever == NULL ? unknown[1] : expired[1], j->raw);
    if (ever != NULL) { /* known, so it is the period that it does not fit */
        j->out->suggestion = valid_successor(
            list, ever, period_end(j->t->columns[period].when[j->f->row]));
        return;
    }
    j->out->suggestion = codelist_suggest(j->a, list, j->raw);
}

/* Written as a day is, though no calendar has it: 31/6/2022. */
static bool looks_like_day(struct str s)
{
    size_t n_digits = 0, n_marks = 0;

    for (size_t i = 0; i < s.n; i++) {
        n_digits += s.p[i] >= '0' && s.p[i] <= '9';
        n_marks += s.p[i] == '/' || s.p[i] == '-' || s.p[i] == '.';
    }
    return n_marks == 2 && n_digits >= 6 && n_digits + n_marks == s.n;
}

static void explain_type(struct job *j)
{
    static const struct {
        const char *vi, *en;
    } needed[COLUMN_TYPE_COUNT] = {
        [COLUMN_TEXT] = {"cần văn bản", "a text is needed"},
        [COLUMN_CODE] = {"cần một mã", "a code is needed"},
        [COLUMN_COUNT] = {"có phần thập phân, cần số nguyên",
                          "it has decimals, a whole number is needed"},
        [COLUMN_INTEGER] = {"có phần thập phân, cần số nguyên",
                            "it has decimals, a whole number is needed"},
        [COLUMN_DECIMAL] = {"cần một số", "a number is needed"},
        [COLUMN_PERCENT] = {"cần một tỷ lệ phần trăm", "a percentage is needed"},
        [COLUMN_DATE] = {"cần ngày dạng 30/6/2022 hoặc 2022-06-30",
                         "a date like 30/6/2022 or 2022-06-30 is needed"},
        [COLUMN_PERIOD] =
            {"cần kỳ báo cáo dạng 2022, 2022-H1, quý III/2022, tháng 6/2022",
             "a period like 2022, 2022-H1, 2022-Q3 or 2022-06 is needed"},
        [COLUMN_YEAR] = {"cần năm có bốn chữ số", "a year of four digits is needed"},
        [COLUMN_FLAG] = {"cần có hoặc không", "yes or no is needed"},
    };
    struct number_reading reading = {.is_misfit = true};
    bool is_number = column_value_kind(j->column->type) == VALUE_NUM;

    if (is_number) {
        number_read(j->column, j->t->files[j->out->place.file].numbers, j->raw, &reading);
    }
    fill_both(j, 0, j->raw);
    if (is_number && !reading.is_misfit && reading.why != NUMFMT_OK) {
        fill_texts(j, 1, numfmt_why(reading.why, true), numfmt_why(reading.why, false));
    } else if (j->column->type == COLUMN_DATE && looks_like_day(str_trim(j->raw))) {
        fill_texts(j, 1, "lịch không có ngày này", "there is no such day");
    } else {
        fill_texts(j, 1, needed[j->column->type].vi, needed[j->column->type].en);
    }
}

static void put_literal(struct job *j, struct text *t, const struct literal *l,
                        enum diag_lang lang)
{
    text_add(t, l->kind == VALUE_NUM ? show_num(j->a, l->num, lang) : l->text);
}

static struct str allowed(struct job *j, enum diag_lang lang)
{
    struct text t = text_in(j->a);
    const struct column *c = j->column;

    if (c->has_range) {
        put_literal(j, &t, &c->low, lang);
        text_add(&t, STR(" .. "));
        put_literal(j, &t, &c->high, lang);
    } else if (c->n_set == 0) {
        text_add_z(&t, lang == LANG_VI ? "từ 0 trở lên" : "0 or more");
    }
    for (uint32_t i = 0; i < c->n_set; i++) {
        text_add(&t, i == 0 ? STR("") : STR(", "));
        put_literal(j, &t, &c->set[i], lang);
    }
    return text_str(&t);
}

static void explain_range(struct job *j)
{
    fill_both(j, 0, j->raw);
    j->fill[LANG_VI][1] = allowed(j, LANG_VI);
    j->fill[LANG_EN][1] = allowed(j, LANG_EN);
}

static void explain_pattern(struct job *j)
{
    fill_both(j, 0, j->raw);
    fill_both(j, 1, j->column->pattern);
}

static void explain_length(struct job *j)
{
    fill_count(j, 0, utf8_length(j->raw));
    fill_count(j, 1, j->column->max_length);
}

static void explain_ambiguous(struct job *j)
{
    struct number_reading reading;
    int n = 1;
    struct num shown = num_int(0);

    number_read(j->column, NUMFMT_AUTO, j->raw, &reading);
    fill_both(j, 0, j->raw);
    for (unsigned i = 0; i < NUMFMT_COUNT && n < FILLS; i++) {
        bool is_reading = (reading.formats >> i & 1) != 0;
        if (is_reading && (n == 1 || !num_eq(shown, reading.value[i]))) {
            shown = reading.value[i];
            fill_num(j, n++, shown);
        }
    }
}

static void explain_cover(struct job *j)
{
    fill_both(j, 0, describe_key(j->a, j->out->key, j->out->n_key));
}

static void explain_required(struct job *j)
{
    static const char *const vi[] = {
        "ô ghi “", "”, nghĩa là chưa có số liệu, nhưng bắt buộc phải có"};
    static const char *const en[] = {"the cell says “",
                                     "”, so there is no figure, but one is required"};

    if (str_trim(j->raw).n > 0) {
        fill_sentence(j, vi, en, str_trim(j->raw));
    } else {
        fill_texts(j, 0, "ô này đang trống nhưng bắt buộc phải có số liệu",
                   "this cell is empty but must hold a value");
    }
}

static void (*const explainers[RULE_KIND_COUNT])(struct job *j) = {
    [RULE_COLUMNS] = explain_columns,     [RULE_ROW] = explain_record,
    [RULE_KEY] = explain_duplicate,       [RULE_COVER] = explain_cover,
    [RULE_TOTALS] = explain_totals,       [RULE_TREE] = explain_tree,
    [RULE_PAIR] = explain_pair,           [RULE_REQUIRED] = explain_required,
    [RULE_TYPE] = explain_type,           [RULE_RANGE] = explain_range,
    [RULE_PATTERN] = explain_pattern,     [RULE_LENGTH] = explain_length,
    [RULE_UNIQUE] = explain_repeated,     [RULE_CODE] = explain_code,
    [RULE_AMBIGUOUS] = explain_ambiguous,
};

static struct str fill_template(struct job *j, const char *template, enum diag_lang lang)
{
    struct text t = text_in(j->a);

    for (const char *p = template; *p != '\0'; p++) {
        bool is_hole = p[0] == '{' && p[1] >= '0' && p[1] < '0' + FILLS && p[2] == '}';
        if (is_hole) {
            struct str s = j->fill[lang][p[1] - '0'];
            text_add(&t, s.p == NULL ? STR("–") : s);
            p += 2;
        } else {
            text_char(&t, *p);
        }
    }
    return text_str(&t);
}

static void set_messages(struct job *j)
{
    const struct templates *words = &templates[j->rule->kind];
    for (int lang = 0; lang < 2; lang++) {
        if (j->f->verdict == VERDICT_FAIL) {
            j->out->message.lang[lang] =
                fill_template(j, words->message[lang], (enum diag_lang)lang);
            continue;
        }
        struct text t = text_in(j->a);
        text_add(&t, show_no_verdict(j->f->verdict, (enum diag_lang)lang));
        text_add(&t, j->rule->kind == RULE_COLUMNS
                         ? j->fill[lang][0]
                         : show_reason_words(j->f->state, (enum diag_lang)lang));
        if (j->out->cause.p != NULL) {
            text_add(&t, STR(" ("));
            text_add(&t, j->out->cause);
            text_char(&t, ')');
        }
        j->out->message.lang[lang] = text_str(&t);
    }
}

struct bilingual structural_title(enum rule_kind kind)
{
    return (struct bilingual){
        {str_of(templates[kind].title[0]), str_of(templates[kind].title[1])}};
}

/* Rows and their cells; the others say where they are themselves. */
static bool is_about_row(enum rule_kind kind)
{
    return kind != RULE_COLUMNS && kind != RULE_ROW && kind != RULE_TOTALS;
}

const struct explanation *explain_structural(struct evaluation *ev,
                                             const struct finding *f,
                                             const struct cell_reader *reader,
                                             struct arena *a)
{
    struct engine *e = ev->engine;
    const struct rule *rule = &ev->rules[f->rule];
    struct job j = {.e = e,
                    .f = f,
                    .rule = rule,
                    .facts = &e->facts[rule->dataset],
                    .a = a,
                    .reader = *reader,
                    .out = arena_new(a, struct explanation)};

    assert(rule->kind != RULE_CHECK);
    j.t = j.facts->table;
    j.column = rule->column == ID_NONE ? NULL : &j.facts->schema->columns[rule->column];
    j.out->rule_at = j.column == NULL ? j.facts->schema->at : j.column->at;
    j.out->title = structural_title(rule->kind);
    for (int lang = 0; lang < 2; lang++) {
        j.out->ask.lang[lang] = str_of(templates[rule->kind].ask[lang]);
    }
    if (is_about_row(rule->kind)) {
        j.out->place = place_of_row(e, rule->dataset, f->row, rule->column);
        j.out->place.dataset = rule->dataset;
        struct row_key of = {rule->dataset, f->row, j.facts->schema->key,
                             j.facts->schema->n_key};
        explain_key(e, a, &of, &j.reader, j.out);
    }
    if (j.column != NULL && j.out->place.file != ID_NONE) {
        j.raw = reader->read(reader->context, &j.out->place, a);
        j.raw = j.raw.p == NULL ? STR("") : j.raw;
    }
    explainers[rule->kind](&j);
    if (f->verdict != VERDICT_FAIL) {
        j.out->reason = show_reason(f->state);
    }
    set_messages(&j);
    return j.out;
}

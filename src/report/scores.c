/* One table per scoreboard and group (its period), per target and period, and per
 * indicator, in the order in which their first record came; within one the groups in
 * order. Rows are sorted by rank, then by key, so that no order of files or rows shows. A
 * table keeps a limited number of rows; what is beyond is counted. Targets without a
 * result for anybody share a list, by reason. */
#include "report/scores.h"

#include "report/columns.h"

#include <assert.h>
#include <stdlib.h>

enum {
    ROWS_KEPT = 2000,  /* of one table */
    ROWS_SHOWN = 60,   /* unless verbose */
    VALUES_SHOWN = 20, /* the same, of an indicator */
    BAR_COLUMNS = 20,
    CELLS = 8,
    LIST_INDENT = 4,
    LEAST_WIDTH = 20,
    STATUSES = 6
};

enum table_kind { TABLE_BOARD, TABLE_TARGET, TABLE_INDICATOR };

struct row {
    uint64_t rank; /* for sorting; UINT64_MAX: none */
    uint32_t order;
    struct str key;
    struct str cells[CELLS], note;
};

struct table {
    enum table_kind kind;
    struct str id, group, title, unit, for_all;
    uint32_t order; /* of the first table with this id */
    struct row *rows;
    size_t n, cap;
    bool has_result;      /* some unit is scored, or has a value of the indicator */
    struct str undefined; /* why the indicator has no definition yet */
    uint64_t dropped;
    uint64_t by_status[STATUSES];
};

struct scores {
    struct arena *arena;
    enum diag_lang lang;
    struct table **tables;
    size_t n, cap;
    struct dict *ids;                      /* kind, id and group -> number of the table */
    uint64_t open_scores, no_data, claims; /* records */
    bool is_quiet;
};

static const struct {
    const char *word, *shown[2];
} words[] = {
    {"exceeded", {"vượt", "exceeded"}},
    {"met", {"đạt", "met"}},
    {"near", {"gần đạt", "near"}},
    {"missed", {"chưa đạt", "missed"}},
    {"no_data", {"chưa có số liệu", "no data"}},
    {"not_applicable", {"không áp dụng", "n/a"}},
    {"on_track", {"đúng tiến độ", "on track"}},
    {"behind", {"chậm tiến độ", "behind"}},
};

static size_t word_number(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(word, str_of(words[i].word))) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *scores_word(struct str status, enum diag_lang lang)
{
    size_t i = word_number(status);
    return i == SIZE_MAX ? NULL : words[i].shown[lang];
}

struct scores *scores_new(struct arena *a, const struct report_style *style)
{
    assert(a && style);
    struct scores *m = arena_new(a, struct scores);
    m->arena = a;
    m->lang = style->lang;
    m->is_quiet = style->is_quiet;
    m->ids = dict_new(a);
    return m;
}

struct str scores_key_text(struct arena *a, const struct report_pair *key,
                           const struct report_pair *label, uint32_t from, uint32_t to)
{
    assert(a && from <= to);
    struct text t = text_in(a);
    for (uint32_t i = from; i < to; i++) {
        text_add_z(&t, i > from ? " · " : "");
        text_add(&t, key[i].value.p ? key[i].value : STR("?"));
        if (label && label[i].value.n) {
            text_char(&t, ' ');
            text_add(&t, label[i].value);
        }
    }
    return text_str(&t);
}

struct str scores_bar(struct arena *a, uint32_t low, uint32_t high)
{
    assert(a && low <= high);
    struct text t = text_in(a);
    for (uint32_t i = 0; i < BAR_COLUMNS; i++) {
        uint32_t middle = (2 * i + 1) * 1000 / (2 * BAR_COLUMNS);
        text_add_z(&t, middle < low ? "█" : middle < high ? "▒" : "·");
    }
    return text_str(&t);
}

/* ---- collecting ---- */

static struct str keep(const struct scores *m, struct str s)
{
    return s.n ? str_copy(m->arena, s) : STR_NONE;
}

static struct str pick(const struct scores *m, const struct report_text *t)
{
    return keep(m, sheet_pick(t, m->lang));
}

static struct table *table_of(struct scores *m, enum table_kind kind, struct str id,
                              struct str group)
{
    struct text name = text_in(m->arena);
    text_char(&name, (char)('a' + (int)kind));
    text_add(&name, id);
    text_char(&name, '\n');
    text_add(&name, group);
    uint32_t known = dict_count(m->ids), at = dict_add(m->ids, text_str(&name));
    if (at < known) {
        return m->tables[at];
    }
    struct table *t = arena_new(m->arena, struct table);
    *t = (struct table){.kind = kind, .id = keep(m, id), .group = keep(m, group)};
    t->order = at;
    for (size_t i = m->n; i > 0; i--) {
        const struct table *other = m->tables[i - 1];
        t->order = other->kind == kind && str_eq(other->id, id) ? other->order : t->order;
    }
    m->tables = list_room(m->arena, m->tables, m->n, &m->cap, sizeof(struct table *));
    m->tables[m->n++] = t;
    return t;
}

/* NULL: there are rows enough. */
static struct row *row_of(struct scores *m, struct table *t)
{
    if (t->n == ROWS_KEPT) {
        t->dropped++;
        return NULL;
    }
    t->rows = list_room(m->arena, t->rows, t->n, &t->cap, sizeof *t->rows);
    t->rows[t->n] = (struct row){.rank = UINT64_MAX, .order = (uint32_t)t->n};
    return &t->rows[t->n++];
}

/* "2", "2–4", "–" */
static struct str rank_text(struct arena *a, const struct report_score *s)
{
    struct text t = text_in(a);
    if (s->rank || s->rank_low) {
        text_uint(&t, s->rank ? s->rank : s->rank_low);
    } else {
        text_add_z(&t, "–");
    }
    if (!s->rank && s->rank_low && s->rank_high != s->rank_low) {
        text_add_z(&t, "–");
        if (s->rank_high) {
            text_uint(&t, s->rank_high);
        }
    }
    return text_str(&t);
}

/* By the middle of the ranks that are possible, then by the worst of them. */
static uint64_t rank_order(const struct report_score *s)
{
    uint64_t low = s->rank_low, high = s->rank_high ? s->rank_high : s->rank_low;
    return low ? (low + high) << 32 | high : UINT64_MAX;
}

static struct str gaps_text(const struct scores *m, const struct report_score *s)
{
    struct text t = text_in(m->arena);
    for (uint32_t i = 0; i < s->n_gaps; i++) {
        const char *head = m->lang == LANG_VI ? "thiếu số liệu: " : "missing data: ";
        text_add_z(&t, i ? ", " : head);
        text_add(&t, sheet_pick(&s->gaps[i], m->lang));
    }
    return text_str(&t);
}

static struct str out_of(const struct scores *m, struct str points, struct str most)
{
    struct text t = text_in(m->arena);
    text_add(&t, points.n ? points : STR("–"));
    if (points.n && most.n) {
        text_add_z(&t, " / ");
        text_add(&t, most);
    }
    return text_str(&t);
}

void scores_score(struct scores *m, const struct report_score *s)
{
    assert(m && s && s->n_unit <= s->n_key);
    m->open_scores += s->n_gaps > 0;
    if (m->is_quiet) {
        return;
    }
    struct str group =
        scores_key_text(m->arena, s->key, s->key_label, s->n_unit, s->n_key);
    struct table *t = table_of(m, TABLE_BOARD, s->scoreboard, group);
    t->title = t->title.p ? t->title : pick(m, &s->title);
    struct row *row = row_of(m, t);
    if (!row) {
        return;
    }
    struct str points = sheet_pick(&s->shown_points, m->lang);
    t->has_result = t->has_result || points.n;
    row->rank = rank_order(s);
    row->key = scores_key_text(m->arena, s->key, s->key_label, 0, s->n_unit);
    row->note = gaps_text(m, s);
    row->cells[0] = rank_text(m->arena, s);
    row->cells[1] = row->key;
    row->cells[2] = out_of(m, points, sheet_pick(&s->shown_max, m->lang));
    row->cells[3] =
        points.n ? scores_bar(m->arena, s->share_low, s->share_high) : STR("");
    row->cells[4] = pick(m, &s->shown_bonus);
    row->cells[5] = pick(m, &s->shown_penalty);
    row->cells[6] = keep(m, s->grade);
    row->cells[7] = pick(m, &s->shown_claimed);
}

/* "chưa đạt · chậm tiến độ" */
static struct str status_text(const struct scores *m, const struct report_target *t)
{
    const char *status = scores_word(t->status, m->lang);
    const char *pace = t->pace.p ? scores_word(t->pace, m->lang) : NULL;
    struct text out = text_in(m->arena);
    text_add(&out, status ? str_of(status) : t->status);
    text_add_z(&out, pace ? " · " : "");
    text_add_z(&out, pace ? pace : "");
    return text_str(&out);
}

/* A key without its period. */
static struct str unit_text(const struct scores *m, const struct report_target *t)
{
    if (t->period == t->n_key) {
        return scores_key_text(m->arena, t->key, t->key_label, 0, t->n_key);
    }
    struct text out = text_in(m->arena);
    for (uint32_t i = 0; i < t->n_key; i++) {
        if (i != t->period) {
            text_add_z(&out, out.n ? " · " : "");
            text_add(&out, scores_key_text(m->arena, t->key, t->key_label, i, i + 1));
        }
    }
    return text_str(&out);
}

void scores_target(struct scores *m, const struct report_target *t)
{
    assert(m && t);
    size_t status = word_number(t->status);
    bool is_for_all = sheet_pick(&t->for_all, m->lang).n > 0;
    m->no_data += !is_for_all && str_eq(t->status, STR("no_data"));
    if (m->is_quiet) {
        return;
    }
    struct str period =
        t->period < t->n_key && !is_for_all
            ? scores_key_text(m->arena, t->key, t->key_label, t->period, t->period + 1)
            : STR("");
    struct table *table = table_of(m, TABLE_TARGET, t->target, period);
    if (!table->title.p) {
        table->title = pick(m, &t->title);
        table->unit = pick(m, &t->unit);
        table->for_all = pick(m, &t->for_all);
    }
    if (status < STATUSES) {
        table->by_status[status]++;
    }
    struct row *row = is_for_all ? NULL : row_of(m, table);
    if (!row) {
        return;
    }
    row->key = unit_text(m, t);
    row->note = pick(m, &t->note);
    row->cells[0] = row->key;
    row->cells[1] = pick(m, &t->shown_actual);
    row->cells[2] = pick(m, &t->shown_plan);
    row->cells[3] = pick(m, &t->shown_due);
    row->cells[4] = pick(m, &t->shown_completion);
    row->cells[5] = status_text(m, t);
    row->cells[6] = pick(m, &t->shown_points);
}

void scores_claim(struct scores *m, uint64_t n)
{
    assert(m);
    m->claims += n;
}

void scores_indicator(struct scores *m, const struct report_indicator *i)
{
    assert(m && i);
    if (m->is_quiet) {
        return;
    }
    struct table *t = table_of(m, TABLE_INDICATOR, i->indicator, STR(""));
    t->title = t->title.p ? t->title : pick(m, &i->title);
    t->unit = t->unit.p ? t->unit : pick(m, &i->shown_unit);
    t->has_result = t->has_result || sheet_pick(&i->shown_value, m->lang).n;
    t->undefined = i->undefined.p ? str_copy(m->arena, i->undefined) : t->undefined;
    struct row *row = row_of(m, t);
    if (row) {
        struct str shown = pick(m, &i->shown_value);
        row->key = scores_key_text(m->arena, i->key, i->key_label, 0, i->n_key);
        row->cells[0] = row->key;
        row->cells[1] = shown.n ? shown : STR("–");
    }
}

/* ---- printing ---- */

static const struct column_head board_heads[] = {
    {{"hạng", "rank"}, COLUMN_RIGHT, false},
    {{"đơn vị", "unit"}, COLUMN_NAME, false},
    {{"điểm", "points"}, COLUMN_RIGHT, false},
    {{"", ""}, COLUMN_LEFT, false},
    {{"thưởng", "bonus"}, COLUMN_RIGHT, false},
    {{"trừ", "penalty"}, COLUMN_RIGHT, false},
    {{"xếp loại", "grade"}, COLUMN_LEFT, false},
    {{"tự chấm", "claimed"}, COLUMN_RIGHT, false},
};

static const struct column_head target_heads[] = {
    {{"đơn vị", "unit"}, COLUMN_NAME, false},
    {{"thực hiện", "actual"}, COLUMN_RIGHT, false},
    {{"kế hoạch", "plan"}, COLUMN_RIGHT, false},
    {{"đến kỳ này", "due"}, COLUMN_RIGHT, true},
    {{"hoàn thành", "completion"}, COLUMN_RIGHT, true},
    {{"kết quả", "result"}, COLUMN_WHOLE, false},
    {{"điểm", "points"}, COLUMN_RIGHT, false},
};

static const struct column_head indicator_heads[] = {
    {{"đơn vị", "unit"}, COLUMN_NAME, false},
    {{"giá trị", "value"}, COLUMN_RIGHT, false},
};

static const struct {
    const char *name[2];
    const struct column_head *heads;
    size_t n_heads;
} kinds[] = {
    [TABLE_BOARD] = {{"Bảng điểm ", "Scoreboard "}, board_heads, COUNT_OF(board_heads)},
    [TABLE_TARGET] = {{"Chỉ tiêu ", "Target "}, target_heads, COUNT_OF(target_heads)},
    [TABLE_INDICATOR] = {{"Chỉ số ", "Indicator "},
                         indicator_heads,
                         COUNT_OF(indicator_heads)},
};

static int by_rank(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    int by_key = str_cmp(a->key, b->key);
    return by_key ? by_key : (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *x, const void *y)
{
    const struct table *a = *(struct table *const *)x, *b = *(struct table *const *)y;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->order != b->order) {
        return a->order < b->order ? -1 : 1;
    }
    return str_cmp(a->group, b->group);
}

/* Chỉ tiêu t_htx_new: Thành lập mới HTX · 2022-H1 · đơn vị tính: HTX */
static void put_title(struct sheet *s, const struct table *t)
{
    sheet_say(s, kinds[t->kind].name[LANG_VI], kinds[t->kind].name[LANG_EN]);
    sheet_text(s, t->id);
    if (t->title.n) {
        text_add_z(s->out, ": ");
        sheet_text(s, t->title);
    }
    if (t->group.n) {
        text_add_z(s->out, " · ");
        sheet_text(s, t->group);
    }
    if (t->unit.n) {
        sheet_say(s, " · đơn vị tính: ", " · in ");
        sheet_text(s, t->unit);
    }
}

/* "  vượt 1 · đạt 2" behind the rows of a target. */
static void put_statuses(struct sheet *s, const struct table *t)
{
    bool is_first = true;
    for (size_t i = 0; i < STATUSES; i++) {
        if (t->by_status[i]) {
            text_add_z(s->out, is_first ? "  = " : " · ");
            sheet_text(s, str_of(words[i].shown[s->lang]));
            sheet_char(s, ' ');
            sheet_count(s, t->by_status[i]);
            is_first = false;
        }
    }
    text_add_z(s->out, is_first ? "" : "\n");
}

static void put_rows(const struct scores *m, struct sheet *s, const struct table *t)
{
    struct columns *c =
        columns_new(m->arena, kinds[t->kind].heads, kinds[t->kind].n_heads);
    size_t most = t->kind == TABLE_INDICATOR ? VALUES_SHOWN : ROWS_SHOWN;
    size_t shown = s->is_verbose || t->n < most ? t->n : most;
    uint64_t rest = t->dropped + (t->n - shown);
    for (size_t i = 0; i < shown; i++) {
        columns_row(c, t->rows[i].cells);
        columns_note(c, t->rows[i].note);
    }
    columns_print(c, s);
    if (rest) {
        sheet_say(s, "  … còn ", "  … ");
        sheet_number_of(s, rest, "dòng nữa", "more row", "more rows");
        sheet_say(s, t->dropped ? "; xem đủ bằng --format jsonl\n" : "; xem đủ: -v\n",
                  t->dropped ? "; all of them: --format jsonl\n" : "; all of them: -v\n");
    }
}

static void put_table(const struct scores *m, struct sheet *s, struct table *t)
{
    put_title(s, t);
    sheet_char(s, '\n');
    if (t->kind == TABLE_BOARD && !t->has_result) {
        sheet_say(s, "  = không đơn vị nào được chấm\n\n", "  = no unit is scored\n\n");
        return;
    }
    if (t->undefined.n) {
        sheet_say(s, "  = chưa có định nghĩa: ", "  = no definition yet: ");
        sheet_text(s, t->undefined);
        text_add_z(s->out, "\n\n");
        return;
    }
    if (t->kind == TABLE_INDICATOR && !t->has_result && !s->is_verbose) {
        sheet_say(s, "  = không dòng nào có giá trị\n\n", "  = no row has a value\n\n");
        return;
    }
    qsort(t->rows, t->n, sizeof *t->rows, by_rank);
    put_rows(m, s, t);
    if (t->kind == TABLE_TARGET && t->n + t->dropped > 1) {
        put_statuses(s, t);
    }
    sheet_char(s, '\n');
}

/* ---- what has no table ---- */

static bool is_named_before(const struct scores *m, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (str_eq(m->tables[k]->for_all, m->tables[i]->for_all)) {
            return true;
        }
    }
    return false;
}

/* "t_fee (Thu hội phí)" */
static struct str called(const struct scores *m, const struct table *t)
{
    struct text name = text_in(m->arena);
    text_add(&name, t->id);
    if (t->title.n) {
        text_add_z(&name, " (");
        text_add(&name, t->title);
        text_char(&name, ')');
    }
    return text_str(&name);
}

/* A list that goes on in the next line where the sheet ends. */
static void put_wrapped(struct sheet *s, size_t *column, struct str item)
{
    size_t width = sheet_width_of(item) + 2;
    bool is_first = *column == 0;
    if (!is_first && *column + width > s->width) {
        text_add_z(s->out, ",\n");
        *column = 0;
    }
    if (*column == 0) {
        sheet_blanks(s, LIST_INDENT);
        *column = LIST_INDENT;
    } else {
        text_add_z(s->out, ", ");
    }
    sheet_text(s, item);
    *column += width;
}

/* Targets that hold for nobody for the same reason as the i-th. */
static void put_reason(const struct scores *m, struct sheet *s, size_t i)
{
    size_t column = 0;
    sheet_blanks(s, 2);
    sheet_cut(s, m->tables[i]->for_all, s->width > LEAST_WIDTH ? s->width : LEAST_WIDTH);
    text_add_z(s->out, ":\n");
    for (size_t k = i; k < m->n; k++) {
        const struct table *t = m->tables[k];
        if (!str_eq(t->for_all, m->tables[i]->for_all)) {
            continue;
        }
        put_wrapped(s, &column, called(m, t));
    }
    sheet_char(s, '\n');
}

static void put_without_result(const struct scores *m, struct sheet *s)
{
    bool is_first = true;
    for (size_t i = 0; i < m->n; i++) {
        if (!m->tables[i]->for_all.n || is_named_before(m, i)) {
            continue;
        }
        if (is_first) {
            sheet_say(s, "Chỉ tiêu không có kết quả:\n", "Targets without a result:\n");
        }
        is_first = false;
        put_reason(m, s, i);
    }
    text_add_z(s->out, is_first ? "" : "\n");
}

void scores_print(struct scores *m, struct sheet *s)
{
    assert(m && s && !m->is_quiet);
    if (!m->n) {
        return;
    }
    qsort(m->tables, m->n, sizeof(struct table *), by_order);
    for (size_t i = 0; i < m->n; i++) {
        if (!m->tables[i]->for_all.n) {
            put_table(m, s, m->tables[i]);
        }
    }
    put_without_result(m, s);
}

/* " · 3 results without data"; nothing for 0. */
static void put_count(struct sheet *s, uint64_t n, const char *vi, const char *one,
                      const char *many)
{
    if (n) {
        text_add_z(s->out, " · ");
        sheet_number_of(s, n, vi, one, many);
    }
}

void scores_verdict(const struct scores *m, struct sheet *s, const struct report_end *end)
{
    assert(m && s && end);
    uint64_t found = end->error + end->warning;
    uint64_t others = found > m->claims ? found - m->claims : 0;
    if (end->outcome == REPORT_INCOMPLETE) {
        sheet_tone(s, TONE_ERROR);
        sheet_say(s, "CHƯA CHẤM XONG", "INCOMPLETE");
    } else {
        bool is_clean = !m->claims && !others && !m->open_scores && !m->no_data;
        sheet_tone(s, is_clean ? TONE_GOOD : TONE_WARNING);
        sheet_say(s, "ĐÃ CHẤM ĐIỂM", "SCORED");
    }
    sheet_tone(s, TONE_PLAIN);
    put_count(s, m->open_scores, "đơn vị chưa chốt điểm", "score not settled",
              "scores not settled");
    put_count(s, m->no_data, "kết quả chưa có số liệu", "result without data",
              "results without data");
    put_count(s, others, "lỗi trong tệp số liệu", "error in the data files",
              "errors in the data files");
    put_count(s, m->claims, "điểm tự chấm không khớp", "claim that does not agree",
              "claims that do not agree");
    sheet_char(s, '\n');
}

/* Both scoreboards of samples/scoring-2022, computed once more from the CSV files alone,
 * with exact fractions of another library, and compared with every record that soat
 * writes: points of each target, their ranges where figures are missing, bonus, penalty,
 * totals, ranks, grades.
 *
 * Nothing of soat is used but the public header. A figure that is missing is NULL, and
 * whatever is made of it is NULL too. */
#include "soat.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

#define PATH_MAX_LENGTH 512
#define MAX_NUMBERS 16384
#define MAX_UNITS 16

/* A sheet as sent: fields separated by semicolons, one record a line, no quotes. */
struct sheet {
    char *text;
    char **fields; /* n_rows * n_columns; the header is row 0 */
    size_t n_rows, n_columns;
};

enum sheet_name {
    REPORT_2021,
    REPORT_HALF,
    REPORT_YEAR,
    PLAN,
    CHAINS,
    PILOTS,
    MODELS,
    BLOCKS,
    SUBMISSIONS,
    CAMPAIGNS,
    SCORE,
    RATING,
    RATING_SHEET,
    SHEET_COUNT
};

static const char *const sheet_files[SHEET_COUNT] = {
    [REPORT_2021] = "province_report_2021.csv",
    [REPORT_HALF] = "province_report_2022-H1.csv",
    [REPORT_YEAR] = "province_report_2022.csv",
    [PLAN] = "plan.csv",
    [CHAINS] = "value_chain.csv",
    [PILOTS] = "pilot_167.csv",
    [MODELS] = "models.csv",
    [BLOCKS] = "blocks.csv",
    [SUBMISSIONS] = "submissions.csv",
    [CAMPAIGNS] = "campaigns.csv",
    [SCORE] = "score.csv",
    [RATING] = "htx_rating.csv",
    [RATING_SHEET] = "rating_sheet.csv",
};

struct world {
    struct sheet sheets[SHEET_COUNT];
    mpq_t numbers[MAX_NUMBERS];
    size_t n_numbers;
    char *said; /* the report of soat */
    size_t n_said, cap_said;
};

/* ---- Numbers ---- */

static mpq_ptr fresh(struct world *w)
{
    assert_true(w->n_numbers < MAX_NUMBERS);
    mpq_init(w->numbers[w->n_numbers]);
    return w->numbers[w->n_numbers++];
}

static mpq_ptr fraction(struct world *w, long n, unsigned long d)
{
    mpq_ptr q = fresh(w);
    mpq_set_si(q, n, d);
    mpq_canonicalize(q);
    return q;
}

static mpq_ptr whole(struct world *w, long n)
{
    return fraction(w, n, 1);
}

static mpq_ptr sum(struct world *w, mpq_srcptr a, mpq_srcptr b)
{
    if (!a || !b) {
        return NULL;
    }
    mpq_ptr q = fresh(w);
    mpq_add(q, a, b);
    return q;
}

static mpq_ptr difference(struct world *w, mpq_srcptr a, mpq_srcptr b)
{
    if (!a || !b) {
        return NULL;
    }
    mpq_ptr q = fresh(w);
    mpq_sub(q, a, b);
    return q;
}

static mpq_ptr product(struct world *w, mpq_srcptr a, mpq_srcptr b)
{
    if (!a || !b) {
        return NULL;
    }
    mpq_ptr q = fresh(w);
    mpq_mul(q, a, b);
    return q;
}

static mpq_ptr quotient(struct world *w, mpq_srcptr a, mpq_srcptr b)
{
    if (!a || !b || mpq_sgn(b) == 0) {
        return NULL;
    }
    mpq_ptr q = fresh(w);
    mpq_div(q, a, b);
    return q;
}

static mpq_ptr floor_of(struct world *w, mpq_srcptr a)
{
    mpq_ptr q = fresh(w);
    mpz_fdiv_q(mpq_numref(q), mpq_numref(a), mpq_denref(a));
    return q;
}

/* To tenths, halves upward; points are never negative. */
static mpq_ptr tenths(struct world *w, mpq_srcptr a)
{
    mpq_ptr ten = whole(w, 10);
    mpq_ptr scaled = sum(w, product(w, a, ten), fraction(w, 1, 2));
    return quotient(w, floor_of(w, scaled), ten);
}

static mpq_srcptr smaller(mpq_srcptr a, mpq_srcptr b)
{
    return mpq_cmp(a, b) <= 0 ? a : b;
}

/* "1.420,5" and "-"; NULL where the cell says no number. */
static mpq_ptr vietnamese(struct world *w, const char *cell)
{
    char digits[64];
    size_t n = 0, places = 0;
    bool is_after_comma = false;
    if (strcmp(cell, "-") == 0) {
        return whole(w, 0);
    }
    for (; *cell; cell++) {
        if (*cell == ',') {
            is_after_comma = true;
        } else if (*cell >= '0' && *cell <= '9') {
            assert_true(n < sizeof digits - 1);
            digits[n++] = *cell;
            places += is_after_comma;
        } else if (*cell != '.') {
            return NULL;
        }
    }
    if (n == 0) {
        return NULL;
    }
    digits[n] = '\0';
    mpq_ptr q = fresh(w);
    mpz_set_str(mpq_numref(q), digits, 10);
    mpz_ui_pow_ui(mpq_denref(q), 10, places);
    mpq_canonicalize(q);
    return q;
}

/* ---- Sheets ---- */

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t n = 0, cap = 1 << 16;
    char *text = malloc(cap);
    if (!f) {
        fail_msg("cannot open %s", path);
    }
    for (size_t got; (got = fread(text + n, 1, cap - n - 1, f)) > 0;) {
        n += got;
        if (cap - n < 2) {
            cap *= 2;
            text = realloc(text, cap);
        }
    }
    fclose(f);
    text[n] = '\0';
    return text;
}

static void sample_path(char *out, const char *file)
{
    static const char here[] = __FILE__;
    int folder = (int)(sizeof here - 1 - strlen("tests/unit/test_scoring.c"));
    snprintf(out, PATH_MAX_LENGTH, "%.*s%s", folder, here, file);
}

static size_t count_of(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++) {
        n += *text == c;
    }
    return n;
}

static void split(struct sheet *s)
{
    char *at = s->text;
    if (memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        at += 3;
    }
    char *line_end = strchr(at, '\n');
    *line_end = '\0';
    s->n_columns = count_of(at, ';') + 1;
    *line_end = '\n';
    s->n_rows = count_of(at, '\n');
    s->fields = calloc(s->n_rows * s->n_columns, sizeof *s->fields);
    for (size_t i = 0; i < s->n_rows * s->n_columns; i++) {
        s->fields[i] = at;
        at += strcspn(at, ";\r\n");
        while (*at == '\r') {
            *at++ = '\0';
        }
        assert_true(*at == (i % s->n_columns == s->n_columns - 1 ? '\n' : ';'));
        *at++ = '\0';
    }
}

static const char *field(const struct sheet *s, size_t row, const char *header)
{
    for (size_t c = 0; c < s->n_columns; c++) {
        if (strcmp(s->fields[c], header) == 0) {
            return s->fields[row * s->n_columns + c];
        }
    }
    fail_msg("no column %s", header);
    return "";
}

static bool is(const struct sheet *s, size_t row, const char *header, const char *text)
{
    return strcmp(field(s, row, header), text) == 0;
}

static mpq_ptr number(struct world *w, enum sheet_name name, size_t row,
                      const char *header)
{
    return vietnamese(w, field(&w->sheets[name], row, header));
}

/* The row of a unit, 0 when there is none. */
static size_t row_of(const struct sheet *s, const char *header, const char *text)
{
    for (size_t row = 1; row < s->n_rows; row++) {
        if (is(s, row, header, text)) {
            return row;
        }
    }
    return 0;
}

/* ---- Actuals of the cluster's targets ---- */

/* One unit in one period, whose report is a row of `report`. */
struct place {
    const char *unit, *period, *key; /* period as the sheets write it, and as soat does */
    enum sheet_name report;
};

static mpq_ptr reported(struct world *w, const struct place *p, const char *header)
{
    size_t row = row_of(&w->sheets[p->report], "Mã đơn vị", p->unit);
    assert_true(row > 0);
    return number(w, p->report, row, header);
}

static mpq_ptr year_before(struct world *w, const struct place *p, const char *header)
{
    struct place before = *p;
    before.report = REPORT_2021;
    return reported(w, &before, header);
}

static mpq_ptr share(struct world *w, const struct place *p, const char *part,
                     const char *all)
{
    return quotient(w, reported(w, p, part), reported(w, p, all));
}

static mpq_ptr htx_new(struct world *w, const struct place *p)
{
    return reported(w, p, "HTX thành lập mới");
}

static mpq_ptr active_share(struct world *w, const struct place *p)
{
    return share(w, p, "HTX đang hoạt động", "Tổng số HTX");
}

static mpq_ptr good_share(struct world *w, const struct place *p)
{
    mpq_ptr good = sum(w, reported(w, p, "Xếp loại Tốt"), reported(w, p, "Xếp loại Khá"));
    mpq_ptr rated =
        difference(w, reported(w, p, "Tổng số HTX"), reported(w, p, "Chưa xếp loại"));
    return quotient(w, good, rated);
}

static mpq_ptr inactive(struct world *w, const struct place *p)
{
    return reported(w, p, "HTX ngừng hoạt động");
}

static mpq_ptr members_new(struct world *w, const struct place *p)
{
    return reported(w, p, "Thành viên kết nạp mới");
}

static mpq_ptr alliance_share(struct world *w, const struct place *p)
{
    return share(w, p, "HTX là thành viên Liên minh", "Tổng số HTX");
}

static mpq_ptr capital_growth(struct world *w, const struct place *p)
{
    static const char header[] = "Vốn điều lệ (triệu đồng)";
    mpq_ptr ratio = quotient(w, reported(w, p, header), year_before(w, p, header));
    return difference(w, ratio, whole(w, 1));
}

static mpq_ptr income(struct world *w, const struct place *p)
{
    return reported(w, p, "Thu nhập bình quân lao động (triệu đồng/năm)");
}

/* Chains of the unit in the period: what `measure` gives for each row, added up; NULL
 * without rows. */
static mpq_ptr over_chains(struct world *w, const struct place *p,
                           mpq_ptr (*measure)(struct world *, size_t row))
{
    const struct sheet *s = &w->sheets[CHAINS];
    mpq_ptr total = NULL;
    for (size_t row = 1; row < s->n_rows; row++) {
        if (is(s, row, "Mã đơn vị", p->unit) && is(s, row, "Kỳ báo cáo", p->period)) {
            total = sum(w, total ? total : whole(w, 0), measure(w, row));
        }
    }
    return total;
}

static mpq_ptr chain_members(struct world *w, size_t row)
{
    return number(w, CHAINS, row, "HTX tham gia chuỗi");
}

static mpq_ptr chain_area(struct world *w, size_t row)
{
    mpq_ptr area = number(w, CHAINS, row, "Diện tích (ha)");
    return area ? area : whole(w, 0);
}

/* All signatures of the sample are of 2022, none after the end of its row's period. */
static mpq_ptr chain_contract(struct world *w, size_t row)
{
    const struct sheet *s = &w->sheets[CHAINS];
    return whole(w, is(s, row, "Tình trạng", "contract") && !is(s, row, "Ngày ký", ""));
}

static mpq_ptr in_chains(struct world *w, const struct place *p)
{
    const struct sheet *s = &w->sheets[CHAINS];
    mpq_ptr most = NULL;
    for (size_t row = 1; row < s->n_rows; row++) {
        mpq_ptr distinct = number(w, CHAINS, row, "Số HTX không trùng");
        if (is(s, row, "Mã đơn vị", p->unit) && is(s, row, "Kỳ báo cáo", p->period) &&
            distinct && (!most || mpq_cmp(distinct, most) > 0)) {
            most = distinct;
        }
    }
    return most ? most : over_chains(w, p, chain_members);
}

static mpq_ptr contracts(struct world *w, const struct place *p)
{
    return over_chains(w, p, chain_contract);
}

static mpq_ptr contract_area(struct world *w, const struct place *p)
{
    return over_chains(w, p, chain_area);
}

static mpq_ptr good_pilots(struct world *w, const struct place *p)
{
    const struct sheet *s = &w->sheets[PILOTS];
    long n = 0, good = 0;
    for (size_t row = 1; row < s->n_rows; row++) {
        if (is(s, row, "Mã đơn vị", p->unit)) {
            n++;
            good += mpq_cmp_si(number(w, PILOTS, row, "Điểm xếp loại"), 80, 1) >= 0;
        }
    }
    assert_true(n > 0);
    return fraction(w, good, (unsigned long)n);
}

static mpq_ptr trained(struct world *w, const struct place *p)
{
    return reported(w, p, "Lượt người được bồi dưỡng");
}

static mpq_ptr recognised(struct world *w, const struct place *p)
{
    const struct sheet *s = &w->sheets[MODELS];
    long n = 0;
    for (size_t row = 1; row < s->n_rows; row++) {
        n += is(s, row, "Mã đơn vị", p->unit) && !is(s, row, "Ngày công nhận", "");
    }
    return whole(w, n);
}

static mpq_ptr fees(struct world *w, const struct place *p)
{
    return share(w, p, "Hội phí đã thu (triệu đồng)", "Hội phí phải thu (triệu đồng)");
}

static mpq_ptr has_blocks(struct world *w, const struct place *p)
{
    const struct sheet *s = &w->sheets[BLOCKS];
    long n = 0, chartered = 0;
    for (size_t row = 1; row < s->n_rows; row++) {
        bool is_theirs =
            is(s, row, "Mã đơn vị", p->unit) && is(s, row, "Kỳ báo cáo", p->period);
        n += is_theirs;
        chartered += is_theirs && !is(s, row, "Số quy chế", "");
    }
    return whole(w, n > 0 && n == chartered);
}

static mpq_ptr registered(struct world *w, const struct place *p)
{
    return share(w, p, "HTX đăng ký thi đua", "Tổng số HTX");
}

/* d/m/yyyy as a number that grows with time. */
static long day_number(const char *text)
{
    char *rest;
    long d = strtol(text, &rest, 10), m = strtol(rest + 1, &rest, 10),
         y = strtol(rest + 1, &rest, 10);
    return (y * 100 + m) * 100 + d;
}

/* Late reports of the half, or of both the half and the year. */
static mpq_ptr late(struct world *w, const struct place *p)
{
    const struct sheet *s = &w->sheets[SUBMISSIONS];
    long n = 0;
    for (size_t row = 1; row < s->n_rows; row++) {
        bool is_due = p->report == REPORT_YEAR || is(s, row, "Kỳ báo cáo", p->period);
        n +=
            is(s, row, "Mã đơn vị", p->unit) && is_due &&
            day_number(field(s, row, "Ngày nhận")) > day_number(field(s, row, "Hạn nộp"));
    }
    return whole(w, n);
}

static mpq_ptr joined(struct world *w, const struct place *p)
{
    const struct sheet *s = &w->sheets[CAMPAIGNS];
    long n = 0;
    for (size_t row = 1; row < s->n_rows; row++) {
        n += is(s, row, "Mã đơn vị", p->unit) && is(s, row, "Nơi phát động", "lmvn") &&
             is(s, row, "Tham gia", "có");
    }
    return whole(w, n);
}

/* ---- Schedules ---- */

enum plan_kind { OF_PLAN, PERCENT_OF_PLAN, CONSTANT, YEAR_BEFORE };
enum aim { AT_LEAST, AT_MOST, EXACTLY, YES };
enum way { RATIO, BANDS, ALL_OR_NOTHING, STEPS, EACH };

struct goal {
    const char *id;
    mpq_ptr (*actual)(struct world *w, const struct place *p);
    enum plan_kind kind;
    long constant;
    enum aim aim;
    enum way way;
    long maximum;
    long bands[10]; /* completion in percent, points; falling; ends with 0, 0 */
};

static const struct goal goals[] = {
    {"t_htx_new", htx_new, OF_PLAN, 0, AT_LEAST, RATIO, 8, {0}},
    {"t_htx_active_share", active_share, PERCENT_OF_PLAN, 0, AT_LEAST, RATIO, 6, {0}},
    {"t_htx_good",
     good_share,
     PERCENT_OF_PLAN,
     0,
     AT_LEAST,
     BANDS,
     6,
     {100, 6, 95, 5, 90, 4, 75, 2}},
    {"t_dissolve_cap", inactive, YEAR_BEFORE, 0, AT_MOST, RATIO, 4, {0}},
    {"t_members", members_new, OF_PLAN, 0, AT_LEAST, STEPS, 6, {10, 6}}, /* 0.6 for each
                                                                            10 % */
    {"t_lm_members", alliance_share, PERCENT_OF_PLAN, 0, AT_LEAST, RATIO, 4, {0}},
    {"t_capital", capital_growth, PERCENT_OF_PLAN, 0, AT_LEAST, RATIO, 3, {0}},
    {"t_income", income, OF_PLAN, 0, AT_LEAST, RATIO, 3, {0}},
    {"t_vc", in_chains, OF_PLAN, 0, AT_LEAST, RATIO, 7, {0}},
    {"t_vc_contract", contracts, OF_PLAN, 0, AT_LEAST, EACH, 5, {0}},
    {"t_area", contract_area, OF_PLAN, 0, AT_LEAST, RATIO, 4, {0}},
    {"t_pilot", good_pilots, CONSTANT, 1, EXACTLY, ALL_OR_NOTHING, 6, {0}},
    {"t_training", trained, OF_PLAN, 0, AT_LEAST, RATIO, 5, {0}},
    {"t_models", recognised, OF_PLAN, 0, AT_LEAST, RATIO, 3, {0}},
    {"t_fee", fees, PERCENT_OF_PLAN, 0, AT_LEAST, BANDS, 5, {100, 5, 90, 4, 70, 2}},
    {"t_blocks", has_blocks, CONSTANT, 1, YES, ALL_OR_NOTHING, 5, {0}},
    {"t_register", registered, PERCENT_OF_PLAN, 0, AT_LEAST, RATIO, 6, {0}},
    {"t_report_ontime", late, CONSTANT, 0, AT_MOST, ALL_OR_NOTHING, 6, {0}},
    {"t_campaign", joined, CONSTANT, 2, EXACTLY, ALL_OR_NOTHING, 8, {0}},
};

/* The highest of the unit's plans for the target. */
static mpq_ptr planned(struct world *w, const char *unit, const char *target)
{
    const struct sheet *s = &w->sheets[PLAN];
    mpq_ptr most = NULL;
    for (size_t row = 1; row < s->n_rows; row++) {
        if (is(s, row, "Mã đơn vị", unit) && is(s, row, "Mã chỉ tiêu", target)) {
            mpq_ptr value = number(w, PLAN, row, "Kế hoạch");
            most = !most || mpq_cmp(value, most) > 0 ? value : most;
        }
    }
    return most;
}

static mpq_ptr plan_of(struct world *w, const struct goal *g, const struct place *p)
{
    switch (g->kind) {
    case OF_PLAN:
        return planned(w, p->unit, g->id);
    case PERCENT_OF_PLAN:
        return product(w, planned(w, p->unit, g->id), fraction(w, 1, 100));
    case CONSTANT:
        return whole(w, g->constant);
    case YEAR_BEFORE:
        return year_before(w, p, "HTX ngừng hoạt động");
    }
    return NULL;
}

static mpq_ptr completion(struct world *w, enum aim aim, mpq_srcptr actual,
                          mpq_srcptr plan)
{
    if (!actual || !plan) {
        return NULL;
    }
    switch (aim) {
    case AT_LEAST:
        return quotient(w, actual, plan);
    case AT_MOST:
        return mpq_cmp(actual, plan) <= 0 ? whole(w, 1) : quotient(w, plan, actual);
    case EXACTLY:
    case YES:
        return whole(w, mpq_equal(actual, plan) != 0);
    }
    return NULL;
}

/* Full steps of g->bands[0] percent, each worth g->bands[1] tenths of a point. */
static mpq_ptr by_steps(struct world *w, const struct goal *g, mpq_srcptr done)
{
    mpq_ptr steps = floor_of(w, quotient(w, done, fraction(w, g->bands[0], 100)));
    return product(w, steps, fraction(w, g->bands[1], 10));
}

static long by_bands(const struct goal *g, mpq_srcptr done)
{
    for (size_t i = 0; i + 1 < COUNT_OF(g->bands) && g->bands[i] > 0; i += 2) {
        if (mpq_cmp_si(done, g->bands[i], 100) >= 0) {
            return g->bands[i + 1];
        }
    }
    return 0;
}

/* NULL while figures are missing. */
static mpq_srcptr points(struct world *w, const struct goal *g, mpq_srcptr actual,
                         mpq_srcptr plan)
{
    mpq_ptr done = completion(w, g->aim, actual, plan);
    mpq_ptr maximum = whole(w, g->maximum);
    if (!done) {
        return NULL;
    }
    switch (g->way) {
    case RATIO:
        return tenths(w, product(w, maximum, smaller(done, whole(w, 1))));
    case BANDS:
        return whole(w, by_bands(g, done));
    case ALL_OR_NOTHING:
        return mpq_cmp_si(done, 1, 1) >= 0 ? maximum : whole(w, 0);
    case STEPS:
        return smaller(by_steps(w, g, done), maximum);
    case EACH:
        return smaller(floor_of(w, actual), maximum);
    }
    return NULL;
}

/* ---- What soat says ---- */

/* Where the line of a record begins that has all of the pieces. */
static const char *record(const struct world *w, const char *kind, const char *id,
                          const char *key)
{
    char start[256];
    snprintf(start, sizeof start, "{\"record\":\"%s\",\"%s\":\"%s\",\"key\":{%s}", kind,
             strcmp(kind, "score") == 0 ? "scoreboard" : "target", id, key);
    const char *at = strstr(w->said, start);
    if (!at) {
        fail_msg("no record %s", start);
    }
    return at;
}

/* The text of a member, without quotes; "null" too. */
static const char *member(const char *line, const char *name, char out[64])
{
    char start[64];
    snprintf(start, sizeof start, "\"%s\":", name);
    const char *at = strstr(line, start);
    assert_non_null(at);
    at += strlen(start);
    at += *at == '"';
    snprintf(out, 64, "%.*s", (int)strcspn(at, ",\"}"), at);
    return out;
}

/* "70.7", "5/6"; NULL for null. */
static mpq_ptr plain(struct world *w, const char *text)
{
    char digits[64];
    if (strcmp(text, "null") == 0) {
        return NULL;
    }
    const char *dot = strchr(text, '.');
    size_t head = dot ? (size_t)(dot - text) : strlen(text);
    snprintf(digits, sizeof digits, "%.*s%s", (int)head, text, dot ? dot + 1 : "");
    mpq_ptr q = fresh(w);
    assert_int_equal(mpq_set_str(q, digits, 10), 0);
    if (dot) {
        mpz_ui_pow_ui(mpq_denref(q), 10, strlen(dot + 1));
    }
    mpq_canonicalize(q);
    return q;
}

static void same(struct world *w, const char *line, const char *name, mpq_srcptr want)
{
    char text[64];
    mpq_ptr is_there = plain(w, member(line, name, text));
    if (!want != !is_there || (want && !mpq_equal(want, is_there))) {
        char *wanted = want ? mpq_get_str(NULL, 10, want) : NULL;
        fail_msg("%s is %s, computed %s in %.120s", name, text, wanted ? wanted : "null",
                 line);
    }
}

static void same_text(const char *line, const char *name, const char *want)
{
    char text[64];
    if (strcmp(member(line, name, text), want) != 0) {
        fail_msg("%s is %s, computed %s in %.120s", name, text, want, line);
    }
}

static void same_range(struct world *w, const char *line, mpq_srcptr low, mpq_srcptr high)
{
    bool is_settled = low && mpq_equal(low, high);
    same(w, line, "points", is_settled ? low : NULL);
    same(w, line, "points_low", low);
    same(w, line, "points_high", high);
}

/* ---- Boards ---- */

struct standing {
    mpq_srcptr low, high; /* NULL: takes no part */
};

/* The target's record is what it should be; its points are added to the standing. */
static void settle_goal(struct world *w, struct standing *s, const char *line,
                        mpq_srcptr got, long maximum)
{
    mpq_srcptr low = got ? got : whole(w, 0), high = got ? got : whole(w, maximum);
    same_range(w, line, low, high);
    same(w, line, "max_points", whole(w, maximum));
    s->low = sum(w, s->low, low);
    s->high = sum(w, s->high, high);
}

static void begin_standing(struct world *w, struct standing *s)
{
    s->low = whole(w, 0);
    s->high = whole(w, 0);
}

static void unit_key(char out[96], const struct place *p)
{
    snprintf(out, 96, "\"unit_code\":\"%s\",\"period\":\"%s\"", p->unit, p->key);
}

/* Bonus or penalty of the score sheet: leaves only, which have a parent. Half-year scores
 * have no sheet. */
static mpq_ptr on_sheet(struct world *w, const struct place *p, const char *header)
{
    const struct sheet *s = &w->sheets[SCORE];
    mpq_ptr total = whole(w, 0);
    for (size_t row = 1; p->report == REPORT_YEAR && row < s->n_rows; row++) {
        if (is(s, row, "Mã đơn vị", p->unit) && !is(s, row, "Thuộc tiêu chí", "")) {
            total = sum(w, total, number(w, SCORE, row, header));
        }
    }
    return total;
}

static void stand_unit(struct world *w, const struct place *p, struct standing *out)
{
    char key[96];
    unit_key(key, p);
    begin_standing(w, out);
    for (size_t i = 0; i < COUNT_OF(goals); i++) {
        const struct goal *g = &goals[i];
        mpq_ptr actual = g->actual(w, p), plan = plan_of(w, g, p);
        const char *line = record(w, "target", g->id, key);
        if (g->aim != YES) {
            same(w, line, "actual", actual);
            same(w, line, "plan", plan);
        }
        settle_goal(w, out, line, points(w, g, actual, plan), g->maximum);
    }
    mpq_ptr extra =
        difference(w, on_sheet(w, p, "Điểm thưởng"), on_sheet(w, p, "Điểm trừ"));
    out->low = sum(w, out->low, extra);
    out->high = sum(w, out->high, extra);
}

/* Best and worst rank of standing i: who is surely above, and who may be. */
static void same_ranks(struct world *w, const char *line, const struct standing *all,
                       size_t n, size_t i)
{
    long best = 1, worst = 1;
    for (size_t k = 0; k < n; k++) {
        if (k != i && all[k].low) {
            best += mpq_cmp(all[k].low, all[i].high) > 0;
            worst += mpq_cmp(all[k].high, all[i].low) > 0;
        }
    }
    same(w, line, "rank", best == worst ? whole(w, best) : NULL);
    same(w, line, "rank_low", whole(w, best));
    same(w, line, "rank_high", whole(w, worst));
}

struct grade {
    const char *name;
    long from;
};

static void same_grade(const char *line, const struct grade *grades,
                       const struct standing *s)
{
    if (!mpq_equal(s->low, s->high)) {
        same_text(line, "grade", "null");
        return;
    }
    while (mpq_cmp_si(s->low, grades->from, 1) < 0) {
        grades++;
    }
    same_text(line, "grade", grades->name);
}

static const char *const unit_codes[] = {"89", "91", "92", "93", "94", "95", "96"};

static void compare_period(struct world *w, const char *period, const char *period_key,
                           enum sheet_name report)
{
    static const struct grade grades[] = {
        {"Xuất sắc", 90}, {"Tốt", 80}, {"Khá", 65}, {"Trung bình", 50}, {"Yếu", -100}};
    struct standing all[COUNT_OF(unit_codes)];
    char key[96];
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        stand_unit(w, &(struct place){unit_codes[i], period, period_key, report},
                   &all[i]);
    }
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct place p = {unit_codes[i], period, period_key, report};
        unit_key(key, &p);
        const char *line = record(w, "score", "thi_dua_cum", key);
        same_range(w, line, all[i].low, all[i].high);
        same(w, line, "max_points", whole(w, 100));
        same(w, line, "bonus", on_sheet(w, &p, "Điểm thưởng"));
        same(w, line, "penalty", on_sheet(w, &p, "Điểm trừ"));
        same_ranks(w, line, all, COUNT_OF(all), i);
        same_grade(line, grades, &all[i]);
    }
}

static void half_year_of_the_cluster(void **state)
{
    compare_period(*state, "6 tháng đầu năm 2022", "2022-H1", REPORT_HALF);
}

static void year_of_the_cluster(void **state)
{
    compare_period(*state, "năm 2022", "2022", REPORT_YEAR);
}

/* A unit without registered targets takes no part. */
static void year_before_registration(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < COUNT_OF(unit_codes); i++) {
        char key[96];
        unit_key(key, &(struct place){unit_codes[i], "năm 2021", "2021", REPORT_2021});
        const char *line = record(w, "score", "thi_dua_cum", key);
        same_range(w, line, NULL, NULL);
        same(w, line, "rank_high", NULL);
        same_text(record(w, "target", "t_vc", key), "status", "not_applicable");
    }
}

/* The fifteen criteria: maximum and schedule by number. */
static const struct goal criteria[] = {
    {"tc01", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 7, {0}},
    {"tc02", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 6, {0}},
    {"tc03", NULL, OF_PLAN, 0, AT_LEAST, BANDS, 11, {100, 11, 80, 8, 60, 5}},
    {"tc04", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 6, {0}},
    {"tc05", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 8, {0}},
    {"tc06", NULL, OF_PLAN, 0, AT_LEAST, ALL_OR_NOTHING, 6, {0}},
    {"tc07", NULL, OF_PLAN, 0, AT_LEAST, BANDS, 6, {100, 6, 60, 4, 30, 2}},
    {"tc08", NULL, OF_PLAN, 0, AT_LEAST, ALL_OR_NOTHING, 6, {0}},
    {"tc09", NULL, OF_PLAN, 0, AT_LEAST, STEPS, 4, {25, 10}},
    {"tc10", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 8, {0}},
    {"tc11", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 7, {0}},
    {"tc12", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 7, {0}},
    {"tc13", NULL, OF_PLAN, 0, AT_LEAST, ALL_OR_NOTHING, 6, {0}},
    {"tc14", NULL, OF_PLAN, 0, AT_LEAST, STEPS, 6, {10, 6}},
    {"tc15", NULL, OF_PLAN, 0, AT_LEAST, RATIO, 6, {0}},
};

/* The row of a criterion on the sheet of a cooperative. */
static size_t sheet_row(const struct world *w, const char *htx, size_t criterion)
{
    const struct sheet *s = &w->sheets[RATING_SHEET];
    char number_text[8];
    snprintf(number_text, sizeof number_text, "%zu", criterion);
    for (size_t row = 1; row < s->n_rows; row++) {
        if (is(s, row, "Mã số HTX", htx) && is(s, row, "Số tiêu chí", number_text)) {
            return row;
        }
    }
    fail_msg("no criterion %zu of %s", criterion, htx);
    return 0;
}

static void stand_htx(struct world *w, const char *htx, const char *key,
                      struct standing *out)
{
    begin_standing(w, out);
    for (size_t i = 0; i < COUNT_OF(criteria); i++) {
        size_t row = sheet_row(w, htx, i + 1);
        mpq_ptr actual = number(w, RATING_SHEET, row, "Kết quả đo");
        mpq_ptr plan = number(w, RATING_SHEET, row, "Mức để đạt điểm tối đa");
        const char *line = record(w, "target", criteria[i].id, key);
        same(w, line, "actual", actual);
        same(w, line, "plan", plan);
        settle_goal(w, out, line, points(w, &criteria[i], actual, plan),
                    criteria[i].maximum);
    }
}

static bool is_rated(struct world *w, size_t row)
{
    return mpq_cmp_si(number(w, RATING, row, "Số tháng hoạt động"), 12, 1) >= 0 &&
           mpq_cmp_si(number(w, RATING, row, "Số tháng ngừng trong năm"), 3, 1) <= 0;
}

static void fifteen_criteria(void **state)
{
    static const struct grade grades[] = {
        {"Tốt", 80}, {"Khá", 65}, {"Trung bình", 50}, {"Yếu", -100}};
    struct world *w = *state;
    const struct sheet *s = &w->sheets[RATING];
    struct standing all[MAX_UNITS] = {0};
    char key[96];
    assert_true(s->n_rows <= MAX_UNITS);
    for (size_t row = 1; row < s->n_rows; row++) {
        const char *htx = field(s, row, "Mã số HTX");
        snprintf(key, sizeof key, "\"htx_id\":\"%s\",\"year\":\"2022\"", htx);
        stand_htx(w, htx, key, &all[row]);
        if (!is_rated(w, row)) {
            all[row] = (struct standing){NULL, NULL};
        }
    }
    for (size_t row = 1; row < s->n_rows; row++) {
        snprintf(key, sizeof key, "\"htx_id\":\"%s\",\"year\":\"2022\"",
                 field(s, row, "Mã số HTX"));
        const char *line = record(w, "score", "xep_loai_htx", key);
        same_range(w, line, all[row].low, all[row].high);
        same(w, line, "claimed", number(w, RATING, row, "Tổng điểm HTX tự chấm"));
        if (all[row].low) {
            same_ranks(w, line, all, s->n_rows, row);
            same_grade(line, grades, &all[row]);
        }
    }
}

/* ---- The run ---- */

static bool keep(void *context, const char *p, size_t n)
{
    struct world *w = context;
    while (w->cap_said - w->n_said <= n) {
        w->cap_said = w->cap_said ? 2 * w->cap_said : 1 << 20;
        w->said = realloc(w->said, w->cap_said);
    }
    memcpy(w->said + w->n_said, p, n);
    w->n_said += n;
    w->said[w->n_said] = '\0';
    return true;
}

static int run_soat(struct world *w)
{
    char library[PATH_MAX_LENGTH], rules[PATH_MAX_LENGTH], data[PATH_MAX_LENGTH];
    sample_path(library, "rules");
    sample_path(rules, "rules/tay-nam-song-hau/tay-nam-song-hau.soat");
    sample_path(data, "samples/scoring-2022/*.csv");
    soat *s =
        soat_new(&(struct soat_config){.out = keep, .context = w, .library = library});
    soat_set(s, "format", "jsonl");
    soat_rules(s, rules);
    soat_data(s, data);
    enum soat_status status = soat_score(s);
    soat_free(s);
    return status == SOAT_OK || status == SOAT_FINDINGS ? 0 : -1;
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    *state = w;
    for (size_t i = 0; i < SHEET_COUNT; i++) {
        char file[PATH_MAX_LENGTH], path[PATH_MAX_LENGTH];
        snprintf(file, sizeof file, "samples/scoring-2022/%s", sheet_files[i]);
        sample_path(path, file);
        w->sheets[i].text = read_file(path);
        split(&w->sheets[i]);
    }
    return run_soat(w);
}

static int forget_numbers(void **state)
{
    struct world *w = *state;
    while (w->n_numbers > 0) {
        mpq_clear(w->numbers[--w->n_numbers]);
    }
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    forget_numbers(state);
    for (size_t i = 0; i < SHEET_COUNT; i++) {
        free(w->sheets[i].fields);
        free(w->sheets[i].text);
    }
    free(w->said);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(half_year_of_the_cluster, forget_numbers),
        cmocka_unit_test_teardown(year_of_the_cluster, forget_numbers),
        cmocka_unit_test_teardown(year_before_registration, forget_numbers),
        cmocka_unit_test_teardown(fifteen_criteria, forget_numbers),
    };
    return cmocka_run_group_tests_name("scoring", tests, set_up, tear_down);
}

/* How the points of a cell add up, and the grade they make. */
#include "run/score_page.h"
#include "run/tally.h"
#include "run/values.h"

#include <assert.h>

struct sum {
    struct num_range points;
    struct num maximum;
    bool has_maximum;
};

static void add_line(struct sum *s, const struct tally_line *line)
{
    (void)num_add(s->points.low, line->points.low, &s->points.low);
    (void)num_add(s->points.high, line->points.high, &s->points.high);
    s->points.high_is_open = s->points.high_is_open || line->points.high_is_open;
    s->has_maximum = s->has_maximum && line->has_maximum;
    if (line->has_maximum) {
        (void)num_add(s->maximum, line->maximum, &s->maximum);
    }
}

/* A range stands in brackets among other numbers. */
static struct str summand(struct page *p, const struct num_range *r)
{
    bool is_range = r->low_is_open || r->high_is_open || !num_eq(r->low, r->high);
    struct text t = text_in(p->a);
    text_add_z(&t, is_range ? "(" : "");
    text_add(&t, figure_range(p->a, r, p->lang));
    text_add_z(&t, is_range ? ")" : "");
    return text_str(&t);
}

/* "Kinh tế tập thể: 8 + 15 + 20 = 43 (tối đa 70)" */
static struct sum put_part_sum(struct page *p, const struct tally_line *lines, size_t n)
{
    struct sum s = {.maximum = num_int(0), .has_maximum = true};
    size_t counted = 0;
    s.points.low = s.points.high = num_int(0);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].is_left_out) {
            continue;
        }
        page_z(p, counted++ ? " + " : "");
        page_put(p, summand(p, &lines[i].points));
        add_line(&s, &lines[i]);
    }
    if (counted != 1) {
        struct str shown = figure_range(p->a, &s.points, p->lang);
        page_put(p, counted ? result_text(p->a, shown) : shown);
    }
    if (s.has_maximum) {
        page_say(p, " (tối đa ", " (maximum ");
        page_num(p, s.maximum);
        page_z(p, ")");
    }
    page_z(p, "\n");
    return s;
}

/* "finance.points = 40, được tính 30 (tối đa 30)" */
static void put_value_line(struct page *p, const struct field *f,
                           const struct tally_line *line)
{
    const struct value_row of = {f->ev, f->board->dataset, f->own->row};
    if (line->is_left_out) {
        page_say(p, "không áp dụng\n", "n/a\n");
        return;
    }
    struct str shown = p->lang == LANG_VI ? STR("chưa có số liệu") : STR("no data");
    if (line->has_raw) {
        shown = figure(p->a, line->raw, p->lang);
    }
    page_worked(p, line->value, values_text(p->a, &of, line->value, p->lang), shown);
    if (!line->has_raw) {
        page_say(p, ", có thể là ", ", may be ");
        page_range(p, &line->points);
    } else if (!num_eq(line->raw, line->points.low)) {
        page_say(p, ", được tính ", ", counts as ");
        page_num(p, line->points.low);
    }
    if (line->has_maximum) {
        page_say(p, " (tối đa ", " (maximum ");
        page_num(p, line->maximum);
        page_z(p, ")");
    }
    page_z(p, "\n");
}

/* The total as it grows: "71,5 + 20 + 5 − 0", and the maxima "80 + 20". */
struct total {
    struct text points, maxima;
    size_t n_points, n_maxima;
};

static void add_to_total(struct page *p, struct total *t, enum line_kind kind,
                         const struct sum *s)
{
    bool is_minus = kind == LINE_MINUS, is_part = kind < LINE_PLUS;
    text_add_z(&t->points, is_minus ? " − " : t->n_points ? " + " : "");
    text_add(&t->points, summand(p, &s->points));
    t->n_points++;
    if (is_part && s->has_maximum) {
        text_add_z(&t->maxima, t->n_maxima++ ? " + " : "");
        text_add(&t->maxima, figure(p->a, s->maximum, p->lang));
    }
}

static void put_group_title(struct page *p, const struct scoreboard *b,
                            const struct tally_line *line)
{
    page_z(p, "    ");
    if (line->part != ID_NONE) {
        page_put(p, b->parts[line->part].title);
    } else if (line->kind == LINE_TARGET) {
        page_say(p, "các chỉ tiêu", "targets");
    } else if (line->kind == LINE_PLUS) {
        page_say(p, "cộng thêm", "added");
    } else {
        page_say(p, "trừ đi", "taken off");
    }
    page_z(p, ": ");
}

/* One line for each part, or one for all targets; then what is added and taken off. Gives
 * how many tally lines that were. */
static size_t put_group(struct page *p, const struct field *f,
                        const struct tally_line *lines, size_t n, struct total *total)
{
    size_t end = 1;
    put_group_title(p, f->board, &lines[0]);
    if (lines[0].kind != LINE_TARGET) {
        struct sum s = {lines[0].points, lines[0].maximum, lines[0].has_maximum};
        put_value_line(p, f, &lines[0]);
        if (!lines[0].is_left_out) {
            add_to_total(p, total, lines[0].kind, &s);
        }
        return end;
    }
    while (end < n && lines[end].kind == LINE_TARGET &&
           lines[end].part == lines[0].part) {
        end++;
    }
    struct sum s = put_part_sum(p, lines, end);
    add_to_total(p, total, LINE_TARGET, &s);
    return end;
}

static void put_total(struct page *p, const struct score_result *r,
                      const struct total *total)
{
    struct num_range range = {r->low, r->high, r->low_is_open, r->high_is_open};
    page_say(p, "    tổng điểm: ", "    total: ");
    struct str shown = figure_range(p->a, &range, p->lang);
    if (total->n_points > 1) {
        page_put(p, text_str(&total->points));
        shown = result_text(p->a, shown);
    }
    page_put(p, shown);
    if (!r->has_points) {
        page_say(p, "; chưa chốt vì thiếu số liệu", "; not settled, data is missing");
    }
    page_z(p, "\n");
    if (r->has_maximum) {
        page_say(p, "    tối đa: ", "    maximum: ");
        if (total->n_maxima > 1) {
            page_put(p, text_str(&total->maxima));
            page_z(p, " = ");
        }
        page_num(p, r->maximum);
        page_z(p, "\n");
    }
}

void score_sum(struct page *p, const struct field *f, const struct tally_line *lines,
               size_t n)
{
    assert(p && f && f->board && f->own && (lines || n == 0));
    struct total total = {.points = text_in(p->a), .maxima = text_in(p->a)};
    page_say(p, "  Cộng điểm\n", "  Sum\n");
    for (size_t i = 0; i < n;) {
        i += put_group(p, f, lines + i, n - i, &total);
    }
    put_total(p, f->own, &total);
}

static bool grade_from(const struct scoreboard *b, const struct score_result *r,
                       uint32_t grade, struct num *out)
{
    const struct grade *g = &b->grades[grade];
    if (!g->has_from) {
        return false;
    }
    *out = g->from;
    return !g->is_percent ||
           (r->has_maximum && num_mul(g->from, r->maximum, out) == DEC_OK);
}

/* "xếp loại: Khá (từ 65); còn thiếu 8 điểm để đạt Tốt (từ 80)" */
void score_grade(struct page *p, const struct field *f)
{
    assert(p && f && f->board && f->own);
    const struct scoreboard *b = f->board;
    const struct score_result *r = f->own;
    struct num from, gap;
    if (!b->n_grades || !r->applies) {
        return;
    }
    page_say(p, "    xếp loại: ", "    grade: ");
    if (r->grade == ID_NONE && r->has_maximum && num_sign(r->maximum) == 0) {
        page_say(p, "không có, vì không có gì được chấm\n",
                 "none, because nothing is scored\n");
        return;
    }
    if (r->grade == ID_NONE) {
        page_say(p, "chưa chốt\n", "not settled\n");
        return;
    }
    page_put(p, b->grades[r->grade].title);
    if (grade_from(b, r, r->grade, &from)) {
        page_say(p, " (từ ", " (from ");
        page_num(p, from);
        page_z(p, ")");
    }
    if (r->grade > 0 && r->has_points && grade_from(b, r, r->grade - 1, &from) &&
        num_sub(from, r->points, &gap) == DEC_OK) {
        page_say(p, "; còn thiếu ", "; short by ");
        page_num(p, gap);
        page_say(p, " điểm để đạt ", " of ");
        page_put(p, b->grades[r->grade - 1].title);
        page_say(p, " (từ ", " (from ");
        page_num(p, from);
        page_z(p, ")");
    }
    page_z(p, "\n");
}

/* For every cell of every scoreboard that fits --explain: its targets one by one, the
 * sum, the grade, the rank and its neighbours. Targets that stand on no scoreboard follow.
 * Nothing is computed here that the engine has not computed; the arithmetic is only
 * written out. */
#include "run/score_explain.h"

#include "base/utf8.h"
#include "eval/describe.h"
#include "eval/plan.h"
#include "report/scores.h"
#include "report/sheet.h"
#include "run/tally.h"
#include "run/workings.h"

#include <assert.h>

enum { LABEL = 12, LONGEST_FORMULA = 60, UNITS_NAMED = 12 };

struct job {
    struct run *run;
    const struct evaluation *ev;
    const struct ruleset *rules;
    struct arena *a;
    enum diag_lang lang;
    struct text out;
    struct sheet sheet;
    bool *is_on_board; /* by target */
    bool has_any;
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

static void put_num(struct job *j, struct num v)
{
    put(j, figure(j->a, v, j->lang));
}

/* "     hoàn thành  ": where a line of a target begins. */
static void label(struct job *j, const char *vi, const char *en)
{
    struct str words = str_of(j->lang == LANG_VI ? vi : en);
    size_t width = sheet_width_of(words);
    sheet_blanks(&j->sheet, 4);
    put(j, words);
    sheet_blanks(&j->sheet, width < LABEL ? LABEL - width + 1 : 1);
}

static void end_line(struct job *j)
{
    sheet_char(&j->sheet, '\n');
}

/* ---- whose score ---- */

static struct explanation key_of(struct job *j, uint32_t dataset, uint32_t row)
{
    const struct schema *s = j->ev->engine->facts[dataset].schema;
    struct explanation x = {.n_key = 0};
    struct row_key of = {dataset, row, s->key, s->n_key};
    explain_key(j->ev->engine, j->a, &of, &x);
    return x;
}

static bool is_same(struct job *j, struct str a, struct str b)
{
    return a.p && str_eq(str_fold(j->a, a), str_fold(j->a, b));
}

/* Whether some key column (the named one, if one is) has this value or is called so. */
static bool fits_one(struct job *j, const struct explanation *x, struct str wish)
{
    size_t equals = str_find(wish, STR("="));
    bool has_name = equals != SIZE_MAX;
    struct str name = has_name ? str_trim(str_cut(wish, 0, equals)) : STR_NONE;
    struct str value = has_name ? str_trim(str_cut(wish, equals + 1, wish.n)) : wish;
    for (uint32_t i = 0; i < x->n_key; i++) {
        bool is_meant = !has_name || str_eq(x->key[i].name, name);
        if (is_meant &&
            (is_same(j, x->key[i].value, value) || is_same(j, x->key[i].label, value))) {
            return true;
        }
    }
    return false;
}

static bool fits(struct job *j, uint32_t dataset, uint32_t row)
{
    const struct text_list *wishes = &j->run->settings->explained;
    struct explanation x = key_of(j, dataset, row);
    for (size_t i = 0; i < wishes->n; i++) {
        if (!fits_one(j, &x, wishes->items[i])) {
            return false;
        }
    }
    return true;
}

/* "91 Kiên Giang · 2022-H1" */
static struct str name_of(struct job *j, uint32_t dataset, uint32_t row)
{
    struct explanation x = key_of(j, dataset, row);
    struct text t = text_in(j->a);
    for (uint32_t i = 0; i < x.n_key; i++) {
        text_add_z(&t, i ? " · " : "");
        text_add(&t, x.key[i].value.p ? x.key[i].value : STR("?"));
        text_add_z(&t, x.key[i].label.n ? " " : "");
        text_add(&t, x.key[i].label);
    }
    return text_str(&t);
}

/* Only the `for` columns: the period is the same for all that are compared. */
static struct str unit_of(struct job *j, const struct scoreboard *b, uint32_t row)
{
    struct explanation x = {.n_key = 0};
    struct row_key of = {b->dataset, row, b->keys, b->n_keys};
    explain_key(j->ev->engine, j->a, &of, &x);
    struct text t = text_in(j->a);
    for (uint32_t i = 0; i < x.n_key; i++) {
        text_add_z(&t, i ? " · " : "");
        text_add(&t, x.key[i].value);
        text_add_z(&t, x.key[i].label.n ? " " : "");
        text_add(&t, x.key[i].label);
    }
    return text_str(&t);
}

/* ---- one target ---- */

static void put_unit(struct job *j, const struct target *t)
{
    struct str unit =
        t->actual ? unit_label(j->a, &t->actual->unit, j->rules) : STR_NONE;
    if (unit.n) {
        put_z(j, " ");
        put(j, unit);
    }
}

/* "cumulative(htx_new) = "; nothing for a plain number. */
static void put_formula(struct job *j, const struct expr *x)
{
    struct str formula = written(j->a, j->rules->sources, x->at);
    if (x->op != EXPR_NUM && formula.n) {
        sheet_cut(&j->sheet, formula, LONGEST_FORMULA);
        put_z(j, " = ");
    }
}

static void put_missing(struct job *j)
{
    say(j, "chưa có số liệu", "no data");
}

static void put_actual(struct job *j, const struct target *t,
                       const struct target_result *r)
{
    label(j, "thực hiện", "actual");
    put_formula(j, t->actual);
    if (!r->has_actual) {
        put_missing(j);
    } else if (r->is_flag) {
        bool is_yes = num_sign(r->actual) != 0;
        say(j, is_yes ? "có" : "không", is_yes ? "yes" : "no");
    } else {
        put_num(j, r->actual);
        put_unit(j, t);
    }
    end_line(j);
}

static void put_plan(struct job *j, const struct target *t, const struct target_result *r)
{
    if (!t->plan) {
        return;
    }
    label(j, "kế hoạch", "plan");
    put_formula(j, t->plan);
    if (!r->has_plan) {
        put_missing(j);
    } else if (t->plan_high) {
        struct num_range range = {r->plan, r->plan_high, false, false};
        put(j, figure_range(j->a, &range, j->lang));
        put_unit(j, t);
    } else {
        put_num(j, r->plan);
        put_unit(j, t);
    }
    put_z(j, "; ");
    put(j, aim_sentence(t->aim, j->lang));
    end_line(j);
}

/* "50 % × 20 = 10 HTX; 8 < 10: chậm tiến độ, còn thiếu 2" */
static void put_due(struct job *j, const struct target *t, const struct target_result *r)
{
    struct num share, gap;
    if (!r->has_due || !r->has_plan || t->plan_high || num_eq(r->due, r->plan) ||
        num_div(r->due, r->plan, &share) != DEC_OK) {
        return;
    }
    label(j, "đến kỳ này", "due now");
    put(j, percent(j->a, share, j->lang));
    put_z(j, " × ");
    put_num(j, r->plan);
    put_z(j, " = ");
    put_num(j, r->due);
    put_unit(j, t);
    const char *pace = target_pace_name(r->pace);
    if (pace && num_sub(r->actual, r->due, &gap) == DEC_OK) {
        int order = num_sign(gap);
        put_z(j, "; ");
        put_num(j, r->actual);
        put_z(j, order < 0 ? " < " : order > 0 ? " > " : " = ");
        put_num(j, r->due);
        put_z(j, ": ");
        put(j, str_of(scores_word(str_of(pace), j->lang)));
        if (r->pace == PACE_BEHIND) {
            say(j, order < 0 ? ", còn thiếu " : ", vượt quá ",
                order < 0 ? ", short by " : ", over by ");
            put_num(j, num_abs(gap));
        }
    }
    end_line(j);
}

static void put_completion(struct job *j, const struct target *t,
                           const struct target_result *r)
{
    struct str working = working_completion(j->a, t, r, j->lang);
    label(j, "hoàn thành", "completion");
    if (working.p) {
        put(j, working);
        put_z(j, ": ");
    }
    const char *status = target_status_name(r->status);
    put(j, str_of(scores_word(str_of(status), j->lang)));
    if (r->status == TARGET_NEAR || r->status == TARGET_MISSED) {
        say(j, " (gần đạt từ ", " (near from ");
        put(j, percent(j->a, t->margin, j->lang));
        put_z(j, ")");
    }
    end_line(j);
}

static void put_points(struct job *j, const struct target *t,
                       const struct target_result *r)
{
    label(j, "điểm", "points");
    if (t->is_monitored || !t->has_points) {
        say(j, "chỉ theo dõi, không chấm", "monitored, never scored");
    } else if (r->has_points) {
        put(j, working_points(j->a, t, r, j->lang));
        say(j, " điểm", " points");
    } else {
        struct num_range range = {r->low, r->high, false, r->high_is_open};
        say(j, "thiếu số liệu nên chưa chốt: ", "not settled, data is missing: ");
        put(j, figure_range(j->a, &range, j->lang));
    }
    if (r->has_maximum) {
        say(j, "; tối đa ", "; maximum ");
        put_num(j, r->maximum);
    }
    end_line(j);
}

static void put_target_title(struct job *j, const struct target *t)
{
    struct str title = told(&t->title, j->lang);
    put_z(j, "  ");
    put(j, t->id);
    if (title.n) {
        put_z(j, ": ");
        put(j, title);
    }
    end_line(j);
}

/* r NULL: the unit has no row in the target's data set. */
static void put_target(struct job *j, uint32_t target, const struct target_result *r)
{
    const struct target *t = &j->rules->targets[target];
    put_target_title(j, t);
    if (!t->actual) {
        label(j, "thực hiện", "actual");
        say(j, "khó thống kê, chưa đo được: ", "cannot be measured: ");
        put(j, t->unmeasured);
        end_line(j);
        return;
    }
    if (!r) {
        label(j, "thực hiện", "actual");
        say(j, "không có dòng số liệu của đơn vị", "there is no row of this unit");
        end_line(j);
        return;
    }
    if (r->status == TARGET_NOT_APPLICABLE) {
        label(j, "kết quả", "result");
        say(j, "không áp dụng: không tính điểm, không tính điểm tối đa",
            "n/a: leaves points and maximum");
        end_line(j);
        return;
    }
    put_actual(j, t, r);
    put_plan(j, t, r);
    put_due(j, t, r);
    put_completion(j, t, r);
    put_points(j, t, r);
}

/* ---- the sum ---- */

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
    (void)num_add(s->maximum, line->maximum, &s->maximum);
}

/* "Kinh tế tập thể: 8 + 15 + 20 = 43 (tối đa 70)" of lines from .. to - 1. */
static void put_part_sum(struct job *j, const struct tally_line *lines, size_t n)
{
    struct sum s = {.maximum = num_int(0), .has_maximum = true};
    size_t counted = 0;
    s.points.low = s.points.high = num_int(0);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].is_left_out) {
            continue;
        }
        put_z(j, counted++ ? " + " : "");
        put(j, figure_range(j->a, &lines[i].points, j->lang));
        add_line(&s, &lines[i]);
    }
    if (counted != 1) {
        put_z(j, counted ? " = " : "");
        put(j, figure_range(j->a, &s.points, j->lang));
    }
    if (s.has_maximum) {
        say(j, " (tối đa ", " (maximum ");
        put_num(j, s.maximum);
        put_z(j, ")");
    }
    end_line(j);
}

/* "finance.points = 40, tính 30" */
static void put_value_line(struct job *j, const struct tally_line *line)
{
    if (line->is_left_out) {
        say(j, "không áp dụng", "n/a");
        end_line(j);
        return;
    }
    put_formula(j, line->value);
    if (!line->has_raw) {
        put_missing(j);
        say(j, ", có thể là ", ", may be ");
        put(j, figure_range(j->a, &line->points, j->lang));
    } else {
        put_num(j, line->raw);
        if (!num_eq(line->raw, line->points.low)) {
            say(j, ", được tính ", ", counts as ");
            put_num(j, line->points.low);
        }
    }
    if (line->has_maximum) {
        say(j, " (tối đa ", " (maximum ");
        put_num(j, line->maximum);
        put_z(j, ")");
    }
    end_line(j);
}

/* One line for each part, or one for all targets; then what is added and taken off. */
static size_t put_group(struct job *j, const struct scoreboard *b,
                        const struct tally_line *lines, size_t n)
{
    size_t end = 1;
    put_z(j, "    ");
    if (lines[0].kind != LINE_TARGET) {
        bool is_part = lines[0].kind == LINE_VALUE;
        if (is_part) {
            put(j, b->parts[lines[0].part].title);
        } else {
            say(j, lines[0].kind == LINE_PLUS ? "cộng thêm" : "trừ đi",
                lines[0].kind == LINE_PLUS ? "added" : "taken off");
        }
        put_z(j, ": ");
        put_value_line(j, &lines[0]);
        return 1;
    }
    while (end < n && lines[end].kind == LINE_TARGET &&
           lines[end].part == lines[0].part) {
        end++;
    }
    if (lines[0].part != ID_NONE) {
        put(j, b->parts[lines[0].part].title);
    } else {
        say(j, "các chỉ tiêu", "targets");
    }
    put_z(j, ": ");
    put_part_sum(j, lines, end);
    return end;
}

static void put_total(struct job *j, const struct score_result *r)
{
    struct num_range range = {r->low, r->high, r->low_is_open, r->high_is_open};
    say(j, "    tổng điểm: ", "    total: ");
    put(j, figure_range(j->a, &range, j->lang));
    if (r->has_maximum) {
        put_z(j, " / ");
        put_num(j, r->maximum);
    }
    if (!r->has_points) {
        say(j, "; chưa chốt vì thiếu số liệu", "; not settled, data is missing");
    }
    end_line(j);
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
static void put_grade(struct job *j, const struct scoreboard *b,
                      const struct score_result *r)
{
    struct num from, gap;
    if (!b->n_grades || !r->applies) {
        return;
    }
    say(j, "    xếp loại: ", "    grade: ");
    if (r->grade == ID_NONE) {
        say(j, "chưa chốt\n", "not settled\n");
        return;
    }
    put(j, b->grades[r->grade].title);
    if (grade_from(b, r, r->grade, &from)) {
        say(j, " (từ ", " (from ");
        put_num(j, from);
        put_z(j, ")");
    }
    if (r->grade > 0 && r->has_points && grade_from(b, r, r->grade - 1, &from) &&
        num_sub(from, r->points, &gap) == DEC_OK) {
        say(j, "; còn thiếu ", "; short by ");
        put_num(j, gap);
        say(j, " điểm để đạt ", " of ");
        put(j, b->grades[r->grade - 1].title);
        say(j, " (từ ", " (from ");
        put_num(j, from);
        put_z(j, ")");
    }
    end_line(j);
}

/* ---- rank ---- */

struct field { /* the cells of one group */
    const struct scoreboard *board;
    const struct score_result *cells; /* by row */
    const struct keyidx *groups;
    const struct score_result *own;
};

/* Where another cell stands: -1 before this one, 1 behind it, 0 level; `better` is more
 * points, or fewer. */
static int stands(const struct field *f, const struct score_result *other)
{
    int order = num_cmp(other->points, f->own->points);
    return f->board->rank_lowest ? order : -order;
}

/* The nearest cell that stands before (-1) or behind (1) the own one; of several at the
 * same points the first. NULL: none. */
static const struct score_result *neighbour(const struct field *f, int side)
{
    const struct score_result *best = NULL;
    uint32_t group = f->groups->group_of[f->own->row];
    for (uint32_t row = f->groups->first[group]; row != ROW_NONE;
         row = f->groups->next[row]) {
        const struct score_result *c = &f->cells[row];
        if (c == f->own || !c->applies || !c->has_points || stands(f, c) != side) {
            continue;
        }
        int order = best ? num_cmp(c->points, best->points) : 0;
        bool is_nearer = f->board->rank_lowest ? order * side < 0 : order * side > 0;
        best = !best || is_nearer ? c : best;
    }
    return best;
}

static void put_neighbour(struct job *j, const struct field *f, int side)
{
    const struct score_result *c = neighbour(f, side);
    struct num gap;
    if (!c || num_sub(c->points, f->own->points, &gap) != DEC_OK) {
        return;
    }
    bool is_before = side < 0;
    if (is_before) {
        say(j, "    đứng trên liền kề: ", "    next above: ");
    } else {
        say(j, "    đứng dưới liền kề: ", "    next below: ");
    }
    put(j, unit_of(j, f->board, c->row));
    put_z(j, ", ");
    put_num(j, c->points);
    if (c->rank) {
        say(j, " điểm, hạng ", " points, rank ");
        text_uint(&j->out, c->rank);
    } else {
        say(j, " điểm", " points");
    }
    if (is_before) {
        say(j, "; còn thiếu ", "; short by ");
        put_num(j, num_abs(gap));
        say(j, " điểm để ngang hạng", " to be level");
    } else {
        say(j, "; đang hơn ", "; ahead by ");
        put_num(j, num_abs(gap));
        say(j, " điểm", "");
    }
    end_line(j);
}

/* Cells that are level with the own one, and those that are not settled. */
static void put_others(struct job *j, const struct field *f)
{
    uint32_t group = f->groups->group_of[f->own->row];
    for (int pass = 0; pass < 2; pass++) {
        uint32_t n = 0;
        for (uint32_t row = f->groups->first[group]; row != ROW_NONE;
             row = f->groups->next[row]) {
            const struct score_result *c = &f->cells[row];
            bool is_level = f->own->has_points && c->has_points && !stands(f, c);
            if (c == f->own || !c->applies || (pass ? c->has_points : !is_level)) {
                continue;
            }
            if (n == 0 && pass == 0) {
                say(j, "    cùng hạng: ", "    level with: ");
            } else if (n == 0) {
                say(j, "    chưa chốt điểm, có thể làm đổi hạng: ",
                    "    not settled, may change the rank: ");
            }
            put_z(j, n ? ", " : "");
            put(j, n < UNITS_NAMED ? unit_of(j, f->board, row) : STR("…"));
            n++;
            if (n > UNITS_NAMED) {
                break;
            }
        }
        put_z(j, n ? "\n" : "");
    }
}

static uint32_t count_ranked(const struct field *f)
{
    uint32_t group = f->groups->group_of[f->own->row], n = 0;
    for (uint32_t row = f->groups->first[group]; row != ROW_NONE;
         row = f->groups->next[row]) {
        n += f->cells[row].applies;
    }
    return n;
}

static void put_rank(struct job *j, const struct field *f)
{
    const struct score_result *r = f->own;
    if (!r->rank_low || f->groups->group_of[r->row] == GROUP_NONE) {
        return;
    }
    say(j, "    hạng: ", "    rank: ");
    text_uint(&j->out, r->rank_low);
    if (r->rank_high != r->rank_low) {
        put_z(j, "–");
        text_uint(&j->out, r->rank_high);
    }
    say(j, " trong ", " of ");
    text_uint(&j->out, count_ranked(f));
    end_line(j);
    if (r->has_points) {
        put_neighbour(j, f, -1);
        put_neighbour(j, f, 1);
    }
    put_others(j, f);
}

static void put_claimed(struct job *j, struct tally *tally, const struct score_result *r)
{
    struct num claimed, gap;
    if (!tally_claimed(tally, r->row, &claimed)) {
        return;
    }
    say(j, "    tự chấm: ", "    claimed: ");
    put_num(j, claimed);
    if (r->has_points && num_sub(claimed, r->points, &gap) == DEC_OK) {
        int order = num_sign(gap);
        say(j, order > 0 ? ", cao hơn " : order < 0 ? ", thấp hơn " : ", khớp",
            order > 0 ? ", higher by " : order < 0 ? ", lower by " : ", agrees");
        if (order) {
            put_num(j, num_abs(gap));
        }
    }
    end_line(j);
}

/* ---- cells ---- */

static void put_title(struct job *j, const struct scoreboard *b, uint32_t row)
{
    struct str title = told(&b->title, j->lang);
    put_z(j, j->has_any ? "\n" : "");
    j->has_any = true;
    put(j, name_of(j, b->dataset, row));
    say(j, " · bảng điểm ", " · scoreboard ");
    put(j, b->id);
    if (title.n) {
        put_z(j, ": ");
        put(j, title);
    }
    end_line(j);
}

static void put_cell(struct job *j, struct tally *tally, const struct field *f)
{
    const struct tally_line *lines;
    put_title(j, f->board, f->own->row);
    if (!f->own->applies) {
        say(j, "  không thuộc diện chấm điểm\n", "  not scored\n");
        return;
    }
    size_t n = tally_lines(tally, f->own->row, j->a, &lines);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].kind == LINE_TARGET) {
            put_target(j, lines[i].target, lines[i].result);
            j->is_on_board[lines[i].target] = true;
        }
    }
    say(j, "  Cộng điểm\n", "  Sum\n");
    for (size_t i = 0; i < n;) {
        i += put_group(j, f->board, lines + i, n - i);
    }
    put_total(j, f->own);
    put_claimed(j, tally, f->own);
    put_grade(j, f->board, f->own);
    put_rank(j, f);
}

static void put_board(struct job *j, uint32_t board)
{
    const struct scoreboard *b = &j->rules->boards[board];
    const struct table *t = j->ev->engine->facts[b->dataset].table;
    struct tally *tally = tally_new(j->a, j->ev, board);
    struct field f = {.board = b, .cells = j->ev->boards[board]};
    f.groups = keyidx_new(j->a, t, b->each, b->n_each, NULL);
    for (uint32_t row = 0; row < t->n + t->n_absent; row++) {
        if (fits(j, b->dataset, row)) {
            f.own = &f.cells[row];
            put_cell(j, tally, &f);
        }
    }
}

/* Targets of no scoreboard: monitored ones above all. */
static void put_other_target(struct job *j, uint32_t target)
{
    uint32_t dataset = j->rules->targets[target].dataset;
    const struct table *t = j->ev->engine->facts[dataset].table;
    for (uint32_t row = 0; row < t->n; row++) {
        if (fits(j, dataset, row)) {
            put_z(j, j->has_any ? "\n" : "");
            j->has_any = true;
            put(j, name_of(j, dataset, row));
            say(j, " · chỉ tiêu ngoài bảng điểm\n", " · a target on no scoreboard\n");
            put_target(j, target, &j->ev->targets[target][row]);
        }
    }
}

static struct str wished(const struct job *j)
{
    const struct text_list *wishes = &j->run->settings->explained;
    struct text t = text_in(j->a);
    for (size_t i = 0; i < wishes->n; i++) {
        text_add_z(&t, i ? ", " : "");
        text_add(&t, wishes->items[i]);
    }
    return text_str(&t);
}

/* Some units that could have been meant. */
static struct str known_units(struct job *j)
{
    struct text t = text_in(j->a);
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->rules->n_boards && n == 0; i++) {
        const struct scoreboard *b = &j->rules->boards[i];
        const struct table *table = j->ev->engine->facts[b->dataset].table;
        const struct keyidx *units =
            keyidx_new(j->a, table, b->keys, b->n_keys, NULL);
        for (; n < units->n_groups && n < UNITS_NAMED; n++) {
            text_add_z(&t, n ? ", " : "");
            text_add(&t, unit_of(j, b, units->first[n]));
        }
        text_add_z(&t, units->n_groups > UNITS_NAMED ? ", …" : "");
    }
    return text_str(&t);
}

struct str score_explain(struct run *r, const struct evaluation *ev)
{
    assert(r && ev && r->settings->explained.n);
    struct report_style style = {
        .lang = r->lang, .width = r->config->width, .is_verbose = true};
    struct job j = {.run = r,
                    .ev = ev,
                    .rules = r->rules.ruleset,
                    .a = r->arena,
                    .lang = r->lang,
                    .out = text_in(r->arena)};
    j.sheet = sheet_on(&j.out, &style);
    j.is_on_board = arena_new_array(r->arena, (size_t)j.rules->n_targets + 1, bool);
    for (uint32_t i = 0; i < j.rules->n_boards; i++) {
        put_board(&j, i);
    }
    for (uint32_t i = 0; i < j.rules->n_targets; i++) {
        if (!j.is_on_board[i]) {
            put_other_target(&j, i);
        }
    }
    if (!j.has_any) {
        struct diag *d = diag_at(r->diags, DIAG_ID_USE_NO_SUCH_UNIT, SPAN_NONE);
        d->args[0] = wished(&j);
        d->args[1] = known_units(&j);
        return STR_NONE;
    }
    return text_str(&j.out);
}

/* For every cell of every scoreboard that fits --explain: its targets one by one, the
 * sum, the grade, the rank and its neighbours. Targets that stand on no scoreboard
 * follow. */
#include "run/score_explain.h"

#include "base/utf8.h"
#include "eval/describe.h"
#include "eval/plan.h"
#include "run/score_page.h"
#include "run/tally.h"

#include <assert.h>

enum { UNITS_NAMED = 12 };

struct job {
    struct page page;
    const struct evaluation *ev;
    const struct text_list *wishes; /* what --explain was given */
    struct arena *scratch;          /* of one row that is looked at */
    bool *is_on_board;              /* by target */
    bool has_any;
};

/* ---- whose score ---- */

static bool is_same(struct arena *a, struct str one, struct str other)
{
    return one.p && str_eq(str_fold(a, one), str_fold(a, other));
}

/* Whether some key column (the named one, if one is) has this value or is called so. */
static bool fits_one(struct arena *a, const struct explanation *x, struct str wish)
{
    size_t equals = str_find(wish, STR("="));
    bool has_name = equals != SIZE_MAX;
    struct str name = has_name ? str_trim(str_cut(wish, 0, equals)) : STR_NONE;
    struct str value = has_name ? str_trim(str_cut(wish, equals + 1, wish.n)) : wish;
    for (uint32_t i = 0; i < x->n_key; i++) {
        bool is_meant = !has_name || str_eq(x->key[i].name, name);
        if (is_meant &&
            (is_same(a, x->key[i].value, value) || is_same(a, x->key[i].label, value))) {
            return true;
        }
    }
    return false;
}

static bool fits(struct job *j, uint32_t dataset, uint32_t row)
{
    struct engine *e = j->ev->engine;
    const struct schema *s = e->facts[dataset].schema;
    struct explanation x = {.n_key = 0};
    struct row_key of = {dataset, row, s->key, s->n_key};
    bool is_fit = true;
    explain_key(e, j->scratch, &of, NULL, &x);
    for (size_t i = 0; is_fit && i < j->wishes->n; i++) {
        is_fit = fits_one(j->scratch, &x, j->wishes->items[i]);
    }
    arena_reset(j->scratch);
    return is_fit;
}

/* ---- cells ---- */

/* "91 Kiên Giang · 2022-H1 · bảng điểm cum_2022: Cụm thi đua" */
static void put_title(struct job *j, uint32_t dataset, uint32_t row)
{
    struct page *p = &j->page;
    const struct schema *s = j->ev->engine->facts[dataset].schema;
    page_z(p, j->has_any ? "\n" : "");
    j->has_any = true;
    page_put(p, score_name(p, j->ev, dataset, row, s->key, s->n_key));
}

static void put_board_title(struct job *j, const struct scoreboard *b, uint32_t row)
{
    struct page *p = &j->page;
    struct str title = told(&b->title, p->lang);
    put_title(j, b->dataset, row);
    page_say(p, " · bảng điểm ", " · scoreboard ");
    page_put(p, b->id);
    if (title.n) {
        page_z(p, ": ");
        page_put(p, title);
    }
    page_z(p, "\n");
}

static void put_claimed(struct page *p, struct tally *tally, const struct score_result *r)
{
    struct num claimed, gap;
    if (!tally_claimed(tally, r->row, &claimed)) {
        return;
    }
    page_say(p, "    tự chấm: ", "    claimed: ");
    page_num(p, claimed);
    int order = 0;
    if (r->has_points && num_sub(claimed, r->points, &gap) == DEC_OK) {
        order = num_sign(gap);
        if (order > 0) {
            page_say(p, ", cao hơn ", ", higher by ");
        } else if (order < 0) {
            page_say(p, ", thấp hơn ", ", lower by ");
        } else {
            page_say(p, ", khớp", ", agrees");
        }
    }
    if (order) {
        page_num(p, num_abs(gap));
    }
    page_z(p, "\n");
}

static void mark_targets(struct job *j, const uint32_t *targets, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        j->is_on_board[targets[i]] = true;
    }
}

static void put_cell(struct job *j, struct tally *tally, const struct field *f)
{
    struct page *p = &j->page;
    const struct tally_line *lines;
    put_board_title(j, f->board, f->own->row);
    mark_targets(j, f->board->targets, f->board->n_targets);
    for (uint32_t i = 0; i < f->board->n_parts; i++) {
        mark_targets(j, f->board->parts[i].targets, f->board->parts[i].n_targets);
    }
    if (!f->own->applies) {
        page_say(p, "  không thuộc diện chấm điểm\n", "  not scored\n");
        return;
    }
    size_t n = tally_lines(tally, f->own->row, p->a, &lines);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].kind == LINE_TARGET) {
            score_target(p, j->ev, lines[i].target, &lines[i].standing);
        }
    }
    score_sum(p, f, lines, n);
    put_claimed(p, tally, f->own);
    score_grade(p, f);
    score_rank(p, f);
}

static void put_board(struct job *j, uint32_t board)
{
    struct page *p = &j->page;
    const struct scoreboard *b = &p->rules->boards[board];
    struct engine *e = j->ev->engine;
    const struct table *t = e->facts[b->dataset].table;
    struct tally *tally = tally_new(p->a, j->ev, board);
    struct field f = {.ev = j->ev, .board = b, .cells = j->ev->boards[board]};
    f.groups = board_groups(e, b);
    for (uint32_t row = 0; row < t->n + t->n_absent; row++) {
        if (!f.cells[row].is_copy && fits(j, b->dataset, row)) {
            f.own = &f.cells[row];
            put_cell(j, tally, &f);
        }
    }
}

static bool is_left(const struct job *j, uint32_t target, uint32_t dataset)
{
    return !j->is_on_board[target] && j->page.rules->targets[target].dataset == dataset;
}

/* Targets of no scoreboard, monitored ones above all, of one row of a data set. */
static void put_others(struct job *j, uint32_t dataset, uint32_t row)
{
    struct page *p = &j->page;
    put_title(j, dataset, row);
    page_say(p, " · chỉ tiêu ngoài bảng điểm\n", " · targets on no scoreboard\n");
    for (uint32_t i = 0; i < p->rules->n_targets; i++) {
        if (is_left(j, i, dataset)) {
            const struct standing own = {STANDING_ROW, j->ev->targets[i][row]};
            score_target(p, j->ev, i, &own);
        }
    }
}

static void put_other_targets(struct job *j, uint32_t dataset)
{
    const struct page *p = &j->page;
    const struct table *t = j->ev->engine->facts[dataset].table;
    bool has_some = false;
    for (uint32_t i = 0; i < p->rules->n_targets; i++) {
        has_some = has_some || is_left(j, i, dataset);
    }
    for (uint32_t row = 0; has_some && row < t->n; row++) {
        if (fits(j, dataset, row)) {
            put_others(j, dataset, row);
        }
    }
}

/* ---- the whole ---- */

static struct str wished(const struct job *j)
{
    struct text t = text_in(j->page.a);
    for (size_t i = 0; i < j->wishes->n; i++) {
        text_add_z(&t, i ? ", " : "");
        text_add(&t, j->wishes->items[i]);
    }
    return text_str(&t);
}

/* Some units that could have been meant. */
static struct str known_units(struct job *j)
{
    struct page *p = &j->page;
    struct text t = text_in(p->a);
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->rules->n_boards && n == 0; i++) {
        const struct scoreboard *b = &p->rules->boards[i];
        const struct table *table = j->ev->engine->facts[b->dataset].table;
        const struct keyidx *units = keyidx_new(p->a, table, b->keys, b->n_keys, NULL);
        for (; n < units->n_groups && n < UNITS_NAMED; n++) {
            text_add_z(&t, n ? ", " : "");
            text_add(&t, score_unit(p, j->ev, b, units->first[n]));
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
    struct job *j = arena_new(r->arena, struct job);
    const struct ruleset *rules = r->rules.ruleset;
    page_begin(&j->page, r->arena, rules, &style);
    j->ev = ev;
    j->wishes = &r->settings->explained;
    j->scratch = arena_child(r->arena);
    j->is_on_board = arena_new_array(r->arena, (size_t)rules->n_targets + 1, bool);
    for (uint32_t i = 0; i < rules->n_boards; i++) {
        put_board(j, i);
    }
    for (uint32_t d = 0; d < rules->n_datasets; d++) {
        put_other_targets(j, d);
    }
    if (!j->has_any) {
        struct diag *d = diag_at(r->diags, DIAG_ID_USE_NO_SUCH_UNIT, SPAN_NONE);
        d->args[0] = wished(j);
        d->args[1] = known_units(j);
        return STR_NONE;
    }
    return text_str(&j->page.out);
}

/* See board.h. Sums are kept as ranges low .. high; a target that is not applicable
 * leaves both sums and maximum. A rank is the number of others that must, or may, stand
 * before: counted by binary search in the sorted ends of the ranges, so a board of n
 * cells costs n log n. Rows with one key are one cell, told of its first row: nothing
 * that it sums reads more of a row than its key. A parent of a tree has points of its own
 * but does not compete with its children: it is in no group, so it has no rank. */
#include "eval/board.h"

#include "eval/results.h"
#include "eval/standing.h"

#include <assert.h>
#include <stdlib.h>

struct range {
    struct num low, high;
    bool low_is_open, high_is_open; /* no lower, no upper end */
    bool is_failed;                 /* could not be added exactly */
};

static struct range range_of(struct num low, struct num high)
{
    return (struct range){.low = low, .high = high};
}

static void add_range(struct range *sum, const struct range *r, bool subtract)
{
    const struct num low = subtract ? num_neg(r->high) : r->low,
                     high = subtract ? num_neg(r->low) : r->high;

    sum->is_failed = sum->is_failed || r->is_failed ||
                     num_add(sum->low, low, &sum->low) != DEC_OK ||
                     num_add(sum->high, high, &sum->high) != DEC_OK;
    sum->low_is_open = sum->low_is_open || (subtract ? r->high_is_open : r->low_is_open);
    sum->high_is_open =
        sum->high_is_open || (subtract ? r->low_is_open : r->high_is_open);
}

/* Slots of what a board computes itself. */
struct board_program {
    const struct scoreboard *board;
    struct program *program;
    uint32_t when;
    uint32_t *parts, *extras; /* SLOT_NONE: targets, or left out */
    const struct standings *standings;
};

static bool is_out(const struct engine *e, struct str undefined, const uint32_t *uses,
                   uint32_t n)
{
    return undefined.p != NULL || goal_reads_absent(e, uses, n);
}

static struct board_program plan_board(struct engine *e, const struct scoreboard *b)
{
    struct board_program p = {.board = b, .program = program_new(e)};

    p.when = b->when == NULL ? SLOT_NONE : program_add(e, p.program, b->when);
    p.parts = arena_new_array(e->a, b->n_parts + 1, uint32_t);
    p.extras = arena_new_array(e->a, b->n_extras + 1, uint32_t);
    p.standings = standings_new(e, b);
    for (uint32_t i = 0; i < b->n_parts; i++) {
        const struct board_part *part = &b->parts[i];
        bool is_left_out =
            part->n_targets > 0 || is_out(e, part->undefined, part->uses, part->n_uses);
        p.parts[i] = is_left_out ? SLOT_NONE : program_add(e, p.program, part->value);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        const struct board_extra *x = &b->extras[i];
        p.extras[i] = is_out(e, x->undefined, x->uses, x->n_uses)
                          ? SLOT_NONE
                          : program_add(e, p.program, x->value);
    }
    return p;
}

struct sums {
    struct range points;
    struct num maximum;
    bool maximum_is_open;
};

static void add_maximum(struct sums *s, bool is_there, struct num v)
{
    s->maximum_is_open =
        s->maximum_is_open || !is_there || num_add(s->maximum, v, &s->maximum) != DEC_OK;
}

static void add_target(const struct evaluation *ev, const struct board_program *p,
                       uint32_t target, uint32_t row, struct sums *s)
{
    if (!ev->engine->rules->targets[target].has_points) {
        return;
    }
    const struct standing standing = standing_at(ev, p->standings, target, row);
    const struct target_result *r = &standing.result;
    if (r->status == TARGET_NOT_APPLICABLE) {
        return;
    }
    struct range range = range_of(r->low, r->high);
    range.high_is_open = r->high_is_open;
    add_maximum(s, r->has_maximum, r->maximum);
    add_range(&s->points, &range, false);
}

/* An expression counts at least 0 and at most its maximum; unknown, it may be anything
 * between. */
static void add_value(const struct vec *v, uint32_t i, struct num maximum, struct sums *s)
{
    struct range r = range_of(num_int(0), maximum);

    if (vec_state(v, i) == CELL_NA) {
        return;
    }
    if (vec_state(v, i) == CELL_OK) {
        r.low = vec_num(v, i);
        r.low = num_sign(r.low) < 0 ? num_int(0) : r.low;
        r.low = num_cmp(r.low, maximum) > 0 ? maximum : r.low;
        r.high = r.low;
    }
    add_maximum(s, true, maximum);
    add_range(&s->points, &r, false);
}

/* What is added on top or taken off: known, up to its cap; unknown, from nothing to its
 * cap. */
static void add_extra(const struct board_extra *x, const struct vec *v, uint32_t i,
                      struct sums *s, struct score_result *out)
{
    struct range r = range_of(num_int(0), x->has_cap ? x->cap : num_int(0));
    bool is_known = vec_state(v, i) == CELL_OK;
    struct num *total = x->is_minus ? &out->penalty : &out->bonus;
    bool *has_total = x->is_minus ? &out->has_penalty : &out->has_bonus;

    if (vec_state(v, i) == CELL_NA) {
        return;
    }
    if (is_known) {
        r.low = vec_num(v, i);
        r.low = x->has_cap && num_cmp(r.low, x->cap) > 0 ? x->cap : r.low;
        r.high = r.low;
    }
    r.high_is_open = !is_known && !x->has_cap;
    *has_total = *has_total && is_known && num_add(*total, r.low, total) == DEC_OK;
    add_range(&s->points, &r, x->is_minus);
}

static void sum_cell(const struct evaluation *ev, const struct board_program *p,
                     const struct vec *slots, uint32_t i, struct score_result *out)
{
    const struct scoreboard *b = p->board;
    struct sums s = {.points = range_of(num_int(0), num_int(0)), .maximum = num_int(0)};

    for (uint32_t k = 0; k < b->n_targets; k++) {
        add_target(ev, p, b->targets[k], out->row, &s);
    }
    for (uint32_t k = 0; k < b->n_parts; k++) {
        for (uint32_t t = 0; t < b->parts[k].n_targets; t++) {
            add_target(ev, p, b->parts[k].targets[t], out->row, &s);
        }
        if (p->parts[k] != SLOT_NONE) {
            add_value(&slots[p->parts[k]], i, b->parts[k].maximum, &s);
        }
    }
    for (uint32_t k = 0; k < b->n_extras; k++) {
        if (p->extras[k] != SLOT_NONE) {
            add_extra(&b->extras[k], &slots[p->extras[k]], i, &s, out);
        }
    }
    out->low = s.points.low;
    out->high = s.points.high;
    out->low_is_open = s.points.low_is_open || s.points.is_failed;
    out->high_is_open = s.points.high_is_open || s.points.is_failed;
    out->maximum = s.maximum;
    out->has_maximum = !s.maximum_is_open;
    out->has_points =
        !out->low_is_open && !out->high_is_open && num_eq(out->low, out->high);
    out->points = out->low;
}

static void sum_cells(struct evaluation *ev, const struct board_program *p,
                      struct score_result *results, uint32_t n)
{
    struct engine *e = ev->engine;
    size_t mark = scratch_mark(e->batch);

    for (uint32_t at = 0; at < n; at += e->batch_rows) {
        struct domain d = {.n = n - at < e->batch_rows ? n - at : e->batch_rows,
                           .n_scopes = 1};
        d.scope[0] =
            (struct scope_rows){.facts = &e->facts[p->board->dataset], .first = at};
        const struct vec *slots = program_run(e, p->program, &d, NULL);
        for (uint32_t i = 0; i < d.n; i++) {
            struct score_result *r = &results[at + i];
            const struct vec *when = p->when == SLOT_NONE ? NULL : &slots[p->when];
            r->applies = when == NULL || (vec_state(when, i) == CELL_OK && when->flag[i]);
            r->applies = r->applies && !r->is_copy;
            if (r->applies) {
                sum_cell(ev, p, slots, i, r);
            }
        }
        scratch_rewind(e->batch, mark);
    }
}

/* One end of a range among others; open ends lie beyond every number. */
struct end {
    struct num value;
    int beyond; /* -1: lower than all, 1: higher than all */
};

static int compare_ends(const struct end *a, const struct end *b)
{
    if (a->beyond != b->beyond) {
        return a->beyond < b->beyond ? -1 : 1;
    }
    return a->beyond != 0 ? 0 : num_cmp(a->value, b->value);
}

static int by_end(const void *a, const void *b)
{
    return compare_ends(a, b);
}

static struct end low_end(const struct score_result *r)
{
    return (struct end){r->low, r->low_is_open ? -1 : 0};
}

static struct end high_end(const struct score_result *r)
{
    return (struct end){r->high, r->high_is_open ? 1 : 0};
}

/* How many of the sorted ends lie above `than`. */
static uint32_t count_above(const struct end *sorted, uint32_t n, const struct end *than)
{
    uint32_t low = 0, high = n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_ends(&sorted[middle], than) > 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return n - low;
}

static uint32_t count_below(const struct end *sorted, uint32_t n, const struct end *than)
{
    uint32_t low = 0, high = n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_ends(&sorted[middle], than) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Best and worst rank of every cell of one group: those before it for certain, and those
 * that may be. */
static void rank_group(struct arena *a, const struct scoreboard *b,
                       struct score_result **cells, uint32_t n)
{
    struct end *lows = arena_new_array(a, (size_t)n + 1, struct end);
    struct end *highs = arena_new_array(a, (size_t)n + 1, struct end);

    for (uint32_t i = 0; i < n; i++) {
        lows[i] = low_end(cells[i]);
        highs[i] = high_end(cells[i]);
    }
    qsort(lows, n, sizeof *lows, by_end);
    qsort(highs, n, sizeof *highs, by_end);
    for (uint32_t i = 0; i < n; i++) {
        const struct end low = low_end(cells[i]), high = high_end(cells[i]);
        bool is_range = compare_ends(&low, &high) <
                        0; /* then it counts itself among those that may be */
        uint32_t certain =
            b->rank_lowest ? count_below(highs, n, &low) : count_above(lows, n, &high);
        uint32_t possible =
            b->rank_lowest ? count_below(lows, n, &high) : count_above(highs, n, &low);
        cells[i]->rank_low = 1 + certain;
        cells[i]->rank_high = 1 + possible - is_range;
        cells[i]->rank =
            cells[i]->rank_low == cells[i]->rank_high ? cells[i]->rank_low : 0;
    }
}

/* Grade of some points, ID_NONE when they fall under none, or when it hangs on a maximum
 * that is missing. Where nothing applies there is no share of the maximum. */
static uint32_t grade_of(const struct scoreboard *b, const struct score_result *r,
                         const struct end *points)
{
    for (uint32_t g = 0; g < b->n_grades; g++) {
        const struct grade *grade = &b->grades[g];
        struct end from = {grade->from, 0};
        if (!grade->has_from || points->beyond > 0) {
            return g;
        }
        bool is_known =
            !grade->is_percent ||
            (r->has_maximum && num_mul(grade->from, r->maximum, &from.value) == DEC_OK);
        if (!is_known) {
            return ID_NONE;
        }
        if (compare_ends(points, &from) >= 0) {
            return g;
        }
    }
    return ID_NONE;
}

static bool grades_by_share(const struct scoreboard *b)
{
    return b->n_grades > 0 && b->grades[0].has_from && b->grades[0].is_percent;
}

/* The grade of all points that are still possible. */
static void grade_cell(const struct scoreboard *b, struct score_result *r)
{
    const struct end low = low_end(r), high = high_end(r);
    bool has_nothing = r->has_maximum && num_sign(r->maximum) == 0;

    r->grade = ID_NONE;
    if (!r->applies || (has_nothing && grades_by_share(b))) {
        return;
    }
    uint32_t lowest = grade_of(b, r, &low), highest = grade_of(b, r, &high);
    r->grade = lowest == highest ? lowest : ID_NONE;
}

const struct keyidx *board_groups(struct engine *e, const struct scoreboard *b)
{
    const struct facts *facts = &e->facts[b->dataset];

    return keyidx_new(e->a, facts->table, b->each, b->n_each, facts->in_aggregates);
}

/* Cells of one group of the `each` columns compete with one another. */
static void rank_cells(struct engine *e, const struct scoreboard *b,
                       struct score_result *results)
{
    const struct table *t = e->facts[b->dataset].table;
    const struct keyidx *groups = board_groups(e, b);
    struct score_result **cells =
        arena_array(e->a, (size_t)t->n + t->n_absent + 1, sizeof(struct score_result *));

    for (uint32_t g = 0; g < groups->n_groups; g++) {
        uint32_t n = 0;
        for (uint32_t row = groups->first[g]; row != ROW_NONE; row = groups->next[row]) {
            cells[n] = &results[row];
            n += results[row].applies;
        }
        rank_group(e->a, b, cells, n);
    }
}

static uint32_t count_cells(const struct evaluation *ev, uint32_t number)
{
    const struct table *t =
        ev->engine->facts[ev->engine->rules->boards[number].dataset].table;

    return t->n + t->n_absent;
}

static enum result_place place_cell(const struct evaluation *ev, uint32_t number,
                                    uint32_t i)
{
    return ev->boards[number][i].is_copy ? RESULT_NOWHERE : RESULT_THERE;
}

static bool is_absent(const struct evaluation *ev, uint32_t number)
{
    const struct engine *e = ev->engine;
    const struct scoreboard *b = &e->rules->boards[number];

    return e->facts[b->dataset].table->is_absent ||
           goal_reads_absent(e, b->uses, b->n_uses);
}

static void fill_board(const struct evaluation *ev, uint32_t number, uint32_t i,
                       struct table *t, uint32_t row, const struct result_set *set)
{
    const struct score_result *r = &ev->boards[number][i];
    const struct scoreboard *b = &ev->engine->rules->boards[number];

    for (uint32_t k = 0; k < 3 && !r->applies; k++) {
        results_set_na(t, 1 + set->n_key + k, row);
    }
    if (r->applies && r->has_points) {
        results_set_num(t, 1 + set->n_key + RESULT_BOARD_POINTS, row, r->points);
    }
    if (r->applies && r->rank > 0) {
        results_set_num(t, 1 + set->n_key + RESULT_RANK, row, num_int(r->rank));
    }
    if (r->applies && r->grade != ID_NONE) {
        results_set_text(t, 1 + set->n_key + RESULT_GRADE, row,
                         b->grades[r->grade].title);
    }
}

/* Of rows with one key all but the first. */
static bool is_copy(const struct facts *facts, uint32_t row)
{
    return row < facts->table->n && facts_duplicate(facts, row) &&
           facts->key->first[facts->key->group_of[row]] != row;
}

static struct score_result blank(uint32_t number, uint32_t row)
{
    const struct num zero = num_int(0);

    return (struct score_result){.board = number,
                                 .row = row,
                                 .grade = ID_NONE,
                                 .has_bonus = true,
                                 .has_penalty = true,
                                 .points = zero,
                                 .low = zero,
                                 .high = zero,
                                 .maximum = zero,
                                 .bonus = zero,
                                 .penalty = zero};
}

void board_run(struct evaluation *ev, uint32_t number)
{
    struct engine *e = ev->engine;
    const struct scoreboard *b = &e->rules->boards[number];
    uint32_t n = count_cells(ev, number);
    struct score_result *results =
        arena_new_array(e->a, (size_t)n + 1, struct score_result);

    for (uint32_t row = 0; row < n; row++) {
        results[row] = blank(number, row);
        results[row].is_copy = is_copy(&e->facts[b->dataset], row);
    }
    ev->boards[number] = results;
    if (b->undefined.p == NULL && !is_absent(ev, number)) {
        struct board_program p = plan_board(e, b);
        sum_cells(ev, &p, results, n);
        if (b->has_rank) {
            rank_cells(e, b, results);
        }
        for (uint32_t row = 0; row < n; row++) {
            grade_cell(b, &results[row]);
        }
    }
    struct results_source source = {RESULT_BOARD, number,     count_cells,
                                    place_cell,   fill_board, is_absent};
    results_publish(ev, &source);
}

const struct score_result *eval_scores(const struct evaluation *ev, size_t *n)
{
    const struct ruleset *rules = ev->engine->rules;
    size_t total = 0, at = 0;

    for (uint32_t i = 0; i < rules->n_boards; i++) {
        total += count_cells(ev, i);
    }
    struct score_result *all =
        arena_new_array(ev->engine->a, total + 1, struct score_result);
    for (uint32_t i = 0; i < rules->n_boards; i++) {
        for (uint32_t row = 0; row < count_cells(ev, i); row++) {
            all[at] = ev->boards[i][row];
            at += !all[at].is_copy;
        }
    }
    *n = at;
    return all;
}

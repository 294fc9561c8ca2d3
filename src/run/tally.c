/* The values of parts, plus and minus are computed again for the one row that is asked
 * for: this runs for what is shown, never for all. */
#include "run/tally.h"

#include "eval/plan.h"

#include <assert.h>

struct tally {
    const struct evaluation *ev;
    const struct scoreboard *board;
    struct program *program;
    uint32_t *parts, *extras; /* slots; SLOT_NONE: targets, or left out */
    uint32_t claimed;         /* slot */
    const struct standings *standings;
};

const struct check *claim_of(const struct ruleset *rules, struct str id)
{
    assert(rules && id.p);
    for (uint32_t i = 0; i < rules->n_checks; i++) {
        const struct check *c = &rules->checks[i];
        if (c->id.n == id.n + 8 && str_starts(c->id, id) &&
            str_ends(c->id, STR(".claimed")) && c->has_sides) {
            return c;
        }
    }
    return NULL;
}

const struct expr *claimed_expr(const struct ruleset *rules, struct str id)
{
    const struct check *c = claim_of(rules, id);
    return c ? c->left : NULL;
}

static void plan_parts(struct engine *e, struct tally *t)
{
    const struct scoreboard *b = t->board;
    for (uint32_t i = 0; i < b->n_parts; i++) {
        const struct board_part *p = &b->parts[i];
        bool is_out = p->n_targets > 0 || p->undefined.p ||
                      goal_reads_absent(e, p->uses, p->n_uses);
        t->parts[i] = is_out ? SLOT_NONE : program_add(e, t->program, p->value);
    }
}

struct tally *tally_new(struct arena *a, const struct evaluation *ev, uint32_t board)
{
    assert(a && ev && board < ev->engine->rules->n_boards);
    struct engine *e = ev->engine;
    const struct scoreboard *b = &e->rules->boards[board];
    struct tally *t = arena_new(a, struct tally);
    *t = (struct tally){.ev = ev, .board = b, .program = program_new(e)};
    t->parts = arena_new_array(a, (size_t)b->n_parts + 1, uint32_t);
    t->extras = arena_new_array(a, (size_t)b->n_extras + 1, uint32_t);
    t->standings = standings_new(e, b);
    plan_parts(e, t);
    for (uint32_t i = 0; i < b->n_extras; i++) {
        const struct board_extra *x = &b->extras[i];
        bool is_out = x->undefined.p || goal_reads_absent(e, x->uses, x->n_uses);
        t->extras[i] = is_out ? SLOT_NONE : program_add(e, t->program, x->value);
    }
    const struct expr *claimed = claimed_expr(e->rules, b->id);
    t->claimed = claimed ? program_add(e, t->program, claimed) : SLOT_NONE;
    return t;
}

static void take_standing(struct tally_line *line)
{
    const struct target_result *r = &line->standing.result;
    line->is_left_out = r->status == TARGET_NOT_APPLICABLE;
    line->is_open =
        !line->is_left_out && (r->high_is_open || num_cmp(r->low, r->high) != 0);
    line->points = (struct num_range){r->low, r->high, false, r->high_is_open};
    line->has_maximum = r->has_maximum;
    line->maximum = r->maximum;
}

static struct tally_line target_line(struct tally *t, uint32_t part, uint32_t target,
                                     uint32_t row)
{
    struct tally_line line = {.kind = LINE_TARGET, .part = part, .target = target};
    line.standing = standing_at(t->ev, t->standings, target, row);
    take_standing(&line);
    return line;
}

/* A value that is there counts between 0 (of a part) and its limit; one that is not may
 * be anything there. */
static void take_value(const struct vec *slots, uint32_t slot, struct tally_line *line)
{
    bool is_part = line->kind == LINE_VALUE;
    if (slot == SLOT_NONE || vec_state(&slots[slot], 0) == CELL_NA) {
        line->is_left_out = true;
        return;
    }
    line->has_raw = vec_state(&slots[slot], 0) == CELL_OK;
    line->is_open = !line->has_raw;
    if (line->is_open) {
        line->points =
            (struct num_range){num_int(0), line->maximum, false, !line->has_maximum};
        return;
    }
    struct num v = line->raw = vec_num(&slots[slot], 0);
    v = is_part && num_sign(v) < 0 ? num_int(0) : v;
    v = line->has_maximum && num_cmp(v, line->maximum) > 0 ? line->maximum : v;
    line->points = (struct num_range){.low = v, .high = v};
}

static size_t count_lines(const struct scoreboard *b)
{
    size_t n = (size_t)b->n_targets + b->n_extras;
    for (uint32_t i = 0; i < b->n_parts; i++) {
        n += b->parts[i].n_targets ? b->parts[i].n_targets : 1;
    }
    return n;
}

static const struct vec *run_row(struct tally *t, uint32_t row)
{
    struct engine *e = t->ev->engine;
    struct domain d = {.n = 1, .n_scopes = 1};
    d.scope[0] = (struct scope_rows){.facts = &e->facts[t->board->dataset], .first = row};
    return program_run(e, t->program, &d, NULL);
}

static bool is_scored(const struct tally *t, uint32_t target)
{
    return t->ev->engine->rules->targets[target].has_points;
}

static size_t part_lines(struct tally *t, uint32_t part, uint32_t row,
                         const struct vec *slots, struct tally_line *lines)
{
    const struct board_part *p = &t->board->parts[part];
    size_t n = 0;
    for (uint32_t k = 0; k < p->n_targets; k++) {
        if (is_scored(t, p->targets[k])) {
            lines[n++] = target_line(t, part, p->targets[k], row);
        }
    }
    if (!p->n_targets) {
        lines[n] = (struct tally_line){.kind = LINE_VALUE,
                                       .part = part,
                                       .value = p->value,
                                       .has_maximum = true,
                                       .maximum = p->maximum};
        take_value(slots, t->parts[part], &lines[n]);
        n++;
    }
    return n;
}

size_t tally_lines(struct tally *t, uint32_t row, struct arena *a,
                   const struct tally_line **out)
{
    assert(t && a && out);
    const struct scoreboard *b = t->board;
    struct scratch *batch = t->ev->engine->batch;
    struct tally_line *lines = arena_new_array(a, count_lines(b) + 1, struct tally_line);
    size_t n = 0, mark = scratch_mark(batch);
    const struct vec *slots = run_row(t, row);
    for (uint32_t k = 0; k < b->n_targets; k++) {
        if (is_scored(t, b->targets[k])) {
            lines[n++] = target_line(t, ID_NONE, b->targets[k], row);
        }
    }
    for (uint32_t i = 0; i < b->n_parts; i++) {
        n += part_lines(t, i, row, slots, lines + n);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        const struct board_extra *x = &b->extras[i];
        lines[n] = (struct tally_line){.kind = x->is_minus ? LINE_MINUS : LINE_PLUS,
                                       .part = ID_NONE,
                                       .value = x->value,
                                       .has_maximum = x->has_cap,
                                       .maximum = x->cap};
        take_value(slots, t->extras[i], &lines[n]);
        n++;
    }
    scratch_rewind(batch, mark);
    *out = lines;
    return n;
}

bool tally_claimed(struct tally *t, uint32_t row, struct num *out)
{
    assert(t && out);
    if (t->claimed == SLOT_NONE) {
        return false;
    }
    struct scratch *batch = t->ev->engine->batch;
    size_t mark = scratch_mark(batch);
    const struct vec *v = &run_row(t, row)[t->claimed];
    bool is_there = vec_state(v, 0) == CELL_OK;
    if (is_there) {
        *out = vec_num(v, 0);
    }
    scratch_rewind(batch, mark);
    return is_there;
}

struct report_text tally_title(const struct evaluation *ev, uint32_t board,
                               const struct tally_line *line)
{
    assert(ev && line);
    const struct ruleset *rules = ev->engine->rules;
    struct report_text title = {{STR_NONE, STR_NONE}};
    switch (line->kind) {
    case LINE_TARGET:
        title = in_both(&rules->targets[line->target].title);
        if (!title.lang[LANG_VI].p && !title.lang[LANG_EN].p) {
            title.lang[LANG_VI] = rules->targets[line->target].id;
        }
        break;
    case LINE_VALUE:
        title.lang[LANG_VI] = rules->boards[board].parts[line->part].title;
        break;
    case LINE_PLUS:
        title = (struct report_text){{STR("điểm thưởng"), STR("bonus")}};
        break;
    case LINE_MINUS:
        title = (struct report_text){{STR("điểm trừ"), STR("penalty")}};
        break;
    }
    return title;
}

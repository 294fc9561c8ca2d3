/* The rank of a cell of a scoreboard, who stands next to it and how far away. */
#include "eval/plan.h"
#include "run/score_page.h"

#include <assert.h>

enum { UNITS_NAMED = 12 };

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

/* "; còn thiếu 13 điểm để ngang hạng", "; đang hơn 2 điểm" */
static void put_gap(struct page *p, const struct field *f, int side, struct num gap)
{
    bool is_lowest = f->board->rank_lowest, is_before = side < 0;
    if (is_before) {
        page_say(p, is_lowest ? "; phải bớt " : "; còn thiếu ",
                 is_lowest ? "; level with " : "; short by ");
    } else {
        page_say(p, is_lowest ? "; đang ít hơn " : "; đang hơn ",
                 is_lowest ? "; has less by " : "; ahead by ");
    }
    page_num(p, gap);
    page_say(p, " điểm", is_before && is_lowest ? " less" : "");
    page_say(p, is_before ? " để ngang hạng" : "",
             is_before && !is_lowest ? " to be level" : "");
}

/* A cell and all others of as many points. */
static void put_level_with(struct page *p, const struct field *f,
                           const struct score_result *first)
{
    uint32_t group = f->groups->group_of[f->own->row], n = 0;
    for (uint32_t row = f->groups->first[group]; row != ROW_NONE && n <= UNITS_NAMED;
         row = f->groups->next[row]) {
        const struct score_result *c = &f->cells[row];
        if (c->applies && c->has_points && num_eq(c->points, first->points)) {
            page_z(p, n ? ", " : "");
            page_put(p, n < UNITS_NAMED ? score_unit(p, f->ev, f->board, row) : STR("…"));
            n++;
        }
    }
}

static void put_neighbour(struct page *p, const struct field *f, int side)
{
    const struct score_result *c = neighbour(f, side);
    struct num gap;
    if (!c || num_sub(c->points, f->own->points, &gap) != DEC_OK) {
        return;
    }
    if (side < 0) {
        page_say(p, "    đứng trên liền kề: ", "    next above: ");
    } else {
        page_say(p, "    đứng dưới liền kề: ", "    next below: ");
    }
    put_level_with(p, f, c);
    page_say(p, ", ", " with ");
    page_num(p, c->points);
    page_say(p, " điểm", "");
    if (c->rank) {
        page_say(p, ", hạng ", ", rank ");
        text_uint(&p->out, c->rank);
    }
    put_gap(p, f, side, num_abs(gap));
    page_z(p, "\n");
}

/* Whether the points of two cells, or what they could still be, can be equal. */
static bool overlaps(const struct score_result *a, const struct score_result *b)
{
    bool is_below = !a->high_is_open && !b->low_is_open && num_cmp(a->high, b->low) < 0;
    bool is_above = !a->low_is_open && !b->high_is_open && num_cmp(a->low, b->high) > 0;
    return !is_below && !is_above;
}

static bool is_level(const struct score_result *a, const struct score_result *b)
{
    return a->has_points && b->has_points && overlaps(a, b);
}

/* Whether the points of the other cell are open and may still put it on the other side of
 * this one. */
static bool is_open_to(const struct score_result *own, const struct score_result *other)
{
    return !other->has_points && overlaps(own, other);
}

/* The units that `is_meant` picks, behind a few words; nothing where it picks none. */
static void put_units(struct page *p, const struct field *f, const char *vi,
                      const char *en,
                      bool (*is_meant)(const struct score_result *own,
                                       const struct score_result *other))
{
    uint32_t group = f->groups->group_of[f->own->row], n = 0;
    for (uint32_t row = f->groups->first[group]; row != ROW_NONE && n <= UNITS_NAMED;
         row = f->groups->next[row]) {
        const struct score_result *c = &f->cells[row];
        if (c == f->own || !c->applies || !is_meant(f->own, c)) {
            continue;
        }
        page_say(p, n ? ", " : vi, n ? ", " : en);
        page_put(p, n < UNITS_NAMED ? score_unit(p, f->ev, f->board, row) : STR("…"));
        n++;
    }
    page_z(p, n ? "\n" : "");
}

/* Of a cell whose points are open: the points at which it would be level with others. */
static void put_marks(struct page *p, const struct field *f)
{
    uint32_t group = f->groups->group_of[f->own->row], n = 0;
    for (uint32_t row = f->groups->first[group]; row != ROW_NONE;
         row = f->groups->next[row]) {
        const struct score_result *c = &f->cells[row];
        if (c == f->own || !c->applies || !c->has_points || !overlaps(f->own, c)) {
            continue;
        }
        if (n++ == UNITS_NAMED) {
            page_z(p, "      …\n");
            return;
        }
        page_say(p, n == 1 ? "    hạng tùy điểm còn thiếu:\n      được " : "      được ",
                 n == 1 ? "    the rank depends on the points still open:\n      with "
                        : "      with ");
        page_num(p, c->points);
        page_say(p, " điểm thì ngang ", " points: level with ");
        page_put(p, score_unit(p, f->ev, f->board, row));
        page_z(p, "\n");
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

void score_rank(struct page *p, const struct field *f)
{
    assert(p && f && f->board && f->cells && f->groups && f->own);
    const struct score_result *r = f->own;
    if (!r->rank_low || f->groups->group_of[r->row] == GROUP_NONE) {
        return;
    }
    page_say(p, "    hạng: ", "    rank: ");
    text_uint(&p->out, r->rank_low);
    if (r->rank_high != r->rank_low) {
        page_z(p, "–");
        text_uint(&p->out, r->rank_high);
    }
    page_say(p, " trong ", " of ");
    text_uint(&p->out, count_ranked(f));
    page_z(p, "\n");
    if (r->has_points) {
        put_neighbour(p, f, -1);
        put_neighbour(p, f, 1);
    } else {
        put_marks(p, f);
    }
    put_units(p, f, "    cùng hạng: ", "    level with: ", is_level);
    put_units(p, f, "    chưa chốt điểm, có thể làm đổi hạng: ",
              "    not settled, may change the rank: ", is_open_to);
}

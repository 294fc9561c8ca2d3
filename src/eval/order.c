/* See order.h. Each rule looks at its rows in order, so its findings nearly always come
 * in order too: they are brought together by rule, and the rules of a data set merged.
 * Only a rule whose findings are out of order is sorted. The findings are copied once and
 * nothing else is kept for each, because a file that fails everything has millions. */
#include "eval/order.h"

#include "eval/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Where a finding stands in its data set. */
static uint64_t place_of(const struct evaluation *ev, const struct finding *f)
{
    const struct rule *rule = &ev->rules[f->rule];
    const struct table *t = ev->engine->facts[rule->dataset].table;
    bool is_group = rule->kind == RULE_CHECK && rule->check->is_group;

    if (rule->kind == RULE_COLUMNS) {
        return f->row;
    }
    bool is_absent_cell =
        rule->kind == RULE_CHECK && rule->check->of_cells && f->row >= t->n;
    if (is_group || is_absent_cell || rule->kind == RULE_COVER) {
        return UINT64_MAX - UINT32_MAX + f->row;
    }
    uint64_t file, number;
    if (rule->kind == RULE_ROW) {
        const struct table_file *at = &t->files[f->row];
        file = f->row;
        number = f->extra == EXTRA_BROKEN ? UINT32_MAX : at->bad_records[f->extra].number;
    } else if (rule->kind == RULE_TOTALS) {
        file = t->totals[f->row].file;
        number = t->totals[f->row].record.number;
    } else {
        file = table_file_of(t, f->row);
        number = t->records[f->row].number;
    }
    return (file + 1) << 32 | number;
}

struct placed {
    struct finding finding;
    uint64_t place;
};

static int by_place(const void *x, const void *y)
{
    const struct placed *a = x, *b = y;

    if (a->place != b->place) {
        return a->place < b->place ? -1 : 1;
    }
    return (a->finding.extra > b->finding.extra) - (a->finding.extra < b->finding.extra);
}

static bool are_in_order(const struct evaluation *ev, const struct finding *list,
                         size_t n)
{
    struct placed last = {.place = 0};

    for (size_t i = 0; i < n; i++) {
        struct placed here = {list[i], place_of(ev, &list[i])};
        if (by_place(&last, &here) > 0) {
            return false;
        }
        last = here;
    }
    return true;
}

static void sort_rule(const struct evaluation *ev, struct finding *list, size_t n)
{
    if (are_in_order(ev, list, n)) {
        return;
    }
    struct arena *scratch = arena_child(ev->engine->a);
    struct placed *all = arena_new_array(scratch, n, struct placed);
    for (size_t i = 0; i < n; i++) {
        all[i] = (struct placed){list[i], place_of(ev, &list[i])};
    }
    qsort(all, n, sizeof *all, by_place);
    for (size_t i = 0; i < n; i++) {
        list[i] = all[i].finding;
    }
    arena_reset(scratch);
}

/* The findings of one rule that have not been merged yet; never none. */
struct source {
    const struct finding *next, *end;
    uint64_t place; /* of the next one */
};

static bool goes_first(const struct source *a, const struct source *b)
{
    return a->place != b->place ? a->place < b->place : a->next->rule < b->next->rule;
}

/* A heap: no source goes before the one at half its number. */
static void sift_down(struct source *heap, size_t n, size_t i)
{
    for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && goes_first(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!goes_first(&heap[child], &heap[i])) {
            return;
        }
        struct source lower = heap[i];
        heap[i] = heap[child];
        heap[child] = lower;
        i = child;
    }
}

static struct finding *merge(const struct evaluation *ev, struct source *heap, size_t n,
                             struct finding *out)
{
    for (size_t i = n / 2; i-- > 0;) {
        sift_down(heap, n, i);
    }
    while (n > 0) {
        *out++ = *heap[0].next++;
        if (heap[0].next == heap[0].end) {
            heap[0] = heap[--n];
        } else {
            heap[0].place = place_of(ev, heap[0].next);
        }
        sift_down(heap, n, 0);
    }
    return out;
}

/* The findings by rule, each rule's as they came; ends[i] is where those of rule i end.
 */
static struct finding *group_by_rule(const struct evaluation *ev, struct arena *a,
                                     size_t *ends)
{
    struct finding *list =
        arena_resize(a, NULL, 0, mem_mul(ev->n_findings + 1, sizeof *list));
    size_t start = 0;

    for (size_t i = 0; i < ev->n_findings; i++) {
        ends[ev->findings[i].rule]++;
    }
    for (uint32_t i = 0; i < ev->n_rules; i++) {
        size_t n = ends[i];
        ends[i] = start;
        start += n;
    }
    for (size_t i = 0; i < ev->n_findings; i++) {
        list[ends[ev->findings[i].rule]++] = ev->findings[i];
    }
    return list;
}

void findings_sort(struct evaluation *ev)
{
    assert(ev && ev->engine);
    struct arena *scratch = arena_child(ev->engine->a);
    size_t *ends = arena_new_array(scratch, ev->n_rules + 1, size_t);
    struct source *heap = arena_new_array(scratch, ev->n_rules + 1, struct source);
    struct finding *list = group_by_rule(ev, scratch, ends), *out = ev->findings;

    for (uint32_t d = 0; d < ev->engine->rules->n_datasets; d++) {
        size_t n = 0;
        for (uint32_t i = 0; i < ev->n_rules; i++) {
            struct finding *first = list + (i > 0 ? ends[i - 1] : 0);
            size_t count = (size_t)(list + ends[i] - first);
            if (ev->rules[i].dataset == d && count > 0) {
                sort_rule(ev, first, count);
                heap[n++] = (struct source){first, list + ends[i], place_of(ev, first)};
            }
        }
        out = merge(ev, heap, n, out);
    }
    assert(out == ev->findings + ev->n_findings);
    arena_reset(scratch);
}

/* Two checks side by side: they contradict each other, alone or together with others, or
 * one of them says nothing that the other one does not.
 *
 * Only checks that are evaluated for the same things (rows of one data set, or its groups
 * by the same columns and filter) and that read something in common are compared. First
 * every pair by itself. Then all of them together: mostly one row passes them all, and
 * that settles it; where none is found, each pair is tried along with the others. A check
 * of a family is one rule to its author, so each pair of declarations is reported once,
 * and one is idle only if it is for all its columns. */
#include "lang/lint_state.h"

#include <assert.h>

enum { PAIRS_MAX = 20000, TOGETHER_MAX = 400 };

struct rule { /* a check, with what is asked about it over and over */
    const struct check *check;
    const struct decl *decl;
    uint32_t *leaves; /* what it reads, in order */
    uint32_t n_leaves;
    const struct form *applies, *passes, *fails, *spared; /* spared: does not apply */
    uint32_t group, linked; /* the first of those that it is compared with, and of those
                               that it shares cells with, directly or through others */
    bool is_open;           /* can pass and can fail */
    bool is_contradicted;
};

struct relation_found {
    uint32_t a, b; /* b is the one that is reported */
    struct str row, sides, why;
};

struct found {
    struct relation_found *items;
    size_t n, cap;
};

struct pairs {
    struct linter *l;
    struct rule *rules;
    uint32_t n;
    uint32_t n_tried;
    bool **rows; /* found so far that leave all rules content; by rule: applies, passes */
    size_t n_rows, row_cap;
    struct found contradictions, implied, equal;
};

static const struct form *both(struct linter *l, const struct form *a,
                               const struct form *b)
{
    const struct form *const parts[] = {a, b};
    return form_all(l, parts, 2);
}

static const struct form *either(struct linter *l, const struct form *a,
                                 const struct form *b)
{
    const struct form *const parts[] = {a, b};
    return form_any(l, parts, 2);
}

/* ---- demands on rows */

struct demands {
    struct demand items[4];
    uint32_t n;
};

static void add_demands(struct demands *d, const struct check *k, bool must_pass)
{
    if (k->when != NULL) {
        d->items[d->n++] = (struct demand){k, k->when, true};
    }
    d->items[d->n++] = (struct demand){k, NULL, must_pass};
}

/* ---- which checks are compared */

static bool same_columns(const uint32_t *a, uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
    for (uint32_t i = 0; i < n_a && n_a == n_b; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return n_a == n_b;
}

static bool same_place(struct linter *l, const struct check *a, const struct check *b)
{
    if (a->dataset != b->dataset || a->is_group != b->is_group ||
        a->n_filter != b->n_filter ||
        !same_columns(a->each, a->n_each, b->each, b->n_each)) {
        return false;
    }
    for (uint32_t i = 0; i < a->n_filter; i++) {
        if (term_of(l->terms, a->filter[i]) != term_of(l->terms, b->filter[i])) {
            return false;
        }
    }
    return true;
}

static void list_leaves(struct linter *l, struct rule *r)
{
    struct term_set set = term_set_new(l);
    add_check_leaves(l, &set, r->check);
    for (int is_filling = 0; is_filling < 2; is_filling++) {
        for (uint32_t i = 0, n = 0; i < set.n; i++) {
            if (set.has[i] && is_filling) {
                r->leaves[n++] = i;
            }
            r->n_leaves += set.has[i] && !is_filling;
        }
        r->leaves = is_filling ? r->leaves : arena_new_array(l->a, r->n_leaves, uint32_t);
    }
}

/* Whether some row surely passes (fails). */
static bool can_come_out(struct linter *l, const struct rule *r, bool must_pass)
{
    const struct form *const forms[] = {r->applies, must_pass ? r->passes : r->fails};
    struct solution s = solve(l, forms, COUNT_OF(forms));
    struct demands d = {.n = 0};
    add_demands(&d, r->check, must_pass);
    return row_does(l, &s, d.items, d.n);
}

static void add_rule(struct pairs *p, const struct check *k)
{
    struct linter *l = p->l;
    struct rule *r = &p->rules[p->n];
    *r = (struct rule){
        .check = k, .decl = lint_decl(l, k->at), .group = p->n, .linked = p->n};
    list_leaves(l, r);
    r->applies = form_when(l, k, true);
    r->spared = form_when(l, k, false);
    r->passes = form_must(l, k, true);
    r->fails = form_must(l, k, false);
    r->is_open = can_come_out(l, r, true) && can_come_out(l, r, false);
    for (uint32_t i = 0; i < p->n; i++) {
        if (same_place(l, p->rules[i].check, k)) {
            r->group = p->rules[i].group;
            break;
        }
    }
    p->n++;
}

static bool read_in_common(const struct rule *a, const struct rule *b)
{
    for (uint32_t i = 0, k = 0; i < a->n_leaves && k < b->n_leaves;) {
        if (a->leaves[i] == b->leaves[k]) {
            return true;
        }
        if (a->leaves[i] < b->leaves[k]) {
            i++;
        } else {
            k++;
        }
    }
    return false;
}

/* Rules that share cells, directly or through others, become linked to one number. */
static void link_rules(struct pairs *p, uint32_t a, uint32_t b)
{
    uint32_t from = p->rules[b].linked, to = p->rules[a].linked;
    for (uint32_t i = 0; i < p->n && from != to; i++) {
        if (p->rules[i].linked == from) {
            p->rules[i].linked = to;
        }
    }
}

static bool are_comparable(const struct rule *a, const struct rule *b)
{
    return a->group == b->group && a->is_open && b->is_open && read_in_common(a, b);
}

/* Checks of one family are about different columns, not two rules. */
static bool are_family(const struct rule *a, const struct rule *b)
{
    return a->decl != NULL && a->decl == b->decl && a->decl->kind == DECL_CHECK;
}

static void note(struct pairs *p, struct found *f, struct relation_found found)
{
    f->items = list_room(p->l->a, f->items, f->n, &f->cap, sizeof *f->items);
    f->items[f->n++] = found;
}

/* ---- contradiction */

/* That the other rules linked to these have nothing to say: they pass or do not apply. */
static const struct form *others_content(struct pairs *p, const struct rule *a,
                                         const struct rule *b)
{
    const struct form **parts = arena_new_array(p->l->a, p->n, const struct form *);
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        const struct rule *r = &p->rules[i];
        if (r != a && r != b && r->linked == a->linked && r->is_open &&
            !r->is_contradicted) {
            parts[n++] = either(p->l, r->passes, r->spared);
        }
    }
    return form_all(p->l, parts, n);
}

/* A row that passes a and all others, and fails b. */
static bool show_contradiction(struct pairs *p, uint32_t a, uint32_t b,
                               struct relation_found *found)
{
    const struct rule *ra = &p->rules[a], *rb = &p->rules[b];
    const struct form *const forms[] = {ra->applies, ra->passes, rb->applies, rb->fails,
                                        others_content(p, ra, rb)};
    struct solution s = solve(p->l, forms, COUNT_OF(forms));
    struct demands d = {.n = 0};
    add_demands(&d, ra->check, true);
    add_demands(&d, rb->check, false);
    found->row = row_shown(p->l, &s, d.items, d.n);
    if (found->row.p == NULL) {
        return false;
    }
    found->sides = sides_shown(p->l, &s, rb->check);
    return true;
}

/* Whether a can pass where b applies, and others (NULL: none) are content. */
static bool can_pass_beside(struct pairs *p, const struct rule *a, const struct rule *b,
                            const struct form *others)
{
    const struct form *const forms[] = {a->applies, a->passes, b->applies, others};
    struct solution s = solve(p->l, forms, others == NULL ? 3 : 4);
    struct demands d = {.n = 0};
    add_demands(&d, a->check, true);
    if (b->check->when != NULL) {
        d.items[d.n++] = (struct demand){b->check, b->check->when, true};
    }
    return row_does(p->l, &s, d.items, d.n);
}

/* Marked first and shown later, when it is known which others are in dispute. That one
 * check wants a cell to be empty, of which the other one could then say nothing, is no
 * contradiction: hence not `strict`. */
static void find_contradiction(struct pairs *p, uint32_t a, uint32_t b)
{
    struct rule *ra = &p->rules[a], *rb = &p->rules[b];
    const struct form *const forms[] = {ra->applies, ra->passes, rb->applies, rb->passes};
    struct solution s = solve_with(p->l, forms, COUNT_OF(forms), false);
    if (s.answer != ANSWER_NO || !can_pass_beside(p, ra, rb, NULL) ||
        !can_pass_beside(p, rb, ra, NULL)) {
        return;
    }
    ra->is_contradicted = rb->is_contradicted = true;
    note(p, &p->contradictions,
         (struct relation_found){.a = a, .b = b, .why = blame_shown(p->l, &s)});
}

/* ---- implication */

/* Whether a, applied, may have to divide by zero where b fails: then it is unknown. */
static bool may_divide_by_zero(struct pairs *p, const struct rule *a,
                               const struct rule *b)
{
    const struct expr *const in_when[] = {a->check->when};
    const struct expr *const in_must[] = {a->check->must, a->check->within};
    const struct form *zero = form_zero_divisor(p->l, a->check, in_when, 1);
    const struct form *const first[] = {b->applies, b->fails, zero};
    const struct form *other = form_zero_divisor(p->l, a->check, in_must, 2);
    const struct form *const second[] = {b->applies, b->fails, a->applies, other};
    return solve(p->l, first, COUNT_OF(first)).answer != ANSWER_NO ||
           solve(p->l, second, COUNT_OF(second)).answer != ANSWER_NO;
}

/* Whether a fails wherever b does. */
static bool fails_with(struct pairs *p, const struct rule *a, const struct rule *b,
                       struct solution *s)
{
    const struct form *const forms[] = {b->applies, b->fails,
                                        either(p->l, a->passes, a->spared)};
    bool may_fail_by_missing =
        b->check->if_missing == POLICY_FAIL ||
        (b->check->uses_previous && b->check->if_first == POLICY_FAIL);
    if (may_fail_by_missing || a->check->severity > b->check->severity ||
        !is_decided_with(p->l, a->check, b->check) || may_divide_by_zero(p, a, b)) {
        return false;
    }
    *s = solve(p->l, forms, COUNT_OF(forms));
    return s->answer == ANSWER_NO;
}

/* A row that fails both. */
static bool show_implied(struct pairs *p, uint32_t a, uint32_t b,
                         struct relation_found *found)
{
    const struct rule *ra = &p->rules[a], *rb = &p->rules[b];
    const struct form *const forms[] = {rb->applies, rb->fails, ra->applies, ra->fails};
    struct solution s = solve(p->l, forms, COUNT_OF(forms));
    struct demands d = {.n = 0};
    add_demands(&d, rb->check, false);
    add_demands(&d, ra->check, false);
    found->row = row_shown(p->l, &s, d.items, d.n);
    found->sides = STR_NONE;
    return found->row.p != NULL;
}

static void find_implication(struct pairs *p, uint32_t a, uint32_t b)
{
    struct rule *ra = &p->rules[a], *rb = &p->rules[b];
    struct solution forward, backward;
    bool idle_b = fails_with(p, ra, rb, &forward),
         idle_a = fails_with(p, rb, ra, &backward);
    struct relation_found found = {.a = a, .b = b};
    if (idle_b && show_implied(p, a, b, &found)) {
        found.why = blame_shown(p->l, &forward);
        note(p, idle_a ? &p->equal : &p->implied, found);
    } else if (idle_a && !idle_b && show_implied(p, b, a, &found)) {
        found.a = b;
        found.b = a;
        found.why = blame_shown(p->l, &backward);
        note(p, &p->implied, found);
    }
}

/* ---- together with others */

/* Remembers which rules a row that leaves all content applies to and passes. */
static void keep_row(struct pairs *p, const struct solution *s, uint32_t linked)
{
    bool *row = arena_new_array(p->l->a, p->n, bool);
    for (uint32_t i = 0; i < p->n; i++) {
        struct demands d = {.n = 0};
        add_demands(&d, p->rules[i].check, true);
        row[i] = p->rules[i].linked == linked && row_does(p->l, s, d.items, d.n);
    }
    p->rows = list_room(p->l->a, p->rows, p->n_rows, &p->row_cap, sizeof *p->rows);
    p->rows[p->n_rows++] = row;
}

static bool pass_some_row(const struct pairs *p, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < p->n_rows; i++) {
        if (p->rows[i][a] && p->rows[i][b]) {
            return true;
        }
    }
    return false;
}

/* Whether some row is one that all linked rules apply to and that passes them all. */
static bool pass_together(struct pairs *p, uint32_t first)
{
    const struct form **parts = arena_new_array(p->l->a, p->n, const struct form *);
    uint32_t n = 0;
    for (uint32_t i = first; i < p->n; i++) {
        const struct rule *r = &p->rules[i];
        if (r->linked == first && r->is_open && !r->is_contradicted) {
            parts[n++] = both(p->l, r->applies, r->passes);
        }
    }
    return solve(p->l, parts, n).answer == ANSWER_YES;
}

/* The checks that the contradiction needs besides a and b. */
static struct str helpers_shown(struct pairs *p, const struct solution *s,
                                const struct check *a, const struct check *b)
{
    struct text t = text_in(p->l->a);
    for (uint32_t i = 0; i < p->n; i++) {
        bool is_named = false;
        for (uint32_t k = 0; k < s->n_blame; k++) {
            is_named = is_named || s->blame[k]->check == p->rules[i].check;
        }
        if (is_named && p->rules[i].check != a && p->rules[i].check != b) {
            text_add_z(&t, t.n > 0 ? ", " : "");
            text_add(&t, p->rules[i].check->id);
        }
    }
    return text_str(&t);
}

static void report_together(struct pairs *p, uint32_t a, uint32_t b,
                            const struct relation_found *found, struct str helpers);

/* Whether a and b contradict each other once all others are content; then they do not
 * take part any more. */
static void try_together(struct pairs *p, uint32_t a, uint32_t b)
{
    struct rule *ra = &p->rules[a], *rb = &p->rules[b];
    const struct form *others = others_content(p, ra, rb);
    const struct form *const forms[] = {ra->applies, ra->passes, rb->applies, rb->passes,
                                        others};
    struct solution s = solve(p->l, forms, COUNT_OF(forms));
    struct relation_found found = {.a = a, .b = b};
    if (s.answer == ANSWER_YES) {
        keep_row(p, &s, ra->linked);
    }
    if (solve_with(p->l, forms, COUNT_OF(forms), false).answer != ANSWER_NO ||
        !can_pass_beside(p, ra, rb, others) || !can_pass_beside(p, rb, ra, others) ||
        !show_contradiction(p, a, b, &found)) {
        return;
    }
    struct str helpers = helpers_shown(p, &s, ra->check, rb->check);
    found.why = blame_shown(p->l, &s);
    if (helpers.n > 0) {
        ra->is_contradicted = rb->is_contradicted = true;
        report_together(p, a, b, &found, helpers);
    }
}

/* Tries rule a, linked to `first`, with every later one; at most `most` pairs. */
static uint32_t try_with_later(struct pairs *p, uint32_t first, uint32_t a, uint32_t most)
{
    const struct rule *ra = &p->rules[a];
    uint32_t n_tried = 0;
    for (uint32_t b = a + 1; b < p->n && n_tried < most; b++) {
        const struct rule *rb = &p->rules[b];
        if (ra->linked == first && are_comparable(ra, rb) && !ra->is_contradicted &&
            !rb->is_contradicted && !pass_some_row(p, a, b)) {
            n_tried++;
            try_together(p, a, b);
        }
    }
    return n_tried;
}

static void find_together(struct pairs *p)
{
    uint32_t n_tried = 0;
    for (uint32_t first = 0; first < p->n; first++) {
        if (p->rules[first].linked != first || pass_together(p, first)) {
            continue;
        }
        for (uint32_t a = first; a < p->n; a++) {
            n_tried += try_with_later(p, first, a, TOGETHER_MAX - n_tried);
        }
    }
}

/* ---- reporting */

static struct diag *report_pair(struct pairs *p, enum diag_id id,
                                const struct relation_found *f)
{
    const struct check *a = p->rules[f->a].check, *b = p->rules[f->b].check;
    struct diag *d = lint_report(p->l, id, b->at, a->at);
    d->args[0] = b->id;
    d->args[1] = a->id;
    d->args[2] = f->row;
    d->args[3] = f->why;
    if (d->n_places > 0) {
        d->places[0].label = f->sides;
        diag_place(d, a->at, STR_NONE);
    }
    return d;
}

static void report_together(struct pairs *p, uint32_t a, uint32_t b,
                            const struct relation_found *found, struct str helpers)
{
    struct relation_found f = *found;
    struct text t = text_in(p->l->a);
    text_add(&t, p->rules[a].check->id);
    text_add_z(&t, ", ");
    text_add(&t, helpers);
    f.a = a;
    f.b = b;
    struct diag *d = report_pair(p, DIAG_ID_LINT_CONTRADICTION, &f);
    d->args[1] = text_str(&t);
    lint_hint(d, "sửa một trong các phép kiểm này", "correct one of these checks");
}

static bool same_pair(const struct pairs *p, const struct relation_found *x,
                      const struct relation_found *y)
{
    const struct rule *r = p->rules;
    bool is_same = r[x->a].decl == r[y->a].decl && r[x->b].decl == r[y->b].decl;
    return is_same && r[x->a].decl->kind == DECL_CHECK &&
           r[x->b].decl->kind == DECL_CHECK;
}

static bool is_first_of_pair(const struct pairs *p, const struct found *f, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (same_pair(p, &f->items[k], &f->items[i])) {
            return false;
        }
    }
    return true;
}

/* Whether every check of the declaration of b is idle beside one of the declaration of a.
 */
static bool is_idle_family(const struct pairs *p, const struct found *f, size_t i)
{
    uint32_t b = f->items[i].b;
    for (uint32_t k = 0; k < p->n; k++) {
        bool is_idle = k == b || !are_family(&p->rules[k], &p->rules[b]);
        for (size_t j = 0; j < f->n && !is_idle; j++) {
            is_idle = f->items[j].b == k && same_pair(p, &f->items[j], &f->items[i]);
        }
        if (!is_idle) {
            return false;
        }
    }
    return true;
}

static void report_contradictions(struct pairs *p)
{
    struct found *f = &p->contradictions;
    for (size_t i = 0; i < f->n; i++) {
        if (is_first_of_pair(p, f, i) &&
            show_contradiction(p, f->items[i].a, f->items[i].b, &f->items[i])) {
            struct diag *d = report_pair(p, DIAG_ID_LINT_CONTRADICTION, &f->items[i]);
            lint_hint(d,
                      "sửa một trong hai phép kiểm, hoặc cho chúng điều kiện when khác "
                      "nhau",
                      "correct one of the two, or give them conditions (when) that do "
                      "not meet");
        }
    }
}

static void report_idle(struct pairs *p, const struct found *f, enum diag_id id)
{
    for (size_t i = 0; i < f->n; i++) {
        if (is_first_of_pair(p, f, i) && is_idle_family(p, f, i)) {
            struct diag *d = report_pair(p, id, &f->items[i]);
            lint_hint(d, "bỏ phép kiểm này, hoặc ghi allow và lý do cần giữ nó",
                      "remove this check, or write an allow that says why it is kept");
        }
    }
}

void lint_rule_pairs(struct linter *l)
{
    assert(l && l->terms);
    struct pairs p = {.l = l};
    p.rules = arena_new_array(l->a, l->rules->n_checks, struct rule);
    for (uint32_t i = 0; i < l->rules->n_checks; i++) {
        if (is_decidable(&l->rules->checks[i])) {
            add_rule(&p, &l->rules->checks[i]);
        }
    }
    for (uint32_t a = 0; a < p.n; a++) {
        for (uint32_t b = a + 1; b < p.n && p.n_tried < PAIRS_MAX; b++) {
            const struct rule *ra = &p.rules[a], *rb = &p.rules[b];
            if (are_comparable(ra, rb)) {
                link_rules(&p, a, b);
            }
            if (are_comparable(ra, rb) && !are_family(ra, rb)) {
                p.n_tried++;
                find_contradiction(&p, a, b);
                find_implication(&p, a, b);
            }
        }
    }
    report_contradictions(&p);
    report_idle(&p, &p.implied, DIAG_ID_LINT_IMPLIED);
    report_idle(&p, &p.equal, DIAG_ID_LINT_SAME);
    find_together(&p);
}

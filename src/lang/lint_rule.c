/* Single rules: checks that can never fail or never pass, and conditions that never hold.
 *
 * A check of a family is one rule to its author: of its columns all must agree before
 * something is said. Conditions inside a define are not looked at, because the define may
 * stand elsewhere, where they can hold; nor are conditions that read nothing, because
 * these are the switches of a rule set. */
#include "lang/lint_state.h"

#include <assert.h>

bool is_decidable(const struct check *k)
{
    assert(k);
    return k->undefined.p == NULL && !k->within_rounding;
}

/* ---- one check */

enum verdict { VERDICT_OPEN, VERDICT_NEVER_APPLIES, VERDICT_NEVER, VERDICT_ALWAYS };

struct judgement {
    enum verdict verdict;
    struct str row, sides, why; /* row STR_NONE: none was found */
    struct span at;
};

static bool can_fail_by_missing(const struct check *k)
{
    return k->if_missing == POLICY_FAIL ||
           (k->uses_previous && k->if_first == POLICY_FAIL);
}

/* Adds the demand that the check applies. */
static uint32_t demand_when(const struct check *k, struct demand *demands, bool is_true)
{
    demands[0] = (struct demand){k, k->when, is_true};
    return k->when != NULL ? 1 : 0;
}

static const struct form *filters_of(struct linter *l, const struct check *k)
{
    const struct form **parts = arena_new_array(l->a, k->n_filter, const struct form *);
    for (uint32_t i = 0; i < k->n_filter; i++) {
        parts[i] = form_of(l, k, k->filter[i], true);
    }
    return form_all(l, parts, k->n_filter);
}

/* What is to blame; what was asked for, where that is false by itself. */
static struct str why_not(struct linter *l, const struct solution *no, struct str asked)
{
    struct str blame = blame_shown(l, no);
    return blame.n > 0 ? blame : asked;
}

/* A condition that cannot be true: why, and a row where it is false. */
static struct judgement never_applies(struct linter *l, const struct check *k,
                                      const struct expr *condition,
                                      const struct solution *no)
{
    struct judgement j = {.verdict = VERDICT_NEVER_APPLIES, .at = condition->at};
    const struct form *opposite = form_of(l, k, condition, false);
    struct solution s = solve(l, &opposite, 1);
    const struct demand demand = {k, condition, false};
    j.row = row_shown(l, &s, &demand, 1);
    j.why = why_not(l, no, lint_written(l, k, condition->at));
    return j;
}

/* must can never be true (false): why, and a row where it is false (true). */
static struct judgement settled(struct linter *l, const struct check *k, bool is_always,
                                const struct solution *no)
{
    struct judgement j = {.verdict = is_always ? VERDICT_ALWAYS : VERDICT_NEVER,
                          .at = k->must->at};
    const struct form *const forms[] = {form_when(l, k, true),
                                        form_must(l, k, is_always)};
    struct solution s = solve(l, forms, 2);
    struct demand demands[2];
    uint32_t n = demand_when(k, demands, true);
    demands[n++] = (struct demand){k, NULL, is_always};
    j.row = row_shown(l, &s, demands, n);
    j.sides = sides_shown(l, &s, k);
    struct text opposite = text_in(l->a);
    text_add_z(&opposite, "not (");
    text_add(&opposite, k->formula);
    text_char(&opposite, ')');
    j.why = why_not(l, no, is_always ? text_str(&opposite) : k->formula);
    return j;
}

static struct judgement judge(struct linter *l, const struct check *k)
{
    const struct form *forms[2] = {filters_of(l, k)};
    struct judgement open = {.verdict = VERDICT_OPEN};
    if (k->undefined.p != NULL) {
        return open;
    }
    struct solution s = solve(l, forms, 1);
    if (s.answer == ANSWER_NO) {
        return never_applies(l, k, k->filter[0], &s);
    }
    forms[0] = form_when(l, k, true);
    s = solve(l, forms, 1);
    if (s.answer == ANSWER_NO) {
        return never_applies(l, k, k->when, &s);
    }
    if (!is_decidable(k)) {
        return open;
    }
    forms[1] = form_must(l, k, true);
    s = solve(l, forms, 2);
    if (s.answer == ANSWER_NO) {
        return settled(l, k, false, &s);
    }
    forms[1] = form_must(l, k, false);
    if (can_fail_by_missing(k)) {
        return open;
    }
    s = solve(l, forms, 2);
    return s.answer == ANSWER_NO ? settled(l, k, true, &s) : open;
}

static void report_judgement(struct linter *l, const struct check *k,
                             const struct judgement *j)
{
    static const enum diag_id ids[] = {
        [VERDICT_NEVER_APPLIES] = DIAG_ID_LINT_NEVER_HOLDS,
        [VERDICT_NEVER] = DIAG_ID_LINT_NEVER_TRUE,
        [VERDICT_ALWAYS] = DIAG_ID_LINT_ALWAYS_TRUE,
    };
    struct diag *d = lint_report(l, ids[j->verdict], j->at, k->at);
    d->args[0] = j->verdict == VERDICT_NEVER_APPLIES ? lint_written(l, k, j->at) : k->id;
    d->args[1] = j->row;
    d->args[2] = j->why;
    d->places[0].label = j->sides;
    if (j->verdict == VERDICT_ALWAYS) {
        lint_hint(d, "phép kiểm không bao giờ báo gì: sửa điều kiện, hoặc bỏ phép kiểm",
                  "the check never reports anything: correct it, or remove it");
    } else if (j->verdict == VERDICT_NEVER) {
        lint_hint(d, "dòng nào cũng bị báo: sửa điều kiện, hoặc khoảng giá trị của cột",
                  "every row is reported: correct it, or the ranges of the columns");
    } else {
        lint_hint(d, "sửa điều kiện, hoặc bỏ phần phụ thuộc vào nó",
                  "correct the condition, or remove what depends on it");
    }
}

/* ---- conditions inside */

struct dead { /* a condition that cannot hold */
    struct span at;
    struct str row, why;
    uint32_t n; /* expansions of the family in which it is dead */
};

struct deads {
    struct dead *items;
    size_t n, cap;
};

static bool reads_something(struct linter *l, const struct expr *e)
{
    struct term_set leaves = term_set_new(l);
    add_leaves(l, &leaves, e);
    for (uint32_t i = 0; i < leaves.n; i++) {
        if (leaves.has[i]) {
            return true;
        }
    }
    return false;
}

static void note_dead(struct linter *l, struct deads *found, struct dead dead)
{
    for (size_t i = 0; i < found->n; i++) {
        if (found->items[i].at.src == dead.at.src &&
            found->items[i].at.lo == dead.at.lo && found->items[i].at.hi == dead.at.hi) {
            found->items[i].n++;
            return;
        }
    }
    found->items =
        list_room(l->a, found->items, found->n, &found->cap, sizeof *found->items);
    found->items[found->n] = dead;
    found->items[found->n++].n = 1;
}

/* Whether it stands in the check itself, not in a define that the check uses. */
static bool is_own(const struct linter *l, const struct check *k, struct span at)
{
    const struct decl *d = lint_decl(l, k->at);
    return d != NULL && d == lint_decl(l, at);
}

/* `given` is what is known where the condition stands. */
static void try_condition(struct linter *l, const struct check *k,
                          const struct form *given, const struct expr *e,
                          struct deads *found)
{
    const struct form *const forms[] = {given, form_of(l, k, e, true)};
    if (!is_own(l, k, e->at) || !reads_something(l, e)) {
        return;
    }
    struct solution s = solve(l, forms, 2);
    if (s.answer == ANSWER_NO) {
        struct judgement j = never_applies(l, k, e, &s);
        note_dead(l, found, (struct dead){.at = e->at, .row = j.row, .why = j.why});
    }
}

/* The conditions in brackets: one after another cannot hold with those before it. */
static void try_selection(struct linter *l, const struct check *k, const struct select *s,
                          struct deads *found)
{
    const struct form **parts =
        arena_new_array(l->a, (size_t)s->n_binds + s->n_conds, const struct form *);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_binds; i++) {
        struct expr *column = arena_new(l->a, struct expr);
        enum column_type type =
            l->rules->datasets[s->dataset].schema.columns[s->binds[i].column].type;
        *column = (struct expr){.op = EXPR_COLUMN,
                                .kind = column_value_kind(type),
                                .scope = s->scope,
                                .dataset = s->dataset,
                                .column = s->binds[i].column,
                                .codelist = l->rules->datasets[s->dataset]
                                                .schema.columns[s->binds[i].column]
                                                .codelist,
                                .at = s->binds[i].value->at};
        parts[n++] = form_equal(l, column, s->binds[i].value);
    }
    for (uint32_t i = 0; i < s->n_conds; i++) {
        const struct expr *e = s->conds[i];
        parts[n++] = form_of(l, k, e, true);
        if (!is_own(l, k, e->at) || !reads_something(l, e)) {
            continue;
        }
        struct solution no = solve(l, parts, n);
        if (no.answer == ANSWER_NO) {
            struct judgement j = never_applies(l, k, e, &no);
            note_dead(l, found, (struct dead){.at = e->at, .row = j.row, .why = j.why});
            return;
        }
    }
}

struct walk {
    struct linter *l;
    const struct check *check;
    const struct form *given; /* within `when` only the filter, behind it also `when` */
    struct deads *found;
    bool *seen; /* by term */
    uint32_t n_seen;
};

static void walk_conditions(struct walk *w, const struct expr *e)
{
    uint32_t term = term_of(w->l->terms, e);
    if (term >= w->n_seen || w->seen[term]) {
        return;
    }
    w->seen[term] = true;
    bool has_condition = e->op == EXPR_IF || e->op == EXPR_IMPLIES || e->op == EXPR_OR;
    if (has_condition) {
        try_condition(w->l, w->check, w->given, e->args[0], w->found);
    }
    if (e->op == EXPR_OR) {
        try_condition(w->l, w->check, w->given, e->args[1], w->found);
    }
    if (e->select != NULL) {
        try_selection(w->l, w->check, e->select, w->found);
        for (uint32_t i = 0; i < e->select->n_conds; i++) {
            walk_conditions(w, e->select->conds[i]);
        }
        if (e->select->pick != NULL) {
            walk_conditions(w, e->select->pick);
        }
    }
    for (uint32_t i = 0; i < e->n; i++) {
        walk_conditions(w, e->args[i]);
    }
}

static void find_dead(struct linter *l, const struct check *k, struct deads *found)
{
    uint32_t n = terms_count(l->terms);
    struct walk w = {l, k, filters_of(l, k), found, arena_new_array(l->a, n, bool), n};
    if (k->when != NULL) {
        walk_conditions(&w, k->when);
    }
    w.given = form_when(l, k, true);
    walk_conditions(&w, k->must);
}

static void report_dead(struct linter *l, const struct check *k, const struct dead *d)
{
    const struct judgement j = {
        .verdict = VERDICT_NEVER_APPLIES, .at = d->at, .row = d->row, .why = d->why};
    report_judgement(l, k, &j);
}

/* ---- families */

/* The checks that one declaration became: first and how many. */
static size_t family_size(const struct linter *l, size_t first)
{
    const struct ruleset *r = l->rules;
    const struct decl *d = lint_decl(l, r->checks[first].at);
    size_t n = 1;
    bool is_family = d != NULL && d->kind == DECL_CHECK && d->u.check.loop.text.p != NULL;
    while (is_family && first + n < r->n_checks &&
           r->checks[first + n].at.src == r->checks[first].at.src &&
           r->checks[first + n].at.lo == r->checks[first].at.lo) {
        n++;
    }
    return n;
}

static void judge_family(struct linter *l, size_t first, size_t n)
{
    const struct check *k = &l->rules->checks[first];
    struct judgement all = {.verdict = VERDICT_OPEN};
    struct deads found = {0};
    for (size_t i = 0; i < n; i++) {
        struct judgement j = judge(l, k + i);
        all = i == 0 ? j : all;
        if (j.verdict != all.verdict) {
            all.verdict = VERDICT_OPEN;
        }
        if (j.verdict != VERDICT_NEVER_APPLIES && k[i].undefined.p == NULL) {
            find_dead(l, k + i, &found);
        }
    }
    if (all.verdict != VERDICT_OPEN && all.row.p != NULL) {
        report_judgement(l, k, &all);
    }
    for (size_t i = 0; i < found.n; i++) {
        if (found.items[i].n == n && found.items[i].row.p != NULL) {
            report_dead(l, k, &found.items[i]);
        }
    }
}

/* ---- targets and scoreboards */

static void judge_when(struct linter *l, const struct expr *when, struct span at)
{
    if (when == NULL) {
        return;
    }
    const struct form *form = form_of(l, NULL, when, true);
    struct solution s = solve(l, &form, 1);
    if (s.answer != ANSWER_NO) {
        return;
    }
    struct judgement j = never_applies(l, NULL, when, &s);
    const struct check place = {.at = at};
    if (j.row.p != NULL) {
        report_judgement(l, &place, &j);
    }
}

void lint_single_rules(struct linter *l)
{
    assert(l && l->terms);
    const struct ruleset *r = l->rules;
    for (size_t first = 0; first < r->n_checks;) {
        size_t n = family_size(l, first);
        judge_family(l, first, n);
        first += n;
    }
    for (uint32_t i = 0; i < r->n_targets; i++) {
        judge_when(l, r->targets[i].when, r->targets[i].at);
    }
    for (uint32_t i = 0; i < r->n_boards; i++) {
        judge_when(l, r->boards[i].when, r->boards[i].at);
    }
}

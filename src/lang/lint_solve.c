/* Decides whether forms can hold together: alternatives are tried one after another, and
 * the linear inequalities, choices and facts taken so far are checked at each step.
 *
 * Everything taken has a number, its place in the order of taking. A contradiction is a
 * list of such numbers, the core. An alternative whose core does not need what this
 * alternative added speaks for all the others, too, so they are not tried. What belongs
 * to alternatives already left stays in the core only to be shown.
 *
 * Whole numbers: an inequality of whole numbers alone is drawn tight before it is taken,
 * and a variable that comes out as a fraction splits into what lies below and above it.
 * The search ends in ANSWER_UNKNOWN beyond SOLVE_STEPS, SOLVE_VARIABLES or SOLVE_SUMS. */
#include "lang/lint_state.h"

#include <assert.h>

enum { SOLVE_STEPS = 1500, SOLVE_VARIABLES = 120, SOLVE_SUMS = 240 };

#define NONE UINT32_MAX
#define LEFT_BEHIND UINT32_MAX /* of an alternative that is no longer tried */

struct bound { /* a linear form as a bound on one variable of the system */
    uint32_t variable;
    enum relation relation;
    struct num limit;
    bool is_impossible;
};

struct cause {
    const struct form *form;
    uint32_t number;
};

struct causes {
    struct cause *items;
    size_t n, cap;
};

struct search {
    struct linter *l;
    struct arena *a;
    struct linear *system;
    struct dict *forms; /* linear ones, by address */
    struct bound *bounds;
    size_t n_bounds, bound_cap;
    struct dict *sums; /* by their terms */
    uint32_t *sum_variables;
    size_t n_sums, sum_cap;
    uint32_t *variables; /* by term */
    uint32_t *terms;     /* by variable */
    uint32_t n_variables;
    const struct form **linears; /* met while gathering */
    size_t n_linears, linear_cap;
    const struct form **taken;
    size_t n_taken, taken_cap;
    uint32_t *open; /* alternatives, by their number in `taken` */
    size_t n_open, open_cap;
    struct causes core;
    uint32_t n_steps;
    struct solution solution;
    bool is_too_large, is_strict;
};

/* ---- gathering what the forms speak of */

static void add_variable(struct search *s, uint32_t term)
{
    if (s->variables[term] != NONE || s->is_too_large) {
        return;
    }
    if (s->n_variables == SOLVE_VARIABLES) {
        s->is_too_large = true;
        return;
    }
    s->terms[s->n_variables] = term;
    s->variables[term] = s->n_variables++;
}

static void gather(struct search *s, const struct form *f)
{
    for (uint32_t i = 0; i < f->n; i++) {
        gather(s, f->parts[i]);
    }
    if (f->kind != FORM_LINEAR) {
        return;
    }
    for (uint32_t i = 0; i < f->n_sum; i++) {
        add_variable(s, f->sum[i].variable);
    }
    struct str address = {(const char *)&f, sizeof(void *)};
    if (dict_find(s->forms, address) == DICT_NONE) {
        dict_add(s->forms, address);
        s->linears = list_room(s->a, s->linears, s->n_linears, &s->linear_cap,
                               sizeof(const struct form *));
        s->linears[s->n_linears++] = f;
    }
}

/* ---- one inequality, drawn tight */

struct row {
    struct linear_term *terms; /* of variables of the system */
    uint32_t n;
    enum relation relation;
    struct num limit;
    bool is_whole; /* variables and factors */
};

static bool multiply_row(struct row *r, struct num by)
{
    for (uint32_t i = 0; i < r->n; i++) {
        if (num_mul(r->terms[i].factor, by, &r->terms[i].factor) != DEC_OK) {
            return false;
        }
    }
    return num_mul(r->limit, by, &r->limit) == DEC_OK;
}

/* What makes a factor whole: its denominator. */
static struct num denominator(struct num n)
{
    struct num d = num_int(1);
    if (!num_is_decimal(n)) {
        d.n = n.d;
        return d;
    }
    for (int32_t i = 0; i < n.scale; i++) {
        (void)num_mul(d, num_int(10), &d); /* at most 10^38, as the scale */
    }
    return d;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Factors become whole numbers without a common divisor. False: they are too large. */
static bool make_whole(struct row *r)
{
    uint64_t divisor = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        if (!num_is_whole(r->terms[i].factor) &&
            !multiply_row(r, denominator(r->terms[i].factor))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < r->n; i++) {
        int64_t factor = 0;
        if (!num_to_int64(num_abs(r->terms[i].factor), &factor)) {
            return false;
        }
        divisor = common_divisor((uint64_t)factor, divisor);
    }
    struct num inverse;
    return divisor <= INT64_MAX &&
           num_div(num_int(1), num_int((int64_t)divisor), &inverse) == DEC_OK &&
           multiply_row(r, inverse);
}

static void turn_positive(struct row *r)
{
    static const enum relation mirrored[] = {[IS_AT_MOST] = IS_AT_LEAST,
                                             [IS_BELOW] = IS_ABOVE,
                                             [IS_AT_LEAST] = IS_AT_MOST,
                                             [IS_ABOVE] = IS_BELOW,
                                             [IS_EQUAL] = IS_EQUAL};
    if (num_sign(r->terms[0].factor) < 0) {
        (void)multiply_row(r, num_int(-1));
        r->relation = mirrored[r->relation];
    }
}

/* A sum of whole numbers meets its limit at a whole number. False: it never does. */
static bool draw_tight(struct row *r)
{
    struct num limit = r->limit;
    bool is_upper = r->relation == IS_AT_MOST || r->relation == IS_BELOW;
    bool is_strict = r->relation == IS_BELOW || r->relation == IS_ABOVE;
    if (r->relation == IS_EQUAL) {
        return num_is_whole(limit);
    }
    struct num step = num_int(is_upper ? -1 : 1);
    bool is_done =
        (is_upper ? num_floor(limit, &limit) : num_ceil(limit, &limit)) == DEC_OK;
    if (is_done && is_strict && num_is_whole(r->limit)) {
        is_done = num_add(limit, step, &limit) == DEC_OK;
    }
    if (is_done) {
        r->limit = limit;
        r->relation = is_upper ? IS_AT_MOST : IS_AT_LEAST;
    }
    return true;
}

static uint32_t variable_of_sum(struct search *s, const struct row *r)
{
    struct text key = text_in(s->a);
    if (r->n == 1) {
        return r->terms[0].variable;
    }
    for (uint32_t i = 0; i < r->n; i++) {
        text_uint(&key, r->terms[i].variable);
        text_char(&key, '*');
        text_add(&key, num_str(s->a, r->terms[i].factor));
        text_char(&key, '+');
    }
    uint32_t id = dict_add(s->sums, text_str(&key));
    if (id == s->n_sums) {
        s->sum_variables = list_room(s->a, s->sum_variables, s->n_sums, &s->sum_cap,
                                     sizeof *s->sum_variables);
        s->sum_variables[s->n_sums++] = linear_sum(s->system, r->terms, r->n);
    }
    return s->sum_variables[id];
}

static struct bound bound_of(struct search *s, const struct form *f)
{
    struct row r = {.n = f->n_sum, .relation = f->relation, .limit = f->limit};
    bool are_whole = true, are_possible = true;
    r.terms = arena_new_array(s->a, r.n, struct linear_term);
    for (uint32_t i = 0; i < r.n; i++) {
        uint32_t term = f->sum[i].variable;
        r.terms[i] = (struct linear_term){s->variables[term], f->sum[i].factor};
        struct interval values = world_range(s->l->declared, term).num;
        are_whole = are_whole && values.is_whole;
        are_possible = are_possible && !values.is_empty;
    }
    bool is_scaled = make_whole(&r);
    s->is_too_large = s->is_too_large || !is_scaled;
    turn_positive(&r);
    bool is_possible = !is_scaled || !are_whole || draw_tight(&r);
    is_possible = is_possible && are_possible;
    return (struct bound){variable_of_sum(s, &r), r.relation, r.limit, !is_possible};
}

static void build_system(struct search *s)
{
    s->system = linear_new(s->a, s->n_variables, (uint32_t)s->n_linears);
    for (size_t i = 0; i < s->n_linears; i++) {
        s->bounds = list_room(s->a, s->bounds, i, &s->bound_cap, sizeof *s->bounds);
        s->bounds[i] = bound_of(s, s->linears[i]);
    }
    s->n_bounds = s->n_linears;
}

/* ---- cores */

static void add_cause(struct search *s, struct causes *c, const struct form *form,
                      uint32_t number)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->items[i].form == form && c->items[i].number == number) {
            return;
        }
    }
    c->items = list_room(s->a, c->items, c->n, &c->cap, sizeof *c->items);
    c->items[c->n++] = (struct cause){form, number};
}

static bool blame(struct search *s, const uint32_t *numbers, uint32_t n)
{
    s->core = (struct causes){0};
    for (uint32_t i = 0; i < n; i++) {
        add_cause(s, &s->core, s->taken[numbers[i]], numbers[i]);
    }
    return false;
}

static bool blame_linear(struct search *s)
{
    const uint32_t *numbers = NULL;
    uint32_t n = linear_reasons(s->system, &numbers);
    return blame(s, numbers, n);
}

/* Adds the core to `all`; what was taken from `mark` on is left behind. False: the core
 * does not need that at all. */
static bool merge_core(struct search *s, struct causes *all, uint32_t mark)
{
    bool is_needed = false;
    for (size_t i = 0; i < s->core.n; i++) {
        const struct cause *c = &s->core.items[i];
        bool is_new = c->number != LEFT_BEHIND && c->number >= mark;
        add_cause(s, all, c->form, is_new ? LEFT_BEHIND : c->number);
        is_needed = is_needed || is_new;
    }
    return is_needed;
}

/* ---- taking a form; false: it contradicts what was taken, and the core says so */

static uint32_t note_taken(struct search *s, const struct form *f)
{
    s->taken =
        list_room(s->a, s->taken, s->n_taken, &s->taken_cap, sizeof(const struct form *));
    s->taken[s->n_taken] = f;
    return (uint32_t)s->n_taken++;
}

static bool limit(struct search *s, const struct bound *b, enum linear_side side,
                  uint32_t number)
{
    bool is_strict = b->relation == IS_BELOW || b->relation == IS_ABOVE;
    const struct linear_bound bound = {b->limit, is_strict, number};
    return linear_limit(s->system, b->variable, side, bound) || blame_linear(s);
}

static bool take_linear(struct search *s, const struct form *f)
{
    uint32_t number = note_taken(s, f);
    struct str address = {(const char *)&f, sizeof(void *)};
    uint32_t id = dict_find(s->forms, address);
    assert(id < s->n_bounds);
    const struct bound *b = &s->bounds[id];
    if (b->is_impossible) {
        return blame(s, &number, 1);
    }
    bool is_upper = b->relation == IS_AT_MOST || b->relation == IS_BELOW;
    bool is_lower = b->relation == IS_AT_LEAST || b->relation == IS_ABOVE;
    return (is_lower || limit(s, b, LINEAR_UPPER, number)) &&
           (is_upper || limit(s, b, LINEAR_LOWER, number));
}

static bool take_fact(struct search *s, const struct form *f)
{
    if (f->source == NULL && !s->is_strict) {
        return true;
    }
    uint32_t number = note_taken(s, f);
    for (uint32_t i = 0; i < number; i++) {
        const struct form *other = s->taken[i];
        if (other != NULL && other->kind == FORM_FACT && other->term == f->term &&
            other->is_positive != f->is_positive) {
            const uint32_t two[] = {i, number};
            return blame(s, two, 2);
        }
    }
    return true;
}

/* Whether the value is excluded by something taken; its number. */
static bool is_excluded(const struct search *s, uint32_t term, struct str value,
                        uint32_t *number)
{
    for (uint32_t i = 0; i < s->n_taken; i++) {
        const struct form *f = s->taken[i];
        bool is_choice = f != NULL && f->kind == FORM_CHOICE && f->term == term;
        if (is_choice && str_eq(f->text, value) != f->is_positive) {
            *number = i;
            return true;
        }
    }
    return false;
}

/* All values that the choice has are excluded. */
static bool is_exhausted(struct search *s, uint32_t term)
{
    const struct str *values = NULL;
    uint32_t n = choice_values(s->l, term, &values), number = 0;
    uint32_t *numbers = arena_new_array(s->a, n, uint32_t);
    for (uint32_t i = 0; i < n; i++) {
        if (!is_excluded(s, term, values[i], &number)) {
            return false;
        }
        numbers[i] = number;
    }
    return n > 0 && !blame(s, numbers, n);
}

static bool take_choice(struct search *s, const struct form *f)
{
    uint32_t earlier = 0;
    bool is_out = f->is_positive && is_excluded(s, f->term, f->text, &earlier);
    uint32_t number = note_taken(s, f);
    if (is_out) {
        const uint32_t two[] = {earlier, number};
        return blame(s, two, 2);
    }
    for (uint32_t i = 0; !f->is_positive && i < number; i++) {
        const struct form *other = s->taken[i];
        if (other != NULL && other->kind == FORM_CHOICE && other->term == f->term &&
            other->is_positive && str_eq(other->text, f->text)) {
            const uint32_t two[] = {i, number};
            return blame(s, two, 2);
        }
    }
    return !is_exhausted(s, f->term);
}

static bool take(struct search *s, const struct form *f)
{
    switch (f->kind) {
    case FORM_ALL:
        for (uint32_t i = 0; i < f->n; i++) {
            if (!take(s, f->parts[i])) {
                return false;
            }
        }
        return true;
    case FORM_LINEAR:
        return take_linear(s, f);
    case FORM_CHOICE:
        return take_choice(s, f);
    case FORM_FACT:
        return take_fact(s, f);
    case FORM_ANY:
        break;
    }
    uint32_t number = note_taken(s, f);
    if (f->n == 0) {
        return blame(s, &number, 1);
    }
    s->open = list_room(s->a, s->open, s->n_open, &s->open_cap, sizeof *s->open);
    s->open[s->n_open++] = number;
    return true;
}

/* ---- an answer */

struct answers {
    struct assignment *items;
    uint32_t n;
};

static void assign(struct answers *o, uint32_t term, struct range value)
{
    for (uint32_t i = 0; i < o->n; i++) {
        if (o->items[i].term == term) {
            return;
        }
    }
    o->items[o->n++] = (struct assignment){term, value};
}

/* A value that is not excluded; of texts without end another one than all that are named.
 */
static struct str remaining_value(struct search *s, uint32_t term)
{
    const struct str *values = NULL;
    uint32_t n = choice_values(s->l, term, &values), number = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_excluded(s, term, values[i], &number)) {
            return values[i];
        }
    }
    return STR("…");
}

static void assign_taken(struct search *s, const struct form *f, struct answers *o)
{
    struct terms *terms = s->l->terms;
    struct range value = {.kind = term_expr(terms, f->term)->kind};
    if (f->kind == FORM_FACT) {
        assign(o, f->term, range_flag(f->is_positive));
        if (f->is_positive && term_expr(terms, f->term)->op == EXPR_IS_MISSING) {
            uint32_t term = term_arg(terms, f->term, 0);
            assign(o, term, range_nothing(term_expr(terms, term)->kind));
        }
        return;
    }
    value.text = f->is_positive ? f->text : remaining_value(s, f->term);
    assign(o, f->term, value);
}

static enum answer answer_yes(struct search *s, const struct num *point)
{
    struct answers all = {0};
    size_t room =
        2 * s->n_taken + s->n_variables; /* a fact may tell of its operand, too */
    all.items = arena_new_array(s->l->a, room, struct assignment);
    for (size_t i = 0; i < s->n_taken; i++) {
        const struct form *f = s->taken[i];
        if (f != NULL && (f->kind == FORM_FACT || f->kind == FORM_CHOICE)) {
            assign_taken(s, f, &all);
        }
    }
    for (uint32_t i = 0; i < s->n_variables; i++) {
        struct range value = range_number(point[i]);
        value.kind = term_expr(s->l->terms, s->terms[i])->kind;
        assign(&all, s->terms[i], value);
    }
    s->solution =
        (struct solution){.answer = ANSWER_YES, .values = all.items, .n_values = all.n};
    return ANSWER_YES;
}

/* ---- the search */

static enum answer run(struct search *s, size_t next);

struct mark {
    uint32_t limits;
    size_t n_taken, n_open;
};

static struct mark mark_of(const struct search *s)
{
    return (struct mark){linear_mark(s->system), s->n_taken, s->n_open};
}

static void go_back(struct search *s, struct mark m)
{
    linear_back(s->system, m.limits);
    s->n_taken = m.n_taken;
    s->n_open = m.n_open;
}

/* What one alternative came to; `all` gathers why it cannot be. */
static enum answer conclude(struct search *s, enum answer answer, struct mark m,
                            struct causes *all, bool *is_needed)
{
    *is_needed = true;
    if (answer != ANSWER_YES) {
        go_back(s, m);
    }
    if (answer == ANSWER_NO) {
        *is_needed = merge_core(s, all, (uint32_t)m.n_taken);
    }
    return answer;
}

static enum answer try_parts(struct search *s, size_t next)
{
    uint32_t number = s->open[next];
    const struct form *f = s->taken[number];
    struct causes all = {0};
    enum answer answer = ANSWER_NO;
    for (uint32_t i = 0; i < f->n; i++) {
        struct mark m = mark_of(s);
        bool is_needed = true;
        enum answer one = take(s, f->parts[i]) ? run(s, next + 1) : ANSWER_NO;
        one = conclude(s, one, m, &all, &is_needed);
        if (one == ANSWER_YES || !is_needed) {
            return one;
        }
        answer = one == ANSWER_UNKNOWN ? one : answer;
        if (s->n_steps >= SOLVE_STEPS) {
            return ANSWER_UNKNOWN;
        }
    }
    add_cause(s, &all, f, number);
    s->core = all;
    return answer;
}

/* A variable that must be whole and is not; NONE. */
static uint32_t find_fraction(const struct search *s, const struct num *point)
{
    for (uint32_t i = 0; i < s->n_variables; i++) {
        bool must_be = world_range(s->l->declared, s->terms[i]).num.is_whole;
        if (must_be && !num_is_whole(point[i])) {
            return i;
        }
    }
    return NONE;
}

/* Below and above the fraction. */
static enum answer split(struct search *s, size_t next, uint32_t variable,
                         struct num fraction)
{
    struct causes all = {0};
    enum answer answer = ANSWER_NO;
    for (int side = LINEAR_LOWER; side <= LINEAR_UPPER; side++) {
        struct mark m = mark_of(s);
        bool is_needed = true, is_upper = side == LINEAR_UPPER;
        struct linear_bound b = {.reason = note_taken(s, NULL)};
        if ((is_upper ? num_floor(fraction, &b.value) : num_ceil(fraction, &b.value)) !=
            DEC_OK) {
            return ANSWER_UNKNOWN;
        }
        bool is_taken = linear_limit(s->system, variable, (enum linear_side)side, b) ||
                        blame_linear(s);
        enum answer one = is_taken ? run(s, next) : ANSWER_NO;
        one = conclude(s, one, m, &all, &is_needed);
        if (one == ANSWER_YES || !is_needed) {
            return one;
        }
        answer = one == ANSWER_UNKNOWN ? one : answer;
        if (s->n_steps >= SOLVE_STEPS) {
            return ANSWER_UNKNOWN;
        }
    }
    s->core = all;
    return answer;
}

static enum answer settle(struct search *s, size_t next)
{
    struct num *point = arena_new_array(s->a, s->n_variables, struct num);
    if (!linear_point(s->system, point)) {
        return ANSWER_UNKNOWN;
    }
    uint32_t variable = find_fraction(s, point);
    return variable == NONE ? answer_yes(s, point)
                            : split(s, next, variable, point[variable]);
}

static enum answer run(struct search *s, size_t next)
{
    if (s->n_steps++ >= SOLVE_STEPS) {
        return ANSWER_UNKNOWN;
    }
    enum linear_status status = linear_check(s->system);
    if (status == LINEAR_INFEASIBLE) {
        blame_linear(s);
        return ANSWER_NO;
    }
    if (status == LINEAR_GIVEN_UP) {
        return ANSWER_UNKNOWN;
    }
    return next < s->n_open ? try_parts(s, next) : settle(s, next);
}

static void keep_blame(struct search *s)
{
    const struct form **blame = arena_new_array(s->l->a, s->core.n, const struct form *);
    for (size_t i = 0; i < s->core.n; i++) {
        const struct form *f = s->core.items[i].form;
        if (f != NULL && f->kind != FORM_ANY) {
            blame[s->solution.n_blame++] = f;
        }
    }
    s->solution.blame = blame;
}

static bool take_all(struct search *s, const struct form *const *forms, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!take(s, forms[i])) {
            return false;
        }
    }
    return true;
}

/* The declarations of all terms that the forms compare. */
static const struct form *declarations(struct search *s)
{
    const struct form **parts =
        arena_new_array(s->a, s->n_variables, const struct form *);
    for (uint32_t i = 0; i < s->n_variables; i++) {
        parts[i] = form_declared(s->l, s->terms[i]);
    }
    const struct form *all = form_all(s->l, parts, s->n_variables);
    gather(s, all);
    return all;
}

struct solution solve(struct linter *l, const struct form *const *forms, uint32_t n)
{
    return solve_with(l, forms, n, true);
}

struct solution solve_with(struct linter *l, const struct form *const *forms, uint32_t n,
                           bool is_strict)
{
    assert(l && (forms || n == 0));
    struct arena *a = l->scratch;
    struct search s = {
        .l = l, .a = a, .solution = {.answer = ANSWER_UNKNOWN}, .is_strict = is_strict};
    uint32_t n_terms = terms_count(l->terms);
    s.forms = dict_new(a);
    s.sums = dict_new(a);
    s.variables = arena_new_array(a, n_terms, uint32_t);
    s.terms = arena_new_array(a, SOLVE_VARIABLES, uint32_t);
    for (uint32_t i = 0; i < n_terms; i++) {
        s.variables[i] = NONE;
    }
    for (uint32_t i = 0; i < n; i++) {
        gather(&s, forms[i]);
    }
    const struct form *declared = declarations(&s);
    if (!s.is_too_large && s.n_linears <= SOLVE_SUMS) {
        build_system(&s);
        bool is_taken = !s.is_too_large && take(&s, declared) && take_all(&s, forms, n);
        s.solution.answer = is_taken         ? run(&s, 0)
                            : s.is_too_large ? ANSWER_UNKNOWN
                                             : ANSWER_NO;
    }
    if (s.solution.answer == ANSWER_NO) {
        keep_blame(&s);
    }
    arena_reset(a);
    return s.solution;
}

/* Compiling expressions to programs, and running them. Which kernel serves an expression
 * is settled here, once, by tables; the kernels never look at what kind of value they
 * were given. */
#include "eval/plan.h"

#include "base/utf8.h"
#include "eval/kernel.h"
#include "eval/lookup.h"
#include "eval/outlier.h"
#include "eval/regex.h"
#include "eval/shift.h"
#include "eval/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct text_match {
    struct memo *memo;
    struct regex *regex;
};

static kernel *const functions[FN_COUNT] = {
#define FN(id, ...) [FN_##id] = fn_##id,
#include "lang/fn.def"
#undef FN
};

/* Kernels of the expressions whose arguments are simply computed first. */
static kernel *const simple[] = {
    [EXPR_NEG] = run_neg,
    [EXPR_MUL] = run_mul,
    [EXPR_DIV] = run_div,
    [EXPR_SCALE] = run_scale,
    [EXPR_ROW_UNIT] = run_row_unit,
    [EXPR_NOT] = run_not,
    [EXPR_AND] = run_and,
    [EXPR_OR] = run_or,
    [EXPR_IMPLIES] = run_implies,
    [EXPR_IF] = run_if,
    [EXPR_COALESCE] = run_coalesce,
    [EXPR_IN_RANGE] = run_in_range,
    [EXPR_IN_CODES] = run_in_codes,
    [EXPR_IN_MEMBERS] = run_in_members,
    [EXPR_IN_NUMBERS] = run_in_numbers,
    [EXPR_MATCHES] = run_matches,
    [EXPR_IS_MISSING] = run_is_missing,
    [EXPR_OVER] = run_over,
};

struct memo *plan_memo(const struct op *op)
{
    if (op->expr != NULL && op->expr->op == EXPR_MATCHES) {
        return ((struct text_match *)op->data)->memo;
    }
    return op->data;
}

const struct regex *plan_regex(const struct op *op)
{
    return ((struct text_match *)op->data)->regex;
}

const struct selector *plan_selector(const struct op *op)
{
    return op->data;
}

struct domain domain_pick(struct scratch *s, const struct domain *d,
                          const uint32_t *which, uint32_t m)
{
    struct domain out = {.n = m, .n_scopes = d->n_scopes};

    for (uint32_t k = 0; k < d->n_scopes; k++) {
        uint32_t *rows = scratch_array(s, m, uint32_t);
        for (uint32_t i = 0; i < m; i++) {
            rows[i] = domain_row(d, k, which[i]);
        }
        out.scope[k] = d->scope[k];
        out.scope[k].rows = rows;
    }
    return out;
}

/* A scope that keeps its data set keeps its groups: a group that moves in time is still a
 * group. */
void domain_set(struct domain *d, uint32_t scope, const struct facts *facts,
                const uint32_t *rows)
{
    assert(scope < SCOPES_MAX && scope <= d->n_scopes);
    const struct keyidx *group = scope < d->n_scopes ? d->scope[scope].group : NULL;

    d->scope[scope] = (struct scope_rows){.facts = facts, .group = group, .rows = rows};
    d->n_scopes = scope < d->n_scopes ? d->n_scopes : scope + 1;
}

uint32_t engine_fold(struct engine *e, uint32_t id)
{
    uint64_t folded;

    if (!memo_get(e->folded, id, &folded)) {
        folded = dict_add(e->texts, str_fold(e->a, dict_str(e->texts, id)));
        memo_put(e->folded, id, folded);
    }
    return (uint32_t)folded;
}

struct str engine_code_shown(const struct engine *e, uint32_t codelist, uint32_t id)
{
    struct str text = dict_str(e->texts, id);
    uint64_t written;

    /* An unknown code's text is folded already. */
    if (codelist >= e->rules->n_codelists || !memo_get(e->written, id, &written) ||
        codelist_any(e->codelists[codelist], text) != NULL) {
        return text;
    }
    return dict_str(e->texts, (uint32_t)written);
}

uint32_t engine_code(struct engine *e, uint32_t codelist, struct str code)
{
    const struct codelist *l = e->codelists[codelist];
    struct str folded = str_fold(e->a, code);
    uint32_t known = dict_find(l->folded, folded);

    return dict_add(e->texts,
                    known == DICT_NONE ? folded : l->entries[l->first[known]].code);
}

struct program *program_new(struct engine *e)
{
    struct program *p = arena_new(e->a, struct program);

    p->side[0] = SLOT_NONE;
    p->side[1] = SLOT_NONE;
    p->tolerance = SLOT_NONE;
    return p;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 0x9E3779B97F4A7C15u + (h >> 29);
}

/* Only these carry a number of their own. */
static bool has_number(const struct expr *x)
{
    return x->op == EXPR_NUM || x->op == EXPR_SCALE;
}

static bool same_number(const struct expr *a, const struct expr *b)
{
    return !has_number(a) || (num_eq(a->num, b->num) && a->num.scale == b->num.scale);
}

/* Once for each expression: a `let` is one expression in many places. */
static uint64_t hash_expr(struct engine *e, const struct expr *x)
{
    uint64_t known, h = mix((uint64_t)x->op + 1, (uint64_t)x->kind);

    if (memo_get(e->hashes, (uintptr_t)x, &known)) {
        return known;
    }
    h = mix(mix(mix(h, x->column), x->dataset), x->scope);
    h = has_number(x) ? mix(h, num_hash(x->num)) : h;
    h = x->text.p == NULL ? h : mix(h, str_hash(x->text));
    for (uint32_t i = 0; i < x->n; i++) {
        h = mix(h, hash_expr(e, x->args[i]));
    }
    memo_put(e->hashes, (uintptr_t)x, h | 1);
    return h | 1;
}

static bool same_expr(const struct expr *a, const struct expr *b);

static bool same_list(const struct expr *const *a, const struct expr *const *b,
                      uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!same_expr(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static bool same_select(const struct select *a, const struct select *b)
{
    if (a == b || a == NULL || b == NULL) {
        return a == b;
    }
    if (a->dataset != b->dataset || a->scope != b->scope || a->n_binds != b->n_binds ||
        a->n_conds != b->n_conds || (a->pick == NULL) != (b->pick == NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < a->n_binds; i++) {
        if (a->binds[i].column != b->binds[i].column ||
            !same_expr(a->binds[i].value, b->binds[i].value)) {
            return false;
        }
    }
    return same_list(a->conds, b->conds, a->n_conds) &&
           (a->pick == NULL || same_expr(a->pick, b->pick));
}

static bool same_scalars(const struct expr *a, const struct expr *b)
{
    return a->op == b->op && a->kind == b->kind && a->cmp == b->cmp && a->fn == b->fn &&
           a->agg == b->agg && a->word == b->word && a->flag == b->flag &&
           a->scope == b->scope && a->dataset == b->dataset && a->column == b->column &&
           a->codelist == b->codelist && a->when == b->when && a->years == b->years;
}

/* Whether two expressions compute the same thing. `unique` depends on its check and is
 * only itself. */
static bool same_expr(const struct expr *a, const struct expr *b)
{
    if (a == b) {
        return true;
    }
    return a->op != EXPR_UNIQUE && a->op != EXPR_OUTLIER && a->op != EXPR_SIDE &&
           same_scalars(a, b) && a->n == b->n && same_number(a, b) &&
           str_eq(a->text, b->text) && unit_equal(&a->unit, &b->unit) &&
           same_list(a->args, b->args, a->n) && same_select(a->select, b->select);
}

uint32_t program_op(struct engine *e, struct program *p, struct op op)
{
    uint32_t *kept = arena_new_array(e->a, op.n + 1, uint32_t);

    if (op.n > 0) {
        assert(op.args != NULL);
        memcpy(kept, op.args, op.n * sizeof *kept);
    }
    op.args = kept;
    p->ops = list_room(e->a, p->ops, p->n, &p->cap, sizeof *p->ops);
    p->ops[p->n] = op;
    return p->n++;
}

/* The dictionary id of a text or code as written in the rules. */
static uint32_t constant_id(struct engine *e, const struct expr *x)
{
    return x->kind == VALUE_CODE ? engine_code(e, x->codelist, x->text)
                                 : dict_add(e->texts, utf8_nfc(e->a, x->text));
}

/* A constant, spread over CONSTANT_ROWS elements so that kernels need no special case. */
static struct vec *constant(struct engine *e, const struct expr *x)
{
    struct vec_builder b = vec_build(e->keep, x->kind, CONSTANT_ROWS);
    struct vec *ready = arena_new(e->a, struct vec);
    bool is_word = x->kind == VALUE_CODE || x->kind == VALUE_TEXT;
    uint32_t id = is_word ? constant_id(e, x) : 0;

    for (uint32_t i = 0; i < CONSTANT_ROWS; i++) {
        switch (x->kind) {
        case VALUE_NUM:
            vec_put_num(&b, i, x->num);
            break;
        case VALUE_TEXT:
        case VALUE_CODE:
            vec_put_id(&b, i, id);
            break;
        case VALUE_DAY:
        case VALUE_PERIOD:
            vec_put_when(&b, i, x->op == EXPR_TODAY ? e->today : x->when);
            break;
        case VALUE_BOOL:
            vec_put_flag(&b, i, x->flag);
            break;
        case VALUE_ERROR:
            break;
        }
    }
    *ready = vec_built(e->keep, &b, CONSTANT_ROWS);
    return ready;
}

void engine_prepared(struct engine *e, const struct expr *x, void *data)
{
    struct prepared *kept = arena_new(e->a, struct prepared);

    kept->data = data;
    memo_put_pointer(e->prepared, (uintptr_t)x, kept);
}

/* Planned once, however many programs it stands in. */
static struct lookup *plan_lookup(struct engine *e, const struct expr *x)
{
    const struct prepared *known = memo_get_pointer(e->prepared, (uintptr_t)x);
    if (known != NULL) {
        return known->data;
    }
    struct lookup *l = arena_new(e->a, struct lookup);
    struct program *pick = program_new(e);

    engine_prepared(e, x, l);
    l->selector = selector_for(e, x);
    l->pick_slot = program_add(e, pick, x->select->pick);
    l->pick = pick;
    return l;
}

/* Codes of the values of one row as bytes, for counting equal tuples. */
static struct str tuple_at(struct engine *e, const struct vec *slots,
                           const uint32_t *args, uint32_t n, uint32_t i, uint8_t *state)
{
    uint64_t *codes = scratch_array(e->batch, n, uint64_t);

    *state = CELL_OK;
    for (uint32_t k = 0; k < n; k++) {
        uint8_t value = vec_state(&slots[args[k]], i);
        *state = cell_worse(*state, value);
        codes[k] = value == CELL_OK ? select_code(&slots[args[k]], i) : 0;
    }
    return (struct str){(const char *)codes, n * sizeof *codes};
}

struct unique_plan {
    struct uniqueness u;
    uint8_t *state, *is_unique;
    uint32_t *tuple;   /* per row; DICT_NONE: its values are not all there */
    uint32_t *counted; /* per tuple: rows whose `when` holds */
};

static void read_tuples(struct engine *e, const struct program *p, const uint32_t *args,
                        uint32_t n_args, uint32_t when, struct unique_plan *u)
{
    const struct facts *facts = &e->facts[p->check->dataset];
    struct dict *tuples = dict_new(e->a);
    size_t mark = scratch_mark(e->batch);

    for (uint32_t first = 0; first < facts->table->n; first += e->batch_rows) {
        uint32_t left = facts->table->n - first;
        struct domain d = {.n = left < e->batch_rows ? left : e->batch_rows,
                           .n_scopes = 1};
        d.scope[0] = (struct scope_rows){.facts = facts, .first = first};
        const struct vec *slots = program_run(e, p, &d, NULL);
        for (uint32_t i = 0; i < d.n; i++) {
            uint32_t row = first + i;
            struct str tuple = tuple_at(e, slots, args, n_args, i, &u->state[row]);
            u->tuple[row] =
                u->state[row] == CELL_OK ? dict_add(tuples, tuple) : DICT_NONE;
            bool counts = when == SLOT_NONE ||
                          (vec_state(&slots[when], i) == CELL_OK && slots[when].flag[i]);
            u->counted[u->tuple[row] == DICT_NONE ? facts->table->n : u->tuple[row]] +=
                counts;
        }
        scratch_rewind(e->batch, mark);
    }
}

/* Whether each row's values occur in no other row whose `when` holds. */
static struct uniqueness *plan_unique(struct engine *e, const struct check *check,
                                      const struct expr *x)
{
    uint32_t n = e->facts[check->dataset].table->n;
    struct unique_plan *u = arena_new(e->a, struct unique_plan);
    struct program *p = program_new(e);
    uint32_t *args = arena_new_array(e->a, x->n, uint32_t);

    p->check = check;
    for (uint32_t i = 0; i < x->n; i++) {
        args[i] = program_add(e, p, words_compared(e, x->args[i]));
    }
    uint32_t when = check->when == NULL ? SLOT_NONE : program_add(e, p, check->when);
    u->state = arena_new_array(e->a, n + 1, uint8_t);
    u->is_unique = arena_new_array(e->a, n + 1, uint8_t);
    u->tuple = arena_new_array(e->a, n + 1, uint32_t);
    u->counted = arena_new_array(e->a, n + 1, uint32_t);
    read_tuples(e, p, args, x->n, when, u);
    for (uint32_t row = 0; row < n; row++) {
        u->is_unique[row] = u->tuple[row] != DICT_NONE && u->counted[u->tuple[row]] <= 1;
    }
    u->u = (struct uniqueness){.state = u->state, .is_unique = u->is_unique};
    return &u->u;
}

static struct text_match *plan_match(struct engine *e, const struct expr *x)
{
    struct text_match *m = arena_new(e->a, struct text_match);
    struct str error;
    size_t offset;

    m->memo = memo_new(e->a);
    m->regex = regex_new(e->a, x->text, &error, &offset);
    assert(m->regex != NULL && "patterns are checked before any data is read");
    return m;
}

struct args {
    uint32_t *slots;
    uint32_t n;
    size_t cap;
};

static void add_arg(struct engine *e, struct args *a, uint32_t slot)
{
    a->slots = list_room(e->a, a->slots, a->n, &a->cap, sizeof *a->slots);
    a->slots[a->n++] = slot;
}

static void add_binds(struct engine *e, struct program *p, const struct select *s,
                      struct args *a)
{
    uint32_t slots[KEYIDX_COLUMNS];

    assert(s->n_binds < KEYIDX_COLUMNS);
    words_bound(e, p, s, slots);
    for (uint32_t i = 0; i < s->n_binds; i++) {
        add_arg(e, a, slots[i]);
    }
}

static void add_args(struct engine *e, struct program *p, const struct expr *x,
                     struct args *a)
{
    assert(x->n == 0 || x->args != NULL);
    for (uint32_t i = 0; i < x->n; i++) {
        add_arg(e, a, program_add(e, p, x->args[i]));
    }
}

/* Numbers compare as numbers; a text and a code by their folded texts; the rest by kind.
 */
static uint32_t add_comparison(struct engine *e, struct program *p, const struct expr *x,
                               struct args *a)
{
    assert(x->n == 2 && x->args != NULL);
    add_arg(e, a, program_add(e, p, words_compared(e, x->args[0])));
    add_arg(e, a, program_add(e, p, words_compared(e, x->args[1])));
    if (x->args[0]->kind == VALUE_NUM) {
        return program_op(
            e, p,
            (struct op){.run = run_compare_num, .expr = x, .args = a->slots, .n = a->n});
    }
    assert(a->slots != NULL && a->n == 2);
    if (x->args[0]->kind != x->args[1]->kind) {
        for (uint32_t i = 0; i < 2; i++) {
            a->slots[i] = program_op(e, p,
                                     (struct op){.run = run_fold,
                                                 .args = &a->slots[i],
                                                 .n = 1,
                                                 .data = memo_new(e->a)});
        }
    }
    return program_op(
        e, p,
        (struct op){.run = run_compare_other, .expr = x, .args = a->slots, .n = a->n});
}

static uint32_t add_sum(struct engine *e, struct program *p, const struct expr *x,
                        struct args *a)
{
    bool left_is_day = x->args[0]->kind == VALUE_DAY,
         right_is_day = x->args[1]->kind == VALUE_DAY;
    kernel *run = x->op == EXPR_ADD ? run_add : run_sub;

    if (left_is_day && right_is_day) {
        run = run_day_diff;
    } else if (left_is_day || right_is_day) {
        run = x->op == EXPR_ADD ? run_day_add : run_day_sub;
    }
    add_args(e, p, x, a);
    return program_op(e, p,
                      (struct op){.run = run, .expr = x, .args = a->slots, .n = a->n});
}

static uint32_t add_selection(struct engine *e, struct program *p, const struct expr *x,
                              struct args *a)
{
    add_binds(e, p, x->select, a);
    if (x->op == EXPR_LOOKUP) {
        return program_op(e, p,
                          (struct op){.run = run_lookup,
                                      .expr = x,
                                      .args = a->slots,
                                      .n = a->n,
                                      .data = plan_lookup(e, x)});
    }
    if (x->op == EXPR_IN_ROWS) {
        const struct expr *pick = x->select->pick;
        add_arg(e, a,
                words_sought(e, p, program_add(e, p, words_compared(e, x->args[0])),
                             x->args[0]->kind, pick->kind, pick->codelist));
    }
    struct selector *s = selector_for(e, x);
    return program_op(e, p,
                      (struct op){.run = x->op == EXPR_AGG ? run_aggregate : run_in_rows,
                                  .expr = x,
                                  .args = a->slots,
                                  .n = a->n,
                                  .data = s});
}

static uint32_t add_approximate(struct engine *e, struct program *p, const struct expr *x,
                                struct args *a)
{
    struct lookup *l = NULL;

    if (x->args[0]->op == EXPR_LOOKUP) {
        add_binds(e, p, x->args[0]->select, a);
        l = plan_lookup(e, x->args[0]);
    }
    return program_op(e, p,
                      (struct op){.run = run_is_approximate,
                                  .expr = x,
                                  .args = a->slots,
                                  .n = a->n,
                                  .data = l});
}

static uint32_t add_shift(struct engine *e, struct program *p, const struct expr *x,
                          struct args *a)
{
    kernel *run = x->op == EXPR_PREVIOUS ? run_previous
                  : x->op == EXPR_AT     ? run_at
                                         : run_cumulative;

    if (x->op == EXPR_AT) {
        add_arg(e, a, program_add(e, p, x->args[1]));
    }
    return program_op(e, p,
                      (struct op){.run = run,
                                  .expr = x,
                                  .args = a->slots,
                                  .n = a->n,
                                  .data = shift_new(e, p, x)});
}

/* Only holes of messages come to ask for such a column: its checks are not applicable. */
static bool is_undefined(const struct engine *e, const struct expr *x)
{
    return e->facts[x->dataset].schema->columns[x->column].undefined.p != NULL;
}

/* left - right and tolerance - |left - right|, for holes of messages. */
static uint32_t add_word(struct engine *e, struct program *p, const struct expr *x)
{
    static const struct expr number = {.op = EXPR_SUB, .kind = VALUE_NUM};
    static const struct expr zero = {
        .op = EXPR_NUM, .kind = VALUE_NUM, .num = {.n = 0, .d = 1, .scale = 0}};
    uint32_t args[2] = {p->side[0], p->side[1]};

    bool has_value =
        x->word == WORD_DIFF || (x->word == WORD_SLACK && p->tolerance != SLOT_NONE);

    if (args[0] == SLOT_NONE || !has_value) {
        return program_op(e, p, (struct op){.run = run_missing, .expr = x});
    }
    uint32_t difference = program_op(
        e, p, (struct op){.run = run_sub, .expr = &number, .args = args, .n = 2});
    if (x->word == WORD_DIFF) {
        return difference;
    }
    args[0] = p->tolerance;
    args[1] = program_add(e, p, &zero);
    args[0] = program_op(
        e, p, (struct op){.run = fn_MAX2, .expr = &number, .args = args, .n = 2});
    args[1] = program_op(
        e, p, (struct op){.run = fn_ABS, .expr = &number, .args = &difference, .n = 1});
    return program_op(e, p,
                      (struct op){.run = run_sub, .expr = &number, .args = args, .n = 2});
}

static uint32_t add_call(struct engine *e, struct program *p, const struct expr *x,
                         struct args *a)
{
    bool has_memo = x->args != NULL && x->n > 0 &&
                    (x->args[0]->kind == VALUE_TEXT || x->args[0]->kind == VALUE_CODE);

    add_args(e, p, x, a);
    return program_op(e, p,
                      (struct op){.run = functions[x->fn],
                                  .expr = x,
                                  .args = a->slots,
                                  .n = a->n,
                                  .data = has_memo ? memo_new(e->a) : NULL});
}

static uint32_t add_simple(struct engine *e, struct program *p, const struct expr *x,
                           struct args *a)
{
    bool has_memo =
        x->op == EXPR_IN_CODES || x->op == EXPR_IN_MEMBERS || x->op == EXPR_IN_NUMBERS;
    void *data = x->op == EXPR_MATCHES ? (void *)plan_match(e, x)
                 : has_memo            ? (void *)memo_new(e->a)
                                       : NULL;

    assert((size_t)x->op < COUNT_OF(simple) && simple[x->op] != NULL);
    add_args(e, p, x, a);
    return program_op(
        e, p,
        (struct op){
            .run = simple[x->op], .expr = x, .args = a->slots, .n = a->n, .data = data});
}

static const struct expr *made(struct engine *e, enum expr_op op, const struct expr *a,
                               const struct expr *b)
{
    struct expr *x = arena_new(e->a, struct expr);
    const struct expr **args = arena_new_array(e->a, 2, const struct expr *);

    args[0] = a;
    args[1] = b;
    *x = (struct expr){.op = op, .kind = VALUE_BOOL, .cmp = CMP_EQ, .args = args, .n = 2};
    return x;
}

static bool is_constant(const struct expr *x)
{
    return x->op == EXPR_NUM || x->op == EXPR_TEXT || x->op == EXPR_BOOL ||
           x->op == EXPR_DAY || x->op == EXPR_PERIOD;
}

static int by_number(const void *a, const void *b)
{
    return num_cmp(*(const struct num *)a, *(const struct num *)b);
}

static int by_code(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t constant_code(struct engine *e, const struct expr *x)
{
    if (x->kind == VALUE_DAY || x->kind == VALUE_PERIOD) {
        return key_code_when(x->when);
    }
    return x->kind == VALUE_BOOL ? x->flag
                                 : key_code_id(constant_id(e, words_compared(e, x)));
}

/* Those of x's items that are constants of the kind of the value sought. */
static struct constants *plan_constants(struct engine *e, const struct expr *x)
{
    struct constants *c = arena_new(e->a, struct constants);
    bool are_numbers = x->args[0]->kind == VALUE_NUM;
    struct num *num = arena_new_array(e->a, are_numbers ? x->n : 1, struct num);
    uint64_t *code = arena_new_array(e->a, x->n, uint64_t);

    for (uint32_t i = 1; i < x->n; i++) {
        if (!is_constant(x->args[i]) || x->args[i]->kind != x->args[0]->kind) {
            continue;
        }
        if (are_numbers) {
            num[c->n++] = x->args[i]->num;
        } else {
            code[c->n++] = constant_code(e, x->args[i]);
        }
    }
    qsort(are_numbers ? (void *)num : code, c->n,
          are_numbers ? sizeof *num : sizeof *code, are_numbers ? by_number : by_code);
    c->num = are_numbers ? num : NULL;
    c->code = code;
    return c;
}

/* Constants are sorted once, so that a long list costs no more than a short one, in time
 * or room; other items of the same kind are compared row by row. Where texts and codes
 * meet it is so many comparisons. */
static uint32_t add_list(struct engine *e, struct program *p, const struct expr *x,
                         struct args *a)
{
    const struct expr *mixed = NULL;

    add_arg(e, a, program_add(e, p, words_compared(e, x->args[0])));
    for (uint32_t i = 1; i < x->n; i++) {
        if (x->args[i]->kind != x->args[0]->kind) {
            const struct expr *equal = made(e, EXPR_COMPARE, x->args[0], x->args[i]);
            mixed = mixed == NULL ? equal : made(e, EXPR_OR, mixed, equal);
        } else if (!is_constant(x->args[i])) {
            add_arg(e, a, program_add(e, p, words_compared(e, x->args[i])));
        }
    }
    uint32_t slots[2] = {0, 0};
    slots[0] = program_op(e, p,
                          (struct op){.run = run_in_list,
                                      .expr = x,
                                      .args = a->slots,
                                      .n = a->n,
                                      .data = plan_constants(e, x)});
    if (mixed == NULL) {
        return slots[0];
    }
    slots[1] = program_add(e, p, mixed);
    return program_op(e, p, (struct op){.run = run_or, .args = slots, .n = 2});
}

static uint32_t compile(struct engine *e, struct program *p, const struct expr *x)
{
    struct args a = {.n = 0};

    switch (x->op) {
    case EXPR_NUM:
    case EXPR_TEXT:
    case EXPR_BOOL:
    case EXPR_DAY:
    case EXPR_PERIOD:
    case EXPR_TODAY:
        return program_op(
            e, p, (struct op){.run = run_constant, .expr = x, .data = constant(e, x)});
    case EXPR_COLUMN:
        return program_op(
            e, p,
            (struct op){.run = is_undefined(e, x) ? run_missing : run_column, .expr = x});
    case EXPR_SIDE:
        return p->side[x->flag] != SLOT_NONE
                   ? p->side[x->flag]
                   : program_op(e, p, (struct op){.run = run_missing, .expr = x});
    case EXPR_WORD:
        return add_word(e, p, x);
    case EXPR_ADD:
    case EXPR_SUB:
        return add_sum(e, p, x, &a);
    case EXPR_COMPARE:
        return add_comparison(e, p, x, &a);
    case EXPR_LOOKUP:
    case EXPR_AGG:
    case EXPR_IN_ROWS:
        return add_selection(e, p, x, &a);
    case EXPR_IN_LIST:
        return add_list(e, p, x, &a);
    case EXPR_IS_APPROX:
        return add_approximate(e, p, x, &a);
    case EXPR_PREVIOUS:
    case EXPR_AT:
    case EXPR_CUMULATIVE:
        return add_shift(e, p, x, &a);
    case EXPR_OUTLIER:
        return program_op(e, p,
                          (struct op){.run = run_unique,
                                      .expr = x,
                                      .data = outlier_plan(e, p->check, x)});
    case EXPR_UNIQUE:
        return program_op(e, p,
                          (struct op){.run = run_unique,
                                      .expr = x,
                                      .data = plan_unique(e, p->check, x)});
    case EXPR_HALF_WIDTH:
        return program_op(e, p, (struct op){.run = run_half_width, .expr = x});
    case EXPR_CALL:
        return add_call(e, p, x, &a);
    case EXPR_NEG:
    case EXPR_MUL:
    case EXPR_DIV:
    case EXPR_SCALE:
    case EXPR_ROW_UNIT:
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IMPLIES:
    case EXPR_IF:
    case EXPR_COALESCE:
    case EXPR_IN_RANGE:
    case EXPR_IN_CODES:
    case EXPR_IN_MEMBERS:
    case EXPR_IN_NUMBERS:
    case EXPR_MATCHES:
    case EXPR_IS_MISSING:
    case EXPR_OVER:
        break;
    }
    return add_simple(e, p, x, &a);
}

uint32_t program_add(struct engine *e, struct program *p, const struct expr *x)
{
    assert(e && p && x && x->kind != VALUE_ERROR);
    uint64_t hash = hash_expr(e, x);

    for (uint32_t i = 0; i < p->n; i++) {
        if (p->ops[i].hash == hash && same_expr(p->ops[i].expr, x)) {
            return i;
        }
    }
    uint32_t slot = compile(e, p, x);
    if (p->ops[slot].hash == 0 && p->ops[slot].expr == x) {
        p->ops[slot].hash = hash;
    }
    return slot;
}

struct vec *program_run(struct engine *e, const struct program *p, const struct domain *d,
                        uint8_t *first)
{
    struct vec *slots = scratch_array(e->batch, p->n + 1, struct vec);
    struct frame f = {.engine = e, .program = p, .domain = d, .slots = slots};

    f.first = first;

    for (uint32_t i = 0; i < p->n; i++) {
        const struct op *op = &p->ops[i];
        op->run(&f, op, &slots[i]);
    }
    return slots;
}

/* Codes and units named in cells: labels, hierarchy, membership, conversion. What depends
 * on a code and a day is looked up once per distinct pair. */
#include "base/utf8.h"
#include "eval/kernel.h"

#include <assert.h>

#define EVER DAY_MAX

static uint64_t at_day(uint32_t id, int32_t day)
{
    return (uint64_t)id << 32 | (uint32_t)day;
}

/* Day of element i: the op's last argument where it has one. */
static int32_t day_at(const struct frame *f, const struct op *op, uint32_t with,
                      uint32_t i, uint8_t *state)
{
    if (op->n <= with) {
        return EVER;
    }
    *state = cell_worse(*state, vec_state(arg(f, op, with), i));
    return arg(f, op, with)->when[i];
}

static const struct codelist *list_of(const struct frame *f, uint32_t codelist)
{
    assert(codelist != ID_NONE);
    return f->engine->codelists[codelist];
}

static const struct code_entry *entry_of(const struct frame *f, const struct codelist *l,
                                         uint32_t id, int32_t day)
{
    struct str folded = dict_str(f->engine->texts, engine_fold(f->engine, id));

    return day == EVER ? codelist_any(l, folded) : codelist_at(l, folded, day);
}

typedef uint64_t code_function(struct frame *f, const struct op *op, uint32_t id,
                               int32_t day);

#define NO_VALUE (UINT64_MAX - 1)

/* Results of `function` for every (code, day), NO_VALUE: missing. */
static void map_codes(struct frame *f, const struct op *op, struct vec *out,
                      code_function *function, enum value_kind kind)
{
    const struct vec *codes = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, kind, frame_n(f));
    struct memo *memo = plan_memo(op);

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = vec_state(codes, i);
        int32_t day = day_at(f, op, 1, i, &state);
        uint64_t value;
        if (state != CELL_OK) {
            vec_put_state(&b, i, state);
            continue;
        }
        if (!memo_get(memo, at_day(codes->id[i], day), &value)) {
            value = function(f, op, codes->id[i], day);
            memo_put(memo, at_day(codes->id[i], day), value);
        }
        if (value == NO_VALUE) {
            vec_put_state(&b, i, CELL_EMPTY);
        } else if (kind == VALUE_BOOL) {
            vec_put_flag(&b, i, value != 0);
        } else {
            vec_put_id(&b, i, (uint32_t)value);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

static uint64_t label_of(struct frame *f, const struct op *op, uint32_t id, int32_t day)
{
    const struct code_entry *e =
        entry_of(f, list_of(f, op->expr->args[0]->codelist), id, day);

    return e == NULL || e->label.p == NULL ? NO_VALUE
                                           : dict_add(f->engine->texts, e->label);
}

void fn_LABEL(struct frame *f, const struct op *op, struct vec *out)
{
    map_codes(f, op, out, label_of, VALUE_TEXT);
}

static uint64_t parent_of(struct frame *f, const struct op *op, uint32_t id, int32_t day)
{
    uint32_t codelist = op->expr->args[0]->codelist;
    const struct code_entry *e = entry_of(f, list_of(f, codelist), id, day);

    return e == NULL || e->parent.n == 0 ? NO_VALUE
                                         : engine_code(f->engine, codelist, e->parent);
}

void fn_PARENT(struct frame *f, const struct op *op, struct vec *out)
{
    map_codes(f, op, out, parent_of, VALUE_CODE);
}

static uint64_t is_code(struct frame *f, const struct op *op, uint32_t id, int32_t day)
{
    return entry_of(f, list_of(f, op->expr->codelist), id, day) != NULL;
}

void run_in_codes(struct frame *f, const struct op *op, struct vec *out)
{
    map_codes(f, op, out, is_code, VALUE_BOOL);
}

/* The folded codes below a group on a day, as a dictionary. */
static const struct dict *members_of(struct frame *f, const struct op *op, uint32_t group,
                                     int32_t day)
{
    struct engine *e = f->engine;
    struct memo *memo = plan_memo(op);
    const struct dict *known = memo_get_pointer(memo, at_day(group, day));

    if (known != NULL) {
        return known;
    }
    struct dict *members = dict_new(e->a);
    struct str *codes;
    size_t n = codelist_members(list_of(f, op->expr->codelist),
                                dict_str(e->texts, engine_fold(e, group)), day,
                                op->expr->flag, e->a, &codes);
    for (size_t i = 0; i < n; i++) {
        dict_add(members, str_fold(e->a, codes[i]));
    }
    memo_put_pointer(memo, at_day(group, day), members);
    return members;
}

void run_in_members(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *codes = arg(f, op, 0), *groups = arg(f, op, 1);
    struct engine *e = f->engine;
    struct vec_builder b = vec_build(e->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = cell_worse(vec_state(codes, i), vec_state(groups, i));
        int32_t day = day_at(f, op, 2, i, &state);
        if (state != CELL_OK) {
            vec_put_state(&b, i, state);
            continue;
        }
        const struct dict *members = members_of(f, op, groups->id[i], day);
        struct str code = dict_str(e->texts, engine_fold(e, codes->id[i]));
        vec_put_flag(&b, i, dict_find(members, code) != DICT_NONE);
    }
    *out = vec_built(e->batch, &b, frame_n(f));
}

struct readings {
    struct num *items;
    size_t n;
};

static const struct readings *readings_of(struct engine *e, struct memo *memo,
                                          uint32_t text)
{
    const struct readings *known = memo_get_pointer(memo, text);

    if (known != NULL) {
        return known;
    }
    struct readings *r = arena_new(e->a, struct readings);
    r->n = numfmt_numbers_in(e->a, dict_str(e->texts, text), &r->items);
    memo_put_pointer(memo, text, r);
    return r;
}

static bool has_reading(const struct readings *r, struct num v)
{
    for (size_t i = 0; i < r->n; i++) {
        if (num_eq(r->items[i], v)) {
            return true;
        }
    }
    return false;
}

void run_in_numbers(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *x = arg(f, op, 0), *texts = arg(f, op, 1);
    struct vec_builder b = vec_build(f->engine->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = cell_worse(vec_state(x, i), vec_state(texts, i));
        if (state == CELL_OK) {
            const struct readings *r =
                readings_of(f->engine, plan_memo(op), texts->id[i]);
            vec_put_flag(&b, i, has_reading(r, vec_num(x, i)));
        } else {
            vec_put_state(&b, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

/* Units are known by name or label, folded; "%" is a hundredth of one. */
#define UNIT_UNKNOWN 0u
#define UNIT_PERCENT_SIGN 1u
#define UNIT_FIRST 2u

static uint64_t find_unit(struct engine *e, uint32_t text)
{
    struct str wanted = dict_str(e->texts, engine_fold(e, text));

    if (str_eq(wanted, STR("%"))) {
        return UNIT_PERCENT_SIGN;
    }
    for (uint32_t u = 0; u < e->rules->n_units; u++) {
        const struct unit *unit = &e->rules->units[u];
        if (str_eq(wanted, str_fold(e->a, unit->name)) ||
            str_eq(wanted, str_fold(e->a, unit->label))) {
            return UNIT_FIRST + u;
        }
    }
    return UNIT_UNKNOWN;
}

static uint64_t unit_named(struct engine *e, uint32_t text)
{
    uint64_t unit;

    if (!memo_get(e->units, text, &unit)) {
        unit = find_unit(e, text);
        memo_put(e->units, text, unit);
    }
    return unit;
}

struct str unit_called(struct engine *e, uint32_t text)
{
    uint64_t unit = unit_named(e, text);

    if (unit >= UNIT_FIRST) {
        return e->rules->units[unit - UNIT_FIRST].name;
    }
    return unit == UNIT_PERCENT_SIGN ? STR("%") : dict_str(e->texts, text);
}

/* What a value in unit `from` is multiplied and divided by to stand in unit `to` (codes
 * of unit_named). */
static bool conversion(const struct engine *e, uint64_t from, uint64_t to,
                       struct num *factor)
{
    if (from == to && from != UNIT_UNKNOWN) {
        *factor = num_int(1);
        return true;
    }
    if (from < UNIT_FIRST || to < UNIT_FIRST) {
        return false;
    }
    const struct unit *a = &e->rules->units[from - UNIT_FIRST],
                      *b = &e->rules->units[to - UNIT_FIRST];
    return a->base == b->base && num_div(a->factor, b->factor, factor) == DEC_OK;
}

/* The same for the unit that the expression's place demands: any, where that is the unit
 * of the row. */
static bool conversion_to(const struct engine *e, uint64_t from,
                          const struct unit_expr *target, struct num *factor)
{
    if (target->kind == UNIT_IN_ROW) {
        *factor = num_int(1);
        return true;
    }
    if (from == UNIT_PERCENT_SIGN) {
        *factor = num_dec(1, 2);
        return target->kind == UNIT_PURE || target->kind == UNIT_OPEN;
    }
    bool is_simple =
        target->kind == UNIT_DECLARED && target->n == 1 && target->terms[0].power == 1;
    return is_simple && conversion(e, from, UNIT_FIRST + target->terms[0].unit, factor);
}

void run_row_unit(struct frame *f, const struct op *op, struct vec *out)
{
    const struct vec *values = arg(f, op, 0), *units = arg(f, op, 1);
    struct engine *e = f->engine;
    struct vec_builder b = vec_build(e->batch, VALUE_NUM, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = cell_worse(vec_state(values, i), vec_state(units, i));
        struct num factor, result;
        if (op->n > 2) {
            state = cell_worse(state, vec_state(arg(f, op, 2), i));
        }
        if (state != CELL_OK) {
            vec_put_state(&b, i, state);
            continue;
        }
        uint64_t from = unit_named(e, units->id[i]);
        bool is_known =
            op->n > 2 ? conversion(e, from, unit_named(e, arg(f, op, 2)->id[i]), &factor)
                      : conversion_to(e, from, &op->expr->unit, &factor);
        if (!is_known) {
            vec_put_state(&b, i, CELL_UNIT);
        } else if (num_mul(vec_num(values, i), factor, &result) != DEC_OK) {
            vec_put_state(&b, i, CELL_LIMIT);
        } else {
            vec_put_num(&b, i, result);
        }
    }
    *out = vec_built(e->batch, &b, frame_n(f));
}

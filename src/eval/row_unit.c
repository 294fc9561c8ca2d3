/* See row_unit.h. */
#include "eval/row_unit.h"

#include "base/utf8.h"

/* Units are known by name or label, folded; "%" is a hundredth of one. */
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
    return ROW_UNIT_UNKNOWN;
}

uint64_t row_unit(struct engine *e, uint32_t text)
{
    uint64_t unit;

    if (!memo_get(e->units, text, &unit)) {
        unit = find_unit(e, text);
        memo_put(e->units, text, unit);
    }
    return unit;
}

struct str row_unit_called(struct engine *e, uint32_t text)
{
    uint64_t unit = row_unit(e, text);

    if (unit >= UNIT_FIRST) {
        return e->rules->units[unit - UNIT_FIRST].name;
    }
    return unit == UNIT_PERCENT_SIGN ? STR("%") : dict_str(e->texts, text);
}

bool row_unit_factor(const struct engine *e, uint64_t from, uint64_t to,
                     struct num *factor)
{
    if (from == to && from != ROW_UNIT_UNKNOWN) {
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

bool row_unit_factor_to(const struct engine *e, uint64_t from,
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
    return is_simple &&
           row_unit_factor(e, from, UNIT_FIRST + target->terms[0].unit, factor);
}

#include "value/type.h"

#include <assert.h>

static const struct {
    const char *name;
    enum value_kind kind;
} types[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = {"text", VALUE_TEXT},      [COLUMN_CODE] = {"code", VALUE_CODE},
    [COLUMN_COUNT] = {"count", VALUE_NUM},     [COLUMN_INTEGER] = {"integer", VALUE_NUM},
    [COLUMN_DECIMAL] = {"decimal", VALUE_NUM}, [COLUMN_PERCENT] = {"percent", VALUE_NUM},
    [COLUMN_DATE] = {"date", VALUE_DAY},       [COLUMN_PERIOD] = {"period", VALUE_PERIOD},
    [COLUMN_YEAR] = {"year", VALUE_NUM},       [COLUMN_FLAG] = {"flag", VALUE_BOOL},
};

bool unit_equal(const struct unit_expr *a, const struct unit_expr *b)
{
    assert(a && b);
    if (a->kind != b->kind || a->n != b->n) {
        return false;
    }
    if (a->kind == UNIT_IN_ROW) {
        return a->row_column == b->row_column;
    }
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->terms[i].unit != b->terms[i].unit ||
            a->terms[i].power != b->terms[i].power) {
            return false;
        }
    }
    return true;
}

static bool has_terms(const struct unit_expr *u)
{
    assert(u->n <= UNIT_TERMS);
    return u->kind == UNIT_PURE || u->kind == UNIT_DECLARED;
}

/* Adds a term behind the last one. False: too many terms, or a power beyond all reason.
 */
static bool add_term(struct unit_expr *u, uint32_t unit, int64_t power)
{
    if (power == 0) {
        return true;
    }
    if (u->n == UNIT_TERMS || power > INT32_MAX || power < INT32_MIN) {
        return false;
    }
    u->terms[u->n++] = (struct unit_term){unit, (int32_t)power};
    u->kind = UNIT_DECLARED;
    return true;
}

struct unit_expr unit_product(const struct unit_expr *a, const struct unit_expr *b,
                              int sign)
{
    assert(a && b && (sign == 1 || sign == -1));
    const struct unit_expr open = {.kind = UNIT_OPEN, .row_column = ID_NONE};
    struct unit_expr product = {.kind = UNIT_PURE, .row_column = ID_NONE};
    uint32_t i = 0, k = 0;

    if (!has_terms(a) || !has_terms(b)) {
        return open;
    }
    while (i < a->n || k < b->n) {
        uint32_t left = i < a->n ? a->terms[i].unit : ID_NONE;
        uint32_t right = k < b->n ? b->terms[k].unit : ID_NONE;
        int64_t power = left <= right ? a->terms[i++].power : 0;
        if (right <= left) {
            power += (int64_t)sign * b->terms[k++].power;
        }
        if (!add_term(&product, left < right ? left : right, power)) {
            return open;
        }
    }
    return product;
}

/* The unit as often as its power says, each time behind `mark`. */
static void add_factor(struct text *t, struct str name, int64_t times, char mark)
{
    for (int64_t i = 0; i < times; i++) {
        if (t->n > 0) {
            text_char(t, mark);
        }
        text_add(t, name);
    }
}

struct str unit_str(struct arena *a, const struct unit_expr *u, const struct unit *units,
                    bool labels)
{
    assert(a && u && (units || u->n == 0));
    struct text t = text_in(a);

    for (int sign = 1; sign >= -1; sign -= 2) {
        for (uint32_t i = 0; i < u->n && has_terms(u); i++) {
            const struct unit *unit = &units[u->terms[i].unit];
            struct str name = labels && unit->label.p ? unit->label : unit->name;
            int64_t times = (int64_t)sign * u->terms[i].power;
            if (sign < 0 && times > 0 && t.n == 0) {
                text_char(&t, '1');
            }
            add_factor(&t, name, times, sign > 0 ? '*' : '/');
        }
    }
    return t.n > 0 ? text_str(&t) : STR("");
}

const char *column_type_name(enum column_type t)
{
    assert(t < COLUMN_TYPE_COUNT);
    return types[t].name;
}

bool column_type_by_name(struct str name, enum column_type *out)
{
    assert(out);
    for (int t = 0; t < COLUMN_TYPE_COUNT; t++) {
        if (str_eq(name, str_of(types[t].name))) {
            *out = (enum column_type)t;
            return true;
        }
    }
    return false;
}

enum value_kind column_value_kind(enum column_type t)
{
    assert(t < COLUMN_TYPE_COUNT);
    return types[t].kind;
}

uint32_t schema_column(const struct schema *s, struct str name)
{
    assert(s);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (str_eq(s->columns[i].name, name)) {
            return i;
        }
    }
    return ID_NONE;
}

bool flag_read(struct str folded, bool *out)
{
    static const struct {
        struct str text;
        bool is_true;
    } words[] = {
        {{"có", 3}, true},     {{"đúng", 6}, true}, {{"yes", 3}, true},
        {{"true", 4}, true},   {{"x", 1}, true},    {{"1", 1}, true},
        {{"không", 6}, false}, {{"sai", 3}, false}, {{"no", 2}, false},
        {{"false", 5}, false}, {{"0", 1}, false},
    };
    assert(out);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(words[i].text, folded)) {
            *out = words[i].is_true;
            return true;
        }
    }
    return false;
}

/* An `at` compares cells as their column's type; a totals row has cells of its own table,
 * a whole file has none. What is counted of a whole file (D.columns, D.row) cannot be
 * told apart by an `at`: there the worst verdict is the file's. */
#include "run/test_match.h"

#include "base/utf8.h"
#include "eval/plan.h"

#include <assert.h>

enum verdict expected_verdict(enum expected_verdict e)
{
    static const enum verdict verdicts[] = {
        [EXPECT_PASS] = VERDICT_PASS,       [EXPECT_FAIL] = VERDICT_FAIL,
        [EXPECT_UNKNOWN] = VERDICT_UNKNOWN, [EXPECT_SKIP] = VERDICT_NA,
        [EXPECT_ERROR] = VERDICT_ERROR,
    };
    assert((size_t)e < COUNT_OF(verdicts));
    return verdicts[e];
}

static bool flag_is(struct arena *a, const struct literal *l, bool v)
{
    bool wanted;
    return flag_read(str_fold(a, l->text), &wanted) && wanted == v;
}

static bool num_is(const struct literal *l, struct num v)
{
    struct num wanted = l->num;
    if (l->kind != VALUE_NUM && !num_parse(str_trim(l->text), &wanted)) {
        return false;
    }
    return num_eq(wanted, v);
}

static bool day_is(const struct literal *l, int32_t v)
{
    int32_t wanted = l->when;
    return (l->kind == VALUE_DAY || date_parse(l->text, &wanted)) && wanted == v;
}

static bool period_is(const struct literal *l, int32_t v)
{
    int32_t wanted = l->when;
    return (l->kind == VALUE_PERIOD || period_parse(l->text, &wanted)) && wanted == v;
}

static bool cell_is(const struct test_case *t, const struct table_column *c, uint32_t row,
                    const struct literal *l)
{
    if (c->state[row] != CELL_OK) {
        return false;
    }
    switch (c->kind) {
    case VALUE_NUM:
        return num_is(l, column_num(c, row));
    case VALUE_TEXT:
        return str_eq(dict_str(t->texts, c->id[row]), utf8_nfc(t->a, str_trim(l->text)));
    case VALUE_CODE:
        return str_eq(str_fold(t->a, dict_str(t->texts, c->id[row])),
                      str_fold(t->a, l->text));
    case VALUE_DAY:
        return day_is(l, c->when[row]);
    case VALUE_PERIOD:
        return period_is(l, c->when[row]);
    case VALUE_BOOL:
        return flag_is(t->a, l, c->flag[row] != 0);
    case VALUE_ERROR:
        break;
    }
    return false;
}

static bool has_rows(enum rule_kind kind)
{
    return kind != RULE_COLUMNS && kind != RULE_ROW;
}

static bool fits(const struct test_case *t, const struct expect *e,
                 const struct verdict_row *v)
{
    const struct rule *rule = &t->ev->rules[v->rule];
    if (!str_eq(rule->id, e->check)) {
        return false;
    }
    if (e->n_at == 0) {
        return true;
    }
    if (v->row == ROW_NONE || !has_rows(rule->kind)) {
        return false;
    }
    const struct facts *facts = &t->ev->engine->facts[rule->dataset];
    const struct table_column *columns =
        rule->kind == RULE_TOTALS ? facts->table->totals_columns : facts->table->columns;
    for (uint32_t i = 0; i < e->n_at; i++) {
        uint32_t column = e->at[i].column == ID_NONE
                              ? schema_column(facts->schema, e->at[i].name)
                              : e->at[i].column;
        if (column == ID_NONE || !cell_is(t, &columns[column], v->row, &e->at[i].value)) {
            return false;
        }
    }
    return true;
}

bool test_match(const struct test_case *t, const struct expect *e, struct match *out)
{
    assert(t && t->ev && e && out);
    enum verdict wanted = expected_verdict(e->verdict);
    *out = (struct match){0};
    bool is_of_file = false;
    for (uint32_t i = 0; i < t->ev->n_rules; i++) {
        if (str_eq(t->ev->rules[i].id, e->check)) {
            out->has_rule = true;
            is_of_file = !has_rows(t->ev->rules[i].kind);
        }
    }
    for (size_t i = 0; i < t->n_verdicts; i++) {
        const struct verdict_row *v = &t->verdicts[i];
        if (fits(t, e, v)) {
            out->n++;
            out->by_verdict[v->verdict]++;
            out->wrong = out->wrong || v->verdict == wanted ? out->wrong : v;
        }
    }
    bool is_worst = is_of_file && wanted != VERDICT_PASS && out->by_verdict[wanted] > 0;
    return is_worst || (out->n > 0 && !out->wrong);
}

static bool is_allowed(const struct test_case *t, const struct verdict_row *v)
{
    for (uint32_t i = 0; i < t->test->n_expects; i++) {
        const struct expect *e = &t->test->expects[i];
        if (expected_verdict(e->verdict) == v->verdict && fits(t, e, v)) {
            return true;
        }
    }
    return false;
}

const struct verdict_row *test_stray(const struct test_case *t,
                                     const struct verdict_row *after)
{
    assert(t &&
           (!after || (after >= t->verdicts && after < t->verdicts + t->n_verdicts)));
    for (size_t i = after ? (size_t)(after - t->verdicts) + 1 : 0; i < t->n_verdicts;
         i++) {
        const struct verdict_row *v = &t->verdicts[i];
        bool is_bad = v->verdict == VERDICT_FAIL || v->verdict == VERDICT_ERROR;
        if (is_bad && !is_allowed(t, v)) {
            return v;
        }
    }
    return NULL;
}

const struct finding *test_finding(const struct test_case *t, const struct verdict_row *v)
{
    assert(t && t->ev && v);
    for (size_t i = 0; i < t->ev->n_findings; i++) {
        const struct finding *f = &t->ev->findings[i];
        if (f->rule == v->rule && f->row == v->row && f->verdict == v->verdict) {
            return f;
        }
    }
    return NULL;
}

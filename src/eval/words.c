/* See words.h. */
#include "eval/words.h"

#include "eval/kernel.h"

#include <assert.h>
#include <string.h>

static bool has_blanks(const struct expr *x)
{
    uint32_t first = x->op == EXPR_IF;
    bool may_pass = x->op == EXPR_IF || x->op == EXPR_COALESCE ||
                    x->op == EXPR_PREVIOUS || x->op == EXPR_AT ||
                    (x->op == EXPR_CALL && (x->fn == FN_LOWER || x->fn == FN_UPPER));

    if (x->kind != VALUE_TEXT) {
        return false;
    }
    if (x->op == EXPR_TEXT) {
        return str_trim(x->text).n != x->text.n;
    }
    for (uint32_t i = first; may_pass && i < x->n; i++) {
        if (has_blanks(x->args[i])) {
            return true;
        }
    }
    return x->op == EXPR_LOOKUP && has_blanks(x->select->pick);
}

const struct expr *words_compared(struct engine *e, const struct expr *x)
{
    if (!has_blanks(x)) {
        return x;
    }
    struct expr *out = arena_new(e->a, struct expr);
    if (x->op == EXPR_TEXT) {
        *out = *x;
        out->text = str_trim(x->text);
        return out;
    }
    const struct expr **args = arena_new_array(e->a, 1, const struct expr *);
    args[0] = x;
    *out = (struct expr){
        .op = EXPR_CALL, .kind = VALUE_TEXT, .fn = FN_TRIM, .args = args, .n = 1};
    return out;
}

bool words_fold(const struct schema *s, uint32_t column, enum value_kind value)
{
    return value == VALUE_CODE && s->columns[column].type == COLUMN_TEXT;
}

uint32_t words_sought(struct engine *e, struct program *p, uint32_t slot,
                      enum value_kind value, enum value_kind among, uint32_t codelist)
{
    if (value == VALUE_CODE && among == VALUE_TEXT) {
        return program_op(
            e, p,
            (struct op){.run = run_fold, .args = &slot, .n = 1, .data = memo_new(e->a)});
    }
    if (value == VALUE_TEXT && among == VALUE_CODE) {
        struct expr *code = arena_new(e->a, struct expr);
        *code =
            (struct expr){.op = EXPR_COLUMN, .kind = VALUE_CODE, .codelist = codelist};
        return program_op(e, p,
                          (struct op){.run = run_to_code,
                                      .expr = code,
                                      .args = &slot,
                                      .n = 1,
                                      .data = memo_new(e->a)});
    }
    return slot;
}

void words_bound(struct engine *e, struct program *p, const struct select *s,
                 uint32_t *slots)
{
    const struct schema *schema = e->facts[s->dataset].schema;

    for (uint32_t i = 0; i < s->n_binds; i++) {
        const struct column *c = &schema->columns[s->binds[i].column];
        const struct expr *value = s->binds[i].value;
        slots[i] = words_sought(e, p, program_add(e, p, words_compared(e, value)),
                                value->kind, column_value_kind(c->type), c->codelist);
    }
}

static uint32_t *folded_ids(struct engine *e, const struct table *t,
                            const struct table_column *c)
{
    uint32_t n = t->n + t->n_absent;
    uint32_t *ids = arena_new_array(e->a, (size_t)n + 1, uint32_t);

    assert(c->kind == VALUE_TEXT);
    for (uint32_t row = 0; row < n; row++) {
        ids[row] = c->state[row] == CELL_OK ? engine_fold(e, c->id[row]) : c->id[row];
    }
    return ids;
}

const struct table *words_table(struct engine *e, const struct table *t,
                                const uint32_t *columns, const bool *folds, uint32_t n)
{
    struct table *copy = NULL;

    for (uint32_t i = 0; i < n; i++) {
        if (!folds[i]) {
            continue;
        }
        if (copy == NULL) {
            uint32_t n_columns = t->schema->n_columns;
            copy = arena_new(e->a, struct table);
            *copy = *t;
            copy->columns = arena_new_array(e->a, n_columns, struct table_column);
            memcpy(copy->columns, t->columns, n_columns * sizeof *copy->columns);
        }
        copy->columns[columns[i]].id = folded_ids(e, t, &t->columns[columns[i]]);
    }
    return copy == NULL ? t : copy;
}

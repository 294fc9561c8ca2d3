/* Text functions. Each runs once per distinct text: a memo from dictionary id to result
 * serves every row. */
#include "base/utf8.h"
#include "eval/kernel.h"
#include "eval/regex.h"

#include <assert.h>

typedef uint64_t text_function(struct engine *e, const struct op *op, uint32_t id);

#define LIMIT_VALUE (UINT64_MAX - 1)

static uint64_t once(struct frame *f, const struct op *op, text_function *function,
                     uint32_t id)
{
    struct memo *memo = plan_memo(op);
    uint64_t value;

    if (!memo_get(memo, id, &value)) {
        value = function(f->engine, op, id);
        memo_put(memo, id, value);
    }
    return value;
}

/* Results of `function` for every element, as texts, numbers or flags by the kind of the
 * expression. */
static void map_text(struct frame *f, const struct op *op, struct vec *out,
                     text_function *function, enum value_kind kind)
{
    const struct vec *a = arg(f, op, 0);
    struct vec_builder b = vec_build(f->engine->batch, kind, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        if (vec_state(a, i) != CELL_OK) {
            vec_put_state(&b, i, vec_state(a, i));
            continue;
        }
        uint64_t value = once(f, op, function, a->id[i]);
        if (value == LIMIT_VALUE) {
            vec_put_state(&b, i, CELL_LIMIT);
        } else if (kind == VALUE_NUM) {
            vec_put_num(&b, i, num_int((int64_t)value));
        } else if (kind == VALUE_BOOL) {
            vec_put_flag(&b, i, value != 0);
        } else {
            vec_put_id(&b, i, (uint32_t)value);
        }
    }
    *out = vec_built(f->engine->batch, &b, frame_n(f));
}

static uint64_t length_of(struct engine *e, const struct op *op, uint32_t id)
{
    (void)op;
    return utf8_length(dict_str(e->texts, id));
}

void fn_LENGTH(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, length_of, VALUE_NUM);
}

static uint64_t lower_of(struct engine *e, const struct op *op, uint32_t id)
{
    (void)op;
    return dict_add(e->texts, utf8_lower(e->a, dict_str(e->texts, id)));
}

void fn_LOWER(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, lower_of, VALUE_TEXT);
}

static uint64_t upper_of(struct engine *e, const struct op *op, uint32_t id)
{
    (void)op;
    return dict_add(e->texts, utf8_upper(e->a, dict_str(e->texts, id)));
}

void fn_UPPER(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, upper_of, VALUE_TEXT);
}

static uint64_t trim_of(struct engine *e, const struct op *op, uint32_t id)
{
    (void)op;
    return dict_add(e->texts, str_trim(dict_str(e->texts, id)));
}

void fn_TRIM(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, trim_of, VALUE_TEXT);
}

static uint64_t fold_of(struct engine *e, const struct op *op, uint32_t id)
{
    (void)op;
    return engine_fold(e, id);
}

void fn_FOLD(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, fold_of, VALUE_TEXT);
}

void run_fold(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, fold_of, VALUE_TEXT);
}

static uint64_t code_of(struct engine *e, const struct op *op, uint32_t id)
{
    return engine_code(e, op->expr->codelist, dict_str(e->texts, id));
}

/* The code that a text names, as columns of its list hold it. */
void run_to_code(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, code_of, VALUE_CODE);
}

static uint64_t matches(struct engine *e, const struct op *op, uint32_t id)
{
    switch (regex_match(plan_regex(op), dict_str(e->texts, id))) {
    case REGEX_NO:
        return 0;
    case REGEX_YES:
        return 1;
    case REGEX_LIMIT:
        break;
    }
    return LIMIT_VALUE;
}

void run_matches(struct frame *f, const struct op *op, struct vec *out)
{
    map_text(f, op, out, matches, VALUE_BOOL);
}

static void compare_ends(struct frame *f, const struct op *op, struct vec *out,
                         bool (*test)(struct str s, struct str part))
{
    const struct vec *a = arg(f, op, 0), *b = arg(f, op, 1);
    const struct dict *texts = f->engine->texts;
    struct vec_builder built = vec_build(f->engine->batch, VALUE_BOOL, frame_n(f));

    for (uint32_t i = 0; i < frame_n(f); i++) {
        uint8_t state = cell_worse(vec_state(a, i), vec_state(b, i));
        if (state == CELL_OK) {
            vec_put_flag(&built, i,
                         test(dict_str(texts, a->id[i]), dict_str(texts, b->id[i])));
        } else {
            vec_put_state(&built, i, state);
        }
    }
    *out = vec_built(f->engine->batch, &built, frame_n(f));
}

void fn_STARTS_WITH(struct frame *f, const struct op *op, struct vec *out)
{
    compare_ends(f, op, out, str_starts);
}

void fn_ENDS_WITH(struct frame *f, const struct op *op, struct vec *out)
{
    compare_ends(f, op, out, str_ends);
}

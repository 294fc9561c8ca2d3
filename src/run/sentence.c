/* Recursion over the expression, with a budget of nodes: shared nodes are said at every
 * use, so a formula built from itself could otherwise be endless. Operands that are
 * themselves composed stand in brackets. */
#include "run/sentence.h"

#include "run/figures.h"
#include "value/date.h"

#include <assert.h>

enum { BUDGET = 160 };

struct speaker {
    struct arena *a;
    const struct ruleset *rules;
    enum diag_lang lang;
    unsigned budget;
    struct text out;
};

static const char *const fn_docs[FN_COUNT][2] = {
#define FN(id, name, arguments, result, vi, en, example) [FN_##id] = {vi, en},
#include "lang/fn.def"
#undef FN
};

static const char *const agg_docs[AGG_COUNT_ALL][2] = {
#define AGG(id, name, argument, result, vi, en) [AGG_##id] = {vi, en},
#include "lang/agg.def"
#undef AGG
};

static void speak(struct speaker *s, const struct expr *x);

static void say(struct speaker *s, const char *vi, const char *en)
{
    text_add_z(&s->out, s->lang == LANG_VI ? vi : en);
}

static void put(struct speaker *s, struct str t)
{
    text_add(&s->out, t);
}

struct str column_title(const struct ruleset *rules, uint32_t dataset, uint32_t column,
                        enum diag_lang lang)
{
    assert(rules);
    if (dataset >= rules->n_datasets) {
        return STR_NONE;
    }
    const struct column *c = &rules->datasets[dataset].schema.columns[column];
    struct str title = told(&c->title, lang);
    return title.n ? title : c->name;
}

struct str dataset_title(const struct ruleset *rules, uint32_t dataset,
                         enum diag_lang lang)
{
    static const char *const kinds[][2] = {
        [RESULT_TARGET] = {"kết quả chỉ tiêu", "results of targets"},
        [RESULT_BOARD] = {"bảng điểm", "scoreboards"},
        [RESULT_INDICATOR] = {"giá trị chỉ số", "values of indicators"},
    };
    assert(rules);
    if (dataset >= rules->n_datasets) {
        return str_of(kinds[rules->results[dataset - rules->n_datasets].kind][lang]);
    }
    const struct schema *s = &rules->datasets[dataset].schema;
    struct str title = told(&s->title, lang);
    return title.n ? title : s->name;
}

/* A column of a result data set: what stands behind its key. */
static struct str result_word(const struct speaker *s, uint32_t dataset, uint32_t column)
{
    static const char *const words[][5][2] = {
        [RESULT_TARGET] = {{"số thực hiện", "the actual"},
                           {"kế hoạch", "the plan"},
                           {"tỷ lệ thực hiện", "the ratio"},
                           {"điểm", "the points"},
                           {"kết quả", "the status"}},
        [RESULT_BOARD] = {{"điểm", "the points"},
                          {"hạng", "the rank"},
                          {"xếp loại", "the grade"}},
        [RESULT_INDICATOR] = {{"giá trị", "the value"}},
    };
    const struct result_set *r = &s->rules->results[dataset - s->rules->n_datasets];
    uint32_t at = column - 1 - r->n_key;
    bool is_value = column > r->n_key && at < 5 && words[r->kind][at][0];
    return is_value ? str_of(words[r->kind][at][s->lang]) : STR_NONE;
}

static void speak_column(struct speaker *s, const struct expr *x)
{
    struct str title = column_title(s->rules, x->dataset, x->column, s->lang);
    if (!title.p) {
        title = result_word(s, x->dataset, x->column);
    }
    put(s, title.p ? title : written(s->a, s->rules->sources, x->at));
}

static bool is_composed(const struct expr *x)
{
    switch ((int)x->op) {
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
    case EXPR_DIV:
    case EXPR_IF:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IMPLIES:
    case EXPR_COMPARE:
        return true;
    default:
        return false;
    }
}

static void speak_part(struct speaker *s, const struct expr *x)
{
    bool has_brackets = is_composed(x);
    text_add_z(&s->out, has_brackets ? "(" : "");
    speak(s, x);
    text_add_z(&s->out, has_brackets ? ")" : "");
}

static void speak_infix(struct speaker *s, const struct expr *x, const char *vi,
                        const char *en)
{
    bool is_sum = x->op == EXPR_ADD || x->op == EXPR_SUB;
    bool is_left_sum = x->args[0]->op == EXPR_ADD || x->args[0]->op == EXPR_SUB;
    bool is_plain = x->op == EXPR_COMPARE || (is_sum && is_left_sum) ||
                    ((x->op == EXPR_AND || x->op == EXPR_OR) && x->args[0]->op == x->op);
    if (is_plain) {
        speak(s, x->args[0]);
    } else {
        speak_part(s, x->args[0]);
    }
    say(s, vi, en);
    if (x->op == EXPR_COMPARE) {
        speak(s, x->args[1]);
    } else {
        speak_part(s, x->args[1]);
    }
}

static void speak_compare(struct speaker *s, const struct expr *x)
{
    static const char *const words[][2] = {
        [CMP_EQ] = {" bằng ", " equals "},
        [CMP_NE] = {" khác ", " differs from "},
        [CMP_LT] = {" nhỏ hơn ", " is below "},
        [CMP_LE] = {" không quá ", " is at most "},
        [CMP_GT] = {" lớn hơn ", " is above "},
        [CMP_GE] = {" ít nhất bằng ", " is at least "},
    };
    speak_infix(s, x, words[x->cmp][LANG_VI], words[x->cmp][LANG_EN]);
}

static void speak_args(struct speaker *s, const struct expr *x, uint32_t from,
                       uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        text_add_z(&s->out, i > from ? ", " : "");
        speak(s, x->args[i]);
    }
}

/* Whether the selected row has the same in a column as the row that selects. */
static bool is_same_column(const struct speaker *s, const struct select *select,
                           const struct bind *b)
{
    if (b->value->op != EXPR_COLUMN || b->value->dataset >= s->rules->n_datasets) {
        return false;
    }
    if (select->dataset >= s->rules->n_datasets) {
        return true; /* results have the key of their source */
    }
    const struct schema *own = &s->rules->datasets[b->value->dataset].schema;
    const struct schema *other = &s->rules->datasets[select->dataset].schema;
    return str_eq(own->columns[b->value->column].name, other->columns[b->column].name);
}

/* " (cùng Mã đơn vị, Năm = 2022)": what chooses the rows. The binds of a group are the
 * group itself. */
static void speak_choice(struct speaker *s, const struct select *select)
{
    bool is_first = true;
    for (uint32_t i = 0; !select->over_group && i < select->n_binds; i++) {
        const struct bind *b = &select->binds[i];
        struct str title = column_title(s->rules, select->dataset, b->column, s->lang);
        text_add_z(&s->out, is_first ? " (" : ", ");
        is_first = false;
        if (is_same_column(s, select, b)) {
            say(s, "cùng ", "same ");
        } else if (title.p) {
            put(s, title);
            text_add_z(&s->out, " = ");
        }
        speak(s, b->value);
    }
    for (uint32_t i = 0; i < select->n_conds; i++) {
        text_add_z(&s->out, is_first ? " (" : ", ");
        is_first = false;
        speak(s, select->conds[i]);
    }
    text_add_z(&s->out, is_first ? "" : ")");
}

static void speak_lookup(struct speaker *s, const struct expr *x)
{
    if (x->select->pick) {
        speak(s, x->select->pick);
        say(s, " của ", " of ");
    }
    put(s, dataset_title(s->rules, x->select->dataset, s->lang));
    speak_choice(s, x->select);
}

static void speak_aggregate(struct speaker *s, const struct expr *x)
{
    text_add_z(&s->out, agg_docs[x->agg][s->lang]);
    if (x->select->pick) {
        say(s, " ", " of ");
        speak_part(s, x->select->pick);
    }
    if (x->select->over_group) {
        say(s, " trong nhóm", " in the group");
    } else {
        say(s, " của các dòng ", " over the rows of ");
        put(s, dataset_title(s->rules, x->select->dataset, s->lang));
    }
    speak_choice(s, x->select);
}

static void speak_over(struct speaker *s, const struct expr *x)
{
    uint32_t n = x->flag && x->agg != AGG_COUNT ? x->n / 2 : x->n;
    text_add_z(&s->out, agg_docs[x->agg][s->lang]);
    say(s, x->agg == AGG_COUNT ? " cột thỏa: " : " của ",
        x->agg == AGG_COUNT ? " where: " : " of ");
    speak_args(s, x, 0, n);
    if (n < x->n) {
        say(s, ", chỉ tính khi ", ", each only if ");
        speak_args(s, x, n, x->n);
    }
}

static void speak_call(struct speaker *s, const struct expr *x)
{
    text_add_z(&s->out, fn_docs[x->fn][s->lang]);
    text_add_z(&s->out, " (");
    speak_args(s, x, 0, x->n);
    text_add_z(&s->out, ")");
}

static void speak_number(struct speaker *s, const struct expr *x)
{
    if (str_ends(written(s->a, s->rules->sources, x->at), STR("%"))) {
        put(s, percent(s->a, x->num, s->lang));
        return;
    }
    put(s, x->is_year ? num_str(s->a, x->num) : figure(s->a, x->num, s->lang));
    struct str unit = unit_label(s->a, &x->unit, s->rules);
    text_add_z(&s->out, unit.n ? " " : "");
    put(s, unit);
}

static void speak_text(struct speaker *s, struct str t)
{
    text_add_z(&s->out, "“");
    put(s, t);
    text_add_z(&s->out, "”");
}

static void speak_word(struct speaker *s, const struct expr *x)
{
    static const char *const words[][2] = {
        [WORD_LEFT] = {"vế trái", "left"},    [WORD_RIGHT] = {"vế phải", "right"},
        [WORD_DIFF] = {"chênh lệch", "diff"}, [WORD_SLACK] = {"phần còn lại", "slack"},
        [WORD_KEY] = {"khóa", "key"},         [WORD_FILE] = {"tệp", "file"},
        [WORD_LINE] = {"dòng", "line"},
    };
    say(s, words[x->word][LANG_VI], words[x->word][LANG_EN]);
}

/* Sets: what stands after `in`. */
static void speak_set(struct speaker *s, const struct expr *x)
{
    speak_part(s, x->args[0]);
    switch ((int)x->op) {
    case EXPR_IN_LIST:
        say(s, " là một trong ", " is one of ");
        speak_args(s, x, 1, x->n);
        break;
    case EXPR_IN_RANGE:
        say(s, " từ ", " is from ");
        speak(s, x->args[1]);
        say(s, " đến ", " to ");
        speak(s, x->args[2]);
        break;
    case EXPR_IN_CODES:
        say(s, " là mã trong danh mục ", " is a code of ");
        put(s, s->rules->codelists[x->codelist].name);
        break;
    case EXPR_IN_MEMBERS:
        say(s, " thuộc nhóm ", " belongs to ");
        speak(s, x->args[1]);
        break;
    case EXPR_IN_NUMBERS:
        say(s, " là một số nêu trong ", " is a number said in ");
        speak(s, x->args[1]);
        break;
    default:
        say(s, " có trong ", " is among ");
        speak_lookup(s, x);
        break;
    }
}

/* Steps in time. */
static void speak_time(struct speaker *s, const struct expr *x)
{
    speak_part(s, x->args[0]);
    if (x->op == EXPR_CUMULATIVE) {
        say(s, " lũy kế từ đầu năm", " since the start of the year");
    } else if (x->op == EXPR_AT) {
        say(s, " tại ", " at ");
        speak(s, x->args[1]);
    } else if (x->years) {
        say(s, " cách đó ", " ");
        text_int(&s->out, x->years);
        say(s, " năm", " years before");
    } else {
        say(s, " kỳ trước", " of the period before");
    }
}

static void speak_if(struct speaker *s, const struct expr *x)
{
    say(s, "nếu ", "if ");
    speak(s, x->args[0]);
    say(s, " thì ", " then ");
    speak(s, x->args[1]);
    if (x->op == EXPR_IF) {
        say(s, ", nếu không thì ", ", else ");
        speak(s, x->args[2]);
    }
}

static void speak_state(struct speaker *s, const struct expr *x)
{
    speak_part(s, x->args[0]);
    if (x->op == EXPR_IS_MISSING) {
        say(s, " bị thiếu", " is missing");
    } else if (x->op == EXPR_IS_APPROX) {
        say(s, " là số gần đúng", " is approximate");
    } else if (x->op == EXPR_OUTLIER) {
        say(s, " không khác thường so với nhóm", " does not stand out from its group");
    } else if (x->op == EXPR_MATCHES) {
        say(s, " theo mẫu ", " matches ");
        speak_text(s, x->text);
    }
}

static void speak_unique(struct speaker *s, const struct expr *x)
{
    say(s, "không dòng nào khác có cùng ", "no other row has the same ");
    speak_args(s, x, 0, x->n);
}

static void speak_flag(struct speaker *s, const struct expr *x)
{
    say(s, x->flag ? "đúng" : "sai", x->flag ? "true" : "false");
}

static void speak_side(struct speaker *s, const struct expr *x)
{
    say(s, x->flag ? "vế phải" : "vế trái", x->flag ? "right" : "left");
}

/* A value that is a text, a day or a period. */
static void speak_literal(struct speaker *s, const struct expr *x)
{
    if (x->op == EXPR_TEXT) {
        speak_text(s, x->text);
    } else if (x->op == EXPR_DAY) {
        put(s, date_show(s->a, x->when, s->lang == LANG_VI));
    } else if (x->op == EXPR_PERIOD) {
        put(s, period_str(s->a, x->when));
    } else {
        say(s, "ngày đối chiếu", "the reference date");
    }
}

/* Signs and words that stand between their operands, or before the one. */
static void speak_operator(struct speaker *s, const struct expr *x)
{
    static const char *const signs[][2] = {
        [EXPR_NEG] = {"−", "−"},        [EXPR_NOT] = {"không phải ", "not "},
        [EXPR_ADD] = {" + ", " + "},    [EXPR_SUB] = {" − ", " − "},
        [EXPR_MUL] = {" × ", " × "},    [EXPR_DIV] = {" / ", " / "},
        [EXPR_AND] = {" và ", " and "}, [EXPR_OR] = {" hoặc ", " or "},
    };
    const char *const *sign = signs[x->op];
    if (x->op == EXPR_NOT && x->args[0]->op == EXPR_IS_MISSING) {
        speak_part(s, x->args[0]->args[0]);
        say(s, " có số liệu", " is present");
    } else if (x->n == 1) {
        say(s, sign[LANG_VI], sign[LANG_EN]);
        speak_part(s, x->args[0]);
    } else {
        speak_infix(s, x, sign[LANG_VI], sign[LANG_EN]);
    }
}

/* What only adapts its operand is not said. */
static void speak_through(struct speaker *s, const struct expr *x)
{
    speak(s, x->args[0]);
}

static void speak_coalesce(struct speaker *s, const struct expr *x)
{
    speak_part(s, x->args[0]);
    say(s, " (thiếu thì lấy ", " (where missing, ");
    speak(s, x->args[1]);
    text_add_z(&s->out, ")");
}

static void (*const speakers[])(struct speaker *s, const struct expr *x) = {
    [EXPR_NUM] = speak_number,
    [EXPR_TEXT] = speak_literal,
    [EXPR_BOOL] = speak_flag,
    [EXPR_DAY] = speak_literal,
    [EXPR_PERIOD] = speak_literal,
    [EXPR_TODAY] = speak_literal,
    [EXPR_COLUMN] = speak_column,
    [EXPR_SIDE] = speak_side,
    [EXPR_WORD] = speak_word,
    [EXPR_NEG] = speak_operator,
    [EXPR_ADD] = speak_operator,
    [EXPR_SUB] = speak_operator,
    [EXPR_MUL] = speak_operator,
    [EXPR_DIV] = speak_operator,
    [EXPR_SCALE] = speak_through,
    [EXPR_ROW_UNIT] = speak_through,
    [EXPR_NOT] = speak_operator,
    [EXPR_AND] = speak_operator,
    [EXPR_OR] = speak_operator,
    [EXPR_IMPLIES] = speak_if,
    [EXPR_IF] = speak_if,
    [EXPR_COALESCE] = speak_coalesce,
    [EXPR_COMPARE] = speak_compare,
    [EXPR_IN_LIST] = speak_set,
    [EXPR_IN_RANGE] = speak_set,
    [EXPR_IN_CODES] = speak_set,
    [EXPR_IN_MEMBERS] = speak_set,
    [EXPR_IN_NUMBERS] = speak_set,
    [EXPR_IN_ROWS] = speak_set,
    [EXPR_MATCHES] = speak_state,
    [EXPR_IS_MISSING] = speak_state,
    [EXPR_IS_APPROX] = speak_state,
    [EXPR_CALL] = speak_call,
    [EXPR_LOOKUP] = speak_lookup,
    [EXPR_AGG] = speak_aggregate,
    [EXPR_OVER] = speak_over,
    [EXPR_PREVIOUS] = speak_time,
    [EXPR_AT] = speak_time,
    [EXPR_CUMULATIVE] = speak_time,
    [EXPR_OUTLIER] = speak_state,
    [EXPR_UNIQUE] = speak_unique,
    [EXPR_HALF_WIDTH] = speak_through,
};

static_assert(COUNT_OF(speakers) == EXPR_HALF_WIDTH + 1, "one for every operation");

static void speak(struct speaker *s, const struct expr *x)
{
    if (!s->budget) {
        text_add_z(&s->out, "…");
        return;
    }
    s->budget--;
    assert((size_t)x->op < COUNT_OF(speakers) && speakers[x->op]);
    speakers[x->op](s, x);
}

struct str sentence(struct arena *a, const struct ruleset *rules, const struct expr *x,
                    enum diag_lang lang)
{
    assert(a && rules);
    if (!x) {
        return STR_NONE;
    }
    struct speaker s = {a, rules, lang, BUDGET, text_in(a)};
    speak(&s, x);
    return text_str(&s.out);
}

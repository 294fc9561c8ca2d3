/* See show.h. */
#include "eval/show.h"

#include "eval/eval.h"

#include <assert.h>

struct str show_cell(struct arena *a, const struct dict *texts,
                     const struct table_column *c, uint32_t row)
{
    if (c->state[row] != CELL_OK) {
        return STR_NONE;
    }
    switch (c->kind) {
    case VALUE_NUM:
        return num_str(a, column_num(c, row));
    case VALUE_TEXT:
    case VALUE_CODE:
        return dict_str(texts, c->id[row]);
    case VALUE_DAY:
        return date_str(a, c->when[row]);
    case VALUE_PERIOD:
        return period_str(a, c->when[row]);
    case VALUE_BOOL:
        return c->flag[row] ? STR("true") : STR("false");
    case VALUE_ERROR:
        break;
    }
    return STR_NONE;
}

struct str show_canonical(struct arena *a, const struct dict *texts, const struct vec *v,
                          uint32_t i)
{
    if (vec_state(v, i) != CELL_OK) {
        return STR_NONE;
    }
    switch (v->kind) {
    case VALUE_NUM:
        return num_str(a, vec_num(v, i));
    case VALUE_TEXT:
    case VALUE_CODE:
        return dict_str(texts, v->id[i]);
    case VALUE_DAY:
        return date_str(a, v->when[i]);
    case VALUE_PERIOD:
        return period_str(a, v->when[i]);
    case VALUE_BOOL:
        return v->flag[i] ? STR("true") : STR("false");
    case VALUE_ERROR:
        break;
    }
    return STR_NONE;
}

struct str show_exact(struct arena *a, struct num v, enum diag_lang lang)
{
    return num_show(a, v, lang == LANG_VI ? NUM_STYLE_VI : NUM_STYLE_EN);
}

/* A ratio like 1/1500 has no finite decimal; people are shown the nearest one with so
 * many places. */
#define PLACES_SHOWN 6

struct str show_num(struct arena *a, struct num v, enum diag_lang lang)
{
    struct num near;

    if (num_is_decimal(v) || num_round(v, PLACES_SHOWN, &near) != DEC_OK ||
        num_sign(near) == 0) {
        return show_exact(a, v, lang);
    }
    struct text t = text_in(a);
    text_add(&t, STR(SHOW_NEARLY));
    text_add(&t, show_exact(a, near, lang));
    return text_str(&t);
}

struct str show_value(struct arena *a, const struct dict *texts, const struct vec *v,
                      uint32_t i, bool is_year, enum diag_lang lang)
{
    static const char *const truth[2][2] = {{"không", "có"}, {"no", "yes"}};

    if (vec_state(v, i) != CELL_OK) {
        return STR("–");
    }
    if (v->kind == VALUE_NUM && !is_year) {
        return show_exact(a, vec_num(v, i), lang);
    }
    if (v->kind == VALUE_BOOL) {
        return str_of(truth[lang][v->flag[i] != 0]);
    }
    if (v->kind == VALUE_DAY) {
        return date_show(a, v->when[i], lang == LANG_VI);
    }
    return show_canonical(a, texts, v, i);
}

static const struct {
    const char *reason, *words[2];
} reasons[CELL_COUNT] = {
    [CELL_EMPTY] = {"missing-operand", {"thiếu số liệu", "a value is missing"}},
    [CELL_ABSENT_ROW] = {"absent-row",
                         {"không có dòng tương ứng", "there is no such row"}},
    [CELL_NO_PREVIOUS] = {"no-previous",
                          {"không có kỳ trước", "there is no earlier period"}},
    [CELL_NO_ROWS] = {"missing-operand",
                      {"không có dòng nào để tính", "there are no rows to compute from"}},
    [CELL_INNER] = {"missing-operand",
                    {"thiếu số liệu trong các dòng được cộng",
                     "a value is missing in the rows added up"}},
    [CELL_UNREADABLE] = {"bad-cell", {"có ô không đọc được", "a cell cannot be read"}},
    [CELL_AMBIGUOUS] = {"bad-cell",
                        {"có ô đọc được hai cách", "a cell can be read in two ways"}},
    [CELL_DUPLICATE] = {"duplicate-key",
                        {"khóa bị trùng", "a key occurs more than once"}},
    [CELL_INCOMPLETE] = {"incomplete-group",
                         {"còn thiếu đơn vị trong nhóm", "the group is incomplete"}},
    [CELL_NOT_ADDITIVE] = {"not-additive",
                           {"số liệu của các đơn vị cũ không cộng được",
                            "values of the predecessors cannot be added"}},
    [CELL_DIV_ZERO] = {"division-by-zero", {"chia cho 0", "division by zero"}},
    [CELL_UNIT] = {"unit",
                   {"đơn vị tính không đổi được", "the unit cannot be converted"}},
    [CELL_LIMIT] = {"limit",
                    {"vượt giới hạn tính toán", "a limit of computation was reached"}},
};

struct str show_reason(uint8_t state)
{
    assert(state < CELL_COUNT);
    return str_of(reasons[state].reason);
}

struct str show_reason_words(uint8_t state, enum diag_lang lang)
{
    assert(state < CELL_COUNT);
    return reasons[state].reason == NULL ? STR_NONE : str_of(reasons[state].words[lang]);
}

struct str show_no_verdict(uint8_t verdict, enum diag_lang lang)
{
    static const char *const unknown[2] = {"chưa kiểm được: ", "not checked: "};
    static const char *const error[2] = {"không tính được: ", "not computable: "};

    return str_of(verdict == VERDICT_ERROR ? error[lang] : unknown[lang]);
}

/* One column: from its clause to what the reader and the rules see. Which modifier goes
 * with which type is one table. */
#include "base/utf8.h"
#include "lang/check_state.h"

#include <assert.h>

/* ---- which modifiers a type takes */

static const struct {
    bool unit, nature, range, set, pattern, length, rounded;
} takes[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = {.set = true, .pattern = true, .length = true},
    [COLUMN_CODE] = {.set = true, .pattern = true},
    [COLUMN_COUNT] =
        {.unit = true, .nature = true, .range = true, .set = true, .rounded = true},
    [COLUMN_INTEGER] =
        {.unit = true, .nature = true, .range = true, .set = true, .rounded = true},
    [COLUMN_DECIMAL] =
        {.unit = true, .nature = true, .range = true, .set = true, .rounded = true},
    [COLUMN_PERCENT] = {.nature = true, .range = true, .set = true, .rounded = true},
    [COLUMN_DATE] = {.range = true, .set = true},
    [COLUMN_PERIOD] = {.range = true, .set = true},
    [COLUMN_YEAR] = {.range = true, .set = true},
    [COLUMN_FLAG] = {0},
};

static void refuse(struct checker *c, const struct ast_column *ast, bool is_written,
                   bool is_taken, const char *word, struct span at)
{
    if (is_written && !is_taken) {
        struct diag *d = report(c, DIAG_ID_RULE_MODIFIER, at, str_of(word),
                                str_of(column_type_name(ast->type)));
        diag_place(d, ast->type_at, STR_NONE);
    }
}

static void check_modifiers(struct checker *c, const struct ast_column *ast)
{
    enum column_type t = ast->type;
    bool has_unit = ast->n_unit > 0 || ast->unit_column.text.p != NULL;
    refuse(c, ast, has_unit, takes[t].unit, "of", ast->unit_at);
    refuse(c, ast, ast->nature != NATURE_NONE, takes[t].nature, "stock/flow/additive",
           ast->nature_at);
    refuse(c, ast, ast->has_range, takes[t].range, "in A .. B", ast->in_at);
    refuse(c, ast, ast->n_set > 0, takes[t].set, "in {…}", ast->in_at);
    refuse(c, ast, ast->pattern.text.p != NULL, takes[t].pattern, "matches",
           ast->pattern.at);
    refuse(c, ast, ast->has_max, takes[t].length, "max", ast->max_at);
    refuse(c, ast, ast->has_rounded, takes[t].rounded, "rounded", ast->rounded_at);
}

/* ---- codes and literals */

/* Short codes are all near one another, so that a guess by spelling would be no help. */
#define LEAST_GUESSED 4u /* characters */

/* The code whose label was written in its place; STR_NONE: none. */
static struct str code_with_label(struct checker *c, const struct codelist_decl *list,
                                  struct str text)
{
    struct str folded = str_fold(c->a, text);
    for (uint32_t i = 0; i < list->n_entries; i++) {
        if (str_eq(folded, str_fold(c->a, list->entries[i].label.text))) {
            return list->entries[i].code.text;
        }
    }
    return STR_NONE;
}

static void report_unknown_code(struct checker *c, const struct codelist_decl *list,
                                struct str text, struct span at)
{
    struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_CODE, at, text, list->name);
    struct str *codes = arena_new_array(c->a, list->n_entries, struct str);
    size_t n = 0;
    for (uint32_t i = 0; i < list->n_entries; i++) {
        codes[n] = list->entries[i].code.text;
        n += utf8_length(codes[n]) >= LEAST_GUESSED;
    }
    struct str named = code_with_label(c, list, text);
    if (named.p != NULL) {
        diag_did_you_mean(c->diags, d, named);
    } else {
        report_nearest(c, d, text, codes, utf8_length(text) < LEAST_GUESSED ? 0 : n);
    }
    diag_place(d, list->at, STR_NONE);
}

void code_written(struct checker *c, uint32_t codelist, struct str text, struct span at)
{
    assert(codelist < c->codelist_names.n);
    if (c->inline_codes[codelist] != NULL) {
        if (dict_find(c->inline_codes[codelist], str_fold(c->a, text)) == DICT_NONE) {
            report_unknown_code(c, &c->codelists[codelist], text, at);
        }
        return;
    }
    const uint32_t key[] = {codelist, at.src, at.lo};
    uint32_t n = dict_count(c->code_use_keys);
    if (dict_add(c->code_use_keys, (struct str){(const char *)key, sizeof key}) < n) {
        return;
    }
    c->code_uses = list_room(c->a, c->code_uses, c->n_code_uses, &c->code_use_cap,
                             sizeof *c->code_uses);
    c->code_uses[c->n_code_uses++] =
        (struct code_use){.codelist = codelist, .text = text, .at = at};
}

/* A literal of `in`, as a value of the column's type; reports another kind. */
static struct literal column_literal(struct checker *c, const struct column *col,
                                     const struct ast_literal *ast)
{
    struct literal l = ast->value;
    enum value_kind want = column_value_kind(col->type);
    if (want == VALUE_CODE && l.kind == VALUE_TEXT) {
        l.kind = VALUE_CODE;
        if (col->codelist != ID_NONE) {
            code_written(c, col->codelist, l.text, l.at);
        }
    }
    if (l.kind != want && l.kind != VALUE_ERROR) {
        struct diag *d =
            report(c, DIAG_ID_RULE_KIND, l.at, str_of(kind_name(l.kind, LANG_VI)),
                   str_of(kind_name(l.kind, LANG_EN)));
        d->args[2] = str_of(kind_name(want, LANG_VI));
        d->args[3] = str_of(kind_name(want, LANG_EN));
    }
    return l;
}

static bool is_below(const struct literal *a, const struct literal *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == VALUE_NUM) {
        return num_cmp(a->num, b->num) < 0;
    }
    if (a->kind == VALUE_PERIOD) {
        return period_cmp(a->when, b->when) < 0;
    }
    return a->kind == VALUE_DAY && a->when < b->when;
}

static void build_limits(struct checker *c, struct column *col,
                         const struct ast_column *ast)
{
    if (ast->has_range && takes[ast->type].range) {
        col->low = column_literal(c, col, &ast->low);
        col->high = column_literal(c, col, &ast->high);
        col->has_range = true;
        if (is_below(&col->high, &col->low)) {
            report(c, DIAG_ID_RULE_RANGE_EMPTY, ast->in_at, STR_NONE, STR_NONE);
        }
    }
    if (ast->n_set > 0 && takes[ast->type].set) {
        struct literal *set = arena_new_array(c->a, ast->n_set, struct literal);
        for (uint32_t i = 0; i < ast->n_set; i++) {
            set[i] = column_literal(c, col, &ast->set[i]);
        }
        col->set = set;
        col->n_set = ast->n_set;
    }
    int64_t length = 0;
    if (ast->has_max && takes[ast->type].length) {
        bool is_whole = num_to_int64(ast->max, &length);
        if (!is_whole || length < 1 || length > INT32_MAX) {
            report(c, DIAG_ID_RULE_MAX_LENGTH, ast->max_at, STR_NONE, STR_NONE);
            length = 0;
        }
        col->max_length = (uint32_t)length;
    }
    if (ast->has_rounded && num_sign(ast->rounded) <= 0) {
        report(c, DIAG_ID_RULE_ROUNDED, ast->rounded_at, STR_NONE, STR_NONE);
    }
}

/* ---- one column */

static void build_codelist(struct checker *c, struct column *col,
                           const struct ast_column *ast)
{
    col->codelist = ID_NONE;
    if (ast->type != COLUMN_CODE || ast->codelist.text.p == NULL) {
        return;
    }
    col->codelist = name_find(&c->codelist_names, ast->codelist.text);
    if (col->codelist == ID_NONE) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_CODELIST, ast->codelist,
                       &c->codelist_names);
    }
}

static void build_unit(struct checker *c, struct column *col,
                       const struct ast_column *ast)
{
    col->unit = (struct unit_expr){.kind = UNIT_OPEN, .row_column = ID_NONE};
    if (ast->type == COLUMN_PERCENT) {
        col->unit.kind = UNIT_PURE;
    } else if (takes[ast->type].unit && ast->n_unit > 0) {
        col->unit = unit_written(c, ast->unit, ast->n_unit);
    } else if (takes[ast->type].unit && ast->unit_column.text.p != NULL) {
        col->unit.kind = UNIT_IN_ROW; /* which column: when all are known */
    }
}

/* The column's own name and every header given, each once. */
static void build_headers(struct checker *c, struct column *col,
                          const struct ast_column *ast)
{
    size_t room = 1 + (size_t)ast->n_headers[LANG_VI] + ast->n_headers[LANG_EN];
    struct str *headers = arena_new_array(c->a, room, struct str);
    headers[col->n_headers++] = col->name;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        for (uint32_t i = 0; i < ast->n_headers[lang]; i++) {
            headers[col->n_headers++] = ast->headers[lang][i].text;
        }
        if (ast->n_headers[lang] > 0) {
            col->title.lang[lang] = ast->headers[lang][0].text;
        }
    }
    col->headers = headers;
}

/* Whether the parser knew the type; it reads on as if it were text. */
static bool type_is_known(struct checker *c, const struct ast_column *ast)
{
    struct str text = source_text(c->sources, ast->type_at.src);
    enum column_type type;
    return column_type_by_name(str_cut(text, ast->type_at.lo, ast->type_at.hi), &type);
}

void build_column(struct checker *c, struct column *col, const struct ast_column *ast,
                  bool *is_bad)
{
    uint32_t before = c->n_errors;
    col->name = ast->name.text;
    col->type = ast->type;
    col->at = ast->name.at;
    col->is_optional = ast->is_optional;
    col->is_unique = ast->is_unique;
    col->undefined = ast->undefined.text;
    build_headers(c, col, ast);
    if (!type_is_known(c, ast)) {
        *is_bad = true;
        return;
    }
    check_modifiers(c, ast);
    build_codelist(c, col, ast);
    build_unit(c, col, ast);
    if (takes[ast->type].nature) {
        col->nature = ast->nature;
    }
    if (takes[ast->type].pattern) {
        col->pattern = ast->pattern.text;
        col->pattern_at = ast->pattern.at;
    }
    if (takes[ast->type].rounded && ast->has_rounded) {
        col->is_rounded = true;
        col->rounded = ast->rounded;
    }
    build_limits(c, col, ast);
    *is_bad =
        (ast->type == COLUMN_CODE && col->codelist == ID_NONE) || c->n_errors != before;
}

/* Data sets: from what is written to the schema that the reader, the engine and the rules share.
 *
 * Which modifier goes with which type is one table. A column with an error keeps its place in the schema,
 * marked bad, so that rules that use it stay silent instead of complaining that it does not exist. */
#include "lang/check_state.h"

#include "base/utf8.h"

#include <assert.h>

/* ---- which modifiers a type takes */

static const struct {
    bool unit, nature, range, set, pattern, length, rounded;
} takes[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = {.set = true, .pattern = true, .length = true},
    [COLUMN_CODE] = {.set = true, .pattern = true},
    [COLUMN_COUNT] = {.unit = true, .nature = true, .range = true, .set = true, .rounded = true},
    [COLUMN_INTEGER] = {.unit = true, .nature = true, .range = true, .set = true, .rounded = true},
    [COLUMN_DECIMAL] = {.unit = true, .nature = true, .range = true, .set = true, .rounded = true},
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
    refuse(c, ast, ast->pattern.text.p != NULL, takes[t].pattern, "matches", ast->pattern.at);
    refuse(c, ast, ast->has_max, takes[t].length, "max", ast->max_at);
    refuse(c, ast, ast->has_rounded, takes[t].rounded, "rounded", ast->rounded_at);
}

/* ---- codes and literals */

static bool list_has_code(struct checker *c, const struct codelist_decl *list, struct str folded)
{
    for (uint32_t i = 0; i < list->n_entries; i++) {
        if (str_eq(str_fold(c->a, list->entries[i].code.text), folded)) {
            return true;
        }
    }
    return false;
}

static void report_unknown_code(struct checker *c, const struct codelist_decl *list,
                                struct str text, struct span at)
{
    struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_CODE, at, text, list->name);
    struct str *codes = arena_new_array(c->a, list->n_entries, struct str);
    for (uint32_t i = 0; i < list->n_entries; i++) {
        codes[i] = list->entries[i].code.text;
    }
    report_nearest(c, d, text, codes, list->n_entries);
    diag_place(d, list->at, STR_NONE);
}

void code_written(struct checker *c, uint32_t codelist, struct str text, struct span at)
{
    assert(codelist < c->codelist_names.n);
    const struct codelist_decl *list = &c->codelists[codelist];
    if (list->path.p == NULL) {
        if (!list_has_code(c, list, str_fold(c->a, text))) {
            report_unknown_code(c, list, text, at);
        }
        return;
    }
    for (size_t i = 0; i < c->n_code_uses; i++) { /* families write one code several times */
        const struct code_use *u = &c->code_uses[i];
        if (u->codelist == codelist && u->at.src == at.src && u->at.lo == at.lo &&
            str_eq(u->text, text)) {
            return;
        }
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
        struct diag *d = report(c, DIAG_ID_RULE_KIND, l.at, str_of(kind_name(l.kind, LANG_VI)),
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

static void build_limits(struct checker *c, struct column *col, const struct ast_column *ast)
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

static void build_codelist(struct checker *c, struct column *col, const struct ast_column *ast)
{
    col->codelist = ID_NONE;
    if (ast->type != COLUMN_CODE || ast->codelist.text.p == NULL) {
        return;
    }
    col->codelist = name_find(&c->codelist_names, ast->codelist.text);
    if (col->codelist == ID_NONE) {
        struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_CODELIST, ast->codelist.at,
                                ast->codelist.text, STR_NONE);
        report_near(c, d, ast->codelist.text, &c->codelist_names);
    }
}

static void build_unit(struct checker *c, struct column *col, const struct ast_column *ast)
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
static void build_headers(struct checker *c, struct column *col, const struct ast_column *ast)
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

static void build_column(struct checker *c, struct column *col, const struct ast_column *ast,
                         bool *is_bad)
{
    uint32_t before = c->n_errors;
    col->name = ast->name.text;
    col->type = ast->type;
    col->at = ast->name.at;
    col->is_used = true;
    col->is_optional = ast->is_optional;
    col->is_unique = ast->is_unique;
    col->undefined = ast->undefined.text;
    check_modifiers(c, ast);
    build_codelist(c, col, ast);
    build_unit(c, col, ast);
    build_headers(c, col, ast);
    if (takes[ast->type].nature) {
        col->nature = ast->nature;
    }
    if (takes[ast->type].pattern) {
        col->pattern = ast->pattern.text;
    }
    if (takes[ast->type].rounded && ast->has_rounded) {
        col->is_rounded = true;
        col->rounded = ast->rounded;
    }
    build_limits(c, col, ast);
    bool has_list = ast->type != COLUMN_CODE || col->codelist != ID_NONE;
    *is_bad = !has_list || c->n_errors != before;
}

/* ---- columns together */

static void build_columns(struct checker *c, struct dataset *d, struct dataset_state *state)
{
    const struct ast_dataset *ast = state->ast;
    struct column *columns = arena_new_array(c->a, ast->n_columns, struct column);
    state->built = columns;
    state->is_bad = arena_new_array(c->a, ast->n_columns, bool);
    state->asts = arena_new_array(c->a, ast->n_columns, const struct ast_column *);
    state->columns.names = dict_new(c->a);
    for (uint32_t i = 0; i < ast->n_columns; i++) {
        uint32_t id = name_declare(c, &state->columns, ast->columns[i].name);
        if (id != ID_NONE) {
            state->asts[id] = &ast->columns[i];
            build_column(c, &columns[id], &ast->columns[i], &state->is_bad[id]);
        }
    }
    d->schema.columns = columns;
    d->schema.n_columns = (uint32_t)state->columns.n;
}

static struct name header_at(const struct ast_column *ast, uint32_t i)
{
    if (i == 0) {
        return ast->name;
    }
    i--;
    return i < ast->n_headers[LANG_VI] ? ast->headers[LANG_VI][i]
                                       : ast->headers[LANG_EN][i - ast->n_headers[LANG_VI]];
}

/* No header may fit two columns. */
static void check_headers(struct checker *c, const struct schema *s, const struct dataset_state *state)
{
    struct dict *seen = dict_new(c->a);
    uint32_t *owner = NULL;
    struct span *at = NULL;
    size_t owner_cap = 0, at_cap = 0;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        for (uint32_t h = 0; h < s->columns[i].n_headers; h++) {
            struct name header = header_at(state->asts[i], h);
            uint32_t n = dict_count(seen), id = dict_add(seen, str_fold(c->a, header.text));
            if (id == n) {
                owner = list_room(c->a, owner, n, &owner_cap, sizeof *owner);
                at = list_room(c->a, at, n, &at_cap, sizeof *at);
                owner[id] = i;
                at[id] = header.at;
            } else if (owner[id] != i) {
                struct diag *d = report(c, DIAG_ID_RULE_HEADER_TWICE, header.at, header.text,
                                        s->columns[owner[id]].name);
                diag_place(d, at[id], STR_NONE);
            }
        }
    }
}

uint32_t column_named(struct checker *c, uint32_t dataset, struct name name)
{
    const struct schema *s = &c->datasets[dataset].schema;
    uint32_t column = schema_column(s, name.text);
    if (column == ID_NONE) {
        struct diag *d = report(c, DIAG_ID_RULE_UNKNOWN_COLUMN, name.at, name.text, s->name);
        report_near(c, d, name.text, &c->dataset_states[dataset].columns);
    }
    return column;
}

static void link_unit_columns(struct checker *c, uint32_t dataset)
{
    struct dataset_state *state = &c->dataset_states[dataset];
    const struct schema *s = &c->datasets[dataset].schema;
    struct column *columns = state->built;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (columns[i].unit.kind != UNIT_IN_ROW) {
            continue;
        }
        struct name name = state->asts[i]->unit_column;
        uint32_t unit = column_named(c, dataset, name);
        columns[i].unit.row_column = unit;
        if (unit == ID_NONE) {
            columns[i].unit.kind = UNIT_OPEN;
            state->is_bad[i] = true;
        } else if (s->columns[unit].type != COLUMN_TEXT && s->columns[unit].type != COLUMN_CODE) {
            report(c, DIAG_ID_RULE_UNIT_COLUMN, name.at, name.text,
                   str_of(column_type_name(s->columns[unit].type)));
            state->is_bad[i] = true;
        }
    }
}

/* ---- key and period */

static void build_key(struct checker *c, uint32_t dataset)
{
    struct dataset_state *state = &c->dataset_states[dataset];
    struct column *columns = state->built;
    struct schema *s = &c->datasets[dataset].schema;
    const struct names *key = &state->ast->key;
    uint32_t *ids = arena_new_array(c->a, key->n, uint32_t);
    state->is_faulty = key->n == 0;
    for (uint32_t i = 0; i < key->n; i++) {
        uint32_t column = column_named(c, dataset, key->items[i]);
        if (column == ID_NONE) {
            state->is_faulty = true;
        } else if (columns[column].is_key) {
            report(c, DIAG_ID_RULE_NAMED_TWICE, key->items[i].at, key->items[i].text, STR_NONE);
        } else {
            columns[column].is_key = true;
            ids[s->n_key++] = column;
            if (columns[column].undefined.p != NULL) {
                struct diag *d = report(c, DIAG_ID_RULE_KEY_UNDEFINED, key->items[i].at,
                                        key->items[i].text, STR_NONE);
                diag_place(d, columns[column].at, STR_NONE);
            }
        }
    }
    s->key = ids;
}

/* The period column: the one in the key, else the only one. */
static void find_period(struct schema *s, struct dataset_state *state)
{
    uint32_t in_key = 0, anywhere = 0, key_column = ID_NONE, column = ID_NONE;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (s->columns[i].type == COLUMN_PERIOD) {
            column = i;
            anywhere++;
            key_column = s->columns[i].is_key ? i : key_column;
            in_key += s->columns[i].is_key;
        }
    }
    s->period = in_key == 1 ? key_column : in_key == 0 && anywhere == 1 ? column : ID_NONE;
    state->period = in_key > 1 ? PERIOD_SEVERAL : s->period == ID_NONE ? PERIOD_ABSENT : PERIOD_ONE;
}

/* ---- totals, tree, pairs */

static bool has_additive(const struct schema *s)
{
    for (uint32_t i = 0; i < s->n_columns; i++) {
        if (s->columns[i].nature != NATURE_NONE) {
            return true;
        }
    }
    return false;
}

/* The column, which must be one of the key; ID_NONE after reporting. */
static uint32_t key_column(struct checker *c, uint32_t dataset, struct name name)
{
    uint32_t column = column_named(c, dataset, name);
    const struct schema *s = &c->datasets[dataset].schema;
    if (column != ID_NONE && !s->columns[column].is_key) {
        report(c, DIAG_ID_RULE_NOT_KEY, name.at, name.text, s->name);
        return ID_NONE;
    }
    return column;
}

static struct str *texts_of(struct checker *c, const struct name *names, uint32_t n)
{
    struct str *texts = arena_new_array(c->a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        texts[i] = names[i].text;
    }
    return texts;
}

static void build_totals(struct checker *c, uint32_t dataset)
{
    const struct ast_dataset *ast = c->dataset_states[dataset].ast;
    struct schema *s = &c->datasets[dataset].schema;
    struct totals *totals = arena_new_array(c->a, ast->n_totals, struct totals);
    for (uint32_t i = 0; i < ast->n_totals; i++) {
        uint32_t column = key_column(c, dataset, ast->totals[i].column);
        if (column != ID_NONE) {
            totals[s->n_totals++] =
                (struct totals){.column = column,
                                .texts = texts_of(c, ast->totals[i].texts, ast->totals[i].n),
                                .n_texts = ast->totals[i].n};
        }
    }
    s->totals = totals;
    if (ast->n_totals > 0 && !has_additive(s)) {
        report(c, DIAG_ID_RULE_NO_ADDITIVE, ast->totals[0].column.at, STR("totals"), s->name);
    }
}

static void build_tree(struct checker *c, uint32_t dataset)
{
    const struct ast_dataset *ast = c->dataset_states[dataset].ast;
    struct schema *s = &c->datasets[dataset].schema;
    s->tree_child = s->tree_parent = ID_NONE;
    if (!ast->has_tree) {
        return;
    }
    uint32_t child = key_column(c, dataset, ast->tree_child);
    uint32_t parent = column_named(c, dataset, ast->tree_parent);
    if (!has_additive(s)) {
        report(c, DIAG_ID_RULE_NO_ADDITIVE, ast->tree_child.at, STR("tree"), s->name);
    }
    if (child == ID_NONE || parent == ID_NONE) {
        return;
    }
    const struct column *a = &s->columns[child], *b = &s->columns[parent];
    if (child == parent || !b->is_optional || a->type != b->type || a->codelist != b->codelist) {
        struct diag *d = report(c, DIAG_ID_RULE_TREE_COLUMN, ast->tree_parent.at, b->name, a->name);
        diag_place(d, a->at, STR_NONE);
        diag_place(d, b->at, STR_NONE);
        return;
    }
    s->tree_child = child;
    s->tree_parent = parent;
}

static void build_pairs(struct checker *c, uint32_t dataset)
{
    const struct ast_dataset *ast = c->dataset_states[dataset].ast;
    struct schema *s = &c->datasets[dataset].schema;
    struct pair *pairs = arena_new_array(c->a, ast->n_pairs, struct pair);
    for (uint32_t i = 0; i < ast->n_pairs; i++) {
        const struct ast_pair *p = &ast->pairs[i];
        uint32_t code = column_named(c, dataset, p->code);
        uint32_t label = column_named(c, dataset, p->label);
        if (code == ID_NONE || label == ID_NONE) {
            continue;
        }
        if (s->columns[code].type != COLUMN_CODE || s->columns[label].type != COLUMN_TEXT) {
            bool code_is_odd = s->columns[code].type != COLUMN_CODE;
            report(c, DIAG_ID_RULE_PAIR_COLUMNS, code_is_odd ? p->code.at : p->label.at,
                   code_is_odd ? p->code.text : p->label.text,
                   code_is_odd ? STR("code") : STR("text"));
            continue;
        }
        pairs[s->n_pairs++] = (struct pair){.code = code, .name = label, .at = p->code.at};
    }
    s->pairs = pairs;
}

/* ---- coded cells */

struct coded { /* texts that stand for something else, folded */
    struct dict *texts;
    struct span *at;
    size_t n, cap;
};

static void check_coded(struct checker *c, struct coded *seen, const struct ast_strings *list,
                        size_t first_of_list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        struct str folded = str_fold(c->a, list->items[i].text);
        uint32_t old = dict_find(seen->texts, folded);
        if (old == DICT_NONE) {
            seen->at = list_room(c->a, seen->at, seen->n, &seen->cap, sizeof *seen->at);
            seen->at[seen->n++] = list->items[i].at;
            dict_add(seen->texts, folded);
        } else if (old < first_of_list) {
            struct diag *d = report(c, DIAG_ID_RULE_CODED_TWICE, list->items[i].at,
                                    list->items[i].text, STR_NONE);
            diag_place(d, seen->at[old], STR_NONE);
        }
    }
}

static void build_coded(struct checker *c, uint32_t dataset)
{
    const struct ast_dataset *ast = c->dataset_states[dataset].ast;
    struct schema *s = &c->datasets[dataset].schema;
    struct coded seen = {.texts = dict_new(c->a)};
    const struct ast_strings *const lists[] = {&ast->missing, &ast->zero, &ast->na};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        check_coded(c, &seen, lists[i], seen.n);
    }
    for (uint32_t i = 0; i < ast->zero.n + ast->na.n; i++) {
        const struct name *t =
            i < ast->zero.n ? &ast->zero.items[i] : &ast->na.items[i - ast->zero.n];
        if (str_fold(c->a, t->text).n == 0) { /* an empty cell is missing, always */
            report(c, DIAG_ID_RULE_CODED_EMPTY, t->at, STR_NONE, STR_NONE);
        }
    }
    s->missing = texts_of(c, ast->missing.items, ast->missing.n);
    s->n_missing = ast->missing.n;
    s->zero = texts_of(c, ast->zero.items, ast->zero.n);
    s->n_zero = ast->zero.n;
    s->na = texts_of(c, ast->na.items, ast->na.n);
    s->n_na = ast->na.n;
}

/* ---- the whole */

static void build_dataset(struct checker *c, uint32_t id)
{
    struct dataset *d = &c->datasets[id];
    struct dataset_state *state = &c->dataset_states[id];
    const struct ast_dataset *ast = state->ast;
    struct schema *s = &d->schema;
    d->src = state->src;
    s->name = ast->name.text;
    s->at = ast->name.at;
    s->is_optional = ast->is_optional;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        s->title.lang[lang] = ast->title.lang[lang].text;
    }
    s->from = texts_of(c, ast->from.items, ast->from.n);
    s->n_from = ast->from.n;
    s->numbers = ast->numbers;
    s->encoding = ast->encoding.text;
    s->is_strict = ast->is_strict;
    build_columns(c, d, state);
    check_headers(c, s, state);
    link_unit_columns(c, id);
}

static void build_structure(struct checker *c, uint32_t id)
{
    build_key(c, id);
    find_period(&c->datasets[id].schema, &c->dataset_states[id]);
    build_totals(c, id);
    build_tree(c, id);
    build_pairs(c, id);
    build_coded(c, id);
}

void check_datasets(struct checker *c)
{
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        build_dataset(c, i);
        build_structure(c, i);
    }
}

/* Data sets: from what is written to the schema that the reader, the engine and the rules
 * share.
 *
 * A column with an error keeps its place in the schema, marked bad, so that rules that
 * use it stay silent instead of complaining that it does not exist. A block that the
 * parser could not read to its end may have lost columns, so no name is called unknown
 * there. */
#include "base/utf8.h"
#include "lang/check_state.h"

#include <assert.h>

/* ---- columns together */

static void build_columns(struct checker *c, struct dataset *d,
                          struct dataset_state *state)
{
    const struct ast_dataset *ast = state->ast;
    struct column *columns = arena_new_array(c->a, ast->n_columns, struct column);
    state->built = columns;
    state->is_bad = arena_new_array(c->a, ast->n_columns, bool);
    state->is_read = arena_new_array(c->a, ast->n_columns, bool);
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
    return i < ast->n_headers[LANG_VI]
               ? ast->headers[LANG_VI][i]
               : ast->headers[LANG_EN][i - ast->n_headers[LANG_VI]];
}

struct header_owner {
    uint32_t column;
    struct span at;
};

/* No header may fit two columns. */
static void check_headers(struct checker *c, const struct schema *s,
                          const struct dataset_state *state)
{
    struct dict *seen = dict_new(c->a);
    struct header_owner *owners = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        for (uint32_t h = 0; h < s->columns[i].n_headers; h++) {
            struct name header = header_at(state->asts[i], h);
            uint32_t id = dict_add(seen, str_fold(c->a, header.text));
            if (id == n) {
                owners = list_room(c->a, owners, n, &cap, sizeof *owners);
                owners[n++] = (struct header_owner){.column = i, .at = header.at};
            }
            assert(owners != NULL && id < n);
            if (owners[id].column != i) {
                struct diag *d = report(c, DIAG_ID_RULE_HEADER_TWICE, header.at,
                                        header.text, s->columns[owners[id].column].name);
                diag_place(d, owners[id].at, STR_NONE);
            }
        }
    }
}

uint32_t column_named(struct checker *c, uint32_t dataset, struct name name)
{
    const struct schema *s = &c->datasets[dataset].schema;
    uint32_t column = name.text.p == NULL ? ID_NONE : schema_column(s, name.text);
    if (column == ID_NONE &&
        (name.text.p == NULL || c->dataset_states[dataset].is_partial)) {
        c->n_errors++; /* the parser spoke of it */
    } else if (column == ID_NONE) {
        struct diag *d =
            report(c, DIAG_ID_RULE_UNKNOWN_COLUMN, name.at, name.text, s->name);
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
        } else if (s->columns[unit].type != COLUMN_TEXT &&
                   s->columns[unit].type != COLUMN_CODE) {
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
            report(c, DIAG_ID_RULE_NAMED_TWICE, key->items[i].at, key->items[i].text,
                   STR_NONE);
        } else if (s->n_key == RULESET_MAX_KEY) {
            report(c, DIAG_ID_RULE_KEY_LONG, key->items[i].at, key->items[i].text,
                   STR_NONE);
            state->is_faulty = true;
            break;
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
    s->period = in_key == 1                    ? key_column
                : in_key == 0 && anywhere == 1 ? column
                                               : ID_NONE;
    state->period = in_key > 1             ? PERIOD_SEVERAL
                    : s->period == ID_NONE ? PERIOD_ABSENT
                                           : PERIOD_ONE;
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
            totals[s->n_totals++] = (struct totals){
                .column = column,
                .texts = texts_of(c, ast->totals[i].texts, ast->totals[i].n),
                .n_texts = ast->totals[i].n};
        }
    }
    s->totals = totals;
    if (ast->n_totals > 0 && !has_additive(s)) {
        report(c, DIAG_ID_RULE_NO_ADDITIVE, ast->totals[0].column.at, STR("totals"),
               s->name);
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
    if (child == parent || !b->is_optional || a->type != b->type ||
        a->codelist != b->codelist) {
        struct diag *d =
            report(c, DIAG_ID_RULE_TREE_COLUMN, ast->tree_parent.at, b->name, a->name);
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
        if (s->columns[code].type != COLUMN_CODE ||
            s->columns[label].type != COLUMN_TEXT) {
            bool code_is_odd = s->columns[code].type != COLUMN_CODE;
            report(c, DIAG_ID_RULE_PAIR_COLUMNS, code_is_odd ? p->code.at : p->label.at,
                   code_is_odd ? p->code.text : p->label.text,
                   code_is_odd ? STR("code") : STR("text"));
            continue;
        }
        pairs[s->n_pairs++] =
            (struct pair){.code = code, .name = label, .at = p->code.at};
    }
    s->pairs = pairs;
}

/* ---- coded cells */

struct coded { /* texts that stand for something else, folded */
    struct dict *texts;
    struct span *at;
    size_t n, cap;
};

static void check_coded(struct checker *c, struct coded *seen,
                        const struct ast_strings *list, size_t first_of_list)
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

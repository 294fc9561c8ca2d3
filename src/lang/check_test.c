/* Test blocks: that what they give and expect exists.
 *
 * A check is expected by its full id, so all ids are listed once: those of checks, and
 * those that data sets bring along (the table below says when, as eval/structural.def
 * says what). The values behind `at` are read as the columns of the check's key. */
#include "base/utf8.h"
#include "lang/check_state.h"

#include <assert.h>

/* ---- ids */

enum target_of_id { ID_CHECK, ID_DATASET, ID_COLUMN };

struct known { /* a check that can be expected */
    enum target_of_id what;
    uint32_t number; /* of the check, or of the data set */
    bool has_key;    /* its verdicts stand at a row or group */
};

struct ids {
    struct dict *names;
    struct known *items; /* by number in `names` */
    size_t cap;
    bool may_lack; /* some checks had errors and are not there */
};

static void add_id(struct checker *c, struct ids *ids, struct str id, struct known known)
{
    uint32_t n = dict_count(ids->names);
    if (dict_add(ids->names, id) == n) {
        ids->items = list_room(c->a, ids->items, n, &ids->cap, sizeof *ids->items);
        ids->items[n] = known;
    }
}

static bool is_number(const struct column *col)
{
    return col->type == COLUMN_COUNT || col->type == COLUMN_INTEGER ||
           col->type == COLUMN_DECIMAL || col->type == COLUMN_PERCENT;
}

static void add_column_ids(struct checker *c, struct ids *ids, uint32_t dataset,
                           const struct column *col)
{
    const struct schema *s = &c->datasets[dataset].schema;
    const struct {
        const char *suffix;
        bool is_there;
    } all[] = {
        {"required", !col->is_optional},
        {"type", col->type != COLUMN_TEXT && col->type != COLUMN_CODE},
        {"range", col->type == COLUMN_COUNT || col->has_range || col->n_set > 0},
        {"pattern", col->pattern.p != NULL},
        {"length", col->max_length > 0},
        {"unique", col->is_unique},
        {"code", col->type == COLUMN_CODE},
        {"ambiguous", is_number(col) && s->numbers == NUMFMT_AUTO},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (all[i].is_there) {
            struct text id = text_in(c->a);
            text_add(&id, s->name);
            text_char(&id, '.');
            text_add(&id, col->name);
            text_char(&id, '.');
            text_add_z(&id, all[i].suffix);
            add_id(c, ids, text_str(&id), (struct known){ID_COLUMN, dataset, true});
        }
    }
}

static void add_dataset_ids(struct checker *c, struct ids *ids, uint32_t dataset)
{
    const struct dataset *d = &c->datasets[dataset];
    const struct {
        const char *suffix;
        bool is_there, has_key;
    } all[] = {
        {"columns", true, false},
        {"row", true, false},
        {"key", true, true},
        {"cover", d->n_covers > 0, true},
        {"totals", d->schema.n_totals > 0, true},
        {"tree", d->schema.tree_child != ID_NONE, true},
        {"pair", d->schema.n_pairs > 0, true},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (all[i].is_there) {
            struct text id = text_in(c->a);
            text_add(&id, d->schema.name);
            text_char(&id, '.');
            text_add_z(&id, all[i].suffix);
            add_id(c, ids, text_str(&id),
                   (struct known){ID_DATASET, dataset, all[i].has_key});
        }
    }
    for (uint32_t i = 0; i < d->schema.n_columns; i++) {
        add_column_ids(c, ids, dataset, &d->schema.columns[i]);
    }
}

static struct ids list_ids(struct checker *c)
{
    struct ids ids = {.names = dict_new(c->a), .may_lack = c->n_errors > 0};
    for (uint32_t i = 0; i < c->n_checks; i++) {
        add_id(c, &ids, c->checks[i].id, (struct known){ID_CHECK, i, true});
    }
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        add_dataset_ids(c, &ids, i);
    }
    return ids;
}

/* ---- an id that is not there */

static struct str first_part(struct str id)
{
    size_t dot = str_find(id, STR("."));
    return dot == SIZE_MAX ? id : str_cut(id, 0, dot);
}

/* The ids that begin with what was written, if they are few enough to be told. */
static bool hint_longer(struct checker *c, const struct ids *ids, struct diag *d,
                        struct str written)
{
    enum { TOLD = 6 };
    struct str found[TOLD];
    size_t n = 0;
    struct text prefix = text_in(c->a);
    text_add(&prefix, written);
    text_char(&prefix, '.');
    for (uint32_t i = 0; i < dict_count(ids->names) && n < TOLD; i++) {
        struct str id = dict_str(ids->names, i);
        if (str_starts(id, text_str(&prefix))) {
            found[n++] = id;
        }
    }
    if (n > 0) {
        report_hint(c, d, "có: {}", "there are: {}", joined(c, found, n));
    }
    return n > 0;
}

static void report_check(struct checker *c, const struct ids *ids, struct name written)
{
    bool is_declared = name_find(&c->id_names, first_part(written.text)) != ID_NONE;
    if (is_declared && ids->may_lack) {
        c->n_errors++; /* it may be there once the other mistakes are gone */
        return;
    }
    struct diag *d =
        report(c, DIAG_ID_RULE_UNKNOWN_CHECK, written.at, written.text, STR_NONE);
    if (hint_longer(c, ids, d, written.text)) {
        return;
    }
    uint32_t n = dict_count(ids->names);
    struct str *names = arena_new_array(c->a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        names[i] = dict_str(ids->names, i);
    }
    report_nearest(c, d, written.text, names, n);
}

/* ---- at */

static bool read_text_as(struct checker *c, enum column_type type, struct literal *l)
{
    int64_t year;
    bool is_true;
    switch (type) {
    case COLUMN_TEXT:
    case COLUMN_CODE:
        return true;
    case COLUMN_PERIOD:
        return period_parse(l->text, &l->when);
    case COLUMN_DATE:
        return date_parse(l->text, &l->when);
    case COLUMN_YEAR:
        return num_parse(str_trim(l->text), &l->num) && num_to_int64(l->num, &year) &&
               year >= 1000 && year <= 9999;
    case COLUMN_COUNT:
    case COLUMN_INTEGER:
    case COLUMN_DECIMAL:
    case COLUMN_PERCENT:
        return num_parse(str_trim(l->text), &l->num);
    case COLUMN_FLAG:
        return flag_read(str_fold(c->a, l->text), &is_true);
    case COLUMN_TYPE_COUNT:
        break;
    }
    return false;
}

static bool build_value(struct checker *c, const struct column *col,
                        const struct ast_literal *ast, struct literal *out)
{
    enum value_kind want = column_value_kind(col->type);
    *out = ast->value;
    if (ast->value.kind == VALUE_ERROR) {
        return false;
    }
    if (ast->value.kind == want) {
        return true;
    }
    if (ast->value.kind == VALUE_TEXT && read_text_as(c, col->type, out)) {
        out->kind = want;
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_AT_VALUE, ast->value.at,
                            as_written(c, ast->value.at, NULL), col->name);
    d->args[2] = str_of(column_type_name(col->type));
    diag_place(d, col->at, STR_NONE);
    return false;
}

struct key_of { /* the columns that tell the verdicts of a check apart */
    uint32_t dataset;
    const uint32_t *columns;
    uint32_t n;
};

static struct key_of key_of(struct checker *c, struct known known)
{
    assert(known.number < (known.what == ID_CHECK ? c->n_checks : c->n_datasets));
    uint32_t dataset =
        known.what == ID_CHECK ? c->checks[known.number].dataset : known.number;
    const struct schema *s = &c->datasets[dataset].schema;
    struct key_of key = {dataset, s->key, known.has_key ? s->n_key : 0};
    if (known.what == ID_CHECK && c->checks[known.number].is_group) {
        key.columns = c->checks[known.number].each;
        key.n = c->checks[known.number].n_each;
    }
    return key;
}

/* The key column that is named, ID_NONE after reporting. */
static uint32_t key_column_named(struct checker *c, const struct key_of *key,
                                 struct str check, struct name name)
{
    const struct schema *s = &c->datasets[key->dataset].schema;
    struct str *names = arena_new_array(c->a, key->n, struct str);
    for (uint32_t i = 0; i < key->n; i++) {
        names[i] = s->columns[key->columns[i]].name;
        if (str_eq(names[i], name.text)) {
            return key->columns[i];
        }
    }
    if (c->dataset_states[key->dataset].is_faulty || name.text.p == NULL) {
        c->n_errors++;
        return ID_NONE;
    }
    struct diag *d = report(c, DIAG_ID_RULE_AT_COLUMN, name.at, name.text, check);
    d->args[2] = key->n > 0 ? joined(c, names, key->n) : STR("–");
    report_nearest(c, d, name.text, names, key->n);
    return ID_NONE;
}

static bool build_at(struct checker *c, struct known known, const struct ast_expect *ast,
                     struct expect *out)
{
    struct key_of key = key_of(c, known);
    struct at *at = arena_new_array(c->a, ast->n_at, struct at);
    bool is_good = true;
    out->at = at;
    for (uint32_t i = 0; i < ast->n_at; i++) {
        struct name name = ast->at[i].column;
        uint32_t column = key_column_named(c, &key, ast->check.text, name);
        if (column == ID_NONE) {
            is_good = false;
            continue;
        }
        const struct column *col = &c->datasets[key.dataset].schema.columns[column];
        struct at *next = &at[out->n_at++];
        next->column = column;
        next->name = name.text;
        is_good = build_value(c, col, &ast->at[i].value, &next->value) && is_good;
    }
    return is_good;
}

/* ---- the block */

static bool build_expect(struct checker *c, const struct ids *ids,
                         const struct ast_expect *ast, struct expect *out)
{
    *out = (struct expect){
        .check = ast->check.text, .verdict = ast->verdict, .span = ast->span};
    if (ast->check.text.p == NULL) {
        return false; /* the parser spoke of it */
    }
    uint32_t id = dict_find(ids->names, ast->check.text);
    if (id == DICT_NONE) {
        report_check(c, ids, ast->check);
        return false;
    }
    assert(ids->items != NULL);
    return build_at(c, ids->items[id], ast, out);
}

static void build_given(struct checker *c, const struct ast_test *ast,
                        struct test_block *out)
{
    struct given *given = arena_new_array(c->a, ast->n_given, struct given);
    out->given = given;
    for (uint32_t i = 0; i < ast->n_given; i++) {
        const struct ast_given *g = &ast->given[i];
        uint32_t dataset =
            g->dataset.text.p == NULL ? ID_NONE : dataset_of_head(c, g->dataset);
        if (dataset != ID_NONE && g->text.p != NULL) {
            given[out->n_given++] =
                (struct given){.dataset = dataset, .text = g->text, .at = g->at};
        }
    }
}

static void build_test(struct checker *c, const struct ids *ids,
                       const struct ast_test *ast, struct test_block *out)
{
    *out = (struct test_block){
        .name = ast->name.text, .nothing_else = ast->nothing_else, .at = ast->name.at};
    build_given(c, ast, out);
    struct expect *expects = arena_new_array(c->a, ast->n_expects, struct expect);
    out->expects = expects;
    for (uint32_t i = 0; i < ast->n_expects; i++) {
        out->n_expects +=
            build_expect(c, ids, &ast->expects[i], &expects[out->n_expects]);
    }
}

void check_tests(struct checker *c, const struct ast_test *const *tests, uint32_t n)
{
    assert(tests != NULL || n == 0);
    if (n == 0) {
        return;
    }
    struct ids ids = list_ids(c);
    c->tests = arena_new_array(c->a, n, struct test_block);
    for (uint32_t i = 0; i < n; i++) {
        build_test(c, &ids, tests[i], &c->tests[i]);
    }
}

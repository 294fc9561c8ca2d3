/* The checker's own order: give every declaration its number, finish what rules are made
 * of (units, code lists, data sets, families, defines), then type indicators, targets and
 * scoreboards, then the checks, those that they make among them, and last the tests,
 * which speak of checks. Order of declaration never matters. */
#include "base/utf8.h"
#include "lang/check_state.h"
#include "lang/lex.h"

#include <assert.h>

/* ---- first pass: names */

struct pending { /* what waits until everything that it may name is finished */
    const struct decl **items;
    size_t n, cap;
};

struct waiting_tests {
    const struct ast_test **items;
    size_t n, cap;
};

struct growth { /* room of the lists that grow with their name tables */
    size_t units, unit_asts, codelists, inline_codes, datasets, dataset_states, defines,
        functions, families;
};

struct gathering {
    struct checker *c;
    struct pending rules; /* checks and goals, as they are written */
    struct waiting_tests tests;
    struct growth cap;
    const struct ast_ruleset *ruleset;
};

/* Names with a meaning of their own, by what may not be called so. */
static const char *const list_words[] = {"targets"};
static const char *const value_words[] = {"today"};
static const char *const dataset_words[] = {"rows", "targets", "scores", "indicators"};
static const char *const check_words[] = {"nothing"};

static void add_words(struct dict *names, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        dict_add(names, str_of(words[i]));
    }
}

void rules_add_reserved(struct dict *names)
{
    static const char *const read_otherwise[] = {"any", "none"};
    assert(names);
    lex_add_reserved(names);
    add_words(names, list_words, COUNT_OF(list_words));
    add_words(names, value_words, COUNT_OF(value_words));
    add_words(names, dataset_words, COUNT_OF(dataset_words));
    add_words(names, check_words, COUNT_OF(check_words));
    add_words(names, read_otherwise, COUNT_OF(read_otherwise));
}

static bool is_reserved(struct checker *c, struct name name, const char *const *words,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(name.text, str_of(words[i]))) {
            report(c, DIAG_ID_RULE_RESERVED_NAME, name.at, name.text, STR_NONE);
            return true;
        }
    }
    return false;
}

static void gather_unit(struct gathering *g, const struct ast_unit *ast)
{
    struct checker *c = g->c;
    uint32_t id = name_declare(c, &c->unit_names, ast->name);
    if (id == ID_NONE) {
        return;
    }
    c->units = list_room(c->a, c->units, id, &g->cap.units, sizeof *c->units);
    c->unit_asts =
        list_room(c->a, c->unit_asts, id, &g->cap.unit_asts, sizeof(struct ast_unit *));
    c->units[id] = (struct unit){
        .name = ast->name.text, .label = ast->label.text, .base = id, .at = ast->name.at};
    c->unit_asts[id] = ast;
}

/* The codes of an inline list, folded. */
static struct dict *gather_codes(struct checker *c, const struct ast_codelist *ast)
{
    if (ast->path.text.p != NULL) {
        return NULL;
    }
    struct dict *seen = dict_new(c->a);
    uint32_t *first = arena_new_array(c->a, ast->n_entries, uint32_t);
    for (uint32_t i = 0; i < ast->n_entries; i++) {
        uint32_t n = dict_count(seen);
        uint32_t id = dict_add(seen, str_fold(c->a, ast->entries[i].code.text));
        if (id == n) {
            first[id] = i;
            continue;
        }
        struct diag *d = report(c, DIAG_ID_RULE_CODE_TWICE, ast->entries[i].code.at,
                                ast->entries[i].code.text, ast->name.text);
        diag_place(d, ast->entries[first[id]].code.at, STR_NONE);
    }
    return seen;
}

static void add_codelist(struct gathering *g, const struct ast_codelist *ast,
                         uint32_t src)
{
    struct checker *c = g->c;
    uint32_t id = name_declare(c, &c->codelist_names, ast->name);
    if (id == ID_NONE) {
        return;
    }
    c->inline_codes =
        list_room(c->a, c->inline_codes, id, &g->cap.inline_codes, sizeof(struct dict *));
    c->inline_codes[id] = gather_codes(c, ast);
    c->codelists =
        list_room(c->a, c->codelists, id, &g->cap.codelists, sizeof *c->codelists);
    c->codelists[id] = (struct codelist_decl){.name = ast->name.text,
                                              .from_library = ast->from_library,
                                              .path = ast->path.text,
                                              .src = src,
                                              .code = ast->code.text,
                                              .label = ast->label.text,
                                              .alias = ast->alias.text,
                                              .into = ast->into.text,
                                              .parent = ast->parent.text,
                                              .valid_from = ast->valid_from.text,
                                              .valid_to = ast->valid_to.text,
                                              .entries = ast->entries,
                                              .n_entries = ast->n_entries,
                                              .at = ast->name.at};
}

static void gather_codelist(struct gathering *g, const struct ast_codelist *ast,
                            uint32_t src)
{
    if (!is_reserved(g->c, ast->name, list_words, COUNT_OF(list_words))) {
        add_codelist(g, ast, src);
    }
}

static void gather_define(struct gathering *g, const struct ast_define *ast)
{
    struct checker *c = g->c;
    if (ast->has_params) {
        if (is_builtin(ast->name.text)) {
            report(c, DIAG_ID_RULE_BUILTIN_NAME, ast->name.at, ast->name.text, STR_NONE);
            return;
        }
        uint32_t id = name_declare(c, &c->function_names, ast->name);
        if (id != ID_NONE) {
            c->functions = list_room(c->a, c->functions, id, &g->cap.functions,
                                     sizeof *c->functions);
            c->functions[id] = (struct define_state){.ast = ast};
        }
        return;
    }
    if (is_reserved(c, ast->name, value_words, COUNT_OF(value_words))) {
        return;
    }
    uint32_t id = name_declare(c, &c->define_names, ast->name);
    if (id != ID_NONE) {
        c->defines = list_room(c->a, c->defines, id, &g->cap.defines, sizeof *c->defines);
        c->defines[id] = (struct define_state){.ast = ast};
    }
}

static void gather_family(struct gathering *g, const struct ast_family *ast)
{
    struct checker *c = g->c;
    uint32_t id = name_declare(c, &c->family_names, ast->name);
    if (id != ID_NONE) {
        c->families = list_room(c->a, c->families, id, &g->cap.families,
                                sizeof(struct ast_family *));
        c->families[id] = ast;
    }
}

/* Whether the parser found something wrong inside `at`. */
static bool is_broken(const struct checker *c, struct span at)
{
    for (size_t i = 0; i < c->n_parsed; i++) {
        const struct diag *d = diags_get(c->diags, i);
        struct span place = d->n_places > 0 ? d->places[0].span : SPAN_NONE;
        if (place.src == at.src && place.lo >= at.lo && place.lo < at.hi) {
            return true;
        }
    }
    return false;
}

static void gather_dataset(struct gathering *g, const struct ast_dataset *ast,
                           uint32_t src)
{
    struct checker *c = g->c;
    bool is_known = name_find(&c->dataset_names, ast->name.text) != ID_NONE;
    bool is_lost =
        is_reserved(c, ast->name, dataset_words, COUNT_OF(dataset_words)) || is_known;
    if (!is_lost || is_known) {
        name_declare(c, &c->id_names, ast->name); /* a check may have the name already */
    }
    if (is_lost) {
        c->has_lost_dataset = true;
        return;
    }
    uint32_t id = name_declare(c, &c->dataset_names, ast->name);
    assert(id != ID_NONE);
    c->datasets = list_room(c->a, c->datasets, id, &g->cap.datasets, sizeof *c->datasets);
    c->dataset_states = list_room(c->a, c->dataset_states, id, &g->cap.dataset_states,
                                  sizeof *c->dataset_states);
    c->datasets[id] = (struct dataset){.src = src};
    bool is_partial = is_broken(c, ast->at);
    c->dataset_states[id] =
        (struct dataset_state){.ast = ast, .src = src, .is_partial = is_partial};
    c->has_lost_dataset |= is_partial;
}

static void wait_for_names(struct gathering *g, const struct decl *d)
{
    struct pending *p = &g->rules;
    p->items = list_room(g->c->a, p->items, p->n, &p->cap, sizeof(struct decl *));
    p->items[p->n++] = d;
}

static void gather_check(struct gathering *g, const struct decl *d)
{
    const struct ast_check *ast = &d->u.check;
    if (!is_reserved(g->c, ast->name, check_words, COUNT_OF(check_words))) {
        name_declare(g->c, &g->c->id_names, ast->name);
    }
    wait_for_names(g, d);
}

static void gather_goal(struct gathering *g, enum result_kind kind, const struct decl *d)
{
    goal_declare(g->c, kind, d);
    wait_for_names(g, d);
}

static void gather_test(struct gathering *g, const struct ast_test *ast)
{
    struct waiting_tests *t = &g->tests;
    t->items = list_room(g->c->a, t->items, t->n, &t->cap, sizeof(struct ast_test *));
    t->items[t->n++] = ast;
}

/* At most one, and in the entry file. */
static void gather_ruleset(struct gathering *g, const struct ast_ruleset *ast,
                           bool in_entry)
{
    if (g->ruleset != NULL || !in_entry) {
        struct diag *d = report(g->c, DIAG_ID_RULE_RULESET_PLACE, ast->name.at,
                                ast->name.text, STR_NONE);
        if (g->ruleset != NULL) {
            diag_place(d, g->ruleset->name.at, STR_NONE);
        }
        return;
    }
    g->ruleset = ast;
}

static void gather(struct gathering *g, const struct decl *d, uint32_t src, bool in_entry)
{
    switch (d->kind) {
    case DECL_USE:
        break;
    case DECL_RULESET:
        gather_ruleset(g, &d->u.ruleset, in_entry);
        break;
    case DECL_UNIT:
        gather_unit(g, &d->u.unit);
        break;
    case DECL_CODELIST:
        gather_codelist(g, &d->u.codelist, src);
        break;
    case DECL_DEFINE:
        gather_define(g, &d->u.define);
        break;
    case DECL_FAMILY:
        gather_family(g, &d->u.family);
        break;
    case DECL_DATASET:
        gather_dataset(g, &d->u.dataset, src);
        break;
    case DECL_CHECK:
        gather_check(g, d);
        break;
    case DECL_INDICATOR:
        gather_goal(g, RESULT_INDICATOR, d);
        break;
    case DECL_TARGET:
        gather_goal(g, RESULT_TARGET, d);
        break;
    case DECL_SCOREBOARD:
        gather_goal(g, RESULT_BOARD, d);
        break;
    case DECL_TEST:
        gather_test(g, &d->u.test);
        break;
    }
}

/* ---- code targets: the ids of targets with their titles */

static struct name target_label(const struct ast_target *t, enum diag_lang language)
{
    struct name label = t->title.lang[language];
    if (label.text.p == NULL) {
        label = t->title.lang[language == LANG_VI ? LANG_EN : LANG_VI];
    }
    return label.text.p == NULL ? t->name : label;
}

static bool some_column_lists_targets(const struct checker *c)
{
    for (uint32_t i = 0; i < c->dataset_names.n; i++) {
        const struct ast_dataset *ast = c->dataset_states[i].ast;
        for (uint32_t j = 0; j < ast->n_columns; j++) {
            struct str list = ast->columns[j].codelist.text;
            if (list.p != NULL && str_eq(list, STR("targets"))) {
                return true;
            }
        }
    }
    return false;
}

/* The code list `targets`, which no file declares; where there is no target it is there
 * for those who ask for it, and empty. */
static void gather_target_list(struct gathering *g)
{
    struct checker *c = g->c;
    uint32_t n = (uint32_t)c->goals.names[RESULT_TARGET].n;
    if (n == 0 && !some_column_lists_targets(c)) {
        return;
    }
    bool is_english = g->ruleset != NULL && g->ruleset->language == LANG_EN;
    struct ast_entry *entries = arena_new_array(c->a, n, struct ast_entry);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t goal = c->goals.by_number[RESULT_TARGET][i];
        const struct ast_target *t = &c->goals.items[goal].decl->u.target;
        entries[i].code = t->name;
        entries[i].label = target_label(t, is_english ? LANG_EN : LANG_VI);
    }
    struct name name = {STR("targets"), n > 0 ? entries[0].code.at : SPAN_NONE};
    const struct ast_codelist ast = {.name = name, .entries = entries, .n_entries = n};
    add_codelist(g, &ast, 0);
}

/* ---- the result */

static struct ruleset *finish(struct checker *c, const struct ast_ruleset *ast,
                              uint32_t n_tests)
{
    struct ruleset *r = arena_new(c->a, struct ruleset);
    *r = (struct ruleset){.language = LANG_VI,
                          .sources = c->sources,
                          .units = c->units,
                          .n_units = (uint32_t)c->unit_names.n,
                          .codelists = c->codelists,
                          .n_codelists = (uint32_t)c->codelist_names.n,
                          .datasets = c->datasets,
                          .n_datasets = (uint32_t)c->dataset_names.n,
                          .results = c->goals.sets,
                          .n_results = c->goals.n_sets,
                          .indicators = c->goals.indicators,
                          .n_indicators = (uint32_t)c->goals.names[RESULT_INDICATOR].n,
                          .targets = c->goals.targets,
                          .n_targets = (uint32_t)c->goals.names[RESULT_TARGET].n,
                          .boards = c->goals.boards,
                          .n_boards = (uint32_t)c->goals.names[RESULT_BOARD].n,
                          .steps = c->goals.steps,
                          .n_steps = c->goals.n_steps,
                          .tests = c->tests,
                          .n_tests = n_tests,
                          .checks = c->checks,
                          .n_checks = (uint32_t)c->n_checks,
                          .code_uses = c->code_uses,
                          .n_code_uses = (uint32_t)c->n_code_uses,
                          .uses_today = c->uses_today};
    if (ast != NULL) {
        r->name = ast->name.text;
        r->version = ast->version.text;
        for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
            r->title.lang[lang] = ast->title.lang[lang].text;
        }
        r->language = ast->language == LANG_EN ? LANG_EN : LANG_VI;
    }
    return r;
}

/* The checks that a goal makes. One that was declared twice has no second goal. */
static void check_goal(struct checker *c, enum result_kind kind, struct name name,
                       const struct decl *d)
{
    const struct goal *g = goal_named(c, kind, name.text);
    if (g == NULL || g->decl != d) {
        return;
    }
    if (kind == RESULT_INDICATOR) {
        check_lines(c, g);
    } else {
        check_claim(c, g);
    }
}

/* Everything that makes checks, in the order in which it is written. */
static void check_pending(struct checker *c, const struct decl *d)
{
    if (d->kind == DECL_CHECK) {
        check_rule(c, &d->u.check);
    } else if (d->kind == DECL_INDICATOR) {
        check_goal(c, RESULT_INDICATOR, d->u.indicator.name, d);
    } else if (d->kind == DECL_TARGET) {
        check_goal(c, RESULT_TARGET, d->u.target.name, d);
    } else if (d->kind == DECL_SCOREBOARD) {
        check_goal(c, RESULT_BOARD, d->u.board.name, d);
    }
}

const struct ruleset *check_rules(struct arena *a, const struct sources *sources,
                                  struct ast_file *const *files, uint32_t n_files,
                                  struct diags *diags)
{
    assert(a && sources && diags && (files || n_files == 0));
    struct checker c = {
        .a = a, .sources = sources, .diags = diags, .n_parsed = diags_count(diags)};
    struct name_table *const tables[] = {
        &c.unit_names,
        &c.codelist_names,
        &c.dataset_names,
        &c.define_names,
        &c.function_names,
        &c.family_names,
        &c.id_names,
        &c.goals.names[RESULT_INDICATOR],
        &c.goals.names[RESULT_TARGET],
        &c.goals.names[RESULT_BOARD],
    };
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        tables[i]->names = dict_new(a);
    }
    c.code_use_keys = dict_new(a);
    struct gathering g = {.c = &c};
    for (uint32_t i = 0; i < n_files; i++) {
        for (uint32_t j = 0; j < files[i]->n; j++) {
            gather(&g, files[i]->decls[j], files[i]->src, i == 0);
        }
    }
    gather_target_list(&g);
    check_units(&c);
    check_datasets(&c);
    check_row_units(&c);
    begin_goals(&c);
    check_families(&c);
    check_define_cycles(&c);
    check_parameters(&c);
    check_covers(&c);
    check_goals(&c);
    for (size_t i = 0; i < g.rules.n; i++) {
        check_pending(&c, g.rules.items[i]);
    }
    check_tests(&c, g.tests.items, (uint32_t)g.tests.n);
    check_idle(&c);
    diags_sort(diags);
    return diags_errors(diags) > 0 ? NULL : finish(&c, g.ruleset, (uint32_t)g.tests.n);
}

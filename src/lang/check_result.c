/* Results as data sets: what targets[…], scores[…] and indicators[…] read.
 *
 * Indicators, targets and scoreboards ("goals") are typed when something first needs
 * them. A goal that is being typed and is needed again reads itself: a circle. A goal
 * that is finished has everything it reads finished before it, so the order of finishing
 * is the order in which the engine computes them.
 *
 * What is read becomes a hidden data set behind the declared ones: one goal's own when
 * the brackets name it by a literal, else that of all goals of the kind, which must then
 * share one key. Hidden data sets are made when they are first read. */
#include "lang/check_state.h"

#include <assert.h>
#include <string.h>

enum { OPEN_LIMIT = 100 }; /* goals that wait for one another; bounds the stack */

/* ---- the three kinds */

static const struct {
    const char *word, *id; /* the data set, and its first column */
    const char *columns[5];
    uint32_t n_columns;
} kinds[RESULT_KINDS] = {
    [RESULT_TARGET] = {"targets",
                       "target",
                       {[RESULT_ACTUAL] = "actual",
                        [RESULT_PLAN] = "plan",
                        [RESULT_RATIO] = "ratio",
                        [RESULT_TARGET_POINTS] = "points",
                        [RESULT_STATUS] = "status"},
                       5},
    [RESULT_BOARD] = {"scores",
                      "scoreboard",
                      {[RESULT_BOARD_POINTS] = "points",
                       [RESULT_RANK] = "rank",
                       [RESULT_GRADE] = "grade"},
                      3},
    [RESULT_INDICATOR] = {"indicators", "indicator", {[RESULT_VALUE] = "value"}, 1},
};

bool result_kind_named(struct str name, enum result_kind *out)
{
    for (int i = 0; i < RESULT_KINDS; i++) {
        if (str_eq(name, str_of(kinds[i].word))) {
            *out = (enum result_kind)i;
            return true;
        }
    }
    return false;
}

struct str result_word(enum result_kind kind)
{
    assert((size_t)kind < COUNT_OF(kinds));
    return str_of(kinds[kind].word);
}

struct str result_id_column(enum result_kind kind)
{
    assert((size_t)kind < COUNT_OF(kinds));
    return str_of(kinds[kind].id);
}

static bool is_own_column(enum result_kind kind, struct str name)
{
    bool is_own =
        str_eq(name, str_of(kinds[kind].id)) ||
        (kind != RESULT_BOARD && str_eq(name, STR("unit"))); /* where units differ */
    for (uint32_t i = 0; i < kinds[kind].n_columns && !is_own; i++) {
        is_own = str_eq(name, str_of(kinds[kind].columns[i]));
    }
    return is_own;
}

bool result_has_column(struct checker *c, enum result_kind kind, struct str name)
{
    if (is_own_column(kind, name)) {
        return true;
    }
    for (size_t i = 0; i < c->goals.n; i++) {
        const struct goal *g = &c->goals.items[i];
        if (g->kind != kind || g->dataset == ID_NONE) {
            continue;
        }
        const struct schema *s = &c->datasets[g->dataset].schema;
        uint32_t column = schema_column(s, name);
        if (column != ID_NONE && s->columns[column].is_key) {
            return true;
        }
    }
    return false;
}

static size_t grade_words(struct checker *c, struct str **out)
{
    size_t n = 0, cap = 0;
    *out = NULL;
    for (size_t i = 0; i < c->goals.n; i++) {
        const struct goal *g = &c->goals.items[i];
        for (uint32_t k = 0; g->kind == RESULT_BOARD && k < g->decl->u.board.n_grades;
             k++) {
            *out = list_room(c->a, *out, n, &cap, sizeof **out);
            (*out)[n++] = g->decl->u.board.grades[k].title.text;
        }
    }
    return n;
}

size_t result_words(struct checker *c, uint32_t dataset, uint32_t column,
                    const struct str **out)
{
    static const struct str statuses[] = {
        {"exceeded", 8}, {"met", 3},     {"near", 4},
        {"missed", 6},   {"no_data", 7}, {"not_applicable", 14},
    };
    const struct schema *s = &c->datasets[dataset].schema;
    enum result_kind kind;
    if (dataset < c->dataset_names.n || !result_kind_named(s->name, &kind)) {
        return 0;
    }
    const struct str name = s->columns[column].name;
    if (kind == RESULT_TARGET &&
        str_eq(name, str_of(kinds[kind].columns[RESULT_STATUS]))) {
        *out = statuses;
        return COUNT_OF(statuses);
    }
    struct str *words = NULL;
    bool is_grade =
        kind == RESULT_BOARD && str_eq(name, str_of(kinds[kind].columns[RESULT_GRADE]));
    size_t n = is_grade ? grade_words(c, &words) : 0;
    *out = words;
    return n;
}

/* ---- declaration */

static struct name goal_name(const struct decl *d)
{
    return d->kind == DECL_INDICATOR ? d->u.indicator.name
           : d->kind == DECL_TARGET  ? d->u.target.name
                                     : d->u.board.name;
}

static struct name goal_dataset(const struct decl *d)
{
    return d->kind == DECL_INDICATOR ? d->u.indicator.dataset
           : d->kind == DECL_TARGET  ? d->u.target.dataset
                                     : d->u.board.dataset;
}

void goal_declare(struct checker *c, enum result_kind kind, const struct decl *d)
{
    struct goals *gs = &c->goals;
    struct name name = goal_name(d);
    uint32_t number = (uint32_t)gs->names[kind].n;
    name_declare(c, &c->id_names, name);
    if (name_find(&gs->names[kind], name.text) != ID_NONE) {
        return; /* said just now */
    }
    name_declare(c, &gs->names[kind], name);
    gs->items = list_room(c->a, gs->items, gs->n, &gs->cap, sizeof *gs->items);
    gs->by_number[kind] = list_room(c->a, gs->by_number[kind], number,
                                    &gs->by_number_cap[kind], sizeof(uint32_t));
    gs->by_number[kind][number] = (uint32_t)gs->n;
    gs->items[gs->n++] = (struct goal){
        .kind = kind, .number = number, .name = name, .decl = d, .dataset = ID_NONE};
}

struct goal *goal_named(struct checker *c, enum result_kind kind, struct str name)
{
    uint32_t number = name_find(&c->goals.names[kind], name);
    return number == ID_NONE ? NULL : &c->goals.items[c->goals.by_number[kind][number]];
}

/* The declared data sets, with room behind them for one of each goal and the unions. */
static void widen_datasets(struct checker *c)
{
    uint32_t n = (uint32_t)c->dataset_names.n;
    c->n_datasets = n;
    c->dataset_room = n + (uint32_t)c->goals.n + RESULT_KINDS;
    struct dataset *datasets = arena_new_array(c->a, c->dataset_room, struct dataset);
    struct dataset_state *states =
        arena_new_array(c->a, c->dataset_room, struct dataset_state);
    for (uint32_t i = 0; i < n; i++) {
        datasets[i] = c->datasets[i];
        states[i] = c->dataset_states[i];
    }
    c->datasets = datasets;
    c->dataset_states = states;
}

void begin_goals(struct checker *c)
{
    struct goals *gs = &c->goals;
    widen_datasets(c);
    gs->sets = arena_new_array(c->a, gs->n + RESULT_KINDS, struct result_set);
    gs->steps = arena_new_array(c->a, gs->n, struct result_step);
    gs->open = arena_new_array(c->a, OPEN_LIMIT, uint32_t);
    gs->indicators =
        arena_new_array(c->a, gs->names[RESULT_INDICATOR].n, struct indicator);
    gs->targets = arena_new_array(c->a, gs->names[RESULT_TARGET].n, struct target);
    gs->boards = arena_new_array(c->a, gs->names[RESULT_BOARD].n, struct scoreboard);
    for (size_t i = 0; i < gs->n; i++) {
        struct name name = goal_dataset(gs->items[i].decl);
        if (name.text.p != NULL) { /* else the parser spoke of it */
            gs->items[i].dataset = dataset_of_head(c, name);
        }
    }
}

/* ---- typing on demand */

static bool type_goal(struct checker *c, struct goal *g)
{
    switch (g->kind) {
    case RESULT_INDICATOR:
        return type_indicator(c, g);
    case RESULT_TARGET:
        return type_target(c, g);
    case RESULT_BOARD:
        return type_board(c, g);
    }
    return false;
}

static void report_goal_cycle(struct checker *c, const struct goal *first)
{
    struct goals *gs = &c->goals;
    uint32_t from = 0;
    while (&gs->items[gs->open[from]] != first) {
        from++;
        assert(from < gs->n_open);
    }
    struct text t = text_in(c->a);
    for (uint32_t i = from; i < gs->n_open; i++) {
        gs->items[gs->open[i]].is_bad = true;
        text_add(&t, gs->items[gs->open[i]].name.text);
        text_add_z(&t, " → ");
    }
    text_add(&t, first->name.text);
    struct diag *d =
        report(c, DIAG_ID_RULE_RESULT_CYCLE, first->name.at, text_str(&t), STR_NONE);
    for (uint32_t i = from + 1; i < gs->n_open; i++) {
        diag_place(d, gs->items[gs->open[i]].name.at, STR_NONE);
    }
}

/* Types a goal in the middle of whatever is being typed, and goes back to that. */
static void type_aside(struct checker *c, struct goal *g)
{
    struct rule_state rule = c->rule;
    const struct use *use = c->use;
    uint32_t silence = c->silence;
    c->use = NULL;
    c->silence = 0;
    bool is_good = g->dataset != ID_NONE && type_goal(c, g);
    g->is_bad = g->is_bad || !is_good;
    c->rule = rule;
    c->use = use;
    c->silence = silence;
    c->serial++; /* what was kept of defines belongs to the goal */
}

bool goal_finish(struct checker *c, struct goal *g, struct span at)
{
    struct goals *gs = &c->goals;
    if (g->visit == GOAL_OPEN) {
        if (!g->is_bad) {
            report_goal_cycle(c, g);
        }
        return false;
    }
    if (g->visit == GOAL_NEW && gs->n_open == OPEN_LIMIT) {
        if (!gs->is_too_deep) {
            report(c, DIAG_ID_RULE_TOO_LARGE, at, STR_NONE, STR_NONE);
        }
        gs->is_too_deep = true;
        return false;
    }
    if (g->visit == GOAL_NEW) {
        g->visit = GOAL_OPEN;
        gs->open[gs->n_open++] = (uint32_t)(g - gs->items);
        type_aside(c, g);
        gs->n_open--;
        g->visit = GOAL_DONE;
        gs->steps[gs->n_steps++] =
            (struct result_step){.kind = g->kind, .number = g->number};
    }
    return !g->is_bad;
}

void check_goals(struct checker *c)
{
    for (size_t i = 0; i < c->goals.n; i++) {
        struct goal *g = &c->goals.items[i];
        goal_finish(c, g, g->name.at);
    }
    assert(c->goals.n_open == 0 && c->goals.n_steps == c->goals.n);
}

/* ---- hidden data sets */

bool same_key(const struct schema *a, const struct schema *b)
{
    if (a->n_key != b->n_key) {
        return false;
    }
    for (uint32_t i = 0; i < a->n_key; i++) {
        const struct column *own = &a->columns[a->key[i]];
        uint32_t column = schema_column(b, own->name);
        const struct column *other = column == ID_NONE ? NULL : &b->columns[column];
        if (other == NULL || !other->is_key || other->type != own->type ||
            other->codelist != own->codelist) {
            return false;
        }
    }
    return true;
}

struct members { /* the goals whose results one data set holds; never none */
    enum result_kind kind;
    struct goal **items;
    uint32_t n;
};

struct units { /* of the members' numbers together */
    struct unit_expr common;
    bool differ;   /* each row needs its own */
    bool is_mixed; /* and cannot have it */
};

static bool is_named_unit(const struct unit_expr *u)
{
    return u->kind == UNIT_DECLARED && u->n == 1 && u->terms[0].power == 1;
}

/* A number of open unit takes the others' when these agree. Units that differ stand in
 * the row by name, which only declared ones have. */
static struct units common_units(const struct members *m)
{
    struct units u = {.common = {.kind = UNIT_OPEN, .row_column = ID_NONE}};
    bool all_are_named = true;
    for (uint32_t i = 0; i < m->n; i++) {
        const struct unit_expr *unit = &m->items[i]->unit;
        all_are_named = all_are_named && is_named_unit(unit);
        if (unit->kind == UNIT_IN_ROW) {
            u.is_mixed = true;
        } else if (u.common.kind == UNIT_OPEN) {
            u.common = *unit;
        } else if (unit->kind != UNIT_OPEN) {
            u.differ =
                u.differ || unit->kind != u.common.kind || !unit_equal(unit, &u.common);
        }
    }
    u.is_mixed = u.is_mixed || (u.differ && !all_are_named);
    u.differ = u.differ && !u.is_mixed;
    return u;
}

void report_mixed(struct checker *c, const struct schema *s, uint32_t column,
                  struct span at)
{
    enum result_kind kind = RESULT_TARGET;
    bool is_result = result_kind_named(s->name, &kind);
    assert(is_result);
    struct diag *d = report(c, DIAG_ID_RULE_RESULT_UNITS, at,
                            s->columns[is_result ? column : 0].name, s->name);
    report_hint(c, d,
                "nêu rõ một mã: {} = \"…\", hoặc quy đổi (… as ĐƠN_VỊ) trong khai báo",
                "name one: {} = \"…\", or convert (… as UNIT) in its declaration",
                result_id_column(kind));
}

static struct column result_column(const char *name, enum column_type type,
                                   struct span at)
{
    return (struct column){.name = str_of(name),
                           .type = type,
                           .codelist = ID_NONE,
                           .unit = {.kind = UNIT_OPEN, .row_column = ID_NONE},
                           .is_optional = true,
                           .at = at};
}

/* actual, plan and value are in the goal's own unit. */
static bool has_own_unit(enum result_kind kind, uint32_t place)
{
    return kind == RESULT_INDICATOR ||
           (kind == RESULT_TARGET && (place == RESULT_ACTUAL || place == RESULT_PLAN));
}

static enum column_type type_of_result(enum result_kind kind, uint32_t place)
{
    bool is_text = (kind == RESULT_TARGET && place == RESULT_STATUS) ||
                   (kind == RESULT_BOARD && place == RESULT_GRADE);
    bool is_whole = kind == RESULT_BOARD && place == RESULT_RANK;
    return is_text ? COLUMN_TEXT : is_whole ? COLUMN_INTEGER : COLUMN_DECIMAL;
}

/* The id, then the key of the source. */
static void build_key_columns(struct checker *c, const struct members *m,
                              struct schema *s, struct column *columns, bool *is_bad)
{
    uint32_t dataset = m->items[0]->dataset;
    const struct schema *source = &c->datasets[dataset].schema;
    uint32_t *key = arena_new_array(c->a, (size_t)source->n_key + 1, uint32_t);
    columns[0] = result_column(kinds[m->kind].id, COLUMN_TEXT, m->items[0]->name.at);
    columns[0].is_key = true;
    for (uint32_t i = 0; i < source->n_key; i++) {
        const struct column *own = &source->columns[source->key[i]];
        struct column *col = &columns[1 + i];
        *col = result_column("", own->type, own->at);
        col->name = own->name;
        col->codelist = own->codelist;
        col->title = own->title;
        col->is_key = true;
        is_bad[1 + i] = c->dataset_states[dataset].is_bad[source->key[i]];
        key[1 + i] = 1 + i;
        s->period = source->key[i] == source->period ? 1 + i : s->period;
    }
    s->key = key;
    s->n_key = source->n_key + 1;
}

/* Behind the key: results, and the unit where it stands in the row. */
static void build_columns(struct checker *c, const struct members *m,
                          const struct units *units, struct schema *s,
                          struct dataset_state *state)
{
    uint32_t n_results = kinds[m->kind].n_columns;
    uint32_t at = 1 + c->datasets[m->items[0]->dataset].schema.n_key;
    size_t room = (size_t)at + n_results + 1;
    struct column *columns = arena_new_array(c->a, room, struct column);
    bool *is_mixed = arena_new_array(c->a, room, bool);
    state->is_bad = arena_new_array(c->a, room, bool);
    state->is_read = arena_new_array(c->a, room, bool); /* all of them are kept */
    build_key_columns(c, m, s, columns, state->is_bad);
    for (uint32_t i = 0; i < n_results; i++) {
        struct column *col = &columns[at + i];
        *col = result_column(kinds[m->kind].columns[i], type_of_result(m->kind, i),
                             m->items[0]->name.at);
        if (m->kind == RESULT_TARGET && i == RESULT_RATIO) {
            col->unit.kind = UNIT_PURE;
        } else if (has_own_unit(m->kind, i)) {
            is_mixed[at + i] = units->is_mixed;
            col->unit = units->common;
            if (units->differ) {
                col->unit.kind = UNIT_IN_ROW;
                col->unit.row_column = at + n_results;
            }
        }
    }
    if (units->differ) {
        columns[at + n_results] =
            result_column("unit", COLUMN_TEXT, m->items[0]->name.at);
    }
    s->columns = state->built = columns;
    s->n_columns = at + n_results + units->differ;
    state->is_mixed = is_mixed;
}

static void name_columns(struct checker *c, const struct schema *s,
                         struct dataset_state *state)
{
    state->columns.names = dict_new(c->a);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        name_declare(c, &state->columns,
                     (struct name){s->columns[i].name, s->columns[i].at});
    }
}

/* A key column that is named like a result would hide it. */
static bool key_hides(struct checker *c, const struct goal *g, struct span at)
{
    const struct schema *s = &c->datasets[g->dataset].schema;
    for (uint32_t i = 0; i < s->n_key; i++) {
        const struct column *col = &s->columns[s->key[i]];
        if (is_own_column(g->kind, col->name)) {
            struct diag *d =
                report(c, DIAG_ID_RULE_RESULT_KEY, at, g->name.text, col->name);
            d->args[2] = s->name;
            d->args[3] = result_word(g->kind);
            diag_place(d, col->at, STR_NONE);
            return true;
        }
    }
    return false;
}

/* Makes the hidden data set of the members, whose keys agree. ID_NONE after reporting. */
static uint32_t make_set(struct checker *c, const struct members *m, struct span at)
{
    assert(m->n > 0 && c->n_datasets < c->dataset_room);
    for (uint32_t i = 0; i < m->n; i++) {
        if (key_hides(c, m->items[i], at)) {
            return ID_NONE;
        }
    }
    uint32_t id = c->n_datasets++;
    uint32_t source = m->items[0]->dataset;
    uint32_t *members = arena_new_array(c->a, m->n, uint32_t);
    for (uint32_t i = 0; i < m->n; i++) {
        members[i] = m->items[i]->number;
    }
    struct units units = common_units(m);
    struct schema *s = &c->datasets[id].schema;
    struct dataset_state *state = &c->dataset_states[id];
    *s = (struct schema){.name = result_word(m->kind),
                         .period = ID_NONE,
                         .tree_child = ID_NONE,
                         .tree_parent = ID_NONE,
                         .at = m->items[0]->name.at};
    *state = (struct dataset_state){.is_faulty = c->dataset_states[source].is_faulty,
                                    .is_partial = c->dataset_states[source].is_partial};
    build_columns(c, m, &units, s, state);
    bool is_several = c->dataset_states[source].period == PERIOD_SEVERAL;
    state->period = s->period != ID_NONE ? PERIOD_ONE
                    : is_several         ? PERIOD_SEVERAL
                                         : PERIOD_ABSENT;
    name_columns(c, s, state);
    c->goals.sets[c->goals.n_sets++] = (struct result_set){
        .kind = m->kind,
        .members = members,
        .n_members = m->n,
        .n_key = s->n_key - 1,
        .unit_column = units.differ ? s->n_columns - 1 : ID_NONE,
    };
    return id;
}

/* ---- which one is read */

/* What a name in the brackets stands for, if that is a text as written: an argument, a
 * let, a define. */
static struct str text_behind(struct checker *c, const struct env *env, struct str name)
{
    const struct expr *value = NULL;
    for (uint32_t i = 0; i < env->n_arguments; i++) {
        if (str_eq(env->arguments[i].name.text, name)) {
            value = env->arguments[i].value;
        }
    }
    for (uint32_t i = 0; i < c->rule.n_lets && env->body == NULL && value == NULL; i++) {
        if (str_eq(c->rule.lets[i].name.text, name)) {
            value = c->rule.lets[i].value;
        }
    }
    if (value != NULL) {
        return value->op == EXPR_TEXT && !is_poison(value) ? value->text : STR_NONE;
    }
    uint32_t define = name_find(&c->define_names, name);
    const struct node *body = define == ID_NONE ? NULL : c->defines[define].ast->body;
    return body != NULL && body->kind == NODE_STRING ? body->text : STR_NONE;
}

static struct str literal_text(struct checker *c, const struct env *env,
                               const struct node *n)
{
    if (n->kind == NODE_STRING) {
        return n->text;
    }
    if (n->kind == NODE_CALL && str_eq(n->text, STR("name")) && n->n == 1 &&
        n->kids[0]->kind == NODE_NAME) {
        return loop_name(env->loops, (struct name){n->kids[0]->text, n->at}).text;
    }
    return n->kind == NODE_NAME ? text_behind(c, env, n->text) : STR_NONE;
}

/* The id that a condition `target = "…"` names, with its place; STR_NONE if it is none.
 */
static struct name literal_id(struct checker *c, const struct env *env,
                              const struct node *n, struct str column)
{
    struct name id = {STR_NONE, SPAN_NONE};
    if (n->kind == NODE_BINARY && n->op == OP_AND) {
        id = literal_id(c, env, n->kids[0], column);
        return id.text.p != NULL ? id : literal_id(c, env, n->kids[1], column);
    }
    if (n->kind != NODE_COMPARE || n->n != 2 || n->ops[0] != OP_EQ) {
        return id;
    }
    for (uint32_t i = 0; i < 2 && id.text.p == NULL; i++) {
        const struct node *left = n->kids[i], *right = n->kids[1 - i];
        if (left->kind == NODE_NAME && str_eq(left->text, column)) {
            id = (struct name){literal_text(c, env, right), right->at};
        }
    }
    return id;
}

static void report_no_goal(struct checker *c, enum result_kind kind, struct name id)
{
    static const enum diag_id ids[RESULT_KINDS] = {
        [RESULT_TARGET] = DIAG_ID_RULE_UNKNOWN_TARGET,
        [RESULT_BOARD] = DIAG_ID_RULE_UNKNOWN_BOARD,
        [RESULT_INDICATOR] = DIAG_ID_RULE_UNKNOWN_INDICATOR,
    };
    report_unknown(c, ids[kind], id, &c->goals.names[kind]);
}

static void note_undefined_goal(struct checker *c, const struct env *env,
                                const struct goal *g)
{
    if (g->kind != RESULT_INDICATOR || env->place == PLACE_HOLE ||
        c->rule.undefined.p != NULL) {
        return;
    }
    c->rule.undefined = c->goals.indicators[g->number].undefined;
}

static uint32_t one_result(struct checker *c, const struct env *env, struct name id,
                           enum result_kind kind, struct span at)
{
    struct goal *g = goal_named(c, kind, id.text);
    if (g == NULL) {
        report_no_goal(c, kind, id);
        return ID_NONE;
    }
    if (!goal_finish(c, g, at)) {
        c->n_errors++; /* reported where it is wrong */
        return ID_NONE;
    }
    note_undefined_goal(c, env, g);
    if (!g->is_used) {
        const struct members one = {.kind = kind, .items = &g, .n = 1};
        g->set = make_set(c, &one, at);
        g->is_used = g->set != ID_NONE;
    }
    return g->set;
}

/* All goals of a kind; n == 0 after reporting that they cannot be read together. */
static struct members all_members(struct checker *c, enum result_kind kind,
                                  const struct node *n)
{
    uint32_t count = (uint32_t)c->goals.names[kind].n;
    struct members m = {.kind = kind,
                        .items = arena_new_array(c->a, count, struct goal *)};
    bool is_good = count > 0;
    if (!is_good) {
        report(c, DIAG_ID_RULE_NO_RESULTS, n->name_at, n->text, result_id_column(kind));
    }
    for (uint32_t i = 0; i < count; i++) {
        m.items[i] = &c->goals.items[c->goals.by_number[kind][i]];
        if (!goal_finish(c, m.items[i], n->at)) {
            c->n_errors++;
            is_good = false;
        }
    }
    for (uint32_t i = 1; i < count && is_good; i++) {
        const struct goal *a = m.items[0], *b = m.items[i];
        if (!same_key(&c->datasets[a->dataset].schema, &c->datasets[b->dataset].schema)) {
            struct diag *d =
                report(c, DIAG_ID_RULE_RESULT_KEYS, n->at, a->name.text, b->name.text);
            report_hint(c, d, "nêu rõ một mã: {} = \"…\"", "name one: {} = \"…\"",
                        result_id_column(kind));
            diag_place(d, a->name.at, STR_NONE);
            diag_place(d, b->name.at, STR_NONE);
            is_good = false;
        }
    }
    m.n = is_good ? count : 0;
    return m;
}

static uint32_t all_results(struct checker *c, const struct env *env,
                            const struct node *n, enum result_kind kind)
{
    struct members m = all_members(c, kind, n);
    if (m.n == 0) {
        return ID_NONE;
    }
    if (m.n == 1) {
        return one_result(c, env, m.items[0]->name, kind, n->at);
    }
    if (c->goals.unions[kind] == 0) {
        uint32_t set = make_set(c, &m, n->at);
        if (set == ID_NONE) {
            return ID_NONE;
        }
        c->goals.unions[kind] = set;
    }
    return c->goals.unions[kind];
}

uint32_t result_dataset(struct checker *c, const struct env *env, const struct node *n,
                        enum result_kind kind)
{
    assert(n->kind == NODE_LOOKUP);
    if (env->place == PLACE_COVER) {
        report(c, DIAG_ID_RULE_RESULT_PLACE, n->name_at, n->text, STR_NONE);
        return ID_NONE;
    }
    struct name id = {STR_NONE, SPAN_NONE};
    for (uint32_t i = 0; i < n->n && id.text.p == NULL; i++) {
        id = literal_id(c, env, n->kids[i], result_id_column(kind));
    }
    return id.text.p != NULL ? one_result(c, env, id, kind, n->at)
                             : all_results(c, env, n, kind);
}

/* Scoreboards: which targets and values they add up, in the scope of a cell.
 *
 * A cell is known by its `for` and `each` columns, which are the key of the data set and
 * of that of every target; nothing else of a row can be read. What must add up is
 * compared as far as the maxima are plain numbers: a sum that is short or over would
 * otherwise be seen in no score. */
#include "lang/check_state.h"

#include <assert.h>

/* ---- the cell */

struct cell {
    uint32_t *columns; /* keys, then each */
    uint32_t n;
};

/* Adds the columns of a list; false after reporting. */
static bool add_columns(struct checker *c, uint32_t dataset, struct names names,
                        struct cell *cell)
{
    const struct schema *s = &c->datasets[dataset].schema;
    bool is_good = true;
    for (uint32_t i = 0; i < names.n; i++) {
        struct name name = names.items[i];
        uint32_t column = column_named(c, dataset, name);
        if (column == ID_NONE) {
            is_good = false;
            continue;
        }
        bool is_twice = false;
        for (uint32_t j = 0; j < cell->n; j++) {
            is_twice = is_twice || cell->columns[j] == column;
        }
        if (is_twice || !s->columns[column].is_key) {
            report(c, is_twice ? DIAG_ID_RULE_NAMED_TWICE : DIAG_ID_RULE_NOT_KEY, name.at,
                   name.text, s->name);
            is_good = false;
            continue;
        }
        cell->columns[cell->n++] = column;
    }
    return is_good;
}

/* for + each is the whole key; false after reporting. */
static bool covers_key(struct checker *c, const struct goal *g, const struct cell *cell)
{
    const struct schema *s = &c->datasets[g->dataset].schema;
    struct str *names = arena_new_array(c->a, s->n_key, struct str);
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_key; i++) {
        bool is_there = false;
        for (uint32_t j = 0; j < cell->n; j++) {
            is_there = is_there || cell->columns[j] == s->key[i];
        }
        if (!is_there) {
            names[n++] = s->columns[s->key[i]].name;
        }
    }
    if (n > 0) {
        struct diag *d = report(c, DIAG_ID_RULE_BOARD_KEY, g->decl->u.board.keys.at,
                                joined(c, names, n), s->name);
        report_hint(c, d, "thêm {} vào for hoặc each", "add {} to for or each", names[0]);
    }
    return n == 0;
}

static bool build_cell(struct checker *c, const struct goal *g, struct scoreboard *b)
{
    const struct ast_board *ast = &g->decl->u.board;
    if (c->dataset_states[g->dataset].is_faulty || ast->keys.n == 0 || ast->each.n == 0) {
        return false;
    }
    struct cell cell = {
        .columns = arena_new_array(c->a, (size_t)ast->keys.n + ast->each.n, uint32_t)};
    bool is_good = add_columns(c, g->dataset, ast->keys, &cell);
    uint32_t n_keys = cell.n;
    is_good = add_columns(c, g->dataset, ast->each, &cell) && is_good;
    if (!is_good || !covers_key(c, g, &cell)) {
        return false;
    }
    b->keys = cell.columns;
    b->n_keys = n_keys;
    b->each = cell.columns + n_keys;
    b->n_each = cell.n - n_keys;
    return true;
}

/* ---- what is listed */

struct listing { /* of the targets of one board */
    const struct goal *board;
    struct span *seen; /* by target: where it was listed; lo == hi: nowhere */
};

static bool key_fits(struct checker *c, const struct listing *l, const struct goal *t,
                     struct span at)
{
    assert(t->kind == RESULT_TARGET);
    const struct schema *own = &c->datasets[l->board->dataset].schema;
    if (t->dataset == ID_NONE || c->dataset_states[t->dataset].is_faulty) {
        return false;
    }
    const struct schema *other = &c->datasets[t->dataset].schema;
    if (same_key(own, other)) {
        return true;
    }
    struct diag *d = report(c, DIAG_ID_RULE_TARGET_KEY, at, t->name.text, other->name);
    d->args[2] = l->board->name.text;
    d->args[3] = own->name;
    diag_place(d, t->name.at, STR_NONE);
    diag_place(d, other->at, STR_NONE);
    return false;
}

/* A listed target that can be used: its number, else ID_NONE after reporting. */
static uint32_t listed_target(struct checker *c, struct listing *l, struct name name)
{
    struct goal *t = goal_named(c, RESULT_TARGET, name.text);
    if (t == NULL && str_eq(name.text, STR("all"))) { /* no target can be called so */
        struct diag *d =
            report(c, DIAG_ID_RULE_ALL_TARGETS, name.at, name.text, STR_NONE);
        report_hint(c, d, "nêu mã các chỉ tiêu", "name the targets", STR_NONE);
        return ID_NONE;
    }
    if (t == NULL) {
        report_unknown(c, DIAG_ID_RULE_UNKNOWN_TARGET, name,
                       &c->goals.names[RESULT_TARGET]);
        return ID_NONE;
    }
    struct span *seen = &l->seen[t->number];
    if (seen->lo != seen->hi) {
        struct diag *d =
            report(c, DIAG_ID_RULE_NAMED_TWICE, name.at, name.text, STR_NONE);
        diag_place(d, *seen, STR_NONE);
        return ID_NONE;
    }
    *seen = name.at;
    if (!t->decl->u.target.has_points) {
        struct diag *d =
            report(c, DIAG_ID_RULE_TARGET_POINTS, name.at, name.text, STR_NONE);
        diag_place(d, t->name.at, STR_NONE);
        return ID_NONE;
    }
    bool is_good = goal_finish(c, t, name.at);
    return key_fits(c, l, t, name.at) && is_good ? t->number : ID_NONE;
}

static bool list_targets(struct checker *c, struct listing *l, struct names names,
                         const uint32_t **out, uint32_t *n_out)
{
    uint32_t *targets = arena_new_array(c->a, names.n, uint32_t);
    for (uint32_t i = 0; i < names.n; i++) {
        uint32_t target = listed_target(c, l, names.items[i]);
        if (target != ID_NONE) {
            targets[(*n_out)++] = target;
        }
    }
    *out = targets;
    return *n_out == names.n;
}

/* Every target with points. */
static bool list_all(struct checker *c, struct listing *l, struct span at,
                     struct scoreboard *b)
{
    uint32_t n = (uint32_t)c->goals.names[RESULT_TARGET].n;
    uint32_t *targets = arena_new_array(c->a, n, uint32_t);
    bool is_good = true;
    for (uint32_t i = 0; i < n; i++) {
        struct goal *t = &c->goals.items[c->goals.by_number[RESULT_TARGET][i]];
        if (!t->decl->u.target.has_points) {
            continue;
        }
        is_good = goal_finish(c, t, at) && is_good;
        is_good = key_fits(c, l, t, at) && is_good;
        targets[b->n_targets++] = i;
    }
    b->targets = targets;
    if (b->n_targets == 0) {
        report(c, DIAG_ID_RULE_NO_TARGETS, at, l->board->name.text, STR_NONE);
    }
    return is_good && b->n_targets > 0;
}

/* ---- what adds up */

struct sum {
    struct text shown; /* 20 + 30 = 50 */
    struct num value;
    uint32_t n;
    bool is_open; /* some maximum is known from data only */
    bool is_lost; /* too large to add */
};

static void add_number(struct checker *c, struct sum *s, struct num v)
{
    text_add_z(&s->shown, s->n++ > 0 ? " + " : "");
    text_add(&s->shown, num_str(c->a, v));
    s->is_lost = s->is_lost || num_add(s->value, v, &s->value) != DEC_OK;
}

static void add_maxima(struct checker *c, struct sum *s, const uint32_t *targets,
                       uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct expr *maximum = c->goals.targets[targets[i]].points.maximum;
        assert(maximum != NULL && !is_poison(maximum));
        if (maximum->op == EXPR_NUM) {
            add_number(c, s, maximum->num);
        } else {
            s->is_open = true;
        }
    }
}

/* Whether what was added can be `wanted`; false after reporting. */
static bool adds_up(struct checker *c, struct sum *s, struct ast_number wanted,
                    enum diag_id id, struct str of)
{
    if (!wanted.is_given || s->is_lost) {
        return true;
    }
    int order = num_cmp(s->value, wanted.value);
    if (order == 0 || (s->is_open && order < 0)) {
        return true;
    }
    if (s->is_open) {
        text_add_z(&s->shown, " + …");
    }
    if (s->n > 1) {
        text_add_z(&s->shown, " = ");
        text_add(&s->shown, num_str(c->a, s->value));
        text_add_z(&s->shown, s->is_open ? " + …" : "");
    }
    struct diag *d =
        report(c, id, wanted.at, text_str(&s->shown), num_str(c->a, wanted.value));
    d->args[2] = of;
    return false;
}

static struct sum sum_in(struct checker *c)
{
    return (struct sum){.shown = text_in(c->a), .value = num_int(0)};
}

static bool parts_add_up(struct checker *c, const struct goal *g,
                         const struct scoreboard *b)
{
    const struct ast_board *ast = &g->decl->u.board;
    struct sum total = sum_in(c);
    bool is_good = true;
    for (uint32_t i = 0; i < b->n_parts; i++) {
        add_number(c, &total, b->parts[i].maximum);
        if (b->parts[i].n_targets > 0) {
            struct sum sum = sum_in(c);
            add_maxima(c, &sum, b->parts[i].targets, b->parts[i].n_targets);
            is_good = adds_up(c, &sum, ast->parts[i].maximum, DIAG_ID_RULE_PART_SUM,
                              b->parts[i].title) &&
                      is_good;
        }
    }
    if (b->n_parts == 0) {
        add_maxima(c, &total, b->targets, b->n_targets);
    }
    return adds_up(c, &total, ast->total, DIAG_ID_RULE_TOTAL_SUM, b->id) && is_good;
}

/* ---- values of the cell */

/* A number of points; its reading and its undefined columns are the caller's to keep. */
static const struct expr *type_points(struct checker *c, const struct scope *cell,
                                      const struct node *n)
{
    const struct env env = rule_open(c, cell);
    const struct expr *e = type_kind(c, &env, n, VALUE_NUM);
    return is_poison(e) || unit_settled(c, e) ? e : poison(c, n->at);
}

static bool build_part(struct checker *c, struct listing *l, const struct scope *cell,
                       const struct ast_part *ast, struct board_part *part)
{
    *part = (struct board_part){.title = ast->title.text, .maximum = ast->maximum.value};
    bool is_read = ast->maximum.is_given; /* else the parser spoke of it */
    if (ast->value == NULL) {
        return list_targets(c, l, ast->targets, &part->targets, &part->n_targets) &&
               is_read && part->n_targets > 0;
    }
    part->value = type_points(c, cell, ast->value);
    part->undefined = c->rule.undefined;
    part->uses = rule_uses(c, &part->n_uses);
    return !is_poison(part->value) && is_read;
}

static bool build_parts(struct checker *c, struct listing *l, const struct scope *cell,
                        const struct ast_board *ast, struct scoreboard *b)
{
    struct board_part *parts = arena_new_array(c->a, ast->n_parts, struct board_part);
    bool is_good = true;
    for (uint32_t i = 0; i < ast->n_parts; i++) {
        is_good = build_part(c, l, cell, &ast->parts[i], &parts[i]) && is_good;
    }
    b->parts = parts;
    b->n_parts = ast->n_parts;
    return is_good;
}

static bool build_extras(struct checker *c, const struct scope *cell,
                         const struct ast_board *ast, struct scoreboard *b)
{
    struct board_extra *extras = arena_new_array(c->a, ast->n_extras, struct board_extra);
    bool is_good = true;
    for (uint32_t i = 0; i < ast->n_extras; i++) {
        const struct ast_extra *x = &ast->extras[i];
        if (x->value == NULL) {
            return false;
        }
        extras[i] = (struct board_extra){
            .is_minus = x->is_minus, .has_cap = x->cap.is_given, .cap = x->cap.value};
        extras[i].value = type_points(c, cell, x->value);
        extras[i].undefined = c->rule.undefined;
        extras[i].uses = rule_uses(c, &extras[i].n_uses);
        is_good = number_fits(c, x->cap, false) && !is_poison(extras[i].value) && is_good;
    }
    b->extras = extras;
    b->n_extras = ast->n_extras;
    return is_good;
}

static bool build_when(struct checker *c, const struct scope *cell,
                       const struct ast_board *ast, struct scoreboard *b)
{
    if (ast->when == NULL) {
        return true;
    }
    const struct env env = rule_open(c, cell);
    b->when = type_kind(c, &env, ast->when, VALUE_BOOL);
    b->undefined = c->rule.undefined;
    b->uses = rule_uses(c, &b->n_uses);
    return !is_poison(b->when);
}

static void build_grades(struct checker *c, const struct ast_board *ast,
                         struct scoreboard *b)
{
    struct grade *grades = arena_new_array(c->a, ast->n_grades, struct grade);
    for (uint32_t i = 0; i < ast->n_grades; i++) {
        grades[i] = (struct grade){.title = ast->grades[i].title.text,
                                   .has_from = ast->grades[i].from.is_given,
                                   .is_percent = ast->grades[i].from.is_percent,
                                   .from = ast->grades[i].from.value};
    }
    b->grades = grades;
    b->n_grades = ast->n_grades;
}

static const struct scope *cell_scope(struct checker *c, const struct scoreboard *b)
{
    struct scope *scope = arena_new(c->a, struct scope);
    *scope = (struct scope){.kind = SCOPE_GROUP,
                            .dataset = b->dataset,
                            .columns = b->keys,
                            .n_columns = b->n_keys + b->n_each};
    assert(b->each == b->keys + b->n_keys);
    return scope;
}

bool type_board(struct checker *c, struct goal *g)
{
    assert(g->kind == RESULT_BOARD && g->dataset != ID_NONE);
    const struct ast_board *ast = &g->decl->u.board;
    struct scoreboard *b = &c->goals.boards[g->number];
    *b = (struct scoreboard){.id = g->name.text,
                             .dataset = g->dataset,
                             .has_rank = ast->has_rank,
                             .rank_lowest = ast->rank_lowest,
                             .has_total = ast->total.is_given,
                             .total = ast->total.value,
                             .at = g->name.at};
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        b->title.lang[lang] = ast->title.lang[lang].text;
    }
    if (!build_cell(c, g, b)) {
        return false;
    }
    const struct scope *cell = cell_scope(c, b);
    struct listing l = {
        .board = g,
        .seen = arena_new_array(c->a, c->goals.names[RESULT_TARGET].n, struct span)};
    build_grades(c, ast, b);
    bool is_good = build_when(c, cell, ast, b);
    if (ast->n_parts > 0) {
        is_good = is_good && !ast->has_targets; /* else the parser spoke of it */
    } else if (ast->all_targets) {
        is_good = list_all(c, &l, ast->targets_at, b) && is_good;
    } else {
        is_good =
            list_targets(c, &l, ast->targets, &b->targets, &b->n_targets) && is_good;
    }
    is_good = build_parts(c, &l, cell, ast, b) && is_good;
    is_good = build_extras(c, cell, ast, b) && is_good;
    return is_good && parts_add_up(c, g, b);
}

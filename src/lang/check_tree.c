/* What the syntax tree shows before anything is typed: defines that lead back to
 * themselves, and names that would hide a column. Both walk the tree by the sentences of
 * the grammar that say what a name is by its place: before a dot a data set, after `in` a
 * code list, and so on. */
#include "lang/check_state.h"

#include <assert.h>

enum { WALK_LIMIT = 10000 };

/* ---- cycles of defines */

struct path { /* the defines that are open, outermost first */
    struct define_state **items;
    size_t n, cap;
};

static void visit_define(struct checker *c, struct path *p, struct define_state *d);

static void report_cycle(struct checker *c, const struct path *p, size_t from)
{
    struct text t = text_in(c->a);
    for (size_t i = from; i < p->n; i++) {
        p->items[i]->is_faulty = true;
        text_add(&t, p->items[i]->ast->name.text);
        text_add_z(&t, " → ");
    }
    text_add(&t, p->items[from]->ast->name.text);
    struct diag *d = report(c, DIAG_ID_RULE_DEFINE_CYCLE, p->items[from]->ast->name.at,
                            text_str(&t), STR_NONE);
    for (size_t i = from + 1; i < p->n; i++) {
        diag_place(d, p->items[i]->ast->name.at, STR_NONE);
    }
}

static void reach_define(struct checker *c, struct path *p, struct define_state *d)
{
    if (d->visit == DEFINE_NEW) {
        visit_define(c, p, d);
        return;
    }
    if (d->visit == DEFINE_OPEN && !d->is_faulty) {
        size_t from = 0;
        while (p->items[from] != d) {
            from++;
            assert(from < p->n);
        }
        report_cycle(c, p, from);
    }
}

static bool is_parameter(const struct ast_define *d, struct str name)
{
    for (uint32_t i = 0; i < d->params.n; i++) {
        if (str_eq(d->params.items[i].text, name)) {
            return true;
        }
    }
    return false;
}

static void reach_name(struct checker *c, struct path *p, const struct node *n,
                       struct str loop)
{
    const struct ast_define *self = p->items[p->n - 1]->ast;
    uint32_t id = name_find(&c->define_names, n->text);
    if (id != ID_NONE && !is_parameter(self, n->text) &&
        !(loop.p != NULL && str_eq(loop, n->text))) {
        reach_define(c, p, &c->defines[id]);
    }
}

static void walk_references(struct checker *c, struct path *p, const struct node *n,
                            struct str loop)
{
    if (n == NULL || c->depth == WALK_LIMIT) { /* typing reports what is too deep */
        return;
    }
    if (n->kind == NODE_NAME) {
        reach_name(c, p, n, loop);
        return;
    }
    if (n->kind == NODE_CALL) {
        uint32_t id = name_find(&c->function_names, n->text);
        if (id != ID_NONE) {
            reach_define(c, p, &c->functions[id]);
        }
    }
    c->depth++;
    struct str inner = n->kind == NODE_EACH_OF ? n->name2.text : loop;
    for (uint32_t i = 0; i < n->n; i++) {
        bool is_list = n->kind == NODE_IN && i == 1 && n->kids[i]->kind == NODE_NAME;
        if (!is_list) {
            walk_references(c, p, n->kids[i], inner);
        }
    }
    if (n->pick != NULL && !is_plain_pick(n->pick)) {
        walk_references(c, p, n->pick, inner);
    }
    c->depth--;
}

static void visit_define(struct checker *c, struct path *p, struct define_state *d)
{
    d->visit = DEFINE_OPEN;
    p->items = list_room(c->a, p->items, p->n, &p->cap, sizeof(struct define_state *));
    p->items[p->n++] = d;
    walk_references(c, p, d->ast->body, STR_NONE);
    p->n--;
    d->visit = DEFINE_DONE;
}

void check_define_cycles(struct checker *c)
{
    struct path path = {0};
    for (uint32_t i = 0; i < c->define_names.n; i++) {
        if (c->defines[i].visit == DEFINE_NEW) {
            visit_define(c, &path, &c->defines[i]);
        }
    }
    for (uint32_t i = 0; i < c->function_names.n; i++) {
        if (c->functions[i].visit == DEFINE_NEW) {
            visit_define(c, &path, &c->functions[i]);
        }
    }
    assert(path.n == 0);
}

/* ---- parameters and lets that hide columns */

/* Whether bare names inside this lookup are columns of its data set. */
static bool opens_brackets(const struct node *n)
{
    return n->kind == NODE_LOOKUP &&
           (n->n > 0 || (n->pick != NULL && !is_plain_pick(n->pick)));
}

void gather_brackets(struct checker *c, const struct node *n, struct brackets *out)
{
    if (n == NULL) {
        return;
    }
    if (opens_brackets(n)) {
        out->items =
            list_room(c->a, out->items, out->n, &out->cap, sizeof(struct node *));
        out->items[out->n++] = n;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        gather_brackets(c, n->kids[i], out);
    }
    gather_brackets(c, n->pick, out);
}

/* Results have no place of their own to show: the brackets tell. */
static bool hides_result(struct checker *c, const struct node *lookup, struct name name)
{
    enum result_kind kind;
    if (!result_kind_named(lookup->text, &kind) ||
        !result_has_column(c, kind, name.text)) {
        return false;
    }
    struct diag *g =
        report(c, DIAG_ID_RULE_HIDES_COLUMN, name.at, name.text, lookup->text);
    diag_place(g, lookup->at, STR_NONE);
    return true;
}

bool name_hides_column(struct checker *c, const struct brackets *b, size_t from,
                       struct name name)
{
    assert(from <= b->n);
    for (size_t i = from; i < b->n; i++) {
        const struct node *lookup = b->items[i];
        if (hides_result(c, lookup, name)) {
            return true;
        }
        uint32_t d = name_find(&c->dataset_names, lookup->text);
        uint32_t column =
            d == ID_NONE ? ID_NONE : schema_column(&c->datasets[d].schema, name.text);
        if (column != ID_NONE) {
            struct diag *g =
                report(c, DIAG_ID_RULE_HIDES_COLUMN, name.at, name.text, lookup->text);
            diag_place(g, lookup->at, STR_NONE);
            diag_place(g, c->datasets[d].schema.columns[column].at, STR_NONE);
            return true;
        }
    }
    return false;
}

static void check_define_parameters(struct checker *c, struct define_state *d)
{
    const struct names *params = &d->ast->params;
    struct brackets brackets = {0};
    gather_brackets(c, d->ast->body, &brackets);
    for (uint32_t i = 0; i < params->n; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (str_eq(params->items[i].text, params->items[j].text)) {
                struct diag *g = report(c, DIAG_ID_RULE_NAME_TWICE, params->items[i].at,
                                        params->items[i].text, STR_NONE);
                diag_place(g, params->items[j].at, STR_NONE);
                d->is_faulty = true;
            }
        }
        if (str_eq(params->items[i].text, STR("today"))) {
            report(c, DIAG_ID_RULE_RESERVED_NAME, params->items[i].at,
                   params->items[i].text, STR_NONE);
            d->is_faulty = true;
        } else if (name_hides_column(c, &brackets, 0, params->items[i])) {
            d->is_faulty = true;
        }
    }
}

void check_parameters(struct checker *c)
{
    for (uint32_t i = 0; i < c->function_names.n; i++) {
        check_define_parameters(c, &c->functions[i]);
    }
}

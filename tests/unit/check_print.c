/* One notation for lowered rules: a column is sN.name (N its scope), a selection
 * data@N[binds | conditions].pick, everything else (operator arguments). */
#include "check_print.h"

#include "lang/check.h"
#include "lang/parse.h"
#include "value/date.h"

const struct ruleset *check_print_read(struct arena *a, const char *rules,
                                       const char *shared, struct diags **diags,
                                       struct sources **sources)
{
    *sources = sources_new(a);
    *diags = diags_new(a);
    struct ast_file *files[2];
    uint32_t n = 1;
    files[0] = parse_file(a, *sources, sources_add(*sources, STR("rules"), str_of(rules)),
                          *diags);
    if (shared != NULL) {
        uint32_t src = sources_add(*sources, STR("shared"), str_of(shared));
        files[n++] = parse_file(a, *sources, src, *diags);
    }
    return check_rules(a, *sources, files, n, *diags);
}

struct str check_print_diags(struct arena *a, const struct diags *diags,
                             const struct sources *sources)
{
    struct text t = text_in(a);
    for (size_t i = 0; i < diags_count(diags); i++) {
        const struct diag *d = diags_get(diags, i);
        struct line_place p = source_place(sources, d->places[0].span);
        const char *file = d->places[0].span.src == 0 ? "" : "shared:";
        text_printf(&t, "%s%s %s%u:%u", i > 0 ? ", " : "", diag_info(d->id)->code, file,
                    p.line, p.column);
    }
    return t.n > 0 ? text_str(&t) : STR("");
}

/* ---- expressions */

static const char *const op_names[] = {
    [EXPR_NUM] = "num",
    [EXPR_TEXT] = "text",
    [EXPR_BOOL] = "bool",
    [EXPR_DAY] = "day",
    [EXPR_PERIOD] = "period",
    [EXPR_TODAY] = "today",
    [EXPR_COLUMN] = "column",
    [EXPR_SIDE] = "side",
    [EXPR_WORD] = "word",
    [EXPR_NEG] = "neg",
    [EXPR_ADD] = "+",
    [EXPR_SUB] = "-",
    [EXPR_MUL] = "*",
    [EXPR_DIV] = "/",
    [EXPR_SCALE] = "scale",
    [EXPR_ROW_UNIT] = "row-unit",
    [EXPR_NOT] = "not",
    [EXPR_AND] = "and",
    [EXPR_OR] = "or",
    [EXPR_IMPLIES] = "implies",
    [EXPR_IF] = "if",
    [EXPR_COALESCE] = "??",
    [EXPR_COMPARE] = "compare",
    [EXPR_IN_LIST] = "in-list",
    [EXPR_IN_RANGE] = "in-range",
    [EXPR_IN_CODES] = "in-codes",
    [EXPR_IN_MEMBERS] = "in-members",
    [EXPR_IN_NUMBERS] = "in-numbers",
    [EXPR_IN_ROWS] = "in-rows",
    [EXPR_MATCHES] = "matches",
    [EXPR_IS_MISSING] = "missing?",
    [EXPR_IS_APPROX] = "approx?",
    [EXPR_CALL] = "call",
    [EXPR_LOOKUP] = "lookup",
    [EXPR_AGG] = "agg",
    [EXPR_OVER] = "over",
    [EXPR_PREVIOUS] = "previous",
    [EXPR_AT] = "at",
    [EXPR_CUMULATIVE] = "cumulative",
    [EXPR_OUTLIER] = "outlier",
    [EXPR_UNIQUE] = "unique",
    [EXPR_HALF_WIDTH] = "half-width",
};

static const char *const fn_names[] = {
#define FN(id, name, ...) [FN_##id] = (name),
#include "lang/fn.def"
#undef FN
};

static const char *const agg_names[] = {
#define AGG(id, name, ...) [AGG_##id] = (name),
#include "lang/agg.def"
#undef AGG
};

static const char *const cmp_names[] = {"=", "!=", "<", "<=", ">", ">="};
static const char *const word_names[] = {"left", "right", "diff", "slack",
                                         "key",  "file",  "line"};

struct printer {
    struct arena *a;
    const struct ruleset *r;
    struct text t;
};

static void print_expr(struct printer *p, const struct expr *e);

static struct str column_name(const struct printer *p, uint32_t dataset, uint32_t column)
{
    return p->r->datasets[dataset].schema.columns[column].name;
}

static void print_binds(struct printer *p, const struct select *s)
{
    for (uint32_t i = 0; i < s->n_binds; i++) {
        text_add_z(&p->t, i > 0 ? ", " : "");
        text_add(&p->t, column_name(p, s->dataset, s->binds[i].column));
        text_add_z(&p->t, s->binds[i].to_year ? "=year:" : "=");
        print_expr(p, s->binds[i].value);
    }
}

static void print_select(struct printer *p, const struct select *s)
{
    text_printf(&p->t, "%s" STR_FMT "@%u%s[", s->over_group ? "group " : "",
                STR_ARG(p->r->datasets[s->dataset].schema.name), s->scope,
                s->is_correlated ? "*" : "");
    print_binds(p, s);
    for (uint32_t i = 0; i < s->n_conds; i++) {
        text_add_z(&p->t, i > 0 ? ", " : " | ");
        print_expr(p, s->conds[i]);
    }
    text_char(&p->t, ']');
    if (s->pick != NULL) {
        text_char(&p->t, '.');
        print_expr(p, s->pick);
    }
}

static bool print_leaf(struct printer *p, const struct expr *e)
{
    if (e->op == EXPR_NUM) {
        text_add(&p->t, num_str(p->a, e->num));
    } else if (e->op == EXPR_TEXT) {
        text_printf(&p->t, "%s'" STR_FMT "'", e->kind == VALUE_CODE ? "code" : "",
                    STR_ARG(e->text));
    } else if (e->op == EXPR_BOOL) {
        text_add_z(&p->t, e->flag ? "true" : "false");
    } else if (e->op == EXPR_DAY) {
        text_add(&p->t, date_str(p->a, e->when));
    } else if (e->op == EXPR_PERIOD) {
        text_add(&p->t, period_str(p->a, e->when));
    } else if (e->op == EXPR_COLUMN) {
        text_printf(&p->t, "s%u." STR_FMT, e->scope,
                    STR_ARG(column_name(p, e->dataset, e->column)));
    } else if (e->op == EXPR_SIDE || e->op == EXPR_WORD) {
        text_add_z(&p->t, word_names[e->word]);
    } else {
        return false;
    }
    return true;
}

static void print_head(struct printer *p, const struct expr *e)
{
    const char *name = op_names[e->op];
    if (e->op == EXPR_CALL) {
        name = fn_names[e->fn];
    } else if (e->op == EXPR_AGG || e->op == EXPR_OVER) {
        name = agg_names[e->agg];
    } else if (e->op == EXPR_COMPARE) {
        name = cmp_names[e->cmp];
    }
    text_printf(&p->t, "(%s%s", e->op == EXPR_OVER ? "over-" : "", name);
    if (e->op == EXPR_SCALE) {
        text_printf(&p->t, " " STR_FMT, STR_ARG(num_str(p->a, e->num)));
    } else if (e->op == EXPR_ROW_UNIT && e->n == 2) {
        text_printf(&p->t, " " STR_FMT,
                    STR_ARG(unit_str(p->a, &e->unit, p->r->units, false)));
    } else if (e->op == EXPR_IN_CODES || e->op == EXPR_IN_MEMBERS) {
        text_printf(&p->t, "%s " STR_FMT, e->flag ? " children" : "",
                    STR_ARG(p->r->codelists[e->codelist].name));
    } else if (e->op == EXPR_MATCHES) {
        text_printf(&p->t, " /" STR_FMT "/", STR_ARG(e->text));
    } else if (e->op == EXPR_OVER && e->flag) {
        text_add_z(&p->t, " if");
    } else if (e->op == EXPR_OUTLIER) {
        static const char *const methods[] = {"mad", "z", "iqr", "hb"};
        text_printf(&p->t, " %s " STR_FMT, methods[e->outlier->method],
                    STR_ARG(num_str(p->a, e->outlier->factor)));
        for (uint32_t i = 0; i < e->outlier->n_each; i++) {
            text_printf(&p->t, "%s%u", i > 0 ? "," : " each ", e->outlier->each[i]);
        }
    }
}

static void print_time(struct printer *p, const struct expr *e)
{
    if (e->op != EXPR_PREVIOUS && e->op != EXPR_AT && e->op != EXPR_CUMULATIVE) {
        return;
    }
    text_printf(&p->t, "@%u", e->scope);
    if (e->years > 0) {
        text_printf(&p->t, " %d years", (int)e->years);
    }
    text_add_z(&p->t, e->all_stocks ? " stocks" : "");
    text_add_z(&p->t, e->is_additive ? " additive" : "");
}

static void print_expr(struct printer *p, const struct expr *e)
{
    if (e == NULL) {
        text_add_z(&p->t, "-");
        return;
    }
    if (print_leaf(p, e)) {
        return;
    }
    print_head(p, e);
    print_time(p, e);
    for (uint32_t i = 0; i < e->n; i++) {
        text_char(&p->t, ' ');
        print_expr(p, e->args[i]);
    }
    if (e->select != NULL) {
        text_char(&p->t, ' ');
        print_select(p, e->select);
    }
    text_char(&p->t, ')');
}

struct str check_print_expr(struct arena *a, const struct ruleset *r,
                            const struct expr *e)
{
    struct printer p = {.a = a, .r = r, .t = text_in(a)};
    print_expr(&p, e);
    return text_str(&p.t);
}

/* ---- checks */

static void print_clause(struct printer *p, const char *name, const struct expr *e)
{
    if (e != NULL) {
        text_printf(&p->t, " %s=", name);
        print_expr(p, e);
    }
}

static void print_template(struct printer *p, const char *name, const struct template *m)
{
    if (m->n == 0) {
        return;
    }
    text_printf(&p->t, " %s=\"", name);
    for (uint32_t i = 0; i < m->n; i++) {
        if (m->parts[i].value == NULL) {
            text_add(&p->t, m->parts[i].text);
        } else {
            text_char(&p->t, '{');
            print_expr(p, m->parts[i].value);
            text_char(&p->t, '}');
        }
    }
    text_char(&p->t, '"');
}

static void print_lists(struct printer *p, const struct check *k)
{
    if (k->is_group) {
        text_add_z(&p->t, " each=");
        for (uint32_t i = 0; i < k->n_each; i++) {
            text_printf(&p->t, "%s" STR_FMT, i > 0 ? "," : "",
                        STR_ARG(column_name(p, k->dataset, k->each[i])));
        }
    }
    for (uint32_t i = 0; i < k->n_filter; i++) {
        print_clause(p, "filter", k->filter[i]);
    }
}

static void print_facts(struct printer *p, const struct check *k)
{
    text_printf(&p->t, " column=");
    text_add(&p->t,
             k->column == ID_NONE ? STR("-") : column_name(p, k->dataset, k->column));
    text_add_z(&p->t, " operands=");
    for (uint32_t i = 0; i < k->n_operands; i++) {
        text_printf(&p->t, "%s" STR_FMT, i > 0 ? ";" : "", STR_ARG(k->operands[i].name));
    }
    if (k->n_uses > 0) {
        text_add_z(&p->t, " uses=");
        for (uint32_t i = 0; i < k->n_uses; i++) {
            text_printf(&p->t, "%s" STR_FMT, i > 0 ? "," : "",
                        STR_ARG(p->r->datasets[k->uses[i]].schema.name));
        }
    }
    if (k->undefined.p != NULL) {
        text_printf(&p->t, " undefined='" STR_FMT "'", STR_ARG(k->undefined));
    }
    text_add_z(&p->t, k->uses_previous ? " previous" : "");
    text_add_z(&p->t, k->uses_today ? " today" : "");
    text_add_z(&p->t, k->within_rounding ? " rounding" : "");
    text_add_z(&p->t, k->has_sides ? " sides" : "");
}

struct str check_print_rules(struct arena *a, const struct ruleset *r)
{
    struct printer p = {.a = a, .r = r, .t = text_in(a)};
    for (uint32_t i = 0; i < r->n_checks; i++) {
        const struct check *k = &r->checks[i];
        text_printf(&p.t, "%s" STR_FMT, i > 0 ? "\n" : "", STR_ARG(k->id));
        print_lists(&p, k);
        print_clause(&p, "when", k->when);
        print_clause(&p, "must", k->must);
        print_clause(&p, "within", k->within);
        print_template(&p, "message", &k->message[LANG_VI]);
        print_template(&p, "ask", &k->ask[LANG_VI]);
        print_facts(&p, k);
    }
    return text_str(&p.t);
}

/* ---- indicators, targets, scoreboards */

static void print_uses(struct printer *p, const uint32_t *uses, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        text_printf(&p->t, "%s" STR_FMT,
                    i > 0 ? "," : " uses=", STR_ARG(p->r->datasets[uses[i]].schema.name));
    }
}

static void print_reason(struct printer *p, struct str undefined)
{
    if (undefined.p != NULL) {
        text_printf(&p->t, " undefined='" STR_FMT "'", STR_ARG(undefined));
    }
}

static void print_num(struct printer *p, const char *name, bool is_there, struct num v)
{
    if (is_there) {
        text_printf(&p->t, " %s=" STR_FMT, name, STR_ARG(num_str(p->a, v)));
    }
}

static void print_unit(struct printer *p, const struct expr *e)
{
    if (e != NULL && e->unit.kind == UNIT_DECLARED) {
        text_printf(&p->t, ":" STR_FMT,
                    STR_ARG(unit_str(p->a, &e->unit, p->r->units, false)));
    }
}

static void print_points(struct printer *p, const struct points *s)
{
    static const char *const schedules[] = {"ratio", "all", "per", "bands"};
    print_clause(p, "points", s->maximum);
    text_printf(&p->t, " {%s", schedules[s->schedule]);
    print_num(p, s->cap_is_percent ? "cap%" : "cap", s->has_cap, s->cap);
    print_num(p, s->per_is_percent ? "per%" : "per", s->schedule == SCHEDULE_PER, s->per);
    print_num(p, "gives", s->schedule == SCHEDULE_PER, s->per_points);
    for (uint32_t i = 0; i < s->n_bands; i++) {
        print_num(p, "from", true, s->bands[i].from);
        print_num(p, "gives", true, s->bands[i].points);
    }
    print_num(p, "bonus", s->has_bonus, s->bonus);
    print_num(p, "each", s->has_bonus, s->bonus_per);
    print_num(p, "over", s->has_bonus, s->bonus_over);
    print_num(p, "bonus-cap", s->has_bonus_cap, s->bonus_cap);
    print_num(p, "round", s->has_rounding, s->rounding);
    text_char(&p->t, '}');
}

static void print_target(struct printer *p, const struct target *t)
{
    static const char *const aims[] = {"at_least", "at_most", "exactly", "between",
                                       "yes"};
    text_printf(&p->t, STR_FMT " %s", STR_ARG(t->id), aims[t->aim]);
    print_clause(p, "actual", t->actual);
    print_unit(p, t->actual);
    print_clause(p, "plan", t->plan);
    print_unit(p, t->plan);
    print_clause(p, "high", t->plan_high);
    print_clause(p, "when", t->when);
    print_clause(p, "pace", t->pace);
    print_num(p, "margin", true, t->margin);
    if (t->has_points) {
        print_points(p, &t->points);
    }
    text_add_z(&p->t, t->is_monitored ? " monitored" : "");
    if (t->unmeasured.p != NULL) {
        text_printf(&p->t, " unmeasured='" STR_FMT "'", STR_ARG(t->unmeasured));
    }
    print_reason(p, t->undefined);
    print_uses(p, t->uses, t->n_uses);
}

static void print_members(struct printer *p, const uint32_t *targets, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        text_printf(&p->t, "%s" STR_FMT,
                    i > 0 ? "," : " targets=", STR_ARG(p->r->targets[targets[i]].id));
    }
}

static void print_board(struct printer *p, const struct scoreboard *b)
{
    const struct schema *s = &p->r->datasets[b->dataset].schema;
    text_add(&p->t, b->id);
    for (uint32_t i = 0; i < b->n_keys; i++) {
        text_printf(&p->t, "%s" STR_FMT,
                    i > 0 ? "," : " for=", STR_ARG(s->columns[b->keys[i]].name));
    }
    for (uint32_t i = 0; i < b->n_each; i++) {
        text_printf(&p->t, "%s" STR_FMT,
                    i > 0 ? "," : " each=", STR_ARG(s->columns[b->each[i]].name));
    }
    print_members(p, b->targets, b->n_targets);
    for (uint32_t i = 0; i < b->n_parts; i++) {
        text_printf(&p->t, " part " STR_FMT, STR_ARG(num_str(p->a, b->parts[i].maximum)));
        print_members(p, b->parts[i].targets, b->parts[i].n_targets);
        print_clause(p, "value", b->parts[i].value);
        print_reason(p, b->parts[i].undefined);
        print_uses(p, b->parts[i].uses, b->parts[i].n_uses);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        print_clause(p, b->extras[i].is_minus ? "minus" : "plus", b->extras[i].value);
        print_num(p, "cap", b->extras[i].has_cap, b->extras[i].cap);
        print_reason(p, b->extras[i].undefined);
        print_uses(p, b->extras[i].uses, b->extras[i].n_uses);
    }
    print_clause(p, "when", b->when);
    print_reason(p, b->undefined);
    print_uses(p, b->uses, b->n_uses);
    text_add_z(&p->t, b->has_rank ? b->rank_lowest ? " lowest" : " highest" : "");
    for (uint32_t i = 0; i < b->n_grades; i++) {
        text_printf(&p->t, " '" STR_FMT "'", STR_ARG(b->grades[i].title));
        print_num(p, b->grades[i].is_percent ? "from%" : "from", b->grades[i].has_from,
                  b->grades[i].from);
    }
}

struct str check_print_goals(struct arena *a, const struct ruleset *r)
{
    struct printer p = {.a = a, .r = r, .t = text_in(a)};
    for (uint32_t i = 0; i < r->n_steps; i++) {
        uint32_t n = r->steps[i].number;
        text_add_z(&p.t, i > 0 ? "\n" : "");
        switch (r->steps[i].kind) {
        case RESULT_TARGET:
            print_target(&p, &r->targets[n]);
            break;
        case RESULT_BOARD:
            print_board(&p, &r->boards[n]);
            break;
        case RESULT_INDICATOR:
            text_add(&p.t, r->indicators[n].id);
            print_clause(&p, "value", r->indicators[n].value);
            print_unit(&p, r->indicators[n].value);
            print_reason(&p, r->indicators[n].undefined);
            print_uses(&p, r->indicators[n].uses, r->indicators[n].n_uses);
            break;
        }
    }
    return text_str(&p.t);
}

/* ---- data sets */

static void print_cover(struct printer *p, const struct dataset *d, const struct cover *c)
{
    static const char *const kinds[] = {"list", "codes", "members", "rows"};
    text_printf(&p->t, " cover=" STR_FMT ":%s",
                STR_ARG(d->schema.columns[c->column].name), kinds[c->kind]);
    for (uint32_t i = 0; i < c->n_items; i++) {
        text_printf(&p->t, "'" STR_FMT "'", STR_ARG(c->items[i].text));
    }
    if (c->codelist != ID_NONE) {
        text_printf(&p->t, ":" STR_FMT, STR_ARG(p->r->codelists[c->codelist].name));
    }
    if (c->group.p != NULL) {
        text_printf(&p->t, ":'" STR_FMT "'%s", STR_ARG(c->group),
                    c->children_only ? "children" : "");
    }
    if (c->rows != NULL) {
        text_char(&p->t, ':');
        print_select(p, c->rows);
    }
    text_add_z(&p->t, " each=");
    for (uint32_t i = 0; i < c->n_each; i++) {
        text_printf(&p->t, "%s" STR_FMT, i > 0 ? "," : "",
                    STR_ARG(d->schema.columns[c->each[i]].name));
    }
}

static void print_column(struct printer *p, const struct column *c)
{
    static const char *const natures[] = {"", " stock", " flow", " additive"};
    text_printf(&p->t, " (" STR_FMT " %s", STR_ARG(c->name), column_type_name(c->type));
    if (c->codelist != ID_NONE) {
        text_printf(&p->t, " " STR_FMT, STR_ARG(p->r->codelists[c->codelist].name));
    }
    if (c->unit.kind == UNIT_DECLARED) {
        text_printf(&p->t, " of " STR_FMT,
                    STR_ARG(unit_str(p->a, &c->unit, p->r->units, false)));
    }
    if (c->unit.kind == UNIT_IN_ROW) {
        text_printf(&p->t, " of column %u", c->unit.row_column);
    }
    text_add_z(&p->t, natures[c->nature]);
    text_add_z(&p->t, c->is_key ? " key" : "");
    text_add_z(&p->t, c->is_optional ? " optional" : "");
    for (uint32_t i = 0; i < c->n_headers; i++) {
        text_printf(&p->t, "%s" STR_FMT, i > 0 ? "|" : " ", STR_ARG(c->headers[i]));
    }
    text_char(&p->t, ')');
}

struct str check_print_results(struct arena *a, const struct ruleset *r)
{
    struct text t = text_in(a);
    for (uint32_t i = 0; i < r->n_results; i++) {
        text_add_z(&t, i > 0 ? "\n" : "");
        text_add(&t, check_print_dataset(a, r, &r->datasets[r->n_datasets + i]));
        text_printf(&t, " key=%u members=", r->results[i].n_key);
        for (uint32_t k = 0; k < r->results[i].n_members; k++) {
            text_printf(&t, "%s%u", k > 0 ? "," : "", r->results[i].members[k]);
        }
    }
    return text_str(&t);
}

static void print_literal(struct text *t, struct arena *a, const struct literal *l)
{
    struct str shown = l->kind == VALUE_NUM      ? num_str(a, l->num)
                       : l->kind == VALUE_PERIOD ? period_str(a, l->when)
                       : l->kind == VALUE_DAY    ? date_str(a, l->when)
                                                 : l->text;
    static const char *const kinds[] = {"num",  "flag",   "text", "code",
                                        "date", "period", "error"};
    text_printf(t, "=%s'" STR_FMT "'", kinds[l->kind], STR_ARG(shown));
}

struct str check_print_tests(struct arena *a, const struct ruleset *r)
{
    static const char *const verdicts[] = {"pass", "fail", "unknown", "skip", "error"};
    struct text t = text_in(a);
    for (uint32_t i = 0; i < r->n_tests; i++) {
        const struct test_block *b = &r->tests[i];
        text_printf(&t, "%s'" STR_FMT "'", i > 0 ? "\n" : "", STR_ARG(b->name));
        for (uint32_t k = 0; k < b->n_given; k++) {
            text_printf(&t, " given " STR_FMT,
                        STR_ARG(r->datasets[b->given[k].dataset].schema.name));
        }
        for (uint32_t k = 0; k < b->n_expects; k++) {
            const struct expect *e = &b->expects[k];
            text_printf(&t, " " STR_FMT " %s", STR_ARG(e->check), verdicts[e->verdict]);
            for (uint32_t j = 0; j < e->n_at; j++) {
                text_printf(&t, " @" STR_FMT "(%u)", STR_ARG(e->at[j].name),
                            e->at[j].column);
                print_literal(&t, a, &e->at[j].value);
            }
        }
        text_add_z(&t, b->nothing_else ? " only" : "");
    }
    return text_str(&t);
}

struct str check_print_dataset(struct arena *a, const struct ruleset *r,
                               const struct dataset *d)
{
    struct printer p = {.a = a, .r = r, .t = text_in(a)};
    const struct schema *s = &d->schema;
    text_add(&p.t, s->name);
    text_add_z(&p.t, " period=");
    text_add(&p.t, s->period == ID_NONE ? STR("-") : s->columns[s->period].name);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        print_column(&p, &s->columns[i]);
    }
    for (uint32_t i = 0; i < d->n_covers; i++) {
        print_cover(&p, d, &d->covers[i]);
    }
    return text_str(&p.t);
}

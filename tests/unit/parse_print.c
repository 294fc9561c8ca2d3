/* Syntax trees and diagnostics as one line of text. Fields that were not written are not
 * printed, so that a row of a test shows what its text says and nothing else. */
#include "parse_print.h"

#include "value/date.h"

#include <string.h>

void print_quoted(struct text *out, struct str s)
{
    text_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20) {
            text_printf(out, "<%02X>", (unsigned)c);
        } else {
            text_char(out, s.p[i]);
        }
    }
    text_char(out, '\'');
}

static void print_num(struct text *out, struct num value)
{
    text_add(out, num_str(out->a, value));
}

static void print_names(struct text *out, struct names names)
{
    text_char(out, '[');
    for (uint32_t i = 0; i < names.n; i++) {
        text_add_z(out, i > 0 ? " " : "");
        text_add(out, names.items[i].text);
    }
    text_char(out, ']');
}

/* Expressions */

static const char *op_name(enum node_op op)
{
    static const char *const names[] = {
        [OP_NONE] = "none",       [OP_ADD] = "+",
        [OP_SUB] = "-",           [OP_MUL] = "*",
        [OP_DIV] = "/",           [OP_COALESCE] = "??",
        [OP_AND] = "and",         [OP_OR] = "or",
        [OP_IMPLIES] = "implies", [OP_EQ] = "=",
        [OP_NE] = "!=",           [OP_LT] = "<",
        [OP_LE] = "<=",           [OP_GT] = ">",
        [OP_GE] = ">=",           [OP_MISSING] = "missing",
        [OP_PRESENT] = "present", [OP_APPROXIMATE] = "approximate",
    };
    return names[op];
}

static void print_kids(struct text *out, const struct node *n, uint32_t from)
{
    for (uint32_t i = from; i < n->n; i++) {
        text_char(out, ' ');
        print_node(out, n->kids[i]);
    }
    text_char(out, ')');
}

static void print_chain(struct text *out, const struct node *n)
{
    if (n->n == 2) {
        text_printf(out, "(%s", op_name(n->ops[0]));
        print_kids(out, n, 0);
        return;
    }
    text_add_z(out, "(chain ");
    print_node(out, n->kids[0]);
    for (uint32_t i = 1; i < n->n; i++) {
        text_printf(out, " %s ", op_name(n->ops[i - 1]));
        print_node(out, n->kids[i]);
    }
    text_char(out, ')');
}

static void print_number(struct text *out, const struct node *n)
{
    static const char *const suffixes[] = {"", " days", " years"};
    print_num(out, n->num);
    text_add_z(out, n->is_percent ? "%" : "");
    text_add_z(out, suffixes[n->suffix]);
}

static void print_each_of(struct text *out, const struct node *n)
{
    text_printf(out, "(each-of " STR_FMT " ", STR_ARG(n->text));
    print_node(out, n->kids[0]);
    text_printf(out, " " STR_FMT " ", STR_ARG(n->name2.text));
    print_names(out, n->names);
    if (n->kids[1]) {
        text_char(out, ' ');
        print_node(out, n->kids[1]);
    }
    text_char(out, ')');
}

static void print_lookup(struct text *out, const struct node *n)
{
    text_printf(out, "(look " STR_FMT, STR_ARG(n->text));
    text_add_z(out, n->has_brackets ? " [" : "");
    for (uint32_t i = 0; i < n->n; i++) {
        text_add_z(out, i > 0 ? ", " : "");
        print_node(out, n->kids[i]);
    }
    text_add_z(out, n->has_brackets ? "]" : "");
    if (n->pick) {
        text_add_z(out, " .");
        print_node(out, n->pick);
    }
    text_char(out, ')');
}

static void print_text_and_kids(struct text *out, const char *word, const struct node *n)
{
    text_printf(out, "(%s " STR_FMT, word, STR_ARG(n->text));
    print_kids(out, n, 0);
}

static void print_match(struct text *out, const struct node *n)
{
    text_add_z(out, "(matches ");
    print_node(out, n->kids[0]);
    text_char(out, ' ');
    print_quoted(out, n->text);
    text_char(out, ')');
}

static void print_form(struct text *out, const char *word, const struct node *n)
{
    text_printf(out, "(%s", word);
    print_kids(out, n, 0);
}

void print_node(struct text *out, const struct node *n)
{
    if (!n) {
        text_char(out, '_');
        return;
    }
    switch (n->kind) {
    case NODE_ERROR:
        text_char(out, '!');
        return;
    case NODE_NUMBER:
        print_number(out, n);
        return;
    case NODE_STRING:
        print_quoted(out, n->text);
        return;
    case NODE_TRUE:
        text_add_z(out, "true");
        return;
    case NODE_FALSE:
        text_add_z(out, "false");
        return;
    case NODE_DATE:
        text_add(out, date_str(out->a, n->when));
        return;
    case NODE_PERIOD:
        text_add(out, period_str(out->a, n->when));
        return;
    case NODE_NAME:
        text_add(out, n->text);
        return;
    case NODE_THIS:
        text_printf(out, "this." STR_FMT, STR_ARG(n->text));
        return;
    case NODE_ANY:
        text_add_z(out, "ANY");
        return;
    case NODE_NEGATE:
        print_form(out, "neg", n);
        return;
    case NODE_NOT:
        print_form(out, "not", n);
        return;
    case NODE_BINARY:
        print_form(out, op_name(n->op), n);
        return;
    case NODE_COMPARE:
        print_chain(out, n);
        return;
    case NODE_IN_SET:
        print_form(out, "in-set", n);
        return;
    case NODE_IN_RANGE:
        print_form(out, "in-range", n);
        return;
    case NODE_IN:
        print_form(out, "in", n);
        return;
    case NODE_MATCHES:
        print_match(out, n);
        return;
    case NODE_IS:
        print_form(out, op_name(n->op), n);
        return;
    case NODE_IF:
        print_form(out, "if", n);
        return;
    case NODE_CALL:
        print_text_and_kids(out, "call", n);
        return;
    case NODE_EACH_OF:
        print_each_of(out, n);
        return;
    case NODE_LOOKUP:
        print_lookup(out, n);
        return;
    case NODE_AS:
        print_text_and_kids(out, "as", n);
        return;
    case NODE_AT:
        print_form(out, "at", n);
        return;
    }
}

static bool lies_within(const struct node *part, const struct node *whole, uint32_t from)
{
    return part->at.lo >= from && part->at.hi <= whole->at.hi &&
           part->height < whole->height && node_is_sound(part);
}

bool node_is_sound(const struct node *n)
{
    uint32_t from = n->at.lo;
    if (n->kind == NODE_ERROR) {
        return true;
    }
    if (n->at.lo >= n->at.hi || n->name_at.lo < n->at.lo || n->name_at.hi > n->at.hi) {
        return false;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kids[i] && n->kids[i]->kind != NODE_ERROR) {
            if (!lies_within(n->kids[i], n, from)) {
                return false;
            }
            from = n->kids[i]->at.hi;
        }
    }
    return !n->pick || lies_within(n->pick, n, from);
}

/* Declarations */

static void field(struct text *out, const char *label)
{
    text_printf(out, " %s=", label);
}

static void print_name(struct text *out, const char *label, struct name name)
{
    if (name.text.p) {
        field(out, label);
        text_add(out, name.text);
    }
}

static void print_string(struct text *out, const char *label, struct name name)
{
    if (name.text.p) {
        field(out, label);
        print_quoted(out, name.text);
    }
}

static void print_text(struct text *out, const char *label, struct ast_text text)
{
    static const char *const langs[] = {" vi:", " en:"};
    for (size_t i = 0; i < COUNT_OF(langs); i++) {
        if (text.lang[i].text.p) {
            text_printf(out, " %s", label);
            text_add_z(out, langs[i]);
            print_quoted(out, text.lang[i].text);
        }
    }
}

static void print_strings(struct text *out, const char *label, const struct name *items,
                          uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        text_add_z(out, i > 0 ? "," : "");
        if (i == 0) {
            field(out, label);
        }
        print_quoted(out, items[i].text);
    }
}

static void print_list(struct text *out, const char *label, struct names names)
{
    if (names.n > 0) {
        field(out, label);
        print_names(out, names);
    }
}

static void print_expr(struct text *out, const char *label, const struct node *n)
{
    if (n) {
        field(out, label);
        print_node(out, n);
    }
}

static void print_literal(struct text *out, const struct ast_literal *l)
{
    switch (l->value.kind) {
    case VALUE_NUM:
        print_num(out, l->value.num);
        text_add_z(out, l->is_percent ? "%" : "");
        return;
    case VALUE_DAY:
        text_add(out, date_str(out->a, l->value.when));
        return;
    case VALUE_PERIOD:
        text_add(out, period_str(out->a, l->value.when));
        return;
    case VALUE_TEXT:
        print_quoted(out, l->value.text);
        return;
    case VALUE_BOOL:
    case VALUE_CODE:
    case VALUE_ERROR:
        text_char(out, '!');
        return;
    }
}

static void print_allows(struct text *out, const struct ast_allow *allows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        print_name(out, "allow", allows[i].code);
        print_string(out, "reason", allows[i].reason);
    }
}

static void print_column_type(struct text *out, const struct ast_column *c)
{
    static const char *const natures[] = {"", " stock", " flow", " additive"};
    const char *type = c->is_bad ? "!" : column_type_name(c->type);
    text_printf(out, " (" STR_FMT " %s", STR_ARG(c->name.text), type);
    print_name(out, "list", c->codelist);
    for (uint32_t i = 0; i < c->n_unit; i++) {
        const char *mark = c->unit[i].divides ? "/" : "*";
        text_add_z(out, i > 0 ? mark : " of ");
        text_add(out, c->unit[i].name.text);
    }
    print_name(out, "of-column", c->unit_column);
    text_add_z(out, natures[c->nature]);
}

static void print_column_limits(struct text *out, const struct ast_column *c)
{
    if (c->has_range) {
        field(out, "range");
        print_literal(out, &c->low);
        text_add_z(out, "..");
        print_literal(out, &c->high);
    }
    for (uint32_t i = 0; i < c->n_set; i++) {
        text_add_z(out, i > 0 ? "," : " set=");
        print_literal(out, &c->set[i]);
    }
    if (c->has_max) {
        field(out, "max");
        print_num(out, c->max);
    }
    if (c->has_rounded) {
        field(out, "rounded");
        print_num(out, c->rounded);
    }
}

static void print_column(struct text *out, const struct ast_column *c)
{
    print_column_type(out, c);
    text_add_z(out, c->is_optional ? " optional" : "");
    text_add_z(out, c->is_unique ? " unique" : "");
    print_string(out, "undefined", c->undefined);
    print_column_limits(out, c);
    print_string(out, "matches", c->pattern);
    print_strings(out, "vi", c->headers[0], c->n_headers[0]);
    print_strings(out, "en", c->headers[1], c->n_headers[1]);
    text_char(out, ')');
}

static void print_dataset_lists(struct text *out, const struct ast_dataset *d)
{
    for (uint32_t i = 0; i < d->n_covers; i++) {
        print_name(out, "cover", d->covers[i].column);
        print_expr(out, "in", d->covers[i].set);
        print_list(out, "each", d->covers[i].each);
    }
    for (uint32_t i = 0; i < d->n_totals; i++) {
        print_name(out, "totals", d->totals[i].column);
        print_strings(out, "texts", d->totals[i].texts, d->totals[i].n);
    }
    for (uint32_t i = 0; i < d->n_pairs; i++) {
        print_name(out, "pair", d->pairs[i].code);
        print_name(out, "with", d->pairs[i].label);
    }
    for (uint32_t i = 0; i < d->n_columns; i++) {
        print_column(out, &d->columns[i]);
    }
    print_allows(out, d->allows, d->n_allows);
}

static void print_dataset(struct text *out, const struct ast_dataset *d)
{
    text_printf(out, "(dataset " STR_FMT, STR_ARG(d->name.text));
    text_add_z(out, d->is_optional ? " optional" : "");
    print_text(out, "title", d->title);
    print_strings(out, "from", d->from.items, d->from.n);
    print_list(out, "key", d->key);
    if (d->has_tree) {
        print_name(out, "tree", d->tree_child);
        print_name(out, "under", d->tree_parent);
    }
    print_strings(out, "missing", d->missing.items, d->missing.n);
    print_strings(out, "zero", d->zero.items, d->zero.n);
    print_strings(out, "na", d->na.items, d->na.n);
    if (d->numbers != NUMFMT_AUTO) {
        text_printf(out, " numbers=%s", numfmt_name(d->numbers));
    }
    print_string(out, "encoding", d->encoding);
    text_add_z(out, d->is_strict ? " strict" : "");
    print_dataset_lists(out, d);
}

static void print_within(struct text *out, const struct ast_within *w)
{
    static const char *const bases[] = {"", " of left", " of right", " of larger"};
    if (!span_is_none(w->at)) {
        text_add_z(out, w->is_rounding ? " within=rounding" : "");
        print_expr(out, "within", w->amount);
        text_add_z(out, bases[w->base]);
    }
}

static void print_policy(struct text *out, const char *label, enum policy policy,
                         struct span at)
{
    static const char *const policies[] = {"unknown", "fail", "skip"};
    if (!span_is_none(at)) {
        text_printf(out, " %s=%s", label, policies[policy]);
    }
}

static void print_severity(struct text *out, struct ast_severity s)
{
    static const char *const levels[] = {"error", "warning", "info"};
    if (!span_is_none(s.at)) {
        text_printf(out, " severity=%s%s", levels[s.level], s.is_final ? " final" : "");
    }
}

static void print_head(struct text *out, const struct ast_check *c)
{
    text_printf(out, "(check " STR_FMT, STR_ARG(c->name.text));
    print_name(out, "on", c->dataset);
    for (uint32_t i = 0; i < c->n_filter; i++) {
        print_expr(out, "filter", c->filter[i]);
    }
    print_list(out, "each", c->each);
    print_name(out, "for", c->loop);
    print_list(out, "in", c->loop_columns);
}

static void print_check(struct text *out, const struct ast_check *c)
{
    print_head(out, c);
    for (uint32_t i = 0; i < c->n_lets; i++) {
        print_name(out, "let", c->lets[i].name);
        print_expr(out, "be", c->lets[i].value);
    }
    print_expr(out, "when", c->when);
    print_expr(out, "must", c->must);
    print_within(out, &c->within);
    print_policy(out, "if_missing", c->if_missing, c->if_missing_at);
    print_policy(out, "if_first", c->if_first, c->if_first_at);
    print_severity(out, c->severity);
    print_text(out, "title", c->title);
    print_text(out, "message", c->message);
    print_text(out, "ask", c->ask);
    print_string(out, "because", c->because);
    print_list(out, "tags", c->tags);
    print_name(out, "type", c->type);
    print_allows(out, c->allows, c->n_allows);
}

static void print_codelist(struct text *out, const struct ast_codelist *l)
{
    text_printf(out, "(codelist " STR_FMT, STR_ARG(l->name.text));
    text_add_z(out, l->from_library ? " library" : "");
    print_string(out, "from", l->path);
    print_name(out, "code", l->code);
    print_name(out, "label", l->label);
    print_name(out, "alias", l->alias);
    print_name(out, "into", l->into);
    print_name(out, "parent", l->parent);
    print_name(out, "valid", l->valid_from);
    print_name(out, "to", l->valid_to);
    for (uint32_t i = 0; i < l->n_entries; i++) {
        text_char(out, ' ');
        print_quoted(out, l->entries[i].code.text);
        text_char(out, ':');
        print_quoted(out, l->entries[i].label.text);
    }
}

static void print_ruleset(struct text *out, const struct ast_ruleset *r)
{
    text_printf(out, "(ruleset " STR_FMT, STR_ARG(r->name.text));
    print_text(out, "title", r->title);
    print_string(out, "version", r->version);
    if (r->language >= 0) {
        text_add_z(out, r->language == LANG_VI ? " language=vi" : " language=en");
    }
}

static void print_unit(struct text *out, const struct ast_unit *u)
{
    text_printf(out, "(unit " STR_FMT " ", STR_ARG(u->name.text));
    print_quoted(out, u->label.text);
    if (u->has_base) {
        text_add_z(out, " = ");
        print_num(out, u->factor);
        text_printf(out, " " STR_FMT, STR_ARG(u->base.text));
    }
}

static void print_define(struct text *out, const struct ast_define *d)
{
    text_printf(out, "(define " STR_FMT, STR_ARG(d->name.text));
    if (d->has_params) {
        field(out, "params");
        print_names(out, d->params);
    }
    print_expr(out, "be", d->body);
}

static void print_bounds(struct text *out, const char *label, const struct ast_bounds *b)
{
    if (!span_is_none(b->at)) {
        print_expr(out, label, b->low);
        text_add_z(out, "..");
        print_node(out, b->high);
        print_severity(out, b->severity);
    }
}

static void print_indicator(struct text *out, const struct ast_indicator *i)
{
    static const char *const methods[] = {"mad", "z", "iqr", "hb"};
    text_printf(out, "(indicator " STR_FMT, STR_ARG(i->name.text));
    print_name(out, "on", i->dataset);
    print_text(out, "title", i->title);
    print_expr(out, "value", i->value);
    print_string(out, "undefined", i->undefined);
    print_bounds(out, "expect", &i->expect);
    print_bounds(out, "change", &i->change);
    if (!span_is_none(i->outlier.at)) {
        text_printf(out, " outlier=%s ", methods[i->outlier.method]);
        print_num(out, i->outlier.factor);
        print_list(out, "each", i->outlier.each);
        print_severity(out, i->outlier.severity);
    }
    print_allows(out, i->allows, i->n_allows);
}

static void print_number_of(struct text *out, struct ast_number n)
{
    print_num(out, n.value);
    text_add_z(out, n.is_percent ? "%" : "");
}

static void print_given(struct text *out, const char *label, struct ast_number n)
{
    if (n.is_given) {
        field(out, label);
        print_number_of(out, n);
    }
}

static void print_points(struct text *out, const struct ast_points *points)
{
    static const char *const schedules[] = {"ratio", "all_or_nothing", "per", "bands"};
    print_expr(out, "points", points->maximum);
    text_printf(out, " %s", schedules[points->schedule]);
    for (uint32_t i = 0; i < points->n_bands; i++) {
        text_char(out, ' ');
        print_number_of(out, points->bands[i].from);
        text_char(out, ':');
        print_number_of(out, points->bands[i].points);
    }
    print_given(out, "N", points->per);
    print_given(out, "P", points->per_points);
    print_given(out, "cap", points->cap);
    print_given(out, "bonus", points->bonus);
    print_given(out, "per", points->bonus_per);
    print_given(out, "over", points->bonus_over);
    print_given(out, "cap", points->bonus_cap);
    print_given(out, "round", points->rounding);
}

static void print_claimed(struct text *out, const struct ast_claimed *c)
{
    print_expr(out, "claimed", c->value);
    print_within(out, &c->within);
}

static void print_target(struct text *out, const struct ast_target *t)
{
    static const char *const aims[] = {"at_least", "at_most", "exactly", "between",
                                       "yes"};
    text_printf(out, "(target " STR_FMT, STR_ARG(t->name.text));
    print_name(out, "on", t->dataset);
    print_text(out, "title", t->title);
    print_expr(out, "actual", t->actual);
    print_string(out, "unmeasured", t->unmeasured);
    print_expr(out, "plan", t->plan);
    print_expr(out, "to", t->plan_high);
    if (t->has_aim) {
        text_printf(out, " aim=%s", aims[t->aim]);
    }
    print_expr(out, "when", t->when);
    print_expr(out, "pace", t->pace);
    print_given(out, "margin", t->margin);
    if (t->has_points) {
        print_points(out, &t->points);
    }
    text_add_z(out, t->is_monitored ? " monitored" : "");
    print_claimed(out, &t->claimed);
    print_allows(out, t->allows, t->n_allows);
}

static void print_parts(struct text *out, const struct ast_board *b)
{
    for (uint32_t i = 0; i < b->n_parts; i++) {
        print_string(out, "part", b->parts[i].title);
        print_given(out, "most", b->parts[i].maximum);
        print_list(out, "of", b->parts[i].targets);
        print_expr(out, "be", b->parts[i].value);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        print_expr(out, b->extras[i].is_minus ? "minus" : "plus", b->extras[i].value);
        print_given(out, "cap", b->extras[i].cap);
    }
    for (uint32_t i = 0; i < b->n_grades; i++) {
        print_string(out, "grade", b->grades[i].title);
        print_given(out, "from", b->grades[i].from);
    }
}

static void print_board(struct text *out, const struct ast_board *b)
{
    text_printf(out, "(scoreboard " STR_FMT, STR_ARG(b->name.text));
    print_name(out, "on", b->dataset);
    print_list(out, "each", b->each);
    print_list(out, "for", b->keys);
    print_text(out, "title", b->title);
    if (b->has_targets) {
        text_add_z(out, b->all_targets ? " targets=all" : "");
        print_list(out, "targets", b->targets);
    }
    print_parts(out, b);
    print_given(out, "total", b->total);
    print_expr(out, "when", b->when);
    if (b->has_rank) {
        text_add_z(out, b->rank_lowest ? " rank=lowest" : " rank=highest");
    }
    print_claimed(out, &b->claimed);
    print_allows(out, b->allows, b->n_allows);
}

static void print_test(struct text *out, const struct ast_test *t)
{
    static const char *const verdicts[] = {"pass", "fail", "unknown", "skip", "error"};
    text_add_z(out, "(test ");
    print_quoted(out, t->name.text);
    for (uint32_t i = 0; i < t->n_given; i++) {
        print_name(out, "given", t->given[i].dataset);
        print_string(out, "rows", (struct name){t->given[i].text, t->given[i].at});
    }
    for (uint32_t i = 0; i < t->n_expects; i++) {
        const struct ast_expect *e = &t->expects[i];
        print_name(out, "expect", e->check);
        text_printf(out, " %s", verdicts[e->verdict]);
        for (uint32_t k = 0; k < e->n_at; k++) {
            text_printf(out, k > 0 ? ", " STR_FMT " " : " at " STR_FMT " ",
                        STR_ARG(e->at[k].column.text));
            print_literal(out, &e->at[k].value);
        }
    }
    text_add_z(out, t->nothing_else ? " nothing-else" : "");
}

static void print_decl(struct text *out, const struct decl *d)
{
    switch (d->kind) {
    case DECL_USE:
        text_add_z(out, d->u.use.from_library ? "(use library" : "(use");
        print_string(out, "path", d->u.use.path);
        break;
    case DECL_RULESET:
        print_ruleset(out, &d->u.ruleset);
        break;
    case DECL_UNIT:
        print_unit(out, &d->u.unit);
        break;
    case DECL_CODELIST:
        print_codelist(out, &d->u.codelist);
        break;
    case DECL_DEFINE:
        print_define(out, &d->u.define);
        break;
    case DECL_FAMILY:
        text_printf(out, "(family " STR_FMT, STR_ARG(d->u.family.name.text));
        print_list(out, "columns", d->u.family.columns);
        break;
    case DECL_DATASET:
        print_dataset(out, &d->u.dataset);
        break;
    case DECL_CHECK:
        print_check(out, &d->u.check);
        break;
    case DECL_INDICATOR:
        print_indicator(out, &d->u.indicator);
        break;
    case DECL_TARGET:
        print_target(out, &d->u.target);
        break;
    case DECL_SCOREBOARD:
        print_board(out, &d->u.board);
        break;
    case DECL_TEST:
        print_test(out, &d->u.test);
        break;
    }
    text_char(out, ')');
}

void print_file(struct text *out, const struct ast_file *file)
{
    for (uint32_t i = 0; i < file->n; i++) {
        text_add_z(out, i > 0 ? " " : "");
        print_decl(out, file->decls[i]);
    }
}

void print_diags(struct text *out, struct diags *d, const struct sources *sources)
{
    diags_sort(d);
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *g = diags_get(d, i);
        text_printf(out, "%s%s", i > 0 ? "; " : "", diag_info(g->id)->code);
        for (uint32_t k = 0; k < g->n_places; k++) {
            struct line_place place = source_place(sources, g->places[k].span);
            text_printf(out, "%s%u:%u", k > 0 ? "+" : " ", place.line, place.column);
        }
    }
}

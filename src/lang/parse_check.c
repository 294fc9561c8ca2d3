/* The check block. */
#include "lang/parse_state.h"

#include <assert.h>

/* A check whose lists still grow. */
struct reading {
    struct ast_check *out;
    struct items lets, allows;
};

static struct ast_check *check_of(void *out)
{
    return ((struct reading *)out)->out;
}

static void check_must(struct parser *p, void *out)
{
    check_of(out)->must = parse_expr(p);
}

static void check_when(struct parser *p, void *out)
{
    check_of(out)->when = parse_expr(p);
}

/* "let" NAME "=" Expr */
static void check_let(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_let let = {.name = parse_new_name(p)};
    parser_need(p, TOK_EQ);
    let.value = parse_expr(p);
    if (let.name.text.p) {
        *(struct ast_let *)items_add(p, &r->lets, sizeof let) = let;
    }
}

static void check_within(struct parser *p, void *out)
{
    check_of(out)->within = parse_within(p);
}

static enum policy read_policy(struct parser *p, struct span *at)
{
    static const char *const words[] = {"unknown", "fail", "skip"};
    static const enum policy policies[] = {POLICY_UNKNOWN, POLICY_FAIL, POLICY_SKIP};
    struct span start = p->prev.at;
    size_t i = parse_choice(p, words, COUNT_OF(words));
    *at = parser_span(p, start);
    return i < COUNT_OF(policies) ? policies[i] : POLICY_UNKNOWN;
}

static void check_if_missing(struct parser *p, void *out)
{
    check_of(out)->if_missing = read_policy(p, &check_of(out)->if_missing_at);
}

static void check_if_first(struct parser *p, void *out)
{
    check_of(out)->if_first = read_policy(p, &check_of(out)->if_first_at);
}

static void check_severity(struct parser *p, void *out)
{
    check_of(out)->severity = parse_severity(p);
}

static void check_title(struct parser *p, void *out)
{
    check_of(out)->title = parse_text(p);
}

static void check_message(struct parser *p, void *out)
{
    check_of(out)->message = parse_messages(p);
}

static void check_ask(struct parser *p, void *out)
{
    check_of(out)->ask = parse_messages(p);
}

static void check_because(struct parser *p, void *out)
{
    check_of(out)->because = parse_string(p);
}

static void check_tags(struct parser *p, void *out)
{
    check_of(out)->tags = parse_names(p);
}

static void check_type(struct parser *p, void *out)
{
    check_of(out)->type = parse_new_name(p);
}

static void check_allow(struct parser *p, void *out)
{
    struct ast_allow allow = parse_allow(p);
    *(struct ast_allow *)items_add(p, &((struct reading *)out)->allows, sizeof allow) =
        allow;
}

static const struct clause clauses[] = {
    {"must", '1', STARTS_EXPR, check_must},
    {"let", '*', STARTS_NAME, check_let},
    {"when", '?', STARTS_EXPR, check_when},
    {"within", '?', STARTS_EXPR, check_within},
    {"if_missing", '?', STARTS_NAME, check_if_missing},
    {"if_first", '?', STARTS_NAME, check_if_first},
    {"severity", '?', STARTS_NAME, check_severity},
    {"title", '?', STARTS_LANG, check_title},
    {"message", '?', STARTS_LANG, check_message},
    {"ask", '?', STARTS_LANG, check_ask},
    {"because", '?', STARTS_STRING, check_because},
    {"tags", '?', STARTS_NAME, check_tags},
    {"type", '?', STARTS_NAME, check_type},
    {"allow", '*', STARTS_NAME, check_allow},
};

/* "check" NAME "on" NAME [ Filter ] [ "each" Names ] [ ForIn ]; a Filter needs each */
static void read_head(struct parser *p, struct ast_check *c)
{
    c->name = parse_heading(p);
    parser_need_word(p, "on");
    c->dataset = parse_new_name(p);
    if (!p->is_panicking && p->tok.kind == TOK_LBRACKET) {
        struct span start = p->tok.at;
        struct items filter = {0};
        parse_filter(p, &filter);
        c->filter = filter.items;
        c->n_filter = (uint32_t)filter.n;
        c->filter_at = parser_span(p, start);
    }
    if (parser_take_word(p, "each")) {
        c->each = parse_names(p);
    } else if (c->n_filter > 0 && p->tok.kind == TOK_LBRACE) {
        parser_remark(p, DIAG_ID_RULE_FILTER_GROUPS, c->filter_at);
    }
    if (parser_take_word(p, "for")) {
        c->loop = parse_new_name(p);
        parser_need(p, TOK_IN);
        c->loop_columns = parse_names(p);
    }
}

static void mend(const struct parser *p, struct reading *r)
{
    struct ast_let *lets = r->lets.items;
    for (size_t i = 0; i < r->lets.n; i++) {
        parser_mend_expr(p, lets[i].value);
    }
    parser_mend_expr(p, r->out->must);
    parser_mend_expr(p, r->out->when);
    parser_mend_expr(p, r->out->within.amount);
    parser_mend_names(p, &r->out->tags);
}

/* Check = "check" NAME "on" NAME [ Filter ] [ "each" Names ] [ ForIn ] "{" { CheckClause
 * } "}" ; */
bool parse_check(struct parser *p, struct decl *d)
{
    static const struct block_form form = {"check", clauses, COUNT_OF(clauses), NULL, 0};
    struct ast_check *c = &d->u.check;
    struct reading r = {.out = c};
    *c = (struct ast_check){
        .name = NAME_NONE,
        .dataset = NAME_NONE,
        .filter_at = SPAN_NONE,
        .each = {.at = SPAN_NONE},
        .loop = NAME_NONE,
        .loop_columns = {.at = SPAN_NONE},
        .within = {.at = SPAN_NONE},
        .if_missing_at = SPAN_NONE,
        .if_first_at = SPAN_NONE,
        .severity = {.at = SPAN_NONE},
        .title = TEXT_NONE,
        .message = TEXT_NONE,
        .ask = TEXT_NONE,
        .because = NAME_NONE,
        .tags = {.at = SPAN_NONE},
        .type = NAME_NONE,
    };
    read_head(p, c);
    parse_block(p, &form, &r);
    mend(p, &r);
    c->lets = r.lets.items;
    c->n_lets = (uint32_t)r.lets.n;
    c->allows = r.allows.items;
    c->n_allows = (uint32_t)r.allows.n;
    c->at = parser_span(p, d->at);
    return c->name.text.p;
}

/* The test block: data given, verdicts expected. */
#include "lang/parse.h"
#include "lang/parse_state.h"

#include <assert.h>

/* A test whose lists still grow. */
struct reading {
    struct ast_test *out;
    struct items given, expects;
    struct span nothing_else; /* where it was said */
};

/* A test gives each data set once. */
static void check_given_once(struct parser *p, const struct reading *r, struct name name)
{
    const struct ast_given *earlier = r->given.items;
    for (size_t i = 0; i < r->given.n && name.text.p; i++) {
        if (str_eq(earlier[i].dataset.text, name.text)) {
            parser_twice(p, name.at, earlier[i].dataset.at);
            return;
        }
    }
}

static void take_block(struct parser *p, struct ast_given *given)
{
    struct token t = p->tok;
    struct str written = parser_text(p, t);
    if (!parser_take(p, TOK_BLOCK)) {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\"\"\""));
        return;
    }
    given->at = t.at;
    if (t.is_bad) {
        return;
    }
    struct str body = lex_block_lines(written, &given->indent);
    uint32_t lo = t.at.lo + (uint32_t)(body.p - written.p);
    given->body = (struct span){t.at.src, lo, lo + (uint32_t)body.n};
    given->text = lex_block(p->a, written);
}

/* "given" NAME BLOCK */
static void test_given(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_given given = {.at = SPAN_NONE, .body = SPAN_NONE};
    given.dataset = parse_new_name(p);
    check_given_once(p, r, given.dataset);
    take_block(p, &given);
    if (given.dataset.text.p) {
        *(struct ast_given *)items_add(p, &r->given, sizeof given) = given;
    }
}

/* CheckId = NAME { "." NAME } ; */
static struct name read_check_id(struct parser *p)
{
    struct text id = text_in(p->a);
    struct span start = p->tok.at;
    do {
        text_add_z(&id, id.n > 0 ? "." : "");
        text_add(&id, parse_new_name(p).text);
    } while (parser_take(p, TOK_DOT));
    return p->is_panicking ? NAME_NONE
                           : (struct name){text_str(&id), parser_span(p, start)};
}

/* Whether the name just taken is the keyword of the next clause, behind a comma too many;
 * the block will report it. */
static bool has_taken_clause(const struct parser *p)
{
    bool is_clause = parser_is(p, p->prev, "expect") || parser_is(p, p->prev, "given");
    return !p->is_panicking && is_clause && p->prev.starts_line &&
           p->tok.kind == TOK_NAME && !parser_at_word(p, "date") &&
           !parser_at_word(p, "period");
}

/* At = "at" NAME Literal { "," NAME Literal } ; */
static void read_at(struct parser *p, struct ast_expect *e)
{
    struct items list = {0};
    do {
        struct ast_at at = {.column = parse_new_name(p)};
        if (has_taken_clause(p)) {
            break;
        }
        at.value = parse_literal(p);
        if (p->is_panicking) {
            break;
        }
        const struct ast_at *earlier = list.items;
        for (size_t i = 0; i < list.n; i++) {
            if (str_eq(earlier[i].column.text, at.column.text)) {
                parser_twice(p, at.column.at, earlier[i].column.at);
            }
        }
        *(struct ast_at *)items_add(p, &list, sizeof at) = at;
    } while (parse_comma(p));
    e->at = list.items;
    e->n_at = (uint32_t)list.n;
}

/* CheckId Verdict [ At ] */
static void read_expected(struct parser *p, struct reading *r, struct span start)
{
    static const char *const words[] = {"pass", "fail", "unknown", "skip", "error"};
    static const enum expected_verdict verdicts[] = {
        EXPECT_PASS, EXPECT_FAIL, EXPECT_UNKNOWN, EXPECT_SKIP, EXPECT_ERROR};
    struct ast_expect e = {.check = read_check_id(p)};
    size_t i = parse_choice(p, words, COUNT_OF(words));
    e.verdict = i < COUNT_OF(verdicts) ? verdicts[i] : EXPECT_PASS;
    if (parser_take(p, TOK_AT)) {
        read_at(p, &e);
    }
    e.span = parser_span(p, start);
    if (!p->is_panicking) {
        *(struct ast_expect *)items_add(p, &r->expects, sizeof e) = e;
    }
}

/* "expect" ( "nothing" "else" | CheckId Verdict [ At ] ) */
static void test_expect(struct parser *p, void *out)
{
    struct reading *r = out;
    struct span start = p->prev.at;
    if (!parser_take_word(p, "nothing")) {
        read_expected(p, r, start);
        return;
    }
    parser_need(p, TOK_ELSE);
    struct span at = parser_span(p, start);
    if (r->out->nothing_else) {
        parser_twice(p, at, r->nothing_else);
    }
    r->out->nothing_else = true;
    r->nothing_else = at;
}

static const struct clause clauses[] = {
    {"given", '+', STARTS_NAME, test_given},
    {"expect", '+', STARTS_NAME, test_expect},
};

static const char *const tails[] = {"at"};

/* Test = "test" STRING "{" { TestClause } "}" ; */
bool parse_test(struct parser *p, struct decl *d)
{
    static const struct block_form form = {"test", clauses, COUNT_OF(clauses), tails,
                                           COUNT_OF(tails)};
    struct ast_test *t = &d->u.test;
    struct reading r = {.out = t, .nothing_else = SPAN_NONE};
    t->name = parse_string_heading(p);
    parse_block(p, &form, &r);
    t->given = r.given.items;
    t->n_given = (uint32_t)r.given.n;
    t->expects = r.expects.items;
    t->n_expects = (uint32_t)r.expects.n;
    t->at = parser_span(p, d->at);
    return t->name.text.p;
}

struct span given_line(const struct sources *sources, const struct ast_given *given,
                       uint32_t line)
{
    assert(sources && given && line > 0 && !span_is_none(given->body));
    struct str text = source_text(sources, given->body.src);
    uint32_t lo = given->body.lo;
    for (uint32_t left = line - 1; left > 0 && lo < given->body.hi; lo++) {
        left -= text.p[lo] == '\n';
    }
    uint32_t hi = lo, taken = 0;
    while (hi < given->body.hi && text.p[hi] != '\n' && text.p[hi] != '\r') {
        hi++;
    }
    while (taken < given->indent && lo < hi &&
           (text.p[lo] == ' ' || text.p[lo] == '\t')) {
        lo++;
        taken++;
    }
    return (struct span){given->body.src, lo, hi};
}

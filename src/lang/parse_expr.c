/* Expressions, by one Pratt table: for every token how it begins an operand and how it
 * joins what stands before it to what follows.
 *
 * A floor is the loosest operator that may be taken here; a ceiling the tightest one that
 * may follow what was just read: behind a finished comparison nothing tighter than `and`.
 * Two limits keep every walk over the tree within a small stack: nesting as written
 * (PARSE_MAX_DEPTH), and the height of the tree (PARSE_MAX_HEIGHT), which long sums and
 * `else if` reach without nesting. */
#include "lang/parse.h"
#include "lang/parse_state.h"
#include "value/date.h"

#include <assert.h>

enum level { /* loosest first */
             LEVEL_EXPR,
             LEVEL_IMPLIES,
             LEVEL_OR,
             LEVEL_AND,
             LEVEL_NOT,
             LEVEL_COMPARE,
             LEVEL_COALESCE,
             LEVEL_SUM,
             LEVEL_PRODUCT,
             LEVEL_MINUS,
             LEVEL_POSTFIX,
             LEVEL_OPERAND
};

enum chain { CHAIN_NONE, CHAIN_UP, CHAIN_DOWN, CHAIN_EQUAL };

struct rule {
    struct node *(*begin)(struct parser *p);
    enum level begin_level; /* may begin only what is as loose as this */
    struct node *(*join)(struct parser *p, const struct rule *rule, struct node *left);
    enum level level, right; /* of the operator; floor of its right side */
    enum node_op op;
    enum chain chain; /* comparisons that may follow one another */
};

static const struct rule *rule_of(enum token_kind kind);
static struct node *read_level(struct parser *p, enum level floor);

/* Nodes */

static struct node *new_node(struct parser *p, enum node_kind kind, struct span at)
{
    struct node *n = arena_new(p->a, struct node);
    n->kind = kind;
    n->at = at;
    n->name_at = at;
    n->name2 = NAME_NONE;
    n->names.at = SPAN_NONE;
    n->height = 1;
    return n;
}

static struct node *broken(struct parser *p)
{
    return new_node(p, NODE_ERROR, p->tok.at);
}

static void measure(struct parser *p, struct node *n)
{
    uint32_t below = n->pick ? n->pick->height : 0;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kids[i] && n->kids[i]->height > below) {
            below = n->kids[i]->height;
        }
    }
    n->height = below + 1;
    if (n->height > PARSE_MAX_HEIGHT) {
        struct text limit = text_in(diags_arena(p->diags));
        text_uint(&limit, PARSE_MAX_HEIGHT);
        parser_error(p, DIAG_ID_RULE_EXPRESSION_TOO_LONG, n->name_at)->args[0] =
            text_str(&limit);
    }
}

static void add_kid(struct parser *p, struct items *kids, struct node *kid)
{
    *(struct node **)items_add(p, kids, sizeof(struct node *)) = kid;
}

/* Closes a node over its kids: nothing is missing, and it is not too tall. */
static struct node *finish(struct parser *p, struct node *n, const struct items *kids)
{
    n->kids = kids->items;
    n->n = (uint32_t)kids->n;
    if (!p->is_panicking) {
        measure(p, n);
    }
    return p->is_panicking ? broken(p) : n;
}

static struct node *finish_two(struct parser *p, struct node *n, struct node *a,
                               struct node *b)
{
    struct items kids = {0};
    add_kid(p, &kids, a);
    if (b) {
        add_kid(p, &kids, b);
    }
    return finish(p, n, &kids);
}

/* Nesting */

static bool enter(struct parser *p)
{
    if (p->is_panicking) {
        return false;
    }
    if (p->depth >= PARSE_MAX_DEPTH) {
        struct text limit = text_in(diags_arena(p->diags));
        text_uint(&limit, PARSE_MAX_DEPTH);
        parser_error(p, DIAG_ID_RULE_NESTING, p->tok.at)->args[0] = text_str(&limit);
        return false;
    }
    p->depth++;
    return true;
}

static struct node *read_nested(struct parser *p, enum level floor)
{
    if (!enter(p)) {
        return broken(p);
    }
    struct node *n = read_level(p, floor);
    p->depth--;
    return n;
}

/* Operands */

static struct node *begin_string(struct parser *p)
{
    struct node *n = new_node(p, p->tok.is_bad ? NODE_ERROR : NODE_STRING, p->tok.at);
    n->text = parse_string(p).text;
    return n;
}

static struct node *begin_flag(struct parser *p)
{
    enum node_kind kind = p->tok.kind == TOK_TRUE ? NODE_TRUE : NODE_FALSE;
    struct node *n = new_node(p, kind, p->tok.at);
    parser_advance(p);
    return n;
}

/* NUMBER [ "%" | "day" | "days" | "year" | "years" ] */
static struct node *begin_number(struct parser *p)
{
    bool is_bad = p->tok.is_bad;
    struct node *n = new_node(p, is_bad ? NODE_ERROR : NODE_NUMBER, p->tok.at);
    n->num = parse_percentage(p, &n->is_percent);
    if (!n->is_percent && (parser_take_word(p, "day") || parser_take_word(p, "days"))) {
        n->suffix = SUFFIX_DAYS;
    } else if (!n->is_percent &&
               (parser_take_word(p, "year") || parser_take_word(p, "years"))) {
        n->suffix = SUFFIX_YEARS;
    }
    n->at = parser_span(p, n->at);
    return n;
}

static struct node *begin_parenthesis(struct parser *p)
{
    struct span start = p->tok.at;
    parser_advance(p);
    struct node *n = read_nested(p, LEVEL_EXPR);
    if (!parser_need(p, TOK_RPAREN)) {
        return broken(p);
    }
    n->at = parser_span(p, start);
    return n;
}

static struct node *begin_this(struct parser *p)
{
    struct node *n = new_node(p, NODE_THIS, p->tok.at);
    parser_advance(p);
    if (!parser_need(p, TOK_DOT)) {
        return broken(p);
    }
    struct name name = parse_name(p);
    n->text = name.text;
    n->name_at = name.at;
    n->at = parser_span(p, n->at);
    return p->is_panicking ? broken(p) : n;
}

/* A typed literal: date "…" or period "…". */
static struct node *read_typed(struct parser *p, enum node_kind kind, struct span start)
{
    bool is_bad = p->tok.is_bad;
    struct name text = parse_string(p);
    struct node *n = new_node(p, kind, parser_span(p, start));
    n->text = text.text;
    bool is_date = kind == NODE_DATE;
    if (is_bad ||
        (is_date ? date_parse(text.text, &n->when) : period_parse(text.text, &n->when))) {
        n->kind = is_bad ? NODE_ERROR : kind;
        return n;
    }
    enum diag_id id = is_date ? DIAG_ID_RULE_DATE : DIAG_ID_RULE_PERIOD;
    struct str written = str_cut(p->lexer.text, text.at.lo, text.at.hi);
    parser_remark(p, id, text.at)->args[0] = parser_quoted(p, written);
    n->kind = NODE_ERROR;
    return n;
}

/* "for" NAME "in" Names [ "if" Expr ] ")": turns the call of one argument into a
 * comprehension. */
static void read_comprehension(struct parser *p, struct node *call, struct items *kids)
{
    call->kind = NODE_EACH_OF;
    call->name2 = parse_new_name(p);
    if (parser_need(p, TOK_IN)) {
        call->names = parse_names(p);
    }
    add_kid(p, kids, parser_take(p, TOK_IF) ? read_nested(p, LEVEL_EXPR) : NULL);
}

/* "(" [ Expr ( { "," Expr } | ForIn [ "if" Expr ] ) ] ")" */
static struct node *read_call(struct parser *p, struct name name)
{
    struct node *call = new_node(p, NODE_CALL, name.at);
    call->text = name.text;
    struct items kids = {0};
    parser_advance(p);
    if (p->tok.kind != TOK_RPAREN) {
        do {
            add_kid(p, &kids, read_nested(p, LEVEL_EXPR));
        } while (parse_comma(p));
        if (kids.n == 1 && parser_take_word(p, "for")) {
            read_comprehension(p, call, &kids);
        }
    }
    if (!p->is_panicking && !parser_take(p, TOK_RPAREN)) {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \")\""));
    }
    call->at = parser_span(p, call->at);
    call->name_at = name.at;
    return finish(p, call, &kids);
}

/* Filter = "[" Expr { "," Expr } "]" ; */
void parse_filter(struct parser *p, struct items *conditions)
{
    bool outer = p->in_filter;
    parser_need(p, TOK_LBRACKET);
    p->in_filter = true;
    do {
        add_kid(p, conditions, read_nested(p, LEVEL_EXPR));
    } while (parse_comma(p));
    p->in_filter = outer;
    if (!p->is_panicking && !parser_take(p, TOK_RBRACKET)) {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \"]\""));
    }
}

/* Pick = NAME | "(" Expr ")" ; */
static struct node *read_pick(struct parser *p)
{
    if (p->tok.kind == TOK_LPAREN) {
        bool outer = p->in_filter;
        p->in_filter = false;
        struct node *n = begin_parenthesis(p);
        p->in_filter = outer;
        return n;
    }
    struct name name = parse_name(p);
    if (p->is_panicking) {
        return broken(p);
    }
    struct node *n = new_node(p, NODE_NAME, name.at);
    n->text = name.text;
    return n;
}

/* NAME ( "." Pick | Filter [ "." Pick ] ) */
static struct node *read_lookup(struct parser *p, struct name name)
{
    struct node *n = new_node(p, NODE_LOOKUP, name.at);
    n->text = name.text;
    n->has_brackets = p->tok.kind == TOK_LBRACKET;
    struct items conditions = {0};
    if (n->has_brackets) {
        parse_filter(p, &conditions);
    }
    if (parser_take(p, TOK_DOT)) {
        n->pick = read_pick(p);
    }
    n->at = parser_span(p, n->at);
    n->name_at = name.at;
    return finish(p, n, &conditions);
}

/* NAME [ STRING | "(" … ")" | "." Pick | Filter [ "." Pick ] ] */
static struct node *begin_name(struct parser *p)
{
    bool follows_equals = p->prev.kind == TOK_EQ;
    struct name name = parse_name(p);
    enum token_kind kind = p->tok.kind;
    if (kind == TOK_STRING && str_eq(name.text, STR("date"))) {
        return read_typed(p, NODE_DATE, name.at);
    }
    if (kind == TOK_STRING && str_eq(name.text, STR("period"))) {
        return read_typed(p, NODE_PERIOD, name.at);
    }
    if (kind == TOK_LPAREN) {
        return read_call(p, name);
    }
    if (kind == TOK_DOT || kind == TOK_LBRACKET) {
        return read_lookup(p, name);
    }
    bool is_any = p->in_filter && follows_equals && str_eq(name.text, STR("any"));
    struct node *n = new_node(p, is_any ? NODE_ANY : NODE_NAME, name.at);
    n->text = name.text;
    return n;
}

/* Prefixes */

/* "if" Expr "then" Expr "else" Expr; `else if` goes on here, so that a long choice does
 * not nest. */
static struct node *begin_if(struct parser *p)
{
    struct items arms = {0};
    struct node *last;
    for (;;) {
        struct node *n = new_node(p, NODE_IF, p->tok.at);
        struct items kids = {0};
        parser_advance(p);
        add_kid(p, &kids, read_nested(p, LEVEL_EXPR));
        parser_need(p, TOK_THEN);
        add_kid(p, &kids, read_nested(p, LEVEL_EXPR));
        parser_need(p, TOK_ELSE);
        add_kid(p, &kids, NULL);
        n->kids = kids.items;
        n->n = (uint32_t)kids.n;
        add_kid(p, &arms, n);
        if (p->is_panicking || p->tok.kind != TOK_IF) {
            break;
        }
    }
    last = read_nested(p, LEVEL_EXPR);
    for (size_t i = arms.n; i-- > 0 && !p->is_panicking;) {
        struct node *n = ((struct node **)arms.items)[i];
        n->kids[2] = last;
        n->at = parser_span(p, n->at);
        measure(p, n);
        last = n;
    }
    return p->is_panicking ? broken(p) : last;
}

static struct node *begin_prefix(struct parser *p)
{
    bool is_not = p->tok.kind == TOK_NOT;
    struct node *n = new_node(p, is_not ? NODE_NOT : NODE_NEGATE, p->tok.at);
    parser_advance(p);
    parser_mark(p, is_not ? MARK_NONE : MARK_SIGN);
    struct node *operand = read_nested(p, is_not ? LEVEL_NOT : LEVEL_MINUS);
    n->at = parser_span(p, n->at);
    return finish_two(p, n, operand, NULL);
}

/* Operators */

static struct node *join_binary(struct parser *p, const struct rule *rule,
                                struct node *left)
{
    struct node *n = new_node(p, NODE_BINARY, left->at);
    n->op = rule->op;
    n->name_at = p->tok.at;
    parser_advance(p);
    bool nests = rule->right == rule->level; /* to the right */
    struct node *right = nests ? read_nested(p, rule->right) : read_level(p, rule->right);
    n->at = parser_span(p, left->at);
    return finish_two(p, n, left, right);
}

/* First { CompareOp First }: only one kind of chain at a time. */
static struct node *join_comparison(struct parser *p, const struct rule *rule,
                                    struct node *left)
{
    struct node *n = new_node(p, NODE_COMPARE, left->at);
    n->name_at = p->tok.at;
    struct items kids = {0}, ops = {0};
    add_kid(p, &kids, left);
    const struct rule *next = rule;
    do {
        *(enum node_op *)items_add(p, &ops, sizeof(enum node_op)) = next->op;
        parser_advance(p);
        add_kid(p, &kids, read_level(p, next->right));
        next = rule_of(p->tok.kind);
    } while (!p->is_panicking && next->chain != CHAIN_NONE && next->chain == rule->chain);
    n->op = rule->op;
    n->ops = ops.items;
    n->at = parser_span(p, left->at);
    return finish(p, n, &kids);
}

/* SetOrRange = "{" Expr { "," Expr } "}" | Sum [ ".." Sum ] ; */
struct node *parse_set_or_range(struct parser *p, struct node *left, struct span start)
{
    struct node *n = new_node(p, NODE_IN, start);
    struct items kids = {0};
    n->name_at = p->prev.at;
    add_kid(p, &kids, left);
    if (parser_take(p, TOK_LBRACE)) {
        n->kind = NODE_IN_SET;
        do {
            add_kid(p, &kids, read_nested(p, LEVEL_EXPR));
        } while (parse_comma(p));
        if (!p->is_panicking && !parser_take(p, TOK_RBRACE)) {
            parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \"}\""));
        }
    } else {
        add_kid(p, &kids, read_level(p, LEVEL_SUM));
        if (parser_take(p, TOK_DOTS)) {
            n->kind = NODE_IN_RANGE;
            add_kid(p, &kids, read_level(p, LEVEL_SUM));
        }
    }
    n->at = parser_span(p, start);
    return finish(p, n, &kids);
}

static struct node *join_in(struct parser *p, const struct rule *rule, struct node *left)
{
    assert(rule->level == LEVEL_COMPARE);
    parser_advance(p);
    return parse_set_or_range(p, left, left->at);
}

static struct node *join_matches(struct parser *p, const struct rule *rule,
                                 struct node *left)
{
    assert(rule->level == LEVEL_COMPARE);
    struct node *n = new_node(p, NODE_MATCHES, left->at);
    parser_advance(p);
    struct name pattern = parse_string(p);
    n->text = pattern.text;
    n->name_at = pattern.at;
    n->at = parser_span(p, left->at);
    return finish_two(p, n, left, NULL);
}

static struct node *join_is(struct parser *p, const struct rule *rule, struct node *left)
{
    static const char *const words[] = {"missing", "present", "approximate"};
    static const enum node_op ops[] = {OP_MISSING, OP_PRESENT, OP_APPROXIMATE};
    assert(rule->level == LEVEL_COMPARE);
    struct node *n = new_node(p, NODE_IS, left->at);
    parser_advance(p);
    size_t word = parse_choice(p, words, COUNT_OF(words));
    n->op = word < COUNT_OF(ops) ? ops[word] : OP_NONE;
    n->name_at = p->prev.at;
    n->at = parser_span(p, left->at);
    return finish_two(p, n, left, NULL);
}

static struct node *join_as(struct parser *p, const struct rule *rule, struct node *left)
{
    assert(rule->level == LEVEL_POSTFIX);
    struct node *n = new_node(p, NODE_AS, left->at);
    parser_advance(p);
    struct name unit = parse_name(p);
    n->text = unit.text;
    n->name_at = unit.at;
    n->at = parser_span(p, left->at);
    return finish_two(p, n, left, NULL);
}

static struct node *join_at(struct parser *p, const struct rule *rule, struct node *left)
{
    struct node *n = new_node(p, NODE_AT, left->at);
    n->name_at = p->tok.at;
    parser_advance(p);
    struct node *time = read_level(p, rule->right);
    n->at = parser_span(p, left->at);
    return finish_two(p, n, left, time);
}

#define BEGIN(token, reader, level)                                                      \
    [TOK_##token] = {.begin = (reader), .begin_level = (level)}
#define JOIN(token, reader, level_, right_, op_, chain_)                                 \
    [TOK_##token] = {.join = (reader),                                                   \
                     .level = (level_),                                                  \
                     .right = (right_),                                                  \
                     .op = (op_),                                                        \
                     .chain = (chain_)}

static const struct rule rules[TOK_KINDS] = {
    BEGIN(IF, begin_if, LEVEL_EXPR),
    BEGIN(NOT, begin_prefix, LEVEL_NOT),
    BEGIN(NUMBER, begin_number, LEVEL_OPERAND),
    BEGIN(STRING, begin_string, LEVEL_OPERAND),
    BEGIN(TRUE, begin_flag, LEVEL_OPERAND),
    BEGIN(FALSE, begin_flag, LEVEL_OPERAND),
    BEGIN(LPAREN, begin_parenthesis, LEVEL_OPERAND),
    BEGIN(THIS, begin_this, LEVEL_OPERAND),
    BEGIN(NAME, begin_name, LEVEL_OPERAND),
    [TOK_MINUS] = {begin_prefix, LEVEL_MINUS, join_binary, LEVEL_SUM, LEVEL_PRODUCT,
                   OP_SUB, CHAIN_NONE},
    JOIN(IMPLIES, join_binary, LEVEL_IMPLIES, LEVEL_IMPLIES, OP_IMPLIES, CHAIN_NONE),
    JOIN(OR, join_binary, LEVEL_OR, LEVEL_AND, OP_OR, CHAIN_NONE),
    JOIN(AND, join_binary, LEVEL_AND, LEVEL_NOT, OP_AND, CHAIN_NONE),
    JOIN(EQ, join_comparison, LEVEL_COMPARE, LEVEL_COALESCE, OP_EQ, CHAIN_EQUAL),
    JOIN(NE, join_comparison, LEVEL_COMPARE, LEVEL_COALESCE, OP_NE, CHAIN_NONE),
    JOIN(LT, join_comparison, LEVEL_COMPARE, LEVEL_COALESCE, OP_LT, CHAIN_UP),
    JOIN(LE, join_comparison, LEVEL_COMPARE, LEVEL_COALESCE, OP_LE, CHAIN_UP),
    JOIN(GT, join_comparison, LEVEL_COMPARE, LEVEL_COALESCE, OP_GT, CHAIN_DOWN),
    JOIN(GE, join_comparison, LEVEL_COMPARE, LEVEL_COALESCE, OP_GE, CHAIN_DOWN),
    JOIN(IN, join_in, LEVEL_COMPARE, LEVEL_SUM, OP_NONE, CHAIN_NONE),
    JOIN(MATCHES, join_matches, LEVEL_COMPARE, LEVEL_COMPARE, OP_NONE, CHAIN_NONE),
    JOIN(IS, join_is, LEVEL_COMPARE, LEVEL_COMPARE, OP_NONE, CHAIN_NONE),
    JOIN(COALESCE, join_binary, LEVEL_COALESCE, LEVEL_COALESCE, OP_COALESCE, CHAIN_NONE),
    JOIN(PLUS, join_binary, LEVEL_SUM, LEVEL_PRODUCT, OP_ADD, CHAIN_NONE),
    JOIN(STAR, join_binary, LEVEL_PRODUCT, LEVEL_MINUS, OP_MUL, CHAIN_NONE),
    JOIN(SLASH, join_binary, LEVEL_PRODUCT, LEVEL_MINUS, OP_DIV, CHAIN_NONE),
    JOIN(AS, join_as, LEVEL_POSTFIX, LEVEL_OPERAND, OP_NONE, CHAIN_NONE),
    JOIN(AT, join_at, LEVEL_POSTFIX, LEVEL_OPERAND, OP_NONE, CHAIN_NONE),
};

static const struct rule *rule_of(enum token_kind kind)
{
    assert(kind < TOK_KINDS);
    return &rules[kind];
}

static struct node *read_beginning(struct parser *p, enum level floor)
{
    const struct rule *rule = rule_of(p->tok.kind);
    if (p->is_panicking) {
        return broken(p);
    }
    if (!rule->begin) {
        parser_unexpected(p, DIAG_ID_RULE_VALUE_EXPECTED, STR_NONE);
        return broken(p);
    }
    if (rule->begin_level < floor) {
        parser_unexpected(p, DIAG_ID_RULE_PARENTHESES, STR_NONE);
        return broken(p);
    }
    return rule->begin(p);
}

/* Reads the longest expression whose operators outside brackets bind at least as tightly
 * as `floor`. */
static struct node *read_level(struct parser *p, enum level floor)
{
    struct node *left = read_beginning(p, floor);
    enum level ceiling = LEVEL_POSTFIX;
    for (;;) {
        const struct rule *rule = rule_of(p->tok.kind);
        if (p->is_panicking || !rule->join || rule->level < floor) {
            return left;
        }
        if (rule->level > ceiling) {
            parser_unexpected(p, DIAG_ID_RULE_AFTER_COMPARISON, STR_NONE);
            return broken(p);
        }
        left = rule->join(p, rule, left);
        ceiling = rule->level == LEVEL_COMPARE ? LEVEL_AND : LEVEL_POSTFIX;
    }
}

static struct node *read_whole(struct parser *p, enum level floor)
{
    uint32_t depth = p->depth;
    struct node *n = read_level(p, floor);
    assert(p->depth == depth);
    (void)depth;
    return n;
}

struct node *parse_expr(struct parser *p)
{
    return read_whole(p, LEVEL_EXPR);
}

struct node *parse_sum(struct parser *p)
{
    return read_whole(p, LEVEL_SUM);
}

/* The scoreboard block. */
#include "lang/parse_state.h"

#include <assert.h>

/* A scoreboard whose lists still grow. */
struct reading {
    struct ast_board *out;
    struct items parts, extras, allows;
};

static struct ast_board *board_of(void *out)
{
    return ((struct reading *)out)->out;
}

static void board_for(struct parser *p, void *out)
{
    board_of(out)->keys = parse_names(p);
}

/* "targets" ( "all" | Names ) */
static void board_targets(struct parser *p, void *out)
{
    struct ast_board *b = board_of(out);
    struct span start = p->prev.at;
    b->has_targets = true;
    b->all_targets = parser_take_word(p, "all");
    if (!b->all_targets) {
        b->targets = parse_names(p);
    }
    b->targets_at = parser_span(p, start);
}

/* `targets` before [ or . is the data set of results, elsewhere a list of targets. */
static bool lists_targets(const struct parser *p)
{
    return parser_at_word(p, "targets") && p->next.kind != TOK_LBRACKET &&
           p->next.kind != TOK_DOT;
}

/* "part" STRING NUMBER "{" ( "targets" Names | Expr ) "}" */
static void board_part(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_part part = {.targets = {.at = SPAN_NONE}};
    struct span start = p->prev.at;
    part.title = parse_string(p);
    part.maximum = parse_unsigned(p);
    parser_need(p, TOK_LBRACE);
    if (lists_targets(p) && parser_take_word(p, "targets")) {
        part.targets = parse_names(p);
    } else {
        part.value = parse_expr(p);
    }
    if (!p->is_panicking && !parser_take(p, TOK_RBRACE)) {
        bool lists = part.value == NULL;
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX,
                          lists ? STR("\",\", \"}\"") : STR("\"}\""));
    }
    part.at = parser_span(p, start);
    *(struct ast_part *)items_add(p, &r->parts, sizeof part) = part;
}

static void board_title(struct parser *p, void *out)
{
    board_of(out)->title = parse_text(p);
}

static void board_when(struct parser *p, void *out)
{
    board_of(out)->when = parse_expr(p);
}

/* ( "plus" | "minus" ) Expr [ "cap" Number ] */
static void read_extra(struct parser *p, struct reading *r, bool is_minus)
{
    struct ast_extra extra = {.is_minus = is_minus, .cap = NUMBER_NONE};
    struct span start = p->prev.at;
    extra.value = parse_expr(p);
    if (parser_take_word(p, "cap")) {
        extra.cap = parse_signed(p);
    }
    extra.at = parser_span(p, start);
    *(struct ast_extra *)items_add(p, &r->extras, sizeof extra) = extra;
}

static void board_plus(struct parser *p, void *out)
{
    read_extra(p, out, false);
}

static void board_minus(struct parser *p, void *out)
{
    read_extra(p, out, true);
}

/* "rank" ( "highest" | "lowest" ) "ties" "shared" */
static void board_rank(struct parser *p, void *out)
{
    static const char *const words[] = {"highest", "lowest"};
    struct ast_board *b = board_of(out);
    b->has_rank = true;
    b->rank_lowest = parse_choice(p, words, COUNT_OF(words)) == 1;
    parser_need_word(p, "ties");
    parser_need_word(p, "shared");
}

/* Grades: falling, all points or all %; the last alone has no from. */

static bool is_unread(struct ast_number n)
{
    return !n.is_given && !span_is_none(n.at);
}

static void check_order(struct parser *p, struct ast_number high, struct ast_number low)
{
    if (!high.is_given || !low.is_given) {
        return;
    }
    if (high.is_percent == low.is_percent && num_cmp(low.value, high.value) < 0) {
        return;
    }
    struct diag *d = parser_remark(p, DIAG_ID_RULE_GRADE_ORDER, low.at);
    d->args[0] = str_cut(p->lexer.text, low.at.lo, low.at.hi);
    d->args[1] = str_cut(p->lexer.text, high.at.lo, high.at.hi);
    diag_place(d, high.at, STR_NONE);
}

static void check_grades(struct parser *p, const struct ast_grade *grades, uint32_t n)
{
    assert(!p->is_panicking && n > 0);
    for (uint32_t i = 0; i < n; i++) {
        bool is_last = i + 1 == n;
        if (!is_unread(grades[i].from) && grades[i].from.is_given == is_last) {
            struct span at = grades[i].title.at;
            parser_remark(p, DIAG_ID_RULE_GRADE_FROM, at)->args[0] =
                parser_quoted(p, str_cut(p->lexer.text, at.lo, at.hi));
        }
        if (i > 0 && !is_last) {
            check_order(p, grades[i - 1].from, grades[i].from);
        }
    }
}

/* "grade" STRING [ "from" Number ] { "," STRING [ "from" Number ] } */
static void board_grade(struct parser *p, void *out)
{
    struct ast_board *b = board_of(out);
    struct items grades = {0};
    do {
        struct ast_grade grade = {.title = parse_string(p), .from = NUMBER_NONE};
        if (parser_take_word(p, "from")) {
            grade.from = parse_signed(p);
        }
        if (p->is_panicking) {
            break;
        }
        *(struct ast_grade *)items_add(p, &grades, sizeof grade) = grade;
    } while (parse_comma(p));
    b->grades = grades.items;
    b->n_grades = (uint32_t)grades.n;
    if (!p->is_panicking && p->prev.kind != TOK_COMMA) {
        check_grades(p, b->grades, b->n_grades);
    }
}

static void board_claimed(struct parser *p, void *out)
{
    board_of(out)->claimed = parse_claimed(p);
}

static void board_total(struct parser *p, void *out)
{
    board_of(out)->total = parse_unsigned(p);
}

static void board_allow(struct parser *p, void *out)
{
    struct ast_allow allow = parse_allow(p);
    *(struct ast_allow *)items_add(p, &((struct reading *)out)->allows, sizeof allow) =
        allow;
}

enum { BOARD_TITLE, BOARD_FOR, BOARD_TARGETS, BOARD_PART };

static const struct clause clauses[] = {
    [BOARD_TITLE] = {"title", '?', STARTS_LANG, board_title},
    [BOARD_FOR] = {"for", '1', STARTS_NAME, board_for},
    [BOARD_TARGETS] = {"targets", '?', STARTS_NAME, board_targets},
    [BOARD_PART] = {"part", '*', STARTS_STRING, board_part},
    {"total", '?', STARTS_NUMBER, board_total},
    {"when", '?', STARTS_EXPR, board_when},
    {"plus", '*', STARTS_EXPR, board_plus},
    {"minus", '*', STARTS_EXPR, board_minus},
    {"rank", '?', STARTS_NAME, board_rank},
    {"grade", '?', STARTS_STRING, board_grade},
    {"claimed", '?', STARTS_EXPR, board_claimed},
    {"allow", '*', STARTS_NAME, board_allow},
};

static const char *const tails[] = {"cap", "ties", "shared", "from", "within"};

static const struct block_form form = {"scoreboard", clauses, COUNT_OF(clauses), tails,
                                       COUNT_OF(tails)};

/* "scoreboard" NAME "on" NAME "each" Names */
static void read_head(struct parser *p, struct ast_board *b)
{
    static const char *const reserved[] = {"nothing"};
    b->name = parse_heading(p);
    parser_reserved(p, b->name, reserved, COUNT_OF(reserved));
    parser_need_word(p, "on");
    b->dataset = parse_new_name(p);
    parser_need_word(p, "each");
    b->each = parse_names(p);
}

static void mend(const struct parser *p, struct reading *r)
{
    struct ast_board *b = r->out;
    struct ast_extra *extras = r->extras.items;
    for (size_t i = 0; i < r->extras.n; i++) {
        parser_mend_expr(p, extras[i].value);
    }
    parser_mend_names(p, &b->keys);
    parser_mend_names(p, &b->targets);
    parser_mend_expr(p, b->when);
    parser_mend_expr(p, b->claimed.value);
    parser_mend_expr(p, b->claimed.within.amount);
}

/* Scoreboard = "scoreboard" NAME "on" NAME "each" Names "{" { BoardClause } "}" ;
 * exactly one of targets, part */
bool parse_scoreboard(struct parser *p, struct decl *d)
{
    static const size_t either[] = {BOARD_TARGETS, BOARD_PART};
    struct ast_board *b = &d->u.board;
    struct reading r = {.out = b};
    *b = (struct ast_board){
        .dataset = NAME_NONE,
        .each = {.at = SPAN_NONE},
        .keys = {.at = SPAN_NONE},
        .title = TEXT_NONE,
        .targets = {.at = SPAN_NONE},
        .targets_at = SPAN_NONE,
        .total = NUMBER_NONE,
        .claimed = {.within = {.at = SPAN_NONE}, .at = SPAN_NONE},
    };
    read_head(p, b);
    struct seen seen = parse_block(p, &form, &r);
    parser_one_missing(p, &form, &seen, either, COUNT_OF(either));
    parser_exclusive(p, seen.at[BOARD_TARGETS], "targets", seen.at[BOARD_PART], "part");
    mend(p, &r);
    b->parts = r.parts.items;
    b->n_parts = (uint32_t)r.parts.n;
    b->extras = r.extras.items;
    b->n_extras = (uint32_t)r.extras.n;
    b->allows = r.allows.items;
    b->n_allows = (uint32_t)r.allows.n;
    b->at = parser_span(p, d->at);
    return b->name.text.p;
}

/* The small declarations, and the parts of clauses that several blocks share. */
#include "lang/parse_state.h"
#include "value/date.h"

#include <assert.h>

/* Shared parts */

static const char *const langs[] = {"vi", "en"};

bool parse_at_lang(const struct parser *p)
{
    return parser_at_word(p, "vi") || parser_at_word(p, "en");
}

/* Lang = "vi" | "en" ; */
enum diag_lang parse_lang(struct parser *p)
{
    static_assert(LANG_VI == 0 && LANG_EN == 1, "langs[] is in this order");
    return parse_choice(p, langs, COUNT_OF(langs)) == 1 ? LANG_EN : LANG_VI;
}

/* Text = Lang STRING [ Lang STRING ] ; */
static struct ast_text read_text(struct parser *p, struct name (*read)(struct parser *))
{
    struct ast_text text = TEXT_NONE;
    struct span first[] = {SPAN_NONE, SPAN_NONE};
    do {
        struct span at = p->tok.at;
        enum diag_lang lang = parse_lang(p);
        if (!p->is_panicking && !span_is_none(first[lang])) {
            parser_twice(p, at, first[lang]);
        }
        first[lang] = at;
        struct name value = read(p);
        text.lang[lang] = value.text.p ? value : text.lang[lang];
    } while (!p->is_panicking && parse_at_lang(p));
    return text;
}

struct ast_text parse_text(struct parser *p)
{
    return read_text(p, parse_string);
}

/* One text of a message. One that is not closed counts as not given. */
static struct name read_message(struct parser *p)
{
    struct token t = p->tok;
    if (!parser_take(p, TOK_STRING)) {
        return parse_string(p);
    }
    struct str text = lex_string(p->a, NULL, parser_text(p, t), t.at.lo);
    return (struct name){t.is_bad ? STR_NONE : text, t.at};
}

struct ast_text parse_messages(struct parser *p)
{
    return read_text(p, read_message);
}

struct ast_strings parse_strings(struct parser *p)
{
    struct items list = {0};
    do {
        struct name string = parse_string(p);
        if (p->is_panicking) {
            break;
        }
        *(struct name *)items_add(p, &list, sizeof string) = string;
    } while (parse_comma(p));
    return (struct ast_strings){list.items, (uint32_t)list.n};
}

/* Number = [ "-" ] NUMBER [ "%" ] ; */
struct ast_number parse_signed(struct parser *p)
{
    struct span start = p->tok.at;
    bool is_negative = parser_take(p, TOK_MINUS);
    if (is_negative) {
        parser_mark(p, MARK_SIGN);
    }
    struct ast_number out = {.is_given = !p->tok.is_bad};
    struct num value = parse_percentage(p, &out.is_percent);
    out.value = is_negative ? num_neg(value) : value;
    out.is_given = out.is_given && !p->is_panicking;
    out.at = parser_span(p, start);
    return out;
}

struct ast_number parse_unsigned(struct parser *p)
{
    struct ast_number out = {.is_given = !p->tok.is_bad, .at = p->tok.at};
    out.value = parse_number(p);
    out.is_given = out.is_given && !p->is_panicking;
    return out;
}

/* "date" STRING | "period" STRING */
static void read_day_or_period(struct parser *p, struct ast_literal *out)
{
    bool is_date = parser_take_word(p, "date");
    if (!is_date) {
        parser_advance(p);
    }
    bool is_bad = p->tok.is_bad;
    struct name text = parse_string(p);
    bool reads =
        !p->is_panicking && (is_date ? date_parse(text.text, &out->value.when)
                                     : period_parse(text.text, &out->value.when));
    enum value_kind kind = is_date ? VALUE_DAY : VALUE_PERIOD;
    out->value.kind = reads ? kind : VALUE_ERROR;
    if (!reads && !is_bad && !p->is_panicking) {
        struct str written = str_cut(p->lexer.text, text.at.lo, text.at.hi);
        parser_remark(p, is_date ? DIAG_ID_RULE_DATE : DIAG_ID_RULE_PERIOD, text.at)
            ->args[0] = parser_quoted(p, written);
    }
}

/* Literal = Number | STRING | "date" STRING | "period" STRING ; */
struct ast_literal parse_literal(struct parser *p)
{
    struct ast_literal out = {.value = {.kind = VALUE_ERROR, .at = p->tok.at}};
    if (p->is_panicking) {
        return out;
    }
    if (p->tok.kind == TOK_NUMBER || p->tok.kind == TOK_MINUS) {
        struct ast_number number = parse_signed(p);
        out.value.kind = number.is_given ? VALUE_NUM : VALUE_ERROR;
        out.value.num = number.value;
        out.is_percent = number.is_percent;
    } else if (p->tok.kind == TOK_STRING) {
        out.value.kind = VALUE_TEXT;
        out.value.text = parse_string(p).text;
    } else if (parser_at_word(p, "date") || parser_at_word(p, "period")) {
        read_day_or_period(p, &out);
    } else {
        parser_unexpected(
            p, DIAG_ID_RULE_SYNTAX,
            STR("5, -5, 5%, \"abc\", date \"2022-06-30\", period \"2022-H1\""));
    }
    out.value.at = parser_span(p, out.value.at);
    if (out.value.kind != VALUE_TEXT) {
        out.value.text = str_cut(p->lexer.text, out.value.at.lo, out.value.at.hi);
    }
    return out;
}

/* Severity = "severity" ( "error" | "warning" | "info" ) [ "final" ] ; */
struct ast_severity parse_severity(struct parser *p)
{
    static const char *const words[] = {"error", "warning", "info"};
    static const enum diag_severity levels[] = {DIAG_ERROR, DIAG_WARNING, DIAG_INFO};
    struct span start = p->prev.at;
    size_t i = parse_choice(p, words, COUNT_OF(words));
    enum diag_severity level = i < COUNT_OF(levels) ? levels[i] : DIAG_ERROR;
    bool is_final = parser_take_word(p, "final");
    return (struct ast_severity){level, is_final, parser_span(p, start)};
}

/* Tolerance = "rounding" | Expr [ "of" ( "left" | "right" | "larger" ) ] ; before `of`
 * only N% */
struct ast_within parse_within(struct parser *p)
{
    static const char *const words[] = {"left", "right", "larger"};
    static const enum within_base bases[] = {WITHIN_LEFT, WITHIN_RIGHT, WITHIN_LARGER};
    struct span start = p->prev.at;
    struct ast_within within = {.is_rounding = parser_take_word(p, "rounding")};
    if (!within.is_rounding) {
        within.amount = parse_expr(p);
    }
    if (!within.is_rounding && parser_take_word(p, "of")) {
        const struct node *amount = within.amount;
        if (amount->kind != NODE_ERROR &&
            !(amount->kind == NODE_NUMBER && amount->is_percent)) {
            parser_remark(p, DIAG_ID_RULE_WITHIN_SHARE, amount->at);
        }
        size_t i = parse_choice(p, words, COUNT_OF(words));
        within.base = i < COUNT_OF(bases) ? bases[i] : WITHIN_LEFT;
    }
    within.at = parser_span(p, start);
    return within;
}

/* "claimed" Expr [ "within" Tolerance ] */
struct ast_claimed parse_claimed(struct parser *p)
{
    struct span start = p->prev.at;
    struct ast_claimed claimed = {.within = {.at = SPAN_NONE}};
    claimed.value = parse_expr(p);
    if (parser_take_word(p, "within")) {
        claimed.within = parse_within(p);
    }
    claimed.at = parser_span(p, start);
    return claimed;
}

struct name parse_because(struct parser *p)
{
    parser_need_word(p, "because");
    return parse_string(p);
}

/* Allow = "allow" NAME STRING ; */
struct ast_allow parse_allow(struct parser *p)
{
    struct name code = parse_new_name(p);
    return (struct ast_allow){.code = code, .reason = parse_string(p)};
}

static void be_within(struct parser *p, struct str word, struct str name, struct span at)
{
    struct text within = text_in(diags_arena(p->diags));
    text_add(&within, word);
    text_char(&within, ' ');
    text_add(&within, parser_quoted(p, name));
    p->within = text_str(&within);
    p->within_at = at;
}

struct name parse_heading(struct parser *p)
{
    struct str word = parser_text(p, p->prev);
    struct name name = parse_new_name(p);
    if (name.text.p) {
        be_within(p, word, name.text, name.at);
    }
    return name;
}

struct name parse_string_heading(struct parser *p)
{
    struct str word = parser_text(p, p->prev);
    struct token t = p->tok;
    struct name name = parse_string(p);
    if (name.text.p) {
        be_within(p, word, parser_text(p, t), name.at);
    }
    return name;
}

/* Use = "use" [ "library" ] STRING ; */
bool parse_use(struct parser *p, struct decl *d)
{
    d->u.use.from_library = parser_take_word(p, "library");
    d->u.use.path = parse_string(p);
    return !p->is_panicking;
}

/* Ruleset = "ruleset" NAME "{" { RulesetClause } "}" ; */

static void ruleset_title(struct parser *p, void *out)
{
    ((struct ast_ruleset *)out)->title = parse_text(p);
}

static void ruleset_version(struct parser *p, void *out)
{
    ((struct ast_ruleset *)out)->version = parse_string(p);
}

static void ruleset_language(struct parser *p, void *out)
{
    enum diag_lang lang = parse_lang(p);
    ((struct ast_ruleset *)out)->language = p->is_panicking ? -1 : (int)lang;
}

bool parse_ruleset(struct parser *p, struct decl *d)
{
    static const struct clause clauses[] = {
        {"title", '1', STARTS_LANG, ruleset_title},
        {"version", '?', STARTS_STRING, ruleset_version},
        {"language", '?', STARTS_LANG, ruleset_language},
    };
    static const struct block_form form = {"ruleset", clauses, COUNT_OF(clauses), NULL,
                                           0};
    struct ast_ruleset *r = &d->u.ruleset;
    *r = (struct ast_ruleset){.title = TEXT_NONE, .version = NAME_NONE, .language = -1};
    r->name = parse_heading(p);
    parse_block(p, &form, r);
    r->at = parser_span(p, d->at);
    return r->name.text.p;
}

/* Unit = "unit" NAME STRING [ "=" NUMBER NAME ] ; */
bool parse_unit(struct parser *p, struct decl *d)
{
    struct ast_unit *u = &d->u.unit;
    u->base = NAME_NONE;
    u->name = parse_heading(p);
    u->label = parse_string(p);
    u->has_base = parser_take(p, TOK_EQ);
    if (u->has_base) {
        u->factor = parse_number(p);
        u->base = parse_new_name(p);
    }
    return u->name.text.p;
}

/* Codelist */

/* Entry = ( NAME | STRING ) STRING ; */
static void read_entries(struct parser *p, struct ast_codelist *list)
{
    struct items entries = {0};
    parser_need(p, TOK_LBRACE);
    do {
        struct ast_entry entry = {.code = NAME_NONE, .label = NAME_NONE};
        if (p->tok.kind == TOK_STRING) {
            entry.code = parse_string(p);
        } else if (parser_is_word(p->tok)) {
            entry.code = parse_new_name(p);
        } else {
            parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("abc \"…\", \"91\" \"…\""));
        }
        entry.label = parse_string(p);
        *(struct ast_entry *)items_add(p, &entries, sizeof entry) = entry;
    } while (parse_comma(p));
    if (!p->is_panicking && !parser_take(p, TOK_RBRACE)) {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \"}\""));
    }
    list->entries = entries.items;
    list->n_entries = (uint32_t)entries.n;
}

static void list_code(struct parser *p, void *out)
{
    ((struct ast_codelist *)out)->code = parse_new_name(p);
}

static void list_label(struct parser *p, void *out)
{
    ((struct ast_codelist *)out)->label = parse_new_name(p);
}

static void list_alias(struct parser *p, void *out)
{
    ((struct ast_codelist *)out)->alias = parse_new_name(p);
}

static void list_into(struct parser *p, void *out)
{
    ((struct ast_codelist *)out)->into = parse_new_name(p);
}

static void list_parent(struct parser *p, void *out)
{
    ((struct ast_codelist *)out)->parent = parse_new_name(p);
}

/* "valid" NAME ".." NAME */
static void list_valid(struct parser *p, void *out)
{
    struct ast_codelist *list = out;
    list->valid_from = parse_new_name(p);
    if (parser_need(p, TOK_DOTS)) {
        list->valid_to = parse_new_name(p);
    }
}

static const struct clause list_clauses[] = {
    {"code", '1', STARTS_NAME, list_code},     {"label", '?', STARTS_NAME, list_label},
    {"alias", '?', STARTS_NAME, list_alias},   {"into", '?', STARTS_NAME, list_into},
    {"parent", '?', STARTS_NAME, list_parent}, {"valid", '?', STARTS_NAME, list_valid},
};

/* Codelist = "codelist" NAME ( "{" Entry { "," Entry } "}"
 *                            | "from" [ "library" ] STRING "{" { ListClause } "}" ) ; */
bool parse_codelist(struct parser *p, struct decl *d)
{
    static const struct block_form form = {"codelist", list_clauses,
                                           COUNT_OF(list_clauses), NULL, 0};
    struct ast_codelist *list = &d->u.codelist;
    list->path = list->code = list->label = list->alias = NAME_NONE;
    list->into = list->parent = list->valid_from = list->valid_to = NAME_NONE;
    list->name = parse_heading(p);
    if (p->tok.kind == TOK_LBRACE) {
        read_entries(p, list);
    } else if (parser_take_word(p, "from")) {
        list->from_library = parser_take_word(p, "library");
        list->path = parse_string(p);
        parse_block(p, &form, list);
    } else {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\"{\", \"from\""));
    }
    return list->name.text.p;
}

/* Define = "define" NAME [ "(" NAME { "," NAME } ")" ] "=" Expr ; */
bool parse_define(struct parser *p, struct decl *d)
{
    struct ast_define *define = &d->u.define;
    define->params.at = SPAN_NONE;
    define->name = parse_heading(p);
    define->has_params = parser_take(p, TOK_LPAREN);
    if (define->has_params) {
        define->params = parse_names(p);
        if (!p->is_panicking && !parser_take(p, TOK_RPAREN)) {
            parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \")\""));
        }
    }
    parser_need(p, TOK_EQ);
    define->body = parse_expr(p);
    return define->name.text.p;
}

/* Family = "family" NAME "=" Names ; */
bool parse_family(struct parser *p, struct decl *d)
{
    struct ast_family *family = &d->u.family;
    family->name = parse_heading(p);
    parser_need(p, TOK_EQ);
    family->columns = parse_names(p);
    return family->name.text.p;
}

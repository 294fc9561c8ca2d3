/* The dataset block and its columns. The words behind a column's type are a table like
 * that of clauses, but without braces: the list ends at the first word that is none of
 * them. */
#include "lang/parse_state.h"

#include <assert.h>

/* A dataset whose lists still grow. */
struct reading {
    struct ast_dataset *out;
    struct items covers, totals, pairs, columns, allows;
};

/* Columns */

enum slot { /* modifiers of one slot exclude each other */
            SLOT_OF,
            SLOT_NATURE,
            SLOT_OPTIONAL,
            SLOT_UNIQUE,
            SLOT_UNDEFINED,
            SLOT_IN,
            SLOT_MATCHES,
            SLOT_MAX,
            SLOT_ROUNDED,
            SLOT_VI,
            SLOT_EN,
            SLOTS
};

struct modifier {
    const char *word;
    enum slot slot;
    void (*read)(struct parser *p, struct ast_column *c); /* behind the word */
};

/* UnitExpr = NAME { ( "*" | "/" ) NAME } ; */
static void read_unit(struct parser *p, struct ast_column *c)
{
    struct items terms = {0};
    bool divides = false;
    for (;;) {
        struct ast_unit_term term = {.name = parse_new_name(p), .divides = divides};
        *(struct ast_unit_term *)items_add(p, &terms, sizeof term) = term;
        divides = p->tok.kind == TOK_SLASH;
        if (!parser_take(p, TOK_STAR) && !parser_take(p, TOK_SLASH)) {
            break;
        }
    }
    c->unit = terms.items;
    c->n_unit = p->is_panicking ? 0 : (uint32_t)terms.n;
}

/* "of" ( "column" NAME | UnitExpr ) */
static void modify_of(struct parser *p, struct ast_column *c)
{
    struct span start = p->tok.at;
    if (parser_take_word(p, "column")) {
        c->unit_column = parse_new_name(p);
    } else {
        read_unit(p, c);
    }
    c->unit_at = parser_span(p, start);
}

static void modify_nature(struct parser *p, struct ast_column *c)
{
    struct str word = parser_text(p, p->prev);
    bool is_flow = str_eq(word, STR("flow"));
    c->nature = str_eq(word, STR("stock")) ? NATURE_STOCK
                : is_flow                  ? NATURE_FLOW
                                           : NATURE_ADDITIVE;
    c->nature_at = p->prev.at;
}

static void modify_optional(struct parser *p, struct ast_column *c)
{
    assert(parser_is_word(p->prev));
    c->is_optional = true;
}

static void modify_unique(struct parser *p, struct ast_column *c)
{
    assert(parser_is_word(p->prev));
    c->is_unique = true;
}

/* "undefined" "because" STRING */
static void modify_undefined(struct parser *p, struct ast_column *c)
{
    c->undefined = parse_because(p);
}

/* "in" ( "{" Literal { "," Literal } "}" | Literal ".." Literal ) */
static void modify_in(struct parser *p, struct ast_column *c)
{
    struct span start = p->prev.at;
    struct items set = {0};
    if (parser_take(p, TOK_LBRACE)) {
        do {
            *(struct ast_literal *)items_add(p, &set, sizeof(struct ast_literal)) =
                parse_literal(p);
        } while (parse_comma(p));
        if (!p->is_panicking && !parser_take(p, TOK_RBRACE)) {
            parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \"}\""));
        }
    } else {
        c->low = parse_literal(p);
        parser_need(p, TOK_DOTS);
        c->high = parse_literal(p);
        c->has_range = !p->is_panicking;
    }
    c->set = set.items;
    c->n_set = p->is_panicking ? 0 : (uint32_t)set.n;
    c->in_at = parser_span(p, start);
}

static void modify_matches(struct parser *p, struct ast_column *c)
{
    c->pattern = parse_string(p);
}

static void modify_max(struct parser *p, struct ast_column *c)
{
    c->max_at = p->tok.at;
    c->max = parse_number(p);
    c->has_max = !p->is_panicking;
}

static void modify_rounded(struct parser *p, struct ast_column *c)
{
    c->rounded_at = p->tok.at;
    c->rounded = parse_number(p);
    c->has_rounded = !p->is_panicking;
}

/* Lang STRING { "|" STRING } */
static void modify_header(struct parser *p, struct ast_column *c)
{
    enum diag_lang lang = str_eq(parser_text(p, p->prev), STR("en")) ? LANG_EN : LANG_VI;
    struct items headers = {0};
    do {
        struct name header = parse_string(p);
        if (p->is_panicking) {
            break;
        }
        *(struct name *)items_add(p, &headers, sizeof header) = header;
    } while (parser_take(p, TOK_BAR));
    c->headers[lang] = headers.items;
    c->n_headers[lang] = (uint32_t)headers.n;
}

static const struct modifier modifiers[] = {
    {"of", SLOT_OF, modify_of},
    {"stock", SLOT_NATURE, modify_nature},
    {"flow", SLOT_NATURE, modify_nature},
    {"additive", SLOT_NATURE, modify_nature},
    {"optional", SLOT_OPTIONAL, modify_optional},
    {"unique", SLOT_UNIQUE, modify_unique},
    {"undefined", SLOT_UNDEFINED, modify_undefined},
    {"in", SLOT_IN, modify_in},
    {"matches", SLOT_MATCHES, modify_matches},
    {"max", SLOT_MAX, modify_max},
    {"rounded", SLOT_ROUNDED, modify_rounded},
    {"vi", SLOT_VI, modify_header},
    {"en", SLOT_EN, modify_header},
};

static const char *const modifier_words[] = {
    "of",      "stock",   "flow", "additive", "optional", "unique", "undefined",
    "because", "matches", "max",  "rounded",  "vi",       "en",
};

static const struct modifier *modifier_at(const struct parser *p)
{
    if (p->is_panicking || !parser_is_word(p->tok)) {
        return NULL;
    }
    struct str word = parser_text(p, p->tok);
    for (size_t i = 0; i < COUNT_OF(modifiers); i++) {
        if (str_eq(word, str_of(modifiers[i].word))) {
            return &modifiers[i];
        }
    }
    return NULL;
}

static void read_modifiers(struct parser *p, struct ast_column *c)
{
    struct span first[SLOTS];
    for (size_t i = 0; i < SLOTS; i++) {
        first[i] = SPAN_NONE;
    }
    for (const struct modifier *m = modifier_at(p); m; m = modifier_at(p)) {
        if (!span_is_none(first[m->slot])) {
            parser_twice(p, p->tok.at, first[m->slot]);
        }
        first[m->slot] = p->tok.at;
        parser_advance(p);
        parser_mark(p, MARK_MODIFIER);
        m->read(p, c);
    }
}

/* Type = "text" | "code" NAME | "count" | "integer" | "decimal" | "percent" | "date" |
 * "period" | "year" | "flag" ; */
static void read_type(struct parser *p, struct ast_column *c)
{
    const char *words[COLUMN_TYPE_COUNT];
    for (size_t i = 0; i < COLUMN_TYPE_COUNT; i++) {
        words[i] = column_type_name((enum column_type)i);
    }
    c->type_at = p->tok.at;
    if (p->tok.kind == TOK_NAME &&
        column_type_by_name(parser_text(p, p->tok), &c->type)) {
        parser_advance(p);
        c->codelist = c->type == COLUMN_CODE ? parse_new_name(p) : NAME_NONE;
        c->is_bad = p->is_panicking;
        return;
    }
    bool is_misspelt = !p->is_panicking && p->tok.kind == TOK_NAME &&
                       !p->tok.starts_line && !modifier_at(p);
    struct diag *d = parser_unexpected(p, DIAG_ID_RULE_WORD_EXPECTED,
                                       parser_word_list(p, words, COUNT_OF(words)));
    parser_hint(p, d, words, COUNT_OF(words));
    c->is_bad = true;
    if (is_misspelt) { /* the rest of the column can be read all the same */
        p->is_panicking = false;
        parser_advance(p);
    }
}

/* Column = "column" NAME Type { Modifier } ; */
static void dataset_column(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_column c = {
        .codelist = NAME_NONE,
        .unit_column = NAME_NONE,
        .unit_at = SPAN_NONE,
        .nature_at = SPAN_NONE,
        .undefined = NAME_NONE,
        .in_at = SPAN_NONE,
        .pattern = NAME_NONE,
        .max_at = SPAN_NONE,
        .rounded_at = SPAN_NONE,
    };
    struct span start = p->prev.at;
    c.name = parse_new_name(p);
    if (p->is_panicking) {
        return;
    }
    read_type(p, &c);
    read_modifiers(p, &c);
    c.at = parser_span(p, start);
    *(struct ast_column *)items_add(p, &r->columns, sizeof c) = c;
}

/* Other clauses */

static void dataset_key(struct parser *p, void *out)
{
    ((struct reading *)out)->out->key = parse_names(p);
}

static void dataset_title(struct parser *p, void *out)
{
    ((struct reading *)out)->out->title = parse_text(p);
}

static void dataset_from(struct parser *p, void *out)
{
    ((struct reading *)out)->out->from = parse_strings(p);
}

/* `cover` and `totals` may stand once for each key column. */
static void check_column_once(struct parser *p, struct name column,
                              const struct name *earlier)
{
    if (column.text.p && earlier->text.p && str_eq(column.text, earlier->text)) {
        parser_twice(p, column.at, earlier->at);
    }
}

/* "cover" NAME "in" SetOrRange [ "each" Names ], no range */
static void dataset_cover(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_cover cover = {.each = {.at = SPAN_NONE}};
    struct span start = p->prev.at;
    cover.column = parse_new_name(p);
    parser_need(p, TOK_IN);
    cover.set = parse_set_or_range(p, NULL, p->tok.at);
    if (cover.set->kind == NODE_IN_RANGE) {
        parser_remark(p, DIAG_ID_RULE_COVER_RANGE, cover.set->at);
        cover.set->kind = NODE_ERROR;
    } else if (cover.set->kind == NODE_IN) {
        cover.set = cover.set->kids[1];
    }
    if (parser_take_word(p, "each")) {
        cover.each = parse_names(p);
    }
    const struct ast_cover *earlier = r->covers.items;
    for (size_t i = 0; i < r->covers.n; i++) {
        check_column_once(p, cover.column, &earlier[i].column);
    }
    cover.at = parser_span(p, start);
    *(struct ast_cover *)items_add(p, &r->covers, sizeof cover) = cover;
}

/* "totals" NAME STRING { "," STRING } */
static void dataset_totals(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_totals totals = {.column = parse_new_name(p)};
    struct ast_strings texts = parse_strings(p);
    totals.texts = texts.items;
    totals.n = texts.n;
    const struct ast_totals *earlier = r->totals.items;
    for (size_t i = 0; i < r->totals.n; i++) {
        check_column_once(p, totals.column, &earlier[i].column);
    }
    *(struct ast_totals *)items_add(p, &r->totals, sizeof totals) = totals;
}

/* "tree" NAME "under" NAME */
static void dataset_tree(struct parser *p, void *out)
{
    struct ast_dataset *d = ((struct reading *)out)->out;
    d->tree_child = parse_new_name(p);
    parser_need_word(p, "under");
    d->tree_parent = parse_new_name(p);
    d->has_tree = !p->is_panicking;
}

/* "pair" NAME "with" NAME */
static void dataset_pair(struct parser *p, void *out)
{
    struct reading *r = out;
    struct ast_pair pair = {.code = parse_new_name(p)};
    parser_need_word(p, "with");
    pair.label = parse_new_name(p);
    if (!p->is_panicking) {
        *(struct ast_pair *)items_add(p, &r->pairs, sizeof pair) = pair;
    }
}

static void dataset_missing(struct parser *p, void *out)
{
    ((struct reading *)out)->out->missing = parse_strings(p);
}

static void dataset_zero(struct parser *p, void *out)
{
    ((struct reading *)out)->out->zero = parse_strings(p);
}

static void dataset_na(struct parser *p, void *out)
{
    ((struct reading *)out)->out->na = parse_strings(p);
}

static void dataset_numbers(struct parser *p, void *out)
{
    static const char *const words[] = {"vi", "en", "plain", "auto"};
    static const enum numfmt formats[] = {NUMFMT_VI, NUMFMT_EN, NUMFMT_PLAIN,
                                          NUMFMT_AUTO};
    size_t i = parse_choice(p, words, COUNT_OF(words));
    if (i < COUNT_OF(formats)) {
        ((struct reading *)out)->out->numbers = formats[i];
    }
}

static void dataset_encoding(struct parser *p, void *out)
{
    ((struct reading *)out)->out->encoding = parse_string(p);
}

static void dataset_layout(struct parser *p, void *out)
{
    ((struct reading *)out)->out->is_strict = parser_need_word(p, "strict");
}

static void dataset_allow(struct parser *p, void *out)
{
    struct ast_allow allow = parse_allow(p);
    *(struct ast_allow *)items_add(p, &((struct reading *)out)->allows, sizeof allow) =
        allow;
}

static const struct clause clauses[] = {
    {"key", '1', STARTS_NAME, dataset_key},
    {"column", '+', STARTS_NAME, dataset_column},
    {"title", '?', STARTS_LANG, dataset_title},
    {"from", '?', STARTS_STRING, dataset_from},
    {"cover", '*', STARTS_NAME, dataset_cover},
    {"totals", '*', STARTS_NAME, dataset_totals},
    {"tree", '?', STARTS_NAME, dataset_tree},
    {"pair", '*', STARTS_NAME, dataset_pair},
    {"missing", '?', STARTS_STRING, dataset_missing},
    {"zero", '?', STARTS_STRING, dataset_zero},
    {"na", '?', STARTS_STRING, dataset_na},
    {"numbers", '?', STARTS_NAME, dataset_numbers},
    {"encoding", '?', STARTS_STRING, dataset_encoding},
    {"layout", '?', STARTS_NAME, dataset_layout},
    {"allow", '*', STARTS_NAME, dataset_allow},
};

/* Dataset = "dataset" NAME [ "optional" ] "{" { DatasetClause } "}" ; */
bool parse_dataset(struct parser *p, struct decl *decl)
{
    static const struct block_form form = {"dataset", clauses, COUNT_OF(clauses),
                                           modifier_words, COUNT_OF(modifier_words)};
    struct ast_dataset *d = &decl->u.dataset;
    struct reading r = {.out = d};
    *d = (struct ast_dataset){
        .title = TEXT_NONE,
        .key = {.at = SPAN_NONE},
        .tree_child = NAME_NONE,
        .tree_parent = NAME_NONE,
        .encoding = NAME_NONE,
        .numbers = NUMFMT_AUTO,
    };
    d->name = parse_heading(p);
    d->is_optional = parser_take_word(p, "optional");
    parse_block(p, &form, &r);
    parser_mend_names(p, &d->key);
    d->covers = r.covers.items;
    d->n_covers = (uint32_t)r.covers.n;
    d->totals = r.totals.items;
    d->n_totals = (uint32_t)r.totals.n;
    d->pairs = r.pairs.items;
    d->n_pairs = (uint32_t)r.pairs.n;
    d->columns = r.columns.items;
    d->n_columns = (uint32_t)r.columns.n;
    d->allows = r.allows.items;
    d->n_allows = (uint32_t)r.allows.n;
    d->at = parser_span(p, decl->at);
    return d->name.text.p;
}

/* The syntax tree: what was written, with places, before names mean anything. parse
 * builds it, check lowers it to a ruleset, fmt prints it back. Everything lives in the
 * rules arena. A field that was not written has span SPAN_NONE, a NULL pointer or
 * STR_NONE. */
#ifndef SOAT_LANG_AST_H
#define SOAT_LANG_AST_H

#include "base/diag.h"
#include "value/type.h"

enum node_kind {
    NODE_ERROR,  /* did not parse; silences what depends on it */
    NODE_NUMBER, /* num; is_percent (num is already divided), suffix */
    NODE_STRING, /* text, unescaped */
    NODE_TRUE,
    NODE_FALSE,
    NODE_DATE,   /* when */
    NODE_PERIOD, /* when */
    NODE_NAME,   /* text: column, let, parameter, define, hole word */
    NODE_THIS,   /* text: this.NAME */
    NODE_ANY,    /* `any` on the right of = in brackets */
    NODE_NEGATE, /* kids[0] */
    NODE_NOT,
    NODE_BINARY,   /* op; kids[0..1]: + - * / ?? and or implies */
    NODE_COMPARE,  /* chain: n kids, n - 1 ops */
    NODE_IN_SET,   /* kids[0] in { kids[1..] } */
    NODE_IN_RANGE, /* kids[0] in kids[1] .. kids[2] */
    NODE_IN, /* kids[0] in kids[1] (code list name, members(…), children(…), numbers(…),
                lookup) */
    NODE_MATCHES, /* kids[0]; text is the pattern */
    NODE_IS,      /* kids[0]; op: missing present approximate */
    NODE_IF,      /* kids: condition, then, else */
    NODE_CALL,    /* text: function; kids: arguments */
    NODE_EACH_OF, /* comprehension f(e for c in LIST if cond): text f, name2 c, names
                     LIST, kids[0] e, kids[1] cond or NULL */
    NODE_LOOKUP,  /* text: dataset; kids[0 .. n-1] conditions; pick: NODE_NAME, expression
                     or NULL */
    NODE_AS,      /* kids[0] as text */
    NODE_AT       /* kids[0] at kids[1] */
};

enum node_op {
    OP_NONE,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_COALESCE,
    OP_AND,
    OP_OR,
    OP_IMPLIES,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_MISSING,
    OP_PRESENT,
    OP_APPROXIMATE
};

enum number_suffix { SUFFIX_NONE, SUFFIX_DAYS, SUFFIX_YEARS };

struct name {
    struct str text;
    struct span at;
};

struct names {
    const struct name *items;
    uint32_t n;
    struct span at;
};

struct node {
    enum node_kind kind;
    struct span at;      /* the whole expression */
    struct span name_at; /* the name, operator or dataset word alone */
    struct str text;
    struct num num;
    int32_t when;
    bool is_percent;
    bool has_brackets; /* NODE_LOOKUP: D[…] or D.x */
    enum number_suffix suffix;
    enum node_op op;
    const enum node_op *ops; /* NODE_COMPARE */
    struct node **kids;
    uint32_t n;
    struct node *pick;  /* NODE_LOOKUP */
    uint32_t height;    /* of the tree below, 1 for a leaf; at most PARSE_MAX_HEIGHT */
    struct name name2;  /* NODE_EACH_OF: the loop name */
    struct names names; /* NODE_EACH_OF: the list */
};

struct ast_text { /* vi "…" en "…" */
    struct name
        lang[2]; /* text STR_NONE: not given; `at` is the STRING token, quotes included */
};

struct ast_clause_span {
    struct span at;
};

struct ast_allow {
    struct name code, reason;
};

struct ast_use {
    bool from_library;
    struct name path;
};

struct ast_ruleset {
    struct name name;
    struct ast_text title;
    struct name version;
    int language; /* enum diag_lang, -1 not given */
    struct span at;
};

struct ast_unit {
    struct name name, label;
    bool has_base;
    struct num factor;
    struct name base;
};

struct ast_entry {
    struct name code, label;
};

struct ast_codelist {
    struct name name;
    bool from_library;
    struct name path; /* STR_NONE: entries are inline */
    struct name code, label, alias, into, parent, valid_from, valid_to; /* CSV columns */
    const struct ast_entry *entries;
    uint32_t n_entries;
};

struct ast_define {
    struct name name;
    struct names params;
    bool has_params; /* written with parentheses */
    struct node *body;
};

struct ast_family {
    struct name name;
    struct names columns;
};

struct ast_unit_term {
    struct name name;
    bool divides;
};

struct ast_literal {
    struct literal value; /* kind as written: NUM, TEXT, DAY, PERIOD; ERROR: reported */
    bool is_percent;      /* value.num is already divided */
};

struct ast_column {
    struct name name;
    enum column_type type;
    struct span type_at;
    struct name codelist;
    const struct ast_unit_term *unit;
    uint32_t n_unit;
    struct name unit_column; /* of column C */
    struct span unit_at;
    enum column_nature nature;
    struct span nature_at;
    bool is_optional, is_unique;
    bool is_bad; /* its type did not parse: what is said of its values is not to be judged
                  */
    struct name undefined;
    bool has_range;
    struct ast_literal low, high;
    const struct ast_literal *set;
    uint32_t n_set;
    struct span in_at;
    struct name pattern;
    bool has_max, has_rounded;
    struct num max, rounded;
    struct span max_at, rounded_at;
    const struct name *headers[2]; /* per language; the first is the title */
    uint32_t n_headers[2];
    struct span at;
};

struct ast_cover {
    struct name column;
    struct node *set;  /* NODE_IN_SET: kids[0] is NULL, kids[1..] the items; else the set
                          itself: a name,  call or lookup */
    struct names each; /* n == 0: not given */
    struct span at;
};

struct ast_totals {
    struct name column;
    const struct name *texts;
    uint32_t n;
};

struct ast_pair {
    struct name code, label;
};

struct ast_strings {
    const struct name *items;
    uint32_t n;
};

struct ast_dataset {
    struct name name;
    struct ast_text title;
    struct ast_strings from;
    struct names key;
    const struct ast_cover *covers;
    const struct ast_totals *totals;
    const struct ast_pair *pairs;
    const struct ast_column *columns;
    const struct ast_allow *allows;
    uint32_t n_covers, n_totals, n_pairs, n_columns, n_allows;
    enum numfmt numbers; /* NUMFMT_AUTO by default */
    struct name tree_child, tree_parent;
    struct ast_strings missing, zero, na;
    struct name encoding;
    struct span at;
    bool is_optional, has_tree, is_strict;
};

enum policy { POLICY_UNKNOWN, POLICY_FAIL, POLICY_SKIP };

struct ast_severity {
    enum diag_severity level;
    bool is_final;
    struct span at; /* SPAN_NONE: default */
};

enum within_base { WITHIN_ALONE, WITHIN_LEFT, WITHIN_RIGHT, WITHIN_LARGER };

struct ast_within {
    bool is_rounding;
    struct node *amount;
    enum within_base base;
    struct span at; /* SPAN_NONE: no tolerance */
};

struct ast_let {
    struct name name;
    struct node *value;
};

struct ast_check {
    struct name name;
    struct name dataset;
    struct node **filter; /* conditions of the head */
    uint32_t n_filter;
    struct span filter_at;
    struct names each;
    struct name loop; /* for NAME in … */
    struct names loop_columns;
    struct node *must, *when;
    const struct ast_let *lets; /* in order of writing */
    uint32_t n_lets;
    struct ast_within within;
    enum policy if_missing, if_first;
    struct span if_missing_at, if_first_at;
    struct ast_severity severity;
    struct ast_text title, message, ask;
    struct name because;
    struct names tags;
    struct name type;
    const struct ast_allow *allows;
    uint32_t n_allows;
    struct span at; /* the whole block */
};

/* indicator: a value with up to three checks of it. */
struct ast_bounds { /* Range [ Severity ] */
    struct node *low, *high;
    struct ast_severity severity;
    struct span at; /* SPAN_NONE: not written */
};

enum outlier_method { OUTLIER_MAD, OUTLIER_Z, OUTLIER_IQR, OUTLIER_HB };

struct ast_outlier {
    enum outlier_method method;
    struct num factor;
    struct names each; /* n == 0: not given */
    struct ast_severity severity;
    struct span at; /* SPAN_NONE: not written */
};

struct ast_indicator {
    struct name name, dataset;
    struct ast_text title;
    struct node *value;    /* NULL: undefined */
    struct name undefined; /* reason */
    struct ast_bounds expect, change;
    struct ast_outlier outlier;
    const struct ast_allow *allows;
    uint32_t n_allows;
    struct span at;
};

/* target: an actual against a plan, and the points for it. */
enum aim { AIM_AT_LEAST, AIM_AT_MOST, AIM_EXACTLY, AIM_BETWEEN, AIM_YES };

enum schedule { SCHEDULE_RATIO, SCHEDULE_ALL_OR_NOTHING, SCHEDULE_PER, SCHEDULE_BANDS };

struct ast_number {
    struct num value; /* a percentage is divided by 100 already */
    bool is_given, is_percent;
    struct span at;
};

struct ast_band {
    struct ast_number from, points;
};

struct ast_points {
    struct node *maximum;
    enum schedule schedule;
    struct ast_number cap;             /* ratio, per */
    struct ast_number per, per_points; /* per N : P */
    const struct ast_band *bands;
    uint32_t n_bands;
    struct ast_number bonus, bonus_per, bonus_over, bonus_cap;
    struct ast_number rounding; /* round R */
    struct span at;
};

struct ast_claimed {
    struct node *value; /* NULL: not written */
    struct ast_within within;
    struct span at;
};

struct ast_target {
    struct name name, dataset;
    struct ast_text title;
    struct node *actual;           /* NULL: cannot be measured */
    struct name unmeasured;        /* actual none because … */
    struct node *plan, *plan_high; /* plan_high: for between */
    struct span plan_at, aim_at, actual_at;
    bool has_aim;
    enum aim aim;
    struct node *when, *pace;
    struct ast_claimed claimed;
    struct ast_number margin;
    bool has_points, is_monitored;
    struct ast_points points;
    const struct ast_allow *allows;
    uint32_t n_allows;
    struct span at;
};

/* scoreboard: targets and expressions added up, ranked and graded. */
struct ast_part {
    struct name title;
    struct ast_number maximum;
    struct names targets; /* n == 0: an expression */
    struct node *value;
    struct span at;
};

struct ast_extra { /* plus, minus */
    struct node *value;
    struct ast_number cap;
    bool is_minus;
    struct span at;
};

struct ast_grade {
    struct name title;
    struct ast_number from; /* not given: the last */
};

struct ast_board {
    struct name name, dataset;
    struct names each, keys; /* keys: `for` */
    struct ast_text title;
    bool has_targets, all_targets;
    struct names targets;
    struct span targets_at;
    const struct ast_part *parts;
    const struct ast_extra *extras;
    const struct ast_grade *grades;
    uint32_t n_parts, n_extras, n_grades;
    struct ast_number total;
    struct node *when;
    bool has_rank, rank_lowest;
    struct ast_claimed claimed;
    const struct ast_allow *allows;
    uint32_t n_allows;
    struct span at;
};

/* test: data given, verdicts expected. */
struct ast_given {
    struct name dataset;
    struct str text;  /* the block, dedented; STR_NONE: it did not parse */
    struct span at;   /* of the block */
    struct span body; /* its lines as written */
    uint32_t indent;  /* bytes taken from each line that has so many */
};

enum expected_verdict {
    EXPECT_PASS,
    EXPECT_FAIL,
    EXPECT_UNKNOWN,
    EXPECT_SKIP,
    EXPECT_ERROR
};

struct ast_at { /* NAME Literal */
    struct name column;
    struct ast_literal value;
};

struct ast_expect {
    struct name check; /* dotted */
    enum expected_verdict verdict;
    const struct ast_at *at;
    uint32_t n_at;
    struct span span;
};

struct ast_test {
    struct name name;
    const struct ast_given *given;
    const struct ast_expect *expects;
    uint32_t n_given, n_expects;
    bool nothing_else;
    struct span at;
};

enum decl_kind {
    DECL_USE,
    DECL_RULESET,
    DECL_UNIT,
    DECL_CODELIST,
    DECL_DEFINE,
    DECL_FAMILY,
    DECL_DATASET,
    DECL_CHECK,
    DECL_INDICATOR,
    DECL_TARGET,
    DECL_SCOREBOARD,
    DECL_TEST
};

struct decl {
    enum decl_kind kind;
    struct span at;
    union {
        struct ast_use use;
        struct ast_ruleset ruleset;
        struct ast_unit unit;
        struct ast_codelist codelist;
        struct ast_define define;
        struct ast_family family;
        struct ast_dataset dataset;
        struct ast_check check;
        struct ast_indicator indicator;
        struct ast_target target;
        struct ast_board board;
        struct ast_test test;
    } u;
};

/* What the tree does not say and the layout depends on: which words were taken as
 * keywords, and which minus is a sign. In order of writing; of a file without errors. */
enum ast_mark_kind {
    MARK_NONE,
    MARK_DECLARATION, /* its first word */
    MARK_CLAUSE,      /* the first word of a clause of a block */
    MARK_MODIFIER,    /* of a column */
    MARK_KEYWORD,     /* any other */
    MARK_SIGN
};

struct ast_mark {
    uint32_t at; /* byte of the source */
    enum ast_mark_kind kind;
};

/* A declaration whose name did not parse is left out; within the others, what did not
 * parse is missing, NODE_ERROR or is_bad. */
struct ast_file {
    uint32_t src;
    bool has_errors; /* some were reported */
    struct decl **decls;
    uint32_t n;
    const struct ast_mark *marks;
    uint32_t n_marks;
};

#endif

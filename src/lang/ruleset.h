/* A checked rule set: everything resolved, typed, expanded and const. The engine reads
 * this and never the syntax tree.
 *
 * Expressions form a DAG: a `let` is the same node wherever it is used, so sharing is by
 * pointer. Scopes: an expression is evaluated for rows at several depths. Scope 0 is the
 * evaluation's row (for a check with `each`: its group, standing as a row of the same
 * data set of which only the `each` columns are read). Each lookup or aggregate opens one
 * scope more for the row it selects; its `binds`' outer sides and nothing else inside it
 * are computed in the scopes around it. EXPR_COLUMN names its scope. Aggregates over "the
 * group's rows" are ordinary aggregates over the check's data set with the `each` columns
 * bound to scope 0 and the head's filter among the conditions. Defines, families,
 * comprehensions and comparison chains are already expanded. */
#ifndef SOAT_LANG_RULESET_H
#define SOAT_LANG_RULESET_H

#include "base/diag.h"
#include "lang/ast.h"
#include "value/type.h"

#define RULESET_MAX_KEY 30    /* columns of a key, of `each`, and what brackets bind */
#define RULESET_MAX_SCOPES 16 /* scope 0 and the lookups around an expression */

enum fn {
#define FN(id, ...) FN_##id,
#include "lang/fn.def"
#undef FN
    FN_COUNT
};

enum agg {
#define AGG(id, ...) AGG_##id,
#include "lang/agg.def"
#undef AGG
    AGG_COUNT_ALL
};

enum expr_op {
    EXPR_NUM,    /* num */
    EXPR_TEXT,   /* text (kind TEXT or CODE) */
    EXPR_BOOL,   /* flag */
    EXPR_DAY,    /* when */
    EXPR_PERIOD, /* when */
    EXPR_TODAY,  /* --as-of */
    EXPR_COLUMN, /* scope, dataset, column */
    EXPR_SIDE,   /* flag false: left, true: right; in `within` and holes */
    EXPR_WORD,   /* hole word; word */
    EXPR_NEG,    /* args[0] */
    EXPR_ADD,
    EXPR_SUB,
    EXPR_MUL,
    EXPR_DIV,      /* numbers; day + number, day - day, day - number: see kinds */
    EXPR_SCALE,    /* args[0] * num: `as UNIT` and percent literals of units */
    EXPR_ROW_UNIT, /* args[0] value, args[1] unit text; target `unit`, or, if n == 3, the
                      unit named by args[2] */
    EXPR_NOT,
    EXPR_AND,
    EXPR_OR,
    EXPR_IMPLIES,  /* Kleene */
    EXPR_IF,       /* condition, then, else */
    EXPR_COALESCE, /* args[0] ?? args[1] */
    EXPR_COMPARE, /* cmp; args[0], args[1] of one kind (text and code count as one: by the
                     text) */
    EXPR_IN_LIST, /* args[0] in { args[1..] } */
    EXPR_IN_RANGE,   /* args[0] in args[1] .. args[2]; for periods by period_cmp */
    EXPR_IN_CODES,   /* args[0] is a code of `codelist` valid at args[1] (a day; n == 1:
                        ever) */
    EXPR_IN_MEMBERS, /* args[0] code, args[1] group text, args[2] day if n == 3; flag:
                        children only */
    EXPR_IN_NUMBERS, /* args[0] number, args[1] text */
    EXPR_IN_ROWS,    /* args[0] equals the pick of some row selected by `select` */
    EXPR_MATCHES,    /* args[0] text; text is the pattern */
    EXPR_IS_MISSING,
    EXPR_IS_APPROX, /* args[0]: EXPR_COLUMN or EXPR_LOOKUP of a column */
    EXPR_CALL,   /* fn, args; codes functions get the day as last argument where the scope
                    has a period */
    EXPR_LOOKUP, /* select, select->pick; exactly one row */
    EXPR_AGG,    /* agg, select; select->pick NULL only for count */
    /* Aggregate over columns of one row (a comprehension). Arguments are the values, in
     * order, then, if `flag`, as many conditions: a value counts where its condition is
     * true. Treated as an aggregate treats its rows: na is left out, an unknown value or
     * condition makes it unknown, no value left is missing. COUNT has conditions only and
     * counts the true ones. */
    EXPR_OVER,
    EXPR_PREVIOUS,   /* args[0]; years (0: one period); scope, dataset: whose row moves */
    EXPR_AT,         /* args[0] at args[1] (period or day); scope */
    EXPR_CUMULATIVE, /* args[0]; scope */
    /* args[0] (HB: args[1] is its previous value) does not stand out from its group:
       `outlier` */
    EXPR_OUTLIER,
    EXPR_UNIQUE,    /* args: values; no other row whose `when` holds has them */
    EXPR_HALF_WIDTH /* rounding half-width of the column args[0]; made by the engine,
                       never by check */
};

enum cmp { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

enum hole_word {
    WORD_LEFT,
    WORD_RIGHT,
    WORD_DIFF,
    WORD_SLACK,
    WORD_KEY,
    WORD_FILE,
    WORD_LINE
};

struct bind { /* column of the selected row = value in the scopes around (text and code
                 count as one kind) */
    uint32_t column;
    const struct expr *value;
    bool to_year; /* year column bound to the year of the period `value` (value is already
                     the year) */
};

struct select {
    uint32_t dataset;
    uint32_t scope; /* the scope this opens */
    const struct bind *binds;
    uint32_t n_binds;
    const struct expr *const
        *conds; /* all must be true; computed with the row in `scope` */
    uint32_t n_conds;
    const struct expr *pick; /* computed with the row in `scope`; NULL: count of rows */
    bool is_correlated;      /* conds or pick read a scope below `scope` */
    bool over_group;         /* the rows of the check's own group */
};

struct expr {
    enum expr_op op;
    enum value_kind kind;
    enum cmp cmp;
    enum fn fn;
    enum agg agg;
    enum hole_word word;
    bool flag;
    bool is_year; /* a number that is printed without grouping */
    uint32_t scope, dataset, column, codelist;
    int32_t when, years;
    struct num num;
    struct str text;
    struct unit_expr unit; /* VALUE_NUM: unit of the value */
    const struct expr *const *args;
    uint32_t n;
    const struct select *select;
    const struct outlier *outlier; /* EXPR_OUTLIER */
    bool all_stocks;  /* built from stock columns alone (previous/at fall back to the same
                         day) */
    bool is_additive; /* built from additive columns by + and - (predecessors are summed)
                       */
    struct span at;   /* as written, for operand names */
    struct span text_at; /* EXPR_MATCHES: the pattern */
};

struct outlier {
    enum outlier_method method;
    struct num factor;
    const uint32_t *each; /* columns that make the groups; none: all rows */
    uint32_t n_each;
};

struct part { /* of a message: a text or a value */
    struct str text;
    const struct expr *value; /* NULL: text */
};

struct template
{
    const struct part *parts;
    uint32_t n; /* 0: not given */
};

struct operand {
    struct str name; /* as written: htx_open, previous(htx_total), plan.value */
    const struct expr *value;
    const struct expr
        *unit; /* the text that names its unit in the row; NULL: none does */
};

struct check {
    struct str id;
    struct bilingual title;
    uint32_t dataset;
    bool of_cells; /* of a scoreboard: expected rows that are absent are judged as well */
    bool is_group;
    const uint32_t *each; /* columns */
    uint32_t n_each;
    const struct expr *const
        *filter; /* head's conditions, in scope 0 with the row as scope 0 */
    uint32_t n_filter;
    const struct expr *when; /* NULL: always */
    const struct expr *must;
    bool has_sides; /* must is one comparison of two numbers */
    enum cmp cmp;
    const struct expr *left, *right;
    bool within_rounding;
    const struct expr *within; /* tolerance in the unit of the comparison, may hold
                                  EXPR_SIDE; NULL: none */
    enum policy if_missing, if_first;
    bool uses_previous; /* if_first applies */
    enum diag_severity severity;
    bool is_final;
    struct template message[2], ask[2];
    struct str because;
    const struct str *tags;
    uint32_t n_tags;
    struct str type;    /* ESS main type, or STR_NONE */
    struct str formula; /* must as written */
    uint32_t column;    /* first column named in must (of `dataset`), ID_NONE */
    const struct operand *operands; /* in the order of the formula, each once */
    uint32_t n_operands;
    struct str
        undefined; /* names an undefined column: not-applicable as a whole; the reason */
    const uint32_t *uses; /* datasets read besides its own, sorted */
    uint32_t n_uses;
    bool uses_today;
    struct span at; /* the check's name */
};

struct codelist_decl {
    struct str name;
    bool from_library;
    struct str path; /* STR_NONE: entries */
    uint32_t src;    /* rule file that declares it: paths are relative to it */
    struct str code, label, alias, into, parent, valid_from, valid_to; /* CSV columns */
    const struct ast_entry *entries;
    uint32_t n_entries;
    struct span at;
};

struct cover {
    uint32_t column;
    const uint32_t *each; /* key columns */
    uint32_t n_each;
    enum { COVER_LIST, COVER_CODES, COVER_MEMBERS, COVER_ROWS } kind;
    const struct literal *items; /* COVER_LIST */
    uint32_t n_items;
    uint32_t codelist; /* COVER_CODES, COVER_MEMBERS */
    struct str group;  /* COVER_MEMBERS */
    bool children_only;
    const struct select *rows; /* COVER_ROWS: pick is the column; scope 0 = the
                                  combination of `each` columns */
    struct span at;
};

struct dataset {
    struct schema schema;
    const struct cover *covers;
    uint32_t n_covers;
    uint32_t src; /* rule file that declares it */
};

struct code_use { /* a code written in a rule; its list comes from a CSV, so it is looked
                     up after loading */
    uint32_t codelist;
    struct str text;
    struct span at;
};

/* Results as data sets (grammar rule 25). Each target, scoreboard and indicator has a
 * hidden data set of its own; those that share one key also have one together, for ids
 * that are not literals. Only those that something reads are made. They stand behind the
 * declared data sets (number n_datasets and up) and are filled by the engine before
 * anything that reads them. Key columns are those of the (first) member's source; the
 * others' are found by name. An `actual` of aim yes is 1 or 0. Columns: the id (`target`,
 * `scoreboard` or `indicator`, a text), the key columns of the source, then what there is
 * to tell: actual plan ratio points status (targets), points rank grade (scores), value
 * (indicators), and, where units differ, `unit`. All of them optional. */
enum result_kind { RESULT_TARGET, RESULT_BOARD, RESULT_INDICATOR };

#define RESULT_ACTUAL 0 /* places behind the key columns */
#define RESULT_PLAN 1
#define RESULT_RATIO 2
#define RESULT_TARGET_POINTS 3
#define RESULT_STATUS 4
#define RESULT_BOARD_POINTS 0
#define RESULT_RANK 1
#define RESULT_GRADE 2
#define RESULT_VALUE 0

struct result_set {
    enum result_kind kind;
    const uint32_t *members; /* targets, boards or indicators whose rows it holds */
    uint32_t n_members;
    uint32_t n_key;       /* key columns of the source; they stand at 1 .. n_key */
    uint32_t unit_column; /* ID_NONE: units agree; else every member's unit is one
                             declared unit */
};

struct indicator {
    struct str id;
    struct bilingual title;
    uint32_t dataset;
    const struct expr *value; /* NULL: undefined as a whole */
    struct str undefined;     /* the reason: its own, or of a column it reads; STR_NONE */
    const uint32_t *uses;     /* data sets read besides its own, results too */
    uint32_t n_uses;
    struct span at;
};

struct points {
    const struct expr *maximum;
    enum schedule schedule;
    bool has_cap;
    struct num cap;
    bool cap_is_percent; /* of SCHEDULE_PER: a share of the maximum */
    bool per_is_percent; /* steps of completion, not of the actual value */
    struct num per, per_points;
    const struct band {
        struct num from, points;
    } * bands; /* falling */
    uint32_t n_bands;
    bool has_bonus, has_bonus_cap;
    struct num bonus, bonus_per, bonus_over, bonus_cap;
    bool has_rounding;
    struct num rounding;
};

struct target {
    struct str id;
    struct bilingual title;
    uint32_t dataset;
    const struct expr *actual; /* NULL: cannot be measured */
    struct str unmeasured;     /* why, or STR_NONE */
    const struct expr *plan,
        *plan_high; /* NULL for yes and unmeasured; plan_high for between */
    enum aim aim;
    const struct expr *when, *pace; /* NULL: always; 100 % */
    struct num margin;
    bool has_points, is_monitored;
    struct points points;
    struct str undefined;
    const uint32_t *uses;
    uint32_t n_uses;
    struct span at;
};

struct board_part {
    struct str title;
    struct num maximum;
    const uint32_t *targets;
    uint32_t n_targets; /* 0: `value` */
    const struct expr *value;
    struct str undefined; /* of `value` */
    const uint32_t *uses;
    uint32_t n_uses;
};

struct board_extra {
    const struct expr *value;
    bool is_minus, has_cap;
    struct num cap;
    struct str undefined;
    const uint32_t *uses;
    uint32_t n_uses;
};

struct grade {
    struct str title;
    bool has_from, is_percent; /* is_percent: of the maximum that applies */
    struct num from;
};

struct scoreboard {
    struct str id;
    struct bilingual title;
    uint32_t dataset;
    const uint32_t *keys,
        *each; /* `for` and `each` columns of the data set; together its key */
    uint32_t n_keys, n_each;
    const uint32_t *targets; /* of a board without parts */
    uint32_t n_targets;
    const struct board_part *parts;
    uint32_t n_parts;
    const struct board_extra *extras;
    uint32_t n_extras;
    const struct grade *grades;
    uint32_t n_grades;
    const struct expr *when;
    struct str undefined; /* of `when` */
    bool has_rank, rank_lowest, has_total;
    struct num total;     /* what its maxima add up to, as declared */
    const uint32_t *uses; /* of `when`; those of parts and extras stand there */
    uint32_t n_uses;
    struct span at;
};

/* One step of filling results: every result that a step reads is filled by an earlier
 * one. */
struct result_step {
    enum result_kind kind;
    uint32_t number; /* of the target, board or indicator */
};

struct given {
    uint32_t dataset;
    struct str text;
    struct span at;
};

struct expect {
    struct str check;
    enum expected_verdict verdict;
    const struct at {
        uint32_t column;
        struct str name;
        struct literal value;
    } * at; /* column ID_NONE: of a group key */
    uint32_t n_at;
    struct span span;
};

struct test_block {
    struct str name;
    const struct given *given;
    const struct expect *expects;
    uint32_t n_given, n_expects;
    bool nothing_else;
    struct span at;
};

struct ruleset {
    struct str name, version;
    struct bilingual title;
    enum diag_lang language;
    const struct sources *sources;
    const struct unit *units;
    uint32_t n_units;
    const struct codelist_decl *codelists;
    uint32_t n_codelists;
    const struct dataset *datasets;
    uint32_t n_datasets;
    const struct result_set *results; /* result i is data set n_datasets + i */
    uint32_t n_results;
    const struct check
        *checks; /* those of indicators (X.expect …) and claims (X.claimed) too */
    uint32_t n_checks;
    const struct indicator *indicators;
    uint32_t n_indicators;
    const struct target *targets;
    uint32_t n_targets;
    const struct scoreboard *boards;
    uint32_t n_boards;
    const struct result_step *steps; /* all of them, in an order that works */
    uint32_t n_steps;
    const struct test_block *tests;
    uint32_t n_tests;
    const struct code_use *code_uses;
    uint32_t n_code_uses;
    bool uses_today;
};

#endif

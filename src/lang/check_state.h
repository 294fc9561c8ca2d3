/* What the parts of the checker share; nobody else includes this.
 *
 * Checking goes in three steps: every declaration gets its number (check.c), then units,
 * code lists and schemas are finished (check_unit.c, check_dataset.c, check_cover.c),
 * then each check is typed and lowered (check_rule.c). Typing walks the tree once, from
 * the leaves up: a node becomes an expression that already has its kind, its unit and
 * what else the rules ask about (struct typed).
 *
 * Where an expression stands is a `struct env`, passed down and copied to change.
 * Something wrong is reported once, where it is, and becomes an expression of kind
 * VALUE_ERROR; whoever is handed one stays silent and hands on another, so one mistake
 * makes one finding. */
#ifndef SOAT_LANG_CHECK_STATE_H
#define SOAT_LANG_CHECK_STATE_H

#include "lang/check.h"
#include "lang/parse.h"
#include "value/date.h"

struct checker;
struct loop;

/* ---- names */

struct name_table { /* one namespace: numbers in order of declaration */
    struct dict *names;
    struct span *at;
    size_t n, cap;
    struct dict *unknown; /* names that are not in it, and what was said of them */
    struct diag **reports;
    size_t n_reports, report_cap;
};

/* Number of a new name, or ID_NONE after reporting that it is taken. */
uint32_t name_declare(struct checker *c, struct name_table *t, struct name name);
uint32_t name_find(const struct name_table *t, struct str name); /* ID_NONE if absent */

/* ---- expressions */

/* An expression of the checker's making: what the engine reads, and what only the rules
 * ask. */
struct typed {
    struct expr e;    /* first, so that either pointer is the other */
    uint32_t reads;   /* bit s: depends on the row of scope s around it */
    bool is_literal;  /* a number or text as written: takes the unit or code list of its
                         place */
    bool is_points;   /* a percent literal, or a choice among such */
    bool is_implicit; /* added by a rule, not written: never an operand */
    bool is_flow;     /* flows joined by + and - */
    bool has_stock, has_other; /* leaves: columns that are stocks, columns that are not */
    bool has_previous, has_cumulative;
    const struct expr *row_unit; /* UNIT_IN_ROW: the unit's name; NULL when each row has
                                    its own (aggregates) */
    bool waits; /* UNIT_IN_ROW: made of values whose units only what is demanded of the
                   whole can settle */
    const struct loop *loops; /* families being expanded where it was written */
    uint32_t height; /* of the expression, so that whoever walks it needs a small stack */
    uint32_t size;   /* of the expression written out, what it shares counted each time */
};

static inline const struct typed *typed_of(const struct expr *e)
{
    return (const struct typed *)e;
}

static inline bool is_poison(const struct expr *e)
{
    return e->kind == VALUE_ERROR;
}

/* ---- where an expression stands */

enum place {
    PLACE_FILTER,
    PLACE_COVER,
    PLACE_LET,
    PLACE_WHEN,
    PLACE_MUST,
    PLACE_WITHIN,
    PLACE_HOLE,
    PLACE_VALUE /* of an indicator, a target or a scoreboard */
};

enum scope_kind {
    SCOPE_ROW,   /* a row of the check's data set */
    SCOPE_GROUP, /* a group or combination: only `columns` can be read */
    SCOPE_SELECT /* a row that brackets select */
};

struct scope {
    enum scope_kind kind;
    uint32_t number, dataset;
    const uint32_t *columns;
    uint32_t n_columns;
    bool *mentioned; /* SCOPE_SELECT, by column: named bare in the brackets */
};

struct loop { /* `for NAME in …`: the column that stands for NAME in this expansion */
    struct name name;
    const struct name *column;
    const struct loop *outer;
};

struct argument { /* a parameter's value, or a let's */
    struct name name;
    const struct expr *value;
};

struct env {
    enum place place;
    const struct scope *scope;     /* innermost row */
    const struct scope *self;      /* what `this` is; NULL: nothing */
    bool hides_this;               /* inside previous() in brackets */
    const struct ast_define *body; /* the define being expanded; NULL: none */
    const struct argument *arguments;
    uint32_t n_arguments;
    const struct loop *loops;
};

/* ---- state */

enum period_status { PERIOD_ABSENT, PERIOD_ONE, PERIOD_SEVERAL };

struct dataset_state {
    const struct ast_dataset *ast;
    uint32_t src;
    struct name_table columns;
    struct column *built;           /* the schema's columns, until they are finished */
    bool *is_bad;                   /* by column: its declaration has an error */
    bool *is_read;                  /* by column: an expression names it */
    const struct ast_column **asts; /* by column */
    enum period_status period;
    bool is_faulty;  /* key unknown: lookups by it stay silent */
    bool is_partial; /* the parser lost a part of it: a name may be a column after all */
    const bool *is_mixed; /* results, by column: units do not go together; NULL: all do */
};

/* ---- results: what indicators, targets and scoreboards tell */

enum { RESULT_KINDS = RESULT_INDICATOR + 1 };

enum goal_visit { GOAL_NEW, GOAL_OPEN, GOAL_DONE };

struct goal { /* an indicator, a target or a scoreboard */
    enum result_kind kind;
    uint32_t number; /* in the rule set's list of its kind */
    struct name name;
    const struct decl *decl;
    uint32_t dataset; /* ID_NONE: unknown, reported */
    enum goal_visit visit;
    bool is_bad;           /* something about it was reported */
    bool is_used;          /* its hidden data set is made */
    uint32_t set;          /* then: the data set */
    struct unit_expr unit; /* of its numbers: actual and plan, value */
};

struct expansion { /* of a define without parameters, kept for the next use in the same
                      place */
    const struct scope *scope, *self;
    enum place place;
    bool hides_this;
    const struct expr *value;
    const struct expansion *next;
};

struct define_state {
    const struct ast_define *ast;
    bool is_faulty; /* reported already, or part of a cycle */
    enum { DEFINE_NEW, DEFINE_OPEN, DEFINE_DONE } visit;
    const struct expansion *expansions;
    uint32_t serial; /* of the rule they belong to */
};

struct use { /* the use of a define that is being expanded */
    struct span at;
    const struct use *outer;
};

struct rule_state { /* of the check being typed */
    uint32_t dataset;
    const struct scope *scope;   /* scope 0 */
    const struct ast_check *ast; /* NULL: a cover clause */
    const struct loop *loops;    /* of the head */
    struct argument *lets;
    uint32_t n_lets;
    struct name_table
        let_names; /* numbers are indexes into `lets`; no dict when there are none */
    struct str undefined;
    bool *uses; /* by data set */
    bool uses_today;
    bool has_sides, must_is_bad, sides_are_years;
    struct unit_expr unit; /* of the comparison */
};

/* Indicators, targets and scoreboards. Each is typed when it is first needed, so what it
 * reads is typed before it: the order in which they are finished is an order of steps. */
struct goals {
    struct goal *items; /* in order of declaration */
    size_t n, cap;
    struct name_table names[RESULT_KINDS];
    uint32_t *by_number[RESULT_KINDS]; /* goal of the n-th of a kind */
    size_t by_number_cap[RESULT_KINDS];
    uint32_t *open; /* goals being typed, outermost first */
    uint32_t n_open;
    bool is_too_deep; /* and that was reported */
    struct indicator *indicators;
    struct target *targets;
    struct scoreboard *boards;
    struct result_step *steps;
    uint32_t n_steps;
    struct result_set *sets; /* set i is data set dataset_names.n + i */
    uint32_t n_sets;
    uint32_t unions[RESULT_KINDS]; /* data set of all of a kind; 0: not made */
};

struct checker {
    struct arena *a;
    const struct sources *sources;
    struct diags *diags;
    size_t n_parsed;   /* of `diags`, from the parser */
    uint32_t n_errors; /* reports and poisons; only ever compared with an earlier count */
    uint32_t silence;  /* > 0: nothing is reported (a second typing of the same text) */
    struct diag unheard; /* what report() returns then */
    const struct use *use;

    struct name_table unit_names, codelist_names, dataset_names, define_names,
        function_names;
    struct name_table family_names, id_names;
    struct unit *units;
    const struct ast_unit **unit_asts;
    struct codelist_decl *codelists;
    struct dataset *datasets;
    struct dataset_state *dataset_states;
    struct define_state *defines, *functions; /* without and with parameters */
    const struct ast_family **families;
    struct names *family_columns; /* those that can be used */
    struct dict **inline_codes;   /* by code list: its codes, folded; NULL: in a CSV */
    struct check *checks;
    size_t n_checks, check_cap;
    struct code_use *code_uses;
    size_t n_code_uses, code_use_cap;
    struct dict *code_use_keys; /* list and place, so that families note a code once */

    struct goals goals;
    uint32_t n_datasets;   /* declared and hidden ones */
    uint32_t dataset_room; /* as many as there can be */
    struct test_block *tests;

    struct rule_state rule;
    uint32_t serial; /* of the rule being typed */
    uint32_t n_made; /* expressions, against explosive defines */
    uint32_t depth;  /* of type_expr */
    bool uses_today;
    bool has_lost_dataset; /* or a part of one: some columns are not known */
};

/* ---- reporting (check_report.c) */

/* A diag at `at`, with the uses of the defines being expanded as notes. The caller may
 * add to it. */
struct diag *report(struct checker *c, enum diag_id id, struct span at, struct str a0,
                    struct str a1);
/* A remedy in both languages; {} stands for `what`. */
void report_hint(struct checker *c, struct diag *d, const char *vi, const char *en,
                 struct str what);
/* Suggests the nearest of `names`, if one is near. */
void report_nearest(struct checker *c, struct diag *d, struct str wanted,
                    const struct str *names, size_t n);
void report_near(struct checker *c, struct diag *d, struct str wanted,
                 const struct name_table *t);
/* A name that is not in `t`: one finding per name, later uses are added to it as places.
 */
void report_unknown(struct checker *c, enum diag_id id, struct name name,
                    struct name_table *t);
/* "found a text, expected a number", and where it was declared */
struct diag *report_kind(struct checker *c, const struct expr *found, const char *want_vi,
                         const char *want_en);
/* The same with a remedy, if there is one. */
void report_wanted(struct checker *c, const struct expr *found, enum value_kind want);
/* A remedy for a value that is not of the kind wanted; false: none is known. */
bool hint_kind(struct checker *c, struct diag *d, const struct expr *found,
               enum value_kind want);
/* Shows the declaration of the column that a value comes from. */
void place_declared(struct checker *c, struct diag *d, const struct expr *e);
const char *kind_name(enum value_kind k, enum diag_lang lang);
struct str joined(struct checker *c, const struct str *names, size_t n); /* a, b, c */

/* ---- making expressions (check_make.c) */

/* A new expression without arguments, and one that takes arguments with all that they
 * depend on. A poisoned argument poisons it. */
struct expr *expr_new(struct checker *c, const struct env *env, enum expr_op op,
                      enum value_kind kind, struct span at);
struct expr *expr_over(struct checker *c, struct expr *e, const struct expr *const *args,
                       uint32_t n);
struct typed *expr_copy(struct checker *c, const struct expr *e);
/* What stands for an expression with an error: whoever meets it is silent. */
const struct expr *poison(struct checker *c, struct span at);
/* Adds what `part` says of time, its height and its size to those of `t`, which holds it.
 */
void merge_extent(struct typed *t, const struct expr *part);
/* False after reporting: written out, `e` would be larger than anything people write. */
bool size_fits(struct checker *c, const struct expr *e, struct span at);
const struct expr *make_column(struct checker *c, const struct env *env,
                               const struct scope *s, uint32_t column, struct span at);
/* A condition of one or two (b NULL: one) values. */
const struct expr *make_flag_op(struct checker *c, const struct env *env, enum expr_op op,
                                const struct expr *a, const struct expr *b,
                                struct span at);
/* The same expression, added by a rule instead of written: never an operand. */
const struct expr *make_implicit(struct checker *c, const struct expr *e);
/* The value behind a name: a literal's unit is open from here on. */
const struct expr *named_value(struct checker *c, const struct expr *value);
bool scope_sees(const struct scope *s, uint32_t column);
const struct schema *scope_schema(const struct checker *c, const struct scope *s);
/* The scope's period column; ID_NONE when it has none or cannot see it. */
uint32_t scope_period(struct checker *c, const struct scope *s, struct span at);
/* The last day of the scope's period, NULL when it has none. */
const struct expr *scope_day(struct checker *c, const struct env *env, struct span at);
/* The same for what a code is called: where rows have no period, but a year in their key,
 * the end of that year. */
const struct expr *scope_name_day(struct checker *c, const struct env *env,
                                  struct span at);

/* ---- units (check_unit.c) */

void check_units(struct checker *c);
void check_row_units(struct checker *c); /* once the columns are known */
struct unit_expr unit_written(struct checker *c, const struct ast_unit_term *terms,
                              uint32_t n);
struct common_unit { /* of two values */
    struct unit_expr unit;
    const struct expr *row_unit; /* UNIT_IN_ROW: what names it */
    bool waits;                  /* UNIT_IN_ROW: see struct typed */
};
/* Brings two numbers to one unit, or reports at `at`. Either may be replaced. */
bool unit_unify(struct checker *c, const struct env *env, const struct expr **a,
                const struct expr **b, struct span at, struct common_unit *out);
const struct expr *unit_demand(struct checker *c, const struct env *env,
                               const struct expr *e, const struct unit_expr *unit);
/* Of values that meet, those in the unit of their row take the unit that any other has.
 * False after reporting. */
bool unit_demand_all(struct checker *c, const struct env *env, const struct expr **args,
                     uint32_t n);
/* `e`, missing also where the name of its unit is. */
const struct expr *unit_with_name(struct checker *c, const struct env *env,
                                  const struct expr *e);
/* False after reporting: `e` waits for a unit that nothing here demands. */
bool unit_named(struct checker *c, const struct expr *e);
bool unit_multiply(struct checker *c, const struct expr *a, const struct expr *b,
                   int sign, struct span at, struct unit_expr *out);
/* False after reporting: `e` stands where only a number without unit can. */
bool unit_none(struct checker *c, const struct expr *e);
/* False after reporting: `e` is in the unit of its row, and nothing here demands another.
 */
bool unit_settled(struct checker *c, const struct expr *e);
/* Brings a tolerance to the unit of the sides it widens; false after reporting. */
bool unit_widens(struct checker *c, const struct env *env, const struct expr **amount,
                 const struct expr *side);
struct str unit_shown(struct checker *c, const struct unit_expr *u);

/* ---- data sets (check_dataset.c, check_column.c, check_cover.c) */

void check_datasets(struct checker *c);
void check_covers(struct checker *c);
/* Settles which columns nothing reads, once all rules are checked. */
void check_idle(struct checker *c);
void build_column(struct checker *c, struct column *col, const struct ast_column *ast,
                  bool *is_bad);
uint32_t column_named(struct checker *c, uint32_t dataset,
                      struct name name); /* reports an unknown one */
void code_written(struct checker *c, uint32_t codelist, struct str text, struct span at);

/* ---- typing (check_expr.c, check_compare.c, check_call.c, check_time.c, check_name.c,
 * check_agg.c) */

/* What a node means where it stands; poison after reporting. type_expr takes every kind
 * of node, the others the one in their name; type_text takes a text or a code. */
typedef const struct expr *type_fn(struct checker *c, const struct env *env,
                                   const struct node *n);
type_fn type_expr, type_text, type_name, type_this, type_as, type_compare, type_in_set,
    type_in_range;
type_fn type_in, type_in_rows, type_in_call, type_call, type_over, type_lookup;
type_fn type_at, type_previous, type_cumulative;
/* type_expr, and a report unless it has the kind. */
const struct expr *type_kind(struct checker *c, const struct env *env,
                             const struct node *n, enum value_kind kind);
/* Brings two values to one kind (a text written for a code becomes that code), or
 * reports. */
bool match_kinds(struct checker *c, const struct expr **a, const struct expr **b,
                 struct span at);
/* match_kinds and, for numbers, unit_unify. */
bool match_values(struct checker *c, const struct env *env, const struct expr **a,
                  const struct expr **b, struct span at, struct common_unit *out);
/* The same where they are compared, so that nothing can demand another unit. */
bool match_sides(struct checker *c, const struct env *env, const struct expr **a,
                 const struct expr **b, struct span at, struct common_unit *out);
const struct expr *type_define(struct checker *c, const struct env *env,
                               struct define_state *d, struct span at,
                               const struct argument *arguments, uint32_t n);
struct arity {
    uint32_t least, most; /* most: UINT32_MAX when the last may repeat */
};
bool count_fits(struct checker *c, const struct node *call,
                struct arity want); /* false after reporting */
const struct expr *type_aggregate(struct checker *c, const struct env *env,
                                  const struct node *n, enum agg agg);
/* `D[…].col` as the set of values a cover expects. NULL after reporting. */
const struct select *type_cover_rows(struct checker *c, const struct env *env,
                                     const struct node *n);
/* D.x or D[…].x; D.(x) is an expression. */
bool is_plain_pick(const struct node *pick);
bool agg_by_name(struct str name, enum agg *out);
/* False after reporting: the list says nothing of what is above a code. */
bool list_has_parents(struct checker *c, uint32_t codelist, struct span at);
bool is_builtin(struct str name);

/* ---- what can be seen before typing (check_tree.c) */

void check_define_cycles(struct checker *c);
void check_parameters(struct checker *c);
struct brackets { /* lookups inside which bare names are columns of their data set */
    const struct node **items;
    size_t n, cap;
};
void gather_brackets(struct checker *c, const struct node *n,
                     struct brackets *out); /* n may be NULL */
/* Reports a parameter or let that is named like a column of one of b->items[from …].
 * True: it did. */
bool name_hides_column(struct checker *c, const struct brackets *b, size_t from,
                       struct name name);

/* ---- selections (check_select.c, used by check_agg.c) */

struct selection {
    struct scope *scope;
    struct env inner; /* where conditions and pick stand */
    struct select *select;
    struct bind *binds;
    const struct expr **conds;
    size_t n_binds, bind_cap, n_conds, cond_cap;
    bool *is_bound; /* by column */
    struct span at;
    bool is_bad;
};

enum many { ONE_ROW, MANY_ROWS };

/* D[…], D.x or rows[…]; false when it cannot be used. */
bool select_rows(struct checker *c, const struct env *env, const struct node *n,
                 enum many many, struct selection *s);
/* The rows of the check's own group that meet the conditions. */
bool select_group(struct checker *c, const struct env *env, struct span at,
                  struct node **kids, uint32_t n, struct selection *s);
bool in_group(const struct checker *c); /* the check has `each` */

/* ---- families (check_over.c) */

/* The columns of `for c in LIST`, or n == 0 after reporting. */
struct names loop_columns(struct checker *c, struct names list);
void check_families(struct checker *c);
/* What a name stands for: its loop's column, or itself. */
struct name loop_name(const struct loop *loops, struct name name);
/* The column that a name, or its loop, stands for; reports an unknown one where it is
 * used. */
uint32_t loop_column(struct checker *c, const struct loop *loops, uint32_t dataset,
                     struct name written);
/* Reports a loop that is named like a column of the data set. */
bool loop_hides(struct checker *c, const struct loop *loops, uint32_t dataset);

/* ---- checks (check_rule.c, check_operand.c, check_message.c) */

void check_rule(struct checker *c, const struct ast_check *ast);
/* The data set named after `on`; ID_NONE after reporting. */
uint32_t dataset_of_head(struct checker *c, struct name name);
const struct expr *make_side(struct checker *c, const struct env *env, bool is_right,
                             struct span at);
void find_operands(struct checker *c, struct check *k);
/* The first column of the check's data set that `must` names, ID_NONE if none. */
uint32_t first_column(struct checker *c, const struct check *k);
/* The source text of `at` on one line, with the loops' columns in place of their names.
 */
struct str as_written(struct checker *c, struct span at, const struct loop *loops);

/* Begins the typing of a value outside checks, in the scope of a row or cell. */
struct env rule_open(struct checker *c, const struct scope *scope);
/* The data sets that were read since. */
const uint32_t *rule_uses(struct checker *c, uint32_t *n);
/* A check made by an indicator, a target or a scoreboard; NULL after reporting. With
 * `outlier` its `must` is the value that may not stand out. */
struct check *made_check(struct checker *c, const struct ast_check *ast, uint32_t dataset,
                         const struct outlier *outlier);

struct message_text { /* one language of a message, split and parsed once for all
                         expansions */
    const struct template_piece *pieces;
    struct node **holes;
    size_t n;
};
struct message_text message_parse(struct checker *c, struct name string);
struct template message_type(struct checker *c, const struct env *env,
                             const struct message_text *m);

/* ---- results as data sets (check_result.c) */

void goal_declare(struct checker *c, enum result_kind kind, const struct decl *d);
/* Room for hidden data sets behind the declared ones, which are finished now. */
void begin_goals(struct checker *c);
void check_goals(struct checker *c); /* types all of them */
/* Types it unless that is done; false: something about it, or a circle, was reported. */
bool goal_finish(struct checker *c, struct goal *g, struct span at);
/* NULL when there is none of that name; not reported. */
struct goal *goal_named(struct checker *c, enum result_kind kind, struct str name);
bool result_kind_named(struct str name, enum result_kind *out);
struct str result_word(enum result_kind kind); /* targets, scores, indicators */
struct str result_id_column(enum result_kind kind);
/* The hidden data set that `targets[…]` reads; ID_NONE after reporting. */
uint32_t result_dataset(struct checker *c, const struct env *env, const struct node *n,
                        enum result_kind kind);
/* The texts that a column of hidden data sets can hold: a status, a grade. 0: any, or it
 * is another column. */
size_t result_words(struct checker *c, uint32_t dataset, uint32_t column,
                    const struct str **out);
/* Whether results of the kind have such a column; what is only a key column of some
 * counts. */
bool result_has_column(struct checker *c, enum result_kind kind, struct str name);
/* Whether both keys have the same columns, by name and type, in whatever order. */
bool same_key(const struct schema *a, const struct schema *b);
void report_mixed(struct checker *c, const struct schema *s, uint32_t column,
                  struct span at);

/* ---- indicators, targets (check_goal.c), scoreboards (check_board.c) */

bool type_indicator(struct checker *c, struct goal *g);
bool type_target(struct checker *c, struct goal *g);
bool type_board(struct checker *c, struct goal *g);
const struct expr *type_outlier(struct checker *c, const struct env *env,
                                const struct node *value, const struct outlier *outlier,
                                struct span at);
/* Their checks: X.expect, X.change, X.outlier; T.claimed; BOARD.claimed. */
void check_lines(struct checker *c, const struct goal *g);
void check_claim(struct checker *c, const struct goal *g);
/* A number that must be above zero, or (`or_zero`) not below; unwritten ones pass. */
bool number_fits(struct checker *c, struct ast_number n, bool or_zero);

/* ---- tests (check_test.c) */

void check_tests(struct checker *c, const struct ast_test *const *tests, uint32_t n);

#endif

/* What the parts of lint share; nobody else includes this.
 *
 * Two kinds of judgement. Some look at the syntax trees and the expressions as they are
 * (lint_use.c, lint_text.c, lint_pattern.c, lint_select.c, lint_result.c). The others ask
 * whether conditions can hold together: an expression becomes a form, a formula over
 * linear inequalities, choices among values and plain facts (lint_form.c); a search
 * decides it (lint_solve.c); what it finds becomes a row, which is computed once more
 * before it is shown (lint_row.c). lint_rule.c asks about single rules, lint_pair.c about
 * several.
 *
 * Everything that cannot be said exactly is taken to be possible: a form that can hold
 * nowhere truly holds nowhere, and where the search gives up nothing is said. */
#ifndef SOAT_LANG_LINT_STATE_H
#define SOAT_LANG_LINT_STATE_H

#include "lang/interval.h"
#include "lang/linear.h"
#include "lang/lint.h"
#include "lang/term.h"

struct names_used;

struct linter {
    struct arena *a;
    struct arena *scratch; /* of one question to the search */
    const struct ruleset *rules;
    const struct lint_file *files;
    uint32_t n_files;
    struct diags *diags;
    struct diag unheard;   /* what a silenced report is */
    struct diag **reports; /* that were heard; their texts are copied at the end */
    size_t n_reports, report_cap;
    struct span *used_allows; /* codes of those that silenced something */
    size_t n_used_allows, used_allow_cap;
    struct terms *terms;    /* every expression of the rule set is one */
    struct world *declared; /* what terms can be by the declarations alone */
    uint32_t *missing_of;   /* by term: `it is missing`, where rules ask that */
    size_t n_missing, missing_cap;
    bool has_na; /* some data set has cells that do not apply */
};

/* ---- reporting (lint.c) */

/* A warning at `at`, unless an `allow` of the declaration around it, or around `other`,
 * silences it. */
struct diag *lint_report(struct linter *l, enum diag_id id, struct span at,
                         struct span other);
void lint_hint(struct diag *d, const char *vi, const char *en);
const struct decl *lint_decl(const struct linter *l, struct span at); /* NULL: none */
/* The text of a span on one line; in a family's check with the column for its name. */
struct str lint_written(struct linter *l, const struct check *k, struct span at);

/* ---- what a term can be (lint_range.c) */

struct range {
    enum value_kind kind;
    struct interval num; /* VALUE_NUM, VALUE_DAY */
    bool can_be_true, can_be_false;
    struct str text; /* the one text, code or period that it is; STR_NONE: not known */
};

struct world; /* terms with values of their own; all others follow from them */

struct world *world_new(struct arena *a, struct linter *l);
void world_set(struct world *w, uint32_t term, struct range value);
struct range world_range(struct world *w, uint32_t term);
/* Whether the check's `must`, tolerance included, can be true and false. */
struct range world_must(struct world *w, const struct check *k);
struct range range_number(struct num n);
struct range range_flag(bool is_true);
struct range range_nothing(enum value_kind kind); /* missing: nothing is true of it */
/* The form in which texts, codes and periods are compared; STR_NONE: not a constant. */
struct str constant_text(struct linter *l, const struct expr *e);

/* ---- forms (lint_form.c) */

enum form_kind {
    FORM_ALL,    /* parts; none: true */
    FORM_ANY,    /* parts; none: false */
    FORM_LINEAR, /* sum of terms, relation, limit */
    FORM_CHOICE, /* the term is (is not) this text */
    FORM_FACT    /* the term is true (false) */
};

enum relation { IS_AT_MOST, IS_BELOW, IS_AT_LEAST, IS_ABOVE, IS_EQUAL };

struct form {
    enum form_kind kind;
    const struct form *const *parts;
    uint32_t n;
    const struct linear_term *sum; /* variable: a term; sorted */
    uint32_t n_sum;
    enum relation relation;
    struct num limit;
    uint32_t term;
    struct str text;
    bool is_positive;
    const struct expr *source; /* what says so; NULL: a declaration */
    const struct check *check; /* whose rule it is; NULL: none */
};

/* That a condition is true (false). A row where it is unknown belongs to neither. */
const struct form *form_of(struct linter *l, const struct check *k, const struct expr *e,
                           bool is_true);
/* The same of `must` with its tolerance; `when` and filter of a check. */
const struct form *form_must(struct linter *l, const struct check *k, bool is_true);
const struct form *form_when(struct linter *l, const struct check *k, bool is_true);
const struct form *form_all(struct linter *l, const struct form *const *parts,
                            uint32_t n);
const struct form *form_any(struct linter *l, const struct form *const *parts,
                            uint32_t n);
/* That a column of a selected row equals a value. */
const struct form *form_equal(struct linter *l, const struct expr *a,
                              const struct expr *b);
/* That some divisor in these expressions (NULL: none) is zero. */
const struct form *form_zero_divisor(struct linter *l, const struct check *k,
                                     const struct expr *const *exprs, uint32_t n);
/* What is declared of a term that occurs in forms: its range. */
const struct form *form_declared(struct linter *l, uint32_t term);
/* The values that a choice has: a set or an inline code list. 0: any text. */
uint32_t choice_values(struct linter *l, uint32_t term, const struct str **values);
uint32_t missing_term(struct linter *l, uint32_t term); /* `term is missing` */
/* The same if some rule asks it, in one way or another; ID_NONE. */
uint32_t known_missing(const struct linter *l, uint32_t term);
/* Learns what is asked; before any form is made. */
void note_missing(struct linter *l);

/* ---- the search (lint_solve.c) */

enum answer { ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN };

struct assignment {
    uint32_t term;
    struct range value;
};

struct solution {
    enum answer answer;
    const struct assignment *values; /* YES: by term */
    uint32_t n_values;
    const struct form *const *blame; /* NO: forms that cannot hold together */
    uint32_t n_blame;
};

/* Whether all forms can hold together, in one row. Not `strict`: what only speaks of a
 * value being there, so that something can be said of it, is left out. */
struct solution solve_with(struct linter *l, const struct form *const *forms, uint32_t n,
                           bool is_strict);
struct solution solve(struct linter *l, const struct form *const *forms, uint32_t n);

/* ---- rows that show it (lint_row.c) */

struct demand { /* of a row */
    const struct check *check;
    const struct expr *condition; /* NULL: the check's `must` with its tolerance */
    bool is_true;
};

/* Whether the solution is a row that does what is demanded, computed exactly. */
bool row_does(struct linter *l, const struct solution *s, const struct demand *demands,
              uint32_t n);
/* The solution as a row that does what is demanded; STR_NONE: it does not. */
struct str row_shown(struct linter *l, const struct solution *s,
                     const struct demand *demands, uint32_t n);
/* The two sides of the check's `must` in that row ("540 = 541"); STR_NONE: it has none.
 */
struct str sides_shown(struct linter *l, const struct solution *s, const struct check *k);
/* `htx_total = htx_open + 1; htx_open >= 0` */
struct str blame_shown(struct linter *l, const struct solution *s);
/* Whether a term is read, not computed from other terms of the row: columns, lookups,
 * aggregates, facts. */
bool is_leaf(const struct expr *e);
struct term_set {
    bool *has; /* by term */
    uint32_t n;
};
struct term_set term_set_new(struct linter *l);
/* Adds the leaves that an expression (NULL: none) is made of. */
void add_leaves(struct linter *l, struct term_set *set, const struct expr *e);
void add_check_leaves(struct linter *l, struct term_set *set, const struct check *k);

/* ---- the judgements */

typedef void lint_part(struct linter *l);
lint_part lint_uses, lint_texts, lint_patterns, lint_selections, lint_results;
lint_part lint_single_rules, lint_rule_pairs;

/* Whether logic can speak of a check: nothing of it is undefined or rounding noise. */
bool is_decidable(const struct check *k);
/* Whether `stronger` is decided wherever `weaker` fails. */
bool is_decided_with(struct linter *l, const struct check *stronger,
                     const struct check *weaker);

#endif

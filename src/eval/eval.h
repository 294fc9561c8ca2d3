/* The evaluation: every check and every structural check over every row or group, with a
 * verdict for each. Every evaluation ends as pass, fail, unknown, not-applicable or
 * error, and for every rule they add up to `expected`; an assertion sees to it. Findings
 * are 16 bytes while running and say more when asked (eval/explain.h). Results depend on
 * the data alone, not on batch size or order of rows or files. */
#ifndef SOAT_EVAL_EVAL_H
#define SOAT_EVAL_EVAL_H

#include "base/diag.h"
#include "data/table.h"
#include "lang/ruleset.h"

/* Only rows, and groups by this column, with this value are judged; aggregates,
 * whole-file checks and data sets without the column see everything. */
struct eval_where {
    struct str column, value; /* compared as keys are shown, folded */
};

enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_UNKNOWN,
    VERDICT_NA,
    VERDICT_ERROR,
    VERDICT_COUNT
};

struct eval_input {
    const struct ruleset *rules;
    struct table *
        *tables; /* per data set, never NULL; absent optional ones have is_absent */
    const struct codelist *const *codelists; /* by id */
    struct dict *texts;
    int32_t today;
    uint32_t batch_rows;                                     /* 0: 2048 */
    bool (*is_selected)(void *context, struct str check_id); /* NULL: every check */
    /* Told of every evaluation, for tests of rules, but the passes of D.columns, D.row
     * and D.cover. `row` as in struct finding. NULL: nobody asks. */
    void (*on_verdict)(void *context, uint32_t rule, uint32_t row, enum verdict verdict);
    void *context;
    const struct eval_where *where;
    uint32_t n_where;
    uint64_t most;      /* findings kept of each rule, the first in order; 0: all */
    bool drops_unknown; /* fails and errors alone are kept; all are counted */
};

/* Checks as the rules name them, and the structural ones every data set and column brings
 * along. */
enum rule_kind {
    RULE_CHECK,
#define STRUCTURAL(id, suffix, per_column, title_vi, title_en, vi, en, ask_vi, ask_en)   \
    RULE_##id,
#include "eval/structural.def"
#undef STRUCTURAL
    RULE_KIND_COUNT
};

enum inapplicable { APPLICABLE, INAPPLICABLE_UNDEFINED, INAPPLICABLE_ABSENT };

struct rule {
    struct str id;
    enum rule_kind kind;
    uint32_t dataset;
    uint32_t column;           /* of the data set; ID_NONE */
    const struct check *check; /* RULE_CHECK */
    enum diag_severity severity;
    uint64_t expected, count[VERDICT_COUNT];
    uint64_t found[3];          /* fails and errors, by enum diag_severity */
    uint64_t n_kept, n_dropped; /* findings, and those beyond the most */
    enum inapplicable why;      /* why the whole rule is not applicable */
    struct str about;           /* that reason in the rule author's words */
};

/* What `row` and `extra` mean depends on the rule:
 *   a check: row of the data set (of a group: one row that stands for it); extra unused
 *   COLUMNS: row = file; extra = column, or EXTRA_UNKNOWN + number of the unknown header
 *   ROW: row = file, extra = number of the bad record, or EXTRA_BROKEN when reading
 * stopped there TOTALS: row = totals row, extra = column;  TREE: extra = column, or
 * ID_NONE for the parent itself PAIR: extra = pair;  the others: row */
#define EXTRA_UNKNOWN 0x80000000u
#define EXTRA_BROKEN UINT32_MAX

struct finding {
    uint32_t rule, row, extra;
    uint8_t verdict;  /* enum verdict */
    uint8_t state;    /* enum cell: why unknown or error */
    uint8_t severity; /* enum diag_severity */
    uint8_t fault;    /* enum tree_fault for TREE, else 0 */
};

struct engine;
struct target_result;
struct score_result;
struct indicator_result;

struct evaluation {
    struct engine *engine;
    void (*on_verdict)(void *context, uint32_t rule, uint32_t row, enum verdict verdict);
    void *context;                        /* of on_verdict */
    struct target_result **targets;       /* by target, then row; see eval/goal.h */
    struct score_result **boards;         /* by board, then row; see eval/board.h */
    struct indicator_result **indicators; /* by indicator, then row */
    bool *is_computed[3]; /* by enum result_kind: which of them are done */
    uint64_t most;
    bool drops_unknown;
    struct rule *rules;
    uint32_t n_rules;
    size_t rule_cap;
    struct finding *findings; /* in order: see order.h */
    size_t n_findings;
    size_t cap;
};

/* Looks over the rules once the code lists are read and before any data is: patterns that
 * do not compile, codes that no list has. Diags are rule errors. */
void eval_preflight(struct arena *a, const struct ruleset *rules,
                    const struct codelist *const *codelists, struct diags *diags);

struct evaluation *eval_run(struct arena *a, const struct eval_input *in,
                            struct diags *diags);

/* Whether the rows that `where` asks for are none at all. */
bool eval_is_narrowed_away(const struct evaluation *ev, const struct ruleset *rules);

#endif

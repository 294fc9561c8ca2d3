/* The plan: expressions compiled to flat arrays of operations, and what they run on.
 *
 * A `program` is a flat array of ops in execution order; op i writes slot i. Equal
 * sub-expressions of one program share a slot. It runs over a `domain`: n elements, each
 * of which is one row in every scope that is open (scope 0 the evaluation's row or group,
 * then one more for each lookup or aggregate around). A lookup, an aggregate or a step in
 * time builds another domain, runs a program of its own there, and brings the values
 * back. So one mechanism serves `previous(sum(D[x > this.y].z))` at any depth. Programs,
 * selectors and facts are const once planned; what an evaluation changes is in the frame.
 */
#ifndef SOAT_EVAL_PLAN_H
#define SOAT_EVAL_PLAN_H

#include "base/diag.h"
#include "data/keyidx.h"
#include "eval/vec.h"
#include "lang/ruleset.h"
#include "value/date.h"

#define SCOPES_MAX RULESET_MAX_SCOPES
#define BATCH_ROWS 2048u
#define SLOT_NONE UINT32_MAX

/* What is known of a data set before any rule runs. */
struct selector;
struct regex;
struct eval_where;

struct facts {
    const struct table *table;
    const struct schema *schema;
    const struct keyidx *key;     /* all key columns, parents and virtual rows included */
    const uint8_t *is_duplicate;  /* per row: its key occurs more than once; NULL: none */
    const uint8_t *is_parent;     /* per row: tree parent; NULL: none */
    const uint8_t *in_aggregates; /* per row: 0 for parents; NULL: every row */
    const uint8_t
        *is_wanted;    /* per row: an auditor's `--where` keeps it; NULL: every row */
    int32_t first_end; /* end of the period that ends first in the data; DAY_MAX: none */
};

/* Cells of the expected grid that are there, each as a row that fills it. */
struct filled {
    uint32_t *rows;
    uint32_t n;
    size_t cap;
};

struct engine {
    struct arena *a;
    const struct ruleset *rules;
    const struct codelist *const *codelists; /* by id */
    struct dict *texts;
    struct facts *facts;      /* by data set */
    uint64_t *expected_cells; /* by data set: size of the expected grid */
    struct filled *filled;    /* by data set: its cells that are there */
    bool keeps_filled;        /* else these are only counted */
    struct scratch *batch;    /* rewound after each batch */
    struct scratch *keep;     /* lives as long as the run */
    struct memo *folded;      /* text id -> id of its folded text */
    struct memo *hashes;      /* expression -> its hash */
    struct memo *prepared;    /* expression -> struct prepared */
    struct memo *sum_indexes; /* see sums.c */
    struct memo *units;       /* text id -> unit named (+1), 0 none */
    struct memo *written;     /* id of an unknown code -> that of how cells write it */
    struct selector **selectors;
    uint32_t n_selectors;
    size_t selector_cap;
    const struct eval_where *where;
    uint32_t n_where;
    struct diags *diags;
    uint32_t batch_rows;
    int32_t today;
};

struct scope_rows {
    const struct facts *facts;
    const struct keyidx *group; /* scope 0 of a check with `each`: its groups; the row
                                   stands for its group */
    const uint32_t *rows;       /* NULL: first, first + 1, … */
    uint32_t first;
};

struct domain {
    uint32_t n;
    uint32_t n_scopes;
    struct scope_rows scope[SCOPES_MAX];
};

struct frame;
struct op;
typedef void kernel(struct frame *f, const struct op *op, struct vec *out);

struct op {
    kernel *run;
    const struct expr *expr;
    uint32_t n;           /* arguments */
    const uint32_t *args; /* slots */
    void *data;    /* what the planner prepared: selector, regex, constant, memo … */
    uint64_t hash; /* of the expression; 0: no expression names this op */
};

struct program {
    struct op *ops;
    uint32_t n;
    size_t cap;
    uint32_t side[2];   /* slots of the comparison's sides, SLOT_NONE while unknown */
    uint32_t tolerance; /* slot, or SLOT_NONE */
    const struct check
        *check; /* whose program it is: `unique` looks at its `when`; may be NULL */
};

struct frame {
    struct engine *engine;
    const struct program *program;
    const struct domain *domain;
    struct vec *slots;
    uint8_t *first; /* per element: a `previous` asked for a period before all data */
};

static inline uint32_t domain_row(const struct domain *d, uint32_t scope, uint32_t i)
{
    return d->scope[scope].rows == NULL ? d->scope[scope].first + i
                                        : d->scope[scope].rows[i];
}

static inline bool facts_duplicate(const struct facts *facts, uint32_t row)
{
    return facts->is_duplicate != NULL && facts->is_duplicate[row];
}

/* The elements which[0 .. m-1] of `d` as a domain of their own. */
struct domain domain_pick(struct scratch *s, const struct domain *d,
                          const uint32_t *which, uint32_t m);
/* Adds or replaces scope `scope` of `d`. */
void domain_set(struct domain *d, uint32_t scope, const struct facts *facts,
                const uint32_t *rows);

struct program *program_new(struct engine *e);
uint32_t program_add(struct engine *e, struct program *p,
                     const struct expr *x); /* slot of x */
/* A slot that no expression names: op.expr says the kind and comparison, and is not
 * looked up. The arguments are copied. */
uint32_t program_op(struct engine *e, struct program *p, struct op op);
/* Runs a program; the slots live in the batch scratch. `first` may be NULL. */
struct vec *program_run(struct engine *e, const struct program *p, const struct domain *d,
                        uint8_t *first);

/* Arguments of an op in the running frame. */
static inline const struct vec *arg(const struct frame *f, const struct op *op,
                                    uint32_t i)
{
    return &f->slots[op->args[i]];
}

static inline uint32_t frame_n(const struct frame *f)
{
    return f->domain->n;
}

/* What the planner prepared for ops that need it. */
struct memo *plan_memo(const struct op *op);
const struct regex *plan_regex(const struct op *op);
const struct selector *plan_selector(const struct op *op);

/* The shift or lookup of an expression: planned once, used in every program it is in. */
struct prepared {
    void *data;
};
void engine_prepared(struct engine *e, const struct expr *x, void *data);

/* The dictionary id of the folded form of a text, computed once per distinct text. */
uint32_t engine_fold(struct engine *e, uint32_t id);
/* A code as people know it: as declared, or, where the list does not have it, as cells
 * write it; of several ways the first in order. */
struct str engine_code_shown(const struct engine *e, uint32_t codelist, uint32_t id);
/* The id that a code written in a rule has in the columns of its list. */
uint32_t engine_code(struct engine *e, uint32_t codelist, struct str code);

#endif

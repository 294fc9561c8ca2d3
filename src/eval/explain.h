/* What a finding says, worked out only when it is shown: sides, operands, messages, key,
 * place. */
#ifndef SOAT_EVAL_EXPLAIN_H
#define SOAT_EVAL_EXPLAIN_H

#include "eval/eval.h"

/* Where a cell or record is: file ID_NONE: nowhere (a group, an absent row). */
struct cell_place {
    uint32_t dataset, file;
    struct record record;
    uint32_t column; /* ID_NONE: the whole record */
};

struct explained_operand {
    struct str name;
    struct str value;       /* canonical; STR_NONE when it is not there */
    struct str unit;        /* STR_NONE: none */
    struct bilingual shown; /* a number for people; STR_NONE: `value` is fit for them */
    struct str unit_label;  /* the unit for people */
    struct cell_place place;
};

struct explained_key {
    struct str name;
    struct str value; /* as people know it: of a code as declared, else as the cell has
                         it; STR_NONE: the cell is empty */
    struct str canonical; /* that tells keys apart, for fingerprints: equal however a code
                             is spelt */
    struct str label;     /* what the code means, STR_NONE */
};

struct explanation {
    struct cell_place place;
    struct explained_key *key;
    uint32_t n_key;
    struct str left, right, diff, tolerance, slack; /* canonical */
    struct bilingual shown_left, shown_right, shown_diff;
    const struct explained_operand *operands;
    uint32_t n_operands;
    struct bilingual title, message, ask, working, at_mark;
    struct str reason, cause, suggestion, because;
    struct span rule_at; /* SPAN_NONE for structural checks without a place */
    struct str subject;  /* what tells findings of one check and key apart: a column's
                            name; STR_NONE */
};

/* The text of a cell as it stands in its file, for messages; STR_NONE if it cannot be
 * had. */
typedef struct str raw_cell(void *context, const struct cell_place *place,
                            struct arena *a);

struct bilingual structural_title(enum rule_kind kind);

struct explainer;
struct explainer *explainer_new(struct arena *a, struct evaluation *ev, raw_cell *raw,
                                void *context);
/* The result lives in `a`, which may be reset after each finding. */
const struct explanation *explain(struct explainer *x, const struct finding *f,
                                  struct arena *a);

#endif

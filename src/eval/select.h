/* Selections: the rows of a data set that a lookup, an aggregate or a set after `in`
 * takes.
 *
 * `binds` are found through an index; `conds` are conditions on the row found. Where
 * conditions and pick read nothing but that row the selection is closed: it is settled
 * once for each row before any rule runs, and a lookup or aggregate over it is settled
 * once for each group. (Lookups and sets whose conditions ask for earlier periods are not
 * closed: which evaluation asked matters to if_first.) Otherwise pairs of (element,
 * candidate row) are evaluated, a batch of pairs at a time. Of each candidate the verdict
 * is SELECT_IN, SELECT_OUT or the state of the condition that is unknown. */
#ifndef SOAT_EVAL_SELECT_H
#define SOAT_EVAL_SELECT_H

#include "eval/plan.h"

#define SELECT_IN CELL_OK
#define SELECT_OUT 255u

struct selector {
    const struct select *select;
    const struct facts *facts;
    uint32_t scope;
    bool for_lookup; /* parents of a tree take part, virtual rows do not */
    bool is_closed;
    const struct keyidx
        *by;      /* on the bound columns, then the picked one for a closed set */
    bool by_pick; /* the last indexed column is the pick */
    const struct program *program; /* conds and pick */
    const uint32_t *cond_slots;
    const struct condition_facts {
        bool reads_cells;   /* of the row other than its key: not there in absent rows */
        bool asks_previous; /* in the row: it may ask for a period before all data */
    } * cond_facts;
    uint32_t pick_slot;     /* UINT32_MAX: none */
    const uint8_t *verdict; /* closed: per row */
    const uint32_t *loose;  /* closed: loose rows that are not out */
    uint32_t n_loose;
    const uint32_t *row_of;   /* closed lookup: per group its one certain row, ROW_NONE */
    const uint8_t *row_state; /* per group: CELL_OK, or why there is no such row */
    struct vec results;       /* closed aggregate: per group */
    struct vec no_group;      /* closed aggregate over no rows: one element */
    const uint8_t *is_first;  /* per group: acc_is_first; NULL: of none */
};

/* Candidate pairs of one batch. */
struct pairs {
    uint32_t n;
    const uint32_t *elem, *row;
    const uint8_t *verdict; /* per pair */
    const struct vec *pick; /* per pair; NULL: the selection picks nothing */
    const uint8_t *first; /* per pair: a `previous` asked for a period before all data, in
                             a row that nothing else leaves out */
};

typedef void pair_user(void *context, const struct selector *s, const struct pairs *p);

/* The selector of an expression, planned once. For EXPR_LOOKUP, EXPR_AGG and
 * EXPR_IN_ROWS. */
struct selector *selector_for(struct engine *e, const struct expr *x);

/* The key code of element i, which is there. */
uint64_t select_code(const struct vec *v, uint32_t i);

/* Codes of the bound columns for element i. False: some bound value is not there; *state
 * says why. */
bool select_codes(const struct frame *f, const struct op *op, const struct selector *s,
                  uint32_t i, uint64_t *codes, uint8_t *state);

/* Runs a selection that is not closed: gives every candidate pair of the frame's
 * elements, several batches long if need be. state[i] is set for elements whose bound
 * values are not there; they have no pairs. */
void select_pairs(struct frame *f, const struct op *op, const struct selector *s,
                  uint8_t *state, pair_user *use, void *context);

/* What a loose row does to the groups that it could belong to: SELECT_OUT, or why they
 * are unknown. A cell that does not apply equals nothing, so such a row is in none. */
uint8_t select_loose_verdict(const struct keyidx *by, uint32_t row);

/* State of a row that could belong to the group of `codes` but has an unreadable or
 * missing value there; CELL_OK when there is none. Closed selections only. */
uint8_t select_loose(const struct selector *s, const uint64_t *codes);

/* State of a lookup that found n certain rows (`row` is one) and some that are unknown.
 */
uint8_t select_one(const struct facts *facts, uint32_t n, uint32_t row, uint8_t unknown);

/* State that an aggregate takes from an operand or condition that is unknown inside it.
 */
uint8_t cell_inside(uint8_t state);

/* Aggregation of the values of pairs or rows; see fn_agg.c. */
struct acc;
struct acc *acc_new(struct scratch *s, uint32_t n);
void acc_take(struct engine *e, struct acc *acc, const struct selector *s, enum agg agg,
              const struct pairs *p, uint32_t i);
void acc_poison(struct acc *acc, uint8_t state);
void acc_finish(struct engine *e, const struct acc *acc, enum agg agg,
                struct vec_builder *b, uint32_t i);
struct acc *acc_at(struct acc *accs, uint32_t i);
/* Whether some row asked for a period before all data. */
bool acc_is_first(const struct acc *acc);

#endif

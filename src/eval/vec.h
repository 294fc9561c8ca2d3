/* Batch vectors: the values of one expression for up to a few thousand rows at once.
 *
 * Numbers are int64 coefficients with one scale (`coef`), or, when some do not fit, exact
 * numbers (`num`). Texts and codes are ids of the run's dictionary. A value whose state
 * is not CELL_OK holds 0. Vectors live in the batch scratch: a bump allocator that is
 * rewound, never freed, and does not zero. */
#ifndef SOAT_EVAL_VEC_H
#define SOAT_EVAL_VEC_H

#include "data/cell.h"
#include "value/type.h"

struct vec {
    enum value_kind kind;
    const uint8_t *state; /* enum cell per element; NULL: all CELL_OK */
    const int64_t *coef;  /* VALUE_NUM, narrow: value = coef / 10^scale */
    int32_t scale;
    const struct num *num; /* VALUE_NUM when coef is NULL */
    const uint32_t *id;    /* VALUE_TEXT, VALUE_CODE */
    const int32_t *when;   /* VALUE_DAY, VALUE_PERIOD */
    const uint8_t *flag;   /* VALUE_BOOL */
};

struct scratch;
struct scratch *scratch_new(struct arena *a);
void *scratch_take(struct scratch *s, size_t n, size_t size);
size_t scratch_mark(const struct scratch *s);
void scratch_rewind(struct scratch *s, size_t mark);

#define scratch_array(s, n, type) ((type *)scratch_take((s), (n), sizeof(type)))

struct num vec_num(const struct vec *v, uint32_t i);
uint8_t vec_state(const struct vec *v, uint32_t i);

/* The state that stands for both: error, then na, then bad, then missing, then OK; the
 * same whichever comes first. */
uint8_t cell_worse(uint8_t a, uint8_t b);
/* The joined states of two vectors; NULL when every element of both is OK. */
const uint8_t *vec_join_states(struct scratch *s, const struct vec *a,
                               const struct vec *b, uint32_t n);

/* Room for the values of a vector of one kind, to be filled element by element with
 * vec_put. Numbers are built exact and may be narrowed afterwards. */
struct vec_builder {
    struct vec out;
    uint8_t *state;
    struct num *num;
    uint32_t *id;
    int32_t *when;
    uint8_t *flag;
};

struct vec_builder vec_build(struct scratch *s, enum value_kind kind,
                             uint32_t n); /* every state CELL_EMPTY */
void vec_put_state(struct vec_builder *b, uint32_t i, uint8_t state);
void vec_put_num(struct vec_builder *b, uint32_t i, struct num v);
void vec_put_id(struct vec_builder *b, uint32_t i, uint32_t id);
void vec_put_when(struct vec_builder *b, uint32_t i, int32_t when);
void vec_put_flag(struct vec_builder *b, uint32_t i, bool flag);
void vec_put_from(struct vec_builder *b, uint32_t i, const struct vec *v,
                  uint32_t j); /* element j of v */
/* Closes the builder: numbers become narrow where all fit one scale. */
struct vec vec_built(struct scratch *s, struct vec_builder *b, uint32_t n);

/* A small map from a number to a number, for what is computed once per distinct value. */
struct memo;
struct memo *memo_new(struct arena *a);
bool memo_get(const struct memo *m, uint64_t key, uint64_t *value);
void memo_put(struct memo *m, uint64_t key, uint64_t value);
/* The same with a pointer as value; NULL when the key is not there. A memo holds one sort
 * of value. */
const void *memo_get_pointer(const struct memo *m, uint64_t key);
void memo_put_pointer(struct memo *m, uint64_t key, const void *value);

#endif

/* Key and group indexes: rows of one table by the values of some of its columns.
 *
 * Rows with equal values form a group; groups are numbered in order of their first row.
 * Serves uniqueness, lookups, `previous`, and group-by. Values are compared as typed
 * codes (dictionary ids, periods, days, numbers), never as pasted text. A row with a
 * value that is not there is `loose`: it belongs to no group, and could belong to
 * several. Where the value ranges are dense (the usual case: dictionary ids and periods)
 * groups are found by direct address, otherwise by hashing. */
#ifndef SOAT_DATA_KEYIDX_H
#define SOAT_DATA_KEYIDX_H

#include "data/table.h"

#define GROUP_NONE UINT32_MAX
#define KEYIDX_COLUMNS 32

struct keyidx {
    const struct table *table;
    uint32_t n_columns;
    uint32_t columns[KEYIDX_COLUMNS];
    uint32_t n_rows; /* rows indexed: the real ones, then the virtual ones */
    uint32_t n_groups;
    const uint32_t *group_of; /* per row; GROUP_NONE: loose or not included */
    const uint32_t *first;    /* per group: its first row */
    const uint32_t *next;     /* per row: next row of its group, ROW_NONE ends */
    const uint32_t *loose;    /* loose rows in order */
    uint32_t n_loose;
    bool is_dense;
    struct key_rank { /* dense: values of one column numbered in order of appearance */
        uint64_t low, span;     /* codes low .. low + span - 1 */
        const uint32_t *number; /* by code - low, from 1; 0: no row has it */
        uint32_t n;             /* distinct values */
    } rank[KEYIDX_COLUMNS];
    const uint32_t *address; /* dense: group by mixed radix number */
    const uint32_t *slots;   /* hashed: group numbers, GROUP_NONE empty */
    const uint32_t *hashes;  /* hashed: by group */
    uint32_t slot_mask;
};

/* Indexes the rows for which include[row] is not 0 (NULL: all), virtual rows too. At most
 * KEYIDX_COLUMNS columns; none at all puts every row in one group. */
const struct keyidx *keyidx_new(struct arena *a, const struct table *t,
                                const uint32_t *columns, uint32_t n_columns,
                                const uint8_t *include);

/* The group with these codes (one for each column), or GROUP_NONE. */
uint32_t keyidx_find(const struct keyidx *k, const uint64_t *codes);

/* Code of one value; equal values of one kind have equal codes. State must be CELL_OK. */
uint64_t key_code_id(uint32_t id);
uint64_t key_code_when(int32_t when);
uint64_t key_code_num(struct num v);
uint64_t key_code_cell(const struct table_column *c, uint32_t row);

/* Whether a loose row agrees with `codes` in every column where it has a value. */
bool keyidx_loose_fits(const struct keyidx *k, uint32_t row, const uint64_t *codes);

#endif

/* The kernels: one function per operation, each over a whole batch. fn_num, fn_logic,
 * fn_text, fn_date, fn_code, fn_row, fn_agg hold them; plan.c names them. */
#ifndef SOAT_EVAL_KERNEL_H
#define SOAT_EVAL_KERNEL_H

#include "eval/plan.h"

/* Functions of fn.def: fn_ABS, fn_ROUND … */
#define FN(id, ...) void fn_##id(struct frame *f, const struct op *op, struct vec *out);
#include "lang/fn.def"
#undef FN

kernel run_constant, run_column, run_missing;
kernel run_neg, run_add, run_sub, run_mul, run_div, run_scale, run_row_unit, run_within;
kernel run_day_add, run_day_sub, run_day_diff;
kernel run_not, run_and, run_or, run_implies, run_if, run_coalesce, run_is_missing,
    run_is_approximate;
kernel run_compare_num, run_compare_other;
kernel run_in_list, run_in_range, run_in_codes, run_in_members, run_in_numbers,
    run_in_rows;
kernel run_matches, run_fold, run_to_code;
kernel run_lookup, run_aggregate, run_over, run_previous, run_at, run_cumulative,
    run_unique, run_half_width;

/* What the rules call the unit that a text names; the text itself where they know none.
 */
struct str unit_called(struct engine *e, uint32_t text);

#endif

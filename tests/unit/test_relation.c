/* Relations: a row gives a CSV and what holds in it, the most telling first, as
 * `d = a + b - c (rows/left)`; `d <- a` is what is carried over from the period before.
 */
#include "data/relation.h"
#include "draft_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TWO_SUMS                                                                         \
    "k,open,new,gone,total,x,y,z\n"                                                      \
    "a,246,9,2,253,187,42,24\nb,528,11,4,535,442,70,23\nc,289,7,2,294,141,146,7\n"       \
    "d,210,5,0,215,190,25,0\ne,330,6,5,331,301,20,10\nf,152,8,1,159,100,50,9\n"          \
    "g,411,3,3,411,380,30,1\n"

static const struct relation_case {
    const char *name, *csv, *want;
} cases[] = {
    {"a_balance_and_a_breakdown", TWO_SUMS,
     "total = x + y + z (7/0), total = open + new - gone (7/0)"},
    {"a_minus_never_stands_first",
     "k,gone,open,new,total\na,2,253,8,259\nb,4,535,9,540\nc,9,294,1,286\n"
     "d,1,215,7,221\ne,5,331,0,326\nf,3,159,6,162\ng,7,411,5,409\n",
     "total = open - gone + new (7/0)"},
    {"of_two_terms_the_sum",
     "k,gone,open,total\na,2,253,251\nb,4,535,531\nc,9,294,285\nd,1,215,214\n"
     "e,5,331,326\nf,3,159,156\ng,7,411,404\n",
     "open = gone + total (7/0)"},
    {"four_parts_apart",
     "k,a,p,b,q,c,d,s\n1,10,4,20,1,33,41,104\n2,15,4,26,2,31,48,120\n"
     "3,19,5,27,2,39,44,129\n4,11,9,22,7,37,55,125\n5,17,3,24,8,35,62,138\n"
     "6,13,7,29,6,32,49,123\n7,18,2,21,9,38,57,134\n8,14,6,28,3,36,71,149\n",
     "s = a + b + c + d (8/0)"},
    {"too_few_rows_prove_nothing", "k,a,b,s\n1,100,50,150\n2,200,60,260\n", ""},
    {"few_rows_are_enough_for_few_columns",
     "k,open,new,gone,total\na,246,9,2,253\nb,528,11,4,535\nc,289,7,2,294\n",
     "total = open + new - gone (3/0)"},
    {"small_numbers_prove_nothing",
     "k,a,b,s\n1,1,1,2\n2,1,2,3\n3,2,1,3\n4,0,1,1\n5,1,0,1\n6,2,2,4\n", ""},
    {"one_row_that_differs_ends_it",
     "k,a,b,s\n1,100,50,150\n2,200,60,260\n3,300,70,370\n4,410,80,490\n5,520,90,610\n"
     "6,630,15,645\n7,741,25,767\n",
     ""},
    {"equal_columns",
     "k,a,b\n1,100,100\n2,211,211\n3,322,322\n4,433,433\n5,544,544\n"
     "6,655,655\n7,766,766\n",
     "b = a (7/0)"},
    {"a_copy_takes_no_further_part",
     "k,a,b,c,s\n1,100,50,50,150\n2,201,60,60,261\n3,302,70,70,372\n4,413,80,80,493\n"
     "5,520,90,90,610\n6,635,15,15,650\n7,741,25,25,766\n",
     "c = b (7/0), s = a + b (7/0)"},
    {"a_subtotal_is_not_a_part",
     "k,a,b,good,c,d,s\n1,45,98,143,76,13,232\n2,98,208,306,164,25,495\n"
     "3,54,115,169,91,15,275\n4,40,81,121,60,9,190\n5,61,113,174,90,14,278\n"
     "6,33,70,103,55,21,179\n7,111,208,319,164,27,510\n",
     "good = a + b (7/0), s = a + b + c + d (7/0)"},
    {"empty_cells_count_as_nothing",
     "k,a,b,s\n1,100,50,150\n2,201,,201\n3,302,70,372\n4,413,80,493\n5,520,,520\n"
     "6,635,15,650\n7,741,25,766\n",
     "s = a + b? (7/0)"},
    {"rows_without_the_result_are_left_out",
     "k,a,b,s\n1,100,50,150\n2,201,60,261\n3,302,70,\n4,413,80,493\n5,520,90,610\n"
     "6,635,15,650\n7,741,25,766\n8,850,35,885\n",
     "s = a + b (7/1)"},
    {"a_row_where_it_does_not_apply_is_left_out",
     "k,a,b,s\n1,100,50,150\n2,201,x,201\n3,302,70,372\n4,413,80,493\n5,520,90,610\n"
     "6,635,15,650\n7,741,25,766\n",
     "b = s - a (6/1)"},
    {"decimals_of_other_precision",
     "k;a;b;s\n1;100,5;50;150,5\n2;201,25;60,5;261,75\n3;302;70;372\n4;413;80,1;493,1\n"
     "5;520;90;610\n6;635;15;650\n7;741;25;766\n",
     "s = a + b (7/0)"},
    {"a_zero_column_inside_a_breakdown",
     "k,x,nil,y,s\n1,100,0,50,150\n2,201,0,60,261\n3,302,0,70,372\n4,413,0,80,493\n"
     "5,520,0,90,610\n6,635,0,15,650\n7,741,0,25,766\n",
     "s = x + nil + y (7/0)"},
    {"a_column_that_is_0_where_the_sum_stands_is_no_part",
     "k,khác,tốt,khá,hiệu quả\n1,0,54,101,155\n2,0,111,208,319\n3,0,61,113,174\n"
     "4,1,50,97,\n5,-1,52,90,\n6,0,40,77,117\n7,0,60,71,131\n",
     "hieu_qua = tot + kha (5/2)"},
    {"carried_over",
     "k,kỳ,open,total\na,2021-H2,240,253\nb,2021-H2,510,535\nc,2021-H2,280,294\n"
     "d,2021-H2,200,215\ne,2021-H2,320,331\nf,2021-H2,150,159\na,2022-H1,253,261\n"
     "b,2022-H1,535,540\nc,2022-H1,294,300\nd,2022-H1,215,216\ne,2022-H1,331,339\n"
     "f,2022-H1,159,170\n",
     "open <- total (6/6)"},
    {"carried_over_but_once",
     "k,kỳ,open,total\na,2021-H2,240,253\nb,2021-H2,510,535\nc,2021-H2,280,294\n"
     "d,2021-H2,200,215\ne,2021-H2,320,331\nf,2021-H2,150,159\na,2022-H1,253,261\n"
     "b,2022-H1,535,540\nc,2022-H1,294,300\nd,2022-H1,215,216\ne,2022-H1,331,339\n"
     "f,2022-H1,195,170\n",
     ""},
    {"a_year_is_no_figure", "k,năm,a,b\n1,2021,2000,4021\n2,2022,2100,4122\n", ""},
    {"figures_of_38_digits",
     "k,a,b\n1,12345678901234567890123456789012345678,5\n"
     "2,12345678901234567890123456789012345679,6\n",
     ""},
    {"no_rows", "k,a,b\n", ""},
};

static void print(struct text *t, const struct schema *s, const struct relation *r)
{
    text_add_z(t, t->n ? ", " : "");
    text_add(t, s->columns[r->result].name);
    text_add_z(t, r->is_carry ? " <- " : " = ");
    for (uint32_t i = 0; i < r->n_terms; i++) {
        const char *sign = r->terms[i].is_minus ? " - " : " + ";
        text_add_z(t, i ? sign : "");
        assert_false(i == 0 && r->terms[i].is_minus);
        text_add(t, s->columns[r->terms[i].column].name);
        text_add_z(t, r->terms[i].has_gaps ? "?" : "");
    }
    text_printf(t, " (%u/%u)", r->n_rows, r->n_left);
}

static void relations(void **state)
{
    const struct relation_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct table *t;
    struct relation *found;
    struct text text = text_in(a);
    const struct draft *d = draft_of(a, c->csv, &t);
    size_t n = relations_find(a, t, &found);
    for (size_t i = 0; i < n; i++) {
        print(&text, t->schema, &found[i]);
    }
    n = d->period == ID_NONE ? 0 : relations_carry(a, t, &found);
    for (size_t i = 0; i < n; i++) {
        print(&text, t->schema, &found[i]);
    }
    text_char(&text, '\0');
    assert_string_equal(text_str(&text).p, c->want);
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases)];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){cases[i].name, relations, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

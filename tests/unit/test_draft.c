/* Drafts: a row gives a CSV and what is made of it: columns as `name type`, with
 * `additive`, `?` (optional), `#n` (so many digits), `{codes}`, `low..high`; then `key`,
 * and where they are not the usual ones `numbers`, `missing`, `zero`, `na`, `totals`. */
#include "draft_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct draft_case {
    const char *name, *csv, *want;
} cases[] = {
    {"counts", "k,v\na,5\nb,0\n", "k text, v count 0..10, key k"},
    {"integers", "k,v\na,-5\nb,3\n", "k text, v integer -10..10, key k"},
    {"decimals", "k,v\na,0.25\nb,3\n", "k text, v decimal 0..10, key k, numbers plain"},
    {"small_decimals", "k,v\na,0.02\nb,0\n",
     "k text, v decimal 0..0.05, key k, numbers plain"},
    {"percents", "k;v\na;12,5%\nb;40%\n", "k text, v percent 0..1, key k, numbers vi"},
    {"percents_above_a_hundred", "k;v\na;120%\nb;40%\n", "k text, v percent 0..5, key k"},
    {"percents_by_the_header", "k;Tỷ lệ (%)\na;12,5\nb;40\n",
     "k text, ty_le percent 0..1, key k, numbers vi"},
    {"grouped_by_dots", "k;v\na;1.234\nb;5\n",
     "k text, v count 0..5000, key k, numbers vi"},
    {"grouped_by_commas", "k;v\na;1,234\nb;1.5\n",
     "k text, v decimal 0..5000, key k, numbers en"},
    {"a_unit_in_the_header_means_measuring", "k,Vốn (triệu đồng)\na,5\nb,6\n",
     "k text, von decimal 0..20, key k"},
    {"two_formats_in_one_column", "k;v\na;1.234,5\nb;1,234.5\n",
     "k text, v decimal 0..5000, key k"},
    {"one_odd_cell", "k,v\na,12O\nb,13\nc,4\n", "k text, v text (2:1@2 12O), key k"},
    {"more_texts_than_numbers", "k,v\na,b\nb,c\nc,4\n", "k text, v text, key k"},
    {"nothing_but_zeros_has_no_range", "k,v\na,0\nb,0\n", "k text, v count, key k"},
    {"coded_cells", "k,v\na,…\nb,-\nc,x\nd,7\ne,\n",
     "k text, v count ? 0..20, key k, missing …, zero -, na x"},
    {"coded_cells_of_texts_are_texts", "k,v\na,-\nb,q\n", "k text, v text, key k"},
    {"empty_column", "k,v\na,\nb,\n", "k text, v text ?, key k"},
    {"no_rows", "k,v\n", "k text, v text, key k"},
    {"periods", "k,kỳ\na,2022-H1\nb,6 tháng cuối năm 2022\na,2022-H2\n",
     "k text, ky period, key k ky"},
    {"a_period_belongs_to_the_key", "kỳ,k\n2022-H1,a\n2022-H1,b\n",
     "ky period, k text, key ky k"},
    {"bare_years_by_their_header", "Năm,v\n2021,5\n2022,6\n",
     "nam year, v count 0..20, key nam"},
    {"bare_years_as_periods", "kỳ,v\n2021,5\n2022,6\n",
     "ky period, v count 0..20, key ky"},
    {"four_digits_are_a_count", "k,v\na,2021\nb,2022\n",
     "k text, v count 0..5000, key k"},
    {"dates", "k,ngày\na,4/7/2022\nb,2022-06-30\n", "k text, ngay date, key k"},
    {"flags", "k,f\na,có\nb,Không\nc,\n", "k text, f flag ?, key k"},
    {"a_cross_alone_is_a_flag", "k,f\na,x\nb,\n", "k text, f flag ?, key k"},
    {"zeros_and_ones_are_counts", "k,f\na,1\nb,0\n", "k text, f count 0..2, key k"},
    {"codes_by_header", "Mã đơn vị,v\n89,1\n91,2\n",
     "ma_don_vi text #2, v count 0..5, key ma_don_vi"},
    {"codes_by_zeros_in_front", "tỉnh,số hiệu\n01,001\n89,020\n",
     "tinh text #2, so_hieu text #3, key tinh"},
    {"padded_counts_are_counts", "k,v\na,08\nb,12\n", "k text, v count 0..50, key k"},
    {"codes_of_different_length", "mã,v\n1,1\n12,2\n", "ma text, v count 0..5, key ma"},
    {"categories",
     "k,loại\na,HTX\nb,THT\nc,HTX\nd,HTX\ne,THT\nf,THT\ng,HTX\nh,HTX\ni,HTX\n",
     "k text, loai code {HTX THT}, key k"},
    {"categories_in_two_spellings_are_texts",
     "k,loại\na,HTX\nb,THT\nc,HTX\nd,htx\ne,THT\nf,THT\ng,HTX\nh,HTX\ni,htx\n",
     "k text, loai text, key k"},
    {"four_digits_beside_others_are_counts", "k,v\na,1890\nb,2010\nc,110\n",
     "k text, v count 0..5000, key k"},
    {"four_digits_that_are_no_years", "mã;vốn\n01;1200\n02;3400\n",
     "ma text #2, von count 0..10000, key ma"},
    {"years_among_periods", "kỳ,v\n2021,1\n2022-H1,2\n",
     "ky period, v count 0..5, key ky"},
    {"ordinals_before_days_and_figures",
     "STT,tên,ngày,vốn\n1,a,1/1/2020,500\n2,a,2/1/2020,700\n3,b,3/1/2020,900\n",
     "stt count, ten text, ngay date, von count 0..2000, key stt"},
    {"a_cell_with_two_readings", "k;a\np;1.234,5\nq;1,234.5\nr;5.581\n",
     "k text, a text (2:1@4 5.581), key k"},
    {"totals_without_the_other_keys",
     "mã;kỳ;v\n89;2022-H1;5\n91;2022-H1;7\nTổng cộng;;12\n",
     "ma text #2, ky period, v count additive 0..20, key ma ky, totals ma Tổng cộng"},
    {"totals_beside_an_ordinal",
     "STT;tên;v\n1;Tân;500\n2;Tân;600\n3;Thắng;900\n;Tổng cộng;2000\n",
     "stt count, ten text, v count additive 0..2000, key stt ten, totals ten Tổng cộng"},
    {"rows_of_totals_that_are_none", "mã;v\n89;5\n91;7\nTổng cộng;40\n",
     "ma text (2:1@4 Tổng cộng), v count 0..100, key ma"},
    {"two_columns_are_a_key", "a,b\np,1\np,2\nq,1\nq,2\n", "a text, b count, key a b"},
    {"names_before_numbers", "v,a,b\n1,x,p\n2,x,q\n3,y,p\n4,y,q\n",
     "v count 0..10, a text, b text, key a b"},
    {"numbers_alone_can_be_a_key", "v,w\n1,5\n2,5\n", "v count, w count 0..10, key v"},
    {"pasted_rows_have_no_key", "a,b\no,p\no,p\n", "a text, b text, key a b twice"},
    {"an_empty_cell_bars_a_key", "a,b\n,p\no,q\n", "a text ?, b text, key b"},
    {"totals", "tỉnh,v\na,5\nb,7\nTổng cộng,12\n",
     "tinh text, v count additive 0..20, key tinh, totals tinh Tổng cộng"},
    {"totals_of_each_period",
     "kỳ,tỉnh,v\n2021,a,5\n2021,b,7\n2021,Cộng,12\n2022,a,1\n2022,b,2\n2022,TỔNG SỐ,3\n",
     "ky period, tinh text, v count additive 0..20, key ky tinh, totals tinh Cộng TỔNG "
     "SỐ"},
    {"a_total_that_differs", "tỉnh,v,w\na,5,1\nb,7,2\nCộng,13,3\n",
     "tinh text, v count 0..20 (13:12), w count additive 0..5, key tinh, totals tinh "
     "Cộng"},
    {"totals_that_add_up_nowhere_are_rows", "tỉnh,v\na,5\nb,7\nCộng,13\n",
     "tinh text, v count 0..50, key tinh"},
    {"words_of_the_language", "in,Tên,3 tháng,in\na,b,1,c\n",
     "ten text, c_3_thang count 0..2, key ten, twice in"},
    {"a_word_of_the_language_as_header", "k,this\na,b\n", "k text, this_2 text, key k"},
    {"names_that_fall_together", "Tên,ten,TÊN?\na,b,c\n",
     "ten_2 text, ten text, ten_3 text, key ten_2"},
    {"headers_without_letters", "#,%,a\n1,2,z\n",
     "column count 0..2, column_2 count 0..5, a text, key a"},
    {"a_column_without_header", "a,,b\nz,1,y\n", "a text, b text, key a, nameless 1"},
    {"figures_of_38_digits", "k,v\na,12345678901234567890123456789012345678\n",
     "k text, v count, key k"},
};

static void print_column(struct text *t, struct arena *a, const struct draft_column *c)
{
    static const char *const natures[] = {"", " stock", " flow", " additive"};
    text_printf(t, STR_FMT " %s%s", STR_ARG(c->name), column_type_name(c->type),
                natures[c->nature]);
    text_add_z(t, c->is_optional ? " ?" : "");
    if (c->digits) {
        text_printf(t, " #%u", c->digits);
    }
    for (uint32_t i = 0; i < c->n_codes; i++) {
        text_printf(t, "%s" STR_FMT "%s", i ? " " : " {", STR_ARG(c->codes[i]),
                    i + 1 == c->n_codes ? "}" : "");
    }
    if (c->has_range) {
        text_printf(t, " " STR_FMT ".." STR_FMT, STR_ARG(num_str(a, c->low)),
                    STR_ARG(num_str(a, c->high)));
    }
    if (c->n_odd) {
        text_printf(t, " (%u:%u@%u%s" STR_FMT ")", c->n_number, c->n_odd,
                    (unsigned)c->odd_line, c->odd.p ? " " : "", STR_ARG(c->odd));
    }
    if (c->is_off) {
        text_printf(t, " (" STR_FMT ":" STR_FMT ")", STR_ARG(num_str(a, c->reported)),
                    STR_ARG(num_str(a, c->added)));
    }
    text_add_z(t, ", ");
}

static void print_texts(struct text *t, const char *word, const struct str *items,
                        uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        text_add_z(t, i ? " " : word);
        text_add(t, items[i]);
    }
}

static const char *print(struct arena *a, const struct draft *d)
{
    struct text t = text_in(a);
    for (uint32_t i = 0; i < d->n_columns; i++) {
        print_column(&t, a, &d->columns[i]);
    }
    text_add_z(&t, "key");
    for (uint32_t i = 0; i < d->n_key; i++) {
        text_printf(&t, " " STR_FMT, STR_ARG(d->columns[d->key[i]].name));
    }
    text_add_z(&t, d->has_duplicates ? " twice" : "");
    if (d->numbers != NUMFMT_AUTO) {
        text_printf(&t, ", numbers %s", numfmt_name(d->numbers));
    }
    print_texts(&t, ", missing ", d->missing.items, d->missing.n);
    print_texts(&t, ", zero ", d->zero.items, d->zero.n);
    print_texts(&t, ", na ", d->na.items, d->na.n);
    if (d->totals != ID_NONE) {
        text_printf(&t, ", totals " STR_FMT, STR_ARG(d->columns[d->totals].name));
        print_texts(&t, " ", d->totals_texts.items, d->totals_texts.n);
    }
    print_texts(&t, ", twice ", d->skipped, d->n_skipped);
    if (d->n_nameless) {
        text_printf(&t, ", nameless %u", d->n_nameless);
    }
    return str_copy(a, text_str(&t)).p;
}

static void drafts(void **state)
{
    const struct draft_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct table *t;
    const struct draft *d = draft_of(a, c->csv, &t);
    assert_string_equal(print(a, d), c->want);
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases)];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = (struct CMUnitTest){cases[i].name, drafts, NULL, NULL,
                                       (void *)(uintptr_t)&cases[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

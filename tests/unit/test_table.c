/* Loading files into typed columns. A row of `cases` gives columns ("id text, a count
 * optional"), files, and the table they make: cells joined by '|', rows ended by ';',
 * totals rows begun with 'T'. Cells: '-' empty, '!' unreadable, '?' ambiguous, 'na'; '~'
 * behind an approximate number, ''' and digits behind a number that was written with
 * decimals. Then each file in brackets, as far as there is something to say of it. */
#include "data/table.h"
#include "value/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COLUMNS 8

struct load_case {
    const char *name, *columns, *files[3], *want;
    const char *missing[4], *zero[3], *na[3], *totals[4]; /* totals: column, then texts */
    enum numfmt numbers;
    bool is_declared; /* `numbers` is meant */
};

static uint32_t count_texts(const char *const *texts, uint32_t max)
{
    uint32_t n = 0;
    while (n < max && texts[n]) {
        n++;
    }
    return n;
}

static const struct str *texts_of(struct arena *a, const char *const *texts, uint32_t n)
{
    struct str *out = arena_new_array(a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        out[i] = str_of(texts[i]);
    }
    return out;
}

static bool take_word(struct str *s, struct str *word)
{
    *s = str_trim(*s);
    size_t n = 0;
    while (n < s->n && s->p[n] != ' ' && s->p[n] != ',') {
        n++;
    }
    *word = str_cut(*s, 0, n);
    *s = str_cut(*s, n, s->n);
    return n > 0;
}

/* "id text, a count optional, b decimal \"Vốn\"" */
static void parse_columns(struct arena *a, struct str spec, struct schema *s)
{
    struct column *columns = arena_new_array(a, COLUMNS, struct column);
    struct str word;
    while (take_word(&spec, &word)) {
        struct column *c = &columns[s->n_columns++];
        struct str *headers = arena_new_array(a, 2, struct str);
        c->name = headers[0] = word;
        c->headers = headers;
        c->n_headers = 1;
        c->codelist = ID_NONE;
        assert_true(take_word(&spec, &word) && column_type_by_name(word, &c->type));
        c->codelist = c->type == COLUMN_CODE ? 0 : ID_NONE;
        while (take_word(&spec, &word)) {
            if (str_eq(word, STR("optional"))) {
                c->is_optional = true;
            } else if (str_eq(word, STR("undefined"))) {
                c->undefined = word;
            } else {
                headers[c->n_headers++] = word;
            }
        }
        spec = spec.n > 0 ? str_cut(spec, 1, spec.n) : spec;
    }
    s->columns = columns;
}

static struct schema *schema_of(struct arena *a, const struct load_case *c)
{
    struct schema *s = arena_new(a, struct schema);
    parse_columns(a, str_of(c->columns), s);
    s->n_missing = count_texts(c->missing, COUNT_OF(c->missing));
    s->missing = texts_of(a, c->missing, s->n_missing);
    s->n_zero = count_texts(c->zero, COUNT_OF(c->zero));
    s->zero = texts_of(a, c->zero, s->n_zero);
    s->n_na = count_texts(c->na, COUNT_OF(c->na));
    s->na = texts_of(a, c->na, s->n_na);
    s->numbers = c->is_declared ? c->numbers : NUMFMT_AUTO;
    s->period = ID_NONE;
    if (c->totals[0]) {
        struct totals *t = arena_new(a, struct totals);
        for (uint32_t i = 0; i < s->n_columns; i++) {
            t->column = str_eq(s->columns[i].name, str_of(c->totals[0])) ? i : t->column;
        }
        t->n_texts = count_texts(c->totals + 1, COUNT_OF(c->totals) - 1);
        t->texts = texts_of(a, c->totals + 1, t->n_texts);
        s->totals = t;
        s->n_totals = 1;
    }
    return s;
}

static void show_value(struct text *t, const struct table *table,
                       const struct table_column *c, uint32_t row)
{
    struct cell_value v = table_cell(c, row);
    uint32_t decimals = c->decimals ? c->decimals[row] : c->uniform_decimals;
    switch (v.kind) {
    case VALUE_NUM:
        text_add(t, num_str(t->a, v.num));
        if (decimals > 0) {
            text_printf(t, "'%d", (int)decimals);
        }
        text_add_z(t, v.is_approximate ? "~" : "");
        break;
    case VALUE_BOOL:
        text_add_z(t, v.flag ? "yes" : "no");
        break;
    case VALUE_TEXT:
    case VALUE_CODE:
        text_add(t, dict_str(table->texts, v.id));
        break;
    case VALUE_DAY:
        text_add(t, date_str(t->a, v.when));
        break;
    case VALUE_PERIOD:
        text_add(t, period_str(t->a, v.when));
        break;
    case VALUE_ERROR:
        break;
    }
}

static void show_row(struct text *t, const struct table *table,
                     const struct table_column *columns, uint32_t row)
{
    static const char *const states[CELL_COUNT] = {
        [CELL_EMPTY] = "-",      [CELL_ABSENT_ROW] = "absent",
        [CELL_UNREADABLE] = "!", [CELL_AMBIGUOUS] = "?",
        [CELL_NA] = "na",
    };
    for (uint32_t i = 0; i < table->schema->n_columns; i++) {
        text_add_z(t, i > 0 ? "|" : "");
        uint8_t state = columns[i].state[row];
        if (state == CELL_OK) {
            show_value(t, table, &columns[i], row);
        } else {
            assert_non_null(states[state]);
            text_add_z(t, states[state]);
        }
    }
    text_char(t, ';');
}

static void show_columns(struct text *t, const struct table *table, const char *what,
                         const uint32_t *columns, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        text_printf(t, " %s " STR_FMT, what,
                    STR_ARG(table->schema->columns[columns[i]].name));
    }
}

static void show_file(struct text *t, const struct table *table,
                      const struct table_file *f)
{
    size_t start = t->n;
    text_char(t, '[');
    text_add_z(t, f->numbers == NUMFMT_AUTO ? "" : numfmt_name(f->numbers));
    text_add_z(t, f->is_empty ? " empty" : "");
    show_columns(t, table, "lacks", f->missing_columns, f->n_missing);
    show_columns(t, table, "twice", f->duplicate_columns, f->n_duplicate);
    for (uint32_t i = 0; i < f->n_unknown; i++) {
        text_printf(t, " unknown %d:" STR_FMT, (int)f->unknown_fields[i],
                    STR_ARG(f->unknown_headers[i]));
    }
    for (uint32_t i = 0; i < f->n_bad; i++) {
        text_printf(t, " bad %d@%d has %d", (int)f->bad_records[i].number,
                    (int)f->bad_records[i].line, (int)f->bad_fields[i]);
    }
    for (uint32_t i = 0; i < f->n_left_out; i++) {
        assert_int_equal(f->left_out[i].why, LEFT_OUT_BLANK);
        text_printf(t, " blank @%d", (int)f->left_out[i].line);
    }
    if (f->status != READER_OK) {
        text_printf(t, " stopped %d@%d", (int)f->status, (int)f->error_line);
    }
    if (t->n == start + 1) {
        t->n = start;
    } else {
        text_char(t, ']');
    }
}

static struct str show_table(struct arena *a, const struct table *table)
{
    struct text t = text_in(a);
    for (uint32_t row = 0; row < table->n + table->n_absent; row++) {
        show_row(&t, table, table->columns, row);
    }
    for (uint32_t row = 0; row < table->n_totals; row++) {
        text_char(&t, 'T');
        show_row(&t, table, table->totals_columns, row);
    }
    for (uint32_t i = 0; i < table->n_files; i++) {
        show_file(&t, table, &table->files[i]);
    }
    return text_str(&t);
}

/* One list for every code column: 91 Kiên Giang, 92 Cần Thơ, TG1. */
static const struct codelist *list_of(struct arena *a)
{
    static const struct code_entry entries[] = {
        {.code = {"91", 2}, .label = {"A", 1}, .from = DAY_MIN, .to = DAY_MAX},
        {.code = {"92", 2}, .label = {"B", 1}, .from = DAY_MIN, .to = DAY_MAX},
        {.code = {"TG1", 3}, .label = {"C", 1}, .from = DAY_MIN, .to = DAY_MAX},
    };
    return codelist_new(a, STR("units"), entries, COUNT_OF(entries));
}

static struct table *load(struct arena *a, const struct schema *s,
                          const char *const *files, uint32_t n_files, size_t piece)
{
    const struct codelist **lists = arena_new_array(a, 1, const struct codelist *);
    lists[0] = list_of(a);
    struct load_options options = {
        .numbers = NUMFMT_AUTO, .codelists = lists, .only_libcsv = piece % 2 != 0};
    struct loader *l = loader_open(a, s, dict_new(a), &options);
    for (uint32_t i = 0; i < n_files; i++) {
        size_t n = strlen(files[i]);
        loader_file(l, str_of("file.csv"), "UTF-8");
        loader_expect(l, n * (piece % 5)); /* not known, right, or wrong */
        for (size_t at = 0; at < n; at += piece) {
            loader_feed(l, files[i] + at, n - at < piece ? n - at : piece);
        }
        loader_file_end(l);
    }
    return loader_finish(l);
}

/* clang-format off */
static const struct load_case cases[] = {
    {.name = "types",
     .columns = "i text, u code, c count, n integer, d decimal, p percent, y year, f flag",
     .files = {"i,u,c,n,d,p,y,f\nx,91,5,-3,1.5,12.5%,2022,Có\n y ,tg1,0,08,-0.25,7,1999,x\n"},
     .want = "x|91|5|-3|1.5'1|0.125'1|2022|yes;y|TG1|0|8|-0.25'2|0.07|1999|yes;[plain]"},
    {.name = "dates and periods",
     .columns = "d date, p period",
     .files = {"d,p\n4/7/2022,6 tháng đầu năm 2022\n2022-06-30,quý III/2022\n31/2/2022,2022-H3\n"},
     .want = "2022-07-04|2022-H1;2022-06-30|2022-Q3;!|!;"},
    {.name = "flags in every spelling",
     .columns = "f flag",
     .files = {"f\nCÓ\nđúng\nYes\nTRUE\nX\n1\nkhông\nSai\nno\nFalse\n0\n?\n"},
     .want = "yes;yes;yes;yes;yes;yes;no;no;no;no;no;!;"},
    {.name = "codes fold to the first spelling in the list",
     .columns = "u code",
     .files = {"u\ntg1\nTG1\n Tg1 \nXY\nxy\n"},
     .want = "TG1;TG1;TG1;xy;xy;"},
    {.name = "text is normalised and trimmed",
     .columns = "t text",
     .files = {"t\nCần Thơ\nCa\xCC\x82\xCC\x80n Tho\xCC\x9B\n\" \xC2\xA0""Cần Thơ \"\n"},
     .want = "Cần Thơ;Cần Thơ;Cần Thơ;"},
    {.name = "a year has four digits and no marks",
     .columns = "y year",
     .files = {"y\n2022\n22\n2.022\n20222\n-022\n'2022\n"},
     .want = "2022;!;!;!;!;!;[vi]"},
    {.name = "a fraction is no whole number, a negative count is one",
     .columns = "c count, i integer",
     .files = {"c,i\n-3,1.5\n2.0,-2.50\n"},
     .want = "-3|!;2'1|!;[plain]"},
    {.name = "percentages with and without their sign",
     .columns = "p percent, d decimal",
     .files = {"p;d\n34,3 %;5%\n106%;1\n0,005;2\n"},
     .want = "0.343'1|!;1.06|1;0.00005'3|2;[vi]"},
    {.name = "approximate numbers",
     .columns = "c count",
     .files = {"c\nhơn 139\n~5\n7\ngần 32.000\n"},
     .want = "139~;5~;7;32000~;[vi]"},
    {.name = "wide numbers stay exact",
     .columns = "d decimal",
     .files = {"d\n123456789012345678901234567890\n0.1234567\n9223372036854775807.5\n1.5\n"
               "0.1234560\n"},
     .want = "123456789012345678901234567890;0.1234567'7;9223372036854775807.5'1;1.5'1;"
             "0.123456'7;[plain]"},
    {.name = "a scale that would overflow goes wide",
     .columns = "d decimal",
     .files = {"d\n999999999999999999\n0.000001\n"},
     .want = "999999999999999999;0.000001'6;[plain]"},
    {.name = "too many digits",
     .columns = "d decimal",
     .files = {"d\n1234567890123456789012345678901234567890\n1\n"},
     .want = "!;1;"},
    {.name = "unreadable numbers",
     .columns = "c count",
     .files = {"c\n1O\n12 HTX\n1.23E+05\n#REF!\nx\n1.23.4\n"},
     .want = "!;!;!;!;!;!;"},
    {.name = "empty and blank cells",
     .columns = "a text, b count, c flag, d date",
     .files = {"a,b,c,d\nx,,,\ny,\"\",\" \",\"\t\"\n"},
     .want = "x|-|-|-;y|-|-|-;"},
    {.name = "coded texts fold; zero and na only in number columns",
     .columns = "t text, c count, f flag, p percent",
     .missing = {"", "...", "Chưa có số liệu"},
     .zero = {"-", "Không"},
     .na = {"x"},
     .files = {"t,c,f,p\n-,-,x,X\nx,x,không,không\nCHƯA  CÓ SỐ LIỆU,...,chưa có số liệu,…\n"},
     .want = "-|0|yes|na;x|na|no|0;-|-|-|!;"},
    {.name = "missing wins over zero and na",
     .columns = "a count",
     .missing = {"-"},
     .zero = {"-", "o"},
     .na = {"O", "n"},
     .files = {"a\n-\no\nN\n"},
     .want = "-;0;na;"},
    {.name = "coded texts of digits",
     .columns = "a count, t text, d decimal",
     .missing = {"999", "9,9"},
     .zero = {"000"},
     .files = {"a;t;d\n999;999;9,9\n000;000;1,5\n1000;x;999\n"},
     .want = "-|-|-;0|000|1.5'1;1000|x|-;[vi]"},
    {.name = "coded texts whose first letter changes, or does not",
     .columns = "t text",
     .missing = {"Òa", "n/a", "(trống)"},
     .files = {"t\nOa\xCC\x80\nÒA\nN/A\nna\n(TRỐNG)\n(\nn\noa\n"},
     .want = "-;-;-;na;-;(;n;oa;"},
    {.name = "headers in any order, case and spacing",
     .columns = "a text Mã, b count",
     .files = {"\"  mÃ \",B\nx,1\n"},
     .want = "x|1;"},
    {.name = "unknown, missing and duplicate columns",
     .columns = "a text, b count, c count optional, d count undefined, e count",
     .files = {"x,a,,e,E\n1,2,3,4,5\n"},
     .want = "2|!|-|!|!;[ lacks b twice e unknown 0:x unknown 2:]"},
    {.name = "empty fields at the end of the header",
     .columns = "a text, b count",
     .files = {"a,b,,\nx,1,,\ny,2\nz,3,,,,\nw,4,,5\n"},
     .want = "x|1;y|2;z|3;[ bad 4@5 has 4]"},
    {.name = "wrong number of fields",
     .columns = "a text, b count",
     .files = {"a,b\nx\ny,1,2\nz,3\n\nw,4,\n"},
     .want = "z|3;w|4;[ bad 1@2 has 1 bad 2@3 has 3]"},
    {.name = "blank records are left out and not counted",
     .columns = "a text, b count",
     .files = {",\n\na,b\n,\nx,1\n\" \",\"\"\ny\n,,,\n"},
     .want = "x|1;[ bad 2@7 has 1 blank @1 blank @4 blank @6 blank @8]"},
    {.name = "totals rows stand apart",
     .columns = "u code, c count, d decimal",
     .totals = {"u", "Tổng cộng", "Toàn cụm"},
     .files = {"u;c;d\n91;1;1,5\nTỔNG  CỘNG;3;1.234\n92;2;0,25\ntoàn cụm;-;hơn 123456789012345678901\n"},
     .want = "91|1|1.5'1;92|2|0.25'2;Ttổng cộng|3|1234;Ttoàn cụm|!|123456789012345678901~;[vi]"},
    {.name = "totals in a number column",
     .columns = "y year, c count",
     .totals = {"y", "Cộng"},
     .files = {"y,c\n2021,1\nCộng,3\n2022,2\n"},
     .want = "2021|1;2022|2;T!|3;"},
    {.name = "totals rows of a file without a column",
     .columns = "u text, c count, d count optional",
     .totals = {"u", "T"},
     .files = {"u\nx\nt\n", "u,c\ny,1\nT,1\n"},
     .want = "x|!|-;y|1|-;Tt|!|-;TT|1|-;[ lacks c]"},
    {.name = "side entries of a totals row leave the row clean",
     .columns = "u text, c decimal",
     .totals = {"u", "T"},
     .files = {"u,c\nT,~123456789012345678901\nx,1\nT,~5\ny\n,\nz,2\n"},
     .want = "x|1;z|2;TT|123456789012345678901~;TT|5~;[ bad 4@5 has 1 blank @6]"},
    {.name = "several files",
     .columns = "a text, b count, c count optional",
     .files = {"a,b\nx,1\n", "b,a,c\n2,y,3\n", "a\nz\n"},
     .want = "x|1|-;y|2|3;z|!|-;[ lacks b]"},
    {.name = "empty file",
     .columns = "a text",
     .files = {"", "a\nx\n", "\n,\n"},
     .want = "x;[ empty][ empty blank @2]"},
    {.name = "reading stops at a bad quote and keeps what stands before it",
     .columns = "a text, b count",
     .files = {"a,b\nx,1\ny,5\" pipe\nz,2\n", "a,b\nv,1\nw,\"2\n"},
     .want = "x|1;v|1;[ stopped 1@3][ stopped 2@3]"},
    {.name = "auto: groups of three in a count mean vi",
     .columns = "c count, d decimal",
     .files = {"c;d\n2.025;5.581\n7;1\n"},
     .want = "2025|5581;7|1;[vi]"},
    {.name = "auto: a comma with one decimal means vi",
     .columns = "d decimal",
     .files = {"d\n\"5.581\"\n\"1,5\"\n"},
     .want = "5581;1.5'1;[vi]"},
    {.name = "auto: a point with two decimals means points",
     .columns = "d decimal",
     .files = {"d\n5.581\n1.25\n"},
     .want = "5.581'3;1.25'2;[plain]"},
    {.name = "auto: comma groups mean en",
     .columns = "d decimal, c count",
     .files = {"d,c\n5.581,\"1,234\"\n"},
     .want = "5.581'3|1234;[en]"},
    {.name = "auto: nothing settles a lone 5.581",
     .columns = "d decimal",
     .files = {"d\n5.581\n12\n"},
     .want = "?;12;"},
    {.name = "auto: marks of both kinds settle themselves",
     .columns = "d decimal",
     .files = {"d\n5.581\n\"1.234,5\"\n"},
     .want = "5581;1234.5'1;[vi]"},
    {.name = "auto: conflicting evidence leaves only single readings",
     .columns = "d decimal",
     .files = {"d\n1.5\n\"1,5\"\n5.581\n"},
     .want = "1.5'1;1.5'1;?;"},
    {.name = "auto: no group begins with a zero",
     .columns = "d decimal",
     .files = {"d\n\"5,000\"\n0.000\n7\n"},
     .want = "5000;0'3;7;[en]"},
    {.name = "auto: equal readings impose no more than their formats",
     .columns = "d decimal",
     .files = {"d\n1 234\n5.581\n"},
     .want = "1234;?;"},
    {.name = "auto: a cell that is settled late does not disturb its neighbours",
     .columns = "d decimal",
     .files = {"d\n5.581\n~6.582\n7\n1.5\n8\n"},
     .want = "5.581'3;6.582'3~;7;1.5'1;8;[plain]"},
    {.name = "auto: each file has its own evidence",
     .columns = "d decimal",
     .files = {"d\n5.581\n\"1,5\"\n", "d\n5.581\n1.5\n", "d\n5.581\n"},
     .want = "5581;1.5'1;5.581'3;1.5'1;?;[vi][plain]"},
    {.name = "auto: a record that is no row is no evidence",
     .columns = "d decimal, t text",
     .files = {"d,t\n1.5,x,y\n5.581,x\n"},
     .want = "?|x;[ bad 1@2 has 3]"},
    {.name = "auto: a totals row is evidence and waits too",
     .columns = "u text, d decimal",
     .totals = {"u", "T"},
     .files = {"u;d\nx;1.234\nT;5.581\n", "u;d\nT;1,5\ny;1.234\n"},
     .want = "x|?;y|1234;TT|?;TT|1.5'1;[vi]"},
    {.name = "declared vi",
     .columns = "d decimal, c count",
     .numbers = NUMFMT_VI,
     .is_declared = true,
     .files = {"d;c\n5.581;1.234\n1,25;1,5\n1.5;1,0\n"},
     .want = "5581|1234;1.25'2|!;!|1'1;[vi]"},
    {.name = "declared en",
     .columns = "d decimal",
     .numbers = NUMFMT_EN,
     .is_declared = true,
     .files = {"d\n5.581\n\"1,234\"\n\"1,5\"\n"},
     .want = "5.581'3;1234;!;[en]"},
    {.name = "declared plain",
     .columns = "d decimal",
     .numbers = NUMFMT_PLAIN,
     .is_declared = true,
     .files = {"d\n5.581\n\"1,234\"\n"},
     .want = "5.581'3;!;[plain]"},
};
/* clang-format on */

static void loads(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 5, 8, 64, 4096};
    const struct load_case *c = *state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        const struct schema *s = schema_of(a, c);
        struct table *t = load(a, s, c->files, count_texts(c->files, 3), pieces[i]);
        assert_string_equal(str_copy(a, show_table(a, t)).p, c->want);
        arena_close(a);
    }
}

static void same_states(const struct table_column *a, const struct table_column *b,
                        uint32_t n)
{
    assert_int_equal(a->is_present, b->is_present);
    if (n > 0) {
        assert_memory_equal(a->state, b->state, n);
    }
}

/* Columns whose values nobody asks for, all but the one that marks totals rows: their
 * cells are in the same states, and the files say the same of their number formats. */
static void loads_idle(void **state)
{
    static const size_t pieces[] = {1, 6, 4096};
    const struct load_case *c = *state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct schema *s = schema_of(a, c);
        uint32_t n_files = count_texts(c->files, 3);
        const struct table *read = load(a, s, c->files, n_files, pieces[i]);
        struct column *columns = arena_new_array(a, s->n_columns, struct column);
        for (uint32_t k = 0; k < s->n_columns; k++) {
            columns[k] = s->columns[k];
            columns[k].is_idle = s->n_totals == 0 || s->totals->column != k;
        }
        s->columns = columns;
        const struct table *t = load(a, s, c->files, n_files, pieces[i]);
        assert_int_equal(t->n, read->n);
        assert_int_equal(t->n_totals, read->n_totals);
        for (uint32_t k = 0; k < s->n_columns; k++) {
            const struct table_column *column = &t->columns[k];
            assert_int_equal(column->is_idle, columns[k].is_idle);
            assert_true(!column->is_idle || (!column->id && !column->coef));
            same_states(column, &read->columns[k], t->n);
            same_states(&t->totals_columns[k], &read->totals_columns[k], t->n_totals);
        }
        for (uint32_t k = 0; k < n_files; k++) {
            assert_int_equal(t->files[k].numbers, read->files[k].numbers);
        }
        arena_close(a);
    }
}

/* What --where names is read all the same. */
static void asked_columns_are_read(void **state)
{
    static const struct str asked[] = {{"c", 1}, {"z", 1}};
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct column columns[] = {{.name = {"t", 1}, .type = COLUMN_TEXT, .is_idle = true},
                               {.name = {"c", 1}, .type = COLUMN_COUNT, .is_idle = true}};
    struct schema s = {.columns = columns, .n_columns = 2, .period = ID_NONE};
    struct load_options options = {.asked = asked, .n_asked = 2};
    struct table *t = loader_finish(loader_open(a, &s, dict_new(a), &options));
    assert_true(t->columns[0].is_idle);
    assert_false(t->columns[1].is_idle);
    table_add_absent(a, t, 300);
    assert_int_equal(t->columns[0].state[299], CELL_ABSENT_ROW);
    assert_int_equal(t->columns[1].coef[299], 0);
    arena_close(a);
}

static const struct load_case plain = {.columns =
                                           "id text, p period, c count, y year, f flag"};

/* More rows than the first room, each column against what was written. */
static void many_rows_keep_their_values(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct schema *s =
        schema_of(a, &(struct load_case){.columns = "i text, c count, d decimal"});
    struct text t = text_in(a);
    text_add_z(&t, "i,c,d\n");
    for (int i = 0; i < 5000; i++) {
        text_printf(&t, "t%d,%d,%d.%d\n", i % 1500, i * 7, i, i % 10);
    }
    text_char(&t, '\0');
    const char *file = text_str(&t).p;
    struct table *table = load(a, s, &file, 1, 4096);
    assert_int_equal(table->n, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        struct text want = text_in(a);
        text_printf(&want, "t%d", (int)(i % 1500));
        assert_true(
            str_eq(dict_str(table->texts, table->columns[0].id[i]), text_str(&want)));
        assert_int_equal(table->columns[1].coef[i], i * 7);
        assert_int_equal(table->columns[2].coef[i], i * 10 + i % 10);
        assert_int_equal(table->records[i].number, i + 1);
        assert_int_equal(table->records[i].line, i + 2);
        assert_int_equal(table_file_of(table, i), 0);
    }
    assert_int_equal(table->columns[2].scale, 1);
    assert_true(table->columns[0].is_all_ok && table->columns[1].is_all_ok);
    assert_null(table->columns[1].decimals);
    arena_close(a);
}

static void places_of_records(void **state)
{
    static const char *const files[] = {"\n id,c\r\nx,1\r\n\r\n\"y\r\n\",2\r\n", "id\n",
                                        "id\nz\n"};
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct table *t = load(a, schema_of(a, &plain), files, 3, 2);
    assert_int_equal(t->n, 3);
    assert_int_equal(t->records[0].offset, 8);
    assert_int_equal(t->records[0].line, 3);
    assert_int_equal(t->records[1].offset, 15);
    assert_int_equal(t->records[1].line, 5);
    assert_int_equal(t->records[1].number, 2);
    assert_int_equal(t->records[2].number, 1);
    assert_int_equal(table_file_of(t, 1), 0);
    assert_int_equal(table_file_of(t, 2), 2);
    assert_int_equal(t->files[0].records, 2);
    assert_int_equal(t->files[0].bytes, strlen(files[0]));
    assert_int_equal(t->files[2].first_row, 2);
    assert_int_equal(t->files[1].n_rows, 0);
    assert_int_equal(t->files[0].delimiter, ',');
    assert_false(t->is_truncated);
    arena_close(a);
}

static void virtual_rows(void **state)
{
    static const char *const files[] = {"id,p,c,y,f\nx,2022,1,2022,x\n"};
    (void)state;
    for (uint32_t n = 1; n < 600; n += 299) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct table *t = load(a, schema_of(a, &plain), files, 1, 2);
        assert_true(t->columns[0].is_all_ok);
        table_add_absent(a, t, n);
        assert_int_equal(t->n_absent, n);
        table_set_id(t, 0, 1, dict_add(t->texts, STR("new")));
        table_set_when(t, 1, n, period_make(2023, PERIOD_HALF, 1));
        table_set_num(t, 3, 1, num_int(2024));
        table_set_flag(t, 4, n, true);
        assert_false(t->columns[0].is_all_ok);
        struct str shown = show_table(a, t);
        assert_true(str_starts(shown, STR("x|2022|1|2022|yes;new|")));
        assert_true(str_ends(shown, STR("|absent|2024|yes;")) || n > 1);
        assert_true(str_ends(shown, STR("absent|2023-H1|absent|absent|yes;")) || n == 1);
        arena_close(a);
    }
}

static void nothing_loaded(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct schema *s = schema_of(a, &plain);
    s->is_optional = true;
    struct table *t = load(a, s, NULL, 0, 1);
    assert_true(t->is_absent);
    assert_int_equal(t->n, 0);
    assert_false(t->columns[0].is_present);
    table_add_absent(a, t, 2);
    assert_int_equal(table_cell(&t->columns[0], 1).state, CELL_ABSENT_ROW);
    arena_close(a);
}

static void broken_file_keeps_whole_records(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct load_options options = {.numbers = NUMFMT_AUTO};
    struct loader *l = loader_open(a, schema_of(a, &plain), dict_new(a), &options);
    struct str text = STR("id,c\nx,1\ny,2\nz,~3");
    loader_file(l, STR("a.csv"), "UTF-8");
    loader_feed(l, text.p, text.n);
    loader_file_broken(l);
    struct table *t = loader_finish(l);
    assert_true(t->is_truncated);
    assert_int_equal(t->n, 2);
    arena_close(a);
}

static void limits_are_passed_on(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct load_options options = {.numbers = NUMFMT_AUTO, .limits = {.field = 3}};
    struct loader *l = loader_open(a, schema_of(a, &plain), dict_new(a), &options);
    struct str text = STR("id,c\nx,1\nlong,2\n");
    loader_file(l, STR("a.csv"), "UTF-8");
    loader_feed(l, text.p, text.n);
    assert_int_equal(loader_file_end(l), READER_FIELD_LIMIT);
    struct table *t = loader_finish(l);
    assert_int_equal(t->files[0].error_line, 3);
    assert_int_equal(t->n, 1);
    arena_close(a);
}

/* What a file with one more number in it says: the formats that can read that number. */
static const struct {
    const char *line;
    unsigned formats;
} evidences[] = {
    {"", 7},
    {"\"1,5\"\n", 1u << NUMFMT_VI},
    {"1.5\n", 1u << NUMFMT_EN | 1u << NUMFMT_PLAIN},
    {"\"1,234.5\"\n", 1u << NUMFMT_EN},
    {"\"1,5\"\n1.5\n", 0},
};

/* What number_read says of a cell in a file whose other cells leave `formats`. */
static void cell_is_as_read(const struct table *t, const struct schema *s,
                            struct str cell, unsigned formats)
{
    const struct table_column *c = &t->columns[0];
    struct number_reading r;
    struct num value;
    number_read(&s->columns[0], s->numbers, cell, &r);
    formats &= r.has_mark && r.formats ? r.formats : formats;
    if (r.formats == 0) {
        assert_int_equal(c->state[0], CELL_UNREADABLE);
    } else if (!number_settle(&r, formats ? formats : r.formats, &value)) {
        assert_int_equal(c->state[0], CELL_AMBIGUOUS);
    } else {
        assert_int_equal(c->state[0], CELL_OK);
        assert_true(num_eq(column_num(c, 0), value));
        uint32_t decimals = c->decimals ? c->decimals[0] : c->uniform_decimals;
        assert_int_equal(decimals, value.scale);
    }
}

/* The quick ways to read numbers agree with number_read on short texts, alone and among
 * others. */
static void quick_numbers_agree(void **state)
{
    static const char alphabet[] = {'0', '1', '7', '.', ',', '-', ' '};
    static const struct load_case decimal = {.columns = "d decimal"};
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    for (size_t i = 0; i < 7 * 7 * 7 * 7 * 7 * 7; i += 3) {
        struct schema *s = schema_of(a, &decimal);
        size_t other = i % COUNT_OF(evidences);
        bool is_declared = other == 0 && i % 2 == 0;
        s->numbers = is_declared ? (enum numfmt)(i % NUMFMT_COUNT) : NUMFMT_AUTO;
        char cell[7] = "";
        for (size_t k = 0, rest = i; k < 6; k++, rest /= sizeof alphabet) {
            cell[k] = alphabet[rest % sizeof alphabet];
        }
        struct text t = text_in(a);
        text_printf(&t, "d\n\"%s\"\n%s", cell, evidences[other].line);
        const char *file = str_copy(a, text_str(&t)).p;
        const struct table *table = load(a, s, &file, 1, 64);
        if (str_trim(str_of(cell)).n > 0) {
            cell_is_as_read(table, s, str_of(cell), evidences[other].formats);
        }
        arena_reset(a);
    }
    arena_close(a);
}

static void why_a_number_is_unreadable(void **state)
{
    static const struct {
        enum column_type type;
        enum numfmt format;
        const char *cell;
        enum numfmt_status why;
        bool is_misfit;
    } rows[] = {
        {COLUMN_COUNT, NUMFMT_AUTO, "1O", NUMFMT_LOOKALIKE, false},
        {COLUMN_COUNT, NUMFMT_AUTO, "12 HTX", NUMFMT_TRAILING, false},
        {COLUMN_COUNT, NUMFMT_AUTO, "1.5", NUMFMT_OK, true},
        {COLUMN_COUNT, NUMFMT_AUTO, "1.500", NUMFMT_OK, false},
        {COLUMN_YEAR, NUMFMT_AUTO, "22", NUMFMT_OK, true},
        {COLUMN_DECIMAL, NUMFMT_VI, "1.5", NUMFMT_GROUPING, false},
        {COLUMN_DECIMAL, NUMFMT_AUTO, "1.23E+05", NUMFMT_EXPONENT, false},
        {COLUMN_DECIMAL, NUMFMT_AUTO, "5%", NUMFMT_PERCENT, false},
        {COLUMN_DECIMAL, NUMFMT_AUTO, "#REF!", NUMFMT_EXCEL_ERROR, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct column c = {.type = rows[i].type};
        struct number_reading r;
        number_read(&c, rows[i].format, str_of(rows[i].cell), &r);
        assert_int_equal(r.why, rows[i].why);
        assert_int_equal(r.is_misfit, rows[i].is_misfit);
    }
}

static void coded_cells_of_a_schema(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct schema *s = schema_of(
        a, &(struct load_case){
               .columns = "a count", .missing = {"…"}, .zero = {"-"}, .na = {"x"}});
    assert_int_equal(schema_coded(a, s, STR(" … ")), CODED_MISSING);
    assert_int_equal(schema_coded(a, s, STR("")), CODED_MISSING);
    assert_int_equal(schema_coded(a, s, STR("-")), CODED_ZERO);
    assert_int_equal(schema_coded(a, s, STR("X")), CODED_NA);
    assert_int_equal(schema_coded(a, s, STR("5")), CODED_NONE);
    arena_close(a);
}

int main(void)
{
    static const struct CMUnitTest whole[] = {
        cmocka_unit_test(many_rows_keep_their_values),
        cmocka_unit_test(places_of_records),
        cmocka_unit_test(virtual_rows),
        cmocka_unit_test(nothing_loaded),
        cmocka_unit_test(broken_file_keeps_whole_records),
        cmocka_unit_test(limits_are_passed_on),
        cmocka_unit_test(quick_numbers_agree),
        cmocka_unit_test(why_a_number_is_unreadable),
        cmocka_unit_test(coded_cells_of_a_schema),
        cmocka_unit_test(asked_columns_are_read),
    };
    struct CMUnitTest tests[2 * COUNT_OF(cases) + COUNT_OF(whole)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        void *row = (void *)(uintptr_t)&cases[i];
        tests[n++] = (struct CMUnitTest){cases[i].name, loads, NULL, NULL, row};
        tests[n++] = (struct CMUnitTest){cases[i].name, loads_idle, NULL, NULL, row};
    }
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        tests[n++] = whole[i];
    }
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}

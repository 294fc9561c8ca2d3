/* Matching headers against schemas. A schema is written "name|other header,name2"; a
 * trailing '?' makes a column optional. */
#include "data/layout.h"
#include "data/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MANY 8

static uint32_t split(struct str s, char mark, struct str out[MANY])
{
    uint32_t n = 0;
    size_t start = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i == s.n || s.p[i] == mark) {
            assert_true(n < MANY);
            out[n++] = str_cut(s, start, i);
            start = i + 1;
        }
    }
    return n;
}

static struct schema *schema_of(struct arena *a, struct str spec)
{
    struct schema *s = arena_new(a, struct schema);
    struct column *columns = arena_new_array(a, MANY, struct column);
    struct str names[MANY];
    s->n_columns = split(spec, ',', names);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        struct str *headers = arena_new_array(a, MANY, struct str);
        columns[i].is_optional = str_ends(names[i], STR("?"));
        names[i].n -= columns[i].is_optional;
        columns[i].n_headers = split(names[i], '|', headers);
        columns[i].headers = headers;
        columns[i].name = headers[0];
    }
    s->columns = columns;
    return s;
}

static const struct layout_case {
    const char *name, *schema, *header, *want;
} cases[] = {
    {"in order", "a,b", "a,b", "a=0 b=1"},
    {"in another order", "a,b", "b,a", "a=1 b=0"},
    {"case and blanks", "mã đơn vị", "  MÃ   ĐƠN VỊ ", "mã đơn vị=0"},
    {"decomposed letters", "mã", "ma\xCC\x83", "mã=0"},
    {"tone placement", "toàn tỉnh hòa", "toàn tỉnh hoà", "toàn tỉnh hòa=0"},
    {"any accepted header", "u|Đơn vị|Tỉnh,c", "c,tỉnh", "u=1 c=0"},
    {"unknown ones are listed", "a", "x,a,y", "a=1 unknown x@0 unknown y@2"},
    {"missing ones are listed", "a,b,c?", "a", "a=0 b=- c=- missing b"},
    {"twice is not read", "a,b", "a,b,A,a", "a=- b=1 twice a"},
    {"twice by two accepted headers", "a|x", "a,x", "a=- twice a"},
    {"empty ones at the end do not count", "a", "a,, ", "a=0"},
    {"empty ones in between are unknown", "a,b", "a,,b", "a=0 b=2 unknown @1"},
    {"no header", "a", "", "a=- missing a"},
};

static void show_layout(struct text *t, const struct schema *s, const struct layout *l)
{
    for (uint32_t i = 0; i < s->n_columns; i++) {
        text_add(t, i > 0 ? STR(" ") : STR(""));
        text_add(t, s->columns[i].name);
        text_char(t, '=');
        if (l->field_of[i] == ID_NONE) {
            text_char(t, '-');
        } else {
            text_uint(t, l->field_of[i]);
        }
    }
    for (uint32_t i = 0; i < l->n_unknown; i++) {
        text_printf(t, " unknown " STR_FMT "@%d", STR_ARG(l->unknown_headers[i]),
                    (int)l->unknown_fields[i]);
    }
    for (uint32_t i = 0; i < l->n_missing; i++) {
        text_printf(t, " missing " STR_FMT, STR_ARG(s->columns[l->missing[i]].name));
    }
    for (uint32_t i = 0; i < l->n_duplicates; i++) {
        text_printf(t, " twice " STR_FMT, STR_ARG(s->columns[l->duplicates[i]].name));
    }
}

static void matches_header(void **state)
{
    const struct layout_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct schema *s = schema_of(a, str_of(c->schema));
    struct header_names names;
    struct layout layout;
    struct str fields[MANY];
    uint32_t n = split(str_of(c->header), ',', fields);
    header_names_init(a, s, &names);
    layout_init(a, &names, fields, n, &layout);
    struct text t = text_in(a);
    show_layout(&t, s, &layout);
    assert_string_equal(str_copy(a, text_str(&t)).p, c->want);
    for (uint32_t f = 0; f < layout.n_header; f++) {
        uint32_t column = layout.column_of[f];
        assert_true(column == ID_NONE || layout.field_of[column] == f);
    }
    arena_close(a);
}

static const struct fit_case {
    const char *name, *start;
    uint32_t want, missing;
} fits[] = {
    {"all known", "a,b,c\n1,2,3\n", 3, 0},
    {"some known", "b;x\n", 1, 2},
    {"a double counts once", "a,A\n", 1, 2},
    {"none known", "x,y\n", 0, 3},
    {"blank lines first", "\n,,\n\na,b\n", 2, 1},
    {"sep line first", "sep=;\na;b\n", 2, 1},
    {"only data behind", "x\na,b\n", 0, 3},
    {"cut within the header's line", "a,b,c", 3, 0},
    {"cut within quotes", "a,b,\"c", 2, 1},
    {"nothing", "", 0, 3},
};

static void fits_schema(void **state)
{
    const struct fit_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct schema *s = schema_of(a, STR("a,b,c"));
    struct header_fit fit = schema_fit(s, str_of(c->start), 0);
    assert_int_equal(fit.n_known, c->want);
    assert_int_equal(fit.n_missing, c->missing);
    assert_int_equal(header_fit_cmp(fit, schema_fit_in(a, s, str_of(c->start), 0)), 0);
    arena_close(a);
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(fits)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        void *row = (void *)(uintptr_t)&cases[i];
        tests[n++] = (struct CMUnitTest){cases[i].name, matches_header, NULL, NULL, row};
    }
    for (size_t i = 0; i < COUNT_OF(fits); i++) {
        void *row = (void *)(uintptr_t)&fits[i];
        tests[n++] = (struct CMUnitTest){fits[i].name, fits_schema, NULL, NULL, row};
    }
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}

/* Code lists: validity, aliases, successors, hierarchy, and reading them from CSV. */
#include "base/utf8.h"
#include "data/codelist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A merger: old 89 and 91 go over into the new 91, which later becomes 95; 90 is a late
 * comer. */
static const char provinces[] =
    "code,name,aliases,from,to,into,cluster\n"
    "89,An Giang,An Giang (cũ); ,,2025-06-30,91,TNSH\n"
    "91,Kiên Giang,Tỉnh Kiên Giang;Kien Giang,,30/6/2025,91,TNSH\n"
    "91,An Giang,Tỉnh An Giang,2025-07-01,2030-12-31,95,TNSH\n"
    "92,Cần Thơ,,,,,TNSH\n"
    "95,Miền Tây,,2031-01-01,,,TNSH\n"
    "TNSH,Tây Nam sông Hậu,,,,,VN\n"
    "01,Hà Nội,,,,,VN\n";

static const struct codelist_columns all_columns = {
    .code = {"CODE", 4},
    .label = {"name", 4},
    .alias = {"aliases", 7},
    .from = {"from", 4},
    .to = {"to", 2},
    .into = {"into", 4},
    .parent = {"cluster", 7},
};

static const struct codelist *list_in(struct arena *a)
{
    struct diags *d = diags_new(a);
    const struct codelist *l =
        codelist_from_csv(a, STR("p"), str_of(provinces), &all_columns, d, STR("p.csv"));
    assert_int_equal(diags_count(d), 0);
    assert_int_equal(l->n, 7);
    return l;
}

static int32_t day_of(const char *iso)
{
    int32_t day = DAY_MAX;
    assert_true(!iso || date_parse(str_of(iso), &day));
    return day;
}

static const struct at_case {
    const char *name, *code, *day, *want; /* day NULL: codelist_any */
} at_cases[] = {
    {"before the change", "91", "2025-06-30", "Kiên Giang"},
    {"on the day of the change", "91", "2025-07-01", "An Giang"},
    {"gone", "89", "2025-07-01", NULL},
    {"not yet", "95", "2025-07-01", NULL},
    {"open at both ends", "92", "1900-01-01", "Cần Thơ"},
    {"unknown", "77", "2025-07-01", NULL},
    {"any: the last in time", "91", NULL, "An Giang"},
    {"any: unknown", "77", NULL, NULL},
    {"codes fold", "tnsh", NULL, "Tây Nam sông Hậu"},
};

static void finds_entries(void **state)
{
    const struct at_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = list_in(a);
    struct str code = str_fold(a, str_of(c->code));
    const struct code_entry *e =
        c->day ? codelist_at(l, code, day_of(c->day)) : codelist_any(l, code);
    if (c->want) {
        assert_non_null(e);
        assert_true(str_eq(e->label, str_of(c->want)));
    } else {
        assert_null(e);
    }
    arena_close(a);
}

static void labels_and_aliases(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = list_in(a);
    const struct code_entry *e = &l->entries[1];
    assert_int_equal(e->n_aliases, 2);
    assert_int_equal(l->entries[0].n_aliases, 1);
    assert_int_equal(e->line, 3);
    assert_true(code_entry_named(e, str_fold(a, STR("KIÊN  giang"))));
    assert_true(code_entry_named(e, str_fold(a, STR("tỉnh Kiên Giang"))));
    assert_false(code_entry_named(e, str_fold(a, STR("An Giang"))));
    assert_false(code_entry_named(&l->entries[3], STR("")));
    arena_close(a);
}

static void first_spelling(void **state)
{
    static const struct code_entry entries[] = {
        {.code = {" Tg1", 4}, .from = DAY_MIN, .to = 0},
        {.code = {"TG1", 3}, .from = 1, .to = DAY_MAX},
    };
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = codelist_new(a, STR("l"), entries, 2);
    assert_true(str_eq(codelist_spelling(a, l, STR("tg1")), STR("Tg1")));
    assert_null(codelist_spelling(a, l, STR("x")).p);
    const struct codelist *empty = codelist_new(a, STR("e"), NULL, 0);
    assert_null(codelist_any(empty, STR("x")));
    arena_close(a);
}

static const struct before_case {
    const char *name, *code, *at, *day,
        *want; /* the entity of `code` at `at`; lines of those before it */
} before_cases[] = {
    {"two merged into one", "91", "2025-07-01", "2025-06-30", "2 3 "},
    {"through two changes", "95", "2031-01-01", "2024-12-31", "2 3 "},
    {"one change back", "95", "2031-01-01", "2030-12-31", "4 "},
    {"none", "92", "2025-07-01", "2025-06-30", ""},
    {"the entity itself is valid then", "91", "2025-07-01", "2026-06-30", ""},
};

static void finds_predecessors(void **state)
{
    const struct before_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = list_in(a);
    const struct code_entry *e = codelist_at(l, str_of(c->code), day_of(c->at));
    const struct code_entry **found;
    size_t n = codelist_predecessors(l, e, day_of(c->day), a, &found);
    struct text t = text_in(a);
    for (size_t i = 0; i < n; i++) {
        text_printf(&t, "%d ", (int)found[i]->line);
    }
    assert_string_equal(str_copy(a, text_str(&t)).p, c->want);
    arena_close(a);
}

static const struct member_case {
    const char *name, *group, *day, *want;
    bool children_only;
} member_cases[] = {
    {"leaves on a day", "tnsh", "2025-06-30", "89 91 92 ", false},
    {"leaves after the change", "tnsh", "2025-07-01", "91 92 ", false},
    {"leaves at any time, each once", "tnsh", NULL, "89 91 92 95 ", false},
    {"leaves through a group", "vn", "2025-07-01", "01 91 92 ", false},
    {"children are codes of one step", "vn", "2025-07-01", "01 TNSH ", true},
    {"no such group", "x", NULL, "", false},
    {"no children", "92", NULL, "", false},
};

static void finds_members(void **state)
{
    const struct member_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = list_in(a);
    struct str *codes;
    size_t n = codelist_members(l, str_of(c->group), day_of(c->day), c->children_only, a,
                                &codes);
    struct text t = text_in(a);
    for (size_t i = 0; i < n; i++) {
        text_add(&t, codes[i]);
        text_char(&t, ' ');
    }
    assert_string_equal(str_copy(a, text_str(&t)).p, c->want);
    arena_close(a);
}

/* A circle of parents, and of successors, ends. */
static void circles_end(void **state)
{
    static const struct code_entry entries[] = {
        {.code = {"a", 1}, .parent = {"b", 1}, .from = 0, .to = 9, .into = {"b", 1}},
        {.code = {"b", 1}, .parent = {"a", 1}, .from = 0, .to = 9, .into = {"a", 1}},
        {.code = {"c", 1}, .parent = {"c", 1}, .from = 0, .to = 9, .into = {"c", 1}},
    };
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = codelist_new(a, STR("l"), entries, 3);
    struct str *codes;
    const struct code_entry **found;
    assert_int_equal(codelist_members(l, STR("a"), DAY_MAX, false, a, &codes), 0);
    assert_int_equal(codelist_members(l, STR("c"), 5, false, a, &codes), 0);
    assert_int_equal(codelist_predecessors(l, &l->entries[0], -1, a, &found), 0);
    assert_int_equal(codelist_predecessors(l, &l->entries[2], -1, a, &found), 0);
    arena_close(a);
}

static const struct csv_case {
    const char *name, *text, *want; /* code, line and text of each diag; then entries */
} csv_cases[] = {
    {"all is well", "code,to,into\na,2020-01-31,b\nb,,\n", "2"},
    {"blank lines do not matter", "\ncode\n\na\n", "1"},
    {"semicolons", "code;name\na;x, y\n", "1"},
    {"unknown column", "cod,name\na,b\n", "D001@1 CODE | 0"},
    {"column twice", "code,Code\na,b\n", "D002@1 CODE | 0"},
    {"no header", "\n\n", "D003@0  | 0"},
    {"wrong number of fields", "code,name\na\nb,c,d\ne,f\n", "D004@2 1 | D004@3 3 | 1"},
    {"no code", "code,name\n,x\na,y\n", "D005@2 CODE | 1"},
    {"unreadable day", "code,from\na,2025-13-01\nb,1/2/2025\n", "D006@2 2025-13-01 | 2"},
    {"validity runs backwards", "code,from,to\na,2025-02-01,2025-01-31\n",
     "D007@2 2025-02-01 | 0"},
    {"validity overlaps", "code,from,to\na,,2025-01-31\nA,2025-01-31,\n", "D008@3 A | 2"},
    {"one day apart is fine", "code,from,to\na,,2025-01-31\na,2025-02-01,\n", "2"},
    {"the same line twice", "code\na\na\n", "D008@3 a | 2"},
    {"successor nowhere", "code,to,into\na,2025-01-31,x\n", "D009@2 a | 1"},
    {"successor not valid then", "code,from,to,into\na,,2025-01-31,b\nb,2025-03-01,,\n",
     "D010@2 a | 2"},
    {"successor without an end", "code,to,into\na,,b\nb,,\n", "D011@2 a | 2"},
    {"bad quotes", "code\na\n\"b\n", "D111@3  | 1"},
    {"a code whose line is left out is no unknown successor",
     "code,from,to,into\na,,2025-01-31,b\nb,2025-03-01,2025-02-01,\n",
     "D007@3 2025-03-01 | 1"},
    {"nor is it one that is not valid then",
     "code,from,to,into\na,,2025-01-31,b\nb,2025-03-01,2025-02-01,\nb,2025-05-01,,\n",
     "D007@3 2025-03-01 | 2"},
    {"a line too short may hold the successor", "code,to,into\na,2025-01-31,b\nb\n",
     "D004@3 1 | 1"},
    {"so may one without a code", "code,to,into\na,2025-01-31,b\n,2025-01-31,\n",
     "D005@3 CODE | 1"},
    {"so may what was not read", "code,to,into\na,2025-01-31,b\n\"b\n", "D111@3  | 1"},
    {"an unreadable day makes no overlap", "code,from\na,2025-13-01\na,2025-02-01\n",
     "D006@2 2025-13-01 | 2"},
    {"an unreadable last day is one", "code,to,into\na,2025-13-01,b\nb,,\n",
     "D006@2 2025-13-01 | 2"},
    {"no column of days, no overlap", "code,name\na,from\na,y\n", "D001@1 from | 2"},
    {"another successor is judged all the same",
     "code,from,to,into\na,,2025-01-31,c\nb,2025-03-01,2025-02-01,\n",
     "D007@3 2025-03-01 | D009@2 a | 1"},
};

static void reads_csv(void **state)
{
    const struct csv_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    struct codelist_columns columns = {.code = STR("CODE")};
    columns.label =
        str_find(str_of(c->text), STR("name")) != SIZE_MAX ? STR("name") : STR_NONE;
    columns.from =
        str_find(str_of(c->text), STR("from")) != SIZE_MAX ? STR("from") : STR_NONE;
    columns.to = str_find(str_of(c->text), STR("to")) != SIZE_MAX ? STR("to") : STR_NONE;
    columns.into =
        str_find(str_of(c->text), STR("into")) != SIZE_MAX ? STR("into") : STR_NONE;
    const struct codelist *l =
        codelist_from_csv(a, STR("l"), str_of(c->text), &columns, d, STR("l.csv"));
    struct text t = text_in(a);
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *g = diags_get(d, i);
        assert_true(str_eq(g->file.path, STR("l.csv")));
        assert_true(diag_text(a, g, LANG_VI).n > 0 && diag_text(a, g, LANG_EN).n > 0);
        text_printf(&t, "%s@%d " STR_FMT " | ", diag_info(g->id)->code, (int)g->file.line,
                    STR_ARG(g->args[0].p ? g->args[0] : STR("")));
    }
    text_uint(&t, l->n);
    assert_string_equal(str_copy(a, text_str(&t)).p, c->want);
    arena_close(a);
}

static const struct suggest_case {
    const char *name, *code, *want;
} suggest_cases[] = {
    {"the code of a name", "kiên giang", "91"},
    {"the code of an alias", "Tỉnh An Giang", "91"},
    {"a lost zero", "1", "01"},
    {"zeros too many", "0092", "92"},
    {"a letter for a zero", "O1", "01"},
    {"letters for digits", "ol", "01"},
    {"nothing for a short code", "93", NULL},
    {"nothing for a swapped one", "19", NULL},
    {"the nearest of long ones", "TNHS", "TNSH"},
    {"not a short one for a long one", "0191", NULL},
    {"nothing for nothing", "", NULL},
};

static void suggests_a_code(void **state)
{
    const struct suggest_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str got = codelist_suggest(a, list_in(a), str_of(c->code));
    assert_int_equal(got.p != NULL, c->want != NULL);
    assert_true(!c->want || str_eq(got, str_of(c->want)));
    arena_close(a);
}

static void suggests_none_of_two(void **state)
{
    static const struct code_entry entries[] = {
        {.code = {"1", 1}, .from = DAY_MIN, .to = DAY_MAX},
        {.code = {"01", 2}, .from = DAY_MIN, .to = DAY_MAX},
    };
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    const struct codelist *l = codelist_new(a, STR("l"), entries, 2);
    assert_null(codelist_suggest(a, l, STR("001")).p);
    assert_null(codelist_suggest(a, l, STR("0")).p);
    arena_close(a);
}

static void suggests_a_column(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    struct codelist_columns columns = {.code = STR("unit_code")};
    codelist_from_csv(a, STR("l"), STR("unit_cod,x\n"), &columns, d, STR("l.csv"));
    assert_int_equal(diags_count(d), 1);
    assert_true(str_find(diags_get(d, 0)->hint_en, STR("\"unit_cod\"")) != SIZE_MAX);
    arena_close(a);
}

/* One test per row of a table. */
#define ADD_ROWS(rows, function)                                                         \
    for (size_t i = 0; i < COUNT_OF(rows); i++) {                                        \
        void *row = (void *)(uintptr_t) & (rows)[i];                                     \
        tests[n++] = (struct CMUnitTest){(rows)[i].name, (function), NULL, NULL, row};   \
    }

int main(void)
{
    static const struct CMUnitTest whole[] = {
        cmocka_unit_test(labels_and_aliases), cmocka_unit_test(first_spelling),
        cmocka_unit_test(circles_end),        cmocka_unit_test(suggests_none_of_two),
        cmocka_unit_test(suggests_a_column),
    };
    struct CMUnitTest tests[COUNT_OF(at_cases) + COUNT_OF(before_cases) +
                            COUNT_OF(member_cases) + COUNT_OF(csv_cases) +
                            COUNT_OF(suggest_cases) + COUNT_OF(whole)];
    size_t n = 0;
    ADD_ROWS(at_cases, finds_entries)
    ADD_ROWS(before_cases, finds_predecessors)
    ADD_ROWS(member_cases, finds_members)
    ADD_ROWS(csv_cases, reads_csv)
    ADD_ROWS(suggest_cases, suggests_a_code)
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        tests[n++] = whole[i];
    }
    return cmocka_run_group_tests_name("codelist", tests, NULL, NULL);
}

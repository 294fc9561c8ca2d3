/* The sink, and the catalogue: every entry is complete and says the same in both
 * languages. */
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const ids[] = {
#define DIAG(id, ...) #id,
#include "base/diag.def"
#undef DIAG
};

/* A bit for each argument the template names, all bits where it is malformed. */
static unsigned arguments_of(const char *text)
{
    unsigned named = 0;
    for (const char *p = text; *p; p++) {
        if ((p[0] == '{' || p[0] == '}') && p[1] == p[0]) {
            p++;
        } else if (p[0] == '{') {
            bool is_argument = p[1] >= '0' && p[1] < '0' + DIAG_ARGS && p[2] == '}';
            named = is_argument ? named | 1u << (p[1] - '0') : ~0u;
            p += is_argument ? 2 : 0;
        }
    }
    return named;
}

static char kind_of(const char *id)
{
    return strncmp(id, "RULE_", 5) == 0   ? 'R'
           : strncmp(id, "DATA_", 5) == 0 ? 'D'
           : strncmp(id, "LINT_", 5) == 0 ? 'L'
           : strncmp(id, "USE_", 4) == 0  ? 'U'
                                          : '?';
}

static void assert_two_languages(const char *const texts[2])
{
    assert_true(texts[LANG_VI][0] && texts[LANG_EN][0]);
    assert_string_not_equal(texts[LANG_VI], texts[LANG_EN]);
}

/* The pieces of rules in `…`; fails where one is not closed. */
static size_t quoted_pieces(const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        n += *p == '`';
    }
    assert_int_equal(n % 2, 0);
    return n / 2;
}

static bool names_an_argument(struct str s)
{
    for (size_t i = 0; i + 2 < s.n; i++) {
        if (s.p[i] == '{' && s.p[i + 1] >= '0' && s.p[i + 1] < '0' + DIAG_ARGS &&
            s.p[i + 2] == '}') {
            return true;
        }
    }
    return false;
}

/* What `soat explain` says of it is for people: no bare arguments, and the same examples
 * in both languages. */
static void assert_readable(enum diag_id id)
{
    const struct diag_info *info = diag_info(id);
    struct arena *a = arena_open(&mem_libc_hook);
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        struct str outline = diag_outline(a, id, (enum diag_lang)lang);
        assert_true(outline.n > 0 && !names_an_argument(outline));
        assert_false(names_an_argument(str_of(info->about[lang])));
        assert_false(names_an_argument(str_of(info->remedy[lang])));
    }
    assert_int_equal(quoted_pieces(info->remedy[LANG_VI]),
                     quoted_pieces(info->remedy[LANG_EN]));
    arena_close(a);
}

static void entry_is_complete(void **state)
{
    size_t i = (size_t)((const char *const *)*state - ids);
    const struct diag_info *info = diag_info((enum diag_id)i);
    assert_int_equal(info->code[0], kind_of(ids[i]));
    assert_int_equal(strlen(info->code), 4);
    for (size_t at = 1; at < 4; at++) {
        assert_in_range(info->code[at], '0', '9');
    }
    assert_two_languages(info->title);
    assert_two_languages(info->text);
    assert_two_languages(info->about);
    assert_two_languages(info->remedy);
    for (size_t lang = LANG_VI; lang <= LANG_EN; lang++) {
        assert_true(arguments_of(info->text[lang]) < 1u << DIAG_ARGS);
        assert_string_not_equal(info->about[lang], info->remedy[lang]);
    }
    /* a word that differs by language is one argument in each */
    assert_int_equal(__builtin_popcount(arguments_of(info->text[LANG_VI])),
                     __builtin_popcount(arguments_of(info->text[LANG_EN])));
    assert_readable((enum diag_id)i);
}

static void codes_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        for (size_t j = 0; j < i; j++) {
            const char *code = diag_info((enum diag_id)i)->code;
            if (strcmp(code, diag_info((enum diag_id)j)->code) == 0) {
                fail_msg("%s is the code of %s and %s", code, ids[j], ids[i]);
            }
        }
    }
}

static void text_is_filled_in(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    struct diag *one = diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){0, 1, 2});
    one->args[0] = STR("{1}");
    one->args[1] = STR("số 5");
    assert_true(str_eq(diag_text(a, one, LANG_VI), STR("gặp {1}, cần số 5")));
    assert_true(str_eq(diag_text(a, one, LANG_EN), STR("found {1}, expected số 5")));
    arena_close(a);
}

static void outline_has_dots_for_arguments(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    assert_true(str_eq(diag_outline(a, DIAG_ID_RULE_SYNTAX, LANG_EN),
                       STR("found …, expected …")));
    assert_true(str_starts(diag_outline(a, DIAG_ID_RULE_HOLE_OPEN, LANG_EN),
                           STR("the hole opened by { has no }")));
    arena_close(a);
}

static void a_new_diag_is_empty_but_for_its_place(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    assert_ptr_equal(diags_arena(d), a);
    struct diag *one = diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){3, 1, 2});
    assert_int_equal(one->n_places, 1);
    assert_int_equal(one->places[0].span.src, 3);
    assert_null(one->file.path.p);
    assert_true(one->file.byte == UINT64_MAX);
    assert_null(one->hint.p);
    struct diag *two = diag_file(d, DIAG_ID_RULE_SYNTAX, STR("a.csv"), 7);
    assert_int_equal(two->n_places, 0);
    assert_true(span_is_none(two->places[0].span));
    assert_true(two->file.line == 7 && str_eq(two->file.path, STR("a.csv")));
    assert_ptr_equal(diags_get(d, 0), one);
    assert_ptr_equal(diags_get(d, 1), two);
    arena_close(a);
}

static void places_beyond_the_last_are_dropped(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diag *one = diag_at(diags_new(a), DIAG_ID_RULE_SYNTAX, (struct span){0, 0, 1});
    diag_place(one, SPAN_NONE, STR("nowhere"));
    for (uint32_t i = 1; i < 10; i++) {
        diag_place(one, (struct span){0, i, i + 1}, STR("also here"));
    }
    assert_int_equal(one->n_places, DIAG_PLACES);
    assert_int_equal(one->places[DIAG_PLACES - 1].span.lo, DIAG_PLACES - 1);
    assert_true(str_eq(one->places[1].label, STR("also here")));
    arena_close(a);
}

static void show(struct text *out, const struct diag *one)
{
    if (one->n_places > 0) {
        struct span at = one->places[0].span;
        text_printf(out, "%u:%u-%u", (unsigned)at.src, (unsigned)at.lo, (unsigned)at.hi);
    } else {
        text_printf(out, STR_FMT ":%u", STR_ARG(one->file.path),
                    (unsigned)one->file.line);
    }
    text_printf(out, "/%s/" STR_FMT " ", diag_info(one->id)->code, STR_ARG(one->args[0]));
}

static void sorting_orders_and_drops_what_is_identical(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    for (int pass = 0; pass < 3; pass++) {
        diag_file(d, DIAG_ID_RULE_SYNTAX, STR("b.csv"), 1);
        diag_file(d, DIAG_ID_RULE_SYNTAX, STR("a.csv"), 10);
        diag_file(d, DIAG_ID_RULE_SYNTAX, STR("a.csv"), 9);
        diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){1, 0, 1});
        diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){0, 20, 21});
        diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){0, 3, 9})->args[0] = STR("z");
        diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){0, 3, 9})->args[0] = STR("y");
        diag_at(d, DIAG_ID_RULE_SYNTAX, (struct span){0, 3, 4});
    }
    assert_int_equal(diags_count(d), 24);
    assert_int_equal(diags_errors(d), 24);
    diags_sort(d);
    struct text got = text_in(a);
    for (size_t i = 0; i < diags_count(d); i++) {
        show(&got, diags_get(d, i));
    }
    assert_string_equal(str_copy(a, text_str(&got)).p,
                        "0:3-4/R001/ 0:3-9/R001/y 0:3-9/R001/z 0:20-21/R001/ 1:0-1/R001/ "
                        "a.csv:9/R001/ a.csv:10/R001/ b.csv:1/R001/ ");
    diags_sort(d);
    assert_int_equal(diags_count(d), 8);
    arena_close(a);
}

static void what_differs_only_further_on_is_kept(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    struct span at = {0, 1, 2};
    diag_at(d, DIAG_ID_RULE_SYNTAX, at);
    diag_at(d, DIAG_ID_RULE_SYNTAX, at)->hint = STR("gần nhất: a");
    diag_at(d, DIAG_ID_RULE_SYNTAX, at)->hint_en = STR("nearest: a");
    diag_place(diag_at(d, DIAG_ID_RULE_SYNTAX, at), at, STR_NONE);
    diag_place(diag_at(d, DIAG_ID_RULE_SYNTAX, at), at, STR("a"));
    diag_at(d, DIAG_ID_RULE_SYNTAX, at)->file.byte = 4;
    diags_sort(d);
    assert_int_equal(diags_count(d), 6);
    arena_close(a);
}

static void an_empty_sink_sorts(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *d = diags_new(a);
    diags_sort(d);
    assert_int_equal(diags_count(d), 0);
    assert_int_equal(diags_errors(d), 0);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(codes_are_unique),
        cmocka_unit_test(text_is_filled_in),
        cmocka_unit_test(outline_has_dots_for_arguments),
        cmocka_unit_test(a_new_diag_is_empty_but_for_its_place),
        cmocka_unit_test(places_beyond_the_last_are_dropped),
        cmocka_unit_test(sorting_orders_and_drops_what_is_identical),
        cmocka_unit_test(what_differs_only_further_on_is_kept),
        cmocka_unit_test(an_empty_sink_sorts),
    };
    struct CMUnitTest tests[COUNT_OF(ids) + COUNT_OF(others)];
    size_t n = 0;
    for (; n < COUNT_OF(ids); n++) {
        tests[n] = (struct CMUnitTest){ids[n], entry_is_complete, NULL, NULL,
                                       (void *)(uintptr_t)&ids[n]};
    }
    memcpy(tests + n, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Messages: texts, holes, braces and escapes; what is wrong is reported at its place. */
#include "lang/parse.h"
#include "parse_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* want: texts as 'text', holes as (tree); the token begins at column 3 */
static const struct template_case {
    const char *name, *token, *want, *diags;
} cases[] = {
    {"empty", "\"\"", "", ""},
    {"text", "\"abc\"", "'abc'", ""},
    {"hole", "\"{a}\"", "(a)", ""},
    {"text_and_holes", "\"x {a} − {b + 1}!\"", "'x ' (a) ' − ' ((+ b 1)) '!'", ""},
    {"holes_side_by_side", "\"{a}{b}\"", "(a) (b)", ""},
    {"blanks_in_a_hole", "\"{ a }\"", "(a)", ""},
    {"braces", "\"{{a}} {{{b}}}\"", "'{a} {' (b) '}'", ""},
    {"braces_alone", "\"}}{{\"", "'}{'", ""},
    {"escapes", "\"a\\n\\\"{b}\\\" \\u{1EBF}\\\\\"", "'a<0A>\"' (b) '\" ế\\'", ""},
    {"escaped_brace_is_no_hole", "\"\\u{7B}a\\u{7D}\"", "'{a}'", ""},
    {"raw", "'a\\n{b}'", "'a\\n' (b)", ""},
    {"raw_with_text_in_a_hole", "'{label(c, \"x\")}'", "((call label c 'x'))", ""},
    {"set_in_a_hole", "\"{if a in {1, 2} then b else c}.\"",
     "((if (in-set a 1 2) b c)) '.'", ""},
    {"text_in_a_hole", "\"{if a = '}' then '{' else 'x'}\"", "((if (= a '}') '{' 'x'))",
     ""},
    {"pattern_in_a_hole", "\"{a matches '^\\d+$'}\"", "((matches a '^\\d+$'))", ""},
    {"lookup_in_a_hole", "\"{list(rows[x < 5].unit)}\"",
     "((call list (look rows [(< x 5)] .unit)))", ""},
    {"apostrophe_between_holes", "\"{a}'s {b}\"", "(a) ''s ' (b)", ""},
    {"percent_and_points", "\"100% … {a}\"", "'100% … ' (a)", ""},

    {"hole_unclosed", "\"a {b\"", "'a '", "R036 1:6"},
    {"hole_unclosed_by_a_text", "\"a {b = '} c\"", "'a ' ((= b !)) ' c'", "R027 1:11"},
    {"hole_unclosed_before_another", "\"{a {b}\"", "", "R036 1:4"},
    {"hole_empty", "\"a {} b\"", "'a ' ' b'", "R037 1:6"},
    {"hole_blank", "\"{  }\"", "", "R037 1:4"},
    {"brace_too_many", "\"a} b\"", "'a'", "R039 1:5"},
    {"brace_behind_a_hole", "\"{a}} b\"", "(a)", "R039 1:7"},
    {"escape_unknown", "\"a\\d {b}\"", "'a ' (b)", "R028 1:5"},
    {"escapes_unknown_are_told_once", "\"\\d{b}\\s\"", "(b)", "R028 1:4"},
    {"hole_wrong", "\"x {a + } y\"", "'x ' (!) ' y'", "R038 1:10"},
    {"hole_of_two_values", "\"{a b}\"", "(!)", "R001 1:7"},
    {"hole_with_an_escape", "\"{a = \\\"x\\\"}\"", "(!)", "R022 1:9"},
    {"hole_with_a_format", "\"{a:0.1}\"", "(!)", "R001 1:6"},
    {"two_holes_wrong", "\"{a +} {* b}\"", "(!) ' ' (!)", "R038 1:8; R006 1:11"},
};

static void print_pieces(struct text *out, const struct sources *sources,
                         const struct template_piece *pieces, size_t n, struct diags *d)
{
    for (size_t i = 0; i < n; i++) {
        struct str written = source_text(sources, pieces[i].at.src);
        text_add_z(out, i > 0 ? " " : "");
        if (pieces[i].is_hole) {
            assert_true(str_eq(pieces[i].text,
                               str_cut(written, pieces[i].at.lo, pieces[i].at.hi)));
            struct node *n_hole = parse_hole(out->a, sources, pieces[i].at, d);
            assert_true(node_is_sound(n_hole));
            text_char(out, '(');
            print_node(out, n_hole);
            text_char(out, ')');
        } else {
            assert_true(pieces[i].text.n > 0);
            print_quoted(out, pieces[i].text);
        }
    }
}

static void pieces(void **state)
{
    const struct template_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct sources *sources = sources_new(a);
    struct diags *d = diags_new(a);
    struct text source = text_in(a), got = text_in(a), diags = text_in(a);
    text_printf(&source, "vi%s en", t->token);
    uint32_t src = sources_add(sources, STR("t"), text_str(&source));
    struct span token = {src, 2, 2 + (uint32_t)strlen(t->token)};
    const struct template_piece *items = NULL;
    size_t n = parse_template(a, sources, token, &items, d);
    print_pieces(&got, sources, items, n, d);
    print_diags(&diags, d, sources);
    assert_string_equal(str_copy(a, text_str(&diags)).p, t->diags);
    assert_string_equal(str_copy(a, text_str(&got)).p, t->want);
    arena_close(a);
}

static void every_cut_is_read(void **state)
{
    (void)state;
    static const char body[] =
        "x {a in {1, 'b}'} ?\?} {{}} \\u{1EBF} {c(\"d\")}} {e \\\" {";
    for (size_t lo = 0; lo < sizeof body; lo++) {
        for (size_t hi = lo; hi < sizeof body; hi++) {
            struct arena *a = arena_open(&mem_libc_hook);
            struct sources *sources = sources_new(a);
            struct diags *d = diags_new(a);
            struct text source = text_in(a), got = text_in(a);
            text_char(&source, '"');
            text_add(&source, (struct str){body + lo, hi - lo});
            text_char(&source, '"');
            struct span token = {0, 0, (uint32_t)source.n};
            sources_add(sources, STR("t"), text_str(&source));
            const struct template_piece *items = NULL;
            size_t n = parse_template(a, sources, token, &items, d);
            print_pieces(&got, sources, items, n, d);
            arena_close(a);
        }
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + 1];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[n++] = (struct CMUnitTest){.name = cases[i].name,
                                         .test_func = pieces,
                                         .initial_state = (void *)(uintptr_t)&cases[i]};
    }
    tests[n] = (struct CMUnitTest)cmocka_unit_test(every_cut_is_read);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

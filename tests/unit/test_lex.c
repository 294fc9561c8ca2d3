/* The lexer: every form of token, and every way to get one wrong, with its place. */
#include "lang/lex.h"
#include "parse_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* tokens: names, reserved words and marks as written, numbers as #value, texts as
 * 'value', blocks as <value>; ! is nothing, ? behind a token says that it was reported.
 */
static const struct token_case {
    const char *name, *source, *tokens, *diags;
} cases[] = {
    {"empty", "", "", ""},
    {"blanks_only", " \t\r\n ", "", ""},
    {"comment_only", "# một chú thích { \" '", "", ""},
    {"comment_ends_with_its_line", "a # b\nc", "a c", ""},
    {"mark_at_the_start_is_passed_over", "\xEF\xBB\xBFsoat 1", "soat #1", ""},
    {"mark_elsewhere_is_an_odd_blank", "a \xEF\xBB\xBF b", "a b", "R045 1:3"},

    {"word", "htx_total A9 _x", "htx_total A9 _x", ""},
    {"word_case_matters", "And and", "And and", ""},
    {"words_reserved",
     "and or not implies in is as at matches if then else this true false",
     "and or not implies in is as at matches if then else this true false", ""},
    {"words_soft", "any period rows date vi", "any period rows date vi", ""},
    {"word_with_vietnamese_letters", "htx_mới = 1", "htx_mới? = #1", "R024 1:1"},
    {"word_of_vietnamese_letters_only", "đầu_kỳ", "đầu_kỳ?", "R024 1:1"},
    {"word_next_to_a_mark", "a=b", "a = b", ""},

    {"number", "0 7 1968", "#0 #7 #1968", ""},
    {"number_groups", "1_968 1_000_000.25", "#1968 #1000000.25", ""},
    {"number_with_a_group_behind_the_point", "0.123_456", "#0.123456", ""},
    {"number_range", "1..5", "#1 .. #5", ""},
    {"number_range_of_fractions", "0.5..1.5", "#0.5 .. #1.5", ""},
    {"number_then_point", "1.", "#1 .", ""},
    {"number_then_percent", "3.5%", "#3.5 %", ""},
    {"number_of_38_digits", "12345678901234567890123456789012345678",
     "#12345678901234567890123456789012345678", ""},
    {"number_letter_behind", "7htx", "#?", "R025 1:1"},
    {"number_letter_behind_a_fraction", "a = 0.5x + 1", "a = #? + #1", "R025 1:5"},
    {"number_mark_behind", "1_ 2", "#? #2", "R025 1:1"},
    {"number_two_marks", "1__0", "#?", "R025 1:1"},
    {"number_vietnamese_letter_behind", "12đồng", "#?", "R025 1:1"},
    {"number_like_a_date", "1.2.3", "#1.2 . #3", ""},

    {"string", "\"abc\" 'abc'", "'abc' 'abc'", ""},
    {"string_empty", "\"\" ''", "'' ''", ""},
    {"string_escapes", "\"a\\\"b\\\\c\\nd\\te\"", "'a\"b\\c<0A>d<09>e'", ""},
    {"string_code_points", "\"\\u{1EBF}\\u{41}\"", "'ếA'", ""},
    {"string_raw_has_no_escapes", "'^\\d+\\u{41}\"$'", "'^\\d+\\u{41}\"$'", ""},
    {"string_of_the_other_mark", "\"'\" '\"'", "''' '\"'", ""},
    {"string_keeps_a_hash", "\"# no comment\" x", "'# no comment' x", ""},
    {"string_next_to_words", "vi\"a\"en'b'", "vi 'a' en 'b'", ""},
    {"string_escape_unknown", "\"a\\d\" b", "'a' b", "R028 1:3"},
    {"string_escapes_unknown_are_told_once", "\"\\d+\\s\"", "'+'", "R028 1:2"},
    {"string_escape_of_nothing", "\"\\u{}\"", "''", "R028 1:2"},
    {"string_escape_without_braces", "\"\\u1EBF\"", "'1EBF'", "R028 1:2"},
    {"string_escape_not_closed", "\"\\u{41\"", "'{41'", "R028 1:2"},
    {"string_escape_too_large", "\"\\u{110000}\"", "''", "R028 1:2"},
    {"string_escape_surrogate", "\"\\u{D800}\"", "''", "R028 1:2"},
    {"string_escape_zero", "\"\\u{0}\"", "''", "R028 1:2"},
    {"string_escape_of_a_letter", "\"\\đ\"", "''", "R028 1:2"},
    {"string_unclosed_at_line_end", "\"abc\nx", "'abc'? x", "R027 1:1"},
    {"string_unclosed_at_file_end", "a 'abc", "a 'abc'?", "R027 1:3"},
    {"string_unclosed_takes_brackets_along", "a \"b } c\nd", "a 'b } c'? d", "R027 1:3"},
    {"string_ends_with_an_escaped_mark", "\"abc\\\"\nx", "'abc'? x", "R027 1:1"},
    {"string_curly", "“xin chào” a", "'xin chào'? a", "R023 1:1"},
    {"string_curly_and_straight", "“xin chào\" a", "'xin chào\"'? a", "R023 1:1"},
    {"string_curly_single", "‘a’", "'a'?", "R023 1:1"},
    {"string_guillemets", "«a»", "'a'?", "R023 1:1"},
    {"string_curly_unclosed", "“abc\nx", "'abc'? x", "R027 1:1"},

    {"block", "\"\"\"\n  a,b\n  1,2\n  \"\"\" x", "<a,b<0A>1,2<0A>> x", ""},
    {"block_keeps_deeper_indent", "\"\"\"\n  a\n    b\n\"\"\"", "<a<0A>  b<0A>>", ""},
    {"block_blank_lines_do_not_count", "\"\"\"\n  a\n\n  b\n\"\"\"", "<a<0A><0A>b<0A>>",
     ""},
    {"block_tabs_and_blanks_share_no_indent", "\"\"\"\n\ta\n  b\n\"\"\"",
     "<<09>a<0A>  b<0A>>", ""},
    {"block_empty", "\"\"\"\n\"\"\"", "<>", ""},
    {"block_holds_marks_and_quotes", "\"\"\"\n{\"a\"} # '\n\"\"\"", "<{\"a\"} # '<0A>>",
     ""},
    {"block_marks_inside_a_line_do_not_close", "\"\"\"\na \"\"\" b\n\"\"\"",
     "<a \"\"\" b<0A>>", ""},
    {"block_with_crlf", "\"\"\"\r\n a\r\n \"\"\"\r\nx", "<a<0D><0A>> x", ""},
    {"block_unclosed", "\"\"\"\na\nb", "<a<0A>b>?", "R029 1:1"},
    {"block_on_one_line", "\"\"\"a\"\"\" b\nc", "<>? c", "R029 1:1"},
    {"block_text_behind_the_opening", "\"\"\" a\nb\n\"\"\" c", "<b<0A>>? c", "R030 1:4"},

    {"marks", "{ } [ ] ( ) , . .. : | = != < <= > >= ?? + - * / %",
     "{ } [ ] ( ) , . .. : | = != < <= > >= ?? + - * / %", ""},
    {"marks_longest_first", "<=>=!=??..=", "<= >= != ?? .. =", ""},
    {"marks_three_points", "...", ".. .", ""},
    {"mistakes", "a == b && c || d", "a = b and c or d", "R023 1:3; R023 1:8; R023 1:13"},
    {"mistakes_of_marks", "a <> b =< !c", "a != b <= not c",
     "R023 1:3; R023 1:8; R023 1:11"},
    {"mistakes_typographic", "a − b × c ≤ d", "a - b * c <= d",
     "R023 1:3; R023 1:7; R023 1:11"},
    {"mistake_ellipsis", "1 … 5", "#1 .. #5", "R023 1:3"},
    {"semicolon_is_passed_over", "a;;\nb", "a b", "R022 1:2"},
    {"character_unknown", "a $ b", "a ! b", "R022 1:3"},
    {"question_mark_alone", "a ? b", "a ! b", "R022 1:3"},
    {"blank_of_a_word_processor", "a\xC2\xA0= b", "a = b", "R045 1:2"},
    {"blank_of_no_width", "a\xE2\x80\x8B b", "a b", "R045 1:2"},
};

static void print_token(struct text *out, struct lexer *lx, struct token t)
{
    struct str written = lex_text(lx, t);
    struct num value = num_int(0);
    text_add_z(out, out->n > 0 ? " " : "");
    if (t.kind == TOK_NUMBER) {
        text_char(out, '#');
        if (!t.is_bad) {
            assert_true(lex_number(out->a, written, &value));
            text_add(out, num_str(out->a, value));
        }
    } else if (t.kind == TOK_STRING) {
        print_quoted(out, lex_string(out->a, t.is_bad ? NULL : lx, written, t.at.lo));
    } else if (t.kind == TOK_BLOCK) {
        struct text inner = text_in(out->a);
        print_quoted(&inner, lex_block(out->a, written));
        struct str quoted = text_str(&inner);
        text_char(out, '<');
        text_add(out, str_cut(quoted, 1, quoted.n - 1));
        text_char(out, '>');
    } else if (t.kind == TOK_NAME) {
        text_add(out, written);
    } else {
        text_add_z(out, t.kind == TOK_BAD ? "!" : lex_spelling(t.kind));
    }
    text_add_z(out, t.is_bad ? "?" : "");
}

static void tokens(void **state)
{
    const struct token_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct sources *sources = sources_new(a);
    struct diags *d = diags_new(a);
    uint32_t src = sources_add(sources, STR("t"), str_of(t->source));
    struct lexer lx = lex_open(sources, src, 0, (uint32_t)strlen(t->source), d);
    struct text got = text_in(a), diags = text_in(a);
    for (struct token k = lex_next(&lx); k.kind != TOK_END; k = lex_next(&lx)) {
        print_token(&got, &lx, k);
    }
    print_diags(&diags, d, sources);
    assert_string_equal(str_copy(a, text_str(&got)).p, t->tokens);
    assert_string_equal(str_copy(a, text_str(&diags)).p, t->diags);
    arena_close(a);
}

/* Bytes that may stand nowhere. */
static const struct byte_case {
    const char *name;
    struct str source;
    bool is_text;
    const char *diags;
} bytes[] = {
    {"bytes_plain", {"soat 1\r\n\tunit a \"đồng\"\n", 24}, true, ""},
    {"bytes_invalid_utf8_first_place", {"a\nb \xFF c \xFE", 9}, true, "R019 2:3"},
    {"bytes_cut_sequence", {"a \xE1\xBA", 4}, true, "R019 1:3"},
    {"bytes_overlong", {"\xC0\xAF", 2}, true, "R019 1:1"},
    {"bytes_utf16", {"\xFF\xFEs\0o\0a\0t\0", 10}, false, "R019 1:1"},
    {"bytes_utf16_without_mark", {"s\0o\0a\0t\0", 8}, false, "R020 1:2"},
    {"bytes_zero", {"unit abcdef\0 \"x\"", 16}, true, "R020 1:12"},
    {"bytes_control", {"a \x01 b \x1B\x1B c", 10}, true, "R020 1:3; R020 1:7"},
    {"bytes_delete_and_c1", {"a\x7F \xC2\x85", 5}, true, "R020 1:2; R020 1:4"},
    {"bytes_return_alone", {"a\rb\r\n", 5}, true, "R020 1:2"},
    {"bytes_bidi", {"\"\xE2\x80\xAE\" # \xE2\x81\xA6", 11}, true, "R021 1:2; R021 1:7"},
    {"bytes_control_in_text_and_comment",
     {"\"\x02\" # \x03", 7},
     true,
     "R020 1:2; R020 1:7"},
};

static void forbidden_bytes(void **state)
{
    const struct byte_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct sources *sources = sources_new(a);
    struct diags *d = diags_new(a);
    uint32_t src = sources_add(sources, STR("t"), t->source);
    struct lexer lx = lex_open(sources, src, 0, (uint32_t)t->source.n, d);
    struct text diags = text_in(a);
    assert_true(lex_check_bytes(&lx) == t->is_text);
    print_diags(&diags, d, sources);
    assert_string_equal(str_copy(a, text_str(&diags)).p, t->diags);
    size_t n = 0;
    while (lex_next(&lx).kind != TOK_END) {
        assert_true(++n <= t->source.n);
    }
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)(uintptr_t)state};
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(bytes)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[n++] = row(cases[i].name, tokens, &cases[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        tests[n++] = row(bytes[i].name, forbidden_bytes, &bytes[i]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

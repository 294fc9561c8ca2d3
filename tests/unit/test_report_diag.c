/* Diagnostics as people see them, whole outputs. A row gives a rule text, the words that
 * are marked in it, and the exact picture. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

struct mark {
    const char *at;    /* the first place in the text where this stands; NULL: none */
    size_t n;          /* bytes that are marked from there on */
    const char *label; /* NULL: none */
};

static const struct diag_case {
    const char *name;
    enum diag_lang lang;
    bool has_color;
    const char *text;
    struct mark marks[DIAG_PLACES];
    const char *args[2], *hint, *hint_en;
    const char *file;
    uint64_t line, byte;
    const char *want;
} cases[] = {
{"place_mark_and_remedy", LANG_VI, .text = "soat 1\ncheck c on d {\n  muts a = b\n}\n", .marks = {{"muts", 4, NULL}},
    .args = {"\"muts\"", "\"must\""}, .hint = "có phải \"must\"?", .hint_en = "did you mean \"must\"?", .want =
    "error[R001]: gặp \"muts\", cần \"must\"\n"
    "  --> rules.soat:3:3\n"
    "   |\n"
    " 3 |   muts a = b\n"
    "   |   ^^^^\n"
    "   |\n"
    "   = gợi ý: có phải \"must\"?\n"
    "\n"},
{"place_mark_and_remedy_in_english", LANG_EN, .text = "soat 1\ncheck c on d {\n  muts a = b\n}\n", .marks = {{"muts", 4, NULL}},
    .args = {"\"muts\"", "\"must\""}, .hint = "có phải \"must\"?", .hint_en = "did you mean \"must\"?", .want =
    "error[R001]: found \"muts\", expected \"must\"\n"
    "  --> rules.soat:3:3\n"
    "   |\n"
    " 3 |   muts a = b\n"
    "   |   ^^^^\n"
    "   |\n"
    "   = help: did you mean \"must\"?\n"
    "\n"},
{"hint_of_the_other_language", LANG_EN, .text = "a", .marks = {{"a", 1, NULL}}, .hint = "viết must", .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:1\n"
    "   |\n"
    " 1 | a\n"
    "   | ^\n"
    "   |\n"
    "   = help: viết must\n"
    "\n"},
{"label_beside_the_mark", LANG_EN, .text = "must a = b", .marks = {{"b", 1, "this is a text"}}, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:10\n"
    "   |\n"
    " 1 | must a = b\n"
    "   |          ^ this is a text\n"
    "   |\n"
    "\n"},
{"further_places_in_their_order", LANG_EN, .text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nkey k\nkey k\n",
    .marks = {{"key k\n", 5, "first"}, {"a", 1, "second"}, {"i\nkey", 1, NULL}}, .want =
    "error[R001]: found ?, expected ?\n"
    "   --> rules.soat:10:1\n"
    "    |\n"
    " 10 | key k\n"
    "    | ^^^^^ first\n"
    "    |\n"
    "   ::: rules.soat:1:1\n"
    "    |\n"
    "  1 | a\n"
    "    | - second\n"
    "    |\n"
    "   ::: rules.soat:9:1\n"
    "    |\n"
    "  9 | i\n"
    "    | -\n"
    "    |\n"
    "\n"},
{"mark_below_vietnamese_text", LANG_VI, .text = "  title vi \"Biến động HTX\" em \"x\"", .marks = {{"em", 2, NULL}}, .want =
    "error[R001]: gặp ?, cần ?\n"
    "  --> rules.soat:1:28\n"
    "   |\n"
    " 1 |   title vi \"Biến động HTX\" em \"x\"\n"
    "   |                            ^^\n"
    "   |\n"
    "\n"},
{"mark_below_decomposed_text", LANG_VI, .text = "  title vi \"Bie\xCC\x82\xCC\x81n\" em \"x\"", .marks = {{"em", 2, NULL}}, .want =
    "error[R001]: gặp ?, cần ?\n"
    "  --> rules.soat:1:21\n"
    "   |\n"
    " 1 |   title vi \"Bie\314\202\314\201n\" em \"x\"\n"
    "   |                   ^^\n"
    "   |\n"
    "\n"},
{"mark_below_wide_text", LANG_VI, .text = "  title vi \"\xE5\x8D\x97\" em", .marks = {{"em", 2, NULL}}, .want =
    "error[R001]: gặp ?, cần ?\n"
    "  --> rules.soat:1:16\n"
    "   |\n"
    " 1 |   title vi \"\345\215\227\" em\n"
    "   |                 ^^\n"
    "   |\n"
    "\n"},
{"tabs_are_blanks", LANG_EN, .text = "\tmuts\ta", .marks = {{"muts", 4, NULL}}, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:2\n"
    "   |\n"
    " 1 |     muts    a\n"
    "   |     ^^^^\n"
    "   |\n"
    "\n"},
{"empty_span_has_one_mark", LANG_EN, .text = "must ", .marks = {{"", 0, NULL}}, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:1\n"
    "   |\n"
    " 1 | must \n"
    "   | ^\n"
    "   |\n"
    "\n"},
{"line_end_has_one_mark", LANG_EN, .text = "soat 1\ncheck", .marks = {{"\n", 1, NULL}}, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:7\n"
    "   |\n"
    " 1 | soat 1\n"
    "   |       ^\n"
    "   |\n"
    "\n"},
{"span_over_lines_is_marked_on_the_first", LANG_EN, .text = "a {\nb\n}", .marks = {{"{", 5, NULL}}, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:3\n"
    "   |\n"
    " 1 | a {\n"
    "   |   ^\n"
    "   |\n"
    "\n"},
{"controls_in_rule_text_are_escapes", LANG_EN, .text = "a \x1b[2J\xE2\x80\xAE\xFF b", .marks = {{"b", 1, "\x1b[1m\n"}},
    .args = {"\x1b", "\n"}, .hint = "\x1b", .hint_en = "\x1b", .want =
    "error[R001]: found \\u{1B}, expected \\n\n"
    "  --> rules.soat:1:10\n"
    "   |\n"
    " 1 | a \\u{1B}[2J\\u{202E}\357\277\275 b\n"
    "   |                      ^ \\u{1B}[1m\\n\n"
    "   |\n"
    "   = help: \\u{1B}\n"
    "\n"},
{"long_line_is_shown_around_its_mark", LANG_EN, .text = X100 " muts " X100, .marks = {{"muts", 4, "here"}}, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> rules.soat:1:102\n"
    "   |\n"
    " 1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx muts xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\n"
    "   |                                              ^^^^ here\n"
    "   |\n"
    "\n"},
{"file_and_line", LANG_VI, .file = "reports/91.csv", .line = 4, .byte = UINT64_MAX, .want =
    "error[R001]: gặp ?, cần ?\n"
    "  --> reports/91.csv:4\n"
    "\n"},
{"file_and_byte", LANG_EN, .file = "reports/91.csv", .byte = 17, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> reports/91.csv (byte 17)\n"
    "\n"},
{"file_line_and_byte", LANG_EN, .file = "reports/91.csv", .line = 4, .byte = 17, .hint_en = "save it as UTF-8", .want =
    "error[R001]: found ?, expected ?\n"
    "  --> reports/91.csv:4 (byte 17)\n"
    "   = help: save it as UTF-8\n"
    "\n"},
{"file_alone", LANG_EN, .file = "a\x1b.csv", .byte = UINT64_MAX, .want =
    "error[R001]: found ?, expected ?\n"
    "  --> a\\u{1B}.csv\n"
    "\n"},
{"no_place", LANG_EN, .byte = UINT64_MAX, .want =
    "error[R001]: found ?, expected ?\n"
    "\n"},
{"colour", LANG_VI, true, .text = "a\nb", .marks = {{"b", 1, "x"}, {"a", 1, "y"}}, .hint = "h", .want =
    "\033[1;31merror[R001]\033[0m: gặp ?, cần ?\n"
    "  --> rules.soat:2:1\n"
    "   |\n"
    " 2 | b\n"
    "   | \033[1;31m^ x\033[0m\n"
    "   |\n"
    "  ::: rules.soat:1:1\n"
    "   |\n"
    " 1 | a\n"
    "   | \033[1;36m- y\033[0m\n"
    "   |\n"
    "   = gợi ý: h\n"
    "\n"},
};
/* clang-format on */

static struct str picture_of(struct arena *a, const struct diag_case *c)
{
    struct sources *sources = sources_new(a);
    struct diags *diags = diags_new(a);
    struct diag *d = diag_file(diags, DIAG_ID_RULE_SYNTAX, str_of(c->file), c->line);
    d->file.byte = c->file ? c->byte : UINT64_MAX;
    for (size_t i = 0; i < COUNT_OF(c->args); i++) {
        d->args[i] = c->args[i] ? str_of(c->args[i]) : STR("?");
    }
    uint32_t src = c->text ? sources_add(sources, STR("rules.soat"), str_of(c->text)) : 0;
    for (size_t i = 0; i < COUNT_OF(c->marks) && c->marks[i].at; i++) {
        uint32_t lo = (uint32_t)str_find(str_of(c->text), str_of(c->marks[i].at));
        struct span span = {src, lo, lo + (uint32_t)c->marks[i].n};
        diag_place(d, span, str_of(c->marks[i].label));
    }
    d->hint = str_of(c->hint);
    d->hint_en = str_of(c->hint_en);
    return str_copy(a, report_diag(a, sources, d, c->lang, c->has_color));
}

static void whole_picture(void **state)
{
    const struct diag_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str got = picture_of(a, c);
    assert_string_equal(got.p, c->want);
    assert_int_equal(got.n, strlen(c->want));
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases)] = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = row(cases[i].name, whole_picture, &cases[i]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Splitting lines that need no parser. An expected text gives each line's fields in
 * brackets ('~' for an empty unquoted one), its line end (L or C), and '!' where the
 * splitter leaves the rest. */
#include "base/str.h"
#include "data/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct split_case {
    const char *name, *in, *want;
    char delimiter;
} cases[] = {
    {"fields", "a,bc,d\n", "[a][bc][d]L", ','},
    {"several lines", "a,b\nc,d\n", "[a][b]L[c][d]L", ','},
    {"empty fields", ",,\n", "[~][~][~]L", ','},
    {"blank line", "\n", "[~]L", ','},
    {"crlf is a line end and a blank line", "a\r\nb\r\n", "[a]C[~]L[b]C[~]L", ','},
    {"blanks around fields", " a b\t,\t,  \n", "[a b][~][~]L", ','},
    {"tab as delimiter", "a\t \tb\n", "[a][~][b]L", '\t'},
    {"quoted", "\"a,b\",c\n", "[a,b][c]L", ','},
    {"quoted and empty", "\"\"\n", "[]L", ','},
    {"quoted keeps blanks", "\" a \",\" \"\n", "[ a ][ ]L", ','},
    {"quoted at the end of the line", "a,\"b\"\r", "[a][b]C", ','},
    {"no line end", "a,b", "!", ','},
    {"line end in quotes", "a\n\"b\nc\"\n", "[a]L!", ','},
    {"doubled quotes", "\"a\"\"b\"\n", "[a\"b]L", ','},
    {"nothing but doubled quotes", "\"\"\"\",\"\"\"\"\"\"\n", "[\"][\"\"]L", ','},
    {"doubled quotes and delimiters", "\"a,\"\"b,\"\",c\",\"\"\"d\"\"\"\n",
     "[a,\"b,\",c][\"d\"]L", ','},
    {"quote behind doubled ones", "\"a\"\"b\"c\n", "!", ','},
    {"doubled quotes not closed", "\"a\"\"b\n", "!", ','},
    {"doubled quotes before a line end", "\"a\"\"\n\"\n", "!", ','},
    {"doubled quotes at the end of the text", "\"a\"\"", "!", ','},
    {"blank before a quote", " \"a\"\n", "!", ','},
    {"blank behind a quote", "\"a\" ,b\n", "!", ','},
    {"quote within a field", "a\"b\"\n", "!", ','},
    {"unclosed quote", "\"a\n", "!", ','},
    {"closing quote ends the text", "a,\"b\"", "!", ','},
    {"across blocks",
     "0123456789012345678901234567890123456789012345678901234567890,1,\"2,\"\nx\n",
     "[0123456789012345678901234567890123456789012345678901234567890][1][2,]L[x]L", ','},
    {"delimiter that is a blank", "a b\n", "[a][b]L", ' '},
};

static void splits(void **state)
{
    const struct split_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    size_t n = strlen(c->in);
    char *in = arena_resize(a, NULL, 0, n); /* no byte behind it */
    memcpy(in, c->in, n);
    struct text t = text_in(a);
    struct splitter *s = arena_new(a, struct splitter);
    split_begin(s, c->delimiter, in, in + n);
    for (const char *p = in; p < in + n;) {
        const char *end = split_line(s, p);
        if (!end) {
            text_char(&t, '!');
            break;
        }
        for (uint32_t i = 0; i < s->n; i++) {
            const struct split_field *f = &s->fields[i];
            text_char(&t, '[');
            text_add(&t, f->p ? (struct str){f->p, f->n} : STR("~"));
            text_char(&t, ']');
        }
        text_char(&t, *end == '\n' ? 'L' : 'C');
        p = end + 1;
    }
    assert_string_equal(str_copy(a, text_str(&t)).p, c->want);
    arena_close(a);
}

static void portable_marks_agree(void **state)
{
    static const char alphabet[] = {',', '"', '\n', '\r', 'a', '\0', (char)0x8A, ';'};
    (void)state;
    uint64_t random = 1;
    for (int block_number = 0; block_number < 2000; block_number++) {
        char block[SPLIT_BLOCK];
        for (size_t i = 0; i < sizeof block; i++) {
            random =
                random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            block[i] = alphabet[random >> 61];
        }
        assert_true(split_bits(block, ',') == split_bits_portable(block, ','));
        assert_true(split_bits(block, ';') == split_bits_portable(block, ';'));
    }
}

static void too_many_fields_are_left(void **state)
{
    (void)state;
    struct splitter s;
    char line[2 * SPLIT_FIELDS];
    for (uint32_t n = SPLIT_FIELDS - 1; n <= SPLIT_FIELDS + 1; n++) {
        memset(line, ',', sizeof line);
        line[n - 1] = '\n';
        split_begin(&s, ',', line, line + n);
        assert_true((split_line(&s, line) != NULL) == (n <= SPLIT_FIELDS));
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + 2];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        void *row = (void *)(uintptr_t)&cases[i];
        tests[n++] = (struct CMUnitTest){cases[i].name, splits, NULL, NULL, row};
    }
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(portable_marks_agree);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_many_fields_are_left);
    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}

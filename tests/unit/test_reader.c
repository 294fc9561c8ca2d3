/* Records of a text, whatever the pieces it comes in. An expected text writes each record
 * as its fields joined by '|' ('~' for an empty unquoted one, line ends as 'N' and 'R'),
 * then offset+length:line. */
#include "data/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct log {
    struct text t;
    uint32_t fields;
};

static void log_field(void *context, uint32_t at, const char *p, size_t n)
{
    struct log *l = context;
    assert_int_equal(at, l->fields);
    l->fields++;
    if (at > 0) {
        text_char(&l->t, '|');
    }
    if (!p) {
        text_char(&l->t, '~');
    }
    for (size_t i = 0; i < n; i++) {
        text_char(&l->t, (char)(p[i] == '\n' ? 'N' : p[i] == '\r' ? 'R' : p[i]));
    }
}

static void log_fields(void *context, const struct split_field *fields, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        log_field(context, i, fields[i].p, fields[i].n);
    }
}

static void log_record(void *context, const struct record_place *place)
{
    struct log *l = context;
    assert_int_equal(place->fields, l->fields);
    l->fields = 0;
    text_char(&l->t, ' ');
    text_uint(&l->t, place->offset);
    text_char(&l->t, '+');
    text_uint(&l->t, place->length);
    text_char(&l->t, ':');
    text_uint(&l->t, place->line);
    text_char(&l->t, ';');
}

struct reading {
    char delimiter;
    const struct reader_limits *limits;
    bool only_libcsv;
    size_t piece;
};

/* What reading gave: the records, then the status and its lines if it stopped, then the
 * delimiter. */
static struct str read_all(struct arena *a, struct str in, const struct reading *how)
{
    struct log log = {text_in(a), 0};
    struct reader_events events = {.field = log_field,
                                   .record = log_record,
                                   .context = &log,
                                   .fields = how->piece % 2 != 0 ? log_fields : NULL};
    struct reader *r = reader_open(a, how->delimiter, how->limits, &events);
    if (how->only_libcsv) {
        reader_use_libcsv(r);
    }
    for (size_t at = 0; at < in.n; at += how->piece) {
        size_t n = in.n - at < how->piece ? in.n - at : how->piece;
        if (reader_feed(r, in.p + at, n) != READER_OK) {
            break;
        }
    }
    enum reader_status status = reader_end(r);
    if (status != READER_OK) {
        text_printf(&log.t, "!%d line %d quote %d", (int)status,
                    (int)reader_error_line(r), (int)reader_quote_line(r));
    }
    char d = reader_delimiter(r);
    text_char(&log.t, ' ');
    text_char(&log.t, d == 0 ? '0' : d);
    reader_close(r);
    return text_str(&log.t);
}

struct reading_case {
    const char *name, *in, *want;
    char delimiter;
    struct reader_limits limits;
};

/* clang-format off */
static const struct reading_case cases[] = {
    {"empty text", "", " 0", 0, {0}},
    {"one record", "a,b\n1,2\n", "a|b 0+3:1;1|2 4+3:2; ,", 0, {0}},
    {"no line end at the end", "a,b\n1,2", "a|b 0+3:1;1|2 4+3:2; ,", 0, {0}},
    {"comma at the very end", "a,b\n1,", "a|b 0+3:1;1|~ 4+2:2; ,", 0, {0}},
    {"crlf", "a,b\r\n1,2\r\n", "a|b 0+3:1;1|2 5+3:2; ,", 0, {0}},
    {"lone cr", "a,b\r1,2\r", "a|b 0+3:1;1|2 4+3:2; ,", 0, {0}},
    {"mixed line ends", "a\n1\r2\r\n3\n\r4", "a 0+1:1;1 2+1:2;2 4+1:3;3 7+1:4;4 10+1:6; ,", 0, {0}},
    {"blank lines give no record", "\n\na,b\n\n \t\n1,2\n\r\n", "a|b 2+3:3;1|2 10+3:6; ,", 0, {0}},
    {"empty cells", "a,b,c\n,,\n,\"\",\n", "a|b|c 0+5:1;~|~|~ 6+2:2;~||~ 9+4:3; ,", 0, {0}},
    {"blanks around fields", "a,b\n  x y\t, \t\n", "a|b 0+3:1;x y|~ 4+9:2; ,", 0, {0}},
    {"quoted keeps its blanks", "a,b\n \" x \" ,\"\t\"\n", "a|b 0+3:1; x |\t 4+11:2; ,", 0, {0}},
    {"doubled quotes", "a\n\"say \"\"hi\"\"\"\n", "a 0+1:1;say \"hi\" 2+12:2; ,", 0, {0}},
    {"delimiter in quotes", "a,b\n\"1,5\",2\n", "a|b 0+3:1;1,5|2 4+7:2; ,", 0, {0}},
    {"line ends in quotes", "a,b\n\"x\ny\r\nz\rw\",2\n3,4\n",
     "a|b 0+3:1;xNyRNzRw|2 4+12:2;3|4 17+3:6; ,", 0, {0}},
    {"crlf in quotes across records", "a\r\n\"\r\n\"\r\nb\r\n", "a 0+1:1;RN 3+4:2;b 9+1:4; ,", 0, {0}},
    {"semicolons found", "a;b;c\n1,5;2;3\n", "a|b|c 0+5:1;1,5|2|3 6+7:2; ;", 0, {0}},
    {"tabs found", "a\tb\n\t\n1\t2\n", "a|b 0+3:1;~|~ 4+1:2;1|2 6+3:3; \t", 0, {0}},
    {"bars found", "a|b\n1|2\n", "a|b 0+3:1;1|2 4+3:2; |", 0, {0}},
    {"commas in a quoted header do not count", "\"x, y, z\";b\n1;2\n",
     "x, y, z|b 0+11:1;1|2 12+3:2; ;", 0, {0}},
    {"delimiter that fits the other lines", "a, b;c\n1;2\n3;4\n",
     "a, b|c 0+6:1;1|2 7+3:2;3|4 11+3:3; ;", 0, {0}},
    {"one column", "a\n1\n", "a 0+1:1;1 2+1:2; ,", 0, {0}},
    {"commas in names and numbers", "a, b;c\nx;1,5\n", "a, b|c 0+6:1;x|1,5 7+5:2; ;", 0, {0}},
    {"commas that agree with fewer lines", "a, b, c;d\nx;1,5\ny;2\n",
     "a, b, c|d 0+9:1;x|1,5 10+5:2;y|2 16+3:3; ;", 0, {0}},
    {"given delimiter wins", "a,b;c\n1,2;3\n", "a,b|c 0+5:1;1,2|3 6+5:2; ;", ';', {0}},
    {"sep line", "sep=;\na;b\n1,5;2\n", "a|b 6+3:2;1,5|2 10+5:3; ;", 0, {0}},
    {"sep line with crlf", "SEP=|\r\na|b\r\n", "a|b 7+3:2; |", 0, {0}},
    {"sep line alone", "sep=;", " ;", 0, {0}},
    {"sep line is skipped though the delimiter is given", "sep=,\na;b\n", "a|b 6+3:2; ;", ';', {0}},
    {"no sep line: a letter", "sep=x\na\n", "sep=x 0+5:1;a 6+1:2; ,", 0, {0}},
    {"no sep line: a longer field", "sep=;;\n1;2;3\n", "sep=|~|~ 0+6:1;1|2|3 7+5:2; ;", 0, {0}},
    {"stray quote", "a,b\n1,2\n5\" pipe,3\n", "a|b 0+3:1;1|2 4+3:2;!1 line 3 quote 0 ,", 0, {0}},
    {"text behind a closing quote", "a,b\n\"x\"y,1\n", "a|b 0+3:1;!1 line 2 quote 2 ,", 0, {0}},
    {"closing quote found in a later field", "a,b\n1,\"never\n2,\"x\"\n",
     "a|b 0+3:1;1!1 line 3 quote 2 ,", 0, {0}},
    {"unclosed quote names the line where it opens", "a,b\r\nx,\"ok\"\r\ny,\"never\r\nz,w\r\n",
     "a|b 0+3:1;x|ok 5+6:2;y!2 line 3 quote 3 ,", 0, {0}},
    {"unclosed quote of a second quoted field", "a,b\n\"p\nq\",\"never\nz",
     "a|b 0+3:1;pNq!2 line 3 quote 3 ,", 0, {0}},
    {"quote closed at the very end", "a\n\"x\"", "a 0+1:1;x 2+3:2; ,", 0, {0}},
    {"field at the limit", "a,b\n12345,\"12345\"\n", "a|b 0+3:1;12345|12345 4+13:2; ,", 0, {5, 0, 0}},
    {"field beyond the limit", "a,b\n1,123456\n2,3\n", "a|b 0+3:1;1!3 line 2 quote 0 ,", 0, {5, 0, 0}},
    {"quoted field beyond the limit", "a,b\n1,\"12\n3456\"\n", "a|b 0+3:1;1!3 line 2 quote 2 ,", 0, {5, 0, 0}},
    {"record at the limit", "a,b\n123,567\n", "a|b 0+3:1;123|567 4+7:2; ,", 0, {0, 7, 0}},
    {"record beyond the limit", "a,b\n123,5678\n", "a|b 0+3:1;123!4 line 2 quote 0 ,", 0, {0, 7, 0}},
    {"record of many lines beyond the limit", "a\n\"\n\n\n\n\n\n\n\"\n", "a 0+1:1;!4 line 2 quote 2 ,", 0, {0, 7, 0}},
    {"fields at the limit", "a,b\n1,2\n", "a|b 0+3:1;1|2 4+3:2; ,", 0, {0, 0, 2}},
    {"fields beyond the limit", "a,b\n1,2,3,4\n5,6\n", "a|b 0+3:1;1|2!5 line 2 quote 0 ,", 0, {0, 0, 2}},
};
/* clang-format on */

static void reads_in_any_pieces(void **state)
{
    const struct reading_case *c = *state;
    struct str in = str_of(c->in);
    for (size_t piece = 1; piece <= 64; piece++) {
        for (int only = 0; only < 2; only++) {
            struct arena *a = arena_open(&mem_libc_hook);
            struct reading how = {c->delimiter, &c->limits, only != 0, piece};
            struct str got = read_all(a, in, &how);
            assert_string_equal(str_copy(a, got).p, c->want);
            arena_close(a);
        }
    }
}

static struct str number_in_base(struct arena *a, size_t i, size_t length)
{
    static const char alphabet[] = {',', '"', '\r', '\n', ' ', '\t', 'a', '\0'};
    struct text t = text_in(a);
    for (size_t k = 0; k < length; k++) {
        text_char(&t, alphabet[i % sizeof alphabet]);
        i /= sizeof alphabet;
    }
    return text_str(&t);
}

/* Splitting at the delimiter agrees with libcsv on every short text. */
static void fast_path_agrees_with_libcsv(void **state)
{
    static const char delimiters[] = {',', '\t'};
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    size_t n = 1;
    for (size_t length = 0; length <= 5; length++, n *= 8) {
        for (size_t i = 0; i < 2 * n; i++) {
            struct str in = number_in_base(a, i / 2, length);
            char d = delimiters[i % 2];
            struct str slow = read_all(a, in, &(struct reading){d, NULL, true, 1});
            struct str fast = read_all(a, in, &(struct reading){d, NULL, false, 64});
            if (!str_eq(slow, fast)) {
                fail_msg("%s / %s", str_copy(a, slow).p, str_copy(a, fast).p);
            }
            arena_reset(a);
        }
    }
    arena_close(a);
}

/* A long text crosses the sample, the pieces and the field buffer. */
static void long_text_is_the_same_in_any_pieces(void **state)
{
    static const size_t pieces[] = {1, 7, 4096, 65535, 65536, 65537, SIZE_MAX / 2};
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text t = text_in(a);
    text_add_z(&t, "id;note;value\r\n");
    for (int i = 0; i < 3000; i++) {
        text_printf(&t, "%d;%s;%d,5\r\n", i,
                    i % 7 ? "plain text" : "\"quoted; \"\"text\"\"\r\n\"", i);
    }
    text_add_z(&t, "last;\"");
    for (int i = 0; i < 200000; i++) {
        text_char(&t, i % 61 ? 'x' : '\n');
    }
    text_add_z(&t, "\";end");
    struct str in = text_str(&t);
    struct str want = STR_NONE;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct reading how = {0, NULL, i % 2 == 0, pieces[i]};
        struct str got = read_all(a, in, &how);
        want = want.p ? want : got;
        assert_true(str_eq(got, want));
    }
    assert_true(str_find(want, STR("|end ")) != SIZE_MAX && str_ends(want, STR("; ;")));
    arena_close(a);
}

/* What a finding shows is what was read: reader_split gives the same fields from the
 * record's bytes. */
static const struct {
    const char *name, *record, *want;
} splits[] = {
    {"plain", "a,b", "a[0-1] b[2-3] "},
    {"empty ends", ",", "~[0-0] ~[1-1] "},
    {"blanks", " a , b", "a[1-2] b[5-6] "},
    {"only blanks", "  ,x", "~[2-2] x[3-4] "},
    {"quoted", "\"x, y\",z", "x, y[0-6] z[7-8] "},
    {"quoted with blanks outside", " \" x \" ,z", " x [1-6] z[8-9] "},
    {"doubled quotes", "\"a \"\"b\"\"\"", "a \"b\"[0-9] "},
    {"quoted and empty", "\"\",", "[0-2] ~[3-3] "},
    {"line end inside", "\"a\nb\",c", "a\nb[0-5] c[6-7] "},
    {"nothing at all", "", "~[0-0] "},
    {"unclosed", "\"a,b", "a,b[0-4] "},
    {"lone quote", "\"", "[0-1] "},
};

static void splits_one_record(void **state)
{
    size_t i = (size_t)((const char *)*state - (const char *)splits) / sizeof splits[0];
    struct arena *a = arena_open(&mem_libc_hook);
    struct field_place *fields;
    size_t n = reader_split(a, str_of(splits[i].record), ',', &fields);
    struct text t = text_in(a);
    for (size_t k = 0; k < n; k++) {
        text_add(&t, fields[k].value.p ? fields[k].value : STR("~"));
        text_printf(&t, "[%d-%d] ", (int)fields[k].lo, (int)fields[k].hi);
    }
    assert_string_equal(str_copy(a, text_str(&t)).p, splits[i].want);
    arena_close(a);
}

struct one_record {
    struct arena *a;
    struct str values[16];
    size_t n;
    uint32_t records;
    struct record_place place;
};

static void keep_field(void *context, uint32_t at, const char *p, size_t n)
{
    struct one_record *o = context;
    assert_true(at < COUNT_OF(o->values));
    o->values[at] = p ? str_copy(o->a, (struct str){p, n}) : STR_NONE;
    o->n = at + 1;
}

static void count_record(void *context, const struct record_place *place)
{
    struct one_record *o = context;
    o->place = *place;
    o->records++;
}

static void split_agrees_with_the_reader(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    for (size_t i = 0; i < 8 * 8 * 8 * 8 * 8; i++) {
        struct str in = number_in_base(a, i, 5);
        struct one_record one = {.a = a};
        struct reader_events events = {
            .field = keep_field, .record = count_record, .context = &one};
        struct reader *r = reader_open(a, ',', NULL, &events);
        reader_feed(r, in.p, in.n);
        bool is_one = reader_end(r) == READER_OK && one.records == 1;
        if (is_one) {
            size_t lo = (size_t)one.place.offset;
            struct str record = str_cut(in, lo, lo + (size_t)one.place.length);
            struct field_place *fields;
            assert_int_equal(reader_split(a, record, ',', &fields), one.n);
            for (size_t k = 0; k < one.n; k++) {
                assert_true(str_eq(fields[k].value, one.values[k]));
            }
        }
        arena_reset(a);
    }
    arena_close(a);
}

int main(void)
{
    static const struct CMUnitTest whole[] = {
        cmocka_unit_test(fast_path_agrees_with_libcsv),
        cmocka_unit_test(long_text_is_the_same_in_any_pieces),
        cmocka_unit_test(split_agrees_with_the_reader),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(splits) + COUNT_OF(whole)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        void *row = (void *)(uintptr_t)&cases[i];
        tests[n++] =
            (struct CMUnitTest){cases[i].name, reads_in_any_pieces, NULL, NULL, row};
    }
    for (size_t i = 0; i < COUNT_OF(splits); i++) {
        void *row = (void *)(uintptr_t)&splits[i];
        tests[n++] =
            (struct CMUnitTest){splits[i].name, splits_one_record, NULL, NULL, row};
    }
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        tests[n++] = whole[i];
    }
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}

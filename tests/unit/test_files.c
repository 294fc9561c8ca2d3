/* Paths, and inputs from bytes to text: marks, encodings, chunks, bad bytes, files that
 * change. */
#define _POSIX_C_SOURCE 200809L
#include "run/files.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct plain_case {
    const char *name, *path;
    bool is_plain;
} plain_paths[] = {
    {"plain_name", "a.soat", true},
    {"plain_below", "vn/units.soat", true},
    {"plain_dot", "./a.soat", true},
    {"plain_dots_in_a_name", "a..b/..c", true},
    {"plain_not_empty", "", false},
    {"plain_not_absolute", "/etc/passwd", false},
    {"plain_not_up", "../a.soat", false},
    {"plain_not_up_in_between", "a/../b.soat", false},
    {"plain_not_up_at_the_end", "a/..", false},
    {"plain_not_up_alone", "..", false},
};

static void plain_row(void **state)
{
    const struct plain_case *t = *state;
    assert_true(path_is_plain(str_of(t->path)) == t->is_plain);
}

static void path_with_nul_is_not_plain(void **state)
{
    (void)state;
    assert_false(path_is_plain(STR("a\0b")));
}

static const struct within_case {
    const char *name, *real, *folder;
    bool is_within;
} withins[] = {
    {"within_file", "/r/a", "/r", true},
    {"within_folder_with_slash", "/r/a", "/r/", true},
    {"within_deep", "/r/x/y", "/r", true},
    {"within_root", "/a", "/", true},
    {"within_not_itself", "/r", "/r", false},
    {"within_not_a_longer_name", "/rules/a", "/r", false},
    {"within_not_above", "/a", "/r", false},
};

static void within_row(void **state)
{
    const struct within_case *t = *state;
    assert_true(path_is_within(str_of(t->real), str_of(t->folder)) == t->is_within);
}

static const struct join_case {
    const char *name, *path, *folder, *joined; /* folder of path; folder with "x" */
} joins[] = {
    {"join_no_folder", "a.soat", "", "x"},
    {"join_folder", "r/a.soat", "r/", "r/x"},
    {"join_root", "/a.soat", "/", "/x"},
    {"join_folder_itself", "r/", "r/", "r/x"},
};

static void join_row(void **state)
{
    const struct join_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str folder = path_folder(str_of(t->path));
    assert_true(str_eq(folder, str_of(t->folder)));
    assert_string_equal(path_join(a, folder, STR("x")).p, t->joined);
    assert_string_equal(path_join(a, STR("r"), STR("x")).p, "r/x");
    arena_close(a);
}

static void escaped_path_fits_itself(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    assert_true(str_eq(path_escaped(a, STR("a[1]*?\\b/")), STR("a\\[1]\\*\\?\\\\b/")));
    assert_true(str_eq(path_escaped(a, STR("")), STR("")));
    arena_close(a);
}

/* A folder of its own for each test that writes. */
struct world {
    struct arena *a;
    struct files files;
    char folder[64], path[96];
};

static void world_begin(struct world *w)
{
    const char *top = getenv("TMPDIR");
    snprintf(w->folder, sizeof w->folder, "%.40s/soat-XXXXXX", top ? top : "/tmp");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof w->path, "%s/f", w->folder);
    w->a = arena_open(&mem_libc_hook);
    files_begin(&w->files, w->a);
}

static void world_end(struct world *w)
{
    files_close_all(&w->files);
    arena_close(w->a);
    unlink(w->path);
    assert_int_equal(rmdir(w->folder), 0);
}

static void write_file(const struct world *w, const void *p, size_t n)
{
    FILE *f = fopen(w->path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

static const struct decode_case {
    const char *name;
    struct str bytes;
    enum encoding otherwise;
    enum encoding encoding;
    const char *text;
    enum file_status status;
    unsigned bad; /* the byte, its offset and line */
    uint64_t bad_at, bad_line;
} decodes[] = {
    {"decode_ascii",
     {"a\nb", 3},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "a\nb",
     FILE_OK,
     0,
     0,
     0},
    {"decode_empty", {"", 0}, ENCODING_COUNT, ENCODING_UTF8, "", FILE_OK, 0, 0, 0},
    {"decode_mark",
     {"\xEF\xBB\xBF\x61", 4},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "a",
     FILE_OK,
     0,
     0,
     0},
    {"decode_mark_alone",
     {"\xEF\xBB\xBF", 3},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "",
     FILE_OK,
     0,
     0,
     0},
    {"decode_utf16le_by_mark",
     {"\xFF\xFE\xE0\0\n\0", 6},
     ENCODING_COUNT,
     ENCODING_UTF16LE,
     "à\n",
     FILE_OK,
     0,
     0,
     0},
    {"decode_utf16be_by_mark",
     {"\xFE\xFF\0\xE0", 4},
     ENCODING_COUNT,
     ENCODING_UTF16BE,
     "à",
     FILE_OK,
     0,
     0,
     0},
    {"decode_asked_for",
     {"a\0", 2},
     ENCODING_UTF16LE,
     ENCODING_UTF16LE,
     "a",
     FILE_OK,
     0,
     0,
     0},
    {"decode_mark_beats_what_was_asked",
     {"\xEF\xBB\xBF\x61", 4},
     ENCODING_UTF16LE,
     ENCODING_UTF8,
     "a",
     FILE_OK,
     0,
     0,
     0},
    {"decode_bad_byte",
     {"a\nb\xFFz\n", 6},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "a\nb",
     FILE_UNDECODABLE,
     0xFF,
     3,
     2},
    {"decode_bad_byte_behind_a_mark",
     {"\xEF\xBB\xBF\n\xFF", 5},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "\n",
     FILE_UNDECODABLE,
     0xFF,
     4,
     2},
    {"decode_bad_byte_with_cr_lines",
     {"a\rb\r\xFF", 5},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "a\rb\r",
     FILE_UNDECODABLE,
     0xFF,
     4,
     3},
    {"decode_cut_sequence_at_the_end",
     {"a\n\xE1\xBB", 4},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "a\n",
     FILE_UNDECODABLE,
     0xE1,
     2,
     2},
    {"decode_nul",
     {"a\0b", 3},
     ENCODING_COUNT,
     ENCODING_UTF8,
     "a",
     FILE_UNDECODABLE,
     0,
     1,
     1},
};

static void decode_row(void **state)
{
    const struct decode_case *t = *state;
    struct world w;
    struct decoder d;
    char got[65], want[65];
    unsigned char digest[32];
    struct sha256 sha;
    world_begin(&w);
    write_file(&w, t->bytes.p, t->bytes.n);
    assert_true(decoder_open(&d, &w.files, w.path, t->otherwise));
    struct str text = decoder_rest(&d, w.a);
    decoder_close(&d);
    decoder_sha256(&d, got);
    assert_true(str_eq(text, str_of(t->text)));
    assert_int_equal(d.status, t->status);
    assert_int_equal(d.encoding, t->encoding);
    assert_int_equal(d.bytes, t->bytes.n);
    if (t->status == FILE_UNDECODABLE) {
        assert_int_equal(d.bad, t->bad);
        assert_int_equal(d.bad_at, t->bad_at);
        assert_int_equal(d.bad_line, t->bad_line);
    }
    sha256_begin(&sha);
    sha256_add(&sha, t->bytes.p, t->bytes.n);
    sha256_end(&sha, digest);
    sha256_hex(digest, sizeof digest, want);
    assert_string_equal(got, want);
    world_end(&w);
}

/* A character that the end of a chunk cuts in two, and a bad byte behind it. */
static void chunks_do_not_show(void **state)
{
    (void)state;
    struct world w;
    struct decoder d;
    size_t n = FILE_CHUNK * 2 + 100;
    char *p = malloc(n);
    assert_non_null(p);
    world_begin(&w);
    memset(p, 'x', n);
    memcpy(p + FILE_CHUNK - 1, "\xC3\xA0", 2);
    p[FILE_CHUNK + 5] = '\n';
    write_file(&w, p, n);
    assert_true(decoder_open(&d, &w.files, w.path, ENCODING_COUNT));
    struct str text = decoder_rest(&d, w.a);
    decoder_close(&d);
    assert_int_equal(d.status, FILE_OK);
    assert_true(str_eq(text, (struct str){p, n}));

    p[FILE_CHUNK * 2 + 50] = (char)0xFE;
    write_file(&w, p, n);
    assert_true(decoder_open(&d, &w.files, w.path, ENCODING_COUNT));
    text = decoder_rest(&d, w.a);
    decoder_close(&d);
    assert_int_equal(d.status, FILE_UNDECODABLE);
    assert_int_equal(text.n, FILE_CHUNK * 2 + 50);
    assert_int_equal(d.bad_at, FILE_CHUNK * 2 + 50);
    assert_int_equal(d.bad_line, 2);
    assert_int_equal(d.bytes, n);
    free(p);
    world_end(&w);
}

static void file_that_grows_is_noticed(void **state)
{
    (void)state;
    struct world w;
    struct decoder d;
    world_begin(&w);
    write_file(&w, "a\n", 2);
    assert_true(decoder_open(&d, &w.files, w.path, ENCODING_COUNT));
    FILE *f = fopen(w.path, "ab");
    assert_non_null(f);
    fputs("b\n", f);
    fclose(f);
    (void)decoder_rest(&d, w.a);
    decoder_close(&d);
    assert_int_equal(d.status, FILE_CHANGED);
    world_end(&w);
}

static void what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    struct world w;
    struct decoder d;
    world_begin(&w);
    assert_false(decoder_open(&d, &w.files, w.path, ENCODING_COUNT));
    assert_int_equal(d.status, FILE_MISSING);
    assert_false(decoder_open(&d, &w.files, w.folder, ENCODING_COUNT));
    assert_int_equal(d.status, FILE_FOLDER);
    struct diags *diags = diags_new(w.a);
    decoder_complain(&d, STR("reports"), diags);
    assert_int_equal(diags_count(diags), 1);
    assert_int_equal(diags_get(diags, 0)->id, DIAG_ID_DATA_FILE_FOLDER);
    decoder_close(&d); /* harmless */
    world_end(&w);
}

static const struct complaint_case {
    const char *name;
    struct decoder d;
    const char *want; /* code, text; "" when there is nothing to say */
} complaints[] = {
    {"complaint_of_nothing", {.status = FILE_OK}, ""},
    {"complaint_missing",
     {.status = FILE_MISSING},
     "D100 there is no such file; check the path"},
    {"complaint_folder",
     {.status = FILE_FOLDER},
     "D101 this is a folder, a CSV file was expected; for all files in it write a/*.csv"},
    {"complaint_denied",
     {.status = FILE_DENIED},
     "D102 you have no permission to read this file"},
    {"complaint_failed",
     {.status = FILE_FAILED, .error = EIO},
     "D103 reading the file failed (input/output error); what was not read is not "
     "checked"},
    {"complaint_changed",
     {.status = FILE_CHANGED},
     "D106 the file changed while it was read; the result cannot be trusted, run again"},
    {"complaint_undecodable",
     {.status = FILE_UNDECODABLE, .bad = 0xFF, .bad_at = 7, .bad_line = 2},
     "D105 byte 0xFF at offset 7 is not UTF-8; nothing from here on is checked. Save the "
     "file as UTF-8"},
    {"complaint_nul",
     {.status = FILE_UNDECODABLE, .bad = 0, .bad_at = 7, .bad_line = 2},
     "D108 a NUL byte at offset 7; nothing from here on is checked. The file is probably "
     "UTF-16 without a byte order mark, or no text at all (.xlsx for example). Save it "
     "as "
     "CSV UTF-8, or add --encoding utf-16"},
    {"complaint_zero_in_utf_16",
     {.status = FILE_UNDECODABLE, .encoding = ENCODING_UTF16LE, .bad_line = 1},
     "D105 byte 0x00 at offset 0 is not UTF-16LE; nothing from here on is checked. Save "
     "the file as UTF-8"},
};

static void complaint_row(void **state)
{
    const struct complaint_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct diags *diags = diags_new(a);
    struct text said = text_in(a);
    decoder_complain(&t->d, STR("a"), diags);
    for (size_t i = 0; i < diags_count(diags); i++) {
        const struct diag *d = diags_get(diags, i);
        text_add_z(&said, diag_info(d->id)->code);
        text_char(&said, ' ');
        text_add(&said, diag_text(a, d, LANG_EN));
        assert_true(str_eq(d->file.path, STR("a")));
        assert_int_equal(d->file.line, t->d.bad_line);
    }
    assert_string_equal(str_copy(a, text_str(&said)).p, t->want);
    arena_close(a);
}

static void bytes_stop_behind_the_limit(void **state)
{
    (void)state;
    struct world w;
    struct str s;
    int error = 0;
    world_begin(&w);
    write_file(&w, "0123456789", 10);
    assert_int_equal(file_bytes(&w.files, w.a, w.path, 10, &s, &error), FILE_OK);
    assert_int_equal(s.n, 10);
    assert_int_equal(file_bytes(&w.files, w.a, w.path, 4, &s, &error), FILE_OK);
    assert_true(str_eq(s, STR("01234")));
    assert_int_equal(file_bytes(&w.files, w.a, w.folder, 4, &s, &error), FILE_FOLDER);
    assert_int_equal(error, EISDIR);
    world_end(&w);
}

/* An unwound run closes what it had open and removes what it had begun to write. */
static void close_all_sweeps(void **state)
{
    (void)state;
    struct world w;
    world_begin(&w);
    write_file(&w, "x", 1);
    struct handle *h = handle_new(&w.files);
    h->temporary = w.path;
    struct handle *other = handle_new(&w.files);
    assert_ptr_not_equal(h, other);
    h->fd = dup(STDIN_FILENO);
    int fd = h->fd;
    files_close_all(&w.files);
    assert_int_equal(access(w.path, F_OK), -1);
    assert_int_equal(close(fd), -1);
    world_end(&w);
}

static void glob_is_sorted_and_takes_literal_names(void **state)
{
    (void)state;
    struct world w;
    struct str *found = NULL;
    char name[128];
    static const char *const names[] = {"b.csv", "a.csv", "[1].csv", "c.txt"};
    world_begin(&w);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(name, sizeof name, "%s/%s", w.folder, names[i]);
        FILE *f = fopen(name, "wb");
        assert_non_null(f);
        fclose(f);
    }
    snprintf(name, sizeof name, "%s/[1].csv", w.folder);
    assert_int_equal(files_glob(&w.files, w.a, name, &found), 1);
    snprintf(name, sizeof name, "%s/?.csv", w.folder);
    assert_int_equal(files_glob(&w.files, w.a, name, &found), 2);
    assert_true(str_ends(found[0], STR("/a.csv")) && str_ends(found[1], STR("/b.csv")));
    snprintf(name, sizeof name, "%s/*.pdf", w.folder);
    assert_int_equal(files_glob(&w.files, w.a, name, &found), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(name, sizeof name, "%s/%s", w.folder, names[i]);
        unlink(name);
    }
    world_end(&w);
}

#define ROWS_OF(table, function)                                                         \
    for (size_t i = 0; i < COUNT_OF(table); i++) {                                       \
        tests[n].name = (table)[i].name;                                                 \
        tests[n].test_func = (function);                                                 \
        tests[n++].initial_state = (void *)(uintptr_t) & (table)[i];                     \
    }

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(path_with_nul_is_not_plain),
        cmocka_unit_test(escaped_path_fits_itself),
        cmocka_unit_test(chunks_do_not_show),
        cmocka_unit_test(file_that_grows_is_noticed),
        cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test(bytes_stop_behind_the_limit),
        cmocka_unit_test(close_all_sweeps),
        cmocka_unit_test(glob_is_sorted_and_takes_literal_names),
    };
    enum {
        ROWS = COUNT_OF(plain_paths) + COUNT_OF(withins) + COUNT_OF(joins) +
               COUNT_OF(decodes) + COUNT_OF(complaints) + COUNT_OF(single)
    };
    struct CMUnitTest tests[ROWS];
    size_t n = 0;
    memset(tests, 0, sizeof tests);
    ROWS_OF(plain_paths, plain_row)
    ROWS_OF(withins, within_row)
    ROWS_OF(joins, join_row)
    ROWS_OF(decodes, decode_row)
    ROWS_OF(complaints, complaint_row)
    memcpy(tests + n, single, sizeof single);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* soat fmt as a program would call it: what is replaced and what is left alone, links and
 * permissions, memory that runs out at any request, an output that refuses. */
#define _XOPEN_SOURCE 700 /* mkdtemp, symlink */
#include "soat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char loose[] = "soat   1\ncheck c on d{must a=b}\n";
static const char tidy[] = "soat 1\ncheck c on d { must a = b }\n";

struct said {
    char text[4096];
    size_t n;
    bool refuses;
};

static bool keep(void *context, const char *p, size_t n)
{
    struct said *s = context;
    if (s->refuses || n >= sizeof s->text - s->n) {
        return false;
    }
    memcpy(s->text + s->n, p, n);
    s->n += n;
    s->text[s->n] = '\0';
    return true;
}

struct place {
    char folder[64], file[96], other[96];
    struct said out, err;
};

static bool keep_error(void *context, const char *p, size_t n)
{
    return keep(&((struct place *)context)->err, p, n);
}

static bool keep_output(void *context, const char *p, size_t n)
{
    return keep(&((struct place *)context)->out, p, n);
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void file_holds(const char *path, const char *text)
{
    char buffer[1024] = "";
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(buffer, 1, sizeof buffer - 1, f);
    buffer[n] = '\0';
    fclose(f);
    assert_string_equal(buffer, text);
}

static void place_begin(struct place *p, const char *text)
{
    const char *top = getenv("TMPDIR");
    *p = (struct place){0};
    snprintf(p->folder, sizeof p->folder, "%.40s/soat-XXXXXX", top ? top : "/tmp");
    assert_non_null(mkdtemp(p->folder));
    snprintf(p->file, sizeof p->file, "%s/r.soat", p->folder);
    snprintf(p->other, sizeof p->other, "%s/s.soat", p->folder);
    write_text(p->file, text);
}

/* Whatever a run leaves behind makes the last line fail. */
static void place_end(const struct place *p)
{
    unlink(p->file);
    unlink(p->other);
    assert_int_equal(rmdir(p->folder), 0);
}

static enum soat_status format(struct place *p, const char *path, bool is_check)
{
    soat *s = soat_new(
        &(struct soat_config){.out = keep_output, .err = keep_error, .context = p});
    if (is_check) {
        soat_set(s, "check", NULL);
    }
    enum soat_status status = soat_fmt(s, &path, 1);
    soat_free(s);
    return status;
}

static void loose_file_is_replaced_once(void **state)
{
    struct place p;
    (void)state;
    place_begin(&p, loose);
    assert_int_equal(chmod(p.file, 0640), 0);
    assert_int_equal(format(&p, p.file, false), SOAT_OK);
    file_holds(p.file, tidy);
    assert_int_equal(p.out.n, strlen(p.file) + 1);
    struct stat s;
    assert_int_equal(stat(p.file, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0640);
    assert_int_equal(format(&p, p.file, false), SOAT_OK);
    assert_int_equal(p.out.n, strlen(p.file) + 1);
    place_end(&p);
}

static void tidy_file_is_not_touched(void **state)
{
    struct place p;
    struct stat before, after;
    (void)state;
    place_begin(&p, tidy);
    assert_int_equal(stat(p.file, &before), 0);
    assert_int_equal(format(&p, p.file, false), SOAT_OK);
    assert_int_equal(stat(p.file, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_int_equal(p.out.n, 0);
    place_end(&p);
}

static void check_touches_nothing(void **state)
{
    struct place p;
    (void)state;
    place_begin(&p, loose);
    assert_int_equal(format(&p, p.file, true), SOAT_FINDINGS);
    file_holds(p.file, loose);
    write_text(p.file, tidy);
    assert_int_equal(format(&p, p.file, true), SOAT_OK);
    place_end(&p);
}

static void broken_file_is_left_alone(void **state)
{
    struct place p;
    (void)state;
    place_begin(&p, "soat 1\ncheck c on d{must }\n");
    write_text(p.other, loose);
    assert_int_equal(format(&p, p.folder, false), SOAT_USAGE);
    file_holds(p.file, "soat 1\ncheck c on d{must }\n");
    file_holds(p.other, tidy);
    assert_non_null(strstr(p.err.text, "R006"));
    place_end(&p);
}

static void a_link_stays_a_link(void **state)
{
    struct place p;
    struct stat s;
    (void)state;
    place_begin(&p, loose);
    assert_int_equal(symlink("r.soat", p.other), 0);
    assert_int_equal(format(&p, p.other, false), SOAT_OK);
    file_holds(p.file, tidy);
    assert_int_equal(lstat(p.other, &s), 0);
    assert_true(S_ISLNK(s.st_mode));
    place_end(&p);
}

static void a_circle_of_folders_ends(void **state)
{
    struct place p;
    (void)state;
    place_begin(&p, loose);
    assert_int_equal(symlink(".", p.other), 0); /* s.soat: a folder by its name */
    assert_int_equal(format(&p, p.folder, false), SOAT_USAGE);
    file_holds(p.file, tidy);
    unlink(p.other);
    snprintf(p.other, sizeof p.other, "%s/loop", p.folder);
    assert_int_equal(symlink(".", p.other), 0);
    assert_int_equal(format(&p, p.folder, true), SOAT_OK);
    place_end(&p);
}

static void refused_output_is_incomplete(void **state)
{
    struct place p;
    (void)state;
    place_begin(&p, loose);
    p.out.refuses = true;
    assert_int_equal(format(&p, p.file, false), SOAT_INCOMPLETE);
    assert_non_null(strstr(p.err.text, "D122"));
    file_holds(p.file, tidy);
    place_end(&p);
}

/* Memory */

struct budget {
    size_t left; /* requests until memory runs out */
};

static void *spend(void *context, void *old, size_t old_size, size_t size)
{
    struct budget *b = context;
    (void)old_size;
    if (size == 0) {
        free(old);
        return NULL;
    }
    if (b->left == 0) {
        return NULL;
    }
    b->left--;
    return realloc(old, size);
}

static void memory_may_run_out_anywhere(void **state)
{
    enum soat_status status = SOAT_NO_MEMORY;
    (void)state;
    for (size_t n = 0; status == SOAT_NO_MEMORY; n++) {
        struct place p;
        struct budget budget = {n};
        assert_true(n < 1000);
        place_begin(&p, loose);
        soat *s = soat_new(&(struct soat_config){
            .resize = spend, .memory = &budget, .out = keep_output, .context = &p});
        const char *path = p.file;
        status = s ? soat_fmt(s, &path, 1) : SOAT_NO_MEMORY;
        soat_free(s);
        file_holds(p.file, status == SOAT_OK || p.out.n > 0 ? tidy : loose);
        place_end(&p);
    }
    assert_int_equal(status, SOAT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loose_file_is_replaced_once),
        cmocka_unit_test(tidy_file_is_not_touched),
        cmocka_unit_test(check_touches_nothing),
        cmocka_unit_test(broken_file_is_left_alone),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(a_circle_of_folders_ends),
        cmocka_unit_test(refused_output_is_incomplete),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

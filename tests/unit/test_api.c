/* The public functions as a program would use them: contracts, several handles, memory
 * that runs out at any request, a sink that refuses. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "soat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char rules_text[] =
    "soat 1\n"
    "ruleset t { title en \"T\" language en }\n"
    "dataset d { key id column id text column a count column b count }\n"
    "check c on d { must a = b }\n";
static const char data_text[] = "id,a,b\nx,1,1\ny,2,3\nz,,4\n";

struct said {
    char text[65536];
    size_t n, limit; /* bytes after which the sink refuses; 0: never */
};

static bool keep(void *context, const char *p, size_t n)
{
    struct said *s = context;
    if (n >= sizeof s->text - s->n || (s->limit && s->n + n > s->limit)) {
        return false;
    }
    memcpy(s->text + s->n, p, n);
    s->n += n;
    s->text[s->n] = '\0';
    return true;
}

struct place {
    char folder[64], rules[96], data[96], report[96];
};

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void place_begin(struct place *p)
{
    const char *top = getenv("TMPDIR");
    snprintf(p->folder, sizeof p->folder, "%.40s/soat-XXXXXX", top ? top : "/tmp");
    assert_non_null(mkdtemp(p->folder));
    snprintf(p->rules, sizeof p->rules, "%s/r.soat", p->folder);
    snprintf(p->data, sizeof p->data, "%s/d.csv", p->folder);
    snprintf(p->report, sizeof p->report, "%s/out.jsonl", p->folder);
    write_text(p->rules, rules_text);
    write_text(p->data, data_text);
}

/* Whatever a run leaves behind makes the last line fail. */
static void place_end(const struct place *p)
{
    unlink(p->rules);
    unlink(p->data);
    unlink(p->report);
    assert_int_equal(rmdir(p->folder), 0);
}

static enum soat_status check_in(const struct place *p, soat *s)
{
    soat_set(s, "format", "jsonl");
    soat_rules(s, p->rules);
    soat_data(s, p->data);
    return soat_check(s);
}

static void a_check_reports_and_counts(void **state)
{
    (void)state;
    struct place p;
    struct said out = {0};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){.out = keep, .context = &out});
    assert_int_equal(check_in(&p, s), SOAT_FINDINGS);
    struct soat_totals t;
    soat_totals(s, &t);
    assert_true(t.fail > 0 && t.errors > 0 && t.expected >= t.pass + t.fail + t.unknown);
    assert_non_null(strstr(out.text, "\"record\":\"end\""));
    soat_free(s);
    place_end(&p);
}

static void a_second_check_gives_the_same_bytes(void **state)
{
    (void)state;
    struct place p;
    struct said out = {0};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){.out = keep, .context = &out});
    check_in(&p, s);
    size_t n = out.n;
    soat_check(s);
    assert_int_equal(out.n, 2 * n);
    assert_memory_equal(out.text, out.text + n, n);
    soat_free(s);
    place_end(&p);
}

static void handles_know_nothing_of_each_other(void **state)
{
    (void)state;
    soat *a = soat_new(NULL), *b = soat_new(NULL);
    assert_int_equal(soat_set(a, "lang", "en"), SOAT_OK);
    assert_int_equal(soat_set(a, "nonsense", NULL), SOAT_USAGE);
    assert_int_equal(soat_lang(a), SOAT_EN);
    assert_int_equal(soat_lang(b), SOAT_VI);
    assert_int_equal(soat_tell(a), SOAT_USAGE);
    assert_int_equal(soat_tell(b), SOAT_OK);
    soat_free(a);
    soat_free(b);
    soat_free(NULL);
}

static void a_wrong_setting_stops_the_check(void **state)
{
    (void)state;
    struct place p;
    struct said out = {0};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){.out = keep, .context = &out});
    assert_int_equal(soat_report(s, "pdf", "x"), SOAT_USAGE);
    assert_int_equal(check_in(&p, s), SOAT_USAGE);
    assert_int_equal(out.n, 0);
    soat_free(s);
    place_end(&p);
}

static void a_sink_that_refuses_makes_it_incomplete(void **state)
{
    (void)state;
    struct place p;
    struct said out = {.limit = 100};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){.out = keep, .context = &out});
    assert_int_equal(soat_report(s, "jsonl", p.report), SOAT_OK);
    assert_int_equal(check_in(&p, s), SOAT_INCOMPLETE);
    assert_int_equal(access(p.report, F_OK), 0);
    soat_free(s);
    place_end(&p);
}

static void without_sinks_the_status_is_the_answer(void **state)
{
    (void)state;
    struct place p;
    place_begin(&p);
    soat *s = soat_new(NULL);
    assert_int_equal(check_in(&p, s), SOAT_FINDINGS);
    soat_free(s);
    place_end(&p);
}

struct heard {
    unsigned n[3]; /* by enum soat_stage */
    uint64_t done, all;
};

static void hear(void *context, enum soat_stage stage, uint64_t done, uint64_t all)
{
    struct heard *h = context;
    assert_true(done <= all);
    h->n[stage]++;
    h->done = done;
    h->all = all;
}

static struct heard heard_in(const char *when, bool is_terminal)
{
    struct place p;
    struct heard h = {.done = 0};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){
        .progress = hear, .context = &h, .err_is_terminal = is_terminal});
    assert_int_equal(soat_set(s, "progress", when), SOAT_OK);
    assert_int_equal(check_in(&p, s), SOAT_FINDINGS);
    soat_free(s);
    place_end(&p);
    return h;
}

static void progress_is_heard_where_it_is_wanted(void **state)
{
    (void)state;
    struct heard h = heard_in("auto", true);
    assert_int_equal(h.n[SOAT_READING], 1);
    assert_int_equal(h.n[SOAT_EVALUATING], 1);
    assert_int_equal(h.n[SOAT_REPORTING], 1);
    assert_int_equal(h.done, strlen(data_text));
    assert_int_equal(h.all, strlen(data_text));
    assert_int_equal(heard_in("auto", false).n[SOAT_EVALUATING], 0);
    assert_int_equal(heard_in("always", false).n[SOAT_EVALUATING], 1);
    assert_int_equal(heard_in("never", true).n[SOAT_EVALUATING], 0);
}

static void status_and_exit_code(void **state)
{
    (void)state;
    assert_int_equal(soat_exit_code(SOAT_OK), 0);
    assert_int_equal(soat_exit_code(SOAT_FINDINGS), 1);
    assert_int_equal(soat_exit_code(SOAT_USAGE), 2);
    assert_int_equal(soat_exit_code(SOAT_INCOMPLETE), 3);
    assert_int_equal(soat_exit_code(SOAT_FAULT), 4);
    assert_int_equal(soat_exit_code(SOAT_NO_MEMORY), 3);
    assert_string_equal(soat_version(), SOAT_VERSION);
}

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

/* Every request may be the one that fails: the status says so, nothing leaks, no file is
 * left, and what is freed can be freed. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    struct place p;
    enum soat_status status = SOAT_NO_MEMORY;
    size_t n = 0;
    place_begin(&p);
    for (; status == SOAT_NO_MEMORY && n < 5000; n++) {
        struct said out = {0};
        struct budget budget = {.left = n};
        soat *s = soat_new(&(struct soat_config){
            .resize = spend, .memory = &budget, .out = keep, .context = &out});
        if (!s) {
            continue;
        }
        status = soat_report(s, "jsonl", p.report);
        status = status == SOAT_OK ? check_in(&p, s) : status;
        if (status == SOAT_NO_MEMORY) {
            assert_int_equal(access(p.report, F_OK), -1);
        }
        soat_free(s);
    }
    assert_int_equal(status, SOAT_FINDINGS);
    assert_true(n > 5);
    place_end(&p);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_reports_and_counts),
        cmocka_unit_test(a_second_check_gives_the_same_bytes),
        cmocka_unit_test(handles_know_nothing_of_each_other),
        cmocka_unit_test(a_wrong_setting_stops_the_check),
        cmocka_unit_test(a_sink_that_refuses_makes_it_incomplete),
        cmocka_unit_test(without_sinks_the_status_is_the_answer),
        cmocka_unit_test(progress_is_heard_where_it_is_wanted),
        cmocka_unit_test(status_and_exit_code),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

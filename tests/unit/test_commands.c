/* soat_score, soat_test and soat_explain as a program would call them: statuses, sinks
 * that refuse, memory that runs out at any request. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "soat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char rules_text[] =
    "soat 1\n"
    "ruleset t { title en \"T\" language en }\n"
    "dataset d { key unit, period column unit text column period period\n"
    "  column a count flow optional }\n"
    "check c on d { must a <= 9 }\n"
    "target t on d { actual a plan 4 aim at_least points 10 { ratio cap 100% } }\n"
    "scoreboard b on d each period { for unit targets t rank highest ties shared }\n"
    "test \"good\" { given d \"\"\"\n"
    "unit,period,a\n"
    "x,2022,10\n"
    "\"\"\"\n"
    "  expect c fail\n"
    "  expect nothing else\n"
    "}\n"
    "test \"bad\" { given d \"\"\"\n"
    "unit,period,a\n"
    "x,2022,10\n"
    "\"\"\"\n"
    "  expect c pass\n"
    "}\n";
static const char data_text[] = "unit,period,a\nx,2022,4\ny,2022,2\nz,2022,\n";

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
    char folder[64], rules[96], data[96];
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
    write_text(p->rules, rules_text);
    write_text(p->data, data_text);
}

static void place_end(const struct place *p)
{
    unlink(p->rules);
    unlink(p->data);
    assert_int_equal(rmdir(p->folder), 0);
}

/* ---- the calls ---- */

static enum soat_status call_score(const struct place *p, soat *s)
{
    soat_rules(s, p->rules);
    soat_data(s, p->data);
    return soat_score(s);
}

static enum soat_status call_workings(const struct place *p, soat *s)
{
    soat_set(s, "explain", "y");
    return call_score(p, s);
}

static enum soat_status call_test(const struct place *p, soat *s)
{
    const char *paths[] = {p->rules, p->folder};
    return soat_test(s, paths, 2);
}

static enum soat_status call_coverage(const struct place *p, soat *s)
{
    const char *paths[] = {p->rules};
    soat_set(s, "coverage", NULL);
    return soat_test(s, paths, 1);
}

static enum soat_status call_explain(const struct place *p, soat *s)
{
    soat_rules(s, p->rules);
    return soat_explain(s, "c");
}

static enum soat_status call_explain_code(const struct place *p, soat *s)
{
    (void)p;
    return soat_explain(s, "r001");
}

static enum soat_status call_explain_nothing(const struct place *p, soat *s)
{
    soat_rules(s, p->rules);
    return soat_explain(s, "nothing");
}

static enum soat_status call_unknown_unit(const struct place *p, soat *s)
{
    soat_set(s, "explain", "nobody");
    return call_score(p, s);
}

static enum soat_status call_foreign_option(const struct place *p, soat *s)
{
    soat_set(s, "where", "unit=x");
    return call_test(p, s);
}

static const struct call_case {
    const char *name;
    enum soat_status (*call)(const struct place *p, soat *s);
    enum soat_status status;
    const char *says; /* NULL: nothing at all */
} calls[] = {
    {"score", call_score, SOAT_OK, "SCORED"},
    {"workings", call_workings, SOAT_OK, "2 / 4 = 50%"},
    {"test", call_test, SOAT_FINDINGS, "2 passed, 2 failed\n"},
    {"coverage", call_coverage, SOAT_FINDINGS, "Validation levels"},
    {"explain", call_explain, SOAT_OK, "formula: a <= 9"},
    {"explain_code", call_explain_code, SOAT_OK, "R001"},
    {"explain_nothing", call_explain_nothing, SOAT_USAGE, NULL},
    {"unknown_unit", call_unknown_unit, SOAT_USAGE, NULL},
    {"foreign_option", call_foreign_option, SOAT_USAGE, NULL},
};

static void call_row(void **state)
{
    const struct call_case *c = *state;
    struct place p;
    struct said out = {0};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){.out = keep, .context = &out});
    assert_int_equal(c->call(&p, s), c->status);
    if (c->says) {
        assert_non_null(strstr(out.text, c->says));
    } else {
        assert_int_equal(out.n, 0);
    }
    soat_free(s);
    place_end(&p);
}

static void refused_row(void **state)
{
    const struct call_case *c = *state;
    struct place p;
    struct said out = {.limit = 1};
    place_begin(&p);
    soat *s = soat_new(&(struct soat_config){.out = keep, .context = &out});
    assert_int_equal(c->call(&p, s), c->says ? SOAT_INCOMPLETE : c->status);
    soat_free(s);
    place_end(&p);
}

static void without_sinks_row(void **state)
{
    const struct call_case *c = *state;
    struct place p;
    place_begin(&p);
    soat *s = soat_new(NULL);
    assert_int_equal(c->call(&p, s), c->status);
    soat_free(s);
    place_end(&p);
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

static void memory_row(void **state)
{
    const struct call_case *c = *state;
    struct place p;
    enum soat_status status = SOAT_NO_MEMORY;
    place_begin(&p);
    for (size_t n = 0; status == SOAT_NO_MEMORY && n < 5000; n++) {
        struct said out = {0};
        struct budget budget = {.left = n};
        soat *s = soat_new(&(struct soat_config){
            .resize = spend, .memory = &budget, .out = keep, .context = &out});
        if (s) {
            status = c->call(&p, s);
            soat_free(s);
        }
    }
    assert_int_equal(status, c->status);
    place_end(&p);
}

int main(void)
{
    enum { CALLS = sizeof calls / sizeof *calls };
    static const struct {
        const char *suffix;
        CMUnitTestFunction run;
    } ways[] = {
        {"", call_row},
        {"_with_a_sink_that_refuses", refused_row},
        {"_without_sinks", without_sinks_row},
        {"_while_memory_runs_out", memory_row},
    };
    enum { WAYS = sizeof ways / sizeof *ways };
    static char names[CALLS * WAYS][96];
    struct CMUnitTest tests[CALLS * WAYS] = {0};
    for (size_t i = 0; i < CALLS * WAYS; i++) {
        snprintf(names[i], sizeof names[i], "%s%s", calls[i / WAYS].name,
                 ways[i % WAYS].suffix);
        tests[i] = (struct CMUnitTest){names[i], ways[i % WAYS].run, NULL, NULL,
                                       (void *)(uintptr_t)&calls[i / WAYS]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

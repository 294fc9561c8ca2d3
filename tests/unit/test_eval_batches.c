/* The same rules over the same rows in batches of several sizes: every verdict and every
 * finding is the same. The rows are more than one batch of the usual size, and every slip
 * repeats with a period that is prime to the sizes, so that it falls on every place of a
 * batch. */
#include "eval/eval.h"
#include "lang/check.h"
#include "lang/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PERIODS 6
#define UNITS 450

static const char rules_text[] =
    "soat 1\n"
    "dataset report {\n"
    "  key unit, period\n"
    "  totals unit \"T\"\n"
    "  na \"x\"\n"
    "  numbers plain\n"
    "  column unit text\n"
    "  column period period\n"
    "  column area text\n"
    "  column open count stock\n"
    "  column new_ count flow\n"
    "  column total decimal stock\n"
    "  column has flag optional\n"
    "}\n"
    "dataset sums {\n"
    "  key area, period\n"
    "  numbers plain\n"
    "  column area text\n"
    "  column period period\n"
    "  column total count stock\n"
    "}\n"
    "check balance on report { when has must total = open + new_ }\n"
    "check carry on report { must open = previous(total) if_first skip }\n"
    "check year_ on report { must open <= previous(total, 1 year) + 1 if_missing skip }\n"
    "check cumulated on report { must cumulative(new_) < 6 }\n"
    "check ratio on report { must total / new_ >= 3 within 5% of right }\n"
    "check text_ on report { must length(unit) + length(area) < 6 and area in {\"A1\", "
    "\"A2\", \"A3\"} }\n"
    "check sums_ on sums { must total = sum(report[area = this.area].total) within 4 }\n"
    "check share on report each area, period { must max(total) <= 47 and sum(total) > 0 "
    "}\n"
    "check some on report[total > 44] each period { must count() >= 20 }\n"
    "check alone on report { when new_ = 4 must unique(open, total, period) }\n";

struct world {
    struct arena *arena;
    struct evaluation *evaluation;
};

/* What row number `row` reports; unit and area follow from its place in the period. */
static uint32_t opening_of(uint32_t row)
{
    return row % UNITS % 41 + row / UNITS - (row % 31 == 0 ? 1 : 0);
}

static uint32_t total_of(uint32_t row)
{
    return row % UNITS % 41 + row / UNITS + row % 5 + (row % 29 == 0 ? 1 : 0);
}

static const char *has_of(uint32_t row)
{
    if (row % 3 == 0) {
        return "";
    }
    return row % 7 == 0 ? "không" : "có";
}

/* Some rows of the first two periods repeat a unit, some opening cells are not
 * applicable. */
static void add_report(struct text *t)
{
    text_add_z(t, "unit,period,area,open,new_,total,has\n");
    for (uint32_t row = 0; row < PERIODS * UNITS; row++) {
        uint32_t period = row / UNITS, unit = row % UNITS;
        bool is_copy = row % 83 == 0 && period < 2;
        char line[96];
        snprintf(line, sizeof line, "u%u,%u-H%u,A%u,%s%u,%u,%u,%s\n",
                 is_copy ? unit + 1 : unit, 2020 + period / 2, 1 + period % 2,
                 unit % 3 + 1, row % 89 == 0 ? "x" : "", opening_of(row), row % 5,
                 total_of(row), has_of(row));
        text_add_z(t, line);
    }
    text_add_z(t, "T,2020-H1,,1,1,1,\n");
}

/* Every other sum is wrong. */
static void add_sums(struct text *t)
{
    uint32_t sums[PERIODS * 3] = {0};
    for (uint32_t row = 0; row < PERIODS * UNITS; row++) {
        sums[row / UNITS * 3 + row % UNITS % 3] += total_of(row);
    }
    text_add_z(t, "area,period,total\n");
    for (uint32_t i = 0; i < COUNT_OF(sums); i++) {
        char line[64];
        snprintf(line, sizeof line, "A%u,%u-H%u,%u\n", i % 3 + 1, 2020 + i / 6,
                 1 + i / 3 % 2, sums[i] + (i % 2 == 0 ? 4 : 5));
        text_add_z(t, line);
    }
}

static const struct ruleset *rules_of(struct arena *a, struct diags *diags)
{
    struct sources *sources = sources_new(a);
    uint32_t src = sources_add(sources, str_of("rules.soat"), str_of(rules_text));
    struct ast_file *files[1] = {parse_file(a, sources, src, diags)};
    const struct ruleset *rules = check_rules(a, sources, files, 1, diags);
    if (diags_errors(diags) > 0) {
        struct str said = diag_text(a, diags_get(diags, 0), LANG_EN);
        fail_msg("the rules do not pass: %.*s", (int)said.n, said.p);
    }
    return rules;
}

static struct table *table_of(struct arena *a, const struct schema *s, struct dict *texts,
                              void (*add)(struct text *t))
{
    struct load_options options = {.numbers = NUMFMT_AUTO};
    struct text text = text_in(a);
    add(&text);
    struct str csv = text_str(&text);
    struct loader *l = loader_open(a, s, texts, &options);
    loader_file(l, s->name, "UTF-8");
    assert_int_equal(loader_feed(l, csv.p, csv.n), READER_OK);
    assert_int_equal(loader_file_end(l), READER_OK);
    return loader_finish(l);
}

static struct world evaluate_with(struct eval_input in)
{
    struct world w = {.arena = arena_open(&mem_libc_hook)};
    struct diags *diags = diags_new(w.arena);
    const struct ruleset *rules = rules_of(w.arena, diags);
    struct dict *texts = dict_new(w.arena);
    struct table **tables = arena_new_array(w.arena, 2, struct table *);
    tables[0] = table_of(w.arena, &rules->datasets[0].schema, texts, add_report);
    tables[1] = table_of(w.arena, &rules->datasets[1].schema, texts, add_sums);
    in.rules = rules;
    in.tables = tables;
    in.texts = texts;
    w.evaluation = eval_run(w.arena, &in, diags);
    return w;
}

static struct world evaluate(uint32_t batch_rows)
{
    return evaluate_with((struct eval_input){.batch_rows = batch_rows});
}

static void compare_rules(const struct rule *a, const struct rule *b)
{
    assert_true(str_eq(a->id, b->id));
    if (a->expected != b->expected || memcmp(a->count, b->count, sizeof a->count) != 0) {
        fail_msg("%.*s: fail %u and %u, unknown %u and %u", (int)a->id.n, a->id.p,
                 (unsigned)a->count[VERDICT_FAIL], (unsigned)b->count[VERDICT_FAIL],
                 (unsigned)a->count[VERDICT_UNKNOWN],
                 (unsigned)b->count[VERDICT_UNKNOWN]);
    }
}

static void compare_findings(const struct finding *a, const struct finding *b)
{
    assert_int_equal(a->rule, b->rule);
    assert_int_equal(a->row, b->row);
    assert_int_equal(a->extra, b->extra);
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->severity, b->severity);
    assert_int_equal(a->fault, b->fault);
}

static void test_size(void **state)
{
    const uint32_t *size = *state;
    struct world usual = evaluate(0), other = evaluate(*size);
    const struct evaluation *a = usual.evaluation, *b = other.evaluation;
    assert_int_equal(a->n_rules, b->n_rules);
    for (uint32_t i = 0; i < a->n_rules; i++) {
        compare_rules(&a->rules[i], &b->rules[i]);
    }
    assert_int_equal(a->n_findings, b->n_findings);
    for (size_t i = 0; i < a->n_findings; i++) {
        compare_findings(&a->findings[i], &b->findings[i]);
    }
    arena_close(usual.arena);
    arena_close(other.arena);
}

static void compare_found(const struct evaluation *all, const struct evaluation *some,
                          uint64_t most)
{
    for (uint32_t i = 0; i < all->n_rules; i++) {
        const struct rule *a = &all->rules[i], *b = &some->rules[i];
        compare_rules(a, b);
        assert_memory_equal(a->found, b->found, sizeof a->found);
        assert_int_equal(a->n_dropped, 0);
        assert_int_equal(b->n_kept > most, 0);
        uint64_t failed = a->count[VERDICT_FAIL] + a->count[VERDICT_ERROR];
        assert_int_equal(b->n_kept + b->n_dropped,
                         failed + (some->drops_unknown ? 0 : a->count[VERDICT_UNKNOWN]));
    }
}

/* Of each rule the first few findings are kept, in the same order, and all are counted.
 */
static void test_most(void **state)
{
    (void)state;
    struct world whole = evaluate(0);
    const struct evaluation *all = whole.evaluation;
    for (uint64_t most = 1; most < 40; most = 3 * most + 1) {
        for (int drops = 0; drops < 2; drops++) {
            struct world w =
                evaluate_with((struct eval_input){.most = most, .drops_unknown = drops});
            const struct evaluation *some = w.evaluation;
            uint64_t *seen = arena_new_array(w.arena, all->n_rules, uint64_t);
            size_t n = 0;
            for (size_t i = 0; i < all->n_findings; i++) {
                const struct finding *f = &all->findings[i];
                bool is_kept = !drops || f->verdict != VERDICT_UNKNOWN;
                if (is_kept && seen[f->rule]++ < most) {
                    assert_true(n < some->n_findings);
                    compare_findings(f, &some->findings[n++]);
                }
            }
            assert_int_equal(some->n_findings, n);
            compare_found(all, some, most);
            arena_close(w.arena);
        }
    }
    arena_close(whole.arena);
}

/* Otherwise the comparison says little. */
static void test_every_check_finds_something(void **state)
{
    (void)state;
    struct world w = evaluate(0);
    for (uint32_t i = 0; i < w.evaluation->n_rules; i++) {
        const struct rule *rule = &w.evaluation->rules[i];
        if (rule->kind == RULE_CHECK &&
            (rule->count[VERDICT_PASS] == 0 || rule->count[VERDICT_FAIL] == 0)) {
            fail_msg("%.*s: pass %u, fail %u, unknown %u", (int)rule->id.n, rule->id.p,
                     (unsigned)rule->count[VERDICT_PASS],
                     (unsigned)rule->count[VERDICT_FAIL],
                     (unsigned)rule->count[VERDICT_UNKNOWN]);
        }
    }
    arena_close(w.arena);
}

int main(void)
{
    static struct {
        const char *name;
        uint32_t size;
    } sizes[] = {
        {"batches_of_1", 1},      {"batches_of_2", 2},       {"batches_of_7", 7},
        {"batches_of_64", 64},    {"batches_of_2047", 2047}, {"batches_of_2049", 2049},
        {"batch_of_all", 100000},
    };
    struct CMUnitTest tests[COUNT_OF(sizes) + 2] = {
        cmocka_unit_test(test_every_check_finds_something), cmocka_unit_test(test_most)};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        tests[i + 2] = (struct CMUnitTest){.name = sizes[i].name,
                                           .test_func = test_size,
                                           .initial_state = &sizes[i].size};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

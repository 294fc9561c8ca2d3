/* What lint says of random checks, against every row that there can be.
 *
 * A check is made as a tree, written as rule text, and computed here by itself: columns
 * have few values, so all rows can be tried. Of checks over linear sums, categories and
 * flags exactly what is so must be said; of others (products, quotients, rounding)
 * nothing that is not so. A cell of the optional column may also be missing, and then
 * conditions are unknown as the language says. */
#include "lint_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifndef CASES
enum { CASES = 400 };
#endif
enum { DEPTH = 3 };

/* ---- chance */

struct chance {
    uint64_t state;
};

static uint32_t next(struct chance *c, uint32_t n)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return (uint32_t)((c->state * UINT64_C(0x2545F4914F6CDD1D)) >> 40) % n;
}

/* ---- rows */

enum { A, B, C, D, NUMBERS };

struct row {
    int numbers[NUMBERS];
    bool is_missing; /* D */
    int status;      /* of three */
    bool flag;
};

static const char *const names[] = {"a", "b", "c", "d"};
static const char *const statuses[] = {"x", "y", "z"};

static const char world[] = "soat 1\n"
                            "codelist status { x \"X\", y \"Y\", z \"Z\" }\n"
                            "dataset t {\n"
                            "  key id\n"
                            "  column id text max 9\n"
                            "  column a integer in 0 .. 3\n"
                            "  column b count in 0 .. 3\n"
                            "  column c integer in {-1, 0, 2}\n"
                            "  column d integer in 0 .. 2 optional\n"
                            "  column s code status\n"
                            "  column f flag\n"
                            "}\n";

/* Calls `see` with every row that the declarations allow. */
static void each_row(void (*see)(void *, const struct row *), void *context)
{
    static const int of_c[] = {-1, 0, 2};
    for (int i = 0; i < 4 * 4 * 3 * 4 * 3 * 2; i++) {
        int n = i;
        struct row r = {.flag = n % 2};
        r.status = (n /= 2) % 3;
        r.numbers[D] = (n /= 3) % 4;
        r.is_missing = r.numbers[D] == 3;
        r.numbers[C] = of_c[(n /= 4) % 3];
        r.numbers[B] = (n /= 3) % 4;
        r.numbers[A] = n / 4;
        see(context, &r);
    }
}

/* ---- trees */

enum kind {
    COLUMN,
    OTHERWISE,
    CONSTANT,
    PLUS,
    MINUS,
    TIMES,
    CHOOSE,
    LINEAR_KINDS,
    SIZE = LINEAR_KINDS,
    LESSER,
    LARGER,
    PRODUCT,
    QUOTIENT,
    NUMBER_KINDS,
    COMPARE,
    BOTH,
    EITHER,
    NOT,
    IMPLIES,
    IS,
    AMONG,
    FLAG,
    BETWEEN,
    MISSING,
    KINDS
};

struct tree {
    enum kind kind;
    int n; /* column, constant, factor, status, comparison */
    const struct tree *kids[3];
};

static const struct tree *condition(struct chance *c, struct arena *a, int depth,
                                    bool is_linear);

static const struct tree *number(struct chance *c, struct arena *a, int depth,
                                 bool is_linear)
{
    struct tree *t = arena_new(a, struct tree);
    uint32_t kinds = depth == 0 ? PLUS : is_linear ? LINEAR_KINDS : NUMBER_KINDS;
    t->kind = (enum kind)next(c, kinds);
    t->n = t->kind == COLUMN     ? (int)next(c, NUMBERS)
           : t->kind == TIMES    ? (int)next(c, 5) - 2
           : t->kind == CONSTANT ? (int)next(c, 9) - 2
                                 : (int)next(c, 4);
    if (t->kind == CHOOSE) {
        t->kids[2] = condition(c, a, 0, is_linear);
    }
    for (int i = 0; t->kind >= PLUS && i < 2; i++) {
        t->kids[i] = number(c, a, depth - 1, is_linear);
    }
    return t;
}

static const struct tree *condition(struct chance *c, struct arena *a, int depth,
                                    bool is_linear)
{
    struct tree *t = arena_new(a, struct tree);
    static const enum kind leaves[] = {COMPARE, COMPARE, COMPARE, IS,
                                       AMONG,   FLAG,    BETWEEN, MISSING};
    static const enum kind inner[] = {BOTH, BOTH, EITHER, NOT, IMPLIES, COMPARE};
    t->kind = depth == 0 ? leaves[next(c, 8)] : inner[next(c, 6)];
    t->n = (int)next(c, t->kind == COMPARE ? 6 : 3);
    for (int i = 0; i < 2; i++) {
        bool is_number = t->kind == COMPARE || t->kind == BETWEEN;
        bool is_inner =
            t->kind == BOTH || t->kind == EITHER || t->kind == NOT || t->kind == IMPLIES;
        t->kids[i] = is_number  ? number(c, a, 2, is_linear)
                     : is_inner ? condition(c, a, depth - 1, is_linear)
                                : NULL;
    }
    return t;
}

/* ---- as rule text */

static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};

static void write(struct text *out, const struct tree *t);

static void write_two(struct text *out, const struct tree *t, const char *open,
                      const char *between, const char *close)
{
    text_add_z(out, open);
    write(out, t->kids[0]);
    text_add_z(out, between);
    write(out, t->kids[1]);
    text_add_z(out, close);
}

static void write(struct text *out, const struct tree *t)
{
    switch (t->kind) {
    case COLUMN:
        text_add_z(out, names[t->n]);
        break;
    case OTHERWISE:
        text_printf(out, "(d ?? %d)", t->n);
        break;
    case CONSTANT:
        text_printf(out, t->n < 0 ? "(%d)" : "%d", t->n);
        break;
    case PLUS:
    case MINUS:
        write_two(out, t, "(", t->kind == PLUS ? " + " : " - ", ")");
        break;
    case TIMES:
        text_printf(out, "((%d) * ", t->n);
        write(out, t->kids[0]);
        text_char(out, ')');
        break;
    case CHOOSE:
        text_add_z(out, "(if ");
        write(out, t->kids[2]);
        write_two(out, t, " then ", " else ", ")");
        break;
    case SIZE:
        text_add_z(out, "abs(");
        write(out, t->kids[0]);
        text_char(out, ')');
        break;
    case LESSER:
    case LARGER:
        write_two(out, t, t->kind == LESSER ? "min(" : "max(", ", ", ")");
        break;
    case PRODUCT:
    case QUOTIENT:
        write_two(out, t, "(", t->kind == PRODUCT ? " * " : " / ", ")");
        break;
    case COMPARE:
        text_char(out, '(');
        write(out, t->kids[0]);
        text_printf(out, " %s ", signs[t->n]);
        write(out, t->kids[1]);
        text_char(out, ')');
        break;
    case BOTH:
        write_two(out, t, "(", " and ", ")");
        break;
    case EITHER:
        write_two(out, t, "(", " or ", ")");
        break;
    case IMPLIES:
        write_two(out, t, "(", " implies ", ")");
        break;
    case NOT:
        text_add_z(out, "(not ");
        write(out, t->kids[0]);
        text_char(out, ')');
        break;
    case IS:
        text_printf(out, "(s = \"%s\")", statuses[t->n]);
        break;
    case AMONG:
        text_printf(out, "(s in {\"%s\", \"%s\"})", statuses[t->n],
                    statuses[(t->n + 1) % 3]);
        break;
    case FLAG:
        text_add_z(out, "f");
        break;
    case BETWEEN:
        text_char(out, '(');
        write(out, t->kids[0]);
        text_printf(out, " in %d .. ", t->n);
        write(out, t->kids[1]);
        text_char(out, ')');
        break;
    case MISSING:
        text_add_z(out, "(d is missing)");
        break;
    case NUMBER_KINDS:
    case KINDS:
        fail();
    }
}

/* ---- computed */

struct number_value {
    bool is_known;
    struct num n;
};

enum truth { NO, MAYBE, YES };

static enum truth truth_of(const struct tree *t, const struct row *r);

static struct number_value known(struct num n)
{
    return (struct number_value){true, n};
}

static struct number_value combine(enum kind kind, struct num a, struct num b)
{
    struct num out = num_int(0);
    enum dec_status status = DEC_OK;
    if (kind == LESSER || kind == LARGER) {
        return known((num_cmp(a, b) < 0) == (kind == LESSER) ? a : b);
    }
    status = kind == PLUS      ? num_add(a, b, &out)
             : kind == MINUS   ? num_sub(a, b, &out)
             : kind == PRODUCT ? num_mul(a, b, &out)
                               : num_div(a, b, &out);
    return (struct number_value){status == DEC_OK, out};
}

static struct number_value value_of(const struct tree *t, const struct row *r)
{
    if (t->kind == COLUMN) {
        return (struct number_value){t->n != D || !r->is_missing,
                                     num_int(r->numbers[t->n])};
    }
    if (t->kind == OTHERWISE) {
        return known(num_int(r->is_missing ? t->n : r->numbers[D]));
    }
    if (t->kind == CONSTANT) {
        return known(num_int(t->n));
    }
    if (t->kind == CHOOSE) {
        enum truth c = truth_of(t->kids[2], r);
        return c == MAYBE ? (struct number_value){0}
                          : value_of(t->kids[c == YES ? 0 : 1], r);
    }
    struct number_value x = value_of(t->kids[0], r);
    if (!x.is_known || t->kind == SIZE) {
        x.n = x.is_known ? num_abs(x.n) : x.n;
        return x;
    }
    if (t->kind == TIMES) {
        return combine(PRODUCT, x.n, num_int(t->n));
    }
    struct number_value y = value_of(t->kids[1], r);
    return y.is_known ? combine(t->kind, x.n, y.n) : y;
}

static enum truth of(bool is_true)
{
    return is_true ? YES : NO;
}

static enum truth compared(int sign, int cmp)
{
    const bool holds[] = {sign == 0, sign != 0, sign<0, sign <= 0, sign> 0, sign >= 0};
    return of(holds[cmp]);
}

static enum truth numbers_compared(const struct tree *t, const struct row *r)
{
    struct number_value x = value_of(t->kids[0], r), y = value_of(t->kids[1], r);
    if (t->kind == COMPARE) {
        return x.is_known && y.is_known ? compared(num_cmp(x.n, y.n), t->n) : MAYBE;
    }
    enum truth low = x.is_known ? of(num_cmp(x.n, num_int(t->n)) >= 0) : MAYBE;
    enum truth high = x.is_known && y.is_known ? of(num_cmp(x.n, y.n) <= 0) : MAYBE;
    return low < high ? low : high;
}

static enum truth truth_of(const struct tree *t, const struct row *r)
{
    enum truth x, y;
    switch ((int)t->kind) {
    case COMPARE:
    case BETWEEN:
        return numbers_compared(t, r);
    case IS:
        return of(r->status == t->n);
    case AMONG:
        return of(r->status == t->n || r->status == (t->n + 1) % 3);
    case FLAG:
        return of(r->flag);
    case MISSING:
        return of(r->is_missing);
    default:
        break;
    }
    x = truth_of(t->kids[0], r);
    y = truth_of(t->kids[1], r);
    x = t->kind == NOT || t->kind == IMPLIES ? (enum truth)(YES - x) : x;
    return t->kind == NOT ? x : (t->kind == BOTH) == (x < y) ? x : y;
}

/* ---- what is so */

struct rule {
    const struct tree *when, *must, *within; /* when, within NULL: not written */
};

enum outcome { SPARED, OPEN, FAILS, PASSES, UNSURE, OUTCOMES };

struct facts { /* how many rows come out so, for each and for two checks */
    const struct rule *rules;
    uint32_t one[2][OUTCOMES], two[OUTCOMES][OUTCOMES];
};

/* What is not so exactly may be so within the tolerance, if that is known. */
static enum truth must_of(const struct rule *rule, const struct row *r)
{
    const struct tree *must = rule->must;
    enum truth exact = truth_of(must, r);
    if (exact != NO || rule->within == NULL) {
        return exact;
    }
    struct num gap = num_int(0);
    struct number_value slack = value_of(rule->within, r);
    (void)num_sub(value_of(must->kids[0], r).n, value_of(must->kids[1], r).n, &gap);
    gap = must->n == 0 ? num_abs(gap) : must->n == 5 ? num_neg(gap) : gap;
    return slack.is_known ? of(num_cmp(gap, slack.n) <= 0) : MAYBE;
}

static enum outcome outcome_of(const struct rule *rule, const struct row *r)
{
    enum truth when = rule->when == NULL ? YES : truth_of(rule->when, r);
    enum truth must = must_of(rule, r);
    return when == NO      ? SPARED
           : when == MAYBE ? OPEN
           : must == YES   ? PASSES
           : must == NO    ? FAILS
                           : UNSURE;
}

static void count_row(void *context, const struct row *r)
{
    struct facts *f = context;
    enum outcome a = outcome_of(&f->rules[0], r), b = outcome_of(&f->rules[1], r);
    f->one[0][a]++;
    f->one[1][b]++;
    f->two[a][b]++;
}

static const char *verdict(const struct facts *f, int i)
{
    const uint32_t *n = f->one[i];
    if (n[PASSES] + n[FAILS] + n[UNSURE] == 0) {
        return n[SPARED] > 0 ? "L032" : "";
    }
    return n[PASSES] == 0 && n[FAILS] > 0   ? "L031"
           : n[FAILS] == 0 && n[PASSES] > 0 ? "L030"
                                            : "";
}

static bool is_open(const struct facts *f, int i)
{
    return f->one[i][PASSES] > 0 && f->one[i][FAILS] > 0;
}

static bool contradict(const struct facts *f)
{
    bool has_a = f->two[PASSES][FAILS] + f->two[PASSES][UNSURE] > 0;
    bool has_b = f->two[FAILS][PASSES] + f->two[UNSURE][PASSES] > 0;
    return is_open(f, 0) && is_open(f, 1) && f->two[PASSES][PASSES] == 0 && has_a &&
           has_b;
}

/* Whether check i fails only where the other one does. */
static bool is_idle(const struct facts *f, int i)
{
    uint32_t both = f->two[FAILS][FAILS];
    return is_open(f, 0) && is_open(f, 1) && both > 0 && f->one[i][FAILS] == both;
}

/* ---- what lint says */

static bool says(struct diags *d, const char *code, const char *first, const char *second)
{
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *x = diags_get(d, i);
        if (strcmp(diag_info(x->id)->code, code) == 0 &&
            (first == NULL || str_eq(x->args[0], str_of(first))) &&
            (second == NULL || str_eq(x->args[1], str_of(second)))) {
            return true;
        }
    }
    return false;
}

/* A `when` that never holds: the remark at its very place. */
static bool says_at(struct diags *d, uint32_t lo)
{
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *x = diags_get(d, i);
        if (strcmp(diag_info(x->id)->code, "L032") == 0 && x->places[0].span.lo == lo) {
            return true;
        }
    }
    return false;
}

struct case_state {
    const char *name;
    bool is_linear, has_when;
    uint64_t seed;
};

static struct str rule_text(struct arena *a, const struct rule *rules, uint32_t *when_at)
{
    struct text t = text_in(a);
    text_add_z(&t, world);
    for (int i = 0; i < 2; i++) {
        text_printf(&t, "check c%d on t { ", i);
        if (rules[i].when != NULL) {
            text_add_z(&t, "when ");
            when_at[i] = (uint32_t)t.n;
            write(&t, rules[i].when);
        }
        text_add_z(&t, " must ");
        write(&t, rules[i].must);
        if (rules[i].within != NULL) {
            text_add_z(&t, " within ");
            write(&t, rules[i].within);
        }
        text_add_z(&t, " }\n");
    }
    return str_copy(a, text_str(&t));
}

/* expected 1 said, 0 not said, -1 may be said. */
static void expect(bool is_said, int expected, const char *what, const char *rules)
{
    if (expected >= 0 && is_said != (expected == 1)) {
        fail_msg("%s is %s of\n%s", what, is_said ? "wrongly said" : "not said", rules);
    }
}

static int wanted(bool is_so, bool is_exact)
{
    return is_so ? (is_exact ? 1 : -1) : 0;
}

static bool reads_missing(const struct tree *t)
{
    if (t == NULL) {
        return false;
    }
    bool is_d =
        (t->kind == COLUMN && t->n == D) || t->kind == OTHERWISE || t->kind == MISSING;
    return is_d || reads_missing(t->kids[0]) || reads_missing(t->kids[1]) ||
           reads_missing(t->kids[2]);
}

/* Values with several readings: too many of them are more than lint looks at. */
static int choices(const struct tree *t)
{
    if (t == NULL) {
        return 0;
    }
    return (t->kind == CHOOSE) + (t->kind == OTHERWISE) + choices(t->kids[0]) +
           choices(t->kids[1]) + choices(t->kids[2]);
}

enum { CHOICES_MAX = 3 };

static bool is_simple(const struct rule *r)
{
    return choices(r->when) + choices(r->must) + choices(r->within) <= CHOICES_MAX;
}

static void compare_case(const struct case_state *s, struct diags *d,
                         const struct facts *f, const uint32_t *when_at, const char *text)
{
    bool exact = s->is_linear && is_simple(&f->rules[0]) && is_simple(&f->rules[1]);
    bool has_gaps = false; /* cells that may be missing */
    for (int i = 0; i < 2; i++) {
        const char *id = i == 0 ? "c0" : "c1", *so = verdict(f, i);
        has_gaps |= reads_missing(f->rules[i].when) || reads_missing(f->rules[i].must) ||
                    reads_missing(f->rules[i].within);
        expect(says(d, "L030", id, NULL), wanted(strcmp(so, "L030") == 0, exact), "L030",
               text);
        expect(says(d, "L031", id, NULL), wanted(strcmp(so, "L031") == 0, exact), "L031",
               text);
        if (f->rules[i].when != NULL) {
            expect(says_at(d, when_at[i]), wanted(strcmp(so, "L032") == 0, false), "L032",
                   text);
        }
    }
    bool idle_0 = is_idle(f, 0), idle_1 = is_idle(f, 1);
    expect(says(d, "L033", "c1", "c0"), wanted(contradict(f), exact && !has_gaps), "L033",
           text);
    expect(says(d, "L034", "c0", "c1"),
           wanted(idle_0 && !(idle_1 && !has_gaps), exact && !has_gaps), "L034 c0", text);
    expect(says(d, "L034", "c1", "c0"),
           wanted(idle_1 && !(idle_0 && !has_gaps), exact && !has_gaps), "L034 c1", text);
    expect(says(d, "L035", "c1", "c0"), wanted(idle_0 && idle_1, exact && !has_gaps),
           "L035", text);
}

static void random_checks(void **state)
{
    const struct case_state *s = *state;
    struct chance c = {s->seed * 7919 +
                       (getenv("SEED") ? (uint64_t)atoi(getenv("SEED")) : 0)};
    uint32_t n_said = 0;
    for (int i = 0; i < 20; i++)
        next(&c, 2);
    for (int i = 0; i < CASES; i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct rule rules[2];
        uint32_t when_at[2] = {0};
        for (int k = 0; k < 2; k++) {
            rules[k].when = s->has_when && next(&c, 2) == 0
                                ? condition(&c, a, (int)next(&c, 2), s->is_linear)
                                : NULL;
            rules[k].must = condition(&c, a, (int)next(&c, DEPTH), s->is_linear);
            int cmp = rules[k].must->kind == COMPARE ? rules[k].must->n : 1;
            bool is_wide = (cmp == 0 || cmp == 3 || cmp == 5) && next(&c, 3) == 0;
            rules[k].within =
                is_wide ? number(&c, a, (int)next(&c, 2), s->is_linear) : NULL;
        }
        struct facts f = {.rules = rules};
        each_row(count_row, &f);
        struct str text = rule_text(a, rules, when_at);
        struct sources *sources = NULL;
        struct diags *d = lint_world_read(a, text.p, NULL, &sources);
        if (diags_errors(d) > 0) {
            fail_msg("wrong rules: %s", text.p);
        }
        compare_case(s, d, &f, when_at, text.p);
        n_said += (uint32_t)says(d, "L030", NULL, NULL) + says(d, "L031", NULL, NULL) +
                  says(d, "L033", NULL, NULL) + says(d, "L034", NULL, NULL) +
                  says(d, "L035", NULL, NULL);
        arena_close(a);
    }
    assert_true(n_said > CASES / 20); /* there was something to say */
}

static const struct case_state cases[] = {
    {"linear", true, false, 1},
    {"linear_with_when", true, true, 2},
    {"not_linear", false, false, 3},
    {"not_linear_with_when", false, true, 4},
};

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases)];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct case_state *s = (struct case_state *)(uintptr_t)&cases[i];
        tests[i] = (struct CMUnitTest){
            .name = s->name, .test_func = random_checks, .initial_state = s};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Exact numbers: rows for what people can read off, and GMP's rationals as the judge of
 * everything else. The judge knows which exact results have a form (a decimal of 38
 * digits and places, or a quotient of two integers below 10^38); an operation must
 * succeed exactly then. The numbers are pseudo-random and always the same: small and
 * large, near powers of ten, of two and of five, with scales and as ratios. */
#include "value/dec.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static const char *z(struct str s)
{
    return str_copy(arena, s).p;
}

/* A number as num_str writes it, fractions too. */
static struct num number(const char *text)
{
    struct str s = str_of(text);
    size_t slash = str_find(s, STR("/"));
    struct num n = {0, 1, 0}, d = {1, 1, 0};

    assert_true(num_parse(str_cut(s, 0, slash == SIZE_MAX ? s.n : slash), &n));
    if (slash != SIZE_MAX) {
        assert_true(num_parse(str_cut(s, slash + 1, s.n), &d));
        assert_int_equal(num_div(n, d, &n), DEC_OK);
    }
    return n;
}

/* ---- rows
 * --------------------------------------------------------------------------------------
 */

#define MAX38 "99999999999999999999999999999999999999"

enum op { ADD, SUB, MUL, DIV, ROUND, FLOOR, CEIL, OPS };

static const struct op_case {
    const char *name;
    enum op op;
    const char *a, *b, *want; /* want: a number, "overflow" or "zero" */
} op_cases[] = {
    {"a_tenth_and_two_tenths", ADD, "0.1", "0.2", "0.3"},
    {"thirds_add_up_to_one", ADD, "1/3", "2/3", "1"},
    {"third_and_sixth_is_half", ADD, "1/3", "1/6", "0.5"},
    {"sum_above_38_digits", ADD, MAX38, "1", "overflow"},
    {"sum_at_38_digits", ADD, MAX38, "-1", "99999999999999999999999999999999999998"},
    {"sum_sheds_zeros_to_fit", ADD, "10000000000000000000000000000000000000", "0.00",
     "10000000000000000000000000000000000000"},
    {"sum_with_a_far_decimal_has_no_form", ADD, "10000000000000000000000000000000000000",
     "0.01", "overflow"},
    {"large_sum_with_a_quarter_stays_a_ratio", ADD,
     "10000000000000000000000000000000000000", "0.25",
     "40000000000000000000000000000000000001/4"},
    {"difference_to_zero", SUB, "1.50", "1.5", "0"},
    {"difference_changes_sign", SUB, "1", "1.001", "-0.001"},
    {"product_of_decimals", MUL, "0.05", "-0.5", "-0.025"},
    {"product_of_reciprocals", MUL, "7/3", "3/7", "1"},
    {"product_above_38_digits", MUL, "10000000000000000000", "10000000000000000000",
     "overflow"},
    {"product_reduces_across", MUL, "1/99999999999999999999999999999999999997",
     "99999999999999999999999999999999999997", "1"},
    {"product_of_38_places_sheds_zeros", MUL, "0.00000000000000000000000000000000000002",
     "0.5", "0.00000000000000000000000000000000000001"},
    {"product_below_38_places_has_no_form", MUL,
     "0.00000000000000000000000000000000000001", "0.5", "overflow"},
    {"sixteen_fifteenths_stays_a_ratio", DIV, "16", "15", "16/15"},
    {"an_eighth_is_a_decimal", DIV, "1", "8", "0.125"},
    {"quotient_of_decimals", DIV, "717.716", "0.001", "717716"},
    {"quotient_sign", DIV, "1", "-3", "-1/3"},
    {"division_by_zero", DIV, "1", "0.00", "zero"},
    {"zero_divided", DIV, "0.00", "7", "0"},
    {"power_of_two_below_38_places_stays_a_ratio", DIV, "1",
     "1267650600228229401496703205376", "1/1267650600228229401496703205376"},
    {"round_half_up", ROUND, "2.345", "2", "2.35"},
    {"round_half_away_from_zero", ROUND, "-2.5", "0", "-3"},
    {"round_below_half", ROUND, "2.4999999", "0", "2"},
    {"round_to_hundreds", ROUND, "149.99", "-2", "100"},
    {"round_to_hundreds_at_half", ROUND, "150", "-2", "200"},
    {"round_small_to_hundreds", ROUND, "-49.9", "-2", "0"},
    {"round_ratio", ROUND, "2/3", "4", "0.6667"},
    {"round_negative_ratio", ROUND, "-2/3", "0", "-1"},
    {"round_ratio_to_tens", ROUND, "400/3", "-1", "130"},
    {"round_ratio_to_more_than_38_digits", ROUND, "100/3", "37", "overflow"},
    {"round_ratio_to_39_places", ROUND, "1/3", "39", "overflow"},
    {"round_to_more_places_keeps", ROUND, "1.5", "60", "1.5"},
    {"round_to_10_38", ROUND, "50000000000000000000000000000000000000", "-38",
     "overflow"},
    {"round_below_10_38", ROUND, "49999999999999999999999999999999999999", "-38", "0"},
    {"round_to_beyond_every_number", ROUND, MAX38, "-2000000000", "0"},
    {"floor_negative", FLOOR, "-2.5", "0", "-3"},
    {"floor_positive_ratio", FLOOR, "7/3", "0", "2"},
    {"floor_whole", FLOOR, "-2.00", "0", "-2"},
    {"ceil_positive", CEIL, "2.1", "0", "3"},
    {"ceil_negative_ratio", CEIL, "-7/3", "0", "-2"},
    {"ceil_largest", CEIL, "9999999999999999999999999999999999999.1", "0",
     "10000000000000000000000000000000000000"},
};

static enum dec_status apply(enum op op, struct num a, struct num b, struct num *out)
{
    int64_t places = 0;
    switch (op) {
    case ADD:
        return num_add(a, b, out);
    case SUB:
        return num_sub(a, b, out);
    case MUL:
        return num_mul(a, b, out);
    case DIV:
        return num_div(a, b, out);
    case ROUND:
        assert_true(num_to_int64(b, &places));
        return num_round(a, (int32_t)places, out);
    case FLOOR:
        return num_floor(a, out);
    case CEIL:
        return num_ceil(a, out);
    case OPS:
        break;
    }
    return DEC_OK;
}

static void test_op(void **state)
{
    const struct op_case *c = *state;
    struct num got = {77, 1, 0};
    enum dec_status status = apply(c->op, number(c->a), number(c->b), &got);

    if (status != DEC_OK) {
        assert_string_equal(status == DEC_OVERFLOW ? "overflow" : "zero", c->want);
        assert_int_equal((int)got.n, 77);
        return;
    }
    assert_string_equal(z(num_str(arena, got)), c->want);
}

static const struct parse_case {
    const char *name, *in, *want; /* want NULL: refused */
    int scale;
} parse_cases[] = {
    {"whole", "541", "541", 0},
    {"zero_padded", "0009", "9", 0},
    {"scale_is_kept", "1.50", "1.5", 2},
    {"negative", "-3", "-3", 0},
    {"minus_zero", "-0.0", "0", 1},
    {"largest", MAX38, MAX38, 0},
    {"thirty_nine_digits", MAX38 "0", NULL, 0},
    {"thirty_nine_digits_with_mark", MAX38 ".0", NULL, 0},
    {"zeros_in_front_do_not_count", "0000000000" MAX38, MAX38, 0},
    {"thirty_eight_places", "0.00000000000000000000000000000000000001",
     "0.00000000000000000000000000000000000001", 38},
    {"thirty_nine_places", "0.000000000000000000000000000000000000001", NULL, 0},
    {"zero_with_forty_places", "0.0000000000000000000000000000000000000000", "0", 38},
    {"empty", "", NULL, 0},
    {"minus_alone", "-", NULL, 0},
    {"mark_first", ".5", NULL, 0},
    {"mark_last", "5.", NULL, 0},
    {"two_marks", "1.2.3", NULL, 0},
    {"plus", "+1", NULL, 0},
    {"blank", " 1", NULL, 0},
    {"letter", "1e5", NULL, 0},
    {"comma", "1,5", NULL, 0},
};

static void test_parse(void **state)
{
    const struct parse_case *c = *state;
    struct num got = {77, 1, 0};

    if (!c->want) {
        assert_false(num_parse(str_of(c->in), &got));
        assert_int_equal((int)got.n, 77);
        return;
    }
    assert_true(num_parse(str_of(c->in), &got));
    assert_int_equal(got.scale, c->scale);
    assert_string_equal(z(num_str(arena, got)), c->want);
}

#define M "\xE2\x88\x92"

static const struct show_case {
    const char *name, *in, *plain, *vi, *en;
} show_cases[] = {
    {"year", "2022", "2022", "2.022", "2,022"},
    {"three_digits", "541", "541", "541", "541"},
    {"millions", "6069668", "6069668", "6.069.668", "6,069,668"},
    {"decimals_are_not_grouped", "-1234.56789", M "1234.56789", M "1.234,56789",
     M "1,234.56789"},
    {"needless_zeros", "1.500", "1.5", "1,5", "1.5"},
    {"below_one", "0.05", "0.05", "0,05", "0.05"},
    {"ratio", "-16/15", M "16/15", M "16/15", M "16/15"},
    {"large_ratio", "10000/3333", "10000/3333", "10.000/3.333", "10,000/3,333"},
    {"largest", MAX38, MAX38, "99.999.999.999.999.999.999.999.999.999.999.999.999",
     "99,999,999,999,999,999,999,999,999,999,999,999,999"},
};

static void test_show(void **state)
{
    const struct show_case *c = *state;
    struct num v = number(c->in);
    assert_string_equal(z(num_show(arena, v, NUM_STYLE_PLAIN)), c->plain);
    assert_string_equal(z(num_show(arena, v, NUM_STYLE_VI)), c->vi);
    assert_string_equal(z(num_show(arena, v, NUM_STYLE_EN)), c->en);
}

static const struct narrow_case {
    const char *name, *in;
    int scale;
    bool fits;
    int64_t want;
} narrow_cases[] = {
    {"same_scale", "1.50", 2, true, 150},
    {"more_places", "1.5", 4, true, 15000},
    {"fewer_places", "1.500", 1, true, 15},
    {"lost_digit", "1.55", 1, false, 0},
    {"ratio", "1/3", 2, false, 0},
    {"largest_int64", "9223372036854775807", 0, true, INT64_MAX},
    {"smallest_int64", "-9223372036854775808", 0, true, INT64_MIN},
    {"above_int64", "9223372036854775808", 0, false, 0},
    {"overflow_by_scale", MAX38, 38, false, 0},
    {"zero_at_any_scale", "0.000", 38, true, 0},
};

static void test_narrow(void **state)
{
    const struct narrow_case *c = *state;
    int64_t got = 77, whole = 77;
    assert_int_equal(num_narrow(number(c->in), c->scale, &got), c->fits);
    assert_int_equal(got, c->fits ? c->want : 77);
    if (c->scale == 0) {
        assert_int_equal(num_to_int64(number(c->in), &whole), c->fits);
        assert_int_equal(whole, got);
    }
}

static const struct root_case {
    const char *name, *a, *k, *b;
    bool want;
} root_cases[] = {
    {"equal_is_not_above", "6", "2", "9", false},
    {"just_above", "6.00000000000000000000000000000000001", "2", "9", true},
    {"negative_a", "-7", "2", "9", true},
    {"ratio", "4/3", "1", "16/9", false},
    {"ratio_above", "4/3", "1", "15/9", true},
    {"zero_root", "0.1", "1000", "0", true},
    {"zero_and_zero", "0", "0", "5", false},
    {"largest_against_largest", MAX38, "1", MAX38, true},
    {"widest_operands", "99999999999999999999999999999999999998/" MAX38,
     MAX38 "/99999999999999999999999999999999999998",
     "99999999999999999999999999999999999997/99999999999999999999999999999999999998",
     false},
};

static void test_root(void **state)
{
    const struct root_case *c = *state;
    bool got = !c->want;
    assert_int_equal(num_exceeds_root(number(c->a), number(c->k), number(c->b), &got),
                     DEC_OK);
    assert_int_equal(got, c->want);
}

/* ---- the judge
 * --------------------------------------------------------------------------------- */

static uint64_t random_bits(uint64_t *seed)
{
    uint64_t x = *seed += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static unsigned below(uint64_t *seed, unsigned n)
{
    return (unsigned)(random_bits(seed) % n);
}

static dec_int power(dec_int base, unsigned n)
{
    dec_int p = 1;
    while (n-- > 0) {
        p *= base;
    }
    return p;
}

/* 0 <= result < 10^38 */
static dec_int random_coefficient(uint64_t *seed)
{
    static const dec_int near[] = {-2, -1, 0, 1, 2, 5};
    dec_int n = 0, limit = power(10, DEC_DIGITS);
    switch (below(seed, 8)) {
    case 0:
        n = below(seed, 20);
        break;
    case 1:
        n = below(seed, 1000000);
        break;
    case 2:
        n = (dec_int)(random_bits(seed) >> below(seed, 64));
        break;
    case 3:
        n = power(10, below(seed, 39)) + near[below(seed, 6)];
        break;
    case 4:
        n = power(2, below(seed, 127));
        break;
    case 5:
        n = power(5, below(seed, 55));
        break;
    case 6:
        n = power(2, below(seed, 40)) * power(5, below(seed, 37));
        break;
    default:
        n = (dec_int)((((dec_uint)random_bits(seed) << 64) | random_bits(seed)) >>
                      (1 + below(seed, 127)));
        break;
    }
    return n < 0 || n >= limit ? limit - 1 - below(seed, 10) : n;
}

static struct num random_number(uint64_t *seed)
{
    struct num v = {random_coefficient(seed), 1, (int32_t)below(seed, 4)};
    uint64_t dice = below(seed, 16);

    if (dice < 3) {
        v.scale = (int32_t)below(seed, 39);
    } else if (dice < 8) {
        struct num n = {v.n, 1, 0}, d = {random_coefficient(seed), 1, 0};
        if (d.n == 0 || num_div(n, d, &v) != DEC_OK) {
            v = n;
        }
    }
    return dice & 1u ? num_neg(v) : v;
}

static void set_integer(mpz_t out, dec_int n)
{
    dec_uint u = n < 0 ? (dec_uint)0 - (dec_uint)n : (dec_uint)n;
    const uint64_t limbs[2] = {(uint64_t)u, (uint64_t)(u >> 64)};
    mpz_import(out, 2, -1, sizeof limbs[0], 0, 0, limbs);
    if (n < 0) {
        mpz_neg(out, out);
    }
}

/* The judge's working numbers. */
static mpz_t limit, rest, t, u;
static mpq_t qa, qb, want, got_q;

static void set_number(mpq_t out, struct num v)
{
    set_integer(mpq_numref(out), v.n);
    set_integer(mpq_denref(out), v.d);
    mpz_ui_pow_ui(t, 10, (unsigned long)v.scale);
    mpz_mul(mpq_denref(out), mpq_denref(out), t);
    mpq_canonicalize(out);
}

/* Whether q is a decimal of 38 digits and 38 places; *scale is how many places it needs.
 */
static bool fits_decimal(mpq_srcptr q, unsigned long *scale)
{
    mpz_set(rest, mpq_denref(q));
    unsigned long twos = mpz_scan1(rest, 0);
    mpz_tdiv_q_2exp(rest, rest, twos);
    mpz_set_ui(u, 5);
    unsigned long fives = mpz_remove(rest, rest, u);

    *scale = twos > fives ? twos : fives;
    if (mpz_cmp_ui(rest, 1) != 0 || *scale > DEC_DIGITS) {
        return false;
    }
    mpz_ui_pow_ui(t, 10, *scale);
    mpz_mul(t, t, mpq_numref(q));
    mpz_divexact(t, t, mpq_denref(q));
    return mpz_cmpabs(t, limit) < 0;
}

static bool fits(mpq_srcptr q)
{
    unsigned long scale;
    return fits_decimal(q, &scale) ||
           (mpz_cmpabs(mpq_numref(q), limit) < 0 && mpz_cmp(mpq_denref(q), limit) < 0);
}

/* In range, in lowest terms, and a ratio only where there is no decimal. */
static void assert_normal(struct num v)
{
    unsigned long scale;
    assert_true(v.d >= 1 && v.scale >= 0 && v.scale <= DEC_DIGITS);
    set_integer(t, v.n);
    assert_true(mpz_cmpabs(t, limit) < 0);
    if (num_is_decimal(v)) {
        return;
    }
    set_integer(t, v.n);
    set_integer(u, v.d);
    assert_int_equal(v.scale, 0);
    assert_true(mpz_cmp(u, limit) < 0);
    mpz_gcd(t, t, u);
    assert_int_equal(mpz_cmp_ui(t, 1), 0);
    set_number(got_q, v);
    assert_false(fits_decimal(got_q, &scale));
}

static void floor_or_ceil(bool up)
{
    (up ? mpz_cdiv_q : mpz_fdiv_q)(t, mpq_numref(qa), mpq_denref(qa));
    mpq_set_z(want, t);
}

/* want = qa rounded half away from zero to 10^-places */
static void round_half_away(int places)
{
    mpz_ui_pow_ui(u, 10, (unsigned long)(places < 0 ? -places : places));
    mpq_set_z(want, u);
    if (places < 0) {
        mpq_inv(want, want);
    }
    mpq_mul(want, qa, want);
    mpz_mul_2exp(t, mpq_numref(want), 1);
    mpz_abs(t, t);
    mpz_add(t, t, mpq_denref(want));
    mpz_mul_2exp(rest, mpq_denref(want), 1);
    mpz_fdiv_q(t, t, rest);
    if (mpq_sgn(qa) < 0) {
        mpz_neg(t, t);
    }
    mpz_set(mpq_numref(want), t);
    mpz_set_ui(mpq_denref(want), 1);
    if (places < 0) {
        mpz_mul(mpq_numref(want), t, u);
    } else {
        mpz_set(mpq_denref(want), u);
        mpq_canonicalize(want);
    }
}

static void judge(enum op op, int places)
{
    switch (op) {
    case ADD:
        mpq_add(want, qa, qb);
        break;
    case SUB:
        mpq_sub(want, qa, qb);
        break;
    case MUL:
        mpq_mul(want, qa, qb);
        break;
    case DIV:
        mpq_div(want, qa, qb);
        break;
    case ROUND:
        round_half_away(places);
        break;
    case FLOOR:
        floor_or_ceil(false);
        break;
    case CEIL:
        floor_or_ceil(true);
        break;
    case OPS:
        break;
    }
}

static void check_op(enum op op, struct num a, struct num b)
{
    struct num got = {0, 1, 0};
    enum dec_status status = apply(op, a, b, &got);

    if (op == DIV && b.n == 0) {
        assert_int_equal(status, DEC_DIV_ZERO);
        return;
    }
    set_number(qa, a);
    set_number(qb, b);
    judge(op, op == ROUND ? (int)b.n : 0);
    assert_int_equal(status, fits(want) ? DEC_OK : DEC_OVERFLOW);
    if (status == DEC_OK) {
        assert_normal(got);
        set_number(got_q, got);
        assert_true(mpq_equal(want, got_q));
    }
}

static const struct judge_case {
    const char *name;
    enum op op;
    unsigned n;
} judge_cases[] = {
    {"sums", ADD, 500000},      {"differences", SUB, 300000}, {"products", MUL, 500000},
    {"quotients", DIV, 500000}, {"rounding", ROUND, 400000},  {"floors", FLOOR, 100000},
    {"ceilings", CEIL, 100000},
};

static void test_judge(void **state)
{
    const struct judge_case *c = *state;
    uint64_t seed = (uint64_t)c->op + 1;
    for (unsigned i = 0; i < c->n; i++) {
        struct num a = random_number(&seed), b = random_number(&seed);
        if (c->op == ROUND) {
            b = num_int((int64_t)below(&seed, 84) - 45);
        } else if (below(&seed, 16) == 0) {
            b = num_neg(a);
        }
        check_op(c->op, a, b);
    }
}

static int sign_of(int i)
{
    return (i > 0) - (i < 0);
}

/* Order, equality and hash; neighbours are made by adding a little to equal numbers. */
static void test_compare(void **state)
{
    (void)state;
    uint64_t seed = 4711;
    for (unsigned i = 0; i < 250000; i++) {
        struct num a = random_number(&seed), b = random_number(&seed), sum;
        if (below(&seed, 3) == 0 && num_add(a, b, &sum) == DEC_OK) {
            b = sum;
        } else if (below(&seed, 3) == 0) {
            b = a;
            while (b.d == 1 && b.scale < DEC_DIGITS && b.n < INT64_MAX &&
                   b.n > INT64_MIN) {
                b.n *= 10;
                b.scale++;
            }
        }
        set_number(qa, a);
        set_number(qb, b);
        assert_int_equal(num_cmp(a, b), sign_of(mpq_cmp(qa, qb)));
        assert_int_equal(num_cmp(b, a), -num_cmp(a, b));
        assert_int_equal(num_eq(a, b), mpq_equal(qa, qb) != 0);
        assert_int_equal(num_sign(a), sign_of(mpq_sgn(qa)));
        assert_int_equal(num_sign(num_abs(a)), num_sign(a) != 0);
        assert_int_equal(num_is_whole(a), mpz_cmp_ui(mpq_denref(qa), 1) == 0);
        if (num_eq(a, b)) {
            assert_int_equal(num_hash(a), num_hash(b));
        }
    }
}

/* What num_str must give for qa: digits of GMP with a point put in. */
static void write_want(char *out)
{
    unsigned long scale;
    char digits[64];

    if (!fits_decimal(qa, &scale)) {
        mpq_get_str(out, 10, qa);
        return;
    }
    mpz_abs(t, t);
    mpz_get_str(digits, 10, t);
    size_t n = strlen(digits), pad = n <= scale ? scale + 1 - n : 0;
    char *p = out;
    if (mpq_sgn(qa) < 0) {
        *p++ = '-';
    }
    memset(p, '0', pad);
    memcpy(p + pad, digits, n + 1);
    if (scale > 0) {
        char *point = p + pad + n - scale;
        memmove(point + 1, point, scale + 1);
        *point = '.';
    }
}

/* num_str against GMP, and what it wrote read again. */
static void test_text(void **state)
{
    (void)state;
    uint64_t seed = 99;
    char text[160];
    for (unsigned i = 0; i < 150000; i++) {
        struct num v = random_number(&seed), again;
        set_number(qa, v);
        write_want(text);
        struct str got = num_str(arena, v);
        assert_true(str_eq(got, str_of(text)));
        if (v.d == 1) {
            assert_true(num_parse(got, &again));
            assert_true(num_eq(again, v));
            assert_normal(again);
        }
        if (i % 1024 == 0) {
            arena_reset(arena);
        }
    }
}

static void test_roots(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned i = 0; i < 60000; i++) {
        struct num a = random_number(&seed), k = num_abs(random_number(&seed));
        struct num b = num_abs(random_number(&seed)), square;
        if (i % 2 == 0 && num_mul(a, a, &square) == DEC_OK &&
            num_mul(k, k, &b) == DEC_OK && b.n != 0 && num_div(square, b, &b) != DEC_OK) {
            b = num_int(0);
        }
        set_number(qa, a);
        set_number(qb, k);
        mpq_mul(qa, qa, qa);
        mpq_mul(qb, qb, qb);
        set_number(want, b);
        mpq_mul(qb, qb, want);
        bool got = false;
        assert_int_equal(num_exceeds_root(a, k, b, &got), DEC_OK);
        assert_int_equal(got, mpq_cmp(qa, qb) > 0);
    }
}

/* Every pair of edges through every operation. */
static void test_edges(void **state)
{
    (void)state;
    static const char *const edges[] = {
        "0",
        "0.00",
        "1",
        "2",
        "3",
        "5",
        "10",
        "0.1",
        "0.5",
        "1/3",
        "2/3",
        "1/7",
        MAX38,
        "99999999999999999999999999999999999998",
        "10000000000000000000000000000000000000",
        "50000000000000000000000000000000000000",
        "49999999999999999999999999999999999999",
        "0.00000000000000000000000000000000000001",
        "0." MAX38,
        "9.9999999999999999999999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1/" MAX38,
        MAX38 "/99999999999999999999999999999999999998",
        "1/18446744073709551617",
        "1/1267650600228229401496703205376",
        "1/85070591730234615865843651857942052864",
        "10000000000000000000.000000000000000001",
    };
    for (size_t i = 0; i < COUNT_OF(edges) * 2; i++) {
        struct num a = number(edges[i / 2]);
        a = i % 2 ? num_neg(a) : a;
        for (size_t k = 0; k < COUNT_OF(edges) * 2; k++) {
            struct num b = number(edges[k / 2]);
            b = k % 2 ? num_neg(b) : b;
            check_op(ADD, a, b);
            check_op(SUB, a, b);
            check_op(MUL, a, b);
            check_op(DIV, a, b);
            set_number(qa, a);
            set_number(qb, b);
            assert_int_equal(num_cmp(a, b), sign_of(mpq_cmp(qa, qb)));
        }
        for (int places = -40; places <= DEC_DIGITS; places++) {
            check_op(ROUND, a, num_int(places));
        }
        check_op(FLOOR, a, a);
        check_op(CEIL, a, a);
    }
}

/* ---- running
 * ----------------------------------------------------------------------------------- */

static int open_all(void **state)
{
    (void)state;
    arena = arena_open(&mem_libc_hook);
    mpz_inits(limit, rest, t, u, NULL);
    mpz_ui_pow_ui(limit, 10, DEC_DIGITS);
    mpq_inits(qa, qb, want, got_q, NULL);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_close(arena);
    mpz_clears(limit, rest, t, u, NULL);
    mpq_clears(qa, qb, want, got_q, NULL);
    return 0;
}

#define ROWS(cases, function)                                                            \
    for (size_t i = 0; i < COUNT_OF(cases); i++) {                                       \
        tests[n++] = (struct CMUnitTest){(cases)[i].name, function, NULL, NULL,          \
                                         (void *)(uintptr_t) & (cases)[i]};              \
    }

int main(void)
{
    static struct CMUnitTest tests[COUNT_OF(op_cases) + COUNT_OF(parse_cases) +
                                   COUNT_OF(show_cases) + COUNT_OF(narrow_cases) +
                                   COUNT_OF(root_cases) + COUNT_OF(judge_cases) + 4];
    size_t n = 0;

    ROWS(op_cases, test_op)
    ROWS(parse_cases, test_parse)
    ROWS(show_cases, test_show)
    ROWS(narrow_cases, test_narrow)
    ROWS(root_cases, test_root)
    ROWS(judge_cases, test_judge)
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_compare);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_text);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_roots);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_edges);
    return cmocka_run_group_tests(tests, open_all, close_all);
}

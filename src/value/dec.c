/* Exact arithmetic on decimals and ratios.
 *
 * Two paths. Decimals that fit 128 bits after their scales are aligned take the short
 * one. Everything else goes through fractions in lowest terms: the products of two
 * 127-bit numbers are formed in 256 bits, but by reducing before multiplying (gcd of the
 * denominators for sums, across for products) a gcd or a divisor never exceeds 128 bits.
 * `settle` is the only door out of the long path: it turns a reduced fraction into a
 * decimal where that ends within 38 digits, else into a ratio, else overflows. So an
 * operation overflows exactly when its result has no form at all. */
#include "value/dec.h"

#include <assert.h>
#include <string.h>

#define E19 10000000000000000000u
#define E38 ((dec_uint)E19 * E19)
#define WIDE_LIMBS 10 /* five factors below 2^127 */

struct wide {
    dec_uint hi, lo;
};

/* p / q in lowest terms; 1 <= q <= 10^38 */
struct fraction {
    bool is_negative;
    dec_uint p, q;
};

static const dec_uint ten_to[DEC_DIGITS + 1] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    E19,
    (dec_uint)E19 * 10u,
    (dec_uint)E19 * 100u,
    (dec_uint)E19 * 1000u,
    (dec_uint)E19 * 10000u,
    (dec_uint)E19 * 100000u,
    (dec_uint)E19 * 1000000u,
    (dec_uint)E19 * 10000000u,
    (dec_uint)E19 * 100000000u,
    (dec_uint)E19 * 1000000000u,
    (dec_uint)E19 * 10000000000u,
    (dec_uint)E19 * 100000000000u,
    (dec_uint)E19 * 1000000000000u,
    (dec_uint)E19 * 10000000000000u,
    (dec_uint)E19 * 100000000000000u,
    (dec_uint)E19 * 1000000000000000u,
    (dec_uint)E19 * 10000000000000000u,
    (dec_uint)E19 * 100000000000000000u,
    (dec_uint)E19 * 1000000000000000000u,
    E38,
};

static bool is_small(dec_uint u)
{
    return u <= UINT64_MAX;
}

static dec_uint magnitude(dec_int n)
{
    return n < 0 ? (dec_uint)0 - (dec_uint)n : (dec_uint)n;
}

static dec_int with_sign(bool is_negative, dec_uint u)
{
    assert(u < E38);
    return is_negative ? -(dec_int)u : (dec_int)u;
}

static bool is_number(struct num a)
{
    return a.d >= 1 && magnitude(a.d) < E38 && magnitude(a.n) < E38 && a.scale >= 0 &&
           a.scale <= DEC_DIGITS && (a.d == 1 || a.scale == 0);
}

static struct num decimal(bool is_negative, dec_uint n, int32_t scale)
{
    return (struct num){.n = with_sign(is_negative, n), .d = 1, .scale = scale};
}

/* What |n| is divided by: the power of ten of a decimal, the denominator of a ratio. */
static dec_uint divisor(struct num a)
{
    return a.d == 1 ? ten_to[a.scale] : (dec_uint)a.d;
}

static dec_uint common_divisor(dec_uint a, dec_uint b)
{
    while (b != 0 && !(is_small(a) && is_small(b))) {
        dec_uint r = a % b;
        a = b;
        b = r;
    }
    if (b == 0) {
        return a;
    }
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    while (y > 1) {
        uint64_t r = x % y;
        x = y;
        y = r;
    }
    return y == 1 ? 1 : x;
}

static struct wide wide_product(dec_uint a, dec_uint b)
{
    if (is_small(a) && is_small(b)) {
        return (struct wide){0, a * b};
    }
    dec_uint a0 = (uint64_t)a, a1 = a >> 64, b0 = (uint64_t)b, b1 = b >> 64;
    dec_uint low = a0 * b0, cross = a1 * b0, other = a0 * b1;
    dec_uint middle = (low >> 64) + (uint64_t)cross + (uint64_t)other;

    return (struct wide){
        .hi = a1 * b1 + (cross >> 64) + (other >> 64) + (middle >> 64),
        .lo = (middle << 64) | (uint64_t)low,
    };
}

static struct wide wide_sum(struct wide a, struct wide b)
{
    dec_uint lo = a.lo + b.lo;
    return (struct wide){a.hi + b.hi + (lo < a.lo), lo};
}

/* a - b; a >= b */
static struct wide wide_difference(struct wide a, struct wide b)
{
    return (struct wide){a.hi - b.hi - (a.lo < b.lo), a.lo - b.lo};
}

static int wide_compare(struct wide a, struct wide b)
{
    if (a.hi != b.hi) {
        return a.hi < b.hi ? -1 : 1;
    }
    return a.lo == b.lo ? 0 : a.lo < b.lo ? -1 : 1;
}

static struct wide wide_quotient(struct wide a, dec_uint d, dec_uint *rest)
{
    assert(d > 0 && d <= E38);
    struct wide q = {a.hi / d, 0};
    dec_uint r = a.hi % d;

    if (r == 0) {
        q.lo = a.lo / d;
        r = a.lo % d;
    } else if (is_small(d)) {
        dec_uint upper = (r << 64) | (a.lo >> 64);
        dec_uint lower = ((upper % d) << 64) | (uint64_t)a.lo;
        q.lo = ((upper / d) << 64) | (lower / d);
        r = lower % d;
    } else {
        for (int bit = 127; bit >= 0; bit--) {
            r = (r << 1) | ((a.lo >> bit) & 1u);
            q.lo <<= 1;
            if (r >= d) {
                r -= d;
                q.lo |= 1u;
            }
        }
    }
    *rest = r;
    return q;
}

static struct fraction fraction_of(struct num a)
{
    struct fraction f = {a.n < 0, magnitude(a.n), divisor(a)};
    if (a.d == 1 && a.scale > 0) {
        dec_uint g = common_divisor(f.p, f.q);
        f.p /= g;
        f.q /= g;
    }
    return f;
}

/* The decimal p / q, if q divides a power of ten up to 38 and the coefficient fits. */
static bool settle_decimal(bool is_negative, dec_uint p, dec_uint q, struct num *out)
{
    int32_t twos = 0, fives = 0;

    while ((q & 1u) == 0) {
        q >>= 1;
        twos++;
    }
    while (q % 5u == 0) {
        q /= 5u;
        fives++;
    }
    int32_t scale = twos > fives ? twos : fives;
    if (q != 1 || scale > DEC_DIGITS) {
        return false;
    }
    unsigned step = twos > fives ? 5 : 2;
    for (int32_t i = twos > fives ? fives : twos; i < scale; i++) {
        if (p > (E38 - 1) / step) {
            return false;
        }
        p *= step;
    }
    *out = decimal(is_negative, p, scale);
    return true;
}

/* The number p / q; the fraction is in lowest terms. */
static enum dec_status settle(bool is_negative, struct wide p, struct wide q,
                              struct num *out)
{
    assert(q.hi != 0 || q.lo != 0);
    if (p.hi != 0 || p.lo >= E38 || q.hi != 0 || q.lo > E38) {
        return DEC_OVERFLOW;
    }
    if (settle_decimal(is_negative, p.lo, q.lo, out)) {
        return DEC_OK;
    }
    assert(q.lo < E38); /* 10^38 itself makes a decimal of 38 places */
    *out =
        (struct num){.n = with_sign(is_negative, p.lo), .d = (dec_int)q.lo, .scale = 0};
    return DEC_OK;
}

/* p / 10^scale, which may have to lose trailing zeros to fit. */
static enum dec_status settle_scaled(bool is_negative, struct wide p, int32_t scale,
                                     struct num *out)
{
    if (p.hi == 0 && p.lo < E38) {
        *out = decimal(is_negative, p.lo, scale);
        return DEC_OK;
    }
    dec_uint rest;
    (void)wide_quotient(p, ten_to[scale], &rest);
    dec_uint g = common_divisor(ten_to[scale], rest);
    return settle(is_negative, wide_quotient(p, g, &rest),
                  (struct wide){0, ten_to[scale] / g}, out);
}

static enum dec_status multiply(struct fraction a, struct fraction b, struct num *out)
{
    dec_uint g = common_divisor(a.p, b.q);
    dec_uint h = common_divisor(b.p, a.q);

    return settle(a.is_negative != b.is_negative, wide_product(a.p / g, b.p / h),
                  wide_product(a.q / h, b.q / g), out);
}

static enum dec_status add(struct fraction a, struct fraction b, struct num *out)
{
    dec_uint g = common_divisor(a.q, b.q);
    struct wide x = wide_product(a.p, b.q / g);
    struct wide y = wide_product(b.p, a.q / g);
    bool is_negative = a.is_negative;
    struct wide sum;

    if (a.is_negative == b.is_negative) {
        sum = wide_sum(x, y);
    } else if (wide_compare(x, y) >= 0) {
        sum = wide_difference(x, y);
    } else {
        sum = wide_difference(y, x);
        is_negative = b.is_negative;
    }
    dec_uint rest;
    (void)wide_quotient(sum, g, &rest);
    dec_uint h = common_divisor(g, rest);
    return settle(is_negative, wide_quotient(sum, h, &rest),
                  wide_product(a.q / g, b.q / h), out);
}

/* Both decimals, and the sum fits where they are aligned; otherwise *out is untouched. */
static bool add_aligned(struct num a, struct num b, struct num *out)
{
    if (a.scale < b.scale) {
        struct num t = a;
        a = b;
        b = t;
    }
    dec_int n = b.n;
    if (a.scale > b.scale &&
        __builtin_mul_overflow(n, (dec_int)ten_to[a.scale - b.scale], &n)) {
        return false;
    }
    if (__builtin_add_overflow(n, a.n, &n) || magnitude(n) >= E38) {
        return false;
    }
    *out = (struct num){.n = n, .d = 1, .scale = a.scale};
    return true;
}

struct num num_int(int64_t i)
{
    return (struct num){.n = i, .d = 1, .scale = 0};
}

struct num num_dec(int64_t coefficient, int32_t scale)
{
    assert(scale >= 0 && scale <= DEC_DIGITS);
    return (struct num){.n = coefficient, .d = 1, .scale = scale};
}

bool num_is_decimal(struct num a)
{
    return a.d == 1;
}

bool num_is_whole(struct num a)
{
    assert(is_number(a));
    return a.d == 1 && (a.scale == 0 || magnitude(a.n) % ten_to[a.scale] == 0);
}

int num_sign(struct num a)
{
    return (a.n > 0) - (a.n < 0);
}

int num_cmp(struct num a, struct num b)
{
    assert(is_number(a) && is_number(b));
    if (a.d == b.d && a.scale == b.scale) {
        return (a.n > b.n) - (a.n < b.n);
    }
    int sign = num_sign(a);
    if (sign != num_sign(b) || sign == 0) {
        return (sign > num_sign(b)) - (sign < num_sign(b));
    }
    return sign * wide_compare(wide_product(magnitude(a.n), divisor(b)),
                               wide_product(magnitude(b.n), divisor(a)));
}

bool num_eq(struct num a, struct num b)
{
    return num_cmp(a, b) == 0;
}

struct num num_neg(struct num a)
{
    assert(is_number(a));
    a.n = -a.n;
    return a;
}

struct num num_abs(struct num a)
{
    return a.n < 0 ? num_neg(a) : a;
}

enum dec_status num_add(struct num a, struct num b, struct num *out)
{
    assert(is_number(a) && is_number(b) && out);
    if (a.d == 1 && b.d == 1 && add_aligned(a, b, out)) {
        return DEC_OK;
    }
    return add(fraction_of(a), fraction_of(b), out);
}

enum dec_status num_sub(struct num a, struct num b, struct num *out)
{
    return num_add(a, num_neg(b), out);
}

enum dec_status num_mul(struct num a, struct num b, struct num *out)
{
    assert(is_number(a) && is_number(b) && out);
    dec_int n;

    if (a.d == 1 && b.d == 1 && a.scale + b.scale <= DEC_DIGITS &&
        !__builtin_mul_overflow(a.n, b.n, &n) && magnitude(n) < E38) {
        *out = (struct num){.n = n, .d = 1, .scale = a.scale + b.scale};
        return DEC_OK;
    }
    return multiply(fraction_of(a), fraction_of(b), out);
}

enum dec_status num_div(struct num a, struct num b, struct num *out)
{
    assert(is_number(a) && is_number(b) && out);
    if (b.n == 0) {
        return DEC_DIV_ZERO;
    }
    if (a.n == 0) {
        *out = num_int(0);
        return DEC_OK;
    }
    struct fraction f = fraction_of(b);
    struct fraction inverse = {f.is_negative, f.q, f.p};
    return multiply(fraction_of(a), inverse, out);
}

/* Half away from zero to a multiple of 10^tens. The digits that the first division drops
 * cannot turn a half below into a half above, because 10^tens / 2 is whole. */
static enum dec_status round_to_tens(struct num a, int32_t tens, struct num *out)
{
    if (tens > DEC_DIGITS) {
        *out = num_int(0);
        return DEC_OK;
    }
    dec_uint whole = magnitude(a.n) / divisor(a);
    dec_uint unit = ten_to[tens];
    dec_uint n = whole / unit + (whole % unit >= unit / 2);

    if (n >= E38 / unit) {
        return DEC_OVERFLOW;
    }
    *out = decimal(a.n < 0, n * unit, 0);
    return DEC_OK;
}

enum dec_status num_round(struct num a, int32_t places, struct num *out)
{
    assert(is_number(a) && out);
    if (a.d == 1 && a.scale <= places) {
        *out = a;
        return DEC_OK;
    }
    if (places < 0) {
        return round_to_tens(a, places < -DEC_DIGITS ? DEC_DIGITS + 1 : -places, out);
    }
    if (places > DEC_DIGITS) {
        return DEC_OVERFLOW;
    }
    if (a.d == 1) {
        dec_uint unit = ten_to[a.scale - places];
        dec_uint n = magnitude(a.n);
        *out = decimal(a.n < 0, n / unit + (n % unit >= unit / 2), places);
        return DEC_OK;
    }
    dec_uint rest, d = (dec_uint)a.d;
    struct wide q = wide_quotient(wide_product(magnitude(a.n), ten_to[places]), d, &rest);
    q = wide_sum(q, (struct wide){0, rest >= d - rest});
    return settle_scaled(a.n < 0, q, places, out);
}

/* The whole number next to a: towards zero, or away from it. */
static struct num whole_beside(struct num a, bool away)
{
    dec_uint n = magnitude(a.n), d = divisor(a);
    return decimal(a.n < 0, n / d + (away && n % d != 0), 0);
}

enum dec_status num_floor(struct num a, struct num *out)
{
    assert(is_number(a) && out);
    *out = whole_beside(a, a.n < 0);
    return DEC_OK;
}

enum dec_status num_ceil(struct num a, struct num *out)
{
    assert(is_number(a) && out);
    *out = whole_beside(a, a.n > 0);
    return DEC_OK;
}

bool num_narrow(struct num a, int32_t scale, int64_t *out)
{
    assert(is_number(a) && scale >= 0 && scale <= DEC_DIGITS && out);
    dec_int n = a.n;

    if (a.d != 1) {
        return false;
    }
    if (a.scale > scale) {
        dec_int unit = (dec_int)ten_to[a.scale - scale];
        if (n % unit != 0) {
            return false;
        }
        n /= unit;
    } else if (a.scale < scale &&
               __builtin_mul_overflow(n, (dec_int)ten_to[scale - a.scale], &n)) {
        return false;
    }
    if (n < INT64_MIN || n > INT64_MAX) {
        return false;
    }
    *out = (int64_t)n;
    return true;
}

bool num_to_int64(struct num a, int64_t *out)
{
    return num_narrow(a, 0, out);
}

/* A decimal without trailing zeros behind its mark. */
static struct num shortest(struct num a)
{
    while (a.scale > 0 && a.n % 10 == 0) {
        a.n /= 10;
        a.scale--;
    }
    return a;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}

uint64_t num_hash(struct num a)
{
    assert(is_number(a));
    a = shortest(a);
    uint64_t h = mix((uint64_t)a.scale, (uint64_t)a.n);
    h = mix(h, (uint64_t)((dec_uint)a.n >> 64));
    if (a.d != 1) {
        h = mix(mix(h, (uint64_t)a.d), (uint64_t)((dec_uint)a.d >> 64));
    }
    return mix(h, h >> 32);
}

bool num_parse(struct str s, struct num *out)
{
    assert(out);
    size_t i = 0, digits = 0;
    size_t mark = SIZE_MAX;
    dec_uint n = 0;
    bool is_negative = s.n > 0 && s.p[0] == '-';

    for (i = is_negative; i < s.n; i++) {
        unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';
        if (s.p[i] == '.' && digits > 0 && mark == SIZE_MAX) {
            mark = i;
            continue;
        }
        if (digit > 9 || n >= E38 / 10u) {
            return false;
        }
        n = n * 10u + digit;
        digits++;
    }
    size_t places = mark == SIZE_MAX ? 0 : s.n - mark - 1;
    if (digits == 0 || mark == s.n - 1 || (places > DEC_DIGITS && n != 0)) {
        return false;
    }
    *out = decimal(is_negative, n, places > DEC_DIGITS ? DEC_DIGITS : (int32_t)places);
    return true;
}

/* Marks of one style; NULL: none. */
static const struct marks {
    const char *minus, *group, *point;
} styles[] = {
    [NUM_STYLE_PLAIN] = {"\xE2\x88\x92", NULL, "."},
    [NUM_STYLE_VI] = {"\xE2\x88\x92", ".", ","},
    [NUM_STYLE_EN] = {"\xE2\x88\x92", ",", "."},
};
static const struct marks canonical = {"-", NULL, "."};

/* Writes the digits of u, at least `least`, so that they end at `end`. Returns where they
 * begin. */
static char *put_digits(dec_uint u, size_t least, char *end)
{
    char *p = end;
    for (; !is_small(u); u /= 10u) {
        *--p = (char)('0' + (int)(u % 10u));
    }
    for (uint64_t small = (uint64_t)u; small != 0; small /= 10u) {
        *--p = (char)('0' + (int)(small % 10u));
    }
    while ((size_t)(end - p) < least) {
        *--p = '0';
    }
    return p;
}

/* u / 10^scale in the marks of m. */
static void put_decimal(struct text *t, dec_uint u, size_t scale, const struct marks *m)
{
    char digits[DEC_DIGITS + 2];
    const char *p = put_digits(u, scale + 1, digits + sizeof digits);
    size_t whole = (size_t)(digits + sizeof digits - p) - scale;

    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0 && m->group) {
            text_add_z(t, m->group);
        }
        text_char(t, p[i]);
    }
    if (scale > 0) {
        text_add_z(t, m->point);
        text_add(t, (struct str){p + whole, scale});
    }
}

static struct str written(struct arena *a, struct num v, const struct marks *m)
{
    assert(a && is_number(v));
    struct text t = text_in(a);
    struct num s = shortest(v);

    if (s.n < 0) {
        text_add_z(&t, m->minus);
    }
    put_decimal(&t, magnitude(s.n), (size_t)s.scale, m);
    if (s.d != 1) {
        text_char(&t, '/');
        put_decimal(&t, (dec_uint)s.d, 0, m);
    }
    return text_str(&t);
}

struct str num_str(struct arena *a, struct num v)
{
    return written(a, v, &canonical);
}

struct str num_show(struct arena *a, struct num v, enum num_style style)
{
    assert((size_t)style < COUNT_OF(styles));
    return written(a, v, &styles[style]);
}

/* w *= f; the product must fit. */
static void limbs_multiply(uint64_t w[WIDE_LIMBS], dec_uint f)
{
    uint64_t old[WIDE_LIMBS];
    const uint64_t part[2] = {(uint64_t)f, (uint64_t)(f >> 64)};

    memcpy(old, w, sizeof old);
    memset(w, 0, sizeof old);
    for (size_t k = 0; k < COUNT_OF(part); k++) {
        dec_uint carry = 0;
        for (size_t i = 0; i + k < WIDE_LIMBS; i++) {
            carry += (dec_uint)old[i] * part[k] + w[i + k];
            w[i + k] = (uint64_t)carry;
            carry >>= 64;
        }
        assert(carry == 0);
    }
}

static void limbs_product(uint64_t w[WIDE_LIMBS], const dec_uint *factors, size_t n)
{
    memset(w, 0, WIDE_LIMBS * sizeof *w);
    w[0] = 1;
    for (size_t i = 0; i < n; i++) {
        limbs_multiply(w, factors[i]);
    }
}

enum dec_status num_exceeds_root(struct num a, struct num k, struct num b, bool *out)
{
    assert(is_number(a) && is_number(k) && is_number(b) && out);
    assert(k.n >= 0 && b.n >= 0);
    const dec_uint left[] = {magnitude(a.n), magnitude(a.n), divisor(k), divisor(k),
                             divisor(b)};
    const dec_uint right[] = {magnitude(k.n), magnitude(k.n), magnitude(b.n), divisor(a),
                              divisor(a)};
    uint64_t x[WIDE_LIMBS], y[WIDE_LIMBS];

    limbs_product(x, left, COUNT_OF(left));
    limbs_product(y, right, COUNT_OF(right));
    size_t i = WIDE_LIMBS - 1;
    while (i > 0 && x[i] == y[i]) {
        i--;
    }
    *out = x[i] > y[i];
    return DEC_OK;
}

/* Exact numbers. A decimal is coefficient * 10^-scale with at most 38 significant digits;
 * a number is a decimal or, where a division does not end, the quotient of two integers
 * in lowest terms. Every operation is exact or says so (DEC_OVERFLOW, DEC_DIV_ZERO);
 * nothing is ever rounded unasked. Comparison is by cross-multiplication in 256 bits.
 * 128-bit integers appear in dec.c and here only. */
#ifndef SOAT_VALUE_DEC_H
#define SOAT_VALUE_DEC_H

#include "base/str.h"

__extension__ typedef __int128 dec_int;
__extension__ typedef unsigned __int128 dec_uint;

#define DEC_DIGITS 38 /* |coefficient| < 10^38 */

/* value = n / (d * 10^scale); d >= 1; d == 1 for a decimal. A ratio has scale 0 and
 * gcd(|n|, d) == 1. Zero is {0, 1, scale}. The scale of a decimal (0 .. 38) is kept as
 * written: 1.50 has scale 2. */
struct num {
    dec_int n;
    dec_int d;
    int32_t scale;
};

enum dec_status { DEC_OK, DEC_OVERFLOW, DEC_DIV_ZERO };

struct num num_int(int64_t i);
struct num num_dec(int64_t coefficient, int32_t scale);
bool num_is_decimal(struct num a);
bool num_is_whole(struct num a);
int num_sign(struct num a);              /* -1, 0, 1 */
int num_cmp(struct num a, struct num b); /* exact, never overflows */
bool num_eq(struct num a, struct num b);
struct num num_neg(struct num a);
struct num num_abs(struct num a);
enum dec_status num_add(struct num a, struct num b, struct num *out);
enum dec_status num_sub(struct num a, struct num b, struct num *out);
enum dec_status num_mul(struct num a, struct num b, struct num *out);
/* A decimal when it ends within 38 digits and places, else a ratio. */
enum dec_status num_div(struct num a, struct num b, struct num *out);
/* Half away from zero; places may be < 0. Above 38 places a decimal stays as it is and a
 * ratio is DEC_OVERFLOW. */
enum dec_status num_round(struct num a, int32_t places, struct num *out);
enum dec_status num_floor(struct num a, struct num *out);
enum dec_status num_ceil(struct num a, struct num *out);
bool num_to_int64(struct num a, int64_t *out); /* false: not whole or too large */
/* a * 10^scale (0 .. 38) as int64, if exact and fits. */
bool num_narrow(struct num a, int32_t scale, int64_t *out);
uint64_t num_hash(struct num a); /* equal numbers, equal hashes */

/* Reads [0-9]+(.[0-9]+)? with an optional '-'; more than 38 significant digits (zeros in
 * front are none) or decimal places: false. */
bool num_parse(struct str s, struct num *out);

/* "541", "0.5", "-3", "16/15": plain decimal without needless zeros; a ratio without
 * finite decimal as a fraction. The canonical form of reports and fingerprints. */
struct str num_str(struct arena *a, struct num v);

/* For people: group and decimal marks of the language, minus U+2212, all digits, fraction
 * as n/d. */
enum num_style { NUM_STYLE_PLAIN, NUM_STYLE_VI, NUM_STYLE_EN };
struct str num_show(struct arena *a, struct num v, enum num_style style);

/* Square root comparison without roots: whether |a| > k * sqrt(b), exactly; b, k >= 0.
 * Always DEC_OK: it works in 640 bits. */
enum dec_status num_exceeds_root(struct num a, struct num k, struct num b, bool *out);

#endif

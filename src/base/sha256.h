/* SHA-256 (FIPS 180-4), with the processor's SHA instructions where it has them. */
#ifndef SOAT_BASE_SHA256_H
#define SOAT_BASE_SHA256_H

#include "base/str.h"

/* How blocks are worked through. Decided at the first long input; a test may set it. */
enum sha256_path { SHA256_UNDECIDED, SHA256_PORTABLE, SHA256_HARDWARE };

struct sha256 {
    enum sha256_path path;
    uint32_t h[8];
    uint64_t n; /* bytes so far */
    unsigned char block[64];
};

bool sha256_has_hardware(void); /* asks the processor */
void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_end(struct sha256 *s, unsigned char out[32]);
/* Writes 2 * bytes lower-case digits and a NUL. */
void sha256_hex(const unsigned char *digest, size_t bytes, char *out);

#endif

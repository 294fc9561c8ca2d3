#include "value/bare.h"

#include "base/utf8.h"

#include <assert.h>

/* Ranges of code points that are one letter with marks; in the Latin Extended Additional
 * block both cases of a letter alternate, so one range holds them. Sorted. */
static const struct bare_range {
    uint16_t first, last;
    char bare;
} ranges[] = {
    {0x00A0, 0x00A0, ' '},          {0x00AD, 0x00AD, BARE_NOTHING}, {0x00C0, 0x00C5, 'a'},
    {0x00C8, 0x00CB, 'e'},          {0x00CC, 0x00CF, 'i'},          {0x00D0, 0x00D0, 'd'},
    {0x00D2, 0x00D6, 'o'},          {0x00D9, 0x00DC, 'u'},          {0x00DD, 0x00DD, 'y'},
    {0x00E0, 0x00E5, 'a'},          {0x00E8, 0x00EB, 'e'},          {0x00EC, 0x00EF, 'i'},
    {0x00F2, 0x00F6, 'o'},          {0x00F9, 0x00FC, 'u'},          {0x00FD, 0x00FD, 'y'},
    {0x0102, 0x0103, 'a'},          {0x0110, 0x0111, 'd'},          {0x0128, 0x0129, 'i'},
    {0x0168, 0x0169, 'u'},          {0x0189, 0x0189, 'd'},          {0x01A0, 0x01A1, 'o'},
    {0x01AF, 0x01B0, 'u'},          {0x0300, 0x036F, BARE_NOTHING}, {0x1EA0, 0x1EB7, 'a'},
    {0x1EB8, 0x1EC7, 'e'},          {0x1EC8, 0x1ECB, 'i'},          {0x1ECC, 0x1EE3, 'o'},
    {0x1EE4, 0x1EF1, 'u'},          {0x1EF2, 0x1EF9, 'y'},          {0x2000, 0x200A, ' '},
    {0x200B, 0x200D, BARE_NOTHING}, {0x2010, 0x2015, '-'},          {0x202F, 0x202F, ' '},
    {0x2060, 0x2060, BARE_NOTHING}, {0x2212, 0x2212, '-'},          {0x3000, 0x3000, ' '},
    {0xFEFF, 0xFEFF, BARE_NOTHING},
};

static char bare_ascii(unsigned char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c | 0x20);
    }
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        return ' ';
    }
    if (c <= ' ' || c >= 0x7F) {
        return BARE_OTHER;
    }
    return (char)c;
}

char bare_next(struct str s, size_t *at)
{
    assert(at && *at < s.n);
    if ((unsigned char)s.p[*at] < 0x80) {
        return bare_ascii((unsigned char)s.p[(*at)++]);
    }
    uint32_t cp = utf8_next(s, at);
    for (size_t i = 0; i < COUNT_OF(ranges) && ranges[i].first <= cp; i++) {
        if (cp <= ranges[i].last) {
            return ranges[i].bare;
        }
    }
    return BARE_OTHER;
}

size_t bare_text(struct str s, char *out, size_t size)
{
    assert(out && size > 0);
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        char c = bare_next(s, &at);
        if (c == BARE_NOTHING || (c == ' ' && (n == 0 || out[n - 1] == ' '))) {
            continue;
        }
        if (c == BARE_OTHER || n + 2 > size) {
            return 0;
        }
        out[n++] = c;
    }
    n -= n > 0 && out[n - 1] == ' ';
    out[n] = '\0';
    return n;
}

/* Marks first, fields second.
 *
 * 64 bytes at a time become a word with a bit for each delimiter, quote and line end, so
 * that the bytes between them are never looked at one by one. A quote counts only where
 * it opens right behind a mark and closes right before one. SSE2 belongs to every x86-64
 * processor; elsewhere the portable loop does it. */
#include "data/split.h"

#include <assert.h>
#include <string.h>

#if defined __SSE2__
#include <emmintrin.h>

static uint64_t bits_of_16(const char *p, __m128i delimiter)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i marks = _mm_cmpeq_epi8(bytes, delimiter);
    marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
    marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
    return (uint64_t)(unsigned)_mm_movemask_epi8(marks);
}

uint64_t split_bits(const char *block, char delimiter)
{
    __m128i d = _mm_set1_epi8(delimiter);
    return bits_of_16(block, d) | bits_of_16(block + 16, d) << 16 |
           bits_of_16(block + 32, d) << 32 | bits_of_16(block + 48, d) << 48;
}
#else
uint64_t split_bits(const char *block, char delimiter)
{
    return split_bits_portable(block, delimiter);
}
#endif

uint64_t split_bits_portable(const char *block, char delimiter)
{
    uint64_t marks = 0;
    for (unsigned i = 0; i < SPLIT_BLOCK; i++) {
        char c = block[i];
        bool is_mark = c == delimiter || c == '"' || c == '\n' || c == '\r';
        marks |= (uint64_t)is_mark << i;
    }
    return marks;
}

/* The marks of the block, which may end early. */
static uint64_t block_bits(const char *block, const char *end, char delimiter)
{
    if ((size_t)(end - block) >= SPLIT_BLOCK) {
        return split_bits(block, delimiter);
    }
    char last[SPLIT_BLOCK];
    size_t n = (size_t)(end - block);
    memcpy(last, block, n);
    memset(last + n, ' ', sizeof last - n);
    uint64_t inside = (UINT64_C(1) << n) - 1; /* the delimiter may be a blank */
    return split_bits(last, delimiter) & inside;
}

void split_begin(struct splitter *s, char delimiter, const char *p, const char *end)
{
    assert(s && p < end && delimiter != '"' && delimiter != '\n' && delimiter != '\r');
    s->marks = (struct split_marks){
        .block = p,
        .end = end,
        .bits = block_bits(p, end, delimiter),
        .delimiter = delimiter,
    };
    s->n = 0;
}

/* The next mark, NULL if there is none. */
static inline const char *next_mark(struct split_marks *m)
{
    while (m->bits == 0) {
        if ((size_t)(m->end - m->block) <= SPLIT_BLOCK) {
            return NULL;
        }
        m->block += SPLIT_BLOCK;
        m->bits = block_bits(m->block, m->end, m->delimiter);
    }
    const char *mark = m->block + __builtin_ctzll(m->bits);
    m->bits &= m->bits - 1;
    return mark;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* An unquoted field; blanks around it do not count. */
static inline struct split_field field_of(const char *p, const char *end)
{
    while (p < end && is_blank(*p)) {
        p++;
    }
    while (p < end && is_blank(end[-1])) {
        end--;
    }
    return (struct split_field){p < end ? p : NULL, (size_t)(end - p)};
}

/* The next quote of a quoted field, NULL if a line end or the end of the text comes
 * first. */
static inline const char *next_quote(struct split_marks *m)
{
    const char *mark = next_mark(m);
    while (mark && *mark == m->delimiter) {
        mark = next_mark(m);
    }
    return mark && *mark == '"' ? mark : NULL;
}

static bool keep_text(struct splitter *s, const char *p, size_t n)
{
    if (n > SPLIT_UNDOUBLED - s->n_undoubled) {
        return false;
    }
    memcpy(s->undoubled + s->n_undoubled, p, n);
    s->n_undoubled += (uint32_t)n;
    return true;
}

/* The field from `text` on, whose first quote is `quote` and the next mark another one
 * right behind it; else as take_quoted. */
static const char *take_doubled(struct splitter *s, struct split_marks *m,
                                const char *text, const char *quote,
                                struct split_field *out)
{
    const char *field = s->undoubled + s->n_undoubled;
    const char *mark = quote + 1;
    while (mark && mark == quote + 1 && *mark == '"') {
        if (!keep_text(s, text, (size_t)(mark - text))) {
            return NULL;
        }
        text = mark + 1;
        quote = next_quote(m);
        mark = quote ? next_mark(m) : NULL;
    }
    if (!mark || mark != quote + 1 || !keep_text(s, text, (size_t)(quote - text))) {
        return NULL;
    }
    *out = (struct split_field){field, (size_t)(s->undoubled + s->n_undoubled - field)};
    return mark;
}

/* The field whose opening quote was the last mark; gives the mark right behind its
 * closing quote, or NULL. */
static inline const char *take_quoted(struct splitter *s, struct split_marks *m,
                                      const char *open, struct split_field *out)
{
    const char *close = next_quote(m);
    const char *mark = close ? next_mark(m) : NULL;
    if (!mark || mark != close + 1) {
        return NULL;
    }
    if (*mark == '"') {
        struct split_marks rest = *m; /* so that *m itself may stay in registers */
        mark = take_doubled(s, &rest, open + 1, close, out);
        *m = rest;
        return mark;
    }
    *out = (struct split_field){open + 1, (size_t)(close - open) - 1};
    return mark;
}

const char *split_line(struct splitter *s, const char *line)
{
    struct split_marks m = s->marks; /* its own, so that it stays in registers */
    const char *field = line;
    s->n_undoubled = 0;
    for (uint32_t n = 0; n < SPLIT_FIELDS; n++) {
        const char *mark = next_mark(&m);
        if (!mark) {
            return NULL;
        }
        if (*mark != '"') {
            s->fields[n] = field_of(field, mark);
        } else if (mark != field || !(mark = take_quoted(s, &m, mark, &s->fields[n]))) {
            return NULL;
        }
        if (*mark != m.delimiter) {
            s->n = n + 1;
            s->marks = m;
            return mark;
        }
        field = mark + 1;
    }
    return NULL;
}

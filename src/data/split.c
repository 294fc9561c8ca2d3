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

static uint64_t marks_of_16(const char *p, __m128i delimiter)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i marks = _mm_cmpeq_epi8(bytes, delimiter);
    marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
    marks = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
    return (uint64_t)(unsigned)_mm_movemask_epi8(marks);
}

uint64_t split_marks(const char *block, char delimiter)
{
    __m128i d = _mm_set1_epi8(delimiter);
    return marks_of_16(block, d) | marks_of_16(block + 16, d) << 16 |
           marks_of_16(block + 32, d) << 32 | marks_of_16(block + 48, d) << 48;
}
#else
uint64_t split_marks(const char *block, char delimiter)
{
    return split_marks_portable(block, delimiter);
}
#endif

uint64_t split_marks_portable(const char *block, char delimiter)
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
static uint64_t block_marks(const char *block, const char *end, char delimiter)
{
    if ((size_t)(end - block) >= SPLIT_BLOCK) {
        return split_marks(block, delimiter);
    }
    char last[SPLIT_BLOCK];
    size_t n = (size_t)(end - block);
    memcpy(last, block, n);
    memset(last + n, ' ', sizeof last - n);
    uint64_t inside = (UINT64_C(1) << n) - 1; /* the delimiter may be a blank */
    return split_marks(last, delimiter) & inside;
}

void split_begin(struct splitter *s, char delimiter, const char *p, const char *end)
{
    assert(s && p < end && delimiter != '"' && delimiter != '\n' && delimiter != '\r');
    s->block = p;
    s->end = end;
    s->delimiter = delimiter;
    s->marks = block_marks(p, end, delimiter);
    s->n = 0;
}

/* The next mark, NULL if there is none. */
static const char *next_mark(struct splitter *s)
{
    while (s->marks == 0) {
        if ((size_t)(s->end - s->block) <= SPLIT_BLOCK) {
            return NULL;
        }
        s->block += SPLIT_BLOCK;
        s->marks = block_marks(s->block, s->end, s->delimiter);
    }
    const char *mark = s->block + __builtin_ctzll(s->marks);
    s->marks &= s->marks - 1;
    return mark;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Adds an unquoted field; blanks around it do not count. */
static void add_field(struct splitter *s, const char *p, const char *end)
{
    while (p < end && is_blank(*p)) {
        p++;
    }
    while (p < end && is_blank(end[-1])) {
        end--;
    }
    s->fields[s->n++] = (struct split_field){p < end ? p : NULL, (size_t)(end - p)};
}

/* Adds the field whose opening quote was the last mark; gives the mark right behind its
 * closing quote, or NULL. */
static const char *add_quoted(struct splitter *s, const char *open)
{
    const char *close = next_mark(s);
    while (close && *close == s->delimiter) {
        close = next_mark(s);
    }
    if (!close || *close != '"') {
        return NULL;
    }
    const char *mark = next_mark(s);
    if (mark != close + 1 || *mark == '"') {
        return NULL;
    }
    s->fields[s->n++] = (struct split_field){open + 1, (size_t)(close - open) - 1};
    return mark;
}

const char *split_line(struct splitter *s, const char *line)
{
    const char *field = line;
    s->n = 0;
    while (s->n < SPLIT_FIELDS) {
        const char *mark = next_mark(s);
        if (!mark) {
            return NULL;
        }
        if (*mark != '"') {
            add_field(s, field, mark);
        } else if (mark != field || !(mark = add_quoted(s, mark))) {
            return NULL;
        }
        if (*mark != s->delimiter) {
            return mark;
        }
        field = mark + 1;
    }
    return NULL;
}

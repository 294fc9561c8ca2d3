/* Splitting the lines that need no parser: fields without quotes, or wholly in quotes
 * that hold no line ends, and quotes only doubled. What it splits, libcsv would split the
 * same; everything else it leaves. */
#ifndef SOAT_DATA_SPLIT_H
#define SOAT_DATA_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPLIT_FIELDS 256u /* a line with more is left */
#define SPLIT_BLOCK 64u   /* bytes looked at together */
#define SPLIT_UNDOUBLED                                                                  \
    4096u /* bytes; a line with more text among doubled quotes is left */

struct split_field {
    const char *p; /* NULL: empty and unquoted */
    size_t n;
};

/* The marks of a text, one after another. */
struct split_marks {
    const char *block, *end; /* the block looked at, the end of the text */
    uint64_t bits;           /* bit i: block[i] is a mark that has not been passed */
    char delimiter;
};

struct splitter {
    struct split_marks marks;
    uint32_t n; /* fields of the line split last */
    struct split_field fields[SPLIT_FIELDS];
    uint32_t n_undoubled;
    char undoubled[SPLIT_UNDOUBLED]; /* those of its fields that had doubled quotes */
};

/* The text must begin with a line. */
void split_begin(struct splitter *s, char delimiter, const char *p, const char *end);

/* Splits the line at `line`, which follows the one split before; gives the place of its
 * line end (LF or CR). NULL: left, because it is not finished or not understood; the
 * splitter must be begun again. */
const char *split_line(struct splitter *s, const char *line);

/* Which of 64 bytes are a delimiter, a quote, LF or CR; both give the same. */
uint64_t split_bits(const char *block, char delimiter);
uint64_t split_bits_portable(const char *block, char delimiter);

#endif

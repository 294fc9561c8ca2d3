/* What people read on a terminal: safe text, marked lines, two languages, few colours.
 *
 * Nothing from data or rules can start a line, steer the terminal or hide: control
 * characters, bidirectional controls and invisible characters are printed as escapes (\t,
 * \u{1B}), invalid bytes as U+FFFD, and widths are those of what is printed. Colours only
 * repeat what the words say. */
#ifndef SOAT_REPORT_SHEET_H
#define SOAT_REPORT_SHEET_H

#include "report/report.h"

enum tone { TONE_PLAIN, TONE_ERROR, TONE_WARNING, TONE_INFO, TONE_GOOD };

struct sheet {
    struct text *out;
    enum diag_lang lang;
    bool has_color;
    bool is_verbose;
    size_t width; /* terminal columns */
};

struct sheet sheet_on(struct text *out, const struct report_style *style);

void sheet_char(struct sheet *s, char c);
void sheet_blanks(struct sheet *s, size_t n);
/* Our own words, as they are. */
void sheet_say(struct sheet *s, const char *vi, const char *en);
/* Anybody's text, made printable; sheet_cut ends it with … where it is wider than width,
 * sheet_squeeze leaves out its middle: names of one kind differ at their ends. */
void sheet_text(struct sheet *s, struct str t);
void sheet_cut(struct sheet *s, struct str t, size_t width);
void sheet_squeeze(struct sheet *s, struct str t, size_t width);
/* 10.000.000 in Vietnamese, 10,000,000 in English. */
void sheet_count(struct sheet *s, uint64_t n);
void sheet_tone(struct sheet *s, enum tone tone); /* from here on; TONE_PLAIN ends it */
size_t sheet_width_of(struct str t);              /* columns sheet_text takes */
size_t sheet_width_of_count(uint64_t n);

/* "3 lỗi" · "1 error" · "3 errors" */
void sheet_number_of(struct sheet *s, uint64_t n, const char *vi, const char *one,
                     const char *many);

size_t sheet_limit(const struct sheet *s); /* shown items of a list: few, or all */
/* Item i (from 0) of a list, with its comma; nothing beyond the limit. */
void sheet_item(struct sheet *s, size_t i, struct str item);
/* " và 3 dòng nữa" · " and 3 more"; nothing for 0. */
void sheet_more(struct sheet *s, uint64_t n, const char *vi, const char *en);

enum tone tone_of_severity(enum diag_severity severity);
/* The text in this language, or in the other one where it is absent. */
struct str sheet_pick(const struct report_text *t, enum diag_lang lang);
size_t digits_of(uint64_t n);

/* A line of a file under its number, and below it the mark with what is said beside it:
 *    4 | 91;Kiên Giang;540
 *      |               ^^^ label
 * A line too long for the sheet is shown around its mark, with … where something is left
 * out. */
struct marked_line {
    struct str text;
    uint64_t number; /* 0: none is printed */
    size_t gutter;   /* columns of the widest number of the picture */
    size_t lo, hi;   /* bytes of the mark within text; equal: one caret before lo */
    bool has_mark;
    bool has_blank_tabs; /* a tab is four blanks (rule text), not an escape (cell text) */
    char mark;           /* '^' or '-' */
    enum tone tone;      /* of the mark and its label */
    struct str label;    /* STR_NONE: none */
};

void sheet_marked_line(struct sheet *s, const struct marked_line *line);
void sheet_bar(struct sheet *s, size_t gutter);  /* "   |" alone on its line */
void sheet_note(struct sheet *s, size_t gutter); /* "   = ", where a note begins */

#endif

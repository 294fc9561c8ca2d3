/* Which file serves which data set, and the bytes behind every record that is shown.
 *
 * Inputs stand in order of (data set, path), so that the order of arguments never shows.
 * A regular UTF-8 file is read when its table is loaded and again, record by record, when
 * findings are shown; the text of anything else (standard input, pipes, UTF-16) stays in
 * memory. */
#ifndef SOAT_RUN_INPUTS_H
#define SOAT_RUN_INPUTS_H

#include "run/run.h"

struct input {
    uint32_t dataset;   /* ID_NONE: none could be told, because it could not be read */
    struct str path;    /* as given, NUL-terminated; "-" is standard input */
    bool is_pattern;    /* a pattern that no file fits */
    struct stamp stamp; /* of the path, before anything is read */
    bool has_text;      /* its decoded text is in `text` */
    struct str text;
    struct decoder
        reader;      /* state at the end of reading: status, bytes, encoding, stamp */
    char sha256[65]; /* "" until read */
    struct handle *handle; /* for reading records again; NULL: not open */
    bool has_changed;      /* was told that it is no longer what was read */
};

struct inputs {
    struct run *run;
    struct input **items;
    size_t n, cap;
    uint32_t *first;  /* per data set, and one behind the last: its inputs are first[d] ..
                         first[d + 1] */
    bool has_orphans; /* some unreadable file was given that no data set could be told for
                       */
    uint32_t n_open;  /* handles kept for reading records again */
    char *window;     /* the stretch of a file that was read again last */
    size_t n_window, cap_window;
    uint64_t window_at; /* its raw offset */
    const struct input *window_of;
};

/* Settles the files of every data set of `rules`. False: usage errors are in the run's
 * diags. */
bool inputs_choose(struct inputs *in, struct run *r, const struct ruleset *rules);

/* The same where there are no rules yet: the files named, each once, in order of their
 * paths, of no data set. */
bool inputs_list(struct inputs *in, struct run *r);

/* Sorts by (data set, path), keeps every file of a data set once, and notes where each
 * set begins. */
void inputs_settle(struct inputs *in, uint32_t n_datasets);

/* The beginning of an input's text, for looking at its header; remembers in `item` why
 * when there is none. */
struct str inputs_beginning(struct inputs *in, struct input *item);

/* Encoding for files of a data set that carry no mark. */
enum encoding inputs_encoding(const struct run *r, const struct schema *s);

/* The decoded bytes of the record at `offset` of a data set's file, at least its first
 * line; what present.h calls read_record, `context` being the struct inputs. Lives in
 * `a`; "" if it can no longer be read. */
struct str inputs_record(void *context, uint32_t dataset, uint32_t file, uint64_t offset,
                         struct arena *a);
/* The same for a physical line (from 1) where no record is known: at most its first 64
 * KiB. It is looked for from the start of the file. */
struct str inputs_line(void *context, uint32_t dataset, uint32_t file, uint64_t line,
                       struct arena *a);

#endif

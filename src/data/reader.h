/* CSV bytes to records: the only user of libcsv. Takes UTF-8 in pieces of any size and
 * calls back once per field and once per record, with the place of the record. Delimiter,
 * `sep=` line and line ends are found from the start of the text. Stops at the first
 * structural error, which names its line. */
#ifndef SOAT_DATA_READER_H
#define SOAT_DATA_READER_H

#include "base/str.h"
#include "data/split.h"

struct reader_limits {
    size_t field;    /* bytes; default 1 MiB; 0: the default, here and below */
    size_t record;   /* bytes; default 16 MiB */
    uint32_t fields; /* per record; default 4096 */
};

enum reader_status {
    READER_OK,
    READER_STRAY_QUOTE,    /* inside an unquoted field, or text after a closing quote */
    READER_UNCLOSED_QUOTE, /* line: where the quote opens */
    READER_FIELD_LIMIT,    /* line of these three: where the record begins */
    READER_RECORD_LIMIT,
    READER_FIELDS_LIMIT,
    READER_NO_MEMORY
};

struct record_place {
    uint64_t offset; /* of its first byte in the decoded text, which has no mark */
    uint64_t length; /* bytes, its line end not counted */
    uint64_t line;   /* physical line of its first byte, from 1 */
    uint32_t fields;
};

struct reader_events {
    /* p NULL: empty and unquoted */
    void (*field)(void *context, uint32_t at, const char *p, size_t n);
    /* blank lines give none */
    void (*record)(void *context, const struct record_place *place);
    void *context;
    /* All fields of a record at once, where they are at hand; NULL: one by one. */
    void (*fields)(void *context, const struct split_field *fields, uint32_t n);
};

struct reader;
struct reader *reader_open(struct arena *a, char delimiter /* 0: find it */,
                           const struct reader_limits *limits,
                           const struct reader_events *events);
enum reader_status reader_feed(struct reader *r, const char *p, size_t n);
/* Reads what is still held back for finding the delimiter; for a text that breaks off. */
enum reader_status reader_flush(struct reader *r);
/* After the last byte; also closes libcsv. */
enum reader_status reader_end(struct reader *r);
void reader_close(struct reader *r);           /* always call; safe after any error */
char reader_delimiter(const struct reader *r); /* 0 until found */
bool reader_has_sep_line(const struct reader *r);
uint64_t reader_error_line(const struct reader *r);
/* Line where the quoted field opens in which reading stopped: an earlier one than the
 * error's line when that field never closed. 0: not in a quoted field. */
uint64_t reader_quote_line(const struct reader *r);
/* Let libcsv take every line, also those that splitting at the delimiter reads the same.
 * Before any text. */
void reader_use_libcsv(struct reader *r);

/* The fields of one record's bytes: for showing a finding. Byte ranges in `record`
 * include quotes but not the blanks around a field. */
struct field_place {
    size_t lo, hi;    /* bytes of the field as written */
    struct str value; /* unquoted; p NULL: empty and unquoted */
};
size_t reader_split(struct arena *a, struct str record, char delimiter,
                    struct field_place **out);

#endif

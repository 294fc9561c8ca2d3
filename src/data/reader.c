/* Reading records, with libcsv as the parser of record.
 *
 * libcsv reports no position, so it is fed pieces that end at line ends: an unquoted line
 * end is then always the last byte of a piece, and the row callback tells that it was
 * unquoted. Offsets and lines are counted here. A piece is also never longer than what a
 * limit still allows, so a limit is met at the same byte whatever the chunks. The field
 * buffer is ours: it lives in the arena and is grown before each piece, so libcsv itself
 * never allocates.
 *
 * The fast path takes whole lines while libcsv stands between rows and the splitter
 * understands them (split.h). The next line that it does not goes to libcsv. Tests hold
 * both to the same events, cell for cell.
 *
 * The start of the text is held back until the delimiter is known: SAMPLE_LINES lines or
 * SAMPLE_BYTES bytes, whichever comes first, so that the choice does not depend on the
 * chunks. */
#include "data/reader.h"

#include <assert.h>
#include <csv.h>
#include <string.h>

#define FIELD_DEFAULT ((size_t)1 << 20)
#define RECORD_DEFAULT ((size_t)16 << 20)
#define FIELDS_DEFAULT 4096u
#define PIECE_MAX ((size_t)64 << 10)
#define BUFFER_FIRST ARENA_LARGE
#define LIMIT_MAX ((size_t)INT32_MAX)
#define SAMPLE_BYTES ((size_t)64 << 10)
#define SAMPLE_LINES 16u
#define OPTIONS (CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_EMPTY_IS_NULL)

/* The first wins a tie; a comma never does, because it also stands in numbers and names.
 */
static const char delimiters[] = {';', '\t', '|', ','};

/* Text held back, and how often each delimiter stands outside quotes in each of its
 * lines. */
struct sample {
    char *p;
    size_t n, cap, seen;
    uint32_t lines; /* finished ones that are not blank */
    bool in_quotes, is_line_filled;
    uint32_t count[sizeof delimiters][SAMPLE_LINES + 1];
};

struct reader {
    struct arena *a;
    struct reader_limits limits;
    struct reader_events events;
    struct csv_parser parser;
    struct sample sample;
    char delimiter; /* 0: not found yet */
    bool has_sep_line, is_started, is_closed;
    bool only_libcsv;
    enum reader_status status;
    uint64_t error_line, quote_line;
    uint64_t at;               /* offset of the next byte */
    uint64_t line;             /* its physical line */
    bool after_cr;             /* the byte before it was a CR */
    struct record_place place; /* the record under way */
    uint64_t piece_end;        /* offset behind the piece that libcsv works on */
    bool row_ended;            /* in this piece */
    bool field_ended;          /* in this piece */
    struct splitter splitter;
};

/* libcsv wants allocation functions without a context. It never needs them here. */
static void *no_memory(void *old, size_t size)
{
    (void)old;
    (void)size;
    return NULL;
}

static void keep(void *p)
{
    (void)p;
}

static void stop(struct reader *r, enum reader_status status, uint64_t line)
{
    if (r->status == READER_OK) {
        r->status = status;
        r->error_line = line;
    }
}

static void take_field(struct reader *r, const char *p, size_t n)
{
    if (r->place.fields == r->limits.fields) {
        stop(r, READER_FIELDS_LIMIT, r->place.line);
    } else if (n > r->limits.field) {
        stop(r, READER_FIELD_LIMIT, r->place.line);
    }
    if (r->status == READER_OK) {
        r->events.field(r->events.context, r->place.fields++, p, n);
    }
}

/* A line end outside quotes; `end` is its offset. A line without fields is blank. */
static void take_row(struct reader *r, uint64_t end)
{
    r->row_ended = true;
    if (r->place.fields > 0 && r->status == READER_OK) {
        r->place.length = end - r->place.offset;
        r->events.record(r->events.context, &r->place);
    }
    r->place.fields = 0;
}

static void on_field(void *p, size_t n, void *context)
{
    struct reader *r = context;
    r->field_ended = true;
    take_field(r, p, n);
}

static void on_row(int end, void *context)
{
    struct reader *r = context;
    take_row(r, end < 0 ? r->piece_end : r->piece_end - 1);
}

static size_t limit_or(size_t wanted, size_t usual)
{
    size_t limit = wanted ? wanted : usual;
    return limit < LIMIT_MAX ? limit : LIMIT_MAX;
}

static struct reader_limits limits_or_default(const struct reader_limits *l)
{
    struct reader_limits none = {0};
    l = l ? l : &none;
    return (struct reader_limits){
        .field = limit_or(l->field, FIELD_DEFAULT),
        .record = limit_or(l->record, RECORD_DEFAULT),
        .fields = l->fields ? l->fields : FIELDS_DEFAULT,
    };
}

struct reader *reader_open(struct arena *a, char delimiter,
                           const struct reader_limits *limits,
                           const struct reader_events *events)
{
    assert(a && events && events->field && events->record);
    struct reader *r = arena_new(a, struct reader);
    r->a = a;
    r->events = *events;
    r->limits = limits_or_default(limits);
    r->delimiter = delimiter;
    r->line = r->place.line = 1;

    if (csv_init(&r->parser, OPTIONS) != 0) {
        stop(r, READER_NO_MEMORY, 1);
    }
    csv_set_realloc_func(&r->parser, no_memory);
    csv_set_free_func(&r->parser, keep);
    return r;
}

void reader_use_libcsv(struct reader *r)
{
    assert(r && !r->is_started);
    r->only_libcsv = true;
}

/* libcsv asks for more room only when the buffer is full as it looks at a byte. */
static void make_room(struct reader *r, size_t piece)
{
    struct csv_parser *p = &r->parser;
    size_t wanted = p->entry_pos + piece;
    if (p->entry_buf && wanted <= p->entry_size) {
        return;
    }
    size_t size = p->entry_size ? p->entry_size : BUFFER_FIRST;
    while (size < wanted) {
        size = mem_mul(size, 2);
    }
    p->entry_buf = arena_resize(r->a, p->entry_buf, p->entry_size, size);
    p->entry_size = size;
}

/* Bytes that may be taken before a limit has to be looked at again; at least 1. A limit
 * may be passed by one byte: the record's line end, the field's closing quote, which
 * libcsv holds for a moment. */
static size_t room_left(const struct reader *r)
{
    size_t record = r->limits.record + 1 - (size_t)(r->at - r->place.offset);
    size_t field = r->limits.field + 2 - r->parser.entry_pos;
    size_t room = record < field ? record : field;
    return room < PIECE_MAX ? room : PIECE_MAX;
}

static void check_limits(struct reader *r)
{
    if (r->parser.entry_pos > r->limits.field + 1) {
        stop(r, READER_FIELD_LIMIT, r->place.line);
    } else if (r->at - r->place.offset > r->limits.record) {
        stop(r, READER_RECORD_LIMIT, r->place.line);
    }
}

/* Counts the line that ends with the piece p, if it does; CR LF is one line end. */
static void count_line(struct reader *r, const char *p, size_t n)
{
    char c = p[n - 1];
    bool is_second_half = n == 1 && r->after_cr;
    if (c == '\r' || (c == '\n' && !is_second_half)) {
        r->line++;
    }
    r->after_cr = c == '\r';
}

static void begin_record(struct reader *r)
{
    r->place.offset = r->at;
    r->place.line = r->line;
}

/* Feeds one piece: part of one line, with its line end or without. */
static void feed_piece(struct reader *r, const char *p, size_t n)
{
    assert(n > 0 && n <= PIECE_MAX);
    make_room(r, n);
    bool was_quoted = r->parser.quoted != 0;
    r->row_ended = r->field_ended = false;
    r->piece_end = r->at + n;

    size_t done = csv_parse(&r->parser, p, n, on_field, on_row, r);
    if (r->parser.quoted != 0 && (!was_quoted || r->field_ended)) {
        r->quote_line = r->line; /* the field that is open now opened in this piece */
    }
    if (done < n) {
        bool is_memory = csv_error(&r->parser) != CSV_EPARSE;
        stop(r, is_memory ? READER_NO_MEMORY : READER_STRAY_QUOTE, r->line);
        return;
    }
    r->at += n;
    count_line(r, p, n);
    if (r->row_ended) {
        begin_record(r);
    } else {
        check_limits(r);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Tells the fields that the splitter has found; a single empty one is a blank line. None
 * is longer than a field may be, because the line is not. */
static void take_fields(struct reader *r)
{
    const struct splitter *s = &r->splitter;
    if (s->n == 1 && !s->fields[0].p) {
        return;
    }
    if (r->events.fields && s->n <= r->limits.fields) {
        r->events.fields(r->events.context, s->fields, s->n);
        r->place.fields = s->n;
        return;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        take_field(r, s->fields[i].p, s->fields[i].n);
    }
}

/* Tells the events of a line that the splitter has split; `n` bytes with its line end. */
static void take_split(struct reader *r, const char *p, size_t n)
{
    take_fields(r);
    take_row(r, r->at + n - 1);
    r->at += n;
    count_line(r, p, n);
    begin_record(r);
}

/* Takes whole lines by splitting them, as long as that is safe; gives where it stopped.
 */
static const char *take_lines(struct reader *r, const char *p, const char *end)
{
    struct splitter *s = &r->splitter;
    size_t longest =
        r->limits.field < r->limits.record ? r->limits.field : r->limits.record;
    split_begin(s, r->delimiter, p, end);
    while (p < end && r->status == READER_OK) {
        const char *line_end = split_line(s, p);
        if (!line_end || (size_t)(line_end - p) > longest) {
            break;
        }
        take_split(r, p, (size_t)(line_end - p) + 1);
        p = line_end + 1;
    }
    return p;
}

/* Where the next CR and LF of a chunk are; each is looked for only when it was passed. */
struct line_ends {
    const char *cr, *lf;
};

static const char *find_from(const char *p, const char *end, char c)
{
    const char *hit = memchr(p, c, (size_t)(end - p));
    return hit ? hit : end;
}

/* The next line end at or behind p, or `end`. */
static const char *next_line_end(struct line_ends *e, const char *p, const char *end)
{
    if (!e->cr || e->cr < p) {
        e->cr = find_from(p, end, '\r');
    }
    if (!e->lf || e->lf < p) {
        e->lf = find_from(p, end, '\n');
    }
    return e->cr < e->lf ? e->cr : e->lf;
}

static bool is_between_records(const struct reader *r)
{
    return r->place.offset == r->at;
}

/* Gives libcsv a line, or what of it is there or allowed; gives where it stopped. */
static const char *feed_line(struct reader *r, struct line_ends *ends, const char *p,
                             const char *end)
{
    const char *line_end = next_line_end(ends, p, end);
    size_t n = (size_t)(line_end - p) + (line_end < end ? 1 : 0);
    size_t room = room_left(r);
    n = n < room ? n : room;
    feed_piece(r, p, n);
    return p + n;
}

static void take(struct reader *r, const char *p, size_t n)
{
    struct line_ends ends = {NULL, NULL};
    const char *end = p + n;
    while (p < end && r->status == READER_OK) {
        if (!r->only_libcsv && is_between_records(r)) {
            p = take_lines(r, p, end);
        }
        if (p < end && r->status == READER_OK) {
            p = feed_line(r, &ends, p, end);
        }
    }
}

/* `sep=;` on the first line, as Excel writes it; gives the delimiter or 0. */
static char sep_line(const char *p, size_t n)
{
    static const char word[] = {'s', 'e', 'p', '='};
    if (n < 5 || (n > 5 && p[5] != '\r' && p[5] != '\n')) {
        return 0;
    }
    for (size_t i = 0; i < sizeof word; i++) {
        char lower = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] - 'A' + 'a' : p[i]);
        if (lower != word[i]) {
            return 0;
        }
    }
    unsigned char c = (unsigned char)p[4];
    bool is_word =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bool is_mark = c == '\t' || (c > ' ' && c < 0x7f && c != '"' && !is_word);
    if (!is_mark) {
        return 0;
    }
    return p[4];
}

/* Counts one byte of the sample; true when the sample is complete. */
static bool count_byte(struct sample *s, char c)
{
    if (c == '"') {
        s->in_quotes = !s->in_quotes;
    }
    if ((c == '\n' || c == '\r') && !s->in_quotes) {
        s->lines += s->is_line_filled;
        s->is_line_filled = false;
        return s->lines == SAMPLE_LINES;
    }
    s->is_line_filled |= c != ' ' && c != '\n' && c != '\r';
    const char *d = s->in_quotes ? NULL : memchr(delimiters, c, sizeof delimiters);
    if (d) {
        s->count[d - delimiters][s->lines]++;
    }
    return false;
}

/* Holds text back; gives how many bytes it took. The sample is complete when
 * `is_complete`. */
static size_t hold(struct reader *r, const char *p, size_t n, bool *is_complete)
{
    struct sample *s = &r->sample;
    size_t taken = n < SAMPLE_BYTES - s->n ? n : SAMPLE_BYTES - s->n;
    *is_complete = s->n + taken == SAMPLE_BYTES;
    for (size_t i = 0; i < taken; i++) {
        if (count_byte(s, p[i])) {
            taken = i + 1;
            *is_complete = true;
            break;
        }
    }
    if (s->n + taken > s->cap) {
        size_t cap = s->cap ? SAMPLE_BYTES : 4096;
        cap = s->n + taken > cap ? SAMPLE_BYTES : cap;
        s->p = arena_resize(r->a, s->p, s->cap, cap);
        s->cap = cap;
    }
    if (taken > 0) {
        memcpy(s->p + s->n, p, taken);
    }
    s->n += taken;
    return taken;
}

/* The candidate that stands in the header and as often in the most other lines: these are
 * the lines that agree with the header on the number of fields. Among several the one
 * that is most frequent in the header, then the first in `delimiters`. A comma where
 * there is none. */
static char choose_delimiter(const struct sample *s)
{
    uint32_t lines = s->lines + (s->is_line_filled ? 1 : 0);
    uint32_t best_same = 0, best_count = 0;
    char best = ',';
    for (size_t d = 0; d < sizeof delimiters; d++) {
        const uint32_t *count = s->count[d];
        uint32_t same = 0;
        for (uint32_t i = 1; i < lines; i++) {
            same += count[i] == count[0];
        }
        bool is_better = same > best_same || (same == best_same && count[0] > best_count);
        if (count[0] > 0 && is_better) {
            best = delimiters[d];
            best_same = same;
            best_count = count[0];
        }
    }
    return best;
}

/* Settles the delimiter and reads the sample. */
static void start(struct reader *r)
{
    const struct sample *s = &r->sample;
    char sep = sep_line(s->p, s->n);
    size_t skip_bytes = 0;
    if (sep != 0) {
        r->has_sep_line = true;
        skip_bytes = s->n > 5 ? 6 : 5;
        r->at = skip_bytes;
        if (s->n > 5) {
            count_line(r, s->p, 6);
        }
        begin_record(r);
    }
    if (r->delimiter == 0) {
        r->delimiter = sep;
    }
    if (r->delimiter == 0) {
        r->delimiter = choose_delimiter(s);
    }
    csv_set_delim(&r->parser, (unsigned char)r->delimiter);
    r->is_started = true;
    take(r, s->p + skip_bytes, s->n - skip_bytes);
}

enum reader_status reader_feed(struct reader *r, const char *p, size_t n)
{
    assert(r && !r->is_closed && (p || n == 0));
    if (n == 0 || r->status != READER_OK) {
        return r->status;
    }
    if (!r->is_started) {
        bool is_complete = false;
        size_t held = hold(r, p, n, &is_complete);
        if (!is_complete) {
            return READER_OK;
        }
        start(r);
        p += held;
        n -= held;
    }
    take(r, p, n);
    return r->status;
}

enum reader_status reader_flush(struct reader *r)
{
    assert(r && !r->is_closed);
    if (!r->is_started && r->status == READER_OK && r->sample.n > 0) {
        start(r);
    }
    return r->status;
}

enum reader_status reader_end(struct reader *r)
{
    if (reader_flush(r) == READER_OK) {
        r->piece_end = r->at;
        if (csv_fini(&r->parser, on_field, on_row, r) != 0) {
            stop(r, READER_UNCLOSED_QUOTE, r->quote_line);
        }
    }
    reader_close(r);
    return r->status;
}

void reader_close(struct reader *r)
{
    assert(r);
    if (!r->is_closed) {
        csv_free(&r->parser);
        r->is_closed = true;
    }
}

char reader_delimiter(const struct reader *r)
{
    assert(r);
    return r->delimiter;
}

bool reader_has_sep_line(const struct reader *r)
{
    assert(r);
    return r->has_sep_line;
}

uint64_t reader_error_line(const struct reader *r)
{
    assert(r);
    return r->error_line;
}

uint64_t reader_quote_line(const struct reader *r)
{
    assert(r);
    bool in_quotes = r->status != READER_OK && r->parser.quoted != 0;
    return in_quotes ? r->quote_line : 0;
}

/* The text between the quotes at `lo` and `hi`, doubled quotes undone. */
static struct str unquote(struct arena *a, struct str inner)
{
    if (!memchr(inner.p, '"', inner.n)) {
        return inner;
    }
    struct text t = text_in(a);
    for (size_t i = 0; i < inner.n; i++) {
        text_char(&t, inner.p[i]);
        if (inner.p[i] == '"' && i + 1 < inner.n && inner.p[i + 1] == '"') {
            i++;
        }
    }
    return text_str(&t);
}

/* The offset behind the closing quote of a quoted field that opens at `at`. */
static size_t quoted_end(struct str record, size_t at)
{
    for (size_t i = at + 1; i < record.n; i++) {
        if (record.p[i] != '"') {
            continue;
        }
        if (i + 1 == record.n || record.p[i + 1] != '"') {
            return i + 1;
        }
        i++;
    }
    return record.n;
}

/* One field from `at`; *next is the offset of the delimiter behind it, or the record's
 * length. */
static struct field_place split_one(struct arena *a, struct str record, char delimiter,
                                    size_t at, size_t *next)
{
    size_t lo = at;
    while (lo < record.n && is_blank(record.p[lo]) && record.p[lo] != delimiter) {
        lo++;
    }
    bool is_quoted = lo < record.n && record.p[lo] == '"';
    size_t from = is_quoted ? quoted_end(record, lo) : lo;
    const char *d =
        from < record.n ? memchr(record.p + from, delimiter, record.n - from) : NULL;
    *next = d ? (size_t)(d - record.p) : record.n;
    size_t hi = *next;
    while (hi > lo && is_blank(record.p[hi - 1])) {
        hi--;
    }
    struct field_place f = {.lo = lo, .hi = hi, .value = STR_NONE};
    if (is_quoted) {
        size_t inner_end = from - lo >= 2 && record.p[from - 1] == '"' ? from - 1 : from;
        f.value = unquote(a, str_cut(record, lo + 1, inner_end));
    } else if (hi > lo) {
        f.value = str_cut(record, lo, hi);
    }
    return f;
}

size_t reader_split(struct arena *a, struct str record, char delimiter,
                    struct field_place **out)
{
    assert(a && out && delimiter != 0);
    struct field_place *fields = NULL;
    size_t n = 0, cap = 0, at = 0, next = 0;
    do {
        fields = list_room(a, fields, n, &cap, sizeof *fields);
        fields[n++] = split_one(a, record, delimiter, at, &next);
        at = next + 1;
    } while (next < record.n);
    *out = fields;
    return n;
}

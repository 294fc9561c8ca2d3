/* From arguments and `from` clauses to files of data sets.
 *
 * An argument is DATASET=FILE, or FILE alone, which goes to the data set that knows most
 * of its headers; with one data set there is no choice. Data sets without a file from the
 * arguments fall back on their `from` patterns. A required one that still has none is a
 * usage error, unless some file given could not be read at all: then it may well have
 * been meant, and the run is incomplete rather than refused. */
#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "run/inputs.h"

#include "data/table.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW ((size_t)64 * 1024) /* bytes read at a time for records shown */
#define RECORD_MAX ((size_t)16 * 1024 * 1024)
#define OPEN_MAX_AGAIN 32 /* files kept open for reading records again */

static struct input *add_input(struct inputs *in, uint32_t dataset, struct str path)
{
    struct arena *a = in->run->arena;
    struct input *item = arena_new(a, struct input);
    item->dataset = dataset;
    item->path = str_copy(a, path);
    in->items = list_room(a, in->items, in->n, &in->cap, sizeof(struct input *));
    in->items[in->n++] = item;
    return item;
}

static struct str dataset_names(const struct ruleset *rules, struct arena *a)
{
    struct text t = text_in(a);
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        text_add(&t, i ? STR(", ") : STR(""));
        text_add(&t, rules->datasets[i].schema.name);
    }
    return text_str(&t);
}

static uint32_t dataset_by_name(const struct ruleset *rules, struct str name)
{
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        if (str_eq(rules->datasets[i].schema.name, name)) {
            return i;
        }
    }
    return ID_NONE;
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && !(i && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return s.n > 0;
}

static void unknown_dataset(struct inputs *in, const struct ruleset *rules,
                            struct str spec, struct str name)
{
    struct arena *a = in->run->arena;
    struct str *names = arena_new_array(a, rules->n_datasets, struct str);
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        names[i] = rules->datasets[i].schema.name;
    }
    struct diag *d = diag_at(in->run->diags, DIAG_ID_USE_UNKNOWN_DATASET, SPAN_NONE);
    d->args[0] = spec;
    d->args[1] = name;
    d->args[2] = dataset_names(rules, a);
    diag_did_you_mean(in->run->diags, d, str_nearest(name, names, rules->n_datasets));
}

enum encoding inputs_encoding(const struct run *r, const struct schema *s)
{
    enum encoding e = r->settings->encoding;
    if (e == ENCODING_BY_MARK && s && s->encoding.p &&
        !encoding_by_name(s->encoding, &e)) {
        e = ENCODING_UTF16LE; /* the one other name that check_encodings lets through */
    }
    return e;
}

/* A pipe or the standard input can be read once: now. */
static void read_now(struct inputs *in, struct input *item, enum encoding e)
{
    struct decoder *d = &item->reader;
    item->has_text = true;
    item->text = STR("");
    if (decoder_open(d, in->run->files, item->path.p, e)) {
        item->text = decoder_rest(d, in->run->arena);
        decoder_sha256(d, item->sha256);
        decoder_close(d);
    }
}

static bool is_stream(const struct input *item)
{
    struct stamp s = stamp_of(item->path.p);
    bool is_stdin = str_eq(item->path, STR(FILE_STDIN));
    return is_stdin || (s.is_there && !s.is_regular && !s.is_folder);
}

static bool is_pattern(struct str path)
{
    return memchr(path.p, '*', path.n) || memchr(path.p, '?', path.n) ||
           memchr(path.p, '[', path.n);
}

/* One argument's path: a file, standard input or a pattern. */
static void add_path(struct inputs *in, uint32_t dataset, struct str path)
{
    struct run *r = in->run;
    assert(path.n > 0);
    if (str_eq(path, STR(FILE_STDIN))) {
        if (r->files->is_stdin_taken) {
            diag_at(r->diags, DIAG_ID_USE_STDIN_TWICE, SPAN_NONE);
            return;
        }
        r->files->is_stdin_taken = true;
        add_input(in, dataset, path);
        return;
    }
    struct str *found = NULL;
    size_t n = files_glob(r->files, r->arena, path_z(r->arena, path), &found);
    for (size_t i = 0; i < n; i++) {
        add_input(in, dataset, found[i]);
    }
    if (n == 0) { /* opening it will say that it is not there */
        add_input(in, dataset, path)->is_pattern = is_pattern(path);
    }
}

static void add_spec(struct inputs *in, const struct ruleset *rules, struct str spec)
{
    const char *equals = memchr(spec.p, '=', spec.n);
    if (spec.n == 0 || equals == spec.p + spec.n - 1) {
        diag_at(in->run->diags, DIAG_ID_USE_NO_PATH, SPAN_NONE)->args[0] = spec;
        return;
    }
    if (!equals) {
        add_path(in, ID_NONE, spec);
        return;
    }
    struct str name = str_cut(spec, 0, (size_t)(equals - spec.p));
    struct str path = str_cut(spec, name.n + 1, spec.n);
    uint32_t dataset = dataset_by_name(rules, name);
    if (dataset != ID_NONE) {
        add_path(in, dataset, path);
    } else if (is_word(name) && !stamp_of(path_z(in->run->arena, spec)).is_there) {
        unknown_dataset(in, rules, spec, name);
    } else {
        add_path(in, ID_NONE, spec);
    }
}

struct str inputs_beginning(struct inputs *in, struct input *item)
{
    struct decoder *d = &item->reader;
    struct str piece = STR("");
    if (!item->has_text) {
        if (decoder_open(d, in->run->files, item->path.p,
                         inputs_encoding(in->run, NULL))) {
            decoder_next(d, &piece);
            decoder_close(d);
        }
    } else {
        piece = item->text;
    }
    return str_cut(piece, 0, piece.n < FILE_PEEK ? piece.n : FILE_PEEK);
}

static void complain_no_fit(struct inputs *in, const struct ruleset *rules,
                            const struct input *item)
{
    struct diag *d = diag_file(in->run->diags, DIAG_ID_USE_NO_FIT, item->path, 0);
    d->args[0] = item->path;
    d->args[1] = dataset_names(rules, in->run->arena);
}

static void complain_tie(struct inputs *in, const struct ruleset *rules,
                         const struct input *item, const uint32_t *fit, uint32_t best)
{
    struct text t = text_in(in->run->arena);
    struct str example = STR_NONE;
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        if (fit[i] == best) {
            text_add(&t, example.p ? STR(", ") : STR(""));
            text_add(&t, rules->datasets[i].schema.name);
            example = example.p ? example : rules->datasets[i].schema.name;
        }
    }
    struct diag *d = diag_file(in->run->diags, DIAG_ID_USE_TIE, item->path, 0);
    d->args[0] = item->path;
    d->args[1] = text_str(&t);
    d->args[2] = example;
}

/* Gives a file named alone to the data set whose headers it fits best. */
static void fit_input(struct inputs *in, const struct ruleset *rules, struct input *item)
{
    struct str start = inputs_beginning(in, item);
    bool is_readable = item->reader.status == FILE_OK || start.n;
    if (!is_readable || str_trim(start).n == 0) {
        in->has_orphans =
            true; /* nothing to judge by; the loader says what is wrong with it */
        return;
    }
    uint32_t *fit = arena_new_array(in->run->arena, rules->n_datasets, uint32_t);
    uint32_t best = 0, at = ID_NONE, n_best = 0;
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        fit[i] =
            schema_fit(&rules->datasets[i].schema, start, in->run->settings->delimiter);
        n_best = fit[i] > best ? 1 : n_best + (fit[i] == best);
        at = fit[i] > best ? i : at;
        best = fit[i] > best ? fit[i] : best;
    }
    if (best == 0 && item->reader.status != FILE_OK) {
        in->has_orphans = true; /* what cannot be decoded fits nothing */
    } else if (best == 0) {
        complain_no_fit(in, rules, item);
    } else if (n_best > 1) {
        complain_tie(in, rules, item, fit, best);
    } else {
        item->dataset = at;
    }
}

static bool has_input(const struct inputs *in, uint32_t dataset)
{
    for (size_t i = 0; i < in->n; i++) {
        if (in->items[i]->dataset == dataset) {
            return true;
        }
    }
    return false;
}

/* The files that the rule file itself names; patterns are relative to it. */
static void add_defaults(struct inputs *in, const struct ruleset *rules, uint32_t dataset)
{
    const struct dataset *d = &rules->datasets[dataset];
    struct arena *a = in->run->arena;
    const struct rule_file *file = rules_file(&in->run->rules, d->src);
    for (uint32_t i = 0; i < d->schema.n_from; i++) {
        struct str *found = NULL, from = d->schema.from[i];
        struct str folder = path_escaped(a, path_folder(file->path));
        struct str pattern =
            str_starts(from, STR("/")) ? from : path_join(a, folder, from);
        size_t n = files_glob(in->run->files, a, path_z(a, pattern), &found);
        for (size_t j = 0; j < n; j++) {
            add_input(in, dataset, found[j]);
        }
    }
}

static int compare_inputs(const void *a, const void *b)
{
    const struct input *x = *(struct input *const *)a, *y = *(struct input *const *)b;
    if (x->dataset != y->dataset) {
        return x->dataset < y->dataset ? -1 : 1;
    }
    return str_cmp(x->path, y->path);
}

/* Whether an input before the i-th is the same file, given to the same data set under the
 * same name or another one. */
static bool is_known_input(const struct inputs *in, size_t kept, const struct input *item)
{
    for (size_t i = kept; i > 0 && in->items[i - 1]->dataset == item->dataset; i--) {
        const struct input *other = in->items[i - 1];
        if (str_eq(other->path, item->path) ||
            (item->stamp.is_regular && stamp_is_same_file(&other->stamp, &item->stamp))) {
            return true;
        }
    }
    return false;
}

void inputs_settle(struct inputs *in, uint32_t n_datasets)
{
    size_t kept = 0;
    if (in->n) {
        qsort(in->items, in->n, sizeof(struct input *), compare_inputs);
    }
    for (size_t i = 0; i < in->n; i++) {
        in->items[i]->stamp = stamp_of(in->items[i]->path.p);
        if (!is_known_input(in, kept, in->items[i])) {
            in->items[kept++] = in->items[i];
        }
    }
    in->n = kept;
    in->first = arena_new_array(in->run->arena, (size_t)n_datasets + 1, uint32_t);
    size_t at = 0;
    for (uint32_t d = 0; d <= n_datasets; d++) {
        while (at < in->n && in->items[at]->dataset < d) {
            at++;
        }
        in->first[d] = (uint32_t)at;
    }
}

static void check_encodings(struct run *r, const struct ruleset *rules)
{
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        const struct schema *s = &rules->datasets[i].schema;
        enum encoding e;
        bool is_utf16 =
            str_eq(s->encoding, STR("utf-16")) || str_eq(s->encoding, STR("UTF-16"));
        if (s->encoding.p && !is_utf16 && !encoding_by_name(s->encoding, &e)) {
            struct diag *d = diag_at(r->diags, DIAG_ID_USE_UNKNOWN_ENCODING, s->at);
            d->args[0] = s->name;
            d->args[1] = s->encoding;
            d->args[2] = STR("utf-8, utf-16, cp1258, tcvn3");
        }
    }
}

static void tell_without_file(struct run *r, const struct schema *s)
{
    struct diag *d = diag_at(r->diags, DIAG_ID_USE_DATASET_WITHOUT_FILE, s->at);
    struct text vi = text_in(r->arena), en = text_in(r->arena);
    d->args[0] = s->name;
    if (s->n_from == 0) {
        return;
    }
    text_add_z(&vi, "không có tệp nào khớp from");
    text_add_z(&en, "no file fits its from");
    for (uint32_t i = 0; i < s->n_from; i++) {
        text_add_z(&vi, i ? ", " : " ");
        text_add_z(&en, i ? ", " : " ");
        text_add(&vi, s->from[i]);
        text_add(&en, s->from[i]);
    }
    d->hint = text_str(&vi);
    d->hint_en = text_str(&en);
}

static void settle_input(struct inputs *in, const struct ruleset *rules,
                         struct input *item)
{
    if (item->dataset == ID_NONE && rules->n_datasets == 1) {
        item->dataset = 0;
    }
    const struct schema *s =
        item->dataset == ID_NONE ? NULL : &rules->datasets[item->dataset].schema;
    if (is_stream(item)) {
        read_now(in, item, inputs_encoding(in->run, s));
    }
    if (item->dataset == ID_NONE) {
        fit_input(in, rules, item);
    }
}

bool inputs_choose(struct inputs *in, struct run *r, const struct ruleset *rules)
{
    assert(in && r && rules);
    *in = (struct inputs){.run = r};
    check_encodings(r, rules);
    for (size_t i = 0; i < r->settings->data.n; i++) {
        add_spec(in, rules, r->settings->data.items[i]);
    }
    for (size_t i = 0; i < in->n; i++) {
        settle_input(in, rules, in->items[i]);
    }
    bool is_unsettled = in->has_orphans || diags_errors(r->diags);
    for (uint32_t d = 0; d < rules->n_datasets; d++) {
        const struct schema *s = &rules->datasets[d].schema;
        if (!has_input(in, d)) {
            add_defaults(in, rules, d);
        }
        if (!has_input(in, d) && !s->is_optional && !is_unsettled) {
            tell_without_file(r, s);
        }
    }
    if (in->n == 0 && rules->n_datasets > 0 && diags_errors(r->diags) == 0) {
        diag_at(r->diags, DIAG_ID_USE_NO_DATA, SPAN_NONE);
    }
    inputs_settle(in, rules->n_datasets);
    return diags_errors(r->diags) == 0;
}

bool inputs_list(struct inputs *in, struct run *r)
{
    assert(in && r);
    *in = (struct inputs){.run = r};
    for (size_t i = 0; i < r->settings->data.n; i++) {
        struct str path = r->settings->data.items[i];
        if (path.n == 0) {
            diag_at(r->diags, DIAG_ID_USE_NO_PATH, SPAN_NONE)->args[0] = path;
        } else {
            add_path(in, ID_NONE, path);
        }
    }
    for (size_t i = 0; i < in->n; i++) {
        if (is_stream(in->items[i])) {
            read_now(in, in->items[i], inputs_encoding(r, NULL));
        }
    }
    inputs_settle(in, 0);
    return diags_errors(r->diags) == 0;
}

static bool open_again(struct inputs *in, struct input *item)
{
    if (item->handle) {
        return true;
    }
    if (in->n_open == OPEN_MAX_AGAIN) {
        for (size_t i = 0; i < in->n; i++) {
            if (in->items[i]->handle) {
                handle_close(in->items[i]->handle);
                in->items[i]->handle = NULL;
            }
        }
        in->n_open = 0;
    }
    struct handle *h = handle_new(in->run->files);
    h->fd = open(item->path.p, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (h->fd < 0) {
        return false;
    }
    item->handle = h;
    in->n_open++;
    struct stamp now = stamp_of(item->path.p);
    return stamp_is_unchanged(&now, &item->reader.stamp);
}

static void tell_change(struct inputs *in, struct input *item)
{
    if (!item->has_changed) {
        item->has_changed = true;
        in->run->is_incomplete = true;
        diag_file(in->run->diags, DIAG_ID_DATA_FILE_CHANGED, item->path, 0);
    }
}

/* Reads up to n bytes at `at` into p; fewer at the end of the file. */
static size_t read_at(int fd, char *p, size_t n, uint64_t at)
{
    size_t got = 0;
    while (got < n) {
        ssize_t r = pread(fd, p + got, n - got, (off_t)(at + got));
        if (r < 0 && errno == EINTR) {
            continue;
        }
        if (r <= 0) {
            break;
        }
        got += (size_t)r;
    }
    return got;
}

/* Fills the window with up to n bytes from `at` on; false: the file is no longer there as
 * it was, which is told. */
static bool fill_window(struct inputs *in, struct input *item, size_t n, uint64_t at)
{
    if (!open_again(in, item)) {
        tell_change(in, item);
        return false;
    }
    if (n > in->cap_window) {
        in->window = arena_resize(in->run->arena, in->window, in->cap_window, n);
        in->cap_window = n;
    }
    in->n_window = read_at(item->handle->fd, in->window, n, at);
    in->window_at = at;
    in->window_of = item;
    return true;
}

/* What the window holds from `at` on. */
static struct str in_window(const struct inputs *in, const struct input *item,
                            uint64_t at)
{
    bool is_inside = in->window_of == item && at >= in->window_at &&
                     at - in->window_at <= in->n_window;
    size_t from = is_inside ? (size_t)(at - in->window_at) : in->n_window;
    return (struct str){in->window + from, in->n_window - from};
}

/* Bytes up to the end of the record that begins `s`, its line end not counted; SIZE_MAX:
 * not in s. */
static size_t record_end(struct str s)
{
    bool is_quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if ((c == '\n' || c == '\r') && !is_quoted) {
            return i;
        }
    }
    return SIZE_MAX;
}

struct str inputs_record(void *context, uint32_t dataset, uint32_t file, uint64_t offset,
                         struct arena *a)
{
    struct inputs *in = context;
    assert(in && in->first && in->first[dataset] + file < in->first[dataset + 1]);
    struct input *item = in->items[in->first[dataset] + file];
    if (item->has_text) {
        struct str rest = offset < item->text.n
                              ? str_cut(item->text, (size_t)offset, item->text.n)
                              : STR("");
        size_t end = record_end(rest);
        return str_cut(rest, 0, end < rest.n ? end : rest.n);
    }
    uint64_t at = item->reader.mark + offset;
    struct str s = in_window(in, item, at);
    size_t end = record_end(s);
    for (size_t want = WINDOW; end == SIZE_MAX; want *= 4) {
        if (!fill_window(in, item, want, at)) {
            return STR("");
        }
        s = in_window(in, item, at);
        end = record_end(s);
        if (end == SIZE_MAX && (s.n < want || want >= RECORD_MAX)) {
            end = s.n;
        }
    }
    return str_copy(a, str_cut(s, 0, end));
}

/* A walk over physical lines; CR LF is one line end. */
struct line_walk {
    uint64_t line; /* at hand, from 1 */
    bool was_cr;
};

/* Bytes of s before the line wanted; s.n: it is not reached. */
static size_t skip_lines(struct line_walk *w, uint64_t wanted, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool is_rest = w->was_cr && s.p[i] == '\n';
        w->was_cr = false;
        if (is_rest) {
            continue;
        }
        if (w->line == wanted) {
            return i;
        }
        w->was_cr = s.p[i] == '\r';
        w->line += w->was_cr || s.p[i] == '\n';
    }
    return s.n;
}

static struct str to_line_end(struct str s)
{
    size_t n = 0;
    while (n < s.n && n < WINDOW && s.p[n] != '\n' && s.p[n] != '\r') {
        n++;
    }
    return str_cut(s, 0, n);
}

struct str inputs_line(void *context, uint32_t dataset, uint32_t file, uint64_t line,
                       struct arena *a)
{
    struct inputs *in = context;
    assert(in && in->first && in->first[dataset] + file < in->first[dataset + 1]);
    struct input *item = in->items[in->first[dataset] + file];
    struct line_walk walk = {.line = 1};
    if (item->has_text) {
        size_t at = skip_lines(&walk, line, item->text);
        return to_line_end(str_cut(item->text, at, item->text.n));
    }
    uint64_t at = item->reader.mark;
    size_t skipped = SIZE_MAX;
    while (skipped) { /* once more when it is found, so that the window begins there */
        if (!fill_window(in, item, WINDOW, at)) {
            return STR("");
        }
        skipped = skip_lines(&walk, line, (struct str){in->window, in->n_window});
        at += skipped;
    }
    return str_copy(a, to_line_end((struct str){in->window, in->n_window}));
}

/* Feeds files to the loaders of their data sets. A file that breaks off (unreadable,
 * undecodable, bad quoting) keeps the rows before that place; its table says that it is
 * truncated, and the rest of the bytes is still hashed, so that the run record names the
 * file as it is. */
#include "run/load.h"

#include "data/broken.h"
#include "run/choice.h"

#include <assert.h>
#include <string.h>

#define FIELD_LIMIT ((size_t)1 << 20)
#define RECORD_LIMIT ((size_t)16 << 20)
#define FIELDS_LIMIT 4096u

static void tell_unreadable(struct run *r, const struct input *item)
{
    if (item->is_pattern && item->reader.status == FILE_MISSING) {
        diag_file(r->diags, DIAG_ID_DATA_NO_MATCH, item->path, 0);
    } else {
        decoder_complain(&item->reader, item->path, r->diags);
    }
}

static struct str at_line(struct arena *a, const char *words, uint64_t line)
{
    struct text t = text_in(a);
    text_add_z(&t, words);
    text_uint(&t, line);
    return text_str(&t);
}

/* Reading stopped in a file: which line, and where the quoted field began that may be the
 * cause. */
void load_tell_structure(struct run *r, const struct input *item,
                         const struct table_file *f)
{
    struct diag *d =
        diag_file(r->diags, broken_diag(f->status), item->path, f->error_line);
    d->args[0] = broken_argument(f->status);
    if (f->quote_line && f->quote_line < f->error_line) {
        d->hint =
            at_line(r->arena, "ô bao bằng ngoặc kép bắt đầu ở dòng ", f->quote_line);
        d->hint_en = at_line(r->arena, "the quoted field begins on line ", f->quote_line);
    }
}

/* Whether every finding of D.row will be shown, so that nothing more need be said of the
 * place where reading stopped. */
static bool shows_rows(const struct run *r, const struct table *t)
{
    const struct settings *s = r->settings;
    bool has_report = !s->is_quiet && (r->config->out || s->n_reports);
    struct text id = text_in(r->arena);
    text_add(&id, t->schema->name);
    text_add(&id, STR(".row"));
    if (!has_report || !choice_selects(s, text_str(&id))) {
        return false;
    }
    uint64_t n = 0;
    for (uint32_t i = 0; i < t->n_files; i++) {
        n += t->files[i].n_bad + (t->files[i].status != READER_OK);
    }
    uint32_t most = settings_max_findings(s, report_format_by_name(STR("text")));
    return most == 0 || n <= most;
}

/* Gives the text of one input to the loader, in pieces. */
static void feed_text(struct loader *l, struct input *item)
{
    enum reader_status status = READER_OK;
    for (size_t at = 0; at < item->text.n && status == READER_OK; at += FILE_CHUNK) {
        size_t n = item->text.n - at < FILE_CHUNK ? item->text.n - at : FILE_CHUNK;
        status = loader_feed(l, item->text.p + at, n);
    }
}

/* The same from a file; text that is not UTF-8 there is kept, for showing records. */
static void feed_file(struct loader *l, struct run *r, struct input *item)
{
    struct decoder *d = &item->reader;
    enum reader_status status = READER_OK;
    struct text kept = text_in(r->arena);
    struct str piece;
    uint64_t before = r->bytes_done;
    item->has_text = d->encoding != ENCODING_UTF8;
    while (decoder_next(d, &piece)) {
        r->bytes_done = before + d->bytes;
        run_progress(r, SOAT_READING);
        if (status == READER_OK) {
            status = loader_feed(l, piece.p, piece.n);
        }
        if (item->has_text) {
            text_add(&kept, piece);
        }
    }
    decoder_sha256(d, item->sha256);
    decoder_close(d);
    item->text = text_str(&kept);
}

static void load_file(struct loader *l, struct run *r, struct input *item,
                      enum encoding e)
{
    bool is_open = true;
    if (!item->has_text) {
        is_open = decoder_open(&item->reader, r->files, item->path.p, e);
    }
    loader_file(l, item->path, encoding_name(item->reader.encoding));
    loader_expect(l, item->reader.stamp.size);
    if (item->has_text) {
        feed_text(l, item);
    } else if (is_open) {
        feed_file(l, r, item);
    }
    if (item->reader.status == FILE_OK) {
        loader_file_end(l);
        return;
    }
    loader_file_broken(l);
    tell_unreadable(r, item);
    r->is_incomplete = true;
}

/* A table whose files are not what they should be is incomplete (design/cli.md, exit
 * status 3). */
static void judge_file(struct run *r, const struct table *t, const struct table_file *f,
                       const struct input *item)
{
    if (item->reader.status != FILE_OK) {
        return; /* told already */
    }
    if (f->status != READER_OK) {
        if (!shows_rows(r, t)) {
            load_tell_structure(r, item, f);
        }
    } else if (f->is_empty) {
        diag_file(r->diags, DIAG_ID_DATA_FILE_EMPTY, item->path, 0);
    } else if (f->records == 0) {
        diag_file(r->diags, DIAG_ID_DATA_NO_ROWS, item->path, 0);
    }
    bool has_gaps = f->n_bad || f->n_duplicate || f->n_missing;
    if (has_gaps || f->is_empty || f->status != READER_OK) {
        r->is_incomplete = true;
    }
}

static const struct str *asked_columns(struct run *r)
{
    struct str *names = arena_new_array(r->arena, r->settings->n_where, struct str);
    for (size_t i = 0; i < r->settings->n_where; i++) {
        names[i] = r->settings->where[i].name;
    }
    return names;
}

static size_t or_default(size_t limit, size_t usual)
{
    return limit > 0 ? limit : usual;
}

struct table *load_files(struct run *r, const struct load_from *from)
{
    assert(r && from && from->schema && from->texts);
    struct load_options options = {
        .limits = {.field = or_default(r->settings->limit_field, FIELD_LIMIT),
                   .record = or_default(r->settings->limit_record, RECORD_LIMIT),
                   .fields =
                       (uint32_t)or_default(r->settings->limit_fields, FIELDS_LIMIT)},
        .only_libcsv = r->settings->only_libcsv,
        .delimiter = r->settings->delimiter,
        .numbers = r->settings->numbers,
        .codelists = from->codelists,
        .asked = asked_columns(r),
        .n_asked = (uint32_t)r->settings->n_where,
    };
    struct loader *loader = loader_open(r->arena, from->schema, from->texts, &options);
    for (size_t i = 0; i < from->n; i++) {
        load_file(loader, r, from->items[i], inputs_encoding(r, from->schema));
    }
    return loader_finish(loader);
}

static struct table *load_table(struct loaded *l, struct run *r, struct inputs *in,
                                uint32_t d)
{
    const struct schema *s = &r->rules.ruleset->datasets[d].schema;
    const struct load_from from = {
        .schema = s,
        .texts = l->texts,
        .codelists = l->codelists,
        .items = in->items + in->first[d],
        .n = in->first[d + 1] - in->first[d],
    };
    struct table *t = load_files(r, &from);
    bool has_files = in->first[d + 1] > in->first[d];
    t->is_absent = !has_files && s->is_optional;
    t->is_truncated = t->is_truncated || (!has_files && !s->is_optional);
    for (uint32_t i = 0; i < t->n_files; i++) {
        judge_file(r, t, &t->files[i], in->items[in->first[d] + i]);
    }
    return t;
}

void load_tables(struct loaded *l, struct run *r, struct inputs *in)
{
    assert(l && r && in && in->first);
    uint32_t n = r->rules.ruleset->n_datasets;
    for (size_t i = 0; i < in->n; i++) {
        r->bytes_all += in->items[i]->has_text ? 0 : in->items[i]->stamp.size;
    }
    l->texts = dict_new(r->arena);
    l->tables = arena_new_array(r->arena, n, struct table *);
    for (uint32_t d = 0; d < n; d++) {
        l->tables[d] = load_table(l, r, in, d);
    }
    for (size_t i = in->first[n]; i < in->n;
         i++) { /* files that no data set could be told for */
        struct input *item = in->items[i];
        r->is_incomplete = true;
        if (item->reader.status == FILE_OK) {
            diag_file(r->diags, DIAG_ID_DATA_FILE_EMPTY, item->path, 0);
        } else {
            tell_unreadable(r, item);
        }
    }
}

static void tell_list(struct run *r, const struct codelist_decl *c, struct str shown,
                      struct str why)
{
    struct diag *d = diag_at(r->diags, DIAG_ID_USE_CODELIST_FILE, c->at);
    d->args[0] = c->name;
    d->args[1] = shown;
    d->args[2] = why;
}

/* A list whose codes are written in the rule file. */
static const struct codelist *inline_list(struct run *r, const struct codelist_decl *c)
{
    struct code_entry *entries =
        arena_new_array(r->arena, c->n_entries, struct code_entry);
    for (uint32_t i = 0; i < c->n_entries; i++) {
        entries[i] = (struct code_entry){
            .code = c->entries[i].code.text,
            .label = c->entries[i].label.text,
            .from = DAY_MIN,
            .to = DAY_MAX,
        };
    }
    return codelist_new(r->arena, c->name, entries, c->n_entries);
}

/* The whole text of a list's file; STR_NONE: told why not. */
static struct str list_text(struct loaded *l, struct run *r,
                            const struct codelist_decl *c, struct str *shown)
{
    struct str path = rules_path(&r->rules, c->src, c->from_library, c->path, shown);
    struct decoder d;
    if (!path.p || (c->from_library && !path_is_plain(c->path))) {
        diag_at(r->diags, path.p ? DIAG_ID_USE_BAD_PATH : DIAG_ID_USE_NO_LIBRARY, c->at)
            ->args[0] = c->path;
        return STR_NONE;
    }
    struct str text = STR("");
    if (decoder_open(&d, r->files, path.p, ENCODING_BY_MARK)) {
        text = decoder_rest(&d, r->arena);
        decoder_close(&d);
    }
    if (d.status != FILE_OK) {
        struct diags *cause = diags_new(r->arena);
        decoder_complain(&d, *shown, cause);
        tell_list(r, c, *shown, diag_text(r->arena, diags_get(cause, 0), r->lang));
        return STR_NONE;
    }
    struct report_rule_file *file = &l->lists[l->n_lists++];
    file->path = *shown;
    decoder_sha256(&d, file->sha256);
    return text;
}

/* What is wrong in a list's file is said with the place where the rules declare it. */
static void tell_from_list(struct run *r, const struct codelist_decl *c,
                           const struct diags *own)
{
    for (size_t i = 0; i < diags_count(own); i++) {
        const struct diag *d = diags_get(own, i);
        struct diag *told = diag_at(r->diags, d->id, c->at);
        for (size_t k = 0; k < DIAG_ARGS; k++) {
            told->args[k] = d->args[k];
        }
        told->file = d->file;
        told->hint = d->hint;
        told->hint_en = d->hint_en;
    }
}

static const struct codelist *list_from_file(struct loaded *l, struct run *r,
                                             const struct codelist_decl *c)
{
    struct str shown = STR_NONE;
    struct str text = list_text(l, r, c, &shown);
    if (!text.p) {
        return NULL;
    }
    struct codelist_columns columns = {
        .code = c->code,
        .label = c->label,
        .alias = c->alias,
        .from = c->valid_from,
        .to = c->valid_to,
        .into = c->into,
        .parent = c->parent,
    };
    struct diags *own = diags_new(r->arena);
    const struct codelist *list =
        codelist_from_csv(r->arena, c->name, text, &columns, own, shown);
    tell_from_list(r, c, own);
    return list;
}

bool load_codelists(struct loaded *l, struct run *r)
{
    assert(l && r && r->rules.ruleset);
    const struct ruleset *rules = r->rules.ruleset;
    l->codelists = arena_new_array(r->arena, rules->n_codelists, const struct codelist *);
    l->lists = arena_new_array(r->arena, rules->n_codelists, struct report_rule_file);
    for (uint32_t i = 0; i < rules->n_codelists; i++) {
        const struct codelist_decl *c = &rules->codelists[i];
        l->codelists[i] = c->path.p ? list_from_file(l, r, c) : inline_list(r, c);
    }
    return diags_errors(r->diags) == 0;
}

/* Files -> groups of like headers -> a draft of each -> relations -> text.
 *
 * A file that breaks off, or whose rows do not fit its header, would teach wrong types
 * without anybody noticing: then nothing is proposed and the message says what to mend.
 */
#include "run/run_init.h"

#include "base/utf8.h"
#include "lang/check.h"
#include "run/init_text.h"
#include "run/load.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct header { /* of one input */
    const struct str *cells;
    struct str *folded; /* sorted */
    uint32_t n;
};

struct initiation {
    struct run *run;
    struct inputs inputs;
    const struct header **groups; /* the header that has all columns of the group */
    size_t n_groups;
    struct dict *texts;
    struct dict *names;
};

/* ---- which files belong together */

static int compare_texts(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Headers in any order and spelling that soat takes for the same. */
static struct header header_of(struct arena *a, struct str start, char delimiter)
{
    struct header h = {0};
    h.n = header_fields(a, start, delimiter, &h.cells);
    h.folded = arena_new_array(a, h.n, struct str);
    for (uint32_t i = 0; i < h.n; i++) {
        h.folded[i] = str_fold(a, h.cells[i]);
    }
    if (h.n > 0) {
        qsort(h.folded, h.n, sizeof *h.folded, compare_texts);
    }
    return h;
}

static bool has_all(const struct header *h, const struct header *of)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < of->n; i++) {
        while (k < h->n && str_cmp(h->folded[k], of->folded[i]) < 0) {
            k++;
        }
        if (k == h->n || !str_eq(h->folded[k++], of->folded[i])) {
            return false;
        }
    }
    return true;
}

static uint32_t group_with(struct initiation *x, const struct header *h)
{
    for (size_t i = 0; i < x->n_groups; i++) {
        if (x->groups[i] == h) {
            return (uint32_t)i;
        }
    }
    x->groups[x->n_groups] = h;
    return (uint32_t)x->n_groups++;
}

/* Whether a file with the header `of` may be one of those of `h`: a column or two may be
 * left out, but one that has few of them is about something else. */
static bool is_kind_of(const struct header *h, const struct header *of)
{
    return (uint64_t)of->n * 4 >= (uint64_t)h->n * 3 && has_all(h, of);
}

/* A file goes with the widest of those that have all its columns; mostly that is itself,
 * or the first one of its kind. */
static void assign_groups(struct initiation *x, const struct header *headers)
{
    for (size_t i = 0; i < x->inputs.n; i++) {
        const struct header *own = &headers[i], *best = own;
        for (size_t k = 0; own->n > 0 && k < x->inputs.n; k++) {
            const struct header *h = &headers[k];
            bool is_first = best == own && h->n == own->n && k < i;
            if ((h->n > best->n || is_first) && is_kind_of(h, own)) {
                best = h;
            }
        }
        if (own->n > 0) {
            x->inputs.items[i]->dataset = group_with(x, best);
        }
    }
}

static void group_inputs(struct initiation *x)
{
    struct run *r = x->run;
    struct header *headers = arena_new_array(r->arena, x->inputs.n, struct header);
    for (size_t i = 0; i < x->inputs.n; i++) {
        struct input *item = x->inputs.items[i];
        struct str start = inputs_beginning(&x->inputs, item);
        if (item->reader.status != FILE_OK) {
            decoder_complain(&item->reader, item->path, r->diags);
            continue;
        }
        headers[i] = header_of(r->arena, start, r->settings->delimiter);
        if (headers[i].n == 0) {
            diag_file(r->diags, DIAG_ID_DATA_FILE_EMPTY, item->path, 0);
        }
    }
    x->groups = arena_new_array(r->arena, x->inputs.n, const struct header *);
    assign_groups(x, headers);
    inputs_settle(&x->inputs, (uint32_t)x->n_groups);
}

/* ---- names */

static struct str stem_of(struct str path)
{
    struct str folder = path_folder(path);
    struct str name = str_cut(path, folder.n, path.n);
    size_t dot = name.n;
    while (dot > 0 && name.p[dot - 1] != '.') {
        dot--;
    }
    return dot > 1 ? str_cut(name, 0, dot - 1) : name;
}

/* What the names of several files have in common, without digits and marks at its end. */
static struct str common_stem(struct input *const *items, size_t n)
{
    struct str common = stem_of(items[0]->path);
    for (size_t i = 1; i < n; i++) {
        struct str other = stem_of(items[i]->path);
        size_t k = 0;
        while (k < common.n && k < other.n && common.p[k] == other.p[k]) {
            k++;
        }
        common = str_cut(common, 0, k);
    }
    while (n > 1 && common.n > 0 && strchr("0123456789-_. ", common.p[common.n - 1])) {
        common.n--;
    }
    bool is_name = common.n > 1 && !str_eq(items[0]->path, STR(FILE_STDIN));
    return is_name ? common : STR("data");
}

/* ---- reading */

static bool has_delimiter(struct str s)
{
    return s.p && (memchr(s.p, ';', s.n) || memchr(s.p, ',', s.n) ||
                   memchr(s.p, '\t', s.n) || memchr(s.p, '|', s.n));
}

/* A header of one cell above rows of several is the title of a sheet: what it names are
 * not the columns. */
static bool has_title(const struct table *t, const struct table_file *f)
{
    uint32_t n_split = 0, end = f->first_row + f->n_rows;
    if (f->n_header != 1) {
        return false;
    }
    for (uint32_t row = f->first_row; row < end; row++) {
        const struct table_column *c = &t->columns[0];
        n_split +=
            c->state[row] == CELL_OK && has_delimiter(dict_str(t->texts, c->id[row]));
    }
    return f->n_bad > f->n_rows || n_split > f->n_rows / 2;
}

static void tell_bad_records(struct run *r, const struct table_file *f)
{
    for (uint32_t k = 0; k < f->n_bad; k++) {
        struct diag *d = diag_file(r->diags, DIAG_ID_DATA_FIELD_COUNT, f->path,
                                   f->bad_records[k].line);
        d->args[0] = num_str(r->arena, num_int(f->bad_fields[k]));
        d->args[1] = num_str(r->arena, num_int(f->n_header));
    }
}

/* What a file must be for its cells to be trusted. */
static void judge(struct run *r, const struct table *t, struct input *const *items)
{
    for (uint32_t i = 0; i < t->n_files; i++) {
        const struct table_file *f = &t->files[i];
        if (items[i]->reader.status == FILE_OK && f->status != READER_OK) {
            load_tell_structure(r, items[i], f);
        } else if (has_title(t, f)) {
            diag_file(r->diags, DIAG_ID_DATA_TITLE, f->path, 1);
        } else {
            tell_bad_records(r, f);
        }
        r->is_incomplete = r->is_incomplete || diags_errors(r->diags) > 0;
    }
}

static struct table *read_by(struct initiation *x, uint32_t group, const struct draft *d)
{
    const uint32_t *first = x->inputs.first;
    const struct load_from from = {
        .schema = draft_schema(x->run->arena, d),
        .texts = x->texts,
        .items = x->inputs.items + first[group],
        .n = first[group + 1] - first[group],
    };
    return load_files(x->run, &from);
}

/* Balances and what is carried over say which columns are stocks and which flows. */
static void settle_natures(struct draft *d, const struct relation *carries,
                           size_t n_carries, const struct relation *sums, size_t n_sums)
{
    for (size_t i = 0; i < n_carries; i++) {
        struct draft_column *now = &d->columns[carries[i].result];
        struct draft_column *then = &d->columns[carries[i].terms->column];
        now->nature = now->is_off ? NATURE_NONE : NATURE_STOCK;
        then->nature = then->is_off ? NATURE_NONE : NATURE_STOCK;
    }
    for (size_t i = 0; i < n_sums; i++) {
        const struct relation *r = &sums[i];
        bool has_opening = false;
        for (size_t k = 0; k < n_carries; k++) {
            for (uint32_t j = 0; j < r->n_terms; j++) {
                has_opening |= carries[k].result == r->terms[j].column &&
                               carries[k].terms->column == r->result;
            }
        }
        for (uint32_t j = 0; has_opening && j < r->n_terms; j++) {
            struct draft_column *c = &d->columns[r->terms[j].column];
            c->nature = c->is_off || c->nature == NATURE_STOCK ? c->nature : NATURE_FLOW;
        }
    }
}

static void find_relations(struct run *r, struct draft *d, const struct table *read,
                           struct init_dataset *out)
{
    struct table t = *read;
    struct relation *sums, *carries = NULL;
    t.schema = draft_schema(r->arena, d);
    size_t n_sums = relations_find(r->arena, &t, &sums), n_carries = 0;
    if (d->period != ID_NONE) {
        n_carries = relations_carry(r->arena, &t, &carries);
    }
    settle_natures(d, carries, n_carries, sums, n_sums);
    struct relation *all = arena_new_array(r->arena, n_sums + n_carries, struct relation);
    for (size_t i = 0; i < n_sums; i++) {
        all[i] = sums[i];
    }
    for (size_t i = 0; i < n_carries; i++) {
        all[n_sums + i] = carries[i];
    }
    out->relations = all;
    out->n_relations = n_sums + n_carries;
}

/* Paths that a `from` clause means just as they are. */
static void list_paths(struct run *r, struct input *const *items, size_t n,
                       struct init_dataset *out)
{
    struct str *paths = arena_new_array(r->arena, n, struct str);
    out->from = paths;
    for (size_t i = 0; i < n; i++) {
        bool is_plain = path_is_plain(items[i]->path) && items[i]->stamp.is_regular &&
                        str_eq(path_escaped(r->arena, items[i]->path), items[i]->path);
        if (is_plain) {
            paths[out->n_from++] = items[i]->path;
        }
    }
    out->n_from =
        out->n_from == n ? n : 0; /* some of the files would be worse than none */
}

static void draft_group(struct initiation *x, uint32_t group, struct init_dataset *out)
{
    struct run *r = x->run;
    const struct header *h = x->groups[group];
    const uint32_t *first = x->inputs.first;
    struct input *const *items = x->inputs.items + first[group];
    size_t n = first[group + 1] - first[group];
    struct str name = draft_name(r->arena, common_stem(items, n), x->names);
    struct dict *taken = dict_new(r->arena);
    rules_add_reserved(taken);
    struct draft *d = draft_new(r->arena, name, h->cells, h->n, taken);
    const struct table *texts = read_by(x, group, d);
    struct table *t = NULL;
    judge(r, texts, items);
    if (r->is_incomplete) {
        return;
    }
    do {
        draft_types(r->arena, d, texts);
        do {
            t = read_by(x, group, d);
        } while (!draft_keep(d, t, texts));
    } while (!draft_finish(r->arena, d, t));
    find_relations(r, d, t, out);
    list_paths(r, items, n, out);
    out->draft = d;
    out->encoding = r->settings->encoding == ENCODING_BY_MARK
                        ? STR_NONE
                        : str_of(encoding_name(inputs_encoding(r, NULL)));
}

static enum soat_status put_text(struct run *r, struct str text)
{
    const struct soat_config *config = r->config;
    if (config->out && !config->out(config->context, text.p, text.n)) {
        diag_at(r->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        run_tell(r);
        return SOAT_INCOMPLETE;
    }
    return SOAT_OK;
}

enum soat_status run_init(struct run *r)
{
    assert(r && r->settings && r->config && r->files && r->arena && r->diags);
    struct initiation x = {.run = r};
    r->lang = r->settings->has_lang ? r->settings->lang : LANG_VI;
    x.texts = dict_new(r->arena);
    x.names = dict_new(r->arena);
    rules_add_reserved(x.names);
    if (!inputs_list(&x.inputs, r)) {
        run_tell(r);
        return SOAT_USAGE;
    }
    group_inputs(&x);
    struct init_dataset *sets =
        arena_new_array(r->arena, x.n_groups, struct init_dataset);
    for (size_t i = 0; i < x.n_groups && diags_errors(r->diags) == 0; i++) {
        draft_group(&x, (uint32_t)i, &sets[i]);
    }
    if (run_tell(r) || r->is_incomplete) {
        return SOAT_INCOMPLETE;
    }
    return put_text(r, init_text(r->arena, sets, x.n_groups, r->lang));
}

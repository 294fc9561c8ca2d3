/* A report file is written whole or not at all (replace.h). Devices and pipes cannot be
 * renamed over and are written directly. */
#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "run/outputs.h"

#include "run/replace.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define BUFFER ((size_t)64 * 1024)

static bool is_stdout(const struct output *o)
{
    return o->shown.p == NULL;
}

/* Sends p to where it belongs; false: the world refused. */
static bool send(struct output *o, const char *p, size_t n)
{
    if (is_stdout(o)) {
        const struct soat_config *config = o->run->config;
        return config->out(config->context, p, n);
    }
    return handle_write(o->handle, p, n, &o->error);
}

static void flush(struct output *o)
{
    if (!o->is_broken && o->n) {
        o->is_broken = !send(o, o->buffer, o->n);
    }
    o->n = 0;
}

static bool take(void *context, const char *p, size_t n)
{
    struct output *o = context;
    if (n > BUFFER - o->n) {
        flush(o);
    }
    if (n > BUFFER) {
        o->is_broken = o->is_broken || !send(o, p, n);
    } else if (!o->is_broken) {
        memcpy(o->buffer + o->n, p, n);
        o->n += n;
    }
    return !o->is_broken;
}

static bool is_same_path(const struct stamp *s, const char *path)
{
    struct stamp other = stamp_of(path);
    return stamp_is_same_file(s, &other);
}

static void refuse(struct run *r, enum diag_id id, struct str shown, struct str other)
{
    diag_file(r->diags, id, shown, 0)->args[0] = other;
}

/* Nothing that was or will be read may be written over. */
static void check_inputs(struct run *r, const struct output *o, const struct inputs *in)
{
    struct stamp s = stamp_of(o->path);
    if (!s.is_there || !s.is_regular) {
        return;
    }
    for (size_t i = 0; i < r->rules.n; i++) {
        if (is_same_path(&s, r->rules.items[i]->path.p)) {
            refuse(r, DIAG_ID_USE_REPORT_OVER_INPUT, o->shown, r->rules.items[i]->shown);
        }
    }
    for (uint32_t i = 0; i < r->rules.ruleset->n_codelists; i++) {
        const struct codelist_decl *c = &r->rules.ruleset->codelists[i];
        struct str shown, path = STR_NONE;
        if (c->path.p) {
            path = rules_path(&r->rules, c->src, c->from_library, c->path, &shown);
        }
        if (path.p && is_same_path(&s, path.p)) {
            refuse(r, DIAG_ID_USE_REPORT_OVER_INPUT, o->shown, shown);
        }
    }
    for (size_t i = 0; i < in->n; i++) {
        if (is_same_path(&s, in->items[i]->path.p)) {
            refuse(r, DIAG_ID_USE_REPORT_OVER_INPUT, o->shown, in->items[i]->path);
        }
    }
}

static struct str name_in_folder(const char *path)
{
    struct str s = str_of(path);
    return str_cut(s, path_folder(s).n, s.n);
}

/* Whether two paths mean the same file, which may not be there yet. */
static bool is_same_target(struct arena *a, const char *one, const char *other)
{
    assert(one && other);
    struct stamp s = stamp_of(one);
    if (s.is_there) {
        return s.is_regular && is_same_path(&s, other);
    }
    struct str folder = path_folder(str_of(one)),
               other_folder = path_folder(str_of(other));
    struct stamp f = stamp_of(folder.n ? path_z(a, folder) : ".");
    return is_same_path(&f, other_folder.n ? path_z(a, other_folder) : ".") &&
           str_eq(name_in_folder(one), name_in_folder(other));
}

static void check_others(struct run *r, const struct outputs *all, size_t i)
{
    const struct output *o = &all->items[i];
    for (size_t j = 0; j < i; j++) {
        const struct output *other = &all->items[j];
        if (!is_stdout(other) && is_same_target(r->arena, o->path, other->path)) {
            refuse(r, DIAG_ID_USE_REPORT_TWICE, o->shown, o->shown);
            return;
        }
    }
}

static void prepare(struct output *o, struct run *r, const struct report_wish *wish)
{
    *o = (struct output){.run = r, .format = wish->format, .shown = wish->path};
    o->buffer = arena_alloc(r->arena, BUFFER);
    if (wish->path.p) {
        const char *real = path_real(r->arena, wish->path.p);
        o->path = real ? real : wish->path.p;
        struct stamp s = stamp_of(o->path);
        o->is_direct =
            (s.is_there && !s.is_regular) || str_starts(wish->path, STR("/dev/"));
    }
}

bool outputs_choose(struct outputs *o, struct run *r, const struct inputs *in)
{
    assert(o && r && in && r->rules.ruleset);
    const struct settings *s = r->settings;
    *o = (struct outputs){0};
    o->items = arena_new_array(r->arena, s->n_reports + 1, struct output);
    if (r->config->out && !s->explained.n) {
        struct report_wish screen = {s->format, STR_NONE};
        if (!screen.format) {
            screen.format = report_format_by_name(STR("text"));
        }
        prepare(&o->items[o->n++], r, &screen);
    }
    for (size_t i = 0; i < s->n_reports; i++) {
        prepare(&o->items[o->n], r, &s->reports[i]);
        check_inputs(r, &o->items[o->n], in);
        check_others(r, o, o->n);
        o->n++;
    }
    return diags_errors(r->diags) == 0;
}

static void tell_failure(struct run *r, struct output *o, enum diag_id id)
{
    r->is_incomplete = true;
    if (is_stdout(o)) {
        diag_at(r->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        return;
    }
    put_error(diag_file(r->diags, id, o->shown, 0), r->arena, o->error);
}

static bool open_output(struct run *r, struct output *o)
{
    if (is_stdout(o)) {
        return true;
    }
    if (!o->is_direct) {
        o->handle = replace_begin(r->files, r->arena, o->path, &o->error);
        return o->handle != NULL;
    }
    o->handle = handle_new(r->files);
    o->handle->fd = open(o->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    o->error = errno;
    return o->handle->fd >= 0;
}

static struct report_style style_of(const struct run *r, const struct output *o)
{
    const struct settings *s = r->settings;
    bool has_color =
        s->color == WHEN_AUTO ? r->config->out_has_color : s->color == WHEN_ALWAYS;
    return (struct report_style){
        .lang = r->lang,
        .has_color = has_color && is_stdout(o),
        .width = is_stdout(o) ? r->config->width : 0,
        .max_findings = settings_max_findings(s, o->format),
        .is_quiet = s->is_quiet,
        .is_verbose = s->is_verbose,
        .has_scores_only = s->has_scores_only,
    };
}

uint64_t outputs_most(const struct outputs *o, const struct run *r)
{
    uint64_t most = 1;
    for (size_t i = 0; i < o->n; i++) {
        uint64_t shown = settings_max_findings(r->settings, o->items[i].format);
        if (shown == 0) {
            return 0;
        }
        most = shown + 1 > most ? shown + 1 : most;
    }
    return most;
}

void outputs_open(struct outputs *o, struct run *r)
{
    assert(o && r);
    o->reports = arena_new_array(r->arena, o->n + 1, struct report *);
    for (size_t i = 0; i < o->n; i++) {
        struct output *out = &o->items[i];
        if (!open_output(r, out)) {
            out->is_broken = true;
            out->handle = NULL;
            tell_failure(r, out, DIAG_ID_DATA_REPORT_OPEN);
            continue;
        }
        struct report_style style = style_of(r, out);
        struct report_sink sink = {take, out};
        out->report = report_open(r->arena, out->format, &style, sink);
        o->reports[o->n_reports++] = out->report;
    }
}

static void close_output(struct run *r, struct output *o)
{
    flush(o);
    if (!o->is_broken && o->handle && o->handle->temporary) {
        o->is_broken = !replace_end(o->handle, o->path, &o->error);
    }
    if (o->handle) {
        replace_cancel(o->handle);
    }
    if (o->is_broken) {
        tell_failure(r, o, DIAG_ID_DATA_REPORT_WRITE);
    }
}

void outputs_end(struct outputs *o, struct run *r, const struct report_end *end,
                 bool to_files)
{
    assert(o && r && end);
    for (size_t i = 0; i < o->n; i++) {
        struct output *out = &o->items[i];
        if (out->report && is_stdout(out) != to_files) {
            report_end(out->report, end);
            close_output(r, out);
        }
    }
}

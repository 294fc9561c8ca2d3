/* Every file is read, laid out and replaced by itself, so that a file with errors does
 * not stand in the way of the others. What the layout must not lose is checked again just
 * before a file is replaced (fmt_file does), and so is that nobody wrote to it meanwhile.
 */
#include "run/run_fmt.h"

#include "lang/fmt.h"
#include "lang/parse.h"
#include "run/replace.h"
#include "run/rule_sets.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct formatting {
    struct run *run;
    bool would_change, is_wrong, is_incomplete;
};

static bool put(struct formatting *f, struct str s)
{
    const struct soat_config *config = f->run->config;
    bool is_done = !config->out || config->out(config->context, s.p, s.n);
    if (!is_done) {
        diag_at(f->run->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        f->is_incomplete = true;
    }
    return is_done;
}

static void put_name(struct formatting *f, struct str path)
{
    struct text line = text_in(f->run->arena);
    text_add(&line, path);
    text_char(&line, '\n');
    if (!f->run->settings->is_quiet) {
        (void)put(f, text_str(&line));
    }
}

/* STR_NONE: it does not parse, which was told. */
static struct str lay_out(struct formatting *f, struct str shown, struct str text)
{
    struct run *r = f->run;
    uint32_t src = sources_add(r->sources, shown, text);
    struct str out = fmt_file(r->arena, r->sources, src, r->diags);
    f->is_wrong = f->is_wrong || !out.p;
    return out;
}

/* Files */

static void unreadable(struct formatting *f, struct str path, int error)
{
    struct run *r = f->run;
    enum diag_id id =
        error == ENOENT ? DIAG_ID_USE_RULES_MISSING : DIAG_ID_USE_RULES_UNREADABLE;
    put_error(diag_file(r->diags, id, path, 0), r->arena, error);
    f->is_wrong = true;
}

static void not_written(struct formatting *f, struct str path, int error)
{
    struct run *r = f->run;
    put_error(diag_file(r->diags, DIAG_ID_DATA_RULES_WRITE, path, 0), r->arena, error);
    f->is_incomplete = true;
}

static bool is_as_it_was(const char *path, const struct stamp *before)
{
    struct stamp now = stamp_of(path);
    return stamp_is_unchanged(before, &now);
}

static void replace(struct formatting *f, struct str path, struct str text,
                    const struct stamp *before)
{
    struct run *r = f->run;
    const char *real = path_real(r->arena, path_z(r->arena, path));
    int error = 0;
    struct handle *h = real ? replace_begin(r->files, r->arena, real, &error) : NULL;
    if (!h) {
        not_written(f, path, real ? error : ENOENT);
        return;
    }
    if (!handle_write(h, text.p, text.n, &error)) {
        replace_cancel(h);
        not_written(f, path, error);
    } else if (!is_as_it_was(real, before)) {
        replace_cancel(h);
        diag_file(r->diags, DIAG_ID_DATA_FILE_CHANGED, path, 0);
        f->is_incomplete = true;
    } else if (!replace_end(h, real, &error)) {
        not_written(f, path, error);
    } else {
        put_name(f, path);
    }
}

static void format_file(struct formatting *f, struct str path)
{
    struct run *r = f->run;
    const char *z = path_z(r->arena, path);
    struct stamp before = stamp_of(z);
    struct str text = STR_NONE;
    int error = before.is_there && !before.is_regular ? EINVAL : 0;
    enum file_status status = FILE_FAILED;
    if (!error) {
        status = file_bytes(r->files, r->arena, z, PARSE_MAX_BYTES, &text, &error);
    }
    if (status != FILE_OK) {
        unreadable(f, path, error);
        return;
    }
    struct str out = lay_out(f, path, text);
    if (!out.p || str_eq(out, text)) {
        return;
    }
    f->would_change = true;
    if (r->settings->is_only_checking) {
        put_name(f, path);
    } else {
        replace(f, path, out, &before);
    }
}

/* Standard input to standard output. */
static void format_input(struct formatting *f)
{
    struct run *r = f->run;
    struct decoder d;
    if (!decoder_open(&d, r->files, FILE_STDIN, ENCODING_UTF8)) {
        decoder_complain(&d, STR(FILE_STDIN), r->diags);
        f->is_wrong = true;
        return;
    }
    struct str text = decoder_rest(&d, r->arena);
    decoder_close(&d);
    if (d.status != FILE_OK) {
        decoder_complain(&d, STR(FILE_STDIN), r->diags);
        f->is_wrong = true;
        return;
    }
    struct str out = lay_out(f, STR(FILE_STDIN), text);
    if (!out.p) {
        return;
    }
    f->would_change = f->would_change || !str_eq(out, text);
    if (!r->settings->is_only_checking) {
        (void)put(f, out);
    } else if (!str_eq(out, text)) {
        put_name(f, STR(FILE_STDIN));
    }
}

static void format_folder(struct formatting *f, struct str path)
{
    struct run *r = f->run;
    struct str *files;
    size_t n = rule_files_below(r, path, &files);
    for (size_t i = 0; i < n; i++) {
        format_file(f, files[i]);
    }
    if (n == 0) {
        diag_file(r->diags, DIAG_ID_USE_NO_RULE_FILES, path, 0);
        f->is_wrong = true;
    }
}

enum soat_status run_fmt(struct run *r, struct str path)
{
    assert(r && r->settings && r->config && r->files && r->arena && r->diags && path.p);
    struct formatting f = {.run = r};
    r->lang = r->settings->has_lang ? r->settings->lang : LANG_VI;
    r->sources = sources_new(r->arena);
    struct stamp s = stamp_of(path_z(r->arena, path));
    if (str_eq(path, STR(FILE_STDIN))) {
        format_input(&f);
    } else if (s.is_folder) {
        format_folder(&f, path);
    } else {
        format_file(&f, path);
    }
    run_tell(r);
    if (f.is_wrong || f.is_incomplete) {
        return f.is_wrong ? SOAT_USAGE : SOAT_INCOMPLETE;
    }
    return f.would_change && r->settings->is_only_checking ? SOAT_FINDINGS : SOAT_OK;
}

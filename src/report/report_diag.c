/* Draws a diagnostic: what, where, the lines with their marks, what to do.
 *
 * The primary place is marked with ^ behind an arrow, further places with - behind dots,
 * each with its own line: a reader sees every place whole, and places in other files need
 * no other form. A span over several lines is marked to the end of its first one. */
#include "report/report.h"
#include "report/sheet.h"

#include <assert.h>

static const char *severity_word(enum diag_severity severity)
{
    static const char *const words[] = {
        [DIAG_ERROR] = "error", [DIAG_WARNING] = "warning", [DIAG_INFO] = "info"};
    assert(severity < COUNT_OF(words));
    return words[severity];
}

/* error[R001]: gặp "muts", cần "must" */
static void put_header(struct sheet *s, const struct diag *d)
{
    const struct diag_info *info = diag_info(d->id);
    sheet_tone(s, tone_of_severity(info->severity));
    text_add_z(s->out, severity_word(info->severity));
    sheet_char(s, '[');
    text_add_z(s->out, info->code);
    sheet_char(s, ']');
    sheet_tone(s, TONE_PLAIN);
    text_add_z(s->out, ": ");
    sheet_text(s, diag_text(s->out->a, d, s->lang));
    sheet_char(s, '\n');
}

static size_t gutter_of(const struct sources *sources, const struct diag *d)
{
    size_t gutter = 1;
    for (uint32_t i = 0; i < d->n_places; i++) {
        if (!span_is_none(d->places[i].span)) {
            size_t digits = digits_of(source_place(sources, d->places[i].span).line);
            gutter = digits > gutter ? digits : gutter;
        }
    }
    return gutter;
}

static void put_arrow(struct sheet *s, size_t gutter, const char *arrow)
{
    sheet_blanks(s, gutter + 1);
    text_add_z(s->out, arrow);
}

/* The line of one place, under its own arrow. */
static void put_place(struct sheet *s, const struct sources *sources,
                      const struct diag *d, uint32_t i, size_t gutter)
{
    struct span span = d->places[i].span;
    struct line_place at = source_place(sources, span);
    assert(at.offset <= at.text.n && span.hi >= span.lo);
    size_t room = at.text.n - at.offset, wanted = span.hi - span.lo;
    struct marked_line line = {
        .text = at.text,
        .number = at.line,
        .gutter = gutter,
        .lo = at.offset,
        .hi = at.offset + (wanted < room ? wanted : room),
        .has_mark = true,
        .has_blank_tabs = true,
        .mark = i == 0 ? '^' : '-',
        .tone = i == 0 ? tone_of_severity(diag_info(d->id)->severity) : TONE_INFO,
        .label = d->places[i].label,
    };
    put_arrow(s, gutter, i == 0 ? "--> " : "::: ");
    sheet_text(s, source_path(sources, span.src));
    sheet_char(s, ':');
    text_uint(s->out, at.line);
    sheet_char(s, ':');
    text_uint(s->out, at.column);
    sheet_char(s, '\n');
    sheet_bar(s, gutter);
    sheet_marked_line(s, &line);
    sheet_bar(s, gutter);
}

static void put_file(struct sheet *s, const struct diag *d, size_t gutter)
{
    if (!d->file.path.p) {
        return;
    }
    put_arrow(s, gutter, "--> ");
    sheet_text(s, d->file.path);
    if (d->file.line) {
        sheet_char(s, ':');
        text_uint(s->out, d->file.line);
    }
    if (d->file.byte != UINT64_MAX) {
        text_add_z(s->out, " (byte ");
        text_uint(s->out, d->file.byte);
        sheet_char(s, ')');
    }
    sheet_char(s, '\n');
}

static void put_hint(struct sheet *s, const struct diag *d, size_t gutter)
{
    struct report_text hint = {{d->hint, d->hint_en}};
    struct str words = sheet_pick(&hint, s->lang);
    if (!words.n) {
        return;
    }
    sheet_note(s, gutter);
    sheet_say(s, "gợi ý: ", "help: ");
    sheet_text(s, words);
    sheet_char(s, '\n');
}

struct str report_diag(struct arena *a, const struct sources *sources,
                       const struct diag *d, enum diag_lang lang, bool has_color)
{
    assert(a && d && d->n_places <= DIAG_PLACES);
    struct text out = text_in(a);
    struct sheet s =
        sheet_on(&out, &(struct report_style){.lang = lang, .has_color = has_color});
    size_t gutter = gutter_of(sources, d);
    put_header(&s, d);
    for (uint32_t i = 0; i < d->n_places; i++) {
        if (!span_is_none(d->places[i].span)) {
            put_place(&s, sources, d, i, gutter);
        }
    }
    put_file(&s, d, gutter);
    put_hint(&s, d, gutter);
    sheet_char(&s, '\n');
    return text_str(&out);
}

/* The counts have the same order and the same words in the table and in the verdict's
 * sentence. A count that says something went wrong has a colour unless it is 0. */
#include "report/grid.h"

#include <assert.h>

enum {
    GAP = 2,         /* columns between columns */
    LEAST_TITLE = 12 /* columns left for titles, else there are none */
};

struct widths {
    size_t name, counts[GRID_COUNTS], title;
};

static const struct {
    const char *words[2];
    enum tone tone; /* of a count that is not 0 */
} heads[GRID_COUNTS] = {
    {{"cần kiểm", "expected"}, TONE_PLAIN}, {{"đạt", "pass"}, TONE_PLAIN},
    {{"sai", "fail"}, TONE_ERROR},          {{"chưa rõ", "unknown"}, TONE_WARNING},
    {{"không áp dụng", "n/a"}, TONE_PLAIN}, {{"lỗi tính", "error"}, TONE_ERROR},
};

static struct str first_head(const struct sheet *s)
{
    return s->lang == LANG_VI ? STR("quy tắc") : STR("check");
}

static struct str head_of(const struct sheet *s, size_t c)
{
    return str_of(heads[c].words[s->lang]);
}

static void widen(size_t *width, size_t wanted)
{
    *width = wanted > *width ? wanted : *width;
}

static struct widths measure(const struct sheet *s, const struct grid_line *lines,
                             size_t n)
{
    struct widths w = {.name = sheet_width_of(first_head(s))};
    for (size_t i = 0; i < n; i++) {
        widen(&w.name, sheet_width_of(lines[i].name));
    }
    size_t used = w.name + GAP;
    for (size_t c = 0; c < GRID_COUNTS; c++) {
        w.counts[c] = sheet_width_of(head_of(s, c));
        for (size_t i = 0; i < n; i++) {
            widen(&w.counts[c], sheet_width_of_count(lines[i].counts[c]));
        }
        used += GAP + w.counts[c];
    }
    w.title = s->width >= used + LEAST_TITLE ? s->width - used : 0;
    return w;
}

static void put_heads(struct sheet *s, const struct widths *w)
{
    sheet_text(s, first_head(s));
    sheet_blanks(s, w->name - sheet_width_of(first_head(s)));
    for (size_t c = 0; c < GRID_COUNTS; c++) {
        sheet_blanks(s, GAP + w->counts[c] - sheet_width_of(head_of(s, c)));
        sheet_text(s, head_of(s, c));
    }
    sheet_char(s, '\n');
}

static void put_count(struct sheet *s, size_t c, uint64_t count)
{
    bool is_toned = count && heads[c].tone != TONE_PLAIN;
    if (is_toned) {
        sheet_tone(s, heads[c].tone);
    }
    sheet_count(s, count);
    if (is_toned) {
        sheet_tone(s, TONE_PLAIN);
    }
}

static void put_line(struct sheet *s, const struct widths *w,
                     const struct grid_line *line)
{
    sheet_text(s, line->name);
    sheet_blanks(s, w->name - sheet_width_of(line->name));
    for (size_t c = 0; c < GRID_COUNTS; c++) {
        sheet_blanks(s, GAP + w->counts[c] - sheet_width_of_count(line->counts[c]));
        put_count(s, c, line->counts[c]);
    }
    if (w->title && line->title.n) {
        sheet_blanks(s, GAP);
        sheet_cut(s, line->title, w->title);
    }
    sheet_char(s, '\n');
}

void grid_print(struct sheet *s, const struct grid_line *lines, size_t n)
{
    assert(s && (lines || n == 0));
    struct widths w = measure(s, lines, n);
    put_heads(s, &w);
    for (size_t i = 0; i < n; i++) {
        put_line(s, &w, &lines[i]);
    }
}

void grid_print_counts(struct sheet *s, const uint64_t *counts)
{
    assert(s && counts);
    for (size_t c = 0; c < GRID_COUNTS; c++) {
        text_add_z(s->out, c == 0 ? "" : c == 1 ? ": " : ", ");
        sheet_text(s, head_of(s, c));
        sheet_char(s, ' ');
        sheet_count(s, counts[c]);
    }
}

/* Registered texts and the places in them.
 *
 * The starts of all lines are found once, when a text is added, so that showing a place
 * is a binary search and the registry can be read without being written. A byte order
 * mark belongs to no line. */
#include "base/source.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

struct source {
    struct str path, text;
    uint32_t *lines; /* byte offset of each line's start; there is always a first line */
    size_t n_lines;
};

struct sources {
    struct arena *a;
    struct source *items;
    size_t n, cap;
};

struct sources *sources_new(struct arena *a)
{
    struct sources *s = arena_new(a, struct sources);
    s->a = a;
    return s;
}

static void find_lines(struct arena *a, struct source *s)
{
    size_t cap = 0;
    size_t at = str_starts(s->text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    for (;;) {
        s->lines = list_room(a, s->lines, s->n_lines, &cap, sizeof *s->lines);
        s->lines[s->n_lines++] = (uint32_t)at;
        const char *end = memchr(s->text.p + at, '\n', s->text.n - at);
        if (!end) {
            return;
        }
        at = (size_t)(end - s->text.p) + 1;
    }
}

uint32_t sources_add(struct sources *s, struct str path, struct str text)
{
    assert(s && text.n < UINT32_MAX && s->n < UINT32_MAX - 1);
    struct source new = {
        .path = str_copy(s->a, path.p ? path : STR("")),
        .text = str_copy(s->a, text.p ? text : STR("")),
    };
    find_lines(s->a, &new);
    s->items = list_room(s->a, s->items, s->n, &s->cap, sizeof *s->items);
    s->items[s->n] = new;
    return (uint32_t)s->n++;
}

uint32_t sources_count(const struct sources *s)
{
    assert(s);
    return (uint32_t)s->n;
}

static const struct source *source_at(const struct sources *s, uint32_t src)
{
    assert(s && src < s->n);
    return &s->items[src];
}

struct str source_path(const struct sources *s, uint32_t src)
{
    return source_at(s, src)->path;
}

struct str source_text(const struct sources *s, uint32_t src)
{
    return source_at(s, src)->text;
}

/* The last line that starts at or before `lo`; the first when none does. */
static size_t line_of(const struct source *s, uint32_t lo)
{
    size_t first = 0, end = s->n_lines;
    while (end - first > 1) {
        size_t middle = first + (end - first) / 2;
        if (s->lines[middle] <= lo) {
            first = middle;
        } else {
            end = middle;
        }
    }
    return first;
}

static struct str line_text(const struct source *s, size_t line)
{
    bool is_last = line + 1 == s->n_lines;
    size_t end = is_last ? s->text.n : s->lines[line + 1] - (size_t)1;
    struct str text = str_cut(s->text, s->lines[line], end);
    if (str_ends(text, STR("\r"))) {
        text.n--;
    }
    return text;
}

struct line_place source_place(const struct sources *s, struct span at)
{
    const struct source *source = source_at(s, at.src);
    size_t line = line_of(source, at.lo);
    struct str text = line_text(source, line);
    size_t start = source->lines[line];
    size_t offset = at.lo > start ? at.lo - start : 0;
    offset = offset < text.n ? offset : text.n; /* at a line end or behind the text */
    return (struct line_place){
        .line = (uint32_t)line + 1,
        .column = (uint32_t)utf8_length(str_cut(text, 0, offset)) + 1,
        .text = text,
        .offset = (uint32_t)offset,
    };
}

bool span_is_none(struct span s)
{
    return s.src == UINT32_MAX;
}

struct span span_join(struct span a, struct span b)
{
    if (span_is_none(a) || span_is_none(b)) {
        return span_is_none(a) ? b : a;
    }
    assert(a.src == b.src);
    return (struct span){a.src, a.lo, b.hi};
}

/* Rows are kept until all are there, because widths depend on every one of them. A note
 * is a row of its own kind, so that it moves with the row above it. */
#include "report/columns.h"

#include <assert.h>

enum {
    GAP = 2,        /* columns between columns */
    LEAST_CUT = 12, /* a column is never cut to less */
    LEAST_NOTE = 20
};

struct row {
    const struct str *cells; /* NULL: a note */
    struct str note;
};

struct columns {
    struct arena *arena;
    size_t n;
    struct column_head heads[COLUMNS_MAX];
    struct row *rows;
    size_t n_rows, cap_rows;
};

struct columns *columns_new(struct arena *a, const struct column_head *heads, size_t n)
{
    assert(a && heads && n > 0 && n <= COLUMNS_MAX);
    struct columns *c = arena_new(a, struct columns);
    c->arena = a;
    c->n = n;
    for (size_t i = 0; i < n; i++) {
        c->heads[i] = heads[i];
    }
    return c;
}

static struct row *new_row(struct columns *c)
{
    c->rows = list_room(c->arena, c->rows, c->n_rows, &c->cap_rows, sizeof *c->rows);
    c->rows[c->n_rows] = (struct row){0};
    return &c->rows[c->n_rows++];
}

void columns_row(struct columns *c, const struct str *cells)
{
    assert(c && cells);
    struct str *own = arena_new_array(c->arena, c->n, struct str);
    for (size_t i = 0; i < c->n; i++) {
        own[i] = cells[i];
    }
    new_row(c)->cells = own;
}

void columns_note(struct columns *c, struct str note)
{
    assert(c && c->n_rows > 0);
    if (note.n) {
        new_row(c)->note = note;
    }
}

/* Widths of the columns; 0 leaves one out. */
struct widths {
    size_t of[COLUMNS_MAX];
    bool is_gone[COLUMNS_MAX]; /* into the line below a row */
    bool is_cut[COLUMNS_MAX];
};

static struct str head_of(const struct columns *c, size_t i, enum diag_lang lang)
{
    return str_of(c->heads[i].words[lang]);
}

static size_t widest_cell(const struct columns *c, size_t i)
{
    size_t widest = 0;
    for (size_t r = 0; r < c->n_rows; r++) {
        size_t width = c->rows[r].cells ? sheet_width_of(c->rows[r].cells[i]) : 0;
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The widest column that may be cut; c->n if there is none. */
static size_t column_to_cut(const struct columns *c, const struct widths *w)
{
    size_t found = c->n;
    for (size_t i = 0; i < c->n; i++) {
        enum column_side side = c->heads[i].side;
        bool may = (side == COLUMN_LEFT || side == COLUMN_NAME) && w->of[i] > LEAST_CUT;
        if (may && (found == c->n || w->of[i] > w->of[found])) {
            found = i;
        }
    }
    return found;
}

static size_t total_of(const struct columns *c, const struct widths *w)
{
    size_t total = 0;
    for (size_t i = 0; i < c->n; i++) {
        total += w->of[i] ? w->of[i] + (total ? GAP : 0) : 0;
    }
    return total;
}

/* Cuts what may be cut; false: the table is still too wide. */
static bool cut_to_fit(const struct columns *c, const struct sheet *s, struct widths *w)
{
    for (size_t total = total_of(c, w); total > s->width; total = total_of(c, w)) {
        size_t i = column_to_cut(c, w);
        if (i == c->n) {
            return false;
        }
        size_t over = total - s->width, most = w->of[i] - LEAST_CUT;
        w->of[i] -= over < most ? over : most;
        w->is_cut[i] = true;
    }
    return true;
}

static struct widths measure(const struct columns *c, const struct sheet *s)
{
    struct widths w = {.of = {0}};
    for (size_t i = 0; i < c->n; i++) {
        size_t cell = widest_cell(c, i), head = sheet_width_of(head_of(c, i, s->lang));
        w.of[i] = cell && head > cell ? head : cell;
    }
    for (size_t i = 0; i <= c->n; i++) {
        struct widths cut = w;
        bool fits = cut_to_fit(c, s, &cut);
        while (i < c->n && !(c->heads[i].may_go && w.of[i])) {
            i++;
        }
        if (fits || i == c->n) {
            return cut;
        }
        w.of[i] = 0;
        w.is_gone[i] = true;
    }
    return w;
}

/* One line; blanks behind the last cell are not printed. */
static void put_cells(const struct columns *c, struct sheet *s, const struct widths *w,
                      const struct str *cells)
{
    size_t behind = 0; /* blanks owed to the cells so far */
    bool is_first = true;
    for (size_t i = 0; i < c->n; i++) {
        if (!w->of[i]) {
            continue;
        }
        size_t width = sheet_width_of(cells[i]);
        width = width > w->of[i] ? w->of[i] : width;
        size_t pad = w->of[i] - width;
        behind += is_first ? 0 : GAP;
        is_first = false;
        if (width) {
            sheet_blanks(s, behind + (c->heads[i].side == COLUMN_RIGHT ? pad : 0));
            if (c->heads[i].side == COLUMN_NAME) {
                sheet_squeeze(s, cells[i], w->of[i]);
            } else {
                sheet_cut(s, cells[i], w->of[i]);
            }
            behind = c->heads[i].side == COLUMN_RIGHT ? 0 : pad;
        } else {
            behind += pad;
        }
    }
    sheet_char(s, '\n');
}

static void put_note(const struct columns *c, struct sheet *s, const struct widths *w,
                     struct str note)
{
    size_t indent = w->of[0] && c->heads[0].side == COLUMN_RIGHT ? w->of[0] + GAP : GAP;
    size_t room = s->width > indent + LEAST_NOTE ? s->width - indent : LEAST_NOTE;
    sheet_blanks(s, indent);
    sheet_cut(s, note, room);
    sheet_char(s, '\n');
}

/* For every row whether its names, as they are cut, look like another row's. */
static bool *find_doubles(const struct columns *c, const struct sheet *s,
                          const struct widths *w, size_t column)
{
    bool *is_double = arena_new_array(c->arena, c->n_rows + 1, bool);
    size_t *first = arena_new_array(c->arena, c->n_rows + 1, size_t);
    struct dict *seen = dict_new(c->arena);
    for (size_t r = 0; r < c->n_rows && w->is_cut[column]; r++) {
        if (!c->rows[r].cells) {
            continue;
        }
        struct text t = text_in(c->arena);
        struct sheet cut = *s;
        cut.out = &t;
        sheet_squeeze(&cut, c->rows[r].cells[column], w->of[column]);
        uint32_t known = dict_count(seen), at = dict_add(seen, text_str(&t));
        if (at == known) {
            first[at] = r;
        } else if (!str_eq(c->rows[first[at]].cells[column], c->rows[r].cells[column])) {
            is_double[first[at]] = is_double[r] = true;
        }
    }
    return is_double;
}

/* "đến kỳ này: 1.200 · hoàn thành: 80 %" */
static struct str gone_text(const struct columns *c, const struct widths *w,
                            const struct row *row, enum diag_lang lang)
{
    struct text t = text_in(c->arena);
    for (size_t i = 0; i < c->n; i++) {
        if (w->is_gone[i] && row->cells[i].n) {
            text_add_z(&t, t.n ? " · " : "");
            text_add(&t, head_of(c, i, lang));
            text_add_z(&t, ": ");
            text_add(&t, row->cells[i]);
        }
    }
    return text_str(&t);
}

static size_t name_column(const struct columns *c)
{
    size_t i = 0;
    while (i < c->n && c->heads[i].side != COLUMN_NAME) {
        i++;
    }
    return i;
}

void columns_print(const struct columns *c, struct sheet *s)
{
    assert(c && s);
    struct widths w = measure(c, s);
    struct str heads[COLUMNS_MAX];
    for (size_t i = 0; i < c->n; i++) {
        heads[i] = head_of(c, i, s->lang);
    }
    size_t names = name_column(c);
    const bool *is_double = names < c->n ? find_doubles(c, s, &w, names) : NULL;
    put_cells(c, s, &w, heads);
    for (size_t r = 0; r < c->n_rows; r++) {
        const struct row *row = &c->rows[r];
        struct str gone = row->cells ? gone_text(c, &w, row, s->lang) : row->note;
        if (row->cells) {
            put_cells(c, s, &w, row->cells);
        }
        if (row->cells && is_double && is_double[r]) {
            put_note(c, s, &w, row->cells[names]);
        }
        if (gone.n) {
            put_note(c, s, &w, gone);
        }
    }
}

/* Files: declarations in their order, with an empty line around every block that needs
 * several lines, and small ones of one kind below one another. */
#include "lang/fmt.h"

#include "lang/fmt_state.h"
#include "lang/parse.h"

#include <assert.h>

#define NAME_COLUMNS 32 /* longer names do not move what stands below them */

struct declaration {
    uint32_t lo, hi;
    uint32_t open; /* of its block; hi: it has none */
    bool is_single;
    uint32_t column; /* of what follows the name; 0: anywhere */
};

static bool has_block(const struct fmt *f, uint32_t lo)
{
    static const char *const words[] = {"ruleset", "codelist",  "dataset",    "check",
                                        "target",  "indicator", "scoreboard", "test"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (fmt_is(f, lo, words[i])) {
            return true;
        }
    }
    return false;
}

static struct declaration read_one(const struct fmt *f, uint32_t lo, uint32_t hi)
{
    bool is_block = has_block(f, lo);
    struct declaration d = {.lo = lo, .hi = hi, .is_single = true};
    d.open = is_block ? f->tokens[hi - 1].match : hi;
    d.is_single = !is_block || fmt_stays_single(f, lo, d.open, 0);
    return d;
}

static struct declaration *read_all(struct fmt *f, size_t *n)
{
    struct declaration *all = NULL;
    size_t cap = 0;
    uint32_t lo = 2; /* behind soat 1 */
    *n = 0;
    for (uint32_t i = lo + 1; i < f->n_tokens; i++) {
        if (f->tokens[i].mark == MARK_DECLARATION || i == f->n_tokens - 1) {
            all = list_room(f->a, all, *n, &cap, sizeof *all);
            all[(*n)++] = read_one(f, lo, i);
            lo = i;
        }
    }
    return all;
}

/* Declarations of one kind that stand together: unit, define, family */

static bool is_plain(const struct fmt *f, const struct declaration *d)
{
    return fmt_is(f, d->lo, "unit") || fmt_is(f, d->lo, "define") ||
           fmt_is(f, d->lo, "family");
}

/* Behind its name, and the parameters of a define. */
static uint32_t name_end(const struct fmt *f, const struct declaration *d)
{
    uint32_t i = d->lo + 2;
    bool has_params = f->tokens[i].kind == TOK_LPAREN && is_plain(f, d);
    return has_params ? f->tokens[i].match + 1 : i;
}

static void align_names(const struct fmt *f, struct declaration *d, size_t n)
{
    uint32_t widest = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t width = fmt_width(f, d[i].lo, name_end(f, &d[i]));
        bool counts = is_plain(f, &d[i]) && width <= NAME_COLUMNS;
        widest = counts && width > widest ? width : widest;
    }
    for (size_t i = 0; i < n; i++) {
        d[i].column = is_plain(f, &d[i]) ? widest + 1 : 0;
    }
}

static void align_runs(const struct fmt *f, struct declaration *d, size_t n)
{
    for (size_t lo = 0; lo < n;) {
        size_t hi = lo + 1;
        struct str word = f->tokens[d[lo].lo].text;
        while (hi < n && str_eq(f->tokens[d[hi].lo].text, word) &&
               !fmt_blank_before(f, d[hi].lo)) {
            hi++;
        }
        if (d[lo].open == d[lo].hi) {
            align_names(f, d + lo, hi - lo);
        }
        lo = hi;
    }
}

/* Layout */

/* The head of a block; a line for each of `each` and `for` where it is too long. */
static void lay_head(struct fmt *f, const struct declaration *d)
{
    uint32_t lo = d->lo;
    bool fits = fmt_fits(f, d->lo, d->open, 2);
    for (uint32_t i = lo + 1; i <= d->open; i++) {
        bool is_part =
            i == d->open || fmt_is_keyword(f, i, "each") || fmt_is_keyword(f, i, "for");
        if (is_part) {
            if (lo > d->lo && !fits) {
                fmt_begin(f, lo, 2 * INDENT, BLANKS_NONE);
            }
            fmt_lay(f, lo, i, 2, UINT32_MAX);
            lo = i;
        }
    }
}

/* NAME = …, or what else follows the name. */
static void lay_small(struct fmt *f, const struct declaration *d)
{
    uint32_t i = name_end(f, d);
    fmt_put_all(f, d->lo, i);
    if (d->column > 0) {
        fmt_pad(f, d->column);
    }
    if (i < d->hi && f->tokens[i].kind == TOK_EQ) {
        fmt_put(f, i++);
    }
    if (i < d->hi && f->tokens[i].kind == TOK_IF && !fmt_fits(f, i, d->hi, 0)) {
        fmt_begin(f, i, INDENT, BLANKS_NONE);
    }
    fmt_lay(f, i, d->hi, 0, 2 * INDENT);
}

static void lay_declaration(struct fmt *f, const struct declaration *d)
{
    f->hang = 2 * INDENT;
    if (d->open == d->hi) {
        lay_small(f, d);
    } else if (d->is_single) {
        fmt_put_all(f, d->lo, d->hi);
    } else {
        lay_head(f, d);
        fmt_block(f, d->lo, d->open);
    }
}

static void lay_all(struct fmt *f, const struct declaration *d, size_t n)
{
    fmt_begin(f, 0, 0, BLANKS_KEPT);
    fmt_put_all(f, 0, 2);
    for (size_t i = 0; i < n; i++) {
        bool is_block = !d[i].is_single || (i > 0 && !d[i - 1].is_single);
        bool is_close = is_block && !fmt_blank_before(f, d[i].lo);
        fmt_begin(f, d[i].lo, 0, is_close ? BLANKS_FORCED : BLANKS_KEPT);
        lay_declaration(f, &d[i]);
    }
    fmt_begin(f, f->n_tokens - 1, 0, BLANKS_KEPT);
}

/* Whether `text` has the same tokens and comments in the same order: whoever writes it
 * over the source loses nothing. */
static bool keeps_all(const struct fmt *f, struct str text)
{
    struct sources *sources = sources_new(f->a);
    const struct ast_file file = {.src = sources_add(sources, STR(""), text)};
    struct fmt now = {.a = f->a};
    fmt_scan(&now, sources, &file);
    bool is_same = now.n_tokens == f->n_tokens;
    for (uint32_t i = 0; i < f->n_tokens && is_same; i++) {
        const struct fmt_token *old = &f->tokens[i], *t = &now.tokens[i];
        bool is_text = old->kind == TOK_BLOCK
                           ? str_eq(lex_block(f->a, t->text), lex_block(f->a, old->text))
                           : str_eq(t->text, old->text);
        is_same = t->kind == old->kind && t->comments == old->comments && is_text;
    }
    uint32_t n = f->tokens[f->n_tokens - 1].comments;
    for (uint32_t i = 0; i < n && is_same; i++) {
        is_same = str_eq(now.comments[i].text, f->comments[i].text);
    }
    return is_same;
}

struct str fmt_file(struct arena *a, const struct sources *s, uint32_t src,
                    struct diags *d)
{
    assert(a && s && d);
    const struct ast_file *file = parse_file(a, s, src, d);
    if (file->has_errors) {
        return STR_NONE;
    }
    struct str source = source_text(s, src);
    struct fmt f = {.a = a, .is_fresh = true, .is_padded = true};
    fmt_scan(&f, s, file);
    size_t n;
    struct declaration *all = read_all(&f, &n);
    align_runs(&f, all, n);
    lay_all(&f, all, n);
    size_t first_end = str_find(source, STR("\n"));
    bool has_returns =
        first_end != SIZE_MAX && first_end > 0 && source.p[first_end - 1] == '\r';
    struct str text = fmt_text(&f, str_starts(source, STR("\xEF\xBB\xBF")), has_returns);
    assert(keeps_all(&f, text));
    return text;
}

/* The order of judgements, and the one door to the sink: `allow` is obeyed there, and an
 * `allow` that silenced nothing is a warning itself. */
#include "lang/lint_state.h"

#include <assert.h>
#include <string.h>

/* ---- places */

static bool is_within(struct span at, struct span around)
{
    return !span_is_none(at) && at.src == around.src && at.lo >= around.lo &&
           at.hi <= around.hi;
}

const struct decl *lint_decl(const struct linter *l, struct span at)
{
    assert(l);
    for (uint32_t i = 0; i < l->n_files; i++) {
        const struct ast_file *f = l->files[i].ast;
        for (uint32_t k = 0; f->src == at.src && k < f->n; k++) {
            if (is_within(at, f->decls[k]->at)) {
                return f->decls[k];
            }
        }
    }
    return NULL;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

/* The name that a family's check gives its column, and that column. */
static struct str loop_name(const struct linter *l, const struct check *k,
                            struct str *column)
{
    const struct decl *d = k == NULL ? NULL : lint_decl(l, k->at);
    if (d == NULL || d->kind != DECL_CHECK || d->u.check.loop.text.p == NULL) {
        return STR_NONE;
    }
    size_t at = d->u.check.name.text.n + 1;
    *column = str_cut(k->id, at, k->id.n);
    return d->u.check.loop.text;
}

/* Copies the text behind an opening quotation mark with its end; gives the bytes. */
static size_t put_quoted(struct text *t, struct str s, size_t i)
{
    size_t end = i + 1;
    while (end < s.n && s.p[end] != s.p[i]) {
        end += s.p[end] == '\\' && s.p[i] == '"' ? 2 : 1;
    }
    end = end < s.n ? end + 1 : s.n;
    text_add(t, str_cut(s, i, end));
    return end - i;
}

static size_t put_word(struct text *t, struct str s, size_t i, struct str loop,
                       struct str column)
{
    size_t end = i;
    while (end < s.n && is_word(s.p[end])) {
        end++;
    }
    struct str word = str_cut(s, i, end);
    text_add(t, loop.p != NULL && str_eq(word, loop) ? column : word);
    return end - i;
}

static size_t blank_length(struct str s, size_t i)
{
    size_t end = i;
    while (end < s.n && (strchr(" \t\r\n", s.p[end]) != NULL || s.p[end] == '#')) {
        if (s.p[end] == '#') {
            while (end < s.n && s.p[end] != '\n') {
                end++;
            }
        } else {
            end++;
        }
    }
    return end - i;
}

struct str lint_written(struct linter *l, const struct check *k, struct span at)
{
    assert(l);
    struct str column = STR_NONE, loop = loop_name(l, k, &column);
    struct text t = text_in(l->a);
    if (span_is_none(at)) {
        return STR("…");
    }
    struct str s = str_cut(source_text(l->rules->sources, at.src), at.lo, at.hi);
    for (size_t i = 0; i < s.n;) {
        size_t blanks = blank_length(s, i);
        if (blanks > 0) {
            text_char(&t, ' ');
            i += blanks;
        } else if (s.p[i] == '"' || s.p[i] == '\'') {
            i += put_quoted(&t, s, i);
        } else if (is_word(s.p[i])) {
            i += put_word(&t, s, i, loop, column);
        } else {
            text_char(&t, s.p[i++]);
        }
    }
    return text_str(&t);
}

/* ---- allow */

static uint32_t allows_of(const struct decl *d, const struct ast_allow **allows)
{
    *allows = NULL;
    switch (d->kind) {
    case DECL_DATASET:
        *allows = d->u.dataset.allows;
        return d->u.dataset.n_allows;
    case DECL_CHECK:
        *allows = d->u.check.allows;
        return d->u.check.n_allows;
    case DECL_INDICATOR:
        *allows = d->u.indicator.allows;
        return d->u.indicator.n_allows;
    case DECL_TARGET:
        *allows = d->u.target.allows;
        return d->u.target.n_allows;
    case DECL_SCOREBOARD:
        *allows = d->u.board.allows;
        return d->u.board.n_allows;
    case DECL_USE:
    case DECL_RULESET:
    case DECL_UNIT:
    case DECL_CODELIST:
    case DECL_DEFINE:
    case DECL_FAMILY:
    case DECL_TEST:
        break;
    }
    return 0;
}

static bool is_allowed(struct linter *l, enum diag_id id, struct span at)
{
    const struct decl *d = lint_decl(l, at);
    const struct ast_allow *allows = NULL;
    uint32_t n = d == NULL ? 0 : allows_of(d, &allows);
    bool is_silenced = false;
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(allows[i].code.text, str_of(diag_info(id)->code))) {
            l->used_allows = list_room(l->a, l->used_allows, l->n_used_allows,
                                       &l->used_allow_cap, sizeof *l->used_allows);
            l->used_allows[l->n_used_allows++] = allows[i].code.at;
            is_silenced = true;
        }
    }
    return is_silenced;
}

static struct diag *heard(struct linter *l, struct diag *d)
{
    l->reports =
        list_room(l->a, l->reports, l->n_reports, &l->report_cap, sizeof(struct diag *));
    l->reports[l->n_reports++] = d;
    return d;
}

struct diag *lint_report(struct linter *l, enum diag_id id, struct span at,
                         struct span other)
{
    assert(l && diag_info(id)->severity == DIAG_WARNING);
    bool is_silenced = is_allowed(l, id, at);
    is_silenced = is_allowed(l, id, other) || is_silenced;
    if (is_silenced) {
        l->unheard = (struct diag){.id = id};
        return &l->unheard;
    }
    return heard(l, diag_at(l->diags, id, at));
}

void lint_hint(struct diag *d, const char *vi, const char *en)
{
    assert(d && vi && en);
    d->hint = str_of(vi);
    d->hint_en = str_of(en);
}

static bool is_used(const struct linter *l, struct span at)
{
    for (size_t i = 0; i < l->n_used_allows; i++) {
        if (l->used_allows[i].src == at.src && l->used_allows[i].lo == at.lo) {
            return true;
        }
    }
    return false;
}

static bool is_lint_code(struct str code)
{
    for (size_t id = 0; id < DIAG_ID_COUNT; id++) {
        const struct diag_info *info = diag_info((enum diag_id)id);
        if (info->code[0] == 'L' && str_eq(code, str_of(info->code))) {
            return true;
        }
    }
    return false;
}

/* Told to the sink itself: an `allow` cannot excuse another one. */
static void judge_allow(struct linter *l, const struct ast_allow *allow)
{
    if (allow->code.text.p == NULL || is_used(l, allow->code.at)) {
        return;
    }
    bool is_known = is_lint_code(allow->code.text);
    struct diag *d = diag_at(
        l->diags, is_known ? DIAG_ID_LINT_UNUSED_ALLOW : DIAG_ID_LINT_UNKNOWN_ALLOW,
        allow->code.at);
    d->args[0] = allow->code.text;
    if (is_known) {
        lint_hint(d, "bỏ dòng allow này", "remove this allow");
    } else {
        lint_hint(d, "viết đúng mã mà soat lint đã nêu, ví dụ L001",
                  "write the code that soat lint gave, for example L001");
    }
}

static void judge_allows(struct linter *l)
{
    for (uint32_t i = 0; i < l->n_files; i++) {
        const struct ast_file *f = l->files[i].ast;
        for (uint32_t k = 0; k < f->n; k++) {
            const struct ast_allow *allows = NULL;
            uint32_t n = allows_of(f->decls[k], &allows);
            for (uint32_t j = 0; j < n; j++) {
                judge_allow(l, &allows[j]);
            }
        }
    }
}

/* ---- every expression as a term */

static void add_expr(struct linter *l, const struct expr *e)
{
    if (e != NULL) {
        (void)term_of(l->terms, e);
    }
}

static void add_select(struct linter *l, const struct select *s)
{
    for (uint32_t i = 0; s != NULL && i < s->n_binds; i++) {
        add_expr(l, s->binds[i].value);
    }
    for (uint32_t i = 0; s != NULL && i < s->n_conds; i++) {
        add_expr(l, s->conds[i]);
    }
    add_expr(l, s == NULL ? NULL : s->pick);
}

static void add_template(struct linter *l, const struct template *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        add_expr(l, t->parts[i].value);
    }
}

static void add_check(struct linter *l, const struct check *k)
{
    terms_sides(l->terms, k->left, k->right);
    for (uint32_t i = 0; i < k->n_filter; i++) {
        add_expr(l, k->filter[i]);
    }
    add_expr(l, k->when);
    add_expr(l, k->must);
    add_expr(l, k->within);
    for (uint32_t i = 0; i < k->n_operands; i++) {
        add_expr(l, k->operands[i].value);
    }
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        add_template(l, &k->message[lang]);
        add_template(l, &k->ask[lang]);
    }
    terms_sides(l->terms, NULL, NULL);
}

static void add_target(struct linter *l, const struct target *t)
{
    const struct expr *const all[] = {
        t->actual, t->plan, t->plan_high,
        t->when,   t->pace, t->has_points ? t->points.maximum : NULL};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        add_expr(l, all[i]);
    }
}

static void add_board(struct linter *l, const struct scoreboard *b)
{
    add_expr(l, b->when);
    for (uint32_t i = 0; i < b->n_parts; i++) {
        add_expr(l, b->parts[i].value);
    }
    for (uint32_t i = 0; i < b->n_extras; i++) {
        add_expr(l, b->extras[i].value);
    }
}

static void add_terms(struct linter *l)
{
    const struct ruleset *r = l->rules;
    for (uint32_t i = 0; i < r->n_datasets; i++) {
        for (uint32_t k = 0; k < r->datasets[i].n_covers; k++) {
            add_select(l, r->datasets[i].covers[k].rows);
        }
        l->has_na = l->has_na || r->datasets[i].schema.n_na > 0;
    }
    for (uint32_t i = 0; i < r->n_checks; i++) {
        add_check(l, &r->checks[i]);
    }
    for (uint32_t i = 0; i < r->n_indicators; i++) {
        add_expr(l, r->indicators[i].value);
    }
    for (uint32_t i = 0; i < r->n_targets; i++) {
        add_target(l, &r->targets[i]);
    }
    for (uint32_t i = 0; i < r->n_boards; i++) {
        add_board(l, &r->boards[i]);
    }
}

/* ---- the whole */

static struct str kept(struct arena *a, struct str s)
{
    return s.p == NULL ? s : str_copy(a, s);
}

/* What was found outlives the work. */
static void keep_reports(struct linter *l)
{
    struct arena *a = diags_arena(l->diags);
    for (size_t i = 0; i < l->n_reports; i++) {
        struct diag *d = l->reports[i];
        for (size_t k = 0; k < DIAG_ARGS; k++) {
            d->args[k] = kept(a, d->args[k]);
        }
        for (uint32_t k = 0; k < d->n_places; k++) {
            d->places[k].label = kept(a, d->places[k].label);
        }
    }
}

bool lint_is_of_use(enum diag_id id)
{
    return id == DIAG_ID_LINT_UNUSED_COLUMN || id == DIAG_ID_LINT_UNUSED_LIST ||
           id == DIAG_ID_LINT_UNUSED_UNIT || id == DIAG_ID_LINT_UNUSED_DEFINITION ||
           id == DIAG_ID_LINT_UNUSED_ALLOW;
}

void lint_rules(struct arena *a, const struct lint_input *in)
{
    static lint_part *const parts[] = {
        lint_uses,    lint_texts,        lint_patterns,   lint_selections,
        lint_results, lint_single_rules, lint_rule_pairs,
    };
    assert(a && in && in->rules && in->diags && (in->files || in->n_files == 0));
    struct arena *work = arena_child(a);
    struct linter l = {.a = work,
                       .scratch = arena_child(a),
                       .rules = in->rules,
                       .files = in->files,
                       .n_files = in->n_files,
                       .diags = in->diags};
    l.terms = terms_new(work);
    l.declared = world_new(work, &l);
    add_terms(&l);
    note_missing(&l);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        parts[i](&l);
    }
    judge_allows(&l);
    keep_reports(&l);
    arena_reset(work);
    diags_sort(in->diags);
}

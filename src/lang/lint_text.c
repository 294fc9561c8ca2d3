/* What people read: a message that names no value leaves its reader looking for the
 * place, and whoever reads only one of the two languages needs every text in it. */
#include "lang/lint_state.h"

#include <assert.h>

/* A text in one language only. `of` is what it is the text of. */
static void judge_text(struct linter *l, const struct ast_text *text, const char *what,
                       struct str of)
{
    bool has[2];
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        has[lang] = text->lang[lang].text.p != NULL;
    }
    if (has[LANG_VI] == has[LANG_EN]) {
        return;
    }
    int given = has[LANG_VI] ? LANG_VI : LANG_EN;
    struct diag *d =
        lint_report(l, DIAG_ID_LINT_ONE_LANGUAGE, text->lang[given].at, SPAN_NONE);
    d->args[0] = str_of(what);
    d->args[1] = of;
    d->args[2] = given == LANG_VI ? STR("en") : STR("vi");
    if (given == LANG_VI) {
        lint_hint(d, "viết thêm en \"…\" ngay sau đó", "add en \"…\" behind it");
    } else {
        lint_hint(d, "viết thêm vi \"…\" ngay sau đó", "add vi \"…\" behind it");
    }
}

/* ---- columns */

static bool has_header(const struct ast_column *c, int lang)
{
    return c->n_headers[lang] > 0;
}

/* Where some columns of a data set have headers in both languages, all should. */
static void judge_headers(struct linter *l, const struct ast_dataset *d)
{
    bool is_bilingual = false;
    for (uint32_t i = 0; i < d->n_columns; i++) {
        is_bilingual |=
            has_header(&d->columns[i], LANG_VI) && has_header(&d->columns[i], LANG_EN);
    }
    for (uint32_t i = 0; is_bilingual && i < d->n_columns; i++) {
        const struct ast_column *c = &d->columns[i];
        struct ast_text title = {0};
        for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
            if (has_header(c, lang)) {
                title.lang[lang] = c->headers[lang][0];
            }
        }
        judge_text(l, &title, "column", c->name.text);
    }
}

/* ---- messages */

static bool names_value(const struct template *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->parts[i].value != NULL) {
            return true;
        }
    }
    return false;
}

static void judge_messages(struct linter *l, const struct check *k)
{
    const struct decl *decl = lint_decl(l, k->at);
    if (decl == NULL || decl->kind != DECL_CHECK) {
        return;
    }
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        const struct ast_text *text = &decl->u.check.message;
        if (k->message[lang].n > 0 && !names_value(&k->message[lang])) {
            struct diag *d = lint_report(l, DIAG_ID_LINT_MESSAGE_WITHOUT_VALUE,
                                         text->lang[lang].at, SPAN_NONE);
            d->args[0] = decl->u.check.name.text;
            lint_hint(d, "nêu giá trị trong ngoặc nhọn, ví dụ {left}, {right} hoặc {key}",
                      "name a value in braces, for example {left}, {right} or {key}");
        }
    }
}

/* ---- declarations */

static void judge_check(struct linter *l, const struct ast_check *k)
{
    judge_text(l, &k->title, "title", k->name.text);
    judge_text(l, &k->message, "message", k->name.text);
    judge_text(l, &k->ask, "ask", k->name.text);
}

static void judge_decl(struct linter *l, const struct decl *d)
{
    switch (d->kind) {
    case DECL_RULESET:
        judge_text(l, &d->u.ruleset.title, "title", d->u.ruleset.name.text);
        break;
    case DECL_DATASET:
        judge_text(l, &d->u.dataset.title, "title", d->u.dataset.name.text);
        judge_headers(l, &d->u.dataset);
        break;
    case DECL_CHECK:
        judge_check(l, &d->u.check);
        break;
    case DECL_INDICATOR:
        judge_text(l, &d->u.indicator.title, "title", d->u.indicator.name.text);
        break;
    case DECL_TARGET:
        judge_text(l, &d->u.target.title, "title", d->u.target.name.text);
        break;
    case DECL_SCOREBOARD:
        judge_text(l, &d->u.board.title, "title", d->u.board.name.text);
        break;
    case DECL_USE:
    case DECL_UNIT:
    case DECL_CODELIST:
    case DECL_DEFINE:
    case DECL_FAMILY:
    case DECL_TEST:
        break;
    }
}

void lint_texts(struct linter *l)
{
    assert(l);
    for (uint32_t i = 0; i < l->n_files; i++) {
        for (uint32_t k = 0; k < l->files[i].ast->n; k++) {
            judge_decl(l, l->files[i].ast->decls[k]);
        }
    }
    for (uint32_t i = 0; i < l->rules->n_checks; i++) {
        judge_messages(l, &l->rules->checks[i]);
    }
}

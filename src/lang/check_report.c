/* How the checker speaks: one door to the sink, so that silence (a text typed a second
 * time) and the notes on where a define was used are decided in one place. */
#include "lang/check_state.h"

#include <assert.h>
#include <string.h>

struct diag *report(struct checker *c, enum diag_id id, struct span at, struct str a0,
                    struct str a1)
{
    assert(c);
    c->n_errors++;
    if (c->silence > 0) {
        c->unheard = (struct diag){.id = id};
        return &c->unheard;
    }
    struct diag *d = diag_at(c->diags, id, at);
    d->args[0] = a0;
    d->args[1] = a1;
    for (const struct use *u = c->use; u != NULL; u = u->outer) {
        diag_place(d, u->at, STR_NONE);
    }
    return d;
}

/* `pattern` with every {} replaced by `what`. */
static struct str filled(struct checker *c, const char *pattern, struct str what)
{
    struct text t = text_in(c->a);
    const char *hole = strstr(pattern, "{}");
    while (hole != NULL) {
        text_add(&t, (struct str){pattern, (size_t)(hole - pattern)});
        text_add(&t, what);
        pattern = hole + 2;
        hole = strstr(pattern, "{}");
    }
    text_add_z(&t, pattern);
    return text_str(&t);
}

void report_hint(struct checker *c, struct diag *d, const char *vi, const char *en,
                 struct str what)
{
    assert(d && vi && en);
    d->hint = filled(c, vi, what);
    d->hint_en = filled(c, en, what);
}

void report_nearest(struct checker *c, struct diag *d, struct str wanted,
                    const struct str *names, size_t n)
{
    diag_did_you_mean(c->diags, d, str_nearest(wanted, names, n));
}

void report_near(struct checker *c, struct diag *d, struct str wanted,
                 const struct name_table *t)
{
    uint32_t n = dict_count(t->names);
    struct str *names = arena_new_array(c->a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        names[i] = dict_str(t->names, i);
    }
    report_nearest(c, d, wanted, names, n);
}

void report_unknown(struct checker *c, enum diag_id id, struct name name,
                    struct name_table *t)
{
    if (t->unknown == NULL) {
        t->unknown = dict_new(c->a);
    }
    uint32_t old = dict_find(t->unknown, name.text);
    if (old != DICT_NONE) {
        diag_place(t->reports[old], name.at, STR_NONE);
        c->n_errors++;
        return;
    }
    struct diag *d = report(c, id, name.at, name.text, STR_NONE);
    report_near(c, d, name.text, t);
    if (c->silence == 0) {
        dict_add(t->unknown, name.text);
        t->reports = list_room(c->a, t->reports, t->n_reports, &t->report_cap,
                               sizeof(struct diag *));
        t->reports[t->n_reports++] = d;
    }
}

const char *kind_name(enum value_kind k, enum diag_lang lang)
{
    static const char *const names[][2] = {
        [VALUE_NUM] = {"số", "a number"},
        [VALUE_BOOL] = {"điều kiện đúng/sai", "a yes/no value"},
        [VALUE_TEXT] = {"văn bản", "a text"},
        [VALUE_CODE] = {"mã", "a code"},
        [VALUE_DAY] = {"ngày", "a date"},
        [VALUE_PERIOD] = {"kỳ", "a period"},
        [VALUE_ERROR] = {"giá trị lỗi", "an error"},
    };
    static_assert(COUNT_OF(names) == VALUE_ERROR + 1, "one name for every kind");
    assert((size_t)k < COUNT_OF(names));
    return names[k][lang];
}

void report_kind(struct checker *c, const struct expr *found, const char *want_vi,
                 const char *want_en)
{
    assert(found && !is_poison(found));
    struct diag *d =
        report(c, DIAG_ID_RULE_KIND, found->at, str_of(kind_name(found->kind, LANG_VI)),
               str_of(kind_name(found->kind, LANG_EN)));
    d->args[2] = str_of(want_vi);
    d->args[3] = str_of(want_en);
}

struct str joined(struct checker *c, const struct str *names, size_t n)
{
    struct text t = text_in(c->a);
    for (size_t i = 0; i < n; i++) {
        text_add_z(&t, i > 0 ? ", " : "");
        text_add(&t, names[i]);
    }
    return text_str(&t);
}

uint32_t name_find(const struct name_table *t, struct str name)
{
    assert(t && t->names);
    uint32_t id = dict_find(t->names, name);
    return id == DICT_NONE ? ID_NONE : id;
}

uint32_t name_declare(struct checker *c, struct name_table *t, struct name name)
{
    uint32_t old = name_find(t, name.text);
    if (old != ID_NONE) {
        struct diag *d = report(c, DIAG_ID_RULE_NAME_TWICE, name.at, name.text, STR_NONE);
        diag_place(d, t->at[old], STR_NONE);
        return ID_NONE;
    }
    uint32_t id = dict_add(t->names, name.text);
    t->at = list_room(c->a, t->at, t->n, &t->cap, sizeof *t->at);
    t->at[t->n++] = name.at;
    assert(t->n == dict_count(t->names) && id == t->n - 1);
    return id;
}

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

/* The column whose declaration made a value what it is; NULL: none did. */
static const struct expr *column_in(const struct expr *e)
{
    if (e->op == EXPR_COLUMN) {
        return e;
    }
    if (e->select != NULL) {
        const struct expr *pick = e->select->pick;
        return pick != NULL && pick->kind == e->kind ? column_in(pick) : NULL;
    }
    for (uint32_t i = 0; i < e->n; i++) {
        const struct expr *found =
            e->args[i]->kind == e->kind ? column_in(e->args[i]) : NULL;
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

void place_declared(struct checker *c, struct diag *d, const struct expr *e)
{
    const struct expr *found = column_in(e);
    struct span at = found == NULL
                         ? SPAN_NONE
                         : c->datasets[found->dataset].schema.columns[found->column].at;
    for (uint32_t i = 0; i < d->n_places; i++) {
        const struct span *known = &d->places[i].span;
        if (known->src == at.src && known->lo == at.lo) {
            return;
        }
    }
    if (!span_is_none(at)) {
        diag_place(d, at, STR_NONE);
    }
}

/* How to make one kind of another; {} stands for the value as written. */
static const struct {
    enum value_kind found, want;
    bool of_literal; /* a literal stands there */
    const char *vi, *en;
} remedies[] = {
    {VALUE_NUM, VALUE_TEXT, true, "viết \"{}\"", "write \"{}\""},
    {VALUE_NUM, VALUE_CODE, true, "viết \"{}\"", "write \"{}\""},
    {VALUE_NUM, VALUE_PERIOD, true, "viết period \"{}\"", "write period \"{}\""},
    {VALUE_NUM, VALUE_BOOL, false, "so sánh nó, ví dụ {} > 0",
     "compare it, such as {} > 0"},
    {VALUE_TEXT, VALUE_BOOL, false, "so sánh nó, hoặc viết {} is present",
     "compare it, or write {} is present"},
    {VALUE_CODE, VALUE_BOOL, false, "so sánh nó, hoặc viết {} is present",
     "compare it, or write {} is present"},
    {VALUE_DAY, VALUE_BOOL, false, "so sánh nó, hoặc viết {} is present",
     "compare it, or write {} is present"},
    {VALUE_PERIOD, VALUE_BOOL, false, "so sánh nó, hoặc viết {} is present",
     "compare it, or write {} is present"},
    {VALUE_BOOL, VALUE_NUM, false, "viết (if {} then 1 else 0)",
     "write (if {} then 1 else 0)"},
    {VALUE_PERIOD, VALUE_DAY, false, "viết start({}) hoặc end({})",
     "write start({}) or end({})"},
    {VALUE_PERIOD, VALUE_NUM, false, "viết year({})", "write year({})"},
    {VALUE_NUM, VALUE_PERIOD, false, "viết period({}) nếu đó là năm",
     "write period({}) if it is a year"},
    {VALUE_TEXT, VALUE_NUM, false,
     "muốn tính toán, khai cột đó là integer hoặc decimal; length({}) là số ký tự",
     "to compute with it declare the column as integer or decimal; length({}) is its "
     "number of characters"},
    {VALUE_CODE, VALUE_NUM, false, "muốn tính toán, khai cột đó là integer hoặc decimal",
     "to compute with it declare the column as integer or decimal"},
    {VALUE_DAY, VALUE_NUM, false, "số ngày là hiệu của hai ngày, ví dụ {} - date \"…\"",
     "a number of days is the difference of two dates, such as {} - date \"…\""},
};

bool hint_kind(struct checker *c, struct diag *d, const struct expr *found,
               enum value_kind want)
{
    for (size_t i = 0; i < COUNT_OF(remedies); i++) {
        if (remedies[i].found == found->kind && remedies[i].want == want &&
            (!remedies[i].of_literal || typed_of(found)->is_literal)) {
            report_hint(c, d, remedies[i].vi, remedies[i].en,
                        as_written(c, found->at, typed_of(found)->loops));
            return true;
        }
    }
    return false;
}

void report_wanted(struct checker *c, const struct expr *found, enum value_kind want)
{
    struct diag *d =
        report_kind(c, found, kind_name(want, LANG_VI), kind_name(want, LANG_EN));
    (void)hint_kind(c, d, found, want);
}

struct diag *report_kind(struct checker *c, const struct expr *found, const char *want_vi,
                         const char *want_en)
{
    assert(found && !is_poison(found));
    struct diag *d =
        report(c, DIAG_ID_RULE_KIND, found->at, str_of(kind_name(found->kind, LANG_VI)),
               str_of(kind_name(found->kind, LANG_EN)));
    d->args[2] = str_of(want_vi);
    d->args[3] = str_of(want_en);
    place_declared(c, d, found);
    return d;
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

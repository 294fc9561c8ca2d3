/* A subject is looked for among diagnostic codes, then in the rules, then among the
 * structural checks. */
#include "run/run_explain.h"

#include "base/utf8.h"
#include "eval/structural.h"
#include "run/explain_rules.h"
#include "run/load.h"
#include "run/sentence.h"

#include <assert.h>

struct help { /* of a structural check */
    const char *suffix, *meaning[2], *computed[2];
};

static const struct help helps[] = {
#define HELP(suffix, meaning_vi, meaning_en, computed_vi, computed_en)                   \
    {suffix, {meaning_vi, meaning_en}, {computed_vi, computed_en}},
#include "run/structural_help.def"
#undef HELP
};

static const struct {
    const char *suffix, *title[2], *ask[2];
} structural[] = {
#define STRUCTURAL(id, suffix, per_column, title_vi, title_en, vi, en, ask_vi, ask_en)   \
    {suffix, {title_vi, title_en}, {ask_vi, ask_en}},
#include "eval/structural.def"
#undef STRUCTURAL
};

static_assert(COUNT_OF(helps) == COUNT_OF(structural), "help for every structural check");

static void line_z(struct page *p, const char *vi, const char *en,
                   const char *const *both)
{
    page_line(p, vi, en, str_of(both[p->lang]));
}

/* ---- diagnostic codes ---- */

static bool explain_code(struct page *p, struct str subject)
{
    struct str code = utf8_upper(p->a, subject);
    for (int id = 0; id < DIAG_ID_COUNT; id++) {
        const struct diag_info *info = diag_info((enum diag_id)id);
        if (!str_eq(code, str_of(info->code))) {
            continue;
        }
        page_z(p, info->code);
        page_z(p, " · ");
        page_z(p, severity_word(info->severity, p->lang));
        page_z(p, " · ");
        page_z(p, info->title[p->lang]);
        page_z(p, "\n");
        page_line(p, "thông báo", "message",
                  diag_outline(p->a, (enum diag_id)id, p->lang));
        line_z(p, "giải thích", "explanation", info->about);
        line_z(p, "việc cần làm", "what to do", info->remedy);
        return true;
    }
    return false;
}

/* ---- structural checks ---- */

/* The number of the check whose suffix the subject is, or ends with; COUNT_OF: none. */
static size_t structural_number(struct str subject, bool must_be_whole)
{
    for (size_t i = 0; i < COUNT_OF(structural); i++) {
        struct str suffix = str_of(structural[i].suffix);
        bool is_end = str_ends(subject, suffix) && subject.n > suffix.n &&
                      subject.p[subject.n - suffix.n - 1] == '.';
        if (str_eq(subject, suffix) || (is_end && !must_be_whole)) {
            return i;
        }
    }
    return COUNT_OF(structural);
}

static void put_structural(struct page *p, struct str subject, size_t i)
{
    assert(str_eq(str_of(helps[i].suffix), str_of(structural[i].suffix)));
    page_put(p, subject);
    page_say(p, " · kiểm tra cấu trúc · ", " · structural check · ");
    page_z(p, structural[i].title[p->lang]);
    page_z(p, "\n");
    line_z(p, "nghĩa là", "meaning", helps[i].meaning);
    line_z(p, "cách tính", "how", helps[i].computed);
    line_z(p, "việc cần làm", "what to do", structural[i].ask);
}

/* D.suffix or D.column.suffix of the rules; the declaration that asks for it. */
static bool explain_declared(struct page *p, struct str subject)
{
    size_t number = structural_number(subject, false), dot = str_find(subject, STR("."));
    if (number == COUNT_OF(structural) || dot == SIZE_MAX) {
        return false;
    }
    struct str dataset = str_cut(subject, 0, dot);
    struct str rest = str_cut(subject, dot + 1, subject.n);
    size_t second = str_find(rest, STR("."));
    for (uint32_t d = 0; p->rules && d < p->rules->n_datasets; d++) {
        const struct schema *s = &p->rules->datasets[d].schema;
        if (!str_eq(s->name, dataset)) {
            continue;
        }
        uint32_t column =
            second == SIZE_MAX ? ID_NONE : schema_column(s, str_cut(rest, 0, second));
        if (second != SIZE_MAX && column == ID_NONE) {
            return false;
        }
        put_structural(p, subject, number);
        page_line(p, "bảng", "data set", dataset_title(p->rules, d, p->lang));
        if (column != ID_NONE) {
            page_line(p, "cột", "column", column_title(p->rules, d, column, p->lang));
            page_line(
                p, "khai báo", "declaration",
                str_trim(source_place(p->rules->sources, s->columns[column].at).text));
        }
        explain_place(p, column == ID_NONE ? s->at : s->columns[column].at);
        return true;
    }
    return false;
}

/* ---- the subject ---- */

struct name_list {
    struct arena *a;
    struct str *items;
    size_t n, cap;
};

static void add_name(struct name_list *list, struct str name)
{
    list->items =
        list_room(list->a, list->items, list->n, &list->cap, sizeof *list->items);
    list->items[list->n++] = name;
}

/* Everything that can be explained, but the codes. */
static struct name_list all_names(struct arena *a, const struct ruleset *rules)
{
    struct name_list list = {.a = a};
    for (size_t i = 0; i < COUNT_OF(structural); i++) {
        add_name(&list, str_of(structural[i].suffix));
    }
    for (uint32_t i = 0; rules && i < rules->n_checks; i++) {
        add_name(&list, rules->checks[i].id);
    }
    for (uint32_t i = 0; rules && i < rules->n_targets; i++) {
        add_name(&list, rules->targets[i].id);
    }
    for (uint32_t i = 0; rules && i < rules->n_boards; i++) {
        add_name(&list, rules->boards[i].id);
    }
    for (uint32_t i = 0; rules && i < rules->n_indicators; i++) {
        add_name(&list, rules->indicators[i].id);
    }
    return list;
}

/* "r0500" may have meant R050. */
static struct str nearest_code(struct arena *a, struct str subject)
{
    struct str codes[DIAG_ID_COUNT];
    for (int id = 0; id < DIAG_ID_COUNT; id++) {
        codes[id] = str_of(diag_info((enum diag_id)id)->code);
    }
    return str_nearest(utf8_upper(a, subject), codes, DIAG_ID_COUNT);
}

/* What is not known, with what is near. */
static void complain(struct run *r, struct str subject)
{
    struct name_list list = all_names(r->arena, r->rules.ruleset);
    struct diag *d = diag_at(r->diags, DIAG_ID_USE_NOTHING_TO_EXPLAIN, SPAN_NONE);
    struct str nearest = str_nearest(subject, list.items, list.n);
    d->args[0] = subject;
    diag_did_you_mean(r->diags, d, nearest.p ? nearest : nearest_code(r->arena, subject));
}

static bool explain_subject(struct page *p, struct str subject)
{
    if (explain_code(p, subject) ||
        (p->rules && (explain_rule(p, subject) || explain_declared(p, subject)))) {
        return true;
    }
    size_t number = structural_number(subject, p->rules != NULL);
    if (number == COUNT_OF(structural)) {
        return false;
    }
    put_structural(p, subject, number);
    return true;
}

/* The rules, if some were given. False: they are wrong. */
static bool load(struct run *r)
{
    if (!r->settings->rules.p) {
        r->lang = r->settings->has_lang ? r->settings->lang : LANG_VI;
        return true;
    }
    bool is_good = run_rules(r);
    return !run_tell(r) && is_good;
}

enum soat_status run_explain(struct run *r, struct str subject)
{
    assert(r && r->settings && r->config && subject.p);
    const struct soat_config *config = r->config;
    if (!load(r)) {
        return SOAT_USAGE;
    }
    struct report_style style = {
        .lang = r->lang, .width = config->width, .is_verbose = true};
    struct page *p = arena_new(r->arena, struct page);
    page_begin(p, r->arena, r->rules.ruleset, &style);
    if (!explain_subject(p, subject)) {
        complain(r, subject);
        run_tell(r);
        return SOAT_USAGE;
    }
    if (config->out && !config->out(config->context, p->out.p, p->out.n)) {
        diag_at(r->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        run_tell(r);
        return SOAT_INCOMPLETE;
    }
    return SOAT_OK;
}

/* A pattern that fits no check, or a column that no data set has, would quietly check
 * nothing: both are usage errors. Structural checks are known by the fixed ends of their
 * ids. */
#include "run/choice.h"

#include "base/utf8.h"

#include <assert.h>

struct ending {
    const char *suffix;
    bool is_per_column;
};

static const struct ending endings[] = {
#define STRUCTURAL(id, suffix, per_column, title_vi, title_en, vi, en, ask_vi, ask_en)   \
    {suffix, per_column},
#include "eval/structural.def"
#undef STRUCTURAL
};

/* Whether the pattern fits `t` followed by one of the endings of its kind. */
static bool fits_ending(struct text *t, bool is_column, struct str pattern)
{
    size_t stem = t->n;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (endings[i].is_per_column == is_column) {
            t->n = stem;
            text_char(t, '.');
            text_add_z(t, endings[i].suffix);
            if (pattern_fits(pattern, text_str(t))) {
                return true;
            }
        }
    }
    return false;
}

static bool fits_structure(struct run *r, const struct schema *s, struct str pattern)
{
    struct text t = text_in(r->arena);
    text_add(&t, s->name);
    size_t stem = t.n;
    if (fits_ending(&t, false, pattern)) {
        return true;
    }
    for (uint32_t i = 0; i < s->n_columns; i++) {
        t.n = stem;
        text_char(&t, '.');
        text_add(&t, s->columns[i].name);
        if (fits_ending(&t, true, pattern)) {
            return true;
        }
    }
    return false;
}

static bool fits_some_check(struct run *r, struct str pattern)
{
    const struct ruleset *rules = r->rules.ruleset;
    for (uint32_t i = 0; i < rules->n_checks; i++) {
        if (pattern_fits(pattern, rules->checks[i].id)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        if (fits_structure(r, &rules->datasets[i].schema, pattern)) {
            return true;
        }
    }
    return false;
}

/* `name.*` where `name` is a family, an indicator or a data set: it stands for several
 * checks. */
static struct str family_pattern(struct run *r, struct str name)
{
    struct text t = text_in(r->arena);
    text_add(&t, name);
    text_add_z(&t, ".*");
    return fits_some_check(r, text_str(&t)) ? text_str(&t) : STR_NONE;
}

static void check_patterns(struct run *r, const struct text_list *list,
                           const char *option)
{
    const struct ruleset *rules = r->rules.ruleset;
    for (size_t i = 0; i < list->n; i++) {
        if (fits_some_check(r, list->items[i])) {
            continue;
        }
        struct str *ids = arena_new_array(r->arena, rules->n_checks + 1, struct str);
        for (uint32_t k = 0; k < rules->n_checks; k++) {
            ids[k] = rules->checks[k].id;
        }
        struct diag *d = diag_at(r->diags, DIAG_ID_USE_NO_SUCH_CHECK, SPAN_NONE);
        d->args[0] = str_of(option);
        d->args[1] = list->items[i];
        struct str family = family_pattern(r, list->items[i]);
        diag_did_you_mean(r->diags, d,
                          family.p != NULL
                              ? family
                              : str_nearest(list->items[i], ids, rules->n_checks));
    }
}

static void check_where(struct run *r, const struct report_pair *where)
{
    const struct ruleset *rules = r->rules.ruleset;
    struct str *names = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        const struct schema *s = &rules->datasets[i].schema;
        if (schema_column(s, where->name) != ID_NONE) {
            return;
        }
        for (uint32_t k = 0; k < s->n_columns; k++) {
            names = list_room(r->arena, names, n, &cap, sizeof *names);
            names[n++] = s->columns[k].name;
        }
    }
    struct diag *d = diag_at(r->diags, DIAG_ID_USE_NO_SUCH_COLUMN, SPAN_NONE);
    d->args[0] = where->name;
    diag_did_you_mean(r->diags, d, str_nearest(where->name, names, n));
}

/* What cells of a column look like; NULL: like the value. A code that is in no list may
 * stand in a file all the same, but is no code. */
static const char *value_wanted(struct arena *a, const struct column *c,
                                const struct codelist *list, struct str value,
                                enum diag_lang lang)
{
    static const char *const wanted[COLUMN_TYPE_COUNT][2] = {
        [COLUMN_CODE] = {"một mã của danh mục", "a code of its list"},
        [COLUMN_COUNT] = {"một số", "a number"},
        [COLUMN_INTEGER] = {"một số", "a number"},
        [COLUMN_DECIMAL] = {"một số", "a number"},
        [COLUMN_PERCENT] = {"một số", "a number"},
        [COLUMN_DATE] = {"một ngày, ví dụ 2022-06-30", "a date such as 2022-06-30"},
        [COLUMN_PERIOD] = {"một kỳ, ví dụ 2022-H1", "a period such as 2022-H1"},
        [COLUMN_YEAR] = {"một năm", "a year"},
    };
    int32_t when;
    bool has_digit = false, fits = true;
    for (size_t i = 0; i < value.n; i++) {
        has_digit = has_digit || (value.p[i] >= '0' && value.p[i] <= '9');
    }
    if (c->type == COLUMN_CODE) {
        fits = list == NULL || dict_find(list->folded, str_fold(a, value)) != DICT_NONE;
    } else if (c->type == COLUMN_PERIOD) {
        fits = period_parse(value, &when);
    } else if (c->type == COLUMN_DATE) {
        fits = date_parse(value, &when);
    } else if (wanted[c->type][lang] != NULL) {
        fits = has_digit;
    }
    return fits ? NULL : wanted[c->type][lang];
}

/* One that fits the column in some data set will do. */
static void check_value(struct run *r, const struct codelist *const *codelists,
                        const struct report_pair *where)
{
    const struct ruleset *rules = r->rules.ruleset;
    const char *vi = NULL, *en = NULL;
    struct str near = STR_NONE;
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        const struct schema *s = &rules->datasets[i].schema;
        uint32_t column = schema_column(s, where->name);
        if (column == ID_NONE) {
            continue;
        }
        const struct column *c = &s->columns[column];
        const struct codelist *list =
            c->type == COLUMN_CODE ? codelists[c->codelist] : NULL;
        vi = value_wanted(r->arena, c, list, where->value, LANG_VI);
        en = value_wanted(r->arena, c, list, where->value, LANG_EN);
        if (vi == NULL) {
            return;
        }
        if (list != NULL && near.p == NULL) {
            near = codelist_suggest(r->arena, list, where->value);
        }
    }
    if (vi == NULL) {
        return;
    }
    struct diag *d = diag_at(r->diags, DIAG_ID_USE_WHERE_VALUE, SPAN_NONE);
    d->args[0] = where->name;
    d->args[1] = where->value;
    d->args[2] = str_of(vi);
    d->args[3] = str_of(en);
    diag_did_you_mean(r->diags, d, near);
}

void choice_check_values(struct run *r, const struct codelist *const *codelists)
{
    assert(r && codelists);
    for (size_t i = 0; i < r->settings->n_where; i++) {
        check_value(r, codelists, &r->settings->where[i]);
    }
}

bool choice_check(struct run *r)
{
    assert(r && r->rules.ruleset);
    const struct settings *s = r->settings;
    if (r->rules.ruleset->uses_today && !s->has_today) {
        diag_at(r->diags, DIAG_ID_USE_AS_OF_NEEDED, SPAN_NONE);
    }
    check_patterns(r, &s->selects, "select");
    check_patterns(r, &s->ignores, "ignore");
    for (size_t i = 0; i < s->n_where; i++) {
        check_where(r, &s->where[i]);
    }
    return diags_errors(r->diags) == 0;
}

/* TARGET.claimed, BOARD.claimed */
static bool is_claim(const struct ruleset *rules, struct str check_id)
{
    struct str end = STR(".claimed");
    bool is_found = false;
    if (!str_ends(check_id, end)) {
        return false;
    }
    struct str owner = str_cut(check_id, 0, check_id.n - end.n);
    for (uint32_t i = 0; i < rules->n_targets; i++) {
        is_found = is_found || str_eq(rules->targets[i].id, owner);
    }
    for (uint32_t i = 0; i < rules->n_boards; i++) {
        is_found = is_found || str_eq(rules->boards[i].id, owner);
    }
    return is_found;
}

/* D.columns, D.row: what leaves a file unread makes scores incomplete too. */
static bool is_of_file(const struct ruleset *rules, struct str check_id)
{
    size_t dot = str_find(check_id, STR("."));
    struct str name = str_cut(check_id, 0, dot < check_id.n ? dot : check_id.n);
    struct str rest = str_cut(check_id, name.n, check_id.n);
    if (!str_eq(rest, STR(".columns")) && !str_eq(rest, STR(".row"))) {
        return false;
    }
    for (uint32_t i = 0; i < rules->n_datasets; i++) {
        if (str_eq(rules->datasets[i].schema.name, name)) {
            return true;
        }
    }
    return false;
}

bool choice_selects(const struct settings *s, struct str check_id)
{
    bool is_selected = s->selects.n == 0;
    for (size_t i = 0; i < s->selects.n; i++) {
        is_selected = is_selected || pattern_fits(s->selects.items[i], check_id);
    }
    for (size_t i = 0; i < s->ignores.n; i++) {
        is_selected = is_selected && !pattern_fits(s->ignores.items[i], check_id);
    }
    return is_selected;
}

bool choice_is_selected(void *context, struct str check_id)
{
    const struct choice *choice = context;
    bool is_wanted = !choice->settings->has_scores_only ||
                     is_claim(choice->rules, check_id) ||
                     is_of_file(choice->rules, check_id);
    return is_wanted && choice_selects(choice->settings, check_id);
}

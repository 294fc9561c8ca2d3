/* Options: one table (option.def) from which come the public list, the parsing and the
 * complaints.
 *
 * A wrong value becomes a diag and changes nothing; the run then stops before it has
 * begun. A setter only says whether it took the value: what it would have taken is in the
 * table. */
#include "run/settings.h"

#include "base/utf8.h"
#include "value/date.h"

#include <assert.h>
#include <string.h>

struct choice {
    const char *name;
    int value;
};

struct bilingual_text {
    struct str vi, en;
};

static bool choose(struct str value, const struct choice *choices, size_t n, int *out)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(value, str_of(choices[i].name))) {
            *out = choices[i].value;
            return true;
        }
    }
    return false;
}

void text_list_add(struct arena *a, struct text_list *list, struct str s)
{
    list->items = list_room(a, list->items, list->n, &list->cap, sizeof *list->items);
    list->items[list->n++] = str_copy(a, s);
}

static bool set_format(struct settings *s, struct str value)
{
    const struct report_format *format = report_format_by_name(value);
    if (!format) {
        return false;
    }
    s->format = format;
    return true;
}

static size_t equals_sign(struct str s)
{
    const char *p = s.n ? memchr(s.p, '=', s.n) : NULL;
    return p ? (size_t)(p - s.p) : SIZE_MAX;
}

static bool add_report(struct settings *s, struct str format, struct str path)
{
    struct report_wish wish = {report_format_by_name(format), path};
    if (!wish.format || path.n == 0 || str_eq(path, STR("-"))) {
        return false;
    }
    wish.path = str_copy(s->arena, path);
    s->reports = list_room(s->arena, s->reports, s->n_reports, &s->cap_reports,
                           sizeof *s->reports);
    s->reports[s->n_reports++] = wish;
    return true;
}

static bool set_report(struct settings *s, struct str value)
{
    size_t at = equals_sign(value);
    if (at == SIZE_MAX) {
        return false;
    }
    return add_report(s, str_cut(value, 0, at), str_cut(value, at + 1, value.n));
}

static bool set_fail_on(struct settings *s, struct str value)
{
    static const struct choice choices[] = {
        {"error", FAIL_ON_ERROR}, {"warning", FAIL_ON_WARNING},
        {"info", FAIL_ON_INFO},   {"unknown", FAIL_ON_UNKNOWN},
        {"never", FAIL_ON_NEVER},
    };
    int got;
    if (!choose(value, choices, COUNT_OF(choices), &got)) {
        return false;
    }
    s->fail_on = (enum fail_on)got;
    return true;
}

static bool set_exit_zero(struct settings *s, struct str value)
{
    (void)value;
    s->is_exit_zero = true;
    return true;
}

static bool set_select(struct settings *s, struct str value)
{
    if (value.n == 0) {
        return false;
    }
    text_list_add(s->arena, &s->selects, value);
    return true;
}

static bool set_ignore(struct settings *s, struct str value)
{
    if (value.n == 0) {
        return false;
    }
    text_list_add(s->arena, &s->ignores, value);
    return true;
}

static bool set_where(struct settings *s, struct str value)
{
    size_t at = equals_sign(value);
    if (at == SIZE_MAX || at == 0) {
        return false;
    }
    struct str copy = str_copy(s->arena, value);
    struct report_pair pair = {str_trim(str_cut(copy, 0, at)),
                               str_trim(str_cut(copy, at + 1, copy.n))};
    s->where = list_room(s->arena, s->where, s->n_where, &s->cap_where, sizeof *s->where);
    s->where[s->n_where++] = pair;
    return true;
}

static bool set_unknown(struct settings *s, struct str value)
{
    (void)value;
    s->with_unknown = true;
    return true;
}

/* At most nine digits. */
static bool read_count(struct str value, uint32_t *out)
{
    uint32_t n = 0;
    if (value.n == 0 || value.n > 9) {
        return false;
    }
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] < '0' || value.p[i] > '9') {
            return false;
        }
        n = n * 10 + (uint32_t)(value.p[i] - '0');
    }
    *out = n;
    return true;
}

static bool set_max_findings(struct settings *s, struct str value)
{
    s->has_max_findings = read_count(value, &s->max_findings);
    return s->has_max_findings;
}

/* field=BYTES, record=BYTES or fields=N: what a hostile or broken file may not exceed. */
static bool set_limit(struct settings *s, struct str value)
{
    const struct {
        struct str name;
        uint32_t *limit;
    } limits[] = {{STR("field="), &s->limit_field},
                  {STR("record="), &s->limit_record},
                  {STR("fields="), &s->limit_fields}};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        if (str_starts(value, limits[i].name)) {
            struct str number = str_cut(value, limits[i].name.n, value.n);
            return read_count(number, limits[i].limit) && *limits[i].limit > 0;
        }
    }
    return false;
}

static bool set_parser(struct settings *s, struct str value)
{
    static const struct choice choices[] = {{"fast", 0}, {"libcsv", 1}};
    int got;
    if (!choose(value, choices, COUNT_OF(choices), &got)) {
        return false;
    }
    s->only_libcsv = got == 1;
    return true;
}

static bool set_lang(struct settings *s, struct str value)
{
    static const struct choice choices[] = {{"vi", LANG_VI}, {"en", LANG_EN}};
    int got;
    if (!choose(value, choices, COUNT_OF(choices), &got)) {
        return false;
    }
    s->lang = (enum diag_lang)got;
    s->has_lang = true;
    return true;
}

static bool set_as_of(struct settings *s, struct str value)
{
    int32_t day;
    if (!date_parse(value, &day)) {
        return false;
    }
    s->today = day;
    s->has_today = true;
    return true;
}

static bool set_numbers(struct settings *s, struct str value)
{
    return numfmt_by_name(value, &s->numbers);
}

static bool set_encoding(struct settings *s, struct str value)
{
    enum encoding e;
    if (encoding_by_name(value, &e)) {
        s->encoding = e;
        return true;
    }
    if (str_eq(value, STR("utf-16")) || str_eq(value, STR("UTF-16"))) {
        s->encoding = ENCODING_UTF16LE; /* a mark still decides */
        return true;
    }
    return false;
}

static bool set_delimiter(struct settings *s, struct str value)
{
    if (str_eq(value, STR("tab")) || str_eq(value, STR("\\t"))) {
        s->delimiter = '\t';
        return true;
    }
    if (value.n != 1 || !value.p[0] || strchr("\"'\r\n-.", value.p[0])) {
        return false;
    }
    char c = value.p[0];
    bool is_word =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_word || (unsigned char)c >= 0x7F || ((unsigned char)c < 0x20 && c != '\t')) {
        return false;
    }
    s->delimiter = c;
    return true;
}

static bool choose_when(enum when *when, struct str value)
{
    static const struct choice choices[] = {
        {"auto", WHEN_AUTO},
        {"always", WHEN_ALWAYS},
        {"never", WHEN_NEVER},
    };
    int got;
    if (!choose(value, choices, COUNT_OF(choices), &got)) {
        return false;
    }
    *when = (enum when)got;
    return true;
}

static bool set_color(struct settings *s, struct str value)
{
    return choose_when(&s->color, value);
}

static bool set_progress(struct settings *s, struct str value)
{
    return choose_when(&s->progress, value);
}

static bool set_quiet(struct settings *s, struct str value)
{
    (void)value;
    s->is_quiet = true;
    return true;
}

static bool set_verbose(struct settings *s, struct str value)
{
    (void)value;
    s->is_verbose = true;
    return true;
}

static bool set_explain(struct settings *s, struct str value)
{
    if (value.n == 0) {
        return false;
    }
    text_list_add(s->arena, &s->explained, value);
    return true;
}

static bool set_coverage(struct settings *s, struct str value)
{
    (void)value;
    s->has_coverage = true;
    return true;
}

static bool set_check(struct settings *s, struct str value)
{
    (void)value;
    s->is_only_checking = true;
    return true;
}

static const struct soat_option options[] = {
#define OPTION(id, name, letter, is_repeatable, value, vi, en)                           \
    {name, letter, is_repeatable, value, {vi, en}},
#include "run/option.def"
#undef OPTION
};

static bool (*const setters[])(struct settings *, struct str) = {
#define OPTION(id, name, letter, is_repeatable, value, vi, en) set_##id,
#include "run/option.def"
#undef OPTION
};

static_assert(COUNT_OF(options) == COUNT_OF(setters), "one setter for each option");

size_t soat_option_count(void)
{
    return COUNT_OF(options);
}

const struct soat_option *soat_option(size_t i)
{
    return i < COUNT_OF(options) ? &options[i] : NULL;
}

void settings_begin(struct settings *s, struct arena *a)
{
    assert(s && a);
    *s = (struct settings){
        .arena = a,
        .numbers = NUMFMT_AUTO,
        .encoding = ENCODING_BY_MARK,
        .fail_on = FAIL_ON_ERROR,
    };
}

static struct str with_dashes(struct arena *a, struct str name)
{
    struct text t = text_in(a);
    if (name.n == 0 || name.p[0] != '-') {
        text_add(&t, STR("--"));
    }
    text_add(&t, name);
    return text_str(&t);
}

void settings_unknown_option(struct settings *s, struct str name, struct diags *diags)
{
    assert(s && diags);
    struct arena *a = diags_arena(diags);
    struct str names[COUNT_OF(options) + 2];
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        names[i] = with_dashes(a, str_of(options[i].name));
    }
    names[COUNT_OF(options)] = STR("--help");
    names[COUNT_OF(options) + 1] = STR("--version");
    struct str shown = with_dashes(a, name);
    struct diag *d = diag_at(diags, DIAG_ID_USE_UNKNOWN_OPTION, SPAN_NONE);
    d->args[0] = shown;
    diag_did_you_mean(diags, d, str_nearest(shown, names, COUNT_OF(names)));
}

/* What an option takes, in words. */
static struct bilingual_text wanted_value(const struct soat_option *o, struct arena *a)
{
    struct str value = str_of(o->value);
    if (str_eq(value, STR("N"))) {
        return (struct bilingual_text){STR("một số nguyên từ 0 đến 999999999"),
                                       STR("a whole number from 0 to 999999999")};
    }
    struct text t = text_in(a);
    if (str_eq(value, STR("FORMAT"))) {
        text_add(&t, report_format_names(a));
    } else if (str_starts(value, STR("FORMAT"))) {
        text_add(&t, value);
        text_add(&t, STR("; FORMAT: "));
        text_add(&t, report_format_names(a));
    } else {
        text_add(&t, value);
    }
    return (struct bilingual_text){text_str(&t), text_str(&t)};
}

static void bad_value(const struct soat_option *o, struct str value, struct diags *diags)
{
    struct arena *a = diags_arena(diags);
    struct bilingual_text wanted = wanted_value(o, a);
    struct diag *d = diag_at(diags, DIAG_ID_USE_BAD_VALUE, SPAN_NONE);
    d->args[0] = str_of(o->name);
    d->args[1] = str_copy(a, value);
    d->args[2] = wanted.vi;
    d->args[3] = wanted.en;
}

static const struct soat_option *option_named(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (str_eq(name, str_of(options[i].name))) {
            return &options[i];
        }
    }
    return NULL;
}

bool settings_set(struct settings *s, struct str name, struct str value,
                  struct diags *diags)
{
    assert(s && name.p && diags);
    const struct soat_option *o = option_named(name);
    if (!o) {
        settings_unknown_option(s, str_copy(diags_arena(diags), name), diags);
        return false;
    }
    if (!o->value != !value.p) {
        enum diag_id id = o->value ? DIAG_ID_USE_NO_VALUE : DIAG_ID_USE_UNWANTED_VALUE;
        struct diag *d = diag_at(diags, id, SPAN_NONE);
        d->args[0] = with_dashes(diags_arena(diags), str_of(o->name));
        d->args[1] = str_of(o->value);
        return false;
    }
    if (!setters[o - options](s, value)) {
        bad_value(o, value, diags);
        return false;
    }
    text_list_add(s->arena, &s->given, str_of(o->name));
    return true;
}

bool settings_report(struct settings *s, struct str format, struct str path,
                     struct diags *diags)
{
    assert(s && diags);
    if (add_report(s, format, path)) {
        return true;
    }
    struct text t = text_in(diags_arena(diags));
    text_add(&t, format);
    text_char(&t, '=');
    text_add(&t, path);
    bad_value(option_named(STR("report")), text_str(&t), diags);
    return false;
}

uint32_t settings_max_findings(const struct settings *s,
                               const struct report_format *format)
{
    assert(s && format);
    return s->has_max_findings ? s->max_findings : format->max_findings;
}

bool pattern_fits(struct str pattern, struct str s)
{
    size_t p = 0, at = 0;
    size_t star = SIZE_MAX, retry = 0; /* behind the last `*`; where it ends for now */
    while (at < s.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = ++p;
            retry = at;
        } else if (p < pattern.n && pattern.p[p] == '?') {
            p++;
            utf8_next(s, &at);
        } else if (p < pattern.n && pattern.p[p] == s.p[at]) {
            p++;
            at++;
        } else if (star != SIZE_MAX) {
            p = star;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*') {
        p++;
    }
    return p == pattern.n;
}

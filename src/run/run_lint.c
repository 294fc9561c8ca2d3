/* Every rule set is loaded and judged by itself; then it is decided what to tell. A file
 * that several of them use is told of once, and what it declares is unused only if none
 * of them uses it. Files of the library belong to everybody, so nothing is unused there.
 */
#include "run/run_lint.h"

#include "eval/eval.h"
#include "lang/lint.h"
#include "report/report.h"
#include "run/library.h"
#include "run/load.h"
#include "run/rule_sets.h"

#include <assert.h>

static bool load(struct run *r)
{
    struct loaded loaded = {0};
    bool is_good = run_rules(r) && load_codelists(&loaded, r);
    if (is_good) {
        eval_preflight(r->arena, r->rules.ruleset, loaded.codelists, r->diags);
    }
    return !run_tell(r) && is_good;
}

static void judge(struct run *r)
{
    struct lint_file *files = arena_new_array(r->arena, r->rules.n, struct lint_file);
    for (size_t i = 0; i < r->rules.n; i++) {
        const struct rule_file *f = r->rules.items[i];
        files[i] = (struct lint_file){
            .ast = f->ast,
            .is_library = str_starts(f->shown, STR(LIBRARY_SHOWN "/")),
        };
    }
    const struct lint_input in = {
        .rules = r->rules.ruleset,
        .files = files,
        .n_files = (uint32_t)r->rules.n,
        .diags = r->diags,
    };
    lint_rules(r->arena, &in);
}

/* ---- what is told */

static struct str file_of(const struct run *r, const struct diag *d)
{
    const struct rule_file *f = rules_file(&r->rules, d->places[0].span.src);
    assert(f);
    return f->real;
}

static bool uses_file(const struct run *r, struct str real)
{
    for (size_t i = 0; i < r->rules.n; i++) {
        if (str_eq(r->rules.items[i]->real, real)) {
            return true;
        }
    }
    return false;
}

/* Whether the rule set has the same remark. */
static bool has_remark(const struct run *r, struct str real, const struct diag *d)
{
    for (size_t i = 0; i < diags_count(r->diags); i++) {
        const struct diag *own = diags_get(r->diags, i);
        if (own->id == d->id && own->places[0].span.lo == d->places[0].span.lo &&
            own->places[0].span.hi == d->places[0].span.hi &&
            str_eq(file_of(r, own), real)) {
            return true;
        }
    }
    return false;
}

static bool is_told(const struct run *runs, size_t n, size_t i, const struct diag *d)
{
    struct str real = file_of(&runs[i], d);
    for (size_t k = 0; k < n; k++) {
        bool is_judged = k != i && runs[k].rules.ruleset && uses_file(&runs[k], real);
        bool has = is_judged && has_remark(&runs[k], real, d);
        if ((has && k < i) || (is_judged && !has && lint_is_of_use(d->id))) {
            return false;
        }
    }
    return true;
}

static bool put(const struct run *r, struct str s)
{
    return !r->config->out || r->config->out(r->config->context, s.p, s.n);
}

/* How many remarks were told. */
static size_t tell(const struct run *runs, size_t n, size_t i, bool *is_written)
{
    const struct run *r = &runs[i];
    bool has_color = r->settings->color == WHEN_AUTO ? r->config->out_has_color
                                                     : r->settings->color == WHEN_ALWAYS;
    size_t told = 0;
    for (size_t k = 0; k < diags_count(r->diags); k++) {
        const struct diag *d = diags_get(r->diags, k);
        if (is_told(runs, n, i, d)) {
            told++;
            *is_written &=
                put(r, report_diag(r->arena, r->sources, d, r->lang, has_color));
        }
    }
    return told;
}

static bool tell_count(const struct run *r, size_t told)
{
    struct text t = text_in(r->arena);
    text_uint(&t, told);
    text_add_z(&t, r->lang == LANG_VI ? " cảnh báo\n"
                   : told == 1        ? " warning\n"
                                      : " warnings\n");
    return told == 0 || put(r, text_str(&t));
}

/* The rule sets that all paths together mean. */
static size_t all_sets(struct run *base, const char *const *paths, size_t n,
                       struct str **out, bool *is_good)
{
    size_t n_all = 0, cap = 0;
    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        struct str *sets;
        size_t n_sets = rule_sets_of(base, str_of(paths[i]), &sets);
        *is_good &= n_sets > 0;
        for (size_t k = 0; k < n_sets; k++) {
            *out = list_room(base->arena, *out, n_all, &cap, sizeof **out);
            (*out)[n_all++] = sets[k];
        }
    }
    base->lang = base->settings->has_lang ? base->settings->lang : LANG_VI;
    run_tell(base);
    return n_all;
}

enum soat_status run_lint(struct run *base, const char *const *paths, size_t n_paths)
{
    assert(base && base->arena && base->files && paths && n_paths > 0);
    struct str *sets;
    bool is_good = true, is_written = true;
    size_t told = 0, n = all_sets(base, paths, n_paths, &sets, &is_good);
    struct run *runs = arena_new_array(base->arena, n, struct run);
    for (size_t i = 0; i < n; i++) {
        struct settings *own = arena_new(base->arena, struct settings);
        *own = *base->settings;
        own->rules = sets[i];
        runs[i] = *base;
        runs[i].settings = own;
        runs[i].diags = diags_new(base->arena);
        if (load(&runs[i])) {
            judge(&runs[i]);
        } else {
            runs[i].rules.ruleset = NULL;
            is_good = false;
        }
    }
    for (size_t i = 0; i < n; i++) {
        told += tell(runs, n, i, &is_written);
    }
    is_written = n == 0 || (tell_count(&runs[0], told) && is_written);
    if (!is_written) {
        diag_at(base->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        run_tell(base);
    }
    return !is_good      ? SOAT_USAGE
           : !is_written ? SOAT_INCOMPLETE
           : told > 0    ? SOAT_FINDINGS
                         : SOAT_OK;
}

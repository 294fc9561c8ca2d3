/* The functions of soat.h over the pipeline: handles, settings, and the one place where
 * an exhausted memory is met.
 *
 * Every function that allocates runs its body inside `guarded`: the arena's out-of-memory
 * hook jumps back there, descriptors and temporary files are swept, and the caller gets
 * SOAT_NO_MEMORY. Settings live in the handle's own arena; each check has one of its own,
 * closed when it is over. */
#define _DEFAULT_SOURCE /* NOLINT(*-reserved-identifier,cert-dcl*): madvise */
#include "run/option_use.h"
#include "run/rule_sets.h"
#include "run/run.h"
#include "run/run_explain.h"
#include "run/run_fmt.h"
#include "run/run_init.h"
#include "run/run_lint.h"
#include "run/settings.h"
#include "run/test_run.h"
#include "soat.h"

#include <assert.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct soat {
    struct soat_config config;
    struct mem_hook hook;
    jmp_buf out_of_memory;
    bool can_jump;
    struct arena *session; /* settings and complaints; NULL only inside soat_new */
    struct settings settings;
    struct diags *diags;     /* complaints not told yet */
    struct arena *run_arena; /* NULL: no check is running */
    struct files files;      /* of the running check */
    struct soat_totals totals;
    bool is_misused; /* some setting was wrong: nothing will be checked */
};

typedef enum soat_status body(soat *s, const void *arguments);

static void *resize(void *context, void *old, size_t old_size, size_t size)
{
    const soat *s = context;
    if (s->config.resize) {
        return s->config.resize(s->config.memory, old, old_size, size);
    }
    return mem_libc_hook.resize(mem_libc_hook.context, old, old_size, size);
}

static void jump_out(void *context, size_t wanted)
{
    soat *s = context;
    (void)wanted;
    assert(s->can_jump);
    longjmp(s->out_of_memory, 1);
}

static void end_run(soat *s)
{
    if (s->run_arena) {
        files_close_all(&s->files);
        arena_close(s->run_arena);
        s->run_arena = NULL;
    }
}

static void say(const soat *s, const char *p)
{
    if (s->config.err) {
        (void)s->config.err(s->config.context, p, strlen(p));
    }
}

/* Without a byte of memory: the words of the catalogue as they are. */
static void say_no_memory(const soat *s)
{
    const struct diag_info *info = diag_info(DIAG_ID_DATA_NO_MEMORY);
    say(s, "error[");
    say(s, info->code);
    say(s, "]: ");
    say(s, info->text[s->settings.lang]);
    say(s, "\n\n");
}

static enum soat_status guarded(soat *s, body *run, const void *arguments)
{
    assert(s && run && !s->can_jump);
    enum soat_status status;
    if (setjmp(s->out_of_memory) == 0) {
        s->can_jump = true;
        status = run(s, arguments);
    } else {
        end_run(s);
        say_no_memory(s);
        status = SOAT_NO_MEMORY;
    }
    s->can_jump = false;
    return status;
}

static enum soat_status begin(soat *s, const void *arguments)
{
    (void)arguments;
    s->session = arena_open(&s->hook);
    s->diags = diags_new(s->session);
    settings_begin(&s->settings, s->session);
    return SOAT_OK;
}

soat *soat_new(const struct soat_config *config)
{
    struct soat_config own = config ? *config : (struct soat_config){0};
    soat *s = own.resize ? own.resize(own.memory, NULL, 0, sizeof *s) : malloc(sizeof *s);
    if (!s) {
        return NULL;
    }
    memset(s, 0, sizeof *s);
    s->config = own;
    s->hook = (struct mem_hook){.resize = resize, .oom = jump_out, .context = s};
    if (guarded(s, begin, NULL) != SOAT_OK) {
        soat_free(s);
        return NULL;
    }
    return s;
}

void soat_free(soat *s)
{
    if (!s) {
        return;
    }
    end_run(s);
    arena_close(s->session);
    resize(s, s, sizeof *s, 0);
}

void soat_abandon(soat *s)
{
    if (s && s->run_arena) {
        files_abandon(&s->files);
    }
}

const char *soat_version(void)
{
    return SOAT_VERSION;
}

int soat_exit_code(enum soat_status status)
{
    return status == SOAT_NO_MEMORY ? SOAT_INCOMPLETE : (int)status;
}

enum soat_lang soat_lang(const soat *s)
{
    assert(s);
    return s->settings.has_lang && s->settings.lang == LANG_EN ? SOAT_EN : SOAT_VI;
}

static enum soat_status formats(soat *s, const void *arguments)
{
    *(const char **)(*(void *const *)arguments) =
        str_copy(s->session, report_format_names(s->session)).p;
    return SOAT_OK;
}

const char *soat_formats(soat *s)
{
    assert(s);
    const char *names = "";
    void *out = &names;
    (void)guarded(s, formats, &out);
    return names;
}

struct two_texts {
    const char *a, *b;
};

static enum soat_status misuse(soat *s, bool is_good)
{
    s->is_misused = s->is_misused || !is_good;
    return is_good ? SOAT_OK : SOAT_USAGE;
}

static enum soat_status set(soat *s, const void *arguments)
{
    const struct two_texts *t = arguments;
    return misuse(s, settings_set(&s->settings, str_of(t->a), str_of(t->b), s->diags));
}

enum soat_status soat_set(soat *s, const char *name, const char *value)
{
    assert(s && name);
    return guarded(s, set, &(struct two_texts){name, value});
}

static enum soat_status set_rules(soat *s, const void *arguments)
{
    s->settings.rules = str_copy(s->session, str_of(arguments));
    return SOAT_OK;
}

enum soat_status soat_rules(soat *s, const char *path)
{
    assert(s && path);
    return guarded(s, set_rules, path);
}

static enum soat_status add_data(soat *s, const void *arguments)
{
    text_list_add(s->session, &s->settings.data, str_of(arguments));
    return SOAT_OK;
}

enum soat_status soat_data(soat *s, const char *spec)
{
    assert(s && spec);
    return guarded(s, add_data, spec);
}

static enum soat_status add_report(soat *s, const void *arguments)
{
    const struct two_texts *t = arguments;
    return misuse(s, settings_report(&s->settings, str_of(t->a), str_of(t->b), s->diags));
}

enum soat_status soat_report(soat *s, const char *format, const char *path)
{
    assert(s && format && path);
    return guarded(s, add_report, &(struct two_texts){format, path});
}

struct complaint {
    enum soat_complaint what;
    const char *found;
    const char *const *known;
    size_t n_known;
};

static void unknown_command(soat *s, const struct complaint *c)
{
    struct str *known = arena_new_array(s->session, c->n_known, struct str);
    struct text list = text_in(s->session);
    for (size_t i = 0; i < c->n_known; i++) {
        known[i] = str_copy(s->session, str_of(c->known[i]));
        text_add_z(&list, i ? ", " : "");
        text_add(&list, known[i]);
    }
    struct str found = str_copy(s->session, str_of(c->found));
    struct diag *d = diag_at(s->diags, DIAG_ID_USE_UNKNOWN_COMMAND, SPAN_NONE);
    d->args[0] = found;
    d->args[1] = text_str(&list);
    diag_did_you_mean(s->diags, d, str_nearest(found, known, c->n_known));
}

static enum soat_status complain(soat *s, const void *arguments)
{
    static const enum diag_id ids[] = {
        [SOAT_UNKNOWN_COMMAND] = DIAG_ID_USE_UNKNOWN_COMMAND,
        [SOAT_UNKNOWN_OPTION] = DIAG_ID_USE_UNKNOWN_OPTION,
        [SOAT_NO_VALUE] = DIAG_ID_USE_NO_VALUE,
        [SOAT_UNWANTED_VALUE] = DIAG_ID_USE_UNWANTED_VALUE,
        [SOAT_UNWANTED_OPERAND] = DIAG_ID_USE_UNWANTED_OPERAND,
        [SOAT_NO_OPERAND] = DIAG_ID_USE_NEEDS_OPERAND,
    };
    const struct complaint *c = arguments;
    struct str found = str_copy(s->session, str_of(c->found));
    if (c->what == SOAT_UNKNOWN_COMMAND) {
        unknown_command(s, c);
    } else if (c->what == SOAT_UNKNOWN_OPTION) {
        settings_unknown_option(&s->settings, found, s->diags);
    } else {
        struct diag *d = diag_at(s->diags, ids[c->what], SPAN_NONE);
        d->args[0] = found;
        d->args[1] = c->n_known ? str_copy(s->session, str_of(c->known[0])) : STR_NONE;
    }
    return misuse(s, false);
}

enum soat_status soat_complain(soat *s, enum soat_complaint what, const char *found,
                               const char *const *known, size_t n_known)
{
    assert(s && found && (known || !n_known));
    return guarded(s, complain, &(struct complaint){what, found, known, n_known});
}

static enum soat_status tell(soat *s, const void *arguments)
{
    (void)arguments;
    struct run r = {
        .settings = &s->settings,
        .config = &s->config,
        .arena = s->session,
        .diags = s->diags,
        .lang = s->settings.lang,
    };
    run_tell(&r);
    s->diags = r.diags;
    return s->is_misused ? SOAT_USAGE : SOAT_OK;
}

enum soat_status soat_tell(soat *s)
{
    assert(s);
    return guarded(s, tell, NULL);
}

/* What an option means to this command, if it means anything. */
static bool options_fit(soat *s, const char *command)
{
    bool is_good = option_use_check(&s->settings, command, s->diags);
    if (strcmp(command, "score") == 0 && s->settings.explained.n && s->settings.format &&
        strcmp(s->settings.format->name, "text") != 0) {
        diag_at(s->diags, DIAG_ID_USE_EXPLAIN_FORMAT, SPAN_NONE)->args[0] =
            str_of(s->settings.format->name);
        is_good = false;
    }
    return is_good;
}

/* Opens the arena of a run of its own; end_run closes it. */
static struct run begin_run(soat *s, const struct settings *settings)
{
    s->files = (struct files){0};
    s->run_arena = arena_open(&s->hook);
    files_begin(&s->files, s->run_arena);
    return (struct run){
        .settings = settings,
        .config = &s->config,
        .files = &s->files,
        .arena = s->run_arena,
        .diags = diags_new(s->run_arena),
    };
}

/* Both `check` and `score`: `arguments` is the name of the command. */
static enum soat_status check(soat *s, const void *arguments)
{
    bool is_good = options_fit(s, arguments);
    if (tell(s, NULL) != SOAT_OK || !is_good) {
        return SOAT_USAGE;
    }
    struct settings settings = s->settings;
    settings.has_scores_only = strcmp(arguments, "score") == 0;
    s->totals = (struct soat_totals){0};
    struct run r = begin_run(s, &settings);
    enum soat_status status = run_check(&r);
    s->totals = r.totals;
    end_run(s);
    return status;
}

enum soat_status soat_check(soat *s)
{
    assert(s);
    return guarded(s, check, "check");
}

enum soat_status soat_score(soat *s)
{
    assert(s);
    return guarded(s, check, "score");
}

struct paths {
    const char *const *items;
    size_t n;
};

/* The gravest of two: wrong rules, then what is incomplete, then what failed. */
static enum soat_status graver(enum soat_status a, enum soat_status b)
{
    static const int gravity[] = {
        [SOAT_OK] = 0,    [SOAT_FINDINGS] = 1, [SOAT_INCOMPLETE] = 2,
        [SOAT_USAGE] = 3, [SOAT_FAULT] = 4,    [SOAT_NO_MEMORY] = 5,
    };
    return gravity[a] >= gravity[b] ? a : b;
}

static enum soat_status end_tests(soat *s, const struct test_totals *totals,
                                  enum diag_lang lang, enum soat_status status)
{
    bool is_none_run = status == SOAT_USAGE && !totals->passed && !totals->failed;
    if (is_none_run || status == SOAT_INCOMPLETE) {
        return status; /* no test was run, or what they say could not be written */
    }
    struct str line = test_totals_line(s->session, totals, lang);
    if (s->config.out && !s->config.out(s->config.context, line.p, line.n)) {
        diag_at(s->diags, DIAG_ID_DATA_OUTPUT_WRITE, SPAN_NONE);
        (void)tell(s, NULL);
        return graver(status, SOAT_INCOMPLETE);
    }
    return status;
}

/* The rule sets that a path means, as texts of the session. */
static enum soat_status list_sets(soat *s, const char *path, struct text_list *out)
{
    struct str *sets;
    struct run r = begin_run(s, &s->settings);
    size_t n = rule_sets_of(&r, str_of(path), &sets);
    for (size_t i = 0; i < n; i++) {
        text_list_add(s->session, out, sets[i]);
    }
    r.lang = s->settings.lang;
    run_tell(&r);
    end_run(s);
    return n ? SOAT_OK : SOAT_USAGE;
}

static enum soat_status test(soat *s, const void *arguments)
{
    const struct paths *paths = arguments;
    bool is_good = options_fit(s, "test");
    if (tell(s, NULL) != SOAT_OK || !is_good) {
        return SOAT_USAGE;
    }
    struct test_totals totals = {0};
    enum soat_status status = SOAT_OK;
    enum diag_lang lang = s->settings.lang;
    for (size_t i = 0; i < paths->n; i++) {
        struct text_list sets = {0};
        status = graver(status, list_sets(s, paths->items[i], &sets));
        for (size_t k = 0; k < sets.n; k++) {
            struct settings settings = s->settings;
            settings.rules = sets.items[k];
            struct run r = begin_run(s, &settings);
            status = graver(status, run_test(&r, &totals));
            lang = i || k ? lang : r.lang;
            end_run(s);
        }
    }
    return end_tests(s, &totals, lang, status);
}

enum soat_status soat_test(soat *s, const char *const *paths, size_t n)
{
    assert(s && paths && n > 0);
    return guarded(s, test, &(struct paths){paths, n});
}

static enum soat_status lint(soat *s, const void *arguments)
{
    const struct paths *paths = arguments;
    bool is_good = options_fit(s, "lint");
    if (tell(s, NULL) != SOAT_OK || !is_good) {
        return SOAT_USAGE;
    }
    struct run r = begin_run(s, &s->settings);
    enum soat_status status = run_lint(&r, paths->items, paths->n);
    end_run(s);
    return status;
}

enum soat_status soat_lint(soat *s, const char *const *paths, size_t n)
{
    assert(s && paths && n > 0);
    return guarded(s, lint, &(struct paths){paths, n});
}

static enum soat_status fmt(soat *s, const void *arguments)
{
    const struct paths *paths = arguments;
    bool is_good = options_fit(s, "fmt");
    if (tell(s, NULL) != SOAT_OK || !is_good) {
        return SOAT_USAGE;
    }
    enum soat_status status = SOAT_OK;
    for (size_t i = 0; i < paths->n; i++) {
        struct run r = begin_run(s, &s->settings);
        status = graver(status, run_fmt(&r, str_of(paths->items[i])));
        end_run(s);
    }
    return status;
}

enum soat_status soat_fmt(soat *s, const char *const *paths, size_t n)
{
    assert(s && paths && n > 0);
    return guarded(s, fmt, &(struct paths){paths, n});
}

static enum soat_status init(soat *s, const void *arguments)
{
    bool is_good = options_fit(s, "init");
    (void)arguments;
    if (tell(s, NULL) != SOAT_OK || !is_good) {
        return SOAT_USAGE;
    }
    struct run r = begin_run(s, &s->settings);
    enum soat_status status = run_init(&r);
    end_run(s);
    return status;
}

enum soat_status soat_init(soat *s)
{
    assert(s);
    return guarded(s, init, NULL);
}

static enum soat_status explain(soat *s, const void *arguments)
{
    bool is_good = options_fit(s, "explain");
    if (tell(s, NULL) != SOAT_OK || !is_good) {
        return SOAT_USAGE;
    }
    struct run r = begin_run(s, &s->settings);
    enum soat_status status = run_explain(&r, str_of(arguments));
    end_run(s);
    return status;
}

enum soat_status soat_explain(soat *s, const char *subject)
{
    assert(s && subject);
    return guarded(s, explain, subject);
}

void soat_totals(const soat *s, struct soat_totals *out)
{
    assert(s && out);
    *out = s->totals;
}

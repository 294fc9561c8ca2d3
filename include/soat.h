/* soat: exact cross-checks of tabular reports. The one public header.
 *
 * A handle takes settings, a rule file, data files and report targets; soat_check does
 * the rest and says with one status what came of it. Everything soat has to say is UTF-8
 * text written through the two callbacks of the configuration, or into the report files
 * that were asked for; inputs are only read.
 *
 *     soat *s = soat_new(&config);
 *     soat_set(s, "lang", "en");
 *     soat_rules(s, "rules.soat");
 *     soat_data(s, "data.csv");
 *     enum soat_status status = soat_check(s);
 *     soat_free(s);
 *
 * Nothing here keeps global state; handles are independent of one another, and one handle
 * belongs to one thread at a time. No function exits, prints by itself, reads the clock,
 * the locale or the environment. Texts given in are copied; texts given out belong to the
 * handle (or are constant) unless it says else. */
#ifndef SOAT_H
#define SOAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SOAT_API __attribute__((visibility("default")))
#else
#define SOAT_API
#endif

#define SOAT_VERSION "0.1.0"

typedef struct soat soat;

/* What came of a call. Up to SOAT_FAULT the number is the exit status of the command. */
enum soat_status {
    SOAT_OK = 0,       /* done; everything was evaluated and nothing reached `fail-on` */
    SOAT_FINDINGS = 1, /* evaluated, with findings at or above `fail-on` */
    SOAT_USAGE =
        2, /* nothing was checked: a setting, a rule file or an argument is wrong */
    SOAT_INCOMPLETE =
        3, /* something could not be read, computed or written; outranks findings */
    SOAT_FAULT = 4,    /* a bug in soat */
    SOAT_NO_MEMORY = 5 /* memory ran out; the exit status is 3 */
};

/* Where memory comes from: behaves like realloc; size 0 frees and gives NULL. */
typedef void *soat_resize(void *context, void *old, size_t old_size, size_t size);

/* Takes n bytes of text; false: the world refused (a full disk, a closed pipe), nothing
 * more is wanted. */
typedef bool soat_write(void *context, const char *p, size_t n);

/* Stages of a check that may last. */
enum soat_stage { SOAT_READING, SOAT_EVALUATING, SOAT_REPORTING };

/* Hears, often, how far a check is: `done` of `all` bytes of files have been read. */
typedef void soat_progress(void *context, enum soat_stage stage, uint64_t done,
                           uint64_t all);

/* All of it may be zero. The structure is copied; what it points to must outlive the
 * handle. */
struct soat_config {
    soat_resize *resize;     /* NULL: realloc and free */
    void *memory;            /* context of `resize` */
    soat_write *out;         /* the report of `format`; NULL: none is made */
    soat_write *err;         /* diagnostics; NULL: they are dropped */
    soat_progress *progress; /* NULL: nobody wants to hear of it */
    void *context;           /* context of these three */
    const char *library;     /* folder of the rule library; NULL: found from `program` */
    const char *program; /* path of the running program, for finding the library beside
                            it; may be NULL */
    bool out_has_color;  /* whether `auto` means colour, for each of the two */
    bool err_has_color;
    bool err_is_terminal; /* whether `auto` means progress */
    unsigned width;       /* columns of the terminal behind `out`; 0: not a terminal */
};

/* A new handle; NULL when there is no memory for it. End it with soat_free. */
SOAT_API soat *soat_new(const struct soat_config *config);

/* Releases the handle and all that belongs to it. NULL is allowed. */
SOAT_API void soat_free(soat *s);

SOAT_API const char *soat_version(void);

/* Removes what the running check has begun to write and not finished. The one function
 * that a signal handler may call; the process must end then without another call. NULL is
 * allowed. */
SOAT_API void soat_abandon(soat *s);

/* The exit status of the command for a status of a call. */
SOAT_API int soat_exit_code(enum soat_status status);

/* ---- Settings: one table for the library, the command line, its help, manual and
 * completions ---- */

enum soat_lang { SOAT_VI, SOAT_EN };

struct soat_option {
    const char *name;   /* long name, without dashes */
    char letter;        /* short name, 0: none */
    bool is_repeatable; /* every value counts; otherwise the last one does */
    const char
        *value; /* what it takes ("PATH", "vi|en"); NULL: nothing, it is switched on */
    const char *help[2]; /* by enum soat_lang; one sentence */
};

SOAT_API size_t soat_option_count(void);

/* The i-th option, constant; NULL from soat_option_count() on. */
SOAT_API const struct soat_option *soat_option(size_t i);

/* Names of the report formats, separated by ", ". */
SOAT_API const char *soat_formats(soat *s);

/* The language of messages: what `lang` was set to, otherwise Vietnamese (reports follow
 * the rule set). */
SOAT_API enum soat_lang soat_lang(const soat *s);

/* Sets an option by its long name; `value` is NULL for one that takes none. A wrong name
 * or value is remembered, told by soat_check (or soat_tell), and makes that SOAT_USAGE.
 */
SOAT_API enum soat_status soat_set(soat *s, const char *name, const char *value);

/* ---- What to check ---- */

/* The rule file, or a folder that holds exactly one *.soat file. */
SOAT_API enum soat_status soat_rules(soat *s, const char *path);

/* Data: FILE (goes to the data set whose headers it fits best), DATASET=FILE, a pattern
 * with * ? [ ], or - for standard input. May be called many times; the order never shows
 * in a report. */
SOAT_API enum soat_status soat_data(soat *s, const char *spec);

/* One more report, written whole or not at all. The same as option `report` with
 * "format=path". */
SOAT_API enum soat_status soat_report(soat *s, const char *format, const char *path);

/* Complaints of a front end that only it can know, told like all others. */
enum soat_complaint {
    SOAT_UNKNOWN_COMMAND,  /* `found` is none of `known` */
    SOAT_UNKNOWN_OPTION,   /* `found` is no option; `known` is not used */
    SOAT_NO_VALUE,         /* option `found` needs a value; known[0] is what it takes */
    SOAT_UNWANTED_VALUE,   /* option `found` takes no value */
    SOAT_UNWANTED_OPERAND, /* the command takes no argument `found` */
    SOAT_NO_OPERAND        /* command `found` needs an argument; known[0] is what */
};

/* Remembers a usage error. `known` may be NULL when n_known is 0. Always gives SOAT_USAGE
 * (or SOAT_NO_MEMORY). */
SOAT_API enum soat_status soat_complain(soat *s, enum soat_complaint what,
                                        const char *found, const char *const *known,
                                        size_t n_known);

/* Writes out what was remembered so far; SOAT_USAGE if there was an error among it. */
SOAT_API enum soat_status soat_tell(soat *s);

/* ---- The check ---- */

/* Validates the rules, reads the data, evaluates, writes the reports. May be called again
 * after more settings; every call starts anew. Standard input can be read only once. */
SOAT_API enum soat_status soat_check(soat *s);

/* The same for targets and scoreboards alone: of the checks only the claims (points that
 * a unit gave itself) are run. With the option `explain` the output is how the points of
 * one unit came about, step by step. */
SOAT_API enum soat_status soat_score(soat *s);

/* Sums over all checks of the last soat_check; zeros before it. */
struct soat_totals {
    uint64_t expected, pass, fail, unknown, not_applicable, rule_error; /* evaluations */
    uint64_t errors, warnings, infos; /* findings by severity */
};

SOAT_API void soat_totals(const soat *s, struct soat_totals *out);

/* ---- For authors of rules ---- */

/* For the next two a folder with one rule file right in it stands for that file; any
 * other folder for all rule files in it and below that none of them uses. */

/* Runs the tests that stand in n rule files or folders; what differs is written to `out`,
 * and a last line with the counts. SOAT_FINDINGS: a test failed; SOAT_USAGE: a rule file
 * is wrong. */
SOAT_API enum soat_status soat_test(soat *s, const char *const *paths, size_t n);

/* Judges n rule files or folders without data: what is unused, contradictory,
 * never or always true. Warnings are written to `out`. SOAT_FINDINGS: there are some;
 * SOAT_USAGE: a rule file is wrong. */
SOAT_API enum soat_status soat_lint(soat *s, const char *const *paths, size_t n);

/* Gives n rule files their canonical layout; a folder stands for all rule files in and
 * below it, - for standard input, whose text goes to `out`. Files are replaced whole; the
 * paths of those that change are written to `out`. With the option `check` none is
 * touched, and SOAT_FINDINGS says that some would change. SOAT_USAGE: a rule file does
 * not parse (it is left alone). */
SOAT_API enum soat_status soat_fmt(soat *s, const char *const *paths, size_t n);

/* Writes to `out` a first rule file for the files given by soat_data: data sets, types,
 * keys, ranges, and relations that hold in every row. SOAT_INCOMPLETE: a file cannot be
 * read whole, and nothing was written. */
SOAT_API enum soat_status soat_init(soat *s);

/* Writes to `out` what `subject` means, how it is computed and what to do: a diagnostic
 * code, a structural check, or with soat_rules a check, indicator, target or scoreboard.
 * SOAT_USAGE: there is nothing of this name. */
SOAT_API enum soat_status soat_explain(soat *s, const char *subject);

#ifdef __cplusplus
}
#endif

#endif

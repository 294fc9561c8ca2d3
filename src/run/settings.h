/* What a run was asked to do: the options of option.def, parsed, and the arguments. */
#ifndef SOAT_RUN_SETTINGS_H
#define SOAT_RUN_SETTINGS_H

#include "base/diag.h"
#include "report/report.h"
#include "soat.h"
#include "value/encoding.h"
#include "value/numfmt.h"

enum fail_on {
    FAIL_ON_ERROR,
    FAIL_ON_WARNING,
    FAIL_ON_INFO,
    FAIL_ON_UNKNOWN,
    FAIL_ON_NEVER
};

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

#define ENCODING_BY_MARK                                                                 \
    ENCODING_COUNT /* UTF-8 unless a byte order mark says otherwise */

struct text_list {
    struct str *items;
    size_t n, cap;
};

struct report_wish {
    const struct report_format *format;
    struct str path;
};

struct settings {
    struct arena *arena; /* holds everything below */
    struct str rules;    /* STR_NONE: not given */
    struct text_list data;
    const struct report_format *format; /* NULL: not given */
    struct report_wish *reports;
    size_t n_reports, cap_reports;
    struct text_list selects, ignores;
    struct text_list given;     /* names of the options that were set */
    struct text_list explained; /* of `soat score`: whose score is worked out in words */
    struct report_pair *where;
    size_t n_where, cap_where;
    enum fail_on fail_on;
    enum when color, progress;
    enum numfmt numbers;
    enum encoding encoding;
    enum diag_lang lang;
    char delimiter;                                   /* 0: found from the file */
    uint32_t max_findings;                            /* 0: all */
    uint32_t limit_field, limit_record, limit_fields; /* 0: the default */
    bool only_libcsv;
    int32_t today;
    bool has_lang, has_today, has_max_findings;
    bool is_exit_zero, with_unknown, is_quiet, is_verbose;
    bool has_scores_only;  /* `soat score`: of the checks the claims alone */
    bool has_coverage;     /* `soat test` */
    bool is_only_checking; /* `soat fmt --check` */
};

void settings_begin(struct settings *s, struct arena *a);

/* Sets one option; `value` is STR_NONE for one that takes none. False: a diag says what
 * is wrong. */
bool settings_set(struct settings *s, struct str name, struct str value,
                  struct diags *diags);
bool settings_report(struct settings *s, struct str format, struct str path,
                     struct diags *diags);

/* Complains of an option that does not exist, with the nearest that does. `name` may have
 * dashes. */
void settings_unknown_option(struct settings *s, struct str name, struct diags *diags);

/* Findings to show per check in a report of this format; 0: all. */
uint32_t settings_max_findings(const struct settings *s,
                               const struct report_format *format);

void text_list_add(struct arena *a, struct text_list *list, struct str s);

/* Whether `s` fits a pattern of literal characters, `*` (any run) and `?` (one code
 * point). */
bool pattern_fits(struct str pattern, struct str s);

#endif

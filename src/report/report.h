/* What a report is given: finished records, all of them texts. A report knows nothing of
 * the engine. A format is one `const struct report_format` in a file of its own and one
 * row in report.c. Absent things have p == NULL. Texts live until the record's call
 * returns, unless `report_begin` kept them. */
#ifndef SOAT_REPORT_REPORT_H
#define SOAT_REPORT_REPORT_H

#include "base/diag.h"

struct report_pair { /* a key column and its value, a text in two languages */
    struct str name, value;
};

struct report_text {
    struct str lang[2]; /* by enum diag_lang */
};

enum report_verdict {
    REPORT_PASS,
    REPORT_FAIL,
    REPORT_UNKNOWN,
    REPORT_NOT_APPLICABLE,
    REPORT_RULE_ERROR
};

struct report_operand {
    struct str name, raw, value, unit, file, column;
    struct report_text shown; /* a number for people; absent: `value` is fit for them */
    struct str unit_label;    /* the unit for people */
    uint64_t row, line;       /* 0: none */
};

struct report_finding {
    struct str check;
    enum report_verdict verdict;
    enum diag_severity severity;
    struct str dataset, file;
    uint64_t row, line; /* 0: null */
    struct str column;
    struct report_text column_title; /* what the form calls it; may be absent */
    uint32_t field;                  /* from 1; 0: null */
    const struct report_pair *key;
    const struct report_pair *key_label; /* same length: what stands in brackets behind
                                            the key ("Kiên Giang"); value may be absent */
    uint32_t n_key;
    struct str left, right, diff, tolerance, slack;         /* canonical numbers */
    struct report_text shown_left, shown_right, shown_diff; /* the same for people */
    const struct report_operand *operands;
    uint32_t n_operands;
    struct report_text title, message, ask;
    /* The formula with values: "535 + 8 − 2 = 541, lệch −1"; absent if there is none. */
    struct report_text working;
    /* What stands beside the carets: "htx_total = 540, phải là 541". */
    struct report_text at_mark;
    struct str because, rule_place;               /* "rules.soat:42" */
    struct str reason, cause, suggestion, waiver; /* waiver: its `by`, later */
    char fingerprint[33], state[33];
    /* The physical line of the record as decoded (its first line); absent for groups. */
    struct str source_line;
    /* Bytes of the marked cell in source_line. Equal: an empty cell when `field` is given
     * (one caret), else no mark; 0, 0 with field > 1: no mark. */
    uint32_t mark_lo, mark_hi;
};

struct report_rule {
    struct str check, dataset;
    struct report_text title;
    enum diag_severity severity;
    uint64_t expected, pass, fail, unknown, not_applicable, error, waived;
    bool is_vacuous;
    struct str reason; /* "undefined", "absent-dataset" or absent */
    struct str about;  /* the reason in words (because …), absent if none */
};

struct report_rule_file {
    struct str path;
    char sha256[65];
};

struct report_left_out {
    uint64_t line;
    struct str reason; /* title, totals, note, blank */
};

struct report_input {
    struct str dataset, path;
    char sha256[65];
    uint64_t bytes, records;
    struct str encoding, delimiter, numbers; /* numbers absent: nothing depended on it */
    const struct report_left_out *left_out;
    uint32_t n_left_out;
};

struct report_run {
    struct str version, ruleset;
    struct report_text title;
    const struct report_rule_file *rules;
    uint32_t n_rules;
    const struct report_input *inputs;
    uint32_t n_inputs;
    enum diag_lang language;
    struct str as_of;
};

/* One target of one unit. What is not settled has a range; the texts for people say the
 * same in both languages. */
struct report_target {
    struct str target;
    struct report_text title;
    const struct report_pair *key, *key_label; /* as in a finding */
    uint32_t n_key;
    uint32_t period;                     /* the pair that is the period, n_key: none */
    struct str actual, plan, due, ratio; /* canonical numbers */
    struct str status; /* exceeded met near missed no_data not_applicable */
    struct str pace;   /* on_track behind, or absent */
    struct str points, points_low, points_high, max_points;
    struct report_text unit; /* of actual and plan; may be absent */
    struct report_text shown_actual, shown_plan, shown_due, shown_completion;
    struct report_text shown_points; /* "8 / 20", "0–20 / 20" */
    struct report_text note;         /* why, where the numbers do not say it */
    /* Why no unit has a result: then it has no table of its own. */
    struct report_text for_all;
};

/* One unit on a scoreboard. */
struct report_score {
    struct str scoreboard;
    struct report_text title;
    const struct report_pair *key, *key_label;
    uint32_t n_key, n_unit; /* the first n_unit pairs are the unit, the rest its group */
    struct str points, points_low, points_high, max_points, bonus, penalty;
    uint32_t rank, rank_low, rank_high; /* 0: null */
    struct str grade, claimed;
    struct report_text shown_points, shown_max, shown_bonus, shown_penalty, shown_claimed;
    /* Thousandths of the most that any unit of the board can have: the points that are
     * certain, and those that are still possible. */
    uint32_t share_low, share_high;
    const struct report_text *gaps; /* titles of what is not settled */
    uint32_t n_gaps;
};

struct report_indicator {
    struct str indicator;
    struct report_text title;
    const struct report_pair *key, *key_label;
    uint32_t n_key;
    struct str value, unit;
    struct report_text shown_value, shown_unit;
    struct str undefined; /* why it has no definition yet; absent: it has one */
};

enum report_outcome {
    REPORT_ACCEPTED,
    REPORT_ACCEPTED_WITH_GAPS,
    REPORT_REJECTED,
    REPORT_INCOMPLETE
};

struct report_end {
    enum report_outcome outcome;
    int exit;
    uint64_t error, warning, info; /* findings of verdict fail or error, by severity */
    uint64_t expected, pass, fail, unknown, not_applicable, rule_error;
};

/* Where bytes go; false: the world refused, nothing more is wanted. */
struct report_sink {
    bool (*write)(void *context, const char *p, size_t n);
    void *context;
};

struct report_style {
    enum diag_lang lang;
    bool has_color;
    uint32_t width;        /* terminal columns, 0: 100 */
    uint32_t max_findings; /* per check, 0: all; without a wish of the user (and without
                              -v) the caller puts the format's own max_findings here */
    bool is_quiet, is_verbose;
    bool has_scores_only; /* targets and scoreboards are what was asked for: rule records
                             are dropped, the verdict is about scores */
};

struct report;

struct report_format {
    const char *name;
    uint32_t max_findings; /* per check unless the user says otherwise; 0: all */
    size_t state_size; /* bytes of the format's own state, zeroed, at report_state() */
    void (*begin)(struct report *r, const struct report_run *run);
    void (*finding)(struct report *r, const struct report_finding *f);
    void (*rule)(struct report *r, const struct report_rule *rule);
    /* These three may be NULL: the format does not show them. */
    void (*indicator)(struct report *r, const struct report_indicator *i);
    void (*target)(struct report *r, const struct report_target *t);
    void (*score)(struct report *r, const struct report_score *s);
    void (*end)(struct report *r, const struct report_end *end);
};

/* NULL if there is none of this name. */
const struct report_format *report_format_by_name(struct str name);
struct str report_format_names(struct arena *a); /* "text, jsonl" */

struct report *report_open(struct arena *a, const struct report_format *f,
                           const struct report_style *style, struct report_sink sink);
void report_begin(struct report *r, const struct report_run *run);
/* Drops what is beyond max_findings, and counts it. */
void report_finding(struct report *r, const struct report_finding *f);
/* False: this check's findings would be dropped, so none need be made; call report_drop.
 */
bool report_wants(const struct report *r, struct str check);
void report_drop(struct report *r, struct str check, uint64_t n);
void report_rule(struct report *r, const struct report_rule *rule);
void report_indicator(struct report *r, const struct report_indicator *i);
void report_target(struct report *r, const struct report_target *t);
void report_score(struct report *r, const struct report_score *s);
void report_end(struct report *r, const struct report_end *end);
bool report_is_ok(const struct report *r); /* every write so far went through */

/* For formats. */
void *report_state(struct report *r);
struct arena *report_arena(struct report *r);
const struct report_style *report_style(const struct report *r);
void report_put(struct report *r, struct str s);
void report_put_z(struct report *r, const char *c);
/* Where report_put writes; handed to the sink when the record's call ends. */
struct text *report_out(struct report *r);
/* The checks that lost findings, in order of appearance; and how many the i-th lost. */
uint32_t report_hidden_checks(const struct report *r);
struct str report_hidden(const struct report *r, uint32_t i, uint64_t *n);

/* A diagnostic for people: place, line, underline, remedy; one language, optional colour.
 * Ends with an empty line, so that several can follow one another; long lines are cut to
 * 100 columns around the mark. */
struct str report_diag(struct arena *a, const struct sources *sources,
                       const struct diag *d, enum diag_lang lang, bool has_color);

#endif

/* See present.h. A finding is explained only if some report wants it; its texts live in
 * an arena that is reset after each. */
#include "run/present.h"

#include "base/sha256.h"
#include "eval/explain.h"
#include "eval/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FINGERPRINT_BYTES 16
#define HASHES_MANY 200u /* digests from which asking the processor pays */

struct presenter {
    const struct present_input *in;
    struct arena *scratch; /* of one finding */
    struct explainer *explainer;
    struct report *const *reports;
    uint32_t n_reports;
    uint32_t n_hashed;     /* findings, up to HASHES_MANY */
    enum sha256_path path; /* decided when they are many */
};

static const struct table *table_of(const struct presenter *p, uint32_t dataset)
{
    return p->in->evaluation->engine->facts[dataset].table;
}

/* The record of a place, split; n is 0 if it cannot be had. */
struct split {
    struct str record;
    struct field_place *fields;
    size_t n;
};

static struct split split_record(const struct presenter *p, const struct cell_place *at,
                                 struct arena *a)
{
    struct split s = {.n = 0};
    const struct table_file *file = &table_of(p, at->dataset)->files[at->file];

    if (at->record.number == 0) {
        return s;
    }
    s.record =
        p->in->read_record(p->in->context, at->dataset, at->file, at->record.offset, a);
    s.n = reader_split(a, s.record, file->delimiter, &s.fields);
    return s;
}

static uint32_t field_of(const struct presenter *p, const struct cell_place *at)
{
    const struct table_file *file = &table_of(p, at->dataset)->files[at->file];

    return at->column == ID_NONE ? ID_NONE : file->field_of[at->column];
}

static struct str raw_at(const struct presenter *p, const struct cell_place *at,
                         struct arena *a)
{
    if (at->file == ID_NONE) {
        return STR_NONE;
    }
    uint32_t field = field_of(p, at);
    struct split s = split_record(p, at, a);
    return field < s.n ? s.fields[field].value : STR_NONE;
}

static struct str raw_of(void *context, const struct cell_place *at, struct arena *a)
{
    return raw_at(context, at, a);
}

static struct report_text both(const struct bilingual *b)
{
    return (struct report_text){{b->lang[0], b->lang[1]}};
}

static void present_place(const struct presenter *p, const struct explanation *x,
                          struct report_finding *out)
{
    const struct cell_place *at = &x->place;
    const struct schema *schema = p->in->evaluation->engine->facts[at->dataset].schema;

    out->dataset = schema->name;
    if (at->column != ID_NONE) {
        out->column = schema->columns[at->column].name;
        out->column_title = both(&schema->columns[at->column].title);
    }
    if (at->file == ID_NONE) {
        return;
    }
    const struct table_file *file = &table_of(p, at->dataset)->files[at->file];
    uint32_t field = field_of(p, at);
    out->file = file->path;
    out->row = at->record.number;
    out->line = at->record.line;
    out->field = field == ID_NONE ? 0 : field + 1;
}

static size_t first_line(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '\n' && s.p[n] != '\r') {
        n++;
    }
    return n;
}

static void present_source(const struct presenter *p, const struct explanation *x,
                           struct report_finding *out)
{
    const struct cell_place *at = &x->place;

    if (at->file == ID_NONE) {
        return;
    }
    if (at->record.number == 0) {
        out->source_line = at->record.line == 0
                               ? STR_NONE
                               : p->in->read_line(p->in->context, at->dataset, at->file,
                                                  at->record.line, p->scratch);
        return;
    }
    struct split s = split_record(p, &x->place, p->scratch);
    uint32_t field = field_of(p, &x->place);
    size_t end = first_line(s.record);

    out->source_line = str_cut(s.record, 0, end);
    if (field < s.n && s.fields[field].hi <= end) {
        out->mark_lo = (uint32_t)s.fields[field].lo;
        out->mark_hi = (uint32_t)s.fields[field].hi;
    }
}

static void present_key(const struct presenter *p, const struct explanation *x,
                        struct report_finding *out)
{
    struct report_pair *key =
        arena_new_array(p->scratch, x->n_key + 1, struct report_pair);
    struct report_pair *labels =
        arena_new_array(p->scratch, x->n_key + 1, struct report_pair);

    for (uint32_t i = 0; i < x->n_key; i++) {
        key[i] = (struct report_pair){x->key[i].name, x->key[i].value};
        labels[i] = (struct report_pair){x->key[i].name, x->key[i].label};
    }
    out->key = key;
    out->key_label = labels;
    out->n_key = x->n_key;
}

static void present_operands(const struct presenter *p, const struct explanation *x,
                             struct report_finding *out)
{
    struct report_operand *operands =
        arena_new_array(p->scratch, x->n_operands + 1, struct report_operand);

    for (uint32_t i = 0; i < x->n_operands; i++) {
        const struct explained_operand *o = &x->operands[i];
        operands[i] = (struct report_operand){.name = o->name,
                                              .value = o->value,
                                              .unit = o->unit,
                                              .shown = both(&o->shown),
                                              .unit_label = o->unit_label};
        if (o->place.file != ID_NONE) {
            const struct table_file *file =
                &table_of(p, o->place.dataset)->files[o->place.file];
            operands[i].raw = raw_at(p, &o->place, p->scratch);
            operands[i].file = file->path;
            operands[i].row = o->place.record.number;
            operands[i].line = o->place.record.line;
            operands[i].column =
                table_of(p, o->place.dataset)->schema->columns[o->place.column].name;
        }
    }
    out->operands = operands;
    out->n_operands = x->n_operands;
}

/* Texts are hashed with their length before them, so that no two lists of texts run
 * together. */
static void hash_text(struct sha256 *h, struct str s)
{
    uint64_t n = s.p == NULL ? UINT64_MAX : s.n;
    unsigned char length[8];

    for (int i = 0; i < 8; i++) {
        length[i] = (unsigned char)(n >> (8 * i));
    }
    sha256_add(h, length, sizeof length);
    if (s.p != NULL) {
        sha256_add(h, s.p, s.n);
    }
}

static void end_hash(struct sha256 *h, char out[33])
{
    unsigned char digest[32];

    sha256_end(h, digest);
    sha256_hex(digest, FINGERPRINT_BYTES, out);
}

/* The fingerprint stays when rows move or other rows change; the state also tells the
 * values apart. */
static void present_hashes(struct presenter *p, const struct explanation *x,
                           struct report_finding *out)
{
    struct sha256 h;

    if (p->n_hashed < HASHES_MANY && ++p->n_hashed == HASHES_MANY) {
        p->path = sha256_has_hardware() ? SHA256_HARDWARE : SHA256_PORTABLE;
    }
    sha256_begin(&h);
    h.path = p->path;
    hash_text(&h, out->check);
    hash_text(&h, out->dataset);
    for (uint32_t i = 0; i < x->n_key; i++) {
        hash_text(&h, x->key[i].name);
        hash_text(&h, x->key[i].canonical);
    }
    hash_text(&h, x->subject);
    struct sha256 state = h;
    end_hash(&h, out->fingerprint);
    hash_text(&state, out->left);
    hash_text(&state, out->right);
    hash_text(&state, out->reason);
    for (uint32_t i = 0; i < out->n_operands; i++) {
        hash_text(&state, out->operands[i].value);
    }
    hash_text(&state, out->message.lang[LANG_VI]);
    end_hash(&state, out->state);
}

static struct str place_of_rule(const struct presenter *p, struct span at)
{
    const struct sources *sources = p->in->rules->sources;
    struct text t = text_in(p->scratch);

    if (span_is_none(at)) {
        return STR_NONE;
    }
    text_add(&t, source_path(sources, at.src));
    text_char(&t, ':');
    text_uint(&t, source_place(sources, at).line);
    return text_str(&t);
}

static enum report_verdict verdict_of(uint8_t verdict)
{
    static const enum report_verdict by_verdict[VERDICT_COUNT] = {
        [VERDICT_PASS] = REPORT_PASS,        [VERDICT_FAIL] = REPORT_FAIL,
        [VERDICT_UNKNOWN] = REPORT_UNKNOWN,  [VERDICT_NA] = REPORT_NOT_APPLICABLE,
        [VERDICT_ERROR] = REPORT_RULE_ERROR,
    };

    return by_verdict[verdict];
}

static void present_one(struct presenter *p, const struct finding *f)
{
    const struct explanation *x = explain(p->explainer, f, p->scratch);
    struct report_finding out = {.check = p->in->evaluation->rules[f->rule].id,
                                 .verdict = verdict_of(f->verdict),
                                 .severity = (enum diag_severity)f->severity};

    present_place(p, x, &out);
    present_key(p, x, &out);
    present_operands(p, x, &out);
    present_source(p, x, &out);
    out.left = x->left;
    out.right = x->right;
    out.diff = x->diff;
    out.tolerance = x->tolerance;
    out.slack = x->slack;
    out.shown_left = both(&x->shown_left);
    out.shown_right = both(&x->shown_right);
    out.shown_diff = both(&x->shown_diff);
    out.title = both(&x->title);
    out.message = both(&x->message);
    out.ask = both(&x->ask);
    out.working = both(&x->working);
    out.at_mark = both(&x->at_mark);
    out.because = x->because;
    out.rule_place = place_of_rule(p, x->rule_at);
    out.reason = x->reason;
    out.cause = x->cause;
    out.suggestion = x->suggestion;
    present_hashes(p, x, &out);
    for (uint32_t i = 0; i < p->n_reports; i++) {
        if (report_wants(p->reports[i], out.check)) {
            report_finding(p->reports[i], &out);
        } else {
            report_drop(p->reports[i], out.check, 1);
        }
    }
}

static bool is_wanted(const struct presenter *p, struct str check)
{
    for (uint32_t i = 0; i < p->n_reports; i++) {
        if (report_wants(p->reports[i], check)) {
            return true;
        }
    }
    return false;
}

static void drop(const struct presenter *p, struct str check, uint64_t n)
{
    for (uint32_t i = 0; i < p->n_reports; i++) {
        report_drop(p->reports[i], check, n);
    }
}

static void present_all(struct presenter *p)
{
    const struct evaluation *ev = p->in->evaluation;

    for (size_t i = 0; i < ev->n_findings; i++) {
        const struct finding *f = &ev->findings[i];
        if (f->verdict == VERDICT_UNKNOWN && !p->in->with_unknown) {
            continue;
        }
        if (is_wanted(p, ev->rules[f->rule].id)) {
            present_one(p, f);
            arena_reset(p->scratch);
        } else {
            drop(p, ev->rules[f->rule].id, 1);
        }
    }
    for (uint32_t i = 0; i < ev->n_rules; i++) {
        drop(p, ev->rules[i].id, ev->rules[i].n_dropped);
    }
}

static struct report_rule rule_record(const struct presenter *p, const struct rule *r)
{
    struct report_rule out = {
        .check = r->id, .severity = r->severity, .expected = r->expected};

    out.dataset = p->in->rules->datasets[r->dataset].schema.name;
    struct bilingual title =
        r->kind == RULE_CHECK ? r->check->title : structural_title(r->kind);
    out.title = both(&title);
    out.pass = r->count[VERDICT_PASS];
    out.fail = r->count[VERDICT_FAIL];
    out.unknown = r->count[VERDICT_UNKNOWN];
    out.not_applicable = r->count[VERDICT_NA];
    out.error = r->count[VERDICT_ERROR];
    out.is_vacuous = out.pass + out.fail == 0;
    out.about = r->about;
    if (r->why != APPLICABLE) {
        out.reason =
            r->why == INAPPLICABLE_UNDEFINED ? STR("undefined") : STR("absent-dataset");
    }
    return out;
}

static void present_rules(const struct presenter *p, struct present_totals *totals)
{
    const struct evaluation *ev = p->in->evaluation;

    for (uint32_t i = 0; i < ev->n_rules; i++) {
        struct report_rule r = rule_record(p, &ev->rules[i]);
        totals->expected += r.expected;
        totals->pass += r.pass;
        totals->fail += r.fail;
        totals->unknown += r.unknown;
        totals->not_applicable += r.not_applicable;
        totals->rule_error += r.error;
        totals->error += ev->rules[i].found[DIAG_ERROR];
        totals->warning += ev->rules[i].found[DIAG_WARNING];
        totals->info += ev->rules[i].found[DIAG_INFO];
        for (uint32_t k = 0; k < p->n_reports; k++) {
            report_rule(p->reports[k], &r);
        }
    }
}

void present_findings(struct arena *a, const struct present_input *in,
                      struct report *const *reports, uint32_t n_reports,
                      struct present_totals *totals)
{
    assert(a && in && in->evaluation && totals);
    struct presenter p = {.in = in, .reports = reports, .n_reports = n_reports};

    p.scratch = arena_child(a);
    p.explainer = explainer_new(a, in->evaluation, raw_of, &p);
    present_all(&p);
    present_rules(&p, totals);
    arena_reset(p.scratch);
}

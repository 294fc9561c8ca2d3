/* The frame around every format: the table of formats, the cap on findings per check, the
 * way to the sink.
 *
 * A format only writes into one buffer; after each record the buffer goes to the sink in
 * one piece and is used again, so a report of any length needs the memory of its longest
 * record. Once the sink has refused, nothing more is built. Findings beyond the cap are
 * counted by check and never reach the format. */
#include "report/report.h"

#include <assert.h>

extern const struct report_format report_text;
extern const struct report_format report_jsonl;

static const struct report_format *const formats[] = {
    &report_text,
    &report_jsonl,
};

struct tally { /* of one check */
    uint64_t shown, hidden;
};

struct report {
    struct arena *arena;
    const struct report_format *format;
    struct report_style style;
    struct report_sink sink;
    void *state;
    struct text out;
    bool is_ok;
    struct dict *checks; /* ids are indexes of tallies */
    struct tally *tallies;
    size_t tallies_cap;
    uint32_t *losers; /* checks with hidden findings */
    size_t n_losers, losers_cap;
};

const struct report_format *report_format_by_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        if (str_eq(name, str_of(formats[i]->name))) {
            return formats[i];
        }
    }
    return NULL;
}

struct str report_format_names(struct arena *a)
{
    struct text names = text_in(a);
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        text_add_z(&names, i ? ", " : "");
        text_add_z(&names, formats[i]->name);
    }
    return text_str(&names);
}

struct report *report_open(struct arena *a, const struct report_format *f,
                           const struct report_style *style, struct report_sink sink)
{
    assert(a && f && style && sink.write);
    struct report *r = arena_new(a, struct report);
    *r = (struct report){
        .arena = a, .format = f, .style = *style, .sink = sink, .is_ok = true};
    r->state = arena_alloc(a, f->state_size ? f->state_size : 1);
    r->out = text_in(a);
    r->checks = dict_new(a);
    return r;
}

static void flush(struct report *r)
{
    if (r->is_ok && r->out.n) {
        r->is_ok = r->sink.write(r->sink.context, r->out.p, r->out.n);
    }
    r->out.n = 0;
}

static struct tally *tally_of(struct report *r, struct str check)
{
    uint32_t known = dict_count(r->checks);
    uint32_t id = dict_add(r->checks, check);
    assert(id <= known);
    if (id == known) {
        r->tallies =
            list_room(r->arena, r->tallies, id, &r->tallies_cap, sizeof *r->tallies);
        r->tallies[id] = (struct tally){0};
    }
    return &r->tallies[id];
}

static bool is_full(const struct report *r, const struct tally *t)
{
    return r->style.max_findings && t->shown >= r->style.max_findings;
}

bool report_wants(const struct report *r, struct str check)
{
    assert(r && check.p);
    if (!r->is_ok) {
        return false;
    }
    uint32_t id = dict_find(r->checks, check);
    return id == DICT_NONE || !is_full(r, &r->tallies[id]);
}

void report_drop(struct report *r, struct str check, uint64_t n)
{
    assert(r && check.p);
    if (n == 0) {
        return;
    }
    struct tally *t = tally_of(r, check);
    if (!t->hidden) {
        r->losers = list_room(r->arena, r->losers, r->n_losers, &r->losers_cap,
                              sizeof *r->losers);
        r->losers[r->n_losers++] = (uint32_t)(t - r->tallies);
    }
    t->hidden += n;
}

void report_begin(struct report *r, const struct report_run *run)
{
    assert(r && run);
    r->format->begin(r, run);
    flush(r);
}

void report_finding(struct report *r, const struct report_finding *f)
{
    assert(r && f && f->check.p);
    if (!report_wants(r, f->check)) {
        report_drop(r, f->check, 1);
        return;
    }
    tally_of(r, f->check)->shown++;
    r->format->finding(r, f);
    flush(r);
}

void report_rule(struct report *r, const struct report_rule *rule)
{
    assert(r && rule && rule->check.p);
    r->format->rule(r, rule);
    flush(r);
}

void report_indicator(struct report *r, const struct report_indicator *i)
{
    assert(r && i && i->indicator.p);
    if (r->format->indicator && !r->style.has_scores_only) {
        r->format->indicator(r, i);
        flush(r);
    }
}

void report_target(struct report *r, const struct report_target *t)
{
    assert(r && t && t->target.p && t->status.p && t->period <= t->n_key);
    if (r->format->target) {
        r->format->target(r, t);
        flush(r);
    }
}

void report_score(struct report *r, const struct report_score *s)
{
    assert(r && s && s->scoreboard.p && s->n_unit <= s->n_key);
    if (r->format->score) {
        r->format->score(r, s);
        flush(r);
    }
}

void report_end(struct report *r, const struct report_end *end)
{
    assert(r && end);
    r->format->end(r, end);
    flush(r);
}

bool report_is_ok(const struct report *r)
{
    return r->is_ok;
}

void *report_state(struct report *r)
{
    return r->state;
}

struct arena *report_arena(struct report *r)
{
    return r->arena;
}

const struct report_style *report_style(const struct report *r)
{
    return &r->style;
}

struct text *report_out(struct report *r)
{
    return &r->out;
}

void report_put(struct report *r, struct str s)
{
    text_add(&r->out, s);
}

void report_put_z(struct report *r, const char *c)
{
    text_add_z(&r->out, c);
}

uint32_t report_hidden_checks(const struct report *r)
{
    assert(r->n_losers <= UINT32_MAX);
    return (uint32_t)r->n_losers;
}

struct str report_hidden(const struct report *r, uint32_t i, uint64_t *n)
{
    assert(i < r->n_losers && n);
    *n = r->tallies[r->losers[i]].hidden;
    return dict_str(r->checks, r->losers[i]);
}

/* See verdict.h. */
#include "eval/verdict.h"

#include "eval/plan.h"

struct rule *rule_add(struct evaluation *ev, struct rule rule)
{
    ev->rules = list_room(ev->engine->a, ev->rules, ev->n_rules, &ev->rule_cap,
                          sizeof *ev->rules);
    ev->rules[ev->n_rules] = rule;
    return &ev->rules[ev->n_rules++];
}

void verdict_count(struct rule *rule, enum verdict verdict, uint64_t n)
{
    rule->expected += n;
    rule->count[verdict] += n;
}

void verdict_span(struct evaluation *ev, uint32_t rule, enum verdict verdict,
                  uint32_t row, uint32_t n)
{
    verdict_count(&ev->rules[rule], verdict, n);
    for (uint32_t i = 0; ev->on_verdict != NULL && i < n; i++) {
        ev->on_verdict(ev->context, rule, row + i, verdict);
    }
}

/* Whether the findings of a rule come as they are sorted, so that the first to come are
 * the first in order. */
static bool comes_in_order(enum rule_kind kind)
{
    return kind != RULE_COLUMNS && kind != RULE_TREE;
}

void verdict_add(struct evaluation *ev, struct finding f)
{
    struct rule *rule = &ev->rules[f.rule];

    verdict_span(ev, f.rule, (enum verdict)f.verdict, f.row, 1);
    if (f.verdict == VERDICT_PASS || f.verdict == VERDICT_NA) {
        return;
    }
    if (f.verdict != VERDICT_UNKNOWN) {
        rule->found[f.severity]++;
    } else if (ev->drops_unknown) {
        return;
    }
    if (ev->most > 0 && rule->n_kept >= ev->most && comes_in_order(rule->kind)) {
        rule->n_dropped++;
        return;
    }
    rule->n_kept++;
    ev->findings = list_room(ev->engine->a, ev->findings, ev->n_findings, &ev->cap,
                             sizeof *ev->findings);
    ev->findings[ev->n_findings++] = f;
}

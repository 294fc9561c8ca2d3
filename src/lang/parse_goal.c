/* Indicators and targets.
 *
 * What the table of a block cannot say (which clauses exclude or need each other) is said
 * here once the block is read, and only of what surely stands there or surely does not:
 * a clause that did not parse excuses what depends on it. */
#include "lang/parse_state.h"

#include <assert.h>

/* Indicator */

struct indicator_reading {
    struct ast_indicator *out;
    struct items allows;
};

static struct ast_indicator *indicator_of(void *out)
{
    return ((struct indicator_reading *)out)->out;
}

static void indicator_value(struct parser *p, void *out)
{
    indicator_of(out)->value = parse_expr(p);
}

static void indicator_undefined(struct parser *p, void *out)
{
    indicator_of(out)->undefined = parse_because(p);
}

static void indicator_title(struct parser *p, void *out)
{
    indicator_of(out)->title = parse_text(p);
}

/* [ Severity ]; a warning without it. */
static struct ast_severity read_severity(struct parser *p)
{
    if (parser_take_word(p, "severity")) {
        return parse_severity(p);
    }
    return (struct ast_severity){.level = DIAG_WARNING, .at = SPAN_NONE};
}

/* Range [ Severity ] */
static struct ast_bounds read_bounds(struct parser *p)
{
    struct span start = p->prev.at;
    struct ast_bounds bounds = {.low = parse_sum(p)};
    parser_need(p, TOK_DOTS);
    bounds.high = parse_sum(p);
    bounds.severity = read_severity(p);
    bounds.at = parser_span(p, start);
    return bounds;
}

static void indicator_expect(struct parser *p, void *out)
{
    indicator_of(out)->expect = read_bounds(p);
}

static void indicator_change(struct parser *p, void *out)
{
    indicator_of(out)->change = read_bounds(p);
}

/* "outlier" ( "mad" | "z" | "iqr" | "hb" ) NUMBER [ "each" Names ] [ Severity ] */
static void indicator_outlier(struct parser *p, void *out)
{
    static const char *const words[] = {"mad", "z", "iqr", "hb"};
    static const enum outlier_method methods[] = {OUTLIER_MAD, OUTLIER_Z, OUTLIER_IQR,
                                                  OUTLIER_HB};
    struct ast_outlier *outlier = &indicator_of(out)->outlier;
    struct span start = p->prev.at;
    size_t i = parse_choice(p, words, COUNT_OF(words));
    outlier->method = i < COUNT_OF(methods) ? methods[i] : OUTLIER_MAD;
    outlier->factor = parse_number(p);
    if (parser_take_word(p, "each")) {
        outlier->each = parse_names(p);
    }
    outlier->severity = read_severity(p);
    outlier->at = parser_span(p, start);
}

static void indicator_allow(struct parser *p, void *out)
{
    struct ast_allow allow = parse_allow(p);
    struct indicator_reading *r = out;
    *(struct ast_allow *)items_add(p, &r->allows, sizeof allow) = allow;
}

enum { INDICATOR_TITLE, INDICATOR_VALUE, INDICATOR_UNDEFINED };

static const struct clause indicator_clauses[] = {
    [INDICATOR_TITLE] = {"title", '?', STARTS_LANG, indicator_title},
    [INDICATOR_VALUE] = {"value", '?', STARTS_EXPR, indicator_value},
    [INDICATOR_UNDEFINED] = {"undefined", '?', STARTS_NAME, indicator_undefined},
    {"expect", '?', STARTS_EXPR, indicator_expect},
    {"change", '?', STARTS_EXPR, indicator_change},
    {"outlier", '?', STARTS_NAME, indicator_outlier},
    {"allow", '*', STARTS_NAME, indicator_allow},
};

static const char *const indicator_tails[] = {"severity", "final", "each", "because"};

static const struct block_form indicator_form = {
    "indicator", indicator_clauses, COUNT_OF(indicator_clauses), indicator_tails,
    COUNT_OF(indicator_tails)};

static void mend_indicator(const struct parser *p, struct ast_indicator *i)
{
    parser_mend_expr(p, i->value);
    parser_mend_expr(p, i->expect.low);
    parser_mend_expr(p, i->expect.high);
    parser_mend_expr(p, i->change.low);
    parser_mend_expr(p, i->change.high);
    parser_mend_names(p, &i->outlier.each);
}

static void begin_indicator(struct parser *p, struct ast_indicator *i)
{
    static const char *const reserved[] = {"nothing"};
    const struct ast_severity warning = {.level = DIAG_WARNING, .at = SPAN_NONE};
    *i = (struct ast_indicator){
        .dataset = NAME_NONE,
        .title = TEXT_NONE,
        .undefined = NAME_NONE,
        .expect = {.severity = warning, .at = SPAN_NONE},
        .change = {.severity = warning, .at = SPAN_NONE},
        .outlier = {.severity = warning, .each = {.at = SPAN_NONE}, .at = SPAN_NONE},
    };
    i->name = parse_heading(p);
    parser_reserved(p, i->name, reserved, COUNT_OF(reserved));
    parser_need_word(p, "on");
    i->dataset = parse_new_name(p);
}

/* Indicator = "indicator" NAME "on" NAME "{" { IndicatorClause } "}" ;
 * exactly one of value, undefined */
bool parse_indicator(struct parser *p, struct decl *d)
{
    static const size_t either[] = {INDICATOR_VALUE, INDICATOR_UNDEFINED};
    struct ast_indicator *i = &d->u.indicator;
    struct indicator_reading r = {.out = i};
    begin_indicator(p, i);
    struct seen seen = parse_block(p, &indicator_form, &r);
    parser_one_missing(p, &indicator_form, &seen, either, COUNT_OF(either));
    parser_exclusive(p, seen.at[INDICATOR_VALUE], "value", seen.at[INDICATOR_UNDEFINED],
                     "undefined");
    mend_indicator(p, i);
    i->allows = r.allows.items;
    i->n_allows = (uint32_t)r.allows.n;
    i->at = parser_span(p, d->at);
    return i->name.text.p;
}

/* Target */

struct target_reading {
    struct ast_target *out;
    bool is_none; /* actual none */
    struct items allows;
};

static struct ast_target *target_of(void *out)
{
    return ((struct target_reading *)out)->out;
}

static void target_title(struct parser *p, void *out)
{
    target_of(out)->title = parse_text(p);
}

/* "actual" ( "none" "because" STRING | Expr ) */
static void target_actual(struct parser *p, void *out)
{
    struct target_reading *r = out;
    struct span start = p->prev.at;
    if (parser_take_word(p, "none")) {
        r->out->unmeasured = parse_because(p);
        r->is_none = !p->is_panicking;
    } else {
        r->out->actual = parse_expr(p);
    }
    r->out->actual_at = parser_span(p, start);
}

/* "plan" Sum [ ".." Sum ] */
static void target_plan(struct parser *p, void *out)
{
    struct ast_target *t = target_of(out);
    struct span start = p->prev.at;
    t->plan = parse_sum(p);
    if (parser_take(p, TOK_DOTS)) {
        t->plan_high = parse_sum(p);
    }
    t->plan_at = parser_span(p, start);
}

static void target_aim(struct parser *p, void *out)
{
    static const char *const words[] = {"at_least", "at_most", "exactly", "between",
                                        "yes"};
    static const enum aim aims[] = {AIM_AT_LEAST, AIM_AT_MOST, AIM_EXACTLY, AIM_BETWEEN,
                                    AIM_YES};
    struct ast_target *t = target_of(out);
    struct span start = p->prev.at;
    size_t i = parse_choice(p, words, COUNT_OF(words));
    t->has_aim = i < COUNT_OF(aims);
    t->aim = t->has_aim ? aims[i] : AIM_AT_LEAST;
    t->aim_at = parser_span(p, start);
}

static void target_when(struct parser *p, void *out)
{
    target_of(out)->when = parse_expr(p);
}

static void target_pace(struct parser *p, void *out)
{
    target_of(out)->pace = parse_expr(p);
}

static void target_claimed(struct parser *p, void *out)
{
    target_of(out)->claimed = parse_claimed(p);
}

static void target_margin(struct parser *p, void *out)
{
    target_of(out)->margin = parse_signed(p);
}

static void target_monitored(struct parser *p, void *out)
{
    assert(!p->is_panicking);
    target_of(out)->is_monitored = true;
}

static void target_allow(struct parser *p, void *out)
{
    struct ast_allow allow = parse_allow(p);
    struct target_reading *r = out;
    *(struct ast_allow *)items_add(p, &r->allows, sizeof allow) = allow;
}

/* Points */

/* [ "cap" Number ] */
static struct ast_number read_cap(struct parser *p)
{
    return parser_take_word(p, "cap") ? parse_signed(p) : NUMBER_NONE;
}

/* "per" Number ":" Number [ "cap" Number ] */
static void read_per(struct parser *p, struct ast_points *points)
{
    points->per = parse_signed(p);
    parser_need(p, TOK_COLON);
    points->per_points = parse_signed(p);
    points->cap = read_cap(p);
}

/* "bands" "{" Band { "," Band } "}"; Band = Number ":" Number ; */
static void read_bands(struct parser *p, struct ast_points *points)
{
    struct items bands = {0};
    parser_need(p, TOK_LBRACE);
    do {
        struct ast_band band = {.from = parse_signed(p)};
        parser_need(p, TOK_COLON);
        band.points = parse_signed(p);
        if (p->is_panicking) {
            return;
        }
        *(struct ast_band *)items_add(p, &bands, sizeof band) = band;
    } while (parse_comma(p));
    if (!p->is_panicking && !parser_take(p, TOK_RBRACE)) {
        parser_unexpected(p, DIAG_ID_RULE_SYNTAX, STR("\",\", \"}\""));
    }
    points->bands = bands.items;
    points->n_bands = (uint32_t)bands.n;
}

/* Schedule = "ratio" [ "cap" Number ] | "all_or_nothing" | Per | Bands ; */
static void read_schedule(struct parser *p, struct ast_points *points)
{
    static const char *const words[] = {"ratio", "all_or_nothing", "per", "bands"};
    static const enum schedule schedules[] = {SCHEDULE_RATIO, SCHEDULE_ALL_OR_NOTHING,
                                              SCHEDULE_PER, SCHEDULE_BANDS};
    size_t i = parse_choice(p, words, COUNT_OF(words));
    if (i == SIZE_MAX) {
        return;
    }
    points->schedule = schedules[i];
    switch (points->schedule) {
    case SCHEDULE_RATIO:
        points->cap = read_cap(p);
        return;
    case SCHEDULE_ALL_OR_NOTHING:
        return;
    case SCHEDULE_PER:
        read_per(p, points);
        return;
    case SCHEDULE_BANDS:
        read_bands(p, points);
        return;
    }
}

/* Bonus = "bonus" Number "per" Number "over" Number [ "cap" Number ] ; */
static void read_bonus(struct parser *p, struct ast_points *points)
{
    points->bonus = parse_signed(p);
    parser_need_word(p, "per");
    points->bonus_per = parse_signed(p);
    parser_need_word(p, "over");
    points->bonus_over = parse_signed(p);
    points->bonus_cap = read_cap(p);
}

/* The closing brace of points; what else could stand here depends on what was read. */
static void close_points(struct parser *p, const struct ast_points *points)
{
    if (p->is_panicking || parser_take(p, TOK_RBRACE)) {
        return;
    }
    bool is_over = points->rounding.is_given, has_bonus = points->bonus.is_given;
    bool is_capped = has_bonus ? points->bonus_cap.is_given : points->cap.is_given;
    bool takes_cap = has_bonus || points->schedule == SCHEDULE_RATIO ||
                     points->schedule == SCHEDULE_PER;
    const char *words[3];
    size_t n = 0;
    if (!is_over && takes_cap && !is_capped) {
        words[n++] = "cap";
    }
    if (!is_over && !has_bonus) {
        words[n++] = "bonus";
    }
    if (!is_over) {
        words[n++] = "round";
    }
    struct text expected = text_in(diags_arena(p->diags));
    for (size_t i = 0; i < n; i++) {
        text_printf(&expected, "\"%s\", ", words[i]);
    }
    text_add_z(&expected, "\"}\"");
    struct diag *d = parser_unexpected(p, DIAG_ID_RULE_SYNTAX, text_str(&expected));
    parser_hint(p, d, words, n);
}

/* "points" Expr "{" Schedule [ Bonus ] [ "round" NUMBER ] "}" */
static void target_points(struct parser *p, void *out)
{
    struct ast_target *t = target_of(out);
    struct ast_points *points = &t->points;
    struct span start = p->prev.at;
    t->has_points = true;
    points->maximum = parse_expr(p);
    parser_need(p, TOK_LBRACE);
    read_schedule(p, points);
    if (parser_take_word(p, "bonus")) {
        read_bonus(p, points);
    }
    if (parser_take_word(p, "round")) {
        points->rounding = parse_unsigned(p);
    }
    close_points(p, points);
    points->at = parser_span(p, start);
}

enum {
    TARGET_TITLE,
    TARGET_ACTUAL,
    TARGET_PLAN,
    TARGET_AIM,
    TARGET_WHEN,
    TARGET_PACE,
    TARGET_MARGIN,
    TARGET_POINTS,
    TARGET_MONITORED,
    TARGET_CLAIMED,
    TARGET_ALLOW
};

static const struct clause target_clauses[] = {
    [TARGET_TITLE] = {"title", '?', STARTS_LANG, target_title},
    [TARGET_ACTUAL] = {"actual", '1', STARTS_EXPR, target_actual},
    [TARGET_PLAN] = {"plan", '?', STARTS_EXPR, target_plan},
    [TARGET_AIM] = {"aim", '?', STARTS_NAME, target_aim},
    [TARGET_WHEN] = {"when", '?', STARTS_EXPR, target_when},
    [TARGET_PACE] = {"pace", '?', STARTS_EXPR, target_pace},
    [TARGET_MARGIN] = {"margin", '?', STARTS_NUMBER, target_margin},
    [TARGET_POINTS] = {"points", '?', STARTS_EXPR, target_points},
    [TARGET_MONITORED] = {"monitored", '?', 0, target_monitored},
    [TARGET_CLAIMED] = {"claimed", '?', STARTS_EXPR, target_claimed},
    [TARGET_ALLOW] = {"allow", '*', STARTS_NAME, target_allow},
};

static const char *const target_tails[] = {"because", "within"};

static const struct block_form target_form = {"target", target_clauses,
                                              COUNT_OF(target_clauses), target_tails,
                                              COUNT_OF(target_tails)};

static bool is_written(const struct seen *seen, size_t clause)
{
    return !span_is_none(seen->at[clause]);
}

/* plan: none for aim yes; `..` exactly for between. */
static void check_plan(struct parser *p, const struct ast_target *t,
                       const struct seen *seen)
{
    static const size_t plan[] = {TARGET_PLAN};
    bool is_yes = t->has_aim && t->aim == AIM_YES;
    bool is_between = t->has_aim && t->aim == AIM_BETWEEN;
    bool may_be_yes = is_yes || (!t->has_aim && !seen->is_absent[TARGET_AIM]);
    if (!may_be_yes) {
        parser_one_missing(p, &target_form, seen, plan, COUNT_OF(plan));
    }
    if (!t->has_aim || !t->plan || t->plan->kind == NODE_ERROR) {
        return;
    }
    if (is_yes) {
        parser_exclusive(p, seen->at[TARGET_PLAN], "plan", t->aim_at, "aim yes");
    } else if (t->plan_high && !is_between) {
        parser_only_with(p, t->plan_at, "plan A .. B", "aim between");
    } else if (!t->plan_high && is_between) {
        parser_only_with(p, t->aim_at, "aim between", "plan A .. B");
    }
}

/* What cannot be measured has no plan, no aim and no points. */
static void check_unmeasured(struct parser *p, const struct ast_target *t,
                             const struct seen *seen)
{
    static const size_t without[] = {TARGET_PLAN, TARGET_AIM, TARGET_POINTS,
                                     TARGET_MONITORED};
    for (size_t i = 0; i < COUNT_OF(without); i++) {
        parser_exclusive(p, seen->at[without[i]], target_clauses[without[i]].word,
                         t->actual_at, "actual none");
    }
}

static void check_target(struct parser *p, const struct target_reading *r,
                         const struct seen *seen)
{
    static const size_t aim[] = {TARGET_AIM};
    static const size_t either[] = {TARGET_POINTS, TARGET_MONITORED};
    const struct ast_target *t = r->out;
    bool may_be_none =
        r->is_none || (!t->actual && is_written(seen, TARGET_ACTUAL)) ||
        (!is_written(seen, TARGET_ACTUAL) && !seen->is_absent[TARGET_ACTUAL]);
    if (r->is_none) {
        check_unmeasured(p, t, seen);
    } else if (!may_be_none) {
        check_plan(p, t, seen);
        parser_one_missing(p, &target_form, seen, aim, COUNT_OF(aim));
        parser_one_missing(p, &target_form, seen, either, COUNT_OF(either));
    }
    parser_exclusive(p, seen->at[TARGET_POINTS], "points", seen->at[TARGET_MONITORED],
                     "monitored");
    bool has_no_points = seen->is_absent[TARGET_POINTS] &&
                         (r->is_none || is_written(seen, TARGET_MONITORED));
    if (has_no_points && is_written(seen, TARGET_CLAIMED)) {
        parser_only_with(p, seen->at[TARGET_CLAIMED], "claimed", "points");
    }
}

static void mend_target(const struct parser *p, struct ast_target *t)
{
    struct node *const all[] = {t->actual,
                                t->plan,
                                t->plan_high,
                                t->when,
                                t->pace,
                                t->claimed.value,
                                t->claimed.within.amount};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        parser_mend_expr(p, all[i]);
    }
}

static void begin_target(struct parser *p, struct ast_target *t)
{
    static const char *const reserved[] = {"all", "nothing"};
    *t = (struct ast_target){
        .dataset = NAME_NONE,
        .title = TEXT_NONE,
        .unmeasured = NAME_NONE,
        .plan_at = SPAN_NONE,
        .aim_at = SPAN_NONE,
        .actual_at = SPAN_NONE,
        .claimed = {.within = {.at = SPAN_NONE}, .at = SPAN_NONE},
        .margin = NUMBER_NONE,
        .points = {.cap = NUMBER_NONE,
                   .per = NUMBER_NONE,
                   .per_points = NUMBER_NONE,
                   .bonus = NUMBER_NONE,
                   .bonus_per = NUMBER_NONE,
                   .bonus_over = NUMBER_NONE,
                   .bonus_cap = NUMBER_NONE,
                   .rounding = NUMBER_NONE,
                   .at = SPAN_NONE},
    };
    t->name = parse_heading(p);
    parser_reserved(p, t->name, reserved, COUNT_OF(reserved));
    parser_need_word(p, "on");
    t->dataset = parse_new_name(p);
}

/* Target = "target" NAME "on" NAME "{" { TargetClause } "}" ; */
bool parse_target(struct parser *p, struct decl *d)
{
    struct ast_target *t = &d->u.target;
    struct target_reading r = {.out = t};
    begin_target(p, t);
    struct seen seen = parse_block(p, &target_form, &r);
    check_target(p, &r, &seen);
    mend_target(p, t);
    t->allows = r.allows.items;
    t->n_allows = (uint32_t)r.allows.n;
    t->at = parser_span(p, d->at);
    return t->name.text.p;
}

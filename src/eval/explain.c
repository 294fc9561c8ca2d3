/* See explain.h. For a check, one program a rule computes the sides, the operands and
 * every value that a message names, for the one row of the finding. */
#include "eval/explain.h"

#include "base/utf8.h"
#include "eval/describe.h"
#include "eval/explain_line.h"
#include "eval/kernel.h"
#include "eval/lookup.h"
#include "eval/program.h"
#include "eval/row_unit.h"
#include "eval/shift.h"
#include "eval/show.h"

#include <assert.h>
#include <string.h>

/* What is planned once for each rule that has findings. */
struct planned {
    struct program *program;
    struct check_program check;
    uint32_t *operands;    /* slots */
    uint32_t *units;       /* of the texts that name their units in the row; SLOT_NONE */
    uint32_t *holes[2][2]; /* slots of message and ask, by language, by part */
    const struct keyidx *groups;
    struct line_plan line; /* of an indicator */
};

struct explainer {
    struct arena *a;
    struct evaluation *ev;
    struct cell_reader reader;
    struct planned **planned; /* by rule */
};

struct explainer *explainer_new(struct arena *a, struct evaluation *ev, raw_cell *raw,
                                void *context)
{
    struct explainer *x = arena_new(a, struct explainer);

    *x = (struct explainer){.a = a, .ev = ev, .reader = {raw, context}};
    x->planned = arena_new_array(a, ev->n_rules + 1, struct planned *);
    return x;
}

/* Words that stand alone in a hole are not values: they are filled in when shown. */
static bool is_plain_word(const struct expr *x)
{
    return x->op == EXPR_WORD &&
           (x->word == WORD_KEY || x->word == WORD_FILE || x->word == WORD_LINE);
}

static uint32_t *plan_holes(struct engine *e, struct program *p, const struct template *t)
{
    uint32_t *slots = arena_new_array(e->a, t->n + 1, uint32_t);

    for (uint32_t i = 0; i < t->n; i++) {
        bool has_slot = t->parts[i].value != NULL && !is_plain_word(t->parts[i].value);
        slots[i] = has_slot ? program_add(e, p, t->parts[i].value) : SLOT_NONE;
    }
    return slots;
}

/* Whether the working shows how x is put together, rather than its value alone. */
static bool is_arithmetic(const struct expr *x)
{
    return x->kind == VALUE_NUM &&
           (x->op == EXPR_ADD || x->op == EXPR_SUB || x->op == EXPR_MUL ||
            x->op == EXPR_DIV) &&
           x->args[0]->kind == VALUE_NUM;
}

/* Slots for all values that the working of x names. */
static void plan_working(struct engine *e, struct program *p, const struct expr *x)
{
    if (!is_arithmetic(x)) {
        (void)program_add(e, p, x);
        return;
    }
    plan_working(e, p, x->args[0]);
    plan_working(e, p, x->args[1]);
}

static struct planned *plan_rule(struct explainer *x, uint32_t rule)
{
    struct engine *e = x->ev->engine;
    const struct check *c = x->ev->rules[rule].check;

    if (x->planned[rule] != NULL) {
        return x->planned[rule];
    }
    struct planned *p = arena_new(e->a, struct planned);
    p->program = program_new(e);
    p->check = check_program(e, p->program, c);
    p->line = line_plan(e, p->program, c, p->check.must);
    p->operands = arena_new_array(e->a, c->n_operands + 1, uint32_t);
    p->units = arena_new_array(e->a, c->n_operands + 1, uint32_t);
    for (uint32_t i = 0; i < c->n_operands; i++) {
        const struct operand *o = &c->operands[i];
        p->operands[i] = program_add(e, p->program, o->value);
        p->units[i] = o->unit == NULL ? SLOT_NONE : program_add(e, p->program, o->unit);
    }
    for (int lang = 0; lang < 2; lang++) {
        p->holes[0][lang] = plan_holes(e, p->program, &c->message[lang]);
        p->holes[1][lang] = plan_holes(e, p->program, &c->ask[lang]);
    }
    if (c->has_sides) {
        plan_working(e, p->program, c->left);
        plan_working(e, p->program, c->right);
    }
    p->groups = c->is_group ? check_groups(e, c) : NULL;
    x->planned[rule] = p;
    return p;
}

/* One finding of a check being explained. */
struct job {
    struct explainer *x;
    const struct finding *f;
    const struct check *c;
    const struct planned *p;
    struct domain domain;
    struct vec *slots;
    struct arena *a;
    struct explanation *out;
    struct num value[3]; /* left, right, diff, as far as `out` has them */
};

static bool side_is_there(const struct job *j, int side)
{
    uint32_t slot = j->p->check.side[side];

    return slot != SLOT_NONE && j->slots[slot].kind == VALUE_NUM &&
           vec_state(&j->slots[slot], 0) == CELL_OK;
}

static void show_both(struct job *j, struct num v, struct bilingual *out)
{
    out->lang[LANG_VI] = show_num(j->a, v, LANG_VI);
    out->lang[LANG_EN] = show_num(j->a, v, LANG_EN);
}

/* A side as people read it: years are not grouped. */
static void show_side(struct job *j, struct num v, struct bilingual *out)
{
    if (j->c->left->is_year || j->c->right->is_year) {
        out->lang[LANG_VI] = out->lang[LANG_EN] = num_str(j->a, v);
    } else {
        show_both(j, v, out);
    }
}

static void explain_tolerance(struct job *j, struct num diff)
{
    uint32_t slot = j->p->check.tolerance;
    struct num tolerance, slack;

    if (slot == SLOT_NONE || vec_state(&j->slots[slot], 0) != CELL_OK) {
        return;
    }
    tolerance = vec_num(&j->slots[slot], 0);
    tolerance = num_sign(tolerance) < 0 ? num_int(0) : tolerance;
    j->out->tolerance = num_str(j->a, tolerance);
    if (num_sub(tolerance, num_abs(diff), &slack) == DEC_OK) {
        j->out->slack = num_str(j->a, slack);
    }
}

static void explain_sides(struct job *j)
{
    struct num *value = j->value, diff;

    for (int side = 0; side < 2; side++) {
        if (!side_is_there(j, side)) {
            continue;
        }
        value[side] = vec_num(&j->slots[j->p->check.side[side]], 0);
        *(side == 0 ? &j->out->left : &j->out->right) = num_str(j->a, value[side]);
        show_side(j, value[side], side == 0 ? &j->out->shown_left : &j->out->shown_right);
    }
    if (side_is_there(j, 0) && side_is_there(j, 1) &&
        num_sub(value[0], value[1], &diff) == DEC_OK) {
        value[2] = diff;
        j->out->diff = num_str(j->a, diff);
        show_both(j, diff, &j->out->shown_diff);
        explain_tolerance(j, diff);
    }
}

/* The op of an operand's slot; folded comparisons and the like never are operands. */
static const struct op *op_of(const struct job *j, uint32_t slot)
{
    return &j->p->program->ops[slot];
}

static struct frame frame_of(const struct job *j)
{
    return (struct frame){.engine = j->x->ev->engine,
                          .program = j->p->program,
                          .domain = &j->domain,
                          .slots = j->slots};
}

/* The cell an operand was read from, where it is one cell. */
static struct cell_place operand_place(const struct job *j, const struct expr *v,
                                       uint32_t slot)
{
    struct engine *e = j->x->ev->engine;
    uint32_t row = j->f->row;
    uint8_t state = CELL_OK;

    if (v->op == EXPR_ROW_UNIT) {
        v = v->args[0];
    }
    if (v->op == EXPR_COLUMN && v->scope == 0) {
        return j->c->is_group ? place_none()
                              : place_of_row(e, v->dataset, row, v->column);
    }
    const struct op *op = op_of(j, slot);
    if (v->op == EXPR_LOOKUP && op->run == run_lookup &&
        v->select->pick->op == EXPR_COLUMN) {
        struct frame f = frame_of(j);
        const struct lookup *l = op->data;
        lookup_rows(&f, op, l->selector, &row, &state);
        return state == CELL_OK
                   ? place_of_row(e, v->select->dataset, row, v->select->pick->column)
                   : place_none();
    }
    if (v->op == EXPR_PREVIOUS && op->run == run_previous &&
        v->args[0]->op == EXPR_COLUMN && !j->c->is_group) {
        row = shift_row_of_previous(e, op->data, row);
        return row == ROW_NONE
                   ? place_none()
                   : place_of_row(e, v->args[0]->dataset, row, v->args[0]->column);
    }
    return place_none();
}

/* An operand for machines; an unknown code as its cell has it. */
static struct str operand_text(const struct job *j, const struct expr *x,
                               const struct vec *v, const struct cell_place *at)
{
    struct engine *e = j->x->ev->engine;
    struct str text = show_canonical(j->a, e->texts, v, 0);

    if (v->kind != VALUE_CODE || text.p == NULL) {
        return text;
    }
    struct str shown = engine_code_shown(e, x->codelist, v->id[0]);
    struct str written =
        str_eq(shown, text) ? STR_NONE : cell_written(&j->x->reader, at, j->a);
    return written.p == NULL ? shown : written;
}

/* The unit of operand i: that of its place, or what its row names. */
static struct str operand_unit(const struct job *j, uint32_t i)
{
    struct engine *e = j->x->ev->engine;
    const struct expr *value = j->c->operands[i].value;
    uint32_t named = j->p->units[i];

    if (value->kind == VALUE_NUM && value->unit.kind == UNIT_DECLARED) {
        return unit_str(j->a, &value->unit, e->rules->units, false);
    }
    if (named == SLOT_NONE || vec_state(&j->slots[named], 0) != CELL_OK) {
        return STR_NONE;
    }
    return row_unit_called(e, j->slots[named].id[0]);
}

static struct str show_slot(const struct job *j, uint32_t slot, const struct expr *v,
                            enum diag_lang lang)
{
    const struct vec *value = &j->slots[slot];

    if (value->kind == VALUE_CODE && vec_state(value, 0) == CELL_OK) {
        return engine_code_shown(j->x->ev->engine, v->codelist, value->id[0]);
    }
    return show_value(j->a, j->x->ev->engine->texts, &j->slots[slot], 0, v->is_year,
                      lang);
}

/* A number as people write it, and what its unit is called. */
static void show_operand(const struct job *j, uint32_t i, struct explained_operand *out)
{
    const struct expr *value = j->c->operands[i].value;

    if (value->kind != VALUE_NUM || out->value.p == NULL) {
        return;
    }
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        out->shown.lang[lang] =
            show_slot(j, j->p->operands[i], value, (enum diag_lang)lang);
    }
    out->unit_label = out->unit;
    if (value->unit.kind == UNIT_DECLARED) {
        out->unit_label =
            unit_str(j->a, &value->unit, j->x->ev->engine->rules->units, true);
    }
}

static void explain_operands(struct job *j)
{
    struct explained_operand *operands =
        arena_new_array(j->a, j->c->n_operands + 1, struct explained_operand);

    for (uint32_t i = 0; i < j->c->n_operands; i++) {
        const struct operand *o = &j->c->operands[i];
        const struct vec *v = &j->slots[j->p->operands[i]];
        operands[i].name = o->name;
        operands[i].place = operand_place(j, o->value, j->p->operands[i]);
        operands[i].value = operand_text(j, o->value, v, &operands[i].place);
        operands[i].unit = operand_unit(j, i);
        show_operand(j, i, &operands[i]);
    }
    j->out->operands = operands;
    j->out->n_operands = j->c->n_operands;
}

static void put_word(const struct job *j, struct text *t, enum hole_word word)
{
    const struct cell_place *at = &j->out->place;

    switch (word) {
    case WORD_KEY:
        text_add(t, describe_key(j->a, j->out->key, j->out->n_key));
        break;
    case WORD_FILE:
        text_add(t,
                 at->file == ID_NONE
                     ? STR("–")
                     : j->x->ev->engine->facts[at->dataset].table->files[at->file].path);
        break;
    case WORD_LINE:
        if (at->file == ID_NONE) {
            text_add(t, STR("–"));
        } else {
            text_uint(t, at->record.line);
        }
        break;
    case WORD_LEFT:
    case WORD_RIGHT:
    case WORD_DIFF:
    case WORD_SLACK:
        break;
    }
}

static struct str fill(const struct job *j, const struct template *template,
                       const uint32_t *slots, enum diag_lang lang)
{
    struct text t = text_in(j->a);

    if (template->n == 0) {
        return STR_NONE;
    }
    for (uint32_t i = 0; i < template->n; i++) {
        const struct part *part = &template->parts[i];
        if (part->value == NULL) {
            text_add(&t, part->text);
        } else if (slots[i] == SLOT_NONE) {
            put_word(j, &t, part->value->word);
        } else {
            text_add(&t, show_slot(j, slots[i], part->value, lang));
        }
    }
    return text_str(&t);
}

/* "htx_total = 540, a = …": the operands and their values. */
static void put_operands(const struct job *j, struct text *t, enum diag_lang lang)
{
    for (uint32_t i = 0; i < j->c->n_operands; i++) {
        text_add(t, i == 0 ? STR("") : STR(", "));
        text_add(t, j->c->operands[i].name);
        text_add(t, STR(" = "));
        text_add(t, show_slot(j, j->p->operands[i], j->c->operands[i].value, lang));
    }
}

/* The message of a check whose author wrote none in this language. */
static struct str made_message(const struct job *j, enum diag_lang lang)
{
    static const char *const words[2][4] = {
        {" không đúng: bên trái ", ", bên phải ", ", lệch ", " không đúng: "},
        {" does not hold: left ", ", right ", ", off by ", " does not hold: "},
    };
    struct str own = line_message(&j->p->line, j->a, j->slots, j->f->row, lang);
    struct text t = text_in(j->a);

    if (own.p != NULL) {
        return own;
    }
    text_add(&t, j->c->formula);
    if (j->out->diff.p == NULL) {
        text_add_z(&t, words[lang][3]);
        put_operands(j, &t, lang);
        return text_str(&t);
    }
    const struct bilingual *const shown[3] = {&j->out->shown_left, &j->out->shown_right,
                                              &j->out->shown_diff};
    for (int i = 0; i < 3; i++) {
        text_add_z(&t, words[lang][i]);
        text_add(&t, shown[i]->lang[lang]);
    }
    return text_str(&t);
}

/* Why there is no verdict: the reason and the operands it comes from. */
static struct str made_reason(const struct job *j, enum diag_lang lang)
{
    struct text t = text_in(j->a);

    text_add(&t, show_no_verdict(j->f->verdict, lang));
    text_add(&t, show_reason_words(j->f->state, lang));
    if (j->out->cause.p != NULL) {
        text_add(&t, STR(" ("));
        text_add(&t, j->out->cause);
        text_char(&t, ')');
    }
    return text_str(&t);
}

static void explain_messages(struct job *j)
{
    for (int i = 0; i < 2; i++) {
        enum diag_lang lang = (enum diag_lang)i;
        struct str written = fill(j, &j->c->message[i], j->p->holes[0][i], lang);
        if (j->f->verdict != VERDICT_FAIL) {
            j->out->message.lang[i] = made_reason(j, lang);
        } else {
            j->out->message.lang[i] = written.p != NULL ? written : made_message(j, lang);
        }
        j->out->ask.lang[i] = fill(j, &j->c->ask[i], j->p->holes[1][i], lang);
    }
}

static bool is_sum(const struct expr *x)
{
    return x->op == EXPR_ADD || x->op == EXPR_SUB;
}

static void put_working(const struct job *j, struct text *t, const struct expr *x,
                        enum diag_lang lang);

/* An operand, in parentheses where it is negative or a sum that binds less. */
static void put_part(const struct job *j, struct text *t, const struct expr *x,
                     bool is_closed, enum diag_lang lang)
{
    struct text part = text_in(j->a);

    put_working(j, &part, x, lang);
    bool is_negative = str_starts(text_str(&part), STR("−")) ||
                       str_starts(text_str(&part), STR(SHOW_NEARLY "−"));
    bool has_brackets = is_negative || (is_closed && is_arithmetic(x));
    text_add(t, has_brackets ? STR("(") : STR(""));
    text_add(t, text_str(&part));
    text_add(t, has_brackets ? STR(")") : STR(""));
}

/* The formula with values in place of names: "535 + 8 − 2". */
static void put_working(const struct job *j, struct text *t, const struct expr *x,
                        enum diag_lang lang)
{
    const char *const sign = x->op == EXPR_ADD   ? " + "
                             : x->op == EXPR_SUB ? " − "
                             : x->op == EXPR_MUL ? " × "
                                                 : " / ";

    if (!is_arithmetic(x)) {
        uint32_t slot = program_add(j->x->ev->engine, j->p->program, x);
        text_add(t, show_slot(j, slot, x, lang));
        return;
    }
    bool is_product = !is_sum(x);
    if (is_product && is_sum(x->args[0])) {
        put_part(j, t, x->args[0], true, lang);
    } else {
        put_working(j, t, x->args[0], lang);
    }
    text_add_z(t, sign);
    put_part(j, t, x->args[1], is_product || (x->op == EXPR_SUB && is_sum(x->args[1])),
             lang);
}

/* " = 541", " ≈ 0,333333" */
static void put_equals(struct text *t, struct str shown)
{
    bool is_near = str_starts(shown, STR(SHOW_NEARLY));

    text_add(t, is_near ? STR(" " SHOW_NEARLY " ") : STR(" = "));
    text_add(t, str_cut(shown, is_near ? sizeof SHOW_NEARLY - 1 : 0, shown.n));
}

static void explain_working(struct job *j)
{
    static const char *const off[2] = {", lệch ", ", off by "};
    const struct expr *sides[2] = {j->c->left, j->c->right};

    if (j->out->diff.p == NULL) {
        return;
    }
    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(j->a);
        for (int side = 0; side < 2; side++) {
            if (!is_arithmetic(sides[side])) {
                continue;
            }
            text_add(&t, text_str(&t).n == 0 ? STR("") : STR("; "));
            put_working(j, &t, sides[side], (enum diag_lang)lang);
            put_equals(
                &t, (side == 0 ? &j->out->shown_left : &j->out->shown_right)->lang[lang]);
        }
        if (text_str(&t).n > 0) {
            text_add_z(&t, off[lang]);
            text_add(&t, j->out->shown_diff.lang[lang]);
            j->out->working.lang[lang] = text_str(&t);
        }
    }
}

/* What stands beside the carets: "htx_total = 540, phải là 541". */
static void explain_mark(struct job *j)
{
    static const char *const must_be[2][6] = {
        {", phải là ", ", không được là ", ", phải dưới ", ", nhiều nhất ",
         ", phải trên ", ", ít nhất "},
        {", must be ", ", must not be ", ", must be below ", ", at most ",
         ", must be above ", ", at least "},
    };

    if (j->c->n_operands == 0 || j->c->column == ID_NONE) {
        return;
    }
    const struct expr *first = j->c->operands[0].value;
    bool is_left = j->c->has_sides && j->c->left == first && j->out->diff.p != NULL;
    for (int lang = 0; lang < 2; lang++) {
        struct text t = text_in(j->a);
        text_add(&t, j->c->operands[0].name);
        put_equals(&t, show_slot(j, j->p->operands[0], first, (enum diag_lang)lang));
        if (is_left) {
            text_add_z(&t, must_be[lang][j->c->cmp]);
            text_add(&t, j->out->shown_right.lang[lang]);
        }
        j->out->at_mark.lang[lang] = text_str(&t);
    }
}

/* Where the value in `slot` could not be converted from the unit of its row; NULL. */
static const struct op *failed_conversion(const struct job *j, uint32_t slot)
{
    const struct program *p = j->p->program;

    for (uint32_t i = 0; i < p->n; i++) {
        if (p->ops[i].run == run_row_unit && p->ops[i].args[0] == slot &&
            vec_state(&j->slots[i], 0) == CELL_UNIT) {
            return &p->ops[i];
        }
    }
    return NULL;
}

/* " (xyz → trd)": the unit found and the one expected. */
static void put_units(const struct job *j, struct text *t, const struct op *op)
{
    struct engine *e = j->x->ev->engine;
    const struct unit_expr *unit = &op->expr->unit;
    struct str wanted = unit->kind == UNIT_DECLARED
                            ? unit_str(j->a, unit, e->rules->units, false)
                            : STR("%");

    if (op->n > 2) {
        wanted = row_unit_called(e, j->slots[op->args[2]].id[0]);
    }
    text_add_z(t, " (");
    text_add(t, row_unit_called(e, j->slots[op->args[1]].id[0]));
    text_add_z(t, " → ");
    text_add(t, wanted);
    text_char(t, ')');
}

/* Names the operands that are not there, of an error those that made it; of an incomplete
 * group also the rows it lacks. */
static struct str cause_of(const struct job *j)
{
    struct text t = text_in(j->a);
    bool is_error = j->f->verdict == VERDICT_ERROR;

    for (uint32_t i = 0; i < j->c->n_operands; i++) {
        uint32_t slot = j->p->operands[i];
        uint8_t state = vec_state(&j->slots[slot], 0);
        const struct op *op = op_of(j, slot),
                        *conversion = is_error ? failed_conversion(j, slot) : NULL;
        bool is_innocent =
            is_error ? cell_kind(state) != CELL_KIND_ERROR : state == CELL_OK;
        if (is_innocent && conversion == NULL) {
            continue;
        }
        text_add(&t, text_str(&t).n == 0 ? STR("") : STR(", "));
        text_add(&t, j->c->operands[i].name);
        if (conversion != NULL) {
            put_units(j, &t, conversion);
        }
        if (state == CELL_INCOMPLETE && op->run == run_aggregate) {
            struct frame f = frame_of(j);
            describe_absent(&t, j->a, &f, op);
        }
    }
    return text_str(&t).n == 0 ? STR_NONE : text_str(&t);
}

static const struct explanation *explain_check(struct explainer *x,
                                               const struct finding *f, struct arena *a)
{
    struct engine *e = x->ev->engine;
    const struct check *c = x->ev->rules[f->rule].check;
    struct job j = {.x = x,
                    .f = f,
                    .c = c,
                    .p = plan_rule(x, f->rule),
                    .a = a,
                    .out = arena_new(a, struct explanation)};
    size_t mark = scratch_mark(e->batch);
    uint8_t first = 0;

    j.domain = (struct domain){.n = 1, .n_scopes = 1};
    j.domain.scope[0] = (struct scope_rows){
        .facts = &e->facts[c->dataset], .group = j.p->groups, .rows = &f->row};
    j.slots = program_run(e, j.p->program, &j.domain, &first);
    j.out->place =
        place_of_row(e, c->dataset, c->is_group ? ROW_NONE : f->row, c->column);
    j.out->place.column = c->column;
    j.out->place.dataset = c->dataset;
    const struct schema *s = e->facts[c->dataset].schema;
    struct row_key of = {c->dataset, f->row, c->is_group ? c->each : s->key,
                         c->is_group ? c->n_each : s->n_key};
    explain_key(e, a, &of, c->is_group ? NULL : &x->reader, j.out);
    j.out->title = c->title;
    j.out->because = c->because;
    j.out->rule_at = c->at;
    explain_sides(&j);
    explain_operands(&j);
    if (f->verdict != VERDICT_FAIL) {
        j.out->reason = show_reason(f->state);
        j.out->cause = cause_of(&j);
    }
    explain_messages(&j);
    explain_working(&j);
    explain_mark(&j);
    scratch_rewind(e->batch, mark);
    return j.out;
}

const struct explanation *explain(struct explainer *x, const struct finding *f,
                                  struct arena *a)
{
    assert(x && f && a && f->rule < x->ev->n_rules);
    if (x->ev->rules[f->rule].kind == RULE_CHECK) {
        return explain_check(x, f, a);
    }
    return explain_structural(x->ev, f, &x->reader, a);
}

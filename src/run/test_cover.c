/* A check is covered when some test expects it to fail: only then is it known to find
 * anything; and when some test expects it to pass: only then is it known to spare what is
 * right. What names something without a definition never comes to either, so it is listed
 * apart. The main types (ESS) are those that checks name with `type`, and those that
 * structural checks are by nature. Validation levels: 0 the file itself, 1 within a data
 * set, 2 between data sets or periods of one source, 3 to 5 between sources, domains and
 * institutions, which a rule has to say by its tag (`tags level_3`). */
#include "run/test_cover.h"

#include "report/sheet.h"
#include "run/uses.h"

#include <assert.h>

enum { LEVELS = 6, INDENT = 4 };

static const struct {
    const char *code, *means[2];
} types[] = {
#define ESS(code, vi, en) {code, {vi, en}},
#include "run/ess.def"
#undef ESS
};

/* What structural checks are. */
static const struct {
    const char *suffix, *type;
    unsigned level;
} structural[] = {
    {"columns", "FLF", 0}, {"row", "FDD", 0},      {"key", "RWD", 1},
    {"cover", "REP", 1},   {"totals", "VAD", 1},   {"tree", "VAD", 1},
    {"pair", "COC", 1},    {"required", "FDM", 0}, {"type", "FDT", 0},
    {"range", "VIR", 1},   {"pattern", "FDT", 0},  {"length", "FDL", 0},
    {"unique", "RWD", 1},  {"code", "COV", 1},     {"ambiguous", "DES", 0},
};

struct survey {
    struct arena *a;
    const struct ruleset *rules;
    struct text out;
    struct sheet sheet;
    /* 0: nothing, 1: a check, 2: a check with a failing example */
    unsigned by_type[COUNT_OF(types)], by_level[LEVELS];
};

unsigned check_level(struct arena *a, const struct ruleset *rules, const struct check *c)
{
    assert(a && rules && c);
    for (uint32_t i = 0; i < c->n_tags; i++) {
        struct str tag = c->tags[i];
        if (tag.n == 7 && str_starts(tag, STR("level_")) && tag.p[6] >= '0' &&
            tag.p[6] < '0' + LEVELS) {
            return (unsigned)(tag.p[6] - '0');
        }
    }
    struct uses *u = uses_new(a, rules);
    uses_check(u, c);
    return uses_time(u) || uses_datasets(u) > 1 ? 2 : 1;
}

static bool has_example(const struct ruleset *rules, struct str check,
                        enum expected_verdict verdict)
{
    for (uint32_t i = 0; i < rules->n_tests; i++) {
        const struct test_block *t = &rules->tests[i];
        for (uint32_t k = 0; k < t->n_expects; k++) {
            if (t->expects[k].verdict == verdict && str_eq(t->expects[k].check, check)) {
                return true;
            }
        }
    }
    return false;
}

static void raise(unsigned *slot, unsigned to)
{
    *slot = to > *slot ? to : *slot;
}

static void take_type(struct survey *c, struct str type, unsigned to)
{
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (str_eq(type, str_of(types[i].code))) {
            raise(&c->by_type[i], to);
        }
    }
}

static void take_checks(struct survey *c)
{
    for (uint32_t i = 0; i < c->rules->n_checks; i++) {
        const struct check *check = &c->rules->checks[i];
        unsigned to = has_example(c->rules, check->id, EXPECT_FAIL) ? 2 : 1;
        raise(&c->by_level[check_level(c->a, c->rules, check)], to);
        if (check->type.p) {
            take_type(c, check->type, to);
        }
    }
}

/* A structural check, by its id, that a test expects to fail. */
static void take_expected(struct survey *c, struct str id)
{
    for (size_t i = 0; i < COUNT_OF(structural); i++) {
        struct str end = str_of(structural[i].suffix);
        if (str_ends(id, end) && id.n > end.n && id.p[id.n - end.n - 1] == '.') {
            raise(&c->by_level[structural[i].level], 2);
            take_type(c, str_of(structural[i].type), 2);
        }
    }
}

static bool is_number(enum column_type t)
{
    return t == COLUMN_COUNT || t == COLUMN_INTEGER || t == COLUMN_DECIMAL ||
           t == COLUMN_PERCENT;
}

/* Whether the declaration of a data set brings this structural check along. */
static bool is_declared(const struct dataset *d, const char *suffix)
{
    const struct schema *s = &d->schema;
    bool has_number = false, has_required = false, has_range = false, has_code = false;
    bool has_pattern = false, has_length = false, has_unique = false;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const struct column *c = &s->columns[i];
        has_number = has_number || is_number(c->type);
        has_required = has_required || !c->is_optional;
        has_range = has_range || c->has_range || c->n_set || c->type == COLUMN_COUNT;
        has_code = has_code || c->type == COLUMN_CODE;
        has_pattern = has_pattern || c->pattern.p;
        has_length = has_length || c->max_length;
        has_unique = has_unique || c->is_unique;
    }
    const struct {
        const char *suffix;
        bool is_there;
    } rows[] = {
        {"cover", d->n_covers},     {"totals", s->n_totals},
        {"pair", s->n_pairs},       {"tree", s->tree_child != ID_NONE},
        {"required", has_required}, {"range", has_range},
        {"code", has_code},         {"pattern", has_pattern},
        {"length", has_length},     {"unique", has_unique},
        {"ambiguous", has_number},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (str_eq(str_of(rows[i].suffix), str_of(suffix))) {
            return rows[i].is_there;
        }
    }
    return true;
}

/* Structural checks are there without being written; a test may expect them to fail. */
static void take_structural(struct survey *c)
{
    for (uint32_t d = 0; d < c->rules->n_datasets; d++) {
        for (size_t i = 0; i < COUNT_OF(structural); i++) {
            if (is_declared(&c->rules->datasets[d], structural[i].suffix)) {
                raise(&c->by_level[structural[i].level], 1);
                take_type(c, str_of(structural[i].type), 1);
            }
        }
    }
    for (uint32_t i = 0; i < c->rules->n_tests; i++) {
        const struct test_block *t = &c->rules->tests[i];
        for (uint32_t k = 0; k < t->n_expects; k++) {
            if (t->expects[k].verdict == EXPECT_FAIL) {
                take_expected(c, t->expects[k].check);
            }
        }
    }
}

/* ---- printing ---- */

/* A list that wraps at the sheet's width. */
struct list {
    struct sheet *sheet;
    size_t column;
};

static void list_item(struct list *l, struct str item)
{
    size_t width = sheet_width_of(item) + 2;
    if (l->column && l->column + width > l->sheet->width) {
        text_add_z(l->sheet->out, ",\n");
        l->column = 0;
    }
    if (l->column) {
        text_add_z(l->sheet->out, ", ");
    } else {
        sheet_blanks(l->sheet, INDENT);
        l->column = INDENT;
    }
    sheet_text(l->sheet, item);
    l->column += width;
}

static void list_end(struct list *l)
{
    if (l->column) {
        sheet_char(l->sheet, '\n');
    } else {
        sheet_blanks(l->sheet, INDENT);
        sheet_say(l->sheet, "không có\n", "none\n");
    }
}

/* The checks without an example of that verdict, of those that can have one. */
static void put_untried(struct survey *c, enum expected_verdict verdict)
{
    struct list l = {.sheet = &c->sheet};
    for (uint32_t i = 0; i < c->rules->n_checks; i++) {
        const struct check *check = &c->rules->checks[i];
        if (check->undefined.p == NULL && !has_example(c->rules, check->id, verdict)) {
            list_item(&l, check->id);
        }
    }
    list_end(&l);
}

static bool has_undefined(const struct ruleset *rules)
{
    for (uint32_t i = 0; i < rules->n_checks; i++) {
        if (rules->checks[i].undefined.p != NULL) {
            return true;
        }
    }
    return false;
}

static void put_undefined(struct survey *c)
{
    struct list l = {.sheet = &c->sheet};
    sheet_say(&c->sheet, "Phép kiểm chưa thử được (còn chờ định nghĩa):\n",
              "Checks that cannot be tried (they await a definition):\n");
    for (uint32_t i = 0; i < c->rules->n_checks; i++) {
        if (c->rules->checks[i].undefined.p != NULL) {
            list_item(&l, c->rules->checks[i].id);
        }
    }
    list_end(&l);
}

static void put_checks(struct survey *c)
{
    sheet_say(&c->sheet, "Phép kiểm chưa có ca sai (chưa phép thử nào đòi nó fail):\n",
              "Checks with no failing example (no test expects them to fail):\n");
    put_untried(c, EXPECT_FAIL);
    sheet_say(&c->sheet, "Phép kiểm chưa có ca đúng (chưa phép thử nào đòi nó pass):\n",
              "Checks with no passing example (no test expects them to pass):\n");
    put_untried(c, EXPECT_PASS);
    if (has_undefined(c->rules)) {
        put_undefined(c);
    }
}

static struct uses *all_uses(struct survey *c)
{
    struct uses *u = uses_new(c->a, c->rules);
    for (uint32_t i = 0; i < c->rules->n_checks; i++) {
        uses_check(u, &c->rules->checks[i]);
    }
    for (uint32_t i = 0; i < c->rules->n_indicators; i++) {
        uses_expr(u, c->rules->indicators[i].value);
    }
    for (uint32_t i = 0; i < c->rules->n_targets; i++) {
        uses_target(u, &c->rules->targets[i]);
    }
    for (uint32_t i = 0; i < c->rules->n_boards; i++) {
        uses_board(u, &c->rules->boards[i]);
    }
    return u;
}

static void put_columns(struct survey *c)
{
    const struct uses *u = all_uses(c);
    struct list l = {.sheet = &c->sheet};
    sheet_say(&c->sheet, "Cột chưa quy tắc nào đọc (ngoài kiểm tra cấu trúc):\n",
              "Columns that no rule reads (structural checks aside):\n");
    for (uint32_t d = 0; d < c->rules->n_datasets; d++) {
        const struct schema *s = &c->rules->datasets[d].schema;
        for (uint32_t i = 0; i < s->n_columns; i++) {
            if (s->columns[i].is_key || uses_column(u, d, i)) {
                continue;
            }
            struct text name = text_in(c->a);
            text_add(&name, s->name);
            text_char(&name, '.');
            text_add(&name, s->columns[i].name);
            list_item(&l, text_str(&name));
        }
    }
    list_end(&l);
}

static void put_types(struct survey *c, unsigned state, const char *vi, const char *en)
{
    struct list l = {.sheet = &c->sheet};
    sheet_blanks(&c->sheet, 2);
    sheet_say(&c->sheet, vi, en);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (c->by_type[i] == state) {
            struct text item = text_in(c->a);
            text_add_z(&item, types[i].code);
            text_add_z(&item, " (");
            text_add_z(&item, types[i].means[c->sheet.lang]);
            text_char(&item, ')');
            list_item(&l, text_str(&item));
        }
    }
    list_end(&l);
}

static void put_levels(struct survey *c)
{
    static const char *const means[LEVELS][2] = {
        {"trong tệp: dạng và kiểu", "the file itself: format and types"},
        {"trong một bảng", "within one data set"},
        {"giữa các bảng, các kỳ của cùng một nguồn",
         "between data sets and periods of one source"},
        {"giữa các nguồn cùng lĩnh vực", "between sources of one domain"},
        {"giữa các lĩnh vực", "between domains"},
        {"với cơ quan khác", "with other institutions"},
    };
    static const char *const states[][2] = {
        {"chưa có phép kiểm", "no check"},
        {"có phép kiểm, chưa có ca sai", "checks, no failing example"},
        {"có ca sai", "with a failing example"},
    };
    sheet_say(&c->sheet, "Cấp độ kiểm tra (0–5):\n", "Validation levels (0–5):\n");
    for (unsigned i = 0; i < LEVELS; i++) {
        sheet_blanks(&c->sheet, INDENT);
        text_uint(&c->out, i);
        sheet_char(&c->sheet, ' ');
        sheet_say(&c->sheet, means[i][LANG_VI], means[i][LANG_EN]);
        text_add_z(&c->out, ": ");
        sheet_say(&c->sheet, states[c->by_level[i]][LANG_VI],
                  states[c->by_level[i]][LANG_EN]);
        sheet_char(&c->sheet, '\n');
    }
}

struct str test_cover(struct arena *a, const struct ruleset *rules,
                      const struct report_style *style)
{
    assert(a && rules && style);
    struct survey *c = arena_new(a, struct survey);
    c->a = a;
    c->rules = rules;
    c->out = text_in(a);
    c->sheet = sheet_on(&c->out, style);
    take_checks(c);
    take_structural(c);
    put_checks(c);
    put_columns(c);
    sheet_say(&c->sheet, "Loại kiểm tra chính (ESS):\n",
              "Main types of validation (ESS):\n");
    put_types(c, 2, "có ca sai:\n", "with a failing example:\n");
    put_types(c, 1, "có phép kiểm, chưa có ca sai:\n", "checks, no failing example:\n");
    put_types(c, 0, "chưa có phép kiểm:\n", "no check:\n");
    put_levels(c);
    return text_str(&c->out);
}

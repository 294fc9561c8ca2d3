/* Types by what all cells of a column could be.
 *
 * What a text could be does not depend on its column, so it is worked out once per
 * distinct text, as a set of facts; a column counts how many of its cells have each fact,
 * and a type fits when all of them have its own. Header words decide only where the cells
 * leave it open: digits may be a code or a count, four digits a year or a number. */
#include "data/draft.h"

#include "base/utf8.h"
#include "value/bare.h"
#include "value/date.h"

#include <assert.h>
#include <string.h>

#define NAME_MAX_BYTES 40u
#define CODES_MAX 8u /* distinct texts that make a list of categories */
#define CODE_BYTES_MAX 40u
#define CODE_ROWS 3u /* rows for each of them, at least */

enum fact {
    FACT_PERIOD, /* not four digits alone */
    FACT_YEAR,   /* four digits that could be one */
    FACT_DATE,
    FACT_FLAG,
    FACT_DIGITS,
    FACT_PADDED, /* digits with a zero in front */
    FACT_NUMBER, /* in some format; the next ones: in that of their place */
    FACT_IN_FORMAT,
    FACT_WHOLE = FACT_IN_FORMAT + NUMFMT_COUNT, /* the same for whole numbers */
    FACT_ANY_WHOLE = FACT_WHOLE + NUMFMT_COUNT,
    FACT_NEGATIVE,
    FACT_PERCENT,
    FACT_MARK,
    FACT_MISSING, /* coded texts */
    FACT_ZERO,
    FACT_NA,
    FACT_TOTALS,
    FACT_COUNT
};

#define IS(fact) ((uint32_t)1 << (fact))
#define KNOWN IS(31) /* the text's facts have been worked out */
static_assert(FACT_COUNT < 31, "facts are bits of 32");

/* What the cells of a column are: how many have each fact. */
struct survey {
    uint32_t with[FACT_COUNT];
    uint32_t n;                 /* filled cells, those of totals rows not counted */
    uint32_t longest, shortest; /* bytes */
    uint32_t odd_row;           /* of the first cell that is neither number nor coded */
    uint32_t n_odd;
    uint32_t distinct[CODES_MAX + 1]; /* ids, the first ones */
    uint32_t n_distinct;
};

struct drafter {
    struct arena *a;
    struct draft *d;
    const struct table *t;
    uint32_t *facts;    /* by id of the dictionary */
    uint8_t *is_totals; /* per row */
    struct survey *surveys;
};

/* ---- words */

static const struct {
    const char *bare;
    enum fact fact;
} known_words[] = {
    {"...", FACT_MISSING},
    {"..", FACT_MISSING},
    {"n/a", FACT_MISSING},
    {"#n/a", FACT_MISSING},
    {"na", FACT_MISSING},
    {"null", FACT_MISSING},
    {"chua co", FACT_MISSING},
    {"chua co so lieu", FACT_MISSING},
    {"chua bao cao", FACT_MISSING},
    {"chua tong hop", FACT_MISSING},
    {"khong co so lieu", FACT_MISSING},
    {"-", FACT_ZERO},
    {"x", FACT_NA},
    {"tong", FACT_TOTALS},
    {"tong cong", FACT_TOTALS},
    {"tong so", FACT_TOTALS},
    {"cong", FACT_TOTALS},
    {"toan cum", FACT_TOTALS},
    {"ca nuoc", FACT_TOTALS},
    {"total", FACT_TOTALS},
    {"grand total", FACT_TOTALS},
};

static uint32_t word_facts(struct str text)
{
    char bare[32];
    size_t n = bare_text(text, bare, sizeof bare);
    uint32_t facts = str_eq(text, STR("…")) ? IS(FACT_MISSING) : 0;
    for (size_t i = 0; n > 0 && i < COUNT_OF(known_words); i++) {
        if (strcmp(known_words[i].bare, bare) == 0) {
            facts |= IS(known_words[i].fact);
        }
    }
    return facts;
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n > 0;
}

static uint32_t number_facts(struct str text)
{
    struct numfmt_cell cell;
    uint32_t facts = 0;
    numfmt_read(text, true, &cell);
    for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
        if (cell.status[f] != NUMFMT_OK) {
            continue;
        }
        facts |= IS(FACT_NUMBER) | IS(FACT_IN_FORMAT + f);
        facts |= num_sign(cell.value[f]) < 0 ? IS(FACT_NEGATIVE) : 0;
        facts |=
            num_is_whole(cell.value[f]) ? IS(FACT_WHOLE + f) | IS(FACT_ANY_WHOLE) : 0;
    }
    if (facts) {
        facts |= cell.has_percent ? IS(FACT_PERCENT) : 0;
        facts |= cell.has_mark ? IS(FACT_MARK) : 0;
    }
    return facts;
}

static uint32_t facts_of(struct arena *a, struct str text)
{
    int32_t when;
    bool is_true;
    uint32_t facts = word_facts(text) | number_facts(text);
    facts |= date_parse(text, &when) ? IS(FACT_DATE) : 0;
    facts |= flag_read(str_fold(a, text), &is_true) ? IS(FACT_FLAG) : 0;
    if (!is_digits(text)) {
        facts |= period_parse(text, &when) ? IS(FACT_PERIOD) : 0;
    } else {
        bool is_padded = text.n > 1 && text.p[0] == '0';
        bool is_year =
            text.n == 4 && (str_starts(text, STR("19")) || str_starts(text, STR("20")));
        facts |= IS(FACT_DIGITS) | (is_padded ? IS(FACT_PADDED) : 0);
        facts |= is_year ? IS(FACT_YEAR) : 0;
    }
    return facts;
}

static uint32_t facts_at(struct drafter *w, uint32_t id)
{
    if (!(w->facts[id] & KNOWN)) {
        w->facts[id] = facts_of(w->a, dict_str(w->t->texts, id)) | KNOWN;
    }
    return w->facts[id];
}

/* ---- names */

/* Where the bracket at a header's end opens; SIZE_MAX: it has none. */
static size_t bracket(struct str s)
{
    size_t at = s.n;
    if (s.n == 0 || s.p[s.n - 1] != ')') {
        return SIZE_MAX;
    }
    while (at > 0 && s.p[at - 1] != '(') {
        at--;
    }
    return at > 0 ? at - 1 : SIZE_MAX;
}

struct str draft_unit(struct str header)
{
    struct str s = str_trim(header);
    size_t open = bracket(s);
    return open == SIZE_MAX ? STR_NONE : str_trim(str_cut(s, open + 1, s.n - 1));
}

/* "Vốn điều lệ (triệu đồng)" without what stands in brackets at its end. */
static struct str without_bracket(struct str s)
{
    size_t open = bracket(s);
    struct str rest = open == SIZE_MAX ? s : str_trim(str_cut(s, 0, open));
    return rest.n > 0 ? rest : s;
}

static struct str word_of(struct arena *a, struct str text)
{
    struct text t = text_in(a);
    bool is_gap_due = false;
    for (size_t at = 0; at < text.n && t.n < NAME_MAX_BYTES;) {
        char c = bare_next(text, &at);
        bool is_letter = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';
        if (is_letter || is_digit) {
            text_add_z(&t, is_gap_due && t.n > 0 ? "_" : "");
            text_add_z(&t, is_digit && t.n == 0 ? "c_" : "");
            text_char(&t, c);
            is_gap_due = false;
        } else if (c != BARE_NOTHING) {
            is_gap_due = true;
        }
    }
    if (t.n == 0) {
        text_add_z(&t, "column");
    }
    return text_str(&t);
}

struct str draft_name(struct arena *a, struct str text, struct dict *taken)
{
    assert(a && taken);
    struct str word = word_of(a, without_bracket(str_trim(text)));
    struct str name = word;
    for (int64_t i = 2; dict_find(taken, name) != DICT_NONE; i++) {
        struct text t = text_in(a);
        text_add(&t, word);
        text_char(&t, '_');
        text_int(&t, i);
        name = text_str(&t);
    }
    dict_add(taken, name);
    return name;
}

/* Whether a bare word stands in a header ("ma" in "Mã đơn vị", "code" in unit_code). */
static bool has_word(struct arena *a, struct str header, const char *const *words)
{
    struct str all = word_of(a, header);
    for (size_t lo = 0; lo < all.n;) {
        const char *gap = memchr(all.p + lo, '_', all.n - lo);
        size_t hi = gap ? (size_t)(gap - all.p) : all.n;
        for (size_t i = 0; words[i]; i++) {
            if (str_eq(str_cut(all, lo, hi), str_of(words[i]))) {
                return true;
            }
        }
        lo = hi + 1;
    }
    return false;
}

static bool says_code(struct arena *a, struct str header)
{
    static const char *const words[] = {"ma", "code", "id", "mst", NULL};
    return has_word(a, header, words);
}

static bool says_year(struct arena *a, struct str header)
{
    static const char *const words[] = {"nam", "year", NULL};
    return has_word(a, header, words);
}

static bool says_period(struct arena *a, struct str header)
{
    static const char *const words[] = {"ky", "period", NULL};
    return has_word(a, header, words);
}

/* Headers that can be read: not empty, and each once. */
static void list_columns(struct arena *a, struct draft *d, const struct str *headers,
                         uint32_t n)
{
    struct dict *folded = dict_new(a);
    uint32_t *times = arena_new_array(a, n, uint32_t); /* 0: skipped already */
    struct str *skipped = arena_new_array(a, n, struct str);
    for (uint32_t i = 0; i < n; i++) {
        times[dict_add(folded, str_fold(a, headers[i]))]++;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct str header = str_trim(headers[i]);
        uint32_t *seen = &times[dict_find(folded, str_fold(a, header))];
        if (header.n == 0) {
            d->n_nameless++;
        } else if (*seen > 1) {
            *seen = 0;
            skipped[d->n_skipped++] = header;
        } else if (*seen == 1) {
            d->columns[d->n_columns++].header = header;
        }
    }
    d->skipped = skipped;
}

/* A header that is a word of the language itself keeps it; then the others get theirs. */
static void name_columns(struct arena *a, struct draft *d, struct dict *taken)
{
    for (uint32_t i = 0; i < d->n_columns; i++) {
        struct str fold = str_fold(a, d->columns[i].header);
        if (str_eq(word_of(a, fold), fold) && dict_find(taken, fold) == DICT_NONE) {
            d->columns[i].name = fold;
            dict_add(taken, fold);
        }
    }
    for (uint32_t i = 0; i < d->n_columns; i++) {
        struct draft_column *c = &d->columns[i];
        c->name = c->name.p ? c->name : draft_name(a, c->header, taken);
    }
}

struct draft *draft_new(struct arena *a, struct str name, const struct str *headers,
                        uint32_t n, struct dict *taken)
{
    assert(a && taken && (headers || n == 0));
    struct draft *d = arena_new(a, struct draft);
    *d = (struct draft){.name = name,
                        .columns = arena_new_array(a, n, struct draft_column),
                        .numbers = NUMFMT_AUTO,
                        .totals = ID_NONE,
                        .period = ID_NONE};
    list_columns(a, d, headers, n);
    name_columns(a, d, taken);
    return d;
}

/* ---- the schema as it stands */

static void describe(const struct draft *d, uint32_t i, struct column *out)
{
    const struct draft_column *c = &d->columns[i];
    *out = (struct column){
        .name = c->name,
        .type = c->type == COLUMN_CODE ? COLUMN_TEXT : c->type,
        .codelist = ID_NONE,
        .is_optional = true,
        .is_key = i == d->totals,
        .headers = &c->header,
        .n_headers = 1,
    };
    for (uint32_t k = 0; k < d->n_key; k++) {
        out->is_key |= d->key[k] == i;
    }
}

const struct schema *draft_schema(struct arena *a, const struct draft *d)
{
    assert(a && d);
    struct column *columns = arena_new_array(a, d->n_columns, struct column);
    struct totals *totals = arena_new(a, struct totals);
    struct schema *s = arena_new(a, struct schema);
    for (uint32_t i = 0; i < d->n_columns; i++) {
        describe(d, i, &columns[i]);
    }
    *totals = (struct totals){d->totals, d->totals_texts.items, d->totals_texts.n};
    *s = (struct schema){
        .name = d->name,
        .columns = columns,
        .n_columns = d->n_columns,
        .key = d->key,
        .n_key = d->n_key,
        .period = d->period,
        .totals = totals,
        .n_totals = d->totals != ID_NONE,
        .tree_child = ID_NONE,
        .tree_parent = ID_NONE,
        .missing = d->missing.items,
        .n_missing = d->missing.n,
        .zero = d->zero.items,
        .n_zero = d->zero.n,
        .na = d->na.items,
        .n_na = d->na.n,
        .numbers = d->numbers,
        .encoding = STR_NONE,
    };
    return s;
}

/* ---- looking at the cells */

static void add_text(struct draft_texts *to, struct str text)
{
    for (uint32_t i = 0; i < to->n; i++) {
        if (str_eq(to->items[i], text)) {
            return;
        }
    }
    if (to->n < DRAFT_CODED) {
        to->items[to->n++] = text;
    }
}

/* Totals rows are those with a totals word in the first column that has any; a column of
 * nothing else is not meant. */
static void find_totals(struct drafter *w)
{
    struct draft *d = w->d;
    uint32_t n_columns = d->is_without_totals ? 0 : d->n_columns;
    for (uint32_t c = 0; c < n_columns && d->totals == ID_NONE; c++) {
        const struct table_column *column = &w->t->columns[c];
        uint32_t n = 0;
        for (uint32_t row = 0; row < w->t->n; row++) {
            bool is_filled = column->state[row] == CELL_OK;
            w->is_totals[row] =
                is_filled && (facts_at(w, column->id[row]) & IS(FACT_TOTALS));
            n += w->is_totals[row];
        }
        if (n > 0 && n <= w->t->n / 2) {
            d->totals = c;
        }
    }
    for (uint32_t row = 0; row < w->t->n && d->totals != ID_NONE; row++) {
        if (w->is_totals[row]) {
            uint32_t id = w->t->columns[d->totals].id[row];
            add_text(&d->totals_texts, dict_str(w->t->texts, id));
        }
    }
    if (d->totals == ID_NONE) {
        memset(w->is_totals, 0, w->t->n);
    }
}

static const uint32_t coded = IS(FACT_MISSING) | IS(FACT_ZERO) | IS(FACT_NA);

static void see_distinct(struct survey *s, uint32_t id)
{
    for (uint32_t i = 0; i < s->n_distinct; i++) {
        if (s->distinct[i] == id) {
            return;
        }
    }
    if (s->n_distinct <= CODES_MAX) {
        s->distinct[s->n_distinct++] = id;
    }
}

static void see(struct drafter *w, struct survey *s, uint32_t row, uint32_t id)
{
    uint32_t facts = facts_at(w, id);
    uint32_t n = (uint32_t)dict_str(w->t->texts, id).n;
    for (uint32_t f = 0; f < FACT_COUNT; f++) {
        s->with[f] += facts >> f & 1u;
    }
    if (!(facts & (IS(FACT_NUMBER) | coded))) {
        s->odd_row = s->n_odd++ ? s->odd_row : row;
    }
    s->longest = s->n == 0 || n > s->longest ? n : s->longest;
    s->shortest = s->n == 0 || n < s->shortest ? n : s->shortest;
    s->n++;
    see_distinct(s, id);
}

static void survey(struct drafter *w)
{
    for (uint32_t c = 0; c < w->d->n_columns; c++) {
        const struct table_column *column = &w->t->columns[c];
        for (uint32_t row = 0; row < w->t->n; row++) {
            if (column->state[row] == CELL_OK && !w->is_totals[row]) {
                see(w, &w->surveys[c], row, column->id[row]);
            }
        }
    }
}

/* ---- choosing */

static bool is_all(const struct survey *s, unsigned fact)
{
    return s->n > 0 && s->with[fact] == s->n;
}

static uint32_t n_coded(const struct survey *s)
{
    return s->with[FACT_MISSING] + s->with[FACT_ZERO] + s->with[FACT_NA];
}

static bool is_numeric(const struct survey *s, unsigned fact)
{
    return s->with[fact] > 0 && s->with[fact] + n_coded(s) == s->n;
}

/* Digits that name something: by the header, or by zeros in front of a fixed width. */
static bool is_code_of_digits(struct drafter *w, uint32_t c)
{
    const struct survey *s = &w->surveys[c];
    bool is_fixed = s->longest == s->shortest;
    bool is_padded = is_fixed && s->with[FACT_PADDED] > 0 && (s->longest > 2 || c == 0);
    return is_all(s, FACT_DIGITS) &&
           (is_padded || says_code(w->a, w->d->columns[c].header));
}

/* The type that is no number; COLUMN_TYPE_COUNT: it could be one. */
static enum column_type named_type(struct drafter *w, uint32_t c)
{
    const struct survey *s = &w->surveys[c];
    struct str header = w->d->columns[c].header;
    if (is_all(s, FACT_YEAR)) {
        return says_year(w->a, header)     ? COLUMN_YEAR
               : says_period(w->a, header) ? COLUMN_PERIOD
                                           : COLUMN_TYPE_COUNT;
    }
    if (s->with[FACT_PERIOD] > 0 && s->with[FACT_PERIOD] + s->with[FACT_YEAR] == s->n) {
        return COLUMN_PERIOD;
    }
    if (is_all(s, FACT_DATE)) {
        return COLUMN_DATE;
    }
    if (is_all(s, FACT_FLAG) && !is_all(s, FACT_DIGITS)) {
        return COLUMN_FLAG;
    }
    if (is_code_of_digits(w, c)) {
        return COLUMN_TEXT;
    }
    return is_numeric(s, FACT_NUMBER) ? COLUMN_TYPE_COUNT : COLUMN_TEXT;
}

/* What the number cells of a stretch of rows say of the formats. */
struct format_votes {
    uint64_t readable[NUMFMT_COUNT], whole[NUMFMT_COUNT]; /* cells */
    uint64_t n, n_marks;
};

static struct format_votes count_votes(struct drafter *w, uint32_t from, uint32_t to)
{
    struct format_votes v = {.n = 0};
    for (uint32_t c = 0; c < w->d->n_columns; c++) {
        const struct table_column *column = &w->t->columns[c];
        bool is_number = w->d->columns[c].type == COLUMN_TYPE_COUNT;
        for (uint32_t row = from; is_number && row < to; row++) {
            bool is_filled = column->state[row] == CELL_OK && !w->is_totals[row];
            uint32_t facts = is_filled ? facts_at(w, column->id[row]) : 0;
            v.n += facts >> FACT_NUMBER & 1u;
            v.n_marks += facts >> FACT_MARK & 1u;
            for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
                v.readable[f] += facts >> (FACT_IN_FORMAT + f) & 1u;
                v.whole[f] += facts >> (FACT_WHOLE + f) & 1u;
            }
        }
    }
    return v;
}

/* The format in which most cells can be read; of equals, the one with the most whole
 * numbers: groups of three digits are grouping until something speaks against it. */
static enum numfmt best_format(const struct format_votes *v)
{
    static const enum numfmt by_preference[] = {NUMFMT_VI, NUMFMT_PLAIN, NUMFMT_EN};
    enum numfmt best = by_preference[0];
    for (size_t i = 1; i < COUNT_OF(by_preference); i++) {
        enum numfmt f = by_preference[i];
        if (v->readable[f] > v->readable[best] ||
            (v->readable[f] == v->readable[best] && v->whole[f] > v->whole[best])) {
            best = f;
        }
    }
    return best;
}

/* One format for all files, if it reads every cell and no file by itself speaks for
 * another one. */
static void choose_format(struct drafter *w)
{
    struct format_votes all = count_votes(w, 0, w->t->n);
    enum numfmt best = best_format(&all);
    w->d->numbers = NUMFMT_AUTO;
    if (all.n_marks == 0 || all.readable[best] < all.n) {
        return;
    }
    for (uint32_t i = 0; i < w->t->n_files; i++) {
        const struct table_file *f = &w->t->files[i];
        struct format_votes own = count_votes(w, f->first_row, f->first_row + f->n_rows);
        if (own.n_marks > 0 && best_format(&own) != best) {
            w->d->is_format_mixed = true;
            return;
        }
    }
    w->d->numbers = best;
    for (unsigned f = 0; f < NUMFMT_COUNT; f++) {
        w->d->is_format_open |=
            all.readable[f] == all.n && all.whole[f] < all.whole[best];
    }
}

/* A column with a unit in its header is measured, not counted. */
static enum column_type number_type(const struct drafter *w, uint32_t c)
{
    const struct survey *s = &w->surveys[c];
    bool is_measured = draft_unit(w->d->columns[c].header).n > 0;
    bool is_auto = w->d->numbers == NUMFMT_AUTO;
    unsigned number = is_auto ? FACT_NUMBER : FACT_IN_FORMAT + w->d->numbers;
    unsigned whole = is_auto ? FACT_ANY_WHOLE : FACT_WHOLE + w->d->numbers;
    if (s->with[FACT_PERCENT] > 0 ||
        str_eq(draft_unit(w->d->columns[c].header), STR("%"))) {
        return COLUMN_PERCENT;
    }
    if (s->with[whole] < s->with[number] ||
        (is_measured && (!is_auto || s->with[FACT_MARK] == 0))) {
        return COLUMN_DECIMAL;
    }
    return s->with[FACT_NEGATIVE] > 0 ? COLUMN_INTEGER : COLUMN_COUNT;
}

static void list_coded(struct drafter *w, uint32_t c)
{
    const struct table_column *column = &w->t->columns[c];
    for (uint32_t row = 0; row < w->t->n && n_coded(&w->surveys[c]) > 0; row++) {
        if (column->state[row] != CELL_OK || w->is_totals[row]) {
            continue;
        }
        uint32_t facts = facts_at(w, column->id[row]);
        struct str text = dict_str(w->t->texts, column->id[row]);
        if (facts & IS(FACT_MISSING)) {
            add_text(&w->d->missing, text);
        } else if (facts & IS(FACT_ZERO)) {
            add_text(&w->d->zero, text);
        } else if (facts & IS(FACT_NA)) {
            add_text(&w->d->na, text);
        }
    }
}

/* A text column that says the same few things again and again. */
static bool is_category(const struct drafter *w, uint32_t c)
{
    const struct survey *s = &w->surveys[c];
    return s->n_distinct > 1 && s->n_distinct <= CODES_MAX &&
           s->longest <= CODE_BYTES_MAX && s->n >= CODE_ROWS * s->n_distinct &&
           c != w->d->totals && w->d->columns[c].digits == 0;
}

/* Two spellings of one code would be equal in a list and different in a key: then it
 * stays text. */
static void make_category(struct drafter *w, uint32_t c)
{
    const struct survey *s = &w->surveys[c];
    struct str *codes = arena_new_array(w->a, s->n_distinct, struct str);
    struct dict *folded = dict_new(w->a);
    for (uint32_t i = 0; i < s->n_distinct; i++) {
        codes[i] = dict_str(w->t->texts, s->distinct[i]);
        dict_add(folded, str_fold(w->a, codes[i]));
    }
    if (dict_count(folded) == s->n_distinct) {
        w->d->columns[c].type = COLUMN_CODE;
        w->d->columns[c].codes = codes;
        w->d->columns[c].n_codes = s->n_distinct;
    }
}

static void settle_text(struct drafter *w, uint32_t c)
{
    struct draft_column *column = &w->d->columns[c];
    const struct survey *s = &w->surveys[c];
    column->is_empty = s->n == 0;
    if (is_all(s, FACT_DIGITS) && s->longest == s->shortest && s->longest > 1) {
        column->digits = s->longest;
    }
    if (s->with[FACT_NUMBER] > s->n_odd && s->n_odd > 0) {
        column->odd = dict_str(w->t->texts, w->t->columns[c].id[s->odd_row]);
        column->odd_line = w->t->records[s->odd_row].line;
        column->odd_file = w->t->files[table_file_of(w->t, s->odd_row)].path;
        column->n_odd = s->n_odd;
        column->n_number = s->with[FACT_NUMBER];
    } else if (is_category(w, c)) {
        make_category(w, c);
    }
}

static void forget_types(struct draft *d)
{
    for (uint32_t c = 0; c < d->n_columns; c++) {
        d->columns[c] = (struct draft_column){.header = d->columns[c].header,
                                              .name = d->columns[c].name};
    }
    d->missing.n = d->zero.n = d->na.n = d->totals_texts.n = 0;
    d->is_format_open = d->is_format_mixed = false;
}

void draft_types(struct arena *a, struct draft *d, const struct table *t)
{
    assert(a && d && t && t->schema->n_columns == d->n_columns);
    struct drafter w = {
        .a = a,
        .d = d,
        .t = t,
        .facts = arena_new_array(a, dict_count(t->texts), uint32_t),
        .is_totals = arena_new_array(a, t->n, uint8_t),
        .surveys = arena_new_array(a, d->n_columns, struct survey),
    };
    forget_types(d);
    find_totals(&w);
    survey(&w);
    for (uint32_t c = 0; c < d->n_columns; c++) {
        d->columns[c].type = named_type(&w, c);
    }
    choose_format(&w);
    for (uint32_t c = 0; c < d->n_columns; c++) {
        if (d->columns[c].type == COLUMN_TYPE_COUNT) {
            d->columns[c].type = number_type(&w, c);
            list_coded(&w, c);
        } else if (d->columns[c].type == COLUMN_TEXT) {
            settle_text(&w, c);
        }
    }
    d->n_rows = t->n;
}

/* What is written is put together declaration by declaration and then laid out by the
 * same printer as every rule file. Comments say what the cells could not: where a unit is
 * to be filled in, what a relation rests on, what kept a column from being a number. */
#include "run/init_text.h"

#include "base/utf8.h"
#include "lang/check.h"
#include "lang/fmt.h"

#include <assert.h>

struct writer {
    struct arena *a;
    struct text out;
    enum diag_lang lang;
    struct dict *ids;   /* of data sets and checks */
    struct dict *lists; /* of code lists */
};

static void put(struct writer *w, struct str s)
{
    text_add(&w->out, s);
}

static void put_z(struct writer *w, const char *s)
{
    text_add_z(&w->out, s);
}

/* In the language of the comments. */
static void say(struct writer *w, const char *vi, const char *en)
{
    put_z(w, w->lang == LANG_VI ? vi : en);
}

static void put_line(struct writer *w, const char *vi, const char *en)
{
    put_z(w, "# ");
    say(w, vi, en);
    put_z(w, "\n");
}

static bool is_visible(uint32_t cp)
{
    return cp != UTF8_BAD && !utf8_is_control(cp) && !utf8_is_bidi_control(cp);
}

/* A text literal; what is not seen is written by its number. */
static void put_string(struct writer *w, struct str s)
{
    text_char(&w->out, '"');
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        uint32_t cp = utf8_next(s, &at);
        if (cp == '"' || cp == '\\') {
            text_char(&w->out, '\\');
            text_char(&w->out, (char)cp);
        } else if (is_visible(cp)) {
            put(w, str_cut(s, start, at));
        } else {
            text_printf(&w->out, "\\u{%X}", (unsigned)cp);
        }
    }
    text_char(&w->out, '"');
}

/* A cell or header within a comment, which ends with its line. */
static void put_quoted(struct writer *w, struct str s)
{
    put_z(w, "«");
    for (size_t at = 0; at < s.n && at < 60;) {
        size_t start = at;
        uint32_t cp = utf8_next(s, &at);
        put(w, is_visible(cp) ? str_cut(s, start, at) : STR(" "));
    }
    put_z(w, "»");
}

static void put_strings(struct writer *w, const char *keyword, const struct str *items,
                        size_t n)
{
    put_z(w, keyword);
    for (size_t i = 0; i < n; i++) {
        put_z(w, i ? ", " : " ");
        put_string(w, items[i]);
    }
    put_z(w, "\n");
}

/* ---- numbers */

/* Digits in groups of three from 10 000 on, as rules write them. */
static void put_grouped(struct writer *w, struct num v)
{
    struct str s = num_str(w->a, v);
    size_t begin = s.p[0] == '-', end = begin;
    while (end < s.n && s.p[end] >= '0' && s.p[end] <= '9') {
        end++;
    }
    for (size_t i = 0; i < s.n; i++) {
        bool is_gap = i > begin && i < end && (end - i) % 3 == 0 && end - begin > 4;
        put_z(w, is_gap ? "_" : "");
        text_char(&w->out, s.p[i]);
    }
}

static void put_bound(struct writer *w, const struct draft_column *c, struct num v)
{
    if (c->type != COLUMN_PERCENT) {
        put_grouped(w, v);
        return;
    }
    struct num percent;
    if (num_mul(v, num_int(100), &percent) == DEC_OK) {
        put_grouped(w, percent);
        text_char(&w->out, '%');
    }
}

/* ---- code lists */

static struct str *put_codelists(struct writer *w, const struct draft *d)
{
    struct str *names = arena_new_array(w->a, d->n_columns, struct str);
    for (uint32_t i = 0; i < d->n_columns; i++) {
        const struct draft_column *c = &d->columns[i];
        if (c->type != COLUMN_CODE) {
            continue;
        }
        names[i] = draft_name(w->a, c->name, w->lists);
        put_z(w, "\ncodelist ");
        put(w, names[i]);
        put_z(w, " {");
        for (uint32_t k = 0; k < c->n_codes; k++) {
            put_z(w, k ? ", " : " ");
            put_string(w, c->codes[k]);
            put_z(w, " ");
            put_string(w, c->codes[k]);
        }
        put_z(w, " }\n");
    }
    return names;
}

/* ---- columns */

static bool is_number(enum column_type type)
{
    return type == COLUMN_COUNT || type == COLUMN_INTEGER || type == COLUMN_DECIMAL ||
           type == COLUMN_PERCENT;
}

static void put_column_note(struct writer *w, const struct draft_column *c)
{
    struct str unit = draft_unit(c->header);
    if (c->is_empty) {
        put_z(w, "  # ");
        say(w, "chưa ô nào có số liệu", "no cell is filled yet");
    } else if (is_number(c->type) && c->type != COLUMN_PERCENT) {
        put_z(w, "  # of ?");
        if (unit.n > 0) {
            put_z(w, " ");
            put_quoted(w, unit);
        }
    }
}

/* "3 ô là số, 1 ô không phải số (dòng 2 tệp «a.csv»: «12O»)" */
static void put_odd_note(struct writer *w, const struct draft_column *c)
{
    if (c->n_odd == 0) {
        return;
    }
    put_z(w, "# ");
    put(w, c->name);
    put_z(w, ": ");
    text_uint(&w->out, c->n_number);
    say(w, " ô là số, ",
        c->n_number == 1 ? " cell is a number, " : " cells are numbers, ");
    text_uint(&w->out, c->n_odd);
    if (c->is_odd_open) {
        say(w, " ô đọc được hai cách (dòng ",
            c->n_odd == 1 ? " can be read as two (line "
                          : " can be read as two (first line ");
    } else {
        say(w, " ô không phải số (dòng ",
            c->n_odd == 1 ? " is not (line " : " are not (first line ");
    }
    text_uint(&w->out, c->odd_line);
    say(w, " tệp ", " of ");
    put_quoted(w, c->odd_file);
    put_z(w, ": ");
    put_quoted(w, c->odd);
    say(w, ").\n# Sửa các ô đó rồi đổi text thành kiểu số.\n",
        ").\n# Correct those cells, then give the column a number type.\n");
}

static void put_off_note(struct writer *w, const struct draft_column *c)
{
    if (!c->is_off) {
        return;
    }
    put_z(w, "# ");
    put(w, c->name);
    say(w, ": dòng tổng ghi ", ": the totals row says ");
    put(w, num_str(w->a, c->reported));
    say(w, ", cộng các dòng được ", ", its rows add up to ");
    put(w, num_str(w->a, c->added));
    say(w, ". Nếu cột này cộng được, thêm additive để báo lệch.\n",
        ". If the column adds up, write additive, and the difference is reported.\n");
}

static void put_nature(struct writer *w, enum column_nature nature)
{
    static const char *const words[] = {
        [NATURE_NONE] = "",
        [NATURE_STOCK] = " stock",
        [NATURE_FLOW] = " flow",
        [NATURE_ADDITIVE] = " additive",
    };
    put_z(w, words[nature]);
}

static void put_column(struct writer *w, const struct draft_column *c, struct str list)
{
    put_odd_note(w, c);
    put_off_note(w, c);
    put_z(w, "column ");
    put(w, c->name);
    put_z(w, " ");
    put_z(w, column_type_name(c->type));
    if (c->type == COLUMN_CODE) {
        put_z(w, " ");
        put(w, list);
    }
    put_nature(w, c->nature);
    put_z(w, c->is_optional ? " optional" : "");
    if (c->has_range) {
        put_z(w, " in ");
        put_bound(w, c, c->low);
        put_z(w, " .. ");
        put_bound(w, c, c->high);
    }
    if (c->digits > 0) {
        put_z(w, " matches '[0-9]{");
        text_uint(&w->out, c->digits);
        put_z(w, "}'");
    }
    if (!str_eq(str_fold(w->a, c->header), c->name)) {
        say(w, " vi ", " en ");
        put_string(w, c->header);
    }
    put_column_note(w, c);
    put_z(w, "\n");
}

/* ---- the data set */

static void put_key(struct writer *w, const struct draft *d)
{
    if (d->has_duplicates) {
        put_line(
            w,
            "Không tìm được nhóm cột nào không có ô trống mà phân biệt được mọi dòng; "
            "phép kiểm khóa sẽ nêu.",
            "No small set of columns without empty cells tells all rows apart; the "
            "check of the key will say where.");
    }
    put_z(w, "key ");
    for (uint32_t i = 0; i < d->n_key; i++) {
        put_z(w, i ? ", " : "");
        put(w, d->columns[d->key[i]].name);
    }
    put_z(w, "\n");
}

static void put_coded(struct writer *w, const struct draft *d)
{
    struct str missing[DRAFT_CODED + 1] = {STR("")};
    for (uint32_t i = 0; i < d->missing.n; i++) {
        missing[i + 1] = d->missing.items[i];
    }
    if (d->missing.n > 0) {
        put_strings(w, "missing", missing, d->missing.n + 1u);
    }
    if (d->zero.n > 0) {
        put_line(w, "Nếu dấu này nghĩa là chưa có số liệu, chuyển nó sang missing.",
                 "If this mark means that there is no figure yet, move it to missing.");
        put_strings(w, "zero", d->zero.items, d->zero.n);
    }
    if (d->na.n > 0) {
        put_strings(w, "na", d->na.items, d->na.n);
    }
}

static void put_numbers(struct writer *w, const struct draft *d)
{
    if (d->is_format_mixed) {
        put_line(w,
                 "Các tệp ghi số theo cách khác nhau; mỗi tệp được đọc theo cách của nó.",
                 "The files write numbers in different ways; each is read in its own.");
    }
    if (d->is_format_open) {
        put_line(
            w,
            "Có ô đọc được hai cách (ví dụ 5.581); ở đây hiểu nhóm ba chữ số là hàng "
            "nghìn. Hãy xem lại.",
            "Some cells can be read in two ways (such as 5.581); groups of three "
            "digits are taken for thousands. Look at them again.");
    }
    if (d->numbers != NUMFMT_AUTO) {
        put_z(w, "numbers ");
        put_z(w, numfmt_name(d->numbers));
        put_z(w, "\n");
    }
}

static bool is_in_key(const struct draft *d, uint32_t column)
{
    for (uint32_t i = 0; i < d->n_key; i++) {
        if (d->key[i] == column) {
            return true;
        }
    }
    return false;
}

static bool is_in_relation(const struct init_dataset *s, uint32_t column)
{
    for (size_t i = 0; i < s->n_relations; i++) {
        const struct relation *r = &s->relations[i];
        for (uint32_t k = 0; k < r->n_terms; k++) {
            if (r->result == column || r->terms[k].column == column) {
                return true;
            }
        }
    }
    return false;
}

/* The period of a data set is the one in its key, else its only one. */
static bool is_its_period(const struct draft *d, uint32_t i)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < d->n_columns; k++) {
        n += d->columns[k].type == COLUMN_PERIOD;
    }
    return d->columns[i].type == COLUMN_PERIOD && d->period == ID_NONE && n == 1;
}

/* Columns that nothing in the draft judges beyond their type. */
static bool is_unjudged(const struct init_dataset *s, uint32_t i)
{
    const struct draft_column *c = &s->draft->columns[i];
    return !is_in_key(s->draft, i) && !c->has_range && c->digits == 0 &&
           c->type != COLUMN_CODE && c->nature == NATURE_NONE &&
           !is_its_period(s->draft, i) && !is_in_relation(s, i);
}

/* The remarks of lint that a draft cannot but deserve, with what to do about them. */
static void put_allows(struct writer *w, const struct init_dataset *s)
{
    const struct draft *d = s->draft;
    bool has_unjudged = false, has_unsaid = false;
    for (uint32_t i = 0; i < d->n_columns; i++) {
        bool is_unsaid = d->totals != ID_NONE && d->columns[i].type == COLUMN_COUNT &&
                         d->columns[i].nature == NATURE_NONE && !is_in_key(d, i);
        has_unjudged |= is_unjudged(s, i);
        has_unsaid |= is_unsaid;
    }
    if (has_unjudged) {
        put_z(w, "allow L001 ");
        put_string(w, str_of(w->lang == LANG_VI
                                 ? "bản nháp: viết phép kiểm cho các cột còn lại rồi bỏ "
                                   "dòng này"
                                 : "a draft: write checks for the other columns, then "
                                   "remove this line"));
        put_z(w, "\n");
    }
    if (has_unsaid) {
        put_z(w, "allow L011 ");
        put_string(w, str_of(w->lang == LANG_VI
                                 ? "có cột đếm mà dòng tổng bỏ trống hoặc ghi số khác"
                                 : "of some counts the totals row says nothing, or "
                                   "something else"));
        put_z(w, "\n");
    }
}

static void put_skipped(struct writer *w, const struct draft *d)
{
    for (uint32_t i = 0; i < d->n_skipped; i++) {
        put_z(w, "# ");
        put_quoted(w, d->skipped[i]);
        say(w, ": tiêu đề có hơn một lần nên cột không được khai; đổi tên một cột.\n",
            ": stands more than once in the header, so it is left out; rename a "
            "column.\n");
    }
    if (d->n_nameless > 0) {
        put_z(w, "# ");
        text_uint(&w->out, d->n_nameless);
        say(w, " cột không có tiêu đề nên không được khai.\n",
            " columns have no header and are left out.\n");
    }
}

static void put_dataset(struct writer *w, const struct init_dataset *s)
{
    const struct draft *d = s->draft;
    struct str *lists = put_codelists(w, d);
    put_z(w, "\ndataset ");
    put(w, d->name);
    put_z(w, " {\n");
    if (s->n_from > 0) {
        put_strings(w, "from", s->from, s->n_from);
    }
    put_key(w, d);
    if (d->totals != ID_NONE) {
        put_z(w, "totals ");
        put(w, d->columns[d->totals].name);
        put_strings(w, "", d->totals_texts.items, d->totals_texts.n);
    }
    put_coded(w, d);
    put_numbers(w, d);
    if (s->encoding.p) {
        put_strings(w, "encoding", &s->encoding, 1);
    }
    put_allows(w, s);
    put_z(w, "\n");
    put_skipped(w, d);
    for (uint32_t i = 0; i < d->n_columns; i++) {
        put_column(w, &d->columns[i], lists[i]);
    }
    put_z(w, "}\n");
}

/* ---- relations */

struct relation_words {
    const char *suffix, *vi, *en;
};

static const struct relation_words *words_of(const struct relation *r)
{
    static const struct relation_words carry = {"_carry", "bằng số kỳ trước",
                                                "as in the period before"},
                                       same = {"_same", "hai cột như nhau",
                                               "two equal columns"},
                                       sum = {"_sum", "cộng các phần",
                                              "the sum of its parts"},
                                       balance = {"_balance", "cân đối", "balance"};
    if (r->is_carry || r->n_terms == 1) {
        return r->is_carry ? &carry : &same;
    }
    for (uint32_t i = 0; i < r->n_terms; i++) {
        if (r->terms[i].is_minus) {
            return &balance;
        }
    }
    return &sum;
}

static void put_term(struct writer *w, const struct draft *d,
                     const struct relation_term *term, bool is_first)
{
    if (!is_first) {
        put_z(w, term->is_minus ? " - " : " + ");
    }
    put_z(w, term->has_gaps ? "(" : "");
    put(w, d->columns[term->column].name);
    put_z(w, term->has_gaps ? " ?? 0)" : "");
}

static void put_support(struct writer *w, const struct relation *r)
{
    put_z(w, "\n# ");
    say(w, "Đúng ở ", "Holds in ");
    text_uint(&w->out, r->n_rows);
    say(w, " dòng", " rows");
    if (r->n_left > 0) {
        say(w, ", còn ", ", while ");
        text_uint(&w->out, r->n_left);
        if (r->is_carry) {
            say(w, " dòng không có kỳ trước", " have no period before");
        } else {
            say(w, " dòng chưa có số liệu", " lack the figure");
        }
    }
    say(w, "; không dòng nào sai.\n", "; in none it fails.\n");
}

static void put_check(struct writer *w, const struct draft *d, const struct relation *r)
{
    const struct draft_column *result = &d->columns[r->result];
    const struct relation_words *words = words_of(r);
    struct text id = text_in(w->a), title = text_in(w->a);
    text_add(&id, result->name);
    text_add_z(&id, words->suffix);
    text_add(&title, result->header);
    text_add_z(&title, ": ");
    struct text title_en = text_in(w->a);
    text_add(&title_en, text_str(&title));
    text_add_z(&title, words->vi);
    text_add_z(&title_en, words->en);

    put_support(w, r);
    put_z(w, "check ");
    put(w, draft_name(w->a, text_str(&id), w->ids));
    put_z(w, " on ");
    put(w, d->name);
    put_z(w, " {\ntitle vi ");
    put_string(w, text_str(&title));
    put_z(w, " en ");
    put_string(w, text_str(&title_en));
    put_z(w, "\nmust ");
    put(w, result->name);
    put_z(w, r->is_carry ? " = previous(" : " = ");
    for (uint32_t i = 0; i < r->n_terms; i++) {
        put_term(w, d, &r->terms[i], i == 0);
    }
    put_z(w, r->is_carry ? ")\nif_first skip\n}\n" : "\n}\n");
}

/* ---- the file */

static void put_head(struct writer *w)
{
    put_z(w, "soat 1\n\n");
    put_line(w, "Bản nháp soat lập từ số liệu đã có. Đọc lại từng dòng trước khi dùng:",
             "A draft that soat made from the data at hand. Read every line before use:");
    put_line(w,
             "- kiểu, khóa, khoảng lấy từ các ô đã có; khoảng đã nới rộng hơn số liệu;",
             "- types, key and ranges come from the cells; ranges are wider than the "
             "figures;");
    put_line(
        w,
        "- nơi ghi \"# of ?\" còn thiếu đơn vị tính: khai báo unit rồi viết of ĐƠN_VỊ;",
        "- \"# of ?\" is where a unit is missing: declare it and write of UNIT;");
    put_line(
        w,
        "- phép kiểm là hệ thức đúng ở mọi dòng đã có; hệ thức chỉ tình cờ đúng thì bỏ.",
        "- checks are relations that held in every row; drop those that did so by "
        "chance.");
}

struct str init_text(struct arena *a, const struct init_dataset *sets, size_t n,
                     enum diag_lang lang)
{
    assert(a && (sets || n == 0));
    struct writer w = {.a = a,
                       .out = text_in(a),
                       .lang = lang,
                       .ids = dict_new(a),
                       .lists = dict_new(a)};
    rules_add_reserved(w.ids);
    rules_add_reserved(w.lists);
    for (size_t i = 0; i < n; i++) {
        dict_add(w.ids, sets[i].draft->name);
    }
    put_head(&w);
    for (size_t i = 0; i < n; i++) {
        put_dataset(&w, &sets[i]);
        for (size_t k = 0; k < sets[i].n_relations; k++) {
            put_check(&w, sets[i].draft, &sets[i].relations[k]);
        }
    }
    struct sources *sources = sources_new(a);
    struct diags *diags = diags_new(a);
    uint32_t src = sources_add(sources, STR("init"), text_str(&w.out));
    struct str laid_out = fmt_file(a, sources, src, diags);
    assert(laid_out.p && "the draft parses");
    return laid_out;
}

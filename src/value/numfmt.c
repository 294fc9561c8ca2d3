/* Reading a cell in every format in one pass.
 *
 * The digits of a number are the same in every format; only what its marks mean differs.
 * So one scan collects the digits and the shape of the marks (struct shape), and each row
 * of formats judges the shape: is the last mark the decimal mark, are the others group
 * marks with exactly three digits behind each. Only a cell that no format can read is
 * looked at again, to say why. Numbers of up to 18 digits are built from an int64; longer
 * ones are written out plainly and go through num_parse. */
#include "value/numfmt.h"

#include "value/bare.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BLANK_MARK ' '  /* stands for every blank between digits */
#define SHORT_DIGITS 18 /* fit int64 */

static const struct format {
    const char *name;
    char decimal;
    const char *groups;
} formats[NUMFMT_COUNT] = {
    [NUMFMT_VI] = {"vi", ',', ". "},
    [NUMFMT_EN] = {"en", '.', ", "},
    [NUMFMT_PLAIN] = {"plain", '.', ""},
};

/* Digits with marks between them: d+ (mark d+)* */
struct shape {
    struct str text;
    uint64_t coefficient; /* of all digits, if they are short */
    size_t significant;   /* digits without zeros in front */
    bool starts_with_zero;
    size_t n_marks;
    size_t first, last; /* digits before the first mark, behind the last one */
    bool is_in_threes;  /* every run between two marks has three digits */
    bool is_uniform;    /* the marks but the last one are the same */
    char first_mark, last_mark;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of the blank at `at`, 0 if there is none: ASCII, U+00A0, U+202F. */
static size_t blank_at(struct str s, size_t at)
{
    const char *p = s.p + at;
    size_t n = s.n - at;

    if (n == 0 || (*p > ' ' && *p <= '~')) {
        return 0;
    }
    if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
        return 1;
    }
    if (n >= 2 && memcmp(p, "\xC2\xA0", 2) == 0) {
        return 2;
    }
    return n >= 3 && memcmp(p, "\xE2\x80\xAF", 3) == 0 ? 3 : 0;
}

static struct str from(struct str s, size_t at)
{
    return (struct str){s.p + at, s.n - at};
}

static struct str without_blanks(struct str s)
{
    for (size_t n = blank_at(s, 0); n > 0; n = blank_at(s, 0)) {
        s = from(s, n);
    }
    return s;
}

static bool take(struct str *s, struct str what)
{
    if (s->n == 0 || s->p[0] != what.p[0] || !str_starts(*s, what)) {
        return false;
    }
    *s = without_blanks(from(*s, what.n));
    return true;
}

/* Bytes of the mark at `at` if a digit stands behind it, else 0. */
static size_t mark_at(struct str s, size_t at, bool with_blanks, char *mark)
{
    size_t n = 0;
    *mark = BLANK_MARK;
    if (at < s.n && (s.p[at] == '.' || s.p[at] == ',')) {
        *mark = s.p[at];
        n = 1;
    } else if (with_blanks) {
        n = blank_at(s, at);
    }
    return n > 0 && at + n < s.n && is_digit(s.p[at + n]) ? n : 0;
}

static size_t scan_digits(struct str s, size_t at, struct shape *shape)
{
    for (; at < s.n && is_digit(s.p[at]); at++) {
        shape->coefficient = shape->coefficient * 10 + (uint64_t)(s.p[at] - '0');
        shape->significant += shape->significant > 0 || s.p[at] != '0';
    }
    return at;
}

/* The longest shape at the start of s, where a digit stands. */
static void scan_shape(struct str s, bool with_blanks, struct shape *shape)
{
    assert(s.n > 0 && is_digit(s.p[0]));
    char mark;

    *shape = (struct shape){
        .starts_with_zero = s.p[0] == '0', .is_in_threes = true, .is_uniform = true};
    size_t end = scan_digits(s, 0, shape);
    shape->first = shape->last = end;
    for (size_t n = mark_at(s, end, with_blanks, &mark); n > 0;
         n = mark_at(s, end, with_blanks, &mark)) {
        if (shape->n_marks == 0) {
            shape->first_mark = mark;
        } else {
            shape->is_in_threes = shape->is_in_threes && shape->last == 3;
            shape->is_uniform =
                shape->is_uniform && shape->last_mark == shape->first_mark;
        }
        shape->last_mark = mark;
        shape->n_marks++;
        size_t start = end + n;
        end = scan_digits(s, start, shape);
        shape->last = end - start;
    }
    shape->text = (struct str){s.p, end};
}

/* Whether the shape is a number of the format; *places is then how many digits are
 * decimals. */
static bool fits_format(const struct shape *s, const struct format *f, size_t *places)
{
    bool has_decimals = s->n_marks > 0 && s->last_mark == f->decimal;
    size_t n_groups = s->n_marks - has_decimals;

    *places = has_decimals ? s->last : 0;
    if (n_groups == 0) {
        return true;
    }
    if (!has_decimals && (s->last != 3 || s->last_mark != s->first_mark)) {
        return false;
    }
    return s->first <= 3 && !s->starts_with_zero && s->is_in_threes && s->is_uniform &&
           strchr(f->groups, s->first_mark);
}

/* The number of a shape that has more digits than an int64 holds, or zeros in front of
 * many places. */
static bool build_long(const struct shape *s, size_t places, bool is_negative,
                       struct num *out)
{
    char plain[DEC_DIGITS + 4];
    size_t n = 0, left = 0;
    size_t needed = s->significant > places + 1 ? s->significant : places + 1;

    if (needed > DEC_DIGITS + 1 || s->significant > DEC_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < s->text.n; i++) {
        left += is_digit(s->text.p[i]);
    }
    plain[n++] = '-';
    for (size_t i = 0; i < s->text.n; i++) {
        if (!is_digit(s->text.p[i])) {
            continue;
        }
        if (left <= needed) {
            plain[n++] = s->text.p[i];
        }
        left--;
        if (left == places && places > 0) {
            plain[n++] = '.';
        }
    }
    return num_parse((struct str){plain + !is_negative, n - !is_negative}, out);
}

/* Field by field: copying a returned struct would wait for the narrower stores before it.
 */
static void put_short(int64_t n, size_t places, struct num *out)
{
    out->n = n;
    out->d = 1;
    out->scale = (int32_t)places;
}

static enum numfmt_status build(const struct shape *s, const struct format *f,
                                bool is_negative, struct num *out)
{
    size_t places;
    if (!fits_format(s, f, &places)) {
        return NUMFMT_GROUPING;
    }
    if (s->significant > SHORT_DIGITS || places > DEC_DIGITS) {
        return build_long(s, places, is_negative, out) ? NUMFMT_OK : NUMFMT_TOO_LONG;
    }
    int64_t n = (int64_t)s->coefficient;
    put_short(is_negative ? -n : n, places, out);
    return NUMFMT_OK;
}

static bool take_word(struct str *s)
{
    static const char *const words[] = {"hon", "gan", "khoang", "tren", "duoi"};
    char word[8] = "";
    size_t n = 0, at = 0, end = 0;

    while (at < s->n) {
        char c = bare_next(*s, &at);
        if (c != BARE_NOTHING && (c < 'a' || c > 'z')) {
            break;
        }
        end = at;
        if (c != BARE_NOTHING && n + 1 == sizeof word) {
            return false;
        }
        if (c != BARE_NOTHING) {
            word[n++] = c;
        }
    }
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            *s = without_blanks(from(*s, end));
            return true;
        }
    }
    return false;
}

static bool take_approximation(struct str *s)
{
    if (s->n == 0 || is_digit(s->p[0]) || s->p[0] == '-' || s->p[0] == '(') {
        return false;
    }
    return take(s, STR("~")) || take(s, STR(">")) || take(s, STR("<")) || take_word(s);
}

/* 1.23E+05 and the like */
static bool is_exponent(struct str s)
{
    size_t at = 0, end;
    while (at < s.n && (is_digit(s.p[at]) || s.p[at] == '.' || s.p[at] == ',')) {
        at++;
    }
    if (at == 0 || at == s.n || (s.p[at] != 'E' && s.p[at] != 'e')) {
        return false;
    }
    at++;
    at += at < s.n && (s.p[at] == '+' || s.p[at] == '-');
    for (end = at; end < s.n && is_digit(s.p[end]); end++) {
    }
    return end > at && end == s.n;
}

/* Whether s has a digit and nothing but digits and the characters given. */
static bool is_made_of(struct str s, const char *others)
{
    bool has_digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if (is_digit(s.p[i])) {
            has_digit = true;
        } else if (s.p[i] == '\0' || !strchr(others, s.p[i])) {
            return false;
        }
    }
    return has_digit;
}

static bool is_excel_error(struct str s)
{
    return s.n >= 2 && s.p[0] == '#' &&
           (s.p[1] == '#' || (s.p[1] >= 'A' && s.p[1] <= 'Z'));
}

/* Why a text that is no number in any format is none. */
static enum numfmt_status why_not(struct str s)
{
    s = str_trim(s);
    if (is_excel_error(s)) {
        return NUMFMT_EXCEL_ERROR;
    }
    if (is_exponent(s)) {
        return NUMFMT_EXPONENT;
    }
    if (is_made_of(s, "., ")) {
        return NUMFMT_GROUPING;
    }
    if (is_made_of(s, ".,OolI|")) {
        return NUMFMT_LOOKALIKE;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (is_digit(s.p[i])) {
            return NUMFMT_TRAILING;
        }
    }
    return NUMFMT_NO_DIGITS;
}

static void refuse(struct numfmt_cell *out, enum numfmt_status status)
{
    for (int f = 0; f < NUMFMT_COUNT; f++) {
        put_short(0, 0, &out->value[f]);
        out->status[f] = status;
    }
}

/* Reads what may stand behind the number. False: something else does. */
static bool take_end(struct str s, bool is_in_parentheses, struct numfmt_cell *out)
{
    s = without_blanks(s);
    out->has_percent = take(&s, STR("%"));
    if (is_in_parentheses && !take(&s, STR(")"))) {
        return false;
    }
    out->has_percent = out->has_percent || take(&s, STR("%"));
    return s.n == 0;
}

void numfmt_read(struct str cell, bool accept_percent, struct numfmt_cell *out)
{
    assert(out && (cell.p || cell.n == 0));
    struct shape shape;
    struct str s = without_blanks(cell);

    out->is_approximate = out->has_percent = out->has_mark = false;
    if (s.n == 0) {
        refuse(out, NUMFMT_EMPTY);
        return;
    }
    (void)take(&s, STR("'"));
    while (take_approximation(&s)) {
        out->is_approximate = true;
    }
    bool is_in_parentheses = take(&s, STR("("));
    bool is_negative = is_in_parentheses;
    if (!is_negative) {
        is_negative = take(&s, STR("-")) || take(&s, STR("\xE2\x88\x92"));
    }
    if (s.n == 0 || !is_digit(s.p[0])) {
        refuse(out, why_not(s));
        return;
    }
    scan_shape(s, true, &shape);
    out->has_mark = shape.n_marks > 0;
    if (!take_end(from(s, shape.text.n), is_in_parentheses, out)) {
        refuse(out, is_in_parentheses ? NUMFMT_TRAILING : why_not(s));
        return;
    }
    for (int f = 0; f < NUMFMT_COUNT; f++) {
        put_short(0, 0, &out->value[f]);
        out->status[f] = build(&shape, &formats[f], is_negative, &out->value[f]);
        if (out->status[f] == NUMFMT_OK && out->has_percent && !accept_percent) {
            out->status[f] = NUMFMT_PERCENT;
        }
    }
}

bool numfmt_by_name(struct str name, enum numfmt *out)
{
    assert(out);
    for (int f = 0; f <= NUMFMT_COUNT; f++) {
        if (str_eq(name, str_of(numfmt_name((enum numfmt)f)))) {
            *out = (enum numfmt)f;
            return true;
        }
    }
    return false;
}

const char *numfmt_name(enum numfmt f)
{
    assert(f <= NUMFMT_AUTO);
    return f == NUMFMT_AUTO ? "auto" : formats[f].name;
}

const char *numfmt_why(enum numfmt_status s, bool vietnamese)
{
    static const struct {
        const char *vi, *en;
    } why[] = {
        [NUMFMT_OK] = {"đọc được", "readable"},
        [NUMFMT_EMPTY] = {"ô trống", "the cell is empty"},
        [NUMFMT_NO_DIGITS] =
            {"không có chữ số nào; hãy ghi một con số, hoặc để trống nếu chưa "
             "có số liệu",
             "there is no digit; write a number, or leave the cell empty if "
             "there is none yet"},
        [NUMFMT_TRAILING] =
            {"ngoài con số còn có chữ hoặc ký hiệu khác; hãy chỉ ghi con số, "
             "đơn vị tính ghi ở tiêu đề cột",
             "there is more than a number; write the number alone, its unit "
             "belongs in the header"},
        [NUMFMT_GROUPING] =
            {"dấu chấm, dấu phẩy không đúng chỗ: mỗi nhóm phải đủ ba chữ số và "
             "chỉ có một dấu thập phân; hãy kiểm tra từng chữ số",
             "points and commas are not where they belong: each group has "
             "exactly three digits and there is one decimal mark; check every "
             "digit"},
        [NUMFMT_TOO_LONG] = {"dài hơn 38 chữ số; hãy kiểm tra lại số gốc",
                             "longer than 38 digits; check it against its source"},
        [NUMFMT_EXPONENT] =
            {"Excel đã rút gọn (kiểu 1.23E+05) và làm mất chữ số; hãy lấy số "
             "đầy đủ từ tệp gốc",
             "Excel has shortened it (as in 1.23E+05) and lost digits; take the "
             "full number from the original file"},
        [NUMFMT_EXCEL_ERROR] =
            {"Excel báo lỗi (#REF!, #DIV/0!) hoặc cột quá hẹp (####); hãy "
             "sửa công thức hay nới cột rồi xuất lại tệp",
             "an Excel error (#REF!, #DIV/0!) or a column too narrow (####); "
             "mend the formula or widen the column and export again"},
        [NUMFMT_LOOKALIKE] =
            {"có chữ O hoặc chữ l ở chỗ số 0 hoặc số 1; hãy gõ lại bằng chữ số",
             "the letter O or l stands where 0 or 1 is meant; type the digits"},
        [NUMFMT_PERCENT] =
            {"có dấu % nhưng cột này không phải tỷ lệ phần trăm; hãy bỏ dấu % "
             "hoặc kiểm tra có nhầm cột không",
             "there is a percent sign but the column is no percentage; remove "
             "it, or check whether the column is the right one"},
    };
    static_assert(COUNT_OF(why) == NUMFMT_PERCENT + 1, "every status has its words");
    assert((size_t)s < COUNT_OF(why));
    return vietnamese ? why[s].vi : why[s].en;
}

struct num_list {
    struct arena *a;
    struct num *items;
    size_t n, cap;
};

static void list_add(struct num_list *l, struct num v)
{
    l->items = list_room(l->a, l->items, l->n, &l->cap, sizeof *l->items);
    l->items[l->n++] = v;
}

static int compare_nums(const void *a, const void *b)
{
    return num_cmp(*(const struct num *)a, *(const struct num *)b);
}

size_t numfmt_numbers_in(struct arena *a, struct str text, struct num **out)
{
    assert(a && out);
    struct num_list found = {.a = a};
    struct shape shape;
    struct num v;
    size_t n = 0;

    for (struct str s = text; s.n > 0;) {
        if (!is_digit(s.p[0])) {
            s = from(s, 1);
            continue;
        }
        scan_shape(s, false, &shape);
        s = from(s, shape.text.n);
        struct str behind = without_blanks(s);
        bool is_percent = take(&behind, STR("%"));
        for (int f = 0; f < NUMFMT_COUNT; f++) {
            if (build(&shape, &formats[f], false, &v) != NUMFMT_OK) {
                continue;
            }
            list_add(&found, v);
            if (is_percent && num_div(v, num_int(100), &v) == DEC_OK) {
                list_add(&found, v);
            }
        }
    }
    if (found.n > 0) {
        qsort(found.items, found.n, sizeof *found.items, compare_nums);
    }
    for (size_t i = 0; i < found.n; i++) {
        if (n == 0 || !num_eq(found.items[n - 1], found.items[i])) {
            found.items[n++] = found.items[i];
        }
    }
    *out = found.items;
    return n;
}

/* Days, and periods as rows of one table.
 *
 * Every kind of period is a row of slots: where it begins in its year and how long it is.
 * Start, end, order, the period before and the text all follow from the row. The forms
 * that people write are rows of forms over tokens of the bare text (value/bare.h), so
 * that case, tone marks, composition and blanks do not matter; a form that could mean two
 * periods is not in the table. */
#include "value/date.h"

#include "value/bare.h"

#include <assert.h>
#include <string.h>

#define YEAR_MAX 9999
#define SLOT_BITS 5

/* Longest first, as period_ending promises. */
static const struct slot {
    char suffix[4];
    unsigned char kind, number, first_month, months;
} slots[] = {
    {"", PERIOD_YEAR, 1, 1, 12},     {"9M", PERIOD_9M, 1, 1, 9},
    {"H1", PERIOD_HALF, 1, 1, 6},    {"H2", PERIOD_HALF, 2, 7, 6},
    {"Q1", PERIOD_QUARTER, 1, 1, 3}, {"Q2", PERIOD_QUARTER, 2, 4, 3},
    {"Q3", PERIOD_QUARTER, 3, 7, 3}, {"Q4", PERIOD_QUARTER, 4, 10, 3},
    {"01", PERIOD_MONTH, 1, 1, 1},   {"02", PERIOD_MONTH, 2, 2, 1},
    {"03", PERIOD_MONTH, 3, 3, 1},   {"04", PERIOD_MONTH, 4, 4, 1},
    {"05", PERIOD_MONTH, 5, 5, 1},   {"06", PERIOD_MONTH, 6, 6, 1},
    {"07", PERIOD_MONTH, 7, 7, 1},   {"08", PERIOD_MONTH, 8, 8, 1},
    {"09", PERIOD_MONTH, 9, 9, 1},   {"10", PERIOD_MONTH, 10, 10, 1},
    {"11", PERIOD_MONTH, 11, 11, 1}, {"12", PERIOD_MONTH, 12, 12, 1},
};

static_assert(COUNT_OF(slots) <= 1 << SLOT_BITS, "a slot must fit its bits");

/* Days from 0000-03-01: years counted from March have their leap day at the end. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

#define DAYS_TO_1970 719468 /* from 0000-03-01 */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool date_of(int year, int month, int day, int32_t *out)
{
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30,
                                            31, 31, 30, 31, 30, 31};
    assert(out);
    if (year < 1 || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1] + (month == 2 && is_leap(year))) {
        return false;
    }
    *out = (int32_t)(days_of(year, month, day) - DAYS_TO_1970);
    return true;
}

void date_parts(int32_t day, int *year, int *month, int *day_of_month)
{
    assert(year && month && day_of_month);
    int64_t days = (int64_t)day + DAYS_TO_1970;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    int64_t from_march = (5 * of_year + 2) / 153;

    *day_of_month = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march + (from_march < 10 ? 3 : -9));
    *year = (int)(era * 400 + years + (*month <= 2));
}

/* Reads a run of digits at *at; returns how many (0: none, or too many for a year). */
static size_t take_digits(struct str s, size_t *at, int *out)
{
    size_t from = *at;
    *out = 0;
    for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; (*at)++) {
        if (*at - from == 4) {
            return 0;
        }
        *out = *out * 10 + (s.p[*at] - '0');
    }
    return *at - from;
}

static bool is_date_mark(char c)
{
    return c == '/' || c == '-' || c == '.';
}

bool date_parse(struct str s, int32_t *out)
{
    assert(out);
    int part[3];
    size_t digits[3], at = 0;
    char mark = 0;

    s = str_trim(s);
    for (int i = 0; i < 3; i++) {
        if (i > 0 &&
            (at == s.n || !is_date_mark(s.p[at]) || (i > 1 && s.p[at] != mark))) {
            return false;
        }
        if (i > 0) {
            mark = s.p[at++];
        }
        digits[i] = take_digits(s, &at, &part[i]);
        if (digits[i] == 0) {
            return false;
        }
    }
    if (at != s.n || digits[1] > 2) {
        return false;
    }
    if (mark == '-' && digits[0] == 4 && digits[1] == 2 && digits[2] == 2) {
        return date_of(part[0], part[1], part[2], out);
    }
    return digits[0] <= 2 && digits[2] == 4 && date_of(part[2], part[1], part[0], out);
}

struct str date_str(struct arena *a, int32_t day)
{
    return date_show(a, day, false);
}

struct str date_show(struct arena *a, int32_t day, bool vietnamese)
{
    int y, m, d;
    struct text t = text_in(a);

    date_parts(day, &y, &m, &d);
    if (vietnamese) {
        text_printf(&t, "%02d/%02d/%04d", d, m, y);
    } else {
        text_printf(&t, "%04d-%02d-%02d", y, m, d);
    }
    return text_str(&t);
}

static int32_t period_of(int year, size_t slot)
{
    return (int32_t)(year * (1 << SLOT_BITS) + (int)slot);
}

static const struct slot *slot_of(int32_t p)
{
    size_t slot = (size_t)p & ((1u << SLOT_BITS) - 1);
    assert(p > 0 && slot < COUNT_OF(slots));
    return &slots[slot];
}

int32_t period_make(int year, enum period_kind kind, int n)
{
    if (year < 1 || year > YEAR_MAX) {
        return PERIOD_NONE;
    }
    for (size_t i = 0; i < COUNT_OF(slots); i++) {
        if (slots[i].kind == kind && slots[i].number == n) {
            return period_of(year, i);
        }
    }
    return PERIOD_NONE;
}

enum period_kind period_kind(int32_t p)
{
    return (enum period_kind)slot_of(p)->kind;
}

int period_year(int32_t p)
{
    assert(p > 0);
    return p >> SLOT_BITS;
}

int period_number(int32_t p)
{
    return slot_of(p)->number;
}

int period_months(int32_t p)
{
    return slot_of(p)->months;
}

/* Months from January of year 0 to the first month of p. */
static int first_month(int32_t p)
{
    return period_year(p) * 12 + slot_of(p)->first_month - 1;
}

static int32_t month_start(int month)
{
    return (int32_t)(days_of(month / 12, month % 12 + 1, 1) - DAYS_TO_1970);
}

int32_t period_start(int32_t p)
{
    return month_start(first_month(p));
}

int32_t period_end(int32_t p)
{
    return month_start(first_month(p) + period_months(p)) - 1;
}

int32_t period_prior(int32_t p)
{
    const struct slot *s = slot_of(p);
    if (s->kind == PERIOD_9M) {
        return PERIOD_NONE;
    }
    int last = 12 / s->months;
    return s->number > 1
               ? p - 1
               : period_make(period_year(p) - 1, (enum period_kind)s->kind, last);
}

int32_t period_shift_years(int32_t p, int years)
{
    int year;
    if (__builtin_add_overflow(period_year(p), years, &year) || year < 1 ||
        year > YEAR_MAX) {
        return PERIOD_NONE;
    }
    return p + years * (1 << SLOT_BITS);
}

int period_cmp(int32_t a, int32_t b)
{
    int start_a = first_month(a), start_b = first_month(b);
    int end_a = start_a + period_months(a), end_b = start_b + period_months(b);

    if (end_a != end_b) {
        return end_a < end_b ? -1 : 1;
    }
    return (start_a > start_b) - (start_a < start_b);
}

size_t period_ending(int32_t day, int32_t out[5])
{
    int y, m, d, end_y, end_m, end_d;
    size_t n = 0;

    assert(out);
    date_parts(day, &y, &m, &d);
    if (day == DAY_MAX || y < 1 || y > YEAR_MAX) {
        return 0;
    }
    date_parts(day + 1, &end_y, &end_m, &end_d);
    for (size_t i = 0; i < COUNT_OF(slots) && end_d == 1; i++) {
        if (slots[i].first_month + slots[i].months == m + 1) {
            out[n++] = period_of(y, i);
        }
    }
    assert(n <= 5);
    return n;
}

struct str period_str(struct arena *a, int32_t p)
{
    struct text t = text_in(a);
    const char *suffix = slot_of(p)->suffix;

    text_printf(&t, "%04d%s%s", period_year(p), *suffix ? "-" : "", suffix);
    return text_str(&t);
}

/* A form is a line of elements between blanks: 'Y' a year of four digits · '@' a year
 * with or without "năm" or a mark before it · 'Q' a quarter (1, I, một) · 'M' a month ·
 * 'D' a month of two digits · '-' one of / - · '~' perhaps one of / - · a number by its
 * value · a word. Number 0 is the Q, M or D read. */
static const struct form {
    const char *form;
    enum period_kind kind;
    int number;
} forms[] = {
    {"Y", PERIOD_YEAR, 1},
    {"nam Y", PERIOD_YEAR, 1},
    {"ca nam Y", PERIOD_YEAR, 1},
    {"12 thang @", PERIOD_YEAR, 1},
    {"Y ~ h 1", PERIOD_HALF, 1},
    {"Y ~ h 2", PERIOD_HALF, 2},
    {"h 1 @", PERIOD_HALF, 1},
    {"h 2 @", PERIOD_HALF, 2},
    {"6 thang @", PERIOD_HALF, 1},
    {"6 thang dau @", PERIOD_HALF, 1},
    {"6 thang cuoi @", PERIOD_HALF, 2},
    {"sau thang dau @", PERIOD_HALF, 1},
    {"sau thang cuoi @", PERIOD_HALF, 2},
    {"nua dau @", PERIOD_HALF, 1},
    {"nua cuoi @", PERIOD_HALF, 2},
    {"Y ~ 9 m", PERIOD_9M, 1},
    {"9 m @", PERIOD_9M, 1},
    {"9 thang @", PERIOD_9M, 1},
    {"9 thang dau @", PERIOD_9M, 1},
    {"chin thang @", PERIOD_9M, 1},
    {"chin thang dau @", PERIOD_9M, 1},
    {"Y ~ q Q", PERIOD_QUARTER, 0},
    {"q Q @", PERIOD_QUARTER, 0},
    {"quy Q @", PERIOD_QUARTER, 0},
    {"qui Q @", PERIOD_QUARTER, 0},
    {"3 thang dau @", PERIOD_QUARTER, 1},
    {"3 thang cuoi @", PERIOD_QUARTER, 4},
    {"Y - D", PERIOD_MONTH, 0},
    {"M - Y", PERIOD_MONTH, 0},
    {"thang M @", PERIOD_MONTH, 0},
    {"t M @", PERIOD_MONTH, 0},
};

/* A run of digits, of letters, or one other character of the bare text. */
struct token {
    struct str text;
    int value;     /* of digits; -1: something else */
    size_t digits; /* 1 .. 4 */
};

struct cursor {
    struct str text;
    size_t at;
    struct token token; /* text.n 0 at the end */
};

static void advance(struct cursor *c)
{
    while (c->at < c->text.n && c->text.p[c->at] == ' ') {
        c->at++;
    }
    size_t from = c->at;
    c->token.value = -1;
    c->token.digits = take_digits(c->text, &c->at, &c->token.value);
    if (c->token.digits == 0) {
        c->token.value = -1;
        c->at = from;
        while (c->at < c->text.n && c->text.p[c->at] >= 'a' && c->text.p[c->at] <= 'z') {
            c->at++;
        }
        c->at += c->at == from && c->at < c->text.n;
    }
    c->token.text = str_cut(c->text, from, c->at);
}

static bool token_is(const struct cursor *c, const char *word)
{
    return str_eq(c->token.text, str_of(word));
}

static bool take_year(struct cursor *c, int *year)
{
    if (c->token.digits != 4 || c->token.value < 1) {
        return false;
    }
    *year = c->token.value;
    advance(c);
    return true;
}

static bool take_mark(struct cursor *c, const char *marks)
{
    if (c->token.text.n != 1 || !strchr(marks, c->token.text.p[0])) {
        return false;
    }
    advance(c);
    return true;
}

static bool take_quarter(struct cursor *c, int *number)
{
    static const char *const names[][4] = {{"i", "ii", "iii", "iv"},
                                           {"mot", "hai", "ba", "tu"},
                                           {"nhat", "nhi", "ba", "bon"}};

    *number = c->token.digits <= 2 ? c->token.value : 0;
    for (int i = 0; i < 4; i++) {
        for (size_t k = 0; k < COUNT_OF(names); k++) {
            *number = token_is(c, names[k][i]) ? i + 1 : *number;
        }
    }
    advance(c);
    return *number >= 1 && *number <= 4;
}

static bool take_month(struct cursor *c, size_t least_digits, int *number)
{
    *number = c->token.value;
    bool is_month = c->token.digits >= least_digits && c->token.digits <= 2 &&
                    *number >= 1 && *number <= 12;
    advance(c);
    return is_month;
}

static bool take_word(struct cursor *c, struct str word)
{
    size_t at = 0;
    int value;
    bool is_number = take_digits(word, &at, &value) > 0;
    bool fits = is_number ? c->token.value == value && c->token.digits <= 2
                          : str_eq(c->token.text, word);
    advance(c);
    return fits;
}

static bool take_element(struct cursor *c, struct str element, int *year, int *number)
{
    switch (element.p[0]) {
    case 'Y':
        return take_year(c, year);
    case '@':
        (void)take_mark(c, "/-.,");
        if (token_is(c, "nam")) {
            advance(c);
        }
        return take_year(c, year);
    case 'Q':
        return take_quarter(c, number);
    case 'M':
        return take_month(c, 1, number);
    case 'D':
        return take_month(c, 2, number);
    case '-':
        return take_mark(c, "/-");
    case '~':
        (void)take_mark(c, "/-");
        return true;
    default:
        return take_word(c, element);
    }
}

/* Whether the whole text has this form. */
static bool has_form(struct str text, const struct form *f, int *year, int *number)
{
    struct cursor c = {.text = text};
    struct str form = str_of(f->form);

    advance(&c);
    while (form.n > 0) {
        const char *blank = memchr(form.p, ' ', form.n);
        size_t n = blank ? (size_t)(blank - form.p) : form.n;
        if (!take_element(&c, str_cut(form, 0, n), year, number)) {
            return false;
        }
        form = str_cut(form, n + (blank != NULL), form.n);
    }
    return c.token.text.n == 0;
}

bool period_parse(struct str s, int32_t *out)
{
    char bare[64];
    int year = 0, number = 0;

    assert(out);
    struct str text = {bare, bare_text(s, bare, sizeof bare)};
    for (size_t i = 0; i < COUNT_OF(forms) && text.n > 0; i++) {
        const struct form *f = &forms[i];
        if (has_form(text, f, &year, &number)) {
            *out = period_make(year, f->kind, f->number ? f->number : number);
            return *out != PERIOD_NONE;
        }
    }
    return false;
}

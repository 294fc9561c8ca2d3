/* Writes the half-year reports of single cooperatives that the speed is measured on, and
 * their sums by province and period as a second file.
 *
 * The same number of rows always gives the same bytes: the numbers come from a generator
 * of our own, the seed is fixed. Rows are ordered by period, then by cooperative; every
 * cooperative reports in each of ten half-years and opens with what it closed with, so
 * every check holds but for the slips. One row in 10,000 has a slip, the kinds take turns
 * (enum slip). A slip leaves the next report of the cooperative as if it had not
 * happened, so a wrong total also breaks the carry to the next period. A sum takes the
 * members as written, or as they were meant where the cell is unreadable; one line in 97
 * is off by one. Files of fewer than 10,000 rows are clean.
 *
 *     generate ROWS REPORT.csv SUMS.csv PROVINCES.csv */
#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERIODS 10u
#define FIRST_YEAR 2018u
#define SLIP_EVERY 10000u
#define WRONG_SUM_EVERY 97u
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The statistics codes of the 63 provinces and cities until 30 June 2025. */
static const char provinces[][3] = {
    "01", "02", "04", "06", "08", "10", "11", "12", "14", "15", "17", "19", "20",
    "22", "24", "25", "26", "27", "30", "31", "33", "34", "35", "36", "37", "38",
    "40", "42", "44", "45", "46", "48", "49", "51", "52", "54", "56", "58", "60",
    "62", "64", "66", "67", "68", "70", "72", "74", "75", "77", "79", "80", "82",
    "83", "84", "86", "87", "89", "91", "92", "93", "94", "95", "96"};
static_assert(LENGTH(provinces) == 63, "every province once");

static const char *const places[] = {"Tân Hiệp",   "Vĩnh Thuận",  "Long Mỹ",  "Kế Sách",
                                     "Hòa Bình",   "Thới Lai",    "An Biên",  "Phú Tân",
                                     "Mỹ Xuyên",   "Đông Hải",    "U Minh",   "Cờ Đỏ",
                                     "Châu Thành", "Giồng Riềng", "Cái Nước", "Ngã Năm"};

/* Notes that need quotes. */
static const char *const notes[] = {
    "Chuyển đổi theo Luật HTX 2012, đã đăng ký lại",
    "Nghị quyết 05/NQ-ĐH, ngày 12/3; vốn góp bằng đất, máy",
    "Nay là \"\"HTX dịch vụ tổng hợp\"\", trụ sở mới",
    "Tăng do sáp nhập hai tổ hợp tác, giảm 1",
    "Số liệu tạm tính, chờ quyết toán năm",
};
static const char two_lines[] = "Ngừng hoạt động từ tháng 4,\nchờ giải thể";

enum slip {
    SLIP_NUMBER,   /* a numeric cell that is no number */
    SLIP_TOTAL,    /* total is not opening + new - dissolved */
    SLIP_MEMBERS,  /* fewer than 7 members for each */
    SLIP_PROVINCE, /* a code that is in no list; in the last period only, because it
                      leaves every sum of its period open */
    SLIP_ID,       /* a letter in the id */
    SLIP_COPY,     /* the id of the row before */
    SLIP_OPENING,  /* opening is not the total of the period before */
    SLIP_COUNT,
    SLIP_NONE
};

enum number { OPEN, NEW, DISSOLVED, TOTAL, MEMBERS, CAPITAL, REVENUE, NUMBERS };

struct random {
    uint64_t state;
};

struct cooperative {
    uint32_t total, members,
        capital; /* at the end of its last report; capital in tenths */
};

struct generator {
    struct random random;
    uint64_t rows, n_cooperatives;
    struct cooperative *cooperatives;
    uint64_t sums[PERIODS][LENGTH(provinces)]; /* of members */
    bool has_rows[PERIODS][LENGTH(provinces)];
};

/* One row before it is written. */
struct report {
    uint64_t row, cooperative;
    uint32_t period;
    size_t province;
    enum slip slip;
    uint32_t numbers[NUMBERS];
};

struct line {
    char p[512];
    size_t n;
};

/* Splitmix64. */
static uint64_t random_next(struct random *r)
{
    r->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = r->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* From 0 to n - 1. */
static uint32_t random_below(struct random *r, uint32_t n)
{
    assert(n > 0);
    return (uint32_t)(random_next(r) % n);
}

static void put_text(struct line *l, const char *text)
{
    size_t n = strlen(text);
    assert(l->n + n <= sizeof l->p);
    memcpy(l->p + l->n, text, n);
    l->n += n;
}

static void put_number(struct line *l, uint64_t number, unsigned min_digits)
{
    char digits[21];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    for (unsigned n = 0; number > 0 || n < min_digits; n++) {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    }
    put_text(l, digits + at);
}

static void put_period(struct line *l, uint32_t period)
{
    put_number(l, FIRST_YEAR + period / 2, 4);
    put_text(l, period % 2 == 0 ? "-H1" : "-H2");
}

static void put_id(struct line *l, const struct report *r)
{
    uint64_t cooperative = r->slip == SLIP_COPY ? r->cooperative - 1 : r->cooperative;
    put_text(l, provinces[r->province]);
    put_number(l, cooperative, 8);
    if (r->slip == SLIP_ID) {
        l->p[l->n - 1] = 'O';
    }
}

static void put_name(struct line *l, uint64_t cooperative)
{
    put_text(l, "HTX ");
    put_text(l, places[cooperative % LENGTH(places)]);
    put_text(l, " ");
    put_number(l, cooperative / LENGTH(places) % 1000, 1);
}

static void put_numbers(struct line *l, const struct report *r)
{
    enum number unreadable = NUMBERS;
    if (r->slip == SLIP_NUMBER) {
        unreadable = (enum number)(r->row / SLIP_EVERY / SLIP_COUNT % NUMBERS);
    }
    for (enum number i = 0; i < NUMBERS; i++) {
        bool has_tenths = i == CAPITAL || i == REVENUE;
        put_text(l, ",");
        put_number(l, has_tenths ? r->numbers[i] / 10 : r->numbers[i], 1);
        if (i == unreadable) {
            put_text(l, "O");
        } else if (has_tenths && r->numbers[i] % 10 != 0) {
            put_text(l, ".");
            put_number(l, r->numbers[i] % 10, 1);
        }
    }
}

static void put_note(struct line *l, struct random *random)
{
    uint32_t kind = random_below(random, 100);
    if (kind < 15) {
        bool is_rare = kind == 0 && random_below(random, 10) == 0;
        put_text(l, "\"");
        put_text(l, is_rare ? two_lines : notes[kind % LENGTH(notes)]);
        put_text(l, "\"");
    } else if (kind < 40) {
        put_text(l, "Đúng biểu 01");
    }
}

/* What the cooperative would rightly report after its last report. */
static void fill_numbers(struct generator *g, struct cooperative *c, uint32_t *numbers)
{
    numbers[OPEN] = c->total;
    numbers[NEW] = random_below(&g->random, 4);
    numbers[DISSOLVED] = c->total > 3 ? random_below(&g->random, 3) : 0;
    c->total += numbers[NEW] - numbers[DISSOLVED];
    if (c->members < 7 * c->total) {
        c->members = 7 * c->total;
    }
    c->members += random_below(&g->random, 20);
    c->capital += random_below(&g->random, 5000);
    numbers[TOTAL] = c->total;
    numbers[MEMBERS] = c->members;
    numbers[CAPITAL] = c->capital;
    numbers[REVENUE] = random_below(&g->random, 9000000);
}

static void make_slip(struct report *r)
{
    if (r->slip == SLIP_TOTAL) {
        r->numbers[TOTAL] += 1;
    } else if (r->slip == SLIP_MEMBERS) {
        r->numbers[MEMBERS] = 7 * r->numbers[TOTAL] - 1;
    } else if (r->slip == SLIP_OPENING) {
        r->numbers[OPEN] += 1;
        r->numbers[TOTAL] += 1;
    }
}

static enum slip slip_of(uint64_t row)
{
    bool is_slip = row % SLIP_EVERY == SLIP_EVERY - 1;
    return is_slip ? (enum slip)(row / SLIP_EVERY % SLIP_COUNT) : SLIP_NONE;
}

static struct report report_of(struct generator *g, uint64_t row)
{
    struct report r = {.row = row,
                       .cooperative = row % g->n_cooperatives,
                       .period = (uint32_t)(row / g->n_cooperatives)};
    r.province = (size_t)(r.cooperative * LENGTH(provinces) / g->n_cooperatives);
    r.slip = slip_of(row);
    if (r.slip == SLIP_COPY && r.cooperative == 0) {
        r.slip = SLIP_ID;
    }
    fill_numbers(g, &g->cooperatives[r.cooperative], r.numbers);
    make_slip(&r);
    return r;
}

static void put_report(struct line *l, const struct report *r, struct random *random)
{
    l->n = 0;
    put_id(l, r);
    put_text(l, ",");
    put_text(l, r->slip == SLIP_PROVINCE ? "98" : provinces[r->province]);
    put_text(l, ",");
    put_period(l, r->period);
    put_text(l, ",");
    put_name(l, r->cooperative);
    put_numbers(l, r);
    put_text(l, ",");
    put_note(l, random);
    put_text(l, "\n");
}

static bool put_line(FILE *out, const struct line *l)
{
    return fwrite(l->p, 1, l->n, out) == l->n;
}

static bool write_reports(struct generator *g, FILE *out)
{
    struct line l = {.n = 0};
    put_text(&l,
             "htx_id,unit_code,period,htx_name,htx_open,htx_new,htx_dissolved,htx_total,"
             "members_total,charter_capital,revenue,note\n");
    bool is_written = put_line(out, &l);
    for (uint64_t row = 0; row < g->rows && is_written; row++) {
        struct report r = report_of(g, row);
        put_report(&l, &r, &g->random);
        is_written = put_line(out, &l);
        if (r.slip != SLIP_PROVINCE) {
            g->sums[r.period][r.province] += r.numbers[MEMBERS];
            g->has_rows[r.period][r.province] = true;
        }
    }
    return is_written;
}

static bool write_sums(struct generator *g, FILE *out)
{
    struct line l = {.n = 0};
    uint64_t n = 0;
    put_text(&l, "unit_code,period,members_total\n");
    bool is_written = put_line(out, &l);
    for (uint32_t period = 0; period < PERIODS; period++) {
        for (size_t province = 0; province < LENGTH(provinces); province++) {
            if (!g->has_rows[period][province]) {
                continue;
            }
            n++;
            bool is_wrong = g->rows >= SLIP_EVERY && n % WRONG_SUM_EVERY == 0;
            l.n = 0;
            put_text(&l, provinces[province]);
            put_text(&l, ",");
            put_period(&l, period);
            put_text(&l, ",");
            put_number(&l, g->sums[period][province] + (is_wrong ? 1 : 0), 1);
            put_text(&l, "\n");
            is_written = is_written && put_line(out, &l);
        }
    }
    return is_written;
}

static bool write_provinces(struct generator *g, FILE *out)
{
    (void)g;
    struct line l = {.n = 0};
    put_text(&l, "unit_code,unit_name\n");
    for (size_t i = 0; i < LENGTH(provinces); i++) {
        put_text(&l, provinces[i]);
        put_text(&l, ",P");
        put_text(&l, provinces[i]);
        put_text(&l, "\n");
        if (!put_line(out, &l)) {
            return false;
        }
        l.n = 0;
    }
    return true;
}

static bool write_file(struct generator *g, const char *path,
                       bool (*write)(struct generator *g, FILE *out))
{
    FILE *out = fopen(path, "wb");
    if (!out) {
        perror(path);
        return false;
    }
    bool is_written = write(g, out);
    if (fclose(out) != 0 || !is_written) {
        fprintf(stderr, "%s: not written\n", path);
        return false;
    }
    return true;
}

static void found_cooperatives(struct generator *g)
{
    for (uint64_t i = 0; i < g->n_cooperatives; i++) {
        uint32_t total = 1 + random_below(&g->random, 30);
        g->cooperatives[i] =
            (struct cooperative){.total = total,
                                 .members = 7 * total + random_below(&g->random, 400),
                                 .capital = 500 + random_below(&g->random, 90000)};
    }
}

int main(int argc, char **argv)
{
    char *end = NULL;
    uint64_t rows = argc == 5 ? strtoull(argv[1], &end, 10) : 0;
    if (rows == 0 || rows > UINT64_C(1000000000) || *end != '\0') {
        fprintf(stderr, "usage: generate ROWS REPORT.csv SUMS.csv PROVINCES.csv\n");
        return 2;
    }
    struct generator *g = calloc(1, sizeof *g);
    uint64_t n = (rows + PERIODS - 1) / PERIODS;
    struct cooperative *cooperatives = calloc((size_t)n, sizeof *cooperatives);
    bool is_written = false;
    if (g && cooperatives) {
        g->rows = rows;
        g->n_cooperatives = n;
        g->cooperatives = cooperatives;
        found_cooperatives(g);
        is_written = write_file(g, argv[2], write_reports) &&
                     write_file(g, argv[3], write_sums) &&
                     write_file(g, argv[4], write_provinces);
    }
    free(cooperatives);
    free(g);
    return is_written ? 0 : 3;
}

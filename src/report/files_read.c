/* Lines left out are kept as ranges, so that a thousand blank lines cost one entry; they
 * are printed by reason, in the order in which the reasons first appear. */
#include "report/files_read.h"

#include <assert.h>

#define REASONS_MAX 8 /* the words of put_left_out_reason, and room to spare */

/* Consecutive lines left out for one reason. */
struct range {
    struct str reason;
    uint64_t lo, hi;
};

struct file_read {
    struct report_input facts;
    struct range *ranges;
    size_t n;
};

struct files_read {
    struct report_rule_file *rules;
    uint32_t n_rules;
    struct file_read *items;
    uint32_t n;
};

static struct str keep(struct arena *a, struct str s)
{
    return s.p ? str_copy(a, s) : STR_NONE;
}

static void keep_ranges(struct arena *a, const struct report_input *from,
                        struct file_read *to)
{
    size_t cap = 0;
    for (uint32_t i = 0; i < from->n_left_out; i++) {
        const struct report_left_out *o = &from->left_out[i];
        struct range *last = to->n ? &to->ranges[to->n - 1] : NULL;
        if (last && o->line == last->hi + 1 && str_eq(o->reason, last->reason)) {
            last->hi = o->line;
            continue;
        }
        to->ranges = list_room(a, to->ranges, to->n, &cap, sizeof *to->ranges);
        to->ranges[to->n++] = (struct range){keep(a, o->reason), o->line, o->line};
    }
}

static void keep_input(struct arena *a, const struct report_input *from,
                       struct file_read *to)
{
    *to = (struct file_read){.facts = *from};
    to->facts.dataset = keep(a, from->dataset);
    to->facts.path = keep(a, from->path);
    to->facts.encoding = keep(a, from->encoding);
    to->facts.delimiter = keep(a, from->delimiter);
    to->facts.numbers = keep(a, from->numbers);
    to->facts.left_out = NULL;
    keep_ranges(a, from, to);
}

struct files_read *files_read_keep(struct arena *a, const struct report_run *run)
{
    assert(a && run);
    struct files_read *in = arena_new(a, struct files_read);
    in->n_rules = run->n_rules;
    in->rules = arena_new_array(a, in->n_rules, struct report_rule_file);
    for (uint32_t i = 0; i < in->n_rules; i++) {
        in->rules[i] = run->rules[i];
        in->rules[i].path = keep(a, run->rules[i].path);
    }
    in->n = run->n_inputs;
    in->items = arena_new_array(a, in->n, struct file_read);
    for (uint32_t i = 0; i < in->n; i++) {
        keep_input(a, &run->inputs[i], &in->items[i]);
    }
    return in;
}

static void put_left_out_reason(struct sheet *s, struct str reason)
{
    static const struct {
        const char *code, *vi, *en;
    } words[] = {
        {"title", "dòng tiêu đề", "title lines"},
        {"totals", "dòng tổng cộng", "totals rows"},
        {"note", "dòng ghi chú", "notes"},
        {"blank", "dòng trống", "blank lines"},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(reason, str_of(words[i].code))) {
            sheet_say(s, words[i].vi, words[i].en);
            return;
        }
    }
    sheet_text(s, reason);
}

static void put_range(struct sheet *s, const struct range *range)
{
    text_uint(s->out, range->lo);
    if (range->hi > range->lo) {
        text_add_z(s->out, range->hi == range->lo + 1 ? ", " : "–");
        text_uint(s->out, range->hi);
    }
}

/* "dòng tiêu đề 1–3, 7": all ranges with the reason of ranges[first]. */
static void put_ranges(struct sheet *s, const struct file_read *input, size_t first)
{
    size_t n = 0;
    uint64_t more = 0;
    put_left_out_reason(s, input->ranges[first].reason);
    for (size_t i = first; i < input->n; i++) {
        const struct range *range = &input->ranges[i];
        if (!str_eq(range->reason, input->ranges[first].reason)) {
            continue;
        }
        if (n < sheet_limit(s)) {
            text_add_z(s->out, n ? ", " : " ");
            put_range(s, range);
        } else {
            more += range->hi - range->lo + 1;
        }
        n++;
    }
    sheet_more(s, more, " dòng nữa", " more");
}

/* The reasons met so far; there are few, however many ranges. */
struct reasons {
    struct str seen[REASONS_MAX];
    size_t n;
};

static bool is_reason_new(struct reasons *r, struct str reason)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_eq(r->seen[i], reason)) {
            return false;
        }
    }
    assert(r->n < REASONS_MAX);
    r->seen[r->n++] = reason;
    return true;
}

static void put_input_left_out(struct sheet *s, const struct file_read *input)
{
    struct reasons reasons = {.n = 0};
    sheet_blanks(s, 2);
    sheet_text(s, input->facts.path);
    for (size_t i = 0; i < input->n; i++) {
        if (is_reason_new(&reasons, input->ranges[i].reason)) {
            text_add_z(s->out, i ? " · " : ": ");
            put_ranges(s, input, i);
        }
    }
    sheet_char(s, '\n');
}

void files_read_print_left_out(const struct files_read *in, struct sheet *s)
{
    assert(in && s);
    bool is_first = true;
    for (uint32_t i = 0; i < in->n; i++) {
        if (!in->items[i].n) {
            continue;
        }
        if (is_first) {
            sheet_say(s, "Dòng không tính là số liệu:\n",
                      "Lines left out of the data:\n");
            is_first = false;
        }
        put_input_left_out(s, &in->items[i]);
    }
    text_add_z(s->out, is_first ? "" : "\n");
}

static void put_fact(struct sheet *s, const char *vi, const char *en, struct str t)
{
    if (t.p) {
        sheet_say(s, vi, en);
        sheet_text(s, t);
    }
}

static void put_facts(struct sheet *s, const struct report_input *facts)
{
    sheet_blanks(s, 2);
    sheet_text(s, facts->path);
    put_fact(s, ": ", ": ", facts->dataset);
    text_add_z(s->out, ", ");
    sheet_number_of(s, facts->records, "dòng số liệu, ", "record, ", "records, ");
    sheet_number_of(s, facts->bytes, "byte", "byte", "bytes");
    put_fact(s, ", mã ", ", encoding ", facts->encoding);
    put_fact(s, ", dấu phân cách ", ", delimiter ", facts->delimiter);
    put_fact(s, ", kiểu số ", ", numbers ", facts->numbers);
    put_fact(s, ", sha256 ", ", sha256 ", str_of(facts->sha256));
    sheet_char(s, '\n');
}

void files_read_print(const struct files_read *in, struct sheet *s)
{
    assert(in && s);
    if (in->n_rules + in->n == 0) {
        return;
    }
    sheet_say(s, "Tệp đã đọc:\n", "Files read:\n");
    for (uint32_t i = 0; i < in->n_rules; i++) {
        sheet_blanks(s, 2);
        sheet_text(s, in->rules[i].path);
        put_fact(s, ": quy tắc, sha256 ", ": rules, sha256 ",
                 str_of(in->rules[i].sha256));
        sheet_char(s, '\n');
    }
    for (uint32_t i = 0; i < in->n; i++) {
        put_facts(s, &in->items[i].facts);
    }
    sheet_char(s, '\n');
}

/* Raw texts of cells and what they mean, each worked out once.
 *
 * Cells of a column repeat, or come in the order in which they came before (the units of
 * one period after those of another). So the map first tries the entry found last and the
 * one that followed it then, and only then hashes. */
#include "base/bytes.h"
#include "base/utf8.h"
#include "data/loader.h"

#include <assert.h>
#include <string.h>

#define SLOTS_FIRST 64u
#define CODED_SLACK 64u /* bytes of marks and blanks that folding may take away */

static bool is_entry(const struct raw_entry *e, const char *p, size_t n)
{
    return e->n == n && bytes_same(e->p, p, n);
}

static const struct raw_entry *found(struct raw_map *m, uint32_t i)
{
    m->entries[m->last].follow = i;
    m->last = i;
    return &m->entries[i];
}

static const struct raw_entry *look_up(struct raw_map *m, const char *p, size_t n)
{
    uint32_t hash = (uint32_t)bytes_hash(p, n);
    size_t mask = m->n_slots - 1;
    m->missed = hash;
    for (size_t i = hash & mask; m->n_slots > 0; i = (i + 1) & mask) {
        struct raw_slot slot = m->slots[i];
        if (slot.entry == 0) {
            break;
        }
        if (slot.hash == hash && is_entry(&m->entries[slot.entry - 1], p, n)) {
            return found(m, slot.entry - 1);
        }
    }
    return NULL;
}

const struct raw_entry *raw_find(struct raw_map *m, const char *p, size_t n)
{
    if (m->n > 0) {
        const struct raw_entry *last = &m->entries[m->last];
        if (is_entry(last, p, n)) {
            return last;
        }
        if (is_entry(&m->entries[last->follow], p, n)) {
            m->last = last->follow;
            return &m->entries[m->last];
        }
    }
    return look_up(m, p, n);
}

static void put_slot(struct raw_map *m, uint32_t i)
{
    size_t mask = m->n_slots - 1;
    size_t at = m->entries[i].hash & mask;
    while (m->slots[at].entry != 0) {
        at = (at + 1) & mask;
    }
    m->slots[at] = (struct raw_slot){.hash = m->entries[i].hash, .entry = i + 1};
}

static void grow_slots(struct arena *a, struct raw_map *m)
{
    size_t wanted = m->n_slots ? mem_mul(m->n_slots, 2) : SLOTS_FIRST;
    m->slots = arena_resize(a, m->slots, m->n_slots * sizeof *m->slots,
                            mem_mul(wanted, sizeof *m->slots));
    memset(m->slots, 0, wanted * sizeof *m->slots);
    m->n_slots = wanted;
    for (size_t i = 0; i < m->n; i++) {
        put_slot(m, (uint32_t)i);
    }
}

const struct raw_entry *raw_add(struct arena *a, struct raw_map *m,
                                const struct raw_entry *e)
{
    assert(!raw_is_full(m) && (e->p || e->n == 0));
    assert(m->missed == (uint32_t)bytes_hash(e->p, e->n));
    if (2 * m->n >= m->n_slots) {
        grow_slots(a, m);
    }
    uint32_t i = (uint32_t)m->n;
    m->entries = list_room(a, m->entries, m->n, &m->cap, sizeof *m->entries);
    m->entries[m->n++] = *e;
    m->entries[i].hash = m->missed;
    put_slot(m, i);
    return found(m, i);
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

static uint32_t add_coded(struct arena *a, struct coded_text *items, uint32_t n,
                          const struct str *texts, uint32_t n_texts, enum coded what)
{
    for (uint32_t i = 0; i < n_texts; i++) {
        items[n++] = (struct coded_text){.folded = str_fold(a, texts[i]), .what = what};
    }
    return n;
}

/* Blanks are trimmed, and a mark may still come to a vowel from letters behind it. */
static void note_open(struct coded_texts *t)
{
    static const char vowels[] = "aeiouyAEIOUY";
    memset(t->may_begin, true, ' ' + 1);
    t->may_begin[0x7F] = true;
    for (size_t i = 0; i + 1 < sizeof vowels; i++) {
        t->may_begin[(unsigned char)vowels[i]] = true;
    }
}

static void note_first(struct coded_texts *t, struct str folded)
{
    unsigned char first = folded.n > 0 ? (unsigned char)folded.p[0] : 0;
    if (first < sizeof t->may_begin) {
        bool is_small = first >= 'a' && first <= 'z';
        t->may_begin[first] = true;
        t->may_begin[is_small ? first - 'a' + 'A' : first] = true;
    }
}

void coded_init(struct arena *a, const struct schema *s, struct coded_texts *out)
{
    size_t room = mem_add(mem_add(s->n_missing, s->n_zero), s->n_na);
    struct coded_text *items = arena_new_array(a, room, struct coded_text);
    uint32_t n = add_coded(a, items, 0, s->missing, s->n_missing, CODED_MISSING);
    n = add_coded(a, items, n, s->zero, s->n_zero, CODED_ZERO);
    n = add_coded(a, items, n, s->na, s->n_na, CODED_NA);
    *out =
        (struct coded_texts){.items = items, .n = n, .longest = CODED_SLACK}; /* for "" */
    note_open(out);
    for (uint32_t i = 0; i < n; i++) {
        size_t longest = 4 * items[i].folded.n + CODED_SLACK;
        out->longest = longest > out->longest ? longest : out->longest;
        out->has_digits |= has_digit(items[i].folded);
        note_first(out, items[i].folded);
    }
}

static enum coded same_fold(const struct coded_texts *t, struct str folded)
{
    for (uint32_t i = 0; i < t->n; i++) { /* missing stands before zero, zero before na */
        if (str_eq(t->items[i].folded, folded)) {
            return t->items[i].what;
        }
    }
    return folded.n == 0 ? CODED_MISSING : CODED_NONE;
}

/* Whether folding leaves the text as it is: visible ASCII without capitals. */
static bool is_its_own_fold(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c >= 0x7f || (c >= 'A' && c <= 'Z')) {
            return false;
        }
    }
    return true;
}

/* Whether the cell is none of the coded texts by its looks alone. Folding leaves a first
 * character that is followed by ASCII as it is, but for its case. */
static bool is_out_of_question(const struct coded_texts *t, struct str cell)
{
    unsigned char first = (unsigned char)cell.p[0];
    if (cell.n >= 2 && first < 0x80 && (unsigned char)cell.p[1] < 0x80 &&
        !t->may_begin[first]) {
        return true;
    }
    return cell.n > t->longest || (!t->has_digits && has_digit(cell));
}

enum coded coded_find(struct arena *a, const struct coded_texts *t, struct str cell)
{
    if (cell.n == 0) {
        return CODED_MISSING;
    }
    if (is_out_of_question(t, cell)) {
        return CODED_NONE;
    }
    return same_fold(t, is_its_own_fold(cell) ? cell : str_fold(a, cell));
}

enum coded coded_of(struct arena *a, struct coded_texts *t, struct str cell)
{
    if (cell.n > 0 && is_out_of_question(t, cell)) {
        return CODED_NONE;
    }
    if (cell.n == 0 || is_its_own_fold(cell)) {
        return coded_find(a, t, cell);
    }
    const struct raw_entry *e = raw_find(&t->seen, cell.p, cell.n);
    if (e) {
        return (enum coded)e->value;
    }
    enum coded what = coded_find(a, t, cell);
    if (!raw_is_full(&t->seen)) {
        struct str raw = str_copy(a, cell);
        raw_add(a, &t->seen,
                &(struct raw_entry){.p = raw.p, .n = (uint32_t)raw.n, .value = what});
    }
    return what;
}

enum coded schema_coded(struct arena *scratch, const struct schema *s, struct str cell)
{
    assert(scratch && s);
    struct coded_texts texts;
    coded_init(scratch, s, &texts);
    return coded_find(scratch, &texts, str_trim(cell));
}

/* The given blocks of a test as tables, by the loader that reads files.
 *
 * A column that the block does not name is missing in every row, whatever the schema
 * demands of it; its structural checks are switched off elsewhere (test_run.c). */
#include "run/test_run.h"

#include <assert.h>
#include <string.h>

static const struct given *given_of(const struct test_block *test, uint32_t dataset)
{
    for (uint32_t i = 0; i < test->n_given; i++) {
        if (test->given[i].dataset == dataset) {
            return &test->given[i];
        }
    }
    return NULL;
}

static void blank_column(struct table *t, uint32_t column)
{
    struct table_column *const sides[] = {&t->columns[column],
                                          &t->totals_columns[column]};
    const uint32_t rows[] = {t->n, t->n_totals};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        if (rows[i]) {
            memset(sides[i]->state, CELL_EMPTY, rows[i]);
        }
        sides[i]->is_all_ok = false;
    }
}

bool test_has_column(const struct test_case *t, uint32_t dataset, uint32_t column)
{
    assert(t && t->given && t->tables);
    const struct table *table = t->tables[dataset];
    return table->n_files > 0 && table->files[0].field_of &&
           table->files[0].field_of[column] != ID_NONE;
}

static struct table *load(const struct test_case *t, uint32_t dataset)
{
    const struct schema *s = &t->rules->datasets[dataset].schema;
    struct load_options options = {.numbers = NUMFMT_AUTO,
                                   .codelists = t->loaded->codelists};
    struct loader *l = loader_open(t->a, s, t->texts, &options);
    const struct given *given = t->given[dataset];
    if (given) {
        loader_file(l, source_path(t->rules->sources, given->at.src), "UTF-8");
        loader_feed(l, given->text.p, given->text.n);
        loader_file_end(l);
    }
    struct table *table = loader_finish(l);
    table->is_absent = !given && s->is_optional;
    return table;
}

void test_data(struct test_case *t)
{
    assert(t && t->a && t->rules && t->test && t->loaded);
    uint32_t n = t->rules->n_datasets;
    t->texts = dict_new(t->a);
    t->tables = arena_new_array(t->a, (size_t)n + 1, struct table *);
    t->given = arena_new_array(t->a, (size_t)n + 1, const struct given *);
    for (uint32_t d = 0; d < n; d++) {
        t->given[d] = given_of(t->test, d);
        t->tables[d] = load(t, d);
        uint32_t columns = t->rules->datasets[d].schema.n_columns;
        for (uint32_t c = 0; c < columns; c++) {
            if (t->given[d] && !test_has_column(t, d, c)) {
                blank_column(t->tables[d], c);
            }
        }
    }
}

struct str test_record(const struct test_case *t, uint32_t dataset, uint64_t offset)
{
    assert(t && dataset < t->rules->n_datasets);
    const struct given *given = t->given[dataset];
    if (!given || offset >= given->text.n) {
        return STR_NONE;
    }
    struct str rest = str_cut(given->text, (size_t)offset, given->text.n);
    bool is_quoted = false;
    size_t end = 0;
    for (; end < rest.n; end++) {
        char c = rest.p[end];
        is_quoted = c == '"' ? !is_quoted : is_quoted;
        if (!is_quoted && (c == '\n' || c == '\r')) {
            break;
        }
    }
    return str_cut(rest, 0, end);
}

uint64_t test_line(const struct test_case *t, uint32_t dataset, uint64_t line)
{
    assert(t && dataset < t->rules->n_datasets);
    const struct given *given = t->given[dataset];
    return given ? source_place(t->rules->sources, given->at).line + line : 0;
}

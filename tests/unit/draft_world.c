#include "draft_world.h"

#include "lang/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct table *load(struct arena *a, const struct draft *d, struct dict *texts,
                          const char *csv)
{
    const struct load_options options = {.numbers = NUMFMT_AUTO};
    struct loader *l = loader_open(a, draft_schema(a, d), texts, &options);
    loader_file(l, STR("a.csv"), "utf-8");
    assert_int_equal(loader_feed(l, csv, strlen(csv)), READER_OK);
    assert_int_equal(loader_file_end(l), READER_OK);
    return loader_finish(l);
}

struct draft *draft_of(struct arena *a, const char *csv, struct table **table)
{
    const struct str *headers;
    uint32_t n = header_fields(a, str_of(csv), 0, &headers);
    struct dict *texts = dict_new(a);
    struct dict *taken = dict_new(a);
    rules_add_reserved(taken);
    struct draft *d = draft_new(a, STR("d"), headers, n, taken);
    const struct table *first = load(a, d, texts, csv);
    struct table *t = NULL;
    do {
        draft_types(a, d, first);
        do {
            t = load(a, d, texts, csv);
        } while (!draft_keep(d, t, first));
    } while (!draft_finish(a, d, t));
    t->schema = draft_schema(a, d);
    *table = t;
    return d;
}

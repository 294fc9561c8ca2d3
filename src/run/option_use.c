/* Only options that are not for check and score alike stand here; what a table of all of
 * them would repeat is left out. */
#include "run/option_use.h"

#include <assert.h>
#include <string.h>

enum {
    FOR_CHECK = 1,
    FOR_SCORE = 2,
    FOR_TEST = 4,
    FOR_EXPLAIN = 8,
    FOR_LINT = 16,
    FOR_FMT = 32,
    FOR_INIT = 64
};

static const struct {
    const char *name;
    unsigned bit;
} commands[] = {
    {"check", FOR_CHECK},     {"score", FOR_SCORE}, {"test", FOR_TEST},
    {"explain", FOR_EXPLAIN}, {"lint", FOR_LINT},   {"fmt", FOR_FMT},
    {"init", FOR_INIT},
};

static const struct {
    const char *option;
    unsigned commands;
} uses[] = {
    {"explain", FOR_SCORE},
    {"coverage", FOR_TEST},
    {"check", FOR_FMT},
    {"lang",
     FOR_CHECK | FOR_SCORE | FOR_TEST | FOR_EXPLAIN | FOR_LINT | FOR_FMT | FOR_INIT},
    {"color",
     FOR_CHECK | FOR_SCORE | FOR_TEST | FOR_EXPLAIN | FOR_LINT | FOR_FMT | FOR_INIT},
    {"as-of", FOR_CHECK | FOR_SCORE | FOR_TEST},
    {"quiet", FOR_CHECK | FOR_SCORE | FOR_TEST | FOR_FMT},
    {"verbose", FOR_CHECK | FOR_SCORE | FOR_TEST},
    {"encoding", FOR_CHECK | FOR_SCORE | FOR_INIT},
    {"delimiter", FOR_CHECK | FOR_SCORE | FOR_INIT},
    {"limit", FOR_CHECK | FOR_SCORE | FOR_INIT},
    {"parser", FOR_CHECK | FOR_SCORE | FOR_INIT},
    {"progress", FOR_CHECK | FOR_SCORE | FOR_INIT},
};

static unsigned commands_of(const char *option)
{
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        if (strcmp(uses[i].option, option) == 0) {
            return uses[i].commands;
        }
    }
    return FOR_CHECK | FOR_SCORE;
}

static struct str names_of(struct arena *a, unsigned bits)
{
    struct text t = text_in(a);
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (bits & commands[i].bit) {
            text_add_z(&t, t.n ? ", " : "");
            text_add_z(&t, commands[i].name);
        }
    }
    return text_str(&t);
}

bool option_use_check(const struct settings *s, const char *command, struct diags *diags)
{
    assert(s && command && diags);
    unsigned bit = 0;
    bool is_good = true;
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        bit = strcmp(commands[i].name, command) == 0 ? commands[i].bit : bit;
    }
    assert(bit && "a command of the table above");
    for (size_t i = 0; i < s->given.n; i++) {
        const char *option = s->given.items[i].p; /* NUL-terminated copies */
        unsigned allowed = commands_of(option);
        if (!(allowed & bit)) {
            struct diag *d = diag_at(diags, DIAG_ID_USE_OPTION_ELSEWHERE, SPAN_NONE);
            d->args[0] = s->given.items[i];
            d->args[1] = str_of(command);
            d->args[2] = names_of(diags_arena(diags), allowed);
            is_good = false;
        }
    }
    return is_good;
}

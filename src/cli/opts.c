#include "cli/opts.h"

#include <assert.h>
#include <string.h>

struct args {
    soat *s;
    struct opts *o;
    char **next, **end; /* arguments behind the one at hand */
};

static const struct soat_option *by_letter(char letter)
{
    for (size_t i = 0; i < soat_option_count(); i++) {
        if (letter && soat_option(i)->letter == letter) {
            return soat_option(i);
        }
    }
    return NULL;
}

static const struct soat_option *by_name(const char *name, size_t n)
{
    for (size_t i = 0; i < soat_option_count(); i++) {
        const struct soat_option *o = soat_option(i);
        if (strlen(o->name) == n && memcmp(o->name, name, n) == 0) {
            return o;
        }
    }
    return NULL;
}

/* The options of the command line itself. */
static bool take_own(struct opts *o, const char *name)
{
    bool is_help = strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0;
    bool is_version = strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0;
    o->wants_help = o->wants_help || is_help;
    o->wants_version = o->wants_version || is_version;
    return is_help || is_version;
}

/* A value that stands in the next argument. */
static void set_from_next(struct args *a, const struct soat_option *option,
                          const char *shown)
{
    if (a->next == a->end) {
        soat_complain(a->s, SOAT_NO_VALUE, shown, &option->value, 1);
        return;
    }
    soat_set(a->s, option->name, *a->next++);
}

static void take_long(struct args *a, const char *argument)
{
    const char *name = argument + 2;
    const char *equals = strchr(name, '=');
    size_t n = equals ? (size_t)(equals - name) : strlen(name);
    const struct soat_option *option = by_name(name, n);
    if (!option) {
        soat_complain(a->s, SOAT_UNKNOWN_OPTION, argument, NULL, 0);
    } else if (!option->value && equals) {
        soat_complain(a->s, SOAT_UNWANTED_VALUE, argument, NULL, 0);
    } else if (!option->value || equals) {
        soat_set(a->s, option->name, equals ? equals + 1 : NULL);
    } else {
        set_from_next(a, option, argument);
    }
}

static void take_letters(struct args *a, const char *argument)
{
    for (const char *p = argument + 1; *p; p++) {
        const struct soat_option *option = by_letter(*p);
        if (!option) {
            soat_complain(a->s, SOAT_UNKNOWN_OPTION, argument, NULL, 0);
            return;
        }
        if (option->value && p[1]) {
            soat_set(a->s, option->name, p + 1);
            return;
        }
        if (option->value) {
            set_from_next(a, option, argument);
        } else {
            soat_set(a->s, option->name, NULL);
        }
    }
}

void opts_read(struct opts *o, soat *s, int argc, char **argv)
{
    assert(o && s && argv && argc >= 1);
    struct args a = {s, o, argv + 1, argv + argc};
    bool has_ended = false;
    *o = (struct opts){.operands = argv};
    while (a.next < a.end) {
        char *argument = *a.next++;
        if (has_ended || argument[0] != '-' || argument[1] == '\0') {
            o->operands[o->n_operands++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            has_ended = true;
        } else if (take_own(o, argument)) {
            continue;
        } else if (argument[1] == '-') {
            take_long(&a, argument);
        } else {
            take_letters(&a, argument);
        }
    }
}

#include "run/library.h"

#include <assert.h>

#ifndef SOAT_RULES_DIR
#define SOAT_RULES_DIR                                                                   \
    "/usr/local/share/soat/rules" /* the build gives its own PREFIX                      \
                                   */
#endif

static struct str real_folder(struct arena *a, const char *path)
{
    struct stamp s = stamp_of(path);
    if (!s.is_there || !s.is_folder) {
        return STR_NONE;
    }
    return str_of(path_real(a, path));
}

static struct str beside_program(struct arena *a, const char *program, struct str below)
{
    const char *real = path_real(a, program);
    if (!real) {
        return STR_NONE;
    }
    struct str path = path_join(a, path_folder(str_of(real)), below);
    return real_folder(a, path.p);
}

struct str library_folder(struct arena *a, const struct soat_config *config)
{
    assert(a && config);
    if (config->library) {
        return real_folder(a, config->library); /* a wrong setting is not papered over */
    }
    static const char *const below[] = {"../rules", "../share/soat/rules"};
    for (size_t i = 0; config->program && i < COUNT_OF(below); i++) {
        struct str found = beside_program(a, config->program, str_of(below[i]));
        if (found.p) {
            return found;
        }
    }
    return real_folder(a, SOAT_RULES_DIR);
}

#include "lint_world.h"

#include "lang/check.h"
#include "lang/parse.h"

struct diags *lint_world_read(struct arena *a, const char *rules, const char *library,
                              struct sources **sources)
{
    struct diags *diags = diags_new(a);
    struct ast_file *files[2];
    struct lint_file judged[2];
    uint32_t n = 1;
    *sources = sources_new(a);
    files[0] = parse_file(a, *sources, sources_add(*sources, STR("rules"), str_of(rules)),
                          diags);
    judged[0] = (struct lint_file){.ast = files[0]};
    if (library != NULL) {
        uint32_t src = sources_add(*sources, STR("library"), str_of(library));
        files[n] = parse_file(a, *sources, src, diags);
        judged[n++] = (struct lint_file){.ast = files[1], .is_library = true};
    }
    const struct ruleset *r = check_rules(a, *sources, files, n, diags);
    const struct lint_input in = {
        .rules = r, .files = judged, .n_files = n, .diags = diags};
    if (r != NULL) {
        lint_rules(a, &in);
    }
    return diags;
}

/* Rule files from disk to a checked rule set: the entry file, what it uses, what these
 * use.
 *
 * A file is known by its resolved path and read once, however often it is used. What `use
 * "x"` may reach is the entry file's folder and below; `use library` the library's. Files
 * come in the order in which `use` reached them, the entry file first. */
#ifndef SOAT_RUN_RULES_LOAD_H
#define SOAT_RUN_RULES_LOAD_H

#include "lang/ruleset.h"
#include "run/files.h"
#include "soat.h"

#define RULE_FILES_MAX 256

struct rule_file {
    struct str shown; /* how messages and reports call it */
    struct str path;  /* how it is opened */
    struct str real;  /* the same with links resolved */
    struct str root;  /* resolved folder that it may not leave */
    uint32_t src;
    char sha256[65];
    struct ast_file *ast;
    struct rule_file *
        user; /* the file whose `use` is being followed to this one; NULL for the entry */
    bool is_open; /* its own `use` clauses are being followed */
};

struct rules {
    struct arena *arena;
    struct files *files;
    const struct soat_config *config;
    struct diags *diags;
    struct sources *sources;
    struct rule_file **items;
    size_t n, cap;
    struct str library; /* resolved folder; STR_NONE: not looked for, or not there */
    bool has_looked_for_library;
    bool has_gaps;       /* some file that is used cannot be read */
    enum diag_lang lang; /* as the entry file says; Vietnamese by default */
    const struct ruleset *ruleset;
};

/* Reads and checks everything. False: `diags` (which may be another one then) has errors,
 * ruleset is NULL. */
bool rules_load(struct rules *r, struct str path);

/* The resolved paths of the files that one file uses itself, as far as they are there;
 * what is wrong with it goes to `diags`. `r` is new, but for its first members. */
size_t rules_uses(struct rules *r, struct str path, struct str **out);

/* Where a path of a rule file points to: relative to that file, or in the library.
 * STR_NONE: there is no library. *shown is how to call it. */
struct str rules_path(struct rules *r, uint32_t src, bool from_library, struct str path,
                      struct str *shown);
const struct rule_file *rules_file(const struct rules *r, uint32_t src);

#endif

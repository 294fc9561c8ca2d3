/* Syntax trees to a rule set: names, defines, families, types, units, keys. Reports every
 * error with its place and remedy; returns NULL when there was one. Nothing of the data
 * is known here: code lists from CSV files are names of columns only, so codes written in
 * rules are checked after they are read. */
#ifndef SOAT_LANG_CHECK_H
#define SOAT_LANG_CHECK_H

#include "lang/ruleset.h"

/* files[0] is the entry file; the others in the order in which `use` reached them. */
const struct ruleset *check_rules(struct arena *a, const struct sources *sources,
                                  struct ast_file *const *files, uint32_t n_files,
                                  struct diags *diags);

/* Adds the words that a declaration had better not be called: reserved ones, and those
 * with a meaning of their own somewhere. For whoever makes up names. */
void rules_add_reserved(struct dict *names);

#endif

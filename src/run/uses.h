/* Which columns the expressions of a rule set read. */
#ifndef SOAT_RUN_USES_H
#define SOAT_RUN_USES_H

#include "lang/ruleset.h"

struct uses;
struct uses *uses_new(struct arena *a, const struct ruleset *rules);
void uses_expr(struct uses *u, const struct expr *x); /* NULL is allowed */
/* Everything the check's verdict depends on. */
void uses_check(struct uses *u, const struct check *c);
void uses_target(struct uses *u, const struct target *t);
void uses_board(struct uses *u, const struct scoreboard *b);

bool uses_column(const struct uses *u, uint32_t dataset, uint32_t column);
/* Whether something asks for another period, and how many declared data sets are read. */
bool uses_time(const struct uses *u);
uint32_t uses_datasets(const struct uses *u);

#endif

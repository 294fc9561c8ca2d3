/* A formula of the rules in words: columns by their titles, operators and functions as
 * one would say them. */
#ifndef SOAT_RUN_SENTENCE_H
#define SOAT_RUN_SENTENCE_H

#include "lang/ruleset.h"

/* Ends with … where the formula is too long to be read as a sentence. STR_NONE for NULL.
 */
struct str sentence(struct arena *a, const struct ruleset *rules, const struct expr *x,
                    enum diag_lang lang);

/* Title of a column, or its name where it has none. */
struct str column_title(const struct ruleset *rules, uint32_t dataset, uint32_t column,
                        enum diag_lang lang);
/* Title of a declared data set, or its name; result data sets by what they hold. */
struct str dataset_title(const struct ruleset *rules, uint32_t dataset,
                         enum diag_lang lang);

#endif

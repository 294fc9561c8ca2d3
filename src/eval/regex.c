/* The pattern is compiled ANCHORED and ENDANCHORED, so that it has to cover the whole
 * cell. On any error but "no match" a match is tried once more by the interpreter: the
 * JIT has its own small stack, and with it the heap limit does not apply. What still errs
 * is a limit, never "no match". */
#include "eval/regex.h"

#include <assert.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_LIMIT 200000u
#define DEPTH_LIMIT 10000u
#define HEAP_LIMIT_KIB (20u * 1024u)

struct regex {
    pcre2_general_context *memory;
    pcre2_code *code;
    pcre2_match_context *limits;
    pcre2_match_data *match;
};

static void *take(size_t size, void *arena)
{
    return arena_alloc(arena, size);
}

static void leave(void *p, void *arena)
{
    (void)p;
    (void)arena;
}

static struct str message_of(struct arena *a, int error)
{
    unsigned char text[256];

    if (pcre2_get_error_message(error, text, sizeof text) < 0) {
        return STR("unknown error");
    }
    return str_copy(a, str_of((const char *)text));
}

struct regex *regex_new(struct arena *a, struct str pattern, struct str *error,
                        size_t *offset)
{
    assert(a && pattern.p && error && offset);
    const uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C |
                             PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY;
    struct regex *r = arena_new(a, struct regex);
    int code = 0;

    *offset = 0;
    if (pattern.n > REGEX_PATTERN_MAX) {
        *error = STR("the pattern is longer than 4096 bytes");
        return NULL;
    }
    r->memory = pcre2_general_context_create(take, leave, a);
    pcre2_compile_context *context = pcre2_compile_context_create(r->memory);
    r->code =
        pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &code, offset, context);
    if (r->code == NULL) {
        *error = message_of(a, code);
        return NULL;
    }
    (void)pcre2_jit_compile(r->code,
                            PCRE2_JIT_COMPLETE); /* without it the interpreter serves */
    r->limits = pcre2_match_context_create(r->memory);
    pcre2_set_match_limit(r->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(r->limits, HEAP_LIMIT_KIB);
    r->match = pcre2_match_data_create(1, r->memory);
    return r;
}

enum regex_result regex_match(const struct regex *r, struct str subject)
{
    assert(r && r->code);
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.p == NULL ? "" : subject.p);
    int found = pcre2_match(r->code, text, subject.n, 0, 0, r->match, r->limits);

    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
        found =
            pcre2_match(r->code, text, subject.n, 0, PCRE2_NO_JIT, r->match, r->limits);
    }
    if (found >= 0) {
        return REGEX_YES;
    }
    return found == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}

void regex_close(struct regex *r)
{
    if (r != NULL) {
        pcre2_code_free(r->code);
    }
}

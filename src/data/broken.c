#include "data/broken.h"

#include <assert.h>

static const struct {
    enum diag_id id;
    const char *argument;
} broken[] = {
    [READER_STRAY_QUOTE] = {DIAG_ID_DATA_STRAY_QUOTE, NULL},
    [READER_UNCLOSED_QUOTE] = {DIAG_ID_DATA_UNCLOSED_QUOTE, NULL},
    [READER_FIELD_LIMIT] = {DIAG_ID_DATA_FIELD_LIMIT, "1 MiB"},
    [READER_RECORD_LIMIT] = {DIAG_ID_DATA_RECORD_LIMIT, "16 MiB"},
    [READER_FIELDS_LIMIT] = {DIAG_ID_DATA_FIELDS_LIMIT, "4096"},
    [READER_NO_MEMORY] = {DIAG_ID_DATA_NO_MEMORY, NULL},
};

enum diag_id broken_diag(enum reader_status status)
{
    assert(status != READER_OK && (size_t)status < COUNT_OF(broken));
    return broken[status].id;
}

struct str broken_argument(enum reader_status status)
{
    assert(status != READER_OK && (size_t)status < COUNT_OF(broken));
    return str_of(broken[status].argument);
}

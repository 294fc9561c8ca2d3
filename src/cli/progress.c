#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "cli/progress.h"

#include "cli/commands.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum {
    WAIT_MS = 500, /* before the line is drawn first, and between two drawings */
    STEP_MS = 100,
    LINE_MAX_BYTES = 128
};

/* Back to the line's start, and nothing on it. */
static const char erase[] = "\r                                        \r";

static long ms_since(const struct timespec *then, const struct timespec *now)
{
    return (long)(now->tv_sec - then->tv_sec) * 1000 +
           (now->tv_nsec - then->tv_nsec) / 1000000;
}

static const char *const words[][2] = {
    [SOAT_READING] = {"đang đọc dữ liệu", "reading data"},
    [SOAT_EVALUATING] = {"đang kiểm", "checking"},
    [SOAT_REPORTING] = {"đang lập báo cáo", "reporting"},
};

/* The line; gives its bytes. */
static int format_line(const struct progress *p, enum soat_stage stage, uint64_t done,
                       uint64_t all, char line[LINE_MAX_BYTES])
{
    const char *what = words[stage][p->lang];
    if (stage != SOAT_READING || all == 0) {
        return snprintf(line, LINE_MAX_BYTES, "%s%s …", erase, what);
    }
    uint64_t percent = done < all && done <= UINT64_MAX / 100 ? done * 100 / all : 100;
    return snprintf(line, LINE_MAX_BYTES, "%s%s: %u %%", erase, what, (unsigned)percent);
}

void progress_show(struct progress *p, enum soat_stage stage, uint64_t done, uint64_t all)
{
    assert(p && (size_t)stage < sizeof words / sizeof *words);
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return;
    }
    if (p->began.tv_sec == 0 && p->began.tv_nsec == 0) {
        p->began = now;
    }
    bool is_soon = ms_since(&p->began, &now) < WAIT_MS;
    bool is_same = p->is_shown && p->stage == stage;
    if (is_soon || (is_same && ms_since(&p->drawn, &now) < STEP_MS)) {
        return;
    }
    char line[LINE_MAX_BYTES];
    int n = format_line(p, stage, done, all, line);
    p->is_shown = n > 0 && n < LINE_MAX_BYTES && put_all(STDERR_FILENO, line, (size_t)n);
    p->drawn = now;
    p->stage = stage;
}

void progress_hide(struct progress *p)
{
    assert(p);
    if (p->is_shown) {
        p->is_shown = false;
        (void)put_all(STDERR_FILENO, erase, sizeof erase - 1);
    }
}

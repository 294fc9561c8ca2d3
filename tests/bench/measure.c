/* Runs a command and says how long it took and how much memory it held at its peak.
 *
 *     measure [-n RUNS] -o RESULT COMMAND [ARGUMENT]...
 *
 * Writes one line to RESULT: wall time in microseconds (of several runs the median), the
 * largest resident set in KiB, and the exit status of the last run (128 + n when signal n
 * ended it). The command keeps our standard streams. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_RUNS 1000

extern char **environ;

struct job {
    unsigned long runs;
    const char *result;
    char **command;
};

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* The exit status; -1: the command could not be run. */
static int run_once(char *const *command, uint64_t *microseconds)
{
    uint64_t start = now();
    pid_t child = 0;
    int status = 0;
    int error = posix_spawnp(&child, command[0], NULL, NULL, command, environ);
    if (error != 0) {
        fprintf(stderr, "measure: %s: %s\n", command[0], strerror(error));
        return -1;
    }
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    *microseconds = now() - start;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int compare_times(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool read_arguments(int argc, char **argv, struct job *job)
{
    int at = 1;
    job->runs = 1;
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (strcmp(argv[at], "-n") == 0) {
            job->runs = strtoul(argv[at + 1], NULL, 10);
        } else if (strcmp(argv[at], "-o") == 0) {
            job->result = argv[at + 1];
        } else {
            return false;
        }
    }
    job->command = argv + at;
    return at < argc && job->result && job->runs > 0 && job->runs <= MAX_RUNS;
}

int main(int argc, char **argv)
{
    struct job job = {.result = NULL};
    uint64_t times[MAX_RUNS];
    int status = 0;
    if (!read_arguments(argc, argv, &job)) {
        fprintf(stderr, "usage: measure [-n RUNS] -o RESULT COMMAND [ARGUMENT]...\n");
        return 2;
    }
    for (unsigned long i = 0; i < job.runs; i++) {
        status = run_once(job.command, &times[i]);
        if (status < 0) {
            return 3;
        }
    }
    qsort(times, job.runs, sizeof times[0], compare_times);

    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    FILE *out = fopen(job.result, "w");
    if (!out) {
        perror(job.result);
        return 3;
    }
    fprintf(out, "%" PRIu64 " %ld %d\n", times[job.runs / 2], usage.ru_maxrss, status);
    return fclose(out) == 0 ? 0 : 3;
}

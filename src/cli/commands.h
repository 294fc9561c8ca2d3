/* The commands: one function each, one row in main.c's table. */
#ifndef SOAT_CLI_COMMANDS_H
#define SOAT_CLI_COMMANDS_H

#include "cli/opts.h"

/* What a command is given: the handle with all options set, and its own operands. */
typedef enum soat_status command_run(soat *s, char **operands, int n);

struct command {
    const char *name;
    const char *operands;
    const char *help[2];  /* by enum soat_lang; one sentence */
    const char *about[2]; /* likewise; what the manual page adds, in whole sentences */
    command_run *run;
};

extern const struct command commands[];
extern const size_t command_count;

command_run cmd_check, cmd_explain, cmd_fmt, cmd_help, cmd_init, cmd_lint, cmd_score,
    cmd_test;

/* Gives the first operand to soat_rules and the others to soat_data. */
enum soat_status take_operands(soat *s, char **operands, int n);

/* Writes the help to a descriptor; gives `status`, or what went wrong. */
enum soat_status put_usage(soat *s, int fd, enum soat_status status);

/* Writes n bytes to a descriptor, all of them or false. */
bool put_all(int fd, const char *p, size_t n);

#endif

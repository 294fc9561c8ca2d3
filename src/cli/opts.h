/* Arguments to settings, by the one option table of soat.h. */
#ifndef SOAT_CLI_OPTS_H
#define SOAT_CLI_OPTS_H

#include "soat.h"

struct opts {
    char **operands; /* what is no option, in order; the first is the command */
    int n_operands;
    bool wants_help, wants_version;
};

/* Sets every option among the arguments (argv[0] is the program). --name=value, --name
 * value, -fvalue, -f value, -qv; `--` ends the options; `-` alone is an operand. Wrong
 * ones are remembered by `s`, which soat_tell or soat_check reports. Operands are moved
 * to the front of argv. */
void opts_read(struct opts *o, soat *s, int argc, char **argv);

#endif

#include "cli/commands.h"

enum soat_status cmd_init(soat *s, char **operands, int n)
{
    if (n == 0) {
        const char *const wanted = "DATA ...";
        soat_complain(s, SOAT_NO_OPERAND, "init", &wanted, 1);
        return soat_tell(s);
    }
    for (int i = 0; i < n; i++) {
        soat_data(s, operands[i]);
    }
    return soat_init(s);
}

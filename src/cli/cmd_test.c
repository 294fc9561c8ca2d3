#include "cli/commands.h"

enum soat_status cmd_test(soat *s, char **operands, int n)
{
    if (n == 0) {
        const char *const wanted = "RULES ...";
        soat_complain(s, SOAT_NO_OPERAND, "test", &wanted, 1);
        return soat_tell(s);
    }
    return soat_test(s, (const char *const *)operands, (size_t)n);
}

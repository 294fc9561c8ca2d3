#include "cli/commands.h"

enum soat_status cmd_fmt(soat *s, char **operands, int n)
{
    if (n == 0) {
        const char *const wanted = "RULES ...";
        soat_complain(s, SOAT_NO_OPERAND, "fmt", &wanted, 1);
        return soat_tell(s);
    }
    return soat_fmt(s, (const char *const *)operands, (size_t)n);
}

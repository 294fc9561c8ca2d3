#include "cli/commands.h"

enum soat_status cmd_explain(soat *s, char **operands, int n)
{
    if (n == 0) {
        const char *const wanted = "CODE|CHECK [RULES]";
        soat_complain(s, SOAT_NO_OPERAND, "explain", &wanted, 1);
        return soat_tell(s);
    }
    if (n > 2) {
        soat_complain(s, SOAT_UNWANTED_OPERAND, operands[2], NULL, 0);
        return soat_tell(s);
    }
    enum soat_status status = n > 1 ? soat_rules(s, operands[1]) : SOAT_OK;
    return status == SOAT_NO_MEMORY ? status : soat_explain(s, operands[0]);
}

#include "cli/commands.h"

enum soat_status take_operands(soat *s, char **operands, int n)
{
    enum soat_status status = SOAT_OK;
    for (int i = 0; i < n && status != SOAT_NO_MEMORY; i++) {
        status = i ? soat_data(s, operands[i]) : soat_rules(s, operands[i]);
    }
    return status;
}

enum soat_status cmd_check(soat *s, char **operands, int n)
{
    enum soat_status status = take_operands(s, operands, n);
    return status == SOAT_NO_MEMORY ? status : soat_check(s);
}

#include "cli/commands.h"

enum soat_status cmd_check(soat *s, char **operands, int n)
{
    for (int i = 0; i < n; i++) {
        enum soat_status status =
            i ? soat_data(s, operands[i]) : soat_rules(s, operands[i]);
        if (status == SOAT_NO_MEMORY) {
            return status;
        }
    }
    return soat_check(s);
}

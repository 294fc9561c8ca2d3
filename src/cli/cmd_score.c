#include "cli/commands.h"

enum soat_status cmd_score(soat *s, char **operands, int n)
{
    enum soat_status status = take_operands(s, operands, n);
    return status == SOAT_NO_MEMORY ? status : soat_score(s);
}

#include "base/limits.h"

#include <stddef.h>

const struct limit_row limit_rows[] = {
#define X(name, def, min, max, anomaly, reason)                                                    \
    {#name, def, min, max, anomaly, reason, offsetof(struct limits, name)},
    LIMITS(X)
#undef X
        {NULL, 0, 0, 0, NULL, NULL, 0},
};

struct limits limits_default(void)
{
    return (struct limits){
#define X(name, def, min, max, anomaly, reason) .name = (def),
        LIMITS(X)
#undef X
    };
}

#include "base/status.h"

const char *status_text(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return "ok";
    case STATUS_NO_MEMORY:
        return "out of memory";
    case STATUS_LIMIT:
        return "limit reached";
    case STATUS_INVALID:
        return "invalid input";
    case STATUS_IO:
        return "input/output error";
    case STATUS_DEADLINE:
        return "out of time";
    }
    return "unknown status";
}

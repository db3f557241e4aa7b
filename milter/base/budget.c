#include "base/budget.h"

#include <stddef.h>

bool budget_spent(struct budget *b)
{
    if (b == NULL || b->poll == NULL)
        return false;
    b->spent = b->spent || b->poll(b->context);
    return b->spent;
}

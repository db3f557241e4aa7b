#include "mta/pace.h"

/* Well below the ten seconds that Sendmail waits by default before it gives a filter up. */
#define TELL_SECONDS 2.5

static double seconds_since(const struct timespec *began)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

void pace_begin(struct pace *p, double seconds, const struct mta_ops *ops, void *mta)
{
    *p = (struct pace){.seconds = seconds, .ops = ops, .mta = mta};
    (void)clock_gettime(CLOCK_MONOTONIC, &p->began);
}

bool pace_over(void *pace)
{
    struct pace *p = pace;
    double now = seconds_since(&p->began);
    if (now >= p->seconds)
        return true;
    if (now - p->told >= TELL_SECONDS && p->ops->progress != NULL) {
        p->told = now;
        (void)p->ops->progress(p->mta);
    }
    return false;
}

double pace_overdue(const struct pace *p)
{
    return seconds_since(&p->began) - p->seconds;
}

double pace_milliseconds(const struct pace *p)
{
    return seconds_since(&p->began) * 1e3;
}

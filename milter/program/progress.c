#include "program/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 30 };
#define SECOND UINT64_C(1000000000)

uint64_t progress_clock(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

void progress_begin(struct progress *p, bool wanted, double total)
{
    const char *term = getenv("TERM");
    bool able = term != NULL && strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO) == 1;
    *p = (struct progress){.on = wanted && able,
                           .shares_screen = isatty(STDOUT_FILENO) == 1,
                           .total = total,
                           .began = progress_clock()};
    p->drawn = p->began + SECOND - SECOND / 5; /* nothing in the first second */
}

double progress_seconds(const struct progress *p)
{
    return (double)(progress_clock() - p->began) / (double)SECOND;
}

void progress_hide(struct progress *p)
{
    if (!p->visible)
        return;
    (void)fputs("\r\x1b[K", stderr);
    p->visible = false;
}

static void draw(struct progress *p, double done)
{
    double seconds = progress_seconds(p), rate = seconds > 0 ? (double)p->n / seconds : 0;
    if (p->total <= 0 || done <= 0) {
        (void)fprintf(stderr, "\r%llu messages, %.0f/s\x1b[K", (unsigned long long)p->n, rate);
        return;
    }
    double part = done < p->total ? done / p->total : 1;
    int filled = (int)(part * BAR);
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR] = '\0';
    unsigned long left = (unsigned long)(seconds / part - seconds + 0.5);
    (void)fprintf(stderr, "\r[%s] %3.0f %%  %llu messages, %.0f/s, %lu:%02lu left\x1b[K", bar,
                  part * 100, (unsigned long long)p->n, rate, left / 60, left % 60);
}

void progress_step(struct progress *p, double done)
{
    p->n++;
    if (!p->on)
        return;
    uint64_t now = progress_clock();
    if (now < p->drawn + SECOND / 5)
        return;
    p->drawn = now;
    p->visible = true;
    draw(p, done);
    (void)fflush(stderr);
}

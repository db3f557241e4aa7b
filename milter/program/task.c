#include "program/task.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

bool task_init(struct task *t, const struct source_event *event, enum source_step step, double done)
{
    *t = (struct task){.letter = event->letter, .step = step, .done = done};
    t->path = strdup(event->path != NULL ? event->path : "");
    t->text = event->text != NULL ? strdup(event->text) : NULL;
    bool all = t->path != NULL && (t->text != NULL || event->text == NULL);
    if (!all)
        task_fini(t);
    return all;
}

void task_fini(struct task *t)
{
    free(t->path);
    free(t->letter.bytes);
    free(t->text);
    *t = (struct task){0};
}

struct view task_bytes(const struct task *t)
{
    return (struct view){t->letter.bytes, t->letter.n};
}

int trouble_of(enum source_step step)
{
    switch (step) {
    case SOURCE_MISSING:
        return EX_NOINPUT;
    case SOURCE_IO:
        return EX_IOERR;
    case SOURCE_NO_MEMORY:
        return EX_OSERR;
    case SOURCE_LETTER:
    case SOURCE_NOTE:
    case SOURCE_END:
        break;
    }
    return 0;
}

int trouble_graver(int a, int b)
{
    static const int by_gravity[] = {0,        EX_DATAERR,  EX_NOINPUT, EX_CANTCREAT,
                                     EX_IOERR, EX_SOFTWARE, EX_OSERR};
    size_t first = 0, second = 0;
    for (size_t i = 0; i < sizeof by_gravity / sizeof by_gravity[0]; i++) {
        first = by_gravity[i] == a ? i : first;
        second = by_gravity[i] == b ? i : second;
    }
    return first > second ? a : b;
}

struct scanner *crew_scanner(const struct crew *crew)
{
    struct scanner *scanner;
    return scanner_new(crew->ruleset, &crew->limits, &scanner) == STATUS_OK ? scanner : NULL;
}

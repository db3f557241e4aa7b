/* Labelled mail named on a command line, for evaluate and tune. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/evaluate.h"
#include "program/packs.h"
#include "program/pool.h"

enum { ARENA_BYTES_MAX = 1 << 30 };

void evaluation_init(struct evaluation *e)
{
    *e = (struct evaluation){.jobs = pool_processors()};
    manifest_init(&e->manifest);
    arena_init(&e->arena, ARENA_BYTES_MAX);
}

const char *evaluation_why(enum status status)
{
    return status == STATUS_IO ? strerror(errno) : status_text(status);
}

int evaluation_check(struct evaluation *e, struct diags *diags)
{
    if (!manifest_unique(&e->manifest, diags)) {
        screen_complain(NULL, "out of memory");
        return EX_OSERR;
    }
    packs_print_diags(diags);
    e->n_wrong_lines = diags->n_errors;
    uint64_t of[LABEL_COUNT] = {0}, others = 0;
    for (uint32_t i = 0; i < e->manifest.n; i++)
        of[e->manifest.v[i].label]++;
    for (unsigned i = 0; i < LABEL_COUNT; i++)
        others += i == LABEL_EXTORTION ? 0 : of[i];
    if (e->manifest.n == 0) {
        screen_complain(NULL, "nothing to measure: no sample was named");
        return e->trouble != 0 ? e->trouble : EX_DATAERR;
    }
    if (of[LABEL_EXTORTION] == 0)
        screen_complain(NULL, "note: no extortion mail among the samples, so there is no recall");
    if (others == 0)
        screen_complain(NULL, "note: only extortion mail, so nothing is known of false positives");
    return 0;
}

bool evaluation_add(struct evaluation *e, const char *path, enum label label, struct diags *diags)
{
    if (label != LABEL_COUNT)
        return manifest_add(&e->manifest, path, label);
    enum status status = manifest_read(&e->manifest, path, diags);
    if (status == STATUS_IO || status == STATUS_LIMIT) {
        screen_complain(path, evaluation_why(status));
        if (status == STATUS_IO && errno == EISDIR)
            (void)fputs("    hint: for a folder of mail say --label LABEL before it\n", stderr);
        e->trouble = trouble_graver(e->trouble, EX_NOINPUT);
    }
    return status != STATUS_NO_MEMORY;
}

void evaluation_fini(struct evaluation *e)
{
    figures_fini(&e->figures);
    free(e->v);
    free(e->rule_hits);
    arena_fini(&e->arena);
    manifest_fini(&e->manifest);
}

/* Postfix's hold queue, by postqueue, postcat and postsuper. */
#include <string.h>
#include <sysexits.h>

#include "program/quarantine.h"

enum { HEADER_MAX = 4 << 20, SAID_MAX = 8192 };

/* "-c DIR" in front, where another instance is meant. */
static int tool(const struct quarantine_wishes *w, const char *name, const char *const *more,
                struct buf *output, struct buf *errors)
{
    const char *argv[QUARANTINE_ARGUMENTS] = {name};
    size_t n = 1;
    if (w->config_dir != NULL) {
        argv[n++] = "-c";
        argv[n++] = w->config_dir;
    }
    for (; *more != NULL && n < QUARANTINE_ARGUMENTS - 1; more++)
        argv[n++] = *more;
    return quarantine_run(w, argv, output, errors);
}

static int mark_read(const struct quarantine_wishes *w, struct held *h)
{
    const char *const more[] = {"-qh", h->id, NULL};
    struct buf header;
    buf_init(&header, HEADER_MAX);
    int code = tool(w, "postcat", more, &header, NULL);
    if (code == 0)
        held_read_header(buf_view(&header), h);
    buf_fini(&header);
    return code;
}

static int postfix_list(const struct quarantine_wishes *w, const char *only, struct held_list *out)
{
    const char *const more[] = {"-j", NULL};
    struct buf lines;
    buf_init(&lines, QUARANTINE_BYTES_MAX);
    int code = tool(w, "postqueue", more, &lines, NULL);
    if (code == 0 && held_read_postqueue(buf_view(&lines), out) != STATUS_OK) {
        quarantine_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    buf_fini(&lines);
    /* The header is all that tells ours from others': Postfix before 3.10 forgets the reason. */
    for (uint32_t i = 0; code == 0 && i < out->n; i++) {
        out->v[i].skipped = only != NULL && strcmp(out->v[i].id, only) != 0;
        /* One that is gone meanwhile is nobody's; postcat has said so. */
        if (!out->v[i].skipped)
            (void)mark_read(w, &out->v[i]);
    }
    return code;
}

static int postfix_show(const struct quarantine_wishes *w, const char *id, struct buf *out)
{
    const char *const more[] = {"-qbh", id, NULL};
    return tool(w, "postcat", more, out, NULL);
}

/* postsuper ends with 0 when there was nothing to do, too; what it did it says. */
static int super(const struct quarantine_wishes *w, const char *const *more, const char *id)
{
    struct buf said;
    buf_init(&said, SAID_MAX);
    int code = tool(w, "postsuper", more, NULL, &said);
    struct view v = buf_view(&said);
    if (code == 0 && view_find(v, VIEW(": 1 message")) >= v.n) {
        quarantine_complain(id, "is not there any more");
        code = EX_NOINPUT;
    }
    buf_fini(&said);
    return code;
}

static int postfix_release(const struct quarantine_wishes *w, const char *id)
{
    const char *const unhold[] = {"-H", id, NULL}, *const now[] = {"-i", id, NULL};
    int code = super(w, unhold, id);
    /* Else it waits for the next run of the queue. */
    return code == 0 ? tool(w, "postqueue", now, NULL, NULL) : code;
}

static int postfix_delete(const struct quarantine_wishes *w, const char *id)
{
    const char *const more[] = {"-d", id, "hold", NULL};
    return super(w, more, id);
}

const struct quarantine_mta quarantine_postfix = {.name = "postfix",
                                                  .config = "main.cf",
                                                  .config_dir = "/etc/postfix",
                                                  .list = postfix_list,
                                                  .show = postfix_show,
                                                  .release = postfix_release,
                                                  .delete = postfix_delete};

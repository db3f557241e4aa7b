/* The MTA's own tools, run without a shell. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "program/quarantine.h"
#include "program/screen.h"

enum { SECONDS = 300, ERRORS_MAX = 8192, SAID_MAX = 300 };

void quarantine_complain(const char *id, const char *text)
{
    char what[128];
    (void)snprintf(what, sizeof what, "quarantine%s%s", id != NULL ? ": " : "",
                   id != NULL ? id : "");
    screen_complain(what, text);
}

bool quarantine_program(const struct quarantine_wishes *w, const char *name,
                        char out[QUARANTINE_PATH_MAX])
{
    /* Not $PATH: this runs as root. */
    static const char *const folders[] = {"/usr/sbin",      "/usr/bin", "/usr/local/sbin",
                                          "/usr/local/bin", "/sbin",    "/opt/local/sbin"};
    if (name[0] == '/') {
        (void)snprintf(out, QUARANTINE_PATH_MAX, "%s", name);
        return true;
    }
    for (size_t i = 0; i < (w->programs != NULL ? 1 : sizeof folders / sizeof folders[0]); i++) {
        int n = snprintf(out, QUARANTINE_PATH_MAX, "%s/%s",
                         w->programs != NULL ? w->programs : folders[i], name);
        if (n > 0 && n < QUARANTINE_PATH_MAX && access(out, X_OK) == 0)
            return true;
    }
    char text[256];
    (void)snprintf(text, sizeof text, "%.100s is not installed%s", name,
                   w->programs != NULL ? " there" : "; --programs names another folder");
    quarantine_complain(NULL, text);
    return false;
}

static int failed(const char *name, struct child_outcome o, struct view said)
{
    struct buf text;
    buf_init(&text, 4096);
    (void)buf_addf(&text, "%s ", name);
    if (o.end == CHILD_FAILED)
        (void)buf_addf(&text, "cannot be run: %s", strerror(o.code));
    else if (o.end == CHILD_LATE)
        (void)buf_addf(&text, "did not end within %d seconds", SECONDS);
    else if (o.end == CHILD_LIMIT)
        (void)buf_addf(&text, "says more than fits into memory");
    else
        (void)buf_addf(&text, "%s %d: ", o.end == CHILD_KILLED ? "ended by signal" : "ended with",
                       o.code);
    if (o.end == CHILD_EXITED || o.end == CHILD_KILLED)
        (void)screen_add_quote(&text, view_trim(said), SAID_MAX);
    (void)buf_add_byte(&text, '\0');
    quarantine_complain(NULL, text.n > 0 ? text.p : name);
    buf_fini(&text);
    return o.end == CHILD_FAILED && o.code == EACCES ? EX_NOPERM : EX_UNAVAILABLE;
}

int quarantine_run(const struct quarantine_wishes *w, const char *const *argv, struct buf *output,
                   struct buf *errors)
{
    const char *full[QUARANTINE_ARGUMENTS + 1] = {NULL};
    char path[QUARANTINE_PATH_MAX];
    struct buf own;
    if (!quarantine_program(w, argv[0], path))
        return EX_UNAVAILABLE;
    full[0] = path;
    for (size_t i = 1; i < QUARANTINE_ARGUMENTS && argv[i] != NULL; i++)
        full[i] = argv[i];
    buf_init(&own, ERRORS_MAX);
    struct buf *said = errors != NULL ? errors : &own;
    (void)signal(SIGPIPE, SIG_IGN);
    struct child_outcome o = child_run(
        &(struct child_wish){.argv = full, .output = output, .errors = said, .seconds = SECONDS});
    (void)signal(SIGPIPE, SIG_DFL);
    int code = o.end == CHILD_EXITED && o.code == 0 ? 0 : failed(argv[0], o, buf_view(said));
    buf_fini(&own);
    return code;
}

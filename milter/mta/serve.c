#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <time.h>

#include "mta/milter.h"
#include "mta/socket.h"

enum {
    DRAIN_SECONDS = 15, /* for messages in flight at a stop; below systemd's patience */
    SETTLE_MS = 500,    /* for a thread of a busy machine to send what is decided */
    FILES_WANTED = 4096,
};

/* One per process, like libmilter. */
static struct {
    char *socket;                  /* own */
    struct socket_address address; /* borrows socket */
    struct engine *engine;         /* foreign */
    struct milter_reload reload;
    sem_t reload_asked;
    atomic_bool reload_waits; /* asked for, and not begun */
    pthread_t first;          /* the thread that handles signals */
    bool failed;              /* read after done */
    atomic_bool done;         /* libmilter has returned */
} server;

/* Out of files, libmilter would spin on accept(): have as many as the system allows. */
static void raise_file_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_WANTED)
        log_line(LOG_LEVEL_WARNING,
                 "only %llu open files are allowed: each connection of the MTA needs one",
                 (unsigned long long)files.rlim_cur);
}

int milter_open(const struct milter_options *options)
{
    const char *hint;
    server.socket = strdup(options->socket);
    if (server.socket == NULL)
        return EX_OSERR;
    if (!socket_address_read(server.socket, &server.address, &hint)) {
        log_line(LOG_LEVEL_ERROR, "socket \"%s\" is not usable: %s", server.socket, hint);
        return EX_USAGE;
    }
    raise_file_limit();
    int code = socket_prepare(options, &server.address);
    if (code != EX_OK)
        return code;
    /* Nobody may connect before the mode is set. */
    mode_t mask = umask(0177);
    code = milter_listen(options->socket);
    (void)umask(mask);
    if (code == EX_OK)
        code = socket_permit(options, &server.address);
    if (code != EX_OK)
        socket_remove(&server.address);
    return code;
}

void milter_close(void)
{
    socket_remove(&server.address);
}

static void *serve(void *unused)
{
    server.failed = !milter_run(server.engine);
    atomic_store(&server.done, true);
    /* Wakes it when libmilter stopped by itself. */
    (void)pthread_kill(server.first, SIGUSR2);
    return unused;
}

/* Not on the thread that handles signals: a slow load must not keep the daemon from stopping. */
static void *reload(void *unused)
{
    for (;;) {
        while (sem_wait(&server.reload_asked) != 0)
            ;
        atomic_store(&server.reload_waits, false);
        server.reload.run(server.engine, server.reload.context);
    }
    return unused;
}

static void reload_ask(void)
{
    if (!atomic_exchange(&server.reload_waits, true))
        (void)sem_post(&server.reload_asked);
}

static bool thread_start(void *(*run)(void *))
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, NULL) != 0) {
        log_line(LOG_LEVEL_ERROR, "cannot start a thread");
        return false;
    }
    (void)pthread_detach(thread);
    return true;
}

static void pause_milliseconds(long ms)
{
    (void)nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void drain(struct engine *e)
{
    /* A second signal reaches libmilter, which then serves nobody any more. */
    for (int i = 0; i < DRAIN_SECONDS * 20; i++) {
        if (engine_in_flight(e) == 0 || atomic_load(&server.done))
            break;
        pause_milliseconds(50);
    }
    /* libmilter sends the last answer after the callback has returned. */
    pause_milliseconds(SETTLE_MS);
    if (engine_in_flight(e) > 0)
        log_line(LOG_LEVEL_WARNING, "stopping with %u messages in flight", engine_in_flight(e));
}

int milter_serve(struct engine *e, const struct milter_reload *how)
{
    /*
     * libmilter has a thread that waits for the same signals. Linux gives a process's signal to the
     * first thread when that waits for it, so this thread does, and smfi_main() runs in another.
     * Should libmilter's thread win elsewhere, it stops without draining.
     */
    sigset_t set;
    int sig = 0;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigaddset(&set, SIGUSR2);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
        return EX_OSERR;
    server.engine = e;
    server.first = pthread_self();
    server.reload = *how;
    if (sem_init(&server.reload_asked, 0, 0) != 0 || !thread_start(reload) ||
        !thread_start(serve)) {
        socket_remove(&server.address);
        return EX_OSERR;
    }
    while (!atomic_load(&server.done) && sig != SIGTERM && sig != SIGINT && sig != SIGHUP) {
        if (sigwait(&set, &sig) != 0)
            continue;
        if (sig == SIGUSR1)
            reload_ask();
        else if (sig == SIGUSR2 && !atomic_load(&server.done))
            engine_log_counters(e);
    }
    if (!atomic_load(&server.done)) {
        /*
         * Without smfi_stop(): it waits up to five seconds for the listener's lock, abandons
         * sessions that are between two commands all the same, and destroys locks that are in use.
         * What it would do, the end of the process does.
         */
        log_line(LOG_LEVEL_INFO, "stopping on signal %d", sig);
        drain(e);
    }
    socket_remove(&server.address);
    engine_log_counters(e);
    if (atomic_load(&server.done) && server.failed) {
        log_line(LOG_LEVEL_ERROR, "libmilter stopped by itself: see its own lines in syslog");
        return EX_SOFTWARE;
    }
    return EX_OK;
}

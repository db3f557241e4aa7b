#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "mta/descriptors.h"
#include "mta/milter.h"
#include "mta/socket.h"

enum {
    QUIET_SECONDS = 5, /* at a stop all is served for so long, or until no message is in flight */
    LAST_SECONDS = 10, /* then those in flight have so long; both below systemd's patience */
    SETTLE_MS = 300,   /* for a thread of a busy machine to send what is decided */
    TICK_MS = 20,
    LOOK_SECONDS = 2,   /* how often files are looked at that may have changed */
    PROBE_SECONDS = 10, /* the watchdog's patience with our own answer */
    STUCK_SECONDS = 30, /* over the deadline: a thread does not look at the clock any more */
};

/* One per process, like libmilter. */
static struct {
    char *socket;                  /* own */
    struct socket_address address; /* borrows socket */
    struct engine *engine;         /* foreign */
    struct milter_reload reload;
    double watchdog_seconds; /* 0: nobody watches */
    sem_t reload_asked;
    atomic_bool reload_waits; /* asked for, and not begun */
    pthread_t first;          /* the thread that handles signals */
    bool failed;              /* read after done */
    atomic_bool done;         /* libmilter has returned */
} server;

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
    int code = descriptors_raise();
    if (code == EX_OK)
        code = socket_prepare(options, &server.address);
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
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_SECONDS;
        bool asked = sem_timedwait(&server.reload_asked, &until) == 0;
        if (asked)
            atomic_store(&server.reload_waits, false);
        else if (errno != ETIMEDOUT)
            continue;
        if (asked ||
            (server.reload.due != NULL && server.reload.due(server.engine, server.reload.context)))
            server.reload.run(server.engine, server.reload.context);
        if (server.reload.tidy != NULL)
            server.reload.tidy();
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

static struct timespec milliseconds(long ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

/*
 * The service manager hears that we are well as long as we are: a connection to our own socket is
 * answered, and no message is far over its deadline.
 */
static void *watch(void *unused)
{
    const struct timespec pause = milliseconds((long)(server.watchdog_seconds * 1000 / 3));
    bool well = true;
    for (;;) {
        double over = engine_overdue(server.engine);
        bool answers = milter_answers(&server.address, PROBE_SECONDS) || errno == ECONNRESET ||
                       errno == EMFILE;
        if (answers && over < STUCK_SECONDS)
            service_notify("WATCHDOG=1");
        else if (well)
            log_line(LOG_LEVEL_ERROR, "not well, the service manager may restart us: %s",
                     answers ? "a message is far over its deadline" : "our own socket is silent");
        well = answers && over < STUCK_SECONDS;
        (void)nanosleep(&pause, NULL);
    }
    return unused;
}

/* False: asked a second time to stop, or libmilter has ended. */
static bool wait_quiet(const sigset_t *set, long ms)
{
    const struct timespec tick = milliseconds(TICK_MS);
    for (long i = 0; i < ms / TICK_MS; i++) {
        if (atomic_load(&server.done))
            return false;
        if (engine_in_flight(server.engine) == 0)
            return true;
        int sig = sigtimedwait(set, NULL, &tick);
        if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP)
            return false;
    }
    return true;
}

/*
 * Without smfi_stop(): it waits up to five seconds for the listener's lock, abandons sessions that
 * are between two commands all the same, and destroys locks that are in use. What it would do, the
 * end of the process does. So libmilter serves to the last moment: at first everything, until no
 * message is in flight, then only the messages that have begun; who comes with a new one is told to
 * come again (421), which is our own word and not what the MTA does when a filter fails.
 */
static void drain(const sigset_t *set)
{
    struct engine *e = server.engine;
    if (wait_quiet(set, QUIET_SECONDS * 1000L)) {
        const struct timespec settle = milliseconds(SETTLE_MS);
        engine_close(e);
        /* libmilter sends the last answer after the callback has returned. */
        (void)nanosleep(&settle, NULL);
        if (wait_quiet(set, LAST_SECONDS * 1000L))
            (void)nanosleep(&settle, NULL);
    }
    if (engine_in_flight(e) > 0)
        log_line(LOG_LEVEL_WARNING, "stopping with %u messages in flight", engine_in_flight(e));
}

/*
 * libmilter starts a thread that waits for SIGTERM, SIGINT and SIGHUP and then stops without
 * draining, and there is no switch for it. Linux gives a process's signal to any thread that waits
 * for it: while ours is busy with one signal the next would be libmilter's. So its wait is this
 * one, for the dynamic linker prefers the program's functions to the C library's. Nothing of ours
 * calls it.
 */
int sigwait(const sigset_t *restrict set, int *restrict sig)
{
    (void)set;
    (void)sig;
    for (;;)
        (void)pause();
}

int milter_serve(struct engine *e, const struct milter_reload *how)
{
    /* Only this thread waits for signals, so smfi_main() runs in another. */
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
    server.watchdog_seconds = service_watchdog_seconds();
    if (sem_init(&server.reload_asked, 0, 0) != 0 || !thread_start(reload) ||
        !thread_start(serve) || (server.watchdog_seconds > 0 && !thread_start(watch))) {
        socket_remove(&server.address);
        return EX_OSERR;
    }
    service_notify("READY=1");
    while (!atomic_load(&server.done) && sig != SIGTERM && sig != SIGINT && sig != SIGHUP) {
        sig = sigwaitinfo(&set, NULL);
        if (sig == SIGUSR1)
            reload_ask();
        else if (sig == SIGUSR2 && !atomic_load(&server.done))
            engine_log_counters(e);
    }
    if (!atomic_load(&server.done)) {
        log_line(LOG_LEVEL_INFO, "stopping on signal %d", sig);
        service_notify("STOPPING=1");
        drain(&set);
    }
    socket_remove(&server.address);
    engine_log_counters(e);
    if (atomic_load(&server.done) && server.failed) {
        log_line(LOG_LEVEL_ERROR, "libmilter stopped by itself: see its own lines in syslog");
        return EX_SOFTWARE;
    }
    return EX_OK;
}

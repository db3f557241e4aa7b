/*
 * milter-load [OPTION]... SOCKET-PATH FILE...: message files, over and over, by many MTAs at once.
 *
 *   -a N  active connections (12)          -m N  messages in all (1000)
 *   -c N  messages a connection (10)       -i N  idle connections beside them (0)
 *   -s N  slow ones: a byte a second (0)   -g    go on after a connection that was not served
 *
 * Idle and slow ones have a second to come in before the active ones.
 *
 * The last line says how many were answered and with what, and how long the answer to the end of
 * message took: "1000 messages: 998 accepted, 0 tempfailed, 2 lost; ms: median 1.2, 99% 8.8, most
 * 12.1". Exit code 0 when none was lost: answered by nothing at all.
 */
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mta/wire.h"

enum { THREADS_MAX = 1000, FILES_MAX = 10000, FIELDS_MAX = 200, CHUNK = 65535 };

struct letter {
    char *bytes; /* own; cut into fields */
    char *name[FIELDS_MAX], *value[FIELDS_MAX];
    size_t n_fields;
    char *body; /* in wire form */
    size_t n_body;
};

static struct letter letters[FILES_MAX];
static size_t n_letters;
static long most = 1000, a_connection = 10;
static bool go_on;
static atomic_long next_message;
static atomic_long accepted, tempfailed, lost;
static atomic_bool over; /* for those who are idle or slow */
static float *took;      /* per message, ms; negative: none */

static void die(const char *what)
{
    perror(what);
    exit(66);
}

/* The rest of a file from p on, with CR LF. */
static void body_read(struct letter *l, const char *p, size_t n)
{
    char *to = l->body = malloc(2 * n + 1);
    if (to == NULL)
        die("malloc");
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n' && (i == 0 || p[i - 1] != '\r'))
            *to++ = '\r';
        *to++ = p[i];
    }
    l->n_body = (size_t)(to - l->body);
}

static void letter_read(struct letter *l, const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fstat(fileno(f), &st) != 0)
        die(path);
    size_t n = (size_t)st.st_size;
    l->bytes = malloc(n + 1);
    if (l->bytes == NULL || fread(l->bytes, 1, n, f) != n)
        die(path);
    (void)fclose(f);
    l->bytes[n] = '\0';
    char *p = l->bytes, *end = p + n;
    while (p < end && *p != '\n' && l->n_fields < FIELDS_MAX) {
        char *colon = strchr(p, ':'), *lf = strchr(p, '\n');
        if (colon == NULL || lf == NULL || colon > lf)
            break;
        while (lf[1] == ' ' || lf[1] == '\t')
            lf = strchr(lf + 1, '\n') != NULL ? strchr(lf + 1, '\n') : end - 1;
        *colon = *lf = '\0';
        l->name[l->n_fields] = p;
        l->value[l->n_fields++] = colon + 1;
        p = lf + 1;
    }
    p += p < end && *p == '\n';
    body_read(l, p, (size_t)(end - p));
}

static double milliseconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static char message(struct mta *m, const struct letter *l, long number)
{
    char id[32];
    (void)snprintf(id, sizeof id, "L%ld", number);
    if (!mail(m, id))
        return 0;
    for (size_t i = 0; i < l->n_fields; i++)
        if (!header(m, l->name[i], l->value[i]))
            return 0;
    if (!STEP(m, 'N', "", NR_EOH))
        return 0;
    for (size_t at = 0; at < l->n_body; at += CHUNK) {
        size_t n = l->n_body - at < CHUNK ? l->n_body - at : CHUNK;
        if (!command(m, 'B', l->body + at, n))
            return 0;
        char code = (m->steps & NR_BODY) != 0 ? 'c' : reply(m);
        if (code == 's')
            break;
        if (code != 'c')
            return code;
    }
    m->n_edits = 0;
    double began = milliseconds();
    char code = command(m, 'E', "", 0) ? reply(m) : 0;
    if (code != 0)
        took[number] = (float)(milliseconds() - began);
    return code;
}

static bool count(char code)
{
    atomic_fetch_add(code == 'c' ? &accepted : code == 't' || code == 'y' ? &tempfailed : &lost, 1);
    return code == 'c';
}

static void *active(void *unused)
{
    bool good = true;
    long number = atomic_fetch_add(&next_message, 1);
    while (number < most && (good || go_on)) {
        struct mta m;
        good = begin(&m);
        if (!good && !count(m.text[0] != '\0' ? 'y' : 0))
            number = atomic_fetch_add(&next_message, 1);
        for (long i = 0; good && i < a_connection && number < most; i++) {
            good = count(message(&m, &letters[(size_t)number % n_letters], number));
            number = atomic_fetch_add(&next_message, 1);
        }
        (void)command(&m, 'Q', "", 0);
        mta_close(&m);
        if (!good)
            (void)usleep(20000);
    }
    return unused;
}

static void *idle(void *unused)
{
    struct mta m;
    if (!begin(&m))
        (void)fprintf(stderr, "an idle connection was not let in\n");
    while (!atomic_load(&over))
        (void)usleep(50000);
    mta_close(&m);
    return unused;
}

/* In the middle of a packet for as long as the test lasts. */
static void *slow(void *unused)
{
    struct mta m;
    bool good = begin(&m) && mail(&m, "SLOW") && raw(&m, "\0\0\x4\0LX-Slow\0 ", 14);
    while (good && !atomic_load(&over)) {
        good = raw(&m, "x", 1);
        (void)usleep(1000000);
    }
    mta_close(&m);
    return unused;
}

static long number(const char *text)
{
    char *rest;
    long n = strtol(text, &rest, 10);
    if (*rest != '\0' || n < 0) {
        (void)fprintf(stderr, "milter-load: \"%s\" is no number\n", text);
        exit(64);
    }
    return n;
}

static pthread_t threads[THREADS_MAX];
static size_t n_threads;

static void start(void *(*run)(void *), long n)
{
    pthread_attr_t small;
    (void)pthread_attr_init(&small);
    (void)pthread_attr_setstacksize(&small, 512 * 1024);
    for (long i = 0; i < n; i++)
        if (n_threads == THREADS_MAX ||
            pthread_create(&threads[n_threads++], &small, run, NULL) != 0)
            die("pthread_create");
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void report(void)
{
    long n = 0;
    for (long i = 0; i < most; i++)
        if (took[i] >= 0)
            took[n++] = took[i];
    qsort(took, (size_t)n, sizeof *took, compare);
    float none = 0, *t = n > 0 ? took : &none;
    (void)printf("%ld messages: %ld accepted, %ld tempfailed, %ld lost; ms: median %.1f, 99%% "
                 "%.1f, most %.1f\n",
                 accepted + tempfailed + lost, accepted, tempfailed, lost, (double)t[n / 2],
                 (double)t[n * 99 / 100], (double)t[n > 0 ? n - 1 : 0]);
}

int main(int argc, char **argv)
{
    long actives = 12, idles = 0, slows = 0;
    if (!patience_read())
        return 64;
    for (int c; (c = getopt(argc, argv, "a:m:c:i:s:g")) != -1;) {
        if (c == 'a')
            actives = number(optarg);
        else if (c == 'm')
            most = number(optarg);
        else if (c == 'c')
            a_connection = number(optarg);
        else if (c == 'i')
            idles = number(optarg);
        else if (c == 's')
            slows = number(optarg);
        else if (c == 'g')
            go_on = true;
        else
            return 64;
    }
    if (argc - optind < 2 || argc - optind - 1 > FILES_MAX) {
        (void)fprintf(stderr, "usage: milter-load [OPTION]... SOCKET-PATH FILE...\n");
        return 64;
    }
    socket_path = argv[optind++];
    for (; optind < argc; optind++)
        letter_read(&letters[n_letters++], argv[optind]);
    took = malloc(((size_t)most + 1) * sizeof *took);
    if (took == NULL)
        die("malloc");
    for (long i = 0; i < most; i++)
        took[i] = -1;
    start(idle, idles);
    start(slow, slows);
    size_t waiting = n_threads;
    if (waiting > 0)
        (void)usleep(1000000);
    start(active, actives);
    for (size_t i = waiting; i < n_threads; i++)
        (void)pthread_join(threads[i], NULL);
    atomic_store(&over, true);
    for (size_t i = 0; i < waiting; i++)
        (void)pthread_join(threads[i], NULL);
    report();
    return lost > 0;
}

/*
 * What mail costs, stage by stage: a made-up mix like real mail, or the files named on stdin.
 *
 *   bench-mix [OPTION]... RULES
 *     --messages N   of the mix (400)
 *     --files        the messages are files, a path a line on stdin
 *     --rounds N     each message so often, the least disturbed time counts (9)
 *     --shares       sizes, parts, encodings of the messages, and no times
 *     --write DIR    the messages themselves, into files, and no times
 *     --most BYTES   without those that are larger
 *     --count        once through, packs unproved, no times: for callgrind
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "mix.h"
#include "shares.h"
#include "stage.h"

enum { BYTES_MAX = 4 << 20, MESSAGES_MAX = 200000 };

struct sums {
    unsigned long n, flagged;
    double bytes, flagged_bytes;
    double us[STAGES], inside[INSIDES], inside_bytes[INSIDES];
    double whole[MESSAGES_MAX]; /* us of all stages but the notice, a message each */
};

struct source {
    const struct vocabulary *w;
    uint32_t n, next;
    bool files;
};

/* 1: there is a message, 0: no more, -1: failed. */
static int next(struct source *s, struct buf *raw)
{
    char path[4096];
    if (!s->files)
        return s->next >= s->n ? 0 : mix_make(s->w, s->next++, raw) ? 1 : -1;
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        FILE *f = fopen(path, "rb");
        size_t n = 0;
        char *p = malloc(BYTES_MAX);
        if (f != NULL && p != NULL)
            n = fread(p, 1, BYTES_MAX, f);
        if (f != NULL)
            (void)fclose(f);
        buf_clear(raw);
        bool good = buf_add(raw, (struct view){p, n}) == STATUS_OK;
        free(p);
        if (f == NULL)
            perror(path);
        return f != NULL && good ? 1 : -1;
    }
    return 0;
}

static bool measure(struct stages *s, struct view raw, unsigned rounds, struct sums *sums)
{
    double us[STAGES], inside[INSIDES], best[INSIDES] = {0}, notice[STAGES];
    size_t bytes[INSIDES];
    bool flagged = false;
    double whole = stages_best(s, raw, false, rounds, us, &flagged);
    if (whole < 0 || (flagged && stages_best(s, raw, true, rounds, notice, &flagged) < 0))
        return false;
    us[STAGE_NOTICE] = flagged ? notice[STAGE_NOTICE] : 0;
    for (unsigned r = 0; r < rounds; r++) {
        if (!stages_inside(s, raw, inside, bytes))
            return false;
        for (unsigned i = 0; i < INSIDES; i++)
            best[i] = r == 0 || inside[i] < best[i] ? inside[i] : best[i];
    }
    for (unsigned i = 0; i < STAGES; i++)
        sums->us[i] += us[i];
    for (unsigned i = 0; i < INSIDES; i++) {
        sums->inside[i] += best[i];
        sums->inside_bytes[i] += (double)bytes[i];
    }
    sums->bytes += (double)raw.n;
    sums->flagged_bytes += flagged ? (double)raw.n : 0;
    sums->flagged += flagged;
    if (sums->n < MESSAGES_MAX)
        sums->whole[sums->n++] = whole;
    return true;
}

static bool write_to(const char *folder, unsigned long number, struct view raw)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%05lu.eml", folder, number);
    FILE *f = fopen(path, "wb");
    bool good = f != NULL && fwrite(raw.p, 1, raw.n, f) == raw.n;
    good = f != NULL && fclose(f) == 0 && good;
    if (!good)
        perror(path);
    return good;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(struct sums *s)
{
    double all = 0, n = (double)s->n;
    for (unsigned i = 0; i < STAGE_NOTICE; i++)
        all += s->us[i];
    printf("%lu messages, %.1f MB, %lu flagged\n\n", s->n, s->bytes / 1e6, s->flagged);
    printf("%-24s %12s %10s %8s\n", "stage", "us a message", "ns a byte", "share");
    for (unsigned i = 0; i < STAGE_NOTICE; i++)
        printf("%-24s %12.1f %10.2f %7.1f%%\n", stage_names[i], s->us[i] / n,
               s->us[i] * 1000 / s->bytes, s->us[i] * 100 / all);
    printf("%-24s %12.1f %10.2f\n", "all of these", all / n, all * 1000 / s->bytes);
    if (s->flagged > 0)
        printf("%-24s %12.1f %10.2f\n", "notice, of flagged mail",
               s->us[STAGE_NOTICE] / (double)s->flagged,
               s->us[STAGE_NOTICE] * 1000 / s->flagged_bytes);
    qsort(s->whole, s->n, sizeof *s->whole, compare);
    printf("\na message, us: median %.0f, 90%% below %.0f, 99%% below %.0f, most %.0f\n",
           s->whole[s->n / 2], s->whole[s->n * 9 / 10], s->whole[s->n * 99 / 100],
           s->whole[s->n - 1]);
    double ghz = machine_cycles();
    printf("\n%-24s %12s %10s %14s\n", "inside", "us a message", "bytes/ns", "bytes a cycle");
    for (unsigned i = 0; i < INSIDES; i++)
        if (s->inside[i] > 0)
            printf("%-24s %12.1f %10.2f %14.2f\n", inside_names[i], s->inside[i] / n,
                   s->inside_bytes[i] / (s->inside[i] * 1000),
                   s->inside_bytes[i] / (s->inside[i] * 1000) / ghz);
    static const size_t sizes[] = {16 << 10, 256 << 10, 64 << 20};
    printf("this machine: %.1f cycles a ns", ghz);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        printf("; %zu kB read %.0f, copied %.0f bytes/ns", sizes[i] >> 10, machine_read(sizes[i]),
               machine_copy(sizes[i]));
    printf("\n");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"messages", required_argument, NULL, 'm'}, {"files", no_argument, NULL, 'f'},
        {"rounds", required_argument, NULL, 'r'},   {"shares", no_argument, NULL, 's'},
        {"count", no_argument, NULL, 'c'},          {"write", required_argument, NULL, 'w'},
        {"most", required_argument, NULL, 'b'},     {0}};
    static struct vocabulary words;
    static struct sums sums;
    static struct shares shares;
    struct source source = {.w = &words, .n = 400};
    unsigned rounds = 9;
    bool only_shares = false, only_count = false;
    const char *folder = NULL;
    size_t most = BYTES_MAX;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'm')
            source.n = (uint32_t)strtoul(optarg, NULL, 10);
        else if (c == 'f')
            source.files = true;
        else if (c == 'r')
            rounds = (unsigned)strtoul(optarg, NULL, 10);
        else if (c == 's')
            only_shares = true;
        else if (c == 'c')
            only_count = true;
        else if (c == 'w')
            folder = optarg;
        else if (c == 'b')
            most = strtoul(optarg, NULL, 10);
        else
            return 64;
    }
    if (argc - optind != 1 || rounds == 0) {
        fprintf(stderr, "usage: bench-mix [--messages N] [--files] [--rounds N] [--shares | "
                        "--count | --write DIR] [--most BYTES] "
                        "RULES\n");
        return 64;
    }
    struct stages s;
    struct buf raw;
    if (!stages_init(&s, argv[optind], !only_count))
        return 78;
    vocabulary_make(&words);
    buf_init(&raw, BYTES_MAX);
    int more;
    unsigned long written = 0;
    while ((more = next(&source, &raw)) == 1) {
        double us[STAGES];
        bool flagged, good = true;
        if (raw.n > most)
            continue;
        if (folder != NULL)
            good = write_to(folder, ++written, buf_view(&raw));
        else if (only_shares)
            good = shares_add(&shares, &s, buf_view(&raw));
        else if (only_count)
            good = stages_run(&s, buf_view(&raw), false, us, &flagged);
        else
            good = measure(&s, buf_view(&raw), rounds, &sums);
        if (!good) {
            more = -1;
            break;
        }
        if (only_count)
            sums.n++, sums.bytes += (double)raw.n;
    }
    if (more == 0 && only_shares)
        shares_print(&shares);
    else if (more == 0 && only_count)
        printf("%lu %.0f\n", sums.n, sums.bytes);
    else if (more == 0 && sums.n > 0)
        report(&sums);
    buf_fini(&raw);
    stages_fini(&s);
    return more == 0 ? 0 : 70;
}

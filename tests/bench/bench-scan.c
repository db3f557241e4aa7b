/*
 * What a message costs, stage by stage, with the real packs: thread CPU microseconds, best of
 * rounds. bench-scan RULES: mails are generated (deterministic): an ordinary business mail in
 * several sizes and forms, and an extortion letter inside the same; of these the notice as well.
 */
#include <stdio.h>

#include "mail.h"
#include "stage.h"

enum { ROUNDS = 9, MAX = 4 << 20 };

static bool bench_mail(struct stages *s, const char *name, struct view raw, bool notice)
{
    double us[STAGES];
    bool flagged = false;
    double sum = stages_best(s, raw, notice, raw.n > 100000 ? ROUNDS : ROUNDS * 20, us, &flagged);
    if (sum < 0)
        return false;
    printf("%-28s %8zu", name, raw.n);
    for (unsigned i = 0; i < STAGES; i++)
        printf(" %10.1f", us[i]);
    sum -= us[STAGE_NOTICE];
    printf(" %10.1f %8.2f  %s\n", sum, sum * 1000 / (double)raw.n, flagged ? "flagged" : "-");
    return true;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {2000, 20000, 200000};
    struct stages s;
    struct buf mail;
    if (argc != 2) {
        fprintf(stderr, "usage: bench-scan RULES\n");
        return 64;
    }
    if (!stages_init(&s, argv[1], true))
        return 78;
    printf("%u rules loaded and proven in %.1f ms\n\n", ruleset_n_rules(s.ruleset), s.load_ms);
    printf("%-28s %8s", "message (us a stage)", "bytes");
    for (unsigned i = 0; i < STAGES; i++)
        printf(" %10s", stage_names[i]);
    printf(" %10s %8s\n", "but notice", "ns/byte");
    buf_init(&mail, MAX);
    bool good = true;
    for (unsigned i = 0; good && i < sizeof sizes / sizeof *sizes; i++)
        for (unsigned form = 0; good && form < 4; form++) {
            char name[64];
            (void)snprintf(name, sizeof name, "%zu kB %s%s", sizes[i] / 1000,
                           form & 1 ? "plain+html" : "plain", form & 2 ? ", letter" : "");
            good = mail_business(&mail, sizes[i], (form & 1) != 0, (form & 2) != 0) &&
                   bench_mail(&s, name, buf_view(&mail), (form & 2) != 0);
        }
    buf_fini(&mail);
    stages_fini(&s);
    return good ? 0 : 70;
}

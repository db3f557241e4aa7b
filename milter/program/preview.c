/* extortctl preview: the message as the milter would deliver it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "program/delivery.h"
#include "program/files.h"
#include "program/policies.h"
#include "program/screen.h"
#include "program/verb.h"

enum { MESSAGE_BYTES_MAX = 256 << 20, RECIPIENTS_WANTED_MAX = 100 };

struct wishes {
    const char *config, *file;
    const char *recipients[RECIPIENTS_WANTED_MAX];
    struct delivery_envelope envelope;
    struct packs packs;
    bool has_mode;
    enum annotate_mode mode;
};

static int message_read(const char *path, struct buf *out)
{
    if (strcmp(path, "-") != 0) {
        enum status status = file_read(path, out);
        if (status == STATUS_OK)
            return 0;
        screen_complain(path, status == STATUS_IO ? strerror(errno) : status_text(status));
        return status == STATUS_IO && errno == ENOENT ? EX_NOINPUT : EX_IOERR;
    }
    char chunk[16384];
    enum status status = STATUS_OK;
    for (size_t n; status == STATUS_OK && (n = fread(chunk, 1, sizeof chunk, stdin)) > 0;)
        status = buf_add(out, (struct view){chunk, n});
    if (status == STATUS_OK && ferror(stdin) == 0)
        return 0;
    screen_complain("standard input", status != STATUS_OK ? status_text(status) : strerror(errno));
    return EX_IOERR;
}

static int show(const struct delivery *d)
{
    struct buf out;
    buf_init(&out, (size_t)MESSAGE_BYTES_MAX * 4);
    enum status status = delivery_write(d, &out);
    if (status == STATUS_OK)
        (void)fwrite(out.p, 1, out.n, stdout);
    else
        screen_complain(NULL, status_text(status));
    buf_fini(&out);
    if (d->later != NULL)
        (void)fprintf(
            stderr,
            "extortctl: preview: not for %s, whose policy differs: would be answered 452, "
            "to come in a message of its own\n",
            d->later);
    for (uint32_t i = 0; i < d->n_added; i++)
        (void)fprintf(stderr, "extortctl: preview: the message would %s to %s\n",
                      d->n_deleted > 0 && i == 0 ? "go" : "go as well", d->added[i]);
    if (d->n_deleted > 0)
        (void)fprintf(stderr, "extortctl: preview: and not to its %u recipients\n", d->n_deleted);
    if (d->held)
        (void)fprintf(stderr, "extortctl: preview: the message would be held: %s\n", d->why_held);
    return status == STATUS_OK ? 0 : EX_OSERR;
}

static int preview(struct wishes *w)
{
    struct policy *policy = NULL;
    struct engine *engine = NULL;
    struct session *session = NULL;
    struct delivery d = {.n = 0};
    struct buf bytes;
    buf_init(&bytes, MESSAGE_BYTES_MAX);
    int code = message_read(w->file, &bytes);
    if (code == 0)
        code = policies_load(&w->config, &w->packs, &policy);
    if (code == 0 && policy_notices(policy) == NULL)
        (void)fputs("extortctl: preview: there are no notices while notice.operator is not set\n",
                    stderr);
    if (code == 0 && w->has_mode)
        policy_notice_mode(policy, w->mode);
    log_open(LOG_TARGET_STDERR, "extortctl: preview", false);
    if (code == 0 && (delivery_read(&d, buf_view(&bytes)) != STATUS_OK ||
                      engine_new(policy, 1, &engine) != STATUS_OK ||
                      (session = session_new(engine, true)) == NULL)) {
        screen_complain(NULL, "out of memory, or libmagic's data is missing");
        code = EX_OSERR;
    }
    if (code == 0) {
        w->envelope.recipients = w->recipients;
        enum session_reply reply = delivery_run(&d, session, &w->envelope);
        code = reply == SESSION_TEMPFAIL ? EX_TEMPFAIL : show(&d);
    }
    session_free(&session);
    engine_free(&engine);
    policy_unref(&policy);
    delivery_fini(&d);
    buf_fini(&bytes);
    return code;
}

static int mode_read(const struct verb *verb, struct wishes *w, const char *text)
{
    for (int i = 0; annotate_mode_names[i] != NULL; i++)
        if (strcmp(annotate_mode_names[i], text) == 0) {
            w->mode = (enum annotate_mode)i;
            w->has_mode = true;
            return -1;
        }
    return verb_misused(verb, "\"%s\" is no mode: header, wrap, inline or auto", text);
}

enum {
    OPTION_CONFIG = 1000,
    OPTION_RCPT,
    OPTION_FROM,
    OPTION_MODE,
    OPTION_CLIENT,
    OPTION_LISTENER,
    OPTION_AUTHENTICATED
};

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, OPTION_CONFIG},
        {"rcpt", required_argument, NULL, OPTION_RCPT},
        {"from", required_argument, NULL, OPTION_FROM},
        {"client", required_argument, NULL, OPTION_CLIENT},
        {"listener", required_argument, NULL, OPTION_LISTENER},
        {"authenticated", no_argument, NULL, OPTION_AUTHENTICATED},
        {"mode", required_argument, NULL, OPTION_MODE},
        {"rules", required_argument, NULL, OPTION_RULES},
        {"help", no_argument, NULL, OPTION_HELP},
        {0}};
    struct wishes w = {.envelope = {.sender = "somebody@sender.invalid",
                                    .client = "",
                                    .listener_name = "",
                                    .listener_port = ""}};
    struct delivery_envelope *e = &w.envelope;
    bool memory = true;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            w.config = optarg;
        else if (answer == OPTION_RCPT && e->n_recipients < RECIPIENTS_WANTED_MAX)
            w.recipients[e->n_recipients++] = optarg;
        else if (answer == OPTION_FROM)
            e->sender = optarg;
        else if (answer == OPTION_CLIENT)
            e->client = optarg;
        else if (answer == OPTION_LISTENER)
            policies_listener(optarg, &e->listener_name, &e->listener_port);
        else if (answer == OPTION_AUTHENTICATED)
            e->authenticated = true;
        else if (answer == OPTION_MODE)
            code = mode_read(verb, &w, optarg);
        else if (answer == OPTION_RULES)
            memory = memory && packs_add(&w.packs, optarg);
        else if (answer == OPTION_HELP || answer == 'h')
            code = verb_help(verb);
        else
            code = verb_bad_option(verb, argc, argv, answer, options);
    }
    if (code < 0 && argc - optind != 1)
        code = verb_misused(verb, "one file is needed; \"-\" reads standard input");
    if (code < 0 && !memory) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0) {
        w.file = argv[optind];
        code = preview(&w);
    }
    packs_fini(&w.packs);
    return code;
}

const struct verb verb_preview = {
    .name = "preview",
    .summary = "write a message as the milter would deliver it",
    .synopsis = "[--config FILE] [--rcpt ADDRESS]... [--from ADDRESS] [--client IP]\n"
                "  [--listener NAME] [--authenticated] [--mode MODE] [--rules PATH]... FILE",
    .help = "The message goes through the same code as in the daemon, with the same settings, and\n"
            "comes out with its headers, subject and notice, as a mailbox would have it.\n"
            "\n"
            "  --config FILE     settings; without it those of the daemon, if they are there\n"
            "  --rcpt ADDRESS    a recipient: chooses the policy\n"
            "  --from ADDRESS    the envelope's sender; \"\" is the null sender\n"
            "  --client IP       who delivers it\n"
            "  --listener NAME   port or name of the listener that takes it\n"
            "  --authenticated   the sender has logged in\n"
            "  --mode MODE       header, wrap, inline or auto, instead of what the settings say\n"
            "  --rules PATH      a rule pack or a folder of them, instead of the settings' ones\n"
            "\n"
            "Exit code: 0 written, 75 the sender would be asked to try again, others as for scan.\n"
            "\n"
            "Examples:\n"
            "  extortctl preview --rcpt anna@example.fi letter.eml > delivered.eml\n"
            "  extortctl preview --mode inline letter.eml | less\n",
    .run = run,
};

/* extortctl quarantine: what we had the MTA hold. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "policy/policy.h"
#include "program/packs.h"
#include "program/quarantine.h"

enum { DAY = 86400 };

/* ---- which MTA ---- */

static bool there(const char *folder, const char *file)
{
    char path[QUARANTINE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    return access(path, F_OK) == 0;
}

/* NULL, said, when nobody can tell. */
static const struct quarantine_mta *mta_guess(const struct quarantine_wishes *w, int *code)
{
    static const struct quarantine_mta *const all[] = {&quarantine_postfix, &quarantine_sendmail};
    const struct quarantine_mta *found = NULL;
    char text[256] = "";
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!there(w->config_dir != NULL ? w->config_dir : all[i]->config_dir, all[i]->config))
            continue;
        if (found != NULL) {
            *code = verb_misused(w->verb, "both Postfix and Sendmail are set up here: say --mta");
            return NULL;
        }
        found = all[i];
    }
    if (found != NULL)
        return found;
    (void)snprintf(text, sizeof text, "neither main.cf nor sendmail.cf is in %.150s",
                   w->config_dir != NULL ? w->config_dir
                                         : "/etc/postfix or /etc/mail; say --config-dir");
    quarantine_complain(NULL, text);
    *code = EX_CONFIG;
    return NULL;
}

/* ---- which messages ---- */

static bool wanted(const struct quarantine_wishes *w, const char *id)
{
    for (size_t i = 0; i < w->n_ids; i++)
        if (strcmp(w->ids[i], id) == 0)
            return true;
    return w->n_ids == 0;
}

/* Marks what is not meant as skipped; a sysexits code. */
static int choose(const struct quarantine_wishes *w, struct held_list *l, bool expire)
{
    uint32_t unknown = 0, spared = 0;
    int64_t now = time(NULL);
    int code = 0;
    for (size_t i = 0; i < w->n_ids; i++) {
        const struct held *found = NULL;
        for (uint32_t k = 0; k < l->n && found == NULL; k++)
            if (strcmp(l->v[k].id, w->ids[i]) == 0)
                found = &l->v[k];
        if (found == NULL || !found->ours) {
            quarantine_complain(w->ids[i],
                                found == NULL ? "is not held" : "was not held by us: left alone");
            code = EX_NOINPUT;
        }
    }
    for (uint32_t i = 0; i < l->n; i++) {
        struct held *h = &l->v[i];
        h->skipped = h->skipped || !h->ours || !wanted(w, h->id) ||
                     (w->older_than >= 0 && (h->arrived == 0 || now - h->arrived < w->older_than));
        if (!h->skipped && w->class_id != NULL) {
            unknown += h->class_id[0] == '\0';
            h->skipped = strcmp(h->class_id, w->class_id) != 0;
        }
        /* Nobody knows what it is; to delete it unseen would be to lose mail. */
        if (!h->skipped && expire && h->failure[0] != '\0' && !w->failures) {
            spared++;
            h->skipped = true;
        }
    }
    if (unknown > 0)
        (void)fprintf(stderr,
                      "extortctl: quarantine: %u messages do not say their class; setting "
                      "headers.class = true lets them\n",
                      unknown);
    if (spared > 0)
        (void)fprintf(stderr,
                      "extortctl: quarantine: %u messages were held because they could not be "
                      "judged; look at them, or say --failures\n",
                      spared);
    if (l->odd > 0)
        (void)fprintf(stderr, "extortctl: quarantine: %u entries of the queue are not understood\n",
                      l->odd);
    return code;
}

/* ---- release, delete ---- */

static int each(const struct quarantine_wishes *w, const struct quarantine_mta *mta,
                const struct held_list *l, bool release)
{
    unsigned n = 0;
    int code = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        const char *id = l->v[i].id;
        if (l->v[i].skipped)
            continue;
        int one = w->dry_run ? 0 : release ? mta->release(w, id) : mta->delete (w, id);
        code = code == 0 ? one : code;
        if (one != 0)
            continue;
        n++;
        (void)printf("%s: %s%s\n", id, w->dry_run ? "would be " : "",
                     release ? "released" : "deleted");
    }
    (void)printf("%u messages%s\n", n, w->dry_run ? "; nothing was changed" : "");
    return code;
}

enum work { LIST, SHOW, RELEASE, DELETE, EXPIRE, WORKS };
static const char *const names[WORKS + 1] = {"list", "show", "release", "delete", "expire", NULL};

/* Days from the settings, when the command line gives none. */
static int expire_age(struct quarantine_wishes *w, const char *config)
{
    struct diags diags;
    struct policy *policy = NULL;
    if (w->older_than >= 0)
        return 0;
    diags_init(&diags);
    enum status status =
        policy_load_settings(config != NULL ? config : SETTINGS_FILE, &diags, &policy);
    packs_print_diags(&diags);
    diags_fini(&diags);
    if (status != STATUS_OK)
        return status == STATUS_NO_MEMORY ? EX_OSERR : status == STATUS_IO ? EX_NOINPUT : EX_CONFIG;
    double days = policy_settings(policy)->quarantine_days;
    policy_unref(&policy);
    if (days > 0) {
        w->older_than = (int64_t)(days * DAY);
        return 0;
    }
    quarantine_complain(NULL, "nothing expires: quarantine.days is 0; say --older-than");
    return EX_CONFIG;
}

static int work(struct quarantine_wishes *w, enum work what, const struct quarantine_mta *mta,
                const char *config)
{
    struct held_list l;
    int code = what == EXPIRE ? expire_age(w, config) : 0;
    if (code == 0 && geteuid() != 0 && w->programs == NULL) {
        quarantine_complain(NULL, "the MTA's queue is root's: run this as root (sudo)");
        code = EX_NOPERM;
    }
    if (code == 0 && mta == NULL && (mta = mta_guess(w, &code)) == NULL)
        return code;
    if (code != 0)
        return code;
    held_list_init(&l);
    code = mta->list(w, w->n_ids == 1 ? w->ids[0] : NULL, &l);
    if (code == 0) {
        code = choose(w, &l, what == EXPIRE);
        int done = 0;
        if (what == LIST)
            done = quarantine_list(w, mta, &l);
        else if (what == SHOW && code == 0)
            done = quarantine_show(w, mta, w->ids[0]);
        else if (what != SHOW)
            done = each(w, mta, &l, what == RELEASE);
        code = code == 0 ? done : code;
    }
    held_list_fini(&l);
    return fflush(stdout) == 0 || code != 0 ? code : EX_IOERR;
}

static int check(const struct quarantine_wishes *w, enum work what)
{
    bool rule = w->all || w->class_id != NULL || w->older_than >= 0;
    for (size_t i = 0; i < w->n_ids; i++)
        if (!held_id_good(view_of(w->ids[i])))
            return verb_misused(w->verb, "a queue id has letters and digits, no others");
    if (what == SHOW && w->n_ids != 1)
        return verb_misused(w->verb, "show wants one ID");
    if ((what == RELEASE || what == DELETE) && (w->n_ids > 0) == rule)
        return verb_misused(w->verb, "%s wants IDs, or --class and --older-than, or --all",
                            names[what]);
    if (what == EXPIRE && w->n_ids > 0)
        return verb_misused(w->verb, "expire takes no IDs; delete does");
    return -1;
}

enum {
    OPTION_CONFIG = 1000,
    OPTION_MTA,
    OPTION_CONFIG_DIR,
    OPTION_PROGRAMS,
    OPTION_SENDMAIL,
    OPTION_CLASS,
    OPTION_OLDER_THAN,
    OPTION_RAW,
    OPTION_DRY_RUN,
    OPTION_ALL,
    OPTION_FAILURES,
};

/* -1: go on. */
static int option(struct quarantine_wishes *w, int answer, const struct quarantine_mta **mta,
                  const char **config)
{
    switch (answer) {
    case OPTION_CONFIG:
        *config = optarg;
        break;
    case OPTION_MTA:
        *mta = strcmp(optarg, "postfix") == 0    ? &quarantine_postfix
               : strcmp(optarg, "sendmail") == 0 ? &quarantine_sendmail
                                                 : NULL;
        if (*mta == NULL)
            return verb_misused(w->verb, "\"%s\" is none of postfix and sendmail", optarg);
        break;
    case OPTION_CONFIG_DIR:
        w->config_dir = optarg;
        break;
    case OPTION_PROGRAMS:
        w->programs = optarg;
        break;
    case OPTION_SENDMAIL:
        w->sendmail = optarg;
        break;
    case OPTION_CLASS:
        w->class_id = optarg;
        break;
    case OPTION_OLDER_THAN:
        if (!held_age_read(optarg, &w->older_than))
            return verb_misused(w->verb, "\"%s\" is no age: 30, 30d, 12h, 90m or 2w", optarg);
        break;
    case OPTION_JSON:
        w->json = true;
        break;
    case OPTION_RAW:
        w->raw = true;
        break;
    case OPTION_DRY_RUN:
        w->dry_run = true;
        break;
    case OPTION_ALL:
        w->all = true;
        break;
    case OPTION_FAILURES:
        w->failures = true;
        break;
    default:
        return verb_help(w->verb);
    }
    return -1;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, OPTION_CONFIG},
        {"mta", required_argument, NULL, OPTION_MTA},
        {"config-dir", required_argument, NULL, OPTION_CONFIG_DIR},
        {"programs", required_argument, NULL, OPTION_PROGRAMS},
        {"sendmail", required_argument, NULL, OPTION_SENDMAIL},
        {"class", required_argument, NULL, OPTION_CLASS},
        {"older-than", required_argument, NULL, OPTION_OLDER_THAN},
        {"json", no_argument, NULL, OPTION_JSON},
        {"raw", no_argument, NULL, OPTION_RAW},
        {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
        {"all", no_argument, NULL, OPTION_ALL},
        {"failures", no_argument, NULL, OPTION_FAILURES},
        {"help", no_argument, NULL, OPTION_HELP},
        {0}};
    struct quarantine_wishes w = {.verb = verb, .older_than = -1};
    const struct quarantine_mta *mta = NULL;
    const char *config = NULL;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":h", options, NULL)) != -1)
        code = answer == '?' || answer == ':' ? verb_bad_option(verb, argc, argv, answer, options)
                                              : option(&w, answer, &mta, &config);
    if (code >= 0)
        return code;
    if (optind == argc)
        return verb_misused(verb, "say list, show, release, delete or expire");
    unsigned what = 0;
    while (what < WORKS && strcmp(names[what], argv[optind]) != 0)
        what++;
    if (what == WORKS) {
        const char *nearest = diags_nearest(argv[optind], names);
        return verb_misused(verb, "\"%s\" is unknown%s%s", argv[optind],
                            nearest != NULL ? "; did you mean " : "",
                            nearest != NULL ? nearest : "");
    }
    w.ids = (const char *const *)argv + optind + 1;
    w.n_ids = (size_t)(argc - optind - 1);
    code = check(&w, (enum work)what);
    return code >= 0 ? code : work(&w, (enum work)what, mta, config);
}

const struct verb verb_quarantine = {
    .name = "quarantine",
    .summary = "list, show, release and delete mail that we had the MTA hold",
    .synopsis = "list|show|release|delete|expire [OPTION...] [ID...]",
    .help =
        "Messages that the action \"quarantine\" put into Postfix's hold queue or Sendmail's\n"
        "quarantine. What others put there is left alone. Run it as root, on the mail server.\n"
        "\n"
        "  list      one line a message: id, time, points, class, bytes, sender, recipients\n"
        "  show      one message as it lies there, control characters as '?'\n"
        "  release   deliver them: by ID, by --class and --older-than, or --all\n"
        "  delete    remove them for good, chosen likewise\n"
        "  expire    delete what is older than --older-than, or the setting quarantine.days;\n"
        "            not what was held because it could not be judged\n"
        "\n"
        "  --mta NAME          postfix or sendmail; without it, the one whose settings are there\n"
        "  --config-dir DIR    of the MTA: where main.cf or sendmail.cf is (another instance)\n"
        "  --programs DIR      where the MTA's tools are\n"
        "  --sendmail PROGRAM  Sendmail's program\n"
        "  --class NAME        of this class only; needs the setting headers.class = true\n"
        "  --older-than AGE    held for longer: 30 (days), 12h, 90m, 2w\n"
        "  --failures          expire: also what could not be judged\n"
        "  --all               every message of ours\n"
        "  --dry-run           say what would be done\n"
        "  --json              list: one JSON object a line\n"
        "  --raw               show: byte for byte\n"
        "  --config FILE       our settings, for expire\n"
        "\n"
        "Exit code: 0 done, 64 misused, 66 not held by us, 69 a tool of the MTA failed, 75 "
        "locked,\n"
        "77 not root, 78 settings; others as for scan.\n"
        "\n"
        "Examples:\n"
        "  extortctl quarantine list\n"
        "  extortctl quarantine show 4F2Xq1 | less\n"
        "  extortctl quarantine release 4F2Xq1\n"
        "  extortctl quarantine delete --class ddos --older-than 12h --dry-run\n"
        "  extortctl quarantine list --config-dir /etc/postfix-in --json | jq .recipients\n"
        "  extortctl quarantine expire --older-than 30d      (daily, by cron)\n",
    .run = run,
};

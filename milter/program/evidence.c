/* extortctl evidence: the command line, and key pairs. */
#include "program/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "program/files.h"
#include "program/packs.h"
#include "program/screen.h"

enum { PATH_BYTES = 4096, KEY_TEXT_MAX = 4096 };

int evidence_trouble(const char *path, enum status status)
{
    int error = status == STATUS_IO ? errno : 0;
    screen_complain(path, status == STATUS_IO ? strerror(error) : status_text(status));
    return status == STATUS_NO_MEMORY            ? EX_OSERR
           : error == EEXIST                     ? EX_CANTCREAT
           : error == ENOENT || error == ENOTDIR ? EX_NOINPUT
           : error == EACCES || error == EPERM   ? EX_NOPERM
                                                 : EX_IOERR;
}

static int key_file_make(const char *path, const struct store_key *key, enum store_key_kind kind)
{
    struct buf text;
    buf_init(&text, KEY_TEXT_MAX);
    enum status status =
        buf_addf(&text, "%s%s\n",
                 kind == STORE_KEY_PUBLIC
                     ? "# Records are sealed to this key: setting evidence.key. Key "
                     : "# SECRET. Opens the records of evidence; keep it away from the gateway. "
                       "Key ",
                 key->id);
    if (status == STATUS_OK)
        status = store_key_text(key, kind, &text);
    if (status == STATUS_OK)
        status = file_make(path, buf_view(&text));
    if (text.p != NULL)
        explicit_bzero(text.p, text.n);
    buf_fini(&text);
    return status == STATUS_OK ? 0 : evidence_trouble(path, status);
}

static int keygen(const struct evidence_wishes *w)
{
    char public_path[PATH_BYTES], secret_path[PATH_BYTES];
    struct store_key key;
    if (w->n_ids != 1 || strlen(w->ids[0]) + 5 > PATH_BYTES)
        return verb_misused(w->verb, "keygen wants one name: NAME.pub and NAME.key are written");
    (void)snprintf(public_path, sizeof public_path, "%s.pub", w->ids[0]);
    (void)snprintf(secret_path, sizeof secret_path, "%s.key", w->ids[0]);
    if (store_key_make(&key) != STATUS_OK) {
        screen_complain(NULL, "no random numbers");
        return EX_OSERR;
    }
    mode_t mask = umask(077);
    int code = key_file_make(secret_path, &key, STORE_KEY_SECRET);
    (void)umask(mask);
    if (code == 0)
        code = key_file_make(public_path, &key, STORE_KEY_PUBLIC);
    if (code == 0)
        (void)printf("key %s\n%s: for the gateway, setting evidence.key\n"
                     "%s: opens the records; move it to another machine, and keep a copy\n",
                     key.id, public_path, secret_path);
    store_key_forget(&key);
    return code;
}

/* The settings that the daemon would use. Somebody who names a folder needs none. */
static int settings_read(struct evidence_wishes *w, const char *config)
{
    struct diags diags;
    if (config == NULL && w->directory != NULL && access(SETTINGS_FILE, R_OK) != 0)
        return 0;
    diags_init(&diags);
    enum status status =
        policy_load_settings(config != NULL ? config : SETTINGS_FILE, &diags, &w->policy);
    /* A mistake in settings that nobody asked for must not keep evidence from being read. */
    bool needed = config != NULL || w->directory == NULL;
    if (needed)
        packs_print_diags(&diags);
    diags_fini(&diags);
    if (status != STATUS_OK)
        return !needed                      ? 0
               : status == STATUS_NO_MEMORY ? EX_OSERR
               : status == STATUS_IO        ? EX_NOINPUT
                                            : EX_CONFIG;
    if (w->directory == NULL)
        w->directory = policy_settings(w->policy)->evidence.directory;
    if (w->directory[0] == '\0') {
        screen_complain(NULL, "evidence: evidence.directory is not set; name a folder with "
                              "--directory");
        return EX_CONFIG;
    }
    return 0;
}

static int secret_read(struct evidence_wishes *w)
{
    struct diags diags;
    if (w->key_file == NULL)
        return 0;
    diags_init(&diags);
    enum status status = store_key_read(w->key_file, STORE_KEY_SECRET, &diags, &w->key);
    packs_print_diags(&diags);
    diags_fini(&diags);
    w->has_key = status == STATUS_OK;
    return status == STATUS_OK ? 0 : status == STATUS_IO ? EX_NOINPUT : EX_DATAERR;
}

static const struct {
    const char *name;
    int (*run)(const struct evidence_wishes *w);
} works[] = {
    {"list", evidence_list},     {"show", evidence_show},   {"export", evidence_export},
    {"verify", evidence_verify}, {"purge", evidence_purge},
};
enum { WORKS = sizeof works / sizeof works[0] };

static int work(struct evidence_wishes *w, const char *config, const char *name)
{
    const char *names[WORKS + 2] = {0};
    if (strcmp(name, "keygen") == 0)
        return keygen(w);
    for (size_t i = 0; i < WORKS; i++) {
        names[i] = works[i].name;
        if (strcmp(works[i].name, name) != 0)
            continue;
        int code = settings_read(w, config);
        if (code == 0)
            code = secret_read(w);
        if (code == 0)
            code = works[i].run(w);
        store_key_forget(&w->key);
        policy_unref(&w->policy);
        return code;
    }
    names[WORKS] = "keygen";
    const char *nearest = diags_nearest(name, names);
    if (nearest != NULL)
        return verb_misused(w->verb, "\"%s\" is unknown; did you mean %s?", name, nearest);
    return verb_misused(w->verb, "\"%s\" is unknown", name);
}

enum {
    OPTION_CONFIG = 1000,
    OPTION_DIRECTORY,
    OPTION_KEY,
    OPTION_MESSAGE,
    OPTION_DRY_RUN,
    OPTION_OLDER_THAN,
    OPTION_MAX_BYTES,
    OPTION_ALL,
    OPTION_OUTPUT,
    OPTION_LANGUAGE,
    OPTION_DATA,
};

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, OPTION_CONFIG},
        {"directory", required_argument, NULL, OPTION_DIRECTORY},
        {"key", required_argument, NULL, OPTION_KEY},
        {"json", no_argument, NULL, OPTION_JSON},
        {"message", no_argument, NULL, OPTION_MESSAGE},
        {"output", required_argument, NULL, OPTION_OUTPUT},
        {"language", required_argument, NULL, OPTION_LANGUAGE},
        {"data", required_argument, NULL, OPTION_DATA},
        {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
        {"older-than", required_argument, NULL, OPTION_OLDER_THAN},
        {"max-bytes", required_argument, NULL, OPTION_MAX_BYTES},
        {"all", no_argument, NULL, OPTION_ALL},
        {"help", no_argument, NULL, OPTION_HELP},
        {0}};
    struct evidence_wishes w = {.verb = verb, .days = SIZE_MAX, .quota = UINT64_MAX};
    const char *config = NULL;
    uint64_t number;
    int answer;
    while ((answer = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            config = optarg;
        else if (answer == OPTION_DIRECTORY)
            w.directory = optarg;
        else if (answer == OPTION_KEY)
            w.key_file = optarg;
        else if (answer == OPTION_JSON)
            w.json = true;
        else if (answer == OPTION_MESSAGE)
            w.message = true;
        else if (answer == OPTION_OUTPUT || answer == 'o')
            w.output = optarg;
        else if (answer == OPTION_LANGUAGE)
            w.language = optarg;
        else if (answer == OPTION_DATA)
            w.data = optarg;
        else if (answer == OPTION_DRY_RUN)
            w.dry_run = true;
        else if (answer == OPTION_ALL)
            w.all = true;
        else if (answer == OPTION_OLDER_THAN) {
            if (!view_to_u64(view_of(optarg), 36500, &number))
                return verb_misused(verb, "\"%s\" is no number of days", optarg);
            w.days = (size_t)number;
        } else if (answer == OPTION_MAX_BYTES) {
            if (!view_to_u64(view_of(optarg), UINT64_MAX - 1, &w.quota))
                return verb_misused(verb, "\"%s\" is no number of bytes", optarg);
        } else if (answer == OPTION_HELP || answer == 'h')
            return verb_help(verb);
        else
            return verb_bad_option(verb, argc, argv, answer, options);
    }
    if (optind == argc)
        return verb_misused(verb, "say list, show, export, verify, purge or keygen");
    w.ids = (const char *const *)argv + optind + 1;
    w.n_ids = (size_t)(argc - optind - 1);
    return work(&w, config, argv[optind]);
}

const struct verb verb_evidence = {
    .name = "evidence",
    .summary = "list, open, export, check and remove records of flagged mail",
    .synopsis = "list|show|export|verify|purge|keygen [OPTION...] [ID...|NAME]",
    .help =
        "Records are kept when evidence.directory is set. Sealed ones are opened with the secret\n"
        "key, which should not lie on the gateway: copy the folder to where it does.\n"
        "An ID may be shortened while it is clear, or be the MTA's queue id.\n"
        "\n"
        "  list      one line a record; with --key also who wrote to whom, and the verdict\n"
        "  show      one record for people; --json: all of it; --message: the message as it came\n"
        "  export    a folder or zip: the message, a report for the police, and JSON, MISP, STIX,\n"
        "            ARF and X-ARF for programs\n"
        "  verify    look for changes in all records, or some; with --key inside them, too\n"
        "  purge     remove records: by name, --older-than, --max-bytes or --all\n"
        "  keygen    write the pair NAME.pub (for the gateway) and NAME.key (keep it safe)\n"
        "\n"
        "  --config FILE      settings; without it those of the daemon\n"
        "  --directory DIR    where the records lie, instead of what the settings say\n"
        "  --key FILE         the secret key\n"
        "  --json             JSON, one object a line\n"
        "  --message          the message itself, byte for byte\n"
        "  -o, --output PATH  a folder, or a file that ends in .zip; default: here\n"
        "  --language CODE    of the report; default: that of notices, else that of the letter\n"
        "  --data DIR         where reports/ lies, instead of the installed one\n"
        "  --older-than DAYS  records received longer ago than this\n"
        "  --max-bytes N      the oldest ones, until the rest is no larger\n"
        "  --all              every record\n"
        "  --dry-run          say what would be removed\n"
        "\n"
        "Exit code: 0 done, 1 a record is changed or could not be opened, others as for scan.\n"
        "\n"
        "Examples:\n"
        "  extortctl evidence keygen ~/gateway-evidence\n"
        "  extortctl evidence list --key gateway-evidence.key --directory /mnt/copy\n"
        "  extortctl evidence show --key gateway-evidence.key 4F2Xq1\n"
        "  extortctl evidence export --key gateway-evidence.key -o police.zip 4F2Xq1\n"
        "  extortctl evidence verify && extortctl evidence purge --older-than 30 --dry-run\n",
    .run = run,
};

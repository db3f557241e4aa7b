/* extortctl policy: what would hold for mail to these recipients, and why. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "program/policies.h"
#include "program/screen.h"
#include "program/verb.h"

enum { RECIPIENTS_WANTED_MAX = 100, OUTPUT_MAX = 64 << 20 };

struct wishes {
    const char *config, *client, *sender, *listener_name, *listener_port;
    bool authenticated, json;
    struct packs packs;
    struct view recipients[RECIPIENTS_WANTED_MAX];
    uint32_t n;
};

/* One look at the policies. */
struct look {
    const struct policy *policy;
    const struct wishes *wishes;
    struct buf *out;
    struct policy_for f; /* of the message to all */
};

static struct audience audience_of(const struct wishes *w, uint32_t first, uint32_t n)
{
    return (struct audience){.recipients = w->recipients + first,
                             .n = n,
                             .listener_name = view_of(w->listener_name),
                             .listener_port = view_of(w->listener_port)};
}

/* Where a value comes from, "FILE:LINE". */
static enum status origin_text(const struct wishes *w, unsigned line, struct buf *out)
{
    if (line == 0)
        return buf_addf(out, "default");
    if (line == ORIGIN_PACKS)
        return buf_addf(out, "rule packs");
    return buf_addf(out, "%s:%u", w->config, line);
}

/* Of one class, or CLASS_NONE. */
static unsigned origin_of(const struct policy_for *f, enum policy_value v, uint32_t class_index)
{
    return class_index == CLASS_NONE ? f->settings.origin.value[v]
                                     : f->settings.origin.class[v][class_index];
}

static bool differs(const struct policy_for *f, enum policy_value v)
{
    return (f->differ & 1u << v) != 0;
}

/* Those recipients who would be asked to come again for a message of their own. */
static bool comes_later(const struct look *l, uint32_t i)
{
    struct view two[] = {l->wishes->recipients[0], l->wishes->recipients[i]};
    struct audience a = audience_of(l->wishes, 0, 1);
    struct policy_for f;
    if (i == 0 || policy_settings(l->policy)->policies_differ != DIFFER_SPLIT ||
        l->wishes->authenticated || policy_internal(l->policy, l->wishes->client))
        return false;
    a.recipients = two;
    a.n = 2;
    policy_for(l->policy, &a, &f);
    return f.differ != 0;
}

static const char *bypass_of(const struct look *l)
{
    return policy_bypass(l->policy, &l->f, l->wishes->authenticated, l->wishes->client);
}

/* ---- for people ---- */

static enum status value_line(const struct look *l, enum policy_value v, uint32_t class_index)
{
    struct buf value;
    buf_init(&value, OUTPUT_MAX);
    enum status status = policy_value_text(&l->f.settings, v, class_index, &value);
    if (status == STATUS_OK)
        status = buf_addf(l->out, "%s = %.*s  (", policy_value_name(v), VIEW_ARG(buf_view(&value)));
    if (status == STATUS_OK)
        status = differs(&l->f, v)
                     ? buf_addf(l->out, "they differ")
                     : origin_text(l->wishes, origin_of(&l->f, v, class_index), l->out);
    buf_fini(&value);
    return status == STATUS_OK ? buf_add_byte(l->out, ')') : status;
}

static enum status class_line(const struct look *l, uint32_t class_index)
{
    enum status status =
        buf_addf(l->out, "  %s: ", ruleset_class(policy_ruleset(l->policy), class_index)->id);
    for (unsigned v = 0; v < CLASS_VALUES && status == STATUS_OK; v++) {
        status = value_line(l, (enum policy_value)v, class_index);
        if (status == STATUS_OK)
            status = buf_addf(l->out, v + 1 < CLASS_VALUES ? ", " : "\n");
    }
    return status;
}

static enum status recipient_line(const struct look *l, uint32_t i)
{
    const struct audience a = audience_of(l->wishes, i, 1);
    struct policy_for one;
    policy_for(l->policy, &a, &one);
    enum status status = screen_add_quote(l->out, l->wishes->recipients[i], 320);
    if (status == STATUS_OK)
        status = buf_addf(l->out, ": ");
    if (status == STATUS_OK && one.line[0] > 0)
        status = buf_addf(l->out, "policy at %s:%u", l->wishes->config, one.line[0]);
    else if (status == STATUS_OK)
        status = buf_addf(l->out, "no policy of its own");
    if (status == STATUS_OK && comes_later(l, i))
        status = buf_addf(l->out, "; would be answered 452, to come in a message of its own");
    return status == STATUS_OK ? buf_addf(l->out, "\n") : status;
}

static enum status message_lines(const struct look *l)
{
    const char *bypass = bypass_of(l);
    enum status status = STATUS_OK;
    if (l->f.differ != 0) {
        status = buf_addf(l->out, "they differ in: ");
        if (status == STATUS_OK)
            status = policy_differ_text(&l->f, l->out);
        if (status == STATUS_OK)
            status = buf_addf(l->out, "\n  one message to all gets the weakest change that all "
                                      "allow, which is what follows\n");
    }
    if (status == STATUS_OK && bypass != NULL)
        status = buf_addf(l->out, "mail is not judged: %s\n", bypass);
    else if (status == STATUS_OK && policy_notices(l->policy) == NULL)
        status = buf_addf(l->out, "no notices: nobody has set an operator\n");
    else if (status == STATUS_OK && l->f.settings.exempt)
        status = buf_addf(l->out, "nothing but trace headers: exempt\n");
    else if (status == STATUS_OK && l->wishes->sender != NULL && l->wishes->sender[0] == '\0')
        status = buf_addf(l->out, "no notices: mail of the null sender is never rewritten\n");
    return status;
}

static enum status people_write(const struct look *l)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < l->wishes->n && status == STATUS_OK; i++)
        status = recipient_line(l, i);
    if (status == STATUS_OK)
        status = message_lines(l);
    for (unsigned v = CLASS_VALUES; v < VALUE_COUNT && status == STATUS_OK; v++) {
        status = buf_addf(l->out, "  ");
        if (status == STATUS_OK)
            status = value_line(l, (enum policy_value)v, CLASS_NONE);
        if (status == STATUS_OK)
            status = buf_addf(l->out, "\n");
    }
    if (status == STATUS_OK)
        status = buf_addf(l->out, "classes:\n");
    for (uint32_t c = 0; c < ruleset_n_classes(policy_ruleset(l->policy)) && status == STATUS_OK;
         c++)
        status = class_line(l, c);
    return status;
}

/* ---- for programs ---- */

static void value_json(struct json *j, const struct look *l, const struct policy_for *f,
                       enum policy_value v, uint32_t class_index)
{
    struct buf text;
    buf_init(&text, OUTPUT_MAX);
    json_key(j, policy_value_name(v));
    json_open(j, '{');
    json_key(j, "value");
    if (policy_value_text(&f->settings, v, class_index, &text) != STATUS_OK)
        j->status = STATUS_NO_MEMORY;
    json_raw(j, buf_view(&text));
    buf_clear(&text);
    json_key(j, "from");
    if (origin_text(l->wishes, origin_of(f, v, class_index), &text) != STATUS_OK)
        j->status = STATUS_NO_MEMORY;
    if (differs(f, v))
        json_null(j);
    else
        json_string(j, buf_view(&text));
    json_close(j, '}');
    buf_fini(&text);
}

static void values_json(struct json *j, const struct look *l, const struct policy_for *f)
{
    const struct ruleset *ruleset = policy_ruleset(l->policy);
    json_key(j, "values");
    json_open(j, '{');
    for (unsigned v = CLASS_VALUES; v < VALUE_COUNT; v++)
        value_json(j, l, f, (enum policy_value)v, CLASS_NONE);
    json_close(j, '}');
    json_key(j, "classes");
    json_open(j, '{');
    for (uint32_t c = 0; c < ruleset_n_classes(ruleset); c++) {
        json_key(j, ruleset_class(ruleset, c)->id);
        json_open(j, '{');
        for (unsigned v = 0; v < CLASS_VALUES; v++)
            value_json(j, l, f, (enum policy_value)v, c);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void recipient_json(struct json *j, const struct look *l, uint32_t i)
{
    const struct audience a = audience_of(l->wishes, i, 1);
    struct policy_for one;
    policy_for(l->policy, &a, &one);
    json_open(j, '{');
    json_key(j, "address");
    json_string(j, l->wishes->recipients[i]);
    json_key(j, "line");
    if (one.line[0] > 0)
        json_count(j, one.line[0]);
    else
        json_null(j);
    json_key(j, "later");
    json_bool(j, comes_later(l, i));
    values_json(j, l, &one);
    json_close(j, '}');
}

static enum status json_write(const struct look *l)
{
    struct json j;
    json_init(&j, l->out);
    json_open(&j, '{');
    json_key(&j, "settings");
    json_text(&j, l->wishes->config);
    json_key(&j, "recipients");
    json_open(&j, '[');
    for (uint32_t i = 0; i < l->wishes->n; i++)
        recipient_json(&j, l, i);
    json_close(&j, ']');
    json_key(&j, "message");
    json_open(&j, '{');
    json_key(&j, "bypass");
    json_text(&j, bypass_of(l));
    json_key(&j, "differ");
    json_open(&j, '[');
    for (unsigned v = 0; v < VALUE_COUNT; v++)
        if (differs(&l->f, (enum policy_value)v))
            json_text(&j, policy_value_name((enum policy_value)v));
    json_close(&j, ']');
    values_json(&j, l, &l->f);
    json_close(&j, '}');
    json_close(&j, '}');
    return j.status == STATUS_OK ? buf_add_byte(l->out, '\n') : j.status;
}

static int policy_print(struct wishes *w)
{
    struct policy *policy = NULL;
    struct buf out;
    int code = policies_load(&w->config, &w->packs, &policy);
    if (code != 0)
        return code;
    buf_init(&out, OUTPUT_MAX);
    struct look l = {.policy = policy, .wishes = w, .out = &out};
    const struct audience a = audience_of(w, 0, w->n);
    policy_for(policy, &a, &l.f);
    enum status status = w->json ? json_write(&l) : people_write(&l);
    if (status == STATUS_OK)
        (void)fwrite(out.p, 1, out.n, stdout);
    else
        screen_complain(NULL, status_text(status));
    buf_fini(&out);
    policy_unref(&policy);
    return status == STATUS_OK ? 0 : EX_OSERR;
}

enum { OPTION_CONFIG = 1000, OPTION_FROM, OPTION_CLIENT, OPTION_LISTENER, OPTION_AUTHENTICATED };

static int client_read(const struct verb *verb, struct wishes *w, const char *text)
{
    struct in6_addr address;
    w->client = text;
    if (inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1)
        return -1;
    return verb_misused(verb, "\"%s\" is no IP address", text);
}

static int run(const struct verb *verb, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, OPTION_CONFIG},
        {"from", required_argument, NULL, OPTION_FROM},
        {"client", required_argument, NULL, OPTION_CLIENT},
        {"listener", required_argument, NULL, OPTION_LISTENER},
        {"authenticated", no_argument, NULL, OPTION_AUTHENTICATED},
        {"rules", required_argument, NULL, OPTION_RULES},
        {"json", no_argument, NULL, OPTION_JSON},
        {"help", no_argument, NULL, OPTION_HELP},
        {0}};
    struct wishes w = {.client = "", .listener_name = "", .listener_port = ""};
    bool memory = true;
    int answer, code = -1;
    while (code < 0 && (answer = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (answer == OPTION_CONFIG)
            w.config = optarg;
        else if (answer == OPTION_FROM)
            w.sender = optarg;
        else if (answer == OPTION_CLIENT)
            code = client_read(verb, &w, optarg);
        else if (answer == OPTION_LISTENER)
            policies_listener(optarg, &w.listener_name, &w.listener_port);
        else if (answer == OPTION_AUTHENTICATED)
            w.authenticated = true;
        else if (answer == OPTION_RULES)
            memory = memory && packs_add(&w.packs, optarg);
        else if (answer == OPTION_JSON)
            w.json = true;
        else if (answer == OPTION_HELP || answer == 'h')
            code = verb_help(verb);
        else
            code = verb_bad_option(verb, argc, argv, answer, options);
    }
    for (; code < 0 && optind < argc && w.n < RECIPIENTS_WANTED_MAX; optind++)
        w.recipients[w.n++] = view_of(argv[optind]);
    if (code < 0 && (w.n == 0 || optind < argc))
        code = verb_misused(verb, "name 1 to %d recipients", RECIPIENTS_WANTED_MAX);
    if (code < 0 && !memory) {
        screen_complain(NULL, "out of memory");
        code = EX_OSERR;
    }
    if (code < 0)
        code = policy_print(&w);
    packs_fini(&w.packs);
    return code;
}

const struct verb verb_policy = {
    .name = "policy",
    .summary = "show what would hold for mail to some recipients, and why",
    .synopsis = "[--config FILE] [--from ADDRESS] [--client IP] [--listener NAME]\n"
                "  [--authenticated] [--rules PATH]... [--json] ADDRESS...",
    .help = "Which policy each address meets, and what holds for one message to all of them: each\n"
            "value with the line that says so.\n"
            "\n"
            "  --config FILE     settings; without it those of the daemon, if they are there\n"
            "  --from ADDRESS    the envelope's sender; \"\" is the null sender\n"
            "  --client IP       who delivers it; says whether that is an internal network\n"
            "  --listener NAME   port or name of the listener that takes it\n"
            "  --authenticated   the sender has logged in\n"
            "  --rules PATH      a rule pack or a folder of them, instead of the settings' ones\n"
            "  --json            the same for programs, and for each recipient alone\n"
            "\n"
            "Exit code: 0 shown, others as for scan.\n"
            "\n"
            "Examples:\n"
            "  extortctl policy anna@example.fi\n"
            "  extortctl policy --client 192.0.2.7 anna@example.fi bo@example.se\n"
            "  extortctl policy --json anna@example.fi | jq .message.values.country\n",
    .run = run,
};

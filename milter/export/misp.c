/* A MISP event (MISP core format): one attribute for each fact. */
#include <stdio.h>

#include "export/case.h"

static const struct {
    enum shared_kind kind;
    const char *type, *category, *comment;
    bool ids; /* fit for detection */
} rows[] = {
    {SHARED_FROM, "email-src", "Payload delivery", "From", true},
    {SHARED_FROM_NAME, "email-src-display-name", "Payload delivery", "name in From", false},
    {SHARED_REPLY_TO, "email-reply-to", "Payload delivery", "Reply-To", true},
    {SHARED_ENVELOPE, "email-src", "Payload delivery", "envelope sender", false},
    {SHARED_SUBJECT, "email-subject", "Payload delivery", "", false},
    {SHARED_MESSAGE_ID, "email-message-id", "Payload delivery", "", false},
    {SHARED_CLIENT, "ip-src", "Network activity", "delivered the message", false},
    {SHARED_URL, "url", "Network activity", "link in the message", false},
    {SHARED_FILE, "sha256", "Payload delivery", "attachment", false},
    {SHARED_COIN, "text", "Financial fraud", "payment address", false},
    {SHARED_IBAN, "iban", "Financial fraud", "bank account", true},
    {SHARED_ONION, "domain", "Network activity", "onion service", true},
    {SHARED_CONTACT, "text", "Social network", "contact", false},
    {SHARED_PAYMENT, "text", "Financial fraud", "payment", false},
    {SHARED_AMOUNT, "text", "Financial fraud", "amount demanded", false},
    {SHARED_DEADLINE, "text", "Other", "deadline", false},
};

/* Coins that MISP has a type for. */
static const struct {
    const char *coin, *type;
} coins[] = {{"bitcoin", "btc"}, {"monero", "xmr"}, {"dash", "dash"}};

static void text(struct json *j, const char *key, const char *value)
{
    json_key(j, key);
    json_text(j, value);
}

static void attribute(struct json *j, const struct export_case *c, const struct shared *s,
                      const char *seconds)
{
    size_t i = 0;
    char uuid[UUID_BYTES], comment[200];
    while (i + 1 < sizeof rows / sizeof rows[0] && rows[i].kind != s->kind)
        i++;
    const char *type = rows[i].type;
    bool ids = rows[i].ids;
    for (size_t k = 0; s->kind == SHARED_COIN && k < sizeof coins / sizeof coins[0]; k++)
        if (view_eq(s->detail, view_of(coins[k].coin))) {
            type = coins[k].type;
            ids = true;
        }
    struct view value = s->kind == SHARED_FILE ? s->detail : s->value;
    struct view more = s->kind == SHARED_FILE ? s->value : s->detail;
    (void)snprintf(comment, sizeof comment, "%s%s%.*s", rows[i].comment, more.n > 0 ? ": " : "",
                   VIEW_ARG(view_sub(more, 0, 150)));
    uuid_own(c, comment, value, uuid);
    json_open(j, '{');
    text(j, "uuid", uuid);
    text(j, "type", type);
    text(j, "category", rows[i].category);
    json_key(j, "to_ids");
    json_bool(j, ids);
    text(j, "distribution", "5");
    text(j, "timestamp", seconds);
    text(j, "comment", comment);
    json_key(j, "disable_correlation");
    json_bool(j, s->kind == SHARED_AMOUNT || s->kind == SHARED_DEADLINE);
    json_key(j, "value");
    json_string(j, value);
    json_close(j, '}');
}

enum status form_misp(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    (void)w;
    struct json j;
    char uuid[UUID_BYTES], org[UUID_BYTES], seconds[24];
    struct view date = view_sub(json_member_text(json_member(c->root, "received"), "utc"), 0, 10);
    struct view who = reporter_of(c), class_id = json_member_text(c->verdict, "class");
    struct buf info;
    (void)snprintf(seconds, sizeof seconds, "%lld", (long long)export_case_time(c));
    uuid_own(c, "misp event", VIEW_NONE, uuid);
    uuid_of(OWN_SPACE, who, org);
    buf_init(&info, 1024);
    enum status status =
        buf_addf(&info, "Extortion e-mail%s%.*s", class_id.n > 0 ? ", " : "", VIEW_ARG(class_id));
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "Event");
    json_open(&j, '{');
    text(&j, "uuid", uuid);
    json_key(&j, "info");
    json_string(&j, buf_view(&info));
    json_key(&j, "date");
    json_string(&j, date);
    text(&j, "threat_level_id", "2");
    text(&j, "analysis", "0");
    text(&j, "distribution", "0");
    json_key(&j, "published");
    json_bool(&j, false);
    text(&j, "timestamp", seconds);
    json_key(&j, "Orgc");
    json_open(&j, '{');
    text(&j, "uuid", org);
    json_key(&j, "name");
    json_string(&j, who);
    json_close(&j, '}');
    json_key(&j, "Tag");
    json_open(&j, '[');
    json_open(&j, '{');
    text(&j, "name", "tlp:amber");
    json_close(&j, '}');
    json_close(&j, ']');
    json_key(&j, "Attribute");
    json_open(&j, '[');
    for (uint32_t i = 0; i < c->n_shared; i++)
        attribute(&j, c, &c->shared[i], seconds);
    /* Lets two who got the same letter find each other; no address leads to the reader. */
    struct view digest = json_member_text(c->head, "sha256");
    if (digest.n > 0) {
        char own[UUID_BYTES];
        uuid_own(c, "message", digest, own);
        json_open(&j, '{');
        text(&j, "uuid", own);
        text(&j, "type", "sha256");
        text(&j, "category", "External analysis");
        json_key(&j, "to_ids");
        json_bool(&j, false);
        text(&j, "distribution", "5");
        text(&j, "timestamp", seconds);
        text(&j, "comment", "the whole message as received");
        json_key(&j, "disable_correlation");
        json_bool(&j, false);
        json_key(&j, "value");
        json_string(&j, digest);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
    json_close(&j, '}');
    buf_fini(&info);
    if (j.status == STATUS_OK)
        j.status = buf_add_byte(out, '\n');
    return status == STATUS_OK ? j.status : status;
}

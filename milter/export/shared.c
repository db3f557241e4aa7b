/* What of a record may be given to others: facts about the sender, and nothing of the reader. */
#include "export/case.h"

#include <string.h>

enum { SHARED_MAX = 2000, SHARED_BYTES_MAX = 4096 };

static struct view domain_of(struct view address)
{
    size_t at = address.n;
    while (at > 0 && address.p[at - 1] != '@')
        at--;
    return at > 0 ? view_sub(address, at, address.n) : VIEW_NONE;
}

/* Calls for each address the message was sent to. */
static bool any_recipient(const struct export_case *c, bool (*test)(struct view r, struct view v),
                          struct view v)
{
    for (const struct json_node *n = json_first(json_member(c->envelope, "recipients")); n != NULL;
         n = n->next)
        if (n->text.n > 0 && test(n->text, v))
            return true;
    for (const struct json_node *n = json_first(json_member(c->head, "to")); n != NULL; n = n->next)
        if (json_member_text(n, "address").n > 0 && test(json_member_text(n, "address"), v))
            return true;
    return false;
}

static bool is_inside(struct view recipient, struct view v)
{
    return view_find_nocase(v, recipient) < v.n;
}

static bool same_domain(struct view recipient, struct view address)
{
    struct view d = domain_of(recipient);
    return d.n > 0 && view_eq_nocase(d, domain_of(address));
}

static enum status add(struct export_case *c, enum shared_kind kind, struct view value,
                       struct view detail)
{
    if ((value.n == 0 && detail.n == 0) || value.n > SHARED_BYTES_MAX ||
        any_recipient(c, is_inside, value) || c->n_shared >= SHARED_MAX)
        return STATUS_OK;
    for (uint32_t i = 0; i < c->n_shared; i++)
        if (c->shared[i].kind == kind && view_eq(c->shared[i].value, value) &&
            view_eq(c->shared[i].detail, detail))
            return STATUS_OK;
    struct shared *v = arena_grow(&c->arena, c->shared, &c->cap_shared, c->n_shared + 1, sizeof *v);
    if (v == NULL)
        return STATUS_NO_MEMORY;
    c->shared = v;
    v[c->n_shared++] = (struct shared){kind, value, detail};
    return STATUS_OK;
}

/* A sender in the reader's own domain is mostly forged: it is the reader's, not the sender's. */
static enum status add_sender(struct export_case *c, enum shared_kind kind, struct view address)
{
    return any_recipient(c, same_domain, address) ? STATUS_OK : add(c, kind, address, VIEW_NONE);
}

static enum status add_mailboxes(struct export_case *c, const char *key, enum shared_kind kind)
{
    enum status status = STATUS_OK;
    for (const struct json_node *n = json_first(json_member(c->head, key));
         n != NULL && status == STATUS_OK; n = n->next) {
        struct view address = json_member_text(n, "address");
        status = add_sender(c, kind, address);
        if (status == STATUS_OK && kind == SHARED_FROM && !any_recipient(c, same_domain, address))
            status = add(c, SHARED_FROM_NAME, json_member_text(n, "name"), VIEW_NONE);
    }
    return status;
}

static const struct {
    const char *kind;
    enum shared_kind as;
    bool personal; /* the reader's: never shared */
} kinds[] = {
    {"iban", SHARED_IBAN, false},         {"onion", SHARED_ONION, false},
    {"tox", SHARED_CONTACT, false},       {"session", SHARED_CONTACT, false},
    {"messenger", SHARED_CONTACT, false}, {"payment-handle", SHARED_PAYMENT, false},
    {"gift-card", SHARED_PAYMENT, false}, {"amount", SHARED_AMOUNT, false},
    {"deadline", SHARED_DEADLINE, false}, {"national-id", SHARED_COIN, true},
    {"password", SHARED_COIN, true},      {"own-address", SHARED_COIN, true},
    {"own-domain", SHARED_COIN, true},    {"own-name", SHARED_COIN, true},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static size_t kind_find(struct view name)
{
    size_t i = 0;
    while (i < KINDS && !view_eq(name, view_of(kinds[i].kind)))
        i++;
    return i;
}

static enum status add_indicators(struct export_case *c, bool *subject_personal)
{
    enum status status = STATUS_OK;
    for (const struct json_node *n = json_first(c->indicators); n != NULL && status == STATUS_OK;
         n = n->next) {
        struct view kind = json_member_text(n, "kind"), detail = json_member_text(n, "detail");
        size_t i = kind_find(kind);
        /* All others are coins: their addresses have families of their own. */
        if (i == KINDS)
            status = add(c, SHARED_COIN, json_member_text(n, "value"), kind);
        else if (kinds[i].personal)
            *subject_personal =
                *subject_personal || view_eq(json_member_text(n, "where"), VIEW("subject"));
        else
            status = add(c, kinds[i].as, json_member_text(n, "value"),
                         kinds[i].as == SHARED_CONTACT || kinds[i].as == SHARED_PAYMENT
                             ? (detail.n > 0 ? detail : kind)
                             : VIEW_NONE);
    }
    return status;
}

static bool is_web(struct view v)
{
    return view_starts_nocase(v, VIEW("http://")) || view_starts_nocase(v, VIEW("https://"));
}

enum status shared_find(struct export_case *c)
{
    bool personal = false;
    enum status status = add_mailboxes(c, "from", SHARED_FROM);
    if (status == STATUS_OK)
        status = add_mailboxes(c, "reply_to", SHARED_REPLY_TO);
    if (status == STATUS_OK)
        status = add_sender(c, SHARED_ENVELOPE, json_member_text(c->envelope, "sender"));
    if (status == STATUS_OK)
        status = add(c, SHARED_CLIENT, json_member_text(c->client, "address"), VIEW_NONE);
    if (status == STATUS_OK)
        status = add_indicators(c, &personal);
    if (status == STATUS_OK && !personal)
        status = add(c, SHARED_SUBJECT, json_member_text(c->head, "subject"), VIEW_NONE);
    if (status == STATUS_OK)
        status = add(c, SHARED_MESSAGE_ID, json_member_text(c->head, "message_id"), VIEW_NONE);
    for (const struct json_node *n = json_first(json_member(c->root, "links"));
         n != NULL && status == STATUS_OK; n = n->next)
        if (is_web(json_member_text(n, "target")))
            status = add(c, SHARED_URL, json_member_text(n, "target"), VIEW_NONE);
    for (const struct json_node *n = json_first(json_member(c->root, "attachments"));
         n != NULL && status == STATUS_OK; n = n->next)
        if (json_member_text(n, "sha256").n > 0)
            status =
                add(c, SHARED_FILE, json_member_text(n, "name"), json_member_text(n, "sha256"));
    return status;
}

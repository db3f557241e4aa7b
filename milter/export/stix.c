/*
 * A STIX 2.1 bundle: what was seen as observables, what can be looked for as indicators.
 * Observables have the ids that the standard reckons for them (UUIDv5 of their defining
 * properties), so that two reports of one address meet; all others have ids of this program's, the
 * same at every export.
 */
#include <stdio.h>
#include <string.h>

#include "export/case.h"

#define SCO_SPACE "00abedb4aa42466c9c01fed23315a9b7" /* STIX 2.1, 2.9 */
#define TLP_AMBER "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"

enum { ID_BYTES = 80, TIME_BYTES = 32, PATTERN_MAX = 64 * 1024 };

struct bundle {
    const struct export_case *c;
    struct json j;
    char identity[ID_BYTES], extension[ID_BYTES], created[TIME_BYTES];
    struct buf refs; /* ids of observables, each with a NUL */
};

static void text(struct json *j, const char *key, const char *value)
{
    json_key(j, key);
    json_text(j, value);
}

static void string(struct json *j, const char *key, struct view v)
{
    json_key(j, key);
    json_string(j, v);
}

static void id_own(const struct bundle *b, const char *type, struct view of, char out[ID_BYTES])
{
    char uuid[UUID_BYTES];
    uuid_own(b->c, type, of, uuid);
    (void)snprintf(out, ID_BYTES, "%s--%s", type, uuid);
}

/* An observable's id: of the JSON of the properties that define it, given as an open object. */
static void id_observed(const char *type, struct view defining, char out[ID_BYTES])
{
    char uuid[UUID_BYTES];
    uuid_of(SCO_SPACE, defining, uuid);
    (void)snprintf(out, ID_BYTES, "%s--%s", type, uuid);
}

static void id_of_value(const char *type, struct view value, char out[ID_BYTES])
{
    struct buf b;
    struct json j;
    buf_init(&b, PATTERN_MAX);
    json_init(&j, &b);
    json_open(&j, '{');
    string(&j, "value", value);
    json_close(&j, '}');
    id_observed(type, buf_view(&b), out);
    buf_fini(&b);
}

static void begin(struct bundle *b, const char *type, const char *id)
{
    json_open(&b->j, '{');
    text(&b->j, "type", type);
    text(&b->j, "spec_version", "2.1");
    text(&b->j, "id", id);
}

static void created(struct bundle *b, bool by)
{
    text(&b->j, "created", b->created);
    text(&b->j, "modified", b->created);
    if (by)
        text(&b->j, "created_by_ref", b->identity);
}

static void marked(struct bundle *b)
{
    json_key(&b->j, "object_marking_refs");
    json_open(&b->j, '[');
    json_text(&b->j, TLP_AMBER);
    json_close(&b->j, ']');
}

/* False when an observable of this id was written before. */
static bool remember(struct bundle *b, const char *id)
{
    for (size_t at = 0; at < b->refs.n; at += strlen(b->refs.p + at) + 1)
        if (strcmp(b->refs.p + at, id) == 0)
            return false;
    if (b->j.status == STATUS_OK)
        b->j.status = buf_add(&b->refs, (struct view){id, strlen(id) + 1});
    return b->j.status == STATUS_OK;
}

static void observe_value(struct bundle *b, const char *type, struct view value)
{
    char id[ID_BYTES];
    id_of_value(type, value, id);
    if (!remember(b, id))
        return;
    begin(b, type, id);
    string(&b->j, "value", value);
    json_close(&b->j, '}');
}

static void observe_file(struct bundle *b, struct view name, struct view digest)
{
    char id[ID_BYTES];
    struct buf defining;
    struct json j;
    buf_init(&defining, PATTERN_MAX);
    json_init(&j, &defining);
    json_open(&j, '{');
    json_key(&j, "hashes");
    json_open(&j, '{');
    string(&j, "SHA-256", digest);
    json_close(&j, '}');
    member_text(&j, "name", name);
    json_close(&j, '}');
    id_observed("file", buf_view(&defining), id);
    buf_fini(&defining);
    if (!remember(b, id))
        return;
    begin(b, "file", id);
    json_key(&b->j, "hashes");
    json_open(&b->j, '{');
    string(&b->j, "SHA-256", digest);
    json_close(&b->j, '}');
    member_text(&b->j, "name", name);
    json_close(&b->j, '}');
}

/* STIX has no object for these: one of our own, by an extension that the bundle defines. */
static void observe_payment(struct bundle *b, const struct shared *s)
{
    char id[ID_BYTES];
    struct buf defining;
    struct json j;
    struct view kind = s->kind == SHARED_IBAN ? VIEW("iban") : s->detail;
    buf_init(&defining, PATTERN_MAX);
    json_init(&j, &defining);
    json_open(&j, '{');
    string(&j, "kind", kind);
    string(&j, "value", s->value);
    json_close(&j, '}');
    id_observed("payment-address", buf_view(&defining), id);
    buf_fini(&defining);
    if (!remember(b, id))
        return;
    begin(b, "payment-address", id);
    string(&b->j, "kind", kind);
    string(&b->j, "value", s->value);
    json_key(&b->j, "extensions");
    json_open(&b->j, '{');
    json_key(&b->j, b->extension);
    json_open(&b->j, '{');
    text(&b->j, "extension_type", "new-sco");
    json_close(&b->j, '}');
    json_close(&b->j, '}');
    json_close(&b->j, '}');
}

static bool is_ipv6(struct view v)
{
    return view_find_byte(v, ':') < v.n;
}

static void observe(struct bundle *b, const struct shared *s)
{
    switch (s->kind) {
    case SHARED_FROM:
    case SHARED_REPLY_TO:
    case SHARED_ENVELOPE:
        observe_value(b, "email-addr", s->value);
        break;
    case SHARED_CLIENT:
        observe_value(b, is_ipv6(s->value) ? "ipv6-addr" : "ipv4-addr", s->value);
        break;
    case SHARED_URL:
        observe_value(b, "url", s->value);
        break;
    case SHARED_ONION:
        observe_value(b, "domain-name", s->value);
        break;
    case SHARED_FILE:
        observe_file(b, s->value, s->detail);
        break;
    case SHARED_COIN:
    case SHARED_IBAN:
    case SHARED_PAYMENT:
    case SHARED_CONTACT:
        observe_payment(b, s);
        break;
    default: /* said in the mail itself, or of no use to others */
        break;
    }
}

static struct view first(const struct bundle *b, enum shared_kind kind)
{
    for (uint32_t i = 0; i < b->c->n_shared; i++)
        if (b->c->shared[i].kind == kind)
            return b->c->shared[i].value;
    return VIEW_NONE;
}

static void observe_mail(struct bundle *b)
{
    char id[ID_BYTES], from_id[ID_BYTES] = "";
    struct view from = first(b, SHARED_FROM), subject = first(b, SHARED_SUBJECT);
    struct buf defining;
    struct json j;
    if (from.n > 0)
        id_of_value("email-addr", from, from_id);
    buf_init(&defining, PATTERN_MAX);
    json_init(&j, &defining);
    json_open(&j, '{');
    member_text(&j, "from_ref", view_of(from_id));
    member_text(&j, "subject", subject);
    json_close(&j, '}');
    id_observed("email-message", buf_view(&defining), id);
    buf_fini(&defining);
    if (!remember(b, id))
        return;
    begin(b, "email-message", id);
    json_key(&b->j, "is_multipart");
    json_bool(&b->j,
              view_starts_nocase(json_member_text(b->c->head, "content_type"), VIEW("multipart/")));
    member_text(&b->j, "from_ref", view_of(from_id));
    member_text(&b->j, "subject", subject);
    member_text(&b->j, "message_id", first(b, SHARED_MESSAGE_ID));
    json_close(&b->j, '}');
}

/* "[url:value = '...']"; in the quotes a backslash and a quote have one before them. */
static void indicator(struct bundle *b, const char *name, const char *path, struct view value,
                      const char *and_path, struct view and_value)
{
    char id[ID_BYTES];
    struct buf pattern;
    buf_init(&pattern, PATTERN_MAX);
    enum status status = STATUS_OK;
    const struct {
        const char *path;
        struct view value;
    } terms[] = {{path, value}, {and_path, and_value}};
    for (size_t t = 0; t < 2 && terms[t].path != NULL && status == STATUS_OK; t++) {
        status = buf_addf(&pattern, "%s%s = '", t == 0 ? "[" : " AND ", terms[t].path);
        for (size_t i = 0; i < terms[t].value.n && status == STATUS_OK; i++) {
            char c = terms[t].value.p[i];
            if (c == '\'' || c == '\\')
                status = buf_add_byte(&pattern, '\\');
            if (status == STATUS_OK)
                status = buf_add_byte(&pattern, c);
        }
        if (status == STATUS_OK)
            status = buf_add_byte(&pattern, '\'');
    }
    if (status == STATUS_OK)
        status = buf_add_byte(&pattern, ']');
    if (b->j.status == STATUS_OK)
        b->j.status = status;
    id_own(b, "indicator", buf_view(&pattern), id);
    begin(b, "indicator", id);
    created(b, true);
    text(&b->j, "name", name);
    json_key(&b->j, "indicator_types");
    json_open(&b->j, '[');
    json_text(&b->j, "malicious-activity");
    json_close(&b->j, ']');
    string(&b->j, "pattern", buf_view(&pattern));
    text(&b->j, "pattern_type", "stix");
    text(&b->j, "valid_from", b->created);
    marked(b);
    json_close(&b->j, '}');
    buf_fini(&pattern);
}

static void indicate(struct bundle *b, const struct shared *s)
{
    switch (s->kind) {
    case SHARED_FROM:
        indicator(b, "sender of extortion mail", "email-message:from_ref.value", s->value, NULL,
                  VIEW_NONE);
        break;
    case SHARED_URL:
        indicator(b, "link in extortion mail", "url:value", s->value, NULL, VIEW_NONE);
        break;
    case SHARED_ONION:
        indicator(b, "onion service in extortion mail", "domain-name:value", s->value, NULL,
                  VIEW_NONE);
        break;
    case SHARED_FILE:
        indicator(b, "attachment of extortion mail", "file:hashes.'SHA-256'", s->detail, NULL,
                  VIEW_NONE);
        break;
    case SHARED_COIN:
    case SHARED_IBAN:
        indicator(b, "payment address of an extortionist", "payment-address:value", s->value,
                  "payment-address:kind", s->kind == SHARED_IBAN ? VIEW("iban") : s->detail);
        break;
    default:
        break;
    }
}

static void put_marking(struct bundle *b)
{
    begin(b, "marking-definition", TLP_AMBER);
    text(&b->j, "created", "2017-01-20T00:00:00.000Z");
    text(&b->j, "definition_type", "tlp");
    text(&b->j, "name", "TLP:AMBER");
    json_key(&b->j, "definition");
    json_open(&b->j, '{');
    text(&b->j, "tlp", "amber");
    json_close(&b->j, '}');
    json_close(&b->j, '}');
}

static void put_identity(struct bundle *b)
{
    begin(b, "identity", b->identity);
    created(b, false);
    string(&b->j, "name", reporter_of(b->c));
    text(&b->j, "identity_class", "organization");
    json_close(&b->j, '}');
}

static void put_extension(struct bundle *b)
{
    begin(b, "extension-definition", b->extension);
    created(b, true);
    text(&b->j, "name", "payment address");
    text(&b->j, "description",
         "An address, account or handle that money can be sent to, or that a sender is reached at: "
         "kind says of what (bitcoin, iban, telegram), value is its canonical form.");
    text(&b->j, "schema", "kind: string, required. value: string, required. Both define the id.");
    text(&b->j, "version", "1.0.0");
    json_key(&b->j, "extension_types");
    json_open(&b->j, '[');
    json_text(&b->j, "new-sco");
    json_close(&b->j, ']');
    json_close(&b->j, '}');
}

static void put_observed(struct bundle *b)
{
    char id[ID_BYTES];
    id_own(b, "observed-data", VIEW_NONE, id);
    begin(b, "observed-data", id);
    created(b, true);
    text(&b->j, "first_observed", b->created);
    text(&b->j, "last_observed", b->created);
    json_key(&b->j, "number_observed");
    json_count(&b->j, 1);
    json_key(&b->j, "object_refs");
    json_open(&b->j, '[');
    for (size_t at = 0; at < b->refs.n; at += strlen(b->refs.p + at) + 1)
        json_text(&b->j, b->refs.p + at);
    json_close(&b->j, ']');
    marked(b);
    json_close(&b->j, '}');
}

static bool has_payment(const struct export_case *c)
{
    for (uint32_t i = 0; i < c->n_shared; i++)
        if (c->shared[i].kind == SHARED_COIN || c->shared[i].kind == SHARED_IBAN ||
            c->shared[i].kind == SHARED_PAYMENT || c->shared[i].kind == SHARED_CONTACT)
            return true;
    return false;
}

enum status form_stix(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    (void)w;
    struct bundle b = {.c = c};
    char id[ID_BYTES], uuid[UUID_BYTES], time[STORE_TIME_BYTES];
    buf_init(&b.refs, 1 << 20);
    json_init(&b.j, out);
    uuid_of(OWN_SPACE, reporter_of(c), uuid);
    (void)snprintf(b.identity, sizeof b.identity, "identity--%s", uuid);
    uuid_of(OWN_SPACE, VIEW("payment-address"), uuid);
    (void)snprintf(b.extension, sizeof b.extension, "extension-definition--%s", uuid);
    store_time_text((struct store_time){export_case_time(c), 0}, true, time);
    (void)snprintf(b.created, sizeof b.created, "%.19s.000Z", time);
    id_own(&b, "bundle", VIEW_NONE, id);
    json_open(&b.j, '{');
    text(&b.j, "type", "bundle");
    text(&b.j, "id", id);
    json_key(&b.j, "objects");
    json_open(&b.j, '[');
    put_marking(&b);
    put_identity(&b);
    if (has_payment(c))
        put_extension(&b);
    for (uint32_t i = 0; i < c->n_shared; i++)
        observe(&b, &c->shared[i]);
    observe_mail(&b);
    put_observed(&b);
    for (uint32_t i = 0; i < c->n_shared; i++)
        indicate(&b, &c->shared[i]);
    json_close(&b.j, ']');
    json_close(&b.j, '}');
    buf_fini(&b.refs);
    return b.j.status == STATUS_OK ? buf_add_byte(out, '\n') : b.j.status;
}

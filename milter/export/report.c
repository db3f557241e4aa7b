/* What stands in a report, in which order. */
#include "export/report.h"

#include <stdio.h>

enum {
    REPORT_BYTES_MAX = 64 << 20,
    VALUE_MAX = 2000, /* bytes of one value; the record has all of it */
    QUOTES_MAX = 15,  /* those with the most points */
    LISTED_MAX = 50,  /* links, attachments, headers of one name */
};

struct writer {
    const struct export_case *c;
    const struct report_words *words;
    struct report_values values;
    struct report *r;
    enum status status;
};

/* One line, nothing that moves the cursor or hides: what the sender wrote is only shown. */
static struct view harmless(struct writer *w, struct view v)
{
    v = view_sub(v, 0, VALUE_MAX);
    char *p = arena_alloc(&w->r->arena, v.n * 3 + 1);
    size_t n = 0;
    if (p == NULL) {
        w->status = STATUS_NO_MEMORY;
        return VIEW_NONE;
    }
    for (size_t i = 0; i < v.n;) {
        uint32_t cp;
        i += utf8_decode(v.p + i, v.n - i, &cp);
        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029)
            cp = ' ';
        if (!text_invisible(cp) && !(cp == ' ' && (n == 0 || p[n - 1] == ' ')))
            n += utf8_encode(cp, p + n);
    }
    return view_trim((struct view){p, n});
}

static void add(struct writer *w, enum row_kind kind, struct view label, struct view value)
{
    if (w->status != STATUS_OK)
        return;
    struct row *v = arena_grow(&w->r->arena, w->r->rows, &w->r->cap, w->r->n + 1, sizeof *v);
    if (v == NULL) {
        w->status = STATUS_NO_MEMORY;
        return;
    }
    w->r->rows = v;
    v[w->r->n++] = (struct row){kind, label, value};
}

static struct view words_of(struct writer *w, enum report_word word)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    struct view copy = VIEW_NONE;
    enum status status = report_word(w->words, word, &w->values, &b);
    if (status == STATUS_OK)
        copy = arena_copy(&w->r->arena, buf_view(&b));
    if (status != STATUS_OK || (copy.p == NULL && b.n > 0))
        w->status = STATUS_NO_MEMORY;
    buf_fini(&b);
    return copy;
}

static void section(struct writer *w, enum report_word word)
{
    add(w, ROW_SECTION, words_of(w, word), VIEW_NONE);
}

static void note(struct writer *w, enum report_word word)
{
    add(w, ROW_NOTE, words_of(w, word), VIEW_NONE);
}

/* Labels of the trade, the same in every language. */
static void fact_named(struct writer *w, const char *label, struct view value)
{
    struct view v = harmless(w, value);
    if (v.n > 0)
        add(w, ROW_FACT, view_of(label), v);
}

static void fact(struct writer *w, enum report_word word, struct view value)
{
    struct view v = harmless(w, value);
    if (v.n > 0)
        add(w, ROW_FACT, words_of(w, word), v);
}

/* "name <address>", "kind: value". */
static struct view joined(struct writer *w, struct view a, const char *between, struct view b,
                          const char *after)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    struct view copy = VIEW_NONE;
    if (buf_addf(&out, "%.*s%s%.*s%s", VIEW_ARG(view_sub(a, 0, VALUE_MAX)), between,
                 VIEW_ARG(view_sub(b, 0, VALUE_MAX)), after) == STATUS_OK)
        copy = arena_copy(&w->r->arena, buf_view(&out));
    if (copy.p == NULL)
        w->status = STATUS_NO_MEMORY;
    buf_fini(&out);
    return copy;
}

static void mailboxes(struct writer *w, const char *label, const char *key)
{
    unsigned n = 0;
    for (const struct json_node *box = json_first(json_member(w->c->head, key));
         box != NULL && n < LISTED_MAX; box = box->next, n++) {
        struct view name = json_member_text(box, "name"),
                    address = json_member_text(box, "address");
        fact_named(w, label, name.n > 0 ? joined(w, name, " <", address, ">") : address);
    }
}

static void fields(struct writer *w, const char *label, const char *key)
{
    unsigned n = 0;
    for (const struct json_node *f = json_first(json_member(w->c->head, key));
         f != NULL && n < LISTED_MAX; f = f->next, n++)
        fact_named(w, label, f->text);
}

/* "2026-11-29 18:36:32 (UTC+02:00)", and the same in UTC. */
static void put_time(struct writer *w)
{
    const struct json_node *received = json_member(w->c->root, "received");
    struct view local = json_member_text(received, "local"),
                utc = json_member_text(received, "utc");
    char text[96];
    if (local.n < 25 || utc.n < 19)
        return;
    (void)snprintf(text, sizeof text, "%.10s %.8s (UTC%.6s) = %.10s %.8s UTC", local.p,
                   local.p + 11, local.p + 19, utc.p, utc.p + 11);
    fact(w, REPORT_RECEIVED, view_of(text));
}

static void put_message(struct writer *w)
{
    char bytes[32];
    (void)snprintf(bytes, sizeof bytes, "%.0f", json_member_number(w->c->head, "bytes"));
    section(w, REPORT_MESSAGE);
    put_time(w);
    fact(w, REPORT_GATEWAY, w->values.gateway);
    for (const struct json_node *n = json_first(json_member(w->c->envelope, "recipients"));
         n != NULL; n = n->next)
        fact(w, REPORT_RECIPIENT, n->text);
    fact(w, REPORT_SIZE, view_of(bytes));
    fact_named(w, "SHA-256", json_member_text(w->c->head, "sha256"));
    if (!json_member_truth(w->c->head, "complete"))
        note(w, REPORT_INCOMPLETE);
}

static void put_delivery(struct writer *w)
{
    const struct json_node *tls = json_member(w->c->root, "tls");
    struct view name = json_member_text(w->c->client, "name"),
                address = json_member_text(w->c->client, "address");
    section(w, REPORT_DELIVERY);
    fact(w, REPORT_CLIENT, name.n > 0 ? joined(w, address, " (", name, ")") : address);
    fact_named(w, "HELO", json_member_text(w->c->envelope, "helo"));
    fact_named(w, "MAIL FROM",
               joined(w, VIEW("<"), "", json_member_text(w->c->envelope, "sender"), ">"));
    fact_named(
        w, "TLS",
        joined(w, json_member_text(tls, "version"), " ", json_member_text(tls, "cipher"), ""));
    fact_named(w, "Queue ID", json_member_text(w->c->root, "queue_id"));
}

static void put_claims(struct writer *w)
{
    section(w, REPORT_CLAIMS);
    mailboxes(w, "From", "from");
    mailboxes(w, "Reply-To", "reply_to");
    fact_named(w, "Subject", json_member_text(w->c->head, "subject"));
    fact_named(w, "Date", json_member_text(w->c->head, "date"));
    fact_named(w, "Message-ID", json_member_text(w->c->head, "message_id"));
    fields(w, "Authentication-Results", "authentication_results");
    fields(w, "Received", "received");
}

/* All of it, also what is not for sharing: the police are not others. */
static void put_demand(struct writer *w)
{
    const struct export_case *c = w->c;
    section(w, REPORT_DEMAND);
    for (uint32_t i = 0; i < c->n_shared; i++) {
        const struct shared *s = &c->shared[i];
        if (s->kind == SHARED_COIN || s->kind == SHARED_PAYMENT)
            fact(w, REPORT_PAYMENT, joined(w, s->value, " (", s->detail, ")"));
        else if (s->kind == SHARED_IBAN)
            fact(w, REPORT_PAYMENT, joined(w, s->value, " (", VIEW("IBAN"), ")"));
        else if (s->kind == SHARED_AMOUNT)
            fact(w, REPORT_AMOUNT, s->value);
        else if (s->kind == SHARED_DEADLINE)
            fact(w, REPORT_DEADLINE, s->value);
        else if (s->kind == SHARED_CONTACT)
            fact(w, REPORT_CONTACT, joined(w, s->value, " (", s->detail, ")"));
        else if (s->kind == SHARED_ONION)
            fact(w, REPORT_CONTACT, s->value);
    }
    unsigned n = 0;
    for (const struct json_node *l = json_first(json_member(c->root, "links"));
         l != NULL && n < LISTED_MAX; l = l->next, n++)
        fact(w, REPORT_LINK, json_member_text(l, "target"));
    n = 0;
    for (const struct json_node *a = json_first(json_member(c->root, "attachments"));
         a != NULL && n < LISTED_MAX; a = a->next, n++) {
        struct view name = json_member_text(a, "name"), type = json_member_text(a, "type");
        fact(w, REPORT_ATTACHMENT,
             joined(w, name.n > 0 ? name : type, ", SHA-256 ", json_member_text(a, "sha256"), ""));
    }
}

/* Each passage once, and none that stands inside another. */
static void put_words(struct writer *w)
{
    struct view quotes[QUOTES_MAX];
    unsigned n_quotes = 0;
    section(w, REPORT_WORDS);
    for (const struct json_node *n = json_first(json_member(w->c->verdict, "rules"));
         n != NULL && n_quotes < QUOTES_MAX && json_member_number(n, "score") > 0; n = n->next)
        quotes[n_quotes++] = harmless(w, json_member_text(n, "text"));
    for (unsigned i = 0; i < n_quotes; i++) {
        bool inside = quotes[i].n == 0;
        for (unsigned k = 0; k < n_quotes && !inside; k++)
            inside = k != i && view_find(quotes[k], quotes[i]) < quotes[k].n &&
                     (quotes[k].n > quotes[i].n || k < i);
        if (!inside)
            add(w, ROW_QUOTE, VIEW_NONE, quotes[i]);
    }
}

static void put_fill(struct writer *w)
{
    static const enum report_word asked[] = {REPORT_NAME,     REPORT_PAID, REPORT_ANSWERED,
                                             REPORT_BEFORE,   REPORT_DATA, REPORT_PUBLISHED,
                                             REPORT_SIGNATURE};
    section(w, REPORT_FILL);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        add(w, ROW_BLANK, words_of(w, asked[i]), VIEW_NONE);
    note(w, REPORT_PICTURES);
    note(w, REPORT_CHECK);
}

enum status report_make(const struct export_case *c, const struct report_words *words,
                        struct report *out)
{
    *out = (struct report){.n = 0};
    arena_init(&out->arena, REPORT_BYTES_MAX);
    struct writer w = {.c = c, .words = words, .r = out};
    w.values = (struct report_values){.gateway = json_member_text(c->gateway, "name"),
                                      .operator= reporter_of(c),
                                      .file = VIEW(EXPORT_MESSAGE),
                                      .program = json_member_text(c->gateway, "program"),
                                      .ruleset = json_member_text(c->root, "ruleset")};
    out->title = words_of(&w, REPORT_TITLE);
    note(&w, REPORT_INTRO);
    note(&w, REPORT_PERSONAL);
    put_message(&w);
    put_delivery(&w);
    put_claims(&w);
    put_demand(&w);
    put_words(&w);
    put_fill(&w);
    return w.status;
}

void report_fini(struct report *r)
{
    arena_fini(&r->arena);
}

/* extortctl evidence list, show, verify, purge. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "program/evidence.h"
#include "program/screen.h"

enum {
    FILE_MAX = 512 << 20, /* evidence.message_bytes has at most half of it */
    LINE_MAX_BYTES = 1 << 20,
    TREE_MAX = 256 << 20,
    QUOTE_MAX = 200,
    WORDS_SHOWN = 12, /* those with the most points */
};

/* The whole id, its beginning, or the queue id in its middle. */
static bool named(const char *id, const char *word)
{
    size_t n = strlen(word);
    const char *queue = strchr(id, '-');
    return n > 0 && (strncmp(id, word, n) == 0 ||
                     (queue != NULL && strncmp(queue + 1, word, n) == 0 && queue[1 + n] == '-'));
}

static int select_one(const struct store_entries *all, const char *word, struct store_entries *out)
{
    size_t found = 0, at = 0;
    for (size_t i = 0; i < all->n; i++)
        if (named(all->v[i].id, word)) {
            at = i;
            found++;
        }
    if (found != 1) {
        struct buf text;
        buf_init(&text, 4096);
        (void)screen_add_path(&text, word);
        (void)fprintf(stderr, "extortctl: evidence: %.*s: %s\n", VIEW_ARG(buf_view(&text)),
                      found == 0 ? "there is no such record"
                                 : "several records have this name: write more of it");
        buf_fini(&text);
        return EX_NOINPUT;
    }
    out->v[out->n++] = all->v[at];
    out->bytes += all->v[at].bytes;
    return 0;
}

int evidence_select(const struct evidence_wishes *w, struct store_entries *out)
{
    struct store_entries all;
    *out = (struct store_entries){.v = NULL};
    enum status status = store_list(w->directory, &all);
    if (status != STATUS_OK)
        return evidence_trouble(w->directory, status);
    if (w->n_ids == 0) {
        *out = all;
        return 0;
    }
    int code = 0;
    out->v = calloc(w->n_ids, sizeof *out->v);
    if (out->v == NULL)
        code = evidence_trouble(NULL, STATUS_NO_MEMORY);
    for (size_t i = 0; out->v != NULL && i < w->n_ids; i++) {
        int one = select_one(&all, w->ids[i], out);
        code = code == 0 ? one : code;
    }
    store_entries_fini(&all);
    if (code != 0)
        store_entries_fini(out);
    return code;
}

const struct store_key *evidence_key(const struct evidence_wishes *w)
{
    return w->has_key ? &w->key : NULL;
}

int evidence_open(const struct evidence_wishes *w, const char *id, struct buf *file,
                  struct record *record, enum record_state *state)
{
    buf_init(file, FILE_MAX);
    *record = (struct record){.sealed = false};
    enum status status = store_read(w->directory, id, file);
    if (status != STATUS_OK)
        return evidence_trouble(id, status);
    *state = record_read(buf_view(file), evidence_key(w), id, record);
    return *state == RECORD_NO_MEMORY ? evidence_trouble(id, STATUS_NO_MEMORY) : 0;
}

static const char *record_state_text(enum record_state state)
{
    switch (state) {
    case RECORD_GOOD:
        return "good";
    case RECORD_SEALED:
        return "unchanged, not opened: give the secret key with --key";
    case RECORD_OTHER_KEY:
        return "unchanged, not opened: sealed to another key than the one given";
    case RECORD_CHANGED:
        return "CHANGED";
    case RECORD_NO_MEMORY:
        break;
    }
    return "out of memory";
}

int evidence_unopened(const char *id, const struct record *r, enum record_state state)
{
    struct buf why;
    buf_init(&why, 1024);
    (void)buf_addf(&why, "%s%s%s", record_state_text(state), r->changed != NULL ? ": " : "",
                   r->changed != NULL ? r->changed : "");
    (void)buf_add_byte(&why, '\0');
    screen_complain(id, why.p);
    buf_fini(&why);
    return 1;
}

/* "good", "sealed", "other-key", "changed": for programs. */
static const char *state_word(enum record_state state)
{
    return state == RECORD_GOOD        ? "good"
           : state == RECORD_SEALED    ? "sealed"
           : state == RECORD_OTHER_KEY ? "other-key"
                                       : "changed";
}

/* What a line needs of an opened record. */
struct opened {
    struct arena arena;
    const struct json_node *root;
};

static void opened_init(struct opened *o, const struct record *r)
{
    arena_init(&o->arena, TREE_MAX);
    if (r->json.n == 0 || json_tree_read(r->json, &o->arena, &o->root) != STATUS_OK)
        o->root = NULL;
}

static void add_text(struct json *j, const char *key, struct view v)
{
    json_key(j, key);
    if (v.p == NULL)
        json_null(j);
    else
        json_string(j, v);
}

static void line_json(struct buf *out, const struct store_entry *e, const struct record *r,
                      enum record_state state, const struct opened *o)
{
    struct json j;
    const struct json_node *verdict = json_member(o->root, "verdict"),
                           *envelope = json_member(o->root, "envelope");
    json_init(&j, out);
    json_open(&j, '{');
    add_text(&j, "id", view_of(e->id));
    json_key(&j, "bytes");
    json_count(&j, e->bytes);
    add_text(&j, "key", r->sealed ? view_of(r->key_id) : VIEW_NONE);
    add_text(&j, "state", view_of(state_word(state)));
    if (state == RECORD_CHANGED)
        add_text(&j, "changed", view_of(r->changed));
    if (o->root != NULL) {
        add_text(&j, "received", json_member_text(json_member(o->root, "received"), "utc"));
        json_key(&j, "score");
        json_number(&j, json_member_number(verdict, "score"));
        add_text(&j, "class", json_member_text(verdict, "class"));
        add_text(&j, "sender", json_member_text(envelope, "sender"));
        json_key(&j, "recipients");
        json_open(&j, '[');
        for (const struct json_node *n = json_first(json_member(envelope, "recipients")); n != NULL;
             n = n->next)
            json_string(&j, n->text);
        json_close(&j, ']');
        json_key(&j, "complete");
        json_bool(&j, json_member_truth(json_member(o->root, "message"), "complete"));
    }
    json_close(&j, '}');
}

static void line_text(struct buf *out, const struct store_entry *e, const struct record *r,
                      enum record_state state, const struct opened *o)
{
    (void)buf_addf(out, "%s %8llu", e->id, (unsigned long long)e->bytes);
    if (state == RECORD_CHANGED)
        (void)buf_addf(out, " CHANGED: %s", r->changed);
    else if (o->root == NULL)
        (void)buf_addf(out, " sealed to %s", r->key_id);
    if (o->root == NULL)
        return;
    const struct json_node *verdict = json_member(o->root, "verdict"),
                           *envelope = json_member(o->root, "envelope");
    const struct json_node *to = json_first(json_member(envelope, "recipients"));
    (void)buf_addf(out, " %.1f ", json_member_number(verdict, "score"));
    (void)screen_add_quote(out, json_member_text(verdict, "class"), QUOTE_MAX);
    (void)buf_addf(out, " <");
    (void)screen_add_quote(out, json_member_text(envelope, "sender"), QUOTE_MAX);
    (void)buf_addf(out, "> to <");
    (void)screen_add_quote(out, to != NULL ? to->text : VIEW_NONE, QUOTE_MAX);
    (void)buf_addf(out, ">%s", to != NULL && to->next != NULL ? " and others" : "");
}

/* One line a record; 1 when one of them is changed. */
static int each(const struct evidence_wishes *w,
                void (*line)(struct buf *out, const struct store_entry *e, const struct record *r,
                             enum record_state state, const struct opened *o),
                size_t *count, size_t *changed, size_t *good)
{
    struct store_entries entries;
    int code = evidence_select(w, &entries);
    *count = *changed = *good = 0;
    for (size_t i = 0; code == 0 && i < entries.n; i++) {
        struct buf file, out;
        struct record r;
        struct opened o;
        enum record_state state = RECORD_CHANGED;
        code = evidence_open(w, entries.v[i].id, &file, &r, &state);
        opened_init(&o, &r);
        buf_init(&out, LINE_MAX_BYTES);
        if (code == 0) {
            line(&out, &entries.v[i], &r, state, &o);
            (void)buf_add_byte(&out, '\n');
            (void)fwrite(out.p, 1, out.n, stdout);
        }
        ++*count;
        *changed += state == RECORD_CHANGED;
        *good += state == RECORD_GOOD;
        buf_fini(&out);
        arena_fini(&o.arena);
        record_fini(&r);
        buf_fini(&file);
    }
    store_entries_fini(&entries);
    return code != 0 ? code : *changed > 0 ? 1 : 0;
}

int evidence_list(const struct evidence_wishes *w)
{
    size_t count, changed, good;
    int code = each(w, w->json ? line_json : line_text, &count, &changed, &good);
    if (code <= 1 && !w->json)
        (void)printf("%zu records\n", count);
    return code;
}

static void verify_text(struct buf *out, const struct store_entry *e, const struct record *r,
                        enum record_state state, const struct opened *o)
{
    (void)o;
    (void)buf_addf(out, "%s: %s%s%s", e->id, record_state_text(state),
                   state == RECORD_CHANGED ? ": " : "", state == RECORD_CHANGED ? r->changed : "");
}

int evidence_verify(const struct evidence_wishes *w)
{
    size_t count, changed, good;
    int code = each(w, w->json ? line_json : verify_text, &count, &changed, &good);
    if (code <= 1 && !w->json)
        (void)printf("%zu records: %zu good, %zu unchanged but not opened, %zu CHANGED\n", count,
                     good, count - good - changed, changed);
    return code;
}

/* ---- show ---- */

static void show_field(struct buf *out, const char *label, struct view v)
{
    if (v.n == 0)
        return;
    (void)buf_addf(out, "%-18s ", label);
    (void)screen_add_quote(out, v, (size_t)QUOTE_MAX * 4);
    (void)buf_add_byte(out, '\n');
}

static void show_text(struct buf *out, const struct json_node *root)
{
    const struct json_node *received = json_member(root, "received"),
                           *envelope = json_member(root, "envelope"),
                           *client = json_member(root, "client"), *tls = json_member(root, "tls"),
                           *message = json_member(root, "message"),
                           *verdict = json_member(root, "verdict");
    show_field(out, "record", json_member_text(root, "id"));
    show_field(out, "received", json_member_text(received, "local"));
    show_field(out, "", json_member_text(received, "utc"));
    show_field(out, "gateway", json_member_text(json_member(root, "gateway"), "name"));
    show_field(out, "queue id", json_member_text(root, "queue_id"));
    show_field(out, "client", json_member_text(client, "address"));
    show_field(out, "client name", json_member_text(client, "name"));
    show_field(out, "helo", json_member_text(envelope, "helo"));
    show_field(out, "tls", json_member_text(tls, "version"));
    show_field(out, "envelope sender", json_member_text(envelope, "sender"));
    for (const struct json_node *n = json_first(json_member(envelope, "recipients")); n != NULL;
         n = n->next)
        show_field(out, "recipient", n->text);
    for (const struct json_node *n = json_first(json_member(message, "from")); n != NULL;
         n = n->next)
        show_field(out, "from", json_member_text(n, "address"));
    show_field(out, "subject", json_member_text(message, "subject"));
    show_field(out, "message-id", json_member_text(message, "message_id"));
    for (const struct json_node *n = json_first(json_member(message, "authentication_results"));
         n != NULL; n = n->next)
        show_field(out, "authentication", n->text);
    (void)buf_addf(out, "%-18s %.0f%s\n", "bytes", json_member_number(message, "bytes"),
                   json_member_truth(message, "complete") ? "" : ", and more that was not kept");
    show_field(out, "sha-256", json_member_text(message, "sha256"));
    (void)buf_addf(out, "%-18s %.1f of %.1f, ruleset ", "score",
                   json_member_number(verdict, "score"), json_member_number(root, "threshold"));
    (void)screen_add_quote(out, json_member_text(root, "ruleset"), QUOTE_MAX);
    (void)buf_add_byte(out, '\n');
    show_field(out, "class", json_member_text(verdict, "class"));
    for (const struct json_node *n = json_first(json_member(verdict, "indicators")); n != NULL;
         n = n->next) {
        struct buf label;
        buf_init(&label, 64);
        (void)screen_add_quote(&label, json_member_text(n, "kind"), 40);
        (void)buf_add_byte(&label, '\0');
        show_field(out, label.n > 1 ? label.p : "", json_member_text(n, "value"));
        buf_fini(&label);
    }
    unsigned shown = 0;
    for (const struct json_node *n = json_first(json_member(verdict, "rules"));
         n != NULL && shown < WORDS_SHOWN && json_member_number(n, "score") > 0;
         n = n->next, shown++)
        show_field(out, "words", json_member_text(n, "text"));
}

int evidence_show(const struct evidence_wishes *w)
{
    struct store_entries entries;
    struct buf file, out;
    struct record r;
    enum record_state state = RECORD_CHANGED;
    if (w->n_ids != 1)
        return verb_misused(w->verb, "show wants one ID");
    int code = evidence_select(w, &entries);
    if (code != 0)
        return code;
    code = evidence_open(w, entries.v[0].id, &file, &r, &state);
    if (code == 0 && state != RECORD_GOOD)
        code = evidence_unopened(entries.v[0].id, &r, state);
    buf_init(&out, (size_t)LINE_MAX_BYTES * 16);
    if (code == 0 && w->message) {
        (void)fwrite(r.message.p, 1, r.message.n, stdout);
    } else if (code == 0 && w->json) {
        (void)printf("%.*s\n", VIEW_ARG(r.json));
    } else if (code == 0) {
        struct opened o;
        opened_init(&o, &r);
        show_text(&out, o.root);
        (void)fwrite(out.p, 1, out.n, stdout);
        arena_fini(&o.arena);
    }
    buf_fini(&out);
    record_fini(&r);
    buf_fini(&file);
    store_entries_fini(&entries);
    return code;
}

/* ---- purge ---- */

int evidence_purge(const struct evidence_wishes *w)
{
    struct store_entries entries;
    bool by_rule = w->days != SIZE_MAX || w->quota != UINT64_MAX;
    if ((w->n_ids > 0) + w->all + by_rule != 1)
        return verb_misused(w->verb, "purge wants IDs, or --older-than and --max-bytes, or --all");
    int code = evidence_select(w, &entries);
    if (code != 0)
        return code;
    if (by_rule)
        (void)store_plan_purge(&entries, time(NULL), w->days, w->quota);
    size_t n = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < entries.n; i++) {
        const struct store_entry *e = &entries.v[i];
        if (by_rule && !e->purge)
            continue;
        if (!w->dry_run) {
            enum status status = store_remove(w->directory, e->id);
            if (status != STATUS_OK) {
                code = evidence_trouble(e->id, status);
                continue;
            }
        }
        (void)printf("%s%s\n", e->id, w->dry_run ? ": would be removed" : ": removed");
        n++;
        bytes += e->bytes;
    }
    (void)printf("%zu records, %llu bytes%s\n", n, (unsigned long long)bytes,
                 w->dry_run ? "; nothing was changed" : "");
    store_entries_fini(&entries);
    return code;
}

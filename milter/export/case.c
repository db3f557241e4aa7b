#include "export/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/sha1.h>

enum { CASE_BYTES_MAX = 256 << 20 };

const struct export_form export_forms[] = {
    {"report.txt", form_text},    {"report.html", form_html},
    {"record.json", form_record}, {"misp.json", form_misp},
    {"stix.json", form_stix},     {"arf.eml", form_arf},
    {"x-arf.eml", form_xarf},     {NULL, NULL},
};

enum status export_case_new(struct view json, struct view message, struct export_case **out)
{
    *out = NULL;
    struct export_case *c = calloc(1, sizeof *c);
    if (c == NULL)
        return STATUS_NO_MEMORY;
    c->json = json;
    c->message = message;
    arena_init(&c->arena, CASE_BYTES_MAX);
    enum status status = json_tree_read(json, &c->arena, &c->root);
    if (status == STATUS_OK &&
        !view_eq(json_member_text(c->root, "format"), VIEW("extortion-evidence")))
        status = STATUS_INVALID;
    if (status == STATUS_OK) {
        c->head = json_member(c->root, "message");
        c->envelope = json_member(c->root, "envelope");
        c->client = json_member(c->root, "client");
        c->gateway = json_member(c->root, "gateway");
        c->verdict = json_member(c->root, "verdict");
        c->indicators = json_member(c->verdict, "indicators");
        status = shared_find(c);
    }
    if (status != STATUS_OK)
        export_case_free(&c);
    *out = c;
    return status;
}

void export_case_free(struct export_case **c)
{
    if (*c != NULL)
        arena_fini(&(*c)->arena);
    free(*c);
    *c = NULL;
}

int64_t seconds_of(struct view utc)
{
    static const size_t at[] = {0, 5, 8, 11, 14, 17, 19};
    uint64_t v[6];
    if (utc.n < 19)
        return 0;
    for (size_t i = 0; i < 6; i++)
        if (!view_to_u64(view_sub(utc, at[i], at[i] + (i == 0 ? 4 : 2)), 9999, &v[i]))
            return 0;
    /* Days since 1970-03-01, then back to January. */
    uint64_t y = v[0] - (v[1] <= 2), m = (v[1] + 9) % 12;
    if (v[0] < 1970 || v[1] < 1 || v[1] > 12 || v[2] < 1)
        return 0;
    int64_t days =
        (int64_t)(y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + v[2] - 1) - 719468;
    return days * 86400 + (int64_t)(v[3] * 3600 + v[4] * 60 + v[5]);
}

int64_t export_case_time(const struct export_case *c)
{
    return seconds_of(json_member_text(json_member(c->root, "received"), "utc"));
}

struct view export_case_language(const struct export_case *c)
{
    return json_member_text(c->root, "language");
}

struct view reporter_of(const struct export_case *c)
{
    struct view operator= json_member_text(c->gateway, "operator");
    return operator.n> 0 ? operator: json_member_text(c->gateway, "name");
}

void uuid_of(const char *space, struct view name, char out[UUID_BYTES])
{
    struct sha1_ctx hash;
    uint8_t bytes[16] = {0}, d[SHA1_DIGEST_SIZE];
    for (size_t i = 0; i < 32; i++) {
        unsigned char x = (unsigned char)space[i];
        unsigned letter = ascii_lower(x);
        unsigned digit = ascii_is_digit(x) ? x - 48u : letter - 87u;
        bytes[i / 2] = (uint8_t)((unsigned)bytes[i / 2] << 4 | (digit & 15));
    }
    sha1_init(&hash);
    sha1_update(&hash, sizeof bytes, bytes);
    sha1_update(&hash, name.n, (const uint8_t *)name.p);
    sha1_digest(&hash, sizeof d, d);
    d[6] = (uint8_t)((d[6] & 0x0F) | 0x50);
    d[8] = (uint8_t)((d[8] & 0x3F) | 0x80);
    (void)snprintf(out, UUID_BYTES,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", d[0],
                   d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13],
                   d[14], d[15]);
}

void uuid_own(const struct export_case *c, const char *what, struct view name, char out[UUID_BYTES])
{
    struct buf text;
    struct view id = json_member_text(c->root, "id");
    buf_init(&text, (1 << 20) + name.n);
    if (buf_addf(&text, "%s\n%.*s\n", what, VIEW_ARG(id)) != STATUS_OK ||
        buf_add(&text, name) != STATUS_OK)
        buf_clear(&text);
    uuid_of(OWN_SPACE, text.n > 0 ? buf_view(&text) : name, out);
    buf_fini(&text);
}

void member_text(struct json *j, const char *key, struct view v)
{
    if (v.n == 0)
        return;
    json_key(j, key);
    json_string(j, v);
}

enum status form_record(const struct export_case *c, const struct report_words *w, struct buf *out)
{
    (void)w;
    enum status status = buf_add(out, c->json);
    return status == STATUS_OK ? buf_add_byte(out, '\n') : status;
}

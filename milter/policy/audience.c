/* What holds for the recipients of one message. */
#include <string.h>

#include "policy/loaded.h"
#include "policy/network.h"
#include "policy/rows.h"

/* What one recipient's rows say, over what is said for all; *line: of the nearest. */
struct layers {
    const struct policy_rows *rows;
    struct settings *settings;
    unsigned *line;
};

static void layer_add(struct layers *l, struct view pattern)
{
    const struct policy_row *row = pattern_find(l->rows, pattern);
    if (row == NULL)
        return;
    said_apply(l->settings, &row->said);
    *l->line = row->line;
}

static void listener_add(struct layers *l, struct view name)
{
    static const char prefix[] = "listener:";
    char text[PATTERN_BYTES_MAX], form[PATTERN_BYTES_MAX];
    if (name.n == 0 || name.n > sizeof text - sizeof prefix)
        return;
    memcpy(text, prefix, sizeof prefix - 1);
    memcpy(text + sizeof prefix - 1, name.p, name.n);
    layer_add(l, pattern_form((struct view){text, sizeof prefix - 1 + name.n}, form));
}

/* From the outermost domain in: "@.test", "@.example.test", "@mx.example.test", the address. */
static void address_add(struct layers *l, struct view address)
{
    char form[PATTERN_BYTES_MAX], text[PATTERN_BYTES_MAX];
    struct view v = pattern_form(address, form);
    size_t at = v.n;
    while (at > 0 && v.p[at - 1] != '@')
        at--;
    if (at == 0)
        return;
    text[0] = '@';
    for (size_t i = v.n; i > at; i--) {
        if (v.p[i - 1] != '.')
            continue;
        memcpy(text + 1, v.p + i - 1, v.n - i + 1);
        layer_add(l, (struct view){text, v.n - i + 2});
    }
    layer_add(l, view_sub(v, at - 1, v.n));
    layer_add(l, v);
}

/* Thresholds of the packs where nobody said one; no action that this recipient does not want. */
static void resolve(const struct policy *p, struct settings *s)
{
    unsigned wanted = ~0u;
    if (s->exempt || !s->scan)
        wanted = ACTION_TAG;
    if (s->evidence.directory[0] != '\0' && (s->exempt || !s->scan))
        s->record = false;
    if (!s->annotate || p->notices == NULL || s->notice.operator[0] == '\0')
        wanted &= ~(unsigned)ACTION_ANNOTATE;
    for (uint32_t c = 0; c < CLASSES_MAX; c++) {
        s->actions[c] &= wanted;
        if (s->class_threshold[c] > 0 || c >= ruleset_n_classes(p->ruleset))
            continue;
        s->class_threshold[c] = ruleset_class(p->ruleset, c)->threshold;
        s->origin.class[VALUE_THRESHOLD][c] = ORIGIN_PACKS;
    }
    if (p->has_mode)
        s->notice.mode = p->mode;
}

static void one_for(const struct policy *p, const struct audience *a, struct view address,
                    struct settings *out, unsigned *line)
{
    struct layers l = {.rows = p->settings.rows, .settings = out, .line = line};
    *out = p->settings;
    *line = 0;
    listener_add(&l, a->listener_name);
    listener_add(&l, a->listener_port);
    address_add(&l, address);
    resolve(p, out);
}

void policy_for(const struct policy *p, const struct audience *a, struct policy_for *out)
{
    struct settings one;
    unsigned line;
    *out = (struct policy_for){.differ = 0};
    one_for(p, a, a->n > 0 ? a->recipients[0] : VIEW_NONE, &out->settings, &out->line[0]);
    memcpy(out->flag_at, out->settings.class_threshold, sizeof out->flag_at);
    memcpy(out->any, out->settings.actions, sizeof out->any);
    out->line[1] = out->line[0];
    for (uint32_t i = 1; i < a->n + (a->others ? 1u : 0u); i++) {
        uint32_t before = out->differ;
        one_for(p, a, i < a->n ? a->recipients[i] : VIEW_NONE, &one, &line);
        values_merge(out, &one);
        for (uint32_t c = 0; c < CLASSES_MAX; c++) {
            out->any[c] |= one.actions[c];
            if (one.class_threshold[c] < out->flag_at[c])
                out->flag_at[c] = one.class_threshold[c];
        }
        if (before == 0 && out->differ != 0)
            out->line[1] = line;
    }
}

enum status policy_differ_text(const struct policy_for *f, struct buf *out)
{
    enum status status = STATUS_OK;
    bool more = false;
    for (unsigned v = 0; v < VALUE_COUNT && status == STATUS_OK; v++) {
        if ((f->differ & 1u << v) == 0)
            continue;
        status = buf_addf(out, "%s%s", more ? "," : "", policy_value_name((enum policy_value)v));
        more = true;
    }
    return status;
}

bool policy_internal(const struct policy *p, const char *client)
{
    return networks_contain(p->settings.networks, p->settings.internal_networks.n, client);
}

const char *policy_bypass(const struct policy *p, const struct policy_for *f, bool authenticated,
                          const char *client)
{
    if (!f->settings.scan)
        return "opted-out";
    if (authenticated && !f->settings.scan_authenticated)
        return "authenticated";
    if (!f->settings.scan_internal && policy_internal(p, client))
        return "internal";
    return NULL;
}

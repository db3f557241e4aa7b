/* The oracle of inline: the new message is read again and compared part by part. */
#include "notice/rewrite.h"

/* Text of ours in one place, and the old text around it untouched. */
static bool only_added(struct view old, struct view now)
{
    size_t n = 0;
    if (now.n <= old.n)
        return false;
    while (n < old.n && old.p[n] == now.p[n])
        n++;
    struct view rest = view_sub(old, n, old.n);
    return view_eq(rest, view_sub(now, now.n - rest.n, now.n));
}

static bool same_kind(const struct part *a, const struct part *b)
{
    return a->kind == b->kind && a->encoding == b->encoding && a->parent == b->parent &&
           a->first_child == b->first_child && a->next == b->next && a->depth == b->depth &&
           a->attachment == b->attachment && a->html == b->html && a->flowed == b->flowed &&
           a->n_headers == b->n_headers && view_eq(a->type, b->type) &&
           view_eq(a->subtype, b->subtype) && view_eq(a->charset, b->charset) &&
           view_eq(a->name, b->name);
}

bool inline_proved(struct rewriting *r, const bool *changed)
{
    struct message now;
    const struct message *old = &r->message;
    struct buf whole;
    buf_init(&whole, r->raw.n * 2 + REWRITE_OVERHEAD);
    bool good =
        buf_add(&whole, view_sub(r->raw, 0, old->parts[0].body.from)) == STATUS_OK &&
        buf_add(&whole, buf_view(&r->out->body)) == STATUS_OK &&
        message_parse(r->reader, buf_view(&whole), &r->limits, &r->out->arena, &now) == STATUS_OK &&
        now.n_parts == old->n_parts;
    for (uint32_t i = 0; good && i < now.n_parts; i++) {
        const struct part *a = &old->parts[i], *b = &now.parts[i];
        good = same_kind(a, b);
        if (good && changed[i])
            good = only_added(a->content.text, b->content.text);
        else if (good && a->kind != PART_MULTIPART)
            good = view_eq(a->encoded, b->encoded);
    }
    for (unsigned i = 0; good && i < ANOMALY_COUNT; i++)
        good = i == ANOMALY_LINE_LONG || now.anomalies.count[i] <= old->anomalies.count[i];
    buf_fini(&whole);
    return good;
}

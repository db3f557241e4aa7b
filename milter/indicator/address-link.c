/* Addresses in the targets of links, and the amounts that URIs ask for. */
#include "indicator/address.h"

void address_add_uri_amount(struct finder *f, uint32_t segment, struct view text, uint32_t at,
                            const struct span *link, const struct address_hit *hit)
{
    struct indicator i = {.kind = INDICATOR_AMOUNT,
                          .currency = hit->row->family->currency,
                          .flags = INDICATOR_LINK,
                          .segment = segment};
    struct span digits;

    if (i.currency == NULL || !address_uri_amount(text, at, &i.number, &digits))
        return;
    i.value = finder_amount_text(f, i.number, 8, i.currency);
    i.visible = link != NULL ? *link : digits;
    address_cover(f->text, &f->text->segments[segment], i.visible, &i);
    finder_add(f, &i);
}

/* "solscan.io/account/...", "solana:...": the link itself names the coin. */
static bool named_by_link(struct view target, uint32_t at, const struct address_hit *hit)
{
    const struct address_family *family = hit->row->family;
    struct view before = view_sub(target, 0, at);

    if (family->words == NULL)
        return true;
    for (const char *const *p = family->words; *p != NULL; p++)
        if (view_find_nocase(before, view_of(*p)) < before.n)
            return true;
    return false;
}

/* What was found at a place of a link's target. */
static void add_linked(struct address_search *s, const struct link *link, struct view address,
                       struct span at, const struct address_hit *hit)
{
    struct span stands = {link->visible_at, link->visible_at + (uint32_t)link->shown.n};
    const struct text *t = s->f->text;
    enum address_place place =
        address_place(s, link->target, at.from, at.to, hit->row->family, true);

    if (place == PLACE_NONE)
        return;
    if (!named_by_link(link->target, at.from, hit) &&
        !address_named(t, segment_word_at(t, &t->segments[link->segment], stands.from), hit))
        return;
    address_add(s->f, link->segment, stands, address, hit, INDICATOR_LINK);
    if (place == PLACE_URI)
        address_add_uri_amount(s->f, link->segment, link->target, at.to, &stands, hit);
}

static void find_in_link(struct address_search *s, const struct link *link)
{
    struct view target = link->target;
    struct address_hit hit;
    struct address_wide w;

    for (size_t at = 0; at < target.n;) {
        size_t end = at;
        while (end < target.n && ascii_is_alnum((unsigned char)target.p[end]))
            end++;
        struct view run = view_sub(target, at, end);
        /* "%3A" in front of a percent-encoded address is not part of it. */
        if (at > 0 && target.p[at - 1] == '%' && run.n > 2) {
            at += 2;
            run = view_sub(target, at, end);
        }
        if (run.n >= MARK_LONG_BYTES && run.n <= ADDRESS_LONGEST) {
            w.text = target;
            w.token = run;
            w.from = (uint32_t)at;
            w.to = (uint32_t)end;
            bool plain = address_check(s, run, false, &hit);
            if (plain || address_check_wide(s, &w, &hit))
                add_linked(s, link, plain ? run : (struct view){w.value, w.n},
                           (struct span){w.from, w.to}, &hit);
        }
        at = end + 1;
    }
}

void address_find_links(struct address_search *s)
{
    const struct text *t = s->f->text;

    for (uint32_t i = 0; i < t->n_links && finder_goes_on(s->f); i++)
        if (t->links[i].segment < t->n_segments && t->links[i].target.n <= UINT32_MAX)
            find_in_link(s, &t->links[i]);
}

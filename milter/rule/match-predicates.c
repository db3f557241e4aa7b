/* Rules about facts that are not words: indicators, fields, attachments, oddities, envelope. */
#include "rule/matcher.h"

static bool agrees(enum asked asked, bool fact)
{
    return asked == ASKED_NOT || (asked == ASKED_TRUE) == fact;
}

static enum outcome nowhere(struct matcher *m, uint32_t rule, bool yes)
{
    if (yes)
        (void)matcher_hit(m, rule, WORD_NONE, WORD_NONE, UINT32_MAX);
    return yes ? OUTCOME_YES : OUTCOME_NO;
}

static bool indicator_fits(const struct indicator_rule *r, const struct indicator *i)
{
    bool currency = r->n_currency == 0;
    for (uint32_t k = 0; k < r->n_currency && i->currency != NULL; k++)
        currency = currency || view_eq_nocase(r->currency[k], view_of(i->currency));
    return i->kind == r->kind && currency && (!r->has_min || i->number >= r->min) &&
           (!r->has_max || i->number <= r->max) &&
           (r->detail.n == 0 || view_eq(r->detail, view_of(i->detail))) &&
           agrees(r->repaired, (i->flags & INDICATOR_REPAIRED) != 0) &&
           agrees(r->link, (i->flags & INDICATOR_LINK) != 0);
}

enum outcome match_indicator(struct matcher *m, uint32_t rule)
{
    const struct rule *r = &m->ruleset->rule[rule];
    const struct text *t = m->facts->text;
    for (uint32_t i = 0; i < m->facts->indicators->n; i++) {
        const struct indicator *at = &m->facts->indicators->v[i];
        if (!indicator_fits(&r->u.indicator, at) ||
            (r->where >> t->segments[at->segment].kind & 1) == 0)
            continue;
        bool placed = at->first <= at->last && at->last < t->n_words;
        if (!matcher_hit(m, rule, placed ? at->first : WORD_NONE, placed ? at->last : WORD_NONE, i))
            break;
    }
    return m->range[rule].n > 0 ? OUTCOME_YES : OUTCOME_NO;
}

/* The first address of a field; empty when there is none. */
static struct view first_address(struct matcher *m, const struct header *h)
{
    struct mailbox box = {VIEW_NONE, VIEW_NONE};
    if (h == NULL || header_mailboxes(m->facts->reader, h, &m->arena, &box, 1) == 0)
        return VIEW_NONE;
    return box.address;
}

static struct view domain_of(struct view address)
{
    size_t at = address.n;
    while (at > 0 && address.p[at - 1] != '@')
        at--;
    return at > 0 ? view_sub(address, at, address.n) : VIEW_NONE;
}

static bool address_among(struct matcher *m, const struct part *top, struct view name,
                          struct view address)
{
    enum { MAILBOXES_MAX = 100 };
    struct mailbox box[MAILBOXES_MAX];
    for (const struct header *h = part_header(top, name); h != NULL; h = part_header_next(top, h)) {
        uint32_t n = header_mailboxes(m->facts->reader, h, &m->arena, box, MAILBOXES_MAX);
        for (uint32_t i = 0; i < n && i < MAILBOXES_MAX; i++)
            if (view_eq_nocase(box[i].address, address))
                return true;
    }
    return false;
}

static enum outcome header_regex(struct matcher *m, const struct part *top,
                                 const struct header_rule *r, const struct header *h)
{
    enum outcome all = OUTCOME_NO;
    for (; h != NULL && all != OUTCOME_YES; h = part_header_next(top, h)) {
        enum outcome one = matcher_regex(m, r->regex, matcher_header(m, h));
        all = one != OUTCOME_NO ? one : all;
    }
    return all;
}

enum outcome match_header(struct matcher *m, uint32_t rule)
{
    const struct header_rule *r = &m->ruleset->rule[rule].u.header;
    if (m->facts->message->n_parts == 0)
        return OUTCOME_NO;
    const struct part *top = m->facts->message->parts;
    const struct header *h = part_header(top, r->name);
    if (!agrees(r->exists, h != NULL) || (h == NULL && r->exists != ASKED_FALSE))
        return OUTCOME_NO;
    struct view address = first_address(m, h);
    if (r->same.n > 0 && (address.n == 0 || !address_among(m, top, r->same, address)))
        return OUTCOME_NO;
    if (r->differs.n > 0) {
        struct view other = first_address(m, part_header(top, r->differs));
        struct view domain = domain_of(address);
        if (domain.n == 0 || view_eq_nocase(domain, domain_of(other)))
            return OUTCOME_NO;
    }
    enum outcome outcome = r->regex != NULL ? header_regex(m, top, r, h) : OUTCOME_YES;
    return outcome == OUTCOME_YES ? nowhere(m, rule, true) : outcome;
}

static struct view part_real_type(struct matcher *m, const struct part *part)
{
    if (part->real_type.n > 0)
        return part->real_type;
    struct buf name;
    buf_init(&name, part->type.n + part->subtype.n + 1);
    struct view type = VIEW_NONE;
    if (buf_add(&name, part->type) == STATUS_OK && buf_add_byte(&name, '/') == STATUS_OK &&
        buf_add(&name, part->subtype) == STATUS_OK)
        type = arena_copy(&m->arena, buf_view(&name));
    if (type.p == NULL)
        m->no_memory = true;
    buf_fini(&name);
    return type;
}

static bool type_fits(struct view asked, struct view type)
{
    if (asked.n == 0)
        return true;
    return asked.p[asked.n - 1] == '/' ? view_starts_nocase(type, asked)
                                       : view_eq_nocase(type, asked);
}

static bool is_attachment(const struct part *part)
{
    return part->kind == PART_OTHER || (part->kind == PART_TEXT && part->attachment);
}

/*
 * Room mail says that some attachment is not what it claims to be, not which one. With several, it
 * is taken to be one whose real type is not the declared one.
 */
static bool part_mismatch(struct matcher *m, const struct part *part)
{
    const struct message *message = m->facts->message;
    uint32_t n = 0;
    if (message->anomalies.count[ANOMALY_TYPE_MISMATCH] == 0)
        return false;
    for (uint32_t i = 0; i < message->n_parts; i++)
        n += is_attachment(&message->parts[i]);
    size_t slash = view_find_byte(part->real_type, '/');
    return n <= message->anomalies.count[ANOMALY_TYPE_MISMATCH] ||
           (part->real_type.n > 0 &&
            !(view_eq_nocase(view_sub(part->real_type, 0, slash), part->type) &&
              view_eq_nocase(view_sub(part->real_type, slash + 1, part->real_type.n),
                             part->subtype)));
}

static enum outcome part_fits(struct matcher *m, const struct attachment_rule *r,
                              const struct part *part)
{
    if (!is_attachment(part) || !type_fits(r->type, part_real_type(m, part)) ||
        (r->mismatch != ASKED_NOT && !agrees(r->mismatch, part_mismatch(m, part))))
        return OUTCOME_NO;
    return r->name != NULL ? matcher_regex(m, r->name, part->name) : OUTCOME_YES;
}

enum outcome match_attachment(struct matcher *m, uint32_t rule)
{
    const struct attachment_rule *r = &m->ruleset->rule[rule].u.attachment;
    const struct message *message = m->facts->message;
    enum outcome all = OUTCOME_NO;
    for (uint32_t i = 0; i < message->n_parts && all != OUTCOME_YES; i++) {
        enum outcome one = part_fits(m, r, &message->parts[i]);
        all = one != OUTCOME_NO ? one : all;
    }
    return all == OUTCOME_YES ? nowhere(m, rule, true) : all;
}

enum outcome match_anomaly(struct matcher *m, uint32_t rule)
{
    const struct anomaly_rule *r = &m->ruleset->rule[rule].u.anomaly;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < r->n; i++)
        sum += (uint64_t)m->facts->message->anomalies.count[r->v[i]] +
               m->facts->text->anomalies.count[r->v[i]] +
               m->facts->indicators->anomalies.count[r->v[i]];
    return nowhere(m, rule, sum >= r->at_least);
}

static uint8_t worst(enum outcome a, enum outcome b)
{
    if (a == OUTCOME_NO || b == OUTCOME_NO)
        return OUTCOME_NO;
    return a == OUTCOME_UNKNOWN || b == OUTCOME_UNKNOWN ? OUTCOME_UNKNOWN : OUTCOME_YES;
}

enum outcome match_envelope(struct matcher *m, uint32_t rule)
{
    const struct envelope_rule *r = &m->ruleset->rule[rule].u.envelope;
    const struct envelope *e = m->facts->envelope;
    if (e == NULL || !e->known)
        return OUTCOME_UNKNOWN;
    if (!agrees(r->null_sender, e->sender.n == 0) || !agrees(r->authenticated, e->authenticated))
        return OUTCOME_NO;
    enum outcome all = OUTCOME_YES;
    if (r->sender != NULL)
        all = worst(all, matcher_regex(m, r->sender, e->sender));
    if (r->helo != NULL)
        all = worst(all, matcher_regex(m, r->helo, e->helo));
    return all == OUTCOME_YES ? nowhere(m, rule, true) : all;
}

/* part is at least so large a share of whole? */
static bool share(uint32_t part, uint32_t whole, double asked)
{
    return asked < 0 || (part > 0 && part >= asked * whole);
}

enum outcome match_disguise(struct matcher *m, uint32_t rule)
{
    const struct disguise_rule *r = &m->ruleset->rule[rule].u.disguise;
    const struct disguise *d = &m->facts->text->disguise;
    return nowhere(m, rule,
                   share(d->mapped, d->letters, r->mapped) &&
                       share(d->hidden, d->letters, r->hidden));
}

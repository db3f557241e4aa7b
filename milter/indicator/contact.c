/*
 * Handles of messengers and payment services: "t.me/name" in text and links, "@name" beside the
 * word Telegram, "$name" beside Cash App; and gift cards, which are named.
 */
#include "indicator/address.h"

#include <string.h>

#define HANDLE_LONGEST  64
#define HANDLE_SHORTEST 3
#define BESIDE_AFTER    40 /* bytes from the service's name to the handle */
#define BESIDE_BEFORE   40

static const struct {
    struct view host;
    const char *detail;
} hosts[] = {
/* clang-format off */
#define HOST(d, t)          {VIEW_LITERAL(t), d},
#define SERVICE(l, d, t)
#define GIFT(l, d, t)
#define PASSWORD(l, t)
#include "indicator/contacts.def"
#undef HOST
#undef SERVICE
#undef GIFT
#undef PASSWORD
    /* clang-format on */
};
#define N_HOSTS (sizeof hosts / sizeof hosts[0])

static bool is_payment(const char *detail)
{
    static const char *const services[] = {"paypal", "cash-app", "venmo",  "revolut",
                                           "monzo",  "bunq",     "tikkie", "wise"};

    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (strcmp(detail, services[i]) == 0)
            return true;
    return false;
}

static bool is_handle_letter(unsigned char c)
{
    return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '+' || c == '$' ||
           c == '@' || c == '#';
}

/* The handle at byte at: its end, without a full stop behind it; at when it is too short or long.
 */
static size_t handle_end(struct view v, size_t at)
{
    size_t to = at;

    while (to < v.n && to - at <= HANDLE_LONGEST && is_handle_letter((unsigned char)v.p[to]))
        to++;
    while (to > at && !ascii_is_alnum((unsigned char)v.p[to - 1]) && v.p[to - 1] != '_')
        to--;
    return to - at >= HANDLE_SHORTEST && to - at <= HANDLE_LONGEST ? to : at;
}

/* Pages of the services themselves. */
static bool is_page(struct view handle)
{
    static const char *const pages[] = {"about", "help", "login", "legal", "blog",
                                        "share", "home", "app",   "terms", "privacy"};

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (view_eq_nocase(handle, view_of(pages[i])))
            return true;
    return false;
}

/* "t.me/joinchat/xyz", "tikkie.me/pay/xyz", "venmo.com/u/name": where the handle starts. */
static size_t skip_steps(struct view v, size_t at)
{
    static const char *const steps[] = {"joinchat/", "s/", "u/", "pay/", "message/", "invite/"};
    struct view rest = view_sub(v, at, v.n);

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (!view_starts_nocase(rest, view_of(steps[i])))
            continue;
        at += strlen(steps[i]);
        break;
    }
    /* "cash.app/$name", "t.me/+abc" */
    if (at < v.n && memchr("$@+#", v.p[at], 4) != NULL)
        at++;
    return at;
}

static struct indicator make(struct finder *f, const char *detail, struct view handle)
{
    struct indicator i = {.kind =
                              is_payment(detail) ? INDICATOR_PAYMENT_HANDLE : INDICATOR_MESSENGER,
                          .detail = detail};
    char *lower = arena_string(f->arena, handle);

    for (size_t k = 0; lower != NULL && k < handle.n; k++)
        lower[k] = (char)ascii_lower((unsigned char)lower[k]);
    i.value = (struct view){lower, lower != NULL ? handle.n : 0};
    return i;
}

/* "https://t.me/name": the handle in the target of a link, VIEW_NONE when there is none. */
static struct view link_handle(struct view target, const char **detail)
{
    size_t at = view_find(target, VIEW("://"));

    at = at < target.n ? at + 3 : 0;
    if (view_starts_nocase(view_sub(target, at, target.n), VIEW("www.")))
        at += 4;
    struct view rest = view_sub(target, at, target.n);
    for (size_t i = 0; i < N_HOSTS; i++) {
        size_t n = hosts[i].host.n;
        if (!view_starts_nocase(rest, hosts[i].host) || n >= rest.n || rest.p[n] != '/')
            continue;
        size_t from = skip_steps(rest, n + 1);
        size_t to = handle_end(rest, from);
        struct view handle = view_sub(rest, from, to);
        *detail = hosts[i].detail;
        return handle.n == 0 || is_page(handle) ? VIEW_NONE : handle;
    }
    return VIEW_NONE;
}

static void find_in_links(struct finder *f)
{
    const struct text *t = f->text;

    for (uint32_t k = 0; k < t->n_links && finder_goes_on(f); k++) {
        const struct link *link = &t->links[k];
        const char *detail = NULL;
        struct view handle = link_handle(link->target, &detail);
        if (handle.n == 0 || link->segment >= t->n_segments)
            continue;
        struct indicator i = make(f, detail, handle);
        i.flags = INDICATOR_LINK;
        i.segment = link->segment;
        i.visible = (struct span){link->visible_at, link->visible_at + (uint32_t)link->shown.n};
        address_cover(f->text, &t->segments[link->segment], i.visible, &i);
        finder_add(f, &i);
    }
}

static void add_handle(struct finder *f, const char *detail, uint32_t word, uint32_t from,
                       uint32_t to)
{
    const struct reading *r = &f->reading;
    struct indicator i = make(f, detail, view_sub(r->bytes, from, to));
    uint32_t first = reading_word_at(r, word, from);
    uint32_t last = reading_word_at(r, word, to - 1u);

    if (first >= r->n_words || last >= r->n_words)
        return;
    finder_add_words(f, &i, first, last, from, to);
}

/* "t.me/name" in the text. */
static void try_host(struct finder *f, uint32_t word, const struct lexicon_match *m)
{
    const struct reading *r = &f->reading;
    size_t from = skip_steps(r->bytes, (size_t)m->to + 1);

    if (reading_byte(r, m->to) != '/' || !reading_adjacent(r, word, m->word))
        return;
    size_t to = handle_end(r->bytes, from);
    if (to > from && !is_page(view_sub(r->bytes, from, to)))
        add_handle(f, m->row->code, m->word, (uint32_t)from, (uint32_t)to);
}

static bool is_sign(unsigned char c)
{
    return c == '@' || c == '$';
}

static bool starts_handle(const struct reading *r, uint32_t at, bool money)
{
    unsigned char before = at > 0 ? reading_byte(r, at - 1u) : ' ';
    unsigned char sign = reading_byte(r, at);

    return (sign == '@' || (sign == '$' && money)) && !ascii_is_alnum(before) && before != '_' &&
           before != '.' && ascii_is_alpha(reading_byte(r, at + 1u));
}

/* The handle that starts with the sign at byte at; not a mail address ("@example.org"). */
static bool try_sign(struct finder *f, uint32_t word, uint32_t at, const char *detail)
{
    const struct reading *r = &f->reading;

    if (!starts_handle(r, at, is_payment(detail)))
        return false;
    size_t to = handle_end(r->bytes, (size_t)at + 1);
    struct view handle = view_sub(r->bytes, (size_t)at + 1, to);
    if (handle.n == 0 || view_find_byte(handle, '.') < handle.n)
        return false;
    add_handle(f, detail, word, at + 1, (uint32_t)to);
    return true;
}

/* "telegram: @name", "@name on telegram"; behind it first. */
static void try_service(struct finder *f, uint32_t word, const struct lexicon_match *m)
{
    const struct reading *r = &f->reading;

    for (uint32_t at = m->to; at < m->to + BESIDE_AFTER && at < r->bytes.n; at++)
        if (is_sign(reading_byte(r, at)) && try_sign(f, m->word, at, m->row->code))
            return;
    uint32_t from = r->words[word].from;
    for (uint32_t at = from; at > 0 && from - at < BESIDE_BEFORE; at--) {
        uint32_t first = word;
        if (!is_sign(reading_byte(r, at - 1u)))
            continue;
        while (first > 0 && r->words[first].from > at)
            first--;
        if (reading_adjacent(r, first, word) && try_sign(f, first, at - 1u, m->row->code))
            return;
    }
}

void contact_find(struct finder *f)
{
    const struct reading *r = &f->reading;
    uint32_t done = 0;

    for (uint32_t i = 0; i < f->n_marks && finder_goes_on(f); i++) {
        uint32_t word = f->marks[i].word;
        struct lexicon_match m;
        if ((f->marks[i].flags & MARK_CONTACT) == 0 || r->words[word].from < done ||
            !lexicon_find(f->lexicon, r, r->words[word].from, word, ROLES_CONTACT, LANGUAGE_ANY,
                          &m))
            continue;
        done = m.to;
        if (!finder_spend(f, 4))
            return;
        if (m.row->role == ROLE_HOST) {
            try_host(f, word, &m);
        } else if (m.row->role == ROLE_SERVICE) {
            try_service(f, word, &m);
        } else {
            struct indicator card = {
                .kind = INDICATOR_GIFT_CARD, .detail = m.row->code, .value = view_of(m.row->code)};
            finder_add_words(f, &card, word, m.word, r->words[word].from, m.to);
        }
    }
    find_in_links(f);
}

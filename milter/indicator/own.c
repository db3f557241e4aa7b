/*
 * The reader's own address, domain or name in the text: told to prove that the sender knows whom he
 * writes to.
 */
#include "indicator/own.h"

#include "indicator/finder.h"
#include "indicator/indicator.h"

#include <string.h>

#define LOCAL_SHORTEST  5 /* of a local part that stands for a name */
#define DOMAIN_SHORTEST 4

/* Mailboxes of an office, not of a person. */
static bool is_role(struct view local)
{
    static const char *const names[] = {
        "info",    "admin",      "support",    "sales",     "office", "contact",  "hello",
        "service", "postmaster", "webmaster",  "abuse",     "team",   "jobs",     "press",
        "news",    "accounts",   "accounting", "marketing", "mail",   "security", "helpdesk",
        "billing", "customer",   "enquiries",  "orders",    "users",  "list",     "noreply",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (view_eq(local, view_of(names[i])))
            return true;
    return false;
}

/* Domains of many: to name one says nothing about the reader. */
static bool is_common(struct view domain)
{
    static const char *const names[] = {
        "gmail.com",  "googlemail.com", "yahoo.com",   "hotmail.com", "outlook.com",  "live.com",
        "icloud.com", "me.com",         "aol.com",     "gmx.de",      "gmx.net",      "gmx.at",
        "web.de",     "t-online.de",    "yahoo.de",    "yahoo.fr",    "yahoo.es",     "yahoo.it",
        "orange.fr",  "free.fr",        "laposte.net", "wanadoo.fr",  "libero.it",    "hotmail.fr",
        "mail.ru",    "yandex.ru",      "ukr.net",     "seznam.cz",   "wp.pl",        "o2.pl",
        "onet.pl",    "interia.pl",     "luukku.com",  "kolumbus.fi", "suomi24.fi",   "telia.com",
        "proton.me",  "protonmail.com", "qq.com",      "163.com",     "126.com",      "naver.com",
        "uol.com.br", "bol.com.br",     "hotmail.es",  "freemail.hu", "citromail.hu", "abv.bg",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (view_eq(domain, view_of(names[i])))
            return true;
    return false;
}

static uint32_t key_of(struct view word)
{
    uint32_t key = 0;

    for (size_t i = 0; i < word.n && i < 4; i++)
        key |= (uint32_t)(unsigned char)word.p[i] << 8 * i;
    return key;
}

static void add_name(struct own *own, struct lexicon_filter *filter, const struct own_name *name)
{
    struct own_name *out = &own->names[own->n_names];

    if (own->n_names == OWN_NAMES || name->n == 0)
        return;
    *out = *name;
    out->key = key_of(name->words[0]);
    lexicon_filter_add(filter, out->key);
    own->n_names++;
}

/* The words of text, folded, as a name; true when it has two to four of two bytes or more. */
static bool split_name(struct view text, struct own_name *name)
{
    struct word words[OWN_NAME_WORDS + 1];

    name->n = text_split(text, words, OWN_NAME_WORDS + 1);
    if (name->n < 2 || name->n > OWN_NAME_WORDS)
        return false;
    for (uint32_t i = 0; i < name->n; i++) {
        name->words[i] = view_sub(text, words[i].from, (size_t)words[i].from + words[i].length);
        if (name->words[i].n < 2)
            return false;
    }
    return true;
}

static void add_names(struct own *own, struct lexicon_filter *filter, struct view display,
                      struct view local)
{
    struct own_name name = {.n = 0};

    if (view_find_byte(display, '@') == display.n && split_name(display, &name)) {
        add_name(own, filter, &name);
        if (name.n == 2) {
            struct own_name turned = {.words = {name.words[1], name.words[0]}, .n = 2};
            add_name(own, filter, &turned);
        }
    }
    if (local.n < LOCAL_SHORTEST || is_role(local))
        return;
    if (split_name(local, &name)) {
        add_name(own, filter, &name);
    } else if (name.n == 1) {
        name.words[0] = local;
        add_name(own, filter, &name);
    }
}

static void add_address(struct own *own, struct lexicon_filter *filter, struct view local,
                        struct view domain)
{
    struct word first = {0, 0, 0, 0};
    bool common = is_common(domain);

    text_split(domain, &first, 1);
    uint32_t key = first.from == 0 ? key_of(view_sub(domain, 0, first.length)) : 0;
    if (!common && key != 0)
        lexicon_filter_add(filter, key);
    own->addresses[own->n_addresses].local = local;
    own->addresses[own->n_addresses].domain = domain;
    own->addresses[own->n_addresses].common = common;
    own->addresses[own->n_addresses++].key = common ? 0 : key;
}

bool own_init(struct own *own, const struct text *t, struct lexicon_filter *filter,
              struct arena *arena)
{
    own->n_addresses = 0;
    own->n_names = 0;
    for (uint32_t i = 0; i < t->n_recipients; i++) {
        const struct mailbox *box = &t->recipients[i];
        struct view address = text_fold(box->address, arena);
        struct view display = text_fold(box->display, arena);
        if ((box->address.n > 0 && address.p == NULL) || (box->display.n > 0 && display.p == NULL))
            return false;
        size_t at = view_find_byte(address, '@');
        if (at == 0 || at + DOMAIN_SHORTEST >= address.n)
            continue;
        struct view local = view_sub(address, 0, at);
        struct view domain = view_sub(address, at + 1, address.n);
        add_address(own, filter, local, domain);
        add_names(own, filter, display, local);
    }
    return true;
}

/* A letter of an address or domain. */
static bool goes_on(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c >= 0x80;
}

/* Does text stand at byte at, and end there? A full stop may follow, a longer domain not. */
static bool stands_at(const struct reading *r, size_t at, struct view text)
{
    size_t to = at + text.n;

    if (to > r->bytes.n || memcmp(r->bytes.p + at, text.p, text.n) != 0)
        return false;
    unsigned char c = reading_byte(r, to);
    return !goes_on(c) && c != '@' && !(c == '.' && goes_on(reading_byte(r, to + 1)));
}

static void add(struct finder *f, enum indicator_kind kind, struct view value, uint32_t *word,
                size_t from, size_t to)
{
    const struct reading *r = &f->reading;
    struct indicator i = {.kind = kind, .value = value};

    /* Places rise: words are looked for from the last one. */
    while (*word < r->n_words && reading_word_end(r, *word) <= from)
        ++*word;
    uint32_t last = *word;
    while (last + 1 < r->n_words && r->words[last + 1].from < to)
        last++;
    if (*word >= r->n_words || r->words[*word].from >= to || !reading_adjacent(r, *word, last))
        return;
    finder_add_words(f, &i, *word, last, (uint32_t)from, (uint32_t)to);
}

static void find_addresses(struct finder *f)
{
    const struct reading *r = &f->reading;
    struct view rest = r->bytes;
    uint32_t word = 0;

    while (finder_goes_on(f)) {
        const char *p = rest.n > 0 ? memchr(rest.p, '@', rest.n) : NULL;
        if (p == NULL)
            return;
        size_t at = (size_t)(p - r->bytes.p);
        rest = view_sub(r->bytes, at + 1, r->bytes.n);
        for (uint32_t i = 0; i < f->own.n_addresses; i++) {
            struct view local = f->own.addresses[i].local;
            struct view domain = f->own.addresses[i].domain;
            if (at < local.n || memcmp(p - local.n, local.p, local.n) != 0 ||
                !stands_at(r, at + 1, domain))
                continue;
            unsigned char before = at > local.n ? reading_byte(r, at - local.n - 1) : 0;
            if (goes_on(before) || before == '.' || before == '+')
                continue;
            /* local and domain are parts of one string. */
            add(f, INDICATOR_OWN_ADDRESS, (struct view){local.p, local.n + 1 + domain.n}, &word,
                at - local.n, at + 1 + domain.n);
            break;
        }
    }
}

static void find_domains(struct finder *f)
{
    const struct reading *r = &f->reading;

    for (uint32_t k = 0; k < f->n_marks && finder_goes_on(f); k++) {
        uint32_t word = f->marks[k].word;
        if ((f->marks[k].flags & MARK_OWN) == 0)
            continue;
        size_t at = r->words[word].from;
        unsigned char before = at > 0 ? reading_byte(r, at - 1) : 0;
        /* In a mail address it says something about that mailbox only. */
        if (goes_on(before) || before == '@')
            continue;
        for (uint32_t i = 0; i < f->own.n_addresses; i++) {
            struct view domain = f->own.addresses[i].domain;
            if (f->own.addresses[i].common || !stands_at(r, at, domain))
                continue;
            add(f, INDICATOR_OWN_DOMAIN, domain, &word, at, at + domain.n);
            break;
        }
    }
}

/* The name at that word: its last word, or n_words. */
static uint32_t name_end(const struct reading *r, uint32_t word, const struct own_name *name)
{
    for (uint32_t i = 0; i < name->n; i++) {
        uint32_t w = word + i;
        if (w >= r->n_words || !reading_adjacent(r, word, w) ||
            !view_eq(view_sub(r->bytes, r->words[w].from, reading_word_end(r, w)), name->words[i]))
            return r->n_words;
        /* "bob example", "example, bob", "bob.example" */
        if (i > 0 && r->words[w].from - reading_word_end(r, w - 1) > 2)
            return r->n_words;
    }
    return word + name->n - 1;
}

static void find_names(struct finder *f)
{
    const struct reading *r = &f->reading;
    uint32_t next = 0;

    for (uint32_t k = 0; k < f->n_marks && finder_goes_on(f); k++) {
        uint32_t word = f->marks[k].word;
        if ((f->marks[k].flags & MARK_OWN) == 0 || word < next)
            continue;
        for (uint32_t i = 0; i < f->own.n_names; i++) {
            uint32_t last = name_end(r, word, &f->own.names[i]);
            if (last >= r->n_words || reading_byte(r, reading_word_end(r, last)) == '@')
                continue;
            uint32_t from = r->words[word].from;
            struct indicator own = {.kind = INDICATOR_OWN_NAME,
                                    .value = view_sub(r->bytes, from, reading_word_end(r, last))};
            finder_add_words(f, &own, word, last, from, reading_word_end(r, last));
            next = last + 1;
            break;
        }
    }
}

void own_find(struct finder *f)
{
    if (f->own.n_addresses == 0)
        return;
    find_addresses(f);
    find_domains(f);
    find_names(f);
}

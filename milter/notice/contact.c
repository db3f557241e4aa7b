/* contacts.conf: who helps where, as dated data. */
#include <stdio.h>
#include <string.h>

#include "notice/notices.h"

static bool is_country(const char *s)
{
    return strlen(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z';
}

static const struct region *region_find(const struct notices *n, const char *name)
{
    for (uint32_t i = 0; i < n->n_regions; i++)
        if (strcmp(n->regions[i].name, name) == 0)
            return &n->regions[i];
    return NULL;
}

static bool region_holds(const struct region *r, struct view country)
{
    for (const char *const *c = r->countries; *c != NULL; c++)
        if (view_eq(view_of(*c), country))
            return true;
    return false;
}

static void region_read(struct conf *c, struct notices *n, const config_setting_t *s)
{
    unsigned count = (unsigned)config_setting_length(s);
    const char *name = config_setting_name(s);
    const char **v = arena_calloc(&n->arena, count + 1u, sizeof *v);
    struct region *r =
        arena_grow(&n->arena, n->regions, &n->cap_regions, n->n_regions + 1, sizeof *r);
    if (v == NULL || r == NULL) {
        c->no_memory = true;
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        const config_setting_t *country = config_setting_get_elem(s, i);
        v[i] = conf_string(c, country, "regions", 8);
        if (v[i][0] != '\0' && !is_country(v[i]))
            conf_error(c, country, "regions", "two capital letters, such as \"FI\"",
                       "\"%s\" is no country", v[i]);
    }
    n->regions = r;
    r[n->n_regions++] =
        (struct region){.name = arena_string(&n->arena, view_of(name)), .countries = v};
    c->no_memory = c->no_memory || r[n->n_regions - 1].name == NULL;
}

static void regions_read(struct conf *c, struct notices *n, const config_setting_t *root)
{
    const config_setting_t *group = config_setting_get_member(root, "regions");
    if (group == NULL)
        return;
    if (!config_setting_is_group(group)) {
        conf_error(c, group, "regions", "regions = { EU = [ \"AT\", \"BE\" ]; };",
                   "must be a group");
        return;
    }
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *s = config_setting_get_elem(group, i);
        if (conf_list(c, group, config_setting_name(s), "regions", true) != NULL)
            region_read(c, n, s);
    }
}

/* "2026-11-29" as 20261129; 0 after an error. */
static uint32_t date_read(struct conf *c, const config_setting_t *entry, const char *key)
{
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *text = conf_text(c, entry, key, "contacts", true, 10);
    struct view v = view_of(text);
    uint64_t year, month, day;
    if (v.n == 0)
        return 0;
    if (v.n != 10 || v.p[4] != '-' || v.p[7] != '-' ||
        !view_to_u64(view_sub(v, 0, 4), 9999, &year) || year < 1990 ||
        !view_to_u64(view_sub(v, 5, 7), 12, &month) || month == 0 ||
        !view_to_u64(view_sub(v, 8, 10), days[month - 1], &day) || day == 0) {
        conf_error(c, config_setting_get_member(entry, key), key,
                   "year-month-day, such as \"2026-11-29\"", "\"%s\" is no date", text);
        return 0;
    }
    return (uint32_t)(year * 10000 + month * 100 + day);
}

static int day_find(struct view name)
{
    static const char *const days[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    for (int i = 0; i < 7; i++)
        if (view_eq(view_of(days[i]), name))
            return i;
    return -1;
}

static bool minute_read(struct view v, uint16_t *out)
{
    uint64_t hour, minute;
    if (v.n != 5 || v.p[2] != ':' || !view_to_u64(view_sub(v, 0, 2), 24, &hour) ||
        !view_to_u64(view_sub(v, 3, 5), 59, &minute) || hour * 60 + minute > UINT64_C(24) * 60)
        return false;
    *out = (uint16_t)(hour * 60 + minute);
    return true;
}

/* "Mo-Fr 09:00-20:00" or "Su 10:00-14:00". */
static bool hours_read_one(struct view v, struct hours *out)
{
    size_t space = view_find_byte(v, ' ');
    struct view days = view_sub(v, 0, space), times = view_trim(view_sub(v, space, v.n));
    int first = day_find(view_sub(days, 0, 2));
    int last = days.n == 2 ? first : day_find(view_sub(days, 3, 5));
    if (first < 0 || last < first || (days.n != 2 && (days.n != 5 || days.p[2] != '-')) ||
        times.n != 11 || times.p[5] != '-' || !minute_read(view_sub(times, 0, 5), &out->from) ||
        !minute_read(view_sub(times, 6, 11), &out->to) || out->from == out->to)
        return false;
    out->first_day = (uint8_t)first;
    out->last_day = (uint8_t)last;
    return true;
}

static void hours_read(struct conf *c, const config_setting_t *entry, struct contact *out)
{
    struct view rest = view_of(conf_text(c, entry, "hours", "contacts", false, 100));
    out->always = view_eq(rest, VIEW("24/7"));
    while (rest.n > 0 && !out->always) {
        size_t n = view_find_byte(rest, ';');
        if (out->n_hours == HOURS_MAX ||
            !hours_read_one(view_trim(view_sub(rest, 0, n)), &out->hours[out->n_hours++])) {
            conf_error(c, config_setting_get_member(entry, "hours"), "hours",
                       "\"24/7\", or such as \"Mo-Fr 09:00-20:00; Sa 10:00-14:00\"",
                       "these hours are not understood");
            return;
        }
        rest = view_trim(view_sub(rest, n + 1, rest.n));
    }
}

static void languages_read(struct conf *c, const config_setting_t *entry, struct contact *out)
{
    const config_setting_t *list = conf_list(c, entry, "languages", "contacts", true);
    unsigned n = list != NULL ? (unsigned)config_setting_length(list) : 0;
    if (n > CONTACT_LANGUAGES_MAX) {
        conf_error(c, list, "languages", NULL, "more than %d languages", CONTACT_LANGUAGES_MAX);
        return;
    }
    for (unsigned i = 0; i < n; i++)
        out->languages[out->n_languages++] =
            conf_string(c, config_setting_get_elem(list, i), "languages", 8);
}

static void names_read(struct conf *c, const config_setting_t *entry, struct contact *out)
{
    const config_setting_t *group = config_setting_get_member(entry, "names");
    if (group == NULL)
        return;
    if (!config_setting_is_group(group) || config_setting_length(group) > CONTACT_NAMES_MAX) {
        conf_error(c, group, "names", "names = { sv = \"Polisen\"; };", "is not usable");
        return;
    }
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *s = config_setting_get_elem(group, i);
        const char *language = arena_string(c->arena, view_of(config_setting_name(s)));
        c->no_memory = c->no_memory || language == NULL;
        out->names[out->n_names].language = language != NULL ? language : "";
        out->names[out->n_names++].name = conf_string(c, s, "names", 200);
    }
}

static void groups_read(struct conf *c, const config_setting_t *entry, struct contact *out)
{
    const config_setting_t *list = conf_list(c, entry, "groups", "contacts", false);
    for (unsigned i = 0; list != NULL && i < (unsigned)config_setting_length(list); i++) {
        const config_setting_t *s = config_setting_get_elem(list, i);
        const char *name = conf_string(c, s, "groups", 20);
        enum notice_group g = notice_group_find(view_of(name));
        if (g < NOTICE_GROUPS)
            out->groups |= 1u << g;
        else if (name[0] != '\0')
            conf_error(c, s, "groups", NULL, "there is no group \"%s\"", name);
    }
}

static void kind_read(struct conf *c, const config_setting_t *entry, struct contact *out)
{
    const char *names[CONTACT_KINDS + 1] = {NULL};
    const char *name = conf_text(c, entry, "kind", "contacts", true, 20);
    for (enum contact_kind k = 0; k < CONTACT_KINDS; k++) {
        names[k] = contact_kind_name(k);
        if (strcmp(names[k], name) == 0) {
            out->kind = k;
            return;
        }
    }
    const char *nearest = diags_nearest(name, names);
    if (name[0] != '\0')
        conf_error(c, config_setting_get_member(entry, "kind"), "kind", NULL,
                   "there is no kind \"%s\"%s%s%s", name,
                   nearest != NULL ? ", did you mean \"" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "\"?" : "");
}

/* What a reader will see as a link must be one, and must be safe inside an attribute. */
static void url_check(struct conf *c, const config_setting_t *entry, const char *url)
{
    struct view v = view_of(url);
    bool good = view_starts_nocase(v, VIEW("https://")) || view_starts_nocase(v, VIEW("mailto:"));
    for (size_t i = 0; i < v.n; i++)
        good = good && (unsigned char)v.p[i] > 0x20 && (unsigned char)v.p[i] < 0x7F &&
               strchr("\"'<>`\\", v.p[i]) == NULL;
    if (v.n > 0 && !good)
        conf_error(c, config_setting_get_member(entry, "url"), "url",
                   "it begins with https:// or mailto: and has no spaces or quotes",
                   "\"%s\" is no address to show", url);
}

static void contact_check(struct conf *c, const config_setting_t *entry, const struct notices *n,
                          const struct contact *k)
{
    if (k->country[0] != '\0' && strcmp(k->country, "*") != 0 && !is_country(k->country) &&
        region_find(n, k->country) == NULL)
        conf_error(c, config_setting_get_member(entry, "country"), "country",
                   "two capital letters, a region of this file, or \"*\"", "\"%s\" is no country",
                   k->country);
    if (k->phone[0] == '\0' && k->url[0] == '\0')
        conf_error(c, entry, k->name, NULL, "has neither phone nor url");
    url_check(c, entry, k->url);
    if (k->verified_on > 0 && k->expires > 0 && k->expires <= k->verified_on)
        conf_error(c, config_setting_get_member(entry, "expires"), k->name, NULL,
                   "expires before it was verified");
}

static void contact_read(struct conf *c, struct notices *n, const config_setting_t *entry)
{
    static const char *const keys[] = {"country",     "languages", "kind", "groups", "name",
                                       "names",       "phone",     "url",  "hours",  "source",
                                       "verified_on", "expires",   NULL};
    if (!config_setting_is_group(entry)) {
        conf_error(c, entry, "contacts", "write it as { country = \"FI\"; ... }",
                   "each contact is a group");
        return;
    }
    conf_names(c, entry, keys);
    struct contact k = {.file = c->file, .line = config_setting_source_line(entry)};
    k.country = conf_text(c, entry, "country", "contacts", true, 20);
    languages_read(c, entry, &k);
    kind_read(c, entry, &k);
    groups_read(c, entry, &k);
    k.name = conf_text(c, entry, "name", "contacts", true, 200);
    names_read(c, entry, &k);
    k.phone = conf_text(c, entry, "phone", "contacts", false, 60);
    k.url = conf_text(c, entry, "url", "contacts", false, 200);
    hours_read(c, entry, &k);
    k.source = conf_text(c, entry, "source", "contacts", true, 500);
    k.verified_on = date_read(c, entry, "verified_on");
    k.expires = date_read(c, entry, "expires");
    contact_check(c, entry, n, &k);
    struct contact *v =
        arena_grow(&n->arena, n->contacts, &n->cap_contacts, n->n_contacts + 1, sizeof *v);
    if (v == NULL) {
        c->no_memory = true;
        return;
    }
    n->contacts = v;
    v[n->n_contacts++] = k;
}

void contacts_read(struct conf *c, struct notices *n)
{
    static const char *const keys[] = {"regions", "contacts", NULL};
    const config_setting_t *root = config_root_setting(&c->config);
    conf_names(c, root, keys);
    regions_read(c, n, root);
    const config_setting_t *list = conf_list(c, root, "contacts", "", true);
    for (unsigned i = 0; list != NULL && i < (unsigned)config_setting_length(list); i++)
        contact_read(c, n, config_setting_get_elem(list, i));
}

bool contact_current(const struct contact *c, uint32_t today)
{
    return c->verified_on <= today && today < c->expires;
}

bool notices_knows_country(const struct notices *n, struct view country)
{
    for (uint32_t i = 0; i < n->n_contacts; i++)
        if (view_eq(view_of(n->contacts[i].country), country))
            return true;
    return false;
}

/* 3: the country itself, 2: a region around it, 1: the whole world, 0: elsewhere. */
static unsigned place_fits(const struct notices *n, const struct contact *c, struct view country)
{
    if (strcmp(c->country, "*") == 0)
        return 1;
    if (country.n == 0)
        return 0;
    if (view_eq(view_of(c->country), country))
        return 3;
    const struct region *r = region_find(n, c->country);
    return r != NULL && region_holds(r, country) ? 2 : 0;
}

static bool speaks(const struct contact *c, const char *language)
{
    bool any = c->n_languages == 0;
    for (unsigned i = 0; i < c->n_languages; i++)
        any = any || strcmp(c->languages[i], language) == 0;
    return any;
}

const struct contact *contact_choose(const struct notices *n, enum contact_kind kind,
                                     const struct notice_wish *wish, const char *language)
{
    uint32_t today = wish->now.year * 10000 + wish->now.month * 100 + wish->now.day;
    const struct contact *best = NULL;
    unsigned best_fits = 0;
    for (uint32_t i = 0; i < n->n_contacts; i++) {
        const struct contact *c = &n->contacts[i];
        if (c->kind != kind || !contact_current(c, today) ||
            (c->groups != 0 && (c->groups >> wish->group & 1) == 0))
            continue;
        /* Near beats far; then what is made for this group; then the reader's language. */
        unsigned fits = place_fits(n, c, wish->country) * 4;
        if (fits == 0)
            continue;
        fits += c->groups != 0 ? 2 : 0;
        fits += speaks(c, language);
        if (fits > best_fits) {
            best = c;
            best_fits = fits;
        }
    }
    return best;
}

/* What single recipients and domains want: rows over the settings for all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/settings.h"

enum { MATCHES_MAX = 1000, ADDRESS_BYTES_MAX = 320 };

struct recipient_row {
    struct string_list match;
    struct settings values; /* own; only what `has` says is said here */
    unsigned has;           /* bit per entry of keys */
    unsigned forbidden;
    unsigned line;
};

/* Keys of a row that stand for one of the group notice. */
static const char *const keys[] = {"languages", "country", "mode", "minors", "reach"};
enum { KEY_LANGUAGES, KEY_COUNTRY, KEY_MODE, KEY_MINORS, KEY_REACH, KEYS };

/* "anna@example.com", "@example.com" (a domain), "@.example.com" (all below it). */
static bool match_good(struct view v)
{
    size_t at = v.n;
    while (at > 0 && v.p[at - 1] != '@')
        at--;
    struct view domain = view_sub(v, at, v.n);
    if (at == 0 || v.n > ADDRESS_BYTES_MAX || domain.n == 0)
        return false;
    if (domain.p[0] == '.' && at == 1)
        domain = view_sub(domain, 1, domain.n);
    bool good = domain.n > 0 && domain.p[0] != '.' && domain.p[domain.n - 1] != '.';
    for (size_t i = 0; i < domain.n; i++) {
        unsigned char c = (unsigned char)domain.p[i];
        good = good && (ascii_is_alnum(c) || c == '-' || c == '.' || c >= 0x80) &&
               !(c == '.' && domain.p[i - 1] == '.');
    }
    for (size_t i = 0; i + 1 < at; i++)
        good = good && (unsigned char)v.p[i] > 0x20 && v.p[i] != 0x7F;
    return good;
}

static void match_read(struct settings_reader *r, struct recipient_row *row,
                       const config_setting_t *group)
{
    static const struct setting_row match = {
        .key = "recipients.match",
        .type = SETTING_STRINGS,
        .offset = offsetof(struct settings, rule_paths),
        .max = MATCHES_MAX,
    };
    const config_setting_t *s = config_setting_get_member(group, "match");
    if (s == NULL) {
        setting_error(r, group, "recipients.match",
                      "\"anna@example.com\", \"@example.com\" or \"@.example.com\"", "is missing");
        return;
    }
    struct settings scratch = {.threshold = 0};
    struct settings_reader own = *r;
    own.settings = &scratch;
    if (setting_apply(&own, &match, s))
        row->match = scratch.rule_paths;
    r->no_memory = r->no_memory || own.no_memory;
    for (size_t i = 0; i < row->match.n; i++)
        if (!match_good(view_of(row->match.v[i])))
            setting_error(r, config_setting_get_elem(s, (unsigned)i), "recipients.match",
                          "\"anna@example.com\", \"@example.com\" or \"@.example.com\" for all "
                          "domains below it",
                          "\"%s\" is neither an address nor a domain", row->match.v[i]);
}

static bool flag_read(struct settings_reader *r, const config_setting_t *s, const char *key)
{
    if (config_setting_type(s) != CONFIG_TYPE_BOOL)
        setting_error(r, s, key, "without quotes", "must be true or false");
    return config_setting_get_bool(s) != 0;
}

static void value_read(struct settings_reader *r, struct recipient_row *row,
                       const config_setting_t *s)
{
    static const char *const names[] = {"match", "exempt", "annotate", "languages", "country",
                                        "mode",  "minors", "reach",    NULL};
    const char *name = config_setting_name(s);
    char key[64];
    for (unsigned i = 0; i < KEYS; i++) {
        if (strcmp(keys[i], name) != 0)
            continue;
        (void)snprintf(key, sizeof key, "notice.%s", name);
        struct settings_reader own = *r;
        own.settings = &row->values;
        struct setting_row one = *setting_find(key);
        char own_key[64];
        (void)snprintf(own_key, sizeof own_key, "recipients.%s", name);
        one.key = own_key;
        if (setting_apply(&own, &one, s))
            row->has |= 1u << i;
        r->no_memory = r->no_memory || own.no_memory;
        return;
    }
    if (strcmp(name, "exempt") == 0) {
        if (flag_read(r, s, "recipients.exempt"))
            row->forbidden |= ACTION_SUBJECT | ACTION_QUARANTINE | ACTION_ANNOTATE;
    } else if (strcmp(name, "annotate") == 0) {
        if (!flag_read(r, s, "recipients.annotate"))
            row->forbidden |= ACTION_ANNOTATE;
    } else if (strcmp(name, "match") != 0) {
        const char *nearest = diags_nearest(name, names);
        setting_error(r, s, "recipients",
                      "a row has match, exempt, annotate, languages, country, "
                      "mode, minors and reach",
                      "unknown key \"%s\"%s%s%s", name, nearest != NULL ? ", did you mean \"" : "",
                      nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    }
}

void settings_read_recipients(struct settings_reader *r, const config_setting_t *root)
{
    const config_setting_t *list = config_setting_get_member(root, "recipients");
    if (list == NULL)
        return;
    unsigned n = (unsigned)config_setting_length(list);
    if (config_setting_type(list) != CONFIG_TYPE_LIST || n > RECIPIENT_ROWS_MAX) {
        setting_error(r, list, "recipients",
                      "recipients = ( { match = [ \"@example.fi\" ]; country = \"FI\"; } );",
                      n > RECIPIENT_ROWS_MAX ? "has too many rows" : "must be a list in ( )");
        return;
    }
    r->settings->recipients = calloc(n + 1u, sizeof *r->settings->recipients);
    if (r->settings->recipients == NULL) {
        r->no_memory = true;
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        const config_setting_t *group = config_setting_get_elem(list, i);
        struct recipient_row *row = &r->settings->recipients[r->settings->n_recipients++];
        row->line = config_setting_source_line(group);
        if (!config_setting_is_group(group)) {
            setting_error(r, group, "recipients", "{ match = [ \"@example.fi\" ]; ... }",
                          "each row is a group");
            continue;
        }
        match_read(r, row, group);
        for (unsigned k = 0; k < (unsigned)config_setting_length(group); k++)
            value_read(r, row, config_setting_get_elem(group, k));
    }
}

void settings_fini_recipients(struct settings *s)
{
    for (size_t i = 0; i < s->n_recipients; i++) {
        struct recipient_row *row = &s->recipients[i];
        for (size_t k = 0; k < row->match.n; k++)
            free(row->match.v[k]);
        free(row->match.v);
        for (size_t k = 0; k < row->values.notice.languages.n; k++)
            free(row->values.notice.languages.v[k]);
        free(row->values.notice.languages.v);
        free(row->values.notice.country);
        free(row->values.notice.reach);
    }
    free(s->recipients);
    s->recipients = NULL;
    s->n_recipients = 0;
}

/* How well a pattern fits: the address above its domain above the nearest domain around it. */
static size_t fits(struct view pattern, struct view address)
{
    size_t at = address.n;
    while (at > 0 && address.p[at - 1] != '@')
        at--;
    if (at == 0)
        return 0;
    if (pattern.p[0] != '@')
        return view_eq_nocase(pattern, address) ? SIZE_MAX : 0;
    struct view domain = view_sub(address, at, address.n), want = view_sub(pattern, 1, pattern.n);
    if (want.p[0] != '.')
        return view_eq_nocase(want, domain) ? SIZE_MAX - 1 : 0;
    return domain.n > want.n && view_ends_nocase(domain, want) ? want.n : 0;
}

static const struct recipient_row *row_find(const struct settings *s, struct view address)
{
    const struct recipient_row *best = NULL;
    size_t best_fits = 0;
    for (size_t i = 0; i < s->n_recipients; i++)
        for (size_t k = 0; k < s->recipients[i].match.n; k++) {
            size_t f = fits(view_of(s->recipients[i].match.v[k]), address);
            if (f > best_fits) {
                best = &s->recipients[i];
                best_fits = f;
            }
        }
    return best;
}

static void row_apply(struct notice_settings *to, const struct recipient_row *row)
{
    const struct notice_settings *own = &row->values.notice;
    if ((row->has & 1u << KEY_LANGUAGES) != 0)
        to->languages = own->languages;
    if ((row->has & 1u << KEY_COUNTRY) != 0)
        to->country = own->country;
    if ((row->has & 1u << KEY_MODE) != 0)
        to->mode = own->mode;
    if ((row->has & 1u << KEY_MINORS) != 0)
        to->minors = own->minors;
    if ((row->has & 1u << KEY_REACH) != 0)
        to->reach = own->reach;
}

static bool listed(const struct string_list *l, const char *word)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->v[i], word) == 0)
            return true;
    return false;
}

/* Those of the first, then what the others want; none: the mail's own, so nothing can be joined. */
static void languages_join(struct policy_for *out, const struct string_list *more)
{
    struct string_list *have = &out->notice.languages;
    bool same = have->n == more->n;
    for (size_t i = 0; i < more->n; i++)
        same = same && strcmp(have->v[i], more->v[i]) == 0;
    if (same)
        return;
    out->conflict = "languages";
    struct string_list joined = {.v = out->languages, .n = 0};
    for (size_t i = 0; i < have->n && joined.n < NOTICE_LANGUAGES_MAX; i++)
        joined.v[joined.n++] = have->v[i];
    for (size_t i = 0; i < more->n && joined.n < NOTICE_LANGUAGES_MAX; i++)
        if (!listed(&joined, more->v[i]))
            joined.v[joined.n++] = more->v[i];
    *have = joined;
}

static void merge(struct policy_for *out, const struct notice_settings *n)
{
    languages_join(out, &n->languages);
    if (strcmp(out->notice.country, n->country) != 0) {
        out->notice.country = out->none;
        out->conflict = "country";
    }
    if (strcmp(out->notice.reach, n->reach) != 0) {
        out->notice.reach = out->none;
        out->conflict = "reach";
    }
    out->notice.minors = out->notice.minors && n->minors;
    if (out->notice.mode != n->mode) {
        out->notice.mode = ANNOTATE_HEADER;
        out->conflict = "mode";
    }
}

void policy_for(const struct policy *p, const struct view *recipients, uint32_t n, bool others,
                struct policy_for *out)
{
    const struct settings *s = policy_settings(p);
    *out = (struct policy_for){.notice = s->notice};
    for (uint32_t i = 0; i < n + (others ? 1u : 0u); i++) {
        const struct recipient_row *row = i < n ? row_find(s, recipients[i]) : NULL;
        struct notice_settings one = s->notice;
        if (row != NULL)
            row_apply(&one, row);
        unsigned forbidden = row != NULL ? row->forbidden : 0;
        if (i == 0) {
            out->notice = one;
            out->line = row != NULL ? row->line : 0;
        } else {
            merge(out, &one);
            if (out->forbidden != forbidden)
                out->conflict = "actions";
            out->line = row != NULL && row->line == out->line ? out->line : 0;
        }
        out->forbidden |= forbidden;
    }
}

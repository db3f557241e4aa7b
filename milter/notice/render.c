/* What a notice says: the texts of its group, the contacts of the reader's country. */
#include "notice/render.h"

#include <string.h>

/* In this order; a kind without a current contact is left out, or said in general words. */
static const struct {
    enum contact_kind kinds[6];
    unsigned n;
} group_contacts[NOTICE_GROUPS] = {
    [NOTICE_BLUFF] = {{CONTACT_REPORT, CONTACT_SUPPORT, CONTACT_CRISIS}, 3},
    [NOTICE_BREACH] = {{CONTACT_REPORT, CONTACT_CYBER, CONTACT_SUPPORT, CONTACT_CRISIS}, 4},
    [NOTICE_PERSON] = {{CONTACT_REPORT, CONTACT_IMAGES, CONTACT_SUPPORT, CONTACT_CRISIS}, 4},
    [NOTICE_LIFE] = {{CONTACT_EMERGENCY, CONTACT_REPORT, CONTACT_SUPPORT}, 3},
    [NOTICE_MINORS] = {{CONTACT_YOUNG, CONTACT_YOUNG_IMAGES, CONTACT_REPORT, CONTACT_CRISIS}, 4},
    [NOTICE_COMPANY] = {{CONTACT_CYBER, CONTACT_REPORT}, 2},
    [NOTICE_POLICE] = {{CONTACT_REPORT, CONTACT_SUPPORT, CONTACT_CRISIS}, 3},
    [NOTICE_PARTNER] = {{CONTACT_REPORT, CONTACT_SUPPORT, CONTACT_CRISIS}, 3},
    [NOTICE_NEUTRAL] = {{CONTACT_REPORT, CONTACT_SUPPORT, CONTACT_CRISIS}, 3},
};

static const char *kind_label(const struct template *t, enum contact_kind kind)
{
    static const enum word_of_notice labels[CONTACT_KINDS] = {
        [CONTACT_DESK] = WORD_DESK,
        [CONTACT_EMERGENCY] = WORD_EMERGENCY,
        [CONTACT_REPORT] = WORD_REPORT,
        [CONTACT_CYBER] = WORD_CYBER,
        [CONTACT_IMAGES] = WORD_IMAGES,
        [CONTACT_YOUNG] = WORD_YOUNG,
        [CONTACT_YOUNG_IMAGES] = WORD_YOUNG_IMAGES,
        [CONTACT_SUPPORT] = WORD_SUPPORT,
        [CONTACT_CRISIS] = WORD_CRISIS,
    };
    return t->words[labels[kind]];
}

/* What is said where no contact may be named. */
static const char *kind_general(const struct template *t, enum contact_kind kind)
{
    switch (kind) {
    case CONTACT_REPORT:
        return t->words[WORD_NO_REPORT];
    case CONTACT_EMERGENCY:
        return t->words[WORD_NO_EMERGENCY];
    case CONTACT_CRISIS:
        return t->words[WORD_NO_CRISIS];
    default:
        return NULL;
    }
}

static const char *contact_name(const struct contact *c, const char *language)
{
    for (unsigned i = 0; i < c->n_names; i++)
        if (strcmp(c->names[i].language, language) == 0)
            return c->names[i].name;
    return c->name;
}

static bool keep(struct arena *arena, struct buf *b, struct view *out)
{
    *out = arena_copy(arena, buf_view(b));
    bool good = out->p != NULL || b->n == 0;
    buf_clear(b);
    return good;
}

/* "ma-pe 09:00-20:00, la 10:00-14:00", and the languages when the reader's is not among them. */
static enum status hours_add(struct buf *b, const struct contact *c, const struct template *t)
{
    enum status status = STATUS_OK;
    if (c->always)
        status = buf_addf(b, "%s", t->words[WORD_ALWAYS]);
    for (unsigned i = 0; i < c->n_hours && status == STATUS_OK; i++) {
        const struct hours *h = &c->hours[i];
        status = buf_addf(b, "%s%s", i > 0 ? ", " : "", t->days[h->first_day]);
        if (status == STATUS_OK && h->last_day != h->first_day)
            status = buf_addf(b, "-%s", t->days[h->last_day]);
        if (status == STATUS_OK)
            status = buf_addf(b, " %02u:%02u-%02u:%02u", h->from / 60u, h->from % 60u, h->to / 60u,
                              h->to % 60u);
    }
    bool spoken = c->n_languages == 0;
    for (unsigned i = 0; i < c->n_languages; i++)
        spoken = spoken || strcmp(c->languages[i], t->language) == 0;
    for (unsigned i = 0; !spoken && i < c->n_languages && status == STATUS_OK; i++)
        status = buf_addf(b, "%s%s", b->n > 0 ? i > 0 ? ", " : "; " : "", c->languages[i]);
    return status;
}

static enum status lines_make(const struct notices *n, const struct notice_wish *wish,
                              struct section *s, struct buf *b, struct arena *arena)
{
    const struct template *t = s->words;
    if (wish->reach.n > 0)
        s->lines[s->n_lines++] =
            (struct contact_line){.label = view_of(t->words[WORD_DESK]), .name = wish->reach};
    for (unsigned i = 0; i < group_contacts[wish->group].n; i++) {
        enum contact_kind kind = group_contacts[wish->group].kinds[i];
        const struct contact *c = contact_choose(n, kind, wish, t->language);
        if (c == NULL) {
            const char *general = kind_general(t, kind);
            if (general != NULL)
                s->lines[s->n_lines++] = (struct contact_line){.label = view_of(general)};
            continue;
        }
        struct contact_line *l = &s->lines[s->n_lines++];
        *l = (struct contact_line){.label = view_of(kind_label(t, kind)),
                                   .name = view_of(contact_name(c, t->language)),
                                   .phone = view_of(c->phone),
                                   .url = view_of(c->url)};
        if (view_eq(l->name, l->phone))
            l->name = VIEW_NONE; /* "3114" is its own name */
        enum status status = hours_add(b, c, t);
        if (status != STATUS_OK)
            return status;
        if (!keep(arena, b, &l->hours))
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

/* Spaces between whole sentences; Chinese and Japanese have none. */
static enum status sentence_add(struct buf *b, const char *text, const char *language,
                                const struct placeholder_values *values)
{
    enum status status = STATUS_OK;
    if (b->n > 0 && strcmp(language, "ja") != 0 && strcmp(language, "zh") != 0)
        status = buf_add_byte(b, ' ');
    return status == STATUS_OK ? placeholders_fill(b, text, values) : status;
}

static enum status section_make(const struct notices *n, const struct notice_wish *wish,
                                const struct template *t, struct arena *arena, struct buf *b,
                                struct section *s)
{
    struct placeholder_values values = {.wish = wish};
    enum notice_group g = t->has_group[wish->group] ? wish->group : NOTICE_NEUTRAL;
    *s = (struct section){.words = t, .group = &t->groups[g]};
    s->title = view_of(s->group->title[0] != '\0' ? s->group->title : t->words[WORD_TITLE]);
    s->lead = view_of(s->group->lead);
    enum status status = lines_make(n, wish, s, b, arena);
    if (status == STATUS_OK)
        status = placeholders_fill(b, t->words[WORD_DATE], &values);
    if (status == STATUS_OK && !keep(arena, b, &values.received))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = placeholders_fill(b, t->words[WORD_QUOTE], &values);
    if (status == STATUS_OK && !keep(arena, b, &s->quote))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = sentence_add(b, t->words[WORD_FOOTER], t->language, &values);
    if (status == STATUS_OK)
        status =
            sentence_add(b, t->words[wish->place == NOTICE_ATTACHED ? WORD_ATTACHED : WORD_ABOVE],
                         t->language, &values);
    if (status == STATUS_OK && wish->reach.n > 0)
        status = sentence_add(b, t->words[WORD_ASK], t->language, &values);
    if (status == STATUS_OK && !keep(arena, b, &s->footer))
        status = STATUS_NO_MEMORY;
    return status;
}

enum status notice_render(const struct notices *n, const struct notice_wish *wish,
                          struct arena *arena, struct notice *out)
{
    struct section sections[NOTICE_LANGUAGES_MAX];
    struct buf b;
    enum status status = STATUS_OK;
    unsigned count = 0;
    *out = (struct notice){0};
    buf_init(&b, NOTICE_BYTES_MAX);
    for (unsigned i = 0; i < wish->n_languages && status == STATUS_OK; i++)
        if (wish->languages[i] < n->n_templates)
            status = section_make(n, wish, &n->templates[wish->languages[i]], arena, &b,
                                  &sections[count++]);
    if (count == 0)
        status = STATUS_INVALID;
    for (unsigned i = 0; i < count && status == STATUS_OK; i++) {
        if (i > 0)
            status = buf_add(&b, VIEW("\n"));
        if (status == STATUS_OK)
            status = section_text(&b, &sections[i]);
    }
    if (status == STATUS_OK && !keep(arena, &b, &out->text))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = sections_html(&b, sections, count, false);
    if (status == STATUS_OK && !keep(arena, &b, &out->html))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = sections_html(&b, sections, count, true);
    if (status == STATUS_OK && !keep(arena, &b, &out->document))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        out->title = sections[0].title;
    buf_fini(&b);
    return status;
}

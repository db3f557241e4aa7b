/* Groups of texts and kinds of contacts: their names, and which group a message belongs to. */
#include "notice/notice.h"

static const char *const group_names[NOTICE_GROUPS] = {
    [NOTICE_BLUFF] = "bluff",   [NOTICE_BREACH] = "breach",   [NOTICE_PERSON] = "person",
    [NOTICE_LIFE] = "life",     [NOTICE_MINORS] = "minors",   [NOTICE_COMPANY] = "company",
    [NOTICE_POLICE] = "police", [NOTICE_PARTNER] = "partner", [NOTICE_NEUTRAL] = "neutral",
};

static const char *const kind_names[CONTACT_KINDS] = {
    [CONTACT_DESK] = "desk",
    [CONTACT_EMERGENCY] = "emergency",
    [CONTACT_REPORT] = "report",
    [CONTACT_CYBER] = "cyber",
    [CONTACT_IMAGES] = "images",
    [CONTACT_YOUNG] = "young",
    [CONTACT_YOUNG_IMAGES] = "young-images",
    [CONTACT_SUPPORT] = "support",
    [CONTACT_CRISIS] = "crisis",
};

const char *notice_group_name(enum notice_group group)
{
    return group < NOTICE_GROUPS ? group_names[group] : "";
}

enum notice_group notice_group_find(struct view name)
{
    enum notice_group g = 0;
    while (g < NOTICE_GROUPS && !view_eq(view_of(group_names[g]), name))
        g++;
    return g;
}

const char *contact_kind_name(enum contact_kind kind)
{
    return kind < CONTACT_KINDS ? kind_names[kind] : "";
}

enum notice_group notice_group_choose(const struct notice_case *c)
{
    static const struct {
        const char *class_id;
        enum notice_group group;
    } classes[] = {
        {"sextortion", NOTICE_PERSON},      {"breach-person", NOTICE_BREACH},
        {"breach-company", NOTICE_COMPANY}, {"site-hack", NOTICE_COMPANY},
        {"ddos", NOTICE_COMPANY},           {"reputation", NOTICE_COMPANY},
        {"violence", NOTICE_LIFE},          {"police-impersonation", NOTICE_POLICE},
        {"partner", NOTICE_PARTNER},
    };
    enum notice_group group = NOTICE_NEUTRAL;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (view_eq(view_of(classes[i].class_id), c->class_id))
            group = classes[i].group;
    if (group == NOTICE_LIFE)
        return group;
    /* The young are shown the way to their own services, whatever the letter is about. */
    if (c->minors && group != NOTICE_COMPANY)
        return NOTICE_MINORS;
    if (group == NOTICE_PERSON && c->payment && !c->images && !c->reply)
        return NOTICE_BLUFF;
    return group;
}

/* Contacts and texts as they are kept. Private to notice. */
#ifndef NOTICE_NOTICES_H
#define NOTICE_NOTICES_H

#include "notice/conf.h"

/* The single texts of a language, with the placeholders each may hold. */
enum placeholder {
    HOLD_GATEWAY = 1,
    HOLD_OPERATOR = 2,
    HOLD_REACH = 4,
    HOLD_RECEIVED = 8,
    HOLD_DATE = 16, /* {yyyy} {mm} {dd} {m} {d} {HH} {MM} {zone} */
    HOLD_FILE = 32,
    HOLD_PROGRAM = 64,
    HOLD_RULESET = 128,
};

/*      enum, key, placeholders, must have */
#define WORDS(X)                                                                                   \
    X(TITLE, "title", 0, 0)                                                                        \
    X(CONTACTS, "contacts", 0, 0)                                                                  \
    X(DESK, "desk", 0, 0)                                                                          \
    X(EMERGENCY, "emergency", 0, 0)                                                                \
    X(REPORT, "report", 0, 0)                                                                      \
    X(CYBER, "cyber", 0, 0)                                                                        \
    X(IMAGES, "images", 0, 0)                                                                      \
    X(YOUNG, "young", 0, 0)                                                                        \
    X(YOUNG_IMAGES, "young_images", 0, 0)                                                          \
    X(SUPPORT, "support", 0, 0)                                                                    \
    X(CRISIS, "crisis", 0, 0)                                                                      \
    X(NO_REPORT, "no_report", 0, 0)                                                                \
    X(NO_EMERGENCY, "no_emergency", 0, 0)                                                          \
    X(NO_CRISIS, "no_crisis", 0, 0)                                                                \
    X(PAID, "paid", 0, 0)                                                                          \
    X(QUOTE, "quote", HOLD_RECEIVED, HOLD_RECEIVED)                                                \
    X(ATTACHED, "attached", 0, 0)                                                                  \
    X(ABOVE, "above", 0, 0)                                                                        \
    X(FOOTER, "footer", HOLD_GATEWAY | HOLD_OPERATOR, HOLD_GATEWAY | HOLD_OPERATOR)                \
    X(ASK, "ask", HOLD_REACH, HOLD_REACH)                                                          \
    X(ALWAYS, "always", 0, 0)                                                                      \
    X(DATE, "date", HOLD_DATE, 0)

enum word_of_notice {
#define X(id, key, may, must) WORD_##id,
    WORDS(X)
#undef X
        WORDS_COUNT
};

enum { STEPS_MAX = 7, TEXT_MAX = 600 };

struct group_text {
    const char *title; /* "" : that of the language */
    const char *lead;
    const char *steps[STEPS_MAX];
    unsigned n_steps;
};

struct template
{
    const char *language;
    bool right_to_left;
    const char *words[WORDS_COUNT];
    const char *days[7];
    struct group_text groups[NOTICE_GROUPS];
    bool has_group[NOTICE_GROUPS]; /* else the neutral one speaks */
};

struct region {
    const char *name;
    const char *const *countries; /* ended by NULL */
};

struct notices {
    struct arena arena;
    struct contact *contacts; /* in arena */
    uint32_t n_contacts, cap_contacts;
    struct region *regions;
    uint32_t n_regions, cap_regions;
    struct template *templates; /* sorted by language */
    uint32_t n_templates, cap_templates;
};

/* One file each; what is wrong is said. */
void contacts_read(struct conf *c, struct notices *n);
void template_read(struct conf *c, struct notices *n, const char *language);

/* The first current contact of that kind for these readers, or NULL. */
const struct contact *contact_choose(const struct notices *n, enum contact_kind kind,
                                     const struct notice_wish *wish, const char *language);

struct placeholder_values {
    const struct notice_wish *wish;
    struct view received;
    struct view file, program, ruleset; /* of reports */
};
/* Says what is wrong with the placeholders of a text. */
void placeholders_check(struct conf *c, const config_setting_t *at, const char *where,
                        const char *text, unsigned may, unsigned must);
enum status placeholders_fill(struct buf *out, const char *text,
                              const struct placeholder_values *values);

#endif

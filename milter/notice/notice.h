/*
 * notice - the calm words above a threat: contacts and texts as data, rendered for one reader, and
 * put in front of the message without harming it.
 *
 * A struct notices is loaded once and never changes; any thread may read it. The room reads no
 * clock: who asks says what time it is, so that an expired contact is never shown and a test knows
 * what comes out. Nothing of the message is copied into a notice. Texts, contacts and their keys
 * are described in extortion-notices(5); what a notice must and must not say in docs/NOTICES.md.
 */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include "verdict/verdict.h"

/* What a notice speaks about. The texts of one group fit several classes of the rule packs. */
enum notice_group {
    NOTICE_BLUFF,   /* mass mail about a recording */
    NOTICE_BREACH,  /* data of a person, which may be real */
    NOTICE_PERSON,  /* a known person, or images that exist */
    NOTICE_LIFE,    /* violence */
    NOTICE_MINORS,  /* the reader may be a minor */
    NOTICE_COMPANY, /* data, network or site of an organisation */
    NOTICE_POLICE,  /* somebody plays the police */
    NOTICE_PARTNER, /* proof about a partner */
    NOTICE_NEUTRAL, /* anything else: says no more than is known */
    NOTICE_GROUPS
};
const char *notice_group_name(enum notice_group group);
/* NOTICE_GROUPS when there is none of that name. */
enum notice_group notice_group_find(struct view name);

enum contact_kind {
    CONTACT_DESK, /* the operator's own, always first */
    CONTACT_EMERGENCY,
    CONTACT_REPORT,
    CONTACT_CYBER,
    CONTACT_IMAGES,
    CONTACT_YOUNG,
    CONTACT_YOUNG_IMAGES,
    CONTACT_SUPPORT,
    CONTACT_CRISIS,
    CONTACT_KINDS
};
const char *contact_kind_name(enum contact_kind kind);

enum { NOTICE_LANGUAGES_MAX = 3, CONTACT_LANGUAGES_MAX = 8, CONTACT_NAMES_MAX = 8 };

/* Opening hours: days from..to (0: Monday), minutes of the day. */
struct hours {
    uint8_t first_day, last_day;
    uint16_t from, to;
};
enum { HOURS_MAX = 4 };

/* Strings live as long as the notices; those that are not given are empty. */
struct contact {
    const char *country; /* "FI", a region's name, or "*" */
    const char *languages[CONTACT_LANGUAGES_MAX];
    unsigned n_languages; /* 0: any */
    enum contact_kind kind;
    unsigned groups; /* bit i: only for group i; 0: for all */
    const char *name;
    struct {
        const char *language, *name;
    } names[CONTACT_NAMES_MAX]; /* in other languages */
    unsigned n_names;
    const char *phone, *url;
    struct hours hours[HOURS_MAX];
    unsigned n_hours;
    bool always; /* around the clock */
    const char *source;
    uint32_t verified_on, expires; /* 20261129 */
    const char *file;
    unsigned line;
};

struct notices;

struct notice_source {
    const char *const *contacts; /* files; a contact of an earlier one comes first */
    size_t n_contacts;
    const char *const *templates; /* folders of <language>.conf; an earlier one replaces a later */
    size_t n_templates;
};

/* Below this folder, or one like it. */
#define NOTICE_FOLDER    NOTICES_DIR
#define NOTICE_CONTACTS  "/contacts.conf"
#define NOTICE_TEMPLATES "/notices"

/* STATUS_OK, STATUS_INVALID or STATUS_IO (with diagnostics), STATUS_NO_MEMORY. */
enum status notices_load(const struct notice_source *source, struct diags *diags,
                         struct notices **out);
void notices_free(struct notices **n);

size_t notices_n_contacts(const struct notices *n);
const struct contact *notices_contact(const struct notices *n, size_t i);
bool contact_current(const struct contact *c, uint32_t today);
/* Is there a contact of that country itself? */
bool notices_knows_country(const struct notices *n, struct view country);
/* The languages there are texts in, sorted: "cs" for number 0, say; NULL beyond the last. */
const char *notices_language(const struct notices *n, size_t i);
/* Its number, or SIZE_MAX. "pt-BR" and "PT" find "pt". */
size_t notices_language_find(const struct notices *n, struct view language);

/* A moment where the gateway stands. */
struct notice_time {
    unsigned year, month, day, hour, minute;
    int offset; /* minutes east of UTC */
};

enum notice_place {
    NOTICE_ATTACHED, /* the message itself is attached */
    NOTICE_ABOVE,    /* the message itself follows below */
};

/* For whom, by whom, about what. */
struct notice_wish {
    enum notice_group group;
    size_t languages[NOTICE_LANGUAGES_MAX]; /* as of notices_language_find */
    unsigned n_languages;
    struct view country;                  /* "FI"; empty: unknown */
    struct view gateway, operator, reach; /* reach: how to ask the operator; may be empty */
    struct notice_time now;
    enum notice_place place;
};

/* UTF-8 with LF, in the arena. */
struct notice {
    struct view title;
    struct view text;
    struct view html;     /* one element, to be put into a page */
    struct view document; /* the same as a page of its own */
};

enum status notice_render(const struct notices *n, const struct notice_wish *wish,
                          struct arena *arena, struct notice *out);

/* ---- The words of a report for the police ---- */

/*      enum, key in <language>.conf */
#define REPORT_WORDS(X)                                                                            \
    X(TITLE, "title")                                                                              \
    X(INTRO, "intro")                                                                              \
    X(PERSONAL, "personal")                                                                        \
    X(MESSAGE, "message")                                                                          \
    X(RECEIVED, "received")                                                                        \
    X(RECIPIENT, "recipient")                                                                      \
    X(GATEWAY, "gateway")                                                                          \
    X(SIZE, "size")                                                                                \
    X(INCOMPLETE, "incomplete")                                                                    \
    X(DELIVERY, "delivery")                                                                        \
    X(CLIENT, "client")                                                                            \
    X(CLAIMS, "claims")                                                                            \
    X(DEMAND, "demand")                                                                            \
    X(PAYMENT, "payment")                                                                          \
    X(AMOUNT, "amount")                                                                            \
    X(DEADLINE, "deadline")                                                                        \
    X(CONTACT, "contact")                                                                          \
    X(LINK, "link")                                                                                \
    X(ATTACHMENT, "attachment")                                                                    \
    X(WORDS, "words")                                                                              \
    X(FILL, "fill")                                                                                \
    X(NAME, "name")                                                                                \
    X(PAID, "paid")                                                                                \
    X(ANSWERED, "answered")                                                                        \
    X(BEFORE, "before")                                                                            \
    X(DATA, "data")                                                                                \
    X(PUBLISHED, "published")                                                                      \
    X(SIGNATURE, "signature")                                                                      \
    X(PICTURES, "pictures")                                                                        \
    X(CHECK, "check")
enum report_word {
#define X(id, key) REPORT_##id,
    REPORT_WORDS(X)
#undef X
        REPORT_WORDS_COUNT
};

/* What stands for the placeholders of the texts. */
struct report_values {
    struct view gateway, operator, file, program, ruleset;
};

struct report_words;
#define NOTICE_REPORTS "/reports" /* below NOTICE_FOLDER: <language>.conf */
/*
 * The language's texts in the folder, or the English ones when it has none. STATUS_INVALID or
 * STATUS_IO with diagnostics, STATUS_NO_MEMORY.
 */
enum status report_words_load(const char *folder, struct view language, struct diags *diags,
                              struct report_words **out);
void report_words_free(struct report_words **w);
const char *report_words_language(const struct report_words *w);
bool report_words_right_to_left(const struct report_words *w);
/* With its placeholders filled. */
enum status report_word(const struct report_words *w, enum report_word word,
                        const struct report_values *values, struct buf *out);

/* What is known of a flagged message when its group is chosen. */
struct notice_case {
    struct view class_id;
    bool minors;  /* the recipient's policy says that readers may be under age */
    bool payment; /* a payment address with a valid checksum */
    bool images;  /* pictures or videos are attached */
    bool reply;   /* answers an earlier message */
};
/*
 * The group that says no more than is known: a mass mail is one only with a payment address and
 * without anything that speaks of real acquaintance.
 */
enum notice_group notice_group_choose(const struct notice_case *c);

/* ---- Putting it in front of a message ---- */

enum annotate_mode {
    ANNOTATE_HEADER, /* the body stays as it is */
    ANNOTATE_WRAP,   /* a new message: the notice, and the original attached byte for byte */
    ANNOTATE_INLINE, /* the notice at the top of each text that is shown */
    ANNOTATE_AUTO,   /* inline where that breaks nothing, else wrap */
};
/* "header", "wrap", "inline", "auto"; ended by NULL. */
extern const char *const annotate_mode_names[];

/* A change to the message's own headers, in the order in which they are to be made. */
struct header_edit {
    const char *name;
    unsigned have;     /* how many fields of that name there are */
    const char *value; /* of the one that remains, without leading space; NULL: none remains */
};
enum { HEADER_EDITS_MAX = 16 };

struct rewrite_wish {
    enum annotate_mode mode;
    bool strong;      /* auto: wrap, so that the evidence is whole */
    bool null_sender; /* of the envelope */
    bool lists;       /* mail of mailing lists may be rewritten */
    struct limits limits;
};

/* What to do to the message. Everything is computed and proved before anything is changed. */
struct rewrite {
    enum annotate_mode done; /* ANNOTATE_HEADER: nothing but a trace header */
    const char *reason;      /* why not, one word for a header; NULL: it was not asked for */
    const char *language;    /* of the first section */
    struct header_edit edits[HEADER_EDITS_MAX];
    unsigned n_edits;
    struct buf body; /* own; CRLF lines; never empty when done says wrap or inline */
    struct arena arena;
};

/*
 * raw: the message with CRLF line ends, as it came. The reader is only used while this runs.
 * STATUS_OK, whatever was chosen; STATUS_NO_MEMORY: *out says header. rewrite_fini in any case.
 */
enum status rewrite_make(const struct notices *n, const struct notice_wish *notice,
                         const struct rewrite_wish *wish, struct mail_reader *reader,
                         struct view raw, struct rewrite *out);
void rewrite_fini(struct rewrite *r);

/*
 * A seal on a body of ours: 32 hex digits and a NUL. It lets the gateway know its own work when the
 * message passes again, and nothing else: who copies it must copy the whole body with it.
 */
enum { SEAL_KEY_BYTES = 32, SEAL_BYTES = 33 };
void notice_seal(const unsigned char key[SEAL_KEY_BYTES], struct view body, char out[SEAL_BYTES]);
bool notice_sealed(const unsigned char key[SEAL_KEY_BYTES], struct view body, struct view seal);

#endif

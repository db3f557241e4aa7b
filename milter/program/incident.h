/*
 * The text of an incident pack: a rule pack for one break-in, made of the words that letters about
 * it use. Pure; see docs/INCIDENT.md for what people do with it.
 */
#ifndef PROGRAM_INCIDENT_H
#define PROGRAM_INCIDENT_H

#include "base/base.h"

enum { INCIDENT_WORDS_MAX = 50, INCIDENT_NAME_MAX = 40, INCIDENT_WORD_MAX = 100 };

enum incident_list {
    INCIDENT_ORGANISATION, /* how letters name whose data it is */
    INCIDENT_DATA,         /* what was taken */
    INCIDENT_SENDER,       /* how the sender calls himself */
    INCIDENT_OWN,          /* what only the organisation's own letters say */
    INCIDENT_LISTS
};

struct incident_words {
    struct view v[INCIDENT_WORDS_MAX]; /* foreign */
    uint32_t n;                        /* 0: a placeholder that matches no mail stands there */
};

struct incident {
    const char *name;     /* see incident_name_valid */
    const char *class_id; /* likewise */
    const char *language; /* of the notice stub: one of incident_languages */
    struct incident_words words[INCIDENT_LISTS];
};

/* Ends with NULL. */
extern const char *const incident_languages[];
/* As it stands in a comment: "organisation". */
const char *incident_list_name(enum incident_list list);

/* Letters, digits and '-', at most INCIDENT_NAME_MAX. */
bool incident_name_valid(struct view name);
/*
 * Adds "word, two words, stem*" to a list, without repetitions. False: *wrong is the entry that is
 * no plain words (stars at their ends are allowed), is too long or is one too many.
 */
bool incident_words_add(struct incident_words *list, struct view text, struct view *wrong);

/* The pack. STATUS_OK or STATUS_NO_MEMORY. */
enum status incident_write(const struct incident *incident, struct buf *out);

#endif

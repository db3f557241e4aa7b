/*
 * own - what the reader is called: addresses, domains and names of the message's recipients, folded
 * as the text is. Private to the room.
 */
#ifndef INDICATOR_OWN_H
#define INDICATOR_OWN_H

#include "indicator/lexicon.h"

#define OWN_NAME_WORDS 4
#define OWN_NAMES      (3 * TEXT_RECIPIENTS) /* display name, the same backwards, local part */

struct own_name {
    struct view words[OWN_NAME_WORDS];
    uint32_t n;
    uint32_t key; /* of the first word, as lexicon_may_start takes it */
};

struct own {
    struct {
        struct view local, domain;
        bool common;  /* a domain of many people: gmail.com */
        uint32_t key; /* of the domain's first word, as lexicon_may_start takes it */
    } addresses[TEXT_RECIPIENTS];
    uint32_t n_addresses;
    struct own_name names[OWN_NAMES];
    uint32_t n_names;
};

/* Fills *own and lets the filter pass the names. False when memory is out. */
bool own_init(struct own *own, const struct text *t, struct lexicon_filter *filter,
              struct arena *arena);

static inline bool own_may_start(const struct own *own, uint32_t key)
{
    for (uint32_t i = 0; i < own->n_names; i++)
        if (own->names[i].key == key)
            return true;
    for (uint32_t i = 0; i < own->n_addresses; i++)
        if (own->addresses[i].key == key)
            return true;
    return false;
}

#endif

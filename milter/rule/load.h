/*
 * Loading: pack files to a ruleset. Everything here lives only while a ruleset is loaded.
 *
 * The steps, one file each: pack-file (find, read, parse), pack-read (the top of each file, lists,
 * classes, settings), pack-rule, pack-info and pack-predicate (the rules), pack-list (lists to
 * terms), pack-phrase (phrases), pack-when (conditions and their order), load (what binds them
 * together), proof (hit and miss), lint (what is odd in packs that load). No step stops at a
 * mistake: the author gets all of them in one run.
 */
#ifndef RULE_LOAD_H
#define RULE_LOAD_H

#include <libconfig.h>

#include "rule/names.h"
#include "rule/phrase-parse.h"
#include "rule/ruleset.h"

/* One file. */
struct pack {
    const char *path;
    struct view text;     /* ended by NUL */
    const uint32_t *line; /* where each line starts; and the end of the text */
    uint32_t n_lines;
    config_t config;
    bool parsed;
    const char *name;     /* the pack it belongs to; NULL when it says none */
    const char *language; /* its rules read this language; NULL: any */
    bool structure;       /* templates are made into rules of this pack */
    double stretch;       /* its language needs so many times the words of English */
};

/* Where something was written; for diagnostics. */
struct origin {
    const struct pack *pack;
    unsigned line;
    const char *where; /* rule id or list name; may be NULL */
    const char *text;  /* a string in a list, which may stand above line; else NULL */
};

/* There are a hundred thousand of them; where: entry_origin. */
struct list_entry {
    const char *text;
    const struct pack *pack;
    unsigned line;
};

enum list_state { LIST_NEW, LIST_OPEN, LIST_DONE };

struct word_list {
    const char *pack;
    struct origin origin;
    struct list_entry *entry;
    uint32_t n_entries, cap_entries;
    enum list_state state;
    uint32_t term; /* TERM_NONE when an entry was wrong */
};

struct origin entry_origin(const struct word_list *list, const struct list_entry *entry);

/* A phrase waiting for its place. */
struct phrase_slot {
    struct phrase_draft draft;
    const char *text;  /* NULL for compounds */
    uint32_t compound; /* or ATOM_NONE */
};

struct phrase_slots {
    struct phrase_slot *v;
    uint32_t n, cap;
};

struct proof {
    const char *text;
    bool hit;     /* must hit, or must not */
    bool message; /* a whole message */
    struct origin origin;
};

struct rule_draft {
    config_setting_t *setting;
    struct origin origin;
    struct rule rule;
    struct phrase_slots phrases, unless;
    const char *when; /* NULL: no condition */
    struct origin when_origin;
    struct proof *proof;
    uint32_t n_proofs, cap_proofs;
    const struct literals *literals; /* of a regex; NULL: none */
    bool off;                        /* by an overlay */
};

struct load {
    struct ruleset *r; /* own until it is handed out */
    struct arena arena;
    struct arena scratch; /* of one list entry, or word of a phrase */
    const struct limits *limits;
    struct diags *diags;
    bool prove, lint;
    bool no_memory; /* sticky */
    bool io_failed; /* sticky */
    uint64_t hash;
    struct names texts, leans, parts; /* what rules of the ruleset share */
    struct pack *pack;
    uint32_t n_packs, cap_packs;
    struct words words;
    struct names list_names; /* "pack.list" */
    struct word_list *list;
    uint32_t cap_lists;
    uint32_t open[32]; /* lists being resolved, outermost first */
    uint32_t n_open;
    struct phrase_slots compounds;
    struct names rule_names;
    struct rule_draft *draft;
    uint32_t cap_drafts;
    struct names class_names;
    struct origin class_origin[CLASSES_MAX];
    uint32_t *when; /* rules with a condition, each after those that it needs */
    uint32_t n_when;
    bool facet_set[FACET_COUNT], window_set;
};

/* pack-key.c: reading settings, with diagnostics */

enum key_type {
    KEY_TEXT = 1,
    KEY_TEXTS = 2, /* an array or list of strings */
    KEY_FLAG = 4,
    KEY_NUMBER = 8,
    KEY_WHOLE = 16,
    KEY_GROUP = 32,
    KEY_GROUPS = 64, /* a list of groups */
};

struct key {
    const char *name;
    unsigned types;
};

struct origin origin_of(const struct pack *pack, const config_setting_t *setting,
                        const char *where);
/* Where it really stands. Searched only now: of a hundred thousand texts hardly one is complained
 * of. */
unsigned origin_line(struct origin o);
/* An error at origin. hint may be NULL. */
void complain(struct load *l, struct origin at, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Checks a group against the keys (ended by a NULL name): unknown names, wrong types. */
void keys_check(struct load *l, struct origin at, const config_setting_t *group,
                const struct key *keys, const char *what);
/* A hint "did you mean ...?" in the arena, or fallback when no name is near. */
const char *nearest_hint(struct load *l, const char *word, const char *const *names,
                         const char *fallback);

/* These give what is there with the right type, else NULL, false or fallback. */
const char *key_text(const config_setting_t *group, const char *name);
bool key_flag(const config_setting_t *group, const char *name, bool fallback);
enum asked key_asked(const config_setting_t *group, const char *name);
double key_number(struct load *l, struct origin at, const config_setting_t *group, const char *name,
                  double above, double most, double fallback);
uint32_t key_whole(struct load *l, struct origin at, const config_setting_t *group,
                   const char *name, uint32_t least, uint32_t most, uint32_t fallback);
/* A setting that is a string or strings, or NULL; how many, and each with its origin. */
const config_setting_t *key_texts(const config_setting_t *group, const char *name);
uint32_t texts_n(const config_setting_t *texts);
const char *texts_at(const config_setting_t *texts, uint32_t i);
struct origin texts_origin(const struct pack *pack, const config_setting_t *texts, uint32_t i,
                           const char *where);
/* A copy in the ruleset, one of equal texts; "" when memory is out (l->no_memory). */
const char *keep(struct load *l, const char *text);

/* The steps. packs_read: each file, and its top at once. */
void packs_read(struct load *l, const struct ruleset_source *source);
void packs_free(struct load *l);
/* Takes the lists out of the pack's settings. */
void top_read(struct load *l, struct pack *pack);
void rules_register(struct load *l);
void rule_register(struct load *l, const struct pack *pack, config_setting_t *s, const char *id,
                   const char *template_id);
void keys_of_rule_check(struct load *l, struct origin at, const config_setting_t *s);
/* Makes each template into a rule of each language pack that takes part. */
void templates_register(struct load *l);
/* Proofs that a language pack gives for the rules that templates made. */
void template_proofs_read(struct load *l);
void proofs_add(struct load *l, struct rule_draft *d, const struct pack *pack,
                const config_setting_t *group, bool *any_hit, bool *any_miss);
void rules_read(struct load *l);
/* Of one of a rule's keys, for complaints. */
struct origin rule_key_origin(const struct rule_draft *d, const char *key);
/* like: the rule before, if it is of the same template, whose mistakes were complained of; or NULL.
 */
void rule_info_read(struct load *l, struct rule_draft *d, const struct rule_draft *like);
void extensions_read(struct load *l);
void overrides_read(struct load *l);
void rule_predicate_read(struct load *l, struct rule_draft *d, struct origin at,
                         const config_setting_t *setting, enum rule_kind kind);
const struct regex *regex_read(struct load *l, struct origin at, const char *pattern, bool folded);
/* Reads one phrase or list entry of a pack; complains when it is wrong. */
bool phrase_read(struct load *l, const char *text, struct origin at, const char *pack,
                 bool short_words, struct phrase_draft *out);
void lists_resolve(struct load *l);
/* Reads the phrases of a rule's key; the wrong ones are left out. */
void phrases_read(struct load *l, const struct rule_draft *d, const char *key, bool short_words,
                  struct phrase_slots *out);
void phrases_place(struct load *l);
/* Reads all `when`, and puts the rules that have one into an order in which they can be answered.
 */
void conditions_read(struct load *l);
/* Sets needed[i] for rule and all rules that its answer depends on. */
void rule_needs(const struct ruleset *r, uint32_t rule, bool *needed);
void proofs_run(struct load *l);
/* Warnings about what is odd; see lint.h. */
void lints_run(struct load *l);

#endif

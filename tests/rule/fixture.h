/* What the tests of room rule share: packs from strings, mail through all rooms below. */
#ifndef TESTS_RULE_FIXTURE_H
#define TESTS_RULE_FIXTURE_H

#include "../test.h"
#include "rule/rule.h"

/* Loads one pack from its text (written to a temporary file). NULL on errors, which diags has. */
struct ruleset *fixture_load(const char *pack, bool prove, struct diags *diags);
/* The same; prints the diagnostics and fails the test when there are any errors. */
struct ruleset *fixture_ruleset(const char *pack);

/* One message after all rooms below rule. */
struct fixture {
    struct arena arena;
    struct limits limits;
    struct mail_reader *reader;
    struct indicator_words *words;
    struct message message;
    struct text text;
    struct indicators indicators;
    struct facts facts;
    struct matches matches;
};

void fixture_init(struct fixture *f);
void fixture_fini(struct fixture *f);
/* Reads a whole message. raw must live on. */
void fixture_message(struct fixture *f, struct view raw);
/* Reads text as the body of a plain UTF-8 message. */
void fixture_body(struct fixture *f, struct view text);
/* Matches what was read last; fills f->matches. */
void fixture_match(struct fixture *f, const struct ruleset *r, bool gates);
enum outcome fixture_outcome(const struct fixture *f, const struct ruleset *r, const char *id);
/* "first words | second words": what the hits of a rule quote, in order; in the arena. */
const char *fixture_quotes(struct fixture *f, const struct ruleset *r, const char *id);

#endif

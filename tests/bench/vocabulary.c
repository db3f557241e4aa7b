#include "vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VOCABULARY = VOCABULARY_WORDS, WORD_MAX = VOCABULARY_WORD_MAX };

/* The words that English is mostly made of, by falling frequency. */
static const char *const frequent[] = {
    "the",  "to",   "of",   "and",   "a",     "in",    "you",  "is",    "that",   "for",   "it",
    "i",    "on",   "with", "we",    "be",    "your",  "this", "are",   "have",   "as",    "will",
    "not",  "at",   "or",   "by",    "from",  "if",    "was",  "all",   "our",    "can",   "but",
    "me",   "my",   "an",   "they",  "do",    "so",    "has",  "one",   "what",   "he",    "there",
    "been", "any",  "no",   "their", "would", "more",  "time", "about", "when",   "which", "who",
    "get",  "out",  "up",   "just",  "know",  "some",  "like", "were",  "please", "them",  "us",
    "new",  "only", "his",  "need",  "how",   "day",   "see",  "now",   "other",  "send",  "also",
    "her",  "had",  "make", "than",  "want",  "these", "work", "first", "two",    "after", "into",
    "use",  "over", "then", "could", "she",   "here",  "well", "may",   "back",   "should"};
enum { FREQUENT = sizeof frequent / sizeof frequent[0] };

uint32_t vocabulary_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static double random_unit(uint32_t *state)
{
    return vocabulary_random(state) / 4294967296.0;
}

/* Word-like words after the frequent ones: syllables, longer the rarer they are. */
void vocabulary_make(struct vocabulary *w)
{
    static const char onset[][4] = {"b", "c", "d", "f",  "g",  "l",  "m",  "n",  "p",  "r",
                                    "s", "t", "v", "st", "tr", "pl", "ch", "sh", "gr", "con"};
    static const char rime[][4] = {"a",  "e",  "i",  "o",  "an", "er",  "in", "on",  "al",  "it",
                                   "us", "en", "ed", "ar", "ic", "ing", "or", "ect", "ent", "y"};
    uint32_t seed = 4711;
    for (uint32_t i = 0; i < VOCABULARY; i++) {
        if (i < FREQUENT) {
            (void)snprintf(w->v[i], WORD_MAX, "%s", frequent[i]);
            continue;
        }
        uint32_t syllables = (vocabulary_random(&seed) % 100 < 45 ? 3u : 2u) + (i > 2000);
        w->v[i][0] = '\0';
        for (uint32_t s = 0; s < syllables; s++) {
            size_t n = strlen(w->v[i]);
            (void)snprintf(w->v[i] + n, WORD_MAX - n, "%s%s", onset[vocabulary_random(&seed) % 20],
                           rime[vocabulary_random(&seed) % 20]);
        }
    }
}

/* Zipf: the k-th word comes 1/k as often as the first. */
static uint32_t zipf(uint32_t *seed)
{
    double x = exp(random_unit(seed) * log(VOCABULARY)) - 1;
    return x < VOCABULARY ? (uint32_t)x : VOCABULARY - 1;
}

const char *vocabulary_word(const struct vocabulary *w, uint32_t *seed)
{
    return w->v[zipf(seed)];
}

void vocabulary_mail(const struct vocabulary *w, uint32_t seed, size_t bytes, struct buf *out)
{
    (void)buf_add(out, VIEW("From: a@example.org\nTo: b@example.org\nSubject: notes\n"
                            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"));
    size_t line = out->n, end = out->n + bytes;
    while (out->n < end) {
        uint32_t sentence = 5 + vocabulary_random(&seed) % 18;
        for (uint32_t i = 0; i < sentence; i++) {
            if (i > 0)
                (void)buf_add_byte(out, out->n - line > 68 ? '\n' : ' ');
            if (out->n - line > 68)
                line = out->n;
            if (vocabulary_random(&seed) % 60 == 0)
                (void)buf_addf(out, "%u", vocabulary_random(&seed) % 1000);
            else
                (void)buf_add(out, view_of(w->v[zipf(&seed)]));
        }
        (void)buf_add(out, VIEW(". "));
    }
}

/*
 * A word that rules would name, neither frequent nor rare. The bounds are chosen so that about one
 * phrase in five gets a first look, which is what the English pack costs with honest mail (one in
 * six).
 */
static const char *rule_word(const struct vocabulary *w, uint32_t *seed)
{
    double lo = log(1000), hi = log(19999);
    return w->v[(uint32_t)exp(lo + random_unit(seed) * (hi - lo))];
}

static void group_add(const struct vocabulary *w, uint32_t *seed, uint32_t n_lists, struct buf *out)
{
    uint32_t kind = vocabulary_random(seed) % 10;
    if (kind < 6) {
        (void)buf_addf(out, "{l%u}", vocabulary_random(seed) % n_lists);
        return;
    }
    uint32_t n = kind < 8 ? 1 : 2 + vocabulary_random(seed) % 3;
    for (uint32_t i = 0; i < n; i++)
        (void)buf_addf(out, "%s%s", i > 0 ? "|" : n > 1 ? "(" : "", rule_word(w, seed));
    if (n > 1)
        (void)buf_add_byte(out, ')');
}

static void phrase_add(const struct vocabulary *w, uint32_t *seed, uint32_t n_lists,
                       struct buf *out)
{
    static const char *const starts[] = {"(i|we) (will|can|have) ~2 ",
                                         "your ~2 ",
                                         "(if|when) you ~3 ",
                                         "[the] ",
                                         "# ~1 ",
                                         "",
                                         "",
                                         "",
                                         "",
                                         ""};
    (void)buf_add(out, view_of(starts[vocabulary_random(seed) % 10]));
    uint32_t n = 2 + vocabulary_random(seed) % 2;
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            (void)buf_addf(out, " ~%u ", vocabulary_random(seed) % 7);
        group_add(w, seed, n_lists, out);
    }
}

void vocabulary_pack(const struct vocabulary *w, uint32_t n_rules, struct buf *out)
{
    uint32_t seed = 1234 + n_rules, n_lists = n_rules < 3 ? 1 : n_rules / 3;
    (void)buf_add(out, VIEW("pack = \"b\";\nwords = {\n"));
    for (uint32_t i = 0; i < n_lists; i++) {
        (void)buf_addf(out, "l%u = [ ", i);
        uint32_t n = 3 + vocabulary_random(&seed) % 6;
        for (uint32_t k = 0; k < n; k++) {
            const char *word = rule_word(w, &seed);
            bool stem = strlen(word) > 4 && vocabulary_random(&seed) % 4 == 0;
            int length = stem ? (int)strlen(word) - 1 : (int)strlen(word);
            (void)buf_addf(out, "%s\"%.*s%s\"", k > 0 ? ", " : "", length, word, stem ? "*" : "");
        }
        if (vocabulary_random(&seed) % 3 == 0) {
            const char *one = rule_word(w, &seed), *two = rule_word(w, &seed);
            (void)buf_addf(out, ", \"%s %s\"", one, two);
        }
        (void)buf_add(out, VIEW(" ];\n"));
    }
    (void)buf_add(out, VIEW("};\nrules = (\n"));
    for (uint32_t i = 0; i < n_rules; i++) {
        bool near = vocabulary_random(&seed) % 8 == 0;
        uint32_t n = near ? 2 + vocabulary_random(&seed) % 2 : 1 + vocabulary_random(&seed) % 3;
        (void)buf_addf(out, "%s{ id = \"b-%u\"; %s = [ ", i > 0 ? ",\n" : "", i,
                       near ? "near" : "any");
        for (uint32_t k = 0; k < n; k++) {
            (void)buf_add(out, k > 0 ? VIEW(", \"") : VIEW("\""));
            if (near)
                group_add(w, &seed, n_lists, out);
            else
                phrase_add(w, &seed, n_lists, out);
            (void)buf_add_byte(out, '"');
        }
        (void)buf_add(out, VIEW(" ]; }"));
    }
    (void)buf_add(out, VIEW(" );\n"));
}

/*
 * What a message costs, stage by stage, with the real packs: thread CPU microseconds, best of
 * rounds. bench-scan RULES-DIR Mails are generated (deterministic): an ordinary business mail in
 * several sizes and forms, and an extortion letter inside the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "verdict/verdict.h"

enum { ROUNDS = 9, STAGES = 5, MAX = 4 << 20 };

static const char *const stage_names[STAGES] = {"parse", "text", "indicators", "rules", "verdict"};

/* Ordinary words, and one in fifteen that also stands in rules. */
static const char *const ordinary[] = {
    "the",       "a",        "of",       "and",      "to",        "in",      "we",      "is",
    "for",       "that",     "with",     "on",       "this",      "it",      "as",      "at",
    "be",        "are",      "was",      "by",       "from",      "or",      "an",      "not",
    "but",       "have",     "has",      "had",      "which",     "their",   "they",    "he",
    "she",       "his",      "her",      "its",      "were",      "been",    "would",   "there",
    "what",      "when",     "who",      "will",     "more",      "some",    "can",     "out",
    "other",     "into",     "than",     "then",     "them",      "these",   "only",    "also",
    "after",     "first",    "year",     "over",     "may",       "such",    "time",    "work",
    "new",       "any",      "most",     "how",      "two",       "way",     "even",    "because",
    "make",      "our",      "good",     "people",   "where",     "much",    "before",  "right",
    "mean",      "same",     "another",  "know",     "last",      "great",   "use",     "while",
    "does",      "number",   "always",   "end",      "home",      "part",    "place",   "end",
    "small",     "around",   "hand",     "large",    "school",    "house",   "point",   "world",
    "still",     "own",      "see",      "men",      "day",       "line",    "both",    "life",
    "write",     "move",     "name",     "turn",     "city",      "show",    "every",   "three",
    "must",      "set",      "form",     "air",      "letter",    "answer",  "second",  "later",
    "enough",    "mother",   "father",   "head",     "stand",     "page",    "country", "found",
    "study",     "learn",    "plant",    "cover",    "food",      "sun",     "four",    "between",
    "state",     "keep",     "eye",      "never",    "let",       "thought", "open",    "seem",
    "together",  "next",     "white",    "children", "begin",     "got",     "walk",    "example",
    "ease",      "paper",    "group",    "often",    "important", "until",   "side",    "feet",
    "car",       "mile",     "night",    "sea",      "grow",      "took",    "river",   "carry",
    "once",      "book",     "hear",     "stop",     "without",   "late",    "miss",    "idea",
    "eat",       "face",     "watch",    "far",      "really",    "almost",  "above",   "girl",
    "sometimes", "mountain", "cut",      "young",    "talk",      "soon",    "list",    "song",
    "leave",     "family",   "body",     "music",    "color",     "meeting", "project", "report",
    "customer",  "delivery", "schedule", "team",     "contract",  "update",  "system",  "figures",
    "quarter",   "budget",   "market",   "product",  "office",    "regards", "order",   "hello",
    "please",    "thanks",   "attached"};
static const char *const loaded[] = {
    "invoice", "payment", "account", "password",    "server",  "network", "release", "video",
    "friends", "contact", "send",    "data",        "company", "hours",   "days",    "your",
    "pay",     "access",  "files",   "information", "email",   "bank",    "police",  "publish"};

static const char letter[] =
    "I have had access to your computer for months and I recorded you with your own camera. "
    "If you do not pay 900 USD in bitcoin within 48 hours, I will send the video to all your "
    "contacts and your family. My wallet: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 . Do not "
    "go to the police. When I get the money I will delete everything.\n\n";

struct text_out {
    char *p;
    size_t n;
};

static void out_add(struct text_out *o, const char *s)
{
    size_t n = strlen(s);
    if (o->n + n < MAX) {
        memcpy(o->p + o->n, s, n);
        o->n += n;
    }
}

static void out_prose(struct text_out *o, size_t bytes, bool with_letter)
{
    uint64_t seed = 7;
    size_t end = o->n + bytes, column = 0;
    if (with_letter)
        out_add(o, letter);
    while (o->n < end) {
        const char *word = bench_random(&seed, 15) == 0
                               ? loaded[bench_random(&seed, sizeof loaded / sizeof *loaded)]
                               : ordinary[bench_random(&seed, sizeof ordinary / sizeof *ordinary)];
        out_add(o, word);
        column += strlen(word) + 1;
        bool sentence = bench_random(&seed, 12) == 0;
        out_add(o, sentence ? "." : "");
        out_add(o, column > 70 ? "\n" : " ");
        column = column > 70 ? 0 : column;
    }
    out_add(o, "\n");
}

static void out_base64(struct text_out *o, const char *p, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char quad[6] = {0};
    for (size_t i = 0; i + 2 < n; i += 3) {
        uint32_t v = (uint32_t)(unsigned char)p[i] << 16 | (uint32_t)(unsigned char)p[i + 1] << 8 |
                     (unsigned char)p[i + 2];
        for (unsigned k = 0; k < 4; k++)
            quad[k] = digits[v >> (18 - 6 * k) & 63];
        quad[4] = (i / 3 + 1) % 19 == 0 ? '\n' : '\0';
        out_add(o, quad);
    }
    out_add(o, "\n");
}

static void out_headers(struct text_out *o, const char *more)
{
    out_add(o,
            "Received: from a.example ([192.0.2.1]) by b.example; Mon, 23 Nov 2026 10:00:00 +0000\n"
            "Received: from c.example ([192.0.2.2]) by a.example; Mon, 23 Nov 2026 09:59:58 +0000\n"
            "From: Anna Example <anna@example.org>\nTo: Bob Example <bob@example.net>\n"
            "Subject: Figures for the third quarter\nDate: Mon, 23 Nov 2026 09:59:57 +0000\n"
            "Message-ID: <1@example.org>\nMIME-Version: 1.0\n");
    out_add(o, more);
}

/* text/plain alone, or a plain and an HTML part of bytes together, HTML three quarters. */
static void mail_make(struct text_out *o, size_t bytes, bool two_parts, bool with_letter)
{
    o->n = 0;
    if (!two_parts) {
        out_headers(o, "Content-Type: text/plain; charset=utf-8\n\n");
        out_prose(o, bytes, with_letter);
        return;
    }
    struct text_out html = {malloc(MAX), 0};
    if (html.p == NULL)
        exit(71);
    out_add(&html, "<html><head><style>p { margin: 0 }</style></head><body>");
    while (html.n < bytes * 3 / 4) {
        out_add(&html, "<p style=\"color:#333\">");
        out_prose(&html, 400, with_letter && html.n < 1000);
        out_add(&html, "<a href=\"https://www.example.org/page?x=1&amp;y=2\">more</a></p>\n");
    }
    out_add(&html, "</body></html>");
    out_headers(o, "Content-Type: multipart/alternative; boundary=\"=_b\"\n\n--=_b\n"
                   "Content-Type: text/plain; charset=utf-8\n"
                   "Content-Transfer-Encoding: quoted-printable\n\n");
    out_prose(o, bytes / 4, with_letter);
    out_add(o,
            "--=_b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n");
    out_base64(o, html.p, html.n);
    out_add(o, "--=_b--\n");
    free(html.p);
}

struct bench {
    const struct ruleset *ruleset;
    struct limits limits;
    struct mail_reader *reader;
    struct matcher *matcher;
    struct indicator_words *words;
    struct arena arena;
};

static bool run_once(struct bench *b, struct view raw, double times[STAGES], bool *flagged)
{
    struct message m;
    struct text t;
    struct indicators in;
    struct matches hits;
    struct verdict v;
    arena_reset(&b->arena);
    double at[STAGES + 1];
    at[0] = bench_now();
    bool ok = message_parse(b->reader, raw, &b->limits, &b->arena, &m) == STATUS_OK;
    at[1] = bench_now();
    ok = ok && text_read(b->reader, &m, &b->limits, &b->arena, &t) == STATUS_OK;
    at[2] = bench_now();
    ok = ok && indicators_find(b->words, &t, &b->limits, &b->arena, &in) == STATUS_OK;
    at[3] = bench_now();
    const struct facts facts = {b->reader, &m, &t, &in, NULL};
    ok = ok && matcher_run(b->matcher, &facts, &b->arena, &hits) == STATUS_OK;
    at[4] = bench_now();
    ok = ok && verdict_weigh(b->ruleset, &facts, &hits, &b->arena, &v) == STATUS_OK;
    at[5] = bench_now();
    if (!ok)
        return false;
    *flagged = v.flagged;
    for (unsigned s = 0; s < STAGES; s++)
        times[s] = at[s + 1] - at[s];
    return true;
}

static bool bench_mail(struct bench *b, const char *name, struct view raw)
{
    double best[STAGES], least = 1e30;
    bool flagged = false;
    unsigned repeat = raw.n > 100000 ? 1 : 20;
    for (unsigned round = 0; round < ROUNDS * repeat; round++) {
        double times[STAGES], sum = 0;
        if (!run_once(b, raw, times, &flagged))
            return false;
        for (unsigned s = 0; s < STAGES; s++)
            sum += times[s];
        if (sum < least) {
            least = sum;
            memcpy(best, times, sizeof best);
        }
    }
    printf("%-28s %8zu", name, raw.n);
    for (unsigned s = 0; s < STAGES; s++)
        printf(" %10.1f", best[s]);
    printf(" %10.1f %8.2f  %s\n", least, least * 1000 / (double)raw.n, flagged ? "flagged" : "-");
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-scan RULES-DIR\n");
        return 64;
    }
    struct bench b = {.limits = limits_default()};
    struct diags diags;
    diags_init(&diags);
    const char *const paths[] = {argv[1]};
    const struct ruleset_source source = {.paths = paths, .n_paths = 1, .prove = true};
    struct ruleset *ruleset = NULL;
    double start = bench_now();
    if (ruleset_load(&source, &b.limits, &diags, &ruleset) != STATUS_OK) {
        fprintf(stderr, "bench-scan: %s does not load; try extortctl lint\n", argv[1]);
        return 78;
    }
    printf("%u rules loaded and proven in %.1f ms\n\n", ruleset_n_rules(ruleset),
           (bench_now() - start) / 1000);
    b.ruleset = ruleset;
    arena_init(&b.arena, b.limits.arena_bytes);
    b.words = indicator_words_new();
    if (b.words == NULL || mail_reader_new(&b.reader) != STATUS_OK ||
        matcher_new(ruleset, &b.limits, true, &b.matcher) != STATUS_OK)
        return 71;
    printf("%-28s %8s", "message (us a stage)", "bytes");
    for (unsigned s = 0; s < STAGES; s++)
        printf(" %10s", stage_names[s]);
    printf(" %10s %8s\n", "total us", "ns/byte");

    static const size_t sizes[] = {2000, 20000, 200000};
    struct text_out mail = {malloc(MAX), 0};
    bool ok = mail.p != NULL;
    for (unsigned s = 0; ok && s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned form = 0; ok && form < 4; form++) {
            char name[64];
            snprintf(name, sizeof name, "%zu kB %s%s", sizes[s] / 1000,
                     form & 1 ? "plain+html" : "plain", form & 2 ? ", letter" : "");
            mail_make(&mail, sizes[s], (form & 1) != 0, (form & 2) != 0);
            ok = bench_mail(&b, name, (struct view){mail.p, mail.n});
        }
    free(mail.p);
    indicator_words_free(&b.words);
    matcher_free(&b.matcher);
    mail_reader_free(&b.reader);
    arena_fini(&b.arena);
    ruleset_free(&ruleset);
    diags_fini(&diags);
    return ok ? 0 : 70;
}

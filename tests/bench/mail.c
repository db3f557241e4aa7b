#include "mail.h"

#include <string.h>

#include "bench.h"

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

const char mail_letter[] =
    "I have had access to your computer for months and I recorded you with your own camera. "
    "If you do not pay 900 USD in bitcoin within 48 hours, I will send the video to all your "
    "contacts and your family. My wallet: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 . Do not "
    "go to the police. When I get the money I will delete everything.\n\n";

static bool out_add(struct buf *o, const char *s)
{
    return buf_add(o, view_of(s)) == STATUS_OK;
}

static bool out_prose(struct buf *o, size_t bytes, bool with_letter)
{
    uint64_t seed = 7;
    size_t end = o->n + bytes, column = 0;
    bool good = !with_letter || out_add(o, mail_letter);
    while (good && o->n < end) {
        const char *word = bench_random(&seed, 15) == 0
                               ? loaded[bench_random(&seed, sizeof loaded / sizeof *loaded)]
                               : ordinary[bench_random(&seed, sizeof ordinary / sizeof *ordinary)];
        column += strlen(word) + 1;
        good = out_add(o, word) && (bench_random(&seed, 12) != 0 || out_add(o, ".")) &&
               out_add(o, column > 70 ? "\n" : " ");
        column = column > 70 ? 0 : column;
    }
    return good && out_add(o, "\n");
}

bool mail_base64(struct buf *o, struct view v)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool good = true;
    for (size_t i = 0; i + 2 < v.n && good; i += 3) {
        uint32_t b = (uint32_t)(unsigned char)v.p[i] << 16 |
                     (uint32_t)(unsigned char)v.p[i + 1] << 8 | (unsigned char)v.p[i + 2];
        char quad[6] = {digits[b >> 18], digits[b >> 12 & 63], digits[b >> 6 & 63], digits[b & 63],
                        (i / 3 + 1) % 19 == 0 ? '\n' : '\0'};
        good = out_add(o, quad);
    }
    return good && out_add(o, "\n");
}

bool mail_quoted(struct buf *o, struct view v)
{
    bool good = true;
    for (size_t i = 0, column = 0; i < v.n && good; i++) {
        unsigned char c = (unsigned char)v.p[i];
        bool plain = (c >= ' ' && c < 127 && c != '=') || c == '\n';
        if (column > 72 && c != '\n') {
            good = out_add(o, "=\n");
            column = 0;
        }
        good = good && (plain ? buf_add_byte(o, (char)c) : buf_addf(o, "=%02X", c)) == STATUS_OK;
        column = c == '\n' ? 0 : column + (plain ? 1 : 3);
    }
    return good;
}

static bool out_headers(struct buf *o, const char *more)
{
    return out_add(o, "Received: from a.example ([192.0.2.1]) by b.example; Mon, 23 Nov 2026 "
                      "10:00:00 +0000\n"
                      "Received: from c.example ([192.0.2.2]) by a.example; Mon, 23 Nov 2026 "
                      "09:59:58 +0000\n"
                      "From: Anna Example <anna@example.org>\nTo: Bob Example <bob@example.net>\n"
                      "Subject: Figures for the third quarter\n"
                      "Date: Mon, 23 Nov 2026 09:59:57 +0000\n"
                      "Message-ID: <1@example.org>\nMIME-Version: 1.0\n") &&
           out_add(o, more);
}

bool mail_business(struct buf *o, size_t bytes, bool two_parts, bool with_letter)
{
    struct buf html;
    buf_clear(o);
    if (!two_parts)
        return out_headers(o, "Content-Type: text/plain; charset=utf-8\n\n") &&
               out_prose(o, bytes, with_letter);
    buf_init(&html, bytes * 2 + (1 << 16));
    bool good = out_add(&html, "<html><head><style>p { margin: 0 }</style></head><body>");
    while (good && html.n < bytes * 3 / 4)
        good =
            out_add(&html, "<p style=\"color:#333\">") &&
            out_prose(&html, 400, with_letter && html.n < 1000) &&
            out_add(&html, "<a href=\"https://www.example.org/page?x=1&amp;y=2\">more</a></p>\n");
    good = good && out_add(&html, "</body></html>") &&
           out_headers(o, "Content-Type: multipart/alternative; boundary=\"=_b\"\n\n--=_b\n"
                          "Content-Type: text/plain; charset=utf-8\n"
                          "Content-Transfer-Encoding: quoted-printable\n\n") &&
           out_prose(o, bytes / 4, with_letter) &&
           out_add(o, "--=_b\nContent-Type: text/html; charset=utf-8\n"
                      "Content-Transfer-Encoding: base64\n\n") &&
           mail_base64(o, buf_view(&html)) && out_add(o, "--=_b--\n");
    buf_fini(&html);
    return good;
}

/* Rules let loose on ordinary mail, and regexes on texts that should tire them. */
#include <string.h>

#include "rule/lint.h"

/* Three mails that have nothing in common but being ordinary. */
static const char *const probes[] = {
    "Return-Path: <anna@one.example>\nReceived: from mx.one.example (mx.one.example [192.0.2.1])\n"
    "\tby mx.two.example; Mon, 2 Nov 2026 10:00:00 +0000\nFrom: Anna Ek <anna@one.example>\n"
    "To: Ben Lund <ben@two.example>\nSubject: Lunch\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n"
    "Message-ID: <1@one.example>\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n\nHi Ben, soup or salad? The canteen has both.\n",
    "Return-Path: <news@three.example>\nFrom: Garden News <news@three.example>\n"
    "To: list@four.example\nSubject: Tulips\nDate: Tue, 3 Nov 2026 07:30:00 +0100\n"
    "Message-ID: <2@three.example>\nMIME-Version: 1.0\nList-Id: <news.three.example>\n"
    "List-Unsubscribe: <https://three.example/u>\n"
    "Content-Type: text/html; charset=utf-8\n\n<html><body><h1>Tulips</h1><p>Plant the bulbs "
    "now.</p></body></html>\n",
    "From: scanner@five.example\nTo: office@five.example\nSubject: Scan 17\n"
    "Date: Wed, 4 Nov 2026 15:12:00 +0200\nMessage-ID: <3@five.example>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the page.\n"
    "--b\nContent-Type: text/plain; name=page.txt\nContent-Disposition: attachment; "
    "filename=page.txt\n\nShelf 4, box 12.\n--b--\n",
};
enum { N_PROBES = sizeof probes / sizeof probes[0], TIRING_BYTES = 16384 };

struct probing {
    struct load *l;
    struct mail_reader *reader;
    struct matcher *matcher;
    struct indicator_words *words;
    struct arena arena;
    uint32_t *hits; /* per rule: probes that it hit */
};

static enum status probe(struct probing *p, struct view mail)
{
    const struct limits *limits = p->l->limits;
    struct message message;
    struct text text;
    struct indicators indicators;
    struct matches matches;
    arena_reset(&p->arena);
    enum status status = message_parse(p->reader, mail, limits, &p->arena, &message);
    if (status == STATUS_OK)
        status = text_read(p->reader, &message, limits, &p->arena, &text);
    if (status == STATUS_OK)
        status = indicators_find(p->words, &text, limits, &p->arena, &indicators);
    struct facts facts = {p->reader, &message, &text, &indicators, NULL};
    if (status == STATUS_OK)
        status = matcher_run(p->matcher, &facts, &p->arena, &matches);
    for (uint32_t i = 0; status == STATUS_OK && i < p->l->r->n_rules; i++)
        p->hits[i] += matches.outcome[i] == OUTCOME_YES;
    return status;
}

static void lint_ordinary(struct probing *p)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < N_PROBES && status == STATUS_OK; i++)
        status = probe(p, view_of(probes[i]));
    p->l->no_memory = p->l->no_memory || status == STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < p->l->r->n_rules && status == STATUS_OK; i++) {
        const struct rule_draft *d = &p->l->draft[i];
        if (p->hits[i] == N_PROBES && draft_counts(d) && !lint_bare(p->l, d))
            remark(p->l, d->origin, "ask for more, or make it a helper (no facet) of a condition",
                   "the rule hits ordinary mail whatever it says, so it tells nothing");
    }
}

/* The text of a proof over and over, without its last letter, which a bad pattern never forgets. */
static void tire(struct load *l, struct regex_runner *runner, const struct rule_draft *d,
                 const char *text, struct buf *subject)
{
    const struct regex *regex = d->rule.u.regex.regex;
    size_t n = strlen(text);
    buf_clear(subject);
    while (n > 1 && subject->n + n < TIRING_BYTES)
        if (buf_add(subject, (struct view){text, n - 1}) != STATUS_OK)
            return;
    struct span span;
    size_t from = 0;
    enum regex_result result = REGEX_MATCH;
    while (result == REGEX_MATCH && from < subject->n) {
        result = regex_find(runner, regex, buf_view(subject), from, &span);
        from = span.to > span.from ? span.to : span.from + 1u;
    }
    if (result == REGEX_LIMIT || result == REGEX_FAILED)
        remark(l, d->origin, "avoid repetitions in repetitions, such as (a+)+, and \".*\" in a row",
               "the pattern gives up on %u bytes made of its own proof: it is too slow",
               (unsigned)subject->n);
}

static void lint_regexes(struct load *l)
{
    struct regex_runner *runner = NULL;
    struct buf subject;
    buf_init(&subject, TIRING_BYTES);
    if (regex_runner_new(l->limits, &runner) != STATUS_OK) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->rule_names.n; i++) {
        const struct rule_draft *d = &l->draft[i];
        size_t had = l->diags->n;
        for (uint32_t k = 0; d->rule.kind == RULE_REGEX && !d->off && k < d->n_proofs; k++)
            if (!d->proof[k].message && l->diags->n == had)
                tire(l, runner, d, d->proof[k].text, &subject);
    }
    regex_runner_free(&runner);
    buf_fini(&subject);
}

void lint_probes(struct load *l)
{
    struct probing p = {.l = l};
    arena_init(&p.arena, l->limits->arena_bytes);
    p.hits = arena_calloc(&l->arena, (size_t)l->r->n_rules + 1, sizeof *p.hits);
    p.words = indicator_words_new();
    bool ready = p.hits != NULL && p.words != NULL && mail_reader_new(&p.reader) == STATUS_OK &&
                 matcher_new(l->r, l->limits, true, &p.matcher) == STATUS_OK;
    if (ready)
        lint_ordinary(&p);
    l->no_memory = l->no_memory || p.hits == NULL || p.words == NULL;
    indicator_words_free(&p.words);
    matcher_free(&p.matcher);
    mail_reader_free(&p.reader);
    arena_fini(&p.arena);
    lint_regexes(l);
}

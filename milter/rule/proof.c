/*
 * The proof that rules carry: every hit text must hit its rule, every miss text must not. Each text
 * goes the way that a message goes, and only the rule in question and what it needs are matched.
 */
#include <string.h>

#include "rule/load.h"
#include "rule/matcher.h"

struct proving {
    struct load *load;
    struct mail_reader *reader;
    struct matcher *matcher;
    struct indicator_words *words;
    struct arena arena;
    struct buf mail;
    bool *needed;
};

/* The text put where the rule reads: in the body, unless it reads elsewhere. */
static bool mail_write(struct buf *mail, const struct proof *proof, const struct rule *rule)
{
    struct view text = view_of(proof->text);
    static const struct view from = VIEW_LITERAL("From: a@example.org\nTo: b@example.org\n");
    static const struct view plain =
        VIEW_LITERAL("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n");
    static const struct view html =
        VIEW_LITERAL("MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n");
    buf_clear(mail);
    if (proof->message)
        return buf_add(mail, text) == STATUS_OK;
    enum regex_subject on = rule->kind == RULE_REGEX ? rule->u.regex.on : SUBJECT_FOLDED;
    unsigned reads = rule->where;
    bool words = on == SUBJECT_FOLDED || on == SUBJECT_VISIBLE;
    bool body = reads & (1u << SEGMENT_BODY | 1u << SEGMENT_FILE);
    struct view before = VIEW_NONE, after = VIEW_NONE;
    if (on == SUBJECT_HEADER) {
        if (buf_add(mail, from) != STATUS_OK || buf_add(mail, rule->u.regex.header) != STATUS_OK)
            return false;
        before = VIEW(": ");
        after = VIEW("\n\n");
    } else if (on == SUBJECT_LINK) {
        before = VIEW("<p><a href=\"");
        after = VIEW("\">here</a></p>\n");
    } else if (on == SUBJECT_FILENAME || (words && reads == 1u << SEGMENT_FILENAME)) {
        before = VIEW("Content-Type: application/octet-stream\n"
                      "Content-Disposition: attachment; filename=\"");
        after = VIEW("\"\n\nx\n");
    } else if (!body && (reads & 1u << SEGMENT_SUBJECT) != 0) {
        before = VIEW("Subject: ");
        after = VIEW("\n\n");
    } else if (!body && (reads & 1u << SEGMENT_SENDER) != 0) {
        before = VIEW("Reply-To: \"");
        after = VIEW("\" <c@example.org>\n\n");
    } else if (!body && (reads & 1u << SEGMENT_HIDDEN) != 0) {
        before = VIEW("<div style=\"display:none\">");
        after = VIEW("</div>\n");
    } else if (!body) {
        before = VIEW("<img src=\"x\" alt=\"");
        after = VIEW("\">\n");
    }
    bool markup = before.n > 0 && before.p[0] == '<';
    bool headers_done = before.n == 0 || markup;
    if (on != SUBJECT_HEADER && buf_add(mail, from) != STATUS_OK)
        return false;
    if (headers_done && buf_add(mail, markup ? html : plain) != STATUS_OK)
        return false;
    return buf_add(mail, before) == STATUS_OK && buf_add(mail, text) == STATUS_OK &&
           buf_add(mail, after) == STATUS_OK;
}

static enum status outcome_find(struct proving *p, uint32_t rule, enum outcome *out)
{
    const struct limits *limits = p->load->limits;
    struct message message;
    struct text text;
    struct indicators indicators;
    struct matches matches;
    arena_reset(&p->arena);
    enum status status = message_parse(p->reader, buf_view(&p->mail), limits, &p->arena, &message);
    if (status == STATUS_OK)
        status = text_read(p->reader, &message, limits, &p->arena, &text);
    if (status == STATUS_OK)
        status = indicators_find(p->words, &text, limits, &p->arena, &indicators);
    struct facts facts = {p->reader, &message, &text, &indicators, NULL};
    if (status == STATUS_OK)
        status = matcher_run(p->matcher, &facts, &p->arena, &matches);
    if (status == STATUS_OK)
        *out = (enum outcome)matches.outcome[rule];
    return status;
}

/* An author's literal that is not in every match keeps a regex from running at all. */
static const char *literal_hint(struct proving *p, uint32_t rule)
{
    enum outcome outcome = OUTCOME_NO;
    if (texts_n(key_texts(p->load->draft[rule].setting, "literal")) == 0)
        return NULL;
    p->matcher->gates = p->matcher->search.gates = false;
    bool hits = outcome_find(p, rule, &outcome) == STATUS_OK && outcome == OUTCOME_YES;
    p->matcher->gates = p->matcher->search.gates = true;
    return hits ? "its literal does not stand in the text" : NULL;
}

static void proof_run(struct proving *p, const struct proof *proof, uint32_t rule)
{
    struct load *l = p->load;
    enum outcome outcome = OUTCOME_UNKNOWN;
    if (!mail_write(&p->mail, proof, &l->r->rule[rule]) ||
        outcome_find(p, rule, &outcome) != STATUS_OK) {
        l->no_memory = true;
        return;
    }
    const char *what = proof->hit ? "hit" : "miss";
    if (outcome == OUTCOME_UNKNOWN)
        complain(l, proof->origin, "the rule asks for what a text alone does not tell",
                 "proof failed: %s \"%.300s\" could not be decided", what, proof->text);
    else if (proof->hit && outcome == OUTCOME_NO)
        complain(l, proof->origin, literal_hint(p, rule),
                 "proof failed: it does not hit \"%.300s\"", proof->text);
    else if (!proof->hit && outcome == OUTCOME_YES)
        complain(l, proof->origin, NULL, "proof failed: it hits \"%.300s\", which it must miss",
                 proof->text);
}

static void proofs_of(struct proving *p, uint32_t rule)
{
    struct load *l = p->load;
    const struct rule_draft *d = &l->draft[rule];
    if (d->off || d->n_proofs == 0)
        return;
    rule_needs(l->r, rule, p->needed);
    matcher_want(p->matcher, p->needed);
    for (uint32_t i = 0; i < d->n_proofs && !l->no_memory; i++)
        proof_run(p, &d->proof[i], rule);
}

void proofs_run(struct load *l)
{
    struct proving p = {.load = l};
    arena_init(&p.arena, l->limits->arena_bytes);
    buf_init(&p.mail, l->limits->message_bytes);
    p.needed = arena_calloc(&l->arena, (size_t)l->r->n_rules + 1, sizeof *p.needed);
    enum status status = mail_reader_new(&p.reader);
    if (status == STATUS_IO)
        diags_add(l->diags, DIAG_ERROR, NULL, 0, NULL, "is libmagic's data installed?",
                  "libmagic cannot be used");
    l->io_failed = l->io_failed || status == STATUS_IO;
    if (status == STATUS_OK)
        status = matcher_new(l->r, l->limits, true, &p.matcher);
    if (status == STATUS_OK && (p.words = indicator_words_new()) == NULL)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_NO_MEMORY || p.needed == NULL)
        l->no_memory = true;
    for (uint32_t i = 0; status == STATUS_OK && i < l->r->n_rules && !l->no_memory; i++)
        proofs_of(&p, i);
    indicator_words_free(&p.words);
    matcher_free(&p.matcher);
    mail_reader_free(&p.reader);
    buf_fini(&p.mail);
    arena_fini(&p.arena);
}

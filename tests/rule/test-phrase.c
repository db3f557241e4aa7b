/* The syntax of phrases: what is taken, and what is said of what is not. */
#include <stdlib.h>

#include "../test.h"
#include "rule/phrase-parse.h"

struct lists {
    struct words *words;
    uint32_t animals;
};

static uint32_t list_find(void *context, struct view name, struct phrase_error *error)
{
    const struct lists *lists = context;
    if (view_eq(name, VIEW("animals")))
        return lists->animals;
    if (!view_eq(name, VIEW("broken")))
        snprintf(error->message, sizeof error->message, "there is no list {%.*s}", VIEW_ARG(name));
    return TERM_NONE;
}

struct parsed {
    struct arena arena, scratch;
    struct words words;
    struct lists lists;
    struct phrase_draft draft;
    struct phrase_error error;
    bool ok;
};

static void parse(struct parsed *p, const char *text, bool short_words)
{
    arena_init(&p->arena, 1 << 24);
    arena_init(&p->scratch, 1 << 24);
    words_init(&p->words, &p->arena);
    uint32_t atoms[] = {words_atom(&p->words, ATOM_WORD, VIEW("cat")),
                        words_atom(&p->words, ATOM_STEM, VIEW("dog"))};
    p->lists = (struct lists){&p->words, words_term(&p->words, atoms, 2)};
    struct phrase_reader reader = {&p->words, &p->arena, &p->scratch,
                                   list_find, &p->lists, short_words};
    p->ok = phrase_parse(&reader, view_of(text), &p->draft, &p->error);
}

static void parsed_fini(struct parsed *p)
{
    arena_fini(&p->scratch);
    arena_fini(&p->arena);
}

/* "cat|dog*" for a term */
static void term_write(const struct words *w, uint32_t term, struct buf *out)
{
    for (uint32_t i = 0; i < w->term[term].n; i++) {
        const struct atom *a = &w->atom[w->term[term].atoms[i]];
        buf_addf(out, "%s%s%.*s%s", i > 0 ? "|" : "", a->kind == ATOM_ENDING ? "*" : "",
                 VIEW_ARG(a->bytes), a->kind == ATOM_STEM ? "*" : "");
        if (a->kind == ATOM_NUMBER)
            buf_add_byte(out, '#');
        if (a->kind == ATOM_INDICATOR)
            buf_addf(out, "!");
    }
}

/* The graph as text: each node with its edges; ^ first, $ last, ! required, @ anchor. */
static void graph_write(const struct parsed *p, struct buf *out)
{
    const struct phrase_draft *d = &p->draft;
    for (uint32_t v = 0; v < d->n; v++) {
        buf_addf(out, "%s%u%s%s%s%s ", v > 0 ? "; " : "", v, d->first >> v & 1 ? "^" : "",
                 d->last >> v & 1 ? "$" : "", d->required >> v & 1 ? "!" : "",
                 d->anchors >> v & 1 ? "@" : "");
        term_write(&p->words, d->term[v], out);
        for (uint32_t e = 0; e < d->n_edges; e++)
            if (d->edge[e].to == v)
                buf_addf(out, " <%u~%u", d->edge[e].from, d->edge[e].gap);
    }
}

static void test_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"word", "0^$!@ word"},
        {"  Word  ", "0^$!@ word"},
        {"two words", "0^! two; 1$!@ words <0~0"},
        {"one ~3 two", "0^!@ one; 1$! two <0~3"},
        {"first ~2 ~3 two", "0^!@ first; 1$! two <0~5"},
        {"stem*", "0^$!@ stem*"},
        {"*ending", "0^$!@ *ending"},
        {"co-worker*", "0^! co; 1$!@ worker* <0~0"},
        {"I've", "0^! i; 1$!@ ve <0~0"},
        {"(i|we) send", "0^! i|we; 1$!@ send <0~0"},
        {"(b|a|a) send", "0^! b|a; 1$!@ send <0~0"},
        {"{animals} run", "0^! cat|dog*; 1$!@ run <0~0"},
        {"({animals}|bird) ran", "0^! cat|dog*|bird; 1$!@ ran <0~0"},
        {"[the] video", "0^ the; 1^$!@ video <0~0"},
        {"a [b] cat", "0^! a; 1 b <0~0; 2$!@ cat <0~0 <1~0"},
        {"a ~1 [b] ~2 cat", "0^! a; 1 b <0~1; 2$!@ cat <0~3 <1~2"},
        {"a [b|c d] cat", "0^! a; 1 b <0~0; 2 c <0~0; 3 d <2~0; 4$!@ cat <0~0 <1~0 <3~0"},
        {"cat [b]", "0^$!@ cat; 1$ b <0~0"},
        {"cat ~2 [dog]", "0^$!@ cat; 1$ dog <0~2"},
        {"[cat] ~2 dog", "0^ cat; 1^$!@ dog <0~2"},
        {"t me", "0^! t; 1$!@ me <0~0"},
        {"# (tbps|tb s)", "0^!@ #; 1$ tbps <0~0; 2 tb <0~0; 3$ s <2~0"},
        {"(am going to|will) send", "0^ am; 1 going <0~0; 2 to <1~0; 3^ will; 4$!@ send <2~0 <3~0"},
        {"(bomb alert|mine field)", "0^ bomb; 1$@ alert <0~0; 2^ mine; 3$@ field <2~0"},
        {"# hours", "0^! #; 1$!@ hours <0~0"},
        {"within <deadline> now", "0^! within; 1!@ deadline! <0~0; 2$! now <1~0"},
        {"((cat))", "0^$!@ cat"},
        {"\xE5\x8B\x95\xE7\x94\xBB", "0^$!@ \xE5\x8B\x95\xE7\x94\xBB"},
        {"btc\xE9\x80\x81\xE9\x87\x91", "0^! btc; 1$!@ \xE9\x80\x81\xE9\x87\x91 <0~0"},
        {"P\xC3\x84IV\xC3\x84", "0^$!@ paiva"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct parsed p;
        struct buf out;
        buf_init(&out, 1 << 16);
        parse(&p, rows[i].text, false);
        failures += row_check(p.ok, rows[i].text, p.error.message);
        if (p.ok) {
            graph_write(&p, &out);
            failures += row_view(buf_view(&out), view_of(rows[i].want), rows[i].text, "graph");
        }
        buf_fini(&out);
        parsed_fini(&p);
    }
    assert_int_equal(failures, 0);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned column;
        const char *message, *hint;
    } rows[] = {
        {"", 1, "nothing stands here", "write [x] for what may be absent"},
        {"   ", 1, "nothing stands here", "write [x] for what may be absent"},
        {"cat ~", 5, "'~' needs a number from 0 to 20 right after it",
         "write ~3 for up to three words between"},
        {"cat ~21 dog", 5, "'~' needs a number from 0 to 20 right after it",
         "write ~3 for up to three words between"},
        {"cat ~ 2 dog", 5, "'~' needs a number from 0 to 20 right after it",
         "write ~3 for up to three words between"},
        {"~2 cat", 1, "'~' at the beginning of a phrase says nothing", "leave it out"},
        {"cat ~2", 5, "'~' at the end of a phrase says nothing", "leave it out"},
        {"cat [dog] ~2  ", 11, "'~' at the end of a phrase says nothing", "leave it out"},
        {"(cat|dog", 1, "'(' is never closed with ')'", ""},
        {"cat [dog", 5, "'[' is never closed with ']'", ""},
        {"cat) dog", 4, "')' closes nothing", ""},
        {"cat ] dog", 5, "']' closes nothing", ""},
        {"cat | dog", 5, "'|' stands outside of brackets", "write (this|that), or two phrases"},
        {"(cat|) dog", 6, "nothing stands here", "write [x] for what may be absent"},
        {"(|cat) dog", 2, "nothing stands here", "write [x] for what may be absent"},
        {"() dog", 2, "nothing stands here", "write [x] for what may be absent"},
        {"[cat]", 1, "the phrase would match nothing at all",
         "at least one word must not stand in [ ]"},
        {"[cat] [dog]", 1, "the phrase would match nothing at all",
         "at least one word must not stand in [ ]"},
        {"{animals", 1, "'{' is never closed with '}'", ""},
        {"the {plants} grow", 5, "there is no list {plants}", ""},
        {"the {broken} list", 1, "", ""},
        {"<amont> now", 1, "there is no indicator <amont>", "did you mean <amount>?"},
        {"<zzzzzz> now", 1, "there is no indicator <zzzzzz>", "see docs/RULES.md for the kinds"},
        {"ca*t", 3, "'*' may stand at the beginning or at the end of a word",
         "write stem* or *ending"},
        {"*middle*", 8, "'*' may stand at the beginning or at the end of a word",
         "write stem* or *ending"},
        {"the *end", 5, "an ending needs 4 letters or more",
         "list the words, or write a longer ending"},
        {"c* cat", 1, "a stem needs 2 letters or more", "list the words, or write a longer stem"},
        {"cat - dog", 5, "\"-\" has no letters, so it can never match",
         "only letters and digits are matched; leave it out, or write ~1"},
        {"p\xC3\xA4iv\xC3\xA4 ... dog", 7, "\"...\" has no letters, so it can never match",
         "only letters and digits are matched; leave it out, or write ~1"},
        {"it", 1, "one word of one or two letters would hit everywhere",
         "add the words that stand around it"},
        {"it [video]", 1, "one word of one or two letters would hit everywhere",
         "add the words that stand around it"},
        {"(cat a|it)", 1, "one word of one or two letters would hit everywhere",
         "add the words that stand around it"},
        {"((((((((((cat))))))))))", 9, "brackets nested deeper than 8", "use a word list"},
        {"cat ~20 ~20 ~20 ~20 ~20 ~20 dog", 28, "more than 100 words may be skipped",
         "split it into near = [ ... ]"},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct parsed p;
        parse(&p, rows[i].text, false);
        failures += row_check(!p.ok, rows[i].text, "was taken");
        failures += row_check(p.error.column == rows[i].column, rows[i].text, "column");
        failures +=
            row_view(view_of(p.error.message), view_of(rows[i].message), rows[i].text, "message");
        failures += row_view(view_of(p.error.hint), view_of(rows[i].hint), rows[i].text, "hint");
        parsed_fini(&p);
    }
    assert_int_equal(failures, 0);
}

static void test_bounds(void **state)
{
    (void)state;
    struct parsed p;
    struct buf text;
    buf_init(&text, 1 << 16);
    for (int i = 0; i < PHRASE_NODES_MAX; i++)
        buf_addf(&text, "word%d ", i);
    size_t n = text.n;
    buf_add_byte(&text, '\0');
    parse(&p, text.p, false);
    assert_true(p.ok);
    assert_int_equal(p.draft.n, PHRASE_NODES_MAX);
    parsed_fini(&p);
    text.n = n;
    buf_add(&text, (struct view){"more", 5});
    parse(&p, text.p, false);
    assert_false(p.ok);
    assert_string_equal(p.error.message, "the phrase has more than 64 words");
    parsed_fini(&p);
    /* every optional word may be followed by every later one */
    buf_clear(&text);
    for (int i = 0; i < 40; i++)
        buf_addf(&text, "[word%d] ", i);
    buf_add(&text, (struct view){"end", 4});
    parse(&p, text.p, false);
    assert_false(p.ok);
    assert_string_equal(p.error.message, "the phrase has too many optional words");
    parsed_fini(&p);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

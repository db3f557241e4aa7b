#include "rule/phrase-parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule/array.h"
#include "rule/phrase-piece.h"

enum { TOKEN_WORDS_MAX = 32, ENDING_LETTERS_MIN = 4, STEM_LETTERS_MIN = 2 };

struct parser {
    const struct phrase_reader *reader;
    struct view text;
    size_t at;
    unsigned depth;
    size_t item; /* where the last item outside of brackets began */
    struct graph graph;
    uint32_t term[PHRASE_NODES_MAX];  /* by node */
    struct span of[PHRASE_NODES_MAX]; /* by node: its text */
    uint32_t joined; /* the node that the alternatives just read became, or UINT32_MAX */
    uint64_t cut[PHRASE_NODES_MAX]; /* see phrase_draft */
    uint32_t n_cuts;
    struct phrase_error *error;
};

static bool fail(struct parser *p, size_t at, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool fail(struct parser *p, size_t at, const char *hint, const char *format, ...)
{
    p->error->column = 1;
    uint32_t cp;
    for (size_t i = 0; i < at && i < p->text.n; p->error->column++)
        i += utf8_decode(p->text.p + i, p->text.n - i, &cp);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(p->error->message, sizeof p->error->message, format, args);
    va_end(args);
    (void)snprintf(p->error->hint, sizeof p->error->hint, "%s", hint);
    return false;
}

static bool append(struct parser *p, struct piece *left, const struct piece *right)
{
    return piece_append(&p->graph, left, right) ||
           fail(p, p->at, "split it into near = [ ... ]", "more than %d words may be skipped",
                GAP_SUM_MAX);
}

static void node_piece(const struct parser *p, uint32_t node, struct piece *out)
{
    piece_node(out, node, term_cost(p->reader->words, p->term[node]));
}

static bool node_add(struct parser *p, size_t at, uint32_t term, struct piece *out)
{
    if (term == TERM_NONE)
        return false;
    if (p->graph.n == PHRASE_NODES_MAX)
        return fail(p, at, "split it", "the phrase has more than %d words", PHRASE_NODES_MAX);
    uint32_t node = graph_add(&p->graph);
    p->term[node] = term;
    p->of[node] = (struct span){(uint32_t)at, (uint32_t)p->at};
    node_piece(p, node, out);
    return true;
}

static bool atom_add(struct parser *p, size_t at, enum atom_kind kind, struct view bytes,
                     struct piece *out)
{
    uint32_t atom = words_atom(p->reader->words, kind, bytes);
    return atom != ATOM_NONE && node_add(p, at, words_term(p->reader->words, &atom, 1), out);
}

static bool word_cjk(struct view v)
{
    uint32_t cp = 0;
    if (v.n > 0)
        (void)utf8_decode(v.p, v.n, &cp);
    return text_cjk(cp);
}

static size_t letters_of(struct view v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n; i++)
        n += ((unsigned char)v.p[i] & 0xC0u) != 0x80u;
    return n;
}

/* The words i.. of folded that make one atom: one word, or CJK characters in a row, joined. */
static struct view atom_bytes(struct parser *p, struct view folded, const struct word *word,
                              uint32_t n, uint32_t *i)
{
    struct view one = view_sub(folded, word[*i].from, (size_t)word[*i].from + word[*i].length);
    (*i)++;
    if (!word_cjk(one))
        return one;
    char *joined = arena_alloc(p->reader->scratch, folded.n);
    if (joined == NULL) {
        p->reader->words->no_memory = true;
        return VIEW_NONE;
    }
    memcpy(joined, one.p, one.n);
    size_t used = one.n;
    for (; *i < n; (*i)++) {
        one = view_sub(folded, word[*i].from, (size_t)word[*i].from + word[*i].length);
        if (!word_cjk(one))
            break;
        memcpy(joined + used, one.p, one.n);
        used += one.n;
    }
    return (struct view){joined, used};
}

/* A token without syntax inside: a word, stem*, *ending, or what folds to several words. */
static bool token_parse(struct parser *p, size_t from, size_t to, struct piece *out)
{
    struct view raw = view_sub(p->text, from, to);
    bool ending = raw.n > 0 && raw.p[0] == '*', stem = raw.n > 1 && raw.p[raw.n - 1] == '*';
    struct view plain = view_sub(raw, ending, raw.n - stem);
    size_t star = view_find_byte(plain, '*');
    if (star < plain.n || (ending && stem))
        return fail(p, ending && stem ? to - 1 : from + ending + star, "write stem* or *ending",
                    "'*' may stand at the beginning or at the end of a word");
    arena_reset(p->reader->scratch);
    struct view folded = text_fold(plain, p->reader->scratch);
    if (folded.p == NULL && plain.n > 0) {
        p->reader->words->no_memory = true;
        return false;
    }
    struct word word[TOKEN_WORDS_MAX];
    uint32_t n = text_split(folded, word, TOKEN_WORDS_MAX);
    if (n == 0)
        return fail(p, from, "only letters and digits are matched; leave it out, or write ~1",
                    "\"%.*s\" has no letters, so it can never match", VIEW_ARG(raw));
    if (n > TOKEN_WORDS_MAX)
        return fail(p, from, "split it", "\"%.*s\" is too long", VIEW_ARG(raw));
    piece_nothing(out, 0);
    for (uint32_t i = 0; i < n;) {
        bool begins = i == 0;
        struct view bytes = atom_bytes(p, folded, word, n, &i);
        bool cjk = word_cjk(bytes);
        enum atom_kind kind = ATOM_WORD;
        if (ending && begins && !cjk)
            kind = ATOM_ENDING;
        else if (stem && i == n && !cjk)
            kind = ATOM_STEM;
        if (kind == ATOM_ENDING && letters_of(bytes) < ENDING_LETTERS_MIN)
            return fail(p, from, "list the words, or write a longer ending",
                        "an ending needs %d letters or more", ENDING_LETTERS_MIN);
        if (kind == ATOM_STEM && letters_of(bytes) < STEM_LETTERS_MIN)
            return fail(p, from, "list the words, or write a longer stem",
                        "a stem needs %d letters or more", STEM_LETTERS_MIN);
        struct piece one;
        if (!atom_add(p, from, kind, bytes, &one) || !append(p, out, &one))
            return false;
    }
    return true;
}

static bool gap_parse(struct parser *p, struct piece *out)
{
    size_t from = p->at++, digits = p->at;
    while (p->at < p->text.n && ascii_is_digit((unsigned char)p->text.p[p->at]))
        p->at++;
    uint64_t n;
    if (!view_to_u64(view_sub(p->text, digits, p->at), GAP_MAX, &n))
        return fail(p, from, "write ~3 for up to three words between",
                    "'~' needs a number from 0 to %d right after it", GAP_MAX);
    piece_nothing(out, (int8_t)n);
    return true;
}

/* The text between the bracket at p->at and close; moves past close. */
static bool name_parse(struct parser *p, char close, struct view *out)
{
    size_t from = p->at++;
    size_t end = from + view_find_byte(view_sub(p->text, from, p->text.n), close);
    if (end >= p->text.n)
        return fail(p, from, "", "'%c' is never closed with '%c'", p->text.p[from], close);
    *out = view_trim(view_sub(p->text, p->at, end));
    p->at = end + 1;
    return true;
}

static bool list_parse(struct parser *p, struct piece *out)
{
    size_t from = p->at;
    struct view name = VIEW_NONE;
    if (!name_parse(p, '}', &name))
        return false;
    p->error->message[0] = p->error->hint[0] = '\0';
    uint32_t term = p->reader->list(p->reader->context, name, p->error);
    if (term != TERM_NONE)
        return node_add(p, from, term, out);
    struct phrase_error said = *p->error;
    return said.message[0] != '\0' ? fail(p, from, said.hint, "%s", said.message) : false;
}

static bool indicator_parse(struct parser *p, struct piece *out)
{
    size_t from = p->at;
    struct view name = VIEW_NONE;
    if (!name_parse(p, '>', &name))
        return false;
    if (indicator_kind_find(name) != INDICATOR_KINDS)
        return atom_add(p, from, ATOM_INDICATOR, name, out);
    const char *known[INDICATOR_KINDS + 1] = {NULL};
    for (int k = 0; k < INDICATOR_KINDS; k++)
        known[k] = indicator_kind_name((enum indicator_kind)k);
    const char *written = arena_string(p->reader->arena, name);
    const char *near = written != NULL ? diags_nearest(written, known) : NULL;
    char hint[100] = "see docs/RULES.md for the kinds";
    if (near != NULL)
        (void)snprintf(hint, sizeof hint, "did you mean <%s>?", near);
    return fail(p, from, hint, "there is no indicator <%.*s>", VIEW_ARG(name));
}

static bool alternatives_parse(struct parser *p, char close, struct piece *out);

static bool group_parse(struct parser *p, struct piece *out)
{
    size_t from = p->at++;
    bool optional = p->text.p[from] == '[';
    char close = optional ? ']' : ')';
    if (++p->depth > PHRASE_DEPTH_MAX)
        return fail(p, from, "use a word list", "brackets nested deeper than %d", PHRASE_DEPTH_MAX);
    if (!alternatives_parse(p, close, out))
        return false;
    if (p->at >= p->text.n)
        return fail(p, from, "", "'%c' is never closed with '%c'", p->text.p[from], close);
    p->at++;
    p->depth--;
    if (p->joined != UINT32_MAX)
        p->of[p->joined] = (struct span){(uint32_t)from, (uint32_t)p->at};
    if (optional)
        piece_optional(out);
    return true;
}

static bool item_parse(struct parser *p, struct piece *out)
{
    static const char syntax[] = "()[]{}<>|~# \t\r\n";
    size_t from = p->at;
    switch (p->text.p[from]) {
    case '(':
    case '[':
        return group_parse(p, out);
    case '{':
        return list_parse(p, out);
    case '<':
        return indicator_parse(p, out);
    case '~':
        return gap_parse(p, out);
    case '#':
        p->at++;
        return atom_add(p, from, ATOM_NUMBER, VIEW_NONE, out);
    case ')':
    case ']':
    case '}':
    case '>':
        return fail(p, from, "", "'%c' closes nothing", p->text.p[from]);
    case '|':
        return fail(p, from, "write (this|that), or two phrases", "'|' stands outside of brackets");
    default:
        break;
    }
    while (p->at < p->text.n && p->text.p[p->at] != '\0' &&
           strchr(syntax, p->text.p[p->at]) == NULL)
        p->at++;
    if (p->at == from)
        return fail(p, from, "", "a NUL byte");
    return token_parse(p, from, p->at, out);
}

/* Items up to one of the stop characters (or the end). */
static bool sequence_parse(struct parser *p, const char *stop, struct piece *out)
{
    size_t from = p->at;
    bool any = false;
    piece_nothing(out, 0);
    for (;;) {
        while (p->at < p->text.n && ascii_is_space((unsigned char)p->text.p[p->at]))
            p->at++;
        if (p->at >= p->text.n || strchr(stop, p->text.p[p->at]) != NULL)
            break;
        struct piece item = {0};
        if (p->depth == 0)
            p->item = p->at;
        if (p->depth == 0 && !any && p->text.p[p->at] == '~')
            return fail(p, p->at, "leave it out", "'~' at the beginning of a phrase says nothing");
        if (!item_parse(p, &item) || !append(p, out, &item))
            return false;
        if (p->depth == 0 && item.required == 0 && item.pass < 0)
            p->cut[p->n_cuts++] = item.anchors;
        any = true;
    }
    if (!any)
        return fail(p, from, "write [x] for what may be absent", "nothing stands here");
    return true;
}

static bool is_single(const struct piece *piece, uint32_t node)
{
    return piece->pass < 0 && piece->before[node] == 0 && piece->after[node] == 0;
}

/*
 * Alternatives that are one word each become one node, so that (a|b|c) and a list of the same
 * words are the same term.
 */
static bool alternatives_parse(struct parser *p, char close, struct piece *out)
{
    const char stop[] = {'|', close, '\0'};
    uint32_t single = UINT32_MAX, joined = UINT32_MAX, ways = 0;
    struct piece rest;
    piece_nothing(&rest, 0);
    for (;;) {
        uint32_t had = p->graph.n;
        struct piece way;
        if (!sequence_parse(p, stop, &way))
            return false;
        if (p->graph.n == had + 1 && is_single(&way, had)) {
            if (single == UINT32_MAX) {
                single = had;
            } else {
                p->graph.n--;
                joined = single;
                p->term[single] = words_union(p->reader->words, p->term[single], p->term[had]);
                if (p->term[single] == TERM_NONE)
                    return false;
            }
        } else if (ways++ == 0) {
            rest = way;
        } else {
            piece_or(&rest, &way);
        }
        if (p->at >= p->text.n || p->text.p[p->at] != '|')
            break;
        p->at++;
    }
    *out = rest;
    p->joined = joined;
    if (single == UINT32_MAX)
        return true;
    node_piece(p, single, out);
    if (ways > 0)
        piece_or(out, &rest);
    return true;
}

/* Edges by the node they lead to. */
static bool edges_take(struct parser *p, struct phrase_draft *d)
{
    const struct graph *g = &p->graph;
    struct draft_edge edge[PHRASE_EDGES_MAX];
    for (uint32_t v = 0; v < g->n; v++)
        for (uint32_t u = 0; u < v; u++) {
            if (g->gap[u][v] < 0)
                continue;
            if (d->n_edges == PHRASE_EDGES_MAX)
                return fail(p, 0, "split it", "the phrase has too many optional words");
            edge[d->n_edges].from = (uint8_t)u;
            edge[d->n_edges].to = (uint8_t)v;
            edge[d->n_edges++].gap = (uint8_t)g->gap[u][v];
        }
    d->n = g->n;
    d->edge = array_copy(p->reader->arena, edge, d->n_edges, sizeof *edge);
    d->term = array_copy(p->reader->arena, p->term, d->n, sizeof *p->term);
    d->at = array_copy(p->reader->arena, p->of, d->n, sizeof *p->of);
    d->cut = array_copy(p->reader->arena, p->cut, p->n_cuts, sizeof *p->cut);
    d->n_cuts = p->n_cuts;
    bool ok = d->edge != NULL && d->term != NULL && d->at != NULL && d->cut != NULL;
    p->reader->words->no_memory = p->reader->words->no_memory || !ok;
    return ok;
}

static bool draft_finish(struct parser *p, const struct piece *all, struct phrase_draft *d)
{
    *d = (struct phrase_draft){.required = all->required, .anchors = all->anchors};
    if (all->pass >= 0)
        return fail(p, 0, "at least one word must not stand in [ ]",
                    "the phrase would match nothing at all");
    if (p->text.p[p->item] == '~')
        return fail(p, p->item, "leave it out", "'~' at the end of a phrase says nothing");
    for (uint32_t v = 0; v < p->graph.n; v++) {
        bool first = all->before[v] >= 0, last = all->after[v] >= 0;
        bool alone = first && last && term_cost(p->reader->words, p->term[v]) >= TERM_COST_SHORT;
        if (alone && !p->reader->short_words)
            return fail(p, 0, "add the words that stand around it",
                        "one word of one or two letters would hit everywhere");
        d->first |= (uint64_t)first << v;
        d->last |= (uint64_t)last << v;
    }
    return edges_take(p, d);
}

bool phrase_parse(const struct phrase_reader *reader, struct view text, struct phrase_draft *out,
                  struct phrase_error *error)
{
    /* Without zeroing the rest, 6 kB that are written node by node: it is done for every phrase. */
    struct parser p;
    p.reader = reader;
    p.text = text;
    p.error = error;
    p.at = p.item = 0;
    p.depth = 0;
    p.joined = UINT32_MAX;
    p.n_cuts = p.graph.n = 0;
    *error = (struct phrase_error){.column = 1};
    struct piece all;
    return sequence_parse(&p, "", &all) && draft_finish(&p, &all, out);
}

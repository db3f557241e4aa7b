#include "text/reading.h"

/*
 * READABLE: words below which a message has nothing to say; a signature line is about that long.
 * LONGISH: distinct words of WORD bytes and more that both alternatives must have (shorter ones
 * stand in any text). SHARED: per cent of the smaller alternative's words that must stand in the
 * other.
 */
enum { READABLE = 8, LONGISH = 25, WORD = 5, SHARED = 20, BITS = 32768 };

/* Which words occur, by hash; a few collisions do not matter. */
struct word_set {
    uint64_t bits[BITS / 64];
};

static uint32_t word_hash(struct view w)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < w.n; i++)
        h = (h ^ (unsigned char)w.p[i]) * 16777619u;
    return (h ^ h >> 15) % BITS;
}

static void set_fill(const struct reading *r, const struct segment *s, struct word_set *set)
{
    *set = (struct word_set){{0}};
    for (uint32_t i = s->first_word; i < s->first_word + s->n_words; i++) {
        const struct word *w = &r->out->words[i];
        struct view folded = {r->fold.p + w->from, w->length};
        if (folded.n >= WORD || (w->flags & WORD_CJK) != 0) {
            uint32_t h = word_hash(folded);
            set->bits[h / 64] |= UINT64_C(1) << h % 64;
        }
    }
}

static bool sets_differ(const struct word_set *a, const struct word_set *b)
{
    unsigned in_a = 0, in_b = 0, both = 0;
    for (unsigned i = 0; i < BITS / 64; i++) {
        in_a += (unsigned)__builtin_popcountll(a->bits[i]);
        in_b += (unsigned)__builtin_popcountll(b->bits[i]);
        both += (unsigned)__builtin_popcountll(a->bits[i] & b->bits[i]);
    }
    unsigned less = in_a < in_b ? in_a : in_b;
    return less >= LONGISH && both * 100 < less * SHARED;
}

/* The innermost part that holds both. */
static uint32_t common_part(const struct message *m, uint32_t a, uint32_t b)
{
    while (a != b && a != PART_NONE && b != PART_NONE) {
        if (m->parts[a].depth >= m->parts[b].depth)
            a = m->parts[a].parent;
        else
            b = m->parts[b].parent;
    }
    return a == b ? a : PART_NONE;
}

static void alternatives_note(struct reading *r)
{
    const struct message *m = r->message;
    const struct segment *before = NULL;
    struct word_set *sets = NULL;
    for (uint32_t i = 0; i < r->out->n_segments; i++) {
        const struct segment *s = &r->out->segments[i];
        if (s->kind != SEGMENT_BODY)
            continue;
        uint32_t around = before != NULL ? common_part(m, before->part, s->part) : PART_NONE;
        if (around != PART_NONE && around != s->part &&
            view_eq(m->parts[around].subtype, VIEW("alternative")) && before->n_words >= LONGISH &&
            s->n_words >= LONGISH) {
            if (sets == NULL)
                sets = arena_alloc(r->arena, 2 * sizeof *sets);
            if (sets == NULL) {
                r->no_memory = true;
                return;
            }
            set_fill(r, before, &sets[0]);
            set_fill(r, s, &sets[1]);
            if (sets_differ(&sets[0], &sets[1]))
                anomaly_note(&r->out->anomalies, ANOMALY_ALTERNATIVES_DIFFER);
        }
        before = s;
    }
}

static bool part_is_pdf(const struct part *p)
{
    return view_eq_nocase(p->real_type, VIEW("application/pdf")) ||
           (p->real_type.n == 0 && view_eq(p->subtype, VIEW("pdf")));
}

static bool part_is_image(const struct part *p)
{
    return view_starts_nocase(p->real_type, VIEW("image/")) ||
           (p->real_type.n == 0 && view_eq(p->type, VIEW("image")));
}

static void unreadable_note(struct reading *r)
{
    const struct text *t = r->out;
    uint32_t words = 0;
    for (uint32_t i = 0; i < t->n_segments; i++)
        if (t->segments[i].kind == SEGMENT_BODY || t->segments[i].kind == SEGMENT_FILE)
            words += t->segments[i].n_words;
    if (words - r->unseen_words >= READABLE)
        return;
    bool image = r->image, pdf = false;
    for (uint32_t i = 0; i < r->message->n_parts; i++) {
        const struct part *p = &r->message->parts[i];
        if (p->kind != PART_OTHER)
            continue;
        pdf = pdf || part_is_pdf(p);
        image = image || part_is_image(p);
    }
    if (pdf)
        anomaly_note(&r->out->anomalies, ANOMALY_ONLY_PDF);
    else if (image)
        anomaly_note(&r->out->anomalies, ANOMALY_ONLY_IMAGE);
}

void shape_note(struct reading *r)
{
    alternatives_note(r);
    unreadable_note(r);
}

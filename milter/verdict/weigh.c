#include "verdict/weigh.h"

/* Rules of one facet beyond this many add less than a hundredth of a point. */
enum { HEAVIEST = 8 };

/* The rules that are in the window, per facet, heaviest first. */
struct pile {
    double heaviest[HEAVIEST];
    double sum; /* of all */
    uint32_t n;
};

/* What stands in the window: a tally and its facet, which is asked for more often than the rest. */
enum { FACET_BITS = 5 };
_Static_assert(FACET_COUNT < 1 << FACET_BITS, "a bit of a word for each facet");

static uint32_t inside_facet(uint32_t entry)
{
    return entry & ((1U << FACET_BITS) - 1);
}

struct window {
    const struct ruleset *ruleset;
    const struct placement *placement;
    uint32_t n_inside; /* in placement.inside */
    uint32_t dirty;    /* facets whose points are to be summed up again */
    double points[FACET_COUNT], cap[FACET_COUNT];
    bool whole[FACET_COUNT];
};

static bool rule_names(const struct rule_info *rule, uint32_t class_index)
{
    return !rule->shadow && (rule->classes == 0 || (rule->classes >> class_index & 1) != 0);
}

/* For any class at all? */
static bool rule_counts_somewhere(const struct rule_info *rule, uint32_t language)
{
    return rule->facet < FACET_COUNT && rule->facet != FACET_CONTEXT &&
           (rule->language == 0 || rule->language == language);
}

bool rule_counts(const struct rule_info *rule, struct judge as)
{
    return rule_counts_somewhere(rule, as.language) && rule_names(rule, as.class_index);
}

/*
 * In any language: a letter may be cited in one and commented in another. But everyday mail is of
 * the letter's own language or the mail's: an English bill around a Finnish letter says nothing.
 */
bool context_counts(const struct rule_info *rule, struct judge as)
{
    bool reads = !rule->ordinary || rule->language == 0 || rule->language == as.language ||
                 rule->language == as.main;
    return rule->facet == FACET_CONTEXT && reads && rule_names(rule, as.class_index);
}

/* whole: the facet's rules count whole, so which are heaviest does not matter. */
static inline void pile_add(struct pile *pile, double weight, bool whole)
{
    pile->sum += weight;
    if (whole)
        return;
    uint32_t at = pile->n < HEAVIEST ? pile->n : HEAVIEST;
    while (at > 0 && pile->heaviest[at - 1] < weight) {
        if (at < HEAVIEST)
            pile->heaviest[at] = pile->heaviest[at - 1];
        at--;
    }
    if (at < HEAVIEST)
        pile->heaviest[at] = weight;
    if (pile->n < HEAVIEST)
        pile->n++;
}

static double pile_points(const struct pile *pile, bool whole, double cap)
{
    double sum = whole ? pile->sum : 0, share = 1;
    for (uint32_t i = 0; !whole && i < pile->n; i++) {
        sum += pile->heaviest[i] * share;
        share /= 2;
    }
    return sum < cap ? sum : cap;
}

static void window_rule_in(struct window *w, const struct placed *p)
{
    struct tally *t = &w->placement->tally[p->tally];
    if (t->own + t->quoted == 0)
        w->placement->inside[w->n_inside++] = p->tally << FACET_BITS | t->rule->facet;
    uint32_t *count = p->quoted ? &t->quoted : &t->own;
    if ((*count)++ == 0)
        w->dirty |= UINT32_C(1) << t->rule->facet;
}

static void window_rule_out(struct window *w, const struct placed *p)
{
    struct tally *t = &w->placement->tally[p->tally];
    uint32_t *count = p->quoted ? &t->quoted : &t->own, *inside = w->placement->inside;
    if (--*count == 0)
        w->dirty |= UINT32_C(1) << t->rule->facet;
    if (t->own + t->quoted > 0)
        return;
    for (uint32_t i = 0; i < w->n_inside; i++)
        if (inside[i] >> FACET_BITS == p->tally) {
            inside[i] = inside[--w->n_inside];
            return;
        }
}

static double tally_weight(const struct tally *t)
{
    return t->own > 0 ? t->rule->weight : t->rule->weight * QUOTED_SHARE;
}

static double window_total(struct window *w)
{
    struct pile piles[FACET_COUNT];
    bool unquoted[FACET_COUNT] = {0};
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if (w->dirty >> f & 1)
            piles[f].sum = 0, piles[f].n = 0;
    for (uint32_t i = 0; i < w->n_inside; i++) {
        uint32_t facet = inside_facet(w->placement->inside[i]);
        if ((w->dirty >> facet & 1) == 0)
            continue;
        const struct tally *t = &w->placement->tally[w->placement->inside[i] >> FACET_BITS];
        pile_add(&piles[facet], tally_weight(t), w->whole[facet]);
        unquoted[facet] |= t->own > 0;
    }
    double total = 0;
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        if (w->dirty >> f & 1) {
            /* else a whole quoted letter, with many hits a facet, could still be flagged */
            double cap = w->cap[f] * (unquoted[f] ? 1 : QUOTED_SHARE);
            w->points[f] = pile_points(&piles[f], w->whole[f], cap);
        }
        total += w->points[f];
    }
    w->dirty = 0;
    return total;
}

static void window_keep_best(const struct window *w, uint32_t class_index, double total,
                             uint32_t from, uint32_t to, struct weighed *best)
{
    /* far below the threshold only the window with most points is of interest */
    double least = ruleset_class(w->ruleset, class_index)->threshold / 2;
    if (total <= best->total && (best->satisfied || total < least))
        return;
    bool satisfied = class_requirement(w->ruleset, class_index, w->points);
    if (satisfied == best->satisfied && total <= best->total)
        return;
    if (!satisfied && best->satisfied)
        return;
    *best = (struct weighed){.total = total, .from = from, .to = to, .satisfied = satisfied};
    for (unsigned f = 0; f < FACET_COUNT; f++)
        best->points[f] = w->points[f];
}

struct context {
    struct pile near, far;
    double ordinary;
};

static void context_add(struct context *sum, const struct placement *pl, uint32_t placed,
                        struct judge as, bool is_near, bool whole)
{
    const struct placed *p = &pl->v[placed];
    if (!context_counts(p->rule, as) || pl->tally[pl->tally[p->tally].fact].own++ > 0)
        return;
    if (p->rule->ordinary)
        sum->ordinary += p->rule->weight * (is_near ? 1 : CONTEXT_FAR_SHARE);
    else
        pile_add(is_near ? &sum->near : &sum->far, p->rule->weight, whole);
}

/* The first of the context hits that stands at position or behind; n_context: none. */
static uint32_t context_from(const struct placement *pl, uint32_t position)
{
    uint32_t low = 0, high = pl->n_context;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct placed *p = &pl->v[pl->context[middle]];
        if (p->nowhere || p->position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * Context near the window counts whole, elsewhere less; each fact once, at its best place. What is
 * not near at all is far where it stands first.
 */
static void weigh_context(const struct ruleset *ruleset, const struct placement *pl,
                          struct judge as, struct weighed *best)
{
    bool windowed = best->from < best->to, whole = ruleset_counts_whole(ruleset, FACET_CONTEXT);
    struct context sum = {0};
    if (windowed) {
        uint32_t first = pl->v[best->from].position, last = pl->v[best->to - 1].position;
        uint32_t low = first > CONTEXT_REACH ? first - CONTEXT_REACH : 0;
        for (uint32_t i = 0; i < pl->n_context && pl->v[pl->context[i]].nowhere; i++)
            context_add(&sum, pl, pl->context[i], as, true, whole);
        for (uint32_t i = context_from(pl, low);
             i < pl->n_context && pl->v[pl->context[i]].position <= last + CONTEXT_REACH; i++)
            context_add(&sum, pl, pl->context[i], as, true, whole);
    }
    for (uint32_t i = 0; i < pl->n_context_first; i++)
        context_add(&sum, pl, pl->context_first[i], as, !windowed, whole);
    for (uint32_t i = 0; i < pl->n_context_first; i++)
        pl->tally[pl->tally[pl->v[pl->context_first[i]].tally].fact].own = 0;
    double cap = ruleset_cap(ruleset, FACET_CONTEXT);
    double points =
        pile_points(&sum.near, whole, cap) + pile_points(&sum.far, whole, cap) * CONTEXT_FAR_SHARE;
    points += sum.ordinary < ORDINARY_MAX ? sum.ordinary : ORDINARY_MAX;
    best->context = points < cap ? points : cap;
    best->points[FACET_CONTEXT] = best->context;
}

/* Of these classes, those for which the same rules count as for the first of them. */
static uint64_t classes_alike(const struct placement *placement, uint32_t language,
                              uint64_t classes)
{
    struct judge first = {.class_index = (uint32_t)__builtin_ctzll(classes), .language = language};
    uint64_t alike = classes;
    for (uint32_t i = 0; i < placement->n_tallies; i++) {
        struct tally *t = &placement->tally[i];
        t->counts = rule_counts(t->rule, first);
        if (t->rule->classes != 0 && rule_counts_somewhere(t->rule, language))
            alike &= t->counts ? t->rule->classes : ~t->rule->classes;
    }
    return alike;
}

/* The same for context. */
static uint64_t context_alike(const struct placement *placement, uint64_t classes)
{
    uint32_t first = (uint32_t)__builtin_ctzll(classes);
    for (uint32_t i = 0; i < placement->n_context_first; i++) {
        uint64_t named = placement->v[placement->context_first[i]].rule->classes;
        if (named != 0)
            classes &= (named >> first & 1) != 0 ? named : ~named;
    }
    return classes;
}

static void windows_weigh(struct window *w, uint64_t classes, uint32_t from, uint32_t to,
                          struct weighed *out)
{
    double total = window_total(w);
    for (; classes != 0; classes &= classes - 1) {
        uint32_t c = (uint32_t)__builtin_ctzll(classes);
        window_keep_best(w, c, total, from, to, &out[c]);
    }
}

/* The tallies say which rules count; for these classes they are the same. */
static void alike_weigh(const struct ruleset *ruleset, const struct placement *placement,
                        uint64_t classes, struct weighed *out)
{
    const struct placed *v = placement->v;
    struct tally *tally = placement->tally;
    uint32_t reach = ruleset_window(ruleset), from = 0, i = 0;
    struct window w = {.ruleset = ruleset, .placement = placement};
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        w.cap[f] = ruleset_cap(ruleset, (enum facet)f);
        w.whole[f] = ruleset_counts_whole(ruleset, (enum facet)f);
    }
    for (; i < placement->n && v[i].nowhere; i++)
        if (tally[v[i].tally].counts)
            window_rule_in(&w, &v[i]);
    from = i;
    windows_weigh(&w, classes, from, from, out);
    for (; i < placement->n; i++) {
        if (!tally[v[i].tally].counts)
            continue;
        for (; v[i].position - v[from].position >= reach; from++)
            if (tally[v[from].tally].counts)
                window_rule_out(&w, &v[from]);
        window_rule_in(&w, &v[i]);
        /* the same rules as before are as many points, in a window that comes too late */
        if (w.dirty != 0)
            windows_weigh(&w, classes, from, i + 1, out);
    }
    while (w.n_inside > 0) {
        struct tally *t = &tally[placement->inside[--w.n_inside] >> FACET_BITS];
        t->own = t->quoted = 0;
    }
}

void weigh_classes(const struct ruleset *ruleset, const struct placement *placement,
                   struct judge as, uint64_t classes, struct weighed *out)
{
    for (uint64_t left = classes; left != 0; left &= left - 1)
        out[__builtin_ctzll(left)] = (struct weighed){0};
    for (uint64_t left = classes; left != 0;) {
        uint64_t alike = classes_alike(placement, as.language, left);
        alike_weigh(ruleset, placement, alike, out);
        left &= ~alike;
    }
    uint64_t alike = classes != 0 ? context_alike(placement, classes) : 0;
    const struct weighed *last = NULL; /* of those that are alike */
    for (uint64_t left = classes; left != 0; left &= left - 1) {
        uint32_t c = (uint32_t)__builtin_ctzll(left);
        bool known = (alike >> c & 1) != 0;
        if (known && last != NULL && last->from == out[c].from && last->to == out[c].to) {
            out[c].context = out[c].points[FACET_CONTEXT] = last->context;
            continue;
        }
        as.class_index = c;
        weigh_context(ruleset, placement, as, &out[c]);
        last = known ? &out[c] : last;
    }
}

double weigh_lean(const struct placement *placement, const struct weighed *window, struct judge as)
{
    double sum = 0;
    for (uint32_t i = 0; i < placement->n; i++) {
        const struct placed *p = &placement->v[i];
        bool inside = p->nowhere || (i >= window->from && i < window->to);
        if (!inside || p->rule->facet == FACET_CONTEXT || placement->tally[p->tally].own++ > 0 ||
            (p->rule->language != 0 && p->rule->language != as.language))
            continue;
        sum += rule_lean(p->rule, as.class_index) * (p->quoted ? QUOTED_SHARE : 1);
    }
    for (uint32_t i = 0; i < placement->n_tallies; i++)
        placement->tally[i].own = 0;
    return sum;
}

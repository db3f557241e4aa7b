#include "text/fold.h"

#include <string.h>

#include "text/text.h"

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (EACH_BYTE * 0x80)

enum { SLACK = FOLD_LONGEST + 9 };

void folding_init(struct folding *f, struct arena *arena)
{
    *f = (struct folding){.arena = arena, .delta = FOLDING_NO_DELTA};
}

void folding_start(struct folding *f, struct spanmap *map)
{
    f->base = f->n;
    f->map = map;
    f->delta = FOLDING_NO_DELTA;
    f->marks = 0;
}

static bool folding_reserve(struct folding *f, size_t more)
{
    if (f->cap - f->n >= more)
        return true;
    char *p = NULL;
    if (more <= UINT32_MAX / 2 - f->n)
        p = arena_grow(f->arena, f->p, &f->cap, f->n + (uint32_t)more, 1);
    if (p != NULL)
        f->p = p;
    else
        f->failed = true;
    return p != NULL;
}

static void odd_add(struct folding *f, enum odd_kind kind)
{
    struct odd *odd = f->odd;
    if (f->n_odd == f->cap_odd)
        odd = arena_grow(f->arena, f->odd, &f->cap_odd, f->n_odd + 1, sizeof *odd);
    if (odd == NULL) {
        f->failed = true;
        return;
    }
    f->odd = odd;
    f->odd[f->n_odd++] = (struct odd){.at = f->n, .kind = (uint8_t)kind};
}

/* Stacks are counted for the general diacritics only: pointed Hebrew and Arabic stack honestly. */
static bool diacritic(uint32_t cp)
{
    return (cp >= 0x0300 && cp <= 0x036F) || (cp >= 0x1AB0 && cp <= 0x1AFF) ||
           (cp >= 0x1DC0 && cp <= 0x1DFF) || (cp >= 0x20D0 && cp <= 0x20FF);
}

static void odd_note(struct folding *f, uint32_t cp, uint32_t record)
{
    if (record & FOLD_STRIPPED)
        f->marks += diacritic(cp);
    if (!f->odd_wanted)
        return;
    if (record & FOLD_STYLED)
        odd_add(f, cp >= 0xFF01 && cp <= 0xFF5E ? ODD_WIDE : ODD_STYLED);
    else if (record & FOLD_INVISIBLE)
        odd_add(f, cp == 0xAD                                    ? ODD_SOFT
                   : cp == 0x200C || cp == 0x200D || cp == 0x640 ? ODD_JOINER
                                                                 : ODD_INVISIBLE);
    else if ((record & FOLD_RARE_MARK) != 0 || f->marks > 2)
        odd_add(f, ODD_MARK);
    else if (record & FOLD_TWO_MARKS)
        odd_add(f, ODD_TWO_MARKS);
}

static void map_to(struct folding *f, uint32_t source, uint32_t out_unit, uint32_t src_unit)
{
    if (f->map == NULL)
        return;
    uint32_t out = f->n - f->base;
    bool straight = out_unit == src_unit;
    int64_t delta = (int64_t)source - out;
    if (straight && delta == f->delta)
        return;
    if (!spanmap_add(f->map, out, source, straight ? 1 : out_unit, straight ? 1 : src_unit))
        f->failed = true;
    f->delta = straight ? delta : FOLDING_NO_DELTA;
}

/* The composed form of two characters (Unicode 3.12 for Hangul; kana voicing marks), or 0. */
static uint32_t composed(uint32_t first, uint32_t second)
{
    if (first >= 0x1100 && first <= 0x1112 && second >= 0x1161 && second <= 0x1175)
        return 0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28;
    if (first >= 0xAC00 && first <= 0xD7A3 && (first - 0xAC00) % 28 == 0 && second >= 0x11A8 &&
        second <= 0x11C2)
        return first + (second - 0x11A7);
    if (second != 0x3099 && second != 0x309A)
        return 0;
    uint32_t kana = first >= 0x30A1 && first <= 0x30FE ? first - 0x60 : first;
    if (kana >= 0x306F && kana <= 0x307B && (kana - 0x306F) % 3 == 0) /* ha, hi, fu, he, ho */
        return first + (second == 0x3099 ? 1 : 2);
    if (second == 0x309A)
        return 0;
    if ((kana >= 0x304B && kana <= 0x3061 && (kana & 1) == 1) || kana == 0x3064 || kana == 0x3066 ||
        kana == 0x3068 || kana == 0x309D) /* ka to chi, tsu, te, to, the iteration mark */
        return first + 1;
    if (kana == 0x3046)
        return first == 0x3046 ? 0x3094 : 0x30F4;
    if (first >= 0x30EF && first <= 0x30F2) /* wa to wo, katakana only */
        return first + 8;
    return 0;
}

/* Joins cp to the character before it, in place: all that compose take three bytes. */
static bool compose(struct folding *f, uint32_t cp)
{
    uint32_t before;
    if (f->n - f->base < 3 || utf8_decode(f->p + f->n - 3, 3, &before) != 3)
        return false;
    uint32_t pair = composed(before, cp);
    if (pair == 0)
        return false;
    utf8_encode(pair, f->p + f->n - 3);
    f->delta = FOLDING_NO_DELTA;
    return true;
}

static void folding_add_wide(struct folding *f, const char *p, size_t took, uint32_t cp,
                             uint32_t record, uint32_t source)
{
    uint32_t entry = record >> FOLD_POOL_SHIFT;
    const char *out = p;
    size_t n = took;
    if (cp == UTF8_REPLACEMENT) { /* also what broken bytes become */
        out = "\xEF\xBF\xBD";
        n = 3;
    } else if (entry != 0) {
        out = (const char *)fold_pool + entry + 1;
        n = fold_pool[entry];
    }
    if (!(record & FOLD_STRIPPED))
        f->marks = 0;
    if (record & (FOLD_STYLED | FOLD_INVISIBLE | FOLD_STRIPPED | FOLD_RARE_MARK | FOLD_TWO_MARKS))
        odd_note(f, cp, record);
    if (n == 0)
        return;
    if (record & FOLD_COMPOSES) {
        uint32_t joins;
        utf8_decode(out, n, &joins);
        if (compose(f, joins))
            return;
    }
    map_to(f, source, (uint32_t)n, (uint32_t)took);
    memcpy(f->p + f->n, out, n);
    f->n += (uint32_t)n;
}

static void folding_add_ascii(struct folding *f, unsigned char c, uint32_t source)
{
    f->marks = 0;
    if (c < 0x20 ? c < '\t' || c > '\r' : c == 0x7F) { /* an invisible control character */
        if (f->odd_wanted)
            odd_add(f, ODD_INVISIBLE);
        return;
    }
    map_to(f, source, 1, 1);
    f->p[f->n++] = (char)ascii_lower(c); /* NOLINT(clang-analyzer-core.NullDereference) */
}

/* Upper to lower case in all eight bytes at once; all are ASCII. */
static uint64_t lower8(uint64_t w)
{
    uint64_t from_a = w + EACH_BYTE * (0x80 - 'A');
    uint64_t past_z = w + EACH_BYTE * (0x7F - 'Z');
    return w | ((from_a & ~past_z & HIGH_BITS) >> 2);
}

/* None of the eight ASCII bytes is a control character. */
static bool printable8(uint64_t w)
{
    uint64_t below_blank = (w - EACH_BYTE * 0x20) & ~w;
    uint64_t del = w + EACH_BYTE;
    return ((below_blank | del) & HIGH_BITS) == 0;
}

void folding_add(struct folding *f, struct view text, uint32_t source)
{
    size_t i = 0;
    if (f->failed || !folding_reserve(f, text.n + SLACK))
        return;
    while (i < text.n) {
        uint64_t w;
        if (text.n - i >= 8 && (memcpy(&w, text.p + i, 8), (w & HIGH_BITS) == 0) && printable8(w)) {
            f->marks = 0;
            map_to(f, source + (uint32_t)i, 1, 1);
            do {
                w = lower8(w);
                memcpy(f->p + f->n, &w, 8); /* NOLINT(clang-analyzer-core.NonNullParamChecker) */
                f->n += 8;
                i += 8;
                if (text.n - i < 8)
                    break;
                memcpy(&w, text.p + i, 8);
            } while ((w & HIGH_BITS) == 0 && printable8(w));
            continue;
        }
        unsigned char c = (unsigned char)text.p[i];
        if (c < 0x80) {
            folding_add_ascii(f, c, source + (uint32_t)i);
            i++;
            continue;
        }
        uint32_t cp;
        size_t took = fold_decode(text.p + i, text.n - i, &cp);
        uint32_t record = fold_find(cp);
        if ((record & ~FOLD_ORDINARY) == 0 && cp != UTF8_REPLACEMENT) {
            f->marks = 0;
            map_to(f, source + (uint32_t)i, 1, 1);
            for (size_t k = 0; k < took; k++)
                f->p[f->n++] = text.p[i++];
            continue;
        }
        folding_add_wide(f, text.p + i, took, cp, record, source + (uint32_t)i);
        i += took;
        if (f->failed || !folding_reserve(f, text.n - i + SLACK))
            return;
    }
}

struct view text_fold(struct view utf8, struct arena *arena)
{
    struct folding f;
    folding_init(&f, arena);
    folding_add(&f, utf8, 0);
    return f.failed ? VIEW_NONE : (struct view){f.p, f.n};
}

unsigned char text_lookalike(uint32_t cp)
{
    if (cp < 0x80)
        return (unsigned char)cp;
    if (cp >= FOLD_TABLE_END)
        return 0;
    return look_stage2[look_stage1[cp >> 6] * 64u + (cp & 63)];
}

bool text_invisible(uint32_t cp)
{
    return (fold_find(cp) & FOLD_INVISIBLE) != 0;
}

bool text_cjk(uint32_t cp)
{
    return fold_class(fold_find(cp)) == FOLD_CJK;
}

/*
 * Writes milter/text/fold-table.c from ICU's Unicode data, UTS #39 confusables (uspoof) and the
 * hand lists of fold-extras.h. A maintainer's tool, run by `make unicode-tables`; nothing of ICU is
 * linked into the product.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/uversion.h>

#include "fold-extras.h"
#include "text/fold-table.h"

#define CODE_POINTS 0x110000u
#define TEXT_MAX    64

struct text32 {
    UChar32 c[TEXT_MAX];
    int n;
};

static struct text32 fold_of[CODE_POINTS];
static uint32_t record_of[CODE_POINTS];
static unsigned char look_of[CODE_POINTS];
static const char *plain_of[CODE_POINTS], *styled_of[CODE_POINTS], *sign_of[CODE_POINTS];
static const UNormalizer2 *nfkc, *nfkc_cf, *nfd, *nfc;
static USpoofChecker *spoof;

static void check(UErrorCode e, const char *what)
{
    if (U_SUCCESS(e))
        return;
    fprintf(stderr, "%s: %s\n", what, u_errorName(e));
    exit(1);
}

static void text_add(struct text32 *t, UChar32 c)
{
    if (t->n >= TEXT_MAX) {
        fprintf(stderr, "a folding is longer than %d characters\n", TEXT_MAX);
        exit(1);
    }
    t->c[t->n++] = c;
}

static struct text32 normalize(const UNormalizer2 *how, const struct text32 *in)
{
    UChar from[2 * TEXT_MAX], to[8 * TEXT_MAX];
    int32_t n = 0;
    UErrorCode e = U_ZERO_ERROR;
    for (int i = 0; i < in->n; i++)
        U16_APPEND_UNSAFE(from, n, in->c[i]);
    int32_t got = unorm2_normalize(how, from, n, to, 8 * TEXT_MAX, &e);
    check(e, "normalize");
    struct text32 out = {.n = 0};
    for (int32_t i = 0; i < got;) {
        UChar32 c;
        U16_NEXT(to, i, got, c);
        text_add(&out, c);
    }
    return out;
}

static struct text32 single(UChar32 c)
{
    return (struct text32){.c = {c}, .n = 1};
}

static UChar32 next_utf8(const char **p)
{
    int32_t i = 0;
    UChar32 c;
    U8_NEXT(*p, i, -1, c);
    *p += i;
    return c;
}

/* "a b c dd": a becomes b, c becomes dd. Upper-case partners go along when lower is set. */
static void pairs_read(const char *list, const char **map, bool lower)
{
    for (const char *p = list; *p != '\0';) {
        UChar32 c = next_utf8(&p);
        if (*p++ != ' ') {
            fprintf(stderr, "pairs: U+%04X is not followed by a space\n", (unsigned)c);
            exit(1);
        }
        const char *end = strchr(p, ' ');
        size_t n = end != NULL ? (size_t)(end - p) : strlen(p);
        char *to = strndup(p, n);
        map[c] = to;
        if (lower && u_toupper(c) != c && map[u_toupper(c)] == NULL)
            map[u_toupper(c)] = to;
        p += n + (end != NULL);
    }
}

static void look_read(void)
{
    static const char *map[CODE_POINTS];
    pairs_read(look_hand, map, false);
    for (uint32_t c = 0; c < CODE_POINTS; c++)
        if (map[c] != NULL)
            look_of[c] = (unsigned char)map[c][0];
}

static bool mark_is(UChar32 c)
{
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

/* Marks of alphabetic scripts go; vowel signs of other scripts are letters in all but name. */
static bool mark_stripped(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    if (!mark_is(c) || c == 0x3099 || c == 0x309A)
        return false;
    switch (uscript_getScript(c, &e)) {
    case USCRIPT_INHERITED:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_COPTIC:
    case USCRIPT_GLAGOLITIC:
        return true;
    default:
        return false;
    }
}

static bool blank_is(UChar32 c)
{
    return c == 0x1680 || c == 0x2800 || (c >= 0x2000 && c <= 0x200A) || c == 0x00A0 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool invisible_is(UChar32 c)
{
    if (c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r' || c == 0x85)
        return false;
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_charType(c) == U_CONTROL_CHAR || u_charType(c) == U_FORMAT_CHAR || c == 0x0640;
}

/* One character of NFKC_Casefold output, made plain. */
static void plain_add(struct text32 *out, UChar32 c)
{
    if (blank_is(c)) {
        text_add(out, ' ');
        return;
    }
    if (c == 0x2028 || c == 0x2029 || c == 0x85) {
        text_add(out, '\n');
        return;
    }
    const char *to = sign_of[c] != NULL ? sign_of[c] : plain_of[c] != NULL ? plain_of[c] : NULL;
    if (to == NULL)
        to = styled_of[c];
    if (to != NULL) {
        while (*to != '\0')
            text_add(out, next_utf8(&to));
        return;
    }
    if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
        text_add(out, '0' + u_charDigitValue(c));
        return;
    }
    if (!mark_stripped(c) && !(c > 0x7F && invisible_is(c)))
        text_add(out, c);
}

/* Parentheses and full stops around a letter or number are decoration. */
static UChar32 undecorated(UChar32 c)
{
    if (c >= 0x249C && c <= 0x24B5)
        return 'a' + (c - 0x249C);
    if (c >= 0x1F110 && c <= 0x1F129)
        return 'a' + (c - 0x1F110);
    if (c >= 0x1F130 && c <= 0x1F149)
        return 'a' + (c - 0x1F130);
    if (c >= 0x1F150 && c <= 0x1F169)
        return 'a' + (c - 0x1F150);
    if (c >= 0x1F170 && c <= 0x1F189)
        return 'a' + (c - 0x1F170);
    if (c >= 0x1F1E6 && c <= 0x1F1FF)
        return 'a' + (c - 0x1F1E6);
    if (c >= 0x2776 && c <= 0x2793 && (c - 0x2776) % 10 != 9) /* dingbat circled digits */
        return '1' + (c - 0x2776) % 10;
    return 0;
}

static struct text32 fold_once(const struct text32 *in)
{
    struct text32 apart = {.n = 0}, folded = {.n = 0}, out = {.n = 0};
    for (int i = 0; i < in->n; i++) {
        UChar32 c = in->c[i];
        if (undecorated(c) != 0) {
            text_add(&folded, undecorated(c));
            continue;
        }
        /* styled capitals have lower-case partners that casefold would not find */
        struct text32 one = single(c);
        if (sign_of[c] == NULL && plain_of[c] == NULL && styled_of[c] == NULL)
            one = normalize(nfkc_cf, &one);
        for (int k = 0; k < one.n; k++)
            plain_add(&folded, one.c[k]);
    }
    apart = normalize(nfd, &folded);
    for (int i = 0; i < apart.n; i++)
        plain_add(&out, apart.c[i]);
    /* kana and Hangul stay composed */
    folded = out;
    out.n = 0;
    for (int i = 0; i < folded.n; i++) {
        UChar32 c = folded.c[i];
        bool joins = c == 0x3099 || c == 0x309A || (c >= 0x1161 && c <= 0x1175) ||
                     (c >= 0x11A8 && c <= 0x11C2);
        UChar32 pair =
            joins && out.n > 0 ? unorm2_composePair(nfc, out.c[out.n - 1], c) : U_SENTINEL;
        if (pair >= 0)
            out.c[out.n - 1] = pair;
        else
            text_add(&out, c);
    }
    return out;
}

static bool text_same(const struct text32 *a, const struct text32 *b)
{
    return a->n == b->n && memcmp(a->c, b->c, (size_t)a->n * sizeof a->c[0]) == 0;
}

static struct text32 fold_all(UChar32 c)
{
    struct text32 t = single(c);
    if (c < 0x80) {
        t.c[0] = u_tolower(c);
        if (invisible_is(c))
            t.n = 0;
        return t;
    }
    if (c >= 0xD800 && c <= 0xDFFF)
        return t;
    for (int round = 0; round < 5; round++) {
        struct text32 again = fold_once(&t);
        if (text_same(&t, &again))
            return t;
        t = again;
    }
    fprintf(stderr, "U+%04X does not come to rest\n", (unsigned)c);
    exit(1);
}

static bool modifier_sign(UChar32 c)
{
    return (c >= 0x02B9 && c <= 0x02CF) || c == 0x02EC || c == 0x02EE ||
           (c >= 0xA717 && c <= 0xA71F) || c == 0xA788 || c == 0x0374 || c == 0x037A;
}

static uint32_t class_of(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    UScriptCode s = uscript_getScript(c, &e);
    if (c == 0x30FC || c == 0x3005 || c == 0x3007 || c == 0x303B)
        return FOLD_CJK;
    if (s == USCRIPT_HAN || s == USCRIPT_HIRAGANA || s == USCRIPT_KATAKANA || s == USCRIPT_BOPOMOFO)
        return u_isalpha(c) ? FOLD_CJK : FOLD_OTHER;
    if (c >= '0' && c <= '9')
        return FOLD_DIGIT;
    if (invisible_is(c))
        return FOLD_OTHER;
    if (mark_is(c))
        return FOLD_MARK;
    if (modifier_sign(c))
        return FOLD_OTHER;
    return u_isalpha(c) ? FOLD_LETTER : FOLD_OTHER;
}

static uint32_t script_of(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    if (class_of(c) != FOLD_LETTER || c == 0xB5)
        return FOLD_SCRIPT_NONE;
    switch (uscript_getScript(c, &e)) {
    case USCRIPT_LATIN:
        return FOLD_LATIN;
    case USCRIPT_GREEK:
        return FOLD_GREEK;
    case USCRIPT_CYRILLIC:
        return FOLD_CYRILLIC;
    case USCRIPT_ARMENIAN:
        return FOLD_ARMENIAN;
    case USCRIPT_HEBREW:
        return FOLD_HEBREW;
    case USCRIPT_ARABIC:
        return FOLD_ARABIC;
    case USCRIPT_CHEROKEE:
        return FOLD_CHEROKEE;
    case USCRIPT_CANADIAN_ABORIGINAL:
        return FOLD_CANADIAN;
    case USCRIPT_COPTIC:
        return FOLD_COPTIC;
    case USCRIPT_GEORGIAN:
        return FOLD_GEORGIAN;
    case USCRIPT_LISU:
        return FOLD_LISU;
    case USCRIPT_HANGUL:
        return FOLD_HANGUL;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
        return FOLD_SCRIPT_NONE;
    default:
        return FOLD_SCRIPT_OTHER;
    }
}

static bool ascii_only(const struct text32 *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->c[i] > 0x7F)
            return false;
    return t->n > 0;
}

/* Letters that are written so only to look strange. */
static bool styled_is(UChar32 c)
{
    if (c < 0x80 || plain_of[c] != NULL)
        return false;
    if (styled_of[c] != NULL || (undecorated(c) != 0 && undecorated(c) > '9'))
        return true;
    if (!ascii_only(&fold_of[c]) || fold_of[c].n != 1 || fold_of[c].c[0] < 'a')
        return false;
    switch (u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE)) {
    case U_DT_FONT:
    case U_DT_CIRCLE:
    case U_DT_SQUARE:
    case U_DT_SUPER:
    case U_DT_SUB:
    case U_DT_WIDE:
        return c != 0xAA && c != 0xBA; /* ordinals of Spanish and Portuguese */
    default:
        return false;
    }
}

/* Dotted, barred and lined consonants that only transliterations use; ḍ ḥ ḷ ṃ ṇ ṅ ṛ ṣ ṭ ẁ ẃ ẅ
 * stand in honest mail. */
static bool mark_rare(UChar32 c)
{
    static const UChar32 honest[] = {0x1E0C, 0x1E24, 0x1E2A, 0x1E36, 0x1E42, 0x1E44, 0x1E46, 0x1E5A,
                                     0x1E62, 0x1E6C, 0x1E80, 0x1E82, 0x1E84, 0x1E92, 0x1E9E};
    if (c < 0x1E00 || c > 0x1E99)
        return false;
    for (size_t i = 0; i < sizeof honest / sizeof honest[0]; i++)
        if (c == honest[i] || c == honest[i] + 1)
            return false;
    return true;
}

static bool mark_odd(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    if (!mark_stripped(c) || uscript_getScript(c, &e) != USCRIPT_INHERITED)
        return false;
    if ((c >= 0x064B && c <= 0x0670) || (c >= 0xFE00 && c <= 0xFE2F) || c == 0x20E3 ||
        (c >= 0xE0100 && c <= 0xE01EF))
        return false;
    bool common = (c >= 0x0300 && c <= 0x030C) || c == 0x030F || c == 0x0311 || c == 0x0313 ||
                  c == 0x0314 || c == 0x031B || (c >= 0x0323 && c <= 0x0328) || c == 0x032E ||
                  c == 0x0331 || c == 0x0342 || c == 0x0345;
    return !common;
}

static unsigned char look_find(UChar32 c)
{
    if (c < 0x80)
        return (unsigned char)c;
    if (look_of[c] != 0)
        return look_of[c];
    if (c >= 0xD800 && c <= 0xDFFF)
        return 0;
    if (undecorated(c) != 0)
        return (unsigned char)(c >= 0x2776 && c <= 0x2793 ? undecorated(c)
                                                          : u_toupper(undecorated(c)));
    if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
        return (unsigned char)('0' + u_charDigitValue(c));
    struct text32 one = single(c), t = normalize(nfkc, &one), apart = normalize(nfd, &t);
    t.n = 0;
    for (int i = 0; i < apart.n; i++)
        if (!mark_stripped(apart.c[i]))
            text_add(&t, apart.c[i]);
    if (t.n == 1 && t.c[0] > ' ' && t.c[0] < 0x7F)
        return (unsigned char)t.c[0];
    if (t.n == 1 && t.c[0] != c && t.c[0] > 0x7F)
        return look_find(t.c[0]);
    const char *plain = plain_of[c] != NULL ? plain_of[c] : styled_of[c];
    if (plain != NULL && plain[1] == '\0' && (unsigned char)plain[0] < 0x80)
        return (unsigned char)(u_isupper(c) ? u_toupper(plain[0]) : plain[0]);
    UChar from[2], to[64];
    int32_t n = 0;
    UErrorCode e = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(from, n, c);
    int32_t got = uspoof_getSkeleton(spoof, 0, from, n, to, 64, &e);
    if (U_SUCCESS(e) && got == 1 && to[0] > ' ' && to[0] < 0x7F && to[0] != '"')
        return (unsigned char)(to[0] == 'l' && u_isupper(c) ? 'I' : to[0]);
    if (sign_of[c] != NULL && sign_of[c][1] == '\0')
        return (unsigned char)sign_of[c][0];
    return 0;
}

/* The output pool: each entry is a length byte and that many bytes. */
static unsigned char pool[65536];
static uint32_t pool_n = 1; /* 0 means "stays as it is" */

static uint32_t pool_add(const struct text32 *t)
{
    unsigned char bytes[4 * TEXT_MAX];
    int32_t n = 0;
    for (int i = 0; i < t->n; i++)
        U8_APPEND_UNSAFE(bytes, n, t->c[i]);
    for (uint32_t at = 1; at < pool_n; at += pool[at] + 1u)
        if (pool[at] == n && memcmp(pool + at + 1, bytes, (size_t)n) == 0)
            return at;
    if (n > FOLD_LONGEST || pool_n + (uint32_t)n + 1 > sizeof pool) {
        fprintf(stderr, "the pool is full or an entry has %d bytes\n", (int)n);
        exit(1);
    }
    uint32_t at = pool_n;
    pool[pool_n++] = (unsigned char)n;
    memcpy(pool + pool_n, bytes, (size_t)n);
    pool_n += (uint32_t)n;
    return at;
}

static uint32_t record_make(UChar32 c)
{
    const struct text32 *f = &fold_of[c];
    bool same = f->n == 1 && f->c[0] == c;
    uint32_t r = same ? 0 : pool_add(f) << FOLD_POOL_SHIFT;
    r |= class_of(same || f->n == 0 ? c : f->c[0]) << FOLD_CLASS_SHIFT;
    r |= script_of(same || f->n == 0 ? c : f->c[0]) << FOLD_SCRIPT_SHIFT;
    if (f->n == 1 &&
        ((f->c[0] >= 0x1161 && f->c[0] <= 0x1175) || (f->c[0] >= 0x11A8 && f->c[0] <= 0x11C2) ||
         f->c[0] == 0x3099 || f->c[0] == 0x309A))
        r |= FOLD_COMPOSES;
    if (styled_is(c))
        r |= FOLD_STYLED;
    if (invisible_is(c))
        r |= FOLD_INVISIBLE;
    if (mark_stripped(c) && !invisible_is(c))
        r |= FOLD_STRIPPED;
    if (!invisible_is(c) && (mark_rare(c) || mark_odd(c)))
        r |= FOLD_RARE_MARK;
    if (c >= 0x1EA0 && c <= 0x1EF9)
        r |= FOLD_TWO_MARKS;
    return r;
}

/* Prints a two-stage table of 64-element blocks; stage2 holds unsigned values. */
static uint32_t stage2[CODE_POINTS];
static uint32_t stage1[CODE_POINTS / 64];

static void stages_print(const char *name, const char *type, const uint32_t *value, uint32_t n)
{
    uint32_t used = 0;
    for (uint32_t b = 0; b < n / 64; b++) {
        uint32_t at = 0;
        while (at < used && memcmp(stage2 + at, value + b * 64, 64 * sizeof *value) != 0)
            at += 64;
        if (at == used) {
            memcpy(stage2 + at, value + b * 64, 64 * sizeof *value);
            used += 64;
        }
        stage1[b] = at / 64;
    }
    printf("\nconst uint16_t %s_stage1[%u] = {", name, n / 64);
    for (uint32_t b = 0; b < n / 64; b++)
        printf("%s%u,", b % 24 == 0 ? "\n" : "", stage1[b]);
    printf("\n};\n\nconst %s %s_stage2[%u] = {", type, name, used);
    for (uint32_t i = 0; i < used; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", stage2[i]);
    printf("\n};\n");
}

static uint32_t unique[65536], n_unique;

static uint32_t unique_add(uint32_t record)
{
    for (uint32_t i = 0; i < n_unique; i++)
        if (unique[i] == record)
            return i;
    unique[n_unique] = record;
    return n_unique++;
}

int main(void)
{
    UErrorCode e = U_ZERO_ERROR;
    nfkc = unorm2_getNFKCInstance(&e);
    nfkc_cf = unorm2_getNFKCCasefoldInstance(&e);
    nfd = unorm2_getNFDInstance(&e);
    nfc = unorm2_getNFCInstance(&e);
    spoof = uspoof_open(&e);
    check(e, "opening ICU");
    pairs_read(fold_plain, plain_of, true);
    pairs_read(fold_styled, styled_of, true);
    pairs_read(fold_signs, sign_of, false);
    look_read();
    for (uint32_t c = 0; c < CODE_POINTS; c++)
        fold_of[c] = fold_all((UChar32)c);

    static uint32_t index_of[CODE_POINTS], look[CODE_POINTS];
    pool_add(&(struct text32){.n = 0}); /* fold_find relies on the empty entry's place */
    for (uint32_t c = 0; c < CODE_POINTS; c++)
        record_of[c] = record_make((UChar32)c);
    for (uint32_t c = FOLD_TABLE_END; c < CODE_POINTS; c++) {
        uint32_t want = c >= FOLD_TAGS_FROM && c < FOLD_TAGS_TO ? record_of[FOLD_TAGS_FROM] : 0;
        if (record_of[c] != want) {
            fprintf(stderr, "U+%04X is outside the table and not plain\n", c);
            return 1;
        }
    }
    for (uint32_t c = 0; c < FOLD_TABLE_END; c++) {
        index_of[c] = unique_add(record_of[c]);
        look[c] = look_find((UChar32)c);
    }
    UVersionInfo unicode;
    char version[U_MAX_VERSION_STRING_LENGTH];
    u_getUnicodeVersion(unicode);
    u_versionToString(unicode, version);
    printf("/* Generated by contrib/unicode/fold-generate.c from ICU %s, Unicode %s. Do not edit. "
           "*/\n",
           U_ICU_VERSION, version);
    printf("/* clang-format off */\n#include \"text/fold-table.h\"\n");
    stages_print("fold", "uint16_t", index_of, FOLD_TABLE_END);
    printf("\nconst uint32_t fold_record[%u] = {", n_unique);
    for (uint32_t i = 0; i < n_unique; i++)
        printf("%s%u,", i % 16 == 0 ? "\n" : "", unique[i]);
    printf("\n};\n\nconst unsigned char fold_pool[%u] = {", pool_n);
    for (uint32_t i = 0; i < pool_n; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", pool[i]);
    printf("\n};\n");
    stages_print("look", "unsigned char", look, FOLD_TABLE_END);
    fprintf(stderr, "records %u, pool %u\n", n_unique, pool_n);
    return 0;
}

#include "mail/charset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * What mail programs mean by a name, where that is more than the registry says (WHATWG Encoding:
 * gb2312 is written by programs that use all of GB18030, latin-1 by those that use windows-1252).
 */
static const struct alias {
    const char *name;
    const char *iconv;
    enum charset_kind kind;
    char detail; /* endianness or family */
} aliases[] = {
    {"ansi_x3.4-1968", "", CHARSET_ASCII, 0},
    {"ascii", "", CHARSET_ASCII, 0},
    {"big5", "BIG5", CHARSET_DOUBLE, '2'},
    {"big5-eten", "BIG5", CHARSET_DOUBLE, '2'},
    {"big5-hkscs", "BIG5-HKSCS", CHARSET_DOUBLE, '2'},
    {"cn-big5", "BIG5", CHARSET_DOUBLE, '2'},
    {"cn-gb", "GB18030", CHARSET_DOUBLE, 'G'},
    {"cp1252", "", CHARSET_LATIN1, 0},
    {"cp65001", "", CHARSET_UTF8, 0},
    {"cp932", "CP932", CHARSET_DOUBLE, 'S'},
    {"cp936", "GB18030", CHARSET_DOUBLE, 'G'},
    {"cp949", "CP949", CHARSET_DOUBLE, '2'},
    {"cp950", "BIG5", CHARSET_DOUBLE, '2'},
    {"csiso2022jp", "EUC-JISX0213", CHARSET_JP, 0},
    {"csisolatin1", "", CHARSET_LATIN1, 0},
    {"csshiftjis", "CP932", CHARSET_DOUBLE, 'S'},
    {"euc-jp", "EUC-JP", CHARSET_DOUBLE, 'J'},
    {"euc-kr", "CP949", CHARSET_DOUBLE, '2'},
    {"eucjp", "EUC-JP", CHARSET_DOUBLE, 'J'},
    {"euckr", "CP949", CHARSET_DOUBLE, '2'},
    {"gb18030", "GB18030", CHARSET_DOUBLE, 'G'},
    {"gb2312", "GB18030", CHARSET_DOUBLE, 'G'},
    {"gb_2312-80", "GB18030", CHARSET_DOUBLE, 'G'},
    {"gbk", "GB18030", CHARSET_DOUBLE, 'G'},
    {"iso-10646-ucs-2", "", CHARSET_UTF16, 0},
    {"iso-2022-jp", "EUC-JISX0213", CHARSET_JP, 0},
    {"iso-2022-jp-1", "EUC-JISX0213", CHARSET_JP, 0},
    {"iso-2022-jp-3", "EUC-JISX0213", CHARSET_JP, 0},
    {"iso-2022-jp-ms", "EUC-JISX0213", CHARSET_JP, 0},
    {"iso-8859-1", "", CHARSET_LATIN1, 0},
    {"iso-8859-11", "CP874", CHARSET_TABLE, 0},
    {"iso-8859-6-e", "ISO-8859-6", CHARSET_TABLE, 0},
    {"iso-8859-6-i", "ISO-8859-6", CHARSET_TABLE, 0},
    {"iso-8859-8-e", "ISO-8859-8", CHARSET_TABLE, 0},
    {"iso-8859-8-i", "ISO-8859-8", CHARSET_TABLE, 0},
    {"iso-8859-9", "CP1254", CHARSET_TABLE, 0},
    {"iso8859-1", "", CHARSET_LATIN1, 0},
    {"iso_8859-1", "", CHARSET_LATIN1, 0},
    {"ks_c_5601-1987", "CP949", CHARSET_DOUBLE, '2'},
    {"ks_c_5601-1989", "CP949", CHARSET_DOUBLE, '2'},
    {"ksc5601", "CP949", CHARSET_DOUBLE, '2'},
    {"ksc_5601", "CP949", CHARSET_DOUBLE, '2'},
    {"l1", "", CHARSET_LATIN1, 0},
    {"latin1", "", CHARSET_LATIN1, 0},
    {"ms932", "CP932", CHARSET_DOUBLE, 'S'},
    {"ms936", "GB18030", CHARSET_DOUBLE, 'G'},
    {"ms949", "CP949", CHARSET_DOUBLE, '2'},
    {"shift-jis", "CP932", CHARSET_DOUBLE, 'S'},
    {"shift_jis", "CP932", CHARSET_DOUBLE, 'S'},
    {"sjis", "CP932", CHARSET_DOUBLE, 'S'},
    {"tis-620", "CP874", CHARSET_TABLE, 0},
    {"ucs-2", "", CHARSET_UTF16, 0},
    {"ucs-2be", "", CHARSET_UTF16, 'B'},
    {"ucs-2le", "", CHARSET_UTF16, 'L'},
    {"ucs-4", "", CHARSET_UTF32, 0},
    {"unicode", "", CHARSET_UTF16, 0},
    {"unicode-1-1-utf-7", "", CHARSET_UTF7, 0},
    {"unicode-1-1-utf-8", "", CHARSET_UTF8, 0},
    {"us-ascii", "", CHARSET_ASCII, 0},
    {"usascii", "", CHARSET_ASCII, 0},
    {"utf-16", "", CHARSET_UTF16, 0},
    {"utf-16be", "", CHARSET_UTF16, 'B'},
    {"utf-16le", "", CHARSET_UTF16, 'L'},
    {"utf-32", "", CHARSET_UTF32, 0},
    {"utf-32be", "", CHARSET_UTF32, 'B'},
    {"utf-32le", "", CHARSET_UTF32, 'L'},
    {"utf-7", "", CHARSET_UTF7, 0},
    {"utf-8", "", CHARSET_UTF8, 0},
    {"utf16", "", CHARSET_UTF16, 0},
    {"utf7", "", CHARSET_UTF7, 0},
    {"utf8", "", CHARSET_UTF8, 0},
    {"utf8mb4", "", CHARSET_UTF8, 0},
    {"windows-1252", "", CHARSET_LATIN1, 0},
    {"windows-31j", "CP932", CHARSET_DOUBLE, 'S'},
    {"windows-874", "CP874", CHARSET_TABLE, 0},
    {"windows-936", "GB18030", CHARSET_DOUBLE, 'G'},
    {"windows-949", "CP949", CHARSET_DOUBLE, '2'},
    {"x-euc-jp", "EUC-JP", CHARSET_DOUBLE, 'J'},
    {"x-gbk", "GB18030", CHARSET_DOUBLE, 'G'},
    {"x-mac-cyrillic", "MAC-CYRILLIC", CHARSET_TABLE, 0},
    {"x-mac-roman", "MACINTOSH", CHARSET_TABLE, 0},
    {"x-sjis", "CP932", CHARSET_DOUBLE, 'S'},
    {"x-utf-8", "", CHARSET_UTF8, 0},
};

static const uint16_t c1_of_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

uint32_t windows1252(unsigned char byte)
{
    if (byte < 0x80 || byte >= 0xA0)
        return byte;
    uint32_t cp = c1_of_1252[byte - 0x80];
    return cp != 0 ? cp : CHARSET_NO_CODE;
}

void charsets_init(struct charsets *c)
{
    *c = (struct charsets){0};
}

static void charset_fini(struct charset *c)
{
    if (c->handle != (iconv_t)-1)
        (void)iconv_close(c->handle);
    free(c->table);
}

void charsets_fini(struct charsets *c)
{
    for (unsigned i = 0; i < c->n; i++)
        charset_fini(&c->v[i]);
    pairs_fini(c);
    charsets_init(c);
}

void charsets_budget(struct charsets *c)
{
    c->opened = c->steps = 0;
}

static bool name_byte(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
}

/*
 * The name in lower case without the junk that is found around it (quotes, a second parameter
 * glued on). Nothing but plain names may reach iconv_open: "//" asks it for transliteration.
 */
static bool name_clean(struct view raw, unsigned char out[CHARSET_NAME_MAX])
{
    size_t i = 0, n = 0;
    while (i < raw.n && !name_byte((unsigned char)raw.p[i]))
        i++;
    for (; i < raw.n && name_byte((unsigned char)raw.p[i]); i++) {
        if (n == CHARSET_NAME_MAX - 1)
            return false;
        out[n++] = ascii_lower((unsigned char)raw.p[i]);
    }
    out[n] = '\0';
    return n > 0;
}

static const struct alias *alias_find(const unsigned char *name)
{
    size_t low = 0, high = sizeof aliases / sizeof aliases[0];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp((const char *)name, aliases[mid].name);
        if (order == 0)
            return &aliases[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

/* Code point of one byte by itself; false when the byte is not a character by itself. */
static bool byte_code(iconv_t handle, unsigned char byte, uint32_t *cp)
{
    char in = (char)byte, out[8];
    char *from = &in, *to = out;
    size_t in_left = 1, out_left = sizeof out;
    (void)iconv(handle, NULL, NULL, NULL, NULL);
    *cp = CHARSET_NO_CODE;
    if (iconv(handle, &from, &in_left, &to, &out_left) == (size_t)-1)
        return errno == EILSEQ; /* EINVAL: the first byte of several */
    size_t n = sizeof out - out_left;
    return n > 0 && utf8_decode(out, n, cp) == n;
}

/* Does every byte stand for itself alone? Then one table serves, without iconv's state. */
static bool table_make(struct charset *c)
{
    uint32_t table[256];
    for (unsigned i = 0; i < 256; i++)
        if (!byte_code(c->handle, (unsigned char)i, &table[i]))
            return false;
    c->table = malloc(sizeof table);
    if (c->table == NULL)
        return false;
    memcpy(c->table, table, sizeof table);
    c->ascii = true;
    for (unsigned i = 0; i < 0x80; i++)
        c->ascii &= table[i] == i;
    return true;
}

static void charset_open(struct charsets *all, struct charset *c)
{
    const struct alias *alias = alias_find(c->name);
    const char *name = (const char *)c->name;
    c->kind = CHARSET_STEP;
    if (alias != NULL) {
        c->kind = alias->kind;
        if (c->kind == CHARSET_UTF16 || c->kind == CHARSET_UTF32)
            c->endian = alias->detail;
        if (c->kind == CHARSET_DOUBLE)
            c->family = alias->detail;
        c->ascii = c->kind != CHARSET_UTF16 && c->kind != CHARSET_UTF32 && c->kind != CHARSET_JP &&
                   c->kind != CHARSET_UTF7;
        if (alias->iconv[0] == '\0')
            return;
        if (c->kind == CHARSET_DOUBLE || c->kind == CHARSET_JP) {
            c->pairs = pairs_find(all, alias->iconv);
            c->kind = c->pairs != NULL ? c->kind : CHARSET_UNKNOWN;
            return;
        }
        name = alias->iconv;
    }
    c->handle = iconv_open("UTF-8", name);
    if (c->handle == (iconv_t)-1 && alias != NULL)
        c->handle = iconv_open("UTF-8", alias->name);
    if (c->handle == (iconv_t)-1) {
        c->kind = CHARSET_UNKNOWN;
        return;
    }
    if (table_make(c))
        c->kind = CHARSET_TABLE;
    else if (c->kind == CHARSET_TABLE)
        c->kind = CHARSET_STEP;
}

const struct charset *charset_find(struct charsets *c, struct view name)
{
    static const struct charset unknown = {.kind = CHARSET_UNKNOWN, .handle = (iconv_t)-1};
    struct charset fresh = {.kind = CHARSET_UNKNOWN, .handle = (iconv_t)-1};
    if (!name_clean(name, fresh.name))
        return &unknown;
    unsigned oldest = 0;
    for (unsigned i = 0; i < c->n; i++) {
        if (strcmp((const char *)c->v[i].name, (const char *)fresh.name) == 0) {
            c->v[i].used = ++c->clock;
            return &c->v[i];
        }
        if (c->v[i].used < c->v[oldest].used)
            oldest = i;
    }
    if (c->opened >= CHARSETS_PER_MESSAGE)
        return &unknown;
    c->opened++;
    charset_open(c, &fresh);
    fresh.used = ++c->clock;
    struct charset *slot = &c->v[oldest];
    if (c->n < CHARSETS_KEPT)
        slot = &c->v[c->n++];
    else
        charset_fini(slot);
    *slot = fresh;
    return slot;
}

#include "mix.h"

#include <math.h>
#include <string.h>

#include "bench.h"
#include "mail.h"

enum language { ENGLISH, GERMAN, FINNISH, FRENCH, RUSSIAN, CHINESE };

/* The most frequent words of the others; what is rarer is made of syllables. */
static const char *const german[] = {
    "die",  "der",  "und",  "in",    "zu",    "den",  "das",   "nicht", "von",   "sie",
    "ist",  "des",  "sich", "mit",   "dem",   "dass", "er",    "es",    "ein",   "ich",
    "auf",  "so",   "eine", "auch",  "als",   "an",   "nach",  "wie",   "im",    "für",
    "man",  "aber", "aus",  "durch", "wenn",  "nur",  "war",   "noch",  "wir",   "können",
    "über", "bis",  "mehr", "vor",   "schon", "hier", "Grüße", "bitte", "Woche", "Rechnung"};
static const char *const finnish[] = {
    "ja",    "on",     "ei",      "että",  "se",     "hän",       "oli",    "mutta",
    "ovat",  "kuin",   "myös",    "joka",  "tai",    "niin",      "kun",    "sen",
    "ole",   "vain",   "jos",     "olla",  "voi",    "jo",        "hyvä",   "tämä",
    "sitä",  "mitä",   "olen",    "sekä",  "kaikki", "nyt",       "meidän", "teidän",
    "vielä", "kanssa", "jälkeen", "päivä", "viikko", "terveisin", "lasku",  "kiitos"};
static const char *const french[] = {
    "de",   "la",   "le",    "et",  "les",  "des",  "en",    "un",    "du",      "une",
    "que",  "est",  "pour",  "qui", "dans", "a",    "par",   "plus",  "pas",     "au",
    "sur",  "ne",   "se",    "ce",  "il",   "sont", "ou",    "avec",  "son",     "nous",
    "être", "même", "après", "été", "où",   "très", "merci", "votre", "semaine", "réunion"};
static const char *const russian[] = {
    "и",  "в",   "не",  "на",   "я",    "быть", "он",      "с",       "что",    "а",
    "по", "это", "она", "этот", "к",    "но",   "они",     "мы",      "весь",   "который",
    "из", "у",   "от",  "то",   "за",   "свой", "что",     "её",      "так",    "для",
    "ты", "год", "все", "тот",  "мочь", "вы",   "человек", "встреча", "неделя", "договор"};
static const char *const chinese[] = {
    "的", "一", "是", "不", "了", "人", "我", "在", "有", "他", "这", "中", "大", "来", "上",
    "国", "个", "到", "说", "们", "为", "子", "和", "你", "地", "出", "道", "也", "时", "年",
    "得", "就", "那", "要", "下", "以", "生", "会", "自", "着", "去", "之", "过", "家", "学",
    "对", "可", "她", "里", "后", "小", "么", "心", "多", "天", "而", "能", "好", "都", "然",
    "没", "日", "于", "起", "还", "发", "成", "事", "只", "作", "当", "想", "看", "文", "无"};
static const struct {
    const char *const *v;
    uint32_t n;
} tongues[] = {
    [GERMAN] = {german, sizeof german / sizeof *german},
    [FINNISH] = {finnish, sizeof finnish / sizeof *finnish},
    [FRENCH] = {french, sizeof french / sizeof *french},
    [RUSSIAN] = {russian, sizeof russian / sizeof *russian},
    [CHINESE] = {chinese, sizeof chinese / sizeof *chinese},
};

/* Bytes at 1, 10, 25, 50, 75, 90 and 99 in 100, as measured. */
enum { QUANTILES = 7 };
static const double at[QUANTILES] = {.01, .1, .25, .5, .75, .9, .99};
static const double list_head[QUANTILES] = {443, 1282, 2318, 4066, 6435, 8991, 15628};
static const double list_body[QUANTILES] = {144, 451, 858, 1624, 3564, 8183, 41530};
static const double trade_head[QUANTILES] = {229, 604, 1501, 3660, 4429, 5984, 11665};
static const double trade_plain[QUANTILES] = {100, 300, 665, 4023, 18952, 60739, 123440};
static const double trade_html[QUANTILES] = {100, 810, 14178, 52575, 90559, 109431, 150834};

struct making {
    const struct vocabulary *w;
    struct buf *out;
    uint64_t seed;
    uint32_t words; /* the vocabulary's own seed */
    enum language language;
    bool letter, good;
};

static uint32_t below(struct making *m, uint32_t n)
{
    return bench_random(&m->seed, n);
}

static size_t drawn(struct making *m, const double *q)
{
    double p = below(m, 10000) / 10000.0;
    unsigned i = 1;
    p = p < at[0] ? at[0] : p;
    while (i + 1 < QUANTILES && p > at[i])
        i++;
    double part = p >= at[i] ? 1 : (p - at[i - 1]) / (at[i] - at[i - 1]);
    return (size_t)exp(log(q[i - 1]) + part * (log(q[i]) - log(q[i - 1])));
}

static void say(struct making *m, struct buf *o, struct view v)
{
    m->good = m->good && buf_add(o, v) == STATUS_OK;
}

/* A rare word in Cyrillic letters: syllable by syllable, as it sounds. */
static void cyrillic(struct making *m, struct buf *o, const char *word)
{
    static const char *const letters[26] = {"а", "б", "ц", "д", "е", "ф", "г", "х", "и",
                                            "й", "к", "л", "м", "н", "о", "п", "к", "р",
                                            "с", "т", "у", "в", "в", "х", "ы", "з"};
    for (; *word >= 'a' && *word <= 'z'; word++)
        say(m, o, view_of(letters[*word - 'a']));
}

static void word(struct making *m, struct buf *o)
{
    if (m->language == ENGLISH) {
        say(m, o, view_of(vocabulary_word(m->w, &m->words)));
    } else if (m->language == CHINESE) {
        for (uint32_t n = 4 + below(m, 12); n > 0; n--)
            say(m, o, view_of(chinese[below(m, tongues[CHINESE].n)]));
    } else if (below(m, 10) < 6) {
        say(m, o, view_of(tongues[m->language].v[below(m, tongues[m->language].n)]));
    } else {
        const char *rare = m->w->v[100 + below(m, VOCABULARY_WORDS - 100)];
        if (m->language == RUSSIAN)
            cyrillic(m, o, rare);
        else
            say(m, o, view_of(rare));
    }
}

static void sentence(struct making *m, struct buf *o, size_t *line)
{
    for (uint32_t n = 5 + below(m, 14); n > 0; n--) {
        word(m, o);
        say(m, o, n == 1 ? VIEW(".") : below(m, 14) == 0 ? VIEW(",") : VIEW(""));
        bool wrap = o->n - *line > 68;
        say(m, o, wrap ? VIEW("\n") : VIEW(" "));
        *line = wrap ? o->n : *line;
    }
}

/* People quote, sign, and put addresses of pages into their mail. */
static void prose(struct making *m, struct buf *o, size_t bytes)
{
    size_t end = o->n + bytes, line = o->n;
    if (m->letter)
        say(m, o, view_of(mail_letter));
    while (m->good && o->n < end) {
        uint32_t kind = below(m, 30);
        if (kind == 0)
            say(m, o, VIEW("\n> "));
        else if (kind == 1)
            say(m, o, VIEW("\n\n"));
        else if (kind == 2)
            m->good = m->good && buf_addf(o, "https://www.example.org/%u/%s ", below(m, 100000),
                                          vocabulary_word(m->w, &m->words)) == STATUS_OK;
        else
            sentence(m, o, &line);
    }
    say(m, o, VIEW("\n"));
}

/* Three quarters of a newsletter are markup: tables, styles, links with long targets. */
static void page(struct making *m, struct buf *o, size_t bytes)
{
    size_t end = o->n + bytes, line = o->n;
    say(m, o,
        VIEW("<!DOCTYPE html><html><head><style>p { margin: 0 } .a td { padding: 4px; color: "
             "#333333 }\n.small { font-size: 11px }</style></head><body>\n"));
    if (m->letter) {
        say(m, o, VIEW("<p>"));
        say(m, o, view_of(mail_letter));
        say(m, o, VIEW("</p>"));
    }
    while (m->good && o->n < end) {
        m->good =
            m->good &&
            buf_addf(o,
                     "<table width=\"100%%\" cellpadding=\"0\" cellspacing=\"0\" class=\"a\"><tr>"
                     "<td style=\"font-family:Arial,sans-serif;font-size:14px;line-height:20px;"
                     "color:#%06x;padding:0 %upx\">\n",
                     below(m, 0x400000), below(m, 40)) == STATUS_OK;
        for (uint32_t n = 1 + below(m, 3); n > 0; n--)
            sentence(m, o, &line);
        m->good = m->good &&
                  buf_addf(o,
                           "<a href=\"https://links.example.org/c/%08x%08x%08x?u=%u&amp;m=%u\" "
                           "style=\"color:#0066cc;text-decoration:none\">",
                           below(m, UINT32_MAX), below(m, UINT32_MAX), below(m, UINT32_MAX),
                           below(m, 100000), below(m, 1000)) == STATUS_OK;
        word(m, o);
        say(m, o,
            VIEW("</a>&nbsp;&middot; <img src=\"https://img.example.org/spacer.gif\" "
                 "width=\"1\" height=\"20\" alt=\"\"></td></tr></table>\n"));
    }
    say(m, o, VIEW("</body></html>\n"));
}

static void head(struct making *m, size_t bytes)
{
    struct buf *o = m->out;
    size_t start = o->n;
    m->good = m->good && buf_addf(o,
                                  "From: Anna Example <anna%u@example.org>\nTo: Bob Example "
                                  "<bob@example.net>\nDate: Mon, 23 Nov 2026 09:59:57 "
                                  "+0000\nMessage-ID: <%u@example.org>\nSubject: ",
                                  below(m, 1000), below(m, 1000000)) == STATUS_OK;
    for (uint32_t n = 3 + below(m, 6); n > 0 && m->language <= FRENCH; n--) {
        say(m, o, view_of(vocabulary_word(m->w, &m->words)));
        say(m, o, n > 1 ? VIEW(" ") : VIEW(""));
    }
    say(m, o, VIEW("\nMIME-Version: 1.0\n"));
    while (m->good && o->n < start + bytes)
        m->good =
            buf_addf(o,
                     "Received: from mx%u.example.org (mx%u.example.org [192.0.2.%u])\n\tby "
                     "in%u.example.net with ESMTPS id %08x%08x\n\tfor <bob@example.net>; Mon, 23 "
                     "Nov 2026 10:%02u:00 +0000\nX-Trace-%u: %08x%08x%08x%08x\n",
                     below(m, 100), below(m, 100), below(m, 250), below(m, 100),
                     below(m, UINT32_MAX), below(m, UINT32_MAX), below(m, 60), below(m, 10),
                     below(m, UINT32_MAX), below(m, UINT32_MAX), below(m, UINT32_MAX),
                     below(m, UINT32_MAX)) == STATUS_OK;
}

/* One leaf with its fields; encodings as often as measured. bytes: as they travel. */
static void leaf(struct making *m, bool html, size_t bytes)
{
    uint32_t die = below(m, 100);
    bool ascii = m->language == ENGLISH;
    bool base64 = html ? die < 3 : die < (ascii ? 5u : 15u);
    bool quoted = !base64 && (html ? die < 72 : die < (ascii ? 11u : 50u));
    struct buf text;
    buf_init(&text, 1 << 22);
    size_t plain = base64             ? bytes / 4 * 3
                   : quoted && !ascii ? bytes / (m->language < RUSSIAN ? 1 : 3)
                                      : bytes;
    if (html)
        page(m, &text, plain);
    else
        prose(m, &text, plain);
    m->good = m->good && buf_addf(m->out,
                                  "Content-Type: text/%s; charset=utf-8\n"
                                  "Content-Transfer-Encoding: %s\n\n",
                                  html ? "html" : "plain",
                                  base64   ? "base64"
                                  : quoted ? "quoted-printable"
                                           : "8bit") == STATUS_OK;
    m->good = m->good && (base64   ? mail_base64(m->out, buf_view(&text))
                          : quoted ? mail_quoted(m->out, buf_view(&text))
                                   : buf_add(m->out, buf_view(&text)) == STATUS_OK);
    buf_fini(&text);
}

static void file(struct making *m, size_t bytes)
{
    struct buf text;
    buf_init(&text, 1 << 22);
    for (size_t i = 0; i < bytes / 4 * 3 && m->good; i++)
        m->good = buf_add_byte(&text, (char)(i < 8 ? "\x89PNG\r\n\x1a\n"[i]
                                                   : (char)below(m, 256))) == STATUS_OK;
    say(m, m->out,
        VIEW("Content-Type: image/png; name=\"figure.png\"\nContent-Transfer-Encoding: "
             "base64\nContent-Disposition: attachment; filename=\"figure.png\"\n\n"));
    m->good = m->good && mail_base64(m->out, buf_view(&text));
    buf_fini(&text);
}

bool mix_make(const struct vocabulary *w, uint32_t number, struct buf *out)
{
    struct making m = {.w = w,
                       .out = out,
                       .seed = number,
                       .words = 99 + number * 7919,
                       .letter = number % MIX_LETTERS == MIX_LETTERS - 1,
                       .good = true};
    uint32_t die = below(&m, 100), shape = below(&m, 100);
    bool trade = below(&m, 100) < 30;
    m.language = die < 60 ? ENGLISH : (enum language)(GERMAN + (die - 60) / 8);
    bool plain = trade ? shape < 85 : true;      /* newsletters: 15 are HTML alone, */
    bool html = trade ? shape >= 29 : shape < 2; /* 29 without, the others have both; */
    bool filed = trade ? shape >= 20 && shape < 36 : shape >= 2 && shape < 7; /* lists: 2 and 5 */
    buf_clear(out);
    head(&m, drawn(&m, trade ? trade_head : list_head));
    unsigned n = (unsigned)plain + html + filed;
    if (n > 1)
        m.good = m.good && buf_addf(out, "Content-Type: multipart/%s; boundary=\"=_%u\"\n\n",
                                    filed ? "mixed" : "alternative", number) == STATUS_OK;
    for (unsigned i = 0; i < 3 && m.good; i++) {
        if (!(i == 0 ? plain : i == 1 ? html : filed))
            continue;
        if (n > 1)
            m.good = buf_addf(out, "\n--=_%u\n", number) == STATUS_OK;
        if (i == 2)
            file(&m, 500 + below(&m, 20000));
        else
            leaf(&m, i == 1, drawn(&m, i == 1 ? trade_html : trade ? trade_plain : list_body));
    }
    if (n > 1)
        m.good = m.good && buf_addf(out, "\n--=_%u--\n", number) == STATUS_OK;
    return m.good;
}

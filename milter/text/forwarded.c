#include <string.h>

#include "text/reading.h"

enum { LINE_MAX = 160, LABEL_MAX = 40, HEADER_LINES = 5 };

/* What mail programs write between dashes above a message they pass on; folded. */
static const char *const dashed[] = {
    "original message",
    "forwarded message",
    "forwarded by",
    "original appointment",
    "forwarded mail",
    "ursprungliche nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "weitergeleitete e-mail",
    "alkuperainen viesti",
    "valitetty viesti",
    "edelleenlahetetty viesti",
    "ursprungligt meddelande",
    "originalmeddelande",
    "vidarebefordrat meddelande",
    "opprinnelig melding",
    "videresendt melding",
    "oprindelig meddelelse",
    "videresendt meddelelse",
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "message d'origine",
    "message original",
    "message transfere",
    "courriel original",
    "mensaje original",
    "mensaje reenviado",

    "mensagem original",
    "mensagem encaminhada",
    "messaggio originale",
    "messaggio inoltrato",
    "wiadomosc oryginalna",
    "oryginalna wiadomosc",
    "przekazana wiadomosc",
    "wiadomosc przekazana",
    "puvodni e-mail",
    "eredeti uzenet",
    "tovabbitott uzenet",
    "tovabbitott level",
    "mesaj original",
    "mesajul original",
    "mesaj redirectionat",
    "orijinal mesaj",
    "orijinal ileti",
    "iletilen mesaj",
    "yonlendirilmis ileti",
    "αρχικο μηνυμα",
    "προωθημενο μηνυμα",
    "исходное сообщение",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "оригинальное сообщение",
    "перенаправленное сообщение",
    "вихідне повідомлення",
    "переслане повідомлення",
    "оригинално съобщение",
    "algne kiri",
    "algne sonum",
    "edastatud kiri",
    "edastatud sonum",
    "sakotneja zina",
    "originala zina",
    "parsutita zina",
    "originalus laiskas",
    "persiustas laiskas",
    "pradinis laiskas",
    "元のメッセージ",
    "転送メッセージ",
    "転送されたメッセージ",
    "original message header",
    "原始邮件",
    "转发邮件",
    "转发的邮件",
    "原始郵件",
    "轉寄郵件",
    "원본 메시지",
    "원본 메일",
    "전달된 메시지",
    "الرسالة الاصلية",
    "رسالة محولة",
};

/* Lines without dashes, ended by a colon; folded. */
static const char *const opening[] = {
    "begin forwarded message",
    "anfang der weitergeleiteten",
    "debut du message reexpedie",
    "debut du message transfere",
    "inicio del mensaje reenviado",
    "inicio da mensagem",
    "inizio messaggio inoltrato",
    "valitetty viesti alkaa",
    "vidarebefordrat brev",
    "vidarebefordrat meddelande",
    "videresendt besked",
    "start doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "poczatek przekazywanej wiadomosci",
    "zacatek preposlane zpravy",
    "начало переадресованного сообщения",
    "начало переадресованного письма",
    "転送されたメッセージ",
    "下記は転送されたメール",
    "开始转发的邮件",
    "以下是转发的邮件",
};

/* How a block of header lines above a quoted message starts; folded. */
static const char *const from_labels[] = {
    "from",      "von",      "de",      "da",        "van",    "fra", "fran",
    "lahettaja", "od",       "nadawca", "от",        "від",    "απο", "expediteur",
    "kimden",    "gonderen", "felado",  "expeditor", "saatja", "nuo", "no",
    "差出人",    "发件人",   "寄件者",  "보낸 사람", "من",
};

static bool starts(struct view line, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct view want = view_of(list[i]);
        if (line.n >= want.n && memcmp(line.p, want.p, want.n) == 0)
            return true;
    }
    return false;
}

static bool dash(char c)
{
    return c == '-' || c == '_' || c == '=' || c == '*';
}

/* "label: value" with a short label; the label's length, or 0. */
static size_t label_length(struct view line)
{
    size_t colon = view_find_byte(view_sub(line, 0, LABEL_MAX), ':');
    if (colon == 0 || colon >= LABEL_MAX || colon >= line.n)
        return 0;
    return view_trim(view_sub(line, colon + 1, line.n)).n > 0 ? colon : 0;
}

/* "from: a", "sent: b", "to: c", "subject: d" on lines one below the other. */
static bool header_block(struct view line, struct view below)
{
    size_t n = label_length(line);
    struct view label = view_trim(view_sub(line, 0, n));
    bool known = false;
    while (label.n > 0 && dash(label.p[0])) /* "*From:*" where bold became plain */
        label = view_sub(label, 1, label.n);
    for (size_t i = 0; i < sizeof from_labels / sizeof from_labels[0] && n > 0; i++)
        known = known || view_eq(label, view_of(from_labels[i]));
    if (!known)
        return false;
    unsigned labels = 0;
    struct view next;
    for (unsigned i = 0; i < HEADER_LINES && view_next_line(&below, &next); i++)
        labels += label_length(view_trim(next)) > 0;
    return labels >= 2;
}

static bool separator(struct view line, struct view below)
{
    struct view text = line;
    while (text.n > 0 && (dash(text.p[0]) || text.p[0] == ' '))
        text = view_sub(text, 1, text.n);
    if (line.n - text.n >= 2 && dash(line.p[0]) && dash(line.p[1]) &&
        starts(text, dashed, sizeof dashed / sizeof dashed[0]))
        return true;
    if (line.p[line.n - 1] == ':')
        return starts(text, opening, sizeof opening / sizeof opening[0]);
    return header_block(line, below);
}

size_t forwarded_from(struct view folded)
{
    struct view rest = folded, line;
    while (view_next_line(&rest, &line)) {
        size_t at = (size_t)(line.p - folded.p);
        line = view_trim(line);
        if (line.n > 5 && line.n < LINE_MAX && separator(line, rest))
            return at;
    }
    return folded.n;
}

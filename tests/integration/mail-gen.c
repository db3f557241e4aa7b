/*
 * mail-gen DIRECTORY COUNT: writes COUNT messages of mixed kind and size, 0.2 kB to 400 kB, named
 * 0000.eml and so on; the same ones each time. Roughly a third is extortion. Every message has the
 * fields that an MTA would add, so that what the filter sees and what lies in the file say the
 * same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t seed = 20261123;

static unsigned pick(unsigned n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Addresses of published test vectors (BIP 49, 84, 86, 173). */
static const char *const wallets[] = {
    "37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf",
    "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
    "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
};

static const char *const ordinary[] = {
    "The meeting on Thursday moves to room 4, since the projector in room 2 is broken.",
    "Please find the minutes of the last board meeting below.",
    "Your parcel was handed to the driver and arrives between 9 and 12.",
    "We paid the invoice of 200 euros yesterday, the bank needs two days.",
    "Bitcoin fell by two percent on Monday, while shares were steady.",
    "I recorded the concert and will send the video to all of you tonight.",
    "Muistathan toimittaa kuitit kirjanpitoon ennen perjantaita.",
    "Kokous siirtyy ensi viikkoon, koska puheenjohtaja on sairaana.",
    "M\xC3\xB6tet b\xC3\xB6rjar klockan tio i det stora rummet.",
    "If the tests fail again, publish the log of the build server, please.",
};

static const char *const threats[] = {
    "I know that %s is one of your passwords. I installed a program on your computer and recorded "
    "you through your webcam while you visited adult sites.\n\nIf you do not want me to send this "
    "video to all your contacts, friends and relatives, transfer $950 in bitcoin to this "
    "address:\n\n%s\n\nYou have 48 hours from the moment you open this letter. If I do not get the "
    "money I will publish everything. Do not go to the police, it will not help you. When I get "
    "the "
    "payment I will delete the video.\n",
    "Olemme saaneet haltuumme Tammilehdon terapiakeskuksen potilastiedot, my\xC3\xB6s sinun. "
    "Todisteena "
    "salasanasi %s.\n\nJos et maksa 200 euroa bitcoineina 24 tunnin kuluessa, julkaisemme "
    "potilaskertomuksesi ja henkil\xC3\xB6tunnuksesi kaikkien n\xC3\xA4ht\xC3\xA4v\xC3\xA4ksi.\n\n"
    "Maksa osoitteeseen:\n%s\n\nMaksun j\xC3\xA4lkeen tietosi poistetaan. \xC3\x84l\xC3\xA4 ota "
    "yhteytt\xC3\xA4 poliisiin.\n",
    "We have breached your company network and downloaded 340 GB of files, contracts and customer "
    "data, see the sample (%s).\n\nPay 3 BTC to %s within 72 hours, or all data is published on "
    "our "
    "blog and sent to your customers and the press. Recovery companies will not help you.\n",
    "Jag har hackat din dator och spelat in dig via din webbkamera. Ditt l\xC3\xB6senord \xC3\xA4r "
    "%s. "
    "Betala 800 dollar i bitcoin till %s inom 48 timmar, annars skickar jag videon till alla dina "
    "kontakter. Kontakta inte polisen.\n",
};

static void ordinary_text(FILE *f, unsigned paragraphs)
{
    for (unsigned i = 0; i < paragraphs; i++)
        (void)fprintf(f, "%s%s", ordinary[pick(COUNT_OF(ordinary))], pick(3) == 0 ? "\n\n" : "\n");
}

static void letter_text(char *out, size_t room)
{
    /* The formats are our own, of two strings each. */
    const char *format = threats[pick(COUNT_OF(threats))], *p = format;
    const char *const values[] = {"sunflower-1987", wallets[pick(COUNT_OF(wallets))]};
    size_t n = 0, value = 0;
    for (; *p != '\0' && n + 128 < room; p++) {
        if (p[0] == '%' && p[1] == 's') {
            n += (size_t)snprintf(out + n, room - n, "%s", values[value++ % 2]);
            p++;
        } else {
            out[n++] = *p;
        }
    }
    out[n] = '\0';
}

/* Look-alikes and invisible characters in some of the letters. */
static void disguise(char *text, size_t room)
{
    char *copy = strdup(text);
    size_t n = 0;
    for (const char *p = copy; copy != NULL && *p != '\0' && n + 8 < room; p++) {
        const char *as = NULL;
        if (*p == 'o' && pick(2) == 0)
            as = "\xD0\xBE";
        else if (*p == 'a' && pick(2) == 0)
            as = "\xD0\xB0";
        else if (*p == ' ' && pick(6) == 0)
            as = " \xE2\x80\x8B";
        if (as != NULL)
            n += (size_t)snprintf(text + n, room - n, "%s", as);
        else
            text[n++] = *p;
    }
    text[n] = '\0';
    free(copy);
}

static void base64(FILE *f, const char *p, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        uint32_t b = (uint32_t)(unsigned char)p[i] << 16;
        if (i + 1 < n)
            b |= (uint32_t)(unsigned char)p[i + 1] << 8;
        if (i + 2 < n)
            b |= (unsigned char)p[i + 2];
        (void)fprintf(f, "%c%c%c%c", digits[b >> 18], digits[b >> 12 & 63],
                      i + 1 < n ? digits[b >> 6 & 63] : '=', i + 2 < n ? digits[b & 63] : '=');
        if (i / 3 % 19 == 18)
            (void)fputc('\n', f);
    }
    (void)fputc('\n', f);
}

static void quoted_printable(FILE *f, const char *p)
{
    int column = 0;
    for (; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\n') {
            (void)fputc('\n', f);
            column = 0;
            continue;
        }
        if (column > 70) {
            (void)fputs("=\n", f);
            column = 0;
        }
        column += c > 126 || c == '=' ? fprintf(f, "=%02X", c) : fprintf(f, "%c", c);
    }
    (void)fputc('\n', f);
}

static void html(FILE *f, const char *text)
{
    (void)fputs("<html><head><style>p { margin: 0 }</style></head><body>\n<p>", f);
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            (void)fputs("<br>\n", f);
        else if (*text == '&' || *text == '<')
            (void)fprintf(f, "&#%d;", *text);
        else
            (void)fputc(*text, f);
    }
    (void)fputs(
        "</p>\n<span style=\"display:none\">harvest weather umbrella</span></body></html>\n", f);
}

static void attachment(FILE *f, size_t n)
{
    char *bytes = malloc(n);
    if (bytes == NULL)
        exit(71);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)pick(256);
    (void)fputs("Content-Type: application/octet-stream; name=\"scan.bin\"\n"
                "Content-Transfer-Encoding: base64\n"
                "Content-Disposition: attachment; filename=\"scan.bin\"\n\n",
                f);
    base64(f, bytes, n);
    free(bytes);
}

static void top(FILE *f, unsigned i, const char *subject_field)
{
    (void)fprintf(f,
                  "From: Sender %u <s%u@sender.test>\nTo: <u%u@example.test>\n"
                  "Date: Mon, 23 Nov 2026 10:%02u:%02u +0000\nMessage-ID: <m%u@sender.test>\n%s\n",
                  i, i, i, i / 60 % 60, i % 60, i, subject_field);
}

static const char *const subjects[] = {
    "Subject: Thursday",
    "Subject:no space after the colon",
    "Subject : a space before it",
    "Subject: a subject\n that is folded",
    "Subject: =?utf-8?B?UMOkw6R0w7Zz?= =?iso-8859-1?Q?ja_liite_=E4?=",
    "Subject: 8 bit \xE4\xF6",
    "Subject:",
    "X-No-Subject: here",
    "Subject: one\nSubject: two",
    "X-Extortion-Flag: no\nSubject: forged\nx-extortion-flag: no\nX-Extortion-Score: 0.0",
};

enum kind {
    PLAIN,
    LONG,
    LETTER,
    DISGUISED,
    LETTER_HTML,
    ALTERNATIVE,
    BASE64,
    MIXED,
    FORWARDED,
    UNDECLARED,
    EMPTY,
    HEADERS_ONLY,
    UNCLOSED,
    MANY_HEADERS,
    LONG_LINE,
    DOTS,
    BYTES,
    KINDS
};

static void body(FILE *f, enum kind kind)
{
    char text[8192];
    letter_text(text, sizeof text);
    switch (kind) {
    case PLAIN:
        (void)fputs("\n", f);
        ordinary_text(f, 1 + pick(10));
        break;
    case LONG:
        (void)fputs("Content-Type: text/plain; charset=utf-8\n\n", f);
        ordinary_text(f, 100 + pick(1500));
        break;
    case DISGUISED:
        disguise(text, sizeof text);
        /* fallthrough */
    case LETTER:
        (void)fprintf(f, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s", text);
        break;
    case LETTER_HTML:
        (void)fputs("MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n", f);
        html(f, text);
        break;
    case ALTERNATIVE:
        (void)fputs("MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b1\"\n\n"
                    "--b1\nContent-Type: text/plain; charset=utf-8\n"
                    "Content-Transfer-Encoding: quoted-printable\n\n",
                    f);
        quoted_printable(f, text);
        (void)fputs("--b1\nContent-Type: text/html; charset=utf-8\n\n", f);
        html(f, text);
        (void)fputs("--b1--\n", f);
        break;
    case BASE64:
        (void)fputs("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                    "Content-Transfer-Encoding: base64\n\n",
                    f);
        base64(f, text, strlen(text));
        break;
    case MIXED:
        (void)fputs("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b2\n\npreamble\n"
                    "--b2\n\n",
                    f);
        ordinary_text(f, 5);
        (void)fputs("--b2\n", f);
        attachment(f, 1000 + pick(300000));
        (void)fputs("--b2--\nepilogue\n", f);
        break;
    case FORWARDED:
        (void)fputs("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b3\n\n--b3\n\n"
                    "Hello support, I got the message below. Is it real?\n\n--b3\n"
                    "Content-Type: message/rfc822\n\nFrom: x@y.test\nSubject: your video\n\n",
                    f);
        (void)fprintf(f, "%s\n--b3--\n", text);
        break;
    case UNDECLARED:
        (void)fputs("\nHyv\xE4\xE4 p\xE4iv\xE4\xE4, l\xE4het\xE4n liitteen my\xF6hemmin.\n", f);
        break;
    case EMPTY:
        (void)fputs("\n", f);
        break;
    case UNCLOSED:
        (void)fprintf(f,
                      "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b4\n\n--b4\n"
                      "Content-Type: text/plain\n\n%s",
                      text);
        break;
    case MANY_HEADERS:
        for (unsigned i = 0; i < 300; i++)
            (void)fprintf(f, "X-Filler-%u: value\n", i);
        (void)fprintf(f, "\n%s", text);
        break;
    case LONG_LINE:
        (void)fputs("\n", f);
        for (unsigned i = 0; i < 100 + pick(2000); i++)
            (void)fputs("harvest ", f);
        (void)fprintf(f, "\n%s", text);
        break;
    case DOTS:
        (void)fprintf(f, "\n.\n..\n...dots\n.%s", text);
        break;
    case BYTES:
        (void)fputs("\n", f);
        for (unsigned i = 0, n = 100 + pick(50000); i < n; i++) {
            /* Without CR, which the MTA would change; with short lines. */
            int c = (int)pick(256);
            (void)fputc(c == '\r' || c == 0 ? 'x' : c, f);
            if (i % 200 == 199)
                (void)fputc('\n', f);
        }
        (void)fputc('\n', f);
        break;
    case HEADERS_ONLY:
    case KINDS:
        break;
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: mail-gen DIRECTORY COUNT\n");
        return 64;
    }
    unsigned long count = strtoul(argv[2], NULL, 10);
    for (unsigned i = 0; i < count; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%04u.eml", argv[1], i);
        FILE *f = fopen(path, "wb");
        if (f == NULL) {
            perror(path);
            return 73;
        }
        top(f, i, subjects[pick(COUNT_OF(subjects))]);
        body(f, (enum kind)(i % KINDS));
        if (fclose(f) != 0) {
            perror(path);
            return 74;
        }
    }
    return 0;
}

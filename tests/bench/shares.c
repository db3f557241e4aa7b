#include "shares.h"

#include <stdio.h>
#include <stdlib.h>

static void size_add(struct sizes *s, size_t n)
{
    if (s->n < SHARES_MAX)
        s->v[s->n++] = (uint32_t)n;
}

bool shares_add(struct shares *h, struct stages *s, struct view raw)
{
    struct message m;
    struct text t;
    unsigned shape = 0, leaves = 0;
    size_t foreign = 0;
    arena_reset(&s->arena);
    if (message_parse(s->reader, raw, &s->limits, &s->arena, &m) != STATUS_OK ||
        text_read(s->reader, &m, &s->limits, &s->arena, &t) != STATUS_OK)
        return false;
    size_add(&h->whole, raw.n);
    for (uint32_t i = 0; i < m.n_parts; i++) {
        const struct part *p = &m.parts[i];
        if (i == 0)
            size_add(&h->head, p->body.from);
        if (p->kind == PART_MULTIPART || p->kind == PART_MESSAGE)
            continue;
        bool text = p->kind == PART_TEXT && !p->attachment;
        leaves++;
        shape |= !text ? 4u : p->html ? 2u : 1u;
        size_add(!text ? &h->file : p->html ? &h->html : &h->plain, p->encoded.n);
        if (text)
            h->encoding[p->html][p->encoding]++;
    }
    for (size_t i = 0; i < t.folded.n; i++)
        foreign += (unsigned char)t.folded.p[i] >= 0x80;
    h->foreign += foreign * 10 > t.folded.n;
    h->shape[shape]++;
    size_add(&h->parts, leaves);
    return true;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sizes_print(const char *name, struct sizes *s)
{
    static const double at[] = {.01, .1, .25, .5, .75, .9, .99};
    qsort(s->v, s->n, sizeof *s->v, compare);
    printf("%-22s %7u", name, s->n);
    for (size_t i = 0; i < sizeof at / sizeof *at && s->n > 0; i++)
        printf(" %8u", s->v[(size_t)(at[i] * s->n)]);
    printf("\n");
}

void shares_print(struct shares *h)
{
    static const char *const encodings[] = {"as it is", "quoted-printable", "base64", "uuencode"};
    double n = h->whole.n;
    printf("%-22s %7s %8s %8s %8s %8s %8s %8s %8s\n", "bytes", "n", "1%", "10%", "25%", "50%",
           "75%", "90%", "99%");
    sizes_print("message", &h->whole);
    sizes_print("header", &h->head);
    sizes_print("plain text, encoded", &h->plain);
    sizes_print("HTML, encoded", &h->html);
    sizes_print("other part, encoded", &h->file);
    sizes_print("(leaf parts)", &h->parts);
    printf("\nof 100 messages:");
    for (unsigned i = 0; i < 8; i++)
        if (h->shape[i] > 0)
            printf(" %s%s%s%s%.1f", i == 0 ? "nothing " : "", i & 1 ? "plain " : "",
                   i & 2 ? "html " : "", i & 4 ? "file " : "", (double)h->shape[i] * 100 / n);
    printf("; a tenth not ASCII %.1f\n", (double)h->foreign * 100 / n);
    for (unsigned html = 0; html < 2; html++) {
        double all = 0;
        for (unsigned i = 0; i < 4; i++)
            all += (double)h->encoding[html][i];
        printf("of 100 %s:", html ? "HTML parts" : "plain parts");
        for (unsigned i = 0; i < 4 && all > 0; i++)
            printf(" %s %.1f", encodings[i], (double)h->encoding[html][i] * 100 / all);
        printf("\n");
    }
}

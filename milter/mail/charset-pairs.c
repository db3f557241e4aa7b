/*
 * Tables of the charsets of two bytes, made by iconv when a lead byte is first met: looking up is
 * ten times faster than asking iconv for blocks, and a hundred times for bytes that mean nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mail/charset.h"

/* The single character that n bytes mean; 0: none; PAIR_ASK: several, or one beyond 16 bits. */
static uint16_t code_of(iconv_t handle, const char *bytes, size_t n)
{
    char *from = (char *)(uintptr_t)bytes, out[32], *to = out;
    size_t room = sizeof out;
    uint32_t cp;
    (void)iconv(handle, NULL, NULL, NULL, NULL);
    if (iconv(handle, &from, &n, &to, &room) == (size_t)-1 || n > 0 ||
        iconv(handle, NULL, NULL, &to, &room) == (size_t)-1 || to == out)
        return 0;
    size_t took = utf8_decode(out, (size_t)(to - out), &cp);
    return took < (size_t)(to - out) || cp >= PAIR_ASK ? PAIR_ASK : (uint16_t)cp;
}

struct pairs *pairs_find(struct charsets *c, const char *name)
{
    for (unsigned i = 0; i < c->n_pairs; i++)
        if (strcmp(c->pairs[i].name, name) == 0)
            return &c->pairs[i];
    if (c->n_pairs == PAIRS_MAX)
        return NULL;
    struct pairs *p = &c->pairs[c->n_pairs];
    *p = (struct pairs){.name = name, .handle = iconv_open("UTF-8", name)};
    if (p->handle == (iconv_t)-1)
        return NULL;
    c->n_pairs++;
    for (unsigned i = 0x80; i < 256; i++) {
        char byte = (char)i;
        p->single[i] = code_of(p->handle, &byte, 1);
    }
    return p;
}

uint16_t pairs_row(struct pairs *p, unsigned char lead, unsigned char trail)
{
    uint16_t *row = p->row[lead];
    if (row == NULL) {
        row = calloc(256, sizeof *row);
        if (row == NULL)
            return 0;
        for (unsigned i = 0x20; i < 256; i++) {
            const char bytes[] = {(char)lead, (char)i};
            row[i] = code_of(p->handle, bytes, 2);
        }
        p->row[lead] = row;
    }
    return row[trail];
}

size_t pairs_ask(const struct pairs *p, const char *bytes, size_t n, char out[PAIR_TEXT_MAX])
{
    char *from = (char *)(uintptr_t)bytes, *to = out;
    size_t room = PAIR_TEXT_MAX;
    (void)iconv(p->handle, NULL, NULL, NULL, NULL);
    if (iconv(p->handle, &from, &n, &to, &room) == (size_t)-1 || n > 0)
        return 0;
    (void)iconv(p->handle, NULL, NULL, &to, &room);
    return (size_t)(to - out);
}

void pairs_fini(struct charsets *c)
{
    for (unsigned i = 0; i < c->n_pairs; i++) {
        (void)iconv_close(c->pairs[i].handle);
        for (unsigned k = 0; k < 256; k++)
            free(c->pairs[i].row[k]);
    }
    c->n_pairs = 0;
}

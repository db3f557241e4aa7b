/*
 * What MTAs tell of held mail: a listing, a header, a queue file. The first byte chooses. Whatever
 * comes in, an id that comes out may stand on a command line, and words of ours are words.
 */
#include "fuzz.h"
#include "program/held.h"

static void require_word(const char *s, size_t room)
{
    REQUIRE(strnlen(s, room) < room);
    for (; *s != '\0'; s++)
        REQUIRE(ascii_is_alnum((unsigned char)*s) || *s == '-' || *s == '.' || *s == '_');
}

static void require_held(const struct held *h)
{
    require_word(h->score, sizeof h->score);
    require_word(h->class_id, sizeof h->class_id);
    require_word(h->failure, sizeof h->failure);
    REQUIRE(h->n_recipients <= HELD_RECIPIENTS_MAX && h->n_recipients <= h->n_all_recipients);
    REQUIRE(h->ours || h->failure[0] == '\0' || h->id[0] == '\0');
}

static void listing(struct view v)
{
    struct held_list l;
    held_list_init(&l);
    if (held_read_postqueue(v, &l) == STATUS_OK)
        for (uint32_t i = 0; i < l.n; i++) {
            REQUIRE(held_id_good(view_of(l.v[i].id)) && strcmp(l.v[i].id, "ALL") != 0);
            REQUIRE(strspn(l.v[i].id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "abcdefghijklmnopqrstuvwxyz") == strlen(l.v[i].id));
            REQUIRE(!l.v[i].ours && l.v[i].arrived >= 0);
            require_held(&l.v[i]);
        }
    held_list_fini(&l);
}

static void queue_file(struct view v)
{
    struct held h = {.arrived = 0};
    struct arena arena;
    struct buf header;
    arena_init(&arena, 64 << 20);
    buf_init(&header, 64 << 20);
    (void)held_read_hf(v, &h, &arena);
    require_held(&h);
    /* Nothing is added but ends of lines. */
    REQUIRE(held_hf_header(v, &header) == STATUS_OK && header.n <= v.n + 2);
    buf_fini(&header);
    arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct view v = {(const char *)data + 1, size - 1};
    if (data[0] % 3 == 0) {
        listing(v);
    } else if (data[0] % 3 == 1) {
        queue_file(v);
    } else {
        struct held h = {.arrived = 0};
        held_read_header(v, &h);
        require_held(&h);
        REQUIRE(h.ours || (h.score[0] == '\0' && h.class_id[0] == '\0'));
    }
    return 0;
}

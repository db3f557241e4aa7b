/*
 * Inputs and sinks. Every stage of reading (transfer decoding, charset, format=flowed, header
 * words) takes an input whose bytes have a map to the message and appends to a sink, which keeps
 * the map of what it holds: maps never have to be composed afterwards. Private to room mail.
 */
#ifndef MAIL_SINK_H
#define MAIL_SINK_H

#include "base/base.h"

/*
 * A buffer that parts lie in: the message itself (map.n == 0), or what an encoded composite part
 * was decoded to.
 */
struct source {
    struct view bytes;
    struct spanmap map;
};

struct input {
    struct view bytes;
    uint32_t base; /* of bytes.p in what the runs describe */
    const struct spanmap_run *run;
    uint32_t n_runs;
};

/* Bytes [from, to) of a source. The source outlives the input. */
struct input input_of_source(const struct source *s, size_t from, size_t to);
/* Text with its own map; map NULL or empty: message offset at. */
struct input input_of_map(struct view bytes, const struct spanmap *map);

struct sink {
    struct input in;
    uint32_t at; /* run of in that was used last */
    char *p;     /* in arena */
    uint32_t n, cap, max;
    struct spanmap map;
    struct arena *arena;                          /* foreign */
    uint32_t unit_at, unit_n, unit_from, unit_to; /* not yet in map */
    bool last_cr;                                 /* the character before was a CR, written as LF */
    bool full;                                    /* max was reached; nothing more is taken */
    bool failed;                                  /* memory is out; nothing more is taken */
};

/* Allocates nothing. */
void sink_init(struct sink *s, struct arena *arena, size_t max);
/* From now on positions mean this input. */
void sink_read(struct sink *s, struct input in);
/* Copies input bytes [from, to) as they are. */
void sink_copy(struct sink *s, size_t from, size_t to);
/* Appends n bytes (at most 255) that came from input bytes [from, to), as one whole. */
void sink_put(struct sink *s, const char *bytes, size_t n, size_t from, size_t to);
/* Appends one code point likewise. */
void sink_put_cp(struct sink *s, uint32_t cp, size_t from, size_t to);
/* Room for n bytes, for sink_commit; NULL when there is none. */
char *sink_reserve(struct sink *s, size_t n);
/* What of the room is left, at most want; sets full when that is less than want. */
size_t sink_room(struct sink *s, size_t want);
/* The n reserved bytes are written: each out_unit of them came from src_unit input bytes, from on.
 */
void sink_commit(struct sink *s, size_t n, size_t from, uint32_t out_unit, uint32_t src_unit);
static inline bool sink_stopped(const struct sink *s)
{
    return s->full || s->failed;
}
/* The bytes and their map, both in the sink's arena. A character cut by max is dropped. */
void sink_finish(struct sink *s, bool text, struct view *bytes, struct spanmap *map);

#endif

#include "program/mailbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BLOCK = 64 * 1024,
    FROM_LINE_MAX = 1000, /* a longer line is no From line */
};

struct mailbox {
    int fd;
    size_t max;
    uint32_t number; /* letters begun */
    uint64_t taken;  /* bytes moved out of block */
    size_t from, to; /* what is left in block */
    int error;       /* errno of the read that failed, or 0 */
    bool mbox;
    bool first; /* nothing was read yet */
    bool eof;
    bool line_begins; /* block[from] is the first byte of a line */
    bool done;
    char block[BLOCK];
};

enum status mailbox_new(int fd, size_t max, struct mailbox **out)
{
    *out = NULL;
    struct mailbox *m = malloc(sizeof *m);
    if (m == NULL) {
        (void)close(fd);
        return STATUS_NO_MEMORY;
    }
    m->fd = fd;
    m->max = max;
    m->number = 0;
    m->taken = 0;
    m->from = m->to = 0;
    m->error = 0;
    m->mbox = m->eof = m->done = false;
    m->first = m->line_begins = true;
    *out = m;
    return STATUS_OK;
}

void mailbox_free(struct mailbox **m)
{
    if (*m == NULL)
        return;
    (void)close((*m)->fd);
    free(*m);
    *m = NULL;
}

uint64_t mailbox_position(const struct mailbox *m)
{
    return m->taken;
}

/* From lines */

enum { TOKENS_MAX = 24 };

static uint32_t split(struct view line, struct view *token)
{
    uint32_t n = 0;
    size_t i = 0;
    while (i < line.n && n < TOKENS_MAX) {
        while (i < line.n && ascii_is_space((unsigned char)line.p[i]))
            i++;
        size_t from = i;
        while (i < line.n && !ascii_is_space((unsigned char)line.p[i]))
            i++;
        if (i > from)
            token[n++] = view_sub(line, from, i);
    }
    return n;
}

static bool one_of(struct view v, const char *names)
{
    if (v.n > 3 && v.p[v.n - 1] == ',')
        v.n--;
    if (v.n != 3)
        return false;
    for (; *names != '\0'; names += 3) {
        if (view_eq_nocase(v, (struct view){names, 3}))
            return true;
    }
    return false;
}

/* H:MM, HH:MM or HH:MM:SS. */
static bool is_time(struct view v)
{
    size_t digits = 0, colons = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (ascii_is_digit((unsigned char)v.p[i]))
            digits++;
        else if (v.p[i] == ':' && i > 0)
            colons++;
        else
            return false;
    }
    return (colons == 1 || colons == 2) && digits > colons * 2 && digits <= colons * 2 + 2;
}

static bool is_year(struct view v)
{
    uint64_t year;
    return v.n == 4 && view_to_u64(v, 9999, &year) && year >= 1900;
}

bool mailbox_from_line(struct view line)
{
    if (line.n < 5 || line.n > FROM_LINE_MAX || memcmp(line.p, "From ", 5) != 0)
        return false;
    struct view token[TOKENS_MAX];
    uint32_t n = split(view_sub(line, 5, line.n), token);
    for (uint32_t i = 0; i < n; i++) {
        if (!one_of(token[i], "MonTueWedThuFriSatSun"))
            continue;
        bool month = false, time = false, year = false;
        /* day, month, time, zone or two, year: in the order of asctime, of RFC 5322 or of Gmail */
        for (uint32_t k = i + 1; k < n && k <= i + 6; k++) {
            month = month || one_of(token[k], "JanFebMarAprMayJunJulAugSepOctNovDec");
            time = time || is_time(token[k]);
            year = year || is_year(token[k]);
        }
        if (month && time && year)
            return true;
    }
    return false;
}

/* Reading */

/* Moves what is left to the front and reads until the block is full, the file ends or fails. */
static void fill(struct mailbox *m)
{
    if (m->from > 0) {
        memmove(m->block, m->block + m->from, m->to - m->from);
        m->to -= m->from;
        m->from = 0;
    }
    while (!m->eof && m->to < BLOCK) {
        ssize_t n = read(m->fd, m->block + m->to, BLOCK - m->to);
        if (n > 0) {
            m->to += (size_t)n;
            /* A terminal or slow pipe: go on with the whole lines that are there. */
            if (memchr(m->block, '\n', m->to) != NULL && m->to >= FROM_LINE_MAX + 2)
                return;
        } else if (n == 0) {
            m->eof = true;
        } else if (errno != EINTR) {
            m->error = errno;
            m->eof = true;
        }
    }
}

/* The next line with its ending, or a piece of one that is longer than the block; empty at end. */
static struct view peek(struct mailbox *m)
{
    size_t n = m->to - m->from;
    const char *end = n > 0 ? memchr(m->block + m->from, '\n', n) : NULL;
    if (end == NULL && !m->eof && n < BLOCK) {
        fill(m);
        n = m->to - m->from;
        end = n > 0 ? memchr(m->block + m->from, '\n', n) : NULL;
    }
    const char *p = m->block + m->from;
    return (struct view){p, end != NULL ? (size_t)(end - p) + 1 : n};
}

static void take(struct mailbox *m, struct view line)
{
    m->line_begins = line.n > 0 && line.p[line.n - 1] == '\n';
    m->from += line.n;
    m->taken += line.n;
}

static struct view without_ending(struct view line)
{
    if (line.n > 0 && line.p[line.n - 1] == '\n')
        line.n--;
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static bool quoted_from(struct view line)
{
    size_t i = 0;
    while (i < line.n && line.p[i] == '>')
        i++;
    return i > 0 && line.n - i >= 5 && memcmp(line.p + i, "From ", 5) == 0;
}

/* Adds as much as fits below the buffer's ceiling. */
static enum status keep(struct buf *bytes, struct view v)
{
    size_t room = bytes->max - bytes->n;
    return buf_add(bytes, view_sub(v, 0, v.n < room ? v.n : room));
}

static enum status read_mbox(struct mailbox *m, struct buf *bytes)
{
    struct view line = peek(m);
    enum status status = keep(bytes, line);
    take(m, line);
    bool empty_line = false;
    size_t before_last = bytes->n;
    while (status == STATUS_OK) {
        line = peek(m);
        if (line.n == 0)
            break;
        if (m->line_begins) {
            if (mailbox_from_line(without_ending(line)))
                break;
            before_last = bytes->n;
            empty_line = without_ending(line).n == 0;
        } else {
            empty_line = false;
        }
        bool unquote = m->line_begins && quoted_from(line);
        status = keep(bytes, unquote ? view_sub(line, 1, line.n) : line);
        take(m, line);
    }
    /* The empty line before the next From line belongs to the mailbox, not to the message. */
    if (status == STATUS_OK && empty_line && bytes->n < bytes->max)
        bytes->n = before_last;
    return status;
}

static enum status read_single(struct mailbox *m, struct buf *bytes)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && bytes->n < bytes->max) {
        if (m->from == m->to)
            fill(m);
        struct view piece = {m->block + m->from, m->to - m->from};
        if (piece.n == 0)
            break;
        status = keep(bytes, piece);
        take(m, piece);
    }
    return status;
}

/* It is the mailbox's; a file with one message keeps it, so that places are those of the file. */
static void drop_from_line(struct buf *bytes)
{
    size_t end = view_find_byte(buf_view(bytes), '\n');
    size_t n = end < bytes->n ? end + 1 : bytes->n;
    if (n > 0)
        memmove(bytes->p, bytes->p + n, bytes->n - n);
    bytes->n -= n;
}

enum mailbox_step mailbox_next(struct mailbox *m, struct letter *out)
{
    *out = (struct letter){0};
    if (m->done)
        return MAILBOX_END;
    struct view line = peek(m);
    if (m->first)
        m->mbox = mailbox_from_line(without_ending(line));
    bool first = m->first;
    m->first = false;
    if (line.n == 0 && !first && m->error == 0) {
        m->done = true;
        return MAILBOX_END;
    }

    struct buf bytes;
    /* The From line comes on top, so that taking it off does not hide that the rest was cut. */
    buf_init(&bytes, m->max + 1 + (m->mbox ? line.n : 0));
    enum status status = STATUS_OK;
    if (m->error == 0)
        status = m->mbox ? read_mbox(m, &bytes) : read_single(m, &bytes);
    if (m->error != 0 || status != STATUS_OK) {
        buf_fini(&bytes);
        m->done = true;
        errno = m->error != 0 ? m->error : ENOMEM;
        return m->error != 0 ? MAILBOX_IO : MAILBOX_NO_MEMORY;
    }
    m->number++;
    m->done = !m->mbox;
    bool alone = !m->mbox || (m->number == 1 && peek(m).n == 0);
    if (!alone)
        drop_from_line(&bytes);
    *out = (struct letter){bytes.p, bytes.n, alone ? 0 : m->number};
    return MAILBOX_LETTER;
}

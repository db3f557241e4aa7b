/*
 * Recipients that change: redirect puts a mailbox in the place of all, copy adds one. Only what all
 * recipients want comes here, see policy/values.def.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mta/edit.h"

enum {
    MOVED_BYTES = 6000,     /* of addresses in the header; what is in the envelope is not lost */
    MOVED_TEXT_MAX = 12000, /* with folds, and escapes of the last one */
    SEAL_TEXT_MAX = 1 << 14,
};
static const char seal_of[] = "redirected\n";

const char *move_hindered(const struct edit_input *input)
{
    return input->more_recipients ? "too-many-recipients" : NULL;
}

static bool same(struct view address, const char *mailbox)
{
    return view_eq_nocase(address, view_of(mailbox));
}

static bool among(const struct edit_input *input, const char *mailbox)
{
    for (uint32_t i = 0; i < input->n_recipients; i++)
        if (same(input->recipients[i], mailbox))
            return true;
    return false;
}

/* What is sealed, so that addresses are known for ours, and not a sender's story. */
static enum status sealed_text(struct view addresses, struct buf *out)
{
    enum status status = buf_add(out, view_of(seal_of));
    return status == STATUS_OK ? buf_add(out, addresses) : status;
}

/*
 * What came is what we wrote: an MTA may fold and space it anew, so white space does not count.
 */
static enum status squeeze(struct view v, struct buf *out)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < v.n && status == STATUS_OK; i++)
        if (!ascii_is_space((unsigned char)v.p[i]))
            status = buf_add_byte(out, v.p[i]);
    return status;
}

/* "seal=...;from=<a@b>,<c@d>" */
static bool header_ours(const struct edit_input *input)
{
    struct buf value, text;
    buf_init(&value, SEAL_TEXT_MAX);
    buf_init(&text, SEAL_TEXT_MAX);
    bool ours = false;
    if (squeeze(input->moved, &value) == STATUS_OK) {
        struct view v = buf_view(&value);
        size_t at = view_find(v, VIEW(";from="));
        ours = at < v.n && view_starts_nocase(v, VIEW("seal=")) &&
               sealed_text(view_sub(v, at + 6, v.n), &text) == STATUS_OK &&
               notice_sealed(input->key, buf_view(&text), view_sub(v, 5, at));
    }
    buf_fini(&value);
    buf_fini(&text);
    return ours;
}

/* Printable ASCII; whatever could end the address, the header or a line is written \xNN. */
static enum status address_add(struct buf *out, struct view address)
{
    enum status status = buf_add_byte(out, '<');
    for (size_t i = 0; i < address.n && status == STATUS_OK; i++) {
        unsigned char c = (unsigned char)address.p[i];
        if (c > ' ' && c < 0x7F && strchr("<>,;\\", c) == NULL)
            status = buf_add_byte(out, (char)c);
        else
            status = buf_addf(out, "\\x%02X", c);
    }
    return status == STATUS_OK ? buf_add_byte(out, '>') : status;
}

static enum status header_plan(struct edits *e, const struct edit_input *input, const char *mailbox)
{
    struct buf folded, plain, *out = &e->value[TRACE_MOVED];
    char seal[SEAL_BYTES] = "";
    uint32_t named = 0, all = 0;
    enum status status = STATUS_OK;
    buf_init(&folded, MOVED_TEXT_MAX);
    buf_init(&plain, MOVED_TEXT_MAX);
    for (uint32_t i = 0; i < input->n_recipients; i++)
        all += !same(input->recipients[i], mailbox);
    for (uint32_t i = 0; i < input->n_recipients && status == STATUS_OK; i++) {
        struct view address = input->recipients[i];
        if (same(address, mailbox) || folded.n + address.n * 4 > MOVED_BYTES)
            continue;
        status = buf_addf(&folded, "%s\n ", named++ > 0 ? "," : "");
        if (status == STATUS_OK)
            status = address_add(&folded, address);
    }
    if (status == STATUS_OK && named < all)
        status = buf_addf(&folded, "%s\n and-%u-more", named > 0 ? "," : "", all - named);
    if (status == STATUS_OK)
        status = sealed_text(VIEW_NONE, &plain);
    if (status == STATUS_OK)
        status = squeeze(buf_view(&folded), &plain);
    if (status == STATUS_OK)
        notice_seal(input->key, buf_view(&plain), seal);
    if (status == STATUS_OK)
        status = buf_addf(out, "%sseal=%s; from=%.*s", input->leading_space ? " " : "", seal,
                          VIEW_ARG(buf_view(&folded)));
    if (status == STATUS_OK)
        status = buf_add_byte(out, '\0');
    buf_fini(&folded);
    buf_fini(&plain);
    e->insert[TRACE_MOVED] = status == STATUS_OK;
    return status;
}

/* NULL when memory is out. */
static const char *bracketed(struct arena *a, struct view address)
{
    char *text = arena_alloc(a, address.n + 3);
    if (text != NULL)
        (void)snprintf(text, address.n + 3, "<%.*s>", VIEW_ARG(address));
    return text;
}

static bool add(struct move *m, const struct edit_input *input, const char *mailbox)
{
    /* The same mailbox twice would be two letters in it. */
    if (among(input, mailbox))
        return true;
    m->add[m->n_add] = bracketed(&m->arena, view_of(mailbox));
    if (m->add[m->n_add] == NULL)
        return false;
    if (m->n_add == 0 || strcasecmp(m->add[0], m->add[1]) != 0)
        m->n_add++;
    return true;
}

/* All but the mailbox, and the one for copies, which may be empty. */
static bool drop(struct move *m, const struct edit_input *input, const char *mailbox,
                 const char *copies)
{
    m->drop = arena_calloc(&m->arena, input->n_recipients + 1u, sizeof *m->drop);
    for (uint32_t i = 0; m->drop != NULL && i < input->n_recipients; i++) {
        if (same(input->recipients[i], mailbox) || same(input->recipients[i], copies))
            continue;
        m->drop[m->n_drop] = bracketed(&m->arena, input->recipients[i]);
        if (m->drop[m->n_drop] == NULL)
            return false;
        m->n_drop++;
    }
    return m->drop != NULL;
}

enum status move_plan(struct edits *e, const struct decision *d, const struct edit_input *input)
{
    const struct settings *s = &d->whom->settings;
    struct move *m = &e->move;
    bool good = true;
    enum status status = STATUS_OK;
    if (e->forged[TRACE_MOVED] == 1 && header_ours(input))
        e->forged[TRACE_MOVED] = 0;
    if ((d->actions & ACTION_REDIRECT) != 0) {
        const char *copies = (d->actions & ACTION_COPY) != 0 ? s->copy_to : "";
        good = add(m, input, s->redirect_to) && drop(m, input, s->redirect_to, copies);
        if (good && m->n_drop > 0 && s->header_moved)
            status = header_plan(e, input, s->redirect_to);
    }
    if (good && (d->actions & ACTION_COPY) != 0)
        good = add(m, input, s->copy_to);
    return good ? status : STATUS_NO_MEMORY;
}

void move_fini(struct move *m)
{
    arena_fini(&m->arena);
    *m = (struct move){.n_add = 0};
}

const char *move_apply(const struct move *m, const struct mta_ops *ops, void *mta)
{
    if ((m->n_add > 0 && ops->rcpt_add == NULL) || (m->n_drop > 0 && ops->rcpt_delete == NULL))
        return "change of recipients";
    /* First the new ones: a message is never for nobody. */
    for (uint32_t i = 0; i < m->n_add; i++)
        if (!ops->rcpt_add(mta, m->add[i]))
            return "new recipient";
    for (uint32_t i = 0; i < m->n_drop; i++)
        if (!ops->rcpt_delete(mta, m->drop[i]))
            return "deletion of a recipient";
    return NULL;
}

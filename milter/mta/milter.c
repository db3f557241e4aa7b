#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>

#include <libmilter/mfapi.h>

#include "mta/descriptors.h"
#include "mta/milter.h"

/* Bytes of one protocol packet; libmilter's own 65535 is below what MTAs send. */
enum { DATA_MAX = 1 << 20 };

/* libmilter gives callbacks no pointer of ours, and serves one milter per process. */
static struct {
    struct engine *engine;     /* foreign */
    char *socket;              /* own; libmilter keeps the pointer */
    atomic_bool edits_missing; /* said once that the MTA does not allow what we need */
} milter;

/* One connection of an MTA. */
struct connection {
    struct session *session; /* own */
    unsigned long no_reply;  /* steps for which the MTA expects no answer */
    bool refused;            /* to be turned away at its first step */
    bool skip;               /* the MTA knows SMFIS_SKIP */
    bool bodies;             /* it lets us replace a body */
    bool recipients;         /* it lets us add and delete recipients */
    bool smtp;               /* not mail that was submitted on the host itself */
    char queue_id[64];
    char client[256]; /* its name, as the MTA found it */
};

static sfsistat answer(const struct connection *c, unsigned long step)
{
    return c != NULL && (c->no_reply & step) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static struct connection *connection_new(SMFICTX *ctx, bool leading_space)
{
    struct connection *c = calloc(1, sizeof *c);
    if (c != NULL)
        c->session = session_new(milter.engine, leading_space);
    if (c == NULL || c->session == NULL || smfi_setpriv(ctx, c) != MI_SUCCESS) {
        if (c != NULL)
            session_free(&c->session);
        free(c);
        return NULL;
    }
    return c;
}

/* An MTA may begin with any command. NULL when memory is out; end_message() deals with that. */
static struct connection *connection_of(SMFICTX *ctx)
{
    struct connection *c = smfi_getpriv(ctx);
    return c != NULL ? c : connection_new(ctx, false);
}

/* For connections from now on; one that was told otherwise has its policies combined. */
static bool may_split(void)
{
    struct policy *p = engine_policy(milter.engine);
    bool split = policy_settings(p)->policies_differ == DIFFER_SPLIT;
    policy_unref(&p);
    return split;
}

/* What neither MTA sends by itself. It may be asked for once, and then replaces the MTA's own list.
 */
static void listener_ask(SMFICTX *ctx)
{
    static char macros[] = "j _ v {daemon_name} {daemon_port}";
    (void)smfi_setsymlist(ctx, SMFIM_CONNECT, macros);
}

/*
 * Why a new connection is turned away. With failure.overload = "accept" it is served as long as
 * there is a descriptor for it.
 */
static const char *refusal(enum descriptors left)
{
    if (engine_closed(milter.engine))
        return "the daemon stops";
    if (left == DESCRIPTORS_ENOUGH)
        return NULL;
    struct policy *policy = engine_policy(milter.engine);
    bool serve = settings_failure(policy_settings(policy), FAILED_OVERLOAD) == FAILURE_ACCEPT;
    policy_unref(&policy);
    return serve ? NULL : "hardly a file descriptor is left";
}

/*
 * Everything is decided at end of message, so no earlier step needs an answer: that saves half of
 * the round trips. What the MTA does not offer is not asked for.
 */
static sfsistat on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps,
                             unsigned long f2, unsigned long f3, unsigned long *want_actions,
                             unsigned long *want_steps, unsigned long *want_f2,
                             unsigned long *want_f3)
{
    (void)f2;
    (void)f3;
    enum descriptors left = descriptors_left();
    if (left == DESCRIPTORS_LAST) {
        /* Libmilter closes it at once, which is the only way to have the descriptor back. */
        (void)engine_refuse(milter.engine, FAILED_OVERLOAD,
                            "no file descriptor is left: the MTA must do without");
        return SMFIS_REJECT;
    }
    const unsigned long edits = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE | SMFIF_CHGBODY;
    const unsigned long recipients = SMFIF_ADDRCPT | SMFIF_DELRCPT;
    const unsigned long quiet = SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_HDR |
                                SMFIP_NR_EOH | (may_split() ? 0 : SMFIP_NR_RCPT);
    *want_actions = actions & (edits | recipients);
    *want_steps = steps & (quiet | SMFIP_SKIP | SMFIP_HDR_LEADSPC | SMFIP_NODATA | SMFIP_NOUNKNOWN);
    *want_f2 = *want_f3 = 0;
    if ((actions & edits) != edits && !atomic_exchange(&milter.edits_missing, true))
        log_line(
            LOG_LEVEL_WARNING,
            "the MTA does not allow all edits (offers 0x%lx): mail may stay untagged or unheld",
            actions);
    struct connection *c = smfi_getpriv(ctx);
    if (c == NULL)
        c = connection_new(ctx, (*want_steps & SMFIP_HDR_LEADSPC) != 0);
    if (c == NULL) {
        /* Without a connection nothing remembers what was agreed: agree on nothing. */
        *want_steps &= SMFIP_NODATA | SMFIP_NOUNKNOWN;
        return SMFIS_CONTINUE;
    }
    const char *why = refusal(left);
    c->refused = why != NULL;
    if (c->refused) {
        engine_defer(milter.engine, why);
        *want_steps &= ~(unsigned long)SMFIP_NR_CONN;
    }
    c->no_reply = *want_steps & quiet;
    listener_ask(ctx);
    c->skip = (*want_steps & SMFIP_SKIP) != 0;
    c->bodies = (*want_actions & SMFIF_CHGBODY) != 0;
    c->recipients = (*want_actions & recipients) == recipients;
    return SMFIS_CONTINUE;
}

/*
 * 421 in our own words: the MTA closes the connection, and whoever sent comes again. That is better
 * than what the MTA does when a filter fails, which may be to let everything through.
 */
static sfsistat later(SMFICTX *ctx)
{
    static char code[] = "421", status[] = "4.3.2", text[] = "Filter busy, try again later";
    (void)smfi_setreply(ctx, code, status, text);
    return SMFIS_TEMPFAIL;
}

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
    static char daemon_name[] = "{daemon_name}", daemon_port[] = "{daemon_port}";
    struct connection *c = connection_of(ctx);
    char text[INET6_ADDRSTRLEN] = "";
    in_port_t port = 0;
    /* Copied out: the pointer's real type differs by family. */
    if (address != NULL && address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
        port = in.sin_port;
    } else if (address != NULL && address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        (void)inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text);
        port = in.sin6_port;
    }
    if (c != NULL) {
        session_connect(c->session, text);
        session_listener(c->session, smfi_getsymval(ctx, daemon_name),
                         smfi_getsymval(ctx, daemon_port));
        /* Postfix plays a client on port 0 for sendmail(1); Sendmail has no address to give. */
        c->smtp = port != 0;
        (void)snprintf(c->client, sizeof c->client, "%s", host != NULL ? host : "");
    }
    return c != NULL && c->refused ? later(ctx) : answer(c, SMFIP_NR_CONN);
}

static sfsistat on_helo(SMFICTX *ctx, char *helo)
{
    struct connection *c = connection_of(ctx);
    if (c != NULL)
        session_helo(c->session, helo);
    return answer(c, SMFIP_NR_HELO);
}

/* The queue id comes with MAIL (Sendmail) or later (Postfix): the first one seen is kept. */
static void note_queue_id(SMFICTX *ctx, struct connection *c)
{
    static char name[] = "i";
    const char *id = c->queue_id[0] == '\0' ? smfi_getsymval(ctx, name) : NULL;
    if (id != NULL)
        (void)snprintf(c->queue_id, sizeof c->queue_id, "%s", id);
}

/* The MTA keeps what it told at an earlier step. */
static void note_facts(SMFICTX *ctx, struct connection *c)
{
#define FACT(id, group, name, macro) static char macro_##id[] = macro;
#include "store/facts.def"
#undef FACT
    static char *const macros[FACT_COUNT] = {
#define FACT(id, group, name, macro) [FACT_##id] = macro_##id,
#include "store/facts.def"
#undef FACT
    };
    for (enum evidence_fact f = 0; f < FACT_COUNT; f++)
        if (macros[f][0] != '\0')
            session_note(c->session, f, smfi_getsymval(ctx, macros[f]));
    session_note(c->session, FACT_CLIENT_NAME, c->client);
}

static sfsistat on_mail(SMFICTX *ctx, char **args)
{
    static char auth_type[] = "{auth_type}", auth_authen[] = "{auth_authen}";
    struct connection *c = connection_of(ctx);
    if (c == NULL)
        return SMFIS_CONTINUE;
    const char *type = smfi_getsymval(ctx, auth_type), *who = smfi_getsymval(ctx, auth_authen);
    bool authenticated = (type != NULL && type[0] != '\0') || (who != NULL && who[0] != '\0');
    session_mail(c->session, args != NULL ? args[0] : NULL, authenticated);
    note_facts(ctx, c);
    c->queue_id[0] = '\0';
    note_queue_id(ctx, c);
    return answer(c, SMFIP_NR_MAIL);
}

static sfsistat on_rcpt(SMFICTX *ctx, char **args)
{
    struct connection *c = connection_of(ctx);
    static char code[] = "452", extended[] = "4.5.3", text[] = "one policy per message, please";
    bool can_refuse = c != NULL && c->smtp && (c->no_reply & SMFIP_NR_RCPT) == 0;
    if (c != NULL &&
        session_rcpt(c->session, args != NULL ? args[0] : NULL, can_refuse) == SESSION_LATER) {
        (void)smfi_setreply(ctx, code, extended, text);
        return SMFIS_TEMPFAIL;
    }
    return answer(c, SMFIP_NR_RCPT);
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
    struct connection *c = connection_of(ctx);
    if (c != NULL)
        session_header(c->session, name, value);
    return answer(c, SMFIP_NR_HDR);
}

static sfsistat on_eoh(SMFICTX *ctx)
{
    struct connection *c = connection_of(ctx);
    if (c != NULL)
        session_eoh(c->session);
    return answer(c, SMFIP_NR_EOH);
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *bytes, size_t n)
{
    struct connection *c = connection_of(ctx);
    if (c == NULL)
        return SMFIS_CONTINUE;
    enum session_reply reply = session_body(c->session, (struct view){(const char *)bytes, n});
    return reply == SESSION_SKIP && c->skip ? SMFIS_SKIP : SMFIS_CONTINUE;
}

/*
 * libmilter takes non-const strings that it does not change; copies would be one more thing that
 * can fail between two edits.
 */
union mutable_text {
    const char *in;
    char *out;
};

static bool op_insert(void *mta, int index, const char *name, const char *value)
{
    return smfi_insheader(mta, index, (union mutable_text){name}.out,
                          (union mutable_text){value}.out) == MI_SUCCESS;
}

static bool op_change(void *mta, int index, const char *name, const char *value)
{
    return smfi_chgheader(mta, (union mutable_text){name}.out, index,
                          (union mutable_text){value}.out) == MI_SUCCESS;
}

static bool op_quarantine(void *mta, const char *reason)
{
    return smfi_quarantine(mta, (union mutable_text){reason}.out) == MI_SUCCESS;
}

/* libmilter sends it in pieces; nothing may come between them. */
static bool op_body(void *mta, struct view body)
{
    union {
        const char *in;
        unsigned char *out;
    } p = {body.p};
    for (size_t n = 0; body.n > 0; body.n -= n, p.in += n) {
        n = body.n < 65535 ? body.n : 65535;
        if (smfi_replacebody(mta, p.out, (int)n) != MI_SUCCESS)
            return false;
    }
    return true;
}

static bool op_progress(void *mta)
{
    return smfi_progress(mta) == MI_SUCCESS;
}

static bool op_rcpt_add(void *mta, const char *address)
{
    return smfi_addrcpt(mta, (union mutable_text){address}.out) == MI_SUCCESS;
}

static bool op_rcpt_delete(void *mta, const char *address)
{
    return smfi_delrcpt(mta, (union mutable_text){address}.out) == MI_SUCCESS;
}

static sfsistat on_eom(SMFICTX *ctx)
{
    struct connection *c = connection_of(ctx);
    if (c == NULL) {
        /* Memory was out for the whole message: nothing of it was seen. */
        return engine_refuse(milter.engine, FAILED_MEMORY, "out of memory") == SESSION_TEMPFAIL
                   ? SMFIS_TEMPFAIL
                   : SMFIS_CONTINUE;
    }
    note_queue_id(ctx, c);
    const struct mta_ops ops = {.header_insert = op_insert,
                                .header_change = op_change,
                                .quarantine = op_quarantine,
                                .body_replace = c->bodies ? op_body : NULL,
                                .progress = op_progress,
                                .rcpt_add = c->recipients ? op_rcpt_add : NULL,
                                .rcpt_delete = c->recipients ? op_rcpt_delete : NULL};
    enum session_reply reply = session_eom(c->session, c->queue_id, &ops, ctx);
    c->queue_id[0] = '\0';
    return reply == SESSION_CLOSE      ? later(ctx)
           : reply == SESSION_TEMPFAIL ? SMFIS_TEMPFAIL
                                       : SMFIS_CONTINUE;
}

static sfsistat on_abort(SMFICTX *ctx)
{
    struct connection *c = smfi_getpriv(ctx);
    if (c != NULL) {
        session_abort(c->session);
        c->queue_id[0] = '\0';
    }
    return SMFIS_CONTINUE;
}

static sfsistat on_close(SMFICTX *ctx)
{
    struct connection *c = smfi_getpriv(ctx);
    if (c != NULL) {
        session_free(&c->session);
        free(c);
        (void)smfi_setpriv(ctx, NULL);
    }
    return SMFIS_CONTINUE;
}

int milter_listen(const char *socket)
{
    static char name[] = "extortion-milter";
    struct smfiDesc description = {
        .xxfi_name = name,
        .xxfi_version = SMFI_VERSION,
        .xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE | SMFIF_CHGBODY |
                      SMFIF_ADDRCPT | SMFIF_DELRCPT,
        .xxfi_connect = on_connect,
        .xxfi_helo = on_helo,
        .xxfi_envfrom = on_mail,
        .xxfi_envrcpt = on_rcpt,
        .xxfi_header = on_header,
        .xxfi_eoh = on_eoh,
        .xxfi_body = on_body,
        .xxfi_eom = on_eom,
        .xxfi_abort = on_abort,
        .xxfi_close = on_close,
        .xxfi_negotiate = on_negotiate,
    };
    milter.socket = strdup(socket);
    if (milter.socket == NULL)
        return EX_OSERR;
    (void)smfi_setmaxdatasize(DATA_MAX);
    if (smfi_register(description) != MI_SUCCESS || smfi_setconn(milter.socket) != MI_SUCCESS) {
        log_line(LOG_LEVEL_ERROR, "libmilter refuses to start");
        return EX_SOFTWARE;
    }
    errno = 0;
    if (smfi_opensocket(0) != MI_SUCCESS) {
        int error = errno;
        log_line(LOG_LEVEL_ERROR, "cannot listen on %s: %s", milter.socket,
                 error != 0 ? strerror(error) : "libmilter does not say why");
        return error == EACCES || error == EPERM ? EX_NOPERM
               : error == EADDRINUSE             ? EX_UNAVAILABLE
                                                 : EX_CANTCREAT;
    }
    return EX_OK;
}

bool milter_run(struct engine *e)
{
    milter.engine = e;
    return smfi_main() == MI_SUCCESS;
}

void milter_version(char out[32])
{
    unsigned major = 0, minor = 0, patch = 0;
    (void)smfi_version(&major, &minor, &patch);
    (void)snprintf(out, 32, "%u.%u.%u", major, minor, patch);
}

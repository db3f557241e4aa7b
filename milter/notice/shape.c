/*
 * Messages that are never rewritten: a changed byte would break a signature, a meeting, a bounce;
 * or two programs would read them in two ways, and ours may be the wrong one.
 */
#include "notice/rewrite.h"

struct type_row {
    const char *type, *subtype; /* subtype NULL: any */
    const char *reason;
};

static const struct type_row types[] = {
    {"multipart", "signed", "signed"},
    {"multipart", "encrypted", "encrypted"},
    {"application", "pkcs7-mime", "encrypted"},
    {"application", "x-pkcs7-mime", "encrypted"},
    {"application", "pkcs7-signature", "signed"},
    {"application", "x-pkcs7-signature", "signed"},
    {"application", "pgp-encrypted", "encrypted"},
    {"application", "pgp-signature", "signed"},
    {"text", "calendar", "calendar"},
    {"application", "ics", "calendar"},
    {"multipart", "report", "report"},
    {"message", "delivery-status", "report"},
    {"message", "global-delivery-status", "report"},
    {"message", "disposition-notification", "report"},
    {"message", "feedback-report", "report"},
    {"message", "partial", "partial"},
    {"message", "external-body", "partial"},
};

static const struct {
    enum anomaly anomaly;
    const char *reason;
} oddities[] = {
    {ANOMALY_MESSAGE_TRUNCATED, "large"},
    {ANOMALY_HEADER_LIMIT, "large"},
    {ANOMALY_PART_LIMIT, "large"},
    {ANOMALY_NESTING_LIMIT, "large"},
    {ANOMALY_DECODED_LIMIT, "large"},
    {ANOMALY_MEMORY_LIMIT, "large"},
    {ANOMALY_ENCRYPTED, "encrypted"},
    {ANOMALY_NO_HEADERS, "broken"},
    {ANOMALY_HEADER_BROKEN, "broken"},
    {ANOMALY_HEADER_NO_SEPARATOR, "broken"},
    {ANOMALY_CONTENT_TYPE_DUPLICATE, "broken"},
    {ANOMALY_CONTENT_TYPE_BROKEN, "broken"},
    {ANOMALY_PARAMETER_DUPLICATE, "broken"},
    {ANOMALY_BOUNDARY_MISSING, "broken"},
    {ANOMALY_BOUNDARY_ODD, "broken"},
    {ANOMALY_BOUNDARY_UNUSED, "broken"},
    {ANOMALY_BOUNDARY_UNCLOSED, "broken"},
    {ANOMALY_BOUNDARY_NESTED_SAME, "broken"},
    {ANOMALY_ENCODING_UNKNOWN, "broken"},
    {ANOMALY_ENCODING_ON_COMPOSITE, "broken"},
    {ANOMALY_CHARSET_UNKNOWN, "charset"},
    {ANOMALY_CHARSET_UTF7, "charset"},
    {ANOMALY_CHARSET_UTF16, "charset"},
};

static const char *part_refuses(const struct part *p)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (view_eq(p->type, view_of(types[i].type)) &&
            view_eq(p->subtype, view_of(types[i].subtype)))
            return types[i].reason;
    /* The marker of RFC 4880 6.2 and 7, in the clear. */
    if (p->kind == PART_TEXT &&
        view_find(p->content.text, VIEW("-----BEGIN PGP ")) < p->content.text.n)
        return "signed";
    return NULL;
}

const char *shape_refuses(const struct rewriting *r)
{
    const struct message *m = &r->message;
    if (r->wish->null_sender)
        return "null-sender";
    for (size_t i = 0; i < sizeof oddities / sizeof oddities[0]; i++)
        if (m->anomalies.count[oddities[i].anomaly] > 0)
            return oddities[i].reason;
    /* Inside an attached message the shapes do no harm: nobody changes them there. */
    for (uint32_t i = 0; i < m->n_parts; i++) {
        const char *reason = m->parts[i].message_depth == 0 ? part_refuses(&m->parts[i]) : NULL;
        if (reason != NULL)
            return reason;
    }
    if (!r->wish->lists && (part_header(&m->parts[0], VIEW("List-Id")) != NULL ||
                            part_header(&m->parts[0], VIEW("List-Post")) != NULL))
        return "list";
    return NULL;
}

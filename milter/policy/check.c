#include "policy/check.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "policy/network.h"
#include "policy/policy.h"

static bool bytes_in(const char *s, const char *extra)
{
    for (; *s != '\0'; s++)
        if (!ascii_is_alnum((unsigned char)*s) && strchr(extra, *s) == NULL)
            return false;
    return true;
}

bool socket_address_read(const char *text, struct socket_address *out, const char **hint)
{
    static const struct {
        const char *prefix;
        enum socket_kind kind;
    } kinds[] = {{"unix:", SOCKET_UNIX},
                 {"local:", SOCKET_UNIX},
                 {"inet:", SOCKET_INET},
                 {"inet6:", SOCKET_INET6}};
    *out = (struct socket_address){.kind = SOCKET_UNIX, .path = text};
    *hint = "\"unix:/path\", \"inet:port@host\" or \"inet6:port@host\"";
    if (text[0] != '/') {
        size_t i = 0, n = sizeof kinds / sizeof kinds[0];
        while (i < n && strncasecmp(text, kinds[i].prefix, strlen(kinds[i].prefix)) != 0)
            i++;
        if (i == n)
            return false;
        out->kind = kinds[i].kind;
        out->path = text + strlen(kinds[i].prefix);
    }
    if (out->kind == SOCKET_UNIX) {
        if (out->path[0] != '/') {
            *hint = "the path of a unix socket begins with '/'";
            return false;
        }
        /* libmilter wants one byte less than the kernel. */
        if (strlen(out->path) + 1 >= sizeof((struct sockaddr_un *)NULL)->sun_path) {
            *hint = "the path of a unix socket has at most 106 bytes";
            return false;
        }
        return true;
    }
    const char *at = strchr(out->path, '@');
    size_t n = at != NULL ? (size_t)(at - out->path) : strlen(out->path);
    uint64_t port;
    if (!view_to_u64((struct view){out->path, n}, 65535, &port) || port == 0) {
        *hint = "a port is a number from 1 to 65535, as in \"inet:8892@127.0.0.1\"";
        return false;
    }
    /* Without a host libmilter would listen on every address. */
    if (at == NULL || at[1] == '\0' || !bytes_in(at + 1, ".:-[]")) {
        *hint = "name the host, as in \"inet:8892@127.0.0.1\"; 0.0.0.0 means every address";
        return false;
    }
    out->path = NULL;
    out->port = (uint16_t)port;
    out->host = at + 1;
    return true;
}

bool check_socket(const char *value, const char **hint)
{
    struct socket_address address;
    return socket_address_read(value, &address, hint);
}

bool socket_is_local(const struct socket_address *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (address->kind == SOCKET_UNIX || strcasecmp(address->host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, address->host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address->host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool check_metrics(const char *value, const char **hint)
{
    return strcmp(value, "auto") == 0 || check_socket(value, hint);
}

void metrics_address(const char *listen, const char *socket, char out[METRICS_ADDRESS_MAX])
{
    struct socket_address own;
    const char *hint;
    int n = 0;
    if (strcmp(listen, "auto") != 0)
        n = snprintf(out, METRICS_ADDRESS_MAX, "%s", listen);
    else if (socket_address_read(socket, &own, &hint) && own.kind == SOCKET_UNIX)
        n = snprintf(out, METRICS_ADDRESS_MAX, "unix:%s.status", own.path);
    if (n <= 0 || n >= METRICS_ADDRESS_MAX)
        out[0] = '\0';
}

bool check_name(const char *value, const char **hint)
{
    *hint = "a group name has letters, digits, '_', '-' and '.'";
    return bytes_in(value, "_-.");
}

bool check_path(const char *value, const char **hint)
{
    *hint = "an absolute path begins with '/'";
    return value[0] == '\0' || value[0] == '/';
}

bool check_user(const char *value, const char **hint)
{
    *hint = "\"user\" or \"user:group\"";
    const char *colon = strchr(value, ':');
    if (colon != NULL && (colon == value || colon[1] == '\0' || strchr(colon + 1, ':') != NULL))
        return false;
    return bytes_in(value, "_-.:");
}

bool check_prefix(const char *value, const char **hint)
{
    *hint = "one line of UTF-8 text, such as \"[EXTORTION]\"";
    struct view v = view_of(value);
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7F)
            return false;
    return utf8_valid(v) && view_trim(v).n == v.n;
}

bool check_words(const char *value, const char **hint)
{
    bool good = check_prefix(value, hint);
    *hint = "one line of UTF-8 text";
    return good;
}

bool check_mailbox(const char *value, const char **hint)
{
    *hint = "one address in ASCII, such as \"security@example.com\"";
    const char *at = strrchr(value, '@');
    for (const char *p = value; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~' || strchr("<>()[],;:\"\\", *p) != NULL)
            return false;
    return at != NULL && at > value && at[1] != '\0' && strchr(value, '@') == at &&
           bytes_in(at + 1, ".-") && at[1] != '.' && at[strlen(at) - 1] != '.';
}

bool check_via(const char *value, const char **hint)
{
    if (value[0] == '/')
        return value[1] != '\0';
    bool good = check_socket(value, hint);
    *hint = "\"inet:25@127.0.0.1\", \"unix:/path\" or the path of a program";
    return good;
}

bool check_country(const char *value, const char **hint)
{
    *hint = "two capital letters, such as \"FI\", or \"auto\"";
    return strcmp(value, "auto") == 0 || (strlen(value) == 2 && value[0] >= 'A' &&
                                          value[0] <= 'Z' && value[1] >= 'A' && value[1] <= 'Z');
}

bool check_language(const char *value, const char **hint)
{
    *hint = "a language is written \"fi\" or \"pt-BR\"";
    return strlen(value) <= 35 && bytes_in(value, "-");
}

bool check_network(const char *value, const char **hint)
{
    struct network network;
    return network_read(value, &network, hint);
}

bool check_header(const char *value, const char **hint)
{
    /* A mistake here would delete the mail's own headers as forged ones. */
    static const char *const taken[] = {"Authentication-Results",
                                        "Bcc",
                                        "Cc",
                                        "Content-Transfer-Encoding",
                                        "Content-Type",
                                        "Date",
                                        "DKIM-Signature",
                                        "From",
                                        "In-Reply-To",
                                        "List-Id",
                                        "Message-ID",
                                        "MIME-Version",
                                        "Received",
                                        "References",
                                        "Reply-To",
                                        "Return-Path",
                                        "Sender",
                                        "Subject",
                                        "To",
                                        NULL};
    *hint = "a header name has letters, digits and '-', such as \"X-Extortion-Flag\"";
    if (!bytes_in(value, "-"))
        return false;
    *hint = "choose a name of your own, such as \"X-Extortion-Flag\": headers of this name are "
            "removed from incoming mail";
    for (const char *const *t = taken; *t != NULL; t++)
        if (strcasecmp(value, *t) == 0)
            return false;
    return true;
}

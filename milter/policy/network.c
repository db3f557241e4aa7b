#include "policy/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

/* The address in the form of struct network; the bits that an address of its family has, or 0. */
static unsigned address_read(const char *text, uint8_t out[16])
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    if (inet_pton(AF_INET, text, out + 12) == 1) {
        memcpy(out, mapped, sizeof mapped);
        return 32;
    }
    return inet_pton(AF_INET6, text, out) == 1 ? 128 : 0;
}

/* Clears what lies beyond the prefix; true when there was something. */
static bool mask(uint8_t address[16], unsigned bits)
{
    bool beyond = false;
    for (unsigned i = bits / 8; i < 16; i++) {
        uint8_t keep = i == bits / 8 ? (uint8_t)(0xFF00u >> bits % 8) : 0;
        beyond = beyond || (address[i] & (uint8_t)~keep) != 0;
        address[i] &= keep;
    }
    return beyond;
}

bool network_read(const char *text, struct network *out, const char **hint)
{
    char address[INET6_ADDRSTRLEN];
    struct view v = view_of(text);
    size_t slash = view_find_byte(v, '/');
    struct view name = view_sub(v, 0, slash);
    uint64_t bits;
    *hint = "a network is written \"192.0.2.0/24\" or \"2001:db8::/32\"";
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = view_sub(name, 1, name.n - 1);
    if (name.n >= sizeof address)
        return false;
    (void)snprintf(address, sizeof address, "%.*s", VIEW_ARG(name));
    unsigned all = address_read(address, out->address);
    if (all == 0)
        return false;
    bits = all;
    if (slash < v.n && !view_to_u64(view_sub(v, slash + 1, v.n), all, &bits)) {
        *hint = all == 32 ? "the prefix of an IPv4 network is a number from 0 to 32"
                          : "the prefix of an IPv6 network is a number from 0 to 128";
        return false;
    }
    out->bits = (unsigned)bits + (128 - all);
    *hint = "it names one address of a network: write \"192.0.2.0/24\", not \"192.0.2.7/24\"";
    return !mask(out->address, out->bits);
}

bool networks_contain(const struct network *v, size_t n, const char *address)
{
    uint8_t a[16];
    if (n == 0 || address_read(address, a) == 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint8_t in[16];
        memcpy(in, a, sizeof in);
        (void)mask(in, v[i].bits);
        if (memcmp(in, v[i].address, sizeof in) == 0)
            return true;
    }
    return false;
}

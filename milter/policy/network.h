/* IP networks in CIDR notation. Private to policy. */
#ifndef POLICY_NETWORK_H
#define POLICY_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IPv4 lies in ::ffff:0:0/96, so that a client that came over IPv6 is the same one. */
struct network {
    uint8_t address[16]; /* bits beyond the prefix are 0 */
    unsigned bits;
};

/*
 * "192.0.2.0/24", "2001:db8::/32" or "[2001:db8::]/32"; without a prefix: one address. False when
 * it is none; *hint then says what a good one looks like.
 */
bool network_read(const char *text, struct network *out, const char **hint);
/* address: as inet_ntop writes it; anything else lies in no network. */
bool networks_contain(const struct network *v, size_t n, const char *address);

#endif

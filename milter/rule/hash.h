/* FNV-1a, 64 bits: for tables of our own data and for naming a ruleset; not for hostile keys. */
#ifndef RULE_HASH_H
#define RULE_HASH_H

#include "base/base.h"

#define HASH_START 0xcbf29ce484222325u

static inline uint64_t hash_bytes(uint64_t hash, struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        hash = (hash ^ (unsigned char)v.p[i]) * 0x100000001b3u;
    return hash;
}

#endif

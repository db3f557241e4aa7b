/* Tezos: base58check with three version bytes: tz1 to tz4 (keys), KT1 (contracts), sr1 (rollups).
 */
#include "indicator/address.h"
#include "indicator/base58.h"

#include <string.h>

static const char *check(struct view address, bool *testnet)
{
    static const struct {
        uint8_t version[3];
        const char *form;
    } rows[] = {
        {{6, 161, 159}, "tz1"}, {{6, 161, 161}, "tz2"}, {{6, 161, 164}, "tz3"},
        {{6, 161, 166}, "tz4"}, {{2, 90, 121}, "KT1"},
    };
    uint8_t bytes[23];

    *testnet = false;
    if (base58check_decode(address, bytes, sizeof bytes) != (int)sizeof bytes)
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (memcmp(bytes, rows[i].version, sizeof rows[i].version) == 0)
            return rows[i].form;
    return NULL;
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "tK", 36, 36, true, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family tezos_family = {
    .shapes = shapes, .check = check, .scheme = "tezos", .currency = "XTZ"};

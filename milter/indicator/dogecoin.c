/* Dogecoin: base58check, "D" (P2PKH), "9" and "A" (P2SH). */
#include "indicator/address.h"
#include "indicator/base58.h"

static const char *check(struct view address, bool *testnet)
{
    static const struct base58_version versions[] = {
        {0x1e, "p2pkh", false}, {0x16, "p2sh", false}, {0, NULL, false}};

    return base58_version_form(address, versions, testnet);
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "D9A", 33, 34, true, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family dogecoin_family = {
    .shapes = shapes, .check = check, .scheme = "dogecoin", .currency = "DOGE"};

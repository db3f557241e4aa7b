/* Dash: base58check, "X" (P2PKH) and "7" (P2SH); "y" on the test network. */
#include "indicator/address.h"
#include "indicator/base58.h"

static const char *check(struct view address, bool *testnet)
{
    static const struct base58_version versions[] = {
        {0x4c, "p2pkh", false}, {0x10, "p2sh", false}, {0x8c, "p2pkh", true}, {0, NULL, false}};

    return base58_version_form(address, versions, testnet);
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "X7", 33, 34, true, {0, 0}},
    {ADDRESS_BASE58, "y", 33, 34, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family dash_family = {
    .shapes = shapes, .check = check, .scheme = "dash", .currency = "DASH"};

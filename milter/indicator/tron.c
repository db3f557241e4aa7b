/* TRON, where most tether (USDT-TRC20) is paid: base58check, "T". */
#include "indicator/address.h"
#include "indicator/base58.h"

static const char *check(struct view address, bool *testnet)
{
    static const struct base58_version versions[] = {{0x41, "account", false}, {0, NULL, false}};

    return base58_version_form(address, versions, testnet);
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE58, "T", 34, 34, true, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};

const struct address_family tron_family = {
    .shapes = shapes, .check = check, .scheme = "tron", .currency = "TRX"};

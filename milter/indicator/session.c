/*
 * Session messenger: "05" and the 64 hex digits of a key, without a checksum; counts only beside
 * the name.
 */
#include "indicator/address.h"

#define DIGITS 66

static const char *check(struct view address, bool *testnet)
{
    *testnet = false;
    if (address.p[1] != '5')
        return NULL;
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = ascii_lower((unsigned char)address.p[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return NULL;
    }
    return "id";
}

static const struct address_shape shapes[] = {
    {ADDRESS_BASE64, "0", DIGITS, DIGITS, false, {0, 0}},
    {ADDRESS_BASE58, NULL, 0, 0, false, {0, 0}},
};
static const char *const words[] = {"session", "getsession", "oxen", "messenger", NULL};

const struct address_family session_family = {
    .shapes = shapes, .check = check, .words = words, .anywhere = true};

/* Any bytes as extortion-milter.conf: a policy or diagnostics, never both and never neither. */
#include "fuzz.h"
#include "policy/policy.h"

FUZZ_LIBCONFIG_LEAKS

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy *policy = NULL;
    struct diags diags;
    struct buf text;
    diags_init(&diags);
    buf_init(&text, 1 << 24);
    enum status status = policy_load(fuzz_file(0, data, size), NULL, 0, &diags, &policy);
    REQUIRE((status == STATUS_OK) == (policy != NULL));
    REQUIRE((status == STATUS_OK) == (diags.n_errors == 0));
    if (policy != NULL) {
        struct socket_address address;
        const char *hint;
        const struct settings *s = policy_settings(policy);
        /* What was taken must be usable. */
        REQUIRE(socket_address_read(s->socket, &address, &hint) && s->subject_prefix[0] != '\0');
    }
    (void)diags_print(&diags, &text);
    buf_fini(&text);
    diags_fini(&diags);
    policy_unref(&policy);
    return 0;
}

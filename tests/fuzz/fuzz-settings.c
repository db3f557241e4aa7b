/* Any bytes as extortion-milter.conf: a policy or diagnostics, never both and never neither. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "policy/policy.h"

/* libconfig 1.5 forgets its buffer when a string is not closed; it is the library's, once a load.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy *policy = NULL;
    struct diags diags;
    struct buf text;
    char path[64];
    int fd = memfd_create("settings", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    diags_init(&diags);
    buf_init(&text, 1 << 24);
    enum status status = policy_load(path, NULL, 0, &diags, &policy);
    if ((status == STATUS_OK) != (policy != NULL) || (status == STATUS_OK) != (diags.n_errors == 0))
        abort();
    if (policy != NULL) {
        struct socket_address address;
        const char *hint;
        const struct settings *s = policy_settings(policy);
        /* What was taken must be usable. */
        if (!socket_address_read(s->socket, &address, &hint) || s->subject_prefix[0] == '\0')
            abort();
    }
    (void)diags_print(&diags, &text);
    buf_fini(&text);
    diags_fini(&diags);
    policy_unref(&policy);
    (void)close(fd);
    return 0;
}

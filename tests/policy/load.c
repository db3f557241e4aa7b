#include "policy/load.h"

#include <stdlib.h>
#include <unistd.h>

#include "test.h"

static void write_conf(const char *path, const char *text, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

char *printed(const struct diags *diags)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_int_equal(diags_print(diags, &out), STATUS_OK);
    assert_int_equal(buf_add_byte(&out, '\0'), STATUS_OK);
    return out.p;
}

char *load(const char *text, size_t n, struct policy **p)
{
    struct diags diags;
    char path[64];
    (void)snprintf(path, sizeof path, "test-policy.%ld.tmp", (long)getpid());
    diags_init(&diags);
    write_conf(path, text, n);
    enum status status = policy_load(path, NULL, 0, &diags, p);
    assert_int_equal(status == STATUS_OK, *p != NULL);
    assert_int_equal(status == STATUS_OK, diags.n_errors == 0);
    char *out = printed(&diags);
    diags_fini(&diags);
    (void)unlink(path);
    return out;
}

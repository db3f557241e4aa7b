#include "program/policies.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

int policies_load(const char **config, const struct packs *packs, struct policy **out)
{
    struct diags diags;
    if (*config == NULL && access(SETTINGS_FILE, R_OK) == 0)
        *config = SETTINGS_FILE;
    const char *const *rules = packs->n > 0 ? (const char *const *)packs->paths : NULL;
    diags_init(&diags);
    enum status status = policy_load(*config, rules, packs->n, &diags, out);
    packs_print_diags(&diags);
    diags_fini(&diags);
    return status == STATUS_OK          ? 0
           : status == STATUS_NO_MEMORY ? EX_OSERR
           : status == STATUS_IO        ? EX_NOINPUT
                                        : EX_CONFIG;
}

void policies_listener(const char *text, const char **name, const char **port)
{
    bool number = text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
    *name = number ? "" : text;
    *port = number ? text : "";
}

#include "program/packs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "program/screen.h"

static bool path_add(char ***paths, size_t *n, const char *path)
{
    char **grown = realloc(*paths, (*n + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    *paths = grown;
    grown[*n] = strdup(path);
    return grown[*n] != NULL && ++*n > 0;
}

bool packs_add(struct packs *p, const char *path)
{
    return path_add(&p->paths, &p->n, path);
}

bool packs_add_beside(struct packs *p, const char *path)
{
    return path_add(&p->beside, &p->n_beside, path);
}

static void paths_free(char **paths, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(paths[i]);
    free(paths);
}

void packs_fini(struct packs *p)
{
    paths_free(p->paths, p->n);
    paths_free(p->beside, p->n_beside);
    *p = (struct packs){0};
}

static bool add_environment(struct packs *p)
{
    const char *list = getenv("EXTORTION_RULES");
    if (list == NULL || list[0] == '\0')
        return packs_add(p, RULES_DIR);
    while (*list != '\0') {
        size_t n = strcspn(list, ":");
        char *one = strndup(list, n);
        bool added = one != NULL && (n == 0 || packs_add(p, one));
        free(one);
        if (!added)
            return false;
        list += n + (list[n] == ':');
    }
    return true;
}

bool packs_default(struct packs *p)
{
    bool all = p->n > 0 || add_environment(p);
    for (size_t i = 0; all && i < p->n_beside; i++)
        all = packs_add(p, p->beside[i]);
    return all;
}

/* A folder that is not there is the first thing that goes wrong in a build tree. */
static bool packs_exist(const struct packs *p)
{
    bool all = true;
    for (size_t i = 0; i < p->n; i++) {
        if (access(p->paths[i], R_OK) == 0)
            continue;
        all = false;
        screen_complain(p->paths[i], strerror(errno));
        if (strcmp(p->paths[i], RULES_DIR) == 0)
            (void)fputs(
                "    hint: no rule packs are installed there; name their folder with --rules "
                "DIR or EXTORTION_RULES (in a source tree: --rules rules)\n",
                stderr);
    }
    return all;
}

void packs_print_diags(const struct diags *diags)
{
    struct buf text;
    buf_init(&text, 16u << 20);
    if (diags_print(diags, &text) == STATUS_OK && text.n > 0)
        (void)fwrite(text.p, 1, text.n, stderr);
    buf_fini(&text);
}

int packs_load_diags(const struct packs *p, const struct limits *limits, bool lint,
                     struct diags *diags, struct ruleset **out)
{
    *out = NULL;
    if (!packs_exist(p))
        return EX_CONFIG;
    const struct ruleset_source source = {(const char *const *)p->paths, p->n, .prove = true,
                                          .lint = lint};
    enum status status = ruleset_load(&source, limits, diags, out);
    return status == STATUS_OK ? 0 : status == STATUS_NO_MEMORY ? EX_OSERR : EX_CONFIG;
}

int packs_load(const struct packs *p, const struct limits *limits, bool quiet, struct ruleset **out)
{
    struct diags diags;
    diags_init(&diags);
    int code = packs_load_diags(p, limits, false, &diags, out);
    if (code != 0 || !quiet)
        packs_print_diags(&diags);
    if (code != 0 && diags.n_errors > 0)
        (void)fprintf(stderr, "extortctl: the rules did not load: %zu error%s\n", diags.n_errors,
                      diags.n_errors == 1 ? "" : "s");
    else if (code == EX_OSERR)
        screen_complain(NULL, "out of memory");
    diags_fini(&diags);
    return code;
}

size_t packs_count(const struct ruleset *r)
{
    size_t count = 0;
    for (uint32_t i = 0; i < ruleset_n_rules(r); i++) {
        bool seen = false;
        for (uint32_t k = i; k > 0 && !seen; k--)
            seen = strcmp(ruleset_rule(r, k - 1)->pack, ruleset_rule(r, i)->pack) == 0;
        count += !seen;
    }
    return count;
}

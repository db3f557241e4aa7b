/* Any bytes as a rule pack: it loads, or there is something to say about it; proofs included. */
#include "fuzz.h"
#include "rule/rule.h"

FUZZ_LIBCONFIG_LEAKS

static void walk(const struct ruleset *r)
{
    double points[FACET_COUNT] = {0};
    for (uint32_t i = 0; i < ruleset_n_rules(r); i++) {
        const struct rule_info *info = ruleset_rule(r, i);
        REQUIRE(info->id[0] != '\0' && info->weight > 0 && info->line > 0);
        REQUIRE(info->facet <= FACET_NONE);
    }
    for (uint32_t c = 0; c < ruleset_n_classes(r); c++)
        (void)class_requirement(r, c, points);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default();
    const char *paths[] = {fuzz_file(0, data, size)};
    struct ruleset_source source = {
        .paths = paths, .n_paths = 1, .prove = size % 2 == 0, .lint = true};
    struct ruleset *r = NULL;
    struct diags diags;
    struct buf text;
    diags_init(&diags);
    buf_init(&text, 1 << 24);
    enum status status = ruleset_load(&source, &limits, &diags, &r);
    REQUIRE((status == STATUS_OK) == (r != NULL));
    REQUIRE((status == STATUS_OK) == (diags.n_errors == 0));
    (void)diags_print(&diags, &text);
    if (r != NULL)
        walk(r);
    ruleset_free(&r);
    buf_fini(&text);
    diags_fini(&diags);
    return 0;
}

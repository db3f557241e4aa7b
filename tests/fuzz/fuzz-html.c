/* Any bytes as HTML: valid texts, maps that lead inside, bounded work. */
#include "fuzz.h"

#include "../text/invariants.h"

static void check_text(struct view text, const struct spanmap *map, struct view html,
                       const struct limits *limits)
{
    MUST(text.n <= limits->text_bytes);
    MUST(utf8_valid(text));
    invariants_map(map, (uint32_t)text.n, html.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default();
    struct arena arena;
    struct html_text out;
    struct view html = {(const char *)data, size};
    if (!utf8_valid(html)) /* what mail gives is always valid */
        return 0;
    if (size % 8 == 0)
        limits.text_bytes = 1024;
    arena_init(&arena, 1 << 26);
    enum status status = html_read(html, &limits, &arena, &out);
    MUST(status == STATUS_OK);
    check_text(out.visible, &out.visible_map, html, &limits);
    check_text(out.hidden, &out.hidden_map, html, &limits);
    check_text(out.attributes, &out.attributes_map, html, &limits);
    for (uint32_t i = 0; i < out.n_links; i++) {
        MUST(out.links[i].target.p != NULL && utf8_valid(out.links[i].target));
        MUST(out.links[i].visible_at <= out.visible.n);
        MUST(utf8_valid(out.links[i].shown));
    }
    for (uint32_t i = 0; i < out.n_quoted; i++) {
        MUST(out.quoted[i].from <= out.quoted[i].to && out.quoted[i].to <= out.visible.n);
        MUST(i == 0 || out.quoted[i].from >= out.quoted[i - 1].to);
    }
    MUST(arena.held <= 80 * size + (1 << 20));
    arena_fini(&arena);
    return 0;
}

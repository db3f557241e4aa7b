/* <language>.conf: the words of one language. */
#include <stdio.h>
#include <string.h>

#include "notice/notices.h"

static const struct {
    const char *key;
    unsigned may, must;
} word_rows[WORDS_COUNT] = {
#define X(id, key, may, must) [WORD_##id] = {key, may, must},
    WORDS(X)
#undef X
};

static void words_read(struct conf *c, struct template *t, const config_setting_t *root)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        t->words[i] = conf_text(c, root, word_rows[i].key, "", true, TEXT_MAX);
        const config_setting_t *s = config_setting_get_member(root, word_rows[i].key);
        if (t->words[i][0] != '\0')
            placeholders_check(c, s, word_rows[i].key, t->words[i], word_rows[i].may,
                               word_rows[i].must);
    }
    const config_setting_t *days = conf_list(c, root, "days", "", true);
    if (days != NULL && config_setting_length(days) != 7) {
        conf_error(c, days, "days", NULL, "must be seven, from Monday on");
        days = NULL;
    }
    for (unsigned i = 0; i < 7; i++)
        t->days[i] =
            days != NULL ? conf_string(c, config_setting_get_elem(days, i), "days", 20) : "";
}

static const char *plain_text(struct conf *c, const config_setting_t *s, const char *where)
{
    const char *text = conf_string(c, s, where, TEXT_MAX);
    placeholders_check(c, s, where, text, 0, 0);
    return text;
}

static void group_read(struct conf *c, struct template *t, const config_setting_t *s)
{
    static const char *const keys[] = {"title", "lead", "steps", NULL};
    const char *name = config_setting_name(s);
    enum notice_group g = notice_group_find(view_of(name));
    if (g == NOTICE_GROUPS || !config_setting_is_group(s)) {
        conf_error(c, s, name,
                   "groups hold bluff, breach, person, life, minors, company, police, "
                   "partner and neutral",
                   g == NOTICE_GROUPS ? "unknown group" : "must be a group");
        return;
    }
    struct group_text *out = &t->groups[g];
    conf_names(c, s, keys);
    const config_setting_t *title = config_setting_get_member(s, "title");
    const config_setting_t *lead = config_setting_get_member(s, "lead");
    const config_setting_t *steps = conf_list(c, s, "steps", name, true);
    unsigned n = steps != NULL ? (unsigned)config_setting_length(steps) : 0;
    out->title = title != NULL ? plain_text(c, title, name) : "";
    if (lead != NULL)
        out->lead = plain_text(c, lead, name);
    else
        conf_error(c, s, name, NULL, "has no lead");
    if (n < 1 || n > STEPS_MAX) {
        conf_error(c, steps != NULL ? steps : s, name, "one thing to do in each",
                   "needs 1 to %d steps", STEPS_MAX);
        return;
    }
    for (unsigned i = 0; i < n; i++)
        out->steps[out->n_steps++] = plain_text(c, config_setting_get_elem(steps, i), name);
    t->has_group[g] = true;
}

static void groups_read(struct conf *c, struct template *t, const config_setting_t *root)
{
    const config_setting_t *groups = config_setting_get_member(root, "groups");
    if (groups == NULL || !config_setting_is_group(groups)) {
        conf_error(c, groups != NULL ? groups : root, "groups", NULL, "must be a group");
        return;
    }
    for (unsigned i = 0; i < (unsigned)config_setting_length(groups); i++)
        group_read(c, t, config_setting_get_elem(groups, i));
    if (!t->has_group[NOTICE_NEUTRAL])
        conf_error(c, groups, "groups", "it speaks where no other group fits",
                   "the group neutral is missing");
}

void template_read(struct conf *c, struct notices *n, const char *language)
{
    const char *keys[WORDS_COUNT + 5] = {"language", "direction", "days", "groups"};
    const config_setting_t *root = config_root_setting(&c->config);
    for (size_t i = 0; i < WORDS_COUNT; i++)
        keys[4 + i] = word_rows[i].key;
    conf_names(c, root, keys);
    struct template t = {.language = conf_text(c, root, "language", "", true, 8)};
    const char *direction = conf_text(c, root, "direction", "", true, 8);
    if (t.language[0] != '\0' && strcmp(t.language, language) != 0)
        conf_error(c, config_setting_get_member(root, "language"), "language", NULL,
                   "is \"%s\", but the file is named %s.conf", t.language, language);
    if (direction[0] != '\0' && strcmp(direction, "ltr") != 0 && strcmp(direction, "rtl") != 0)
        conf_error(c, config_setting_get_member(root, "direction"), "direction", NULL,
                   "must be \"ltr\" or \"rtl\"");
    t.right_to_left = strcmp(direction, "rtl") == 0;
    words_read(c, &t, root);
    groups_read(c, &t, root);
    struct template *v =
        arena_grow(&n->arena, n->templates, &n->cap_templates, n->n_templates + 1, sizeof *v);
    if (v == NULL) {
        c->no_memory = true;
        return;
    }
    n->templates = v;
    v[n->n_templates++] = t;
}

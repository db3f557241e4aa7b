/* Whether who is to be redirected or copied has a mailbox for it. */
#include <stdio.h>
#include <string.h>

#include "policy/loaded.h"
#include "policy/rows.h"

static const struct {
    enum class_action action;
    enum policy_value to;
    const char *verb, *hint;
} moves[] = {
    {ACTION_REDIRECT, VALUE_REDIRECT_TO, "redirected",
     "say redirect_to = \"security@example.com\";"},
    {ACTION_COPY, VALUE_COPY_TO, "copied", "say copy_to = \"security@example.com\";"},
};
enum { MOVES = sizeof moves / sizeof moves[0] };

static const char *mailbox(const struct settings *s, enum policy_value to)
{
    return to == VALUE_REDIRECT_TO ? s->redirect_to : s->copy_to;
}

/* line, key: who says so when the settings do not know better. */
static void check(struct settings_reader *r, const struct settings *s, uint32_t n_classes,
                  unsigned line, const char *key, const char *whom)
{
    for (size_t i = 0; i < MOVES; i++)
        for (uint32_t c = 0; c < n_classes && mailbox(s, moves[i].to)[0] == '\0'; c++) {
            if ((s->actions[c] & moves[i].action) == 0)
                continue;
            diags_add(r->diags, DIAG_ERROR, r->file,
                      line > 0 ? line : s->origin.class[VALUE_ACTIONS][c], key, moves[i].hint,
                      "mail%s is to be %s, and nobody says where to", whom, moves[i].verb);
            break;
        }
}

/* An address that meets the pattern; false: it is a listener's. */
static bool address_like(const char *pattern, char out[PATTERN_BYTES_MAX + 8])
{
    static const char listener[] = "listener:";
    if (strncmp(pattern, listener, sizeof listener - 1) == 0)
        return false;
    const char *before = strncmp(pattern, "@.", 2) == 0 ? "*@*" : pattern[0] == '@' ? "*" : "";
    (void)snprintf(out, PATTERN_BYTES_MAX + 8, "%s%s", before,
                   before[0] != '\0' && before[1] != '\0' ? pattern + 1 : pattern);
    return true;
}

void mailboxes_check(struct settings_reader *r, const struct policy *p)
{
    const struct policy_rows *rows = p->settings.rows;
    uint32_t n_classes = ruleset_n_classes(p->ruleset);
    size_t before = r->diags->n_errors;
    check(r, &p->settings, n_classes, 0, "actions", "");
    /* Rows would only say it again. */
    if (r->diags->n_errors != before)
        return;
    for (uint32_t i = 0; rows != NULL && i < rows->n_patterns; i++) {
        const struct pattern *pattern = &rows->patterns[i];
        const struct said_list *said = &rows->v[pattern->row].said;
        char address[PATTERN_BYTES_MAX + 8], whom[PATTERN_BYTES_MAX + 8];
        bool moved = false;
        for (size_t k = 0; k < said->n; k++)
            moved = moved || said->v[k].value == VALUE_REDIRECT_TO ||
                    said->v[k].value == VALUE_COPY_TO ||
                    (said->v[k].value == VALUE_ACTIONS &&
                     (said->v[k].u.bits & (ACTION_REDIRECT | ACTION_COPY)) != 0);
        /* What a row does not touch was looked at with the settings for all. */
        if (!moved)
            continue;
        struct policy_for whole;
        struct view one = VIEW_NONE;
        struct audience a = {.n = 1, .recipients = &one};
        if (address_like(pattern->text, address))
            one = view_of(address);
        else
            a.listener_name = view_of(strchr(pattern->text, ':') + 1);
        policy_for(p, &a, &whole);
        (void)snprintf(whom, sizeof whom, " for %s", pattern->text);
        check(r, &whole.settings, n_classes, pattern->line, "policies.actions", whom);
    }
}

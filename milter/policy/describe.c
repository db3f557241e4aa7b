#include "policy/settings.h"

#include <string.h>

enum { DESCRIBE_WIDTH = 92 };

/* Comment lines of at most DESCRIBE_WIDTH columns. */
static enum status describe_comment(struct buf *out, const char *indent, const char *text)
{
    struct view rest = view_of(text);
    enum status status = STATUS_OK;
    while (rest.n > 0 && status == STATUS_OK) {
        size_t n = rest.n, room = DESCRIBE_WIDTH - strlen(indent) - 2;
        if (n > room)
            for (n = room; n > 0 && rest.p[n] != ' '; n--)
                ;
        if (n == 0)
            n = rest.n;
        status = buf_addf(out, "%s# %.*s\n", indent, (int)n, rest.p);
        rest = view_trim(view_sub(rest, n, rest.n));
    }
    return status;
}

static enum status describe_limits(struct buf *out)
{
    enum status status =
        buf_addf(out, "%s",
                 "# Bounds on what one message may cost. Reaching one is never silent: the message "
                 "is judged\n"
                 "# by what was read, rules can see it, and the score header says \"incomplete\".\n"
                 "limits = {\n");
    for (const struct limit_row *row = limit_rows; row->name != NULL && status == STATUS_OK;
         row++) {
        status = describe_comment(out, "  ", row->reason);
        if (status == STATUS_OK)
            status = buf_addf(out, "  # From %u to %u.\n  #%s = %u%s;\n", row->min, row->max,
                              row->name, row->def, row->def > INT32_MAX ? "L" : "");
    }
    return status == STATUS_OK ? buf_addf(out, "};\n") : status;
}

enum status policy_describe(struct buf *out)
{
    enum status status =
        buf_addf(out, "%s",
                 "# extortion-milter.conf(5): settings of extortion-milter(8).\n"
                 "# Every key stands here with its default, commented out. Check a change with\n"
                 "# `extortion-milter -t`; it takes effect with `extortctl reload`.\n");
    const char *group = "";
    size_t group_n = 0;
    for (const struct setting_row *row = setting_rows; row->key != NULL && status == STATUS_OK;
         row++) {
        const char *dot = strchr(row->key, '.');
        size_t n = dot != NULL ? (size_t)(dot - row->key) : 0;
        bool same = n == group_n && strncmp(group, row->key, n) == 0;
        if (!same && group_n > 0)
            status = buf_addf(out, "};\n");
        if (status == STATUS_OK && (!same || n == 0))
            status = buf_addf(out, "\n");
        if (status == STATUS_OK && !same && n > 0)
            status = buf_addf(out, "%.*s = {\n", (int)n, row->key);
        group = row->key;
        group_n = n;
        const char *indent = n > 0 ? "  " : "";
        if (status == STATUS_OK)
            status = describe_comment(out, indent, row->help);
        if (status == STATUS_OK && row->type == SETTING_NUMBER)
            status = buf_addf(out, "%s# From %.15g to %.15g.\n", indent, row->min, row->max);
        if (status == STATUS_OK)
            status =
                buf_addf(out, "%s#%s = %s;\n", indent, n > 0 ? dot + 1 : row->key, row->standard);
    }
    if (status == STATUS_OK && group_n > 0)
        status = buf_addf(out, "};\n");
    if (status == STATUS_OK)
        status = buf_addf(
            out, "%s",
            "\n# What differs for single classes of the rule packs: sextortion, breach-person,\n"
            "# breach-company, ddos, violence. Mail of class violence (threats to life) is never\n"
            "# held nor redirected. A class has threshold, quarantine_score, redirect_score, "
            "copy_score\n"
            "# and actions.\n"
            "classes = {\n"
            "  #sextortion = { actions = [ \"tag\", \"subject\" ]; };\n"
            "  #breach-company = { actions = [ \"tag\", \"quarantine\" ]; quarantine_score = 7.0; "
            "};\n"
            "};\n\n"
            "# What single recipients, domains and listeners want instead. Each value is that of "
            "the policy\n"
            "# for the address, else for its domain, else for the nearest domain around that, "
            "else for the\n"
            "# listener, else the one for all. Keys: match; exempt (true: abuse desk, police; "
            "nothing but\n"
            "# trace headers), annotate (false: no notices), evidence (false: no records), alert "
            "(false: none); as for "
            "all:\n"
            "# threshold, quarantine_score, redirect_score, copy_score, actions, classes, "
            "redirect_to,\n"
            "# copy_to, subject_prefix, headers (class, clean), scan,\n"
            "# scan_authenticated, scan_internal; of the group notice operator, reach, gateway, "
            "mode,\n"
            "# wrap_score, languages, country, minors, lists. `extortctl policy ADDRESS` shows "
            "what "
            "holds,\n"
            "# and why. "
            "Example:\n"
            "# policies = (\n"
            "#   { match = [ \"@example.fi\", \"@.example.fi\" ]; country = \"FI\"; "
            "languages = [ \"fi\", \"sv\" ]; },\n"
            "#   { match = [ \"cfo@example.fi\" ]; threshold = 4.0;\n"
            "#     classes = { breach-company = { actions = [ \"tag\", \"quarantine\" ]; }; }; },\n"
            "#   { match = [ \"abuse@example.fi\" ]; exempt = true; },\n"
            "#   { match = [ \"listener:587\" ]; scan_authenticated = true; }\n"
            "# );\n\n");
    return status == STATUS_OK ? describe_limits(out) : status;
}

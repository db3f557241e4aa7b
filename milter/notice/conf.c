#include "notice/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CONF_BYTES_MAX = 1 << 20 }; /* the list of contacts has 40 kB */

void conf_error(struct conf *c, const config_setting_t *at, const char *where, const char *hint,
                const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diags_add(c->diags, DIAG_ERROR, c->file, at != NULL ? config_setting_source_line(at) : 0, where,
              hint, "%s", message);
    c->bad = true;
}

static enum status file_read(const char *path, struct buf *out, struct diags *diags)
{
    FILE *file = fopen(path, "rbe");
    enum status status = file != NULL ? STATUS_OK : STATUS_IO;
    char chunk[8192];
    for (size_t n; status == STATUS_OK && (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        status = buf_add(out, (struct view){chunk, n});
    if (file != NULL && ferror(file) != 0)
        status = STATUS_IO;
    if (status == STATUS_IO)
        diags_add(diags, DIAG_ERROR, path, 0, NULL, NULL, "cannot read it: %s", strerror(errno));
    else if (status == STATUS_LIMIT)
        diags_add(diags, DIAG_ERROR, path, 0, NULL, NULL, "is larger than %d bytes",
                  CONF_BYTES_MAX);
    if (file != NULL)
        (void)fclose(file);
    return status == STATUS_LIMIT ? STATUS_INVALID : status;
}

/* What libconfig would misread or follow. */
static enum status text_check(const char *path, struct view text, struct diags *diags)
{
    struct view rest = text, line;
    for (unsigned n = 1; view_next_line(&rest, &line); n++) {
        const char *what = NULL;
        if (!utf8_valid(line))
            what = "this line is not UTF-8";
        else if (view_find_byte(line, '\0') < line.n)
            what = "a NUL byte: is it a text file?";
        else if (view_starts_nocase(view_trim(line), VIEW("@include")))
            what = "@include is not supported";
        if (what != NULL) {
            diags_add(diags, DIAG_ERROR, path, n, NULL, NULL, "%s", what);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

enum status conf_read(struct conf *c, const char *file, struct diags *diags, struct arena *arena)
{
    *c = (struct conf){.file = file, .diags = diags, .arena = arena};
    config_init(&c->config);
    struct buf text;
    buf_init(&text, CONF_BYTES_MAX);
    enum status status = file_read(file, &text, diags);
    if (status == STATUS_OK)
        status = text_check(file, buf_view(&text), diags);
    if (status == STATUS_OK)
        status = buf_add_byte(&text, '\0');
    if (status == STATUS_OK && config_read_string(&c->config, text.p) != CONFIG_TRUE) {
        const char *what = config_error_text(&c->config);
        diags_add(diags, DIAG_ERROR, file, (unsigned)config_error_line(&c->config), NULL,
                  "each value ends with ';', strings stand in double quotes; the mistake may stand "
                  "in the line before",
                  "%s", what != NULL ? what : "not understood");
        status = STATUS_INVALID;
    }
    buf_fini(&text);
    return status;
}

const char *conf_string(struct conf *c, const config_setting_t *s, const char *where, size_t max)
{
    if (config_setting_type(s) != CONFIG_TYPE_STRING) {
        conf_error(c, s, where, "text stands in double quotes", "must be a text");
        return "";
    }
    struct view v = view_of(config_setting_get_string(s));
    bool control = false;
    for (size_t i = 0; i < v.n; i++)
        control = control || (unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7F;
    if (v.n == 0 || control || v.n > max || view_trim(v).n != v.n) {
        conf_error(c, s, where, "one line, without white space around it",
                   v.n > max ? "is longer than %zu bytes" : "is not usable here", max);
        return "";
    }
    const char *copy = arena_string(c->arena, v);
    c->no_memory = c->no_memory || copy == NULL;
    return copy != NULL ? copy : "";
}

const char *conf_text(struct conf *c, const config_setting_t *group, const char *name,
                      const char *where, bool must, size_t max)
{
    char place[128];
    (void)snprintf(place, sizeof place, "%s%s%s", where, where[0] != '\0' ? "." : "", name);
    const config_setting_t *s = config_setting_get_member(group, name);
    if (s != NULL)
        return conf_string(c, s, place, max);
    if (must)
        conf_error(c, group, place, NULL, "is missing");
    return "";
}

const config_setting_t *conf_list(struct conf *c, const config_setting_t *group, const char *name,
                                  const char *where, bool must)
{
    char place[128];
    (void)snprintf(place, sizeof place, "%s%s%s", where, where[0] != '\0' ? "." : "", name);
    const config_setting_t *s = config_setting_get_member(group, name);
    if (s == NULL) {
        if (must)
            conf_error(c, group, place, NULL, "is missing");
        return NULL;
    }
    int type = config_setting_type(s);
    if (type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST)
        return s;
    conf_error(c, s, place, "write it as [ \"a\", \"b\" ]", "must be a list");
    return NULL;
}

void conf_names(struct conf *c, const config_setting_t *group, const char *const *names)
{
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *s = config_setting_get_elem(group, i);
        const char *name = config_setting_name(s);
        size_t k = 0;
        while (names[k] != NULL && name != NULL && strcmp(names[k], name) != 0)
            k++;
        if (names[k] != NULL)
            continue;
        const char *nearest = name != NULL ? diags_nearest(name, names) : NULL;
        conf_error(c, s, name, NULL, "unknown key%s%s%s",
                   nearest != NULL ? ", did you mean \"" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "\"?" : "");
    }
}

/* Files in libconfig's format, and values in them that must be right. Private to notice. */
#ifndef NOTICE_CONF_H
#define NOTICE_CONF_H

#include <libconfig.h>

#include "notice/notice.h"

/* One file being read. Everything that is wrong becomes a diagnostic. */
struct conf {
    config_t config;
    const char *file; /* foreign */
    struct diags *diags;
    struct arena *arena;
    bool no_memory;
    bool bad; /* this file has an error */
};

/* Reads and parses. The config must be destroyed in any case. STATUS_INVALID and STATUS_IO: said.
 */
enum status conf_read(struct conf *c, const char *file, struct diags *diags, struct arena *arena);
void conf_error(struct conf *c, const config_setting_t *at, const char *where, const char *hint,
                const char *format, ...) __attribute__((format(printf, 5, 6)));
/*
 * A string member, copied; "" when it is missing (an error if it must be there) or wrong. One line
 * of text without control characters, at most max bytes.
 */
const char *conf_text(struct conf *c, const config_setting_t *group, const char *name,
                      const char *where, bool must, size_t max);
/* The same of a setting itself. */
const char *conf_string(struct conf *c, const config_setting_t *s, const char *where, size_t max);
/* A list member, or NULL. */
const config_setting_t *conf_list(struct conf *c, const config_setting_t *group, const char *name,
                                  const char *where, bool must);
/* Complains about members of group that are not in names (ended by NULL). */
void conf_names(struct conf *c, const config_setting_t *group, const char *const *names);

#endif

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "mta/mta.h"

/* The process has one log, like it has one stderr. Written before threads start. */
static struct {
    const char *name;
    enum log_target target;
    bool debug;
} out = {.name = "extortion-milter", .target = LOG_TARGET_STDERR};

void log_open(enum log_target target, const char *name, bool debug)
{
    log_close();
    out.name = name;
    out.target = target;
    out.debug = debug;
    if (target == LOG_TARGET_SYSLOG)
        openlog(name, LOG_PID | LOG_NDELAY, LOG_MAIL);
}

void log_close(void)
{
    if (out.target == LOG_TARGET_SYSLOG)
        closelog();
    out.target = LOG_TARGET_STDERR;
}

enum { LINE_MAX_BYTES = 2000 }; /* syslog daemons cut at 2 kB and more */

/* A sender must not be able to write lines, or terminal commands, of its own into the log. */
static size_t escape(const char *text, char *to, size_t room)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    for (const char *p = text; *p != '\0' && n + 5 < room; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c < 0x7F && c != '\\') {
            to[n++] = (char)c;
            continue;
        }
        to[n++] = '\\';
        to[n++] = 'x';
        to[n++] = digits[c >> 4];
        to[n++] = digits[c & 15];
    }
    to[n] = '\0';
    return n;
}

void log_line(enum log_level level, const char *format, ...)
{
    static const int priorities[] = {LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG};
    if (level == LOG_LEVEL_DEBUG && !out.debug)
        return;
    char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 128];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (out.target == LOG_TARGET_SYSLOG) {
        (void)escape(text, line, sizeof line);
        syslog(priorities[level], "%s", line);
        return;
    }
    int prefix = snprintf(line, 120, "%s: ", out.name);
    size_t n = prefix > 0 && prefix < 120 ? (size_t)prefix : 0;
    n += escape(text, line + n, sizeof line - 1 - n);
    line[n++] = '\n';
    /* One write, so that lines of several threads do not mix. */
    if (write(STDERR_FILENO, line, n) < 0)
        return;
}

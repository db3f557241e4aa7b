#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "mta/log.h"

/* Written before threads start. */
static struct log_options out = {.target = LOG_TARGET_STDERR, .name = "extortion-milter"};

enum {
    TEXT_BYTES = 2000,
    TAIL_MAX = 16,   /* room for the end of a line */
    CUT_BYTES = 200, /* of a value that does not fit */
    REPEATS_MAX = 16,
    REPEATS_SAID = 5, /* of a kind in one window; more are counted */
    WINDOW_SECONDS = 60,
    LAST_BYTES = 300,
};

/* A field that is being written. */
struct field {
    size_t n;
    bool comma;
    enum status status;
};

static const int priorities[] = {LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG};
static const char *const levels[] = {"error", "warning", "info", "debug"};

void log_start(const struct log_options *options)
{
    log_close();
    out = *options;
    log_sink_open(out.target, out.name, out.syslog != NULL ? out.syslog : "/dev/log");
}

void log_open(enum log_target target, const char *name, bool debug)
{
    log_start(&(struct log_options){.target = target, .name = name, .debug = debug});
}

/* Lines */

/* A sender must not be able to write lines, or terminal commands, of its own into the log. */
static enum status add_escaped(struct buf *to, struct view v, bool quotes)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < v.n && status == STATUS_OK && to->n + TAIL_MAX < LOG_LINE_MAX; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c < 0x20 || c >= 0x7F || (c == '\\' && !quotes))
            status = buf_addf(to, "\\x%02x", c);
        else if (quotes && (c == '"' || c == '\\'))
            status = buf_addf(to, "\\%c", c);
        else
            status = buf_add_byte(to, (char)c);
    }
    return status;
}

/* "2026-11-29T17:00:00.123Z" */
static void add_time(struct json *j)
{
    struct timespec now;
    struct tm tm = {0};
    char text[40];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &tm);
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(text + n, sizeof text - n, ".%03ldZ", now.tv_nsec / 1000000);
    json_key(j, "time");
    json_text(j, text);
}

void record_begin(struct log_record *r, enum log_level level)
{
    r->level = level;
    /* The bytes are r's own: logging must work when memory is out. */
    r->line = (struct buf){.p = r->bytes, .cap = LOG_LINE_MAX, .max = LOG_LINE_MAX};
    r->cut = false;
    r->json = (struct json){.out = &r->line};
    if (out.form == LOG_FORM_JSON) {
        json_init(&r->json, &r->line);
        json_open(&r->json, '{');
        add_time(&r->json);
        json_key(&r->json, "level");
        json_text(&r->json, levels[level]);
        json_key(&r->json, "program");
        json_text(&r->json, out.name);
    } else if (out.target == LOG_TARGET_STDERR) {
        (void)buf_addf(&r->line, "%s:", out.name);
    }
}

/* "key=" or its like; what begins here is taken back by field_end() when it does not fit. */
static struct field field_begin(struct log_record *r, const char *key)
{
    struct field f = {.n = r->line.n, .comma = r->json.comma, .status = STATUS_OK};
    if (out.form == LOG_FORM_JSON)
        json_key(&r->json, key);
    else
        f.status = buf_addf(&r->line, "%s%s=", r->line.n > 0 ? " " : "", key);
    return f;
}

static bool field_end(struct log_record *r, const struct field *f)
{
    enum status status = out.form == LOG_FORM_JSON ? r->json.status : f->status;
    if (status == STATUS_OK && r->line.n + TAIL_MAX <= LOG_LINE_MAX)
        return true;
    r->line.n = f->n;
    r->json.comma = f->comma;
    r->json.status = STATUS_OK;
    return false;
}

static bool bare(struct view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] <= 0x20 || v.p[i] >= 0x7F || v.p[i] == '"' || v.p[i] == '\\')
            return false;
    return v.n > 0;
}

static bool put_text(struct log_record *r, const char *key, struct view value)
{
    struct field f = field_begin(r, key);
    const char *quote = bare(value) ? "" : "\"";
    if (out.form == LOG_FORM_JSON) {
        json_string(&r->json, value);
        return field_end(r, &f);
    }
    if (f.status == STATUS_OK)
        f.status = buf_addf(&r->line, "%s", quote);
    if (f.status == STATUS_OK)
        f.status = add_escaped(&r->line, value, quote[0] != '\0');
    if (f.status == STATUS_OK)
        f.status = buf_addf(&r->line, "%s", quote);
    return field_end(r, &f);
}

void record_text(struct log_record *r, const char *key, struct view value)
{
    if (put_text(r, key, value))
        return;
    r->cut = true;
    (void)put_text(r, key, view_sub(value, 0, CUT_BYTES));
}

/* A number or a word that is no string in JSON. */
static void put_plain(struct log_record *r, const char *key, const char *text)
{
    struct field f = field_begin(r, key);
    if (f.status == STATUS_OK)
        f.status = buf_addf(&r->line, "%s", text);
    r->json.comma = true;
    r->cut = !field_end(r, &f) || r->cut;
}

void record_count(struct log_record *r, const char *key, uint64_t value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    put_plain(r, key, text);
}

void record_number(struct log_record *r, const char *key, double value)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.1f", value);
    put_plain(r, key, isfinite(value) ? text : "0.0");
}

void record_truth(struct log_record *r, const char *key, bool value)
{
    if (out.form == LOG_FORM_JSON)
        put_plain(r, key, value ? "true" : "false");
    else
        put_plain(r, key, value ? "yes" : "no");
}

void record_end(struct log_record *r)
{
    if (r->cut)
        (void)buf_addf(&r->line, "%s", out.form == LOG_FORM_JSON ? ",\"cut\":true" : " cut=yes");
    if (out.form == LOG_FORM_JSON)
        (void)buf_add_byte(&r->line, '}');
    log_sink_put(priorities[r->level], buf_view(&r->line));
}

static void put_line(enum log_level level, struct view text)
{
    struct log_record r;
    record_begin(&r, level);
    if (out.form == LOG_FORM_JSON) {
        record_text(&r, "message", text);
    } else {
        if (r.line.n > 0)
            (void)buf_add_byte(&r.line, ' ');
        (void)add_escaped(&r.line, text, false);
    }
    record_end(&r);
}

/* Repetitions */

/* Lines of one format, by its address; a window begins with its first line. */
static struct {
    pthread_mutex_t lock;
    struct repeat {
        const char *format; /* foreign: a literal; NULL: free */
        enum log_level level;
        time_t until; /* end of the window */
        unsigned said;
        uint64_t held;
        char last[LAST_BYTES]; /* of those that were held back */
    } v[REPEATS_MAX];
    atomic_ullong repeated;
    atomic_uint holding; /* how many of v hold lines back */
} repeats = {.lock = PTHREAD_MUTEX_INITIALIZER};

static time_t seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* With the lock held. */
static void repeat_flush(struct repeat *p)
{
    char text[LAST_BYTES + 64];
    if (p->held == 0)
        return;
    int n = snprintf(text, sizeof text, "suppressed %llu more like: %s",
                     (unsigned long long)p->held, p->last);
    p->held = 0;
    (void)atomic_fetch_sub(&repeats.holding, 1);
    put_line(p->level, (struct view){text, n < (int)sizeof text ? (size_t)n : sizeof text - 1});
}

static void repeats_flush(time_t now)
{
    if (atomic_load(&repeats.holding) == 0)
        return;
    (void)pthread_mutex_lock(&repeats.lock);
    for (size_t i = 0; i < REPEATS_MAX; i++)
        if (repeats.v[i].until <= now)
            repeat_flush(&repeats.v[i]);
    (void)pthread_mutex_unlock(&repeats.lock);
}

/* The format's own, else a free one, else the one that is over soonest. */
static struct repeat *repeat_of(const char *format)
{
    struct repeat *best = &repeats.v[0];
    for (size_t i = 0; i < REPEATS_MAX; i++) {
        struct repeat *p = &repeats.v[i];
        if (p->format == format)
            return p;
        if (p->until < best->until)
            best = p;
    }
    repeat_flush(best);
    *best = (struct repeat){.format = format};
    return best;
}

void log_limited(enum log_level level, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct view v = {text, n < 0 ? 0 : n < (int)sizeof text ? (size_t)n : sizeof text - 1};
    time_t now = seconds_now();
    (void)pthread_mutex_lock(&repeats.lock);
    struct repeat *p = repeat_of(format);
    if (now >= p->until) {
        repeat_flush(p);
        p->until = now + WINDOW_SECONDS;
        p->said = 0;
    }
    p->level = level;
    if (p->said < REPEATS_SAID) {
        p->said++;
        put_line(level, v);
    } else {
        if (p->held++ == 0)
            (void)atomic_fetch_add(&repeats.holding, 1);
        (void)atomic_fetch_add(&repeats.repeated, 1);
        (void)snprintf(p->last, sizeof p->last, "%.*s", LAST_BYTES - 1, text);
    }
    (void)pthread_mutex_unlock(&repeats.lock);
}

void log_line(enum log_level level, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    if (level == LOG_LEVEL_DEBUG && !out.debug)
        return;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    repeats_flush(seconds_now());
    put_line(level, (struct view){text, n < 0                  ? 0
                                        : n < (int)sizeof text ? (size_t)n
                                                               : sizeof text - 1});
}

void log_dropped(uint64_t *repeated, uint64_t *refused)
{
    *repeated = atomic_load(&repeats.repeated);
    *refused = log_sink_refused();
}

void log_close(void)
{
    repeats_flush(seconds_now() + WINDOW_SECONDS);
    log_sink_close();
    out = (struct log_options){.target = LOG_TARGET_STDERR, .name = out.name};
}

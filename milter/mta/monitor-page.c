#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "mta/engine.h"
#include "mta/log.h"
#include "mta/monitor.h"

#define TYPE_TEXT        "text/plain; charset=utf-8"
#define TYPE_PLAIN       "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

static uint64_t microseconds(struct timeval t)
{
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

/* The second number of the file; zero where there is no /proc. */
static uint64_t resident_bytes(void)
{
    char text[128] = "";
    uint64_t pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f == NULL)
        return 0;
    if (fgets(text, sizeof text, f) != NULL) {
        struct view v = view_of(text);
        v = view_sub(v, view_find_byte(v, ' ') + 1, v.n);
        if (!view_to_u64(view_sub(v, 0, view_find_byte(v, ' ')), UINT32_MAX, &pages))
            pages = 0;
    }
    (void)fclose(f);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t open_files(void)
{
    uint64_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    if (d == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;)
        n += entry->d_name[0] != '.';
    (void)closedir(d);
    return n - 1; /* but for d itself */
}

static void refresh(struct engine *e)
{
    struct metrics *m = engine_metrics(e);
    struct rusage used;
    struct rlimit files;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        metrics_set(m, METRIC_CPU, microseconds(used.ru_utime) + microseconds(used.ru_stime));
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        metrics_set(m, METRIC_MOST_FILES, files.rlim_cur);
    metrics_set(m, METRIC_RESIDENT, resident_bytes());
    metrics_set(m, METRIC_OPEN_FILES, open_files());
    uint64_t repeated, refused;
    log_dropped(&repeated, &refused);
    metrics_set(m, METRIC_LOG_LINES_DROPPED_REPEATED, repeated);
    metrics_set(m, METRIC_LOG_LINES_DROPPED_REFUSED, refused);
    metrics_set(m, METRIC_IN_FLIGHT, engine_in_flight(e));
}

static unsigned step_of(const struct policy *p)
{
    return (unsigned)policy_settings(p)->metrics_step;
}

void page_init(struct page *p, struct engine *e)
{
    *p = (struct page){.engine = e};
    milter_version(p->libmilter);
    rule_pcre2_version(p->pcre2);
}

enum status page_metrics(const struct page *p, enum metrics_format format, struct buf *out)
{
    struct engine *e = p->engine;
    struct policy *policy = engine_policy(e);
    const struct metrics_info info[] = {
        {"build",
         "What runs.",
         {{"version", PACKAGE_VERSION}, {"libmilter", p->libmilter}, {"pcre2", p->pcre2}}},
        {"ruleset", "The rules in use.", {{"ruleset", ruleset_version(policy_ruleset(policy))}}},
    };
    refresh(e);
    metrics_set(engine_metrics(e), METRIC_RULES_LOADED, ruleset_n_rules(policy_ruleset(policy)));
    const struct metrics_how how = {.format = format,
                                    .step = step_of(policy),
                                    .info = info,
                                    .n_info = sizeof info / sizeof info[0]};
    enum status status = metrics_write(engine_metrics(e), &how, out);
    policy_unref(&policy);
    return status;
}

/* "2026-11-29T16:30:00Z"; null when it never was. */
static void json_time(struct json *j, const char *key, uint64_t at)
{
    time_t t = (time_t)at;
    struct tm tm;
    char text[32];
    json_key(j, key);
    if (at == 0 || gmtime_r(&t, &tm) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        json_null(j);
    else
        json_text(j, text);
}

static void json_reload(struct json *j, struct engine *e)
{
    const struct metrics *m = engine_metrics(e);
    struct buf errors;
    bool tried =
        metrics_get(m, METRIC_RELOADS_SUCCESS) + metrics_get(m, METRIC_RELOADS_FAILURE) > 0;
    json_key(j, "reload");
    json_open(j, '{');
    json_key(j, "last");
    json_text(j, !tried ? "none" : metrics_get(m, METRIC_RELOAD_OK) > 0 ? "ok" : "failed");
    json_time(j, "at", (uint64_t)engine_reload_time(e));
    json_time(j, "loaded", metrics_get(m, METRIC_RELOAD_TIME));
    json_key(j, "errors");
    json_open(j, '[');
    buf_init(&errors, RELOAD_ERRORS_MAX);
    engine_reload_errors(e, &errors);
    struct view rest = buf_view(&errors), line;
    while (view_next_line(&rest, &line))
        json_string(j, line);
    buf_fini(&errors);
    json_close(j, ']');
    json_close(j, '}');
}

static enum status page_status(struct engine *e, struct buf *out)
{
    struct policy *policy = engine_policy(e);
    const struct ruleset *r = policy_ruleset(policy);
    uint64_t started = metrics_get(engine_metrics(e), METRIC_START_TIME);
    time_t now = time(NULL);
    struct json j;
    refresh(e);
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "version");
    json_text(&j, PACKAGE_VERSION);
    json_key(&j, "pid");
    json_count(&j, (uint64_t)getpid());
    json_time(&j, "started", started);
    json_key(&j, "uptime_seconds");
    json_count(&j, (uint64_t)now > started ? (uint64_t)now - started : 0);
    json_key(&j, "ruleset");
    json_text(&j, ruleset_version(r));
    json_key(&j, "rules");
    json_count(&j, ruleset_n_rules(r));
    json_key(&j, "generation");
    json_count(&j, metrics_get(engine_metrics(e), METRIC_GENERATION));
    json_reload(&j, e);
    json_key(&j, "metrics");
    json_open(&j, '{');
    metrics_write_json(engine_metrics(e), step_of(policy), &j);
    json_close(&j, '}');
    json_close(&j, '}');
    if (j.status == STATUS_OK)
        j.status = buf_add_byte(out, '\n');
    policy_unref(&policy);
    return j.status;
}

enum status page_refusal(int code, enum http_method method, struct buf *out)
{
    const char *text = code == 405   ? "only GET and HEAD\n"
                       : code == 404 ? "there are /metrics, /status and /health\n"
                       : code == 431 ? "too long a request\n"
                       : code == 400 ? "no request of HTTP/1\n"
                                     : "out of memory\n";
    return http_response_write(out, code, TYPE_TEXT, view_of(text), method);
}

enum status page_answer(const struct page *p, const struct http_request *request, struct buf *out)
{
    const char *type = TYPE_TEXT;
    struct buf body;
    enum status status;
    if (request->method == HTTP_OTHER)
        return page_refusal(405, request->method, out);
    buf_init(&body, PAGE_MAX);
    if (view_eq(request->path, VIEW("/metrics"))) {
        type = request->openmetrics ? TYPE_OPENMETRICS : TYPE_PLAIN;
        status = page_metrics(p, request->openmetrics ? METRICS_OPENMETRICS : METRICS_PLAIN, &body);
    } else if (view_eq(request->path, VIEW("/status"))) {
        type = "application/json";
        status = page_status(p->engine, &body);
    } else if (view_eq(request->path, VIEW("/health"))) {
        status = buf_add(&body, VIEW("ok\n"));
    } else {
        return page_refusal(404, request->method, out);
    }
    status = status == STATUS_OK
                 ? http_response_write(out, 200, type, buf_view(&body), request->method)
                 : page_refusal(500, request->method, out);
    buf_fini(&body);
    return status;
}

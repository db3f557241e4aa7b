/* The engine's inside, for session.c. Private to mta. */
#ifndef MTA_ENGINE_H
#define MTA_ENGINE_H

#include <time.h>

#include "metrics/metrics.h"
#include "mta/alert.h"
#include "mta/generation.h"
#include "mta/pace.h"

/* While a message is judged, for engine_overdue(); p stays where it is until the end. */
void engine_work_begin(struct engine *e, struct pace *p);
void engine_work_end(struct engine *e, struct pace *p);
/* Counts from any thread; lives as long as e. */
struct metrics *engine_metrics(struct engine *e);
/* Alerts to the duty address; lives as long as e. */
struct alerts *engine_alerts(struct engine *e);
/* When a reload was last tried, or 0. */
time_t engine_reload_time(struct engine *e);
/* Adds what was wrong with it, a line each. */
void engine_reload_errors(struct engine *e, struct buf *out);
/* Of this process alone; seals notices. */
const unsigned char *engine_key(const struct engine *e);
/* This host's name. */
const char *engine_host(const struct engine *e);
/* What the message keeps until its end, whatever is reloaded meanwhile. */
struct generation *engine_message_begin(struct engine *e);
void engine_message_end(struct engine *e, struct generation **g);

#endif

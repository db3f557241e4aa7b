/*
 * The log's inside: log.c makes lines, log-sink.c sends them off. Private to mta.
 *
 * Nobody who logs may wait for who reads: a line that is not taken within a moment is dropped and
 * counted, and the next one that is taken comes with how many were lost.
 */
#ifndef MTA_LOG_H
#define MTA_LOG_H

#include "mta/mta.h"

enum { LOG_LINE_MAX = 3500 }; /* with what is around it below what a pipe takes whole (4096) */

/*
 * A line of named values: "qid=4XyZ flagged=yes" or {"qid":"4XyZ","flagged":true}. Values are
 * escaped, and quoted where they could be taken for more than one. What does not fit is cut, and
 * the line says so ("cut"). Needs no memory.
 */
struct log_record {
    enum log_level level;
    bool cut;
    struct json json;
    struct buf line; /* in bytes */
    char bytes[LOG_LINE_MAX];
};

void record_begin(struct log_record *r, enum log_level level);
void record_text(struct log_record *r, const char *key, struct view value);
void record_count(struct log_record *r, const char *key, uint64_t value);
/* One decimal. */
void record_number(struct log_record *r, const char *key, double value);
/* yes or no, true or false. */
void record_truth(struct log_record *r, const char *key, bool value);
void record_end(struct log_record *r);

/* Lines not written since the start: repetitions, and those that nobody took. */
void log_dropped(uint64_t *repeated, uint64_t *refused);

/* Before threads start. path: of syslog's socket. */
void log_sink_open(enum log_target target, const char *name, const char *path);
void log_sink_close(void);
/* One line without its end. priority: LOG_ERR and so on. */
void log_sink_put(int priority, struct view line);
/* Lines that were dropped since the start of the process. */
uint64_t log_sink_refused(void);

#endif

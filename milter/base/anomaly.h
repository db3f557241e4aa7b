/*
 * Anomalies: what was odd about a message. A broken mail is a finding, not an error: rules can ask
 * for anomalies by name, people read them in explanations.
 */
#ifndef BASE_ANOMALY_H
#define BASE_ANOMALY_H

#include <stdint.h>

#include "base/view.h"

enum anomaly {
#define ANOMALY(id, name, text) ANOMALY_##id,
#include "base/anomaly.def"
#undef ANOMALY
    ANOMALY_COUNT
};

/* How often each was met in one message. */
struct anomalies {
    uint32_t count[ANOMALY_COUNT];
};

/* Saturates instead of wrapping. */
void anomaly_note(struct anomalies *a, enum anomaly which);
const char *anomaly_name(enum anomaly which);
const char *anomaly_text(enum anomaly which);
/* ANOMALY_COUNT when there is none of that name. */
enum anomaly anomaly_find(struct view name);

#endif

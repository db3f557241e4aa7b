/* libmilter, as serve.c sees it. Private to mta. */
#ifndef MTA_MILTER_H
#define MTA_MILTER_H

#include "mta/mta.h"

/* Opens the socket; a sysexits code. */
int milter_listen(const char *socket);
/* Serves until milter_stop(); false when libmilter gave up by itself. */
bool milter_run(struct engine *e);
/* May take seconds: it waits for the listener's lock. */
void milter_stop(void);

#endif

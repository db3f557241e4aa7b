/* libmilter, as serve.c sees it. Private to mta. */
#ifndef MTA_MILTER_H
#define MTA_MILTER_H

#include "mta/mta.h"

/* Opens the socket; a sysexits code. */
int milter_listen(const char *socket);
/* Serves for good; returns when libmilter gives up by itself, false if for an error. */
bool milter_run(struct engine *e);

#endif

/* What libmilter leaves to its user about listening sockets. Private to mta. */
#ifndef MTA_SOCKET_H
#define MTA_SOCKET_H

#include <sys/stat.h>

#include "mta/mta.h"

/*
 * Before the socket is opened: takes the lock beside a unix socket and clears what a dead process
 * left. Returns a sysexits code; what failed has been logged. The lock is held until the process
 * ends.
 */
int socket_prepare(const struct milter_options *options, const struct socket_address *address);
/* After it was opened: owner, group and mode. */
int socket_permit(const struct milter_options *options, const struct socket_address *address);
/* True when something accepts a connection there. */
bool socket_answers(const struct socket_address *address);
/* Removes socket and lock, if they are still the ones of this process. */
void socket_remove(const struct socket_address *address);

#endif

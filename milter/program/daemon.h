/* extortion-milter(8): what its files share. */
#ifndef PROGRAM_DAEMON_H
#define PROGRAM_DAEMON_H

#include <stdbool.h>

struct daemon_options {
    const char *config;
    const char *socket; /* or NULL: as the settings say; the same below */
    const char *pid_file;
    const char *user;
    const char *log; /* "syslog" or "stderr" */
    bool foreground;
    bool check; /* -t */
    bool print_config;
    bool version;
    bool help;
    bool verbose;
};

/* Reads the command line; EX_OK or EX_USAGE, said on stderr. */
int daemon_options_read(int argc, char **argv, struct daemon_options *out);
void daemon_help_print(void);
void daemon_version_print(void);

/*
 * Goes to the background. In the first process it does not return: that waits until the second
 * calls daemon_ready() or ends, and exits with the code of it, so whoever started us knows. Returns
 * EX_OK in the second process, which still has stderr.
 */
int daemon_detach(void);
/* Lets the first process go; closes stdin, stdout and stderr. */
void daemon_ready(void);

/* Writes and locks the pid file; a sysexits code. path may be empty. */
int daemon_pid_file(const char *path);
void daemon_pid_file_remove(const char *path);

/*
 * Changes to "user[:group]", with that user's groups and for good; empty: stays. Refuses to stay
 * root. A sysexits code.
 */
int daemon_drop_privileges(const char *user);

#endif

/* extortion-milter(8): what its files share. */
#ifndef PROGRAM_DAEMON_H
#define PROGRAM_DAEMON_H

#include "mta/mta.h"

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

/* What was decided at the start and holds as long as the process; own texts, never freed. */
struct daemon_start {
    const struct daemon_options *options; /* foreign */
    char *config;
    char *socket, *socket_group, *pid_file, *user; /* empty: none */
    char *metrics_listen, *metrics_file;           /* likewise */
    unsigned metrics_socket_mode, metrics_interval;
    unsigned socket_mode;
    bool background;
    enum log_target log_target;
    uint64_t files_loaded, files_seen; /* daemon_files_print() of the last load, and of late */
    enum log_form log_form;
    char *log_syslog;
};

/* options must live as long as d. False when memory is out. */
bool daemon_start_init(struct daemon_start *d, const struct daemon_options *options,
                       const struct settings *s);
/*
 * Reads and proves everything anew and lets e serve it; logs the result. When anything is wrong e
 * keeps what it has. start: a struct daemon_start; for struct milter_reload.
 */
void daemon_reload(struct engine *e, void *start);
/* Files differ from those of the last load, and have come to rest; for struct milter_reload. */
bool daemon_reload_due(struct engine *e, void *start);
/* Of everything that policy was loaded from: another number when a file was changed. */
uint64_t daemon_files_print(const char *config, const struct policy *policy);
/* Before anything is loaded: freed memory goes back to the system, so that what is held is bounded.
 */
void daemon_memory_bound(void);
/*
 * Gives the system what is free: loading 32 languages takes 140 MB for a moment, and between the
 * blocks of messages 4 MB are free after some hundred thousand of them.
 */
void daemon_memory_return(void);

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

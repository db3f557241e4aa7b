#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "mta/mta.h"
#include "program/daemon.h"

/* The pipe on which the first process waits, and the locked pid file; both last as long as we. */
static int ready_fd = -1;
static int pid_fd = -1;

static int failed(const char *what)
{
    log_line(LOG_LEVEL_ERROR, "%s: %s", what, strerror(errno));
    return EX_OSERR;
}

static int wait_for(pid_t child, int fd)
{
    char byte;
    int status;
    ssize_t n;
    do
        n = read(fd, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n == 1)
        return EX_OK;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return EX_OSERR;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
}

int daemon_detach(void)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return failed("pipe");
    pid_t child = fork();
    if (child < 0)
        return failed("fork");
    if (child > 0) {
        (void)close(fds[1]);
        _exit(wait_for(child, fds[0]));
    }
    (void)close(fds[0]);
    ready_fd = fds[1];
    /* A directory that can be unmounted should not be held. */
    if (setsid() < 0 || chdir("/") != 0)
        return failed("setsid");
    return EX_OK;
}

void daemon_ready(void)
{
    if (ready_fd < 0)
        return;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        (void)dup2(null, STDERR_FILENO);
        (void)close(null);
    }
    if (write(ready_fd, "", 1) != 1)
        log_line(LOG_LEVEL_WARNING, "whoever started us is gone");
    (void)close(ready_fd);
    ready_fd = -1;
}

int daemon_pid_file(const char *path)
{
    char text[32];
    if (path[0] == '\0')
        return EX_OK;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
    if (fd < 0) {
        int error = errno;
        log_line(LOG_LEVEL_ERROR, "cannot open the pid file %s: %s", path, strerror(error));
        return error == EACCES || error == EPERM ? EX_NOPERM : EX_CANTCREAT;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        log_line(LOG_LEVEL_ERROR, "the pid file %s belongs to a running extortion-milter", path);
        (void)close(fd);
        return EX_UNAVAILABLE;
    }
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || write(fd, text, (size_t)n) != n) {
        log_line(LOG_LEVEL_ERROR, "cannot write the pid file %s: %s", path, strerror(errno));
        (void)close(fd);
        return EX_CANTCREAT;
    }
    pid_fd = fd;
    return EX_OK;
}

void daemon_pid_file_remove(const char *path)
{
    if (pid_fd < 0)
        return;
    /* Not permitted in a directory of root's; then an empty file says that nobody runs. */
    if (unlink(path) != 0 && ftruncate(pid_fd, 0) != 0)
        log_line(LOG_LEVEL_DEBUG, "cannot remove %s: %s", path, strerror(errno));
    (void)close(pid_fd);
    pid_fd = -1;
}

static int ids_of(const char *user, uid_t *uid, gid_t *gid, char name[129])
{
    (void)snprintf(name, 129, "%s", user);
    char *group = strchr(name, ':');
    if (group != NULL)
        *group++ = '\0';
    const struct passwd *pw = getpwnam(name);
    if (pw == NULL) {
        log_line(LOG_LEVEL_ERROR, "there is no user %s", name);
        return EX_NOUSER;
    }
    *uid = pw->pw_uid;
    *gid = pw->pw_gid;
    const struct group *gr = group != NULL ? getgrnam(group) : NULL;
    if (group != NULL && gr == NULL) {
        log_line(LOG_LEVEL_ERROR, "there is no group %s", group);
        return EX_NOUSER;
    }
    if (gr != NULL)
        *gid = gr->gr_gid;
    return EX_OK;
}

int daemon_drop_privileges(const char *user)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();
    char name[129];
    if (user[0] != '\0') {
        int code = ids_of(user, &uid, &gid, name);
        if (code != EX_OK)
            return code;
    }
    if (uid == 0) {
        log_line(LOG_LEVEL_ERROR, "refusing to work as root: set \"user\" in the settings, or "
                                  "give -u USER");
        return EX_NOPERM;
    }
    if (geteuid() != 0) {
        if (uid == geteuid())
            return EX_OK;
        log_line(LOG_LEVEL_ERROR, "only root can change to user %s", name);
        return EX_NOPERM;
    }
    if (initgroups(name, gid) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
        return failed("cannot change the user");
    /* The way back must be closed. */
    if (setuid(0) == 0 || geteuid() != uid || getegid() != gid) {
        log_line(LOG_LEVEL_ERROR, "privileges were not given up");
        return EX_NOPERM;
    }
    return EX_OK;
}

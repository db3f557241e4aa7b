#include "mta/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

/*
 * One listener per process, so one lock: two milters on one path would steal the socket from each
 * other, and the first to end would delete the other's.
 */
static struct {
    int fd;
    struct stat socket; /* ours, once it is open */
    char path[sizeof((struct sockaddr_un *)NULL)->sun_path + 8];
} lock = {.fd = -1};

static int explain(int error, const char *what, const char *path)
{
    log_line(LOG_LEVEL_ERROR, "cannot %s %s: %s", what, path, strerror(error));
    return error == EACCES || error == EPERM ? EX_NOPERM : EX_CANTCREAT;
}

static int take_lock(const char *socket_path)
{
    struct stat by_fd, by_path;
    (void)snprintf(lock.path, sizeof lock.path, "%s.lock", socket_path);
    for (int tries = 0; tries < 100; tries++) {
        int fd = open(lock.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (fd < 0)
            return explain(errno, "open the lock file", lock.path);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            int error = errno;
            (void)close(fd);
            if (error != EWOULDBLOCK)
                return explain(error, "lock", lock.path);
            log_line(LOG_LEVEL_ERROR, "another extortion-milter serves %s", socket_path);
            return EX_UNAVAILABLE;
        }
        /* The one before us may have removed it between our open and our lock. */
        if (fstat(fd, &by_fd) == 0 && lstat(lock.path, &by_path) == 0 &&
            by_fd.st_dev == by_path.st_dev && by_fd.st_ino == by_path.st_ino) {
            lock.fd = fd;
            return EX_OK;
        }
        (void)close(fd);
    }
    return explain(EAGAIN, "lock", lock.path);
}

static bool unix_connect(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    /* EAGAIN: its backlog is full, so somebody listens. */
    bool answered = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EAGAIN;
    (void)close(fd);
    return answered;
}

bool socket_answers(const struct socket_address *address)
{
    if (address->kind == SOCKET_UNIX)
        return unix_connect(address->path);
    char port[8];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = address->kind == SOCKET_INET ? AF_INET : AF_INET6,
                                   .ai_socktype = SOCK_STREAM};
    (void)snprintf(port, sizeof port, "%u", (unsigned)address->port);
    if (getaddrinfo(address->host, port, &hints, &found) != 0)
        return false;
    bool answered = false;
    for (const struct addrinfo *a = found; a != NULL && !answered; a = a->ai_next) {
        int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        answered = fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0;
        if (fd >= 0)
            (void)close(fd);
    }
    freeaddrinfo(found);
    return answered;
}

int socket_prepare(const struct milter_options *options, const struct socket_address *address)
{
    struct stat st;
    if (address->kind != SOCKET_UNIX) {
        if (!socket_answers(address))
            return EX_OK;
        log_line(LOG_LEVEL_ERROR, "%s is in use by another process", options->socket);
        return EX_UNAVAILABLE;
    }
    if (lstat(address->path, &st) == 0 && !S_ISSOCK(st.st_mode)) {
        log_line(LOG_LEVEL_ERROR, "%s exists and is not a socket: remove it, or name another path",
                 address->path);
        return EX_CANTCREAT;
    }
    int code = take_lock(address->path);
    if (code != EX_OK)
        return code;
    if (lstat(address->path, &st) != 0)
        return errno == ENOENT ? EX_OK : explain(errno, "look at", address->path);
    if (unix_connect(address->path)) {
        log_line(LOG_LEVEL_ERROR, "%s is in use by another process", address->path);
        return EX_UNAVAILABLE;
    }
    log_line(LOG_LEVEL_WARNING, "removing %s, which a process left that has ended", address->path);
    if (unlink(address->path) != 0)
        return explain(errno, "remove", address->path);
    return EX_OK;
}

static int group_of(const char *name, gid_t *gid)
{
    const struct group *g = getgrnam(name);
    if (g == NULL) {
        log_line(LOG_LEVEL_ERROR, "there is no group %s", name);
        return EX_NOUSER;
    }
    *gid = g->gr_gid;
    return EX_OK;
}

int socket_permit(const struct milter_options *options, const struct socket_address *address)
{
    uid_t uid = (uid_t)-1;
    gid_t gid = (gid_t)-1;
    int code = EX_OK;
    if (address->kind != SOCKET_UNIX)
        return EX_OK;
    if (lstat(address->path, &lock.socket) != 0)
        return explain(errno, "look at", address->path);
    if (options->owner[0] != '\0') {
        char user[129];
        (void)snprintf(user, sizeof user, "%s", options->owner);
        user[strcspn(user, ":")] = '\0';
        const struct passwd *pw = getpwnam(user);
        if (pw == NULL) {
            log_line(LOG_LEVEL_ERROR, "there is no user %s", user);
            return EX_NOUSER;
        }
        uid = pw->pw_uid;
        gid = pw->pw_gid;
        if (strchr(options->owner, ':') != NULL)
            code = group_of(strchr(options->owner, ':') + 1, &gid);
    }
    if (code == EX_OK && options->socket_group[0] != '\0')
        code = group_of(options->socket_group, &gid);
    if (code != EX_OK)
        return code;
    /* The path was created by us under a closed umask, in a directory that is not the sender's. */
    if ((uid != (uid_t)-1 || gid != (gid_t)-1) && chown(address->path, uid, gid) != 0)
        return explain(errno, "change the owner of", address->path);
    if (uid != (uid_t)-1 && fchown(lock.fd, uid, gid) != 0)
        return explain(errno, "change the owner of", lock.path);
    if (chmod(address->path, (mode_t)options->socket_mode) != 0)
        return explain(errno, "change the mode of", address->path);
    return EX_OK;
}

void socket_remove(const struct socket_address *address)
{
    struct stat st;
    if (address->kind != SOCKET_UNIX || lock.fd < 0)
        return;
    if (lstat(address->path, &st) == 0 && st.st_dev == lock.socket.st_dev &&
        st.st_ino == lock.socket.st_ino)
        (void)unlink(address->path);
    (void)unlink(lock.path);
    (void)close(lock.fd);
    lock.fd = -1;
}

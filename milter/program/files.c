#include "program/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PIECE = 65536 };

enum status file_read(const char *path, struct buf *bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return STATUS_IO;
    enum status status = STATUS_OK;
    for (ssize_t n = 1; status == STATUS_OK && n != 0;) {
        status = buf_reserve(bytes, PIECE);
        if (status != STATUS_OK)
            break;
        n = read(fd, bytes->p + bytes->n, PIECE);
        if (n > 0)
            bytes->n += (size_t)n;
        else if (n < 0 && errno != EINTR)
            status = STATUS_IO;
    }
    int error = errno;
    (void)close(fd);
    errno = error;
    return status;
}

static enum status write_as(const char *path, int flags, struct view bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, 0666);
    if (fd < 0)
        return STATUS_IO;
    int error = 0;
    while (bytes.n > 0 && error == 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n >= 0)
            bytes = view_sub(bytes, (size_t)n, bytes.n);
        else if (errno != EINTR)
            error = errno;
    }
    if (close(fd) != 0 && error == 0)
        error = errno;
    errno = error;
    return error == 0 ? STATUS_OK : STATUS_IO;
}

enum status file_write(const char *path, struct view bytes)
{
    return write_as(path, O_TRUNC, bytes);
}

enum status file_make(const char *path, struct view bytes)
{
    return write_as(path, O_EXCL, bytes);
}

/* Any bytes as a mailbox: every byte ends up in some message, none in two, and it ends. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "program/mailbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEEP = 3000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *f = tmpfile();
    if (f == NULL || fwrite(data, 1, size, f) != size || fflush(f) != 0)
        abort();
    int fd = dup(fileno(f));
    struct mailbox *m;
    if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0 || mailbox_new(fd, KEEP, &m) != STATUS_OK)
        abort();
    (void)fclose(f);
    size_t kept = 0, n = 0;
    struct letter letter;
    while (mailbox_next(m, &letter) == MAILBOX_LETTER) {
        kept += letter.n;
        n++;
        if (letter.n > KEEP + 1 + 1002 || kept > size || n > size / 5 + 1)
            abort();
        free(letter.bytes);
    }
    if (n == 0 || (n > 1 && mailbox_position(m) != size))
        abort();
    mailbox_free(&m);
    return 0;
}

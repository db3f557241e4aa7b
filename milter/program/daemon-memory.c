/* What the C library keeps of freed memory; glibc's knobs, elsewhere nothing is done. */
#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif

#include "program/daemon.h"

/*
 * glibc takes the largest block that was ever freed for one that will be wanted again. A load frees
 * one of 24 MB; from then on nothing smaller goes back to the system, each of glibc's arenas keeps
 * what its largest messages needed, and 200 connections hold 160 MB instead of 50. Values that are
 * set stay as they are: blocks from the first on are the system's as soon as they are freed; what
 * is smaller is kept for the next message, up to the second. Of eight arenas a processor, which
 * threads fill in turn, two do: a message takes some forty blocks, most of them from its thread's
 * own cache.
 */
void daemon_memory_bound(void)
{
#ifdef HAVE_MALLOC_TRIM
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
    (void)mallopt(M_ARENA_MAX, 2);
#endif
}

void daemon_memory_return(void)
{
#ifdef HAVE_MALLOC_TRIM
    (void)malloc_trim(0);
#endif
}

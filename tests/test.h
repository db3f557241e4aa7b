/* What every unit test includes: cmocka with the headers it wants, and two helpers for tables. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/*
 * For tables: all rows run even after a failure. Call row_check for each expectation and
 * assert_int_equal(failures, 0) at the end of the test.
 */
static inline int row_check(bool ok, const char *label, const char *what)
{
    if (!ok)
        fprintf(stderr, "# row \"%s\": %s\n", label, what);
    return ok ? 0 : 1;
}

static inline int row_view(struct view got, struct view want, const char *label, const char *what)
{
    if (view_eq(got, want))
        return 0;
    fprintf(stderr, "# row \"%s\": %s: got \"%.*s\", want \"%.*s\"\n", label, what, VIEW_ARG(got),
            VIEW_ARG(want));
    return 1;
}

#endif

check_PROGRAMS += tests/base/test-base
TESTS += tests/base/test-base
tests_base_test_base_SOURCES = tests/base/test-base.c tests/test.h
tests_base_test_base_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_base_test_base_LDADD = $(LIBS_BASE) $(CMOCKA_LIBS)

check_PROGRAMS += tests/base/test-base tests/base/test-json
TESTS += tests/base/test-base tests/base/test-json
tests_base_test_base_SOURCES = tests/base/test-base.c tests/test.h
tests_base_test_base_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_base_test_base_LDADD = $(LIBS_BASE) $(CMOCKA_LIBS)
tests_base_test_json_SOURCES = tests/base/test-json.c tests/test.h
tests_base_test_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_base_test_json_LDADD = $(LIBS_BASE) $(CMOCKA_LIBS) -lm

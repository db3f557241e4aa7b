check_PROGRAMS += tests/verdict/test-verdict
TESTS += tests/verdict/test-verdict
EXTRA_DIST += tests/verdict/pack.conf tests/verdict/pack-xx.conf tests/verdict/pack-yy.conf
tests_verdict_test_verdict_SOURCES = tests/verdict/test-verdict.c tests/test.h
tests_verdict_test_verdict_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_verdict_test_verdict_LDADD = $(LIBS_VERDICT) $(EXT_RULE) $(CMOCKA_LIBS)

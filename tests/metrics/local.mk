check_PROGRAMS += tests/metrics/test-metrics
TESTS += tests/metrics/test-metrics
tests_metrics_test_metrics_SOURCES = tests/metrics/test-metrics.c tests/test.h
tests_metrics_test_metrics_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_metrics_test_metrics_LDADD = $(LIBS_METRICS) $(CMOCKA_LIBS) -lm

EXTRA_DIST += tests/data/address-vectors.tsv

INDICATOR_TESTS = tests/indicator/test-checksum tests/indicator/test-number
check_PROGRAMS += $(INDICATOR_TESTS)
TESTS += $(INDICATOR_TESTS)

tests_indicator_test_checksum_SOURCES = tests/indicator/test-checksum.c tests/indicator/vectors.h tests/test.h
tests_indicator_test_checksum_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_checksum_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_number_SOURCES = tests/indicator/test-number.c tests/test.h
tests_indicator_test_number_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_number_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

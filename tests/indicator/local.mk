EXTRA_DIST += tests/data/address-vectors.tsv

INDICATOR_TESTS = tests/indicator/test-amount \
	tests/indicator/test-bitcoin \
	tests/indicator/test-checksum \
	tests/indicator/test-coins \
	tests/indicator/test-contact \
	tests/indicator/test-deadline \
	tests/indicator/test-lexicon \
	tests/indicator/test-number \
	tests/indicator/test-personal
check_PROGRAMS += $(INDICATOR_TESTS)
TESTS += $(INDICATOR_TESTS)

tests_indicator_test_amount_SOURCES = tests/indicator/test-amount.c tests/indicator/fixture.h tests/test.h
tests_indicator_test_amount_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_amount_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_bitcoin_SOURCES = tests/indicator/test-bitcoin.c tests/indicator/fixture.h \
	tests/indicator/vectors.h tests/test.h
tests_indicator_test_bitcoin_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_bitcoin_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_checksum_SOURCES = tests/indicator/test-checksum.c tests/indicator/vectors.h tests/test.h
tests_indicator_test_checksum_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_checksum_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_deadline_SOURCES = tests/indicator/test-deadline.c tests/indicator/fixture.h tests/test.h
tests_indicator_test_deadline_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_deadline_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_lexicon_SOURCES = tests/indicator/test-lexicon.c tests/test.h
tests_indicator_test_lexicon_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_lexicon_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_number_SOURCES = tests/indicator/test-number.c tests/test.h
tests_indicator_test_number_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_number_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_coins_SOURCES = tests/indicator/test-coins.c tests/indicator/fixture.h \
	tests/indicator/vectors.h tests/test.h
tests_indicator_test_coins_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_coins_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_contact_SOURCES = tests/indicator/test-contact.c tests/indicator/fixture.h tests/test.h
tests_indicator_test_contact_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_contact_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

tests_indicator_test_personal_SOURCES = tests/indicator/test-personal.c tests/indicator/fixture.h tests/test.h
tests_indicator_test_personal_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_indicator_test_personal_LDADD = $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

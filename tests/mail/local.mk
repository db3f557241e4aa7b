MAIL_TESTS = tests/mail/test-golden
check_PROGRAMS += $(MAIL_TESTS)
TESTS += $(MAIL_TESTS)
EXTRA_DIST += tests/data/mail

tests_mail_test_golden_SOURCES = tests/mail/test-golden.c tests/mail/dump.c tests/mail/dump.h \
	tests/mail/invariants.h tests/test.h
tests_mail_test_golden_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_mail_test_golden_LDADD = $(LIBS_MAIL) $(EXT_MAIL) $(CMOCKA_LIBS)

MAIL_TESTS = tests/mail/test-attachment tests/mail/test-charset tests/mail/test-golden \
	tests/mail/test-header tests/mail/test-limits tests/mail/test-oracle \
	tests/mail/test-transfer tests/mail/test-tree
check_PROGRAMS += $(MAIL_TESTS)
TESTS += $(MAIL_TESTS)
EXTRA_DIST += tests/data/mail
EXTRA_DIST += tests/mail/fixture.h tests/mail/invariants.h

MAIL_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
MAIL_TEST_LDADD = $(LIBS_MAIL) $(EXT_MAIL) $(CMOCKA_LIBS)

tests_mail_test_attachment_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_attachment_LDADD = $(MAIL_TEST_LDADD)
tests_mail_test_charset_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_charset_LDADD = $(MAIL_TEST_LDADD)
tests_mail_test_golden_SOURCES = tests/mail/test-golden.c tests/mail/dump.c tests/mail/dump.h
tests_mail_test_golden_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_golden_LDADD = $(MAIL_TEST_LDADD)
tests_mail_test_header_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_header_LDADD = $(MAIL_TEST_LDADD)
tests_mail_test_limits_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_limits_LDADD = $(MAIL_TEST_LDADD)
tests_mail_test_transfer_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_transfer_LDADD = $(MAIL_TEST_LDADD)
tests_mail_test_tree_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_tree_LDADD = $(MAIL_TEST_LDADD)

# Another MIME library as a second opinion; without it the test says that it is skipped.
tests_mail_test_oracle_CFLAGS = $(MAIL_TEST_CFLAGS)
tests_mail_test_oracle_LDADD = $(MAIL_TEST_LDADD)
if ORACLE_GMIME
tests_mail_test_oracle_CFLAGS += $(GMIME_CFLAGS) -DORACLE_GMIME=1
tests_mail_test_oracle_LDADD += $(GMIME_LIBS)
endif

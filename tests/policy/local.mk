check_PROGRAMS += tests/policy/test-policy
TESTS += tests/policy/test-policy
tests_policy_test_policy_SOURCES = tests/policy/test-policy.c tests/policy/fake-rule.c \
	tests/policy/fake-rule.h tests/test.h
tests_policy_test_policy_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_policy_test_policy_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_policy_test_policy_LDADD = milter/policy/libpolicy.a milter/notice/libnotice.a $(LIBS_TEXT) \
	$(EXT_INDICATOR) $(LIBCONFIG_LIBS) $(CMOCKA_LIBS)

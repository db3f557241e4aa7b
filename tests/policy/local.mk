tests_policy_units = tests/policy/test-audience tests/policy/test-policy
check_PROGRAMS += $(tests_policy_units)
TESTS += $(tests_policy_units)
tests_policy_common = tests/policy/fake-rule.c tests/policy/fake-rule.h tests/policy/load.c \
	tests/policy/load.h tests/test.h
tests_policy_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_policy_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_policy_ldadd = milter/policy/libpolicy.a milter/store/libstore.a milter/notice/libnotice.a \
	$(LIBS_TEXT) $(SODIUM_LIBS) $(EXT_INDICATOR) $(LIBCONFIG_LIBS) $(CMOCKA_LIBS)

tests_policy_test_audience_SOURCES = tests/policy/test-audience.c $(tests_policy_common)
tests_policy_test_audience_CPPFLAGS = $(tests_policy_cppflags)
tests_policy_test_audience_CFLAGS = $(tests_policy_cflags)
tests_policy_test_audience_LDADD = $(tests_policy_ldadd)

tests_policy_test_policy_SOURCES = tests/policy/test-policy.c $(tests_policy_common)
tests_policy_test_policy_CPPFLAGS = $(tests_policy_cppflags)
tests_policy_test_policy_CFLAGS = $(tests_policy_cflags)
tests_policy_test_policy_LDADD = $(tests_policy_ldadd)

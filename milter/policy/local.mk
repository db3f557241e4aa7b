noinst_LIBRARIES += milter/policy/libpolicy.a
milter_policy_libpolicy_a_SOURCES = \
	milter/policy/check.c milter/policy/check.h \
	milter/policy/describe.c \
	milter/policy/policy.c milter/policy/policy.h \
	milter/policy/read.c \
	milter/policy/recipient.c \
	milter/policy/settings.c milter/policy/settings.def milter/policy/settings.h
milter_policy_libpolicy_a_CFLAGS = $(AM_CFLAGS) $(LIBCONFIG_CFLAGS)

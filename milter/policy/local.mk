noinst_LIBRARIES += milter/policy/libpolicy.a
milter_policy_libpolicy_a_SOURCES = \
	milter/policy/audience.c \
	milter/policy/check.c milter/policy/check.h \
	milter/policy/decide.c milter/policy/loaded.h \
	milter/policy/describe.c \
	milter/policy/mailboxes.c \
	milter/policy/network.c milter/policy/network.h \
	milter/policy/pattern.c \
	milter/policy/policy.c milter/policy/policy.h \
	milter/policy/read.c \
	milter/policy/rows.c milter/policy/rows.h \
	milter/policy/settings.c milter/policy/settings.def milter/policy/settings.h \
	milter/policy/value.c milter/policy/value.h milter/policy/values.def
milter_policy_libpolicy_a_CFLAGS = $(AM_CFLAGS) $(LIBCONFIG_CFLAGS)

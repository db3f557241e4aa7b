noinst_LIBRARIES += milter/policy/libpolicy.a
milter_policy_libpolicy_a_SOURCES = \
	milter/policy/policy.h

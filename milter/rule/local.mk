noinst_LIBRARIES += milter/rule/librule.a
milter_rule_librule_a_SOURCES = \
	milter/rule/rule.h

RULE_TESTS = tests/rule/test-condition tests/rule/test-match tests/rule/test-pack \
	tests/rule/test-phrase tests/rule/test-random \
	tests/rule/test-regex tests/rule/test-rules \
	tests/rule/test-template tests/rule/test-trie
check_PROGRAMS += $(RULE_TESTS)
TESTS += $(RULE_TESTS)
RULE_FIXTURE = tests/rule/fixture.c tests/rule/fixture.h tests/test.h
RULE_LDADD = $(LIBS_RULE) $(EXT_RULE) $(CMOCKA_LIBS)

tests_rule_test_condition_SOURCES = tests/rule/test-condition.c tests/test.h
tests_rule_test_condition_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_condition_LDADD = $(RULE_LDADD)
tests_rule_test_match_SOURCES = tests/rule/test-match.c $(RULE_FIXTURE)
tests_rule_test_match_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_match_LDADD = $(RULE_LDADD)
tests_rule_test_phrase_SOURCES = tests/rule/test-phrase.c tests/test.h
tests_rule_test_phrase_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_phrase_LDADD = $(RULE_LDADD)
tests_rule_test_trie_SOURCES = tests/rule/test-trie.c tests/test.h
tests_rule_test_trie_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_trie_LDADD = $(RULE_LDADD)
tests_rule_test_pack_SOURCES = tests/rule/test-pack.c $(RULE_FIXTURE)
tests_rule_test_pack_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_pack_LDADD = $(RULE_LDADD)
tests_rule_test_random_SOURCES = tests/rule/test-random.c $(RULE_FIXTURE)
tests_rule_test_random_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_random_LDADD = $(RULE_LDADD)
tests_rule_test_regex_SOURCES = tests/rule/test-regex.c $(RULE_FIXTURE)
tests_rule_test_regex_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_regex_LDADD = $(RULE_LDADD)
tests_rule_test_rules_SOURCES = tests/rule/test-rules.c $(RULE_FIXTURE)
tests_rule_test_rules_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_rules_LDADD = $(RULE_LDADD)
tests_rule_test_template_SOURCES = tests/rule/test-template.c $(RULE_FIXTURE)
tests_rule_test_template_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_rule_test_template_LDADD = $(RULE_LDADD)

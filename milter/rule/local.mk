noinst_LIBRARIES += milter/rule/librule.a
milter_rule_librule_a_SOURCES = \
	milter/rule/array.h \
	milter/rule/condition.c \
	milter/rule/condition.h \
	milter/rule/facet.c \
	milter/rule/facets.def \
	milter/rule/hash.h \
	milter/rule/lexicon.h \
	milter/rule/lint.c milter/rule/lint.h milter/rule/lint-phrases.c milter/rule/lint-probe.c milter/rule/lint-when.c \
	milter/rule/literal-gate.c \
	milter/rule/literal.c \
	milter/rule/literal.h \
	milter/rule/load.c \
	milter/rule/load.h \
	milter/rule/match-phrases.c milter/rule/match-near.c \
	milter/rule/match-predicates.c \
	milter/rule/match-regex.c \
	milter/rule/match-when.c \
	milter/rule/matcher.c \
	milter/rule/matcher.h \
	milter/rule/names.c \
	milter/rule/names.h \
	milter/rule/pack-file.c \
	milter/rule/pack-info.c \
	milter/rule/pack-key.c \
	milter/rule/pack-list.c milter/rule/pack-template.c \
	milter/rule/pack-phrase.c \
	milter/rule/pack-predicate.c \
	milter/rule/pack-read.c \
	milter/rule/pack-rule.c \
	milter/rule/pack-when.c \
	milter/rule/phrase-match.c \
	milter/rule/phrase-match.h \
	milter/rule/phrase-parse.c \
	milter/rule/phrase-parse.h \
	milter/rule/phrase-piece.c \
	milter/rule/phrase-piece.h \
	milter/rule/phrase-place.c \
	milter/rule/phrase-reach.c \
	milter/rule/phrase-reach.h \
	milter/rule/phrase.h \
	milter/rule/proof.c \
	milter/rule/regex.c \
	milter/rule/regex.h \
	milter/rule/rule.h \
	milter/rule/ruleset.c \
	milter/rule/ruleset.h \
	milter/rule/seen-term.c \
	milter/rule/seen.c \
	milter/rule/seen.h \
	milter/rule/why.c milter/rule/why-phrase.c milter/rule/why.h \
	milter/rule/trie.c \
	milter/rule/trie.h \
	milter/rule/word-memo.c \
	milter/rule/word-memo.h \
	milter/rule/words.c \
	milter/rule/words.h
milter_rule_librule_a_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(LIBCONFIG_CFLAGS)

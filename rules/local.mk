# Installed as it lies; one line a file, so that nothing is shipped by accident. Whole-message proof stays in the source.
nobase_dist_pkgdata_DATA = \
	rules/core/judgement.conf \
	rules/core/rules.conf \
	rules/core/structure.conf \
	rules/lang/ar/lexicon.conf \
	rules/lang/bg/lexicon.conf \
	rules/lang/ca/lexicon.conf \
	rules/lang/cs/lexicon.conf \
	rules/lang/da/lexicon.conf \
	rules/lang/de/lexicon.conf \
	rules/lang/el/lexicon.conf \
	rules/lang/en/lexicon.conf \
	rules/lang/es/lexicon.conf \
	rules/lang/et/lexicon.conf \
	rules/lang/fi/lexicon.conf \
	rules/lang/fr/lexicon.conf \
	rules/lang/hr/lexicon.conf \
	rules/lang/hu/lexicon.conf \
	rules/lang/id/lexicon.conf \
	rules/lang/it/lexicon.conf \
	rules/lang/ja/lexicon.conf \
	rules/lang/ko/lexicon.conf \
	rules/lang/lt/lexicon.conf \
	rules/lang/lv/lexicon.conf \
	rules/lang/nl/lexicon.conf \
	rules/lang/no/lexicon.conf \
	rules/lang/pl/lexicon.conf \
	rules/lang/pt/lexicon.conf \
	rules/lang/ro/lexicon.conf \
	rules/lang/ru/lexicon.conf \
	rules/lang/sk/lexicon.conf \
	rules/lang/sl/lexicon.conf \
	rules/lang/sv/lexicon.conf \
	rules/lang/tr/lexicon.conf \
	rules/lang/uk/lexicon.conf \
	rules/lang/zh/lexicon.conf

EXTRA_DIST += rules/prove.sh rules/lang/en/proof rules/lang/fi/proof rules/lang/sv/proof
TESTS += rules/prove.sh

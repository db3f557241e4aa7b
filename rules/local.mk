# Installed as it lies; one line a file, so that nothing is shipped by accident. Whole-message proof stays in the source.
nobase_dist_pkgdata_DATA = \
	rules/core/judgement.conf \
	rules/core/rules.conf \
	rules/core/structure.conf \
	rules/lang/de/lexicon.conf \
	rules/lang/en/lexicon.conf \
	rules/lang/es/lexicon.conf \
	rules/lang/fi/lexicon.conf \
	rules/lang/fr/lexicon.conf \
	rules/lang/it/lexicon.conf \
	rules/lang/ja/lexicon.conf \
	rules/lang/nl/lexicon.conf \
	rules/lang/pl/lexicon.conf \
	rules/lang/pt/lexicon.conf \
	rules/lang/sv/lexicon.conf

EXTRA_DIST += rules/prove.sh rules/lang/en/proof rules/lang/fi/proof rules/lang/sv/proof
TESTS += rules/prove.sh

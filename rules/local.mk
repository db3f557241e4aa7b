# Installed as it lies; one line a file, so that nothing is shipped by accident. Whole-message proof stays in the source.
nobase_dist_pkgdata_DATA = \
	rules/core/judgement.conf \
	rules/core/rules.conf \
	rules/lang/en/breach.conf \
	rules/lang/en/business.conf \
	rules/lang/en/claim.conf \
	rules/lang/en/context.conf \
	rules/lang/en/ddos.conf \
	rules/lang/en/demand.conf \
	rules/lang/en/ideas.conf \
	rules/lang/en/innocent.conf \
	rules/lang/en/kinds.conf \
	rules/lang/en/pressure.conf \
	rules/lang/en/sextortion.conf \
	rules/lang/en/structure.conf \
	rules/lang/en/subject.conf \
	rules/lang/en/topic.conf \
	rules/lang/en/veiled.conf \
	rules/lang/en/violence.conf \
	rules/lang/en/words.conf \
	rules/lang/fi/bargain.conf \
	rules/lang/fi/claim.conf \
	rules/lang/fi/context.conf \
	rules/lang/fi/hold.conf \
	rules/lang/fi/outlet.conf \
	rules/lang/fi/pressure.conf \
	rules/lang/fi/stance.conf \
	rules/lang/fi/structure.conf \
	rules/lang/fi/subject.conf \
	rules/lang/fi/terms.conf \
	rules/lang/fi/threat.conf \
	rules/lang/fi/words.conf \
	rules/lang/sv/claim.conf \
	rules/lang/sv/context.conf \
	rules/lang/sv/frame.conf \
	rules/lang/sv/kind.conf \
	rules/lang/sv/pressure.conf \
	rules/lang/sv/setting.conf \
	rules/lang/sv/structure.conf \
	rules/lang/sv/subject.conf \
	rules/lang/sv/threat.conf \
	rules/lang/sv/words.conf

EXTRA_DIST += rules/prove.sh rules/lang/en/proof rules/lang/fi/proof rules/lang/sv/proof
TESTS += rules/prove.sh

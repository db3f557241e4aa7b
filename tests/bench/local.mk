BENCH_RULES = $(top_srcdir)/rules
BENCH_STAGE = tests/bench/bench.h tests/bench/stage.c tests/bench/stage.h tests/bench/mail.c \
	tests/bench/mail.h
BENCH_MIX = $(BENCH_STAGE) tests/bench/mix.c tests/bench/mix.h tests/bench/vocabulary.c \
	tests/bench/vocabulary.h
# CORPUS=FOLDER: beside the mix, all files below it
BENCH_FILES = find $(CORPUS) -type f -size -4096k | LC_ALL=C sort
.PHONY: bench bench-scan bench-mix bench-shares bench-rule bench-worst
bench: bench-mix bench-scan bench-rule bench-worst

noinst_PROGRAMS += tests/bench/bench-scan
tests_bench_bench_scan_SOURCES = tests/bench/bench-scan.c $(BENCH_STAGE)
tests_bench_bench_scan_LDADD = $(LIBS_NOTICE) $(EXT_RULE)
bench-scan: tests/bench/bench-scan
	tests/bench/bench-scan $(BENCH_RULES)

noinst_PROGRAMS += tests/bench/bench-mix
tests_bench_bench_mix_SOURCES = tests/bench/bench-mix.c tests/bench/machine.c tests/bench/machine.h \
	tests/bench/shares.c tests/bench/shares.h $(BENCH_MIX)
tests_bench_bench_mix_LDADD = $(LIBS_NOTICE) $(EXT_RULE)
bench-mix: tests/bench/bench-mix
	tests/bench/bench-mix $(BENCH_RULES)
	test -z "$(CORPUS)" || { echo "$(CORPUS):" && $(BENCH_FILES) | tests/bench/bench-mix --files --rounds 3 $(BENCH_RULES); }
# What the mix is made of, and what the corpus is that it imitates
bench-shares: tests/bench/bench-mix
	tests/bench/bench-mix --shares --messages 10000 $(BENCH_RULES)
	test -z "$(CORPUS)" || { echo "$(CORPUS):" && $(BENCH_FILES) | tests/bench/bench-mix --files --shares $(BENCH_RULES); }

noinst_PROGRAMS += tests/bench/bench-rule
tests_bench_bench_rule_SOURCES = tests/bench/bench-rule.c tests/bench/vocabulary.c tests/bench/vocabulary.h
tests_bench_bench_rule_LDADD = $(LIBS_RULE) $(EXT_RULE)
bench-rule: tests/bench/bench-rule
	tests/bench/bench-rule $(BENCH_RULES)

# What is slowest per byte. To look for worse: tests/fuzz/dictionary.sh scan | tests/bench/worst --search 60 rules
noinst_PROGRAMS += tests/bench/worst
tests_bench_worst_SOURCES = tests/bench/worst.c tests/bench/recipe.c tests/bench/recipe.h \
	$(BENCH_STAGE)
tests_bench_worst_LDADD = $(LIBS_NOTICE) $(EXT_RULE)
EXTRA_DIST += tests/bench/worst.txt
bench-worst: tests/bench/worst
	tests/bench/worst --replay $(top_srcdir)/tests/bench/worst.txt $(BENCH_RULES)

# Instructions instead of times
EXTRA_DIST += tests/bench/count.sh tests/bench/floor.sh tests/bench/peers.sh tests/bench/proc.sh tests/bench/plot.awk
.PHONY: bench-count bench-floor bench-grow bench-peers bench-plot
bench-count: tests/bench/bench-mix
	PROFILE=25 $(SHELL) $(top_srcdir)/tests/bench/count.sh tests/bench/bench-mix $(BENCH_RULES) --messages 200

# What the protocol costs: an empty milter beside ours
noinst_PROGRAMS += tests/bench/empty-milter
tests_bench_empty_milter_SOURCES = tests/bench/empty-milter.c
tests_bench_empty_milter_CFLAGS = $(AM_CFLAGS) $(MILTER_CFLAGS)
tests_bench_empty_milter_LDADD = $(MILTER_LIBS) -lpthread
bench-floor: tests/bench/bench-mix tests/bench/empty-milter tests/mta/milter-load tests/integration/smtp-send milter/program/extortion-milter
	top_srcdir=$(top_srcdir) $(SHELL) $(top_srcdir)/tests/bench/floor.sh

# How cost grows, as lines and as docs/images/growth.svg
noinst_PROGRAMS += tests/bench/bench-grow
tests_bench_bench_grow_SOURCES = tests/bench/bench-grow.c tests/bench/vocabulary.c tests/bench/vocabulary.h $(BENCH_STAGE)
tests_bench_bench_grow_LDADD = $(LIBS_NOTICE) $(EXT_RULE)
bench-grow: tests/bench/bench-grow
	tests/bench/bench-grow $(BENCH_RULES)
bench-plot: tests/bench/bench-grow tests/bench/bench-mix tests/bench/empty-milter tests/mta/milter-load milter/program/extortion-milter
	tests/bench/bench-grow $(BENCH_RULES) > tests/bench/growth
	top_srcdir=$(top_srcdir) $(SHELL) $(top_srcdir)/tests/bench/floor.sh connections 3 >> tests/bench/growth
	$(AWK) -v note="Both axes logarithmic; the number beside a line is its slope: 1.00 is cost in proportion." \
		-f $(top_srcdir)/tests/bench/plot.awk tests/bench/growth > $(top_srcdir)/docs/images/growth.svg
CLEANFILES += tests/bench/growth

# Beside rspamd and SpamAssassin: MANIFEST=FILE as of extortctl evaluate
bench-peers: tests/mta/milter-load milter/program/extortion-milter milter/program/extortctl
	top_srcdir=$(top_srcdir) $(SHELL) $(top_srcdir)/tests/bench/peers.sh $(MANIFEST)

# The 4 kB that cost libmagic most: decision 0013.
MAGIC_FILE = /usr/share/misc/magic.mgc
.PHONY: bench-magic
noinst_PROGRAMS += tests/bench/worst-magic
tests_bench_worst_magic_SOURCES = tests/bench/worst-magic.c tests/bench/bench.h
tests_bench_worst_magic_LDADD = $(LIBS_MAIL) $(EXT_MAIL)
bench-magic: tests/bench/worst-magic
	tests/bench/worst-magic 60 < $(MAGIC_FILE)

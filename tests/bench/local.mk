BENCH_RULES = $(top_srcdir)/rules
BENCH_STAGE = tests/bench/bench.h tests/bench/stage.c tests/bench/stage.h tests/bench/mail.c \
	tests/bench/mail.h
.PHONY: bench bench-scan bench-rule bench-worst
bench: bench-scan bench-rule bench-worst

noinst_PROGRAMS += tests/bench/bench-scan
tests_bench_bench_scan_SOURCES = tests/bench/bench-scan.c $(BENCH_STAGE)
tests_bench_bench_scan_LDADD = $(LIBS_NOTICE) $(EXT_RULE)
bench-scan: tests/bench/bench-scan
	tests/bench/bench-scan $(BENCH_RULES)

noinst_PROGRAMS += tests/bench/bench-rule
tests_bench_bench_rule_SOURCES = tests/bench/bench-rule.c
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

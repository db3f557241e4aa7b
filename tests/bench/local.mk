noinst_PROGRAMS += tests/bench/bench-scan
tests_bench_bench_scan_SOURCES = tests/bench/bench-scan.c tests/bench/bench.h
tests_bench_bench_scan_LDADD = $(LIBS_VERDICT) $(EXT_RULE)

BENCH_RULES = $(top_srcdir)/rules
.PHONY: bench
bench: bench-scan
.PHONY: bench-scan
bench-scan: tests/bench/bench-scan
	tests/bench/bench-scan $(BENCH_RULES)

noinst_PROGRAMS += tests/bench/bench-rule
tests_bench_bench_rule_SOURCES = tests/bench/bench-rule.c
tests_bench_bench_rule_LDADD = $(LIBS_RULE) $(EXT_RULE)
bench: bench-rule
.PHONY: bench-rule
bench-rule: tests/bench/bench-rule
	tests/bench/bench-rule $(BENCH_RULES)

if TESTS_ENABLED
include tests/base/local.mk
include tests/metrics/local.mk
include tests/mail/local.mk
include tests/text/local.mk
include tests/indicator/local.mk
include tests/rule/local.mk
include tests/verdict/local.mk
include tests/notice/local.mk
include tests/store/local.mk
include tests/export/local.mk
include tests/policy/local.mk
include tests/mta/local.mk
include tests/program/local.mk
include tests/integration/local.mk
include tests/fuzz/local.mk
include tests/lint/local.mk
include tests/letters/local.mk
include tests/reliability/local.mk
endif

# Needs no test library.
include tests/bench/local.mk

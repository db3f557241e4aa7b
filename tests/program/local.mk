tests_program_units = \
	tests/program/test-figures \
	tests/program/test-fit \
	tests/program/test-held \
	tests/program/test-mailbox \
	tests/program/test-manifest \
	tests/program/test-pool \
	tests/program/test-screen \
	tests/program/test-source
check_PROGRAMS += $(tests_program_units)
TESTS += $(tests_program_units) tests/program/extortctl.sh tests/program/docs.sh tests/program/figures.sh tests/program/incident.sh tests/program/lint.sh tests/program/recipes.sh tests/program/tune.sh
EXTRA_DIST += tests/program/extortctl.sh tests/program/docs.sh tests/program/figures.sh tests/program/incident.sh tests/program/lint.sh tests/program/recipes.sh tests/program/tune.sh tests/program/rules
tests_program_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir) -pthread
tests_program_ldadd = $(LIBS_PROGRAM) $(LIBS_BASE) $(CMOCKA_LIBS) -lm

tests_program_test_figures_SOURCES = tests/program/test-figures.c tests/test.h
tests_program_test_figures_CFLAGS = $(tests_program_cflags)
tests_program_test_figures_LDADD = $(tests_program_ldadd)
tests_program_test_fit_SOURCES = tests/program/test-fit.c tests/test.h
tests_program_test_fit_CFLAGS = $(tests_program_cflags)
tests_program_test_fit_LDADD = $(tests_program_ldadd)
tests_program_test_held_SOURCES = tests/program/test-held.c tests/test.h
tests_program_test_held_CFLAGS = $(tests_program_cflags)
tests_program_test_held_LDADD = $(tests_program_ldadd)
tests_program_test_mailbox_SOURCES = tests/program/test-mailbox.c tests/test.h
tests_program_test_mailbox_CFLAGS = $(tests_program_cflags)
tests_program_test_mailbox_LDADD = $(tests_program_ldadd)
tests_program_test_pool_SOURCES = tests/program/test-pool.c tests/test.h
tests_program_test_pool_CFLAGS = $(tests_program_cflags)
tests_program_test_pool_LDADD = $(tests_program_ldadd)
tests_program_test_screen_SOURCES = tests/program/test-screen.c tests/test.h
tests_program_test_screen_CFLAGS = $(tests_program_cflags)
tests_program_test_screen_LDADD = $(tests_program_ldadd)
tests_program_test_source_SOURCES = tests/program/test-source.c tests/test.h
tests_program_test_source_CFLAGS = $(tests_program_cflags)
tests_program_test_source_LDADD = $(tests_program_ldadd)
tests_program_test_manifest_SOURCES = tests/program/test-manifest.c tests/test.h
tests_program_test_manifest_CFLAGS = $(tests_program_cflags)
tests_program_test_manifest_LDADD = $(tests_program_ldadd)

check_PROGRAMS += tests/program/test-disguise
TESTS += tests/program/test-disguise
tests_program_test_disguise_SOURCES = tests/program/test-disguise.c tests/test.h
tests_program_test_disguise_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_program_test_disguise_LDADD = $(LIBS_PROGRAM) $(LIBS_INDICATOR) $(EXT_INDICATOR) $(CMOCKA_LIBS)

TESTS += tests/program/preview.sh tests/program/policy.sh
EXTRA_DIST += tests/program/preview.sh tests/program/policy.sh

TESTS += tests/program/disguise.sh
EXTRA_DIST += tests/program/disguise.sh

TESTS += tests/program/evidence.sh
EXTRA_DIST += tests/program/evidence.sh
TESTS += tests/program/quarantine.sh
EXTRA_DIST += tests/program/quarantine.sh

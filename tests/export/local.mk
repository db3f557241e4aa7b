check_PROGRAMS += tests/export/test-export
TESTS += tests/export/test-export
EXTRA_DIST += tests/export/misp.jq tests/export/stix.jq tests/export/stix.mjs
tests_export_test_export_SOURCES = tests/export/test-export.c tests/test.h
tests_export_test_export_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_export_test_export_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_export_test_export_LDADD = $(LIBS_EXPORT) $(EXT_STORE) $(CMOCKA_LIBS)

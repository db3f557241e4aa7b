TEXT_TESTS = tests/text/test-disguise tests/text/test-fold tests/text/test-html tests/text/test-text
check_PROGRAMS += $(TEXT_TESTS)
TESTS += $(TEXT_TESTS)

tests_text_test_disguise_SOURCES = tests/text/test-disguise.c tests/text/invariants.h \
	tests/text/reading.h tests/test.h
tests_text_test_disguise_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_text_test_disguise_LDADD = $(LIBS_TEXT) $(EXT_MAIL) $(CMOCKA_LIBS)

tests_text_test_fold_SOURCES = tests/text/test-fold.c tests/test.h
tests_text_test_fold_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_text_test_fold_LDADD = $(LIBS_TEXT) $(EXT_MAIL) $(CMOCKA_LIBS)

tests_text_test_html_SOURCES = tests/text/test-html.c tests/test.h
tests_text_test_html_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_text_test_html_LDADD = $(LIBS_TEXT) $(EXT_MAIL) $(CMOCKA_LIBS)

tests_text_test_text_SOURCES = tests/text/test-text.c tests/text/invariants.h tests/text/reading.h \
	tests/test.h
tests_text_test_text_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_text_test_text_LDADD = $(LIBS_TEXT) $(EXT_MAIL) $(CMOCKA_LIBS)

check_PROGRAMS += tests/notice/test-access tests/notice/test-notice tests/notice/test-rewrite
TESTS += tests/notice/test-access tests/notice/test-notice tests/notice/test-rewrite
EXTRA_DIST += tests/notice/fixture.h
NOTICE_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
NOTICE_TEST_LDADD = $(LIBS_NOTICE) $(EXT_RULE) $(CMOCKA_LIBS)
tests_notice_test_access_SOURCES = tests/notice/test-access.c
tests_notice_test_access_CPPFLAGS = $(NOTICE_TEST_CPPFLAGS)
tests_notice_test_access_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_notice_test_access_LDADD = $(NOTICE_TEST_LDADD)
tests_notice_test_notice_SOURCES = tests/notice/test-notice.c
tests_notice_test_notice_CPPFLAGS = $(NOTICE_TEST_CPPFLAGS)
tests_notice_test_notice_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_notice_test_notice_LDADD = $(NOTICE_TEST_LDADD)
tests_notice_test_rewrite_SOURCES = tests/notice/test-rewrite.c
tests_notice_test_rewrite_CPPFLAGS = $(NOTICE_TEST_CPPFLAGS)
tests_notice_test_rewrite_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_notice_test_rewrite_LDADD = $(NOTICE_TEST_LDADD)
# In a real browser; skipped without it.
TESTS += tests/notice/browser.sh
EXTRA_DIST += tests/notice/browser.sh tests/notice/browser/chrome.py tests/notice/browser/look.py tests/notice/browser/pages.py \
	tests/notice/browser/screenshots.py

# A fuzz target "thing" is a file tests/fuzz/fuzz-thing.c with LLVMFuzzerTestOneInput, a folder
# tests/fuzz/corpus/thing/, a line in tests/fuzz/dictionary.sh and three lines here. make check replays
# the folder (and mutations of its files) with a plain main; ./configure CC=clang --enable-fuzz
# --enable-sanitize links libFuzzer, or what LIB_FUZZING_ENGINE names (contrib/oss-fuzz).
if FUZZ
FUZZ_LINK = $(AM_LDFLAGS) $(LIB_FUZZING_ENGINE)
FUZZ_MAIN =
else
FUZZ_LINK = $(AM_LDFLAGS)
FUZZ_MAIN = tests/fuzz/libreplay.a
check_LIBRARIES = tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay.c
TESTS += $(FUZZERS)
endif
FUZZERS =
check_PROGRAMS += $(FUZZERS)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/dictionary.sh tests/fuzz/fuzz.h
fuzzers: $(FUZZERS)

FUZZERS += tests/fuzz/fuzz-mail
tests_fuzz_fuzz_mail_LDADD = $(FUZZ_MAIN) $(LIBS_MAIL) $(EXT_MAIL)
tests_fuzz_fuzz_mail_LDFLAGS = $(FUZZ_LINK)

FUZZERS += tests/fuzz/fuzz-rewrite
tests_fuzz_fuzz_rewrite_LDADD = $(FUZZ_MAIN) $(LIBS_NOTICE) $(EXT_RULE)
tests_fuzz_fuzz_rewrite_LDFLAGS = $(FUZZ_LINK)

# mta and policy are fuzzed with a played rule room and scanner.
FUZZERS += tests/fuzz/fuzz-session
tests_fuzz_fuzz_session_SOURCES = tests/fuzz/fuzz-session.c tests/mta/fake-scanner.c \
	tests/policy/fake-rule.c
tests_fuzz_fuzz_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_session_LDADD = $(FUZZ_MAIN) $(LIBS_MTA) $(EXT_MTA)
tests_fuzz_fuzz_session_LDFLAGS = $(FUZZ_LINK)

FUZZERS += tests/fuzz/fuzz-settings
tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz-settings.c tests/policy/fake-rule.c
tests_fuzz_fuzz_settings_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_settings_LDADD = $(FUZZ_MAIN) milter/policy/libpolicy.a milter/store/libstore.a \
	milter/notice/libnotice.a $(LIBS_TEXT) $(SODIUM_LIBS) $(EXT_INDICATOR) $(LIBCONFIG_LIBS)
tests_fuzz_fuzz_settings_LDFLAGS = $(FUZZ_LINK)

FUZZERS += tests/fuzz/fuzz-json tests/fuzz/fuzz-mailbox
tests_fuzz_fuzz_json_LDADD = $(FUZZ_MAIN) $(LIBS_BASE) -lm
tests_fuzz_fuzz_json_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_mailbox_LDADD = $(FUZZ_MAIN) $(LIBS_PROGRAM) $(LIBS_BASE)
tests_fuzz_fuzz_mailbox_LDFLAGS = $(FUZZ_LINK)
FUZZERS += tests/fuzz/fuzz-held
tests_fuzz_fuzz_held_LDADD = $(FUZZ_MAIN) $(LIBS_PROGRAM) $(LIBS_BASE) -lm
tests_fuzz_fuzz_held_LDFLAGS = $(FUZZ_LINK)
FUZZERS += tests/fuzz/fuzz-indicator
tests_fuzz_fuzz_indicator_LDADD = $(FUZZ_MAIN) $(LIBS_INDICATOR) $(EXT_INDICATOR)
tests_fuzz_fuzz_indicator_LDFLAGS = $(FUZZ_LINK)
FUZZERS += tests/fuzz/fuzz-fold tests/fuzz/fuzz-html tests/fuzz/fuzz-text
tests_fuzz_fuzz_fold_LDADD = $(FUZZ_MAIN) $(LIBS_TEXT) $(EXT_MAIL)
tests_fuzz_fuzz_fold_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_html_LDADD = $(FUZZ_MAIN) $(LIBS_TEXT) $(EXT_MAIL)
tests_fuzz_fuzz_html_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_text_LDADD = $(FUZZ_MAIN) $(LIBS_TEXT) $(EXT_MAIL)
tests_fuzz_fuzz_text_LDFLAGS = $(FUZZ_LINK)
FUZZERS += tests/fuzz/fuzz-match tests/fuzz/fuzz-pack
tests_fuzz_fuzz_match_LDADD = $(FUZZ_MAIN) $(LIBS_RULE) $(EXT_RULE)
tests_fuzz_fuzz_match_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_pack_LDADD = $(FUZZ_MAIN) $(LIBS_RULE) $(EXT_RULE)
tests_fuzz_fuzz_pack_LDFLAGS = $(FUZZ_LINK)

FUZZERS += tests/fuzz/fuzz-header tests/fuzz/fuzz-family tests/fuzz/fuzz-notice tests/fuzz/fuzz-scan
tests_fuzz_fuzz_header_LDADD = $(FUZZ_MAIN) $(LIBS_MAIL) $(EXT_MAIL)
tests_fuzz_fuzz_header_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_family_LDADD = $(FUZZ_MAIN) $(LIBS_INDICATOR) $(EXT_INDICATOR)
tests_fuzz_fuzz_family_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_notice_LDADD = $(FUZZ_MAIN) $(LIBS_NOTICE) $(EXT_RULE)
tests_fuzz_fuzz_notice_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_scan_LDADD = $(FUZZ_MAIN) $(LIBS_MTA) $(EXT_MTA)
tests_fuzz_fuzz_scan_LDFLAGS = $(FUZZ_LINK)
FUZZERS += tests/fuzz/fuzz-record
tests_fuzz_fuzz_record_LDADD = $(FUZZ_MAIN) $(LIBS_EXPORT) $(EXT_STORE)
tests_fuzz_fuzz_record_LDFLAGS = $(FUZZ_LINK)

FUZZERS += tests/fuzz/fuzz-http
tests_fuzz_fuzz_http_LDADD = $(FUZZ_MAIN) milter/mta/libmta.a $(LIBS_BASE)
tests_fuzz_fuzz_http_LDFLAGS = $(FUZZ_LINK)

# A fuzz target "thing" is a file tests/fuzz/fuzz-thing.c with LLVMFuzzerTestOneInput, a folder
# tests/fuzz/corpus/thing/ and three lines here. make check replays the folder (and mutations of
# its files) with a plain main; ./configure CC=clang --enable-fuzz --enable-sanitize links libFuzzer.
if FUZZ
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
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
EXTRA_DIST += tests/fuzz/corpus

FUZZERS += tests/fuzz/fuzz-mail
tests_fuzz_fuzz_mail_LDADD = $(FUZZ_MAIN) $(LIBS_MAIL) $(EXT_MAIL)
tests_fuzz_fuzz_mail_LDFLAGS = $(FUZZ_LINK)

noinst_LIBRARIES += milter/verdict/libverdict.a
milter_verdict_libverdict_a_SOURCES = \
	milter/verdict/citation.c \
	milter/verdict/placement.c \
	milter/verdict/places.c \
	milter/verdict/reasons.c \
	milter/verdict/scan-json.c \
	milter/verdict/scanner.c \
	milter/verdict/verdict.c milter/verdict/verdict.h \
	milter/verdict/weigh.c milter/verdict/weigh.h
